"""What lies around a dated point: routes, mandate zones, settlements, borders within reach.

All of it works on positions and spans as arrays. Distances are planar in an azimuthal equidistant
projection centred on the pack: right to about 0.1 % within 500 km of that centre, 0.5 % within
1,000 km, which is far below any precision code of the event datasets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from atlas.base import crs

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]

OUTSIDE = "outside"
_EDGE_DEGREES = 0.1

# Least to most of an obstacle; the order in which several at once are written.
STATUS_ORDER = (
    "open",
    "checkpoint",
    "restricted",
    "humanitarian_only",
    "blocked",
    "closed",
    "destroyed",
    "under_construction",
    "planned",
    "unknown",
)


@dataclass(frozen=True)
class Metric:
    """A local projection in metres.

    Attributes
    ----------
    definition : str
        PROJ definition, centred on the data.
    """

    definition: str

    @classmethod
    def around(cls, geometries: Any) -> Metric:
        """Centre the projection on the middle of the geometries' box (degrees, EPSG:4326)."""
        flat = np.asarray(geometries, dtype=object)
        flat = flat[~shapely.is_empty(flat)] if len(flat) else flat
        west, south, east, north = shapely.total_bounds(flat) if len(flat) else (0.0,) * 4
        return cls(
            f"+proj=aeqd +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} "
            "+datum=WGS84 +units=m +no_defs"
        )

    def geometries(self, shapes: Any) -> Objects:
        """Project shapes from degrees to metres."""
        flat = np.asarray(shapes, dtype=object)
        if not len(flat):
            return flat
        # An edge straight in degrees is bent in metres (by 2 km over 4 degrees at 40 north), so
        # long edges get points in between.
        return crs.project(shapely.segmentize(flat, _EDGE_DEGREES), crs.WGS84, self.definition)

    def exactly(self, shapes: Any) -> Objects:
        """Project shapes from degrees to metres, vertex by vertex."""
        return crs.project(shapes, crs.WGS84, self.definition)

    def points(self, lon: Float, lat: Float) -> Objects:
        """Project points from degrees to metres."""
        return crs.project(shapely.points(lon, lat), crs.WGS84, self.definition)


def unique_positions(lon: Float, lat: Float, *more: Float) -> tuple[Int, Int]:
    """Find distinct positions, since event datasets repeat a town's point many times.

    Returns
    -------
    first, group : ndarray of int
        Row where each distinct position is first met, and the distinct position of every row.
    """
    import pandas as pd

    group, seen = pd.factorize(lon + 1j * lat, use_na_sentinel=False)
    for values in more:
        other, levels = pd.factorize(values, use_na_sentinel=False)
        group, seen = pd.factorize(group.astype(np.int64) * len(levels) + other)
    first = np.empty(len(seen), dtype=np.int64)
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    return first, group.astype(np.int64)


@dataclass(frozen=True)
class Borders:
    """The borders of a coverage, to tell which other areas a coordinate's uncertainty reaches."""

    metric: Metric
    names: tuple[str, ...]
    shapes: Objects

    @classmethod
    def build(cls, areas: gpd.GeoDataFrame, metric: Metric) -> Borders:
        """Prepare the areas and, as ``outside``, all that none of them covers."""
        shapes = metric.geometries(areas.geometry.to_numpy())
        rim = shapely.boundary(shapely.union_all(shapes)) if len(shapes) else shapely.Point()
        with_rim = np.empty(len(shapes) + 1, dtype=object)
        with_rim[:-1], with_rim[-1] = shapes, rim
        return cls(metric, (*areas["id"], OUTSIDE), with_rim)

    def within_reach(self, lon: Float, lat: Float, reach_m: Float) -> list[tuple[int, ...]]:
        """Areas closer to each point than its uncertainty, as positions in ``names``.

        Parameters
        ----------
        lon, lat : ndarray of float64
            Degrees, EPSG:4326.
        reach_m : ndarray of float64
            Radius of the uncertainty in metres; NaN or 0 reaches nothing.

        Returns
        -------
        list of tuple of int
            Empty where only the area the point lies in is within reach.
        """
        found: list[list[int]] = [[] for _ in range(len(lon))]
        usable = np.flatnonzero((reach_m > 0) & np.isfinite(lon) & np.isfinite(lat))
        if not len(usable) or not len(self.names) > 1:
            return [()] * len(lon)
        points = self.metric.points(lon[usable], lat[usable])
        x, y, reach = shapely.get_x(points), shapely.get_y(points), reach_m[usable]
        shapely.prepare(self.shapes)
        for position, (shape, box) in enumerate(
            zip(self.shapes, shapely.bounds(self.shapes), strict=True)
        ):
            near = np.flatnonzero(
                (x + reach >= box[0])
                & (x - reach <= box[2])
                & (y + reach >= box[1])
                & (y - reach <= box[3])
            )
            within: Any = shapely.dwithin
            for at in near[within(shape, points[near], reach[near])]:
                found[usable[at]].append(position)
        # The point's own area alone is no doubt; two areas, or one and the outside, are.
        return [tuple(hits) if len(hits) > 1 else () for hits in found]


