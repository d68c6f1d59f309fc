"""The record of routes and mandates itself: what the shipped pack answers on days that matter."""

from __future__ import annotations

import pytest

from atlas.answers import control, mandates, routes
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
    assert passage(pack, "fuzuli", "shusha", parse_day("2022-10-01")).status == "restricted"
    assert passage(pack, "fuzuli", "stepanakert", parse_day("2022-10-01")).status == "blocked"
    assert passage(pack, "baku", "stepanakert", parse_day("2024-03-01")).status == "restricted"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2021-06-01", "special permission"),
        ("2022-06-01", "regular bus"),
        ("2024-06-01", "permit from the state's portal"),
    ],
)
def test_baku_to_shusha_is_by_permission_and_says_which(pack: Pack, day: str, words: str) -> None:
    found = passage(pack, "baku", "shusha", parse_day(day))
    assert found.status == "restricted"
    assert set(found.path["route_id"]) == {"baku_barda", "haj_ahm", "fuz_shu"}
    last = found.path.set_index("route_id").loc["fuz_shu"]
    assert words in last["reason"]


def test_no_civilian_drives_freely_in_the_districts_regained_since_2020(pack: Pack) -> None:
    for day in ("2021-06-01", "2022-10-01", "2023-08-01", "2024-06-01", "2026-01-01"):
        rows = routes.at(pack, parse_day(day), user="civilian")
        held = control.at(pack, parse_day(day)).set_index("area_id")
        regained = held[(held["scope"] == "disputed") & (held["controller"] == "AZ")]
        before = control.at(pack, parse_day("2020-09-26")).set_index("area_id")["controller"]
        land = regained[before.loc[regained.index] == "NK"].geometry.union_all()
        # The corridor to Armenia was in the hands of others, and no road on Azerbaijan's terms.
        own = (rows["mode"] == "road") & rows["imposed_by"].isin(["", "AZ"])
        free = rows[own & (rows["status"] == "open")]
        for row in free.itertuples():
            inside = row.geometry.intersection(land).length / row.geometry.length
            assert inside < 0.1, (day, row.route_id, row.from_km, row.to_km)


def test_iran_is_reached_by_a_bridge_only_since_december_1995(pack: Pack) -> None:
    def status(day: str) -> str:
        return passage(pack, "kapan", "norduz", parse_day(day)).status

    assert [status(day) for day in ("1990-06-01", "1994-06-01", "1996-06-01")] == [
        "blocked",
        "restricted",
        "open",
    ]


def test_railways_that_stopped(pack: Pack) -> None:
    def shut(route: str, day: str, user: str = "commercial") -> set[str]:
        rows = routes.at(pack, parse_day(day), user=user)
        return set(rows.loc[rows["route_id"] == route, "status"])

    assert shut("btk", "2024-01-15") == {"closed"} and shut("btk", "2024-05-20") == {"open"}
    assert shut("btk", "2025-01-01", "civilian") == {"closed"}
    assert shut("tbi_poti", "2008-08-18") == shut("tbi_batumi", "2008-08-18") == {"closed"}
    assert shut("tbi_poti", "2010-01-01") == {"open"}
    assert shut("abkhaz_rail", "1990-01-01") == {"open"}
    assert "destroyed" in shut("abkhaz_rail", "2010-01-01")


def test_the_one_day_of_gas_in_july_2023(pack: Pack) -> None:
    def status(day: str) -> set[str]:
        rows = routes.at(pack, parse_day(day))
        return set(rows.loc[rows["route_id"] == "gas_gor_stp", "status"])

    assert [status(f"2023-07-0{n}") for n in (7, 8, 9)] == [{"closed"}, {"open"}, {"closed"}]


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
