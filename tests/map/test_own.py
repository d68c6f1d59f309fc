"""Own events beside the record's: each set with its name, its colours and its cards."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from atlas.base.errors import InputError
from atlas.layers import layer_set
from atlas.layers.own import OWN, named_sets, own_sets
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


def test_sets_by_name_also_where_one_has_none() -> None:
    rows = [{"date": "2020-01-01"}]
    assert named_sets(None) == {} and named_sets(rows) == {OWN: rows}
    assert named_sets({"Mine": rows}) == {"Mine": rows}


def test_a_set_without_the_column_tells_the_others_and_no_column_of_the_record(demo: Pack) -> None:
    own = {"One": events(note=["a", None, "c"]), "Two": events(n=1)}
    specs = layer_set(demo, events=own, record_events=False, popup=["note"])
    more, names = specs.events.text["more"], specs.events.text["set"]
    told = [
        (names.values[of], more.values[code])
        for of, code in zip(names.codes, more.codes, strict=True)
        if more.values[code]
    ]
    assert told == [("One", '[["note", "a"]]'), ("One", '[["note", "c"]]')]
    assert set(specs.events.text) == {"set", "more"}


def test_classes_of_equal_count_and_one_for_one_number(demo: Pack) -> None:
    def shades(values: list[object]) -> tuple[list[str], list[tuple[str, str]]]:
        own = {"x": events(n=values)}
        specs = layer_set(demo, events=own, record_events=False, colour="n")
        text = specs.events.text["shade"]
        return [text.values[code] for code in text.codes], list(specs.sets[0].shades)

    each, classes = shades([5, 5, None])
    assert classes == [("5 - 5", "#c6dbef")] and sorted(each) == ["", "5 - 5", "5 - 5"]
    each, classes = shades([0, 10, 2.5])
    assert [name for name, _ in classes] == ["0 - 1", "1 - 2", "2 - 4", "4 - 7", "7 - 10"]
    assert each == ["7 - 10", "0 - 1", "2 - 4"]  # in order of days; the highest is of the last
    assert classes[0][1] == "#c6dbef" and classes[-1][1] == "#08264f"
    each, classes = shades(["b", "", "b"])
    assert classes == [("b", "#0072b2")] and sorted(each) == ["", "b", "b"]


def test_an_empty_record_and_no_set_are_no_events(demo: Pack) -> None:
    record = layer_set(demo, layers=["control"]).events
    columns, sets = own_sets(record, {})
    assert len(columns) == 0 and sets == ()


def test_cards_are_written_in_letters_and_two_values_are_one_class(demo: Pack) -> None:
    rows = {
        "start_day": 11_500, "end_day": 11_501, "lon": 10.2, "lat": 50.2, "n": [0, 0, 0, 0, 0, 9],
        "note": "дом",
    }  # fmt: skip
    own = {"x": pd.DataFrame(rows)}
    specs = layer_set(demo, events=own, record_events=False, popup=["note"], colour="n")
    assert specs.sets[0].shades == (("0 - 9", "#c6dbef"),)
    assert '[["note", "дом"]]' in specs.events.text["more"].values
