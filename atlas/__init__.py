"""A conflict on a map, on any date: who held it, who kept the peace, which routes were open.

Examples
--------
>>> import atlas
>>> a = atlas.open()
>>> a.pack.id
'south-caucasus'
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

__all__ = ["Atlas", "__version__", "open"]
__version__ = "0.2.0"

if TYPE_CHECKING:
    from atlas.facade import Atlas


def __getattr__(name: str) -> Any:
    # The facade imports pandas and geopandas: only when it is asked for.
    if name == "Atlas":
        from atlas.facade import Atlas

        return Atlas
    raise AttributeError(f"module 'atlas' has no attribute {name!r}")


def open(pack: str | Path = "south-caucasus", *, known_on: str | None = None) -> Atlas:
    """Open a pack.

    Parameters
    ----------
    pack : str or Path
        A folder, or the name of a shipped pack.
    known_on : str, optional
        ISO day: give the record as it stood by then.

    Returns
    -------
    Atlas

    Raises
    ------
    NotFoundError
        If there is no such pack.
    PackError
        If it has faults; all are listed.
    """
    from atlas.facade import Atlas

    return Atlas.open(pack, known_on=known_on)
