"""Who kept the peace: missions, their zones and posts, authorised and deployed apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from atlas.answers.leaving import day_index
from atlas.base.crs import area_km2, buffer_m
from atlas.base.timespan import (
    OPEN_END,
    OPEN_START,
    boundary_day,
    check_order,
    format_day,
    holds,
)
from atlas.record.pack import Pack

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["at", "changes", "missions", "post_coverage", "series"]

_SHOWN = (
    "mandate_id mission zone_id zone zone_type status authorised_from authorised_to deployed_from "
    "deployed_to authorised_start authorised_end deployed_start deployed_end authorised_strength "
    "observed_strength strength_reported_on unnamed_posts contributors consenting_parties tasks "
    "certainty counterclaims source_ids note geometry"
).split()


def missions(pack: Pack) -> list[str]:
    """Names of all missions, sorted."""
    return sorted(set(pack.mandates["mission"]))


def with_zones(pack: Pack) -> gpd.GeoDataFrame:
    import geopandas as gpd

    zones = pack.zones.rename(columns={"id": "zone_id", "name": "zone"})
    merged = pack.mandates.rename(columns={"id": "mandate_id"}).merge(
        zones[["zone_id", "zone", "geometry"]], on="zone_id", how="left"
    )
    return gpd.GeoDataFrame(merged, geometry="geometry", crs=pack.zones.crs)


def at(pack: Pack, day: int) -> gpd.GeoDataFrame:
    """Give the mandates in force on a day.

    Returns
    -------
    GeoDataFrame
        `mandate_id, mission, zone_id, zone, zone_type, status, authorised_from, authorised_to,
        deployed_from, deployed_to, authorised_start, authorised_end, deployed_start, deployed_end,
        authorised_strength, observed_strength, strength_reported_on, unnamed_posts, contributors,
        consenting_parties, tasks, certainty, counterclaims, source_ids, note, geometry` (WGS 84).
        `status` is 'deployed'; 'authorised' where the mandate ran but nobody is recorded as
        there; 'planned' where a force was on offer and never authorised. Strengths are told from
        `strength_reported_on` on, not before.
    """
    frame = with_zones(pack)
    deployed = holds(frame["deployed_start"], frame["deployed_end"], day)
    authorised = holds(frame["authorised_start"], frame["authorised_end"], day)
    unsent = np.where(frame["standing"] == "plan", "planned", "authorised")
    frame["status"] = np.where(deployed, "deployed", unsent)
    told = [boundary_day(cell, end=False) <= day for cell in frame["strength_reported_on"]]
    for column in ("authorised_strength", "observed_strength"):
        frame[column] = frame[column].where(np.array(told, dtype=bool))
    kept = frame[deployed | authorised]
    return kept[_SHOWN].sort_values("mandate_id").reset_index(drop=True)


def changes(pack: Pack, first: int, last: int) -> pd.DataFrame:
    """List the mandates that began or ended in ``(first, last]``.

    Where a mission goes on in a zone by another row, it was neither withdrawn nor deployed anew,
    and its mandate is not over; that it was authorised anew is told.

    Returns
    -------
    DataFrame
        `date, change, mandate_id, mission, zone, source_ids`; `change` is one of 'authorised',
        'deployed', 'withdrawn', 'expired' and, of a plan, 'planned', 'lapsed'.

    Raises
    ------
    InputError
        If `last` lies before `first`.
    """
    check_order(first, last)
    words = {
        "authorised_start": "authorised",
        "deployed_start": "deployed",
        "deployed_end": "withdrawn",
        "authorised_end": "expired",
    }
    of_plans = {"authorised": "planned", "expired": "lapsed"}
    frame = with_zones(pack)
    planned = frame["standing"] == "plan"
    found = []
    for column, word in words.items():
        days = frame[column]
        keep = (days > first) & (days <= last) & (days != OPEN_END) & (days != OPEN_START)
        if word != "authorised":
            keep &= ~_goes_on(frame, column)
        rows = frame.loc[keep, ["mandate_id", "mission", "zone", "source_ids"]].copy()
        rows.insert(0, "change", np.where(planned[keep], of_plans.get(word, word), word))
        rows.insert(0, "date", [format_day(day) for day in days[keep]])
        found.append(rows)
    return (
        pd.concat(found)
        .sort_values(["date", "mandate_id", "change"], kind="stable")
        .reset_index(drop=True)
    )


def _goes_on(frame: pd.DataFrame, column: str) -> pd.Series:
    """Whether at this edge of a row another row of the same mission and zone holds."""
    what, edge = column.rsplit("_", 1)
    start, end, days = frame[f"{what}_start"], frame[f"{what}_end"], frame[column]
    same = frame["mission"] + "|" + frame["zone_id"] + "|" + frame["standing"]
    found = []
    for key, day in zip(same, days, strict=True):
        other = (start <= day) & (day < end) if edge == "end" else (start < day) & (day <= end)
        found.append(bool((other & (same == key)).any()))
    return pd.Series(found, index=frame.index, dtype=bool)


def series(pack: Pack) -> pd.DataFrame:
    """Zones in force by mission from each day of change on.

    Returns
    -------
    DataFrame
        Indexed by day, one column a mission: the number of its zones with a deployment.
    """
    frame = pack.mandates[pack.mandates["deployed_from"] != ""]
    days = np.unique(
        [
            day
            for column in ("deployed_start", "deployed_end")
            for day in frame[column]
            if day not in (OPEN_START, OPEN_END)
        ]
    )
    table = {
        mission: [
            int(holds(group["deployed_start"], group["deployed_end"], int(day)).sum())
            for day in days
        ]
        for mission, group in frame.groupby("mission")
    }
    return pd.DataFrame(table, index=day_index(days))


def post_coverage(pack: Pack, day: int, *, radius_km: float = 5.0) -> float:
    """Area within a distance of a deployed post, in km2.

    Parameters
    ----------
    pack : Pack
        The record.
    day : int
        Day number.
    radius_km : float
        Distance; a description of nearness, not of what a post could see.
    """
    here = at(pack, day)
    posts = here[(here["status"] == "deployed") & (here.geometry.geom_type == "Point")]
    if posts.empty:
        return 0.0
    discs = [buffer_m(point, radius_km * 1000.0) for point in posts.geometry]
    return float(area_km2([shapely.union_all(discs)])[0])
