"""What people write where a name is asked for, and what is never taken for a place by a guess."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.errors import InputError
from atlas.gazetteer import Gazetteer
from atlas.gazetteer.evidence import distance_km
from atlas.gazetteer.type_words import without_type
from atlas.gazetteer.weights import Weights
from atlas.gazetteer.written import take_apart
from atlas.joining.point import resolve_point
from tests.gazetteer.samples import frames


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    places, names = frames()
    codes = pd.DataFrame(
        [("nagorno_karabakh", "NKR", "en", "variant", "NK", "", ""),
         ("baku", "BKU", "en", "variant", "", "", "")],
        columns=names.columns,
    )  # fmt: skip
    return Gazetteer(places, pd.concat([names, codes]), world=False)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Martuni, Armenia", "martuni_am"),
        ("Martuni, Azerbaijan", "martuni_nk"),
        ("Armenia, Martuni", "martuni_am"),
        ("Martuni (Armenia)", "martuni_am"),
        ("Martuni; Armenia", "martuni_am"),
        ("Stepanakert, Stepanakert, Azerbaijan", "stepanakert"),
        ("Stepanakert / Khankendi", "stepanakert"),
        ("Shushi/Shusha", "shusha"),
        ("Martuni / Khojavend", "martuni_nk"),  # only one of the two has both names
        ("Stepanakert (Khankendi)", "stepanakert"),
        ("Khankendi aka Stepanakert", "stepanakert"),
        ("Shusha (city)", "shusha"),
        ("с. Шуша", "shusha"),
        ("с.Шуша", "shusha"),
        ("гор. Шуша", "shusha"),
        ("Şuşa şəhəri", "shusha"),
        ("Շուշի քաղաք", "shusha"),
        ("village of Shusha", "shusha"),
        ("ville de Goris", "goris"),
        ("municipio de Goris", "goris"),
        ("Goris köyü", "goris"),
        ("смт Goris", "goris"),
        ("Shusha District", "d_shusha"),
        ("Armenia: Martuni", "martuni_am"),
        ("Azerbaijan > Goris > Shusha", "shusha"),
        ("in Shusha", "shusha"),
        ("В Шуше", "shusha"),
        ("στο Μπακού", "baku"),
        ("en Shusha", "shusha"),
        ("в 5 км от Шуши", "shusha"),
        ("Shusha'da", "shusha"),
        ("Goris'in", "goris"),
        ("NKR", "nagorno_karabakh"),
        ("НКР", "nagorno_karabakh"),
    ],
)
def test_what_people_write_is_understood(gazetteer: Gazetteer, written: str, place: str) -> None:
    answer = gazetteer.resolve(written)
    assert (answer.status, answer.place and answer.place.id) == ("resolved", place), answer.why


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("Baku / Yerevan", "names of different places"),
        ("Baku, Armenia", "does not lie where it was said to"),
        ("Martuni", "fit about as well"),
    ],
)
def test_what_does_not_agree_is_ambiguous(gazetteer: Gazetteer, written: str, says: str) -> None:
    answer = gazetteer.resolve(written)
    assert answer.status == "ambiguous" and answer.place is None
    assert says in answer.why


def test_a_part_that_nobody_knows_is_said(gazetteer: Gazetteer) -> None:
    answer = gazetteer.resolve("Shusha, Ruritania")
    assert answer.status == "likely" and "'Ruritania'" in answer.why


@pytest.mark.parametrize("word", ["Ruritania", "Gorys Province", "Nowhere District"])
def test_an_unknown_area_is_said_whatever_the_way_it_is_given(
    gazetteer: Gazetteer, word: str
) -> None:
    answer = gazetteer.resolve("Shusha", inside=word)
    assert answer.status == "likely" and f"is called {word!r}" in answer.why
    twins = gazetteer.resolve("Martuni", inside=word)
    assert twins.status == "ambiguous" and repr(word) in twins.why
    (row, _) = gazetteer.resolve_column(["Shusha", "Goris"], inside=[word, ""])
    assert row.status == "likely" and repr(word) in row.why


@pytest.mark.parametrize("written", ["Goris river", "Lake Goris", "Mount Shusha", "река Шуша"])
def test_a_town_is_no_river_or_lake_of_its_name(gazetteer: Gazetteer, written: str) -> None:
    answer = gazetteer.resolve(written)
    assert answer.status == "ambiguous" and "but is no " in answer.why
    (among,) = gazetteer.resolve_together([written])
    assert among.place is None


@pytest.mark.parametrize(
    ("written", "status"),
    [("شوشا", "likely"), ("باکو", "likely"), ("گوریس", "likely"),
     ("مارتونی", "ambiguous")],
)  # fmt: skip
def test_arabic_letters_are_read_for_all_that_they_stand_for(
    gazetteer: Gazetteer, written: str, status: str
) -> None:
    answer = gazetteer.resolve(written)
    assert answer.status == status, answer.why
    assert answer.candidates[0].match == "reading"


@pytest.mark.parametrize("code", ["BKV", "XKR", "SHS", "Bk", "bku"])
def test_a_code_is_no_slip_of_a_name(gazetteer: Gazetteer, code: str) -> None:
    assert gazetteer.resolve(code).place is None


def test_a_name_all_in_capitals_is_still_a_name(gazetteer: Gazetteer) -> None:
    for written, place in (("BAKU", "baku"), ("GORIS", "goris"), ("SHUSHA", "shusha")):
        found = gazetteer.resolve(written).place
        assert found is not None and found.id == place


@pytest.mark.parametrize(
    ("written", "metres", "bearing"),
    [
        ("3 km north of Goris", 3_000, 0),
        ("3km N of Goris", 3_000, 0),
        ("12 km to the south-east of Goris", 12_000, 135),
        ("2 miles west of Goris", 3_219, 270),
        ("3 км к северу от Goris", 3_000, 0),
        ("5 км южнее Goris", 5_000, 180),
        ("à 3 km", 0, 0),
        ("3 km au nord de Goris", 3_000, 0),
        ("3 km al sur de Goris", 3_000, 180),
        ("Goris, 4 km NE", 4_000, 45),
    ],
)
def test_a_distance_moves_the_point(
    gazetteer: Gazetteer, written: str, metres: float, bearing: float
) -> None:
    if not metres:
        assert gazetteer.resolve(written).place is None
        return
    answer = gazetteer.resolve(written)
    goris = gazetteer.place("goris")
    assert answer.place is not None and answer.place.id == "goris", answer.why
    km = distance_km(answer.place.lon, answer.place.lat, goris.lon, goris.lat)
    assert km == pytest.approx(metres / 1000, rel=0.02)
    north = (answer.place.lat - goris.lat) * 111_195
    assert north == pytest.approx(metres * math.cos(math.radians(bearing)), abs=60)
    assert answer.place.precision_m > goris.precision_m
    assert "not Goris itself" in answer.why


@pytest.mark.parametrize(
    "written",
    ["near Goris", "outside Goris", "около Goris", "Goris yaxınlığında", "cerca de Goris",
     "Goris area", "κοντά σε Goris", "Goris-ի մոտ", "près de Goris", "біля Goris"],
)  # fmt: skip
def test_near_a_place_is_the_place_with_a_radius(gazetteer: Gazetteer, written: str) -> None:
    if written == "Goris-ի մոտ":
        written = "Goris մոտ"
    place = gazetteer.resolve(written).place
    assert place is not None and place.id == "goris"
    assert place.precision_m >= gazetteer.place("goris").precision_m + 5_000
    assert (place.lon, place.lat) == (gazetteer.place("goris").lon, gazetteer.place("goris").lat)


def test_a_loose_match_does_not_cross_a_border_a_sound_or_a_kind(gazetteer: Gazetteer) -> None:
    for written, says in (
        ("Mosscow", "nothing says that it is in that country"),
        ("Horadisz District", ""),
        ("Lashin", "does not sound the same"),
        ("Karabak", "is a region"),
    ):
        answer = gazetteer.resolve(written)
        assert answer.place is None, written
        assert says in answer.why, answer.why
    told = gazetteer.resolve("Mosscow", country="RU")
    assert told.status == "likely" and told.place is not None and told.place.id == "moscow"


def test_a_type_word_is_only_one_beside_a_name() -> None:
    assert without_type("village") == ("", None)
    assert without_type("s") == ("", None)
    assert without_type("Goris g") == ("", None)
    assert without_type("urban-type settlement Goris") == ("Goris", "settlement")


@given(st.text(max_size=60))
def test_any_text_can_be_taken_apart(text: str) -> None:
    found = take_apart(text)
    assert found.names and all(isinstance(name, str) for name in found.names)
    without_type(text)
    resolve_point(text)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("39.8178, 46.7528", 39.8178, 46.7528),
        ("46.7528 E, 39.8178 N", 39.8178, 46.7528),
        ("39°49'04\"N 46°45'10\"E", 39.8178, 46.7528),
        ("POINT (46.75 39.8)", 39.8, 46.75),
        ("139.7, 35.7", 35.7, 139.7),
    ],
)
def test_coordinates_are_places_too(text: str, lat: float, lon: float) -> None:
    answer = resolve_point(text)
    assert answer is not None and answer.place is not None
    assert (answer.place.lat, answer.place.lon) == pytest.approx((lat, lon), abs=1e-3)


def test_what_is_no_position_is_left_to_the_names() -> None:
    for text in ("Shusha", "km 12", "Route 66", "3 km north of Goris", ""):
        assert resolve_point(text) is None
    assert resolve_point("95.1, 195.2").place is None  # type: ignore[union-attr]


def test_a_column_is_one_context(gazetteer: Gazetteer) -> None:
    south = gazetteer.resolve_column(["Martuni", "Stepanakert", "Shusha", "Lachin", "Martuni"])
    assert [a.place.id if a.place else "" for a in south] == [
        "martuni_nk", "stepanakert", "shusha", "lachin", "martuni_nk",
    ]  # fmt: skip
    rows = gazetteer.resolve_column(["Martuni", "Martuni"], inside=["Armenia", "Azerbaijan"])
    assert [a.place.id if a.place else "" for a in rows] == ["martuni_am", "martuni_nk"]
    dated = gazetteer.resolve_column(["Karvachar"] * 2, dates=["2000-01-01", None])
    assert [a.candidates[0].period for a in dated] == ["in use", ""]
    with pytest.raises(InputError, match="inside has 1 entries for 2 names"):
        gazetteer.resolve_column(["a", "b"], inside=["c"])
    assert gazetteer.resolve_column([]) == []


def test_the_order_of_a_column_does_not_matter(gazetteer: Gazetteer) -> None:
    names = ["Martuni", "Stepanakert", "Goris", "Baku", "nowhere", "Shusha"]
    forward = gazetteer.resolve_column(names)
    back = gazetteer.resolve_column(names[::-1])[::-1]
    assert [a.to_dict() for a in forward] == [a.to_dict() for a in back]


def test_judgements_of_a_column_win(gazetteer: Gazetteer) -> None:
    from tests.gazetteer.samples import judgement

    (answer,) = gazetteer.resolve_column(
        ["Martuni"], judgements=judgement("Martuni", "martuni_am", "same")
    )
    assert answer.place is not None and answer.place.id == "martuni_am" and answer.judged


def test_all_weights_are_one_value_that_can_be_changed() -> None:
    places, names = frames()
    strict = Gazetteer(places, names, world=False, weights=Weights(resolved_share=1.01))
    assert strict.resolve("Baku").status == "ambiguous"


def test_a_gazetteer_and_its_answers_pickle(gazetteer: Gazetteer) -> None:
    import pickle

    again = pickle.loads(pickle.dumps(gazetteer))
    for name in ("Shusha", "Stepankert", "Martuni, Armenia"):
        answer = gazetteer.resolve(name)
        assert repr(again.resolve(name)) == repr(answer)
        assert repr(pickle.loads(pickle.dumps(answer))) == repr(answer)
    assert pickle.loads(pickle.dumps(Weights())) == Weights()
