"""The layers as one party tells them: its claims stand where the assessment stood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from atlas.base.errors import NotFoundError

if TYPE_CHECKING:
    from atlas.layers.specs import ControlSpell, LayerSet

__all__ = ["as_told_by"]


def as_told_by(layers: LayerSet, party: str) -> LayerSet:
    """Put the claims of a party in place of the assessment, on the days they speak of.

    Parameters
    ----------
    layers : LayerSet
        With its claims.
    party : str
        Whose account.

    Returns
    -------
    LayerSet
        Of the control, one account without rivals; all else is as it was.

    Raises
    ------
    NotFoundError
        If there is no such party.

    Examples
    --------
    >>> from atlas.layers.set import layer_set
    >>> layers = layer_set(a.pack)
    >>> {spell.receipt.asserted_by for spell in as_told_by(layers, layers.parties[0].id).control}
    {''}
    """
    ids = [one.id for one in layers.parties]
    if party not in ids:
        raise NotFoundError(f"no party {party!r}; there are: {', '.join(ids) or 'none'}")
    claimed: dict[int, list[ControlSpell]] = {}
    for spell in layers.control:
        if spell.receipt.asserted_by == party:
            claimed.setdefault(spell.area, []).append(spell)
    told: list[ControlSpell] = []
    for spell in layers.control:
        if spell.receipt.asserted_by:
            continue
        left = [(spell.start, spell.end)]
        for claim in claimed.get(spell.area, ()):
            left = [
                piece
                for start, end in left
                for piece in ((start, min(end, claim.start)), (max(start, claim.end), end))
                if piece[0] < piece[1]
            ]
        told += [replace(spell, start=start, end=end) for start, end in left]
    for claims in claimed.values():
        # As of a day, the later row of two that overlap is the party's word.
        ends = [later.start for later in claims[1:]] + [claims[-1].end]
        told += [
            replace(claim, end=min(claim.end, end), receipt=replace(claim.receipt, asserted_by=""))
            for claim, end in zip(claims, ends, strict=True)
            if claim.start < min(claim.end, end)
        ]
    ordered = sorted(told, key=lambda spell: (spell.area, spell.start, spell.id))
    return replace(layers, control=tuple(ordered))
