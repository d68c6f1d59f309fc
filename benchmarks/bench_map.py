"""Events to one HTML file, and that file in Chromium, beside what one would use instead.

    python benchmarks/bench_map.py [--rows 10000 100000 350000] [--peers] [--json FILE]

The floor is the same columns, delta-coded, gzipped and base64-coded straight from arrays, with no
map around them. "Ready" is the time from navigation to the first frame after everything is drawn,
or to the first paint of content where the browser shows it later than that, beside a folium map
without tiles, data or anything else, its assets linked as folium links them, but from the disk: all
that `npm install jquery bootstrap @fortawesome/fontawesome-free leaflet.awesome-markers` brings, if
--modules says where; else Leaflet alone, less than folium ever loads. Only the ratios of one run
count. Peers take minutes; they run on the smallest number of rows only.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import shutil
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from atlas.map import build_map
from atlas.map.assets import LEAFLET_CSS, LEAFLET_JS, packaged
from atlas.record.pack import Pack, read_pack
from tests.map.demo import write_demo

TYPES = ("battle", "explosions_remote_violence", "violence_against_civilians", "protest")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--enable-precise-memory-info"]  # fmt: skip


def events(rows: int, seed: int = 0) -> pd.DataFrame:
    """Events as datasets have them: clustered around towns, a few hundred kinds of headline."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform([10.0, 50.0], [11.0, 51.0], (300, 2))
    spot = towns[rng.integers(0, 300, rows)] + rng.normal(0, 0.05, (rows, 2))
    start = np.sort(rng.integers(11_000, 15_000, rows))
    return pd.DataFrame(
        {
            "start_day": start.astype(np.int32),
            "end_day": (start + 1).astype(np.int32),
            "lon": np.round(spot[:, 0], 4),
            "lat": np.round(spot[:, 1], 4),
            "event_type": np.array(TYPES, dtype=object)[rng.integers(0, 4, rows)],
            "best": rng.poisson(1.5, rows),
            "title": np.char.add("Report ", rng.integers(0, 500, rows).astype(str)).astype(object),
        }
    )


def floor(frame: pd.DataFrame) -> str:
    """The least one can do: the columns as delta-coded JSON, gzip, base64."""
    columns: dict[str, Any] = {"words": {}}
    for name in ("start_day", "lon", "lat", "best", "event_type", "title"):
        values = frame[name]
        if not pd.api.types.is_numeric_dtype(values):
            codes, words = pd.factorize(values)
            columns["words"][name] = list(words)
        else:
            codes = np.rint(values.to_numpy() * (1 if values.dtype.kind == "i" else 100_000))
        columns[name] = np.diff(codes.astype(np.int64), prepend=0).tolist()
    data = json.dumps(columns, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(data, 3, mtime=0)).decode()


