"""What is read a whole column at a time is what would be read cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.timespan import OPEN_START, format_day
from atlas.events import read_events
from atlas.events.fields import _clean_cells, edtf_of_days
from atlas.events.raw import STR
from atlas.events.values import MISSING, is_missing_text

words = st.one_of(
    st.sampled_from(sorted(MISSING)),
    st.text(max_size=24),
    st.sampled_from(["a1", " a1", "a1 ", "1 a", "x" * 15, "x" * 16, "x" * 14 + "\n\t", "N/A",
                     " Null ", "unknown", "Unknown\u00a0", "unknown place", "-5", "\u2003x9"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(words, max_size=12))
def test_text_is_cleaned_as_each_cell_would_be(cells):
    cells = [cell.encode("utf-8", "replace").decode() for cell in cells]
    plain = ["" if is_missing_text(cell) else cell.strip() for cell in cells]
    assert _clean_cells(pd.Series(pd.array(cells, dtype=STR))).tolist() == plain


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-719_162, 2_932_896), min_size=1, max_size=6), st.booleans())
def test_single_days_are_written_as_each_would_be(days, one_missing):
    day = np.array([*days, OPEN_START] if one_missing else days, dtype=np.int64)
    plain = [format_day(one) if one != OPEN_START else "" for one in day.tolist()]
    assert edtf_of_days(day, day).tolist() == plain


DATES = {
    "2020-10-03": "2020-10-03", "0001-01-01": "0001-01-01", "1582-10-14": "1582-10-14",
    "2020-10": "2020-10", "": "", "N/A": "",
}  # fmt: skip


@pytest.mark.parametrize("beside", ["2020-10-04", "4 Oct 2020", "n/a", "2020", "0900-01-01"])
@pytest.mark.parametrize("date", DATES)
def test_iso_days_are_read_alike_whatever_stands_beside_them(date, beside):
    rows = [{"date": date, "lon": 1, "lat": 2}, {"date": beside, "lon": 1, "lat": 2}]
    found = read_events(rows)
    assert found.column("event_date").tolist()[0] == DATES[date]
    alone = read_events([*rows[:1], {"date": "2020-10-04", "lon": 1, "lat": 2}])
    assert alone.column("start").tolist()[0] == found.column("start").tolist()[0] or date in (
        "",
        "N/A",
    )
    assert alone.column("end").isna().tolist()[0] == (DATES[date] == "")


def test_a_day_that_no_month_has_is_refused_and_the_others_stand():
    rows = [
        {"date": date, "lon": 1, "lat": 2} for date in ("2020-10-03", "2021-02-29", "2020-13-01")
    ]
    found = read_events(rows)
    assert found.column("event_date").tolist() == ["2020-10-03"]
    assert found.rejects["found"].tolist() == ["2021-02-29", "2020-13-01"]
