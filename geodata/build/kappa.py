"""How far two coders of events agree: a blind second coding and Cohen's kappa by variable.

``python geodata/build/kappa.py draw`` prints a sample of events for the second coder: titles,
summaries, denials and what the sources are, and none of the codes. ``python
geodata/build/kappa.py`` reads ``second_coding.csv`` (one row an event and variable: what the first
and the second coder gave, how a difference was settled) and prints the table of docs/codebook.md.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACK = HERE.parent / "south-caucasus"
CODED = HERE / "second_coding.csv"
SEED = 1130
SHARE = 10  # one event in so many


def kappa(pairs: Iterable[tuple[str, str]]) -> float:
    """Cohen's kappa of two coders.

    Parameters
    ----------
    pairs : iterable of (str, str)
        What the first and the second coder gave each event.

    Returns
    -------
    float
        1 for full agreement, 0 for that of chance; NaN where both gave one word throughout.

    Source
    ------
    Cohen, J. (1960), A coefficient of agreement for nominal scales, Educational and
    Psychological Measurement 20 (1).

    Examples
    --------
    >>> kappa([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    0.5
    """
    both = list(pairs)
    count = len(both)
    first, second = Counter(one for one, _ in both), Counter(two for _, two in both)
    seen = sum(one == two for one, two in both) / count
    chance = sum(first[word] * second[word] for word in first) / count**2
    return float("nan") if chance == 1 else (seen - chance) / (1 - chance)


def draw() -> list[str]:
    """Draw the sample without its codes, one line an event."""
    with (PACK / "events.csv").open(encoding="utf-8", newline="") as file:
        events = {row["id"]: row for row in csv.DictReader(file)}
    sources = {item["id"]: item for item in json.loads((PACK / "sources.json").read_text("utf-8"))}
    lines = []
    for event_id in sorted(random.Random(SEED).sample(list(events), len(events) // SHARE)):
        row = events[event_id]
        cited = (sources[one] for one in row["source_ids"].split("|"))
        said = "; ".join(
            f"{one['custom']['affiliation']} {one['custom']['kind']}, "
            f"{one['custom'].get('verified') or 'unseen'}: {one['title']}"
            for one in cited
        )
        lines.append(
            " | ".join([event_id, row["title"], row["summary"], row["counterclaims"], said])
        )
    return lines


def table() -> list[str]:
    """Rows of the table of the codebook: variable, events, agreement, kappa, how it was settled."""
    with CODED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        "| variable | events | same | kappa | settled: first | second | neither |",
        "|---|---|---|---|---|---|---|",
    ]
    for variable in dict.fromkeys(row["variable"] for row in rows):
        mine = [row for row in rows if row["variable"] == variable]
        pairs = [(row["first"], row["second"]) for row in mine]
        settled = Counter(row["settled"] for row in mine)
        same = sum(one == two for one, two in pairs)
        lines.append(
            f"| `{variable}` | {len(mine)} | {same / len(mine):.0%} | {kappa(pairs):.2f} "
            f"| {settled['first']} | {settled['second']} | {settled['neither']} |"
        )
    return lines


if __name__ == "__main__":
    print("\n".join(draw() if sys.argv[1:] == ["draw"] else table()))
