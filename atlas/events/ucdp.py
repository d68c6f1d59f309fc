"""UCDP Georeferenced Event Dataset: every release since 17.1 and the candidate releases.

Columns and codes: Högbladh, S., UCDP GED Codebook, version 25.1, Uppsala University, 2025; the
candidate releases share them. Data: CC BY 4.0; cite Sundberg and Melander (2013) and the release.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events.fields import (
    Checked,
    Events,
    Filters,
    edtf_of_days,
    mapped,
    texts_by_code,
)
from atlas.events.source import (
    STR,
    Opened,
    Raw,
    Source,
    is_json,
    opened,
    read_delimited,
    read_features,
)

__all__ = ["UNCERTAINTY_M", "is_ucdp", "parse_ucdp", "read_ucdp"]

REQUIRED = ("id", "latitude", "longitude", "date_start", "date_end", "best", "where_prec")

#: ``where_prec`` to a radius in metres. The codebook gives words, and a distance only for 2 (about
#: 25 km); the other radii are ours, of the order of size of what the words name.
UNCERTAINTY_M = {
    1: 2_000.0,  # exact location: a named place, represented by its point
    2: 25_000.0,  # a limited area around a known place, about 25 km
    3: 30_000.0,  # known only to the second-order division (district)
    4: 100_000.0,  # known only to the first-order division (province)
    5: 100_000.0,  # a line or a fuzzy polygon, represented by a point
    6: 500_000.0,  # known only to the country
    7: 500_000.0,  # international waters or airspace
}

_EVENT_TYPE = {1.0: "battle", 2.0: "battle", 3.0: "violence_against_civilians"}
_WHOLE = (
    "year", "type_of_violence", "number_of_sources", "where_prec", "priogrid_gid", "country_id",
    "event_clarity", "date_prec", "conflict_new_id", "dyad_new_id", "side_a_new_id",
    "side_b_new_id",
)  # fmt: skip
_DEATHS = ("best", "low", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def is_ucdp(columns: Sequence[str]) -> bool:
    """Whether the columns are those of a GED event file."""
    return {"where_prec", "date_prec", "type_of_violence", "latitude"} <= set(columns)


def read_ucdp(
    source: Source,
    *,
    limit: int | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    bbox: Sequence[float] | None = None,
) -> Events:
    """Read a UCDP GED file.

    Parameters
    ----------
    source : path or file
        CSV in UTF-8 or cp1252, a zip or gzip of it, or GeoJSON.
    limit : int, optional
        Rows to read at most.
    date_from, date_to : str, optional
        Keep events that touch ``[date_from, date_to)``, ISO days.
    bbox : sequence of 4 floats, optional
        West, south, east, north in degrees; keep events inside.

    Returns
    -------
    Events
        Upstream columns verbatim (numbers as numbers) and ours; ``coordinate_uncertainty_m`` from
        ``where_prec`` by `UNCERTAINTY_M`.

    Raises
    ------
    InputError
        If the file can't be opened as a table or lacks the columns of GED.
    NotFoundError
        If there is no such file.

    Notes
    -----
    Rejected rows: no or impossible dates, an end before the start, text where a number must be,
    no coordinates, coordinates out of range or swapped (against ``geom_wkt``, or against the other
    rows of the country), unknown codes. A low estimate above the high one is UCDP's own and kept.
    """
    filters = Filters(limit, date_from, date_to, bbox)
    with opened(source) as ready:
        return parse_ucdp(ready, filters)


def parse_ucdp(source: Opened, filters: Filters) -> Events:
    """Read an opened GED file; see `read_ucdp`."""
    handle, name, _ = source
    if not is_json(handle):
        numeric = frozenset((*_WHOLE, *_DEATHS, "latitude", "longitude"))
        raw = read_delimited(source, limit=filters.limit, numeric=numeric)
        return _understand(raw, filters)
    raw = read_features(handle, name, limit=filters.limit)
    place = raw.frame[["geometry_lon", "geometry_lat"]]
    raw.frame = raw.frame.drop(columns=place.columns)
    if not {"latitude", "longitude"} <= set(raw.frame.columns):
        raw.frame["latitude"] = place["geometry_lat"]
        raw.frame["longitude"] = place["geometry_lon"]
    return _understand(raw, filters)


def _understand(raw: Raw, filters: Filters) -> Events:
    missing = [name for name in REQUIRED if name not in raw.frame.columns]
    if missing:
        raise InputError(
            f"{raw.name} is not a UCDP GED event file: it has no column {', '.join(missing)}"
        )
    checked = Checked(raw)
    typed: dict[str, Any] = {}
    lon, lat = checked.coordinates("longitude", "latitude", group="country")
    checked.refuse(~np.isfinite(lon), "longitude", "must not be empty: a longitude in degrees")
    typed["longitude"], typed["latitude"] = lon, lat
    if "geom_wkt" in raw.frame:
        _compare_with_wkt(checked, lon, lat)
    start = checked.days("date_start", required=True)
    end = checked.days("date_end", required=True)
    checked.refuse(
        (end < start) & (end != OPEN_START), "date_end", "the event ends before it starts"
    )
    for name in _DEATHS:
        if name in raw.frame:
            typed[name] = checked.numbers(name, low=0, what="a number of deaths, 0 or more")
    for name in _WHOLE:
        if name in raw.frame:
            typed[name] = checked.integers(name)
    if {"low", "high"} <= set(typed):
        above = int((typed["low"] > typed["high"]).sum())
        if above:
            checked.notes.append(f"low is above high in {above} rows, as published")
    where = typed["where_prec"].to_numpy(dtype=np.float64, na_value=np.nan)
    checked.refuse(~np.isin(where, list(UNCERTAINTY_M)), "where_prec", "must be a code from 1 to 7")
    if "year" in typed:
        year = typed["year"].to_numpy(dtype=np.float64, na_value=np.nan)
        years = [
            day.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
            for day in (np.where(start == OPEN_START, 0, start), np.maximum(end, 0))
        ]
        off = np.isfinite(year) & ((year < years[0]) | (year > years[1]))
        checked.refuse(off, "year", "must be the year of the event's dates")
    violence = (
        typed["type_of_violence"].to_numpy(dtype=np.float64, na_value=np.nan)
        if "type_of_violence" in typed
        else np.zeros(len(lon))
    )
    known = np.isfinite(end) & (end != OPEN_START)
    size = len(lon)
    ours = {
        "event_id": raw.frame["id"].astype(STR),
        "event_date": edtf_of_days(start, end),
        "start_day": start.astype(np.int32),
        "end_day": np.where(known, end + 1, OPEN_END).astype(np.int32),
        "lon": lon,
        "lat": lat,
        "coordinate_uncertainty_m": mapped(where, UNCERTAINTY_M, np.nan),
        "event_type": _texts(mapped(violence, _EVENT_TYPE, "")),
        "actor1": _column(raw.frame, "side_a", size),
        "actor2": _column(raw.frame, "side_b", size),
        "best": typed["best"],
        "low": typed.get("low", np.full(size, np.nan)),
        "high": typed.get("high", np.full(size, np.nan)),
        "place_name": _column(raw.frame, "where_coordinates", size),
        "title": _titles(raw.frame),
    }
    return checked.finish(ours, typed=typed, source="UCDP GED", filters=filters)


def _compare_with_wkt(checked: Checked, lon: Any, lat: Any) -> None:
    """The file says each position twice; a pair that is the other way round was swapped."""
    code, levels = pd.factorize(checked.text("geom_wkt"))  # a town's point comes many times
    found = pd.Series(levels, dtype=STR).str.extract(r"POINT\s*\(\s*(\S+)\s+(\S+?)\s*\)")
    x, y = (
        pd.to_numeric(found[at], errors="coerce").to_numpy(dtype=float, na_value=np.nan).take(code)
        for at in (0, 1)
    )
    crossed = (np.abs(x - lat) < 0.01) & (np.abs(y - lon) < 0.01)
    straight = (np.abs(x - lon) < 0.01) & (np.abs(y - lat) < 0.01)
    checked.refuse(crossed & ~straight, "latitude", "latitude and longitude look swapped")


def _column(frame: pd.DataFrame, name: str, size: int) -> pd.Series:
    return frame[name].fillna("") if name in frame else texts_by_code(np.zeros(size, int), [""])


def _texts(values: Any) -> pd.Series:
    code, levels = pd.factorize(values)
    return texts_by_code(code, [str(level) for level in levels])


def _titles(frame: pd.DataFrame) -> pd.Series:
    """Who and where, from the columns every release has."""
    who = _column(frame, "dyad_name", len(frame)).astype(STR)
    where = _column(frame, "where_coordinates", len(frame)).astype(STR)
    both = who.where((who == "") | (where == ""), who + ", " + where)
    return both.where(who != "", where)
