"""Time as a type: half-open spans of UTC days, and EDTF in and out.

A day is an integer: days since 1970-01-01 in the proleptic Gregorian calendar, as in
``numpy.datetime64[D]``. A span ``[start, end)`` holds on `start` and no longer holds on `end`.
Dates with their doubts are EDTF (ISO 8601-2:2019), all of it that lies in the years 1 to 9999; what
people write otherwise is read by `atlas.base.dates`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, overload

import numpy as np

from atlas.base.errors import InputError

__all__ = [
    "OPEN_END",
    "OPEN_START",
    "Edtf",
    "Span",
    "boundary_day",
    "check_order",
    "format_day",
    "holds",
    "parse_day",
    "parse_edtf",
    "shown",
]

OPEN_START = -(2**31)
OPEN_END = 2**31 - 1

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_YEAR = re.compile(r"\d{4}|\d{3}X|\d{2}XX", re.ASCII)
_SIGNIFICANT = re.compile(r"(\d{4})S([1-4])", re.ASCII)
_FAR_YEAR = re.compile(r"Y-?\d+(E\d+)?(S\d+)?|-?\d{5,}|-\d{4}(-\d\d){0,2}", re.ASCII)
_MARK = "[?~%]?"
_MARKED = re.compile(
    rf"{_MARK}([0-9X]{{4}}){_MARK}(?:-{_MARK}([0-9X]{{2}}){_MARK}(?:-{_MARK}([0-9X]{{2}}){_MARK})?)?",
    re.ASCII,
)
#: What EDTF numbers beside months: seasons without hemisphere, of the north and of the south,
#: quarters, thirds and halves of a year, as first and last month.
_SEASONS = {
    **{code: months for base in (21, 25) for code, months in enumerate(
        ((3, 5), (6, 8), (9, 11), (12, 2)), base)},
    **dict(enumerate(((9, 11), (12, 2), (3, 5), (6, 8)), 29)),
    **dict(enumerate(((1, 3), (4, 6), (7, 9), (10, 12)), 33)),
    **dict(enumerate(((1, 4), (5, 8), (9, 12)), 37)),
    **dict(enumerate(((1, 6), (7, 12)), 40)),
}  # fmt: skip
#: A date is short; what is longer is no date, and must not cost work.
MAX_TEXT = 1500
MAX_MEMBERS = 100
_REMEDY = "write a date as 2020-11-09, 2020-11, 2020-23 (autumn), 199X, 1993-04-02~ or 'a/b'"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open span of days.

    Attributes
    ----------
    start : int
        First day on which it holds, or ``OPEN_START``.
    end : int
        First day on which it no longer holds, or ``OPEN_END``.

    Examples
    --------
    >>> war = Span(parse_day("2020-09-27"), parse_day("2020-11-10"))
    >>> war.days, war.contains(parse_day("2020-11-10"))
    (44, False)
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InputError(
                f"a span can't end ({format_day(self.end)}) before it starts "
                f"({format_day(self.start)})"
            )

    @property
    def days(self) -> int:
        """Length in days."""
        return self.end - self.start

    def contains(self, day: int) -> bool:
        """Whether the span holds on a day."""
        return holds(self.start, self.end, day)

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one day."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date with its doubts.

    Attributes
    ----------
    text : str
        As written.
    earliest, latest : int
        First and last day (inclusive) it can mean; ``OPEN_START``, ``OPEN_END`` where open.
    approximate, uncertain : bool
        The EDTF marks ``~`` and ``?`` (``%`` is both).
    """

    text: str
    earliest: int
    latest: int
    approximate: bool = False
    uncertain: bool = False

    @property
    def span(self) -> Span:
        """The half-open span of all days it can mean."""
        return Span(self.earliest, OPEN_END if self.latest == OPEN_END else self.latest + 1)

    @property
    def exact(self) -> bool:
        """Whether it is one day, stated without doubt."""
        return self.earliest == self.latest and not (self.approximate or self.uncertain)


@overload
def holds(start: int, end: int, day: int) -> bool: ...
@overload
def holds(start: Any, end: Any, day: Any) -> Any: ...
def holds(start: Any, end: Any, day: Any) -> Any:
    """Say what holds on a day: the one as-of predicate of the project.

    Parameters
    ----------
    start, end : int, array or Series of int
        Bounds of half-open spans.
    day : int, array or Series of int
        The day asked for.

    Returns
    -------
    bool or array of bool
        ``start <= day < end``.

    Examples
    --------
    >>> holds(10, 12, 11), holds(10, 12, 12)
    (True, False)
    """
    return (start <= day) & (day < end)


def _number(year: int, month: int, day: int, text: str) -> int:
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError as error:
        raise InputError(f"{shown(text)} is not a date that exists ({error}); {_REMEDY}") from None


