"""The chronicle: what changed on each day, of all kinds, in one list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

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
    sizes, points, titles = pack.sizes, area_points(pack), area_titles(pack)
    shapes = pack.areas.set_index("id")
    ranges: dict[Any, tuple[float, float]] = {}
    keys = ["start_day", "valid_from", "_from", "_from_type", "controller", "control_type", "how"]
    out = []
    for _, group in rows.groupby(keys, sort=True, dropna=False):
        group = group.sort_values("id", kind="stable")
        first = group.iloc[0]
        areas, low, high = [], 0.0, 0.0
        for row in group.itertuples():
            place, part = titles[str(row.area_id)]
            km2 = float(sizes[row.area_id])
            if row.area_id not in ranges:
                shape = shapes.loc[row.area_id]
                doubt = float(shape["uncertainty_m"])
                ranges[row.area_id] = area_range_km2(shape.geometry, doubt)
            least, most = ranges[row.area_id]
            low, high = low + least, high + most
            areas.append({"id": str(row.id), "area": str(row.area_id), "place": place,
                          "part": part, "km2": km2, "note": str(row.note)})  # fmt: skip
        largest = max(areas, key=lambda area: (area["km2"], area["id"]))
        area_id = group.set_index("id").loc[largest["id"], "area_id"]
        bounds = shapes.loc[list(group["area_id"])].total_bounds
        extent = max(bounds[2] - bounds[0], (bounds[3] - bounds[1]) * 1.3)
        zoom = 11 if extent < 0.15 else 10 if extent < 0.4 else 9 if extent < 1.0 else 8
        out.append(
            Change(
                kind="control",
                id=str(first["id"]),
                also=tuple(str(key) for key in group["id"].iloc[1:]),
                day=int(first["start_day"]),
                when=str(first["valid_from"]),
                link=map_link(
                    int(first["start_day"]),
                    *points[str(area_id)],
                    zoom=zoom,
                    subject=("spell", [str(key) for key in group["id"]]),
                ),
                certainty=_least(group["certainty"]),
                source_ids=_union(group["source_ids"]),
                counter_source_ids=(),
                counterclaims="",
                data={
                    "from": str(first["_from"]),
                    "to": str(first["controller"]),
                    "from_type": str(first["_from_type"]),
                    "to_type": str(first["control_type"]),
                    "how": str(first["how"]),
                    "areas": areas,
                    "km2": sum(area["km2"] for area in areas),
                    "low": low,
                    "high": high,
                    "event_ids": [key for key in _union(group["transition_event_id"]) if key],
                },
            )
        )
    return out


def _mandates(pack: Pack) -> list[Change]:
    if pack.mandates.empty:
        return []
    last = OPEN_END - 1
    changed = mandates.changes(pack, OPEN_START, last)
    rows = pack.mandates.set_index("id", drop=False)
    zones = pack.zones.set_index("id")
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
    changed["when"] = [
        str(rows.loc[key, edges[change][1]])
        for key, change in changed[["mandate_id", "change"]].to_numpy()
    ]
    by = ["date", "change", "mission", "when"]
    for (_, change, mission, when), group in changed.groupby(by, sort=True):
        mine = rows.loc[sorted(group["mandate_id"])]
        first = mine.iloc[0]
        day = int(first[edges[str(change)][0]])
        shape = None
        for zone_id in mine["zone_id"]:
            if zone_id in zones.index:
                shape = zones.loc[zone_id].geometry.representative_point()
                break
        about = ("mandate", [str(key) for key in mine["id"]])
        where = () if shape is None else (shape.x, shape.y)
        link = map_link(day, *where, zoom=9, subject=about)
        out.append(
            Change(
                kind="mandate",
                id=f"{first['id']}-{change}",
                also=tuple(f"{key}-{change}" for key in mine["id"].iloc[1:]),
                day=day,
                when=str(when),
                link=link,
                certainty=_least(mine["certainty"]),
                source_ids=_union(mine["source_ids"]),
                counter_source_ids=_union(mine["counter_source_ids"]),
                counterclaims=" ".join(dict.fromkeys(c for c in mine["counterclaims"] if c)),
                data={
                    "change": str(change),
                    "mission": str(mission),
                    "instruments": [text for text in dict.fromkeys(mine["instrument"]) if text],
                    "zones": [
                        str(zones.loc[key, "name"]) for key in mine["zone_id"] if key in zones.index
                    ],
                    "strength": _largest(mine["authorised_strength"]),
                    "observed": _largest(mine["observed_strength"]),
                    "tasks": str(first["tasks"]),
                },
            )
        )
    return out


def _largest(values: pd.Series) -> int | None:
    known = values.dropna()
    return int(known.max()) if len(known) else None


def _routes(pack: Pack) -> list[Change]:
    """Changes of the assessed status of a stretch; no following episode is 'unknown'."""
    assessed = pack.episodes[pack.episodes["asserted_by"] == ""]
    routes = pack.routes.set_index("id")
    out = []
    for route_id, rows in assessed.groupby("route_id", sort=True):
        route = routes.loc[route_id]
        starts, ends, users, status = (
            rows[name].to_numpy() for name in ("start_day", "end_day", "applies_to", "status")
        )
        low, high = rows["from_km"].fillna(-1.0).to_numpy(), rows["to_km"].fillna(1e9).to_numpy()
        for row in rows.sort_values(["start_day", "id"], kind="stable").itertuples():
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
