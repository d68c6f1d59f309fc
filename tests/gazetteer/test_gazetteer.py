"""What a written name means, with its doubts."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.errors import InputError, NotFoundError
from atlas.gazetteer import Gazetteer
from atlas.gazetteer.column import RESULT_COLUMNS, geocode_table
from atlas.gazetteer.judgements import read_judgements, write_judgements
from atlas.gazetteer.linked_places import read_linked_places, write_linked_places
from atlas.world.keys import FuzzyIndex, KeyTable
from tests.gazetteer.samples import frames, judgement


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(*frames(), world=False)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Nagorno-Karabakh", "nagorno_karabakh"),
        ("Ναγκόρνο Καραμπάχ", "nagorno_karabakh"),
        ("[Ναγκόρνο] Karabakh", "nagorno_karabakh"),
        ("Ստեփանակերտ", "stepanakert"),
        ("Xankəndi", "stepanakert"),
        ("XANKƏNDİ", "stepanakert"),
        ("Шуша", "shusha"),
        ("Karvachar", "kelbajar"),
        ("Baku", "baku"),
        ("Baku's", "baku"),
        # case endings
        ("Нагорном Карабахе", "nagorno_karabakh"),
        ("Нагорного Карабаха", "nagorno_karabakh"),
        ("в Шуше".split()[1], "shusha"),
        ("Москве", "moscow"),
        ("Ստեփանակերտում", "stepanakert"),
        ("Երևանից", "yerevan"),
        ("Շուշիում", "shusha"),
        ("Xankəndidə", "stepanakert"),
        ("Bakıdan", "baku"),
        ("Βρυξελλών", "brussels"),
        # letters of two alphabets that look the same
        ("Ноrаdiz", "horadiz"),
    ],
)
def test_a_name_resolves_in_any_language_case_and_state(
    gazetteer: Gazetteer, name: str, place: str
) -> None:
    answer = gazetteer.resolve(name)
    assert (answer.status, answer.place and answer.place.id) == ("resolved", place), answer.why


@pytest.mark.parametrize(
    ("name", "place"),
    [
        # slips of typing and scanning, other romanisations
        ("Stepanakret", "stepanakert"),
        ("Stepankert", "stepanakert"),
        ("5tepanakert", "stepanakert"),
        ("Kalbadzhar", "kelbajar"),
        ("Karwachar", "kelbajar"),
    ],
)
def test_a_name_not_written_as_any_on_record_is_likely_only(
    gazetteer: Gazetteer, name: str, place: str
) -> None:
    answer = gazetteer.resolve(name)
    assert (answer.status, answer.place and answer.place.id) == ("likely", place), answer.why


def test_a_name_of_two_towns_is_ambiguous_and_lists_both(gazetteer: Gazetteer) -> None:
    answer = gazetteer.resolve("Martuni")
    assert answer.status == "ambiguous"
    assert answer.place is None
    assert {item.place.id for item in answer.candidates} == {"martuni_nk", "martuni_am"}
    assert "AM" in answer.why and "AZ" in answer.why


@pytest.mark.parametrize(
    ("context", "place"),
    [
        ("a town of Armenia, near Sevan", "martuni_am"),
        ("fighting around Stepanakert and Shusha", "martuni_nk"),
    ],
)
def test_context_settles_a_namesake(gazetteer: Gazetteer, context: str, place: str) -> None:
    answer = gazetteer.resolve("Martuni", context=context)
    assert answer.place is not None and answer.place.id == place


def test_near_country_and_kind_settle_too(gazetteer: Gazetteer) -> None:
    for options in ({"near": ["sevan"]}, {"near": [(44.95, 40.55)]}, {"country": "AM"}):
        answer = gazetteer.resolve("Martuni", **options)
        assert answer.place is not None and answer.place.id == "martuni_am", options
    answer = gazetteer.resolve("Shusha", kind="district")
    assert answer.candidates[0].reasons


def test_a_kind_word_in_the_name_says_what_is_meant(gazetteer: Gazetteer) -> None:
    town = gazetteer.resolve("Shusha city").place
    district = gazetteer.resolve("Shusha District").place
    assert town is not None and town.id == "shusha"
    assert district is not None and district.id == "d_shusha"


def test_the_town_its_district_is_called_after_comes_first(gazetteer: Gazetteer) -> None:
    answer = gazetteer.resolve("Aghdam")
    assert answer.place is not None and answer.place.id == "agdam"
    assert "district bears the name" in answer.why


def test_an_unknown_name_is_unresolved_and_says_so(gazetteer: Gazetteer) -> None:
    for name in ("Atlantis", "", "?!"):
        answer = gazetteer.resolve(name)
        assert (answer.status, answer.place, answer.candidates) == ("unresolved", None, ())
        assert "nothing known" in answer.why


@pytest.mark.parametrize(
    ("day", "period"),
    [("1992-01-01", "before its time"), ("2000-01-01", "in use"), ("2022-01-01", "after its time")],
)
def test_a_name_out_of_its_time_still_resolves_and_says_so(
    gazetteer: Gazetteer, day: str, period: str
) -> None:
    answer = gazetteer.resolve("Karvachar", as_of=day)
    assert answer.place is not None and answer.place.id == "kelbajar"
    assert answer.candidates[0].period == period
    assert "1993-2020" in answer.why and "NK" in answer.why


def test_the_reason_names_language_script_and_side(gazetteer: Gazetteer) -> None:
    why = gazetteer.resolve("Xankəndi").why
    assert "Azerbaijani" in why and "Latin script" in why and "used by AZ" in why


def test_names_together_settle_each_other(gazetteer: Gazetteer) -> None:
    south = gazetteer.resolve_together(["Martuni", "Stepanakert", "Shusha"])
    north = gazetteer.resolve_together(["Sevan", "Martuni"])
    assert south[0].place is not None and south[0].place.id == "martuni_nk"
    assert north[1].place is not None and north[1].place.id == "martuni_am"
    assert "same text" in north[1].why


def test_judgements_accept_reject_and_leave_open() -> None:
    places, names = frames()
    accepted = Gazetteer(
        places, names, judgements=judgement("Martuni", "martuni_am", "same"), world=False
    ).resolve("MARTUNI")
    assert accepted.place is not None and accepted.place.id == "martuni_am"
    assert accepted.judged and "an editor" in accepted.why and "2026-01-02" in accepted.why
    rejected = Gazetteer(
        places, names, judgements=judgement("Martuni", "martuni_am", "different"), world=False
    ).resolve("Martuni")
    assert rejected.place is not None and rejected.place.id == "martuni_nk"
    assert "not martuni_am" in rejected.why
    unsure = Gazetteer(
        places, names, judgements=judgement("Baku", "baku", "unsure"), world=False
    ).resolve("Baku")
    assert unsure.status == "ambiguous" and unsure.place is None


def test_a_judgement_for_one_context_leaves_others_alone() -> None:
    places, names = frames()
    decided = Gazetteer(
        places,
        names,
        judgements=judgement("Martuni", "martuni_am", "same", context="EUMA base"),
        world=False,
    )
    assert decided.resolve("Martuni").status == "ambiguous"
    assert decided.resolve("Martuni", context="at the EUMA base there").status == "resolved"


def test_superseded_judgements_no_longer_count(tmp_path: Path) -> None:
    places, names = frames()
    table = pd.concat(
        [
            judgement("Martuni", "martuni_am", "same"),
            judgement("Martuni", "martuni_nk", "same", id="j0002", supersedes="j0001"),
        ]
    )
    answer = Gazetteer(places, names, judgements=table, world=False).resolve("Martuni")
    assert answer.place is not None and answer.place.id == "martuni_nk"
    path = tmp_path / "judgements.csv"
    write_judgements(table, path)
    assert read_judgements(path).to_dict("records") == table.to_dict("records")
    assert len(read_judgements(tmp_path / "none.csv")) == 0


def test_a_bad_judgement_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"line 2 \[verdict\].*'maybe'"):
        Gazetteer(*frames(), judgements=judgement("a", "baku", "maybe"), world=False)


def test_a_table_keeps_every_row_and_lists_what_is_left(gazetteer: Gazetteer) -> None:
    table = pd.DataFrame({"place": ["Baku", "Martuni", None, "Atlantis", "Martuni"], "n": range(5)})
    results, left = geocode_table(table, "place", gazetteer)
    assert len(results) == 5 and list(results["n"]) == list(range(5))
    assert set(RESULT_COLUMNS) <= set(results.columns)
    assert list(results["status"]) == [
        "resolved",
        "ambiguous",
        "unresolved",
        "unresolved",
        "ambiguous",
    ]
    assert results["lon"].notna().tolist() == [True, False, False, False, False]
    assert list(left["row"]) == [2, 3, 4, 5]
    assert "martuni_nk" in left["candidates"][0]


def test_a_table_with_an_id_of_its_own_keeps_it(gazetteer: Gazetteer) -> None:
    results, _ = geocode_table(pd.DataFrame({"id": [7], "place": ["Baku"]}), "place", gazetteer)
    assert list(results["id"]) == [7]
    assert list(results["place_id"]) == ["baku"]


def test_a_table_uses_its_own_context_columns(gazetteer: Gazetteer) -> None:
    table = pd.DataFrame({"place": ["Martuni", "Martuni"], "state": ["Armenia", "Azerbaijan"]})
    results, left = geocode_table(table, "place", gazetteer, context_columns=["state"])
    assert list(results["id"]) == ["martuni_am", "martuni_nk"]
    assert left.empty


def test_a_missing_column_is_named(gazetteer: Gazetteer) -> None:
    with pytest.raises(InputError, match="no column 'town'"):
        geocode_table(pd.DataFrame({"place": ["Baku"]}), "town", gazetteer)


def test_linked_places_round_trip(tmp_path: Path) -> None:
    places, names = frames()
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    write_linked_places(places, names, first)
    read_places, read_names = read_linked_places(first)
    write_linked_places(read_places, read_names, second)
    assert first.read_bytes() == second.read_bytes()
    assert set(read_places["id"]) == set(places["id"])
    assert set(read_names["name"]) == set(names["name"])
    feature = json.loads(first.read_text())["features"][0]
    assert feature["type"] == "Feature" and feature["names"][0]["toponym"]
    again = Gazetteer(read_places, read_names, world=False)
    assert again.resolve("Karvachar", as_of="2022-01-01").candidates[0].period == "after its time"


def test_broken_linked_places_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for text in ("{", "[]", '{"type": "FeatureCollection", "features": [{"a": 1}]}'):
        path.write_text(text)
        with pytest.raises(InputError, match=r"x\.json"):
            read_linked_places(path)


def test_unknown_ids_and_columns_are_refused(gazetteer: Gazetteer) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        gazetteer.place("nowhere")
    with pytest.raises(NotFoundError):
        gazetteer.resolve("Martuni", near=["nowhere"])
    places, names = frames()
    with pytest.raises(InputError, match="lacks the column"):
        Gazetteer(places.drop(columns="lon"), names, world=False)
    with pytest.raises(InputError, match="unknown here"):
        Gazetteer(places.iloc[:1], names, world=False)


def test_an_answer_becomes_plain_json(gazetteer: Gazetteer) -> None:
    text = json.dumps(gazetteer.resolve("Martuni").to_dict(), allow_nan=False)
    assert json.loads(text)["status"] == "ambiguous"


WORDS = st.text(alphabet="abcdefgh", min_size=4, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=20, unique=True), st.data())
@settings(max_examples=60)
def test_every_single_slip_is_found(words: list[str], data: st.DataObject) -> None:
    index = FuzzyIndex.build(words)
    word = data.draw(st.sampled_from(words))
    at = data.draw(st.integers(0, len(word) - 1))
    slips = {
        word[:at] + word[at + 1 :],
        word[:at] + "z" + word[at:],
        word[:at] + "z" + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }
    for slip in slips:
        nearest = index.search(slip, limit=2)
        assert nearest and nearest[0][1] <= 1


@given(st.dictionaries(st.text(max_size=8), st.lists(st.integers(0, 99), min_size=1), max_size=30))
def test_a_key_table_is_a_dictionary(postings: dict[str, list[int]]) -> None:
    table = KeyTable.build(postings)
    for key, rows in postings.items():
        assert table.get(key) == sorted(rows)
    assert table.get("absent from it") == []


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_any_text_has_an_answer(text: str) -> None:
    answer = _SHARED.resolve(text)
    assert (answer.place is not None) == (answer.status in ("resolved", "likely"))
    assert 0.0 <= answer.score <= 1.0


_SHARED = Gazetteer(*frames(), world=False)


def test_a_name_out_of_its_time_weighs_less() -> None:
    places, names = frames()
    # Another place of the name, at all times: beside it the share of the first can be seen.
    other = places[places["id"] == "kelbajar"].assign(id="other")
    named = names[names["name"] == "Karvachar"].assign(place_id="other", valid_from="", valid_to="")
    both = Gazetteer(pd.concat([places, other]), pd.concat([names, named]), world=False)
    weights = []
    for day in ("1992-01-01", "2000-01-01", "2022-01-01"):
        found = both.resolve("Karvachar", as_of=day).candidates
        weights += [one.score for one in found if one.place.id == "kelbajar"]
    assert len(weights) == 3 and weights[1] > max(weights[0], weights[2])
