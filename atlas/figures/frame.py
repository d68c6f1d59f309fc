"""What a map still is made of: its frame on the flat earth, its fills, its paths, its account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from atlas.base import crs
from atlas.figures.style import HATCHES, INK, mix

if TYPE_CHECKING:
    from atlas.layers import LayerSet, PartyStyle

__all__ = [
    "Drawn",
    "Fill",
    "Frame",
    "box_path",
    "fill_of",
    "frame_of",
    "lines_of",
    "path_of",
    "sides_of",
]


@dataclass(frozen=True)
class Frame:
    """What a map shows, and how the earth is laid flat: a Lambert conformal conic.

    Attributes
    ----------
    projection : str
        PROJ string, metres.
    box : tuple of float
        West, south, east, north in the projection.
    """

    projection: str
    box: tuple[float, float, float, float]

    @cached_property
    def shape(self) -> BaseGeometry:
        """The frame as a polygon."""
        return shapely.box(*self.box)

    def lay(self, geometries: Sequence[BaseGeometry]) -> npt.NDArray[np.object_]:
        """Project shapes and cut them to the frame."""
        if not len(geometries):
            return np.array([], dtype=object)
        flat = crs.project(np.array(geometries, dtype=object), crs.WGS84, self.projection)
        polygons = shapely.get_dimensions(flat) == 2
        flat[polygons] = shapely.make_valid(flat[polygons])
        # Finer than a printer's dot on a page: 1 in 5,000 of the frame's width, 0.04 mm on 200.
        fine = shapely.simplify(flat, (self.box[2] - self.box[0]) / 5000)
        cut: npt.NDArray[np.object_] = shapely.intersection(fine, self.shape)
        return cut

    def unrolled(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Degrees whose longitudes run on around the middle of the map, as PROJ's do not."""
        middle = float(self.projection.split("+lon_0=")[1].split()[0])
        return np.column_stack([(points[:, 0] - middle + 180) % 360 - 180 + middle, points[:, 1]])

    def in_degrees(self) -> BaseGeometry:
        """Where the frame lies, a little wider, as far as the projection reaches."""
        edges = shapely.segmentize(self.shape, (self.box[2] - self.box[0]) / 40)
        flat = crs.project([edges], self.projection, crs.WGS84)
        west, south, east, north = shapely.transform(flat, self.unrolled)[0].bounds
        wider: BaseGeometry = shapely.box(
            west - 1, max(south - 1, -85), east + 1, min(north + 1, 85)
        )
        return wider

    def points(
        self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Project points and leave out those outside the frame; the order stays."""
        x, y = crs.projected(lon, lat, self.projection)
        west, south, east, north = self.box
        inside = (west <= x) & (x <= east) & (south <= y) & (y <= north)
        return x[inside], y[inside]

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Project a point."""
        moved = crs.project([shapely.Point(lon, lat)], crs.WGS84, self.projection)[0]
        return float(moved.x), float(moved.y)


def frame_of(box: tuple[float, float, float, float], aspect: float, margin: float) -> Frame:
    """Fit a frame of some width to height around a box in degrees.

    Parameters
    ----------
    box : tuple of float
        West, south, east, north, degrees.
    aspect : float
        Width by height.
    margin : float
        Share of the size that is added on each side.
    """
    west, south, east, north = box
    lat, sixth = (south + north) / 2, (north - south) / 6
    conic = f"+proj=lcc +lat_1={south + sixth:.4f} +lat_2={north - sixth:.4f} +lat_0={lat:.4f}"
    # Astride the equator the cone has no apex: it is a cylinder.
    shape = conic if abs(lat) > 1 else f"+proj=merc +lat_ts={north - sixth:.4f}"
    projection = f"{shape} +lon_0={(west + east) / 2:.4f} +datum=WGS84 +units=m +no_defs"
    outline = shapely.segmentize(shapely.box(west, south, east, north), 0.25)
    flat = crs.project([outline], crs.WGS84, projection)[0]
    x0, y0, x1, y1 = flat.bounds
    width, height = (x1 - x0) * (1 + 2 * margin), (y1 - y0) * (1 + 2 * margin)
    width, height = max(width, height * aspect), max(height, width / aspect)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return Frame(projection, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))


