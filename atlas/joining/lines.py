"""How far events lie from the line between holders, and on whose side of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from atlas.joining.nearest import Nearest
from atlas.joining.surroundings import Float, Int, Metric, Points, pieces_of

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.joining.asof import Intervals

__all__ = ["Lines"]

_FEW = 5_000  # points for which laying cells would cost more than exact geometry
_TOGETHER = 128  # fronts on one grid, and
_PIECES = 1 << 17  # their pieces
_RIM_M = 100.0
_KEPT = 8  # grids that are kept


@dataclass(frozen=True)
class Lines:
    """Borders between the areas of a coverage, of which some part holders on a day.

    Attributes
    ----------
    metric : Metric
        Where distances are measured.
    ends : ndarray of float64, shape (4, pieces)
        Straight pieces of shared borders, in the metric.
    left, right : ndarray of int
        Positions of the two areas that each piece parts.
    box : tuple of float
        West, south, east, north of the coverage, in the metric.
    """

    metric: Metric
    ends: Float
    left: Int
    right: Int
    box: tuple[float, float, float, float]
    _kept: list[Any] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def build(cls, areas: gpd.GeoDataFrame, metric: Metric) -> Lines:
        """Cut the shared borders of a coverage (EPSG:4326) into pieces."""
        shapes = areas.geometry.to_numpy()
        outlines = shapely.boundary(shapes)
        one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        one, two = one[one < two], two[one < two]
        shared = shapely.intersection(outlines[one], outlines[two])
        parts, pair = shapely.get_parts(shared, return_index=True)
        # A collection holds lines and points: it is taken apart once more.
        parts, inner = shapely.get_parts(parts, return_index=True)
        pair = pair[inner]
        lines = shapely.get_type_id(parts) == 1
        parts, pair = parts[lines], pair[lines]
        ends, line = pieces_of(metric.geometries(parts))
        of = pair[line]
        laid = metric.geometries(shapes)
        # Where no pack is open there is no ground to bound.
        west, south, east, north = shapely.total_bounds(laid).tolist() if len(laid) else (0.0,) * 4
        return cls(
            metric, ends, one[of].astype(np.int64), two[of].astype(np.int64),
            (west - _RIM_M, south - _RIM_M, east + _RIM_M, north + _RIM_M),
        )  # fmt: skip

    def nearest(
        self,
        points: Points,
        area: npt.NDArray[Any],
        day: npt.NDArray[Any],
        held: Intervals,
        controllers: npt.NDArray[np.object_],
    ) -> tuple[Float, Int, list[str]]:
        """Measure to the nearest line between the land of a point's holder and another's.

        Parameters
        ----------
        points : Points
        area : ndarray of int
            Area of each point; -1 for none.
        day : ndarray of int
            Day number of each.
        held : Intervals
            Which row of control holds in an area on a day.
        controllers : ndarray of str
            Holder by row of control.

        Returns
        -------
        km : ndarray of float64
            Positive on the ground of the first of the two holders by name, negative on the
            other's; NaN where nobody is known to hold the point, or no line is drawn that day.
        between : ndarray of int
            Which of the texts; -1 where there is no distance.
        texts : list of str
            Pairs of holders, as ``A|B``.
        """
        km, between = np.full(len(area), np.nan), np.full(len(area), -1, dtype=np.int64)
        fronts = self._dated(held, controllers)
        rows = np.flatnonzero(area >= 0)
        if not len(rows) or not self.ends.shape[1]:
            return km, between, fronts.texts
        if len(rows) < len(area):
            points, area, day = points[rows], area[rows], day[rows]
        km[rows], between[rows] = fronts.nearest(points, area, held.epoch_of(day))
        return km, between, fronts.texts

    def _dated(self, held: Intervals, controllers: npt.NDArray[np.object_]) -> Fronts:
        """The fronts of a record; they are kept, since the same one is asked again and again."""
        if not self._kept or self._kept[0] is not held or self._kept[1] is not controllers:
            self._kept[:] = held, controllers, Fronts.build(self, held, controllers)
        fronts: Fronts = self._kept[2]
        return fronts


@dataclass(frozen=True)
class Fronts:
    """The pieces that part holders, by day.

    Attributes
    ----------
    names : ndarray of str
        Holders, ascending.
    holder : ndarray of int, epochs x areas
        Who holds each area in each epoch, -1 for nobody.
    of_epoch : ndarray of int
        Which of `fronts` stands in each epoch; many a day that changes a holder changes none.
    fronts : tuple of _Front
    """

    metric: Metric
    box: tuple[float, float, float, float]
    names: npt.NDArray[Any]
    holder: Int
    of_epoch: Int
    fronts: tuple[_Front, ...]
    _cells: dict[int, _Cells] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(cls, lines: Lines, held: Intervals, controllers: npt.NDArray[np.object_]) -> Fronts:
        """Find out which pieces part holders in each epoch."""
        names, holder_of = np.unique(controllers.astype(str), return_inverse=True)
        # A row number of -1 and an empty name are nobody.
        known = np.append(np.where(names == "", -1, np.arange(len(names)))[holder_of], -1)
        areas = held.areas
        days = np.append(held.boundaries[:1] - 1, held.boundaries)
        if not len(days):
            days = np.zeros(1, dtype=np.int32)
        area = np.tile(np.arange(areas, dtype=np.int32), len(days))
        holder = known[held.at(area, np.repeat(days, areas))].reshape(len(days), areas)
        number: dict[bytes, int] = {}
        of_epoch = np.array([number.setdefault(row.tobytes(), len(number)) for row in holder])
        first = [int(np.argmax(of_epoch == at)) for at in range(len(number))]
        fronts = tuple(_Front.build(lines, holder[epoch], names) for epoch in first)
        return cls(lines.metric, lines.box, names, holder, of_epoch, fronts)

    @property
    def texts(self) -> list[str]:
        """Pairs of holders, as ``A|B``."""
        return [f"{a}|{b}" for a in self.names for b in self.names]

    def nearest(
        self, points: Points, area: npt.NDArray[Any], epoch: npt.NDArray[Any]
    ) -> tuple[Float, Int]:
        """Signed kilometres, and the number of the pair of holders; see `Lines.nearest`."""
        km, pair = np.full(len(area), np.nan), np.full(len(area), -1, dtype=np.int64)
        front = self.of_epoch.take(epoch)
        at = epoch.astype(np.int64)
        at *= self.holder.shape[1]
        at += area
        holder = self.holder.take(at)
        if len(area) <= _FEW:  # whatever was asked before: the same points, the same digits
            order = np.argsort(front, kind="stable")
            for some in np.split(order, np.flatnonzero(np.diff(front[order])) + 1):
                if len(some):
                    mine = self.fronts[int(front[some[0]])]
                    km[some], pair[some] = mine.nearest(points[some], holder[some])
            return km, pair
        group = self._groups.take(front)
        there = np.flatnonzero(np.bincount(group))
        for number in there.tolist():
            rows: Any = slice(None) if len(there) == 1 else np.flatnonzero(group == number)
            km[rows], pair[rows] = self._laid(number).nearest(
                points[rows], holder[rows], front[rows]
            )
        return km, pair

    @cached_property
    def _groups(self) -> Int:
        """Fronts that share a grid: neighbours in time, as many as it holds."""
        pieces = np.array([front.ends.shape[1] for front in self.fronts])
        groups: Int = np.maximum(np.cumsum(pieces) // _PIECES, np.arange(len(pieces)) // _TOGETHER)
        return groups

    def _laid(self, group: int) -> _Cells:
        if group not in self._cells:
            while len(self._cells) >= _KEPT:
                self._cells.pop(next(iter(self._cells)))
            numbers = np.flatnonzero(self._groups == group)
            self._cells[group] = _Cells.build(self, numbers)
        return self._cells[group]


@dataclass(frozen=True)
class _Cells:
    """Several fronts on one grid.

    Attributes
    ----------
    choice : ndarray of int
        Which choice of pieces of the grid a front is, -1 for one that has none.
    first, second : ndarray of int
        The two holders that each piece of the grid parts; a piece that parts others on other days
        is another one.
    """

    fronts: Fronts
    index: Nearest | None
    choice: Int
    first: Int
    second: Int

    @classmethod
    def build(cls, fronts: Fronts, numbers: Int) -> _Cells:
        """Lay some fronts."""
        choice = np.full(len(fronts.fronts), -1, dtype=np.int64)
        some = [number for number in numbers if fronts.fronts[number].ends.shape[1]]
        choice[some] = np.arange(len(some))
        if not some:
            none = np.empty(0, dtype=np.int64)
            return cls(fronts, None, choice, none, none)
        mine = [fronts.fronts[number] for number in some]
        told = np.concatenate([(one.piece, one.first, one.second) for one in mine], axis=1)
        told, which = np.unique(told, axis=1, return_inverse=True)
        where = np.empty((4, told.shape[1]))
        where[:, which] = np.concatenate([one.ends for one in mine], axis=1)
        ends = np.cumsum([one.ends.shape[1] for one in mine])[:-1]
        index = Nearest.build(
            where, told[1] * len(fronts.names) + told[2], fronts.box,
            shared=False, choices=np.split(which, ends), cells_a_piece=4,
        )  # fmt: skip
        return cls(fronts, index, choice, told[1], told[2])

    def nearest(self, points: Points, holder: Int, front: Int) -> tuple[Float, Int]:
        """As `Fronts.nearest`."""
        km, pair = np.full(len(holder), np.nan), np.full(len(holder), -1, dtype=np.int64)
        choice = self.choice.take(front)
        some: Any = slice(None)
        if (choice < 0).any():
            some = np.flatnonzero(choice >= 0)
            points, holder, choice, front = points[some], holder[some], choice[some], front[some]
        if self.index is None or not len(holder):
            return km, pair
        answer = self.index.find(points.x, points.y, choice=choice)
        first, second = self.first.take(answer.piece), self.second.take(answer.piece)
        mine = holder == first
        fits = mine | (holder == second)
        signed = np.where(fits, answer.metres / np.where(mine, 1000.0, -1000.0), np.nan)
        first *= len(self.fronts.names)
        first += second
        between = np.where(fits, first, -1)
        unsure = np.flatnonzero(answer.doubtful)
        if len(unsure):
            signed[unsure], between[unsure] = self._exactly(
                points[unsure], holder[unsure], front[unsure], choice[unsure]
            )
        km[some], pair[some] = signed, between
        return km, pair

    def _exactly(self, points: Points, holder: Int, front: Int, choice: Int) -> tuple[Float, Int]:
        assert self.index is not None
        km, pair = np.full(len(holder), np.nan), np.full(len(holder), -1, dtype=np.int64)
        exact = points.exactly(self.fronts.metric)
        point, piece, metres = self.index.exactly(
            points.x, points.y, exact, self._shapes, choice=choice
        )
        told = _told(
            self.fronts.names, holder, point, self.first[piece], self.second[piece], metres
        )
        km, pair = told
        for at in np.setdiff1d(np.arange(len(holder)), point):  # outside the cells
            row = slice(at, at + 1)
            km[row], pair[row] = self.fronts.fronts[front[at]].nearest(points[row], holder[row])
        return km, pair

    @cached_property
    def _shapes(self) -> Any:
        assert self.index is not None
        return shapely.linestrings(self.index.ends.T.reshape(-1, 2, 2))


@dataclass(frozen=True)
class _Front:
    """The pieces that part holders on some days.

    Attributes
    ----------
    piece : ndarray of int
        Which of all pieces they are, ascending.
    first, second : ndarray of int
        The two holders that each piece parts, as positions in `names`, which ascend.
    """

    metric: Metric
    ends: Float
    piece: Int
    first: Int
    second: Int
    names: npt.NDArray[Any]

    @classmethod
    def build(cls, lines: Lines, holder: Int, names: npt.NDArray[Any]) -> _Front:
        """Choose the pieces that part holders, of which each area has one or none (-1)."""
        one, two = holder[lines.left], holder[lines.right]
        parting = np.flatnonzero((one != two) & (one >= 0) & (two >= 0))
        return cls(
            lines.metric, lines.ends[:, parting], parting, np.minimum(one, two)[parting],
            np.maximum(one, two)[parting], names,
        )  # fmt: skip

    @cached_property
    def _tree(self) -> shapely.STRtree:
        pieces: Any = shapely.linestrings(self.ends.T.reshape(-1, 2, 2))
        return shapely.STRtree(pieces)

    def nearest(self, points: Points, holder: Int) -> tuple[Float, Int]:
        """As `Fronts.nearest`, by exact geometry."""
        if not self.ends.shape[1]:
            return np.full(len(holder), np.nan), np.full(len(holder), -1, dtype=np.int64)
        (point, piece), metres = self._tree.query_nearest(
            points.exactly(self.metric), return_distance=True
        )
        return _told(self.names, holder, point, self.first[piece], self.second[piece], metres)


def _told(
    names: npt.NDArray[Any], holder: Int, point: Int, first: Int, second: Int, metres: Float
) -> tuple[Float, Int]:
    """Signed kilometres and pair of holders of each point, of all pieces that are nearest."""
    km, pair = np.full(len(holder), np.nan), np.full(len(holder), -1, dtype=np.int64)
    mine = holder[point]
    fits = (mine == first) | (mine == second)
    point, first, second, metres = point[fits], first[fits], second[fits], metres[fits]
    # Where three holders meet, the pair that comes first by name is told: it is written last.
    both = first * len(names) + second
    code, which = np.unique(both, return_inverse=True)
    texts = [f"{names[at // len(names)]}|{names[at % len(names)]}" for at in code]
    order = np.argsort(np.argsort(np.array(texts, dtype=str))[which], kind="stable")[::-1]
    km[point[order]] = (metres * np.where(holder[point] == first, 1.0, -1.0) / 1000.0)[order]
    pair[point[order]] = both[order]
    return km, pair
