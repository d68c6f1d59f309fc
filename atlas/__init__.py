"""A conflict on a map, on any date: who held it, who kept the peace, which routes were open.

Examples
--------
>>> import atlas
>>> a = atlas.open()
>>> len(a.areas) > 0
True
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

__all__ = ["Atlas", "AtlasError", "__version__", "open", "read_events"]
__version__ = "0.6.0"

if TYPE_CHECKING:
    from atlas.base.dates import DateLike
    from atlas.base.errors import AtlasError
    from atlas.events import read_events
    from atlas.facade import Atlas

# What is imported only when it is asked for: pandas and geopandas take their time.
_LATER = {
    "Atlas": "atlas.facade",
    "AtlasError": "atlas.base.errors",
    "read_events": "atlas.events",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module 'atlas' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)


def open(pack: str | Path | None = "", *, known_on: DateLike | None = None) -> Atlas:
    """Open a pack.

    Parameters
    ----------
    pack : str, Path or None
        A folder, the name of a shipped pack, or None for no pack: the world's names and ground,
        and no control. By default the shipped pack that opens by itself; it gives way to another,
        or to none, where data are brought that lie elsewhere.
    known_on : str, date or other kind of day, optional
        Give the record as it stood by then.

    Returns
    -------
    Atlas

    Raises
    ------
    NotFoundError
        If there is no such pack.
    PackError
        If it has faults; all are listed.

    Examples
    --------
    >>> import atlas
    >>> atlas.open(None)
    <Atlas without a pack: the world's names and ground>
    """
    from atlas.facade import Atlas

    return Atlas.open(pack, known_on=known_on)
