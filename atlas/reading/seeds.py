"""What is on record about a document that was read before: its day of publication."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from atlas.base.errors import InputError
from atlas.base.timespan import parse_day

__all__ = ["published_on_record", "read_front_matter"]

_HERE = Path(__file__).resolve().parents[2] / "seeds"


def read_front_matter(path: Path) -> dict[str, str]:
    """Read the ``key: value`` lines between the first two ``---`` lines of a file.

    Returns
    -------
    dict of str to str
        Empty where the file has no front matter.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].strip() != "---":
        return {}
    found: dict[str, str] = {}
    for line in lines[1:]:
        if line.strip() == "---":
            return found
        key, colon, value = line.partition(":")
        if colon:
            found[key.strip()] = value.strip()
    return {}


def published_on_record(text: str, *, folders: Iterable[Path] | None = None) -> str:
    """Look up when a text was published, by its SHA-256 among the seed records.

    Parameters
    ----------
    text : str
        The whole text, as read from its UTF-8 file.
    folders : iterable of Path, optional
        Folders of seed records; by default ``seeds`` beside the package and in the working folder.

    Returns
    -------
    str
        ISO day; ``""`` where the text is not on record.

    Examples
    --------
    >>> published_on_record("a text that no seed holds", folders=[])
    ''
    """
    wanted = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    for folder in folders if folders is not None else (_HERE, Path("seeds")):
        for path in sorted(folder.glob("*.md")):
            matter = read_front_matter(path)
            if matter.get("sha256") != wanted:
                continue
            try:
                parse_day(matter.get("published", ""))
            except InputError:
                continue
            return matter["published"]
    return ""
