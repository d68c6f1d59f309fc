"""The files to download: readable by the tools they are made for, and all of the record."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from atlas.record.pack import Pack, read_pack
from atlas.record.schema import TABLES
from atlas.site.downloads import write_downloads
from tests.packs import spell, write_pack


@pytest.fixture(scope="module")
def downloads(site: Path) -> Path:
    return site / "downloads"


def test_the_data_package_is_valid(downloads: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.Package(str(downloads / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type", "message"])
    assert len(report.tasks) == len(TABLES) + 1


def test_every_table_is_there_in_full(pack: Pack, downloads: Path) -> None:
    for name, table in TABLES.items():
        with (downloads / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert len(rows) == len(getattr(pack, name))
        extra = ("geometry_wkt",) if table.geometry else ()
        if rows:
            assert tuple(rows[0]) == table.speaking(getattr(pack, name).columns).names + extra


def test_no_cell_is_run_by_a_spreadsheet(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    titles = [f"{sign}cmd|'/c calc'!A{n}" for n, sign in enumerate("=@+-=")]
    write_downloads(replace(pack, events=pack.events.assign(title=titles)), tmp_path / "out")
    with (tmp_path / "out" / "events.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["title"] for row in csv.DictReader(stream)] == [f"'{text}" for text in titles]


def test_geojson_and_geopackage_hold_the_same_events(pack: Pack, downloads: Path) -> None:
    flat = gpd.read_file(downloads / "events.geojson")
    packed = pyogrio.read_dataframe(downloads / f"{pack.id}.gpkg", layer="events")
    assert list(flat["id"]) == list(packed["id"]) == list(pack.events["id"])
    # An event that names only its place lies there.
    assert not packed.geometry.is_empty.any()
    assert {"control_shapes", *TABLES} == {name for name, _ in pyogrio.list_layers(
        downloads / f"{pack.id}.gpkg")}  # fmt: skip


def test_geoparquet_keeps_types_and_coordinates(pack: Pack, downloads: Path) -> None:
    shapes = gpd.read_parquet(downloads / "control_shapes.parquet")
    assert len(shapes) == len(pack.control)
    assert shapes.crs.to_epsg() == 4326 and not shapes.geometry.isna().any()
    events = gpd.read_parquet(downloads / "events.parquet")
    assert pd.isna(events.set_index("id").loc["e001", "best"])
    assert events.set_index("id").loc["e002", "best"] == 12


def test_the_bibliography_is_csl_json(pack: Pack, downloads: Path) -> None:
    items = json.loads((downloads / "sources.json").read_text(encoding="utf-8"))
    assert [item["id"] for item in items] == sorted(pack.sources["id"])


def test_what_was_not_yet_known_is_not_given_away(tmp_path: Path) -> None:
    control = [
        spell("c1", "a00", "A", "2000-01-01", "2001-05-10", recorded_on="2000-01-02"),
        spell("c2", "a00", "B", "2001-05-10", recorded_on="2001-05-11"),
        spell("c3", "a10", "B", "2000-01-01", recorded_on="2000-01-02"),
    ]
    directory = write_pack(tmp_path / "pack", control)
    (tmp_path / "out").mkdir()
    write_downloads(read_pack(directory, known_on="2000-06-01"), tmp_path / "out")
    with (tmp_path / "out" / "control.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["id"]: row["valid_to"] for row in csv.DictReader(stream)}
    assert rows == {"c1": "", "c3": ""}
