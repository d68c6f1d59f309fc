"""Taking apart what people write where a name is asked for.

`Shushi/Shusha`, `Stepanakert (Khankendi)`, `Martuni, Gegharkunik, Armenia`, `near Talish`,
`3 km north of Hadrut`, `3 км к северу от Гадрута`. The words for near, for directions and for
"also called" are data: ``data/near_words.csv``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

__all__ = ["Written", "take_apart"]

_TABLE = files("atlas.gazetteer") / "data" / "near_words.csv"
_BEARINGS = {name: 45.0 * number for number, name in enumerate("N NE E SE S SW W NW".split())}
_METRES = {"km": 1_000.0, "mile": 1_609.344, "m": 1.0}
_BRACKETS = re.compile(r"^(?P<a>[^(\[]+?)\s*[(\[](?P<b>[^()\[\]]+)[)\]]\s*(?P<rest>.*)$")
_SLASH = re.compile(r"\s*[/\\]\s*|\s+[|=–—-]\s+")
_COMMA = re.compile(r"\s*(?:[,;>،、]|:(?=\s))\s*")
_LONGEST = 300  # characters: nobody writes a place so


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, taken apart.

    Attributes
    ----------
    names : tuple of str
        Names of one place, all of them.
    beside : str
        What stands in brackets: another name of it, or what it lies in.
    inside : tuple of str
        What it lies in, nearest first.
    metres : float or None
        How far from the place named; None where only near it is said.
    bearing : float or None
        In which direction, degrees from north; None where not said.
    near : bool
        Whether it is near the place named, and not there.
    """

    names: tuple[str, ...]
    beside: str = ""
    inside: tuple[str, ...] = ()
    metres: float | None = None
    bearing: float | None = None
    near: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is one name and nothing else."""
        return len(self.names) == 1 and not (self.beside or self.inside or self.near)


def _any_of(words: Iterable[str]) -> str:
    ordered = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) or r"(?!)"


@dataclass(frozen=True, slots=True)
class _Shapes:
    far: re.Pattern[str]
    far_behind: re.Pattern[str]
    towards: re.Pattern[str]
    behind: re.Pattern[str]
    near: re.Pattern[str]
    also: re.Pattern[str]
    at: re.Pattern[str]
    says: dict[str, str]
    units: dict[str, str]


@lru_cache(maxsize=1)
def _shapes() -> _Shapes:
    words: dict[str, list[str]] = {}
    for row in csv.DictReader(_TABLE.read_text(encoding="utf-8").splitlines()):
        words.setdefault(row["says"], []).extend(row["words"].split("|"))
    says = {word.casefold(): name for name in _BEARINGS for word in words[name]} | {
        word.casefold(): name for name in _BEARINGS for word in words.get(f"{name}_after", ())
    }
    units = {word.casefold(): name for name in _METRES for word in words[name]}
    number = r"(?:(?:about|some|around|approx\.?|ca?\.|около|примерно|environ|unos|~)\s*)?"
    number += r"(?P<n>\d{1,4}(?:[.,]\d{1,3})?)"
    unit = rf"\s*(?P<u>{_any_of(units)})\.?"
    before = [word for word in says if word not in _words_after(words)]
    behind = _words_after(words)
    long = [word for word in before if len(word) > 2]
    apart = r"(?:\s+|(?<=['’]))"
    return _Shapes(
        re.compile(
            rf"^{number}{unit}\s+(?:(?P<d>{_any_of(before)}){apart}|(?:{_any_of(words['away'])}){apart})"
            rf"(?:(?:{_any_of(words['away'])}){apart})?(?:the\s+)?(?P<x>.+)$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"^(?P<x>.+?)(?:['’-]?[dt][aəe]n)?,?\s+{number}{unit}\s+"
            rf"(?P<d>{_any_of([*before, *behind])})$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"^(?P<d>{_any_of(w for w in long if ' ' in w)}){apart}(?P<x>.+)$", re.IGNORECASE
        ),
        re.compile(
            rf"^(?P<x>.+?)(?:['’][nsy]?[ıiuü]n)?\s+(?:(?P<d>{_any_of(behind)})|{_any_of(words['near_after'])})$",
            re.IGNORECASE,
        ),
        re.compile(rf"^(?:{_any_of(words['near'])}){apart}(?:the\s+)?(?P<x>.+)$", re.IGNORECASE),
        re.compile(rf"\s*,?\s+(?:{_any_of(words['or'])})\s+", re.IGNORECASE),
        re.compile(rf"^(?i:{_any_of(words['in'])})\s+(?P<x>[^a-zа-яіїєґα-ωա-ֆ].*)$"),
        says,
        units,
    )


def _words_after(words: dict[str, list[str]]) -> set[str]:
    """Words for directions that stand behind the name."""
    return {word.casefold() for name in _BEARINGS for word in words.get(f"{name}_after", ())}


def take_apart(text: str) -> Written:
    """Take apart what was written.

    Parameters
    ----------
    text : str
        A cell, or what was asked.

    Returns
    -------
    Written
        With the text itself as its one name where there is nothing to take apart.

    Examples
    --------
    >>> take_apart("Martuni, Gegharkunik, Armenia").inside
    ('Gegharkunik', 'Armenia')
    >>> found = take_apart("3 km north of Hadrut")
    >>> found.names, found.metres, found.bearing
    (('Hadrut',), 3000.0, 0.0)
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return Written((text,))
    shapes = _shapes()
    metres, bearing, near, rest = None, None, False, text
    at = shapes.at.match(text)
    asked, text = text, at["x"] if at else text
    rest = text
    far = shapes.far.match(text) or shapes.far_behind.match(text)
    if far:
        metres = float(far["n"].replace(",", ".")) * _METRES[shapes.units[far["u"].casefold()]]
        bearing = _bearing(far["d"], shapes)
        near, rest = True, far["x"]
    else:
        other = shapes.near.match(text) or shapes.towards.match(text) or shapes.behind.match(text)
        if other:
            near, rest = True, other["x"]
            bearing = _bearing(other.groupdict().get("d"), shapes)
    beside = ""
    bracket = _BRACKETS.match(rest)
    if bracket:
        beside = bracket["b"].strip()
        rest = bracket["a"] + (f", {tail}" if (tail := bracket["rest"].strip(" ,")) else "")
    first, *inside = [part for part in _COMMA.split(rest) if part] or [rest]
    names = [part for part in _SLASH.split(first) if part] or [first]
    if len(names) == 1:
        names = [part for part in shapes.also.split(first) if part] or [first]
    if names == [asked]:
        return Written((asked,))
    return Written(tuple(names), beside, tuple(inside), metres, bearing, near)


def _bearing(word: str | None, shapes: _Shapes) -> float | None:
    name = shapes.says.get(" ".join((word or "").casefold().split()))
    return None if name is None else _BEARINGS[name]
