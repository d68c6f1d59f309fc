"""Datelines: where and when a report was sent, at the head of a line."""

from __future__ import annotations

import re

__all__ = ["dateline_end"]

_WHEN = r"(?:(?:[^\W\d_]{3,10}\.?\s+\d{1,2}|\d{1,2}\.?\s+[^\W\d_]{3,10})(?:,?\s*\d{4})?)"
_WHO = r"(?:\([^)\n]{1,40}\)|/[^/\n]{1,40}/|[A-Z][A-Za-z]{2,15})"
_COUNTRY = r"(?:,\s*[A-Z][\w. ]{1,20})?"
# "BAKU, May 26 (Agency) - ": parted by a dash or a colon.
_PARTED = re.compile(
    rf"^{_COUNTRY}(?:,?\s*{_WHEN})?\s*(?:[.,]?\s*{_WHO})?\s*(?:[—–:]|--?|\.\s*[—–-])\s"
)
# "MONTEVIDEO, OCTOBER 12. ": a date or an agency and a full stop.
_STOPPED = re.compile(
    rf"^{_COUNTRY},\s*{_WHEN}\s*(?:[.,]?\s*{_WHO})?\s*\.\s+(?=\S)|^\s*(?:\([^)\n]{{1,40}}\)|/[^/\n]{{1,40}}/)\s*\.?\s"
)


def dateline_end(text: str, start: int, end: int) -> int:
    """Find where the dateline that a name begins is over.

    Parameters
    ----------
    text : str
        The whole text.
    start, end : int
        Offsets of a name.

    Returns
    -------
    int
        Offset behind it; -1 where the name begins none.

    Examples
    --------
    >>> dateline_end("YEREVAN, OCTOBER 12. Shelling went on.", 0, 7)
    21
    >>> dateline_end("Yerevan said so.", 0, 7)
    -1
    """
    if text[text.rfind("\n", 0, start) + 1 : start].strip():
        return -1
    found = _PARTED.match(text[end : end + 120]) or _STOPPED.match(text[end : end + 120])
    return end + found.end() if found else -1
