"""Cut the territory into atomic areas and write ``areas.geojson``.

Run as ``make geodata``. Input: Natural Earth admin-1 (a pinned npm package, public domain),
``settlements.csv`` (settlements with their district), ``lines.geojson`` (lines and polygons
digitised for this project) and ``areas.csv`` (one row an atomic area). Output: a valid polygon
coverage, the same bytes each time. The method is described in ``geodata/README.md``.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import natural_earth
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "south-caucasus" / "areas.geojson"

# The window in which district lines are corrected; outside it Natural Earth stands as it is.
WEST, SOUTH, EAST, NORTH = 45.6, 38.8, 47.75, 40.56
DX, DY = 0.0025, 0.002  # cells of about 214 m by 222 m
KM_LON, KM_LAT = 111.32 * math.cos(math.radians(39.7)), 111.13

REACH_KM = 4.5  # in the plains a settlement decides the district of cells this near,
REACH_MOUNTAINS_KM = 1.2  # in the mountains, where ridges run far from villages, of these
REACH_OUTLINE_KM = 1.5  # one this near outweighs the outline of the oblast
REACH_COUNTRY_KM = 2.0  # and the country of cells no farther than this
GROUND_KM = 0.7  # the ground a settlement stands on is its district's, whatever smoothing says
BLUR_KM = 0.8  # smoothing of the boundaries drawn between settlements
GENERALISE_KM = 0.5  # tolerance of the final generalisation
SMALLEST_KM2 = 7.0  # smaller fragments go to the neighbour with the longest shared line
GRID = 1e-5  # coordinates are written with five decimals

DISTRICT_OF_ISO = {
    "AZ-AGM": "d_agdam",
    "AZ-FUZ": "d_fuzuli",
    "AZ-CAB": "d_jabrayil",
    "AZ-ZAN": "d_zangilan",
    "AZ-QBI": "d_qubadli",
    "AZ-KAL": "d_kelbajar",
    "AZ-LAN": "d_lachin",  # Natural Earth labels the Lachin polygon Lankaran
    "AZ-XVD": "d_khojavend",
    "AZ-XCI": "d_khojaly",
    "AZ-SUS": "d_shusha",
    "AZ-X01~": "d_shusha",  # the town, a second polygon of the same name
    "AZ-TAR": "d_tartar",
    "AZ-XA": "stepanakert_city",
    "AZ-GOR": "d_goranboy",
    "AM-SU": "syunik",
    "AM-VD": "vayots_dzor",
    "AM-GR": "gegharkunik",
}
NAKHCHIVAN_ISO = {
    "AZ-SAR", "AZ-SAD", "AZ-KAN", "AZ-BAB", "AZ-SAH", "AZ-CUL", "AZ-ORD", "AZ-NX",
}  # fmt: skip
IN_ARMENIA = {"syunik", "vayots_dzor", "gegharkunik", "am_rest"}
BACKGROUND = {"az_rest", "am_rest", "nakhchivan_ar"}

# Districts of today that lie on the territory of the oblast of 1988, wholly or (MIXED) in part.
OBLAST_ONLY = {"d_khojavend", "d_khojaly", "d_shusha", "stepanakert_city"}
MIXED = {"d_tartar", "d_agdam", "d_kelbajar"}

PLAINS = {"d_agdam", "d_fuzuli", "d_jabrayil", "d_qubadli", "d_zangilan", "az_rest"}

Labels = npt.NDArray[np.str_]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """A digitised polygon that divides the districts named in ``where``."""

    id: str
    role: str
    where: frozenset[str]
    geometry: BaseGeometry


@dataclass(frozen=True)
class Grid:
    """Cell centres of the correction window, in degrees."""

    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]

    def inside(self, geometry: BaseGeometry) -> Mask:
        """Cells whose centre lies in the geometry."""
        shapely.prepare(geometry)
        found: Mask = shapely.contains_xy(geometry, self.lon.ravel(), self.lat.ravel())
        return found.reshape(self.lon.shape)


def window_grid() -> Grid:
    """Cell centres of the correction window."""
    columns = WEST + DX * (np.arange(round((EAST - WEST) / DX)) + 0.5)
    rows = SOUTH + DY * (np.arange(round((NORTH - SOUTH) / DY)) + 0.5)
    lon, lat = np.meshgrid(columns, rows)
    return Grid(lon, lat)


def read_natural_earth() -> dict[str, BaseGeometry]:
    """Natural Earth admin-1 of Azerbaijan and Armenia, dissolved to the districts needed."""
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for country in ("azerbaijan", "armenia"):
        collection = natural_earth.read_json(
            natural_earth.ADMIN1, f"esm/countries/{country}.geojson"
        )
        for feature in collection["features"]:
            iso = feature["properties"]["ISO"]
            geometry = shape(feature["geometry"])
            rest = "am_rest" if country == "armenia" else "az_rest"
            district = DISTRICT_OF_ISO.get(iso, rest)
            if iso in NAKHCHIVAN_ISO:
                district = "nakhchivan_ar"
            parts[district].append(geometry)
    return {key: shapely.union_all(parts[key]) for key in sorted(parts)}


def read_cuts() -> list[Cut]:
    """Digitised lines and polygons, in file order (the first that matches wins)."""
    collection = json.loads((HERE / "lines.geojson").read_text(encoding="utf-8"))
    return [
        Cut(
            id=feature["properties"]["id"],
            role=feature["properties"]["role"],
            where=frozenset(feature["properties"]["where"].split("|")) - {""},
            geometry=shape(feature["geometry"]),
        )
        for feature in collection["features"]
    ]


def read_rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV input beside this script."""
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def nearest(grid: Grid, rows: Iterable[dict[str, str]]) -> tuple[Labels, npt.NDArray[np.float64]]:
    """District of the nearest settlement for every cell, and its distance in km."""
    chosen = list(rows)
    lon = np.array([float(row["lon"]) for row in chosen])
    lat = np.array([float(row["lat"]) for row in chosen])
    district = np.array([row["district_place_id"] for row in chosen])
    tree = shapely.STRtree(list(map(shapely.Point, lon * KM_LON, lat * KM_LAT)))
    cells = shapely.points(grid.lon.ravel() * KM_LON, grid.lat.ravel() * KM_LAT)
    index, distance = tree.query_nearest(cells, return_distance=True, all_matches=False)
    return district[index[1]].reshape(grid.lon.shape), distance.reshape(grid.lon.shape)


