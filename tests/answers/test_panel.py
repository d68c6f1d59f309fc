"""The panel and the line against the plainest way to count them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.answers import control
from atlas.answers.front import distance_to_front_km, front
from atlas.answers.panel import panel, prio_grid_id
from atlas.base.crs import length_km
from atlas.base.dates import day_of
from atlas.base.errors import InputError
from atlas.record.pack import Pack, read_pack
from tests.answers.test_mandates import event, mandate, zone
from tests.answers.test_passage import episode, line
from tests.map.demo import write_demo
from tests.packs import place, spell, write_pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(write_demo(tmp_path_factory.mktemp("panel") / "pack"))


FIRST, LAST = day_of("2000-11-15"), day_of("2002-06-01")


def by_hand(pack: Pack, area: str, first: int, last: int) -> dict[str, int]:
    days: dict[str, int] = {}
    rows = list(pack.assessed[pack.assessed["area_id"] == area].itertuples())
    for day in range(first, last):
        for row in rows:
            if row.start_day <= day < row.end_day:
                days[row.controller] = days.get(row.controller, 0) + 1
    return days


@pytest.mark.parametrize("freq", ["month", "year"])
def test_shares_and_days_are_those_counted_day_by_day(pack: Pack, freq: str) -> None:
    table = panel(pack, unit="area", freq=freq, start=FIRST, end=LAST)  # type: ignore[arg-type]
    some = table[table["period_start"].isin(sorted(set(table["period_start"]))[1:9:3])]
    assert len(some) >= 4
    for row in some.itertuples():
        first, last = (day_of(str(day.date())) for day in (row.period_start, row.period_end))
        days = by_hand(pack, row.unit_id, first, last)
        for party in ("A", "B"):
            assert getattr(row, f"share_{party}") == pytest.approx(days.get(party, 0) / row.days)
        if days:
            most = max(days.values())
            assert days[row.holder] == most == row.holder_days


def test_rows_are_units_times_periods_and_no_two_are_alike(pack: Pack) -> None:
    for unit in ("area", "district", "settlement", "grid:0.5"):
        table = panel(pack, unit=unit, freq="month", start=FIRST, end=LAST)
        units, spans = table["unit_id"].nunique(), table["period_start"].nunique()
        assert len(table) == units * spans and spans == 19
        assert not table.duplicated(["unit_id", "period_start"]).any()
        assert (table["period_end"] > table["period_start"]).all()


def test_changes_are_on_the_days_of_the_table_of_changes(pack: Pack) -> None:
    table = panel(pack, unit="area", freq="month", start=FIRST, end=LAST)
    marked = set(table.loc[table["changed"], ["unit_id", "period_start"]].itertuples(index=False))
    moved = control.changes(pack, FIRST, LAST - 1)
    moved = moved[moved["from_controller"] != moved["to_controller"]]
    told = {(row.area_id, pd.Timestamp(str(row.date)[:7] + "-01")) for row in moved.itertuples()}
    assert marked == told and told


def test_events_sum_to_the_events(pack: Pack) -> None:
    rng = np.random.default_rng(7)
    count = 300
    west, south, east, north = shapely.total_bounds(pack.areas.geometry.to_numpy())
    events = pd.DataFrame(
        {
            "lon": rng.uniform(west - 0.1, east + 0.1, count),
            "lat": rng.uniform(south, north, count),
            "start_day": rng.integers(FIRST - 40, LAST + 40, count),
            "event_type": rng.choice(["battle", "own word"], count),
            "best": np.where(rng.random(count) < 0.5, np.nan, rng.integers(0, 9, count)),
        }
    )
    whole = shapely.union_all(pack.areas.geometry.to_numpy())
    inside = shapely.contains_xy(whole, events["lon"], events["lat"])
    for unit in ("area", "district"):
        table = panel(pack, unit=unit, freq="week", events=events, start=FIRST, end=LAST)
        low = day_of(str(table["period_start"].min().date()))
        high = day_of(str(table["period_end"].max().date()))
        kept = events[inside & (events["start_day"] >= low) & (events["start_day"] < high)]
        assert table["events"].sum() == len(kept)
        assert table["deaths_best"].sum() == kept["best"].sum()
        assert table["events_own word"].sum() == (kept["event_type"] == "own word").sum()
        untold = table[(table["events"] > 0) & (table["events_with_deaths"] == 0)]
        assert untold["deaths_best"].isna().all() and len(untold)


def test_grid_cells_hold_all_the_ground_once(pack: Pack) -> None:
    table = panel(pack, unit="grid:0.25", freq="year", start=FIRST, end=LAST)
    areas = panel(pack, unit="area", freq="year", start=FIRST, end=LAST)
    for year, rows in table.groupby("period_start"):
        same = areas[areas["period_start"] == year]
        assert rows["km2"].sum() == pytest.approx(same["km2"].sum(), rel=1e-6)
        held = (rows["km2"] * rows["share_A"]).sum()
        assert held == pytest.approx((same["km2"] * same["share_A"]).sum(), rel=1e-6)


def test_weeks_begin_on_monday_and_cover_the_span(pack: Pack) -> None:
    table = panel(pack, unit="area", freq="week", start=FIRST, end=LAST)
    assert (table["period_start"].dt.day_of_week == 0).all()
    assert table["period_start"].min() <= pd.Timestamp("2000-11-15")
    assert table["period_end"].max() >= pd.Timestamp("2002-06-01")


def test_prio_grid_numbers() -> None:
    corners = prio_grid_id([-179.75, 179.75, -179.75, 179.75], [-89.75, -89.75, -89.25, 89.75])
    assert corners.tolist() == [1, 720, 721, 259_200]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"unit": "village"}, "there are: area"),
        ({"unit": "grid:0"}, "there are: area"),
        ({"freq": "day"}, "month, week, year"),
        ({"start": 10, "end": 10}, "give start and end"),
    ],
)
def test_what_makes_no_panel_is_refused(pack: Pack, options: dict[str, object], words: str) -> None:
    asked = {"start": FIRST, "end": LAST} | options
    with pytest.raises(InputError, match=words):
        panel(pack, **asked)  # type: ignore[arg-type]


def test_the_line_is_where_holders_meet(pack: Pack) -> None:
    day = day_of("2001-06-01")
    line = front(pack, day)
    held = control.at(pack, day)
    a, b = (
        shapely.union_all(held.geometry[held["controller"] == party].to_numpy()) for party in "AB"
    )
    assert line[["controller_1", "controller_2"]].to_numpy().tolist() == [["A", "B"]]
    met = shapely.intersection(a, b)
    assert line["km"].iloc[0] == pytest.approx(
        sum(length_km(part) for part in shapely.get_parts(met) if shapely.length(part)), rel=1e-6
    )
    assert shapely.hausdorff_distance(line.geometry.iloc[0], met) < 1e-9


def test_distance_to_the_line_is_that_of_its_nearest_point(pack: Pack) -> None:
    line = front(pack, day_of("2001-06-01"))
    lon, lat = np.array([10.05, np.nan, 10.9]), np.array([50.05, 50.0, 50.9])
    found = distance_to_front_km(line, lon, lat)
    whole = shapely.union_all(line.geometry.to_numpy())
    dense = shapely.get_coordinates(shapely.segmentize(whole, 0.0005))
    from atlas.base.crs import distance_m

    assert np.isnan(found[1])
    for at in (0, 2):
        nearest = distance_m(lon[at], lat[at], dense[:, 0], dense[:, 1]).min() / 1000
        assert found[at] == pytest.approx(nearest, abs=0.05)


def test_no_line_no_distance(pack: Pack) -> None:
    empty = front(pack, day_of("2001-06-01")).iloc[:0]
    assert np.isnan(distance_to_front_km(empty, np.array([1.0]), np.array([1.0]))).all()


def test_mission_and_shut_days_are_counted_once(pack: Pack) -> None:
    table = panel(pack, unit="area", freq="month", start=FIRST, end=LAST)
    assert (table["mission_days"] <= table["days"]).all()
    assert (table["shut_days"].dropna() <= table["days"][table["shut_days"].notna()]).all()
    assert table["mission_days"].sum() > 0 and table["shut_days"].sum() > 0


# A winter in two squares, small enough to be counted on the fingers.
POST = zone("post", "post", {"type": "Point", "coordinates": [10.25, 50.25]})
ROAD = line("road", "p00", "p00", (10.1, 50.1), (10.4, 50.1))
LATER = line("later", "p00", "p00", (10.1, 50.2), (10.4, 50.2), built_from="2010-03-31")
WINTER = {
    "places": [place("hamlet", 10.25, 50.34), place("region", 10.3, 50.3, kind="region")],
    "mandates": [
        mandate("m1", "W", "post", "post", deployed_from="2010-01-05", deployed_to="2010-03-01"),
        mandate("m2", "W", "post", "post", deployed_from="2010-01-10", deployed_to="2010-01-20"),
        mandate("m3", "W", "post", "post", deployed_from="2010-03-11", deployed_to="2010-03-21"),
        mandate("m4", "W", "post", "post", authorised_from="2010-03-21"),
    ],
    "episodes": [
        episode("x1", "road", "closed", "2010-02-01", "2010-02-11", to_km="5"),
        episode("x2", "road", "blocked", "2010-02-06", "2010-02-09", from_km="10", to_km="20"),
        episode("x3", "road", "blocked", "2010-03-01", "2010-04-01"),
        # What names the user beats what is said of all; a party's claim is no fact of the record.
        episode("x4", "road", "open", "2010-03-11", "2010-03-16", applies_to="civilian|military"),
        episode("x5", "road", "closed", "2010-01-01", "2010-02-01", asserted_by="A"),
        episode("x6", "road", "closed", "2010-02-20", "2010-03-01", applies_to="commercial"),
        episode("x7", "later", "closed", "2010-01-01", "2011-01-01"),
    ],
    "events": [
        event("e1", "2010-01-31", "10.25", "2"),
        event("e2", "2010-02-01", "10.25"),
        event("e3", "2010-01-01", "10.75", "0"),
        event("e4", "2010-01-01", "12.0", "7"),
        event("e5", "2009-12-31", "10.25", "7"),
        event("e6", "2010-04-01", "10.25", "7"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    rows = [
        spell("c1", "a00", "A", "", "2010-01-11"),
        spell("c2", "a00", "B", "2010-01-11", "2010-03-01"),
        spell("c3", "a00", "B", "2010-03-01", certainty="probable"),
        spell("c4", "a10", "B"),
    ]
    tables = {name: list(some) for name, some in WINTER.items()}
    tables["episodes"] = [
        row | ({"source_ids": "s-a"} if row.get("asserted_by") else {})
        for row in tables["episodes"]
    ]
    directory = write_pack(
        tmp_path_factory.mktemp("winter") / "p", rows, tables=tables,
        shapes={"zones": [POST], "routes": [ROAD, LATER]},
    )  # fmt: skip
    return read_pack(directory)


JAN, APR = day_of("2010-01-01"), day_of("2010-04-01")


def cells(table: pd.DataFrame, column: str, unit: str) -> list[object]:
    some = table.loc[table["unit_id"] == unit, column].astype(object)
    return some.where(some.notna(), None).tolist()


def test_a_winter_counted_on_the_fingers(winter: Pack) -> None:
    table = panel(winter, unit="area", start=JAN, end=APR)
    assert (
        list(table.index) == list(range(6))
        and list(table.columns)
        == (
            "unit_id unit_name period_start period_end days holder holder_days changed km2 share_A "
            "share_B events events_with_deaths deaths_low deaths_best deaths_high events_battle "
            "mission_days shut_days line_km"
        ).split()
    )
    km2 = dict(zip(winter.areas["id"], winter.sizes, strict=True))
    told = {
        "days": ([31, 28, 31], [31, 28, 31]),
        "holder": (["B"] * 3, ["B"] * 3),
        "holder_days": ([21, 28, 31], [31, 28, 31]),
        "changed": ([True, False, False], [False] * 3),
        "km2": ([km2["a00"]] * 3, [km2["a10"]] * 3),
        "share_A": ([pytest.approx(10 / 31), 0, 0], [0, 0, 0]),
        "events": ([1, 1, 0], [1, 0, 0]),
        "events_with_deaths": ([1, 0, 0], [1, 0, 0]),
        "deaths_best": ([2, None, 0], [0, 0, 0]),
        "events_battle": ([1, 1, 0], [1, 0, 0]),
        "mission_days": ([27, 28, 10], [0, 0, 0]),
        "shut_days": ([0, 10, 26], [None] * 3),
    }
    for column, (west, east) in told.items():
        assert cells(table, column, "a00") == west, column
        assert cells(table, column, "a10") == east, column
    # On the first of January the line ran between the two; half of a square is 17.8 km.
    for unit in ("a00", "a10"):
        far = cells(table, "line_km", unit)
        assert far[0] == pytest.approx(17.8, abs=0.1) and far[1:] == [None, None]


def test_the_years_of_a_record_are_those_of_its_days(winter: Pack) -> None:
    table = panel(winter, freq="year", unit="area")
    first = table["period_start"].dt.year
    assert (first.min(), first.max(), len(table)) == (2000, 2010, 2 * 11)


@pytest.mark.parametrize(
    ("start", "end", "mondays"),
    [
        ("2010-01-04", "2010-01-18", ["04", "11"]),
        ("2010-01-04", "2010-01-19", ["04", "11", "18"]),
        ("2010-01-10", "2010-01-11", ["04"]),
        ("2010-01-10", "2010-01-12", ["04", "11"]),
    ],
)
def test_weeks_are_those_that_the_days_touch(
    winter: Pack, start: str, end: str, mondays: list[str]
) -> None:
    table = panel(winter, unit="area", freq="week", start=day_of(start), end=day_of(end))
    told = table.loc[table["unit_id"] == "a00", "period_start"].dt.strftime("%d").tolist()
    assert told == mondays and set(table["days"]) == {7}


def test_before_the_record_there_is_no_line(winter: Pack) -> None:
    table = panel(
        winter, unit="area", freq="week", start=day_of("2000-01-01"), end=day_of("2000-01-10")
    )
    far = table.loc[table["unit_id"] == "a00", "line_km"]
    assert far.isna().tolist() == [True, False]  # the week begins in 1999


def test_cells_of_half_a_degree_bear_their_number_and_others_none(winter: Pack) -> None:
    table = panel(winter, unit="grid:0.5", start=JAN, end=JAN + 1)
    assert table["unit_id"].tolist() == ["10.25,50.25", "10.75,50.25"]
    assert table["prio_grid_id"].tolist() == [201_981, 201_982]
    whole = panel(winter, unit="grid:2", start=JAN, end=JAN + 1)
    assert whole["unit_id"].tolist() == ["11,51"] and "prio_grid_id" not in whole
    for some in (table, whole):
        assert some["km2"].sum() == pytest.approx(winter.sizes.sum(), rel=1e-6)
    # Half of the ground was held by A for a third of the month.
    assert whole["share_A"].item() == pytest.approx(10 / 31 / 2, rel=1e-2)
    assert (whole["holder"].item(), whole["changed"].item()) == ("B", True)


def test_districts_are_as_large_as_their_areas(winter: Pack) -> None:
    table = panel(winter, unit="district", start=JAN, end=JAN + 1)
    assert table["unit_id"].tolist() == ["p00", "p10"]
    assert table["km2"].tolist() == pytest.approx(winter.sizes.tolist())


def test_a_settlement_takes_the_events_that_are_nearest_and_near(winter: Pack) -> None:
    events = pd.DataFrame(
        {"lon": [10.25, 10.25, 10.25, 10.25, 10.31], "lat": [50.25, 50.28, 50.31, 50.38, 50.25],
         "start_day": JAN}
    )  # fmt: skip
    table = panel(winter, unit="settlement", start=JAN, end=JAN + 1, events=events)
    assert table["unit_id"].tolist() == ["hamlet", "p00", "p10"]  # a region is no settlement
    assert table["events"].tolist() == [2, 2, 0]  # the last lies 4 km east in degrees of 6
    assert table["changed"].tolist() == [True, True, False] and table["km2"].isna().all()
    assert table["share_A"].tolist() == pytest.approx([10 / 31, 10 / 31, 0])
    none = panel(winter, unit="settlement", start=JAN, end=JAN + 1, events=events.iloc[:0])
    assert none["events"].tolist() == [0, 0, 0] and none["deaths_best"].tolist() == [0, 0, 0]


def test_where_no_road_is_on_record_nothing_is_said_of_roads(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path / "p", [spell("c1", "a00", "A"), spell("c2", "a10", "B")]))
    table = panel(pack, unit="area", start=JAN, end=APR)
    assert table["shut_days"].isna().all() and (table["mission_days"] == 0).all()


def test_who_holds_most_but_not_half_holds_no_day(tmp_path: Path) -> None:
    rows = [spell(f"c{n}", f"a{n}0", who) for n, who in enumerate("ABBCC")]
    pack = read_pack(write_pack(tmp_path / "p", rows, columns=5))
    table = panel(pack, unit="grid:10", start=JAN, end=APR)
    assert table["holder"].tolist() == ["B"] * 3 and table["holder_days"].tolist() == [0] * 3
    assert table["share_B"].tolist() == pytest.approx([0.4] * 3, rel=1e-3)
