"""What is known about where a name lies, and what that says for a place it may mean.

The figures below are judgement, as those of `rank` are, and on its scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from atlas.gazetteer.districts import Districts
from atlas.gazetteer.model import NameRecord, PlaceRef
from atlas.world.index import MAIN

__all__ = ["JUST_OUTSIDE", "Hints", "Match", "distance_km", "fits_in", "is_inside", "speaks_for"]

SAME_COUNTRY, SAME_DIVISION, NEAR, NEAR_KM = 2.0, 3.5, 2.0, 60.0
SAME_REGION = 1.5  # a region takes in many districts
SAID_INSIDE = 9.0  # "Aghdam in Khojavend": hardly ever said of an Aghdam elsewhere
BORDER_KM = 3.0  # how fast a district's word fades outside it: its line is good to about 1 km
BEYOND = 0.8  # what it is worth at once on the other side
JUST_OUTSIDE = 0.05
NEIGHBOUR_COUNTRY = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """A place found under a name, before weighing."""

    place: PlaceRef
    record: NameRecord
    how: str
    cost: float = 0.0
    sort: int = MAIN
    row: int = -1
    inside: tuple[int, int] = (-1, -1)
    seat: bool = False
    people: float = math.nan
    notes: tuple[str, ...] = ()


@dataclass
class Hints:
    """What is known about where a text is: countries, divisions, points, each with its word.

    `inside` holds what the name itself was said to lie in: ids of the pack's districts and rows of
    the world's divisions.
    """

    countries: dict[str, str] = field(default_factory=dict)
    divisions: dict[int, str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    points: list[tuple[float, float, str]] = field(default_factory=list)
    neighbours: dict[str, str] = field(default_factory=dict)
    inside: dict[str | int, str] = field(default_factory=dict)
    districts: Districts | None = None

    def __bool__(self) -> bool:
        return bool(self.countries or self.divisions or self.areas or self.points or self.inside)

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


def speaks_for(match: Match, hints: Hints) -> tuple[float, list[str]]:
    """What the surroundings of a name add to the weight of a match, and the reasons in words."""
    place, weight, reasons = match.place, 0.0, []
    if hints.inside:
        share, word = _said_inside(match, hints)
        weight += SAID_INSIDE * share
        if share >= JUST_OUTSIDE:
            reasons.append(f"{'in' if share == 1.0 else 'just outside'} {word!r}, as said")
    codes = [code for code in place.country.split("|") if code in hints.countries]
    if codes and place.kind != "country":
        word = hints.countries[codes[0]]
        weight += SAME_COUNTRY
        reasons.append(f"in {codes[0]} ({word})")
    elif place.kind != "country" and set(place.country.split("|")) & set(hints.neighbours):
        weight += NEIGHBOUR_COUNTRY
    for row in match.inside:
        if row in hints.divisions:
            weight += SAME_DIVISION
            reasons.append(f"in {hints.divisions[row]!r}, named nearby")
            break
    gain, reason = _area(place, hints)
    weight += gain
    if gain > 0.5:
        reasons.append(reason)
    nearest = min(
        ((distance_km(place.lon, place.lat, lon, lat), word) for lon, lat, word in hints.points),
        default=None,
    )
    if nearest is not None:
        gain = NEAR * math.exp(-nearest[0] / NEAR_KM)
        weight += gain
        if gain > 0.2:
            reasons.append(f"{nearest[0]:.0f} km from {nearest[1]!r}")
    return weight, reasons


def _area(place: PlaceRef, hints: Hints) -> tuple[float, str]:
    """What the districts and regions named nearby say for a place of the pack."""
    for area in (place.admin1, place.id):
        if area and area in hints.areas:
            return SAME_DIVISION, f"with {hints.areas[area]!r}, named nearby"
    best = (0.0, "")
    if hints.districts is None or place.source != "pack":
        return best
    for area, word in hints.areas.items():
        outside = hints.districts.within(area).get(place.id)
        if outside is None:
            continue
        whole = SAME_REGION if hints.districts.is_wide(area) else SAME_DIVISION
        where = f"{outside:.0f} km outside" if outside else "in the bounds of"
        best = max(best, (whole * _fade(outside), f"{where} {word!r}, named nearby"))
    return best


def fits_in(match: Match | PlaceRef, area: str | int, districts: Districts | None) -> float:
    """How well a place fits an area.

    Parameters
    ----------
    match : Match or PlaceRef
        The place.
    area : str or int
        Id of a place of the pack, or row of a division of the world.
    districts : Districts, optional
        Who knows the bounds of the pack's districts.

    Returns
    -------
    float
        1 inside it (or the area itself), less the farther outside, 0 far off or not known.
    """
    place, rows = (match, ()) if isinstance(match, PlaceRef) else (match.place, match.inside)
    if area in (place.admin1, place.id) or area in rows:
        return 1.0
    if isinstance(area, str) and districts is not None and place.source == "pack":
        outside = districts.within(area).get(place.id)
        return 0.0 if outside is None else _fade(outside)
    return 0.0


def _said_inside(match: Match | PlaceRef, hints: Hints) -> tuple[float, str]:
    """How well a place fits where the name was said to lie, and the word."""
    fits = ((fits_in(match, area, hints.districts), word) for area, word in hints.inside.items())
    return max(fits, key=lambda item: item[0], default=(0.0, ""))


def is_inside(match: Match | PlaceRef, hints: Hints) -> bool:
    """Whether a place lies where the name was said to lie, or hardly outside it."""
    return _said_inside(match, hints)[0] >= JUST_OUTSIDE


def _fade(outside: float) -> float:
    return BEYOND * math.exp(-outside / BORDER_KM) if outside else 1.0
