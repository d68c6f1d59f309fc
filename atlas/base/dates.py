"""The one reader of dates: EDTF, what people write, and every type that holds a day.

Rules
-----
A date is never read in part: text that is left over makes it no date. What can mean two days (is
3/4 in March or in April?) is refused with the remedy, unless the caller says the order or, in a
column, another row shows it. Names of months and weekdays are those of the Unicode CLDR, in the
languages of `LANGUAGES`. Work is bounded: text longer than a date can be is refused unread.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from atlas.base.date_names import LANGUAGES
from atlas.base.date_text import (
    LONGEST,
    ORDER_REMEDY,
    REMEDY,
    AmbiguousDateError,
    DateOrder,
    between,
    cleaned,
    edtf_of_text,
    pairs,
    shows_order,
)
from atlas.base.errors import AtlasError, InputError
from atlas.base.timespan import OPEN_START, Edtf, Span, format_day, parse_edtf, shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DATE_ORDERS",
    "LANGUAGES",
    "DateColumn",
    "DateLike",
    "DateOrder",
    "day_of",
    "read_date",
    "read_dates",
    "span_of",
]

#: What a function of ours takes for a date.
DateLike: TypeAlias = "str | date | datetime | np.datetime64 | pd.Timestamp | pd.Period | Edtf"
DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")

_EPOCH = date(1970, 1, 1).toordinal()
_EXCEL = date(1899, 12, 30).toordinal() - _EPOCH


@dataclass(frozen=True)
class DateColumn:
    """The dates of a column.

    Attributes
    ----------
    dates : tuple of Edtf or None
        One for each value; None where it is missing or refused.
    faults : dict of int to str
        Position of a refused value to the reason.
    notes : tuple of str
        What was assumed.
    """

    dates: tuple[Edtf | None, ...]
    faults: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_date(value: DateLike, *, date_order: DateOrder | None = None) -> Edtf:
    """Read one date, however it is given.

    Parameters
    ----------
    value : str, date, datetime, Timestamp, datetime64, Period or Edtf
        A string is EDTF or what people write: ``3 Oct 2020``, ``October 3, 2020``, ``10.11.2020``,
        ``2020/10/03``, ``20201003``, ``Nov 2020``, ``c. 1993``, ``3-5 Oct 2020``, ``2020-10-03 to
        2020-10-05``, with or without a time of day. A moment with a zone is the day its own clock
        shows; a Period is all of its days.
    date_order : {'dmy', 'mdy', 'ymd'}, optional
        Order of day, month and year in dates of numbers only. Without it, dots are read day first,
        as they are written everywhere; other dates that can mean two days are refused.

    Returns
    -------
    Edtf

    Raises
    ------
    InputError
        If it is missing, no date, or can mean two.

    Examples
    --------
    >>> read_date("October 3, 2020").text, read_date("3-5 Oct 2020").text
    ('2020-10-03', '2020-10-03/2020-10-05')
    >>> read_date("2020-10-03T23:30:00+04:00").text
    '2020-10-03'
    """
    check_order_name(date_order)
    if isinstance(value, str):
        text = edtf_of_text(value, date_order, dots="dmy")
        return value_edtf(text)
    found = _typed(value)
    if found is None:
        raise InputError(f"{shown(value)} is not a date; {REMEDY}")
    return found


def day_of(value: DateLike, *, date_order: DateOrder | None = None) -> int:
    """First day of a date, in days since 1970-01-01; see `read_date`.

    Parameters
    ----------
    value : str, date or other kind of day
        As `read_date` takes it.
    date_order : {'dmy', 'mdy', 'ymd'}, optional
        Order of day and month in figures.

    Returns
    -------
    int

    Raises
    ------
    InputError
        As `read_date`, and if the date has no first day.

    Examples
    --------
    >>> day_of("2 January 1970"), day_of("1970-01")
    (1, 0)
    """
    first = read_date(value, date_order=date_order).earliest
    if first == OPEN_START:
        raise InputError(f"{shown(value)} has no first day; {REMEDY}")
    return first


def span_of(value: DateLike, *, date_order: DateOrder | None = None) -> Span:
    """All days a date can mean, as a half-open span; see `read_date`.

    Parameters
    ----------
    value : str, date or other kind of date
        As `read_date` takes it.
    date_order : {'dmy', 'mdy', 'ymd'}, optional
        Order of day and month in figures.

    Returns
    -------
    Span

    Examples
    --------
    >>> span_of("Nov 2020").days
    30
    """
    return read_date(value, date_order=date_order).span


def read_dates(
    values: Sequence[Any],
    *,
    date_order: DateOrder | None = None,
    column: str = "date",
    rows: Sequence[str] | None = None,
    since_1904: bool = False,
) -> DateColumn:
    """Read the values of a column of dates, which settle their order of day and month together.

    Parameters
    ----------
    values : sequence
        As `read_date` takes them, and numbers, which a column of dates may hold: a year, Excel's
        day number, ``20201003``, seconds or milliseconds since 1970. None, NaN, NaT and empty
        text are missing.
    date_order : {'dmy', 'mdy', 'ymd'}, optional
        Order of day, month and year in dates of numbers only; found from the column if not given.
    column : str
        Its name, for the notes.
    rows : sequence of str, optional
        How to name each value's row in a note, e.g. ``"line 14"``.
    since_1904 : bool
        Whether Excel's day numbers count from 1904, as a workbook may say.

    Returns
    -------
    DateColumn

    Raises
    ------
    InputError
        If their order of day and month can't be settled.

    Examples
    --------
    >>> found = read_dates(["3/10/2020", "24/10/2020", 44107])
    >>> [one.text for one in found.dates]
    ['2020-10-03', '2020-10-24', '2020-10-03']
    >>> found.notes[0]
    "date: read as day/month/year, as row 2 shows ('24/10/2020')"
    """
    check_order_name(date_order)
    named = rows if rows is not None else [f"row {at}" for at in range(1, len(values) + 1)]
    notes: dict[str, None] = {}
    order, dots, reason = date_order, "dmy", ORDER_REMEDY
    if date_order is None:
        order, dots, reason = _settled(values, column, named, notes)
    dates: list[Edtf | None] = []
    faults: dict[int, str] = {}
    for at, value in enumerate(values):
        dates.append(None)
        if is_missing(value):
            continue
        try:
            if isinstance(value, str):
                clean = cleaned(value)
                number = _NUMBER.fullmatch(clean)
                whole = int(number[1] or number[2]) if number else 0
                told = _number_text(whole, column, notes, since_1904) if number else ""
                if not told:
                    told = edtf_of_text(value, order, dots=dots)
                    years = _YEAR.findall(told)
                    if years and not any(year in clean for year in years):
                        words = f"{column}: years of two figures read as 1930 to 2029"
                        _say_first(notes, words, clean, told)
                dates[at] = value_edtf(told)
            elif isinstance(value, (int, float, np.integer, np.floating)):
                count: Any = value
                huge = isinstance(value, bool) or abs(count) > 10**20
                told = "" if huge else _of_number(float(count), column, notes, since_1904)
                if not told:
                    raise InputError(f"must be a date, not the number {shown(value)}; {REMEDY}")
                dates[at] = value_edtf(told)
            else:
                found = _typed(value)
                if found is None:
                    raise InputError(f"must be a date; {REMEDY}")
                dates[at] = found
        except AmbiguousDateError as error:
            faults[at] = f"{error.args[0].rsplit('; ', 1)[0]}; {reason}"
        except AtlasError as error:
            faults[at] = str(error)
    return DateColumn(tuple(dates), faults, tuple(notes))


def check_order_name(date_order: str | None) -> None:
    """Refuse an order of day, month and year that is none.

    Raises
    ------
    InputError
        If it is not one of `DATE_ORDERS`.
    """
    if date_order is not None and date_order not in DATE_ORDERS:
        raise InputError(f"date_order must be 'dmy', 'mdy' or 'ymd', not {shown(date_order)}")


def is_missing(value: Any) -> bool:
    """Whether a cell holds no date: None, NaN, NaT, pandas' NA, or text with nothing in it."""
    if value is None or isinstance(value, str):
        return value is None or not value.strip()
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    pandas = sys.modules.get("pandas")
    if pandas is not None and (value is pandas.NA or value is pandas.NaT):
        return True
    return isinstance(value, (float, np.floating)) and value != value


