"""The benchmarks run as they are called; what they measure is in their own results."""

from __future__ import annotations

import pytest

from benchmarks import bench_names
from benchmarks.__main__ import parse


def test_few_names_are_enough_to_look_up(capsys: pytest.CaptureFixture[str]) -> None:
    bench_names.fuzzy(bench_names.names(50))
    shown = capsys.readouterr().out
    assert "Misspelt names among" in shown and "extractOne" in shown


def test_options_reach_the_benchmark_that_is_named() -> None:
    chosen, further = parse(["names", "--aliases", "300"])
    assert (chosen.names, further) == (["names"], ["--aliases", "300"])


@pytest.mark.parametrize(
    "words", [["--aliases", "300"], ["names", "join", "--rows", "5"], ["nmaes"]]
)
def test_what_no_benchmark_takes_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as error:
        parse(words)
    assert error.value.code == 2
