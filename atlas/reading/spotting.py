"""Spotting names in running text: longest match from a first word, in any script.

A name begins with a capital, or stands in a script without them. So only those words are looked
at: one regular expression finds them, and each different word is folded and looked up once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
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
word_start = re.compile(rf"(?<![^\W\d_])(?:[{_UPPER}]|[{_CASELESS}]){_LETTER}*")
_NEXT = re.compile(rf"(?:[ \t\u00a0]?[-–’'ʼ.\])][ \t\u00a0]?|[ \t\u00a0]|\r?\n)({_LETTER}+)")
LONGEST = 5


class Span(NamedTuple):
    """A name found: its offsets and the key it was found under."""

    start: int
    end: int
    key: str


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
        self._longest: dict[str, int] = {}
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._longest_stem: dict[tuple[str, str], int] = {}
        self._known: dict[str, tuple[int, str]] = {}
        for name in names:
            self._add(name)

    def _add(self, name: str) -> None:
        key = fold(name)
        words = key.split()
        if not words or len(words) > LONGEST:
            return
        self._keys.add(key)
        first = words[0]
        self._longest[first] = max(self._longest.get(first, 0), len(words))
        script = "Latn" if name.isascii() else script_of(name)
        if script == "Latn" and not self._latin:
            return
        stemmed = stem(name, script)
        if stemmed:
            self._stems[script].add(stemmed)
            start = script, stemmed.split()[0]
            self._longest_stem[start] = max(self._longest_stem.get(start, 0), len(words))

    def _first(self, word: str) -> tuple[int, str]:
        """Longest name that begins with a word, in words, and the script if by its stem."""
        key = fold(word)
        longest, script = self._longest.get(key, 0), ""
        if not word.isascii() or self._latin:
            script = script_of(word)
            stemmed = stem(word, script)
            other = self._longest_stem.get((script, stemmed), 0) if len(stemmed) > 2 else 0
            if not other:
                script = ""
            longest = max(longest, other)
        if " " in key:  # a word that folds to several
            longest = max(longest, 1)
        return longest, script

    def find(self, text: str) -> Iterator[Span]:
        """Find names, longest first, none inside another.

        Parameters
        ----------
        text : str
            Any text.

        Yields
        ------
        Span
            In order; ``text[start:end]`` is the surface.
        """
        known, reached = self._known, 0
        get = known.get
        for match in word_start.finditer(text):
            word = match.group()
            entry = get(word)
            if entry is None:
                entry = known[word] = self._first(word)
            if not entry[0]:
                continue
            start, end = match.span()
            if start < reached:
                continue
            span = self._longest_at(text, word, start, end, *entry)
            if span is not None:
                reached = span.end
                yield span

    def _longest_at(
        self, text: str, word: str, start: int, end: int, longest: int, script: str
    ) -> Span | None:
        ends = [end]
        while len(ends) < longest:
            follow = _NEXT.match(text, ends[-1])
            if follow is None:
                break
            ends.append(follow.end())
        for stop in reversed(ends):
            surface = text[start:stop] if stop != end else word
            key = fold(surface)
            if key in self._keys:
                return Span(start, stop, key)
            if script:
                stemmed = stem(surface, script)
                if stemmed in self._stems[script]:
                    return Span(start, stop, key)
        return None
