"""JSON of every shape: GeoJSON, lines, lists of records, pages of UCDP's and ACLED's APIs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.events.encoding import Encoding, check_encoding, detect
from atlas.events.files import whole
from atlas.events.frames import tidy
from atlas.events.headers import score
from atlas.events.options import ReadOptions
from atlas.events.raw import MAX_COLUMNS, MAX_RAW, Raw, Rejects, text_cells, whole_text

__all__ = ["is_json", "read_features", "read_json", "read_records", "rows_of"]

#: Where the pages of an API keep their rows: UCDP, ACLED, GeoConfirmed and the usual names.
_LISTS = ("Result", "data", "items", "results", "records", "rows", "events", "value", "incidents")


def is_json(head: bytes) -> bool:
    """Whether bytes begin a JSON document."""
    for encoding in (
        ("utf-8-sig", "utf-16") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    ):
        text = head.decode(encoding, "ignore").lstrip()
        if text[:1] == "{" or (text[:1] == "[" and not text[1:].lstrip()[:1].isalpha()):
            return True
    return False


def read_json(handle: BinaryIO, name: str, options: ReadOptions, notes: Notes) -> Raw:
    """Read the rows of a JSON document; a row's number stands for its line.

    Raises
    ------
    InputError
        If it is not JSON, too large to be read whole, or has no list of records in it.
    """
    data = whole(handle, name)
    known = Encoding(check_encoding(options.encoding)) if options.encoding else detect(handle)
    if known.note:
        notes.say(known.note)
    text = known.decode(data).removeprefix("\ufeff")
    try:
        found = json.loads(text)
    except RecursionError:
        raise InputError(f"{name} is not JSON we can read: it is nested too deeply") from None
    except ValueError as error:
        return _lines(text, name, options, notes, error)
    if isinstance(found, dict) and "features" in found:
        if not isinstance(found["features"], list):
            raise InputError(f"{name} is not a GeoJSON FeatureCollection")
        return read_features(found["features"], name, options, notes, found.get("crs"))
    if isinstance(found, dict) and found.get("type") == "Feature":
        return read_features([found], name, options, notes, None)
    return read_records(rows_of(found, name, notes), name, options, notes)


def rows_of(found: Any, name: str, notes: Notes) -> list[Any]:
    """Find the list of records in a document.

    Raises
    ------
    InputError
        If there is none.
    """
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        lists = [
            key
            for key in (*_LISTS, *sorted(found, key=lambda key: -_promise(found[key])))
            if _is_list_of_records(found.get(key)) and (found[key] or key in _LISTS)
        ]
        if lists:
            chosen = lists[0]
            notes.say(f"rows: the list {chosen!r} of the document")
            _say_pages(found, chosen, notes)
            return list(found[chosen])
        columns = list(found.values())
        if columns and all(isinstance(cells, dict) for cells in columns):  # as pandas writes
            keys = list(dict.fromkeys(key for cells in columns for key in cells))
            return [{title: found[title].get(key) for title in found} for key in keys]
        if score(list(found)) > 1:
            return [found]  # one record
    raise InputError(f"{name} is JSON, but not a GeoJSON FeatureCollection or a list of records")


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value[:20])


def _promise(value: Any) -> int:
    """How many uses the names of a list's first record suggest."""
    named = isinstance(value, list) and value and isinstance(value[0], dict)
    return score(list(value[0])) if named else 0


def _say_pages(found: Mapping[str, Any], chosen: str, notes: Notes) -> None:
    """An API gives a page at a time; what is not in it is told."""
    total = found.get("TotalCount", found.get("total_count", found.get("count")))
    if isinstance(total, int) and not isinstance(total, bool) and total > len(found[chosen]):
        notes.say(f"rows: this page has {len(found[chosen])} of {total}; read the others too")


def _lines(text: str, name: str, options: ReadOptions, notes: Notes, error: ValueError) -> Raw:
    """JSON lines: one record a line; a bad line is set aside."""
    rows: list[Any] = []
    lines: list[int] = []
    rejects = Rejects()
    met = good = 0
    for number, line in enumerate(text.splitlines(), 1):
        clean = line.strip().strip("\x1e")
        if not clean:
            continue
        if options.limit is not None and met >= options.limit:
            break
        met += 1
        try:
            one = json.loads(clean)
        except (ValueError, RecursionError):
            rejects.add(number, "", clean, "must be one JSON record", clean)
            if met > 20 and good * 2 < met:
                break
            continue
        good += 1
        rows.append(one)
        lines.append(number)
    if good * 2 < met or good < 2:
        detail = error.msg if isinstance(error, json.JSONDecodeError) else "it can't be read"
        line_of = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"{name} is not JSON: {detail}{line_of}")
    raw = read_records(rows, name, options, notes, lines)
    raw.rejects.rows += rejects.rows
    raw.rows += len(rejects.rows)
    return raw


