"""One reader of dates: every type, what people write, and columns that settle their order."""

# ruff: noqa: E501 - lists of what people write
from __future__ import annotations

import contextlib
import io
import time
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.dates import LANGUAGES, day_of, read_date, read_dates, span_of
from atlas.base.errors import InputError
from atlas.base.timespan import format_day, parse_day

DAY = "2020-10-03"
YEREVAN = timezone(timedelta(hours=4))
DAYS = st.dates(date(1700, 1, 1), date(2300, 12, 31))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (DAY, DAY),
        (date(2020, 10, 3), DAY),
        (datetime(2020, 10, 3, 23, 59), DAY),
        (datetime(2020, 10, 3, 1, 0, tzinfo=YEREVAN), DAY),  # the 2nd in UTC
        (datetime(2020, 10, 3, 23, 0, tzinfo=timezone(timedelta(hours=-8))), DAY),
        (pd.Timestamp("2020-10-03T01:00"), DAY),
        (pd.Timestamp("2020-10-03T01:00", tz="Asia/Yerevan"), DAY),
        (np.datetime64("2020-10-03"), DAY),
        (np.datetime64("2020-10-03T10:00:00.5"), DAY),
        (np.datetime64("2020-10"), "2020-10"),
        (np.datetime64("2020"), "2020"),
        (pd.Period("2020-10-03", "D"), DAY),
        (pd.Period("2020-10", "M"), "2020-10"),
        (pd.Period("2020", "Y"), "2020"),
        (pd.Period("2020Q3"), "2020-07-01/2020-09-30"),
        (pd.Period("2020-10-03", "W"), "2020-09-28/2020-10-04"),
        (pd.Period("2020-10-03 14:00", "h"), DAY),
        (read_date(DAY), DAY),
    ],
)
def test_every_type_that_holds_a_day(value: object, text: str) -> None:
    assert read_date(value).text == text  # type: ignore[arg-type]
    assert format_day(day_of(value)) == format_day(read_date(text).earliest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [None, pd.NaT, pd.NA, np.datetime64("NaT"), float("nan"), "", "  ", 5, 44107, 20201003, 1.5, True,
     b"2020-10-03", ["2020-10-03"], np.int64(3), np.datetime64("20000-01-01")],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_one_sentence(value: object) -> None:
    with pytest.raises(InputError, match=r"missing|empty|is not a date|lies outside") as told:
        read_date(value)  # type: ignore[arg-type]
    assert "\n" not in str(told.value)


WRITTEN = {
    DAY: """3 Oct 2020|October 3, 2020|Oct 3rd 2020|Oct. 3, 2020|2020/10/03|2020.10.03|2020-10-3
        |03-Oct-20|03Oct2020|20201003|OCT 3 2020|the 3rd of October, 2020|Saturday, 3 October 2020
        |Sat Oct 03 2020 00:00:00 GMT+0400 (GST)|Sat Oct  3 14:30:00 2020|14:30, 3 Oct 2020
        |2020-10-03T23:30:00+04:00|2020-10-03T00:30:00Z|2020-10-03 14:30|2020-10-03 14:30:00.000 UTC
        |20201003T153000Z|20201003153000|2020-10-03T23:30:00+04:00[Asia/Yerevan]|3 Oct 2020 2 pm
        |3 октября 2020 г.|3 ОКТЯБРЯ 2020 года|3 жовтня 2020 р.|3 oktyabr 2020|3 Ekim 2020|3 EKİM 2020
        |2020 թ. հոկտեմբերի 3|3 հոկտեմբերի 2020|3 ოქტომბერი, 2020|3 Οκτωβρίου 2020|3 de octubre de 2020
        |3 octobre 2020|٣ أكتوبر ٢٠٢٠|3 تشرين الأول 2020|3. Oktober 2020|2020年10月3日|3\u00a0Oct\u00a02020
        |\u200e3 Oct 2020""",
    "2020-10-01": "1er octobre 2020|le 1er octobre 2020|1st Oct 2020|1 октября 2020",
    "2020-11": "Nov 2020|November, 2020|2020 November|11/2020|11.2020|2020/11|ноябрь 2020",
    "2020-11-10": "10.11.2020|10.11.20",
    "1994-21": "Spring 1994|the spring of 1994|1994 spring|весной 1994 г.|primavera de 1994|printemps 1994",
    "1994-24": "winter 1994|im Winter 1994|зима 1994 года|شتاء 1994|1994 թ. ձմեռ",
    "1994-22/1994-23": "summer 1994 to autumn 1994",
    "1993~": "c. 1993|ca. 1993|circa 1993|about 1993",
    "2020-10-03~": "c. 3 Oct 2020|around October 3, 2020",
    "2020-10-03?": "3 Oct 2020?|2020-10-03?",
    "199X": "1990s|the 1990s|199X",
    "2020-07/2020-09": "Q3 2020|2020-Q3|2020Q3",
    "2020-09-28/2020-10-04": "2020-W40",
    "2020-10-03/2020-10-05": """3-5 Oct 2020|3–5 October 2020|Oct 3-5, 2020|3 to 5 Oct 2020
        |2020-10-03 to 2020-10-05|2020-10-03 through 2020-10-05|2020-10-03 until 2020-10-05
        |2020-10-03 – 2020-10-05|2020-10-03..2020-10-05|2020-10-03/05|2020-10-03-2020-10-05
        |between 3 and 5 Oct 2020|from 3 Oct to 5 Oct 2020|с 3 по 5 октября 2020
        |2020-10-03 10:00 - 2020-10-05 12:00|2020-10-03T10:00Z/2020-10-05T10:00Z|03.10.2020-05.10.2020
        |2020/10/03 - 2020/10/05""",
    "2020-10-13/2020-10-15": "13.-15.10.2020|10/13/2020 - 10/15/2020|13/10/2020-15/10/2020",
    "2020-12-30/2021-01-02": "30 Dec – 2 Jan 2021|30 Dec 2020 – 2 Jan 2021",
    "2020-10/2020-11": "Oct/Nov 2020|Oct - Nov 2020|October to November 2020",
    "2019/2020": "2019-2020|2019 to 2020|2019/2020",
    "[2020-10-03,2020-10-09]": "2020-10-03 or 2020-10-09|3 or 9 Oct 2020|Oct 3 or 9, 2020",
    "{2020-10-03,2020-10-05}": "3 and 5 Oct 2020|3 & 5 October 2020|2020-10-03, 2020-10-05",
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "text"),
    [(one.strip(), text) for text, several in WRITTEN.items() for one in several.split("|")],
)
def test_what_people_write(written: str, text: str) -> None:
    assert read_date(written).text == text


