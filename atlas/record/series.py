"""Rows that follow one another: spans are half-open, so a row ends on the day its successor begins.

Whoever writes the last day instead leaves a day on which nothing holds, which no reader sees.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from atlas.base.errors import Fault, InputError
from atlas.base.timespan import boundary_day, format_day

if TYPE_CHECKING:
    from atlas.record.check import RawPack
    from atlas.record.tables import RawTable

__all__ = ["series_faults"]

_SPANS = (
    ("control", "valid_from", "valid_to"),
    ("episodes", "valid_from", "valid_to"),
    ("names", "valid_from", "valid_to"),
    ("mandates", "authorised_from", "authorised_to"),
    ("mandates", "deployed_from", "deployed_to"),
)
_SERIES = {
    "control": ("area_id", "controller", "asserted_by"),
    "episodes": ("route_id",),
    "names": ("place_id", "lang"),
    "mandates": ("mission", "zone_id", "place_id"),
}
"""What rows of one series share. Of assessed control every gap is a fault; here it is claims."""
_MEANT = re.compile(r"\ba day apart\b", re.IGNORECASE)


def series_faults(pack: RawPack) -> Iterator[Fault]:
    """Find rows that end one day before the next of their series begins, with nothing between.

    A note with the words *a day apart* says that it is meant, and why.

    Parameters
    ----------
    pack : RawPack
        The raw tables.

    Yields
    ------
    Fault
    """
    for name, first, last in _SPANS:
        raw = pack.tables[name]
        if not raw.incomplete:
            yield from _gaps(raw, _SERIES[name], first, last)


def _gaps(raw: RawTable, shared: tuple[str, ...], first: str, last: str) -> Iterator[Fault]:
    series: dict[tuple[str, ...], list[tuple[int, int, int, dict[str, str]]]] = defaultdict(list)
    for line, row in raw.records():
        if not row.get("asserted_by") and raw.table.file == "control.csv":
            continue
        try:
            span = boundary_day(row[first], end=False), boundary_day(row[last], end=True)
        except InputError:
            continue  # told as a fault of the cell
        series[tuple(row[column] for column in shared)].append((*span, line, row))
    for rows in series.values():
        for _, end, line, row in rows:
            after = [other["id"] for begin, _, _, other in rows if begin == end + 1]
            held = any(begin <= end < until for begin, until, _, _ in rows)
            if after and not held and not _MEANT.search(row["note"]):
                found = f"{row['id']} ends {format_day(end)}, {after[0]} begins a day later"
                expected = f"{format_day(end + 1)}, the first day on which it no longer holds"
                remedy = "End it on that day, or write in the note why they are a day apart"
                yield Fault(raw.table.file, line, last, found, expected, "day-gap", remedy)
