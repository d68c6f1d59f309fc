"""ACLED exports and API pages: the columns of today and those of older downloads.

Columns and codes: ACLED Codebook (Armed Conflict Location & Event Data Project, 2024). The data
may not be passed on; read your own download.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, format_day
from atlas.events.fields import Checked, Spans, mapped, texts_by_code
from atlas.events.model import Events
from atlas.events.options import ReadOptions
from atlas.events.raw import Raw
from atlas.events.vocabulary import canonical

__all__ = ["UNCERTAINTY_M", "is_acled", "understand"]

#: ``geo_precision`` to a radius in metres. The codebook gives words only; the radii are ours, of
#: the order of size of what the words name.
UNCERTAINTY_M = {
    1: 2_000.0,  # a particular town, with coordinates for that town
    2: 25_000.0,  # a small part of a region, near a town whose point is used
    3: 100_000.0,  # a larger region: its capital or a midpoint is used
}


def is_acled(columns: Iterable[str]) -> bool:
    """Whether the columns are those of an ACLED export, old or current."""
    lower = {str(name).strip().lower() for name in columns}
    return {"event_date", "latitude", "longitude", "event_type"} <= lower and bool(
        lower & {"event_id_cnty", "geo_precision", "time_precision", "geo_precis", "data_id"}
    )


def understand(raw: Raw, options: ReadOptions) -> Events:
    """Read the rows of an ACLED export; column names in any case, as older files have them.

    Parameters
    ----------
    raw : Raw
    options : ReadOptions

    Returns
    -------
    Events
        The dataset's columns and ours. ACLED's own ``event_type`` keeps its name; ours stands
        beside it as ``atlas_event_type``. ``time_precision`` 2 (the week) widens the date to six
        days either way, 3 (the month) to the month; ``coordinate_uncertainty_m`` is from
        ``geo_precision`` by `UNCERTAINTY_M`. ACLED counts fatalities once: ``best`` is that count,
        ``low`` and ``high`` are empty.

    Raises
    ------
    InputError
        If a column of ACLED is missing.
    """
    known = {str(column).strip().lower(): column for column in raw.frame.columns}
    needed = ("event_date", "event_type", "latitude", "longitude")
    missing = [column for column in needed if column not in known]
    if missing:
        raise InputError(
            f"{raw.name} is not an ACLED export: it has no column {', '.join(missing)}"
        )
    checked = Checked(raw, options)
    size = len(raw.frame)
    lon, lat = checked.coordinates(
        known["longitude"], known["latitude"], group=known.get("country", "country")
    )
    checked.refuse(
        ~np.isfinite(lon), known["longitude"], "must not be empty: a longitude in degrees"
    )
    when = checked.spans(known["event_date"], required=True)
    typed: dict[str, Any] = {known["longitude"]: lon, known["latitude"]: lat}
    codes: dict[str, Any] = {}
    for name, older in (("geo_precision", "geo_precis"), ("time_precision", "time_precis"),
                        ("year", "year")):  # fmt: skip
        column = known.get(name, known.get(older))
        if column is None:
            codes[name] = np.full(size, np.nan)
            continue
        cells = typed[column] = checked.integers(column)
        codes[name] = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        if name != "year":
            checked.refuse(~np.isin(codes[name], [1, 2, 3]), column, "must be a code from 1 to 3")
    best = np.full(size, np.nan)
    if "fatalities" in known:
        best = typed[known["fatalities"]] = checked.numbers(
            known["fatalities"], low=0, what="a number of deaths, 0 or more", counts=True
        )

    def text(name: str) -> pd.Series:
        return checked.clean_text(known.get(name))

    kinds, levels = pd.factorize(text("event_type"))
    sub, place = text("sub_event_type"), text("location")
    ours = {
        "event_id": text("event_id_cnty") if "event_id_cnty" in known else text("data_id"),
        "lon": lon,
        "lat": lat,
        "coordinate_uncertainty_m": mapped(codes["geo_precision"], UNCERTAINTY_M, np.nan),
        "event_type": texts_by_code(kinds, [canonical(str(level)) for level in levels]),
        "actor1": text("actor1"),
        "actor2": text("actor2"),
        "best": best,
        "low": np.full(size, np.nan),
        "high": np.full(size, np.nan),
        "place_name": place,
        "title": sub.where(sub != "", text("event_type")).str.cat(place, sep=", "),
    }
    spans = _widened(when, codes["time_precision"])
    return checked.finish(ours, spans, typed=typed, source="ACLED")


def _widened(when: Spans, precision: Any) -> Spans:
    """The days a date can mean, by its precision."""
    day = when.start
    known = day != OPEN_START
    months = np.where(known, day, 0).astype("datetime64[D]").astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[D]").astype(np.int64)
    start = np.where(precision == 3, first, np.where(precision == 2, day - 6, day))
    end = np.where(precision == 3, after, np.where(precision == 2, day + 7, when.end))
    code, levels = pd.factorize(day * 4 + np.nan_to_num(precision).astype(np.int64))
    text = when.text.to_numpy(dtype=object)
    texts = []
    where = np.unique(code, return_index=True)[1]
    for level, row in zip(levels.tolist(), where, strict=True):
        one, how = divmod(level, 4)
        if one == OPEN_START:
            texts.append("")
        elif how == 3:
            texts.append(format_day(one)[:7])
        elif how == 2:
            texts.append(f"{format_day(one - 6)}/{format_day(one + 6)}")
        else:
            texts.append(str(text[row]))
    return Spans(
        texts_by_code(code, texts),
        np.where(known, start, OPEN_START),
        np.where(known, end, OPEN_END),
    )
