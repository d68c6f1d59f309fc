"""Layer specs as compact text: JSON or delta-coded integer columns, gzipped, base64.

The page decodes them with ``DecompressionStream``. Text never stands in the page as text, so
nothing in it can be taken for markup or script.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.answers.access import Access
from atlas.answers.routes import PASSABLE
from atlas.base.archives import gzipped
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.layers import EventColumns, LayerSet, PlaceLabel, Receipt
from atlas.map.spots import LabelSpots, extents
from atlas.record.naming import Parts

__all__ = [
    "access_columns",
    "encode_access",
    "encode_columns",
    "encode_events",
    "encode_json",
    "encode_layers",
]

FINE, COARSE, ROUGH = 100_000, 10_000, 100
"""Units per degree of coded coordinates: about 1 m for our shapes, 10 m for the basemap, 1 km for
the outlines of the world."""

WORLD = 2**26
"""Units around the world of coded events in Web Mercator, ready to draw: 0.6 m at the equator."""

_EFFORT = 6
"""Of gzip: one per cent more bytes than the most it can, in a third of the time."""

_CORE = ("type", "certainty", "actor1", "actor2", "place", "set", "shade")


def _armour(data: bytes, level: int) -> str:
    return base64.b64encode(gzipped(data, level=level)).decode("ascii")


def encode_json(value: object) -> str:
    """Code any JSON value.

    Parameters
    ----------
    value : object
        Anything :mod:`json` takes; NaN is refused.

    Returns
    -------
    str
        base64 of gzip of UTF-8 JSON; the same value gives the same text.
    """
    text = json.dumps(
        value, sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":")
    )
    return _armour(text.encode("utf-8"), _EFFORT)


def encode_columns(columns: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any]) -> str:
    """Code integer columns of one length.

    A column is replaced by its differences where they are narrower, moved off the negative side
    by the zigzag code, stored in 1, 2 or 4 bytes, and split into byte planes, which gzip likes.

    Parameters
    ----------
    columns : mapping of str to array of int
        Each within int32.
    header : mapping
        Further JSON to travel with them.

    Returns
    -------
    str
        base64 of gzip of: little-endian uint32 header length, header JSON, byte planes.
    """
    specs: list[list[Any]] = []
    planes: list[bytes] = []
    for name, values in columns.items():
        whole = np.ascontiguousarray(values, dtype=np.int64)
        width, delta, coded = _narrowest(whole)
        specs.append([name, width, delta, len(whole)])
        if width < 2:
            planes.append(coded.tobytes())
        else:
            planes.append(coded.view(np.uint8).reshape(-1, width).T.tobytes())
    text = json.dumps(
        {**header, "columns": specs},
        sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":"),
    ).encode("utf-8")  # fmt: skip
    return _armour(b"".join([len(text).to_bytes(4, "little"), text, *planes]), 3)


def _narrowest(whole: npt.NDArray[np.int64]) -> tuple[int, int, npt.NDArray[Any]]:
    """Width in bytes, whether differences are stored, and the coded values.

    A column of one value has width 0, and that value in place of the second.
    """
    if len(whole) and (whole == whole[0]).all():
        return 0, int(whole[0]), np.zeros(0, dtype=np.uint8)
    best: tuple[int, int, npt.NDArray[Any]] | None = None
    for delta in (0, 1):
        values = np.diff(whole, prepend=0) if delta else whole
        zigzag = (values << 1) ^ (values >> 63)
        top = int(zigzag.max(initial=0))
        width = 1 if top < 1 << 8 else 2 if top < 1 << 16 else 4
        if best is None or width < best[0]:
            best = (width, delta, zigzag.astype(f"<u{width}"))
    assert best is not None
    return best


def _counts(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Whole numbers from 1, with 0 for "not stated": unknown is not none."""
    clean = np.where(np.isfinite(values), np.clip(values, 0, 2**30), -1.0)
    return np.rint(clean).astype(np.int64) + 1


