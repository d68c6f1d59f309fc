"""Resolving the names of one text together: each is evidence for the others."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from atlas.base.folding import fold
from atlas.gazetteer.evidence import Hints, Match, distance_km, fits_in
from atlas.gazetteer.lookup import Lookup
from atlas.gazetteer.model import PlaceRef, Resolution
from atlas.gazetteer.rank import Ranked, Setting, describe, kinds_like, rank, settle
from atlas.gazetteer.weights import DEFAULT, Weights

__all__ = ["Together"]

# Early rounds hear unlikely candidates too, so that small places of one district can speak up for
# each other against namesakes that are better known.
HEATS = (6.0, 3.0, 2.0, 1.3, 1.0)
KEPT = 40
VOTING = 12
STRETCH = 60
FAR_DEGREES = 4.0  # of latitude: too far to count as near, and quick to see


@dataclass
class _Group:
    name: str
    matches: list[Match]
    ranked: list[Ranked]
    members: list[int]
    container: list[Match]
    setting: Setting


@dataclass(frozen=True)
class Together:
    """Resolves the names of one text together.

    Attributes
    ----------
    lookup : Lookup
        Who finds the places of a name.
    place : callable
        Place id -> place.
    judge : callable
        Applies people's judgements to an answer.
    setting : Setting
        Language, date and weights.
    hints : Hints
        What is known of where the text is.
    """

    lookup: Lookup
    place: Callable[[str], PlaceRef]
    judge: Callable[[Resolution], Resolution]
    setting: Setting
    hints: Hints

    def resolve(
        self, names: Sequence[str], inside: Mapping[int, str], silent: Collection[int] = ()
    ) -> list[Resolution]:
        """Resolve names jointly; see `Gazetteer.resolve_together`."""
        answers: list[Resolution] = []
        for start, end in _stretches(names):
            near = {at - start: text for at, text in inside.items() if start <= at < end}
            mute = {at - start for at in silent if start <= at < end}
            answers += self._stretch(names[start:end], near, mute)
        return answers

    def _stretch(
        self, names: Sequence[str], inside: Mapping[int, str], silent: Collection[int]
    ) -> list[Resolution]:
        hints, setting = self.hints, self.setting
        groups = self._groups(names, inside)
        for heat in HEATS:
            support = [
                [] if set(group.members) <= set(silent) else _votes(group, heat) for group in groups
            ]
            updated = []
            for number, group in enumerate(groups):
                others = [
                    vote for at, votes in enumerate(support) if at != number for vote in votes
                ]
                matches = [
                    _supported(match, group, others, hints, setting.weights)
                    for match in group.matches
                ]
                updated.append(rank(matches, hints, group.setting))
            for group, ranked in zip(groups, updated, strict=True):
                group.ranked = ranked
        answers: list[Resolution | None] = [None] * len(names)
        for group in groups:
            found = [describe(item, setting.weights) for item in group.ranked]
            answer = self.judge(
                settle(
                    group.name,
                    found,
                    home=setting.home,
                    hints=hints,
                    kinds=group.setting.kinds,
                    called=bool(group.setting.kinds),
                    among=True,
                    weights=setting.weights,
                )
            )
            for member in group.members:
                answers[member] = replace(answer, query=names[member])
        return [
            answer or Resolution(name, "unresolved", None, (), f"nothing known is called {name!r}")
            for name, answer in zip(names, answers, strict=True)
        ]

    def _groups(self, names: Sequence[str], inside: Mapping[int, str]) -> list[_Group]:
        members: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, name in enumerate(names):
            members[fold(name), fold(inside.get(number, ""))].append(number)
        # A name once written with its container means the same where it stands alone.
        written: dict[str, set[str]] = defaultdict(set)
        for key, container in members:
            if container:
                written[key].add(container)
        for key, containers in written.items():
            if len(containers) == 1 and (key, "") in members:
                members[key, next(iter(containers))] += members.pop((key, ""))
        groups = []
        for (_, container), numbers in members.items():
            name = names[min(numbers)]
            matches, kind = self.lookup.find(name, None)
            setting = replace(self.setting, kinds=kinds_like(kind)) if kind else self.setting
            around = self.lookup.matches(_written(inside, numbers)) if container else []
            around = [
                m for m in around if m.place.kind in ("country", "province", "district", "region")
            ] or [self._district_of(m) for m in around if m.seat and m.place.admin1]
            if not matches:
                continue
            ranked = rank(matches, self.hints, setting)
            if not around:
                matches = [item.match for item in ranked[:KEPT]]
            groups.append(_Group(name, matches, ranked, sorted(numbers), around, setting))
        return groups

    def _district_of(self, seat: Match) -> Match:
        """The district that a town gives its name to: what the name means as a container."""
        return Match(self.place(seat.place.admin1), seat.record, seat.how)


def _stretches(names: Sequence[str]) -> list[tuple[int, int]]:
    """Cut a long text where it has named so many places that the first say little of the last."""
    cuts, seen = [0], set[str]()
    for at, name in enumerate(names):
        seen.add(name)
        if len(seen) > STRETCH:
            cuts.append(at)
            seen = {name}
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(names)], strict=True) if a < b]


def _written(inside: Mapping[int, str], numbers: Sequence[int]) -> str:
    return next(inside[number] for number in numbers if inside.get(number))


def _votes(group: _Group, heat: float) -> list[tuple[float, Match]]:
    top = group.ranked[:VOTING]
    raised = [math.exp((item.weight - top[0].weight) / heat) for item in top]
    total = math.fsum(raised)
    shares = [(value / total, item.match) for value, item in zip(raised, top, strict=True)]
    return [vote for vote in shares if vote[0] > 0.02]


def _supported(
    match: Match,
    group: _Group,
    others: list[tuple[float, Match]],
    hints: Hints,
    weights: Weights,
) -> Match:
    gain, notes = 0.0, []
    place, group_key = match.place, fold(group.name) + " "
    for container in group.container:
        if _written_in(match, container, hints, weights):
            gain += weights.written_inside
            notes.append(f"written as in {container.place.name}")
            break
    if place.kind in ("country", "continent"):
        # A country is borne out by what lies in it.
        mass = math.fsum(share for share, other in others if other.place.country == place.country)
        gain += min(1.0, 0.5 * mass) if place.country else 0.0
        return replace(match, cost=match.cost - gain, notes=tuple(notes), support=gain)
    codes = set(filter(None, place.country.split("|")))
    total = math.fsum(share for share, other in others) or 1.0
    country = math.fsum(
        share for share, other in others if codes & set(other.place.country.split("|"))
    )
    gain += weights.together_country * country / total
    rows = {row for row in match.inside if row >= 0} | ({match.row} if match.row >= 0 else set())
    division = [
        (share, other)
        for share, other in others
        if rows & ({other.row} | {row for row in other.inside if row >= 0})
        or (place.admin1 and place.admin1 in (other.place.admin1, other.place.id))
    ]
    if division:
        mass = min(1.0, math.fsum(share for share, _ in division))
        # A village near one that is named is likelier, but not as if its district were named.
        told = any(o.row in rows or o.place.id == place.admin1 for _, o in division)
        gain += weights.together_division * mass * (1.0 if told or place.source != "pack" else 0.5)
        notes.append(f"with {max(division, key=lambda v: v[0])[1].place.name} in the same text")
    # A town and the very district it lies in, both named: seldom by chance.
    one_in_other = [
        (share, other)
        for share, other in others
        if (match.row >= 0 and other.inside[1] == match.row)
        or (other.row >= 0 and match.inside[1] == other.row)
    ]
    if one_in_other:
        gain += weights.in_each_other * min(
            1.0, math.sqrt(math.fsum(share for share, _ in one_in_other))
        )
    called = [
        (share, other)
        for share, other in others
        if place.source == other.place.source == "pack"
        and fold(other.record.name).startswith(group_key)
        and _km(place.lon, place.lat, other) <= weights.called_after_km
    ]
    if called:
        gain += weights.called_after * min(1.0, math.fsum(share for share, _ in called))
        notes.append(f"{called[0][1].place.name} in the same text is called after it")
    nearest = max(
        (
            (share * math.exp(-_km(place.lon, place.lat, other) / weights.together_near_km), other)
            for share, other in others
            if abs(other.place.lat - place.lat) < FAR_DEGREES
            and (other.place.kind == "settlement" or other.place.source == "pack")
        ),
        key=lambda item: item[0],
        default=None,
    )
    if nearest is not None and nearest[0] > 0.05:
        gain += weights.together_near * nearest[0]
        notes.append(f"near {nearest[1].place.name}, named in the same text")
    return replace(match, cost=match.cost - gain, notes=tuple(dict.fromkeys(notes)), support=gain)


def _km(lon: float, lat: float, other: Match) -> float:
    return distance_km(lon, lat, other.place.lon, other.place.lat)


def _written_in(match: Match, container: Match, hints: Hints, weights: Weights = DEFAULT) -> bool:
    """Whether a place lies in what is written behind its name."""
    around = container.place
    if match.place.id == around.id:
        return False
    if around.kind == "country":
        return bool(set(match.place.country.split("|")) & set(around.country.split("|")))
    if container.row >= 0 and fits_in(match, container.row, None):
        return True
    if around.source != "pack":
        return False
    if fits_in(match, around.id, hints.districts, weights) >= weights.just_outside:
        return True
    # Where the areas know no bounds of it, nearness has to do.
    bounds = hints.districts.within(around.id) if hints.districts is not None else None
    return not bounds and _km(match.place.lon, match.place.lat, container) < 50
