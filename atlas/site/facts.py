"""What several pages ask of the record: who cites what, and where things lie."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from atlas.layers.rows import translations
from atlas.record.pack import split_list

if TYPE_CHECKING:
    import pandas as pd

    from atlas.record.pack import Pack

__all__ = ["CITING", "area_points", "area_titles", "citations", "event_points"]

CITING = (
    "control", "events", "mandates", "episodes", "chapters", "areas", "zones", "routes",
    "places", "names", "displacement", "casualties", "actors",
)  # fmt: skip
"""Tables that cite sources, in the order in which the bibliography counts them."""


def citations(pack: Pack) -> dict[str, dict[str, list[str]]]:
    """Say which rows cite each source.

    Returns
    -------
    dict
        By source id, then table: the ids of the rows, sorted, those that cite it for a
        counterclaim included.
    """
    found: dict[str, dict[str, list[str]]] = {str(key): {} for key in pack.sources["id"]}
    for name in CITING:
        frame: pd.DataFrame = getattr(pack, name)
        columns = [c for c in ("source_ids", "counter_source_ids") if c in frame]
        for row_id, *cells in frame[["id", *columns]].itertuples(index=False):
            for key in dict.fromkeys(part for cell in cells for part in split_list(str(cell))):
                found.setdefault(key, {}).setdefault(name, []).append(str(row_id))
    return {key: found[key] for key in sorted(found)}


def event_points(pack: Pack) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each event: its own, else its place's; degrees, NaN if neither."""
    places = {str(row.id): (float(row.lon), float(row.lat)) for row in pack.places.itertuples()}
    points = {}
    for row in pack.events.itertuples():
        own = (float(row.lon), float(row.lat))
        known = math.isfinite(own[0]) and math.isfinite(own[1])
        points[str(row.id)] = own if known else places.get(str(row.place_id), (math.nan, math.nan))
    return points


def area_points(pack: Pack) -> dict[str, tuple[float, float]]:
    """A point inside each area, degrees."""
    inside = pack.areas.geometry.representative_point()
    return {
        str(key): (float(point.x), float(point.y))
        for key, point in zip(pack.areas["id"], inside, strict=True)
    }


def area_titles(pack: Pack) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """Place id of each area, and which part of it by language, by area id."""
    parts = translations(pack.areas, "part")
    return {str(row.id): (str(row.name_place_id), parts[str(row.id)])
            for row in pack.areas[["id", "name_place_id"]].itertuples()}  # fmt: skip
