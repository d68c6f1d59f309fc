"""The same rows in every container, made by the tests."""

# ruff: noqa: E501
from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

__all__ = ["CONTAINERS", "make", "ods", "told", "zipped"]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def ods(rows: list[list[Any]]) -> bytes:
    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, (int, float)):
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
        safe = str(value).replace("&", "&amp;").replace("<", "&lt;")
        return f'<table:table-cell office:value-type="string"><text:p>{safe}</text:p></table:table-cell>'

    body = "".join(
        f"<table:table-row>{''.join(map(cell, row))}"
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    uri = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{uri}office:1.0" xmlns:table="{uri}table:1.0" '
        f'xmlns:text="{uri}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet1">{body}'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content__xml=content.encode()
    )


def _layer(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(frame["lon"], frame["lat"], crs=4326)
    return gpd.GeoDataFrame(frame, geometry=points)


def _saved(suffix: str, write: Callable[[pd.DataFrame, Path], Any]) -> Callable[..., Any]:
    def made(frame: pd.DataFrame, folder: Path) -> Path:
        path = folder / f"events.{suffix}"
        path.unlink(missing_ok=True)
        write(frame, path)
        return path

    return made


def _text(sep: str, encoding: str, name: str = "events.csv") -> Callable[..., Any]:
    return _saved(
        name.split(".", 1)[1],
        lambda frame, path: path.write_bytes(frame.to_csv(index=False, sep=sep).encode(encoding)),
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{key: None if pd.isna(value) else value for key, value in row.items()}
            for row in frame.to_dict("records")]  # fmt: skip


#: Name of a container -> how a frame of ``event_date, lon, lat, ...`` becomes one.
CONTAINERS: dict[str, Callable[[pd.DataFrame, Path], Any]] = {
    "csv": _text(",", "utf-8"),
    "semicolon": _text(";", "utf-8-sig"),
    "tab, utf-16": _text("\t", "utf-16", "events.tsv"),
    "csv.gz": _saved("csv.gz", lambda f, p: p.write_bytes(gzip.compress(f.to_csv(index=False).encode()))),
    "csv in zip": _saved("zip", lambda f, p: p.write_bytes(zipped(a__csv=f.to_csv(index=False).encode()))),
    "xlsx": _saved("xlsx", lambda f, p: f.to_excel(p, index=False)),
    "ods": _saved("ods", lambda f, p: p.write_bytes(
        ods([list(f.columns), *[list(row.values()) for row in _rows(f)]]))),
    "parquet": _saved("parquet", lambda f, p: f.to_parquet(p, index=False)),
    "geoparquet": _saved("parquet", lambda f, p: _layer(f).to_parquet(p, index=False)),
    "feather": _saved("feather", lambda f, p: f.to_feather(p)),
    "geojson": _saved("geojson", lambda f, p: _layer(f).to_file(p, driver="GeoJSON")),
    "gpkg": _saved("gpkg", lambda f, p: _layer(f).to_file(p, driver="GPKG")),
    "gpkg, utm": _saved("gpkg", lambda f, p: _layer(f).to_crs(32638).to_file(p, driver="GPKG")),
    "json": _saved("json", lambda f, p: p.write_text(json.dumps(_rows(f)))),
    "json lines": _saved("jsonl", lambda f, p: p.write_text("".join(json.dumps(row) + "\n" for row in _rows(f)))),
    "api page": _saved("json", lambda f, p: p.write_text(json.dumps({"TotalCount": len(f), "Result": _rows(f)}))),
    "frame": lambda f, p: f,
    "frame, odd index": lambda f, p: f.set_axis([f"r{n}" for n in range(len(f))]),
    "layer": lambda f, p: _layer(f),
    "layer, mercator": lambda f, p: _layer(f).to_crs(3857).rename_geometry("wo"),
    "list": lambda f, p: _rows(f),
    "open file": lambda f, p: io.StringIO(f.to_csv(index=False)),
}  # fmt: skip


def make(kind: str, frame: pd.DataFrame, folder: Path) -> Any:
    """A container of a frame's rows."""
    return CONTAINERS[kind](frame, folder)


def told(events: Any, *names: str) -> pd.DataFrame:
    """Our columns, as texts and rounded numbers, to be compared."""
    out = {}
    for name in names or ("event_date", "start", "end", "lon", "lat", "best", "place_name", "title",
                          "event_type", "actor1", "coordinate_uncertainty_m"):  # fmt: skip
        cells = events.column(name).reset_index(drop=True)
        if pd.api.types.is_float_dtype(cells.dtype):
            out[name] = cells.astype(float).round(7)
        else:
            out[name] = cells.astype(object).where(cells.notna(), "").astype(str)
    return pd.DataFrame(out)
