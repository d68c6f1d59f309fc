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

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

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
_BLOCK = 1 << 13  # points whose temporaries stay in the processor's cache
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
    first, count : ndarray
        Where a cell's pieces begin in ``listed``, and how many there are.
    listed : ndarray of int32
        Pieces, ascending in each cell.
    """

    ends: Float
    owner: Int
    shared: bool
    west: float
    south: float
    wide: float
    high: float
    side: int
    first: npt.NDArray[np.int32]
    count: npt.NDArray[np.uint16]
    listed: npt.NDArray[np.int32]

    @classmethod
    def build(
        cls,
        ends: Float,
        owner: Int,
        box: tuple[float, float, float, float],
        *,
        shared: bool = True,
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
        cells_a_piece : int
            More take longer to lay and less to look up.
        """
        size = ends.shape[1]
        side = 64
        while side * side < cells_a_piece * size and side * side < _MOST_CELLS:
            side *= 2
        west, south = box[0], box[1]
        wide, high = (box[2] - west) / side, (box[3] - south) / side
        first = np.zeros((side, side), dtype=np.int32)
        count = np.ones((side, side), dtype=np.uint16)
        # Every piece by itself, for the cells that only it is nearest to; then the longer lists.
        listed = [np.arange(size, dtype=np.int32)]
        piece = np.arange(size)
        if shared:  # of pieces that are the same the first is always taken
            piece = np.sort(np.unique(ends, axis=1, return_index=True)[1])
        cell = np.zeros(len(piece), dtype=np.int64)
        cells = 1
        while True:
            # Each cell is cut in four, and a piece stays listed where it can still be nearest.
            half = side // cells
            row, column = np.divmod(cell, cells)
            x = west + (column + 0.5) * half * wide
            y = south + (row + 0.5) * half * high
            keep = _can_win(ends, cell, piece, x, y, half * np.hypot(wide, high) / 2)
            cell, piece = cell[keep], piece[keep]
            starts = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
            many = np.diff(np.append(starts, len(cell)))
            if half == 1:
                first.ravel()[cell[starts]] = starts + size
                count.ravel()[cell[starts]] = many
                listed.append(piece.astype(np.int32))
                break
            alone = starts[many == 1]
            row, column = np.divmod(cell[alone], cells)
            blocks = first.reshape(cells, half, cells, half)
            blocks[row, :, column, :] = piece[alone, None, None]
            several = np.repeat(many > 1, many)
            cell, piece = cell[several], piece[several]
            if not len(cell):
                break
            row, column = np.divmod(cell, cells)
            cells *= 2
            base = 2 * row * cells + 2 * column
            cell = np.concatenate([base, base + 1, base + cells, base + cells + 1])
            order = np.argsort(cell, kind="stable")
            cell, piece = cell[order], np.tile(piece, 4)[order]
        return cls(
            ends, owner, shared, west, south, wide, high, side,
            first.ravel(), count.ravel(), np.concatenate(listed),
        )  # fmt: skip

    def find(self, x: Float, y: Float, reach_m: float | Float = np.inf) -> Answer:
        """Find the nearest piece to each point.

        Parameters
        ----------
        x, y : ndarray of float64
            Metres; NaN is unknown.
        reach_m : float or ndarray of float64
            What is further is not found.
        """
        out = Answer(
            np.full(len(x), -1, dtype=np.int64), np.full(len(x), np.nan),
            np.zeros(len(x)), np.zeros(len(x), dtype=bool),
        )  # fmt: skip
        for at in range(0, len(x), _BLOCK):
            rows = slice(at, at + _BLOCK)
            self._block(x[rows], y[rows], out.piece[rows], out.metres[rows], out.share[rows],
                        out.doubtful[rows])  # fmt: skip
        out.piece[out.metres > reach_m] = -1
        out.doubtful[out.metres > reach_m + TOLERANCE_M] = False
        out.doubtful[np.abs(out.metres - reach_m) <= TOLERANCE_M] = True
        return out

    def _block(
        self, x: Float, y: Float, piece: Int, metres: Float, share: Float, doubtful: Bools
    ) -> None:
        column, row = (x - self.west) / self.wide, (y - self.south) / self.high
        inside = (column >= 0) & (column < self.side) & (row >= 0) & (row < self.side)
        known = np.flatnonzero(inside)
        doubtful[~inside] = ~np.isnan(x[~inside])
        if not len(known):
            return
        if len(known) < len(x):
            x, y, column, row = x[known], y[known], column[known], row[known]
        cell = row.astype(np.int64)
        cell *= self.side
        cell += column.astype(np.int64)
        first, count = self.first.take(cell), self.count.take(cell)
        best = self.listed.take(first).astype(np.int64)
        least, along = _distance(self.ends, best, x, y)
        unsure = np.zeros(len(best), dtype=bool)
        left = np.flatnonzero(count > 1)
        if len(left):
            best[left], least[left], along[left], unsure[left] = self._among(
                first[left].astype(np.int64), count[left].astype(np.int64), x[left], y[left]
            )
        piece[known], metres[known], share[known], doubtful[known] = best, least, along, unsure

    def _among(self, first: Int, count: Int, x: Float, y: Float) -> tuple[Int, Float, Float, Bools]:
        """Choose among the several pieces of each point's cell."""
        starts = np.cumsum(count) - count
        row = np.repeat(np.arange(len(count)), count)
        piece = self.listed[np.arange(len(row)) + np.repeat(first - starts, count)].astype(np.int64)
        metres, share = _distance(self.ends, piece, x[row], y[row])
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
        return best, least, along, unsure

    def _meet(self, one: Int, at: Float, two: Int, to: Float) -> Bools:
        """Whether the points at which two pieces are nearest are ends of both, and the same."""
        ends = ((at == 0) | (at == 1)) & ((to == 0) | (to == 1))
        ax, ay = _corner(self.ends, one, at)
        bx, by = _corner(self.ends, two, to)
        met: Bools = ends & (ax == bx) & (ay == by)
        return met


