"""Every kind of date in every method that takes one: the same answer, or one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest

import atlas
from atlas.base.errors import InputError
from atlas.facade import Atlas
from atlas.record.pack import read_pack
from tests.answers.test_passage import EPISODES, PLACES, ROUTES
from tests.packs import ENVELOPE, spell, write_pack

DAY = "2010-06-01"
EAST = timezone(timedelta(hours=11))
KINDS: dict[str, Any] = {
    "str": DAY,
    "written": "1 June 2010",
    "date": date(2010, 6, 1),
    "datetime": datetime(2010, 6, 1, 23, 30),
    "Timestamp": pd.Timestamp(DAY),
    # The day its own clock shows: it is still May in UTC.
    "aware": datetime(2010, 6, 1, 0, 30, tzinfo=EAST),
    "aware Timestamp": pd.Timestamp("2010-06-01 00:30", tz="Asia/Baku"),
    "datetime64": np.datetime64(DAY),
    "Period": pd.Period(DAY, freq="D"),
}
WRONG: dict[str, Any] = {
    "int": 14761,
    "None": None,
    "NaT": pd.NaT,
    "float": 2010.5,
    "open": "../2010-06-01",
    "word": "soon",
}
EVENTS = [
    {"lon": 10.2, "lat": 50.1, "date": "2010-05-20", "id": "before"},
    {"lon": 10.7, "lat": 50.1, "date": "2010-06-02", "id": "after"},
]
EVENT = ENVELOPE | {
    "id": "ev1", "event_date": "2010-05-31", "place_id": "town", "event_type": "battle",
    "title": "A battle", "summary": "A battle.", "date_prec": "1", "where_prec": "1",
}  # fmt: skip


@pytest.fixture(scope="module")
def a(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    control = [
        spell("c1", "a00", "A"),
        spell("c2", "a10", "B", "", "2010-06-01"),
        spell("c3", "a10", "A", "2010-06-01"),
    ]
    directory = write_pack(
        tmp_path_factory.mktemp("p"),
        control,
        tables={"places": PLACES, "episodes": EPISODES, "events": [EVENT]},
        shapes={"routes": ROUTES},
        background=("a00",),
    )
    return Atlas(read_pack(directory))


def shown(answer: Any) -> str:
    """An answer as text, to compare."""
    if isinstance(answer, Atlas):
        return str(answer.pack.known_on_day)
    if hasattr(answer, "to_csv"):
        return str(answer.to_csv())
    for name in ("control", "path", "cut_off", "links", "events", "frame"):
        if hasattr(answer, name):
            return shown(getattr(answer, name))
    return str(answer)


METHODS: dict[str, Callable[[Atlas, Any], Any]] = {
    "at": lambda a, day: a.at(day),
    "here": lambda a, day: a.here(day, place="town"),
    "changes first": lambda a, day: a.changes(day, "2012-01-01"),
    "changes last": lambda a, day: a.changes("2005-01-01", day),
    "net_changes": lambda a, day: a.net_changes("2005-01-01", day),
    "disagreements": lambda a, day: a.disagreements(day),
    "front": lambda a, day: a.front(day),
    "route": lambda a, day: a.route("home", "town", date=day),
    "cutoff": lambda a, day: a.cutoff(day),
    "figure compare": lambda a, day: a.figure(compare=("2005-01-01", day)) and "drawn",
}
# Here None means that nothing was said, and is no fault.
OPTIONAL: dict[str, Callable[[Atlas, Any], Any]] = {
    "open": lambda a, day: Atlas.open(a.pack.directory, known_on=day),
    "map date": lambda a, day: a.map(date=day).get_root().render().count("\n"),
    "map span": lambda a, day: a.map(start=day).get_root().render().count("\n"),
    "figure": lambda a, day: a.figure(date=day) and "drawn",
    "geocode": lambda a, day: a.geocode("town", as_of=day).status,
    "read": lambda a, day: len(a.read("Talks were held yesterday.", published=day).dates),
    "join start": lambda a, day: a.join(EVENTS, start=day),
    "join end": lambda a, day: a.join(EVENTS, end=day),
    "locate": lambda a, day: a.locate(EVENTS, start=day).events,
    "match": lambda a, day: a.match(EVENTS, EVENTS, end=day),
    "read_events": lambda a, day: atlas.read_events(EVENTS, start=day),
}


@pytest.mark.parametrize("name", [*METHODS, *OPTIONAL])
def test_every_kind_of_date_gives_the_same_answer(a: Atlas, name: str) -> None:
    ask = (METHODS | OPTIONAL)[name]
    expected = shown(ask(a, DAY))
    kinds = list(KINDS)
    if name.startswith(("map", "figure")):  # drawing is slow, and they read dates as the rest do
        kinds = ["date", "aware", "Period"]
    for kind in kinds:
        assert shown(ask(a, KINDS[kind])) == expected, kind


@pytest.mark.parametrize("name", [*METHODS, *OPTIONAL])
def test_what_is_no_date_is_refused_in_one_sentence(a: Atlas, name: str) -> None:
    ask = (METHODS | OPTIONAL)[name]
    for kind, value in WRONG.items():
        if name in OPTIONAL and kind in ("None", "open"):
            continue
        with pytest.raises(InputError) as caught:
            ask(a, value)
        said = str(caught.value)
        assert "\n" not in said and len(said) < 300, said
        assert "; " in said, f"{kind}: no remedy in {said!r}"


def test_a_column_may_hold_every_kind(a: Atlas) -> None:
    rows = [{"lon": 10.7, "lat": 50.1, "date": value} for value in KINDS.values()]
    joined = a.join(rows)
    assert joined.rejects.empty
    assert joined.events["event_date"].tolist() == [DAY] * len(KINDS)
    assert set(joined.events["controller"].astype(str)) == {"A"}
    wrong = [{"lon": 10.7, "lat": 50.1, "date": value} for value in ("soon", None, pd.NaT)]
    found = a.join([*rows, *wrong])
    assert found.rejects["line"].tolist() == [len(rows) + 1]
    assert found.events["join_status"].tolist()[-2:] == ["dateless", "dateless"]


def test_no_sentinel_leaves_by_any_door(a: Atlas) -> None:
    now = a.at(DAY)
    frames = {
        "control": now.control, "claims": now.claims, "mandates": now.mandates,
        "routes": now.routes, "events": now.events, "changed": now.changed, "names": now.names,
        "changes": a.changes("2005-01-01", DAY), "history": a.here(DAY, place="town").history,
        "passage": a.route("home", "town", date="2011-06-01").blocks,
        "cutoff": a.cutoff(DAY).unknown, "series": a.series("routes"),
        **{name: getattr(a, name) for name in (
            "places", "names", "events", "control", "areas", "mandates", "zones", "routes",
            "episodes", "sources", "actors", "displacement", "casualties",
        )},
    }  # fmt: skip
    for name, frame in frames.items():
        for column in frame.columns:
            cells = frame[column]
            assert not str(column).endswith("_day"), (name, column)
            if cells.dtype.kind in "iuf" and len(cells):
                assert not (cells.abs() >= 2**31 - 1).any(), (name, column)
    assert isinstance(a.series().index, pd.DatetimeIndex)
    assert now.control["since"].dtype.kind == "M" and now.routes["since"].dtype.kind == "M"
    assert frames["passage"]["last_passable"].astype(str).tolist() == ["2011-01-01"]
