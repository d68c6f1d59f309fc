"""Whatever is drawn becomes a valid coverage: nothing lost, nothing twice, all of it listed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate
from typer.testing import CliRunner

from atlas.answers import control
from atlas.base.crs import area_km2
from atlas.base.errors import InputError, PackError
from atlas.base.frames import drafting
from atlas.base.timespan import parse_day
from atlas.cli import app
from atlas.record import areas
from atlas.record.areas import FOUND, Coverage, make_areas
from atlas.record.begin import begin_pack
from atlas.record.overlay import crossings, cut_up, narrow
from atlas.record.pack import check_pack, read_pack
from atlas.record.recut import areas_of, areas_text, put_areas
from tests.packs import ENVELOPE, spell, write_pack

Shape = Any
box = shapely.box
METRE = 1 / 111_195


def write(path: Path, shapes: list[Shape], names: list[str] | None = None, **how: Any) -> Path:
    frame = gpd.GeoDataFrame({"name": names} if names else {}, geometry=shapes, crs="EPSG:4326")
    with drafting():
        frame.to_crs(how.get("crs", "EPSG:4326")).to_file(path, engine="pyogrio")
    return path


def ground(made: Coverage) -> Any:
    return made.areas.geometry.to_numpy()


def km2(shapes: Any) -> float:
    return float(area_km2(shapes).sum())


def sound(made: Coverage) -> None:
    shapes = ground(made)
    assert shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert not any(len(part.interiors) for part in shapely.get_parts(whole))
    assert made.areas["id"].is_unique and tuple(made.found.columns) == FOUND
    assert made.areas["id"].str.fullmatch(r"[a-z0-9][a-z0-9_.-]*").all()


def told(made: Coverage) -> list[tuple[str, str]]:
    return list(zip(made.found["what"], made.found["where"], strict=True))


# --- polygons -------------------------------------------------------------------------------------


def test_polygons_a_few_metres_off_fit_each_other(tmp_path: Path) -> None:
    off = 10 * METRE
    shapes = [box(10, 50, 11, 51), box(11 + off, 50, 12, 51), box(10, 51 - off, 12, 52)]
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", shapes, ["A", "B", "C"])])
    sound(made)
    assert made.areas["name"].tolist() == ["A", "B", "C"]
    assert km2(ground(made)) == pytest.approx(km2([box(10, 50, 12, 52)]), rel=1e-5)
    assert {what for what, _ in told(made)} == {"overlap"}
    assert "called after the column 'name'" in made.notes[0]


def test_wide_overlaps_and_gaps_are_areas_and_listed(tmp_path: Path) -> None:
    ring = shapely.difference(box(10, 50, 12, 52), box(10.5, 50.5, 11, 51))
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", [ring, box(11.5, 50, 13, 52)],
                                      ["West", "East"])])  # fmt: skip
    sound(made)
    assert sorted(made.areas["name"]) == ["East", "Enclosed ground", "West", "West / East"]
    assert sorted(told(made)) == [("gap", "between areas"), ("overlap", "West / East")]
    found = made.found.set_index("what")
    assert found["km2"]["overlap"] == pytest.approx(km2([box(11.5, 50, 12, 52)]), rel=1e-6)
    assert set(found["done"]) == {"made an area of its own"}
    assert box(10.5, 50.5, 11, 51).contains(shapely.Point(*found.loc["gap", ["lon", "lat"]]))


def test_a_narrow_gap_that_is_open_at_an_end_is_shut(tmp_path: Path) -> None:
    wedge = shapely.Polygon([(11 + 15 * METRE, 50), (12, 50), (12, 51), (11, 51)])
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", [box(10, 50, 11, 51), wedge])])
    sound(made)
    assert shapely.coverage_is_valid(ground(made), gap_width=10 * METRE)
    assert made.areas["id"].tolist() == ["p_1", "p_2"]


def test_a_net_of_narrow_gaps_is_shut_and_its_crossings_too(tmp_path: Path) -> None:
    off = 11 * METRE  # where two strips cross, they are wider than each
    shapes = [
        box(10 + x / 10 + off, 50 + y / 10 + off, 10.1 + x / 10 - off, 50.1 + y / 10 - off)
        for x in range(4) for y in range(4)
    ]  # fmt: skip
    names = [f"A{number}" for number in range(16)]
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", shapes, names)])
    sound(made)
    assert sorted(made.areas["name"]) == sorted(names)
    assert km2(ground(made)) == pytest.approx(km2([box(10, 50, 10.4, 50.4)]), rel=1e-3)
    for name, shape in zip(made.areas["name"], made.areas.geometry, strict=True):
        assert shape.within(shapes[names.index(name)].buffer(60 * METRE)), name


def test_several_narrow_gaps_of_one_area_are_all_shut(tmp_path: Path) -> None:
    off = 12 * METRE
    shapes = [
        box(10, 50, 11, 51),
        box(11 + off, 50, 12, 51),
        box(10, 51 + off, 11, 52),
        box(20, 50, 21, 51),
    ]
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", shapes, ["A", "B", "C", "Far"])])
    sound(made)
    assert len(shapely.get_parts(shapely.coverage_union_all(ground(made)))) == 2
    assert made.areas["name"].tolist() == ["A", "B", "C", "Far"]


def test_parts_of_one_name_have_ids_of_their_own(tmp_path: Path) -> None:
    boxes = [box(10 + at, 50, 10.5 + at, 50.5) for at in range(4)]
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", boxes, ["A", "a", "A-", "A 2"])])
    assert sorted(made.areas["id"]) == ["a", "a_2", "a_3", "a_4"]


def test_outlines_that_would_be_cut_for_ever_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = np.linspace(0, 1, 1_600)
    comb = np.column_stack([10 + ticks + ticks % 0.01, 50 + np.arange(1_600) % 2])
    few = write(tmp_path / "few.gpkg", [box(10, 50, 11, 51)])
    combs = write(tmp_path / "comb.gpkg", [shapely.LineString(comb)])
    monkeypatch.setattr(areas, "_MOST_NEAR", 150)
    with pytest.raises(InputError, match=r"comb\.gpkg: its outlines run to and fro"):
        make_areas(polygons=[few], lines=[combs])
    monkeypatch.setattr(areas, "_MOST_NEAR", 1_000_000)
    monkeypatch.setattr(areas, "_MOST_FACES", 100)
    with pytest.raises(InputError, match=r"into [\d,]+ pieces, more than 100"):
        make_areas(polygons=[few], lines=[combs])
    monkeypatch.setattr(areas, "_MOST_CORNERS", 1_604)
    with pytest.raises(InputError, match=r"with comb\.gpkg there are 1,605 corners"):
        make_areas(polygons=[few], lines=[combs])
    assert crossings(np.array([box(0, 0, 1, 1), box(5, 5, 6, 6)]), most=9) < 4
    assert crossings(np.array([box(0, 0, 1, 1)] * 90), most=9) > 9


def test_no_tolerance_mends_nothing(tmp_path: Path) -> None:
    shapes = [box(10, 50, 11, 51), box(11 - 10 * METRE, 50, 12, 51)]
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", shapes, ["A", "B"])], tolerance_m=0)
    sound(made)
    assert sorted(made.areas["name"]) == ["A", "A / B", "B"]


def test_names_of_polygons_are_found_or_asked_for(tmp_path: Path) -> None:
    shapes = [box(10, 50, 11, 51), box(12, 50, 13, 51)]
    frame = gpd.GeoDataFrame({"adm": ["A", "A"]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "my land.gpkg")
    made = make_areas(polygons=[tmp_path / "my land.gpkg"])
    assert made.areas["id"].tolist() == ["my_land_1", "my_land_2"] and "adm" in made.notes[0]
    made = make_areas(polygons=[tmp_path / "my land.gpkg"], name_column="adm")
    assert made.areas["id"].tolist() == ["a"] and made.areas.geometry[0].geom_type == "MultiPolygon"
    assert "called 'A' are one area" in made.notes[0]


def test_a_broken_outline_is_repaired_and_listed(tmp_path: Path) -> None:
    bow = shapely.Polygon([(10, 50), (11, 51), (11, 50), (10, 51)])
    made = make_areas(polygons=[write(tmp_path / "p.geojson", [bow], ["Bow"])])
    sound(made)
    assert told(made) == [("invalid outline", "Bow")]
    assert "Self-intersection" in made.found["done"][0]


@pytest.mark.parametrize("ending", ["gpkg", "zip", "geojson", "kml", "fgb", "geojson.zip"])
def test_any_kind_of_file_in_any_crs(ending: str, tmp_path: Path) -> None:
    crs = "EPSG:32632" if ending in ("gpkg", "zip", "fgb") else "EPSG:4326"
    path = tmp_path / f"p.{'shp' if ending == 'zip' else ending.removesuffix('.zip')}"
    if ending == "kml":
        frame = gpd.GeoDataFrame({"Name": ["A"]}, geometry=[box(10, 50, 11, 51)], crs=4326)
        frame.to_file(path, driver="KML")
    else:
        write(path, [box(10, 50, 11, 51)], ["A"], crs=crs)
    if ending.endswith("zip"):
        with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
            for part in tmp_path.glob("p.*"):
                if part.suffix != ".zip":
                    archive.write(part, part.name)
        path = tmp_path / "p.zip"
    made = make_areas(polygons=[path])
    sound(made)
    assert made.areas["name"].tolist() == ["A"]
    assert km2(ground(made)) == pytest.approx(km2([box(10, 50, 11, 51)]), rel=1e-3)


def test_files_that_cannot_be_meant_are_refused(tmp_path: Path) -> None:
    vrt = tmp_path / "x.gpkg"
    vrt.write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    with pytest.raises(InputError, match="is no GeoJSON, KML"):
        make_areas(polygons=[vrt])
    bare = write(tmp_path / "bare.shp", [box(10, 50, 11, 51)])
    bare.with_suffix(".prj").unlink()
    with zipfile.ZipFile(tmp_path / "bare.zip", "w") as archive:
        for part in tmp_path.glob("bare.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    with pytest.raises(InputError, match="no CRS"):
        make_areas(polygons=[tmp_path / "bare.zip"])
    far = tmp_path / "far.geojson"
    shape = json.loads(shapely.to_geojson(box(500_000, 5_500_000, 600_000, 5_600_000)))
    far.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}))
    for key in ("polygons", "lines"):
        with pytest.raises(InputError, match="which are no degrees"):
            make_areas(**{key: [far]}, countries=["UY"])  # type: ignore[arg-type]
    around = write(tmp_path / "around.gpkg", [box(10, 50, 11, 51), box(-179, 60, 179, 61)])
    with pytest.raises(InputError, match="feature 2: its polygon goes around over half"):
        make_areas(polygons=[around])
    line = write(tmp_path / "line.gpkg", [shapely.LineString([(10, 50), (11, 51)])])
    with pytest.raises(InputError, match="has no polygons"):
        make_areas(polygons=[line])
    point = write(tmp_path / "point.gpkg", [shapely.Point(10, 50)])
    with pytest.raises(InputError, match="has no lines"):
        make_areas(countries=["UY"], lines=[point])
    with pytest.raises(InputError, match="no column 'X'; it has: name"):
        made = write(tmp_path / "p.gpkg", [box(10, 50, 11, 51)], ["A"])
        make_areas(polygons=[made], name_column="X")
    with pytest.raises(InputError, match="nothing to make areas of"):
        make_areas()
    with pytest.raises(InputError, match="no distance"):
        make_areas(countries=["UY"], tolerance_m=float("nan"))


# --- units and lines ----------------------------------------------------------------------------


def test_polygons_lie_on_units_and_may_be_clipped_to_them(tmp_path: Path) -> None:
    whole = km2(ground(make_areas(countries=["UY"])))
    path = write(tmp_path / "p.gpkg", [box(-57, -34, -52, -32)], ["Mine"])
    made = make_areas(countries=["UY"], polygons=[path])
    sound(made)
    assert km2(ground(made)) > whole + 1000 and "Mine" in set(made.areas["name"])
    rest = made.found[made.found["what"] == "rest"].set_index("where")["km2"]
    left = made.areas.set_index("name").geometry
    assert len(rest) > 3 and rest["Rocha"] == pytest.approx(km2([left["Rocha"]]))
    assert "Salto" not in rest
    clipped = make_areas(countries=["UY"], polygons=[path], clip=True)
    sound(clipped)
    assert km2(ground(clipped)) == pytest.approx(whole, rel=1e-6)
    assert "outside" in set(clipped.found["what"])


def test_a_line_cuts_a_country_and_loses_no_ground(tmp_path: Path) -> None:
    line = shapely.LineString([(-60, -33), (-56, -32.8), (-50, -33.2)])
    whole = make_areas(countries=["UY"])
    made = make_areas(countries=["UY"], lines=[write(tmp_path / "l.gpkg", [line], crs=3857)])
    sound(made)
    assert km2(ground(made)) == pytest.approx(km2(ground(whole)), rel=1e-7)
    cut = made.areas[made.areas["part"] != ""]
    assert set(cut["part"]) <= {"north", "south", "east", "west"} | {f"part {n}" for n in range(9)}
    more = made.found["done"].str.extract(r"cut into (\d) areas")[0].astype(int) - 1
    assert len(made.areas) == len(whole.areas) + more.sum()
    touched = set(made.areas["name"][made.areas["part"] != ""])
    crossed = whole.areas["name"][whole.areas.geometry.crosses(line)]
    assert touched == set(crossed)


def test_a_line_that_falls_short_reaches_the_edge_or_is_listed(tmp_path: Path) -> None:
    shape = write(tmp_path / "p.gpkg", [box(10, 50, 11, 51)], ["A"])
    short = shapely.LineString([(9.9, 50.5), (11 - 500 * METRE, 50.5)])
    path = write(tmp_path / "l.gpkg", [short])
    made = make_areas(polygons=[shape], lines=[path])
    sound(made)
    assert made.areas["id"].tolist() == ["a_north", "a_south"]
    assert made.areas["part"].tolist() == ["north", "south"]
    assert sorted(what for what, _ in told(made)) == ["cut", "short line"]
    made = make_areas(polygons=[shape], lines=[path], reach_m=100)
    assert made.areas["id"].tolist() == ["a"] and told(made) == [("loose end", "A")]
    assert "the lines cut no area" in made.notes


def test_an_island_goes_with_the_nearer_part(tmp_path: Path) -> None:
    land = shapely.union_all([box(10, 50, 11, 51), box(11.1, 50.1, 11.2, 50.2)])
    line = shapely.LineString([(9.9, 50.5), (11.1, 50.5)])
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", [land], ["A"])],
                      lines=[write(tmp_path / "l.gpkg", [line])])  # fmt: skip
    sound(made)
    south = made.areas.set_index("part").geometry["south"]
    assert len(made.areas) == 2 and south.intersects(shapely.Point(11.15, 50.15))


def test_a_line_along_a_border_makes_no_slivers(tmp_path: Path) -> None:
    shapes = [box(10, 50, 11, 51), box(11, 50, 12, 51)]
    line = shapely.LineString([(11 + 8 * METRE, 49.9), (11 - 8 * METRE, 51.1)])
    made = make_areas(polygons=[write(tmp_path / "p.gpkg", shapes, ["A", "B"])],
                      lines=[write(tmp_path / "l.gpkg", [line])])  # fmt: skip
    sound(made)
    assert made.areas["name"].tolist() == ["A", "B"]
    assert km2(ground(made)) == pytest.approx(km2(shapes), rel=1e-9)


corners = st.integers(0, 40).map(lambda n: n / 10)
boxes = st.tuples(corners, corners, st.integers(2, 20), st.integers(2, 20)).map(
    lambda t: box(10 + t[0], 50 + t[1], 10 + t[0] + t[2] / 10, 50 + t[1] + t[3] / 10)
)
steps = st.integers(-15, 15).map(lambda n: n * METRE)


@settings(max_examples=12)
@given(
    shapes=st.lists(boxes, min_size=1, max_size=5),
    jitter=st.lists(steps, min_size=20, max_size=20),
    ends=st.lists(st.tuples(corners, corners), min_size=2, max_size=4),
)
def test_random_drawings_become_coverages(
    shapes: list[Shape], jitter: list[float], ends: list[tuple[float, float]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("drawn")
    moved = [translate(shape, jitter[n], jitter[-n - 1]) for n, shape in enumerate(shapes)]
    names = [f"n{n}" for n in range(len(moved))]
    path = write(folder / "p.gpkg", moved, names)
    line = shapely.LineString([(10 + x, 50 + y) for x, y in ends])
    lines = [write(folder / "l.gpkg", [line])] if line.length and line.is_valid else []
    plain, made = make_areas(polygons=[path]), make_areas(polygons=[path], lines=lines)
    for one in (plain, made):
        sound(one)
    union = shapely.union_all(moved)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    # What a sliver or a narrow gap may be off: the outline times the tolerance.
    most = sum(shape.length for shape in moved) * 111.2 * 0.025 + 0.01
    assert abs(km2(ground(plain)) - km2([union, *holes])) < most
    assert km2(ground(made)) == pytest.approx(km2(ground(plain)), abs=most / 100 + 1e-6)
    if not holes:
        assert set(plain.areas["origin"]) <= {"p.gpkg", "enclosed ground"}


def test_faces_and_widths() -> None:
    faces, loose = cut_up([box(0, 0, 1, 1)], [shapely.LineString([(0.5, 0), (0.5, 0.4)])])
    assert len(faces) == 1 and len(loose) == 1
    strip = box(10, 60, 10 + 30 * METRE, 60.5)  # 15 m wide at this latitude
    assert narrow(np.array([strip, box(10, 60, 11, 61)]), 20).tolist() == [True, False]
    assert not narrow(np.array([strip]), 10).any() and not narrow(np.array([strip]), 0).any()


# --- into a pack --------------------------------------------------------------------------------


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Two areas side by side, each with a history, an event and an extent."""
    event = ENVELOPE | {"id": "e1", "event_date": "2001-05-06", "date_prec": "1", "where_prec": "1",
                        "event_type": "battle", "place_id": "p00", "title": "First",
                        "summary": "It was", "area_ids": "a00|a10"}  # fmt: skip
    rows = [spell("c1", "a00", "A", "2000-01-01", "2003-01-01"),
            spell("c2", "a00", "B", "2003-01-01"),
            spell("c3", "a10", "B", "2000-01-01"),
            spell("c4", "a00", "A", asserted_by="A")]  # fmt: skip
    region = ENVELOPE | {"id": "all", "kind": "region", "lon": "10.5", "lat": "50.2",
                         "extent_area_ids": "a00|a10"}  # fmt: skip
    write_pack(tmp_path / "pack", rows, tables={"events": [event], "places": [region]})
    assert check_pack(tmp_path / "pack") == []
    return tmp_path / "pack"


