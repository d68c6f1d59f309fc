"""The default pack's geometry of control, as built: what a user of the map would notice."""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pytest
import shapely

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "geodata" / "south-caucasus"
BUILD = ROOT / "geodata" / "build"
START = "1988-02-20"


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return gpd.read_file(PACK / "areas.geojson").set_index("id")


@pytest.fixture(scope="module")
def control() -> list[dict[str, str]]:
    with (PACK / "control.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def first_day(text: str) -> str:
    """Earliest day of an EDTF date, as text that sorts."""
    start = text.split("/")[0].rstrip("~?")
    return start + {4: "-01-01", 7: "-01"}.get(len(start), "")


def holder(control: list[dict[str, str]], day: str) -> dict[str, str]:
    return {
        row["area_id"]: row["controller"]
        for row in control
        if not row["asserted_by"]
        and first_day(row["valid_from"]) <= day
        and (not row["valid_to"] or day < first_day(row["valid_to"]))
    }


def script(name: str) -> ModuleType:
    """A script of the build folder as a module (the folder is no package)."""
    sys.path.insert(0, str(BUILD))
    try:
        spec = importlib.util.spec_from_file_location(name, BUILD / f"{name}.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BUILD))
    return module


def test_areas_are_a_coverage_without_overlap_or_gap(areas: gpd.GeoDataFrame) -> None:
    geometries = areas.geometry.to_numpy()
    assert areas.is_valid.all()
    assert shapely.coverage_is_valid(geometries)
    whole = shapely.union_all(geometries)
    holes = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    assert holes == []
    apart = areas.to_crs("EPSG:6933").area.sum()
    together = gpd.GeoSeries([whole], crs="EPSG:4326").to_crs("EPSG:6933").area.sum()
    assert apart == pytest.approx(together, rel=1e-9)


def test_coordinates_are_written_with_five_decimals() -> None:
    collection = json.loads((PACK / "areas.geojson").read_text(encoding="utf-8"))
    ids = [feature["properties"]["id"] for feature in collection["features"]]
    assert ids == sorted(ids)
    for feature in collection["features"]:
        xy = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]))
        assert np.array_equal(xy, np.round(xy, 5))


def test_every_area_has_exactly_one_assessed_holder_every_day(
    areas: gpd.GeoDataFrame, control: list[dict[str, str]]
) -> None:
    spans: dict[str, list[tuple[str, str]]] = {}
    for row in control:
        if not row["asserted_by"]:
            end = first_day(row["valid_to"]) if row["valid_to"] else "9999"
            spans.setdefault(row["area_id"], []).append((first_day(row["valid_from"]), end))
    assert set(spans) == set(areas.index)
    for area, steps in spans.items():
        steps.sort()
        assert steps[0][0] == START, area
        assert steps[-1][1] == "9999", area
        for (_, end), (start, _) in zip(steps, steps[1:], strict=False):
            assert end == start, area


def test_the_total_is_the_same_on_any_day(
    areas: gpd.GeoDataFrame, control: list[dict[str, str]]
) -> None:
    km2 = areas.to_crs("EPSG:6933").area / 1e6
    whole = km2.sum()
    assert 114_000 < whole < 118_000  # 29,743 and 86,600 km2 are the official figures
    day = date(1988, 2, 20)
    while day.year < 2026:
        held = holder(control, day.isoformat())
        assert km2[list(held)].sum() == pytest.approx(whole)
        day += timedelta(days=397)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (
            "2020-11-10",
            "2020-12-01",
            {"agdam_city", "agdam_west", "kelbajar", "lachin", "lachin_corridor"},
        ),
        (
            "2020-12-01",
            "2022-08-27",
            {"farukh", "hin_tagher", "lachin_corridor", "qubadli_west", "saribaba"},
        ),
        (
            "2022-09-14",
            "2023-09-21",
            {
                "amiranlar",
                "askeran",
                "garadaghly",
                "khojaly_town",
                "kosalar",
                "malibeyli",
                "mardakert_centre",
                "mardakert_south",
                "mardakert_south_west",
                "mardakert_upper",
                "martuni",
                "sarsang",
                "shusha_west",
                "umudlu",
            },
        ),
        ("2023-09-21", "2024-01-02", {"stepanakert"}),
        (
            "2024-05-23",
            "2024-05-24",
            {"ashaghi_askipara", "baghanis_ayrum", "gizilhajili", "kheyrimli"},
        ),
    ],
)
def test_the_map_changes_exactly_where_history_did(
    control: list[dict[str, str]], before: str, after: str, changed: set[str]
) -> None:
    a, b = holder(control, before), holder(control, after)
    inside_armenia = {"jermuk_heights", "nerkin_hand", "sev_lake", "sotk_vardenis"}
    assert {area for area in a if a[area] != b[area]} - inside_armenia == changed


