"""Spotting names in running text: longest match from a first word, in any script.

A name begins with a capital, or stands in a script without them. So only those words are looked
at: one regular expression finds them, and each different word is folded and looked up once.

Notes
-----
Most names of a word or two begin like words of every text ("The", "New"), so what stands behind a
first word decides how fast a text is read. Four characters of it are enough to rule nearly all
out: the letters the next word begins with are in a small set, or they are not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from atlas.base.folding import fold, script_of
from atlas.gazetteer.inflection import stem

__all__ = ["Span", "Spotter", "word_start"]

# Upper-case letters of Latin, Greek, Cyrillic and Armenian, and the scripts that have no case.
_UPPER = (
    "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƏǏǦȘȚ"
    "Ḁ-ỿΆΈ-ΏΑ-ΫЀ-ЯҐҒҖҚҢҮҰҲҶҺӘӨԱ-Ֆ"
)
_CASELESS = "ა-ჿᲐ-Ჿא-ת\u0620-\u064a\u066e-\u06d3ऀ-ॿ\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af"
_LETTER = r"[^\W\d_]"
_INNER = r"[\w\u0300-\u036f]"
# No look-behind: with a plain set of letters first, the search runs several times as fast; what
# stands before a word is looked at only where it may be a name.
word_start = re.compile(rf"[{_UPPER}{_CASELESS}]{_INNER}*")
_APOSTROPHES = "'’ʼ"
_PARTING = frozenset(_APOSTROPHES)
_SPACES = frozenset(" \t\u00a0")
_NEXT = re.compile(
    rf"(?:[ \t\u00a0]?[-–{_APOSTROPHES}.\])][ \t\u00a0]?|[ \t\u00a0]|\r?\n)({_LETTER}{_INNER}*)"
)
_WORD = re.compile(rf"{_LETTER}{_INNER}*")
LONGEST = 5
_REMEMBERED = 1 << 16
_SURE = 3  # letters


class Span(NamedTuple):
    """A name found: its offsets and the key it was found under."""

    start: int
    end: int
    key: str


# What a word begins longer names with: its key if it is a name by itself, else ""; how the words
# behind it begin; its key; its script, if it begins a name by its stem. A word that only is a name
# by itself has its key alone.
_Start: TypeAlias = "tuple[str, set[str], str, str]"


class _Folds(dict[str, str]):
    """Keys of words, worked out when a word is first met; forgotten when there are many."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        key = self[word] = _fold_word(word)
        return key


def _fold_word(word: str) -> str:
    return word.lower() if word.isascii() and word.isalnum() else fold(word)


# What stands behind a word: no further word, or any.
_NOTHING, _ANYTHING = "-", ""
_GLANCED = 4
_WORDY = ("", *"_0123456789")  # a word may go on with these, or be cut off here
_SMALL = re.compile("[a-z]+")


