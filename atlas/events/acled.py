"""ACLED exports: the columns of today and those of older downloads.

Columns and codes: ACLED Codebook (Armed Conflict Location & Event Data Project, 2024). The data
may not be passed on; read your own download.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_START, format_day
from atlas.events.fields import Checked, Events, Filters, mapped, texts_by_code
from atlas.events.source import STR, Opened, Source, opened, read_delimited

__all__ = ["UNCERTAINTY_M", "is_acled", "parse_acled", "read_acled"]

#: ``geo_precision`` to a radius in metres. The codebook gives words only; the radii are ours, of
#: the order of size of what the words name.
UNCERTAINTY_M = {
    1: 2_000.0,  # a particular town, with coordinates for that town
    2: 25_000.0,  # a small part of a region, near a town whose point is used
    3: 100_000.0,  # a larger region: its capital or a midpoint is used
}

_EVENT_TYPE = {
    "battles": "battle",
    "explosions/remote violence": "explosions_remote_violence",
    "remote violence": "explosions_remote_violence",
    "violence against civilians": "violence_against_civilians",
    "protests": "protest",
    "riots": "riot",
    "riots/protests": "protest",
    "strategic developments": "strategic_development",
    "strategic development": "strategic_development",
    "headquarters or base established": "strategic_development",
    "non-violent transfer of territory": "strategic_development",
}


def is_acled(columns: Sequence[str]) -> bool:
    """Whether the columns are those of an ACLED export, old or current."""
    lower = {name.lower() for name in columns}
    return {"event_date", "latitude", "longitude", "event_type"} <= lower and bool(
        lower & {"event_id_cnty", "geo_precision", "time_precision", "geo_precis", "data_id"}
    )


def read_acled(
    source: Source,
    *,
    limit: int | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    bbox: Sequence[float] | None = None,
) -> Events:
    """Read an ACLED export.

    Parameters
    ----------
    source : path or file
        CSV, or a zip or gzip of it; column names in any case, as older files have them.
    limit, date_from, date_to, bbox
        As in `atlas.events.ucdp.read_ucdp`.

    Returns
    -------
    Events
        Upstream columns verbatim and ours. ACLED's own ``event_date`` and ``event_type`` keep
        their names; ours stand beside them as ``atlas_event_date`` and ``atlas_event_type``.
        ``time_precision`` 2 (the week) widens the date to six days either way, 3 (the month) to
        the month; ``coordinate_uncertainty_m`` is from ``geo_precision`` by `UNCERTAINTY_M`.
        ACLED counts fatalities once: ``best`` is that count, ``low`` and ``high`` are empty.

    Raises
    ------
    InputError
        If the file can't be opened as a table or lacks ACLED's columns.
    NotFoundError
        If there is no such file.
    """
    filters = Filters(limit, date_from, date_to, bbox)
    with opened(source) as ready:
        return parse_acled(ready, filters)


def parse_acled(source: Opened, filters: Filters) -> Events:
    """Read an opened ACLED export; see `read_acled`."""
    name = source.name
    raw = read_delimited(source, limit=filters.limit)
    upper = {column.lower(): column for column in raw.frame.columns}
    needed = ("event_date", "event_type", "latitude", "longitude")
    missing = [column for column in needed if column not in upper]
    if missing:
        raise InputError(f"{name} is not an ACLED export: it has no column {', '.join(missing)}")
    checked = Checked(raw)
    size = len(raw.frame)
    lon, lat = checked.coordinates(
        upper["longitude"], upper["latitude"], group=upper.get("country")
    )
    checked.refuse(
        ~np.isfinite(lon), upper["longitude"], "must not be empty: a longitude in degrees"
    )
    day = checked.days(upper["event_date"], required=True)
    typed: dict[str, Any] = {upper["longitude"]: lon, upper["latitude"]: lat}
    geo = upper.get("geo_precision", upper.get("geo_precis", ""))
    when = upper.get("time_precision", upper.get("time_precis", ""))
    for column in (upper.get("year", ""), geo, when):
        if column:
            typed[column] = checked.integers(column)
    where_code, time_code = (
        typed[column].to_numpy(dtype=np.float64, na_value=np.nan)
        if column
        else np.full(size, np.nan)
        for column in (geo, when)
    )
    if geo:
        checked.refuse(~_one_to_three(where_code), geo, "must be a code from 1 to 3")
    if when:
        checked.refuse(~_one_to_three(time_code), when, "must be a code from 1 to 3")
    deaths = np.full(size, np.nan)
    if "fatalities" in upper:
        deaths = checked.numbers(upper["fatalities"], low=0, what="a number of deaths, 0 or more")
        typed[upper["fatalities"]] = deaths
    dates, start, end = _spans(day, time_code)

    def text(column: str) -> pd.Series:
        if column in upper:
            return raw.frame[upper[column]].astype(STR)
        return texts_by_code(np.zeros(size, int), [""])

    kinds, levels = pd.factorize(text("event_type").str.strip().str.lower())
    sub, place = text("sub_event_type"), text("location")
    ours = {
        "event_id": text("event_id_cnty") if "event_id_cnty" in upper else text("data_id"),
        "event_date": dates,
        "start_day": start.astype(np.int32),
        "end_day": end.astype(np.int32),
        "lon": lon,
        "lat": lat,
        "coordinate_uncertainty_m": mapped(where_code, UNCERTAINTY_M, np.nan),
        "event_type": texts_by_code(kinds, [_EVENT_TYPE.get(str(key), "") for key in levels]),
        "actor1": text("actor1"),
        "actor2": text("actor2"),
        "best": deaths,
        "low": np.full(size, np.nan),
        "high": np.full(size, np.nan),
        "place_name": place,
        "title": sub.where(sub != "", text("event_type")).str.cat(place, sep=", "),
    }
    if "actor1" in raw.frame:  # the same column, not a second one
        typed.update({key: raw.frame[key] for key in ("actor1", "actor2") if key in raw.frame})
    return checked.finish(ours, typed=typed, source="ACLED", filters=filters)


def _one_to_three(code: Any) -> Any:
    return np.isin(code, [1, 2, 3])


def _spans(day: Any, precision: Any) -> tuple[pd.Series, Any, Any]:
    known = day != OPEN_START
    months = np.where(known, day, 0).astype("datetime64[D]").astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[D]").astype(np.int64)
    start = np.where(precision == 3, first, np.where(precision == 2, day - 6, day))
    end = np.where(precision == 3, after, np.where(precision == 2, day + 7, day + 1))
    code, levels = pd.factorize(day * 4 + np.nan_to_num(precision).astype(np.int64))
    texts = []
    for level in levels.tolist():
        one, how = divmod(level, 4)
        if one == OPEN_START:
            texts.append("")
        elif how == 3:
            texts.append(format_day(one)[:7])
        elif how == 2:
            texts.append(f"{format_day(one - 6)}/{format_day(one + 6)}")
        else:
            texts.append(format_day(one))
    return texts_by_code(code, texts), start, end
