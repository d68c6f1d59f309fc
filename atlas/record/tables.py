"""Reading the files of a pack: every cell as text, with the line it stands on.

Nothing is interpreted here; what is wrong with a file itself (encoding, header, number of cells,
broken JSON or geometry) becomes a `Fault`, and the rest of the file is still read.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.base.errors import Fault, InputError
from atlas.base.inputs import bytes_of
from atlas.record.schema import Table

__all__ = ["RawTable", "leads_out", "load_table", "load_toml", "split_list", "toml_of"]

csv.field_size_limit(1 << 20)
_LOSES_ROWS = frozenset(
    "missing-file link encoding json csv header cell-count feature item".split()
)


@dataclass(slots=True)
class RawTable:
    """A table as it stands in its file.

    Attributes
    ----------
    table : Table
        Its schema, with the languages that its file has.
    languages : tuple of str or None
        Tags that its columns may be in; None = any.
    rows : list of dict of str
        One a record; every column of the schema is present, missing cells are empty.
    lines : list of int
        Line (CSV) or number (JSON) of each record.
    geometries : list of geometry or None
        Of a GeoJSON table.
    faults : list of Fault
        What is wrong with the file as such.
    """

    table: Table
    languages: tuple[str, ...] | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    geometries: list[BaseGeometry | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(
        self,
        code: str,
        found: str,
        expected: str,
        *,
        row: int | None = None,
        column: str = "",
        remedy: str = "",
    ) -> None:
        """Note a fault of this file."""
        self.faults.append(Fault(self.table.file, row, column, found, expected, code, remedy))

    @property
    def incomplete(self) -> bool:
        """Whether records of the file, or their ids, could not be read."""
        return any(
            fault.code in _LOSES_ROWS or (fault.code, fault.column) == ("missing-column", "id")
            for fault in self.faults
        )

    def ids(self) -> set[str]:
        """All ids of the table."""
        return {row["id"] for row in self.rows}

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line and record, in file order."""
        return zip(self.lines, self.rows, strict=True)


def load_table(
    directory: Path, table: Table, *, languages: Sequence[str] | None = None
) -> RawTable:
    """Read one table of a pack.

    Parameters
    ----------
    directory : Path
        The pack's folder.
    table : Table
        Which table.
    languages : sequence of str, optional
        Tags of the languages that the pack lists; by default a column may be in any.

    Returns
    -------
    RawTable
        Empty, with a fault, if the file is missing and not optional. Its `table` has the
        languages that the file has.
    """
    raw = RawTable(table, languages=None if languages is None else tuple(languages))
    path = directory / table.file
    text = _read(raw, path)
    if text is None:
        return raw
    if path.suffix == ".csv":
        _load_csv(raw, text)
    elif table.name == "sources":
        _load_sources(raw, text)
    else:
        _load_geojson(raw, text)
    return raw


def leads_out(path: Path) -> bool:
    """Whether a file of a pack is a link to something outside the pack's folder."""
    try:
        return not path.resolve().is_relative_to(path.parent.resolve())
    except (OSError, RuntimeError):  # a link to itself
        return True


_LINK = ("a link out of the pack", "a file of the pack itself", "Copy the file into the folder")


def _read(raw: RawTable, path: Path) -> str | None:
    """Text of a file, or None with a fault."""
    if leads_out(path):
        found, expected, remedy = _LINK
        raw.fault("link", found, expected, remedy=remedy)
        return None
    if not path.is_file():
        if path.exists():
            raw.fault("missing-file", "no plain file", f"a file {raw.table.file}")
        elif not raw.table.optional:
            raw.fault("missing-file", "no such file", f"a file {raw.table.file}")
        return None
    try:
        return bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8"
        raw.fault("encoding", f"byte {error.start} is not UTF-8", "UTF-8 text", remedy=remedy)
    except OSError as error:
        raw.fault("missing-file", f"a file that can't be read: {error.strerror}", "a readable file")
    except InputError:
        raw.fault("missing-file", "a file of over 1 GB", f"a smaller {raw.table.file}")
    return None


def _speak(raw: RawTable, present: Iterable[str]) -> None:
    """Take the columns of a file that are in languages of the pack into the table's schema."""
    raw.table = raw.table.speaking(
        name
        for name in present
        if (match := raw.table.translation(name)) is not None
        and (raw.languages is None or match[1] in ("en", *raw.languages))
    )


def _header(raw: RawTable, table: Table, present: list[str], row: int | None) -> None:
    for name in table.names:
        if name not in present and not table.column(name).absent:
            raw.fault(
                "missing-column", "no such column", f"a column {name!r}", row=row, column=name
            )
    for name in present:
        if name in raw.table.names:
            continue
        expected, remedy = "only the columns of the schema", ""
        match = table.translation(name)
        if match is not None:
            expected = "a language of the pack"
            remedy = f"Add '{match[1]}' to `languages` in pack.toml, or leave the column out"
        raw.fault(
            "unknown-column", f"column {name!r}", expected, row=row, column=name, remedy=remedy
        )


