"""Rows of a record become specs: each cell at its edges, on frames made here."""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.base.crs import length_km
from atlas.base.errors import NotFoundError
from atlas.base.timespan import OPEN_END, OPEN_START, parse_day
from atlas.layers import coverage_edges
from atlas.layers.accounts import as_told_by
from atlas.layers.control import control_spells
from atlas.layers.mandates import mandates_of, zones_of
from atlas.layers.routes import episodes_of, routes_of
from atlas.layers.rows import (
    by_language,
    days_of,
    number,
    receipt_of,
    records,
    split_cell,
    text_of,
    translations,
)
from atlas.layers.set import layer_set
from atlas.record.pack import Pack, read_pack
from tests.packs import spell, write_pack

NAN = float("nan")


def test_cells() -> None:
    assert split_cell(" a | b||c ") == ("a", "b", "c") and split_cell(None) == split_cell("") == ()
    assert (number("3.5"), number("x", 7.0), number(None, 1.0)) == (3.5, 7.0, 1.0)
    assert math.isnan(number("x"))
    assert [text_of(value) for value in (None, NAN, 0, 0.0, "x")] == ["", "", "0", "0.0", "x"]
    assert list(records(None)) == list(records(pd.DataFrame({"a": []}))) == []
    assert list(records(pd.DataFrame({"a": [1, 2], "b": "x"})))[1] == {"a": 2, "b": "x"}


def test_who_says_so_and_for_how_long() -> None:
    told = receipt_of({"asserted_by": "A", "source_ids": "s|t", "note": NAN})
    assert (told.certainty, told.asserted_by, told.sources, told.note) == (
        "certain", "A", ("s", "t"), "",
    )  # fmt: skip
    assert receipt_of({"certainty": "probable"}).certainty == "probable"
    assert days_of({"valid_from": "", "valid_to": ""}) == (OPEN_START, OPEN_END)
    assert days_of({"valid_from": "1970-01-03", "valid_to": "1970-01-05"}) == (2, 4)
    assert days_of({"start_day": 5, "end_day": 9, "valid_from": "1970-01-03"}) == (5, 9)
    row = {"deployed_from": "1970-01-02", "deployed_to": "", "start_day": 5, "end_day": 9}
    assert days_of(row, "deployed_from", "deployed_to") == (1, OPEN_END)
    row |= {"deployed_start": 3, "deployed_end": 4}
    assert days_of(row, "deployed_from", "deployed_to") == (3, 4)


def test_texts_by_language() -> None:
    row = {"id": "r", "name": "Road", "name_fr": "Route", "name_de": "", "note_fr": "non"}
    assert by_language(row, "name") == {"en": "Road", "fr": "Route"}
    assert by_language(row | {"name_en": "Way"}, "name") == {"en": "Way", "fr": "Route"}
    assert by_language({"name_fr": "Route"}, "name") == {"fr": "Route"}
    frame = pd.DataFrame([row])
    assert translations(frame, "name") == {"r": {"en": "Road", "fr": "Route"}}
    assert translations(None, "name") == {}


def test_mandates_find_their_zones_and_numbers_are_written_plainly() -> None:
    point = shapely.Point(1, 2)
    ground = gpd.GeoDataFrame(
        {"id": ["z0", "z1"], "name": ["Zero", "One"], "zone_type": ["area", "post"],
         "uncertainty_m": [500, NAN]},
        geometry=[point, point], crs=4326,
    )  # fmt: skip
    zones = zones_of(ground)
    assert [zone.id for zone in zones] == ["z0", "z1"] and zones[0].uncertainty_m == 500
    assert (zones[0].start, zones[0].end) == (OPEN_START, OPEN_END)
    frame = pd.DataFrame(
        {"id": ["m", "n"], "mission": "M", "zone_id": ["z1", "none"], "zone_type": "post",
         "authorised_from": ["1970-01-02", ""], "authorised_to": ["1970-01-11", ""],
         "deployed_from": ["1970-01-03", ""], "deployed_to": ["1970-01-05", ""],
         "authorised_strength": [1960.0, NAN], "observed_strength": [12.5, NAN],
         "unnamed_posts": ["1960.0", ""]}
    )  # fmt: skip
    first, second = mandates_of(frame, zones)
    assert (first.zone, second.zone) == (1, -1)
    assert first.authorised == (1, 10) and first.deployed == (2, 4) and second.deployed is None
    assert first.details == {
        "authorised_strength": "1960", "observed_strength": "12.5", "unnamed_posts": "1960.0",
    }  # fmt: skip
    assert second.details == {}


def test_routes_are_measured_and_episodes_without_one_are_left_out() -> None:
    line = shapely.LineString([(10, 50), (10.5, 50)])
    ground = gpd.GeoDataFrame(
        {"id": ["r", "q"], "name": ["Road", "Way"], "mode": "road", "disputed_name": ["true", "no"],
         "built_from": [1970.0, ""], "uncertainty_m": 100},
        geometry=[line, line], crs=4326,
    )  # fmt: skip
    routes = routes_of(ground)
    assert [route.disputed_name for route in routes] == [True, False]
    assert [route.built for route in routes] == [0, OPEN_START]
    assert routes[0].km == round(length_km(line), 2)
    frame = pd.DataFrame(
        {"id": ["e2", "e0", "e1", "e3"], "route_id": ["q", "none", "r", "r"], "status": "open",
         "applies_to": ["a|b", "", "", ""], "from_km": [1.5, NAN, NAN, NAN],
         "start_day": [0, 0, 5, 2], "end_day": 9, "reason": ["why", "", "", ""]}
    )  # fmt: skip
    found = episodes_of(frame, routes)
    assert [(one.id, one.route) for one in found] == [("e3", 0), ("e1", 0), ("e2", 1)]
    assert found[2].applies_to == ("a", "b") and found[2].from_km == 1.5
    assert math.isnan(found[2].to_km) and found[2].details == {"reason": "why"}


