"""The shipped record: what history is known to have been, on the days it is known."""

from __future__ import annotations

import pytest

import atlas
from atlas.answers import control
from atlas.base.timespan import format_day, parse_day
from atlas.facade import Atlas
from atlas.record.pack import check_pack, split_list


@pytest.fixture(scope="module")
def a() -> Atlas:
    return atlas.open()


def holders(a: Atlas, date: str) -> dict[str, str]:
    held = control.at(a.pack, parse_day(date))
    return dict(zip(held["area_id"], held["controller"], strict=True))


def moved(a: Atlas, first: str, last: str) -> dict[str, str]:
    before, after = holders(a, first), holders(a, last)
    return {area: after[area] for area in before if before[area] != after[area]}


def test_the_shipped_pack_has_no_faults() -> None:
    assert check_pack() == []


def test_one_assessed_holder_for_every_area_on_every_day(a: Atlas) -> None:
    first = a.pack.meta.period.start
    for area, rows in a.pack.assessed.groupby("area_id"):
        spans = rows.sort_values("start_day")
        assert spans["start_day"].iloc[0] <= first, area
        assert list(spans["end_day"].iloc[:-1]) == list(spans["start_day"].iloc[1:]), area
        assert format_day(spans["end_day"].iloc[-1]) == "..", area
    assert set(a.pack.assessed["area_id"]) == set(a.areas["id"])


def test_from_the_war_to_the_ceasefire_of_2020(a: Atlas) -> None:
    taken = moved(a, "2020-09-26", "2020-11-10")
    names = {"jabrayil", "fuzuli_town", "zangilan", "qubadli", "shusha_town", "hadrut_town",
             "talish", "madagiz"}  # fmt: skip
    assert names <= set(taken)
    assert {taken[area] for area in names} == {"AZ"}
    stayed = {"agdam_city", "agdam_west", "kelbajar", "lachin", "lachin_corridor", "stepanakert",
              "khojaly_town", "mardakert_centre", "martuni"}  # fmt: skip
    assert not stayed & set(taken)
    assert {holders(a, "2020-11-10")[area] for area in stayed} == {"NK"}


def test_the_three_districts_handed_over(a: Atlas) -> None:
    assert moved(a, "2020-11-10", "2020-12-01") == {
        "agdam_city": "AZ",
        "agdam_west": "AZ",
        "kelbajar": "AZ",
        "lachin": "AZ",
        "lachin_corridor": "RU",
    }
    for area, day in [("agdam_west", "2020-11-20"), ("kelbajar", "2020-11-25"),
                      ("lachin", "2020-12-01")]:  # fmt: skip
        before = format_day(parse_day(day) - 1)
        assert (holders(a, before)[area], holders(a, day)[area]) == ("NK", "AZ")


def test_lachin_town_passed_in_august_2022(a: Atlas) -> None:
    taken = moved(a, "2020-12-01", "2022-08-27")
    assert taken["lachin_corridor"] == "AZ"
    assert taken["farukh"] == "AZ"
    assert taken["hin_tagher"] == "AZ"
    assert not {"stepanakert", "askeran", "martuni", "mardakert_centre"} & set(taken)


def test_september_2023(a: Atlas) -> None:
    taken = moved(a, "2023-09-18", "2023-09-21")
    assert {"askeran", "martuni", "mardakert_centre", "khojaly_town", "shusha_west"} <= set(taken)
    assert set(taken.values()) == {"AZ"}
    now = control.at(a.pack, parse_day("2023-09-21")).set_index("area_id").loc["stepanakert"]
    assert now["certainty"] == "contested"
    assert holders(a, "2024-01-01")["stepanakert"] == "AZ"


def test_what_was_never_lost(a: Atlas) -> None:
    for date in ("1993-12-31", "1994-05-12", "2010-01-01", "2020-09-26"):
        held = holders(a, date)
        assert held["mardakert_east"] == "AZ"
        assert held["horadiz"] == ("NK" if date == "1993-12-31" else "AZ")
        assert held["az_rest"] == "AZ" and held["am_rest"] == "AM"


def test_what_was_contested_in_the_war_is_not_contested_for_ever(a: Atlas) -> None:
    before = control.at(a.pack, parse_day("2020-11-09")).set_index("area_id")
    after = control.at(a.pack, parse_day("2022-01-01")).set_index("area_id")
    for area, since in [("shusha_town", "2020-11-08"), ("jabrayil", "2020-10-04")]:
        assert before.loc[area, "certainty"] == "contested"
        assert (after.loc[area, "certainty"], after.loc[area, "since"]) == ("certain", since)


