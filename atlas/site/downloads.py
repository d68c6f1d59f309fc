"""The record as files to download, and the Data Package that describes them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from atlas.base.errors import InputError
from atlas.base.frames import drafting, neutralised
from atlas.base.output import write_bytes, write_text
from atlas.base.timespan import OPEN_END, OPEN_START, boundary_day, format_day
from atlas.record.schema import TABLES, Column, Table

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.record.pack import Pack

__all__ = ["Download", "data_package", "write_downloads"]

_DECIMALS = 5
_STAMP = "2000-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the downloads folder.

    Attributes
    ----------
    name, about, group : str
        File name, what it holds, and its kind of format.
    rows : int or None
        Rows, where it is a table.
    bytes : int
        Size.
    sha256 : str
        Hash, hexadecimal.
    """

    name: str
    about: str
    group: str
    rows: int | None
    bytes: int
    sha256: str

    @property
    def size(self) -> str:
        """Size in words."""
        if self.bytes >= 1_000_000:
            return f"{self.bytes / 1e6:.1f} MB"
        return f"{max(1, round(self.bytes / 1000))} kB"


def _cell(column: Column, value: Any) -> str:
    if column.kind in ("number", "integer"):
        if math.isnan(value):
            return ""
        return str(int(value)) if float(value).is_integer() else repr(round(float(value), 6))
    return "true" if value else "false"


def _boundary(text: str, day: int, *, end: bool) -> str:
    """Cell of a boundary: the record's own, unless a cut by date has moved it."""
    if boundary_day(text, end=end) == day:
        return text
    return "" if day in (OPEN_START, OPEN_END) else format_day(day)


def _columns(pack: Pack, table: Table) -> dict[str, list[str]]:
    """Cells of a table as text, in the order of the schema."""
    frame: pd.DataFrame = getattr(pack, table.name)
    cells = {
        column.name: [_cell(column, value) for value in frame[column.name].tolist()]
        if column.kind in ("number", "integer", "flag")
        else list(map(str, frame[column.name].tolist()))
        for column in table.columns
    }
    if "valid_from" in cells and pack.known_on_day is not None:
        for name, days, end in (("valid_from", "start_day", False), ("valid_to", "end_day", True)):
            cells[name] = [
                _boundary(text, int(day), end=end)
                for text, day in zip(cells[name], frame[days], strict=True)
            ]
    return cells


def _geometry(frame: Any) -> Any:
    return shapely.set_precision(frame.geometry.to_numpy(), 10**-_DECIMALS, mode="pointwise")


