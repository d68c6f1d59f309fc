from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.errors import InputError
from atlas.base.timespan import (
    OPEN_END,
    OPEN_START,
    Span,
    boundary_day,
    check_order,
    format_day,
    holds,
    parse_day,
    parse_edtf,
    shown,
)

DAYS = st.integers(parse_day("0001-01-01"), parse_day("9999-12-31"))


@given(DAYS)
def test_a_day_survives_being_written_and_read(day: int) -> None:
    assert parse_day(format_day(day)) == day
    assert parse_edtf(format_day(day)).span == Span(day, day + 1)


@given(DAYS)
def test_days_count_as_numpy_counts_them(day: int) -> None:
    assert np.datetime64(format_day(day)) == np.datetime64(day, "D")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1992-05-18", "1992-05-18", "1992-05-18"),
        ("2020-11", "2020-11-01", "2020-11-30"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("1993", "1993-01-01", "1993-12-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2020-21", "2020-03-01", "2020-05-31"),
        ("2020-23", "2020-09-01", "2020-11-30"),
        ("2020-24", "2020-12-01", "2021-02-28"),
        ("2020-11-09/2020-11-10", "2020-11-09", "2020-11-10"),
        ("1993-03~/1993-04-03", "1993-03-01", "1993-04-03"),
        ("2020-11-09/..", "2020-11-09", ".."),
        ("../2020-11-10", "..", "2020-11-10"),
        ("..", "..", ".."),
        ("[1992,1994]", "1992-01-01", "1994-12-31"),
        ("{1992-05,1993..1995-02}", "1992-05-01", "1995-02-28"),
        ("[..1984]", "..", "1984-12-31"),
        ("[1984..]", "1984-01-01", ".."),
        ("2004-06-XX", "2004-06-01", "2004-06-30"),
        ("2004-XX-12", "2004-01-12", "2004-12-12"),
        ("199X-02-29", "1992-02-29", "1996-02-29"),
        ("2020-1X", "2020-10-01", "2020-12-31"),
        ("0XXX", "0001-01-01", "0999-12-31"),
        ("1950S2", "1900-01-01", "1999-12-31"),
        ("2020-35", "2020-07-01", "2020-09-30"),
        ("2020-32", "2020-06-01", "2020-08-31"),
        ("2020-41", "2020-07-01", "2020-12-31"),
        ("2020?-~10-03", "2020-10-03", "2020-10-03"),
    ],
)
def test_edtf_bounds(text: str, first: str, last: str) -> None:
    found = parse_edtf(text)
    assert (format_day(found.earliest), format_day(found.latest)) == (first, last)


def test_doubt_is_kept() -> None:
    assert parse_edtf("1993-04-02~").approximate and not parse_edtf("1993-04-02~").exact
    assert parse_edtf("1992?").uncertain
    both = parse_edtf("1992-05%")
    assert both.approximate and both.uncertain
    assert parse_edtf("1992-05-18").exact


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "2023-02-29", "2020-13", "2020-13-01", "1/2/3", "2021/2020", "0000-01-01",
     "2020-1X-99", "٢٠٢٠", "2020-11-10T12:00", "Y1E10000000", "Y1E9999999999", "-0100",
     "2020-02-3X",
     "[1,]", "[[1992],1993]", "1..[1992..[1993..[", "{1992..}" * 40, "in" * 700, "[" * 1400,
     "[" + ",".join(["2020..2021"] * 140) + "]", "[" + "1," * 740 + "1]", "[1994..1992]",
     "X" * 2000],
)  # fmt: skip
def test_what_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_edtf(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_our_error(text: str) -> None:
    try:
        found = parse_edtf(text)
    except InputError:
        return
    assert found.earliest <= found.latest


@given(DAYS, DAYS, DAYS)
def test_spans_are_half_open(a: int, b: int, day: int) -> None:
    start, end = sorted((a, b))
    span = Span(start, end)
    assert span.contains(day) == (start <= day < end)
    assert not span.contains(span.end)
    assert span.contains(span.start) == (span.days > 0)
    array = holds(np.array([start]), np.array([end]), day)
    assert bool(array[0]) == span.contains(day)


@given(DAYS, DAYS)
def test_abutting_spans_share_no_day(a: int, b: int) -> None:
    start, end = sorted((a, b))
    first, second = Span(OPEN_START, start), Span(start, end)
    assert not first.overlaps(second)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 30))
def test_a_boundary_with_doubt_still_abuts(day: date, width: int) -> None:
    text = f"{day.isoformat()}/{(day + timedelta(width)).isoformat()}"
    assert boundary_day(text, end=True) == boundary_day(text, end=False) == parse_day(day)


