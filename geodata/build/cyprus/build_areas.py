"""Write ``geodata/cyprus/areas.geojson`` and ``basemap.geojson``.

Natural Earth 10m (npm package ``world-atlas``, public domain) gives the coast and the base areas;
``lines.geojson`` gives every other line, digitised for this project; ``areas.csv`` says which
pieces there are and what is said of each. All lines are noded together on one grid, the faces are
named by the first rule that matches, and faces of one name are joined: so neighbours share their
vertices exactly. Same inputs, same bytes.

Run from the repository: ``python geodata/build/cyprus/build_areas.py``.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import natural_earth  # noqa: E402
from build_basemap import decode_arcs, polygon  # noqa: E402

PACK = HERE.parent.parent / "cyprus"
GRID = 1e-5  # five decimals, about a metre
SMALLEST = 2e-5  # square degrees, some 0.2 km2: a smaller scrap joins a neighbour
WINDOW = (30.5, 33.5, 36.5, 37.5)
PIECES = ("Cyprus", "N. Cyprus", "Cyprus U.N. Buffer Zone", "Akrotiri", "Dhekelia")
NEIGHBOURS = {
    "792": ("Türkiye", "Τουρκία", "Türkiye"),
    "760": ("Syria", "Συρία", "Suriye"),
    "422": ("Lebanon", "Λίβανος", "Lübnan"),
    "376": ("Israel", "Ισραήλ", "İsrail"),
}
METHOD = "Coast of Natural Earth 10m; inner lines digitised by hand between the places named"
PROPERTIES = (
    "id", "name_place_id", "district_place_id", "former_unit_place_id", "part", "scope",
    "geometry_method", "uncertainty_m", "source_ids", "note",
)  # fmt: skip


def read_world() -> tuple[dict[str, BaseGeometry], dict[str, BaseGeometry]]:
    """The five pieces of the island and the neighbouring countries, from Natural Earth 10m."""
    topology = natural_earth.read_json(natural_earth.WORLD, "countries-10m.json")
    arcs = decode_arcs(topology)
    island, around = {}, {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name, code = geometry["properties"]["name"], geometry.get("id", "")
        if name in PIECES:
            island[name] = polygon(geometry, arcs)
        elif code in NEIGHBOURS:
            around[code] = polygon(geometry, arcs)
    return island, around


def read_lines() -> dict[str, list[tuple[str, BaseGeometry]]]:
    """Own lines by role, in file order."""
    text = (HERE / "lines.geojson").read_text(encoding="utf-8")
    roles: dict[str, list[tuple[str, BaseGeometry]]] = defaultdict(list)
    for feature in json.loads(text)["features"]:
        properties = feature["properties"]
        roles[properties["role"]].append((properties["id"], shape(feature["geometry"])))
    return roles


def buffer_zone(
    roles: dict[str, list[tuple[str, BaseGeometry]]], natural: BaseGeometry
) -> list[tuple[str, BaseGeometry]]:
    """The zone between each pair of cease-fire lines, and Natural Earth's ring round Kokkina."""
    lines = dict(roles["cease_fire"])
    pairs = (("cfl_south", "cfl_north"), ("cfl_south_east", "cfl_north_east"))
    parts = []
    for south, north in pairs:
        ring = [*lines[south].coords, *reversed(lines[north].coords)]
        parts.append(shapely.Polygon(ring))
    west = min(shapely.get_parts(natural), key=lambda part: part.bounds[0])
    main, east = parts
    strips = (
        ("buffer_west", -180, 33.222), ("upa_airport", 33.222, 33.3165),
        ("buffer_nicosia", 33.3165, 33.4245), ("buffer_centre", 33.4245, 33.556),
        ("buffer_pyla", 33.556, 180),
    )  # fmt: skip
    out = [
        (name, shapely.intersection(main, shapely.box(low, 30, high, 40)))
        for name, low, high in strips
    ]
    return [*out, ("buffer_east", east), ("buffer_kokkina", west)]


