"""What a user sees of a join: columns, statuses, several answers, rejects, nothing dropped."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, parse_day
from atlas.events import days, read_events
from atlas.gazetteer import Gazetteer
from atlas.joining.join import COLUMNS, join_events
from atlas.joining.joiner import Joiner
from atlas.joining.locate import locate_events
from tests.joining.coverages import coverage, history


def frames():
    areas = gpd.GeoDataFrame(
        {"id": ["a1", "a2", "a3"]},
        geometry=[
            shapely.box(46, 39, 47, 40),
            shapely.box(47, 39, 48, 40),
            shapely.box(46, 40, 48, 41),
        ],
        crs="EPSG:4326",
    )
    change, later = parse_day("2020-11-20"), parse_day("2023-09-20")
    control = pd.DataFrame(
        [
            ("c1", "a1", "NK", "de_facto", "certain", "", "s1", OPEN_START, change),
            ("c2", "a1", "AZ", "de_facto", "probable", "", "s2|s1", change, OPEN_END),
            ("c3", "a2", "AZ", "de_facto", "certain", "", "s3", OPEN_START, OPEN_END),
            ("c4", "a3", "NK", "de_facto", "certain", "", "s4", change, later),
            ("c5", "a1", "AZ", "de_facto", "certain", "AZ", "s5", OPEN_START, change),
            ("c6", "a1", "NK", "de_facto", "certain", "NK", "s6", later, OPEN_END),
            ("c7", "a1", "AM", "de_facto", "certain", "AM", "s6", later, OPEN_END),
        ],
        columns=["id", "area_id", "controller", "control_type", "certainty", "asserted_by",
                 "source_ids", "start_day", "end_day"],
    )  # fmt: skip
    places = gpd.GeoDataFrame(
        {"id": ["p1", "p2", "p3"], "kind": ["settlement", "settlement", "mountain"],
         "lon": [46.5, 47.5, 46.5001], "lat": [39.5, 39.5, 39.5]},
        geometry=shapely.points([46.5, 47.5, 46.5001], [39.5, 39.5, 39.5]), crs="EPSG:4326",
    )  # fmt: skip
    routes = gpd.GeoDataFrame(
        {"id": ["r0", "r1"], "mode": ["air", "road"]},
        geometry=[shapely.LineString([(46.1, 39.5), (46.9, 39.5)])] * 2,
        crs="EPSG:4326",
    )  # fmt: skip
    day = parse_day
    episodes = pd.DataFrame(
        [
            ("r1", np.nan, np.nan, "open", "", day("2020-11-15"), day("2022-12-12")),
            ("r1", 30.0, 40.0, "blocked", "", day("2022-12-12"), day("2023-04-23")),
            ("r1", np.nan, np.nan, "humanitarian_only", "", day("2022-12-12"), day("2023-06-15")),
            ("r1", np.nan, np.nan, "closed", "AZ", day("2020-01-01"), day("2020-02-01")),
        ],
        columns=["route_id", "from_km", "to_km", "status", "asserted_by", "start_day", "end_day"],
    )
    zones = gpd.GeoDataFrame(
        {"id": ["z1", "z2"], "start_day": OPEN_START, "end_day": OPEN_END},
        geometry=[shapely.box(46.4, 39.4, 46.6, 39.6), shapely.Point(46.5, 39.5)],
        crs="EPSG:4326",
    )
    mandates = pd.DataFrame(
        {"zone_id": ["z1", "z2"], "deployed_start": day("2020-11-10"),
         "deployed_end": [day("2024-06-13")] * 2}
    )  # fmt: skip
    return areas, control, {
        "places": places, "routes": routes, "episodes": episodes, "zones": zones,
        "mandates": mandates,
    }  # fmt: skip


def joiner() -> Joiner:
    areas, control, rest = frames()
    return Joiner.from_frames(areas, control, **rest)


def event(lon=46.5, lat=39.5, date="2021-01-01", **more):
    return pd.DataFrame([{"lon": lon, "lat": lat, "event_date": date, **more}])


def asked(prepared: Joiner, events: pd.DataFrame, **options) -> pd.DataFrame:
    """The kernel's answers beside the points and spans they are for."""
    size = len(events)
    reach = events.get("coordinate_uncertainty_m", pd.Series(np.full(size, np.nan)))
    found = prepared.answers(
        events["lon"].to_numpy(float),
        events["lat"].to_numpy(float),
        events["start_day"].to_numpy("int32"),
        events.get("end_day", events["start_day"] + 1).to_numpy("int32"),
        reach.to_numpy(float),
        **options,
    )
    return pd.concat([events, pd.DataFrame(found, index=events.index)], axis=1)


