"""What in a text looks like a name of a place: the pack's names, and the wider world's."""

from __future__ import annotations

import re
from typing import NamedTuple
from weakref import WeakKeyDictionary

from atlas.base.folding import fold, script_of
from atlas.gazetteer.core import Gazetteer
from atlas.gazetteer.inflection import ENDED, WORLD_ENDINGS, stem
from atlas.reading.spotting import Spotter, word_start
from atlas.world.model import ABBREVIATION, ALTERNATIVE, CODE, DEMONYM, KINDS, MAIN, World

__all__ = ["Find", "find_names"]

_PARTICLES = frozenset(
    "of de la las los del der den di da do dos du le al el upon on the and".split()
)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_JOIN = re.compile(r"[ \u00a0\-–][ \u00a0]?|\. |['’]")
_SHORT = re.compile(r"(?:[A-Z][a-z]?\. ?){1,3}[A-Z][a-z]?\.")
_SHORTENED = ("st", "mt", "ft")
_MOST_WORDS = 5
_SHORT_STEM = 4
_LARGE, _TOWN, _PROVINCE = 100_000, 15_000, 500_000
_STRENGTHS = ("", "village", "town", "large", "demonym", "area")


class Find(NamedTuple):
    """A possible name: its offsets and how much the bare name is worth.

    `strength` is ``pack`` for a name of the pack; ``area`` for a country, continent or province;
    ``demonym``; ``large``, ``town`` or ``village`` by the people of the largest place so called;
    ``cased`` for a well-known name with a case ending.
    """

    start: int
    end: int
    strength: str


_SPOTTERS: WeakKeyDictionary[Gazetteer, dict[str, Spotter]] = WeakKeyDictionary()
_TURKIC = ("az", "tr")
_RATES: WeakKeyDictionary[Gazetteer, dict[tuple[str, bool], str]] = WeakKeyDictionary()


def _spotter(gazetteer: Gazetteer, lang: str, script: str) -> Spotter:
    endings = "Latn" if lang in _TURKIC else script if script in ENDED else ""
    held = _SPOTTERS.setdefault(gazetteer, {})
    found = held.get(endings)
    if found is None:
        found = held[endings] = Spotter(
            gazetteer.written_names,
            latin_endings=endings == "Latn",
            script="" if endings == "Latn" else endings,
        )
    return found


def find_names(text: str, gazetteer: Gazetteer, *, lang: str = "en") -> list[Find]:
    """Find possible names, longest first, none inside another.

    Parameters
    ----------
    text : str
        Running text.
    gazetteer : Gazetteer
        Who knows the places.
    lang : str
        Language of the text; in Azerbaijani and Turkish, Latin words may carry case endings.
    """
    pack = {
        span.start: span.end
        for span in _spotter(gazetteer, lang, script_of(text[:2000])).find(text)
    }
    world = _WorldNames(gazetteer, text) if gazetteer.world is not None else None
    if world is None:
        return [Find(start, end, "pack") for start, end in pack.items()]
    found: list[Find] = []
    reached = 0
    for match in word_start.finditer(text):
        start = match.start()
        if start < reached or (start and text[start - 1].isalnum()):
            continue
        other, end = world.longest(start, match.end()), pack.get(start, -1)
        people = other is not None and other.end == end and other.strength == "demonym"
        if other is not None and (other.end > end or people):
            found.append(other)
        elif end > 0:
            found.append(Find(start, end, "pack"))
        else:
            continue
        reached = found[-1].end
    return found


class _WorldNames:
    """Names of the world that begin at a word, longest first."""

    def __init__(self, gazetteer: Gazetteer, text: str) -> None:
        world = gazetteer.world
        assert world is not None
        self.world, self.text = world, text
        self.rates = _RATES.setdefault(gazetteer, {})

    def longest(self, start: int, end: int) -> Find | None:
        """The longest name from a word on, or None."""
        text = self.text
        # A state in short, after a comma: "Wichita, Kan."
        short = end - start <= 5 and text[end : end + 1] == "."
        behind = text[max(0, start - 2) : start] == ", "
        if short and behind and self._rate(text[start : end + 1]) == "area":
            return Find(start, end + 1, "area")
        for stop in reversed(self._ends(start, end)):
            strength = self._rate(text[start:stop])
            if strength:
                return Find(start, stop, strength)
        return None

    def _ends(self, start: int, end: int) -> list[int]:
        text = self.text
        if text[end : end + 1] == "." and end - start <= 2:
            short = _SHORT.match(text, start)
            if short:  # "U.S.", "N.Y.", "W.Va."
                return [short.end()]
        ends, stop = [end], end
        for _ in range(_MOST_WORDS - 1):
            join = _JOIN.match(text, stop)
            word = _TOKEN.match(text, join.end()) if join else None
            if join is None or word is None:
                break
            if join.group() == ". " and fold(text[start:stop]) not in _SHORTENED:
                break
            if join.group() in "'’" and len(word.group()) == 1:
                break
            stop = word.end()
            if not word.group()[:1].islower():
                ends.append(stop)
            elif word.group() not in _PARTICLES:
                break
        return ends

    def _rate(self, surface: str) -> str:
        key = fold(surface)
        if len(key) < 2:
            return ""
        short = "." in surface or (surface.isupper() and len(surface) > 1)
        held = self.rates.get((key, short))
        if held is None:
            if len(self.rates) > 500_000:
                self.rates.clear()
            held = _rate(self.world, key, short, surface.isascii())
            if not held and not surface.isascii() and " " not in key:
                held = self._inflected(surface)
            self.rates[key, short] = held
        return held

    def _inflected(self, surface: str) -> str:
        """The same of a name with a case ending; of a place that is well known only."""
        script = script_of(surface)
        base = stem(surface, script) if script in ENDED else ""
        if len(base) <= _SHORT_STEM:
            return ""
        for ending in WORLD_ENDINGS:
            found = _rate(self.world, base + ending, False, False)
            if found in ("area", "large"):
                return "cased"
        return ""


def _rate(world: World, key: str, short: bool, ascii_only: bool) -> str:
    """How much a bare name is worth: that of the strongest place so called."""
    best = 0
    people_word = named = False
    one_word = " " not in key
    for row, sort in world.find(key):
        kind, people = KINDS[int(world.kinds[row])], int(world.population[row])
        if sort == CODE:
            continue  # in running text it is mostly a word in capitals
        if sort == ABBREVIATION:
            rate = "area" if short and kind in ("country", "province") else ""
        elif sort == DEMONYM:
            rate, people_word = "demonym", True
        elif kind in ("country", "continent"):
            rate = "area"
        elif kind == "province":
            rate = "area" if people > _PROVINCE else "town" if sort == MAIN else ""
        elif sort == ALTERNATIVE and one_word and ascii_only and people < _LARGE:
            rate = ""
        elif kind == "district":
            rate = "" if sort != MAIN else "village" if one_word else "town"
        else:
            rate = "large" if people >= _LARGE else "town" if people >= _TOWN else "village"
        best = max(best, _STRENGTHS.index(rate))
        named = named or (rate == "area" and fold(world.names[row]) == key)
    # A country's name in another script may read like the English word for its people.
    if people_word and ascii_only and not named:
        return "demonym"
    return _STRENGTHS[best]
