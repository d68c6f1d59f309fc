"""The fast way to the nearest route, settlement and line gives the answers of plain geometry."""

from __future__ import annotations

from unittest.mock import patch

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.joining import lines as fronts
from atlas.joining import surroundings
from atlas.joining.asof import Intervals
from atlas.joining.lines import Lines
from atlas.joining.nearest import Plane
from atlas.joining.surroundings import Borders, Metric, Points, Routes, Settlements
from tests.joining.coverages import BOX, coverage, history

WEST, SOUTH, EAST, NORTH = BOX
FAR = [[180.0, 40.0], [-180.0, 40.0], [0.0, 0.0], [46.0, 90.0], [np.nan, 40.0], [np.nan, np.nan]]
seeds = settings(max_examples=4, deadline=None)
# Few points are decided by exact geometry; of none are there too many, or of any.
few = st.sampled_from([0, 10_000])


def ground(seed: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Areas, winding routes of which some meet in towns, and towns of which two share a point."""
    rng = np.random.default_rng(seed)
    towns = np.column_stack((rng.uniform(WEST, EAST, 40), rng.uniform(SOUTH, NORTH, 40)))
    towns[7] = towns[3]
    places = gpd.GeoDataFrame(
        {"id": [f"p{number:02d}" for number in range(40)], "kind": "settlement"},
        geometry=shapely.points([*towns[:-1], [-74.0, 40.7]]), crs="EPSG:4326",
    )  # fmt: skip
    lines = []
    for _ in range(12):
        stops = towns[rng.choice(39, 4, replace=False)]
        way = shapely.get_coordinates(shapely.segmentize(shapely.LineString(stops), 0.3))
        way[1:-1] += rng.normal(0, 0.02, (len(way) - 2, 2)) * (rng.random((len(way) - 2, 1)) < 0.7)
        lines.append(shapely.LineString(way))
    routes = gpd.GeoDataFrame(
        {"id": [f"r{number:02d}" for number in range(12)], "mode": "road"},
        geometry=lines, crs="EPSG:4326",
    )  # fmt: skip
    return coverage(seed, 8), places, routes


def positions(seed: int, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Anywhere, at corners, along sides and a little off, near ties between them, and far off."""
    rng = np.random.default_rng(seed + 1)
    corners = shapely.get_coordinates(shapes)
    some = corners[rng.integers(0, len(corners), 50)]
    other = corners[rng.integers(0, len(corners), 50)]
    anywhere = np.column_stack(
        (rng.uniform(WEST - 0.5, EAST + 0.5, 100), rng.uniform(SOUTH - 0.5, NORTH + 0.5, 100))
    )
    near = some + rng.normal(0, 1e-3, (50, 2))
    hardly = some + rng.normal(0, 1e-8, (50, 2))
    xy = np.concatenate((anywhere, some, near, hardly, (some + other) / 2, FAR))
    return np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])


def plainly(metric: Metric, shapes: np.ndarray, lon: np.ndarray, lat: np.ndarray, reach: float):
    """Every distance to every shape, and the first of the nearest within reach."""
    known = np.isfinite(lon) & np.isfinite(lat)
    far = np.full((len(lon), len(shapes)), np.inf)
    far[known] = shapely.distance(metric.points(lon[known], lat[known])[:, None], shapes[None, :])
    best, metres = far.argmin(axis=1), far.min(axis=1)
    none = metres > reach
    return np.where(none, -1, best), np.where(none, np.nan, metres)


@seeds
@given(st.integers(0, 10_000), st.sampled_from([10_000.0, 50_000.0, 1e9]), few)
def test_settlements_and_routes_are_those_of_plain_geometry(seed, reach, few):
    with patch.object(surroundings, "_FEW", few):
        check_nearest(seed, reach)


def check_nearest(seed, reach):
    areas, places, routes = ground(seed)
    metric = Metric.around(areas.geometry.to_numpy())
    lon, lat = positions(seed, np.append(places.geometry.to_numpy(), routes.geometry.to_numpy()))
    points = Points.of(metric, lon, lat)

    found, metres = Settlements.build(places, metric).nearest(points, reach)
    shapes = metric.geometries(places.geometry.to_numpy())
    wanted, plain = plainly(metric, shapes, lon, lat, reach)
    assert found.tolist() == wanted.tolist()
    assert metres == pytest.approx(plain, abs=1e-3, nan_ok=True)

    built = Routes.build(routes, pd.DataFrame(), metric)
    found, along, metres = built.nearest(points, reach)
    wanted, plain = plainly(metric, built.projected, lon, lat, reach)
    assert found.tolist() == wanted.tolist()
    assert metres == pytest.approx(plain, abs=1e-3, nan_ok=True)
    assert along == pytest.approx(built._along(wanted, points), abs=1e-6, nan_ok=True)


@seeds
@given(st.integers(0, 10_000), few)
def test_the_line_between_holders_is_that_of_plain_geometry(seed, few):
    with patch.object(fronts, "_FEW", few):
        check_lines(seed)


