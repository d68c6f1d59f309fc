"""Dates in running text, as EDTF with bounds, resolved against the day of publication.

English in full; in Azerbaijani, Armenian, Russian and Greek the calendar dates, months, years,
decades, seasons and the words for today and yesterday. Month and weekday names are those of the
Unicode CLDR (through Babel), matched by their stems, so that case endings don't matter.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from atlas.errors import InputError
from atlas.folding import fold
from atlas.reading.model import DateMention
from atlas.timespan import format_day, parse_day, parse_edtf

__all__ = ["find_dates"]

_LANGUAGES = ("en", "az", "hy", "ru", "el")
_WORD = r"[^\W\d_]+"
_END = r"(?:[-‑’'ʼ][^\W\d_]{1,6}|st|nd|rd|th)?"
_YEAR_WORD = (
    r"(?:[\s\u00a0]*[-‑]?[\s\u00a0]*(?:թվական\w*|թ\.|год[ауе]?\b|г\.|il\w*|cı|ci|cu|cü|του))*"
)

_ENGLISH_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"a": 1, "an": 1, "several": 3, "few": 3, "couple": 2}
_SEASONS = {
    "spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24,
    "весной": 21, "весна": 21, "весны": 21, "летом": 22, "лето": 22, "осенью": 23, "осень": 23,
    "осени": 23, "зимой": 24, "зима": 24, "зимы": 24,
    "yaz": 21, "yazında": 21, "yay": 22, "yayında": 22, "payız": 23, "payızında": 23,
    "payızı": 23, "qış": 24, "qışında": 24, "qışda": 24,
    "գարուն": 21, "գարնանը": 21, "ամառ": 22, "ամռանը": 22, "աշուն": 23, "աշնանը": 23, "աշնան": 23,
    "ձմեռ": 24, "ձմռանը": 24,
    "άνοιξη": 21, "καλοκαίρι": 22, "φθινόπωρο": 23, "χειμώνα": 24, "χειμώνας": 24,
}  # fmt: skip
_RELATIVE_DAYS = {
    "today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1,
    "сегодня": 0, "вчера": -1, "завтра": 1, "позавчера": -2,
    "bugün": 0, "bu gün": 0, "dünən": -1, "sabah": 1,
    "այսօր": 0, "երեկ": -1, "վաղը": 1,
    "σήμερα": 0, "χθες": -1, "χτες": -1, "αύριο": 1,
}  # fmt: skip
_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3652}


def _alternatives(words: Iterator[str] | list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_NUMBER = _alternatives(list(_ENGLISH_NUMBERS))
_WEEKDAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_WEEKDAYS = {name: number for number, name in enumerate(_WEEKDAY.split("|"))}
_PART = r"(?:\s+(?:morning|afternoon|evening|night))?"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", re.compile(r"\b(?P<y>1[89]\d\d|20\d\d)-(?P<n>\d\d)-(?P<d>\d\d)\b")),
    ("dotted", re.compile(r"\b(?P<d>\d{1,2})[./](?P<n>\d{1,2})[./](?P<y>1[89]\d\d|20\d\d)\b")),
    (
        "range",
        re.compile(
            r"\b(?P<d>\d{1,2})\s+(?P<m>[^\W\d_]{3,})\.?(?:\s+(?P<x>1[89]\d\d|20\d\d))?"
            r"\s*(?:[-–—]|to|until)\s*(?P<e>\d{1,2})\s+(?P<f>[^\W\d_]{3,})\s+(?P<y>1[89]\d\d|20\d\d)\b"
        ),
    ),
    (
        "span",
        re.compile(
            rf"\b(?P<d>\d{{1,2}})\s?[-–—]\s?(?P<e>\d{{1,2}}){_END}\s+(?P<m>{_WORD})"
            rf"(?:,?\s+(?P<y>1[89]\d\d|20\d\d)\b{_YEAR_WORD})?"
        ),
    ),
    (
        "span",
        re.compile(
            r"\b(?P<m>[^\W\d_]{3,})\.?\s+(?P<d>\d{1,2})\s?[-–—]\s?(?P<e>\d{1,2})\b"
            r"(?:,?\s+(?P<y>1[89]\d\d|20\d\d)\b)?"
        ),
    ),
    (
        "day",
        re.compile(
            rf"\b(?P<y>1[89]\d\d|20\d\d){_END}{_YEAR_WORD}\s+(?P<m>{_WORD})\s+(?P<d>\d{{1,2}})\b{_END}"
        ),
    ),
    (
        "day",
        re.compile(
            rf"\b(?P<d>\d{{1,2}}){_END}\s+(?:of\s+)?(?P<m>{_WORD})\.?"
            rf"(?:,?\s+(?P<y>1[89]\d\d|20\d\d)\b{_END}{_YEAR_WORD})?"
        ),
    ),
    (
        "day",
        re.compile(
            rf"\b(?P<m>[^\W\d_]{{3,}})\.?\s+(?:the\s+)?(?P<d>\d{{1,2}})\b{_END}(?!\s*[:.]\d)"
            rf"(?:,?\s+(?P<y>1[89]\d\d|20\d\d)\b)?"
        ),
    ),
    (
        "month",
        re.compile(
            rf"\b(?:(?P<p>early|mid|late)[-\s]+)?(?P<m>[^\W\d_]{{3,}})\.?,?\s+(?:of\s+)?"
            rf"(?P<y>1[89]\d\d|20\d\d)\b{_END}{_YEAR_WORD}"
        ),
    ),
    (
        "month",
        re.compile(
            rf"\b(?P<y>1[89]\d\d|20\d\d){_END}{_YEAR_WORD}\s+(?P<m>[^\W\d_]{{3,}})(?!\s+\d)"
        ),
    ),
    (
        "season",
        re.compile(
            rf"\b(?P<s>{_alternatives(list(_SEASONS))})\s+(?:of\s+|του\s+)?"
            rf"(?P<y>1[89]\d\d|20\d\d)\b{_END}{_YEAR_WORD}",
            re.IGNORECASE,
        ),
    ),
    (
        "season",
        re.compile(
            rf"\b(?P<y>1[89]\d\d|20\d\d){_END}{_YEAR_WORD}\s+(?P<s>{_alternatives(list(_SEASONS))})\b",
            re.IGNORECASE,
        ),
    ),
    (
        "lastseason",
        re.compile(r"\b(?P<w>last|this|next)\s+(?P<s>spring|summer|autumn|fall|winter)\b", re.I),
    ),
    (
        "decade",
        re.compile(
            r"\b(?:(?:the\s+)?(?:(?P<p>early|mid|late)[-\s]+)?)"
            r"(?P<y>1[89]\d|20\d)0(?:['’]?s\b|[-‑](?:е|х|ые|ых)\b(?:\s+год\w*)?|[-‑]?(?:cı|ci|cu|cü)\s+illər\w*"
            r"|[-‑]ական\w*)"
        ),
    ),
    ("decade", re.compile(r"\b(?:τη\s+)?δεκαετία\w*\s+του\s+(?:’|')?(?P<y>1[89]\d|20\d)0\b")),
    (
        "shortdecade",
        re.compile(r"(?<!\d)['’](?P<y>\d)0s\b|\bthe\s+(?P<w>[Nn]ineties|[Ee]ighties)\b"),
    ),
    (
        "weekday",
        re.compile(
            rf"\b(?:(?P<w>last|next|this|on|since|until|by|from)\s+)?(?P<k>{_WEEKDAY}){_PART}\b"
        ),
    ),
    (
        "night",
        re.compile(r"\b(?P<w>last|this)\s+(?P<k>night|evening|afternoon|morning)\b", re.IGNORECASE),
    ),
    (
        "relative",
        re.compile(
            rf"\b(?:(?:earlier|late|later|early)\s+)?(?P<k>{_alternatives(list(_RELATIVE_DAYS))})\b"
            rf"{_PART}",
            re.IGNORECASE,
        ),
    ),
    (
        "ago",
        re.compile(
            rf"\b(?:(?:about|some|over|almost|nearly)\s+)?(?P<q>{_NUMBER}|\d{{1,3}})\s+"
            r"(?P<u>day|week|fortnight|month|year|decade)s?\s+(?P<w>ago|earlier|later)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "within",
        re.compile(
            rf"\b(?P<w>in|within)\s+(?P<q>{_NUMBER}|\d{{1,3}})\s+(?:of\s+)?"
            r"(?P<u>day|week|fortnight|month|year)s?(?:['’]\s+time)?\b(?!\s+of\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "unit",
        re.compile(r"\b(?P<w>last|this|next|past|coming)\s+(?P<u>week|month|year|decade)\b", re.I),
    ),
    (
        "lastmonth",
        re.compile(
            r"\b(?:(?P<w>[Ll]ast|[Tt]his|[Nn]ext|[Ii]n|[Ss]ince|[Uu]ntil|[Oo]f|[Dd]uring|[Bb]y)\s+)"
            r"(?:(?P<p>early|mid|late)[-\s]+)?"
            r"(?P<m>January|February|March|April|May|June|July|August|September|October|November|December)\b"
            r"(?!\s+\d)"
        ),
    ),
    ("upto", re.compile(r"\b(?P<u>day|week|month|year|decade)s-long\b", re.IGNORECASE)),
    (
        "duration",
        re.compile(
            rf"\b(?P<q>{_NUMBER}|\d{{1,3}})[-\s]+(?P<u>day|week|month|year|decade)s?[-\s]*"
            r"(?:long\b)?(?=[-\s]+(?:war|conflict|fighting|battle|siege|blockade|campaign|truce|"
            r"offensive|occupation|talks|operation|visit|ceasefire|hostilities|mission))",
            re.IGNORECASE,
        ),
    ),
    (
        "upto",
        re.compile(
            r"\b(?:for|in recent|(?:over|for|in) the (?:past|last))\s+"
            rf"(?:(?P<q>{_NUMBER}|\d{{1,3}})\s+)?(?P<u>day|week|month|year|decade)s?\b"
            r"(?!\s+(?:ago|later|earlier))",
            re.IGNORECASE,
        ),
    ),
    ("since", re.compile(r"\b(?:since\s+then|ever\s+since|since\s+that\s+time)\b", re.IGNORECASE)),
    (
        "year",
        re.compile(
            rf"(?<![\d.,:/–-])(?P<y>1[89]\d\d|20\d\d)\b(?![\d%]|[.,:]\d|\s*(?:km|people|troops|soldiers|men|"
            rf"percent|per\s+cent|metres|meters|feet|miles|hectares|dollars)\b){_END}{_YEAR_WORD}"
        ),
    ),
)
_NEEDS_CUE = re.compile(
    r"(?:\b(?:in|of|since|from|until|till|by|during|after|before|and|or|to|between|early|late|mid|"
    r"year|war|circa|around|about|for|the|в|с|до|по|за|после|το|του|από|μέχρι|στα|στο)\s|[(,\-–/]\s?)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Folded beginnings of month names -> month, for all languages read."""
    from babel import Locale

    found: dict[str, int] = {"sept": 9}
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    key = fold(name)
                    if len(key) >= 3 and not key.isdigit():
                        found.setdefault(key, number)
    return found


