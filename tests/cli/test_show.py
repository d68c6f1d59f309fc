"""What is printed: tables that fit and tear no word, nothing that drives a terminal."""

from __future__ import annotations

import json
import logging

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from typer.testing import CliRunner

from atlas.base.terminal import visible
from atlas.cli import app
from atlas.cli.show import emit_json, notes_shown, table

WORDS = st.text("abcdefgh-é漢字", min_size=1, max_size=18)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join)


def printed(frame: pd.DataFrame, capsys: pytest.CaptureFixture[str]) -> str:
    table(frame, {name: name for name in frame.columns})
    return capsys.readouterr().out


@given(rows=st.lists(st.lists(TEXTS, min_size=4, max_size=4), min_size=1, max_size=4))
def test_a_table_fits_and_tears_no_word(rows: list[list[str]]) -> None:
    frame = pd.DataFrame(rows, columns=["one", "two", "three", "four"], dtype=object)
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("typer.echo", lambda text: said.append(f"{text}\n"))
        patch.setenv("COLUMNS", "80")
        table(frame, {name: name for name in frame.columns})
    shown = "".join(said)
    assert max(map(cell_len, shown.splitlines())) <= 80
    told = set(shown.split())
    assert {word for row in rows for cell in row for word in cell.split()} <= told


@pytest.mark.parametrize("columns", ["80", "40", "200"])
def test_columns_that_do_not_fit_become_blocks(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    frame = pd.DataFrame([{f"column_{n}": f"value_{n}" for n in range(10)} | {"empty": ""}])
    shown = printed(frame, capsys)
    assert all(len(line) <= int(columns) for line in shown.splitlines())
    blocks = columns != "200"
    assert ("column_3: value_3\n" in shown) == blocks
    assert ("empty" in shown) != blocks


def test_a_word_longer_than_a_line_is_the_only_one_torn(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = printed(pd.DataFrame([{"why": "seen at " + "x" * 90}]), capsys).splitlines()
    assert max(map(len, lines)) <= 40 and "".join(lines).count("x") == 90


HOSTILE = "\x1b[31mred\x1b]0;title\x07 \u202eright\u2066 \x9b2J \r over \udcff"


def test_nothing_from_a_file_drives_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table(pd.DataFrame([{"a": HOSTILE}], dtype=object), {"a": "a"}, title=HOSTILE)
    emit_json([HOSTILE])
    with notes_shown():
        # Without the lone surrogate: pytest can't send a log that holds one between processes.
        logging.getLogger("atlas").info("file.csv: %s", HOSTILE.replace("\udcff", ""))
    shown = capsys.readouterr()
    for text in (shown.out, shown.err):
        assert not set(text) & set("\x1b\x07\x9b\u202e\u2066\r\udcff")
    assert "\\u001b[31mred" in shown.out and "\\u202eright" in shown.err


def test_what_is_escaped_reads_back_as_it_was(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    emit_json({"a": HOSTILE, "b": "Şuşa"})
    shown = capsysbinary.readouterr().out
    assert json.loads(shown) == {"a": HOSTILE, "b": "Şuşa"} and "Şuşa".encode() in shown


@given(st.text())
def test_visible_text_is_changed_only_where_it_harms(text: str) -> None:
    plain = visible(text)
    plain.encode("utf-8")
    assert visible(plain) == plain
    if text.isprintable():
        assert plain == text


def test_each_note_is_shown_once_and_only_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("atlas")
    before = (logger.level, list(logger.handlers))
    with notes_shown():
        logger.info("mine.csv: encoding: read as cp1251")
        logger.info("mine.csv: encoding: read as cp1251")
        logger.debug("of no interest")
    assert (logger.level, list(logger.handlers)) == before
    logger.info("mine.csv: nobody asked")
    assert capsys.readouterr().err == "note: mine.csv: encoding: read as cp1251\n"


def test_help_is_80_columns_wide() -> None:
    for command in ("at", "changes", "map", "join"):
        shown = CliRunner().invoke(app, [command, "--help"]).output
        assert max(map(len, shown.splitlines())) <= 80
