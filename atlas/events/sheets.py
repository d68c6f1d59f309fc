"""Workbooks of Excel and OpenDocument: the sheet and the row of names are found, and said."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from atlas.base.archives import opened_archive
from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.events.files import whole
from atlas.events.headers import Header, find_header, score
from atlas.events.options import ReadOptions
from atlas.events.raw import Raw, Rejects, distinct, short, texts

__all__ = ["read_workbook"]

MAX_ROWS = 1_100_000
MAX_WIDTH = 2_000
MAX_CELLS = 20_000_000
_MAX_BOOK = 1 << 30  # bytes a workbook may unpack to
_TOP = 40

Rows = Iterator[tuple[int, list[Any]]]


class _Sheet(NamedTuple):
    """A sheet: its name, its first rows with their numbers, and a way to all of its rows.

    ``unworked`` counts the cells that hold a formula without its value, and names the first.
    """

    name: str
    top: list[tuple[int, list[Any]]]
    rows: Any
    hidden: bool = False
    since_1904: bool = False
    unworked: Any = None


def read_workbook(handle: BinaryIO, name: str, options: ReadOptions, notes: Notes) -> Raw:
    """Read the sheet of a workbook that holds events.

    Parameters
    ----------
    handle : binary file
        xlsx, xlsm, xls or ods.
    name : str
    options : ReadOptions
        ``sheet`` and ``header_row`` say what else is found.
    notes : Notes

    Raises
    ------
    InputError
        If it is damaged, locked, too large, or has no such sheet.
    """
    head = handle.read(8)
    handle.seek(0)
    try:
        if head[:4] == b"\xd0\xcf\x11\xe0":
            sheets = _xls(handle, name)
        else:
            with opened_archive(handle, name, most=_MAX_BOOK) as archive:
                plain = "content.xml" in archive.namelist()
            handle.seek(0)
            sheets = _ods(handle, name) if plain else _xlsx(handle, name)
        chosen, header = _choose(sheets, options, name, notes)
        return _body(chosen, header, name, options, notes)
    except InputError:
        raise
    except Exception as error:  # the parsers raise whatever a broken file provokes
        raise InputError(f"{name} is a damaged workbook: {short(error)}") from None


def _choose(
    sheets: Sequence[_Sheet], options: ReadOptions, name: str, notes: Notes
) -> tuple[_Sheet, Header]:
    filled = [sheet for sheet in sheets if sheet.top]
    if not filled:
        raise InputError(f"{name} has no sheet with anything in it")
    if options.sheet is not None:
        sheet = _named(sheets, options.sheet, name)
        return sheet, _header(sheet, options.header_row)
    ranked = []
    for at, sheet in enumerate(filled):
        try:
            header = _header(sheet, options.header_row)
        except InputError:
            continue
        body = len(sheet.top) - header.first - header.lines
        names = score(header.titles) if body > 0 else -1
        ranked.append(((names > 0 and not sheet.hidden, names, -at), sheet, header))
    if not ranked:
        raise InputError(f"{name} has no sheet with a row {options.header_row}")
    _, sheet, header = max(ranked, key=lambda item: item[0])
    if len(filled) > 1:
        listed = ", ".join(_titled(other) for other in filled if other is not sheet)
        notes.say(f"sheet: {_titled(sheet)}; not read: {listed}")
    return sheet, header


def _titled(sheet: _Sheet) -> str:
    return repr(sheet.name) + (" (hidden)" if sheet.hidden else "")


def _named(sheets: Sequence[_Sheet], wanted: str | int, name: str) -> _Sheet:
    for at, sheet in enumerate(sheets, 1):
        same = (
            isinstance(wanted, str) and sheet.name.strip().casefold() == wanted.strip().casefold()
        )
        if same or str(wanted) == str(at):
            if not sheet.top:
                raise InputError(f"the sheet {sheet.name!r} of {name} is empty")
            return sheet
    listed = ", ".join(repr(sheet.name) for sheet in sheets[:20])
    raise InputError(f"{name} has no sheet {wanted!r}; it has {listed}")


def _header(sheet: _Sheet, wanted: int | None) -> Header:
    rows = [cells for _, cells in sheet.top]
    if wanted is None:
        return find_header(rows)
    at = next((at for at, (number, _) in enumerate(sheet.top) if number == wanted), None)
    if at is None:
        raise InputError(f"header_row={wanted} is no row with names in it")
    return Header(find_header(rows, at + 1).titles, at, 1)


def _body(sheet: _Sheet, header: Header, name: str, options: ReadOptions, notes: Notes) -> Raw:
    titles = list(header.titles)
    while titles and not titles[-1]:
        titles.pop()
    if not any(titles):
        raise InputError(f"{name} has no row of names in the sheet {sheet.name!r}; say header_row=")
    last = sheet.top[header.first + header.lines - 1][0]
    if sheet.top[header.first][0] > 1 or header.lines > 1:
        first = sheet.top[header.first][0]
        notes.say(f"header: row {first}" + (f" and {last}" if header.lines > 1 else ""))
    names = distinct(titles, name, notes)
    body: list[list[str]] = []
    lines: list[int] = []
    rejects = Rejects()
    met = cells_met = 0
    for number, row in sheet.rows():
        if number <= last:
            continue
        cells = [_cell(cell) for cell in row]
        if not any(cells):
            continue
        if options.limit is not None and met >= options.limit:
            break
        met += 1
        cells_met += len(cells)
        if met > MAX_ROWS or cells_met > MAX_CELLS:
            raise InputError(f"{name} holds more than {MAX_CELLS:,} cells; save it as CSV")
        if any(cells[len(names) :]):
            rejects.add(
                number, "", f"{len(cells)} cells",
                f"the row must have {len(names)} cells, as the row of names has", ",".join(cells),
            )  # fmt: skip
            continue
        body.append((cells + [""] * len(names))[: len(names)])
        lines.append(number)
    frame = texts(body, names)
    # A table that begins in the second column has a first one with nothing in it.
    empty = [
        column
        for column, title in zip(names, titles, strict=True)
        if not title and not any(frame[column])
    ]
    frame = frame.drop(columns=empty)
    count, cell = sheet.unworked() if sheet.unworked is not None else (0, "")
    if count:
        notes.say(
            f"formulas: cells without a worked-out value were taken as empty (cells: {count}, "
            f"the first is {cell}); open and save the file in a spreadsheet program"
        )
    return Raw(
        frame, name, notes, met, rejects, lines=np.asarray(lines, dtype=np.int64),
        since_1904=sheet.since_1904,
    )  # fmt: skip


def _cell(value: Any) -> str:
    """A cell as the text that a CSV file would hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        if not (value.hour or value.minute or value.second or value.microsecond):
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value).strip()


