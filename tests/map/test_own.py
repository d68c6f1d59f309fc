"""Own events beside the record's: each set with its name, its colours and its cards."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from atlas.base.errors import InputError
from atlas.layers import layer_set
from atlas.map import build_map
from atlas.record.pack import Pack


def events(**columns: object) -> pd.DataFrame:
    frame = {
        "start_day": [11_500, 11_400, 11_600], "end_day": [11_501, 11_401, 11_601],
        "lon": [10.2, 10.3, 10.4], "lat": [50.2, 50.3, 50.4],
    }  # fmt: skip
    return pd.DataFrame(frame | columns)


def test_sets_stand_beside_the_record_in_order_of_days(demo: Pack) -> None:
    record = len(layer_set(demo).events)
    specs = layer_set(demo, events={"One": events(), "Two": events(event_type="ambush")})
    assert [(one.name, one.rows) for one in specs.sets] == [("", record), ("One", 3), ("Two", 3)]
    assert (np.diff(specs.events.start) >= 0).all()
    names = specs.events.text["set"]
    assert {names.values[code] for code in names.codes} == {"", "One", "Two"}
    types = specs.events.text["type"]
    own = [types.values[t] for t, s in zip(types.codes, names.codes, strict=True)
           if names.values[s] == "Two"]  # fmt: skip
    assert own == ["ambush"] * 3


def test_own_events_never_shorten_the_clock(demo: Pack) -> None:
    plain = build_map(demo)
    made = build_map(demo, events=events())
    assert (made.first_day, made.last_day) <= (plain.first_day, made.last_day)
    assert made.last_day >= plain.last_day and made.events_shown == 3


def test_the_record_can_be_left_out(demo: Pack) -> None:
    specs = layer_set(demo, events={"One": events()}, record_events=False)
    assert [one.name for one in specs.sets] == ["One"] and len(specs.events) == 3


def test_cards_tell_the_columns_asked_for(demo: Pack) -> None:
    own = events(note=["a", None, "c"], n=[1.0, 2.5, None])
    specs = layer_set(demo, events={"One": own}, record_events=False, popup=["note", "n"])
    more = specs.events.text["more"]
    told = [json.loads(more.values[code]) for code in more.codes]
    assert told == [[["n", "2.5"]], [["note", "a"], ["n", "1"]], [["note", "c"]]]


def test_colour_by_value_by_number_and_by_name(demo: Pack) -> None:
    own = events(kind=["b", "a", "b"], n=[1, 2, 300])
    (by_value,) = layer_set(demo, events={"x": own}, record_events=False, colour="kind").sets
    assert [name for name, _ in by_value.shades] == ["b", "a"]
    specs = layer_set(demo, events={"x": own}, record_events=False, colour="n")
    assert len(specs.sets[0].shades) == 5
    shade = specs.events.text["shade"]
    assert shade.values[shade.codes[-1]] == specs.sets[0].shades[-1][0]
    (plain,) = layer_set(demo, events={"x": own}, record_events=False, colour="#aa0000").sets
    assert plain.colour == "#aa0000" and plain.shades == ()


def test_one_number_or_none_is_no_fault(demo: Pack) -> None:
    for values in ([5, 5, 5], [None, None, None], [True, False, True]):
        layer_set(demo, events={"x": events(n=values)}, colour="n")


@pytest.mark.parametrize("options", [{"popup": ["nothing"]}, {"colour": "nothing"}])
def test_a_column_no_set_has_is_named(demo: Pack, options: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"'nothing'; there are: .*lon"):
        layer_set(demo, events={"x": events()}, **options)  # type: ignore[arg-type]


def test_a_set_needs_a_name(demo: Pack) -> None:
    with pytest.raises(InputError, match="needs a name"):
        layer_set(demo, events={" ": events()})
