"""The index that a wheel carries: built once, beside the code that reads it.

    python -m atlas.world.packaged

writes it into a source tree, where the build packages are installed (the extra ``index``).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from atlas.world.disk import open_world, save_world
from atlas.world.index import PACKAGED, builder_hash

__all__ = ["build_packaged"]


def build_packaged(directory: Path = PACKAGED) -> Path:
    """Build the packaged index, unless it is there and made by this builder.

    Parameters
    ----------
    directory : Path
        Where it is put; by default where `load_world` looks for it.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ModuleNotFoundError
        If a package that it is built from is not installed.
    """
    builder = builder_hash()
    if open_world(directory, builder=builder) is None:
        from atlas.world.build import build_world

        world = build_world()
        shutil.rmtree(directory, ignore_errors=True)
        save_world(world, directory, builder=builder)
    return directory


if __name__ == "__main__":
    build_packaged()
