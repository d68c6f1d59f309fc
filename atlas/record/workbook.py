"""A pack as a spreadsheet to fill in: a sheet a table, words to choose from, each column explained.

Shapes are drawn elsewhere and have no sheet; what they and the parties are called stands on the
sheet ``lists``. What comes back is told from the pack by :mod:`atlas.record.edited`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from atlas.base.archives import member_names, opened_archive
from atlas.base.errors import InputError
from atlas.base.frames import same_bytes
from atlas.base.notes import Notes
from atlas.base.output import atomic_file
from atlas.record.exchange import labels_of, load_tables, readable
from atlas.record.pack import Party, pack_directory, parties_of
from atlas.record.schema import PARTY, TABLES, Column
from atlas.record.tables import RawTable, load_toml

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["SHEETS", "export_workbook", "is_workbook", "read_sheets"]

SHEETS = tuple(name for name, table in TABLES.items() if not table.geometry)
"""Tables that a workbook has a sheet of, in order."""

_ABOUT, _LISTS = "read me", "lists"
_NAMED = ("places", "sources", "actors")
_ROOM = 2000
_LARGEST = 200 << 20  # bytes, unpacked
_CELL = 32_767  # characters that a cell holds
_README = (
    "One sheet a table. The first line names the columns: point at a name to read what it holds.",
    "Columns with a dark name have to be filled. Lists inside a cell are separated by |.",
    "Dates: 2008-08-12, 2008-08, 2008, or 2008-08~ for about then. valid_to is the first day on "
    "which it no longer holds; leave it empty where it still does.",
    "Leave `id` empty on new lines of any sheet but {named}: they are numbered for you.",
    "Every line needs at least one id of the sheet `sources` in source_ids.",
    "`lists` holds the ids of areas and parties and the words to choose from; it is not read back.",
    "When done: atlas import FILE.xlsx --into PACK. Nothing is written unless all is sound.",
)


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook (xlsx), by its bytes."""
    with path.open("rb") as stream:
        if stream.read(4) != b"PK\x03\x04":
            return False
    return "xl/workbook.xml" in member_names(path)


# --- out ----------------------------------------------------------------------------------------


def export_workbook(pack: str | Path, out: str | Path) -> Path:
    """Write the tables of a pack as a workbook to fill in.

    Parameters
    ----------
    pack : str or Path
        A folder, or the name of a shipped pack. It may have faults.
    out : str or Path
        File to write, ``.xlsx``; whole, or not at all.

    Returns
    -------
    Path

    Raises
    ------
    NotFoundError
        If there is no such pack.
    InputError
        If `out` ends otherwise or can't be written, or a table of the pack can't be read.

    Notes
    -----
    All cells are text, so that a spreadsheet makes no other date of ``2008-08``. The same pack
    makes the same bytes.

    Examples
    --------
    >>> import tempfile
    >>> export_workbook("cyprus", Path(tempfile.mkdtemp()) / "cyprus.xlsx").name
    'cyprus.xlsx'
    """
    from openpyxl import Workbook

    target = Path(out)
    if target.suffix.lower() != ".xlsx":
        raise InputError(f"a workbook is written: end {target.name!r} in .xlsx")
    directory = pack_directory(pack)
    settings = load_toml(directory / "pack.toml")[0]
    tables = readable(load_tables(directory))
    tags = [str(tag) for tag in settings.get("languages", ()) if tag != "en"]
    book = Workbook()
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)
    about = book.active
    about.title = _ABOUT
    about.column_dimensions["A"].width = 110
    for line in _README:
        about.append([line.format(named=", ".join(_NAMED))])
    ranges: dict[str, str] = {}
    sheets = [(name, book.create_sheet(name)) for name in SHEETS]
    _lists(book, tables, parties_of(settings), ranges)
    for name, sheet in sheets:
        _sheet(sheet, tables[name], tags, ranges)
    long = [f"{name} {row['id']}" for name in SHEETS for row in tables[name].rows
            if any(len(cell) > _CELL for cell in row.values())]  # fmt: skip
    if long:
        raise InputError(
            f"a cell of {long[0]} is longer than the {_CELL:,} characters that a sheet holds; "
            "shorten it, or export a .gpkg"
        )
    with atomic_file(target) as draft:
        book.save(draft)
        same_bytes(draft)
    return target


