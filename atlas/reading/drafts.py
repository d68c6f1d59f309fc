"""Draft events: what a sentence says happened, where, when and who, for a person to check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from atlas.base.folding import fold, has_capitals
from atlas.base.timespan import parse_edtf
from atlas.gazetteer.core import Gazetteer
from atlas.reading.clauses import Part, is_background, is_earlier, is_negated, is_since, parts
from atlas.reading.date_patterns import short_months
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
    STATEMENTS,
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


_ABBREVIATION = 100  # characters before a full stop that tell what it stands for


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
        head = text[max(start, match.start() - _ABBREVIATION) : match.start()]
        mark = match.group().strip()
        if mark == "." and (ABBREVIATED.search(head) or _short_month(head)):
            continue
        follows = text[match.end() : match.end() + 1]
        if mark[:1] == "," or (mark[:1] == "." and follows.islower() and has_capitals(follows)):
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


_LAST_WORD = re.compile(r"([^\W\d_]{3,5})$")


def _short_month(head: str) -> bool:
    """Whether a full stop behind this is that of a month in short: "4 окт. 2020"."""
    word = _LAST_WORD.search(head)
    return word is not None and fold(word[1]) in short_months()


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
        In order of the text. A sentence that looks back to another event, or tells of several
        wars, has a draft for each.
    """
    actors, words = find_actors(text, mentions), event_words(lang)
    cut = sentences(text)
    there = [
        happened_at(text, start, [m for m in mentions if start <= m.start < end], lang)
        for start, end in cut
    ]
    heads = [
        (m.start, dateline_end(text, m.start, m.end))
        for m in mentions
        if m.kind in ("place", "metonym")
    ]
    # The day of a dateline is when the report was sent; it dates what has no date of its own.
    sent = [d for d in dates if any(first <= d.start < last for first, last in heads)]
    dates = [d for d in dates if d not in sent]
    ahead = [(start, end) for start, end in cut if words.planned.search(text[start:end])]
    story = _Story(
        text,
        words,
        lang == "en",
        _venue([m for found in there for m in found]),
        _news_day(dates, ahead, published) or next((d.edtf for d in sent if d.edtf), ""),
        published,
    )
    drafts: list[Draft] = []
    before: tuple[str, ...] = ()
    last: list[Mention] = []
    for (start, end), places in zip(cut, there, strict=True):
        sentence = text[start:end]
        if not places and story.english and _THERE.search(sentence):
            places = last
        last = places or last
        acting = _acting(sentence, start, end, actors, mentions, gazetteer)
        own = acting
        if PRONOUN.search(sentence):
            acting = tuple(dict.fromkeys((*acting, *before)))
        before = own or before
        inside = [m for m in mentions if start <= m.start < end]
        said = [d for d in dates if start <= d.start < end]
        drafts += story.sentence(start, end, inside, places, said, acting)
    return tuple(drafts)


@dataclass(frozen=True, slots=True)
class _Type:
    """A type of event that a sentence has words for, with where they stand in it."""

    name: str
    base: float
    trigger: str
    start: int
    main: bool


# "There" where the sentence before was, and not "there was".
_THERE = re.compile(
    r"\bthere\b(?!\s+(?:is|are|was|were|has|have|had|will|would|may|could)\b)", re.I
)
_SIZE = {"country": 9, "continent": 9, "republic": 6, "province": 5, "region": 4, "district": 3}
_WARS = re.compile(r"\b(?:two|three|2|3) (?:\w+ )?wars\b", re.IGNORECASE)
_WAR_DATES = ("month", "year", "decade", "season", "interval")
_VAGUE = re.compile(
    r"^(?:wars?|conflict over control|hostilities|fighting|battles?)$", re.IGNORECASE
)
_BACKGROUND_SHARE = 0.4  # of the confidence in what is only told as background


