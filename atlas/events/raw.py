"""Rows as they came, before anything is understood, and the rows set aside."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.notes import Notes

__all__ = [
    "MAX_RAW", "STR", "Lines", "Raw", "Rejects", "distinct", "short",
    "text_cells", "texts", "whole_text",
]  # fmt: skip

MAX_RAW = 300  # characters of a rejected record that are quoted back
MAX_COLUMNS = 5000

Lines = npt.NDArray[np.int64]
STR = pd.StringDtype("pyarrow", na_value=np.nan)


@dataclass
class Rejects:
    """Rows set aside, each with its line and the reason; nothing is dropped quietly.

    Attributes
    ----------
    where : {'line', 'index'}
        What names a row: its line in a file (in a list, its number), or its label in a frame.
    """

    where: str = "line"
    rows: list[tuple[Any, str, str, str, str]] = field(default_factory=list)

    def add(self, line: Hashable, column: str, found: str, reason: str, raw: str) -> None:
        """Set one row aside."""
        self.rows.append((line, column, found[:MAX_RAW], reason, raw[:MAX_RAW]))

    def frame(self) -> pd.DataFrame:
        """Rejects in order: line (int64) or index, column, found, reason, raw (text)."""
        rows = sorted(self.rows, key=lambda row: row[0]) if self.where == "line" else self.rows
        rows = [(row[0], *map(whole_text, row[1:])) for row in rows]
        names = [self.where, "column", "found", "reason", "raw"]
        frame = pd.DataFrame(rows, columns=names)
        kinds: dict[str, Any] = dict.fromkeys(names[1:], STR)
        if self.where == "line":
            kinds["line"] = np.int64
        return frame.astype(kinds)


@dataclass
class Raw:
    """Rows as they came.

    Attributes
    ----------
    frame : DataFrame
        The user's columns; from text files all text, empty cells ``""``. Index 0, 1, ...
    name : str
        The file, for messages.
    notes : Notes
        What was assumed about the file.
    rows : int
        Records met, counted apart from the parser where the container allows it.
    rejects : Rejects
        Records that could not be cut into fields.
    lines : array of int64, or a call that gives it
        Line on which each row starts; worked out only when a row must be named.
    geometry : array of shapely geometries, optional
        In WGS 84; None where a row has none.
    index : Index, optional
        The labels of a frame's rows.
    before : atlas.events.again.Before, optional
        What an answer of ours that comes back in remembers.
    since_1904 : bool
        Whether a workbook counts its days from 1904, as some do, and not from 1900.
    """

    frame: pd.DataFrame
    name: str
    notes: Notes
    rows: int
    rejects: Rejects = field(default_factory=Rejects)
    lines: Lines | Callable[[], Lines] | None = None
    geometry: npt.NDArray[np.object_] | None = None
    index: pd.Index | None = None
    before: Any = None
    since_1904: bool = False

    def line_of_rows(self) -> Any:
        """Line of each row; for a frame its labels."""
        if self.index is not None:
            return self.index
        if self.lines is None:
            self.lines = np.arange(1, len(self.frame) + 1, dtype=np.int64)
        elif callable(self.lines):
            self.lines = self.lines()
        return self.lines

    def named(self, position: int) -> str:
        """How to name a row in a sentence."""
        label = self.line_of_rows()[position]
        return f"row {label!r}" if self.index is not None else f"line {label}"


def distinct(header: Sequence[Any], name: str, notes: Notes) -> list[str]:
    """Names of columns as text, none empty and none twice.

    Raises
    ------
    InputError
        If there are more than a table of events can have.
    """
    if len(header) > MAX_COLUMNS:
        raise InputError(f"{name} has {len(header):,} columns; {MAX_COLUMNS:,} are the most")
    out: list[str] = []
    taken: set[str] = set()
    for at, title in enumerate(header, 1):
        text = whole_text(str(title)).strip() if title is not None else ""
        one = text or f"column_{at}"
        number = 2
        while one in taken:
            one, number = f"{text or f'column_{at}'}_{number}", number + 1
        if text and one != text:
            notes.say(f"columns: a second column named {text!r} is called {one!r}")
        taken.add(one)
        out.append(one)
    return out


def text_cells(cells: Sequence[Any]) -> Any:
    """Cells of text as an array; half characters, which no file can hold, become a sign for it."""
    try:
        return pd.array(list(cells), dtype=STR)
    except UnicodeError:
        return pd.array([whole_text(cell) for cell in cells], dtype=STR)


def whole_text(cell: Any) -> Any:
    """Text without half characters (lone surrogates)."""
    if not isinstance(cell, str):
        return cell
    return cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def texts(rows: Sequence[Sequence[str]], header: Sequence[str]) -> pd.DataFrame:
    """A frame of text cells."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    return pd.DataFrame(
        {title: text_cells(cells) for title, cells in zip(header, columns, strict=True)}
    )


def short(error: BaseException) -> str:
    """First line of what a library says."""
    return str(error).strip().split("\n", 1)[0][:200] or type(error).__name__