def _lists(
    book: Workbook, tables: Mapping[str, RawTable], parties: Mapping[str, Party],
    ranges: dict[str, str],
) -> None:  # fmt: skip
    """The sheet of ids and words, and where on it each list stands."""
    from openpyxl.utils import get_column_letter

    calls = labels_of(tables)
    columns: list[tuple[str, Sequence[str]]] = []

    def add(key: str, title: str, values: Sequence[str]) -> None:
        columns.append((title, values))
        if values and key:
            letter = get_column_letter(len(columns))
            ranges[key] = f"{_LISTS}!${letter}$2:${letter}${len(values) + 1}"

    for name, raw in tables.items():
        if raw.table.geometry:
            ids = [row["id"] for row in raw.rows]
            add(name, f"{name}: id", ids)
            add("", f"{name}: called", [calls.get(key, row.get("name", "")) for key, row in
                                        zip(ids, raw.rows, strict=True)])  # fmt: skip
    add(PARTY, "parties: id", list(parties))
    add("", "parties: name", [one.name["en"] for one in parties.values()])
    for words in dict.fromkeys(
        column.words for name in SHEETS for column in TABLES[name].columns if column.words
    ):
        title = next(
            f"{name}.{column.name}" for name in SHEETS for column in TABLES[name].columns
            if column.words == words
        )  # fmt: skip
        add("|".join(words), title, words)
    sheet = book.create_sheet(_LISTS)
    depth = max(len(values) for _, values in columns)
    _row(sheet, 1, [title for title, _ in columns])
    for at in range(depth):
        _row(sheet, at + 2, [values[at] if at < len(values) else "" for _, values in columns])
    sheet.freeze_panes = "A2"


def _row(sheet: Worksheet, at: int, cells: Sequence[str]) -> None:
    for column, text in enumerate(cells, start=1):
        if text:
            cell = sheet.cell(at, column, _held(text))
            cell.data_type = "s"  # text, whatever it begins with
            cell.number_format = "@"


