"""A panel for research: one tidy row a unit of ground and a period of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from atlas.answers import mandates, routes
from atlas.answers.front import distance_to_front_km, front
from atlas.base.crs import area_km2, length_km, substring_km
from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, format_day
from atlas.record.pack import Pack

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Frequency", "panel", "prio_grid_id"]

Frequency = Literal["month", "week", "year"]
Days = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]

_GRID = re.compile(r"grid:(\d+(?:\.\d+)?)")
_SHUT = ("blocked", "closed")
_NEAR = 0.05  # degrees within which an event counts for a settlement, some 5 km
_MOST_ROWS = 5_000_000


@dataclass(frozen=True)
class _Units:
    """Ground that is followed: ids, shapes or points, and the km2 of each area in each."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    shapes: npt.NDArray[np.object_]
    lon: Float
    lat: Float
    km2: Float  # units x areas


def prio_grid_id(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Number of the PRIO-GRID cell a point lies in.

    Parameters
    ----------
    lon, lat : array of float
        Degrees, EPSG:4326.

    Notes
    -----
    PRIO-GRID 2.0 codebook (Tollefsen, Strand and Buhaug, 2012): cells of half a degree, numbered
    from 1 at the south-western corner, eastwards and then northwards, 720 a row.

    Examples
    --------
    >>> prio_grid_id([46.75], [39.82]).tolist()
    [186934]
    """
    column = np.floor((np.asarray(lon, dtype=float) + 180.0) * 2.0).astype(np.int64)
    row = np.floor((np.asarray(lat, dtype=float) + 90.0) * 2.0).astype(np.int64)
    return np.asarray(np.clip(row, 0, 359) * 720 + np.clip(column, 0, 719) + 1)


def panel(
    pack: Pack,
    *,
    unit: str = "district",
    freq: Frequency = "month",
    events: pd.DataFrame | None = None,
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """Follow units of ground through time, a row a unit and period.

    Parameters
    ----------
    pack : Pack
        The record.
    unit : str
        ``area``, ``district``, ``settlement`` (which takes events within some 5 km
        that are nearest to it), or ``grid:SIZE`` in degrees (``grid:0.5`` is
        PRIO-GRID's).
    freq : {'month', 'week', 'year'}
        Calendar months and years; weeks begin on Monday.
    events : DataFrame, optional
        With ``lon, lat, start_day, event_type, best, low, high``; the pack's own by default.
    start, end : int, optional
        First day, and first day no longer covered; by default the record's period to its last
        recorded day. Periods that these days cut are whole all the same.

    Returns
    -------
    DataFrame
        Sorted by unit and period:

        - ``unit_id, unit_name, period_start, period_end`` (half-open), ``days``;
        - ``prio_grid_id``, for cells of half a degree;
        - ``holder`` (who held most of its km2 and days), ``holder_days`` (days on which that party
          held more than half of it), ``changed`` (whether any of it changed hands), ``km2``;
        - ``share_<party>``: share of the unit's km2 and days, 0 to 1; they sum to 1 where the
          record says who held all of it on all days;
        - ``events, events_with_deaths, deaths_low, deaths_best, deaths_high`` and
          ``events_<type>``: events that began in it in the period. Deaths are sums over the events
          that state them; NaN where there were events and none states any;
        - ``mission_days``: days on which a deployed mandate's ground touched it;
        - ``shut_days``: days on which a stretch of a recorded road or railway inside it was blocked
          or closed to civilians; NaN where no recorded route touches it;
        - ``line_km``: from its middle to the line between holders on the period's first day, NaN
          where there was none.

    Raises
    ------
    InputError
        An unknown unit or frequency, an empty span, or more rows than a table can hold.

    Examples
    --------
    >>> import atlas
    >>> from atlas.base.dates import day_of
    >>> pack = atlas.open("south-caucasus").pack
    >>> table = panel(pack, freq="year", start=day_of("2020-01-01"), end=day_of("2022-01-01"))
    >>> sorted(table["period_start"].dt.year.unique().tolist())
    [2020, 2021]
    """
    first = pack.meta.period.start if start is None else start
    last_recorded = pack.last_recorded_day
    last = end if end is not None else (last_recorded + 1 if last_recorded is not None else first)
    if first in (OPEN_START, OPEN_END) or last <= first:
        raise InputError(
            f"no day lies from {format_day(first)} up to {format_day(last)}; give start and end"
        )
    bounds = _periods(first, last, freq)
    units = _units(pack, unit)
    count, spans = len(units.ids), len(bounds) - 1
    if count * spans > _MOST_ROWS:
        raise InputError(
            f"{count:,} units in {spans:,} periods are more than {_MOST_ROWS:,} rows; "
            "take larger units or periods, or fewer days"
        )
    table = pd.DataFrame(
        {
            "unit_id": np.repeat(units.ids, spans),
            "unit_name": np.repeat(units.names, spans),
            "period_start": np.tile(bounds[:-1].astype("datetime64[D]"), count),
            "period_end": np.tile(bounds[1:].astype("datetime64[D]"), count),
            "days": np.tile(np.diff(bounds), count),
        }
    )
    for column in ("period_start", "period_end"):
        table[column] = table[column].astype("datetime64[s]")
    if unit == "grid:0.5":
        table.insert(2, "prio_grid_id", np.repeat(prio_grid_id(units.lon, units.lat), spans))
    parts = [
        table,
        _control(pack, units, bounds),
        _events(pack.events if events is None else events, units, bounds),
    ]
    whole = pd.concat(parts, axis=1)
    whole["mission_days"] = _days_touched(_mission_spans(pack, units), bounds).ravel()
    whole["shut_days"] = _shut_days(pack, units, bounds).ravel()
    whole["line_km"] = _line_km(pack, units, bounds).ravel()
    order = np.lexsort((whole["period_start"], whole["unit_id"]))
    return whole.iloc[order].reset_index(drop=True)


def _periods(first: int, last: int, freq: str) -> Days:
    """First days of the periods that cover a span, and the day after the last."""
    codes = {"month": "M", "year": "Y"}
    if freq in codes:
        unit = codes[freq]
        low = np.datetime64(first, "D").astype(f"datetime64[{unit}]")
        high = np.datetime64(last - 1, "D").astype(f"datetime64[{unit}]") + 1
        edges = np.arange(low, high + 1).astype("datetime64[D]")
        return np.asarray(edges.astype(np.int64))
    if freq != "week":
        raise InputError(f"no frequency {freq!r}; there are: month, week, year")
    monday = first - (date.fromordinal(first + date(1970, 1, 1).toordinal()).weekday())
    return np.arange(monday, last + 7, 7, dtype=np.int64)


def _units(pack: Pack, unit: str) -> _Units:
    areas = pack.areas
    shapes = areas.geometry.to_numpy()
    sizes = pack.sizes.to_numpy()
    names = pack.place_name
    if unit == "area":
        titles = [names.get(place, place) for place in areas["name_place_id"]]
        return _made(areas["id"], titles, shapes, np.diag(sizes))
    if unit == "district":
        groups = areas["district_place_id"].where(
            areas["district_place_id"] != "", areas["name_place_id"]
        )
        ids = sorted(set(groups))
        member = np.array([[group == one for group in groups] for one in ids])
        merged = np.array([shapely.union_all(shapes[row]) for row in member], dtype=object)
        return _made(ids, [names.get(one, one) for one in ids], merged, member * sizes)
    if unit == "settlement":
        places = pack.places[pack.places["kind"] == "settlement"]
        points = shapely.points(places["lon"].to_numpy(float), places["lat"].to_numpy(float))
        at, inside = shapely.STRtree(shapes).query(points, predicate="intersects")
        keep, which = np.unique(at, return_index=True)
        weight = np.zeros((len(keep), len(areas)))
        # A point on a shared border lies in the area of the lowest id, as in a join.
        weight[np.arange(len(keep)), inside[which]] = 1.0
        chosen = places.iloc[keep]
        titles = [names.get(one, one) for one in chosen["id"]]
        return _made(chosen["id"], titles, points[keep], weight)
    found = _GRID.fullmatch(unit)
    if not found or not 0.01 <= float(found[1]) <= 90.0:
        raise InputError(
            f"no unit {unit!r}; there are: area, district, settlement, and grid:SIZE in degrees, "
            "e.g. grid:0.5"
        )
    return _cells(shapes, float(found[1]))


def _cells(shapes: npt.NDArray[np.object_], size: float) -> _Units:
    west, south, east, north = shapely.total_bounds(shapes)
    columns = np.arange(np.floor((west + 180) / size), np.ceil((east + 180) / size))
    rows = np.arange(np.floor((south + 90) / size), np.ceil((north + 90) / size))
    if len(columns) * len(rows) > 250_000:
        raise InputError(f"{len(columns) * len(rows):,} cells of {size} degrees; take larger ones")
    x, y = (axis.ravel() for axis in np.meshgrid(columns * size - 180, rows * size - 90))
    boxes = shapely.box(x, y, x + size, y + size)
    at, area = shapely.STRtree(shapes).query(boxes, predicate="intersects")
    parts = area_km2(shapely.intersection(boxes[at], shapes[area]))
    weight = np.zeros((len(boxes), len(shapes)))
    weight[at, area] = parts
    keep = weight.sum(axis=1) > 1e-6
    ids = [f"{a + size / 2:.6g},{b + size / 2:.6g}" for a, b in zip(x[keep], y[keep], strict=True)]
    return _made(ids, ids, boxes[keep], weight[keep])


def _made(
    ids: Sequence[str] | pd.Series,
    names: Sequence[str],
    shapes: npt.NDArray[np.object_],
    km2: npt.NDArray[np.float64],
) -> _Units:
    middles = shapely.centroid(shapes)
    return _Units(
        tuple(map(str, ids)), tuple(map(str, names)), shapes,
        shapely.get_x(middles), shapely.get_y(middles), np.asarray(km2, dtype=float),
    )  # fmt: skip


def _overlap(start: Days, end: Days, bounds: Days) -> Days:
    """Days that spans share with periods: spans x periods."""
    low = np.maximum(start[:, None], bounds[None, :-1])
    high = np.minimum(end[:, None], bounds[None, 1:])
    return np.asarray(np.maximum(high - low, 0), dtype=np.int64)


def _control(pack: Pack, units: _Units, bounds: Days) -> pd.DataFrame:
    """Who held the units: shares by party, the main holder, whether anything changed."""
    rows = pack.assessed
    index = {key: at for at, key in enumerate(pack.areas["id"])}
    area = rows["area_id"].map(index).to_numpy(dtype=np.int64)
    start, end = (rows[name].to_numpy(dtype=np.int64) for name in ("start_day", "end_day"))
    days = _overlap(start, end, bounds).astype(float)
    parties = sorted(set(rows["controller"]))
    held = np.zeros((len(parties), len(index), len(bounds) - 1))
    for at, party in enumerate(parties):
        mine = (rows["controller"] == party).to_numpy()
        np.add.at(held[at], area[mine], days[mine])
    total = units.km2.sum(axis=1)
    lengths = np.diff(bounds)
    # km2 x days of each party, over the unit's km2 and the period's days.
    shares = np.einsum("ua,pat->put", units.km2, held) / (total[:, None] * lengths)
    main = shares.argmax(axis=0)
    holder = np.array([*parties, ""], dtype=object)[np.where(shares.max(axis=0) > 0, main, -1)]
    out = {
        "holder": holder.ravel(),
        "holder_days": _majority_days(units, rows, area, start, end, bounds, parties, main).ravel(),
        "changed": _changed(units, rows, area, start, bounds).ravel(),
        "km2": np.full(main.size, np.nan) if _are_points(units) else np.repeat(total, len(lengths)),
    }
    out |= {f"share_{party}": shares[at].ravel() for at, party in enumerate(parties)}
    return pd.DataFrame(out)


def _are_points(units: _Units) -> bool:
    return bool((shapely.get_dimensions(units.shapes) == 0).all())


def _majority_days(
    units: _Units, rows: pd.DataFrame, area: Days, start: Days, end: Days, bounds: Days,
    parties: Sequence[str], main: npt.NDArray[np.int64],
) -> Days:  # fmt: skip
    """Days of each period on which the main holder held more than half of the unit."""
    steps = np.unique(np.concatenate([start, end, bounds]))
    steps = steps[(steps >= bounds[0]) & (steps <= bounds[-1])]
    number = {party: at for at, party in enumerate(parties)}
    code = rows["controller"].map(number).to_numpy()
    out = np.zeros((len(units.ids), len(bounds) - 1), dtype=np.int64)
    half = units.km2.sum(axis=1) / 2
    for low, high in zip(steps[:-1], steps[1:], strict=True):
        period = int(np.searchsorted(bounds, low, side="right") - 1)
        now = (start <= low) & (end > low)
        of = np.zeros((len(parties), units.km2.shape[1]))
        of[code[now], area[now]] = 1.0
        mine = (units.km2 @ of.T)[np.arange(len(units.ids)), main[:, period]]
        out[:, period] += np.where(mine > half, high - low, 0)
    return out


def _changed(
    units: _Units, rows: pd.DataFrame, area: Days, start: Days, bounds: Days
) -> npt.NDArray[np.bool_]:
    """Whether an area of the unit came to another holder within a period, or on its first day."""
    ordered = rows.assign(_area=area).sort_values(["_area", "start_day"], kind="stable")
    before = ordered.groupby("_area")["controller"].shift()
    moved = ordered[before.notna() & (before != ordered["controller"])]
    out = np.zeros((len(units.ids), len(bounds) - 1), dtype=bool)
    days = moved["start_day"].to_numpy(dtype=np.int64)
    period = np.searchsorted(bounds, days, side="right") - 1
    for where, at in zip(moved["_area"].to_numpy(), period, strict=True):
        if 0 <= at < out.shape[1]:
            out[units.km2[:, int(where)] > 0, at] = True
    return out


def _events(events: pd.DataFrame, units: _Units, bounds: Days) -> pd.DataFrame:
    """Events and deaths, counted where and when they began."""
    spans = len(bounds) - 1
    lon, lat = (
        pd.to_numeric(events[name], errors="coerce").to_numpy(float) for name in ("lon", "lat")
    )
    days = events["start_day"].to_numpy(dtype=np.int64)
    period = np.searchsorted(bounds, days, side="right") - 1
    known = np.isfinite(lon) & np.isfinite(lat) & (period >= 0) & (period < spans)
    at, unit = _inside(units, lon[known], lat[known])
    rows = np.flatnonzero(known)[at]
    cell = unit * spans + period[rows]
    size = len(units.ids) * spans
    count = np.bincount(cell, minlength=size)
    out: dict[str, npt.NDArray[np.generic]] = {"events": count}
    deaths = {}
    for name in ("low", "best", "high"):
        values = (
            pd.to_numeric(events[name], errors="coerce").to_numpy(float)[rows]
            if name in events
            else np.full(len(rows), np.nan)
        )
        stated = np.isfinite(values)
        told = np.bincount(cell[stated], minlength=size)
        total = np.bincount(cell[stated], weights=values[stated], minlength=size)
        deaths[f"deaths_{name}"] = np.where((count > 0) & (told == 0), np.nan, total)
        if name == "best":
            out["events_with_deaths"] = told
    out |= deaths
    if "event_type" in events:
        kinds = events["event_type"].astype(object).where(events["event_type"].notna(), "")
        chosen = kinds.to_numpy()[rows]
        for kind in sorted({str(one) for one in chosen if one}):
            out[f"events_{kind}"] = np.bincount(cell[chosen == kind], minlength=size)
    return pd.DataFrame(out)


def _inside(units: _Units, lon: Float, lat: Float) -> tuple[Days, Days]:
    """Pairs of point and unit: each point in one unit, a settlement taking those nearest to it."""
    if _are_points(units):
        at, unit = shapely.STRtree(units.shapes).query_nearest(
            shapely.points(lon, lat), all_matches=False, max_distance=_NEAR
        )
        return np.asarray(at), np.asarray(unit)
    at, unit = shapely.STRtree(units.shapes).query(shapely.points(lon, lat), predicate="intersects")
    _, kept = np.unique(at, return_index=True)
    return np.asarray(at[kept]), np.asarray(unit[kept])


def _mission_spans(pack: Pack, units: _Units) -> list[list[tuple[int, int]]]:
    """Spans of deployed mandates whose ground touches each unit."""
    zones = mandates.with_zones(pack)
    zones = zones[(zones["deployed_from"] != "") & (zones["standing"] != "plan")]
    found: list[list[tuple[int, int]]] = [[] for _ in units.ids]
    if zones.empty:
        return found
    shapes = zones.geometry.to_numpy()
    start, end = (
        zones[name].to_numpy(dtype=np.int64) for name in ("deployed_start", "deployed_end")
    )
    unit, zone = shapely.STRtree(shapes).query(units.shapes, predicate="intersects")
    for one, at in zip(unit, zone, strict=True):
        found[int(one)].append((int(start[at]), int(end[at])))
    return found


def _days_touched(spans: list[list[tuple[int, int]]], bounds: Days) -> Days:
    """Days of each period that at least one span holds: units x periods."""
    out = np.zeros((len(spans), len(bounds) - 1), dtype=np.int64)
    for row, own in enumerate(spans):
        merged: list[list[int]] = []
        for start, end in sorted(own):
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        if merged:
            pair = np.array(merged, dtype=np.int64)
            out[row] = _overlap(pair[:, 0], pair[:, 1], bounds).sum(axis=0)
    return out


def _shut_days(pack: Pack, units: _Units, bounds: Days) -> Float:
    """Days on which a stretch of a road or railway inside the unit was shut to civilians."""
    ways = pack.routes[pack.routes["mode"].isin(["road", "rail"])]
    spans: list[list[tuple[int, int]]] = [[] for _ in units.ids]
    touched = np.zeros(len(units.ids), dtype=bool)
    tree = shapely.STRtree(units.shapes)
    known = routes.by_route(pack)
    for way in ways.itertuples():
        touched[tree.query(way.geometry, predicate="intersects")] = True
        rows, whole = known.get(str(way.id), []), length_km(way.geometry)
        turns = {int(row[name]) for row in rows for name in ("start_day", "end_day")}
        first, last = max(int(bounds[0]), routes.built(way)), int(bounds[-1])
        days = [first, *sorted(day for day in turns if first < day < last), last]
        for start, end in zip(days, days[1:], strict=False):
            for low, high, row in routes.stretches(rows, whole, start, "civilian"):
                if row is not None and row["status"] in _SHUT:
                    part = substring_km(way.geometry, low, high)
                    for unit in tree.query(part, predicate="intersects"):
                        spans[int(unit)].append((start, end))
    out = _days_touched(spans, bounds).astype(float)
    out[~touched] = np.nan
    return out


def _line_km(pack: Pack, units: _Units, bounds: Days) -> Float:
    """Distance of each unit's middle from the line on the first day of each period."""
    out = np.full((len(units.ids), len(bounds) - 1), np.nan)
    changes = np.unique(
        np.concatenate([pack.assessed["start_day"], pack.assessed["end_day"]]).astype(np.int64)
    )
    known: dict[int, Float] = {}
    for at, day in enumerate(bounds[:-1]):
        if day < pack.meta.period.start:
            continue
        epoch = int(np.searchsorted(changes, day, side="right"))
        if epoch not in known:
            known[epoch] = distance_to_front_km(front(pack, int(day)), units.lon, units.lat)
        out[:, at] = known[epoch]
    return out
