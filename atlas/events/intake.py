"""The one door: whatever holds events goes in here, and `Events` come out.

The container is told by its bytes, the dataset by its columns; neither by a file's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from atlas.base.dates import DateLike, DateOrder
from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.events import acled, gdelt, geoconfirmed, hxl, table, ucdp
from atlas.events.files import Opened, nothing_to_read, opened
from atlas.events.model import Events
from atlas.events.options import ReadOptions
from atlas.events.ours import EVENT_COLUMNS, MADE, made_by
from atlas.events.raw import Raw, distinct

__all__ = ["read_events", "take"]


def read_events(
    x: Any,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | int | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    date_order: DateOrder | None = None,
    country: str | None = None,
    inside: str | None = None,
    start: DateLike | None = None,
    end: DateLike | None = None,
    bbox: Sequence[float] | None = None,
    limit: int | None = None,
    judgements: Any = None,
) -> Events:
    """Read events from anything that holds them.

    Parameters
    ----------
    x : path, open file, DataFrame, GeoDataFrame, list of mappings, or an answer of ours
        ``-`` is standard input. Files: CSV in any delimiter and encoding, Excel (xlsx, xls), ods,
        Parquet, Feather, GeoJSON, GeoPackage, Shapefile, KML and KMZ, FlatGeobuf, JSON and JSON
        lines, pages of UCDP's and ACLED's APIs; zip and gz around any of them. Positions in any
        coordinate system that is named.
    columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, limit, judgements
        See `ReadOptions`.

    Returns
    -------
    Events
        Rows in equal events plus rejects plus rows filtered out.

    Raises
    ------
    InputError
        If it can't be read as a table of events; a row that can't be read is a reject.
    NotFoundError
        If there is no such file.

    Examples
    --------
    >>> found = read_events([{"When": "3 Oct 2020", "lat": 39.8, "lon": 46.7, "killed": "1,200"}])
    >>> found.frame[["event_date", "best"]].values.tolist()
    [['2020-10-03', 1200.0]]
    """  # noqa: E501
    options = ReadOptions(
        columns=columns, sheet=sheet, header_row=header_row, encoding=encoding,
        date_order=date_order, country=country, inside=inside, start=start, end=end, bbox=bbox,
        limit=limit, judgements=judgements,
    )  # fmt: skip
    return take(x, options)


def take(x: Any, options: ReadOptions | None = None) -> Events:
    """Read events with a bundle of options; `Events` come through as they are.

    Parameters
    ----------
    x : anything `read_events` takes, or Events
    options : ReadOptions, optional

    Returns
    -------
    Events

    Raises
    ------
    InputError, NotFoundError
        As `read_events`.

    Examples
    --------
    >>> events = read_events([{"date": "2020-10-03", "place": "Somewhere"}])
    >>> take(events) is events
    True
    """
    wanted = options or ReadOptions()
    if isinstance(x, Events):
        return x if wanted in (ReadOptions(), x.options) else take(x.frame, wanted)
    if isinstance(x, pd.DataFrame):
        return _of_frame(x, "the frame", wanted)
    answer = getattr(x, "frame", None)
    if not isinstance(answer, pd.DataFrame):
        answer = getattr(x, "events", None)
    if isinstance(answer, pd.DataFrame):  # a join, or another answer that holds events
        return _of_frame(answer, "the frame", wanted)
    if hasattr(x, "to_pandas"):  # tables of pyarrow and polars
        return _of_frame(x.to_pandas(), "the table", wanted)
    if isinstance(x, pd.Series) or x is None or isinstance(x, (bool, int, float, bytes)):
        raise nothing_to_read(x)
    features = getattr(x, "__geo_interface__", None)
    if isinstance(features, Mapping):
        x = features
    if (
        isinstance(x, Mapping)
        or (isinstance(x, Sequence) and not isinstance(x, str))
        or (hasattr(x, "__iter__") and hasattr(x, "__next__") and not hasattr(x, "read"))
    ):
        return _of_records(x, wanted)
    with opened(x) as ready:
        return understand(_open(ready, wanted), wanted)


def _of_frame(frame: pd.DataFrame, name: str, options: ReadOptions) -> Events:
    from atlas.events.frames import read_frame

    return understand(read_frame(frame, name, options, Notes(name)), options)


def _of_records(x: Any, options: ReadOptions) -> Events:
    from atlas.events.json_rows import read_features, read_records, rows_of

    notes = Notes("the list")
    if isinstance(x, Mapping) and isinstance(x.get("features"), Sequence):
        raw = read_features(list(x["features"]), "the list", options, notes, x.get("crs"))
    elif isinstance(x, Mapping):
        if x and all(
            isinstance(cells, Sequence) and not isinstance(cells, str) for cells in x.values()
        ):
            try:
                return _of_frame(pd.DataFrame(dict(x)), "the mapping", options)
            except ValueError:
                pass
        raw = read_records(rows_of(dict(x), "the mapping", notes), "the list", options, notes)
    else:
        raw = read_records(x, "the list", options, notes)
    return understand(raw, options)


# --- containers -----------------------------------------------------------------------------


#: First bytes of files that are no table, so that the sentence can say what they are.
_OTHERS = (
    (b"PK\x05\x06", "an empty zip archive"), (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"), (b"7z\xbc\xaf'\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"), (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"%PDF-", "a PDF document"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"), (b"{\\rtf", "an RTF document"), (b"<stata_dta>", "a Stata file"),
    *((bytes((version, order, 1, 0)), "a Stata file") for version in (113, 114, 115)
      for order in (1, 2)),
    (b"$FL2", "an SPSS file"), (b"$FL3", "an SPSS file"), (b"RDX", "a file of R"),
    (b"X\n\x00\x00\x00", "a file of R"),
    (b"\x89HDF", "an HDF5 file"), (b"\x80\x04\x95", "a pickle of Python"),
    (b"\x80\x05\x95", "a pickle of Python"),
)  # fmt: skip


#: First bytes of files that may hold several tables.
_WITH_SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"SQLite format 3\x00", b"fgb")


def _open(source: Opened, options: ReadOptions) -> Raw:
    """The rows of a file, whatever it is."""
    from atlas.events import columnar, json_rows, kml, sheets, spatial

    handle, name, _, parts = source
    notes = Notes(name)
    head = handle.read(1 << 14)
    handle.seek(0)
    if parts:
        return spatial.read_layer(parts, name, options, notes)
    if options.sheet is not None and not head.startswith(_WITH_SHEETS):
        notes.say("sheet: not used, since this sort of file has none")
    if head[:4] == b"\x00\x00\x27\x0a":
        raise InputError(
            f"{name} is one part of a Shapefile; give its .shp with .dbf and .shx beside it, or "
            "a zip of them"
        )
    if head[:4] == b"PAR1":
        return columnar.read_parquet(handle, name, options, notes)
    if head[:6] == b"ARROW1":
        return columnar.read_feather(handle, name, options, notes)
    if head[:4] == b"FEA1":
        raise InputError(f"{name} is Feather of the first version; write it again")
    if head[:16] == b"SQLite format 3\x00":
        if head[68:72] not in (b"GPKG", b"GP10", b"GP11"):
            raise InputError(f"{name} is an SQLite file but no GeoPackage")
        return spatial.read_layer({".gpkg": handle}, name, options, notes)
    if head[:3] == b"fgb":
        return spatial.read_layer({".fgb": handle}, name, options, notes)
    if kind := next((kind for mark, kind in _OTHERS if head.startswith(mark)), ""):
        raise InputError(f"{name} is {kind}, which is not read; save its table as CSV or xlsx")
    if head[:4] == b"PK\x03\x04" or head[:4] == b"\xd0\xcf\x11\xe0":
        return sheets.read_workbook(handle, name, options, notes)
    if kml.is_kml(head):
        return kml.read_kml(handle, name, options, notes)
    if json_rows.is_json(head):
        return json_rows.read_json(handle, name, options, notes)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise InputError(f"{name} is XML or HTML, which is no table; save it as CSV or xlsx")
    return _delimited(source, head, options, notes)


def _delimited(source: Opened, head: bytes, options: ReadOptions, notes: Notes) -> Raw:
    from atlas.events.delimited import read_delimited

    first = head.split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r")
    if gdelt.is_headless(first):
        width = first.count("\t") + 1
        names = gdelt.COLUMNS_61 if width == 61 else gdelt.COLUMNS_58
        notes.say(f"columns: the {width} of GDELT {'2.0' if width == 61 else '1.0'}")
        return read_delimited(
            source, notes, delimiter="\t", header=names, quoted=False, encoding=options.encoding,
            limit=options.limit,
        )  # fmt: skip
    numeric = ucdp.NUMERIC if ucdp.is_ucdp(first.replace('"', "").split(",")) else frozenset[str]()
    return read_delimited(
        source, notes, header_row=options.header_row, encoding=options.encoding,
        limit=options.limit, numeric=numeric,
    )  # fmt: skip


# --- datasets -------------------------------------------------------------------------------


def _make_way(raw: Raw) -> None:
    """Rename columns of the user's that are called as only ours may be."""
    ours = {MADE, "atlas_geometry", *(f"atlas_{name}" for name in EVENT_COLUMNS)}
    taken = [name for name in raw.frame.columns if name in ours]
    if taken:
        renamed = [f"user_{name}" if name in taken else name for name in raw.frame.columns]
        raw.frame = raw.frame.set_axis(distinct(renamed, raw.name, raw.notes), axis=1)
        raw.notes.say(f"columns: {', '.join(taken)} renamed with user_ in front")


def understand(raw: Raw, options: ReadOptions) -> Events:
    """Events of rows: the dataset is told by the columns."""
    made = made_by(raw.frame)
    if made.parts:
        from atlas.events.again import as_it_came

        raw = as_it_came(raw, made, options)
    else:
        _make_way(raw)
    tags = hxl.tags_of(raw)
    present = list(raw.frame.columns)
    if tags:
        found = table.understand(raw, options, tags=tags)
    elif options.columns:
        found = table.understand(raw, options)
    elif ucdp.is_ucdp(present):
        found = ucdp.understand(raw, options)
    elif acled.is_acled(present):
        found = acled.understand(raw, options)
    elif gdelt.is_gdelt(present):
        found = gdelt.understand(raw, options)
    elif geoconfirmed.is_geoconfirmed(present):
        found = geoconfirmed.understand(raw, options)
    else:
        found = table.understand(raw, options, remembered=made.columns or None)
    return found