def test_exclaves_both_ways(a: Atlas) -> None:
    assert (holders(a, "1992-08-07")["artsvashen"], holders(a, "1992-08-08")["artsvashen"]) == (
        "AM",
        "AZ",
    )
    assert holders(a, "2024-06-01")["karki"] == "AM"
    villages = ("baghanis_ayrum", "kheyrimli", "ashaghi_askipara", "gizilhajili")
    assert {holders(a, "2024-05-23")[area] for area in villages} == {"AM"}
    assert {holders(a, "2024-05-24")[area] for area in villages} == {"AZ"}


def test_the_land_behind_the_line_of_1994(a: Atlas) -> None:
    held = control.at(a.pack, parse_day("2020-09-26"))
    km2 = held.loc[held["controller"] == "NK", "area_km2"].sum()
    # Natural Earth's polygon of the territory measures 11,923 km2.
    assert km2 == pytest.approx(11_923, rel=0.03)


def test_changes_net_to_zero_over_the_record(a: Atlas) -> None:
    days = ["1988-02-20", "1992-05-20", "1994-05-12", "2020-09-26", "2020-12-02", "2024-06-01"]
    for first, last in zip(days, days[1:], strict=False):
        assert a.net_changes(first, last).sum() == pytest.approx(0.0, abs=1e-6)


def test_every_change_of_control_says_who_says_so(a: Atlas) -> None:
    known = set(a.sources["id"])
    for cell in a.control["source_ids"]:
        assert split_list(cell) and set(split_list(cell)) <= known


def test_the_lachin_roads(a: Atlas) -> None:
    def status(date: str, route: str, user: str = "civilian") -> set[str]:
        rows = a.at(date, user=user).routes
        return set(rows.loc[rows["route_id"] == route, "status"])

    assert status("2021-06-01", "lachin_old") <= {"open", "checkpoint"}
    assert status("2021-06-01", "lachin_new") == set()
    assert "blocked" in status("2023-01-15", "lachin_new")
    assert "blocked" not in status("2023-01-15", "lachin_new", "peacekeeper")
    assert status("2024-03-01", "lachin_new") == {"closed"} or "closed" in status(
        "2024-03-01", "lachin_new"
    )


def test_the_planned_meghri_route_was_never_open(a: Atlas) -> None:
    episodes = a.episodes[a.episodes["route_id"] == "zang"]
    assert len(episodes)
    assert set(episodes["status"]) <= {"planned", "closed", "unknown"}


def test_six_dates_six_answers(a: Atlas) -> None:
    found = {
        date: a.route("Yerevan", "Stepanakert", date=date)
        for date in ("2019-06-01", "2021-06-01", "2022-10-01", "2023-01-15", "2023-07-01",
                     "2024-03-01")
    }  # fmt: skip
    assert [way.status for way in found.values()] == [
        "open", "open", "open", "blocked", "blocked", "blocked",
    ]  # fmt: skip
    assert "lachin_old" in set(found["2019-06-01"].path["route_id"])
    assert "lachin_old" in set(found["2021-06-01"].path["route_id"])
    assert "lachin_new" in set(found["2022-10-01"].path["route_id"])
    assert "lachin_new" in set(found["2023-01-15"].blocks["route_id"])
    answers = [
        (way.status, tuple(way.path["episode_id"]), tuple(way.blocks["episode_id"]))
        for way in found.values()
    ]
    assert len(set(answers)) == 6


def test_the_enclave_was_cut_off_in_july_2023(a: Atlas) -> None:
    shut = a.cutoff("2023-07-01").cut_off.reset_index()
    assert {"stepanakert", "martakert", "martuni_nk", "askeran"} <= set(shut["place_id"])
    assert set(shut["held_by"]) == {"NK"}
    before = a.cutoff("2019-06-01").cut_off.reset_index()
    assert "stepanakert" not in set(before["place_id"])


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Nagorno-Karabakh", "nagorno_karabakh"),
        ("Baku", "baku"),
        ("Yerevan", "yerevan"),
        ("Ναγκόρνο Καραμπάχ", "nagorno_karabakh"),
        ("Ստեփանակերտ", "stepanakert"),
        ("Xankəndi", "stepanakert"),
        ("Шуша", "shusha"),
        ("Karvachar", "kelbajar"),
    ],
)
def test_names_resolve(a: Atlas, name: str, place: str) -> None:
    answer = a.geocode(name)
    assert (answer.status, answer.place.id if answer.place else None) == ("resolved", place)


def test_martuni_is_two_places_and_atlantis_none(a: Atlas) -> None:
    answer = a.geocode("Martuni")
    assert answer.status == "ambiguous"
    assert {"martuni_nk", "martuni_am"} <= {item.place.id for item in answer.candidates}
    assert a.geocode("Atlantis").status == "unresolved"


def test_the_record_as_it_was_known(a: Atlas) -> None:
    then = atlas.open(known_on="2021-01-01")
    assert len(then.events) < len(a.events)
    assert then.pack.events["start_day"].max() <= parse_day("2021-01-01")
    assert holders(then, "2024-01-01")["lachin_corridor"] == "RU"
