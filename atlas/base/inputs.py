"""Files that are read whole: plain ones, and no larger than what they are for."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import BinaryIO

from atlas.base.errors import InputError

__all__ = ["MAX_FILE", "bytes_of", "up_to"]

MAX_FILE = 1 << 30
"""Bytes of the largest file that is read at once."""
_BLOCK = 1 << 20


def bytes_of(path: Path, *, most: int = MAX_FILE) -> bytes:
    """All bytes of a plain file.

    A pipe would be waited for without end, and a device has no end at all.

    Parameters
    ----------
    path : Path
        The file; a link is followed.
    most : int
        Bytes that it may have.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        If it is a folder, a device or a pipe, or is larger.
    OSError
        If it is not there or can't be read.

    Examples
    --------
    >>> bytes_of(Path("/dev/null"))
    Traceback (most recent call last):
    ...
    atlas.base.errors.InputError: /dev/null is a device or a pipe; give a file
    """
    kind = path.stat().st_mode
    if stat.S_ISDIR(kind):
        raise InputError(f"{path} is a folder; give a file")
    if not stat.S_ISREG(kind):
        raise InputError(f"{path} is a device or a pipe; give a file")
    with path.open("rb") as stream:
        data = up_to(stream, most + 1)
    if len(data) > most:
        raise InputError(f"{path} is larger than {most / 1e6:,.0f} MB; cut it")
    return data


def up_to(stream: BinaryIO, most: int) -> bytes:
    """What a stream still holds, but no more than some bytes of it.

    Asked for all at once, Python sets aside as many bytes as it is asked for, whatever comes.

    Parameters
    ----------
    stream : binary file
    most : int
        Bytes.

    Returns
    -------
    bytes

    Examples
    --------
    >>> import io
    >>> up_to(io.BytesIO(b"abc"), 2), up_to(io.BytesIO(b"abc"), 9)
    (b'ab', b'abc')
    """
    parts, left = [], most
    while left > 0 and (block := stream.read(min(left, _BLOCK))):
        parts.append(block)
        left -= len(block)
    return b"".join(parts)
