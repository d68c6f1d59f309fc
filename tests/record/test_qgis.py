"""An export in QGIS itself, where PyQGIS is: it opens, is styled, has its clock, and comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from atlas.facade import export_pack
from atlas.record.compare import differences
from atlas.record.pack import check_pack
from atlas.record.takeback import import_gpkg
from tests.record.test_exchange import rich_pack

_QUIET = {"QT_QPA_PLATFORM": "offscreen", "PATH": os.environ.get("PATH", "")}


@cache
def qgis_python() -> str:
    """An interpreter that has QGIS: this one, else the system's; empty for none."""
    for program in (sys.executable, "/usr/bin/python3"):
        if not Path(program).exists():
            continue
        asked = subprocess.run([program, "-c", "import qgis.core"], env=_QUIET, capture_output=True)
        if asked.returncode == 0:
            return program
    return ""


@pytest.mark.slow
def test_qgis_opens_edits_and_gives_it_back(tmp_path: Path) -> None:
    if not qgis_python():
        pytest.skip("no PyQGIS here; on Debian: apt-get install python3-qgis qgis-providers")
    pack = rich_pack(tmp_path / "pack")
    path, again = export_pack(pack, tmp_path / "pack.gpkg"), tmp_path / "again.gpkg"
    script = Path(__file__).with_name("in_qgis.py")
    run = subprocess.run(
        [qgis_python(), str(script), str(path), str(again)],
        env=_QUIET | {"HOME": str(tmp_path)}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert all(layer["valid"] and layer["drawn"] for layer in seen.values())
    assert seen["control_map"]["rules"][:2] == ["Aland", "Beland"]
    assert len(seen["episodes_map"]["rules"]) == 10 and len(seen["events"]["rules"]) == 8
    for name in ("control_map", "episodes_map", "events", "zones_areas"):
        assert seen[name]["clock"] == ["start", "end"], name
        assert seen[name]["fields"]["start"] == "Date"
    assert seen["mandates_areas"]["clock"] == ["deployed_start", "deployed_end"]
    assert seen["control"]["form"]["certainty"] == "ValueMap"
    assert seen["control"]["form"]["start"] == "DateTime"
    told = [
        ("places", "p00", "lat"), ("places", "p00", "lon"), ("control", "c1", "certainty"),
        ("routes", "r1", "geometry"),
    ]  # fmt: skip
    for edited in (path, again):
        found = differences(pack, edited)
        assert sorted(zip(found["table"], found["id"], found["column"], strict=True)) == sorted(
            told
        )
    taken = import_gpkg(again, pack)
    assert sorted(file.name for file in taken.files) == [
        "control.csv", "places.csv", "routes.geojson"
    ]  # fmt: skip
    assert check_pack(pack) == [] and differences(pack, path).empty
