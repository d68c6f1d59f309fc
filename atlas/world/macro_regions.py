"""Regions of the world above its countries.

Those of the United Nations' standard M49, and others that texts name: ``data/regions.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np

__all__ = ["MacroRegion", "macro_regions"]

_FURTHER = files("atlas.world") / "data" / "regions.csv"

# What everyday English says for the standard's words.
_SHORT = {"Northern": "North", "Eastern": "East", "Southern": "South", "Western": "West",
          "Middle": "Central"}  # fmt: skip


class MacroRegion(NamedTuple):
    """A region in the middle of its countries; the first of its names is the standard's."""

    names: tuple[str, ...]
    lon: float
    lat: float
    precision_m: int
    code: str = ""


def macro_regions(
    regions: Mapping[tuple[str, str], Sequence[str]], points: Mapping[str, tuple[float, float]]
) -> list[MacroRegion]:
    """Regions of M49 with the middle of the countries they take in.

    Parameters
    ----------
    regions : mapping of tuple to sequence of str
        Code and name of a region -> its countries, ISO 3166-1 alpha-2.
    points : mapping of str to tuple
        Longitude and latitude of each country, degrees.

    Returns
    -------
    list of MacroRegion
        Those of M49 by their code, then the further ones.
    """
    found = []
    for (_, name), codes in sorted(regions.items()):
        first, _, rest = name.partition(" ")
        names = (name, f"{_SHORT[first]} {rest}") if first in _SHORT else (name,)
        found += _in_the_middle(names, codes, points)
    for row in csv.DictReader(_FURTHER.read_text(encoding="utf-8").splitlines()):
        names, codes = tuple(row["names"].split("|")), row["countries"].split("|")
        found += _in_the_middle(names, codes, points, row["code"])
    return found


def _in_the_middle(
    names: tuple[str, ...],
    codes: Sequence[str],
    points: Mapping[str, tuple[float, float]],
    code: str = "",
) -> list[MacroRegion]:
    places = [points[country] for country in codes if country in points]
    if not places:
        return []
    # Each country counts once: by area, Eastern Europe would lie in Siberia.
    lon, lat = np.radians(np.array(places)).T
    unit = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    x, y, z = unit.mean(axis=1)
    middle = unit.mean(axis=1) / np.linalg.norm(unit.mean(axis=1))
    spread = float(np.sqrt(np.mean(np.arccos(np.clip(middle @ unit, -1, 1)) ** 2)))
    return [
        MacroRegion(
            names,
            round(float(np.degrees(np.arctan2(y, x))), 4),
            round(float(np.degrees(np.arctan2(z, np.hypot(x, y)))), 4),
            int(spread * 6_371_000),
            code,
        )
    ]
