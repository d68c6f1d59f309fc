"""How a figure looks beyond what it shows: its title, its size, its resolution, whose account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from atlas.base.errors import InputError
from atlas.figures.page import A4_LANDSCAPE, Sheet

if TYPE_CHECKING:
    from atlas.figures.page import Still
    from atlas.layers import LayerSet
    from atlas.words import Language

__all__ = ["Look", "look_of"]

_LEAST, _MOST = (7.0, 5.0), 60.0  # inches: below, the key no longer fits beside a map
_DPI = (20.0, 1200.0)


@dataclass(frozen=True)
class Look:
    """What is the same for every kind of figure.

    Attributes
    ----------
    title : str
        In place of the figure's own; empty for that.
    size : tuple of 2 floats
        Width and height, inches.
    dpi : float or None
        Dots an inch.
    side : str
        Party whose account is drawn; empty for the assessment.
    """

    title: str = ""
    size: tuple[float, float] = A4_LANDSCAPE
    dpi: float | None = None
    side: str = ""

    def sheet(self, layers: LayerSet, words: Language, title: str, licence: str) -> Sheet:
        """Begin a sheet under a title, unless the user gave one."""
        said = self.title or title
        if self.side:
            said = f"{said} \u00b7 {words('according')} {self.who(layers, words)}"
        return Sheet(layers, words, said, licence, self.size)

    def who(self, layers: LayerSet, words: Language) -> str:
        """Name of the party whose account is drawn."""
        for party in layers.parties:
            if party.id == self.side:
                return party.names.get(words.tag) or party.names.get("en") or party.id
        return self.side

    def finish(self, still: Still) -> Still:
        """Set the resolution of a figure that is drawn."""
        if self.dpi is not None:
            still.set_dpi(self.dpi)
            still.print_dpi = self.dpi
        return still


def look_of(
    *,
    title: str | None = None,
    size: Sequence[float] | None = None,
    dpi: float | None = None,
    side: str = "",
) -> Look:
    """Check how a figure is to look.

    Parameters
    ----------
    title : str, optional
        In place of the figure's own.
    size : sequence of 2 floats, optional
        Width and height, inches.
    dpi : float, optional
        Dots an inch of a PNG.
    side : str
        Party whose account is drawn.

    Raises
    ------
    InputError
        If a size is no size, or too small for a map and its key.

    Examples
    --------
    >>> look_of(size=(10, 6)).size
    (10.0, 6.0)
    """
    inches = A4_LANDSCAPE if size is None else _size(size)
    if dpi is not None and not _DPI[0] <= _number(dpi, "dpi") <= _DPI[1]:
        raise InputError(f"dpi must be between {_DPI[0]:g} and {_DPI[1]:g}, not {dpi:g}")
    return Look(str(title or ""), inches, None if dpi is None else float(dpi), side)


def _number(value: Any, what: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(f"{what} must be a number, not {value!r}") from None


def _size(size: Sequence[float]) -> tuple[float, float]:
    if isinstance(size, str) or len(size) != 2:
        raise InputError(f"size takes a width and a height in inches, not {size!r}")
    width, height = (_number(part, "size") for part in size)
    if not (_LEAST[0] <= width <= _MOST and _LEAST[1] <= height <= _MOST):
        raise InputError(
            f"a figure of {width:g} x {height:g} inches is no sheet; "
            f"give {_LEAST[0]:g} x {_LEAST[1]:g} to {_MOST:g} x {_MOST:g}"
        )
    return width, height
