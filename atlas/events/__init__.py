"""Readers of event datasets: one module a source, all giving the same thing.

Every reader returns `Events`: the upstream columns verbatim, ours beside them, and the rejects.
Rows in always equal events plus rejects (plus those the caller filtered out). Our columns, named
``atlas_<name>`` where upstream has a column of that name with other content:

========================= ======= ===========================================================
column                    type    meaning
========================= ======= ===========================================================
event_id                  text    upstream's key
event_date                text    EDTF (ISO 8601-2): a day, or first/last, or a month; "" unknown
start_day, end_day        int32   half-open span in days since 1970-01-01
lon, lat                  float   degrees, EPSG:4326; NaN unknown
coordinate_uncertainty_m  float   radius in metres from the dataset's precision code
event_type                text    our vocabulary, where the dataset's word has one meaning in it
actor1, actor2            text    as upstream
best, low, high           float   deaths; NaN is not zero
place_name                text    upstream's name of the place
title                     text    who and where
source_dataset            text    UCDP GED, ACLED, GDELT, or the file
========================= ======= ===========================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from atlas.base.errors import InputError
from atlas.events.acled import is_acled, parse_acled, read_acled
from atlas.events.fields import Events, Filters
from atlas.events.gdelt import parse_gdelt, read_gdelt
from atlas.events.generic import parse_table, read_table
from atlas.events.source import Source, is_json, opened, peek
from atlas.events.ucdp import is_ucdp, parse_ucdp, read_ucdp
from atlas.events.write import write_frame

__all__ = [
    "FORMATS",
    "Events",
    "read_acled",
    "read_events",
    "read_gdelt",
    "read_table",
    "read_ucdp",
    "write_frame",
]

FORMATS = ("auto", "ucdp", "acled", "gdelt", "table")


def read_events(
    source: Source,
    *,
    format: str = "auto",
    columns: Mapping[str, str] | None = None,
    limit: int | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    bbox: Sequence[float] | None = None,
    lines: bool = False,
) -> Events:
    """Read events from any of the known sources.

    Parameters
    ----------
    source : path or binary file
        A dataset's export or any table.
    format : {'auto', 'ucdp', 'acled', 'gdelt', 'table'}
        Which reader; 'auto' decides from the header, or the number of fields.
    columns : mapping, optional
        For tables: use to column name; see `read_table`. Implies 'table'.
    limit : int, optional
        Rows to read at most.
    date_from, date_to : str, optional
        Keep events that touch ``[date_from, date_to)``, ISO days.
    bbox : sequence of 4 floats, optional
        West, south, east, north in degrees; keep events inside.
    lines : bool
        Also give the line of every event in the file, as ``Events.lines``.

    Returns
    -------
    Events

    Raises
    ------
    InputError
        If the file can't be read as what it should be.
    NotFoundError
        If there is no such file.
    """
    if format not in FORMATS:
        raise InputError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    if format == "auto" and columns:
        format = "table"
    filters = Filters(limit, date_from, date_to, bbox, lines)
    with opened(source) as ready:
        chosen = _sniff(ready.handle) if format == "auto" else format
        if chosen == "table":
            return parse_table(ready, filters, columns=columns)
        parse = {"ucdp": parse_ucdp, "acled": parse_acled, "gdelt": parse_gdelt}[chosen]
        return parse(ready, filters)


def _sniff(handle: BinaryIO) -> str:
    if is_json(handle):
        head = handle.read(1 << 16)
        handle.seek(0)
        marks = (b'"where_prec"', b'"date_prec"', b'"type_of_violence"')
        return "ucdp" if all(mark in head for mark in marks) else "table"
    titles, tabbed = peek(handle)
    if is_ucdp(titles):
        return "ucdp"
    if is_acled(titles):
        return "acled"
    return "gdelt" if tabbed in (58, 61) and titles[0].strip().isdigit() else "table"
