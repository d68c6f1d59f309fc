"""Every reader keeps every row: as an event, or as a reject with its line and the reason."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.base.errors import InputError, NotFoundError
from atlas.base.timespan import OPEN_END, OPEN_START, format_day
from atlas.events import days, read_events
from atlas.events.gdelt import COLUMNS_58, COLUMNS_61

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "events"

GED = {
    "id": "1", "year": "2020", "type_of_violence": "1", "dyad_name": "A - B", "side_a": "A",
    "side_b": "B", "where_prec": "1", "where_coordinates": "Town", "latitude": "39.8",
    "longitude": "46.7", "geom_wkt": "POINT (46.7 39.8)", "country": "Somewhere",
    "date_prec": "1", "date_start": "2020-10-04", "date_end": "2020-10-04", "best": "3",
    "low": "2", "high": "4", "gwnob": "",
}  # fmt: skip
ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,"
    "assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,"
    "country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,"
    "notes,fatalities,tags,timestamp"
)
ACLED_ROW = (
    "XXX1,2020-10-04,2020,1,Political violence,Explosions/Remote violence,Shelling,Side A,,State "
    "Forces,,,,,,31,Region,Country,,,,Example,39.8,46.7,1,Press,National,made up,0,,0"
)


def ged(*changes: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(GED), lineterminator="\n")
    writer.writeheader()
    for number, change in enumerate(changes, 1):
        writer.writerow({**GED, "id": str(number), **change})
    return out.getvalue().encode()


def given(data: bytes | str) -> io.BytesIO:
    return io.BytesIO(data.encode() if isinstance(data, str) else data)


def one_reject(read, data: bytes | str) -> pd.Series:
    result = read(given(data))
    assert result.rows == len(result.frame) + len(result.rejects)
    assert len(result.rejects) == 1, result.rejects
    return result.rejects.iloc[0]


# --- the real files -------------------------------------------------------------------------


def reference(name: str) -> Path:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip("the reference data is not beside this checkout")
    return path


def test_ucdp_csv_in_cp1252_gives_all_its_events():
    path = reference("ucdp_ukraine_ged221/UCDP-Ukraine.csv")
    result = read_events(path)
    assert (result.rows, len(result.frame), len(result.rejects)) == (3883, 3883, 0)
    with path.open(encoding="cp1252", newline="") as file:
        upstream = list(csv.DictReader(file))
    for column in ("where_description", "source_headline", "side_b", "date_start"):
        assert result.frame[column].tolist() == [row[column] for row in upstream]
    assert result.frame["best"].sum() == sum(float(row["best"]) for row in upstream)
    assert result.frame["start"].min() == pd.Timestamp("2014-01-22")
    assert (result.frame["end"] > result.frame["start"]).all()
    assert result.frame["source_dataset"].unique().tolist() == ["UCDP GED"]


def test_ucdp_geojson_gives_all_its_events():
    result = read_events(reference("ucdp_car_ged231/GEDEvent_v23_1_country482.geojson"))
    assert (result.rows, len(result.frame), len(result.rejects)) == (1848, 1848, 0)
    assert result.frame["coordinate_uncertainty_m"].notna().all()
    first = result.frame.iloc[1]
    assert first["event_date"] == "2009-08-07/2009-09-10"
    assert (first["lon"], first["lat"]) == (first.geometry.x, first.geometry.y)


def test_gdelt_gives_all_its_rows():
    result = read_events(reference("gdelt_sample/20161013151500.export.CSV"))
    assert (result.rows, len(result.frame), len(result.rejects)) == (3566, 3566, 0)
    placed = result.frame["lon"].notna()
    assert (placed == result.frame["ActionGeo_Lat"].notna()).all()
    assert (result.frame["ActionGeo_CountryCode"] == "AJ").sum() == 62
    assert "040" in set(result.frame["EventCode"])  # a code, not the number 40


def test_a_table_of_location_years_is_read_by_guessing():
    result = read_events(
        reference("ucdp_global_location_year_ged201/ged201_location_year_1995_2019.csv")
    )
    assert (result.rows, len(result.frame), len(result.rejects)) == (61296, 61296, 0)
    assert "guessed year: column 'year'" in result.notes
    assert result.frame["event_date"].iloc[0] == "2017"
    assert result.frame["end"].iloc[0] == pd.Timestamp("2018-01-01")


# --- UCDP -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "column", "found", "reason"),
    [
        ({"best": "many"}, "best", "many", "number of deaths"),
        ({"best": "-1"}, "best", "-1", "0 or more"),
        ({"latitude": "NaN"}, "longitude", "46.7, NaN", "must both be given"),
        ({"latitude": "inf"}, "latitude", "inf", "latitude in degrees"),
        ({"latitude": "", "longitude": ""}, "longitude", "", "must not be empty"),
        ({"latitude": ""}, "longitude", "46.7, ", "must both be given"),
        ({"latitude": "139.8", "longitude": "46.7"}, "latitude", "139.8", "look swapped"),
        ({"latitude": "46.7", "longitude": "39.8"}, "latitude", "46.7", "look swapped"),
        ({"longitude": "246.7"}, "longitude", "246.7", "longitude in degrees"),
        ({"date_start": "2020-02-30"}, "date_start", "2020-02-30", "not a date that exists"),
        ({"date_start": "soon"}, "date_start", "soon", "not a date we can read"),
        ({"date_start": ""}, "date_start", "", "must not be empty"),
        ({"date_end": "2020-10-03"}, "date_end", "2020-10-03", "ends before it starts"),
        ({"where_prec": "9"}, "where_prec", "9", "code from 1 to 7"),
        ({"where_prec": "1.5"}, "where_prec", "1.5", "whole number"),
        ({"year": "1990"}, "year", "1990", "year of the event"),
    ],
)
def test_a_broken_ged_row_is_set_aside_with_its_line(change, column, found, reason):
    reject = one_reject(read_events, ged({}, {}, change, {}))
    assert reject["line"] == 4
    assert (reject["column"], reject["found"]) == (column, found)
    assert reason in reject["reason"]
    assert reject["raw"].startswith("3,")


def test_a_swapped_pair_is_seen_from_the_other_rows_of_the_country():
    rows = [{"geom_wkt": "", "latitude": f"{39 + n / 100}"} for n in range(30)]
    rows[7] = {"geom_wkt": "", "latitude": "46.7", "longitude": "39.8"}
    reject = one_reject(read_events, ged(*rows))
    assert (reject["line"], reject["reason"]) == (9, "latitude and longitude look swapped")


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2020-10-04 00:00:00.000", "2020-10-06 00:00:00.000", "2020-10-04/2020-10-06"),
        ("10/4/2020 12:00:00 AM", "10/4/2020 12:00:00 AM", "2020-10-04"),
        ("2020-10-04T00:00:00", "2020-10-04T00:00:00", "2020-10-04"),
        ("04.10.2020", "24.10.2020", "2020-10-04/2020-10-24"),
        ("4-Oct-20", "4 October 2020", "2020-10-04"),
    ],
)
def test_dates_of_all_releases_are_understood(start, end, text):
    # Day and month are told apart column by column, so one row past the twelfth settles it.
    sure = {"date_start": end, "date_end": end} if end.startswith("24.") else {}
    result = read_events(given(ged({"date_start": start, "date_end": end}, sure)))
    assert result.frame["event_date"].iloc[0] == text


def dated(*days: str, ucdp: bool, **options: str):
    if ucdp:
        return read_events(
            given(ged(*({"date_start": day, "date_end": day} for day in days))), **options
        )
    rows = "".join(f"{day},46.7,39.8\n" for day in days)
    return read_events(given(f"date,lon,lat\n{rows}"), **options)


@pytest.mark.parametrize("ucdp", [True, False])
def test_day_and_month_are_settled_by_the_column_or_refused(ucdp):
    found = dated("04.10.2020", ucdp=ucdp)
    assert found.frame["event_date"].tolist() == ["2020-10-04"]
    assert any("day.month.year" in note for note in found.notes)
    found = dated("04/10/2020", ucdp=ucdp)
    assert len(found.rejects) == 1 and "date_order" in found.rejects["reason"][0]
    found = dated("04/10/2020", ucdp=ucdp, date_order="mdy")
    assert found.frame["event_date"].tolist() == ["2020-04-10"]
    found = dated("04/10/2020", "24/10/2020", ucdp=ucdp)
    assert found.frame["event_date"].tolist() == ["2020-10-04", "2020-10-24"]
    assert any("day/month/year" in note and "line 3" in note for note in found.notes)


@pytest.mark.parametrize("column", ["Title", "event", "Headline", "description", "note", "notes"])
def test_a_column_of_titles_is_guessed(column):
    found = read_events(given(f"date,lon,lat,{column}\n2020-10-04,46.7,39.8,Shells fell\n"))
    assert found.frame["title"].tolist() == ["Shells fell"]
    assert any(note.startswith("guessed title") for note in found.notes)


def test_precision_becomes_a_radius():
    result = read_events(given(ged(*({"where_prec": str(code)} for code in range(1, 8)))))
    assert result.frame["coordinate_uncertainty_m"].tolist() == [
        2e3, 25e3, 30e3, 1e5, 1e5, 5e5, 5e5,
    ]  # fmt: skip


def test_a_missing_column_is_one_clear_error():
    with pytest.raises(InputError, match="no column best"):
        read_events(given(ged({}).replace(b"best", b"worst")))


# --- wrong shapes, encodings, sizes ---------------------------------------------------------


def test_rows_with_wrong_numbers_of_fields_are_set_aside():
    lines = ged({}, {}, {}, {}).decode().splitlines()
    lines[2] += ",extra"
    lines[3] = lines[3].rsplit(",", 2)[0]
    result = read_events(given("\n".join(lines)))
    assert (result.rows, len(result.frame)) == (4, 2)
    assert result.rejects["line"].tolist() == [3, 4]
    assert result.rejects["found"].tolist() == ["20 fields", "17 fields"]


def test_an_unclosed_quote_costs_one_row():
    lines = ged({}, {}, {}, {"where_coordinates": "two\nlines"}, {}).decode().split("\n")
    lines[2] = lines[2].replace("Town", '"Town')
    result = read_events(given("\n".join(lines)))
    assert (result.rows, len(result.frame)) == (5, 4)
    assert result.rejects[["line", "reason"]].to_numpy().tolist() == [
        [3, "a quote is opened and never closed"]
    ]
    assert "two\nlines" in set(result.frame["where_coordinates"])


def test_a_quote_inside_a_word_is_only_a_quote():
    data = ged({}, {}).decode().replace("1,2020,1,A - B", '1,2020,1,A 5" B', 1)
    result = read_events(given(data))
    assert (len(result.frame), len(result.rejects)) == (2, 0)


def test_lines_are_counted_through_quoted_line_ends_and_blank_lines():
    data = ged({"where_coordinates": "a\nb\n\nc"}, {}, {"best": "x"}).decode()
    data = data.replace("\n2,2020", "\n\n2,2020")
    reject = one_reject(read_events, data)
    assert data.split("\n")[reject["line"] - 1].startswith("3,2020")


def test_bom_mixed_encodings_and_line_ends():
    utf8 = ged({"where_coordinates": "Şuşa"}, {"where_coordinates": "Agdère"})
    mixed = utf8.replace("Agdère".encode(), "Agdère".encode("cp1252"))
    result = read_events(given(b"\xef\xbb\xbf" + mixed.replace(b"\n", b"\r\n")))
    assert result.frame["where_coordinates"].tolist() == ["Şuşa", "Agdère"]
    assert result.frame.columns[0] == "id"
    assert any("cp1252" in note for note in result.notes)
    wide = utf8.decode().encode("utf-16")
    assert read_events(given(wide)).frame["where_coordinates"].tolist() == ["Şuşa", "Agdère"]
    old = read_events(given(utf8.replace(b"\n", b"\r")))
    assert len(old.frame) == 2


def test_an_enormous_line_is_one_reject_in_bounded_memory(tmp_path, monkeypatch):
    from atlas.events import delimited, raw

    monkeypatch.setattr(delimited, "MAX_RECORD", 1 << 20)
    path = tmp_path / "big.csv"
    good = ged({}, {}).split(b"\n")
    with path.open("wb") as file:
        file.write(good[0] + b"\n" + good[1] + b"\n")
        for _ in range(64):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + good[2] + b"\n")
    result = read_events(path)
    assert (result.rows, len(result.frame)) == (3, 2)
    assert result.rejects["line"].tolist() == [3]
    assert "longer than" in result.rejects["reason"][0]
    assert len(result.rejects["raw"][0]) <= raw.MAX_RAW


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a\x00b,c\n1,2\n", "is not text"),
        (b"PK\x03\x04garbage", "damaged"),
        (b"\x1f\x8bgarbage", "damaged gzip"),
        (b"PAR1 nothing", "damaged Parquet"),
        (b"SQLite format 3\x00 nothing", "GeoPackage"),
        (b"\xd0\xcf\x11\xe0 old", "Excel file"),
        (b'{"type": "FeatureCollection", "features": [', "is not JSON"),
        (b'{"type": "Topology"}', "not a GeoJSON FeatureCollection"),
        (b"[" * 100_000, "nested too deeply"),
        (b"colour,size\nred,1\n", "no column that looks like"),
        (b"date,lon\n2020-01-01,46\n", "which column is lat"),
    ],
)
def test_what_is_no_table_of_events_is_one_clear_error(data, says):
    with pytest.raises(InputError, match=says):
        read_events(given(data))


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def test_a_zip_is_looked_into_and_a_broken_one_is_refused():
    data = ged({}, {}, {"best": "x"})
    result = read_events(given(zipped(("readme.pdf", b"%"), ("ged.csv", data))))
    assert (len(result.frame), len(result.rejects)) == (2, 1)
    whole = zipped(("ged.csv", ged(*({"best": str(n)} for n in range(500)))))
    for cut in (len(whole) // 2, len(whole) - 30, 60):
        with pytest.raises(InputError, match=r"truncated|damaged"):
            read_events(given(whole[:cut]))
    with pytest.raises(InputError, match="one table"):
        read_events(given(zipped(("a.csv", data), ("b.csv", data))))
    spoiled = bytearray(whole)
    spoiled[200] ^= 0xFF
    with pytest.raises(InputError, match="damaged"):
        read_events(given(bytes(spoiled)))


def test_a_zip_bomb_is_refused_before_it_unpacks():
    with pytest.raises(InputError, match="would unpack"):
        read_events(given(zipped(("ged.csv", b"0" * (120 << 20)))))


def test_no_file_and_a_folder(tmp_path):
    with pytest.raises(NotFoundError, match="no file"):
        read_events(tmp_path / "missing.csv")
    with pytest.raises(InputError, match="folder"):
        read_events(tmp_path)


def test_standard_input_is_a_file_too(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(ged({}, {"best": "x"}))

    monkeypatch.setattr("sys.stdin", Stdin)
    result = read_events("-")
    assert (len(result.frame), len(result.rejects)) == (1, 1)


# --- filters --------------------------------------------------------------------------------


def test_filters_leave_out_what_was_not_asked_and_say_how_many():
    rows = [
        {"date_start": f"2020-10-{d:02d}", "date_end": f"2020-10-{d:02d}"} for d in range(1, 11)
    ]
    data = ged(*rows)
    result = read_events(given(data), start="2020-10-03", end="2020-10-05")
    assert result.frame["event_date"].tolist() == ["2020-10-03", "2020-10-04"]
    assert (result.rows, result.filtered) == (10, 8)
    assert len(read_events(given(data), bbox=(46, 39, 47, 40)).frame) == 10
    assert len(read_events(given(data), bbox=(0, 0, 1, 1)).frame) == 0
    assert read_events(given(data), limit=4).rows == 4
    assert read_events(given(data), limit=0).rows == 0
    for wrong in ({"limit": -1}, {"bbox": (1, 0, 0, 1)}, {"start": "x"},
                  {"start": "2020-01-02", "end": "2020-01-02"}):  # fmt: skip
        with pytest.raises(InputError):
            read_events(given(data), **wrong)


# --- ACLED ----------------------------------------------------------------------------------


def test_acled_of_today():
    result = read_events(given(f"{ACLED}\n{ACLED_ROW}\n"))
    row = result.frame.iloc[0]
    assert (row["source_dataset"], row["event_id"]) == ("ACLED", "XXX1")
    assert row["event_date"] == "2020-10-04" and "atlas_event_date" not in row
    assert row["event_type"] == "Explosions/Remote violence"
    assert row["atlas_event_type"] == "explosions_remote_violence"
    assert (row["lon"], row["lat"], row["coordinate_uncertainty_m"]) == (46.7, 39.8, 2000)
    assert row["best"] == 0
    assert np.isnan(row["low"])


def test_every_reader_feeds_the_join():
    import geopandas as gpd
    import shapely

    from atlas.joining.join import Joiner, join_events

    areas = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.box(46, 39, 47, 40)], crs=4326)
    control = pd.DataFrame(
        {"area_id": ["a"], "controller": ["X"], "start_day": [OPEN_START], "end_day": [OPEN_END]}
    )
    joiner = Joiner.from_frames(areas, control)
    table = "date,lon,lat\n2020-10-04,46.7,39.8\n"
    for data in (f"{ACLED}\n{ACLED_ROW}\n", ged({}).decode(), gdelt(COLUMNS_61), table):
        joined = join_events(given(data), joiner)
        assert joined.events["controller"].tolist() == ["X"]
        assert len(joined.rejects) == 0


def test_acled_of_earlier_years():
    old = (
        "ISO,EVENT_ID_CNTY,EVENT_DATE,YEAR,TIME_PRECISION,EVENT_TYPE,ACTOR1,ACTOR2,COUNTRY,"
        "LOCATION,LATITUDE,LONGITUDE,GEO_PRECISION,FATALITIES\n"
        "31,1AZE,04-April-2016,2016,2,Battle-No change of territory,A,B,C,Town,39.8,46.7,2,"
        "3\n"
        "31,2AZE,05 April 2016,2016,3,Battles,A,B,C,Town,39.8,46.7,3,\n"
    )
    result = read_events(given(old))
    assert result.frame["source_dataset"].tolist() == ["ACLED", "ACLED"]
    assert result.frame["event_date"].tolist() == ["2016-03-29/2016-04-10", "2016-04"]
    starts, ends = days(result.frame)
    assert [format_day(day) for day in starts.tolist()] == ["2016-03-29", "2016-04-01"]
    assert [format_day(day) for day in ends.tolist()] == ["2016-04-11", "2016-05-01"]
    assert result.frame["event_type"].tolist() == ["Battle-No change of territory", "battle"]
    assert result.frame["best"].tolist()[0] == 3
    assert result.frame["EVENT_DATE"].tolist()[0] == "04-April-2016"


@pytest.mark.parametrize(
    ("was", "becomes", "column"),
    [
        ("2020-10-04", "2020-13-04", "event_date"),
        ("39.8,46.7,1", "39.8,46.7,7", "geo_precision"),
        ("39.8", "north", "latitude"),
        ("made up,0", "made up,some", "fatalities"),
    ],
)
def test_a_broken_acled_row(was, becomes, column):
    broken = ACLED_ROW.replace(was, becomes, 1)
    reject = one_reject(read_events, f"{ACLED}\n{ACLED_ROW}\n{broken}\n")
    assert (reject["line"], reject["column"]) == (3, column)


# --- GDELT ----------------------------------------------------------------------------------


def gdelt(columns: tuple[str, ...], **cells: str) -> str:
    base = {
        "GLOBALEVENTID": "7", "SQLDATE": "20201004", "EventRootCode": "19", "EventCode": "190",
        "ActionGeo_Type": "4", "ActionGeo_Lat": "39.8", "ActionGeo_Long": "46.7",
        "ActionGeo_FullName": 'Town, "quoted', "Actor1Name": "A",
    }  # fmt: skip
    return "\t".join({**dict.fromkeys(columns, ""), **base, **cells}[name] for name in columns)


@pytest.mark.parametrize("columns", [COLUMNS_58, COLUMNS_61])
def test_gdelt_of_both_widths(columns):
    assert len(columns) in (58, 61)
    result = read_events(given(gdelt(columns) + "\n" + gdelt(columns, GLOBALEVENTID="8") + "\n"))
    row = result.frame.iloc[0]
    assert (row["source_dataset"], row["event_date"], row["event_type"]) == (
        "GDELT", "2020-10-04", "battle",
    )  # fmt: skip
    assert (row["lon"], row["coordinate_uncertainty_m"]) == (46.7, 5000)
    assert row["place_name"] == 'Town, "quoted'


def test_broken_gdelt_rows():
    rows = [
        gdelt(COLUMNS_61),
        gdelt(COLUMNS_61, SQLDATE="20201399"),
        gdelt(COLUMNS_61) + "\tmore",
        gdelt(COLUMNS_61, ActionGeo_Lat="x"),
        gdelt(COLUMNS_61, ActionGeo_Lat="", ActionGeo_Long=""),
    ]
    result = read_events(given("\n".join(rows)))
    assert (result.rows, len(result.frame)) == (5, 2)
    assert result.rejects["line"].tolist() == [2, 3, 4]


# --- tables ---------------------------------------------------------------------------------

TABLE = pd.DataFrame(
    {
        "When": ["2020-10-04", "2020-11", "", "1993-04-02~"],
        "X": [46.7, 46.8, 46.9, 47.0],
        "Y": [39.8, 39.9, 40.0, 40.1],
        "Headline": ["one", "two", "three, with comma", "şş"],
        "Dead": [1, 2, 3, 4],
    }
)
USES = {"date": "When", "lon": "X", "lat": "Y", "best": "Dead"}


@pytest.mark.parametrize("kind", ["csv", "tsv", "semicolon", "xlsx", "parquet", "geojson", "gpkg"])
def test_a_table_reads_the_same_from_every_format(tmp_path, kind):
    path = tmp_path / f"events.{'csv' if kind == 'semicolon' else kind}"
    if kind in ("csv", "tsv", "semicolon"):
        mark = {"csv": ",", "tsv": "\t", "semicolon": ";"}[kind]
        TABLE.to_csv(path, index=False, sep=mark)
    elif kind == "xlsx":
        TABLE.to_excel(path, index=False)
    elif kind == "parquet":
        TABLE.to_parquet(path)
    else:
        import geopandas as gpd

        points = gpd.points_from_xy(TABLE["X"], TABLE["Y"], crs="EPSG:4326")
        gpd.GeoDataFrame(TABLE, geometry=points).to_file(path)
    result = read_events(path, columns=USES)
    events = result.frame
    assert (result.rows, len(events), len(result.rejects)) == (4, 4, 0)
    assert events["event_date"].tolist() == TABLE["When"].tolist()
    assert events["lon"].tolist() == TABLE["X"].tolist()
    assert (events.geometry.x == events["lon"]).all()
    assert events["best"].tolist() == [1, 2, 3, 4]
    assert events["title"].tolist() == TABLE["Headline"].tolist()
    starts, ends = days(events)
    assert (starts[2], ends[2]) == (OPEN_START, OPEN_END)
    assert events["start"].isna().tolist() == [False, False, True, False]
    assert "guessed title: column 'Headline'" in result.notes
    assert events["When"].astype(str).tolist() == TABLE["When"].tolist()


def test_semicolons_and_decimal_commas():
    result = read_events(given("date;lon;lat\n04.10.2020;46,75;39,5\n24.10.2020;46,5;39\n"))
    assert result.frame["atlas_lon"].tolist() == [46.75, 46.5]
    assert result.frame["lon"].tolist() == ["46,75", "46,5"]  # as the user wrote it
    assert result.frame["event_date"].tolist() == ["2020-10-04", "2020-10-24"]


def test_broken_table_rows_are_set_aside():
    data = (
        "date,date_end,lon,lat,deaths\n"
        "2020-01-01,2020-01-05,46,39,1\n"
        "2020-01-05,2020-01-01,46,39,1\n"
        "2020-02-31,,46,39,1\n"
        "2020-01-01,,46,95,1\n"
        "2020-01-01,,46,39,some\n"
        "2020-01-01,,,,1\n"
        "someday,,46,39,1\n"
    )
    result = read_events(given(data))
    assert result.rejects[["line", "column"]].to_numpy().tolist() == [
        [3, "date_end"], [4, "date"], [5, "lat"], [6, "deaths"], [8, "date"],
    ]  # fmt: skip
    assert result.frame["event_date"].tolist() == ["2020-01-01/2020-01-05", "2020-01-01"]


def test_a_use_or_column_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="no column 'Z'"):
        read_events(given("When,X,Y\n"), columns={"lon": "Z"})
    with pytest.raises(InputError, match="not a use"):
        read_events(given("When,X,Y\n"), columns={"colour": "X"})


def test_a_truncated_workbook_is_refused(tmp_path):
    path = tmp_path / "events.xlsx"
    TABLE.to_excel(path, index=False)
    data = path.read_bytes()
    with pytest.raises(InputError, match="damaged"):
        read_events(given(data[: len(data) // 2]))


def test_features_that_are_none_are_set_aside():
    features = [
        {"type": "Feature", "properties": {"date": "2020-01-01"},
         "geometry": {"type": "Point", "coordinates": [46, 39]}},
        {"type": "Feature", "properties": {"date": "2020-01-01"},
         "geometry": {"type": "Point", "coordinates": ["a", 39]}},
        "nothing",
        {"type": "Feature", "properties": {"date": "2020-01-02"}, "geometry": None},
    ]  # fmt: skip
    data = json.dumps({"type": "FeatureCollection", "features": features})
    result = read_events(given(data))
    assert (result.rows, len(result.frame)) == (4, 2)
    assert result.rejects["line"].tolist() == [2, 3]


def test_reading_twice_gives_the_same():
    data = ged({}, {"best": "x"}, {"date_end": "2020-10-09"})
    one, two = read_events(given(data)), read_events(given(data))
    pd.testing.assert_frame_equal(pd.DataFrame(one.frame), pd.DataFrame(two.frame))
    pd.testing.assert_frame_equal(one.rejects, two.rejects)