def _csv(cells: Mapping[str, list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(cells)
    # Most texts of a column stand there often.
    safe = {text: neutralised(text) for column in cells.values() for text in dict.fromkeys(column)}
    writer.writerows(map(safe.__getitem__, row) for row in zip(*cells.values(), strict=True))
    return out.getvalue()


def _value(column: Column, text: str) -> Any:
    """JSON value of a cell; what is empty is left out."""
    if column.kind in ("number", "integer"):
        return json.loads(text)
    return text == "true" if column.kind == "flag" else text


def _geojson(table: Table, cells: Mapping[str, list[str]], shapes: Any) -> str:
    lines = []
    for n, shape in enumerate(shapes):
        properties = {
            column.name: _value(column, cells[column.name][n])
            for column in table.columns
            if cells[column.name][n] != ""
        }
        known = shape is not None and not shape.is_empty and math.isfinite(shape.bounds[0])
        feature = {
            "type": "Feature",
            "id": properties.get("id"),
            "properties": properties,
            "geometry": json.loads(shapely.to_geojson(shape)) if known else None,
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def _typed(table: Table, cells: Mapping[str, list[str]]) -> pd.DataFrame:
    """Cells with types, for the binary formats."""
    data: dict[str, Any] = {}
    for column in table.columns:
        texts = cells[column.name]
        if column.kind == "integer":
            data[column.name] = pd.array([int(x) if x else None for x in texts], dtype="Int64")
        elif column.kind == "number":
            data[column.name] = [float(x) if x else math.nan for x in texts]
        elif column.kind == "flag":
            data[column.name] = [x == "true" for x in texts]
        else:
            data[column.name] = pd.Series(texts, dtype=object)
    return pd.DataFrame(data)


def _parties(pack: Pack) -> dict[str, list[str]]:
    langs = list(pack.meta.languages)
    out: dict[str, list[str]] = {name: [] for name in ("id", "role", "iso", "colour")}
    out |= {f"name_{lang}": [] for lang in langs}
    for key in sorted(pack.meta.parties):
        party = pack.meta.parties[key]
        values = [key, party.role, party.iso, party.colour]
        values += [party.name.get(lang, "") for lang in langs]
        for name, value in zip(out, values, strict=True):
            out[name].append(value)
    return out


def _sources_json(pack: Pack) -> str:
    """CSL-JSON items of the sources on record, with every field the pack has."""
    path = Path(pack.directory) / TABLES["sources"].file
    items = {str(item.get("id")): item for item in json.loads(path.read_text(encoding="utf-8"))}
    kept = [items[key] for key in sorted(pack.sources["id"]) if key in items]
    return json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _write_geopackage(path: Path, layers: Mapping[str, pd.DataFrame]) -> None:
    import pyogrio

    try:
        with drafting(moment=_STAMP):
            for n, (name, frame) in enumerate(sorted(layers.items())):
                shape = hasattr(frame, "geometry")
                pyogrio.write_dataframe(
                    frame, path, layer=name, driver="GPKG", append=n > 0,
                    geometry_type="Unknown" if shape else None,
                )  # fmt: skip
    except pyogrio.errors.DataSourceError as error:
        raise InputError(
            f"the site's GeoPackage can't be written ({error}); make room there, or write elsewhere"
        ) from None


def _control_shapes(pack: Pack, typed: Mapping[str, pd.DataFrame]) -> gpd.GeoDataFrame:
    """Every spell of control with the shape of its area, for desktop GIS."""
    import geopandas as gpd

    areas = pd.DataFrame({"area_id": pack.areas["id"], "geometry": _geometry(pack.areas)})
    merged = typed["control"].merge(areas, on="area_id", how="left")
    return gpd.GeoDataFrame(merged, geometry="geometry", crs=pack.areas.crs)


def _tables(pack: Pack) -> dict[str, Table]:
    """The schema's tables in the languages that this pack has."""
    return {
        name: table.speaking(str(column) for column in getattr(pack, name).columns)
        for name, table in TABLES.items()
    }


def write_downloads(pack: Pack, folder: Path, *, version: str = "") -> list[Download]:
    """Write the record in every format.

    Parameters
    ----------
    pack : Pack
        The record.
    folder : Path
        An existing folder.
    version : str
        Version of the record, for ``datapackage.json``.

    Returns
    -------
    list of Download
        What was written, in the order in which the page lists it.
    """
    import geopandas as gpd

    written: list[tuple[str, str, str, int | None]] = []

    def note(name: str, about: str, group: str, rows: int | None = None) -> Path:
        written.append((name, about, group, rows))
        return folder / name

    tables = _tables(pack)
    cells = {name: _columns(pack, table) for name, table in tables.items()}
    typed = {name: _typed(table, cells[name]) for name, table in tables.items()}
    shaped = [name for name in tables if hasattr(getattr(pack, name), "geometry")]
    for name, table in tables.items():
        rows = dict(cells[name])
        about = table.about
        if table.geometry:
            rows["geometry_wkt"] = list(
                shapely.to_wkt(_geometry(getattr(pack, name)), rounding_precision=_DECIMALS)
            )
        write_text(note(f"{name}.csv", about, "csv", len(getattr(pack, name))), _csv(rows))
    parties = _parties(pack)
    write_text(
        note("parties.csv", "Parties and bodies that the record names, by id.", "csv",
             len(parties["id"])), _csv(parties),
    )  # fmt: skip
    for name in shaped:
        frame = getattr(pack, name)
        text = _geojson(tables[name], cells[name], _shapes(pack, name))
        write_text(note(f"{name}.geojson", TABLES[name].about, "geojson", len(frame)), text)
    layers: dict[str, Any] = {
        name: gpd.GeoDataFrame(typed[name], geometry=_shapes(pack, name), crs="EPSG:4326")
        if name in shaped
        else typed[name]
        for name in TABLES
    }
    layers["control_shapes"] = _control_shapes(pack, typed)
    path = note(f"{pack.id}.gpkg", "All tables as layers of one GeoPackage; `control_shapes` has "
                "every spell of control with its outline.", "gis")  # fmt: skip
    _write_geopackage(path, layers)
    for name in (*shaped, "control_shapes"):
        about = TABLES[name].about if name in TABLES else "Spells of control with their outlines."
        layers[name].to_parquet(
            note(f"{name}.parquet", about, "gis", len(layers[name])), compression="zstd"
        )
    write_text(
        note("sources.json", "The bibliography as CSL-JSON, for Zotero and its like.", "json",
             len(pack.sources)), _sources_json(pack),
    )  # fmt: skip
    package = data_package(pack, folder, version=version)
    write_bytes(
        note("datapackage.json", "Describes the CSV tables, column by column (Frictionless Data "
             "Package).", "json"),
        (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
    )  # fmt: skip
    out = []
    for name, about, group, count in written:
        data = (folder / name).read_bytes()
        plain = about.replace("`", "")
        digest = hashlib.sha256(data).hexdigest()
        out.append(Download(name, plain, group, count, len(data), digest))
    return out


def _shapes(pack: Pack, name: str) -> Any:
    """Shapes of a table; an event without coordinates lies at its place."""
    frame = getattr(pack, name)
    if name != "events":
        return _geometry(frame)
    from atlas.site.facts import event_points

    points = event_points(pack)
    found = np.array([points[str(key)] for key in frame["id"]], dtype=float)
    return shapely.points(found.reshape(-1, 2))


_TYPES = {"number": "number", "integer": "integer", "flag": "boolean", "day": "date"}


def _field(column: Column) -> dict[str, Any]:
    out: dict[str, Any] = {"name": column.name, "type": _TYPES.get(column.kind, "string")}
    about = column.about
    if column.kind in ("ids", "words"):
        about += "; several are separated by |"
    if column.kind == "edtf":
        about += "; EDTF (ISO 8601-2)"
    out["description"] = about.strip("; ")
    limits: dict[str, Any] = {}
    if column.required:
        limits["required"] = True
    if column.name == "id":
        limits["unique"] = True
    if column.words and column.kind == "word":
        limits["enum"] = list(column.words)
    if column.low is not None and column.kind in _TYPES:
        limits["minimum"] = column.low
    if column.high is not None and column.kind in _TYPES:
        limits["maximum"] = column.high
    if column.kind == "integer":
        limits |= {k: int(v) for k, v in limits.items() if k in ("minimum", "maximum")}
    if limits:
        out["constraints"] = limits
    return out


def _resource(table: Table, path: Path) -> dict[str, Any]:
    fields = [_field(column) for column in table.columns]
    if table.geometry:
        fields.append(
            {"name": "geometry_wkt", "type": "string", "description": "Shape, WKT, WGS 84"}
        )
    schema: dict[str, Any] = {"fields": fields, "primaryKey": ["id"], "missingValues": [""]}
    keys = [
        {
            "fields": [column.name],
            "reference": {
                "resource": "parties" if column.refers == "party" else column.refers,
                "fields": ["id"],
            },
        }
        for column in table.columns
        if column.kind == "id" and column.refers and column.refers != table.name
    ]
    if keys:
        schema["foreignKeys"] = keys
    return _described(path, table.name, table.about) | {"schema": schema}


def _described(path: Path, name: str, about: str) -> dict[str, Any]:
    data = path.read_bytes()
    return {
        "name": name,
        "path": path.name,
        "profile": "tabular-data-resource",
        "description": about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }


def data_package(pack: Pack, folder: Path, *, version: str = "") -> dict[str, Any]:
    """Describe the CSV tables as a Frictionless Data Package.

    Parameters
    ----------
    pack : Pack
        The record.
    folder : Path
        Where the CSV tables lie.
    version : str
        Version of the record.

    Source: Frictionless Data Package, Table Schema, specifications v1.
    """
    resources = [_resource(table, folder / f"{name}.csv") for name, table in _tables(pack).items()]
    parties = _described(folder / "parties.csv", "parties", "Parties and bodies, by id.")
    fields = [{"name": name, "type": "string"} for name in _parties(pack)]
    parties["schema"] = {"fields": fields, "primaryKey": ["id"], "missingValues": [""]}
    licence = str(pack.meta.settings.get("licence", ""))
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": pack.id,
        "title": pack.title.get("en") or pack.id,
        "resources": [*resources, parties],
    }
    about = pack.meta.description.get("en", "")
    if about:
        package["description"] = about
    if version:
        package["version"] = version
    if licence:
        package["licenses"] = [{"name": licence}]
    return package
