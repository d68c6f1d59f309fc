"""Pure text folding: one Latin key for the spellings of one name.

A key ignores case, diacritics, apostrophes, hyphens and script: ``Kabul`` and
``Καμπούλ`` fold to the same key, so do ``Herat`` and ``Հերատ``. A key is for looking
up, never for showing.

Notes
-----
Transliteration is anyascii's, letter by letter, with our own reading of what a letter alone can't
tell: Armenian ``ու`` and the initial ``ե`` and ``ո``; Greek ``ου``, ``μπ``, ``ντ``, ``γκ``. Both
follow the common English romanisation of place names (BGN/PCGN), not a scholarly one.
"""

from __future__ import annotations

import re
import unicodedata
from codecs import charmap_build, charmap_encode
from collections.abc import Iterable, Iterator
from functools import lru_cache

from anyascii import anyascii

__all__ = [
    "fold",
    "has_capitals",
    "initials",
    "looks_mended",
    "readable",
    "repair",
    "romanise",
    "script_of",
    "skeleton",
    "tokens",
]

# Letters whose reading depends on their neighbours become upper-case markers in the one pass over
# the text, and the markers are read afterwards: only names in these scripts pay for it.
_MARKERS = {
    # Armenian
    "ո": "A", "ւ": "W", "ե": "E", "ռ": "r", "և": "Ev", "ը": "y", "յ": "y",
    # Greek
    "ο": "O", "υ": "Y", "μ": "M", "π": "P", "ν": "N", "τ": "T", "γ": "G", "κ": "K", "χ": "kh",
    "η": "i", "β": "v",
    # Latin letters that are no plain letter with an accent; anyascii says the same
    "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ə": "e",
    # Arabic: anyascii leaves this letter out; doubled, a long a is no Latin name's
    "ا": "aa",
}  # fmt: skip
_READ = (
    ("AW", "u"),
    ("OY", "u"),
    ("MP", "b"),
    ("NT", "d"),
    ("GK", "g"),
    ("GG", "g"),
    ("W", "v"),
)
_INITIAL = re.compile(r"(?<![a-zA-Z])([AE])(?!v)")
_SILENT = frozenset("'`\"´’‘ʼʻʽʾʿˈ′″“”„«»՚՛՜՝՞ʹʺ")
_ARMENIAN_INITIAL = {"A": "vo", "E": "ye"}


_LOOSE = "Z"


