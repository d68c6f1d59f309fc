"""The world's ground, clipped to a box: land, water, borders, countries and first-order units.

The ground is Natural Earth 1:10m, of the public domain: true to about a kilometre, as it was when
that map was drawn. Every line is stored once, on a grid of a thousandth of a degree, and every
shape names its lines, so coast, countries and units fit each other exactly. `geodata/build/
build_world.py` makes the files.

A country is what ISO 3166 calls one. Land that is administered apart from the country under which
ISO lists it keeps that country's code and is marked ``disputed``; so are the lines around it. No
verdict on any claim is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from atlas.base.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "CREDIT",
    "Ground",
    "Land",
    "back_of",
    "checked",
    "clip",
    "country",
    "country_at",
    "lands_at",
    "outlines",
    "units",
]

CREDIT = "Natural Earth"
"""Whose work the ground is, for the credits of a map that shows it."""

_SCALE = 1000
_NEAR_KM = 5.0

Box = tuple[float, float, float, float]
_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]
_Shapes = npt.NDArray[Any]


@dataclass(frozen=True)
class Ground:
    """The ground inside a box, and coarse outlines of the whole world around it.

    Attributes
    ----------
    box : tuple of float
        West, south, east, north in degrees, margin included. East is above 180 where the box
        crosses the antimeridian; all longitudes here then run on from west to east.
    land : GeoDataFrame
        One row of polygons; lakes are not cut out.
    lakes, rivers : GeoDataFrame
        ``name`` (may be empty) and ``rank`` (0 the greatest, 10 the least).
    borders : GeoDataFrame
        ``iso`` and ``other``, the countries on either side; ``kind``: ``border`` or ``disputed``;
        ``name`` of a line that is only claimed.
    countries : GeoDataFrame
        ``iso`` (ISO 3166-1 alpha-2, empty where there is none) and English ``name``.
    units : GeoDataFrame
        First-order units: ``iso``, ``code`` (ISO 3166-2, may be empty), ``name`` and ``disputed``.
    unit_lines : GeoDataFrame
        ``iso``: the lines between the units of a country, each once.
    outlines : GeoDataFrame
        The whole world to about ten kilometres: ``kind`` is ``land`` or ``border``.

    All in EPSG:4326.
    """

    box: Box
    land: gpd.GeoDataFrame
    lakes: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    borders: gpd.GeoDataFrame
    countries: gpd.GeoDataFrame
    units: gpd.GeoDataFrame
    unit_lines: gpd.GeoDataFrame
    outlines: gpd.GeoDataFrame


@dataclass(frozen=True)
class Land:
    """Whose land a point lies on.

    Attributes
    ----------
    iso, country : str
        ISO 3166-1 alpha-2 code, empty where there is none, and English name.
    code, unit : str
        ISO 3166-2 code of the first-order unit, may be empty, and its name.
    disputed : bool
        Whether the unit is administered apart from that country, or claimed by several.
    """

    iso: str
    country: str
    code: str
    unit: str
    disputed: bool


# --- the files ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _World:
    """The two files as arrays. A shape has parts, a part rings, a ring arcs, an arc points."""

    points: _Floats
    arc_start: _Ints
    layer: _Shapes
    columns: dict[str, _Shapes]
    arcs: _Ints
    ring_start: _Ints
    part_start: _Ints
    shape_start: _Ints
    part_box: _Floats
    part_shape: _Ints

    def of(self, layer: str) -> _Ints:
        """Numbers of a layer's shapes."""
        return np.flatnonzero(self.layer == layer)

    def text(self, column: str, shape: int) -> str:
        """A value of a shape."""
        return str(self.columns[column][shape])

    def parts_of(self, shapes: _Ints) -> _Ints:
        """Numbers of the parts of shapes."""
        return np.flatnonzero(np.isin(self.part_shape, shapes))

    def line(self, ring: int) -> _Floats:
        """The points of a ring."""
        pieces: list[_Floats] = []
        for arc in self.arcs[self.ring_start[ring] : self.ring_start[ring + 1]].tolist():
            forward = arc if arc >= 0 else ~arc
            piece = self.points[self.arc_start[forward] : self.arc_start[forward + 1]]
            piece = piece if arc >= 0 else piece[::-1]
            pieces.append(piece[1:] if pieces else piece)
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def build(self, parts: _Ints) -> _Shapes:
        """Polygons, or lines where the layer is one of lines."""
        import shapely

        found = np.empty(len(parts), dtype=object)
        for number, part in enumerate(parts.tolist()):
            rings = [self.line(k) for k in range(*self.part_start[part : part + 2])]
            shape = self.part_shape[part]
            lines = self.layer[shape] in ("border", "river", "unit_line")
            lines |= self.layer[shape] == "outline" and self.columns["kind"][shape] == "border"
            found[number] = (
                shapely.LineString(rings[0]) if lines else shapely.Polygon(rings[0], rings[1:])
            )
        return found