def blur(mask: Mask) -> npt.NDArray[np.float64]:
    """Gaussian smoothing of an indicator, separable, edges repeated."""
    result = mask.astype(np.float64)
    for axis, cell_km in ((1, DX * KM_LON), (0, DY * KM_LAT)):
        reach = math.ceil(3 * BLUR_KM / cell_km)
        kernel = np.exp(-0.5 * ((np.arange(-reach, reach + 1) * cell_km) / BLUR_KM) ** 2)
        kernel /= kernel.sum()
        padding = [(0, 0), (0, 0)]
        padding[axis] = (reach, reach)
        padded = np.pad(result, padding, mode="edge")
        length = result.shape[axis]
        result = sum(
            weight * np.take(padded, np.arange(start, start + length), axis=axis)
            for start, weight in enumerate(kernel)
        )
    return result


def smooth(labels: Labels) -> Labels:
    """Give every cell the label that prevails around it."""
    names = np.unique(labels)
    weights = np.stack([blur(labels == name) for name in names])
    best: Labels = names[weights.argmax(axis=0)]
    return best


def district_labels(
    grid: Grid, base: dict[str, BaseGeometry], cuts: list[Cut], rows: list[dict[str, str]]
) -> tuple[Labels, Mask]:
    """District of every cell of the window, and whether it lay in the oblast of 1988.

    Natural Earth is the starting point. A cell within ``REACH_COUNTRY_KM`` of a settlement takes
    that settlement's country, one within ``REACH_KM`` its district; then the outline of the
    oblast decides between districts inside and outside it, and the whole is smoothed.
    """
    oblast = grid.inside(next(cut.geometry for cut in cuts if cut.role == "oblast"))
    labels = np.full(grid.lon.shape, "outside", dtype="<U20")
    for district, geometry in base.items():
        labels[grid.inside(geometry)] = district

    near, distance = nearest(grid, rows)
    country_near = np.isin(near, sorted(IN_ARMENIA)).astype(int) + 2 * (near == "nakhchivan_ar")
    country = np.isin(labels, sorted(IN_ARMENIA)).astype(int) + 2 * (labels == "nakhchivan_ar")
    plains = np.isin(labels, sorted(PLAINS)) | np.isin(near, sorted(PLAINS))
    pair = ["d_khojaly", "d_khojavend"]
    plains |= np.isin(labels, pair) & np.isin(near, pair)
    # Mardakert raion was shared out among three districts village by village in 1992.
    shared_out = sorted(MIXED)
    plains |= oblast & np.isin(labels, shared_out) & np.isin(near, shared_out)
    reach = np.where(plains, REACH_KM, REACH_MOUNTAINS_KM)
    # Natural Earth's border runs some four km too far west here, and villages stand close to it.
    south_west = ["d_zangilan", "d_qubadli"]
    basut = np.isin(labels, south_west) | np.isin(near, south_west)
    reach = np.where((country != country_near) & ~basut, REACH_COUNTRY_KM, reach)
    labels = np.where(distance < reach, near, labels)

    # Left bank of the Aras: what Natural Earth leaves to Iran goes to the nearest settlement.
    river = next(cut.geometry for cut in cuts if cut.role == "border")
    ends = list(river.coords)
    right_bank = shapely.Polygon([*ends, (ends[-1][0], SOUTH - 1), (ends[0][0], SOUTH - 1)])
    south = grid.inside(right_bank)
    labels = np.where(~south & (labels == "outside"), near, labels)
    labels = np.where(south, "outside", labels)

    inside_ok = [
        row for row in rows if row["district_place_id"] in OBLAST_ONLY | MIXED - {"d_agdam"}
    ]
    outside_ok = [row for row in rows if row["district_place_id"] not in OBLAST_ONLY | {"outside"}]
    inner = nearest(grid, inside_ok)[0]
    outer = nearest(grid, outside_ok)[0]
    exempt = grid.inside(
        shapely.union_all([cut.geometry for cut in cuts if cut.role == "outline_exempt"])
    )
    open_to_outline = (
        ~np.isin(labels, sorted(IN_ARMENIA | {"outside", "nakhchivan_ar"}))
        & (distance >= REACH_OUTLINE_KM)
        & ~exempt
    )
    # Of the oblast's land Agdam has only the villages of Mardakert raion it received in 1992.
    received = grid.inside(next(cut.geometry for cut in cuts if cut.role == "oblast_agdam"))
    foreign = ~np.isin(labels, sorted(OBLAST_ONLY | MIXED)) | ((labels == "d_agdam") & ~received)
    labels = np.where(oblast & open_to_outline & foreign, inner, labels)
    labels = np.where(
        ~oblast & open_to_outline & np.isin(labels, sorted(OBLAST_ONLY)), outer, labels
    )
    labels = smooth(labels)
    labels = np.where(distance < GROUND_KM, near, labels)
    return np.where(south, "outside", labels), oblast


