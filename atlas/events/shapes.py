"""Any geometry as a point and the radius that covers it, in WGS 84."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from atlas.base import crs
from atlas.base.errors import InputError
from atlas.base.notes import Notes

__all__ = ["cover", "in_degrees"]

Float = npt.NDArray[np.float64]


def cover(shapes: npt.NDArray[Any]) -> tuple[Float, Float, Float]:
    """Middle of each geometry, and the distance from it to its farthest point.

    Parameters
    ----------
    shapes : array of geometries
        In WGS 84; None and empty ones have no middle.

    Returns
    -------
    lon, lat, radius : array of float
        Degrees, and metres; the radius of a point is NaN, as it says nothing about its doubt.

    Notes
    -----
    Method: the middle of the box around it, across the antimeridian where that is nearer, and the
    longest geodesic distance on the WGS 84 ellipsoid from it to a vertex.
    """
    import shapely

    size = len(shapes)
    lon, lat, radius = (np.full(size, np.nan) for _ in range(3))
    kind = shapely.get_type_id(shapes)
    counts = shapely.get_num_coordinates(shapes)
    single = (kind == 0) & (counts == 1)
    lon[single], lat[single] = shapely.get_x(shapes[single]), shapely.get_y(shapes[single])
    others = np.flatnonzero(~single & (counts > 0))
    if not len(others):
        return lon, lat, radius
    points, owner = shapely.get_coordinates(shapes[others], return_index=True)
    west, east = _extent(points[:, 0], owner, len(others))
    # A shape wider than half the world is taken to lie across the antimeridian.
    wide = (east - west) > 180
    turned = np.where(wide[owner] & (points[:, 0] < 0), points[:, 0] + 360, points[:, 0])
    west, east = _extent(turned, owner, len(others))
    south, north = _extent(points[:, 1], owner, len(others))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    with np.errstate(invalid="ignore"):
        far = np.full(len(others), 0.0)
        good = np.isfinite(points).all(axis=1) & (np.abs(points[:, 1]) <= 90)
        metres = crs.distance_m(
            middle_x[owner][good],
            np.clip(middle_y[owner][good], -90, 90),
            turned[good],
            points[good, 1],
        )
        np.maximum.at(far, owner[good], metres)
    lon[others] = np.where(middle_x > 180, middle_x - 360, middle_x)
    lat[others] = middle_y
    broken = np.zeros(len(others), dtype=bool)
    np.logical_or.at(broken, owner, ~np.isfinite(points).all(axis=1))
    lon[others[broken]] = np.inf
    radius[others] = np.where(far > 0, far, np.nan)
    return lon, lat, radius


def _extent(values: Float, owner: Any, size: int) -> tuple[Float, Float]:
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, owner, values)
    np.maximum.at(high, owner, values)
    return low, high


def in_degrees(shapes: npt.NDArray[Any], system: Any, name: str, notes: Notes) -> npt.NDArray[Any]:
    """Geometries of any coordinate system in WGS 84.

    Parameters
    ----------
    shapes : array of geometries
    system : anything pyproj takes, or None
        None is taken as degrees, and said, if the numbers can be degrees.

    Raises
    ------
    InputError
        If the system is unknown, or not given where the numbers are no degrees.
    """
    import shapely
    from pyproj import CRS
    from pyproj.exceptions import CRSError, ProjError

    if system is None:
        west, south, east, north = shapely.total_bounds(shapes) if len(shapes) else [np.nan] * 4
        if np.isfinite(west) and (west < -180.5 or east > 360.5 or south < -90.5 or north > 90.5):
            raise InputError(
                f"{name} names no coordinate system and its numbers are no degrees "
                f"(x from {west:.6g} to {east:.6g}); set it, e.g. frame.set_crs(...)"
            )
        if np.isfinite(west):
            notes.say("positions: no coordinate system is named, so they are taken as WGS 84")
        return shapes
    try:
        known = CRS.from_user_input(system)
        if known == CRS.from_epsg(4326) or known.equals(
            CRS.from_epsg(4326), ignore_axis_order=True
        ):
            return shapes
        moved = crs.project(shapes, known.to_wkt(), crs.WGS84)
    except (CRSError, ProjError, TypeError, ValueError, RuntimeError):
        raise InputError(
            f"{name} is in a coordinate system that is not known: {str(system)[:80]!r}"
        ) from None
    notes.say(f"positions: reprojected from {known.name}")
    return moved
