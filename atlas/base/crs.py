"""Coordinate reference systems: the only EPSG codes, and the only measuring, in the project.

Everything is stored in WGS 84 longitude and latitude. Areas are measured in a global equal-area
projection, lengths and distances on the ellipsoid; nothing is ever measured in degrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Geod, Proj, Transformer

from atlas.base.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "AREA_METHOD",
    "WGS84",
    "area_km2",
    "area_range_km2",
    "buffer_m",
    "distance_m",
    "length_km",
    "locate_km",
    "point_at_km",
    "project",
    "projected",
    "require_crs",
    "substring_km",
]

WGS84 = "EPSG:4326"
EQUAL_AREA = "EPSG:6933"
AREA_METHOD = "planar area in EPSG:6933 (NSIDC EASE-Grid 2.0 Global, cylindrical equal-area)"

_GEOD = Geod(ellps="WGS84")

Geometries = Any


def require_crs(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame in WGS 84.

    Parameters
    ----------
    frame : GeoDataFrame
        With a CRS set.

    Raises
    ------
    InputError
        If the frame has no CRS: guessing one would move every point quietly.
    """
    if frame.crs is None:
        raise InputError("the layer has no CRS; set it, e.g. frame.set_crs('EPSG:4326')")
    return frame if frame.crs == CRS.from_user_input(WGS84) else frame.to_crs(WGS84)


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project(geometries: Geometries, source: str, target: str) -> npt.NDArray[np.object_]:
    """Reproject an array of geometries; longitude or easting first on both sides."""
    transformer = _transformer(source, target)

    def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    moved: npt.NDArray[np.object_] = shapely.transform(np.asarray(geometries, dtype=object), move)
    return moved


def projected(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], target: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Reproject points from WGS 84, as arrays of longitude and latitude in degrees."""
    x, y = _transformer(WGS84, target).transform(lon, lat)
    return x, y


def area_km2(geometries: Geometries) -> npt.NDArray[np.float64]:
    """Measure areas on an equal-area projection.

    Parameters
    ----------
    geometries : sequence of polygons
        In WGS 84.

    Returns
    -------
    array of float
        Square kilometres, to ten digits: the rest hangs on the version of PROJ.

    Notes
    -----
    Method: planar area in EPSG:6933 (NSIDC EASE-Grid 2.0 Global). Edges are straight in that
    projection; for edges of a few kilometres the difference from a geodesic edge is below a
    millionth of the area.
    """
    flat = np.atleast_1d(np.asarray(geometries, dtype=object))
    areas: npt.NDArray[np.float64] = shapely.area(project(flat, WGS84, EQUAL_AREA)) / 1e6
    scale = 10.0 ** (9 - np.floor(np.log10(np.where(areas > 0, areas, 1.0))))
    return np.round(areas * scale) / scale


def length_km(geometry: BaseGeometry) -> float:
    """Measure a line on the WGS 84 ellipsoid, in kilometres."""
    return float(_GEOD.geometry_length(geometry)) / 1000.0


def area_range_km2(geometry: BaseGeometry, uncertainty_m: float) -> tuple[float, float]:
    """Give the least and the greatest area that a boundary's uncertainty allows.

    Parameters
    ----------
    geometry : polygon
        In WGS 84.
    uncertainty_m : float
        Half-width of the band in which the true boundary lies, in metres.

    Returns
    -------
    tuple of float
        Square kilometres of the shape eroded and grown by that distance.
    """
    low, high = area_km2(_buffered(geometry, [-uncertainty_m, uncertainty_m]))
    return float(low), float(high)


def _local(geometry: BaseGeometry) -> Proj:
    """Metres around a shape: a projection alone, which is made sooner than a transformer."""
    centre = geometry.centroid
    return Proj(
        f"+proj=aeqd +lat_0={centre.y:.4f} +lon_0={centre.x:.4f} +datum=WGS84 +units=m +no_defs"
    )


def buffer_m(geometry: BaseGeometry, metres: float) -> BaseGeometry:
    """Grow (or, if negative, shrink) a shape by metres.

    Notes
    -----
    Method: azimuthal equidistant projection centred on the shape; distances are right to better
    than 0.1 % within some 300 km of the centre.
    """
    found: BaseGeometry = _buffered(geometry, [metres])[0]
    return found


def _buffered(geometry: BaseGeometry, metres: Sequence[float]) -> npt.NDArray[np.object_]:
    """A shape grown by each of several distances, as `buffer_m` grows it."""
    if geometry.is_empty:
        return np.array([geometry] * len(metres), dtype=object)
    local = _local(geometry)

    def move(points: npt.NDArray[np.float64], *, back: bool) -> npt.NDArray[np.float64]:
        return np.column_stack(local(points[:, 0], points[:, 1], inverse=back))

    moved = shapely.transform(geometry, lambda points: move(points, back=False))
    grown = shapely.buffer(moved, np.asarray(metres, dtype=np.float64))
    found: npt.NDArray[np.object_] = shapely.transform(
        grown, lambda points: move(points, back=True)
    )
    return found


def distance_m(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Geodesic distance between points, in metres; arrays are broadcast."""
    a, b, c, d = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (lon1, lat1, lon2, lat2))
    )
    metres = _GEOD.inv(a.ravel(), b.ravel(), c.ravel(), d.ravel())[2]
    return np.asarray(metres, dtype=np.float64).reshape(a.shape)


def _cumulative_km(line: BaseGeometry) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    points = shapely.get_coordinates(line)
    steps = distance_m(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1]) / 1000.0
    return points, np.concatenate([[0.0], np.cumsum(steps)])


def point_at_km(line: BaseGeometry, km: float) -> tuple[float, float]:
    """Longitude and latitude of the point a number of kilometres along a line.

    Notes
    -----
    Linear referencing after ISO 19148: absolute, in kilometres from the line's first point.
    Outside the line the nearer end is given.
    """
    points, along = _cumulative_km(line)
    return (
        float(np.interp(km, along, points[:, 0])),
        float(np.interp(km, along, points[:, 1])),
    )


def substring_km(line: BaseGeometry, from_km: float, to_km: float) -> BaseGeometry:
    """Cut the part of a line between two distances along it, in kilometres."""
    points, along = _cumulative_km(line)
    inner = points[(along > from_km) & (along < to_km)]
    ends = [point_at_km(line, from_km), point_at_km(line, to_km)]
    return shapely.LineString(np.vstack([ends[:1], inner, ends[1:]]))


def locate_km(line: BaseGeometry, lon: float, lat: float) -> tuple[float, float]:
    """Find the foot of a point on a line.

    Returns
    -------
    tuple of float
        Kilometres along the line, and metres between the point and the line.
    """
    points, along = _cumulative_km(line)
    scale = np.array([np.cos(np.radians(lat)), 1.0])
    a, b = points[:-1] * scale, points[1:] * scale
    p = np.array([lon, lat]) * scale
    step = b - a
    square = np.maximum((step**2).sum(axis=1), 1e-300)
    t = np.clip(((p - a) * step).sum(axis=1) / square, 0.0, 1.0)
    feet = a + t[:, None] * step
    best = int(((feet - p) ** 2).sum(axis=1).argmin())
    km = along[best] + t[best] * (along[best + 1] - along[best])
    foot = feet[best] / scale
    return float(km), float(distance_m(lon, lat, foot[0], foot[1]))
