"""Same inputs, same bytes, wherever they are made: ``python -m tests.tools.same`` (``make same``).

Commands that build, draw, join, export and import are run in one process for each environment:
other seeds of hashing, languages and encodings of the system, time zones, umask, folder, home, order of
files, numbers of threads, and other versions of Python that are named with ``--python``. What they
wrote, and what they said, is compared with what the first run did, file by file.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GED = str(ROOT / "examples/events/ged.csv")

#: What is made; {pack} and {in} are folders of inputs, names without them are written where it runs.
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("build", "--pack", "{pack}", "--events", "{in}/events.csv", "--out", "site"),
    ("map", "{in}/events.csv", "--pack", "{pack}", "-o", "map.html"),
    ("map", GED, "-o", "shipped.html"),
    *(("join", "{in}/events.csv", "--pack", "{pack}", "-o", f"joined.{suffix}")
      for suffix in ("csv", "xlsx", "json", "parquet", "geojson", "gpkg")),
    ("join", GED, "-o", "shipped.csv"),
    *(("figure", "--pack", "{pack}", "--events", "{in}/events.csv", "-o", f"figure.{suffix}")
      for suffix in ("png", "svg", "pdf")),
    ("figure", "-o", "compared.svg", "--compare", "2020-09-26", "2020-12-02"),
    ("film", "--pack", "{pack}", "-o", "film.gif", "--from", "2001-03-01", "--to", "2001-04-01", "--step", "15", "--dpi", "40"),
    ("export", "{pack}", "-o", "pack.gpkg"),
    ("export", "{pack}", "-o", "pack.xlsx"),
    ("areas", "--country", "UY", "-o", "areas.geojson"),
    ("control", "import", "{in}/20200101.geojson", "{in}/20200201.geojson", "-o", "control", "--controller", "a", "--other", "b"),
    ("locate", "examples/villages.csv", "-o", "located.csv"),
    ("match", "{in}/events.csv", "{in}/events.csv", "--pack", "{pack}", "-o", "links.csv"),
    ("read", "examples/report.txt", "--published", "2023-05-26", "-o", "drafts.csv"),
    ("new", "fresh", "--country", "UY"),
    ("at", "2020-11-10", "--place", "Shusha"),
    ("changes", "2020-09-26", "2020-12-02", "--json"),
    ("route", "Yerevan", "Stepanakert", "--date", "2023-01-15"),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where the commands run.

    Attributes
    ----------
    env : dict
        Variables that are set; None takes one away.
    python : str
        The interpreter.
    options : tuple of str
        Of the interpreter.
    umask : int
    turned : bool
        Whether folders list their files the other way round.
    locked : bool
        Whether home and caches can't be written to.
    """

    env: dict[str, str | None] = field(default_factory=dict)
    python: str = sys.executable
    options: tuple[str, ...] = ()
    umask: int = 0o022
    turned: bool = False
    locked: bool = False


THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "NUMEXPR_MAX_THREADS",
    "GDAL_NUM_THREADS", "MKL_NUM_THREADS",
)  # fmt: skip
PLACES: dict[str, Place] = {
    "once more": Place(),
    "hash seed 0": Place({"PYTHONHASHSEED": "0"}),
    "hash seed 4321": Place({"PYTHONHASHSEED": "4321"}),
    "locale C": Place({"LC_ALL": "C", "LANG": "C"}),
    "locale C, no UTF-8": Place({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "locale POSIX": Place({"LC_ALL": "POSIX"}),
    "locale C.UTF-8": Place({"LC_ALL": "C.UTF-8"}),
    "locale tr_TR": Place({"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"}),
    "zone east": Place({"TZ": "Pacific/Kiritimati"}),
    "zone west": Place({"TZ": "America/St_Johns"}),
    "umask 077": Place(umask=0o077),
    "no home": Place({"HOME": None, "XDG_CACHE_HOME": None}),
    "locked caches": Place(locked=True),
    "files the other way round": Place(turned=True),
    "one thread": Place(dict.fromkeys(THREADS, "1")),
    "seven threads": Place(dict.fromkeys(THREADS, "7")),
    "python -O": Place(options=("-O",)),
    "a narrow terminal": Place({"COLUMNS": "40", "TERM": "dumb", "NO_COLOR": "1"}),
}  # fmt: skip


def merged(names: list[str]) -> Place:
    """All that these environments change, at once."""
    several = [PLACES[name] for name in names]
    env = {key: value for place in several for key, value in place.env.items()}
    return Place(
        env,
        options=tuple(option for place in several for option in place.options),
        umask=max(place.umask for place in several),
        turned=any(place.turned for place in several),
        locked=any(place.locked for place in several),
    )


#: Many at once: where they agree with the first run, so does each of them.
QUICK: dict[str, list[str]] = {
    "seed 0, C, east, 077, one thread, locked caches":
        ["hash seed 0", "locale C, no UTF-8", "zone east", "umask 077", "one thread", "locked caches"],
    "seed 4321, POSIX, west, turned, seven threads, no home":
        ["hash seed 4321", "locale POSIX", "zone west", "files the other way round", "seven threads", "no home"],
    "tr_TR, -O, a narrow terminal": ["locale tr_TR", "python -O", "a narrow terminal"],
}  # fmt: skip


def child(inputs: Path, turned: bool) -> None:
    """Run all commands here, and write what they said to `said.json`."""
    if turned:
        _turn()
    from atlas.base.errors import AtlasError
    from atlas.cli import app

    told = []
    for command in COMMANDS:
        words = [
            one.format(**{"pack": str(inputs / "pack"), "in": str(inputs)})
            if "{" in one else str(ROOT / one) if one.startswith("examples/") else one
            for one in command
        ]  # fmt: skip
        out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
        status: Any = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                app(words)
            except SystemExit as end:
                status = end.code
            except AtlasError as error:
                status = f"{type(error).__name__}: {error}"
        # A terminal's width breaks the lines of tables that are shown, and nothing else.
        shown = "" if command[0] in ("at", "route", "control") else _text(out)
        told.append([list(command[:2]), status, shown, _text(err)])
    text = json.dumps(told, indent=1).replace(str(inputs), "IN").replace(str(Path.cwd()), "HERE")
    Path("said.json").write_text(text, encoding="utf-8")


def _text(stream: TextIOWrapper) -> str:
    assert isinstance(stream.buffer, BytesIO)
    told = stream.buffer.getvalue().decode("utf-8")
    # Matplotlib speaks of its own cache.
    return "".join(line for line in told.splitlines(True) if "atplotlib" not in line)


def _turn() -> None:
    """Let folders list their files the other way round."""
    listed, scanned = os.listdir, os.scandir

    class Turned:
        def __init__(self, path: Any) -> None:
            with scanned(path) as found:
                self.items = iter(
                    sorted(found, key=lambda one: os.fsencode(one.name), reverse=True)
                )

        def __enter__(self) -> Turned:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def __iter__(self) -> Any:
            return self.items

        def __next__(self) -> Any:
            return next(self.items)

        def close(self) -> None:
            pass

    os.scandir = lambda path=".": Turned(path)  # type: ignore[assignment,misc]
    os.listdir = lambda path=".": sorted(listed(path), reverse=True)  # type: ignore[assignment,type-var,misc]


def digests(folder: Path) -> dict[str, str]:
    """Digests of all files that were made, and their modes."""
    return {
        path.relative_to(folder).as_posix():
            f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mode & 0o111:o}"
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def made(base: Path, name: str, place: Place) -> tuple[dict[str, str], str]:
    """What the commands make in an environment, and the end of what the process said."""
    out = base / f"{len(list(base.iterdir()))} {name}"
    out.mkdir()
    home = base / "homes" / name
    home.mkdir(parents=True)
    if place.locked:
        home.chmod(0o500)
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
    }
    if place.locked:  # root may write anywhere but here
        env["XDG_CACHE_HOME"] = "/proc/none"
    for key, value in place.env.items():
        env.pop(key, None)
        if value is not None:
            env[key] = value

    def before() -> None:
        os.umask(place.umask)

    command = [place.python, *place.options, "-m", "tests.tools.same", "--child", str(base / "in")]
    done = subprocess.run(
        [*command, *(["--turned"] if place.turned else [])],
        cwd=out, env=env, capture_output=True, preexec_fn=before, check=False,
    )  # fmt: skip
    home.chmod(0o700)
    return digests(out), done.stderr.decode(errors="replace")[-2000:] if done.returncode else ""


def main() -> int:
    """Compare, and say what differs; 1 if anything does."""
    from tests.map.demo import write_demo
    from tests.tools.kill import inputs

    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument(
        "--python", action="append", default=[], help="another interpreter, with our packages"
    )
    ask.add_argument("--only", default="", help="part of the names of the environments")
    ask.add_argument("--quick", action="store_true", help="many environments in one")
    ask.add_argument("--keep", type=Path, help="folder to keep all in")
    ask.add_argument("--child", type=Path)
    ask.add_argument("--turned", action="store_true")
    said = ask.parse_args()
    if said.child:
        child(said.child, said.turned)
        return 0
    places = {name: place for name, place in PLACES.items() if said.only in name}
    if said.quick:
        places = {name: merged(several) for name, several in QUICK.items()}
    others = {f"{Path(one).parent.parent.name or one}": Place(python=one) for one in said.python}
    places = others | places
    differing = 0
    with tempfile.TemporaryDirectory() as room:
        base = said.keep or Path(room)
        base.mkdir(exist_ok=True)
        (base / "in").mkdir()
        write_demo(base / "in" / "pack")
        inputs(base / "in", 1)
        first, wrong = made(base, "first", Place())
        if wrong or len(first) < len(COMMANDS) - 3:
            print(wrong or f"only {sorted(first)} were made")
            return 2
        print(f"{len(COMMANDS)} commands made {len(first)} files")
        for name, place in places.items():
            found, wrong = made(base, name, place)
            other = sorted(
                key for key in first.keys() | found.keys() if first.get(key) != found.get(key)
            )
            differing += bool(other or wrong)
            print(
                f"{name:28} {'the same' if not other else f'{len(other)} differ: ' + ', '.join(other[:12])}",
                flush=True,
            )
            if wrong:
                print("   ", wrong)
    print(f"{len(places) - differing} of {len(places)} environments made the same bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
