"""Packs that were read before: their typed tables, kept in the user's cache folder.

A large pack that was found without fault is kept as it was read, under the hash of its files and of
the code that checks and reads them. While nothing changes it is neither checked nor parsed again.
A changed file, a changed line of that code or another version of a library it leans on is another
hash. What is kept holds plain Arrow columns and no code; a file that was cut short, altered, put
there under another pack's hash, or that another user may write, is not read: the pack is.

What takes long to work out of a pack is kept likewise, under the hash of the tables it follows from
as they stand in memory: a record that was changed there is another.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from atlas.base.cache import cache_directory
from atlas.base.output import write_bytes

__all__ = ["Kept", "content_of", "derived", "hash_of", "keep", "recall", "worth_keeping"]

#: Bytes of a pack from which it is worth keeping; smaller ones are read and checked in no time.
_LARGE = 300_000
#: Bytes of all packs kept; those that nobody opened for longest go first.
_MOST = 200_000_000
#: Rooms whose code decides what a fault is and how a table is typed.
_ROOMS = ("base", "record", "words")
#: Rooms whose code works something out of a record.
_WORKED = (*_ROOMS, "answers", "layers")
_DIGEST = 32
_SETTINGS = "pack.toml"


@cache
def _code(rooms: tuple[str, ...] = _ROOMS) -> bytes:
    """Hash of the code and the words of some rooms, and of the libraries they lean on."""
    root = Path(str(files("atlas")))
    versions: tuple[str, ...] = (
        pa.__version__,
        pd.__version__,
        shapely.__version__,
        shapely.geos_version_string,
    )
    if rooms != _ROOMS:  # distances and areas
        import pyproj

        versions += (np.__version__, pyproj.__version__, pyproj.proj_version_str)
    total = hashlib.sha256("\0".join(versions).encode())
    for room in rooms:
        for path in sorted((*(root / room).rglob("*.py"), *(root / room).glob("*.json"))):
            total.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return total.digest()


def worth_keeping(directory: Path) -> bool:
    """Whether a pack is so large that reading it takes a while."""
    try:
        return sum(item.stat().st_size for item in os.scandir(directory)) >= _LARGE
    except OSError:
        return False


def hash_of(directory: Path) -> str:
    """Hash of all files of a pack and of the code that checks and reads them.

    Parameters
    ----------
    directory : Path
        The pack's folder.

    Returns
    -------
    str
        Hexadecimal; empty where a file can't be read or is a link, so that the pack is read.
    """
    total = hashlib.sha256(_code())
    try:
        for path in sorted(directory.rglob("*")):
            if path.is_symlink():
                return ""
            if path.is_file():
                data = path.read_bytes()
                name = path.relative_to(directory).as_posix()
                total.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    except OSError:
        return ""
    return total.hexdigest()


def _folder() -> Path:
    return cache_directory() / "packs"


@dataclass(frozen=True)
class Kept:
    """What is kept of a pack.

    Attributes
    ----------
    settings : bytes
        Of pack.toml, as it stood there.
    frames : mapping of str to DataFrame
        By name of the table, typed and in order; a column ``geometry`` holds shapes.
    """

    settings: bytes
    frames: Mapping[str, pd.DataFrame]


def recall(key: str) -> Kept | None:
    """Give what is kept of a pack of this hash; None where nothing is, or not as it was written.

    Parameters
    ----------
    key : str
        As `hash_of` gives it; nothing is kept under an empty one.

    Returns
    -------
    Kept or None
    """
    if not key:
        return None
    try:
        path = _folder() / f"{key}.arrow"
        if not (_ours(path.parent) and _ours(path)):
            return None
        data = memoryview(path.read_bytes())
        if bytes(data[:_DIGEST]) != _digest(key, data[_DIGEST:]):
            return None
        outer = pa.ipc.open_stream(pa.py_buffer(data[_DIGEST:])).read_all()
        names, bodies = outer["name"].to_pylist(), outer["body"]
        parts = {name: body.as_buffer() for name, body in zip(names, bodies, strict=True)}
        settings = parts.pop(_SETTINGS).to_pybytes()
        frames = {name: _frame(pa.ipc.open_stream(part).read_all()) for name, part in parts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException,
            shapely.GEOSException):  # fmt: skip
        return None
    with suppress(OSError):
        os.utime(path)
    return Kept(settings, frames)


def keep(key: str, pack: Kept) -> None:
    """Keep a sound pack; where it can't be kept, it is not.

    Parameters
    ----------
    key : str
        As `hash_of` gave it before the files were read.
    pack : Kept
        Its tables hold text without gaps, numbers, flags and shapes.
    """
    if not key:
        return
    with suppress(OSError, ValueError, TypeError, pa.ArrowException):
        parts = {name: _written(_table(frame)) for name, frame in pack.frames.items()}
        parts[_SETTINGS] = pack.settings
        bodies = pa.array(list(parts.values()), pa.large_binary())
        body = _written(pa.table({"name": list(parts), "body": bodies}))
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(folder):
            return
        path = folder / f"{key}.arrow"
        write_bytes(path, _digest(key, body) + body)
        path.chmod(0o600)
        _forget(folder)


def content_of(frames: Iterable[pd.DataFrame], *further: object) -> str:
    """Hash of tables as they stand in memory, and of the code that works things out of them.

    Parameters
    ----------
    frames : iterable of DataFrame
        Tables of a pack.
    further : object
        Whatever else the result follows from; told apart by its ``repr``.

    Returns
    -------
    str
        Hexadecimal; empty where the tables are so small that nothing is worth keeping, or can't be
        kept.
    """
    total, size = hashlib.sha256(_code(_WORKED)), 0
    total.update(repr(further).encode("utf-8", "surrogateescape"))
    try:
        for frame in frames:
            data = _written(_table(frame))
            size += len(data)
            total.update(data)
    except (ValueError, TypeError, pa.ArrowException, shapely.GEOSException):
        return ""
    return total.hexdigest() if size >= _LARGE else ""


def derived(key: str, make: Callable[[], dict[str, pd.DataFrame]]) -> Mapping[str, pd.DataFrame]:
    """Give what was worked out before under this hash, else work it out and keep it.

    Parameters
    ----------
    key : str
        As `content_of` gives it; nothing is kept under an empty one.
    make : callable
        Gives tables of text without gaps, numbers, flags and shapes.

    Returns
    -------
    mapping of str to DataFrame
    """
    kept = recall(key)
    if kept is not None:
        return kept.frames
    frames = make()
    keep(key, Kept(b"", frames))
    return frames


def _forget(folder: Path) -> None:
    """Remove those that nobody opened for longest, once all together are many bytes."""
    told = sorted(
        ((item.stat().st_mtime, item.stat().st_size, item) for item in folder.glob("*.arrow")),
        reverse=True,
    )
    total = 0
    for _, size, item in told:
        total += size
        if total > _MOST:
            item.unlink(missing_ok=True)


def _digest(key: str, body: bytes | memoryview) -> bytes:
    """Sum over the content and the hash it is kept under, so that it fits no other pack."""
    total = hashlib.sha256(key.encode())
    total.update(body)
    return total.digest()


def _ours(path: Path) -> bool:
    """Whether nobody else may have written a file or folder; where that can't be told, yes."""
    if not hasattr(os, "geteuid"):
        return True
    about = path.lstat()
    return about.st_uid == os.geteuid() and not about.st_mode & 0o022


def _written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _table(frame: pd.DataFrame) -> pa.Table:
    columns = {}
    for name in frame.columns:
        values = frame[name].to_numpy()
        if name == "geometry":
            columns[name] = pa.array(shapely.to_wkb(values), pa.large_binary())
        elif values.dtype == object:
            columns[name] = pa.array(values, pa.string()).dictionary_encode()
        else:
            columns[name] = pa.array(values, from_pandas=False)
    return pa.table(columns)


def _frame(table: pa.Table) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        cells = column.combine_chunks()
        if name == "geometry":
            columns[name] = shapely.from_wkb(cells.to_numpy(zero_copy_only=False))
        elif pa.types.is_dictionary(cells.type):
            words = cells.dictionary.to_numpy(zero_copy_only=False)
            texts = words[cells.indices.to_numpy()] if len(words) else np.empty(0, dtype=object)
            columns[name] = pd.Series(texts, dtype=object)
        else:  # of one's own: what lies in the file's bytes can't be written to
            columns[name] = np.array(cells.to_numpy(zero_copy_only=False))
    return pd.DataFrame(columns, copy=False)
