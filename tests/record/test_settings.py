"""Faults planted in pack.toml, in the basemap, in coordinates and claims: each is found, alone."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from atlas.base.errors import AtlasError, PackError
from atlas.cli import app
from atlas.record.needs import lacks
from atlas.record.pack import basemap_frame, check_pack, read_pack
from tests.packs import ENVELOPE, spell, square, write_pack

SOUND = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
CLAIM = spell("c3", "a00", "B", "2001-01-01", "2003-01-01", asserted_by="B")
MORE = """
[description]
en = "A test."
[neutrality]
loaded_words = ["liberated"]
"""
LAND = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"kind": "land", "name": "Land", "name_el": "Γη"},
         "geometry": square(0, 0)},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files of a pack that uses every setting, by name."""
    folder = write_pack(tmp_path_factory.mktemp("sound") / "p", [*SOUND, CLAIM], settings=MORE)
    path = folder / "pack.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('languages = ["en"]', 'languages = ["en", "el"]')
    text = text.replace(
        "countries = []", 'countries = ["CY"]\ngap_m = 100\nperiod_to = "2020-01-01"'
    )
    text = text.replace("worldviews = []", 'worldviews = ["B"]\nlicence = "CC-BY-4.0"')
    text = text.replace('name_en = "Beland"', 'name_en = "Beland"\nname_el = "Βήτα"\niso = "CY"')
    text = text.replace('colour = "#d9a05b"', 'colour = "#d9a05b"\npattern = "dots"')
    path.write_text(text, encoding="utf-8")
    (folder / "basemap.geojson").write_text(json.dumps(LAND), encoding="utf-8")
    return {item.name: item.read_text(encoding="utf-8") for item in folder.iterdir()}


