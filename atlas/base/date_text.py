"""Dates as people write them, as EDTF: the grammar behind `atlas.base.dates`.

A text is taken whole or not at all. Figures that can be day and month either way are refused unless
the order is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from atlas.base.date_names import (
    folded,
    joined_names,
    month_number,
    season_number,
    weekday_number,
)
from atlas.base.errors import AtlasError, InputError
from atlas.base.timespan import parse_edtf, shown

__all__ = [
    "LONGEST", "ORDER_REMEDY", "REMEDY", "AmbiguousDateError", "DateOrder", "between", "cleaned",
    "edtf_of_text", "pairs", "shows_order",
]  # fmt: skip

DateOrder: TypeAlias = Literal["dmy", "mdy", "ymd"]


LONGEST = 120
REMEDY = "write it as 2020-10-03, 2020-10 or 2020-10-03/2020-10-05"
ORDER_REMEDY = "say date_order='dmy' or 'mdy', or write it as 2020-10-03"

_TRIPLE = re.compile(r"(\d{1,2})([/.\-  ])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})([/.\- ])(\d{1,2})\2(\d{1,2})\.?")
_YEAR_MONTH = re.compile(r"(\d{4})[/. ](\d{1,2})|(\d{1,2})[/.\-](\d{4})")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)")
_PACKED_TIME = re.compile(r"(\d{8})[Tt]?(\d{4}|\d{6})([.,]\d+)?(Z|[+-]\d\d:?\d\d)?")
_DECADE = re.compile(r"(?:the )?(\d{3})0['’]?s", re.IGNORECASE)
_QUARTER = re.compile(r"(\d{4})[- ]?[Qq]([1-4])|[Qq]([1-4])[,/ -]*(\d{4})")
_WEEK = re.compile(r"(\d{4})-?W(\d\d)(?:-?([1-7]))?")
_ABOUT = re.compile(
    r"(?:~|(?:circa|ca|c|around|about|approximately|approx|env|environ|vers|hacia|около|ок|приблизно"
    r"|yaklaşık|təxminən|περίπου|մոտ|დაახლოებით)\b\.?)\s*",
    re.IGNORECASE,
)
_ZONE = (
    r"(?:(?:Z|UTC|GMT|MSK|[ECMPA][SD]T|[CEW]ES?T|BST|IST|AMT|AZT|GET|TRT|SAST|WAT|CAT|EAT|AFT|PKT|IRST"
    r"|KST|JST|HKT|SGT|MMT|GST)\b)?\s*(?:[+-]\d{1,2}(?::?\d{2})?(?!\d|-\d))?"
)
_TIME = re.compile(
    r"(?:(?<=\d)[Tt ]|(?:^|(?<=[\s,(\-–—]))|(?<=\d),)\s*(?:at\s+)?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|\s*(?P<only>[ap]\.?m\b\.?))"
    rf"\s*{_ZONE}(?:\s*\([^()]*\)|\s*\[[A-Za-z_/]+\])?(?![\d:])",
    re.IGNORECASE,
)
_ORDINAL = r"-?(?:st|nd|rd|th|er|re|e|º|ª|o|го|е|ого|й|ci|cı|cu|cü|inci|ıncı|uncu|üncü|ին|ն|ე)"
_TOKEN = re.compile(
    rf"(?P<number>\d+)(?P<ordinal>{_ORDINAL}(?![^\W\d_]))?|(?P<word>[^\W\d_]+)|(?P<mark>[\s.,/'’\-]+)",
    re.IGNORECASE,
)
#: Between two dates of one range; what is looser than a dash comes first.
_RANGE = re.compile(
    r"\s+(?:to|through|thru|until|till|up to|по|до|bis|al?|au|jusqu'au|hasta|ilə|έως|ως"
    r"|მდე|մինչև|إلى)\s+"
    r"|\s*(?:\.\.\.?|[–—―−‒‐‑…→])\s*|\s+-{1,2}\s+|-|/",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\s+(?:or|или|або|ou|oder|ya da|və ya|ή|կամ|ან|أو)\s+", re.IGNORECASE)
_BOTH = re.compile(r"\s+(?:and|и|та|et|und|ve|və|και|և|და)\s+|\s*[&;,]\s*", re.IGNORECASE)
_FROM = re.compile(r"(?:from|between|с|из|von|du|de|del|desde|von|من)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between|между|між|entre|zwischen)\s+", re.IGNORECASE)
#: Words beside a year or between the parts of one date that add nothing.
_FILLERS = frozenset(
    "of the de del du d le el la den der am im on in au г год года году годы р рік року թ թվական "
    "թվականի თ წ წელი წლის il ili ilin ildə ci cı cu cü yıl yılı yılında του στις της ad ce year "
    "م سنة".split()
)


class _Part(NamedTuple):
    """Pieces of one date; what is None must come from the other end of a range."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    text: str = ""

    @property
    def whole(self) -> bool:
        return bool(self.text) or self.year is not None


