"""Areas, the lines between them, and who held them from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.base import crs
from atlas.layers.rows import by_language, days_of, number, receipt_of, records, text_of
from atlas.layers.specs import Area, ControlSpell, Edge
from atlas.record.claims import claim_of

__all__ = ["areas_of", "control_spells", "coverage_edges"]


def areas_of(frame: Any) -> tuple[Area, ...]:
    """Areas of a pack, with their size."""
    if frame is None or not len(frame):
        return ()
    km2 = crs.area_km2(frame.geometry.values)
    return tuple(
        Area(
            text_of(row.get("id")),
            text_of(row.get("name_place_id")),
            text_of(row.get("district_place_id")),
            by_language(row, "part"),
            text_of(row.get("scope")) or "disputed",
            text_of(row.get("geometry_method")),
            number(row.get("uncertainty_m")),
            round(float(size), 1),
            _range(row, float(size)),
            row["geometry"],
        )
        for row, size in zip(records(frame), km2, strict=True)
    )


def _range(row: Mapping[str, Any], size: float) -> tuple[float, float]:
    doubt = number(row.get("uncertainty_m"), 0.0)
    low, high = crs.area_range_km2(row["geometry"], doubt) if doubt > 0 else (size, size)
    return round(low, 1), round(high, 1)


def coverage_edges(geometries: Sequence[BaseGeometry], *, decimals: int = 5) -> tuple[Edge, ...]:
    """Cut a polygon coverage into the lines between its members.

    A renderer draws a stretch only on days when its two sides are held by different parties,
    so that a front is one line and the seams inside one holder's ground don't show.

    Parameters
    ----------
    geometries : sequence of Polygon or MultiPolygon
        A coverage in degrees: neighbours share their vertices.
    decimals : int
        Digits to which shared vertices agree.

    Returns
    -------
    tuple of Edge
        Sorted by the two members; ``right`` is -1 on the outline.

    Examples
    --------
    >>> left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    >>> [(edge.left, edge.right, len(edge.line)) for edge in coverage_edges([left, right])]
    [(0, -1, 4), (0, 1, 2), (1, -1, 4)]
    """
    scale = 10**decimals
    sides: dict[tuple[tuple[int, int], tuple[int, int]], list[int]] = {}
    for member, geometry in enumerate(geometries):
        for polygon in shapely.get_parts(geometry):
            for ring in (polygon.exterior, *polygon.interiors):
                points = [
                    (int(x), int(y)) for x, y in np.rint(shapely.get_coordinates(ring) * scale)
                ]
                for one, two in zip(points, points[1:], strict=False):
                    if one != two:
                        sides.setdefault((min(one, two), max(one, two)), []).append(member)
    pairs: dict[tuple[int, int], list[tuple[tuple[int, int], tuple[int, int]]]] = {}
    for segment, members in sides.items():
        both = sorted(set(members))
        if len(both) > 1:
            pairs.setdefault((both[0], both[1]), []).append(segment)
        elif len(members) == 1:  # seen twice by one member: an inner seam of a multipolygon
            pairs.setdefault((both[0], -1), []).append(segment)
    return tuple(
        Edge(left, right, np.asarray(line, dtype=np.float64) / scale)
        for (left, right), segments in sorted(pairs.items())
        for line in _chain(segments)
    )


def _chain(
    segments: Sequence[tuple[tuple[int, int], tuple[int, int]]],
) -> Iterable[list[tuple[int, int]]]:
    """Join segments end to end into lines, breaking at every fork."""
    ends: dict[tuple[int, int], list[int]] = {}
    for index, (one, two) in enumerate(segments):
        ends.setdefault(one, []).append(index)
        ends.setdefault(two, []).append(index)
    used = [False] * len(segments)

    def walk(index: int, point: tuple[int, int]) -> list[tuple[int, int]]:
        line = [point]
        while True:
            used[index] = True
            one, two = segments[index]
            point = two if point == one else one
            line.append(point)
            onward = [other for other in ends[point] if not used[other]]
            if len(ends[point]) != 2 or not onward:
                return line
            index = onward[0]

    for point in sorted(ends):
        if len(ends[point]) != 2:
            for index in ends[point]:
                if not used[index]:
                    yield walk(index, point)
    for index, (one, _) in enumerate(segments):
        if not used[index]:
            yield walk(index, one)


def control_spells(frame: pd.DataFrame | None, areas: Sequence[Area]) -> tuple[ControlSpell, ...]:
    """Who held each area from when to when, assessed and claimed."""
    index = {area.id: position for position, area in enumerate(areas)}
    found = []
    for row in records(frame):
        area = index.get(text_of(row.get("area_id")))
        if area is None:
            continue
        start, end = days_of(row)
        receipt = receipt_of(row)
        kind, note = claim_of(receipt.note) if receipt.asserted_by else ("", receipt.note)
        found.append(
            ControlSpell(
                text_of(row.get("id")), area, text_of(row.get("controller")),
                text_of(row.get("control_type")), text_of(row.get("how")), start, end,
                text_of(row.get("transition_event_id")), text_of(row.get("de_jure_iso")),
                text_of(row.get("de_jure_basis")), kind, replace(receipt, note=note),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda spell: (spell.area, spell.start, spell.id)))
