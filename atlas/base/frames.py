"""Frames to files in the format the name's ending says: whole, or not at all.

Every table that a person or a command of ours writes goes through `write_frame`. What a format
can't hold is changed as little as can be, and said: names that differ only in case, control
characters, text that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.base.output import atomic_file

__all__ = [
    "SUFFIXES",
    "check_target",
    "drafting",
    "neutralised",
    "write_frame",
    "write_point_parquet",
]

# Text that a spreadsheet takes for a formula; numbers written as text are none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?!\.?\d[\d.,]*(?:[eE][+-]?\d+)?\s*$)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL_RE2 = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"  # Arrow holds no lone surrogates
_XLSX_ROWS, _XLSX_CELL = 1_048_575, 32_767


def check_target(path: str | Path) -> Path:
    """Refuse a target that can't be written, before any work is done.

    Parameters
    ----------
    path : str or Path
        File to write; ``-`` is standard output, as CSV.

    Raises
    ------
    InputError
        If the ending is unknown, or there is no such folder.

    Examples
    --------
    >>> check_target("out.doc")
    Traceback (most recent call last):
    ...
    atlas.base.errors.InputError: can't write 'out.doc': the name must end in .csv, ...
    """
    target = Path(path)
    if str(path) == "-":
        return target
    if target.suffix.lower() not in SUFFIXES:
        raise InputError(f"can't write {target.name!r}: the name must end in {', '.join(SUFFIXES)}")
    if target.is_dir():
        raise InputError(f"{str(target)!r} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {str(target.parent)!r} to write to; make it first")
    return target


def write_frame(frame: pd.DataFrame, path: str | Path, *, notes: Notes | None = None) -> Path:
    r"""Write a frame in the format its ending names.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        GeoJSON and GeoPackage need geometry, or columns ``lon`` and ``lat`` in degrees.
    path : str or Path
        ``.csv`` or ``.tsv`` (UTF-8, no geometry), ``.xlsx`` (dates as dates, no geometry),
        ``.json`` (a list of rows, no geometry), ``.parquet`` (GeoParquet where there is geometry),
        ``.geojson``, ``.gpkg``; ``-`` is CSV on standard output. An existing file is replaced only
        once the new one is complete.
    notes : Notes, optional
        Told what had to be changed for the format.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the ending or the folder is wrong, there is nothing to draw, or the disk refuses.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> write_frame(pd.DataFrame({"a": [1]}), folder / "a.csv").read_text()
    'a\n1\n'
    """
    target = check_target(path)
    notes = Notes() if notes is None else notes
    frame = _writable(frame, notes)
    if str(path) == "-":
        stream = sys.stdout.buffer if hasattr(sys.stdout, "buffer") else None
        text = _csv_text(frame, ",", notes)
        if stream is None:
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            stream.write(text.encode("utf-8", "replace"))
        return target
    write = _WRITERS[target.suffix.lower()]
    try:
        with atomic_file(target) as draft:
            write(frame, draft, notes)
    except OSError as error:
        raise InputError(f"can't write {target.name!r}: {error.strerror or error}") from None
    except (MemoryError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        # pyogrio and Arrow raise their own kinds of these; what matters is what could not be.
        raise InputError(f"can't write {target.name!r}: {error}") from None
    return target


def _writable(frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """A frame with a name of text for each column and cells that every format has a type for."""
    import geopandas as gpd

    names: list[str] = []
    for at, title in enumerate(frame.columns, 1):
        parts = title if isinstance(title, tuple) else (title,)
        text = "_".join(str(part) for part in parts if pd.notna(part) and str(part))
        one, number = text or f"column_{at}", 2
        while one in names:
            one, number = f"{text or f'column_{at}'}_{number}", number + 1
        if text and one != text:
            notes.say(f"columns: a second column named {text!r} is called {one!r}")
        names.append(one)
    if names != list(frame.columns):
        plain = pd.DataFrame(frame, copy=False).set_axis(names, axis=1)
        active = frame._geometry_column_name if isinstance(frame, gpd.GeoDataFrame) else None
        at = list(frame.columns).index(active) if active in list(frame.columns) else -1
        frame = plain if at < 0 else gpd.GeoDataFrame(plain, geometry=names[at])
    changed = {}
    for name in names:
        cells = frame[name]
        if isinstance(cells.dtype, pd.ArrowDtype):
            known = cells.array.__arrow_array__().to_pandas()
            changed[name] = known.set_axis(cells.index)
        elif cells.dtype.kind in "mc":  # lengths of time and complex numbers
            changed[name] = cells.astype(object).map(str, na_action="ignore")
    return frame.assign(**changed) if changed else frame


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Without geometry, the columns as they are."""
    import geopandas as gpd

    plain = pd.DataFrame(frame)
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is not None:
        plain = plain.drop(columns=frame.active_geometry_name)
    shapes = [name for name, kind in plain.dtypes.items() if str(kind) == "geometry"]
    return plain.drop(columns=shapes)