def _load_csv(raw: RawTable, text: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    table = raw.table
    try:
        for cells in reader:
            if header is None:
                header = cells
                _speak(raw, cells)
                _header(raw, table, cells, 1)
                if len(set(cells)) < len(cells):
                    raw.fault("header", "a column twice", "each column once", row=1)
                continue
            line = reader.line_num
            if not cells:
                raw.fault("blank-line", "an empty line", "one record a line", row=line)
                continue
            if len(cells) != len(header):
                raw.fault(
                    "cell-count", f"{len(cells)} cells", f"{len(header)}, as the header", row=line
                )
                continue
            record = dict(zip(header, cells, strict=True))
            raw.rows.append({name: record.get(name, "").strip() for name in raw.table.names})
            raw.lines.append(line)
    except csv.Error as error:
        raw.fault("csv", str(error), "well-formed CSV", row=reader.line_num)
    if header is None:
        raw.fault("header", "an empty file", "a header line", row=1)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(_text(part) for part in value)
    return str(value).strip()


def _properties(features: Any) -> list[str]:
    """Names of all properties that any feature has, in order of appearance."""
    names: dict[str, None] = {}
    for feature in features if isinstance(features, list) else []:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if isinstance(properties, dict):
            names |= dict.fromkeys(properties)
    return list(names)


def _json(text: str) -> Any:
    """Read JSON as the standard has it: no NaN, no Infinity."""

    def refuse(name: str) -> float:
        raise ValueError(f"{name[:20]} is no number that JSON can hold")

    def finite(digits: str) -> float:
        value = float(digits)
        return value if math.isfinite(value) else refuse(digits)

    return json.loads(text, parse_constant=refuse, parse_float=finite)


_REPROJECT = (
    "Reproject the file, in QGIS by Export > Save Features As with CRS EPSG:4326, or by "
    "ogr2ogr -t_srs EPSG:4326 -lco RFC7946=YES"
)
_WGS84 = re.compile(r"(CRS:?84|EPSG:(\d[\d.]*)?:?4326)$", re.IGNORECASE)


def _stated_crs(whole: Any) -> str:
    """The CRS that a GeoJSON file names; empty where it names none, or WGS 84."""
    crs = whole.get("crs") if isinstance(whole, dict) else None
    if crs is None:
        return ""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and _WGS84.search(name.strip()):
        return ""
    return repr(name if isinstance(name, str) else crs)[:80]


def _on_earth(raw: RawTable, number: int, geometry: BaseGeometry | None) -> bool:
    """Whether all coordinates are longitudes and latitudes; a fault if not."""
    if geometry is None or geometry.is_empty:
        return True
    points = shapely.get_coordinates(geometry)
    if np.isfinite(points).all() and (np.abs(points) <= [180.0, 90.0]).all():
        return True
    worst = points[int(np.argmax(np.nan_to_num(np.abs(points), nan=np.inf).max(axis=1)))]
    remedy = _REPROJECT
    if np.isfinite(points).all() and (np.abs(points) <= [90.0, 180.0]).all():
        remedy = "Swap them: longitude comes first"
    raw.fault(
        "crs", f"a coordinate {worst[0]:.6g}, {worst[1]:.6g}", "longitude and latitude in degrees",
        row=number, column="geometry", remedy=remedy,
    )  # fmt: skip
    return False


def _in_metres(raw: RawTable) -> None:
    """Where no geometry of a file is in degrees, say so once."""
    found = [fault for fault in raw.faults if (fault.code, fault.column) == ("crs", "geometry")]
    if len(found) > 1 and len(found) == len(raw.rows):
        raw.faults = [fault for fault in raw.faults if fault not in found]
        first = found[0]
        raw.fault(
            "crs", f"{first.found}, and none of {len(found)} shapes in degrees", first.expected,
            column="geometry", remedy=first.remedy,
        )  # fmt: skip


def _load_geojson(raw: RawTable, text: str) -> None:
    try:
        whole = _json(text)
        features = whole["features"]
        if not isinstance(features, list):
            raise TypeError("features is no list")
        if whole.get("type") != "FeatureCollection":
            raise ValueError(f"its type is {str(whole.get('type'))[:40]!r}")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raw.fault("json", f"{type(error).__name__}: {error}", "a GeoJSON FeatureCollection")
        return
    stated = _stated_crs(whole)
    if stated:
        raw.fault("crs", f"the CRS {stated}", "WGS 84, longitude and latitude", remedy=_REPROJECT)
    table = raw.table
    _speak(raw, _properties(features))
    for number, feature in enumerate(features, start=1):
        try:
            if feature["type"] != "Feature":
                raise ValueError(f"its type is {str(feature['type'])[:40]!r}")
            properties = feature["properties"]
            geometry = shapely.from_geojson(json.dumps(feature["geometry"]))
            rows = {name: _text(properties.get(name)) for name in raw.table.names}
        except (
            KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError,
            shapely.GEOSException,
        ) as error:  # fmt: skip
            raw.fault(
                "feature", f"{type(error).__name__}: {error}", "a GeoJSON Feature", row=number
            )
            continue
        _header(raw, table, list(properties), number)
        if geometry is None or geometry.is_empty or geometry.geom_type not in raw.table.geometry:
            found = "no geometry" if geometry is None else geometry.geom_type
            raw.fault("geometry", found, " or ".join(raw.table.geometry), row=number)
        elif not geometry.is_valid:
            raw.fault(
                "geometry",
                shapely.is_valid_reason(geometry),
                "a valid geometry",
                row=number,
                column="geometry",
            )
        raw.rows.append(rows)
        raw.lines.append(number)
        raw.geometries.append(geometry if not stated and _on_earth(raw, number, geometry) else None)
    _in_metres(raw)


def _csl_date(item: dict[str, Any], name: str) -> str:
    issued = item.get(name)
    if not isinstance(issued, dict):
        return ""
    if issued.get("raw") or issued.get("literal"):
        return _text(issued.get("raw") or issued.get("literal"))
    parts = issued.get("date-parts") or []
    texts = [
        "-".join(f"{int(value):0{4 if n == 0 else 2}d}" for n, value in enumerate(part))
        for part in parts
    ]
    return "/".join(texts[:2])


def _publisher(item: dict[str, Any]) -> str:
    if item.get("author"):
        names = [
            author.get("literal") or f"{author.get('given', '')} {author.get('family', '')}".strip()
            for author in item["author"]
        ]
        return "; ".join(names)
    return _text(item.get("publisher") or item.get("container-title"))


def _load_sources(raw: RawTable, text: str) -> None:
    try:
        items = _json(text)
        if not isinstance(items, list):
            raise TypeError(f"a {type(items).__name__}")
    except (ValueError, TypeError, RecursionError) as error:
        raw.fault("json", f"{error}", "a CSL-JSON list of items")
        return
    for number, item in enumerate(items, start=1):
        try:
            custom = item.get("custom", {})
            row = {
                "id": _text(item.get("id")),
                "type": _text(item.get("type")),
                "title": _text(item.get("title")),
                "publisher": _publisher(item),
                "issued": _csl_date(item, "issued"),
                "url": _text(item.get("URL")),
                "accessed": _csl_date(item, "accessed"),
            }
            row |= {name: _text(custom.get(name)) for name in raw.table.names if name not in row}
        except (AttributeError, TypeError, ValueError, OverflowError) as error:
            raw.fault("item", f"{type(error).__name__}: {error}", "a CSL-JSON item", row=number)
            continue
        raw.rows.append(row)
        raw.lines.append(number)


def toml_of(data: bytes) -> dict[str, Any]:
    """Read the bytes of a TOML file; what is wrong with them is a ValueError."""
    return tomllib.loads(data.decode("utf-8-sig"))


_SETTINGS = 10 << 20  # bytes of pack.toml


def load_toml(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """Read a TOML file; what is wrong with it comes back as a fault."""
    if leads_out(path):
        found, expected, remedy = _LINK
        return {}, [Fault(path.name, None, "", found, expected, "link", remedy)]
    try:
        said = toml_of(bytes_of(path, most=_SETTINGS))
        empty = Fault(path.name, None, "", "nothing", "id, title, parties and the like", "toml",
                      "Begin with the one that `atlas new` writes")  # fmt: skip
        return said, [] if said else [empty]
    except (FileNotFoundError, IsADirectoryError):
        return {}, [Fault(path.name, None, "", "no such file", "a file pack.toml", "missing-file")]
    except InputError:
        found, wanted = "no plain file, or a large one", f"a file of at most {_SETTINGS >> 20} MB"
        return {}, [Fault(path.name, None, "", found, wanted, "missing-file")]
    except OSError as error:
        found = f"a file that can't be read: {error.strerror}"
        return {}, [Fault(path.name, None, "", found, "a readable file", "missing-file")]
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError too
        return {}, [Fault(path.name, None, "", str(error), "well-formed TOML", "toml")]


def split_list(cell: str) -> list[str]:
    """Split a list cell at ``|``; an empty cell is an empty list.

    Examples
    --------
    >>> split_list("a|b"), split_list("")
    (['a', 'b'], [])
    """
    return [part for part in str(cell).split("|") if part]
