"""Text that came from a file, made harmless before it reaches a terminal."""

from __future__ import annotations

import re

__all__ = ["visible"]

# Control characters drive a terminal; overrides of direction show text in an order it has not; line
# separators and lone surrogates break the line or the encoding.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Write what a terminal would obey as an escape that it shows.

    Parameters
    ----------
    text : str
        Any text; line ends and tabs stay.

    Returns
    -------
    str
        The text with ``\u001b`` and the like for control characters and overrides of direction,
        which JSON reads back as what they were.

    Examples
    --------
    >>> visible("\x1b[31mred")
    '\\u001b[31mred'
    """
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
