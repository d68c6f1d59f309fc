"""Events, places and sources as the pages list them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from atlas.base.timespan import OPEN_END, OPEN_START, format_day
from atlas.layers import event_columns
from atlas.layers.rows import translations
from atlas.record.pack import split_list
from atlas.site.facts import CITING, citations, event_points
from atlas.site.render import map_link, safe_url
from atlas.words import spoken

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["GROUPS", "group_of", "list_events", "list_own", "list_places", "list_sources"]

GROUPS: dict[str, tuple[str, ...]] = {
    "battle": ("battle",),
    "fire": ("explosions_remote_violence",),
    "civilians": ("violence_against_civilians",),
    "protest": ("protest", "riot"),
    "talks": (
        "talks", "agreement", "ceasefire", "recognition", "resolution", "legal", "political",
    ),
    "forces": (
        "capture", "handover", "deployment", "withdrawal_of_forces", "peacekeeping",
        "delimitation", "administration", "strategic_development",
    ),
    "routes": (
        "blockade_statement", "blockade", "route_opening", "route_closure", "checkpoint", "aid",
    ),
    "people": ("displacement", "exchange", "disaster"),
}  # fmt: skip
"""Groups of event types, as the map colours them."""

_SHOWN_BACKLINKS = 24


def group_of(event_type: str) -> str:
    """Name the group that a type of event belongs to."""
    return next((group for group, types in GROUPS.items() if event_type in types), "people")


def _count(value: float) -> int | None:
    return None if math.isnan(value) else int(value)


def list_events(pack: Pack) -> list[dict[str, Any]]:
    """Events in order of time, with what their row shows."""
    points = event_points(pack)
    titles, texts = (translations(pack.events, stem) for stem in ("title", "summary"))
    out = []
    for row in pack.events.sort_values(["start_day", "id"], kind="stable").itertuples():
        best, low, high = _count(row.best), _count(row.low), _count(row.high)
        out.append(
            {
                "id": str(row.id),
                "day": int(row.start_day),
                "date": str(row.event_date),
                "time": str(row.event_time),
                "type": str(row.event_type),
                "sub": str(row.sub_event_type),
                "group": group_of(str(row.event_type)),
                "place": str(row.place_id),
                "title": str(row.title),
                "titles": titles[str(row.id)],
                "summary": str(row.summary),
                "summaries": texts[str(row.id)],
                "actors": [name for name in (str(row.actor1), str(row.actor2)) if name],
                "best": best,
                "low": low if low != best else None,
                "high": high if high != best else None,
                "rank": best if best is not None else low if low is not None else -1,
                "by": str(row.casualties_by),
                "verification": str(row.verification),
                "certainty": str(row.certainty),
                "counterclaims": str(row.counterclaims),
                "counter_source_ids": split_list(str(row.counter_source_ids)),
                "source_ids": split_list(str(row.source_ids)),
                "note": str(row.note),
                "link": map_link(
                    int(row.start_day),
                    *points[str(row.id)],
                    sel=str(row.place_id),
                    subject=("event", [str(row.id)]),
                ),
            }
        )
    return out


def list_own(sets: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Events of a user's own sets, in order of time, with what their row shows.

    Parameters
    ----------
    sets : mapping of str to DataFrame
        Set name -> events, as `atlas.layers.event_columns` takes them.
    """
    out = []
    for at, (name, frame) in enumerate(sets.items(), start=1):
        columns = event_columns(frame)

        def told(key: str, row: int, columns: Any = columns) -> str:
            category = columns.text.get(key)
            return str(category.values[category.codes[row]]) if category is not None else ""

        for row in range(len(columns)):
            day, best = int(columns.start[row]), _count(float(columns.deaths[row]))
            low, high = (_count(float(values[row])) for values in (columns.low, columns.high))
            kind = told("type", row)
            out.append(
                {
                    "id": f"own-{at}-{row + 1}",
                    "set": name,
                    "day": day,
                    "date": told("date", row) or format_day(day),
                    "type": kind,
                    "known": any(kind in types for types in GROUPS.values()),
                    "group": group_of(kind),
                    "where": told("where", row),
                    "title": told("title", row),
                    "summary": told("summary", row),
                    "best": best,
                    "low": low if low != best else None,
                    "high": high if high != best else None,
                    "rank": best if best is not None else low if low is not None else -1,
                    "certainty": told("certainty", row) or "certain",
                    "link": map_link(day, float(columns.lon[row]), float(columns.lat[row])),
                }
            )
    return sorted(out, key=lambda event: (event["day"], event["id"]))


