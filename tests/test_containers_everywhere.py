"""The same rows in every container through every method that takes events: the same answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.base.errors import InputError
from atlas.events.ours import BLOCKS
from atlas.facade import Atlas
from atlas.record.pack import read_pack
from tests.answers.test_passage import EPISODES, PLACES, ROUTES
from tests.events.makers import CONTAINERS, make
from tests.packs import ENVELOPE, spell, write_pack

ROWS = pd.DataFrame(
    {
        "event_date": ["2010-06-02", "2010-05-20", "2010-06", "2011-01-01"],
        "lon": [10.7, 10.2, 10.25, 10.75],
        "lat": [50.1, 50.1, 50.12, 50.11],
        "place": ["Quilmastad", "", "Quilmastad", "nowhere at all"],
        "fatalities": [1, 2, 3, 4],
        "type": ["Battles", "shelling", "Protests", "a word of their own"],
        "actor1": ["A", "B", "A", "B"],
        "notes": ["Ա", "б", "ə; \"c\", 'd'", "=1+1"],
    }
)
# Rows that only a name places, and one that nothing places.
NAMED = pd.DataFrame(
    {
        "event_date": ["2010-06-02", "2010-05-20", "2010-06-03"],
        "place": ["Quilmastad", "Brzenfold", "nowhere at all"],
        "fatalities": [1, 2, 3],
    }
)
NAMES = [
    ENVELOPE | {"id": f"n-{key}", "place_id": key, "name": name, "lang": "en", "script": "Latn",
                "status": "common"}
    for key, name in (("town", "Quilmastad"), ("home", "Brzenfold"))
]  # fmt: skip
#: Containers that need a position to be made at all.
PLACED = {"geoparquet", "geojson", "gpkg", "gpkg, utm", "layer", "layer, mercator"}
#: Containers that are drawn too: one of text, of sheets, of layers, and what is open already.
DRAWN = {"csv", "xlsx", "gpkg, utm", "parquet", "json", "layer", "open file"}
JOINED = (
    "event_date",
    "start",
    "end",
    "lon",
    "lat",
    "event_type",
    "actor1",
    "best",
    *BLOCKS["join"],
)


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
        tables={"places": PLACES, "episodes": EPISODES, "names": NAMES},
        shapes={"routes": ROUTES},
        background=("a00",),
    )
    return Atlas(read_pack(directory))


def cells(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Columns as texts and rounded numbers, rows counted from 0: what may be compared."""
    out = {}
    for name in names:
        held = frame[f"atlas_{name}" if f"atlas_{name}" in frame else name].reset_index(drop=True)
        if pd.api.types.is_float_dtype(held.dtype):
            out[name] = held.astype(float).round(5).map("{:.5f}".format)
        else:
            out[name] = held.astype(object).where(held.notna(), "").astype(str)
    return pd.DataFrame(out)


def asked_join(a: Atlas, x: Any) -> Any:
    return cells(a.join(x).events, JOINED)


def asked_match(a: Atlas, x: Any) -> Any:
    links = a.match(x, ROWS.assign(type=ROWS["type"].str.lower())).links
    return cells(links, ("distance_m", "days_apart", "types", "deaths", "score", "best_for_a"))


def asked_locate(a: Atlas, x: Any) -> Any:
    return cells(a.locate(x).events.frame, ("event_date", "lon", "lat", "place_name"))


def asked_panel(a: Atlas, x: Any) -> Any:
    panel = a.panel(unit="area", freq="year", start="2009-01-01", end="2012-01-01", events=x)
    return panel.to_csv(index=False, float_format="%.6f")


def asked_map(a: Atlas, x: Any) -> Any:
    """Of the page only what was drawn: the text of a row in UTM differs in its last digits."""
    drawn = a.map(events={"Mine": x}, popup=["notes"])
    page = drawn.get_root().render()
    return len(page) // 2000, drawn.events_shown


def asked_figure(a: Atlas, x: Any) -> Any:
    import io

    out = io.BytesIO()
    a.figure(events={"Mine": x}, date="2010-06-10").savefig(out, format="png", dpi=40)
    return out.getvalue()


METHODS: dict[str, Callable[[Atlas, Any], Any]] = {
    "join": asked_join, "match": asked_match, "locate": asked_locate,
    "panel": asked_panel, "map": asked_map, "figure": asked_figure,
}  # fmt: skip