def holders(pack: Path, day: str) -> dict[str, str]:
    rows = control.at(read_pack(pack), parse_day(day))
    return dict(zip(rows["area_id"], rows["controller"], strict=True))


def test_a_line_cuts_the_areas_of_a_pack_and_all_that_hangs_on_them(
    pack: Path, tmp_path: Path
) -> None:
    line = write(tmp_path / "l.gpkg", [shapely.LineString([(9.9, 50.2), (10.4, 50.2), (10.4, 49)])])
    made = make_areas(base=areas_of(pack), lines=[line])
    taken = put_areas(pack, made, source="Our field team")
    assert check_pack(pack) == []
    assert sorted(made.areas["id"]) == ["a00_north", "a00_south", "a10"]
    assert holders(pack, "2001-01-01") == {"a00_north": "A", "a00_south": "A", "a10": "B"}
    assert holders(pack, "2004-01-01") == {"a00_north": "B", "a00_south": "B", "a10": "B"}
    record = read_pack(pack)
    assert record.events["area_ids"][0] == "a00_north|a00_south|a10"
    assert set(record.control["area_id"][record.control["asserted_by"] == "A"]) == {
        "a00_north", "a00_south"
    }  # fmt: skip
    areas = record.areas.set_index("id")
    assert areas["part"]["a00_north"] == "north" and areas["name_place_id"]["a00_north"] == "p00"
    assert "cut by a drawn line" in areas["geometry_method"]["a00_south"]
    assert areas["source_ids"]["a00_north"] == "s-n|areas-drawn-lines"
    assert areas["geometry_method"]["a10"] == "test grid"
    assert {"areas", "control", "events", "places", "sources"} == set(taken.changes["table"])