def list_places(pack: Pack) -> list[dict[str, Any]]:
    """Places by English name, each with its names by language."""
    main = list(pack.meta.languages)
    names: dict[str, dict[str, list[dict[str, Any]]]] = {}
    sources: dict[str, dict[str, None]] = {}
    status = {"official": 0, "common": 1, "exonym": 2, "variant": 3, "historical": 4}
    rows = pack.names.assign(_rank=pack.names["status"].map(status).fillna(5))
    rows = rows.sort_values(["place_id", "lang", "_rank", "id"], kind="stable")
    for row in rows.itertuples():
        by_lang = names.setdefault(str(row.place_id), {})
        sources.setdefault(str(row.place_id), {}).update(
            dict.fromkeys(split_list(str(row.source_ids)))
        )
        by_lang.setdefault(str(row.lang), []).append(
            {
                "name": str(row.name),
                "romanised": str(row.romanised) if row.romanised != row.name else "",
                "status": str(row.status),
                "used_by": split_list(str(row.used_by)),
                "start": None if row.start_day == OPEN_START else int(row.start_day),
                "end": None if row.end_day == OPEN_END else int(row.end_day),
                "valid_from": str(row.valid_from),
                "valid_to": str(row.valid_to),
                "certainty": str(row.certainty),
            }
        )
    label = pack.place_name
    out = []
    for row in pack.places.itertuples():
        key = str(row.id)
        mine = names.get(key, {})
        population = _count(row.population)
        year = _count(row.population_year)
        cited = dict.fromkeys(split_list(str(row.source_ids))) | sources.get(key, {})
        out.append(
            {
                "id": key,
                "title": label.get(key, key),
                "kind": str(row.kind),
                "country": split_list(str(row.country).replace(",", "|")),
                "admin1": str(row.admin1),
                "lon": float(row.lon),
                "lat": float(row.lat),
                "precision_m": _count(row.precision_m),
                "population": population,
                "population_year": year,
                "note": str(row.note),
                "source_ids": list(cited),
                "names": [(lang, mine[lang]) for lang in main if lang in mine],
                "others": [(lang, mine[lang]) for lang in sorted(mine) if lang not in main],
                "link": map_link(None, float(row.lon), float(row.lat), zoom=11, sel=key),
            }
        )
    english = spoken("en")
    return sorted(out, key=lambda place: (english.places(place["title"]), place["id"]))


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Sources of one party, or of none."""

    id: str
    kinds: tuple[tuple[str, tuple[dict[str, Any], ...]], ...]
    count: int = 0
    cited: int = 0


@dataclass
class Bibliography:
    """All sources by affiliation and kind, with what cites them."""

    groups: list[Affiliation] = field(default_factory=list)
    total: int = 0
    verified: dict[str, int] = field(default_factory=dict)


_KINDS = ("primary", "court", "mission", "research", "reference", "press", "")
_PAGE_OF = {
    "events": "events.html",
    "control": "chronicle.html",
    "mandates": "chronicle.html",
    "episodes": "chronicle.html",
    "chapters": "chronicle.html",
    "places": "places.html",
    "displacement": "people.html",
    "casualties": "people.html",
}


def list_sources(pack: Pack, anchors: set[str]) -> Bibliography:
    """Sources by affiliation and kind.

    Parameters
    ----------
    pack : Pack
        The record.
    anchors : set of str
        Addresses on the other pages that a row can be linked to, ``page.html#id``.
    """
    cited = citations(pack)
    titles = dict(zip(pack.events["id"], pack.events["title"], strict=True))
    items: dict[str, dict[str, list[dict[str, Any]]]] = {}
    verified: dict[str, int] = {}
    for row in pack.sources.itertuples():
        key = str(row.id)
        uses = []
        for table in CITING:
            ids = cited.get(key, {}).get(table, [])
            if not ids:
                continue
            links = []
            for row_id in ids:
                found = _address(table, row_id, anchors)
                if found:
                    links.append(
                        {"href": found, "label": titles.get(row_id, "") if table == "events"
                         else pack.place_name.get(row_id, row_id) if table == "places"
                         else row_id}
                    )  # fmt: skip
            shown = links[:_SHOWN_BACKLINKS]
            uses.append(
                {"table": table, "count": len(ids), "links": shown, "more": len(links) - len(shown)}
            )
        standing = f"vf_{row.verified or 'none'}"
        verified[standing] = verified.get(standing, 0) + 1
        items.setdefault(str(row.affiliation), {}).setdefault(str(row.kind), []).append(
            {
                "id": key,
                "title": str(row.title),
                "publisher": str(row.publisher),
                "issued": str(row.issued),
                "url": safe_url(str(row.url)),
                "host": _host(str(row.url)),
                "archive": safe_url(str(row.archive_url)),
                "accessed": str(row.accessed),
                "type": str(row.type),
                "reliability": str(row.reliability),
                "verified": standing,
                "cited": sum(use["count"] for use in uses),
                "uses": uses,
            }
        )
    order = [party for party in pack.meta.parties if party in items]
    order += sorted(key for key in items if key not in pack.meta.parties)
    groups = []
    for key in order:
        kinds = tuple(
            (kind, tuple(sorted(items[key][kind], key=_bibliographic)))
            for kind in _KINDS
            if kind in items[key]
        )
        rows = [row for _, rows in kinds for row in rows]
        groups.append(Affiliation(key, kinds, len(rows), sum(row["cited"] for row in rows)))
    return Bibliography(groups, len(pack.sources), verified)


def _bibliographic(row: dict[str, Any]) -> tuple[str, str, str]:
    return (row["publisher"].casefold() or row["title"].casefold(), row["issued"], row["id"])


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    shown = safe_url(url)
    return (urlsplit(shown).hostname or "").removeprefix("www.") if shown else ""


def _address(table: str, row_id: str, anchors: set[str]) -> str:
    from atlas.site.render import fragment

    page = _PAGE_OF.get(table, "")
    for ending in ("", "-authorised", "-planned", "-deployed", "-end"):
        address = f"{page}#{fragment(row_id + ending)}"
        if page and address in anchors:
            return address
    return ""
