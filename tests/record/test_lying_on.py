"""How many events lie on a pack's ground."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from atlas.record.choose import _lying_on

GROUNDS = {
    "round": shapely.Point(3, 4).buffer(2),
    "box": shapely.box(1, 1, 5, 6),
    "slanted": shapely.Polygon([(0, 0), (6, 5), (6, 6), (5, 6)]),
    "ring": shapely.Point(3, 4).buffer(2).difference(shapely.Point(3, 4).buffer(1)),
    "nothing": shapely.Polygon(),
}


@pytest.mark.parametrize("ground", GROUNDS)
def test_points_on_a_ground_are_counted_as_geometry_counts_them(ground):
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(-1, 8, 500).round(1), rng.uniform(-1, 8, 500).round(1)
    shape = GROUNDS[ground]
    assert _lying_on(shape, lon, lat) == shapely.intersects_xy(shape, lon, lat).sum()
