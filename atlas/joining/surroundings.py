"""What lies around a point on a day: routes, their state, zones, settlements, borders in reach.

All of it works on positions and spans as arrays. Distances are planar in an azimuthal equidistant
projection centred on the pack: right to about 0.1 % within 500 km of that centre, 0.5 % within
1,000 km, which is far below any precision code of the event datasets.

The answers are those of exact geometry on every point. Most points are decided by
`atlas.joining.nearest`; those it doubts are decided by the geometry itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from atlas.base import crs
from atlas.joining.asof import CellGrid
from atlas.joining.nearest import TOLERANCE_M, Answer, Nearest, Plane

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]

OUTSIDE = "outside"
_EDGE_DEGREES = 0.1
_AROUND_M = 60_000.0  # cells reach this far around an area
_FEW = 20_000  # points for which laying cells would cost more than exact geometry
_BENT_M = 10.0  # a side straight in degrees and one straight in metres lie closer than this

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
    centre : float
        Longitude of that centre, degrees.
    bounds : tuple of float
        West, south, east, north of the pack's ground, degrees.
    """

    definition: str
    centre: float
    bounds: tuple[float, float, float, float]

    @classmethod
    def around(cls, geometries: Any) -> Metric:
        """Centre the projection on the middle of the geometries' box (degrees, EPSG:4326)."""
        flat = np.asarray(geometries, dtype=object)
        flat = flat[~shapely.is_empty(flat)] if len(flat) else flat
        bounds = shapely.total_bounds(flat) if len(flat) else (0.0,) * 4
        west, south, east, north = map(float, bounds)
        centre = round((west + east) / 2, 4)
        return cls(
            f"+proj=aeqd +lat_0={(south + north) / 2:.4f} +lon_0={centre:.4f} "
            "+datum=WGS84 +units=m +no_defs",
            centre,
            (west, south, east, north),
        )

    @cached_property
    def plane(self) -> Plane:
        """The projection made fast around the data."""
        return Plane.build(self.definition, self.centre, self.bounds)

    def geometries(self, shapes: Any) -> Objects:
        """Project shapes from degrees to metres."""
        flat = np.asarray(shapes, dtype=object)
        if not len(flat):
            return flat
        # An edge straight in degrees is bent in metres (by 2 km over 4 degrees at 40 north), so
        # long edges get points in between.
        return self.exactly(shapely.segmentize(flat, _EDGE_DEGREES))

    def exactly(self, shapes: Any) -> Objects:
        """Project shapes from degrees to metres, vertex by vertex."""
        return crs.project(shapes, crs.WGS84, self.definition)

    def points(self, lon: Float, lat: Float) -> Objects:
        """Project points from degrees to metres."""
        return self.exactly(shapely.points(lon, lat))


@dataclass(frozen=True)
class Points:
    """Points in degrees, and in the metres of a projection.

    Attributes
    ----------
    lon, lat : ndarray of float64
        Degrees, EPSG:4326; NaN where unknown.
    x, y : ndarray of float64
        Metres; infinite far from the pack's ground, NaN where unknown.
    """

    lon: Float
    lat: Float
    x: Float
    y: Float

    @classmethod
    def of(cls, metric: Metric, lon: Float, lat: Float) -> Points:
        """Lay points in a projection."""
        return cls(lon, lat, *metric.plane.xy(lon, lat))

    def __getitem__(self, rows: Any) -> Points:
        return Points(self.lon[rows], self.lat[rows], self.x[rows], self.y[rows])

    def exactly(self, metric: Metric) -> Objects:
        """The points as geometries in the projection."""
        return metric.points(self.lon, self.lat)


