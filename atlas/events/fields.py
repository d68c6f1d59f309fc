"""From raw cells to typed columns: numbers, dates, coordinates - and a reason for each refusal.

Every check marks the rows that fail it with the column, what was found and why. A row is set aside
at its first fault, whole, so that rows in always equal events plus rejects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.dates import read_dates
from atlas.base.timespan import OPEN_END, OPEN_START, Edtf, format_day
from atlas.events.model import Events
from atlas.events.options import ReadOptions
from atlas.events.ours import BLOCKS, EVENT_COLUMNS, mark
from atlas.events.positions import read_angle
from atlas.events.raw import STR, Raw, whole_text
from atlas.events.values import decimal_mark, is_missing_text, plain_text, read_number

__all__ = [
    "Bools", "Checked", "Float", "Int", "Spans", "edtf_of_days", "is_nothing", "mapped", "plain",
    "stamps", "texts_by_code",
]  # fmt: skip

Bools = npt.NDArray[np.bool_]
Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

_COMPACT = 30.0  # degrees that one country may span for its strays to be told
#: Day on which the calendar of today begins, 1582-10-15.
_GREGORIAN = -141_427
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # of the years 1 to 9999


@dataclass
class Spans:
    """Dates of the rows: EDTF text, and half-open day numbers, open where unknown."""

    text: pd.Series
    start: Int
    end: Int


class _RowNames(Sequence[str]):
    """Names of the rows in which a column's values first stand, made only when one is told."""

    def __init__(self, raw: Raw, first: Int) -> None:
        self._raw, self._first = raw, first

    def __len__(self) -> int:
        return len(self._first)

    def __getitem__(self, at: Any) -> Any:
        return self._raw.named(int(self._first[at]))


