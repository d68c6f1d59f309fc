"""Where provinces stand: the middle of their land, from a table made of Natural Earth's outlines.

The table is written by ``geodata/build/build_provinces.py`` and comes with the package.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import NamedTuple

__all__ = ["TABLE", "Province", "read_provinces"]

TABLE = files("atlas.world") / "data" / "provinces.csv"


class Province(NamedTuple):
    """A province or district with the middle of its land; `geonames_id` is 0 where it has none."""

    country: str
    code: str
    geonames_id: int
    name: str
    lon: float
    lat: float
    area_km2: float

    @property
    def precision_m(self) -> int:
        """Half the side of a square as large, as for countries."""
        return max(1_000, int(500 * self.area_km2**0.5))


def read_provinces() -> list[Province]:
    """Read the table of points that comes with the package.

    Returns
    -------
    list of Province
        By country and ISO 3166-2 code.
    """
    return [
        Province(
            row["country"],
            row["iso_3166_2"],
            int(row["geonames_id"] or 0),
            row["name"],
            float(row["lon"]),
            float(row["lat"]),
            float(row["area_km2"]),
        )
        for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
    ]