def _month(word: str) -> int | None:
    key = fold(word)
    months = _months()
    if key in months:
        # English names double as words; only the capital tells.
        return months[key] if not word.isascii() or word[0].isupper() or key not in _LOWER else None
    if word.isascii() and not word[0].isupper():
        candidates = [name for name in months if len(name) >= 4 and key.startswith(name)]
        endings = {"da", "de", "in", "un", "dan", "den", "a", "e", "ın", "nda"}
        for name in candidates:
            if key[len(name) :] in endings:
                return months[name]
        return None
    if not word.isascii():
        for cut in range(1, 5):
            if len(key) - cut >= 3 and key[:-cut] in months:
                return months[key[:-cut]]
        for name, number in months.items():
            if len(name) >= 4 and key.startswith(name[:-1]) and len(key) - len(name) <= 3:
                return number
    return None


_LOWER = frozenset({"march", "may", "mar", "sept", "dec", "jan", "jun", "jul", "aug", "august"})
_MONTH_NUMBER = {
    name: number
    for number, name in enumerate(
        "January February March April May June July August September October November "
        "December".split(),
        1,
    )
}


_GOES_ON = 400  # characters


class _Clock:
    """The publication day and the last date read, which relative dates count from."""

    def __init__(self, published: int | None) -> None:
        self.day = None if published is None else date.fromisoformat(format_day(published))
        self.last = ""
        self.told = ""  # the last date written with its year, and where
        self.told_at = -10_000

    def shift(self, days: int) -> str:
        return "" if self.day is None else (self.day + timedelta(days=days)).isoformat()

    def year_of(self, month: int, day: int = 1, at: int = -1) -> int | None:
        """The year of a date without one.

        That of a full date told shortly before, when the account goes on from there; else the one
        that puts it nearest before publication, or just after it.
        """
        if self.told and 0 <= at - self.told_at <= _GOES_ON:
            began = parse_edtf(self.told).earliest
            year = int(format_day(began)[:4])
            later = parse_day(f"{year}-{month:02d}-{min(day, 28):02d}")
            return year if later >= began - 183 else year + 1
        if self.last and (match := re.match(r"\d{4}", self.last)) and self.day is None:
            return int(match[0])
        if self.day is None:
            return None
        try:
            this = date(self.day.year, month, min(day, monthrange(self.day.year, month)[1]))
        except ValueError:
            return self.day.year
        return self.day.year if this <= self.day + timedelta(days=45) else self.day.year - 1


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
    for name, pattern in _PATTERNS:
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
                if not anchored and kind in ("day", "interval", "month"):
                    clock.told, clock.told_at = edtf, end
                elif anchored and clock.told_at >= 0 and start - clock.told_at <= _GOES_ON:
                    clock.told_at = end if name in ("day", "span", "lastmonth") else clock.told_at
        except InputError:
            continue
        found.append(DateMention(text[start:end], start, end, edtf, kind, anchored))
    return tuple(found)


