"""What reading a text gives: mentions, dates and draft events, each with its place in the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from atlas.base.crs import WGS84
from atlas.base.html import card, rows
from atlas.base.timespan import format_day, parse_edtf
from atlas.gazetteer.model import PlaceRef, Resolution

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["DateMention", "Draft", "Mention", "Reading"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text.

    Attributes
    ----------
    text : str
        The surface: exactly ``source[start:end]``.
    start, end : int
        Character offsets (Unicode code points), half-open.
    kind : {'place', 'metonym', 'demonym', 'person', 'street', 'organisation'}
        What the name stands for here. A metonym is a government spoken of by its capital; only a
        'place' is where something happened.
    resolution : Resolution or None
        Which place it names; None for persons and organisations.
    """

    text: str
    start: int
    end: int
    kind: str
    resolution: Resolution | None = None

    @property
    def place(self) -> PlaceRef | None:
        """The place, when resolved.

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").mentions[0].place.id
        'shusha'
        """
        return self.resolution.place if self.resolution else None

    def to_dict(self, *, top: int = 3) -> dict[str, Any]:
        """Plain values, ready for JSON.

        Keys: ``start, end, surface, role`` (the kind), ``status, place_id, lon, lat, score, why``
        and ``candidates``, a list.

        Parameters
        ----------
        top : int
            How many candidates to keep.

        Returns
        -------
        dict

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").mentions[0].to_dict()["status"]
        'resolved'
        """
        answer = self.resolution
        plain = answer.to_dict(top=top) if answer else {}
        return {
            "start": self.start,
            "end": self.end,
            "surface": self.text,
            "role": self.kind,
            "status": answer.status if answer else "",
            "place_id": self.place.id if self.place else "",
            "lon": self.place.lon if self.place else None,
            "lat": self.place.lat if self.place else None,
            "score": plain.get("score"),
            "why": plain.get("why", ""),
            "candidates": plain.get("candidates", []),
        }


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or a stretch of time in the text.

    Attributes
    ----------
    text, start, end : str, int, int
        The surface and its offsets.
    edtf : str
        EDTF (ISO 8601-2); ``""`` where it hangs on a publication date that is not known.
    kind : {'day', 'month', 'season', 'year', 'decade', 'interval', 'set', 'duration'}
        How coarse it is.
    anchored : bool
        Whether it was counted from the publication date or from another date of the text.
    """

    text: str
    start: int
    end: int
    edtf: str
    kind: str
    anchored: bool = False

    @property
    def earliest(self) -> str:
        """First day it can mean, ISO; ``..`` where open, ``""`` where not known.

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").dates[0].earliest
        '2021-05-03'
        """
        return format_day(parse_edtf(self.edtf).earliest) if self.edtf else ""

    @property
    def latest(self) -> str:
        """Last day it can mean, inclusive.

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").dates[0].latest
        '2021-05-03'
        """
        return format_day(parse_edtf(self.edtf).latest) if self.edtf else ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON.

        Returns
        -------
        dict

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").dates[0].to_dict()["surface"]
        '3 May 2021'
        """
        return {
            "start": self.start,
            "end": self.end,
            "surface": self.text,
            "edtf": self.edtf,
            "earliest": self.earliest,
            "latest": self.latest,
            "kind": self.kind,
            "anchored": self.anchored,
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """What a sentence says happened, for a person to check: never a fact of the pack.

    Attributes
    ----------
    start, end : int
        Offsets of the sentence.
    text : str
        The sentence.
    event_type : str
        In the vocabulary of ``events.csv``.
    other_types : tuple of str
        Further types the sentence fits, likeliest first.
    date : str
        EDTF; ``""`` if not known.
    dates : tuple of str
        All dates of the sentence.
    date_from : {'sentence', 'text', ''}
        Where `date` comes from: the sentence, or the day that the text as a whole tells of.
    place_ids : tuple of str
        Places where the sentence puts it, most precise first; not those that only act or speak.
    venue_id : str
        Where the text as a whole plays, for a diplomatic event whose sentence names no town.
    metonym_ids : tuple of str
        Capitals named for their governments.
    actors : tuple of str
        Who acts: persons, governments, organisations.
    reported : bool
        Whether somebody only says so. Reported speech is never a change of control.
    planned : bool
        Whether it is still to come by the sentence's words or date: announced, not happened. Where
        `date_from` is not 'sentence', `date` is that of the announcement.
    confidence : float
        0 to 1: how much of type, place and date the sentence itself states.
    status : str
        Always ``draft``.
    trigger : str
        The words that speak for `event_type`.
    background : bool
        Whether the text only looks back to it: no event of its own day.
    """

    start: int
    end: int
    text: str
    event_type: str
    other_types: tuple[str, ...] = ()
    date: str = ""
    dates: tuple[str, ...] = ()
    date_from: str = ""
    place_ids: tuple[str, ...] = ()
    venue_id: str = ""
    metonym_ids: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    reported: bool = False
    planned: bool = False
    confidence: float = 0.0
    status: str = "draft"
    trigger: str = ""
    background: bool = False

    @property
    def types(self) -> tuple[str, ...]:
        """All types, likeliest first.

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").drafts[0].types[0]
        'talks'
        """
        return (self.event_type, *self.other_types)

    @property
    def changes_control(self) -> bool:
        """Whether it states, in the text's own voice, that a place changed hands.

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").drafts[0].changes_control
        False
        """
        return not (self.reported or self.planned) and self.event_type in ("capture", "handover")

    def to_dict(self) -> dict[str, Any]:
        """Plain values, lists parted by ``|``, ready for CSV or JSON.

        Returns
        -------
        dict

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").drafts[0].to_dict()["event_type"]
        'talks'
        """
        return {
            "start": self.start,
            "end": self.end,
            "event_type": self.event_type,
            "other_types": "|".join(self.other_types),
            "event_date": self.date,
            "dates": "|".join(self.dates),
            "date_from": self.date_from,
            "place_ids": "|".join(self.place_ids),
            "venue_id": self.venue_id,
            "metonym_ids": "|".join(self.metonym_ids),
            "actors": "|".join(self.actors),
            "reported": self.reported,
            "planned": self.planned,
            "background": self.background,
            "trigger": self.trigger,
            "confidence": round(self.confidence, 2),
            "status": self.status,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in a text.

    Attributes
    ----------
    text : str
        The text.
    lang : str
        Its main language, BCP 47, as guessed.
    published : str
        The publication date it was read with, ISO; may be empty.
    mentions : tuple of Mention
    dates : tuple of DateMention
    drafts : tuple of Draft
        Each in the order of the text.
    """

    text: str
    lang: str
    published: str
    mentions: tuple[Mention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    drafts: tuple[Draft, ...] = ()

    def _repr_html_(self) -> str:
        """Answer in a notebook: what was found, then the drafts and the places."""
        import pandas as pd

        drafts = pd.DataFrame(
            [(draft.date, draft.event_type, "|".join(draft.place_ids)) for draft in self.drafts],
            columns=["date", "type", "places"],
        )
        named = pd.DataFrame(
            [(place.name, place.id) for place in self.places], columns=["place", "id"]
        )
        return card(
            f"{len(self.drafts):,} drafts, {len(self.places):,} places, {len(self.dates):,} dates "
            f"in a text of {len(self.text):,} characters",
            rows(drafts, {name: name for name in drafts.columns}),
            rows(named, {name: name for name in named.columns}),
        )

    @property
    def places(self) -> tuple[PlaceRef, ...]:
        """Different places mentioned as places, in order of first mention.

        Examples
        --------
        >>> [place.id for place in a.read("Talks were held in Shusha on 3 May 2021.").places]
        ['shusha']
        """
        return tuple(_once(m.place for m in self.mentions if m.kind == "place"))

    @property
    def unresolved(self) -> tuple[Mention, ...]:
        """Mentions of places that stay ambiguous or unresolved.

        Examples
        --------
        >>> a.read("Talks were held in Shusha on 3 May 2021.").unresolved
        ()
        """
        return tuple(m for m in self.mentions if m.resolution and m.resolution.status != "resolved")

    def to_events(self, *, source: str = "") -> gpd.GeoDataFrame:
        """The drafts that have a date and a place within a country, as events marked as drafts.

        Parameters
        ----------
        source : str
            What the text is called.

        Returns
        -------
        geopandas.GeoDataFrame
            Points in EPSG:4326 with ``event_id, event_date`` (EDTF), ``start_day, end_day``
            (half-open, days since 1970-01-01), ``lon, lat`` (degrees), ``coordinate_uncertainty_m``
            (metres), ``event_type, sub_event_type, actor1, actor2, place_id, place_name,
            verification, title, summary, status`` (always draft), ``planned`` (what is still to
            come, as its title says), ``confidence`` and ``source_dataset``.

        Examples
        --------
        >>> len(a.read("Talks were held in Shusha on 3 May 2021.").to_events())
        1
        """
        import geopandas as gpd
        import pandas as pd

        known = {m.place.id: m.place for m in self.mentions if m.place is not None}
        rows = []
        for number, draft in enumerate(self.drafts, 1):
            identity = next(iter((*draft.place_ids, draft.venue_id)), "")
            place, date = known.get(identity), draft.date
            # A country's middle is no place where anything happened.
            if place is None or not date or place.kind in ("country", "continent"):
                continue
            span = parse_edtf(date)
            rows.append(
                {
                    "event_id": f"draft{number:03d}",
                    "event_date": date,
                    "start_day": span.earliest,
                    "end_day": span.span.end,
                    "lon": place.lon,
                    "lat": place.lat,
                    "coordinate_uncertainty_m": place.precision_m,
                    "event_type": draft.event_type,
                    "sub_event_type": draft.trigger,
                    "actor1": next(iter(draft.actors), ""),
                    "actor2": next(iter(draft.actors[1:]), ""),
                    "place_id": place.id if place.source == "pack" else "",
                    "place_name": place.name,
                    "verification": "claimed" if draft.reported else "",
                    "title": f"Draft: {'planned ' if draft.planned else ''}"
                    f"{draft.event_type.replace('_', ' ')}, {place.name}",
                    "summary": draft.text,
                    "status": draft.status,
                    "planned": draft.planned,
                    "confidence": draft.confidence,
                    "source_dataset": source or "text",
                }
            )
        frame = pd.DataFrame(rows, columns=_EVENT_COLUMNS)
        return gpd.GeoDataFrame(
            frame.astype({"start_day": "int32", "end_day": "int32", "lon": float, "lat": float}),
            geometry=gpd.points_from_xy(frame["lon"], frame["lat"]),
            crs=WGS84,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; the text itself is left out.

        Returns
        -------
        dict

        Examples
        --------
        >>> len(a.read("Talks were held in Shusha on 3 May 2021.").to_dict()) > 1
        True
        """
        return {
            "lang": self.lang,
            "published": self.published,
            "mentions": [item.to_dict() for item in self.mentions],
            "dates": [item.to_dict() for item in self.dates],
            "drafts": [item.to_dict() for item in self.drafts],
        }


_EVENT_COLUMNS = (
    "event_id event_date start_day end_day lon lat coordinate_uncertainty_m event_type "
    "sub_event_type actor1 actor2 place_id place_name verification title summary status "
    "planned confidence source_dataset"
).split()


def _once(places: Iterable[PlaceRef | None]) -> list[PlaceRef]:
    found: dict[str, PlaceRef] = {}
    for place in places:
        if place is not None:
            found.setdefault(place.id, place)
    return list(found.values())