def name_faces(
    faces: list[BaseGeometry],
    island: dict[str, BaseGeometry],
    roles: dict[str, list[tuple[str, BaseGeometry]]],
    zone: list[tuple[str, BaseGeometry]],
) -> list[str]:
    """The name of each face: base areas, buffer zone, cuts, then side and district."""
    kokkina = min(shapely.get_parts(island["N. Cyprus"]), key=lambda part: part.bounds[0])
    exclaves, beyond = roles["exclave"], roles["north_of_base"]
    strovilia = [item for item in roles["cut"] if item[0] == "strovilia"]
    cuts = [item for item in roles["cut"] if item[0] != "strovilia"]

    def first(rules: list[tuple[str, BaseGeometry]], point: BaseGeometry) -> str:
        return next((name for name, area in rules if shapely.contains(area, point)), "")

    # What is left of the island without bases and zone falls apart into north, south and east.
    zone_area = shapely.union_all([area for _, area in zone])
    north_box = shapely.union_all([area for _, area in beyond])
    bases = shapely.difference(
        shapely.union_all([island["Akrotiri"], island["Dhekelia"]]),
        shapely.union_all([north_box, *(area for _, area in exclaves)]),
    )
    rest = shapely.difference(
        shapely.union_all([island[name] for name in PIECES]), shapely.union_all([zone_area, bases])
    )
    north = max(
        shapely.get_parts(rest), key=lambda part: part.bounds[3] if part.area > 0.01 else 0.0
    )
    names = []
    for face in faces:
        point = face.representative_point()
        in_base = shapely.contains(bases, point)
        if first(strovilia, point) and not in_base and not first(zone, point):
            names.append("strovilia")
        elif first(exclaves, point) and (
            shapely.contains(island["Dhekelia"], point) or shapely.contains(island["Cyprus"], point)
        ):
            names.append("south_larnaca")
        elif in_base:
            west = shapely.contains(island["Akrotiri"], point)
            names.append("sba_akrotiri" if west else "sba_dhekelia")
        elif found := first(zone, point):
            names.append(found)
        elif shapely.contains(kokkina, point):
            names.append("kokkina")
        else:
            on_north = shapely.contains(north, point)
            cut = first(cuts, point)
            if cut and (on_north or cut in SOUTHERN_CUTS):
                names.append(cut)
                continue
            district = first(roles["district"], point).removeprefix("d_") or "nicosia"
            side = "north" if on_north else "south"
            names.append(split(side, district, point))
    return names


SOUTHERN_CUTS = {"mouttalos", "larnaca_scala", "kophinou"}


def split(side: str, district: str, point: BaseGeometry) -> str:
    """The area of a point by side and district, large ones halved."""
    name = f"{side}_{district}"
    if name == "north_nicosia":
        return "north_morphou" if point.x < 33.30 else "north_kythrea"
    if name == "north_kyrenia":
        return "north_kormakitis" if point.x < 33.25 else "north_kyrenia_east"
    if name == "north_famagusta":
        return "north_karpas" if point.x > 33.99 and point.y > 35.36 else "north_mesaoria"
    return name


def merge_scraps(faces: list[BaseGeometry], names: list[str]) -> dict[str, BaseGeometry]:
    """Join faces by name; a scrap takes the name of the neighbour it shares most border with."""
    names = list(names)
    for _ in range(3):
        groups: dict[str, list[BaseGeometry]] = defaultdict(list)
        for face, name in zip(faces, names, strict=True):
            groups[name].append(face)
        joined = {name: shapely.union_all(parts) for name, parts in groups.items()}
        scraps = [
            part
            for area in joined.values()
            for part in shapely.get_parts(area)
            if part.area < SMALLEST
        ]
        if not scraps:
            break
        for index, face in enumerate(faces):
            if not any(shapely.contains(scrap, face.representative_point()) for scrap in scraps):
                continue
            shared = {
                other: shapely.length(shapely.intersection(face.boundary, area.boundary))
                for other, area in joined.items()
                if other != names[index]
            }
            best = max(sorted(shared), key=lambda other: shared[other])
            if shared[best] > 0:
                names[index] = best
    return joined


