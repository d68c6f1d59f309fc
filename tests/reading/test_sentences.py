"""A corpus of sentences in eight languages, with what a person reads in them.

``data/sentences.csv``: language, sentence, the places it names (ids of the default
pack), its dates (EDTF), and the type of its event, each parted by ``|``. All were written for these
tests; read as published on 15 October 2020.

    python -m tests.reading.test_sentences

prints precision and recall by language, and every sentence that is read otherwise.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from atlas.gazetteer import Gazetteer
from atlas.reading import read_text
from atlas.record.pack import read_pack

PUBLISHED = "2020-10-15"
SENTENCES = Path(__file__).parent / "data" / "sentences.csv"
KINDS = ("places", "dates", "type")
# The least that is held, precision and recall: of all sentences, and in each language.
LEAST = {"places": (0.97, 0.95), "dates": (0.98, 0.97), "type": (0.97, 0.95)}
LEAST_OF_ONE = 0.85


@dataclass
class Count:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


@dataclass
class Figures:
    counts: dict[tuple[str, str], Count] = field(default_factory=lambda: defaultdict(Count))
    misread: list[tuple[str, str, str, set[str], set[str]]] = field(default_factory=list)


def measure() -> Figures:
    gazetteer = Gazetteer.from_pack(read_pack("south-caucasus"))
    figures = Figures()
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row in rows:
        reading = read_text(row["text"], gazetteer, published=PUBLISHED)
        found = {
            "places": {m.place.id for m in reading.mentions if m.kind == "place" and m.place},
            "dates": _days(d.edtf for d in reading.dates),
            "type": {d.event_type for d in reading.drafts},
        }
        for kind in KINDS:
            wanted = set(filter(None, row[kind].split("|")))
            for key in (row["lang"], "all"):
                count = figures.counts[key, kind]
                count.right += len(found[kind] & wanted)
                count.wrong += len(found[kind] - wanted)
                count.missed += len(wanted - found[kind])
            if found[kind] != wanted:
                figures.misread.append((row["lang"], row["text"], kind, found[kind], wanted))
    return figures


def _days(dates: object) -> set[str]:
    """Single days of a set, the others as they are."""
    return {part for date in dates for part in str(date).strip("{}[]").split(",") if part}  # type: ignore[attr-defined]


def table(figures: Figures) -> str:
    lines = ["| language | " + " | ".join(f"{kind} P | {kind} R" for kind in KINDS) + " |"]
    lines.append("|---" * (1 + 2 * len(KINDS)) + "|")
    for lang in [*sorted({lang for lang, _ in figures.counts} - {"all"}), "all"]:
        cells = [
            f"{value:.3f}"
            for kind in KINDS
            for value in (figures.counts[lang, kind].precision, figures.counts[lang, kind].recall)
        ]
        lines.append(f"| {lang} | {' | '.join(cells)} |")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def figures() -> Figures:
    found = measure()
    print(f"\n{table(found)}")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_are_read_as_a_person_reads_them(figures: Figures, kind: str) -> None:
    precision, recall = LEAST[kind]
    whole = figures.counts["all", kind]
    assert whole.precision >= precision and whole.recall >= recall, figures.misread
    for lang in {lang for lang, _ in figures.counts}:
        one = figures.counts[lang, kind]
        assert min(one.precision, one.recall) >= LEAST_OF_ONE, (lang, figures.misread)


def test_the_corpus_is_of_two_hundred_sentences() -> None:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) >= 200 and len({row["lang"] for row in rows}) >= 7
    assert len({row["text"] for row in rows}) == len(rows)


if __name__ == "__main__":
    done = measure()
    print(table(done))
    for lang, text, kind, found, wanted in done.misread:
        print(f"{lang} {kind}: {sorted(found)} for {sorted(wanted)}: {text}")