def _top(rows: Rows) -> list[tuple[int, list[Any]]]:
    filled = (item for item in rows if any(cell not in (None, "") for cell in item[1]))
    return list(islice(filled, _TOP))


# --- kinds of workbooks ---------------------------------------------------------------------


def _xlsx(handle: BinaryIO, name: str) -> list[_Sheet]:
    import openpyxl

    book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
    out = []
    for sheet in book.worksheets:

        def rows(sheet: Any = sheet) -> Rows:
            # A sheet that claims a million columns would be padded to them, row by row.
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                if number > MAX_ROWS:
                    raise InputError(f"{name} has more than {MAX_ROWS:,} rows; save it as CSV")
                if len(row) > MAX_WIDTH:
                    row = row[:MAX_WIDTH]
                yield number, list(row)

        def unworked(sheet: Any = sheet) -> tuple[int, str]:
            return _unworked(handle, sheet._worksheet_path)

        out.append(
            _Sheet(
                sheet.title, _top(rows()), rows, sheet.sheet_state != "visible",
                book.epoch.year == 1904, unworked,
            )
        )  # fmt: skip
    return out


_FORMULA = re.compile(
    rb"""<c\b[^>]*?\br=["']([A-Z]{1,3}\d{1,7})["'][^>]*>\s*<f\b(?:[^>]*/>|[^<]*</f>)"""
    rb"""\s*(?:</c>|<v\s*/>|<v>\s*</v>)"""
)