def encode_events(events: EventColumns) -> tuple[str, str]:
    """Code events in two blocks: what drawing needs, and what only reading needs.

    Returns
    -------
    core, text : str
        The second is decoded by the page only when somebody opens an event or a list.
    """
    ends = np.minimum(events.end.astype(np.int64), 2**30)
    starts = np.clip(events.start.astype(np.int64), -(2**30), 2**30)
    core: dict[str, npt.NDArray[Any]] = {
        "start": starts,
        "days": np.maximum(ends - starts, 1),
        "x": np.rint((events.lon / 360 + 0.5) * WORLD).astype(np.int64),
        "y": np.rint(_mercator_y(events.lat) * WORLD).astype(np.int64),
        "deaths": _counts(events.deaths),
        "uncertainty": _counts(events.uncertainty_m),
    }
    words: dict[str, Sequence[str]] = {}
    for name in _CORE:
        if name in events.text:
            core[name] = events.text[name].codes
            words[name] = events.text[name].values
    rest: dict[str, npt.NDArray[Any]] = {"low": _counts(events.low), "high": _counts(events.high)}
    texts: dict[str, Sequence[str]] = {}
    for name, category in sorted(events.text.items()):
        if name not in _CORE:
            rest[name] = category.codes
            texts[name] = category.values
    rows = {"rows": len(events)}
    return (
        encode_columns(core, {**rows, **_in_all(core), "words": words}),
        encode_columns(rest, {**rows, "words": texts}),
    )


def access_columns(
    access: Access, layers: LayerSet
) -> tuple[dict[str, npt.NDArray[np.int64]], dict[str, object]]:
    """Put the network of every day and who is cut off into columns.

    Parameters
    ----------
    access : Access
        See `atlas.answers.access.access`.
    layers : LayerSet
        Routes, episodes and places of the page, to which the rows point.

    Returns
    -------
    columns, header : dict
        Columns of one row a stretch of the network (`route, from, to` in 10 m, `a, b` nodes,
        `episode` from 1, `until` a day, with -1 "never on record" and 0 "passable", both days from
        `first`, `users` as bits, `start, end`), of nodes (`x, y`) and of places (`place, kind`);
        in the header, the states of each kind of place: by user, pairs of day and state.
    """
    route = {one.id: n for n, one in enumerate(layers.routes)}
    episode = {one.id: n + 1 for n, one in enumerate(layers.episodes)}
    place = {one.id: n for n, one in enumerate(layers.places)}
    nodes: dict[tuple[float, float], int] = {}
    rows = []
    for one in access.stretches:
        piece = one.piece
        if piece.route_id not in route:
            continue
        until = {OPEN_END: 0, OPEN_START: -1}.get(piece.open_until)
        rows.append(
            (
                route[piece.route_id],
                round(piece.from_km * 100),
                round(piece.to_km * 100),
                *(nodes.setdefault(node, len(nodes)) for node in piece.ends),
                episode.get(str(piece.episode.get("id", "")), 0),
                # Days run from the first; before it they may be negative, as are those marks.
                piece.open_until - access.first + _DAYS if until is None else until,
                sum(1 << access.users.index(user) for user in one.users),
                one.start - access.first,
                one.end - access.first,
            )
        )
    kinds: dict[bytes, int] = {}
    listed = []
    for n, key in enumerate(access.places):
        if key in place:
            history = access.status[:, :, n]
            listed.append((place[key], kinds.setdefault(history.tobytes(), len(kinds))))
    shape = access.status.shape[:2]
    histories = [
        [_runs(row) for row in np.frombuffer(raw, dtype=np.uint8).reshape(shape)] for raw in kinds
    ]
    names = ("route", "from", "to", "a", "b", "episode", "until", "users", "start", "end")
    table = np.array(rows, dtype=np.int64).reshape(-1, len(names))
    points = np.rint(np.array(list(nodes), dtype=np.float64).reshape(-1, 2) * FINE)
    placed = np.array(listed, dtype=np.int64).reshape(-1, 2)
    return (
        {
            **{name: table[:, n] for n, name in enumerate(names)},
            "x": points[:, 0].astype(np.int64),
            "y": points[:, 1].astype(np.int64),
            "place": placed[:, 0],
            "kind": placed[:, 1],
        },
        {
            "first": access.first,
            "last": access.last,
            "users": access.users,
            "passable": {user: sorted(PASSABLE[user]) for user in access.users},
            "days": [day - access.first for day in access.days],
            "histories": histories,
        },
    )


def encode_access(access: Access, layers: LayerSet) -> str:
    """Code what `access_columns` gives."""
    return encode_columns(*access_columns(access, layers))


_DAYS = 400_000
"""More days than any record reaches back."""


def _runs(states: npt.NDArray[np.uint8]) -> list[int]:
    """Number of the day and state, for each day on which the state is another."""
    turns = np.flatnonzero(np.diff(states, prepend=255))
    return [int(value) for turn in turns for value in (turn, states[turn])]


