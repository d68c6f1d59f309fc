"""Which times another record of events has and ours lacks.

Run as ``coverage.py FILE WEST SOUTH EAST NORTH``.

FILE is a CSV with ``longitude, latitude``, ``date_start`` or ``year``, and ``best``, as UCDP GED
has them. Counts events and deaths inside the box, by month where there are days and by year where
not, beside our own events in which force was used; a gap is a time of which ours has none.
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


def coverage(path: Path, box: tuple[float, float, float, float]) -> list[str]:
    """Rows of a table: time, events and deaths of the other record, and our own."""
    west, south, east, north = box
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if west <= float(row["longitude"]) <= east and south <= float(row["latitude"]) <= north
        ]
    length = 7 if rows and "date_start" in rows[0] else 4
    times = [(row.get("date_start") or row["year"])[:length] for row in rows]
    theirs, dead = Counter(times), Counter[str]()
    for time, row in zip(times, rows, strict=True):
        dead[time] += int(float(row["best"] or 0))
    ours, our_dead = Counter[str](), Counter[str]()
    with EVENTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["event_type"] in FORCE:
                ours[row["event_date"][:length]] += 1
                our_dead[row["event_date"][:length]] += int(row["best"] or row["low"] or 0)
    lines = ["| time | theirs | deaths | ours | deaths | gap |", "|---|---|---|---|---|---|"]
    for time in sorted(theirs):
        gap = "" if ours[time] else "yes"
        lines.append(
            f"| {time} | {theirs[time]} | {dead[time]} | {ours[time]} | {our_dead[time]} | {gap} |"
        )
    return lines


if __name__ == "__main__":
    edges = [float(edge) for edge in sys.argv[2:6]]
    print("\n".join(coverage(Path(sys.argv[1]), (edges[0], edges[1], edges[2], edges[3]))))