@cache
def _world() -> _World:
    import pyarrow.parquet as pq

    data = resources.files("atlas.world") / "data"
    with (data / "arcs.parquet").open("rb") as handle:
        table = pq.read_table(handle)
    steps = [np.asarray(table[name].combine_chunks()) for name in ("x", "y")]
    points = np.cumsum(np.stack(steps, axis=1), axis=0, dtype=np.int64) / _SCALE
    begins = np.flatnonzero(np.asarray(table["first"].combine_chunks()))
    arc_start = np.append(begins, len(points))
    with (data / "shapes.parquet").open("rb") as handle:
        shapes = pq.read_table(handle)
    columns = {
        name: np.asarray(shapes[name].combine_chunks().to_pandas(), dtype=object)
        for name in ("layer", "iso", "other", "code", "name", "kind", "rank")
    }
    nested = shapes["refs"].combine_chunks()
    parts, rings = nested.values, nested.values.values
    arcs = np.asarray(rings.values).astype(np.int64)
    shape_start, part_start, ring_start = (
        np.asarray(level.offsets).astype(np.int64) for level in (nested, parts, rings)
    )
    lowest = np.minimum.reduceat(points, begins)
    highest = np.maximum.reduceat(points, begins)
    named = np.where(arcs < 0, ~arcs, arcs)
    first_arc = ring_start[part_start[:-1]]
    boxes = np.hstack(
        [
            np.minimum.reduceat(lowest[named], first_arc),
            np.maximum.reduceat(highest[named], first_arc),
        ]
    )
    return _World(
        points=points,
        arc_start=arc_start,
        layer=columns.pop("layer"),
        columns=columns,
        arcs=arcs,
        ring_start=ring_start,
        part_start=part_start,
        shape_start=shape_start,
        part_box=boxes,
        part_shape=np.repeat(np.arange(len(shape_start) - 1), np.diff(shape_start)),
    )


# --- clipping -----------------------------------------------------------------------------------

_COLUMNS: dict[str, tuple[str, ...]] = {
    "land": (),
    "lake": ("name", "rank"),
    "river": ("name", "rank"),
    "border": ("iso", "other", "kind", "name"),
    "country": ("iso", "name"),
    "unit": ("iso", "code", "name", "disputed"),
    "unit_line": ("iso",),
    "outline": ("kind",),
}


def _frame(world: _World, layer: str, shapes: _Ints, geometries: _Shapes) -> gpd.GeoDataFrame:
    import geopandas as gpd

    values: dict[str, Any] = {}
    for name in _COLUMNS[layer]:
        if name == "disputed":
            values[name] = world.columns["kind"][shapes] == "disputed"
        elif name == "rank":
            values[name] = world.columns[name][shapes].astype(np.int64)
        else:
            values[name] = world.columns[name][shapes]
    return gpd.GeoDataFrame(values, geometry=geometries, crs="EPSG:4326")


def _gather(parts: _Shapes, of: _Ints) -> tuple[_Ints, _Shapes]:
    """Parts put together again, by shape."""
    import shapely

    shapes, first = np.unique(of, return_index=True)
    found = np.empty(len(shapes), dtype=object)
    for number, group in enumerate(np.split(parts, first[1:]) if len(parts) else []):
        if len(group) == 1:
            found[number] = group[0]
        elif shapely.get_dimensions(group[0]) == 2:
            found[number] = shapely.multipolygons(group)
        else:
            found[number] = shapely.multilinestrings(group)
    return shapes, found


