"""Events joined to a pack: who held the place on that day, who kept the peace, which route.

The spatial and temporal look-up is the kernel in `atlas.joining.asof`; this module turns its
answers into columns. No row is dropped: rows in equal events plus rejects.

Columns added (named ``atlas_<name>`` where the input already has a column of that name):

=================== ======= =====================================================================
column              type    meaning
=================== ======= =====================================================================
area_id             text    atomic area the point lies in; the lowest id on a shared border
controller          text    party that held it; several, in order of time, where it changed
control_type        text    de_facto, presence, contested, ... (one for each controller)
control_certainty   text    certain, probable, contested, unknown (one for each)
control_id          text    row of the control table (one for each)
claimed_by          text    parties that assert something else about that area on that day
candidate_areas     text    all areas that the coordinate's uncertainty reaches, if several
candidate_controllers text  who held those on the first day
mandate_zone_ids    text    polygons of deployed mandates around the point on that day
route_id            text    nearest road or railway within reach
route_km            float   kilometres along it from its first point
route_distance_m    float   metres to it
route_status        text    its state there and then; ``unknown`` where no episode speaks
place_id            text    nearest settlement within reach, or the place the name resolved to
place_distance_m    float   metres to it
join_status         text    see below
sources             text    sources of the control rows used
=================== ======= =====================================================================

Lists inside a cell are separated by ``|``. ``join_status`` holds one or more of: ``joined`` (one
answer), ``changed_within`` (the holder changed during the event's span: all are listed),
``near_line`` (the uncertainty crosses a border: candidates are listed), ``outside`` (of the
coverage), ``dateless``, ``no_record`` (no control row holds there and then), ``no_coordinates``,
``placed_by_name``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, parse_edtf
from atlas.events.model import days
from atlas.events.ours import ours
from atlas.joining.asof import CellGrid, Intervals, join_points
from atlas.joining.surroundings import (
    Borders,
    Metric,
    Routes,
    Settlements,
    Zones,
    unique_positions,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.record.pack import Pack

__all__ = ["COLUMNS", "Joined", "Joiner", "event_inputs", "join_events", "own_column"]

COLUMNS = (
    "area_id",
    "controller",
    "control_type",
    "control_certainty",
    "control_id",
    "claimed_by",
    "candidate_areas",
    "candidate_controllers",
    "mandate_zone_ids",
    "route_id",
    "route_km",
    "route_distance_m",
    "route_status",
    "place_id",
    "place_distance_m",
    "join_status",
    "sources",
)
_HELD = {
    "controller": "controller",
    "control_type": "control_type",
    "control_certainty": "certainty",
    "control_id": "id",
}
_NAME_COLUMNS = ("place_name", "location", "where_coordinates", "place", "ActionGeo_FullName")

Resolver = Callable[..., Any]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Joined:
    """Events with their answers.

    Attributes
    ----------
    events : DataFrame or GeoDataFrame
        The input's columns verbatim and those of `COLUMNS`, in the input's order.
    rejects : DataFrame
        Rows whose place name was ambiguous or unresolved, whole, with ``line``, ``column``,
        ``found`` and ``reason`` in front; a column of the input so named becomes
        ``upstream_<name>``.
    """

    events: pd.DataFrame
    rejects: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """Number of events by join status, and of rejects."""
        status = self.events[own_column(self.events, "join_status")].astype(str)
        counts = {str(key): int(n) for key, n in status.value_counts().sort_index().items()}
        return {**counts, "rejects": len(self.rejects)}


@dataclass(frozen=True)
class Joiner:
    """A pack made ready for joining; build once, join many times, send to workers.

    Attributes
    ----------
    areas : tuple of str
        Ids of the coverage, ascending.
    control : DataFrame
        Assessed control rows in the order the kernel's answers number them.
    """

    areas: tuple[str, ...]
    control: pd.DataFrame
    grid: CellGrid
    held: Intervals
    claims: Intervals
    claimants: tuple[str, ...]
    borders: Borders
    routes: Routes | None = None
    zones: Zones | None = None
    settlements: Settlements | None = None
    positions: dict[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def from_frames(
        cls,
        areas: gpd.GeoDataFrame,
        control: pd.DataFrame,
        *,
        places: gpd.GeoDataFrame | None = None,
        routes: gpd.GeoDataFrame | None = None,
        episodes: pd.DataFrame | None = None,
        zones: gpd.GeoDataFrame | None = None,
        mandates: pd.DataFrame | None = None,
        step: float = 0.005,
    ) -> Joiner:
        """Index plain frames.

        Parameters
        ----------
        areas : GeoDataFrame
            id, geometry (EPSG:4326).
        control : DataFrame
            id, area_id, controller, control_type, certainty, asserted_by, source_ids, start_day,
            end_day (half-open day numbers). Absent text columns count as empty.
        places, routes, episodes, zones, mandates : frames, optional
            As in `atlas.record.pack.Pack`; what is absent is not joined.
        step : float
            Side of a grid cell in degrees.

        Raises
        ------
        InputError
            If control names an area twice on one day, or one that is not there.
        """
        coverage = areas.sort_values("id", kind="stable").reset_index(drop=True)
        ids = tuple(str(key) for key in coverage["id"])
        index = {key: position for position, key in enumerate(ids)}
        rows = control.copy()
        for column in (
            "id",
            "controller",
            "control_type",
            "certainty",
            "asserted_by",
            "source_ids",
        ):
            if column not in rows:
                rows[column] = ""
        unknown = sorted(set(rows["area_id"]) - set(index))
        if unknown:
            raise InputError(f"control names areas that are not in the coverage: {unknown[:5]}")
        rows["_area"] = rows["area_id"].map(index).astype(np.int64)
        rows = rows.sort_values(["_area", "start_day", "id"], kind="stable")
        assessed = rows[rows["asserted_by"] == ""].reset_index(drop=True)
        held = Intervals.build(
            assessed["_area"], assessed["start_day"], assessed["end_day"], areas=len(ids)
        )
        claims, claimants = _claims(rows[rows["asserted_by"] != ""], len(ids))
        metric = Metric.around(coverage.geometry.to_numpy())
        return cls(
            areas=ids,
            control=assessed,
            grid=CellGrid.build(coverage.geometry.to_numpy(), step=step),
            held=held,
            claims=claims,
            claimants=claimants,
            borders=Borders.build(coverage, metric),
            routes=(
                Routes.build(routes, episodes, metric)
                if routes is not None and episodes is not None and len(routes)
                else None
            ),
            zones=(
                Zones.build(zones, _deployed(mandates))
                if zones is not None and mandates is not None and len(zones)
                else None
            ),
            settlements=(
                Settlements.build(places, metric) if places is not None and len(places) else None
            ),
            positions=(
                {
                    str(key): (float(lon), float(lat))
                    for key, lon, lat in zip(
                        places["id"], places["lon"], places["lat"], strict=True
                    )
                }
                if places is not None
                else {}
            ),
        )

    @classmethod
    def from_pack(cls, pack: Pack, *, routes: bool = True, mandates: bool = True) -> Joiner:
        """Index a pack; see `from_frames`."""
        return cls.from_frames(
            pack.areas,
            pack.control,
            places=pack.places,
            routes=pack.routes if routes else None,
            episodes=pack.episodes if routes else None,
            zones=pack.zones if mandates else None,
            mandates=pack.mandates if mandates else None,
        )

    def join(
        self,
        events: pd.DataFrame,
        *,
        batch_size: int = 250_000,
        route_reach_m: float = 10_000.0,
        place_reach_m: float = 50_000.0,
        resolver: Resolver | None = None,
        lines: npt.NDArray[np.int64] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Joined:
        """Join events to the pack.

        Parameters
        ----------
        events : DataFrame
            ``lon, lat`` (degrees, EPSG:4326; NaN where unknown), ``start_day, end_day`` (half-open
            day numbers; both open where dateless) or ``event_date`` (EDTF), and, if present,
            ``coordinate_uncertainty_m``, ``place_name``, and ``place_id`` of the pack, which
            stands in for coordinates.
        batch_size : int
            Rows worked on at a time; bounds memory beyond input and output.
        route_reach_m, place_reach_m : float
            How far the nearest route or settlement may be, in metres.
        resolver : callable, optional
            ``resolver(name, as_of=day_or_None)`` for events with a name and no coordinates, e.g. a
            gazetteer's ``resolve``; answers with ``status`` and ``place``.
        lines : ndarray of int64, optional
            Line of each event in its file, as `atlas.events.Events` gives it, for the rejects;
            without it they are counted as if the events were a CSV file with a header.
        progress : callable, optional
            Called with the number of rows done since the last call.

        Returns
        -------
        Joined

        Raises
        ------
        InputError
            If position or date columns are missing or not numbers.
        """
        import geopandas as gpd

        if batch_size < 1:
            raise InputError(f"batch_size must be at least 1, not {batch_size}")
        if lines is not None and len(lines) != len(events):
            raise InputError(f"{len(lines)} lines for {len(events)} events; give one for each")
        lon, lat, start, end, reach = event_inputs(events)
        named = np.broadcast_to(np.array("", dtype=object), len(events))
        rejects = _rejects(events, {}, lines)
        lon, lat = self._place_by_id(events, lon, lat)
        if resolver is not None:
            lon, lat, named, wrong = self._place_by_name(events, lon, lat, start, resolver)
            if len(wrong):
                rejects = _rejects(events, wrong, lines)
                keep = np.setdiff1d(np.arange(len(events)), list(wrong))
                events = events.iloc[keep]
                lon, lat, start, end = lon[keep], lat[keep], start[keep], end[keep]
                reach, named = reach[keep], named[keep]
        parts: list[dict[str, Any]] = []
        for at in range(0, max(len(events), 1), batch_size):
            rows = slice(at, at + batch_size)
            parts.append(
                self._columns(
                    lon[rows],
                    lat[rows],
                    start[rows],
                    end[rows],
                    reach[rows],
                    named[rows],
                    route_reach_m,
                    place_reach_m,
                )
            )
            if progress is not None:
                progress(len(lon[rows]))
        added = {
            (f"atlas_{name}" if name in events.columns else name): _concat(
                [part.pop(name) for part in parts]
            )
            for name in COLUMNS
        }
        frame = pd.concat([events, pd.DataFrame(added, index=events.index, copy=False)], axis=1)
        if isinstance(events, gpd.GeoDataFrame):
            frame = gpd.GeoDataFrame(frame, geometry=events.geometry.name, crs=events.crs)
        return Joined(frame, rejects)

    def _columns(
        self,
        lon: Any,
        lat: Any,
        start: Any,
        end: Any,
        reach: Any,
        named: Any,
        route_reach_m: float,
        place_reach_m: float,
    ) -> dict[str, Any]:
        answer = join_points(self.grid, self.held, lon, lat, start, end)
        dated = ~((start <= OPEN_START) & (end >= OPEN_END))
        code, several = self._spans(answer.area, answer.first, answer.last, start, end, dated)
        out: dict[str, Any] = {"area_id": _categorical(answer.area, self.areas)}
        for name, column in _HELD.items():
            texts = self.control[column].astype(str).tolist()
            out[name] = _categorical(
                code, [*texts, *("|".join(texts[row] for row in rows) for rows in several)]
            )
        cited = self.control["source_ids"].astype(str).tolist()
        out["sources"] = _categorical(
            code, [*cited, *(_union(cited[row] for row in rows) for rows in several)]
        )
        claim = self.claims.at(answer.area, start)
        claim[~dated] = -1
        out["claimed_by"] = _categorical(claim, self.claimants)

        near, names, holders = self._near(lon, lat, start, dated, reach)
        out["candidate_areas"] = _categorical(near, names)
        out["candidate_controllers"] = _categorical(near, holders)
        out.update(self._around(lon, lat, start, end, dated, named, route_reach_m, place_reach_m))

        bits = np.zeros(len(lon), dtype=np.int32)
        placed = np.isfinite(lon) & np.isfinite(lat)
        by_name = named != "" if named.strides[0] else np.zeros(len(lon), dtype=bool)
        flags = {
            "no_coordinates": ~placed,
            "outside": placed & (answer.area < 0),
            "dateless": ~dated,
            "no_record": dated & (answer.area >= 0) & (code < 0),
            "changed_within": code >= len(self.control),
            "near_line": near >= 0,
            "placed_by_name": by_name,
        }
        for bit, hit in enumerate(flags.values()):
            bits[hit] |= 1 << bit
        words = list(flags)
        # An exact answer for a place found by name is still one plain answer.
        status = [
            "|".join(
                (["joined"] if mask & ~(1 << 6) == 0 else [])
                + [word for bit, word in enumerate(words) if mask >> bit & 1]
            )
            for mask in range(1 << len(words))
        ]
        out["join_status"] = _categorical(bits, status)
        return out

    def _spans(
        self, area: Codes, first: Codes, last: Codes, start: Any, end: Any, dated: Any
    ) -> tuple[Codes, list[tuple[int, ...]]]:
        """Code of the control rows of each event: one row, or a list appended after all rows."""
        code = first.copy()
        several: dict[tuple[int, ...], int] = {}
        # One row that holds on the first and the last day holds on all days between.
        open_question = (first != last) | ((first < 0) & (end - 1 != start))
        rows = np.flatnonzero(dated & (area >= 0) & open_question)
        if not len(rows):
            return code, []
        # Two events that start and end in the same epochs see the same rows.
        width = len(self.held.boundaries) + 1
        keys = area[rows].astype(np.int64) * width + self.held.epoch_of(start[rows])
        keys = keys * width + self.held.epoch_of(end[rows] - 1)
        unique, example, group = np.unique(keys, return_index=True, return_inverse=True)
        owner = self.control["_area"].to_numpy()
        begins, ends = self.control["start_day"].to_numpy(), self.control["end_day"].to_numpy()
        answers = np.empty(len(unique), dtype=np.int32)
        for at, row in enumerate(rows[example]):
            low, high = np.searchsorted(owner, [area[row], area[row] + 1])
            hit = (begins[low:high] < end[row]) & (ends[low:high] > start[row])
            found = tuple((low + np.flatnonzero(hit)).tolist())
            if len(found) > 1:
                answers[at] = len(self.control) + several.setdefault(found, len(several))
            else:
                answers[at] = found[0] if found else -1
        code[rows] = answers[group]
        return code, list(several)

    def _near(
        self, lon: Any, lat: Any, start: Any, dated: Any, reach: Any
    ) -> tuple[Codes, list[str], list[str]]:
        code = np.full(len(lon), -1, dtype=np.int32)
        rows = np.flatnonzero((reach > 0) & np.isfinite(lon) & np.isfinite(lat))
        if not len(rows):
            return code, [], []
        first, group = unique_positions(lon[rows], lat[rows], reach[rows])
        at = rows[first]
        sets: dict[tuple[int, ...], int] = {}
        reached = self.borders.within_reach(lon[at], lat[at], reach[at])
        which = np.array([sets.setdefault(hit, len(sets)) for hit in reached], dtype=np.int64)
        which = which[group]
        listed = list(sets)
        busy = np.array([bool(hit) for hit in listed])[which]
        rows, which = rows[busy], which[busy]
        epoch = np.where(dated[rows], self.held.epoch_of(start[rows]), -1).astype(np.int64)
        keys, example, group = np.unique(
            np.column_stack((which, epoch)), axis=0, return_index=True, return_inverse=True
        )
        names, holders = [], []
        controllers = self.control["controller"].astype(str).tolist()
        for (kind, when), row in zip(keys, rows[example], strict=True):
            hit = listed[kind]
            names.append("|".join(self.borders.names[position] for position in hit))
            inside = np.array([p for p in hit if p < len(self.areas)], dtype=np.int32)
            held = self.held.at(inside, np.full(len(inside), start[row])).tolist()
            known = [controllers[at] for at in held if at >= 0] if when >= 0 else []
            holders.append("|".join(dict.fromkeys(known)))
        code[rows] = group.ravel()
        return code, names, holders

    def _around(
        self,
        lon: Any,
        lat: Any,
        start: Any,
        end: Any,
        dated: Any,
        named: Any,
        route_reach_m: float,
        place_reach_m: float,
    ) -> dict[str, Any]:
        size = len(lon)
        none = np.full(size, np.nan, dtype=np.float32)
        out: dict[str, Any] = {
            "route_id": _categorical(np.full(size, -1), ()),
            "route_km": none,
            "route_distance_m": none,
            "route_status": _categorical(np.full(size, -1), ()),
            "mandate_zone_ids": _categorical(np.full(size, -1), ()),
            "place_id": _categorical(np.full(size, -1), ()),
            "place_distance_m": none,
        }
        if self.routes is None and self.zones is None and self.settlements is None:
            return out
        first, group = unique_positions(lon, lat)
        # A dateless event has no day on which anything was open or deployed.
        begin = np.where(dated, start, 0).astype(np.int64)
        stop = np.where(dated, end, 0).astype(np.int64)
        if self.routes is not None:
            route, along, metres = self.routes.nearest(lon[first], lat[first], route_reach_m)
            out["route_id"] = _categorical(route[group], self.routes.ids)
            out["route_km"] = along[group].round(3).astype(np.float32)
            out["route_distance_m"] = metres[group].round().astype(np.float32)
            state = self.routes.status(route[group], along[group], begin, stop)
            out["route_status"] = _texts(state)
        if self.zones is not None:
            out["mandate_zone_ids"] = _texts(self.zones.holding(lon, lat, begin, stop))
        if self.settlements is not None:
            place, metres = self.settlements.nearest(lon[first], lat[first], place_reach_m)
            out["place_id"] = _categorical(place[group], self.settlements.ids)
            out["place_distance_m"] = metres[group].round().astype(np.float32)
        if named.strides[0] and (named != "").any():  # no stride: nobody asked for names
            ids = out["place_id"].astype(object)
            ids[named != ""] = named[named != ""]
            out["place_id"] = _texts(ids)
        return out

    def _place_by_id(self, events: pd.DataFrame, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Events of a pack that give no coordinates of their own stand at their place."""
        if "place_id" not in events.columns or not self.positions:
            return lon, lat
        empty = np.flatnonzero(~(np.isfinite(lon) & np.isfinite(lat)))
        found = [
            self.positions.get(str(key), (np.nan, np.nan)) for key in events["place_id"].iloc[empty]
        ]
        lon, lat = lon.copy(), lat.copy()
        lon[empty], lat[empty] = np.array(found, dtype=np.float64).reshape(-1, 2).T
        return lon, lat

    def _place_by_name(
        self, events: pd.DataFrame, lon: Any, lat: Any, start: Any, resolver: Resolver
    ) -> tuple[Any, Any, Any, dict[int, tuple[str, str, str]]]:
        lon, lat = lon.copy(), lat.copy()
        named = np.full(len(events), "", dtype=object)
        wrong: dict[int, tuple[str, str, str]] = {}
        column = next((name for name in _NAME_COLUMNS if name in events.columns), None)
        if column is None:
            return lon, lat, named, wrong
        names = events[column].astype(object).where(events[column].notna(), "").to_numpy()
        cache: dict[tuple[str, int], tuple[str, float, float] | str] = {}
        for row in np.flatnonzero(~(np.isfinite(lon) & np.isfinite(lat))):
            name = str(names[row]).strip()
            if not name:
                continue
            key = (name, int(start[row]))
            if key not in cache:
                cache[key] = self._resolve(name, int(start[row]), resolver)
            found = cache[key]
            if isinstance(found, str):
                wrong[int(row)] = (column, name, found)
            else:
                named[row], lon[row], lat[row] = found
        return lon, lat, named, wrong

    def _resolve(self, name: str, day: int, resolver: Resolver) -> tuple[str, float, float] | str:
        from atlas.base.timespan import format_day

        answer = resolver(name, as_of=None if day in (OPEN_START, OPEN_END) else format_day(day))
        status = str(answer.status)
        if status != "resolved":
            others = [_place_id(item) for item in getattr(answer, "candidates", ())][:5]
            listed = f" between {', '.join(others)}" if others else ""
            why = str(getattr(answer, "why", "")).rstrip(".")
            detail = f" ({why})" if why else ""
            return f"the place name is {status}{listed}{detail}; give coordinates or a fuller name"
        key = _place_id(answer.place)
        lon, lat = self.positions.get(key, (np.nan, np.nan))
        if not np.isfinite([lon, lat]).all():
            lon = float(getattr(answer.place, "lon", np.nan))
            lat = float(getattr(answer.place, "lat", np.nan))
        if not np.isfinite([lon, lat]).all():
            return f"the place {key} has no coordinates in the pack"
        return key, lon, lat


