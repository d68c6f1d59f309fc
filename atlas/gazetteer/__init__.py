"""Names of places, with their languages, times and sides, and what a written name means."""

from __future__ import annotations

from atlas.gazetteer.core import Gazetteer
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef, Resolution

__all__ = ["Candidate", "Gazetteer", "NameRecord", "PlaceRef", "Resolution"]
