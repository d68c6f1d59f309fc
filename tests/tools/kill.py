"""Kill real commands at random points, by every means: ``python -m tests.tools.kill`` (``make kill``).

Each command has an output of an earlier run. It is stopped by SIGKILL, SIGTERM, SIGINT or a full disk
(no file may grow beyond some bytes) at a random moment. Then the old output, or the new one, must be
there whole; no sidecar may speak of another file; a run that follows must leave nothing else behind.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tests.map.demo import write_demo

MEANS = ("SIGKILL", "SIGTERM", "SIGINT", "full disk")
EVENTS = pd.DataFrame(
    {
        "date": ["2001-03-15", "2001-05-10", "2001-05-12", "nonsense"] * 40,
        "lon": [10.25, 10.75, 10.3, 10.4] * 40,
        "lat": [50.25, 50.25, 50.3, 50.4] * 40,
        "place": ["Oldtown", "Beta", "Gamma", "x"] * 40,
    }
)
DRAFTS = (
    "draft_id,verdict,event_date,event_type,place_id,title,summary,source_ids,source_title,"
    "source_kind,source_affiliation,source_issued\nd1,accept,2001-03-03,battle,p00,{title},A battle."
    ",one,A report,press,neutral,2001-03-04\n"
)
SQUARE = (
    '{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":'
    '{{"type":"Polygon","coordinates":[[[30,50],[{e},50],[{e},51],[30,51],[30,50]]]}}}}]}}'
)
# Starts as `atlas` does, and says at once that a background job may be interrupted.
START = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import sys; "
    "sys.argv[0] = 'atlas'; from atlas.cli import main; main()"
)


def commands() -> dict[str, tuple[list[str], str]]:
    """Name -> arguments, and the output; PACK, EVENTS and the like stand for files."""
    found = {
        "build": (["build", "--pack", "PACK", "--events", "EVENTS", "--out", "site"], "site"),
        "map": (["map", "EVENTS", "--pack", "PACK", "-o", "map.html"], "map.html"),
        "figure": (["figure", "--pack", "PACK", "--events", "EVENTS", "-o", "a.png"], "a.png"),
        "accept": (["accept", "DRAFTS", "--into", "mine"], "mine"),
        "export": (["export", "PACK", "-o", "out.gpkg"], "out.gpkg"),
        "control import": (
            ["control", "import", "20200101.geojson", "20200201.geojson", "-o", "ctl",
             "--controller", "a", "--other", "b"], "ctl"),
        "join, dask": (
            ["join", "EVENTS", "--pack", "PACK", "--engine", "dask", "-o", "parts"], "parts"),
    }  # fmt: skip
    for suffix in ("csv", "xlsx", "json", "parquet", "geojson", "gpkg"):
        found[f"join, {suffix}"] = (
            ["join", "EVENTS", "--pack", "PACK", "-o", f"out.{suffix}"], f"out.{suffix}")  # fmt: skip
    return found


def shown(folder: Path, name: str) -> dict[str, str]:
    """Digests of an output and its sidecars, as a reader sees them."""
    stem = Path(name).stem
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        mine = relative.parts[0] == name or relative.parts[0].startswith(f"{stem}.")
        if mine and path.is_file() and not any(part.startswith(".") for part in relative.parts):
            found[relative.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def hidden(folder: Path) -> list[str]:
    """What no reader sees: drafts, and what was moved aside."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def inputs(folder: Path, edition: int) -> None:
    """Write what commands read; the second edition differs in what comes of it."""
    rows = EVENTS.iloc[: 120 + 40 * edition]
    rows.to_csv(folder / "events.csv", index=False)
    (folder / "drafts.csv").write_text(DRAFTS.format(title=f"Edition {edition}"))
    (folder / "20200101.geojson").write_text(SQUARE.format(e=31))
    (folder / "20200201.geojson").write_text(SQUARE.format(e=32 + edition))


def run(folder: Path, arguments: list[str], *, kill: Callable[[subprocess.Popen[bytes]], None] | None = None, most: int = 0) -> int:  # fmt: skip
    """Run a command to its end, or to where it is killed."""
    named = {"PACK": str(folder / "pack"), "EVENTS": "events.csv", "DRAFTS": "drafts.csv"}
    command = [sys.executable, "-c", START, *(named.get(one, one) for one in arguments)]

    def limit() -> None:
        if most:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    job = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=(folder.parent / "stderr").open("wb"), preexec_fn=limit,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    if kill is not None:
        kill(job)
    return job.wait()