@lru_cache(maxsize=4096)
def value_edtf(text: str) -> Edtf:
    """EDTF of a text that this module has made."""
    return parse_edtf(text)


# --- types ----------------------------------------------------------------------------------


def _typed(value: Any) -> Edtf | None:
    """A date of another type than text; None if it is none."""
    if isinstance(value, Edtf):
        return value
    if is_missing(value):
        raise InputError(f"a date is missing; {REMEDY}")
    if isinstance(value, datetime):  # pandas' Timestamp is one
        return value_edtf(value.date().isoformat())
    if isinstance(value, date):
        return value_edtf(value.isoformat())
    if isinstance(value, np.datetime64):
        return _numpy(value)
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(value, pandas.Period):
        first, last = value.start_time.date(), value.end_time.date()
        return value_edtf(between(first, last))
    return None


def _numpy(value: np.datetime64) -> Edtf:
    unit = np.datetime_data(value.dtype)[0]
    day = value.astype("datetime64[D]").astype(np.int64)
    if not 1 - _EPOCH <= day <= date.max.toordinal() - _EPOCH:
        raise InputError(f"{shown(value)} lies outside the years 1 to 9999")
    text = format_day(int(day))
    return value_edtf({"Y": text[:4], "M": text[:7]}.get(unit, text))


