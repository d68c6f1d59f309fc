"""Random coverages and control histories, for tests and benchmarks of the join."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.base.timespan import OPEN_END, OPEN_START

BOX = (44.0, 38.5, 48.0, 41.5)


def coverage(seed: int, areas: int = 20, *, vertices: int = 1) -> gpd.GeoDataFrame:
    """Cut a box into areas that share their borders vertex by vertex.

    Parameters
    ----------
    seed, areas : int
        Same seed, same coverage.
    vertices : int
        Points on each border; more than one makes it wind.
    """
    rng = np.random.default_rng(seed)
    west, south, east, north = BOX
    seeds = shapely.MultiPoint(
        np.column_stack((rng.uniform(west, east, areas), rng.uniform(south, north, areas)))
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds))
    cells = shapely.set_precision(
        shapely.intersection(cells, shapely.box(west, south, east, north)), 1e-5
    )
    cells = cells[shapely.area(cells) > 0]
    if vertices > 1:
        lines = shapely.segmentize(shapely.node(shapely.union_all(shapely.boundary(cells))), 0.02)

        def wind(xy: np.ndarray) -> np.ndarray:
            return xy + 0.01 * np.sin(xy[:, ::-1] * 70)

        lines = shapely.transform(lines, wind)
        cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    ids = [f"a{number:03d}" for number in range(len(cells))]
    return gpd.GeoDataFrame({"id": ids}, geometry=list(cells), crs="EPSG:4326")


def history(seed: int, areas: gpd.GeoDataFrame, changes: int = 4) -> pd.DataFrame:
    """Give every area holders from the open start to the open end."""
    rng = np.random.default_rng(seed + 1)
    rows = []
    for area in areas["id"]:
        days = np.sort(rng.choice(np.arange(7000, 19000), rng.integers(0, changes + 1), False))
        bounds = [OPEN_START, *map(int, days), OPEN_END]
        for start, end in pairwise(bounds):
            rows.append((area, str(rng.choice(["AM", "AZ", "NK"])), start, end))
    frame = pd.DataFrame(rows, columns=["area_id", "controller", "start_day", "end_day"])
    frame.insert(0, "id", [f"c{number:04d}" for number in range(1, len(frame) + 1)])
    return frame.assign(
        control_type="de_facto", certainty="certain", asserted_by="", source_ids="s1"
    )
