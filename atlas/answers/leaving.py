"""Frames as a user gets them: real dates where the kernels count days, frames keyed by their id.

Inside, a day is a whole number and an open end a number no day has. Neither leaves the house: every
frame that does goes through here once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.timespan import OPEN_END, OPEN_START

__all__ = ["as_dates", "by_id", "day_index", "with_dates"]

# Column of day numbers -> the name it leaves under.
_BOUNDS = {
    "start_day": "start",
    "end_day": "end",
    "authorised_start": "authorised_start",
    "authorised_end": "authorised_end",
    "deployed_start": "deployed_start",
    "deployed_end": "deployed_end",
}
# Texts that are one day each, or empty: `..` and the empty cell are open.
_DAYS = ("since", "until", "last_passable")

# Years that a date of a frame can hold, whatever unit its reader turns it into: nanoseconds end
# with 2262, and a day beyond is as good as open.
_UNIT = "datetime64[ms]"


def as_dates(days: Any) -> npt.NDArray[np.datetime64]:
    """Turn day numbers into dates; open bounds become NaT.

    Parameters
    ----------
    days : array-like of int
        Days since 1970-01-01.

    Returns
    -------
    ndarray of datetime64[ms]

    Examples
    --------
    >>> as_dates([0, 2**31 - 1]).astype(str).tolist()
    ['1970-01-01T00:00:00.000', 'NaT']
    """
    numbers = np.asarray(days, dtype=np.int64)
    dates = numbers.astype("datetime64[D]").astype(_UNIT)
    dates[(numbers <= OPEN_START) | (numbers >= OPEN_END)] = np.datetime64("NaT")
    return dates


def day_index(days: Any) -> pd.DatetimeIndex:
    """Index of a series over time: its days as dates, named ``date``."""
    return pd.DatetimeIndex(as_dates(days), name="date")


def with_dates(frame: Any) -> Any:
    """Put dates in place of day numbers.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        With any of the columns ``start_day, end_day`` and those of mandates (day numbers), ``since,
        until, last_passable`` (ISO days).

    Returns
    -------
    DataFrame or GeoDataFrame
        A copy: ``start`` and ``end`` (datetime64, half-open; NaT is open) in place of ``start_day``
        and ``end_day``, the others under their own names.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"start_day": [0], "end_day": [2**31 - 1], "since": ["1970-01-01"]})
    >>> out = with_dates(frame)
    >>> str(out["start"].item()), out["end"].item()
    ('1970-01-01 00:00:00', NaT)
    """
    made: dict[str, Any] = {}
    for column in _BOUNDS:
        if column in frame and not _is_date(frame[column]):
            made[column] = as_dates(frame[column].to_numpy())
    for column in _DAYS:
        if column in frame and not _is_date(frame[column]):
            texts = frame[column].astype(object).to_numpy()
            made[column] = np.array(
                ["NaT" if text in ("", "..") else text for text in texts], dtype=_UNIT
            )
    # A day that never was (a mandate nobody deployed) is kept as two equal open bounds.
    out = frame.assign(**made).rename(columns=_BOUNDS)
    return out


def _is_date(column: pd.Series) -> bool:
    return bool(pd.api.types.is_datetime64_any_dtype(column.dtype))


def by_id(frame: Any) -> Any:
    """Give a table of the record as it leaves: with dates, and rows found by ``.loc[id]``.

    The column ``id`` stays, so that nothing is lost when the index is.
    """
    dated = with_dates(frame)
    return dated.set_axis(pd.Index(frame["id"].to_numpy(dtype=object)), axis=0)
