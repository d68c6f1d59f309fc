"""How well our areas agree with finer district polygons, and with the area behind the 1994 line.

Prints, for each district, the overlap (intersection over union, equal-area km2) of the union of
our areas with the yardstick's polygon, and for the territory held by the Karabakh Armenian
authorities on 26 September 2020 its area against Natural Earth's disputed polygon. The yardsticks
are read only: our lines are not traced from them. Without them the script says so and stops.
Beside the overlap stands how many settlements, whose district a public list, law or announcement
gives, lie on the wrong side of either line; ours has been drawn by these lists, theirs has not.
So that says little of a settlement on no list. What does is drawing the lines anew without the
lists of a fifth of the land at a time, in squares, and asking where these settlements then fall.

    python benchmarks/district_overlap.py --rayons wof_az_region.geojson --disputed ne.json
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from pathlib import Path

import geopandas as gpd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

PACK = Path(__file__).resolve().parent.parent / "geodata" / "south-caucasus"
EQUAL_AREA = "EPSG:6933"
ISO_OF_DISTRICT = {
    "d_agdam": "AZ-AGM",
    "d_fuzuli": "AZ-FUZ",
    "d_jabrayil": "AZ-CAB",
    "d_zangilan": "AZ-ZAN",
    "d_qubadli": "AZ-QBI",
    "d_kelbajar": "AZ-KAL",
    "d_lachin": "AZ-LAC",
    "d_khojavend": "AZ-XVD",
    "d_khojaly": "AZ-XCI",
    "d_shusha": "AZ-SUS",
    "d_tartar": "AZ-TAR",
    "stepanakert_city": "AZ-XA",
}
MARK = 0.85
FIFTHS = 5


def overlap_table(
    areas: gpd.GeoDataFrame, rayons: gpd.GeoDataFrame
) -> list[tuple[str, float, int, int]]:
    """By district: intersection over union, and listed settlements astray in ours and theirs.

    Both frames in any CRS.
    """
    ours = areas.to_crs(EQUAL_AREA).dissolve("district_place_id").geometry
    theirs = rayons.to_crs(EQUAL_AREA).dissolve("iso_code").geometry
    points = listed()
    rows = []
    for district, iso in ISO_OF_DISTRICT.items():
        mine, other = ours[district], theirs[iso]
        overlap = mine.intersection(other).area / mine.union(other).area
        wrong = [wrong_side(points, district, shape) for shape in (mine, other)]
        rows.append((district, overlap, *wrong))
    return rows


def is_listed(row: dict[str, str]) -> bool:
    """Whether a public list gives the district of a settlement."""
    return row["basis"] == "district list"


def listed() -> gpd.GeoDataFrame:
    """Settlements whose district a public list gives, as points with ``district``."""
    path = PACK.parent / "build" / "settlements.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(filter(is_listed, csv.DictReader(handle)))
    return gpd.GeoDataFrame(
        {"district": [row["district_place_id"] for row in rows]},
        geometry=gpd.points_from_xy(
            [float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows]
        ),
        crs="EPSG:4326",
    ).to_crs(EQUAL_AREA)


def wrong_side(points: gpd.GeoDataFrame, district: str, shape: BaseGeometry) -> int:
    """How many listed settlements are in a polygon without belonging there, or the reverse."""
    return int((points.within(shape) != (points["district"] == district)).sum())


def withheld(square_km: float) -> tuple[int, int, int]:
    """Listed settlements, how many fall astray when withheld, and how many in Natural Earth.

    All points of a square are withheld together, else a neighbour would stand in for each. The
    lines are those of the grid, before they are cut into areas and generalised.
    """
    sys.path.insert(0, str(PACK.parent / "build"))
    import build_areas as build

    base, cuts = build.read_natural_earth(), build.read_cuts()
    grid, rows = build.window_grid(), build.read_rows("settlements.csv")
    districts = set(ISO_OF_DISTRICT) - {"stepanakert_city"}

    def square(row: dict[str, str]) -> tuple[int, int]:
        east, north = float(row["lon"]) * build.KM_LON, float(row["lat"]) * build.KM_LAT
        return int(east // square_km), int(north // square_km)

    def cell(row: dict[str, str]) -> tuple[int, int]:
        north, east = float(row["lat"]) - build.SOUTH, float(row["lon"]) - build.WEST
        return int(north / build.DY), int(east / build.DX)

    squares = sorted({square(row) for row in rows})
    random.Random(0).shuffle(squares)
    fifth = {key: number % FIFTHS for number, key in enumerate(squares)}
    asked = [row for row in rows if is_listed(row) and row["district_place_id"] in districts]
    astray = 0
    for number in range(FIFTHS):
        known = [row for row in rows if fifth[square(row)] != number]
        labels, _ = build.district_labels(grid, base, cuts, known)
        astray += sum(
            labels[cell(row)] != row["district_place_id"]
            for row in asked
            if fifth[square(row)] == number
        )
    untouched = sum(
        not base[row["district_place_id"]].contains(Point(float(row["lon"]), float(row["lat"])))
        for row in asked
    )
    return len(asked), astray, untouched


def held_on(day: str) -> set[str]:
    """Areas our assessed control rows give to the Karabakh authorities on a day."""
    with (PACK / "control.csv").open(encoding="utf-8", newline="") as handle:
        return {
            row["area_id"]
            for row in csv.DictReader(handle)
            if row["controller"] == "NK"
            and not row["asserted_by"]
            and row["valid_from"] <= day
            and (not row["valid_to"] or day < row["valid_to"])
        }


def main() -> int:
    """Print both tables; exit 0 always, for this measures and does not judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rayons", type=Path, help="finer district polygons (iso_code)")
    parser.add_argument("--disputed", type=Path, help="Natural Earth disputed areas (GeoJSON)")
    parser.add_argument(
        "--withheld", action="store_true", help="draw the lines without a fifth of the settlements"
    )
    args = parser.parse_args()
    areas = gpd.read_file(PACK / "areas.geojson")

    print("```")
    if args.rayons is None or not args.rayons.exists():
        print("skipped: no yardstick of districts (--rayons FILE)")
    else:
        rows = overlap_table(areas, gpd.read_file(args.rayons))
        print(
            f"{'district':<18}{'overlap':>8}  mark {MARK}  listed settlements astray: ours, theirs"
        )
        for district, value, mine, other in rows:
            # The town is not one of the marks: 20-30 km2 is below the scale of the lines.
            verdict = "-" if district == "stepanakert_city" else "ok" if value >= MARK else "below"
            print(f"{district:<18}{value:>8.3f}  {verdict:<9}  {mine:>4}, {other}")

    if args.disputed is None or not args.disputed.exists():
        print("skipped: no yardstick of the 1994 line (--disputed FILE)")
    else:
        disputed = gpd.read_file(args.disputed).cx[45.6:47.9, 38.7:40.7].to_crs(EQUAL_AREA)
        theirs = disputed.union_all()
        behind = areas[areas["id"].isin(held_on("2020-09-26"))].to_crs(EQUAL_AREA)
        ours = behind.union_all()
        ratio = ours.area / theirs.area - 1
        differ = ours.symmetric_difference(theirs).area / 1e6
        print(
            f"behind the line on 2020-09-26: {ours.area / 1e6:,.0f} km2, Natural Earth "
            f"{theirs.area / 1e6:,.0f} km2 ({ratio:+.1%}); symmetric difference {differ:,.0f} km2"
        )
    if args.withheld:
        for square_km in (5.0, 8.0):
            total, astray, untouched = withheld(square_km)
            print(
                f"withheld in squares of {square_km:.0f} km: {astray} of {total} listed settlements"
                f" in another district ({astray / total:.1%}); Natural Earth {untouched} "
                f"({untouched / total:.1%})"
            )
    else:
        print("not asked: where withheld settlements fall (--withheld; needs npm)")
    print("```")
    return 0


if __name__ == "__main__":
    sys.exit(main())
