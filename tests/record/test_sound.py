"""A pack of many rows that was found sound is not checked again until something changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.base.errors import PackError
from atlas.record import pack as packs
from atlas.record import sound
from tests.packs import spell, write_pack


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a pack was checked; every pack counts as a large one, in a cache of its own."""
    done: list[int] = []
    check = packs.find_faults

    def counted(raw: packs.RawPack) -> list[object]:
        done.append(1)
        return list(check(raw))

    monkeypatch.setenv("ATLAS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(packs, "_MANY_ROWS", 1)
    monkeypatch.setattr(packs, "find_faults", counted)
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


def test_a_fault_is_never_remembered_as_sound(tmp_path: Path, checks: list[int]) -> None:
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
    monkeypatch.setattr(sound, "_code", lambda: b"another")
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
    assert sound.hash_of(folder) == ""


def test_a_small_pack_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_CACHE_DIR", str(tmp_path / "cache"))
    packs.read_pack(made(tmp_path))
    assert not (tmp_path / "cache").exists()
