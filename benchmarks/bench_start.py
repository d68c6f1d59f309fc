"""What people wait for at the command line, beside the imports that nobody gets around.

Run: python benchmarks/bench_start.py [--runs 3] [--sizes 1 10 100] [--rows 350000] [--only ...]

CPU seconds (user and system) of fresh processes, medians with the least and the most: a machine
that others use too says little by the clock. The peer of every command is `import geopandas`,
measured in turn with it; only the ratios count. The large pack is made up: areas in a grid, events
and rows of control drawn with a fixed seed; growth is the exponent b of time = a * size ** b.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from atlas.record.scaffold import csv_text, geojson_text, settings_text
from atlas.record.schema import TABLES

ROOT = Path(__file__).resolve().parents[1]
PARTIES = {"A": ("Aland", "#5b8db8"), "B": ("Beland", "#d9a05b")}
ENVELOPE = {"certainty": "certain", "source_ids": "s-n"}
DAY = "2020-12-02"
COMMANDS = {
    "--help": ["--help"],
    "at": ["at", DAY],
    "at --place": ["at", DAY, "--place", "Shusha"],
    "changes": ["changes", "2020-09-26", DAY],
    "route": ["route", "stepanakert", "yerevan", "--date", DAY],
    "cutoff": ["cutoff", DAY],
    "build": ["build", "--out", "{out}/site"],
    "build, nothing kept": ["build", "--out", "{out}/site"],
    "figure --events": ["figure", "-o", "{out}/f.svg", "--events", "{csv}", "--date", "2012-11-10"],
    "map CSV": ["map", "{csv}", "-o", "{out}/m.html"],
}
#: Statements timed inside a process, after the imports, the second of two.
WITHIN = {
    "atlas.open()": "import atlas, geopandas; atlas.open()|atlas.open()",
    "first name": "import atlas, geopandas; atlas.open()|atlas.open().geocode('Shusha')",
}


def cpu_of(words: list[str], *, env: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-300:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def within(words: str, *, env: dict[str, str]) -> float:
    first, second = words.split("|")
    code = (
        f"import time; {first}\nbegun = time.process_time(); {second}\n"
        "print(time.process_time() - begun)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True
    )
    return float(done.stdout)


def told(times: list[float]) -> str:
    return f"{statistics.median(times):.2f} ({min(times):.2f}-{max(times):.2f})"


def events_file(path: Path, rows: int) -> Path:
    """Events on the ground of the pack that opens by itself, as datasets have them."""
    rng = np.random.default_rng(0)
    towns = rng.uniform([44.0, 38.5], [49.0, 41.5], (300, 2))
    spot = towns[rng.integers(0, 300, rows)] + rng.normal(0, 0.05, (rows, 2))
    days = pd.to_datetime(np.sort(rng.integers(11_000, 15_000, rows)), unit="D")
    frame = {
        "event_id": np.arange(rows),
        "event_date": days.strftime("%Y-%m-%d"),
        "longitude": spot[:, 0].round(4),
        "latitude": spot[:, 1].round(4),
        "event_type": np.array(["battle", "protest", "explosion"])[rng.integers(0, 3, rows)],
        "fatalities": rng.poisson(1.5, rows),
        "title": np.char.add("Report ", rng.integers(0, 500, rows).astype(str)),
    }
    pd.DataFrame(frame).to_csv(path, index=False)
    return path


def large_pack(folder: Path, size: int) -> Path:
    """A pack of 500 events, 200 places, 20 areas and 400 rows of control, times the size."""
    rng = np.random.default_rng(size)
    areas, places, events, each = 20 * size, 200 * size, 500 * size, 20
    side = math.ceil(math.sqrt(areas))
    step = 20.0 / side
    folder.mkdir(parents=True)
    text = settings_text("large", "Large", (9.0, 29.0, 31.0, 51.0), "1990-01-01", PARTIES)
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    custom = {"affiliation": "neutral", "kind": "press", "reliability": "B"}
    source = {"id": "s-n", "type": "report", "title": "Report", "custom": custom,
              "issued": {"date-parts": [[2001]]}}  # fmt: skip
    (folder / "sources.json").write_text(json.dumps([source]), encoding="utf-8")
    spots = rng.uniform([10.0, 30.0], [30.0, 50.0], (places, 2)).round(4)
    data: dict[str, list[dict[str, str]]] = {
        "places": [
            ENVELOPE | {"id": f"p{n}", "kind": "settlement", "lon": str(x), "lat": str(y)}
            for n, (x, y) in enumerate(spots)
        ],
        "names": [
            ENVELOPE
            | {"id": f"n{n}", "place_id": f"p{n}", "name": f"Town {n}", "lang": "en",
               "script": "Latn", "status": "common"}
            for n in range(places)
        ],
        "control": [
            ENVELOPE
            | {"id": f"c{n}-{k}", "area_id": f"a{n}", "controller": "AB"[(n + k) % 2],
               "control_type": "de_facto", "how": "status_quo",
               "valid_from": "" if k == 0 else f"{1990 + k}-03-01",
               "valid_to": "" if k == each - 1 else f"{1991 + k}-03-01"}
            for n in range(areas)
            for k in range(each)
        ],
        "events": [
            ENVELOPE
            | {"id": f"e{n}", "event_date": f"{1991 + n % 18}-0{1 + n % 9}-1{n % 10}",
               "event_type": "battle", "title": f"Fight {n}", "place_id": f"p{n % places}",
               "summary": f"Fight {n}.", "where_prec": "1", "date_prec": "1"}
            for n in range(events)
        ],
    }  # fmt: skip

    def square(n: int) -> dict[str, Any]:
        # Neighbours share their corners to the last digit.
        (x, u), (y, v) = (
            (round(least + k * step, 5), round(least + (k + 1) * step, 5))
            for least, k in ((10, n % side), (30, n // side))
        )
        ring = [[x, y], [u, y], [u, v], [x, v], [x, y]]
        return {"type": "Polygon", "coordinates": [ring]}

    shapes = [
        ({"id": f"a{n}", "name_place_id": f"p{n}", "scope": "disputed",
          "geometry_method": "grid", "uncertainty_m": 500, "source_ids": "s-n"}, square(n))
        for n in range(areas)
    ]  # fmt: skip
    for name, table in TABLES.items():
        if table.geometry:
            body = geojson_text(table, shapes if name == "areas" else [])
        elif name != "sources":
            body = csv_text(table, data.get(name, []))
        else:
            continue
        (folder / table.file).write_text(body, encoding="utf-8")
    return folder


def exponent(sizes: list[int], times: list[float]) -> float:
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 10, 100])
    parser.add_argument("--rows", type=int, default=350_000)
    parser.add_argument("--only", nargs="*", choices=[*COMMANDS, *WITHIN], default=None)
    chosen = parser.parse_args()
    wanted = [*COMMANDS, *WITHIN] if chosen.only is None else chosen.only
    with tempfile.TemporaryDirectory() as scratch:
        env = os.environ | {"PYTHONPATH": str(ROOT), "ATLAS_CACHE_DIR": f"{scratch}/cache"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env["PYTHONPYCACHEPREFIX"] = f"{scratch}/code"
        source = events_file(Path(scratch) / "events.csv", chosen.rows)
        peer = [sys.executable, "-c", "import geopandas"]
        cpu_of(peer, env=env)
        print("| work | CPU s (least-most) | `import geopandas` | ratio |\n|---|---|---|---|")
        for name in wanted:
            own, others = [], []
            if name in COMMANDS:
                words = [w.format(out=scratch, csv=source) for w in COMMANDS[name]]
                words = [sys.executable, "-m", "atlas", *words]
                cpu_of(words, env=env)  # compiles, and keeps what is kept
            for _ in range(chosen.runs):
                others.append(cpu_of(peer, env=env))
                if name.endswith("nothing kept"):
                    shutil.rmtree(f"{scratch}/cache", ignore_errors=True)
                own.append(
                    cpu_of(words, env=env) if name in COMMANDS else within(WITHIN[name], env=env)
                )
            ratio = statistics.median(own) / statistics.median(others)
            print(f"| `{name}` | {told(own)} | {told(others)} | {ratio:.2f} |", flush=True)
        for name in ("f.svg", "m.html"):
            path = Path(scratch) / name
            if path.is_file():
                print(f"\n{name}: {path.stat().st_size / 1e6:.2f} MB")
        if chosen.sizes:
            _growth(Path(scratch), chosen.sizes, env)


def _growth(scratch: Path, sizes: list[int], env: dict[str, str]) -> None:
    """A made-up pack of 1, 10 and 100 times as much: what each command takes of it."""
    rows: dict[str, list[float]] = {}
    for size in sizes:
        pack = str(large_pack(scratch / f"pack{size}", size))
        html = scratch / f"page{size}.html"
        words = {
            "open, first": ["-c", f"import atlas; atlas.open({pack!r})"],
            "open, again": ["-c", f"import atlas; atlas.open({pack!r})"],
            "check": ["-m", "atlas", "check", pack],
            "at": ["-m", "atlas", "at", "2005-01-01", "--pack", pack, "--json"],
            "page": ["-m", "atlas", "map", "--pack", pack, "-o", str(html)],
        }
        for name, more in words.items():
            rows.setdefault(name, []).append(cpu_of([sys.executable, *more], env=env))
        rows.setdefault("page, MB", []).append(html.stat().st_size / 1e6)
    heads = "".join(f" {size}x |" for size in sizes)
    print(f"\n| made-up pack, CPU s |{heads} exponent |\n|---|{'---|' * (len(sizes) + 1)}")
    for name, times in rows.items():
        cells = "".join(f" {one:.2f} |" for one in times)
        print(f"| {name} |{cells} {exponent(sizes, times):.2f} |")


if __name__ == "__main__":
    main()
