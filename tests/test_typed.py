"""A user's script is checked against the package's own types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="mypy is not installed")

GOOD = """
from datetime import date

import pandas as pd

import atlas

a = atlas.open()
b: atlas.Atlas = atlas.open(None)
state = a.at(date(2020, 11, 10), user="humanitarian")
held = state.control
a.changes(pd.Timestamp("2020-09-26"), "2020-12-02")
joined = a.join("incidents.xlsx", sheet=2, date_order="dmy")
counts: dict[str, int] = joined.counts
a.map(date="2020-11-10", events={"Mine": [{"lon": 46.7, "lat": 39.8}]}, popup=["note"])
a.cutoff("2023-07-01").cut_off
found = atlas.read_events([{"date": "2020"}])
a.match(found, joined).mutual
"""

BAD = {
    'a.map(dat="2020-11-10")': 'Unexpected keyword argument "dat"',
    'a.series("weather")': "incompatible type",
    'a.join("x.csv", date_order="ydm")': "incompatible type",
    'a.here("2020", plac="Shusha")': 'Unexpected keyword argument "plac"',
    'a.route("x", "y")': 'Missing named argument "date"',
    "a.nothing": 'has no attribute "nothing"',
}


def checked(folder: Path, script: str) -> str:
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    # With the settings the package itself is checked with, what was found of it then holds.
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", str(path)],
        cwd=root, env={"MYPYPATH": str(root), "PATH": "", "HOME": str(folder)},
        capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.slow
def test_a_users_script_is_checked(tmp_path: Path) -> None:
    assert (Path(__file__).parents[1] / "atlas" / "py.typed").is_file()
    lines = GOOD.strip().splitlines()
    told = checked(tmp_path, "\n".join([*lines, *BAD]) + "\n")
    faults = [line for line in told.splitlines() if ": error:" in line]
    for number, (call, says) in enumerate(BAD.items(), len(lines) + 1):
        assert any(f"script.py:{number}: error:" in line and says in line for line in faults), (
            call,
            told,
        )
    assert len(faults) == len(BAD), told