def pieces_of(lines: Any) -> tuple[Float, Int]:
    """Cut lines into straight pieces.

    Returns
    -------
    ends : ndarray of float64, shape (4, pieces)
        x and y of the start, then of the end.
    line : ndarray of int
        Line of each piece.
    """
    parts, line = shapely.get_parts(np.asarray(lines, dtype=object), return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    inner = part[1:] == part[:-1]
    ends = np.concatenate((xy[:-1][inner].T, xy[1:][inner].T))
    return np.ascontiguousarray(ends), line[part[:-1][inner]].astype(np.int64)


def _grid_of(shape: Any, across: int) -> CellGrid:
    """One polygon laid on cells, of which so many stand along its longer side."""
    west, south, east, north = shapely.bounds(shape)
    step = max(east - west, north - south) / across
    return CellGrid.build(np.array([shape], dtype=object), step=step if step > 0 else 1.0)


class Lists:
    """Lists of numbers, one a row, built by appending a number to many rows at a time.

    Attributes
    ----------
    code : ndarray of int64
        Which of `lists` a row has.
    lists : list of tuple of int
    """

    def __init__(self, size: int) -> None:
        self.code = np.zeros(size, dtype=np.int64)
        self.lists: list[tuple[int, ...]] = [()]

    def append(self, rows: Int, number: int) -> None:
        """Append a number to the lists of some rows."""
        before = self.code[rows]
        longer = np.zeros(len(self.lists), dtype=np.int64)
        for old in np.flatnonzero(np.bincount(before)).tolist():
            longer[old] = len(self.lists)
            self.lists.append((*self.lists[old], number))
        self.code[rows] = longer[before]


@dataclass(frozen=True)
class Borders:
    """The borders of a coverage, to tell which other areas a coordinate's uncertainty reaches."""

    metric: Metric
    names: tuple[str, ...]
    areas: Objects
    shapes: Objects

    @classmethod
    def build(cls, areas: gpd.GeoDataFrame, metric: Metric) -> Borders:
        """Prepare the areas and, as ``outside``, all that none of them covers."""
        plain = areas.geometry.to_numpy()
        shapes = metric.geometries(plain)
        rim = shapely.boundary(shapely.union_all(shapes)) if len(shapes) else shapely.Point()
        with_rim = np.empty(len(shapes) + 1, dtype=object)
        with_rim[:-1], with_rim[-1] = shapes, rim
        return cls(metric, (*areas["id"], OUTSIDE), plain, with_rim)

    @cached_property
    def _indexed(self) -> list[tuple[Nearest, CellGrid | None] | None]:
        """Sides of every shape, and what tells whether a point lies in it; None for no shape."""
        out: list[tuple[Nearest, CellGrid | None] | None] = []
        for number, shape in enumerate(self.shapes):
            rings = shape if number == len(self.areas) else shapely.boundary(shape)
            ends, _ = pieces_of(rings if shapely.get_type_id(rings) > 0 else [rings][:0])
            if not ends.shape[1]:
                out.append(None)
                continue
            one = np.zeros(ends.shape[1], dtype=np.int64)
            grid = _grid_of(self.areas[number], 64) if number < len(self.areas) else None
            west, south, east, north = shapely.bounds(shape)
            box = (west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M)
            out.append((Nearest.build(ends, one, box), grid))
        return out

    def within_reach(self, points: Points, reach_m: Float) -> Lists:
        """Areas closer to each point than its uncertainty, as positions in ``names``.

        Parameters
        ----------
        points : Points
        reach_m : ndarray of float64
            Radius of the uncertainty in metres; NaN or 0 reaches nothing.
        """
        found = Lists(len(reach_m))
        usable = np.flatnonzero((reach_m > 0) & np.isfinite(points.lon) & np.isfinite(points.lat))
        if not len(usable) or not len(self.names) > 1:
            return found
        some, reach = points[usable], reach_m[usable]
        far = np.flatnonzero(np.isinf(some.x) & (reach > self.metric.plane.safe_m))
        if len(far):
            some.x[far], some.y[far] = crs.projected(
                some.lon[far], some.lat[far], self.metric.definition
            )
        shapely.prepare(self.shapes)
        west, east = some.x - reach, some.x + reach
        south, north = some.y - reach, some.y + reach
        for number, box in enumerate(shapely.bounds(self.shapes)):
            index = self._indexed[number]
            if index is None:
                continue
            near = np.flatnonzero(
                (east >= box[0] - TOLERANCE_M)
                & (west <= box[2] + TOLERANCE_M)
                & (north >= box[1] - TOLERANCE_M)
                & (south <= box[3] + TOLERANCE_M)
            )
            sides, grid = index
            here, most = some[near], reach[near]
            answer = sides.find(here.x, here.y, most)
            within = answer.piece >= 0
            # Right at a side it matters whether that is straight in degrees or in metres.
            unsure = answer.doubtful | (~within & (answer.metres < _BENT_M))
            left = np.flatnonzero(~within & ~unsure)
            if grid is not None and len(left):
                within[left] = grid.locate(here.lon[left], here.lat[left]) >= 0
            if unsure.any():
                exact: Any = shapely.dwithin
                within[unsure] = exact(
                    self.shapes[number], here[unsure].exactly(self.metric), most[unsure]
                )
            found.append(usable[near[within]], number)
        return found


def _nearest(
    shapes: Settlements | Routes, points: Points, reach_m: float
) -> tuple[Answer, Int, Objects]:
    """The nearest shape of a tree to each point, and what exact geometry decided: rows, points."""
    tree, size = shapes.tree, len(points.lon)
    index = shapes.index if size > _FEW else None
    if index is None:
        unsure = np.flatnonzero(np.isfinite(points.lon) & np.isfinite(points.lat))
        answer = Answer(
            np.full(size, -1), np.full(size, np.nan), np.zeros(size), np.zeros(size, bool)
        )
    else:
        answer = index.find(points.x, points.y, reach_m)
        unsure = np.flatnonzero(answer.doubtful)
    some = points[unsure]
    exact = some.exactly(shapes.metric)
    if len(unsure):
        point = target = np.empty(0, dtype=np.int64)
        metres = np.empty(0)
        if index is not None:
            point, target, metres = index.exactly(some.x, some.y, exact, tree.geometries)
        far = np.setdiff1d(np.arange(len(unsure)), point)  # outside the cells
        (more, there), further = tree.query_nearest(
            exact[far], max_distance=reach_m, return_distance=True
        )
        point, target = np.append(point, far[more]), np.append(target, there)
        metres = np.append(metres, further)
        order = np.lexsort((target, point))[::-1]  # the first of equally near ones is written last
        order = order[metres[order] <= reach_m]
        answer.piece[unsure] = -1
        answer.piece[unsure[point[order]]] = target[order]
        answer.metres[unsure[point[order]]] = metres[order]
    answer.metres[answer.piece < 0] = np.nan
    return answer, unsure, exact


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

    @cached_property
    def index(self) -> Nearest:
        """The cells in which each settlement can be nearest."""
        xy = shapely.get_coordinates(self.tree.geometries).T
        ends = np.concatenate((xy, xy))
        return Nearest.build(ends, np.arange(xy.shape[1]), self.metric.plane.extent)

    def nearest(self, points: Points, reach_m: float) -> tuple[Int, Float]:
        """Position in ``ids`` of the nearest settlement (-1: none) and metres to it."""
        if not len(self.ids):
            return np.full(len(points.lon), -1, dtype=np.int64), np.full(len(points.lon), np.nan)
        answer, *_ = _nearest(self, points, reach_m)
        return answer.piece, answer.metres


@dataclass(frozen=True)
class Routes:
    """The routes of a pack with their dated states.

    Attributes
    ----------
    ids : ndarray of str
        Roads and railways, ascending.
    projected : ndarray of LineString
        They, in the metric.
    tree : STRtree
        Their straight pieces: a whole line would be measured from end to end each time.
    route_of : ndarray of int
        Route of each piece.
    from_km, to_km : ndarray of float64
        Kilometres along the route at which each piece starts and ends, on the ellipsoid.
    """

    metric: Metric
    ids: Objects
    projected: Objects
    tree: shapely.STRtree
    ends: Float
    route_of: Int
    from_km: Float
    to_km: Float
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
        ends, route = pieces_of(projected)
        here, _ = pieces_of(lines)
        steps = crs.distance_m(*here)
        # What is in parts has no single way along it: its length is that of the parts, planar.
        parted = shapely.get_type_id(projected)[route] != 1
        steps = np.where(parted, np.hypot(ends[2] - ends[0], ends[3] - ends[1]), steps)
        whole = np.cumsum(steps)
        starts = np.flatnonzero(np.concatenate(([True], route[1:] != route[:-1])))[: len(route)]
        before = np.concatenate(([0.0], whole))[starts]
        until = whole - np.repeat(before, np.diff(np.append(starts, len(route))))
        pieces: Any = shapely.linestrings(ends.T.reshape(-1, 2, 2)) if len(route) else ends[0]
        return cls(
            metric,
            chosen["id"].to_numpy(dtype=object),
            projected,
            shapely.STRtree(pieces),
            ends,
            route,
            (until - steps) / 1e3,
            until / 1e3,
            assessed,
        )

    @cached_property
    def index(self) -> Nearest:
        """The cells in which each piece can be nearest."""
        # Each piece for itself: two bends of one route are as far, and not as far along it.
        one = np.arange(len(self.route_of))
        return Nearest.build(self.ends, one, self.metric.plane.extent)

    def nearest(self, points: Points, reach_m: float) -> tuple[Int, Float, Float]:
        """Position in ``ids`` of the nearest route (-1: none), km along it, metres to it."""
        size = len(points.lon)
        if not len(self.route_of):
            return np.full(size, -1, dtype=np.int64), *np.full((2, size), np.nan)
        answer, unsure, exact = _nearest(self, points, reach_m)
        far = answer.piece < 0
        route = self.route_of.take(answer.piece, mode="clip")
        start = self.from_km.take(answer.piece, mode="clip")
        along = self.to_km.take(answer.piece, mode="clip")
        along -= start
        along *= answer.share
        along += start
        route[far] = -1
        along[far] = np.nan
        if len(unsure):
            along[unsure] = self._feet(route[unsure], exact)
        return route, along, answer.metres

    def _along(self, route: Int, points: Points) -> Float:
        """Kilometres along routes, by exact geometry."""
        return self._feet(route, points.exactly(self.metric))

    def _feet(self, route: Int, exact: Objects) -> Float:
        along = np.full(len(route), np.nan)
        for number, rows in _by_number(route):
            mine = np.flatnonzero(self.route_of == number)
            foot = shapely.line_locate_point(self.projected[number], exact[rows])
            steps = np.hypot(*(self.ends[2:, mine] - self.ends[:2, mine]))
            along[rows] = np.interp(
                foot, np.append(0.0, np.cumsum(steps)), np.append(0.0, self.to_km[mine])
            )
        return along

    @cached_property
    def _spoken(self) -> dict[Any, list[Any]]:
        """Episodes by route."""
        columns = ["from_km", "to_km", "status", "start_day", "end_day"]
        if not len(self.episodes):
            return {}
        return {
            key: list(mine[columns].itertuples(index=False, name=None))
            for key, mine in self.episodes.groupby("route_id")
        }

    def status(
        self, route: Int, along_km: Float, start_day: Int, end_day: Int
    ) -> tuple[Int, list[str]]:
        """State of each route at a point of it, on any day of a span.

        Returns
        -------
        code : ndarray of int
            Which of the texts; -1 where there is no route.
        texts : list of str
            Statuses in force, least obstacle first and ``|`` between; ``unknown`` where no
            episode speaks.
        """
        bits = np.zeros(len(route), dtype=np.int64)
        order = {word: position for position, word in enumerate(STATUS_ORDER)}
        for position, rows in _by_number(route):
            if not (mine := self._spoken.get(self.ids[position])):
                continue
            along, begin, stop = along_km[rows], start_day[rows], end_day[rows]
            found = np.zeros(len(rows), dtype=np.int64)
            for low, high, word, start, end in mine:
                hit = (begin < end) & (stop > start)
                if low == low:  # empty kilometres mean the whole route
                    hit &= along >= low
                if high == high:
                    hit &= along <= high
                found[hit] |= 1 << order.get(word, len(STATUS_ORDER) - 1)
            bits[rows] = found
        code, masks = told(bits)
        code[route < 0] = -1
        return code, [
            "|".join(word for place, word in enumerate(STATUS_ORDER) if mask >> place & 1)
            or "unknown"
            for mask in masks
        ]


def _by_number(code: Int) -> Iterator[tuple[int, Int]]:
    """The rows of each number that is not negative, ascending."""
    rows = np.flatnonzero(code >= 0)
    small = code[rows]
    if len(rows) and int(small.max()) < 2**15:
        small = small.astype(np.int16)  # numbers this small are sorted by counting
    order = np.argsort(small, kind="stable")
    small = small[order]
    breaks = np.flatnonzero(small[1:] != small[:-1]) + 1
    for some in np.split(order, breaks) if len(order) else ():
        yield int(code[rows[some[0]]]), rows[some]


def told(bits: Int) -> tuple[Int, list[int]]:
    """Number the different small whole numbers of an array, ascending."""
    masks = np.flatnonzero(np.bincount(bits))
    place = np.zeros(int(masks[-1]) + 1 if len(masks) else 1, dtype=np.int64)
    place[masks] = np.arange(len(masks))
    return place.take(bits), masks.tolist()


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

    @cached_property
    def _grids(self) -> list[CellGrid]:
        return [_grid_of(shape, 128) for shape in self.shapes]

    def holding(
        self, lon: Float, lat: Float, start_day: Int, end_day: Int
    ) -> tuple[Int, list[str]]:
        """Zones around each point on any day of its span.

        Returns
        -------
        code : ndarray of int
            Which of the texts.
        texts : list of str
            Ids with ``|`` between.
        """
        found = Lists(len(lon))
        for number, grid in enumerate(self._grids):
            days = [(start, end) for zone, start, end in self.spans if zone == number]
            west, south, east, north = shapely.bounds(self.shapes[number])
            near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
            begin, stop = start_day[near], end_day[near]
            when = np.zeros(len(near), dtype=bool)
            for start, end in days:
                when |= (begin < end) & (stop > start)
            near = near[when]
            found.append(near[grid.locate(lon[near], lat[near]) >= 0], number)
        return found.code, ["|".join(self.ids[zone] for zone in zones) for zones in found.lists]
