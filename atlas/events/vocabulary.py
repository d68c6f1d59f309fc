"""Words for sorts of events: ours where another word means the same, else the word as it stands."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["canonical"]

#: Words of datasets that mean what a word of ours means.
_MEANS = {
    "battles": "battle",
    "armed clash": "battle",
    "explosions/remote violence": "explosions_remote_violence",
    "explosions remote violence": "explosions_remote_violence",
    "remote violence": "explosions_remote_violence",
    "violence against civilians": "violence_against_civilians",
    "protests": "protest",
    "riots": "riot",
    "riots/protests": "protest",
    "strategic developments": "strategic_development",
    "strategic development": "strategic_development",
    "headquarters or base established": "strategic_development",
    "non-violent transfer of territory": "strategic_development",
}


@cache
def _ours() -> frozenset[str]:
    from atlas.record.schema import EVENT_TYPES

    return frozenset(EVENT_TYPES)


def canonical(word: str) -> str:
    """Our word for a sort of event, or the word itself if we have none for it.

    Examples
    --------
    >>> canonical("Violence against civilians"), canonical("Shelling ")
    ('violence_against_civilians', 'Shelling')
    """
    clean = " ".join(word.split())
    lower = clean.casefold()
    if lower in _MEANS:
        return _MEANS[lower]
    ours = re.sub(r"[\s-]+", "_", lower)
    return ours if ours in _ours() else clean
