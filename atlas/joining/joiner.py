"""A record made ready for joining: points and days go in as arrays, columns of answers come out.

The spatial and temporal look-up is the kernel in `atlas.joining.asof`; here its answers become
texts. What the columns mean is told in `atlas.joining.join`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events.ours import BLOCKS
from atlas.joining.asof import CellGrid, Intervals, join_points
from atlas.joining.lines import Lines
from atlas.joining.surroundings import (
    Borders,
    Metric,
    Points,
    Routes,
    Settlements,
    Zones,
    told,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.record.pack import Pack

__all__ = ["Joiner"]

_HELD = {
    "controller": "controller",
    "control_type": "control_type",
    "control_certainty": "certainty",
    "control_id": "id",
}

COLUMNS = BLOCKS["join"]

Codes = npt.NDArray[np.int32]
Float = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Joiner:
    """A pack made ready for joining; build once, join many times, send to workers.

    Attributes
    ----------
    areas : tuple of str
        Ids of the coverage, ascending.
    control : DataFrame
        Assessed control rows in the order the kernel's answers number them.
    pack_id : str
        Id of the record; empty for plain frames.
    """

    areas: tuple[str, ...]
    control: pd.DataFrame
    grid: CellGrid
    held: Intervals
    claims: Intervals
    claimants: tuple[str, ...]
    borders: Borders
    lines: Lines
    routes: Routes | None = None
    zones: Zones | None = None
    settlements: Settlements | None = None
    pack_id: str = ""

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
        pack_id: str = "",
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
        pack_id : str
            What the record is called.

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
            lines=Lines.build(coverage, metric),
            pack_id=pack_id,
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
            pack_id=pack.id,
        )

    def answers(
        self,
        lon: Float,
        lat: Float,
        start: Codes,
        end: Codes,
        reach: Float,
        *,
        located: Texts | None = None,
        located_ids: Texts | None = None,
        batch_size: int = 250_000,
        route_reach_m: float = 10_000.0,
        place_reach_m: float = 50_000.0,
        progress: Callable[[int], None] | None = None,
    ) -> dict[str, Any]:
        """Answer for points and spans.

        Parameters
        ----------
        lon, lat : ndarray of float64, shape (n,)
            Degrees, EPSG:4326; NaN where unknown.
        start, end : ndarray of int32, shape (n,)
            Half-open day numbers; both open where dateless.
        reach : ndarray of float64, shape (n,)
            Radius of the coordinate's uncertainty in metres; NaN where not stated.
        located : ndarray of str, optional
            How the position was found by a name: a status of `atlas.joining.locate`, or empty.
        located_ids : ndarray of str, optional
            The place it was found at, or empty.
        batch_size : int
            Rows worked on at a time; bounds memory beyond input and output.
        route_reach_m, place_reach_m : float
            How far the nearest route or settlement may be, in metres.
        progress : callable, optional
            Called with the number of rows done since the last call.

        Returns
        -------
        dict of str to array
            The columns told in `atlas.joining.join`, one cell a point.

        Raises
        ------
        InputError
            If `batch_size` is less than 1.
        """
        if batch_size < 1:
            raise InputError(f"batch_size must be at least 1, not {batch_size}")
        parts: list[dict[str, Any]] = []
        for at in range(0, max(len(lon), 1), batch_size):
            rows = slice(at, at + batch_size)
            parts.append(
                self._columns(
                    lon[rows],
                    lat[rows],
                    start[rows],
                    end[rows],
                    reach[rows],
                    None if located is None else located[rows],
                    None if located_ids is None else located_ids[rows],
                    route_reach_m,
                    place_reach_m,
                )
            )
            if progress is not None:
                progress(len(lon[rows]))
        return {name: _concat([part.pop(name) for part in parts]) for name in COLUMNS}

    def _columns(
        self,
        lon: Any,
        lat: Any,
        start: Any,
        end: Any,
        reach: Any,
        located: Texts | None,
        located_ids: Texts | None,
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

        points = Points.of(self.borders.metric, lon, lat)
        near, names, holders = self._near(points, start, dated, reach)
        out["candidate_areas"] = _categorical(near, names)
        out["candidate_controllers"] = _categorical(near, holders)
        out.update(
            self._around(points, start, end, dated, located_ids, route_reach_m, place_reach_m)
        )

        known = np.where(dated, answer.area, -1)
        holder = self.control["controller"].astype(str).to_numpy(dtype=object)
        km, between, pairs = self.lines.nearest(points, known, start, self.held, holder)
        out["line_distance_km"] = km.round(3).astype(np.float32)
        out["line_between"] = _categorical(between, pairs)

        bits = np.zeros(len(lon), dtype=np.int64)
        placed = np.isfinite(lon) & np.isfinite(lat)
        nowhere = np.zeros(len(lon), dtype=bool)

        def by_name(status: str) -> npt.NDArray[np.bool_]:
            return nowhere if located is None else located == status

        flags = {
            "no_coordinates": ~placed,
            "outside": placed & (answer.area < 0),
            "dateless": ~dated,
            "no_record": dated & (answer.area >= 0) & (code < 0),
            "changed_within": code >= len(self.control),
            "near_line": near >= 0,
            "placed_by_name": by_name("resolved"),
            "placed_by_likely_name": by_name("likely"),
            "ambiguous_name": by_name("ambiguous"),
            "unresolved_name": by_name("unresolved"),
        }
        for bit, hit in enumerate(flags.values()):
            bits[hit] |= 1 << bit
        words = list(flags)
        # An exact answer for a place found by name is still one plain answer.
        beside = sum(1 << words.index(word) for word in ("placed_by_name", "placed_by_likely_name"))
        which, masks = told(bits)
        status = [
            "|".join(
                (["joined"] if mask & ~beside == 0 else [])
                + [word for bit, word in enumerate(words) if mask >> bit & 1]
            )
            for mask in masks
        ]
        out["join_status"] = _categorical(which, status)
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
        self, points: Points, start: Any, dated: Any, reach: Any
    ) -> tuple[Codes, list[str], list[str]]:
        code = np.full(len(reach), -1, dtype=np.int32)
        found = self.borders.within_reach(points, reach)
        # The point's own area alone is no doubt; two areas, or one and the outside, are.
        busy = np.array([len(hit) > 1 for hit in found.lists])[found.code]
        rows = np.flatnonzero(busy)
        if not len(rows):
            return code, [], []
        which = found.code[rows]
        epoch = np.where(dated[rows], self.held.epoch_of(start[rows]), -1).astype(np.int64)
        group, keys = pd.factorize(which * (len(self.held.boundaries) + 2) + epoch + 1)
        example = np.empty(len(keys), dtype=np.int64)
        example[group[::-1]] = np.arange(len(group) - 1, -1, -1)
        names, holders = [], []
        controllers = self.control["controller"].astype(str).tolist()
        for at in example:
            hit = found.lists[which[at]]
            names.append("|".join(self.borders.names[position] for position in hit))
            inside = np.array([p for p in hit if p < len(self.areas)], dtype=np.int32)
            held = self.held.at(inside, np.full(len(inside), start[rows[at]])).tolist()
            known = [controllers[row] for row in held if row >= 0] if epoch[at] >= 0 else []
            holders.append("|".join(dict.fromkeys(known)))
        code[rows] = group
        return code, names, holders

    def _around(
        self,
        points: Points,
        start: Any,
        end: Any,
        dated: Any,
        located_ids: Texts | None,
        route_reach_m: float,
        place_reach_m: float,
    ) -> dict[str, Any]:
        size = len(start)
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
        # A dateless event has no day on which anything was open or deployed.
        begin = np.where(dated, start, 0)
        stop = np.where(dated, end, 0)
        if self.routes is not None:
            route, along, metres = self.routes.nearest(points, route_reach_m)
            out["route_id"] = _categorical(route, self.routes.ids)
            out["route_km"] = along.round(3).astype(np.float32)
            out["route_distance_m"] = metres.round().astype(np.float32)
            out["route_status"] = _categorical(*self.routes.status(route, along, begin, stop))
        if self.zones is not None:
            held = self.zones.holding(points.lon, points.lat, begin, stop)
            out["mandate_zone_ids"] = _categorical(*held)
        if self.settlements is not None:
            place, metres = self.settlements.nearest(points, place_reach_m)
            out["place_id"] = _categorical(place, self.settlements.ids)
            out["place_distance_m"] = metres.round().astype(np.float32)
        if located_ids is not None and (at_place := located_ids != "").any():
            ids = out["place_id"].astype(object)
            ids[at_place] = located_ids[at_place]
            out["place_id"] = _texts(ids)
            out["place_distance_m"] = np.where(at_place, 0.0, out["place_distance_m"]).astype(
                np.float32
            )
        return out


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