@dataclass(frozen=True)
class Settlements:
    """The settlements of a pack, for the nearest one to a point."""

    metric: Metric
    ids: Objects
    tree: shapely.STRtree

    @classmethod
    def build(cls, places: gpd.GeoDataFrame, metric: Metric) -> Settlements:
        """Index the places of kind ``settlement``, by id."""
        chosen = places[places["kind"] == "settlement"].sort_values("id")
        chosen = chosen[~(chosen.geometry.is_empty | chosen.geometry.isna())]
        points = metric.geometries(chosen.geometry.to_numpy())
        return cls(metric, chosen["id"].to_numpy(dtype=object), shapely.STRtree(points))

    def nearest(self, lon: Float, lat: Float, reach_m: float) -> tuple[Int, Float]:
        """Position in ``ids`` of the nearest settlement (-1: none) and metres to it."""
        return _nearest(self.tree, self.metric, lon, lat, reach_m)


@dataclass(frozen=True)
class Routes:
    """The routes of a pack with their dated states."""

    metric: Metric
    ids: Objects
    lines: Objects
    projected: Objects
    tree: shapely.STRtree
    route_of: Int
    episodes: pd.DataFrame

    @classmethod
    def build(cls, routes: gpd.GeoDataFrame, episodes: pd.DataFrame, metric: Metric) -> Routes:
        """Index roads and railways by id.

        An air link or a pipeline says nothing about getting through on the ground, and an episode
        that only a party asserts does not set a status.
        """
        chosen = routes.sort_values("id")
        if "mode" in chosen:
            chosen = chosen[chosen["mode"].isin(["road", "rail"])]
        chosen = chosen[~(chosen.geometry.is_empty | chosen.geometry.isna())]
        lines = shapely.segmentize(chosen.geometry.to_numpy(), _EDGE_DEGREES)
        assessed = episodes[episodes["asserted_by"] == ""] if len(episodes) else episodes
        projected = metric.exactly(lines)
        # The tree holds single segments: a whole line would be measured from end to end each time.
        parts, route = shapely.get_parts(projected, return_index=True)
        xy, part = shapely.get_coordinates(parts, return_index=True)
        inner = part[1:] == part[:-1]
        pieces: Any = shapely.linestrings(np.stack((xy[:-1][inner], xy[1:][inner]), axis=1))
        return cls(
            metric,
            chosen["id"].to_numpy(dtype=object),
            lines,
            projected,
            shapely.STRtree(pieces),
            route[part[:-1][inner]].astype(np.int64),
            assessed,
        )

    def nearest(self, lon: Float, lat: Float, reach_m: float) -> tuple[Int, Float, Float]:
        """Position in ``ids`` of the nearest route (-1: none), km along it, metres to it."""
        piece, distance = _nearest(self.tree, self.metric, lon, lat, reach_m)
        route = np.full(len(lon), -1, dtype=np.int64)
        route[piece >= 0] = self.route_of[piece[piece >= 0]]
        along = np.full(len(lon), np.nan)
        for position in np.unique(route[route >= 0]):
            rows = np.flatnonzero(route == position)
            line = self.projected[position]
            foot = shapely.line_locate_point(line, self.metric.points(lon[rows], lat[rows]))
            if shapely.get_type_id(line) != 1:
                along[rows] = foot / 1000.0
                continue
            # Planar metres along the projected line, re-read as geodesic kilometres.
            planar = _cumulative(shapely.get_coordinates(line))
            here = shapely.get_coordinates(self.lines[position])
            steps = crs.distance_m(here[:-1, 0], here[:-1, 1], here[1:, 0], here[1:, 1])
            along[rows] = np.interp(foot, planar, np.concatenate(([0.0], np.cumsum(steps)))) / 1e3
        return route, along, distance

    def status(self, route: Int, along_km: Float, start_day: Int, end_day: Int) -> Objects:
        """State of each route at a point of it, on any day of a span.

        Returns
        -------
        ndarray of str
            Statuses in force, least obstacle first and ``|`` between; ``unknown`` where no
            episode speaks, ``''`` where there is no route.
        """
        bits = np.zeros(len(route), dtype=np.int64)
        order = {word: position for position, word in enumerate(STATUS_ORDER)}
        by_route = dict(tuple(self.episodes.groupby("route_id"))) if len(self.episodes) else {}
        for position in np.unique(route[route >= 0]):
            if (mine := by_route.get(self.ids[position])) is None:
                continue
            rows = np.flatnonzero(route == position)
            along, begin, stop = along_km[rows], start_day[rows], end_day[rows]
            columns = ("from_km", "to_km", "status", "start_day", "end_day")
            for low, high, word, start, end in zip(*(mine[key] for key in columns), strict=True):
                hit = (begin < end) & (stop > start)
                if low == low:  # empty kilometres mean the whole route
                    hit &= along >= low
                if high == high:
                    hit &= along <= high
                bits[rows[hit]] |= 1 << order.get(word, len(STATUS_ORDER) - 1)
        return _words(bits, STATUS_ORDER, empty="unknown", blank=route < 0)


