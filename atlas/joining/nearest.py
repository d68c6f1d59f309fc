"""The nearest of many straight pieces to each of many points, in plain arrays.

Three steps, none of which costs a geometry or a tree a point:

1. *A plane.* Points are laid in the pack's projection by a polynomial fitted to it around the
   pack's ground, which is right to well under a millimetre.
2. *Cells.* A grid over the plane lists for every cell the few pieces that can be nearest to any
   point in it. Most cells list one.
3. *Doubt.* Where a rival is as near to within the error of the arithmetic, a point is reported as
   doubtful, and the caller decides it with exact geometry. Answers are those of exact geometry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from atlas.base import crs

__all__ = ["Answer", "Nearest", "Plane"]

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TOLERANCE_M = 2e-3
"""Distances that differ by no more than this are decided by exact geometry."""

_FIT_M = 2e-4  # what the polynomial may be wrong by
_DEGREES = ((2, 5), (3, 7), (4, 9), (6, 12))  # of the fit, in longitude squared and in latitude
_MARGIN = 1.0  # degrees around the data that the fit covers
_WIDEST = 60.0  # degrees on either side of the centre for which a fit is tried
_IN_TURN = 3  # pieces of a cell that are measured one by one; of more, all are at once
_BLOCK = 1 << 14  # points whose temporaries stay in the processor's cache
_MOST_CELLS = 1 << 20


@dataclass(frozen=True)
class Plane:
    """A projection in metres, fast in a box.

    Attributes
    ----------
    definition : str
        PROJ definition of an azimuthal projection.
    centre : float
        Its longitude, degrees; the projection is symmetric about it.
    box : tuple of float
        West, south, east, north of the fit, degrees.
    easting, northing : ndarray of float64
        Coefficients by power of longitude squared and of latitude, both scaled to the box; empty
        where no polynomial fits so large a box.
    extent : tuple of float
        West, south, east, north of the box in the projection, metres.
    safe_m : float
        What lies outside the box is at least this far from the data.
    """

    definition: str
    centre: float
    box: tuple[float, float, float, float]
    easting: Float
    northing: Float
    extent: tuple[float, float, float, float]
    safe_m: float

    @classmethod
    def build(cls, definition: str, centre: float, bounds: tuple[float, ...]) -> Plane:
        """Fit the projection around the data.

        Parameters
        ----------
        definition : str
            PROJ definition, azimuthal and symmetric about the meridian ``centre``.
        centre : float
            Longitude in degrees.
        bounds : tuple of float
            West, south, east, north of the data, degrees.
        """
        half = max(bounds[2] - centre, centre - bounds[0]) + _MARGIN
        south, north = max(bounds[1] - _MARGIN, -90.0), min(bounds[3] + _MARGIN, 90.0)
        box = (centre - half, south, centre + half, north)
        narrow = float(np.cos(np.radians(max(abs(south), abs(north)))))
        nodes = np.cos(np.pi * (np.arange(40) + 0.5) / 40)  # of Chebyshev: even errors
        nodes /= nodes[0]  # from edge to edge
        lon, lat = (part.ravel() for part in np.meshgrid(centre + half * nodes,
                    (south + north) / 2 + (north - south) / 2 * nodes))  # fmt: skip
        x, y = crs.projected(lon, lat, definition)
        extent = float(x.min()), float(y.min()), float(x.max()), float(y.max())
        none = np.empty((0, 0))
        safe = 0.99 * 110_500.0 * _MARGIN * narrow
        plain = cls(definition, centre, box, none, none, extent, safe)
        u, v = plain._scaled(lon, lat)
        for terms in _DEGREES if half < _WIDEST else ():
            powers: Any = np.polynomial.polynomial.polyvander2d(u * u, v, terms)
            shape = (terms[0] + 1, terms[1] + 1)
            east: Float = np.linalg.lstsq(powers * u[:, None], x, rcond=None)[0]
            up: Float = np.linalg.lstsq(powers, y, rcond=None)[0]
            wrong = np.abs(powers @ east * u - x).max(), np.abs(powers @ up - y).max()
            if max(wrong) < _FIT_M:
                return replace(plain, easting=east.reshape(shape), northing=up.reshape(shape))
        return plain

    def _scaled(self, lon: Float, lat: Float) -> tuple[Float, Float]:
        west, south, east, north = self.box
        u = lon - self.centre
        u *= 2.0 / (east - west)
        v = lat - (south + north) / 2.0
        v *= 2.0 / (north - south)
        return u, v

    def xy(self, lon: Float, lat: Float) -> tuple[Float, Float]:
        """Lay points in the plane.

        Parameters
        ----------
        lon, lat : ndarray of float64
            Degrees, EPSG:4326.

        Returns
        -------
        x, y : ndarray of float64
            Metres; infinite outside the box, NaN where unknown.
        """
        west, south, east, north = self.box
        out = np.empty((2, len(lon)))
        if ((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).all():
            self._inside(lon, lat, out[0], out[1])
            return out[0], out[1]
        known = np.isfinite(lon) & np.isfinite(lat)
        turned = np.remainder(np.where(known, lon, 0.0) - self.centre + 180.0, 360.0)
        turned += self.centre - 180.0
        lon = np.where((lon >= west) & (lon <= east), lon, turned)
        rows = np.flatnonzero(
            known & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        )
        out[:] = np.where(known, np.inf, np.nan)
        some = np.empty((2, len(rows)))
        self._inside(lon[rows], lat[rows], some[0], some[1])
        out[:, rows] = some
        return out[0], out[1]

    def _inside(self, lon: Float, lat: Float, x: Float, y: Float) -> None:
        if len(self.easting):
            self._fitted(lon, lat, x, y)
        else:
            x[:], y[:] = crs.projected(lon, lat, self.definition)

    def _fitted(self, lon: Float, lat: Float, x: Float, y: Float) -> None:
        for at in range(0, len(lon), _BLOCK):
            rows = slice(at, at + _BLOCK)
            u, v = self._scaled(lon[rows], lat[rows])
            square = u * u
            for coefficients, out in ((self.easting, x[rows]), (self.northing, y[rows])):
                out[:] = 0.0
                inner = np.empty(len(out))
                for line in coefficients[::-1]:
                    inner[:] = line[-1]
                    for number in line[-2::-1]:
                        inner *= v
                        inner += number
                    out *= square
                    out += inner
            x[rows] *= u


@dataclass(frozen=True)
class Answer:
    """The nearest piece to each point.

    Attributes
    ----------
    piece : ndarray of int64
        Position of the piece, -1 where the point is unknown.
    metres : ndarray of float64
        Distance to it, NaN where unknown.
    share : ndarray of float64
        How far along the piece its nearest point lies, 0 to 1.
    doubtful : ndarray of bool
        Another piece may be as near, or the point lies outside the cells.
    """

    piece: Int
    metres: Float
    share: Float
    doubtful: Bools


@dataclass(frozen=True)
class Nearest:
    """Straight pieces, listed by the cells of a grid in which they can be nearest.

    Several choices among the pieces, of which each point asks one, share the cells of one grid.

    Attributes
    ----------
    ends : ndarray of float64, shape (4, pieces)
        x and y of the start, then of the end, metres.
    owner : ndarray of int64
        Pieces of one owner are no rivals; where two pieces meet in the nearest point, the first
        is taken if ``shared`` is so, and doubted otherwise.
    shared : bool
    west, south, wide, high : float
        Lower left corner of the cells and size of one, metres.
    side : int
        Cells in a row, and rows.
    cells : ndarray of int32, choices x rows x columns, flat
        The piece that alone can be nearest in the cell; or, plus the number of pieces, where in
        ``listed`` stands how many can be, and behind it which, ascending.
    listed : ndarray of int32
    """

    ends: Float
    owner: Int
    shared: bool
    west: float
    south: float
    wide: float
    high: float
    side: int
    cells: npt.NDArray[np.int32]
    listed: npt.NDArray[np.int32]

    @classmethod
    def build(
        cls,
        ends: Float,
        owner: Int,
        box: tuple[float, float, float, float],
        *,
        shared: bool = True,
        choices: Sequence[Int] | None = None,
        cells_a_piece: int = 128,
    ) -> Nearest:
        """List the pieces by cell.

        Parameters
        ----------
        ends : ndarray of float64, shape (4, pieces)
            As in the attributes; a point is a piece of no length.
        owner : ndarray of int64
        box : tuple of float
            West, south, east, north of the cells, metres.
        shared : bool
        choices : sequence of arrays of int, optional
            Pieces of each choice, ascending, at least one; by default there is one choice, of all.
        cells_a_piece : int
            More take longer to lay and less to look up.
        """
        size = ends.shape[1]
        if choices is None:
            choices = [np.arange(size)]
        side = 64
        most = min(cells_a_piece * max(map(len, choices)), _MOST_CELLS // len(choices))
        while side * side < most:
            side *= 2
        if shared:  # of pieces that are the same the first is always taken
            once = np.zeros(size, dtype=bool)
            once[np.unique(ends, axis=1, return_index=True)[1]] = True
            choices = [choice[once[choice]] for choice in choices]
        lists = _Lists(ends, np.zeros_like(owner) if shared else owner, choices)
        across, table = 1, np.arange(len(choices), dtype=np.int64).reshape(-1, 1, 1)
        while True:
            table = lists.thinned(table, across, box)
            if across == side or not len(lists.row):
                break
            table = lists.cut(table)
            across *= 2
        starts, many = lists.runs()
        at = np.append(starts + np.arange(len(starts)) + size, 0)  # their numbers stand between
        cells = np.where(table < 0, -1 - table, at[table])
        return cls(
            ends, owner, shared, box[0], box[1], (box[2] - box[0]) / across,
            (box[3] - box[1]) / across, across, cells.astype(np.int32).ravel(),
            np.insert(lists.piece, starts, many).astype(np.int32),
        )  # fmt: skip

    @cached_property
    def _lines(self) -> tuple[Float, ...]:
        return _lines_of(self.ends)

    def find(
        self, x: Float, y: Float, reach_m: float | Float = np.inf, *, choice: Int | None = None
    ) -> Answer:
        """Find the nearest piece to each point.

        Parameters
        ----------
        x, y : ndarray of float64
            Metres; NaN is unknown.
        reach_m : float or ndarray of float64
            What is further is not found.
        choice : ndarray of int, optional
            Which choice of pieces each point asks; the first by default.
        """
        out = Answer(
            np.full(len(x), -1, dtype=np.int64), np.full(len(x), np.nan),
            np.zeros(len(x)), np.zeros(len(x), dtype=bool),
        )  # fmt: skip
        for at in range(0, len(x), _BLOCK):
            rows = slice(at, at + _BLOCK)
            some = Answer(out.piece[rows], out.metres[rows], out.share[rows], out.doubtful[rows])
            self._block(x[rows], y[rows], None if choice is None else choice[rows], some)
            reach = reach_m[rows] if isinstance(reach_m, np.ndarray) else reach_m
            beyond = some.metres - reach
            some.piece[beyond > 0] = -1
            some.doubtful[beyond > TOLERANCE_M] = False
            some.doubtful[np.abs(beyond) <= TOLERANCE_M] = True
        return out

    def exactly(
        self, x: Float, y: Float, points: Any, shapes: Any, *, choice: Int | None = None
    ) -> tuple[Int, Int, Float]:
        """All pieces that are nearest to each point by exact geometry.

        Parameters
        ----------
        x, y : ndarray of float64
            Where the points lie, metres.
        points : ndarray of Point
            They, exactly.
        shapes : ndarray of geometries
            The pieces, exactly.
        choice : ndarray of int, optional
            As in `find`.

        Returns
        -------
        point, piece : ndarray of int
            Pairs, ascending; a point outside the cells is in none.
        metres : ndarray of float64
        """
        inside, cell = self._cells_at(x, y)
        if choice is not None:
            cell += choice[inside] * self.side**2
        code = self.cells.take(cell).astype(np.int64)
        several = code >= self.ends.shape[1]
        at = np.where(several, code - self.ends.shape[1], 0)
        many = np.where(several, self.listed.take(at), 1).astype(np.int64)
        rows = np.repeat(np.arange(len(code)), many)
        rank = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many)
        piece = np.where(
            several[rows], self.listed.take(at[rows] + rank + 1, mode="clip"), code[rows]
        )
        point = np.flatnonzero(inside)[rows]
        metres = shapely.distance(points[point], shapes[piece])
        least = np.full(len(x), np.inf)
        np.minimum.at(least, point, metres)
        nearest = metres == least[point]
        return point[nearest], piece[nearest], metres[nearest]

    def _cells_at(self, x: Float, y: Float) -> tuple[Bools, Int]:
        """Which points lie in the cells, and in which cell those do."""
        column, row = x - self.west, y - self.south
        column *= 1.0 / self.wide
        row *= 1.0 / self.high
        inside = (column >= 0) & (column < self.side) & (row >= 0) & (row < self.side)
        if not inside.all():
            column, row = column[inside], row[inside]
        cell = row.astype(np.int64)
        cell *= self.side
        cell += column.astype(np.int64)
        return inside, cell

    def _block(self, x: Float, y: Float, choice: Int | None, out: Answer) -> None:
        inside, cell = self._cells_at(x, y)
        if len(cell) < len(x):
            out.doubtful[:] = ~(inside | np.isnan(x))
            if not len(cell):
                return
            x, y = x[inside], y[inside]
        if choice is not None:
            cell += (choice if len(cell) == len(choice) else choice[inside]) * self.side**2
        code = self.cells.take(cell)
        several = np.flatnonzero(code >= self.ends.shape[1])
        best = code.astype(np.int64)
        at = best[several] - self.ends.shape[1]
        best[several] = self.listed.take(at + 1)
        metres, share = _distance(self._lines, best, x, y)
        doubtful = np.zeros(len(best), dtype=bool)
        if len(several):
            some = Answer(best[several], metres[several], share[several], doubtful[several])
            self._among(at, x[several], y[several], some)
            best[several], metres[several] = some.piece, some.metres
            share[several], doubtful[several] = some.share, some.doubtful
        if len(best) == len(inside):
            out.piece[:], out.metres[:] = best, metres
            out.share[:], out.doubtful[:] = share, doubtful
        else:
            out.piece[inside], out.metres[inside] = best, metres
            out.share[inside], out.doubtful[inside] = share, doubtful

    def _among(self, at: Int, x: Float, y: Float, best: Answer) -> None:
        """Choose among the several pieces of each point's cell, of which the first was measured."""
        many = self.listed.take(at)
        second = np.full(len(at), np.inf)
        rows: Any = slice(None)
        for rank in range(1, _IN_TURN):
            if rank > 1:
                rows = np.flatnonzero(many > rank)
            piece = self.listed.take(at[rows] + (rank + 1)).astype(np.int64)
            metres, share = _distance(self._lines, piece, x[rows], y[rows])
            least = best.metres[rows]
            second[rows] = np.minimum(second[rows], np.maximum(metres, least))
            nearer = np.flatnonzero(metres < least)
            where = nearer if rank == 1 else rows[nearer]
            best.piece[where], best.metres[where] = piece[nearer], metres[nearer]
            best.share[where] = share[nearer]
        close = np.flatnonzero((second <= best.metres + TOLERANCE_M) | (many > _IN_TURN))
        if len(close):
            found = self._alike(at[close] + 1, many[close].astype(np.int64), x[close], y[close])
            best.piece[close], best.metres[close] = found.piece, found.metres
            best.share[close], best.doubtful[close] = found.share, found.doubtful

    def _alike(self, first: Int, count: Int, x: Float, y: Float) -> Answer:
        """Choose where several pieces are about as near."""
        starts = np.cumsum(count) - count
        row = np.repeat(np.arange(len(count)), count)
        piece = self.listed[np.arange(len(row)) + np.repeat(first - starts, count)].astype(np.int64)
        metres, share = _distance(self._lines, piece, x[row], y[row])
        least = np.minimum.reduceat(metres, starts)
        close = np.flatnonzero(metres <= least[row] + TOLERANCE_M)
        winner = close[metres[close] == least[row[close]]]
        winner = winner[np.concatenate(([True], row[winner[1:]] != row[winner[:-1]]))]
        best, along = piece[winner], share[winner]
        unsure = np.zeros(len(count), dtype=bool)
        rival = close[self.owner[piece[close]] != self.owner[best[row[close]]]]
        if self.shared and len(rival):
            # Pieces that meet in the nearest point are one and the same distance away.
            at = row[rival]
            met = self._meet(piece[rival], share[rival], best[at], along[at])
            alike, rival = rival[met][::-1], rival[~met]
            alike = alike[piece[alike] < best[row[alike]]]
            best[row[alike]], along[row[alike]] = piece[alike], share[alike]
        unsure[row[rival]] = True
        return Answer(best, least, along, unsure)

    def _meet(self, one: Int, at: Float, two: Int, to: Float) -> Bools:
        """Whether the points at which two pieces are nearest are ends of both, and the same."""
        ends = ((at == 0) | (at == 1)) & ((to == 0) | (to == 1))
        ax, ay = _corner(self.ends, one, at)
        bx, by = _corner(self.ends, two, to)
        met: Bools = ends & (ax == bx) & (ay == by)
        return met


