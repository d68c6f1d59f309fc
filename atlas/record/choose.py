"""Which pack is meant: one that is named, the one that opens by itself, or the one of the ground.

The shipped packs lie in the project's `geodata/` folder (inside the package when installed). A user
who brings data and names no pack is asked nothing: the pack is used in whose ground most of the
data lies, and that is said; where there is none, no pack is used.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.base.errors import NotFoundError
from atlas.base.inputs import bytes_of

__all__ = [
    "choose_pack",
    "default_pack",
    "ground_of",
    "languages_of",
    "pack_directory",
    "shipped_packs",
]

_MOST = 0.5  # share of the data that must lie on a pack's ground


def shipped_packs() -> dict[str, Path]:
    """Folders of the packs that come with the package, by name.

    Examples
    --------
    >>> all((folder / "pack.toml").is_file() for folder in shipped_packs().values())
    True
    """
    here = Path(__file__).resolve().parents[1]
    found: dict[str, Path] = {}
    for root in (here / "geodata", here.parent / "geodata"):
        for item in sorted(root.glob("*/pack.toml")):
            found.setdefault(item.parent.name, item.parent)
    return dict(sorted(found.items()))


def default_pack() -> str:
    """Name of the pack that opens where none is named: its settings say ``opens_first = true``.

    Raises
    ------
    NotFoundError
        If no pack is shipped.
    """
    packs = shipped_packs()
    if not packs:
        raise NotFoundError("no pack comes with this installation; give a folder with a pack.toml")
    first = [name for name, folder in packs.items() if _settings(folder).get("opens_first") is True]
    return (first or list(packs))[0]


def pack_directory(path_or_name: str | Path = "") -> Path:
    """Find a pack by folder, by the name of a shipped one, or the one that opens by itself.

    Parameters
    ----------
    path_or_name : str or Path
        A folder, or the name of a shipped pack; empty is the one of `default_pack`.

    Raises
    ------
    NotFoundError
        If there is neither such a folder nor such a pack.
    """
    packs = shipped_packs()
    if not isinstance(path_or_name, Path) and not str(path_or_name).strip():
        return packs[default_pack()]
    path = Path(path_or_name)
    # The name of a shipped pack means that pack, also where a folder of results is called so.
    if (path / "pack.toml").is_file() or (path.is_dir() and str(path_or_name) not in packs):
        return path
    if str(path_or_name) in packs:
        return packs[str(path_or_name)]
    raise NotFoundError(
        f"no pack {str(path_or_name)!r}: give a folder with a pack.toml, or one of: "
        f"{', '.join(packs) or 'none shipped'}; None (--pack none) opens no pack"
    )


def ground_of(directory: Path) -> BaseGeometry:
    """Land that a pack speaks of: the hull of its areas, or its box where it has none (degrees)."""
    try:
        shapes = shapely.from_geojson(bytes_of(directory / "areas.geojson").decode("utf-8"))
        if not shapely.is_empty(shapes):
            hull: BaseGeometry = shapely.convex_hull(shapes)
            return hull
    except (OSError, ValueError, shapely.GEOSException):
        pass  # `atlas check` names what is wrong with the file; the box serves all the same
    try:
        west, south, east, north = (float(edge) for edge in _settings(directory)["bbox"])
        return shapely.box(west, south, east, north)
    except (KeyError, TypeError, ValueError):
        return shapely.Polygon()


def languages_of(directory: Path) -> tuple[str, ...]:
    """Languages that a pack's settings list; English where they list none."""
    listed = _settings(directory).get("languages")
    return tuple(map(str, listed)) if isinstance(listed, list) and listed else ("en",)


def choose_pack(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> tuple[str | None, str]:
    """Choose the shipped pack on whose ground most of the data lies.

    Parameters
    ----------
    lon, lat : ndarray of float64, shape (n,)
        Degrees, EPSG:4326; NaN where unknown.

    Returns
    -------
    name : str or None
        The pack; None where most of the data lies on no pack's ground.
    why : str
        What was chosen and why, for a note.

    Examples
    --------
    >>> import numpy as np
    >>> choose_pack(np.array([-150.0]), np.array([-60.0]))
    (None, 'pack: none, since no shipped pack covers where the 1 located row lies')
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    count = int(known.sum())
    rows, lie = ("1 located row", "lies") if count == 1 else (f"{count:,} located rows", "lie")
    if not count:
        return None, "pack: none, since no row is located; name one to join with a record"
    shares = {
        name: _lying_on(ground_of(folder), lon, lat) for name, folder in shipped_packs().items()
    }
    best = max(shares, key=lambda name: shares[name], default="")
    if not best or shares[best] <= _MOST * count:
        return None, f"pack: none, since no shipped pack covers where the {rows} {lie}"
    left = len(lon) - count
    more = f"; {left:,} more could not be placed before a pack was chosen" if left else ""
    return best, f"pack: {best}, on whose ground {shares[best]:,} of {rows} {lie}{more}"


def _lying_on(
    ground: BaseGeometry, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> int:
    """Number of points that lie on a ground."""
    west, south, east, north = shapely.bounds(ground)
    near = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    # A box inside the ground spares most points the look at its outline.
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    for share in np.arange(1.0, 0.0, -0.05):
        half_x, half_y = share * (east - west) / 2, share * (north - south) / 2
        box = (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)
        if shapely.covers(ground, shapely.box(*box)):
            inner = (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
            rest = np.flatnonzero(near & ~inner)
            return int(inner.sum() + shapely.intersects_xy(ground, lon[rest], lat[rest]).sum())
    rest = np.flatnonzero(near)
    return int(shapely.intersects_xy(ground, lon[rest], lat[rest]).sum())


def _settings(directory: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(bytes_of(directory / "pack.toml").decode("utf-8"))
    except (OSError, ValueError):
        return {}
