"""Anybody's table of events: CSV, TSV, Excel, Parquet, GeoJSON or GeoPackage.

Which column holds what is given by the caller or guessed from its name; every guess is reported in
``Events.notes``, so that a wrong one can be seen and corrected.
"""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events.fields import (
    Checked,
    Events,
    Filters,
    edtf_of_days,
    spans_of_edtf,
    texts_by_code,
)
from atlas.events.source import (
    STR,
    Opened,
    Raw,
    Rejects,
    Source,
    check_archive,
    opened,
    read_delimited,
    read_features,
)

__all__ = ["GUESSES", "parse_table", "read_table"]

#: What a column may be used for, and the names that suggest it, best first.
GUESSES: dict[str, tuple[str, ...]] = {
    "date": ("event_date", "date", "date_start", "start_date", "datetime", "day", "when",
             "incident_date", "timestamp", "year"),
    "date_end": ("date_end", "end_date", "until"),
    "lon": ("lon", "longitude", "lng", "long", "x", "decimallongitude", "geometry_lon"),
    "lat": ("lat", "latitude", "y", "decimallatitude", "geometry_lat"),
    "uncertainty_m": ("coordinate_uncertainty_m", "coordinateuncertaintyinmeters",
                      "uncertainty_m", "precision_m"),
    "place": ("place_name", "place", "location", "where_coordinates", "settlement", "city",
              "village", "town", "locality", "where"),
    "title": ("title", "event_title", "headline", "event", "event_name", "summary",
              "description", "event_description", "note", "notes", "what"),
    "id": ("event_id", "id", "event_id_cnty", "uid"),
    "event_type": ("event_type", "type", "category", "kind"),
    "actor1": ("actor1", "side_a", "perpetrator"),
    "actor2": ("actor2", "side_b", "victim", "target"),
    "best": ("best", "deaths", "fatalities", "killed", "casualties"),
    "low": ("low", "deaths_low", "fatalities_low"),
    "high": ("high", "deaths_high", "fatalities_high"),
}  # fmt: skip
_TEXTS = {"event_id": "id", "event_type": "event_type", "title": "title", "place_name": "place",
          "actor1": "actor1", "actor2": "actor2"}  # fmt: skip


def read_table(
    source: Source,
    *,
    columns: Mapping[str, str] | None = None,
    limit: int | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    bbox: Sequence[float] | None = None,
    source_name: str = "",
) -> Events:
    """Read any table of events.

    Parameters
    ----------
    source : path or file
        CSV or TSV (or a zip or gzip of it), XLSX, Parquet, GeoJSON or GeoPackage.
    columns : mapping, optional
        Use to column name, e.g. ``{"date": "When", "lon": "X"}``; uses are the keys of `GUESSES`.
        An empty name says that there is no such column. What is not given is guessed by name.
    limit, date_from, date_to, bbox
        As in `atlas.events.ucdp.read_ucdp`.
    source_name : str
        Text for ``source_dataset``; the file's name if empty.

    Returns
    -------
    Events
        Upstream columns verbatim and ours. Dates may be days in common formats or EDTF; rows
        without a date or without coordinates are kept as such.

    Raises
    ------
    InputError
        If the file can't be opened as a table, a named column is missing, or there is neither a
        date nor a place to go by.
    NotFoundError
        If there is no such file.
    """
    filters = Filters(limit, date_from, date_to, bbox)
    with opened(source) as ready:
        return parse_table(ready, filters, columns=columns, source_name=source_name)


def parse_table(
    source: Opened,
    filters: Filters,
    *,
    columns: Mapping[str, str] | None = None,
    source_name: str = "",
) -> Events:
    """Read an opened table; see `read_table`."""
    name = source.name
    raw = _rows(source, filters.limit)
    roles, guessed = _roles(list(raw.frame.columns), columns or {}, name)
    checked = Checked(raw, notes=guessed)
    return _understand(checked, roles, source_name or name, filters)


def _roles(
    present: list[str], given: Mapping[str, str], name: str
) -> tuple[dict[str, str], list[str]]:
    roles: dict[str, str] = {}
    notes: list[str] = []
    for use, column in given.items():
        if use not in GUESSES:
            raise InputError(f"{use!r} is not a use of a column; known are {', '.join(GUESSES)}")
        if column and column not in present:
            raise InputError(
                f"{name} has no column {column!r}; it has {', '.join(map(str, present[:30]))}"
            )
        if column:
            roles[use] = column
    lower: dict[str, str] = {}
    for column in present:
        lower.setdefault(str(column).strip().lower().replace(" ", "_"), column)
    for use, names in GUESSES.items():
        if use in given:
            continue
        found = next((lower[key] for key in names if key in lower), None)
        if found is not None and found not in roles.values():
            roles[use] = found
            notes.append(f"guessed {use}: column {found!r}")
    if "date" not in roles and "lon" not in roles and "place" not in roles:
        raise InputError(
            f"{name} has no column that looks like a date, coordinates or a place "
            f"(it has {', '.join(map(str, present[:30]))}); name them, e.g. date=When,lon=X,lat=Y"
        )
    for one, other in (("lon", "lat"), ("lat", "lon")):
        if one in roles and other not in roles:
            raise InputError(f"{name}: {roles[one]!r} is the {one}, but which column is {other}?")
    return roles, notes


