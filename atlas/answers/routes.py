"""The state of routes, by stretch and class of user, on a day and over time.

A route is a line with kilometres along it (ISO 19148); an episode gives a stretch of it a status
for a class of user from one day to another. No episode means 'unknown', never 'open'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from atlas.answers.leaving import day_index
from atlas.base.crs import length_km, substring_km
from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, boundary_day, check_order, format_day, holds
from atlas.record.pack import Pack, split_list
from atlas.record.schema import STATUSES, USERS

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["PASSABLE", "at", "changes", "series"]

PASSABLE: Mapping[str, frozenset[str]] = {
    user: frozenset(
        {"open", "checkpoint", "restricted"}
        | ({"humanitarian_only"} if user in ("humanitarian", "peacekeeper") else set())
    )
    for user in USERS
}

# From passable to not: of two statements equally specific and equally recent, the stricter counts.
_SEVERITY = {status: n for n, status in enumerate(STATUSES)}


def check_user(user: str) -> None:
    if user not in USERS:
        raise InputError(f"no user class {user!r}; there are: {', '.join(USERS)}")


Row = dict[str, Any]


def by_route(pack: Pack) -> dict[str, list[Row]]:
    """Assessed episodes of each route; what a party claims is told beside the record."""
    assessed = pack.episodes[pack.episodes["asserted_by"] == ""]
    rows: dict[str, list[Row]] = {}
    for row in assessed.to_dict("records"):
        rows.setdefault(str(row["route_id"]), []).append(row)
    return rows


def built(route: Any) -> int:
    return boundary_day(str(route.built_from), end=False)


def _chosen(episodes: Iterable[Row], user: str) -> Row | None:
    """Pick the episode that speaks for a user: the more specific, the later, the stricter."""
    ranked = [
        (bool(row["applies_to"]), row["start_day"], _SEVERITY[row["status"]], row["id"], row)
        for row in episodes
        if not row["applies_to"] or user in split_list(row["applies_to"])
    ]
    return max(ranked, key=lambda item: item[:4])[4] if ranked else None


def stretches(
    episodes: list[Row], whole: float, day: int, user: str
) -> list[tuple[float, float, Row | None]]:
    """Cut a route where an episode of the day begins or ends: from km, to km, what holds there."""
    active = [row for row in episodes if holds(row["start_day"], row["end_day"], day)]
    spans = [
        (
            0.0 if row["from_km"] != row["from_km"] else min(row["from_km"], whole),
            whole if row["to_km"] != row["to_km"] else min(row["to_km"], whole),
            row,
        )
        for row in active
    ]
    marks = sorted({0.0, whole, *(km for first, last, _ in spans for km in (first, last))})
    out = []
    for first, last in zip(marks, marks[1:], strict=False):
        if last - first < 1e-6:
            continue
        middle = (first + last) / 2
        here = [row for low, high, row in spans if low <= middle < high]
        out.append((first, last, _chosen(here, user)))
    return out


def at(pack: Pack, day: int, *, user: str = "civilian") -> gpd.GeoDataFrame:
    """Give the status of every route on a day, by stretch.

    Parameters
    ----------
    pack : Pack
        The record.
    day : int
        Day number.
    user : {'civilian', 'humanitarian', 'peacekeeper', 'commercial', 'military'}
        For whom. An episode that names the class beats one for all; then the later one counts.

    Returns
    -------
    GeoDataFrame
        One row a stretch: `route_id, name, mode, from_km, to_km, length_km, status, passable,
        since, imposed_by, reason, counterclaims, certainty, episode_id, source_ids, geometry`.
        Stretches with no episode on record have status 'unknown'.

    Raises
    ------
    InputError
        If `user` is not a class of user.
    """
    import geopandas as gpd

    check_user(user)
    known = by_route(pack)
    rows: list[Row] = []
    for route in pack.routes.itertuples():
        if built(route) <= day:
            whole = length_km(route.geometry)
            parts = stretches(known.get(str(route.id), []), whole, day, user)
            rows += [_describe(route, *part, user=user, whole=len(parts) == 1) for part in parts]
    frame = gpd.GeoDataFrame(rows, columns=_COLUMNS, geometry="geometry", crs=pack.routes.crs)
    return frame.sort_values(["route_id", "from_km"], kind="stable").reset_index(drop=True)


_COLUMNS = (
    "route_id name mode from_km to_km length_km status passable since imposed_by reason "
    "counterclaims certainty episode_id source_ids geometry"
).split()


def _describe(
    route: Any, first: float, last: float, chosen: Row | None, *, user: str, whole: bool
) -> Row:
    known = chosen or {}
    status = str(known.get("status", "unknown"))
    return {
        "route_id": route.id,
        "name": route.name,
        "mode": route.mode,
        "from_km": first,
        "to_km": last,
        "length_km": last - first,
        "status": status,
        "passable": status in PASSABLE[user],
        "since": format_day(int(known["start_day"])) if known else "",
        "imposed_by": known.get("imposed_by", ""),
        "reason": known.get("reason", ""),
        "counterclaims": known.get("counterclaims", ""),
        "certainty": known.get("certainty", "unknown"),
        "episode_id": known.get("id", ""),
        "source_ids": known.get("source_ids", route.source_ids),
        "geometry": route.geometry if whole else substring_km(route.geometry, first, last),
    }


def changes(pack: Pack, first: int, last: int, *, user: str = "civilian") -> pd.DataFrame:
    """List the changes of status in ``(first, last]``, by route.

    Returns
    -------
    DataFrame
        `date, route_id, name, before, after, episode_ids, source_ids`; `before` and `after` list
        the statuses along the route.

    Raises
    ------
    InputError
        If `last` lies before `first`.
    """
    check_order(first, last)
    check_user(user)
    known = by_route(pack)
    found = []
    for route in pack.routes.itertuples():
        rows = known.get(str(route.id), [])
        whole = length_km(route.geometry)
        before = ""
        for day in [first, *_change_days(rows, route, first, last)]:
            if built(route) > day:
                continue
            here = [chosen for *_, chosen in stretches(rows, whole, day, user)]
            status = _join("unknown" if row is None else row["status"] for row in here)
            if status != before and day > first:
                kept = [row for row in here if row is not None]
                found.append(
                    {
                        "date": format_day(day),
                        "route_id": route.id,
                        "name": route.name,
                        "before": before,
                        "after": status,
                        "episode_ids": _join(row["id"] for row in kept),
                        "source_ids": _join(row["source_ids"] for row in kept),
                    }
                )
            before = status
    columns = ["date", "route_id", "name", "before", "after", "episode_ids", "source_ids"]
    frame = pd.DataFrame(found, columns=columns)
    return frame.sort_values(["date", "route_id"], kind="stable").reset_index(drop=True)


def _change_days(rows: list[Row], route: Any, first: int, last: int) -> list[int]:
    days = {built(route), *(row[name] for row in rows for name in ("start_day", "end_day"))}
    return sorted(
        int(day) for day in days if first < day <= last and day not in (OPEN_START, OPEN_END)
    )


def _join(cells: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(part for cell in cells for part in split_list(cell)))


def series(pack: Pack, *, user: str = "civilian") -> pd.DataFrame:
    """Length of routes in each status from each day of change on, km.

    Returns
    -------
    DataFrame
        Indexed by day, one column a status. Routes not yet built are not counted.
    """
    check_user(user)
    known = by_route(pack)
    first = pack.meta.period.start
    parts: list[tuple[int, str, float]] = []
    for route in pack.routes.itertuples():
        rows = known.get(str(route.id), [])
        whole = length_km(route.geometry)
        before: dict[str, float] = {}
        for day in [first, *_change_days(rows, route, first, OPEN_END - 1)]:
            now: dict[str, float] = {}
            if built(route) <= day:
                for low, high, chosen in stretches(rows, whole, day, user):
                    status = "unknown" if chosen is None else str(chosen["status"])
                    now[status] = now.get(status, 0.0) + high - low
            for status in {*before, *now}:
                parts.append((day, status, now.get(status, 0.0) - before.get(status, 0.0)))
            before = now
    steps = pd.DataFrame(parts, columns=["day", "status", "km"])
    table = steps.pivot_table(index="day", columns="status", values="km", aggfunc="sum")
    table = table.fillna(0.0).cumsum().round(6)
    table.index = day_index(table.index)
    table.columns.name = None
    return table[[status for status in STATUSES if status in table]]
