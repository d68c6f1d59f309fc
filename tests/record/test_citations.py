"""What a row may rest on, and in which words it may be said: one test a rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.base.timespan import parse_day
from atlas.record.citations import first_told, supplied_title
from atlas.record.pack import check_pack, read_pack
from atlas.record.report import pack_report
from tests.packs import ENVELOPE, SOURCES, spell, write_pack

STRICT = "\n[citation]\nstrict = true\n"
CONTROL = [
    spell("c1", "a00", "A", source_ids="s-a|s-b"),
    spell("c2", "a10", "B", source_ids="s-a|s-b"),
]
EVENT = ENVELOPE | {
    "id": "e1",
    "event_date": "2001-01-01",
    "date_prec": "1",
    "where_prec": "1",
    "event_type": "battle",
    "place_id": "p00",
    "title": "Fighting",
    "summary": "Fighting took place.",
    "source_ids": "s-a|s-n",
}
ACTOR = ENVELOPE | {"id": "us", "kind": "government", "name": "Government of A"}


def _source(key: str, **more: Any) -> dict[str, Any]:
    """One of the test's sources, seen, with fields of CSL and of ours over it."""
    plain: dict[str, Any] = next(source for source in SOURCES if source["id"] == key)
    custom = plain["custom"] | {"verified": "search"}
    ours = {name: more.pop(name) for name in ("kind", "verified", "affiliation") if name in more}
    return plain | {"custom": custom | ours} | more


def _day(source: dict[str, Any]) -> str:
    parts = source.get("issued", {}).get("date-parts", [[]])[0]
    return "-".join(f"{part:02d}" for part in parts)


def codes(
    folder: Path,
    *,
    event: dict[str, str] | None = None,
    sources: dict[str, dict[str, Any]] | None = None,
    settings: str = STRICT,
    tables: dict[str, list[dict[str, str]]] | None = None,
) -> list[str]:
    """Codes of the faults of a pack with one event, on sources that were seen."""
    row = EVENT | (event or {})
    known = {key: _source(key) for key in ("s-a", "s-b", "s-n")} | (sources or {})
    issued = [_day(known[key]) for key in row["source_ids"].split("|")]
    # Each test is of one rule: the day on which it could be known is right unless it says else.
    row = {"recorded_on": first_told(parse_day(row["event_date"]), issued)} | row
    data = {"events": [row]} | (tables or {})
    # The grid's own rows rest on s-n alone, which is neutral and seen unless a test says else.
    directory = write_pack(folder, CONTROL, tables=data, settings=settings)
    (directory / "sources.json").write_text(json.dumps(list(known.values())), encoding="utf-8")
    return [fault.code for fault in check_pack(directory)]


def test_two_sources_of_which_one_is_neutral_make_it_certain(tmp_path: Path) -> None:
    assert codes(tmp_path / "p") == []


@pytest.mark.parametrize("ids", ["s-n", "s-a"])
def test_one_source_does_not(tmp_path: Path, ids: str) -> None:
    assert codes(tmp_path / "p", event={"source_ids": ids}) == ["uncorroborated"]
    one = {"source_ids": ids, "certainty": "probable"}
    assert codes(tmp_path / "q", event=one) == []


def test_two_sources_of_one_side_are_one_voice(tmp_path: Path) -> None:
    both = {"s-b": _source("s-b", affiliation="A")}
    assert codes(tmp_path / "p", event={"source_ids": "s-a|s-b"}, sources=both) == [
        "uncorroborated"
    ]
    assert codes(tmp_path / "q", event={"source_ids": "s-a|s-b"}) == []


@pytest.mark.parametrize("kind", ["primary", "court", "mission"])
def test_the_acts_own_text_is_enough_if_it_was_seen(tmp_path: Path, kind: str) -> None:
    act = {"s-a": _source("s-a", kind=kind)}
    assert codes(tmp_path / "p", event={"source_ids": "s-a"}, sources=act) == []
    cited = {"s-a": _source("s-a", kind=kind, verified="reference")}
    assert codes(tmp_path / "q", event={"source_ids": "s-a"}, sources=cited) == ["unseen-source"]


