"""Columns of text that need no tidying are told at once, and never taken for what they are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from atlas.base.notes import Notes
from atlas.events.fields import Checked, _first_values
from atlas.events.raw import STR, Raw
from atlas.events.values import MISSING, is_missing_text, plain_text

words = st.one_of(
    st.text(max_size=20),
    st.sampled_from(sorted(MISSING)).flatmap(
        lambda word: st.sampled_from([word, word.upper(), f" {word}", f"{word}\n", f"{word}x"])
    ),
    st.sampled_from(
        ["12", "Report 482", "x" * 16, f"n{' ' * 13}a", "\u212a.a.", "none of them here"]
    ),
)


@settings(max_examples=60)
@given(words)
@example("n" + " " * 14 + "a")
def test_a_plain_text_says_something_and_has_no_space_around_it(word: str) -> None:
    if pc.match_substring_regex(pa.array([word]), plain_text())[0].as_py():
        assert not is_missing_text(word)
        assert word == word.strip()


@settings(max_examples=30)
@given(st.lists(words, min_size=1, max_size=8))
def test_a_column_is_tidied_cell_by_cell(cells: list[str]) -> None:
    frame = pd.DataFrame({"a": pd.Series(cells, dtype=STR)})
    checked = Checked(Raw(frame, "a file", Notes("a file"), len(cells)))
    told = checked.clean_text("a")
    assert told.tolist() == ["" if is_missing_text(cell) else cell.strip() for cell in cells]
    assert told.dtype == STR
    told.iloc[0] = "another"
    assert frame["a"].iloc[0] == cells[0]


def test_a_gap_is_the_empty_text() -> None:
    frame = pd.DataFrame({"a": pd.Series(["b", None, "c"], dtype=STR)})
    checked = Checked(Raw(frame, "a file", Notes("a file"), 3))
    assert checked.clean_text("a").tolist() == ["b", "", "c"]


@pytest.mark.parametrize(("rows", "kinds"), [(10, 3), (20_000, 100), (20_000, 2001), (9_000, 1999)])
def test_the_first_values_of_a_column_are_those_of_all_of_it(rows: int, kinds: int) -> None:
    drawn = np.random.default_rng(kinds).integers(0, kinds, rows).astype(str)
    cells = pd.Series(drawn, dtype=STR)
    cells[cells == "1"] = None
    assert list(_first_values(cells)) == list(cells.dropna().unique()[:2000])
