from __future__ import annotations

from pathlib import Path

import pytest

from atlas.base.errors import NotFoundError
from atlas.record.schema import PARTY, TABLES, data_dictionary, table

ROOT = Path(__file__).parents[2]


def test_every_reference_points_to_a_table() -> None:
    for item in TABLES.values():
        assert item.columns[0].name == "id"
        assert len(set(item.names)) == len(item.names)
        for column in item.columns:
            assert column.refers in {"", PARTY, *TABLES}
            assert bool(column.words) == (column.kind in ("word", "words"))
            assert column.about, f"{item.name}.{column.name} says nothing"


def test_the_committed_dictionary_is_the_generated_one() -> None:
    page = ROOT / "docs" / "data-dictionary.md"
    assert page.read_text(encoding="utf-8") == data_dictionary(), "run `make docs`"


def test_an_unknown_table_or_column() -> None:
    with pytest.raises(NotFoundError, match="there are: sources"):
        table("peace")
    with pytest.raises(NotFoundError, match="no column"):
        table("events").column("peace")
