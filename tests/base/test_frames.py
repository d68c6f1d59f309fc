"""A table is written in every format: whole, readable again, and harmless to a spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from atlas.base.errors import InputError
from atlas.base.frames import SUFFIXES, check_target, neutralised, write_frame
from atlas.base.notes import Notes


def frame() -> gpd.GeoDataFrame:
    data = {
        "name": ["Ж", '=HYPERLINK("x")', None],
        "n": pd.array([1, None, 3], dtype="Int64"),
        "start": pd.to_datetime(["2020-10-03", None, "1899-01-01"]),
        "mixed": [1, "two", None],
    }
    return gpd.GeoDataFrame(data, geometry=[Point(1, 2), None, Point(3, 4)], crs=4326)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_written_twice_the_same(tmp_path: Path, suffix: str) -> None:
    one, two = (write_frame(frame(), tmp_path / f"{name}{suffix}") for name in "ab")
    assert one.read_bytes() == two.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"a{suffix}", f"b{suffix}"]


def test_csv_is_plain_and_days_are_days(tmp_path: Path) -> None:
    notes = Notes()
    text = write_frame(frame(), tmp_path / "a.csv", notes=notes).read_text(encoding="utf-8")
    assert text.splitlines()[0] == "name,n,start,mixed"
    assert text.splitlines()[1] == "Ж,1,2020-10-03,1"
    assert text.splitlines()[2].startswith("\"'=HYPERLINK")
    assert notes.told == ("1 cells begin like a formula; an apostrophe stands before them",)


def test_xlsx_holds_dates_as_dates_and_formulas_as_text(tmp_path: Path) -> None:
    path = write_frame(frame(), tmp_path / "a.xlsx")
    rows = list(openpyxl.load_workbook(path).active.iter_rows())  # type: ignore[union-attr]
    assert rows[1][2].is_date and rows[1][2].value.isoformat().startswith("2020-10-03")
    assert rows[2][0].data_type == "s" and rows[2][0].value.startswith("=HYPERLINK")
    assert rows[3][2].value == "1899-01-01T00:00:00"


def test_json_is_a_list_of_rows(tmp_path: Path) -> None:
    rows = json.loads(write_frame(frame(), tmp_path / "a.json").read_text(encoding="utf-8"))
    assert rows[0] == {"name": "Ж", "n": 1, "start": "2020-10-03", "mixed": 1}
    assert rows[2]["name"] is None


def test_names_a_geopackage_cannot_tell_apart_are_renamed_and_said(tmp_path: Path) -> None:
    notes = Notes()
    both = pd.DataFrame({"Lon": [1.0], "Lat": [2.0], "lon": [1.0], "lat": [2.0], "fid": [7]})
    path = write_frame(both, tmp_path / "a.gpkg", notes=notes)
    assert list(gpd.read_file(path).columns) == [
        "Lon",
        "Lat",
        "lon_2",
        "lat_2",
        "fid_2",
        "geometry",
    ]
    assert notes.told[0].endswith("lon -> lon_2, lat -> lat_2, fid -> fid_2")


def test_what_no_file_can_hold_is_marked_and_said(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        notes = Notes()
        text = pd.Series(["a\x00b\ud800"], dtype=object)
        odd = pd.DataFrame({"t": text, "lon": [1.0], "lat": [1.0]})
        write_frame(odd, tmp_path / f"a{suffix}", notes=notes)
        assert "U+FFFD" in notes.told[0], suffix


def test_a_carriage_return_does_not_end_a_row(tmp_path: Path) -> None:
    path = write_frame(pd.DataFrame({"t": ["x\ry", "z"]}), tmp_path / "a.csv")
    assert pd.read_csv(path)["t"].tolist() == ["x\ry", "z"]


@given(st.lists(st.text(), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_text_comes_back_from_csv_cell_by_cell(texts: list[str]) -> None:
    from io import StringIO

    from atlas.base.frames import _cell_text, _csv_text

    frame = pd.DataFrame({"t": pd.Series(texts, dtype=object), "end": 1})
    text = _csv_text(frame, ",", Notes())
    back = pd.read_csv(StringIO(text, newline=""), keep_default_na=False, dtype={"t": str})
    assert back["t"].tolist() == [neutralised(_cell_text(cell)) for cell in texts]


@pytest.mark.parametrize("text", ["=1", "+1+1", "-a", "@x", "\tx", "\rx"])
def test_formulas_are_held_back(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-5", "+5.5", "-1e5", "a=b", "", 5, None])
def test_numbers_and_text_are_left_alone(value: object) -> None:
    assert neutralised(value) == value


@pytest.mark.parametrize(("name", "words"), [("a.doc", "must end in"), ("no/a.csv", "no folder")])
def test_a_wrong_target_is_refused_before_the_work(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_target(tmp_path / name)
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        check_target(tmp_path / "b.csv")


def test_a_table_without_a_place_is_no_layer(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to draw"):
        write_frame(pd.DataFrame({"a": [1]}), tmp_path / "a.geojson")
    assert not list(tmp_path.iterdir())


def test_rows_without_a_place_stay_rows(tmp_path: Path) -> None:
    table = pd.DataFrame({"lon": [1.0, np.nan], "lat": [1.0, np.nan], "t": ["a", "b"]})
    back = gpd.read_file(write_frame(table, tmp_path / "a.geojson"))
    assert back["t"].tolist() == ["a", "b"] and back.geometry.isna().tolist() == [False, True]


def test_standard_output_gets_csv(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write_frame(pd.DataFrame({"a": ["Ж"]}), "-")
    assert capsysbinary.readouterr().out == "a\nЖ\n".encode()


ODD_NAMES = [["a", "a"], [0, 1], [None, np.nan], [("x", "a"), ("x", "b")]]


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".json", ".parquet", ".geojson", ".gpkg"])
@pytest.mark.parametrize("names", ODD_NAMES)
def test_names_that_are_no_text_or_stand_twice(
    tmp_path: Path, ending: str, names: list[Any]
) -> None:
    rows = pd.DataFrame([["one", "two", Point(1, 2)]])
    layer = gpd.GeoDataFrame(rows.set_axis([*names, "geometry"], axis=1), crs=4326)
    path = write_frame(layer, tmp_path / f"a{ending}")
    if ending in (".geojson", ".gpkg", ".parquet"):
        back = gpd.read_parquet(path) if ending == ".parquet" else gpd.read_file(path)
    else:
        read = {".csv": pd.read_csv, ".xlsx": pd.read_excel, ".json": pd.read_json}[ending]
        back = read(path)
    assert sorted(back.drop(columns="geometry", errors="ignore").iloc[0]) == ["one", "two"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".json", ".parquet", ".geojson", ".gpkg"])
def test_types_that_a_format_has_no_word_for(tmp_path: Path, ending: str) -> None:
    from datetime import date

    layer = gpd.GeoDataFrame(
        {
            "day": pd.Series([date(2020, 10, 3)], dtype="date32[pyarrow]"),
            "length": pd.to_timedelta([1], unit="D"),
            "second": gpd.GeoSeries([Point(3, 4)], crs=4326),
        },
        geometry=[Point(1, 2)],
        crs=4326,
    )
    path = write_frame(layer, tmp_path / f"a{ending}")
    if ending in (".geojson", ".gpkg"):
        back = gpd.read_file(path)
        assert (back.geometry.x[0], back["second"][0]) == (1, "POINT (3 4)")
        assert str(back["day"][0])[:10] == "2020-10-03"
    assert path.stat().st_size > 0


def test_infinite_numbers_in_json_are_null_and_said(tmp_path: Path) -> None:
    notes = Notes()
    path = write_frame(pd.DataFrame({"a": [np.inf, 1.5]}), tmp_path / "a.json", notes=notes)
    assert json.loads(path.read_text()) == [{"a": None}, {"a": 1.5}]
    assert any("infinite" in str(note) for note in notes.told)
