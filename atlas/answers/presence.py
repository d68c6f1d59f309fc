"""Events before, during and after a mission, in its zone and outside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
import shapely

from atlas.answers.mandates import missions, with_zones
from atlas.base.crs import area_km2
from atlas.base.errors import InputError, NotFoundError, text_of
from atlas.base.timespan import OPEN_END, holds
from atlas.record.pack import Pack

__all__ = ["presence"]

_SHORT = re.compile(r"\(([^()]+)\)")


def presence(
    pack: Pack, mission: str, *, window_days: int = 365, events: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Count events before, during and after a mission, inside its zone and outside it.

    Parameters
    ----------
    pack : Pack
        The record.
    mission : str
        Its name, as in `missions`, or the short one that stands there in brackets; case is put
        aside.
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
    text_of(mission, "a mission")
    mission = _in_full(mission, missions(pack))
    frame = with_zones(pack)
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


def _in_full(mission: str, known: Sequence[str]) -> str:
    """The name of the one mission that is called so, in full or in short; else as it was given."""
    wanted = mission.strip().casefold()
    in_full = [name for name in known if name.casefold() == wanted]
    in_short = [name for name in known if wanted in map(str.casefold, _SHORT.findall(name))]
    for found in (in_full, in_short):
        if len(found) == 1:
            return found[0]
    return mission