# --- numbers in a column --------------------------------------------------------------------

# A day number of Excel may have a part, the time of day.
_NUMBER = re.compile(r"(\d{4,19})(?:[.,]0+)?|(\d{5})[.,]\d+")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_FROM_1904 = 1462  # days between the two days that workbooks count from


def _of_number(value: float, column: str, notes: dict[str, None], since_1904: bool) -> str:
    if not np.isfinite(value) or value < 1000:
        return ""
    whole = int(value)
    return (
        _number_text(whole, column, notes, since_1904) if value == whole or whole < 100_000 else ""
    )


def _number_text(value: int, column: str, notes: dict[str, None], since_1904: bool) -> str:
    """EDTF of a bare number in a column of dates; "" if it is no date we know."""
    size = len(str(value))
    if size == 4:
        return str(value) if 1000 <= value <= 2999 else ""
    if size == 5 and 18_264 <= value <= 80_000:
        text = format_day(_EXCEL + value + (_FROM_1904 if since_1904 else 0))
        _say_first(notes, f"{column}: numbers read as Excel's days", value, text)
        return text
    if size == 8:
        return f"{value // 10_000:04d}-{value // 100 % 100:02d}-{value % 100:02d}"
    unit = {9: 1, 10: 1, 12: 1000, 13: 1000, 15: 10**6, 16: 10**6, 18: 10**9, 19: 10**9}.get(size)
    if unit is not None and 10**8 <= value // unit < 4_102_444_800:
        text = format_day(value // unit // 86_400)
        _say_first(notes, f"{column}: numbers read as time since 1970 in UTC", value, text)
        return text
    return ""


def _say_first(notes: dict[str, None], words: str, value: object, text: str) -> None:
    """Say an assumption once for a column, with its first value as the example."""
    if not any(note.startswith(words) for note in notes):
        notes[f"{words} ({value} is {text})"] = None


# --- order of day and month -----------------------------------------------------------------


def _settled(
    values: Sequence[Any], column: str, named: Sequence[str], notes: dict[str, None]
) -> tuple[DateOrder | None, str, str]:
    """Order of a column, order of its dotted dates, and what to say of a date without order."""
    shows: dict[tuple[str, bool], tuple[str, str]] = {}
    open_dots = short = False
    for at, value in enumerate(values):
        if not isinstance(value, str) or len(value) > LONGEST:
            continue
        for first, second, mark in pairs(cleaned(value)):
            order = shows_order(first, second)
            if order:
                shows.setdefault((order, mark == "."), (named[at], value.strip()))
            elif first != second:
                open_dots = open_dots or mark == "."
                short = True
    seen: dict[str, tuple[str, str]] = {}
    for (order, _), where in shows.items():
        seen.setdefault(order, where)
    if len(seen) == 2:
        (one, a), (two, b) = seen["dmy"], seen["mdy"]
        return (
            None,
            "",
            (
                f"the column has days first ({shown(a)}, {one}) and months first ({shown(b)}, "
                f"{two}); write dates as 2020-10-03"
            ),
        )
    if not seen:
        if open_dots:
            notes[f"{column}: dates with dots read as day.month.year, as they are written"] = None
        return None, "dmy", f"no row of the column shows the order; {ORDER_REMEDY}"
    order, (row, text) = next(iter(seen.items()))
    if short or order == "mdy":
        words = "day/month/year" if order == "dmy" else "month/day/year"
        notes[f"{column}: read as {words}, as {row} shows ({shown(text)})"] = None
    return ("dmy" if order == "dmy" else "mdy"), order, ORDER_REMEDY
