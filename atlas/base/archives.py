"""Zip archives of strangers: opened within bounds, and refused in one sentence.

Whatever opens a zip - a table, a workbook, shapes, drafts, a dump - opens it here.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from atlas.base.errors import InputError

__all__ = [
    "MAX_RATIO",
    "MAX_UNPACKED",
    "check_archive",
    "gzipped",
    "member_names",
    "opened_archive",
]

MAX_UNPACKED = 4 << 30  # bytes that a packed file may grow to
MAX_RATIO = 200  # text packs 3 to 30 times; a bomb 1,000 times
MAX_MEMBERS = 10_000


def gzipped(data: bytes, *, level: int = 9) -> bytes:
    """Pack bytes by gzip; the same bytes under every version of Python.

    Parameters
    ----------
    data : bytes
    level : int
        1, quick, to 9, small.

    Returns
    -------
    bytes
        Without a time; the system is said to be Unix, wherever it is made.

    Examples
    --------
    >>> gzipped(b"")[:10].hex()
    '1f8b0800000000000203'
    """
    packed = gzip.compress(data, compresslevel=level, mtime=0)
    return packed[:9] + b"\x03" + packed[10:]


def member_names(source: str | Path | BinaryIO) -> frozenset[str]:
    """Names of what a zip archive holds, to tell its kind; nothing of it is unpacked.

    Parameters
    ----------
    source : path or open file

    Returns
    -------
    frozenset of str
        Empty where it is no zip archive, or can't be read as one.

    Examples
    --------
    >>> import io
    >>> member_names(io.BytesIO(b"PK"))
    frozenset()
    """
    try:
        with zipfile.ZipFile(source) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return frozenset()


def check_archive(archive: zipfile.ZipFile, name: str, *, most: int = MAX_UNPACKED) -> None:
    """Refuse an archive that would unpack to something enormous.

    What it states of itself is a bound: no more of a member is ever read than it states.

    Parameters
    ----------
    archive : ZipFile
    name : str
        What it is called, for the sentence.
    most : int
        Bytes that it may unpack to.

    Raises
    ------
    InputError
        If it is encrypted, is larger, holds more files, or is packed more tightly than any table.
    """
    items = archive.infolist()
    if len(items) > MAX_MEMBERS:
        raise InputError(f"{name} holds more than {MAX_MEMBERS:,} files; give the one meant")
    if any(item.flag_bits & 1 for item in items):
        raise InputError(f"{name} is encrypted; unpack it first")
    size = sum(item.file_size for item in items)
    packed = sum(item.compress_size for item in items)
    if size > most or (size > 100 << 20 and size > MAX_RATIO * max(packed, 1)):
        raise InputError(
            f"{name} would unpack from {packed:,} to {size:,} bytes; unpack it yourself and give "
            "the file inside, if you trust it"
        )


@contextmanager
def opened_archive(
    source: str | Path | BinaryIO, name: str, *, most: int = MAX_UNPACKED
) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive that is within bounds.

    Parameters
    ----------
    source : path or open file
    name : str
        What it is called, for the sentence.
    most : int
        Bytes that it may unpack to.

    Yields
    ------
    ZipFile

    Raises
    ------
    InputError
        As `check_archive`; or if it, or what is read of it, is damaged or packed in a way that is
        not known.

    Examples
    --------
    >>> import io
    >>> with opened_archive(io.BytesIO(b"PK"), "a.zip") as archive:
    ...     pass
    Traceback (most recent call last):
    ...
    atlas.base.errors.InputError: a.zip is a damaged or truncated zip archive (File is not a zip file); fetch it again
    """  # noqa: E501
    try:
        with zipfile.ZipFile(source) as archive:
            check_archive(archive, name, most=most)
            yield archive
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, ValueError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        said = str(error).strip().split("\n", 1)[0][:200] or type(error).__name__
        raise InputError(
            f"{name} is a damaged or truncated zip archive ({said}); fetch it again"
        ) from None
