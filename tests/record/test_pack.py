from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from atlas.base.errors import NotFoundError
from atlas.base.timespan import OPEN_END, parse_day
from atlas.record.choose import choose_pack
from atlas.record.pack import pack_directory, read_pack, split_list
from atlas.record.report import pack_report
from tests.packs import ENVELOPE, PARTIES, place, spell, write_pack

CONTROL = [
    spell("c1", "a00", "A", "", "2010-01-01", recorded_on="2000-01-01"),
    spell("c2", "a00", "B", "2010-01-01", recorded_on="2012-06-01"),
    spell("c3", "a10", "B"),
]


def name(key: str, text: str, lang: str, **more: str) -> dict[str, str]:
    row = {"id": key, "place_id": "p00", "name": text, "lang": lang, "script": "Latn"}
    return ENVELOPE | row | {"status": "common"} | more


NAMES = [
    name("n1", "Oldtown", "en", valid_to="1990-01-01", status="official"),
    name("n2", "Aburg", "en", used_by="A"),
    name("n3", "Bgrad", "en", used_by="B"),
    name("n4", "Bgradia", "en", used_by="B", certainty="probable"),
    name("n5", "Stadt", "de"),
    name("n6", "Miasto", "pl"),
]


def test_cells_are_typed(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path / "p", CONTROL, tables={"names": NAMES}))
    assert pack.places["population"].dtype == np.float64 and pack.places["population"].isna().all()
    assert (pack.places["note"] == "").all()
    assert pack.control["start_day"].dtype == np.int32
    assert pack.control.set_index("id").loc["c2", "end_day"] == OPEN_END
    assert set(pack.meta.parties) == set(PARTIES)
    assert pack.meta.parties["A"].label("xx") == "Aland"
    assert pack.events.empty and pack.routes.crs == "EPSG:4326"


def test_a_place_is_shown_by_what_each_side_calls_it_now(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path / "p", CONTROL, tables={"names": NAMES}))
    assert pack.place_name["p00"] == "Aburg / Bgrad"


def test_no_name_is_shown_before_it_was_in_use(tmp_path: Path) -> None:
    rows = [
        name("n1", "Oldtown", "en", used_by="A|B", valid_to="1990-01-01", status="historical"),
        name("n2", "Aburg", "en", used_by="A", valid_from="1990-01-01"),
        name("n3", "Bgrad", "en", used_by="B", valid_from="2000-01-01"),
        name("n4", "Oldburg", "en", used_by="B", status="variant"),
        {**name("n5", "Ever", "en"), "place_id": "p10"},
    ]
    pack = read_pack(write_pack(tmp_path / "p", CONTROL, tables={"names": rows}))
    shown = {day: pack.names_on(parse_day(day))["p00"] for day in ("1989-12-31", "1990-01-01")}
    assert shown == {"1989-12-31": "Oldtown", "1990-01-01": "Aburg"}
    assert pack.names_on(parse_day("2000-01-01"))["p00"] == "Aburg / Bgrad"
    assert pack.names_on(parse_day("1989-12-31"))["p10"] == pack.place_name["p10"] == "Ever"


@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_variant_without_days_stands_behind_the_name_of_the_day(
    tmp_path: Path, lang: str
) -> None:
    rows = [
        name("n0", "Other", "de" if lang == "en" else "en"),
        name("n1", "Variant", lang, used_by="A", status="variant"),
        name("n2", "Once", lang, used_by="A", valid_to="1990-01-01"),
        name("n3", "Now", lang, used_by="A", valid_from="1990-01-01"),
        name("n4", "Miasto", "pl"),
    ]
    settings = 'languages = ["en", "de"]\n'
    directory = write_pack(tmp_path / "p", CONTROL, tables={"names": rows})
    toml = (directory / "pack.toml").read_text(encoding="utf-8")
    (directory / "pack.toml").write_text(
        toml.replace('languages = ["en"]\n', settings), encoding="utf-8"
    )
    naming = read_pack(directory).naming
    assert naming.words("p00", parse_day("1989-12-31"))[lang] == "Once"
    assert naming.words("p00", parse_day("1990-01-01"))[lang] == "Now"


def test_the_record_as_it_was_known(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path / "p", CONTROL))
    then = pack.known_on("2011-01-01")
    held = then.assessed.set_index("area_id")
    # The change of 2010 was recorded in 2012 only.
    assert held.loc["a00", "controller"] == "A" and held.loc["a00", "end_day"] == OPEN_END
    later = pack.known_on("2013-01-01").assessed
    assert list(later.loc[later["area_id"] == "a00", "controller"]) == ["A", "B"]
    assert then.known_on_day == parse_day("2011-01-01")


def test_a_pack_is_found_by_name_or_folder(tmp_path: Path) -> None:
    assert pack_directory("south-caucasus").name == "south-caucasus"
    assert pack_directory(tmp_path) == tmp_path
    with pytest.raises(NotFoundError, match="south-caucasus"):
        pack_directory("atlantis")


def test_lists() -> None:
    assert split_list("a|b||") == ["a", "b"]


def test_the_report_counts_what_is_there(tmp_path: Path) -> None:
    claim = spell("c9", "a00", "A", "2010-01-01", asserted_by="A", source_ids="s-a")
    more = {"places": [place("p9", 10.2, 50.2, certainty="probable", source_ids="s-a|s-b")]}
    pack = read_pack(write_pack(tmp_path / "p", [*CONTROL, claim], tables=more))
    report = pack_report(pack)
    records = report["Records"].set_index("table")
    assert records.loc["places", ["rows", "cited", "certain", "probable"]].tolist() == [3, 3, 2, 1]
    uses = report["Use of sources"].set_index(["table", "affiliation"])["citations"]
    assert uses[("places", "A")] == 1 and uses[("places", "neutral")] == 2
    assert report["Claims"].set_index("party")["rows"].to_dict() == {"A": 1}


def test_the_choice_of_a_pack_tells_of_rows_that_had_no_place() -> None:
    west, south, east, north = read_pack("cyprus").meta.bbox
    lon, lat = np.array([(west + east) / 2, np.nan]), np.array([(south + north) / 2, np.nan])
    name, why = choose_pack(lon, lat)
    assert name == "cyprus"
    assert why.endswith("located row lies; 1 more could not be placed before a pack was chosen")
