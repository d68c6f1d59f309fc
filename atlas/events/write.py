"""Frames to files, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.errors import InputError, NotFoundError

__all__ = ["SUFFIXES", "write_frame", "write_point_parquet"]

SUFFIXES = (".csv", ".tsv", ".parquet", ".geojson", ".gpkg")


def write_frame(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a frame in the format its suffix names.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        GeoJSON and GeoPackage need geometry, or columns ``lon`` and ``lat``.
    path : str or Path
        ``.csv`` or ``.tsv`` (UTF-8, no geometry), ``.parquet`` (GeoParquet where there is
        geometry), ``.geojson``, ``.gpkg``. An existing file is replaced only once the new one is
        complete.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the suffix is unknown, there is nothing to draw, or the disk refuses.
    NotFoundError
        If the folder does not exist.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"can't write {target.name!r}: the name must end in {', '.join(SUFFIXES)}")
    if not target.parent.is_dir():
        raise NotFoundError(f"there is no folder {str(target.parent)!r} to write to")
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=suffix)
    os.close(handle)
    draft = Path(temporary)
    try:
        if suffix == ".gpkg":
            draft.unlink()  # GDAL makes its own
        _write(frame, draft, suffix)
        umask = os.umask(0)
        os.umask(umask)
        draft.chmod(0o666 & ~umask)
        draft.replace(target)
    except OSError as error:
        raise InputError(f"can't write {target.name!r}: {error.strerror or error}") from None
    finally:
        draft.unlink(missing_ok=True)
    return target


def _write(frame: pd.DataFrame, draft: Path, suffix: str) -> None:
    import geopandas as gpd

    if suffix in (".csv", ".tsv"):
        plain = pd.DataFrame(frame)
        if isinstance(frame, gpd.GeoDataFrame):
            plain = plain.drop(columns=frame.geometry.name)
        plain.to_csv(draft, index=False, sep="\t" if suffix == ".tsv" else ",", lineterminator="\n")
    elif suffix == ".parquet":
        if isinstance(frame, gpd.GeoDataFrame):
            frame.to_parquet(draft, index=False, compression="zstd")
        else:
            frame.to_parquet(draft, index=False, compression="zstd")
    else:
        layer = _plain_types(_geographic(frame))
        options: dict[str, Any] = (
            {"driver": "GeoJSON", "RFC7946": "YES", "layer": "events"}
            if suffix == ".geojson"
            else {"driver": "GPKG", "layer": "events"}
        )
        import pyogrio

        # A GeoPackage records when it was written; a fixed day keeps the bytes the same.
        before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "1970-01-01T00:00:00.000Z"})
        try:
            layer.to_file(draft, index=False, engine="pyogrio", **options)
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def write_point_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write GeoParquet 1.1 of points straight from ``lon`` and ``lat``.

    A geometry object for each of millions of points costs more than the join does; well-known
    binary is 21 bytes a point and laid out here as one array.

    Parameters
    ----------
    frame : DataFrame
        With ``lon``, ``lat`` in degrees, EPSG:4326; NaN is a row without geometry.
    path : Path
        Written in place; see `write_frame` for files that appear whole.

    Notes
    -----
    Format: GeoParquet specification 1.1.0; without a CRS entry it means OGC:CRS84, which is
    longitude and latitude in WGS 84.
    """
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    lon, lat = (frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("lon", "lat"))
    points = np.empty(
        len(frame), dtype=[("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")]
    )
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, lon, lat
    known = np.isfinite(lon) & np.isfinite(lat)
    offsets = np.arange(len(frame) + 1, dtype=np.int64) * points.dtype.itemsize
    valid = pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    shapes = pa.Array.from_buffers(
        pa.large_binary(),
        len(frame),
        [valid, pa.py_buffer(offsets), pa.py_buffer(points)],
        null_count=int((~known).sum()),
    ).cast(pa.binary())
    table = pa.Table.from_pandas(
        frame.drop(columns="geometry", errors="ignore"), preserve_index=False
    )
    table = table.append_column("geometry", shapes)
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if known.any():
        x, y = lon[known], lat[known]
        column["bbox"] = [float(v) for v in (x.min(), y.min(), x.max(), y.max())]
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = table.replace_schema_metadata(
        {**(table.schema.metadata or {}), b"geo": json.dumps(geo).encode()}
    )
    pq.write_table(table, path, compression="zstd")


def _geographic(frame: pd.DataFrame) -> Any:
    import geopandas as gpd
    import shapely

    if isinstance(frame, gpd.GeoDataFrame):
        return frame
    if not {"lon", "lat"} <= set(frame.columns):
        raise InputError("there is nothing to draw: no geometry and no columns lon and lat")
    points = shapely.points(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float))
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326")


def _plain_types(layer: Any) -> Any:
    """GDAL knows neither categories nor nullable whole numbers."""
    changed = {}
    for column in layer.columns:
        dtype = layer[column].dtype
        if isinstance(dtype, pd.CategoricalDtype):
            changed[column] = layer[column].astype(object).astype(str)
        elif isinstance(dtype, pd.Int64Dtype) and layer[column].isna().any():
            changed[column] = layer[column].astype(float)
        elif isinstance(dtype, pd.Int64Dtype):
            changed[column] = layer[column].astype("int64")
    return layer.assign(**changed)