def _inside(world: _World, shapes: _Ints, box: Box, turn: float) -> tuple[_Shapes, _Ints]:
    """What of the shapes lies in a box, moved east by `turn` degrees, with their numbers."""
    import shapely

    parts = world.parts_of(shapes)
    west, south, east, north = box
    bounds = world.part_box[parts]
    near = (bounds[:, 2] >= west) & (bounds[:, 0] <= east)
    near &= (bounds[:, 3] >= south) & (bounds[:, 1] <= north)
    parts, bounds = parts[near], bounds[near]
    built = world.build(parts)
    dimension = shapely.get_dimensions(built)
    cut = (bounds[:, 0] < west) | (bounds[:, 2] > east)
    cut |= (bounds[:, 1] < south) | (bounds[:, 3] > north)
    built[cut] = shapely.intersection(built[cut], shapely.box(*box))
    pieces, at = shapely.get_parts(built, return_index=True)
    pieces_of = world.part_shape[parts[at]]
    keep = (shapely.get_dimensions(pieces) == dimension[at]) & ~shapely.is_empty(pieces)
    pieces, pieces_of = pieces[keep], pieces_of[keep]
    if turn:
        pieces = shapely.transform(pieces, lambda xy: xy + np.array([turn, 0.0]))
    return pieces, pieces_of


def _clip_layer(
    world: _World, layer: str, windows: Sequence[tuple[Box, float]]
) -> gpd.GeoDataFrame:
    import shapely

    found = [_inside(world, world.of(layer), box, turn) for box, turn in windows]
    pieces = np.concatenate([shapes for shapes, _ in found])
    of = np.concatenate([numbers for _, numbers in found])
    order = np.argsort(of, kind="stable")
    shapes, geometries = _gather(pieces[order], of[order])
    if len(windows) > 1 and len(geometries) and shapely.get_dimensions(geometries[0]) == 2:
        # The antimeridian cuts land in two; here it is whole again.
        seam = windows[0][0][2]
        both = (shapely.bounds(geometries)[:, 0] < seam) & (shapely.bounds(geometries)[:, 2] > seam)
        for number in np.flatnonzero(both):
            geometries[number] = shapely.union_all(shapely.get_parts(geometries[number]))
    return _frame(world, layer, shapes, geometries)


def checked(bbox: Sequence[float | str], margin: float = 0.0) -> Box:
    """Read a box.

    Parameters
    ----------
    bbox : sequence of float
        West, south, east, north in degrees. A box across the antimeridian has its west above its
        east, or its east above 180.
    margin : float
        Share of its width and height to add on each side.

    Returns
    -------
    tuple of float
        With east above west, and above 180 where it crosses.

    Raises
    ------
    InputError
        If it is no box.
    """
    try:
        west, south, east, north = (float(value) for value in bbox)
    except (TypeError, ValueError):
        raise InputError(
            f"a box is four numbers, west, south, east and north in degrees, not {bbox!r}"
        ) from None
    if not all(np.isfinite([west, south, east, north, margin])) or margin < 0:
        raise InputError(
            "the numbers of a box and its margin must be finite, the margin not negative"
        )
    if not -90 <= south < north <= 90:
        raise InputError(
            f"south ({south:g}) must be below north ({north:g}), both within -90 and 90"
        )
    if not (-180 <= west <= 180 and -180 <= east <= 360 + west):
        raise InputError(
            f"west ({west:g}) must be within -180 and 180, east ({east:g}) at most a turn beyond"
        )
    east += 360.0 if east < west else 0.0
    wide, tall = margin * (east - west), margin * (north - south)
    south, north = max(south - tall, -90.0), min(north + tall, 90.0)
    west, east = west - wide, east + wide
    if east - west >= 360:
        return -180.0, south, 180.0, north
    if west < -180:
        west, east = west + 360, east + 360
    return west, south, east, north


