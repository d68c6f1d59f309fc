"""Rows that follow one another leave no day between them, unless they say why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atlas.record.pack import check_pack
from tests.packs import ENVELOPE, spell, write_pack

CONTROL = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
CLAIM = spell("c8", "a00", "B", "2001-01-01", "2001-02-01", asserted_by="B")


def found(folder: Path, rows: list[dict[str, Any]]) -> list[str]:
    faults = check_pack(write_pack(folder, CONTROL + rows))
    return [f"{fault.row} {fault.column} {fault.expected[:10]}" for fault in faults
            if fault.code == "day-gap"]  # fmt: skip


@pytest.mark.parametrize(
    ("begins", "note", "gap"),
    [
        ("2001-02-01", "", False),
        ("2001-02-02", "", True),
        ("2001-02-03", "", False),  # a longer time is a time in which it was not claimed
        ("2001-02-02", "A day apart: the claim was dropped and made anew.", False),
    ],
)
def test_a_row_ends_on_the_day_the_next_begins(
    tmp_path: Path, begins: str, note: str, gap: bool
) -> None:
    after = spell("c9", "a00", "B", begins, asserted_by="B")
    expected = ["4 valid_to 2001-02-02"] if gap else []
    assert found(tmp_path / "p", [CLAIM | {"note": note}, after]) == expected


def test_another_area_is_another_series(tmp_path: Path) -> None:
    elsewhere = spell("c9", "a10", "B", "2001-02-02", asserted_by="B")
    assert found(tmp_path / "p", [CLAIM, elsewhere]) == []


def test_a_third_row_may_hold_the_day_between(tmp_path: Path) -> None:
    post = ENVELOPE | {"mission": "M", "zone_id": "z", "zone_type": "area", "place_id": "p00"}
    rows = [
        post | {"id": "m1", "deployed_from": "2001-01-01", "deployed_to": "2001-02-01"},
        post | {"id": "m2", "deployed_from": "2001-02-02"},
    ]
    between = post | {"id": "m3", "deployed_from": "2001-01-20", "deployed_to": "2001-03-01"}

    def gaps(mandates: list[dict[str, str]], name: str) -> int:
        directory = write_pack(tmp_path / name, CONTROL, tables={"mandates": mandates})
        return [fault.code for fault in check_pack(directory)].count("day-gap")

    assert gaps(rows, "p") == 1
    assert gaps([*rows, between], "q") == 0
