"""Import of dated snapshots: time, memory, and how far the pack is from each file.

Run: python benchmarks/bench_snapshots.py [FOLDER OF DATED POLYGONS] [--days 30 100 300 1000]
Without the folder it says so. Made-up fronts of so many days, of which a stretch moves every day,
are imported in CPU seconds; growth is the exponent b of time = a * days ** b.
"""

from __future__ import annotations

import argparse
import datetime
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely

from atlas.record.pack import check_pack, read_pack
from atlas.record.snapshots import import_snapshots, read_snapshots

FOLDER = Path(__file__).parents[2] / "shared/reference/control/deepstate_daily"

_MANY = 1000


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made_up(folder: Path, days: int) -> list[Path]:
    """A front of 400 points, of which a stretch moves by some kilometres every day."""
    rng = np.random.default_rng(0)
    folder.mkdir()
    lat = np.linspace(46, 50, 400)
    lon = 36 + 0.3 * np.sin(lat * 3)
    for n in range(days):
        at, wide = rng.integers(5, 375), rng.integers(4, 20)
        lon[at : at + wide] += rng.normal(0, 0.03)
        front = np.column_stack([lon, lat]).round(5).tolist()
        ring = [*front, [40.0, 50.0], [40.0, 46.0], front[0]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        whole = {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": {}, "geometry": shape}],
        }
        day = datetime.date(2022, 1, 1) + datetime.timedelta(n)
        (folder / f"front_{day:%Y%m%d}.geojson").write_text(json.dumps(whole), encoding="utf-8")
    return sorted(folder.glob("*.geojson"))


def growth(days: list[int]) -> None:
    print("\n| made-up days | CPU s | areas | intervals | peak MB |\n|---|---|---|---|---|")
    took = []
    with tempfile.TemporaryDirectory() as scratch:
        for number in days:
            paths = made_up(Path(scratch) / f"front{number}", number)
            began = time.process_time()
            got = import_snapshots(
                paths, Path(scratch) / f"pack{number}", controller="side_a", other="side_b",
                tolerance_m=10.0,
            )  # fmt: skip
            took.append(time.process_time() - began)
            cells = (number, f"{took[-1]:.2f}", got.areas, got.intervals, f"{memory_mb():.0f}")
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
    if len(days) < 2:
        return
    whole = np.polyfit(np.log(days), np.log(took), 1)[0]
    last = np.log(took[-1] / took[-2]) / np.log(days[-1] / days[-2])
    print(f"\ngrowth with the days: exponent {whole:.2f}, between the last two {last:.2f}")
    if days[-1] == _MANY:
        for what, value, mark in (("CPU s", took[-1], 60.0), ("peak MB", memory_mb(), 1024.0)):
            verdict = "met" if value <= mark else "MISSED"
            print(f"- {_MANY:,} made-up days: {what} <= {mark:.0f}: {value:.1f}, {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--days", nargs="*", type=int, default=[30, 100, 300, 1000])
    chosen = parser.parse_args()
    of_files(chosen.folder)
    growth(chosen.days)


def of_files(folder: Path) -> None:
    paths = sorted(folder.glob("*.geojson"))
    if not paths:
        print(f"skipped: no snapshots in {folder.name}")
        return
    shapes = [snapshot.geometry for snapshot in read_snapshots(paths)]
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    base = memory_mb()
    print(f"{len(paths)} snapshots, {vertices:,} vertices")
    # Floor: only to cut the outlines at each other.
    began = time.process_time()
    shapely.union_all(shapely.boundary(shapes), grid_size=1e-5)
    floor = time.process_time() - began
    print(f"floor (noding alone): {floor:.2f} s")
    heads = ["tolerance m", "CPU s", "x floor", "areas", "intervals", "slivers", "km2 merged",
             "worst km2", "of area"]  # fmt: skip
    print(f"\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    with tempfile.TemporaryDirectory() as scratch:
        for tolerance in (0.0, 10.0, 25.0, 100.0):
            out = Path(scratch) / f"pack{tolerance:g}"
            began = time.process_time()
            got = import_snapshots(
                paths, out, controller="side_a", other="side_b", tolerance_m=tolerance
            )
            took = time.process_time() - began
            worst = got.snapshots["difference_km2"].max()
            share = (got.snapshots["difference_km2"] / got.snapshots["area_km2"]).max()
            assert not check_pack(out)
            print(
                f"| {tolerance:g} | {took:.2f} | {took / floor:.2f} | {got.areas} | "
                f"{got.intervals} | {got.slivers} | {got.sliver_km2:.2f} | {worst:.2f} | "
                f"{share:.1e} |"
            )
        began = time.process_time()
        from atlas.map import build_map

        page = build_map(read_pack(out)).get_root().render()
        print(f"\nmap of the last: {time.process_time() - began:.2f} s, {len(page) / 1e6:.2f} MB")
    print(f"peak memory {memory_mb():.0f} MB ({base:.0f} MB before the first import)")


if __name__ == "__main__":
    sys.exit(main())
