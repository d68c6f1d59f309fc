"""Words of the site's interface in English, Armenian, Azerbaijani and Russian.

What the map says too (kinds of events, statuses, certainties) is read from the map's own list,
so that the two can't call one thing by two names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from atlas.base.errors import NotFoundError

__all__ = ["LANGUAGES", "MONTHS", "SPACE", "all_words", "word"]

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "hy": "Հայերեն",
    "az": "Azərbaycanca",
    "ru": "Русский",
}
"""Languages of the interface, each by its own name."""

MONTHS = (
    "January February March April May June July August September October November December"
).split()

SPACE = "\u202f"
"""Between thousands."""

_LINE = re.compile(r"^\s+(\w+): (\[.*\]),$", re.MULTILINE)


@cache
def all_words() -> Mapping[str, tuple[str, ...]]:
    """All words by key, each in the order of `LANGUAGES`; the map's own where we have none."""
    own = json.loads((files("atlas.site") / "web" / "words.json").read_text(encoding="utf-8"))
    script = (files("atlas.map") / "web" / "i18n.js").read_text(encoding="utf-8")
    shared = {key: tuple(json.loads(row)) for key, row in _LINE.findall(script)}
    merged = shared | {key: tuple(row) for key, row in own.items()}
    return {key: row for key, row in merged.items() if len(row) == len(LANGUAGES)}


def word(key: str) -> tuple[str, ...]:
    """Look up a word in all languages.

    Raises
    ------
    NotFoundError
        If neither the site nor the map has it.
    """
    try:
        return all_words()[key]
    except KeyError:
        raise NotFoundError(f"the interface has no word {key!r}; add it to words.json") from None
