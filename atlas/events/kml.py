"""KML: every placemark of every folder, with its time and its data."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.events.files import whole
from atlas.events.markup import elements
from atlas.events.options import ReadOptions
from atlas.events.raw import Raw, Rejects, texts

__all__ = ["is_kml", "read_kml"]


def is_kml(head: bytes) -> bool:
    """Whether bytes begin a KML document."""
    clean = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return clean[:1] == b"<" and b"<kml" in head.lower()


def read_kml(handle: BinaryIO, name: str, options: ReadOptions, notes: Notes) -> Raw:
    """Read the placemarks of a KML document.

    Returns
    -------
    Raw
        ``name``, ``description``, ``date`` and ``date_end`` (its time stamp or span), ``folder``,
        and each value of its extended data; a placemark's number stands for its line.

    Raises
    ------
    InputError
        If it is no KML.
    """
    rows: list[dict[str, str]] = []
    shapes: list[Any] = []
    lines: list[int] = []
    rejects = Rejects()
    met = 0
    folders: list[tuple[int, str]] = []
    data = whole(handle, name)
    for element in elements(data, name, {"Placemark", "Folder", "Document"}):
        kind = element.tag.rsplit("}", 1)[-1]
        if kind != "Placemark":
            title = _child(element, "name")
            count = sum(1 for _ in _all(element, "Placemark"))
            if kind == "Folder" and title:
                folders.append((count, title))
                _name_folder(rows, lines, met, count, title)
            continue
        if options.limit is not None and met >= options.limit:
            continue
        met += 1
        try:
            shape = _shape(element)
        except (ValueError, IndexError) as error:
            rejects.add(met, "geometry", "", f"must be a geometry in degrees ({error})", "")
            continue
        rows.append(_cells(element))
        shapes.append(shape)
        lines.append(met)
    if not met and not data.strip():
        raise InputError(f"{name} is empty")
    names = list(dict.fromkeys(key for row in rows for key in row))
    frame = texts([[row.get(key, "") for key in names] for row in rows], names)
    geometry = np.full(len(rows), None, dtype=object)
    geometry[:] = shapes
    return Raw(
        frame if names else pd.DataFrame(index=range(len(rows))), name, notes, met, rejects,
        lines=np.asarray(lines, dtype=np.int64), geometry=geometry,
    )  # fmt: skip


def _name_folder(
    rows: list[dict[str, str]], lines: list[int], met: int, count: int, title: str
) -> None:
    for row, line in zip(reversed(rows), reversed(lines), strict=True):
        if line <= met - count:
            break
        row.setdefault("folder", title)


def _all(element: Any, tag: str) -> Any:
    return (one for one in element.iter() if one.tag.rsplit("}", 1)[-1] == tag)


def _child(element: Any, tag: str) -> str:
    for one in element:
        if one.tag.rsplit("}", 1)[-1] == tag:
            return "".join(one.itertext()).strip()
    return ""


def _cells(element: Any) -> dict[str, str]:
    cells = {"name": _child(element, "name"), "description": _child(element, "description")}
    for stamp in _all(element, "TimeStamp"):
        cells["date"] = _child(stamp, "when")
    for span in _all(element, "TimeSpan"):
        cells["date"], cells["date_end"] = _child(span, "begin"), _child(span, "end")
    for datum in _all(element, "Data"):
        cells.setdefault(datum.get("name", "") or "data", _child(datum, "value"))
    for datum in _all(element, "SimpleData"):
        cells.setdefault(datum.get("name", "") or "data", "".join(datum.itertext()).strip())
    return {key: value for key, value in cells.items() if value or key == "name"}


def _shape(element: Any) -> Any:
    """All points, lines and rings of a placemark, as one geometry."""
    import shapely

    parts: list[Any] = []
    for one in element.iter():
        tag = one.tag.rsplit("}", 1)[-1]
        if tag == "Point":
            points = _coordinates(one)
            if len(points):
                parts.append(shapely.Point(points[0]))
        elif tag in ("LineString", "LinearRing"):
            points = _coordinates(one)
            if len(points):
                parts.append(shapely.MultiPoint(points) if len(points) < 2 else
                             shapely.LineString(points))  # fmt: skip
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)


def _coordinates(element: Any) -> Any:
    text = _child(element, "coordinates")
    return np.array(
        [[float(number) for number in point.split(",")[:2]] for point in text.split()], dtype=float
    ).reshape(-1, 2)
