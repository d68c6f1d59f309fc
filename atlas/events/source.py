"""Opening what people hand in: paths, streams, zips; any encoding; CSV with its broken lines.

A clean file is parsed by pyarrow at full speed. Whatever it refuses - a wrong number of fields, an
unclosed quote, bytes that are not UTF-8, an enormous line - sends the file through a slower parser
that works line by line in bounded memory, keeps every good record and sets every bad one aside
with its line number and the reason.
"""

from __future__ import annotations

import codecs
import csv
import io
import sys
import tempfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.errors import InputError, NotFoundError

MAX_RECORD = 16 << 20  # bytes in one record; no event has more
MAX_JSON = 2 << 30
MAX_LINES = 2000  # lines in one record
MAX_RAW = 300  # characters of a rejected record that are quoted back
MAX_UNPACKED = 16 << 30
MAX_RATIO = 200  # text packs 3 to 30 times; a bomb 1,000 times
_BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

Source = str | Path | IO[bytes] | IO[str]
Lines = npt.NDArray[np.int64]
Fits = Callable[[bytes], bool]
STR = pd.StringDtype("pyarrow", na_value=np.nan)


@dataclass
class Rejects:
    """Rows set aside, each with its line and the reason; nothing is dropped quietly."""

    rows: list[tuple[int, str, str, str, str]] = field(default_factory=list)

    def add(self, line: int, column: str, found: str, reason: str, raw: str) -> None:
        """Set one row aside."""
        self.rows.append((line, column, found[:MAX_RAW], reason, raw[:MAX_RAW]))

    def frame(self) -> pd.DataFrame:
        """Rejects by line: line (int64), column, found, reason, raw (text)."""
        frame = pd.DataFrame(
            sorted(self.rows), columns=["line", "column", "found", "reason", "raw"]
        )
        text = dict.fromkeys(("column", "found", "reason", "raw"), STR)
        return frame.astype({"line": np.int64, **text})


@dataclass
class Raw:
    """Rows as they came, before anything is understood.

    Attributes
    ----------
    frame : DataFrame
        Upstream columns; from text files all text, empty cells ``""``.
    rejects : Rejects
        Records that could not be cut into fields.
    name : str
        The file, for messages.
    notes : list of str
        What was assumed about the file.
    """

    frame: pd.DataFrame
    rejects: Rejects
    name: str
    notes: list[str] = field(default_factory=list)
    _lines: Lines | None = None
    _handle: BinaryIO | None = None
    first_line: int = 1
    delimiter: str = ","
    quoted: bool = True

    def lines(self) -> Lines:
        """Line on which each row starts; worked out only when a row must be named."""
        if self._lines is None:
            size = len(self.frame)
            if self._handle is None:
                self._lines = np.arange(size, dtype=np.int64) + self.first_line
            else:
                self._lines = self._lines_of_records()[self.first_line - 1 :][:size]
        return self._lines

    def _lines_of_records(self) -> Lines:
        handle = self._handle
        if handle is None:
            return np.empty(0, dtype=np.int64)
        handle.seek(0)
        if not self.quoted:
            full = (number for number, line, _ in _physical_lines(handle) if line.strip())
            return np.fromiter(full, dtype=np.int64)
        reader = csv.reader(
            (decode(line) for _, line, _ in _physical_lines(handle)),
            delimiter=self.delimiter,
        )
        starts, before = [], 0
        for row in reader:
            if row:
                starts.append(before + 1)
            before = reader.line_num
        return np.asarray(starts, dtype=np.int64)


class Opened(NamedTuple):
    """A source ready to read: seekable bytes, a name, and the copies to close afterwards."""

    handle: BinaryIO
    name: str
    spools: ExitStack


@contextmanager
def opened(source: Source) -> Iterator[Opened]:
    """Open a path or stream as seekable bytes, looking into a zip or gzip; ``-`` is stdin.

    Yields
    ------
    Opened

    Raises
    ------
    NotFoundError
        If there is no such file.
    InputError
        If it is a folder, can't be read, or is a damaged, encrypted, ambiguous or suspiciously
        dense archive.
    """
    with _raw_bytes(source) as (handle, name), ExitStack() as spools:
        head = handle.read(8)
        handle.seek(0)
        if head[:2] == b"\x1f\x8b":
            spool = spools.enter_context(tempfile.TemporaryFile())
            _unpack_gzip(handle, spool, name)
            yield Opened(spool, name, spools)
        elif head[:4] == b"PK\x03\x04" and not _is_workbook(handle):
            spool = spools.enter_context(tempfile.TemporaryFile())
            inner = _unpack_zip(handle, spool, name)
            yield Opened(spool, inner, spools)
        elif head[:2] == b"PK" and not zipfile.is_zipfile(handle):
            raise InputError(f"{name} is a damaged or truncated zip archive; fetch it again")
        else:
            handle.seek(0)
            yield Opened(handle, name, spools)