def clip(bbox: Sequence[float], *, margin: float = 0.0) -> Ground:
    """Cut the world's ground to a box.

    Parameters
    ----------
    bbox : sequence of float
        West, south, east, north in degrees, EPSG:4326. A box across the antimeridian has its west
        above its east, or its east above 180.
    margin : float
        Share of the box's width and height to add on each side.

    Returns
    -------
    Ground

    Raises
    ------
    InputError
        If the box is none.

    Examples
    --------
    >>> ground = clip((-58, -35, -57, -34))
    >>> sorted(ground.countries["iso"])
    ['AR', 'UY']
    >>> clip((176, -20, -178, -15)).box
    (176.0, -20.0, 182.0, -15.0)
    """
    world = _world()
    west, south, east, north = box = checked(bbox, margin)
    windows: list[tuple[Box, float]] = [((west, south, min(east, 180.0), north), 0.0)]
    if east > 180:
        windows.append(((-180.0, south, east - 360, north), 360.0))
    layers = {name: _clip_layer(world, name, windows) for name in _COLUMNS if name != "outline"}
    return Ground(
        box=box,
        land=layers["land"],
        lakes=layers["lake"],
        rivers=layers["river"],
        borders=layers["border"],
        countries=layers["country"],
        units=layers["unit"],
        unit_lines=layers["unit_line"],
        outlines=outlines(back_of(box)),
    )


def back_of(box: Box) -> float:
    """Give the meridian at the back of a map of a box, from which its longitudes run on.

    Parameters
    ----------
    box : tuple of float
        As `checked` gives it.

    Returns
    -------
    float
        Degrees: -180 unless the box crosses the antimeridian.

    Examples
    --------
    >>> back_of((10.0, 0.0, 20.0, 5.0)), back_of((176.0, -20.0, 182.0, -15.0))
    (-180.0, -1.0)
    """
    return (box[0] + box[2]) / 2 - 180 if box[2] > 180 else -180.0


def outlines(back: float = -180.0) -> gpd.GeoDataFrame:
    """Give the coarse ground of the whole world.

    Parameters
    ----------
    back : float
        Meridian at the back of the map, degrees; longitudes run on from it.

    Returns
    -------
    GeoDataFrame
        ``kind`` is ``land`` or ``border``; EPSG:4326.

    Examples
    --------
    >>> outlines()["kind"].tolist()
    ['land', 'border']
    """
    windows: list[tuple[Box, float]] = [((back, -90.0, 180.0, 90.0), 0.0)]
    if back > -180:
        windows.append(((-180.0, -90.0, back, 90.0), 360.0))
    return _clip_layer(_world(), "outline", windows)


# --- by code and by point -----------------------------------------------------------------------


def _of_country(layer: str, iso: str) -> gpd.GeoDataFrame:
    world = _world()
    code = str(iso).strip().upper()
    shapes = world.of(layer)
    shapes = shapes[world.columns["iso"][shapes] == code]
    if not code or not len(shapes):
        raise InputError(
            f"no country has the ISO 3166-1 code {iso!r}; give two letters, such as 'FJ'"
        )
    parts = world.parts_of(shapes)
    numbers, geometries = _gather(world.build(parts), world.part_shape[parts])
    return _frame(world, layer, numbers, geometries)


def country(iso: str) -> gpd.GeoDataFrame:
    """Give a country's land.

    Parameters
    ----------
    iso : str
        ISO 3166-1 alpha-2 code.

    Returns
    -------
    GeoDataFrame
        One row: ``iso``, English ``name``, polygons in EPSG:4326, cut at the antimeridian. Land
        that ISO lists under the country belongs to it, whoever administers it.

    Raises
    ------
    InputError
        If no country has the code.

    Examples
    --------
    >>> country("fj")["name"].tolist()
    ['Fiji']
    """
    return _of_country("country", iso)