def area_labels(
    grid: Grid, district: Labels, oblast: Mask, cuts: list[Cut], key_to_area: dict[str, str]
) -> Labels:
    """Atomic area of every cell: district of today, unit of 1988, first matching cut."""
    received = grid.inside(next(cut.geometry for cut in cuts if cut.role == "oblast_agdam"))
    of_oblast = oblast & np.isin(district, sorted(MIXED)) & ((district != "d_agdam") | received)
    unit = np.where(of_oblast, "nkao", "")
    mark = np.full(grid.lon.shape, "", dtype="<U32")
    for cut in cuts:
        if cut.role != "cut":
            continue
        applies = (mark == "") & np.isin(district, sorted(cut.where)) & grid.inside(cut.geometry)
        mark[applies] = cut.id
    keys = np.char.add(np.char.add(np.char.add(district, "/"), unit), "/")
    keys = np.char.add(keys, mark)
    names, inverse = np.unique(keys, return_inverse=True)
    unknown = sorted(str(name) for name in names if str(name) not in key_to_area)
    if unknown:
        raise RuntimeError(f"areas.csv has no area for: {', '.join(unknown)}")
    areas = np.array([key_to_area[str(name)] for name in names])
    found: Labels = areas[inverse].reshape(district.shape)
    return found


def polygons(lines: list[BaseGeometry]) -> list[BaseGeometry]:
    """Faces enclosed by noded lines."""
    return list(shapely.get_parts(shapely.polygonize(lines)))


