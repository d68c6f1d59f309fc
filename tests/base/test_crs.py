from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from atlas.base import crs
from atlas.base.errors import InputError

LON = st.floats(44, 50)
LAT = st.floats(38, 42)


@given(LON, LAT, st.floats(0.01, 0.5))
def test_areas_agree_with_the_ellipsoid(lon: float, lat: float, size: float) -> None:
    box = shapely.segmentize(shapely.box(lon, lat, lon + size, lat + size), 0.005)
    geodesic = abs(Geod(ellps="WGS84").geometry_area_perimeter(box)[0]) / 1e6
    assert crs.area_km2([box])[0] == pytest.approx(geodesic, rel=2e-4)


@given(LON, LAT, st.floats(100, 20_000))
def test_a_buffer_has_its_radius(lon: float, lat: float, metres: float) -> None:
    ring = shapely.get_coordinates(crs.buffer_m(shapely.Point(lon, lat), metres))
    measured = crs.distance_m(lon, lat, ring[:, 0], ring[:, 1])
    assert np.allclose(measured, metres, rtol=2e-3)


@given(st.lists(st.tuples(LON, LAT), min_size=2, max_size=8, unique=True), st.floats(0, 1))
def test_kilometres_along_a_line(points: list[tuple[float, float]], share: float) -> None:
    line = shapely.LineString(points)
    whole = crs.length_km(line)
    km = share * whole
    first, last = crs.substring_km(line, 0, km), crs.substring_km(line, km, whole)
    # A cut inside a degree-straight edge is a little off the geodesic one.
    assert crs.length_km(first) + crs.length_km(last) == pytest.approx(whole, rel=1e-3, abs=1e-6)
    lon, lat = crs.point_at_km(line, km)
    assert crs.locate_km(line, lon, lat)[1] < 1.0


def test_uncertainty_gives_a_range() -> None:
    box = shapely.box(46, 39, 46.2, 39.2)
    low, high = crs.area_range_km2(box, 500)
    assert low < crs.area_km2([box])[0] < high
    assert crs.area_range_km2(box, 0) == pytest.approx((crs.area_km2([box])[0],) * 2, rel=1e-6)


def test_a_layer_without_crs_is_refused() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(46, 39)])
    with pytest.raises(InputError, match="no CRS"):
        crs.require_crs(frame)
    moved = crs.require_crs(frame.set_crs(4326).to_crs(3857))
    assert moved.geometry.iloc[0].x == pytest.approx(46)


def test_an_area_has_ten_digits_whatever_the_version_of_proj_adds() -> None:
    found = crs.area_km2([shapely.box(47, 39, 47 + size, 39.5) for size in (1e-9, 1e-3, 0.5, 5.0)])
    assert (found > 0).all()
    assert found.tolist() == [float(f"{value:.10g}") for value in found]
    assert crs.area_km2([shapely.Point(1, 1)]).tolist() == [0.0]