def _month_bounds(year: int, month: int, text: str) -> tuple[int, int]:
    if month in _SEASONS:
        # Meteorological seasons of the northern hemisphere; winter runs into the next year.
        first, last = _SEASONS[month]
        last_year = year + (last < first)
        return (
            _number(year, first, 1, text),
            _number(last_year, last, monthrange(last_year, last)[1], text),
        )
    if not 1 <= month <= 12 or year < 1:
        raise InputError(f"{shown(text)} has no month or season {month:02d}; {_REMEDY}")
    return _number(year, month, 1, text), _number(year, month, monthrange(year, month)[1], text)


def _single(text: str, whole: str) -> tuple[int, int, bool, bool]:
    mark = text[-1:]
    approximate, uncertain = mark in "~%" and bool(mark), mark in "?%" and bool(mark)
    core = text[:-1] if approximate or uncertain else text
    if match := _DAY.fullmatch(core):
        day = _number(int(match[1]), int(match[2]), int(match[3]), whole)
        return day, day, approximate, uncertain
    if match := _MONTH.fullmatch(core):
        first, last = _month_bounds(int(match[1]), int(match[2]), whole)
        return first, last, approximate, uncertain
    if _YEAR.fullmatch(core):
        return (
            _number(max(int(core.replace("X", "0")), 1), 1, 1, whole),
            _number(int(core.replace("X", "9")), 12, 31, whole),
            approximate,
            uncertain,
        )
    approximate, uncertain = "~" in text or "%" in text, "?" in text or "%" in text
    if text[:1] + text[-1:] in ("[]", "{}"):
        return *_set(text[1:-1], whole), approximate, uncertain
    if match := _SIGNIFICANT.fullmatch(core):
        kept = int(match[2])
        masked = match[1][:kept] + "X" * (4 - kept)
        return *_masked(masked, "", "", whole), approximate, uncertain
    if match := _MARKED.fullmatch(text):
        return *_masked(match[1], match[2] or "", match[3] or "", whole), approximate, uncertain
    if _FAR_YEAR.fullmatch(core):
        raise InputError(f"{shown(whole)} lies outside the years 1 to 9999")
    raise InputError(f"{shown(whole)} is not an EDTF date; {_REMEDY}")


def _masked(year: str, month: str, day: str, whole: str) -> tuple[int, int]:
    """First and last day that exist and fit a date with digits left open (``X``)."""
    if "X" not in year + month + day:
        if day:
            exact = _number(int(year), int(month), int(day), whole)
            return exact, exact
        if month:
            return _month_bounds(int(year), int(month), whole)
        return _number(int(year), 1, 1, whole), _number(int(year), 12, 31, whole)
    months = [number for number in range(1, 13) if _fits(f"{number:02d}", month)]
    days = [number for number in range(1, 32) if _fits(f"{number:02d}", day)]

    def first(step: int) -> int:
        # Within eight years every day of the calendar occurs (1896 to 1904 is the longest wait).
        edge = int(year.replace("X", "0" if step > 0 else "9"))
        for near in range(edge, edge + 1000 * step, step):
            if not (1 <= near <= 9999 and _fits(f"{near:04d}", year)):
                continue
            for one in months[::step]:
                for two in days[::step]:
                    if two <= monthrange(near, one)[1]:
                        return date(near, one, two).toordinal() - _EPOCH
        raise InputError(f"{shown(whole)} fits no day that exists; {_REMEDY}")

    return first(1), first(-1)


def _fits(text: str, mask: str) -> bool:
    return not mask or all(b in ("X", a) for a, b in zip(text, mask, strict=True))


def _set(text: str, whole: str) -> tuple[int, int]:
    """Bounds of ``[a,b..c]`` and ``{a,b}``: of the earliest and of the latest member."""
    members = [part.strip() for part in text.split(",", MAX_MEMBERS)]
    if len(members) >= MAX_MEMBERS:
        raise InputError(f"{shown(whole)} lists more than {MAX_MEMBERS} dates; write a/b")
    lows, highs = [], []
    for member in members:
        left, dots, right = member.partition("..")
        if any(mark in member for mark in "[]{}"):
            raise InputError(f"{shown(whole)} is not an EDTF date; {_REMEDY}")
        if not dots:
            low, high, _, _ = _single(member, whole)
        else:
            low = _single(left, whole)[0] if left else OPEN_START
            high = _single(right, whole)[1] if right else OPEN_END
            if (not left and not right) or high < low:
                raise InputError(f"{shown(whole)} ends before it starts")
        lows.append(low)
        highs.append(high)
    return min(lows), max(highs)


def shown(text: object) -> str:
    """Quote what a user wrote, cut where it is too long to be read in a sentence."""
    quoted = text if isinstance(text, str) else repr(text)
    return repr(quoted if len(quoted) <= 60 else f"{quoted[:57]}...")


