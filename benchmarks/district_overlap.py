"""How well our areas agree with finer district polygons, and with the area behind the 1994 line.

Prints, for each district, the overlap (intersection over union, equal-area km2) of the union of
our areas with the yardstick's polygon, and for the territory held by the Karabakh Armenian
authorities on 26 September 2020 its area against Natural Earth's disputed polygon. The yardsticks
are read only: our lines are not traced from them. Without them the script says so and stops.
Beside the overlap stands how many settlements, whose district a public list, law or announcement
gives, lie on the wrong side of either line; ours has been drawn by these lists, theirs has not.

    python benchmarks/district_overlap.py --rayons wof_az_region.geojson --disputed ne.json
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import geopandas as gpd
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


def listed() -> gpd.GeoDataFrame:
    """Settlements whose district a public list gives, as points with ``district``."""
    path = PACK.parent / "build" / "settlements.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["basis"] == "district list"]
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
    print("```")
    return 0


if __name__ == "__main__":
    sys.exit(main())