def _understand(
    checked: Checked,
    roles: Mapping[str, str],
    source: str,
    filters: Filters,
) -> Events:
    frame = checked.frame
    size = len(frame)
    typed: dict[str, Any] = {}
    blank = np.full(size, np.nan)
    lon, lat = blank, blank.copy()
    if "lon" in roles:
        lon, lat = checked.coordinates(roles["lon"], roles["lat"])
        typed[roles["lon"]], typed[roles["lat"]] = lon, lat
    dates = texts_by_code(np.zeros(size, int), [""])
    start, end = np.full(size, OPEN_START, np.int64), np.full(size, OPEN_END, np.int64)
    if "date" in roles:
        dates, start, end = spans_of_edtf(checked, roles["date"])
        if "date_end" in roles:
            _, last_start, last_end = spans_of_edtf(checked, roles["date_end"])
            both = (last_start != OPEN_START) & (start != OPEN_START)
            checked.refuse(
                both & (last_end <= start), roles["date_end"], "the event ends before it starts"
            )
            end = np.where(both & ~checked.bad, last_end, end)
            longer = both & ~checked.bad & (end > start + 1) & (end != OPEN_END)
            spelled = edtf_of_days(start, np.where(longer, end - 1, start))
            dates = dates.where(~longer, spelled)
    ours: dict[str, Any] = {
        "event_id": _text(frame, roles.get("id"), size),
        "event_date": dates.reset_index(drop=True),
        "start_day": start.astype(np.int32),
        "end_day": end.astype(np.int32),
        "lon": lon,
        "lat": lat,
    }
    radius = blank
    if "uncertainty_m" in roles:
        radius = checked.numbers(roles["uncertainty_m"], low=0, what="metres, 0 or more")
    ours["coordinate_uncertainty_m"] = radius
    for name, use in _TEXTS.items():
        ours[name] = _text(frame, roles.get(use), size)
    for name in ("best", "low", "high"):
        ours[name] = (
            checked.numbers(roles[name], low=0, what="a number, 0 or more")
            if name in roles
            else blank
        )
    # A column that already is ours, under our name, need not stand there twice.
    for name, values in ours.items():
        if name in frame.columns and (roles.get(name) == name or name in roles.values()):
            same = name in ("lon", "lat", "best", "low", "high", "coordinate_uncertainty_m")
            if same or frame[name].astype(object).astype(str).equals(
                pd.Series(values).astype(object).astype(str)
            ):
                typed[name] = values
    for name in ("start_day", "end_day"):
        if name in frame.columns and pd.api.types.is_integer_dtype(frame[name].dtype):
            typed[name] = ours[name]
    order = ("event_id", "event_date", "start_day", "end_day", "lon", "lat",
             "coordinate_uncertainty_m", "event_type", "actor1", "actor2", "best", "low", "high",
             "place_name", "title")  # fmt: skip
    return checked.finish(
        {name: ours[name] for name in order},
        typed=typed,
        source=source,
        filters=filters,
    )


def _text(frame: pd.DataFrame, column: str | None, size: int) -> pd.Series:
    if column is None:
        return texts_by_code(np.zeros(size, int), [""])
    cells = frame[column]
    if isinstance(cells.dtype, pd.StringDtype):
        return cells.fillna("")
    return cells.astype(object).where(cells.notna(), "").astype(str).astype(STR)


def _rows(source: Opened, limit: int | None) -> Raw:
    handle, name, _ = source
    head = handle.read(4096)
    handle.seek(0)
    if head[:4] == b"PAR1":
        return _parquet(handle, name, limit)
    if head[:16] == b"SQLite format 3\x00":
        return _geopackage(handle, name, limit)
    if head[:4] == b"PK\x03\x04":
        return _workbook(handle, name, limit)
    if head[:4] == b"\xd0\xcf\x11\xe0":
        raise InputError(f"{name} is an old or locked Excel file; save it as .xlsx or .csv")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _hide_empty_geometry(read_features(handle, name, limit=limit))
    return read_delimited(source, limit=limit)


def _hide_empty_geometry(raw: Raw) -> Raw:
    """Prefer the geometry of a layer to columns of coordinates, unless it has none."""
    if raw.frame[["geometry_lon", "geometry_lat"]].isna().to_numpy().all():
        raw.frame = raw.frame.drop(columns=["geometry_lon", "geometry_lat"])
    return raw


def _parquet(handle: BinaryIO, name: str, limit: int | None) -> Raw:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(handle).read() if limit is None else _first(handle, limit)
        table.validate(full=True)  # else text that is not UTF-8 comes to light much later
        mapper = {pa.string(): STR, pa.large_string(): STR}.get
        frame = table.to_pandas(types_mapper=mapper, ignore_metadata=True)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise InputError(f"{name} is a damaged Parquet file: {_short(error)}") from None
    if "geometry" in frame and b"geo" in (table.schema.metadata or {}):
        frame = _with_geometry(frame, name)
    return Raw(_flat(frame), Rejects(), name)