class AmbiguousDateError(InputError):
    """A date that can mean two."""


def between(first: date, last: date) -> str:
    """The shortest EDTF for all days from one to another."""
    if first == last:
        return first.isoformat()
    after = last + timedelta(1) if last < date.max else last
    if first.day == 1 and after.day == 1 and first.year == last.year:
        if first.month == last.month:
            return first.isoformat()[:7]
        if (first.month, last.month) == (1, 12):
            return first.isoformat()[:4]
    return f"{first.isoformat()}/{last.isoformat()}"


_PAIR = re.compile(rf"(?<![\d/.\-]){_TRIPLE.pattern}(?!\d)")
_HYPHENED = re.compile(r"([/.]\d{2,4})-(?=\d{1,2}[/.])")


def shows_order(first: int, second: int) -> str:
    """Say which order two figures show: 'dmy', 'mdy', or '' if they can be either way."""
    return "dmy" if first > 12 >= second else "mdy" if second > 12 >= first else ""


def pairs(text: str) -> Iterator[tuple[int, int, str]]:
    """Every (first, second, separator) of a day and month in figures."""
    for match in _PAIR.finditer(_HYPHENED.sub(r"\1 - ", text)):
        yield int(match[1]), int(match[3]), match[2]


def cleaned(text: str) -> str:
    """Figures as ASCII, one sort of space, nothing invisible."""
    if text.isascii():
        return " ".join(text.split())
    plain = unicodedata.normalize("NFKC", text.replace("º", "").replace("ª", ""))
    kept = (
        str(unicodedata.digit(mark)) if unicodedata.category(mark) == "Nd" else mark
        for mark in plain
        if unicodedata.category(mark) not in ("Cf", "Mn")
    )
    return " ".join("".join(kept).split())


@lru_cache(maxsize=16384)
def edtf_of_text(value: str, order: DateOrder | None, *, dots: str) -> str:
    """EDTF of what people write."""
    if len(value) > LONGEST:
        return parse_edtf(value).text.strip()  # a long set; anything else is refused there
    text = cleaned(value)
    if not text:
        raise InputError(f"an empty cell is not a date; {REMEDY}")
    try:
        return parse_edtf(text).text
    except AtlasError as error:
        if _DAY_SHAPE.fullmatch(text):
            raise InputError(str(error)) from None
    read = _Reader(value, order, dots)
    return read(text)


_CJK = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?")


def _ideographs(match: re.Match[str]) -> str:
    return "-".join(f"{int(piece):02d}" for piece in match.groups() if piece)


_DAY_SHAPE = re.compile(r"\d{4}-\d\d-\d\d|Y-?\d.*|-\d{4}.*|[\[{].*", re.ASCII)


