"""Reading a large UCDP GED export beside pandas, polars, pyarrow and DuckDB.

    python benchmarks/bench_readers.py GED.csv [--rows 350000]

The export given is repeated to the number of rows (its ids kept distinct) as UTF-8. The peers only
parse; ours also checks every row, reads dates and codes, and makes geometry. CPU seconds, of all
threads: a machine that others use too says little by the clock. Only the ratios of one run count.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from atlas.base.notes import Notes
from atlas.events import read_events
from atlas.events.delimited import read_delimited
from atlas.events.encoding import detect
from atlas.events.files import opened

_MOST = 1.3


def tiled(source: Path, target: Path, rows: int) -> None:
    """Write the rows of an export again and again."""
    data = source.read_bytes()
    text = detect(io.BytesIO(data)).decode(data).removeprefix("\ufeff")
    whole = list(csv.reader(io.StringIO(text, newline="")))
    header, body = whole[0], whole[1:]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for number in range(rows):
            writer.writerow([str(number), *body[number % len(body)][1:]])


def only_rows(path: Path) -> int:
    """Our parsing alone, every cell as text."""
    with opened(path) as ready:
        return len(read_delimited(ready, Notes()).frame)


def peers(path: Path) -> dict[str, Callable[[], object]]:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.csv as pc

    newlines = pc.ParseOptions(newlines_in_values=True)
    out: dict[str, Callable[[], object]] = {
        "pandas": lambda: pd.read_csv(path, low_memory=False),
        "pandas from pyarrow": lambda: pc.read_csv(path, parse_options=newlines).to_pandas(
            types_mapper={pa.string(): pd.StringDtype("pyarrow")}.get
        ),
    }
    try:
        import polars

        out["polars"] = lambda: polars.read_csv(path, infer_schema_length=10_000)
    except ImportError:
        print("polars is not installed: left out", file=sys.stderr)
    try:
        import duckdb

        out["DuckDB"] = lambda: duckdb.sql(f"SELECT * FROM read_csv('{path}')").to_arrow_table()
    except ImportError:
        print("DuckDB is not installed: left out", file=sys.stderr)
    return out


def measure(source: Path, rows: int) -> tuple[str, list[tuple[str, str, str]]]:
    """The report as markdown, and the marks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ged.csv"
        tiled(source, path, rows)
        size = path.stat().st_size
        work: dict[str, Callable[[], object]] = peers(path)
        names = list(work)
        work["atlas: parsing alone"] = lambda: only_rows(path)
        work["atlas: read_events, checked and typed"] = lambda: read_events(path)
        work["atlas: read_events, one month asked for"] = lambda: read_events(
            path, start="2022-03-01", end="2022-04-01"
        )
        best = dict.fromkeys(work, float("inf"))
        for _ in range(3):  # in turn, so that a busy moment of the machine hits all alike
            for name, run in work.items():
                start = time.process_time()
                result = run()
                best[name] = min(best[name], time.process_time() - start)
                del result
        checked = read_events(path)
        assert checked.rows == rows == len(checked.frame) + len(checked.rejects)
    fastest = min(best[name] for name in names)
    lines = [
        f"### Reading {rows:,} rows of UCDP GED, {size / 1e6:.0f} MB",
        "",
        "| | CPU s | times the fastest peer |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {best[name]:.2f} | {best[name] / fastest:.2f} |" for name in work]
    marks = []
    for name in list(work)[len(names) :][:2]:
        ratio = best[name] / fastest
        verdict = "met" if ratio <= _MOST else "MISSED"
        marks.append((f"{name}: over the fastest peer <= {_MOST}", f"{ratio:.2f}", verdict))
    lines += ["", "| mark | measured | |", "|---|---|---|"]
    lines += [f"| {what} | {value} | {verdict} |" for what, value, verdict in marks]
    return "\n".join([*lines, ""]), marks


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("export", type=Path)
    options.add_argument("--rows", type=int, default=350_000)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    report, marks = measure(chosen.export, chosen.rows)
    print(report)
    if chosen.json:
        chosen.json.write_text(json.dumps(marks, indent=1) + "\n")


if __name__ == "__main__":
    main()
