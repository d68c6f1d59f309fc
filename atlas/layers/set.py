"""Frames in, layer specs out: what to draw, with its spans, styles and receipts - and on nothing.

A layer is data until the last room. The interactive map, the printed figure and the accessible
table are renderings of the same frozen specs, so they can't disagree. Nothing here knows a
renderer, and nothing here knows which conflict it is.

Days are integers since 1970-01-01 UTC; spans are half-open; geometries are EPSG:4326.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, parse_edtf
from atlas.layers.control import areas_of, control_spells, coverage_edges
from atlas.layers.events import event_columns, located, rows_of
from atlas.layers.ground import place_labels
from atlas.layers.mandates import mandates_of, zones_of
from atlas.layers.own import OWN, own_sets
from atlas.layers.people import displacement_of
from atlas.layers.routes import episodes_of, routes_of
from atlas.layers.rows import by_language, number, records, split_cell, text_of
from atlas.layers.specs import (
    LAYERS,
    Chapter,
    ControlSpell,
    Episode,
    LayerSet,
    Mandate,
    OwnSet,
    PartyStyle,
    Source,
    Zone,
)

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["layer_set"]

# Okabe-Ito-like hues, softened for a paper ground, for parties that state no colour.
_FALLBACK_COLOURS = ("#b5673b", "#3f7f78", "#7a6aa8", "#8a7f3c", "#4a78a8", "#9a5878", "#6f7b83")


_PATTERNS = ("solid", "diagonal", "dots", "back_diagonal", "horizontal", "cross", "vertical")


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
    return text_of(value)


def _author(value: object) -> str:
    """CSL ``author`` -> ``de Waal, T.``."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return text_of(value)
    names = []
    for person in value:
        if isinstance(person, Mapping):
            family = text_of(person.get("family")) or text_of(person.get("literal"))
            given = text_of(person.get("given"))
            names.append(f"{family}, {given}" if given else family)
        else:
            names.append(text_of(person))
    return "; ".join(name for name in names if name)


def _sources(frame: pd.DataFrame | None) -> tuple[Source, ...]:
    found = []
    for row in records(frame):
        custom = row.get("custom")
        extra: Mapping[str, Any] = custom if isinstance(custom, Mapping) else {}
        found.append(
            Source(
                text_of(row.get("id")),
                text_of(row.get("title")),
                _author(row.get("author")),
                text_of(row.get("publisher")) or text_of(row.get("container-title")),
                _issued(row.get("issued")),
                text_of(row.get("URL", row.get("url"))),
                text_of(row.get("language")),
                text_of(row.get("affiliation", extra.get("affiliation"))),
                text_of(row.get("reliability", extra.get("reliability"))),
            )
        )
    return tuple(sorted(found, key=lambda source: source.id))


def _chapters(frame: pd.DataFrame | None) -> tuple[Chapter, ...]:
    found = []
    for row in records(frame):
        date = text_of(row.get("date"))
        if not date:
            continue
        found.append(
            (
                number(row.get("order"), 0.0),
                Chapter(
                    text_of(row.get("id")), parse_edtf(date).earliest, number(row.get("lon")),
                    number(row.get("lat")), number(row.get("zoom"), 8.0),
                    by_language(row, "title"), by_language(row, "text"),
                    split_cell(row.get("event_ids")), split_cell(row.get("source_ids")),
                ),
            )
        )  # fmt: skip
    return tuple(chapter for _, chapter in sorted(found, key=lambda item: (item[0], item[1].id)))


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


def _titles_of(sets: Sequence[OwnSet]) -> dict[str, str]:
    """Without a pack, a map is called what its sets are called."""
    names = [one.name for one in sets if one.name and one.name != OWN]
    return {"en": " · ".join(names)} if names else {}


def layer_set(
    pack: Pack,
    *,
    events: Mapping[str, pd.DataFrame] | None = None,
    record_events: bool = True,
    popup: Sequence[str] = (),
    colour: str | None = None,
    layers: Sequence[str] | None = None,
) -> LayerSet:
    """Make the layer specs of a pack; `with_ground` lays the ground under them.

    Parameters
    ----------
    pack : Pack
        As :func:`atlas.record.pack.read_pack` gives it.
    events : mapping of str to DataFrame, optional
        Sets of own events to show beside the record's, by name; see :func:`own_sets`.
    record_events : bool
        Whether the record's events are shown.
    popup, colour : optional
        What cards of own events tell, and what they are coloured by; see :func:`own_sets`.
    layers : sequence of str, optional
        Which of :data:`LAYERS` to make; all by default.

    Returns
    -------
    LayerSet

    Raises
    ------
    InputError
        An unknown layer is asked for, or the events have no dates or coordinates.

    Examples
    --------
    >>> len(layer_set(a.pack, layers=["routes"]).control)
    0
    """
    wanted = set(LAYERS if layers is None else layers)
    unknown = sorted(wanted - set(LAYERS))
    if unknown:
        raise InputError(f"no layer {unknown[0]!r}; there are {', '.join(LAYERS)}")
    shown = "control" in wanted or "claims" in wanted
    areas = areas_of(pack.areas) if shown else ()
    control = control_spells(pack.control, areas)
    if "claims" not in wanted:
        control = tuple(spell for spell in control if not spell.receipt.asserted_by)
    zones = zones_of(pack.zones) if "mandates" in wanted else ()
    mandates = mandates_of(pack.mandates, zones) if "mandates" in wanted else ()
    routes = routes_of(pack.routes) if "routes" in wanted else ()
    episodes = episodes_of(pack.episodes, routes)
    own = {name: located(rows_of(frame), pack.places) for name, frame in (events or {}).items()}
    shown_events = record_events and "events" in wanted
    happened, sets = own_sets(
        event_columns(located(pack.events if shown_events else pack.events.iloc[:0], pack.places)),
        own if "events" in wanted else {},
        popup=popup if own else (),
        colour=colour if own else None,
    )
    places = place_labels(pack)
    meta = pack.meta
    return LayerSet(
        pack_id=meta.id,
        titles=dict(meta.title) or _titles_of(sets),
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
        displacement=displacement_of(pack.displacement, places) if "displacement" in wanted else (),
        places=places,
        events=happened,
        sets=sets,
        chapters=_chapters(getattr(pack, "chapters", None)),
        basemap=(),
        changes=_changes(control, mandates, zones, episodes),
    )
