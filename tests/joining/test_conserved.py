"""Rows in = rows joined + rejects + rows left out: every container, either engine, whatever breaks."""

# ruff: noqa: E501
from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.base.errors import AtlasError, InputError
from atlas.events import ReadOptions, read_events
from atlas.joining import engine
from atlas.joining.join import join_events
from atlas.joining.joiner import Joiner
from tests.events.makers import CONTAINERS
from tests.joining.test_engine import events, joiner

JOINER = joiner()
#: Containers that are files.
FILES = sorted(
    set(CONTAINERS) - {"frame", "frame, odd index", "layer", "layer, mercator", "list", "open file"}
)
#: What needs geometry to be written at all, which no bad position can be.
POINTS = {"geoparquet", "geojson", "gpkg", "gpkg, utm"}
AFTER = "2001-01-01"


class Here:
    """A cluster of this process: the partitions are done as they are handed out."""

    status = "running"

    def submit(self, work: Any, *given: Any, retries: int, pure: bool) -> Any:
        found = work(*given)

        class Future:
            def result(self, timeout: float) -> Any:
                return found

        return Future()


@contextmanager
def here(*_: Any, **__: Any) -> Any:
    yield Here()


def rows(count: int, bad: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event_date": ["2000-03-15", "2003-05-10", "2002"] * count,
            "lon": [45.0, 46.0, 47.0] * count,
            "lat": [39.0, 40.0, 41.0] * count,
            "note": ["a", 'b;"c', "d\ne"] * count,
        }
    ).iloc[:count].assign(lat=lambda f: f["lat"].where(f.index >= bad, 999.0))  # fmt: skip


def spoilt(path: Path, how: str, where: float) -> None:
    data = path.read_bytes()
    at = min(int(where * len(data)), max(len(data) - 1, 0))
    if how == "cut":
        path.write_bytes(data[:at])
    elif how == "changed" and data:
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    elif how == "emptied":
        path.write_bytes(b"")