def test_a_piece_is_not_told_in_the_words_for_the_whole(pack: Path, tmp_path: Path) -> None:
    toml, path = pack / "pack.toml", pack / "areas.geojson"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('languages = ["en"]', 'languages = ["en", "de"]'), "utf-8")
    found = json.loads(path.read_text(encoding="utf-8"))
    for feature in found["features"]:
        feature["properties"] |= {"part": "the plain", "part_de": "die Ebene"}
    path.write_text(json.dumps(found), "utf-8")
    line = write(tmp_path / "l.gpkg", [shapely.LineString([(9.9, 50.2), (10.4, 50.2), (10.4, 49)])])
    put_areas(pack, make_areas(base=areas_of(pack), lines=[line]))
    areas = read_pack(pack).areas.set_index("id")
    assert areas["part"].to_dict() == {
        "a00_north": "the plain, north", "a00_south": "the plain, south", "a10": "the plain"
    }  # fmt: skip
    assert areas["part_de"].to_dict() == {"a00_north": "", "a00_south": "", "a10": "die Ebene"}


def test_a_polygon_is_a_part_of_each_area_it_lies_in_and_new_ground_is_unknown(
    pack: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "Hill.gpkg", [box(10.3, 50.1, 10.7, 50.7)], ["Пагорб"])
    put_areas(pack, make_areas(base=areas_of(pack), polygons=[path]), uncertainty_m=70)
    assert check_pack(pack) == []
    record = read_pack(pack)
    areas = record.areas.set_index("id")
    new = [key for key in areas.index if key not in ("a00", "a10")]
    assert len(new) == 3 and set(areas["uncertainty_m"][new]) == {70}
    assert set(areas["name_place_id"][new]) == {"pagorb"}
    name = record.names[record.names["place_id"] == "pagorb"].iloc[0]
    assert (name["name"], name["lang"], name["script"]) == ("Пагорб", "und", "Cyrl")
    held = record.control.set_index("area_id")["control_type"]
    (ground_new,) = [key for key in new if held[[key]].tolist() == ["unknown"]]
    assert areas.geometry[ground_new].bounds == (10.3, 50.5, 10.7, 50.7)
    assert holders(pack, "2004-01-01") == {key: "B" for key in areas.index if key != ground_new} | {
        ground_new: "A"
    }


