"""A pack begun on a country: valid at once, in its languages, its parties told apart."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from atlas.base.errors import InputError
from atlas.map import build_map
from atlas.record.begin import begin_pack, colours
from atlas.record.pack import check_pack, read_pack
from atlas.record.settings import LIKE, alike


def test_a_pack_on_one_country(tmp_path: Path) -> None:
    begin_pack(
        tmp_path / "p", countries=["uy"], languages=["es", "gn"], start="1990-01-01",
        parties=["UY", "south=The south", "north"],
    )  # fmt: skip
    assert check_pack(tmp_path / "p") == []
    pack = read_pack(tmp_path / "p")
    assert pack.meta.languages == ("en", "es", "gn") and pack.title["es"] == "Uruguay"
    assert [party.label("es") for party in pack.meta.parties.values()] == [
        "Uruguay", "The south", "North"
    ]  # fmt: skip
    assert len(pack.areas) == 19 and set(pack.control["controller"]) == {"UY"}
    assert set(pack.control["control_type"]) == {"unknown"}
    assert "Montevideo" in set(pack.names["name"])
    west, south, east, north = pack.meta.bbox
    assert -60 < west < -58 and -36 < south < -34 and -54 < east < -52 and -31 < north < -29
    assert build_map(pack, lang="es") is not None


def test_ground_of_others_inside_a_country_is_no_gap(tmp_path: Path) -> None:
    begin_pack(tmp_path / "p", countries=["ZA"])
    assert check_pack(tmp_path / "p") == []
    assert "enclosed_ground" in set(read_pack(tmp_path / "p").areas["id"])


def test_two_countries_and_a_box(tmp_path: Path) -> None:
    begin_pack(
        tmp_path / "p", countries=["UY", "PY"], languages=["es", "ar"], bbox=(-59, -35, -57, -26)
    )
    assert check_pack(tmp_path / "p") == []
    pack = read_pack(tmp_path / "p")
    assert list(pack.meta.parties) == ["UY", "PY"] and pack.title["es"] == "Uruguay, Paraguay"
    assert pack.title["ar"] == "أورغواي وباراغواي"  # by the language's own way of listing
    assert 4 < len(pack.areas) < 37 and pack.meta.bbox == (-59, -35, -57, -26)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"countries": ["XX"]}, "no country"),
        ({"countries": []}, "no country given"),
        ({"languages": ["spanish"]}, "no BCP 47 tag"),
        ({"parties": ["a b"]}, "no id of a party"),
        ({"parties": ["a", "a=A"]}, "given twice"),
        ({"parties": [f"p{n}" for n in range(13)]}, "fewer"),
        ({"bbox": (0, 0, 1, 1)}, "no unit"),
        ({"start": "soon"}, "soon"),
    ],
)
def test_what_cannot_begin_leaves_nothing(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        begin_pack(tmp_path / "p", **({"countries": ["UY"]} | change))  # type: ignore[arg-type]
    assert not (tmp_path / "p").exists()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        begin_pack(tmp_path, countries=["UY"])


def test_parties_are_told_apart() -> None:
    found = colours(12)
    assert min(alike(one, two) for one, two in combinations(found, 2)) > LIKE
    assert colours(3) == found[:3]
