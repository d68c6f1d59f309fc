"""GeoConfirmed's exports and API pages: geolocated footage, one placemark a row."""

from __future__ import annotations

import re
from collections.abc import Iterable

from atlas.events.model import Events
from atlas.events.options import ReadOptions
from atlas.events.raw import Raw
from atlas.events.table import understand as understand_table

__all__ = ["is_geoconfirmed", "understand"]

_USES = {
    "date": ("date",),
    "lon": ("longitude", "lo", "lng", "lon"),
    "lat": ("latitude", "la", "lat"),
    "id": ("id",),
    "title": ("description", "name", "title"),
    "actor1": ("faction",),
    "event_type": ("gear", "type"),
    "place": ("place", "location"),
}


def _key(name: object) -> str:
    return re.sub(r"[\W_]+", "", str(name)).lower()


def is_geoconfirmed(columns: Iterable[str]) -> bool:
    """Whether the columns are those of GeoConfirmed's table or of its pages."""
    lower = {_key(name) for name in columns}
    table = {"date", "pluscode"} <= lower and bool({"faction", "origin"} & lower)
    page = {"date", "la", "lo"} <= lower and bool({"icon", "id"} & lower)
    return table or page or {"date", "originalsource", "geolocation"} <= lower


def understand(raw: Raw, options: ReadOptions) -> Events:
    """Read the rows of GeoConfirmed.

    Returns
    -------
    Events
        Its columns and ours; it states no deaths and no doubt about a position.

    Raises
    ------
    InputError
        If there is neither a date nor a position.
    """
    known = {_key(name): name for name in raw.frame.columns}
    tags = {}
    for use, names in _USES.items():
        for name in names:
            if name in known:
                tags[use] = str(known[name])
                break
    return understand_table(raw, options, tags=tags, source="GeoConfirmed")