@pytest.mark.parametrize(
    "written",
    ["early Oct 2020", "2020-10-03 (approx)", "2020-10-03 morning", "3 Oct 2020 and later", "before 2020",
     "since 3 Oct 2020", "yesterday", "44107", "Oct 3", "Oct-20", "3 October", "2020-02-30", "30 Feb 2020",
     "31.04.2020", "32/10/2020", "13/13/2020", "2020-13-01", "Friday, 3 Oct 2020", "2020-10-03 25:00",
     "2020-10-03x", "x 2020-10-03", "2020-W54", "Octember 2020", "3 Oct 20200", "2020-10-05 to 2020-10-03",
     "spring", "spring 3 1994", "spring summer 1994", "yaz 1994", "1/2", "Y1E10000000", "Y1E9999999999", "in" * 400, "1 or " * 50 + "2", "3/" * 60, "2020-10-03 " * 30],
)  # fmt: skip
def test_text_is_never_read_in_part(written: str) -> None:
    begun = time.thread_time()
    with pytest.raises(InputError):
        read_date(written)
    assert time.thread_time() - begun < 0.5


def test_day_and_month_are_not_guessed() -> None:
    with pytest.raises(InputError, match="date_order='dmy' or 'mdy'"):
        read_date("03/10/2020")
    with pytest.raises(InputError, match="either way"):
        read_date("03-10-20 to 05-10-20")
    assert read_date("03/10/2020", date_order="dmy").text == DAY
    assert read_date("10/03/2020", date_order="mdy").text == DAY
    assert read_date("20/10/03", date_order="ymd").text == DAY
    assert read_date("10.03.2020", date_order="mdy").text == DAY
    assert read_date("03/03/2020").text == "2020-03-03"
    assert read_date("13/10/2020").text == read_date("10/13/2020").text == "2020-10-13"
    with pytest.raises(InputError, match="date_order must be"):
        read_date(DAY, date_order="day first")  # type: ignore[arg-type]


@given(DAYS, st.sampled_from(LANGUAGES))
def test_a_day_written_in_any_language_is_that_day(day: date, language: str) -> None:
    from babel.dates import format_date

    written = f"{day.day} {format_date(day, 'MMMM', locale=language)} {day.year}"
    assert read_date(written).text == day.isoformat()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_without_a_word(text: str) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(InputError):
        found = read_date(text)
        assert found.earliest <= found.latest
    assert not out.getvalue()