def prepared(base: Path, name: str, arguments: list[str], out: str) -> Path:
    """A folder with the output of an earlier run."""
    folder = base / "ready"
    folder.mkdir()
    shutil.copytree(base / "pack", folder / "pack")
    inputs(folder, 0)
    if name == "accept":
        shutil.copytree(base / "pack", folder / "mine")
    elif name not in ("control import", "join, dask"):  # these take a new folder only
        assert run(folder, arguments) in (0, 1), (base / "stderr").read_text()
    inputs(folder, 1)
    return folder


def whole(now: dict[str, str], old: dict[str, str], new: dict[str, str]) -> bool:
    """Whether an output is the old or the new one; a sidecar may lack, but not be another's."""
    for one in (old, new):
        main = {key for key in one if not key.endswith((".rejects.csv", ".doubtful.csv"))}
        here = {key for key in now if not key.endswith((".rejects.csv", ".doubtful.csv"))}
        if here == main and all(now[key] == one.get(key) for key in now):
            return True
    return False


def sound(name: str, folder: Path, now: dict[str, str], old: dict[str, str], new: dict[str, str]) -> bool:  # fmt: skip
    """As `whole`; a record that was accepted into is sound as long as it has no fault."""
    if name != "accept":
        return whole(now, old, new)
    from atlas.record.pack import check_pack

    return check_pack(folder / "mine") == []


def main() -> int:
    """Kill, and say how often all was well; 1 if ever it was not."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--times", type=int, default=4, help="kills a command and means")
    ask.add_argument("--only", default="", help="part of the names of the commands")
    ask.add_argument("--seed", type=int, default=1)
    said = ask.parse_args()
    chance = random.Random(said.seed)
    held: Counter[str] = Counter()
    broken: list[str] = []
    statuses: Counter[tuple[str, int]] = Counter()
    for name, (arguments, out) in commands().items():
        if said.only not in name:
            continue
        with tempfile.TemporaryDirectory() as made:
            base = Path(made)
            write_demo(base / "pack")
            ready = prepared(base, name, arguments, out)
            old = shown(ready, out)
            full = shutil.copytree(ready, base / "full")
            began = time.monotonic()
            assert run(full, arguments) in (0, 1), (base / "stderr").read_text()
            took = time.monotonic() - began
            new = shown(full, out)
            again = shutil.copytree(ready, base / "again")
            run(again, arguments)
            same = new == shown(again, out)  # a GeoPackage holds the moment it was written
            largest = max(
                (path.stat().st_size for path in full.rglob("*") if path.is_file()), default=1
            )
            for means in MEANS:
                for _ in range(said.times):
                    folder = shutil.copytree(ready, base / "run")
                    # Most of a run is reading and thinking; half of the kills fall on its end.
                    at = (
                        chance.uniform(0.05, 1.0)
                        if chance.random() < 0.5
                        else chance.uniform(0.8, 1.02)
                    )
                    if means == "full disk":
                        status = run(folder, arguments, most=chance.randrange(1, largest))
                        wrong = b"Traceback" in (base / "stderr").read_bytes()
                    else:
                        number = signal.Signals[means]

                        def kill(
                            job: subprocess.Popen[bytes],
                            wait: float = at * took,
                            number: int = number,
                        ) -> None:
                            time.sleep(wait)
                            job.send_signal(number)

                        status = run(folder, arguments, kill=kill)
                        wrong = False
                    statuses[means, status] += 1
                    now = shown(folder, out)
                    good = (
                        sound(name, folder, now, old, new)
                        if same or name == "accept"
                        else (set(now) <= {*old, *new} and (not old or bool(now)))
                    )
                    # A clean end leaves nothing; what a killed one leaves the next run removes.
                    swept = means == "SIGKILL" or not hidden(folder)
                    rest = run(folder, arguments)
                    clean = not hidden(folder) and (rest in (0, 1) or (rest == 2 and bool(now)))
                    if good and swept and clean and not wrong:
                        held[name] += 1
                    else:
                        broken.append(f"{name}, {means} at {at:.2f} (status {status}): good={good} swept={swept} clean={clean} hidden={hidden(folder)} rest={rest} traceback={wrong}")  # fmt: skip
                    shutil.rmtree(folder)
        print(f"{name:16} {held[name]} of {said.times * len(MEANS)} held", flush=True)
    for line in broken:
        print("  ", line)
    print(
        "statuses:",
        ", ".join(f"{means} -> {status}: {n}" for (means, status), n in sorted(statuses.items())),
    )
    print(f"{sum(held.values())} of {sum(held.values()) + len(broken)} held")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
