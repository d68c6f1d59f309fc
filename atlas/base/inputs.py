"""Files that are read whole: plain ones, and no larger than what they are for."""

from __future__ import annotations

import stat
from pathlib import Path

from atlas.base.errors import InputError

__all__ = ["MAX_FILE", "bytes_of"]

MAX_FILE = 1 << 30
"""Bytes of the largest file that is read at once."""


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
        data = stream.read(most + 1)
    if len(data) > most:
        raise InputError(f"{path} is larger than {most / 1e6:,.0f} MB; cut it")
    return data
