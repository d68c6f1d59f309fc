"""Dates in running text, as EDTF with bounds, resolved against the day of publication.

English in full; in Azerbaijani, Armenian, Russian and Greek the calendar dates, months, years,
decades, seasons and the words for today and yesterday. Month and weekday names are those of the
Unicode CLDR (through Babel), matched by their stems, so that case endings don't matter.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from atlas.base.date_names import SEASONS
from atlas.base.errors import InputError
from atlas.base.timespan import format_day, parse_day, parse_edtf
from atlas.reading.date_patterns import (
    ENGLISH_NUMBERS,
    MONTH_NUMBER,
    NEEDS_CUE,
    ORDINALS,
    OTHER_UNITS,
    PATTERNS,
    RELATIVE_DAYS,
    UNIT_DAYS,
    WEEKDAYS,
    month_of,
)
from atlas.reading.event_words import planned_words
from atlas.reading.model import DateMention

__all__ = ["find_dates"]

_GOES_ON = 400  # characters
_LONG_AGO = 180  # days: what is still to come in such a month comes next year
_SENTENCE_ENDS = re.compile(r"[.!?]\s|\n\s*\n")
_PAST = re.compile(
    r"\b(?:was|were|had|did|met|fell|took|began|held|left|fled|fought|broke|shot|struck|hit|"
    r"[a-z]{2,}ed)\b"
)
# "Agreed to meet in June" and "set a meeting for June" look ahead as well.
_AHEAD = re.compile(
    r"\b(?:will|would|shall|next|ahead|due|plan\w*|schedul\w+|expect\w*|upcoming|forthcoming|"
    r"announc\w+|promis\w+|invit\w+|postpon\w+|to (?!(?:the|a|an|his|her|its|their)\b)[a-z]+|"
    rf"(?:until|by|for|before) (?:early |mid-|late |\d+ )?(?:{'|'.join(MONTH_NUMBER)}))\b",
    re.IGNORECASE,
)


_HAD = re.compile(r"\bhad\b[^.;]*$")


class _Clock:
    """The publication day and the last date read, which relative dates count from."""

    def __init__(self, published: int | None) -> None:
        self.day = None if published is None else date.fromisoformat(format_day(published))
        self.last = ""
        self.told = ""  # the last date written with its year, and where
        self.told_at = -10_000

    def shift(self, days: int) -> str:
        return "" if self.day is None else (self.day + timedelta(days=days)).isoformat()

    def year_of(self, month: int, day: int, match: re.Match[str]) -> int | None:
        """The year of a date without one.

        That of a full date told shortly before, when the account goes on from there; else the one
        that puts it nearest before publication, or just after it. What is told as past was before
        publication.
        """
        year = self._likely_year(month, day, match)
        if year is None or self.day is None or (year, month, day) <= self.day.timetuple()[:3]:
            return year
        return self.day.year - ((month, day) > self.day.timetuple()[1:3]) if _past(match) else year

    def _likely_year(self, month: int, day: int, match: re.Match[str]) -> int | None:
        if self.told and 0 <= match.start() - self.told_at <= _GOES_ON:
            began = parse_edtf(self.told).earliest
            year = int(format_day(began)[:4])
            later = parse_day(f"{year}-{month:02d}-{min(day, 28):02d}")
            return year if later >= began - 183 else year + 1
        if self.last and (said := re.match(r"\d{4}", self.last)) and self.day is None:
            return int(said[0])
        if self.day is None:
            return None
        try:
            this = date(self.day.year, month, min(day, monthrange(self.day.year, month)[1]))
        except ValueError:
            return self.day.year
        if _ahead(match):
            return self.day.year + (this < self.day - timedelta(days=_LONG_AGO))
        return self.day.year if this <= self.day + timedelta(days=45) else self.day.year - 1


def _sentence(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    head = _SENTENCE_ENDS.split(text[max(0, start - 200) : start])[-1]
    return head + text[start:end] + _SENTENCE_ENDS.split(text[end : end + 200])[0]


def _ahead(match: re.Match[str]) -> bool:
    """Whether the sentence around looks ahead."""
    sentence = _sentence(match)
    return bool(_AHEAD.search(sentence) or planned_words().search(sentence))


def _past(match: re.Match[str]) -> bool:
    """Whether the sentence around tells of the past, and nothing in it looks ahead."""
    return bool(_PAST.search(_sentence(match))) and not _ahead(match)


def find_dates(text: str, *, published: str | int | None = None) -> tuple[DateMention, ...]:
    """Find dates and stretches of time.

    Parameters
    ----------
    text : str
        Running text.
    published : str or int, optional
        Day of publication. Without it, words such as "Thursday" are found but have no EDTF.

    Returns
    -------
    tuple of DateMention
        In order, none inside another.

    Raises
    ------
    InputError
        If `published` is no day.

    Examples
    --------
    >>> found = find_dates("They met on Thursday, after the war of autumn 2020.",
    ...                    published="2023-05-26")
    >>> [(item.text, item.edtf) for item in found]
    [('Thursday', '2023-05-25'), ('autumn 2020', '2020-23')]
    """
    clock = _Clock(None if published is None else parse_day(published))
    spans: list[tuple[int, int, str, re.Match[str]]] = []
    taken = bytearray(len(text) + 1)
    for name, pattern in PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]) or not _plausible(name, match, text):
                continue
            taken[start:end] = b"\1" * (end - start)
            spans.append((start, end, name, match))
    spans.sort(key=lambda item: item[:2])
    found = []
    for start, end, name, match in spans:
        start, end = _trim(name, match, start, end)
        edtf, kind, anchored = _READERS[name](match, clock)
        if kind == "":
            continue
        try:
            if edtf:
                parse_edtf(edtf)
                if not anchored or kind == "day":
                    clock.last = edtf
                if not anchored and kind in ("day", "interval", "month", "set"):
                    clock.told, clock.told_at = edtf, end
                elif anchored and clock.told_at >= 0 and start - clock.told_at <= _GOES_ON:
                    clock.told_at = (
                        end if name in ("day", "between", "list", "lastmonth") else clock.told_at
                    )
        except InputError:
            continue
        found.append(DateMention(text[start:end], start, end, edtf, kind, anchored))
    return tuple(found)


def _plausible(name: str, match: re.Match[str], text: str) -> bool:
    groups = match.groupdict()
    if name in ("otherweekday", "otherunit"):
        return True
    if name == "baremonth":
        word = groups["m"] or groups["n"]
        return month_of(word) is not None
    if (groups.get("m") or groups.get("f")) and name != "lastmonth":
        if groups.get("m") and month_of(groups["m"]) is None:
            return False
        if groups.get("f") and month_of(groups["f"]) is None:
            return False
        if any(groups.get(key) and not 1 <= _day_number(groups[key]) <= 31 for key in "de"):
            return False
    if name == "year":
        return bool(NEEDS_CUE.search(text[max(0, match.start() - 12) : match.start()])) or (
            match.end() - match.start() > 4
        )
    return True


def _trim(name: str, match: re.Match[str], start: int, end: int) -> tuple[int, int]:
    word = match["w"].lower() if name in ("weekday", "lastmonth") and match["w"] else ""
    if word in ("on", "since", "until", "by", "from", "in", "of", "during"):
        key = "k" if name == "weekday" else "p" if match.groupdict().get("p") else "m"
        start = match.start(key)
    text = match.group()
    while end > start and text[end - match.start() - 1] in " \t\r\n\u00a0.,":
        end -= 1
    return start, end


_Read = tuple[str, str, bool]


def _iso(match: re.Match[str], clock: _Clock) -> _Read:
    return f"{match['y']}-{int(match['n']):02d}-{int(match['d']):02d}", "day", False


def _year_for(match: re.Match[str], clock: _Clock, month: int, day: int) -> tuple[int | None, bool]:
    if match.groupdict().get("y"):
        return int(match["y"]), False
    return clock.year_of(month, day, match), True


def _day(match: re.Match[str], clock: _Clock) -> _Read:
    month, day = month_of(match["m"]) or 0, _day_number(match["d"])
    year, anchored = _year_for(match, clock, month, day)
    if year is None:
        return "", "day", True
    return f"{year}-{month:02d}-{day:02d}", "day", anchored


def _stretch(match: re.Match[str], clock: _Clock) -> _Read:
    """Two days, of one month or of two."""
    first = month_of(match["m"] or match["f"]) or 0
    last = month_of(match["f"] or match["m"]) or 0
    day, end = _day_number(match["d"]), _day_number(match["e"])
    year, anchored = _year_for(match, clock, last, end)
    if year is None:
        return "", "interval", True
    said = match.groupdict().get("x")
    began = int(said) if said else year - ((first, day) > (last, end))
    if said and not match["y"]:
        year, anchored = began + ((first, day) > (last, end)), False
    edtf = f"{began}-{first:02d}-{day:02d}/{year}-{last:02d}-{end:02d}"
    return edtf, "interval", anchored


def _several(match: re.Match[str], clock: _Clock) -> _Read:
    """Some days of one month: all of them, or one of them where it says "or"."""
    month = month_of(match["m"]) or 0
    days = [_day_number(day) for day in _DAY.findall(match["l"])]
    year, anchored = _year_for(match, clock, month, days[0])
    if year is None:
        return "", "set", True
    if days == list(range(days[0], days[0] + len(days))):
        return (
            f"{year}-{month:02d}-{days[0]:02d}/{year}-{month:02d}-{days[-1]:02d}",
            "interval",
            anchored,
        )
    listed = ",".join(f"{year}-{month:02d}-{day:02d}" for day in sorted(set(days)))
    return f"[{listed}]" if _OR.search(match["l"]) else f"{{{listed}}}", "set", anchored


_DAY = re.compile(rf"\d{{1,2}}|{'|'.join(sorted(ORDINALS, key=len, reverse=True))}", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)


def _day_number(text: str) -> int:
    return int(text) if text.isdigit() else ORDINALS[text.lower()]


def _months(match: re.Match[str], clock: _Clock) -> _Read:
    """From one month to another."""
    first, last = month_of(match["m"]) or 0, month_of(match["f"]) or 0
    year, anchored = _year_for(match, clock, last, 1)
    if year is None:
        return "", "interval", True
    began = int(match["x"]) if match["x"] else year - (first > last)
    return f"{began}-{first:02d}/{year}-{last:02d}", "interval", anchored


def _part_of_month(year: int, month: int, part: str | None) -> tuple[str, str]:
    if not part:
        return f"{year}-{month:02d}", "month"
    last = monthrange(year, month)[1]
    bounds = {"early": (1, 10), "mid": (10, 20), "late": (21, last)}[part.lower()]
    return f"{year}-{month:02d}-{bounds[0]:02d}/{year}-{month:02d}-{bounds[1]:02d}", "interval"


def _month_year(match: re.Match[str], clock: _Clock) -> _Read:
    part = match.groupdict().get("p")
    edtf, kind = _part_of_month(int(match["y"]), month_of(match["m"]) or 1, part)
    return edtf, kind, False


def _season(match: re.Match[str], clock: _Clock) -> _Read:
    return f"{match['y']}-{SEASONS[match['s'].lower()]}", "season", False


def _last_season(match: re.Match[str], clock: _Clock) -> _Read:
    if clock.day is None:
        return "", "season", True
    season = SEASONS[match["s"].lower()]
    year, word = clock.day.year, match["w"].lower()
    first = {21: 3, 22: 6, 23: 9, 24: 12}[season]
    if word == "last" and clock.day.month <= first:
        year -= 1
    elif word == "next" and clock.day.month >= first:
        year += 1
    return f"{year}-{season}", "season", True


def _decade(match: re.Match[str], clock: _Clock) -> _Read:
    start = int(match["y"]) * 10
    part = match.groupdict().get("p")
    if part:
        first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}[part.lower()]
        return f"{start + first}/{start + last}", "interval", False
    return f"{match['y']}X", "decade", False


def _short_decade(match: re.Match[str], clock: _Clock) -> _Read:
    digit = match["y"] or {"n": "9", "e": "8"}[match["w"][0].lower()]
    return f"19{digit}X", "decade", False


def _weekday(match: re.Match[str], clock: _Clock) -> _Read:
    if clock.day is None:
        return "", "day", True
    wanted, word = WEEKDAYS[match["k"]], (match["w"] or "").lower()
    back = (clock.day.weekday() - wanted) % 7
    if word == "next":
        return clock.shift(7 - back), "day", True
    if word == "last" and back == 0:
        back = 7
    ahead = re.search(r"\b(?:will|to be held|due|scheduled|plans?)\b[^.]{0,60}$", _before(match))
    if ahead and word in ("", "on", "by", "until", "this") and back:
        return clock.shift(7 - back), "day", True
    return clock.shift(-back), "day", True


def _other_weekday(match: re.Match[str], clock: _Clock) -> _Read:
    """The last such day before publication, or that day, in languages other than English."""
    if clock.day is None:
        return "", "day", True
    word = next(group for group in match.groups() if group)
    wanted = WEEKDAYS.get(word, WEEKDAYS.get(word.lower(), 0))
    return clock.shift(-((clock.day.weekday() - wanted) % 7)), "day", True


def _weekdays(match: re.Match[str], clock: _Clock) -> _Read:
    """From one day of the week to another: the last such stretch that was over."""
    if clock.day is None:
        return "", "interval", True
    first, last = WEEKDAYS[match["k"]], WEEKDAYS[match["j"]]
    back = (clock.day.weekday() - last) % 7
    return f"{clock.shift(-back - (last - first) % 7)}/{clock.shift(-back)}", "interval", True


def _bare_month(match: re.Match[str], clock: _Clock) -> _Read:
    month = month_of(match["m"] or match["n"]) or 1
    year = clock.year_of(month, 1, match)
    return ("", "month", True) if year is None else (f"{year}-{month:02d}", "month", True)


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 80) : match.start()]


def _night(match: re.Match[str], clock: _Clock) -> _Read:
    return clock.shift(-1 if match["w"].lower() == "last" else 0), "day", True


def _relative(match: re.Match[str], clock: _Clock) -> _Read:
    return clock.shift(RELATIVE_DAYS[match["k"].lower()]), "day", True


def _quantity(match: re.Match[str]) -> int:
    said = match.groupdict().get("q")
    if not said:
        return 1
    return int(said) if said.isdigit() else ENGLISH_NUMBERS[said.lower()]


def _around(clock: _Clock, days: int, unit: str) -> _Read:
    """A point some way off, as roughly as its unit says."""
    if clock.day is None:
        return "", "interval", True
    slack = {"day": 0, "week": 1, "fortnight": 2}.get(unit, 0)
    if unit in ("month", "year", "decade"):
        target = clock.day + timedelta(days=days)
        edtf = f"{target.year}-{target.month:02d}~" if unit == "month" else f"{target.year}~"
        return edtf, "month" if unit == "month" else "year", True
    if not slack:
        return clock.shift(days), "day", True
    return f"{clock.shift(days - slack)}/{clock.shift(days + slack)}", "interval", True


def _ago(match: re.Match[str], clock: _Clock) -> _Read:
    unit, days = match["u"].lower(), _quantity(match) * UNIT_DAYS[match["u"].lower()]
    if match["w"].lower() == "later":
        if not clock.last:
            return "", "interval", True
        start = date.fromisoformat(format_day(parse_edtf(clock.last).earliest))
        return _around(_at(start), days, unit)
    return _around(clock, -days, unit)


def _at(day: date) -> _Clock:
    clock = _Clock(None)
    clock.day = day
    return clock


def _within(match: re.Match[str], clock: _Clock) -> _Read:
    unit, days = match["u"].lower(), _quantity(match) * UNIT_DAYS[match["u"].lower()]
    if match["w"].lower() == "within":
        if clock.day is None:
            return "", "interval", True
        return f"{clock.shift(0)}/{clock.shift(days)}", "interval", True
    return _around(clock, days, unit)


def _unit(match: re.Match[str], clock: _Clock) -> _Read:
    step = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}[match["w"].lower()]
    return _unit_on(match["u"].lower(), step, clock)


def _other_unit(match: re.Match[str], clock: _Clock) -> _Read:
    unit, step = OTHER_UNITS[" ".join(match["k"].lower().split())]
    return _unit_on(unit, step, clock)


def _unit_on(unit: str, step: int, clock: _Clock) -> _Read:
    if clock.day is None:
        return "", "interval", True
    if unit == "week":
        monday = -clock.day.weekday() + 7 * step
        return f"{clock.shift(monday)}/{clock.shift(monday + 6)}", "interval", True
    if unit == "month":
        index = clock.day.year * 12 + clock.day.month - 1 + step
        return f"{index // 12}-{index % 12 + 1:02d}", "month", True
    if unit == "year":
        return str(clock.day.year + step), "year", True
    return f"{clock.day.year // 10 + step}X", "decade", True


def _last_month(match: re.Match[str], clock: _Clock) -> _Read:
    month = MONTH_NUMBER[match["m"]]
    year = clock.year_of(month, 1, match)
    if year is None:
        return "", "month", True
    word = match["w"].lower()
    if word == "last" and clock.day is not None:
        year = clock.day.year - (month >= clock.day.month)
    elif word == "next" and clock.day is not None:
        year = clock.day.year + (month <= clock.day.month)
    edtf, kind = _part_of_month(year, month, match["p"])
    return edtf, kind, True


def _duration(match: re.Match[str], clock: _Clock) -> _Read:
    # A length by itself: the date beside it says when.
    return "", "duration", False


def _up_to(match: re.Match[str], clock: _Clock) -> _Read:
    if clock.day is None:
        return "", "duration", True
    unit = match["u"].lower()
    said = match.groupdict().get("q")
    if _HAD.search(_before(match)):
        return "", "duration", True  # up to another event, and not to this day
    if not said and unit == "decade":
        return f"../{clock.shift(0)}", "interval", True
    # "for months" is some months, up to a year of them.
    most = {"day": 13, "week": 8, "month": 12, "year": 10}.get(unit, 1)
    count = _quantity(match) if said else most
    return f"{clock.shift(-count * UNIT_DAYS[unit])}/{clock.shift(0)}", "interval", True


def _since(match: re.Match[str], clock: _Clock) -> _Read:
    if not clock.last:
        return "", "interval", True
    start = format_day(parse_edtf(clock.last).earliest)
    end = clock.shift(0) or ".."
    return f"{start}/{end}", "interval", True


def _year(match: re.Match[str], clock: _Clock) -> _Read:
    return match["y"], "year", False


_READERS: dict[str, Callable[[re.Match[str], _Clock], _Read]] = {
    "iso": _iso, "dotted": _iso, "between": _stretch, "list": _several, "months": _months,
    "day": _day, "month": _month_year, "season": _season, "lastseason": _last_season,
    "decade": _decade, "shortdecade": _short_decade, "weekday": _weekday,
    "otherweekday": _other_weekday, "weekdays": _weekdays, "otherunit": _other_unit,
    "baremonth": _bare_month, "night": _night, "relative": _relative,
    "ago": _ago, "within": _within, "unit": _unit, "lastmonth": _last_month,
    "duration": _duration, "upto": _up_to, "since": _since, "year": _year,
}  # fmt: skip