def check_lines(seed):
    areas, _, _ = ground(seed)
    metric = Metric.around(areas.geometry.to_numpy())
    lines = Lines.build(areas, metric)
    control = history(seed, areas, changes=1)
    place = {key: number for number, key in enumerate(areas["id"])}
    held = Intervals.build(
        control["area_id"].map(place), control["start_day"], control["end_day"], areas=len(areas)
    )
    lon, lat = positions(seed, areas.geometry.to_numpy())
    tree = shapely.STRtree(areas.geometry.to_numpy())
    area = np.full(len(lon), -1)
    point, owner = tree.query(shapely.points(lon, lat), predicate="intersects")
    area[point[::-1]] = owner[::-1]
    day = np.where(np.arange(len(lon)) % 3 == 0, 9000, 15000)
    who = control["controller"].to_numpy(dtype=object)
    points = Points.of(metric, lon, lat)
    once = lines.nearest(points, area, day, held, who)
    km, between, texts = lines.nearest(points, area, day, held, who)
    assert np.array_equal(once[0], km, equal_nan=True)  # the cells are kept for the next points

    pieces = shapely.linestrings(lines.ends.T.reshape(-1, 2, 2))
    for when in (9000, 15000):
        rows = np.flatnonzero((area >= 0) & (day == when))
        row = held.at(np.arange(len(areas)), np.full(len(areas), when))
        holder = np.where(row >= 0, who[row], "")
        one, two = holder[lines.left], holder[lines.right]
        parting = np.flatnonzero((one != two) & (one != "") & (two != ""))
        far = shapely.distance(
            metric.points(lon[rows], lat[rows])[:, None], pieces[parting][None, :]
        )
        for at, metres in zip(rows, far, strict=True):
            pairs = {
                tuple(sorted((one[piece], two[piece])))
                for piece in parting[metres == metres.min()]
                if holder[area[at]] in (one[piece], two[piece])
            }
            if not pairs:
                assert between[at] == -1 and np.isnan(km[at])
                continue
            pair = min(pairs, key="|".join)
            assert texts[between[at]] == "|".join(pair)
            sign = 1 if holder[area[at]] == pair[0] else -1
            assert km[at] == pytest.approx(sign * metres.min() / 1e3, abs=1e-6)


@seeds
@given(st.integers(0, 10_000))
def test_areas_within_reach_are_those_of_plain_geometry(seed):
    areas, _, _ = ground(seed)
    metric = Metric.around(areas.geometry.to_numpy())
    borders = Borders.build(areas, metric)
    lon, lat = positions(seed, areas.geometry.to_numpy())
    rng = np.random.default_rng(seed)
    reach = rng.choice([np.nan, 0.0, 0.001, 1.0, 500.0, 20_000.0, 90_000.0, 2e6], len(lon))
    found = borders.within_reach(Points.of(metric, lon, lat), reach)
    usable = np.flatnonzero((reach > 0) & np.isfinite(lon) & np.isfinite(lat))
    hit = np.zeros((len(lon), len(borders.shapes)), dtype=bool)
    hit[usable] = shapely.dwithin(
        metric.points(lon[usable], lat[usable])[:, None], borders.shapes[None, :],
        reach[usable, None],
    )  # fmt: skip
    for at, row in enumerate(hit):
        assert found.lists[found.code[at]] == tuple(np.flatnonzero(row).tolist())


def test_only_points_near_a_tie_are_left_to_exact_geometry():
    areas, places, routes = ground(5)
    metric = Metric.around(areas.geometry.to_numpy())
    rng = np.random.default_rng(0)
    points = Points.of(metric, rng.uniform(WEST, EAST, 20_000), rng.uniform(SOUTH, NORTH, 20_000))
    for built in (Settlements.build(places, metric), Routes.build(routes, pd.DataFrame(), metric)):
        assert built.index.find(points.x, points.y, 10_000.0).doubtful.mean() < 0.01
        index = built.index
        several = index.cells[index.cells >= index.ends.shape[1]] - index.ends.shape[1]
        assert index.listed[several].max() < 40
        assert len(several) < 0.4 * len(index.cells)  # most cells list one piece


def test_the_plane_is_the_projection_and_says_where_it_ends():
    metric = Metric.around([shapely.box(*BOX)])
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(WEST - 1, EAST + 1, 500), rng.uniform(SOUTH - 1, NORTH + 1, 500)
    exact = metric.points(lon, lat)
    for turned in (lon, lon + 360.0, lon - 720.0):
        x, y = metric.plane.xy(turned, lat)
        assert np.hypot(x - shapely.get_x(exact), y - shapely.get_y(exact)).max() < 5e-4
    x, y = metric.plane.xy(np.array([WEST - 1.1, np.nan, 46.0]), np.array([40.0, 40.0, 40.0]))
    assert np.isinf(x[0]) and np.isnan(x[1]) and np.isfinite(x[2])


def test_ground_too_wide_for_a_fit_is_projected_point_by_point():
    bounds = (-170.0, -60.0, 170.0, 80.0)
    definition = "+proj=aeqd +lat_0=10 +lon_0=0 +datum=WGS84 +units=m +no_defs"
    plane = Plane.build(definition, 0.0, bounds)
    assert not plane.easting.size
    metric = Metric(definition, 0.0, bounds)
    lon, lat = np.array([-160.0, 0.0, 75.0]), np.array([50.0, 10.0, -20.0])
    x, y = plane.xy(lon, lat)
    exact = metric.points(lon, lat)
    assert x.tolist() == shapely.get_x(exact).tolist()
    assert y.tolist() == shapely.get_y(exact).tolist()
