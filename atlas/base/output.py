"""Writing: a file or folder appears whole, or not at all, and nothing is left behind.

A draft stands beside its target, hidden, with the number of the process that writes it. When all
went well it takes the target's place in one step. A process that is killed leaves its draft; the
next one that writes the same target knows it by its name, sees that its writer is gone, and
removes it - or, had it been killed between the two steps of a swap, puts back what was there.

Outputs that belong together (a table and the rejects beside it) are written in a block of
`together`: all drafts first, then each takes its place.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from atlas.base.errors import InputError

__all__ = ["atomic_directory", "atomic_file", "together", "write_bytes", "write_text"]

# A GeoPackage that is being written has a journal of SQLite's beside it.
_DRAFT = re.compile(
    r"\.(?P<name>.+)\.(?P<pid>\d+)-[a-z0-9_]+\.(?P<kind>draft|old)(?P<suffix>\.\w+)?"
    r"(-journal|-wal|-shm)?"
)
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux' renameat2
_HERE = -100  # AT_FDCWD: paths count from the working folder


def _prefix(target: Path) -> str:
    return f".{target.name}.{os.getpid()}-"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OSError, OverflowError):
        return True
    return True


def _clear_leftovers(target: Path) -> None:
    """Remove what writers that were killed left of this target; put back what they had moved."""
    with suppress(OSError):
        for path in sorted(target.parent.glob(f".{_globbed(target.name)}.*")):
            found = _DRAFT.fullmatch(path.name)
            if not found or found["name"] != target.name or _alive(int(found["pid"])):
                continue
            if found["kind"] == "old" and not target.exists():
                (path / target.name).replace(target)
            with suppress(OSError):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def _globbed(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)


@dataclass
class _Held:
    """What waits for the end of a block of `together`."""

    names: frozenset[Path]
    place: dict[Path, Callable[[], object]] = field(default_factory=dict)
    drop: list[Callable[[], object]] = field(default_factory=list)


# Of the block that is running, and seen by nothing else; nothing of it outlives the block.
_HELD: ContextVar[_Held | None] = ContextVar("held", default=None)


def _put(target: Path, place: Callable[[], object], drop: Callable[[], object]) -> None:
    """Let a whole draft take its place: now, or at the end of the block it belongs to."""
    held = _HELD.get()
    if held is None or target.absolute() not in held.names:
        place()
        return
    held.place[target.absolute()] = place
    held.drop.append(drop)


@contextmanager
def together(paths: Iterable[str | Path], *, beside: Iterable[str | Path] = ()) -> Iterator[None]:
    """Let outputs that belong together appear together, or none of them.

    Whatever of these the block writes takes its place when the block ends, in the order of
    `paths`. An older sidecar goes before its main file is replaced, and the new one comes after
    it: so a process that is killed leaves no sidecar that speaks of another file.

    Parameters
    ----------
    paths : iterable of path
        Main files and folders; ``-`` is none.
    beside : iterable of path
        Their sidecars.

    Yields
    ------
    None

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> with together([folder / "a.csv"], beside=[folder / "a.rejects.csv"]):
    ...     write_text(folder / "a.csv", "x")
    ...     write_text(folder / "a.rejects.csv", "y")
    ...     print(sorted(path.name for path in folder.glob("*.csv") if path.name[0] != "."))
    []
    >>> sorted(path.name for path in folder.iterdir())
    ['a.csv', 'a.rejects.csv']
    """
    main = [Path(path).absolute() for path in paths if str(path) != "-"]
    sidecars = [Path(path).absolute() for path in beside]
    held = _Held(frozenset((*main, *sidecars)))
    token = _HELD.set(held)
    try:
        try:
            yield
        finally:
            _HELD.reset(token)
        for path in sidecars:
            if path in held.place:
                path.unlink(missing_ok=True)
        for path in (*main, *sidecars):
            if path in held.place:
                held.place[path]()
    finally:
        for drop in held.drop:
            drop()


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Fill a draft that takes the place of `path` when all went well.

    Parameters
    ----------
    path : Path
        The file: readers see the old one or the new one.

    Yields
    ------
    Path
        The draft, with the same ending, in the same folder.

    Raises
    ------
    InputError
        If the folder does not exist, or `path` is a folder.
    """
    if not path.parent.is_dir():
        raise InputError(f"no folder {path.parent} to write {path.name} in; make it first")
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file")
    _clear_leftovers(path)
    handle, name = tempfile.mkstemp(
        dir=path.parent, prefix=_prefix(path), suffix=f".draft{path.suffix}"
    )
    os.close(handle)
    draft = Path(name)

    def drop() -> None:
        draft.unlink(missing_ok=True)

    try:
        yield draft
        draft.chmod(0o644)
        _put(path, lambda: draft.replace(path), drop)
    except BaseException:
        drop()
        raise


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file atomically; see `atomic_file`."""
    with atomic_file(path) as draft:
        draft.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text atomically; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def _exchange(one: Path, two: Path) -> bool:
    """Let two folders change places in one step, where the system can."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    paths = (os.fsencode(one), os.fsencode(two))
    return bool(swap(_HERE, paths[0], _HERE, paths[1], ctypes.c_uint(_EXCHANGE)) == 0)


@contextmanager
def atomic_directory(path: Path, *, marker: str) -> Iterator[Path]:
    """Fill a fresh folder that takes the place of `path` when all went well.

    Parameters
    ----------
    path : Path
        The folder. An existing one is replaced only if it is empty or holds `marker`.
    marker : str
        A file that this program always writes there, so that no foreign folder is ever removed.

    Yields
    ------
    Path
        The folder to fill.

    Raises
    ------
    InputError
        If `path` is a file, or a folder that this program did not write.
    """
    target = path.absolute()
    _clear_leftovers(target)
    if target.is_file():
        raise InputError(f"{path} is a file; give a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / marker).is_file():
        raise InputError(f"{path} holds other files; give a new or empty folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=_prefix(target), suffix=".draft"))

    def place() -> None:
        if not target.is_dir():
            fresh.replace(target)
        elif not _exchange(fresh, target):
            _swap(fresh, target)
        drop()

    def drop() -> None:
        # What was written and failed, or what was there before and has been replaced.
        shutil.rmtree(fresh, ignore_errors=True)

    try:
        yield fresh
        fresh.chmod(0o755)
        _put(target, place, drop)
    except BaseException:
        drop()
        raise


def _swap(fresh: Path, target: Path) -> None:
    """Replace a folder in two steps; whatever stops the second undoes the first."""
    old = Path(tempfile.mkdtemp(dir=target.parent, prefix=_prefix(target), suffix=".old"))
    kept = old / target.name
    try:
        target.replace(kept)
        fresh.replace(target)
    except BaseException:
        if kept.exists() and not target.exists():
            kept.replace(target)
        raise
    finally:
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
