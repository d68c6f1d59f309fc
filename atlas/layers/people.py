"""People who left home and came back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from atlas.layers.rows import by_language, days_of, number, receipt_of, records, split_cell, text_of
from atlas.layers.specs import Displacement, PlaceLabel

__all__ = ["displacement_of"]

_DETAILS = ("counterclaims", "counter_source_ids")

_Point = tuple[float, float]


def _middle(points: Sequence[_Point]) -> _Point:
    lons, lats = zip(*points, strict=True)
    return round(math.fsum(lons) / len(lons), 5), round(math.fsum(lats) / len(lats), 5)


def displacement_of(
    frame: pd.DataFrame | None, places: Sequence[PlaceLabel]
) -> tuple[Displacement, ...]:
    """Rows of `displacement` with the points they are drawn at.

    Parameters
    ----------
    frame : DataFrame or None
        As `Pack.displacement`.
    places : sequence of PlaceLabel
        Where the places of the rows are; a place that is not among them has no point.

    Returns
    -------
    tuple of Displacement
        In order of time. People on their way out stand where they left, all others - those who came
        back, those counted away or back on a day - where they are; at the other end where that
        place is not known.
    """
    known = {place.id: (place.lon, place.lat) for place in places}
    found = []
    for row in records(frame):
        start, end = days_of(row)
        measure, movement = text_of(row.get("measure")), text_of(row.get("movement"))
        origins = split_cell(row.get("from_place_ids"))
        destinations = split_cell(row.get("to_place_ids"))
        left, reached = _known(origins, known), _known(destinations, known)
        outward = bool(left) and (not reached or (measure, movement) == ("flow", "departure"))
        here, there = (left, reached) if outward else (reached, left)
        details = {name: text_of(row.get(name)) for name in _DETAILS}
        found.append(
            Displacement(
                text_of(row.get("id")), text_of(row.get("people")), by_language(row, "who"),
                measure, movement, origins, destinations, start, end,
                (text_of(row.get("valid_from")), text_of(row.get("valid_to"))),
                number(row.get("low")), number(row.get("best")), number(row.get("high")),
                text_of(row.get("counted_by")), text_of(row.get("counted_on")),
                text_of(row.get("part_of")), _middle(here) if here else None, tuple(there), outward,
                {name: text for name, text in details.items() if text}, receipt_of(row),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.start, one.id)))


def _known(ids: Sequence[str], known: Mapping[str, _Point]) -> list[_Point]:
    return [known[ident] for ident in ids if ident in known]
