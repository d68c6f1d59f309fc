"""A writer that is killed at any point leaves what was there, and the next one tidies up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from atlas.base import output
from atlas.base.errors import InputError
from atlas.base.output import atomic_directory, atomic_file, together, write_text

WRITER = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from atlas.cli import _stopped
signal.signal(signal.SIGTERM, _stopped)
from atlas.base.output import atomic_directory, atomic_file
target = Path(sys.argv[1])
if target.suffix:
    with atomic_file(target) as draft:
        draft.write_text("half"); print("ready", flush=True); time.sleep(60)
with atomic_directory(target, marker="mark") as fresh:
    (fresh / "mark").write_text("half"); print("ready", flush=True); time.sleep(60)
"""


def gone() -> int:
    """Number of a process that is no more."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


@pytest.mark.parametrize("name", ["out.csv", "site"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_killed_writer_leaves_the_old_and_the_next_one_clears_up(
    tmp_path: Path, name: str, how: signal.Signals
) -> None:
    target = tmp_path / name
    if target.suffix:
        write_text(target, "old")
    else:
        with atomic_directory(target, marker="mark") as fresh:
            (fresh / "mark").write_text("old")
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    writer.send_signal(how)
    assert writer.wait() in {signal.SIGKILL: (-9,), signal.SIGTERM: (143,)}.get(how, (1, -2, 130))
    if how != signal.SIGKILL:
        assert [path.name for path in tmp_path.iterdir()] == [name]
    kept = target if target.suffix else target / "mark"
    assert kept.read_text() == "old"
    if target.suffix:
        write_text(target, "new")
    else:
        with atomic_directory(target, marker="mark") as fresh:
            (fresh / "mark").write_text("new")
    assert kept.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_draft_of_a_living_writer_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f".a.csv.{os.getpid()}-abc.draft.csv"
    other.write_text("being written")
    write_text(tmp_path / "a.csv", "x")
    assert other.exists()


def test_the_journal_of_a_killed_writer_goes_with_its_draft(tmp_path: Path) -> None:
    draft = f".a.gpkg.{gone()}-abc.draft.gpkg"
    for name in (draft, f"{draft}-journal", f"{draft}-wal", f"{draft}-shm"):
        (tmp_path / name).write_text("left")
    (tmp_path / f"{draft}-theirs").write_text("theirs")
    write_text(tmp_path / "a.gpkg", "x")
    assert {path.name for path in tmp_path.iterdir()} == {"a.gpkg", f"{draft}-theirs"}


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    for name in (".a.csv.swp", f".a.csv.{gone()}.bak", f".b.csv.{gone()}-x.draft.csv"):
        (tmp_path / name).write_text("theirs")
    write_text(tmp_path / "a.csv", "x")
    assert len(list(tmp_path.iterdir())) == 4


def test_what_was_moved_aside_is_put_back(tmp_path: Path) -> None:
    aside = tmp_path / f".site.{gone()}-abc.old" / "site"
    aside.mkdir(parents=True)
    (aside / "mark").write_text("old")
    with pytest.raises(KeyboardInterrupt), atomic_directory(tmp_path / "site", marker="mark"):
        raise KeyboardInterrupt
    assert (tmp_path / "site" / "mark").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_folder_is_replaced_with_and_without_the_systems_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(output, "_exchange", lambda one, two: False)
    for text in ("old", "new"):
        with atomic_directory(tmp_path / "site", marker="mark") as fresh:
            (fresh / "mark").write_text(text)
    assert (tmp_path / "site" / "mark").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_swap_that_fails_half_way_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_exchange", lambda one, two: False)
    target = tmp_path / "site"
    with atomic_directory(target, marker="mark") as fresh:
        (fresh / "mark").write_text("old")
    plain = Path.replace

    def failing(self: Path, other: Path) -> Path:
        if self.name.endswith(".draft"):
            raise KeyboardInterrupt
        return plain(self, other)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(KeyboardInterrupt), atomic_directory(target, marker="mark") as fresh:
        (fresh / "mark").write_text("new")
    assert (target / "mark").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_two_writers_at_once_do_not_mix(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom atlas.base.output import atomic_directory\n"
        "for n in range(20):\n"
        "    with atomic_directory(Path(sys.argv[1]), marker='mark') as f:\n"
        "        for name in ('mark', 'a', 'b'): (f / name).write_text(sys.argv[2])\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "site"), word])
        for word in "xy"
    ]
    time.sleep(0)
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len({path.read_text() for path in (tmp_path / "site").iterdir()}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_where_a_file_should_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"), atomic_file(tmp_path):
        pass


# --- stopped at every step ----------------------------------------------------------------------


class StoppedError(BaseException):
    """What stops a writer at a step."""


def table_and_rejects(folder: Path, text: str) -> None:
    with together([folder / "a.csv"], beside=[folder / "a.rejects.csv"]):
        write_text(folder / "a.rejects.csv", f"rejects of {text}")
        write_text(folder / "a.csv", text)


def site(folder: Path, text: str) -> None:
    with (
        together([folder / "site"], beside=[folder / "site.rejects.csv"]),
        atomic_directory(folder / "site", marker="mark") as fresh,
    ):
        write_text(fresh / "mark", text)
        write_text(fresh / "page", text)
        write_text(folder / "site.rejects.csv", f"rejects of {text}")


def two_tables(folder: Path, text: str) -> None:
    with together([folder / "sources.json", folder / "events.csv"]):
        write_text(folder / "events.csv", text)
        write_text(folder / "sources.json", text)


STEPS = ("write_bytes", "write_text", "chmod", "replace", "unlink")


def stopping_at(step: int, how: BaseException | None, patch: pytest.MonkeyPatch) -> list[int]:
    """Count the steps by which files change, and stop at one; None is to die without a word."""
    count = [0]

    def counted(plain: Any) -> Any:
        def call(*given: Any, **more: Any) -> Any:
            count[0] += 1
            if count[0] == step:
                if how is None:
                    os._exit(9)
                raise how
            return plain(*given, **more)

        return call

    for name in STEPS:
        patch.setattr(Path, name, counted(getattr(Path, name)))
    patch.setattr(output.tempfile, "mkstemp", counted(output.tempfile.mkstemp))
    patch.setattr(output.tempfile, "mkdtemp", counted(output.tempfile.mkdtemp))
    patch.setattr(output, "_exchange", counted(output._exchange))
    return count


def seen(folder: Path) -> dict[str, str]:
    """What a reader sees: files without the hidden."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.parts)
    }


