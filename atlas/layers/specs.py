"""What is drawn: frozen specs with their spans, styles and receipts, and no renderer.

Days are integers since 1970-01-01 UTC; spans are half-open; geometries are EPSG:4326.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from atlas.record.naming import Parts

__all__ = [
    "LAYERS",
    "OFF_AT_FIRST",
    "Area",
    "Category",
    "Chapter",
    "ControlSpell",
    "Displacement",
    "Edge",
    "Episode",
    "EventColumns",
    "LayerSet",
    "Mandate",
    "Name",
    "OwnSet",
    "PartyStyle",
    "PlaceLabel",
    "Receipt",
    "Relief",
    "Route",
    "Source",
    "Zone",
]

LAYERS = (
    "control", "claims", "mandates", "routes", "displacement", "events", "labels", "basemap",
)  # fmt: skip

OFF_AT_FIRST = ("claims", "displacement")
"""Layers that are drawn only once a reader asks for them."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who says so, how surely, on what.

    Attributes
    ----------
    certainty : {'certain', 'probable', 'contested', 'unknown'}
    asserted_by : str
        Party id, or empty for the atlas's own assessment.
    sources : tuple of str
        Source ids.
    note : str
    """

    certainty: str
    asserted_by: str
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartyStyle:
    """A party and how it is told apart: by colour and by pattern."""

    id: str
    names: Mapping[str, str]
    colour: str
    pattern: str
    role: str


@dataclass(frozen=True, slots=True)
class Source:
    """One source, as a reader would cite it."""

    id: str
    title: str
    author: str
    publisher: str
    issued: str
    url: str
    language: str
    affiliation: str
    reliability: str


@dataclass(frozen=True, slots=True)
class Area:
    """An atomic area: never divided between holders within the period.

    ``part`` says by language which part of the district it is; ``range_km2`` is its size with the
    outline moved in and out by its uncertainty.
    """

    id: str
    place: str
    district: str
    part: Mapping[str, str]
    scope: str
    method: str
    uncertainty_m: float
    km2: float
    range_km2: tuple[float, float]
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Edge:
    """A stretch of line between two areas, or between an area (left) and the outside (-1)."""

    left: int
    right: int
    line: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ControlSpell:
    """Who held an area over ``[start, end)``, assessed or (``asserted_by``) claimed.

    ``kind`` says what is claimed; the note of the receipt is without it.
    """

    id: str
    area: int
    controller: str
    control_type: str
    how: str
    start: int
    end: int
    event: str
    de_jure_iso: str
    de_jure_basis: str
    kind: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Zone:
    """Ground of a mandate: an area, a corridor or a post."""

    id: str
    names: Mapping[str, str]
    zone_type: str
    place: str
    start: int
    end: int
    uncertainty_m: float
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mission's authority over a zone; ``deployed`` is None where nobody ever came."""

    id: str
    mission: str
    instrument: str
    zone: int
    zone_type: str
    authorised: tuple[int, int]
    deployed: tuple[int, int] | None
    details: Mapping[str, str]
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one place to another, with its length measured along it in km."""

    id: str
    names: Mapping[str, str]
    mode: str
    from_place: str
    to_place: str
    disputed_name: bool
    built: int
    uncertainty_m: float
    km: float
    geometry: BaseGeometry
    note: str


@dataclass(frozen=True, slots=True)
class Episode:
    """What could pass on a stretch of a route over ``[start, end)``; NaN km = the whole of it."""

    id: str
    route: int
    from_km: float
    to_km: float
    status: str
    applies_to: tuple[str, ...]
    direction: str
    start: int
    end: int
    details: Mapping[str, str]
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Displacement:
    """People who left home or came back, as one counter or several counted them.

    Attributes
    ----------
    people : str
        Party whose people they are, or empty.
    who : mapping of str to str
        Who they are, by language.
    measure : {'flow', 'stock'}
        Moved within the span; away, or back, on the day of the count.
    movement : {'departure', 'return'}
    origins, destinations : tuple of str
        Places from where and to where, as the row names them.
    start, end : int
        Days the row speaks of, half-open.
    written : tuple of str
        The same span as the record writes it, to be told no more exactly than it is known.
    low, best, high : float
        Figures; NaN where nobody gave one.
    counted_by, counted_on : str
        Who counted which figure, and when.
    part_of : str
        Row whose people these are among, or empty.
    at : tuple of float or None
        Longitude and latitude, degrees, of the place that was left or arrived at; of several
        places, their middle. None where none of them is known.
    ends : tuple of (float, float)
        The places at the other end of the way.
    outward : bool
        Whether the way leads from `at` to `ends`, and not to it from them.
    """

    id: str
    people: str
    who: Mapping[str, str]
    measure: str
    movement: str
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    start: int
    end: int
    written: tuple[str, str]
    low: float
    best: float
    high: float
    counted_by: str
    counted_on: str
    part_of: str
    at: tuple[float, float] | None
    ends: tuple[tuple[float, float], ...]
    outward: bool
    details: Mapping[str, str]
    receipt: Receipt

    @property
    def main(self) -> float:
        """Best figure, or the one there is; NaN where there is none.

        Examples
        --------
        >>> from atlas.layers.set import layer_set
        >>> [one.main for one in layer_set(a.pack).displacement if one.id == "f006"]
        [5000.0]
        """
        return next((one for one in (self.best, self.low, self.high) if one == one), math.nan)


@dataclass(frozen=True, slots=True)
class Name:
    """One dated name of a place, in one language, as used by some."""

    text: str
    lang: str
    script: str
    romanised: str
    status: str
    used_by: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlaceLabel:
    """A place, its weight on the map and all its names.

    ``called`` is what `atlas.record.naming` says: by language, from which day on it goes by which
    names, each with the number of the side whose it is, or -1. ``extent`` are the ids of the areas
    that make up its ground, where the record says so.
    """

    id: str
    kind: str
    lon: float
    lat: float
    country: str
    rank: float
    start: int
    end: int
    names: tuple[Name, ...]
    called: Mapping[str, tuple[tuple[int, Parts], ...]] = field(default_factory=dict)
    extent: tuple[str, ...] = ()

    def called_on(self, day: int, lang: str, side: int = -1) -> list[str]:
        """Give the names that stand for the place on a day.

        Parameters
        ----------
        day : int
            Day number.
        lang : str
            Language; English, or any other, serves where there is no name in it.
        side : int
            Number of the side whose name is wanted alone, where it has one of its own.

        Returns
        -------
        list of str
            One, or each side's own.

        Examples
        --------
        >>> from atlas.layers.set import layer_set
        >>> label = layer_set(a.pack).places[0]
        >>> len(label.called_on(0, "en")) > 0
        True
        """
        told = (
            self.called.get(lang) or self.called.get("en") or next(iter(self.called.values()), ())
        )
        if not told:
            return [self.id.replace("_", " ")]
        parts = next((parts for start, parts in reversed(told) if start <= day), told[0][1])
        own = [text for n, text in parts if n == side >= 0]
        return own or list(dict.fromkeys(text for _, text in parts))


@dataclass(frozen=True, slots=True)
class Category:
    """A factorised text column: ``values[codes[i]]``; code 0 is always the empty text."""

    codes: npt.NDArray[np.int32]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Events as columns, sorted by first possible day.

    Attributes
    ----------
    start, end : array of int32
        First possible day; first day it can no longer be.
    lon, lat : array of float64
        Degrees, EPSG:4326.
    deaths, low, high : array of float64
        Best, lowest and highest count; NaN where not stated (not zero).
    uncertainty_m : array of float64
        Radius the place may be off by; NaN where not stated.
    text : mapping of str to Category
        ``type``, ``certainty``, ``actor1``, ``actor2``, ``place``, ``title`` and so on.
    """

    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    deaths: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    uncertainty_m: npt.NDArray[np.float64]
    text: Mapping[str, Category]

    def __len__(self) -> int:
        """Count of events."""
        return len(self.start)