@pytest.mark.parametrize("verified", ["", "reference"])
def test_nothing_is_certain_on_what_nobody_saw(tmp_path: Path, verified: str) -> None:
    unseen = {key: _source(key, verified=verified) for key in ("s-a", "s-b")}
    found = codes(tmp_path / "p", sources=unseen)
    assert found == ["unseen-source"] * 2  # both rows of control; the event has s-n too


def test_a_gazetteer_tells_of_no_event(tmp_path: Path) -> None:
    gazetteer = {"s-a": _source("s-a", type="dataset")}
    row = {"source_ids": "s-a", "certainty": "probable"}
    assert codes(tmp_path / "p", event=row, sources=gazetteer) == ["gazetteer-source"]


@pytest.mark.parametrize(
    ("day", "certainty", "faults"),
    [
        ("2001-01-03", "certain", []),
        ("2001-01-04", "certain", ["source-before-fact"]),
        ("2001-01-04", "probable", []),
        ("2001-04-05", "probable", []),
        ("2001-04-06", "probable", ["source-before-fact"]),
    ],
)
def test_no_source_is_older_than_what_it_tells(
    tmp_path: Path, day: str, certainty: str, faults: list[str]
) -> None:
    # s-a is of 1 January 2001, s-n of the 3rd; what is announced may lie 92 days ahead.
    assert codes(tmp_path / "p", event={"event_date": day, "certainty": certainty}) == faults


def test_an_undated_source_may_be_of_any_day(tmp_path: Path) -> None:
    undated = _source("s-n")
    del undated["issued"]
    assert codes(tmp_path / "p", event={"event_date": "2030-01-01"}, sources={"s-n": undated}) == []


@pytest.mark.parametrize(
    ("day", "said", "faults"),
    [
        ("2001-01-01", "2001-01-01", []),
        ("2001-01-02", "2001-01-03", []),  # s-a, of the day before, can't tell it
        ("2001-01-02", "2001-01-01", ["recorded-on"]),
        ("2001-01-01", "2001-01-03", ["recorded-on"]),
        ("2001-01-01", "", ["recorded-on"]),
        ("2001-02-01", "2001-02-01", []),  # only announced: known on its day
        ("2001-02-01", "2001-01-03", ["recorded-on"]),
    ],
)
def test_a_row_is_known_when_the_first_source_that_can_tell_it_was_out(
    tmp_path: Path, day: str, said: str, faults: list[str]
) -> None:
    event = {"event_date": day, "recorded_on": said, "certainty": "probable"}
    assert codes(tmp_path / "p", event=event) == faults


def test_a_source_of_a_month_was_out_by_its_end() -> None:
    start = parse_day("2001-06-10")
    assert first_told(start, ["2001-06"]) == "2001-06-30"
    assert first_told(start, ["2001", "", "2002-01-01"]) == "2001-12-31"
    assert first_told(start, ["", ""]) == ""


def test_who_saw_an_address_says_when(tmp_path: Path) -> None:
    there = {"URL": "https://example.org/a"}
    assert codes(tmp_path / "p", sources={"s-a": _source("s-a", **there)}) == ["no-access-date"]
    dated = there | {"accessed": {"date-parts": [[2020, 1, 1]]}}
    assert codes(tmp_path / "q", sources={"s-a": _source("s-a", **dated)}) == []
    unseen = {"s-n": _source("s-n", verified="", **there)}
    assert "no-access-date" not in codes(tmp_path / "r", sources=unseen)


def test_one_address_one_entry_whatever_the_pack_asks_for(tmp_path: Path) -> None:
    day = {"accessed": {"date-parts": [[2020, 1, 1]]}}
    twice = {
        "s-a": _source("s-a", URL="http://www.example.org/a/", **day),
        "s-b": _source("s-b", URL="https://example.org/a", **day),
    }
    assert codes(tmp_path / "p", sources=twice, settings="") == ["duplicate-source"]


def test_the_rules_hold_only_where_asked_for(tmp_path: Path) -> None:
    assert codes(tmp_path / "p", event={"source_ids": "s-a"}, settings="") == []


def test_actors_are_called_by_the_names_of_their_ids(tmp_path: Path) -> None:
    right = {"actor1": "Government of A", "actor1_ids": "us"}
    actors = {"actors": [ACTOR | {"source_ids": "s-a|s-b"}]}
    assert codes(tmp_path / "p", event=right, tables=actors) == []
    assert codes(tmp_path / "q", event={**right, "actor1": "We"}, tables=actors) == ["actor"]
    assert codes(tmp_path / "r", event={"actor2": "Somebody"}, tables=actors) == ["actor"]


