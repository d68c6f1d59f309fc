"""Who left home and who came back, and the deaths of each war, by whose count."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from atlas.base.timespan import holds
from atlas.layers.rows import translations
from atlas.record.pack import split_list

if TYPE_CHECKING:
    import pandas as pd

    from atlas.record.pack import Pack

__all__ = ["Bout", "Count", "list_deaths", "list_movements"]

SECTIONS = (
    ("leftHome", "flow", "departure"),
    ("cameBack", "flow", "return"),
    ("awayOn", "stock", "departure"),
    ("backOn", "stock", "return"),
)
"""Sections of the page: key of the heading, measure and movement of its rows."""

_LEAST = 0.4


@dataclass(frozen=True, slots=True)
class Count:
    """One row of `displacement` or `casualties`, ready to show.

    Attributes
    ----------
    row : namedtuple
        The row itself.
    names : dict of str to str
        Who, by language.
    figures : tuple of (int or None)
        Low, best, high; None where nobody counted.
    bar, low, high : float
        Best figure and its span, as shares of the widest bar in per cent; `bar` is never too small
        to be seen.
    colour : str
        Of the party whose people they are.
    """

    row: Any
    names: Mapping[str, str]
    figures: tuple[int | None, int | None, int | None]
    bar: float
    low: float
    high: float
    colour: str

    def listed(self, column: str) -> list[str]:
        """Parts of a column that lists ids."""
        return split_list(str(getattr(self.row, column)))

    @property
    def main(self) -> int | None:
        """Best figure, or the one there is."""
        low, best, high = self.figures
        return best if best is not None else low if low is not None else high


@dataclass(frozen=True, slots=True)
class Bout:
    """A war or a bout of fighting.

    Attributes
    ----------
    phase : str
        Name.
    names : dict of str to str
        Name, by language.
    counts : tuple of Count
        What was counted.
    in_events : int
        Deaths in single events of the record that began in that time, best figures, those of
        disasters left out.
    events : int
        Number of these events.
    """

    phase: str
    names: Mapping[str, str]
    counts: tuple[Count, ...]
    in_events: int
    events: int


def list_movements(pack: Pack) -> list[tuple[str, list[Count]]]:
    """Rows of `displacement` by section of the page, in order of time.

    Sections that have no row are left out.
    """
    frame = pack.displacement.sort_values(["start_day", "id"], kind="stable")
    scale = _widest(frame)
    out = []
    for key, measure, movement in SECTIONS:
        rows = frame[(frame["measure"] == measure) & (frame["movement"] == movement)]
        if len(rows):
            out.append((key, _counts(pack, rows, scale)))
    return out


def list_deaths(pack: Pack) -> list[Bout]:
    """Rows of `casualties` by war, each war beside the sum of the record's single events."""
    frame = pack.casualties.sort_values(["start_day", "phase", "id"], kind="stable")
    titles = translations(frame, "phase")
    counts = _counts(pack, frame, _widest(frame))
    out = []
    for phase, group in groupby(counts, key=lambda count: str(count.row.phase)):
        rows = tuple(group)
        first = min(int(count.row.start_day) for count in rows)
        last = max(int(count.row.end_day) for count in rows)
        within = pack.events[holds(first, last, pack.events["start_day"])]
        deaths = within.loc[within["event_type"] != "disaster", "best"].dropna()
        out.append(
            Bout(phase, titles[rows[0].row.id], rows, int(deaths.sum()), int((deaths > 0).sum()))
        )
    return out


def _widest(frame: pd.DataFrame) -> float:
    most = frame[["low", "best", "high"]].max().max() if len(frame) else math.nan
    return float(most) if most and math.isfinite(most) else 1.0


def _counts(pack: Pack, frame: pd.DataFrame, scale: float) -> list[Count]:
    names = translations(frame, "who")
    out = []
    for row in frame.itertuples():
        figures = tuple(None if math.isnan(v) else int(v) for v in (row.low, row.best, row.high))
        known: Sequence[int] = [figure for figure in figures if figure is not None]
        main = figures[1] if figures[1] is not None else known[0] if known else 0
        party = pack.meta.parties.get(str(row.people))
        out.append(
            Count(
                row,
                names[str(row.id)],
                (figures[0], figures[1], figures[2]),
                max(100 * main / scale, _LEAST) if known else 0.0,
                100 * min(known, default=0) / scale,
                100 * max(known, default=0) / scale,
                party.colour if party is not None else "#888888",
            )
        )
    return out
