"""Routes and what could pass on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from atlas.base import crs
from atlas.base.timespan import boundary_day
from atlas.layers.mandates import _number_text
from atlas.layers.rows import by_language, days_of, number, receipt_of, records, split_cell, text_of
from atlas.layers.specs import Episode, Route

__all__ = ["episodes_of", "routes_of"]


def routes_of(frame: Any) -> tuple[Route, ...]:
    """Routes as measured lines."""
    found = []
    for row in records(frame):
        flag = text_of(row.get("disputed_name")).lower() in {"true", "1", "1.0", "yes"}
        found.append(
            Route(
                text_of(row.get("id")), by_language(row, "name"), text_of(row.get("mode")),
                text_of(row.get("from_place_id")), text_of(row.get("to_place_id")), flag,
                boundary_day(_number_text(row.get("built_from")), end=False),
                number(row.get("uncertainty_m")), round(crs.length_km(row["geometry"]), 2),
                row["geometry"], text_of(row.get("note")),
            )
        )  # fmt: skip
    return tuple(found)


_EPISODE_DETAILS = ("imposed_by", "reason", "counterclaims", "counter_source_ids")


def episodes_of(frame: pd.DataFrame | None, routes: Sequence[Route]) -> tuple[Episode, ...]:
    """What could pass on the stretches of routes."""
    index = {route.id: position for position, route in enumerate(routes)}
    found = []
    for row in records(frame):
        route = index.get(text_of(row.get("route_id")))
        if route is None:
            continue
        start, end = days_of(row)
        details = {name: text_of(row.get(name)) for name in _EPISODE_DETAILS}
        found.append(
            Episode(
                text_of(row.get("id")), route, number(row.get("from_km")), number(row.get("to_km")),
                text_of(row.get("status")), split_cell(row.get("applies_to")),
                text_of(row.get("direction")), start, end,
                {name: text for name, text in details.items() if text}, receipt_of(row),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda episode: (episode.route, episode.start, episode.id)))
