"""A large pack that was read is neither checked nor parsed again until something changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from atlas.base.errors import PackError
from atlas.record import check as faults
from atlas.record import compiled
from atlas.record import pack as packs
from tests.packs import spell, write_pack


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a pack was checked; every pack counts as a large one, in a cache of its own."""
    done: list[int] = []
    check = faults.find_faults

    def counted(raw: faults.RawPack) -> list[object]:
        done.append(1)
        return list(check(raw))

    monkeypatch.setenv("ATLAS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "_LARGE", 1)
    monkeypatch.setattr(faults, "find_faults", counted)
    return done


def made(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "p", [spell("c1", "a00", "A"), spell("c2", "a10", "B")])


def test_what_did_not_change_is_checked_once(tmp_path: Path, checks: list[int]) -> None:
    folder = made(tmp_path)
    first, second = packs.read_pack(folder), packs.read_pack(folder)
    assert len(checks) == 1
    assert first.control.equals(second.control)
    packs.check_pack(folder)  # who asks for a check gets one
    assert len(checks) == 2


def test_a_pack_that_was_kept_can_be_written_to_as_one_that_was_read(
    tmp_path: Path, checks: list[int]
) -> None:
    folder = made(tmp_path)
    for pack in (packs.read_pack(folder), packs.read_pack(folder)):
        for frame in (pack.control, pack.places, pack.areas):
            for column in frame.columns.drop("geometry", errors="ignore"):
                frame.loc[frame.index[0], column] = frame[column].iloc[-1]
        pack.control.loc[0, "start_day"] = 7
        assert pack.control["start_day"].iloc[0] == 7
    assert len(checks) == 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("control.csv", "status_quo", "agreement"),
        ("pack.toml", "Test", "Trial"),
        ("areas.geojson", "test grid", "test net"),
        ("sources.json", "Report", "Account"),
    ],
)
def test_any_file_that_changed_is_checked_again(
    tmp_path: Path, checks: list[int], name: str, old: str, new: str
) -> None:
    folder = made(tmp_path)
    packs.read_pack(folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    packs.read_pack(folder)
    assert len(checks) == 2


def test_a_pack_with_a_fault_is_never_kept(tmp_path: Path, checks: list[int]) -> None:
    folder = made(tmp_path)
    text = (folder / "control.csv").read_text(encoding="utf-8")
    (folder / "control.csv").write_text(text.replace("a10", "a77"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PackError):
            packs.read_pack(folder)
    assert len(checks) == 2


def test_another_code_checks_again(
    tmp_path: Path, checks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)
    packs.read_pack(folder)
    monkeypatch.setattr(compiled, "_code", lambda: b"another")
    packs.read_pack(folder)
    assert len(checks) == 2


def test_a_link_or_a_cache_that_cannot_be_written_means_a_check(
    tmp_path: Path, checks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("ATLAS_CACHE_DIR", str(blocked))
    packs.read_pack(folder)
    packs.read_pack(folder)
    assert len(checks) == 2
    (folder / "extra.txt").symlink_to(tmp_path / "file")
    assert compiled.hash_of(folder) == ""


def test_a_small_pack_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_CACHE_DIR", str(tmp_path / "cache"))
    packs.read_pack(made(tmp_path))
    assert not (tmp_path / "cache").exists()


def same(one: packs.Pack, other: packs.Pack) -> None:
    assert one.meta == other.meta
    for name in (item.name for item in fields(one)):
        first, second = getattr(one, name), getattr(other, name)
        if not isinstance(first, pd.DataFrame):
            continue
        assert type(first) is type(second)
        pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))
        assert getattr(first, "crs", None) == getattr(second, "crs", None)
        for column in first.select_dtypes(object):
            assert {type(cell) for cell in second[column]} <= {str}


def test_what_was_kept_is_what_was_read(checks: list[int]) -> None:
    read, kept = packs.read_pack(), packs.read_pack()
    assert len(checks) == 1
    same(read, kept)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _altered(path: Path) -> None:
    data = path.read_bytes()
    assert data.count(b"status_quo")
    path.write_bytes(data.replace(b"status_quo", b"status_qua"))


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _writable_by_others(path: Path) -> None:
    path.chmod(0o666)


def _in_a_folder_of_all(path: Path) -> None:
    path.parent.chmod(0o777)


def _a_link(path: Path) -> None:
    path.replace(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no modes here")
@pytest.mark.parametrize(
    "spoil",
    [_cut, _emptied, _altered, _a_folder, _writable_by_others, _in_a_folder_of_all, _a_link],
)
def test_what_is_not_as_it_was_written_is_not_read(
    tmp_path: Path, checks: list[int], spoil: Callable[[Path], None]
) -> None:
    folder = made(tmp_path)
    first = packs.read_pack(folder)
    (path,) = (tmp_path / "cache" / "packs").iterdir()
    spoil(path)
    same(first, packs.read_pack(folder))
    assert len(checks) == 2


def test_one_pack_in_the_place_of_another_is_not_read(tmp_path: Path, checks: list[int]) -> None:
    folder = made(tmp_path)
    first = packs.read_pack(folder)
    kept = tmp_path / "cache" / "packs"
    (own,) = kept.iterdir()
    packs.read_pack("cyprus")
    (strange,) = set(kept.iterdir()) - {own}
    own.write_bytes(strange.read_bytes())
    same(first, packs.read_pack(folder))
    assert len(checks) == 3


def test_files_that_change_while_they_are_read_are_not_kept(
    tmp_path: Path, checks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)
    load = packs._load

    def slow(directory: Path) -> faults.RawPack:
        raw = load(directory)
        text = (folder / "pack.toml").read_text(encoding="utf-8")
        (folder / "pack.toml").write_text(text + "\n", encoding="utf-8")
        return raw

    monkeypatch.setattr(packs, "_load", slow)
    packs.read_pack(folder)
    assert not (tmp_path / "cache").exists()


def test_the_oldest_give_way_once_they_are_many_bytes(
    tmp_path: Path, checks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, kept = made(tmp_path), tmp_path / "cache" / "packs"
    packs.read_pack(folder)
    (first,) = kept.iterdir()
    os.utime(first, (1, 1))
    monkeypatch.setattr(compiled, "_MOST", first.stat().st_size + 10)
    text = (folder / "pack.toml").read_text(encoding="utf-8")
    (folder / "pack.toml").write_text(text.replace("Test", "Trial"), encoding="utf-8")
    packs.read_pack(folder)
    assert len(list(kept.iterdir())) == 1
    assert not first.exists()
