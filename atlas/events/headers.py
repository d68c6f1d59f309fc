"""Which line holds the names of the columns, and which column holds what.

Names are compared without case, accents, spaces and punctuation, in the languages of
``data/headers.json``; the first of a list that a table has is taken. What is guessed is said.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from atlas.base.errors import InputError
from atlas.base.notes import Notes

__all__ = ["USES", "Header", "find_header", "folded", "guess_roles", "score", "use_of"]

_LOOK = 30  # rows in which a header is looked for
_SEPARATORS = re.compile(r"[\W_]+")
_UNIT = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NUMBER = re.compile(r"[-+]?\d[\d.,:/\s-]*(?:[°ºNSEW].*)?")

#: What a column may be used for.
USES = (
    "date", "date_end", "year", "month", "day", "lon", "lat", "position", "geometry",
    "uncertainty_m", "uncertainty_km", "place", "title", "id", "event_type", "actor1", "actor2",
    "best", "low", "high",
)  # fmt: skip

# Parts of a name that suggest a use where no whole name does, and those that speak against it.
_PARTS: dict[str, tuple[str, ...]] = {
    "date": ("date", "datetime", "fecha", "datum", "дата", "tarih", "tarix", "ամսաթիվ",
             "ημερομηνια", "თარიღი", "تاريخ"),
    "lon": ("longitude", "lon", "lng", "longitud", "долгота", "довгота", "boylam"),
    "lat": ("latitude", "lat", "latitud", "широта", "enlem"),
    "position": ("coordinates", "coords", "latlon", "latlong", "координаты", "coordenadas"),
    "place": ("place", "location", "town", "city", "village", "settlement", "locality",
              "lugar", "lieu", "место", "місце"),
    "best": ("killed", "deaths", "fatalities", "dead", "muertos", "morts", "погибших", "убито"),
    "event_type": ("type", "category", "tipo", "тип"),
    "title": ("description", "title", "headline", "summary", "notes", "narrative", "описание"),
}  # fmt: skip
_AGAINST = frozenset(
    "added updated published publication created modified report reported reporting entry accessed "
    "download downloaded upload uploaded birth end last source id code type url precision "
    "quality".split()
)


class Header(NamedTuple):
    """Names of the columns and the rows they take."""

    titles: list[str]
    first: int
    lines: int


@cache
def _names() -> dict[str, list[str]]:
    data = json.loads(files("atlas.events").joinpath("data/headers.json").read_text("utf-8"))
    return {use: [folded(name) for name in data[use]] for use in USES}


@cache
def _uses() -> dict[str, str]:
    known: dict[str, str] = {}
    for use in USES:
        for name in _names()[use]:
            known.setdefault(name, use)
    return known


def folded(name: object) -> str:
    """A column's name without case, accents, spaces and punctuation.

    Examples
    --------
    >>> folded("Event Date"), folded("event_date"), folded("EVENT-DATE ")
    ('eventdate', 'eventdate', 'eventdate')
    """
    text = _UNIT.sub(" ", str(name)) if _UNIT.sub("", str(name)).strip() else str(name)
    plain = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(mark for mark in plain if not unicodedata.combining(mark)).replace("ı", "i")
    return _SEPARATORS.sub("", kept)


def use_of(name: object) -> str:
    """What a column of that name is likely used for; "" if nothing speaks for it."""
    return _uses().get(folded(name), "")


def score(titles: Sequence[Any]) -> int:
    """How many different uses a row of names suggests."""
    return len({use_of(title) for title in titles if isinstance(title, str)} - {""})


def find_header(
    rows: Sequence[Sequence[Any]], wanted: int | None = None, offset: int = 0
) -> Header:
    """Find the row of names among the first rows of a table.

    Parameters
    ----------
    rows : sequence of sequences
        Cells, as text or as values.
    wanted : int, optional
        The row the user says it is, 1 is the first of the table.
    offset : int
        Rows of the table before `rows`.

    Returns
    -------
    Header
        ``first`` counts from the first row of the table, ``lines`` is 2 where a row of groups
        stands above the names.

    Raises
    ------
    InputError
        If there is no such row.
    """
    if wanted is not None:
        at = wanted - 1 - offset
        if not 0 <= at < len(rows) or not any(_text(cell) for cell in rows[at]):
            raise InputError(f"header_row={wanted} is no row with names in it")
        return Header([_text(cell) for cell in rows[at]], at + offset, 1)
    best, most = 0, -1.0
    for at, row in enumerate(rows[:_LOOK]):
        names = [cell for cell in row if _text(cell)]
        if not names or any(_is_value(cell) for cell in names):
            continue
        found = score(names) + 0.5 * (len(names) > 1)
        if found > most:
            best, most = at, found
        if found >= 2.5:
            break
    if not rows:
        return Header([], offset, 1)
    top = [_text(cell) for cell in rows[best]]
    if most < 1 and best == 0 and rows and any(_is_value(cell) for cell in rows[0] if _text(cell)):
        return Header([], offset, 0)
    if best + 1 < len(rows):
        merged = _two_rows(rows[best], rows[best + 1])
        if merged and score(merged) > score(top):
            return Header(merged, best + offset, 2)
    return Header(top, best + offset, 1)


def _two_rows(top: Sequence[Any], bottom: Sequence[Any]) -> list[str]:
    """Names of a row of groups and a row of names below it; empty if it is no such pair."""
    width = max(len(top), len(bottom))
    above = [*map(_text, top), *[""] * (width - len(top))]
    below = [*map(_text, bottom), *[""] * (width - len(bottom))]
    if any(_is_value(cell) for cell in bottom if _text(cell)) or not any(below):
        return []
    out, group = [], ""
    for one, two in zip(above, below, strict=True):
        group = one or group
        if not two:
            out.append(one)
        elif use_of(two) or not group:
            out.append(two)
        else:
            out.append(f"{group} {two}")
    return out


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _is_value(cell: Any) -> bool:
    """Whether a cell is a value, as no name of a column is: a number or a day."""
    if isinstance(cell, (int, float, date, datetime)):
        return True
    return bool(_NUMBER.fullmatch(str(cell).strip()))


# --- roles ----------------------------------------------------------------------------------


def guess_roles(
    present: Sequence[str], given: Mapping[str, str], name: str, notes: Notes
) -> dict[str, list[str]]:
    """Columns that may hold each use, the best first.

    Parameters
    ----------
    present : sequence of str
        The table's columns.
    given : mapping
        Use to column, by the user; an empty column says that there is none.

    Raises
    ------
    InputError
        If the user names a use or a column that is not there.
    """
    roles: dict[str, list[str]] = {}
    by_fold: dict[str, str] = {}
    for column in present:
        by_fold.setdefault(folded(column), column)
    for use, column in given.items():
        if use not in USES:
            raise InputError(f"{use!r} is not a use of a column; known are {', '.join(USES)}")
        if column and column not in present:
            near = by_fold.get(folded(column))
            if near is None:
                listed = ", ".join(map(str, present[:30]))
                raise InputError(f"{name} has no column {column!r}; it has {listed}")
            column = near
        roles[use] = [column] if column else []
    taken = {column for columns in roles.values() for column in columns}
    for use, names in _names().items():
        if use not in given:
            roles[use] = [
                by_fold[key] for key in names if key in by_fold and by_fold[key] not in taken
            ]
    if not roles.get("uncertainty_m") and "uncertainty_m" not in given:
        roles["uncertainty_m"] = [column for column in _accuracies(by_fold) if column not in taken]
    for use, parts in _PARTS.items():
        if roles.get(use) or use in given:
            continue
        for column in present:
            words = set(_words(column))
            if use in ("lon", "lat") and words & set(_PARTS["lon"]) and words & set(_PARTS["lat"]):
                continue  # one column for both
            if column not in taken and not words & _AGAINST and words & set(parts):
                roles[use].append(column)
    return roles


def _accuracies(by_fold: Mapping[str, str]) -> list[str]:
    """Columns in which a form writes a phone's accuracy: beside its latitude and its height."""
    return [
        column
        for key, column in by_fold.items()
        for last in ("precision", "accuracy")
        if key.endswith(last)
        and {key.removesuffix(last) + part for part in ("latitude", "longitude", "altitude")}
        <= by_fold.keys()
    ]


def _words(name: str) -> list[str]:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name))
    return [folded(word) for word in _SEPARATORS.split(split) if word]