def answer(**event_fields):
    return join_events(event(**event_fields), joiner()).events.iloc[0]


def test_the_holder_changes_on_the_day_of_the_change_and_not_before():
    assert answer(date="2020-11-19")["controller"] == "NK"
    row = answer(date="2020-11-20")
    assert (row["controller"], row["control_id"], row["control_certainty"]) == (
        "AZ", "c2", "probable",
    )  # fmt: skip
    assert (row["sources"], row["join_status"]) == ("s2|s1", "joined")


def test_a_span_over_a_change_lists_both_holders_in_order():
    row = answer(date="2020-11")
    assert row["join_status"] == "changed_within"
    assert (row["controller"], row["control_id"], row["sources"]) == ("NK|AZ", "c1|c2", "s1|s2")


def test_a_span_that_ends_where_the_change_begins_has_one_holder():
    assert answer(date="2020-11-01/2020-11-19")["controller"] == "NK"
    assert answer(date="2020-11-01/2020-11-20")["controller"] == "NK|AZ"


def test_no_record_is_said_and_not_filled():
    row = answer(lat=40.5, date="2019-01-01")
    assert (row["area_id"], row["controller"], row["join_status"]) == ("a3", "", "no_record")
    assert answer(lat=40.5, date="2020-11-01/2020-11-30")["controller"] == "NK"


def test_outside_dateless_and_without_coordinates():
    assert answer(lon=10.0)["join_status"] == "outside"
    row = answer(date="")
    assert (row["area_id"], row["controller"], row["join_status"]) == ("a1", "", "dateless")
    assert answer(lon=np.nan, lat=np.nan)["join_status"] == "no_coordinates"


def test_uncertainty_that_crosses_a_border_lists_both_sides():
    near = answer(lon=46.99, lat=39.5, coordinate_uncertainty_m=2000.0, date="2020-01-01")
    assert near["join_status"] == "near_line"
    assert (near["area_id"], near["controller"]) == ("a1", "NK")
    assert (near["candidate_areas"], near["candidate_controllers"]) == ("a1|a2", "NK|AZ")
    clear = answer(lon=46.99, lat=39.5, coordinate_uncertainty_m=500.0)
    assert (clear["join_status"], clear["candidate_areas"]) == ("joined", "")


def test_uncertainty_that_leaves_the_coverage_says_so():
    row = answer(lon=46.001, lat=39.5, coordinate_uncertainty_m=1000.0)
    assert row["candidate_areas"] == "a1|outside"
    row = answer(lon=45.999, lat=39.5, coordinate_uncertainty_m=1000.0)
    assert (row["join_status"], row["candidate_areas"]) == ("outside|near_line", "a1|outside")


def test_rival_claims_are_named_on_their_days():
    assert answer(date="2019-05-05")["claimed_by"] == "AZ"
    assert answer(date="2021-05-05")["claimed_by"] == ""
    assert answer(date="2024-05-05")["claimed_by"] == "AM|NK"


def test_the_route_has_the_state_of_that_day_at_that_kilometre():
    row = answer(date="2023-01-15")
    assert (row["route_id"], row["route_status"]) == ("r1", "humanitarian_only|blocked")
    assert row["route_km"] == pytest.approx(34.4, abs=0.2)
    assert row["route_distance_m"] < 100
    assert answer(lon=46.2, date="2023-01-15")["route_status"] == "humanitarian_only"
    assert answer(date="2021-01-15")["route_status"] == "open"
    assert answer(date="2020-01-15")["route_status"] == "unknown"
    assert answer(lat=39.9)["route_id"] == ""


