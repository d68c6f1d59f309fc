"""What letters of the Arabic script may stand for: one letter for several sounds.

A name in it has its long vowels and consonants only, and ``و`` is u, o or v, ``ی`` is i, y or e. So
a name that is on record in other letters is found by the readings of what was written.
"""

from __future__ import annotations

from itertools import islice, product

from atlas.base.folding import fold, script_of

__all__ = ["readings"]

_SOUNDS = {"w": ("u", "o", "v"), "y": ("i", "y", "e")}
_MOST = 81  # four letters of three sounds each
_ENDS = (("h", "a"), ("h", "e"), ("h", ""))


def readings(text: str) -> tuple[str, ...]:
    """List what a name in Arabic letters may read like in Latin ones.

    Parameters
    ----------
    text : str
        A name.

    Returns
    -------
    tuple of str
        Folded keys, without the letter-by-letter one; empty for other scripts.

    Examples
    --------
    >>> "kabul" in readings("کابول"), readings("Kabul")
    (True, ())
    """
    if text.isascii() or script_of(text) != "Arab":
        return ()
    plain = fold(text).replace("aa", "a")
    whole = [plain, *(plain[:-1] + new for old, new in _ENDS if plain.endswith(old))]
    found: dict[str, None] = {}
    for key in whole:
        sounds = (_SOUNDS.get(letter, (letter,)) for letter in key)
        found |= dict.fromkeys(map("".join, islice(product(*sounds), _MOST)))
    found.pop(plain, None)
    return tuple(found)
