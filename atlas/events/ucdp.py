"""UCDP Georeferenced Event Dataset: every release since 17.1, the candidate releases, the API.

Columns and codes: Högbladh, S., UCDP GED Codebook, version 25.1, Uppsala University, 2025; the
candidate releases share them. Data: CC BY 4.0; cite Sundberg and Melander (2013) and the release.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events.fields import Checked, Spans, edtf_of_days, mapped, texts_by_code
from atlas.events.model import Events
from atlas.events.options import ReadOptions
from atlas.events.raw import Raw

__all__ = ["NUMERIC", "UNCERTAINTY_M", "is_ucdp", "understand"]

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

#: Columns of numbers, which a CSV file may be read with at once.
NUMERIC = frozenset((*_WHOLE, *_DEATHS, "latitude", "longitude"))


def is_ucdp(columns: Iterable[str]) -> bool:
    """Whether the columns are those of a GED event file, in any case."""
    lower = {str(name).strip().lower() for name in columns}
    return {"where_prec", "date_prec", "type_of_violence", "date_start"} <= lower


def understand(raw: Raw, options: ReadOptions) -> Events:
    """Read the rows of a GED file.

    Parameters
    ----------
    raw : Raw
    options : ReadOptions

    Returns
    -------
    Events
        The dataset's columns (numbers as numbers) and ours; ``coordinate_uncertainty_m`` from
        ``where_prec`` by `UNCERTAINTY_M`.

    Raises
    ------
    InputError
        If a column of GED is missing.

    Notes
    -----
    Rejected rows: no or impossible dates, an end before the start, text where a number must be,
    no coordinates, coordinates out of range or swapped (against ``geom_wkt``, or against the other
    rows of the country), unknown codes. A low estimate above the high one is UCDP's own and kept.
    """
    known = {str(name).strip().lower(): name for name in raw.frame.columns}
    if not {"latitude", "longitude"} <= set(known) and raw.geometry is not None:
        from atlas.events.shapes import cover

        x, y, _ = cover(raw.geometry)
        raw.frame = raw.frame.assign(latitude=y, longitude=x)
        known |= {"latitude": "latitude", "longitude": "longitude"}
    missing = [name for name in REQUIRED if name not in known]
    if missing:
        raise InputError(
            f"{raw.name} is not a UCDP GED event file: it has no column {', '.join(missing)}"
        )
    checked = Checked(raw, options)
    typed: dict[str, Any] = {}
    lon, lat = checked.coordinates(
        known["longitude"], known["latitude"], group=known.get("country", "country")
    )
    checked.refuse(
        ~np.isfinite(lon), known["longitude"], "must not be empty: a longitude in degrees"
    )
    typed[known["longitude"]], typed[known["latitude"]] = lon, lat
    if "geom_wkt" in known:
        _compare_with_wkt(checked, known["geom_wkt"], known["latitude"], lon, lat)
    first = checked.spans(known["date_start"], required=True)
    last = checked.spans(known["date_end"], required=True)
    start, end = first.start, np.where(last.end == OPEN_END, OPEN_START, last.end - 1)
    checked.refuse(
        (end < start) & (end != OPEN_START), known["date_end"], "the event ends before it starts"
    )
    deaths: dict[str, Any] = {}
    for name in _DEATHS:
        if name in known:
            deaths[name] = typed[known[name]] = checked.numbers(
                known[name], low=0, what="a number of deaths, 0 or more", counts=True
            )
    whole: dict[str, Any] = {}
    for name in _WHOLE:
        if name in known:
            whole[name] = typed[known[name]] = checked.integers(known[name])
    if {"low", "high"} <= set(deaths):
        above = int((deaths["low"] > deaths["high"]).sum())
        if above:
            checked.say(f"low is above high in {above} rows, as published")
    where = whole["where_prec"].to_numpy(dtype=np.float64, na_value=np.nan)
    checked.refuse(
        ~np.isin(where, list(UNCERTAINTY_M)), known["where_prec"], "must be a code from 1 to 7"
    )
    if "year" in whole:
        _check_year(checked, known["year"], whole["year"], start, end)
    size = len(lon)
    violence = (
        whole["type_of_violence"].to_numpy(dtype=np.float64, na_value=np.nan)
        if "type_of_violence" in whole
        else np.zeros(size)
    )
    dated = end != OPEN_START
    kinds, levels = pd.factorize(mapped(violence, _EVENT_TYPE, ""))
    blank = np.full(size, np.nan)
    place = checked.clean_text(known.get("where_coordinates"))
    ours = {
        "event_id": checked.clean_text(known["id"]),
        "lon": lon,
        "lat": lat,
        "coordinate_uncertainty_m": mapped(where, UNCERTAINTY_M, np.nan),
        "event_type": texts_by_code(kinds, [str(level) for level in levels]),
        "actor1": checked.clean_text(known.get("side_a")),
        "actor2": checked.clean_text(known.get("side_b")),
        "best": deaths["best"],
        "low": deaths.get("low", blank),
        "high": deaths.get("high", blank),
        "place_name": place,
        "title": _titles(checked.clean_text(known.get("dyad_name")), place),
    }
    spans = Spans(
        edtf_of_days(np.where(dated, start, OPEN_START), end),
        start,
        np.where(dated, end + 1, OPEN_END),
    )
    return checked.finish(ours, spans, typed=typed, source="UCDP GED")


def _check_year(checked: Checked, column: str, cells: pd.Series, start: Any, end: Any) -> None:
    year = cells.to_numpy(dtype=np.float64, na_value=np.nan)
    years = [
        day.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
        for day in (np.where(start == OPEN_START, 0, start), np.maximum(end, 0))
    ]
    off = np.isfinite(year) & ((year < years[0]) | (year > years[1]))
    checked.refuse(off, column, "must be the year of the event's dates")


def _compare_with_wkt(checked: Checked, column: str, named: str, lon: Any, lat: Any) -> None:
    """The file says each position twice; a pair that is the other way round was swapped."""
    code, levels = pd.factorize(checked.text(column))  # a town's point comes many times
    found = pd.Series(levels, dtype=object).str.extract(r"POINT\s*\(\s*(\S+)\s+(\S+?)\s*\)")
    x, y = (
        pd.to_numeric(found[at], errors="coerce").to_numpy(dtype=float, na_value=np.nan).take(code)
        for at in (0, 1)
    )
    crossed = (np.abs(x - lat) < 0.01) & (np.abs(y - lon) < 0.01)
    straight = (np.abs(x - lon) < 0.01) & (np.abs(y - lat) < 0.01)
    checked.refuse(crossed & ~straight, named, "latitude and longitude look swapped")


def _titles(who: pd.Series, where: pd.Series) -> pd.Series:
    """Who and where, from the columns every release has."""
    both = who.where((who == "") | (where == ""), who + ", " + where)
    return both.where(who != "", where)
