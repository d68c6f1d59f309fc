"""Who kept the peace: missions, their zones and posts, authorised and deployed apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from atlas.crs import area_km2, buffer_m
from atlas.errors import InputError, NotFoundError
from atlas.pack import Pack
from atlas.timespan import OPEN_END, OPEN_START, check_order, format_day, holds

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["at", "changes", "missions", "post_coverage", "presence", "series"]

_SHOWN = (
    "mandate_id mission zone_id zone zone_type status authorised_from authorised_to deployed_from "
    "deployed_to authorised_strength observed_strength unnamed_posts contributors "
    "consenting_parties tasks certainty counterclaims source_ids note geometry"
).split()


def missions(pack: Pack) -> list[str]:
    """Names of all missions, sorted."""
    return sorted(set(pack.mandates["mission"]))


def _with_zones(pack: Pack) -> gpd.GeoDataFrame:
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
        deployed_from, deployed_to, authorised_strength, observed_strength, unnamed_posts,
        contributors, consenting_parties, tasks, certainty, counterclaims, source_ids, note,
        geometry` (WGS 84). `status` is 'deployed'; 'authorised' where the mandate ran but nobody
        is recorded as there; 'planned' where a force was on offer and never authorised.
    """
    frame = _with_zones(pack)
    deployed = holds(frame["deployed_start"], frame["deployed_end"], day)
    authorised = holds(frame["authorised_start"], frame["authorised_end"], day)
    unsent = np.where(frame["standing"] == "plan", "planned", "authorised")
    frame["status"] = np.where(deployed, "deployed", unsent)
    kept = frame[deployed | authorised]
    return kept[_SHOWN].sort_values("mandate_id").reset_index(drop=True)


def changes(pack: Pack, first: int, last: int) -> pd.DataFrame:
    """List the mandates that began or ended in ``(first, last]``.

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
    frame = _with_zones(pack)
    planned = frame["standing"] == "plan"
    found = []
    for column, word in words.items():
        days = frame[column]
        keep = (days > first) & (days <= last) & (days != OPEN_END) & (days != OPEN_START)
        rows = frame.loc[keep, ["mandate_id", "mission", "zone", "source_ids"]].copy()
        rows.insert(0, "change", np.where(planned[keep], of_plans.get(word, word), word))
        rows.insert(0, "date", [format_day(day) for day in days[keep]])
        found.append(rows)
    return (
        pd.concat(found)
        .sort_values(["date", "mandate_id", "change"], kind="stable")
        .reset_index(drop=True)
    )


def series(pack: Pack) -> pd.DataFrame:
    """Zones in force by mission from each day of change on.

    Returns
    -------
    DataFrame
        Indexed by ISO day, one column a mission: the number of its zones with a deployment.
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
    index = pd.Index([format_day(int(day)) for day in days], name="date")
    return pd.DataFrame(table, index=index)


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


def presence(
    pack: Pack, mission: str, *, window_days: int = 365, events: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Count events before, during and after a mission, inside its zone and outside it.

    Parameters
    ----------
    pack : Pack
        The record.
    mission : str
        Its name, as in `missions`.
    window_days : int
        Days before deployment and after withdrawal that are counted.
    events : DataFrame, optional
        With `lon`, `lat`, `start_day`, `best`; the pack's own by default.

    Returns
    -------
    DataFrame
        `when` (before, during, after), `where` (in zone, elsewhere), `events`, `deaths_best`,
        `deaths_known` (events that state deaths), `days`, `zone_km2`. A description: it says
        nothing about cause, and counts what the record holds.

    Raises
    ------
    InputError
        If `window_days` is negative.
    NotFoundError
        If there is no such mission, or it was never deployed in an area.
    """
    if window_days < 0:
        raise InputError(f"the window must be 0 or more days, not {window_days}")
    frame = _with_zones(pack)
    in_areas = frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    in_areas &= frame["deployed_from"] != ""
    rows = frame[(frame["mission"] == mission) & (frame["deployed_from"] != "")]
    shapes = frame[in_areas & (frame["mission"] == mission)].geometry
    if shapes.empty:
        possible = sorted(set(frame.loc[in_areas, "mission"]))
        why = "is not recorded as deployed in an area" if mission in missions(pack) else "is none"
        raise NotFoundError(
            f"mission {mission!r} {why}; there are: {', '.join(possible) or 'no such missions'}"
        )
    zone = shapely.union_all(shapes.to_numpy())
    start = int(rows["deployed_start"].min())
    end = int(rows["deployed_end"].max())
    happened = pack.events if events is None else events
    days = happened["start_day"].to_numpy()
    inside = shapely.contains_xy(zone, happened["lon"].to_numpy(), happened["lat"].to_numpy())
    last = int(days.max()) + 1 if len(days) else start
    spans = {
        "before": (start - window_days, start),
        "during": (start, min(end, max(last, start))),
        "after": (end, end + window_days) if end != OPEN_END else (0, 0),
    }
    km2 = float(area_km2([zone])[0])
    out = []
    for when, (first, stop) in spans.items():
        for where, mask in (("in zone", inside), ("elsewhere", ~inside)):
            chosen = happened[holds(first, stop, days) & mask]
            deaths = chosen["best"].dropna() if "best" in chosen else pd.Series(dtype=float)
            out.append(
                {
                    "when": when,
                    "where": where,
                    "events": len(chosen),
                    "deaths_best": float(deaths.sum()),
                    "deaths_known": len(deaths),
                    "days": stop - first,
                    "zone_km2": km2 if where == "in zone" else float("nan"),
                }
            )
    return pd.DataFrame(out)