def _beyond(values: pd.Series) -> bool:
    """Whether there are days that no clock of Python's knows: it ends with the year 9999."""
    years = values.dt.year
    return bool(((years > 9999) | (years < 1)).any())


def _days_as_text(values: pd.Series) -> pd.Series:
    """Datetimes as ISO text; only the day where no row has a time."""
    naive = values.dt.tz_localize(None) if values.dt.tz is not None else values
    if _beyond(naive):
        days = np.datetime_as_string(naive.to_numpy().astype("datetime64[D]"))
        return pd.Series(days, index=values.index, dtype=object).where(values.notna(), None)
    whole = bool((naive.dropna() == naive.dropna().dt.normalize()).all())
    if whole and values.dt.tz is None:
        text = values.dt.strftime("%Y-%m-%d")
    else:
        text = values.map(lambda stamp: stamp.isoformat(), na_action="ignore")
    return text.astype(object).where(values.notna(), None)


def _cell_text(value: Any) -> Any:
    """A cell a file can hold: lone surrogates and control characters replaced."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value


def _harmless(values: pd.Series) -> bool:
    """Whether a column is text with nothing to replace, told without a look at each cell."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        cells = pa.array(values, type=pa.large_string(), from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):  # other things beside text, surrogates
        return False
    return not pc.any(pc.match_substring_regex(cells, _CONTROL_RE2)).as_py()


