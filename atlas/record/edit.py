"""Adding rows to a pack on disk: only rows that leave it sound are written, all at once."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from atlas.base.errors import Fault, InputError, PackError
from atlas.base.output import together, write_bytes, write_text
from atlas.record.pack import check_pack, pack_directory
from atlas.record.rewrite import csv_with, json_with
from atlas.record.schema import TABLES

__all__ = [
    "add_rows", "edit_files", "faults_of_rows", "faults_with", "replace_files", "text_of",
]  # fmt: skip

Rows = Mapping[str, Sequence[Mapping[str, str]]]


def faults_of_rows(
    pack: str | Path, rows: Rows, *, sources: Sequence[Mapping[str, Any]] = ()
) -> dict[str, list[Fault]]:
    """Find what each of some new rows would do wrong in a pack, without writing there.

    Parameters
    ----------
    pack : str or Path
        A folder, or the name of a shipped pack.
    rows : mapping of str to sequence of mapping
        Table -> new rows, each column -> cell; every row has an ``id`` that is new.
    sources : sequence of mapping
        New sources, as CSL-JSON items.

    Returns
    -------
    dict of str to list of Fault
        Id of a row or source -> its faults, for those that have any; under ``""`` the faults that
        are no single row's.

    Raises
    ------
    NotFoundError
        If there is no such pack.
    PackError
        If it has faults as it stands.
    InputError
        If an id is taken.
    """
    directory = pack_directory(pack)
    before = check_pack(directory)
    if before:
        raise PackError(str(pack), before)
    texts = _texts(directory, rows, sources)
    found: dict[str, list[Fault]] = {}
    numbers = {name: _ids(name, text) for name, text in texts.items()}
    for fault in faults_with(directory, texts):
        ids = numbers.get(fault.file, {})
        found.setdefault(ids.get(fault.row or 0, ""), []).append(fault)
    return found


def faults_with(directory: Path, texts: Mapping[str, str]) -> list[Fault]:
    """Find the faults that a pack would have with other texts in some of its files.

    Parameters
    ----------
    directory : Path
        The pack; nothing is written there.
    texts : mapping of str to str
        File -> its new text.

    Returns
    -------
    list of Fault
    """
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / directory.name
        shutil.copytree(directory, trial)
        for name, text in texts.items():
            write_text(trial / name, text)
        return check_pack(trial)


def edit_files(
    directory: Path, texts: Mapping[str, str], told: str, *, dry_run: bool = False
) -> list[Path]:
    """Write new texts of files of a pack, if it has no fault then that it had not before.

    Parameters
    ----------
    directory : Path
        The pack; faults that it has do not stand in the way.
    texts : mapping of str to str
        File -> its new text.
    told : str
        What the pack would be, for the message.
    dry_run : bool
        Whether to look for faults only, and write nothing.

    Returns
    -------
    list of Path
        The files written, all or none.

    Raises
    ------
    PackError
        With the faults that are new.
    InputError
        If a file can't be written.
    """
    if not texts:
        return []
    spare = Counter(replace(fault, row=None) for fault in check_pack(directory))
    new = []
    for fault in faults_with(directory, texts):
        known = replace(fault, row=None)  # wherever the lines stand now
        if spare[known]:
            spare[known] -= 1
        else:
            new.append(fault)
    if new:
        raise PackError(told, [_with_id(fault, texts) for fault in new])
    return [] if dry_run else replace_files(directory, texts)


def _with_id(fault: Fault, texts: Mapping[str, str]) -> Fault:
    """A fault that names the row by its id: the line is one of a file that nobody has written."""
    text = texts.get(fault.file, "")
    if fault.row is None or not text or fault.file.endswith(".geojson"):
        return fault
    key = _ids(fault.file, text).get(fault.row, "")
    return replace(fault, found=f"{fault.found}, of {key}") if key else fault


def replace_files(directory: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write new texts of files of a pack, all of them or none.

    Parameters
    ----------
    directory : Path
        The pack.
    texts : mapping of str to str
        File -> its new text; a file may be new.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If one can't be written; those before it are put back.
    """
    held = {
        name: (directory / name).read_bytes() if (directory / name).is_file() else None
        for name in texts
    }
    written: list[Path] = []
    # Sources come first: whatever stops this, no row cites what is not there.
    order = sorted(texts, key=lambda name: name != TABLES["sources"].file)
    try:
        with together(directory / name for name in order):
            for name in order:
                write_text(directory / name, texts[name])
                written.append(directory / name)
    except OSError as error:
        for path in written:
            was = held[path.name]
            if was is None:
                path.unlink()
            else:
                write_bytes(path, was)
        raise InputError(
            f"{directory}: can't be written ({error.strerror}); nothing kept"
        ) from None
    return written


def add_rows(
    pack: str | Path, rows: Rows, *, sources: Sequence[Mapping[str, Any]] = ()
) -> list[Path]:
    """Add rows to the tables of a pack.

    Parameters
    ----------
    pack : str or Path
        A folder, or the name of a shipped pack.
    rows, sources
        As for `faults_of_rows`.

    Returns
    -------
    list of Path
        The files written. Lines that were there stay as they are; new ones stand where their ids
        belong.

    Raises
    ------
    NotFoundError
        If there is no such pack.
    PackError
        If it has faults, or would have some with the rows; nothing is written then.
    InputError
        If an id is taken.

    Notes
    -----
    Each file is replaced whole; should one of them fail to be, those before it are put back.
    """
    faults = faults_of_rows(pack, rows, sources=sources)
    if faults:
        raise PackError(str(pack), [fault for several in faults.values() for fault in several])
    directory = pack_directory(pack)
    return replace_files(directory, _texts(directory, rows, sources))


def text_of(path: Path) -> str:
    """Give the text of a file with its own ends of lines."""
    return path.read_bytes().decode("utf-8")


def _texts(directory: Path, rows: Rows, sources: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """New texts of the files that change, the sources first: rows refer to them."""
    texts = {}
    if sources:
        file = TABLES["sources"].file
        texts[file] = _with_sources(text_of(directory / file), sources)
    for name, added in rows.items():
        if added:
            file = TABLES[name].file
            texts[file] = _with_rows(text_of(directory / file), file, added)
    return texts


def _with_rows(text: str, file: str, rows: Sequence[Mapping[str, str]]) -> str:
    return csv_with(text, file, added=rows)


def _with_sources(text: str, sources: Sequence[Mapping[str, Any]]) -> str:
    return json_with(text, "sources.json", id_of=lambda item: str(item["id"]), added=sources)


def _ids(file: str, text: str) -> dict[int, str]:
    """Line or number of a record -> its id."""
    if file == TABLES["sources"].file:
        items = json.loads(text.removeprefix("\ufeff"))
        return {number: str(item["id"]) for number, item in enumerate(items, 1)}
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    key = next(reader).index("id")
    return dict((reader.line_num, row[key]) for row in reader if len(row) > key)  # noqa: C402
