"""The same join on many cores or machines, by Dask.

Events too many for one machine's memory are read in partitions, each by the one door
(`atlas.events.intake`) and joined by `atlas.joining.join` on a worker, and each is written as its
own GeoParquet file, its rejects beside it. Partitions share nothing, so the work scales with the
workers, and a partition whose worker dies is done again by another. The record reaches the workers
by the folder they all write to, so that a worker that dies takes nothing along.

Names are not looked up here: what a name means hangs on all the names of a column, and no worker
sees them all. Files whose rows have names and no positions are refused before the work begins.
"""

from __future__ import annotations

import io
import os
import pickle
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from atlas.base.errors import AtlasError, InputError, MissingExtraError, NotFoundError
from atlas.base.frames import check_target, write_frame
from atlas.base.output import atomic_directory, together
from atlas.events.intake import take
from atlas.events.options import ReadOptions
from atlas.joining.join import Joiner, join_taken

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["Written", "connect", "join_partitions"]


@dataclass(frozen=True)
class Written:
    """What a join in partitions left on disk.

    Attributes
    ----------
    directory : Path
        ``part-00000.parquet`` and so on, in the order of the input, and ``rejects-00000.parquet``
        for the partitions that have some.
    rows, events, rejects, filtered : int
        ``rows`` equals ``events`` plus ``rejects`` plus ``filtered``. A file that can't be read is
        one reject.
    statuses : dict of str to int
        Events by join status.
    notes : tuple of str
        What was assumed, by file.
    """

    directory: Path
    rows: int
    events: int
    rejects: int
    statuses: dict[str, int]
    filtered: int = 0
    notes: tuple[str, ...] = ()

    def read_rejects(self) -> pd.DataFrame:
        """All rejects: ``file, line, column, found, reason, raw``."""
        return _rejects_in(self.directory)


def _rejects_in(folder: Path) -> pd.DataFrame:
    parts = [pd.read_parquet(path) for path in sorted(folder.glob("rejects-*.parquet"))]
    return pd.concat(parts, ignore_index=True) if parts else _no_rejects()


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
            client = distributed.Client(scheduler, timeout=_ANSWER)
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(f"no Dask scheduler answers at {scheduler}: {error}") from None
        with client:
            yield client
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
                n_workers=count, threads_per_worker=1, processes=True,
                # Without an address it still takes port 8787, and warns where that is in use.
                dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False},
            )  # fmt: skip
        except RuntimeError:
            raise InputError(
                "the workers could not start; if this runs from a script, put its work under "
                "if __name__ == '__main__':, since each worker imports the script"
            ) from None
        with cluster, distributed.Client(cluster) as client:
            yield client


@dataclass(frozen=True)
class _Part:
    """One partition: a file, or a row group of a Parquet file and the rows before it."""

    path: str
    group: int = -1
    before: int = 0


@dataclass(frozen=True)
class _Done:
    rows: int
    events: int
    rejects: int
    filtered: int
    statuses: dict[str, int]
    notes: tuple[str, ...] = ()
    unread: str = ""


def join_partitions(
    inputs: str | Path | Sequence[str | Path],
    pack: Pack | Joiner,
    out: str | Path,
    *,
    rejects: str | Path | None = None,
    options: ReadOptions | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    retries: int = 3,
    route_reach_m: float = 10_000.0,
    place_reach_m: float = 50_000.0,
) -> Written:
    """Join files of events on a cluster and write GeoParquet.

    Parameters
    ----------
    inputs : path, sequence of paths, or folder
        Files that all workers can open, of any kind `atlas.events.read_events` reads; each row
        group of a Parquet file, and each other file, is a partition. A folder means its files, by
        name, hidden ones left out.
    pack : Pack or Joiner
        The record to join to; sent to every worker once.
    out : path
        Folder for the result, which all workers can write to; it must not exist yet. It appears
        only when every partition is done.
    rejects : path, optional
        Table of all rejects, of any kind `atlas.base.frames.write_frame` writes; it appears with
        the folder, or neither does.
    options : ReadOptions, optional
        How to read the events; a limit counts over all partitions, which are then worked through
        one after the other.
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
        If no file can be read as events, one has names without positions, an option can't be
        kept, or the folder exists.
    """
    _dask()
    target = Path(out)
    wanted = options or ReadOptions()
    _refuse(wanted)
    if target.exists():
        raise InputError(f"{str(out)!r} exists already; give a new folder")
    if not target.parent.is_dir():
        raise NotFoundError(f"there is no folder {str(target.parent)!r} to write to")
    if rejects is not None:
        check_target(rejects)
    files = _files(inputs)
    _look(files, wanted)
    parts = _partitions(files)
    joiner = pack if isinstance(pack, Joiner) else Joiner.from_pack(pack)
    reaches = {"route_reach_m": route_reach_m, "place_reach_m": place_reach_m}
    try:
        # One partition's files become visible together with all the others, and with their rejects.
        beside = [] if rejects is None or str(rejects) == "-" else [rejects]
        with (
            together([target], beside=beside),
            atomic_directory(target, marker="part-00000.parquet") as draft,
        ):
            record = draft / _RECORD
            record.write_bytes(pickle.dumps(joiner))
            with connect(scheduler, workers=workers) as client:
                done = _all(client, parts, str(draft), wanted, reaches, retries)
            if done and all(one.unread for one in done):
                raise InputError(done[0].unread)
            record.unlink()
            if rejects is not None:
                write_frame(_rejects_in(draft), rejects)
    except AtlasError:
        raise
    except Exception as error:
        if type(error).__module__.split(".")[0] in ("distributed", "dask"):
            raise InputError(f"the cluster gave up: {error}") from None
        raise
    statuses: Counter[str] = Counter()
    for one in done:
        statuses.update(one.statuses)
    return Written(
        target,
        sum(one.rows for one in done),
        sum(one.events for one in done),
        sum(one.rejects for one in done),
        dict(sorted(statuses.items())),
        sum(one.filtered for one in done),
        tuple(dict.fromkeys(note for one in done for note in one.notes)),
    )


