"""Reading a text: the places it names, its dates, and drafts of the events it tells of."""

from __future__ import annotations

from atlas.reading.accept import Accepted, accept_drafts, read_drafts
from atlas.reading.dates import find_dates
from atlas.reading.model import DateMention, Draft, Mention, Reading
from atlas.reading.names import find_mentions
from atlas.reading.read import guess_language, read_text
from atlas.reading.reports import Report, drafts_of, open_reports
from atlas.reading.seeds import published_on_record
from atlas.reading.spotting import Spotter

__all__ = [
    "Accepted",
    "DateMention",
    "Draft",
    "Mention",
    "Reading",
    "Report",
    "Spotter",
    "accept_drafts",
    "drafts_of",
    "find_dates",
    "find_mentions",
    "guess_language",
    "open_reports",
    "published_on_record",
    "read_drafts",
    "read_text",
]
