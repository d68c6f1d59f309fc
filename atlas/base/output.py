"""Writing: a file or folder appears whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from atlas.base.errors import InputError

__all__ = ["atomic_directory", "atomic_file", "write_bytes", "write_text"]


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
        If the folder does not exist.
    """
    if not path.parent.is_dir():
        raise InputError(f"no folder {path.parent} to write {path.name} in; make it first")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file atomically; see `atomic_file`."""
    with atomic_file(path) as draft:
        draft.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text atomically; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


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
    if target.is_file():
        raise InputError(f"{path} is a file; give a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / marker).is_file():
        raise InputError(f"{path} holds other files; give a new or empty folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        yield fresh
        fresh.chmod(0o755)
        old = None
        if target.is_dir():
            old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.old."))
            target.replace(old / target.name)
        fresh.replace(target)
        if old is not None:
            shutil.rmtree(old)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
