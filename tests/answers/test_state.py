"""The state of a date, whole and at a point, on the shipped record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import atlas
from atlas.answers.series import Series
from atlas.answers.state import here, state
from atlas.base.crs import distance_m
from atlas.base.errors import InputError, NotFoundError
from atlas.facade import Atlas
from atlas.record.pack import Pack, read_pack
from tests.answers.test_control import HISTORY
from tests.answers.test_mandates import event
from tests.answers.test_passage import episode, line
from tests.packs import write_pack


@pytest.fixture(scope="module")
def a() -> Atlas:
    return atlas.open()


def test_a_season_says_what_held_throughout_and_what_changed(a: Atlas) -> None:
    autumn = a.at("2020-23")
    assert (autumn.first_day, autumn.last_day) == ("2020-09-01", "2020-11-30")
    held = autumn.control.set_index("area_id")["throughout"]
    assert held["stepanakert"] and held["az_rest"]
    assert not held["kelbajar"] and not held["jabrayil"]
    assert set(autumn.changed["area_id"]) == set(held[~held].index)


def test_an_exact_day_has_no_change_within(a: Atlas) -> None:
    now = a.at("2020-11-10")
    assert now.first_day == now.last_day == "2020-11-10"
    assert now.changed.empty and now.control["throughout"].all()


def test_every_source_of_an_answer_exists(a: Atlas) -> None:
    found = a.at("2023-01-15", around_days=3).source_ids
    assert found and set(found) <= set(a.sources["id"])


def test_names_follow_the_date(a: Atlas) -> None:
    def names(date: str) -> set[str]:
        rows = a.at(date).names.query("lang == 'en'")
        return set(rows.loc[rows["place_id"] == "kelbajar", "name"])

    assert "Karvachar" in names("2010-01-01")
    assert "Karvachar" not in names("1990-01-01")


def test_here_gives_receipts_and_history(a: Atlas) -> None:
    found = a.here("2023-01-15", place="Stepanakert")
    assert found.control["controller"].iloc[0] == "NK"
    assert len(found.history) >= 4 and (found.history["source_ids"] != "").all()
    assert "Russian peacekeeping contingent" in set(found.mandates["mission"])
    assert found.route["distance_m"] < 5000 and found.route["status"]
    assert found.history["end"].isna().any() and found.control["since"].dtype.kind == "M"
    by_point = a.here("2023-01-15", point=(found.lon, found.lat))
    assert by_point.control["area_id"].tolist() == found.control["area_id"].tolist()


def test_according_to_a_party(a: Atlas) -> None:
    date = "2021-06-01"
    assessed = a.at(date).control.set_index("area_id")["controller"]
    claims = a.disagreements(date)
    assert len(claims)
    party = claims["asserted_by"].iloc[0]
    seen = a.at(date, according_to=party).control.set_index("area_id")["controller"]
    differs = {area for area in seen.index if seen[area] != assessed[area]}
    assert differs == set(claims.loc[claims["asserted_by"] == party, "area_id"])


def test_questions_without_an_answer(a: Atlas) -> None:
    with pytest.raises(InputError, match="both ends"):
        a.at("2020-11-10/..")
    with pytest.raises(InputError, match="either a place or a point"):
        a.here("2020-11-10")
    with pytest.raises(NotFoundError, match="outside the areas"):
        a.here("2020-11-10", point=(0.0, 0.0))
    with pytest.raises(InputError, match="longitude"):
        a.here("2020-11-10", point=(460.0, 39.0))
    with pytest.raises(InputError, match="ambiguous"):
        a.here("2020-11-10", place="Martuni")
    with pytest.raises(NotFoundError, match="no place of this pack"):
        a.place_id("Reykjavik City Hall of Atlantis")
    with pytest.raises(InputError, match="no series"):
        a.series("weather")


@pytest.mark.parametrize("what", ["control", "mandates", "routes"])
def test_series_over_the_whole_record(a: Atlas, what: str) -> None:
    table = a.series(what)
    assert len(table) > 20 and (table.to_numpy() >= 0).all()
    assert list(table.index) == sorted(table.index)
    if what == "control":
        assert table.sum(axis=1).max() - table.sum(axis=1).min() < 1e-6


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    events = [event("near", "2010-01-01", "10.2"), event("far", "2010-01-01", "10.4")]
    folder: Path = tmp_path_factory.mktemp("state") / "p"
    return read_pack(write_pack(folder, HISTORY, tables={"events": events}))


@pytest.mark.parametrize("point", [(180.5, 50.0), (-180.5, 50.0), (10.0, 90.5), (10.0, -90.5)])
def test_a_point_off_the_earth_is_none(small: Pack, point: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="is not a longitude and latitude in degrees"):
        here(small, state(small, "2010-01-01"), *point)


def test_at_a_point_what_is_near_counts_and_the_edge_is_doubted(small: Pack) -> None:
    now = state(small, "2010-01-01")
    # A degree of longitude is 71.6 km here: 3.6 km to the one, 10.7 to the other.
    assert here(small, now, 10.25, 50.2).events["id"].tolist() == ["near"]
    assert len(here(small, now, 10.25, 50.2, events_km=10.8).events) == 2
    km = float(distance_m(10.25, 50.2, 10.2, 50.2)) / 1000
    assert here(small, now, 10.25, 50.2, events_km=km * 0.9995).events.empty
    assert len(here(small, now, 10.25, 50.2, events_km=km * 1.0005).events) == 1
    found = here(small, now, 10.25, 50.2)
    assert (found.control["area_id"].item(), found.limits) == ("a00", "")
    assert found.claims["asserted_by"].tolist() == ["A"]
    assert found.history["controller"].tolist() == ["A", "B"]
    assert here(small, now, 10.75, 50.2).claims.empty
    doubted = here(small, now, 10.495, 50.25).limits  # 357 m from an edge good to 500
    assert doubted.startswith("the edge of this area is good to 500 m and 357 m away")
    assert here(small, now, 10.49, 50.25).limits == ""
    sure = replace(small, areas=small.areas.assign(uncertainty_m=0.0))
    edge = here(sure, state(sure, "2010-01-01"), 10.25, 50.0).limits
    assert edge.startswith("the edge of this area is good to 0 m and 0 m away")
    with pytest.raises(NotFoundError, match=r"LON comes first: 10.25,50.2 lies inside"):
        here(small, now, 50.2, 10.25)


def test_answers_have_cards(small: Pack) -> None:
    now = state(small, "2009-12-15/2010-01-15")
    card = now._repr_html_()
    assert "2009-12-15/2010-01-15: A 1,983 km2; B" in card and "Changed within the date" in card
    assert "held by A (de_facto, certain)" in here(small, now, 10.25, 50.2)._repr_html_()


def test_figures_over_time_stay_so_and_are_drawn_as_steps() -> None:
    table = Series({"A": [1.0, 2.0]}, index=pd.to_datetime(["2020-01-01", "2020-03-01"]))
    assert isinstance(table.iloc[:1], Series) and isinstance(table * 2, Series)
    assert table.on("2020-02-29").tolist() == [1.0] and table.on("2020-03").tolist() == [2.0]
    assert table.on("2019-12-31").isna().tolist() == [True]
    two = Series({"A": [1.0, 2.0], "B": [2.0, 1.0]})
    for drawn in (table.plot(), two.plot("A"), two.plot("A", "B", "line")):
        assert drawn.lines[-1].get_drawstyle() == "steps-post"
    assert table.plot(drawstyle="default").lines[-1].get_drawstyle() == "default"
    assert len(table.plot(kind="bar").patches) == 2


@pytest.mark.parametrize(
    ("date", "around", "found"),
    [("2010-01-01", 0, 2), ("2010-01-02", 0, 0), ("2010-01-03", 1, 0), ("2010-01-03", 2, 2),
     ("2009-12-31", 0, 0), ("2009-12-30", 1, 0), ("2009-12-30", 2, 2), ("2009-12/2010-02", 0, 2)],
)  # fmt: skip
def test_events_are_those_of_the_days_and_around_them(
    small: Pack, date: str, around: int, found: int
) -> None:
    assert len(state(small, date, around_days=around).events) == found


def test_a_date_is_told_by_its_first_day_and_what_changed_in_it(small: Pack) -> None:
    now = state(small, "2009-12/2010-01")
    assert (now.date, now.first_day, now.last_day) == (
        "2009-12/2010-01",
        "2009-12-01",
        "2010-01-31",
    )
    assert now.control["controller"].tolist() == ["A", "B"]
    assert now.control["throughout"].tolist() == [False, False]
    assert now.changed["to_controller"].tolist() == ["B", "A"] and now.claims.empty
    later = state(small, "2010-01-01")
    assert later.control["throughout"].all() and later.changed.empty
    assert later.claims["controller"].tolist() == ["A"]
    assert state(small, "2010-01-01", according_to="A").control["controller"].tolist() == ["A", "A"]
    assert now.source_ids == ["s-n"] and later.source_ids == ["s-a", "s-n"]
    for wrong in ("../2010", "2010/.."):
        with pytest.raises(InputError, match="both ends"):
            state(small, wrong)


def test_the_nearest_way_is_told_with_its_kilometre(tmp_path: Path) -> None:
    roads = [
        line("low", "p00", "p10", (10.1, 50.1), (10.9, 50.1)),
        line("high", "p00", "p10", (10.1, 50.4), (10.9, 50.4), mode="rail"),
        line("path", "p00", "p10", (10.1, 50.2), (10.9, 50.2), mode="air"),
    ]
    ways = [episode("e1", "low", "blocked", "2000-01-01", "", from_km="20")]
    folder = write_pack(
        tmp_path / "p", HISTORY, tables={"episodes": ways}, shapes={"routes": roads}
    )
    pack = read_pack(folder)
    now = state(pack, "2011-01-01")
    route = here(pack, now, 10.5, 50.2).route
    assert (route["route_id"], route["status"], route["from_km"]) == ("low", "blocked", 20.0)
    assert route["at_km"] == pytest.approx(28.65, abs=0.05)  # 0.4 degrees of longitude
    assert route["distance_m"] == pytest.approx(11_124, rel=0.001)
    assert here(pack, now, 10.5, 50.3).route["route_id"] == "high"
    assert "Low: blocked" in here(pack, now, 10.5, 50.2)._repr_html_()


def test_what_changed_within_a_date_brings_its_sources(tmp_path: Path) -> None:
    rows = [row | ({"source_ids": "s-b|s-n"} if row["id"] == "c2" else {}) for row in HISTORY]
    pack = read_pack(write_pack(tmp_path / "p", rows))
    assert state(pack, "2009-12/2010-01").source_ids == ["s-b", "s-n"]
    assert state(pack, "2009-12").source_ids == ["s-n"]
