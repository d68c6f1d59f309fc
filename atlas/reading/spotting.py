"""Spotting names in running text: longest match from a first word, in any script.

A name begins with a capital, or stands in a script without them. So only those words are looked
at: one regular expression finds them, and each different word is folded and looked up once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from atlas.folding import fold, script_of
from atlas.gazetteer.inflection import stem

__all__ = ["Span", "Spotter", "word_start"]

# Upper-case letters of Latin, Greek, Cyrillic and Armenian, and the scripts that have no case.
_UPPER = (
    "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƏǏǦȘȚ"
    "Ḁ-ỿΆΈ-ΏΑ-ΫЀ-ЯҐҒҖҚҢҮҰҲҶҺӘӨԱ-Ֆ"
)
_CASELESS = "ა-ჿא-ת\u0620-\u064a\u066e-\u06d3ऀ-ॿ\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af"
_LETTER = r"[^\W\d_]"
_INNER = r"[\w\u0300-\u036f]"
# No look-behind: with a plain set of letters first, the search runs several times as fast; what
# stands before a word is looked at only where it may be a name.
word_start = re.compile(rf"[{_UPPER}{_CASELESS}]{_INNER}*")
_NEXT = re.compile(
    rf"(?:[ \t\u00a0]?[-–’'ʼ.\])][ \t\u00a0]?|[ \t\u00a0]|\r?\n)({_LETTER}{_INNER}*)"
)
_WORD = re.compile(rf"{_LETTER}{_INNER}*")
LONGEST = 5


class Span(NamedTuple):
    """A name found: its offsets and the key it was found under."""

    start: int
    end: int
    key: str


def _fold_word(word: str) -> str:
    return word.lower() if word.isascii() and word.isalnum() else fold(word)


class _Folds(dict[str, str]):
    """Keys of words, worked out when a word is first met."""

    def __missing__(self, word: str) -> str:
        key = self[word] = _fold_word(word)
        return key


class Spotter:
    """Finds the names of a list in texts.

    Parameters
    ----------
    names : iterable of str
        Names as written; case endings are known for those in Armenian, Cyrillic and Greek script
        and, with `latin_endings`, for Azerbaijani.
    latin_endings : bool
        Whether Latin words may carry Azerbaijani case endings.

    Examples
    --------
    >>> spotter = Spotter(["Nagorno-Karabakh", "Степанакерт"])
    >>> text = "Nagorno-Karabakh; в Степанакерте"
    >>> [text[span.start:span.end] for span in spotter.find(text)]
    ['Nagorno-Karabakh', 'Степанакерте']
    """

    def __init__(self, names: Iterable[str], *, latin_endings: bool = False) -> None:
        self._latin = latin_endings
        self._keys: set[str] = set()
        self._folds = _Folds()
        self._longest: dict[str, int] = {}
        self._seconds: dict[str, set[str]] = defaultdict(set)
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._longest_stem: dict[tuple[str, str], int] = {}
        self._known: dict[str, tuple[int, str, str, set[str] | None] | None] = {}
        self._written: set[str] = set()
        for name in names:
            self._add(name)
        self._known |= self._starts()

    def _starts(self) -> dict[str, tuple[int, str, str, set[str] | None] | None]:
        """Entries of all ASCII words that begin a name, in the ways they are written.

        Then an ASCII word that is not here begins none, and need not be folded to know it.
        """
        if self._latin:
            return {}
        found: dict[str, tuple[int, str, str, set[str] | None] | None] = {}
        for first, longest in self._longest.items():
            found[first.title()] = found[first.upper()] = (
                longest, "", first, self._seconds.get(first),
            )  # fmt: skip
        for written in self._written:
            first = written.lower()
            if first in self._longest:
                found[written] = self._longest[first], "", first, self._seconds.get(first)
        return found

    def _add(self, name: str) -> None:
        key = fold(name)
        words = key.split()
        if not words or len(words) > LONGEST:
            return
        self._keys.add(key)
        first = words[0]
        self._longest[first] = max(self._longest.get(first, 0), len(words))
        if len(words) > 1:
            self._seconds[first].add(words[1])
        begun = _WORD.match(name)
        if begun is not None and begun[0].isascii():
            self._written.add(begun[0])
        script = "Latn" if name.isascii() else script_of(name)
        if script == "Latn" and not self._latin:
            return
        stemmed = stem(name, script)
        if stemmed:
            self._stems[script].add(stemmed)
            start = script, stemmed.split()[0]
            self._longest_stem[start] = max(self._longest_stem.get(start, 0), len(words))

    def _first(self, word: str) -> tuple[int, str, str, set[str] | None] | None:
        """What a word begins: words of the longest name, script if by its stem, key, next words.

        None if it begins no name.
        """
        key = _fold_word(word)
        longest, script = self._longest.get(key, 0), ""
        if not word.isascii() or self._latin:
            script = script_of(word)
            stemmed = stem(word, script)
            other = self._longest_stem.get((script, stemmed), 0) if len(stemmed) > 2 else 0
            if not other:
                script = ""
            longest = max(longest, other)
        if not longest:
            return None
        return longest, script, key, None if script else self._seconds.get(key)

    def find(self, text: str) -> list[Span]:
        """Find names, longest first, none inside another.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of Span
            In order; ``text[start:end]`` is the surface.
        """
        known, keys, reached = self._known, self._keys, 0
        spans: list[Span] = []
        get, new, follows, folds = known.get, self._first, _NEXT.match, self._folds
        keep, make = spans.append, tuple.__new__
        ascii_known = not self._latin
        for match in word_start.finditer(text):
            word = match[0]
            entry = get(word, 0)
            if entry is None:
                continue
            if entry == 0:
                if ascii_known and word.isascii():
                    continue
                entry = known[word] = new(word)
                if entry is None:
                    continue
            start, end = match.span()
            if start < reached or (start and text[start - 1].isalnum()):
                continue
            longest, script, key, seconds = entry  # type: ignore[misc]
            if longest > 1 and (follow := follows(text, end)) is not None:
                second = follow[1]
                if seconds is None or (folds.get(second) or folds[second]) in seconds:
                    span = self._longest_at(text, start, end, longest, script)
                    if span is not None:
                        reached = span.end
                        keep(span)
                    continue
            if key in keys or (script and stem(word, script) in self._stems[script]):
                reached = end
                keep(make(Span, (start, end, key)))
        return spans

    def _longest_at(
        self, text: str, start: int, end: int, longest: int, script: str
    ) -> Span | None:
        ends = [end]
        while len(ends) < longest:
            follow = _NEXT.match(text, ends[-1])
            if follow is None:
                break
            ends.append(follow.end())
        for stop in reversed(ends):
            surface = text[start:stop]
            key = fold(surface)
            if key in self._keys or (script and stem(surface, script) in self._stems[script]):
                return Span(start, stop, key)
        return None
