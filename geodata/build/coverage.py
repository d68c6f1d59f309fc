"""Which times another record of events has and ours lacks.

Run as ``coverage.py FILE WEST SOUTH EAST NORTH [FIGURE]``.

FILE is a CSV with ``longitude, latitude``, ``date_start`` or ``year``, and ``best``, as UCDP GED
has them. Counts events and deaths inside the box, by month where there are days and by year where
not, beside our own events in which force was used; a gap is a time of which ours has none. FIGURE
is a picture to be drawn: our events month by month from 1988 on, and the other record's below.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

EVENTS = Path(__file__).resolve().parent.parent / "south-caucasus" / "events.csv"
FORCE = {
    "battle",
    "capture",
    "explosions_remote_violence",
    "riot",
    "violence_against_civilians",
}


def counted(
    path: Path, box: tuple[float, float, float, float]
) -> tuple[int, Counter[str], Counter[str]]:
    """Length of a time (7 for months, 4 for years), events and deaths of the other record by it."""
    west, south, east, north = box
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if west <= float(row["longitude"]) <= east and south <= float(row["latitude"]) <= north
        ]
    length = 7 if rows and "date_start" in rows[0] else 4
    theirs, dead = Counter[str](), Counter[str]()
    for row in rows:
        time = (row.get("date_start") or row["year"])[:length]
        theirs[time] += 1
        dead[time] += int(float(row["best"] or 0))
    return length, theirs, dead


def own(length: int) -> tuple[Counter[str], Counter[str]]:
    """Our events in which force was used, and their deaths, by month or year."""
    ours, dead = Counter[str](), Counter[str]()
    with EVENTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["event_type"] in FORCE:
                ours[row["event_date"][:length]] += 1
                dead[row["event_date"][:length]] += int(row["best"] or row["low"] or 0)
    return ours, dead


def coverage(path: Path, box: tuple[float, float, float, float]) -> list[str]:
    """Rows of a table: time, events and deaths of the other record, and our own."""
    length, theirs, dead = counted(path, box)
    ours, our_dead = own(length)
    lines = ["| time | theirs | deaths | ours | deaths | gap |", "|---|---|---|---|---|---|"]
    for time in sorted(theirs):
        gap = "" if ours[time] else "yes"
        lines.append(
            f"| {time} | {theirs[time]} | {dead[time]} | {ours[time]} | {our_dead[time]} | {gap} |"
        )
    return lines


def draw(path: Path, box: tuple[float, float, float, float], out: Path) -> None:
    """Draw our events by month over those of the other record, its gaps in ours marked."""
    from matplotlib.figure import Figure

    length, theirs, _ = counted(path, box)
    ours = own(7)[0]
    times = [time for time in sorted(ours) if len(time) == 7]
    years = range(int(times[0][:4]), int(times[-1][:4]) + 1)
    months = [f"{year}-{month:02d}" for year in years for month in range(1, 13)]
    figure = Figure(figsize=(11, 5.2), layout="constrained")
    top, low = figure.subplots(2, sharex=True, height_ratios=[3, 2])
    here = [int(month[:4]) + (int(month[5:]) - 0.5) / 12 for month in months]
    top.vlines(here, 0, [ours[month] for month in months], linewidth=2.5, color="#2a2723")
    top.set_yscale("symlog", linthresh=5)
    top.set_yticks([0, 1, 2, 3, 5, 10, 30], labels="0 1 2 3 5 10 30".split())
    empty = sum(not ours[month] for month in months if month <= times[-1])
    top.set_title(
        f"Events in which force was used, by month: {sum(ours.values())} of this record;"
        f" {empty} of {sum(month <= times[-1] for month in months)} months have none",
        loc="left",
        fontsize=10,
    )
    record = own(length)[0]
    for time, count in sorted(theirs.items()):
        at = int(time[:4]) + ((int(time[5:]) - 0.5) / 12 if length == 7 else 0.5)
        colour = "#2f5c9c" if record[time] else "#c0392b"
        low.bar(at, count, width=0.09 if length == 7 else 0.8, color=colour)
    low.set_title(
        "Places in the other record, by year; red: this record has no such event in that time"
        if length == 4
        else "Events of the other record, by month; red: this record has none in that month",
        loc="left",
        fontsize=10,
    )
    for axes in (top, low):
        axes.spines[["top", "right"]].set_visible(False)
    low.set_xlim(years[0], years[-1] + 1)
    low.set_xticks(range(years[0], years[-1] + 1, 2))
    figure.savefig(out, dpi=130)


if __name__ == "__main__":
    edges = [float(edge) for edge in sys.argv[2:6]]
    around = (edges[0], edges[1], edges[2], edges[3])
    print("\n".join(coverage(Path(sys.argv[1]), around)))
    if len(sys.argv) > 6:
        draw(Path(sys.argv[1]), around, Path(sys.argv[6]))
