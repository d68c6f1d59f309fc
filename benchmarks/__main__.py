"""Run every benchmark in turn and write results.md.

    python -m benchmarks [name ...] [--reference DIR]
    python -m benchmarks name [options of that one]

Each one is a program of its own that prints Markdown; it is run in a fresh process so that none
pays for another's imports or memory. Peers that are not installed and reference data that is not
there are said to be left out. Only ratios within one run count: machines differ.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE / "results.md"


def inputs(reference: Path) -> dict[str, list[str]]:
    """What each benchmark is given of the reference data; what is missing it says itself."""
    boundaries = reference / "boundaries"
    return {
        "district_overlap": [
            "--rayons",
            str(boundaries / "wof" / "wof_az_region.geojson"),
            "--disputed",
            str(boundaries / "ne_disputed" / "ne_10m_admin_0_disputed_areas.json"),
            "--withheld",
        ],
        "bench_geoparsing": ["--reference", str(reference)],
        "bench_readers": [str(reference / "events" / "ucdp_ukraine_ged221" / "UCDP-Ukraine.csv")],
        "bench_snapshots": [str(reference / "control" / "deepstate_daily")],
        "bench_map": ["--peers"],
    }


def sections(wanted: list[str]) -> list[Path]:
    scripts = [HERE / "district_overlap.py", *sorted(HERE.glob("bench_*.py"))]
    return [path for path in scripts if not wanted or path.stem.removeprefix("bench_") in wanted]


def parse(words: list[str] | None = None) -> tuple[argparse.Namespace, list[str]]:
    """Our own options, and those of the one benchmark that is named."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*")
    options.add_argument("--reference", type=Path, default=Path("../shared/reference"))
    chosen, further = options.parse_known_args(words)
    if further and len(chosen.names) != 1:
        options.error(f"{' '.join(further)}: name the one benchmark that takes it, and it first")
    unknown = [name for name in chosen.names if not sections([name])]
    if unknown:
        known = ", ".join(path.stem.removeprefix("bench_") for path in sections([]))
        options.error(f"no benchmark {', '.join(unknown)}; there are: {known}")
    return chosen, further


def main() -> int:
    chosen, further = parse()
    given = inputs(chosen.reference)
    parts = []
    failed = 0
    for script in sections(chosen.names):
        print(f"running {script.name} ...", file=sys.stderr, flush=True)
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, str(script), *given.get(script.stem, []), *further],
            capture_output=True,
            text=True,
            cwd=HERE.parent,
        )
        failed += done.returncode != 0
        text = done.stdout.strip()
        if done.returncode:
            text += f"\n\n(ended with status {done.returncode}: {done.stderr.strip()[-400:]})"
        parts.append(f"# {script.stem}\n\n{text}\n")
        print(f"  {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        print(text)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"
    head = (
        "# Results\n\nThe last run of `make bench`. Ratios within one run are what counts; "
        f"absolute times are this machine's ({machine}).\n"
    )
    if not chosen.names:
        OUT.write_text("\n".join([head, *parts]), encoding="utf-8")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
