"""Draft events: what a sentence says happened, where, when and who, for a person to check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.base.timespan import parse_edtf
from atlas.gazetteer.core import Gazetteer
from atlas.reading.dateline import dateline_end
from atlas.reading.event_words import EventWords, event_words
from atlas.reading.model import DateMention, Draft, Mention
from atlas.reading.triggers import (
    ABBREVIATED,
    BODIES,
    BREAK,
    DIPLOMATIC,
    FORCES,
    PERSON,
    PRONOUN,
)
from atlas.reading.vocabulary import STANDS_FOR
from atlas.reading.where import happened_at

__all__ = ["Actor", "draft_events", "find_actors", "sentences"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a body, a force or a state, with where it stands in the text."""

    name: str
    start: int
    end: int
    kind: str


def sentences(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences.

    Parameters
    ----------
    text : str
        Running text.

    Returns
    -------
    list of (int, int)
        Offsets, half-open, without the space around.

    Examples
    --------
    >>> text = "Mr. Aliyev spoke. They met."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Mr. Aliyev spoke.', 'They met.']
    """
    found, start = [], 0
    for match in BREAK.finditer(text):
        head = text[start : match.start()]
        mark = match.group().strip()
        if mark == "." and ABBREVIATED.search(head):
            continue
        if mark[:1] == "," or (mark[:1] == "." and text[match.end() : match.end() + 1].islower()):
            continue
        found.append((start, match.start() + len(match.group().rstrip())))
        start = match.end()
    found.append((start, len(text)))
    trimmed = []
    for first, last in found:
        piece = text[first:last]
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            trimmed.append((first + lead, first + len(piece.rstrip())))
    return trimmed


def find_actors(text: str, mentions: Sequence[Mention]) -> list[Actor]:
    """Find who acts in a text: titled persons and their later short names, bodies, forces."""
    actors: list[Actor] = []
    surnames: dict[str, str] = {}
    covered: list[tuple[int, int]] = []
    for match in PERSON.finditer(text):
        name = match["name"].removesuffix("’s").removesuffix("'s")
        short = name.split()[-1]
        if any(
            m.start <= match.start("name") < m.end and m.kind in ("place", "metonym")
            for m in mentions
        ):
            continue
        surnames.setdefault(short, short)
        start = match.start("name")
        actors.append(Actor(short, start, start + len(name), "person"))
        covered.append((start, start + len(name)))
    for short in sorted(surnames):
        for match in re.finditer(rf"\b{re.escape(short)}\b", text):
            if not any(a <= match.start() < b for a, b in covered):
                actors.append(Actor(short, match.start(), match.end(), "person"))
    for match in BODIES.finditer(text):
        name = match.group().rstrip(".") if match.group() != "U.S." else "U.S."
        start = match.start() + 4 * name.startswith("the ")
        name = name.removeprefix("the ")
        called = "United States" if name in ("US", "USA", "U.S.") else name
        actors.append(Actor(called, start, start + len(name), "body"))
    for match in FORCES.finditer(text):
        people = next((m for m in mentions if m.start == match.start("people")), None)
        if people is not None and people.kind in ("demonym", "place"):
            actors.append(Actor(match.group(), match.start(), match.end(), "force"))
    return sorted(actors, key=lambda actor: (actor.start, actor.end))


def draft_events(
    text: str,
    mentions: Sequence[Mention],
    dates: Sequence[DateMention],
    gazetteer: Gazetteer,
    *,
    published: str = "",
    lang: str = "en",
) -> tuple[Draft, ...]:
    """Draft an event for every sentence that tells of one.

    Parameters
    ----------
    text : str
        Running text.
    mentions : sequence of Mention
        Its names.
    dates : sequence of DateMention
        Its dates.
    gazetteer : Gazetteer
        Who knows the countries behind capitals.
    published : str
        Day of publication, ISO; may be empty.
    lang : str
        Language of the text, BCP 47: whose words tell of events.

    Returns
    -------
    tuple of Draft
        In order of the text.
    """
    actors, words = find_actors(text, mentions), event_words(lang)
    cut = sentences(text)
    there = [
        happened_at(text, start, [m for m in mentions if start <= m.start < end], lang)
        for start, end in cut
    ]
    # The day of a dateline is when the report was sent, not when something happened.
    heads = [
        (m.start, dateline_end(text, m.start, m.end))
        for m in mentions
        if m.kind in ("place", "metonym")
    ]
    dates = [d for d in dates if not any(first <= d.start < last for first, last in heads)]
    venue, day = _venue([m for found in there for m in found]), _news_day(dates, published)
    drafts: list[Draft] = []
    before: tuple[str, ...] = ()
    for (start, end), places in zip(cut, there, strict=True):
        sentence = text[start:end]
        acting = _acting(sentence, start, end, actors, mentions, gazetteer)
        own = acting
        if PRONOUN.search(sentence):
            acting = tuple(dict.fromkeys((*acting, *before)))
        types = _types(sentence, words)
        before = own or before
        if not types:
            continue
        inside = [m for m in mentions if start <= m.start < end]
        said = [d for d in dates if start <= d.start < end]
        drafts.append(
            _draft(
                start,
                end,
                sentence,
                words,
                types,
                inside,
                places,
                said,
                acting,
                venue,
                day,
                published,
            )
        )
    return tuple(drafts)


def _types(sentence: str, words: EventWords) -> list[tuple[str, float, str]]:
    found = []
    for order, (name, base, pattern) in enumerate(words.types):
        match = pattern.search(sentence)
        if match:
            found.append((-base, order, name, match.group()))
    types: dict[str, tuple[str, float, str]] = {}
    for base, _, name, trigger in sorted(found):
        types.setdefault(name, (name, -base, trigger))
    return list(types.values())


def _acting(
    sentence: str,
    start: int,
    end: int,
    actors: Sequence[Actor],
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
) -> tuple[str, ...]:
    names = [(actor.start, actor.name) for actor in actors if start <= actor.start < end]
    for mention in mentions:
        if not start <= mention.start < end or mention.place is None:
            continue
        place = mention.place
        if mention.kind == "metonym":
            stands = STANDS_FOR.get(place.id) or _state(place.country, gazetteer)
            names.append((mention.start, stands or mention.text))
        elif mention.kind == "place" and place.kind == "country":
            names.append((mention.start, place.name))
    return tuple(dict.fromkeys(name for _, name in sorted(names)))


def _state(code: str, gazetteer: Gazetteer) -> str:
    for item in gazetteer.places:
        if item.kind == "country" and item.country == code:
            return item.name
    world = gazetteer.world
    if world is not None and code in world.country_rows:
        return world.names[world.country_rows[code]]
    return ""


def _venue(mentions: Sequence[Mention]) -> str:
    """The town a text plays in: the first one where something is said to happen."""
    for mention in mentions:
        place = mention.place
        if mention.kind == "place" and place is not None and place.kind == "settlement":
            return place.id
    return ""


def _news_day(dates: Sequence[DateMention], published: str) -> str:
    """The day a text tells of: the first one counted from its publication, and not after it."""
    for item in dates:
        if item.kind == "day" and item.anchored and item.edtf:
            if published and _begins_after(item.edtf, published):
                continue
            return item.edtf
    return ""


_SIZE = {"country": 9, "continent": 9, "republic": 6, "province": 5, "region": 4, "district": 3}


def _draft(
    start: int,
    end: int,
    sentence: str,
    words: EventWords,
    types: list[tuple[str, float, str]],
    inside: Sequence[Mention],
    there: Sequence[Mention],
    said: Sequence[DateMention],
    acting: tuple[str, ...],
    venue: str,
    day: str,
    published: str,
) -> Draft:
    places = [m.place for m in there if m.place is not None]
    places.sort(key=lambda place: _SIZE.get(place.kind, 1))
    ids = tuple(dict.fromkeys(place.id for place in places))
    metonyms = tuple(
        dict.fromkeys(m.place.id for m in inside if m.kind == "metonym" and m.place is not None)
    )
    reported = bool(words.reported.search(sentence))
    types = _in_own_voice(types, reported)
    kind, base, trigger = types[0]
    dated = sorted((d for d in said if d.edtf), key=lambda d: (_width(d), d.start))
    if dated:
        date, source = dated[0].edtf, "sentence"
    elif day:
        date, source = day, "text"
    else:
        date, source = published, "publication" if published else ""
    planned = _is_planned(sentence, trigger, words) or (
        source == "sentence" and bool(published) and _begins_after(date, published)
    )
    towns = [place for place in places if _SIZE.get(place.kind, 1) < 4]
    at = venue if not towns and kind in DIPLOMATIC and source != "sentence" else ""
    if not towns and kind in DIPLOMATIC and dated and dated[0].anchored:
        at = venue
    confidence = base
    confidence *= {"sentence": 1.0, "text": 0.8, "publication": 0.6, "": 0.5}[source]
    confidence *= 1.0 if towns else 0.9 if ids else 0.75 if at else 0.6
    confidence *= 0.85 if reported else 1.0
    return Draft(
        start,
        end,
        sentence,
        kind,
        tuple(name for name, _, _ in types[1:]),
        date,
        tuple(dict.fromkeys(d.edtf for d in said if d.edtf)),
        source,
        ids,
        at,
        metonyms,
        acting,
        reported,
        planned,
        round(confidence, 3),
        "draft",
        trigger,
    )


_NEW_CLAUSE = re.compile(r";|,\s+(?:and|but|while|և|но|а|amma)\s", re.IGNORECASE)


def _is_planned(sentence: str, trigger: str, words: EventWords) -> bool:
    """Whether the words of the event are spoken of as still to come, within their clause."""
    at = sentence.find(trigger)
    for match in words.planned.finditer(sentence):
        first, last = sorted([(at, at + len(trigger)), match.span()])
        near = sentence[first[1] : last[0]]
        # Before the event the words may stand far off; behind it they must follow closely.
        if not _NEW_CLAUSE.search(near) and (match.start() <= at or len(near) < 40):
            return True
    return False


def _begins_after(date: str, published: str) -> bool:
    return parse_edtf(date).earliest > parse_edtf(published).latest


def _width(item: DateMention) -> int:
    """How many days a date leaves open; anchored stretches ("for months") come last."""
    known = parse_edtf(item.edtf)
    return known.latest - known.earliest + 100_000 * (item.anchored and item.kind == "interval")


def _in_own_voice(
    types: list[tuple[str, float, str]], reported: bool
) -> list[tuple[str, float, str]]:
    """In reported speech a change of control is only a claim: it never leads."""
    if not reported:
        return types
    claims = [item for item in types if item[0] in ("capture", "handover", "withdrawal_of_forces")]
    rest = [item for item in types if item not in claims]
    return [*rest, *claims] if rest else [("political", 0.5, claims[0][2]), *claims]
