"""Printing: tables for people, JSON for programs, notes and progress for the patient.

Every word that a command prints passes through `say` or `tell`: what came out of a file never
reaches a terminal raw.
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.base.terminal import visible

if TYPE_CHECKING:
    import pandas as pd

    from atlas.facade import Atlas

__all__ = [
    "Json",
    "counted",
    "emit_json",
    "notes_shown",
    "plain",
    "progress",
    "records",
    "say",
    "say_beyond",
    "table",
    "tell",
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

_GAP = 2  # blanks between two columns
_TALLEST = 6  # lines a cell may take; a table with more is read better row by row


def say(text: str) -> None:
    """Print an answer on standard output."""
    typer.echo(visible(text))


def tell(text: str) -> None:
    """Print on standard error what is not the answer itself."""
    typer.echo(visible(text), err=True)


class _OnStderr(logging.Handler):
    """Each note once."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text not in self._told:
            self._told.add(text)
            tell(f"note: {text}")


@contextmanager
def notes_shown() -> Iterator[None]:
    """Show the notes of `atlas.base.notes` on standard error while a command runs."""
    logger = logging.getLogger("atlas")
    handler, level = _OnStderr(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


def plain(value: Any) -> Any:
    """Make a value fit for JSON: numpy scalars to Python's, a frame to its rows.

    A date becomes its ISO day; NaN, a missing date and the day of an open end become null.
    """
    from atlas.base.timespan import OPEN_END, OPEN_START

    if hasattr(value, "columns"):
        return records(value)
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix("T00:00:00")
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    if (isinstance(value, float) and value != value) or value in (OPEN_START, OPEN_END):
        return None
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def counted(number: int, what: str) -> str:
    """Count things in words: 1 row, 2 rows."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def emit_json(value: Any) -> None:
    """Print a value as JSON, in UTF-8 whatever the terminal's encoding, keys in order."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    typer.echo(visible(text).encode("utf-8"))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dictionaries, without geometry."""
    kept = [name for name, kind in frame.dtypes.items() if str(kind) != "geometry"]
    return [plain(dict(zip(kept, row, strict=True))) for row in frame[kept].to_numpy(dtype=object)]


def _cell(value: Any) -> str:
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.1f}"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return visible(" ".join(text.replace("|", ", ").split()))


def table(frame: pd.DataFrame, columns: dict[str, str], *, title: str = "") -> None:
    """Print columns of a frame under the headings given, no wider than the terminal.

    No word is torn. Where the columns don't fit beside each other, each row is a block of lines
    ``heading: value``, without the empty ones. Where standard output is no terminal, the variable
    ``COLUMNS`` says how wide it is, else 80.

    Parameters
    ----------
    frame : DataFrame
        Rows to show.
    columns : dict of str to str
        Column to heading, in order.
    title : str
        Printed above.
    """
    width = max(shutil.get_terminal_size(fallback=(80, 24)).columns, 20)
    if title:
        typer.echo("\n" + "\n".join(_wrapped(visible(title), width)))
    if frame.empty:
        typer.echo("  (none)")
        return
    headings = list(columns.values())
    rows = [[_cell(value) for value in row] for row in frame[list(columns)].to_numpy(dtype=object)]
    numeric = [frame[column].dtype.kind in "fi" for column in columns]
    widths = _widths(headings, rows, width)
    if widths is None:
        typer.echo("\n\n".join(_block(headings, row, width) for row in rows))
    else:
        typer.echo(_grid(headings, rows, numeric, widths))


def _widths(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Width of each column, at least that of its longest word; None where they don't all fit."""
    from rich.cells import cell_len

    columns = [[heading, *(row[at] for row in rows)] for at, heading in enumerate(headings)]
    least = [max(cell_len(word) for text in cells for word in text.split() or [""])
             for cells in columns]  # fmt: skip
    full = [max(map(cell_len, cells)) for cells in columns]
    spare = width - sum(least) - _GAP * (len(columns) - 1)
    if spare < 0:
        return None
    widths = list(least)
    # Those that want little come first; what they leave goes to those that want more.
    order = sorted(range(len(columns)), key=lambda at: full[at] - least[at])
    for done, at in enumerate(order):
        more = min(full[at] - least[at], spare // (len(columns) - done))
        widths[at] += more
        spare -= more
    tallest = max(
        len(_wrapped(text, size))
        for cells, size in zip(columns, widths, strict=True)
        for text in cells
    )
    return None if tallest > _TALLEST else widths


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of a text; only a word that is longer than a line is torn."""
    from rich.cells import cell_len, chop_cells

    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines += chop_cells(word, width)
    return lines or [""]


def _block(headings: Sequence[str], row: Sequence[str], width: int) -> str:
    lines: list[str] = []
    for heading, text in zip(headings, row, strict=True):
        if text:
            first, *rest = _wrapped(f"{heading}: {text}", width - 2)
            lines += [first, *(f"  {line}" for line in rest)]
    return "\n".join(lines)


def _grid(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    widths: Sequence[int],
) -> str:
    from rich.cells import cell_len

    def beside(texts: Sequence[str]) -> list[str]:
        cells = [_wrapped(text, size) for text, size in zip(texts, widths, strict=True)]
        lines = []
        for at in range(max(map(len, cells))):
            parts = []
            for cell, size, right in zip(cells, widths, numeric, strict=True):
                piece = cell[at] if at < len(cell) else ""
                blank = " " * (size - cell_len(piece))
                parts.append(blank + piece if right else piece + blank)
            lines.append((" " * _GAP).join(parts).rstrip())
        return lines

    rule = "\u2500"
    try:
        rule.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        rule = "-"
    whole = sum(widths) + _GAP * (len(widths) - 1)
    # Where a row takes several lines, a blank one keeps it from the next.
    bodies = [beside(row) for row in rows]
    apart = "\n\n" if any(len(body) > 1 for body in bodies) else "\n"
    shown = apart.join("\n".join(body) for body in bodies)
    return "\n".join([*beside(headings), rule * whole, shown])


def say_beyond(a: Atlas, date: str, known_on: str | None = None) -> None:
    """Say on stderr that a date lies beyond what the record knows."""
    from atlas.base.dates import read_date
    from atlas.base.timespan import format_day

    asked, last = read_date(date).latest, a.pack.last_recorded_day
    limit = a.pack.known_on_day
    if limit is not None and asked > limit:
        tell(f"the record is taken as it stood on {known_on}; later days repeat its last state")
    elif last is not None and asked > last:
        tell(f"the record's last event is of {format_day(last)}; later days repeat the last state")


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Say on stderr that something is under way; on a terminal only.

    Yields
    ------
    callable
        Takes what is done now, how many are done and how many there are.
    """
    if not sys.stderr.isatty():
        yield lambda step, done, of: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(escape(visible(what))) as status:
        yield lambda step, done, of: status.update(
            escape(visible(f"{what}: {step}")) + (f" {done} of {of}" if of > 1 else "")
        )
