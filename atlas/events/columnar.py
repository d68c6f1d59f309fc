"""Parquet and Feather, with their geometry whatever its column is called."""

from __future__ import annotations

import json
import os
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from atlas.base.archives import MAX_RATIO
from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.events.frames import tidy
from atlas.events.options import ReadOptions
from atlas.events.raw import STR, Raw, short

__all__ = ["read_feather", "read_parquet"]

MAX_MEMORY = 3 << 30  # bytes that a table may take once it is unpacked
MAX_ROWS = 200_000_000


def read_parquet(handle: BinaryIO, name: str, options: ReadOptions, notes: Notes) -> Raw:
    """Read a Parquet file; GeoParquet's primary geometry counts.

    Raises
    ------
    InputError
        If it is damaged, or would take more memory than a table of events needs.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(handle)
        meta = file.metadata
        size = sum(meta.row_group(at).total_byte_size for at in range(meta.num_row_groups))
        if (size > MAX_MEMORY or meta.num_rows > MAX_ROWS) and options.limit is None:
            raise InputError(f"{name} would unpack to {size:,} bytes; split it, or say limit=")
        batches, rows, taken = [], 0, 0
        packed = handle.seek(0, os.SEEK_END)
        wanted = meta.num_rows if options.limit is None else options.limit
        for batch in file.iter_batches(batch_size=1 << 14):
            if rows >= wanted:
                break
            batches.append(batch)
            rows += batch.num_rows
            # Repeated values take no room in the file; they do in memory.
            taken += batch.nbytes
            _check_size(taken, packed, name)
        table = pa.Table.from_batches(batches, file.schema_arrow).slice(0, max(wanted, 0))
        return _of_table(table, name, notes, "Parquet")
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        raise InputError(f"{name} is a damaged Parquet file: {short(error)}") from None


def read_feather(handle: BinaryIO, name: str, options: ReadOptions, notes: Notes) -> Raw:
    """Read a Feather (Arrow IPC) file; see `read_parquet`."""
    import pyarrow as pa
    from pyarrow import ipc

    try:
        reader = ipc.open_file(handle)
        batches, rows, taken = [], 0, 0
        packed = handle.seek(0, os.SEEK_END)
        for at in range(reader.num_record_batches):
            if options.limit is not None and rows >= options.limit:
                break
            batch = reader.get_batch(at)
            batches.append(batch)
            rows += batch.num_rows
            taken += batch.nbytes
            _check_size(taken, packed, name)
        table = pa.Table.from_batches(batches, reader.schema)
        if options.limit is not None:
            table = table.slice(0, options.limit)
        return _of_table(table, name, notes, "Feather")
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        raise InputError(f"{name} is a damaged Feather file: {short(error)}") from None


def _check_size(taken: int, packed: int, name: str) -> None:
    if taken > MAX_MEMORY or (taken > 1 << 28 and taken > MAX_RATIO * packed):
        raise InputError(f"{name} would unpack to more than {taken:,} bytes; split it")


def _of_table(table: Any, name: str, notes: Notes, kind: str) -> Raw:
    import pyarrow as pa

    table.validate(full=True)  # else text that is not UTF-8 comes to light much later
    mapper = {pa.string(): STR, pa.large_string(): STR, pa.string_view(): STR}.get
    metadata = table.schema.metadata or {}
    frame = table.to_pandas(types_mapper=mapper, ignore_metadata=True)
    frame = _without_index(frame, metadata)
    geometry = None
    if b"geo" in metadata:
        geometry, frame = _geometry(frame, metadata[b"geo"], name, notes)
    rows = len(frame)
    return Raw(tidy(frame, name, notes), name, notes, rows, geometry=geometry)


def _without_index(frame: pd.DataFrame, metadata: dict[bytes, bytes]) -> pd.DataFrame:
    """Leave out the unnamed index that pandas has written as a column."""
    return frame.drop(
        columns=[name for name in frame.columns if str(name).startswith("__index_level_")]
    )


def _geometry(
    frame: pd.DataFrame, described: bytes, name: str, notes: Notes
) -> tuple[Any, pd.DataFrame]:
    import shapely

    from atlas.events.shapes import in_degrees

    try:
        geo = json.loads(described)
        columns = geo["columns"]
        primary = geo.get("primary_column") or next(iter(columns))
        column = columns[primary]
        system = column.get("crs", "OGC:CRS84")
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        raise InputError(
            f"{name} is a damaged GeoParquet file: its key 'geo' can't be read"
        ) from None
    if primary not in frame.columns:
        raise InputError(f"{name} names a geometry column {primary!r} that it has not")
    try:
        encoding = str(column.get("encoding", "WKB"))
        cells = frame[primary]
        if encoding.upper() == "WKB":
            shapes = np.asarray(shapely.from_wkb(cells.to_numpy(dtype=object)))
        else:
            shapes = _native(cells, encoding)
    except (shapely.errors.ShapelyError, TypeError, ValueError, KeyError, IndexError) as error:
        raise InputError(f"{name} has geometry that can't be read: {short(error)}") from None
    others = [other for other in columns if other in frame.columns]
    if len(others) > 1:
        notes.say(f"geometry: {primary!r}, the primary one of {len(others)}")
    if isinstance(system, dict):
        system = json.dumps(system)
    return in_degrees(shapes, system, name, notes), frame.drop(columns=others)


def _native(cells: pd.Series, encoding: str) -> Any:
    """GeoArrow's points, as structures or pairs."""
    import shapely

    if encoding.lower() != "point":
        raise ValueError(f"the encoding {encoding!r} is not WKB; save it as WKB")
    points = [
        None if cell is None else
        (cell["x"], cell["y"]) if isinstance(cell, dict) else (cell[0], cell[1])
        for cell in cells
    ]  # fmt: skip
    out = np.full(len(points), None, dtype=object)
    out[:] = [None if point is None else shapely.Point(point) for point in points]
    return out