def join_events(
    events: pd.DataFrame,
    pack: Pack | Joiner,
    *,
    batch_size: int = 250_000,
    routes: bool = True,
    mandates: bool = True,
    route_reach_m: float = 10_000.0,
    place_reach_m: float = 50_000.0,
    resolver: Resolver | None = None,
    lines: npt.NDArray[np.int64] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Joined:
    """Say for every event who held the place on that day, and what lay around it.

    Parameters
    ----------
    events : DataFrame or GeoDataFrame
        As from `atlas.events.read_events`; see `Joiner.join` for the columns needed.
    pack : Pack or Joiner
        The record to join to; a `Joiner` saves indexing it again.
    batch_size : int
        Rows worked on at a time.
    routes, mandates : bool
        Whether to look for the nearest route and for mandates.
    route_reach_m, place_reach_m : float
        How far the nearest route or settlement may be, in metres.
    resolver : callable, optional
        Resolves place names of events without coordinates; what it can't goes to the rejects.
    lines : ndarray of int64, optional
        Line of each event in its file, for the rejects.
    progress : callable, optional
        Called with the number of rows done since the last call.

    Returns
    -------
    Joined
        ``events`` with the columns of `COLUMNS`, and ``rejects``.

    Raises
    ------
    InputError
        If position or date columns are missing or not numbers.
    """
    joiner = (
        pack
        if isinstance(pack, Joiner)
        else Joiner.from_pack(pack, routes=routes, mandates=mandates)
    )
    return joiner.join(
        events,
        batch_size=batch_size,
        route_reach_m=route_reach_m,
        place_reach_m=place_reach_m,
        resolver=resolver,
        lines=lines,
        progress=progress,
    )


def own_column(frame: pd.DataFrame, name: str) -> str:
    """Name under which a column of ours stands beside an upstream one of the same name."""
    return f"atlas_{name}" if f"atlas_{name}" in frame.columns else name


def event_inputs(events: pd.DataFrame) -> tuple[Any, Any, Any, Any, Any]:
    """Take position, span and uncertainty of events as arrays, however they were given.

    Returns
    -------
    lon, lat, start_day, end_day, coordinate_uncertainty_m : ndarray
        Degrees (NaN unknown), half-open int32 day numbers (both open where dateless), metres.

    Raises
    ------
    InputError
        If columns are missing, hold text, or an event ends before it starts.
    """

    def number(name: str) -> Any:
        if events[name].dtype in (np.float64, np.int32):
            return events[name].to_numpy()  # as it is, without a copy
        try:
            return pd.to_numeric(events[name]).to_numpy(dtype=np.float64, na_value=np.nan)
        except (ValueError, TypeError):
            raise InputError(f"column {name!r} holds text where numbers are needed") from None

    named = ours(events, ("lon", "lat", "start", "end", "coordinate_uncertainty_m"))
    missing = [name for name in ("lon", "lat") if name not in named]
    if missing:
        raise InputError(f"events need columns lon and lat; missing: {', '.join(missing)}")
    lon, lat = (np.asarray(number(named[name]), dtype=np.float64) for name in ("lon", "lat"))
    stamped = {"start", "end"} <= set(named) and all(
        pd.api.types.is_datetime64_any_dtype(events[named[name]].dtype) for name in ("start", "end")
    )
    if stamped and "start_day" not in events.columns:
        start, end = days(events)
    elif "start_day" in events.columns:
        start = _days(number("start_day"), OPEN_START)
        end = (
            _days(number("end_day"), OPEN_END)
            if "end_day" in events.columns
            else np.where(start == OPEN_START, OPEN_END, start + 1).astype(np.int32)
        )
    elif own_column(events, "event_date") in events.columns:
        texts = events[own_column(events, "event_date")].astype(object)
        code, levels = pd.factorize(texts.where(texts.notna(), "").astype(str).str.strip())
        spans = [parse_edtf(text).span if text else None for text in levels]
        begin = np.array([OPEN_START if s is None else s.start for s in spans], dtype=np.int32)
        stop = np.array([OPEN_END if s is None else s.end for s in spans], dtype=np.int32)
        start, end = begin[code], stop[code]
    else:
        raise InputError("events need start_day and end_day (day numbers) or event_date (EDTF)")
    backward = np.flatnonzero(end <= start)
    if len(backward):
        raise InputError(
            f"event in row {int(backward[0])} ends on or before the day it starts "
            f"({len(backward)} such rows)"
        )
    reach = (
        np.asarray(number(named["coordinate_uncertainty_m"]), dtype=np.float64)
        if "coordinate_uncertainty_m" in named
        else np.broadcast_to(np.nan, len(events))
    )
    return lon, lat, start, end, reach


def _days(values: npt.NDArray[Any], missing: int) -> npt.NDArray[np.int32]:
    if values.dtype == np.int32:
        return values
    return np.where(np.isfinite(values), values, missing).astype(np.int32)


def _claims(rows: pd.DataFrame, areas: int) -> tuple[Intervals, tuple[str, ...]]:
    """Cut rival claims at one another's bounds, so that each area and day has one list of them."""
    texts: dict[str, int] = {}
    cells: list[tuple[int, int, int, int]] = []
    for area, group in rows.groupby("_area", sort=True):
        cuts = np.unique(np.concatenate((group["start_day"], group["end_day"])).astype(np.int64))
        for low, high in pairwise(cuts):
            on = group[(group["start_day"] <= low) & (group["end_day"] >= high)]
            text = "|".join(sorted(set(on["asserted_by"])))
            if text:
                number = texts.setdefault(text, len(texts))
                cells.append((int(str(area)), int(low), int(high), number))
    columns = np.array(cells, dtype=np.int64).reshape(-1, 4).T
    return (
        Intervals.build(columns[0], columns[1], columns[2], areas=areas, rows=columns[3]),
        tuple(texts),
    )


def _deployed(mandates: pd.DataFrame) -> pd.DataFrame:
    there = mandates[mandates["deployed_start"] < mandates["deployed_end"]]
    return pd.DataFrame(
        {
            "zone_id": there["zone_id"],
            "start_day": there["deployed_start"],
            "end_day": there["deployed_end"],
        }
    )


def _place_id(item: Any) -> str:
    for name in ("place_id", "id"):
        if hasattr(item, name):
            return str(getattr(item, name))
    inner = getattr(item, "place", None)
    return _place_id(inner) if inner is not None else str(item)


def _union(cells: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(part for cell in cells for part in cell.split("|") if part))


def _categorical(codes: npt.NDArray[Any], texts: Iterable[str]) -> Any:
    """Texts by number, -1 is the empty text; equal texts share one category."""
    levels: dict[str, int] = {"": 0}
    recode = np.array(
        [0, *(levels.setdefault(str(text), len(levels)) for text in texts)], dtype=np.int32
    )
    build: Any = pd.Categorical.from_codes
    index = pd.Index(list(levels), dtype="str")
    return build(recode.take(np.asarray(codes) + 1), categories=index, validate=False)


def _texts(values: npt.NDArray[np.object_]) -> Any:
    code, levels = pd.factorize(values)
    return _categorical(code, levels)


def _concat(parts: list[Any]) -> Any:
    if not isinstance(parts[0], pd.Categorical):
        return np.concatenate(parts)
    used = [
        np.asarray(part.categories)[np.bincount(part.codes, minlength=len(part.categories)) > 0]
        for part in parts
    ]
    levels = sorted(set().union(*(names.tolist() for names in used)))
    place = {name: number for number, name in enumerate(levels)}
    kind = np.min_scalar_type(-max(len(levels), 1))
    codes = [
        np.array([place.get(name, -1) for name in part.categories], dtype=kind).take(part.codes)
        for part in parts
    ]
    build: Any = pd.Categorical.from_codes
    return build(np.concatenate(codes), categories=pd.Index(levels, dtype="str"), validate=False)


def _rejects(
    events: pd.DataFrame,
    wrong: dict[int, tuple[str, str, str]],
    lines: npt.NDArray[np.int64] | None,
) -> pd.DataFrame:
    rows = sorted(wrong)
    whole = pd.DataFrame(events.iloc[rows]).reset_index(drop=True)
    line = np.asarray(rows, dtype=np.int64) + 2 if lines is None else lines[rows]
    front = pd.DataFrame(
        {
            "line": np.asarray(line, dtype=np.int64),
            "column": pd.Series([wrong[row][0] for row in rows], dtype=object),
            "found": pd.Series([wrong[row][1] for row in rows], dtype=object),
            "reason": pd.Series([wrong[row][2] for row in rows], dtype=object),
        }
    )
    return pd.concat(
        [front, whole.rename(columns={name: f"upstream_{name}" for name in front.columns})], axis=1
    )
