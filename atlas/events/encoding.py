"""Which encoding a text is in: told from its bytes, and said; never assumed.

UTF-8 is recognised by its structure, UTF-16 and UTF-32 by their marks or their zeros. For the rest
`chardet` makes a proposal, and it and the common code pages are tried on the words: in the right
one a word has one script, no sign in its middle and no capital after a small letter.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from atlas.base.errors import InputError

__all__ = ["Encoding", "check_encoding", "detect"]

_SAMPLE = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Code pages tried beside the proposal, the likeliest of what looks equally good first.
_PAGES = ("cp1252", "cp1251", "cp1254", "cp1253", "cp1256", "cp1255", "cp1250", "koi8-r",
          "mac_roman")  # fmt: skip
_SURE = 0.04  # of chardet's confidence on short texts
# Six letters are all that tells Turkish from Icelandic; Turkish is written by many more.
_TURKISH = re.compile(rb"(?<=[A-Za-z\x80-\xff])[\xd0\xf0\xfd\xfe]|[\xde\xfe](?=[A-Za-z\x80-\xff])")
_WORD = re.compile(r"[^\s\x00-\x40\[-`{-\x7f]+")


@dataclass(frozen=True)
class Encoding:
    """How bytes become text.

    Attributes
    ----------
    name : str
        The encoding as Python names it.
    strays : str
        Encoding of single bytes that are not UTF-8, where the rest is; else "".
    note : str
        What to tell the user; "" for plain UTF-8.
    """

    name: str
    strays: str = ""
    note: str = ""

    @property
    def plain(self) -> bool:
        """Whether the bytes are UTF-8 as they stand."""
        return self.name == "utf-8" and not self.strays

    def decode(self, data: bytes) -> str:
        """Turn bytes into text; what has no meaning becomes the replacement character."""
        if self.name != "utf-8" or not self.strays:
            return data.decode(self.name, "replace")
        return data.decode("utf-8", "surrogateescape").translate(_strays(self.strays))


@lru_cache(maxsize=8)
def _strays(name: str) -> dict[int, str]:
    """What each single byte that is not UTF-8 means in a code page."""
    return {0xDC00 + byte: bytes([byte]).decode(name, "replace") for byte in range(128, 256)}


def check_encoding(name: str) -> str:
    """Python's name of an encoding.

    Raises
    ------
    InputError
        If there is none of that name that turns bytes into text.
    """
    try:
        known = codecs.lookup(name)
        "a".encode(known.name)
        if not isinstance(b"a".decode(known.name), str):
            raise LookupError(name)
    except (LookupError, ValueError, UnicodeError, TypeError, AttributeError):
        raise InputError(
            f"there is no encoding {name!r}; write e.g. utf-8, cp1251, utf-16"
        ) from None
    return known.name


def detect(handle: BinaryIO) -> Encoding:
    """Tell the encoding of a stream; leaves it at its start.

    Parameters
    ----------
    handle : binary file

    Returns
    -------
    Encoding
    """
    handle.seek(0)
    head = handle.read(1 << 16)
    for mark, name in _BOMS:
        if head.startswith(mark):
            handle.seek(0)
            if name == "utf-8-sig":
                found = _beyond(handle)
                return Encoding("utf-8", found.strays, found.note)
            return Encoding(name, note=f"encoding: {name.upper()}")
    wide = _wide(head)
    if wide:
        handle.seek(0)
        return Encoding(wide, note=f"encoding: {wide.upper()} without a mark, told by its zeros")
    handle.seek(0)
    return _beyond(handle)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain letters is zero."""
    even, odd = head[0:4000:2], head[1:4000:2]
    if len(odd) < 4 or b"\x00" not in head:
        return ""
    if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return ""