def polygonise(labels: Labels) -> tuple[list[BaseGeometry], list[str]]:
    """Connected pieces of a label grid as noded polygons in km, with their labels."""
    height, width = labels.shape
    cell_x, cell_y = DX * KM_LON, DY * KM_LAT
    segments: list[tuple[tuple[int, int], tuple[int, int]]] = []
    differs = labels[:, 1:] != labels[:, :-1]
    for row, column in np.argwhere(differs):
        segments.append(((column + 1, row), (column + 1, row + 1)))
    differs = labels[1:, :] != labels[:-1, :]
    for row, column in np.argwhere(differs):
        segments.append(((column, row + 1), (column + 1, row + 1)))
    for column in range(width):
        segments.append(((column, 0), (column + 1, 0)))
        segments.append(((column, height), (column + 1, height)))
    for row in range(height):
        segments.append(((0, row), (0, row + 1)))
        segments.append(((width, row), (width, row + 1)))
    faces = polygons([shapely.LineString(segment) for segment in segments])
    names: list[str] = []
    pieces: list[BaseGeometry] = []
    for face in faces:
        point = face.representative_point()
        names.append(str(labels[int(point.y), int(point.x)]))
        pieces.append(shapely.transform(face, lambda xy: xy * (cell_x, cell_y)))
    return pieces, names


def sieve(
    pieces: list[BaseGeometry], names: list[str], *, smallest: float, keep: set[str]
) -> tuple[list[BaseGeometry], list[str]]:
    """Merge pieces under ``smallest`` (square units) into the neighbour with the longest line.

    The largest piece of each label in ``keep`` survives whatever its size.
    """
    # Faces of one label that touch are one piece: else half an area could be taken for a fragment.
    joined: dict[str, list[BaseGeometry]] = defaultdict(list)
    for piece, name in zip(pieces, names, strict=True):
        joined[name].append(piece)
    pieces, names = [], []
    for name in sorted(joined):
        parts = list(shapely.get_parts(shapely.union_all(joined[name])))
        pieces += parts
        names += [name] * len(parts)
    area = shapely.area(pieces)
    largest: dict[str, int] = {}
    for i, name in enumerate(names):
        if name not in largest or area[i] > area[largest[name]]:
            largest[name] = i
    tree = shapely.STRtree(pieces)
    label = list(names)
    for i in sorted(range(len(pieces)), key=lambda i: (area[i], i)):
        if area[i] >= smallest or (largest[names[i]] == i and names[i] in keep):
            continue
        shared: dict[str, float] = defaultdict(float)
        for j in tree.query(pieces[i], predicate="intersects"):
            if j != i and label[j] != label[i]:
                shared[label[j]] += shapely.length(pieces[i].intersection(pieces[j]))
        if shared:
            label[i] = max(sorted(shared), key=lambda name: shared[name])
    merged: dict[str, list[BaseGeometry]] = defaultdict(list)
    for piece, name in zip(pieces, label, strict=True):
        merged[name].append(piece)
    result: list[BaseGeometry] = []
    out: list[str] = []
    for name in sorted(merged):
        result.append(shapely.union_all(merged[name]))
        out.append(name)
    return result, out


