"""The places and names of a pack, and how they meet the wider world's."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from atlas.base.errors import InputError, NotFoundError
from atlas.base.folding import fold, script_of
from atlas.base.timespan import boundary_day
from atlas.gazetteer.evidence import Match, distance_km
from atlas.gazetteer.model import NameRecord, PlaceRef
from atlas.gazetteer.weights import DEFAULT, Weights
from atlas.world.index import load_world
from atlas.world.model import World, WorldPlace

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PackName", "Store"]

_SAME_POINT_KM = 1.0
_CAPITAL_PEOPLE = 50_000


@dataclass(frozen=True)
class PackName:
    """A name of a place of the pack, with its folded key."""

    place: int
    record: NameRecord
    key: str


class Store:
    """Places and names in memory, by number and by key.

    Parameters
    ----------
    places, names : pandas.DataFrame
        As in `Gazetteer`.
    world : bool or World
        Whether to know the wider world too.
    title : str
        What the places are called in explanations.
    countries : iterable of str
        Countries that the pack is about, ISO 3166-1 alpha-2; by default those of its places.
    mentions : mapping of str to int
        Place id -> how many events the record has there.
    weights : Weights
        Of the ranking.
    """

    def __init__(
        self,
        places: pd.DataFrame,
        names: pd.DataFrame,
        *,
        world: bool | World = True,
        title: str = "this pack",
        countries: Iterable[str] = (),
        mentions: Mapping[str, int] = MappingProxyType({}),
        weights: Weights = DEFAULT,
    ) -> None:
        self.title = title
        self._mentions = dict(mentions)
        self.weights = weights
        self._countries = frozenset(countries)
        self.world_wanted = bool(world) if isinstance(world, bool) else True
        self._world = self._given = world if isinstance(world, World) else None
        self.places: list[PlaceRef] = []
        self._geonames: dict[int, int] = {}
        self.index_of: dict[str, int] = {}
        self.pack_names: list[PackName] = []
        self.by_key: dict[str, list[int]] = defaultdict(list)
        self.numbers_of: dict[int, list[int]] = defaultdict(list)
        self._add_places(places, names)
        self._add_names(names)
        self._seats = self._find_seats()

    def __getstate__(self) -> dict[str, Any]:
        # The world's index is opened again where it is needed, and not carried along.
        return self.__dict__ | {"_world": self._given}

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
            self.index_of[identity] = len(self.places)
            geonames = _number(row.get("geonames_id"))
            if not math.isnan(geonames):
                self._geonames[int(geonames)] = len(self.places)
            self.places.append(reference)

    def _add_names(self, names: pd.DataFrame) -> None:
        for row in _records(names):
            identity = str(row["place_id"])
            if identity not in self.index_of:
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
            self._add_name(self.index_of[identity], record)
            for spelling in romanised.split(";"):
                if fold(spelling) and fold(spelling) != fold(name):
                    self._add_name(
                        self.index_of[identity],
                        replace(record, name=spelling.strip(), script="Latn", status="variant"),
                    )

    def _add_name(self, place: int, record: NameRecord) -> None:
        key = fold(record.name)
        if not key:
            return
        number = len(self.pack_names)
        self.pack_names.append(PackName(place, record, key))
        self.by_key[key].append(number)
        self.numbers_of[place].append(number)

    def _find_seats(self) -> frozenset[int]:
        # A town that gives its name to the district around it is what the bare name means first.
        seats = set()
        for index, place in enumerate(self.places):
            if place.kind not in ("district", "province", "region"):
                continue
            near = [
                (distance_km(place.lon, place.lat, self.places[at].lon, self.places[at].lat), at)
                for number in self.numbers_of[index]
                for other in self.by_key[self.pack_names[number].key.split()[0]]
                for at in [self.pack_names[other].place]
                if self.places[at].kind == "settlement"
            ]
            if near and min(near)[0] <= self.weights.seat_km:
                seats.add(min(near)[1])
        return frozenset(seats)

    @cached_property
    def home(self) -> frozenset[str]:
        """Countries that the pack is about: those it says, else those of most of its places."""
        if self._countries:
            return self._countries
        counts: dict[str, int] = defaultdict(int)
        for place in self.places:
            for code in filter(None, place.country.split("|")):
                counts[code] += 1
        large = max(counts.values(), default=0)
        return frozenset(code for code, n in counts.items() if n >= max(5, large // 20))

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

    def pack_match(self, number: int, how: str, cost: float) -> Match:
        """A match of a place of the pack by one of its names, by the name's number."""
        name = self.pack_names[number]
        place = self.places[name.place]
        return Match(
            place,
            name.record,
            how,
            cost,
            seat=name.place in self._seats,
            people=self._people.get(place.id, math.nan),
            mentions=self._mentions.get(place.id, 0),
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
        world = self.world or load_world()
        return {code: fold(world.names[row]) for code, row in world.capitals.items()}

    def is_capital(self, place: PlaceRef) -> bool:
        """Whether a place is the capital of its country, by GeoNames."""
        if place.kind != "settlement":
            return False
        capital = {self._capitals.get(code, "") for code in place.country.split("|")} - {""}
        if not capital:
            return False
        if place.source == "pack":
            keys = {self.pack_names[n].key for n in self.numbers_of[self.index_of[place.id]]}
            return bool(keys & capital)
        return fold(place.name) in capital and place.population > _CAPITAL_PEOPLE

    @property
    def written_names(self) -> tuple[str, ...]:
        """All names of the pack's places, as written."""
        return tuple(name.record.name for name in self.pack_names)

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
        if self._world is None and self.world_wanted:
            self._world = load_world()
        return self._world

    def place(self, identity: str) -> PlaceRef:
        """Look a place up by its id.

        Raises
        ------
        NotFoundError
            If there is no such place.
        """
        if identity in self.index_of:
            return self.places[self.index_of[identity]]
        if identity.startswith("geonames:") and self.world is not None:
            number = identity.partition(":")[2]
            if number.isdigit():
                rows = (self.world.ids == int(number)).nonzero()[0]
                if len(rows):
                    return self.world_ref(self.world.place(int(rows[0])))
        raise NotFoundError(f"no place has the id {identity!r}")

    def names_of(self, identity: str) -> tuple[NameRecord, ...]:
        """All names of a place of the pack.

        Raises
        ------
        NotFoundError
            If there is no such place in the pack.
        """
        if identity not in self.index_of:
            raise NotFoundError(f"no place has the id {identity!r}")
        return tuple(self.pack_names[n].record for n in self.numbers_of[self.index_of[identity]])

    @property
    def keys(self) -> Iterable[str]:
        """Folded names of the pack's places."""
        return self.by_key.keys()

    def world_ref(self, place: WorldPlace) -> PlaceRef:
        """A place of the world; the pack's own record of it where it has one."""
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
            place.placed,
        )


def _require(frame: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise InputError(
            f"the {what} table lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
        )


def _records(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    # Column by column: a frame's own records are boxed cell by cell, which takes half of the time.
    held = {str(name): values.tolist() for name, values in frame.items() if name != "geometry"}
    return (dict(zip(held, row, strict=True)) for row in zip(*held.values(), strict=True))


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
