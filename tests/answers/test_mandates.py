"""Missions in their zones: authorised against deployed, coverage, presence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from atlas.answers import mandates, presence
from atlas.base.crs import area_km2
from atlas.base.errors import InputError, NotFoundError
from atlas.base.timespan import holds, parse_day
from atlas.layers import layer_set
from atlas.record.pack import Pack, read_pack
from tests.packs import ENVELOPE, spell, square, write_pack


def zone(key: str, kind: str, geometry: Any) -> Any:
    properties = {
        "id": key, "name": key.title(), "zone_type": kind, "geometry_method": "test",
        "uncertainty_m": 100, "source_ids": "s-n",
    }  # fmt: skip
    return properties, geometry


def mandate(key: str, mission: str, zone_id: str, kind: str, **more: str) -> dict[str, str]:
    return ENVELOPE | {"id": key, "mission": mission, "zone_id": zone_id, "zone_type": kind} | more


ZONES = [
    zone("field", "area", square(0, 0)),
    zone("post", "post", {"type": "Point", "coordinates": [10.25, 50.25]}),
    zone("other", "post", {"type": "Point", "coordinates": [10.30, 50.25]}),
]
MANDATES = [
    mandate("m1", "Watch", "field", "area", authorised_from="2010-01-01",
            authorised_to="2015-01-01", deployed_from="2010-02-01", deployed_to="2014-01-01",
            observed_strength="100"),
    mandate("m2", "Watch", "post", "post", deployed_from="2010-02-01", deployed_to="2012-01-01"),
    mandate("m3", "Watch", "other", "post", deployed_from="2010-02-01", deployed_to="2014-01-01"),
    mandate("m4", "Paper", "field", "area", authorised_from="2011-01-01"),
]  # fmt: skip


def event(key: str, date: str, lon: str, best: str = "") -> dict[str, str]:
    return ENVELOPE | {
        "id": key, "event_date": date, "date_prec": "1", "where_prec": "1", "event_type": "battle",
        "place_id": "p00", "lon": lon, "lat": "50.2", "title": key, "summary": key, "best": best,
    }  # fmt: skip


EVENTS = [
    event("e1", "2009-06-01", "10.2", "5"),
    event("e2", "2011-06-01", "10.2"),
    event("e3", "2011-07-01", "10.8", "2"),
    event("e4", "2014-06-01", "10.2", "1"),
    event("e5", "2005-01-01", "10.2", "9"),
]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    directory = write_pack(
        tmp_path_factory.mktemp("p"),
        [spell("c1", "a00", "A"), spell("c2", "a10", "B")],
        tables={"mandates": MANDATES, "events": EVENTS},
        shapes={"zones": ZONES},
    )
    return read_pack(directory)


@pytest.mark.parametrize(
    ("authorised", "deployed", "told"),
    [
        ("2010-03-10", "2010-05-01", ["", "authorised", "deployed"]),
        ("2010-05-01", "2010-03-10", ["", "deployed", "deployed"]),
        ("2010-03-10", "2010-03-10", ["", "deployed", "deployed"]),
        ("2010-03-10", "", ["", "authorised", "authorised"]),
        ("", "2010-03-10", ["", "deployed", "deployed"]),
        # In March, under a text of the 10th: not before it.
        ("2010-03-10", "2010-03", ["", "deployed", "deployed"]),
        # In all of March, under a text of May: they came before it.
        ("2010-05-01", "2010-03", ["deployed", "deployed", "deployed"]),
    ],
)
def test_every_order_of_the_two_dates(
    tmp_path: Path, authorised: str, deployed: str, told: list[str]
) -> None:
    row = mandate("m", "Watch", "field", "area", authorised_from=authorised, deployed_from=deployed)
    directory = write_pack(
        tmp_path / "p", [spell("c1", "a00", "A"), spell("c2", "a10", "B")],
        tables={"mandates": [row]}, shapes={"zones": ZONES},
    )  # fmt: skip
    pack = read_pack(directory)
    drawn = layer_set(pack).mandates[0]
    for date, status in zip(("2010-03-05", "2010-03-10", "2010-05-01"), told, strict=True):
        day = parse_day(date)
        assert list(mandates.at(pack, day)["status"]) == ([status] if status else []), date
        there = drawn.deployed is not None and holds(*drawn.deployed, day)
        on_map = "deployed" if there else "authorised" if holds(*drawn.authorised, day) else ""
        assert on_map == status, date


def test_authorised_is_not_deployed(pack: Pack) -> None:
    def status(date: str) -> dict[str, str]:
        now = mandates.at(pack, parse_day(date))
        return dict(zip(now["mandate_id"], now["status"], strict=True))

    assert status("2010-01-15") == {"m1": "authorised"}
    assert status("2010-02-01") == {"m1": "deployed", "m2": "deployed", "m3": "deployed"}
    assert status("2014-01-01") == {"m1": "authorised", "m4": "authorised"}
    assert status("2016-01-01") == {"m4": "authorised"}


def test_changes_in_words(pack: Pack) -> None:
    found = mandates.changes(pack, parse_day("2010-01-31"), parse_day("2014-01-01"))
    said = list(zip(found["date"], found["mandate_id"], found["change"], strict=True))
    assert ("2010-02-01", "m1", "deployed") in said
    assert ("2012-01-01", "m2", "withdrawn") in said
    assert ("2011-01-01", "m4", "authorised") in said
    assert "m4" not in {key for _, key, change in said if change == "deployed"}
    with pytest.raises(InputError, match="swap"):
        mandates.changes(pack, 2, 1)


def test_series_counts_deployed_zones(pack: Pack) -> None:
    table = mandates.series(pack)
    assert list(table.columns) == ["Watch"]
    assert list(table["Watch"]) == [3, 2, 0]


def test_coverage_of_posts_is_a_union(pack: Pack) -> None:
    day = parse_day("2011-01-01")
    disc = np.pi * 5.0**2
    both = mandates.post_coverage(pack, day, radius_km=5.0)
    assert disc < both < 2 * disc
    assert mandates.post_coverage(pack, parse_day("2013-01-01")) == pytest.approx(disc, rel=0.01)
    assert mandates.post_coverage(pack, parse_day("2020-01-01")) == 0.0


def test_presence_counts_with_exposure(pack: Pack) -> None:
    table = presence.presence(pack, "Watch").set_index(["when", "where"])
    assert table.loc[("before", "in zone"), "events"] == 1  # 2005 lies outside the window
    assert table.loc[("during", "in zone"), "events"] == 1
    assert table.loc[("during", "in zone"), "deaths_known"] == 0
    assert table.loc[("during", "elsewhere"), "deaths_best"] == 2
    assert table.loc[("after", "in zone"), "deaths_best"] == 1
    assert table.loc[("before", "in zone"), "days"] == 365
    km2 = area_km2([pack.zones.set_index("id").geometry["field"]])[0]
    assert table.loc[("during", "in zone"), "zone_km2"] == pytest.approx(km2)
    with pytest.raises(NotFoundError, match=r"'Paper' is not recorded as deployed.*are: Watch$"):
        presence.presence(pack, "Paper")
    with pytest.raises(NotFoundError, match=r"'Nobody' is none; there are: Watch$"):
        presence.presence(pack, "Nobody")


@pytest.mark.parametrize(
    ("asked", "found"),
    [("watch of fields (WOF)", "Watch of Fields (WOF)"), ("wof", "Watch of Fields (WOF)"),
     ("Fields", "Fields"), ("Watch", "Watch"), ("twice", "twice")],
)  # fmt: skip
def test_a_mission_is_known_by_its_short_name(asked: str, found: str) -> None:
    known = ["Watch of Fields (WOF)", "Fields", "A (twice)", "B (Twice)"]
    assert presence._in_full(asked, known) == found


def test_what_was_only_planned_is_not_called_authorised(tmp_path: Path) -> None:
    plan = mandate("m1", "Plan", "field", "area", standing="plan",
                   authorised_from="2010-01-01", authorised_to="2011-01-01")  # fmt: skip
    directory = write_pack(
        tmp_path / "p",
        [spell("c1", "a00", "A"), spell("c2", "a10", "B")],
        tables={"mandates": [plan]},
        shapes={"zones": ZONES},
    )
    pack = read_pack(directory)
    assert list(mandates.at(pack, parse_day("2010-06-01"))["status"]) == ["planned"]
    found = mandates.changes(pack, parse_day("2009-01-01"), parse_day("2012-01-01"))
    assert list(found["change"]) == ["planned", "lapsed"]


def test_a_mission_that_goes_on_by_another_row_was_not_withdrawn(tmp_path: Path) -> None:
    rows = [
        mandate("m1", "Watch", "field", "area", authorised_from="2010-01-01",
                authorised_to="2011-01-31", deployed_from="2010-02-01", deployed_to="2011-01-01"),
        mandate("m2", "Watch", "field", "area", authorised_from="2011-01-15",
                authorised_to="2012-01-01", deployed_from="2011-01-01", deployed_to="2012-01-01"),
        mandate("m3", "Watch", "post", "post", deployed_from="2010-02-01",
                deployed_to="2011-01-01"),
        mandate("m4", "Other", "field", "area", deployed_from="2012-01-01"),
    ]  # fmt: skip
    directory = write_pack(
        tmp_path / "p",
        [spell("c1", "a00", "A"), spell("c2", "a10", "B")],
        tables={"mandates": rows},
        shapes={"zones": ZONES},
    )
    found = mandates.changes(read_pack(directory), parse_day("2009-01-01"), parse_day("2013-01-01"))
    assert [*zip(found["date"], found["mandate_id"], found["change"], strict=True)] == [
        ("2010-01-01", "m1", "authorised"),
        ("2010-02-01", "m1", "deployed"),
        ("2010-02-01", "m3", "deployed"),
        ("2011-01-01", "m3", "withdrawn"),
        ("2011-01-15", "m2", "authorised"),
        ("2012-01-01", "m2", "expired"),
        ("2012-01-01", "m2", "withdrawn"),
        ("2012-01-01", "m4", "deployed"),
    ]


def test_no_window_is_no_days_and_a_mission_that_goes_on_has_no_after(
    pack: Pack, tmp_path: Path
) -> None:
    told = presence.presence(pack, "Watch", window_days=0).set_index(["when", "where"])
    assert told.loc[["before", "after"], ["events", "days"]].to_numpy().tolist() == [[0, 0]] * 4
    with pytest.raises(InputError, match="0 or more days, not -1"):
        presence.presence(pack, "Watch", window_days=-1)
    directory = write_pack(
        tmp_path / "p",
        [spell("c1", "a00", "A"), spell("c2", "a10", "B")],
        tables={
            "mandates": [mandate("m", "Stay", "field", "area", deployed_from="2011-06-01")],
            "events": [*EVENTS, event("zero", "1970-01-01", "10.2")],
        },
        shapes={"zones": ZONES},
    )
    stay = presence.presence(read_pack(directory), "Stay").set_index(["when", "where"])
    assert stay["events"].tolist() == [0, 0, 2, 1, 0, 0]
    # Up to the last event on record: nobody knows what comes.
    known = parse_day("2014-06-02") - parse_day("2011-06-01")
    assert stay["days"].tolist() == [365, 365, known, known, 0, 0]


def test_a_strength_is_told_from_the_day_on_which_it_was_reported(tmp_path: Path) -> None:
    row = mandate("m", "Watch", "field", "area", deployed_from="2010-01-01",
                  observed_strength="100", strength_reported_on="2010-06-01")  # fmt: skip
    directory = write_pack(
        tmp_path / "p", [spell("c1", "a00", "A"), spell("c2", "a10", "B")],
        tables={"mandates": [row]}, shapes={"zones": ZONES},
    )  # fmt: skip
    pack = read_pack(directory)
    for date, strength in (("2010-05-31", []), ("2010-06-01", [100]), ("2010-06-02", [100])):
        told = mandates.at(pack, parse_day(date))["observed_strength"]
        assert told.dropna().tolist() == strength, date