def _unworked(handle: BinaryIO, path: str) -> tuple[int, str]:
    """Number of cells of a sheet whose formula has no value beside it, and the first of them."""
    count, first, rest = 0, "", b""
    with zipfile.ZipFile(handle) as archive, archive.open(path.lstrip("/")) as stream:
        while block := stream.read(1 << 20):
            data = rest + block
            cut = data.rfind(b"<c ")
            ready, rest = (data[:cut], data[cut:]) if cut > 0 else (b"", data)
            rest = rest[: 1 << 21]
            for match in _FORMULA.finditer(ready):
                count, first = count + 1, first or match[1].decode()
    for match in _FORMULA.finditer(rest):
        count, first = count + 1, first or match[1].decode()
    return count, first


def _xls(handle: BinaryIO, name: str) -> list[_Sheet]:
    import io

    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=whole(handle, name), logfile=io.StringIO())
    except xlrd.XLRDError as error:
        locked = "encrypted" in str(error) or "xlsx" in str(error)
        raise InputError(
            f"{name} is {'a locked' if locked else 'an unreadable'} Excel file ({short(error)}); "
            "save it as .xlsx or .csv"
        ) from None

    def value(cell: Any) -> Any:
        if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
            return None
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                return xlrd.xldate_as_datetime(cell.value, book.datemode)
            except (ValueError, OverflowError, xlrd.XLDateError):
                return cell.value
        return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value

    out = []
    for sheet in book.sheets():

        def rows(sheet: Any = sheet) -> Rows:
            for at in range(sheet.nrows):
                yield at + 1, [value(cell) for cell in sheet.row(at)]

        out.append(
            _Sheet(sheet.name, _top(rows()), rows, bool(sheet.visibility), book.datemode == 1)
        )
    return out


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _ods(handle: BinaryIO, name: str) -> list[_Sheet]:
    with zipfile.ZipFile(handle) as archive:
        data = archive.read("content.xml")
    tables = _ods_tables(data, name)
    out = []
    for title, table in tables:

        def rows(table: list[tuple[int, list[Any]]] = table) -> Rows:
            yield from table

        out.append(_Sheet(title, _top(rows()), rows))
    return out


def _ods_tables(data: bytes, name: str) -> list[tuple[str, list[tuple[int, list[Any]]]]]:
    """Sheets of an OpenDocument table; repeated cells are spread within bounds."""
    from atlas.events.markup import elements

    out: list[tuple[str, list[tuple[int, list[Any]]]]] = []
    number = met = 0
    for element in elements(data, name, {f"{_TABLE}table", f"{_TABLE}table-row"}):
        if element.tag == f"{_TABLE}table":
            if not out or out[-1][0] is not None:
                out.append(("", []))
            out[-1] = (element.get(f"{_TABLE}name", ""), out[-1][1])
            out.append((None, []))  # type: ignore[arg-type]
            number = 0
            continue
        if not out:
            out.append((None, []))  # type: ignore[arg-type]
        times = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
        row = _ods_row(element)
        while row and row[-1] in (None, ""):
            row.pop()
        if row:
            for step in range(min(times, MAX_ROWS)):
                met += len(row)
                if met > MAX_CELLS:
                    raise InputError(f"{name} holds more than {MAX_CELLS:,} cells; save it as CSV")
                out[-1][1].append((number + step + 1, row))
        number += times
    return [(title, rows) for title, rows in out if title is not None]


def _ods_row(element: Any) -> list[Any]:
    row: list[Any] = []
    for cell in element:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        row += [_ods_value(cell)] * min(times, MAX_WIDTH - min(len(row), MAX_WIDTH))
    return row


def _ods_value(cell: Any) -> Any:
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(f"{_OFFICE}value", "nan"))
    if kind == "date":
        text = cell.get(f"{_OFFICE}date-value", "")
        return text.removesuffix("T00:00:00").replace("T", " ")
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value", "") == "true"
    lines = ["".join(part.itertext()) for part in cell.iter(f"{_TEXT}p")]
    return "\n".join(lines) or None
