"""The specs every renderer draws from."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, parse_day
from atlas.layers import LAYERS, coverage_edges, event_columns, layer_set
from atlas.map import build_map
from atlas.record.pack import Pack


def test_spans_are_half_open_days(demo: Pack) -> None:
    specs = layer_set(demo)
    spells = [
        s for s in specs.control if specs.areas[s.area].id == "a00" and not s.receipt.asserted_by
    ]
    assert [(s.controller, s.end) for s in spells] == [
        ("A", parse_day("2001-05-10")),
        ("B", OPEN_END),
    ]


def test_every_statement_keeps_its_sources_and_doubt(demo: Pack) -> None:
    specs = layer_set(demo)
    assert all(spell.receipt.sources for spell in specs.control)
    assert {spell.receipt.certainty for spell in specs.control} == {"certain", "probable"}
    assert [spell.receipt.asserted_by for spell in specs.control if spell.receipt.asserted_by] == [
        "A"
    ]


def test_claims_are_left_out_unless_asked_for(demo: Pack) -> None:
    specs = layer_set(demo, layers=["control"])
    assert not any(spell.receipt.asserted_by for spell in specs.control)
    assert not specs.routes and not specs.mandates and len(specs.events) == 0


def test_an_unknown_layer_is_named(demo: Pack) -> None:
    with pytest.raises(InputError, match=r"'rodes'.*routes"):
        layer_set(demo, layers=["rodes"])
    assert layer_set(demo, layers=LAYERS).routes


def test_a_mandate_that_never_deployed_says_so(demo: Pack) -> None:
    mandate = layer_set(demo).mandates[0]
    assert mandate.deployed == (parse_day("2001-06-10"), parse_day("2002-01-01"))
    paper = demo.mandates.assign(deployed_from="")
    from dataclasses import replace

    assert layer_set(replace(demo, mandates=paper)).mandates[0].deployed is None


def test_changes_are_the_days_on_which_something_turns(demo: Pack) -> None:
    changes = layer_set(demo).changes
    for day in ("2001-05-10", "2001-06-01", "2001-06-10", "2002-03-01"):
        assert parse_day(day) in changes
    assert list(changes) == sorted(set(changes))


def test_edges_cover_every_shared_side_once() -> None:
    boxes = [shapely.box(x, y, x + 1, y + 1) for x in (0, 1) for y in (0, 1)]
    edges = coverage_edges(boxes)
    inner = {(edge.left, edge.right) for edge in edges if edge.right >= 0}
    assert inner == {(0, 1), (0, 2), (1, 3), (2, 3)}
    length = sum(shapely.LineString(edge.line).length for edge in edges)
    assert length == pytest.approx(8 + 4)


def test_edges_of_a_hole_and_its_filling() -> None:
    outer = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    edges = coverage_edges([outer, shapely.box(1, 1, 2, 2)])
    shared = [edge for edge in edges if (edge.left, edge.right) == (0, 1)]
    assert sum(shapely.LineString(edge.line).length for edge in shared) == pytest.approx(4)


def test_events_are_sorted_and_unknown_deaths_stay_unknown(demo: Pack) -> None:
    events = layer_set(demo).events
    assert list(events.start) == sorted(events.start)
    assert np.isnan(events.deaths).sum() == 4 and np.nansum(events.deaths) == 12
    titles = events.text["title"]
    assert titles.values[titles.codes[0]] == "A rally in the old town"


def test_a_month_lasts_a_month(demo: Pack) -> None:
    events = layer_set(demo).events
    row = list(events.start).index(parse_day("2001-06-01"))
    assert events.end[row] == parse_day("2001-07-01")


@pytest.mark.parametrize(
    "columns",
    [
        {"event_date": ["2020-01-02", "2020-01"], "lon": [1, 2], "lat": [3, 4]},
        {"date_start": ["2020-01-02 00:00:00.000", "2020-01-01"],
         "date_end": ["2020-01-02", "2020-01-31"], "longitude": [1, 2], "latitude": [3, 4]},
        {"date": pd.to_datetime(["2020-01-02", "2020-01-01"]), "lon": [1, 2], "lat": [3, 4]},
    ],
)  # fmt: skip
def test_events_come_in_several_spellings(columns: dict[str, list[object]]) -> None:
    events = event_columns(pd.DataFrame(columns))
    assert list(events.start) == [parse_day("2020-01-01"), parse_day("2020-01-02")]
    assert list(events.lon) == [2, 1]


def test_points_in_another_crs_are_moved_not_misplaced() -> None:
    frame = gpd.GeoDataFrame(
        {"event_date": ["2020-01-02"]}, geometry=gpd.points_from_xy([46.7], [39.8]), crs=4326
    ).to_crs(3857)
    events = event_columns(frame)
    assert events.lon[0] == pytest.approx(46.7) and events.lat[0] == pytest.approx(39.8)


def test_events_without_place_or_date_are_refused() -> None:
    with pytest.raises(InputError, match="no date"):
        event_columns(pd.DataFrame({"lon": [1.0], "lat": [1.0]}))
    with pytest.raises(InputError, match="no coordinates"):
        event_columns(pd.DataFrame({"event_date": ["2020-01-01"]}))


def test_rows_without_coordinates_are_left_out_and_no_others() -> None:
    frame = pd.DataFrame(
        {"event_date": ["2020-01-01"] * 3, "lon": [1.0, np.nan, 3.0], "lat": [1.0, 2.0, 91.0]}
    )
    assert len(event_columns(frame)) == 1


def test_an_event_without_a_date_does_not_stretch_the_clock(demo: Pack) -> None:
    own = pd.DataFrame(
        {
            "start_day": [OPEN_START, 11_500], "end_day": [OPEN_END, 11_501],
            "lon": [10.2, 10.3], "lat": [50.2, 50.3], "event_type": "battle",
        }
    )  # fmt: skip
    made = build_map(demo, events=own)
    assert made.events_shown == 1


def test_types_of_datasets_with_words_of_their_own_are_ours() -> None:
    from pathlib import Path

    from atlas.events import read_events
    from atlas.layers import event_columns

    sample = Path(__file__).parents[2] / "examples" / "events" / "acled.csv"
    types = event_columns(read_events(sample).frame).text["type"]
    assert {types.values[code] for code in types.codes} == {
        "battle",
        "explosions_remote_violence",
        "protest",
    }


def test_a_layer_not_asked_for_is_not_made(demo: Pack) -> None:
    specs = layer_set(demo, layers=["routes"])
    assert specs.areas == specs.control == specs.zones == specs.mandates == specs.edges == ()
    assert len(specs.routes) == 2 and len(specs.episodes) == 5
    assert layer_set(demo, layers=["events"]).episodes == ()
    # What cards of own events tell is of no matter where there are none.
    assert [one.name for one in layer_set(demo, popup=["note"], colour="kind").sets] == [""]


def test_an_outline_without_doubt_is_as_large_as_it_is(demo: Pack) -> None:
    from dataclasses import replace

    doubted, sure = (
        layer_set(demo),
        layer_set(replace(demo, areas=demo.areas.assign(uncertainty_m=0.0))),
    )
    for area in doubted.areas:
        assert area.range_km2[0] < area.km2 < area.range_km2[1]
    assert [area.range_km2 for area in sure.areas] == [(a.km2, a.km2) for a in sure.areas]


def test_an_event_of_an_open_beginning_is_shown_on_the_last_day_it_can_mean() -> None:
    frame = pd.DataFrame(
        {"start_day": [OPEN_START, 40], "end_day": [51, OPEN_END], "lon": [1.0, 2.0],
         "lat": [1.0, 2.0]}
    )  # fmt: skip
    events = event_columns(frame)
    assert events.start.tolist() == [40, 50] and events.end.tolist() == [OPEN_END, 51]


def test_titles_in_other_languages_come_along_and_other_columns_do_not() -> None:
    frame = pd.DataFrame(
        {"start_day": [1, 2], "end_day": [2, 3], "lon": 1.0, "lat": 1.0, "title": ["one", "two"],
         "title_ru": ["один", None], "summary_el": ["x", "y"], "date": "x", "actor1_ru": "А",
         "actor1": "A"}
    )  # fmt: skip
    text = event_columns(frame).text
    assert {name for name in text if "_" in name} == {"title_ru"}
    told = text["title_ru"]
    assert [told.values[code] for code in told.codes] == ["один", ""]


def test_events_of_a_place_stand_where_it_lies() -> None:
    from atlas.layers.events import located

    places = pd.DataFrame(
        {"id": ["p", "q"], "lon": [10.0, 11.0], "lat": [50.0, 51.0], "precision_m": [100.0, None]}
    )
    bare = pd.DataFrame({"place_id": ["q", "p", "nowhere"]})
    found = located(bare, places)
    assert found["lon"].fillna(-1).tolist() == [11.0, 10.0, -1.0]
    assert found["coordinate_uncertainty_m"].fillna(-1).tolist() == [-1.0, 100.0, -1.0]
    half = located(bare.assign(lon=["7.5", "x", ""], lat=[5.0, None, 6.0]), places)
    assert half["lon"].fillna(-1).tolist() == [7.5, 10.0, -1.0]
    assert half["lat"].tolist() == [5.0, 50.0, 6.0]
    assert list(bare.columns) == ["place_id"]


def test_what_is_often_told_of_is_named_first(demo: Pack) -> None:
    from dataclasses import replace

    places = {place.id: place for place in layer_set(demo).places}
    # p00: three events, seat of an area and end of a road; p10 is a seat alone.
    assert [places[key].rank for key in ("p00", "p01", "p10", "p11")] == [3.31, 2.87, 2.44, 2.87]
    assert [len(places[key].names) for key in ("p00", "p01", "p10", "p11")] == [8, 3, 3, 3]
    oldtown = places["p00"].names[2]
    assert (oldtown.text, oldtown.lang, oldtown.status) == ("Oldtown", "en", "official")
    assert oldtown.end == parse_day("2001-05-10")

    def rank(**cells: object) -> float:
        frame = demo.places[:1].assign(**cells)
        return layer_set(replace(demo, places=frame)).places[0].rank

    assert rank(population=1000.0) == pytest.approx(2.6 + 1.44 / 2, abs=0.01)
    assert rank(population=1.0) == pytest.approx(1.0 + 1.44 / 2, abs=0.01)  # few are not unknown
    assert rank(kind="mountain") == 2.3 and rank(kind="of its own") == 1.3
    assert rank(kind="region", extent_area_ids="a00") == 4.2
    assert rank(kind="region") == rank(kind="corridor") == -9.0  # its land is not on record
    assert rank(kind="district") == 1.9
    # A peak that is told of once, and is no seat.
    peak = demo.places[:1].assign(id="peak", kind="mountain")
    once = replace(demo, places=peak, events=demo.events[:1].assign(place_id="peak"))
    assert layer_set(once).places[0].rank == 2.08


def test_a_chapter_without_a_day_is_none(demo: Pack) -> None:
    from dataclasses import replace

    chapters = demo.chapters.assign(date=["", "2001-05-10"], order=[2, 1])
    (only,) = layer_set(replace(demo, chapters=chapters)).chapters
    assert (only.id, only.day, only.zoom) == ("ch2", parse_day("2001-05-10"), 9.0)
    turned = layer_set(replace(demo, chapters=demo.chapters.assign(order=[2, 1]))).chapters
    assert [one.id for one in turned] == ["ch2", "ch1"]


def test_sources_are_cited_as_they_say(demo: Pack) -> None:
    from dataclasses import replace

    issued = [{"date-parts": [[2020, 11, 3]]}, {}, "2020-11"]
    author = [[{"family": "Ann", "given": "B."}, {"literal": "Bureau"}], "Somebody", ["X", ""]]
    frame = demo.sources.sort_values("id").assign(issued=issued, author=author)
    told = layer_set(replace(demo, sources=frame)).sources
    assert [one.issued for one in told] == ["2020-11-03", "", "2020-11"]
    assert [one.author for one in told] == ["Ann, B.; Bureau", "Somebody", "X"]


def test_a_place_without_a_name_is_called_by_its_id(demo: Pack) -> None:
    from dataclasses import replace

    label = layer_set(demo).places[0]
    assert replace(label, id="old_town", called={}).called_on(0, "en") == ["old town"]
    assert label.called_on(parse_day("2001-01-01"), "en") == ["Oldtown"]
    assert label.called_on(parse_day("2001-06-01"), "en", 1) == ["Alpha"]
    assert label.called_on(parse_day("2001-06-01"), "en") == ["Alfa", "Alpha"]


def test_a_place_that_nobody_knows_where_is_on_no_map(demo: Pack) -> None:
    from dataclasses import replace

    lost = demo.places.assign(lon=[np.nan, *demo.places["lon"][1:]])
    told = layer_set(replace(demo, places=lost)).places
    assert [place.id for place in told] == ["p01", "p10", "p11"]
