"""Zones and the mandates over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from atlas.layers.rows import by_language, days_of, number, receipt_of, records, text_of
from atlas.layers.specs import Mandate, Zone

__all__ = ["mandates_of", "zones_of"]


def zones_of(frame: Any) -> tuple[Zone, ...]:
    """Ground of the mandates."""
    found = []
    for row in records(frame):
        start, end = days_of(row)
        found.append(
            Zone(
                text_of(row.get("id")), by_language(row, "name"), text_of(row.get("zone_type")),
                text_of(row.get("place_id")), start, end, number(row.get("uncertainty_m")),
                row["geometry"],
            )
        )  # fmt: skip
    return tuple(found)


_MANDATE_DETAILS = (
    "authorised_strength", "observed_strength", "strength_reported_on", "unnamed_posts",
    "contributors", "consenting_parties", "tasks", "place_id", "counterclaims",
    "counter_source_ids", "standing",
)  # fmt: skip


def _number_text(value: object) -> str:
    """A cell as a person writes it: 1960, not 1960.0."""
    found = number(value)
    if not isinstance(value, str) and not math.isnan(found) and found == int(found):
        return str(int(found))
    return text_of(value)


def mandates_of(frame: pd.DataFrame | None, zones: Sequence[Zone]) -> tuple[Mandate, ...]:
    """Mandates by zone."""
    index = {zone.id: position for position, zone in enumerate(zones)}
    found = []
    for row in records(frame):
        deployed = None
        if text_of(row.get("deployed_from")):
            deployed = days_of(row, "deployed_from", "deployed_to")
        details = {name: _number_text(row.get(name)) for name in _MANDATE_DETAILS}
        found.append(
            Mandate(
                text_of(row.get("id")), text_of(row.get("mission")), text_of(row.get("instrument")),
                index.get(text_of(row.get("zone_id")), -1), text_of(row.get("zone_type")),
                days_of(row, "authorised_from", "authorised_to"), deployed,
                {name: text for name, text in details.items() if text}, receipt_of(row),
            )
        )  # fmt: skip
    return tuple(found)
