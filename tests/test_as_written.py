"""What the README, the pages of docs/ and the help show is run as it is written there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from atlas.cli import app
from atlas.record.pack import read_pack
from tests.cli.shell import Done, run

ROOT = Path(__file__).resolve().parents[1]
# A walk's commands hang together: they run one after the other in one folder.
WALK = "docs/your-own-conflict.md"
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md") if p != ROOT / WALK),
)
# They say themselves that a name is ambiguous, which is what exit status 1 means.
IN_DOUBT = ("atlas geocode Xankəndi Шуша Martuni", "$ atlas geocode Martuni")
# They need the network, a person's verdicts or edits; tests/site, tests/reading and tests/record do
# the others at length.
ELSEWHERE = ("atlas fetch", "atlas build", "atlas accept", "atlas import")


def _pages() -> dict[str, str]:
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in PAGES}


def _commands() -> list[str]:
    """Lines of the pages that are commands, spans of theirs without a placeholder, and examples."""
    found: list[str] = []
    for text in _pages().values():
        found += re.findall(r"^    ((?:\$ )?atlas .+?)(?:\s{2,}#.*| # .*)?$", text, re.MULTILINE)
        spans = re.findall(r"`((?:\.venv/bin/)?atlas [a-z]+ [^`]+)`", text)
        found += [span for span in spans if not re.search(r"\b[A-Z]{1,}\b|\.\.\.", span)]
    for path in sorted((ROOT / "atlas" / "cli").glob("*.py")):
        found += re.findall(r"^    Example: (atlas .+)$", path.read_text("utf-8"), re.MULTILINE)
    return [one for one in dict.fromkeys(found) if not one.startswith(ELSEWHERE)]


def _snippets() -> dict[str, list[str]]:
    """Blocks of Python, by page: a later one may build on what an earlier one made."""
    found = {
        name: re.findall(r"```python\n(.*?)```", text, re.S) for name, text in _pages().items()
    }
    return {name: blocks for name, blocks in found.items() if blocks}


@pytest.fixture
def checkout(tmp_path: Path) -> dict[str, str]:
    """A folder with the files of the project, where nothing that is made stays; its environment."""
    for name in ("examples", "geodata", "seeds"):
        (tmp_path / name).symlink_to(ROOT / name)
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    called = folder / "atlas"
    called.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m atlas "$@"\n', encoding="utf-8")
    called.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    with_ours = os.pathsep.join((str(ROOT), os.environ["PYTHONPATH"]))
    return os.environ | {"PATH": path, "PYTHONPATH": with_ours, "HERE": str(tmp_path)}


def test_the_pages_show_commands() -> None:
    assert len(_commands()) > 20 and sum(map(len, _snippets().values())) >= 12


def _in_bash() -> list[str]:
    """Commands that only a shell understands."""
    return [line for line in _commands() if re.search(r"[;|<>*$~]", line.removeprefix("$ "))]


@pytest.mark.parametrize("line", _in_bash())
def test_a_line_of_a_shell_runs_as_written(line: str, checkout: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-c", line.removeprefix("$ ")],
        capture_output=True, text=True, cwd=checkout["HERE"], env=checkout,
    )  # fmt: skip
    _as_written(line, Done(done.returncode, done.stdout, done.stderr))


@pytest.mark.parametrize("line", [line for line in _commands() if line not in _in_bash()])
def test_a_command_runs_as_written(
    line: str, checkout: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout["HERE"])
    _as_written(line, run(*shlex.split(line.removeprefix("$ "))[1:]))


def _as_written(line: str, done: Done) -> None:
    assert done.returncode == (1 if line in IN_DOUBT else 0), done.stdout + done.stderr
    if line.startswith("$ "):
        _as_shown(line, done.stdout)


def _as_shown(line: str, printed: str) -> None:
    """What a page shows under a command is what it prints; ``...`` and column widths apart."""
    text = next(text for text in _pages().values() if line in text)
    shown = text.split(line, 1)[1].split("\n", 1)[1].split("\n    $ ")[0].split("\n\n")[0]
    got = " ".join(printed.split())
    for piece in re.split(r"\.\.\.|\n|\s{2,}", shown):
        assert " ".join(piece.split()).strip(" ;),") in got, piece


@pytest.mark.parametrize("page", _snippets())
def test_the_snippets_of_a_page_run_as_written(
    page: str, checkout: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout["HERE"])
    monkeypatch.setenv("MPLBACKEND", "Agg")
    # A module of its own, as a notebook has: what is pickled must find its classes.
    space: dict[str, object] = {"__name__": "__page__"}
    for number, code in enumerate(_snippets()[page]):
        exec(compile(code, f"{page} block {number}", "exec"), space)


def test_the_walk_ends_in_a_site_in_the_conflicts_own_languages(
    checkout: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command of the walk in its order; no step needs what the page does not say."""
    here = Path(checkout["HERE"])
    monkeypatch.chdir(here)
    text = (ROOT / WALK).read_text(encoding="utf-8")
    steps = re.findall(r"^ {4,}((?:atlas|cp) .+)$", text, re.MULTILINE)
    assert len(steps) > 12
    for line in steps:
        words = shlex.split(line)
        if words[0] == "cp":
            shutil.copy(words[1], words[2])
            continue
        done = CliRunner().invoke(app, words[1:])
        assert done.exit_code == 0, f"{line}\n{done.output}"
    assert read_pack(here / "my-conflict").meta.languages == ("en", "ka", "ru")
    at = CliRunner().invoke(
        app, shlex.split("at 2001-01-01 --place Sokhumi --pack my-conflict --json")
    )
    assert [row["controller"] for row in json.loads(at.stdout)["control"]] == ["abkhazia"]
    again = CliRunner().invoke(
        app, ["import", "examples/your-own-conflict/tables.xlsx", "--into", "my-conflict"]
    )
    assert "0 changes" in again.output, again.output
    made = {path.name for path in here.iterdir()}
    assert {"my-conflict.xlsx", "my-conflict.gpkg", "my-conflict.html", "my-conflict.svg"} <= made
    assert (here / "my-site" / "index.html").is_file()