def _cleaned(frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    changed = {}
    damaged = 0
    for position, name in enumerate(frame.columns):
        values = frame.iloc[:, position]
        if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
            continue
        if _harmless(values):
            continue
        cells = values.astype(object).to_numpy()
        clean = pd.Series([_cell_text(cell) for cell in cells], index=values.index, dtype=object)
        odd = sum(one is not two and one != two for one, two in zip(clean, cells, strict=True))
        if odd:
            damaged += odd
            changed[name] = clean
    if damaged:
        notes.say(f"{damaged} cells held characters no file can hold; they stand as U+FFFD")
    return frame.assign(**{str(name): values for name, values in changed.items()})


def neutralised(value: Any) -> Any:
    """Text that no spreadsheet runs: an apostrophe stands before what would be a formula.

    Examples
    --------
    >>> neutralised("=1+1"), neutralised("-5.2"), neutralised("@SUM(A1)")
    ("'=1+1", '-5.2', "'@SUM(A1)")
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _csv_text(frame: pd.DataFrame, delimiter: str, notes: Notes) -> str:
    plain = _cleaned(_flat(frame), notes)
    text: dict[int, pd.Series] = {}
    held_back = 0
    returns = False
    for position in range(plain.shape[1]):
        values = plain.iloc[:, position]
        if pd.api.types.is_datetime64_any_dtype(values):
            text[position] = _days_as_text(values)
        elif values.dtype == object or isinstance(values.dtype, pd.StringDtype):
            safe = values.map(neutralised, na_action="ignore")
            held_back += int((safe.ne(values) & values.notna()).sum())
            returns = returns or bool(safe.astype(str).str.contains("\r", regex=False).any())
            text[position] = safe
    if held_back:
        notes.say(f"{held_back} cells begin like a formula; an apostrophe stands before them")
    out = pd.concat(
        [text.get(position, plain.iloc[:, position]) for position in range(plain.shape[1])],
        axis=1,
    ) if plain.shape[1] else plain  # fmt: skip
    out.columns = [neutralised(str(name)) for name in plain.columns]
    # A bare carriage return would end a row for some readers: then all text is quoted.
    quoting = csv.QUOTE_NONNUMERIC if returns else csv.QUOTE_MINIMAL
    written = out.to_csv(index=False, sep=delimiter, lineterminator="\n", quoting=quoting)
    return str(written)


def _write_csv(delimiter: str) -> Callable[[pd.DataFrame, Path, Notes], None]:
    def write(frame: pd.DataFrame, draft: Path, notes: Notes) -> None:
        draft.write_text(_csv_text(frame, delimiter, notes), encoding="utf-8", newline="")

    return write


def _write_xlsx(frame: pd.DataFrame, draft: Path, notes: Notes) -> None:
    from datetime import datetime

    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    plain = _cleaned(_flat(frame), notes)
    if len(plain) > _XLSX_ROWS:
        raise InputError(
            f"a sheet holds {_XLSX_ROWS:,} rows, not {len(plain):,}; write .csv or .parquet"
        )
    # The day a file is made would make each one different.
    book = Workbook(write_only=True)
    fixed = datetime(2000, 1, 1)
    book.properties.created = book.properties.modified = fixed
    sheet = book.create_sheet("table")
    sheet.freeze_panes = "A2"
    cut = 0

    def cell(value: Any) -> Any:
        nonlocal cut
        if (
            value is None
            or value is pd.NaT
            or (isinstance(value, float) and not np.isfinite(value))
        ):
            return None
        if isinstance(value, pd.Timestamp):
            stamp = value.tz_localize(None) if value.tzinfo else value
            if not 1900 <= stamp.year <= 9999:  # no day of a sheet's
                return WriteOnlyCell(sheet, stamp.isoformat())
            made = WriteOnlyCell(sheet, stamp.to_pydatetime())
            if stamp == stamp.normalize():
                made.number_format = "yyyy-mm-dd"
            return made
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, bool | int | float):
            return value
        text = str(value)
        if len(text) > _XLSX_CELL:
            cut += 1
            text = text[: _XLSX_CELL - 1] + "…"
        made = WriteOnlyCell(sheet, text)
        made.data_type = "s"  # text, whatever it begins with
        return made

    sheet.append([cell(str(name)) for name in plain.columns])
    columns = [
        plain.iloc[:, at].astype(object).where(plain.iloc[:, at].notna(), None)
        for at in range(plain.shape[1])
    ]
    for row in zip(*columns, strict=True):
        sheet.append([cell(value) for value in row])
    if cut:
        notes.say(f"{cut} cells are longer than the {_XLSX_CELL:,} characters a sheet holds: cut")
    book.save(draft)
    same_bytes(draft)


def same_bytes(draft: Path) -> None:
    """Give every part of a zip file one time, so that the same table makes the same bytes."""
    import zipfile

    with zipfile.ZipFile(draft) as made:
        parts = {item.filename: made.read(item) for item in made.infolist()}
    parts = {
        name: re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
        for name, data in parts.items()
    }
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as again:
        for name, data in parts.items():
            again.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def _write_json(frame: pd.DataFrame, draft: Path, notes: Notes) -> None:
    plain = _cleaned(_flat(frame), notes)
    columns = []
    for position in range(plain.shape[1]):
        values = plain.iloc[:, position]
        if pd.api.types.is_datetime64_any_dtype(values):
            values = _days_as_text(values)
        elif values.dtype.kind == "f" and np.isinf(values.to_numpy()).any():
            notes.say(
                f"{plain.columns[position]}: JSON has no infinite numbers; they stand as null"
            )
            values = values.replace([np.inf, -np.inf], np.nan)
        columns.append(values.astype(object).where(values.notna(), None))
    names = [str(name) for name in plain.columns]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    text = json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False, default=_json_value)
    draft.write_text(text + "\n", encoding="utf-8")


def _json_value(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, set | tuple):
        return sorted(value) if isinstance(value, set) else list(value)
    return str(value)


def _write_parquet(frame: pd.DataFrame, draft: Path, notes: Notes) -> None:
    import geopandas as gpd

    clean = _uniform(_cleaned(frame, notes))
    if isinstance(clean, gpd.GeoDataFrame) and _coordinates(clean) is not None:
        write_point_parquet(clean, draft)
    elif isinstance(clean, gpd.GeoDataFrame):
        clean.to_parquet(draft, index=False, compression="zstd")
    else:
        clean.to_parquet(draft, index=False, compression="zstd")


def _uniform(frame: pd.DataFrame) -> pd.DataFrame:
    """Text in a column of text: formats with typed columns can't hold a number beside it."""
    changed = {}
    for name in frame.columns:
        values = frame[name]
        if isinstance(values, pd.DataFrame) or values.dtype != object:
            continue
        kinds = {type(value) for value in values.dropna()}
        if len(kinds) > 1 or not kinds <= {str, bytes, dict, list}:
            changed[str(name)] = values.map(str, na_action="ignore")
    return frame.assign(**changed)


def _write_layer(driver: str) -> Callable[[pd.DataFrame, Path, Notes], None]:
    def write(frame: pd.DataFrame, draft: Path, notes: Notes) -> None:
        layer = _plain_types(_uniform(_cleaned(_geographic(frame), notes)))
        if driver == "GPKG":
            layer = _told_apart(layer, notes)
            draft.unlink(missing_ok=True)  # GDAL makes its own
        options: dict[str, Any] = {"RFC7946": "YES"} if driver == "GeoJSON" else {}
        with drafting():
            layer.to_file(
                draft, index=False, engine="pyogrio", driver=driver, layer="events", **options
            )

    return write


@contextmanager
def drafting(*, moment: str = "1970-01-01T00:00:00.000Z") -> Iterator[None]:
    """Let GDAL write a draft: without waiting for the disk, the same bytes for the same data."""
    import pyogrio

    options = {
        # A GeoPackage records when it was written; one moment for all keeps the bytes the same.
        "OGR_CURRENT_DATE": moment,
        # A draft that is lost is no loss: it takes the place of what it replaces when it is whole.
        "OGR_SQLITE_SYNCHRONOUS": "OFF",
    }
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _told_apart(layer: Any, notes: Notes) -> Any:
    """Names that a GeoPackage can tell apart: it does not know small from capital letters."""
    shape = layer.active_geometry_name
    taken = {"fid", "geom", str(shape).lower()}
    renamed = {}
    for name in layer.columns:
        if name == shape:
            continue
        new, number = str(name), 2
        while new.lower() in taken:
            new, number = f"{name}_{number}", number + 1
        taken.add(new.lower())
        if new != name:
            renamed[name] = new
    if renamed:
        pairs = ", ".join(f"{old} -> {new}" for old, new in renamed.items())
        notes.say(f"columns renamed, for a GeoPackage can't hold both: {pairs}")
    return layer.rename(columns=renamed)


def _coordinates(frame: Any) -> tuple[Any, Any] | None:
    """Where the points of a frame lie, if no object was made of them and it has no other shapes."""
    from atlas.base.points import PointArray

    kinds = [name for name, kind in frame.dtypes.items() if str(kind) == "geometry"]
    points = frame.geometry.array if kinds == [frame.active_geometry_name] else None
    return points.coordinates if isinstance(points, PointArray) else None


def write_point_parquet(frame: Any, path: Path) -> None:
    """Write GeoParquet 1.1 of points straight from their coordinates.

    A geometry object for each of millions of points costs more than the join does; well-known
    binary is 21 bytes a point and laid out here as one array.

    Parameters
    ----------
    frame : GeoDataFrame
        Its geometry is points, None where there is none.
    path : Path
        Written in place; see `write_frame` for files that appear whole.

    Notes
    -----
    Format: GeoParquet specification 1.1.0.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq
    import shapely

    name = frame.active_geometry_name
    known_as = _coordinates(frame)
    if known_as is None:
        shapes = frame.geometry.to_numpy()
        known_as = shapely.get_x(shapes), shapely.get_y(shapes)
    lon, lat = known_as
    points = np.empty(
        len(frame), dtype=[("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")]
    )
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, lon, lat
    known = np.isfinite(lon) & np.isfinite(lat)
    offsets = np.arange(len(frame) + 1, dtype=np.int64) * points.dtype.itemsize
    valid = pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    cells = pa.Array.from_buffers(
        pa.large_binary(),
        len(frame),
        [valid, pa.py_buffer(offsets), pa.py_buffer(points)],
        null_count=int((~known).sum()),
    ).cast(pa.binary())
    plain = pd.DataFrame(frame, copy=False).drop(columns=name)
    table = pa.Table.from_pandas(plain, preserve_index=False)
    table = table.add_column(list(frame.columns).index(name), name, cells)
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if frame.crs is not None:
        column["crs"] = frame.crs.to_json_dict()
        for member in column["crs"].get("datum_ensemble", {}).get("members", ()):
            member.pop("id", None)  # unknown to older libraries, which then read no system at all
    if known.any():
        x, y = lon[known], lat[known]
        column["bbox"] = [float(v) for v in (x.min(), y.min(), x.max(), y.max())]
    geo = {"version": "1.1.0", "primary_column": name, "columns": {name: column}}
    table = table.replace_schema_metadata(
        {**(table.schema.metadata or {}), b"geo": json.dumps(geo).encode()}
    )
    pq.write_table(table, path, compression="zstd")


def _geographic(frame: pd.DataFrame) -> Any:
    import geopandas as gpd
    import shapely

    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is not None:
        return frame
    if not {"lon", "lat"} <= set(frame.columns):
        raise InputError(
            "there is nothing to draw: no geometry and no columns lon and lat; write .csv or .xlsx"
        )
    lon, lat = (
        pd.to_numeric(frame[name], errors="coerce").to_numpy(float) for name in ("lon", "lat")
    )
    points = np.full(len(frame), None, dtype=object)
    known = np.isfinite(lon) & np.isfinite(lat)
    points[known] = shapely.points(lon[known], lat[known])
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326")


def _plain_types(layer: Any) -> Any:
    """GDAL knows neither categories nor nullable whole numbers nor lists."""
    changed = {}
    for column in layer.columns:
        dtype = layer[column].dtype
        if str(dtype) == "geometry" and column != layer.active_geometry_name:
            changed[column] = layer[column].to_wkt()  # a layer has one geometry
        elif isinstance(dtype, pd.CategoricalDtype):
            changed[column] = layer[column].astype(object).map(str, na_action="ignore")
        elif isinstance(dtype, pd.Int64Dtype | pd.Int32Dtype) and layer[column].isna().any():
            changed[column] = layer[column].astype(float)
        elif isinstance(dtype, pd.Int64Dtype | pd.Int32Dtype):
            changed[column] = layer[column].astype("int64")
        elif isinstance(dtype, pd.BooleanDtype):
            changed[column] = layer[column].astype(object).map(str, na_action="ignore")
        elif dtype.kind == "M" and _beyond(layer[column]):
            changed[column] = _days_as_text(layer[column])
    return layer.assign(**changed)


_WRITERS: dict[str, Callable[[pd.DataFrame, Path, Notes], None]] = {
    ".csv": _write_csv(","),
    ".tsv": _write_csv("\t"),
    ".xlsx": _write_xlsx,
    ".json": _write_json,
    ".parquet": _write_parquet,
    ".geojson": _write_layer("GeoJSON"),
    ".gpkg": _write_layer("GPKG"),
}
SUFFIXES = tuple(_WRITERS)
"""Endings of files that a table can be written to."""