@dataclass(frozen=True, slots=True)
class OwnSet:
    """One set of events for a page's legend.

    Attributes
    ----------
    name : str
        As the user calls it; empty for the record's own events.
    rows : int
        Events of it that are on the map.
    colour : str
        ``#rrggbb`` for all of it; empty where types or shades say it.
    shades : tuple of (str, str)
        Classes of the column it is coloured by, each with its colour.
    """

    name: str
    rows: int
    colour: str = ""
    shades: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """One step of the guided story."""

    id: str
    day: int
    lon: float
    lat: float
    zoom: float
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    events: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relief:
    """A grey picture of the relief in Web Mercator: mid-grey is flat.

    Attributes
    ----------
    box : tuple of float
        West, south, east, north of its edges, degrees.
    image : bytes
        WebP.
    """

    box: tuple[float, float, float, float]
    image: bytes


@dataclass(frozen=True, slots=True)
class LayerSet:
    """All layers of a pack, ready for any renderer.

    Attributes
    ----------
    sets : tuple of OwnSet
        The record's events and each set of a user's own, for the legend.
    changes : tuple of int
        Days on which control, a mandate, a route, or a zone changes.
    basemap : tuple of (kind, names, geometry)
        Land, water and borders drawn below.
    frames : tuple of box
        West, south, east, north, degrees: where `basemap` is all of the ground there is.
    outlines : tuple of (kind, geometry)
        Coarse ``land`` and ``border`` of the whole world, drawn where there is no frame.
    relief : Relief or None
        Shading of the land.
    credits : tuple of str
        Whose ground is drawn.

    Where a box runs across the antimeridian its east is above 180, and every longitude here runs
    on with it.
    """

    pack_id: str
    titles: Mapping[str, str]
    period: tuple[int, int]
    bbox: tuple[float, float, float, float]
    languages: tuple[str, ...]
    descriptions: Mapping[str, str]
    sides: tuple[tuple[str, ...], ...]
    parties: tuple[PartyStyle, ...]
    sources: tuple[Source, ...]
    areas: tuple[Area, ...]
    edges: tuple[Edge, ...]
    control: tuple[ControlSpell, ...]
    zones: tuple[Zone, ...]
    mandates: tuple[Mandate, ...]
    routes: tuple[Route, ...]
    episodes: tuple[Episode, ...]
    displacement: tuple[Displacement, ...]
    places: tuple[PlaceLabel, ...]
    events: EventColumns
    sets: tuple[OwnSet, ...]
    chapters: tuple[Chapter, ...]
    basemap: tuple[tuple[str, Mapping[str, str], BaseGeometry], ...]
    changes: tuple[int, ...]
    frames: tuple[tuple[float, float, float, float], ...] = ()
    outlines: tuple[tuple[str, BaseGeometry], ...] = ()
    relief: Relief | None = None
    credits: tuple[str, ...] = ()
