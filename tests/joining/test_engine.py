"""The join on Dask gives what the join in one process gives, and survives a lost worker."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.base.errors import InputError, MissingExtraError, NotFoundError
from atlas.joining.engine import join_frame, join_partitions
from atlas.joining.join import COLUMNS, Joiner
from tests.joining.coverages import coverage, history

pytest.importorskip("dask.dataframe", reason="the optional extra 'dask' is not installed")
pytest.importorskip("distributed", reason="the optional extra 'dask' is not installed")


def joiner() -> Joiner:
    areas = coverage(1, 12)
    return Joiner.from_frames(areas, history(1, areas))


def events(rows: int = 1000) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    start = rng.integers(6000, 20000, rows).astype(np.int32)
    return pd.DataFrame(
        {
            "key": np.arange(rows),
            "lon": rng.uniform(43, 49, rows),
            "lat": rng.uniform(38, 42, rows),
            "start_day": start,
            "end_day": start + rng.choice([1, 400], rows).astype(np.int32),
        }
    )


def test_a_dask_frame_is_joined_partition_by_partition():
    import dask.dataframe as dd

    whole = joiner().join(events()).events
    lazy = join_frame(dd.from_pandas(events(), npartitions=4), joiner())
    assert lazy.npartitions == 4
    found = lazy.compute(scheduler="synchronous")
    for name in COLUMNS:
        assert found[name].astype(str).tolist() == whole[name].astype(str).tolist()


@pytest.mark.slow
def test_partitions_are_joined_on_workers_and_written_whole(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    frame = events()
    frame.iloc[:600].to_parquet(source / "a.parquet", row_group_size=250)
    frame.iloc[600:].to_parquet(source / "b.parquet")
    done = join_partitions(source, joiner(), tmp_path / "out", workers=2)
    assert (done.rows, done.events, done.rejects) == (1000, 1000, 0)
    assert sorted(item.name for item in done.directory.iterdir()) == [
        f"part-0000{n}.parquet" for n in range(4)
    ]
    import geopandas as gpd

    parts = [gpd.read_parquet(item) for item in sorted(done.directory.iterdir())]
    found = pd.concat(parts).reset_index(drop=True)
    whole = joiner().join(frame).events
    assert found["key"].tolist() == frame["key"].tolist()
    for name in COLUMNS:
        assert found[name].astype(str).tolist() == whole[name].astype(str).tolist()
    assert done.statuses == {
        key: count for key, count in joiner().join(frame).counts.items() if key != "rejects"
    }
    with pytest.raises(InputError, match="exists already"):
        join_partitions(source, joiner(), tmp_path / "out")


class Deadly(Joiner):
    """A joiner that kills the first worker to use it."""

    def join(self, events, **options):
        import os

        flag = Path(os.environ["ATLAS_TEST_FLAG"])
        if not flag.exists():
            flag.touch()
            os._exit(1)
        return super().join(events, **options)


@pytest.mark.slow
def test_a_partition_whose_worker_dies_is_done_again(tmp_path, monkeypatch):
    monkeypatch.setenv("ATLAS_TEST_FLAG", str(tmp_path / "died"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    events().to_parquet(tmp_path / "a.parquet", row_group_size=250)
    plain = joiner()
    deadly = Deadly(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    done = join_partitions(tmp_path / "a.parquet", deadly, tmp_path / "out", workers=2)
    assert (tmp_path / "died").exists()
    assert (done.rows, done.events) == (1000, 1000)


@pytest.mark.slow
def test_csv_partitions_keep_their_rejects(tmp_path):
    frame = events(20)
    frame["event_date"] = "2020-10-04"
    frame = frame.drop(columns=["start_day", "end_day"])
    frame.iloc[:10].to_csv(tmp_path / "a.csv", index=False)
    broken = frame.iloc[10:].astype(object)
    broken.iloc[3, 1] = "east"
    broken.to_csv(tmp_path / "b.csv", index=False)
    done = join_partitions(
        [tmp_path / "a.csv", tmp_path / "b.csv"], joiner(), tmp_path / "out", workers=1
    )
    assert (done.rows, done.events, done.rejects) == (20, 19, 1)
    assert pd.read_parquet(tmp_path / "out" / "rejects-00001.parquet")["line"].tolist() == [5]


def test_what_cannot_start_says_why(tmp_path, monkeypatch):
    with pytest.raises(NotFoundError, match="no file"):
        join_partitions(tmp_path / "none.parquet", joiner(), tmp_path / "out")
    with pytest.raises(NotFoundError, match="no folder"):
        join_partitions(tmp_path, joiner(), tmp_path / "x" / "out")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(InputError, match="damaged Parquet"):
        join_partitions(tmp_path / "bad.parquet", joiner(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"pip install .*dask"):
        join_partitions(tmp_path, joiner(), tmp_path / "out")
