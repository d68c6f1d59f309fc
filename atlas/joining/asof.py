"""The as-of kernel: a point and a day go in, an atomic area and a row of control come out.

Two look-ups, both on plain arrays:

1. *Where.* The coverage is laid on a grid of cells once. A cell that no border crosses belongs to
   one area, so its points are done by one array look-up. In a cell that one straight border
   segment cuts in two, the side of the segment tells. Only points in the few cells left, and those
   too close to a segment for floating point to be sure, get an exact point-in-polygon test, against
   only the areas that reach that cell.
2. *When.* All days on which anything changes cut time into epochs. A day is turned into its epoch
   and (area, epoch) into the row that holds. Both are tables; where tables would be too large, a
   binary search over the sorted keys gives the same answer.

The answers equal ``geopandas.sjoin(predicate="intersects")`` followed by the as-of predicate; on a
border the area that comes first in the coverage (the lowest id, as packs are sorted) is taken.
Everything here works on arrays and geometries, so that a control history, a mandate's zones and a
user's own polygons all share it. Points are processed in blocks: memory does not grow with rows
beyond the input and the output.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START

Float = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

# A border is thickened by this share of a cell when its cells are marked, so that rounding in
# finding a point's cell (about 1e-12 of a cell) can never put it on the wrong side unseen.
_MARGIN = 1e-5
_ORIENTATION = 4e-16  # above (3 + 16 e) e with e = 2**-53
_UNSURE = -2
_MAX_CELLS = 1 << 20
_BLOCK = 1 << 15  # rows whose temporaries stay in the processor's cache
_BATCH = 1 << 20  # rows whose edge points are tested together
_MAX_TABLE = 1 << 24


@dataclass(frozen=True)
class CellGrid:
    """A coverage laid on a regular grid of cells.

    Attributes
    ----------
    west, south : float
        Lower left corner of the first cell, degrees (EPSG:4326). One empty ring of cells
        surrounds the coverage and stands for everything outside.
    step : float
        Side of a cell in degrees.
    columns, rows : int
        Shape of the grid.
    codes : ndarray of int16 or int32, rows x columns, flat
        0: outside; ``k > 0``: wholly inside area ``k - 1``; ``-k < 0``: crossed by a border, its
        candidates are ``candidates[k - 1]``.
    candidates : tuple of tuple of int
        Areas that reach into a border cell, ascending; shared by cells with the same ones.
    geometries : ndarray of shapely polygons
        The coverage, prepared.
    cuts : Cuts
        The cells that one segment cuts in two.
    """

    west: float
    south: float
    step: float
    columns: int
    rows: int
    codes: npt.NDArray[Any]
    candidates: tuple[tuple[int, ...], ...]
    geometries: npt.NDArray[Any]
    cuts: Cuts

    @classmethod
    def build(
        cls, geometries: Sequence[Any] | npt.NDArray[Any], *, step: float = 0.005
    ) -> CellGrid:
        """Lay a coverage on a grid.

        Parameters
        ----------
        geometries : sequence of shapely Polygon or MultiPolygon, EPSG:4326
            Areas in order of preference on shared borders. They need not be a valid coverage:
            where two overlap, the first is taken.
        step : float
            Side of a cell in degrees; widened if the grid would exceed about a million cells.

        Returns
        -------
        CellGrid

        Raises
        ------
        InputError
            If ``step`` is not positive or a geometry is not a polygon with finite coordinates.
        """
        geoms = np.asarray(geometries, dtype=object)
        if not step > 0:
            raise InputError(f"the grid's step must be a positive number of degrees, not {step!r}")
        kinds = shapely.get_type_id(geoms) if len(geoms) else np.empty(0, dtype=int)
        for position in np.flatnonzero(~np.isin(kinds, (3, 6))):
            raise InputError(f"area {position} of the coverage is not a polygon: {geoms[position]}")
        full = geoms[~shapely.is_empty(geoms)] if len(geoms) else geoms
        if not len(full):
            nothing = np.zeros(1, dtype=np.int16)
            return cls(0.0, 0.0, step, 1, 1, nothing, (), geoms, Cuts.none(1))
        west, south, east, north = (float(v) for v in shapely.total_bounds(full))
        if not np.isfinite([west, south, east, north]).all():
            raise InputError("the coverage has coordinates that are not finite numbers")
        step = max(step, float(np.sqrt((east - west) * (north - south) / _MAX_CELLS)))
        west, south = west - 1.5 * step, south - 1.5 * step
        columns = int((east - west) / step) + 3
        rows = int((north - south) / step) + 3
        shapely.prepare(geoms)

        border = _border_cells(geoms, west, south, step, columns)
        cell, area = border.cell, border.area
        is_edge = np.zeros(columns * rows, dtype=bool)
        is_edge[cell] = True
        codes = np.zeros(columns * rows, dtype=np.int32)

        # No border separates neighbours in a run of clear cells, so one test does for the run.
        # The outer ring is clear, hence a run that wraps to the next row is all outside.
        starts = np.flatnonzero(~is_edge & np.concatenate(([True], is_edge[:-1])))
        stops = np.flatnonzero(~is_edge & np.concatenate((is_edge[1:], [True]))) + 1
        hit, owner = _covering(geoms, *_centres(starts, west, south, step, columns))
        run_code = np.zeros(len(starts), dtype=np.int32)
        run_code[hit[::-1]] = owner[::-1] + 1  # descending, so that the first area wins
        codes[~is_edge] = np.repeat(run_code, stops - starts)

        edges = np.flatnonzero(is_edge)
        hit, owner = _covering(geoms, *_centres(edges, west, south, step, columns))
        pairs = np.unique(
            np.concatenate((cell, edges[hit])) * len(geoms) + np.concatenate((area, owner))
        )
        candidates: dict[tuple[int, ...], int] = {}
        owners = np.split(pairs % len(geoms), np.flatnonzero(np.diff(pairs // len(geoms))) + 1)
        codes[edges] = [
            -candidates.setdefault(tuple(group.tolist()), len(candidates) + 1) for group in owners
        ]
        if max(len(candidates), len(geoms)) < 2**15 - 1:
            codes = codes.astype(np.int16)
        cuts = Cuts.build(border, geoms, west, south, step, columns, rows)
        return cls(west, south, step, columns, rows, codes, tuple(candidates), geoms, cuts)

    @property
    def edge_share(self) -> float:
        """Share of the cells inside the coverage's box that a border crosses."""
        return float((self.codes < 0).mean())

    def cells_at(self, lon: Float, lat: Float) -> Int32:
        """Cell of every point; NaN and far points fall in the outer ring."""
        scale = 1.0 / self.step
        # fmin and fmax turn NaN into the outer ring, as they do points beyond it.
        x = lon - self.west
        x *= scale
        np.fmin(x, self.columns - 0.5, out=x)
        np.fmax(x, 0.0, out=x)
        y = lat - self.south
        y *= scale
        np.fmin(y, self.rows - 0.5, out=y)
        np.fmax(y, 0.0, out=y)
        cell = y.astype(np.int32)
        cell *= self.columns
        cell += x.astype(np.int32)
        return cell

    def codes_at(self, lon: Float, lat: Float) -> npt.NDArray[Any]:
        """Code of the cell of every point (see ``codes``)."""
        return self.codes.take(self.cells_at(lon, lat))

    def settle(self, codes: npt.NDArray[Any], lon: Float, lat: Float) -> Int32:
        """Exact area of points in border cells.

        Parameters
        ----------
        codes : ndarray of int
            Negative codes, as from ``codes_at``.
        lon, lat : ndarray of float64
            The points, degrees.

        Returns
        -------
        ndarray of int32
            Position of the area, -1 outside.
        """
        area = self.cuts.sides(self.cells_at(lon, lat), lon, lat)
        unsure = np.flatnonzero(area == _UNSURE)
        area[unsure] = -1
        order = unsure[np.argsort(codes[unsure], kind="stable")]
        breaks = np.flatnonzero(np.diff(codes[order])) + 1
        for rows in np.split(order, breaks) if len(order) else ():
            left = rows
            for owner in self.candidates[-int(codes[rows[0]]) - 1]:
                inside = shapely.intersects_xy(self.geometries[owner], lon[left], lat[left])
                area[left[inside]] = owner
                left = left[~inside]
                if not len(left):
                    break
        return area

    def locate(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Int32:
        """Area of every point.

        Parameters
        ----------
        lon, lat : array_like of float
            Degrees, EPSG:4326. NaN is outside.

        Returns
        -------
        ndarray of int32
            Position of the area in the coverage, -1 outside.
        """
        x, y = _as_float(lon), _as_float(lat)
        area = np.empty(len(x), dtype=np.int32)
        for at in range(0, len(x), _BATCH):
            batch = slice(at, at + _BATCH)
            out, bx, by = area[batch], x[batch], y[batch]
            for block in _blocks(len(out)):
                np.subtract(self.codes_at(bx[block], by[block]), 1, out=out[block])
            edge = np.flatnonzero(out < -1)
            out[edge] = self.settle(out[edge] + 1, bx[edge], by[edge])
        return area


@dataclass(frozen=True)
class Cuts:
    """Cells that exactly one border segment crosses, from side to side.

    Attributes
    ----------
    of_cell : ndarray of int32
        Position of the cell in the other arrays, -1 for other cells.
    x, y, dx, dy : ndarray of float64
        Start and direction of the segment, degrees.
    left, right : ndarray of int32
        Area on either side, -1 outside; ``_UNSURE`` where the cell lies all on one side.
    """

    of_cell: Int32
    x: Float
    y: Float
    dx: Float
    dy: Float
    left: Int32
    right: Int32

    @classmethod
    def none(cls, cells: int) -> Cuts:
        """No cell is cut."""
        number, side = np.empty(0), np.empty(0, dtype=np.int32)
        return cls(np.full(cells, -1, dtype=np.int32), *(number,) * 4, side, side)

    @classmethod
    def build(
        cls,
        border: _Border,
        geoms: npt.NDArray[Any],
        west: float,
        south: float,
        step: float,
        columns: int,
        rows: int,
    ) -> Cuts:
        """Find them.

        Segments are counted in cells thickened by a margin. Where there is only one, it has no end
        in the cell (the ring goes on there with another segment), so it cuts the cell in two parts
        that no border divides, and the area of each part is that of any point in it.
        """
        pairs = np.unique(border.at * border.segments + border.segment)
        cells, segment = np.divmod(pairs, border.segments)
        alone = np.concatenate(([True], cells[1:] != cells[:-1]))
        alone &= np.concatenate((cells[1:] != cells[:-1], [True]))
        cells, segment = cells[alone], segment[alone]
        x, y, dx, dy = (values[segment] for values in border.lines)
        row, column = np.divmod(cells, columns)
        best = np.zeros((2, len(cells)))
        where = np.zeros((2, 2, len(cells)))
        for corner_x, corner_y in ((0, 0), (0, 1), (1, 0), (1, 1)):
            px = west + (column + corner_x) * step
            py = south + (row + corner_y) * step
            side = dx * (py - y) - dy * (px - x)
            for sign, position in ((1, 0), (-1, 1)):
                better = sign * side > best[position]
                best[position][better] = sign * side[better]
                where[position][:, better] = px[better], py[better]
        sides = []
        for position in (0, 1):
            # A corner nearly on the segment proves nothing about that side.
            clear = best[position] > _MARGIN * step * np.hypot(dx, dy)
            px, py = where[position]
            hit, owner = _covering(geoms, px, py)
            answer = np.full(len(cells), -1, dtype=np.int32)
            answer[hit[::-1]] = owner[::-1]
            answer[~clear] = _UNSURE
            sides.append(answer)
        of_cell = np.full(columns * rows, -1, dtype=np.int32)
        of_cell[cells] = np.arange(len(cells))
        return cls(of_cell, x, y, dx, dy, *sides)

    def sides(self, cell: Int32, lon: Float, lat: Float) -> Int32:
        """Area of each point by its side of the segment; ``_UNSURE`` where that can't tell."""
        cut = self.of_cell.take(cell)
        area = np.full(len(cell), _UNSURE, dtype=np.int32)
        at = np.flatnonzero(cut >= 0)
        cut = cut[at]
        one = self.dx.take(cut) * (lat[at] - self.y.take(cut))
        two = self.dy.take(cut) * (lon[at] - self.x.take(cut))
        side = one - two
        # Shewchuk's first error bound of the orientation test: beyond it the sign is right.
        sure = np.abs(side) > _ORIENTATION * (np.abs(one) + np.abs(two))
        answer = np.where(side > 0, self.left.take(cut), self.right.take(cut))
        area[at[sure]] = answer[sure]
        return area


@dataclass(frozen=True)
class Intervals:
    """Rows with half-open day spans, at most one per area and day, ready for look-up.

    Attributes
    ----------
    boundaries : ndarray of int32
        The days on which anything changes, ascending; epoch ``k`` is the days from
        ``boundaries[k - 1]`` up to ``boundaries[k]``, epoch 0 all days before.
    table : ndarray of int32, (areas + 1) x (boundaries + 1), flat, or empty
        Row that holds in (area + 1, epoch), -1 where none; line 0 stands for outside. Empty when
        it would be too large: then ``keys`` are searched.
    epochs : ndarray of int16 or int32, or empty
        Epoch of each day from ``boundaries[0] - 1`` to ``boundaries[-1]``.
    keys, row_of_key, until : ndarray
        (area, start day) of every row as one sorted number, the row, and its end day.
    areas : int
        Number of areas in the coverage.
    """

    boundaries: Int32
    table: Int32
    epochs: npt.NDArray[Any]
    keys: Int64
    row_of_key: Int32
    until: Int32
    areas: int

    @classmethod
    def build(
        cls,
        area: npt.ArrayLike,
        start_day: npt.ArrayLike,
        end_day: npt.ArrayLike,
        *,
        areas: int,
        rows: npt.ArrayLike | None = None,
    ) -> Intervals:
        """Index rows by area and span.

        Parameters
        ----------
        area : array_like of int
            Position of the row's area in the coverage.
        start_day, end_day : array_like of int
            Half-open span in days since 1970-01-01.
        areas : int
            Number of areas in the coverage.
        rows : array_like of int, optional
            Number to answer with for each row; its position by default.

        Raises
        ------
        InputError
            If a span is empty or reversed, an area is out of range, or two rows hold in one area
            on one day.
        """
        where = np.asarray(area, dtype=np.int64)
        start = np.asarray(start_day, dtype=np.int64)
        end = np.asarray(end_day, dtype=np.int64)
        answer = np.arange(len(where)) if rows is None else np.asarray(rows)
        if ((where < 0) | (where >= areas)).any():
            raise InputError("an interval names an area that is not in the coverage")
        if (start >= end).any():
            bad = int(np.flatnonzero(start >= end)[0])
            raise InputError(f"interval {bad} ends on or before the day it starts")
        order = np.lexsort((start, where))
        where, start, end, answer = where[order], start[order], end[order], answer[order]
        clash = np.flatnonzero((where[1:] == where[:-1]) & (start[1:] < end[:-1]))
        if len(clash):
            raise InputError(
                f"intervals {int(answer[clash[0]])} and {int(answer[clash[0] + 1])} both hold in "
                f"area {int(where[clash[0]])} on one day"
            )
        boundaries = np.unique(np.concatenate((start, end))).astype(np.int32)
        finite = boundaries[(boundaries != OPEN_START) & (boundaries != OPEN_END)]
        table = np.empty(0, dtype=np.int32)
        width = len(finite) + 1
        if (areas + 1) * width <= _MAX_TABLE:
            # One line an area; a row fills the epochs from its start up to its end.
            grid = np.full((areas + 1, width), -1, dtype=np.int32)
            first = np.searchsorted(finite, start, side="right")
            last = np.searchsorted(finite, end, side="right")
            last[end == OPEN_END] = width
            for line, begin, stop, row in zip(where + 1, first, last, answer, strict=True):
                grid[line, begin:stop] = row
            table = grid.ravel()
        days = int(finite[-1]) - int(finite[0]) + 2 if len(finite) else 1
        epochs: npt.NDArray[Any] = np.empty(0, dtype=np.int32)
        if days <= _MAX_TABLE:
            origin = int(finite[0]) - 1 if len(finite) else 0
            epochs = np.searchsorted(finite, np.arange(origin, origin + days), side="right")
            epochs = epochs.astype(np.int16 if width < 2**15 else np.int32)
        return cls(
            finite.astype(np.int32),
            table,
            epochs,
            (where << 32) + (start - OPEN_START),
            answer.astype(np.int32),
            np.minimum(end, OPEN_END).astype(np.int32),
            areas,
        )

    def epoch_of(self, day: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Epoch of each day."""
        if not len(self.boundaries):
            return np.zeros(len(day), dtype=np.int32)
        if not len(self.epochs):
            return np.asarray(np.searchsorted(self.boundaries, day, side="right"), dtype=np.int32)
        first = int(self.boundaries[0]) - 1
        at = np.clip(day, first, int(self.boundaries[-1]))
        at -= first
        epochs: npt.NDArray[Any] = self.epochs.take(at)
        return epochs

    def at(self, area: npt.NDArray[Any], day: npt.NDArray[Any]) -> Int32:
        """Row that holds in each area on each day; -1 where none does or the area is -1."""
        line = area.astype(np.int32)
        line += 1
        return self._in_line(line, day)

    def _in_line(self, line: Int32, day: npt.NDArray[Any]) -> Int32:
        """As `at`, of area + 1, which is overwritten."""
        if len(self.table):
            line *= len(self.boundaries) + 1  # the table has at most 2**24 entries
            line += self.epoch_of(day)
            return self.table.take(line)
        return self._search(line - 1, day)

    def _search(self, area: npt.NDArray[Any], day: npt.NDArray[Any]) -> Int32:
        out = np.full(len(area), -1, dtype=np.int32)
        if not len(self.keys):
            return out
        line = area.astype(np.int64)
        wanted = (line << 32) + (day.astype(np.int64) - OPEN_START)
        found = np.searchsorted(self.keys, wanted, side="right") - 1
        at = np.maximum(found, 0)
        good = (found >= 0) & (line >= 0) & (self.keys[at] >> 32 == line)
        good &= (day < self.until[at]) | (self.until[at] == OPEN_END)
        out[good] = self.row_of_key[at[good]]
        return out


@dataclass(frozen=True)
class PointsAsOf:
    """What the kernel answers for each point.

    Attributes
    ----------
    area : ndarray of int32
        Position of the area in the coverage, -1 outside.
    first : ndarray of int32
        Row that holds on the first day, -1 where there is no day, no area or no row.
    last : ndarray of int32
        Row that holds on the last day; differs from ``first`` when a change falls in between.
    """

    area: Int32
    first: Int32
    last: Int32


def join_points(
    grid: CellGrid,
    intervals: Intervals,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    start_day: npt.ArrayLike,
    end_day: npt.ArrayLike | None = None,
) -> PointsAsOf:
    """Find area and holding row of many dated points.

    Parameters
    ----------
    grid : CellGrid
        The coverage.
    intervals : Intervals
        Who held which area when.
    lon, lat : array_like of float
        Degrees, EPSG:4326; NaN is outside.
    start_day, end_day : array_like of int
        Half-open span of each point in days since 1970-01-01. Without ``end_day`` each is one day
        long. ``OPEN_START`` with ``OPEN_END`` means dateless: no row is answered.

    Returns
    -------
    PointsAsOf

    Examples
    --------
    >>> import numpy as np, shapely
    >>> grid = CellGrid.build([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> held = Intervals.build([0, 1, 1], [0, 0, 100], [200, 100, 200], areas=2)
    >>> answer = join_points(grid, held, [0.5, 1.5, 1.5, 9], [0.5] * 4, [10, 10, 150, 10])
    >>> answer.area.tolist(), answer.first.tolist()
    ([0, 1, 1, -1], [0, 1, 2, -1])
    """
    x, y = _as_float(lon), _as_float(lat)
    begin = np.asarray(start_day)
    until = None if end_day is None else np.asarray(end_day)
    if not len(x) == len(y) == len(begin) == (len(begin) if until is None else len(until)):
        raise InputError("lon, lat, start_day and end_day must be equally long")
    area = np.empty(len(x), dtype=np.int32)
    first = np.empty(len(x), dtype=np.int32)
    last = first if until is None else np.empty(len(x), dtype=np.int32)
    for at in range(0, len(x), _BATCH):
        batch = slice(at, at + _BATCH)
        bx, by, day = x[batch], y[batch], begin[batch]
        out, row = area[batch], first[batch]
        edges: list[npt.NDArray[np.intp]] = []
        for block in _blocks(len(out)):
            code = grid.codes_at(bx[block], by[block])
            np.subtract(code, 1, out=out[block])
            edges.append(np.flatnonzero(code < 0) + block.start)
            inner = np.maximum(code, 0).astype(np.int32)
            row[block] = intervals._in_line(inner, day[block])
        edge = np.concatenate(edges)
        out[edge] = grid.settle(out[edge] + 1, bx[edge], by[edge])
        row[edge] = intervals.at(out[edge], day[edge])
        if until is not None:
            end = until[batch]
            last[batch] = row
            long = np.flatnonzero(end != day + 1)
            last[batch][long] = intervals.at(out[long], end[long] - 1)
            dateless = long[(day[long] <= OPEN_START) & (end[long] >= OPEN_END)]
            row[dateless] = -1
            last[batch][dateless] = -1
    return PointsAsOf(area, first, last)


def _as_float(values: npt.ArrayLike) -> Float:
    return np.asarray(values, dtype=np.float64)


def _blocks(size: int) -> list[slice]:
    return [slice(at, min(at + _BLOCK, size)) for at in range(0, size, _BLOCK)]


def _centres(
    cell: Int64, west: float, south: float, step: float, columns: int
) -> tuple[Float, Float]:
    row, column = np.divmod(cell, columns)
    return _as_float(west + (column + 0.5) * step), _as_float(south + (row + 0.5) * step)


def _covering(geoms: npt.NDArray[Any], lon: Float, lat: Float) -> tuple[Int64, Int64]:
    """All (point, area) pairs where the area touches the point, by area then point."""
    points: list[npt.NDArray[Any]] = [np.empty(0, dtype=np.int64)]
    areas: list[npt.NDArray[Any]] = [np.empty(0, dtype=np.int64)]
    for position, (geom, box) in enumerate(zip(geoms, shapely.bounds(geoms), strict=True)):
        near = (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
        near_at = np.flatnonzero(near)
        hit = near_at[shapely.intersects_xy(geom, lon[near_at], lat[near_at])]
        points.append(hit)
        areas.append(np.full(len(hit), position, dtype=np.int64))
    return np.concatenate(points), np.concatenate(areas)


def _border_cells(
    geoms: npt.NDArray[Any], west: float, south: float, step: float, columns: int
) -> _Border:
    """Every cell that a border, thickened by a margin, touches."""
    parts, part_area = shapely.get_parts(geoms, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    area = part_area[ring_part[ring[:-1][inner]]].astype(np.int64)
    x = (xy[:, 0] - west) / step
    y = (xy[:, 1] - south) / step
    xa, ya, xb, yb = x[:-1][inner], y[:-1][inner], x[1:][inner], y[1:][inner]
    start, end = xy[:-1][inner], xy[1:][inner]
    swap = (xa > xb) | ((xa == xb) & (ya > yb))
    xa, xb = np.where(swap, xb, xa), np.where(swap, xa, xb)
    ya, yb = np.where(swap, yb, ya), np.where(swap, ya, yb)
    # A border between two areas is two segments in opposite directions; count it once.
    start, end = np.where(swap[:, None], end, start), np.where(swap[:, None], start, end)
    segment, lines = _distinct(np.column_stack((start, end - start)))
    # Each segment once for every column it enters, clipped to that column ...
    low = np.floor(xa - _MARGIN).astype(np.int64)
    which, column = _spread(low, np.floor(xb + _MARGIN).astype(np.int64))
    xa, ya, xb, yb, area = xa[which], ya[which], xb[which], yb[which], area[which]
    segment = segment[which]
    width = xb - xa
    steep = width < 1e-3  # too narrow to divide by: keep the whole height
    slope = (yb - ya) / np.where(steep, 1.0, width)
    enter = np.clip(column - _MARGIN, xa, xb)
    leave = np.clip(column + 1 + _MARGIN, xa, xb)
    y1 = np.where(steep, ya, ya + slope * (enter - xa))
    y2 = np.where(steep, yb, ya + slope * (leave - xa))
    # ... then once for every row it enters there.
    low = np.floor(np.minimum(y1, y2) - _MARGIN).astype(np.int64)
    which, row = _spread(low, np.floor(np.maximum(y1, y2) + _MARGIN).astype(np.int64))
    at = row * columns + column[which]
    pairs = np.unique(at * len(geoms) + area[which])
    cell, owner = np.divmod(pairs, len(geoms))
    return _Border(cell, owner, at, segment[which], lines)


def _distinct(rows: Float) -> tuple[Int64, Float]:
    """Number equal rows alike; the number of each row and the distinct rows as columns."""
    order = np.lexsort(rows.T)
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (rows[order[1:]] != rows[order[:-1]]).any(axis=1)
    number = np.empty(len(rows), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return number, np.ascontiguousarray(rows[order[new]].T)


@dataclass(frozen=True)
class _Border:
    """Cells touched by borders: distinct (cell, area) pairs, and every (at, segment) pair.

    ``lines`` holds x, y, dx, dy of each distinct segment, degrees.
    """

    cell: Int64
    area: Int64
    at: Int64
    segment: Int64
    lines: Float

    @property
    def segments(self) -> int:
        return int(self.lines.shape[1])


def _spread(low: Int64, high: Int64) -> tuple[Int64, Int64]:
    """Repeat each position for every whole number from low to high inclusive."""
    counts = high - low + 1
    which = np.repeat(np.arange(len(low)), counts)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return which, low[which] + offset