def _beyond(handle: BinaryIO) -> Encoding:
    """Encoding of a stream without marks: UTF-8, UTF-8 with strays, or another."""
    handle.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    clean = True
    try:
        while block := handle.read(1 << 22):
            decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        clean = False
    handle.seek(0)
    if clean:
        return Encoding("utf-8")
    strays, several, sample = 0, 0, bytearray()
    # Lines that hold more than ASCII are the evidence, wherever in the file they are.
    while (block := handle.read(1 << 20)) and len(sample) < _SAMPLE:
        block += handle.readline(1 << 20)
        for line in block.splitlines():
            if not line.isascii() and len(sample) < _SAMPLE:
                sample += line[:4000] + b"\n"
                good, bad = _utf8_parts(line[:4000])
                several, strays = several + good, strays + bad
    handle.seek(0)
    mixed = several > strays
    name = _page(bytes(sample), mixed)
    if mixed:
        return Encoding(
            "utf-8", name, f"encoding: UTF-8; {strays} bytes that are not were read as {name}"
        )
    return Encoding(name, note=f"encoding: read as {name}; say encoding= if words look wrong")


def _utf8_parts(line: bytes) -> tuple[int, int]:
    """Number of characters of several bytes that are good UTF-8, and of bytes that are not."""
    text = line.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= mark <= "\udcff" for mark in text)
    return sum(mark > "\x7f" for mark in text) - strays, strays


def _page(sample: bytes, mixed: bool) -> str:
    if mixed:  # only the strays are in question, not the good UTF-8 around them
        text = sample.decode("utf-8", "surrogateescape")
        words = [
            "".join(mark for mark in word if mark < "\x80" or "\udc80" <= mark <= "\udcff")
            for word in text.split()
            if any("\udc80" <= mark <= "\udcff" for mark in word)
        ]
        sample = " ".join(words).encode("utf-8", "surrogateescape")
    proposal, sure = _proposal(sample)
    order = [*_PAGES, proposal] if sure < _SURE else [proposal, *_PAGES]
    if _TURKISH.search(sample) and proposal not in ("cp1250", "iso8859-2") and sure < _SURE:
        order.insert(0, "cp1254")
    best, least = "cp1252", float("inf")
    for name in dict.fromkeys(one for one in order if one):
        badness = _badness(sample, name)
        if badness < least:
            best, least = name, badness
    return best


@lru_cache(maxsize=8)
def _proposal(sample: bytes) -> tuple[str, float]:
    import chardet

    found = chardet.detect(sample)
    name = str(found.get("encoding") or "")
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return "", 0.0
    if name.startswith(("utf", "ascii")):
        return "", 0.0
    return name, float(found.get("confidence") or 0.0)


def _badness(sample: bytes, name: str) -> float:
    """Share of words with letters beyond ASCII that look wrong; infinite if it can't be read."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return float("inf")
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words:
        return 1.0
    return math.fsum(_wrong(word) for word in words) / len(words)


def _wrong(word: str) -> float:
    scripts: set[str] = set()
    letters = foreign = 0
    low = any(mark.islower() for mark in word)
    for before, mark in zip(" " + word, word, strict=False):
        kind = unicodedata.category(mark)
        if kind in ("Cc", "Cn", "Co", "Cs"):
            return 5.0
        if kind[0] == "L":
            letters += 1
            foreign += mark > "\x7f"
            scripts.add(unicodedata.name(mark, "?").split()[0])
            if kind == "Lu" and unicodedata.category(before) == "Ll":
                return 1.0
            # A capital inside a word that isn't all capitals; a sign that only looks like a letter.
            if mark == "ƒ" or (kind == "Lu" and mark > "\x7f" and before.isupper() and low):
                return 1.0
        elif mark > "\x7f" and kind in ("So", "Sm", "Sc", "Sk", "No", "Lo") and letters:
            return 1.0
    if len(scripts) > 1:
        return 1.0
    inside = [mark for mark in word.strip("".join(_QUOTES)) if mark > "\x7f"]
    if any(unicodedata.category(mark)[0] == "S" for mark in inside) and letters:
        return 1.0
    return 0.8 if "LATIN" in scripts and letters > 2 and foreign > 0.6 * letters else 0.0


_QUOTES = "«»“”„‘’‚–—…№"
