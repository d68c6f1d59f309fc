"""The seed records: every id they name is in the record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import atlas
from atlas.base.timespan import parse_day

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.md"))
LINE = re.compile(r"^\s+- (\w+): (.*)$", re.MULTILINE)


def test_there_are_seeds() -> None:
    assert SEEDS


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_id_of_a_seed_is_in_the_record(path: Path) -> None:
    a = atlas.open()
    known = {
        "places": set(a.places["id"]),
        "events": set(a.events["id"]),
        "routes": set(a.routes["id"]),
        "episodes": set(a.episodes["id"]),
        "sources": set(a.sources["id"]),
        "mandates": set(a.mandates["mission"]) | set(a.pack.zones["id"]),
    }
    text = path.read_text(encoding="utf-8")
    lines = LINE.findall(text)
    assert {kind for kind, _ in lines} <= set(known)
    named = [(kind, key) for kind, cell in lines for key in re.findall(r"`([^`]+)`", cell)]
    assert len(named) > 20
    assert [item for item in named if item[1] not in known[item[0]]] == []


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_seed_says_what_document_it_is(path: Path) -> None:
    head = dict(
        line.split(": ", 1) for line in path.read_text(encoding="utf-8").split("---")[1].split("\n")
        if ": " in line
    )  # fmt: skip
    assert set(head) >= {"title", "publisher", "published", "retrieved", "sha256", "lang"}
    assert parse_day(head["published"]) <= parse_day(head["retrieved"])
    assert re.fullmatch(r"[0-9a-f]{64}", head["sha256"])
    assert head["source_id"] in set(atlas.open().sources["id"])
