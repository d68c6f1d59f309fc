"""Names of months and weekdays in many languages, from the Unicode CLDR."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

from atlas.base.cldr import calendar_names

__all__ = [
    "LANGUAGES", "SEASONS", "folded", "joined_names", "month_number", "season_number",
    "weekday_number",
]  # fmt: skip

#: Locales of the Unicode CLDR whose names of months and weekdays are known.
LANGUAGES = (
    "en hy az ru el tr uk ka ar fr es de it pt nl pl ro fa he sr sr_Latn cs bg sq ku so am sw "
    "id ar_SY ar_DZ ar_MA"
).split()
#: Seasons, which the CLDR does not name, as EDTF numbers them; in the cases that dates are told in.
SEASONS = {
    "spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24,
    "весной": 21, "весна": 21, "весны": 21, "летом": 22, "лето": 22, "осенью": 23, "осень": 23,
    "осени": 23, "зимой": 24, "зима": 24, "зимы": 24,
    "yaz": 21, "yazında": 21, "yay": 22, "yayında": 22, "payız": 23, "payızında": 23,
    "payızı": 23, "qış": 24, "qışında": 24, "qışda": 24,
    "գարուն": 21, "գարնանը": 21, "ամառ": 22, "ամռանը": 22, "աշուն": 23, "աշնանը": 23, "աշնան": 23,
    "ձմեռ": 24, "ձմռանը": 24,
    "навесні": 21, "весни": 21, "влітку": 22, "літо": 22, "літа": 22, "восени": 23, "осінь": 23,
    "взимку": 24, "зими": 24, "ilkbahar": 21, "ilkbaharda": 21, "yazın": 22, "sonbahar": 23,
    "sonbaharda": 23, "sonbaharında": 23, "kışın": 24,
    "გაზაფხულზე": 21, "ზაფხულში": 22, "შემოდგომაზე": 23, "ზამთარში": 24,
    "primavera": 21, "verano": 22, "otoño": 23, "invierno": 24,
    "printemps": 21, "été": 22, "automne": 23, "hiver": 24,
    "frühling": 21, "frühjahr": 21, "sommer": 22, "herbst": 23,
    "ربيع": 21, "صيف": 22, "خريف": 23, "شتاء": 24,
    "بهار": 21, "تابستان": 22, "پاییز": 23, "زمستان": 24,
    "άνοιξη": 21, "καλοκαίρι": 22, "φθινόπωρο": 23, "χειμώνα": 24, "χειμώνας": 24,
}  # fmt: skip


def month_number(word: str) -> int:
    """Number of a month by its name in one of `LANGUAGES`; 0 if it is none, or two of them."""
    return _names()[0].get(folded(word), 0)


def weekday_number(word: str) -> int | None:
    """Number of a weekday by its name, Monday is 0; None if it is none."""
    return _names()[1].get(folded(word))


def season_number(word: str) -> int:
    """EDTF number of a season, 21 is spring; 0 if it is none, or another in another language."""
    return _seasons().get(folded(word), 0)


@cache
def _seasons() -> dict[str, int]:
    known = {folded(word): number for word, number in SEASONS.items()}
    return {word: number for word, number in known.items() if word != "yaz"}  # az spring, tr summer


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