def test_nothing_to_cut_changes_no_byte_and_faults_write_none(pack: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in pack.iterdir()}
    away = write(tmp_path / "l.gpkg", [shapely.LineString([(0, 0), (1, 1)])])
    assert put_areas(pack, make_areas(base=areas_of(pack), lines=[away])).files == ()
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before
    bad = pack / "control.csv"
    bad.write_text(bad.read_text("utf-8").replace("A,de_facto", "Z,de_facto"), encoding="utf-8")
    before["control.csv"] = bad.read_bytes()
    inside = write(tmp_path / "i.gpkg", [box(10.1, 50.1, 10.2, 50.2)], ["Hill"])
    with pytest.raises(PackError, match="'Z'"):  # the part would have the whole's fault
        put_areas(pack, make_areas(base=areas_of(pack), polygons=[inside]))
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before


def test_new_ground_off_the_map_widens_it_and_says_so(pack: Path, tmp_path: Path) -> None:
    outside = write(tmp_path / "p.gpkg", [box(20, 50, 21, 51.005)], ["Far"])
    taken = put_areas(pack, make_areas(base=areas_of(pack), polygons=[outside]))
    assert check_pack(pack) == []
    assert read_pack(pack).meta.bbox == (9, 49, 21, 51.01)
    assert taken.notes[-1].endswith("pack.toml has bbox = [9, 49, 21, 51.01] now")


