"""The world's index on disk: plain arrays, checked by content, opened by memory map."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from atlas.world.model import World, world_arrays, world_of

__all__ = ["open_world", "save_world"]

_ABOUT = "about.json"


def save_world(world: World, directory: Path, *, builder: str) -> None:
    """Write an index to a folder, whole or not at all.

    Parameters
    ----------
    world : World
        The index.
    directory : Path
        Its folder; one that is there and can be opened stays as it is.
    builder : str
        Hash of what built it, which `open_world` asks for.

    Raises
    ------
    OSError
        If the folder can't be written.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent) as temporary:
        work = Path(temporary) / "world"
        work.mkdir()
        sums = {}
        for name, array in world_arrays(world).items():
            path = work / f"{name}.npy"
            np.save(path, array, allow_pickle=False)
            sums[path.name] = _sum(path)
        about = {"builder": builder, "places": len(world), "files": sums}
        (work / _ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        try:
            work.replace(directory)
        except OSError:
            # Somebody else finished first, or what is there can't be opened and is in the way.
            if open_world(directory, builder=builder) is not None:
                return
            aside = Path(temporary) / "aside"
            directory.replace(aside)
            work.replace(directory)
            shutil.rmtree(aside, ignore_errors=True)


def open_world(directory: Path | Any, *, builder: str) -> World | None:
    """Open an index.

    Parameters
    ----------
    directory : Path
        Where `save_world` put it.
    builder : str
        Hash of what should have built it.

    Returns
    -------
    World or None
        None where there is none, another builder made it, or a byte of it is not as it was
        written.
    """
    try:
        about = json.loads((directory / _ABOUT).read_text(encoding="utf-8"))
        if about["builder"] != builder:
            return None
        arrays = {}
        for name, stated in about["files"].items():
            path = directory / name
            if _sum(path) != stated:
                return None
            arrays[name.removesuffix(".npy")] = np.load(path, mmap_mode="r", allow_pickle=False)
        world = world_of(arrays)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return world if about.get("places") == len(world) else None


def _sum(path: Path) -> str:
    # Against damage, not against an enemy, who would write a sum that fits.
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            total = crc32(block, total)
        return f"{total:08x}-{os.fstat(file.fileno()).st_size}"
