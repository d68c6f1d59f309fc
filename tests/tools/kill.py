"""Kill real commands at random points, by every means: ``python -m tests.tools.kill`` (``make kill``).

Each command has an output of an earlier run. It is stopped by SIGKILL, SIGTERM, SIGINT or a full disk
(no file may grow beyond some bytes) at a random moment, or runs twice at once, one of the two killed.
Then the old output, or the new one, must be there whole; no sidecar may speak of another file; a run
that follows must leave nothing else behind.

A moment is a share of the processor's time that the command takes, so that a busy machine moves none
of them. Commands run in forks of this process, which has loaded what they need: so the moments fall on
their work and not on its imports.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pandas as pd

from tests.map.demo import write_demo

MEANS = ("SIGKILL", "SIGTERM", "SIGINT", "full disk", "two at once")
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
LINE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":'
    '"LineString","coordinates":[[9,50.2],[10.4,50.3],[12,50.2]]}}]}'
)
TEXT = "Oldtown was shelled on 3 March 2001. Two people were killed near Beta on 4 March 2001."


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
            ["join", "EVENTS", "--pack", "PACK", "--engine", "dask", "-o", "parts", "--rejects",
             "parts.rejects.csv"], "parts"),
        "film": (
            ["film", "--pack", "PACK", "-o", "film.gif", "--from", "2001-03-01", "--to", "2001-04-01",
             "--step", "15", "--dpi", "40"], "film.gif"),
        "export, xlsx": (["export", "PACK", "-o", "out.xlsx"], "out.xlsx"),
        "import": (["import", "edited.gpkg", "--into", "mine"], "mine"),
        "areas": (
            ["areas", "--polygons", "20200101.geojson", "--polygons", "20200201.geojson", "-o",
             "a.geojson", "--findings", "a.rejects.csv"], "a.geojson"),
        "areas into": (["areas", "--into", "mine", "--lines", "line.geojson"], "mine"),
        "locate": (["locate", "EVENTS", "--pack", "PACK", "-o", "located.csv"], "located.csv"),
        "match": (
            ["match", "EVENTS", "others.csv", "--pack", "PACK", "-o", "links.csv"], "links.csv"),
        "read": (["read", "report.txt", "--pack", "PACK", "--published", "2001-03-05", "-o", "drafts.csv"],
                 "drafts.csv"),
        "new": (["new", "fresh", "--country", "UY"], "fresh"),
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
    (folder / "line.geojson").write_text(LINE)
    (folder / "report.txt").write_text(f"{TEXT}\n" * (edition + 1))
    rows.iloc[:50].to_csv(folder / "others.csv", index=False)


def start(folder: Path, arguments: list[str], *, most: int = 0) -> int:
    """Begin a command in a fork of this process, and give the fork's number."""
    named = {"PACK": str(folder / "pack"), "EVENTS": "events.csv", "DRAFTS": "drafts.csv"}
    argv = ["atlas", *(named.get(one, one) for one in arguments)]
    loaded = folder.parent / "modules"
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(folder)
        for stream, path in ((1, os.devnull), (2, folder.parent / "stderr")):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        sys.argv = argv
        if most:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        from atlas.cli import main as command

        try:
            command()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except KeyboardInterrupt:
            status = 130
        except BaseException:
            traceback.print_exc()
            status = 71
        if not most and not loaded.exists():
            loaded.write_text("\n".join(sys.modules))
        sys.stderr.flush()
    finally:
        os._exit(status)