def _plausible(name: str, match: re.Match[str], text: str) -> bool:
    groups = match.groupdict()
    if groups.get("m") and name != "lastmonth":
        month = _month(groups["m"])
        if month is None:
            return False
        if groups.get("f") and _month(groups["f"]) is None:
            return False
        if groups.get("d") and not 1 <= int(groups["d"]) <= 31:
            return False
    if name == "year":
        return bool(_NEEDS_CUE.search(text[max(0, match.start() - 12) : match.start()])) or (
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
    return clock.year_of(month, day, match.start()), True


def _day(match: re.Match[str], clock: _Clock) -> _Read:
    month, day = _month(match["m"]) or 0, int(match["d"])
    year, anchored = _year_for(match, clock, month, day)
    if year is None:
        return "", "day", True
    return f"{year}-{month:02d}-{day:02d}", "day", anchored


def _span(match: re.Match[str], clock: _Clock) -> _Read:
    month, first, last = _month(match["m"]) or 0, int(match["d"]), int(match["e"])
    year, anchored = _year_for(match, clock, month, first)
    if year is None:
        return "", "interval", True
    return f"{year}-{month:02d}-{first:02d}/{year}-{month:02d}-{last:02d}", "interval", anchored


def _range(match: re.Match[str], clock: _Clock) -> _Read:
    first, last = _month(match["m"]) or 0, _month(match["f"]) or 0
    year = int(match["y"])
    began = int(match["x"]) if match["x"] else year - (first > last)
    return (
        f"{began}-{first:02d}-{int(match['d']):02d}/{year}-{last:02d}-{int(match['e']):02d}",
        "interval",
        False,
    )


def _part_of_month(year: int, month: int, part: str | None) -> tuple[str, str]:
    if not part:
        return f"{year}-{month:02d}", "month"
    last = monthrange(year, month)[1]
    bounds = {"early": (1, 10), "mid": (10, 20), "late": (21, last)}[part.lower()]
    return f"{year}-{month:02d}-{bounds[0]:02d}/{year}-{month:02d}-{bounds[1]:02d}", "interval"


def _month_year(match: re.Match[str], clock: _Clock) -> _Read:
    part = match.groupdict().get("p")
    edtf, kind = _part_of_month(int(match["y"]), _month(match["m"]) or 1, part)
    return edtf, kind, False


def _season(match: re.Match[str], clock: _Clock) -> _Read:
    return f"{match['y']}-{_SEASONS[match['s'].lower()]}", "season", False


def _last_season(match: re.Match[str], clock: _Clock) -> _Read:
    if clock.day is None:
        return "", "season", True
    season = _SEASONS[match["s"].lower()]
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
    wanted, word = _WEEKDAYS[match["k"]], (match["w"] or "").lower()
    back = (clock.day.weekday() - wanted) % 7
    if word == "next":
        return clock.shift(7 - back), "day", True
    if word == "last" and back == 0:
        back = 7
    ahead = re.search(r"\b(?:will|to be held|due|scheduled|plans?)\b[^.]{0,60}$", _before(match))
    if ahead and word in ("", "on", "by", "until", "this") and back:
        return clock.shift(7 - back), "day", True
    return clock.shift(-back), "day", True


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 80) : match.start()]


