"""Printing: tables for people, JSON for programs, progress for the patient."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from atlas.facade import Atlas

__all__ = [
    "Json",
    "PackOption",
    "counted",
    "emit_json",
    "plain",
    "progress",
    "records",
    "say_beyond",
    "table",
]

PackOption = Annotated[
    str, typer.Option("--pack", help="Pack: a folder, or the name of a shipped one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


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
    """Print a value as JSON, in UTF-8, keys in order."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    typer.echo(text)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dictionaries, without geometry."""
    kept = [name for name in frame.columns if name != "geometry"]
    return [plain(dict(zip(kept, row, strict=True))) for row in frame[kept].to_numpy(dtype=object)]


def _cell(value: Any) -> str:
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.1f}"
    return str(value).replace("|", ", ")


def table(frame: pd.DataFrame, columns: dict[str, str], *, title: str = "") -> None:
    """Print columns of a frame under the headings given.

    Parameters
    ----------
    frame : DataFrame
        Rows to show.
    columns : dict of str to str
        Column to heading, in order.
    title : str
        Printed above.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if title:
        typer.echo(f"\n{title}")
    if frame.empty:
        typer.echo("  (none)")
        return
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, heading in columns.items():
        numeric = frame[column].dtype.kind in "fi"
        grid.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    from rich.text import Text

    for row in frame[list(columns)].to_numpy(dtype=object):
        grid.add_row(*(Text(_cell(value)) for value in row))
    # Piped output is not cut to the width of a screen nobody looks at.
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False, soft_wrap=False).print(grid)


def say_beyond(a: Atlas, date: str, known_on: str | None = None) -> None:
    """Say on stderr that a date lies beyond what the record knows."""
    from atlas.base.dates import read_date
    from atlas.base.timespan import format_day

    asked, last = read_date(date).latest, a.pack.last_recorded_day
    limit = a.pack.known_on_day
    if limit is not None and asked > limit:
        typer.echo(
            f"the record is taken as it stood on {known_on}; later days repeat its last state",
            err=True,
        )
    elif last is not None and asked > last:
        typer.echo(
            f"the record's last event is of {format_day(last)}; later days repeat the last state",
            err=True,
        )


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

    with Console(stderr=True).status(what) as status:
        yield lambda step, done, of: status.update(
            f"{what}: {step}" + (f" {done} of {of}" if of > 1 else "")
        )
