"""Words that say what kind of place a name is: `village`, `с.`, `гор.`, `rayonu`, `municipio de`.

The words are data: ``data/type_words.csv`` has a row for each language and kind. A word that ends
in a point is an abbreviation and counts only where the point is written, or where it is a small
letter by itself before a capital.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

from atlas.base.folding import fold

__all__ = ["without_type"]

_TABLE = files("atlas.gazetteer") / "data" / "type_words.csv"
_POINT = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
_JOINED = frozenset("of the de del d du la le el da".split())


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, str], dict[str, str]]:
    """Folded words -> kind: those written in full, and abbreviations."""
    full: dict[str, str] = {}
    short: dict[str, str] = {}
    for row in csv.DictReader(_TABLE.read_text(encoding="utf-8").splitlines()):
        for word in row["words"].split("|"):
            key = fold(word)
            if key:
                (short if word.endswith(".") else full).setdefault(key, row["kind"])
    return full, short


def without_type(text: str) -> tuple[str, str | None]:
    """Take the word for its kind off a name.

    Parameters
    ----------
    text : str
        A name as written.

    Returns
    -------
    rest : str
        The name without it; ``""`` where there is no such word, or nothing but it.
    kind : str or None
        Kind of place that the word says, in the words of ``places.csv``.

    Examples
    --------
    >>> without_type("с.Талыш"), without_type("Talish village"), without_type("Talish")
    (('Талыш', 'settlement'), ('Talish', 'settlement'), ('', None))
    """
    words = _POINT.sub(". ", text.strip()).split()
    if len(words) < 2:
        return "", None
    for length in range(min(3, len(words) - 1), 0, -1):
        for first in (False, True):
            said = words[:length] if first else words[-length:]
            rest = words[length:] if first else words[:-length]
            kind = _kind(said, rest, first)
            if kind is None:
                continue
            while len(rest) > 1 and fold(rest[0 if first else -1]) in _JOINED:
                rest = rest[1:] if first else rest[:-1]
            left = " ".join(rest).strip(" ,")
            if fold(left):
                return left, kind
    return "", None


def _kind(said: list[str], rest: list[str], first: bool) -> str | None:
    full, short = _words()
    key = fold(" ".join(said))
    if key in full:
        return full[key]
    if key not in short:
        return None
    pointed = said[-1].endswith(".") or "-" in said[-1]
    alone = first and len(said[0]) == 1 and said[0].islower() and rest[0][:1].isupper()
    return short[key] if pointed or alone else None
