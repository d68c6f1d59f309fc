"""The record on the ground as GeoJSON and KML: every row, with time, claimant and sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import geopandas as gpd
import pytest
from typer.testing import CliRunner

import atlas
from atlas.base.errors import InputError, PackError
from atlas.cli import app
from atlas.events.intake import read_events
from atlas.facade import export_format, export_pack
from atlas.figures.globe import features
from atlas.gazetteer import read_linked_places
from tests.record.test_exchange import rich_pack

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rich_pack(tmp_path_factory.mktemp("globe") / "pack")


@pytest.fixture(scope="module")
def by_id(pack: Path) -> dict[str, Any]:
    path = export_pack(pack, pack.parent / "record.geojson")
    return {one["id"]: one for one in json.loads(path.read_text(encoding="utf-8"))["features"]}


def test_every_row_that_lies_somewhere_is_there(by_id: dict[str, Any], pack: Path) -> None:
    tables = atlas.open(pack).pack
    layers = [key.split("/")[0] for key in by_id]
    assert layers.count("control") + layers.count("claims") == len(tables.control) == 4
    for layer in ("mandates", "events", "places"):
        assert layers.count(layer) == len(getattr(tables, layer)), layer
    assert layers.count("routes") == len(tables.episodes) == 2


def test_a_claim_stands_apart_and_says_whose_it_is(by_id: dict[str, Any]) -> None:
    claim = by_id["claims/c3"]["properties"]
    assert claim["according_to"] == ["Beland"] and "according to Beland" in claim["title"]
    assert "contested" in claim["title"]
    held = by_id["control/c1"]["properties"]
    assert "according_to" not in held and held["title"].endswith("Aland (held)")


def test_days_are_those_of_the_frames(by_id: dict[str, Any]) -> None:
    two = by_id["events/e2"]["properties"]
    assert (two["start"], two["end"]) == ("2001-05-06", "2001-05-10")
    spell = by_id["control/c1"]["properties"]
    assert spell["start"] == "2000-01-01" and "end" not in spell
    watch = by_id["mandates/m1"]["properties"]
    assert (watch["start"], watch["end"]) == ("2001-02-01", "2002-01-01")


def test_sources_are_written_out_and_shapes_are_the_records(by_id: dict[str, Any]) -> None:
    event = by_id["events/e1"]
    assert all(len(source) > len("s-n") for source in event["properties"]["sources"])
    assert event["geometry"]["coordinates"] == by_id["places/p00"]["geometry"]["coordinates"]
    assert by_id["events/e2"]["geometry"]["coordinates"] == [10.1, 50.1]
    whole, first = (by_id[f"routes/{key}"]["geometry"]["coordinates"] for key in ("q1", "q2"))
    assert whole[0] == first[0] and whole[-1] != first[-1]


def test_any_map_reads_it_and_so_do_we(pack: Path, by_id: dict[str, Any]) -> None:
    frame = gpd.read_file(pack.parent / "record.geojson")
    assert len(frame) == len(by_id) and str(frame.crs.to_epsg()) == "4326"
    events = read_events(pack.parent / "record.geojson", columns={"date": "event_date"})
    assert len(events.frame) + len(events.rejects) == len(by_id)
    assert {"e1", "e2", "e3"} <= set(events.frame["event_id"])


def test_kml_has_a_folder_a_layer_and_the_last_day(pack: Path) -> None:
    path = export_pack(pack, pack.parent / "record.kml")
    root = Xml.parse(path).getroot()
    folders = {one.findtext(f"{KML}name"): one for one in root.iter(f"{KML}Folder")}
    assert set(folders) == {
        "Control", "Claims of the parties", "Mandates", "Routes", "Events", "Places",
    }  # fmt: skip
    assert folders["Claims of the parties"].findtext(f"{KML}visibility") == "0"
    marks = {one.get("id"): one for one in root.iter(f"{KML}Placemark")}
    span = marks["events.e2"].find(f"{KML}TimeSpan")
    assert span is not None
    assert [part.text for part in span] == ["2001-05-06", "2001-05-09"]
    assert marks["events.e1"].findtext(f"{KML}TimeStamp/{KML}when") == "2001-05-06"
    styles = {f"#{one.get('id')}" for one in root.iter(f"{KML}Style")}
    assert {one.findtext(f"{KML}styleUrl") for one in marks.values()} <= styles
    own = read_events(path).frame
    assert own.loc[own["title"] == "Second", "event_date"].tolist() == ["2001-05-06/2001-05-09"]


def test_same_pack_same_bytes(pack: Path, tmp_path: Path) -> None:
    for ending in ("geojson", "kml", "jsonld"):
        one, two = (export_pack(pack, tmp_path / f"{n}.{ending}").read_bytes() for n in "ab")
        assert one == two


def test_names_come_as_linked_places(pack: Path, tmp_path: Path) -> None:
    path = export_pack(pack, tmp_path / "names.json", to="linked-places")
    places, names = read_linked_places(path)
    assert len(places) == len(atlas.open(pack).pack.places) and "Stadt" in set(names["name"])


def test_text_that_no_xml_may_hold_makes_no_broken_file(pack: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    rich_pack(own)
    path = own / "events.csv"
    path.write_text(path.read_text().replace("First", "<b>&]]>\x07 First"), encoding="utf-8")
    try:
        export_pack(own, tmp_path / "x.kml")
    except PackError:
        return  # the check refused it
    assert "First" in "".join(Xml.parse(tmp_path / "x.kml").getroot().itertext())


def test_a_wrong_ending_or_format_is_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has to end in \.kml"):
        export_format("a.gpkg", "kml")
    with pytest.raises(InputError, match="no format 'shp'"):
        export_format("a.shp", "shp")
    with pytest.raises(InputError, match=r"'a\.txt' has to end in \.gpkg or "):
        export_format("a.txt")
    ran = CliRunner().invoke(app, ["export", "cyprus", "-o", str(tmp_path / "a.txt")])
    assert isinstance(ran.exception, InputError) and not list(tmp_path.iterdir())


def test_each_feature_says_what_the_answers_say(pack: Path) -> None:
    a = atlas.open(pack)
    shown = {
        one.told["area_id"]: one.told["controller"]
        for one in features(a.pack)
        if one.layer == "control" and one.start <= "2001-05-06" and (one.end or "9") > "2001-05-06"
    }
    held = a.at("2001-05-06").control
    assert shown == dict(zip(held["area_id"], held["controller"], strict=True))
