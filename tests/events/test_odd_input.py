"""Odd but honest input: read right, or refused in a sentence; never dropped without a word."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from shapely.geometry import Point

from atlas.base.dates import read_date, read_dates
from atlas.base.errors import InputError
from atlas.events import read_events

ROWS = [
    {"date": "2020-10-03", "lat": 39.82, "lon": 46.75},
    {"date": "2020-10-04", "lat": 39.76, "lon": 46.75},
]
NAMES = ["date", "lat", "lon", "deaths", "place"]


def book(path: Path, *rows: list[object], **sheets: list[list[object]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for title, content in sheets.items():
        sheet = made.create_sheet(title)
        for row in content:
            sheet.append(row)
    made.save(path)
    return made


# --- frames ---------------------------------------------------------------------------------


def test_two_columns_of_one_name() -> None:
    frame = pd.DataFrame([["2020-10-03", 39.82, 46.75, "later"]])
    found = read_events(frame.set_axis(["date", "lat", "lon", "date"], axis=1))
    assert found.frame["event_date"].tolist() == ["2020-10-03"]
    assert found.frame["date_2"].tolist() == ["later"]


@pytest.mark.parametrize("names", [[None, np.nan], [pd.NA, None], ["", None]])
def test_columns_without_a_name(names: list[object]) -> None:
    frame = pd.DataFrame([["2020-10-03", 39.82, 46.75, "a", "b"]])
    found = read_events(frame.set_axis(["date", "lat", "lon", *names], axis=1))
    assert found.frame[["column_4", "column_5"]].values.tolist() == [["a", "b"]]


def test_the_active_geometry_stays_active_among_columns_of_one_name() -> None:
    layer = gpd.GeoDataFrame(ROWS, geometry=[Point(1, 2), Point(3, 4)], crs=4326)
    doubled = pd.concat([layer, layer[["date"]]], axis=1)
    found = read_events(gpd.GeoDataFrame(doubled, geometry="geometry"))
    assert found.frame[["atlas_lon", "atlas_lat"]].values.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("date32[pyarrow]", [date(2020, 10, 3), None]),
        ("date64[pyarrow]", [date(2020, 10, 3), None]),
        ("timestamp[us][pyarrow]", [datetime(2020, 10, 3, 23, 30), None]),
        ("timestamp[ns, tz=Asia/Baku][pyarrow]", [pd.Timestamp("2020-10-02T21:00Z"), None]),
    ],
)
def test_days_of_arrow(kind: str, cells: list[object]) -> None:
    frame = pd.DataFrame(ROWS).assign(date=pd.Series(cells, dtype=kind))
    assert read_events(frame).frame["event_date"].tolist() == ["2020-10-03", ""]


# --- positions ------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["coordinates", "geom", "gps"])
@pytest.mark.parametrize("cell", ["38S PH 12345 67890", "8HF8RPCX+2F", "somewhere"])
def test_a_column_of_positions_that_are_none_is_refused(column: str, cell: str) -> None:
    found = read_events([{"date": "2020-10-03", column: cell}])
    assert (len(found.frame), found.rejects["column"].tolist()) == (0, [column])


def test_a_position_that_is_none_beside_a_place_is_said() -> None:
    found = read_events([{"date": "2020-10-03", "coordinates": "38SPH12", "place": "Somewhere"}])
    assert found.frame["place_name"].tolist() == ["Somewhere"] or len(found.frame) == 1
    assert any("coordinates: no positions" in str(note) for note in found.notes)


@pytest.mark.parametrize("column", ["MGRS", "plus_code", "Easting", "UTM northing", "geohash"])
def test_positions_in_a_grid_are_refused_or_said(column: str) -> None:
    row = {"date": "2020-10-03", column: "1234"}
    with pytest.raises(InputError, match="grid"):
        read_events([row])
    found = read_events([row | {"place": "Somewhere"}])
    assert len(found.frame) == 1
    assert any("grid" in str(note) for note in found.notes)


@pytest.mark.parametrize("cell", ["{'lat': 39.8, 'lon': 46.7}", '{"lon": 46.7, "lat": 39.8}'])
def test_a_position_in_a_record(cell: str) -> None:
    found = read_events([{"date": "2020-10-03", "geo": cell}])
    assert found.frame[["lon", "lat"]].values.tolist() == [[46.7, 39.8]]


def test_a_pair_in_a_geometry_column() -> None:
    found = read_events([{"date": "2020-10-03", "geom": "39.82N 46.75E"}])
    assert found.frame[["lon", "lat"]].values.tolist() == [[46.75, 39.82]]


# --- dates ----------------------------------------------------------------------------------


def test_excel_days_with_a_time_of_day_and_one_note() -> None:
    found = read_dates(["44107.75", "44108", 44109.5, "44110,25"])
    assert [one.text for one in found.dates if one] == [f"2020-10-0{day}" for day in (3, 4, 5, 6)]
    assert found.notes == ("date: numbers read as Excel's days (44107 is 2020-10-03)",)


def test_a_range_that_goes_backward_in_its_month_is_refused() -> None:
    with pytest.raises(InputError):
        read_date("5 October - 3 October 2020")
    assert read_date("30 Dec - 2 Jan 2021").text == "2020-12-30/2021-01-02"


def test_years_of_another_calendar_are_said() -> None:
    old = read_events([ROWS[0] | {"date": "1442-02-15"}])
    assert sum("before 1583" in str(note) for note in old.notes) == 1
    assert not any("1583" in str(note) for note in read_events(ROWS).notes)
    assert not any("1583" in str(n) for n in read_events([ROWS[0] | {"date": "../2020"}]).notes)


def test_a_column_of_months_that_name_their_year_is_one_of_dates() -> None:
    months = [{"month": "October 2020"} | ROWS[0], {"month": "11/2020"} | ROWS[1]]
    for row in months:
        del row["date"]
    assert read_events(months).frame["event_date"].tolist() == ["2020-10", "2020-11"]
    parted = [row | {"year": 2020, "month": 10} for row in months]
    assert read_events(parted).frame["event_date"].tolist() == ["2020-10"] * 2


# --- cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["н/д", "нет данных", "невідомо", "bilinmiyor", "inconnu", "s/d", "k.A.", "غير معروف"]
)
def test_nothing_in_other_languages(word: str) -> None:
    found = read_events([ROWS[0] | {"deaths": word}, ROWS[1] | {"deaths": "5"}])
    assert found.frame["best"].tolist() == pytest.approx([np.nan, 5], nan_ok=True)


@pytest.mark.parametrize("word", ["aucun", "keine", "нет", "yok", "ninguno"])
def test_a_word_for_none_is_not_missing(word: str) -> None:
    assert len(read_events([ROWS[0] | {"deaths": word}]).rejects) == 1


# --- files ----------------------------------------------------------------------------------


def test_a_delimiter_at_the_end_of_each_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,lat,lon\n2020-10-03,39.82,46.75,\n2020-10-04,39.76,46.75,\n")
    found = read_events(path)
    assert found.frame["event_date"].tolist() == ["2020-10-03", "2020-10-04"]
    assert "row_names" not in found.frame


def test_names_of_rows_are_still_found(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,lat,lon\n1,2020-10-03,39.82,46.75\n2,2020-10-04,39.76,46.75\n")
    assert read_events(path).frame["row_names"].tolist() == ["1", "2"]


def test_mac_roman(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("date,lat,lon,place\n2020-10-03,39.8,46.7,Évian Zürich\n".encode("mac_roman"))
    assert read_events(path).frame["place"].tolist() == ["Évian Zürich"]


@pytest.mark.parametrize("wrap", [list, iter, tuple])
def test_a_list_of_features(wrap: type) -> None:
    feature = {
        "type": "Feature",
        "properties": {"date": "2020-10-03"},
        "geometry": {"type": "Point", "coordinates": [46.75, 39.82]},
    }
    found = read_events(wrap([feature, feature]))
    assert found.frame["event_date"].tolist() == ["2020-10-03"] * 2
    assert found.frame["lon"].tolist() == [46.75] * 2


def test_what_is_no_feature_is_set_aside() -> None:
    good = {"type": "Feature", "properties": {"date": "2020-10-03"}, "geometry": None}
    esri = {"attributes": {"date": "2020-10-03"}, "geometry": {"x": 1, "y": 2}}
    inner = {"type": "FeatureCollection", "features": [good]}
    found = read_events({"type": "FeatureCollection", "features": [good, esri, inner]})
    assert (found.rows, len(found.frame), len(found.rejects)) == (3, 1, 2)


@pytest.mark.parametrize(
    ("mark", "called"),
    [(b"BZh91AY", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"%PDF-1.4", "PDF"),
     (b"PK\x05\x06" + b"\0" * 18, "empty zip"), (b"r\x02\x01\x00\x05", "Stata"),
     (b"$FL2@(#)", "SPSS"), (b"RDX3\nX\n", "file of R"), (b"X\n\x00\x00\x00\x03", "file of R")],
)  # fmt: skip
def test_what_is_no_table_is_called_by_its_name(tmp_path: Path, mark: bytes, called: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(mark + b"\n")
    with pytest.raises(InputError, match=rf"is an? .*{called}.*which is not read"):
        read_events(path)


@pytest.mark.parametrize(
    ("given", "says"),
    [("date,lat\n2020-10-03,1\n", "io.StringIO"), ('{"type": "FeatureCollection"}', "io.StringIO"),
     ("https://example.org/a.csv", "nothing is fetched"), ("s3://a/b.csv", "nothing is fetched"),
     (["a.csv"], "not of records: give"), (object(), "give a file, a frame")],
)  # fmt: skip
def test_what_is_no_path_is_told_what_to_do(given: object, says: str) -> None:
    with pytest.raises(InputError, match=says) as told:
        read_events(given)
    assert len(str(told.value)) < 200


def test_a_sheet_of_a_file_that_has_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("date,lat,lon\n2020-10-03,39.82,46.75\n")
    assert "sheet: not used, since this sort of file has none" in read_events(path, sheet=2).notes
    book(tmp_path / "a.xlsx", NAMES, ["2020-10-03", 39.82, 46.75, 1, "x"])
    assert not any("not used" in note for note in read_events(tmp_path / "a.xlsx", sheet=1).notes)


@pytest.mark.parametrize("country", ["Fiji", "FJI", "F1", "ФЙ", " "])
def test_a_country_is_a_code_of_two_letters(country: str) -> None:
    with pytest.raises(InputError, match="two-letter code"):
        read_events(ROWS, country=country)
    assert len(read_events(ROWS, country="fj").frame) == 2


def test_lists_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"type": "Topology", "objects": {}, "arcs": []}')
    with pytest.raises(InputError, match="not a GeoJSON FeatureCollection"):
        read_events(path)
    document = {"people": [{"id": 1, "name": "x"}], "attacks": ROWS}
    assert read_events(document).frame["event_date"].tolist() == ["2020-10-03", "2020-10-04"]


# --- workbooks ------------------------------------------------------------------------------


def test_numbers_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    for row in (NAMES, [42645, 39.82, 46.75], [datetime(2020, 10, 3), 39.82, 46.75]):
        made.active.append(row)
    made.save(tmp_path / "a.xlsx")
    assert read_events(tmp_path / "a.xlsx").frame["event_date"].tolist() == ["2020-10-03"] * 2


def test_formulas_without_values_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(path, NAMES, ["2020-10-03", 39.82, 46.75, "=2+3"], ["2020-10-03", 39.82, 46.75, '="<5"'])
    found = read_events(path)
    assert found.frame["best"].isna().all()
    assert any("cells: 2, the first is D2" in str(note) for note in found.notes)


def test_formulas_with_values_are_read_without_a_word(tmp_path: Path) -> None:
    path, worked = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book(path, NAMES, ["2020-10-03", 39.82, 46.75, "=2+3"])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(worked, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name,
                data.replace(b"</f><v />", b"</f><v>5</v>")
                .replace(b"</f><v></v>", b"</f><v>5</v>")
                .replace(b"</f><v/>", b"</f><v>5</v>"),
            )
    found = read_events(worked)
    assert found.frame["best"].tolist() == [5]
    assert not any("formulas" in str(note) for note in found.notes)


def test_hidden_sheets_come_last_and_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    row = ["2020-10-03", 39.82, 46.75, 5]
    made = book(path, NAMES, row, old=[NAMES, row, row, row])
    made["old"].sheet_state = "hidden"
    made.save(path)
    found = read_events(path)
    assert len(found.frame) == 1
    assert any("not read: 'old' (hidden)" in str(note) for note in found.notes)
    assert len(read_events(path, sheet="old").frame) == 3
    made = book(path, ["read me"], old=[NAMES, row, row, row])
    made["old"].sheet_state = "hidden"
    made.save(path)
    found = read_events(path)
    assert len(found.frame) == 3
    assert any("'old' (hidden)" in str(note) for note in found.notes)
