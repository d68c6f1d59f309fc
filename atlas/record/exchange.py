"""A pack as one GeoPackage, to be seen and edited in QGIS; `atlas.record.takeback` reads it again.

Each table of the pack is a layer. The text of a date stays what it is (a day, a month, a span, in
doubt); beside it stand real dates, ``start`` and ``end``, by which QGIS's clock filters. What is
joined for the eye - control on its areas, mandates on their zones, states on their stretch of a
route - are views: they follow what is edited and can't be edited themselves.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from atlas.base.crs import WGS84, substring_km
from atlas.base.errors import InputError
from atlas.base.frames import drafting
from atlas.base.output import atomic_file
from atlas.base.timespan import boundary_day, format_day, parse_edtf
from atlas.record.pack import naming_of, pack_directory
from atlas.record.schema import TABLES, Column, Table
from atlas.record.tables import RawTable, load_table, load_toml

__all__ = [
    "AT_PLACE",
    "COMPANIONS",
    "LAYERS",
    "VIEWS",
    "Layer",
    "Tables",
    "dates_of",
    "export_gpkg",
    "iso_day",
    "labels_of",
    "load_tables",
    "point_of",
    "readable",
    "storable",
    "typed",
]

KINDS = {
    "areas": ("Polygon", "MultiPolygon"),
    "lines": ("LineString",),
    "points": ("Point",),
}
"""Kinds of shapes that a layer of a table with several kinds is called after."""

COMPANIONS: Mapping[str, tuple[str, bool]] = {
    "start": ("valid_from", False),
    "end": ("valid_to", True),
    "authorised_start": ("authorised_from", False),
    "authorised_end": ("authorised_to", True),
    "deployed_start": ("deployed_from", False),
    "deployed_end": ("deployed_to", True),
}
"""Real date -> the column that it stands beside, and whether that is an end."""

LABEL = "label"
AT_PLACE = "at_place"
"""Column of events: the point of its place, at which one without coordinates is shown."""
_WHOLE = 2**53  # whole numbers up to here are exact in every format


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the file.

    Attributes
    ----------
    name, table : str
        What it is called, and the table of the pack whose rows it holds.
    shapes : str
        'Point', 'LineString', 'MultiPolygon', or empty for a table without shapes.
    """

    name: str
    table: str
    shapes: str = ""

    def holds(self, kind: str) -> bool:
        """Whether a shape of a kind belongs on this layer."""
        return not self.shapes or kind.removeprefix("Multi") == self.shapes.removeprefix("Multi")


def _layers() -> Iterator[Layer]:
    for name, table in TABLES.items():
        if name in ("places", "events"):
            yield Layer(name, name, "Point")
        elif not table.geometry:
            yield Layer(name, name)
        else:
            kinds = [key for key, which in KINDS.items() if set(which) & set(table.geometry)]
            for key in kinds:
                shapes = "MultiPolygon" if key == "areas" else KINDS[key][0]
                yield Layer(name if len(kinds) == 1 else f"{name}_{key}", name, shapes)


LAYERS: Mapping[str, Layer] = {layer.name: layer for layer in _layers()}
"""Every layer that an export has, by name."""

_STRETCHES = "stretches"
_JOINED = (
    ("control_map", "control", "areas", "area_id"),
    ("episodes_map", "episodes", _STRETCHES, "id"),
    *((f"mandates_{key}", "mandates", f"zones_{key}", "zone_id") for key in KINDS),
)
VIEWS = tuple(name for name, *_ in _JOINED)
"""Layers that are made from others."""


class Tables(dict[str, RawTable]):
    """All tables of a pack as they stand in its files, and the settings that they go with."""

    settings: Mapping[str, Any]


def load_tables(directory: Path) -> Tables:
    """Read all tables of a pack as they stand in its files."""
    settings = load_toml(directory / "pack.toml")[0]
    said = settings.get("languages")
    languages = [str(tag) for tag in said] if isinstance(said, list) and said else None
    tables = Tables(
        {name: load_table(directory, one, languages=languages) for name, one in TABLES.items()}
    )
    tables.settings = settings
    return tables