@pytest.mark.parametrize("kind", list(CONTAINERS))
def test_every_container_gives_every_method_the_same_answer(
    a: Atlas, kind: str, tmp_path: Path, expected: dict[str, Any]
) -> None:
    for name, ask in METHODS.items():
        if name in ("figure", "map") and kind not in DRAWN:
            continue  # drawing is slow, and the door is one
        answer = ask(a, make(kind, ROWS, tmp_path))
        if isinstance(answer, pd.DataFrame):
            pd.testing.assert_frame_equal(answer, expected[name], obj=f"{name} of {kind}")
        else:
            assert answer == expected[name], (name, kind)


@pytest.fixture(scope="module")
def expected(a: Atlas) -> dict[str, Any]:
    return {name: ask(a, ROWS) for name, ask in METHODS.items()}


def test_the_answer_compared_is_one(expected: dict[str, Any]) -> None:
    joined = expected["join"]
    assert joined["controller"].tolist() == ["A", "A", "A", "A"]
    assert joined["area_id"].tolist() == ["a10", "a00", "a00", "a10"]
    assert len(expected["match"]) >= 4 and expected["map"][1] == 4


@pytest.mark.parametrize("kind", [kind for kind in CONTAINERS if kind not in PLACED])
def test_names_only_in_every_container(a: Atlas, kind: str, tmp_path: Path) -> None:
    joined = a.join(make(kind, NAMED, tmp_path))
    plain = a.join(NAMED)
    names = (*JOINED, "locate_status", "locate_place_id")
    pd.testing.assert_frame_equal(cells(joined.events, names), cells(plain.events, names))
    assert joined.events["place_id"].tolist()[:2] == ["town", "home"]
    assert len(joined.doubtful) == 1


@pytest.mark.parametrize("kind", list(CONTAINERS))
@pytest.mark.parametrize("name", ["join", "match"])
def test_a_table_without_dates_or_places_is_refused_everywhere(
    a: Atlas, kind: str, name: str, tmp_path: Path
) -> None:
    """One sentence, with the remedy; of layers the place is known, and only the day is not."""
    nameless = ROWS[["lon", "lat", "notes"]].rename(columns={"notes": "colour"})
    if kind not in PLACED:
        nameless = nameless.rename(columns={"lon": "shade", "lat": "tint"})
    given_ = make(kind, nameless, tmp_path)
    try:
        METHODS[name](a, given_)
    except InputError as error:
        said = str(error)
        assert "\n" not in said and len(said) < 500 and ";" in said, said
    else:
        assert kind in PLACED, "rows without day and place were taken"


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            st.dates(pd.Timestamp("2009-01-01").date(), pd.Timestamp("2012-01-01").date()),
            st.floats(9.8, 11.2).map(lambda x: round(x, 4)),
            st.floats(49.9, 51.2).map(lambda x: round(x, 4)),
            st.one_of(st.none(), st.integers(0, 10**6)),
            st.sampled_from(["battle", "Protests", "their own", ""]),
        ),
        min_size=1,
        max_size=8,
    ),
    kind=st.sampled_from(list(CONTAINERS)),
)
def test_any_rows_join_alike_in_any_container(
    a: Atlas, rows: list[tuple[object, ...]], kind: str, tmp_path: Path
) -> None:
    frame = pd.DataFrame(rows, columns=["event_date", "lon", "lat", "best", "type"])
    frame["event_date"] = frame["event_date"].map(str)
    held, plain = a.join(make(kind, frame, tmp_path)), a.join(frame)
    assert len(held.events) == len(plain.events) == len(frame)
    exact = tuple(name for name in JOINED if name not in ("route_distance_m", "place_distance_m"))
    if "utm" in kind or "mercator" in kind:  # a position may change sides of a line by a hair
        exact = ("event_date", "start", "end", "event_type", "best")
    pd.testing.assert_frame_equal(cells(held.events, exact), cells(plain.events, exact))
    near = ["lon", "lat", "route_distance_m", "place_distance_m"]
    assert np.allclose(
        held.events[near].to_numpy(float), plain.events[near].to_numpy(float), atol=0.5,
        equal_nan=True,
    )  # fmt: skip
