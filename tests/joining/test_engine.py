"""The join on Dask gives what the join in one process gives, and survives a lost worker."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.base.errors import InputError, MissingExtraError, NotFoundError
from atlas.events import ReadOptions
from atlas.joining import engine
from atlas.joining.engine import join_partitions
from atlas.joining.join import COLUMNS, join_events
from atlas.joining.joiner import Joiner
from tests.joining.coverages import coverage, history

pytest.importorskip("dask.dataframe", reason="the optional extra 'dask' is not installed")
pytest.importorskip("distributed", reason="the optional extra 'dask' is not installed")


def joiner() -> Joiner:
    areas = coverage(1, 12)
    return Joiner.from_frames(areas, history(1, areas))


def events(rows: int = 1000) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    start = rng.integers(6000, 20000, rows)
    end = start + rng.choice([0, 399], rows)
    return pd.DataFrame(
        {
            "key": np.arange(rows),
            "lon": rng.uniform(43, 49, rows),
            "lat": rng.uniform(38, 42, rows),
            "date_start": pd.to_datetime(start, unit="D", origin="unix"),
            "date_end": pd.to_datetime(end, unit="D", origin="unix"),
        }
    )


def parts(folder: Path) -> pd.DataFrame:
    import geopandas as gpd

    found = [gpd.read_parquet(item) for item in sorted(folder.glob("part-*.parquet"))]
    return pd.concat(found).reset_index(drop=True)


def mixed_folder(folder: Path) -> pd.DataFrame:
    """One Parquet file of three row groups, one CSV with a bad row, one file that is none."""
    folder.mkdir()
    frame = events()
    frame.iloc[:600].to_parquet(folder / "a.parquet", row_group_size=250)
    rest = frame.iloc[600:].astype(object)
    rest.iloc[7, 1] = 999
    rest.to_csv(folder / "b.csv", index=False)
    (folder / "c.parquet").write_bytes(b"PAR1 nothing")
    (folder / ".hidden").write_text("no data")
    return frame


@pytest.mark.slow
def test_a_mixed_folder_is_joined_and_nothing_is_lost(tmp_path):
    frame = mixed_folder(tmp_path / "in")
    done = join_partitions(tmp_path / "in", joiner(), tmp_path / "out", workers=2)
    assert (done.rows, done.events, done.rejects, done.filtered) == (1001, 999, 2, 0)
    assert sorted(item.name for item in done.directory.iterdir()) == [
        "part-00000.parquet", "part-00001.parquet", "part-00002.parquet", "part-00003.parquet",
        "rejects-00003.parquet", "rejects-00004.parquet",
    ]  # fmt: skip
    rejects = done.read_rejects()
    assert rejects["file"].tolist() == ["b.csv", "c.parquet"]
    assert rejects["line"].tolist() == [9, 0] and "damaged" in rejects["reason"][1]
    kept = frame.drop(index=607).reset_index(drop=True)
    found, whole = parts(done.directory), join_events(kept, joiner())
    assert found["key"].astype(int).tolist() == kept["key"].tolist()
    for name in COLUMNS:
        assert found[name].astype(str).tolist() == whole.events[name].astype(str).tolist()
    assert done.statuses == {
        key: n for key, n in whole.counts.items() if key not in ("rejects", "doubtful")
    }
    with pytest.raises(InputError, match="exists already"):
        join_partitions(tmp_path / "in", joiner(), tmp_path / "out")


class Ran:
    """The future of a task that was done at once."""

    def __init__(self, work, *given):
        self.work, self.given = work, given

    def result(self, timeout=None):
        return self.work(*self.given)


class Here:
    """A cluster of nobody but this process."""

    status = "running"

    def submit(self, work, *given, retries, pure):
        return Ran(work, *given)


@pytest.fixture
def here(monkeypatch):
    @contextmanager
    def connect(scheduler, *, workers):
        yield Here()

    monkeypatch.setattr(engine, "connect", connect)


@pytest.mark.parametrize("limit", [None, 700])
def test_the_rejects_appear_with_the_folder(tmp_path, here, limit):
    mixed_folder(tmp_path / "in")
    beside = tmp_path / "rejects.csv"
    beside.write_text("of another run")
    done = join_partitions(
        tmp_path / "in",
        joiner(),
        tmp_path / "out",
        rejects=beside,
        options=ReadOptions(limit=limit),
    )
    assert done.rows == (limit or 1001) == done.events + done.rejects + done.filtered
    told = pd.read_csv(beside)
    assert len(told) == done.rejects == len(done.read_rejects())
    assert told["line"].tolist() == done.read_rejects()["line"].tolist()


def test_where_the_rejects_cannot_be_written_nothing_is(tmp_path, here, monkeypatch):
    """A sidecar that fails takes the folder along, and what lay there stays."""
    mixed_folder(tmp_path / "in")
    beside = tmp_path / "rejects.csv"
    beside.write_text("of another run")

    def full(frame, path):
        raise InputError("no space left")

    monkeypatch.setattr(engine, "write_frame", full)
    with pytest.raises(InputError, match="no space left"):
        join_partitions(tmp_path / "in", joiner(), tmp_path / "out", rejects=beside)
    assert beside.read_text() == "of another run" and not (tmp_path / "out").exists()
    with pytest.raises(InputError, match=r"\.csv"):
        join_partitions(tmp_path / "in", joiner(), tmp_path / "out", rejects=tmp_path / "a.exe")


@pytest.mark.slow
def test_every_option_counts_on_every_worker(tmp_path):
    frame = events().rename(columns={"lon": "East", "lat": "North"})
    bad = frame.assign(East=frame["East"].where(frame.index != 300, 999.0))
    bad.to_parquet(tmp_path / "a.parquet", row_group_size=250)
    options = ReadOptions(
        columns={"lon": "East", "lat": "North", "date": "date_start", "date_end": "date_end"},
        start="1990", end="2005-01-01", bbox=(44, 38.5, 48, 41.5), limit=420,
    )  # fmt: skip
    done = join_partitions(
        tmp_path / "a.parquet", joiner(), tmp_path / "out", options=options, workers=1
    )
    whole = join_events(bad, joiner(), options=options)
    assert (done.rows, done.events, done.rejects) == (420, len(whole.events), 1)
    assert done.filtered == whole.filtered > 0
    assert parts(done.directory)["key"].tolist() == whole.events["key"].tolist()
    assert done.read_rejects()["line"].tolist() == [301]


class Deadly(Joiner):
    """A joiner that kills the first worker to use it."""

    def answers(self, *columns, **options):
        import os

        flag = Path(os.environ["ATLAS_TEST_FLAG"])
        if not flag.exists():
            flag.touch()
            os._exit(1)
        return super().answers(*columns, **options)


class DeadlyToLoad(Joiner):
    """A joiner that kills the first worker that it reaches."""

    def __setstate__(self, state):
        import os

        flag = Path(os.environ["ATLAS_TEST_FLAG"])
        if not flag.exists():
            flag.touch()
            os._exit(1)
        vars(self).update(state)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Deadly, DeadlyToLoad])
def test_a_partition_whose_worker_dies_is_done_again(tmp_path, monkeypatch, kind):
    monkeypatch.setenv("ATLAS_TEST_FLAG", str(tmp_path / "died"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]), prepend=os.pathsep)
    events().to_parquet(tmp_path / "a.parquet", row_group_size=250)
    plain = joiner()
    deadly = kind(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    done = join_partitions(tmp_path / "a.parquet", deadly, tmp_path / "out", workers=2)
    assert (tmp_path / "died").exists()
    assert (done.rows, done.events) == (1000, 1000)


def test_what_cannot_start_says_why(tmp_path, monkeypatch):
    with pytest.raises(NotFoundError, match="no file"):
        join_partitions(tmp_path / "none.parquet", joiner(), tmp_path / "out")
    with pytest.raises(NotFoundError, match="no folder"):
        join_partitions(tmp_path, joiner(), tmp_path / "x" / "out")
    (tmp_path / "in").mkdir()
    with pytest.raises(NotFoundError, match="holds no files"):
        join_partitions(tmp_path / "in", joiner(), tmp_path / "out")
    names = pd.DataFrame({"where": ["Shusha"], "date": ["2020-11-08"]})
    names.to_csv(tmp_path / "in" / "names.csv", index=False)
    with pytest.raises(InputError, match=r"names\.csv has names of places and no positions"):
        join_partitions(tmp_path / "in", joiner(), tmp_path / "out")
    with pytest.raises(InputError, match="country is about names"):
        join_partitions(
            tmp_path / "in", joiner(), tmp_path / "out", options=ReadOptions(country="AZ")
        )
    assert not (tmp_path / "out").exists()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match="dask"):
        join_partitions(tmp_path, joiner(), tmp_path / "out")


@pytest.mark.slow
def test_files_that_are_all_bad_leave_nothing(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(InputError, match="damaged Parquet"):
        join_partitions(tmp_path / "bad.parquet", joiner(), tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()
