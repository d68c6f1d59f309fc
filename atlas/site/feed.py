"""The latest changes as an Atom feed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from atlas.base.timespan import format_day
from atlas.site.chronicle import Change, Day
from atlas.site.render import date_words, fragment

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["feed"]

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 40


def feed(pack: Pack, days: list[Day]) -> str:
    """Write the latest changes of a record as an Atom feed.

    Parameters
    ----------
    pack : Pack
        The record.
    days : list of Day
        Its chronicle; what is still ahead is left out.

    Returns
    -------
    str
        The document. Addresses in it are relative to its own; every entry has an id that stays the
        same for the row it tells of.
    """
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    _text(root, "title", pack.title.get("en") or next(iter(pack.title.values()), pack.id))
    _text(root, "id", _urn(pack.id, ""))
    _link(root, "feed.xml", "self")
    _link(root, "chronicle.html", "alternate")
    author = ET.SubElement(root, f"{{{_ATOM}}}author")
    _text(author, "name", pack.id)
    known = [(day, change) for day in days if not day.ahead for change in day.changes]
    latest = sorted(known, key=lambda item: item[1].day, reverse=True)[:_MOST]
    _text(root, "updated", _moment(latest[0][1].day if latest else pack.meta.period.start))
    for day, change in latest:
        entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
        title, about = _told(pack, change)
        _text(entry, "title", f"{date_words(day.when)}: {title}")
        _text(entry, "id", _urn(pack.id, change.id))
        _text(entry, "updated", _moment(change.day))
        _link(entry, f"chronicle.html#{fragment(change.id)}", "alternate")
        if about:
            _text(entry, "summary", about)
    ET.indent(root, space=" ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _told(pack: Pack, change: Change) -> tuple[str, str]:
    """Title and text of an entry, in English."""
    data = change.data
    if change.kind == "control":
        parties = pack.meta.parties
        before, after = (
            parties[data[key]].label() if data[key] in parties else str(data[key])
            for key in ("from", "to")
        )
        names = (pack.place_name.get(area["place"], area["place"]) for area in data["areas"])
        return f"{before} to {after}, {data['km2']:.0f} km2", "; ".join(dict.fromkeys(names))
    if change.kind == "mandate":
        return f"{data['mission']}: {data['change']}", "; ".join(data["instruments"])
    if change.kind == "route":
        return f"{data['name']}: {data['after'].replace('_', ' ')}", str(data["reason"])
    if change.kind == "event":
        return str(data["title"]), str(data["summary"])
    return str(data["title"]), str(data["text"])


def _moment(day: int) -> str:
    return f"{format_day(day)}T00:00:00Z"


def _urn(pack: str, key: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"atlas:{pack}:{key}").urn


def _text(parent: ET.Element, name: str, text: str) -> None:
    # What XML can't hold at all would make the whole feed unreadable.
    clean = "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = clean.replace("\ufffe", "").replace(
        "\uffff", ""
    )


def _link(parent: ET.Element, href: str, rel: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"href": href, "rel": rel})