def measured(work: Callable[[], str], repeats: int) -> tuple[float, float, float]:
    """Median seconds, peak MB of Python's own memory (of one further run), MB of text."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        text = work()
        times.append(time.perf_counter() - began)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return statistics.median(times), peak / 1e6, len(text.encode()) / 1e6


def peers(frame: pd.DataFrame) -> dict[str, Callable[[], str]]:
    """What a user would write today."""
    from folium.plugins import FastMarkerCluster

    shapes = gpd.GeoDataFrame(
        frame.drop(columns=["end_day"]),
        geometry=gpd.points_from_xy(frame["lon"], frame["lat"]),
        crs=4326,
    )

    def geojson() -> str:
        made = folium.Map([50.5, 10.5])
        folium.GeoJson(
            shapes, marker=folium.CircleMarker(radius=3),
            popup=folium.GeoJsonPopup(fields=["title", "event_type", "best"]),
        ).add_to(made)  # fmt: skip
        return str(made.get_root().render())

    def cluster() -> str:
        made = folium.Map([50.5, 10.5])
        FastMarkerCluster(frame[["lat", "lon"]].to_numpy().tolist()).add_to(made)
        return str(made.get_root().render())

    def markers() -> str:
        made = folium.Map([50.5, 10.5])
        for row in frame.head(2000).itertuples():
            folium.Marker([row.lat, row.lon], popup=row.title).add_to(made)
        return str(made.get_root().render())

    return {
        "folium.GeoJson + popup": geojson,
        "FastMarkerCluster": cluster,
        "folium.Marker (2,000 rows only)": markers,
    }


# Where npm keeps what folium links by default; the rest of its links (an icon font's glyph names)
# no package holds.
NPM = {
    "jquery": "jquery/dist/jquery.min.js",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "leaflet.awesome-markers.js": "leaflet.awesome-markers/dist/leaflet.awesome-markers.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "all.min.css": "@fortawesome/fontawesome-free/css/all.min.css",
    "leaflet.awesome-markers.css": "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
}


def empty_page(path: Path, modules: Path | None) -> None:
    """A folium map with nothing in it: only Leaflet, or all that npm has, as files beside it."""
    text = folium.Map([50.5, 10.5], tiles=None, zoom_start=8).get_root().render()
    lines = []
    for line in text.splitlines():
        if "<script src=" not in line and '<link rel="stylesheet"' not in line:
            lines.append(line)
            continue
        code = ""
        if LEAFLET_JS in line or LEAFLET_CSS in line:
            code = packaged(LEAFLET_JS if LEAFLET_JS in line else LEAFLET_CSS)
        elif modules is not None:
            for key, name in NPM.items():
                if key in line and "glyphicons" not in line:
                    code = (modules / name).read_text(encoding="utf-8")
                    break
        if not code:
            continue
        kind = "js" if "<script" in line else "css"
        asset = path.with_name(f"{path.stem}-{len(lines)}.{kind}")
        asset.write_text(code, encoding="utf-8")
        lines.append(
            f'<script src="{asset.name}"></script>'
            if kind == "js"
            else f'<link rel="stylesheet" href="{asset.name}"/>'
        )
    path.write_text("\n".join(lines), encoding="utf-8")


READY = """
(() => {
  const look = () => {
    const ours = document.querySelector('.atlas');
    const done = ours ? window.atlasMap && 'day' in window.atlasMap
      : document.readyState === 'complete' && document.querySelector('.leaflet-map-pane');
    const stop = () => { window.__ready = performance.now(); };
    if (done) requestAnimationFrame(() => setTimeout(stop));
    else setTimeout(look, 2);
  };
  look();
})();
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
STEP = """
(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const run = async (count, work) => {
    const times = [];
    for (let i = 0; i < count; i++) {
      const began = performance.now();
      work(i);
      times.push(performance.now() - began);
      await frame();
    }
    return times.sort((a, b) => a - b)[count >> 1];
  };
  const { clock, map } = atlasMap.app;
  const all = await run(15, () => clock.step(-1));
  const turn = (i) => map.setZoom(map.getZoom() + (i % 2 ? -0.5 : 0.5), { animate: false });
  const zoom = await run(6, turn);
  atlasMap.set({ window: 'month' });
  const month = await run(15, () => clock.step(-1));
  return { all, zoom, month };
})()
"""