PARTS = st.lists(
    st.tuples(
        st.sampled_from(FILES),
        st.integers(0, 12),
        st.integers(0, 2),
        st.sampled_from(["", "", "cut", "changed", "emptied"]),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=PARTS, filtered=st.booleans())
def test_rows_are_conserved_by_both_engines(parts, filtered, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(engine, "connect", here)
    folder = tmp_path_factory.mktemp("in")
    options = ReadOptions(start=AFTER) if filtered else ReadOptions()
    total = {"rows": 0, "events": 0, "rejects": 0, "filtered": 0}
    unread = 0
    for number, (kind, count, bad, how, where) in enumerate(parts):
        room = folder / str(number)
        room.mkdir()
        frame = rows(count, 0 if kind in POINTS else bad)
        try:
            path = Path(CONTAINERS[kind](frame, room))
        except Exception:  # no driver writes a layer of no features
            continue
        spoilt(path, how, where)
        path = path.rename(folder / f"{number}-{path.name}")
        room.rmdir()
        try:
            one = join_events(path, JOINER, options=options)
        except AtlasError:
            assert how or not count, f"{kind} of {count} rows is whole and was refused"
            unread += 1
            total["rows"] += 1
            total["rejects"] += 1
            continue
        told = read_events(path, start=options.start)
        if not how:
            assert told.rows == count
            assert len(one.rejects) == min(bad, count) * (kind not in POINTS) and len(
                one.events
            ) + one.filtered == count - len(one.rejects)
        assert told.rows == len(one.events) + len(one.rejects) + one.filtered
        total["rows"] += told.rows
        total["events"] += len(one.events)
        total["rejects"] += len(one.rejects)
        total["filtered"] += one.filtered
    files = len([path for path in folder.iterdir() if path.is_file()])
    for room in folder.iterdir():
        if room.is_dir():
            room.rmdir()
    if not files:
        return
    out = folder.parent / f"{folder.name}-out"
    if unread == files:
        with pytest.raises(AtlasError):
            engine.join_partitions(folder, JOINER, out, options=options)
        assert not out.exists()
        return
    done = engine.join_partitions(folder, JOINER, out, options=options)
    assert {name: getattr(done, name) for name in total} == total
    assert done.rows == done.events + done.rejects + done.filtered
    written = sum(len(pd.read_parquet(path)) for path in out.glob("part-*.parquet"))
    assert (written, len(done.read_rejects())) == (done.events, done.rejects)


def test_a_damaged_row_group_is_one_reject_and_the_others_are_joined(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "connect", here)
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    events(900).to_parquet(path, row_group_size=300, compression=None)
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    data[column.dictionary_page_offset or column.data_page_offset] ^= 0xFF
    path.write_bytes(bytes(data))
    done = engine.join_partitions(path, JOINER, tmp_path / "out")
    assert (done.rows, done.events, done.rejects) == (601, 600, 1)
    assert "damaged" in done.read_rejects()["reason"][0]


# --- a scheduler that goes away -------------------------------------------------------------------


class Waiting:
    """A partition that nobody does."""

    def result(self, timeout: float) -> None:
        raise TimeoutError

    def done(self) -> bool:
        return False


class Client:
    def __init__(self, status: str, workers: int) -> None:
        self.status = status
        self.workers = workers

    def nthreads(self) -> dict[str, int]:
        return dict.fromkeys(map(str, range(self.workers)), 1)


@pytest.mark.parametrize(
    ("client", "said"),
    [
        (Client("closed", 1), "scheduler is gone"),
        (Client("running", 0), "no worker for 60 seconds"),
    ],
)
def test_a_join_does_not_wait_for_those_who_are_gone(client, said):
    with pytest.raises(InputError, match=said):
        engine._result(client, Waiting())


def test_a_partition_that_is_done_as_the_patience_ends_is_taken():
    done = engine._Done(1, 1, 0, 0, {})

    class Late:
        asked = 0

        def result(self, timeout: float | None = None) -> Any:
            self.asked += 1
            if self.asked == 1:
                raise TimeoutError
            return done

        def done(self) -> bool:
            return True

    assert engine._result(Client("running", 1), Late()) is done


CLUSTER = """
import sys, threading, distributed
if __name__ == "__main__":
    cluster = distributed.LocalCluster(n_workers=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False})
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""


class Telling(Joiner):
    """A joiner that says that it is asked, and answers after its cluster is dead."""

    def answers(self, *columns: Any, **options: Any) -> Any:
        import time

        Path(self.note).touch()  # type: ignore[attr-defined]
        time.sleep(60)


@pytest.mark.slow
def test_a_killed_scheduler_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_ANSWER", "5s")
    monkeypatch.setattr(engine, "_ASK", 0.2)
    (tmp_path / "cluster.py").write_text(CLUSTER)
    root = str(Path(__file__).parents[2])
    cluster = subprocess.Popen(
        [sys.executable, tmp_path / "cluster.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=os.environ | {"PYTHONPATH": os.pathsep.join((root, os.environ["PYTHONPATH"]))},
    )  # fmt: skip
    try:
        assert cluster.stdout is not None
        address = cluster.stdout.readline().strip()
        telling = Telling(**{name: getattr(JOINER, name) for name in JOINER.__dataclass_fields__})
        object.__setattr__(telling, "note", str(tmp_path / "asked"))

        def kill() -> None:
            while not (tmp_path / "asked").exists() and cluster.poll() is None:
                threading.Event().wait(0.02)
            cluster.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        events(500).to_parquet(tmp_path / "a.parquet", row_group_size=250)
        with pytest.raises(InputError, match="the Dask scheduler is gone; nothing was written"):
            engine.join_partitions(
                tmp_path / "a.parquet", telling, tmp_path / "out", scheduler=address
            )
        killer.join()
    finally:
        cluster.kill()
        cluster.wait()
    assert {path.name for path in tmp_path.iterdir()} == {"cluster.py", "asked", "a.parquet"}
