"""Events as sorted, factorised columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from atlas.base import crs
from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, parse_edtf
from atlas.layers.rows import text_of
from atlas.layers.specs import Category, EventColumns
from atlas.record.schema import language_column

__all__ = ["event_columns", "located"]

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
        # What began nobody knows when is shown on the last day it can mean.
        start = np.where((start == OPEN_START) & (end != OPEN_END), end - 1, start)
        return start.astype(np.int32), end
    for first, last in (("event_date", ""), ("date_start", "date_end"), ("date", "")):
        if first not in frame.columns:
            continue
        start = _column_days(frame[first], latest=False)
        end = _column_days(frame[last] if last in frame.columns else frame[first], latest=True)
        last_day = np.minimum(np.maximum(start, end), OPEN_END - 1)
        return start, np.asarray(last_day + 1, dtype=np.int32)
    raise InputError(
        "events have no date: found columns "
        f"{', '.join(map(str, frame.columns[:12]))}; expected start_day and end_day, "
        "or event_date, or date_start and date_end"
    )


def _column_days(values: pd.Series, *, latest: bool) -> npt.NDArray[np.int32]:
    if pd.api.types.is_datetime64_any_dtype(values):
        naive = values.dt.tz_convert("UTC").dt.tz_localize(None) if values.dt.tz else values
        return np.asarray(naive.to_numpy(dtype="datetime64[D]").astype(np.int32))
    codes, uniques = pd.factorize(values)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        raise InputError(f"event {row} (counted from 0) has no date; leave such rows out")
    days = []
    for text in uniques:
        # A time of day behind the date, as many exports write, does not change the day.
        parsed = parse_edtf(str(text).split(" ")[0].split("T")[0])
        days.append(parsed.latest if latest else parsed.earliest)
    return np.asarray(np.asarray(days, dtype=np.int32)[codes])


def event_columns(frame: Any, *, more: Mapping[str, pd.Series] | None = None) -> EventColumns:
    """Turn a frame of events into sorted, factorised columns.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        ``start_day``/``end_day``, or ``event_date`` (EDTF or datetime), or UCDP's
        ``date_start``/``date_end``; ``lon``/``lat``, ``longitude``/``latitude`` or point
        geometries in EPSG:4326; and whatever it has of ``event_type``, ``best``, ``low``,
        ``high``, ``coordinate_uncertainty_m``, ``title``, ``actor1``, ``source_ids`` and so on.
        Where a reader of ours put ``atlas_<name>`` beside a column of the dataset's own, ours
        counts.
    more : mapping of str to Series, optional
        Further text columns, a value for each row of the frame.

    Returns
    -------
    EventColumns
        Rows without coordinates or without any date are left out; the caller keeps its own frame.

    Raises
    ------
    InputError
        No date or no coordinates can be found.
    """
    ours = {name: name.removeprefix("atlas_") for name in frame.columns if _is_ours(frame, name)}
    frame = frame.drop(columns=list(ours.values())).rename(columns=ours)
    start, end = _event_days(frame)
    lon, lat = _column(frame, "lon", "longitude"), _column(frame, "lat", "latitude")
    if "geometry" in frame.columns and hasattr(frame, "geometry"):
        points = np.asarray(crs.require_crs(frame).geometry.values)
        lon = np.where(np.isnan(lon), shapely.get_x(points), lon)
        lat = np.where(np.isnan(lat), shapely.get_y(points), lat)
    if len(frame) and np.isnan(lon).all():
        raise InputError(
            "events have no coordinates: expected lon and lat, longitude and latitude, "
            "or a point geometry"
        )
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
