"""Adding rows to a pack on disk: only rows that leave it sound are written, all at once."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from atlas.base.errors import Fault, InputError, PackError
from atlas.base.output import write_text
from atlas.record.pack import check_pack, pack_directory
from atlas.record.schema import TABLES

__all__ = ["add_rows", "faults_of_rows"]

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
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / directory.name
        shutil.copytree(directory, trial)
        texts = _texts(directory, rows, sources)
        for name, text in texts.items():
            write_text(trial / name, text)
        found: dict[str, list[Fault]] = {}
        numbers = {name: _ids(name, text) for name, text in texts.items()}
        for fault in check_pack(trial):
            ids = numbers.get(fault.file, {})
            found.setdefault(ids.get(fault.row or 0, ""), []).append(fault)
    return found


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
    texts = _texts(directory, rows, sources)
    held = {name: (directory / name).read_text(encoding="utf-8") for name in texts}
    written: list[Path] = []
    try:
        for name, text in texts.items():
            write_text(directory / name, text)
            written.append(directory / name)
    except OSError as error:
        for path in written:
            write_text(path, held[path.name])
        raise InputError(
            f"{directory}: can't be written ({error.strerror}); nothing kept"
        ) from None
    return written


def _texts(directory: Path, rows: Rows, sources: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """New texts of the files that change, the sources first: rows refer to them."""
    texts = {}
    if sources:
        file = TABLES["sources"].file
        texts[file] = _with_sources((directory / file).read_text(encoding="utf-8"), sources)
    for name, added in rows.items():
        if added:
            file = TABLES[name].file
            texts[file] = _with_rows((directory / file).read_text(encoding="utf-8"), file, added)
    return texts


def _with_rows(text: str, file: str, rows: Sequence[Mapping[str, str]]) -> str:
    lines = text.splitlines(keepends=True)
    header = next(csv.reader([lines[0]]))
    unknown = sorted({column for row in rows for column in row} - set(header))
    if unknown:
        raise InputError(f"{file} has no column {', '.join(unknown)}")
    body = lines[1:]
    ids = [next(csv.reader([line]), [""])[0] for line in body]
    taken = set(ids)
    for row in sorted(rows, key=lambda row: row["id"]):
        if row["id"] in taken:
            raise InputError(f"{file} has a row {row['id']!r} already")
        taken.add(row["id"])
        out = io.StringIO()
        csv.DictWriter(out, header, restval="", lineterminator="\n").writerow(dict(row))
        at = bisect_left(ids, row["id"]) if ids == sorted(ids) else len(ids)
        ids.insert(at, row["id"])
        body.insert(at, out.getvalue())
    if body and not body[-1].endswith("\n"):
        body[-1] += "\n"
    return lines[0] + "".join(line if line.endswith("\n") else f"{line}\n" for line in body)


def _with_sources(text: str, sources: Sequence[Mapping[str, Any]]) -> str:
    items = json.loads(text)
    taken = {item["id"] for item in items}
    for source in sources:
        if source["id"] in taken:
            raise InputError(f"sources.json has an item {source['id']!r} already")
        taken.add(source["id"])
    ordered = [item["id"] for item in items] == sorted(item["id"] for item in items)
    more = [*items, *map(dict, sources)]
    if ordered:
        more.sort(key=lambda item: str(item["id"]))
    for indent in (1, 2, 4, None):
        for sort in (True, False):
            style = {"indent": indent, "sort_keys": sort, "ensure_ascii": False}
            if json.dumps(items, **style).strip() == text.strip():  # type: ignore[arg-type]
                return json.dumps(more, **style) + "\n"  # type: ignore[arg-type]
    return json.dumps(more, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _ids(file: str, text: str) -> dict[int, str]:
    """Line or number of a record -> its id."""
    if file == TABLES["sources"].file:
        return {number: str(item["id"]) for number, item in enumerate(json.loads(text), 1)}
    reader = csv.reader(io.StringIO(text))
    return {number: row[0] for number, row in enumerate(reader, 1) if row}
