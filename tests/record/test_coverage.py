"""Another record of events set beside ours: what it has and ours lacks is named."""

from __future__ import annotations

import runpy
from pathlib import Path

SCRIPT = runpy.run_path(
    str(Path(__file__).resolve().parents[2] / "geodata" / "build" / "coverage.py")
)
BOX = (44.8, 38.4, 50.6, 41.3)


def test_a_month_without_an_event_of_ours_is_a_gap(tmp_path: Path) -> None:
    theirs = tmp_path / "ged.csv"
    theirs.write_text(
        "date_start,longitude,latitude,best\n"
        "1996-02-03 00:00:00.000,46.75,39.82,2\n"
        "1996-02-20 00:00:00.000,46.75,39.82,\n"
        "2020-10-04 00:00:00.000,46.75,39.82,5\n"
        "1996-02-20 00:00:00.000,2.35,48.86,9\n",
        encoding="utf-8",
    )
    table = SCRIPT["coverage"](theirs, BOX)
    assert table[2] == "| 1996-02 | 2 | 2 | 0 | 0 | yes |"
    assert table[3].startswith("| 2020-10 | 1 | 5 | ") and table[3].endswith(" |  |")
    assert len(table) == 4


def test_years_where_there_are_no_days(tmp_path: Path) -> None:
    theirs = tmp_path / "years.csv"
    theirs.write_text("year,longitude,latitude,best\n1996,46.75,39.82,3\n", encoding="utf-8")
    assert SCRIPT["coverage"](theirs, BOX)[2:] == ["| 1996 | 1 | 3 | 0 | 0 | yes |"]


def test_the_codebook_counts_our_events_as_they_are_now() -> None:
    """The other record can't be kept here; our own half of its table is counted anew."""
    book = Path(__file__).resolve().parents[2] / "docs" / "codebook.md"
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in book.read_text(encoding="utf-8").splitlines()
        if line[:4] in ("| 19", "| 20")
    ]
    events, deaths = SCRIPT["own"](4)
    assert len(rows) > 20
    for year, _, _, ours, dead, gap in rows:
        assert (int(ours), int(dead)) == (events[year], deaths[year]), year
        assert gap == ("" if events[year] else "yes")


def test_a_figure_of_both(tmp_path: Path) -> None:
    theirs = tmp_path / "years.csv"
    theirs.write_text("year,longitude,latitude,best\n1996,46.75,39.82,3\n", encoding="utf-8")
    SCRIPT["draw"](theirs, BOX, tmp_path / "coverage.svg")
    drawn = (tmp_path / "coverage.svg").read_text(encoding="utf-8")
    assert drawn.count("<path") > 100  # a bar a month