@dataclass
class Checked:
    """Rows under examination: typed columns grow, failed rows are marked."""

    raw: Raw
    options: ReadOptions = field(default_factory=ReadOptions)
    bad: Bools = field(init=False)
    faults: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    decimal: str = field(init=False, default="")
    from_geometry: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.bad = np.zeros(len(self.raw.frame), dtype=bool)

    @property
    def frame(self) -> pd.DataFrame:
        """The user's columns."""
        return self.raw.frame

    def say(self, text: str) -> None:
        """Note something."""
        self.raw.notes.say(text)

    def learn_decimal(self, columns: Iterable[str]) -> None:
        """Settle the decimal mark from the columns of numbers, for those that can be read twice."""
        cells: list[str] = []
        for column in columns:
            if isinstance(self.frame[column].dtype, pd.StringDtype):
                cells += [str(cell) for cell in _first_values(self.frame[column])]
        self.decimal = decimal_mark(cells)

    # Refusals -------------------------------------------------------------------------------

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

    def refuse_one(self, row: int, column: str, found: str, reason: str) -> None:
        """Mark one row as failed."""
        if not self.bad[row]:
            self.bad[row] = True
            self.faults[int(row)] = (column, found, reason)

    # Cells ----------------------------------------------------------------------------------

    def text(self, column: str, rows: Any = slice(None)) -> npt.NDArray[np.object_]:
        """Cells as text, empty where missing."""
        cells = self.frame[column].iloc[rows]
        if isinstance(cells.dtype, pd.StringDtype):
            known: npt.NDArray[np.object_] = cells.fillna("").to_numpy(dtype=object)
            return known
        out = np.empty(len(cells), dtype=object)
        out[:] = ["" if is_nothing(cell) else plain(cell) for cell in cells.astype(object)]
        return out

    def clean_text(self, column: str | None) -> pd.Series:
        """A column of text for a column of ours: words for "nothing" are empty."""
        if column is None:
            return self._nothing
        if isinstance(self.frame[column].dtype, pd.StringDtype):
            return _clean_cells(self.frame[column])
        return texts_by_code(*self.clean_levels(column))

    def clean_levels(self, column: str) -> tuple[npt.NDArray[np.intp], list[str]]:
        """A column of text as by `clean_text`: the number of each row's text, and the texts."""
        code, levels = pd.factorize(self.text(column))
        return code, [_clean(str(level)) for level in levels]

    @cached_property
    def _nothing(self) -> pd.Series:
        """A column of text in which nothing stands."""
        return _constant("", len(self.frame))

    def numbers(
        self,
        column: str,
        *,
        low: float = -np.inf,
        high: float = np.inf,
        what: str = "a number",
        required: bool = False,
        counts: bool = False,
        scale: float = 1.0,
    ) -> Float:
        """Read a column as numbers; text, infinity and values out of range are refused.

        Missing cells are NaN, and refused only where ``required``.
        """
        values = _floats(self.frame[column])
        text = isinstance(self.frame[column].dtype, pd.StringDtype)
        suspect = np.flatnonzero(~np.isfinite(values) | (_thousands(values) & text & counts))
        if len(suspect):
            self._odd_numbers(column, values, suspect, what, required, counts)
        values = values * scale if scale != 1.0 else values
        outside = np.isfinite(values) & ((values < low) | (values > high))
        self.refuse(outside, column, f"must be {what}")
        return values

    def _odd_numbers(
        self, column: str, values: Float, suspect: Any, what: str, required: bool, counts: bool
    ) -> None:
        code, levels = pd.factorize(self.text(column, suspect))
        for at, level in enumerate(levels):
            rows = suspect[code == at]
            cell = str(level).strip()
            if is_missing_text(cell):
                values[rows] = np.nan
                if required:
                    for row in rows:
                        self.refuse_one(int(row), column, cell, f"must not be empty: {what}")
                continue
            try:
                values[rows] = read_number(cell, self.decimal, counts=counts)
            except ValueError as error:
                reason = f"must be {what}" + (f"; it {error}" if str(error) else "")
                values[rows] = np.nan
                for row in rows:
                    self.refuse_one(int(row), column, cell, reason)

    def integers(self, column: str) -> pd.Series:
        """Read a column of whole numbers as ``Int64``."""
        values = self.numbers(column, what="a whole number", counts=True)
        self.refuse(
            np.isfinite(values) & (values != np.floor(values)), column, "must be a whole number"
        )
        missing = ~np.isfinite(values)
        whole = np.where(missing | (np.abs(values) > 2**62), 0, values).astype(np.int64)
        return pd.Series(pd.arrays.IntegerArray(whole, missing), index=self.frame.index)

    # Dates ----------------------------------------------------------------------------------

    def spans(self, column: str, *, required: bool = False) -> Spans:
        """Read a column of dates of any sort; its order of day and month is settled as a whole."""
        cells = self.frame[column]
        if isinstance(cells.dtype, pd.ArrowDtype):  # its days and times have no accessor of zones
            cells = pd.Series(cells.array.__arrow_array__().to_pandas(), dtype=None)
        if pd.api.types.is_datetime64_any_dtype(cells.dtype):
            local = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
            missing = local.isna().to_numpy()
            day = local.to_numpy(dtype="datetime64[D]").astype(np.int64)
            self.refuse(missing & required, column, "must not be empty: a date")
            start = np.where(missing, OPEN_START, day)
            return Spans(edtf_of_days(start, start), start, np.where(missing, OPEN_END, day + 1))
        code, levels = pd.factorize(_date_cells(cells))
        if isinstance(cells.dtype, pd.StringDtype) and (iso := _iso_days(levels)) is not None:
            texts, begin, stop = iso
            if required:
                self.refuse(
                    np.append(begin == OPEN_START, True)[code], column, "must not be empty: a date"
                )
            # Rows that hold nothing have the code -1, which is the last.
            return Spans(
                texts_by_code(code, [*texts, ""]),
                np.append(begin, OPEN_START)[code],
                np.append(stop, OPEN_END)[code],
            )
        values = [
            None if isinstance(level, str) and is_missing_text(level) else level for level in levels
        ]
        _, first = np.unique(code, return_index=True)
        first = first[-len(values) :] if len(values) else first
        found = read_dates(
            values,
            date_order=self.options.date_order,
            column=str(column),
            rows=_RowNames(self.raw, first),
            since_1904=self.raw.since_1904,
        )
        for note in found.notes:
            self.say(note)
        early = [one for one in found.dates if one is not None and one.earliest < _GREGORIAN]
        if early and not all(one.earliest == OPEN_START for one in early):
            old = next(one for one in early if one.earliest != OPEN_START)
            self.say(
                f"{column}: years before 1583 (e.g. {old.text}) are read in the calendar of today; "
                "convert dates that were written in another"
            )
        return self._spread(column, code, found.dates, found.faults, required)

    def _spread(
        self,
        column: str,
        code: Any,
        dates: Sequence[Edtf | None],
        faults: Mapping[int, str],
        required: bool,
    ) -> Spans:
        starts = [OPEN_START if one is None else one.earliest for one in dates]
        ends = [
            OPEN_END if one is None or one.latest == OPEN_END else one.latest + 1 for one in dates
        ]
        texts = ["" if one is None else one.text for one in dates]
        if faults:
            wrong = np.zeros(len(dates) + 1, dtype=bool)
            wrong[list(faults)] = True
            rows = np.flatnonzero(wrong[code])
            for row, cell in zip(rows, self.text(column, rows), strict=True):
                self.refuse_one(int(row), column, str(cell), faults[int(code[row])])
        if required:
            empty = np.array([one is None for one in dates] + [True])
            self.refuse(empty[code], column, "must not be empty: a date")
        # Rows that hold nothing have the code -1, which is the last.
        return Spans(
            texts_by_code(code, [*texts, ""]),
            np.array([*starts, OPEN_START], dtype=np.int64)[code],
            np.array([*ends, OPEN_END], dtype=np.int64)[code],
        )

    # Coordinates ----------------------------------------------------------------------------

    def angles(self, column: str, axis: str) -> Float:
        """Read a column of coordinates, in degrees however they are written."""
        values = _floats(self.frame[column])
        suspect = np.flatnonzero(~np.isfinite(values))
        if not len(suspect):
            return values
        what = _WHAT[axis]
        code, levels = pd.factorize(self.text(column, suspect))
        said = False
        for at, level in enumerate(levels):
            rows = suspect[code == at]
            cell = str(level).strip()
            values[rows] = np.nan
            if is_missing_text(cell):
                continue
            reason = f"must be {what}"
            try:
                angle = read_angle(cell)
                if not angle.axis or angle.axis == axis:
                    values[rows] = angle.degrees
                    said = said or bool(angle.axis)
                    continue
                reason = f"must be {what}, but its letter says the other axis"
            except ValueError as error:
                reason += f"; it {error}" if str(error).startswith("has ") else ""
            for row in rows:
                self.refuse_one(int(row), column, cell, reason)
        if said:
            self.say(f"{column}: degrees with letters were read")
        return values

    def coordinates(self, lon: str, lat: str, *, group: str | None = None) -> tuple[Float, Float]:
        """Read longitude and latitude in degrees; swapped or half-missing pairs are refused."""
        x, y = self.angles(lon, "lon"), self.angles(lat, "lat")
        self.check_position(x, y, lon, lat, group=group)
        return x, y

    def check_position(
        self, x: Float, y: Float, lon: str, lat: str, *, group: str | None = None
    ) -> None:
        """Refuse positions that can't be."""
        swapped = (np.abs(y) > 90) & (np.abs(y) <= 180) & (np.abs(x) <= 90)
        reason = "latitude and longitude look swapped"
        self.refuse(swapped, lat, reason)
        far = (np.abs(x) > 1000) | (np.abs(y) > 1000)
        self.refuse(far, lon, f"must be {_WHAT['lon']}; it looks like metres of another system")
        self.refuse(np.abs(x) > 180, lon, f"must be {_WHAT['lon']}")
        self.refuse(np.abs(y) > 90, lat, f"must be {_WHAT['lat']}")
        half = np.isfinite(x) != np.isfinite(y)
        pairs = None
        if lon in self.frame and lat in self.frame and lon != lat and (half & ~self.bad).any():
            pairs = [f"{a}, {b}" for a, b in zip(self.text(lon), self.text(lat), strict=True)]
        self.refuse(half, lon, "longitude and latitude must both be given, or neither", pairs)
        if group is not None:
            self.refuse(self._stray(x, y, group), lat, reason)

    def _stray(self, x: Float, y: Float, group: str) -> Bools:
        """Rows far from all others of their country, that land among them when swapped."""
        out = np.zeros(len(x), dtype=bool)
        good = np.isfinite(x) & np.isfinite(y) & ~self.bad
        code = (
            pd.factorize(self.text(group))[0]
            if group in self.frame
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

    # The end --------------------------------------------------------------------------------

    def finish(
        self,
        ours: Mapping[str, Any],
        spans: Spans,
        *,
        typed: Mapping[str, Any] | None = None,
        source: Any,
        columns: Mapping[str, str] | None = None,
    ) -> Events:
        """Put the user's and our columns together, set failed rows aside, apply the filters.

        Parameters
        ----------
        ours : mapping
            Our columns but the dates and the source.
        spans : Spans
        typed : mapping, optional
            Columns of a known dataset with the same content as numbers.
        source : str or Series
            For ``source_dataset``.
        columns : mapping, optional
            Uses that the user had to say, kept for when the answer comes back.
        """
        import geopandas as gpd

        from atlas.base.points import PointArray

        keep = ~self.bad
        self._set_aside()
        made: dict[str, Any] = {
            **ours,
            "source_dataset": _constant(source, len(keep)) if isinstance(source, str) else source,
        }
        if self.raw.before is not None:
            spans = self.raw.before.apply(made, spans)
        made |= {
            "event_date": spans.text,
            "start": stamps(spans.start, OPEN_START),
            "end": stamps(spans.end, OPEN_END),
        }
        wanted = keep & self._wanted(made["lon"], made["lat"], spans)
        frame, own = self._assembled(made, typed or {}, keep)
        if self.from_geometry or (self.raw.before is not None and self.raw.before.forced):
            own.append("geometry")
        by_name = (
            {} if self.raw.before is None else self.raw.before.found_by_name(made, frame.columns)
        )
        frame = frame.assign(**by_name)
        line_of = self.raw.line_of_rows()
        if not wanted.all():
            frame, line_of = frame[wanted].reset_index(drop=True), line_of[wanted]
        points = PointArray(made["lon"][wanted], made["lat"][wanted], "EPSG:4326")
        if self.raw.index is not None:
            frame.index = line_of
        frame = mark(frame, "events", own=own, columns=columns)
        if by_name:
            theirs = [name for name in BLOCKS["locate"] if f"atlas_{name}" in by_name]
            frame = mark(frame, "locate", own=theirs)
        name = "atlas_geometry" if "geometry" in frame else "geometry"
        return Events(
            gpd.GeoDataFrame(
                frame.assign(**{name: points}), geometry=name, crs="EPSG:4326", copy=False
            ),
            self.raw.rejects.frame(),
            self.raw.notes.told,
            self.raw.rows,
            int((keep & ~wanted).sum()),
            np.asarray(line_of) if self.raw.index is None else line_of,
            self.options,
        )

    def _set_aside(self) -> None:
        failed = sorted(self.faults)
        if not failed:
            return
        lines = self.raw.line_of_rows()
        whole = self.frame.iloc[failed].astype(object)
        for row, cells in zip(failed, whole.itertuples(index=False, name=None), strict=True):
            column, found, reason = self.faults[row]
            raw = ",".join("" if is_nothing(cell) else plain(cell)
                           for cell in cells)  # fmt: skip
            line = lines[row]
            self.raw.rejects.add(
                int(line) if self.raw.index is None else line, column, found, reason, raw
            )

    def _wanted(self, lon: Any, lat: Any, spans: Spans) -> Bools:
        """Rows that pass the filters; dateless ones pass no date, those without place no box."""
        keep = np.ones(len(self.bad), dtype=bool)
        options = self.options
        if options.start is not None:
            keep &= spans.end > options.first_day
        if options.end is not None:
            keep &= spans.start < options.last_day
        if options.start is not None or options.end is not None:
            keep &= ~((spans.start <= OPEN_START) & (spans.end >= OPEN_END))
        if options.bbox is not None:
            west, south, east, north = options.bbox
            x, y = np.asarray(lon), np.asarray(lat)
            keep &= (x >= west) & (x <= east) & (y >= south) & (y <= north)
        return keep

    def _assembled(
        self, made: Mapping[str, Any], typed: Mapping[str, Any], keep: Bools
    ) -> tuple[pd.DataFrame, list[str]]:
        """The user's columns, then ours, and the names of ours that were the user's."""
        columns: dict[str, Any] = {name: self.frame[name] for name in self.frame.columns}
        columns.update({name: values for name, values in typed.items() if name in columns})
        own = []
        for name in EVENT_COLUMNS:
            values = made[name]
            if name not in columns:
                columns[name] = values
            elif name in typed and typed[name] is values:
                own.append(name)
            elif _same(pd.Series(columns[name])[keep], pd.Series(values)[keep]):
                columns[name] = values
                own.append(name)
            else:
                columns[f"atlas_{name}"] = values
        return pd.DataFrame(columns, index=self.frame.index, copy=False), own


_ENOUGH = 2000


def _first_values(cells: pd.Series) -> Any:
    """The first of the different values of a column; of a long one its top mostly has them."""
    top = cells.iloc[: 5 * _ENOUGH].dropna().unique()[:_ENOUGH]
    return top if len(top) == _ENOUGH else cells.dropna().unique()[:_ENOUGH]


_WHAT = {
    "lon": "a longitude in degrees, -180 to 180",
    "lat": "a latitude in degrees, -90 to 90",
}


def _same(theirs: Any, values: Any) -> bool:
    """Whether a column of the user's says the same as ours, however it is typed."""
    a, b = pd.Series(theirs), pd.Series(values)
    text_a, text_b = (isinstance(one.dtype, pd.StringDtype) for one in (a, b))
    if text_a and text_b:
        return bool((a.fillna("").array == b.fillna("").array).all())
    if pd.api.types.is_float_dtype(b.dtype):
        if text_a and not a.fillna("").eq("").equals(pd.Series(b.isna().to_numpy(), a.index)):
            return False
        if a.dtype == object or pd.api.types.is_bool_dtype(a.dtype):
            return _as_texts(a) == _as_texts(b)
        return bool(np.array_equal(_floats(a), b.to_numpy(dtype=np.float64), equal_nan=True))
    return _as_texts(a) == _as_texts(b)


def _as_texts(cells: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        code, levels = pd.factorize(cells)
        texts = [*(plain(pd.Timestamp(level)) for level in levels), ""]
        return [texts[at] for at in code]
    return ["" if is_nothing(cell) else plain(cell)
            for cell in cells.astype(object)]  # fmt: skip


def stamps(day: Int, unknown: int) -> npt.NDArray[Any]:
    """Day numbers as ``datetime64[ms]``, NaT where open."""
    whole = np.where(day == unknown, 0, day).astype("datetime64[D]").astype("datetime64[ms]")
    whole[np.asarray(day) == unknown] = np.datetime64("NaT")
    out: npt.NDArray[Any] = whole
    return out


def edtf_of_days(start: Int, end: Int) -> pd.Series:
    """Write inclusive spans of days as EDTF: one day, or ``first/last``; dateless is empty."""
    key, levels = pd.factorize((start.astype(np.int64) << 32) + (end.astype(np.int64) - OPEN_START))
    if (start == end).all() and len(levels):  # single days, of which all can be written at once
        first = levels >> 32
        if (first >= _FIRST_DAY).all() and (first <= _LAST_DAY).all():
            return texts_by_code(key, np.datetime_as_string(first.astype("datetime64[D]")).tolist())
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
    """Spread a short list of texts over rows by number; -1 is the empty text."""
    import pyarrow as pa

    code = np.asarray(code)
    if len(code) and code.min() < 0:
        texts, code = [*texts, ""], np.where(code < 0, len(texts), code)
    if not len(texts):
        return pd.Series(pd.array([], dtype=STR))
    try:
        levels = pa.array(list(texts), pa.large_string())
    except UnicodeError:
        levels = pa.array([whole_text(text) for text in texts], pa.large_string())
    spread = levels.take(pa.array(code))
    return pd.Series(pd.array(spread, dtype=STR))


def mapped(values: npt.NDArray[Any], table: Mapping[Any, Any], default: Any) -> npt.NDArray[Any]:
    """Look each value up in a small table."""
    kind = object if isinstance(default, str) else np.float64
    out = np.full(len(values), default, dtype=kind)
    for key, answer in table.items():
        out[values == key] = answer
    return out


def is_nothing(value: Any) -> bool:
    """Whether a cell holds no value at all."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, (float, np.floating, np.datetime64)) and bool(value != value)


def plain(value: Any) -> str:
    """A cell as the text that a CSV file would hold."""
    if isinstance(value, str):
        return value
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _date_cells(cells: pd.Series) -> Any:
    """Cells of dates made fit to be counted: equal moments of two zones are two days."""
    if isinstance(cells.dtype, pd.StringDtype):
        return _without_clock(cells)
    if isinstance(cells.dtype, pd.CategoricalDtype):
        cells = cells.astype(object)

    def one(value: Any) -> Any:
        if is_nothing(value):
            return None
        if isinstance(value, datetime):
            return value.date().isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (list, dict, set, np.ndarray, bytes)):
            return str(value)
        return value

    out = np.empty(len(cells), dtype=object)
    out[:] = [one(value) for value in cells.astype(object)]
    return out


def _without_clock(cells: pd.Series) -> pd.Series:
    """Cut the time of day from ISO moments, of which a column can hold millions."""
    if len(cells) < 5000:
        return cells
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pa.array(cells)
    day = pc.replace_substring_regex(
        text,
        r"^(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$",
        r"\1",
    )
    return pd.Series(pd.array(day, dtype=STR), index=cells.index)


def _thousands(values: Float) -> Bools:
    """Numbers that ``1.200`` may have been read as: three decimals and no more."""
    with np.errstate(invalid="ignore"):
        odd: Bools = (values != np.floor(values)) & (np.abs(values) < 1000)
    return odd


def _number_cell(cell: Any) -> Any:
    """A cell that may be a number, as one; what can't be is nothing here, and told elsewhere."""
    if isinstance(cell, str):
        return whole_text(cell)
    if isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool):
        number: Any = cell
        return float(number) if abs(number) < 10**300 else np.inf
    return None


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
    if pd.api.types.is_bool_dtype(cells.dtype) or pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return np.full(len(cells), np.nan)
    if isinstance(cells.dtype, pd.CategoricalDtype):
        cells = cells.astype(object)
    if cells.dtype == object:
        known = np.empty(len(cells), dtype=object)
        known[:] = [_number_cell(cell) for cell in cells]
        out = pd.to_numeric(pd.Series(known, dtype=object), errors="coerce")
        return np.array(out.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    values = pd.to_numeric(cells, errors="coerce")
    return np.array(values.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _clean(text: str) -> str:
    return "" if is_missing_text(text) else text.strip()


def _clean_cells(cells: pd.Series) -> pd.Series:
    """Text, each different one cleaned once, and of those only what may need it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.array(cells.fillna(""), pa.large_string())
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.combine_chunks()
    coded = whole.dictionary_encode()
    levels = coded.dictionary
    odd = pc.invert(pc.match_substring_regex(levels, plain_text()))
    before = levels.filter(odd).to_pylist()
    after = [_clean(text) for text in before]
    if after != before:
        levels = pc.replace_with_mask(levels, odd, pa.array(after, pa.large_string()))
        whole = levels.take(coded.indices)
    return pd.Series(pd.array(whole, dtype=STR))


def _iso_days(levels: Any) -> tuple[list[str], Int, Int] | None:
    """Texts, days and days after of dates that are all ISO days or missing; else None."""
    texts = [str(level) for level in levels]
    iso = np.array([_ISO.fullmatch(text) is not None for text in texts], dtype=bool)
    if not iso.any() or not all(map(is_missing_text, np.array(texts, dtype=object)[~iso])):
        return None
    try:
        days = np.array(texts, dtype=object)[iso].astype("datetime64[D]").astype(np.int64)
    except ValueError:  # no day of the calendar
        return None
    if days.min() < _GREGORIAN:
        return None
    start = np.full(len(texts), OPEN_START, dtype=np.int64)
    end = np.full(len(texts), OPEN_END, dtype=np.int64)
    start[iso], end[iso] = days, days + 1
    return [text if one else "" for text, one in zip(texts, iso, strict=True)], start, end


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _constant(text: str, size: int) -> pd.Series:
    import pyarrow as pa

    return pd.Series(pd.array(pa.repeat(pa.scalar(text, pa.large_string()), size), dtype=STR))