def node(lines: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """Faces of a set of lines, noded on the output grid."""
    noded = shapely.union_all(list(lines), grid_size=GRID)
    noded = shapely.union_all(shapely.set_precision(noded, GRID), grid_size=GRID)
    return [face for face in polygons([noded]) if face.area > 0]


def build() -> list[dict[str, Any]]:
    """Build all atomic areas.

    Returns
    -------
    list of dict
        GeoJSON features sorted by id, EPSG:4326, coordinates on a grid of 1e-5 degrees.

    Raises
    ------
    RuntimeError
        If a package can't be fetched, an area is missing from ``areas.csv`` or is empty, or the
        result is not a valid coverage.
    """
    table = {row["id"]: row for row in read_rows("areas.csv")}
    key_to_area = {"outside//": "outside"}
    for row in table.values():
        for key in filter(None, row["keys"].split("|")):
            key_to_area[key] = row["id"]
    base, cuts, rows = read_natural_earth(), read_cuts(), read_rows("settlements.csv")
    grid = window_grid()
    district, oblast = district_labels(grid, base, cuts, rows)
    labels = area_labels(grid, district, oblast, cuts, key_to_area)
    pieces, names = polygonise(labels)
    scope = {key for key, row in table.items() if row["scope"] == "disputed"}
    pieces, names = sieve(pieces, names, smallest=SMALLEST_KM2, keep=scope)
    pieces = list(shapely.coverage_simplify(pieces, GENERALISE_KM, simplify_boundary=False))
    inner = [
        shapely.set_precision(
            shapely.transform(p, lambda xy: xy / (KM_LON, KM_LAT) + (WEST, SOUTH)), GRID
        )
        for p in pieces
    ]

    window = shapely.box(WEST, SOUTH, EAST, NORTH)
    outer = {key: shapely.difference(value, window) for key, value in base.items()}
    overlay = [cut for cut in cuts if cut.role == "cut_out"]
    lines = [shapely.boundary(p) for p in (*inner, *outer.values(), window)]
    lines += [
        shapely.boundary(
            cut.geometry if "*" in cut.where
            else shapely.intersection(
                cut.geometry, shapely.union_all([base[key] for key in sorted(cut.where)])
            )
        )
        for cut in overlay
    ]  # fmt: skip
    faces = node(lines)
    points = [face.representative_point() for face in faces]
    inner_tree, outer_names = shapely.STRtree(inner), sorted(outer)
    outer_tree = shapely.STRtree([outer[name] for name in outer_names])
    face_names: list[str] = []
    for point in points:
        hit = sorted(inner_tree.query(point, predicate="within"))
        if hit:
            face_names.append(names[hit[0]])
            continue
        hit = sorted(outer_tree.query(point, predicate="within"))
        under = outer_names[hit[0]] if hit else "outside"
        name = key_to_area[f"{under}//"]
        for cut in overlay:
            if ("*" in cut.where or under in cut.where) and cut.geometry.contains(point):
                name = key_to_area[f"//{cut.id}"]
                break
        face_names.append(name)
    # Slivers where the corrected window meets Natural Earth: under 0.3 km2, in square degrees.
    faces, face_names = sieve(faces, face_names, smallest=0.3 / (KM_LON * KM_LAT), keep=set(table))
    found = {n: f for f, n in zip(faces, face_names, strict=True) if n != "outside"}
    missing = sorted(set(table) - set(found))
    if missing:
        raise RuntimeError(f"empty areas: {', '.join(missing)}")
    features = []
    for key in sorted(found):
        row = table[key]
        geometry = shapely.normalize(shapely.set_precision(found[key], GRID))
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "id": key,
                    "name_place_id": row["name_place_id"],
                    "district_place_id": row["district_place_id"],
                    "former_unit_place_id": row["former_unit_place_id"],
                    "part": row["part"],
                    "scope": row["scope"],
                    "geometry_method": row["geometry_method"],
                    "uncertainty_m": int(row["uncertainty_m"]),
                    "source_ids": row["source_ids"],
                    "note": row["note"],
                },
                "geometry": rounded(mapping(geometry)),
            }
        )
    check(features)
    return features


def rounded(geometry: Any) -> Any:
    """GeoJSON geometry with coordinates rounded to five decimals."""

    def walk(value: Any) -> Any:
        if isinstance(value, (int, float)):
            return round(float(value), 5)
        return [walk(item) for item in value]

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}


def check(features: list[dict[str, Any]]) -> None:
    """Refuse a result that is not a valid coverage on its exact written coordinates."""
    geometries = np.array([shape(feature["geometry"]) for feature in features])
    bad = [f["properties"]["id"] for f, g in zip(features, geometries, strict=True)
           if not g.is_valid]  # fmt: skip
    edges = shapely.coverage_invalid_edges(geometries)
    if bad or not shapely.coverage_is_valid(geometries):
        bad += [
            f["properties"]["id"]
            for f, edge in zip(features, edges, strict=True)
            if not shapely.is_empty(edge)
        ]
        raise RuntimeError(f"not a valid coverage: {', '.join(sorted(set(bad)))}")


def dump(features: list[dict[str, Any]]) -> str:
    """GeoJSON text, one feature a line, so that a diff shows which area moved."""
    lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features]
    head = '{"type":"FeatureCollection","name":"areas","features":[\n'
    return head + ",\n".join(lines) + "\n]}\n"


def main() -> None:
    """Write ``areas.geojson``, whole or not at all."""
    parser = argparse.ArgumentParser(description="Build the atomic areas of the pack.")
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    features = build()
    scratch = out.with_suffix(".tmp")
    scratch.write_text(dump(features), encoding="utf-8")
    scratch.replace(out)
    print(f"{out.name}: {len(features)} areas")


if __name__ == "__main__":
    main()