def test_a_mandate_holds_where_and_while_it_is_deployed():
    assert answer(date="2020-11-09")["mandate_zone_ids"] == ""
    assert answer(date="2020-11-10")["mandate_zone_ids"] == "z1"
    assert answer(date="2024-06-12/2024-06-20")["mandate_zone_ids"] == "z1"
    assert answer(date="2024-06-13")["mandate_zone_ids"] == ""
    assert answer(lon=46.7, date="2021-01-01")["mandate_zone_ids"] == ""


def test_the_nearest_settlement_is_named_with_its_distance():
    row = answer(lon=46.51)
    assert row["place_id"] == "p1"
    assert row["place_distance_m"] == pytest.approx(859, abs=5)


def gazetteer() -> Gazetteer:
    places = pd.DataFrame(
        {"id": ["p1", "p2", "p4"], "kind": "settlement", "lon": [46.5, 47.001, 47.9],
         "lat": [39.5, 39.5, 40.9], "country": "XA", "precision_m": [100.0, 2000.0, np.nan]}
    )  # fmt: skip
    names = pd.DataFrame(
        {
            "place_id": ["p1", "p2", "p1", "p4", "p4"],
            "name": ["Known", "Border", "Twice", "Other", "Twice"],
        }
    )
    return Gazetteer(places, names, world=False)


def named_events() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "when": "2020-06-01",
            "place": ["Known", "Twice", "Nowhere", "Border", ""],
            "note": list("abcde"),
        }
    )


def test_names_are_located_and_what_cannot_be_stays_and_is_listed():
    joined = join_events(named_events(), joiner(), gazetteer=gazetteer())
    found = joined.events
    assert found["note"].tolist() == list("abcde") and joined.rejects.empty
    assert found["join_status"].tolist() == [
        "joined|placed_by_name",
        "no_coordinates|ambiguous_name",
        "no_coordinates|unresolved_name",
        "near_line|placed_by_name",
        "no_coordinates",
    ]
    assert found["locate_status"].tolist() == [
        "resolved", "ambiguous", "unresolved", "resolved", "",
    ]  # fmt: skip
    assert found["area_id"].tolist() == ["a1", "", "", "a2", ""]
    assert found["place_id"].tolist() == ["p1", "", "", "p2", ""]
    assert found["coordinate_uncertainty_m"].tolist()[:4:3] == [100.0, 2000.0]
    assert (found["candidate_areas"][3], found["candidate_controllers"][3]) == ("a1|a2", "NK|AZ")
    assert found.geometry.x.tolist()[0] == found["lon"][0] == 46.5
    assert joined.doubtful["name"].tolist() == ["Twice", "Nowhere"]
    assert joined.doubtful["candidates"].tolist() == ["p1|p4", ""]
    assert joined.counts["doubtful"] == 2 and sum(joined.counts.values()) == 5 + 0 + 2
    assert any("2 of 4 rows" in note for note in joined.notes)


def test_a_row_may_give_the_id_of_a_place():
    rows = [{"place_id": "p1", "date": "2021-01-01"}, {"place_id": "p9", "date": "2021-01-01"}]
    found = join_events(rows, joiner(), gazetteer=gazetteer()).events
    assert found["join_status"].tolist() == ["joined|placed_by_name", "no_coordinates"]
    assert found["place_id"].tolist() == ["p1", "p9"]


@pytest.mark.parametrize("container", ["frame", "csv"])
def test_an_answer_comes_back_in_and_is_made_anew(tmp_path, container):
    def again(frame):
        if container == "frame":
            return frame
        frame.drop(columns="geometry").to_csv(tmp_path / "again.csv", index=False)
        return tmp_path / "again.csv"

    mine = event(note="mine", controller="my own word")
    first = join_events(mine, joiner()).events
    assert (first["controller"][0], first["atlas_controller"][0]) == ("my own word", "AZ")
    second = join_events(again(first.assign(event_date="2019-01-01")), joiner()).events
    assert (second["controller"][0], second["atlas_controller"][0]) == ("my own word", "NK")
    assert second.columns.tolist() == first.columns.tolist()
    located = join_events(named_events(), joiner(), gazetteer=gazetteer()).events
    twice = join_events(again(located), joiner(), gazetteer=gazetteer()).events
    assert twice.columns.is_unique and set(twice.columns) == set(located.columns)
    for name in ("lon", "lat", "controller", "area_id", "locate_status", "join_status"):
        assert twice[name].astype(str).tolist() == located[name].astype(str).tolist(), name
    assert twice["locate_score"].dtype == located["locate_score"].dtype == "float64"
    later = join_events(again(located.assign(event_date="2020-11-19")), joiner()).events
    assert later["controller"][0] == "NK"


