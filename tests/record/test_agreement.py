"""How far two coders agree: the formula, and the table that the codebook shows."""

from __future__ import annotations

import math
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "geodata" / "build" / "kappa.py"))


def test_kappa_of_a_textbook_table() -> None:
    # 20 yes-yes, 15 no-no, 5 yes-no, 10 no-yes: agreement 0.7, by chance 0.5.
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    assert math.isclose(SCRIPT["kappa"](pairs), 0.4)


def test_kappa_of_one_word_only_says_nothing() -> None:
    assert math.isnan(SCRIPT["kappa"]([("y", "y")] * 3))


def test_the_codebook_shows_the_table_of_the_script() -> None:
    shown = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    assert "\n".join(SCRIPT["table"]()) in shown


def test_the_blind_sample_gives_no_code_away() -> None:
    lines = SCRIPT["draw"]()
    assert len(lines) == len(set(lines)) > 50
    assert not any("explosions_remote_violence" in line or "af_az" in line for line in lines)
