"""Finding every place a written name may mean, before the evidence is weighed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from atlas.base.folding import fold, repair, script_of, skeleton
from atlas.gazetteer.evidence import Match
from atlas.gazetteer.inflection import stem
from atlas.gazetteer.model import NameRecord, PlaceRef
from atlas.gazetteer.rank import by_chance
from atlas.gazetteer.store import Store, km_between
from atlas.world.index import ABBREVIATION, ALTERNATIVE, MAIN
from atlas.world.keys import FuzzyIndex

__all__ = ["ONE_PLACE_KM", "Lookup"]

_KIND_WORDS = {
    "district": "district rayon raion region rayonu районы район района районе շրջան marz province "
    "oblast область վայք county мазр",
    "settlement": "city town village settlement город города городе село поселок şəhəri kəndi "
    "qəsəbəsi shahar kend գյուղ քաղաք πόλη χωριό g",
    "river": "river çayı река реки գետ",
    "lake": "lake gölü озеро լիճ",
    "pass": "pass aşırımı перевал լեռնանցք",
    "mountain": "mountain mount peak height dağı гора սար",
    "corridor": "corridor dəhlizi коридор միջանցք",
    "bridge": "bridge körpüsü мост կամուրջ",
    "airport": "airport hava limanı аэропорт օդանավակայան",
}
_KIND_OF_WORD = {
    fold(word): kind for kind, words in _KIND_WORDS.items() for word in words.split() if fold(word)
}
_POSSESSIVE = re.compile(r"['’]s?$")
ONE_PLACE_KM = 12.0


class Lookup(Store):
    """Look-up by exact key; by kind word, case ending, repair and near miss only on a miss."""

    @cached_property
    def _fuzzy(self) -> FuzzyIndex:
        return FuzzyIndex.build(self._by_key)

    @cached_property
    def _stems(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            key = stem(name.record.name, name.record.script)
            if key:
                found[name.record.script, key].append(number)
        return found

    @cached_property
    def _sounds(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            sound = skeleton(name.key)
            if len(sound) >= 4:
                found[sound].append(number)
        return found

    def _pack_matches(self, key: str, query: str, how: str, cost: float = 0.0) -> list[Match]:
        found = []
        for number in self._by_key.get(key, ()):
            name = self._names[number]
            match, extra = how, 0.0
            if how == "exact" and name.record.name.casefold() != query.casefold():
                # Enough to have the reason quote the spelling in the reader's script.
                match, extra = "folded", 0.02 if name.record.script == script_of(query) else 0.04
            found.append(self._pack_match(number, match, cost + extra))
        return found

    def _world_matches(self, key: str, query: str, how: str, cost: float = 0.0) -> list[Match]:
        world = self.world
        if world is None:
            return []
        found = []
        for row, sort in world.find(key):
            if sort == ABBREVIATION and not _looks_short(query):
                continue
            place = world.place(row)
            if place.precision_m >= 20_000_000:
                continue
            match = how
            if how == "exact" and place.name.casefold() != query.casefold():
                match = "folded"
            found.append(
                Match(
                    self._world_ref(place),
                    NameRecord(
                        place.name if sort == MAIN else query,
                        "",
                        script_of(query),
                        {MAIN: "common", ALTERNATIVE: "variant"}.get(sort, "common"),
                    ),
                    match,
                    cost,
                    sort=sort,
                    row=row,
                    inside=(place.province, place.district),
                    people=float(place.population),
                )
            )
        return found

    def _exact(self, query: str, key: str, how: str = "exact", cost: float = 0.0) -> list[Match]:
        pack = self._pack_matches(key, query, how, cost)
        return self._joined(pack, self._world_matches(key, query, how, cost))

    def _joined(self, pack: Sequence[Match], world: Sequence[Match]) -> list[Match]:
        # The world's record of a place that the pack has too is not a second candidate; it only
        # lends the number of people.
        people: dict[str, float] = {}
        kept = []
        for match in world:
            same = [
                (km_between(match.place, other.place), other.place.id)
                for other in pack
                if match.place.id == other.place.id or _one_place(match.place, other.place)
            ]
            if not same:
                kept.append(match)
            elif match.people > 0:
                identity = min(same)[1]
                people[identity] = max(people.get(identity, 0.0), match.people)
        lent = [
            replace(match, people=people[match.place.id]) if match.place.id in people else match
            for match in pack
        ]
        return lent + kept

    def _matches(self, query: str, kind: str | None) -> tuple[list[Match], str | None]:
        """All matches by the first way that finds any, and the kind that the query's words say."""
        plain = _POSSESSIVE.sub("", query.strip())
        key = fold(plain)
        if not key:
            return [], kind
        found = self._exact(plain, key)
        if any(match.place.source == "pack" and match.row < 0 for match in found):
            return found, kind
        rest, said = _without_kind(key)
        if rest:
            bare = self._exact(rest, rest, "folded")
            if any(match.place.source == "pack" for match in bare) or (bare and not found):
                return bare, kind or said
        if found and not self._only_by_chance(found):
            return found, kind
        inflected = self._inflected(plain, rest)
        if found:
            # A namesake far away does not rule out a slip in a name from here.
            near = [m for m in self._near(key, far=False) if m.place.source == "pack"]
            return found + inflected + near, kind
        if inflected:
            return inflected, kind or said
        for other in repair(plain):
            found = self._exact(plain, other, "repaired", 1.0)
            if found:
                return found, kind
        return self._near(key), kind

    def matches(self, name: str) -> list[Match]:
        """All places found under a name, before weighing."""
        return self._matches(name, None)[0]

    def _inflected(self, query: str, rest: str) -> list[Match]:
        script = script_of(query)
        found: list[Match] = []
        seen: set[tuple[int, str]] = set()
        for text in filter(None, (query, rest)):
            stemmed = stem(text, script)
            for number in self._stems.get((script, stemmed), ()) if len(stemmed) > 2 else ():
                name = self._names[number]
                if (name.place, name.record.name) not in seen:
                    seen.add((name.place, name.record.name))
                    # The shorter the common beginning, the weaker the evidence.
                    cost = 0.5 + 0.3 * abs(len(name.key) - len(fold(text)))
                    found.append(self._pack_match(number, "inflected", cost))
            if found:
                return found
        if self.world is None or script not in ("Cyrl", "Armn", "Grek"):
            return []
        key = fold(query)
        base = stem(query, script)
        for ending in ("", "a", "ya", "i", "y", "o", "as", "os", "e"):
            if base + ending != key and len(base) > 3:
                found = self._world_matches(base + ending, query, "inflected", 1.0)
                if found:
                    return found
        return []

    def _only_by_chance(self, found: Sequence[Match]) -> bool:
        home = self._home
        return home is not None and all(by_chance(match.place, home) for match in found)

    def _near(self, key: str, *, far: bool = True) -> list[Match]:
        found: list[Match] = []
        near = self._fuzzy.search(key)
        for other, distance in near:
            found += self._pack_matches(other, other, "fuzzy", 1.0 + 1.2 * distance)
        least = near[0][1] if near else 3
        if far and self.world is not None and least > 1 and len(key) > 4:
            for other, distance in self.world.fuzzy.search(key):
                if distance < least:
                    for match in self._world_matches(other, other, "fuzzy", 2.0 + 1.5 * distance):
                        if match.sort in (MAIN, ALTERNATIVE):
                            found.append(match)
        if found:
            return found
        sound = skeleton(key)
        if len(sound) < 4:
            return []
        from rapidfuzz.distance import JaroWinkler

        for number in self._sounds.get(sound, ()):
            name = self._names[number]
            likeness = JaroWinkler.similarity(key, name.key)
            if likeness >= 0.75:
                found.append(self._pack_match(number, "sound", 2.0 + 4 * (1 - likeness)))
        return found


def _without_kind(key: str) -> tuple[str, str | None]:
    words = key.split()
    if len(words) < 2:
        return "", None
    for index in (len(words) - 1, 0):
        kind = _KIND_OF_WORD.get(words[index])
        if kind:
            rest = words[:index] + words[index + 1 :]
            rest = [word for word in rest if word not in ("of", "the")]
            return " ".join(rest), kind
    return "", None


def _looks_short(query: str) -> bool:
    letters = [character for character in query if character.isalpha()]
    return "." in query or (len(letters) > 1 and all(map(str.isupper, letters)))


def _one_place(world: PlaceRef, pack: PlaceRef) -> bool:
    if world.kind == "country" or pack.kind in ("country", "republic"):
        return world.kind == "country" and world.country in pack.country.split("|")
    areas = ("district", "province", "region")
    if (world.kind in areas) != (pack.kind in areas):
        return False
    return km_between(world, pack) <= (80.0 if world.kind in areas else ONE_PLACE_KM)
