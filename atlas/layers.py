"""Frames in, layer specs out: what to draw, with its spans, styles and receipts - and on nothing.

A layer is data until the last room. The interactive map, the printed figure and the accessible
table are renderings of the same frozen specs, so they can't disagree. Nothing here knows a
renderer, and nothing here knows which conflict it is.

Days are integers since 1970-01-01 UTC; spans are half-open; geometries are EPSG:4326.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from atlas import crs
from atlas.errors import InputError
from atlas.timespan import OPEN_END, OPEN_START, boundary_day, parse_edtf

if TYPE_CHECKING:
    from atlas.pack import Pack

__all__ = [
    "LAYERS",
    "Area",
    "Category",
    "Chapter",
    "ControlSpell",
    "Edge",
    "Episode",
    "EventColumns",
    "LayerSet",
    "Mandate",
    "Name",
    "PartyStyle",
    "PlaceLabel",
    "Receipt",
    "Route",
    "Source",
    "Zone",
    "coverage_edges",
    "event_columns",
    "layer_set",
    "read_basemap",
]

LAYERS = ("control", "claims", "mandates", "routes", "events", "labels", "basemap")
"""Layers a set can hold, in drawing order from the top of the legend."""

# Okabe-Ito-like hues, softened for a paper ground, for parties that state no colour.
_FALLBACK_COLOURS = ("#b5673b", "#3f7f78", "#7a6aa8", "#8a7f3c", "#4a78a8", "#9a5878", "#6f7b83")
_PATTERNS = ("solid", "diagonal", "dots", "back_diagonal", "horizontal", "cross", "vertical")

# Weight of a place on the map before its population is added (orders of ten).
_KIND_RANK = {
    "country": 9.0, "sea": 7.0, "lake": 2.6, "region": 3.9, "province": 3.0, "republic": 3.9,
    "district": 1.6, "settlement": 0.0, "corridor": 2.5, "pass": 2.1, "mountain": 2.0,
    "river": 2.0, "airport": 2.0, "base": 2.0, "crossing": 2.3, "bridge": 2.1, "monastery": 2.1,
    "dam": 2.0, "station": 2.0, "site": 1.9,
}  # fmt: skip


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
    """An atomic area: never divided between holders within the period."""

    id: str
    place: str
    district: str
    part: str
    scope: str
    method: str
    uncertainty_m: float
    km2: float
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Edge:
    """A stretch of line between two areas, or between an area (left) and the outside (-1)."""

    left: int
    right: int
    line: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ControlSpell:
    """Who held an area over ``[start, end)``, assessed or (``asserted_by``) claimed."""

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
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Zone:
    """Ground of a mandate: an area, a corridor or a post."""

    id: str
    name: str
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
    """A place, its weight on the map and all its names."""

    id: str
    kind: str
    lon: float
    lat: float
    country: str
    rank: float
    start: int
    end: int
    names: tuple[Name, ...]


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
class Chapter:
    """One step of the guided story."""

    id: str
    day: int
    lon: float
    lat: float
    zoom: float
    titles: Mapping[str, str]
    text: str
    events: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayerSet:
    """All layers of a pack, ready for any renderer.

    Attributes
    ----------
    changes : tuple of int
        Days on which control, a mandate, a route, or a zone changes.
    basemap : tuple of (kind, names, geometry)
        Land, water and borders drawn below.
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
    places: tuple[PlaceLabel, ...]
    events: EventColumns
    chapters: tuple[Chapter, ...]
    basemap: tuple[tuple[str, Mapping[str, str], BaseGeometry], ...]
    changes: tuple[int, ...]


def _split(cell: object) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(cell or "").split("|") if part.strip())


def _float(value: object, default: float = math.nan) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return default


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value)


def _records(frame: pd.DataFrame | None) -> Iterable[dict[str, Any]]:
    """Rows as dictionaries; an absent table has none."""
    if frame is None or not len(frame):
        return
    columns = [frame[name].tolist() for name in frame.columns]
    names = [str(name) for name in frame.columns]
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def _receipt(row: Mapping[str, Any]) -> Receipt:
    return Receipt(
        _text(row.get("certainty")) or "certain",
        _text(row.get("asserted_by")),
        _split(row.get("source_ids")),
        _text(row.get("note")),
    )


