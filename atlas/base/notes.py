"""The one way to tell a user what was assumed.

What was guessed (a column, the order of day and month, an encoding, a pack, a place) is said once,
in the same words, in three places: in the ``notes`` of the result, on the logger ``atlas`` at level
``INFO``, and - because the command line shows that logger - on standard error.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

__all__ = ["LOGGER", "Notes"]

LOGGER = logging.getLogger("atlas")


class Notes:
    """Notes of one piece of work, in the order they were first said.

    Parameters
    ----------
    where : str
        What they are about, a file or a table; put in front of each on the logger.

    Examples
    --------
    >>> notes = Notes("incidents.csv")
    >>> notes.say("encoding: read as cp1251")
    >>> notes.say("encoding: read as cp1251")
    >>> notes.told
    ('encoding: read as cp1251',)
    """

    def __init__(self, where: str = "") -> None:
        self._where = where
        self._said: dict[str, None] = {}

    def say(self, text: str) -> None:
        """Note something, unless it was said before."""
        if text not in self._said:
            self._said[text] = None
            LOGGER.info("%s: %s" if self._where else "%s%s", self._where, text)

    def adopt(self, texts: Iterable[str]) -> None:
        """Take over notes that another piece of work has already said."""
        for text in texts:
            self._said.setdefault(text)

    @property
    def told(self) -> tuple[str, ...]:
        """All notes, for the ``notes`` of a result."""
        return tuple(self._said)

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)
