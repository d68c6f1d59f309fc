"""The kernel gives what sjoin followed by the as-of predicate gives, on every point."""

from __future__ import annotations

import pickle

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, holds
from atlas.joining.asof import CellGrid, Intervals, join_points
from tests.joining.coverages import BOX, coverage, history


def by_sjoin(areas: gpd.GeoDataFrame, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Position of the lowest-numbered area that each point touches, -1 outside."""
    points = gpd.GeoDataFrame(geometry=shapely.points(lon, lat), crs=areas.crs)
    numbered = areas.reset_index(names="at")[["at", "geometry"]]
    hit = gpd.sjoin(points, numbered, predicate="intersects")
    out = np.full(len(lon), -1)
    lowest = hit.groupby(level=0)["at"].min()
    out[lowest.index] = lowest
    return out


def awkward_points(areas: gpd.GeoDataFrame, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Everywhere, outside, on vertices, on borders, beside borders, on the grid's own lines."""
    rng = np.random.default_rng(seed)
    west, south, east, north = BOX
    vertices = shapely.get_coordinates(areas.geometry.to_numpy())
    a, b = vertices[:-1], vertices[1:]
    middle = (a + b) / 2
    beside = vertices + rng.normal(0, 1e-9, vertices.shape)
    lines = np.column_stack(
        (west + 0.05 * rng.integers(-3, 90, 300), south + 0.05 * rng.integers(-3, 70, 300))
    )
    anywhere = np.column_stack(
        (rng.uniform(west - 1, east + 1, 2000), rng.uniform(south - 1, north + 1, 2000))
    )
    far = np.array([[-180, -90], [180, 90], [0, 0], [1e6, -1e6]])
    every = np.concatenate((vertices, middle, beside, lines, anywhere, far))
    return every[:, 0].copy(), every[:, 1].copy()


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(2, 40),
    step=st.sampled_from([0.5, 0.11, 0.05, 0.02, 0.01, 0.005]),
    winding=st.booleans(),
)
def test_points_fall_where_sjoin_puts_them(seed, count, step, winding):
    areas = coverage(seed, count, vertices=5 if winding else 1)
    lon, lat = awkward_points(areas, seed)
    grid = CellGrid.build(areas.geometry.to_numpy(), step=step)
    np.testing.assert_array_equal(grid.locate(lon, lat), by_sjoin(areas, lon, lat))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_overlapping_areas_with_holes_and_islands_answer_like_sjoin(seed):
    rng = np.random.default_rng(seed)
    shapes = []
    for _ in range(12):
        x, y = rng.uniform(44.5, 47.5), rng.uniform(39, 41)
        ring = shapely.Point(x, y).buffer(rng.uniform(0.1, 0.6))
        hole = ring.difference(shapely.Point(x, y).buffer(rng.uniform(0.02, 0.09)))
        shapes.append(shapely.union(hole, shapely.Point(x + 1, y).buffer(0.003)))
    areas = gpd.GeoDataFrame({"id": range(12)}, geometry=shapes, crs="EPSG:4326")
    lon, lat = awkward_points(areas, seed)
    grid = CellGrid.build(areas.geometry.to_numpy(), step=0.03)
    np.testing.assert_array_equal(grid.locate(lon, lat), by_sjoin(areas, lon, lat))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), tables=st.booleans())
def test_the_row_of_the_day_is_the_one_the_predicate_picks(seed, tables):
    import atlas.joining.asof as asof

    areas = coverage(seed, 12)
    control = history(seed, areas)
    index = {key: at for at, key in enumerate(areas["id"])}
    owner = control["area_id"].map(index).to_numpy()
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(43.5, 48.5, 3000), rng.uniform(38, 42, 3000)
    edges = control["start_day"].to_numpy()[rng.integers(0, len(control), 3000)]
    day = np.where(
        rng.random(3000) < 0.5,
        rng.integers(6000, 20000, 3000),
        np.maximum(edges, 5000) + rng.integers(-1, 2, 3000),
    ).astype(np.int32)
    end = day + rng.choice([1, 1, 1, 30, 5000], 3000).astype(np.int32)
    kept = asof._MAX_TABLE
    try:
        asof._MAX_TABLE = kept if tables else 0
        held = Intervals.build(owner, control["start_day"], control["end_day"], areas=len(areas))
        assert bool(len(held.table)) is tables
        answer = join_points(CellGrid.build(areas.geometry.to_numpy()), held, lon, lat, day, end)
    finally:
        asof._MAX_TABLE = kept
    start, stop = control["start_day"].to_numpy(), control["end_day"].to_numpy()
    for row in range(3000):
        for asked, got in ((day[row], answer.first[row]), (end[row] - 1, answer.last[row])):
            right = np.flatnonzero((owner == answer.area[row]) & holds(start, stop, int(asked)))
            assert got == (right[0] if len(right) else -1)