@dataclass(frozen=True, slots=True)
class _Story:
    """What a text as a whole says of each of its sentences."""

    text: str
    words: EventWords
    english: bool
    venue: str
    day: str
    published: str

    def sentence(
        self,
        start: int,
        end: int,
        inside: Sequence[Mention],
        there: Sequence[Mention],
        said: Sequence[DateMention],
        acting: tuple[str, ...],
    ) -> Iterator[Draft]:
        """Drafts of one sentence: of what it tells, and of what it looks back to."""
        sentence = self.text[start:end]
        cut = parts(sentence) if self.english else [Part(0, len(sentence), True)]
        types = self._types(sentence, cut)
        if not types:
            return
        back = cut[0] if not cut[0].main and cut[0].start == 0 else None
        told = [item for item in types if back is None or item.start >= back.end]
        earlier = [item for item in types if back is not None and item.start < back.end]
        common = (start, end, sentence, inside, there, said, acting)
        if told:
            own = [d for d in said if back is None or d.start - start >= back.end]
            yield from self._drafts(common, told, own, cut, background=False, looks_back=bool(back))
        if earlier:
            own = [d for d in said if back is not None and d.start - start < back.end]
            # With nothing told behind it, it is the sentence's own event.
            yield from self._drafts(
                common, earlier, own or ([] if told else said), cut, background=bool(told)
            )

    def _types(self, sentence: str, cut: Sequence[Part]) -> list[_Type]:
        """Types of event by the words of a sentence: what it tells first, then by their force."""
        found = []
        for order, (name, base, pattern) in enumerate(self.words.types):
            for match in pattern.finditer(sentence):
                if is_negated(
                    sentence, match.start(), match.end(), self.words, english=self.english
                ):
                    continue
                main = any(p.main and p.start <= match.start() < p.end for p in cut)
                found.append(
                    (not main, -base, order, _Type(name, base, match[0], match.start(), main))
                )
                break
        types: dict[str, _Type] = {}
        for *_, item in sorted(found, key=lambda row: row[:3]):
            types.setdefault(item.name, item)
        return list(types.values())

    def _drafts(
        self,
        common: tuple[
            int,
            int,
            str,
            Sequence[Mention],
            Sequence[Mention],
            Sequence[DateMention],
            tuple[str, ...],
        ],
        types: list[_Type],
        own: Sequence[DateMention],
        cut: Sequence[Part],
        *,
        background: bool,
        looks_back: bool = False,
    ) -> Iterator[Draft]:
        sentence = common[2]
        background = background or (
            self.english and (is_background(sentence) or is_since(sentence, types[0].start))
        )
        wars = [d for d in own if d.edtf and d.kind in _WAR_DATES]
        if types[0].name == "battle" and len(wars) > 1 and _WARS.search(sentence):
            for date in wars:
                yield self._draft(common, types, [date], cut, background, looks_back)
            return
        yield self._draft(common, types, own, cut, background, looks_back)

    def _draft(
        self,
        common: tuple[
            int,
            int,
            str,
            Sequence[Mention],
            Sequence[Mention],
            Sequence[DateMention],
            tuple[str, ...],
        ],
        types: list[_Type],
        own: Sequence[DateMention],
        cut: Sequence[Part],
        background: bool,
        looks_back: bool,
    ) -> Draft:
        start, end, sentence, inside, there, said, acting = common
        places = [m.place for m in there if m.place is not None]
        places.sort(key=lambda place: _SIZE.get(place.kind, 1))
        ids = tuple(dict.fromkeys(place.id for place in places))
        metonyms = tuple(
            dict.fromkeys(m.place.id for m in inside if m.kind == "metonym" and m.place is not None)
        )
        clause = next((p for p in cut if p.start <= types[0].start < p.end), cut[0])
        reported = bool(self.words.reported.search(self._around(sentence, cut, clause)))
        named = _in_own_voice([(t.name, t.base, t.trigger) for t in types], reported)
        kind, base, trigger = named[0]
        own = [d for d in own if not is_since(sentence, d.start - start)] if self.english else own
        dated = _dated(own, start, clause)
        planned = _is_planned(sentence, trigger, self.words)
        # What went before the news, or is still to come, is of another day than the news; what is
        # said of it is of the news.
        other_day = (planned and kind not in STATEMENTS) or (
            self.english
            and not reported
            and is_earlier(sentence, types[0].start + len(types[0].trigger))
        )
        if dated:
            date, source = dated[0].edtf, "sentence"
        elif self.day and not (background or looks_back or other_day):
            date, source = self.day, "text"
        else:
            date, source = "", ""
        vague = not dated or dated[0].anchored
        if background and kind == "battle" and vague and _VAGUE.match(trigger):
            named = [("political", base, trigger), *named]
        kind = named[0][0]
        planned = planned or (
            source == "sentence" and bool(self.published) and _begins_after(date, self.published)
        )
        towns = [place for place in places if _SIZE.get(place.kind, 1) < 4]
        at = ""
        to_come = planned and kind not in STATEMENTS
        if not (towns or background or looks_back or to_come) and kind in DIPLOMATIC:
            at = self.venue if source != "sentence" or dated[0].anchored else ""
        if at and reported and ids and at not in ids and not background:
            ids = (at, *ids)  # what is spoken of is elsewhere; the words were said there
        confidence = base
        confidence *= {"sentence": 1.0, "text": 0.8, "": 0.5}[source]
        confidence *= 1.0 if towns else 0.9 if ids else 0.75 if at else 0.6
        confidence *= 0.85 if reported else 1.0
        confidence *= _BACKGROUND_SHARE if background else 1.0
        return Draft(
            start,
            end,
            sentence,
            kind,
            tuple(dict.fromkeys(name for name, _, _ in named[1:])),
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
            background,
        )

    @staticmethod
    def _around(sentence: str, cut: Sequence[Part], clause: Part) -> str:
        """The clause and what belongs to it: all but what a "but" parts from it."""
        if not re.search(r",\s+(?:but|while|whereas)\s|;\s", sentence, re.IGNORECASE):
            return sentence
        follows = [p for p in cut if not p.main and p.start == clause.end]
        return sentence[clause.start : follows[0].end if follows else clause.end]


def _dated(own: Sequence[DateMention], start: int, clause: Part) -> list[DateMention]:
    """Dates that may be an event's, the likeliest first: of its clause, then the narrowest."""
    return sorted(
        (d for d in own if d.edtf),
        key=lambda d: (
            not clause.start <= d.start - start < clause.end,
            _width(d),
            d.start,
        ),
    )


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


def _news_day(
    dates: Sequence[DateMention], ahead: Sequence[tuple[int, int]], published: str
) -> str:
    """The day a text tells of: the first one counted from its publication, and not after it.

    What is still to come dates no other event.
    """
    for item in dates:
        if item.kind == "day" and item.anchored and item.edtf:
            if published and _begins_after(item.edtf, published):
                continue
            if any(start <= item.start < end for start, end in ahead):
                continue
            return item.edtf
    return ""


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
