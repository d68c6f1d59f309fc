"""The places with their weight on the map, and the ground that a pack brings."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from atlas.layers.rows import by_language, days_of, number, records, split_cell, text_of
from atlas.layers.specs import Name, PlaceLabel
from atlas.record.compiled import content_of, derived
from atlas.record.naming import Parts

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["NEVER_LABELLED", "basemap_features", "place_labels"]

Spells = tuple[tuple[int, Parts], ...]
"""From which day on which names; the first stand from the beginning."""

# Weight of a place on the map before its population is added (orders of ten).
_KIND_RANK = {
    "country": 9.0, "sea": 7.0, "lake": 2.6, "region": 3.9, "province": 3.0, "republic": 3.9,
    "district": 1.6, "settlement": 0.0, "corridor": 2.5, "pass": 2.1, "mountain": 2.0,
    "river": 2.0, "airport": 2.0, "base": 2.0, "crossing": 2.3, "bridge": 2.1, "monastery": 2.1,
    "dam": 2.0, "station": 2.0, "site": 1.9,
}  # fmt: skip


def _weights(pack: Pack) -> dict[str, float]:
    """How much a record says of each place: what is often told of should be named on the map."""
    weights: dict[str, float] = {}
    for ident, count in pack.events["place_id"].value_counts().items():
        weights[str(ident)] = 0.9 * math.log10(1 + int(count))
    seats = set(pack.areas["name_place_id"]) | set(pack.areas["district_place_id"])
    ends = set(pack.routes["from_place_id"]) | set(pack.routes["to_place_id"])
    for ident in sorted((seats | ends) - {""}):
        weights[str(ident)] = weights.get(str(ident), 0.0) + 0.9
    return weights


# A region or corridor whose extent is not on record is found by search, but lays its name over no
# land: where it lies, and what it is called, may be the very thing in dispute.
_VAGUE = ("region", "republic", "corridor")


NEVER_LABELLED = -9.0


def _rank(kind: str, people: float, weight: float) -> float:
    rank = _KIND_RANK.get(kind, 1.0)
    if kind != "settlement":
        return round(rank + min(weight, 1.0) * 0.3, 2)
    if people > 0:
        return round(max(math.log10(people) - 0.4, 1.0) + weight * 0.5, 2)
    # Unknown is not small: without a figure, what the record says of it decides.
    return round(1.0 + 1.6 * weight, 2)


def place_labels(pack: Pack) -> tuple[PlaceLabel, ...]:
    """Places with their weight on the map and their names."""
    by_place: dict[str, list[Name]] = {}
    for row in records(pack.names):
        start, end = days_of(row)
        by_place.setdefault(text_of(row.get("place_id")), []).append(
            Name(
                text_of(row.get("name")), text_of(row.get("lang")), text_of(row.get("script")),
                text_of(row.get("romanised")), text_of(row.get("status")),
                split_cell(row.get("used_by")), start, end,
            )
        )  # fmt: skip
    weights = _weights(pack)
    called = _called(pack)
    found = []
    for row in records(pack.places):
        lon, lat = number(row.get("lon")), number(row.get("lat"))
        if math.isnan(lon) or math.isnan(lat):
            continue
        ident, kind = text_of(row.get("id")), text_of(row.get("kind"))
        rank = _rank(kind, number(row.get("population"), 0.0), weights.get(ident, 0.0))
        extent = split_cell(row.get("extent_area_ids"))
        if kind in _VAGUE and not extent:
            rank = NEVER_LABELLED
        start, end = days_of(row)
        found.append(
            PlaceLabel(
                ident, kind, round(lon, 5), round(lat, 5), text_of(row.get("country")),
                rank, start, end, tuple(by_place.get(ident, ())), called(ident), extent,
            )
        )  # fmt: skip
    return tuple(found)


def _called(pack: Pack) -> Callable[[str], Mapping[str, Spells]]:
    """What gives the names of a place through time.

    To tell which name stands beside which takes long where there are many; of a large record they
    are kept in the user's cache folder, under the hash of what they follow from.
    """
    settings = pack.meta.settings
    said = (settings.get("languages"), settings.get("sides"), settings.get("parties"))
    key = content_of((pack.names, pack.places, pack.areas), "names", said)
    if not key:
        return pack.naming.spells

    def make() -> dict[str, pd.DataFrame]:
        told = {ident: pack.naming.spells(ident) for ident in pack.places["id"]}
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return {"names": pd.DataFrame({"called": np.array([text], dtype=object)})}

    told = json.loads(derived(key, make)["names"]["called"].iloc[0])

    def called(ident: str) -> Mapping[str, Spells]:
        return {
            lang: tuple((day, tuple((side, text) for side, text in parts)) for day, parts in spells)
            for lang, spells in told[ident].items()
        }

    return called


def basemap_features(frame: Any) -> tuple[tuple[str, Mapping[str, str], BaseGeometry], ...]:
    """Land, water and borders, as (kind, names, geometry)."""
    return tuple(
        (text_of(row.get("kind")), by_language(row, "name"), row["geometry"])
        for row in records(frame)
        if row.get("geometry") is not None
    )
