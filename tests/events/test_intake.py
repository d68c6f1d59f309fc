"""One door: the same rows give the same events whatever brings them; no row is lost."""

# ruff: noqa: E501
from __future__ import annotations

import io
import json
import os
import pickle
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.base.errors import AtlasError, InputError
from atlas.base.timespan import OPEN_END, OPEN_START, parse_day
from atlas.events import ReadOptions, days, read_events, take
from tests.events.makers import CONTAINERS, make, told, zipped

ROWS = pd.DataFrame(
    {
        "event_date": ["2020-10-03", "2020-11", "3-5 Oct 2020", "1993-04-02~"],
        "lon": [46.75, 46.8, 46.9, 47.0],
        "lat": [39.82, 39.9, 40.0, 40.1],
        "place": ["Шуша", "Şuşa", "Շուշի", 'a "b", c'],
        "fatalities": [1, 2, 3, 4],
        "type": ["Battles", "shelling", "Protests", ""],
        "actor1": ["A", "NA", "B", "n/a"],
    }
)


def given_text(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


# --- containers -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(CONTAINERS))
def test_the_same_rows_give_the_same_events(kind: str, tmp_path: Path) -> None:
    found = read_events(make(kind, ROWS, tmp_path))
    assert (found.rows, len(found), len(found.rejects)) == (4, 4, 0)
    pd.testing.assert_frame_equal(
        told(found), told(read_events(ROWS)), check_exact=False, rtol=1e-9
    )
    assert found.column("event_type").tolist() == ["battle", "shelling", "protest", ""]
    assert found.column("actor1").tolist() == ["A", "", "B", ""]
    assert found.frame.crs.to_epsg() == 4326
    assert np.allclose(found.frame.geometry.x, ROWS["lon"])


_WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            st.dates(date(1900, 1, 1), date(2100, 1, 1)),
            st.floats(-179, 179).map(lambda x: round(x, 4)),
            st.floats(-85, 85).map(lambda x: round(x, 4)),
            _WORDS.map("n".__add__),
            st.one_of(st.none(), st.integers(0, 10**6)),
        ),
        min_size=1,
        max_size=8,
    ),
    kind=st.sampled_from([kind for kind in CONTAINERS if "utm" not in kind]),
)
def test_any_rows_in_any_container(
    rows: list[tuple[object, ...]], kind: str, tmp_path: Path
) -> None:
    frame = pd.DataFrame(rows, columns=["event_date", "lon", "lat", "title", "best"])
    frame["event_date"] = frame["event_date"].map(str)
    found = read_events(make(kind, frame, tmp_path))
    assert (found.rows, len(found.rejects)) == (len(rows), 0)
    pd.testing.assert_frame_equal(
        told(found, "event_date", "start", "end", "lon", "lat", "best", "title"),
        told(read_events(frame), "event_date", "start", "end", "lon", "lat", "best", "title"),
        check_exact=False, rtol=1e-6, atol=1e-6,
    )  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["csv", "xlsx", "ods", "parquet", "json", "json lines", "frame", "list"]
)
def test_rows_in_are_events_and_rejects(kind: str, tmp_path: Path) -> None:
    broken = ROWS.assign(
        event_date=["2020-10-03", "soon", "2020-11", "2020-02-30"], lat=[39.8, 39.9, 139.0, 40.0]
    )
    found = read_events(make(kind, broken, tmp_path))
    assert (found.rows, len(found)) == (4, 1)
    assert found.rejects["column"].tolist() == ["event_date", "lat", "event_date"]
    assert found.rejects["found"].tolist() == [
        "soon",
        "139" if kind != "csv" else "139.0",
        "2020-02-30",
    ]


def test_a_bad_date_in_a_frame_is_a_reject_with_its_index() -> None:
    frame = pd.DataFrame({"date": ["2020-10-03", "soon"], "lat": 1.0, "lon": 2.0}, index=["a", "b"])
    found = read_events(frame)
    assert found.rejects[["index", "column", "found"]].to_numpy().tolist() == [
        ["b", "date", "soon"]
    ]
    assert found.frame.index.tolist() == ["a"]
    assert frame.columns.tolist() == ["date", "lat", "lon"]  # never changed


def test_every_kind_of_day_in_a_column() -> None:
    kinds = [
        "2020-10-03", date(2020, 10, 3), datetime(2020, 10, 3, 5), pd.Timestamp("2020-10-03"),
        pd.Timestamp("2020-10-03T01:00", tz="Asia/Yerevan"), np.datetime64("2020-10-03"),
        pd.Period("2020-10-03", "D"), 44107, None, pd.NaT, "3 Oct 2020", "NA",
    ]  # fmt: skip
    frame = pd.DataFrame({"date": pd.Series(kinds, dtype=object), "lat": 39.8, "lon": 46.7})
    found = read_events(frame)
    assert len(found.rejects) == 0
    dates = found.column("event_date").tolist()
    assert dates == ["2020-10-03"] * 8 + ["", ""] + ["2020-10-03", ""]
    starts, ends = days(found.frame)
    assert set(starts[:8]) == {parse_day("2020-10-03")} and set(ends[:8]) == {
        parse_day("2020-10-04")
    }
    assert (starts[8], ends[8]) == (OPEN_START, OPEN_END)
    months = read_events(pd.DataFrame({"date": pd.period_range("2020-10", periods=2, freq="M"),
                                       "lat": 1.0, "lon": 1.0}))  # fmt: skip
    assert months.column("event_date").tolist() == ["2020-10", "2020-11"]


