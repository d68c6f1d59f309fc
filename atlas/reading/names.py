"""Finding the names of a text and saying what each stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from atlas.folding import fold, script_of
from atlas.gazetteer.core import Gazetteer
from atlas.gazetteer.model import Resolution
from atlas.gazetteer.world import ABBREVIATION, ALTERNATIVE, DEMONYM, KINDS, MAIN
from atlas.reading import words as w
from atlas.reading.model import Mention
from atlas.reading.spotting import Spotter, word_start

__all__ = ["find_mentions"]

_PARTICLES = frozenset("of de la las los del der den di da do dos du le al el upon on the and".split())
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_INITIAL = re.compile(r"[A-Z]\.")
_SENTENCE_END = re.compile(r"(?:^|[.!?։;:»”\"“„«(\[—–\-]\s*|\n\s*)$")
_LARGE, _TOWN = 100_000, 15_000
_SPOTTERS: WeakKeyDictionary[Gazetteer, Spotter] = WeakKeyDictionary()


class _Found(NamedTuple):
    start: int
    end: int
    strength: str  # pack, area, demonym, large, town, village


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


def spotter_of(gazetteer: Gazetteer) -> Spotter:
    """The pack's spotter, built once a gazetteer."""
    found = _SPOTTERS.get(gazetteer)
    if found is None:
        found = _SPOTTERS[gazetteer] = Spotter(gazetteer.written_names, latin_endings=False)
    return found


def _azerbaijani(gazetteer: Gazetteer) -> Spotter:
    key = gazetteer
    held = _ENDINGS.get(key)
    if held is None:
        held = _ENDINGS[key] = Spotter(gazetteer.written_names, latin_endings=True)
    return held


_ENDINGS: WeakKeyDictionary[Gazetteer, Spotter] = WeakKeyDictionary()


def find_mentions(text: str, gazetteer: Gazetteer, *, lang: str = "en") -> tuple[Mention, ...]:
    """Find the names in a text and resolve them together.

    Parameters
    ----------
    text : str
        Running text.
    gazetteer : Gazetteer
        Who knows the places.
    lang : str
        Language of the text, BCP 47.

    Returns
    -------
    tuple of Mention
        In order, none inside another.
    """
    spans = _spans(text, gazetteer, lang)
    tokens = _tokens(text)
    persons = _Persons(text, tokens)
    kept: list[tuple[_Found, str]] = []
    for span in spans:
        kind = _kind(text, span, tokens, persons, spans)
        if kind:
            kept.append((span, kind))
    asked = [item for item in kept if item[1] in ("place", "demonym", "street")]
    inside = _containers(text, [span for span, _ in asked])
    answers = gazetteer.resolve_together(
        [_query(text, span) for span, _ in asked],
        inside=inside,
        lang=lang if lang != "en" else None,
        positions=[span.start for span, _ in asked],
    )
    resolved = {span.start: answer for (span, _), answer in zip(asked, answers, strict=True)}
    mentions = []
    for span, kind in kept:
        start, end = _with_brackets(text, span.start, span.end)
        answer = resolved.get(span.start)
        if answer is not None and answer.status == "unresolved" and not answer.candidates:
            continue
        if kind == "place" and answer is not None and _is_metonym(text, span, spans, answer, gazetteer):
            kind = "metonym"
        mentions.append(Mention(text[start:end], start, end, kind, _street(kind, answer)))
    return tuple(mentions)


def _street(kind: str, answer: Resolution | None) -> Resolution | None:
    return None if kind in ("street", "person", "organisation") else answer


def _query(text: str, span: _Found) -> str:
    return text[span.start : span.end].replace("\n", " ").strip("[]()")


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    # An editor's insertion inside a name: "[Ναγκόρνο] Karabakh".
    surface = text[start:end]
    for left, right in ("[]", "()"):
        if surface.count(right) > surface.count(left) and start and text[start - 1] == left:
            return start - 1, end
    return start, end