def test_from_a_country_to_a_cut_pack_on_the_command_line(tmp_path: Path) -> None:
    begin_pack(tmp_path / "p", countries=["UY"])
    line = write(tmp_path / "l.geojson", [shapely.LineString([(-60, -33), (-50, -33)])])
    run = CliRunner()
    words = ["areas", "--into", str(tmp_path / "p"), "--lines", str(line)]
    found = tmp_path / "found.csv"
    done = run.invoke(app, [*words, "--findings", str(found)])
    assert done.exit_code == 0, done.output
    assert "cut into 2 areas" in done.output and "wrote areas.geojson, control.csv" in done.output
    assert found.read_text("utf-8").startswith("what,where,lon,lat,km2,done\ncut,")
    assert check_pack(tmp_path / "p") == []
    again = run.invoke(app, [*words, "--json"])  # the line is an edge by now
    assert again.exit_code == 0 and json.loads(again.stdout)["files"] == []
    out = tmp_path / "areas.geojson"
    done = run.invoke(app, ["areas", "--country", "UY", "--lines", str(line), "-o", str(out)])
    assert done.exit_code == 0
    features = json.loads(out.read_text("utf-8"))["features"]
    assert out.read_text("utf-8") == areas_text(make_areas(countries=["UY"], lines=[line]))
    assert len(features) > 19 and features[0]["properties"]["uncertainty_m"] == 2000


@pytest.mark.parametrize(
    "words",
    [
        ["--country", "UY"],
        ["--country", "UY", "-o", "a.geojson", "--into", "p"],
        ["--country", "UY", "-o", "a.shp"],
        ["--into", "cyprus"],
        ["-o", "a.geojson"],
        ["--country", "XX", "-o", "a.geojson"],
        ["--country", "UY", "-o", "a.geojson", "--tolerance", "-1"],
        ["--country", "UY", "-o", "a.geojson", "--findings", "a.doc"],
        ["--polygons", "none.gpkg", "-o", "a.geojson"],
    ],
)
def test_wrong_usage_is_one_sentence(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((InputError, LookupError)) as refused:
        CliRunner().invoke(app, ["areas", *words], catch_exceptions=False)
    assert len(str(refused.value).splitlines()) == 1 and not list(tmp_path.iterdir())