@dataclass(frozen=True)
class Zones:
    """The polygons in which a peacekeeping or observation mandate was deployed, with their days."""

    ids: tuple[str, ...]
    shapes: Objects
    spans: tuple[tuple[int, int, int], ...]

    @classmethod
    def build(cls, zones: gpd.GeoDataFrame, deployed: pd.DataFrame) -> Zones:
        """Pair zones with deployments.

        Parameters
        ----------
        zones : GeoDataFrame
            id, geometry, start_day, end_day. Points (posts, headquarters) contain no event and
            are left out.
        deployed : DataFrame
            zone_id, start_day, end_day of each deployment.
        """
        area = zones[zones.geometry.geom_type.isin(["Polygon", "MultiPolygon"])].sort_values("id")
        ids = tuple(area["id"])
        where = {key: position for position, key in enumerate(ids)}
        spans = set()
        limits = list(zip(area["start_day"], area["end_day"], strict=True))
        for key, start, end in zip(
            deployed["zone_id"], deployed["start_day"], deployed["end_day"], strict=True
        ):
            if key in where:
                low, high = limits[where[key]]
                if max(start, low) < min(end, high):
                    spans.add((where[key], int(max(start, low)), int(min(end, high))))
        return cls(ids, area.geometry.to_numpy(), tuple(sorted(spans)))

    def holding(self, lon: Float, lat: Float, start_day: Int, end_day: Int) -> Objects:
        """Zones around each point on any day of its span, ids with ``|`` between."""
        lists: list[tuple[str, ...]] = [()]
        code = np.zeros(len(lon), dtype=np.int64)
        shapely.prepare(self.shapes)
        bounds = shapely.bounds(self.shapes) if len(self.shapes) else np.empty((0, 4))
        for position, (shape, box) in enumerate(zip(self.shapes, bounds, strict=True)):
            near = np.flatnonzero(
                (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
            )
            when = np.zeros(len(near), dtype=bool)
            for zone, start, end in self.spans:
                if zone == position:
                    when |= (start_day[near] < end) & (end_day[near] > start)
            near = near[when]
            inside = near[shapely.intersects_xy(shape, lon[near], lat[near])]
            before = code[inside]
            for old in np.unique(before).tolist():
                code[inside[before == old]] = len(lists)
                lists.append((*lists[old], self.ids[position]))
        texts = np.array(["|".join(ids) for ids in lists], dtype=object)
        out: Objects = texts[code]
        return out


def _cumulative(xy: Float) -> Float:
    steps = np.hypot(*(xy[1:] - xy[:-1]).T)
    return np.concatenate(([0.0], np.cumsum(steps)))


def _nearest(
    tree: shapely.STRtree, metric: Metric, lon: Float, lat: Float, reach_m: float
) -> tuple[Int, Float]:
    found = np.full(len(lon), -1, dtype=np.int64)
    distance = np.full(len(lon), np.nan)
    rows = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(rows) or not len(tree.geometries):
        return found, distance
    (point, target), metres = tree.query_nearest(
        metric.points(lon[rows], lat[rows]), max_distance=reach_m, return_distance=True
    )
    # Equally near ones come in no order: the lowest id is taken.
    order = np.lexsort((target, point))
    point, target, metres = point[order], target[order], metres[order]
    first = np.concatenate(([True], point[1:] != point[:-1])) if len(point) else np.empty(0, bool)
    found[rows[point[first]]] = target[first]
    distance[rows[point[first]]] = metres[first]
    return found, distance


def _words(bits: Int, words: Sequence[str], *, empty: str, blank: npt.NDArray[np.bool_]) -> Objects:
    out = np.empty(len(bits), dtype=object)
    spell: Callable[[int], str] = lambda mask: (  # noqa: E731
        "|".join(word for place, word in enumerate(words) if mask >> place & 1) or empty
    )
    for mask in np.unique(bits):
        out[bits == mask] = spell(int(mask))
    out[blank] = ""
    return out
