"""The chronicle: what changed on each day, of all kinds, in one list."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from atlas.answers import mandates
from atlas.base.crs import area_range_km2, length_km, point_at_km
from atlas.base.timespan import OPEN_END, OPEN_START, format_day, holds, parse_day
from atlas.layers.rows import by_language, translations
from atlas.record.pack import split_list
from atlas.record.schema import STATUSES
from atlas.site.facts import area_points, area_titles, event_points
from atlas.site.render import map_link

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["Change", "Day", "chronicle"]

# Kinds of event that change the course of things, whatever their toll.
_KEY_TYPES = frozenset(
    "agreement ceasefire recognition resolution capture handover deployment withdrawal_of_forces "
    "blockade route_opening route_closure checkpoint delimitation exchange displacement "
    "administration".split()
)
_KEY_DEATHS = 10
_ORDER = {"story": 0, "event": 1, "control": 2, "mandate": 3, "route": 4}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the chronicle.

    Attributes
    ----------
    kind : {'story', 'event', 'control', 'mandate', 'route'}
        What changed.
    id : str
        Anchor: the id of the row it tells of, the first of several.
    also : tuple of str
        Ids of the other rows, anchors too.
    day : int
        Day number.
    when : str
        EDTF, as recorded.
    link : str
        View of the map.
    certainty : str
        The least certain of the rows.
    source_ids, counter_source_ids : tuple of str
        Who says so, and who contradicts.
    counterclaims : str
        What contradicts it.
    data : dict
        What the kind needs beside.
    """

    kind: str
    id: str
    also: tuple[str, ...]
    day: int
    when: str
    link: str
    certainty: str
    source_ids: tuple[str, ...]
    counter_source_ids: tuple[str, ...]
    counterclaims: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a span known no better, in which something changed, with what changed.

    `when` is EDTF; `id` the anchor: ``d-`` and the first day. `ahead` says that it lies after all
    that is on record as begun: what ends then is laid down, and has not happened yet.
    """

    day: int
    when: str
    id: str
    year: int
    changes: tuple[Change, ...]
    ahead: bool = False


_CERTAINTY = ("certain", "probable", "contested", "unknown")


def _least(levels: Any) -> str:
    return max((str(level) for level in levels), key=_CERTAINTY.index, default="unknown")


def _union(cells: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for cell in cells for key in split_list(str(cell))))


def chronicle(pack: Pack) -> list[Day]:
    """List what changed, by day.

    Parameters
    ----------
    pack : Pack
        The record.

    Returns
    -------
    list of Day
        In order of time; within a day the story comes first, then events, control, missions and
        routes.
    """
    found = [
        *_story(pack),
        *_events(pack),
        *_control(pack),
        *_mandates(pack),
        *_routes(pack),
    ]
    found.sort(key=lambda change: (change.day, _ORDER[change.kind], change.id))
    groups: dict[tuple[int, bool, str], list[Change]] = {}
    for change in found:
        iso = format_day(change.day)
        vague = change.when not in (iso, "")
        key = (change.day, vague, change.when if vague else iso)
        groups.setdefault(key, []).append(change)
    out, taken, known = [], Counter[str](), _last_begun(pack)
    for (day, _, when), rows in sorted(groups.items(), key=lambda item: item[0]):
        iso = format_day(day)
        taken[iso] += 1
        anchor = f"d-{iso}" if taken[iso] == 1 else f"d-{iso}-{taken[iso]}"
        out.append(Day(day, when, anchor, int(iso[:4]), tuple(rows), day > known))
    return out


def _last_begun(pack: Pack) -> int:
    """The last day on which anything on record begins."""
    starts = [
        pack.events["start_day"],
        pack.control["start_day"],
        pack.episodes["start_day"],
        pack.mandates["authorised_start"],
        pack.mandates["deployed_start"],
    ]
    return max((int(day) for days in starts for day in days if day > OPEN_START), default=OPEN_END)


def _story(pack: Pack) -> list[Change]:
    out = []
    titles, texts = (translations(pack.chapters, stem) for stem in ("title", "text"))
    for row in pack.chapters.itertuples():
        day = parse_day(str(row.date))
        link = map_link(day, row.lon, row.lat, zoom=row.zoom, chapter=str(row.id))
        out.append(
            _change("story", row, day, str(row.date), link, title=row.title,
                    titles=titles[str(row.id)], text=row.text, texts=texts[str(row.id)],
                    order=int(row.order))
        )  # fmt: skip
    return out


def _change(
    kind: str, row: Any, day: int, when: str, link: str, *, also: tuple[str, ...] = (), **data: Any
) -> Change:
    return Change(
        kind=kind,
        id=str(row.id),
        also=also,
        day=day,
        when=when,
        link=link,
        certainty=str(row.certainty),
        source_ids=_union([row.source_ids]),
        counter_source_ids=_union([getattr(row, "counter_source_ids", "")]),
        counterclaims=str(getattr(row, "counterclaims", "")),
        data=data,
    )


def _events(pack: Pack) -> list[Change]:
    told = set(_union(pack.chapters["event_ids"])) | set(pack.control["transition_event_id"])
    points = event_points(pack)
    titles, texts = (translations(pack.events, stem) for stem in ("title", "summary"))
    out = []
    for row in pack.events.itertuples():
        key = row.event_type in _KEY_TYPES or row.best >= _KEY_DEATHS or row.id in told
        if key:
            day = int(row.start_day)
            about = ("event", [str(row.id)])
            link = map_link(day, *points[str(row.id)], sel=str(row.place_id), subject=about)
            out.append(
                _change("event", row, day, str(row.event_date), link, title=row.title,
                        titles=titles[str(row.id)], type=row.event_type, place=row.place_id,
                        summary=row.summary, summaries=texts[str(row.id)])
            )  # fmt: skip
    return out


def _control(pack: Pack) -> list[Change]:
    """Changes of assessed control; areas that passed together make one line."""
    rows = pack.assessed.sort_values(["area_id", "start_day"], kind="stable")
    before = rows.groupby("area_id")[["controller", "control_type"]].shift(1)
    rows = rows.assign(_from=before["controller"], _from_type=before["control_type"])
    rows = rows[rows["_from"].notna() & (rows["start_day"] > pack.meta.period.start)]
    # A row may only say how sure the hold is from a day on.
    same = (rows["_from"] == rows["controller"]) & (rows["_from_type"] == rows["control_type"])
    rows = rows[~same]
    sizes, points, titles = pack.sizes.to_dict(), area_points(pack), area_titles(pack)
    shapes = dict(zip(pack.areas["id"], pack.areas.geometry, strict=True))
    doubts = dict(zip(pack.areas["id"], pack.areas["uncertainty_m"].tolist(), strict=True))
    ranges: dict[Any, tuple[float, float]] = {}
    same_change = itemgetter(
        "start_day", "valid_from", "_from", "_from_type", "controller", "control_type", "how"
    )
    out = []
    changed = sorted(rows.to_dict("records"), key=lambda row: (same_change(row), row["id"]))
    for _, grouped in groupby(changed, key=same_change):
        group = list(grouped)
        first = group[0]
        areas: list[dict[str, Any]] = []
        low, high = 0.0, 0.0
        for row in group:
            key = row["area_id"]
            place, part = titles[str(key)]
            if key not in ranges:
                ranges[key] = area_range_km2(shapes[key], doubts[key])
            least, most = ranges[key]
            low, high = low + least, high + most
            areas.append({"id": str(row["id"]), "area": str(key), "place": place, "part": part,
                          "km2": float(sizes[key]), "note": str(row["note"])})  # fmt: skip
        largest = max(areas, key=lambda area: (area["km2"], area["id"]))
        area_id = next(row["area_id"] for row in group if row["id"] == largest["id"])
        bounds = shapely.total_bounds([shapes[row["area_id"]] for row in group])
        extent = max(bounds[2] - bounds[0], (bounds[3] - bounds[1]) * 1.3)
        zoom = 11 if extent < 0.15 else 10 if extent < 0.4 else 9 if extent < 1.0 else 8
        out.append(
            Change(
                kind="control",
                id=str(first["id"]),
                also=tuple(str(row["id"]) for row in group[1:]),
                day=int(first["start_day"]),
                when=str(first["valid_from"]),
                link=map_link(
                    int(first["start_day"]),
                    *points[str(area_id)],
                    zoom=zoom,
                    subject=("spell", [str(row["id"]) for row in group]),
                ),
                certainty=_least(row["certainty"] for row in group),
                source_ids=_union(row["source_ids"] for row in group),
                counter_source_ids=(),
                counterclaims="",
                data={
                    "from": str(first["_from"]),
                    "to": str(first["controller"]),
                    "from_type": str(first["_from_type"]),
                    "to_type": str(first["control_type"]),
                    "how": str(first["how"]),
                    "areas": areas,
                    "km2": math.fsum(area["km2"] for area in areas),
                    "low": low,
                    "high": high,
                    "event_ids": [
                        key for key in _union(row["transition_event_id"] for row in group) if key
                    ],
                },
            )
        )
    return out


def _mandates(pack: Pack) -> list[Change]:
    if pack.mandates.empty:
        return []
    last = OPEN_END - 1
    changed = mandates.changes(pack, OPEN_START, last)
    rows = {row["id"]: row for row in pack.mandates.to_dict("records")}
    zones = {row.id: row for row in pack.zones.itertuples()}
    edges = {
        "authorised": ("authorised_start", "authorised_from"),
        "planned": ("authorised_start", "authorised_from"),
        "deployed": ("deployed_start", "deployed_from"),
        "withdrawn": ("deployed_end", "deployed_to"),
        "expired": ("authorised_end", "authorised_to"),
        "lapsed": ("authorised_end", "authorised_to"),
    }
    out = []
    # A day that is only counted from stands apart from the same day known exactly.
    told = sorted(
        (date, change, mission, str(rows[key][edges[change][1]]), key)
        for date, change, mission, key in zip(
            *(changed[name] for name in ("date", "change", "mission", "mandate_id")), strict=True
        )
    )
    for (_, change, mission, when), group in groupby(told, key=itemgetter(0, 1, 2, 3)):
        mine = [rows[key] for *_, key in group]
        first = mine[0]
        day = int(first[edges[change][0]])
        placed = [zones[row["zone_id"]] for row in mine if row["zone_id"] in zones]
        shape = placed[0].geometry.representative_point() if placed else None
        about = ("mandate", [str(row["id"]) for row in mine])
        where = () if shape is None else (shape.x, shape.y)
        link = map_link(day, *where, zoom=9, subject=about)
        out.append(
            Change(
                kind="mandate",
                id=f"{first['id']}-{change}",
                also=tuple(f"{row['id']}-{change}" for row in mine[1:]),
                day=day,
                when=when,
                link=link,
                certainty=_least(row["certainty"] for row in mine),
                source_ids=_union(row["source_ids"] for row in mine),
                counter_source_ids=_union(row["counter_source_ids"] for row in mine),
                counterclaims=" ".join(_distinct(mine, "counterclaims")),
                data={
                    "change": str(change),
                    "mission": str(mission),
                    "instruments": _distinct(mine, "instrument"),
                    "zones": [str(zone.name) for zone in placed],
                    "strength": _largest(mine, "authorised_strength"),
                    "observed": _largest(mine, "observed_strength"),
                    "tasks": str(first["tasks"]),
                },
            )
        )
    return out


def _distinct(rows: Sequence[Mapping[str, Any]], column: str) -> list[str]:
    return [text for text in dict.fromkeys(row[column] for row in rows) if text]


def _largest(rows: Sequence[Mapping[str, Any]], column: str) -> int | None:
    known = [row[column] for row in rows if row[column] == row[column]]
    return int(max(known)) if known else None


def _routes(pack: Pack) -> list[Change]:
    """Changes of the assessed status of a stretch; no following episode is 'unknown'."""
    assessed = pack.episodes[pack.episodes["asserted_by"] == ""]
    routes = pack.routes.set_index("id")
    out = []
    ordered = assessed.sort_values(["route_id", "start_day", "id"], kind="stable")
    for route_id, group in groupby(ordered.itertuples(), key=attrgetter("route_id")):
        route, rows = routes.loc[route_id], list(group)
        starts, ends = np.array([(row.start_day, row.end_day) for row in rows]).T
        users, status = np.array([(row.applies_to, row.status) for row in rows], dtype=object).T
        low = np.array([-1.0 if pd.isna(row.from_km) else row.from_km for row in rows])
        high = np.array([1e9 if pd.isna(row.to_km) else row.to_km for row in rows])
        for row in rows:
            if row.start_day > pack.meta.period.start:
                # What held the day before on the same stretch and for the same users.
                start = -1.0 if pd.isna(row.from_km) else row.from_km
                end = 1e9 if pd.isna(row.to_km) else row.to_km
                held = holds(starts, ends, int(row.start_day) - 1)
                same = held & (low < end) & (high > start) & (users == row.applies_to)
                known = set(status[same])
                before = [one for one in STATUSES if one in known]
                if before != [row.status]:
                    out.append(_route_change(route, row, before, str(row.status), "start_day"))
            # A narrower class of users falls back to what holds for everybody.
            if row.end_day != OPEN_END and not holds(starts, ends, int(row.end_day)).any():
                out.append(_route_change(route, row, [str(row.status)], "unknown", "end_day"))
    return out


def _route_change(route: Any, row: Any, before: list[str], after: str, edge: str) -> Change:
    starts = edge == "start_day"
    day = int(getattr(row, edge))
    whole = length_km(route.geometry)
    first = 0.0 if pd.isna(row.from_km) else float(row.from_km)
    last = whole if pd.isna(row.to_km) else min(float(row.to_km), whole)
    lon, lat = point_at_km(route.geometry, (first + last) / 2)
    return Change(
        kind="route",
        id=str(row.id) if starts else f"{row.id}-end",
        also=(),
        day=day,
        when=str(row.valid_from if starts else row.valid_to),
        link=map_link(day, lon, lat, zoom=9, subject=("episode", [str(row.id)])),
        certainty=str(row.certainty),
        source_ids=_union([row.source_ids]),
        counter_source_ids=_union([row.counter_source_ids]) if starts else (),
        counterclaims=str(row.counterclaims) if starts else "",
        data={
            "route": str(route.name),
            "name": str(route["name"]),
            "names": by_language(route, "name"),
            "mode": str(route["mode"]),
            "before": before,
            "after": after,
            "from_km": None if pd.isna(row.from_km) and pd.isna(row.to_km) else first,
            "to_km": last,
            "users": split_list(str(row.applies_to)),
            "imposed_by": str(row.imposed_by) if starts else "",
            "reason": str(row.reason) if starts else "",
        },
    )