def units(iso: str) -> gpd.GeoDataFrame:
    """Give a country's first-order units.

    Parameters
    ----------
    iso : str
        ISO 3166-1 alpha-2 code.

    Returns
    -------
    GeoDataFrame
        A row a unit: ``iso``, ``code`` (ISO 3166-2, may be empty), ``name``, ``disputed``, polygons
        in EPSG:4326 that fit each other exactly.

    Raises
    ------
    InputError
        If no country has the code.

    Examples
    --------
    >>> frame = units("UY")
    >>> frame.loc[frame["code"] == "UY-CO", "name"].tolist()
    ['Colonia']
    """
    return _of_country("unit", iso)


@cache
def _unit_tree() -> tuple[Any, _Ints]:
    import shapely

    world = _world()
    parts = world.parts_of(world.of("unit"))
    boxes: Any = shapely.box(*world.part_box[parts].T)
    return shapely.STRtree(boxes), parts


def lands_at(
    lons: Iterable[float], lats: Iterable[float], *, near_km: float = _NEAR_KM
) -> list[Land | None]:
    """Tell whose land points lie on.

    Parameters
    ----------
    lons, lats : iterable of float
        Degrees, EPSG:4326.
    near_km : float
        A point in the water this near to land counts as on it: the coast is generalised.

    Returns
    -------
    list of Land or None
        None for a point at sea, or that is no point.

    Examples
    --------
    >>> [land and land.iso for land in lands_at([178.0, -30.0], [-17.8, 40.0])]
    ['FJ', None]
    """
    import shapely

    from atlas.base.crs import distance_m

    world = _world()
    tree, parts = _unit_tree()
    xs, ys = np.asarray([*lons], dtype=np.float64), np.asarray([*lats], dtype=np.float64)
    good = np.flatnonzero(np.isfinite(xs) & np.isfinite(ys) & (abs(ys) <= 90))
    points: Any = shapely.points((xs + 180) % 360 - 180, ys)
    # A degree of longitude shrinks towards the poles; a box reaches as far as it must.
    tall = near_km / 110.0
    wide = np.minimum(
        tall / np.maximum(np.cos(np.radians(np.minimum(abs(ys) + tall, 90))), 1e-6), 360
    )
    found: list[Land | None] = [None] * len(xs)
    if not len(good):
        return found
    px = shapely.get_x(points)
    reach = shapely.box(px - wide, ys - tall, px + wide, ys + tall)
    at, hit = tree.query(reach[good])
    built = dict(zip(np.unique(hit).tolist(), world.build(parts[np.unique(hit)]), strict=True))
    near = np.array([built[k] for k in hit.tolist()], dtype=object)
    for shape in built.values():
        shapely.prepare(shape)
    on = shapely.intersects(near, points[good[at]])
    metres = np.zeros(len(at))
    off = np.flatnonzero(~on)
    if len(off):
        ends = shapely.get_coordinates(shapely.shortest_line(points[good[at[off]]], near[off]))
        one, two = ends[::2], ends[1::2]
        metres[off] = distance_m(one[:, 0], one[:, 1], two[:, 0], two[:, 1])
    names = {world.text("iso", k): world.text("name", k) for k in world.of("country").tolist()}
    for k in np.lexsort((hit, metres)):
        point = good[at[k]]
        if found[point] is None and metres[k] <= near_km * 1000:
            shape = int(world.part_shape[parts[hit[k]]])
            iso, name = world.text("iso", shape), world.text("name", shape)
            found[point] = Land(
                iso=iso,
                country=names[iso] if iso else name,
                code=world.text("code", shape),
                unit=name,
                disputed=world.text("kind", shape) == "disputed",
            )
    return found


def country_at(lon: float, lat: float, *, near_km: float = _NEAR_KM) -> Land | None:
    """Tell whose land a point lies on.

    Parameters
    ----------
    lon, lat : float
        Degrees, EPSG:4326.
    near_km : float
        A point in the water this near to land counts as on it: the coast is generalised.

    Returns
    -------
    Land or None
        None at sea.

    Examples
    --------
    >>> country_at(178.0, -17.8).country
    'Fiji'
    """
    return lands_at([lon], [lat], near_km=near_km)[0]
