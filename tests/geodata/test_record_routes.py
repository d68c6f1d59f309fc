"""The record of routes and mandates itself: what the shipped pack answers on days that matter."""

from __future__ import annotations

import pytest

from atlas.answers import mandates, routes
from atlas.answers.passage import passage
from atlas.base.timespan import OPEN_END, boundary_day, parse_day
from atlas.record.pack import Pack, read_pack
from atlas.record.schema import USERS

CORRIDOR = {"lachin_old", "lachin_new"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack()


@pytest.mark.parametrize(
    ("day", "status", "used", "blocked"),
    [
        ("2019-06-01", "open", "lachin_old", ""),
        ("2021-06-01", "open", "lachin_old", ""),
        ("2022-10-01", "open", "lachin_new", ""),
        ("2023-01-15", "blocked", "", "lachin_new"),
        ("2023-05-25", "restricted", "lachin_new", ""),
        ("2023-07-01", "blocked", "", "lachin_new"),
        ("2024-03-01", "blocked", "", "lachin_new"),
    ],
)
def test_yerevan_to_stepanakert(pack: Pack, day: str, status: str, used: str, blocked: str) -> None:
    found = passage(pack, "yerevan", "stepanakert", parse_day(day))
    assert found.status == status
    assert set(found.path["route_id"]) & CORRIDOR == ({used} if used else set())
    if blocked:
        assert blocked in set(found.blocks["route_id"])


@pytest.mark.parametrize(
    ("day", "civilian", "humanitarian"),
    [("2023-01-15", "blocked", "open"), ("2023-07-12", "blocked", "blocked")],
)
def test_the_red_cross_passes_when_others_do_not(
    pack: Pack, day: str, civilian: str, humanitarian: str
) -> None:
    for user, status in (("civilian", civilian), ("humanitarian", humanitarian)):
        found = passage(pack, "yerevan", "stepanakert", parse_day(day), user=user)
        assert found.status == status


def test_the_kelbajar_road_was_a_second_way_until_november_2020(pack: Pack) -> None:
    def status(day: str) -> set[str]:
        rows = routes.at(pack, parse_day(day))
        return set(rows.loc[rows["route_id"] == "vard_mart", "status"])

    assert status("2019-06-01") == {"open"}
    assert "closed" in status("2021-06-01")


def test_the_meghri_route_was_never_open(pack: Pack) -> None:
    kept = pack.episodes[pack.episodes["route_id"] == "zang"]
    assert set(kept["status"]) == {"planned"}


def test_baku_reaches_shusha_but_not_stepanakert_before_september_2023(pack: Pack) -> None:
    assert passage(pack, "fuzuli", "shusha", parse_day("2022-10-01")).status == "open"
    assert passage(pack, "fuzuli", "stepanakert", parse_day("2022-10-01")).status == "blocked"
    assert passage(pack, "baku", "stepanakert", parse_day("2024-03-01")).status == "open"


def test_every_stretch_has_one_assessed_status_a_day_for_every_user(pack: Pack) -> None:
    assessed = pack.episodes[pack.episodes["asserted_by"] == ""]
    for route_id, rows in assessed.groupby("route_id"):
        edges = {0.0, *rows["from_km"].dropna(), *rows["to_km"].dropna()}
        marks = sorted(edges | {max(edges) + 1.0})
        for first, last in zip(marks, marks[1:], strict=False):
            middle = (first + last) / 2
            low, high = rows["from_km"].fillna(0.0), rows["to_km"].fillna(float("inf"))
            here = rows[(low <= middle) & (middle < high)]
            for user in USERS:
                mine = here[[not a or user in a.split("|") for a in here["applies_to"]]]
                for direction in ("forward", "backward"):
                    kept = mine[mine["direction"].isin(["", direction])]
                    spans = sorted(zip(kept["start_day"], kept["end_day"], strict=True))
                    where = f"{route_id} km {middle:.1f} {user} {direction}"
                    assert spans, where
                    for (_, end), (start, _) in zip(spans, spans[1:], strict=False):
                        assert end == start, where
                    assert spans[-1][1] == OPEN_END, where


def test_the_russian_contingent_left_before_its_term(pack: Pack) -> None:
    rows = pack.mandates[pack.mandates["mission"] == "Russian peacekeeping contingent"]
    left = {boundary_day(cell, end=True) for cell in rows["deployed_to"]}
    assert max(left) == parse_day("2024-06-12")
    term = rows[(rows["zone_type"] == "area") & rows["instrument"].str.startswith("Statement")]
    assert set(term["authorised_to"]) == {"2025-11-10"}


def test_the_martuni_of_the_eu_mission_is_in_armenia(pack: Pack) -> None:
    here = mandates.at(pack, parse_day("2023-10-01"))
    bases = here[here["mission"] == "EU Mission in Armenia (EUMA)"]
    martuni = bases[bases["zone"].str.contains("Martuni")]
    assert len(martuni) == 1
    assert martuni.geometry.iloc[0].x < 45.5


def test_proposals_are_never_deployed(pack: Pack) -> None:
    names = ("CSTO observer mission in Armenia (proposed)", "OSCE multinational peacekeeping force")
    for name in names:
        rows = pack.mandates[pack.mandates["mission"].str.startswith(name)]
        assert len(rows) == 1
        assert set(rows["deployed_from"]) == {""}
        assert set(rows["standing"]) == {"plan"}
