"""CSV and its kin: any delimiter, any encoding, broken lines.

A scan of the bytes cuts the file into lines and records and counts them. A clean file is parsed by
pyarrow at full speed, and its answer is taken only if it has as many rows as the scan has records.
Whatever is irregular - another number of fields, a quote never closed, a line of enormous length -
goes through a slower parser that works record by record, keeps every good one and sets every bad
one aside with its line and the reason. Both follow the scan, so they can't disagree on what a
record is.
"""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

import numpy as np

from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.events.encoding import Encoding, check_encoding, detect
from atlas.events.files import Opened
from atlas.events.headers import find_header
from atlas.events.raw import MAX_RAW, STR, Lines, Raw, Rejects, distinct, texts

__all__ = ["DELIMITERS", "Scan", "read_delimited", "records", "scan", "sniff"]

MAX_RECORD = 8 << 20  # bytes in one record; no event has more
MAX_LINES = 2000  # lines in one record
DELIMITERS = ",;\t|"
_BLOCK = 1 << 22
_HEAD = 1 << 16

Fits = Callable[[bytes], bool]


@dataclass
class Scan:
    """Lines and records of a file, by its bytes.

    Attributes
    ----------
    lines : int
        Lines with anything in them.
    odd : list of (int, int, int)
        Number, first byte and end of every line with an odd number of quotes.
    lone : bool
        Whether a carriage return stands alone somewhere.
    longest : int
        Bytes in the longest line.
    starts : array of int64
        Number of each line with anything in it.
    """

    lines: int = 0
    odd: list[tuple[int, int, int]] = field(default_factory=list)
    lone: bool = False
    longest: int = 0
    starts: Lines = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def scan(handle: BinaryIO) -> Scan:
    """Count lines, records and quotes; a line ends with LF, CR LF or a lone CR.

    Leaves the stream at its start.
    """
    handle.seek(0)
    found = Scan()
    numbers: list[Lines] = []
    carried, offset, number = b"", 0, 0
    while True:
        block = handle.read(_BLOCK)
        data = carried + block
        if not data:
            break
        if block and data.endswith(b"\r"):  # the LF may come with the next block
            more = handle.read(1)
            data += more
        view = np.frombuffer(data, dtype=np.uint8)
        ends = view == 10
        if b"\r" in data:
            returns = view == 13
            followed = np.append(ends[1:], False)
            alone = returns & ~followed
            found.lone = found.lone or bool(alone.any())
            ends = ends | alone
        stops = np.flatnonzero(ends) + 1
        if not block and (not len(stops) or stops[-1] < len(data)):
            stops = np.append(stops, len(data))
        if not len(stops):
            if len(data) > MAX_RECORD:
                # One line beyond all bounds: its length alone is of interest, not its quotes.
                found.longest = max(found.longest, len(data))
                carried = data[-2:]
                offset += len(data) - len(carried)
                continue
            carried = data
            continue
        begins = np.concatenate(([0], stops[:-1]))
        quotes = _per_line(np.flatnonzero(view == 34), stops)
        has = stops - begins > 2
        for at in np.flatnonzero(~has):
            has[at] = bool(data[begins[at] : stops[at]].strip(b"\r\n"))
        numbers.append(number + 1 + np.flatnonzero(has))
        for at in np.flatnonzero(quotes % 2):
            found.odd.append(
                (number + 1 + int(at), offset + int(begins[at]), offset + int(stops[at]))
            )
        found.lines += int(has.sum())
        found.longest = max(found.longest, int((stops - begins).max()))
        number += len(stops)
        carried = data[stops[-1] :]
        offset += int(stops[-1])
        if not block:
            break
    found.starts = np.concatenate(numbers) if numbers else found.starts
    handle.seek(0)
    return found


def _per_line(places: Any, stops: Any) -> Any:
    """How many of some places lie in each line."""
    return np.diff(np.searchsorted(places, stops), prepend=0)


def _paired(found: Scan, handle: BinaryIO, fits: Fits) -> list[tuple[int, int]] | None:
    """First and last line of the records of several lines; None if a quote is not closed in order.

    A record of several lines is whole only if, read strictly, it has all its fields.
    """
    if len(found.odd) % 2 or len(found.odd) > 400_000:
        return None
    pairs = []
    for (first, begin, _), (last, _, end) in zip(found.odd[::2], found.odd[1::2], strict=True):
        if last - first > MAX_LINES or end - begin > MAX_RECORD:
            return None
        handle.seek(begin)
        if not fits(handle.read(end - begin)):
            return None
        pairs.append((first, last))
    return pairs