def test_a_second_look_at_the_same_events_tells_nothing_new():
    first = locate_events(read_events(named_events()), gazetteer())
    second = locate_events(first.events, gazetteer())
    assert sum("located by name" in note for note in first.notes) == 1
    assert second.notes == first.notes
    assert second.doubtful["name"].tolist() == first.doubtful["name"].tolist()


def test_the_column_of_names_does_not_say_what_they_lie_in():
    rows = [{"municipio": "Known", "fecha": "2021-01-01"}]
    told = join_events(rows, joiner(), gazetteer=gazetteer()).notes
    assert not any("looked for inside" in note for note in told)
    rows = [{**rows[0], "place": "Known", "municipio": "Elsewhere"}]
    told = join_events(rows, joiner(), gazetteer=gazetteer()).notes
    assert any("looked for inside what 'municipio' says" in note for note in told)


def test_upstream_columns_stay_and_ours_give_way():
    events = event(controller="their text", place_id="theirs")
    joined = join_events(events, joiner()).events
    assert (joined["controller"][0], joined["place_id"][0]) == ("their text", "theirs")
    assert (joined["atlas_controller"][0], joined["atlas_place_id"][0]) == ("AZ", "p1")
    assert joined.columns[: events.shape[1]].tolist() == events.columns.tolist()


def test_no_events_still_have_all_columns():
    joined = join_events(event().iloc[:0], joiner())
    assert len(joined.events) == 0
    assert set(COLUMNS) <= set(joined.events.columns)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 1000), batch=st.integers(1, 40))
def test_batches_change_no_cell_and_no_row_is_lost(seed, batch):
    areas = coverage(seed, 10)
    prepared = Joiner.from_frames(areas, history(seed, areas))
    rng = np.random.default_rng(seed)
    size = 30
    start = rng.integers(6000, 20000, size)
    events = pd.DataFrame(
        {
            "lon": np.where(rng.random(size) < 0.1, np.nan, rng.uniform(43, 49, size)),
            "lat": rng.uniform(38, 42, size),
            "start_day": start,
            "end_day": start + rng.choice([1, 400, 5000], size),
            "coordinate_uncertainty_m": rng.choice([np.nan, 0, 1000, 25000], size),
        }
    )
    whole = asked(prepared, events)
    split = asked(prepared, events, batch_size=batch)
    pd.testing.assert_frame_equal(whole.astype(object), split.astype(object))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000))
