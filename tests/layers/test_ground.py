"""The ground below a map: the pack's own or the world's, and the world around it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.base.errors import InputError, PackError
from atlas.figures import figure
from atlas.layers import LayerSet, events_box, layer_set, with_ground
from atlas.layers.world import _POINTS, _lighter
from atlas.map import build_map
from atlas.map.payload import encode_layers
from atlas.record.pack import Pack, check_pack, read_pack
from tests.packs import spell, write_pack

WEBP = b"RIFF\x04\x00\x00\x00WEBP"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A pack without ground of its own, between 9 and 12 E, 49 and 51 N."""
    return write_pack(tmp_path / "bare", [spell("c1", "a00", "A"), spell("c2", "a10", "B")])


def shape_of(layers: LayerSet, kind: str) -> Any:
    found = [shape for what, _, shape in layers.basemap if what == kind]
    return shapely.union_all(np.array(found, dtype=object))


def is_land(layers: LayerSet, lon: float, lat: float) -> bool:
    """What a renderer shows: the basemap inside its frames, the outlines elsewhere."""
    point = shapely.Point(lon, lat)
    if any(shapely.box(*frame).covers(point) for frame in layers.frames):
        return bool(shape_of(layers, "land").covers(point))
    return any(kind == "land" and shape.covers(point) for kind, shape in layers.outlines)


def points_of(layers: LayerSet) -> int:
    kinds = {"land", "lake", "river", "border", "disputed", "unit"}
    return sum(shapely.get_num_coordinates(s) for kind, _, s in layers.basemap if kind in kinds)


def own(lons: list[float], lats: list[float]) -> pd.DataFrame:
    days = [f"2005-01-{day + 1:02d}" for day in range(len(lons))]
    return pd.DataFrame({"date": days, "lon": lons, "lat": lats, "title": "x"})


def test_a_pack_without_ground_is_drawn_on_the_worlds(bare: Path) -> None:
    pack = read_pack(bare)
    layers = with_ground(layer_set(pack), pack)
    assert shapely.box(*layers.frames[0]).covers(shapely.box(*pack.meta.bbox))
    assert layers.credits == ("Natural Earth",)
    names = [names for kind, names, _ in layers.basemap if kind == "country"]
    assert {"en": "Germany"} in names
    for lon, lat in [(10.5, 50.2), (37.62, 55.75), (-77.3, 38.9), (-74.1, 4.6)]:
        assert is_land(layers, lon, lat), (lon, lat)
    for lon, lat in [(-40.0, 35.0), (4.0, 55.0)]:
        assert not is_land(layers, lon, lat), (lon, lat)