def test_two_zones_of_one_moment_are_two_days() -> None:
    moments = [
        pd.Timestamp("2020-10-03T23:00", tz="UTC"),
        pd.Timestamp("2020-10-04T03:00", tz="Asia/Yerevan"),
    ]
    frame = pd.DataFrame({"date": pd.Series(moments, dtype=object), "lat": 1.0, "lon": 1.0})
    assert read_events(frame).column("event_date").tolist() == ["2020-10-03", "2020-10-04"]


# --- text files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "header", "place"),
    [
        ("cp1251", "дата;широта;долгота;место", "Степанакерт"),
        ("koi8-r", "дата;широта;долгота;место", "Степанакерт обстрел города"),
        ("cp1254", "tarih;enlem;boylam;yer", "Diyarbakır, Şırnak, Iğdır"),
        ("cp1253", "ημερομηνία;πλάτος;μήκος;τόπος", "Λευκωσία"),
        ("cp1256", "التاريخ;خط العرض;خط الطول;المكان", "حلب ودمشق"),
        ("cp1252", "fecha;latitud;longitud;lugar", "Medellín, Bogotá, niños"),
        ("cp1250", "date;lat;lon;place", "Łódź, Gdańsk"),
        ("utf-8-sig", "date;lat;lon;place", "Şuşa"),
        ("utf-16", "date;lat;lon;place", "Шуша"),
        ("utf-16-le", "date;lat;lon;place", "Шуша и город"),
        ("utf-32", "date;lat;lon;place", "Шуша"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(encoding: str, header: str, place: str) -> None:
    found = read_events(given_text(f"{header}\n2020-10-03;39,8;46,7;{place}\n", encoding))
    assert found.column("place_name").tolist() == [place]
    assert (found.column("lat")[0], found.column("lon")[0]) == (39.8, 46.7)
    if not encoding.startswith("utf-8"):
        assert any(note.startswith("encoding: ") for note in found.notes)


def test_the_encoding_the_user_says_wins() -> None:
    data = "date,lat,lon,place\n2020-10-03,1,2,Þórshöfn\n"
    found = read_events(given_text(data, "cp1252"), encoding="cp1252")
    assert found.column("place_name").tolist() == ["Þórshöfn"]
    with pytest.raises(InputError, match="no encoding"):
        read_events(given_text(data), encoding="klingon")
    with pytest.raises(InputError, match="no encoding"):
        ReadOptions(encoding="zlib")


def test_titles_above_the_header_a_row_of_groups_and_the_sheet_that_holds_events(
    tmp_path: Path,
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["See the second sheet"])
    sheet = book.create_sheet("Log")
    for row in (["Log 2020"], [], ["When", "Where", None, "Place"], [None, "lat", "lon", None],
                [datetime(2020, 10, 3), 39.82, 46.75, "A"]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    found = read_events(tmp_path / "a.xlsx")
    assert told(found, "event_date", "lon", "lat", "place_name").to_numpy().tolist() == [
        ["2020-10-03", 46.75, 39.82, "A"]
    ]
    assert any("'Log'" in note for note in found.notes)
    assert "header: row 3 and 4" in found.notes
    assert read_events(tmp_path / "a.xlsx", sheet="log").rows == 1
    with pytest.raises(InputError, match="no sheet 'x'"):
        read_events(tmp_path / "a.xlsx", sheet="x")
    csv = given_text("Log 2020,,\n\ndate,lat,lon\n2020-10-03,1,2\n")
    assert read_events(csv).column("event_date").tolist() == ["2020-10-03"]
    assert read_events(csv, header_row=2).rows == 1


@pytest.mark.parametrize(
    ("text", "events", "rejects"),
    [
        ('d,lat,lon,n\n2020-10-03,1,2,a\n2020-10-03,1,2,"b\n2020-10-03,1,2,c\n', 2, [3]),
        ('d,lat,lon,n\n2020-10-03,1,2,"a\n2020-10-03,1,2,"b\nc"\n', 1, [2]),
        ("d,lat,lon,n\n2020-10-03,1,2,a\r2020-10-03,1,2,b\nbad\n", 2, [4]),
        ('d,lat,lon,n\n2020-10-03,1,2,"a\rb"\n2020-10-03,1,2,c\n', 2, []),
        ('d,lat,lon,n\n2020-10-03,1,2,"a\nb\n\nc"\n2020-10-03,1,2,c\n', 2, []),
        ('d,lat,lon,n\n2020-10-03,1,2,5" gun\n2020-10-03,1,2,c\n', 2, []),
        ("d,lat,lon,n\r\n2020-10-03,1,2,a\r\n\r\n2020-10-03,1,2,b", 2, []),
        ("d,lat,lon,n\n2020-10-03,1,2,a,\n2020-10-03,1,2\n", 0, [2, 3]),
    ],
)
def test_what_a_record_is(text: str, events: int, rejects: list[int]) -> None:
    found = read_events(given_text(text), columns={"date": "d"})
    assert (len(found), found.rejects["line"].tolist()) == (events, rejects)
    assert found.rows == events + len(rejects)


_CELL = st.text(st.sampled_from("ab\"\n\r,; 'é"), max_size=6)


@given(cells=st.lists(_CELL, min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_what_is_written_as_csv_reads_back(cells: list[str]) -> None:
    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows(
        [["date", "lat", "lon", "cell"], *[["2020-10-03", 1, 2, cell] for cell in cells]]
    )
    found = read_events(given_text(out.getvalue()))
    assert found.rows == len(cells) and not len(found.rejects)
    assert found.frame["cell"].fillna("").tolist() == cells


@given(text=st.text(st.sampled_from('a1"\n\r,;-'), max_size=80))
@settings(max_examples=80, deadline=None)
def test_the_two_parsers_and_the_count_agree(text: str) -> None:
    from atlas.base.notes import Notes
    from atlas.events import delimited
    from atlas.events.files import opened

    data = f"date,lat,lon\n2020-10-03,1,2\n{text}"
    with opened(given_text(data)) as ready:
        fast = delimited.read_delimited(ready, Notes(), delimiter=",")
        columns = list(fast.frame.columns)

        def fits(block: bytes) -> bool:
            return len(delimited.fields_of(block.decode(), ",", strict=True)) == len(columns)

        slow = delimited._slow(ready.handle, "x", Notes(), ",", columns, True, None, 1, fits)
    assert fast.rows == slow.rows == len(fast.frame) + len(fast.rejects.rows)
    assert fast.frame.fillna("").to_numpy().tolist() == slow.frame.fillna("").to_numpy().tolist()


# --- numbers, missing, places ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "deaths"),
    [("1,200", 1200), ("1 200", 1200), ("1\u202f200", 1200), ("1'200", 1200), ("1,200,000", 1200000),
     ("1.200.000", 1200000), ("12,34,567", 1234567), ("٣", 3), ("3.0", 3), ("NA", None), ("-", None),
     ("N/A", None), ("null", None), ("None", None), ("nan", None), (".", None), ("", None),
     ("1.200", "reject"), ("-3", "reject"), ("many", "reject"), ("inf", "reject"), ("10-15", "reject")],
)  # fmt: skip
def test_deaths_as_people_write_them(cell: str, deaths: object) -> None:
    found = read_events([{"date": "2020-10-03", "lat": 1, "lon": 2, "killed": cell}])
    if deaths == "reject":
        assert found.rejects["column"].tolist() == ["killed"]
    else:
        assert found.column("best").fillna(-1).tolist() == [-1 if deaths is None else deaths]
        assert found.frame["killed"].tolist() == [cell]  # as the user wrote it


def test_the_decimal_mark_of_a_table_settles_its_groups() -> None:
    comma = read_events(given_text("date;lat;lon;killed\n2020-10-03;39,8;46,7;1.200\n"))
    assert comma.column("best").tolist() == [1200]
    both = read_events(given_text("date;lat;lon;killed\n2020-10-03;39,8;46,7;1,200\n"))
    assert len(both.rejects) == 1 and "1200 or 1.200" in both.rejects["reason"][0]


@pytest.mark.parametrize(
    ("row", "lon", "lat"),
    [
        ({"lat": "39°49'04\"N", "lon": "46°45'10\"E"}, 46.752778, 39.817778),
        ({"lat": "39.76N", "lon": "46.75E"}, 46.75, 39.76),
        ({"lat": "N 39 49.5", "lon": "E 46 45"}, 46.75, 39.825),
        ({"lat": "4°36'S", "lon": "74°04'W"}, -74.066667, -4.6),
        ({"lat": "39,8", "lon": "46,752"}, 46.752, 39.8),
        ({"lat": "39°49′04″ с. ш.", "lon": "46°45′10″ в. д."}, 46.752778, 39.817778),
        ({"coordinates": "39.8N, 46.7E"}, 46.7, 39.8),
        ({"coordinates": "46°42'E 39°48'N"}, 46.7, 39.8),
        ({"coordinates": "4.6, -104.1"}, -104.1, 4.6),
        ({"coordinates": "-104.1 4.6"}, -104.1, 4.6),
        ({"lat_lon": "39,8; 46,7"}, 46.7, 39.8),
        ({"LonLat": "(46.7, 39.8)"}, 46.7, 39.8),
        ({"gps": "geo:39.8,46.7"}, 46.7, 39.8),
        ({"gps": "39.8177 46.7528 830.5 4.2"}, 46.7528, 39.8177),
        ({"lat": "39d49m04s N", "lon": "46.75 degrees E"}, 46.75, 39.817778),
        ({"location": {"type": "Point", "coordinates": [46.7, 39.8]}}, 46.7, 39.8),
        ({"wkt": "POINT Z (46.7 39.8 5)"}, 46.7, 39.8),
        ({"geom": "SRID=3857;POINT(5204497.889 4839486.196)"}, 46.7528, 39.8177),
        ({"geom": shapely.Point(46.7, 39.8).wkb_hex}, 46.7, 39.8),
        ({"geom": shapely.to_wkb(shapely.set_srid(shapely.Point(46.7, 39.8), 4326), hex=True, include_srid=True)},
         46.7, 39.8),
    ],
)  # fmt: skip
def test_positions_as_people_write_them(row: dict[str, object], lon: float, lat: float) -> None:
    found = read_events([{"date": "2020-10-03", **row}])
    assert not len(found.rejects), found.rejects
    assert found.column("lon")[0] == pytest.approx(lon, abs=1e-5)
    assert found.column("lat")[0] == pytest.approx(lat, abs=1e-5)


@pytest.mark.parametrize(
    "row",
    [{"lat": "39.8E", "lon": "46.7"}, {"lat": "39°75'N", "lon": "46°E"}, {"lat": 39.8, "lon": None},
     {"lat": 139.8, "lon": 46.7}, {"lat": 4839486.2, "lon": 5204497.9}, {"coordinates": "39.8, 46.7"},
     {"lat": "north", "lon": "46.7"}, {"wkt": "POINT (200 95)"}, {"lat": "39.8", "lon": "46.7 or so"}],
)  # fmt: skip
def test_positions_that_cannot_be_told_are_rejects(row: dict[str, object]) -> None:
    good = {"coordinates": "39.8N, 46.7E"} if "coordinates" in row else {}
    assert len(read_events([{"date": "2020-10-03", **row}]).rejects) == 1
    assert not good or len(read_events([{"date": "2020-10-03", **good}])) == 1


def test_other_rows_settle_the_order_of_two_in_one() -> None:
    rows = [{"date": "2020-10-03", "coords": pair} for pair in ("4.6, -74.1", "4.7, -104.1")]
    assert read_events(rows).column("lon").tolist() == [-74.1, -104.1]
    with_both = [{"date": "2020-10-03", "coords": pair} for pair in ("4, 104", "104, 4", "4, 5")]
    found = read_events(with_both)
    assert found.column("lon").tolist() == [104, 104] and len(found.rejects) == 1


def test_null_island_with_a_name_is_missing() -> None:
    found = read_events([{"date": "2020-10-03", "lat": 0, "lon": 0, "place": "Somewhere"},
                         {"date": "2020-10-03", "lat": 0, "lon": 0, "place": ""}])  # fmt: skip
    assert found.unlocated.tolist() == [True, False]
    assert found.frame.geometry.isna().tolist() == [True, False]
    assert any("0, 0" in note for note in found.notes)


# --- geometry -------------------------------------------------------------------------------


def test_any_shape_is_a_point_and_the_radius_that_covers_it() -> None:
    from atlas.base.crs import distance_m

    shapes = [
        shapely.Point(46.7, 39.8), shapely.MultiPoint([(46.75, 39.82), (46.75, 39.76)]),
        shapely.LineString([(46.75, 39.82), (44.5, 40.18)]), shapely.box(46, 39, 47, 40),
        shapely.GeometryCollection([shapely.Point(46.7, 39.8)]), None, shapely.Point(),
        shapely.MultiPoint([(179.5, 10), (-179.5, 10)]), shapely.Point(46.7, 39.8, 100),
    ]  # fmt: skip
    frame = gpd.GeoDataFrame({"date": ["2020-10-03"] * 9, "lon": 1.0}, geometry=shapes, crs=4326)
    found = read_events(frame)
    reach = found.column("coordinate_uncertainty_m").to_numpy()
    lon, lat = found.column("lon").to_numpy(), found.column("lat").to_numpy()
    assert np.isnan(reach[[0, 4, 5, 6, 8]]).all() and np.isnan(lon[[5, 6]]).all()
    assert (lon[0], lat[0], lon[8]) == (46.7, 39.8, 46.7)
    for at in (1, 2, 3, 7):
        points = shapely.get_coordinates(shapes[at])
        far = distance_m(lon[at], lat[at], points[:, 0], points[:, 1]).max()
        assert reach[at] == pytest.approx(far)
    assert abs(lon[7]) == 180 and reach[7] < 60_000


def test_geometry_beats_attributes_and_its_system_is_obeyed(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"date": ["2020-10-03"], "long": [1.5], "lat": [60.0]},
                             geometry=[shapely.Point(46.7, 39.8)], crs=4326)  # fmt: skip
    moved = frame.to_crs(32638)
    moved.to_file(tmp_path / "a.geojson", driver="GeoJSON", RFC7946="NO")
    moved.to_file(tmp_path / "a.shp")
    moved.to_file(tmp_path / "a.fgb", driver="FlatGeobuf")
    for source in (frame, moved, tmp_path / "a.geojson", tmp_path / "a.shp", tmp_path / "a.fgb"):
        found = read_events(source)
        assert found.column("lon")[0] == pytest.approx(46.7, abs=1e-6)
        assert found.column("lat")[0] == pytest.approx(39.8, abs=1e-6)
    parts = {
        f"a__{end}": (tmp_path / f"a.{end}").read_bytes() for end in ("shp", "shx", "dbf", "prj")
    }
    (tmp_path / "b.zip").write_bytes(zipped(**parts))
    assert read_events(tmp_path / "b.zip").column("lon")[0] == pytest.approx(46.7, abs=1e-6)
    with pytest.raises(InputError, match="set_crs"):
        read_events(moved.set_crs(None, allow_override=True))


def test_a_package_of_a_desktop_program_has_one_layer_of_events(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "a.gpkg"
    layer = gpd.GeoDataFrame({"date": ["2020-10-03"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    layer.to_file(path, layer="incidents")
    with sqlite3.connect(path) as book:
        book.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, style TEXT)")
        book.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES "
                     "('layer_styles', 'attributes', 'layer_styles')")  # fmt: skip
    found = read_events(path)
    assert found.rows == 1 and any("incidents" in note for note in found.notes)
    layer.to_file(path, layer="more")
    with pytest.raises(InputError, match="several layers"):
        read_events(path)
    assert read_events(path, sheet="more").rows == 1


def test_kml_with_folders_times_and_data(tmp_path: Path) -> None:
    kml = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>Shelling</name><Placemark>'
        "<name>A</name><TimeStamp><when>2020-10-03</when></TimeStamp><ExtendedData><Data name='killed'>"
        "<value>3</value></Data></ExtendedData><Point><coordinates>46.7,39.8,0</coordinates></Point>"
        "</Placemark></Folder><Folder><name>Moves</name><Placemark><name>B</name><TimeSpan><begin>2020-10-04"
        "</begin><end>2020-10-06</end></TimeSpan><LineString><coordinates>46,39 47,40</coordinates>"
        "</LineString></Placemark></Folder></Document></kml>"
    )
    (tmp_path / "a.kmz").write_bytes(zipped(doc__kml=kml.encode()))
    for source in (given_text(kml), tmp_path / "a.kmz"):
        found = read_events(source)
        assert found.column("event_date").tolist() == ["2020-10-03", "2020-10-04/2020-10-06"]
        assert found.column("best").tolist()[0] == 3
        assert found.frame["folder"].tolist() == ["Shelling", "Moves"]
        assert found.column("coordinate_uncertainty_m")[1] > 60_000


# --- datasets by their columns --------------------------------------------------------------

GED = {"id": 1, "year": 2020, "type_of_violence": 1, "where_prec": 4, "date_prec": 1, "side_a": "A",
       "side_b": "B", "latitude": 39.8, "longitude": 46.7, "date_start": "2020-10-03", "country": "C",
       "date_end": "2020-10-03", "best": 3, "low": 2, "high": 4, "where_coordinates": "Town"}  # fmt: skip
ACLED = {"event_id_cnty": "X1", "event_date": "2020-10-03", "time_precision": "1", "event_type": "Battles",
         "latitude": "39.8", "longitude": "46.7", "geo_precision": "1", "fatalities": "2",
         "location": "Town"}  # fmt: skip
CONFIRMED = {"Id": "a", "Date": "2022-03-01", "Description": "x", "Faction": "F", "PlusCode": "p",
             "Latitude": 39.8, "Longitude": 46.7}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "name", "radius"),
    [(GED, "UCDP GED", 100_000), (ACLED, "ACLED", 2_000), (CONFIRMED, "GeoConfirmed", None)],
)
@pytest.mark.parametrize(
    "kind", ["csv", "xlsx", "parquet", "json lines", "api page", "frame", "list"]
)
def test_a_dataset_is_told_by_its_columns(
    row: dict[str, object], name: str, radius: float | None, kind: str, tmp_path: Path
) -> None:
    found = read_events(make(kind, pd.DataFrame([row, row]), tmp_path))
    assert found.column("source_dataset").tolist() == [name] * 2
    assert (found.column("lon")[0], found.column("lat")[0]) == (46.7, 39.8)
    assert found.column("coordinate_uncertainty_m")[0] == radius or radius is None


def test_a_page_says_that_there_are_more() -> None:
    page = {"TotalCount": 5, "NextPageUrl": "x", "Result": [GED]}
    found = read_events(given_text(json.dumps(page)))
    assert any("1 of 5" in note for note in found.notes)


def test_tags_of_humanitarian_exchange(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        [["#date+occurred", "#loc+name", "#affected+killed", "#geo+lat", "#geo+lon"],
         ["2020-10-03", "Town", "3", "39.8", "46.7"]], columns=["a", "b", "c", "d", "e"],
    )  # fmt: skip
    for kind in ("csv", "xlsx", "parquet", "frame"):
        found = read_events(make(kind, frame, tmp_path))
        assert (found.rows, len(found)) == (1, 1)
        assert told(found, "event_date", "place_name", "best", "lon").to_numpy().tolist() == [
            ["2020-10-03", "Town", 3.0, 46.7]
        ]


def test_gdelt_with_names_in_any_case() -> None:
    from atlas.events.gdelt import COLUMNS_61

    row = {**dict.fromkeys(COLUMNS_61, ""), "GLOBALEVENTID": "1", "SQLDATE": "20201003",
           "EventRootCode": "19", "ActionGeo_Type": "4", "ActionGeo_Lat": "39.8",
           "ActionGeo_Long": "46.7"}  # fmt: skip
    for columns in (list(row), [name.lower() for name in row]):
        frame = pd.DataFrame([list(row.values())], columns=columns)
        found = read_events(given_text(frame.to_csv(index=False)))
        assert told(
            found, "event_date", "event_type", "coordinate_uncertainty_m"
        ).to_numpy().tolist() == [["2020-10-03", "battle", 5000.0]]


@pytest.mark.parametrize(
    "row",
    [{"Date of incident": "2020-10-03", "Latitude (N)": 39.8, "Longitude (E)": 46.7, "No. killed": 3},
     {"fecha": "2020-10-03", "Latitud": 39.8, "Longitud": 46.7, "Muertos": 3},
     {"ДАТА СОБЫТИЯ": "2020-10-03", "Широта": 39.8, "Долгота": 46.7, "Погибшие": 3},
     {"Ամսաթիվ": "2020-10-03", "Լայնություն": 39.8, "Երկայնություն": 46.7, "Զոհեր": 3},
     {"TarixI": "2020-10-03", "Enlik": 39.8, "Uzunluq": 46.7, "Ölü": 3},
     {"EventDate": "2020-10-03", "DecimalLatitude": 39.8, "decimallongitude": 46.7, "Fatalities": 3},
     {"Year": 2020, "Month": "Oct", "Day": 3, "y": 39.8, "x": 46.7, "deaths": 3}],
)  # fmt: skip
def test_headers_of_many_spellings_and_languages(row: dict[str, object]) -> None:
    found = read_events([row])
    assert told(found, "event_date", "lon", "lat", "best").to_numpy().tolist() == [
        ["2020-10-03", 46.7, 39.8, 3.0]
    ]
    assert any(note.startswith("guessed") for note in found.notes)


def test_what_the_user_says_wins_and_what_is_wrong_is_refused() -> None:
    rows = [{"a": "2020-10-03", "b": 39.8, "c": 46.7, "date": "x"}]
    found = read_events(rows, columns={"date": "a", "lat": "b", "lon": "c"})
    assert told(found, "event_date", "lon").to_numpy().tolist() == [["2020-10-03", 46.7]]
    for wrong in ({"date": "z"}, {"colour": "a"}, ["a"]):
        with pytest.raises(InputError):
            read_events(rows, columns=wrong)  # type: ignore[arg-type]
    for bad in ({"limit": -1}, {"header_row": 0}, {"bbox": (1, 0, 0, 1)}, {"bbox": (0, 0, 1)},
                {"date_order": "x"}, {"start": "2020-10-03", "end": "2020-10-03"}):  # fmt: skip
        with pytest.raises(InputError):
            read_events(rows, **bad)


# --- answers that come back -----------------------------------------------------------------

MINE = pd.DataFrame(
    {"When": ["3 Oct 2020", "24/10/2020"], "Y": ["39,8", "39.9"], "X": [46.7, 46.8], "start": ["x", "y"],
     "killed": ["1,200", None], "type": ["Shelling", "Battles"], "note": ["a", "b"]}
)  # fmt: skip


@pytest.mark.parametrize("kind", ["frame", "csv", "parquet", "geojson", "gpkg", "xlsx"])
@pytest.mark.parametrize("source", ["mine", "shapes", "acled"])
def test_an_answer_comes_back_as_it_went(kind: str, source: str, tmp_path: Path) -> None:
    from atlas.base.frames import write_frame

    shapes = [shapely.Point(46.7, 39.8), shapely.box(46, 39, 47, 40), None]
    layer = gpd.GeoDataFrame({"event_date": "2020-10-03", "long": 1.5, "lat": [60.0] * 3},
                             geometry=shapes, crs=4326)  # fmt: skip
    first = read_events({"mine": MINE, "shapes": layer, "acled": pd.DataFrame([ACLED])}[source])
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        pd.DataFrame(first.frame.drop(columns=first.frame.geometry.name)).to_excel(
            path, index=False
        )
    elif kind != "frame":
        write_frame(first.frame, path)
    again = read_events(first.frame if kind == "frame" else path)
    assert again.frame.columns.tolist() == first.frame.columns.tolist()  # nothing doubled
    pd.testing.assert_frame_equal(told(again), told(first))
    assert again.frame["atlas_made"].tolist() == first.frame["atlas_made"].tolist()
    for name in ("note", "long", "location"):
        if name in first.frame:
            assert again.frame[name].map(str).tolist() == first.frame[name].map(str).tolist()


def test_what_the_user_changed_in_an_answer_counts() -> None:
    first = read_events(MINE)
    moved = read_events(first.frame.assign(event_date="2021-01-01"))
    assert moved.column("event_date").tolist() == ["2021-01-01"] * 2
    assert moved.column("start").tolist() == [pd.Timestamp("2021-01-01")] * 2
    assert moved.frame["When"].tolist() == MINE["When"].tolist()
    own = read_events(first.frame.assign(When="2021-01-01"))
    assert own.column("event_date").tolist() == ["2021-01-01"] * 2
    there = read_events(first.frame.assign(X=[1.0, 2.0]))
    assert there.column("lon").tolist() == [1.0, 2.0]
    acled = read_events(read_events(pd.DataFrame([ACLED])).frame.assign(event_date="2021-01-01"))
    assert acled.column("event_date").tolist() == ["2021-01-01"]


def test_a_position_found_by_name_stays() -> None:
    first = read_events([{"date": "2020-10-03", "place": "Somewhere"}])
    located = read_events(first.frame.assign(lon=46.7, lat=39.8, coordinate_uncertainty_m=2000.0))
    assert told(located, "lon", "lat", "coordinate_uncertainty_m").to_numpy().tolist() == [
        [46.7, 39.8, 2000.0]
    ]


def test_columns_that_were_said_are_remembered() -> None:
    rows = [{"Vaqt": "2020-10-03", "foo": 39.8, "bar": 46.7}]
    first = read_events(rows, columns={"date": "Vaqt", "lat": "foo", "lon": "bar"})
    again = read_events(first.frame.assign(bar=47.0))
    assert told(again, "event_date", "lon").to_numpy().tolist() == [["2020-10-03", 47.0]]


def test_events_go_through_and_pickle() -> None:
    events = read_events(ROWS, start="2020-10-01", end="2020-11-01")
    assert (len(events), events.filtered) == (2, 2)
    assert take(events) is events
    assert take(events, events.options) is events
    assert len(take(events, ReadOptions(limit=1))) == 1
    assert len(pickle.loads(pickle.dumps(events))) == 2
    assert "2 events" in repr(events) and "<table" in events._repr_html_()


def test_what_holds_events_is_read_as_they_are() -> None:
    frame = pd.DataFrame(ROWS)
    for name in ("frame", "events"):
        held = type("Answer", (), {name: frame})()
        pd.testing.assert_frame_equal(told(read_events(held)), told(read_events(frame)))


@pytest.mark.parametrize("x", [None, True, 3, 2.5, b"date,lat\n", pd.Series(["2020-10-03"])])
def test_what_holds_no_events_is_refused_by_its_kind(x: object) -> None:
    with pytest.raises(InputError, match=f"^{type(x).__name__} is nothing that events can be read"):
        read_events(x)


def test_a_mapping_is_a_record_or_columns() -> None:
    one = {"date": "2020-10-03", "place": "Somewhere"}
    for some in (one, {name: [cell] for name, cell in one.items()}, [one]):
        found = read_events(some)
        assert told(found, "event_date", "place_name").to_numpy().tolist() == [
            ["2020-10-03", "Somewhere"]
        ]


def test_whatever_holds_rows_gives_them() -> None:
    import pyarrow as pa

    row = {"date": "2020-10-03", "place": "Somewhere"}
    point = {"type": "Point", "coordinates": [46.7, 39.8]}
    whole = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": row, "geometry": point}],
    }
    shaped = type("Layer", (), {"__geo_interface__": whole})()
    for some in (iter([row]), (row,), pa.table({k: [v] for k, v in row.items()}), whole, shaped,
                 {"data": [row], "errors": []}):  # fmt: skip
        found = read_events(some)
        assert told(found, "event_date").to_numpy().tolist() == [["2020-10-03"]]
        lon = found.frame["lon"].tolist()
        assert lon == [46.7] if some in (whole, shaped) else pd.isna(lon).all()
    for some, words in (([], "empty"), ({}, "not a GeoJSON FeatureCollection or a list")):
        with pytest.raises(InputError, match=words):
            read_events(some)


def test_columns_called_as_only_ours_may_be_are_the_users_still() -> None:
    frame = pd.DataFrame({"date": ["2020-10-03"], "lon": [46.7], "lat": [39.8],
                          "atlas_made": ["x"], "atlas_lon": [3]})  # fmt: skip
    found = read_events(frame)
    assert found.frame[["user_atlas_made", "user_atlas_lon", "lon"]].to_numpy().tolist() == [
        ["x", 3, 46.7]
    ]
    assert "columns: atlas_made, atlas_lon renamed with user_ in front" in found.notes


@pytest.mark.parametrize("columns", ["COLUMNS_61", "COLUMNS_58"])
@pytest.mark.parametrize("rows", [1, 2])
def test_gdelt_without_a_header_is_told_by_its_width(columns: str, rows: int) -> None:
    from atlas.events import gdelt

    names = getattr(gdelt, columns)
    row = {"GLOBALEVENTID": "1", "SQLDATE": "20201003", "MonthYear": "202010", "Year": "2020",
           "FractionDate": "2020.7534", "EventRootCode": "19", "ActionGeo_Type": "4",
           "ActionGeo_Lat": "39.8", "ActionGeo_Long": "46.7"}  # fmt: skip
    text = "\n".join(["\t".join(row.get(name, "") for name in names)] * rows)
    found = read_events(given_text(text))
    assert told(found, "event_date", "lon").to_numpy().tolist() == [["2020-10-03", 46.7]] * rows
    assert f"columns: the {len(names)} of GDELT" in " ".join(found.notes)


# --- hostile --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
         b"</OGRVRTLayer></OGRVRTDataSource>", "XML or HTML"),
        (b"<html><body>Not found</body></html>", "XML or HTML"),
        (b'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "aaaa">]><kml><Placemark/></kml>', "entities"),
        (b'<kml xmlns="x">' + b"<Folder>" * 5000, "nested too deeply"),
        (b"SQLite format 3\x00" + b"\x00" * 200, "no GeoPackage"),
        (b"ARROW1\x00\x00 nothing", "damaged Feather"),
        (b"FEA1" + b"\x00" * 64, "Feather of the first version"),
        (b"fgb\x03fgb\x00 nothing", "no layer in it"),
        (b"\x00\x00\x27\x0a" + b"\x00" * 100, "one part of a Shapefile"),
        (b'{"a": ' * 5000, "not JSON"),
        (b'{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "EPSG:0"}}}', "not known"),
        (b"2020-10-03,46.75,39.82\n2020-10-04,46.75,39.82\n", "header"),
        (b"date,lat,lon\n" + b"," * 6000, None),
    ],
)  # fmt: skip
def test_bytes_of_strangers_are_one_sentence(data: bytes, says: str | None) -> None:
    if says is None:
        assert read_events(io.BytesIO(data)).rows == 1
        return
    with pytest.raises(InputError, match=says) as told_:
        read_events(io.BytesIO(data))
    assert "\n" not in str(told_.value) and "/tmp" not in str(told_.value)