def in_chromium(pages: dict[str, Path], repeats: int) -> dict[str, dict[str, float]]:
    """Ready, step and zoom in ms, heap in MB; pages take turns so that noise hits all alike."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        print("no Chromium: pages not measured")
        return {}
    ready: dict[str, list[float]] = {name: [] for name in pages}
    found: dict[str, dict[str, float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for turn in range(repeats + 1):
            for name, file in pages.items():
                context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
                page = context.new_page()
                page.add_init_script(READY)
                page.goto(file.as_uri() + ("" if name.startswith("empty") else "#win=all&tab="))
                while not page.evaluate("window.__ready || 0"):
                    page.wait_for_timeout(10)
                while not (painted := page.evaluate(PAINTED)):
                    page.wait_for_timeout(10)
                if turn:  # the first turn warms the file cache
                    ready[name].append(max(page.evaluate("window.__ready"), painted))
                if turn == repeats:
                    session = context.new_cdp_session(page)
                    session.send("HeapProfiler.collectGarbage")
                    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
                    found[name] = {"heap": heap}
                    if not name.startswith("empty"):
                        found[name] |= page.evaluate(STEP)
                context.close()
        browser.close()
    for name, times in ready.items():
        found[name]["ready"] = statistics.median(times)
    return found


def marks(found: dict[str, dict[str, float]]) -> None:
    """Print what was asked of the page beside what was measured."""
    empty = found["empty folium map"]["ready"]
    for rows, times in ((100_000, 1.1), (350_000, 1.5)):
        page = found.get(f"atlas {rows}")
        if page is None:
            continue
        for what, value, mark in (
            ("ready, times the empty map", page["ready"] / empty, times),
            ("step of the clock over all events, ms", page["all"], 16.0),
        ):
            verdict = "met" if value <= mark else "MISSED"
            print(f"- {rows:,} events: {what} <= {mark}: {value:.2f}, {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 350_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peers", action="store_true", help="also what one would use instead")
    parser.add_argument("--modules", type=Path, help="node_modules with folium's default assets")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results: dict[str, Any] = {"python": {}, "page": {}}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        pack: Pack = read_pack(write_demo(home / "pack"))
        build_map(pack).get_root().render()  # imports and templates are not what is measured
        pages = {"empty folium map": home / "empty.html"}
        empty_page(pages["empty folium map"], options.modules)
        if options.modules:
            pages["empty, Leaflet only"] = home / "bare.html"
            empty_page(pages["empty, Leaflet only"], None)
        print("```")
        print(f"{'rows':>8}  {'':30} {'s':>8} {'peak MB':>8} {'file MB':>8}  x floor (time, size)")
        for rows in options.rows:
            frame = events(rows)
            work: dict[str, Callable[[], str]] = {
                "floor": lambda frame=frame: floor(frame),  # type: ignore[misc]
                "atlas": lambda frame=frame: str(  # type: ignore[misc]
                    build_map(pack, events=frame, date=14_999).get_root().render()
                ),
            }
            if options.peers and rows == min(options.rows):
                work |= peers(frame)
            base: tuple[float, float, float] | None = None
            for name, one in work.items():
                figures = measured(one, 1 if name not in ("floor", "atlas") else options.repeats)
                base = base or figures
                results["python"][f"{name} {rows}"] = figures
                print(
                    f"{rows:8,}  {name:30} {figures[0]:8.2f} {figures[1]:8.0f} {figures[2]:8.2f}  "
                    f"{figures[0] / base[0]:.2f}, {figures[2] / base[2]:.2f}"
                )
            pages[f"atlas {rows}"] = home / f"{rows}.html"
            build_map(pack, events=frame, date=14_999).save(pages[f"atlas {rows}"])
        if not options.no_browser:
            results["page"] = found = in_chromium(pages, options.repeats)
            if found:
                base_ready = found["empty folium map"]["ready"]
                heads = ("ready", "x empty", "step, all", "step, 30 d", "zoom", "heap MB")
                print("\n" + " " * 20 + "".join(f"{head:>11}" for head in heads))
                for name, row in found.items():
                    print(
                        f"{name:20}{row['ready']:11.0f}{row['ready'] / base_ready:11.2f}"
                        f"{row.get('all', 0):11.1f}{row.get('month', 0):11.1f}"
                        f"{row.get('zoom', 0):11.1f}{row['heap']:11.1f}"
                    )
    print("```")
    if results["page"]:
        linked = "is Leaflet alone (no `--modules`)"
        if options.modules:
            linked = "links all that folium links by default (`--modules`)"
        print(f"\nThe empty map here {linked}.\n")
        marks(results["page"])
    if options.json:
        options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
