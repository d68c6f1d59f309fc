"""The facade on a small pack: the choice of a pack, what shows itself, what pickles."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path

import pandas as pd
import pytest

import atlas
from atlas.base.errors import InputError, NotFoundError
from atlas.facade import Atlas
from atlas.record import choose
from atlas.record.pack import read_pack
from tests.packs import spell, write_pack

INSIDE = [{"lon": 10.2, "lat": 50.2, "date": "2010-05-20"}]
ELSEWHERE = [{"lon": -74.1, "lat": 4.6, "date": "2010-05-20", "place": "Bogota"}]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two shipped packs: squares at 10 E 50 N, and the same record moved away."""
    root = tmp_path_factory.mktemp("shipped")
    one = write_pack(root / "one", [spell("c1", "a00", "A"), spell("c2", "a10", "B")])
    two = write_pack(root / "two", [spell("c1", "a00", "B"), spell("c2", "a10", "B")])
    for name in ("areas.geojson", "places.csv", "pack.toml"):
        text = (two / name).read_text(encoding="utf-8")
        for east in ("10.0", "10.5", "11.0", "10.25", "10.75", "9.0", "12"):
            for mark in ("[", ","):  # of a shape and of a column
                text = text.replace(f"{mark}{east},", f"{mark}{float(east) + 30},")
        text = text.replace("bbox = [9, 49, 12, 51]", "bbox = [39, 49, 42, 51]")
        (two / name).write_text(text, encoding="utf-8")
    return {"one": one, "two": two}


@pytest.fixture
def shipped(packs: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    monkeypatch.setattr(choose, "shipped_packs", lambda: packs)
    return packs


def test_the_pack_of_the_ground_is_chosen_and_said(
    shipped: dict[str, Path], caplog: pytest.LogCaptureFixture
) -> None:
    a = atlas.open()
    with caplog.at_level(logging.INFO, logger="atlas"):
        joined = a.join(INSIDE)
    assert joined.pack == "test" and joined.events["controller"].tolist() == ["A"]
    assert any(note.startswith("pack: one") for note in joined.notes)
    assert "pack: one" in caplog.text


def test_where_no_pack_lies_there_is_none(shipped: dict[str, Path]) -> None:
    joined = atlas.open().join(ELSEWHERE)
    assert joined.pack == "" and joined.events["join_status"].tolist() == ["outside"]
    assert any(note.startswith("pack: none") for note in joined.notes)
    assert Atlas.for_events(ELSEWHERE).pack.id == ""
    assert Atlas.for_events(INSIDE).pack.directory == shipped["one"]
    assert atlas.open("one").join(ELSEWHERE).pack == "test"  # what is named is kept
    drawn = atlas.open().map(events=ELSEWHERE)
    assert drawn.events_shown == 1 and "Report s-a" not in drawn.get_root().render()


def test_no_pack_answers_with_nothing_and_refuses_nothing_it_can_do() -> None:
    a = atlas.open(None)
    assert a.at("2020-01-01").control.empty and a.changes("2019", "2020").empty
    assert a.series().empty and a.cutoff("2020").cut_off.empty and len(a.sources) == 0
    with pytest.raises(NotFoundError):
        a.here("2020", point=(1.0, 1.0))
    with pytest.raises(InputError, match="no pack is open"):
        a.check()
    with pytest.raises(InputError, match="name a pack"):
        atlas.open(None, known_on="2020-01-01")
    assert "world" in repr(a) and "world" in a._repr_html_()


def test_a_folder_a_name_and_what_is_neither(packs: dict[str, Path], shipped: object) -> None:
    assert atlas.open(str(packs["one"])).pack.id == atlas.open("two").pack.id == "test"
    assert atlas.open("").pack.directory == packs["one"]
    with pytest.raises(NotFoundError, match="one, two"):
        atlas.open("three")


def test_a_shipped_name_is_not_hidden_by_a_folder(
    shipped: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one").mkdir()
    assert atlas.open("one").pack.directory == shipped["one"]


def test_rows_are_found_by_id_and_keep_it(packs: dict[str, Path]) -> None:
    a = Atlas(read_pack(packs["one"]))
    assert a.sources.loc["s-a", "id"] == "s-a" and a.places.loc["p00", "kind"] == "settlement"
    assert a.areas.crs.to_epsg() == 4326
    a.places["kind"] = "changed"  # a copy: the record stays
    assert a.places.loc["p00", "kind"] == "settlement"


def test_tab_shows_what_a_user_wants() -> None:
    assert set(dir(atlas)) == {"Atlas", "AtlasError", "__version__", "open", "read_events"}
    a = atlas.open(None)
    assert not [name for name in dir(a) if name.startswith("_")]
    assert {"at", "join", "map", "match", "locate", "sources"} <= set(dir(a))
    with pytest.raises(AttributeError):
        atlas.nothing  # noqa: B018


def test_every_answer_pickles_and_shows_itself(packs: dict[str, Path]) -> None:
    a = Atlas(read_pack(packs["one"]))
    joined = a.join([*INSIDE, {"place": "<script>alert(1)</script>", "date": "2010"}])
    answers = {
        "atlas": a,
        "state": a.at("2010-01-01"),
        "here": a.here("2010-01-01", point=(10.2, 50.2)),
        "cutoff": a.cutoff("2010-01-01"),
        "joined": joined,
        "events": atlas.read_events(INSIDE),
        "matched": a.match(INSIDE, INSIDE),
        "located": a.locate(joined),
        "resolution": a.geocode("nowhere at all"),
        "reading": a.read("Nothing."),
    }
    for name, answer in answers.items():
        again = pickle.loads(pickle.dumps(answer))
        assert type(again) is type(answer), name
        shown = answer._repr_html_()
        assert shown.startswith("<") and len(shown) < 20_000 and "<script" not in shown, name
        assert again._repr_html_() == shown, name
    assert "A 1" in joined._repr_html_()
    pd.testing.assert_frame_equal(
        pickle.loads(pickle.dumps(joined)).events.drop(columns="geometry"),
        joined.events.drop(columns="geometry"),
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda a, wrong: a.here("2010-06-01", place=wrong),
        lambda a, wrong: a.route(wrong, "p10", date="2010-06-01"),
        lambda a, wrong: a.route("p00", wrong, date="2010-06-01"),
        lambda a, wrong: a.geocode(wrong),
        lambda a, wrong: a.place_id(wrong),
        lambda a, wrong: a.read(wrong),
        lambda a, wrong: a.presence(wrong),
        lambda a, wrong: a.at("2010-06-01", according_to=wrong),
        lambda a, wrong: a.front("2010-06-01", according_to=wrong),
        lambda a, wrong: a.cutoff("2010-06-01", towards=wrong),
    ],
)
@pytest.mark.parametrize("wrong", [3, ["A"], pd.DataFrame({"a": [1]}), b"A"])
def test_a_name_that_is_no_text_is_refused_in_one_sentence(
    packs: dict[str, Path], ask: object, wrong: object
) -> None:
    with pytest.raises(InputError, match=r"is a string, not \w+; write it in quotes"):
        ask(Atlas(read_pack(packs["one"])), wrong)