def test_devices_pipes_and_folders(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/zero", "/dev/null", tmp_path / "pipe", tmp_path):
        with pytest.raises(InputError, match=r"device or a pipe|folder"):
            read_events(path)
    for thing in (None, 5, b"x", pd.Series([1]), [1, 2], [], object()):
        with pytest.raises(InputError):
            read_events(thing)
    with pytest.raises(AtlasError):
        read_events("a\x00b.csv")


def test_bombs_are_refused(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "a.gz").write_bytes(gzip.compress(b"0" * (110 << 20)))
    (tmp_path / "a.zip").write_bytes(zipped(a__csv=b"0" * (110 << 20)))
    book = {"[Content_Types].xml": b"", "xl/workbook.xml": b"0" * (110 << 20)}
    (tmp_path / "a.xlsx").write_bytes(zipped(**book))
    pd.DataFrame({"date": ["x" * 1000] * 400_000}).to_parquet(tmp_path / "a.parquet")
    for name in ("a.gz", "a.zip", "a.xlsx", "a.parquet"):
        with pytest.raises(InputError, match="unpack"):
            read_events(tmp_path / name)


def test_a_workbook_may_unpack_to_so_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"event_date": ["2020-10-03"], "lon": [46.7], "lat": [39.8]})
    book = make("xlsx", frame, tmp_path)
    assert len(read_events(book)) == 1
    monkeypatch.setattr("atlas.events.sheets._MAX_BOOK", 1000)
    with pytest.raises(InputError, match="unpack"):
        read_events(book)


