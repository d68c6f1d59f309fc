"""The ground below a map: the pack's own, or the world's clipped to what the map shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from atlas.layers.ground import basemap_features
from atlas.layers.specs import LayerSet, Relief

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from atlas.record.pack import Pack
    from atlas.world.ground import Ground

__all__ = ["events_box", "with_ground"]

Box = tuple[float, float, float, float]
Feature = tuple[str, Mapping[str, str], "BaseGeometry"]

_MARGIN = 0.3
"""Share of a box drawn in detail beyond each of its edges, for who looks a little further."""
_POINTS = 30_000
"""Points that the ground of a box may have; a page of them packs to some 100 kB."""
_SCREEN = 1.8
"""Width by height of the view of a map."""
_FINEST = 0.001
_DETAILED = 120.0
"""Degrees of longitude beyond which the outlines are all the detail there is to see."""
_FINE_RIVERS = 12.0
_HOME_SHARE = (1, 99)


def with_ground(layers: LayerSet, pack: Pack, *, boxes: Sequence[Sequence[float]] = ()) -> LayerSet:
    """Lay the ground under the layers of a pack.

    Parameters
    ----------
    layers : LayerSet
        As `layer_set` makes it.
    pack : Pack
        Its record. The ground it brings (``basemap.geojson``) is kept as it is; without one, the
        world's ground is clipped to its box.
    boxes : sequence of box
        West, south, east, north in degrees of what else is shown; east above 180 where the box
        crosses the antimeridian. The world's ground is clipped to each that lies outside the rest.

    Returns
    -------
    LayerSet
        With ``basemap``, ``frames``, coarse ``outlines`` of the whole world, ``relief`` and
        ``credits``; turned so that longitudes run on where a box crosses the antimeridian.

    Examples
    --------
    >>> from atlas.layers.set import layer_set
    >>> len(with_ground(layer_set(a.pack), a.pack).outlines) > 0
    True
    """
    from atlas.record.pack import basemap_frame, relief_of
    from atlas.world import ground as world

    features: list[Feature] = []
    frames: list[Box] = []
    wanted = [_box(box) for box in boxes]
    own = basemap_frame(pack)
    if own is None:
        wanted.insert(0, _box(layers.bbox))
    else:
        features += basemap_features(own)
        frames.append(_own_frame(features))
    bare = not layers.areas
    back = max((world.back_of(box) for box in wanted), default=-180.0)
    for box in wanted:
        if box[2] - box[0] > _DETAILED or any(_within(box, frame) for frame in frames):
            continue
        found = world.clip(_landscape(box), margin=_MARGIN)
        frames.append(found.box)
        features += _features(found, languages=layers.languages, unit_lines=bare)
        back = max(back, world.back_of(found.box))
    relief = relief_of(pack)
    around = world.outlines(back)
    laid = replace(
        layers,
        basemap=tuple(features),
        frames=tuple(_rounded(frame) for frame in frames),
        outlines=tuple(zip(around["kind"], around.geometry, strict=True)),
        relief=None if relief is None else Relief(*relief),
        credits=(world.CREDIT,),
    )
    return laid if back == -180 else _turned(laid, back)


def events_box(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> Box | None:
    """Bounds of nearly all of some points, degrees; None without any.

    The outer hundredths are where datasets keep their errors. Points on both sides of the
    antimeridian are bounded across it where that is narrower.

    Parameters
    ----------
    lon, lat : array of float, shape (n,)
        Degrees, WGS 84.

    Returns
    -------
    tuple of float or None
        West, south, east, north; east above 180 where the box crosses the antimeridian.

    Examples
    --------
    >>> events_box(np.array([179.0, -179.0]), np.array([-17.0, -16.0]))[0] > 178
    True
    """
    if not len(lon):
        return None
    west, east = np.percentile(lon, _HOME_SHARE)
    low, high = np.percentile(np.where(lon < 0, lon + 360, lon), _HOME_SHARE)
    if high - low < east - west and low <= 180:
        west, east = low, high
    south, north = np.percentile(lat, _HOME_SHARE)
    return float(west), float(south), float(east), float(north)


def _box(box: Sequence[float]) -> Box:
    """A box with some width and height, within the earth."""
    west, south, east, north = (float(value) for value in box)
    least = 0.5
    if east - west < least:
        west, east = (west + east) / 2 - least / 2, (west + east) / 2 + least / 2
    if north - south < least:
        south, north = (south + north) / 2 - least / 2, (south + north) / 2 + least / 2
    return max(west, -180.0), max(south, -90.0), east, min(north, 90.0)


def _landscape(box: Box) -> Box:
    """A box widened to the shape of a screen, within the half of the earth around it."""
    west, south, east, north = box
    squeeze = max(np.cos(np.radians((south + north) / 2)), 0.2)
    spare = min(_SCREEN * (north - south) / squeeze, _DETAILED) - (east - west)
    if spare <= 0:
        return box
    west, east = west - spare / 2, east + spare / 2
    return (west, south, east, north) if west >= -180 else (west + 360, south, east + 360, north)


def _within(box: Box, frame: Box) -> bool:
    return bool(shapely.covers(shapely.box(*frame), shapely.box(*box)))


def _rounded(box: Box) -> Box:
    west, south, east, north = (round(value, 4) for value in box)
    return west, south, east, north


def _own_frame(features: Iterable[Feature]) -> Box:
    """Where a pack's ground ends: the bounds of its land."""
    listed = list(features)
    land = [shape for kind, _, shape in listed if kind == "land"]
    land = land or [shape for kind, _, shape in listed if kind == "country"]
    shapes = np.array(land or [shape for _, _, shape in listed], dtype=object)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return west, south, east, north