def readable(tables: Tables) -> Tables:
    """Give the tables of a pack back, if none of their rows was lost in reading.

    Raises
    ------
    InputError
        With the first fault that hides rows: what is written from the rest would be without them.
    """
    lost = [fault for raw in tables.values() if raw.incomplete for fault in raw.faults]
    if lost:
        raise InputError(f"rows of the pack can't be read; mend this first: {lost[0]}")
    return tables


def export_gpkg(
    pack: str | Path, out: str | Path, *, styles: Mapping[str, str] | None = None
) -> Path:
    """Write a pack as a GeoPackage.

    Parameters
    ----------
    pack : str or Path
        A folder, or the name of a shipped pack. It may have faults: they can be mended in QGIS.
    out : str or Path
        File to write, ``.gpkg``; whole, or not at all.
    styles : mapping of str to str, optional
        Layer -> how QGIS shows it, as QML; see `atlas.figures.qgis`.

    Returns
    -------
    Path

    Raises
    ------
    NotFoundError
        If there is no such pack.
    InputError
        If `out` ends otherwise or can't be written, or a table of the pack can't be read.

    Notes
    -----
    Layers are named as the tables of `docs/data-dictionary.md`; `zones`, which holds shapes of
    several kinds, is three layers. Places and events have their point in place of ``lon`` and
    ``lat``; an event without coordinates of its own is at its place, which ``at_place`` tells. That
    column and ``label`` are made for the eye, and not taken back. The same pack makes the same
    bytes.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> export_gpkg("cyprus", folder / "cyprus.gpkg").name
    'cyprus.gpkg'
    """
    target = Path(out)
    if target.suffix.lower() != ".gpkg":
        raise InputError(f"a GeoPackage is written: end {target.name!r} in .gpkg")
    tables = readable(load_tables(pack_directory(pack)))
    with atomic_file(target) as draft:
        draft.unlink()  # GDAL makes its own
        try:
            _write(draft, tables, labels_of(tables), styles or {})
        except (OSError, RuntimeError, sqlite3.Error) as error:
            raise InputError(f"can't write {target.name!r}: {error}") from None
    return target


def _write(
    draft: Path,
    tables: Mapping[str, RawTable],
    called: Mapping[str, str],
    styles: Mapping[str, str],
) -> None:
    import pyogrio

    with drafting():
        for number, layer in enumerate(LAYERS.values()):
            content = _content(layer, tables, called)
            pyogrio.write_arrow(content, draft, layer=layer.name, append=bool(number),
                                **_options(layer.shapes))  # fmt: skip
        pyogrio.write_arrow(_stretches(tables), draft, layer=_STRETCHES, append=True,
                            **_options("LineString"))  # fmt: skip
    with closing(sqlite3.connect(draft)) as file, file:
        file.execute("PRAGMA synchronous = OFF")  # as for a draft
        # What is only there to be joined is no layer of its own.
        file.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (_STRETCHES,))
        file.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = ?", (_STRETCHES,))
        for view in _JOINED:
            _add_view(file, *view)
        _add_styles(file, styles)


def _options(shapes: str) -> dict[str, Any]:
    spatial = {"geometry_name": "geom", "geometry_type": shapes, "crs": WGS84}
    naming = {"FID": "fid"} | ({"GEOMETRY_NAME": "geom"} if shapes else {})
    # Version 1.2 is read without a warning by every QGIS there is.
    system = {"driver": "GPKG", "dataset_options": {"VERSION": "1.2"}}
    return system | {"layer_options": naming} | (spatial if shapes else {"geometry_type": None})


def _content(layer: Layer, tables: Mapping[str, RawTable], called: Mapping[str, str]) -> Any:
    """A layer's rows with typed cells, real dates and labels, as an Arrow table."""
    import pyarrow as pa

    raw = tables[layer.table]
    shapes = [_shape(layer, raw, at, tables) for at in range(len(raw.rows))]
    chosen = [at for at in range(len(raw.rows)) if _belongs(layer, raw, at)]
    rows = [raw.rows[at] for at in chosen]
    columns: dict[str, Any] = {}
    for column in raw.table.columns:
        if not (layer.shapes == "Point" and column.name in ("lon", "lat") and not raw.geometries):
            columns[column.name] = _typed_column(column, [row[column.name] for row in rows])
    dated = [dates_of(raw.table, row) for row in rows]
    for name in dates_of(raw.table, dict.fromkeys(raw.table.names, "")):
        days = [date.fromisoformat(one[name]) if one[name] else None for one in dated]
        columns[name] = pa.array(days, pa.date32())
    if layer.table in _CALLED:
        key = _CALLED[layer.table]
        columns[LABEL] = pa.array([called.get(row[key]) or None for row in rows], pa.string())
    if layer.table == "events":
        lent = [None if _point(row) else shapes[at] for at, row in zip(chosen, rows, strict=True)]
        columns[AT_PLACE] = pa.array([p and f"{p.x!r} {p.y!r}" for p in lent], pa.string())
    if layer.shapes:
        columns["geom"] = _wkb([shapes[at] for at in chosen], layer.shapes)
    return pa.table(columns)


