"""Dated polygons come back out of the pack they are turned into, day by day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from atlas.answers import control
from atlas.base.crs import area_km2
from atlas.base.errors import InputError
from atlas.base.timespan import format_day, parse_day
from atlas.cli import app
from atlas.layers import layer_set
from atlas.record.pack import check_pack, read_pack
from atlas.record.snapshots import import_snapshots, read_snapshots

IDS = {"controller": "red", "other": "blue"}


def write(path: Path, *shapes: Any, **properties: Any) -> Path:
    features = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(s))}
        for s in shapes
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def daily(tmp_path: Path) -> list[Path]:
    """A front that moves east, redrawn a few metres off on the third day, with an island."""
    west = shapely.box(30, 48, 30.5, 49)
    further = shapely.box(30, 48, 30.7, 49)
    redrawn = shapely.union(shapely.box(30, 48, 30.7001, 49), shapely.box(31, 48.4, 31.1, 48.5))
    return [
        write(tmp_path / f"held_{day}.geojson", shape)
        for day, shape in [
            ("20240105", west), ("20240112", further), ("2024-01-19", redrawn), ("20240126", west),
        ]
    ]  # fmt: skip


def held(directory: Path, day: str, by: str = "red") -> Any:
    rows = control.at(read_pack(directory), parse_day(day))
    return shapely.union_all(rows.geometry[rows["controller"] == by].to_numpy())


def test_every_snapshot_comes_back(daily: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "pack"
    result = import_snapshots(daily, out, **IDS, tolerance_m=25)
    assert check_pack(out) == []
    assert result.snapshots["date"].tolist() == [
        "2024-01-05", "2024-01-12", "2024-01-19", "2024-01-26",
    ]  # fmt: skip
    for path, row in zip(daily, result.snapshots.itertuples(), strict=True):
        whole = gpd.read_file(path).union_all()
        difference = shapely.symmetric_difference(whole, held(out, row.date))
        measured = float(area_km2([difference])[0])
        assert measured == pytest.approx(row.difference_km2, abs=1e-6)
        assert measured <= row.limit_km2
        # The days between belong to the earlier snapshot.
        later = format_day(parse_day(row.date) + 6)
        assert shapely.equals(held(out, later), held(out, row.date))
    # West; the strip gained on the second day and lost on the last; the island.
    assert (result.areas, result.intervals) == (3, 1 + 3 + 3)
    assert result.slivers == 1 and 0 < result.sliver_km2 < 1


def test_without_tolerance_nothing_is_merged(daily: list[Path], tmp_path: Path) -> None:
    exact = import_snapshots(daily, tmp_path / "pack", **IDS, tolerance_m=0)
    # The strip and the island were both held on the third day only: one history, one area.
    assert (exact.slivers, exact.areas) == (0, 3)
    assert exact.snapshots["difference_km2"].max() < 1e-6


def test_the_ground_of_others_adds_up(daily: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "pack"
    import_snapshots(daily, out, **IDS)
    pack = read_pack(out)
    series = control.series(pack)
    assert np.ptp(series.sum(axis=1)) == pytest.approx(0, abs=1e-6)
    moved = control.net_changes(pack, parse_day("2024-01-05"), parse_day("2024-01-19"))
    assert moved.sum() == pytest.approx(0, abs=1e-9) and moved["red"] > 0
    rows = pack.control[pack.control["valid_from"] != "2024-01-05"]
    assert rows["note"].str.contains("Changed between").all()
    assert (pack.control["certainty"] == "probable").all()


def test_an_enclave_belongs_to_the_other(tmp_path: Path) -> None:
    ring = shapely.difference(shapely.box(30, 48, 31, 49), shapely.box(30.4, 48.4, 30.6, 48.6))
    out = tmp_path / "pack"
    import_snapshots([write(tmp_path / "20240101.geojson", ring)], out, **IDS)
    assert check_pack(out) == []
    assert held(out, "2024-01-01", "blue").contains(shapely.Point(30.5, 48.5))


def test_same_files_same_bytes(daily: list[Path], tmp_path: Path) -> None:
    for name in ("one", "two"):
        import_snapshots(daily[:: 1 if name == "one" else -1], tmp_path / name / "p", **IDS)
    files = sorted(path.name for path in (tmp_path / "one/p").iterdir())
    for name in files:
        assert (tmp_path / "one/p" / name).read_bytes() == (tmp_path / "two/p" / name).read_bytes()


def test_dates_from_properties(tmp_path: Path) -> None:
    features = [
        (shapely.box(30, 48, 31, 49), "2024-02-01"),
        (shapely.box(30, 48, 32, 49), "2024-02-08"),
    ]
    frame = gpd.GeoDataFrame(
        {"date": [day for _, day in features]}, geometry=[s for s, _ in features], crs=4326
    )
    path = tmp_path / "all.geojson"
    frame.to_file(path)
    assert [format_day(s.day) for s in read_snapshots([path])] == ["2024-02-01", "2024-02-08"]


def test_another_crs_is_reprojected(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.box(30, 48, 31, 49)], crs=4326).to_crs(3857)
    frame.to_file(tmp_path / "s20240101.gpkg")
    (snapshot,) = read_snapshots([tmp_path / "s20240101.gpkg"])
    assert snapshot.geometry.bounds == pytest.approx((30, 48, 31, 49))


def test_a_crossed_outline_is_mended_and_told(tmp_path: Path) -> None:
    bow = shapely.Polygon([(30, 48), (31, 49), (31, 48), (30, 49)])
    result = import_snapshots([write(tmp_path / "20240101.geojson", bow)], tmp_path / "pack", **IDS)
    assert "repaired" in result.notes[0] and check_pack(tmp_path / "pack") == []


BOX = shapely.box(30, 48, 31, 49)


@pytest.mark.parametrize(
    ("name", "shapes", "message"),
    [
        ("undated.geojson", [BOX], "has no date"),
        ("20240230.geojson", [BOX], "2024-02-30"),
        ("20240101.geojson", [], "no ground is left"),
        ("20240101.geojson", [shapely.LineString([(30, 48), (31, 49)])], "no polygons"),
        ("20240101.geojson", [shapely.box(300000, 48, 310000, 49)], "no degrees"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, name: str, shapes: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        import_snapshots([write(tmp_path / name, *shapes)], tmp_path / "pack", **IDS)
    assert not (tmp_path / "pack").exists()


def test_bad_arguments_are_refused(daily: list[Path], tmp_path: Path) -> None:
    (tmp_path / "20240101.geojson").write_text("{")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("precious")
    twice = write(tmp_path / "again_20240105.geojson", BOX)
    out = tmp_path / "pack"
    for paths, where, ids, message in [
        ([], out, IDS, "no snapshots"),
        ([tmp_path / "nosuch.geojson"], out, IDS, "no file"),
        ([tmp_path / "20240101.geojson"], out, IDS, "is no GeoJSON"),
        ([*daily, twice], out, IDS, "one snapshot a day"),
        (daily, tmp_path / "mine", IDS, "exists already; give a new folder"),
        (daily, out, {"controller": "red", "other": "red"}, "two ids"),
        (daily, out, {"controller": "the reds", "other": "blue"}, "no id of a party"),
        (daily, out, IDS | {"tolerance_m": -1}, "tolerance"),
    ]:
        with pytest.raises(InputError, match=message):
            import_snapshots(paths, where, **ids)
    assert not out.exists() and (tmp_path / "mine/thesis.txt").read_text() == "precious"


def test_an_existing_pack_is_never_replaced(daily: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "pack"
    import_snapshots(daily, out, **IDS)
    (out / "notes.txt").write_text("a month of work")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(InputError, match="exists already; give a new folder"):
        import_snapshots(daily[:1], out, **IDS)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    empty = tmp_path / "empty"
    empty.mkdir()
    assert import_snapshots(daily, empty, **IDS).areas == 3


def test_properties_that_are_not_used_are_named(daily: list[Path], tmp_path: Path) -> None:
    said = write(tmp_path / "20240105.geojson", BOX, holder="somebody", name="north")
    (note,) = import_snapshots([said], tmp_path / "said", **IDS).notes
    assert "properties are not used (holder, name)" in note and "controller" in note
    assert import_snapshots(daily, tmp_path / "plain", **IDS).notes == ()


cells = st.lists(
    st.frozensets(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=12),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells)
def test_any_sequence_of_shapes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, days: list[frozenset[tuple[int, int]]]
) -> None:
    folder = tmp_path_factory.mktemp("snapshots")
    paths = [
        write(
            folder / f"2024010{n + 1}.geojson",
            shapely.union_all([shapely.box(30 + x, 48 + y, 31 + x, 49 + y) for x, y in day]),
        )
        for n, day in enumerate(days)
    ]
    result = import_snapshots(paths, folder / "pack", **IDS)
    assert result.snapshots["difference_km2"].max() < 1e-6
    assert check_pack(folder / "pack") == []
    pack = read_pack(folder / "pack")
    for number, day in enumerate(days):
        rows = control.at(pack, parse_day(f"2024-01-0{number + 1}"))
        red = shapely.union_all(rows.geometry[rows["controller"] == "red"].to_numpy())
        assert red.area == pytest.approx(len(day))


def test_the_command_tells_the_difference(daily: list[Path], tmp_path: Path) -> None:
    words = ["control", "import", *map(str, daily), "-o", str(tmp_path / "p"), "--json"]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.stdout)
    assert told["areas"] == 3 and len(told["snapshots"]) == 4


def test_parties_are_called_by_names_not_by_ids(daily: list[Path], tmp_path: Path) -> None:
    import_snapshots(daily, tmp_path / "plain", controller="side_a", other="side_b")
    parties = read_pack(tmp_path / "plain").meta.parties
    assert {party.label() for party in parties.values()} == {"Side A", "Side B"}
    named = {"controller_name": "The north", "other_name": "The south"}
    import_snapshots(daily, tmp_path / "named", controller="side_a", other="side_b", **named)
    parties = read_pack(tmp_path / "named").meta.parties
    assert parties["side_a"].label("ru") == "The north"
    # A pack made before, with ids for names.
    path = tmp_path / "plain" / "pack.toml"
    text = path.read_text("utf-8").replace('"Side A"', '"side_a"')
    path.write_text(text.replace('"Side B"', '"side_b"'), encoding="utf-8")
    pack = read_pack(tmp_path / "plain")
    assert [style.names["en"] for style in layer_set(pack).parties] == ["Side B", "Side A"]


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    geometry = shape if isinstance(shape, dict) else json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def test_all_layers_of_a_file_are_used(tmp_path: Path) -> None:
    ring = "<LinearRing><coordinates>{0},48 {0},49 {1},49 {1},48 {0},48</coordinates></LinearRing>"
    folder = (
        "<Folder><name>{2}</name><Placemark><name>x</name><Polygon><outerBoundaryIs>" + ring
        + "</outerBoundaryIs></Polygon></Placemark></Folder>"
    )  # fmt: skip
    kml = (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        + folder.format(30, 31, "South") + folder.format(31, 32, "North") + "</Document></kml>"
    )  # fmt: skip
    path = tmp_path / "front_2024-01-01.kml"
    path.write_text(kml)
    (snapshot,) = read_snapshots([path])
    assert snapshot.geometry.bounds == (30, 48, 32, 49)
    assert any("all 2 layers" in note for note in snapshot.notes)


def test_a_polygon_among_other_things_counts(tmp_path: Path) -> None:
    mixed = {
        "type": "GeometryCollection",
        "geometries": [
            json.loads(shapely.to_geojson(shapely.box(31, 48, 32, 49))),
            {"type": "LineString", "coordinates": [[31, 48], [32, 48]]},
            {"type": "GeometryCollection", "geometries": [
                json.loads(shapely.to_geojson(shapely.box(32, 48, 33, 49)))]},
        ],
    }  # fmt: skip
    (snapshot,) = read_snapshots(
        [
            collection(
                tmp_path / "a20240101.geojson", feature(shapely.box(30, 48, 31, 49)), feature(mixed)
            )
        ]
    )
    assert snapshot.geometry.bounds == (30, 48, 33, 49)


def test_an_empty_day_is_a_day_on_which_nothing_is_held(tmp_path: Path) -> None:
    first = write(tmp_path / "held_20240101.geojson", shapely.box(30, 48, 31, 49))
    empty = collection(tmp_path / "held_20240115.geojson")
    last = write(tmp_path / "held_20240201.geojson", shapely.box(30, 48, 31, 49))
    import_snapshots([first, empty, last], tmp_path / "pack", **IDS)
    sizes = [
        held(tmp_path / "pack", day).area for day in ("2024-01-10", "2024-01-20", "2024-02-02")
    ]
    assert sizes[1] == 0 and sizes[0] == sizes[2] > 0


def test_a_days_own_clock_counts_not_that_of_greenwich(tmp_path: Path) -> None:
    path = collection(
        tmp_path / "offsets.geojson",
        feature(shapely.box(30, 48, 31, 49), date="2024-01-01T00:00:00+02:00"),
        feature(shapely.box(31, 48, 32, 49), date="2024-07-01T00:00:00+03:00"),
    )
    assert [format_day(one.day) for one in read_snapshots([path])] == ["2024-01-01", "2024-07-01"]


def test_any_number_of_holders_by_a_column(tmp_path: Path) -> None:
    for day, edge in (("20240101", 31.0), ("20240201", 31.5)):
        collection(
            tmp_path / f"{day}.geojson",
            feature(shapely.box(30, 48, edge, 49), who="North Side"),
            feature(shapely.box(edge, 48, 32, 49), who="South-Side"),
            feature(shapely.box(32, 48, 33, 49), who="Third"),
        )
    files = sorted(tmp_path.glob("*.geojson"))
    result = import_snapshots(files, tmp_path / "p", **IDS, holder_column="who")
    assert check_pack(tmp_path / "p") == []
    assert result.snapshots["difference_km2"].max() < 0.1
    for day, by, box in [
        ("2024-01-15", "north_side", (30, 48, 31, 49)),
        ("2024-02-15", "north_side", (30, 48, 31.5, 49)),
        ("2024-02-15", "south_side", (31.5, 48, 32, 49)),
        ("2024-02-15", "third", (32, 48, 33, 49)),
    ]:
        assert held(tmp_path / "p", day, by).bounds == box


def test_ground_that_two_hold_at_once_is_refused(tmp_path: Path) -> None:
    path = collection(
        tmp_path / "20240101.geojson",
        feature(shapely.box(30, 48, 31, 49), who="a"),
        feature(shapely.box(30.5, 48, 32, 49), who="b"),
    )
    with pytest.raises(InputError, match="held by 'b' and by a"):
        read_snapshots([path], holder_column="who")
    with pytest.raises(InputError, match="no column 'holder'; it has: who"):
        read_snapshots([path], holder_column="holder")


def test_the_same_file_twice_is_used_once_and_said(daily: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy_20240105.geojson"
    copy.write_bytes(daily[0].read_bytes())
    first = read_snapshots([daily[0], copy])
    assert len(first) == 1 and "says the same" in first[0].notes[-1]


def test_what_the_user_says_of_the_map_is_in_the_pack(daily: list[Path], tmp_path: Path) -> None:
    import_snapshots(
        daily, tmp_path / "p", **IDS, title="Front", source="A mapper", licence="CC0-1.0",
        de_jure="UA", uncertainty_m=500,
    )  # fmt: skip
    pack = read_pack(tmp_path / "p")
    assert check_pack(tmp_path / "p") == []
    assert pack.meta.title["en"] == "Front" and pack.meta.settings["licence"] == "CC0-1.0"
    assert set(pack.areas["uncertainty_m"]) == {500} and set(pack.control["de_jure_iso"]) == {"UA"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a20240101.geojson", b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>'),
        ("a20240101.gpkg", b"<OGRVRTDataSource/>"),
        ("a20240101.kml", b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x "y">]><kml></kml>'),
        ("a20240101.csv", b"a,b\n1,2\n"),
        ("a20240101.zip", b"PK\x03\x04 broken"),
    ],
)
def test_bytes_decide_what_a_file_is_not_its_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=r"is no GeoJSON|declares entities|damaged or"):
        read_snapshots([tmp_path / name])


def test_a_zipped_shapefile_and_a_geopackage_are_read(tmp_path: Path) -> None:
    import shutil

    frame = gpd.GeoDataFrame(geometry=[shapely.box(30, 48, 31, 49)], crs=4326).to_crs(3857)
    frame.to_file(tmp_path / "a20240101.gpkg")
    (tmp_path / "shp").mkdir()
    frame.to_file(tmp_path / "shp" / "held.shp")
    shutil.make_archive(str(tmp_path / "b20240102"), "zip", tmp_path / "shp")
    one, two = read_snapshots([tmp_path / "a20240101.gpkg", tmp_path / "b20240102.zip"])
    for snapshot in (one, two):
        assert snapshot.geometry.symmetric_difference(shapely.box(30, 48, 31, 49)).area < 1e-6


def test_several_dates_in_a_name_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "held_2024-01-01_2024-02-01.geojson", shapely.box(30, 48, 31, 49))
    with pytest.raises(InputError, match="several dates"):
        read_snapshots([path])
    same = write(tmp_path / "2024-01-01_held_20240101.geojson", shapely.box(30, 48, 31, 49))
    assert len(read_snapshots([same])) == 1


def test_polygons_deep_in_collections_are_held(tmp_path: Path) -> None:
    square = shapely.box(30, 48, 31, 49)
    deep = shapely.MultiPolygon([square])
    for _ in range(4):
        deep = shapely.GeometryCollection([deep, shapely.Point(0, 0)])
    (found,) = read_snapshots([write(tmp_path / "held_20240101.geojson", deep)])
    assert found.geometry.equals(square)


def test_a_polygon_across_180_degrees_is_no_band_around_the_world(tmp_path: Path) -> None:
    ring = shapely.Polygon([(179, 60), (-179, 60), (-179, 61), (179, 61)])
    with pytest.raises(InputError, match=r"feature 1: .*180 degrees"):
        read_snapshots([write(tmp_path / "held_20240101.geojson", ring)])
    halves = [shapely.box(179, 60, 180, 61), shapely.box(-180, 60, -179, 61)]
    assert len(read_snapshots([write(tmp_path / "held_20240102.geojson", *halves)])) == 1


def test_areas_are_called_after_cities_and_not_after_their_wards(tmp_path: Path) -> None:
    """North of Sumy, a ward of which is nearer to the north than its middle is."""
    north, south = shapely.box(34.7, 51.15, 34.9, 51.25), shapely.box(34.7, 50.7, 34.9, 50.8)
    path = write(tmp_path / "held_20240105.geojson", north, south)
    import_snapshots([path], tmp_path / "p", **IDS, tolerance_m=25)
    pack = read_pack(tmp_path / "p")
    names = pack.names.set_index("place_id")["name"]
    assert set(names[pack.areas["name_place_id"]]) == {"Sumy"}
