"""The words that tell of an event, by language: English in `triggers`, the others in a table.

``data/event_words.csv`` has a row for each language and thing said: a type of event of the schema,
``reported`` (somebody only says so) or ``planned`` (it is still to come). What did not happen is
told by ``data/negated_words.csv``. Words are parted by
``|``; ``*`` stands for any letters, ``...`` for some words, a space for any white space.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from atlas.reading.triggers import COMPILED, NEGATED, PLANNED, REPORTED, TRIGGERS

__all__ = ["EventWords", "event_words", "planned_words"]

_TABLE = Path(__file__).parent / "data" / "event_words.csv"
_NEGATED = Path(__file__).parent / "data" / "negated_words.csv"
_QUOTED = r"[“”\"«»]"


@dataclass(frozen=True, slots=True)
class EventWords:
    """What a language says of events.

    Attributes
    ----------
    types : tuple of (str, float, pattern)
        A type of event, how firmly its words speak for it, and the words.
    verb_last : bool
        Whether the verb stands at the end of a sentence, behind what it denies.
    reported, planned, negated : pattern
        Words of reported speech; of what is still to come; of what did not happen.
    """

    types: tuple[tuple[str, float, re.Pattern[str]], ...]
    reported: re.Pattern[str]
    planned: re.Pattern[str]
    negated: re.Pattern[str]
    verb_last: bool = False


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, Mapping[str, str]]:
    """The table: by language, what is said and its words."""
    found: dict[str, dict[str, str]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["lang"], {})[row["says"]] = row["words"]
    with _NEGATED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["lang"]]["negated"] = row["words"]
    return found


def _alternatives(words: str) -> str:
    shapes = []
    for word in words.split("|"):
        shape = re.escape(word).replace(r"\*", r"\w*").replace(r"\ \.\.\.\ ", r"\b[^.;]{1,50}\b")
        shape = shape.replace(r"\ ", r"\s+")
        shapes.append(rf"\b{shape}\b")
    return "|".join(shapes)


@lru_cache(maxsize=1)
def planned_words() -> re.Pattern[str]:
    """Words of all languages of the table for what is still to come."""
    words = "|".join(table["planned"] for table in _languages().values())
    return re.compile(_alternatives(words), re.IGNORECASE)


# Short texts of the two are hardly told apart, and their words seldom clash.
_VERB_LAST = ("az", "tr", "ka")
_RELATED = {"az": ("az", "tr"), "tr": ("tr", "az")}


def _merged(lang: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for one in _RELATED.get(lang, (lang,)):
        for says, words in _languages().get(one, {}).items():
            found[says] = f"{found[says]}|{words}" if says in found else words
    return found


@lru_cache(maxsize=16)
def event_words(lang: str) -> EventWords:
    """Give the words of a language; English ones where the table does not have it.

    Parameters
    ----------
    lang : str
        BCP 47.

    Examples
    --------
    >>> bool(event_words("ru").planned.search("Встреча состоится завтра"))
    True
    """
    table = _merged(lang)
    if not table:
        return EventWords(COMPILED, REPORTED, PLANNED, NEGATED)
    # How firmly words speak for a type does not hang on the language.
    base: dict[str, float] = {}
    for name, weight, _ in TRIGGERS:
        base.setdefault(name, weight)
    types = tuple(
        (name, weight, re.compile(_alternatives(table[name]), re.IGNORECASE))
        for name, weight in base.items()
        if name in table
    )
    reported = re.compile(f"{_QUOTED}|{_alternatives(table['reported'])}", re.IGNORECASE)
    planned = re.compile(_alternatives(table["planned"]), re.IGNORECASE)
    negated = re.compile(_alternatives(table["negated"]), re.IGNORECASE)
    return EventWords(types, reported, planned, negated, lang in _VERB_LAST)
