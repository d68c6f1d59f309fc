"""Numbers as people and programs write them, and the many ways to write nothing."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

__all__ = [
    "MISSING", "decimal_mark", "is_missing_text", "plain_digits", "plain_text", "read_number",
]  # fmt: skip

#: Words that mean "no value", without case.
MISSING = frozenset(
    {"", "na", "n/a", "n.a.", "#n/a", "#na", "null", "(null)", "none", "nil", "nan", "nat", "-",
     "--", "---", "–", "—", ".", "\\n", "<na>", "unknown", "?", "n.d.", "nd", "tbd", "tbc",
     "not available", "not known", "no data", "#null!", "#value!", "#ref!", "#div/0!", "#name?",
     "#num!", "#n/d", "#nv", "not stated", "n/k",
     # The same in other languages; never a word for "none", which beside a count can mean 0.
     "inconnu", "inconnue", "non connu", "n.c.", "s/d", "s.d.", "n/d", "sin datos",
     "sin dato", "desconocido", "desconocida", "desconhecido", "sem dados", "sconosciuto",
     "non noto", "unbekannt", "k.a.", "k. a.", "keine angabe", "keine angaben", "onbekend",
     "okänd", "nieznany", "brak danych", "b.d.", "н/д", "н.д.", "нет данных", "неизвестно",
     "неизвестен", "неизв.", "немає даних", "невідомо", "bilinmiyor", "belirsiz", "veri yok",
     "naməlum", "məlum deyil", "məlumat yoxdur", "անհայտ", "հայտնի չէ", "տվյալ չկա", "უცნობია",
     "უცნობი", "άγνωστο", "άγνωστος", "غير معروف", "غير متوفر", "مجهول", "نامشخص",
     "نامعلوم", "לא ידוע", "אין נתונים", "不明", "未知", "不详", "미상", "알 수 없음"}
)  # fmt: skip

#: Signs that a cell has which is too long to be such a word.
_LONGEST = 16

_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "﹣": "-", "－": "-", "＋": "+", "٫": ".", "٬": ",", "’": "'"}
)
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)
_COMMA = re.compile(r"[-+]?\d*,\d+", re.ASCII)
_GROUPS = re.compile(
    r"[-+]?\d{1,3}(?P<mark>[,.' ])\d{2,3}(?:(?P=mark)\d{2,3})*(?:(?P<point>[.,])\d+)?", re.ASCII
)
_LAST_GROUP = re.compile(r"[,.' ]\d{3}(?:[.,]\d+)?$", re.ASCII)


def is_missing_text(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return len(text) < _LONGEST and text.strip().casefold() in MISSING


@cache
def plain_text() -> str:
    """Pattern of cells that are no word for nothing, for their length, first or last letter.

    They also begin and end with a sign of ASCII, so that there is no space around them. It says
    nothing of other cells; it is for an engine without backtracking, over millions.
    """
    first, last = (
        "".join(
            f"\\x{code:02x}"
            for code in range(0x21, 0x7F)
            if chr(code).casefold() not in {word[at] for word in MISSING if word}
        )
        for at in (0, -1)
    )
    long = rf"[!-~].{{{_LONGEST - 2},}}[!-~]"
    return rf"(?s)^(?:[{first}](?:.*[!-~])?|(?:[!-~].*)?[{last}]|{long})$"


def plain_digits(text: str) -> str:
    """Figures of any script as ASCII, odd signs and spaces as ordinary ones."""
    if text.isascii():
        return text.strip()
    kept = (
        str(unicodedata.digit(mark)) if unicodedata.category(mark) == "Nd" else mark
        for mark in text.translate(_SIGNS)
        if unicodedata.category(mark) != "Cf"
    )
    return _SPACES.sub(" ", "".join(kept)).strip()


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark that the numbers of a table show: ``,`` or ``.``; "" if they show none.

    A mark followed by other than three figures, or a second kind of mark after it, is decimal.
    """
    shows = {",": 0, ".": 0}
    for cell in cells:
        text = plain_digits(cell)
        if len(text) > 40 or not text or text[-1] not in "0123456789":
            continue
        points = [mark for mark in text if mark in ",."]
        if not points or re.fullmatch(r"[-+\d.,' ]+", text) is None:
            continue
        mark = points[-1]
        after = len(text) - text.rindex(mark) - 1
        if points.count(mark) > 1:
            shows["," if mark == "." else "."] += 1  # it groups, so the other one is decimal
        elif len(set(points)) == 2 or after != 3 or text.lstrip("+-").startswith("0"):
            shows[mark] += 1
    if bool(shows[","]) == bool(shows["."]):
        return ""
    return "," if shows[","] else "."


def read_number(text: str, decimal: str = "", *, counts: bool = False) -> float:
    """Read one number.

    Parameters
    ----------
    text : str
        ``12``, ``46.75``, ``46,75``, ``1,200``, ``1 200``, ``1.200,5``, figures of any script.
    decimal : {'', ',', '.'}
        The decimal mark that the table shows elsewhere, see `decimal_mark`.
    counts : bool
        Whether it counts something, so that a group of three figures after a mark is thousands.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is no number, or can be two; the text says which.

    Examples
    --------
    >>> read_number("1,200", counts=True), read_number("46,752")
    (1200.0, 46.752)
    """
    clean = plain_digits(text)
    if len(clean) > 60:
        raise ValueError("")
    if counts and (match := re.fullmatch(r"[-+]?\d{1,3}([.,])\d{3}", clean)) and clean[0] != "0":
        mark = match[1]
        if decimal == mark or (not decimal and mark == "."):
            raise ValueError(f"can be {clean.replace(mark, '')} or {clean.replace(',', '.')}")
        return float(clean.replace(mark, ""))
    if _PLAIN.fullmatch(clean):
        return _finite(clean)
    if _COMMA.fullmatch(clean):
        return _finite(clean.replace(",", "."))
    match = _GROUPS.fullmatch(clean)
    if match and _LAST_GROUP.search(clean) and match["point"] != match["mark"]:
        whole = clean.replace(match["mark"], "")
        return _finite(whole.replace(",", "."))
    raise ValueError("")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("")
    return value
