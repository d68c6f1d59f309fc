"""From raw cells to typed columns: numbers, dates, coordinates - and a reason for each refusal.

Every check marks the rows that fail it with the column, what was found and why. A row is set aside
at its first fault, whole, so that rows in always equal events plus rejects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.errors import AtlasError, InputError
from atlas.base.timespan import OPEN_END, OPEN_START, format_day, parse_day, parse_edtf
from atlas.events.source import STR, Raw

if TYPE_CHECKING:
    import geopandas as gpd

Bools = npt.NDArray[np.bool_]
Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

_COMPACT = 30.0  # degrees that one country may span for its strays to be told
_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:[T ].*)?$")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?:[T ].*)?$")
_WORDS = re.compile(r"(\d{1,2})[- ]([A-Za-z]+)[- ,]+(\d{4}|\d{2})$")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)$")
_EXACT_FLOAT = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*$")


@dataclass(frozen=True)
class Events:
    """What a reader gives back.

    Attributes
    ----------
    events : GeoDataFrame, EPSG:4326
        Upstream columns verbatim, then ours (see `atlas.events`).
    rejects : DataFrame
        line, column, found, reason, raw.
    rows : int
        Records met in the file.
    filtered : int
        Good rows left out by the caller's dates or bounding box.
    notes : tuple of str
        What was assumed: encoding, delimiter, day order, guessed columns.
    lines : ndarray of int64, optional
        Line of each event in the file, counted as in ``rejects``; only if it was asked for.
    """

    events: gpd.GeoDataFrame
    rejects: pd.DataFrame
    rows: int
    filtered: int = 0
    notes: tuple[str, ...] = ()
    lines: Int | None = None

    def __post_init__(self) -> None:
        if self.rows != len(self.events) + len(self.rejects) + self.filtered:
            raise AssertionError("a row was dropped: rows in must equal events plus rejects")


@dataclass(frozen=True)
class Filters:
    """What of a file is wanted.

    Attributes
    ----------
    limit : int, optional
        Rows to read at most.
    date_from, date_to : str, optional
        Events that touch ``[date_from, date_to)``, ISO days.
    bbox : sequence of 4 floats, optional
        West, south, east, north in degrees.
    lines : bool
        Whether the line of every event is to be kept, which costs a second look at the file.

    Raises
    ------
    InputError
        If one of them is impossible; before any file is opened.
    """

    limit: int | None = None
    date_from: str | None = None
    date_to: str | None = None
    bbox: Sequence[float] | None = None
    lines: bool = False

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 0:
            raise InputError(f"limit must be 0 or more, not {self.limit}")
        days = [parse_day(text) for text in (self.date_from, self.date_to) if text]
        if len(days) == 2 and days[0] >= days[1]:
            raise InputError(f"no day lies from {self.date_from} up to {self.date_to}")
        box = self.bbox
        if box is not None and not (len(box) == 4 and box[0] <= box[2] and box[1] <= box[3]):
            raise InputError("bbox must be west, south, east, north in degrees")

    def wanted(self, ours: Mapping[str, Any]) -> Bools:
        """Which rows pass; dateless ones pass no date, those without place no box."""
        lon, lat = np.asarray(ours["lon"]), np.asarray(ours["lat"])
        start, end = np.asarray(ours["start_day"]), np.asarray(ours["end_day"])
        keep = np.ones(len(lon), dtype=bool)
        if self.date_from:
            keep &= end > parse_day(self.date_from)
        if self.date_to:
            keep &= start < parse_day(self.date_to)
        if self.date_from or self.date_to:
            keep &= ~((start <= OPEN_START) & (end >= OPEN_END))
        if self.bbox is not None:
            west, south, east, north = self.bbox
            keep &= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        return keep


@dataclass
class Checked:
    """Rows under examination: typed columns grow, failed rows are marked."""

    raw: Raw
    bad: Bools = field(init=False)
    faults: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bad = np.zeros(len(self.raw.frame), dtype=bool)

    @property
    def frame(self) -> pd.DataFrame:
        """The upstream columns."""
        return self.raw.frame

    def refuse(self, rows: Bools, column: str, reason: str, found: Any = None) -> None:
        """Mark rows as failed; the first fault of a row stands."""
        new = np.flatnonzero(rows & ~self.bad)
        if not len(new):
            return
        if found is not None:
            cells = [str(found[row]) for row in new]
        else:
            cells = list(self.text(column, new)) if column in self.frame else [""] * len(new)
        for row, cell in zip(new, cells, strict=True):
            self.faults[int(row)] = (column, str(cell), reason)
        self.bad[new] = True

    def text(self, column: str, rows: Any = slice(None)) -> npt.NDArray[np.object_]:
        """Cells as text, empty where missing."""
        cells = self.frame[column].iloc[rows]
        if not isinstance(cells.dtype, pd.StringDtype):
            cells = cells.map(_plain, na_action="ignore")
        out: npt.NDArray[np.object_] = cells.astype(object).where(cells.notna(), "").to_numpy()
        return out

    def numbers(
        self,
        column: str,
        *,
        low: float = -np.inf,
        high: float = np.inf,
        what: str = "a number",
        required: bool = False,
    ) -> Float:
        """Read a column as numbers; text, NaN, infinity and values out of range are refused.

        Empty cells are NaN, and refused only where ``required``.
        """
        values = _floats(self.frame[column])
        suspect = np.flatnonzero(~np.isfinite(values))
        if len(suspect):
            cells = self.text(column, suspect)
            for row, cell in zip(suspect, cells, strict=True):
                clean = str(cell).strip()
                if _EXACT_FLOAT.match(clean):  # decimal comma
                    values[row] = float(clean.replace(",", "."))
                elif clean:
                    self._one(int(row), column, clean, f"must be {what}")
                elif required:
                    self._one(int(row), column, "", f"must not be empty: {what}")
        outside = np.isfinite(values) & ((values < low) | (values > high))
        self.refuse(outside, column, f"must be {what}")
        return values

    def _one(self, row: int, column: str, found: str, reason: str) -> None:
        if not self.bad[row]:
            self.bad[row] = True
            self.faults[int(row)] = (column, found, reason)

    def integers(self, column: str) -> pd.Series:
        """Read a column of whole numbers as ``Int64``."""
        values = self.numbers(column, what="a whole number")
        self.refuse(
            np.isfinite(values) & (values != np.floor(values)), column, "must be a whole number"
        )
        missing = ~np.isfinite(values)
        whole = np.where(missing | (np.abs(values) > 2**62), 0, values).astype(np.int64)
        return pd.Series(pd.arrays.IntegerArray(whole, missing), index=self.frame.index)

    def days(self, column: str, *, required: bool) -> Int:
        """Read a column of exact days, in any of the formats the datasets have used.

        ISO days and times, ``1/22/2014 12:00:00 AM``, ``22.01.2014``, ``04 October 2020``,
        ``4-Oct-20``, ``20151014``. Dots are day first, as everywhere they are used. Whether
        1/2/2014 is in January or February is decided from the other rows of the column. Missing
        days are ``OPEN_START``.
        """
        cells = self.frame[column]
        if pd.api.types.is_datetime64_any_dtype(cells.dtype):
            stamps = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
            missing = stamps.isna().to_numpy()
            days = stamps.to_numpy(dtype="datetime64[D]").astype(np.int64)
            self.refuse(missing & required, column, "must not be empty: a date")
            return np.where(missing, OPEN_START, days)
        code, levels = pd.factorize(self.text(column))
        texts = [str(level).strip() for level in levels]
        month_first = self._month_first(texts, column)
        numbers = np.empty(len(texts), dtype=np.int64)
        faults: dict[int, str] = {}
        for at, cell in enumerate(texts):
            if not cell:
                numbers[at] = OPEN_START
                if required:
                    faults[at] = "must not be empty: a date"
                continue
            try:
                numbers[at] = _day(cell, month_first)
            except ValueError as error:
                numbers[at] = OPEN_START
                faults[at] = str(error)
        for at, reason in faults.items():
            self.refuse(code == at, column, reason)
        return numbers[code] if len(code) else np.empty(0, dtype=np.int64)

    def _month_first(self, texts: Iterable[str], column: str) -> bool:
        pairs = [(int(m[1]), int(m[2])) for m in map(_SLASHED.match, texts) if m]
        if not pairs:
            return True
        month, day = any(b > 12 for _, b in pairs), any(a > 12 for a, _ in pairs)
        first = month or not day
        order = "month/day/year" if first else "day/month/year"
        note = f"{column}: read as {order}"
        if month == day:
            a, b = pairs[0]
            other = "day/month/year" if first else "month/day/year"
            note = (
                f"CHECK THE DATES: {column} is a guess, {order}; the column does not settle it "
                f"({a}/{b} may be {other}); write days as 2020-11-10 to be sure"
            )
        self.notes.append(note)
        return first

    def coordinates(self, lon: str, lat: str, *, group: str | None = None) -> tuple[Float, Float]:
        """Read longitude and latitude in degrees; swapped or half-missing pairs are refused."""
        x = self.numbers(lon, what="a longitude in degrees, -180 to 180")
        y = self.numbers(lat, what="a latitude in degrees, -90 to 90")
        swapped = (np.abs(y) > 90) & (np.abs(y) <= 180) & (np.abs(x) <= 90)
        reason = "latitude and longitude look swapped"
        self.refuse(swapped, lat, reason)
        self.refuse(np.abs(x) > 180, lon, "must be a longitude in degrees, -180 to 180")
        self.refuse(np.abs(y) > 90, lat, "must be a latitude in degrees, -90 to 90")
        half = np.isfinite(x) != np.isfinite(y)
        self.refuse(
            half,
            lon,
            "longitude and latitude must both be given, or neither",
            [f"{a}, {b}" for a, b in zip(self.text(lon), self.text(lat), strict=True)]
            if (half & ~self.bad).any()
            else None,
        )
        self.refuse(self._stray(x, y, group), lat, reason)
        return x, y

    def _stray(self, x: Float, y: Float, group: str | None) -> Bools:
        """Rows far from all others of their country, that land among them when swapped."""
        out = np.zeros(len(x), dtype=bool)
        good = np.isfinite(x) & np.isfinite(y) & ~self.bad
        code = (
            pd.factorize(self.frame[group])[0]
            if group is not None and group in self.frame
            else np.zeros(len(x), dtype=np.int64)
        )
        order = np.argsort(code, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(code[order])) + 1):
            rows = rows[good[rows]]
            if len(rows) < 10:
                continue
            margin = np.array([-3.0, 3.0])  # degrees
            west, east = np.quantile(x[rows], [0.05, 0.95]) + margin
            south, north = np.quantile(y[rows], [0.05, 0.95]) + margin
            if east - west > _COMPACT or north - south > _COMPACT:
                continue  # spread over the world: nothing is far from the others

            def among(a: Float, b: Float, box: tuple[float, ...]) -> Bools:
                return (a >= box[0]) & (a <= box[1]) & (b >= box[2]) & (b <= box[3])

            box = (float(west), float(east), float(south), float(north))
            out[rows] = ~among(x[rows], y[rows], box) & among(y[rows], x[rows], box)
        return out

    def finish(
        self,
        ours: Mapping[str, Any],
        *,
        typed: Mapping[str, Any],
        source: str,
        filters: Filters,
    ) -> Events:
        """Put upstream and our columns together, set failed rows aside, apply the filters."""
        import geopandas as gpd
        import shapely

        total = len(self.frame) + len(self.raw.rejects.rows)
        keep = ~self.bad
        if not keep.all():
            lines = self.raw.lines()
            failed = sorted(self.faults)
            whole = self.frame.iloc[failed].astype(object)
            for row, cells in zip(failed, whole.itertuples(index=False, name=None), strict=True):
                column, found, reason = self.faults[row]
                raw = ",".join("" if cell != cell else str(cell) for cell in cells)
                self.raw.rejects.add(int(lines[row]), column, found, reason, raw)
        wanted = keep & filters.wanted(ours)
        columns: dict[str, Any] = {name: self.frame[name] for name in self.frame.columns}
        columns.update({name: values for name, values in typed.items() if name in columns})
        for name, values in {**ours, "source_dataset": _constant(source, len(keep))}.items():
            if name not in columns:
                columns[name] = values
            elif name not in typed:
                columns[f"atlas_{name}"] = values
        frame = pd.DataFrame(columns, index=self.frame.index, copy=False)
        if not wanted.all():
            frame = frame[wanted].reset_index(drop=True)
        where = (
            "atlas_lon" if "atlas_lon" in frame else "lon",
            "atlas_lat" if "atlas_lat" in frame else "lat",
        )
        x, y = (frame[name].to_numpy(dtype=np.float64) for name in where)
        # Datasets repeat a town's point: make each point once and share it.
        place, places = pd.factorize(x + 1j * y)
        known = np.full(len(places) + 1, None, dtype=object)
        known[:-1] = shapely.points(places.real, places.imag)
        points = known[place]
        if "geometry" in frame:
            frame = frame.rename(columns={"geometry": "upstream_geometry"})
        notes = (*self.raw.notes, *self.notes)
        return Events(
            gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326"),
            self.raw.rejects.frame(),
            total,
            int((keep & ~wanted).sum()),
            notes,
            self.raw.lines()[wanted] if filters.lines else None,
        )


def edtf_of_days(start: Int, end: Int) -> pd.Series:
    """Write inclusive spans of days as EDTF: one day, or ``first/last``; dateless is empty."""
    key, levels = pd.factorize((start.astype(np.int64) << 32) + (end.astype(np.int64) - OPEN_START))
    texts = []
    for level in levels.tolist():
        first, last = level >> 32, (level & 0xFFFFFFFF) + OPEN_START
        if first == OPEN_START:
            texts.append("")
        elif first == last:
            texts.append(format_day(first))
        else:
            texts.append(f"{format_day(first)}/{format_day(last)}")
    return texts_by_code(key, texts)


def texts_by_code(code: npt.NDArray[Any], texts: Sequence[str]) -> pd.Series:
    """Spread a short list of texts over rows by number."""
    import pyarrow as pa

    if not len(texts):
        return pd.Series(pd.array([], dtype=STR))
    spread = pa.array(list(texts), pa.large_string()).take(pa.array(np.asarray(code)))
    return pd.Series(pd.array(spread, dtype=STR))


def mapped(values: npt.NDArray[Any], table: Mapping[Any, Any], default: Any) -> npt.NDArray[Any]:
    """Look each value up in a small table."""
    kind = object if isinstance(default, str) else np.float64
    out = np.full(len(values), default, dtype=kind)
    for key, answer in table.items():
        out[values == key] = answer
    return out


def spans_of_edtf(checked: Checked, column: str) -> tuple[pd.Series, Int, Int]:
    """Read a column of EDTF or plain dates; give EDTF text and half-open day spans.

    Empty cells are dateless: open on both sides.
    """
    if pd.api.types.is_datetime64_any_dtype(checked.frame[column].dtype):
        days = checked.days(column, required=False)
        open_ended = days == OPEN_START
        return edtf_of_days(days, days), days, np.where(open_ended, OPEN_END, days + 1)
    code, levels = pd.factorize(checked.text(column))
    cells = [str(level).strip() for level in levels]
    month_first = checked._month_first(cells, column)
    texts: list[str] = []
    starts, ends = np.empty(len(cells), np.int64), np.empty(len(cells), np.int64)
    for at, cell in enumerate(cells):
        texts.append("")
        starts[at], ends[at] = OPEN_START, OPEN_END
        if not cell:
            continue
        try:
            day = _day(cell, month_first)
            texts[at], starts[at], ends[at] = format_day(day), day, day + 1
        except _UnknownFormat:
            cell = cell.removesuffix(".0")  # a year from a spreadsheet
            try:
                span = parse_edtf(cell).span
                if not 0 < _year(span.start) <= 9999:
                    raise InputError("")
                texts[at], starts[at], ends[at] = cell, span.start, span.end
            except AtlasError:
                checked.refuse(code == at, column, "must be a date, e.g. 2020-11-10 or 2020-11")
        except ValueError as error:
            checked.refuse(code == at, column, str(error))
    if not len(code):
        empty = np.empty(0, dtype=np.int64)
        return texts_by_code(code, []), empty, empty
    return texts_by_code(code, texts), starts[code], ends[code]


class _UnknownFormat(ValueError):
    pass


def _year(day: int) -> int:
    return 1 if day == OPEN_START else date.fromordinal(day + _EPOCH).year


def _day(cell: str, month_first: bool) -> int:
    """Day number of one cell; ValueError says why not."""
    if match := _ISO.match(cell):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _SLASHED.match(cell):
        first, second, year = int(match[1]), int(match[2]), _full_year(match[3])
        month, day = (first, second) if month_first else (second, first)
    elif match := _DOTTED.match(cell):
        day, month, year = int(match[1]), int(match[2]), _full_year(match[3])
    elif (match := _WORDS.match(cell)) and match[2].lower() in _MONTHS:
        day, month, year = int(match[1]), _MONTHS[match[2].lower()], _full_year(match[3])
    elif match := _PACKED.match(cell):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        raise _UnknownFormat("must be a date, e.g. 2020-11-10")
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        raise ValueError("is not a day that exists") from None


def _full_year(text: str) -> int:
    # Two figures as spreadsheets shorten them; the datasets start in 1989 or later.
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _floats(cells: pd.Series) -> Float:
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(cells.dtype, pd.StringDtype):
        text = pa.array(cells)
        if isinstance(text, pa.ChunkedArray):
            text = text.combine_chunks() if text.num_chunks != 1 else text.chunk(0)
        try:
            blank = pc.equal(text, "")
            numbers = pc.cast(pc.if_else(blank, None, text), pa.float64())
            return np.array(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)
        except pa.ArrowInvalid:
            pass
    values = pd.to_numeric(cells, errors="coerce")
    return np.array(values.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _constant(text: str, size: int) -> pd.Series:
    return texts_by_code(np.zeros(size, dtype=np.int32), [text])
