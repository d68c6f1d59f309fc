"""GDELT event exports: tab separated, no header, 58 columns (1.0 daily files) or 61 (2.0).

Columns and codes: The GDELT Event Database Data Format Codebook, V2.0 (2015) and V1.03 (2013).
GDELT codes what the news says, by machine: each row is a mention, not a verified event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END
from atlas.events.fields import Checked, Events, Filters, edtf_of_days, mapped, texts_by_code
from atlas.events.source import Opened, Source, opened, read_delimited

__all__ = ["COLUMNS_58", "COLUMNS_61", "UNCERTAINTY_M", "parse_gdelt", "read_gdelt"]

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
    2: 200_000.0,  # state of the United States
    3: 5_000.0,  # city or landmark in the United States
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


def read_gdelt(
    source: Source,
    *,
    limit: int | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    bbox: Sequence[float] | None = None,
) -> Events:
    """Read a GDELT event export.

    Parameters
    ----------
    source : path or file
        Tab separated, without header, plain or zipped.
    limit, date_from, date_to, bbox
        As in `atlas.events.ucdp.read_ucdp`.

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
        If the file can't be opened as text or its rows have neither 58 nor 61 fields.
    NotFoundError
        If there is no such file.
    """
    filters = Filters(limit, date_from, date_to, bbox)
    with opened(source) as ready:
        return parse_gdelt(ready, filters)


def parse_gdelt(source: Opened, filters: Filters) -> Events:
    """Read an opened GDELT export; see `read_gdelt`."""
    handle, name, _ = source
    widths = _widths(handle)
    if not widths:
        raise InputError(f"{name} is empty")
    width = max(widths, key=lambda size: (widths.count(size), size))
    if width not in (58, 61):
        raise InputError(
            f"{name} is not a GDELT event export: its rows have {width} tab separated fields, "
            "not 58 or 61"
        )
    columns = COLUMNS_61 if width == 61 else COLUMNS_58
    raw = read_delimited(source, delimiter="\t", header=columns, quoted=False, limit=filters.limit)
    raw.notes.append(f"columns: the {width} of GDELT {'2.0' if width == 61 else '1.0'}")
    checked = Checked(raw)
    typed: dict[str, Any] = {}
    for who in _WHO:
        x, y = f"{who}Geo_Long", f"{who}Geo_Lat"
        typed[x], typed[y] = checked.coordinates(x, y)
    lon, lat = typed["ActionGeo_Long"], typed["ActionGeo_Lat"]
    day = checked.days("SQLDATE", required=True)
    for column in (*_WHOLE, *(f"{who}Geo_Type" for who in _WHO)):
        typed[column] = checked.integers(column)
    for column in _REAL:
        typed[column] = checked.numbers(column)
    kind = typed["ActionGeo_Type"].to_numpy(dtype=np.float64, na_value=np.nan)
    size = len(raw.frame)
    root, levels = pd.factorize(raw.frame["EventRootCode"])
    one, two, place = (
        raw.frame[column] for column in ("Actor1Name", "Actor2Name", "ActionGeo_FullName")
    )
    pair = one.where((one == "") | (two == ""), one + " - " + two).where(one != "", two)
    title = pair.where((pair == "") | (place == ""), pair + ", " + place)
    ours = {
        "event_id": raw.frame["GLOBALEVENTID"],
        "event_date": edtf_of_days(day, day),
        "start_day": day.astype(np.int32),
        "end_day": np.where(checked.bad, OPEN_END, day + 1).astype(np.int32),
        "lon": lon,
        "lat": lat,
        "coordinate_uncertainty_m": np.where(
            np.isfinite(lon), mapped(kind, UNCERTAINTY_M, np.nan), np.nan
        ),
        "event_type": texts_by_code(root, [_EVENT_TYPE.get(str(key), "") for key in levels]),
        "actor1": one,
        "actor2": two,
        "best": np.full(size, np.nan),
        "low": np.full(size, np.nan),
        "high": np.full(size, np.nan),
        "place_name": place,
        "title": title.where(pair != "", place),
    }
    return checked.finish(ours, typed=typed, source="GDELT", filters=filters)


def _widths(handle: Any) -> list[int]:
    """Number of fields of the first lines."""
    head = handle.read(1 << 18)
    handle.seek(0)
    lines = head.split(b"\n")
    if len(lines) > 1:
        lines = lines[:-1]  # the last one may be cut
    return [line.count(b"\t") + 1 for line in lines if line.strip()]
