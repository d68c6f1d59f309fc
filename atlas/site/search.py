"""The index that the search page looks through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from atlas.base.timespan import parse_day
from atlas.layers.rows import translations
from atlas.record.languages import offered
from atlas.site.chronicle import Day
from atlas.site.render import PAGES, date_words, fragment, map_link
from atlas.words import spoken

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["search_index"]


def _others(texts: Mapping[str, str]) -> str:
    return " ".join(text for lang, text in texts.items() if lang != "en")


def search_index(pack: Pack, days: list[Day]) -> list[list[str]]:
    """Everything that can be found.

    Returns
    -------
    list of list of str
        Rows of kind, address, label, further words to match, and what to show below the label.
    """
    label = pack.place_name
    languages = offered(pack)
    events = translations(pack.events, "title")
    routes = translations(pack.routes, "name")
    chapters = translations(pack.chapters, "title")
    out: list[list[str]] = []
    names: dict[str, dict[str, None]] = {}
    for row in pack.names.itertuples():
        kept = names.setdefault(str(row.place_id), {})
        kept[str(row.name)] = None
        if row.romanised:
            kept[str(row.romanised)] = None
    for row in pack.places.itertuples():
        key = str(row.id)
        mine = " ".join(name for name in names.get(key, {}) if name != label.get(key))
        out.append(
            ["place", f"places.html#{fragment(key)}", label.get(key, key), mine, str(row.kind)]
        )
    for row in pack.events.itertuples():
        where = label.get(str(row.place_id), "")
        # An event is found under every name of its place.
        called = " ".join(names.get(str(row.place_id), {}))
        when, titled = date_words(str(row.event_date)), _others(events[str(row.id)])
        kind = str(row.event_type).replace("_", " ")
        out.append(
            ["event", f"events.html#{fragment(str(row.id))}", str(row.title),
             f"{titled} {where} {row.event_date} {kind} {row.actor1} {row.actor2} {called}",
             f"{when}, {where}"]
        )  # fmt: skip
    seen: set[str] = set()
    for day in days:
        for change in day.changes:
            if change.kind == "mandate" and change.data["mission"] not in seen:
                seen.add(change.data["mission"])
                out.append(
                    ["mission", f"chronicle.html#{fragment(change.id)}", change.data["mission"],
                     " ".join(change.data["zones"]), date_words(day.when)]
                )  # fmt: skip
    for row in pack.routes.itertuples():
        names_of = _others(routes[str(row.id)])
        middle = row.geometry.interpolate(0.5, normalized=True)
        view = map_link(None, middle.x, middle.y, zoom=9, subject=("route", [str(row.id)]))
        out.append(["route", view, str(row.name), names_of, str(row.mode)])
    for row in pack.chapters.itertuples():
        day_number = parse_day(str(row.date))
        href = map_link(day_number, row.lon, row.lat, zoom=row.zoom, chapter=str(row.id))
        titles = _others(chapters[str(row.id)])
        out.append(["story", href, str(row.title), titles, date_words(str(row.date))])
    for row in pack.sources.itertuples():
        about = ", ".join(text for text in (str(row.publisher), date_words(str(row.issued))
                                            if row.issued else "") if text)  # fmt: skip
        href = f"sources.html#{fragment(str(row.id))}"
        out.append(["source", href, str(row.title), about, about])
    for page, key in PAGES.items():
        words = [one(key) for one in languages]
        out.append(["page", page, spoken("en")(key), " ".join(words), ""])
    return out