def _features(found: Ground, *, languages: Sequence[str], unit_lines: bool) -> list[Feature]:
    """The world's ground as features of a basemap, no heavier than a page can carry."""
    wide = found.box[2] - found.box[0] > _FINE_RIVERS
    rivers = found.rivers[found.rivers["rank"] <= 6] if wide else found.rivers
    lines: dict[str, gpd.GeoDataFrame] = {
        "lake": found.lakes,
        "river": rivers,
        "border": found.borders[found.borders["kind"] == "border"],
        "disputed": found.borders[found.borders["kind"] == "disputed"],
    }
    if unit_lines:
        lines["unit"] = found.unit_lines
    shapes: dict[str, npt.NDArray[Any]] = {"land": found.land.geometry.to_numpy()}
    shapes.update({kind: frame.geometry.to_numpy() for kind, frame in lines.items()})
    step = _FINEST
    while sum(shapely.get_num_coordinates(one).sum() for one in shapes.values()) > _POINTS:
        step *= 2
        shapes = {kind: _lighter(one, step) for kind, one in shapes.items()}
    features: list[Feature] = [
        (kind, {}, shape)
        for kind, one in shapes.items()
        for shape in one.tolist()
        if not shapely.is_empty(shape)
    ]
    for iso, shape in zip(found.countries["iso"], found.countries.geometry, strict=True):
        names = _country_names(iso, languages)
        if names:
            features.append(("country", names, shape))
    return features


def _lighter(shapes: npt.NDArray[Any], step: float) -> npt.NDArray[Any]:
    """Shapes with fewer points, and without what is smaller than a step."""
    simple = shapely.simplify(shapes, step)
    parts, at = shapely.get_parts(simple, return_index=True)
    keep = (shapely.get_dimensions(parts) < 2) | (shapely.area(parts) > step**2)
    found = np.empty(len(shapes), dtype=object)
    for number in range(len(shapes)):
        group = parts[keep & (at == number)]
        if len(group) and shapely.get_dimensions(group[0]) == 2:
            found[number] = shapely.multipolygons(group)
        else:
            found[number] = shapely.multilinestrings(group)
    return found


def _country_names(iso: str, languages: Sequence[str]) -> dict[str, str]:
    """CLDR's names of a country, in the pack's languages and English."""
    if not iso:
        return {}
    from babel import Locale, UnknownLocaleError

    names = {}
    for tag in sorted({"en", *languages}):
        try:
            text = Locale.parse(tag, sep="-").territories.get(iso)
        except (UnknownLocaleError, ValueError):
            continue
        if text:
            names[tag] = str(text)
    return names


# --- across the antimeridian --------------------------------------------------------------------


def _turned(layers: LayerSet, back: float) -> LayerSet:
    """Layers whose longitudes run on from the meridian at the back of the map."""

    def shape(geometry: BaseGeometry) -> BaseGeometry:
        if shapely.bounds(geometry)[0] >= back:
            return geometry

        def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            return np.column_stack([_east(points[:, 0], back), points[:, 1]])

        moved: BaseGeometry = shapely.transform(geometry, move)
        return moved

    def one(lon: float) -> float:
        return float(_east(np.array([lon]), back)[0])

    return replace(
        layers,
        areas=tuple(replace(item, geometry=shape(item.geometry)) for item in layers.areas),
        edges=tuple(
            replace(edge, line=np.column_stack([_east(edge.line[:, 0], back), edge.line[:, 1]]))
            for edge in layers.edges
        ),
        zones=tuple(replace(item, geometry=shape(item.geometry)) for item in layers.zones),
        routes=tuple(replace(item, geometry=shape(item.geometry)) for item in layers.routes),
        places=tuple(replace(item, lon=one(item.lon)) for item in layers.places),
        chapters=tuple(replace(item, lon=one(item.lon)) for item in layers.chapters),
        events=replace(layers.events, lon=_east(layers.events.lon, back)),
        bbox=_turned_box(layers.bbox, back),
        basemap=tuple((kind, names, shape(one)) for kind, names, one in layers.basemap),
        frames=tuple(_turned_box(frame, back) for frame in layers.frames),
        relief=layers.relief and replace(layers.relief, box=_turned_box(layers.relief.box, back)),
    )


def _turned_box(box: Box, back: float) -> Box:
    west, south, east, north = box
    behind = (west + east) / 2 < back and east - west < 180
    return (west + 360, south, east + 360, north) if behind else box


def _east(lon: npt.NDArray[np.float64], back: float) -> npt.NDArray[np.float64]:
    return np.where(lon < back, lon + 360.0, lon)