_RECORD = ".record.pickle"


def _refuse(options: ReadOptions) -> None:
    """Refuse what can't be kept, before any work."""
    for name in ("country", "inside", "judgements"):
        if getattr(options, name) is not None:
            raise InputError(
                f"{name} is about names of places, which the dask engine does not look up; "
                "locate the events first, or join them with the pandas engine"
            )


def _look(files: Sequence[Path], options: ReadOptions) -> None:
    """Refuse files whose first rows have names of places and no positions at all."""
    first = replace(options, limit=_LOOK, start=None, end=None, bbox=None)
    for file in files:
        try:
            found = take(str(file), first)
        except AtlasError:
            continue  # it will be among the rejects
        if len(found) and found.unlocated.any() and found.column("lon").isna().all():
            raise InputError(
                f"{file.name} has names of places and no positions, and the dask engine does not "
                "look names up; locate the events first, or join them with the pandas engine"
            )


_LOOK = 200


def _all(
    client: Any,
    parts: Sequence[_Part],
    folder: str,
    options: ReadOptions,
    reaches: dict[str, float],
    retries: int,
) -> list[_Done]:
    """Have every partition done, again where a worker died."""
    if options.limit is not None:
        out: list[_Done] = []
        left = options.limit
        for number, part in enumerate(parts):
            if left <= 0:
                break
            some = {number: (part, replace(options, limit=left))}
            out += _round(client, some, folder, reaches, retries).values()
            left -= out[-1].rows
        return out
    work = {number: (part, options) for number, part in enumerate(parts)}
    done = _round(client, work, folder, reaches, retries)
    return [done[number] for number in sorted(done)]


def _round(
    client: Any,
    work: Mapping[int, tuple[_Part, ReadOptions]],
    folder: str,
    reaches: dict[str, float],
    retries: int,
) -> dict[int, _Done]:
    from distributed.scheduler import KilledWorker

    done: dict[int, _Done] = {}
    for attempt in range(retries + 1):
        waiting = {
            number: client.submit(
                _one, part, folder, number, options, reaches, retries=retries, pure=False
            )
            for number, (part, options) in work.items()
            if number not in done
        }
        for number, future in waiting.items():
            try:
                done[number] = _result(client, future)
            except (CancelledError, KilledWorker):
                # The worker died, and took its partitions along: they are handed out anew.
                _still_there(client)
                if attempt == retries:
                    raise
        if len(done) == len(work):
            break
    return done


def _result(client: Any, future: Any) -> _Done:
    """Wait for a partition as long as somebody is there to do it."""
    idle = 0.0
    while True:
        try:
            found = future.result(timeout=_ASK)
        except TimeoutError:
            if future.done():  # just now, or it is its own
                found = future.result()
                assert isinstance(found, _Done)
                return found
            _still_there(client)
            idle = 0.0 if client.status == "connecting" or _has_workers(client) else idle + _ASK
            if idle >= _PATIENCE:
                raise InputError(
                    f"the Dask scheduler has had no worker for {_PATIENCE:.0f} seconds; nothing "
                    "was written; start workers, and the join anew"
                ) from None
        else:
            assert isinstance(found, _Done)
            return found


def _has_workers(client: Any) -> bool:
    try:
        return bool(client.nthreads())
    except OSError:  # the scheduler has just gone; the client's own status will say so
        return True