def test_the_war_of_2020_took_the_south_and_not_the_handed_over_districts(
    control: list[dict[str, str]],
) -> None:
    before, after = holder(control, "2020-09-26"), holder(control, "2020-11-10")
    lost = {area for area in before if before[area] == "NK" and after[area] == "AZ"}
    assert {"shusha_town", "hadrut_town", "jabrayil", "fuzuli_town", "zangilan", "talish"} <= lost
    assert not lost & {"agdam_city", "kelbajar", "lachin", "stepanakert", "martuni", "khojaly_town"}


def test_corridor_is_in_peacekeepers_hands_only_between_its_two_days(
    control: list[dict[str, str]],
) -> None:
    days = ["2020-11-30", "2020-12-01", "2022-08-25", "2022-08-26"]
    held = [holder(control, day)["lachin_corridor"] for day in days]
    assert held == ["NK", "RU", "RU", "AZ"]


def test_behind_the_line_of_contact_is_the_area_known(
    areas: gpd.GeoDataFrame, control: list[dict[str, str]]
) -> None:
    held = [area for area, who in holder(control, "2020-09-26").items() if who == "NK"]
    km2 = areas.loc[held].to_crs("EPSG:6933").area.sum() / 1e6
    # Natural Earth's polygon of the same territory has 11,923 km2, De Waal's sum is 11,800.
    assert km2 == pytest.approx(11_850, rel=0.03)


@pytest.mark.parametrize(
    ("lon", "lat", "area", "district"),
    [
        (46.7528, 39.8177, "stepanakert", "stepanakert_city"),
        (46.7499, 39.7601, "shusha_town", "d_shusha"),
        (46.6431, 39.6875, "shusha_west", "d_shusha"),
        (46.5469, 39.6408, "lachin_corridor", "d_lachin"),
        (46.5433, 39.5897, "lachin_corridor", "d_lachin"),
        (47.0284, 39.3992, "jabrayil", "d_jabrayil"),
        (46.8209, 40.2124, "mardakert_centre", "d_tartar"),
        (47.1653, 40.1591, "agdam_east", "d_agdam"),
        (47.3350, 39.4502, "horadiz", "d_fuzuli"),
        (46.5305, 39.5476, "am_rest", "armenia"),
        (45.5156, 40.6461, "artsvashen", "gegharkunik"),
        (45.0233, 41.0661, "yukhari_askipara", "d_gazakh"),
        (44.9436, 39.7856, "karki", "d_sadarak"),
    ],
)
def test_towns_lie_in_their_area(
    areas: gpd.GeoDataFrame, lon: float, lat: float, area: str, district: str
) -> None:
    hit = areas[areas.contains(shapely.Point(lon, lat))]
    assert list(hit.index) == [area]
    assert hit.iloc[0]["district_place_id"] == district


def test_a_contested_row_says_what_the_other_side_says(control: list[dict[str, str]]) -> None:
    for row in control:
        assert row["source_ids"], row["id"]
        if row["certainty"] == "contested":
            assert row["note"], row["id"]
        if row["asserted_by"]:
            assert row["note"].startswith("claim_kind="), row["id"]


def test_basemap_is_small_and_agrees_with_the_areas(areas: gpd.GeoDataFrame) -> None:
    path = PACK / "basemap.geojson"
    assert path.stat().st_size <= 150_000
    frame = gpd.read_file(path)
    assert {"land", "country", "border", "lake", "river", "sea"} == set(frame["kind"])
    countries = frame[frame["kind"] == "country"].set_index("name").geometry
    ours = shapely.union_all(areas.geometry.to_numpy())
    both = shapely.union(countries["Armenia"], countries["Azerbaijan"])
    assert shapely.symmetric_difference(ours, both).area < 1e-3 * ours.area


def test_build_knows_an_area_for_every_key() -> None:
    build = script("build_areas")
    rows = build.read_rows("areas.csv")
    keys = [key for row in rows for key in row["keys"].split("|") if key]
    assert len(keys) == len(set(keys))
    cuts = {cut.id for cut in build.read_cuts()}
    assert {key.split("/")[2] for key in keys} - {""} <= cuts


def test_a_tarball_that_is_not_the_recorded_one_is_refused(tmp_path: Path) -> None:
    source = script("natural_earth")
    (tmp_path / source.ADMIN1.tarball).write_bytes(b"something else")
    with pytest.raises(RuntimeError, match="SHA-256"):
        source.fetch(source.ADMIN1, cache=tmp_path)


def test_small_fragments_go_to_the_neighbour_they_touch_most() -> None:
    build = script("build_areas")
    pieces = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(9, 10, 12, 11)]
    merged, names = build.sieve(pieces, ["a", "b", "c"], smallest=5, keep={"a", "b"})
    assert names == ["a", "b"]
    assert [piece.area for piece in merged] == [100, 103]