@contextmanager
def _raw_bytes(source: Source) -> Iterator[tuple[BinaryIO, str]]:
    if source == "-":
        source = sys.stdin.buffer
    if isinstance(source, (str, Path)):
        path = Path(source)
        if not path.exists():
            raise NotFoundError(f"there is no file {str(source)!r}")
        if path.is_dir():
            raise InputError(f"{str(source)!r} is a folder; give one file")
        try:
            with path.open("rb") as handle:
                yield handle, path.name
        except OSError as error:
            raise InputError(f"{path.name} can't be read: {error.strerror}") from None
        return
    name = Path(str(getattr(source, "name", "standard input"))).name
    first = source.read(0)
    with tempfile.SpooledTemporaryFile(max_size=64 << 20) as spool:
        if isinstance(first, str):
            while text := source.read(1 << 20):
                spool.write(str(text).encode("utf-8", "surrogateescape"))
        else:
            while block := source.read(1 << 20):
                spool.write(block)  # type: ignore[arg-type]
        spool.seek(0)
        yield spool, name  # type: ignore[misc]


def _is_workbook(handle: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(handle) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    finally:
        handle.seek(0)


def check_archive(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive that would unpack to something enormous.

    Raises
    ------
    InputError
        If its contents are larger, or packed more tightly, than any table of events.
    """
    size = sum(item.file_size for item in archive.infolist())
    packed = sum(item.compress_size for item in archive.infolist())
    if size > MAX_UNPACKED or (size > 100 << 20 and size > MAX_RATIO * max(packed, 1)):
        raise InputError(
            f"{name} would unpack from {packed:,} to {size:,} bytes; unpack it yourself and give "
            "the file inside, if you trust it"
        )


def _unpack_zip(handle: BinaryIO, spool: Any, name: str) -> str:
    try:
        with zipfile.ZipFile(handle) as archive:
            check_archive(archive, name)
            members = [
                item
                for item in archive.infolist()
                if not item.is_dir() and not item.filename.startswith("__MACOSX")
            ]
            tables = [
                item
                for item in members
                if item.filename.lower().endswith((".csv", ".tsv", ".txt", ".json", ".geojson"))
            ]
            chosen = tables or members
            if len(chosen) != 1:
                listed = ", ".join(item.filename for item in chosen[:5]) or "nothing"
                raise InputError(f"{name} must hold one table; it holds {listed}")
            if chosen[0].flag_bits & 1:
                raise InputError(f"{name} is encrypted; unpack it first")
            with archive.open(chosen[0]) as member:
                _copy(member, spool, name)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{name} is a damaged or truncated zip archive ({error}); fetch it again"
        ) from None
    except Exception as error:  # zlib.error has no common base with the others
        if type(error).__name__ != "error":
            raise
        raise InputError(f"{name} is a damaged zip archive ({error}); fetch it again") from None
    spool.seek(0)
    return Path(chosen[0].filename).name


def _unpack_gzip(handle: BinaryIO, spool: Any, name: str) -> None:
    import gzip
    import zlib

    try:
        with gzip.GzipFile(fileobj=handle, mode="rb") as member:
            _copy(member, spool, name)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"{name} is a damaged gzip file ({error}); fetch it again") from None
    spool.seek(0)


def _copy(member: Any, spool: Any, name: str) -> None:
    done = 0
    while block := member.read(1 << 20):
        done += len(block)
        if done > MAX_UNPACKED:
            raise InputError(f"{name} unpacks to more than {MAX_UNPACKED:,} bytes")
        spool.write(block)


def decode(data: bytes) -> str:
    """Decode UTF-8, reading each byte that is not UTF-8 as cp1252.

    UCDP's older files are cp1252, and files pasted together from several tools mix both. Text in
    cp1252 is almost never valid UTF-8 by accident, so a byte can be judged where it stands.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        codecs.register_error("atlas-cp1252", _as_cp1252)
        return data.decode("utf-8", "atlas-cp1252")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # Five bytes have no meaning in cp1252; latin-1 gives every byte one.
    bad = error.object[error.start : error.end]
    try:
        return bad.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return bad.decode("latin-1"), error.end


def is_json(handle: BinaryIO) -> bool:
    """Whether a stream starts as a JSON document; leaves it at its start."""
    start = handle.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    handle.seek(0)
    return start[:1] in (b"{", b"[")


def peek(handle: BinaryIO) -> tuple[list[str], int]:
    """Column names of the first line, if it is delimited text, and its tab separated fields."""
    head = handle.read(1 << 16)
    handle.seek(0)
    line = decode(head.split(b"\n", 1)[0]).removeprefix("\ufeff").rstrip("\r")
    delimiter = max(",;\t|", key=line.count)
    return [title.strip() for title in _fields(line, delimiter, True)], line.count("\t") + 1


def _physical_lines(handle: BinaryIO) -> Iterator[tuple[int, bytes, str]]:
    """Lines with their numbers, in memory bounded by one; the fault names one that is too long."""
    number = 0
    while line := handle.readline(MAX_RECORD):
        number += 1
        if len(line) < MAX_RECORD or line.endswith(b"\n"):
            yield number, line, ""
            continue
        yield number, line[: 4 * MAX_RAW], f"the line is longer than {MAX_RECORD:,} bytes"
        while line and not line.endswith(b"\n"):
            line = handle.readline(MAX_RECORD)


def records(handle: BinaryIO, fits: Fits | None = None) -> Iterator[tuple[int, bytes, str]]:
    """Cut a stream into CSV records.

    Parameters
    ----------
    handle : binary file
        At its start.
    fits : callable, optional
        Whether bytes are one whole record; decides where quotes alone mislead.

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
        whole, closed = line, False
        while len(taken) < MAX_LINES and len(whole) < MAX_RECORD:
            following = again.popleft() if again else next(source, None)
            if following is None:
                break
            taken.append(following)
            if following[2]:
                break
            whole += following[1]
            if following[1].count(b'"') % 2:
                closed = True
                break
        if closed and (fits is None or fits(whole)):
            yield number, whole, ""
            continue
        again.extendleft(reversed(taken))
        alone = fits is not None and fits(line)
        yield number, line, "" if alone else "a quote is opened and never closed"


def read_delimited(
    source: Opened,
    *,
    delimiter: str | None = None,
    header: Sequence[str] | None = None,
    quoted: bool = True,
    limit: int | None = None,
    numeric: frozenset[str] = frozenset(),
) -> Raw:
    """Read CSV or TSV, every cell as text.

    Parameters
    ----------
    source : Opened
        The table.
    delimiter : str, optional
        Found from the first line if not given.
    header : sequence of str, optional
        Column names of a file without a header line.
    quoted : bool
        Whether ``"`` quotes; GDELT's export does not quote.
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
    handle, name, spools = source
    head = handle.read(1 << 16)
    handle.seek(0)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise InputError(f"{name} is empty")
    notes = []
    if head[:2] in _BOMS:
        handle = _recoded(handle, "utf-16", name, spools)
        notes.append("encoding: UTF-16")
        head = handle.read(1 << 16)
        handle.seek(0)
    if b"\x00" in head:
        raise InputError(f"{name} is not text: it holds NUL bytes near its start")
    bom = 3 if head.startswith(codecs.BOM_UTF8) else 0
    if bom:
        notes.append("encoding: UTF-8 with a byte order mark")
    if b"\n" not in head and b"\r" in head:
        handle = _recoded(handle, "mac", name, spools)
        head = handle.read(1 << 16)
        handle.seek(0)
    first = decode(head[bom:].split(b"\n", 1)[0]).rstrip("\r")
    if delimiter is None:
        delimiter = max(",;\t|", key=first.count) if any(c in first for c in ",;\t|") else ","
        if delimiter != ",":
            notes.append(f"delimiter: {delimiter!r}")
    skip = 0
    if header is None:
        skip = 1
        line, block, fault = next(records(handle))
        handle.seek(0)
        header = _fields(decode(block[bom:] if line == 1 else block), delimiter, quoted)
        if fault or not header:
            raise InputError(f"{name} has no usable header line: {fault or 'nothing in it'}")
        header = _distinct([title.strip() for title in header], name)
    raw = _fast(handle, name, delimiter, list(header), quoted, limit, skip, numeric)
    if raw is None and (recoded := _as_utf8(handle, spools)) is not None:
        handle = recoded
        notes.append("encoding: bytes that are not UTF-8 were read as cp1252")
        raw = _fast(handle, name, delimiter, list(header), quoted, limit, skip, numeric)
    if raw is None and numeric:
        handle.seek(0)
        raw = _fast(handle, name, delimiter, list(header), quoted, limit, skip)
    if raw is None:
        handle.seek(0)
        raw = _slow(handle, name, delimiter, list(header), quoted, limit, skip)
    raw.notes[:0] = notes
    return raw


def _distinct(header: list[str], name: str) -> list[str]:
    blank = [title or f"column_{at}" for at, title in enumerate(header, 1)]
    twice = sorted({title for title in blank if blank.count(title) > 1})
    if twice:
        raise InputError(f"{name} names a column twice: {', '.join(twice)}; rename one")
    return blank


def _fast(
    handle: BinaryIO,
    name: str,
    delimiter: str,
    header: list[str],
    quoted: bool,
    limit: int | None,
    skip: int,
    numeric: frozenset[str] = frozenset(),
) -> Raw | None:
    """Parse with pyarrow; None if anything at all is irregular."""
    import pyarrow as pa
    import pyarrow.csv as pc

    options: dict[str, Any] = {
        "read_options": pc.ReadOptions(
            block_size=4 << 20, column_names=header, skip_rows_after_names=skip
        ),
        "parse_options": pc.ParseOptions(
            delimiter=delimiter,
            quote_char='"' if quoted else False,
            newlines_in_values=quoted,
        ),
        "convert_options": pc.ConvertOptions(
            column_types={
                title: pa.float64() if title in numeric else pa.large_string() for title in header
            },
            null_values=[""],
            strings_can_be_null=False,
        ),
    }
    own = _Unclosable(handle)
    try:
        if limit is None:
            table = pc.read_csv(own, **options)
        else:
            batches, rows = [], 0
            with pc.open_csv(own, **options) as reader:
                schema = reader.schema
                for batch in reader:
                    batches.append(batch)
                    rows += batch.num_rows
                    if rows >= limit:
                        break
            table = pa.Table.from_batches(batches, schema).slice(0, limit)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowCapacityError, KeyError):
        return None
    frame = table.to_pandas(types_mapper={pa.large_string(): STR}.get)
    for title in numeric.intersection(header):
        # "NaN" and "inf" are numbers to pyarrow; to us they are text where a number must be.
        if int(np.isfinite(frame[title].to_numpy()).sum()) + table[title].null_count < len(frame):
            return None
    # Lines are looked up again only if a row is rejected, by when the stream may be closed.
    return Raw(
        frame,
        Rejects(),
        name,
        _handle=handle,
        first_line=skip + 1,
        delimiter=delimiter,
        quoted=quoted,
    )


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


def _slow(
    handle: BinaryIO,
    name: str,
    delimiter: str,
    header: list[str],
    quoted: bool,
    limit: int | None,
    skip: int,
) -> Raw:
    rows: list[list[str]] = []
    lines: list[int] = []
    rejects = Rejects()

    def fits(block: bytes) -> bool:
        return len(_fields(decode(block), delimiter, quoted)) == len(header)

    source = records(handle, fits) if quoted else _physical_lines(handle)
    for position, (line, block, fault) in enumerate(source):
        if position < skip:
            continue
        if limit is not None and len(rows) + len(rejects.rows) >= limit:
            break
        text = decode(block)
        if position == 0:
            text = text.removeprefix("\ufeff")
        if fault:
            rejects.add(line, "", text.strip(), fault, text)
            continue
        if not text.strip("\r\n"):
            continue
        fields = _fields(text, delimiter, quoted)
        if len(fields) != len(header):
            found = f"{len(fields)} fields"
            rejects.add(line, "", found, f"the row must have {len(header)} fields", text)
            continue
        rows.append(fields)
        lines.append(line)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    frame = pd.DataFrame(
        {
            title: pd.array(list(cells), dtype=STR)
            for title, cells in zip(header, columns, strict=True)
        }
    )
    return Raw(frame, rejects, name, _lines=np.asarray(lines, dtype=np.int64))


def _fields(text: str, delimiter: str, quoted: bool) -> list[str]:
    if not quoted:
        return text.rstrip("\r\n").split(delimiter)
    kept = csv.field_size_limit(MAX_RECORD)
    try:
        return next(
            csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter), []
        )
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(kept)