_CALLED = {"places": "id", "areas": "name_place_id", "control": "area_id", "names": "place_id"}
"""Table -> the column whose place or area its label names."""


def _belongs(layer: Layer, raw: RawTable, at: int) -> bool:
    """Whether a row stands on this layer; one whose shape can't be read stands on the first."""
    if not raw.geometries:
        return True
    shape = raw.geometries[at]
    if shape is None:
        return next(one for one in LAYERS.values() if one.table == layer.table) == layer
    return layer.holds(shape.geom_type)


def _shape(layer: Layer, raw: RawTable, at: int, tables: Mapping[str, RawTable]) -> Any:
    if not layer.shapes:
        return None
    if raw.geometries:
        return raw.geometries[at]
    return point_of(layer.table, raw.rows[at], _places(tables))


def _places(tables: Mapping[str, RawTable]) -> dict[str, Mapping[str, str]]:
    return {row["id"]: row for row in tables["places"].rows}


def point_of(table: str, row: Mapping[str, str], places: Mapping[str, Mapping[str, str]]) -> Any:
    """Give the point at which a place or an event is shown; None where none is known."""
    own = _point(row)
    if own is None and table == "events" and row["place_id"] in places:
        return _point(places[row["place_id"]])
    return own


def _point(row: Mapping[str, str]) -> Any:
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
    except ValueError:
        return None
    return shapely.Point(lon, lat) if np.isfinite([lon, lat]).all() else None


def _wkb(shapes: Sequence[Any], kind: str) -> Any:
    import pyarrow as pa

    whole = [
        shapely.multipolygons([shape])
        if kind == "MultiPolygon" and shape is not None and shape.geom_type == "Polygon"
        else shape
        for shape in shapes
    ]
    return pa.array([None if one is None else shapely.to_wkb(one) for one in whole], pa.binary())


_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def typed(column: Column, cell: str) -> Any:
    """Give a cell as a value of its column's type; None for an empty one.

    Raises
    ------
    ValueError
        If it is no such value.
    """
    if not cell:
        return None
    if column.kind == "integer" and _INTEGER.fullmatch(cell) and abs(int(cell)) < _WHOLE:
        return int(cell)
    if column.kind == "number" and _NUMBER.fullmatch(cell):
        return float(cell)
    if column.kind == "flag" and cell in ("true", "false"):
        return cell == "true"
    if column.kind == "day" and _DAY.fullmatch(cell):
        return date.fromisoformat(cell)
    raise ValueError(cell)


def _typed_column(column: Column, cells: Sequence[str]) -> Any:
    import pyarrow as pa

    kinds = {"integer": pa.int64(), "number": pa.float64(), "flag": pa.bool_(), "day": pa.date32()}
    if column.kind in kinds:
        try:
            return pa.array([typed(column, cell) for cell in cells], kinds[column.kind])
        except ValueError:
            pass  # one that is no such value is to be seen and mended
    return pa.array([storable(cell) or None for cell in cells], pa.string())


def storable(cell: str) -> str:
    """Give a text as a file of SQLite can hold it: what no UTF-8 can say, and NUL, replaced."""
    return cell.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ").strip()


# --- dates and names ----------------------------------------------------------------------------


def dates_of(table: Table, row: Mapping[str, str]) -> dict[str, str]:
    """Give the real dates that stand beside the dates of a row, as ISO days.

    Returns
    -------
    dict of str to str
        Empty for an open bound, and for what is no date or lies outside the years 1 to 9999.

    Examples
    --------
    >>> dates_of(TABLES["zones"], {"valid_from": "1993-07", "valid_to": ""})
    {'start': '1993-07-01', 'end': ''}
    """
    if table.name == "events":
        try:
            span = parse_edtf(row["event_date"]).span
        except InputError:
            return {"start": "", "end": ""}
        return {"start": iso_day(span.start), "end": iso_day(span.end)}
    known = {}
    for name, (column, end) in COMPANIONS.items():
        if column in table.names:
            try:
                known[name] = iso_day(boundary_day(row[column], end=end))
            except InputError:
                known[name] = ""
    return known