class _Reader:
    """One text under examination, with the order of its figures."""

    def __init__(self, written: str, order: DateOrder | None, dots: str) -> None:
        self.written, self.order, self.dots = written, order, dots
        self.doubt: str = ""

    def __call__(self, text: str) -> str:
        text = self._without_times(_CJK.sub(_ideographs, text))
        if self.order is None:
            shown_by = {shows_order(first, second) for first, second, _ in pairs(text)} - {""}
            if len(shown_by) == 1 and "mdy" in shown_by:
                self.order = "mdy"
            elif len(shown_by) == 1:
                self.order = "dmy"
        whole = self.part(text)
        if whole is not None and whole.whole:
            return self.spell(whole)
        found = dict.fromkeys(self._joined(text))
        if len(found) == 1:
            return next(iter(found))
        if self.doubt:
            raise AmbiguousDateError(f"{shown(self.written)} {self.doubt}; {ORDER_REMEDY}")
        if whole is not None:
            raise InputError(f"{shown(self.written)} names no year; {REMEDY}")
        raise InputError(f"{shown(self.written)} is not a date we can read; {REMEDY}")

    def _without_times(self, text: str) -> str:
        if match := _PACKED_TIME.fullmatch(text):
            return match[1]

        def clock(match: re.Match[str]) -> str:
            hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
            half = match["half"] or match["only"]
            if hour > (12 if half else 24) or minute > 59 or second > 60:
                raise InputError(f"{shown(self.written)} has no time of day {match[0].strip()!r}")
            return " "

        rest = _TIME.sub(clock, text).strip(" ,")
        return " ".join(rest.split()) if rest else text

    # One date -------------------------------------------------------------------------------

    def part(self, text: str) -> _Part | None:
        """Pieces of a text that is one date, or the part of one; None if it is neither."""
        text = text.strip().strip(",").strip()
        if not text:
            return None
        if match := _ABOUT.match(text):
            inner = self.part(text[match.end() :])
            if inner is None or not inner.whole:
                return None
            spelled = self.spell(inner)
            return None if "/" in spelled else _Part(text=spelled.rstrip("~") + "~")
        if text.endswith("?") and len(text) > 1:
            inner = self.part(text[:-1])
            if inner is None or not inner.whole:
                return None
            spelled = self.spell(inner)
            return None if "/" in spelled else _Part(text=spelled.rstrip("?") + "?")
        return self._figures(text) or self._shapes(text) or self._words(text)

    def _figures(self, text: str) -> _Part | None:
        if match := _YEAR_FIRST.fullmatch(text):
            return _Part(int(match[1]), int(match[3]), int(match[4]))
        if match := _TRIPLE.fullmatch(text.rstrip(".")):
            return self._triple(match)
        if match := _PACKED.fullmatch(text):
            return _Part(int(match[1]), int(match[2]), int(match[3]))
        if match := _YEAR_MONTH.fullmatch(text):
            return _Part(int(match[1] or match[4]), int(match[2] or match[3]))
        if re.fullmatch(r"\d{4}-\d{1,2}", text):
            return _Part(int(text[:4]), int(text[5:])) if int(text[5:]) <= 12 else None
        return None

    def _triple(self, match: re.Match[str]) -> _Part:
        first, mark, second = int(match[1]), match[2], int(match[3])
        year = int(match[4])
        if self.order == "ymd" and len(match[4]) == 2:
            return _Part(_full_year(first), second, year)
        if len(match[4]) == 2:
            year = _full_year(year)
        order = self.order if self.order in ("dmy", "mdy") else None
        if order is None and mark == ".":
            order = "mdy" if self.dots == "mdy" else "dmy" if self.dots else None
            if order == "dmy" and second > 12 >= first:
                order = "mdy"
        if order is None:
            if first > 12 or first == second:
                order = "dmy"
            elif second > 12:
                order = "mdy"
            else:
                self.doubt = "can be day and month either way"
                raise AmbiguousDateError(f"{shown(self.written)} {self.doubt}; {ORDER_REMEDY}")
        day, month = (first, second) if order == "dmy" else (second, first)
        return _Part(year, month, day)

    def _shapes(self, text: str) -> _Part | None:
        if match := _DECADE.fullmatch(text):
            return _Part(text=f"{match[1]}X")
        if match := _QUARTER.fullmatch(text):
            year, quarter = int(match[1] or match[4]), int(match[2] or match[3])
            return _Part(text=f"{year:04d}-{3 * quarter - 2:02d}/{year:04d}-{3 * quarter:02d}")
        if match := _WEEK.fullmatch(text):
            try:
                first = date.fromisocalendar(int(match[1]), int(match[2]), int(match[3] or 1))
            except ValueError:
                raise InputError(f"{shown(self.written)} names no week that exists") from None
            last = first if match[3] else first + timedelta(6)
            return _Part(text=between(first, last))
        if not text[:1].isalpha():
            try:
                found = parse_edtf(text).text
            except AtlasError:
                return None
            return None if re.fullmatch(r"\d{4}(-\d\d){0,2}", found) is None else _split(found)
        return None

    def _words(self, text: str) -> _Part | None:
        """Day, month by name, and year in any order; a number alone is a day or a year."""
        numbers: list[str] = []
        month: int | None = None
        season = 0
        weekday: int | None = None
        shape = ""
        end = 0
        for match in _TOKEN.finditer(joined_names(text)):
            if match.start() != end:
                return None
            end = match.end()
            if match["number"]:
                numbers.append(match["number"])
                shape += "y" if len(match["number"]) == 4 else "n"
                if match["ordinal"] and len(match["number"]) == 4:
                    continue
            elif word := match["word"]:
                known = month_number(word)
                if known and month is None:
                    month = known
                    shape += "m"
                elif (found_season := season_number(word)) and not season:
                    season = found_season
                    shape += "s"
                elif (day := weekday_number(word)) is not None and weekday is None:
                    weekday = day
                elif folded(word) not in _FILLERS:
                    return None
        if end != len(joined_names(text)) or any(len(number) > 4 for number in numbers):
            return None
        if any(len(number) == 3 for number in numbers):
            return None
        value = [int(number) for number in numbers]
        if shape in ("nmy", "mny"):
            found = _Part(value[1], month, value[0])
        elif shape in ("ymn", "ynm"):
            found = _Part(value[0], month, value[1])
        elif shape == "nmn":
            found = _Part(_full_year(value[1]), month, value[0])
        elif shape in ("my", "ym"):
            found = _Part(value[0], month)
        elif shape in ("sy", "ys"):
            found = _Part(text=f"{value[0]:04d}-{season}")
        elif shape in ("nm", "mn"):
            found = _Part(None, month, value[0])
        elif shape == "m":
            found = _Part(None, month)
        elif shape == "y":
            found = _Part(value[0])
        elif shape == "n":
            found = _Part(None, None, value[0])
        elif shape == "ny":
            found = _Part(value[1], None, value[0])
        else:
            return None
        if weekday is not None and found.year and found.month and found.day:
            self._check_weekday(found, weekday)
        return found

    def _check_weekday(self, found: _Part, weekday: int) -> None:
        try:
            day = date(found.year or 1, found.month or 1, found.day or 1)
        except ValueError:
            return
        if day.weekday() != weekday:
            raise InputError(
                f"{shown(self.written)} names another weekday than {day.isoformat()} was; {REMEDY}"
            )

    def spell(self, part: _Part) -> str:
        """EDTF of one date.

        Raises
        ------
        InputError
            If it does not exist, or its pieces do not make a date.
        """
        if part.text:
            return part.text
        if part.year is None or (part.day is not None and part.month is None):
            raise InputError(f"{shown(self.written)} is not a date we can read; {REMEDY}")
        text = f"{part.year:04d}"
        if part.month is not None:
            if not 1 <= part.month <= 12:
                raise InputError(f"{shown(self.written)} has no month {part.month}; {REMEDY}")
            text += f"-{part.month:02d}"
        if part.day is not None:
            text += f"-{part.day:02d}"
        try:
            parse_edtf(text)
        except AtlasError:
            raise InputError(f"{shown(self.written)} is not a day that exists; {REMEDY}") from None
        return text

    # Several dates --------------------------------------------------------------------------

    def _joined(self, text: str) -> Iterator[str]:
        """EDTF of every way to read a text as a range or a choice of dates."""
        for splitter, brackets in ((_EITHER, "[]"), (_BOTH, "{}")):
            pieces = [piece for piece in splitter.split(text) if piece]
            if 2 <= len(pieces) <= 20:
                between = _BETWEEN.match(text) if splitter is _BOTH else None
                if between and len(pieces) == 2:
                    pieces[0] = pieces[0][between.end() :]
                    yield from self._range(pieces[0], pieces[1])
                    return
                if found := self._members(pieces):
                    yield brackets[0] + ",".join(found) + brackets[1]
                    return
        start = _FROM.match(text)
        body = text[start.end() :] if start else text
        for match in _RANGE.finditer(body):
            yield from self._range(body[: match.start()], body[match.end() :])

    def _members(self, pieces: Sequence[str]) -> list[str]:
        parts = [part for part in map(self._try, pieces) if part is not None]
        if len(parts) < len(pieces) or all(part.day is None for part in parts if part.month):
            return []
        out: list[str] = []
        for at, part in enumerate(parts):
            # In "Oct 3 or 5, 2020" the year stands with the last, the month with the first.
            others = [*parts[at + 1 :], *reversed(parts[:at])]
            for other in others if part.day is not None else ():
                part = _completed(part, other)
            try:
                spelled = self.spell(part)
            except InputError:
                return []
            if "/" in spelled:
                return []
            out.append(spelled)
        return out

    def _try(self, text: str) -> _Part | None:
        try:
            return self.part(text)
        except InputError:
            return None

    def _range(self, left: str, right: str) -> Iterator[str]:
        start, end = self._try(left), self._try(right)
        if start is None or end is None:
            return
        if start.text and end.text and ("/" in start.text or "/" in end.text):
            return
        # "3-5 Oct 2020" takes month and year from its end, "2020-10-03/05" from its start; in
        # "30 Dec - 2 Jan 2021" the year of the start is the one before.
        turned = start.year is None and end.year is not None
        if end.day is not None and end.year is None and end.month is None and start.day is None:
            end = _Part(None, end.day) if start.month is not None else _Part()
        full_end = _completed(end, start) if not end.whole or end.month is None else end
        full_start = _completed(start, full_end)
        if (
            turned
            and full_start.year
            and full_start.month != full_end.month  # "5 Oct - 3 Oct 2020" is a slip, not a year
            and (full_start.month or 1, full_start.day or 1)
            > (full_end.month or 12, full_end.day or 31)
        ):
            full_start = full_start._replace(year=full_start.year - 1)
        try:
            text = f"{self.spell(full_start)}/{self.spell(full_end)}"
            parse_edtf(text)
        except InputError:
            return
        yield text


def _completed(part: _Part, other: _Part) -> _Part:
    if part.text or other.text:
        return part
    if part.day is None and part.month is None:
        return part
    year = part.year if part.year is not None else other.year
    month = part.month if part.month is not None else other.month
    return _Part(year, month, part.day)


def _split(text: str) -> _Part:
    year, month, day = [*(int(piece) for piece in text.split("-")), None, None][:3]
    if month is not None and month > 12:
        return _Part(text=text)  # a season
    return _Part(year, month, day)


def _full_year(year: int) -> int:
    # As spreadsheets read two figures: 1930 to 2029.
    return year + (2000 if year < 30 else 1900)
