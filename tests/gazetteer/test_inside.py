"""Names with the district they are said to lie in."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from atlas.gazetteer import Gazetteer
from atlas.gazetteer.column import geocode_table
from atlas.gazetteer.districts import Districts
from atlas.gazetteer.loose import nearest

# Two districts side by side; the west of "north" was cut off later as "new".
AREAS = gpd.GeoDataFrame(
    {
        "id": ["nw", "ne", "s"],
        "district_place_id": ["d_north", "d_north", "d_south"],
        "former_unit_place_id": ["d_old", "d_north", "d_south"],
    },
    geometry=[box(46, 40, 46.5, 40.5), box(46.5, 40, 47, 40.5), box(46, 39.5, 47, 40)],
    crs="EPSG:4326",
)


def row(identity: str, kind: str, lon: float, lat: float, admin1: str = "") -> dict[str, object]:
    return {
        "id": identity, "kind": kind, "lon": lon, "lat": lat, "country": "AZ", "admin1": admin1,
        "population": "",
    }  # fmt: skip


PLACES = pd.DataFrame(
    [
        row("d_north", "district", 46.5, 40.3),
        row("d_south", "district", 46.5, 39.8),
        row("d_new", "district", 46.2, 40.3),
        row("d_old", "district", 46.2, 40.2),
        row("talish_new", "settlement", 46.2, 40.4, "d_new"),
        row("talish_south", "settlement", 46.2, 39.6, "d_south"),
        row("agdam_south", "settlement", 46.8, 39.7, "d_south"),
        row("agdam", "settlement", 46.8, 40.3, "d_north"),
        row("d_agdam", "district", 46.85, 40.31),
        row("border", "settlement", 46.8, 39.99, "d_south"),
        row("jrakus", "settlement", 46.4, 39.7, "d_south"),
        row("ruin", "settlement", 46.3, 40.2, "d_north") | {"population": "0"},
        row("alive", "settlement", 46.7, 39.6, "d_south"),
    ]
)
NAMES = pd.DataFrame(
    [
        ("d_north", "North"), ("d_south", "South"), ("d_new", "New"), ("d_old", "Old"),
        ("talish_new", "Talish"), ("talish_south", "Talish"), ("agdam_south", "Agdam"),
        ("agdam", "Agdam"), ("d_agdam", "Agdam"), ("border", "Sarijali"), ("jrakus", "Jrakus"),
        ("ruin", "Akari"), ("alive", "Akari"),
    ],
    columns=["place_id", "name"],
)  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(PLACES, NAMES, world=False, areas=AREAS)


@pytest.mark.parametrize(
    ("name", "inside", "place"),
    [
        ("Talish", "South", "talish_south"),
        ("Talish", "New", "talish_new"),
        ("Talish", "North", "talish_new"),  # as the division was before
        ("Talish", "Old", "talish_new"),  # and before that
        ("Agdam", "South", "agdam_south"),  # though a town and a district are called so
        ("Sarijali", "South", "border"),
        ("Sarijali", "North", "border"),  # a kilometre outside: sources differ
        ("Chrakus", "South", "jrakus"),  # the western pronunciation
    ],
)
def test_a_district_decides_between_namesakes(
    gazetteer: Gazetteer, name: str, inside: str, place: str
) -> None:
    answer = gazetteer.resolve(name, inside=inside)
    assert answer.place is not None, answer.why
    assert answer.place.id == place


def test_the_reason_says_what_the_district_did(gazetteer: Gazetteer) -> None:
    assert "in 'South', as said" in gazetteer.resolve("Talish", inside="South").why
    assert "just outside 'North'" in gazetteer.resolve("Sarijali", inside="North").why


def test_a_place_elsewhere_is_not_taken(gazetteer: Gazetteer) -> None:
    exact = gazetteer.resolve("Jrakus", inside="North")
    assert exact.status == "ambiguous"
    assert "does not lie where it was said to" in exact.why
    near = gazetteer.resolve("Jrakuz", inside="North")
    assert near.status == "unresolved"
    assert [candidate.place.id for candidate in near.candidates] == ["jrakus"]


def test_a_loose_likeness_needs_the_district(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve("Chrakus").status != "resolved"
    assert gazetteer.resolve("Chrakus", inside="South").candidates[0].match == "sound"


def test_twins_in_one_district_stay_ambiguous() -> None:
    places = pd.DataFrame(
        [row("d", "district", 46.5, 39.8), row("a", "settlement", 46.2, 39.6, "d"),
         row("b", "settlement", 46.8, 39.7, "d")]
    )  # fmt: skip
    names = pd.DataFrame(
        [("d", "South"), ("a", "Garadaghli"), ("b", "Garadaghli")], columns=["place_id", "name"]
    )
    answer = Gazetteer(places, names, world=False).resolve("Garadaghli", inside="South")
    assert answer.status == "ambiguous"


def test_the_village_where_people_live_is_meant_first(gazetteer: Gazetteer) -> None:
    answer = gazetteer.resolve("Akari")
    assert answer.place is not None and answer.place.id == "alive"
    assert "nobody lives there" in answer.candidates[1].why


@pytest.mark.parametrize(
    ("people", "mentions", "place"),
    [
        (("7500", ""), {}, None),  # nobody counted the others: no evidence for the first
        (("", "60"), {}, None),  # nor does the smallest count speak for the one without any
        (("7500", "900"), {}, "a"),  # both are counted
        (("90000", ""), {}, "a"),  # no source is silent about a city of its size
        (("7500", ""), {"a": 2, "b": 1}, "a"),  # the record tells more of it
        (("7500", ""), {"b": 1}, None),
        (("7500", "0"), {}, "a"),  # nobody lives there: that is a count
    ],
)
def test_people_never_counted_are_no_evidence_for_a_namesake(
    people: tuple[str, str], mentions: dict[str, int], place: str | None
) -> None:
    places = pd.DataFrame([row("a", "settlement", 46.2, 39.6), row("b", "settlement", 46.8, 40.3)])
    names = pd.DataFrame([("a", "Garadaghli"), ("b", "Garadaghli")], columns=["place_id", "name"])
    gazetteer = Gazetteer(places.assign(population=people), names, world=False, mentions=mentions)
    answer = gazetteer.resolve("Garadaghli")
    assert (answer.place.id if answer.place else None) == place
    assert answer.status == ("resolved" if place else "ambiguous")


@pytest.mark.parametrize("together", [False, True])
def test_a_column_of_districts_places_each_row(gazetteer: Gazetteer, together: bool) -> None:
    table = pd.DataFrame({"place": ["Talish", "Talish"], "district": ["North", "South"]})
    results, left = geocode_table(
        table, "place", gazetteer, inside_columns=["district"], together=together
    )
    assert list(results["id"]) == ["talish_new", "talish_south"]
    assert left.empty


def test_distance_outside_a_district_is_in_kilometres(gazetteer: Gazetteer) -> None:
    within = Districts.from_tables(AREAS, PLACES, gazetteer.places).within("d_north")
    assert within["talish_new"] == 0
    assert within["border"] == pytest.approx(1.1, abs=0.05)
    assert "jrakus" not in within


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tighik-I", "Birinci Tığik"),
        ("Тигик Второе", "İkinci Tığik"),
        ("Развалины Акери", "Akeri"),
        ("Melik’ch’an", "Մելիքջան"),
        ("Mariamachor", "Մարիամաձոր"),
    ],
)
def test_names_that_sources_write_differently_agree(one: str, other: str) -> None:
    assert nearest(one, [(other, 7)])


@pytest.mark.parametrize(
    ("one", "other"), [("Tigik-I", "İkinci Tığik"), ("Vank", "Vanq"), ("", "")]
)
def test_names_of_different_places_do_not_agree(one: str, other: str) -> None:
    assert nearest(one, [(other, 7)]) == []


@pytest.mark.parametrize("km", [0.0, 1.5, 5.0, 9.9, None])
def test_a_district_said_and_one_written_behind_the_name_mean_the_same(km: float | None) -> None:
    from atlas.gazetteer.evidence import Hints, Match, is_inside
    from atlas.gazetteer.model import NameRecord, PlaceRef
    from atlas.gazetteer.together import _written_in

    class Bounds:
        def within(self, identity: str) -> dict[str, float]:
            return {"d": 0.0} if km is None else {"d": 0.0, "v": km}

    village = PlaceRef("v", "V", "settlement", 46.5, 39.5, 500, "AZ", "", 100, "pack")
    district = PlaceRef("d", "D", "district", 46.4, 39.4, 500, "AZ", "", 100, "pack")
    found, around = (Match(place, NameRecord(place.name), "exact") for place in (village, district))
    hints = Hints(districts=Bounds())  # type: ignore[arg-type]
    written = _written_in(found, around, hints)
    hints.say_inside(around, "D")
    assert written == is_inside(found, hints) == (km is not None and km < 8)