class _Lists:
    """Pieces listed by node: a cell, and those choices that have the same list in it.

    Attributes
    ----------
    node, piece : ndarray of int64
        Pairs, ascending.
    row, column : ndarray of int64
        Cell of each node.
    """

    def __init__(self, ends: Float, owner: Int, choices: Sequence[Int]) -> None:
        self._lines = _lines_of(ends)
        # An end of another owner's piece is another end.
        corners = np.column_stack(
            (np.concatenate((ends[:2], ends[2:]), axis=1).T, np.tile(owner, 2))
        )
        self._corner = np.unique(corners, axis=0, return_inverse=True)[1].reshape(2, -1)
        self.node = np.repeat(np.arange(len(choices)), [len(choice) for choice in choices])
        self.piece = np.concatenate(choices).astype(np.int64)
        self.row = np.zeros(len(choices), dtype=np.int64)
        self.column = np.zeros(len(choices), dtype=np.int64)
        self._single = len(choices) == 1

    def runs(self) -> tuple[Int, Int]:
        """Where the pairs of each node begin, and how many it has."""
        many = np.bincount(self.node, minlength=len(self.row)) if len(self.row) else self.row
        return np.cumsum(many) - many, many

    def thinned(self, table: Int, across: int, box: tuple[float, ...]) -> Int:
        """Leave out what can't be nearest, and nodes of one piece.

        Parameters
        ----------
        table : ndarray of int64, choices x rows x columns
            Node of each cell, or -1 less the only piece.
        across : int
            Rows, and columns.
        box : tuple of float
            West, south, east, north of all cells, metres.

        Returns
        -------
        ndarray of int64
            The table of what is left.
        """
        if not len(self.row):
            return table
        wide, high = (box[2] - box[0]) / across, (box[3] - box[1]) / across
        radius = float(np.hypot(wide, high)) / 2
        for rule in (self._can_win, self._uncovered):
            x: Float = np.asarray(box[0] + (self.column[self.node] + 0.5) * wide, dtype=np.float64)
            y: Float = np.asarray(box[1] + (self.row[self.node] + 0.5) * high, dtype=np.float64)
            keep = rule(self.node, self.piece, x, y, radius)
            self.node, self.piece = self.node[keep], self.piece[keep]
        starts, many = self.runs()
        stands = np.arange(len(starts)) if self._single else self._like(starts, many)
        left = (many > 1) & (stands == np.arange(len(starts)))
        number = (np.cumsum(left) - 1)[stands]
        number[many == 1] = -1 - self.piece[starts[many == 1]]
        kept = left[self.node]
        self.node, self.piece = number[self.node[kept]], self.piece[kept]
        self.row, self.column = self.row[left], self.column[left]
        return np.where(table < 0, table, number[np.maximum(table, 0)])

    def cut(self, table: Int) -> Int:
        """Cut each cell in four; each has the list of the whole."""
        starts, many = self.runs()
        row, column, nodes = self.row, self.column, len(self.row)
        self.row = (2 * row[:, None] + np.array([0, 0, 1, 1])).ravel()
        self.column = (2 * column[:, None] + np.array([0, 1, 0, 1])).ravel()
        four = np.repeat(many, 4)
        self.node = np.repeat(np.arange(4 * nodes), four)
        offset = np.arange(len(self.node)) - np.repeat(np.cumsum(four) - four, four)
        self.piece = self.piece[np.repeat(np.repeat(starts, 4), four) + offset]
        size = table.shape[1]
        quarters = np.tile(np.array([[0, 1], [2, 3]]), (1, size, size))
        table = table.repeat(2, axis=1).repeat(2, axis=2)
        return np.where(table < 0, table, 4 * table + quarters)

    def _can_win(self, cell: Int, piece: Int, x: Float, y: Float, radius: float) -> Bools:
        """Which pieces can be nearest to some point within a radius of their cell's centre.

        Moving by that radius changes the difference of two distances by no more than twice the
        radius. Seen from afar two pieces lie in much the same direction, and it changes by far
        less: by the radius times the difference of the directions, which themselves turn by no more
        than radius over distance on the way.
        """
        ex, ey, _ = _offset(self._lines, piece, x, y)
        metres = np.hypot(ex, ey)
        starts = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
        many = np.diff(np.append(starts, len(cell)))
        least = np.repeat(np.minimum.reduceat(metres, starts), many)
        first = np.maximum.accumulate(np.where(metres == least, np.arange(len(cell)), 0))
        # The last of equally near ones, wherever in its cell's list it stands.
        best = np.repeat(first[starts + many - 1], many)
        slack = np.full(len(cell), 2 * radius)
        far = np.flatnonzero(least > 2 * radius)
        one, two = metres[far], least[far]
        turn = np.hypot(ex[far] / one - ex[best[far]] / two, ey[far] / one - ey[best[far]] / two)
        turn += radius / (one - radius) + radius / (two - radius)
        slack[far] = radius * np.minimum(turn, 2.0)
        keep: Bools = metres <= least + slack + 10 * TOLERANCE_M
        return keep

    def _uncovered(self, node: Int, piece: Int, x: Float, y: Float, radius: float) -> Bools:
        """Which pieces can be nearest with more than an end that another one has as well.

        All over a cell that lies beyond its end, a piece is as near as that end is; another that
        has this end is as near or nearer. Of those as near, the first is taken.
        """
        ax, ay, dx, dy = (part.take(piece) for part in self._lines[:4])
        square = dx * dx + dy * dy
        square[square == 0] = 1.0
        share = ((x - ax) * dx + (y - ay) * dy) / square
        swing = radius / np.sqrt(square)
        after = share - swing >= 1
        beyond = after | (share + swing <= 0)
        along = np.flatnonzero((share - swing > 0) & (share + swing < 1))
        corners = int(self._corner.max()) + 1
        keys = node * corners + self._corner[:, piece]
        some = np.flatnonzero(beyond)
        asked = keys[after[some].astype(np.int64), some]
        known, which = np.unique(asked, return_inverse=True)
        first = np.full(len(known), np.iinfo(np.int64).max)
        always = np.zeros(len(known), dtype=bool)
        for mine in keys:
            at = np.searchsorted(known, mine)
            np.minimum(at, len(known) - 1, out=at)
            same = np.flatnonzero(known[at] == mine) if len(known) else some[:0]
            np.minimum.at(first, at[same], piece[same])
            inner = along[known[at[along]] == mine[along]] if len(known) else some[:0]
            always[at[inner]] = True
        keep = np.ones(len(node), dtype=bool)
        keep[some] = (first[which] >= piece[some]) & ~always[which]
        return keep

    def _like(self, starts: Int, many: Int) -> Int:
        """The first node of the same cell and list, for each node."""
        rng = np.random.default_rng(0)
        sums = np.asarray(rng.integers(0, 2**62, size=len(self._lines[0])), dtype=np.uint64)
        places = self.row * (int(self.column.max()) + 1) + self.column
        told = np.add.reduceat(sums[self.piece], starts)
        told = told * np.uint64(0x9E3779B97F4A7C15) + places.astype(np.uint64)
        _, first, group = np.unique(told, return_index=True, return_inverse=True)
        stands = first[group]
        # Sums may be the same by chance: then each stands for itself.
        alike = (many[stands] == many) & (places[stands] == places)
        stands = np.where(alike, stands, np.arange(len(stands)))
        shift = starts[stands] - starts
        other = self.piece[np.arange(len(self.piece)) + shift[self.node]] != self.piece
        wrong = np.unique(self.node[other])
        stands[wrong] = wrong
        return stands