def lines_of(shapes: list[shapely.Geometry]) -> list[tuple[int, int, int, float]]:
    return [
        (edge.left, edge.right, len(edge.line), shapely.LineString(edge.line).length)
        for edge in coverage_edges(shapes)
    ]


def test_edges_break_at_forks_and_nowhere_else() -> None:
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    assert lines_of([west, east]) == [(0, -1, 4, 3.0), (0, 1, 2, 1.0), (1, -1, 4, 3.0)]
    # An island is one closed line; a seam within one member is none.
    assert lines_of([west]) == [(0, -1, 5, 4.0)]
    assert lines_of([shapely.MultiPolygon([west, east])]) == [(0, -1, 7, 6.0)]
    assert lines_of([shapely.MultiPolygon([west, shapely.box(3, 0, 4, 1)])]) == [
        (0, -1, 5, 4.0), (0, -1, 5, 4.0),
    ]  # fmt: skip
    # Three members meet in a point: three lines inside, each from the outline to it.
    third = shapely.Polygon([(0, 1), (1, 1), (2, 1), (2, 2), (0, 2)])
    inner = [one for one in lines_of([west, east, third]) if one[1] >= 0]
    assert inner == [(0, 1, 2, 1.0), (0, 2, 2, 1.0), (1, 2, 2, 1.0)]
    # Vertices that differ by less than the last digit are one; a longer shared line stays one.
    bent = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1.2, 0.5)])
    other = shapely.Polygon([(0, 0), (1.000001, 0), (1.2, 0.500001), (1, 1), (0, 1)])
    (shared,) = [one for one in lines_of([other, bent]) if one[:2] == (0, 1)]
    assert shared[2] == 3 and shared[3] == pytest.approx(2 * math.hypot(0.2, 0.5))


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    rows = [
        spell("c1", "a00", "A", "", "2010-01-01"),
        spell("c2", "a00", "B", "2010-01-01"),
        spell("c3", "a10", "B"),
        spell("d1", "a00", "A", "2011-01-01", "2012-01-01", asserted_by="A", source_ids="s-a",
              note="Statement: it never left."),
        spell("d2", "a00", "A", "2013-01-01", asserted_by="A", source_ids="s-a"),
        spell("d3", "a10", "B", "2012-01-01", asserted_by="A", source_ids="s-a"),
        spell("d4", "a10", "A", "2011-01-01", "2012-01-01", asserted_by="A", source_ids="s-a"),
    ]  # fmt: skip
    return read_pack(write_pack(tmp_path_factory.mktemp("told") / "p", rows))


def test_an_account_is_told_without_a_rival(pack: Pack) -> None:
    layers = layer_set(pack)
    told = as_told_by(layers, "A")
    day = parse_day
    assert [(one.area, one.id, one.controller, one.start, one.end) for one in told.control] == [
        (0, "c1", "A", OPEN_START, day("2010-01-01")),
        (0, "c2", "B", day("2010-01-01"), day("2011-01-01")),
        (0, "d1", "A", day("2011-01-01"), day("2012-01-01")),
        (0, "c2", "B", day("2012-01-01"), day("2013-01-01")),
        (0, "d2", "A", day("2013-01-01"), OPEN_END),
        (1, "c3", "B", OPEN_START, day("2011-01-01")),
        (1, "d4", "A", day("2011-01-01"), day("2012-01-01")),
        (1, "d3", "B", day("2012-01-01"), OPEN_END),
    ]
    assert {one.receipt.asserted_by for one in told.control} == {""}
    assert as_told_by(layers, "B").control == tuple(
        one for one in layers.control if not one.receipt.asserted_by
    )
    with pytest.raises(NotFoundError, match="no party 'Z'; there are: A, B, C"):
        as_told_by(layers, "Z")


def test_of_two_claims_that_overlap_the_later_is_the_word(pack: Pack) -> None:
    layers = layer_set(pack)
    open_ended = tuple(
        replace(one, end=OPEN_END) if one.id == "d1" else one for one in layers.control
    )
    told = as_told_by(replace(layers, control=open_ended), "A").control
    ends = {one.id: (one.start, one.end) for one in told if one.id in ("d1", "d2")}
    assert ends == {
        "d1": (parse_day("2011-01-01"), parse_day("2013-01-01")),
        "d2": (parse_day("2013-01-01"), OPEN_END),
    }


def test_rows_of_control_come_in_order_and_strangers_are_left_out(pack: Pack) -> None:
    layers = layer_set(pack)
    order = [(one.area, one.start, one.id) for one in layers.control]
    assert order == sorted(order) and len(order) == 7
    frame = pack.control.assign(area_id="nowhere")
    assert control_spells(frame, layers.areas) == ()
    sizes = {area.id: (area.km2, area.range_km2) for area in layers.areas}
    assert all(low < size < high for size, (low, high) in sizes.values())
    assert np.isclose(sizes["a00"][0], 1984, rtol=0.01)