class _Table(dict[int, "str | int | None"]):
    """Folding of single characters, worked out when one is first met."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark = mark

    def __missing__(self, code: int) -> str | int | None:
        character = chr(code)
        mark = unicodedata.category(character)[0] == "M" or character not in _stable(character)
        folded = self._mark if mark and self._mark else self._fold(character)
        # Numbers are what `str.translate` copies fastest.
        found = ord(folded) if len(folded) == 1 else folded or None
        self[code] = found
        return found

    @staticmethod
    def _fold(character: str) -> str:
        if character in _SILENT or unicodedata.category(character)[0] == "M":
            return ""
        if 0xD800 <= ord(character) <= 0xDFFF:
            return " "
        if character in "йЙ":
            return "y"
        if character in "-–—":
            return " "
        base = unicodedata.normalize("NFD", character.casefold())
        bare = "".join(c for c in base if unicodedata.category(c)[0] != "M")
        if bare in _MARKERS:
            return _MARKERS[bare]
        latin = "".join(_MARKERS.get(c) or _latin(c) for c in bare)
        kept = "".join(c if c.isalnum() else "" if c in _SILENT else " " for c in latin)
        return kept if kept or not latin.strip("'`\"") else " "


def _latin(character: str) -> str:
    # anyascii opens its data on the first call, so a letter that needs none is not asked about.
    return character if character.isascii() else anyascii(character).lower()


def _stable(character: str) -> str:
    try:
        return unicodedata.normalize("NFKC", character)
    except ValueError:
        return character


# The first table is for composed text, as nearly all is: a loose accent, or a character that only
# stands for others, gives a marker, and the text is composed and read again with the second.
_TABLE, _COMPOSED = _Table(_LOOSE), _Table("")


def _in_bytes(characters: Iterable[str]) -> tuple[str, bytes, bytes]:
    """Give each character a byte; what each byte folds to, and those that fold to nothing."""
    folded = {character: _TABLE[ord(character)] for character in characters}
    reads = bytes(found if isinstance(found, int) else 32 for found in folded.values())
    silent = bytes(byte for byte, found in enumerate(folded.values()) if found is None)
    return "".join(folded).ljust(256, "\ufffe"), reads.ljust(256), silent


def _small_letters() -> Iterator[str]:
    """ASCII but its capitals, and the small letters of Latin alphabets that fold to one letter."""
    yield from filter(lambda character: not character.isupper(), map(chr, range(128)))
    yield from "–—‘’“”"
    for letter in (*map(chr, range(0xDF, 0x180)), *"ǧșțơưə", *map(chr, range(0x1EA0, 0x1EFA))):
        base = unicodedata.normalize("NFD", letter)[0]
        if letter.islower() and (base in _MARKERS or base.isascii()):
            yield letter


# Most text is folded as bytes, several times as fast as letter by letter, by the same table.
_, _ASCII, _ASCII_SILENT = _in_bytes(map(chr, range(128)))
_SMALL, _LATIN, _LATIN_SILENT = _in_bytes(_small_letters())
_TO_BYTES = charmap_build(_SMALL)


def romanise(text: str) -> str:
    """Write text in lower-case Latin letters, keeping its words apart.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        ASCII letters, digits and spaces; not yet trimmed. `fold` trims it.

    Examples
    --------
    >>> romanise("Ստեփանակերտ")
    'stepanakert'
    """
    folded = text.translate(_TABLE)
    return folded if folded.islower() else _read_markers(folded, text)


def _read_markers(text: str, original: str) -> str:
    if _LOOSE in text:
        text = unicodedata.normalize("NFKC", original).translate(_COMPOSED)
    for marker, letter in _READ:
        if marker in text:
            text = text.replace(marker, letter)
    text = _INITIAL.sub(lambda match: _ARMENIAN_INITIAL[match[1]], text)
    return text.replace("A", "o").lower()


def fold(text: str) -> str:
    """Fold a name into the key it is looked up by.

    Parameters
    ----------
    text : str
        A name in any script, composed or decomposed.

    Returns
    -------
    str
        Lower-case ASCII letters and digits, words parted by single spaces; ``""`` where the text
        has no letter or digit. Folding a key gives the key.

    Examples
    --------
    >>> fold("Mərkəndi"), fold("Ta'izz"), fold("Al-Ḥudayda"), fold("Шумша")
    ('merkendi', 'taizz', 'al hudayda', 'shumsha')
    >>> fold("Καμπούλ") == fold("Kabul")
    True
    """
    if text.isascii():
        if text.isalpha():  # most names of most gazetteers
            return text.lower()
        folded = text.encode().translate(_ASCII, _ASCII_SILENT).decode()
    elif text[0] > "\u024f":  # seldom Latin
        folded = romanise(text)
    else:
        small = text.lower()
        # What has no byte is left out, and the lengths tell.
        coded = charmap_encode(small, "ignore", _TO_BYTES)[0]
        if len(coded) == len(small):
            folded = coded.translate(_LATIN, _LATIN_SILENT).decode()
        else:
            folded = romanise(text)
    folded = folded.strip()
    return " ".join(folded.split()) if "  " in folded else folded


def tokens(text: str) -> tuple[str, ...]:
    """Split a name into its folded words.

    Examples
    --------
    >>> tokens("Monte-Negro")
    ('monte', 'negro')
    """
    return tuple(fold(text).split())


# Spellings of one sound in the romanisations that sources use (BGN/PCGN, Cyrillic at second hand,
# Turkic Latin, ad hoc), longest first.
_SOUNDS = re.compile("shch|dzh|tch|kh|gh|zh|sh|ch|ts|tz|dz|ph|ck|ou|oo|ee|x|q|g|w|y|c|h(?![aeiou])")
_SOUND = {
    "shch": "s", "dzh": "j", "tch": "c", "kh": "k", "gh": "k", "zh": "j", "sh": "s", "ch": "c",
    "ts": "c", "tz": "c", "dz": "j", "ph": "f", "ck": "k", "ou": "u", "oo": "u", "ee": "i",
    "x": "k", "q": "k", "g": "k", "w": "v", "y": "i", "c": "j", "h": "",
}  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiou]+")


@lru_cache(maxsize=1 << 16)
def skeleton(text: str) -> str:
    """Reduce a name to the sounds that survive every romanisation: a key for a second try.

    Parameters
    ----------
    text : str
        A name or a key.

    Returns
    -------
    str
        Consonants by sound, without vowels (an initial vowel stays, as ``a``) and doublings.

    Examples
    --------
    >>> skeleton("Tadzhikabad"), skeleton("Təcikəbəd"), skeleton("Tajikabad")
    ('tjkbd', 'tjkbd', 'tjkbd')
    """
    parts = []
    for word in fold(text).split():
        sounds = _SOUNDS.sub(lambda match: _SOUND[match[0]], word)
        start = "a" if sounds[:1] in ("a", "e", "i", "o", "u") else ""
        parts.append(start + _DOUBLE.sub(r"\1", _VOWELS.sub("", sounds)))
    return "".join(parts)


def initials(text: str) -> str:
    """Take the first letters of the words of a name.

    Examples
    --------
    >>> initials("Union for free trade")
    'ufft'
    """
    return "".join(word[0] for word in tokens(text))


# Letters that look alike in Latin, Cyrillic and Greek, and figures that scanning takes for letters.
_CYRILLIC_LOOKS = "АВЕКМНОРСТХУаеорсухіјѕԁһ"
_LATIN_LOOKS = "ABEKMHOPCTXYaeopcyxijsdh"
_LATIN_FROM_CYRILLIC = str.maketrans(_CYRILLIC_LOOKS, _LATIN_LOOKS)
_CYRILLIC_FROM_LATIN = str.maketrans(_LATIN_LOOKS, _CYRILLIC_LOOKS)
_FIGURES = str.maketrans("015864|!$", "oisbballs")
_SCANNED = (("rn", "m"), ("vv", "w"), ("ii", "u"), ("cl", "d"), ("m", "rn"), ("l", "i"), ("1", "l"))


def repair(text: str) -> tuple[str, ...]:
    """List readings of a name that scanning or mixed keyboards may have spoilt.

    Parameters
    ----------
    text : str
        A name that was not found as it stands.

    Returns
    -------
    tuple of str
        Folded keys to try, likeliest first, without the plain one.

    Examples
    --------
    >>> repair("5tepanakert")[0], repair("Ноrаdiz")[0]
    ('stepanakert', 'horadiz')
    """
    plain = fold(text)
    found: dict[str, None] = {}
    if not text.isascii():
        for table in (_LATIN_FROM_CYRILLIC, _CYRILLIC_FROM_LATIN):
            found[fold(text.translate(table))] = None
    if any(character.isdigit() or character in "|!$" for character in text):
        found[fold(text.replace("5", "s").replace("1", "l").translate(_FIGURES))] = None
        found[fold(text.translate(_FIGURES))] = None
    for wrong, right in _SCANNED:
        if wrong in plain:
            found[plain.replace(wrong, right, 1)] = None
    found.pop(plain, None)
    found.pop("", None)
    return tuple(found)


def looks_mended(text: str, key: str) -> bool:
    """Whether a reading only undoes letters of another alphabet that look the same.

    Parameters
    ----------
    text : str
        A name as written.
    key : str
        One of its readings, as `repair` lists them.

    Examples
    --------
    >>> looks_mended("Ноrаdiz", "horadiz"), looks_mended("5tepanakert", "stepanakert")
    (True, False)
    """
    return not text.isascii() and any(
        key == fold(text.translate(table)) for table in (_LATIN_FROM_CYRILLIC, _CYRILLIC_FROM_LATIN)
    )


_SCRIPTS = (
    ("Latn", "LATIN"),
    ("Cyrl", "CYRILLIC"),
    ("Armn", "ARMENIAN"),
    ("Grek", "GREEK"),
    ("Geor", "GEORGIAN"),
    ("Arab", "ARABIC"),
    ("Hebr", "HEBREW"),
    ("Hani", "CJK"),
    ("Jpan", "KATAKANA"),
    ("Jpan", "HIRAGANA"),
    ("Kore", "HANGUL"),
)


@lru_cache(maxsize=1 << 12)
def _script_of_character(character: str) -> str:
    name = unicodedata.name(character, "")
    for code, word in _SCRIPTS:
        if word in name:
            return code
    return "Zyyy"


def script_of(text: str) -> str:
    """Say in which script a name is written.

    Parameters
    ----------
    text : str
        A name.

    Returns
    -------
    str
        ISO 15924: the script of most of its letters; ``Zyyy`` where it has none we know.

    Examples
    --------
    >>> script_of("Հերատ"), script_of("Mərkəndi"), script_of("Шумша")
    ('Armn', 'Latn', 'Cyrl')
    """
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else "Zyyy"
    counts: dict[str, int] = {}
    for character in text:
        if character.isalpha():
            code = _script_of_character(character)
            counts[code] = counts.get(code, 0) + 1
    return max(counts, key=lambda code: (counts[code], code)) if counts else "Zyyy"


def has_capitals(character: str) -> bool:
    """Whether a letter's script writes sentences with a capital at their head.

    Georgian has capitals by Unicode and does not use them so.

    Examples
    --------
    >>> has_capitals("a"), has_capitals("ა")
    (True, False)
    """
    return character.lower() != character.upper() and _script_of_character(character) != "Geor"


def readable(identity: str) -> str:
    """Write an id as words, for want of a name.

    Examples
    --------
    >>> readable("side_a"), readable("northern-army"), readable("AZ")
    ('Side A', 'Northern army', 'AZ')
    """
    words = [word for word in re.split(r"[_-]+", identity) if word]
    if len(words) < 2:
        return identity
    text = " ".join(word.upper() if len(word) == 1 else word for word in words)
    return text[0].upper() + text[1:]
