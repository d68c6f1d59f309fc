"""Access over the whole of a record: the network, and who is cut off, for the days of change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from atlas.answers.roads import NOT_ASKED, Piece, Roads
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.record.schema import USERS

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["Access", "Stretch", "access"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the network and the days on which it is in one state.

    Attributes
    ----------
    piece : Piece
        The piece; see `atlas.answers.roads.Piece`.
    users : tuple of str
        Classes of user it is so for.
    start, end : int
        Days, half-open.
    """

    piece: Piece
    users: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Access:
    """What `atlas.answers.passage` answers, for every day of a span.

    Attributes
    ----------
    first, last : int
        The span, half-open days.
    users : tuple of str
        Classes of user asked for.
    stretches : tuple of Stretch
        The network of every day, sorted.
    places : tuple of str
        Settlements that lie in a disputed area on some day.
    days : tuple of int
        Days on which the answer may change, the first among them.
    status : array of uint8, shape (users, days, places)
        Whether each has a way out: `atlas.answers.roads.OPEN`, `CUT_OFF`, `UNKNOWN` or
        `NOT_ASKED`.
    """

    first: int
    last: int
    users: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    places: tuple[str, ...]
    days: tuple[int, ...]
    status: npt.NDArray[np.uint8]


def access(pack: Pack, first: int, last: int, *, users: Sequence[str] = USERS) -> Access:
    """Work out the network and the ways out for every day of a span.

    Parameters
    ----------
    pack : Pack
        The record.
    first, last : int
        Day numbers, half-open; days before the record are left out.
    users : sequence of str
        Classes of user, as in `atlas.answers.routes.at`.

    Returns
    -------
    Access
        The answers of `atlas.answers.passage.cutoff` and the network that
        `atlas.answers.passage.passage` goes by.
    """
    first = max(first, pack.meta.period.start)
    roads = Roads(pack)
    days = _days(roads, first, last)
    spans: dict[tuple[Piece_, int, int], list[str]] = {}
    pieces: dict[Piece_, Piece] = {}
    held = {day: roads.holders(day) for day in days}
    status = np.full((len(users), len(days), len(roads.settlements)), NOT_ASKED, dtype=np.uint8)
    known: dict[object, npt.NDArray[np.uint8]] = {}
    # The network gives out the same pieces on many days; what is asked of them is told once.
    told: dict[int, tuple[Piece_, tuple[object, ...]]] = {}
    for n, user in enumerate(users):
        begun: dict[Piece_, int] = {}
        for k, day in enumerate(days):
            parts = roads.pieces(day, user)
            for piece in parts:
                if id(piece) not in told:
                    told[id(piece)] = _same(piece), (piece.ends, piece.status, piece.passable)
            here = {told[id(piece)][0]: piece for piece in parts}
            pieces |= here
            for gone in begun.keys() - here.keys():
                spans.setdefault((gone, begun.pop(gone), day), []).append(user)
            for key in here:
                begun.setdefault(key, day)
            # Since when a way is shut changes nothing in who is cut off.
            state = (tuple(told[id(piece)][1] for piece in parts), held[day])
            if state not in known:
                known[state] = roads.ways_out(day, user=user, pieces=parts, held=held[day])[0]
            status[n, k] = known[state]
        for key, day in begun.items():
            spans.setdefault((key, day, last), []).append(user)
    asked = (status != NOT_ASKED).any(axis=(0, 1))
    return Access(
        first=first,
        last=last,
        users=tuple(users),
        stretches=tuple(
            Stretch(pieces[key], tuple(who), start, end)
            for (key, start, end), who in sorted(spans.items(), key=lambda item: item[0])
        ),
        places=tuple(roads.settlements["id"][asked].astype(str)),
        days=tuple(days),
        status=status[:, :, asked],
    )


Piece_ = tuple[str, float, float, str, str, bool, int]


def _same(piece: Piece) -> Piece_:
    return (
        piece.route_id,
        piece.from_km,
        piece.to_km,
        str(piece.episode.get("id", "")),
        piece.status,
        piece.passable,
        piece.open_until,
    )


def _days(roads: Roads, first: int, last: int) -> list[int]:
    """Days on which the network or who holds what may change."""
    assessed = roads.pack.assessed
    days = {first, *roads.turns}
    for name in ("start_day", "end_day"):
        days.update(int(day) for day in assessed[name])
    return sorted(day for day in days if first <= day < last and OPEN_START < day < OPEN_END)
