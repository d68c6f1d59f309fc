"""Distance to the line, beside a reference that tries every vertex of every line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.answers import control
from atlas.answers.front import front
from atlas.base.crs import distance_m
from atlas.base.timespan import parse_day
from atlas.joining.joiner import Joiner
from atlas.joining.lines import Lines
from atlas.joining.surroundings import Metric
from atlas.record.pack import Pack, read_pack
from tests.map.demo import write_demo


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    _PACKS.append(read_pack(write_demo(tmp_path_factory.mktemp("lines") / "pack")))
    return _PACKS[0]


@pytest.fixture(scope="module")
def joiner(pack: Pack) -> Joiner:
    return Joiner.from_pack(pack)


def joined(joiner: Joiner, lon: float, lat: float, day: int) -> tuple[float, str]:
    end = np.array([day + 1], dtype=np.int32)
    found = joiner.answers(
        np.array([lon]), np.array([lat]), np.array([day], dtype=np.int32), end, np.array([np.nan])
    )
    return float(found["line_distance_km"][0]), str(found["line_between"][0])


@cache
def _state(day: int) -> tuple[Any, Any]:
    pack = _PACKS[0]
    return control.at(pack, day), front(pack, day)


_PACKS: list[Pack] = []


def lines(pack: Pack, day: int, holder: str) -> Iterator[tuple[str, np.ndarray]]:
    for row in _state(day)[1].itertuples():
        if holder in (row.controller_1, row.controller_2):
            dense = shapely.segmentize(row.geometry, 0.0005)
            yield f"{row.controller_1}|{row.controller_2}", shapely.get_coordinates(dense)


def reference(pack: Pack, lon: float, lat: float, day: int) -> tuple[float, str]:
    held = _state(day)[0]
    hit = held[held.geometry.covers(shapely.Point(lon, lat))].sort_values("area_id")
    if hit.empty:
        return np.nan, ""
    holder = hit["controller"].iloc[0]
    found = [
        (float(np.min(distance_m(lon, lat, at[:, 0], at[:, 1]))) / 1000.0, name)
        for name, at in lines(pack, day, holder)
    ]
    if not found:
        return np.nan, ""
    km, name = min(found)
    return (km if name.split("|")[0] == holder else -km), name


@settings(max_examples=40, deadline=None)
@given(
    lon=st.floats(10.01, 10.99),
    lat=st.floats(50.01, 50.99),
    day=st.sampled_from(["2000-06-01", "2001-05-09", "2001-05-10", "2002-03-01", "2020-01-01"]),
)
def test_the_distance_is_that_of_every_vertex(
    pack: Pack, joiner: Joiner, lon: float, lat: float, day: str
) -> None:
    number = parse_day(day)
    want, between = reference(pack, lon, lat, number)
    got, pair = joined(joiner, lon, lat, number)
    assert np.isnan(got) == np.isnan(want)
    if not np.isnan(want):
        assert got == pytest.approx(want, rel=0.005, abs=0.06)
        assert pair == between or abs(abs(got) - abs(want)) < 0.06


def test_the_sign_is_the_holders(pack: Pack, joiner: Joiner) -> None:
    held = control.at(pack, parse_day("2001-05-10"))
    for row in held.itertuples():
        point = row.geometry.representative_point()
        km, pair = joined(joiner, point.x, point.y, parse_day("2001-05-10"))
        first, _, second = pair.partition("|")
        assert row.controller == (first if km > 0 else second)


def test_no_holder_no_distance(joiner: Joiner) -> None:
    km, pair = joined(joiner, 0.0, 0.0, parse_day("2001-05-10"))
    assert np.isnan(km) and pair == ""
    km, pair = joined(joiner, 10.3, 50.3, parse_day("1990-01-01"))
    assert np.isnan(km) and pair == ""


def test_no_ground_has_no_lines() -> None:
    none = gpd.GeoDataFrame(geometry=[], crs=4326)
    lines = Lines.build(none, Metric.around(none.geometry.to_numpy()))
    assert not lines.ends.shape[1] and lines.box == (-100.0, -100.0, 100.0, 100.0)
