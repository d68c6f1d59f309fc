"""Names of places, with their languages, times and sides, and what a written name means."""

from __future__ import annotations

from atlas.gazetteer.column import geocode_table
from atlas.gazetteer.core import Gazetteer
from atlas.gazetteer.judgements import read_judgements, write_judgements
from atlas.gazetteer.linked_places import read_linked_places, write_linked_places
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef, Resolution
from atlas.world.dumps import fetch_geonames

__all__ = [
    "Candidate",
    "Gazetteer",
    "NameRecord",
    "PlaceRef",
    "Resolution",
    "fetch_geonames",
    "geocode_table",
    "read_judgements",
    "read_linked_places",
    "write_judgements",
    "write_linked_places",
]
