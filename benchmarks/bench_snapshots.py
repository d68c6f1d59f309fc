"""Import of dated snapshots: time, memory, and how far the pack is from each file.

Run: python benchmarks/bench_snapshots.py [FOLDER OF DATED POLYGONS]
Without the folder it says so and ends.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import shapely

from atlas.record.pack import check_pack, read_pack
from atlas.record.snapshots import import_snapshots, read_snapshots

FOLDER = Path(__file__).parents[2] / "shared/reference/control/deepstate_daily"


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    folder = parser.parse_args().folder
    paths = sorted(folder.glob("*.geojson"))
    if not paths:
        print(f"skipped: no snapshots in {folder.name}")
        return
    shapes = [snapshot.geometry for snapshot in read_snapshots(paths)]
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    base = memory_mb()
    print(f"{len(paths)} snapshots, {vertices:,} vertices")
    # Floor: only to cut the outlines at each other.
    began = time.perf_counter()
    shapely.union_all(shapely.boundary(shapes), grid_size=1e-5)
    floor = time.perf_counter() - began
    print(f"floor (noding alone): {floor:.2f} s")
    heads = "tolerance m,s,x floor,areas,intervals,slivers,km2 merged,worst km2,of area".split(",")
    print(f"\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    with tempfile.TemporaryDirectory() as scratch:
        for tolerance in (0.0, 10.0, 25.0, 100.0):
            out = Path(scratch) / f"pack{tolerance:g}"
            began = time.perf_counter()
            got = import_snapshots(
                paths, out, controller="side_a", other="side_b", tolerance_m=tolerance
            )
            took = time.perf_counter() - began
            worst = got.snapshots["difference_km2"].max()
            share = (got.snapshots["difference_km2"] / got.snapshots["area_km2"]).max()
            assert not check_pack(out)
            print(
                f"| {tolerance:g} | {took:.2f} | {took / floor:.2f} | {got.areas} | "
                f"{got.intervals} | {got.slivers} | {got.sliver_km2:.2f} | {worst:.2f} | "
                f"{share:.1e} |"
            )
        began = time.perf_counter()
        from atlas.map import build_map

        page = build_map(read_pack(out)).get_root().render()
        print(f"\nmap of the last: {time.perf_counter() - began:.2f} s, {len(page) / 1e6:.2f} MB")
    print(f"peak memory {memory_mb():.0f} MB ({base:.0f} MB before the first import)")


if __name__ == "__main__":
    sys.exit(main())
