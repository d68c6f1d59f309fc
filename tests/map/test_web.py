"""The page's own modules, outside a page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WEB = HERE.parents[1] / "atlas" / "map" / "web"


def test_modules_under_node() -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("node is not installed, and CI must not skip these tests")
        pytest.skip("node is not installed")
    files = sorted(str(path) for path in (HERE / "js").glob("*.test.mjs"))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]


def test_no_module_parses_markup_or_code() -> None:
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    # The module for guests takes these over, so that what their markup asks for stays admissible.
    for path in set(WEB.glob("*.js")) - {WEB / "guests.js"}:
        assert not banned.search(path.read_text(encoding="utf-8")), path.name


def test_no_module_asks_the_network_or_the_clock() -> None:
    banned = re.compile(
        r"\bfetch\(|XMLHttpRequest|new Date|Date\.now|localStorage|WebSocket|Intl\."
    )
    for path in WEB.glob("*.js"):
        assert not banned.search(path.read_text(encoding="utf-8")), path.name


def test_the_page_knows_no_conflict() -> None:
    """The engine is for any pack: no name of this one may stand in it."""
    layers = (WEB.parents[1] / "layers").glob("*.py")
    for path in [*WEB.glob("*.js"), *WEB.parent.glob("*.py"), *layers]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"Karabakh|Lachin|Azerbaijan\b(?!i)|Stepanakert|\bArtsakh", text), (
            path.name
        )
