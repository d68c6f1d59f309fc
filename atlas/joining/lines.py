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

_FEW = 100  # points for which laying cells would cost more than exact geometry
_KEPT = 100  # fronts whose cells are kept


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
    """

    metric: Metric
    ends: Float
    left: Int
    right: Int
    _fronts: dict[bytes, _Front] = field(default_factory=dict, repr=False, compare=False)

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
        return cls(metric, ends, one[of].astype(np.int64), two[of].astype(np.int64))

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
        names, holder_of = np.unique(controllers.astype(str), return_inverse=True)
        texts = [f"{a}|{b}" for a in names for b in names]
        rows = np.flatnonzero(area >= 0)
        if not len(rows) or not self.ends.shape[1]:
            return km, between, texts
        epoch = np.asarray(held.epoch_of(day[rows]))
        order = np.argsort(epoch, kind="stable")
        most = int(max(self.left.max(), self.right.max(), area.max())) + 1
        # A row number of -1 and an empty name are nobody.
        known = np.append(np.where(names == "", -1, np.arange(len(names)))[holder_of], -1)
        for some in np.split(rows[order], np.flatnonzero(np.diff(epoch[order])) + 1):
            row = held.at(np.arange(most, dtype=np.int32), np.full(most, day[some[0]]))
            front = self._front(known[row], names)
            if front is not None:
                km[some], between[some] = front.nearest(points[some], known[row][area[some]])
        return km, between, texts

    def _front(self, holder: Int, names: npt.NDArray[Any]) -> _Front | None:
        """The pieces that part holders, of which each area has one or none (-1)."""
        key = holder.tobytes()
        if key not in self._fronts:
            while len(self._fronts) >= _KEPT:
                self._fronts.pop(next(iter(self._fronts)))
            one, two = holder[self.left], holder[self.right]
            parting = np.flatnonzero((one != two) & (one >= 0) & (two >= 0))
            self._fronts[key] = _Front(
                self.metric, self.ends[:, parting], np.minimum(one, two)[parting],
                np.maximum(one, two)[parting], names,
            )  # fmt: skip
        return self._fronts[key]


@dataclass(frozen=True)
class _Front:
    """The pieces that part holders on some days.

    Attributes
    ----------
    first, second : ndarray of int
        The two holders that each piece parts, as positions in `names`, which ascend.
    """

    metric: Metric
    ends: Float
    first: Int
    second: Int
    names: npt.NDArray[Any]

    @cached_property
    def _both(self) -> Int:
        """Number of the pair of holders that each piece parts."""
        return self.first * len(self.names) + self.second

    @cached_property
    def _index(self) -> Nearest:
        return Nearest.build(
            self.ends, self._both, self.metric.plane.extent, shared=False, cells_a_piece=4
        )

    @cached_property
    def _tree(self) -> shapely.STRtree:
        pieces: Any = shapely.linestrings(self.ends.T.reshape(-1, 2, 2))
        return shapely.STRtree(pieces)

    def nearest(self, points: Points, holder: Int) -> tuple[Float, Int]:
        """Signed kilometres, and the number of the pair of holders; see `Lines.nearest`."""
        size = len(holder)
        km, pair = np.full(size, np.nan), np.full(size, -1, dtype=np.int64)
        if not self.ends.shape[1]:
            return km, pair
        unsure = np.arange(size)
        if size > _FEW:  # whatever was asked before: the same points, the same digits
            answer = self._index.find(points.x, points.y)
            piece = answer.piece
            sign = np.where(holder == self.first[piece], 1.0, -1.0)
            fits = (holder == self.first[piece]) | (holder == self.second[piece])
            km = np.where(fits, answer.metres * sign / 1000.0, np.nan)
            pair = np.where(fits, self._both[piece], -1)
            unsure = np.flatnonzero(answer.doubtful)
        if len(unsure):
            km[unsure], pair[unsure] = self._exactly(points[unsure], holder[unsure])
        return km, pair

    def _exactly(self, points: Points, holder: Int) -> tuple[Float, Int]:
        """As `nearest`, by exact geometry."""
        km, pair = np.full(len(holder), np.nan), np.full(len(holder), -1, dtype=np.int64)
        (point, piece), metres = self._tree.query_nearest(
            points.exactly(self.metric), return_distance=True
        )
        mine = holder[point]
        fits = (mine == self.first[piece]) | (mine == self.second[piece])
        point, piece, metres = point[fits], piece[fits], metres[fits]
        # Where three holders meet, the pair that comes first by name is told: it is written last.
        texts = [f"{self.names[self.first[at]]}|{self.names[self.second[at]]}" for at in piece]
        order = np.argsort(np.array(texts), kind="stable")[::-1]
        point, piece, metres = point[order], piece[order], metres[order]
        sign = np.where(holder[point] == self.first[piece], 1.0, -1.0)
        km[point], pair[point] = metres * sign / 1000.0, self._both[piece]
        return km, pair