def _as_utf8(handle: BinaryIO, spools: ExitStack) -> BinaryIO | None:
    """Copy a stream with its stray cp1252 bytes turned to UTF-8; None if it has none."""
    strange = False
    spool = spools.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    handle.seek(0)
    # Line ends can't be inside a character in either encoding.
    while block := handle.read(1 << 22) + handle.readline(MAX_RECORD):
        clean = decode(block).encode()
        strange = strange or clean != block
        spool.write(clean)
    handle.seek(0)
    spool.seek(0)
    return spool if strange else None


def _recoded(handle: BinaryIO, how: str, name: str, spools: ExitStack) -> BinaryIO:
    """Copy a stream to UTF-8 with ordinary line ends, in a temporary file."""
    spool = spools.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    decoder = codecs.getincrementaldecoder("utf-16")() if how == "utf-16" else None
    try:
        while block := handle.read(1 << 20):
            if decoder is not None:
                spool.write(decoder.decode(block).encode())
            else:
                spool.write(block.replace(b"\r", b"\n"))
    except UnicodeError:
        raise InputError(f"{name} starts as UTF-16 but is not; save it as UTF-8") from None
    spool.seek(0)
    return spool


def read_features(handle: BinaryIO, name: str, *, limit: int | None = None) -> Raw:
    """Read the features of a GeoJSON file as rows; a feature's number stands for its line.

    Returns
    -------
    Raw
        Properties as columns, and ``geometry_lon``, ``geometry_lat``: the point, or the middle of
        another geometry's box; NaN without geometry.

    Raises
    ------
    InputError
        If it is not JSON, too large to be read whole, or not a FeatureCollection.
    """
    import json

    data = handle.read(MAX_JSON + 1)
    if len(data) > MAX_JSON:
        raise InputError(f"{name} is larger than {MAX_JSON:,} bytes; save it as CSV or Parquet")
    try:
        whole = json.loads(decode(data).removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise InputError(f"{name} is not JSON: {error.msg} in line {error.lineno}") from None
    except RecursionError:
        raise InputError(f"{name} is not GeoJSON: it is nested too deeply") from None
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list):
        raise InputError(f"{name} is not a GeoJSON FeatureCollection")
    rejects = Rejects()
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    for number, feature in enumerate(features[:limit], 1):
        point = _middle(feature.get("geometry")) if isinstance(feature, dict) else None
        if point is None or not isinstance(feature.get("properties") or {}, dict):
            rejects.add(
                number,
                "geometry",
                str(feature)[:MAX_RAW],
                "must be a feature with properties and a geometry in degrees or null",
                str(feature),
            )
            continue
        cells = {
            key: json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
            for key, value in (feature.get("properties") or {}).items()
        }
        rows.append({**cells, "geometry_lon": point[0], "geometry_lat": point[1]})
        lines.append(number)
    frame = pd.DataFrame(rows) if rows else pd.DataFrame(columns=["geometry_lon", "geometry_lat"])
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = _as_text(frame[column])
    return Raw(frame, rejects, name, _lines=np.asarray(lines, dtype=np.int64))


def _as_text(cells: pd.Series) -> pd.Series:
    return cells.map(lambda cell: "" if cell is None or cell != cell else str(cell)).astype(STR)


def _middle(geometry: Any) -> tuple[float, float] | None:
    """Middle of a geometry's box; (nan, nan) for no geometry; None if it is not one."""
    if geometry is None:
        return (float("nan"), float("nan"))
    try:
        if geometry["type"] == "Point":
            return float(geometry["coordinates"][0]), float(geometry["coordinates"][1])
        import shapely
        from shapely.geometry import shape

        west, south, east, north = shapely.bounds(shape(geometry))
        return float(west + east) / 2, float(south + north) / 2
    except Exception:  # shapely raises many kinds for the many ways to be wrong
        return None
