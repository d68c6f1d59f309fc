"""The state of routes, by stretch and class of user, on a day and over time.

A route is a line with kilometres along it (ISO 19148); an episode gives a stretch of it a status
for a class of user from one day to another. No episode means 'unknown', never 'open'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from atlas.crs import length_km, substring_km
from atlas.errors import InputError
from atlas.pack import Pack, split_list
from atlas.schema import STATUSES, USERS
from atlas.timespan import OPEN_END, OPEN_START, boundary_day, format_day, holds

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


def _check_user(user: str) -> None:
    if user not in USERS:
        raise InputError(f"no user class {user!r}; there are: {', '.join(USERS)}")


def _chosen(episodes: pd.DataFrame, user: str) -> pd.Series | None:
    """Pick the episode that speaks for a user on one stretch."""
    rows = [
        (bool(row.applies_to), row.start_day, _SEVERITY[row.status], row.Index)
        for row in episodes.itertuples()
        if not row.applies_to or user in split_list(str(row.applies_to))
    ]
    return episodes.loc[max(rows)[3]] if rows else None


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

    _check_user(user)
    # What a party claims is told beside the record, never in place of it.
    assessed = pack.episodes[pack.episodes["asserted_by"] == ""]
    active = assessed[holds(assessed["start_day"], assessed["end_day"], day)]
    by_route = dict(iter(active.groupby("route_id")))
    rows: list[dict[str, Any]] = []
    for route in pack.routes.itertuples():
        if boundary_day(str(route.built_from), end=False) > day:
            continue
        rows += _stretches(route, by_route.get(route.id), user)
    frame = gpd.GeoDataFrame(rows, columns=_COLUMNS, geometry="geometry", crs=pack.routes.crs)
    return frame.sort_values(["route_id", "from_km"], kind="stable").reset_index(drop=True)


_COLUMNS = (
    "route_id name mode from_km to_km length_km status passable since imposed_by reason "
    "counterclaims certainty episode_id source_ids geometry"
).split()


def _stretches(route: Any, episodes: pd.DataFrame | None, user: str) -> list[dict[str, Any]]:
    whole = length_km(route.geometry)
    cuts = {0.0, whole}
    if episodes is not None:
        for column in ("from_km", "to_km"):
            cuts |= {min(float(km), whole) for km in episodes[column].dropna()}
    marks = sorted(cuts)
    out: list[dict[str, Any]] = []
    for first, last in zip(marks, marks[1:], strict=False):
        if last - first < 1e-6:
            continue
        chosen = None
        if episodes is not None:
            middle = (first + last) / 2
            low = episodes["from_km"].fillna(0.0)
            high = episodes["to_km"].fillna(whole)
            chosen = _chosen(episodes[(low <= middle) & (middle < high)], user)
        status = "unknown" if chosen is None else str(chosen["status"])
        part = len(marks) > 2
        out.append(
            {
                "route_id": route.id,
                "name": route.name,
                "mode": route.mode,
                "from_km": first,
                "to_km": last,
                "length_km": last - first,
                "status": status,
                "passable": status in PASSABLE[user],
                "since": "" if chosen is None else format_day(int(chosen["start_day"])),
                "imposed_by": "" if chosen is None else chosen["imposed_by"],
                "reason": "" if chosen is None else chosen["reason"],
                "counterclaims": "" if chosen is None else chosen["counterclaims"],
                "certainty": "unknown" if chosen is None else chosen["certainty"],
                "episode_id": "" if chosen is None else chosen["id"],
                "source_ids": route.source_ids if chosen is None else chosen["source_ids"],
                "geometry": substring_km(route.geometry, first, last) if part else route.geometry,
            }
        )
    return out


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
    if last < first:
        raise InputError(f"{format_day(last)} lies before {format_day(first)}; swap the two dates")
    found = []
    before = _summary(at(pack, first, user=user))
    for day in _change_days(pack, first, last):
        after = _summary(at(pack, day, user=user))
        for route_id, row in after.iterrows():
            old = before["status"].get(route_id, "")
            if row["status"] != old:
                found.append(
                    {
                        "date": format_day(day),
                        "route_id": route_id,
                        "name": row["name"],
                        "before": old,
                        "after": row["status"],
                        "episode_ids": row["episode_id"],
                        "source_ids": row["source_ids"],
                    }
                )
        before = after
    columns = ["date", "route_id", "name", "before", "after", "episode_ids", "source_ids"]
    return pd.DataFrame(found, columns=columns)


def _change_days(pack: Pack, first: int, last: int) -> list[int]:
    days = np.unique(pack.episodes[["start_day", "end_day"]].to_numpy())
    return [int(day) for day in days if first < day <= last and day not in (OPEN_START, OPEN_END)]


def _join(cells: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(part for cell in cells for part in split_list(cell)))


def _summary(stretches: pd.DataFrame) -> pd.DataFrame:
    grouped = stretches.groupby("route_id")
    return pd.DataFrame(
        {
            "name": grouped["name"].first(),
            "status": grouped["status"].agg(_join),
            "episode_id": grouped["episode_id"].agg(_join),
            "source_ids": grouped["source_ids"].agg(_join),
        }
    )


def series(pack: Pack, *, user: str = "civilian") -> pd.DataFrame:
    """Length of routes in each status from each day of change on, km.

    Returns
    -------
    DataFrame
        Indexed by ISO day, one column a status. Routes not yet built are not counted.
    """
    first = pack.meta.period.start
    days = [first, *_change_days(pack, first, OPEN_END)]
    rows = [at(pack, day, user=user).groupby("status")["length_km"].sum() for day in days]
    index = pd.Index([format_day(day) for day in days], name="date")
    table = pd.DataFrame(rows).set_index(index).fillna(0.0)
    return table[[status for status in STATUSES if status in table]]
