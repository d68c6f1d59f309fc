"""A record made ready for joining: points and days go in as arrays, columns of answers come out.

The spatial and temporal look-up is the kernel in `atlas.joining.asof`; here its answers become
texts. What the columns mean is told in `atlas.joining.join`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

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
_BLOCK = 1 << 16

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
        columns: dict[str, _Column] = {}
        for at in range(0, max(len(lon), 1), batch_size):
            rows = slice(at, at + batch_size)
            part = self._columns(
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
            counted = _Counted()
            for name, cells in part.items():
                column = columns.get(name) or columns.setdefault(name, _Column(len(lon), cells))
                column.put(rows, cells, counted)
            if progress is not None:
                progress(len(lon[rows]))
        return {name: columns.pop(name).whole() for name in COLUMNS}

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
        out: dict[str, Any] = {"area_id": _Coded(answer.area, self.areas)}
        for name, column in _HELD.items():
            texts = self.control[column].astype(str).tolist()
            out[name] = _Coded(
                code, [*texts, *("|".join(texts[row] for row in rows) for rows in several)]
            )
        cited = self.control["source_ids"].astype(str).tolist()
        out["sources"] = _Coded(
            code, [*cited, *(_union(cited[row] for row in rows) for rows in several)]
        )
        claim = self.claims.at(answer.area, start)
        claim[~dated] = -1
        out["claimed_by"] = _Coded(claim, self.claimants)

        points = Points.of(self.borders.metric, lon, lat)
        near, names, holders = self._near(points, start, dated, reach)
        out["candidate_areas"] = _Coded(near, names)
        out["candidate_controllers"] = _Coded(near, holders)
        out.update(
            self._around(points, start, end, dated, located_ids, route_reach_m, place_reach_m)
        )

        known = np.where(dated, answer.area, -1)
        km, between, pairs = self.lines.nearest(points, known, start, self.held, self._holders)
        out["line_distance_km"] = km.round(3).astype(np.float32)
        out["line_between"] = _Coded(between, pairs)

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
        out["join_status"] = _Coded(which, status)
        return out

    @cached_property
    def _holders(self) -> Texts:
        """Holder by row of control."""
        names: Texts = self.control["controller"].astype(str).to_numpy(dtype=object)
        return names

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
        some = which[example].tolist()
        many = np.array([len(found.lists[number]) for number in some])
        area = np.array([place for number in some for place in found.lists[number]], dtype=np.int32)
        area[area >= len(self.areas)] = -1  # the outside
        held = self.held.at(area, np.repeat(start[rows[example]], many))
        held[np.repeat(epoch[example] < 0, many)] = -1
        nobody = np.array([None], dtype=object)  # the last, which a row number of -1 means
        holder = np.concatenate((self._holders, nobody))[held].tolist()
        texts = {
            number: "|".join(self.borders.names[place] for place in found.lists[number])
            for number in set(some)
        }
        names = [texts[number] for number in some]
        ends = np.cumsum(many).tolist()
        holders = [
            "|".join(dict.fromkeys(name for name in holder[begin:end] if name is not None))
            for begin, end in zip([0, *ends], ends, strict=False)
        ]
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
            "route_id": _Coded(np.full(size, -1), ()),
            "route_km": none,
            "route_distance_m": none,
            "route_status": _Coded(np.full(size, -1), ()),
            "mandate_zone_ids": _Coded(np.full(size, -1), ()),
            "place_id": _Coded(np.full(size, -1), ()),
            "place_distance_m": none,
        }
        # A dateless event has no day on which anything was open or deployed.
        begin = np.where(dated, start, 0)
        stop = np.where(dated, end, 0)
        if self.routes is not None:
            route, along, metres = self.routes.nearest(points, route_reach_m)
            out["route_id"] = _Coded(route, self.routes.ids)
            out["route_km"] = along.round(3).astype(np.float32)
            out["route_distance_m"] = metres.round().astype(np.float32)
            out["route_status"] = _Coded(*self.routes.status(route, along, begin, stop))
        if self.zones is not None:
            held = self.zones.holding(points.lon, points.lat, begin, stop)
            out["mandate_zone_ids"] = _Coded(*held)
        if self.settlements is not None:
            place, metres = self.settlements.nearest(points, place_reach_m)
            out["place_id"] = _Coded(place, self.settlements.ids)
            out["place_distance_m"] = metres.round().astype(np.float32)
        if located_ids is not None and (at_place := located_ids != "").any():
            near, texts = out["place_id"]
            given, names = pd.factorize(located_ids[at_place])
            code = np.array(near, dtype=np.int64)
            code[at_place] = given + len(texts)
            out["place_id"] = _Coded(code, [*texts, *names])
            out["place_distance_m"] = np.where(at_place, 0.0, out["place_distance_m"]).astype(
                np.float32
            )
        return out


def _claims(rows: pd.DataFrame, areas: int) -> tuple[Intervals, tuple[str, ...]]:
    """Cut rival claims at one another's bounds, so that each area and day has one list of them."""
    texts: dict[str, int] = {}
    cells: list[tuple[int, int, int, int]] = []
    for area, group in rows.groupby("_area", sort=True):
        start = group["start_day"].to_numpy(dtype=np.int64)
        end = group["end_day"].to_numpy(dtype=np.int64)
        who = group["asserted_by"].to_numpy(dtype=object)
        for low, high in pairwise(np.unique(np.concatenate((start, end))).tolist()):
            text = "|".join(sorted(set(who[(start <= low) & (end >= high)])))
            if text:
                number = texts.setdefault(text, len(texts))
                cells.append((int(str(area)), low, high, number))
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