def plant(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    return folder


def test_the_pack_is_sound(sound: dict[str, str], tmp_path: Path) -> None:
    folder = plant(tmp_path / "p", sound)
    assert check_pack(folder) == []
    frame = basemap_frame(read_pack(folder))
    assert frame[["kind", "name", "name_el"]].to_numpy().tolist() == [["land", "Land", "Γη"]]


PLANTED = [
    # file, what stands there, what is put, code, column, part of the message
    ("pack.toml", 'id = "test"', 'id = "../../x"', "settings", "id", "a name of its own"),
    ("pack.toml", 'id = "test"', "id = 7", "settings", "id", "small letters"),
    ("pack.toml", "gap_m = 100", "gap = 100", "settings", "gap", "Write `gap_m`"),
    ("pack.toml", "gap_m = 100", "gap_m = inf", "settings", "gap_m", "metres"),
    ("pack.toml", "gap_m = 100", "gap_m = -1", "settings", "gap_m", "metres"),
    ("pack.toml", "49, 12", "49, inf", "settings", "bbox", "degrees"),
    ("pack.toml", "bbox = [9, 49, 12, 51]", "bbox = [12, 51, 9, 49]", "settings", "bbox",
     "Write [9, 49, 12, 51]"),
    ("pack.toml", "bbox = [9, 49, 12, 51]", "bbox = [9, 49, 12]", "settings", "bbox", "four"),
    ("pack.toml", "bbox = [9, 49, 12, 51]", "bbox = [true, 49, 12, 51]", "settings", "bbox",
     "four"),
    ("pack.toml", "bbox = [9, 49, 12, 51]", "bbox = [1e6, 6e6, 2e6, 7e6]", "settings", "bbox",
     "degrees, not metres"),
    ("pack.toml", '"en", "el"', '"en", "el", "gr"', "settings", "languages", 'Write "el"'),
    ("pack.toml", '"en", "el"', '"en", "el", "greek"', "settings", "languages", 'Write "el"'),
    ("pack.toml", '"en", "el"', '"en", "el", "en"', "settings", "languages", "second"),
    ("pack.toml", '["en", "el"]', "[]", "settings", "languages", "at least one"),
    ("pack.toml", '["en", "el"]', '"en"', "settings", "languages", "list"),
    ("pack.toml", 'en = "Test"', 'el = "Test"', "settings", "title", "Add en"),
    ("pack.toml", 'en = "Test"', 'en = "Test"\nfr = "Essai"', "settings", "title",
     "Add 'fr' to `languages`"),
    ("pack.toml", 'en = "Test"', 'en = ""', "settings", "title", "text"),
    ("pack.toml", 'period_from = "2000-01-01"', 'period_from = "2000-13-01"', "settings",
     "period_from", "2000-12-31"),
    ("pack.toml", 'period_to = "2020-01-01"', 'period_to = "1999-01-01"', "settings", "period_to",
     "Swap"),
    ("pack.toml", 'start_date = "2000-01-01"', 'start_date = "1990-01-01"', "settings",
     "start_date", "2000-01-01 on"),
    ("pack.toml", 'name_en = "Aland"\n', "", "settings", "parties", "Add `name_en`"),
    ("pack.toml", 'name_en = "Aland"', 'name_en = ""', "settings", "parties", "a text"),
    ("pack.toml", 'name_el = "Βήτα"', 'name_tr = "Beta"', "settings", "parties", "Add 'tr'"),
    ("pack.toml", 'name_el = "Βήτα"', 'nom_el = "Beta"', "settings", "parties", "unknown key"),
    ("pack.toml", 'colour = "#d9a05b"', 'colour = "orange"', "settings", "parties", "#rrggbb"),
    ("pack.toml", 'colour = "#d9a05b"', 'colour = "#5B8DB8"', "settings", "parties",
     "another hue"),
    ("pack.toml", 'colour = "#d9a05b"', 'colour = "#5b8db0"', "settings", "parties", "hardly"),
    ("pack.toml", 'colour = "#d9a05b"\n', "", "settings", "parties", "has the colour of"),
    ("pack.toml", 'pattern = "dots"', 'pattern = "dotted"', "settings", "parties",
     "Write 'dots'"),
    ("pack.toml", 'role = "side"', 'role = "ally"', "settings", "parties", "side, other"),
    ("pack.toml", 'iso = "CY"', 'iso = "Cyprus"', "settings", "parties", "3166"),
    ("pack.toml", 'countries = ["CY"]', 'countries = ["cy"]', "settings", "countries", "3166"),
    ("pack.toml", 'id = "C"', 'id = "B"', "settings", "parties", "once"),
    ("pack.toml", 'parties = ["B"]', 'parties = ["A"]', "settings", "sides", "two sides"),
    ("pack.toml", 'worldviews = ["B"]', 'worldviews = ["D"]', "reference", "worldviews", "party"),
    ("pack.toml", 'lang = "pl"', 'lang = "polish"', "settings", "sides", 'Write "pl"'),
    ("pack.toml", '["liberated"]', '"liberated"', "settings", "neutrality", "list"),
    ("pack.toml", 'en = "A test."', r'en = "A \u0007 test."', "settings", "description",
     "control"),
    ("basemap.geojson", '"land"', '"ocean"', "vocabulary", "kind", "sea"),
    ("basemap.geojson", '"name_el"', '"name_fr"', "unknown-column", "name_fr", "'fr'"),
    ("basemap.geojson", '"kind": "land", ', "", "missing-column", "kind", "kind"),
    ("basemap.geojson", '"type": "FeatureCollection", ',
     '"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:3857"}}, ', "crs", "",
     "Reproject"),
    ("basemap.geojson", '"Land"', '"\\ud800"', "text", "name", "halves"),
    ("basemap.geojson", "[10.0, 50.0]", "[1e999, 50.0]", "json", "", "no number"),
    ("basemap.geojson", "[10.0, 50.0]", "[NaN, 50.0]", "json", "", "no number"),
    ("basemap.geojson", '"features": [', '"features": 7, "f": [', "json", "", "FeatureColl"),
    ("basemap.geojson", '"Polygon"', '"Plane"', "feature", "", "Feature"),
    ("control.csv", "2003-01-01", "2003-01-01,,,,\n", "cell-count", "", "cells"),
    # what hangs together, and what stands there for something else
    ("pack.toml", 'id = "test"', 'identifier = "test"', "settings", "identifier", "Write `id`"),
    ("pack.toml", 'languages = ["en", "el"]', 'language = ["en", "el"]', "settings", "language",
     "Write `languages`"),
    ("pack.toml", '"en", "el"', '"en", "el_GR"', "settings", "languages", 'Write "el-GR"'),
    ("pack.toml", '"en", "el"', '"en", "EL"', "settings", "languages", 'Write "el"'),
    ("pack.toml", '"en", "el"', '"en", "el", "xx"', "settings", "languages", "BCP 47"),
    ("pack.toml", 'en = "Test"', 'en = "Te\\nst"', "settings", "title", "one line"),
    ("pack.toml", '[title]\nen = "Test"', 'title = "Test"', "settings", "title", "table"),
    ("pack.toml", 'period_from = "2000-01-01"', 'period_from = 2000-01-01T12:00:00Z', "settings",
     "period_from", "2000-12-31"),
    ("pack.toml", 'period_from = "2000-01-01"', 'period_from = "1.2.2000"', "settings",
     "period_from", "2000-12-31"),
    ("pack.toml", 'period_to = "2020-01-01"', 'period_to = "2020-02-30"', "settings", "period_to",
     "2000-12-31"),
    ("pack.toml", "bbox = [9, 49, 12, 51]", "bbox = [49, 9, 51, 12]", "outside", "bbox",
     "write [9, 49, 12, 51]"),
    ("pack.toml", "bbox = [9, 49, 12, 51]", "bbox = [9, 49, 9, 51]", "settings", "bbox", "west"),
    ("pack.toml", "bbox = [9, 49, 12, 51]", "bbox = [9, 49, 12, 95]", "settings", "bbox", "degree"),
    ("pack.toml", "bbox = [9, 49, 12, 51]", "bbox = [nan, 49, 12, 51]", "settings", "bbox", "four"),
    ("pack.toml", "gap_m = 100", "relief_box = [9, 49, 12, 51]", "missing-file", "relief_box",
     "Add relief.webp"),
    ("pack.toml", "gap_m = 100", 'gap_m = "100"', "settings", "gap_m", "number"),
    ("pack.toml", 'countries = ["CY"]', 'countries = ["UK"]', "settings", "countries",
     'Write "GB"'),
    ("pack.toml", 'countries = ["CY"]', 'countries = ["CYP"]', "settings", "countries",
     'Write "CY"'),
    ("pack.toml", 'countries = ["CY"]', 'countries = ["Cyprus"]', "settings", "countries",
     'Write "CY"'),
    ("pack.toml", 'countries = ["CY"]', 'countries = ["QX"]', "settings", "countries", "UY"),
    ("pack.toml", 'iso = "CY"', 'iso = "ZZ"', "settings", "parties", "3166"),
    ("pack.toml", 'name_en = "Aland"', 'name = "Aland"', "settings", "parties",
     "Write `name_en`"),
    ("pack.toml", 'name_en = "Aland"', 'name_en = "Beland"', "settings", "parties", "otherwise"),
    ("pack.toml", 'name_en = "Aland"', 'name_en = "A\\nland"', "settings", "parties", "one line"),
    ("pack.toml", 'name_el = "Βήτα"', 'name_gr = "Βήτα"', "settings", "parties", "`el`"),
    ("pack.toml", 'colour = "#d9a05b"', 'color = "#d9a05b"', "settings", "parties",
     "Write `colour`"),
    ("pack.toml", 'colour = "#d9a05b"', 'colour = "#d9a"', "settings", "parties", "#rrggbb"),
    ("pack.toml", 'colour = "#d9a05b"', 'colour = "#ffffff"', "settings", "parties", "bare land"),
    ("pack.toml", 'colour = "#d9a05b"', 'colour = "#c4dbe6"', "settings", "parties", "bare water"),
    ("pack.toml", 'pattern = "dots"', 'pattern = ["dots"]', "settings", "parties", "one of"),
    ("pack.toml", 'id = "B"\n', 'id = "B B"\n', "settings", "parties", "an id"),
    ("pack.toml", 'id = "B"\n', "id = 2\n", "settings", "parties", "an id"),
    ("pack.toml", 'id = "C"\n', 'id = "neutral"\n', "settings", "parties", "no party's"),
    ("pack.toml", '[[parties]]\nid = "C"', '[[party]]\nid = "C"', "settings", "party",
     "Write `parties`"),
    ("pack.toml", 'parties = ["B"]', "parties = []", "settings", "sides", "at least one"),
    ("pack.toml", 'parties = ["B"]', 'parties = ["b"]', "reference", "sides", "Add [[parties]]"),
    ("pack.toml", '["liberated"]', '["*"]', "settings", "neutrality", "letter"),
    ("pack.toml", 'loaded_words = ["liberated"]', 'translated = ["events.titel"]', "settings",
     "neutrality", "Write 'events.title'"),
    ("pack.toml", "[neutrality]", '[[spelling]]\nwrite = "Tea"\nnever = ["Tea"]\n[neutrality]',
     "settings", "spelling", "out of `never`"),
    ("pack.toml", "[neutrality]",
     '[[same_words]]\nevent_type = "batle"\npattern = "x"\n[neutrality]', "settings", "same_words",
     "Write 'battle'"),
    ("pack.toml", "[neutrality]",
     '[[same_words]]\nevent_type = "battle"\npattern = "("\n[neutrality]', "settings",
     "same_words", "regular expression"),
    ("pack.toml", "[title]", "[title", "toml", "", "Mend the line"),
    ("basemap.geojson", '"FeatureCollection"', '"Topology"', "json", "", "FeatureColl"),
    ("basemap.geojson", '"Feature"', '"Featur"', "feature", "", "Feature"),
    ("basemap.geojson", '"land"', '"river"', "geometry", "geometry", "LineString"),
    ("basemap.geojson", '"land"', "null", "required", "kind", "Fill"),
    ("basemap.geojson", "[10.0, 50.0]", '[10.0, "50"]', "feature", "", "Feature"),
    ("basemap.geojson", '"type": "FeatureCollection", ',
     '"type": "FeatureCollection", "crs": "EPSG:25832", ', "crs", "", "Reproject"),
    ("areas.geojson", "[10.0,50.0],[10.5,50.0],[10.5,50.5],[10.0,50.5]",
     "[10.0,50.0],[10.5,50.5],[10.5,50.0],[10.0,50.5]", "geometry", "geometry", "valid"),
    ("places.csv", "10.25,50.25", "50.25,10.25", "outside", "lon", "longitude comes first"),
    ("places.csv", "10.25,50.25", "0,0", "position", "lon", "Gulf of Guinea"),
    ("places.csv", "10.25,50.25", "190,50.25", "range", "lon", "180"),
    ("places.csv", "10.25,50.25", '"10,25",50.25', "number", "lon", "point"),
    ("sources.json", '"affiliation": "A"', '"affiliation": "Q"', "reference", "affiliation",
     "neutral"),
    ("control.csv", "c1,a00,A,de_facto,status_quo,,", "c1,a00,A,de_facto,status_quo,Cyprus,",
     "vocabulary", "de_jure_iso", "Write CY"),
    ("control.csv", "c3,a00,B,de_facto", "c3,a00,Z,de_facto", "reference", "controller", "parties"),
    ("control.csv", "certain,B,s-n", "certain,Z,s-n", "reference", "asserted_by", "parties"),
    ("control.csv", "certain,B,s-n", "certain,B,", "required", "source_ids", "Fill"),
    ("control.csv", "2001-01-01,2003-01-01", "2003-01-01,2001-01-01", "span", "valid_to", "Swap"),
    ("control.csv", "c2,a10,B,de_facto,status_quo,,,,,,",
     "c2,a10,B,de_facto,status_quo,,,,2000-06-01,,", "control-gap", "valid_from", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code", "column", "words"), PLANTED)
def test_a_planted_fault_is_found_with_its_remedy(
    sound: dict[str, str], tmp_path: Path, name: str, old: str, new: str, code: str, column: str,
    words: str,
) -> None:  # fmt: skip
    assert old in sound[name]
    folder = plant(tmp_path / "p", sound | {name: sound[name].replace(old, new, 1)})
    faults = check_pack(folder)
    assert [(f.file, f.code, f.column) for f in faults][:1] == [(name, code, column)], faults
    assert len(faults) == 1 or code == "cell-count", faults
    assert words in str(faults[0]) and faults[0].remedy
    with pytest.raises(PackError):
        read_pack(folder)


def shifted(text: str, change: Callable[[list[float]], list[float]]) -> str:
    whole = json.loads(text)
    for feature in whole["features"]:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[change(point) for point in ring] for ring in rings]
    return json.dumps(whole)


def test_a_pack_in_metres_is_no_blank_map(sound: dict[str, str], tmp_path: Path) -> None:
    metres = shifted(sound["areas.geojson"], lambda p: [p[0] * 111e3, p[1] * 140e3])
    (fault,) = check_pack(plant(tmp_path / "p", sound | {"areas.geojson": metres}))
    assert fault.code == "crs" and "none of 2 shapes in degrees" in fault.found
    assert "EPSG:4326" in fault.remedy


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_wgs_84_may_be_named(sound: dict[str, str], tmp_path: Path, name: str) -> None:
    named = sound["areas.geojson"].replace(
        "{", '{"crs":{"type":"name","properties":{"name":"' + name + '"}},', 1
    )
    assert check_pack(plant(tmp_path / "p", sound | {"areas.geojson": named})) == []


def test_swapped_coordinates_are_told_as_such(sound: dict[str, str], tmp_path: Path) -> None:
    turned = shifted(sound["areas.geojson"], lambda p: [p[1], p[0]])
    faults = check_pack(plant(tmp_path / "p", sound | {"areas.geojson": turned}))
    assert [fault.code for fault in faults] == ["outside", "outside"]
    assert "longitude comes first" in faults[0].remedy


def test_a_box_elsewhere_is_told_once(sound: dict[str, str], tmp_path: Path) -> None:
    text = sound["pack.toml"].replace("[9, 49, 12, 51]", "[100, 10, 120, 20]")
    (fault,) = check_pack(plant(tmp_path / "p", sound | {"pack.toml": text}))
    assert fault.code == "outside" and "none of 2 areas" in fault.found
    assert "10.0, 50.0, 11.0, 50.5" in fault.remedy


def test_claims_of_one_party_do_not_overlap(sound: dict[str, str], tmp_path: Path) -> None:
    line = sound["control.csv"].splitlines()[-1]
    assert line.startswith("c3,")
    for change, codes in [
        (line.replace("2001-01-01", "2002-01-01"), ["claim-overlap"]),
        (line.replace("2001-01-01,2003-01-01", ","), ["claim-overlap"]),
        (line.replace("2001-01-01,2003-01-01", "2003-01-01,"), []),
        (line.replace(",B,", ",A,", 1), ["claim-overlap"]),  # of another holder, by the same party
    ]:
        text = sound["control.csv"] + change.replace("c3,", "c4,") + "\n"
        folder = plant(tmp_path / "p", sound | {"control.csv": text})
        assert [fault.code for fault in check_pack(folder)] == codes, change


@pytest.mark.parametrize("name", ["pack.toml", "places.csv", "areas.geojson", "basemap.geojson"])
def test_a_link_out_of_the_pack_is_refused(
    sound: dict[str, str], tmp_path: Path, name: str
) -> None:
    folder = plant(tmp_path / "p", sound)
    outside = tmp_path / "outside"
    outside.write_text(sound[name], encoding="utf-8")
    (folder / name).unlink()
    (folder / name).symlink_to(outside)
    faults = check_pack(folder)
    assert [(fault.file, fault.code) for fault in faults][:1] == [(name, "link")]
    assert "outside" not in str(faults[0]).replace("outside the", "")
    (folder / name).unlink()
    (folder / name).symlink_to(folder / name)  # a link to itself
    assert check_pack(folder)


def test_the_basemap_is_geojson_and_nothing_else(sound: dict[str, str], tmp_path: Path) -> None:
    """What GDAL would open by its content - a virtual file, a database - is no GeoJSON."""
    vrt = f"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{tmp_path}</SrcDataSource>"
    folder = plant(tmp_path / "p", sound | {"basemap.geojson": vrt})
    assert [fault.code for fault in check_pack(folder)] == ["json"]


def test_what_commands_will_lack_is_said(sound: dict[str, str], tmp_path: Path) -> None:
    said = "\n".join(lacks(read_pack(plant(tmp_path / "p", sound))))
    assert "cutoff and route have nothing to go by" in said
    assert "A, C will be named in English: no `name_el`" in said
    assert "2 of 2 places have no name in 'el'" in said
    route = (
        {"id": "r1", "name": "Road", "mode": "road", "from_place_id": "p00",
         "to_place_id": "p10", "disputed_name": "false", "geometry_method": "test",
         "uncertainty_m": 100, "source_ids": "s-n"},
        {"type": "LineString", "coordinates": [[10.25, 50.25], [10.75, 50.25]]},
    )  # fmt: skip
    episode = ENVELOPE | {"id": "x1", "route_id": "r1", "status": "open", "valid_from": ".."}
    folder = write_pack(
        tmp_path / "q", SOUND, tables={"episodes": [episode]}, shapes={"routes": [route]}
    )
    (only,) = [text for text in lacks(read_pack(folder)) if "cutoff" in text]
    assert only.startswith("cutoff will answer 'unknown' for every settlement: the pack lacks land")
    assert "'background'" in only


def test_a_new_pack_says_what_cutoff_lacks_and_cutoff_says_it_too(tmp_path: Path) -> None:
    run, folder = CliRunner(), str(tmp_path / "p")
    told = "cutoff and route have nothing to go by: the pack lacks routes (draw them"
    begun = run.invoke(app, ["new", folder, "--country", "UY"])
    assert begun.exit_code == 0 and f"note: new: {told}" in begun.stderr
    asked = run.invoke(app, ["cutoff", "2010-01-01", "--pack", folder])
    assert f"note: {told}" in asked.stderr and "'background'" in asked.stderr
    assert told not in run.invoke(app, ["cutoff", "2010-01-01"]).stderr


STRANGE = st.sampled_from(
    ["", "x", "../..", "\ud800", "\x00", "1e999", "nan", "٣", 0, -1, 10**400, 1e308, float("inf"),
     float("nan"), True, None, [], {}, [[]], [None], {"en": 1}, {"": ""}, ["en", 3], "9" * 400]
)  # fmt: skip


def spots(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    if isinstance(value, dict):
        for key in value:
            found += spots(value[key], (*at, key))
    elif isinstance(value, list):
        for number in range(len(value)):
            found += spots(value[number], (*at, number))
    return found


def put(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = put(copy[at[0]], at[1:], new)
    return copy


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_value_of_the_settings_is_a_traceback(
    sound: dict[str, str], tmp_path: Path, data: st.DataObject
) -> None:
    import tomllib

    from atlas.record.settings import settings_faults

    whole = tomllib.loads(sound["pack.toml"])
    at = data.draw(st.sampled_from(spots(whole)))
    broken = put(whole, at, data.draw(STRANGE))
    for fault in settings_faults(broken, holders=frozenset("AB")):
        assert str(fault) and fault.remedy


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_change_of_a_file_is_a_traceback(
    sound: dict[str, str], tmp_path: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["areas.geojson", "basemap.geojson", "sources.json"]))
    whole = json.loads(sound[name])
    at = data.draw(st.sampled_from(spots(whole)))
    broken = json.dumps(put(whole, at, data.draw(STRANGE)))
    folder = plant(tmp_path / "p", sound | {name: broken})
    for fault in check_pack(folder):
        str(fault).encode("utf-8")
        assert fault.found
    with contextlib.suppress(AtlasError):
        basemap_frame(read_pack(folder))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_change_of_a_letter_is_a_traceback(
    sound: dict[str, str], tmp_path: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["pack.toml", "control.csv", "places.csv"]))
    text = sound[name]
    at = data.draw(st.integers(0, len(text)))
    put_in = data.draw(st.sampled_from(["", "\x00", '"', "[", "\ufeff", "\u2028", "=", "9" * 500]))
    rest = text[at + data.draw(st.integers(0, 3)) :]
    folder = plant(tmp_path / "p", sound | {name: text[:at] + put_in + rest})
    for fault in check_pack(folder):
        str(fault).encode("utf-8")
    with contextlib.suppress(AtlasError):
        read_pack(folder)
