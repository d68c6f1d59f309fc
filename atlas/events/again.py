"""An answer of ours that comes back in: the user's table is taken from it, and what it remembers.

Our columns are dropped and made anew from the user's. What can't be made anew is kept: the position
of a row that was found by its name, with what was found, or taken from a geometry that the file no
longer has, and the dataset. A day that the user has written into our ``event_date`` wins; it is
told by its no longer agreeing with our ``start`` and ``end``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events.fields import Checked, Spans, texts_by_code
from atlas.events.options import ReadOptions
from atlas.events.ours import BLOCKS, Made, ours, without_ours
from atlas.events.raw import Raw

__all__ = ["Before", "as_it_came"]


@dataclass(frozen=True)
class Before:
    """What an answer of ours remembers of its rows.

    Attributes
    ----------
    dates : Spans
        Of our ``event_date``.
    changed : array of bool
        Rows whose ``event_date`` was changed by the user.
    lon, lat, radius : array of float
        Our positions.
    forced : bool
        Whether they came from a geometry, which beats the user's columns.
    source : Series or None
        Our ``source_dataset``.
    located : mapping of str to array
        What was found when names of places were looked up; empty where they were not.
    """

    dates: Spans | None
    changed: npt.NDArray[np.bool_]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    radius: npt.NDArray[np.float64]
    forced: bool
    source: Any
    located: Mapping[str, Any] = field(default_factory=dict)

    def found_by_name(self, made: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
        """Columns of what was found by name, for the rows that still stand where it was found."""
        if not self.located:
            return {}
        lon, lat = (np.asarray(made[name], dtype=np.float64) for name in ("lon", "lat"))
        stands = ((lon == self.lon) & (lat == self.lat)) | (np.isnan(lon) & np.isnan(self.lon))
        present = set(columns)
        return {
            (f"atlas_{name}" if name in present else name): (
                np.where(stands, cells, np.nan if name == "locate_score" else "")
            )
            for name, cells in self.located.items()
        }

    def apply(self, made: dict[str, Any], spans: Spans) -> Spans:
        """Put what is remembered where it was not made anew; `made` is changed."""
        lon, lat = (np.asarray(made[name], dtype=np.float64) for name in ("lon", "lat"))
        gap = ~np.isfinite(lon) & np.isfinite(self.lon)
        if self.forced:
            gap = np.ones(len(lon), dtype=bool)
        made["lon"], made["lat"] = np.where(gap, self.lon, lon), np.where(gap, self.lat, lat)
        radius = np.asarray(made["coordinate_uncertainty_m"], dtype=np.float64)
        same = (made["lon"] == self.lon) & (made["lat"] == self.lat)
        made["coordinate_uncertainty_m"] = np.where(np.isnan(radius) & same, self.radius, radius)
        if self.source is not None:
            made["source_dataset"] = self.source
        if self.dates is None:
            return spans
        dateless = (spans.start == OPEN_START) & (spans.end == OPEN_END)
        wins = self.changed | dateless
        return Spans(
            self.dates.text.where(wins, spans.text),
            np.where(wins, self.dates.start, spans.start),
            np.where(wins, self.dates.end, spans.end),
        )


def as_it_came(raw: Raw, made: Made, options: ReadOptions) -> Raw:
    """The user's own table of an answer of ours; ``before`` of it is what the answer remembers."""
    names = {
        name: column
        for name, column in ours(raw.frame).items()
        if column.startswith("atlas_") or name not in made.own
    }
    checked = Checked(raw, options)
    size = len(raw.frame)
    dates, changed = None, np.zeros(size, dtype=bool)
    if {"event_date", "start", "end"} <= set(names):
        dates = checked.spans(names["event_date"])
        first, after = (checked.spans(names[name]) for name in ("start", "end"))
        ends = np.where(after.start == OPEN_START, OPEN_END, after.start)
        changed = (dates.start != first.start) | (dates.end != ends)

    def numbers(name: str) -> npt.NDArray[np.float64]:
        if name not in names:
            return np.full(size, np.nan)
        return checked.numbers(names[name])

    has_shapes = raw.geometry is not None and any(shape is not None for shape in raw.geometry)
    from_geometry = "geometry" in made.own
    before = Before(
        dates, changed, numbers("lon"), numbers("lat"), numbers("coordinate_uncertainty_m"),
        from_geometry and not has_shapes,
        pd.Series(checked.text(names["source_dataset"])) if "source_dataset" in names else None,
    )  # fmt: skip
    if "locate" in made.parts:
        called = ours(raw.frame, BLOCKS["locate"])
        before = replace(
            before,
            located={
                name: checked.numbers(column)
                if name == "locate_score"
                else np.asarray(checked.text(column), dtype=object)
                for name, column in called.items()
            },
        )
    if before.source is not None:
        code, levels = pd.factorize(before.source)
        before = replace(before, source=texts_by_code(code, list(map(str, levels))))
    raw.frame = without_ours(raw.frame, made)
    if not from_geometry:
        raw.geometry = None
    raw.before = before
    return raw