def test_same_act_same_words(tmp_path: Path) -> None:
    said = '\n[[same_words]]\nevent_type = "battle"\npattern = "^(Fighting|Battle) (at|of) "\n'
    assert codes(tmp_path / "p", event={"title": "Fighting at X"}, settings=said) == []
    assert codes(tmp_path / "q", event={"title": "Heroes of X"}, settings=said) == ["same-words"]


def test_one_spelling_in_texts_of_ours_but_not_in_published_titles(tmp_path: Path) -> None:
    said = '\n[[spelling]]\nwrite = "Beland"\nnever = ["Belland*"]\n'
    wrong = {"summary": "The Bellanders met."}
    assert codes(tmp_path / "p", event=wrong, settings=said) == ["spelling"]
    theirs = {"s-a": _source("s-a", title="Bellanders meet")}
    assert codes(tmp_path / "q", sources=theirs, settings=said) == []


def test_titles_in_every_language_where_the_pack_says_so(tmp_path: Path) -> None:
    said = '\n[neutrality]\ntranslated = ["events.title"]\n'
    directory = write_pack(tmp_path / "p", CONTROL, tables={"events": [EVENT]}, settings=said)
    toml = directory / "pack.toml"
    text = toml.read_text(encoding="utf-8")
    assert 'languages = ["en"]' in text
    toml.write_text(text.replace('languages = ["en"]', 'languages = ["en", "de"]'), "utf-8")
    assert "untranslated" in [fault.code for fault in check_pack(directory)]


def test_what_is_not_said_needs_no_translation(tmp_path: Path) -> None:
    said = '\n[neutrality]\ntranslated = ["areas.part"]\n'
    directory = write_pack(tmp_path / "p", CONTROL, settings=said)
    toml, areas = directory / "pack.toml", directory / "areas.geojson"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('languages = ["en"]', 'languages = ["en", "de"]'), "utf-8")
    assert "untranslated" not in [fault.code for fault in check_pack(directory)]
    found = json.loads(areas.read_text(encoding="utf-8"))
    found["features"][0]["properties"] |= {"part": "the north"}
    areas.write_text(json.dumps(found), "utf-8")
    faults = [fault for fault in check_pack(directory) if fault.code == "untranslated"]
    assert [fault.found for fault in faults] == ["a00 without part_de"]
    found["features"][0]["properties"] |= {"part_de": "der Norden"}
    areas.write_text(json.dumps(found), "utf-8")
    assert "untranslated" not in [fault.code for fault in check_pack(directory)]


def test_a_title_in_brackets_is_ours() -> None:
    assert supplied_title("[On the bridge]")
    assert not supplied_title("On the [new] bridge")
    assert not supplied_title("[New] bridge")


def test_the_report_counts_support_bibliography_and_gaps(tmp_path: Path) -> None:
    events = [
        EVENT | {"source_ids": "s-a", "best": "3"},
        EVENT | {"id": "e2", "event_date": "2001-04-02", "title": "More"},
        EVENT | {"id": "e3", "event_date": "2002-02/2002-03", "date_prec": "4", "title": "Later"},
    ]
    directory = write_pack(tmp_path / "p", CONTROL, tables={"events": events})
    known = [_source("s-a"), _source("s-b", verified=""), _source("s-n", title="[Ours]")]
    (directory / "sources.json").write_text(json.dumps(known), encoding="utf-8")
    report = pack_report(read_pack(directory))
    support = report["Support"].set_index("table").loc["events"]
    assert support[["one_source", "two", "more", "one_side_only", "none_seen"]].tolist() == [
        1, 2, 0, 1, 0
    ]  # fmt: skip
    titles = report["Bibliography"].set_index("what")["sources"]
    assert titles["entries"] == 3 and titles["title as published"] == 2 and titles["not seen"] == 1
    coverage = report["Coverage"].set_index("year")
    assert coverage.loc["2001", ["events", "deaths", "months", "months_without"]].tolist() == [
        2, 3, 12, 10
    ]  # fmt: skip
    assert coverage.loc["2002", ["months", "months_without"]].tolist() == [2, 1]