def test_several_holders_are_those_that_held_on_some_day_of_the_span(seed):
    areas = coverage(seed, 6)
    control = history(seed, areas, changes=8)
    rng = np.random.default_rng(seed)
    start = rng.integers(6000, 20000, 200)
    events = pd.DataFrame(
        {"lon": rng.uniform(44, 48, 200), "lat": rng.uniform(38.5, 41.5, 200),
         "start_day": start, "end_day": start + rng.choice([1, 900, 4000], 200)}
    )  # fmt: skip
    joined = asked(Joiner.from_frames(areas, control), events)
    spells = sorted(control.itertuples(), key=lambda spell: spell.start_day)
    for row in joined.itertuples():
        on = [
            spell
            for spell in spells
            if spell.area_id == row.area_id
            and spell.start_day < row.end_day
            and spell.end_day > row.start_day
        ]
        assert row.control_id == "|".join(spell.id for spell in on)
        assert row.controller == "|".join(spell.controller for spell in on)
        assert ("changed_within" in row.join_status) == (len(on) > 1)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_near_line_is_what_measuring_says(seed):
    from atlas.base.crs import buffer_m

    areas = coverage(seed, 8)
    prepared = Joiner.from_frames(areas, history(seed, areas))
    rng = np.random.default_rng(seed)
    events = pd.DataFrame(
        {"lon": rng.uniform(43.9, 48.1, 60), "lat": rng.uniform(38.4, 41.6, 60),
         "start_day": 9000, "end_day": 9001, "coordinate_uncertainty_m": 20000.0}
    )  # fmt: skip
    joined = asked(prepared, events)
    ids, shapes = areas["id"].to_numpy(), areas.geometry.to_numpy()
    for row in joined.itertuples():
        # Half a per cent either way is left open: two projections, and a circle of 64 sides.
        point = shapely.Point(row.lon, row.lat)
        surely = ids[shapely.intersects(shapes, buffer_m(point, 19_900))]
        perhaps = ids[shapely.intersects(shapes, buffer_m(point, 20_100))]
        listed = set(row.candidate_areas.split("|")) - {"", "outside"}
        if row.candidate_areas:
            assert set(surely) <= listed <= set(perhaps)
        else:
            assert len(surely) <= 1


def test_what_is_no_event_is_a_reject_or_one_clear_error():
    rows = [
        {"lon": "x", "lat": 1.0, "date": "2020"},
        {"lon": 46.5, "lat": 39.5, "date": "soon"},
        {"lon": 46.5, "lat": 999, "date": "2020"},
        {"lon": 46.5, "lat": 39.5, "date": "2021"},
    ]
    joined = join_events(rows, joiner())
    assert len(joined.events) == 1 and joined.rejects["line"].tolist() == [1, 2, 3]
    assert joined.counts["rejects"] == 3
    with pytest.raises(InputError, match="nothing that events can be read from"):
        join_events(5, joiner())
    with pytest.raises(InputError, match="batch_size"):
        join_events(event(), joiner(), batch_size=0)


def test_no_sentinel_leaves():
    found = join_events(event(date="2020-11-01/.."), joiner()).events
    assert not {"start_day", "end_day"} & set(found.columns)
    assert found["start"].dtype.kind == "M" and found["end"].isna().all()
    assert days(found)[1].tolist() == [OPEN_END]


def test_what_was_read_is_not_read_again():
    events = read_events(event())
    assert join_events(events, joiner()).events["controller"].tolist() == ["AZ"]


def test_the_nearest_of_many_winding_routes_is_found():
    from atlas.base.crs import locate_km

    areas, control, rest = frames()
    rng = np.random.default_rng(2)
    lines = [
        shapely.LineString(np.array([46.5, 39.7]) + rng.normal(0, 0.05, (40, 2)).cumsum(axis=0))
        for _ in range(6)
    ]
    rest["routes"] = gpd.GeoDataFrame(
        {"id": [f"r{n}" for n in range(6)], "mode": "road"}, geometry=lines, crs="EPSG:4326"
    )
    events = pd.DataFrame(
        {"lon": rng.uniform(46, 47, 80), "lat": rng.uniform(39.2, 40.2, 80), "start_day": 18000}
    )
    joined = asked(Joiner.from_frames(areas, control, **rest), events, route_reach_m=1e6)
    for row in joined.itertuples():
        feet = [locate_km(line, row.lon, row.lat) for line in lines]
        metres = [foot[1] for foot in feet]
        found = int(row.route_id[1])
        assert metres[found] <= min(metres) * 1.005 + 1
        assert row.route_distance_m == pytest.approx(metres[found], rel=0.005, abs=1)
        assert row.route_km == pytest.approx(feet[found][0], rel=0.01, abs=0.5)


def test_a_pack_without_roads_joins_all_the_same():
    areas, control, rest = frames()
    rest["routes"] = rest["routes"][rest["routes"]["mode"] == "air"]
    row = join_events(event(), Joiner.from_frames(areas, control, **rest)).events.iloc[0]
    assert (row["route_id"], row["route_status"], row["join_status"]) == ("", "", "joined")
