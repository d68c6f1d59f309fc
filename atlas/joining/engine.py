"""The same join on many cores or machines, by Dask.

Events too many for one machine's memory are read in partitions, each is joined by the very kernel
of `atlas.joining.join` on a worker, and each is written as its own GeoParquet file. Partitions
share nothing, so the work scales with the workers, and a partition whose worker dies is done again
by another.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from atlas.base.errors import AtlasError, InputError, MissingExtraError, NotFoundError
from atlas.joining.join import Joiner

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["Written", "connect", "join_frame", "join_partitions"]


@dataclass(frozen=True)
class Written:
    """What a join in partitions left on disk.

    Attributes
    ----------
    directory : Path
        ``part-00000.parquet`` and so on, in the order of the input.
    rows, events, rejects : int
        ``rows`` equals ``events`` plus ``rejects``.
    statuses : dict of str to int
        Events by join status.
    """

    directory: Path
    rows: int
    events: int
    rejects: int
    statuses: dict[str, int]


def _dask() -> Any:
    try:
        import dask.dataframe
        import distributed
    except ImportError:
        raise MissingExtraError("joining on Dask", "dask") from None
    return dask, distributed


@contextmanager
def connect(scheduler: str | None = None, *, workers: int | None = None) -> Iterator[Any]:
    """Open a client to a cluster, or to workers on this machine for the time being.

    Parameters
    ----------
    scheduler : str, optional
        Address of a running scheduler, e.g. ``tcp://10.0.0.5:8786``.
    workers : int, optional
        Without a scheduler: processes to start; one for each core by default.

    Yields
    ------
    distributed.Client

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    InputError
        If no scheduler answers at the address.
    """
    dask, distributed = _dask()
    if scheduler is not None:
        try:
            with distributed.Client(scheduler, timeout="10s") as client:
                yield client
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(f"no Dask scheduler answers at {scheduler}: {error}") from None
        return
    count = workers or os.cpu_count() or 1
    # A join has a few dozen long tasks: watching them a hundred times a second costs and tells
    # nothing; and giving freed memory back after every array, Dask's default, costs more than the
    # join itself.
    quiet = {
        "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 28,
        "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 1 << 25,
        "distributed.worker.profile.enabled": False,
        "distributed.admin.tick.interval": "1s",
        "distributed.admin.tick.limit": "1min",
        "distributed.worker.memory.monitor-interval": "500ms",
    }
    with dask.config.set(quiet):
        try:
            cluster = distributed.LocalCluster(
                n_workers=count, threads_per_worker=1, dashboard_address=None, processes=True
            )
        except RuntimeError:
            raise InputError(
                "the workers could not start; if this runs from a script, put its work under "
                "if __name__ == '__main__':, since each worker imports the script"
            ) from None
        with cluster, distributed.Client(cluster) as client:
            yield client


def join_frame(
    events: Any,
    pack: Pack | Joiner,
    *,
    route_reach_m: float = 10_000.0,
    place_reach_m: float = 50_000.0,
) -> Any:
    """Join a Dask dataframe, lazily, partition by partition.

    Parameters
    ----------
    events : dask.dataframe.DataFrame
        Columns as for `atlas.joining.join.join_events`.
    pack : Pack or Joiner
        The record to join to.
    route_reach_m, place_reach_m : float
        As in `atlas.joining.join.join_events`.

    Returns
    -------
    dask.dataframe.DataFrame
        The same partitions with `atlas.joining.join.COLUMNS`; lists and codes as text.

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    """
    _dask()
    joiner = pack if isinstance(pack, Joiner) else Joiner.from_pack(pack)
    options = {"route_reach_m": route_reach_m, "place_reach_m": place_reach_m}
    meta = _join_texts(events._meta, joiner, options)
    return events.map_partitions(_join_texts, joiner, options, meta=meta)


def _join_texts(events: pd.DataFrame, joiner: Joiner, options: dict[str, float]) -> pd.DataFrame:
    """Join one partition; texts rather than categories, which differ between partitions."""
    joined = joiner.join(events, **options).events  # type: ignore[arg-type]
    kinds = joined.dtypes
    texts = [name for name in joined if isinstance(kinds[name], pd.CategoricalDtype)]
    return joined.astype(dict.fromkeys(texts, "string"))


def join_partitions(
    inputs: str | Path | Sequence[str | Path],
    pack: Pack | Joiner,
    out: str | Path,
    *,
    format: str = "auto",
    scheduler: str | None = None,
    workers: int | None = None,
    retries: int = 3,
    route_reach_m: float = 10_000.0,
    place_reach_m: float = 50_000.0,
) -> Written:
    """Join partitioned files on a cluster and write GeoParquet.

    Parameters
    ----------
    inputs : path, sequence of paths, or folder
        Parquet or CSV files that all workers can open; each row group of a Parquet file, and each
        CSV file, is a partition. A folder means its ``.parquet`` or ``.csv`` files, by name.
    pack : Pack or Joiner
        The record to join to; sent to every worker once.
    out : path
        Folder for the result; it must not exist yet. It appears only when every partition is done.
    format : str
        Reader of CSV files; see `atlas.events.read_events`. Parquet must have ``lon``, ``lat``,
        ``start_day`` and ``end_day`` (or ``event_date``).
    scheduler : str, optional
        Address of a running Dask scheduler; without it, local workers are started.
    workers : int, optional
        Local worker processes.
    retries : int
        How often a partition is tried again, on any worker, after its worker failed.
    route_reach_m, place_reach_m : float
        As in `atlas.joining.join.join_events`.

    Returns
    -------
    Written

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    NotFoundError
        If there are no such files.
    InputError
        If a file can't be read as events, or the folder exists.
    """
    _dask()
    target = Path(out)
    if target.exists():
        raise InputError(f"{str(out)!r} exists already; give a new folder")
    if not target.parent.is_dir():
        raise NotFoundError(f"there is no folder {str(target.parent)!r} to write to")
    parts = _partitions(_files(inputs))
    joiner = pack if isinstance(pack, Joiner) else Joiner.from_pack(pack)
    options = {"route_reach_m": route_reach_m, "place_reach_m": place_reach_m}
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        with connect(scheduler, workers=workers) as client:
            done: dict[int, Any] = {}
            for attempt in range(retries + 1):
                # A worker that dies can take the scattered record with it, and the scheduler then
                # cancels what waits for it: hand both out anew.
                shared = client.scatter(joiner, broadcast=True)
                waiting = {
                    number: client.submit(
                        _one,
                        path,
                        group,
                        str(draft),
                        number,
                        format,
                        shared,
                        options,
                        retries=retries,
                        pure=False,
                    )
                    for number, (path, group) in enumerate(parts)
                    if number not in done
                }
                for number, future in waiting.items():
                    try:
                        done[number] = future.result()
                    except CancelledError:
                        if attempt == retries:
                            raise
                if len(done) == len(parts):
                    break
            counts = [done[number] for number in sorted(done)]
        # One partition's files become visible together with all the others.
        draft.chmod(0o755)
        draft.replace(target)
    except AtlasError:
        raise
    except Exception as error:
        if type(error).__module__.split(".")[0] in ("distributed", "dask"):
            raise InputError(f"the cluster gave up: {error}") from None
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    statuses: dict[str, int] = {}
    for _, _, found in counts:
        for key, number in found.items():
            statuses[key] = statuses.get(key, 0) + number
    events = sum(count[0] for count in counts)
    rejects = sum(count[1] for count in counts)
    return Written(target, events + rejects, events, rejects, dict(sorted(statuses.items())))


def _files(inputs: str | Path | Sequence[str | Path]) -> list[Path]:
    given = [inputs] if isinstance(inputs, (str, Path)) else list(inputs)
    files: list[Path] = []
    for item in map(Path, given):
        if item.is_dir():
            found = sorted(item.glob("*.parquet")) or sorted(item.glob("*.csv"))
            if not found:
                raise NotFoundError(f"the folder {str(item)!r} holds no .parquet or .csv files")
            files += found
        elif item.exists():
            files.append(item)
        else:
            raise NotFoundError(f"there is no file {str(item)!r}")
    return files


def _partitions(files: list[Path]) -> list[tuple[str, int]]:
    """Every file, and of Parquet files every row group, as a partition; -1 is the whole file."""
    import pyarrow.parquet as pq

    parts: list[tuple[str, int]] = []
    for file in files:
        path = str(file.resolve())
        if file.suffix.lower() == ".parquet":
            try:
                groups = pq.ParquetFile(path).num_row_groups
            except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
                raise InputError(f"{file.name} is a damaged Parquet file: {error}") from None
            parts += [(path, group) for group in range(groups)]
        else:
            parts.append((path, -1))
    return parts


def _one(
    path: str,
    group: int,
    folder: str,
    number: int,
    format: str,
    joiner: Joiner,
    options: dict[str, float],
) -> tuple[int, int, dict[str, int]]:
    """Read, join and write one partition; done twice, it leaves the same file."""
    rejects = 0
    if group < 0:
        from atlas.events import read_events

        read = read_events(path)
        events: pd.DataFrame = pd.DataFrame(read.frame.drop(columns=read.frame.geometry.name))
        if len(read.rejects):
            rejects = len(read.rejects)
            _whole(read.rejects, Path(folder) / f"rejects-{number:05d}.parquet")
    else:
        import pyarrow.parquet as pq

        table = pq.ParquetFile(path).read_row_group(group)
        events = table.to_pandas(ignore_metadata=True)
        events = events.drop(columns="geometry", errors="ignore")
    joined = joiner.join(events, **options)  # type: ignore[arg-type]
    _whole(joined.events, Path(folder) / f"part-{number:05d}.parquet", points=True)
    counts = joined.counts
    rejects += counts.pop("rejects")
    return len(joined.events), rejects, counts


def _whole(frame: pd.DataFrame, path: Path, *, points: bool = False) -> None:
    from atlas.events.write import write_point_parquet

    draft = path.with_name(f".{path.name}-{os.getpid()}")
    if points:
        write_point_parquet(frame, draft)
    else:
        frame.to_parquet(draft, index=False)
    draft.replace(path)
