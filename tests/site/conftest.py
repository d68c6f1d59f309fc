"""A small site, built once, whose texts try to break out of the page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from atlas.record.pack import Pack, read_pack
from atlas.site import build_site
from tests.map.demo import HOSTILE, write_demo

NOTES = """\
# Notes

## A heading <script>window.pwned=4</script>

Text with <img src=x onerror="window.pwned=5">, a [good link](https://example.org/a),
a [bad one](javascript:window.pwned=6), a [file](../build/script.py) and an
![image](https://example.org/x.png).

| a | b |
|:--|--:|
| 1 | 2 |
"""


def write_hostile(directory: Path) -> Path:
    """Write the demo pack with markup in titles, names, parties and addresses."""
    write_demo(directory)
    sources = json.loads((directory / "sources.json").read_text(encoding="utf-8"))
    sources[0]["title"] = f"Source {HOSTILE}"
    sources[1] |= {"URL": "https://example.org/b?x=1&y=2", "publisher": '"><b onclick=x()>P'}
    (directory / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
    toml = (directory / "pack.toml").read_text(encoding="utf-8")
    toml = toml.replace('"Aland"', '"Aland <i onload=window.pwned=8>"')
    (directory / "pack.toml").write_text(toml, encoding="utf-8")
    names = (directory / "names.csv").read_text(encoding="utf-8")
    names = names.replace("Gamma,en", "Gamma<svg onload=window.pwned=9>,en")
    (directory / "names.csv").write_text(names, encoding="utf-8")
    (directory / "README.md").write_text(NOTES, encoding="utf-8")
    return directory


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    found = read_pack(write_hostile(tmp_path_factory.mktemp("hostile") / "pack"))
    # Checking refuses such an address; a site must not rely on it.
    urls = found.sources["url"].where(found.sources["id"] != "s-n", "javascript:window.pwned=7")
    return replace(found, sources=found.sources.assign(url=urls))


@pytest.fixture(scope="session")
def site(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(pack, tmp_path_factory.mktemp("out") / "site")
