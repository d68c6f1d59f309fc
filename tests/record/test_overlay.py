"""Outlines that repeat each other are cut once, and come out as if all of them had been cut."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.record.overlay import _once, cut_up
from atlas.record.snapshots import _Ground

corner = st.tuples(st.integers(0, 9), st.integers(0, 9))
boxes = st.lists(st.tuples(corner, st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=12)


def _shapes(found: list[tuple[tuple[int, int], int, int]]) -> list[shapely.Polygon]:
    """Boxes with a corner at every whole number, so that neighbours draw stretches alike."""
    return [
        shapely.segmentize(shapely.box(x, y, x + width, y + height), 1.0)
        for (x, y), width, height in found
    ]


def _steps(lines: np.ndarray) -> list[tuple[tuple[float, float], ...]]:
    """The steps of lines, each with its ends in order."""
    return [
        tuple(sorted(pair))
        for line in lines
        for pair in zip(line.coords[:-1], line.coords[1:], strict=True)
    ]


@given(boxes)
@settings(max_examples=60, deadline=None)
def test_every_step_is_left_once(found: list[tuple[tuple[int, int], int, int]]) -> None:
    edges = shapely.boundary(_shapes(found))
    steps = _steps(_once(edges))
    assert len(steps) == len(set(steps))
    assert set(steps) == set(_steps(edges))


@given(boxes)
@settings(max_examples=60, deadline=None)
def test_faces_are_those_of_all_outlines(found: list[tuple[tuple[int, int], int, int]]) -> None:
    shapes = _shapes(found)
    noded = shapely.get_parts(shapely.union_all(shapely.boundary(shapes), grid_size=1e-5))
    wanted = shapely.normalize(shapely.get_parts(shapely.polygonize(noded)))
    faces = shapely.normalize(cut_up([*shapes, *shapes])[0])
    assert {shape.wkt for shape in faces} == {shape.wkt for shape in wanted}


def test_a_line_drawn_twice_cuts_once_and_its_end_is_loose() -> None:
    line = shapely.LineString([(-1, 0.5), (2, 0.5)])
    faces, loose = cut_up([shapely.box(0, 0, 1, 1)], [line, line, line.reverse()])
    assert len(faces) == 2
    assert sorted(part.length for part in loose) == [1.0, 1.0]


def test_no_outline_is_no_face() -> None:
    assert len(cut_up([shapely.Polygon()])[0]) == 0
    assert len(_once(np.array([shapely.LineString()]))) == 0


@given(st.lists(st.sets(st.integers(0, 15)), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_ground_from_day_to_day_is_the_ground_of_each_day(days: list[set[int]]) -> None:
    areas = np.array([shapely.box(n % 4, n // 4, n % 4 + 1, n // 4 + 1) for n in range(16)])
    ground = _Ground(areas)
    for held in days:
        mine = np.isin(np.arange(16), list(held))
        shape = ground.become(mine)
        wanted = shapely.union_all(areas[mine]) if held else shapely.Polygon()
        assert shapely.symmetric_difference(shape, wanted).area < 1e-12
        assert shape.is_valid
