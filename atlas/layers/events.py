"""Events as sorted, factorised columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events import days, take
from atlas.events.ours import MADE
from atlas.layers.rows import text_of
from atlas.layers.specs import Category, EventColumns
from atlas.record.schema import language_column

__all__ = ["event_columns", "located", "rows_of"]

_EVENT_TEXT = {
    "type": ("event_type",),
    "certainty": ("certainty",),
    "actor1": ("actor1", "side_a"),
    "actor2": ("actor2", "side_b"),
    "place": ("place_id",),
    "id": ("id", "event_id_cnty"),
    "title": ("title", "event_title", "source_headline"),
    "summary": ("summary", "notes"),
    "counterclaims": ("counterclaims",),
    "counter_sources": ("counter_source_ids",),
    "sources": ("source_ids", "source_article", "source_dataset"),
    "sub_type": ("sub_event_type",),
    "verification": ("verification",),
    "casualties_by": ("casualties_by",),
    "asserted_by": ("asserted_by",),
    "date": ("event_date", "date_start"),
    "time": ("event_time",),
    "where": ("place_name", "where_coordinates", "location"),
}

_TRANSLATED = ("title", "summary")


def _factorise(values: pd.Series) -> Category:
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    texts = [text_of(value) for value in uniques]
    kept = ["", *(text for text in texts if text)]
    where = {text: position for position, text in enumerate(kept)}
    lookup = np.array([where[text] for text in texts] + [0], dtype=np.int32)
    return Category(lookup[codes], tuple(kept))


def _column(frame: pd.DataFrame, *names: str) -> npt.NDArray[np.float64]:
    for name in names:
        if name in frame.columns:
            numbers = pd.to_numeric(frame[name], errors="coerce")
            return np.asarray(numbers, dtype=np.float64)
    return np.full(len(frame), np.nan)


def _event_days(frame: pd.DataFrame) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    if {"start_day", "end_day"} <= set(frame.columns):
        start = np.asarray(frame["start_day"], dtype=np.int32)
        end = np.asarray(frame["end_day"], dtype=np.int32)
    else:
        start, end = days(frame)
    # What began nobody knows when is shown on the last day it can mean.
    start = np.where((start == OPEN_START) & (end != OPEN_END), end - 1, start)
    return start.astype(np.int32), end


def event_columns(frame: Any, *, more: Mapping[str, pd.Series] | None = None) -> EventColumns:
    """Turn events into sorted, factorised columns.

    Parameters
    ----------
    frame : frame of the record, Events, or anything `atlas.events.read_events` takes
        Where a column of ours stands beside one of the user's as ``atlas_<name>``, ours counts.
    more : mapping of str to Series, optional
        Further text columns, a value for each row of a frame that `rows_of` has given.

    Returns
    -------
    EventColumns
        Rows without coordinates or without any date are left out; the caller keeps its own frame.

    Raises
    ------
    InputError
        If no row has a date, or none has coordinates.

    Examples
    --------
    >>> columns = event_columns([{"date": "2001-05-06", "lon": 10.1, "lat": 50.1}])
    >>> columns.lon.tolist()
    [10.1]
    """
    if not (isinstance(frame, pd.DataFrame) and _is_read(frame)):
        frame = rows_of(frame)
    ours = {name: name.removeprefix("atlas_") for name in frame.columns if _is_ours(frame, name)}
    frame = frame.drop(columns=list(ours.values())).rename(columns=ours)
    start, end = _event_days(frame)
    lon, lat = _column(frame, "lon"), _column(frame, "lat")
    if len(frame) and not (start > OPEN_START).any():
        raise InputError(
            "there is no date in these events; say which column holds it, columns={'date': ...}"
        )
    if len(frame) and np.isnan(lon).all():
        raise InputError("there are no coordinates in these events; locate their names first")
    dated = start > OPEN_START
    kept = np.flatnonzero(dated & np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) < 85.06))
    order = kept[np.lexsort((kept, end[kept], start[kept]))]
    text = {}
    for name, columns in _EVENT_TEXT.items():
        for column in columns:
            if column in frame.columns:
                series = frame[column].iloc[order]
                if pd.api.types.is_datetime64_any_dtype(series):
                    series = series.dt.strftime("%Y-%m-%d")
                text[name] = _factorise(series)
                break
    for column in frame.columns:
        stem, tag = language_column(str(column))
        if tag and stem in text and stem in _TRANSLATED:
            text[f"{stem}_{tag}"] = _factorise(frame[column].iloc[order])
    for name, values in (more or {}).items():
        text[name] = _factorise(values.iloc[order])
    return EventColumns(
        start[order], end[order], lon[order], lat[order],
        _column(frame, "best", "fatalities")[order], _column(frame, "low")[order],
        _column(frame, "high")[order], _column(frame, "coordinate_uncertainty_m")[order], text,
    )  # fmt: skip


def rows_of(events: Any) -> pd.DataFrame:
    """A frame with our columns: the record's own, or what the one reader of events makes of it."""
    if isinstance(events, pd.DataFrame) and "start_day" in events and _is_read(events):
        return events
    return take(events).frame


def _is_read(frame: pd.DataFrame) -> bool:
    """Whether a frame is the record's, or comes from the one reader."""
    return MADE in frame or {"start_day", "end_day"} <= set(frame.columns)


def _is_ours(frame: Any, name: object) -> bool:
    plain = str(name).removeprefix("atlas_")
    return plain != name and plain in frame.columns


def located(events: Any, places: Any) -> Any:
    """Give events without coordinates of their own those of their place."""
    if "place_id" not in events.columns or not len(events):
        return events
    known = places.drop_duplicates("id").set_index("id")
    moved = events.copy()
    for name, other in (
        ("lon", "lon"),
        ("lat", "lat"),
        ("coordinate_uncertainty_m", "precision_m"),
    ):
        own = pd.to_numeric(moved[name], errors="coerce") if name in moved else np.nan
        theirs = moved["place_id"].map(known[other])
        moved[name] = pd.Series(own, index=moved.index).fillna(theirs)
    return moved
