"""Who held what: what the events of the record say and what its control says agree."""

from __future__ import annotations

import geopandas as gpd
import pytest

from atlas.answers import control
from atlas.base.timespan import parse_day, parse_edtf
from atlas.record.pack import Pack, read_pack, split_list

POINTS = {"settlement", "bridge", "mountain", "crossing", "pass", "lake", "site", "monastery"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack()


def party(actor: str) -> str:
    """The party an actor belongs to, by its name or id."""
    name = actor.casefold()
    return next(
        (
            key
            for word, key in (("karabakh", "NK"), ("azerbaijan", "AZ"), ("armenia", "AM"))
            if word in name
        ),
        "",
    )


def areas_of(pack: Pack, event: object) -> set[str]:
    """Areas an event names, or else the one its place lies in."""
    named = set(split_list(event.area_ids))  # type: ignore[attr-defined]
    if named:
        return named
    place = pack.places.set_index("id").loc[event.place_id]  # type: ignore[attr-defined]
    if place["kind"] not in POINTS:
        return set()
    return set(pack.areas.loc[pack.areas.contains(place.geometry), "id"])


def test_every_event_that_says_who_holds_a_place_agrees_with_control(pack: Pack) -> None:
    """By the last day an event may have had, the taker holds the place, or nobody surely does."""
    kinds = {"capture": "actor1", "handover": "actor2", "checkpoint": "actor1"}
    seen = 0
    for event in pack.events[pack.events["event_type"].isin(kinds)].itertuples():
        if "postponed" in event.sub_event_type:
            continue
        taker = party(str(getattr(event, kinds[event.event_type])))
        assert taker, event.id
        # Both sides of a war that Armenia and the Karabakh Armenians fought together.
        takers = {taker, "NK"} if taker == "AM" else {taker}
        held = control.at(pack, parse_edtf(event.event_date).latest).set_index("area_id")
        for area in areas_of(pack, event):
            row = held.loc[area]
            unsure = row["control_type"] in ("contested", "unknown", "presence", "peacekeeper_held")
            assert row["controller"] in takers or unsure, (event.id, area, row["controller"])
            seen += 1
    assert seen > 60


def test_every_change_of_hands_that_names_its_event_has_it_near(pack: Pack) -> None:
    """The event a row of control begins with is no more than two months off."""
    days = pack.events.set_index("id")["start_day"]
    dated = pack.assessed[pack.assessed["transition_event_id"] != ""]
    # A decree that dissolves says itself from when.
    for row in dated[dated["how"] != "dissolution"].itertuples():
        assert abs(int(row.start_day) - int(days[row.transition_event_id])) <= 62, row.id


@pytest.mark.parametrize(
    ("place", "day", "holder"),
    [
        ("malibeyli", "1992-01-15", "AZ"),
        ("yukhary_kushchular", "1992-02-13", "NK"),
        ("garadaghly", "1992-02-16", "AZ"),
        ("garadaghly", "1992-02-17", "NK"),
        ("kosalar_khojaly", "1992-03-01", "AZ"),
        ("umudlu_aghdara", "1992-01-15", "AZ"),
        ("kuropatkino", "1992-09-01", "AZ"),
        ("khanadzakh", "1992-01-15", "NK"),
        ("tugh", "1991-11-15", "NK"),
        ("sarsang", "1993-03-01", "NK"),
        ("martakert", "1993-03-01", "AZ"),
        ("saribaba", "2022-08-01", "NK"),
        ("saribaba", "2022-12-01", "AZ"),
        ("mincivan", "2020-10-21", "AZ"),
        ("lachin", "2020-12-02", "RU"),
        ("lachin", "2022-08-26", "AZ"),
        ("kelbajar", "1993-04-03", "NK"),
        ("kelbajar", "2020-11-25", "AZ"),
        ("heydarabad_sadarak", "2024-01-15", "AZ"),
        ("munjuglu_tovuz", "2024-01-15", "AZ"),
        ("kohnagishlag", "2024-01-15", "AZ"),
        ("qaralar_tovuz", "2024-01-15", "AZ"),
        ("aygestan_berd", "2024-01-15", "AM"),
        ("debedavan", "2024-01-15", "AM"),
    ],
)
def test_who_held_it(pack: Pack, place: str, day: str, holder: str) -> None:
    point = pack.places.set_index("id").loc[place].geometry
    held = control.at(pack, parse_day(day))
    assert list(held.loc[held.contains(point), "controller"]) == [holder]


def test_every_settlement_lies_in_its_own_state(pack: Pack) -> None:
    law = pack.assessed.drop_duplicates("area_id").set_index("area_id")["de_jure_iso"]
    states = pack.areas.assign(iso=pack.areas["id"].map(law))
    homes = pack.places[
        (pack.places["kind"] == "settlement") & pack.places["country"].isin(["AM", "AZ"])
    ]
    joined = gpd.sjoin(
        homes[["id", "country", "geometry"]], states[["iso", "geometry"]], predicate="within"
    )
    assert set(joined["id"]) == set(homes["id"])
    wrong = joined.loc[joined["iso"] != joined["country"], "id"]
    assert wrong.tolist() == []


def test_no_party_is_quoted_from_its_adversary_alone(pack: Pack) -> None:
    """A claim rests on a text of the party's own side, or on a neutral account of it."""
    affiliation = dict(zip(pack.sources["id"], pack.sources["affiliation"], strict=True))
    sides = [set(side) for side in pack.meta.sides]
    for row in pack.control[pack.control["asserted_by"] != ""].itertuples():
        own = next((side for side in sides if row.asserted_by in side), {row.asserted_by})
        own = own | {"neutral", "UN"}
        said = {affiliation[key] for key in split_list(row.source_ids)}
        assert said & own, row.id


def test_nobody_is_made_to_say_that_the_other_holds_what_it_holds_itself(pack: Pack) -> None:
    claims = pack.control[pack.control["asserted_by"] != ""]
    for row in claims.itertuples():
        assert "claim_kind=" in row.note, row.id
        held = pack.assessed[
            (pack.assessed["area_id"] == row.area_id)
            & (pack.assessed["start_day"] <= row.start_day)
            & (pack.assessed["end_day"] > row.start_day)
        ]
        now = held.iloc[0]
        sure = now["controller"] == row.controller and now["control_type"] == "de_facto"
        assert not (sure and "sovereignty" in row.note), row.id
