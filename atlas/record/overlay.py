"""Outlines cut at each other, and at drawn lines: the one place where shapes become faces.

Snap rounding to the grid on which packs are stored makes the noding exact: what is written is what
was cut.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["DECIMALS", "METRES_A_DEGREE", "crossings", "cut_up", "narrow", "polygons_in"]

DECIMALS = 5
"""Digits of a degree that a pack stores: a grid of about one metre."""

METRES_A_DEGREE = 111_195.0

Shapes = npt.NDArray[np.object_]


def cut_up(shapes: Any, lines: Any = ()) -> tuple[Shapes, Shapes]:
    """Cut all outlines at each other and at lines, and make polygons of what they enclose.

    Parameters
    ----------
    shapes : array of polygons
        WGS 84.
    lines : array of lines, optional

    Returns
    -------
    faces : array of Polygon
        They fit each other exactly.
    loose : array of LineString
        What of the lines ends inside a face and cuts nothing.

    Examples
    --------
    >>> faces, loose = cut_up([shapely.box(0, 0, 1, 1)], [shapely.LineString([(0, 0.5), (1, 0.5)])])
    >>> len(faces), len(loose)
    (2, 0)
    """
    edges = [*np.atleast_1d(shapely.boundary(shapes)), *lines]
    noded = shapely.union_all(_once(edges), grid_size=10.0**-DECIMALS)
    found: Any = shapely.polygonize_full(shapely.get_parts(noded))
    faces: Any = shapely.get_parts(found[0])
    loose: Any = shapely.get_parts(found[2])
    rounded: Any = shapely.transform(faces, lambda xy: np.round(xy, DECIMALS))
    return rounded, loose


def _once(edges: Any) -> Shapes:
    """Lines without the stretches that others before them drew point by point alike.

    Maps of a front repeat most of the day before; to cut equal lines at each other takes long, and
    gives one of them.
    """
    points, line = shapely.get_coordinates(shapely.get_parts(edges), return_index=True)
    same = line[1:] == line[:-1]
    one, two = points[:-1], points[1:]
    swap = (one[:, 0] > two[:, 0]) | ((one[:, 0] == two[:, 0]) & (one[:, 1] > two[:, 1]))
    ends = np.where(swap[:, None], np.hstack([two, one]), np.hstack([one, two]))[same]
    _, first = np.unique(ends, axis=0, return_index=True)
    at = np.flatnonzero(same)[np.sort(first)]
    if not len(at):
        return np.zeros(0, dtype=object)
    # Steps that follow each other stay one line: it has a point more than steps.
    begins = np.flatnonzero(np.diff(at, prepend=-2) > 1)
    counts = np.diff(begins, append=len(at)) + 1
    owner = np.repeat(np.arange(len(counts)), counts)
    into = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    index = at[begins][owner] + into
    found: Shapes = shapely.linestrings(points[index], indices=owner)
    return found


def crossings(shapes: Any, *, most: int) -> int:
    """Count how often short stretches of outlines and lines lie over one another, box on box.

    Parameters
    ----------
    shapes : array of polygons or lines
    most : int
        Once there are more, counting ends.

    Returns
    -------
    int
        What cutting them costs grows with it. Outlines as nature and people draw them have 3 to 6
        times as many as there are stretches of 16 corners.

    Examples
    --------
    >>> crossings([shapely.box(0, 0, 1, 1)], most=100)
    1
    """
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    if len(xy) < 2:
        return 0
    # A step from one shape to the next is no stretch.
    here = np.where((owner[1:] == owner[:-1])[:, None], xy[:-1], xy[1:])
    starts = np.arange(0, len(here), _STRETCH)
    low = np.minimum.reduceat(np.minimum(here, xy[1:]), starts)
    high = np.maximum.reduceat(np.maximum(here, xy[1:]), starts)
    boxes: Any = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    tree = shapely.STRtree(boxes)
    found = 0
    for at in range(0, len(boxes), _AT_ONCE):
        found += tree.query(boxes[at : at + _AT_ONCE]).shape[1]
        if found > most:
            break
    return found


_STRETCH = 16  # corners
_AT_ONCE = 1_000  # boxes, so that hostile shapes need no more memory than others


def narrow(shapes: Any, metres: float) -> npt.NDArray[np.bool_]:
    """Tell which polygons are nowhere wider than some metres.

    Notes
    -----
    Width is the diameter of the largest circle inside, with longitudes as long as they are at the
    latitude of each shape's middle.
    """
    found: npt.NDArray[np.bool_] = np.zeros(len(shapes), dtype=bool)
    if not metres or not len(shapes):
        return found
    bounds = shapely.bounds(shapes)
    scale = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    points[:, 0] *= scale[owner]
    level: Any = shapely.set_coordinates(np.array(shapes, dtype=object), points)
    reach = metres / METRES_A_DEGREE
    # A circle of that width inside needs more ground than a strip of that outline has.
    thin = np.flatnonzero(shapely.area(level) <= reach * shapely.length(level))
    if len(thin):
        # Nothing is left of it when its edge moves inwards: sooner told than the circle is found.
        found[thin] = shapely.is_empty(shapely.buffer(level[thin], -reach / 2))
    return found


def flat(shapes: Any) -> Shapes:
    """Give shapes with longitudes shortened to the length that they have at their latitude."""
    scale = np.cos(np.radians(np.mean(shapely.total_bounds(shapes)[[1, 3]])))
    out: Any = shapely.transform(np.asarray(shapes), lambda xy: xy * [scale, 1.0])
    level: Shapes = out
    return level


def polygons_in(shapes: Any) -> tuple[Shapes, npt.NDArray[np.int64], int]:
    """Take shapes apart into their polygons, collections in collections, too.

    Returns
    -------
    polygons : array of Polygon
    owner : array of int
        Which shape each is of.
    others : int
        How many parts are no polygons.
    """
    parts, owner = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    while (shapely.get_type_id(parts) >= 4).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    kept = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    others = int((~kept & ~shapely.is_empty(parts)).sum())
    return parts[kept], owner[kept], others