def _days(row: Mapping[str, Any], first: str = "valid_from", last: str = "valid_to"):  # type: ignore[no-untyped-def]
    stem = first.removesuffix("_from")
    known = ("start_day", "end_day") if stem == "valid" else (f"{stem}_start", f"{stem}_end")
    if known[0] in row:
        return int(row[known[0]]), int(row[known[1]])
    return (
        boundary_day(_text(row.get(first)), end=False),
        boundary_day(_text(row.get(last)), end=True),
    )


def _languages(row: Mapping[str, Any], stem: str) -> dict[str, str]:
    """``name``, ``name_hy`` ... -> ``{"en": ..., "hy": ...}``, empty ones left out."""
    found = {"en": _text(row.get(f"{stem}_en")) or _text(row.get(stem))}
    for lang in ("hy", "az", "ru"):
        found[lang] = _text(row.get(f"{stem}_{lang}"))
    return {lang: text for lang, text in found.items() if text}


def _parties(pack: Pack) -> tuple[PartyStyle, ...]:
    found = []
    for order, party in enumerate(pack.meta.parties.values()):
        found.append(
            PartyStyle(
                party.id,
                dict(party.name),
                party.colour or _FALLBACK_COLOURS[order % len(_FALLBACK_COLOURS)],
                party.pattern or _PATTERNS[order % len(_PATTERNS)],
                party.role,
            )
        )
    return tuple(found)


def _issued(value: object) -> str:
    """CSL ``issued`` -> ``2020-11-10``."""
    if isinstance(value, Mapping):
        parts = value.get("date-parts") or [[]]
        first = parts[0] if parts else []
        return "-".join(f"{int(part):02d}" for part in first)
    return _text(value)