def read_records(
    records: Iterable[Any],
    name: str,
    options: ReadOptions,
    notes: Notes,
    lines: Sequence[int] | None = None,
) -> Raw:
    """Take a list of mappings as rows.

    Raises
    ------
    InputError
        If it holds anything but mappings.
    """
    records = list(islice(records, options.limit))
    if records and all(isinstance(one, dict) and one.get("type") == "Feature" for one in records):
        return read_features(records, name, options, notes, None, lines)
    rows: list[dict[str, Any]] = []
    kept: list[int] = []
    rejects = Rejects()
    met = 0
    for at, record in enumerate(records):
        met += 1
        number = lines[at] if lines is not None else met
        if not isinstance(record, Mapping):
            rejects.add(number, "", str(record), "must be a record with names", str(record))
            continue
        rows.append({str(key): _cell(value) for key, value in record.items()})
        kept.append(number)
    if not met and options.limit != 0:
        raise InputError(f"{name} is empty")
    if met and not rows:
        raise InputError(f"{name} is a list, but not of records: give mappings of names to values")
    return Raw(
        tidy(_frame(rows), name, notes),
        name,
        notes,
        met,
        rejects,
        lines=np.asarray(kept, dtype=np.int64),
    )


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=_has_halves(value), default=str)
    return whole_text(value)


def _has_halves(value: Any) -> bool:
    return any("\ud800" <= mark <= "\udfff" for mark in str(value))


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    names = list(dict.fromkeys(key for row in rows for key in row))[:MAX_COLUMNS]
    columns: dict[str, Any] = {}
    for name in names:
        cells = [row.get(name) for row in rows]
        if all(cell is None or isinstance(cell, str) for cell in cells):
            columns[name] = text_cells(["" if cell is None else cell for cell in cells])
        else:
            columns[name] = _typed(cells)
    frame = pd.DataFrame(columns, index=range(len(rows)))
    return frame.set_axis(names, axis=1)


def _typed(cells: Sequence[Any]) -> pd.Series:
    """Cells as what they are; as objects where a number is too long for any column of numbers."""
    held = pd.Series(cells, dtype=object)
    try:
        return held.infer_objects()
    except OverflowError:
        return held


def read_features(
    features: Sequence[Any],
    name: str,
    options: ReadOptions,
    notes: Notes,
    system: Any,
    lines: Sequence[int] | None = None,
) -> Raw:
    """Take the features of a GeoJSON document as rows; its coordinate system is obeyed.

    Raises
    ------
    InputError
        If the coordinate system is not known.
    """
    from atlas.events.shapes import in_degrees

    rejects = Rejects()
    rows: list[dict[str, Any]] = []
    kept: list[int] = []
    shapes: list[Any] = []
    met = 0
    for at, feature in enumerate(features):
        if options.limit is not None and met >= options.limit:
            break
        met += 1
        number = lines[at] if lines is not None else met
        good = (
            isinstance(feature, dict)
            and (feature.get("type") == "Feature" or "properties" in feature)
            and isinstance(feature.get("properties") or {}, dict)
        )
        try:
            shape = _shape(feature.get("geometry")) if good else None
        except Exception:  # shapely raises many kinds for the many ways to be wrong
            good = False
        if not good:
            rejects.add(
                number, "geometry", str(feature)[:MAX_RAW],
                "must be a feature with properties and a geometry in degrees or null",
                str(feature)[:MAX_RAW],
            )  # fmt: skip
            continue
        cells = {str(key): _cell(value) for key, value in (feature.get("properties") or {}).items()}
        if feature.get("id") is not None and "id" not in cells:
            cells["id"] = _cell(feature["id"])
        rows.append(cells)
        shapes.append(shape)
        kept.append(number)
    geometry = np.full(len(shapes), None, dtype=object)
    geometry[:] = shapes
    known = _system(system, name)
    return Raw(
        tidy(_frame(rows), name, notes), name, notes, met, rejects,
        lines=np.asarray(kept, dtype=np.int64), geometry=in_degrees(geometry, known, name, notes),
    )  # fmt: skip


def _shape(geometry: Any) -> Any:
    from shapely.geometry import shape

    if geometry is None or not (geometry.get("coordinates") or geometry.get("geometries")):
        return None
    found = shape(geometry)
    if found.is_empty:
        return None
    return found


def _system(member: Any, name: str) -> Any:
    """The coordinate system a document names; WGS 84 if it names none, as the format says."""
    if member is None:
        return "OGC:CRS84"
    try:
        text = str(member["properties"].get("name") or member["properties"].get("code"))
    except (TypeError, KeyError, AttributeError):
        raise InputError(f"{name} names a coordinate system that can't be read") from None
    return text if ":" in text else f"EPSG:{text}"
