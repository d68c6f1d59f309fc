"""What is no plain file, given to every command that reads one: a sentence, at once."""

# ruff: noqa: E501
from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas.base.errors import AtlasError, PackError
from atlas.cli import app
from tests.map.demo import write_demo


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def ring(path: Path) -> None:
    path.symlink_to(path.name)


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def zeros(path: Path) -> None:
    path.write_bytes(bytes(5_000))


def deep(path: Path) -> None:
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 200_000)


def deeper(path: Path) -> None:
    path.write_text('{"a":' * 50_000 + "1" + "}" * 50_000)


def entities(path: Path) -> None:
    path.write_text(
        '<!DOCTYPE a [<!ENTITY b "bbbb">]><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&b;</name></Placemark></kml>'
    )


KINDS: tuple[Callable[[Path], None], ...] = (
    pipe,
    device,
    folder,
    ring,
    nothing,
    zeros,
    deep,
    deeper,
    entities,
)

#: Command -> its words; FILE is the one that is hostile, PACK a sound pack, OUT a folder to write to.
COMMANDS: dict[str, tuple[str, ...]] = {
    "join": ("join", "FILE", "--pack", "PACK", "-o", "OUT/a.csv"),
    "join, dask": ("join", "FILE", "--pack", "PACK", "--engine", "dask", "-o", "OUT/parts"),
    "locate": ("locate", "FILE", "--pack", "PACK", "-o", "OUT/a.csv"),
    "match": ("match", "FILE", "FILE", "--pack", "PACK", "-o", "OUT/a.csv"),
    "map": ("map", "FILE", "--pack", "PACK", "-o", "OUT/a.html"),
    "build": ("build", "--pack", "PACK", "--events", "FILE", "--out", "OUT/site"),
    "figure": ("figure", "--pack", "PACK", "--events", "FILE", "-o", "OUT/a.png"),
    "at": ("at", "2001-03-01", "--places", "FILE", "--pack", "PACK", "-o", "OUT/a.csv"),
    "judgements": ("geocode", "Oldtown", "--pack", "PACK", "--judgements", "FILE"),
    "read": ("read", "FILE", "--pack", "PACK", "-o", "OUT/a.csv"),
    "accept": ("accept", "FILE", "--into", "PACK"),
    "import": ("import", "FILE", "--into", "PACK"),
    "diff": ("diff", "FILE", "PACK"),
    "areas": ("areas", "--polygons", "FILE", "-o", "OUT/a.geojson"),
    "areas, lines": ("areas", "--into", "PACK", "--lines", "FILE"),
    "control import": ("control", "import", "FILE", "-o", "OUT/ctl", "--controller", "a", "--other", "b"),
    "a pack": ("check", "FILE"),
}  # fmt: skip
#: What is read, and rightly: an empty text is a report in which nothing is found.
READ = {("judgements", "ring"), ("read", "nothing"), ("read", "deep"), ("read", "deeper"), ("read", "entities"), ("read", "zeros"),
        ("judgements", "entities"), ("judgements", "deep"), ("judgements", "deeper")}  # fmt: skip


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("p") / "pack")


@pytest.fixture
def at_once() -> Iterator[None]:
    """Nothing is waited for: a pipe that is opened would stand still."""

    def late(*_: Any) -> None:
        raise TimeoutError("it waits")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


#: One command for each reader meets all kinds; the others, which share these, meet a pipe.
READERS = {"join", "judgements", "read", "accept", "import", "areas", "control import", "a pack"}
CASES = [
    pytest.param(name, kind, id=f"{name}, {kind.__name__}")
    for name in COMMANDS for kind in (KINDS if name in READERS else (pipe,))
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_what_is_no_file_is_a_sentence_at_once(
    name: str, kind: Callable[[Path], None], tmp_path: Path, pack: Path, at_once: None, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = {path.name: path.read_bytes() for path in pack.iterdir()}
    out = tmp_path / "out"
    out.mkdir()
    # A name with a day, as a snapshot of control has.
    kind(tmp_path / "20200101.geojson")
    named = {"FILE": str(tmp_path / "20200101.geojson"), "PACK": str(pack), "OUT": str(out)}
    words = []
    for word in COMMANDS[name]:
        head, slash, rest = word.partition("/")
        words.append(named.get(head, head) + slash + rest)
    status: Any = 0
    try:
        app(words)
    except SystemExit as end:
        status = end.code
    except PackError as error:
        status = "refused"
        assert error.faults
    except AtlasError as error:
        status = "refused"
        assert 0 < len(str(error)) < 2_000 and "\n" not in str(error).strip()
    if (name, kind.__name__) in READ:
        return
    assert status not in (0, None), f"{name} took {kind.__name__}: {capsys.readouterr()}"
    assert not list(out.iterdir())
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before


OF_A_PACK = ("pack.toml", "events.csv", "areas.geojson", "sources.json", "words/en.json", "basemap.geojson", "relief.webp", "judgements.csv")  # fmt: skip
PACK_CASES = [
    pytest.param(file, kind, id=f"{file}, {kind.__name__}")
    for file in OF_A_PACK for kind in (pipe, device, folder, *((ring, zeros, deep) if "json" in file or "toml" in file else ()))
]  # fmt: skip


@pytest.mark.parametrize(("file", "kind"), PACK_CASES)
def test_a_file_of_a_pack_that_is_none_is_a_fault_at_once(
    file: str, kind: Callable[[Path], None], tmp_path: Path, at_once: None
) -> None:
    from atlas.record.pack import check_pack

    folder = write_demo(tmp_path / "pack")
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    kind(path)
    faults = check_pack(folder)
    assert faults


@pytest.mark.parametrize(
    "day",
    ["0000-01-01", "0001-01-01", "9999-12-31", "-0001-01-01", "10000-01-01", "99999999999-01-01"],
)
def test_the_years_at_the_ends_of_the_calendar(day: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"date,lon,lat\n{day},10.25,50.25\n2001-03-15,10.25,50.25\n")
    from atlas.base.frames import write_frame
    from atlas.events import read_events

    found = read_events(path)
    assert found.rows == 2 == len(found.frame) + len(found.rejects)
    for suffix in ("csv", "xlsx", "json", "parquet", "geojson", "gpkg"):
        out = tmp_path / f"out.{suffix}"
        write_frame(found.frame, out)
        assert out.stat().st_size


def test_what_a_full_disk_does_to_a_library_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys
    from types import SimpleNamespace

    from atlas import cli

    told: list[object] = []
    monkeypatch.setattr(sys, "__unraisablehook__", told.append)
    cli._unraised(SimpleNamespace(exc_value=OSError(28, "No space left")))  # type: ignore[arg-type]
    assert not told
    cli._unraised(SimpleNamespace(exc_value=ValueError("of ours")))  # type: ignore[arg-type]
    assert len(told) == 1
