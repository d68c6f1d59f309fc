"""Collecting what the words around a name say about where it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from atlas.base.errors import country_of
from atlas.base.folding import fold, script_of
from atlas.gazetteer.districts import Districts
from atlas.gazetteer.evidence import Hints, Match, is_inside
from atlas.gazetteer.inflection import stem
from atlas.gazetteer.lookup import Lookup
from atlas.gazetteer.loose import nearest
from atlas.gazetteer.rank import Setting, rank
from atlas.gazetteer.store import Store
from atlas.world.model import MAIN

__all__ = ["Context"]

_AROUND = ("country", "republic", "province", "district", "region")
_SURELY = ("exact", "folded", "inflected")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", re.UNICODE)


class Context:
    """Turns texts, columns and points around a name into hints.

    Parameters
    ----------
    store : Store
        Places and names.
    lookup : Lookup
        Who finds them.
    districts : Districts, optional
        Who knows the bounds of the pack's districts.
    """

    def __init__(self, store: Store, lookup: Lookup, districts: Districts | None) -> None:
        self._store, self._lookup, self._districts = store, lookup, districts

    def hints(
        self,
        context: str | None = None,
        *,
        near: Iterable[str | tuple[float, float]] | None = None,
        country: str | None = None,
        inside: str | None = None,
        leave_out: str = "",
    ) -> Hints:
        """Collect what a text says about where it is; see `Gazetteer.hints`."""
        hints = Hints(districts=self._districts)
        if country:
            code = country_of(country)
            hints.say_country(code, code)
        for item in near or ():
            if isinstance(item, str):
                place = self._store.place(item)
                hints.add_place(place, place.name)
            else:
                hints.points.append((float(item[0]), float(item[1]), "the point given"))
        for word in filter(None, map(str.strip, (inside or "").split(","))):
            self.add_inside(hints, word)
        if context:
            skip = fold(leave_out)
            for text in self._named_in(context):
                if fold(text) != skip:
                    self._add_hint(hints, text)
        return hints

    def _named_in(self, context: str) -> list[str]:
        words = list(_WORD.finditer(context))
        world = self._store.world
        found, index = [], 0
        while index < len(words):
            for length in range(min(4, len(words) - index), 0, -1):
                text = context[words[index].start() : words[index + length - 1].end()]
                key = fold(text)
                known = key in self._store.by_key or (
                    text[:1].isupper() and world is not None and key in world.keys
                )
                if known:
                    found.append(text)
                    index += length - 1
                    break
            else:
                # One inflected word of the pack's own names still helps.
                text = words[index].group()
                if text[:1].isupper() and not text.isascii():
                    script = script_of(text)
                    if (script, stem(text, script)) in self._lookup.stems:
                        found.append(text)
            index += 1
        return found

    def add_inside(self, hints: Hints, word: str) -> bool:
        """Take a word for what a name was said to lie in.

        Parameters
        ----------
        hints : Hints
            Where it is added.
        word : str
            A district, province, region or country, or its code.

        Returns
        -------
        bool
            Whether it is one that is known; else it is among the hints' unknown words.
        """
        found = self._lookup.matches(word) if word else []
        around = [match for match in found if match.place.kind in _AROUND]
        known = [match for match in around if match.place.source == "pack"]
        # The pack's Georgia does not hide the other one.
        known += [match for match in around if match not in known and _is_wide(match)]
        known = known or around
        if any(match.how not in _SURELY for match in known):
            # A slip in a word for a place far away is no slip: nothing says that it is meant.
            here = all(match.place.source == "pack" for match in known)
            known = known if here and len({match.place.id for match in known}) == 1 else []
        seats = False
        # A column of districts has "Shusha" where the district is Shusha's.
        for match in found:
            if match.seat and match.place.admin1:
                hints.inside.setdefault(match.place.admin1, word)
                seats = True
        for match in around if _is_short(known) else known:
            if match.place.kind == "country":
                hints.say_country(match.place.country, word)
            elif match.place.kind == "republic":
                hints.add_place(match.place, word)
            elif match.place.kind == "region" and not self._bounded(match.place.id):
                hints.areas.setdefault(match.place.id, word)
            else:
                hints.say_inside(match, word)
        if not word or known or seats:
            return True
        if any(self._is_town(match, hints) for match in found):
            self._add_hint(hints, word)
            return True
        hints.unknown = (*hints.unknown, word)
        return False

    def _is_town(self, match: Match, hints: Hints) -> bool:
        """Whether a town, given for what a name lies in, is one that may well be meant."""
        place, here = match.place, self._store.home | set(hints.countries)
        if match.how not in _SURELY:
            return False
        return (
            place.source == "pack"
            or not here
            or bool(here & set(place.country.split("|")))
            or place.population >= self._store.weights.well_known
        )

    def _bounded(self, identity: str) -> bool:
        return self._districts is not None and bool(self._districts.within(identity))

    def _add_hint(self, hints: Hints, text: str) -> None:
        matches = self._lookup.matches(text)
        if not matches:
            return
        ranked = rank(matches, Hints(), Setting(title=self._store.title, home=self._store.home))
        best = ranked[0]
        if best.match.place.source == "pack" or best.match.place.kind in ("country", "province"):
            for item in ranked[:3]:
                if (item.match.place.kind in ("country", "province") and item.share > 0.2) or (
                    item is best and item.share > 0.6
                ):
                    hints.add_match(item.match, text)
        elif best.share > 0.6:
            hints.add_match(best.match, text)

    def near_inside(self, name: str, matches: list[Match], hints: Hints) -> list[Match]:
        """Near spellings where the name was said to lie, if nothing there is called so."""
        if not hints.inside or any(is_inside(match, hints) for match in matches):
            return []
        near = [m for m in self._lookup.near(fold(name), far=False) if is_inside(m, hints)]
        if near:
            return near
        here = [
            number
            for index, place in enumerate(self._store.places)
            if is_inside(place, hints)
            for number in self._store.numbers_of[index]
        ]
        written = [(self._store.pack_names[number].record.name, number) for number in here]
        return [
            self._store.pack_match(number, "sound", 1.5 + distance)
            for number, distance in nearest(name, written)
        ]


def _is_wide(match: Match) -> bool:
    """Whether a match is the world's country or province of just that name."""
    return (
        match.how in ("exact", "folded")
        and match.sort == MAIN
        and match.place.kind in ("country", "province")
    )


def _is_short(known: list[Match]) -> bool:
    """Whether only codes were found, of which the pack's are no better than the world's."""
    return bool(known) and all(match.row >= 0 for match in known)