def test_open_boundaries() -> None:
    for text in ("", "..", " "):
        assert boundary_day(text, end=True) == OPEN_END
        assert boundary_day(text, end=False) == OPEN_START


@pytest.mark.parametrize("hours", [-12, 0, 4, 14])
def test_a_moment_is_the_day_its_own_clock_shows(hours: int) -> None:
    moment = datetime(2020, 11, 10, 0, 0, tzinfo=timezone(timedelta(hours=hours)))
    assert format_day(parse_day(moment)) == "2020-11-10"


@pytest.mark.parametrize("value", [True, None, 1.5, "2020-11", "yesterday", np.datetime64("NaT")])
def test_not_one_exact_day(value: object) -> None:
    with pytest.raises(InputError):
        parse_day(value)  # type: ignore[arg-type]


def test_a_span_cannot_end_before_it_starts() -> None:
    with pytest.raises(InputError, match="before it starts"):
        Span(2, 1)


@pytest.mark.parametrize(
    ("one", "two", "share"),
    [
        ((0, 5), (5, 9), False),
        ((0, 5), (4, 9), True),
        ((0, 5), (0, 5), True),
        ((3, 4), (0, 9), True),
    ],
)
def test_spans_overlap_where_they_share_a_day(
    one: tuple[int, int], two: tuple[int, int], share: bool
) -> None:
    assert Span(*one).overlaps(Span(*two)) is share
    assert Span(*two).overlaps(Span(*one)) is share


def test_an_open_date_has_an_open_span() -> None:
    assert parse_edtf("2020/..").span == Span(parse_day("2020-01-01"), OPEN_END)
    doubtless = parse_edtf("2020-01-01/..")
    assert (doubtless.approximate, doubtless.uncertain) == (False, False)
    assert (parse_edtf("../2020").approximate, parse_edtf("../2020").uncertain) == (False, False)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020?", "2020-01-01", "2020-12-31"),
        ("?2020", "2020-01-01", "2020-12-31"),
        ("2020-11~", "2020-11-01", "2020-11-30"),
        ("2020-?11-05", "2020-11-05", "2020-11-05"),
        ("1985S2?", "1900-01-01", "1999-12-31"),
        ("?0001-02", "0001-02-01", "0001-02-28"),
    ],
)
def test_a_marked_date_is_the_date_with_its_doubt(text: str, first: str, last: str) -> None:
    found = parse_edtf(text)
    assert (format_day(found.earliest), format_day(found.latest)) == (first, last)
    assert found.approximate or found.uncertain


def test_the_first_year_and_a_span_of_one_day_are_dates() -> None:
    assert format_day(parse_edtf("0001-01").latest) == "0001-01-31"
    day = parse_edtf("[2020-01-02..2020-01-02]")
    assert format_day(day.earliest) == format_day(day.latest) == "2020-01-02"


def test_what_is_wrong_is_said_and_cut_where_it_is_long() -> None:
    for text, says in (("2020-13", "no month or season 13"), ("2020-00", "no month or season 00"),
                       (" ", "an empty cell"), ("2020/2021/2022", "more than one")):  # fmt: skip
        with pytest.raises(InputError, match=says):
            parse_edtf(text)
    assert shown("x" * 60) == repr("x" * 60)
    assert shown("x" * 61) == repr("x" * 57 + "...")


def test_a_missing_date_is_no_day() -> None:
    for missing in (pd.NaT, np.datetime64("NaT")):
        with pytest.raises(InputError, match="a missing date"):
            parse_day(missing)


def test_days_are_given_in_order() -> None:
    check_order(3, 3)
    with pytest.raises(InputError, match="1970-01-03 lies before 1970-01-04; swap"):
        check_order(3, 2)


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("2004-06~-11", True, False),
        ("2004?-06-11", False, True),
        ("2004%-06", True, True),
        ("2004-06-11", False, False),
        ("[2004~,2005]", True, False),
        ("2001~/2002", True, False),
        ("2001/2002~", True, False),
        ("2001?/2002", False, True),
        ("2001/2002?", False, True),
        ("2001%/..", True, True),
        ("2001/2002", False, False),
    ],
)
def test_which_doubt_it_is_and_of_either_end(text: str, approximate: bool, uncertain: bool) -> None:
    found = parse_edtf(text)
    assert (found.approximate, found.uncertain) == (approximate, uncertain)


def test_a_day_in_any_type_is_that_day() -> None:
    moment = np.datetime64("1970-01-03T23:59:59")
    for value in (2, np.int64(2), "1970-01-03", date(1970, 1, 3), moment, moment.astype("M8[ns]")):
        assert parse_day(value) == 2 and type(parse_day(value)) is int
    assert parse_day(np.datetime64("1969-12-31T12")) == -1
