"""Names of months and weekdays in many languages, from the Unicode CLDR."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

from atlas.base.cldr import calendar_names

__all__ = ["LANGUAGES", "folded", "joined_names", "month_number", "weekday_number"]

#: Locales of the Unicode CLDR whose names of months and weekdays are known.
LANGUAGES = (
    "en hy az ru el tr uk ka ar fr es de it pt nl pl ro fa he sr sr_Latn cs bg sq ku so am sw "
    "id ar_SY ar_DZ ar_MA"
).split()


def month_number(word: str) -> int:
    """Number of a month by its name in one of `LANGUAGES`; 0 if it is none, or two of them."""
    return _names()[0].get(folded(word), 0)


def weekday_number(word: str) -> int | None:
    """Number of a weekday by its name, Monday is 0; None if it is none."""
    return _names()[1].get(folded(word))


def folded(word: str) -> str:
    """Case, accents and dotless i put aside."""
    plain = unicodedata.normalize("NFD", word.casefold())
    kept = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return kept.replace("ı", "i").strip(".")


def joined_names(text: str) -> str:
    """Names of two words made one, as in ``تشرين الأول``."""
    for name, joined in _names()[2].items():
        if name in text:
            text = text.replace(name, joined)
    return text


@cache
def _names() -> tuple[dict[str, int], dict[str, int], dict[str, str]]:
    from babel import Locale

    months: dict[str, set[int]] = {}
    weekdays: dict[str, set[int]] = {}
    several: dict[str, str] = {}

    def learn(into: dict[str, set[int]], tables: Any, shift: Callable[[int], int]) -> None:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in tables[context][width].items():
                    # An abbreviation of a letter or two says too little in thirty languages.
                    least = 3 if width == "abbreviated" else 2
                    if any(mark.isdigit() for mark in name) or len(name.strip(".")) < least:
                        continue
                    if " " in name:
                        several[name] = name.replace(" ", "")
                        name = several[name]
                    into.setdefault(folded(name), set()).add(shift(number))

    for language in LANGUAGES:
        locale = Locale.parse(language)
        learn(months, calendar_names(locale, "months"), int)
        learn(weekdays, calendar_names(locale, "days"), int)
    learned = {"sept": 9}
    one_month = {name: min(found) for name, found in months.items() if len(found) == 1}
    one_day = {
        name: min(found)
        for name, found in weekdays.items()
        if len(found) == 1 and name not in one_month
    }
    return one_month | learned, one_day, several
