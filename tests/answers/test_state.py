"""The state of a date, whole and at a point, on the shipped record."""

from __future__ import annotations

import pytest

import atlas
from atlas.base.errors import InputError, NotFoundError
from atlas.facade import Atlas


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