def _night(match: re.Match[str], clock: _Clock) -> _Read:
    return clock.shift(-1 if match["w"].lower() == "last" else 0), "day", True


def _relative(match: re.Match[str], clock: _Clock) -> _Read:
    return clock.shift(_RELATIVE_DAYS[match["k"].lower()]), "day", True


def _quantity(match: re.Match[str]) -> int:
    said = match.groupdict().get("q")
    if not said:
        return 1
    return int(said) if said.isdigit() else _ENGLISH_NUMBERS[said.lower()]


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
    unit, days = match["u"].lower(), _quantity(match) * _UNIT_DAYS[match["u"].lower()]
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
    unit, days = match["u"].lower(), _quantity(match) * _UNIT_DAYS[match["u"].lower()]
    if match["w"].lower() == "within":
        if clock.day is None:
            return "", "interval", True
        return f"{clock.shift(0)}/{clock.shift(days)}", "interval", True
    return _around(clock, days, unit)


def _unit(match: re.Match[str], clock: _Clock) -> _Read:
    word, unit = match["w"].lower(), match["u"].lower()
    if clock.day is None:
        return "", "interval", True
    step = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}[word]
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
    month = _MONTH_NUMBER[match["m"]]
    year = clock.year_of(month, at=match.start())
    if year is None:
        return "", "month", True
    word = match["w"].lower()
    if word == "last" and clock.day is not None and month == clock.day.month:
        year -= 1
    elif word == "next" and clock.day is not None and month > clock.day.month:
        year = clock.day.year
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
    if not said and unit == "decade":
        return f"../{clock.shift(0)}", "interval", True
    # "for months" is some months, up to a year of them.
    most = {"day": 13, "week": 8, "month": 12, "year": 10}.get(unit, 1)
    count = _quantity(match) if said else most
    return f"{clock.shift(-count * _UNIT_DAYS[unit])}/{clock.shift(0)}", "interval", True


def _since(match: re.Match[str], clock: _Clock) -> _Read:
    if not clock.last:
        return "", "interval", True
    start = format_day(parse_edtf(clock.last).earliest)
    end = clock.shift(0) or ".."
    return f"{start}/{end}", "interval", True


def _year(match: re.Match[str], clock: _Clock) -> _Read:
    return match["y"], "year", False


_READERS: dict[str, Callable[[re.Match[str], _Clock], _Read]] = {
    "iso": _iso, "dotted": _iso, "span": _span, "range": _range, "day": _day, "month": _month_year,
    "season": _season, "lastseason": _last_season, "decade": _decade,
    "shortdecade": _short_decade, "weekday": _weekday, "night": _night, "relative": _relative,
    "ago": _ago, "within": _within, "unit": _unit, "lastmonth": _last_month,
    "duration": _duration, "upto": _up_to, "since": _since, "year": _year,
}  # fmt: skip
