"""The state of a day: control, claims, mandates, routes, names and events, each with its sources.

An EDTF date with doubts ('2020-11', '2020-23') is answered for all its days: what held throughout,
and what changed within.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from atlas.answers import control, mandates, routes
from atlas.answers.leaving import with_dates
from atlas.base.crs import distance_m, locate_km
from atlas.base.errors import InputError, NotFoundError
from atlas.base.html import card, pairs, rows
from atlas.base.timespan import OPEN_END, OPEN_START, Edtf, format_day, holds, parse_edtf
from atlas.record.pack import Pack, split_list

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Here", "State", "here", "state"]


@dataclass(frozen=True)
class State:
    """What held on a date.

    Attributes
    ----------
    date : str
        As asked.
    first_day, last_day : str
        ISO days it spans (the same for an exact day).
    control : GeoDataFrame
        As `control.at` on the first day; `throughout` says whether the holder stayed the same on
        every day asked for. Here and below days are dates, NaT where a bound is open.
    claims : GeoDataFrame
        Where a party's account differs, as `control.disagreements`.
    mandates, routes : GeoDataFrame
        As `mandates.at` and `routes.at` on the first day.
    names : DataFrame
        Names in use: `place_id, name, lang, script, status, used_by, source_ids`.
    events : GeoDataFrame
        The pack's events on or around the date.
    changed : GeoDataFrame
        What changed hands within the date; empty for an exact day.
    """

    date: str
    first_day: str
    last_day: str
    control: gpd.GeoDataFrame
    claims: gpd.GeoDataFrame
    mandates: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    names: pd.DataFrame
    events: gpd.GeoDataFrame
    changed: gpd.GeoDataFrame

    @property
    def source_ids(self) -> list[str]:
        """Every source the answer rests on, sorted.

        Examples
        --------
        >>> len(a.at("2020-12-02").source_ids) > 10
        True
        """
        frames = (
            self.control, self.claims, self.mandates, self.routes, self.names, self.events,
            self.changed,
        )  # fmt: skip
        return sorted({key for f in frames for cell in f["source_ids"] for key in split_list(cell)})

    def _repr_html_(self) -> str:
        """Answer of the state in a notebook: who held how much, then the rest in short."""
        held = self.control[self.control["scope"] == "disputed"]
        totals = held.groupby("controller", sort=False)["area_km2"].sum()
        # By the figure that is told: what is as large stands by its name, whatever the rounding.
        order = sorted(totals.items(), key=lambda item: (-round(item[1]), item[0]))
        shares = [f"{who} {km2:,.0f} km2" for who, km2 in order]
        what = "; ".join(shares) or "no disputed area on record"
        return card(
            f"{self.date}: {what}",
            rows(self.changed, _CHANGED, title="Changed within the date"),
            rows(self.claims, _CLAIMED, title="Where accounts differ"),
            rows(self.mandates, _KEPT, title="Peacekeeping and monitoring"),
            rows(self.events, _HAPPENED, title="Events"),
        )


_CHANGED = {"name": "area", "from_controller": "from", "to_controller": "to", "date": "date"}
_CLAIMED = {"name": "area", "asserted_by": "claimed by", "controller": "as held by"}
_KEPT = {"mission": "mission", "zone": "zone", "status": "status"}
_HAPPENED = {"event_date": "date", "title": "event", "certainty": "certainty"}
_HELD = {
    "name": "area",
    "controller": "held by",
    "control_type": "kind",
    "since": "since",
    "certainty": "certainty",
}
_HISTORY = {
    "controller": "held by",
    "control_type": "kind",
    "valid_from": "from",
    "valid_to": "to",
    "certainty": "certainty",
}


def state(
    pack: Pack,
    date: str | Edtf,
    *,
    user: str = "civilian",
    according_to: str | None = None,
    around_days: int = 0,
) -> State:
    """Give the state of a date.

    Parameters
    ----------
    pack : Pack
        The record.
    date : str or Edtf
        Bounded on both sides.
    user : str
        Class of user for the routes.
    according_to : str, optional
        Party id: its claims in place of the assessment.
    around_days : int
        Events up to so many days before and after are included.

    Raises
    ------
    InputError
        If the date is open, not EDTF, or before the record.
    NotFoundError
        If there is no such party.
    """
    when = parse_edtf(date) if isinstance(date, str) else date
    if when.earliest == OPEN_START or when.latest == OPEN_END:
        raise InputError(f"{when.text!r} is open; give a date with both ends")
    first, last = when.earliest, when.latest
    if around_days < 0:
        raise InputError(f"the days around the date must be 0 or more, not {around_days}")
    held = control.at(pack, first, according_to=according_to)
    at_hand = first == last and according_to is None
    changed = control.changes_to(pack, first, last, held if at_hand else control.at(pack, last))
    moved = control.steps(pack, first, last)
    held.insert(4, "throughout", ~held["area_id"].isin(moved["area_id"]))
    names = pack.names[holds(pack.names["start_day"], pack.names["end_day"], first)]
    events = pack.events
    near = (events["start_day"] <= last + around_days) & (events["end_day"] > first - around_days)
    shown = "place_id name lang script status used_by source_ids".split()
    return State(
        date=when.text,
        first_day=format_day(first),
        last_day=format_day(last),
        control=with_dates(held),
        claims=with_dates(control.disagreements(pack, first)),
        mandates=with_dates(mandates.at(pack, first)),
        routes=with_dates(routes.at(pack, first, user=user)),
        names=names[shown].reset_index(drop=True),
        events=with_dates(events[near].reset_index(drop=True)),
        changed=with_dates(changed),
    )


@dataclass(frozen=True)
class Here:
    """What held at one point on a date: one row of each layer, or a few.

    Attributes
    ----------
    lon, lat : float
        The point, degrees.
    date : str
        As asked.
    control, claims, mandates, events : DataFrame
        Rows of `State` that touch the point.
    route : dict
        The nearest stretch of route: columns of `routes.at`, and `distance_m`, `at_km`.
    history : DataFrame
        Every assessed holder of the point in turn: columns of `control`.
    limits : str
        What the record itself says of how far this answer can be trusted: the doubt about the
        edge of the area, and what its note admits.
    """

    lon: float
    lat: float
    control: pd.DataFrame
    claims: pd.DataFrame
    mandates: pd.DataFrame
    events: pd.DataFrame
    route: dict[str, Any]
    history: pd.DataFrame
    limits: str = ""
    date: str = ""

    def _repr_html_(self) -> str:
        """Answer in a notebook: the holder, then what lay around and who held it before."""
        row = self.control.iloc[0]
        route = self.route
        road = f"{route['name']}: {route['status']}" if route else ""
        return card(
            f"{row['name']}: held by {row['controller']} ({row['control_type']}, "
            f"{row['certainty']})",
            pairs(
                {
                    "longitude, latitude": f"{self.lon:g}, {self.lat:g}",
                    "nearest route": road,
                    "limits": self.limits,
                }
            ),
            rows(self.control, _HELD),
            rows(self.claims, _CLAIMED, title="Where accounts differ"),
            rows(self.mandates, _KEPT, title="Peacekeeping and monitoring"),
            rows(self.events, _HAPPENED, title="Events near by"),
            rows(self.history, _HISTORY, title="Holders in turn"),
        )


def here(pack: Pack, now: State, lon: float, lat: float, *, events_km: float = 10.0) -> Here:
    """Narrow a state to one point.

    Parameters
    ----------
    pack : Pack
        The record.
    now : State
        As given by `state`.
    lon, lat : float
        The point, degrees.
    events_km : float
        Events up to so far away count as here.

    Raises
    ------
    NotFoundError
        If the point lies in no area of the pack.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"{lon}, {lat} is not a longitude and latitude in degrees")
    point = shapely.Point(lon, lat)
    touching = now.control[now.control.geometry.intersects(point)].head(1)
    if touching.empty:
        swapped = bool(now.control.geometry.intersects(shapely.Point(lat, lon)).any())
        hint = f"; LON comes first: {lat:g},{lon:g} lies inside" if swapped else ""
        raise NotFoundError(f"{lon:g}, {lat:g} lies outside the areas of this pack{hint}")
    area = touching["area_id"].iloc[0]
    metres = distance_m(lon, lat, now.events["lon"].to_numpy(), now.events["lat"].to_numpy())
    return Here(
        lon=lon,
        lat=lat,
        control=touching.reset_index(drop=True),
        claims=now.claims[now.claims["area_id"] == area].reset_index(drop=True),
        mandates=now.mandates[now.mandates.geometry.intersects(point)].reset_index(drop=True),
        events=now.events[metres <= events_km * 1000.0].reset_index(drop=True),
        route=_nearest_route(now.routes, lon, lat),
        history=with_dates(
            pack.assessed[pack.assessed["area_id"] == area]
            .sort_values("start_day")
            .reset_index(drop=True)
        ),
        limits=_limits(pack, str(area), point),
        date=now.date,
    )


def _limits(pack: Pack, area: str, point: shapely.Point) -> str:
    """What the record admits about an area, at a point of it."""
    row = pack.areas.set_index("id").loc[area]
    said = []
    doubt = float(row["uncertainty_m"])
    lon, lat = shapely.get_coordinates(shapely.shortest_line(row.geometry.boundary, point))[0]
    edge = float(distance_m(point.x, point.y, lon, lat))
    if doubt == doubt and edge <= doubt:
        said.append(
            f"the edge of this area is good to {doubt:,.0f} m and {edge:,.0f} m away: "
            "the area beside it may be meant"
        )
    note = row.get("note", "")
    if isinstance(note, str) and note:
        said.append(note.rstrip("."))
    return "; ".join(said)


def _nearest_route(stretches: gpd.GeoDataFrame, lon: float, lat: float) -> dict[str, Any]:
    best: dict[str, Any] = {}
    ground = stretches[stretches["mode"].isin(["road", "rail"])]
    for row in ground.itertuples():
        km, metres = locate_km(row.geometry, lon, lat)
        if not best or metres < best["distance_m"]:
            values = {name: getattr(row, name) for name in ground.columns if name != "geometry"}
            best = values | {"distance_m": metres, "at_km": row.from_km + km}
    return best
