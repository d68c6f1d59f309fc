"""The feed and what a page says of itself, read as other programs read them."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from atlas.record.pack import read_pack
from atlas.site import build_site
from tests.site.conftest import write_hostile

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feed")
    return build_site(read_pack(write_hostile(folder / "pack")), folder / "site")


def test_the_feed_is_atom_with_the_latest_first(built: Path) -> None:
    root = ET.parse(built / "feed.xml").getroot()
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(ATOM + name)
    entries = root.findall(f"{ATOM}entry")
    assert entries
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert root.findtext(f"{ATOM}updated") == moments[0]
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    chronicle = (built / "chronicle.html").read_text(encoding="utf-8")
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        page, anchor = link.attrib["href"].split("#")
        assert page == "chronicle.html" and f'id="{anchor}"' in chronicle


def test_hostile_text_is_text_in_the_feed_and_in_the_description(built: Path) -> None:
    feed = (built / "feed.xml").read_text(encoding="utf-8")
    assert "<img" not in feed and "&lt;img" in feed
    for page in built.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        if page.name == "index.html":
            continue
        found = re.search(r'ld\+json">(.*?)</script>', text)
        assert found is not None, page.name
        told = json.loads(unescape(found[1]))
        assert told["@type"] == "Dataset" and told["name"]
        assert 'property="og:title"' in text


def test_links_to_the_map_name_what_they_speak_of(built: Path) -> None:
    text = unescape((built / "chronicle.html").read_text(encoding="utf-8"))
    for kind in ("event", "spell", "episode", "mandate"):
        assert re.search(rf"index\.html#[^\"]*&{kind}=\w", text), kind