def iso_day(day: int) -> str:
    """Write a day number as an ISO day; empty for an open bound, and outside the years 1 to 9999.

    Parameters
    ----------
    day : int
        Days since 1 January 1970.

    Returns
    -------
    str

    Examples
    --------
    >>> iso_day(0)
    '1970-01-01'
    """
    try:
        return format_day(day).removeprefix("..")
    except InputError:
        return ""


def labels_of(tables: Mapping[str, RawTable]) -> dict[str, str]:
    """Give what a person calls the places and areas of a pack, in English, by id.

    Parameters
    ----------
    tables : mapping of str to RawTable
        Of the pack, which may have faults; with its settings, the sides' names stand together.

    Returns
    -------
    dict of str to str
        Empty where a fault of names, places or areas leaves nothing to go by.
    """
    try:
        called = naming_of(tables, getattr(tables, "settings", {})).english()
    except (InputError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    areas = {}
    for row in tables["areas"].rows:
        name = called.get(row["name_place_id"], "")
        areas[row["id"]] = ", ".join(part for part in (name, row["part"]) if part)
    return areas | called


def _stretches(tables: Mapping[str, RawTable]) -> Any:
    """The stretch of its route that each episode is about."""
    import pyarrow as pa

    raw = tables["routes"]
    lines = {row["id"]: line for row, line in zip(raw.rows, raw.geometries, strict=True)}
    ids, shapes = [], []
    for row in tables["episodes"].rows:
        line = lines.get(row["route_id"])
        if line is None or line.geom_type != "LineString":
            continue
        try:
            first, last = float(row["from_km"] or 0), float(row["to_km"] or "inf")
        except ValueError:
            continue
        if row["from_km"] or row["to_km"]:
            line = substring_km(line, first, last)
        ids.append(row["id"])
        shapes.append(line)
    return pa.table(
        {"of": pa.array(ids, pa.string()), "geom": _wkb(shapes, "LineString")}
    ).rename_columns(["id", "geom"])


# --- what SQLite adds -----------------------------------------------------------------------------


def _add_view(file: sqlite3.Connection, name: str, left: str, right: str, key: str) -> None:
    """Register a view as a layer: the rows of one table on the shapes of another."""
    columns = [f'l."{row[1]}"' for row in file.execute(f'PRAGMA table_info("{left}")')
               if row[1] not in ("fid", "geom")]  # fmt: skip
    # GDAL takes a column of this name for the number of the row.
    held = ", ".join(["l.fid AS OGC_FID", "r.geom AS geom", *columns])
    joined = f'"{left}" l JOIN "{right}" r ON l."{key}" = r.id'
    file.execute(" ".join([f'CREATE VIEW "{name}" AS SELECT', held, "FROM", joined]))
    kind = {"areas": "MULTIPOLYGON", "zones_areas": "MULTIPOLYGON", "zones_points": "POINT"}
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id) "
        "VALUES (?, 'features', ?, '1970-01-01T00:00:00.000Z', 4326)", (name, name)
    )  # fmt: skip
    file.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)",
        (name, kind.get(right, "LINESTRING")),
    )


_STYLES = """CREATE TABLE layer_styles (
id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
styleSLD TEXT, useAsDefault BOOLEAN, description TEXT(256), owner TEXT(30), ui TEXT(30),
update_time DATETIME DEFAULT CURRENT_TIMESTAMP)"""


def _add_styles(file: sqlite3.Connection, styles: Mapping[str, str]) -> None:
    """Store the styles where QGIS looks for those of a layer that it opens."""
    file.execute(_STYLES)
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '1970-01-01T00:00:00.000Z')"
    )
    for name, qml in styles.items():
        spatial = name in VIEWS or LAYERS[name].shapes
        file.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "ui, update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, '', '', NULL, "
            "'1970-01-01T00:00:00.000Z')",
            (name, "geom" if spatial else "", name, qml),
        )
