"""A command line says the same whether all of it is built or only the command asked for."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from typing import Annotated

import pytest
import typer
from typer.main import get_command

from atlas.base.errors import AtlasError
from atlas.cli import app
from atlas.cli.quick import command_for

LINES = [
    [],
    ["--help"],
    ["--version"],
    ["at"],
    ["at", "--help"],
    ["at", "--no-such"],
    ["at", "2020-11-10", "--around", "three"],
    ["at", "2020-11-10", "--limit", "1.5"],
    ["at", "2020-11-10", "--columns"],
    ["at", "no day"],
    ["at", "\udcff"],
    ["control", "--help"],
    ["import", "--help"],
    ["geocode"],
    ["nothing-of-ours"],
    ["route", "a", "b", "--date", "2023-01-01", "--mode", "sea", "--mode", "\udcff"],
]


def _said(run: object, words: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    monkeypatch.setattr(sys, "argv", ["atlas", *words])
    out, err = io.StringIO(), io.StringIO()
    ended: object = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            run()  # type: ignore[operator]
        except SystemExit as end:
            ended = end.code
        except AtlasError as error:
            ended = str(error)
    return ended, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("words", LINES, ids=lambda words: ascii(" ".join(words)))
def test_part_of_the_commands_says_what_all_say(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _said(get_command(app), words, monkeypatch)
    assert _said(command_for(app, words), words, monkeypatch) == whole
    assert whole[0] is not None


def test_app_keeps_all_its_commands() -> None:
    before = list(app.registered_commands)
    command_for(app, ["at"])
    assert app.registered_commands == before


def test_values_reach_a_command_as_typer_gives_them(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    other = typer.Typer()

    @other.callback()
    def options() -> None:
        pass

    @other.command()
    def tell(
        text: str,
        more: Annotated[list[str] | None, typer.Option()] = None,
        none: Annotated[list[str] | None, typer.Option()] = None,
        number: Annotated[int, typer.Option(min=1)] = 3,
        share: Annotated[float, typer.Option()] = 1,
        flag: Annotated[bool, typer.Option()] = False,
        gap: Annotated[str | None, typer.Option()] = None,
    ) -> None:
        told.append((text, more, none, number, share, flag, gap))

    for words in (["tell", "a"], ["tell", "a", "--more", "b", "--more", "c", "--number", "4"],
                  ["tell", "", "--share", "2", "--flag", "--gap", ""],
                  ["tell", "x", "--none", "y", "--no-flag"]):  # fmt: skip
        for run in (get_command(other), command_for(other, words)):
            _said(run, words, monkeypatch)
        assert repr(told[-1]) == repr(told[-2])
    assert len(told) == 8
    assert _said(command_for(other, ["tell"]), ["tell", "a", "--number", "0"], monkeypatch)[0] == 2


def test_question_loads_no_library_of_types() -> None:
    code = (
        "import sys; sys.argv = ['atlas', 'at', 'no day']\n"
        "from atlas.cli import main\n"
        "try: main()\n"
        "except SystemExit: print('pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
