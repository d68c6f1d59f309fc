"""What a figure says of how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atlas.figures.look import Look
    from atlas.layers import LayerSet
    from atlas.words import Language

__all__ = ["method_of"]


def method_of(layers: LayerSet, words: Language, look: Look) -> str:
    """Say whose account is drawn, how far its outlines are off, and how areas are measured.

    Parameters
    ----------
    layers : LayerSet
        With the areas.
    words : Language
        Language.
    look : Look
        Says whose account it is.
    """
    doubts = [area.uncertainty_m for area in layers.areas if area.scope == "disputed"]
    doubts = [value for value in doubts if value == value] or [0.0]
    ends = "\u2013".join(dict.fromkeys(words.number(value) for value in (min(doubts), max(doubts))))
    if look.side:
        return words("method_side", who=look.who(layers, words), range=ends)
    return words("method_map", range=ends)
