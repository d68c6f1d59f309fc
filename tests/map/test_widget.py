"""The widget without a browser: what it takes, what it refuses, and how little it sends."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("anywidget")

from atlas.base.errors import AtlasError
from atlas.facade import Atlas
from atlas.map.widget import Explorer, _Part
from tests.map.demo import write_demo


@pytest.fixture(scope="module")
def a(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return Atlas.open(write_demo(tmp_path_factory.mktemp("widget") / "pack"))


@pytest.fixture
def w(a: Atlas) -> Iterator[Explorer]:
    made = a.explore(date="2001-05-10")
    yield made
    made.close()


def test_every_kind_of_day_can_be_set_and_is_observed(w: Explorer) -> None:
    heard: list[Any] = []
    w.observe(lambda change: heard.append(change["new"]), names="date")
    for day in ("2001-06-01", datetime.date(2001, 6, 2), "3 June 2001"):
        w.date = day
    assert heard == ["2001-06-01", "2001-06-02", "2001-06-03"]
    assert w.at().date == "2001-06-03"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "1700-01-01"), ("date", "never"), ("side", "Z"), ("layers", ["moon"]),
        ("selection", "Atlantis"), ("selection", (200, 0)), ("selection", 7),
        ("selection", (None, 1)), ("view", {"lat": 1}), ("view", "x"),
        ("view", {"lat": 1, "lon": 1, "zoom": 99}), ("view", {"tilt": 1}),
        ("view", {"lat": 1, "lon": 1, "zoom": "x"}), ("view", {"lat": 1, "lon": 1, "zoom": None}),
        ("layers", None), ("date", None), ("layers", 7), ("layers", [{}]),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_changes(
    w: Explorer, name: str, value: Any
) -> None:
    before = getattr(w, name)
    with pytest.raises(AtlasError):
        setattr(w, name, value)
    assert getattr(w, name) == before


def test_a_place_is_selected_by_its_name_or_a_point(w: Explorer) -> None:
    w.selection = "p00"
    assert w.selection["place"] == "p00" and w.at().control["controller"].item() == "B"
    w.selection = (w.selection["lon"], w.selection["lat"])
    assert set(w.selection) == {"lon", "lat"}
    w.side = "A"
    assert w.at().control["controller"].item() == "A"
    w.selection = None
    assert len(w.at().control) > 1


def test_ten_maps_send_one_page(a: Atlas) -> None:
    def sent() -> tuple[int, int]:
        from ipywidgets.widgets import widget

        parts = [one for one in widget._instances.values() if isinstance(one, _Part)]
        return len(parts), sum(len(one.data) for one in parts)

    made = [a.explore(date="2001-05-10")]
    once = sent()
    made += [a.explore(date="2001-06-01", side="A") for _ in range(9)]
    assert sent() == once
    own = [len(repr(one.get_state())) for one in made]
    assert max(own) < 12_000
    for one in made:
        one.close()


def test_a_notebook_that_is_not_trusted_has_a_still(w: Explorer) -> None:
    bundle = w._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["image/png"][:4] == b"\x89PNG" and len(data["image/png"]) < 80_000
    assert "application/vnd.jupyter.widget-view+json" in data


def test_tab_offers_what_a_map_has(w: Explorer) -> None:
    assert "at" in dir(w) and "comm" not in dir(w)


def test_the_extra_is_named(a: Atlas, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "atlas.map.widget", None)
    with pytest.raises(AtlasError, match=r"conflict-atlas\[notebook\]"):
        a.explore()
