"""Frames as they leave: dates for days, NaT for what is open, rows by their id."""

from __future__ import annotations

import pandas as pd

from atlas.answers.leaving import as_dates, by_id, with_dates
from atlas.base.timespan import OPEN_END, OPEN_START, parse_day


def test_what_is_open_is_no_date_and_a_day_is_itself() -> None:
    found = as_dates([OPEN_START, parse_day("0001-01-01"), parse_day("2020-02-29"), OPEN_END])
    assert pd.isna(found).tolist() == [True, False, False, True]
    assert found[1:3].astype("datetime64[D]").astype(str).tolist() == ["0001-01-01", "2020-02-29"]


def test_a_table_by_id_keeps_its_id_and_leaves_twice_as_once() -> None:
    frame = pd.DataFrame(
        {
            "id": ["y", "x"],
            "start_day": [OPEN_START, 1],
            "end_day": [2, OPEN_END],
            "since": ["..", "1970-01-02"],
            "until": ["", "1970-01-03"],
        }
    )
    out = by_id(frame)
    assert list(out.index) == list(out["id"]) == ["y", "x"]
    assert list(out.columns) == ["id", "start", "end", "since", "until"]
    assert str(out.loc["x", "start"]) == "1970-01-02 00:00:00"
    assert str(out.loc["x", "until"]) == "1970-01-03 00:00:00"
    assert out.loc["y", ["start", "since", "until"]].isna().all() and pd.isna(out.loc["x", "end"])
    pd.testing.assert_frame_equal(with_dates(out), out)
    # A column of dates under the name that days stand under is left as it is.
    dated = frame.assign(start_day=as_dates(frame["start_day"]))
    pd.testing.assert_frame_equal(by_id(dated), out)
