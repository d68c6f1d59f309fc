"""Write ``basemap.geojson``: land, countries, borders, lakes and rivers around the pack.

Run as ``make geodata``, after ``build_areas.py``. Land and the neighbours come from Natural Earth
10m (npm package ``world-atlas``, public domain); Armenia and Azerbaijan are the outlines of our
own areas, so that the map's borders and its areas agree; lakes and rivers are schematic lines
digitised for this project (``water.csv``). Same inputs, same bytes.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import natural_earth
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent
PACK = HERE.parent / "south-caucasus"
OUT = PACK / "basemap.geojson"
WINDOW = (41.5, 37.0, 52.5, 43.5)
GRID = 1e-4  # four decimals, about ten metres: finer than the sources by far
SIMPLIFY = 0.004  # degrees; our own outlines are already generalised
SMALLEST = 2e-3  # square degrees, some 19 km2: leftovers and islets below it go

# ISO 3166-1 numeric, as world-atlas keys its countries, with the names shown.
COUNTRIES = {
    "051": ("Armenia", "Հայաստան", "Ermənistan", "Армения"),
    "031": ("Azerbaijan", "Ադրբեջան", "Azərbaycan", "Азербайджан"),
    "268": ("Georgia", "Վրաստան", "Gürcüstan", "Грузия"),
    "364": ("Iran", "Իրան", "İran", "Иран"),
    "368": ("Iraq", "Իրաք", "İraq", "Ирак"),
    "643": ("Russia", "Ռուսաստան", "Rusiya", "Россия"),
    "792": ("Türkiye", "Թուրքիա", "Türkiyə", "Турция"),
    "398": ("Kazakhstan", "Ղազախստան", "Qazaxıstan", "Казахстан"),
    "795": ("Turkmenistan", "Թուրքմենստան", "Türkmənistan", "Туркмения"),
}
LABELLED = {"051", "031", "268", "364", "643", "792"}


def decode_arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Arcs of a quantised TopoJSON in degrees."""
    sx, sy = topology["transform"]["scale"]
    tx, ty = topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def polygon(geometry: dict[str, Any], arcs: list[list[tuple[float, float]]]) -> BaseGeometry:
    """A TopoJSON Polygon or MultiPolygon as a valid shapely geometry."""

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for index in indices:
            part = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += part[1:] if points else part
        return points

    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    shapes = [shapely.Polygon(ring(p[0]), [ring(hole) for hole in p[1:]]) for p in parts]
    return shapely.make_valid(shapely.MultiPolygon(shapes))


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry, without slivers."""
    parts = [
        part
        for part in shapely.get_parts(geometry)
        if part.geom_type == "Polygon" and part.area >= SMALLEST
    ]
    return shapely.union_all(parts)


def read_countries(window: BaseGeometry) -> tuple[dict[str, BaseGeometry], BaseGeometry]:
    """Neighbouring countries and all land inside the window, from Natural Earth 10m."""
    topology = natural_earth.read_json(natural_earth.WORLD, "countries-10m.json")
    arcs = decode_arcs(topology)
    countries: dict[str, BaseGeometry] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = geometry.get("id")
        if code in COUNTRIES:
            countries[code] = shapely.intersection(polygon(geometry, arcs), window)
    land = shapely.union_all([countries[code] for code in sorted(countries)])
    return countries, land


def own_outlines() -> dict[str, BaseGeometry]:
    """De jure outlines of Armenia and Azerbaijan: unions of our areas."""
    areas = json.loads((PACK / "areas.geojson").read_text(encoding="utf-8"))["features"]
    with (PACK / "control.csv").open(encoding="utf-8", newline="") as handle:
        owner = {
            row["area_id"]: row["de_jure_iso"]
            for row in csv.DictReader(handle)
            if not row["asserted_by"]
        }
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for feature in areas:
        parts[owner[feature["properties"]["id"]]].append(shape(feature["geometry"]))
    return {
        "051": shapely.union_all(parts["AM"]),
        "031": shapely.union_all(parts["AZ"]),
    }


def settle(
    countries: dict[str, BaseGeometry], own: dict[str, BaseGeometry], land: BaseGeometry
) -> dict[str, BaseGeometry]:
    """Fit the neighbours to our outlines: cut overlaps, give gaps to whoever borders them most."""
    ours = shapely.union_all([own[code] for code in sorted(own)])
    result = dict(own)
    for code in sorted(set(countries) - set(own)):
        result[code] = polygonal(shapely.difference(countries[code], ours))
    taken = shapely.union_all([result[code] for code in sorted(result)])
    others = sorted(set(result) - set(own))
    for gap in shapely.get_parts(shapely.difference(land, taken)):
        if gap.geom_type != "Polygon":
            continue
        shared = {code: gap.buffer(1e-6).intersection(result[code]).area for code in others}
        best = max(others, key=lambda code: shared[code])
        if shared[best] > 0:
            result[best] = shapely.union(result[best], gap)
    return {
        code: value if code in own else polygonal(value)
        for code, value in result.items()
        if not shapely.is_empty(value)
    }


def feature(kind: str, names: tuple[str, str, str, str], geometry: BaseGeometry) -> dict[str, Any]:
    """One GeoJSON feature with names in English, Armenian, Azerbaijani and Russian."""
    en, hy, az, ru = names
    return {
        "type": "Feature",
        "properties": {
            "kind": kind, "name": en, "name_hy": hy, "name_az": az, "name_ru": ru,
        },
        "geometry": rounded(mapping(shapely.normalize(shapely.set_precision(geometry, GRID)))),
    }  # fmt: skip


def rounded(geometry: Any) -> Any:
    """GeoJSON geometry with coordinates rounded to four decimals."""

    def walk(value: Any) -> Any:
        if isinstance(value, (int, float)):
            return round(float(value), 4)
        return [walk(item) for item in value]

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}


def read_water() -> list[dict[str, str]]:
    """Digitised lakes and rivers: kind, names and ``lon lat`` pairs."""
    with (HERE / "water.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def build() -> list[dict[str, Any]]:
    """Build the basemap.

    Returns
    -------
    list of dict
        GeoJSON features, EPSG:4326, ``kind`` in land, country, border, lake, river, sea.

    Raises
    ------
    RuntimeError
        If the Natural Earth package can't be fetched or verified.
    """
    window = shapely.box(*WINDOW)
    countries, land = read_countries(window)
    own = own_outlines()
    # Simplify the neighbours once, together, so that they still meet; ours stay as built.
    codes = sorted(countries)
    simple = shapely.coverage_simplify([countries[code] for code in codes], SIMPLIFY)
    countries = dict(zip(codes, simple, strict=True))
    land = polygonal(shapely.union_all([*countries.values(), *own.values()]))
    land = shapely.union_all([land, *own.values()])  # with our islands, however small
    whole = settle(countries, own, land)

    features = [feature("land", ("", "", "", ""), land)]
    for code in sorted(whole):
        names = COUNTRIES[code] if code in LABELLED else ("", "", "", "")
        features.append(feature("country", names, whole[code]))
    # A border is where two countries meet: outline of each, without coast and window edge.
    shores = shapely.union_all([shapely.boundary(land), shapely.boundary(window)])
    near_shore = shores.buffer(0.002)
    mine = shapely.union_all([shapely.boundary(own[code]) for code in sorted(own)])
    near_mine = mine.buffer(0.02)
    rest = shapely.union_all(
        [shapely.boundary(whole[code]) for code in sorted(set(whole) - set(own))]
    )
    lines = shapely.union(
        shapely.difference(mine, near_shore),
        shapely.difference(shapely.difference(rest, near_shore), near_mine),
    )
    merged = shapely.line_merge(lines)
    kept = [part for part in shapely.get_parts(merged) if part.length > 0.02]
    features.append(feature("border", ("", "", "", ""), shapely.MultiLineString(kept)))
    for row in read_water():
        points = [tuple(map(float, pair.split())) for pair in row["coordinates"].split(";")]
        names = (row["name_en"], row["name_hy"], row["name_az"], row["name_ru"])
        water: BaseGeometry = shapely.Point(points[0])
        if row["kind"] == "river":
            water = shapely.LineString(points)
        elif row["kind"] == "lake":
            water = shapely.Polygon(points)
        features.append(feature(row["kind"], names, water))
    return features


def main() -> None:
    """Write ``basemap.geojson``, whole or not at all."""
    lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in build()]
    head = '{"type":"FeatureCollection","name":"basemap","features":[\n'
    scratch = OUT.with_suffix(".tmp")
    scratch.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    scratch.replace(OUT)
    print(f"{OUT.name}: {OUT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
