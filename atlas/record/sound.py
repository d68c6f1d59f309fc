"""Packs that were checked before: known again by the hash of their files and of the checking code.

Only that there was no fault is remembered, as an empty file whose name is the hash; nothing is read
from it. A changed file, a changed line of the code or another version of it is another hash.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

from atlas.base.cache import cache_directory

__all__ = ["hash_of", "known_sound", "remember_sound"]


@cache
def _code() -> bytes:
    """Hash of the package's own code and words, which decide what a fault is."""
    root = Path(str(files("atlas")))
    total = hashlib.sha256()
    for path in sorted((*root.rglob("*.py"), *(root / "words").glob("*.json"))):
        if path.relative_to(root).parts[0] != "geodata":
            total.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return total.digest()


def hash_of(directory: Path) -> str:
    """Hash of all files of a pack and of the code that checks them.

    Parameters
    ----------
    directory : Path
        The pack's folder.

    Returns
    -------
    str
        Hexadecimal; empty where a file can't be read or is a link, so that the pack is checked.
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


def known_sound(key: str) -> bool:
    """Whether a pack of this hash was checked before and had no fault."""
    try:
        return bool(key) and (cache_directory() / "sound" / key).is_file()
    except OSError:
        return False


def remember_sound(key: str) -> None:
    """Remember that a pack of this hash has no fault; where that can't be written, it is not."""
    if key:
        with suppress(OSError):
            folder = cache_directory() / "sound"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / key).touch()
