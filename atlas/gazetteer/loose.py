"""A looser look at a name among the few places of one district.

Among thousands of places a spelling two letters off means nothing. Among those of one district it
is worth a look at what sources write differently: the Armenian affricates, which the eastern and
the western pronunciation voice the other way round (Jrakus, Chrakus; Melikjan, Melikchan); numbers
("Tigik-I", "Birinci Tığik"); and words for what has become of a place (ruins, a farm).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from atlas.base.folding import fold

__all__ = ["loose_key", "nearest"]

_AFFRICATE = re.compile(r"dzh|tch|dz|ch|ts|tz|zh|j|c")
_FIGURES = re.compile(r"\d")  # the first village is not the second
_NUMBERS = {
    word: str(number)
    for number, words in enumerate(
        (
            "i 1 birinci birinji pervoye pervoe pervyy pervaya pervyye arajin",
            "ii 2 ikinci ikinji vtoroye vtoroe vtoroy vtoraya vtoryye yerkrord",
            "iii 3 ucuncu uchunju tretye trete tretiy tretya yerrord",
        ),
        1,
    )
    for word in words.split()
}
_DROPPED = frozenset(
    "ruins razvaliny xarabaliqlari kharabalyglary averakner molochno tovarnaya ferma mtf".split()
)
_LEAST = 6  # letters; a shorter name has to agree in every sound


def loose_key(text: str) -> str:
    """What is left of a name when sources that write it differently are to agree.

    Examples
    --------
    >>> loose_key("Tigik-I"), loose_key("Birinci Tigik")
    ('1 tigik', '1 tigik')
    >>> loose_key("Melik’ch’an") == loose_key("Մելիքջան")
    True
    """
    words = [word for word in fold(text).split() if word not in _DROPPED]
    return " ".join(sorted(_NUMBERS.get(word) or _AFFRICATE.sub("c", word) for word in words))


def nearest(name: str, others: Iterable[tuple[str, int]]) -> list[tuple[int, int]]:
    """Find the names that agree with one, or miss it by one letter.

    Parameters
    ----------
    name : str
        As written.
    others : iterable of (str, int)
        Names as written, each with its number.

    Returns
    -------
    list of (int, int)
        Number and distance of the nearest; empty where none is near enough.
    """
    key = loose_key(name)
    limit = 1 if len(key) >= _LEAST else 0
    found = []
    for other, number in others:
        near = loose_key(other)
        distance = OSA.distance(key, near, score_cutoff=limit)
        if distance <= limit and _FIGURES.findall(key) == _FIGURES.findall(near):
            found.append((number, distance))
    least = min((distance for _, distance in found), default=0)
    return [(number, distance) for number, distance in found if distance == least and key]
