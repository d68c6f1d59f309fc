"""The Cyprus pack: what a reader who knows the island would look up first."""

from __future__ import annotations

from pathlib import Path

import pytest

import atlas
from atlas.base.timespan import parse_day
from atlas.record.pack import check_pack, split_list

PACK = Path(__file__).resolve().parents[2] / "geodata" / "cyprus"


@pytest.fixture(scope="module")
def cyprus() -> atlas.Atlas:
    return atlas.open(PACK)


def test_the_pack_has_no_faults() -> None:
    assert check_pack(PACK) == []


@pytest.mark.parametrize(
    ("day", "place", "holder"),
    [
        ("1957-06-01", "Nicosia", "GB"),
        ("1962-06-01", "Kyrenia", "CY"),
        ("1964-08-10", "Kokkina", "TC"),
        ("1964-08-10", "Kyrenia", "CY"),
        ("1974-07-25", "Kyrenia", "TR"),
        ("1974-07-25", "Morphou", "CY"),
        ("1974-07-25", "Nicosia International Airport", "UN"),
        ("1974-08-20", "Varosha", "TR"),
        ("1974-08-20", "Rizokarpaso", "TR"),
        ("2004-05-01", "Rizokarpaso", "TC"),
        ("2004-05-01", "Pyla", "UN"),
        ("2004-05-01", "Akrotiri", "GB"),
        ("2004-05-01", "Ormidhia", "CY"),
        ("2020-10-08", "Varosha", "TR"),
        ("1999-01-01", "Strovilia", "CY"),
        ("2001-01-01", "Strovilia", "TR"),
    ],
)
def test_who_held_a_place(cyprus: atlas.Atlas, day: str, place: str, holder: str) -> None:
    assert cyprus.here(day, place=place).control["controller"].tolist() == [holder]


@pytest.mark.parametrize(
    ("day", "status"),
    [("2008-04-02", "closed"), ("2008-04-04", "checkpoint"), ("2020-10-08", "closed")],
)
def test_ledra_street_before_and_after(cyprus: atlas.Atlas, day: str, status: str) -> None:
    episodes = cyprus.pack.episodes
    when = parse_day(day)
    here = episodes[
        (episodes["route_id"] == "ledra")
        & (episodes["start_day"] <= when)
        & (when < episodes["end_day"])
    ]
    assert here["status"].tolist() == [status]


def test_every_side_has_its_killings_told_with_who_counted(cyprus: atlas.Atlas) -> None:
    events = cyprus.pack.events
    told = events[events["event_type"] == "violence_against_civilians"]
    assert len(told) >= 20
    counted = told[told["best"].notna() | told["low"].notna() | told["high"].notna()]
    assert (counted["casualties_by"] != "").all()
    for community in ("Greek Cypriot", "Turkish Cypriot"):
        assert told["actor2"].str.contains(community).sum() >= 5


def test_what_no_source_was_seen_to_say_is_not_certain(cyprus: atlas.Atlas) -> None:
    pack = cyprus.pack
    seen = set(pack.sources.loc[pack.sources["verified"] != "", "id"])
    for table in (pack.control, pack.events, pack.mandates, pack.episodes):
        for row in table.itertuples():
            if row.certainty == "certain":
                assert seen & set(split_list(row.source_ids)), row.id
