"""How far events lie from the line between holders, and on whose side of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from atlas.base import crs
from atlas.joining.surroundings import Float, Int, Metric

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.joining.asof import Intervals

__all__ = ["Lines"]

_EDGE_DEGREES = 0.1


@dataclass(frozen=True)
class Lines:
    """Borders between the areas of a coverage, of which some part holders on a day.

    Attributes
    ----------
    metric : Metric
        Where distances are measured.
    pieces : ndarray of LineString
        Straight pieces of shared borders, in the metric.
    left, right : ndarray of int
        Positions of the two areas that each piece parts.
    """

    metric: Metric
    pieces: npt.NDArray[np.object_]
    left: Int
    right: Int

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
        flat = crs.project(shapely.segmentize(parts, _EDGE_DEGREES), crs.WGS84, metric.definition)
        xy, part = shapely.get_coordinates(flat, return_index=True)
        within = part[1:] == part[:-1]
        ends = np.stack((xy[:-1][within], xy[1:][within]), axis=1)
        pieces: Any = shapely.linestrings(ends) if len(ends) else np.empty(0, dtype=object)
        of = pair[part[:-1][within]] if len(ends) else np.empty(0, dtype=np.int64)
        return cls(metric, pieces, one[of].astype(np.int64), two[of].astype(np.int64))

    def nearest(
        self,
        lon: Float,
        lat: Float,
        area: npt.NDArray[Any],
        day: npt.NDArray[Any],
        held: Intervals,
        controllers: npt.NDArray[np.object_],
    ) -> tuple[Float, npt.NDArray[np.object_]]:
        """Measure to the nearest line between the land of a point's holder and another's.

        Parameters
        ----------
        lon, lat : ndarray of float64
            Degrees, EPSG:4326.
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
        between : ndarray of str
            The two holders, as ``A|B``; empty where there is no distance.
        """
        km, between = np.full(len(lon), np.nan), np.full(len(lon), "", dtype=object)
        rows = np.flatnonzero(area >= 0)
        if not len(rows) or not len(self.pieces):
            return km, between
        epoch = held.epoch_of(day[rows]).astype(np.int64)
        keys = pd.MultiIndex.from_arrays([epoch, lon[rows], lat[rows]])
        group, seen = keys.factorize()
        first = np.empty(len(seen), dtype=np.int64)
        first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
        answers, pairs = np.full(len(seen), np.nan), np.full(len(seen), "", dtype=object)
        points = self.metric.points(lon[rows[first]], lat[rows[first]])
        for number in np.unique(epoch[first]):
            mine = np.flatnonzero(epoch[first] == number)
            at = rows[first[mine]]
            answers[mine], pairs[mine] = self._on(
                points[mine], area[at], int(day[at[0]]), held, controllers
            )
        km[rows], between[rows] = answers[group], pairs[group]
        return km, between

    def _on(
        self,
        points: npt.NDArray[np.object_],
        area: npt.NDArray[Any],
        day: int,
        held: Intervals,
        controllers: npt.NDArray[np.object_],
    ) -> tuple[Float, npt.NDArray[np.object_]]:
        """As `nearest`, of points of one epoch."""
        km, between = np.full(len(points), np.nan), np.full(len(points), "", dtype=object)
        most = int(max(self.left.max(), self.right.max(), area.max())) + 1
        row = held.at(np.arange(most, dtype=np.int32), np.full(most, day))
        who = np.where(row >= 0, controllers[row], "").astype(object)
        one, two = who[self.left], who[self.right]
        parting = np.flatnonzero((one != two) & (one != "") & (two != ""))
        if not len(parting):
            return km, between
        (point, piece), metres = shapely.STRtree(self.pieces[parting]).query_nearest(
            points, return_distance=True
        )
        one, two, holder = one[parting][piece], two[parting][piece], who[area[point]]
        fits = (holder != "") & ((holder == one) | (holder == two))
        for at, a, b, mine, distance in zip(
            point[fits], one[fits], two[fits], holder[fits], metres[fits], strict=True
        ):
            pair = (min(a, b), max(a, b))
            name = "|".join(pair)
            # Where three holders meet, the pair that comes first by name is told.
            if not between[at] or name < between[at]:
                between[at] = name
                km[at] = distance / 1000.0 if mine == pair[0] else -distance / 1000.0
        return km, between