def test_a_point_on_a_border_belongs_to_the_first_area_whichever_cell_it_is_in():
    areas = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    for step in (0.25, 0.3, 1.0):
        grid = CellGrid.build(areas, step=step)
        np.testing.assert_array_equal(grid.locate([1.0, 1.0, 1.0], [0.0, 0.5, 1.0]), [0, 0, 0])
        grid = CellGrid.build(areas[::-1], step=step)
        np.testing.assert_array_equal(grid.locate([1.0, 1.0, 1.0], [0.0, 0.5, 1.0]), [0, 0, 0])


def test_dateless_and_placeless_points_get_no_row():
    grid = CellGrid.build([shapely.box(0, 0, 1, 1)])
    held = Intervals.build([0], [OPEN_START], [OPEN_END], areas=1)
    answer = join_points(
        grid,
        held,
        [0.5, 0.5, np.nan, np.inf],
        [0.5] * 4,
        np.array([OPEN_START, 5, 5, 5], dtype=np.int32),
        np.array([OPEN_END, 6, 6, 6], dtype=np.int32),
    )
    assert answer.area.tolist() == [0, 0, -1, -1]
    assert answer.first.tolist() == [-1, 0, -1, -1]


def test_an_empty_coverage_has_everything_outside():
    grid = CellGrid.build([])
    held = Intervals.build([], [], [], areas=0)
    answer = join_points(grid, held, [0.0, 50.0], [0.0, 40.0], [0, 1])
    assert answer.area.tolist() == [-1, -1]
    assert answer.first.tolist() == [-1, -1]


def test_a_grid_survives_being_sent_to_a_worker():
    areas = coverage(3, 15, vertices=4)
    grid = CellGrid.build(areas.geometry.to_numpy())
    lon, lat = awkward_points(areas, 3)
    copy = pickle.loads(pickle.dumps(grid))
    np.testing.assert_array_equal(copy.locate(lon, lat), grid.locate(lon, lat))


def test_a_batch_boundary_changes_no_answer(monkeypatch):
    areas = coverage(5, 15, vertices=4)
    grid = CellGrid.build(areas.geometry.to_numpy())
    lon, lat = awkward_points(areas, 5)
    whole = grid.locate(lon, lat)
    monkeypatch.setattr("atlas.joining.asof._BATCH", 101)
    monkeypatch.setattr("atlas.joining.asof._BLOCK", 7)
    np.testing.assert_array_equal(grid.locate(lon, lat), whole)


def test_a_world_wide_coverage_keeps_the_grid_small():
    grid = CellGrid.build([shapely.box(-180, -90, 0, 90), shapely.box(0, -90, 180, 90)], step=0.001)
    assert len(grid.codes) < 1_100_000
    np.testing.assert_array_equal(grid.locate([-1e-9, 0, 1e-9], [0, 0, 0]), [0, 0, 1])


@pytest.mark.parametrize(
    ("area", "start", "end", "says"),
    [
        ([0, 0], [0, 5], [10, 20], "both hold"),
        ([0], [5], [5], "ends on or before"),
        ([3], [0], [5], "not in the coverage"),
    ],
)
def test_an_impossible_history_is_refused(area, start, end, says):
    with pytest.raises(InputError, match=says):
        Intervals.build(area, start, end, areas=1)


def test_a_line_is_not_an_area():
    with pytest.raises(InputError, match="not a polygon"):
        CellGrid.build([shapely.LineString([(0, 0), (1, 1)])])


def test_a_history_of_more_days_than_a_short_number_counts():
    days = np.arange(40_000)
    held = Intervals.build(np.zeros_like(days), days, days + 1, areas=1)
    asked = np.array([0, 32_767, 32_768, 39_999, 40_000])
    assert held.at(np.zeros(5, dtype=np.int32), asked).tolist() == [0, 32_767, 32_768, 39_999, -1]


@pytest.mark.parametrize("most", [None, 0])
def test_before_the_first_row_and_after_the_last_nothing_holds(monkeypatch, most):
    if most is not None:  # too large for a table: the rows are searched
        monkeypatch.setattr("atlas.joining.asof._MAX_TABLE", most)
    held = Intervals.build([0, 1, 1], [10, 5, 30], [20, 9, OPEN_END], areas=3, rows=[7, 8, 9])
    area = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, -1], dtype=np.int32)
    day = np.array([9, 10, 19, 20, 4, 8, 9, 10**6, 15, 15], dtype=np.int32)
    assert held.at(area, day).tolist() == [-1, 7, 7, -1, -1, 8, -1, 9, -1, -1]


def test_how_much_of_a_grid_borders_cross():
    grid = CellGrid.build([shapely.box(0, 0, 1, 1)], step=0.25)
    assert (grid.columns, grid.rows, grid.edge_share) == (8, 8, 16 / 64)
