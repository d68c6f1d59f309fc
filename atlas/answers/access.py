"""Access over the whole of a record: the network, and who is cut off, for the days of change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.answers.roads import NOT_ASKED, Piece, Roads
from atlas.answers.routes import built, by_route
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.record.compiled import content_of, derived
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

    Notes
    -----
    Of a large record the answer is kept in the user's cache folder, under the hash of the tables it
    follows from; see `atlas.record.compiled`.
    """
    first = max(first, pack.meta.period.start)
    # After the last day of change everything stays as it is, however far the span reaches.
    until = min(last, max(_settled(pack), first + 1))
    tables = (pack.places, pack.areas, pack.control, pack.routes, pack.episodes)
    key = content_of(tables, "access", first, until, tuple(users), pack.meta.sides)
    made: list[Access] = []

    def make() -> dict[str, pd.DataFrame]:
        made.append(_worked_out(pack, first, until, users))
        return _as_tables(made[0])

    if key:
        kept = derived(key, make)
        found = made[0] if made else _of_tables(kept, pack, first, until, tuple(users))
    else:
        found = _worked_out(pack, first, until, users)
    if until == last:
        return found
    stretches = tuple(
        replace(one, end=last) if one.end == until else one for one in found.stretches
    )
    return replace(found, last=last, stretches=stretches)


def _settled(pack: Pack) -> int:
    """The day after the last on which anything that access follows from may change."""
    days = [day for name in ("start_day", "end_day") for frame in (pack.assessed, pack.episodes)
            for day in frame[name].tolist()]  # fmt: skip
    days += [built(row) for row in pack.routes.itertuples()]
    return max((day for day in days if OPEN_START < day < OPEN_END), default=OPEN_START) + 1


_PIECE = {
    "route_id": str, "from_km": float, "to_km": float, "status": str, "passable": bool,
    "open_until": int,
}  # fmt: skip


def _as_tables(found: Access) -> dict[str, pd.DataFrame]:
    """An answer in plain tables."""
    rows = found.stretches
    stretches: dict[str, Any] = {
        name: np.array([getattr(one.piece, name) for one in rows], dtype=object).astype(
            object if kind is str else kind
        )
        for name, kind in _PIECE.items()
    }
    ends = np.array([one.piece.ends for one in rows], dtype=np.float64).reshape(-1, 4)
    stretches |= {f"end{n}": ends[:, n] for n in range(4)}
    stretches["episode"] = np.array(
        [str(one.piece.episode.get("id", "")) for one in rows], dtype=object
    )
    stretches["users"] = np.array(["|".join(one.users) for one in rows], dtype=object)
    for name in ("start", "end"):
        stretches[name] = np.array([getattr(one, name) for one in rows], dtype=np.int64)
    return {
        "stretches": pd.DataFrame(stretches),
        "places": pd.DataFrame({"id": np.array(found.places, dtype=object)}),
        "days": pd.DataFrame({"day": np.array(found.days, dtype=np.int64)}),
        "status": pd.DataFrame({"status": found.status.ravel()}),
    }


def _of_tables(
    tables: Mapping[str, pd.DataFrame], pack: Pack, first: int, last: int, users: tuple[str, ...]
) -> Access:
    """The answer that `_as_tables` wrote."""
    episodes = {str(row["id"]): row for rows in by_route(pack).values() for row in rows}
    stretches = []
    for row in tables["stretches"].to_dict("records"):
        piece = Piece(
            ends=((row["end0"], row["end1"]), (row["end2"], row["end3"])),
            episode=episodes.get(row["episode"], {}),
            **{name: row[name] for name in _PIECE},
        )
        who = tuple(row["users"].split("|"))
        stretches.append(Stretch(piece, who, row["start"], row["end"]))
    places, days = (tuple(tables[name].iloc[:, 0].tolist()) for name in ("places", "days"))
    status = tables["status"]["status"].to_numpy(dtype=np.uint8)
    return Access(
        first, last, users, tuple(stretches), places, days,
        status.reshape(len(users), len(days), len(places)),
    )  # fmt: skip


def _worked_out(pack: Pack, first: int, last: int, users: Sequence[str]) -> Access:
    """The answer anew."""
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