def _first(handle: BinaryIO, limit: int) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    batches, rows = [], 0
    reader = pq.ParquetFile(handle)
    for batch in reader.iter_batches(batch_size=min(max(limit, 1), 1 << 16)):
        if rows >= limit:
            break
        batches.append(batch)
        rows += batch.num_rows
    return pa.Table.from_batches(batches, reader.schema_arrow).slice(0, limit)


def _with_geometry(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    import shapely

    try:
        shapes = shapely.from_wkb(frame["geometry"].to_numpy())
    except (shapely.errors.ShapelyError, TypeError) as error:
        raise InputError(f"{name} has geometry that can't be read: {_short(error)}") from None
    bounds = shapely.bounds(shapes)
    rest = frame.drop(columns="geometry")
    if "lon" in rest and "lat" in rest:
        return rest
    return rest.assign(
        geometry_lon=(bounds[:, 0] + bounds[:, 2]) / 2,
        geometry_lat=(bounds[:, 1] + bounds[:, 3]) / 2,
    )


def _geopackage(handle: BinaryIO, name: str, limit: int | None) -> Raw:
    import pyogrio

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on damage that does not stop it
        copy = Path(folder) / "layer.gpkg"
        with copy.open("wb") as out:
            while block := handle.read(1 << 20):
                out.write(block)
        try:
            layers = pyogrio.list_layers(copy)
            if len(layers) != 1:
                listed = ", ".join(str(layer[0]) for layer in layers[:5])
                raise InputError(f"{name} must hold one layer; it holds {listed or 'none'}")
            layer = pyogrio.read_dataframe(copy, max_features=limit)
        except (RuntimeError, ValueError, OSError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{name} can't be read as GeoPackage: {_short(error)}") from None
    frame = pd.DataFrame(layer)
    if "geometry" in frame:
        from atlas.base.crs import require_crs

        bounds = require_crs(layer).bounds
        frame = frame.drop(columns="geometry")
        if not {"lon", "lat"} <= set(frame.columns):
            frame["geometry_lon"] = ((bounds["minx"] + bounds["maxx"]) / 2).to_numpy()
            frame["geometry_lat"] = ((bounds["miny"] + bounds["maxy"]) / 2).to_numpy()
    return Raw(_flat(frame), Rejects(), name)


def _workbook(handle: BinaryIO, name: str, limit: int | None) -> Raw:
    import openpyxl

    try:
        with zipfile.ZipFile(handle) as archive:
            check_archive(archive, name)
        handle.seek(0)
        book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = iter(sheet.iter_rows(values_only=True))
        header = [str(cell).strip() if cell is not None else "" for cell in next(rows, ())]
        while header and not header[-1]:
            header.pop()
        body: list[list[Any]] = []
        lines: list[int] = []
        rejects = Rejects()
        for number, row in enumerate(rows, 2):
            cells = [_cell(cell) for cell in row]
            if not any(cells):
                continue
            if limit is not None and len(body) + len(rejects.rows) >= limit:
                break
            if any(cells[len(header) :]):
                rejects.add(
                    number,
                    "",
                    f"{len(cells)} cells",
                    f"the row must have {len(header)} cells",
                    ",".join(cells),
                )
                continue
            body.append((cells + [""] * len(header))[: len(header)])
            lines.append(number)
        sheets = len(book.worksheets)
    except InputError:
        raise
    except Exception as error:  # openpyxl and its parsers raise whatever a broken file provokes
        raise InputError(f"{name} is a damaged Excel file: {_short(error)}") from None
    if not header:
        raise InputError(f"{name} has an empty first sheet")
    header = [title or f"column_{at}" for at, title in enumerate(header, 1)]
    if len(set(header)) < len(header):
        raise InputError(f"{name} names a column twice; rename one")
    frame = pd.DataFrame(body, columns=header).astype(STR)
    notes = [f"sheet: the first of {sheets}"] if sheets > 1 else []
    return Raw(frame, rejects, name, notes, _lines=np.asarray(lines, dtype=np.int64))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "date") and hasattr(value, "hour"):
        midnight = value.hour == value.minute == value.second == 0
        return str(value.date().isoformat() if midnight else value.isoformat())
    return str(value).strip()


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave numbers, texts, days and truth values; spell anything else as text."""
    for column in frame.columns:
        cells = frame[column]
        if isinstance(cells.dtype, pd.CategoricalDtype):
            cells = cells.astype(object)
        if cells.dtype == object:
            frame[column] = (
                cells.map(lambda cell: "" if cell is None or cell is pd.NA else str(cell))
                .replace("nan", "")
                .astype(STR)
            )
    frame.columns = [str(column) for column in frame.columns]
    return frame


def _short(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0][:200] or type(error).__name__