class _Glances(dict[str, str]):
    """How the word begins that stands in the four characters behind another.

    Its first three letters, or all if it has fewer; a point and its first letter where a mark and
    a space are before it; an apostrophe where that joins it to the word before.
    """

    def __missing__(self, behind: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        rest = behind[1:]
        if behind[:1] == " " and len(rest) == 3 and rest.isascii() and rest.isalpha():
            glance = rest.lower()  # as nearly always
        else:
            glance = self._read(behind[:1], rest.lower(), behind.isascii())
        self[behind] = glance
        return glance

    @staticmethod
    def _read(mark: str, rest: str, ascii_only: bool) -> str:
        if mark in _PARTING:
            return _ANYTHING if rest[:1] in _SPACES else "'"
        if not ascii_only or mark in ("\t", "\r"):
            return _ANYTHING
        if mark not in (" ", "\n", "-", ".", "]", ")"):
            return _NOTHING
        word = _SMALL.match(rest)
        if word is not None:
            whole = word.end() == 3 or rest[word.end() :][:1] not in _WORDY
            return word[0] if whole else _ANYTHING
        if mark in (" ", "\n"):
            return _ANYTHING if rest[:1] in ("-", ".", "]", ")", "'") else _NOTHING
        if rest[:1] not in (" ", "\t"):
            return _NOTHING
        return f".{rest[1]}" if _SMALL.match(rest, 1) else _NOTHING


_BEGUN, _WHOLE = 1, 2


class _Names:
    """Names by the words they begin with, and what they go on with, word by word."""

    def __init__(self) -> None:
        self.starts: dict[str, str | _Start] = {}
        self.steps: dict[str, int] = {}

    def add(self, words: Iterable[str]) -> None:
        """Add a name by its words; an apostrophe before a word joins it to the one before."""
        first, *others = words
        known = self.starts.get(first)
        if not others:
            if known is None:
                self.starts[first] = first
            elif not isinstance(known, str):
                self.starts[first] = first, *known[1:]
            return
        if known is None or isinstance(known, str):
            known = self.starts[first] = known or "", {_ANYTHING}, first, ""
        second = others[0]
        known[1].update((second[0] if second[0] == "'" else second[:3], f".{second[0]}"))
        steps, begun = self.steps, first
        for word in others:
            if begun is not first:
                steps[begun] = steps.get(begun, 0) | _BEGUN
            begun += word if word[0] == "'" else f" {word}"
        steps[begun] = steps.get(begun, 0) | _WHOLE


class _Entries(dict[str, "str | _Start | None"]):
    """What words begin, worked out when a word is first met; forgotten when there are many."""

    def __init__(self, names: _Names, stems: dict[str, _Names], latin_endings: bool) -> None:
        super().__init__()
        self._starts, self._stems = names.starts, stems
        self._latin = bool(stems) and latin_endings

    def __missing__(self, word: str) -> str | _Start | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        if word.isascii() and not self._latin:
            entry = self._starts.get(word.lower())
        else:
            entry = self._other(word)
        self[word] = entry
        return entry

    def _other(self, word: str) -> str | _Start | None:
        key = fold(word)
        entry = self._starts.get(key)
        script = script_of(word) if self._stems else ""
        if script not in self._stems:
            return entry
        stemmed = stem(word, script)
        other = self._stems[script].starts.get(stemmed) if len(stemmed) > 2 else None
        if other is None:
            return entry
        nexts: set[str] = set()
        for found in (entry, other):
            if found is not None and not isinstance(found, str):
                nexts |= found[1]
        whole = any(
            found if isinstance(found, str) else found and found[0] for found in (entry, other)
        )
        return (key if whole else "", nexts, key, script) if nexts else key


class Spotter:
    """Finds the names of a list in texts.

    Parameters
    ----------
    names : iterable of str
        Names as written; case endings are known for those in Armenian, Cyrillic and Greek script
        and, with `latin_endings`, for Azerbaijani.
    latin_endings : bool
        Whether Latin words may carry Azerbaijani case endings.
    script : str
        Script of the texts, ISO 15924: names that the list has in other letters are known with its
        case endings too.

    Examples
    --------
    >>> spotter = Spotter(["Nagorno-Karabakh", "Степанакерт"])
    >>> text = "Nagorno-Karabakh; в Степанакерте"
    >>> [text[span.start:span.end] for span in spotter.find(text)]
    ['Nagorno-Karabakh', 'Степанакерте']
    """

    def __init__(
        self, names: Iterable[str], *, latin_endings: bool = False, script: str = ""
    ) -> None:
        self._latin, self._script = latin_endings, script
        self._names = _Names()
        self._stems: dict[str, _Names] = defaultdict(_Names)
        for name in names:
            self._add(name)
        self._entries = _Entries(self._names, self._stems, latin_endings)
        self._folds, self._glances = _Folds(), _Glances()

    def _add(self, name: str) -> None:
        key = fold(name)
        words = key.split()
        if not words or len(words) > LONGEST:
            return
        self._names.add(words)
        if not name.isalpha() and any(mark in name for mark in _APOSTROPHES):
            parts = list(_parts(name))
            if len(parts) > 1 and all(parts):
                self._names.add(parts)
        own = "Latn" if name.isascii() else script_of(name)
        scripts = [] if own == "Latn" and not self._latin else [own]
        if self._script not in ("", own):
            scripts.append(self._script)
        for script in scripts:
            stemmed = stem(name, script)
            # A short stem of a name in other letters is any word's.
            if stemmed and (script == own or len(stemmed) > _SURE):
                self._stems[script].add(stemmed.split())

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

        Examples
        --------
        >>> Spotter(["Old Town", "Town"]).find("in Old Town")  # doctest: +SKIP
        """
        entries, glances, reached = self._entries, self._glances, 0
        spans: list[Span] = []
        keep, make = spans.append, tuple.__new__
        for match in word_start.finditer(text):
            entry = entries[match[0]]
            if entry is None:
                continue
            end = match.end()
            if not isinstance(entry, str):
                key, nexts, _, _ = entry
                if glances[text[end : end + _GLANCED]] in nexts:
                    start = match.start()
                    if start < reached or (start and text[start - 1].isalnum()):
                        continue
                    span = self._longest_at(text, start, end, entry)
                    if span is not None:
                        reached = span.end
                        keep(span)
                    continue
                if not key:
                    continue
                entry = key
            start = match.start()
            if start < reached or (start and text[start - 1].isalnum()):
                continue
            reached = end
            keep(make(Span, (start, end, entry)))
        return spans

    def _longest_at(self, text: str, start: int, end: int, entry: _Start) -> Span | None:
        name, _, key, script = entry
        steps, folds = self._names.steps, self._folds
        others = self._stems[script].steps if script else None
        found = Span(start, end, key) if name else None
        step = _BEGUN
        while True:
            parted = text[end : end + 1] in _PARTING and text[end + 1 : end + 2] not in _SPACES
            # Where a name of several words has an apostrophe, a list may have none: "St Marys".
            unmarked = parted and " " in key
            if not step & _BEGUN and not unmarked:
                return found
            follow = _NEXT.match(text, end)
            if follow is None:
                return found
            end, word = follow.end(), folds[follow[1]]
            joined = key + word if unmarked else ""
            key = f"{key}'{word}" if parted else f"{key} {word}"
            step = steps.get(key, 0)
            if others is not None:
                step |= others.get(stem(text[start:end], script), 0)
            if unmarked and joined in steps:
                step |= steps[joined]
                key = key if key in steps else joined
            if step & _WHOLE:
                found = Span(start, end, key.replace("'", ""))


def _parts(name: str) -> Iterator[str]:
    """Folded words of a name as a text parts them: at apostrophes too, which a key has not."""
    word = _WORD.search(name)
    while word is not None:
        part = _fold_word(word[word.lastindex or 0])
        yield f"'{part}" if word[0][0] in _PARTING and word[0][1] not in _SPACES else part
        word = _NEXT.match(name, word.end())
