"""Where a command writes: checked before it loads anything."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.base.errors import InputError
from atlas.cli.show import counted, tell

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Out", "OutFile", "check_table_out", "check_targets", "one_of", "with_sidecars", "write_table",
]  # fmt: skip

_TABLES = ".csv, .xlsx, .json, .parquet, .geojson or .gpkg; - is stdout, as CSV"

Out = Annotated[
    str | None, typer.Option("--out", "-o", metavar="FILE", help=f"Write the table: {_TABLES}.")
]
OutFile = Annotated[
    str, typer.Option("--out", "-o", metavar="FILE", help=f"File to write: {_TABLES}.")
]


def one_of(value: str, what: str, known: Iterable[str]) -> str:
    """Give back a word that is one of those known.

    Parameters
    ----------
    value : str
        As the user wrote it.
    what : str
        What it is, for the message.
    known : iterable of str
        Words there are.

    Raises
    ------
    InputError
        If it is none of them.

    Examples
    --------
    >>> one_of("csv", "format", ("csv", "xlsx"))
    'csv'
    """
    words = list(known)
    if value not in words:
        raise InputError(f"no {what} {value!r}; there are: {', '.join(words)}")
    return value


def check_targets(
    outputs: Mapping[str, str | Path | None], inputs: Iterable[str | Path] = ()
) -> None:
    """Refuse outputs that would overwrite what is read, or one another.

    Parameters
    ----------
    outputs : mapping of str to path
        Name of the option -> what it writes; None and ``-`` are no files.
    inputs : iterable of path
        What the command reads.

    Raises
    ------
    InputError
        With the two that are the same file.

    Examples
    --------
    >>> check_targets({"--out": "mine.csv"}, ["./mine.csv"])
    Traceback (most recent call last):
    ...
    atlas.base.errors.InputError: --out would overwrite 'mine.csv', which is read; name another file
    """
    read = [str(path) for path in inputs if str(path) != "-"]
    written: list[tuple[str, str]] = []
    for option, path in outputs.items():
        if path is None or str(path) == "-":
            continue
        if any(_same(str(path), one) for one in read):
            raise InputError(
                f"{option} would overwrite {str(path)!r}, which is read; name another file"
            )
        for other, one in written:
            if _same(str(path), one):
                raise InputError(f"{other} and {option} would both write {str(path)!r}; name two")
        written.append((option, str(path)))


def with_sidecars(
    out: str | Path | None, *sidecars: str | Path | None
) -> AbstractContextManager[None]:
    """Write an output and what lies beside it together; None and ``-`` are no files."""
    from atlas.base.output import together

    beside = [path for path in sidecars if path is not None and str(path) != "-"]
    return together([] if out is None else [out], beside=beside)


def _same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except OSError:  # one of them is not there yet
        return os.path.realpath(one) == os.path.realpath(other)


def check_table_out(out: str | Path | None, *, json: bool = False) -> None:
    """Refuse a table's target that can't be written.

    Parameters
    ----------
    out : path, optional
        As given with ``-o``.
    json : bool
        Whether JSON goes to standard output.

    Raises
    ------
    InputError
        A wrong ending, no such folder, or two things for standard output.
    """
    if out is None:
        return
    if json and str(out) == "-":
        raise InputError("--json and -o - would both print; give one of them, or -o a file")
    _check_ending(str(out))


def _check_ending(out: str) -> None:
    from atlas.base.frames import check_target

    check_target(out)


def write_table(frame: pd.DataFrame, out: str | Path, *, what: str = "row") -> None:
    """Write a table, and say on standard error how much of what was written."""
    from atlas.base.frames import write_frame
    from atlas.base.notes import Notes

    name = Path(out).name
    write_frame(frame, out, notes=Notes("" if name == "-" else name))
    if str(out) != "-":
        tell(f"wrote {counted(len(frame), what)} to {out}")
