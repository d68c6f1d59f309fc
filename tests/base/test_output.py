from __future__ import annotations

from pathlib import Path

import pytest

from atlas.base.errors import InputError
from atlas.base.output import atomic_directory, write_text


def test_a_file_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")
    write_text(path, "ə")
    assert path.read_bytes() == "ə".encode()
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]
    with pytest.raises(InputError, match="make it first"):
        write_text(tmp_path / "none" / "a.txt", "x")


def test_a_folder_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with atomic_directory(site, marker="mark") as fresh:
        write_text(fresh / "mark", "1")
    with (
        pytest.raises(RuntimeError, match="stop"),
        atomic_directory(site, marker="mark") as fresh,
    ):
        write_text(fresh / "mark", "2")
        raise RuntimeError("stop")
    assert (site / "mark").read_text() == "1"
    assert [item.name for item in tmp_path.iterdir()] == ["site"]
    with atomic_directory(site, marker="mark") as fresh:
        write_text(fresh / "mark", "3")
    assert (site / "mark").read_text() == "3"


def test_a_foreign_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with (
        pytest.raises(InputError, match="other files"),
        atomic_directory(tmp_path, marker="mark"),
    ):
        pass
    assert (tmp_path / "thesis.doc").exists()