def _held(text: str) -> str:
    """A text as a sheet can hold it: one line, of characters that XML allows."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x1f\ufffe\uffff]", " ", plain).strip()


def _sheet(
    sheet: Worksheet, raw: RawTable, tags: Sequence[str], ranges: Mapping[str, str]
) -> None:  # fmt: skip
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    translated = [one.name for one in raw.table.columns if one.translated]
    table = raw.table.speaking(f"{name}_{tag}" for name in translated for tag in tags)
    _row(sheet, 1, table.names)
    for at, row in enumerate(raw.rows, start=2):
        _row(sheet, at, [row.get(name, "") for name in table.names])
    for number, column in enumerate(table.columns, start=1):
        letter, head = get_column_letter(number), sheet.cell(1, number)
        needed = column.required and not (column.name == "id" and raw.table.name not in _NAMED)
        head.font = Font(bold=True, color="FFFFFF" if needed else "2A2723")
        head.fill = PatternFill("solid", fgColor="655E54" if needed else "DDD5C5")
        head.comment = Comment(_told(column), "atlas", width=320, height=120)
        sheet.column_dimensions[letter].width = min(40, max(12, len(column.name) + 2))
        sheet.column_dimensions[letter].number_format = "@"
        source = ranges.get("|".join(column.words) if column.words else column.refers)
        if column.refers in _NAMED and column.kind == "id":
            source = f"{column.refers}!$A$2:$A${_ROOM}"
        if source and column.kind in ("word", "id"):
            choice = DataValidation("list", formula1=source, allow_blank=True)
            choice.error = f"{column.about}; choose one of the list"
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}{_ROOM}")
    sheet.freeze_panes = "B2"


def _told(column: Column) -> str:
    words = f"\nOne of: {', '.join(column.words)}" if column.words else ""
    refers = f"\nIds of the sheet {column.refers}" if column.refers in SHEETS else ""
    return f"{column.about}{words}{refers}"


# --- back ---------------------------------------------------------------------------------------


def read_sheets(path: Path, base: Mapping[str, RawTable], notes: Notes) -> dict[str, pd.DataFrame]:
    """Read the sheets of a workbook that are tables of a pack.

    Parameters
    ----------
    path : Path
        The workbook.
    base : mapping of str to RawTable
        The pack's tables; lines without an id get a number that none of theirs has.
    notes : Notes
        Told what was assumed, and which sheets are not used.

    Returns
    -------
    dict of str to DataFrame
        Table -> its lines, with the sheet's columns; every cell is text.

    Raises
    ------
    InputError
        If the file can't be read or is too large, a sheet has a column that its table has not or
        stands there twice, a cell holds a formula or an error, or a line has no id where it needs
        one.
    """
    from openpyxl import load_workbook

    try:
        with opened_archive(path, path.name, most=_LARGEST):
            pass
        # Line by line: a stray cell at the end of a sheet is no million of lines before it.
        book = load_workbook(path, read_only=True)
        try:
            sheets = [(sheet.title, list(_filled(sheet))) for sheet in book.worksheets]
        finally:
            book.close()
    except InputError:
        raise
    except Exception as error:  # openpyxl's and its parsers' errors have no common class
        raise InputError(f"{path.name} can't be read as a workbook: {error}") from None
    found: dict[str, pd.DataFrame] = {}
    wrong: list[str] = []
    for title, lines in sheets:
        name = title.strip().casefold()
        if name in found:
            wrong.append(f"two sheets are called {name}; put their lines on one")
        elif name in SHEETS:
            head = dict(lines[0][1]) if lines and lines[0][0] == 1 else {}
            header = {at: _text(cell.value) for at, cell in head.items()}
            rows = list(_lines(lines[bool(head) :], header, base[name], notes, wrong))
            # A language for which nothing is filled in yet is no column of the table.
            kept = [
                column for column in header.values()
                if column in base[name].table.names or any(row.get(column) for row in rows)
            ]  # fmt: skip
            found[name] = pd.DataFrame(rows, columns=kept, dtype=object)
        elif name not in (_ABOUT, _LISTS):
            notes.say(f"the sheet {title!r} is no table of a pack, and not used")
    if wrong:
        more = f"; and {len(wrong) - 8} more" if len(wrong) > 8 else ""
        raise InputError(f"{path.name}: " + "; ".join(wrong[:8]) + more)
    if not found:
        raise InputError(
            f"{path.name} has no sheet of a pack's tables; they are called {', '.join(SHEETS)}"
        )
    return found


def _filled(sheet: Any) -> Iterator[tuple[int, dict[int, Any]]]:
    """Number and cells, by their column, of the lines of a sheet that have any."""
    sheet.reset_dimensions()  # what it says of its own size may be anything
    for number, line in enumerate(sheet.iter_rows(), start=1):
        cells = {at: cell for at, cell in enumerate(line) if _text(cell.value)}
        if cells:
            yield number, cells


def _lines(
    lines: Sequence[tuple[int, Mapping[int, Any]]],
    header: Mapping[int, str],
    raw: RawTable,
    notes: Notes,
    wrong: list[str],
) -> Iterator[dict[str, str]]:
    name, columns = raw.table.name, list(header.values())
    for column in columns:
        if column not in raw.table.names and raw.table.translation(column) is None:
            wrong.append(f"sheet {name}: no table has a column {column!r} there; delete it")
    if len(set(columns)) < len(columns):
        wrong.append(f"sheet {name}: two columns have one name")
        return
    if "id" not in columns:
        wrong.append(f"sheet {name}: no column 'id' in the first line")
        return
    key = next(at for at, column in header.items() if column == "id")
    said = {_text(cells[key].value) for _, cells in lines if key in cells}
    was = {row["id"]: row for row in raw.rows}
    taken = raw.ids() | said
    # A sheet may be taken in again: a line that was numbered then keeps its number.
    before = {_facts(row, columns): row["id"] for row in raw.rows if row["id"] not in said}
    numbered, number = 0, 0
    for number_of_line, line in lines:
        cells = dict.fromkeys(columns, "")
        old = was.get(_text(line[key].value), {}) if key in line else {}
        for at, cell in line.items():
            where = f"sheet {name}, {cell.coordinate}"
            if cell.data_type == "f":
                wrong.append(f"{where}: a formula; paste its value there")
            elif cell.data_type == "e":
                wrong.append(f"{where}: the error {cell.value}; write a value, or nothing")
            elif at not in header:
                wrong.append(f"{where}: its column has no name in the first line")
            else:
                text, own = _text(cell.value), old.get(header[at], "")
                # What a sheet can't hold as it is has not been edited.
                cells[header[at]] = own if text == _held(own) else text
        if not cells["id"]:
            if name in _NAMED:
                wrong.append(f"sheet {name}, line {number_of_line}: no id; others name it by one")
                continue
            cells["id"] = before.pop(_facts(cells, columns), "")
            if cells["id"]:
                yield cells
                continue
            while not number or f"{name[0]}{number:05d}" in taken:
                number += 1
            cells["id"] = f"{name[0]}{number:05d}"
            taken.add(cells["id"])
            numbered += 1
        yield cells
    if numbered:
        notes.say(f"{name}: {numbered} lines without an id are numbered")


def _facts(row: Mapping[str, str], columns: Sequence[str]) -> frozenset[tuple[str, str]]:
    """What a row says in these columns, its id aside."""
    return frozenset((name, _held(row[name])) for name in columns if name != "id" and row.get(name))


def _text(value: Any) -> str:
    """A cell as text; days as ISO, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return " ".join(str(value).split("\n")).strip()