class _Coded(NamedTuple):
    """Texts by number; -1 is the empty text."""

    code: npt.NDArray[Any]
    texts: Sequence[str] | Texts


class _Counted:
    """Numbers plus one, and which there are; several columns have the same."""

    def __init__(self) -> None:
        self._of: Any = None
        self._told: Any = None

    def of(self, code: npt.NDArray[Any]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        if self._of is not code:
            at = code.astype(np.intp)
            at += 1
            self._of, self._told = code, (at, np.flatnonzero(np.bincount(at)))
        told: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] = self._told
        return told


class _Column:
    """A column of answers, filled part by part, so that no part is held beside the whole."""

    def __init__(self, size: int, first: Any) -> None:
        self._coded = isinstance(first, _Coded)
        self._levels: dict[str, int] = {}
        self._cells = np.empty(size, dtype=np.int16 if self._coded else first.dtype)

    def put(self, rows: slice, part: Any, counted: _Counted) -> None:
        """Fill some rows."""
        if not self._coded:
            self._cells[rows] = part
            return
        at, used = counted.of(part.code)
        table = np.zeros(len(part.texts) + 1, dtype=np.int64)
        for number in used.tolist():
            text = str(part.texts[number - 1]) if number else ""
            table[number] = self._levels.setdefault(text, len(self._levels))
        if len(self._levels) > np.iinfo(self._cells.dtype).max:
            self._cells = self._cells.astype(np.int32)
        self._cells[rows] = table.astype(self._cells.dtype).take(at)

    def whole(self) -> Any:
        """The column; texts are categories in order, those that are in use."""
        if not self._coded:
            return self._cells
        levels = sorted(self._levels)
        kind = np.min_scalar_type(-max(len(levels), 1))
        place = np.empty(len(levels), dtype=kind)
        place[[self._levels[text] for text in levels]] = np.arange(len(levels))
        code = np.empty(len(self._cells), dtype=kind)
        for at in range(0, len(code), _BLOCK):
            place.take(self._cells[at : at + _BLOCK], out=code[at : at + _BLOCK], mode="clip")
        build: Any = pd.Categorical.from_codes
        return build(code, categories=pd.Index(levels, dtype="str"), validate=False)
