"""A pack out to a GeoPackage and back: nothing changes but what a person changed."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from atlas.base.errors import InputError, PackError
from atlas.base.frames import drafting
from atlas.cli import app
from atlas.facade import export_pack
from atlas.record.compare import differences
from atlas.record.exchange import LAYERS, VIEWS, export_gpkg
from atlas.record.pack import check_pack
from atlas.record.rewrite import csv_with, json_with
from atlas.record.schema import TABLES
from atlas.record.takeback import import_gpkg
from tests.packs import ENVELOPE, place, spell, square, write_pack

Frame = Any
METHOD = {"geometry_method": "by hand", "uncertainty_m": 100.5, "source_ids": "s-n"}


def rich_pack(directory: Path) -> Path:
    """Every table, dates of every kind, shapes of every kind, text that needs quoting."""
    event = ENVELOPE | {"date_prec": "1", "where_prec": "1", "event_type": "battle",
                        "place_id": "p00", "summary": 'It "was", they say'}  # fmt: skip
    tables = {
        "places": [place("far", 11.9, 50.1, precision_m="500.0", population="12")],
        "names": [
            ENVELOPE | {"id": "n1", "place_id": "p00", "name": "Stadt", "lang": "en",
                        "script": "Latn", "status": "common", "used_by": "A|B"},
            ENVELOPE | {"id": "n2", "place_id": "p00", "name": "مدينة, Ĳ", "lang": "ar",
                        "script": "Arab", "status": "variant", "valid_to": "2004~"},
        ],
        "events": [
            event | {"id": "e1", "event_date": "2001-05-06", "title": "First"},
            event | {"id": "e2", "event_date": "2001-05-06/2001-05-09", "title": "Second",
                     "lon": "10.10", "lat": "50.1", "best": "3"},
            event | {"id": "e3", "event_date": "2003-02", "date_prec": "4", "title": "Third"},
        ],
        "actors": [ENVELOPE | {"id": "x1", "kind": "body", "name": "Council", "side": "A"}],
        "mandates": [
            ENVELOPE | {"id": "m1", "mission": "Watch", "zone_id": "z1", "zone_type": "area",
                        "authorised_from": "2001-01-01", "deployed_from": "2001-02",
                        "deployed_to": "2002"},
            ENVELOPE | {"id": "m2", "mission": "Watch", "zone_id": "z2", "zone_type": "post",
                        "authorised_from": "2001-01-01"},
        ],
        "episodes": [
            ENVELOPE | {"id": "q1", "route_id": "r1", "status": "open", "valid_to": "2005"},
            ENVELOPE | {"id": "q2", "route_id": "r1", "status": "blocked", "from_km": "0",
                        "to_km": "12.50", "valid_from": "2005"},
        ],
        "chapters": [
            ENVELOPE | {"id": "h1", "order": "1", "date": "2001-05-06", "lon": "10", "lat": "50",
                        "zoom": "8", "title": "One", "text": "Told."},
        ],
        "judgements": [
            {"id": "j1", "query": "Stadt", "candidate_place_id": "p00", "verdict": "same",
             "reason": "known", "decided_by": "us", "decided_on": "2020-01-01"},
        ],
        "displacement": [
            ENVELOPE | {"id": "d1", "who": "People", "measure": "flow", "movement": "departure",
                        "best": "10", "counted_by": "us"},
        ],
        "casualties": [
            ENVELOPE | {"id": "k1", "phase": "War", "who": "all", "role": "all",
                        "outcome": "killed", "best": "5", "counted_by": "us"},
        ],
    }  # fmt: skip
    line = {"type": "LineString", "coordinates": [[10.25, 50.25], [10.5, 50.3], [10.75, 50.25]]}
    zone = {"zone_type": "area", "valid_from": "2001-01-01", "valid_to": ""} | METHOD
    shapes: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
        "routes": [
            (METHOD | {"id": "r1", "name": "Road", "mode": "road", "from_place_id": "p00",
                       "to_place_id": "p10", "disputed_name": True}, line),
        ],
        "zones": [
            (zone | {"id": "z1", "name": "Zone"}, square(0, 0, 0.3)),
            (zone | {"id": "z2", "name": "Post"}, {"type": "Point", "coordinates": [10.1, 50.1]}),
            (zone | {"id": "z3", "name": "Line"}, line),
        ],
    }  # fmt: skip
    claim = spell("c3", "a00", "B", certainty="contested", asserted_by="B")
    rows = [spell("c1", "a00", "A", "2000-01-01"), spell("c2", "a10", "B", "2000-01-01", "2003~"),
            spell("c4", "a10", "A", "2003~"), claim]  # fmt: skip
    write_pack(directory, rows, tables=tables, shapes=shapes)
    assert check_pack(directory) == []
    return directory


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export_pack(rich_pack(folder / "pack"), folder / "pack.gpkg")
    return folder


@pytest.fixture
def pack(exported: Path, tmp_path: Path) -> Path:
    """A fresh copy of pack and export."""
    shutil.copytree(exported, tmp_path / "own")
    return tmp_path / "own" / "pack"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def layer_of(path: Path, name: str) -> Frame:
    return pyogrio.read_dataframe(path, layer=name)


def save(frame: Frame, path: Path, name: str) -> None:
    """Replace a layer, as QGIS does that saves over it."""
    with warnings.catch_warnings(), drafting():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=path.exists())


def edit(pack: Path, *statements: str) -> Path:
    """Edit the export by SQL, as cells are edited in a table."""
    path = pack.with_suffix(".gpkg")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA synchronous = OFF")
        triggers = file.execute("SELECT name FROM sqlite_master WHERE type='trigger' "
                                "AND name LIKE 'rtree%'").fetchall()  # fmt: skip
        for (name,) in triggers:  # they call functions that only GDAL has
            file.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            file.execute(statement)
    return path


def changed(found: Frame) -> list[tuple[str, ...]]:
    return [tuple(row) for row in found[["table", "id", "change", "column", "before", "after"]]
            .itertuples(index=False)]  # fmt: skip


# --- out ------------------------------------------------------------------------------------------


def test_every_table_is_a_layer_with_typed_cells(exported: Path) -> None:
    path = exported / "pack.gpkg"
    names = {str(name) for name, _ in pyogrio.list_layers(path)}
    views = {"control_map", "episodes_map", "mandates_areas", "mandates_lines", "mandates_points"}
    assert names == set(LAYERS) | views | {"layer_styles"} and views == set(VIEWS)
    held = {layer.table for layer in LAYERS.values()}
    assert held == set(TABLES)
    control = layer_of(path, "control").set_index("id")
    assert str(control.loc["c2", "end"].date()) == "2003-01-01" and pd.isna(
        control.loc["c4", "end"]
    )
    assert control.loc["c2", "valid_to"] == "2003~"
    events = layer_of(path, "events").set_index("id")
    assert events.geometry["e1"].coords[0] == (10.25, 50.25)  # where its place is
    assert events.geometry["e2"].coords[0] == (10.1, 50.1)
    assert events.loc["e2", "best"] == 3 and pd.isna(events.loc["e1", "best"])
    assert str(events.loc["e3", "end"].date()) == "2003-03-01"
    assert layer_of(path, "areas")["label"].fillna("").tolist() == ["Stadt", ""]


def test_both_sides_names_stand_on_a_label(tmp_path: Path) -> None:
    names = [ENVELOPE | {"id": f"n{who}", "place_id": "p00", "name": name, "lang": "en",
                         "script": "Latn", "status": "official", "used_by": who}
             for who, name in (("A", "Aburg"), ("B", "Bgrad"))]  # fmt: skip
    rows = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
    folder = write_pack(tmp_path / "p", rows, tables={"names": names})
    out = export_gpkg(folder, tmp_path / "p.gpkg")
    assert layer_of(out, "areas")["label"][0] == "Aburg / Bgrad"
    taken = import_gpkg(edit(folder, "UPDATE control SET certainty = 'probable'"), folder)
    assert taken.notes == () and set(taken.changes["name"]) == {
        "Aburg / Bgrad, A from always", "a10, B from always"
    }  # fmt: skip


def test_the_eye_s_layers_join_control_and_stretches(exported: Path) -> None:
    path = exported / "pack.gpkg"
    control = layer_of(path, "control_map").set_index("id")
    assert len(control) == 4 and control.geometry["c2"].contains(shapely.Point(10.75, 50.25))
    stretch = layer_of(path, "episodes_map").set_index("id").geometry
    assert 0.1 < stretch["q2"].length < stretch["q1"].length
    assert layer_of(path, "mandates_points")["id"].tolist() == ["m2"]


def test_styles_stand_where_qgis_looks_for_them(exported: Path) -> None:
    with closing(sqlite3.connect(exported / "pack.gpkg")) as file:
        styles = dict(file.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    assert set(styles) == set(LAYERS) | set(VIEWS)
    assert 'startField="start"' in styles["control_map"] and "91,141,184" in styles["control_map"]
    assert 'name="map"' in styles["control"] and "temporal" not in styles["areas"]


def test_the_same_pack_makes_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    again = export_pack(exported / "pack", tmp_path / "again.gpkg")
    assert again.read_bytes() == (exported / "pack.gpkg").read_bytes()


def test_a_pack_with_faults_goes_out_to_be_mended(pack: Path, tmp_path: Path) -> None:
    path = pack / "control.csv"
    path.write_text(path.read_text("utf-8").replace("2003~", "soon"), encoding="utf-8")
    out = export_gpkg(pack, tmp_path / "x.gpkg")
    assert layer_of(out, "control")["end"].isna().all()
    assert differences(pack, out).empty
    (pack / "names.csv").write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"names\.csv"):
        export_gpkg(pack, tmp_path / "y.gpkg")
    assert not (tmp_path / "y.gpkg").exists()


# --- back: nothing --------------------------------------------------------------------------------


def test_an_unedited_round_trip_leaves_every_byte(pack: Path) -> None:
    before = bytes_of(pack)
    taken = import_gpkg(pack.with_suffix(".gpkg"), pack)
    assert taken.files == () and taken.changes.empty and taken.notes == ()
    assert bytes_of(pack) == before


@pytest.mark.parametrize("name", ["cyprus", "south-caucasus"])
def test_shipped_packs_come_back_whole(name: str, tmp_path: Path) -> None:
    path = export_pack(name, tmp_path / "x.gpkg")
    assert (differences(name, path) if name == "cyprus" else differences(path, name)).empty


def test_what_qgis_does_by_itself_is_no_edit(pack: Path) -> None:
    """Rows and columns in another order, new row numbers, metres, NULL, dates for text, a copy."""
    path = pack.with_name("again.gpkg")
    for name in LAYERS:
        frame = layer_of(pack.with_suffix(".gpkg"), name)
        frame = frame.iloc[::-1].reset_index(drop=True)
        frame = frame[sorted(frame.columns, reverse=True)]
        if isinstance(frame, gpd.GeoDataFrame):
            frame = frame.to_crs("EPSG:3857") if len(frame) else frame
        if name == "control":
            # A column of text made one of dates: it can't hold '2003~'.
            for column in ("valid_from", "valid_to"):
                frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d", errors="coerce")
            frame = frame.assign(fid_2=range(len(frame)), path="x")
        if name == "zones_areas":
            name = "pack — zones_areas"
        if name == "routes":
            name = "my roads"
        save(frame, path, name)
    before = bytes_of(pack)
    taken = import_gpkg(path, pack)
    assert taken.changes.empty and bytes_of(pack) == before
    told = " ".join(taken.notes)
    assert "'my roads' is read as routes" in told and "'2003~'" in told and "fid_2, path" in told


def test_layers_that_are_missing_stay(pack: Path) -> None:
    path = pack.with_name("one.gpkg")
    save(layer_of(pack.with_suffix(".gpkg"), "zones_points").iloc[:0], path, "zones_points")
    frame = layer_of(pack.with_suffix(".gpkg"), "names").drop(columns=["note", "romanised"])
    save(frame, path, "names")
    found = differences(pack, path)
    assert changed(found)[0][:3] == ("zones", "z2", "removed") and len(found) == 1
    with pytest.raises(PackError, match="z2"):  # a mandate names it
        import_gpkg(path, pack)


# --- back: edits ----------------------------------------------------------------------------------


def test_cells_rows_and_points(pack: Path) -> None:
    before = bytes_of(pack)
    path = edit(
        pack,
        "UPDATE control SET certainty = 'probable', note = NULL WHERE id = 'c1'",
        "UPDATE places SET population = 13 WHERE id = 'far'",
        "UPDATE names SET name = 'Город, \"новый\"' WHERE id = 'n1'",
        "DELETE FROM events WHERE id = 'e2'",
        "INSERT INTO names (id, place_id, name, lang, script, status, certainty, source_ids) "
        "VALUES ('n0', 'p10', 'Ville', 'fr', 'Latn', 'common', 'certain', 's-n')",
        "UPDATE sources SET title = 'Another', issued = '2002-03' WHERE id = 's-b'",
        "UPDATE routes SET disputed_name = 0, uncertainty_m = 200 WHERE id = 'r1'",
    )
    taken = import_gpkg(path, pack)
    assert [row[:4] for row in changed(taken.changes)] == [
        ("sources", "s-b", "changed", "title"), ("sources", "s-b", "changed", "issued"),
        ("places", "far", "changed", "population"),
        ("names", "n0", "added", ""), ("names", "n1", "changed", "name"),
        ("control", "c1", "changed", "certainty"), ("events", "e2", "removed", ""),
        ("routes", "r1", "changed", "disputed_name"), ("routes", "r1", "changed", "uncertainty_m"),
    ]  # fmt: skip
    assert check_pack(pack) == [] and differences(pack, path).empty
    after = bytes_of(pack)
    # Lines that nobody touched are the lines that there were.
    for name, lost, new in [("names.csv", 1, 2), ("control.csv", 1, 1), ("events.csv", 1, 0)]:
        was, now = (set(files[name].splitlines()) for files in (before, after))
        assert (len(was - now), len(now - was)) == (lost, new), name
    rows = list(csv.DictReader((pack / "names.csv").open(encoding="utf-8")))
    assert [row["id"] for row in rows] == ["n0", "n1", "n2"]
    assert rows[1]["name"] == 'Город, "новый"'
    item = json.loads((pack / "sources.json").read_text("utf-8"))[1]
    assert item["title"] == "Another" and item["issued"] == {"date-parts": [[2002, 3]]}
    route = json.loads((pack / "routes.geojson").read_text("utf-8"))["features"][0]["properties"]
    assert route["disputed_name"] is False and route["uncertainty_m"] == 200
    same = {name for name in before if before[name] == after[name]}
    assert {"areas.geojson", "zones.geojson", "pack.toml", "mandates.csv"} <= same


def test_points_moved_on_the_map(pack: Path) -> None:
    path = pack.with_suffix(".gpkg")
    places = layer_of(path, "places")
    places.loc[places["id"] == "p00", "geometry"] = shapely.Point(10.3, 50.21234567)
    events = layer_of(path, "events")
    events.loc[events["id"] == "e3", "geometry"] = shapely.Point(10.4, 50.4)
    edited = pack.with_name("moved.gpkg")
    save(places.to_crs("EPSG:32632"), edited, "places")
    save(events, edited, "events")
    found = import_gpkg(edited, pack).changes
    assert changed(found) == [
        ("places", "p00", "changed", "lon", "10.25", "10.30000"),
        ("places", "p00", "changed", "lat", "50.25", "50.21235"),
        # e1 stays where its place was: it has no point of its own and goes with its place.
        ("events", "e3", "changed", "lon", "", "10.40000"),
        ("events", "e3", "changed", "lat", "", "50.40000"),
    ]
    # Taken once more it is no edit, although the place is no longer where it was.
    assert import_gpkg(edited, pack).changes.empty


def test_a_border_moved_on_both_sides(pack: Path) -> None:
    path = pack.with_suffix(".gpkg")
    areas = layer_of(path, "areas").to_crs("EPSG:3857")
    corner = gpd.GeoSeries([shapely.Point(10.5, 50.5), shapely.Point(10.6, 50.5)], crs="EPSG:4326")
    old, new = (point.coords[0] for point in corner.to_crs("EPSG:3857"))

    def pull(xy: Any) -> Any:
        near = np.abs(xy - old).max(axis=1) < 1
        return np.where(near[:, None], new, xy)

    areas.geometry = shapely.transform(areas.geometry.to_numpy(), pull)
    edited = pack.with_name("moved.gpkg")
    save(areas, edited, "areas")
    found = import_gpkg(edited, pack).changes
    assert [row[:4] for row in changed(found)] == [
        ("areas", "a00", "changed", "geometry"), ("areas", "a10", "changed", "geometry")
    ]  # fmt: skip
    west, east = found.to_dict("records")
    assert west["gained_km2"] == pytest.approx(east["lost_km2"]) and west["gained_km2"] > 100
    assert west["lost_km2"] == pytest.approx(0, abs=1e-6)
    assert check_pack(pack) == []
    # The points that were not moved are the very ones that there were.
    shapes = json.loads((pack / "areas.geojson").read_text("utf-8"))["features"]
    assert [10.0, 50.0] in shapes[0]["geometry"]["coordinates"][0]
    assert shapes[0]["geometry"]["type"] == "Polygon"


def test_dates_by_text_or_by_day(pack: Path) -> None:
    path = edit(
        pack,
        "UPDATE control SET \"end\" = '2004-05-06' WHERE id = 'c2'",
        "UPDATE control SET start = '2004-05-06' WHERE id = 'c4'",
        "UPDATE episodes SET valid_to = '2004-05' WHERE id = 'q1'",
        "UPDATE episodes SET valid_from = '2004-05', start = '2004-05-01' WHERE id = 'q2'",
        "UPDATE events SET start = '2001-05-08' WHERE id = 'e1'",
        "UPDATE events SET start = '2001-05-01', \"end\" = '2001-05-02' WHERE id = 'e2'",
        "UPDATE events SET date_prec = 1, start = '2003-02-03', \"end\" = '2003-02-06' "
        "WHERE id = 'e3'",
        "UPDATE mandates SET deployed_end = NULL WHERE id = 'm1'",
    )
    found = import_gpkg(path, pack).changes
    told = {(row[1], row[3]): row[5] for row in changed(found)}
    assert told == {
        ("c2", "valid_to"): "2004-05-06", ("c4", "valid_from"): "2004-05-06",
        ("q1", "valid_to"): "2004-05", ("q2", "valid_from"): "2004-05",
        ("e1", "event_date"): "2001-05-08", ("e2", "event_date"): "2001-05-01",
        ("e3", "event_date"): "2003-02-03/2003-02-05", ("e3", "date_prec"): "1",
        ("m1", "deployed_to"): "",
    }  # fmt: skip
    assert check_pack(pack) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE control SET valid_to = '2004', \"end\" = '2005-01-01' WHERE id = 'c2'",
         "control c2: valid_to says '2004' and end 2005-01-01"),
        ("UPDATE names SET id = 'n1'", "names, row 2: the id 'n1' is that of another row"),
        ("UPDATE names SET id = NULL WHERE id = 'n1'", "names, row 1: no id"),
        ("UPDATE events SET start = NULL WHERE id = 'e2'", "events e2: start is nothing"),
        ("UPDATE areas SET geom = NULL WHERE id = 'a00'", "areas a00: no shape"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(pack: Path, statement: str, told: str) -> None:
    before = bytes_of(pack)
    with pytest.raises(InputError, match=told):
        import_gpkg(edit(pack, statement), pack)
    assert bytes_of(pack) == before


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE control SET controller = 'Z' WHERE id = 'c1'", "an id of pack.toml's parties"),
        ("UPDATE episodes SET status = 'shut' WHERE id = 'q1'", "'shut'"),
        ("DELETE FROM areas WHERE id = 'a00'", "'a00'"),
        ("UPDATE control SET valid_to = 'soon' WHERE id = 'c2'", "'soon'"),
    ],
)
def test_new_faults_are_told_and_nothing_is_written(pack: Path, statement: str, told: str) -> None:
    before = bytes_of(pack)
    with pytest.raises(PackError, match=told):
        import_gpkg(edit(pack, statement), pack)
    assert bytes_of(pack) == before


def test_faults_that_were_there_do_not_stand_in_the_way(pack: Path) -> None:
    path = pack / "names.csv"
    path.write_text(path.read_text("utf-8").replace("Stadt", "Bad\x07"), encoding="utf-8")
    assert len(check_pack(pack)) == 1
    edited = edit(pack, "UPDATE control SET certainty = 'probable' WHERE id = 'c1'",
                  "DROP TABLE names")  # fmt: skip
    taken = import_gpkg(edited, pack)
    assert [file.name for file in taken.files] == ["control.csv"] and len(check_pack(pack)) == 1


def test_rows_that_the_file_s_own_count_leaves_out_are_not_lost(pack: Path) -> None:
    path = edit(pack, "UPDATE gpkg_ogr_contents SET feature_count = 1 WHERE table_name = 'names'",
                "UPDATE names SET name = 'Town' WHERE id = 'n2'")  # fmt: skip
    found = import_gpkg(path, pack).changes
    assert changed(found) == [("names", "n2", "changed", "name", "مدينة, Ĳ", "Town")]


def test_labels_are_made_and_not_taken(pack: Path) -> None:
    taken = import_gpkg(edit(pack, "UPDATE areas SET label = 'Mine' WHERE id = 'a00'"), pack)
    assert taken.files == () and "edit the names there" in taken.notes[0]


def test_a_table_that_the_pack_had_not_and_a_language_that_it_has(pack: Path) -> None:
    for name in ("chapters.csv", "zones.geojson", "mandates.csv"):
        (pack / name).unlink()
    toml = pack / "pack.toml"
    toml.write_text(toml.read_text("utf-8").replace('["en"]', '["en", "de"]'), encoding="utf-8")
    path = edit(pack, "ALTER TABLE events ADD COLUMN title_de TEXT",
                "ALTER TABLE events ADD COLUMN title_xx TEXT",
                "UPDATE events SET title_de = 'Erstes', title_xx = 'x' WHERE id = 'e1'",
                "UPDATE events SET note = 'seen' WHERE id = 'e2'")  # fmt: skip
    taken = import_gpkg(path, pack)
    names = {file.name for file in taken.files}
    assert names == {"chapters.csv", "zones.geojson", "mandates.csv", "events.csv"}
    assert check_pack(pack) == [] and differences(pack, path).empty
    rows = list(csv.DictReader((pack / "events.csv").open(encoding="utf-8")))
    assert [row["title_de"] for row in rows] == ["Erstes", "", ""]
    assert any("title_xx" in note for note in taken.notes)


def test_no_geopackage_and_one_of_something_else(pack: Path, tmp_path: Path) -> None:
    bad = tmp_path / "x.gpkg"
    with pytest.raises(InputError, match="no file"):
        import_gpkg(bad, pack)
    bad.write_text("<OGRVRTDataSource/>")
    with pytest.raises(InputError, match="no GeoPackage"):
        import_gpkg(bad, pack)
    with closing(sqlite3.connect(tmp_path / "plain.gpkg")) as file, file:
        file.execute("CREATE TABLE names (id TEXT)")
    with pytest.raises(InputError, match="no GeoPackage"):
        import_gpkg(tmp_path / "plain.gpkg", pack)
    other = tmp_path / "other.gpkg"
    save(gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=4326), other, "things")
    with pytest.raises(InputError, match="holds no table of a pack; it has things"):
        import_gpkg(other, pack)
    areas = layer_of(pack.with_suffix(".gpkg"), "areas")
    areas.geometry = areas.geometry.scale(1000, 1000, origin=(0, 0))
    save(areas, tmp_path / "wrong.gpkg", "areas")
    with pytest.raises(InputError, match="which are no degrees"):
        import_gpkg(tmp_path / "wrong.gpkg", pack)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        save(areas.set_crs(None, allow_override=True), tmp_path / "bare.gpkg", "areas")
    with pytest.raises(InputError, match=r"no CRS|no degrees"):
        import_gpkg(tmp_path / "bare.gpkg", pack)


NOTED = {"names": "n1", "control": "c4", "events": "e3", "mandates": "m2", "episodes": "q1",
         "places": "far", "routes": "r1", "areas": "a10"}  # fmt: skip
TEXT = st.text(st.sampled_from("abcЯжع中 ,;\"'|-=+1.0\\{}[]:é"), max_size=12)


@given(edits=st.dictionaries(st.sampled_from(sorted(NOTED)), TEXT, min_size=1))
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_comes_back_where_it_was_written(
    edits: dict[str, str], exported: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(exported / "pack", folder / "pack")
    shutil.copy(exported / "pack.gpkg", folder / "pack.gpkg")
    quoted = {name: text.replace("'", "''") for name, text in edits.items()}
    path = edit(folder / "pack", *(
        f"UPDATE {name} SET note = '{text}' WHERE id = '{NOTED[name]}'"
        for name, text in quoted.items()
    ))  # fmt: skip
    taken = import_gpkg(path, folder / "pack")
    told = {(row[0], row[1], row[3], row[5]) for row in changed(taken.changes)}
    assert told == {(name, NOTED[name], "note", text.strip())
                    for name, text in edits.items() if text.strip()}  # fmt: skip
    again = changed(differences(exported / "pack", folder / "pack"))
    assert again == changed(taken.changes)


# --- the files themselves -----------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)


@given(
    rows=st.dictionaries(st.from_regex("[a-f][0-9]", fullmatch=True), WORDS, min_size=1),
    new=st.dictionaries(st.from_regex("[a-f][0-9]", fullmatch=True), WORDS, max_size=4),
    gone=st.sets(st.from_regex("[a-f][0-9]", fullmatch=True), max_size=4),
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_rewriting_holds_what_it_says(
    rows: dict[str, str], new: dict[str, str], gone: set[str]
) -> None:
    gone -= set(new)
    expected = {key: text for key, text in (rows | new).items() if key not in gone}
    added = {key: text for key, text in new.items() if key not in rows}
    changed = {key: text for key, text in new.items() if key in rows}
    text = csv_with("id,t\n", "t", added=[{"id": key, "t": cell} for key, cell in rows.items()])
    after = csv_with(text, "t", added=[{"id": k, "t": v} for k, v in added.items()],
                     changed={k: {"t": v} for k, v in changed.items()}, removed=gone)  # fmt: skip
    read = {row["id"]: row["t"] for row in csv.DictReader(after.split("\n"))}
    assert read == expected and list(read) == sorted(read)
    for indent in (None, 1, 2):
        whole = json.dumps(
            {"features": [{"id": k, "t": v} for k, v in sorted(rows.items())]}, indent=indent
        )
        out = json_with(whole, "t", id_of=lambda item: item["id"], within="features", removed=gone,
                        added=[{"id": k, "t": v} for k, v in added.items()],
                        changed={k: {"id": k, "t": v} for k, v in changed.items()})  # fmt: skip
        assert {item["id"]: item["t"] for item in json.loads(out)["features"]} == expected
        assert json_with(whole, "t", id_of=lambda item: item["id"], within="features") == whole


def test_lines_that_stay_keep_their_writing() -> None:
    text = '\ufeffid,a,b\r\n"x", 1 ,"two\r\nlines"\r\nz,"3",\r\n'
    after = csv_with(text, "t", added=[{"id": "y", "a": "é"}], changed={"z": {"b": "4"}})
    assert after == '\ufeffid,a,b\r\n"x", 1 ,"two\r\nlines"\r\ny,é,\r\nz,3,4\r\n'
    with pytest.raises(InputError, match="has a row 'x' already"):
        csv_with(text, "t", added=[{"id": "x"}])
    with pytest.raises(InputError, match="no column c"):
        csv_with(text, "t", changed={"x": {"c": "1"}})


# --- the commands -------------------------------------------------------------------------------


def test_the_walk_on_the_command_line(pack: Path) -> None:
    run, out = CliRunner(), pack.with_name("out.gpkg")
    done = run.invoke(app, ["export", str(pack), "--to", "gpkg", "-o", str(out)])
    assert done.exit_code == 0 and f"atlas import {out}" in done.output
    shutil.move(out, pack.with_suffix(".gpkg"))
    path = edit(pack, "UPDATE control SET certainty = 'probable' WHERE id = 'c1'")
    before = bytes_of(pack)
    shown = run.invoke(app, ["import", str(path), "--into", str(pack), "--dry-run"])
    assert shown.exit_code == 0 and bytes_of(pack) == before
    assert (
        "  ~ c1  (Stadt, A from 2000-01-01)\n      certainty: certain -> probable" in shown.output
    )
    shown = run.invoke(app, ["diff", str(pack), str(path), "--json"])
    assert shown.exit_code == 1 and json.loads(shown.stdout)[0]["after"] == "probable"
    table = pack.with_name("changes.csv")
    assert run.invoke(app, ["diff", str(pack), str(path), "-o", str(table)]).exit_code == 1
    assert next(csv.DictReader(table.open(encoding="utf-8")))["name"] == "Stadt, A from 2000-01-01"
    done = run.invoke(app, ["import", str(path), "--into", str(pack)])
    assert done.exit_code == 0 and "wrote control.csv" in done.output
    assert run.invoke(app, ["diff", str(pack), str(path)]).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["export", "cyprus", "-o", "x.shp"],
        ["export", "cyprus", "-o", "nowhere/x.gpkg"],
        ["export", "cyprus", "--to", "shp", "-o", "x.gpkg"],
        ["export", "atlantis", "-o", "x.gpkg"],
        ["import", "none.gpkg", "--into", "cyprus"],
        ["diff", "cyprus", "cyprus", "-o", "x.doc"],
    ],
)
def test_wrong_usage_is_one_sentence(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((InputError, LookupError)) as refused:
        CliRunner().invoke(app, words, catch_exceptions=False)
    assert len(str(refused.value).splitlines()) == 1 and not list(tmp_path.iterdir())


def test_a_table_that_is_a_question_without_end_is_not_asked(
    tmp_path: Path,
) -> None:
    pack = write_pack(tmp_path / "p", [spell("c1", "a00", "A"), spell("c2", "a10", "B")])
    file = export_gpkg(pack, tmp_path / "p.gpkg")
    with closing(sqlite3.connect(file)) as held, held:
        held.execute("DROP TABLE names")
        held.execute(
            "CREATE VIEW names AS WITH RECURSIVE r(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS fid, n AS id FROM r"
        )
    taken = import_gpkg(file, pack)
    assert taken.files == () and any("'names' is made from others" in one for one in taken.notes)