def busy(pid: int) -> float:
    """Seconds that the processor has worked for a process."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, IndexError):
        return float("inf")


def ended(pid: int) -> int:
    """Wait for a process, and give its status as a shell does."""
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status)


def run(folder: Path, arguments: list[str], *, at: float | None = None, number: int = 0, most: int = 0) -> int:  # fmt: skip
    """Run a command to its end, or send it a signal after `at` seconds of the processor."""
    pid = start(folder, arguments, most=most)
    if at is not None:
        while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if busy(pid) >= at:
                os.kill(pid, number)
                break
            time.sleep(0.001)
    return ended(pid)


def load(names: Iterable[str]) -> None:
    """Import what a command has needed, so that its forks need not."""
    for name in names:
        with suppress(Exception):
            importlib.import_module(name)


def prepared(base: Path, name: str, arguments: list[str], out: str) -> Path:
    """A folder with the output of an earlier run."""
    folder = base / "ready"
    folder.mkdir()
    shutil.copytree(base / "pack", folder / "pack")
    inputs(folder, 0)
    if out == "mine":
        shutil.copytree(base / "pack", folder / "mine")
    if name == "import":
        assert run(folder, ["export", "PACK", "-o", "edited.gpkg"]) == 0
        edited = sqlite3.connect(folder / "edited.gpkg")
        for (trigger,) in list(
            edited.execute("select name from sqlite_master where type = 'trigger'")
        ):
            edited.execute(f'drop trigger "{trigger}"')
        for table in ("places", "areas", "events"):
            edited.execute(f"update {table} set note = 'edited'")
        edited.commit()
        edited.close()
    if out != "mine" and name not in (
        "control import",
        "join, dask",
        "new",
    ):  # these take a new folder only
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
    """As `whole`; a record that was written into is sound as long as it has no fault."""
    if "mine/pack.toml" not in old:
        return whole(now, old, new)
    from atlas.record.pack import check_pack

    return check_pack(folder / "mine") == []


def main() -> int:
    """Kill, and say how often all was well; 1 if ever it was not."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--times", type=int, default=2, help="kills a command and means")
    ask.add_argument("--only", default="", help="part of the names of the commands")
    ask.add_argument("--means", default="", help="part of the names of the means")
    ask.add_argument("--keep", type=Path, help="folder to keep what was broken in")
    ask.add_argument("--seed", type=int, default=1)
    said = ask.parse_args()
    chance = random.Random(said.seed)
    held: Counter[str] = Counter()
    by_means: Counter[str] = Counter()
    broken: list[str] = []
    statuses: Counter[tuple[str, int]] = Counter()
    for name, (arguments, out) in commands().items():
        if not any(one in name for one in said.only.split("+")):
            continue
        with tempfile.TemporaryDirectory() as made:
            base = Path(made)
            write_demo(base / "pack")
            ready = prepared(base, name, arguments, out)
            old = shown(ready, out)
            full = shutil.copytree(ready, base / "full")
            assert run(full, arguments) in (0, 1), (base / "stderr").read_text()
            load((base / "modules").read_text().splitlines())
            new = shown(full, out)
            assert new, (base / "stderr").read_text()
            again = shutil.copytree(ready, base / "again")
            pid = start(again, arguments)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            took = busy(pid)
            ended(pid)
            same = new == shown(again, out)  # a GeoPackage holds the moment it was written
            largest = max(
                (path.stat().st_size for path in full.rglob("*") if path.is_file()), default=1
            )
            for means in [one for one in MEANS if said.means in one]:
                for _ in range(said.times):
                    folder = shutil.copytree(ready, base / "run")
                    # Most of a run is reading and thinking; half of the kills fall on its end.
                    share = (
                        chance.uniform(0.02, 1.0)
                        if chance.random() < 0.5
                        else chance.uniform(0.8, 1.0)
                    )
                    at = share * took
                    if means == "full disk":
                        at = chance.randrange(1, largest)
                        status = run(folder, arguments, most=int(at))
                    elif means == "two at once":
                        other = start(folder, arguments)
                        status = run(folder, arguments, at=at, number=signal.SIGKILL)
                        ended(other)
                    else:
                        status = run(folder, arguments, at=at, number=signal.Signals[means])
                    wrong = b"Traceback" in (base / "stderr").read_bytes() and means != "SIGINT"
                    statuses[means, status] += 1
                    now = shown(folder, out)
                    good = (
                        sound(name, folder, now, old, new)
                        if same or out == "mine"
                        else (set(now) <= {*old, *new} and (not old or bool(now)))
                    )
                    # A clean end leaves nothing; what a killed one leaves the next run removes.
                    swept = means in ("SIGKILL", "two at once") or not hidden(folder)
                    rest = run(folder, arguments)
                    clean = not hidden(folder) and (rest in (0, 1) or (rest == 2 and bool(now)))
                    if good and swept and clean and not wrong:
                        held[name] += 1
                        by_means[means] += 1
                    else:
                        broken.append(f"{name}, {means} at {at:.2f} of {took:.2f} (status {status}): good={good} swept={swept} clean={clean} hidden={hidden(folder)} rest={rest} traceback={wrong}")  # fmt: skip
                        print(f"   {broken[-1]}", flush=True)
                        if said.keep:
                            shutil.copytree(folder, said.keep / f"{len(broken)}-{name}")
                            shutil.copy(base / "stderr", said.keep / f"{len(broken)}.txt")
                    shutil.rmtree(folder)
        print(
            f"{name:16} {held[name]} of {held[name] + sum(line.startswith(f'{name},') for line in broken)} held",
            flush=True,
        )
    print(
        "statuses:",
        ", ".join(f"{means} -> {status}: {n}" for (means, status), n in sorted(statuses.items())),
    )
    print("held by means:", ", ".join(f"{means}: {by_means[means]}" for means in MEANS))
    print(f"{sum(held.values())} of {sum(held.values()) + len(broken)} held, {len(held)} commands")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