def _author(value: object) -> str:
    """CSL ``author`` -> ``de Waal, T.``."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return _text(value)
    names = []
    for person in value:
        if isinstance(person, Mapping):
            family = _text(person.get("family")) or _text(person.get("literal"))
            given = _text(person.get("given"))
            names.append(f"{family}, {given}" if given else family)
        else:
            names.append(_text(person))
    return "; ".join(name for name in names if name)


def _sources(frame: pd.DataFrame | None) -> tuple[Source, ...]:
    found = []
    for row in _records(frame):
        custom = row.get("custom")
        extra: Mapping[str, Any] = custom if isinstance(custom, Mapping) else {}
        found.append(
            Source(
                _text(row.get("id")),
                _text(row.get("title")),
                _author(row.get("author")),
                _text(row.get("publisher")) or _text(row.get("container-title")),
                _issued(row.get("issued")),
                _text(row.get("URL", row.get("url"))),
                _text(row.get("language")),
                _text(row.get("affiliation", extra.get("affiliation"))),
                _text(row.get("reliability", extra.get("reliability"))),
            )
        )
    return tuple(sorted(found, key=lambda source: source.id))


def _areas(frame: Any) -> tuple[Area, ...]:
    if frame is None or not len(frame):
        return ()
    km2 = crs.area_km2(frame.geometry.values)
    return tuple(
        Area(
            _text(row.get("id")),
            _text(row.get("name_place_id")),
            _text(row.get("district_place_id")),
            _text(row.get("part")),
            _text(row.get("scope")) or "disputed",
            _text(row.get("geometry_method")),
            _float(row.get("uncertainty_m")),
            round(float(size), 1),
            row["geometry"],
        )
        for row, size in zip(_records(frame), km2, strict=True)
    )


def coverage_edges(geometries: Sequence[BaseGeometry], *, decimals: int = 5) -> tuple[Edge, ...]:
    """Cut a polygon coverage into the lines between its members.

    A renderer draws a stretch only on days when its two sides are held by different parties,
    so that a front is one line and the seams inside one holder's ground don't show.

    Parameters
    ----------
    geometries : sequence of Polygon or MultiPolygon
        A coverage in degrees: neighbours share their vertices.
    decimals : int
        Digits to which shared vertices agree.

    Returns
    -------
    tuple of Edge
        Sorted by the two members; ``right`` is -1 on the outline.

    Examples
    --------
    >>> left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    >>> [(edge.left, edge.right, len(edge.line)) for edge in coverage_edges([left, right])]
    [(0, -1, 4), (0, 1, 2), (1, -1, 4)]
    """
    scale = 10**decimals
    sides: dict[tuple[tuple[int, int], tuple[int, int]], list[int]] = {}
    for member, geometry in enumerate(geometries):
        for polygon in shapely.get_parts(geometry):
            for ring in (polygon.exterior, *polygon.interiors):
                points = [
                    (int(x), int(y)) for x, y in np.rint(shapely.get_coordinates(ring) * scale)
                ]
                for one, two in zip(points, points[1:], strict=False):
                    if one != two:
                        sides.setdefault((min(one, two), max(one, two)), []).append(member)
    pairs: dict[tuple[int, int], list[tuple[tuple[int, int], tuple[int, int]]]] = {}
    for segment, members in sides.items():
        both = sorted(set(members))
        if len(both) > 1:
            pairs.setdefault((both[0], both[1]), []).append(segment)
        elif len(members) == 1:  # seen twice by one member: an inner seam of a multipolygon
            pairs.setdefault((both[0], -1), []).append(segment)
    return tuple(
        Edge(left, right, np.asarray(line, dtype=np.float64) / scale)
        for (left, right), segments in sorted(pairs.items())
        for line in _chain(segments)
    )


def _chain(
    segments: Sequence[tuple[tuple[int, int], tuple[int, int]]],
) -> Iterable[list[tuple[int, int]]]:
    """Join segments end to end into lines, breaking at every fork."""
    ends: dict[tuple[int, int], list[int]] = {}
    for index, (one, two) in enumerate(segments):
        ends.setdefault(one, []).append(index)
        ends.setdefault(two, []).append(index)
    used = [False] * len(segments)

    def walk(index: int, point: tuple[int, int]) -> list[tuple[int, int]]:
        line = [point]
        while True:
            used[index] = True
            one, two = segments[index]
            point = two if point == one else one
            line.append(point)
            onward = [other for other in ends[point] if not used[other]]
            if len(ends[point]) != 2 or not onward:
                return line
            index = onward[0]

    for point in sorted(ends):
        if len(ends[point]) != 2:
            for index in ends[point]:
                if not used[index]:
                    yield walk(index, point)
    for index, (one, _) in enumerate(segments):
        if not used[index]:
            yield walk(index, one)


def _control(frame: pd.DataFrame | None, areas: Sequence[Area]) -> tuple[ControlSpell, ...]:
    index = {area.id: position for position, area in enumerate(areas)}
    found = []
    for row in _records(frame):
        area = index.get(_text(row.get("area_id")))
        if area is None:
            continue
        start, end = _days(row)
        found.append(
            ControlSpell(
                _text(row.get("id")), area, _text(row.get("controller")),
                _text(row.get("control_type")), _text(row.get("how")), start, end,
                _text(row.get("transition_event_id")), _text(row.get("de_jure_iso")),
                _text(row.get("de_jure_basis")), _receipt(row),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda spell: (spell.area, spell.start, spell.id)))


def _zones(frame: Any) -> tuple[Zone, ...]:
    found = []
    for row in _records(frame):
        start, end = _days(row)
        found.append(
            Zone(
                _text(row.get("id")), _text(row.get("name")), _text(row.get("zone_type")),
                _text(row.get("place_id")), start, end, _float(row.get("uncertainty_m")),
                row["geometry"],
            )
        )  # fmt: skip
    return tuple(found)


_MANDATE_DETAILS = (
    "authorised_strength", "observed_strength", "unnamed_posts", "contributors",
    "consenting_parties", "tasks", "place_id", "counterclaims", "counter_source_ids", "standing",
)  # fmt: skip


def _number_text(value: object) -> str:
    """A cell as a person writes it: 1960, not 1960.0."""
    number = _float(value)
    if not isinstance(value, str) and not math.isnan(number) and number == int(number):
        return str(int(number))
    return _text(value)


def _mandates(frame: pd.DataFrame | None, zones: Sequence[Zone]) -> tuple[Mandate, ...]:
    index = {zone.id: position for position, zone in enumerate(zones)}
    found = []
    for row in _records(frame):
        deployed = None
        if _text(row.get("deployed_from")):
            deployed = _days(row, "deployed_from", "deployed_to")
        details = {name: _number_text(row.get(name)) for name in _MANDATE_DETAILS}
        found.append(
            Mandate(
                _text(row.get("id")), _text(row.get("mission")), _text(row.get("instrument")),
                index.get(_text(row.get("zone_id")), -1), _text(row.get("zone_type")),
                _days(row, "authorised_from", "authorised_to"), deployed,
                {name: text for name, text in details.items() if text}, _receipt(row),
            )
        )  # fmt: skip
    return tuple(found)


def _routes(frame: Any) -> tuple[Route, ...]:
    found = []
    for row in _records(frame):
        flag = _text(row.get("disputed_name")).lower() in {"true", "1", "1.0", "yes"}
        found.append(
            Route(
                _text(row.get("id")), _languages(row, "name"), _text(row.get("mode")),
                _text(row.get("from_place_id")), _text(row.get("to_place_id")), flag,
                boundary_day(_number_text(row.get("built_from")), end=False),
                _float(row.get("uncertainty_m")), round(crs.length_km(row["geometry"]), 2),
                row["geometry"], _text(row.get("note")),
            )
        )  # fmt: skip
    return tuple(found)


_EPISODE_DETAILS = ("imposed_by", "reason", "counterclaims", "counter_source_ids")


def _episodes(frame: pd.DataFrame | None, routes: Sequence[Route]) -> tuple[Episode, ...]:
    index = {route.id: position for position, route in enumerate(routes)}
    found = []
    for row in _records(frame):
        route = index.get(_text(row.get("route_id")))
        if route is None:
            continue
        start, end = _days(row)
        details = {name: _text(row.get(name)) for name in _EPISODE_DETAILS}
        found.append(
            Episode(
                _text(row.get("id")), route, _float(row.get("from_km")), _float(row.get("to_km")),
                _text(row.get("status")), _split(row.get("applies_to")),
                _text(row.get("direction")), start, end,
                {name: text for name, text in details.items() if text}, _receipt(row),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda episode: (episode.route, episode.start, episode.id)))


def _weights(pack: Pack) -> dict[str, float]:
    """How much a record says of each place: what is often told of should be named on the map."""
    weights: dict[str, float] = {}
    for ident, count in pack.events["place_id"].value_counts().items():
        weights[str(ident)] = 0.9 * math.log10(1 + int(count))
    seats = set(pack.areas["name_place_id"]) | set(pack.areas["district_place_id"])
    ends = set(pack.routes["from_place_id"]) | set(pack.routes["to_place_id"])
    for ident in sorted((seats | ends) - {""}):
        weights[str(ident)] = weights.get(str(ident), 0.0) + 0.9
    return weights


# A region or corridor whose extent is not on record is found by search, but lays its name over no
# land: where it lies, and what it is called, may be the very thing in dispute.
_VAGUE = ("region", "republic", "corridor")
NEVER_LABELLED = -9.0


def _rank(kind: str, people: float, weight: float) -> float:
    rank = _KIND_RANK.get(kind, 1.0)
    if kind != "settlement":
        return round(rank + min(weight, 1.0) * 0.3, 2)
    if people > 0:
        return round(max(math.log10(people) - 0.4, 1.0) + weight * 0.5, 2)
    # Unknown is not small: without a figure, what the record says of it decides.
    return round(1.0 + 1.6 * weight, 2)


def _places(pack: Pack) -> tuple[PlaceLabel, ...]:
    by_place: dict[str, list[Name]] = {}
    for row in _records(pack.names):
        start, end = _days(row)
        by_place.setdefault(_text(row.get("place_id")), []).append(
            Name(
                _text(row.get("name")), _text(row.get("lang")), _text(row.get("script")),
                _text(row.get("romanised")), _text(row.get("status")),
                _split(row.get("used_by")), start, end,
            )
        )  # fmt: skip
    weights = _weights(pack)
    found = []
    for row in _records(pack.places):
        lon, lat = _float(row.get("lon")), _float(row.get("lat"))
        if math.isnan(lon) or math.isnan(lat):
            continue
        ident, kind = _text(row.get("id")), _text(row.get("kind"))
        rank = _rank(kind, _float(row.get("population"), 0.0), weights.get(ident, 0.0))
        if kind in _VAGUE and not _text(row.get("extent_area_ids")):
            rank = NEVER_LABELLED
        start, end = _days(row)
        found.append(
            PlaceLabel(
                ident, kind, round(lon, 5), round(lat, 5), _text(row.get("country")),
                rank, start, end, tuple(by_place.get(ident, ())),
            )
        )  # fmt: skip
    return tuple(found)


_EVENT_TEXT = {
    "type": ("event_type",),
    "certainty": ("certainty",),
    "actor1": ("actor1", "side_a"),
    "actor2": ("actor2", "side_b"),
    "place": ("place_id",),
    "id": ("id", "event_id_cnty"),
    "title": ("title", "event_title", "source_headline"),
    "summary": ("summary", "notes"),
    "counterclaims": ("counterclaims",),
    "counter_sources": ("counter_source_ids",),
    "sources": ("source_ids", "source_article", "source_dataset"),
    "sub_type": ("sub_event_type",),
    "verification": ("verification",),
    "casualties_by": ("casualties_by",),
    "asserted_by": ("asserted_by",),
    "date": ("event_date", "date_start"),
    "time": ("event_time",),
    "where": ("place_name", "where_coordinates", "location"),
}


def _factorise(values: pd.Series) -> Category:
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    texts = [_text(value) for value in uniques]
    kept = ["", *(text for text in texts if text)]
    where = {text: position for position, text in enumerate(kept)}
    lookup = np.array([where[text] for text in texts] + [0], dtype=np.int32)
    return Category(lookup[codes], tuple(kept))


def _column(frame: pd.DataFrame, *names: str) -> npt.NDArray[np.float64]:
    for name in names:
        if name in frame.columns:
            numbers = pd.to_numeric(frame[name], errors="coerce")
            return np.asarray(numbers, dtype=np.float64)
    return np.full(len(frame), np.nan)


def _event_days(frame: pd.DataFrame) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    if {"start_day", "end_day"} <= set(frame.columns):
        start = np.asarray(frame["start_day"], dtype=np.int32)
        end = np.asarray(frame["end_day"], dtype=np.int32)
        # What began nobody knows when is shown on the last day it can mean.
        start = np.where((start == OPEN_START) & (end != OPEN_END), end - 1, start)
        return start.astype(np.int32), end
    for first, last in (("event_date", ""), ("date_start", "date_end"), ("date", "")):
        if first not in frame.columns:
            continue
        start = _column_days(frame[first], latest=False)
        end = _column_days(frame[last] if last in frame.columns else frame[first], latest=True)
        last_day = np.minimum(np.maximum(start, end), OPEN_END - 1)
        return start, np.asarray(last_day + 1, dtype=np.int32)
    raise InputError(
        "events have no date: found columns "
        f"{', '.join(map(str, frame.columns[:12]))}; expected start_day and end_day, "
        "or event_date, or date_start and date_end"
    )


def _column_days(values: pd.Series, *, latest: bool) -> npt.NDArray[np.int32]:
    if pd.api.types.is_datetime64_any_dtype(values):
        naive = values.dt.tz_convert("UTC").dt.tz_localize(None) if values.dt.tz else values
        return np.asarray(naive.to_numpy(dtype="datetime64[D]").astype(np.int32))
    codes, uniques = pd.factorize(values)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        raise InputError(f"event {row} (counted from 0) has no date; leave such rows out")
    days = []
    for text in uniques:
        # A time of day behind the date, as many exports write, does not change the day.
        parsed = parse_edtf(str(text).split(" ")[0].split("T")[0])
        days.append(parsed.latest if latest else parsed.earliest)
    return np.asarray(np.asarray(days, dtype=np.int32)[codes])


def event_columns(frame: Any) -> EventColumns:
    """Turn a frame of events into sorted, factorised columns.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        ``start_day``/``end_day``, or ``event_date`` (EDTF or datetime), or UCDP's
        ``date_start``/``date_end``; ``lon``/``lat``, ``longitude``/``latitude`` or point
        geometries in EPSG:4326; and whatever it has of ``event_type``, ``best``, ``low``,
        ``high``, ``coordinate_uncertainty_m``, ``title``, ``actor1``, ``source_ids`` and so on.
        Where a reader of ours put ``atlas_<name>`` beside a column of the dataset's own, ours
        counts.

    Returns
    -------
    EventColumns
        Rows without coordinates or without any date are left out; the caller keeps its own frame.

    Raises
    ------
    InputError
        No date or no coordinates can be found.
    """
    ours = {name: name.removeprefix("atlas_") for name in frame.columns if _is_ours(frame, name)}
    frame = frame.drop(columns=list(ours.values())).rename(columns=ours)
    start, end = _event_days(frame)
    lon, lat = _column(frame, "lon", "longitude"), _column(frame, "lat", "latitude")
    if "geometry" in frame.columns and hasattr(frame, "geometry"):
        points = np.asarray(crs.require_crs(frame).geometry.values)
        lon = np.where(np.isnan(lon), shapely.get_x(points), lon)
        lat = np.where(np.isnan(lat), shapely.get_y(points), lat)
    if len(frame) and np.isnan(lon).all():
        raise InputError(
            "events have no coordinates: expected lon and lat, longitude and latitude, "
            "or a point geometry"
        )
    dated = start > OPEN_START
    kept = np.flatnonzero(dated & np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) < 85.06))
    order = kept[np.lexsort((kept, end[kept], start[kept]))]
    text = {}
    for name, columns in _EVENT_TEXT.items():
        for column in columns:
            if column in frame.columns:
                series = frame[column].iloc[order]
                if pd.api.types.is_datetime64_any_dtype(series):
                    series = series.dt.strftime("%Y-%m-%d")
                text[name] = _factorise(series)
                break
    return EventColumns(
        start[order], end[order], lon[order], lat[order],
        _column(frame, "best", "fatalities")[order], _column(frame, "low")[order],
        _column(frame, "high")[order], _column(frame, "coordinate_uncertainty_m")[order], text,
    )  # fmt: skip


def _is_ours(frame: Any, name: object) -> bool:
    plain = str(name).removeprefix("atlas_")
    return plain != name and plain in frame.columns


def _located(events: Any, places: Any) -> Any:
    """Give events without coordinates of their own those of their place."""
    if "place_id" not in events.columns or not len(events):
        return events
    known = places.drop_duplicates("id").set_index("id")
    moved = events.copy()
    for name, other in (
        ("lon", "lon"),
        ("lat", "lat"),
        ("coordinate_uncertainty_m", "precision_m"),
    ):
        own = pd.to_numeric(moved[name], errors="coerce") if name in moved else np.nan
        theirs = moved["place_id"].map(known[other])
        moved[name] = pd.Series(own, index=moved.index).fillna(theirs)
    return moved


def _chapters(frame: pd.DataFrame | None) -> tuple[Chapter, ...]:
    found = []
    for row in _records(frame):
        date = _text(row.get("date"))
        if not date:
            continue
        found.append(
            (
                _float(row.get("order"), 0.0),
                Chapter(
                    _text(row.get("id")), parse_edtf(date).earliest, _float(row.get("lon")),
                    _float(row.get("lat")), _float(row.get("zoom"), 8.0),
                    _languages(row, "title"), _text(row.get("text")),
                    _split(row.get("event_ids")), _split(row.get("source_ids")),
                ),
            )
        )  # fmt: skip
    return tuple(chapter for _, chapter in sorted(found, key=lambda item: (item[0], item[1].id)))


def read_basemap(pack: Pack) -> Any:
    """Read the basemap of a pack.

    Parameters
    ----------
    pack : Pack
        The record.

    Returns
    -------
    GeoDataFrame or None
        As `layer_set` takes it; None where the pack has none. Read once, so not to be changed.
    """
    path = Path(pack.directory) / "basemap.geojson"
    return _read_basemap(path) if path.is_file() else None


@lru_cache(maxsize=4)
def _read_basemap(path: Path) -> Any:
    import pyogrio

    return pyogrio.read_dataframe(path)


def _basemap(frame: Any) -> tuple[tuple[str, Mapping[str, str], BaseGeometry], ...]:
    return tuple(
        (_text(row.get("kind")), _languages(row, "name"), row["geometry"])
        for row in _records(frame)
        if row.get("geometry") is not None
    )


def _changes(
    control: Sequence[ControlSpell],
    mandates: Sequence[Mandate],
    zones: Sequence[Zone],
    episodes: Sequence[Episode],
) -> tuple[int, ...]:
    days: set[int] = set()
    for spell in control:
        days.update((spell.start, spell.end))
    for mandate in mandates:
        days.update(mandate.authorised)
        days.update(mandate.deployed or ())
    for zone in zones:
        days.update((zone.start, zone.end))
    for episode in episodes:
        days.update((episode.start, episode.end))
    return tuple(sorted(day for day in days if OPEN_START < day < OPEN_END))


def layer_set(
    pack: Pack,
    *,
    events: Any = None,
    layers: Sequence[str] | None = None,
    basemap: Any = None,
) -> LayerSet:
    """Make the layer specs of a pack.

    Parameters
    ----------
    pack : Pack
        As :func:`atlas.pack.read_pack` gives it.
    events : DataFrame or GeoDataFrame, optional
        Events to show instead of the pack's own; see :func:`event_columns`.
    layers : sequence of str, optional
        Which of :data:`LAYERS` to make; all by default.
    basemap : GeoDataFrame, optional
        Features with ``kind`` (land, country, border, lake, river, sea) and ``name*``.

    Returns
    -------
    LayerSet

    Raises
    ------
    InputError
        An unknown layer is asked for, or the events have no dates or coordinates.
    """
    wanted = set(LAYERS if layers is None else layers)
    unknown = sorted(wanted - set(LAYERS))
    if unknown:
        raise InputError(f"no layer {unknown[0]!r}; there are {', '.join(LAYERS)}")
    shown = "control" in wanted or "claims" in wanted
    areas = _areas(pack.areas) if shown else ()
    control = _control(pack.control, areas)
    if "claims" not in wanted:
        control = tuple(spell for spell in control if not spell.receipt.asserted_by)
    zones = _zones(pack.zones) if "mandates" in wanted else ()
    mandates = _mandates(pack.mandates, zones) if "mandates" in wanted else ()
    routes = _routes(pack.routes) if "routes" in wanted else ()
    episodes = _episodes(pack.episodes, routes)
    frame = pack.events if events is None else events
    if "events" not in wanted:
        frame = frame.iloc[:0]
    frame = _located(frame, pack.places)
    meta = pack.meta
    return LayerSet(
        pack_id=meta.id,
        titles=dict(meta.title),
        period=(meta.period.start, meta.period.end),
        bbox=meta.bbox,
        languages=tuple(meta.languages),
        descriptions=dict(meta.description),
        sides=tuple(meta.sides),
        parties=_parties(pack),
        sources=_sources(pack.sources),
        areas=areas,
        edges=coverage_edges([area.geometry for area in areas]),
        control=control,
        zones=zones,
        mandates=mandates,
        routes=routes,
        episodes=episodes,
        places=_places(pack),
        events=event_columns(frame),
        chapters=_chapters(getattr(pack, "chapters", None)),
        basemap=_basemap(basemap) if "basemap" in wanted else (),
        changes=_changes(control, mandates, zones, episodes),
    )