def _can_win(ends: Float, cell: Int, piece: Int, x: Float, y: Float, radius: float) -> Bools:
    """Which pieces can be nearest to some point within a radius of their cell's centre.

    Moving by that radius changes the difference of two distances by no more than twice the radius.
    Seen from afar two pieces lie in much the same direction, and it changes by far less: by the
    radius times the difference of the directions, which themselves turn by no more than radius over
    distance on the way.
    """
    ex, ey, _ = _offset(ends, piece, x, y)
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


def _corner(ends: Float, piece: Int, share: Float) -> tuple[Float, Float]:
    far = share == 1
    return (
        np.where(far, ends[2].take(piece), ends[0].take(piece)),
        np.where(far, ends[3].take(piece), ends[1].take(piece)),
    )


def _distance(ends: Float, piece: Int, x: Float, y: Float) -> tuple[Float, Float]:
    """Metres from points to pieces, and the share of the piece at which the nearest point lies."""
    ex, ey, share = _offset(ends, piece, x, y)
    ex *= ex
    ey *= ey
    ex += ey
    return np.sqrt(ex, out=ex), share


def _offset(ends: Float, piece: Int, x: Float, y: Float) -> tuple[Float, Float, Float]:
    """From the nearest point of a piece to each point, and the share at which it lies."""
    ax, ay = ends[0].take(piece), ends[1].take(piece)
    dx, dy = ends[2].take(piece), ends[3].take(piece)
    dx -= ax
    dy -= ay
    np.subtract(x, ax, out=ax)
    np.subtract(y, ay, out=ay)
    share = ax * dx
    share += ay * dy
    square = dx * dx
    square += dy * dy
    square[square == 0] = 1.0
    share /= square
    np.maximum(share, 0.0, out=share)
    np.minimum(share, 1.0, out=share)
    dx *= share
    ax -= dx
    dy *= share
    ay -= dy
    return ax, ay, share
