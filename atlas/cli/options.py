"""How events are read: one bundle of options, the same for every command that takes events."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.base.errors import InputError

if TYPE_CHECKING:
    from atlas.events import ReadOptions

__all__ = ["Given", "box_of", "takes_events"]


@dataclass(frozen=True)
class Given:
    """What the user said about reading events.

    Attributes
    ----------
    options : ReadOptions
        Checked, before any file is opened.
    rejects : str or None
        Where rows that can't be read go.
    """

    options: ReadOptions
    rejects: str | None

    @property
    def said(self) -> str:
        """The first of the options that was given, as it is written; empty for none."""
        if self.rejects is not None:
            return "--rejects"
        given = (name for name, value in self.keywords().items() if value is not None)
        name = next(given, "")
        named = {"start": "--from", "end": "--to"}
        return named.get(name, f"--{name.replace('_', '-')}" if name else "")

    def keywords(self) -> dict[str, Any]:
        """The options as keywords of the facade's methods."""
        return {field.name: getattr(self.options, field.name) for field in fields(self.options)}


# In the order of help: name, type, default, option.
_BUNDLE: tuple[tuple[str, Any, Any], ...] = (
    ("columns", str | None, typer.Option(
        "--columns", metavar="USE=COLUMN,...",
        help="Which column is which: date=When,lon=X,lat=Y,place=Town. An empty one: there is none."
    )),
    ("sheet", str | None, typer.Option("--sheet", help="Sheet or layer: its name or number.")),
    ("header_row", int | None, typer.Option(
        "--header-row", help="Row that holds the names of the columns; 1 is the first.")),
    ("encoding", str | None, typer.Option("--encoding", help="Of a text file, e.g. cp1251.")),
    ("date_order", str | None, typer.Option(
        "--date-order", help="Order of dates in figures: dmy, mdy or ymd.")),
    ("country", str | None, typer.Option(
        "--country", help="Look for names in this country: its two-letter code.")),
    ("inside", str | None, typer.Option(
        "--inside", help="Look for names inside this district, province or region.")),
    ("start", str | None, typer.Option(
        "--from", "--start", help="Only events of this day or later.")),
    ("end", str | None, typer.Option("--to", "--end", help="Only events before this day.")),
    ("bbox", str | None, typer.Option(
        "--bbox", metavar="W,S,E,N", help="Only events inside: west,south,east,north in degrees.")),
    ("limit", int | None, typer.Option("--limit", help="Read only so many rows.")),
    ("judgements", str | None, typer.Option(
        "--judgements", metavar="FILE", help="A person's decisions about names, honoured.")),
    ("rejects", str | None, typer.Option(
        "--rejects", metavar="FILE", help="Where rows that can't be read go, with the reason.")),
)  # fmt: skip


def takes_events(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every option of how events are read, as its argument ``given``.

    Parameters
    ----------
    command : callable
        With a keyword ``given`` of type `Given`. An argument that it has of its own under the name
        of such an option takes its place: it says something else there.

    Returns
    -------
    callable
        The command as typer sees it: the options in place of ``given``.
    """
    hints = typing.get_type_hints(command, include_extras=True)
    known = inspect.signature(command).parameters
    own = [
        parameter.replace(annotation=hints[name])
        for name, parameter in known.items()
        if name != "given"
    ]
    bundle = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option]
        )
        for name, kind, option in _BUNDLE
        if name not in known
    ]

    def wrapped(**values: Any) -> None:
        said = {name: None if name in known else values.pop(name) for name, _, _ in _BUNDLE}
        command(**values, given=_given(said))

    shown = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + bundle
    wrapped.__name__ = command.__name__
    wrapped.__doc__ = command.__doc__
    wrapped.__module__ = command.__module__
    wrapped.__annotations__ = {one.name: one.annotation for one in shown}
    wrapped.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    return wrapped


def _given(said: dict[str, Any]) -> Given:
    from atlas.events.options import ReadOptions

    rejects = said.pop("rejects")
    if rejects is not None:
        from atlas.base.frames import check_target

        check_target(rejects)
    sheet = said["sheet"]
    if sheet is not None and sheet.strip().isdecimal():
        said["sheet"] = int(sheet)
    said["columns"] = _mapping(said["columns"])
    said["bbox"] = box_of(said["bbox"])
    return Given(ReadOptions(**said), rejects)


def _mapping(text: str | None) -> dict[str, str] | None:
    """Uses and columns; a comma inside a column's name is none between two."""
    if text is None:
        return None
    pairs = [part.partition("=") for part in re.split(r",(?=\s*\w+\s*=)", text)]
    if not all(key.strip() and sign for key, sign, _ in pairs):
        raise InputError(f"{text!r} is not use=column,use=column; write e.g. date=When,place=Town")
    return {key.strip(): column.strip() for key, _, column in pairs}


def box_of(text: str | None) -> tuple[float, float, float, float] | None:
    """Edges of a box as they are written: west, south, east, north in degrees.

    Raises
    ------
    InputError
        If it is not four numbers in that order.

    Examples
    --------
    >>> box_of("44,38,51,42")
    (44.0, 38.0, 51.0, 42.0)
    """
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(
            f"{text!r} is not WEST,SOUTH,EAST,NORTH in degrees; write e.g. 44,38,51,42"
        ) from None
    return west, south, east, north
