"""The panel and the line against the plainest way to count them."""

from __future__ import annotations

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
from tests.map.demo import write_demo


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(write_demo(tmp_path_factory.mktemp("panel") / "pack"))


FIRST, LAST = day_of("2000-11-15"), day_of("2002-06-01")


def by_hand(pack: Pack, area: str, first: int, last: int) -> dict[str, int]:
    days: dict[str, int] = {}
    rows = pack.assessed[pack.assessed["area_id"] == area]
    for day in range(first, last):
        for row in rows.itertuples():
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
