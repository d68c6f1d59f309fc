"""Where the names of land and water stand on the page: a country's never on ground in dispute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from atlas.layers.specs import LayerSet

__all__ = ["LabelSpots", "extents"]

_REGIONS = ("region", "republic", "corridor")
_WIDE = 4.0  # a name is wider than it is high, and so should the room be that is sought for it
_EACH = 4  # spots sought in the first view, and as many in the whole
_TOO_LITTLE = 0.02  # share of a country that may lie beside drawn outlines by their error alone


def extents(layers: LayerSet) -> list[tuple[int, list[int]]]:
    """Give the regions whose ground is on record: (number of the place, numbers of its areas).

    Parameters
    ----------
    layers : LayerSet

    Returns
    -------
    list of (int, list of int)
    """
    numbers = {area.id: n for n, area in enumerate(layers.areas)}
    found = (
        (n, [numbers[one] for one in place.extent if one in numbers])
        for n, place in enumerate(layers.places)
        if place.kind in _REGIONS
    )
    return [(n, areas) for n, areas in found if areas]


class LabelSpots:
    """Finds room for the names of the basemap's shapes.

    Parameters
    ----------
    layers : LayerSet
        Its areas out of the background are the ground in dispute.
    home : sequence of float or None
        West, south, east and north of the first view; without one, the ground in dispute with some
        land around it.
    """

    def __init__(self, layers: LayerSet, home: object = None) -> None:
        self._whole = shapely.box(*layers.bbox)
        shapes = [area.geometry for area in layers.areas if area.scope != "background"]
        self._disputed = shapely.union_all(shapes) if shapes else shapely.Polygon()
        self._land = [shape for kind, _, shape in layers.basemap if kind in ("land", "country")]
        if isinstance(home, Sequence) and len(home) == 4:
            self._home = shapely.box(*home)
        elif shapes:
            west, south, east, north = self._disputed.bounds
            dx, dy = (east - west) * 0.3, (north - south) * 0.2
            self._home = shapely.box(west - dx, south - dy, east + dx, north + dy)
        else:
            self._home = self._whole

    def of(self, kind: str, geometry: BaseGeometry) -> list[float]:
        """Give points for a name, the best first.

        Parameters
        ----------
        kind : str
            Kind of the shape in the basemap.
        geometry : BaseGeometry
            Its shape, in degrees.

        Returns
        -------
        list of float
            Longitude and latitude in turns. One point for all but countries that hold ground in
            dispute: these get several, none of them on it where there is other room.
        """
        seen = shapely.intersection(geometry, self._whole)
        shape = geometry if seen.is_empty else seen
        if kind not in ("land", "country") or not shapely.intersects(shape, self._disputed):
            return _coded([_inside(shape)])
        free = shapely.difference(shape, self._disputed)
        if free.area < _TOO_LITTLE * shape.area:
            return _coded(self._beside(shape) or [_inside(shape)])
        all_over = list(islice(_rooms(free), _EACH))
        enough = all_over[0][1] / 4 if all_over else 0
        first = islice(_rooms(shapely.intersection(free, self._home)), _EACH)
        near = [(point, size) for point, size in first if size >= enough]
        return _coded([point for point, _ in [*near, *all_over]] or [_inside(free)])

    def _beside(self, shape: BaseGeometry) -> list[shapely.Point]:
        """Points off all land, below and above a shape: for an island in dispute as a whole."""
        west, south, east, north = shape.bounds
        gap = (north - south) * 0.12
        points = [shapely.Point((west + east) / 2, y) for y in (south - gap, north + gap)]
        return [p for p in points if not any(shapely.intersects(one, p) for one in self._land)]


def _rooms(shape: Any) -> Iterator[tuple[shapely.Point, float]]:
    """The roomiest points of a shape for a line of writing, with the room around each."""
    rest = affinity.scale(shape, 1 / _WIDE, 1, origin=(0, 0))
    while not rest.is_empty and rest.area > 0:
        circle = shapely.maximum_inscribed_circle(rest, tolerance=0.01)
        radius = float(shapely.length(circle))
        if radius <= 0:
            return
        middle = shapely.get_point(circle, 0)
        yield shapely.Point(shapely.get_x(middle) * _WIDE, shapely.get_y(middle)), radius
        rest = shapely.difference(rest, middle.buffer(radius))


def _inside(shape: Any) -> shapely.Point:
    """A point well inside a shape, or on a line."""
    if shapely.get_dimensions(shape) != 2:
        on: shapely.Point = shapely.point_on_surface(shape)
        return on
    parts = shapely.get_parts(shape)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    middle: shapely.Point = shapely.get_point(
        shapely.maximum_inscribed_circle(largest, tolerance=0.05), 0
    )
    return middle


def _coded(points: Sequence[shapely.Point]) -> list[float]:
    return [round(float(value), 4) for point in points for value in (point.x, point.y)]
