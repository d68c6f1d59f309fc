"""What is known about where a name lies, and what that says for a place it may mean."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from atlas.gazetteer.districts import Districts
from atlas.gazetteer.model import NameRecord, PlaceRef
from atlas.gazetteer.weights import DEFAULT, Weights
from atlas.world.model import MAIN

__all__ = [
    "COUNTRY", "Hints", "Match", "distance_km", "fits_in", "is_inside", "km_between",
    "speaks_for",
]  # fmt: skip


COUNTRY = "country:"  # before a code: what a name was said to lie in


@dataclass(frozen=True, slots=True)
class Match:
    """A place found under a name, before weighing.

    `listed` says that the name is the one that the place is listed under; `likeness` of a near
    spelling how it differs: ``same sound`` or ``other sound``; `support` how much of its weight
    the other names of one text lend; `mentions` how many events the record has there.
    """

    place: PlaceRef
    record: NameRecord
    how: str
    cost: float = 0.0
    sort: int = MAIN
    row: int = -1
    inside: tuple[int, int] = (-1, -1)
    seat: bool = False
    people: float = math.nan
    listed: bool = False
    likeness: str = ""
    notes: tuple[str, ...] = ()
    support: float = 0.0
    mentions: int = 0


@dataclass
class Hints:
    """What is known about where a text is: countries, divisions, points, each with its word.

    `inside` holds what the name itself was said to lie in: ids of the pack's districts, rows of
    the world's divisions and codes of countries. `unknown` are words for that which no area
    known bears.
    """

    countries: dict[str, str] = field(default_factory=dict)
    divisions: dict[int, str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    points: list[tuple[float, float, str]] = field(default_factory=list)
    neighbours: dict[str, str] = field(default_factory=dict)
    inside: dict[str | int, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    districts: Districts | None = None

    def __bool__(self) -> bool:
        return bool(self.countries or self.divisions or self.areas or self.points or self.inside)

    def copy(self) -> Hints:
        """A copy that can be added to."""
        return Hints(
            dict(self.countries),
            dict(self.divisions),
            dict(self.areas),
            list(self.points),
            dict(self.neighbours),
            dict(self.inside),
            self.unknown,
            self.districts,
        )

    def say_country(self, code: str, word: str) -> None:
        """Take a country as what the name was said to lie in."""
        self.countries.setdefault(code, word)
        self.inside.setdefault(f"{COUNTRY}{code}", word)

    def say_inside(self, match: Match, word: str) -> None:
        """Take an area as the one that the name was said to lie in."""
        if match.place.source == "pack":
            self.inside.setdefault(match.place.id, word)
        elif match.row >= 0:
            self.inside.setdefault(match.row, word)

    def add_place(self, place: PlaceRef, word: str) -> None:
        """Take a place that the text names as evidence."""
        if place.kind in ("country", "republic"):
            for code in place.country.split("|"):
                self.countries.setdefault(code, word)
            return
        if place.source == "pack":
            self.areas.setdefault(place.id, word)
            if place.admin1:
                self.areas.setdefault(place.admin1, word)
        if place.kind in ("settlement", "district", "region", "corridor"):
            if place.kind != "region":  # too wide for its middle to be evidence
                self.points.append((place.lon, place.lat, word))
            for code in filter(None, place.country.split("|")):
                self.neighbours.setdefault(code, word)

    def add_match(self, match: Match, word: str) -> None:
        """Take a match as evidence, with the divisions it lies in."""
        if match.row >= 0 and match.place.kind in ("province", "district"):
            self.divisions.setdefault(match.row, word)
        for row in match.inside:
            if row >= 0 and match.place.kind == "settlement":
                self.divisions.setdefault(row, word)
        self.add_place(match.place, word)


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance on a sphere of 6,371 km, good to 0.5 %."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))


def km_between(one: PlaceRef, other: PlaceRef) -> float:
    """Great-circle distance of two places, km."""
    return distance_km(one.lon, one.lat, other.lon, other.lat)


def speaks_for(match: Match, hints: Hints, weights: Weights = DEFAULT) -> tuple[float, list[str]]:
    """What the surroundings of a name add to the weight of a match, and the reasons in words."""
    place, weight, reasons = match.place, 0.0, []
    if hints.inside:
        share, word = _said_inside(match, hints, weights)
        weight += weights.inside * share
        if share >= weights.just_outside:
            reasons.append(f"{'in' if share == 1.0 else 'just outside'} {word!r}, as said")
    codes = [code for code in place.country.split("|") if code in hints.countries]
    if codes and place.kind != "country":
        word = hints.countries[codes[0]]
        weight += weights.same_country
        reasons.append(f"in {codes[0]} ({word})")
    elif place.kind != "country" and set(place.country.split("|")) & set(hints.neighbours):
        weight += weights.neighbour
    for row in match.inside:
        if row in hints.divisions:
            weight += weights.same_division
            reasons.append(f"in {hints.divisions[row]!r}, named nearby")
            break
    gain, reason = _area(place, hints, weights)
    weight += gain
    if gain > 0.5:
        reasons.append(reason)
    nearest = min(
        ((distance_km(place.lon, place.lat, lon, lat), word) for lon, lat, word in hints.points),
        default=None,
    )
    if nearest is not None:
        gain = weights.near * math.exp(-nearest[0] / weights.near_km)
        weight += gain
        if gain > 0.2:
            reasons.append(f"{nearest[0]:.0f} km from {nearest[1]!r}")
    return weight, reasons


def _area(place: PlaceRef, hints: Hints, weights: Weights) -> tuple[float, str]:
    """What the districts and regions named nearby say for a place of the pack."""
    for area in (place.admin1, place.id):
        if area and area in hints.areas:
            return weights.same_division, f"with {hints.areas[area]!r}, named nearby"
    best = (0.0, "")
    if hints.districts is None or place.source != "pack":
        return best
    for area, word in hints.areas.items():
        outside = hints.districts.within(area).get(place.id)
        if outside is None:
            continue
        whole = weights.same_region if hints.districts.is_wide(area) else weights.same_division
        where = f"{outside:.0f} km outside" if outside else "in the bounds of"
        best = max(best, (whole * _fade(outside, weights), f"{where} {word!r}, named nearby"))
    return best


def fits_in(
    match: Match | PlaceRef,
    area: str | int,
    districts: Districts | None,
    weights: Weights = DEFAULT,
) -> float:
    """How well a place fits an area.

    Parameters
    ----------
    match : Match or PlaceRef
        The place.
    area : str or int
        Id of a place of the pack, row of a division of the world, or `COUNTRY` and an ISO 3166-1
        alpha-2 code.
    districts : Districts, optional
        Who knows the bounds of the pack's districts.
    weights : Weights
        How a district's word fades beyond its border.

    Returns
    -------
    float
        1 inside it (or the area itself), less the farther outside, 0 far off or not known.
    """
    place, rows = (match, ()) if isinstance(match, PlaceRef) else (match.place, match.inside)
    if isinstance(area, str) and area.startswith(COUNTRY):
        return float(area.removeprefix(COUNTRY) in place.country.split("|"))
    if area in (place.admin1, place.id) or area in rows:
        return 1.0
    if isinstance(area, str) and districts is not None and place.source == "pack":
        outside = districts.within(area).get(place.id)
        return 0.0 if outside is None else _fade(outside, weights)
    return 0.0


def _said_inside(match: Match | PlaceRef, hints: Hints, weights: Weights) -> tuple[float, str]:
    """How well a place fits where the name was said to lie, and the words.

    A word may stand for several areas ("Georgia"), of which one will do; all words must fit.
    """
    best: dict[str, float] = {}
    for area, word in hints.inside.items():
        fit = fits_in(match, area, hints.districts, weights)
        best[word] = max(best.get(word, 0.0), fit)
    return min(best.values(), default=0.0), ", ".join(best)


def is_inside(match: Match | PlaceRef, hints: Hints, weights: Weights = DEFAULT) -> bool:
    """Whether a place lies where the name was said to lie, or hardly outside it."""
    return _said_inside(match, hints, weights)[0] >= weights.just_outside


def _fade(outside: float, weights: Weights) -> float:
    return weights.beyond * math.exp(-outside / weights.border_km) if outside else 1.0
