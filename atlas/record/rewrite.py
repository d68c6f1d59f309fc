"""Files of a pack with some rows changed: every line that is not meant stays as it was written.

A review of a pack is a review of its lines. So a row that did not change keeps its own text, be it
spaced, quoted and ordered as it may; a new row stands where its id belongs.
"""

from __future__ import annotations

import csv
import io
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from atlas.base.errors import InputError

__all__ = ["csv_with", "json_with"]

Cells = Mapping[str, str]


def csv_with(
    text: str,
    file: str,
    *,
    added: Sequence[Cells] = (),
    changed: Mapping[str, Cells] | None = None,
    removed: Collection[str] = (),
    columns: Sequence[str] = (),
) -> str:
    r"""Give a CSV table with rows added, changed and removed.

    Parameters
    ----------
    text : str
        The table as it stands, its first line the header with a column ``id``.
    file : str
        Its name, for messages.
    added : sequence of mapping
        New rows, each column -> cell; missing cells are empty.
    changed : mapping of str to mapping
        Id -> the cells that are new.
    removed : collection of str
        Ids of rows to leave out.
    columns : sequence of str
        Columns that the table is to have besides its own; they come last.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If a row has a column that the table has not, or an id that is taken.

    Examples
    --------
    >>> csv_with("id,name\na, x\nc,z\n", "t.csv", added=[{"id": "b", "name": "y"}])
    'id,name\na, x\nb,y\nc,z\n'
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))  # whatever ends them
    reader = csv.reader(lines)
    header = next(reader)
    end = next((end for end in ("\r\n", "\r") if lines[0].endswith(end)), "\n")
    more = [name for name in columns if name not in header]
    _known(file, [*header, *more], [*added, *(changed or {}).values()])
    at, body, ids = reader.line_num, [], []
    key = header.index("id")
    for cells in reader:
        record, at = "".join(lines[at : reader.line_num]), reader.line_num
        name = cells[key] if len(cells) > key else ""
        new = (changed or {}).get(name.strip())
        if name.strip() in removed:
            continue
        if new is not None or more:
            row = dict(zip(header, cells, strict=False)) | dict(new or {})
            record = _line(row, [*header, *more], end)
        ids.append(name)
        body.append(record if record.endswith(("\n", "\r")) else record + end)
    taken = set(ids)
    for fresh in sorted(added, key=lambda one: one["id"]):
        if fresh["id"] in taken:
            raise InputError(f"{file} has a row {fresh['id']!r} already")
        taken.add(fresh["id"])
        place = bisect_left(ids, fresh["id"]) if ids == sorted(ids) else len(ids)
        ids.insert(place, fresh["id"])
        body.insert(place, _line(fresh, [*header, *more], end))
    head = _line(dict.fromkeys(header) | {n: n for n in [*header, *more]}, [*header, *more], end)
    return mark + (head if more else lines[0]) + "".join(body)


def _known(file: str, header: Sequence[str], rows: Sequence[Cells]) -> None:
    unknown = sorted({column for row in rows for column in row} - set(header))
    if unknown:
        raise InputError(f"{file} has no column {', '.join(unknown)}")


def _line(row: Mapping[str, Any], header: Sequence[str], end: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerow([row.get(name) or "" for name in header])
    return out.getvalue()


def json_with(
    text: str,
    file: str,
    *,
    id_of: Callable[[Any], str],
    within: str = "",
    added: Sequence[Mapping[str, Any]] = (),
    changed: Mapping[str, Mapping[str, Any]] | None = None,
    removed: Collection[str] = (),
) -> str:
    """Give a JSON list of objects with objects added, changed and removed.

    Parameters
    ----------
    text : str
        The file as it stands: a list, or an object that holds one.
    file : str
        Its name, for messages.
    id_of : callable
        Gives the id of an object.
    within : str
        Member of the outermost object that is the list; empty where the file is the list.
    added : sequence of mapping
        New objects.
    changed : mapping of str to mapping
        Id -> the object as it is to be.
    removed : collection of str
        Ids of objects to leave out.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If an id is taken.

    Examples
    --------
    >>> json_with('[{"id":"a"}, {"id":"c"}]', "f", id_of=lambda i: i["id"], added=[{"id": "b"}])
    '[{"id":"a"}, {"id":"b"}, {"id":"c"}]'
    """
    begin, items, spans = _items(text, within)
    style = _style(text, items, spans)
    gap = text[spans[0][1] : spans[1][0]] if len(spans) > 1 else ",\n"
    after = text[begin : spans[0][0]] if spans else "\n"
    tail = text[spans[-1][1] :] if spans else "\n" + text[begin:].lstrip()
    ids, parts = [], []
    for item, (first, last) in zip(items, spans, strict=True):
        key = id_of(item)
        if key in removed:
            continue
        ids.append(key)
        new = (changed or {}).get(key)
        parts.append(text[first:last] if new is None else style(new))
    taken = set(ids)
    for item in sorted(added, key=id_of):
        key = id_of(item)
        if key in taken:
            raise InputError(f"{file} has an item {key!r} already")
        taken.add(key)
        place = bisect_left(ids, key) if ids == sorted(ids) else len(ids)
        ids.insert(place, key)
        parts.insert(place, style(item))
    return text[:begin] + after + gap.join(parts) + tail


def _items(text: str, within: str) -> tuple[int, list[Any], list[tuple[int, int]]]:
    """Where the list begins, its objects, and where each of them stands in the text."""
    whole = json.loads(text.removeprefix("\ufeff"))
    wanted = whole[within] if within else whole
    pattern = rf"\"{re.escape(within)}\"\s*:\s*\[" if within else r"\["
    decoder = json.JSONDecoder()
    for match in re.finditer(pattern, text):
        items, spans, at = [], [], match.end()
        try:
            while (step := re.compile(r"[\s,]*").match(text, at)) and text[step.end()] != "]":
                item, end = decoder.raw_decode(text, step.end())
                items.append(item)
                spans.append((step.end(), end))
                at = end
        except (ValueError, IndexError):
            continue
        if items == wanted:
            return match.end(), items, spans
    raise InputError(f"the list {within!r} of the file can't be found")  # pragma: no cover


_STYLES: tuple[tuple[int | None, bool, bool], ...] = tuple(
    (indent, keys, plain)
    for indent in (None, -1, 1, 2, 4)
    for keys in (False, True)
    for plain in (False, True)
)


def _style(
    text: str, items: Sequence[Any], spans: Sequence[tuple[int, int]]
) -> Callable[[Any], str]:
    """How the file writes an object: indented or not, its keys sorted or not."""
    # One of each kind of writer is enough: most write all objects alike.
    for indent, keys, plain in _STYLES:
        for item, (first, last) in zip(items[:3], spans[:3], strict=True):
            if _dumped(item, indent, keys, plain) == text[first:last]:
                return lambda new, i=indent, k=keys, p=plain: _dumped(new, i, k, p)  # type: ignore[misc]
    return lambda new: _dumped(new, -1, False, False)


def _dumped(item: Any, indent: int | None, keys: bool, plain: bool) -> str:
    if indent is None or indent < 0:
        apart = (",", ":") if indent else (", ", ": ")
        return json.dumps(item, ensure_ascii=plain, sort_keys=keys, separators=apart)
    told = json.dumps(item, ensure_ascii=plain, sort_keys=keys, indent=indent)
    return told.replace("\n", "\n" + " " * indent)