def test_a_pack_keeps_the_ground_it_brings(bare: Path) -> None:
    ring = [[9, 49], [12, 49], [12, 51], [9, 51], [9, 49]]
    feature = {
        "type": "Feature",
        "properties": {"kind": "land", "name": "Land", "name_en": "Land"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (bare / "basemap.geojson").write_text(text, encoding="utf-8")
    pack = read_pack(bare)
    layers = with_ground(layer_set(pack), pack)
    assert [(kind, dict(names)) for kind, names, _ in layers.basemap] == [("land", {"en": "Land"})]
    assert layers.frames == ((9.0, 49.0, 12.0, 51.0),)
    assert is_land(layers, 37.62, 55.75) and not is_land(layers, -40, 35)
    # What is shown elsewhere has ground too.
    far = with_ground(layer_set(pack), pack, boxes=[(-76, 3, -73, 6)])
    assert len(far.frames) == 2 and is_land(far, -74.5, 4.5)
    near = with_ground(layer_set(pack), pack, boxes=[(10, 49.5, 11, 50.5)])
    assert near.frames == layers.frames


@pytest.mark.parametrize("box", [(-82, -5, -66, 13), (90, 50, 170, 75), (-90, 60, -60, 80)])
def test_ground_stays_light_however_large_the_box(
    bare: Path, box: tuple[float, float, float, float]
) -> None:
    pack = Pack.empty()
    layers = with_ground(layer_set(pack), pack, boxes=[box])
    assert 1_000 < points_of(layers) <= _POINTS
    assert all(shape.is_valid for kind, _, shape in layers.basemap if kind == "land")


def test_events_on_both_sides_of_the_antimeridian_lie_on_one_map() -> None:
    lons, lats = [177.5, 178.4, 179.3, -179.9, -178.8], [-17.8, -18.1, -16.6, -16.7, -17.3]
    box = events_box(np.array(lons), np.array(lats))
    assert box is not None and 177 < box[0] < 178 and 180 < box[2] < 182
    made = build_map(Pack.empty(), events=own(lons, lats))
    assert made.events_shown == 5
    pack = Pack.empty()
    layers = with_ground(layer_set(pack, events={"x": own(lons, lats)}), pack, boxes=[box])
    west, _, east, _ = layers.frames[0]
    assert ((layers.events.lon >= west) & (layers.events.lon <= east)).all()
    assert is_land(layers, 178.0, -17.8) and is_land(layers, 180.0, -16.85)
    # Elsewhere the world is whole: Moscow, and the cape east of the line.
    assert is_land(layers, 37.6, 55.75) or is_land(layers, 37.6 + 360, 55.75)
    assert is_land(layers, 360 - 178.0, 67.5)


def test_events_around_the_world_need_no_detail() -> None:
    lons, lats = [-120.0, -60.0, 20.0, 100.0, 150.0], [40.0, -10.0, 10.0, 30.0, -30.0]
    pack = Pack.empty()
    box = events_box(np.array(lons), np.array(lats))
    assert box is not None
    layers = with_ground(layer_set(pack), pack, boxes=[box])
    assert layers.frames == () and is_land(layers, 20, 10)
    assert events_box(np.array([]), np.array([])) is None


def test_a_pack_across_the_antimeridian(bare: Path) -> None:
    settings = bare / "pack.toml"
    text = settings.read_text(encoding="utf-8").replace("[9, 49, 12, 51]", "[177, -20, 182, -15]")
    settings.write_text(text, encoding="utf-8")
    faults = check_pack(bare)
    assert {fault.column for fault in faults} <= {"geometry"}  # only that the areas lie elsewhere
    for wrong in ("[177, -20, -178, -15]", "[177, -20, 540, -15]", "[-190, -20, -178, -15]"):
        settings.write_text(text.replace("[177, -20, 182, -15]", wrong), encoding="utf-8")
        assert any(fault.column == "bbox" for fault in check_pack(bare))


def test_relief_is_read_and_what_is_none_is_refused(bare: Path) -> None:
    picture, settings = bare / "relief.webp", bare / "pack.toml"
    picture.write_bytes(WEBP)
    with pytest.raises(PackError, match="relief_box"):
        read_pack(bare)
    text = settings.read_text(encoding="utf-8")
    settings.write_text("relief_box = [8, 48, 13, 52]\n" + text, encoding="utf-8")
    pack = read_pack(bare)
    relief = with_ground(layer_set(pack), pack).relief
    assert relief is not None and relief.box == (8.0, 48.0, 13.0, 52.0) and relief.image == WEBP
    for wrong in (b"GIF89a", b"", WEBP + bytes(300_000)):
        picture.write_bytes(wrong)
        with pytest.raises(InputError, match="WebP"):
            with_ground(layer_set(pack), pack)


def test_no_pack_reads_no_ground_of_the_folder_one_is_in(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / "relief.webp").write_bytes(b"no picture")
    (bare / "basemap.geojson").write_text("no json", encoding="utf-8")
    monkeypatch.chdir(bare)
    pack = Pack.empty()
    assert with_ground(layer_set(pack), pack).relief is None


def test_shipped_packs_have_light_relief_and_the_page_holds_it() -> None:
    pack = read_pack("cyprus")
    layers = with_ground(layer_set(pack), pack)
    assert layers.relief is not None and len(layers.relief.image) <= 40_000
    west, south, east, north = layers.relief.box
    assert shapely.box(west, south, east, north).covers(shapely.box(*pack.meta.bbox))
    assert len(encode_layers(layers, {})) > len(encode_layers(layer_set(pack), {}))


def test_without_the_layer_there_is_no_ground_and_no_credit(bare: Path) -> None:
    pack = read_pack(bare)
    layers = layer_set(pack, layers=["control"])
    assert layers.basemap == layers.outlines == layers.credits == ()


def test_a_figure_of_anywhere(bare: Path) -> None:
    pack = read_pack(bare)
    drawn = figure(pack, date="2001-01-01", extent=(-82, -5, -66, 13))
    texts = {text.get_text().replace("\u2009", "") for text in drawn.findobj(
        lambda item: hasattr(item, "get_text"))}  # fmt: skip
    assert "COLOMBIA" in texts and "Aland" not in texts
    figure(pack, date="2001-01-01", extent=(176, -20, -178, -15))
    with pytest.raises(InputError, match="box"):
        figure(pack, date="2001-01-01", extent=(1, 2, 3))
    with pytest.raises(InputError, match="no extent"):
        figure(pack, series=True, extent=(1, 2, 3, 4))


@pytest.mark.parametrize("lons", [[-179.6, -178.2], [178.0, 179.8], [-175.4, -173.9]])
def test_a_map_near_the_antimeridian_is_one_map(lons: list[float]) -> None:
    """The frame reaches across where the events do not: both lie in it all the same."""
    pack, lats = Pack.empty(), [-19.5, -18.2]
    box = events_box(np.array(lons), np.array(lats))
    assert box is not None
    layers = with_ground(layer_set(pack, events={"x": own(lons, lats)}), pack, boxes=[box])
    west, _, east, _ = layers.frames[0]
    assert ((layers.events.lon > west) & (layers.events.lon < east)).all()
    land = shape_of(layers, "land").bounds
    assert west <= land[0] and land[2] <= east


def test_ground_in_two_halves_of_the_earth_is_turned_together() -> None:
    pack = Pack.empty()
    boxes = [(177.0, -19.0, 181.0, -16.0), (-76.0, 3.0, -73.0, 6.0)]
    layers = with_ground(layer_set(pack), pack, boxes=boxes)
    assert is_land(layers, 178.0, -17.8) and is_land(layers, 360 - 74.5, 4.5)
    assert all(0 < frame[2] - frame[0] < 40 for frame in layers.frames)
    # What reaches over more than half of the earth is behind no meridian of it.
    wide = (-180.0, -60.0, 100.0, 70.0)
    assert with_ground(replace(layer_set(pack), bbox=wide), pack, boxes=boxes[:1]).bbox == wide


@pytest.mark.parametrize(
    ("lons", "west", "east"),
    [
        ([1.0, 2.0, 3.0], 1.0, 3.0),
        ([-1.0, 0.0, 1.0], -1.0, 1.0),
        ([0.0, 170.0, -170.0], 0.0, 190.0),
        ([-179.0, 179.0], 179.0, 181.0),
        ([180.0, 180.0, -179.0], 180.0, 181.0),
        ([-175.0, -170.0], -175.0, -170.0),
        ([-120.0, 120.0], 120.0, 240.0),
        ([-60.0, 60.0], -60.0, 60.0),
    ],
)
def test_a_box_is_the_narrower_way_round(lons: list[float], west: float, east: float) -> None:
    box = events_box(np.array(lons), np.linspace(-10, 20, len(lons)))
    assert box is not None
    # The outer hundredths are left to errors.
    slack = 0.03 * (east - west)
    assert box[0] == pytest.approx(west, abs=slack) and box[2] == pytest.approx(east, abs=slack)
    assert box[1] == pytest.approx(-10, abs=0.6) and box[3] == pytest.approx(20, abs=0.6)


def test_of_many_points_the_farthest_is_left_to_errors() -> None:
    box = events_box(np.append(np.full(300, 10.0), 77.0), np.append(np.full(300, 50.0), -77.0))
    assert box == (10.0, 50.0, 10.0, 50.0)


def test_the_ground_of_the_pack_comes_first(bare: Path) -> None:
    pack = read_pack(bare)
    layers = with_ground(layer_set(pack), pack, boxes=[(-76.0, 3.0, -73.0, 6.0)])
    own, other = (shapely.box(*frame) for frame in layers.frames)
    assert own.covers(shapely.box(*pack.meta.bbox)) and other.covers(shapely.box(-76, 3, -73, 6))
    assert all(round(edge, 4) == edge for frame in layers.frames for edge in frame)


def test_each_shape_of_the_ground_is_of_its_kind_and_fills_a_screen() -> None:
    from atlas.world import ground

    pack = Pack.empty()
    layers = with_ground(layer_set(pack), pack, boxes=[(35.2, 32.0, 36.2, 33.5)])
    (frame,) = layers.frames
    west, south, east, north = frame
    assert (east - west) * np.cos(np.radians(32.75)) / (north - south) == pytest.approx(
        1.8, abs=0.1
    )
    found = ground.clip(frame, margin=0.0)
    lines = {kind: found.borders[found.borders["kind"] == kind] for kind in ("border", "disputed")}
    for kind, shapes in {**lines, "river": found.rivers, "lake": found.lakes}.items():
        drawn, there = shape_of(layers, kind), shapely.union_all(shapes.geometry.to_numpy())
        assert drawn.length == pytest.approx(there.length, rel=0.02) and drawn.length, kind


def test_the_small_rivers_of_a_small_box_are_drawn() -> None:
    from atlas.world import ground

    pack = Pack.empty()
    layers = with_ground(layer_set(pack), pack, boxes=[(10.2, 50.0, 11.2, 51.0)])
    there = ground.clip(layers.frames[0], margin=0.0).rivers
    assert (there["rank"] > 6).any()
    whole = shapely.union_all(there.geometry.to_numpy()).length
    assert shape_of(layers, "river").length == pytest.approx(whole, rel=0.02)
    wide = with_ground(layer_set(pack), pack, boxes=[(5.0, 46.0, 15.0, 54.0)])
    there = ground.clip(wide.frames[0], margin=0.0).rivers
    large = shapely.union_all(there[there["rank"] <= 6].geometry.to_numpy()).length
    assert shape_of(wide, "river").length == pytest.approx(large, rel=0.05)


def test_one_point_is_drawn_in_the_middle_of_its_ground() -> None:
    pack = Pack.empty()
    (frame,) = with_ground(layer_set(pack), pack, boxes=[(10.0, 50.0, 10.0, 50.0)]).frames
    west, south, east, north = frame
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((10.0, 50.0))
    assert north - south == pytest.approx(0.8)  # half a degree and its margin


def test_lighter_shapes_lose_what_is_smaller_than_a_step() -> None:
    both = shapely.multipolygons([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 2.05, 2.05)])
    line = shapely.LineString([(0, 0), (0.5, 0.01), (1, 0)])
    ground, river = _lighter(np.array([both, line], dtype=object), 0.1)
    assert ground.equals(shapely.box(0, 0, 1, 1))
    assert shapely.get_coordinates(river).tolist() == [[0, 0], [1, 0]]
