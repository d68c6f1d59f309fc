"""GDELT events: 58 columns (1.0 daily files) or 61 (2.0), with or without names.

Columns and codes: The GDELT Event Database Data Format Codebook, V2.0 (2015) and V1.03 (2013).
GDELT codes what the news says, by machine: each row is a mention, not a verified event.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.events.fields import Checked, mapped, texts_by_code
from atlas.events.model import Events
from atlas.events.options import ReadOptions
from atlas.events.raw import Raw

__all__ = ["COLUMNS_58", "COLUMNS_61", "UNCERTAINTY_M", "is_gdelt", "is_headless", "understand"]

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code",
    "Religion2Code", "Type1Code", "Type2Code", "Type3Code",
)  # fmt: skip
_GEO_61 = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_GEO_58 = tuple(part for part in _GEO_61 if part != "ADM2Code")
_HEAD = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor{who}{part}" for who in (1, 2) for part in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
)  # fmt: skip
_WHO = ("Actor1", "Actor2", "Action")

#: Column names of exports with 61 and with 58 columns, by GDELT's codebooks.
COLUMNS_61 = (
    *_HEAD, *(f"{who}Geo_{part}" for who in _WHO for part in _GEO_61), "DATEADDED", "SOURCEURL",
)  # fmt: skip
COLUMNS_58 = (
    *_HEAD, *(f"{who}Geo_{part}" for who in _WHO for part in _GEO_58), "DATEADDED", "SOURCEURL",
)  # fmt: skip

#: ``ActionGeo_Type`` to a radius in metres. The codebook names what was matched, whose middle
#: stands for it; the radii are ours, of the order of size of what the words name.
UNCERTAINTY_M = {
    1: 500_000.0,  # country
    2: 200_000.0,  # a US state
    3: 5_000.0,  # a US city or landmark
    4: 5_000.0,  # city or landmark elsewhere
    5: 100_000.0,  # first-order division elsewhere
}

# CAMEO root codes that say what our words say; for the rest no word is claimed.
_EVENT_TYPE = {
    "04": "talks",
    "07": "aid",
    "14": "protest",
    "18": "violence_against_civilians",
    "19": "battle",
    "20": "violence_against_civilians",
}
_WHOLE = ("Year", "IsRootEvent", "QuadClass", "NumMentions", "NumSources", "NumArticles")
_REAL = ("FractionDate", "GoldsteinScale", "AvgTone")


def is_gdelt(columns: Iterable[str]) -> bool:
    """Whether the columns are named as GDELT's codebook does, in any case."""
    lower = {str(name).strip().lower() for name in columns}
    return {"globaleventid", "sqldate", "actiongeo_lat", "actiongeo_long"} <= lower


def is_headless(line: str) -> bool:
    """Whether a line is a row of an export without names."""
    return line.count("\t") + 1 in (58, 61) and line.split("\t", 1)[0].strip().isdigit()


def understand(raw: Raw, options: ReadOptions) -> Events:
    """Read the rows of a GDELT event export.

    Parameters
    ----------
    raw : Raw
    options : ReadOptions

    Returns
    -------
    Events
        GDELT's columns under their codebook names, and ours. The place is that of the action
        (``ActionGeo_*``); rows without one are kept, without coordinates. GDELT counts no deaths:
        ``best``, ``low`` and ``high`` are empty. ``event_type`` is set from the CAMEO root code
        where the two vocabularies agree.

    Raises
    ------
    InputError
        If columns of GDELT are missing.
    """
    known = {str(column).strip().lower(): column for column in raw.frame.columns}
    if not is_gdelt(known):
        raise InputError(f"{raw.name} is not a GDELT event export")
    checked = Checked(raw, options)
    typed: dict[str, Any] = {}
    size = len(raw.frame)
    lon = lat = np.full(size, np.nan)
    for who in _WHO:
        x, y = known.get(f"{who}Geo_Long".lower()), known.get(f"{who}Geo_Lat".lower())
        if x is not None and y is not None:
            lon, lat = typed[x], typed[y] = checked.coordinates(x, y)
    when = checked.spans(known["sqldate"], required=True)
    codes: dict[str, Any] = {}
    for name in (*_WHOLE, *(f"{who}Geo_Type" for who in _WHO)):
        if column := known.get(name.lower()):
            codes[name] = typed[column] = checked.integers(column)
    for name in _REAL:
        if column := known.get(name.lower()):
            typed[column] = checked.numbers(column)
    kind = np.full(size, np.nan)
    if "ActionGeo_Type" in codes:
        kind = codes["ActionGeo_Type"].to_numpy(dtype=np.float64, na_value=np.nan)

    def text(name: str) -> pd.Series:
        return checked.clean_text(known.get(name.lower()))

    # A container that types its columns has made 040 into 40.
    root, levels = pd.factorize(text("EventRootCode").str.zfill(2))
    one, two, place = text("Actor1Name"), text("Actor2Name"), text("ActionGeo_FullName")
    pair = one.where((one == "") | (two == ""), one + " - " + two).where(one != "", two)
    title = pair.where((pair == "") | (place == ""), pair + ", " + place)
    blank = np.full(size, np.nan)
    ours = {
        "event_id": text("GLOBALEVENTID"),
        "lon": lon,
        "lat": lat,
        "coordinate_uncertainty_m": np.where(
            np.isfinite(lon), mapped(kind, UNCERTAINTY_M, np.nan), np.nan
        ),
        "event_type": texts_by_code(root, [_EVENT_TYPE.get(str(key), "") for key in levels]),
        "actor1": one,
        "actor2": two,
        "best": blank,
        "low": blank,
        "high": blank,
        "place_name": place,
        "title": title.where(pair != "", place),
    }
    return checked.finish(ours, when, typed=typed, source="GDELT")
