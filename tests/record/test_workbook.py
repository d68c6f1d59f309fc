"""A pack as a workbook: filled in as people fill in spreadsheets, and taken back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from atlas.base.errors import InputError, PackError
from atlas.cli import app
from atlas.record.compare import differences
from atlas.record.pack import read_pack
from atlas.record.takeback import import_gpkg
from atlas.record.workbook import SHEETS, export_workbook, is_workbook
from tests.packs import ENVELOPE, spell, write_pack

SOUND = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
EVENT = {
    "event_date": "2001-05-01", "date_prec": "1", "where_prec": "1", "event_type": "battle",
    "place_id": "p00", "title": "A fight", "summary": "They fought.", "certainty": "certain",
    "source_ids": "s-n",
}  # fmt: skip


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "p", SOUND, settings="")


@pytest.fixture
def book(pack: Path, tmp_path: Path) -> Path:
    return export_workbook(pack, tmp_path / "p.xlsx")


def fill(book: Path, sheet: str, **cells: Any) -> None:
    """Write a new line below what is there."""
    whole = load_workbook(book)
    head = [cell.value for cell in whole[sheet][1]]
    line = sum(1 for row in whole[sheet].iter_rows(values_only=True) if any(row)) + 1
    for name, value in cells.items():
        whole[sheet].cell(line, head.index(name) + 1, value)
    whole.save(book)


def test_an_export_explains_itself_and_comes_back_as_nothing(pack: Path, book: Path) -> None:
    assert is_workbook(book) and not is_workbook(pack / "pack.toml")
    whole = load_workbook(book)
    assert set(SHEETS) <= set(whole.sheetnames)
    for name in SHEETS:
        assert all(cell.comment is not None for cell in whole[name][1]), name
    kinds = whole["events"].data_validations.dataValidation
    assert any("lists!" in one.formula1 for one in kinds)
    assert len(differences(pack, book)) == 0 and import_gpkg(book, pack).files == ()
    assert book.read_bytes() == export_workbook(pack, book.with_name("q.xlsx")).read_bytes()


def test_new_lines_are_numbered_once(pack: Path, book: Path) -> None:
    fill(book, "events", **EVENT)
    fill(book, "events", **EVENT | {"title": "Another", "event_date": datetime(2002, 3, 4)})
    taken = import_gpkg(book, pack)
    assert [path.name for path in taken.files] == ["events.csv"]
    assert any("2 lines without an id" in note for note in taken.notes)
    events = read_pack(pack).events.set_index("title")
    assert events.loc["Another", "event_date"] == "2002-03-04"
    assert sorted(events["id"]) == ["e00001", "e00002"]
    assert import_gpkg(book, pack).files == ()


@pytest.mark.parametrize(
    ("sheet", "cells", "words"),
    [
        ("events", EVENT | {"place_id": "nowhere"}, "'nowhere', of e00001"),
        ("events", EVENT | {"event_date": "2001-13-01"}, "2001-13-01"),
        ("control", ENVELOPE | spell("", "a00", "B", "2005-01-01"), "control-overlap"),
        ("sources", {"id": "s-x", "type": "report", "title": "X"}, "affiliation"),
    ],
)
def test_a_fault_is_told_and_nothing_is_written(
    pack: Path, book: Path, sheet: str, cells: dict[str, Any], words: str
) -> None:
    before = {path.name: path.read_bytes() for path in pack.iterdir()}
    fill(book, sheet, **cells)
    with pytest.raises(PackError) as error:
        import_gpkg(book, pack)
    told = [f"{fault} {fault.code}" for fault in error.value.faults]
    assert any(words in text for text in told), told
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before


def test_what_is_no_line_of_a_table_is_refused_by_its_place(pack: Path, book: Path) -> None:
    fill(book, "places", kind="settlement", lon="10.1", lat="50.1")
    with pytest.raises(InputError, match="sheet places, line 4: no id"):
        import_gpkg(book, pack)
    export_workbook(pack, book)
    fill(book, "events", **EVENT | {"title": "=1+1"})
    with pytest.raises(InputError, match=r"sheet events, .*2: a formula"):
        import_gpkg(book, pack)
    export_workbook(pack, book)
    whole = load_workbook(book)
    whole["events"].cell(1, 40, "casualties")
    whole.save(book)
    with pytest.raises(InputError, match="'casualties'"):
        import_gpkg(book, pack)
    other = Workbook()
    other.save(book)
    with pytest.raises(InputError, match="no sheet of a pack's tables"):
        import_gpkg(book, pack)
    book.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputError):
        import_gpkg(book, pack)


def test_text_that_looks_like_a_formula_or_a_number_stays_text(pack: Path, book: Path) -> None:
    fill(book, "events", **EVENT | {"best": 3, "note": 2008.0})
    import_gpkg(book, pack)
    row = read_pack(pack).events.iloc[0]
    assert row["best"] == 3 and row["note"] == "2008"
    text = (pack / "events.csv").read_text(encoding="utf-8").replace("A fight", "=SUM(A1)")
    (pack / "events.csv").write_text(text, encoding="utf-8")
    again = export_workbook(pack, book)
    cells = [cell for row in load_workbook(again)["events"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=SUM(A1)"] != ["f"]
    assert import_gpkg(again, pack).files == ()


def test_the_commands_take_the_format_from_the_name(pack: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    out = tmp_path / "out.xlsx"
    assert run(app, ["export", str(pack), "-o", str(out)]).exit_code == 0 and is_workbook(out)
    assert run(app, ["import", str(out), "--into", str(pack)]).exit_code == 0
    assert run(app, ["diff", str(pack), str(out)]).exit_code == 0
    for ending, to in (("csv", None), ("xlsx", "gpkg"), ("xlsx", "xls")):
        more = [] if to is None else ["--to", to]
        assert run(app, ["export", str(pack), "-o", f"x.{ending}", *more]).exit_code != 0


def test_a_stray_cell_far_down_costs_nothing_and_one_beside_the_table_is_told(
    pack: Path, book: Path
) -> None:
    whole = load_workbook(book)
    whole["events"]["A1048576"] = " "
    whole.save(book)
    assert import_gpkg(book, pack).files == ()
    whole["events"]["XFD3"] = "lost"
    whole.save(book)
    with pytest.raises(InputError, match="XFD3: its column has no name"):
        import_gpkg(book, pack)


def test_what_a_sheet_can_not_hold_is_no_edit_and_is_not_cut(pack: Path, book: Path) -> None:
    path = pack / "places.csv"
    text = path.read_text(encoding="utf-8")
    head, first = text.split("\n")[:2]
    assert head.endswith(",note") and first.endswith(",")
    odd = text.replace(first, f'{first}"a\tb\ufffe\u00a0c\nd"', 1)
    path.write_text(odd, encoding="utf-8")
    assert import_gpkg(export_workbook(pack, book), pack).files == ()
    assert path.read_text(encoding="utf-8") == odd
    path.write_text(text.replace(first, first + "x" * 40_000, 1), encoding="utf-8")
    with pytest.raises(InputError, match="longer than the 32,767"):
        export_workbook(pack, book)


def test_an_error_and_a_second_sheet_of_one_table_are_refused(pack: Path, book: Path) -> None:
    whole = load_workbook(book)
    head = [cell.value for cell in whole["places"][1]]
    whole["places"].cell(2, head.index("note") + 1, "#REF!")
    whole.copy_worksheet(whole["names"]).title = "names "
    whole.save(book)
    with pytest.raises(InputError, match=r"#REF!.*two sheets are called names"):
        import_gpkg(book, pack)


def test_a_workbook_that_unpacks_to_far_more_is_refused(
    pack: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atlas.record.workbook._LARGEST", 1000)
    with pytest.raises(InputError, match="would unpack"):
        import_gpkg(book, pack)


def test_a_dry_run_finds_the_faults_and_writes_nothing(pack: Path, book: Path) -> None:
    fill(book, "events", **EVENT)
    before = {path.name: path.read_bytes() for path in pack.iterdir()}
    assert len(import_gpkg(book, pack, dry_run=True).changes) == 1
    fill(book, "events", **EVENT | {"place_id": "nowhere"})
    with pytest.raises(PackError, match="nowhere"):
        import_gpkg(book, pack, dry_run=True)
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before


def test_a_table_with_old_ends_of_lines_is_edited(pack: Path, book: Path) -> None:
    path = pack / "places.csv"
    plain = path.read_bytes()
    path.write_bytes(plain.replace(b"\n", b"\r"))
    whole = load_workbook(book)
    head = [cell.value for cell in whole["places"][1]]
    whole["places"].cell(2, head.index("note") + 1, "seen")
    whole.save(book)
    import_gpkg(book, pack)
    after = path.read_bytes()
    assert b"\n" not in after and after.count(b"\r") == plain.count(b"\n") and b"seen\r" in after


def test_rows_that_can_not_be_read_stop_an_import(pack: Path, book: Path) -> None:
    path = pack / "places.csv"
    path.write_bytes(path.read_bytes() + b"one,cell-too-few\n")
    with pytest.raises(InputError, match="rows of the pack can't be read"):
        import_gpkg(book, pack)
