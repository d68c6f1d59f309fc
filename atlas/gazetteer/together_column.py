"""Resolving a column of names: what most of them are about speaks for the rest."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from atlas.base.dates import DateLike, day_of
from atlas.base.folding import fold
from atlas.gazetteer.evidence import Hints, Match
from atlas.gazetteer.model import Resolution
from atlas.gazetteer.question import Asked, Asker
from atlas.gazetteer.rank import Setting

__all__ = ["Column"]

_ROUNDS = 2
_VOTING = 8  # candidates of a name that have a say
_WIDE = ("country", "continent", "republic")


@dataclass(frozen=True)
class _Votes:
    """How much of a column lies in each country, and is of each breadth, in names."""

    countries: dict[str, float]
    wide: float
    names: int


@dataclass(frozen=True)
class Column:
    """Resolves the names of a column.

    Attributes
    ----------
    asker : Asker
        Who looks one name up.
    hints : Hints
        What is known of the whole column.
    setting : Setting
        Language and weights.
    judge : callable
        Applies people's judgements to an answer.
    by_name_only : bool
        As for `rank.settle`, where nothing else speaks for a place.
    """

    asker: Asker
    hints: Hints
    setting: Setting
    judge: Callable[[Resolution], Resolution]
    by_name_only: bool

    def resolve(
        self,
        names: Sequence[str],
        inside: Sequence[str],
        dates: Sequence[DateLike | None],
        kind: str | None = None,
    ) -> list[Resolution]:
        """Resolve all; see `Gazetteer.resolve_column`."""
        members: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
        for number, row in enumerate(zip(names, inside, dates, strict=True)):
            name, within, date = row
            day = None if date is None or date == "" else day_of(date)
            members[name, within or "", day].append(number)
        asked = {key: self._ask(*key, kind) for key in members}
        first = asked
        for _ in range(_ROUNDS):
            votes = {key: _vote(item) for key, item in asked.items()}
            total = _sum(list(votes.values()))
            asked = {key: self._again(first[key], votes[key], total) for key in members}
        answers: list[Resolution | None] = [None] * len(names)
        for key, numbers in members.items():
            answer = self.judge(asked[key].settle(by_name_only=self.by_name_only))
            for number in numbers:
                answers[number] = replace(answer, query=names[number])
        return [answer for answer in answers if answer is not None]

    def _ask(self, name: str, within: str, day: int | None, kind: str | None) -> Asked:
        hints = self.hints
        if within:
            hints = hints.copy()
            for word in within.split(","):
                if word.strip() and fold(word) != fold(name):
                    self.asker.add_inside(hints, word.strip())
        setting = replace(self.setting, day=self.setting.day if day is None else day)
        return self.asker.ask(name, hints, setting, kind)

    def _again(self, item: Asked, own: _Votes, total: _Votes) -> Asked:
        """Weigh a name's places again, by what the other names of the column say."""
        others = total.names - own.names
        if not others or not item.ranked:
            return item
        weights = item.setting.weights
        sure = (others + 0.5) / (others + 1.5)  # a few names say less than many
        mass = {
            code: (votes - own.countries.get(code, 0.0)) / others
            for code, votes in total.countries.items()
        }
        wide = (total.wide - own.wide) / others
        # The pack is preferred where a column is about its part of the world.
        away = 1.0 - min(1.0, math.fsum(mass.get(code, 0.0) for code in item.setting.home))

        def adjust(match: Match) -> Match:
            place = match.place
            codes = set(place.country.split("|"))
            worth = weights.column_home if codes & item.setting.home else weights.column
            gain = sure * worth * max(mass.get(code, 0.0) for code in codes)
            gain += sure * weights.column_kind * (wide if place.kind in _WIDE else 1.0 - wide)
            if place.source == "pack" and item.setting.home:
                gain -= sure * away * weights.pack
            return replace(match, cost=match.cost - gain)

        leading = max(mass, key=lambda code: (mass[code], code), default="")
        hints = item.hints
        if leading and mass[leading] >= 0.5:
            hints = hints.copy()
            hints.neighbours.setdefault(leading, "the rest of the column")
        again = replace(item.again(hints, adjust), hints=hints)
        first, before = again.ranked[0].match.place, item.ranked[0].match.place
        if others == 1 and first.id != before.id and item.ranked[0].share > 0.5:
            again = replace(again, doubt="one other name is too little to tell which")
        return again


def _vote(item: Asked) -> _Votes:
    countries: dict[str, float] = defaultdict(float)
    wide = 0.0
    if not item.ranked or item.ranked[0].match.how in ("fuzzy", "sound", "repaired"):
        return _Votes({}, 0.0, 0)
    for ranked in item.ranked[:_VOTING]:
        if ranked.nested:
            continue
        place = ranked.match.place
        codes = [code for code in place.country.split("|") if code]
        for code in codes:
            countries[code] += ranked.share / len(codes)
        wide += ranked.share if place.kind in _WIDE else 0.0
    return _Votes(dict(countries), min(1.0, wide), 1)


def _sum(votes: Sequence[_Votes]) -> _Votes:
    countries: dict[str, float] = defaultdict(float)
    for vote in votes:
        for code, share in vote.countries.items():
            countries[code] += share
    return _Votes(dict(countries), math.fsum(v.wide for v in votes), sum(v.names for v in votes))