def _tokens(text: str) -> list[_Word]:
    return [_Word(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def _spans(text: str, gazetteer: Gazetteer, lang: str) -> list[_Found]:
    spotter = _azerbaijani(gazetteer) if lang == "az" else spotter_of(gazetteer)
    pack = {span.start: span.end for span in spotter.find(text)}
    found: list[_Found] = []
    world = _WorldNames(gazetteer, text)
    reached = 0
    for match in word_start.finditer(text):
        start = match.start()
        if start < reached:
            continue
        other = world.longest(start, match.end())
        end = pack.get(start, -1)
        if other is not None and other.end > end:
            found.append(other)
        elif end > 0:
            found.append(_Found(start, end, "pack"))
        else:
            continue
        reached = found[-1].end
    return found


class _WorldNames:
    """Names of the world that begin at a word, longest first."""

    def __init__(self, gazetteer: Gazetteer, text: str) -> None:
        self.world = gazetteer.world
        self.text = text

    def longest(self, start: int, end: int) -> _Found | None:
        if self.world is None:
            return None
        if self.text[end : end + 1] == "." and end - start <= 5 and self.text[start].isupper():
            # A state in short, after a comma: "Wichita, Kan."
            if self._strength(self.text[start : end + 1]) == "area":
                if self.text[max(0, start - 2) : start] == ", ":
                    return _Found(start, end + 1, "area")
        for stop in reversed(self._ends(start, end)):
            surface = self.text[start:stop]
            strength = self._strength(surface)
            if strength:
                return _Found(start, stop, strength)
        return None

    def _ends(self, start: int, end: int) -> list[int]:
        if self.text[end : end + 1] == "." and end - start <= 2:
            # Abbreviations: "U.S.", "La.", "N.Y."
            short = re.compile(r"(?:[A-Z][a-z]?\. ?){1,3}[A-Z][a-z]?\.").match(self.text, start)
            if short:
                return [short.end()]
        ends, stop = [end], end
        for _ in range(4):
            follow = re.compile(r"[ \u00a0\-–][ \u00a0]?|\. |['’]").match(self.text, stop)
            if not follow:
                break
            word = _TOKEN.match(self.text, follow.end())
            if not word:
                break
            if follow.group() == ". " and fold(self.text[start:stop]) not in ("st", "mt", "ft"):
                break
            if follow.group() in "'’" and len(word.group()) == 1:
                break
            stop = word.end()
            if word.group()[:1].isupper() or not word.group()[:1].islower():
                ends.append(stop)
            elif word.group() not in _PARTICLES:
                break
        return ends

    def _strength(self, surface: str) -> str:
        key = fold(surface)
        if self.world is None or len(key) < 2:
            return ""
        return _rate(self.world, key, surface)


_RATES: dict[tuple[int, str, bool], str] = {}


def _rate(world: object, key: str, surface: str) -> str:
    short = "." in surface or (surface.isupper() and len(surface) > 1)
    held = _RATES.get((id(world), key, short))
    if held is None:
        if len(_RATES) > 500_000:
            _RATES.clear()
        held = _RATES[id(world), key, short] = _rate_new(world, key, surface, short)
    return held


def _rate_new(world, key: str, surface: str, short: bool) -> str:  # type: ignore[no-untyped-def]
    best = ""
    order = ("", "village", "town", "large", "demonym", "area")
    one_word = " " not in key
    for row, sort in world.find(key):
        kind = KINDS[int(world.kinds[row])]
        people = int(world.population[row])
        if sort == ABBREVIATION:
            rate = "area" if short and kind in ("country", "province") else ""
        elif sort == DEMONYM:
            rate = "demonym"
        elif kind in ("country", "continent"):
            rate = "area"
        elif kind == "province":
            rate = "area" if people > 500_000 else "town" if sort == MAIN else ""
        elif sort == ALTERNATIVE and (one_word and surface.isascii() and people < _LARGE):
            rate = ""
        elif kind == "district":
            rate = "town" if sort == MAIN and not one_word else "village" if sort == MAIN else ""
        else:
            rate = "large" if people >= _LARGE else "town" if people >= _TOWN else "village"
        if order.index(rate) > order.index(best):
            best = rate
    return best


class _Persons:
    """Runs of capitalised words, and the family names learnt from them."""

    def __init__(self, text: str, tokens: Sequence[_Word]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = {token.start: number for number, token in enumerate(tokens)}
        self.ending = {token.end: number for number, token in enumerate(tokens)}
        self.lower = {token.text for token in tokens if token.text.islower()}
        self.surnames = self._learn()

    def _learn(self) -> set[str]:
        found = set()
        for number, token in enumerate(self.tokens):
            if not token.text.lower().rstrip(".") in w.TITLES:
                continue
            last = None
            for follow in self.tokens[number + 1 : number + 4]:
                gap = self.text[(last or token).end : follow.start]
                if follow.capital and gap.strip(".") in ("", " ") and len(gap) <= 2:
                    if follow.text.lower() not in w.TITLES:
                        last = follow
                    else:
                        break
                else:
                    break
            if last is not None:
                found.add(last.text)
        return found | self._given()

    def _given(self) -> set[str]:
        """Family names behind a given name: "Ellen Boyer", "Joseph M. Trapani"."""
        found = set()
        for number, token in enumerate(self.tokens[:-1]):
            if not token.capital or token.text.lower() not in w.GIVEN_NAMES:
                continue
            follow, gap_from = self.tokens[number + 1], token.end
            if len(follow.text) == 1 and number + 2 < len(self.tokens):
                gap_from, follow = follow.end, self.tokens[number + 2]
            gap = self.text[gap_from : follow.start]
            known = follow.text.lower() in w.FEATURES or follow.text.lower() in w.STREETS
            if follow.capital and gap in (" ", ". ") and not known:
                found.add(follow.text)
        return found

    def before(self, start: int) -> _Word | None:
        number = self.at.get(start)
        return self.tokens[number - 1] if number else None

    def after(self, end: int) -> _Word | None:
        number = self.ending.get(end)
        if number is None:
            number = next((i for i, t in enumerate(self.tokens) if t.end >= end), None)
        if number is None or number + 1 >= len(self.tokens):
            return None
        return self.tokens[number + 1]


def _gap(text: str, start: int, end: int) -> str:
    return text[start:end]


def _kind(
    text: str,
    span: _Found,
    tokens: Sequence[_Word],
    persons: _Persons,
    spans: Sequence[_Found],
) -> str:
    """What a name found stands for; ``""`` where it is no name."""
    surface = text[span.start : span.end]
    key = fold(surface)
    before, after = persons.before(span.start), persons.after(span.end)
    close_after = after if after and _gap(text, span.end, after.start) in (" ", "\u00a0", "-") else None
    close_before = (
        before if before and _gap(text, before.end, span.start) in (" ", "\u00a0", ". ", "-") else None
    )
    if close_after and close_after.text.lower() in w.STREETS and close_after.capital:
        return "street"
    if close_after is not None and close_after.text.lower() in w.STREETS and script_of(surface) != "Latn":
        return "street"
    starts = bool(_SENTENCE_END.search(text[max(0, span.start - 3) : span.start]))
    if close_before and close_before.text.lower().rstrip(".") in w.TITLES and close_before.capital:
        if span.strength not in ("area", "demonym"):
            return "person"
    if surface in persons.surnames and span.strength not in ("area", "demonym", "pack"):
        return "person"
    names_before = _names_before(text, close_before, starts, spans, persons)
    if close_after and close_after.capital and not _starts_at(spans, close_after.start):
        follows = close_after.text.lower()
        if follows in w.BODY_WORDS and span.strength not in ("demonym",):
            if follows in ("group", "process", "post", "times", "protocol", "declaration", "accords"):
                return "organisation"
        elif not (
            follows in w.FEATURES
            or follows in w.FACILITIES
            or " " in key
            or span.strength in ("area", "demonym", "pack")
            or (span.strength == "large" and _has_locative(close_before))
        ):
            return ""
    if names_before and span.strength not in ("demonym",):
        if span.strength != "area" or names_before == "initial":
            return "person" if span.strength != "village" else ""
    if _acronym(surface) and span.strength not in ("area", "demonym", "pack"):
        return ""
    if surface.lower() in w.FAMILY_NAMES or surface.lower() in w.GIVEN_NAMES:
        if span.strength != "area" and not _contained(text, span, spans):
            if span.strength != "pack" and not _has_locative(close_before):
                return ""
    if " " not in key and "-" not in surface and not (_acronym(surface) and span.strength == "area"):
        if surface.lower() in w.PLAIN and span.strength not in ("pack",):
            if not _contained(text, span, spans) and not _has_locative(close_before):
                return ""
            if surface.lower() in _NEVER:
                return ""
        if starts and surface.lower() in persons.lower and span.strength != "area":
            return ""
    if span.strength == "demonym":
        return "demonym"
    if span.strength in ("pack", "area", "large"):
        return "place"
    if _contained(text, span, spans) or _has_locative(close_before):
        return "place"
    if span.strength == "town" and (" " in key or not starts):
        return "place"
    return "place" if span.strength == "village" and " " in key and not starts else ""


def _acronym(surface: str) -> bool:
    return surface.isupper() and surface.isascii() and surface.isalpha() and len(surface) <= 4


_NEVER = frozenset(
    "the a an of in on at to by for and or as is it he she they we you i this that police monday tuesday "
    "wednesday thursday friday saturday sunday march may june july august mr mrs who un eu pm am".split()
)


def _names_before(
    text: str,
    before: _Word | None,
    starts: bool,
    spans: Sequence[_Found],
    persons: _Persons,
) -> str:
    """Whether the word before makes a person's name of this one."""
    if before is None:
        return ""
    if len(before.text) == 1 and before.text.isupper() and text[before.end : before.end + 1] == ".":
        return "initial"
    if not before.capital or starts or text[before.end : before.end + 1] == "-":
        return ""
    if text[before.end : before.end + 2] == ". ":
        return ""
    lower = before.text.lower()
    if lower in w.DIRECTIONS or lower in w.LOCATIVE or lower in w.FEATURES:
        return ""
    if any(item.start <= before.start < item.end for item in spans):
        return ""
    first = bool(_SENTENCE_END.search(text[max(0, before.start - 3) : before.start]))
    if first and (before.text.lower() in w.PLAIN and before.text.lower() in persons.lower):
        return ""
    if lower in ("the", "in", "and", "but", "for", "with", "from", "when", "while", "as", "on", "at"):
        return ""
    return "name"


def _starts_at(spans: Sequence[_Found], start: int) -> bool:
    return any(item.start == start for item in spans)


def _has_locative(before: _Word | None) -> bool:
    return before is not None and before.text.lower() in w.LOCATIVE


def _contained(text: str, span: _Found, spans: Sequence[_Found]) -> bool:
    return any(
        item.start - span.end in (1, 2)
        and text[span.end : item.start] in (", ", ",", " (")
        and item.strength in ("area", "pack")
        for item in spans
    )


def _containers(text: str, spans: Sequence[_Found]) -> dict[int, str]:
    found = {}
    for number, span in enumerate(spans[:-1]):
        follow = spans[number + 1]
        if text[span.end : follow.start] in (", ", ",", " (") and span.strength != "area":
            if follow.strength in ("area", "pack", "town"):
                found[number] = text[follow.start : follow.end]
    return found


def _is_metonym(
    text: str,
    span: _Found,
    spans: Sequence[_Found],
    answer: Resolution,
    gazetteer: Gazetteer,
) -> bool:
    """Whether a capital is named for its government: it acts, and nothing is put in it."""
    place = answer.place
    if place is None or not (gazetteer.is_capital(place) or place.id in _SEATS):
        return False
    head = text[max(0, span.start - 40) : span.start]
    last = re.search(r"([^\W\d_]+)\W*$", head)
    before = last.group(1).lower() if last and not re.search(r"[.!?]\s*$", head) else ""
    tail = text[span.end : span.end + 60]
    if before == "between" and re.match(r"\s+and\s+[A-Z]", tail):
        return True
    if before == "and" and re.search(r"\bbetween\s+[A-Z]\w+\s+and\s*$", head):
        return True
    if before == "by":
        return True
    if before in w.LOCATIVE - {"of", "on", "against", "between"}:
        return False
    joined = re.match(r"\s*(?:,|and|or)\s+[A-Z]\w+\s+(\w+)", tail)
    verb = re.match(r"\s+(\w+)", tail)
    possessive = re.match(r"['’]s?\s+(\w+)", tail)
    if joined and joined.group(1).lower() in w.AGENTS:
        return True
    if possessive:
        return possessive.group(1).lower() in _POLICY
    return bool(verb and verb.group(1).lower() in w.AGENTS) and (before != "of")


_SEATS = frozenset({"stepanakert"})
_POLICY = frozenset(
    "position policy claim claims demand demands government stance decision proposal refusal forces army "
    "troops interests offer peacekeepers peacekeeping mediation foreign role".split()
)


def rename(mention: Mention, kind: str) -> Mention:
    """The same mention as another kind."""
    return replace(mention, kind=kind)
