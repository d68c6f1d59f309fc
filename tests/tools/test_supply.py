"""What the package is made of: all of it named, and none that binds an MIT user unawares."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest

from tests.tools.sbom import BINDING, PROJECT, bill, licence_of, needed

RUNTIME = ("dask", "online")
#: What only builds the index of the world's names, is said in NOTICE, and is in no wheel of ours.
BUILDS = {"unidecode"}


def test_every_package_of_the_runtime_states_a_licence_that_does_not_bind() -> None:
    found = {name: licence_of(one) for name, (one, _) in needed(RUNTIME).items()}
    assert len(found) > 30 and {"geopandas", "folium", "dask", "numpy"} <= set(found)
    assert not [name for name, licence in found.items() if not licence]
    assert not {name: licence for name, licence in found.items() if BINDING.search(licence)}


def test_what_builds_the_index_binds_by_what_the_notice_says_alone() -> None:
    found = {name: licence_of(one) for name, (one, _) in needed(("index",)).items()}
    assert {name for name, licence in found.items() if BINDING.search(licence)} <= BUILDS
    notice = (PROJECT.parent / "NOTICE").read_text(encoding="utf-8").casefold()
    assert all(name in notice for name in BUILDS)


@pytest.mark.parametrize(
    ("licence", "binds"),
    [("GPL-3.0-only", True), ("AGPL-3.0", True), ("GNU General Public License v3 (GPLv3)", True),
     ("LGPL-2.1", False), ("MIT", False), ("CC-BY-NC-4.0", True), ("BSD-3-Clause AND 0BSD", False)],
)  # fmt: skip
def test_a_licence_that_binds_is_told(licence: str, binds: bool) -> None:
    assert bool(BINDING.search(licence)) is binds


def test_the_bill_is_whole_and_the_same_each_time() -> None:
    made = bill(RUNTIME)
    assert json.dumps(made, sort_keys=True) == json.dumps(bill(RUNTIME), sort_keys=True)
    refs = {one["bom-ref"] for one in made["components"]}
    assert {one["ref"] for one in made["dependencies"]} == refs
    assert all(set(one["dependsOn"]) <= refs for one in made["dependencies"])
    assert {one["name"] for one in made["components"]} == set(needed(RUNTIME))


def test_no_test_reaches_a_network() -> None:
    with pytest.raises(OSError, match="network"), socket.create_connection(("192.0.2.1", 80), 1):
        pass


def test_no_python_that_a_test_starts_reaches_a_network() -> None:
    asked = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    assert done.returncode and "tests reach no network" in done.stderr