def test_an_encrypted_zip_is_refused_in_words(tmp_path: Path) -> None:
    data = bytearray(zipped(a__csv=b"date,lat,lon\n2020-10-03,39.8,46.7\n"))
    assert len(read_events(io.BytesIO(data))) == 1
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1  # the flag of encryption
    with pytest.raises(InputError, match="is encrypted; unpack it first"):
        read_events(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["parquet", "feather", "csv", "json", "xlsx"])
def test_parquet_is_validated_as_any_other_container(kind: str, tmp_path: Path) -> None:
    far = pd.DataFrame(
        {"event_date": ["2020-10-03"] * 3, "lon": [999.0, 46.7, 46.7], "lat": [39.8, -91.0, 39.8]}
    )
    found = read_events(make(kind, far, tmp_path))
    assert (len(found), len(found.rejects), found.rows) == (1, 2, 3)


@pytest.mark.parametrize(
    "kind", ["csv", "xlsx", "parquet", "feather", "gpkg", "geojson", "ods", "json"]
)
def test_a_damaged_file_is_a_sentence_or_rejects(kind: str, tmp_path: Path) -> None:
    path = make(kind, ROWS, tmp_path)
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(12):
        data = bytearray(whole)
        for at in rng.integers(0, len(data), 8):
            data[at] = rng.integers(0, 256)
        cut = bytes(data[: rng.integers(1, len(data) + 1)])
        try:
            found = read_events(io.BytesIO(cut))
        except AtlasError as error:
            assert "\n" not in str(error)
        else:
            assert found.rows == len(found) + len(found.rejects)


_ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(),
    st.sampled_from(["2020-10-03", "3/4/2020", "46,75", "39°", "POINT (1 2)", "NA", "\ud800", "=1+1", "1,2",
                     '{"type":"Point","coordinates":["a"]}', pd.NaT, pd.NA, np.datetime64("NaT"), (1.0, 2.0),
                     {"a": 1}, shapely.Point(1, 2), 10**400, pd.Period("2020"), b"x"]),
)  # fmt: skip
_NAMES = st.sampled_from(["date", "lon", "lat", "place", "killed", "geometry", "coordinates", "start", "year",
                          "month", "day", "atlas_made", "atlas_lon", "date_end", "", "title"])  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.dictionaries(_NAMES, _ANYTHING, max_size=6), min_size=1, max_size=5),
    frame=st.booleans(),
)
def test_any_cells_are_events_or_rejects_or_one_sentence(
    rows: list[dict[str, object]], frame: bool
) -> None:
    try:
        source = pd.DataFrame(rows) if frame else rows
    except (ValueError, TypeError, OverflowError, UnicodeError):  # pandas' own refusal
        return
    try:
        found = read_events(source)
    except AtlasError as error:
        assert "\n" not in str(error)
        return
    assert found.rows == len(rows) == len(found) + len(found.rejects)
    try:
        again = read_events(found.frame)
    except AtlasError as error:
        # Rows with both halves of a position were rejects: what is left has one half, and is told.
        assert "but which column is" in str(error)
        return
    assert again.rows == len(found)
    # A column called as one of ours, and empty where rows were kept, is told apart only then.
    if "start" not in found.frame or "start" not in pd.DataFrame(rows, dtype=object):
        assert again.frame.columns.tolist() == found.frame.columns.tolist()


def test_day_numbers_of_the_record_never_leave() -> None:
    frame = pd.DataFrame(
        {"start_day": [0, OPEN_START], "end_day": [2, OPEN_END], "lon": 1.0, "lat": 2.0}
    )
    found = read_events(frame)
    assert found.column("event_date").tolist() == ["1970-01-01/1970-01-02", ""]
    assert not {"start_day", "end_day"} & set(found.frame.columns)


def test_a_number_too_long_for_any_column_is_a_reject() -> None:
    long = 10**400
    rows = [
        {"date": long, "lat": 1.0, "lon": 2.0},
        {"date": None, "lat": 1.0, "lon": 2.0},
        {"date": "2020-01-01", "lat": long, "lon": 2.0},
    ]
    found = read_events(rows)
    assert (len(found), found.rejects["line"].tolist()) == (1, [1, 3])
