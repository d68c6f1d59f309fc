"""Rows of displacement as specs: where their circle stands, where their ways lead."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from atlas.base.timespan import OPEN_END, parse_day
from atlas.layers import LAYERS, OFF_AT_FIRST, Displacement, layer_set
from atlas.layers.people import displacement_of
from atlas.record.pack import Pack, read_pack
from tests.map.demo import write_demo

P00, P10, P01, P11 = (10.25, 50.25), (10.75, 50.25), (10.25, 50.75), (10.75, 50.75)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(write_demo(tmp_path_factory.mktemp("people") / "pack"))


def drawn(pack: Pack, **cells: str) -> Displacement:
    """The first row of the demo with other cells."""
    row = pack.displacement[pack.displacement["id"] == "f1"].assign(**cells)
    places = layer_set(pack, layers=["labels"]).places
    return displacement_of(row, places)[0]


def test_a_row_is_told_with_all_it_says(demo: Pack) -> None:
    one, two = layer_set(demo).displacement
    assert (one.id, one.people, one.measure, one.movement) == ("f1", "A", "flow", "departure")
    assert one.who == {"en": "People of the old town", "ru": "Горожане"}
    assert (one.start, one.end) == (parse_day("2001-05-10"), two.start + 12)
    assert one.written == ("2001-05-10", "2001-06")
    assert (one.low, one.best, one.high, one.main) == (900, 1200, 1500, 1200)
    assert (one.counted_by, one.counted_on) == ("Bureau of counts", "2001-07")
    assert (one.receipt.certainty, one.receipt.sources) == ("probable", ("s-n", "s-b"))
    assert two.end == OPEN_END and two.main == 300 and math.isnan(two.best)


@pytest.mark.parametrize(
    ("measure", "movement", "at", "ends", "outward"),
    [
        # On their way out: where they left. All others: where they are.
        ("flow", "departure", P00, (P10, P11), True),
        ("flow", "return", (10.75, 50.5), (P00,), False),
        ("stock", "departure", (10.75, 50.5), (P00,), False),
        ("stock", "return", (10.75, 50.5), (P00,), False),
    ],
)
def test_where_a_circle_stands(
    demo: Pack, measure: str, movement: str, at: object, ends: object, outward: bool
) -> None:
    one = drawn(demo, measure=measure, movement=movement)
    assert (one.at, one.ends, one.outward) == (at, ends, outward)


def test_where_one_end_is_not_known(demo: Pack) -> None:
    one = drawn(demo, to_place_ids="", measure="stock")
    assert (one.at, one.ends, one.outward) == (P00, (), True)
    one = drawn(demo, from_place_ids="nowhere")
    assert (one.at, one.ends, one.outward) == ((10.75, 50.5), (), False)
    assert one.origins == ("nowhere",)
    one = drawn(demo, from_place_ids="", to_place_ids="")
    assert (one.at, one.ends) == (None, ())


def test_the_figure_that_is_drawn(demo: Pack) -> None:
    def main(low: float, best: float, high: float) -> float:
        frame = demo.displacement[:1].assign(low=low, best=best, high=high)
        return displacement_of(frame, ())[0].main

    assert main(1, 2, 3) == 2
    assert main(1, math.nan, 3) == 1
    assert main(math.nan, math.nan, 3) == 3
    assert math.isnan(main(math.nan, math.nan, math.nan))


def test_it_is_a_layer_like_the_others(demo: Pack, tmp_path: Path) -> None:
    assert "displacement" in LAYERS and "displacement" in OFF_AT_FIRST
    assert layer_set(demo, layers=["displacement"]).displacement
    assert not layer_set(demo, layers=[x for x in LAYERS if x != "displacement"]).displacement
    assert displacement_of(None, ()) == ()
    bare = replace(demo, displacement=pd.DataFrame())
    assert layer_set(bare).displacement == ()
    # It is a layer of its own: no day of it is a day on which the record's control changes.
    assert layer_set(demo).changes == layer_set(bare).changes


def test_rows_stand_in_order_of_time(demo: Pack) -> None:
    turned = replace(demo, displacement=demo.displacement[::-1])
    assert [one.id for one in layer_set(turned).displacement] == ["f1", "f2"]