def _record_starts(found: Scan, pairs: Sequence[tuple[int, int]]) -> Lines:
    """Number of the line on which each record starts."""
    if not pairs:
        return found.starts
    first, last = np.array(pairs, dtype=np.int64).T
    at = np.searchsorted(first, found.starts, side="left") - 1
    inside = (at >= 0) & (found.starts <= last[np.maximum(at, 0)])
    kept: Lines = found.starts[~inside]
    return kept


# --- lines and records ----------------------------------------------------------------------


def _physical_lines(handle: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Lines with their numbers, in memory bounded by one; the fault names one that is too long."""
    number, carried, skipping = 0, b"", b""
    handle.seek(0)
    while True:
        block = handle.read(1 << 20)
        if block.endswith(b"\r"):
            block += handle.read(1)
        data = carried + block
        if not data:
            return
        pieces = data.splitlines(keepends=True)
        carried = b""
        if block and not pieces[-1].endswith((b"\n", b"\r")):
            carried = pieces.pop()
        for piece in pieces:
            number += 1
            if skipping:
                yield number, skipping, f"the line is longer than {MAX_RECORD:,} bytes"
                skipping = b""
            else:
                yield number, piece, ""
        if len(carried) >= MAX_RECORD:
            skipping = skipping or carried[: 4 * MAX_RAW]
            carried = b"x" if carried[-1:] not in b"\r\n" else b""
        if not block:
            return


def records(handle: BinaryIO, fits: Fits | None = None) -> Iterator[tuple[int, bytes, str]]:
    """Cut a stream into CSV records.

    Parameters
    ----------
    handle : binary file
    fits : callable, optional
        Whether bytes are one whole record, read strictly; decides where quotes alone mislead.

    Yields
    ------
    tuple of (int, bytes, str)
        Line on which the record starts, its bytes, and the fault if it can't be used. A quote that
        is never closed costs one line, not the rest of the file.
    """
    source = _physical_lines(handle)
    again: deque[tuple[int, bytes, str]] = deque()
    while item := (again.popleft() if again else next(source, None)):
        number, line, fault = item
        if fault or not line.count(b'"') % 2:
            if fault or line.strip(b"\r\n"):
                yield item
            continue
        taken: list[tuple[int, bytes, str]] = []
        parts, size, closed = [line], len(line), False
        while len(taken) < MAX_LINES and size < MAX_RECORD:
            following = again.popleft() if again else next(source, None)
            if following is None:
                break
            taken.append(following)
            if following[2]:
                break
            parts.append(following[1])
            size += len(following[1])
            if following[1].count(b'"') % 2:
                closed = True
                break
        together = b"".join(parts)
        if closed and (fits is None or fits(together)):
            yield number, together, ""
            continue
        again.extendleft(reversed(taken))
        yield number, line, "" if _quote_inside(line) else "a quote is opened and never closed"


def _quote_inside(line: bytes) -> bool:
    """Whether the odd quote of a line stands within a word, as in ``5" gun``."""
    try:
        next(csv.reader([line.decode("latin-1")], strict=True))
    except (csv.Error, StopIteration):
        return False
    return True


def fields_of(text: str, delimiter: str, *, quoted: bool = True, strict: bool = False) -> list[str]:
    """Fields of one record; none if it can't be cut."""
    if not quoted:
        return text.rstrip("\r\n").split(delimiter)
    if '"' not in text and len(text) < 100_000:
        return text.rstrip("\r\n").split(delimiter) if text.strip("\r\n") else []
    rows = _csv_rows(text, delimiter, strict)
    return rows[0] if len(rows) == 1 else []


def _csv_rows(text: str, delimiter: str, strict: bool) -> list[list[str]]:
    # The csv module refuses fields beyond a limit that is one for the whole process, so a field
    # that could reach it is cut by pyarrow, which has none.
    if len(text) < 100_000:
        try:
            stream = io.StringIO(text.replace("\x00", ""), newline="")
            return list(csv.reader(stream, delimiter=delimiter, strict=strict))
        except csv.Error:
            return []
    import pyarrow as pa
    import pyarrow.csv as pc

    data = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        table = pc.read_csv(
            pa.BufferReader(data),
            read_options=pc.ReadOptions(
                autogenerate_column_names=True, block_size=2 * len(data) + 1024
            ),
            parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pc.ConvertOptions(
                column_types={}, strings_can_be_null=False, null_values=[]
            ),
        )
    except pa.ArrowInvalid:
        return []
    return [
        ["" if cell is None else str(cell) for cell in row.values()] for row in table.to_pylist()
    ]


# --- reading --------------------------------------------------------------------------------


def sniff(text: str) -> str:
    """The delimiter of a table: the sign that cuts its first records into equally many fields.

    Returns
    -------
    str
        One of `DELIMITERS`; a comma if none cuts any.
    """
    # Records, not lines: a cell of several lines may hold any sign.
    whole = records(io.BytesIO(text.encode("utf-8", "replace")))
    pieces = (piece.decode("utf-8", "replace") for _, piece, fault in whole if not fault)
    lines = list(islice((piece for piece in pieces if piece.strip()), 30))
    best, most = ",", (0.0, 0, 0)
    for rank, mark in enumerate(DELIMITERS):
        counts = [len(fields_of(line, mark)) for line in lines]
        usual = max(set(counts), key=lambda size: (counts.count(size), size), default=0)
        if usual < 2:
            continue
        score = (round(counts.count(usual) / len(counts), 1), usual, -rank)
        if score > most:
            best, most = mark, score
    return best


def read_delimited(
    source: Opened,
    notes: Notes,
    *,
    delimiter: str | None = None,
    header: Sequence[str] | None = None,
    header_row: int | None = None,
    quoted: bool = True,
    encoding: str | None = None,
    limit: int | None = None,
    numeric: frozenset[str] = frozenset(),
) -> Raw:
    """Read CSV or TSV, every cell as text.

    Parameters
    ----------
    source : Opened
        The table.
    notes : Notes
        Takes what is assumed: encoding, delimiter, line of the header.
    delimiter : str, optional
        Found from the first lines if not given.
    header : sequence of str, optional
        Column names of a file without a header line.
    header_row : int, optional
        Line of the header, 1 is the first; found if not given.
    quoted : bool
        Whether ``"`` quotes; GDELT's export does not quote.
    encoding : str, optional
        Told from the bytes if not given.
    limit : int, optional
        Rows to read at most.
    numeric : set of str
        Columns to read as numbers at once, if every cell of them is one or empty; if not, they are
        text like the others.

    Raises
    ------
    InputError
        If the file is empty, binary, or has no usable header.
    """
    handle, name, spools, _ = source
    handle.seek(0)
    head = handle.read(_HEAD)
    handle.seek(0)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise InputError(f"{name} is empty")
    known = Encoding(check_encoding(encoding)) if encoding else detect(handle)
    if known.note:
        notes.say(known.note)
    mark = known.name == "utf-8" and head.startswith(codecs.BOM_UTF8)
    if not known.plain or mark:
        handle = _recoded(handle, known, spools, skip=3 if mark else 0)
        handle.seek(0)
        head = handle.read(_HEAD)
    if b"\x00" in head:
        raise InputError(
            f"{name} is not text: it holds NUL bytes near its start; save it as CSV or xlsx"
        )
    top = head.decode("utf-8", "replace")
    skip, line = 0, 1
    if header is None:
        if delimiter is None and (told := _told_delimiter(top)):
            delimiter, skip = told, 1
        delimiter = delimiter or sniff(top)
        first = _top_rows(handle, delimiter, quoted)
        found = find_header([cells for _, cells in first][skip:], header_row, skip)
        skip, line = found.first + found.lines, first[found.first][0] if first else 1
        header = distinct(found.titles, name, notes)
        if not any(found.titles):
            raise InputError(f"{name} has no usable header line; say header_row=")
        body = [cells for _, cells in first[skip:] if cells]
        if body and all(len(cells) == len(header) + 1 for cells in body):  # as R writes them
            if all(not cells[-1].strip() for cells in body):
                header = distinct([*found.titles, ""], name, notes)
                notes.say("columns: each row ends with a delimiter that the header lacks")
            else:
                header = distinct(["row_names", *header], name, notes)
                notes.say(
                    "columns: the rows have one cell more than the header, taken as their names"
                )
        if line > 1:
            notes.say(f"header: line {line}")
        if delimiter != ",":
            shown = {"\t": "a tab"}.get(delimiter, repr(delimiter))
            notes.say(f"delimiter: {shown}")
    delimiter = delimiter or ","
    columns = list(header)

    def fits(block: bytes) -> bool:
        text = block.decode("utf-8", "replace")
        return len(fields_of(text, delimiter, strict=True)) == len(columns)

    look = scan(handle)
    if not quoted:
        look.odd = []
    pairs = _paired(look, handle, fits) if look.longest < MAX_RECORD else None
    if pairs is not None and not (look.lone and pairs):
        starts = _record_starts(look, pairs)[skip:]
        for wanted in (numeric & set(columns), frozenset[str]()):
            frame = _fast(handle, name, delimiter, columns, quoted, skip, wanted, len(starts))
            if frame is not None:
                if limit is not None:
                    frame, starts = frame.iloc[:limit], starts[:limit]
                return Raw(frame, name, notes, len(starts), lines=starts)
    return _slow(handle, name, notes, delimiter, columns, quoted, limit, skip, fits)


def _told_delimiter(text: str) -> str:
    """Excel's first line ``sep=;``."""
    first = text.split("\n", 1)[0].strip().strip('"').lower()
    return first[4:5] if first.startswith("sep=") and len(first) == 5 else ""


def _top_rows(handle: BinaryIO, delimiter: str, quoted: bool) -> list[tuple[int, list[str]]]:
    """The first records, with their lines."""
    out: list[tuple[int, list[str]]] = []
    source = records(handle) if quoted else _physical_lines(handle)
    for line, block, fault in source:
        text = block[: 1 << 20].decode("utf-8", "replace")
        if text.strip("\r\n"):
            out.append((line, [] if fault else fields_of(text, delimiter, quoted=quoted)))
        if len(out) >= 40:
            break
    handle.seek(0)
    return out


def _recoded(handle: BinaryIO, known: Encoding, spools: Any, *, skip: int) -> BinaryIO:
    """Copy a stream to UTF-8 in a temporary file."""
    spool = spools.enter_context(tempfile.SpooledTemporaryFile(max_size=64 << 20))  # noqa: SIM115
    handle.seek(skip)
    if known.name == "utf-8":
        # Line ends can't be inside a character, neither in UTF-8 nor in a code page.
        while block := handle.read(_BLOCK) + handle.readline(MAX_RECORD):
            spool.write(known.decode(block).encode())
    else:
        decoder = codecs.getincrementaldecoder(known.name)("replace")
        while block := handle.read(_BLOCK):
            spool.write(decoder.decode(block).encode("utf-8", "replace"))
        spool.write(decoder.decode(b"", True).encode("utf-8", "replace"))
    spool.seek(0)
    return spool  # type: ignore[no-any-return]


class _Unclosable(io.RawIOBase):
    """A view of a stream that pyarrow may close without closing the stream."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._handle.read(size)

    def readinto(self, buffer: Any) -> int:
        block = self._handle.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def _fast(
    handle: BinaryIO,
    name: str,
    delimiter: str,
    header: list[str],
    quoted: bool,
    skip: int,
    numeric: frozenset[str],
    size: int,
) -> Any:
    """Parse with pyarrow; None if anything at all is irregular."""
    import pyarrow as pa
    import pyarrow.csv as pc

    handle.seek(0)
    try:
        table = pc.read_csv(
            _Unclosable(handle),
            read_options=pc.ReadOptions(
                block_size=_BLOCK, column_names=header, skip_rows_after_names=skip
            ),
            parse_options=pc.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
            ),
            convert_options=pc.ConvertOptions(
                column_types={
                    title: pa.float64() if title in numeric else pa.large_string()
                    for title in header
                },
                null_values=[""],
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowCapacityError, KeyError):
        return None
    if table.num_rows != size:
        return None
    frame = table.to_pandas(types_mapper={pa.large_string(): STR}.get)
    for title in numeric:
        # "NaN" and "inf" are numbers to pyarrow; to us they are text where a number must be.
        if int(np.isfinite(frame[title].to_numpy()).sum()) + table[title].null_count < len(frame):
            return None
    return frame


def _slow(
    handle: BinaryIO,
    name: str,
    notes: Notes,
    delimiter: str,
    header: list[str],
    quoted: bool,
    limit: int | None,
    skip: int,
    fits: Fits,
) -> Raw:
    rows: list[list[str]] = []
    lines: list[int] = []
    rejects = Rejects()
    handle.seek(0)
    source = records(handle, fits) if quoted else _physical_lines(handle)
    met = 0
    for line, block, fault in source:
        if not fault and not block.strip(b"\r\n"):
            continue
        met += 1
        if met <= skip:
            continue
        if limit is not None and met - skip > limit:
            met -= 1
            break
        text = block.decode("utf-8", "replace")
        if fault:
            rejects.add(line, "", text.strip(), fault, text)
            continue
        cells = fields_of(text, delimiter, quoted=quoted)
        if len(cells) != len(header):
            found = f"{len(cells)} fields"
            rejects.add(line, "", found, f"the row must have {len(header)} fields", text)
            continue
        rows.append(cells)
        lines.append(line)
    return Raw(
        texts(rows, header), name, notes, max(met - skip, 0), rejects,
        lines=np.asarray(lines, dtype=np.int64),
    )  # fmt: skip