def _in_all(core: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """What the page would have to look at every row for: the longest event, what the marks tell."""
    deaths, types = core["deaths"], core.get("type", np.zeros(len(core["start"]), dtype=np.int32))
    return {
        "longest": int(core["days"].max(initial=1)),
        "tells": {
            "deaths": bool((deaths > 1).any()),
            "vague": bool((core["uncertainty"] > 1).any()),
            "types": np.unique(types).tolist(),
            "uncounted": np.unique(types[deaths == 0]).tolist(),
        },
    }


def _mercator_y(lat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """From 0 at 85.05 degrees north to 1 at 85.05 south."""
    sin = np.sin(np.radians(lat))
    return np.asarray(0.5 - np.log((1 + sin) / (1 - sin)) / (4 * np.pi))


def _line(coordinates: npt.NDArray[np.float64], unit: int) -> list[int]:
    """Coordinates as ``[x, y, dx, dy, ...]`` in whole units, repeats dropped."""
    whole = np.rint(coordinates[:, :2] * unit).astype(np.int64)
    kept = np.ones(len(whole), dtype=bool)
    kept[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    whole = whole[kept]
    coded: list[int] = (
        np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()
    )
    return coded


def _shape(geometry: BaseGeometry, unit: int) -> list[Any]:
    """``["P", [[ring, hole...]...]]``, ``["L", [line...]]`` or ``["D", [point...]]``."""
    parts = shapely.get_parts(geometry)
    dimension = int(shapely.get_dimensions(geometry))
    if dimension == 2:
        return [
            "P",
            [
                [
                    _line(shapely.get_coordinates(ring), unit)
                    for ring in (part.exterior, *part.interiors)
                ]
                for part in parts
                if int(shapely.get_dimensions(part)) == 2
            ],
        ]
    kind = "L" if dimension == 1 else "D"
    return [kind, [_line(shapely.get_coordinates(part), unit) for part in parts]]


def _clean(value: object) -> object:
    """JSON has no NaN: what is not stated travels as null."""
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 5)
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _columns(rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    """Rows of one shape turned into columns, which pack far better."""
    if not rows:
        return {}
    return {name: [_clean(row[name]) for row in rows] for name in rows[0]}


def _receipt(receipt: Receipt) -> dict[str, object]:
    return {
        "certainty": receipt.certainty,
        "by": receipt.asserted_by,
        "sources": "|".join(receipt.sources),
        "note": receipt.note,
    }


def _called(place: PlaceLabel) -> dict[str, object]:
    """Names through time: a text where there is but one, else ``[[day, text or parts], ...]``."""

    def told(parts: Parts) -> object:
        return parts[0][1] if len({text for _, text in parts}) == 1 else parts

    return {
        lang: told(spells[0][1]) if len(spells) == 1 and isinstance(told(spells[0][1]), str)
        else [[day, told(parts)] for day, parts in spells]
        for lang, spells in place.called.items()
    }  # fmt: skip


def encode_layers(layers: LayerSet, page: Mapping[str, object]) -> str:
    """Code everything but the events.

    Parameters
    ----------
    layers : LayerSet
    page : mapping
        Settings of the page: first day, language, clock bounds and so on.
    """
    land = any(kind == "land" for kind, _, _ in layers.basemap)
    spots = LabelSpots(layers, page.get("home"))
    names = [
        {
            "place": position, "name": name.text, "lang": name.lang, "script": name.script,
            "roman": name.romanised, "status": name.status, "users": "|".join(name.used_by),
            "start": name.start, "end": name.end,
        }
        for position, place in enumerate(layers.places)
        for name in place.names
    ]  # fmt: skip
    return encode_json(
        {
            "page": _clean(dict(page)),
            "id": layers.pack_id,
            "titles": dict(layers.titles),
            "descriptions": dict(layers.descriptions),
            "sides": layers.sides,
            "period": layers.period,
            "bbox": layers.bbox,
            "languages": layers.languages,
            "sets": [
                {"name": one.name, "rows": one.rows, "colour": one.colour, "shades": one.shades}
                for one in layers.sets
            ],
            "changes": layers.changes,
            "parties": [
                {
                    "id": party.id, "names": dict(party.names), "colour": party.colour,
                    "pattern": party.pattern, "role": party.role,
                }
                for party in layers.parties
            ],
            "sources": _columns(
                [
                    {
                        "id": source.id, "title": source.title, "author": source.author,
                        "publisher": source.publisher, "issued": source.issued,
                        "url": source.url, "affiliation": source.affiliation,
                        "reliability": source.reliability,
                    }
                    for source in layers.sources
                ]
            ),
            "areas": _columns(
                [
                    {
                        "id": area.id, "place": area.place, "district": area.district,
                        "part": dict(area.part), "scope": area.scope, "method": area.method,
                        "uncertainty": area.uncertainty_m, "km2": area.km2,
                        "low": area.range_km2[0], "high": area.range_km2[1],
                        "shape": _shape(area.geometry, FINE),
                    }
                    for area in layers.areas
                ]
            ),
            "edges": _columns(
                [
                    {"left": edge.left, "right": edge.right, "line": _line(edge.line, FINE)}
                    for edge in layers.edges
                ]
            ),
            "control": _columns(
                [
                    {
                        "id": spell.id, "area": spell.area, "who": spell.controller,
                        "type": spell.control_type, "how": spell.how, "start": spell.start,
                        "end": spell.end, "event": spell.event, "iso": spell.de_jure_iso,
                        "basis": spell.de_jure_basis, "kind": spell.kind,
                        **_receipt(spell.receipt),
                    }
                    for spell in layers.control
                ]
            ),
            "zones": _columns(
                [
                    {
                        "id": zone.id, "names": dict(zone.names), "type": zone.zone_type,
                        "place": zone.place, "start": zone.start, "end": zone.end,
                        "uncertainty": zone.uncertainty_m, "shape": _shape(zone.geometry, FINE),
                    }
                    for zone in layers.zones
                ]
            ),
            "mandates": _columns(
                [
                    {
                        "id": mandate.id, "mission": mandate.mission,
                        "instrument": mandate.instrument, "zone": mandate.zone,
                        "type": mandate.zone_type, "start": mandate.authorised[0],
                        "end": mandate.authorised[1],
                        "deployed": list(mandate.deployed) if mandate.deployed else None,
                        "details": dict(mandate.details), **_receipt(mandate.receipt),
                    }
                    for mandate in layers.mandates
                ]
            ),
            "routes": _columns(
                [
                    {
                        "id": route.id, "names": dict(route.names), "mode": route.mode,
                        "from": route.from_place, "to": route.to_place,
                        "disputed": route.disputed_name, "built": route.built,
                        "uncertainty": route.uncertainty_m, "km": route.km,
                        "note": route.note, "shape": _shape(route.geometry, FINE),
                    }
                    for route in layers.routes
                ]
            ),
            "episodes": _columns(
                [
                    {
                        "id": episode.id, "route": episode.route, "from": episode.from_km,
                        "to": episode.to_km, "status": episode.status,
                        "users": "|".join(episode.applies_to), "direction": episode.direction,
                        "start": episode.start, "end": episode.end,
                        "details": dict(episode.details), **_receipt(episode.receipt),
                    }
                    for episode in layers.episodes
                ]
            ),
            "displacement": _columns(
                [
                    {
                        "id": row.id, "people": row.people, "who": dict(row.who),
                        "measure": row.measure, "movement": row.movement,
                        "from": "|".join(row.origins), "to": "|".join(row.destinations),
                        "start": row.start, "end": row.end, "written": row.written,
                        "low": row.low, "best": row.best, "high": row.high,
                        "counted": row.counted_by, "on": row.counted_on, "part": row.part_of,
                        "at": row.at, "ends": row.ends, "outward": row.outward,
                        "details": dict(row.details), **_receipt(row.receipt),
                    }
                    for row in layers.displacement
                ]
            ),
            "places": _columns(
                [
                    {
                        "id": place.id, "kind": place.kind,
                        "lon": round(place.lon * FINE), "lat": round(place.lat * FINE),
                        "country": place.country, "rank": place.rank,
                        "start": place.start, "end": place.end, "called": _called(place),
                    }
                    for place in layers.places
                ]
            ),
            "names": _columns(names),
            "extents": extents(layers),
            "chapters": [
                {
                    "id": chapter.id, "day": chapter.day, "lon": _clean(chapter.lon),
                    "lat": _clean(chapter.lat), "zoom": _clean(chapter.zoom),
                    "titles": dict(chapter.titles), "texts": dict(chapter.texts),
                    "events": list(chapter.events), "sources": list(chapter.sources),
                }
                for chapter in layers.chapters
            ],
            "basemap": [
                {
                    "kind": kind, "names": dict(labels),
                    # Where there is land, a country is only its name.
                    "shape": None if kind == "country" and land else _shape(geometry, COARSE),
                    "at": spots.of(kind, geometry) if labels else None,
                }
                for kind, labels, geometry in layers.basemap
            ],
            "frames": [[round(value * COARSE) for value in frame] for frame in layers.frames],
            "outlines": [
                {"kind": kind, "shape": _shape(geometry, ROUGH)}
                for kind, geometry in layers.outlines
            ],
            "relief": None
            if layers.relief is None
            else {
                "box": [float(value) for value in layers.relief.box],
                "image": base64.b64encode(layers.relief.image).decode("ascii"),
            },
            "credits": list(layers.credits),
        }
    )  # fmt: skip