@lru_cache(maxsize=65536)
def parse_edtf(text: str) -> Edtf:
    """Read an EDTF date or interval.

    Parameters
    ----------
    text : str
        ``1992-05-18``, ``2020-11``, ``2020-23`` (season), ``199X``, ``1993-04-02~``,
        ``2020-11-09/2020-11-10``, ``2021/..``; ``..`` alone is wholly open.

    Returns
    -------
    Edtf
        With the first and last day it can mean.

    Raises
    ------
    InputError
        If it is not EDTF, names a day that does not exist, or ends before it starts.

    Examples
    --------
    >>> autumn = parse_edtf("2020-23")
    >>> format_day(autumn.earliest), format_day(autumn.latest)
    ('2020-09-01', '2020-11-30')
    """
    cleaned = text.strip()
    if len(text) > MAX_TEXT or not cleaned.isascii():
        raise InputError(f"{shown(text)} is not an EDTF date; {_REMEDY}")
    if not cleaned:
        raise InputError(f"an empty cell is not a date; {_REMEDY}")
    if cleaned == "..":
        return Edtf(text, OPEN_START, OPEN_END)
    parts = cleaned.split("/")
    if len(parts) > 2:
        raise InputError(f"{shown(text)} has more than one '/'; {_REMEDY}")
    if len(parts) == 1:
        first, last, approximate, uncertain = _single(cleaned, text)
        return Edtf(text, first, last, approximate, uncertain)
    left, right = (part.strip() for part in parts)
    start = (OPEN_START, OPEN_START, False, False) if left in ("", "..") else _single(left, text)
    end = (OPEN_END, OPEN_END, False, False) if right in ("", "..") else _single(right, text)
    if end[1] < start[0]:
        raise InputError(f"{shown(text)} ends before it starts")
    return Edtf(text, start[0], end[1], start[2] or end[2], start[3] or end[3])


def parse_day(value: str | int | date | datetime | np.datetime64) -> int:
    """Turn one exact day, however given, into a day number.

    Parameters
    ----------
    value : str, int, date, datetime or numpy.datetime64
        A string is an ISO day. A moment with a zone is the day its own clock shows.

    Returns
    -------
    int
        Days since 1970-01-01.

    Raises
    ------
    InputError
        If it is not one exact day.

    Examples
    --------
    >>> parse_day("1970-01-02")
    1
    """
    if isinstance(value, bool):
        raise InputError(f"{shown(value)} is not a day; write it as 2020-11-10")
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, datetime):
        if value != value:  # pandas.NaT
            raise InputError("a missing date is not a day; write it as 2020-11-10")
        return value.date().toordinal() - _EPOCH
    if isinstance(value, date):
        return value.toordinal() - _EPOCH
    if isinstance(value, np.datetime64):
        if np.isnat(value):
            raise InputError("a missing date is not a day; write it as 2020-11-10")
        return int(value.astype("datetime64[D]").astype(np.int64))
    if not isinstance(value, str):
        raise InputError(f"{shown(value)} is not a day; write it as 2020-11-10")
    match = _DAY.fullmatch(value.strip())
    if not match:
        raise InputError(f"{shown(value)} is not one exact day; write it as 2020-11-10")
    return _number(int(match[1]), int(match[2]), int(match[3]), value)


def format_day(day: int) -> str:
    """Write a day number as an ISO day; open bounds as ``..``.

    Examples
    --------
    >>> format_day(0), format_day(OPEN_END)
    ('1970-01-01', '..')
    """
    day = int(day)
    if day in (OPEN_START, OPEN_END):
        return ".."
    try:
        return date.fromordinal(day + _EPOCH).isoformat()
    except (ValueError, OverflowError):
        raise InputError(f"day number {day} lies outside the years 1 to 9999") from None


def boundary_day(text: str, *, end: bool) -> int:
    """Turn a ``valid_from`` or ``valid_to`` cell into the day on which a state begins or ends.

    A boundary known only within bounds counts from its earliest day, on both sides of it, so two
    rows that share a boundary always abut.

    Parameters
    ----------
    text : str
        EDTF, ``..`` or empty.
    end : bool
        Whether it is a ``valid_to``: open means ``OPEN_END`` then, else ``OPEN_START``.

    Raises
    ------
    InputError
        As `parse_edtf`.

    Examples
    --------
    >>> format_day(boundary_day("1993-03-27/1993-04-03", end=True))
    '1993-03-27'
    """
    if text.strip() in ("", ".."):
        return OPEN_END if end else OPEN_START
    return parse_edtf(text).earliest


def check_order(first: int, last: int) -> None:
    """Refuse two days given the wrong way round.

    Raises
    ------
    InputError
        If `last` lies before `first`.

    Examples
    --------
    >>> check_order(1, 2)
    """
    if last < first:
        raise InputError(f"{format_day(last)} lies before {format_day(first)}; swap the two dates")