@dataclass(slots=True)
class Drawn:
    """What a map shows, for its legend and its sources."""

    parties: list[str] = field(default_factory=list)
    styles: set[str] = field(default_factory=set)
    fronts: set[str] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)
    uses: dict[str, int] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)

    def cite(self, sources: Iterable[str]) -> None:
        """Count one use of each source."""
        for key in sources:
            self.uses[key] = self.uses.get(key, 0) + 1

    def add(self, other: Drawn) -> None:
        """Take in what another map shows."""
        self.parties += [party for party in other.parties if party not in self.parties]
        for name in ("styles", "fronts", "zones", "statuses", "modes"):
            getattr(self, name).update(getattr(other, name))
        for key, count in other.uses.items():
            self.uses[key] = self.uses.get(key, 0) + count
        for name, count in other.own.items():
            self.own[name] = max(self.own.get(name, 0), count)


@dataclass(frozen=True, slots=True)
class Fill:
    """Face, hatch and the hatch's colour and width in points."""

    face: str
    hatch: str
    line: str
    width: float = 0.55

    def patch(self, path: Path, **more: Any) -> PathPatch:
        """A patch filled so, without an edge."""
        with mpl.rc_context({"hatch.linewidth": self.width}):
            return PathPatch(
                path, facecolor=self.face, edgecolor=self.line, hatch=self.hatch, lw=0, **more
            )


def fill_of(party: PartyStyle, style: str, *, background: bool = False) -> Fill:
    """Say how a party's ground is filled, by how surely it is held."""
    land = INK["land"]
    if background:
        return Fill(mix(party.colour, land, 0.82), "", party.colour)
    tint, dark = mix(party.colour, land, 0.42), mix(party.colour, INK["ink"], 0.28)
    if style == "contested":
        return Fill(mix(party.colour, land, 0.8), "////", mix(party.colour, land, 0.12), 2.4)
    if style == "unknown":
        return Fill(mix("#9a948a", land, 0.72), "xxxx", "#9a948a", 0.5)
    if style == "demilitarised":
        return Fill(mix(party.colour, land, 0.75), "-----", dark, 0.5)
    if style == "presence":
        return Fill(mix(party.colour, land, 0.75), "oo", mix(party.colour, land, 0.2), 0.6)
    if style == "soft":
        tint = mix(party.colour, land, 0.64)
        dark = mix(party.colour, INK["ink"], 0.1)
    return Fill(tint, HATCHES.get(party.pattern, ""), dark)


def box_path(x: float, y: float, width: float, height: float) -> Path:
    """A rectangle as a path."""
    right, top = x + width, y + height
    return Path([(x, y), (right, y), (right, top), (x, top), (x, y)], closed=True)


def path_of(shape: BaseGeometry) -> Path:
    """Turn polygons or lines into one path."""
    paths = []
    for part in shapely.get_parts(shapely.orient_polygons(shape)):
        lines = (
            [part.exterior, *part.interiors]
            if part.geom_type == "Polygon"
            else [part]
            if part.geom_type in ("LineString", "LinearRing")
            else []
        )
        for line in lines:
            points = shapely.get_coordinates(line)
            if len(points) > 1:
                paths.append(Path(points, closed=part.geom_type == "Polygon"))
    if not paths:
        return Path(np.empty((0, 2)))
    return Path.make_compound_path(*paths)


def lines_of(shape: BaseGeometry) -> list[npt.NDArray[np.float64]]:
    """Coordinates of each line of a shape."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    return [shapely.get_coordinates(part) for part in parts]


def sides_of(layers: LayerSet) -> dict[str, int]:
    """The disputing side of each party."""
    return {party: side for side, ids in enumerate(layers.sides) for party in ids}
