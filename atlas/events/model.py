"""What reading gives: events, rejects and notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events.options import ReadOptions
from atlas.events.ours import ours

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Events", "days"]

_NAT = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Events:
    """Events read from anything: every row is an event, a reject, or was filtered out.

    Attributes
    ----------
    frame : GeoDataFrame, EPSG:4326
        The user's columns as they were, then ours (see `atlas.events`); the geometry is a point,
        None where there is no position.
    rejects : DataFrame
        line (of a file) or index (of a frame), column, found, reason, raw.
    notes : tuple of str
        What was assumed: encoding, delimiter, order of day and month, guessed columns.
    rows : int
        Records met.
    filtered : int
        Good rows left out by the caller's dates or box.
    lines : array
        Line of each event in its file, or its label in a frame.
    options : ReadOptions
        As the user gave them.
    """

    frame: gpd.GeoDataFrame
    rejects: pd.DataFrame
    notes: tuple[str, ...] = ()
    rows: int = 0
    filtered: int = 0
    lines: Any = None
    options: ReadOptions = field(default_factory=ReadOptions)

    def __post_init__(self) -> None:
        if self.rows != len(self.frame) + len(self.rejects) + self.filtered:
            raise AssertionError("a row was dropped: rows in must equal events plus rejects")

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, name: str) -> pd.Series:
        """Our column of that name, whatever it is called beside the user's.

        Parameters
        ----------
        name : str
            Name of a column of ours.

        Returns
        -------
        Series

        Examples
        --------
        >>> import atlas
        >>> atlas.read_events([{"lon": 1, "lat": 2, "date": "2020"}]).column("lon").item()
        1.0
        """
        return self.frame[ours(self.frame, (name,))[name]]

    @property
    def unlocated(self) -> npt.NDArray[np.bool_]:
        """Rows that have a name of a place and no position.

        Examples
        --------
        >>> import atlas
        >>> atlas.read_events([{"place": "Salto", "date": "2020"}]).unlocated.tolist()
        [True]
        """
        bare = np.array(self.column("lon").isna())
        if bare.any():  # names are looked at only where there is no position
            named = self.column("place_name")[bare].fillna("").astype(str).str.strip() != ""
            bare[bare] = named.to_numpy(dtype=bool)
        return bare

    def __repr__(self) -> str:
        return f"<Events: {self._told()}>"

    def _told(self) -> str:
        parts = [f"{len(self.frame):,} events", f"{len(self.rejects):,} rejects"]
        if self.filtered:
            parts.append(f"{self.filtered:,} left out")
        return ", ".join(parts)

    def _repr_html_(self) -> str:
        """Answer first: how many, what was assumed, the first rows of our columns."""
        from html import escape

        shown = [self.column(name).rename(name) for name in
                 ("event_date", "place_name", "lon", "lat", "event_type", "title")]  # fmt: skip
        table = pd.concat(shown, axis=1).head(5).to_html(index=False, border=0, na_rep="")
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes[:8])
        return f"<p><b>{escape(self._told())}</b></p><ul>{notes}</ul>{table}"


def days(frame: pd.DataFrame) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Half-open spans of events as day numbers, for the kernels.

    Parameters
    ----------
    frame : DataFrame
        With our columns ``start`` and ``end``.

    Returns
    -------
    start, end : array of int32
        Days since 1970-01-01; ``OPEN_START`` and ``OPEN_END`` where open or unknown.

    Examples
    --------
    >>> when = pd.DataFrame({"start": pd.to_datetime(["1970-01-02", None]),
    ...                      "end": pd.to_datetime(["1970-01-03", None])})
    >>> [list(map(int, part)) for part in days(when)]
    [[1, -2147483648], [2, 2147483647]]
    """
    names = ours(frame, ("start", "end"))
    out = []
    for name, missing in (("start", OPEN_START), ("end", OPEN_END)):
        whole = frame[names[name]].to_numpy(dtype="datetime64[D]").astype(np.int64)
        out.append(np.where(whole == _NAT, missing, whole).astype(np.int32))
    return out[0], out[1]