def dump(path: Path, name: str, features: list[dict[str, Any]]) -> None:
    """Write a FeatureCollection, one feature a line."""
    lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features]
    body = ",\n".join(lines)
    path.write_text(
        f'{{"type":"FeatureCollection","name":"{name}","features":[\n{body}\n]}}\n',
        encoding="utf-8",
    )


def rounded(geometry: BaseGeometry, digits: int) -> dict[str, Any]:
    """GeoJSON geometry with coordinates of so many decimals."""

    def walk(value: Any) -> Any:
        if isinstance(value, (int, float)):
            return round(float(value), digits)
        return [walk(item) for item in value]

    found = mapping(shapely.normalize(geometry))
    return {"type": found["type"], "coordinates": walk(found["coordinates"])}


def write_areas(areas: dict[str, BaseGeometry]) -> None:
    """Write the areas with what ``areas.csv`` says of them; both must name the same ones."""
    with (HERE / "areas.csv").open(encoding="utf-8", newline="") as handle:
        rows = {row["id"]: row for row in csv.DictReader(handle)}
    if missing := set(areas) ^ set(rows):
        raise SystemExit(f"areas.csv and the pieces differ: {', '.join(sorted(missing))}")
    features = []
    for key in sorted(areas):
        row: dict[str, Any] = {"geometry_method": METHOD, **rows[key]}
        row["uncertainty_m"] = int(row["uncertainty_m"])
        properties = {name: row.get(name, "") for name in PROPERTIES}
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": rounded(areas[key], 5),
            }
        )
    shapes = [shape(feature["geometry"]) for feature in features]
    if not shapely.coverage_is_valid(shapes):
        raise SystemExit("the areas are no valid coverage")
    dump(PACK / "areas.geojson", "areas", features)


def write_basemap(areas: dict[str, BaseGeometry], around: dict[str, BaseGeometry]) -> None:
    """Write the land around: neighbours of Natural Earth, the island as our own areas."""
    window = shapely.box(*WINDOW)
    shapes = {
        code: shapely.set_precision(shapely.intersection(area, window), 1e-4)
        for code, area in sorted(around.items())
    }
    island = shapely.union_all(list(areas.values()))

    def feature(kind: str, names: tuple[str, str, str], geometry: BaseGeometry) -> dict[str, Any]:
        en, el, tr = names
        properties = {"kind": kind, "name": en, "name_en": en, "name_el": el, "name_tr": tr}
        return {"type": "Feature", "properties": properties, "geometry": rounded(geometry, 4)}

    land = shapely.union_all([island, *shapes.values()])
    features = [feature("land", ("", "", ""), land)]
    features.append(feature("country", ("Cyprus", "Κύπρος", "Kıbrıs"), island))
    features += [
        feature("country", NEIGHBOURS[code], area)
        for code, area in shapes.items()
        if not area.is_empty
    ]
    sea = ("Mediterranean Sea", "Μεσόγειος Θάλασσα", "Akdeniz")
    features.append(feature("sea", sea, shapely.Point(32.6, 34.3)))
    dump(PACK / "basemap.geojson", "basemap", features)


def main() -> None:
    """Build both files."""
    island, around = read_world()
    roles = read_lines()
    zone = buffer_zone(roles, island["Cyprus U.N. Buffer Zone"])
    whole = shapely.union_all([island[name] for name in PIECES], grid_size=GRID)
    edges = [whole.boundary, island["Akrotiri"].boundary, island["Dhekelia"].boundary]
    edges += [area.boundary for _, area in zone]
    for role in ("exclave", "north_of_base", "cut", "district"):
        edges += [area.boundary for _, area in roles[role]]
    edges += [
        shapely.LineString(points)
        for points in (
            [(33.30, 35.15), (33.30, 35.26)],
            [(33.25, 35.23), (33.25, 35.40)],
            [(33.99, 35.36), (33.99, 35.60)],
            [(33.99, 35.36), (34.20, 35.36)],
        )
    ]
    noded = shapely.union_all(edges, grid_size=GRID)
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
        if shapely.contains(whole, face.representative_point())
    ]
    areas = merge_scraps(faces, name_faces(faces, island, roles, zone))
    write_areas(areas)
    write_basemap(areas, around)


if __name__ == "__main__":
    main()
