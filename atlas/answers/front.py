"""Where the lands of two holders meet on a day: lines made of the borders between areas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from atlas.answers import control
from atlas.base.crs import distance_m, length_km
from atlas.record.pack import Pack, split_list

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["distance_to_front_km", "front"]

_COLUMNS = (
    "controller_1 controller_2 area_ids km certainty uncertainty_m source_ids geometry"
).split()
_SURE = ("certain", "probable", "contested", "unknown")


def front(pack: Pack, day: int, *, according_to: str | None = None) -> gpd.GeoDataFrame:
    """Give the lines between the lands of different holders on a day.

    Parameters
    ----------
    pack : Pack
        The record.
    day : int
        Day number.
    according_to : str, optional
        Party id: its claims in place of the assessment.

    Returns
    -------
    GeoDataFrame
        One row a pair of holders: `controller_1, controller_2` (by name of the party, ascending),
        `area_ids` (those that meet there), `km` (geodesic), `certainty` (the least of the areas'),
        `uncertainty_m` (the largest of their outlines'), `source_ids, geometry` (lines, WGS 84).
        Borders of areas are drawn before the question, so a line of contact that ran through an
        area is not told more finely than its areas are.

    Raises
    ------
    NotFoundError
        If the pack has no such party.
    InputError
        If the day lies before the pack's period.
    """
    import geopandas as gpd

    held = control.at(pack, day, according_to=according_to)
    shapes = held.geometry.to_numpy()
    outlines = shapely.boundary(shapes)
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    who = held["controller"].astype(str).to_numpy()
    apart = (one < two) & (who[one] != who[two])
    one, two = one[apart], two[apart]
    shared = shapely.intersection(outlines[one], outlines[two])
    doubt = pack.areas.set_index("id")["uncertainty_m"]
    pairs: dict[tuple[str, str], list[int]] = {}
    for at in np.flatnonzero(shapely.length(shared) > 0):
        first, second = sorted((who[one[at]], who[two[at]]))
        pairs.setdefault((first, second), []).append(int(at))
    rows: list[dict[str, Any]] = []
    for (first, second), found in sorted(pairs.items()):
        areas = held.iloc[sorted({int(n) for at in found for n in (one[at], two[at])})]
        parts = shapely.get_parts(shapely.union_all(shared[found]))
        line = shapely.line_merge(
            shapely.union_all(parts[np.isin(shapely.get_type_id(parts), (1, 5))])
        )
        rows.append(
            {
                "controller_1": first,
                "controller_2": second,
                "area_ids": "|".join(areas["area_id"]),
                "km": math.fsum(length_km(part) for part in shapely.get_parts(line)),
                "certainty": max(areas["certainty"], key=_SURE.index),
                "uncertainty_m": float(doubt[areas["area_id"]].max()),
                "source_ids": "|".join(
                    dict.fromkeys(key for cell in areas["source_ids"] for key in split_list(cell))
                ),
                "geometry": line,
            }
        )
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=pack.areas.crs)


def distance_to_front_km(
    line: gpd.GeoDataFrame, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Measure how far points lie from the line, in km.

    Parameters
    ----------
    line : GeoDataFrame
        As `front` gives it.
    lon, lat : array of float
        Degrees, EPSG:4326.

    Returns
    -------
    array of float
        NaN where there is no line, or no point.

    Notes
    -----
    The nearest point is found in degrees with longitudes shortened to the middle latitude of the
    line, and measured on the ellipsoid.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    out = np.full(len(lon), np.nan)
    known = np.isfinite(lon) & np.isfinite(lat)
    if line.empty or not known.any():
        return out
    whole = shapely.union_all(line.geometry.to_numpy())
    squeeze = float(np.cos(np.radians(np.mean(shapely.get_coordinates(whole)[:, 1]))))
    flat = shapely.transform(whole, lambda at: at * np.array([squeeze, 1.0]))
    points = shapely.points(lon[known] * squeeze, lat[known])
    nearest = shapely.get_point(shapely.shortest_line(points, flat), 1)
    x, y = shapely.get_x(nearest) / squeeze, shapely.get_y(nearest)
    out[known] = distance_m(lon[known], lat[known], x, y) / 1000.0
    return out
