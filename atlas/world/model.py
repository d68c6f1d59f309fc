"""Places of the wider world and the keys of their names, in plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from atlas.base.crs import distance_m
from atlas.world.keys import FuzzyIndex, KeyTable, StringTable

__all__ = [
    "ABBREVIATION", "ALTERNATIVE", "CAPITAL", "CODE", "DEMONYM", "KINDS", "MAIN", "PLACED", "SORTS",
    "World", "WorldPlace", "world_arrays", "world_of",
]  # fmt: skip

KINDS = (
    "settlement", "district", "province", "country", "continent", "river", "lake", "mountain",
    "pass", "airport", "monastery", "bridge",
)  # fmt: skip
# Sorts of names: the place's own, a further one, a word for its people, a short form that texts use
# ("Calif.", "USA"), a code of a list that no text uses (ISO 3166 "AM").
MAIN, ALTERNATIVE, DEMONYM, ABBREVIATION, CODE = range(5)
SORTS = 8  # a posting is row * SORTS + sort
PLACED, CAPITAL = 1, 2  # flags
_NEAR_M, _BETTER = 8000.0, 4


class WorldPlace(NamedTuple):
    """One place of the world.

    `province` and `district` are rows of the places it lies in, or -1. Where nothing is known of
    where in them it lies, it is not `placed`: its point is theirs, with their radius.
    """

    row: int
    geonames_id: int
    name: str
    kind: str
    lon: float
    lat: float
    population: int
    country: str
    province: int
    district: int
    precision_m: int
    placed: bool
    capital: bool


@dataclass(frozen=True)
class World:
    """Places of the world and the keys of their names.

    A posting of a key is ``row * SORTS + sort of name``.
    """

    ids: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint8]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    population: npt.NDArray[np.int64]
    countries: npt.NDArray[np.bytes_]
    provinces: npt.NDArray[np.int32]
    districts: npt.NDArray[np.int32]
    precision: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]
    names: StringTable
    keys: KeyTable
    fuzzy: FuzzyIndex

    def __len__(self) -> int:
        return len(self.ids)

    def place(self, row: int) -> WorldPlace:
        """One place by its row."""
        return WorldPlace(
            row,
            int(self.ids[row]),
            self.names[row],
            KINDS[int(self.kinds[row])],
            float(self.lon[row]),
            float(self.lat[row]),
            int(self.population[row]),
            self.countries[row].decode(),
            int(self.provinces[row]),
            int(self.districts[row]),
            int(self.precision[row]),
            bool(self.flags[row] & PLACED),
            bool(self.flags[row] & CAPITAL),
        )

    def find(self, key: str) -> list[tuple[int, int]]:
        """Rows and sorts of name (main, alternative, demonym, abbreviation, code) of a key."""
        return [divmod(posting, SORTS) for posting in self.keys.get(key)]

    def towns(self, box: tuple[float, float, float, float], people: int = 0) -> list[WorldPlace]:
        """Towns of so many people and more in a box (west, south, east, north; degrees).

        GeoNames lists wards among towns, some with more people than their city. A town of more
        people than one near by that goes by far more names is such a one, and is left out.
        """
        west, south, east, north = box
        lon, lat = np.asarray(self.lon), np.asarray(self.lat)
        chosen = (np.asarray(self.kinds) == 0) & (np.asarray(self.population) >= people)
        chosen &= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        rows = np.flatnonzero(chosen)
        lon, lat, crowd, known = lon[rows], lat[rows], self.population[rows], self.renown[rows]
        near = shapely.STRtree(np.asarray(shapely.points(lon, lat), dtype=object))
        reach = _NEAR_M / 111_195.0  # a degree of latitude is the longest there is
        wide = reach / np.maximum(np.cos(np.radians(lat)), 0.05)
        boxes = shapely.box(lon - wide, lat - reach, lon + wide, lat + reach)
        one, other = near.query(boxes)
        beside = distance_m(lon[one], lat[one], lon[other], lat[other]) <= _NEAR_M
        ward = beside & (known[other] >= _BETTER * known[one]) & (crowd[other] < crowd[one])
        return [self.place(int(row)) for row in np.delete(rows, np.unique(one[ward]))]

    @cached_property
    def renown(self) -> npt.NDArray[np.int64]:
        """By how many names each place goes: a measure of how well it is known."""
        return np.bincount(np.asarray(self.keys.rows) // SORTS, minlength=len(self))

    @cached_property
    def country_rows(self) -> dict[str, int]:
        """ISO 3166-1 alpha-2 code -> row of the country."""
        rows = np.flatnonzero(np.asarray(self.kinds) == KINDS.index("country"))
        return {self.countries[row].decode(): int(row) for row in rows}

    @cached_property
    def capitals(self) -> dict[str, int]:
        """ISO 3166-1 alpha-2 code -> row of the capital."""
        rows = np.flatnonzero(np.asarray(self.flags) & CAPITAL)
        return {self.countries[row].decode(): int(row) for row in rows}


def world_arrays(world: World) -> dict[str, npt.NDArray[Any]]:
    """All arrays of an index by name, as they are kept on disk.

    Parameters
    ----------
    world : World
        An index.

    Returns
    -------
    dict of str to array
        What `world_of` takes.
    """
    return {
        "ids": world.ids, "kinds": world.kinds, "lon": world.lon, "lat": world.lat,
        "population": world.population, "countries": world.countries,
        "provinces": world.provinces, "districts": world.districts, "precision": world.precision,
        "flags": world.flags,
        "names.blob": world.names.blob, "names.offsets": world.names.offsets,
        "keys.hashes": world.keys.hashes, "keys.starts": world.keys.starts,
        "keys.rows": world.keys.rows, "keys.keys.blob": world.keys.keys.blob,
        "keys.keys.offsets": world.keys.keys.offsets,
        "fuzzy.codes": world.fuzzy.codes, "fuzzy.owners": world.fuzzy.owners,
        "fuzzy.keys.blob": world.fuzzy.keys.blob, "fuzzy.keys.offsets": world.fuzzy.keys.offsets,
    }  # fmt: skip


def world_of(arrays: Mapping[str, npt.NDArray[Any]]) -> World:
    """Put an index together from its arrays.

    Parameters
    ----------
    arrays : mapping of str to array
        As `world_arrays` gives them.

    Returns
    -------
    World
        The index; arrays opened by memory map stay so.

    Raises
    ------
    KeyError
        If one is missing.
    """
    return World(
        arrays["ids"],
        arrays["kinds"],
        arrays["lon"],
        arrays["lat"],
        arrays["population"],
        arrays["countries"],
        arrays["provinces"],
        arrays["districts"],
        arrays["precision"],
        arrays["flags"],
        StringTable(arrays["names.blob"], arrays["names.offsets"]),
        KeyTable(
            arrays["keys.hashes"],
            StringTable(arrays["keys.keys.blob"], arrays["keys.keys.offsets"]),
            arrays["keys.starts"],
            arrays["keys.rows"],
        ),
        FuzzyIndex(
            arrays["fuzzy.codes"],
            arrays["fuzzy.owners"],
            StringTable(arrays["fuzzy.keys.blob"], arrays["fuzzy.keys.offsets"]),
        ),
    )
