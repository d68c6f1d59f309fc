"""The default pack within the wider world. The world's index is built once and then cached."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from atlas.gazetteer import Gazetteer
from atlas.record.pack import read_pack
from atlas.world import index
from atlas.world.build import _Builder, widen
from atlas.world.disk import open_world, save_world
from atlas.world.index import load_world
from atlas.world.model import ALTERNATIVE, MAIN, PLACED, World
from tests.gazetteer.samples import frames


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def gazetteer(world: World) -> Gazetteer:
    return Gazetteer.from_pack(read_pack("south-caucasus"), world)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Nagorno-Karabakh", "nagorno_karabakh"),
        ("Baku", "baku"),
        ("Yerevan", "yerevan"),
        ("Ναγκόρνο Καραμπάχ", "nagorno_karabakh"),
        ("Ստեփանակերտ", "stepanakert"),
        ("Xankəndi", "stepanakert"),
        ("Шуша", "shusha"),
        ("Karvachar", "kelbajar"),
        ("Moscow", "moscow"),
        ("Washington", "washington"),
        ("Armenia", "armenia"),
    ],
)
def test_names_of_the_default_pack(gazetteer: Gazetteer, name: str, place: str) -> None:
    answer = gazetteer.resolve(name)
    assert answer.place is not None and answer.place.id == place, answer.why


def test_martuni_is_two_towns(gazetteer: Gazetteer) -> None:
    answer = gazetteer.resolve("Martuni")
    assert answer.status == "ambiguous"
    assert {"martuni_nk", "martuni_am"} <= {item.place.id for item in answer.candidates[:3]}


def test_a_town_far_away_is_not_taken_for_a_legend(gazetteer: Gazetteer) -> None:
    bare = gazetteer.resolve("Atlantis")
    assert bare.status == "unresolved" and "without a word of context" in bare.why
    told = gazetteer.resolve("Atlantis", context="a town near Cape Town in South Africa")
    assert told.place is not None and told.place.country == "ZA"


def test_the_world_is_known_with_its_doubts(gazetteer: Gazetteer) -> None:
    tokyo = gazetteer.resolve("Токио").place
    assert tokyo is not None and tokyo.country == "JP" and tokyo.source == "geonames"
    assert gazetteer.resolve("Springfield").status == "ambiguous"
    texan, state = gazetteer.resolve_together(["Paris", "Texas"], inside={0: "Texas"})
    assert texan.place is not None and texan.place.country == "US"
    assert state.place is not None and state.place.kind == "province"


@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [
        ("People's Republic of China", 105.0, 35.0),
        ("Libya", 17.0, 25.0),
        ("Australia", 133.0, -27.0),
        ("Norway", 10.0, 62.0),
        ("United States", -98.583, 39.833),
    ],
)
def test_a_country_stands_where_lists_of_countries_put_it(
    world: World, name: str, lon: float, lat: float
) -> None:
    place = Gazetteer(*frames(), world=world).resolve(name).place
    assert place is not None and place.kind == "country"
    assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=0.2)


@pytest.mark.parametrize(
    ("name", "country", "lon", "lat"),
    [
        ("Ontario", "CA", -85.5, 50.0),
        ("Queensland", "AU", 144.5, -22.5),
        ("Inner Mongolia", "CN", 113.2, 44.1),
        ("England", "GB", -1.5, 52.6),  # Natural Earth has its counties only
        ("Chukotka", "RU", 173.0, 66.5),  # the date line crosses it
        ("Katanga", "CD", 26.4, -8.8),  # divided since
    ],
)
def test_a_province_stands_in_the_middle_of_its_land(
    world: World, name: str, country: str, lon: float, lat: float
) -> None:
    places = [match.place for match in Gazetteer(*frames(), world=world).matches(name)]
    (place,) = [item for item in places if item.kind == "province" and item.country == country]
    assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=0.5)
    # As far as the land goes, about: a town of it may lie anywhere within.
    assert 150_000 < place.precision_m < 700_000


def test_a_province_drawn_as_an_inset_stands_where_its_towns_are(world: World) -> None:
    # Natural Earth's file of the United States has Alaska and Hawaii off Mexico.
    for name, west, east in (("Alaska", -170, -140), ("Hawaii", -161, -154)):
        place = Gazetteer(*frames(), world=world).resolve(name, context="United States").place
        assert place is not None and place.kind == "province" and west < place.lon < east


def test_a_province_drawn_under_its_neighbours_name_keeps_its_own(world: World) -> None:
    # Natural Earth labels Lachin "Lankaran".
    matches = Gazetteer(*frames(), world=world).matches("Lankaran")
    assert all(match.place.lon > 48 for match in matches if match.place.country == "AZ")


def test_regions_above_countries_are_known(world: World) -> None:
    gazetteer = Gazetteer(*frames(), world=world)
    for name, lon, lat in (("Southeast Asia", 110, 8), ("East Africa", 42, -8)):
        place = gazetteer.resolve(name).place
        assert place is not None and place.kind == "continent"
        assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=3)
    south = gazetteer.resolve("South Africa").place
    assert south is not None and south.kind == "country"


@pytest.mark.parametrize("code", ["CN", "RUS"])
def test_a_code_in_small_letters_is_no_country(world: World, code: str) -> None:
    found = Gazetteer(*frames(), world=world).matches(code.lower())
    assert not [match for match in found if match.place.kind == "country"]


def test_a_district_is_known_as_it_was_before_it_was_divided(gazetteer: Gazetteer) -> None:
    # Aghdara District was made in December 2023 from parts of Tartar, Kalbajar and Agdam.
    for inside in ("Tərtər", "Ağdərə"):
        answer = gazetteer.resolve("Talish", inside=inside)
        assert answer.place is not None and answer.place.id == "talish", answer.why


def test_a_people_is_a_word_for_its_country(gazetteer: Gazetteer) -> None:
    answer = gazetteer.resolve("Armenians")
    assert answer.place is not None and answer.place.id == "armenia"
    assert "people" in answer.why


def test_the_worlds_record_of_a_pack_place_is_no_rival(world: World) -> None:
    answer = Gazetteer(*frames(), world=world).resolve("Shusha")
    assert answer.place is not None and answer.place.id == "shusha"
    assert all(item.place.source == "pack" for item in answer.candidates[:1])


def test_an_index_comes_back_from_disk_as_it_was(world: World, tmp_path: Path) -> None:
    save_world(world, tmp_path / "w", builder="b")
    again = open_world(tmp_path / "w", builder="b")
    assert again is not None
    assert np.array_equal(world.ids, again.ids)
    assert again.find("yerevan") == world.find("yerevan") != []
    assert open_world(tmp_path / "w", builder="another") is None
    # One byte is enough: a coordinate that is not as it was written is not used.
    path = tmp_path / "w" / "lon.npy"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(bytes(content))
    assert open_world(tmp_path / "w", builder="b") is None
    save_world(world, tmp_path / "w", builder="b")
    assert open_world(tmp_path / "w", builder="b") is not None


def test_a_column_of_another_country_is_not_of_the_pack(gazetteer: Gazetteer) -> None:
    for names in (
        ["Bogotá", "Medellín", "Armenia", "Cali"],
        ["Armenia", "Pereira", "Manizales", "Armenia"],
    ):
        for name, answer in zip(names, gazetteer.resolve_column(names), strict=True):
            assert answer.place is not None and answer.place.country == "CO", name
            assert answer.place.kind == "settlement"
    (told,) = gazetteer.resolve_column(["Armenia"], country="CO")
    assert told.place is not None and told.place.country == "CO"
    (inside,) = gazetteer.resolve_column(["Armenia"], inside=["Quindío, Colombia"])
    assert inside.place is not None and inside.place.country == "CO"


def test_two_names_are_no_column_to_change_a_country_by(gazetteer: Gazetteer) -> None:
    answers = gazetteer.resolve_column(["Armenia", "Cali"])
    assert answers[0].status == "ambiguous"
    countries = gazetteer.resolve_column(["Armenia", "Azerbaijan", "Georgia"])
    assert [answer.place.kind for answer in countries if answer.place] == ["country"] * 3


@pytest.mark.parametrize("name", ["NKR", "НКР"])
def test_a_code_is_not_another_places_short_form(gazetteer: Gazetteer, name: str) -> None:
    answer = gazetteer.resolve(name)
    assert answer.place is not None and answer.place.id == "nkr"


@pytest.mark.parametrize(
    ("name", "place"),
    [("Talish", "talish"), ("Artsvashen", "artsvashen"), ("Horadiz", "horadiz"),
     ("Getashen", "getashen_az"), ("Talish village", "talish"), ("Baku, AZ", "baku")],
)  # fmt: skip
def test_a_name_in_force_wins_over_lesser_ones(gazetteer: Gazetteer, name: str, place: str) -> None:
    answer = gazetteer.resolve(name)
    assert answer.place is not None and answer.place.id == place, answer.why


def test_codes_of_lists_are_countries_where_a_container_is_written(gazetteer: Gazetteer) -> None:
    phoenix = gazetteer.resolve("Phoenix, AZ").place
    assert phoenix is not None and phoenix.country == "US"
    assert gazetteer.resolve("AZ").place.country == "AZ"  # type: ignore[union-attr]


def test_a_near_spelling_does_not_leave_the_country(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("Kirs").place is None


def test_a_place_without_a_position_is_never_resolved(world: World, gazetteer: Gazetteer) -> None:
    flags, kinds = np.asarray(world.flags), np.asarray(world.kinds)
    rows = np.flatnonzero((flags & PLACED) == 0)
    assert 10_000 < len(rows) < 20_000
    for row in rows[:: len(rows) // 60]:
        one = world.place(int(row))
        above = max(one.province, world.country_rows.get(one.country, -1))
        if above >= 0 and one.kind == "district":
            assert one.precision_m >= 1_000
        answer = gazetteer.resolve(one.name, country=one.country or None)
        assert answer.place is None or answer.place.placed, one
    # Points that many share are middles, not positions: but for the unit's own, none is placed.
    points = np.stack([np.asarray(world.lon), np.asarray(world.lat)], axis=1)[kinds == 0]
    _, counts = np.unique(points, axis=0, return_counts=True)
    assert counts.max() < 5 or not (flags[kinds == 0] & PLACED).all()


def test_a_town_comes_before_the_district_of_its_name(gazetteer: Gazetteer) -> None:
    for name, country in (("Donetsk", "UA"), ("Idlib", "SY"), ("Mandera", "KE")):
        place = gazetteer.resolve(name).place
        assert place is not None and (place.kind, place.country) == ("settlement", country), name


def test_fetched_dumps_widen_the_index_that_is_there(tmp_path: Path) -> None:
    builder = _Builder()
    for number, name, others in ((1, "Yerevan", ["Երևան"]), (2, "Saint Petersburg", ["Leningrad"])):
        row = builder.place(number, 0, 40.0, 45.0 + number, 900_000, "XX", -1, -1, 2_000, name)
        builder.name(row, name, MAIN)
        for other in others:
            builder.name(row, other, ALTERNATIVE)
    small = builder.finish()
    cells = ["990000001", "Testkand", "Testkand", "Тестканд", "40.5", "46.5", "P", "PPL", "AZ", "",
             "01", "", "", "", "120", "", "300", "Asia/Baku", "2020-01-01"]  # fmt: skip
    known = ["1", *cells[1:]]
    path = tmp_path / "AZ.txt"
    path.write_text("\t".join(cells) + "\n" + "\t".join(known) + "\n", encoding="utf-8")
    wider = widen(small, [path])
    assert len(wider) == 3
    ((row, _),) = wider.find("testkand")
    assert wider.place(row).country == "AZ"
    for key in ("yerevan", "saint petersburg", "st petersburg", "leningrad"):
        assert wider.find(key) == small.find(key) != []
    assert wider.fuzzy.search("yeravan") == small.fuzzy.search("yeravan") != []


def test_the_index_is_keyed_by_its_builder() -> None:
    # Whatever decides what is in an index is hashed: a module it imports is no exception.
    import ast

    root = Path(index.__file__).parent.parent
    seen, left = set(), ["world/build.py"]
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        for node in ast.walk(ast.parse((root / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("atlas."):
                left.append(node.module.removeprefix("atlas.").replace(".", "/") + ".py")
    # How files are opened, kept and written decides nothing of what is in them.
    plumbing = {"world/dumps.py"} | {
        f"base/{name}.py" for name in ("archives", "cache", "errors", "output")
    }
    assert seen - plumbing <= set(index._SOURCES)


@pytest.fixture(scope="module")
def bare(world: World) -> Gazetteer:
    """A gazetteer without a pack."""
    places, names = frames()
    return Gazetteer(places.iloc[:0], names.iloc[:0], world=world)


def test_a_long_a_tells_names_in_arabic_letters_apart(gazetteer: Gazetteer) -> None:
    shusha = gazetteer.resolve("شوشا")
    assert shusha.place is not None and shusha.place.id == "shusha"
    # Another town is on record in just these letters.
    assert gazetteer.resolve("شوش").status == "ambiguous"
    assert {item.place.country for item in gazetteer.resolve("Albany").candidates[:3]} == {"US"}


def test_the_packs_country_does_not_hide_the_province_of_its_name(gazetteer: Gazetteer) -> None:
    atlanta, tbilisi = gazetteer.resolve("Atlanta, Georgia"), gazetteer.resolve("Tbilisi, Georgia")
    assert atlanta.place is not None and atlanta.place.country == "US"
    assert tbilisi.place is not None and tbilisi.place.id == "tbilisi"


@pytest.mark.parametrize("name", ["Middle East", "European Union", "EU", "Horn of Africa"])
def test_a_region_is_no_town_of_its_name(bare: Gazetteer, name: str) -> None:
    place = bare.resolve(name).place
    assert place is not None and place.kind == "continent"


def test_two_letters_are_no_town(bare: Gazetteer) -> None:
    assert bare.resolve("BK").status == "ambiguous"
    assert bare.resolve("UA").place.country == "UA"  # type: ignore[union-attr]


def test_a_small_town_that_a_text_does_not_bear_out_is_only_likely(bare: Gazetteer) -> None:
    alone = bare.resolve_together(["Kortrijk", "Osaka", "Lima"])
    assert alone[0].status == "likely" and "speaks for it" in alone[0].why
    assert {answer.status for answer in alone[1:]} == {"resolved"}
    borne = bare.resolve_together(["Kortrijk", "Bruges", "Roeselare"])
    assert borne[0].status == "resolved" and borne[0].place == alone[0].place


def test_a_namesake_that_the_text_bears_out_is_not_passed_over(bare: Gazetteer) -> None:
    around = ["Shakopee", "Belle Plaine", "Chaska", "Scott County"]
    answer = bare.resolve_together(["Jordan", *around])[0]
    assert answer.place is None or answer.place.country == "US", answer.why
    assert bare.resolve_together(["Jordan", "Amman", "Zarqa"])[0].place.country == "JO"  # type: ignore[union-attr]