def in_a_child(write: Any, folder: Path, step: int, patch: pytest.MonkeyPatch) -> None:
    child = os.fork()
    if not child:
        try:
            stopping_at(step, None, patch)
            write(folder, "new")
        finally:
            os._exit(0)
    os.waitpid(child, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in a process of its own")
@pytest.mark.parametrize("write", [table_and_rejects, site, two_tables])
@pytest.mark.parametrize(
    "how",
    [None, StoppedError(), OSError(28, "No space left on device")],
    ids=["kill", "stop", "full"],
)
def test_stopped_at_any_step_all_of_the_old_or_all_of_the_new_is_there(
    tmp_path: Path, write: Any, how: BaseException | None
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        (tmp_path / "count").mkdir()
        steps = stopping_at(0, how, patch)
        write(tmp_path / "count", "new")
    assert steps[0] >= 6
    for step in range(1, steps[0] + 3):
        folder = tmp_path / f"step{step}"
        folder.mkdir()
        write(folder, "old")
        old = seen(folder)
        with pytest.MonkeyPatch.context() as patch:
            if how is None:
                in_a_child(write, folder, step, patch)
            else:
                stopping_at(step, how, patch)
                with suppress(StoppedError, OSError):
                    write(folder, "new")
        left = seen(folder)
        told = {text.rsplit(" ")[-1] for name, text in left.items() if "events" not in name}
        assert len(told) == 1, (step, left)  # no sidecar speaks of another file
        assert {name for name in old if "rejects" not in name} <= set(left), (step, left)
        if how is not None:
            assert not [path for path in folder.iterdir() if path.name.startswith(".")], step
        write(folder, "next")
        assert set(seen(folder)) == set(old)
        assert not list(folder.rglob(".*")), step
