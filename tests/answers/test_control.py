"""Control as a coverage times intervals: totals add up, changes compose, claims stand apart."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.answers import control
from atlas.base.errors import InputError, NotFoundError, PackError
from atlas.base.timespan import OPEN_END, format_day, parse_day
from atlas.record.pack import Pack, read_pack
from tests.packs import START, spell, write_pack

FIRST = parse_day(START)
AREAS = [f"a{c}{r}" for c in range(2) for r in range(2)]


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, str]]:
    """Any history: each area is cut into intervals, each held by any party."""
    rows = []
    for area in AREAS:
        cuts = sorted(draw(st.sets(st.integers(FIRST + 1, FIRST + 400), max_size=4)))
        edges = ["", *(format_day(day) for day in cuts), ""]
        for n, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
            party = draw(st.sampled_from(["A", "B", "C"]))
            rows.append(spell(f"c-{area}-{n}", area, party, start, end))
    return rows


def pack_of(rows: list[dict[str, str]]) -> Pack:
    with tempfile.TemporaryDirectory() as folder:
        return read_pack(write_pack(Path(folder) / "p", rows, columns=2, rows=2))


DAYS = st.integers(FIRST, FIRST + 420)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(histories(), DAYS)
def test_every_day_tiles_the_territory(rows: list[dict[str, str]], day: int) -> None:
    pack = pack_of(rows)
    held = control.at(pack, day)
    assert list(held["area_id"]) == AREAS
    assert held["area_km2"].sum() == pytest.approx(pack.sizes.sum())


@SLOW
@given(histories(), DAYS, DAYS, DAYS)
def test_changes_compose_and_net_to_zero(
    rows: list[dict[str, str]], a: int, b: int, c: int
) -> None:
    pack = pack_of(rows)
    a, b, c = sorted((a, b, c))
    whole = control.net_changes(pack, a, c)
    parts = control.net_changes(pack, a, b).add(control.net_changes(pack, b, c), fill_value=0)
    for party in {*whole.index, *parts.index}:
        assert whole.get(party, 0.0) == pytest.approx(parts.get(party, 0.0), abs=1e-6)
    assert whole.sum() == pytest.approx(0.0, abs=1e-6)


@SLOW
@given(histories())
def test_the_series_agrees_with_each_day(rows: list[dict[str, str]]) -> None:
    pack = pack_of(rows)
    table = control.series(pack)
    assert table.sum(axis=1).nunique() <= 1 or table.sum(axis=1).std() < 1e-6
    for date, row in table.iterrows():
        held = control.at(pack, parse_day(date)).groupby("controller")["area_km2"].sum()
        for party in table.columns:
            assert row[party] == pytest.approx(held.get(party, 0.0))


@SLOW
@given(histories(), DAYS)
def test_what_was_known_still_tiles(rows: list[dict[str, str]], day: int) -> None:
    recorded = [row | {"recorded_on": row["valid_from"] or START} for row in rows]
    pack = pack_of(recorded)
    known = pack.known_on(format_day(day))
    later = control.at(known, day + 500)
    assert list(later["area_id"]) == AREAS
    assert (later["controller"] == control.at(pack, day)["controller"]).all()
    assert (known.assessed["end_day"] <= day).sum() + len(AREAS) == len(known.assessed)
    assert (later["end_day"] == OPEN_END).all()


HISTORY = [
    spell("c1", "a00", "A", "", "2010-01-01"),
    spell("c2", "a00", "B", "2010-01-01", how="battle"),
    spell("c3", "a10", "B", "", "2010-01-01/2010-01-05"),
    spell("c4", "a10", "A", "2010-01-01/2010-01-05", how="handover"),
    spell("c9", "a00", "A", "2010-01-01", asserted_by="A", source_ids="s-a"),
]


@pytest.fixture
def small(tmp_path: Path) -> Pack:
    return read_pack(write_pack(tmp_path / "p", HISTORY))


def test_the_end_is_the_first_day_it_no_longer_holds(small: Pack) -> None:
    before, after = parse_day("2009-12-31"), parse_day("2010-01-01")
    assert list(control.at(small, before)["controller"]) == ["A", "B"]
    assert list(control.at(small, after)["controller"]) == ["B", "A"]


def test_changes_carry_their_receipts(small: Pack) -> None:
    moved = control.changes(small, parse_day("2009-06-01"), parse_day("2010-06-01"))
    first = moved.set_index("area_id").loc["a00"]
    assert (first["from_controller"], first["to_controller"], first["how"]) == ("A", "B", "battle")
    assert first["source_ids"] == "s-n" and first["date"] == "2010-01-01"
    assert first["area_low_km2"] < first["area_km2"] < first["area_high_km2"]


def test_a_claim_stands_beside_the_assessment(small: Pack) -> None:
    day = parse_day("2011-01-01")
    assert list(control.at(small, day)["controller"]) == ["B", "A"]
    assert list(control.at(small, day, according_to="A")["controller"]) == ["A", "A"]
    (row,) = control.disagreements(small, day).itertuples()
    assert (row.controller, row.assessed_controller, row.asserted_by) == ("A", "B", "A")


def test_questions_that_have_no_answer(small: Pack) -> None:
    with pytest.raises(InputError, match="before the record"):
        control.at(small, parse_day("1999-12-31"))
    with pytest.raises(NotFoundError, match="no party 'Z'"):
        control.at(small, FIRST, according_to="Z")
    with pytest.raises(InputError, match="swap"):
        control.changes(small, FIRST + 1, FIRST)


def test_a_row_that_only_says_how_sure_is_no_change(tmp_path: Path) -> None:
    rows = [
        spell("c1", "a00", "A", "", "2010-01-01"),
        spell(
            "c2", "a00", "B", "2010-01-01", "2012-01-01",
            certainty="contested", how="offensive", note="The day is disputed.",
        ),
        spell("c3", "a00", "B", "2012-01-01", how="agreement"),
        spell("c4", "a10", "B"),
    ]  # fmt: skip
    pack = read_pack(write_pack(tmp_path / "p", [row | {"source_ids": "s-a|s-b"} for row in rows]))
    assert control.changes(pack, parse_day("2011-01-01"), parse_day("2013-01-01")).empty
    moved = control.changes(pack, parse_day("2009-01-01"), parse_day("2013-01-01"))
    assert list(moved["date"]) == ["2010-01-01"]
    (told,) = moved[["how", "certainty", "note"]].itertuples(index=False)
    assert tuple(told) == ("offensive", "contested", "The day is disputed.")
    later = control.at(pack, parse_day("2013-01-01")).set_index("area_id").loc["a00"]
    assert (later["since"], later["certainty"]) == ("2010-01-01", "certain")
    assert later["how"] == "offensive"


def test_the_first_day_is_what_was_and_the_last_is_what_is(small: Pack) -> None:
    turned = parse_day("2010-01-01")
    assert "c2" not in set(control.steps(small, turned, turned + 30)["id"])
    assert "c2" in set(control.steps(small, turned - 1, turned)["id"])


def test_of_two_steps_the_last_says_how(tmp_path: Path) -> None:
    rows = [
        spell("c1", "a00", "A", "", "2010-01-01"),
        spell("c2", "a00", "B", "2010-01-01", "2010-03-01", how="battle", note="one"),
        spell("c3", "a00", "C", "2010-03-01", how="handover", certainty="probable", note="two"),
        spell("c4", "a10", "B"),
    ]
    pack = read_pack(write_pack(tmp_path / "p", rows))
    (row,) = control.changes(pack, parse_day("2009-06-01"), parse_day("2010-06-01")).itertuples()
    assert (row.how, row.certainty, row.note, row.steps) == ("handover", "probable", "two", 2)
    assert (row.start_day, row.end_day) == (parse_day("2010-01-01"), parse_day("2010-03-01") + 1)
    assert row.date == "2010-01-01|2010-03-01"


def test_of_two_claims_of_a_party_the_later_stands(tmp_path: Path) -> None:
    """A record may not hold both; where one is put together that does, no area is held twice."""
    rows = [
        spell("c1", "a00", "A"),
        spell("c2", "a10", "A"),
        spell("c9", "a00", "C", "2010-01-01", "2012-01-01", asserted_by="B", source_ids="s-b"),
        spell("c8", "a00", "B", "2012-01-01", asserted_by="B", source_ids="s-b"),
    ]
    sound = read_pack(write_pack(tmp_path / "p", rows))
    pack = replace(sound, control=sound.control.assign(end_day=OPEN_END))
    for date, holders in (("2011-01-01", ["C", "A"]), ("2013-01-01", ["B", "A"])):
        seen = control.at(pack, parse_day(date), according_to="B")
        assert list(seen["controller"]) == holders
    with pytest.raises(PackError, match="one claim of B on a00 a day"):
        read_pack(write_pack(tmp_path / "q", [*rows[:2], rows[2] | {"valid_to": ""}, rows[3]]))


def test_a_hold_without_end_has_no_day_on_which_it_ends(small: Pack) -> None:
    before, after = (control.at(small, parse_day(day)) for day in ("2009-12-31", "2010-02-01"))
    assert list(before["until"]) == ["2010-01-01", "2010-01-01"]
    assert list(before["since"]) == ["..", ".."] and list(after["until"]) == ["", ""]


def test_what_changed_on_the_last_of_a_month_is_not_of_the_next(tmp_path: Path) -> None:
    rows = [
        spell("c1", "a00", "A", "", "2010-01-31"),
        spell("c2", "a00", "B", "2010-01-31"),
        spell("c3", "a10", "A", "", "2010-02-01"),
        spell("c4", "a10", "B", "2010-02-01"),
    ]
    pack = read_pack(write_pack(tmp_path / "p", rows))
    asked = parse_day("2010-01-01"), parse_day("2010-03-01")
    by = control.changes_by(pack, *asked, "month")
    assert list(zip(by["period"], by["area_id"], strict=True)) == [
        ("2010-01", "a00"),
        ("2010-02", "a10"),
    ]
    whole = control.changes_by(pack, *asked, "quarter")
    assert list(zip(whole["period"], whole["area_id"], strict=True)) == [
        ("2010-Q1", "a00"),
        ("2010-Q1", "a10"),
    ]
    cut = control.changes_by(pack, asked[0], parse_day("2010-01-31"), "year")
    assert list(zip(cut["period"], cut["area_id"], strict=True)) == [("2010", "a00")]
    none = control.changes_by(pack, asked[1], asked[1] + 9, "month")
    assert none.empty and list(none.columns) == list(by.columns)


def test_figures_of_a_part_count_that_part_alone(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path / "p", HISTORY, background=("a10",)))
    sizes = dict(pack.sizes)
    for scope, total in (("disputed", sizes["a00"]), ("background", sizes["a10"])):
        table = control.series(pack, scope=scope)
        assert table.sum(axis=1).tolist() == pytest.approx([total] * len(table))
    assert control.series(pack, scope="disputed")["B"].tolist() == pytest.approx([0, sizes["a00"]])