def _still_there(client: Any) -> None:
    """Refuse to wait for a scheduler that is gone: its client would for ever, and only log it."""
    if client.status not in ("running", "connecting"):
        raise InputError(
            "the Dask scheduler is gone; nothing was written; start it anew, and the join"
        )


_ANSWER = "10s"  # that a scheduler may take to answer, and to come back
_ASK = 2.0  # seconds between two looks at whether anybody is still there
_PATIENCE = 60.0  # seconds that workers may take to come, or to come back


def _files(inputs: str | Path | Sequence[str | Path]) -> list[Path]:
    given = [inputs] if isinstance(inputs, (str, Path)) else list(inputs)
    files: list[Path] = []
    for item in map(Path, given):
        if item.is_dir():
            found = sorted(
                path for path in item.iterdir() if path.is_file() and path.name[0] not in "._"
            )
            if not found:
                raise NotFoundError(f"the folder {str(item)!r} holds no files")
            files += found
        elif item.is_file():
            files.append(item)
        elif item.exists():
            raise InputError(f"{str(item)!r} is a device or a pipe; give a file")
        else:
            raise NotFoundError(f"there is no file {str(item)!r}")
    if not files:
        raise NotFoundError("no file of events was given")
    return files


def _partitions(files: Sequence[Path]) -> list[_Part]:
    """Every file, and of Parquet files every row group, as a partition."""
    import pyarrow.parquet as pq

    parts: list[_Part] = []
    for file in files:
        path = str(file.resolve())
        try:
            with file.open("rb") as handle:
                columnar = handle.read(4) == b"PAR1"
            meta = pq.ParquetFile(path).metadata if columnar else None
        except (OSError, ValueError):  # pyarrow's own errors are ValueErrors
            meta = None  # its reader says what is wrong
        before = 0
        if meta is None or meta.num_row_groups < 2:
            parts.append(_Part(path))
            continue
        for group in range(meta.num_row_groups):
            parts.append(_Part(path, group, before))
            before += meta.row_group(group).num_rows
    return parts


def _one(
    part: _Part,
    folder: str,
    number: int,
    options: ReadOptions,
    reaches: dict[str, float],
) -> _Done:
    """Read, join and write one partition; done twice, it leaves the same files."""
    name = Path(part.path).name
    try:
        events = take(_bytes(part), options)
    except AtlasError as error:
        _whole(_unread(name, str(error)), Path(folder) / f"rejects-{number:05d}.parquet")
        return _Done(1, 0, 1, 0, {}, (), str(error))
    if len(events.rejects):
        rejects = events.rejects.rename(columns={"index": "line"})
        rejects = rejects.assign(line=rejects["line"].astype("int64") + part.before)
        rejects.insert(0, "file", name)
        _whole(rejects, Path(folder) / f"rejects-{number:05d}.parquet")
    joined = join_taken(events, _record(str(Path(folder) / _RECORD)), **reaches)  # type: ignore[arg-type]
    _whole(joined.events, Path(folder) / f"part-{number:05d}.parquet", points=True)
    notes = [f"{name}: {note}" for note in events.notes]
    unlocated = int(events.unlocated.sum())
    if unlocated:
        notes.append(f"{name}: places: {unlocated:,} rows have a name and no position; not located")
    statuses = Counter(joined.column("join_status").astype(str))
    return _Done(
        events.rows, len(events), len(events.rejects), events.filtered, dict(statuses), tuple(notes)
    )


@lru_cache(maxsize=1)
def _record(path: str) -> Joiner:
    """The record, read once in each worker."""
    joiner = pickle.loads(Path(path).read_bytes())  # noqa: S301  # written by this very run
    assert isinstance(joiner, Joiner)
    return joiner


def _bytes(part: _Part) -> Any:
    """A partition as a file that the one door reads; a row group becomes a file of its own."""
    if part.group < 0:
        return part.path
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    out.name = Path(part.path).name
    try:
        pq.write_table(pq.ParquetFile(part.path).read_row_group(part.group), out)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{out.name} is a damaged Parquet file: {error}") from None
    out.seek(0)
    return out


def _no_rejects() -> pd.DataFrame:
    return pd.DataFrame(
        {"file": [], "line": [], "column": [], "found": [], "reason": [], "raw": []}
    ).astype({"line": "int64"})


def _unread(name: str, why: str) -> pd.DataFrame:
    """A file that can't be read, as a reject: line 0 is the file itself."""
    return pd.DataFrame(
        {"file": [name], "line": [0], "column": [""], "found": [""], "reason": [why], "raw": [""]}
    )


def _whole(frame: pd.DataFrame, path: Path, *, points: bool = False) -> None:
    from atlas.base.frames import write_point_parquet

    draft = path.with_name(f".{path.name}-{os.getpid()}")
    if points:
        write_point_parquet(frame, draft)
    else:
        frame.to_parquet(draft, index=False)
    draft.replace(path)