@given(DAYS)
def test_all_types_of_a_day_agree(day: date) -> None:
    forms = [day, day.isoformat(), datetime(day.year, day.month, day.day, 12), np.datetime64(day),
             pd.Timestamp(day), f"{day:%d.%m.}{day.year}", f"{day.year}{day:%m%d}"]  # fmt: skip
    assert {read_date(form) for form in forms} == {read_date(day)}
    assert span_of(day).days == 1 and span_of(day).start == parse_day(day)


def test_the_first_day_of_an_open_date_is_refused() -> None:
    assert format_day(day_of("Nov 2020")) == "2020-11-01"
    with pytest.raises(InputError, match="no first day"):
        day_of("../2020")


# --- columns --------------------------------------------------------------------------------


def texts(values: list[object], **options: object) -> list[str | None]:
    found = read_dates(values, **options)  # type: ignore[arg-type]
    return [one and one.text for one in found.dates]


def test_one_row_settles_the_order_of_the_column() -> None:
    found = read_dates(["03/10/2020", "05/26/2020"], column="When", rows=["line 2", "line 9"])
    assert [one and one.text for one in found.dates] == ["2020-03-10", "2020-05-26"]
    assert found.notes == ("When: read as month/day/year, as line 9 shows ('05/26/2020')",)
    assert texts(["03/10/2020", "26/05/2020"]) == [DAY, "2020-05-26"]
    assert texts(["03.10.2020", "05.26.2020"]) == ["2020-03-10", "2020-05-26"]
    assert texts(["03-10-20", "26-05-20"]) == [DAY, "2020-05-26"]
    assert not read_dates(["26/05/2020", "2020-10-03"]).notes  # nothing was assumed


def test_an_unsettled_column_is_refused_row_by_row() -> None:
    found = read_dates(["03/10/2020", "2020-10-03", "04/10/2020"])
    assert [one and one.text for one in found.dates] == [None, DAY, None]
    assert sorted(found.faults) == [0, 2]
    assert "no row of the column shows" in found.faults[0] and "date_order" in found.faults[0]
    assert texts(["03/10/2020", "04/10/2020"], date_order="dmy") == [DAY, "2020-10-04"]


def test_a_column_in_both_orders_is_refused_where_it_matters() -> None:
    found = read_dates(["23/10/2020", "10/24/2020", "03/10/2020"])
    assert [one and one.text for one in found.dates] == ["2020-10-23", "2020-10-24", None]
    assert "23/10/2020" in found.faults[2] and "10/24/2020" in found.faults[2]


def test_dots_are_day_first_and_said() -> None:
    found = read_dates(["03.10.2020"])
    assert found.dates[0] and found.dates[0].text == DAY
    assert "day.month.year" in found.notes[0]


def test_years_of_two_figures_are_those_of_spreadsheets_and_said() -> None:
    found = read_dates(["21.12.63", "03.10.29", "20-Jul-74", "08.05.1992"])
    assert [one and one.text for one in found.dates] == [
        "1963-12-21", "2029-10-03", "1974-07-20", "1992-05-08",
    ]  # fmt: skip
    said = [note for note in found.notes if "two figures" in note]
    assert said == ["date: years of two figures read as 1930 to 2029 (21.12.63 is 1963-12-21)"]
    whole = ["1990s", "2020-W01", "30 Dec - 2 Jan 2021", "20201003", "44107", "../1994"]
    assert not any("two figures" in note for note in read_dates(whole).notes)


def test_numbers_in_a_column() -> None:
    values = [
        44107,
        "44107",
        44107.75,
        2017,
        "2017.0",
        20201003,
        1601683200,
        1601683200000,
        "1601683200",
    ]
    assert texts(values) == [DAY] * 3 + ["2017"] * 2 + [DAY] * 4
    notes = read_dates(values).notes
    assert any("Excel" in note and "44107" in note for note in notes)
    assert any("1970" in note for note in notes)
    for bad in (5, -1, 123, 99999, 20201399, True, float("inf")):
        assert list(read_dates([bad]).faults) == [0]


def test_missing_cells_are_no_faults() -> None:
    found = read_dates([None, "", " ", float("nan"), pd.NaT, pd.NA, np.datetime64("NaT")])
    assert found.dates == (None,) * 7 and not found.faults
