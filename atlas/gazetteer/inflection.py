"""Case endings: bring an inflected name and its plain form to one stem.

A stem is only a way to look a name up again after a miss. Both the names of the gazetteer and the
words of a text are stemmed, so it does not matter that a stem is seldom a word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from atlas.base.folding import fold

__all__ = ["ENDED", "WORLD_ENDINGS", "is_case_ending", "is_clean", "stem"]

# Endings of nouns and adjectives, folded to Latin letters, by script.
_ENDINGS = {
    "Cyrl": (
        "a u e i y o ya yu oy ey om em yem ov iy yy aya yaya oe ee ogo ego "
        "omu emu ym im uyu yuyu ykh ikh ymi imi ye ie iyu"
    ),
    "Armn": (
        "vum vits vic vi vov um its ic uts ov i in y n s u an na nery neri nerum ner er yan eri"
    ),
    "Latn": (
        "da de dan den nda nde ndan nden ya ye a e i u in un nin nun ni nu daki deki ndaki "
        "ndeki la le na ne ta te tan ten yi yu sinda sinde nidan"
    ),
    "Grek": "s n u i a o e as is os es on us in an ai oi ei ous",
    "Geor": "shi a ze tan dan idan is s ad isa ma i eti ebi ebs ebis",
}
_SORTED = {
    script: tuple(sorted(endings.split(), key=lambda item: (-len(item), item)))
    for script, endings in _ENDINGS.items()
}
_REPEATED = {"Armn", "Latn", "Cyrl", "Geor"}
_SHORTEST = 3
#: Scripts whose languages put endings on names.
ENDED = frozenset(_ENDINGS) - {"Latn"}
#: What a stem may have lost: tried in turn among the world's names, which have no stems.
WORLD_ENDINGS = ("", "a", "ya", "i", "y", "o", "as", "os", "e")


@lru_cache(maxsize=1 << 16)
def stem(text: str, script: str) -> str:
    """Strip the case endings of every word of a name.

    Parameters
    ----------
    text : str
        A name or a key.
    script : str
        ISO 15924 script it is written in: Cyrl (Russian endings), Armn, Grek, Geor, or
        Latn (Azerbaijani endings).

    Returns
    -------
    str
        Stems parted by spaces; ``""`` for other scripts.

    Examples
    --------
    >>> stem("Нагорном Карабахе", "Cyrl") == stem("Нагорный Карабах", "Cyrl")
    True
    >>> stem("Ստեփանակերտում", "Armn") == stem("Ստեփանակերտ", "Armn")
    True
    >>> stem("Xankəndidə", "Latn") == stem("Xankəndi", "Latn")
    True
    """
    endings = _SORTED.get(script)
    if endings is None:
        return ""
    return " ".join(_strip(word, endings, script in _REPEATED) for word in fold(text).split())


def _strip(word: str, endings: tuple[str, ...], again: bool) -> str:
    while True:
        fits = (one for one in endings if len(word) - len(one) >= _SHORTEST and word.endswith(one))
        found = next(fits, "")
        if not found:
            return word
        word = word[: -len(found)]
        if not again:
            return word


# Of Latin-script languages only these put endings on names, and where a text is written without
# their letters, only "in" and "from" are told from the end of another name.
_TURKIC_LETTERS = re.compile("[əƏğĞıİşŞçÇ]")
_TURKIC_ENDING = re.compile(r"['’]?[nsy]?[iıuü]?n?[dt][aəe]n?$|['’][\w]{1,4}$")


def is_case_ending(text: str, name: str, script: str) -> bool:
    """Whether a text is surely a name with a case ending, and not just like it.

    Parameters
    ----------
    text, name : str
        As written, with one stem.
    script : str
        ISO 15924 of the text.

    Examples
    --------
    >>> is_case_ending("Bakıdan", "Bakı", "Latn"), is_case_ending("Lachine", "Lachin", "Latn")
    (True, False)
    """
    if script != "Latn":
        return True
    return bool(_TURKIC_LETTERS.search(text) or _TURKIC_ENDING.search(text))


def is_clean(key: str, name: str, script: str) -> bool:
    """Whether a folded text is a folded name and one case ending, and nothing else.

    Examples
    --------
    >>> is_clean("gorisum", "goris", "Armn"), is_clean("gorisum", "gori", "Armn")
    (True, False)
    """
    return key.startswith(name) and key[len(name) :] in _SORTED.get(script, ())
