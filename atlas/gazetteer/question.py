"""Asking about one name, as it was written: with its containers, its other names, its distance."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from atlas.base.folding import fold
from atlas.gazetteer.context import Context
from atlas.gazetteer.evidence import Hints, Match
from atlas.gazetteer.lookup import Lookup
from atlas.gazetteer.model import Resolution
from atlas.gazetteer.rank import Ranked, Setting, describe, kinds_like, rank, settle
from atlas.gazetteer.store import Store
from atlas.gazetteer.type_words import without_type
from atlas.gazetteer.written import Written, take_apart

__all__ = ["Asked", "Asker"]

_AREAS = ("country", "republic", "province", "district", "region")
_NEAR_M = 5_000.0  # what "near" a place reaches to, where no distance is said
_FAR_M = 15_000.0  # the same for "north of" a place
_GUESSED = 0.25  # of a distance said: people round, and measure from an edge
_LEAST_M = 1_000.0
_DEGREE_M = 111_195.0
Adjust = Callable[[Match], Match]


@dataclass(frozen=True)
class Asked:
    """A name that was looked up and weighed.

    Attributes
    ----------
    name : str
        As written.
    matches : tuple of Match
        All places found, before weighing.
    ranked : tuple of Ranked
        Weighed, best first.
    hints : Hints
        What is known of where it lies, with what the name itself said.
    setting : Setting
        With the kind wanted, that the name itself may have said.
    written : Written
        Its parts.
    torn : bool
        Whether its names are those of different places.
    unknown : tuple of str
        Parts of it that nothing known is called.
    called : bool
        Whether its own words say the kind of place.
    doubt : str
        Why no place is to be taken, whatever the weights say.
    """

    name: str
    matches: tuple[Match, ...]
    ranked: tuple[Ranked, ...]
    hints: Hints
    setting: Setting
    written: Written = field(default_factory=lambda: Written(("",)))
    torn: bool = False
    unknown: tuple[str, ...] = ()
    called: bool = False
    doubt: str = ""

    def again(self, hints: Hints, adjust: Adjust) -> Asked:
        """Weigh the same matches again, each adjusted."""
        ranked = rank([adjust(match) for match in self.matches], hints, self.setting)
        return replace(self, ranked=tuple(ranked))

    def settle(self, *, by_name_only: bool = False) -> Resolution:
        """Say which place it is; see `rank.settle`."""
        setting = self.setting
        found = [describe(item, setting.weights) for item in self.ranked]
        answer = settle(
            self.name,
            found,
            home=setting.home,
            by_name_only=by_name_only,
            told=by_name_only and bool(self.hints),
            hints=self.hints,
            kinds=setting.kinds,
            called=self.called,
            weights=setting.weights,
        )
        if self.torn and answer.status != "unresolved":
            names = " and ".join(map(repr, self.written.names))
            answer = replace(
                answer,
                status="ambiguous",
                place=None,
                why=f"{names} are names of different places: "
                + "; ".join(f"{c.place.name} ({c.place.country})" for c in found[:5]),
            )
        if self.doubt and answer.place is not None:
            listed = "; ".join(f"{c.place.name} ({c.place.country})" for c in found[:5])
            answer = replace(answer, status="ambiguous", place=None, why=f"{self.doubt}: {listed}")
        for words, what in (
            (self.unknown, "nothing known is called"),
            (self.hints.unknown, "no district, province or country is known that is called"),
        ):
            if words and answer.status != "unresolved":
                answer = replace(
                    answer,
                    status="likely" if answer.status == "resolved" else answer.status,
                    why=f"{answer.why}; {what} {', '.join(map(repr, words))}",
                )
        return _moved(answer, self.written) if self.written.near else answer


class Asker:
    """Looks names up as they are written and weighs what was found.

    Parameters
    ----------
    store : Store
        Places and names.
    lookup : Lookup
        Who finds them.
    context : Context
        Who knows what a container is.
    """

    def __init__(self, store: Store, lookup: Lookup, context: Context) -> None:
        self._store, self._lookup, self._context = store, lookup, context

    def ask(self, name: str, hints: Hints, setting: Setting, kind: str | None = None) -> Asked:
        """Look a name up.

        Parameters
        ----------
        name : str
            As written.
        hints : Hints
            What is known of where it lies.
        setting : Setting
            Language, date and weights.
        kind : str or None
            Kind of place wanted, in the words of ``places.csv``.
        """
        written = take_apart(name)
        if written.names == (name,) or self._lookup.exact(name):
            return self._plain(name, hints, setting, kind)
        asked = self._parts(name, written, hints, setting, kind)
        if not asked.matches and not written.near:
            whole = self._plain(name, hints, setting, kind)
            return whole if whole.matches else asked
        return asked

    def add_inside(self, hints: Hints, word: str) -> bool:
        """Take a word for what a name was said to lie in; see `Context.add_inside`."""
        return self._context.add_inside(hints, word)

    def _plain(self, name: str, hints: Hints, setting: Setting, kind: str | None) -> Asked:
        matches, said = self._lookup.find(name, kind)
        written, called = Written((name,)), said is not None and kind is None
        return self._weighed(name, matches, hints, setting, said, written, called=called)

    def _weighed(
        self,
        name: str,
        matches: Sequence[Match],
        hints: Hints,
        setting: Setting,
        kind: str | None,
        written: Written,
        *,
        torn: bool = False,
        unknown: Sequence[str] = (),
        called: bool = False,
    ) -> Asked:
        if kind:
            setting = replace(setting, kinds=kinds_like(kind))
        plain = written.names[0]
        matches = [*matches, *self._context.near_inside(plain, list(matches), hints)]
        ranked = rank(matches, hints, setting)
        return Asked(
            name,
            tuple(matches),
            tuple(ranked),
            hints,
            setting,
            written,
            torn,
            tuple(unknown),
            called,
        )

    def _parts(
        self, name: str, written: Written, hints: Hints, setting: Setting, kind: str | None
    ) -> Asked:
        names, inside, asked = written.names, written.inside, kind
        if inside and self._names_area(names) and not self._names_area((inside[-1],)):
            # "France, Rhone, Lyon": the largest first.
            names, inside = (inside[-1],), (*inside[-2::-1], *names)
        told, unknown = hints.copy(), []
        wide = [one for one in names if self._names_area((one,))]
        if wide and len(wide) < len(names):
            # "Lyon - France": what it lies in, and no other name of it.
            names = tuple(one for one in names if one not in wide)
            inside = (*inside, *wide)
        for word in inside:
            if fold(word) not in map(fold, names):
                self._context.add_inside(told, word)
        found = []
        for one in names:
            matches, kind = self._lookup.find(one, kind)
            if matches:
                found.append(matches)
            else:
                unknown.append(one)
        if written.beside:
            kind = self._beside(written.beside, found, told, unknown) or kind
        matches, torn = _agreeing(found)
        return self._weighed(
            name, matches, told, setting, kind, replace(written, names=names),
            torn=torn, unknown=unknown, called=asked is None and kind is not None,
        )  # fmt: skip

    def _names_area(self, names: Sequence[str]) -> bool:
        """Whether a name is that of a country or province, and of no town of the pack."""
        found = [match.place for one in names for match in self._lookup.exact(one)]
        towns = [place for place in found if place.source == "pack" and place.kind not in _AREAS]
        return not towns and any(place.kind in ("country", "province") for place in found)

    def _beside(
        self, word: str, found: list[list[Match]], hints: Hints, unknown: list[str]
    ) -> str | None:
        """Take what stands in brackets: another name, a kind of place, or what it lies in."""
        _, kind = without_type(f"{word} X")
        if kind and fold(without_type(f"{word} X")[0]) == "x":
            return kind
        known = {match.place.id for matches in found for match in matches}
        there = self._lookup.matches(word)
        if known & {match.place.id for match in there}:
            found.append(there)
        elif any(match.place.kind in _AREAS or match.seat for match in there):
            self._context.add_inside(hints, word)
        elif there and not found:
            found.append(there)
        elif there:
            best = rank(there, hints, Setting(title=self._store.title, home=self._store.home))[0]
            hints.add_place(best.match.place, word)
        else:
            unknown.append(word)
        return None


def _agreeing(found: list[list[Match]]) -> tuple[list[Match], bool]:
    """Matches of the places that all names fit; whether there are none such."""
    if not found:
        return [], False
    shared = set.intersection(*({match.place.id for match in matches} for matches in found))
    if shared:
        return [m for matches in found for m in matches if m.place.id in shared], False
    return [match for matches in found for match in matches], len(found) > 1


def _moved(answer: Resolution, written: Written) -> Resolution:
    """The place near another one: its point, moved as far as said, and how far off it may be."""
    place = answer.place
    if place is None:
        return answer
    known = place.precision_m if place.precision_m > 0 else _LEAST_M
    metres, bearing = written.metres, written.bearing
    if metres is not None and bearing is not None:
        reach = known + max(_LEAST_M, _GUESSED * metres)
    elif metres is not None:
        reach = known + metres
    else:
        reach = known + (_NEAR_M if bearing is None else _FAR_M)
    lon, lat = place.lon, place.lat
    if metres is not None and bearing is not None:
        lat += metres * math.cos(math.radians(bearing)) / _DEGREE_M
        lon += (
            metres
            * math.sin(math.radians(bearing))
            / (_DEGREE_M * max(0.01, math.cos(math.radians(place.lat))))
        )
        lon, lat = (lon + 180.0) % 360.0 - 180.0, max(-90.0, min(90.0, lat))
    there = replace(place, lon=lon, lat=lat, precision_m=reach)
    first = replace(answer.candidates[0], place=there)
    why = f"not {place.name} itself but within {reach / 1000:.0f} km: {answer.why}"
    return replace(answer, place=there, candidates=(first, *answer.candidates[1:]), why=why)
