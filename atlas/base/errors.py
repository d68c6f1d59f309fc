"""Errors of the project: each names the cause, the place and the remedy.

Every error is also the builtin a Python user would catch (``ValueError``,
``LookupError``, ``ImportError``), so a caller needs no import from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "AtlasError",
    "Fault",
    "InputError",
    "MissingExtraError",
    "NotFoundError",
    "PackError",
    "country_of",
    "text_of",
]


class AtlasError(Exception):
    """Base of all errors raised on purpose by this package."""


class InputError(AtlasError, ValueError):
    """A value or a file given by the user can't be used as it is."""


class NotFoundError(AtlasError, LookupError):
    """A name, id or file that was asked for does not exist."""


class MissingExtraError(AtlasError, ImportError):
    """An optional dependency is needed for what was asked.

    Parameters
    ----------
    feature : str
        What was asked for.
    extra : str
        Extra of this package that brings it.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs an optional dependency; install it with: "
            f"pip install 'conflict-atlas[{extra}]'"
        )


def text_of(value: object, what: str) -> str:
    """Take a name, an id or a text that a caller gave; a string, or refused.

    Parameters
    ----------
    value : object
        What was given.
    what : str
        What it is, for the sentence, e.g. ``"a place"``.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If it is no string.

    Examples
    --------
    >>> text_of("Alpha", "a place")
    'Alpha'
    """
    if isinstance(value, str):
        return value
    raise InputError(f"{what} is a string, not {type(value).__name__}; write it in quotes")


def country_of(value: object) -> str:
    """Take the code of a country that a caller gave: two letters, or refused.

    Parameters
    ----------
    value : object
        What was given.

    Returns
    -------
    str
        In capitals.

    Raises
    ------
    InputError
        If it is no two letters, such as the name of a country.

    Examples
    --------
    >>> country_of("fj")
    'FJ'
    """
    code = text_of(value, "a country").strip()
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code.upper()
    raise InputError(
        f"a country is given by its two-letter code of ISO 3166-1, such as 'FJ', not {code[:60]!r}"
    )


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one cell of a pack.

    Attributes
    ----------
    file : str
        File name inside the pack.
    row : int or None
        Line of a CSV (the header is line 1), number of a GeoJSON feature or JSON item
        (the first is 1), or None where the whole file is meant.
    column : str
        Column or property; empty where the whole record is meant.
    found, expected : str
        What stands there and what should.
    code : str
        Kind of fault, a short slug that tests and filters use.
    remedy : str
        What to do about it, where that is not plain from `expected`.
    """

    file: str
    row: int | None
    column: str
    found: str
    expected: str
    code: str
    remedy: str = ""

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file}:{self.row}"
        if self.column:
            where += f" [{self.column}]"
        text = f"{where}: found {self.found}; expected {self.expected}"
        return f"{text}. {self.remedy}" if self.remedy else text


class PackError(AtlasError, ValueError):
    """A pack has faults; all of them are listed at once.

    Parameters
    ----------
    directory : str
        The pack's folder, as the user named it.
    faults : iterable of Fault
        Every fault found, in the order of files and rows.
    """

    shown = 20

    def __init__(self, directory: str, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        lines = [f"the pack {directory!r} has {count}:"]
        lines += [f"  {fault}" for fault in self.faults[: self.shown]]
        if len(self.faults) > self.shown:
            rest = len(self.faults) - self.shown
            lines.append(f"  and {rest} more; `atlas check` lists them all")
        super().__init__("\n".join(lines))