def _corner(ends: Float, piece: Int, share: Float) -> tuple[Float, Float]:
    far = share == 1
    return (
        np.where(far, ends[2].take(piece), ends[0].take(piece)),
        np.where(far, ends[3].take(piece), ends[1].take(piece)),
    )


def _lines_of(ends: Float) -> tuple[Float, ...]:
    """Start, direction, and one over the square of the length of every piece."""
    ax, ay, bx, by = ends
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    return ax, ay, dx, dy, np.divide(1.0, square, out=np.zeros(len(ax)), where=square > 0)


def _offset(lines: tuple[Float, ...], piece: Int, x: Float, y: Float) -> tuple[Float, Float, Float]:
    """From the nearest point of a piece to each point, and its share of the way along the piece."""
    ax, ay, dx, dy, inverse = lines
    px, py = ax.take(piece), ay.take(piece)
    np.subtract(x, px, out=px)
    np.subtract(y, py, out=py)
    ex, ey = dx.take(piece), dy.take(piece)
    share = px * ex
    share += py * ey
    share *= inverse.take(piece)
    np.maximum(share, 0.0, out=share)
    np.minimum(share, 1.0, out=share)
    ex *= share
    px -= ex
    ey *= share
    py -= ey
    return px, py, share


def _distance(lines: tuple[Float, ...], piece: Int, x: Float, y: Float) -> tuple[Float, Float]:
    """Metres from points to pieces, and the share of the piece at which the nearest point lies."""
    px, py, share = _offset(lines, piece, x, y)
    px *= px
    py *= py
    px += py
    return np.sqrt(px, out=px), share
