"""Finding every place a written name may mean, before the evidence is weighed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from atlas.base.folding import fold, looks_mended, repair, script_of, skeleton
from atlas.gazetteer.evidence import Match, km_between
from atlas.gazetteer.inflection import WORLD_ENDINGS, is_case_ending, is_clean, stem
from atlas.gazetteer.model import NameRecord, PlaceRef
from atlas.gazetteer.rank import AS_CODE, by_chance
from atlas.gazetteer.readings import readings
from atlas.gazetteer.store import PackName, Store
from atlas.gazetteer.type_words import without_type
from atlas.world.keys import FuzzyIndex
from atlas.world.model import ABBREVIATION, ALTERNATIVE, CODE, DEMONYM, MAIN

__all__ = ["Lookup", "is_code"]

_POSSESSIVE = re.compile(r"['’]s?$")
_PARTED = re.compile(r"(?<=\w)['’](?:[nys]?[ıiuüaeə]n?|n?[dt][aeə](?:n|ki)?|l[aeə])$")
_CODE = re.compile(r"[^\W\d_](?:\.?[^\W\d_]){1,3}\.?")
_SHORT = 3  # letters of a word that is taken as it stands or not at all
_CITY = 2  # letters of a code for a town that say little
_LOOSE = 5  # letters from which a near spelling says anything
_AREAS = ("district", "province", "region")
_CURRENT = ("official", "common")
_OTHER_SCRIPT = 1.0  # cost of a name that is on record in other letters only


def is_code(text: str) -> bool:
    """Whether a text is written as a code: two to four letters, all of them capitals.

    Examples
    --------
    >>> is_code("AZ"), is_code("U.S."), is_code("Az"), is_code("KARABAKH")
    (True, True, False, False)
    """
    return bool(_CODE.fullmatch(text)) and text.isupper()


class Lookup:
    """Look-up by exact key; by type word, case ending, repair and near miss only on a miss.

    Parameters
    ----------
    store : Store
        Places and names.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._weights = store.weights
        self._by_other: dict[str, dict[str, list[int]]] = {}

    @cached_property
    def _fuzzy(self) -> FuzzyIndex:
        return FuzzyIndex.build(self._store.by_key)

    @cached_property
    def stems(self) -> dict[tuple[str, str], list[int]]:
        """Script and stem -> numbers of the pack's names."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, name in enumerate(self._store.pack_names):
            key = stem(name.record.name, name.record.script)
            if key:
                found[name.record.script, key].append(number)
        return found

    def _other_letters(self, script: str) -> dict[str, list[int]]:
        """Stems of all names of the pack by the endings of a script, whatever they are written in.

        A name on record in Latin letters only is found with a Russian or Armenian ending too.
        """
        found = self._by_other.get(script)
        if found is None:
            found = self._by_other[script] = defaultdict(list)
            for number, name in enumerate(self._store.pack_names):
                if name.record.script != script:
                    found[stem(name.key, script)].append(number)
        return found

    @cached_property
    def _sounds(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._store.pack_names):
            sound = skeleton(name.key)
            if len(sound) >= 4:
                found[sound].append(number)
        return found

    def matches(self, name: str) -> list[Match]:
        """All places found under a name, before weighing."""
        return self.find(name, None)[0]

    def exact(self, query: str) -> list[Match]:
        """Places called just so, apart from case, accents and script."""
        plain = _POSSESSIVE.sub("", query.strip())
        key = fold(plain)
        return self._code_or_word(plain, key, self._exact(plain, key)) if key else []

    def find(self, query: str, kind: str | None) -> tuple[list[Match], str | None]:
        """Find all matches by the first way that finds any.

        Parameters
        ----------
        query : str
            A name as written.
        kind : str or None
            Kind of place wanted.

        Returns
        -------
        matches : list of Match
        kind : str or None
            The kind wanted, or that the query's own words say.
        """
        plain = _POSSESSIVE.sub("", query.strip())
        key = fold(plain)
        if not key:
            return [], kind
        found = self._code_or_word(plain, key, self._exact(plain, key))
        if any(match.place.source == "pack" and match.row < 0 for match in found):
            return found, kind
        rest, said = without_type(plain)
        if rest:
            bare = self._code_or_word(rest, fold(rest), self._exact(rest, fold(rest), "folded"))
            if said in _AREAS and not any(match.place.kind == said for match in bare):
                # "Kəlbəcər rayonunda": the district may be on record with its word only.
                whole = [m for m in self._inflected(plain, "") if m.place.kind == said]
                bare += [m for m in whole if m.how == "inflected"]
            if any(match.place.source == "pack" for match in bare) or (bare and not found):
                return bare, kind or said
        if (found and not self._only_by_chance(found)) or is_code(plain) or len(key) <= _SHORT:
            return found, kind
        inflected = self._inflected(plain, rest) or self._parted(plain)
        if found:
            # A namesake far away does not rule out a slip in a name from here.
            near = [m for m in self.near(key, far=False) if m.place.source == "pack"]
            return found + inflected + near, kind
        if inflected:
            return inflected, kind or said
        for other in repair(plain):
            sure = looks_mended(plain, other)
            found = self._exact(
                plain,
                other,
                "folded" if sure else "repaired",
                0.0 if sure else self._weights.repaired,
            )
            if found:
                return found, kind
        near = self.near(key)
        return (near, kind) if near or not rest else (self.near(fold(rest)), kind or said)

    def _code_or_word(self, plain: str, key: str, found: list[Match]) -> list[Match]:
        """What a short text means: a code only what has it, a short word only what is called so."""
        if is_code(plain):
            coded = [_as_code(match) for match in found if self._is_coded(match)]
            return coded or [
                replace(match, likeness=AS_CODE) for match in found if self._is_own_name(match)
            ]
        found = [match for match in found if match.sort != CODE]
        if len(key) > _SHORT:
            return found
        return [match for match in found if self._is_own_name(match) or match.sort == ABBREVIATION]

    @staticmethod
    def _is_coded(match: Match) -> bool:
        if match.row < 0:
            return is_code(match.record.name)
        return match.sort in (ABBREVIATION, CODE)

    @staticmethod
    def _is_own_name(match: Match) -> bool:
        if match.row < 0:
            return match.record.status in (*_CURRENT, "exonym")
        return match.sort in (MAIN, DEMONYM)

    def _pack_matches(self, key: str, query: str, how: str, cost: float = 0.0) -> list[Match]:
        found, script = [], script_of(query)
        for number in self._store.by_key.get(key, ()):
            name = self._store.pack_names[number]
            match, extra = how, 0.0
            if how == "exact" and name.record.name.casefold() != query.casefold():
                # Enough to have the reason quote the spelling in the reader's script.
                match, extra = "folded", 0.02 if name.record.script == script else _OTHER_SCRIPT
            listed = self._is_listed(name)
            one = self._store.pack_match(number, match, cost + extra)
            found.append(replace(one, listed=listed))
        return found

    def _is_listed(self, name: PackName) -> bool:
        """Whether a current name of a place reads like the one that the place is listed under."""
        shown = self._store.places[name.place].name
        return name.record.status in _CURRENT and name.key == fold(shown)

    def _world_matches(self, key: str, query: str, how: str, cost: float = 0.0) -> list[Match]:
        world = self._store.world
        if world is None:
            return []
        found = []
        for row, sort in world.find(key):
            if sort in (ABBREVIATION, CODE) and not _looks_short(query):
                continue
            place = world.place(row)
            if place.precision_m >= 20_000_000:
                continue
            match = how
            if how == "exact" and place.name.casefold() != query.casefold():
                match = "folded"
            found.append(
                Match(
                    self._store.world_ref(place),
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
        known = {match.place.id for match in pack}
        for other in readings(query):
            more = self._pack_matches(other, query, "reading", cost + _OTHER_SCRIPT)
            pack += [match for match in more if match.place.id not in known]
        return self._joined(pack, self._world_matches(key, query, how, cost))

    def _joined(self, pack: Sequence[Match], world: Sequence[Match]) -> list[Match]:
        # The world's record of a place that the pack has too is not a second candidate; it only
        # lends the number of people, and what the place lies in.
        lent: dict[str, Match] = {}
        kept = []
        for match in world:
            same = [
                (km_between(match.place, other.place), other.place.id)
                for other in pack
                if match.place.id == other.place.id
                or _one_place(match.place, other.place, self._weights.same_place_km)
            ]
            if not same:
                kept.append(match)
                continue
            identity = min(same)[1]
            if identity not in lent or match.people > lent[identity].people:
                lent[identity] = match
        known = []
        for match in pack:
            other = lent.get(match.place.id)
            if other is not None:
                people = other.people if other.people > 0 else match.people
                match = replace(match, people=people, inside=other.inside)
            known.append(match)
        return known + kept

    def _inflected(self, query: str, rest: str) -> list[Match]:
        script = script_of(query)
        found: list[Match] = []
        seen: set[tuple[int, str]] = set()
        for text in filter(None, (query, rest)):
            stemmed = stem(text, script)
            if len(stemmed) < 3:
                continue
            numbers = self.stems.get((script, stemmed), ())
            if not numbers and script != "Latn" and len(stemmed) > 3:
                numbers = self._other_letters(script).get(stemmed, ())
            for number in numbers:
                name = self._store.pack_names[number]
                if (name.place, name.record.name) not in seen:
                    seen.add((name.place, name.record.name))
                    # The shorter the common beginning, the weaker the evidence.
                    letters = abs(len(name.key) - len(fold(text)))
                    cost = self._weights.inflected + self._weights.inflected_letter * letters
                    cost += 0.0 if is_clean(fold(text), name.key, script) else self._weights.unclean
                    sure = is_case_ending(text, name.record.name, script)
                    found.append(
                        self._near_match(number, "inflected" if sure else "fuzzy", cost, fold(text))
                    )
            if found:
                return found
        if self._store.world is None or script not in ("Cyrl", "Armn", "Grek", "Geor"):
            return []
        key = fold(query)
        base = stem(query, script)
        for ending in WORLD_ENDINGS:
            if base + ending != key and len(base) > 3:
                found = self._world_matches(base + ending, query, "inflected", 1.0)
                if found:
                    return found
        return []

    def _parted(self, plain: str) -> list[Match]:
        """Places of a name whose case ending is parted from it: "Kabil'de"."""
        bare = _PARTED.sub("", plain)
        return [] if bare == plain else self._exact(bare, fold(bare), "inflected")

    def _only_by_chance(self, found: Sequence[Match]) -> bool:
        home = self._store.home
        return bool(home) and all(by_chance(match.place, home, self._weights) for match in found)

    def near(self, key: str, *, far: bool = True) -> list[Match]:
        """Places whose names are near a folded one by spelling, else by sound.

        Parameters
        ----------
        key : str
            A folded name.
        far : bool
            Whether to look among the world's names too.
        """
        if len(key) < _LOOSE:
            return []
        weights, found = self._weights, list[Match]()
        near = self._fuzzy.search(key)
        for other, distance in near:
            cost = weights.fuzzy + weights.fuzzy_letter * distance
            for number in self._store.by_key.get(other, ()):
                found.append(self._near_match(number, "fuzzy", cost, key))
        least = near[0][1] if near else 3
        if far and self._store.world is not None and least > 1:
            for other, distance in self._store.world.fuzzy.search(key):
                if distance < least:
                    cost = weights.far_fuzzy + weights.far_letter * distance
                    for match in self._world_matches(other, other, "fuzzy", cost):
                        if match.sort in (MAIN, ALTERNATIVE):
                            found.append(replace(match, likeness=_likeness(key, other)))
        if found:
            return found
        sound = skeleton(key)
        if len(sound) < 4:
            return []
        from rapidfuzz.distance import JaroWinkler

        for number in self._sounds.get(sound, ()):
            name = self._store.pack_names[number]
            likeness = JaroWinkler.similarity(key, name.key)
            if likeness >= 0.75:
                cost = weights.sound + weights.sound_unlike * (1 - likeness)
                found.append(self._near_match(number, "sound", cost, key))
        return found

    def _near_match(self, number: int, how: str, cost: float, key: str) -> Match:
        name = self._store.pack_names[number]
        return replace(
            self._store.pack_match(number, how, cost),
            likeness=_likeness(key, name.key),
            listed=how == "inflected" and self._is_listed(name),
        )


def _as_code(match: Match) -> Match:
    """A match by a code; two letters of a town's are nobody's but that town's own."""
    short = match.sort == ABBREVIATION and match.place.kind == "settlement"
    letters = sum(map(str.isalpha, match.record.name))
    return replace(match, likeness=AS_CODE) if short and letters <= _CITY else match


def _likeness(key: str, other: str) -> str:
    return "same sound" if skeleton(key) == skeleton(other) else "other sound"


def _looks_short(query: str) -> bool:
    letters = [character for character in query if character.isalpha()]
    return "." in query or (len(letters) > 1 and all(map(str.isupper, letters)))


def _one_place(world: PlaceRef, pack: PlaceRef, same_place_km: float) -> bool:
    if world.kind == "country" or pack.kind in ("country", "republic"):
        return world.kind == "country" and world.country in pack.country.split("|")
    areas = ("district", "province", "region")
    if (world.kind in areas) != (pack.kind in areas):
        return False
    return km_between(world, pack) <= (80.0 if world.kind in areas else same_place_km)
