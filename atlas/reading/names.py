"""Saying what each name of a text stands for: place, government, people, person, street, body."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from atlas.base.folding import fold, script_of
from atlas.gazetteer.core import Gazetteer
from atlas.gazetteer.model import Resolution
from atlas.reading import vocabulary as w
from atlas.reading.dateline import dateline_end
from atlas.reading.event_words import event_words
from atlas.reading.finds import Find, find_names
from atlas.reading.model import DateMention, Mention

__all__ = ["LOCAL", "find_mentions"]

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"(?:^|[.!?։;:»”\"“„«(\[—–\-]\s*|\n\s*)$")
_WITH_CAPITALS = ("Cyrl", "Grek", "Armn", "Latn")
_TIED = (" ", "\u00a0", "-")
_BEHIND = (", ", ",", " (")
_SURE = ("area", "demonym", "pack")
# Endings of "in" and "from" by language.
LOCAL = {
    "az": re.compile(r"[^\W\d_]{3,}d[aə]n?$"),
    "tr": re.compile(r"[^\W\d_]{3,}[dt][ae]n?$"),
    "hy": re.compile(r"[^\W\d_]{3,}(?:ում|ից)$"),
}


def find_mentions(
    text: str, gazetteer: Gazetteer, *, lang: str = "en", dates: Sequence[DateMention] = ()
) -> tuple[Mention, ...]:
    """Find the names in a text and resolve them together.

    Parameters
    ----------
    text : str
        Running text.
    gazetteer : Gazetteer
        Who knows the places.
    lang : str
        Language of the text, BCP 47.
    dates : sequence of DateMention
        The text's dates, in order: their words name no place, nor speak for another one.

    Returns
    -------
    tuple of Mention
        In order, none inside another.

    Examples
    --------
    >>> [one.text for one in find_mentions("Talks in Shusha.", a.gazetteer)]
    ['Shusha']
    """
    finds = [find for find in find_names(text, gazetteer, lang=lang) if not _in_date(find, dates)]
    around = _Surroundings(text, finds, lang, dates)
    kept = [(find, kind) for find in finds if (kind := _kind(find, around))]
    asked = [find for find, kind in kept if kind in ("place", "demonym")]
    names, inside = [_query(text, find) for find in asked], _containers(text, asked)
    spoken = lang if lang != "en" else None
    # Where a report was sent from says nothing of where it happened, nor does who speaks.
    silent = {
        number for number, find in enumerate(asked) if dateline_end(text, find.start, find.end) > 0
    }
    answers = gazetteer.resolve_together(names, inside=inside, lang=spoken, silent=silent)
    speaking = {
        number
        for number, (find, answer) in enumerate(zip(asked, answers, strict=True))
        if _is_metonym(text, find, answer, gazetteer, lang)
    }
    if speaking - silent and any(answer.status != "unresolved" for answer in answers):
        answers = gazetteer.resolve_together(
            names, inside=inside, lang=spoken, silent=silent | speaking
        )
    resolved = {find.start: answer for find, answer in zip(asked, answers, strict=True)}
    mentions = []
    for find, kind in kept:
        answer = resolved.get(find.start)
        if answer is not None and not answer.candidates:
            continue
        if (
            kind == "place"
            and answer is not None
            and _is_metonym(text, find, answer, gazetteer, lang)
        ):
            kind = "metonym"
        start, end = _with_brackets(text, find.start, find.end)
        mentions.append(Mention(text[start:end], start, end, kind, answer))
    return tuple(mentions)


def _in_date(find: Find, dates: Sequence[DateMention]) -> bool:
    # "May", "March" and "Last night" are towns or villages too. The dates don't overlap.
    at = bisect_left(dates, find.end, key=lambda item: item.start) - 1
    return at >= 0 and find.start < dates[at].end


def _query(text: str, find: Find) -> str:
    return text[find.start : find.end].replace("\n", " ").strip("[]()")


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    # An editor's insertion inside a name: "[Ναγκόρνο] Karabakh".
    surface = text[start:end]
    for left, right in ("[]", "()"):
        if surface.count(right) > surface.count(left) and start and text[start - 1] == left:
            return start - 1, end
    return start, end


def _containers(text: str, finds: Sequence[Find]) -> dict[int, str]:
    """Number of a name -> the name written behind it as its container: "Pineville, La."."""
    found = {}
    for number, (find, follow) in enumerate(zip(finds, finds[1:], strict=False)):
        between = text[find.end : follow.start] if follow.start - find.end < 3 else "far"
        holds = follow.strength in ("area", "pack", "town") and find.strength != "area"
        if between in _BEHIND and holds:
            found[number] = text[follow.start : follow.end]
    return found


class _Surroundings:
    """The words around each name, the other names, and the persons the text speaks of."""

    def __init__(
        self, text: str, finds: Sequence[Find], lang: str, dates: Sequence[DateMention]
    ) -> None:
        self.text = text
        self._dates, self._lang = dates, lang
        self._local = LOCAL.get(lang)
        tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
        self._words = [word for word, _, _ in tokens]
        self._starts = [start for _, start, _ in tokens]
        self._ends = [end for _, _, end in tokens]
        # Letters without capitals (Georgian) tell nothing.
        self.lower = {word for word in self._words if word.islower() and word.title() != word}
        self._find_starts = [find.start for find in finds]
        self._finds = finds
        self.surnames = self._titled() | self._given()

    def before(self, start: int) -> str:
        """The word right before, or ``""``."""
        at = bisect_left(self._starts, start) - 1
        if at < 0 or self.text[self._ends[at] : start] not in (*_TIED, ". "):
            return ""
        return self._words[at]

    def after(self, end: int) -> str:
        """The word right after, or ``""``."""
        at = bisect_left(self._starts, end)
        if at == len(self._starts) or self.text[end : self._starts[at]] not in _TIED:
            return ""
        return self._words[at]

    def starts_sentence(self, start: int) -> bool:
        """Whether a sentence begins here."""
        return bool(_SENTENCE_END.search(self.text[max(0, start - 3) : start]))

    def another_at(self, position: int) -> bool:
        """Whether another name covers a position."""
        at = bisect_right(self._find_starts, position) - 1
        return at >= 0 and position < self._finds[at].end

    def contained(self, find: Find) -> bool:
        """Whether its container is written behind it."""
        at = bisect_left(self._find_starts, find.end)
        if at == len(self._finds):
            return False
        follow = self._finds[at]
        return (
            self.text[find.end : follow.start] in _BEHIND
            if follow.start - find.end < 3 and follow.strength in ("area", "pack")
            else False
        )

    def _titled(self) -> set[str]:
        """Names behind a title: "President Rauf Kerimov"."""
        found = set()
        for number, word in enumerate(self._words):
            if word.lower().rstrip(".") not in w.TITLES:
                continue
            last, end = "", self._ends[number]
            for at in range(number + 1, min(number + 4, len(self._words))):
                follow, gap = self._words[at], self.text[end : self._starts[at]]
                if not follow[0].isupper() or len(gap) > 2 or gap.strip(".") not in ("", " "):
                    break
                if follow.lower() in w.TITLES:
                    break
                last, end = follow, self._ends[at]
            if last:
                found.add(last)
        return found

    def _given(self) -> set[str]:
        """Family names behind a given name: "Ellen Boyer", "Joseph M. Trapani"."""
        found = set()
        for number, word in enumerate(self._words[:-1]):
            if not word[0].isupper() or word.lower() not in w.GIVEN_NAMES:
                continue
            at = number + 1
            if len(self._words[at]) == 1 and at + 1 < len(self._words):
                at += 1
            follow, gap = self._words[at], self.text[self._ends[at - 1] : self._starts[at]]
            place_word = follow.lower() in w.FEATURES or follow.lower() in w.STREETS
            if follow[0].isupper() and gap in (" ", ". ") and not place_word:
                found.add(follow)
        return found

    def put_there(self, find: Find) -> bool:
        """Whether a name of the pack ends in "in" or "from": no person's does."""
        if self._local is None or find.strength != "pack":
            return False
        return bool(self._local.search(self.text[find.start : find.end]))

    def _dated(self, position: int) -> bool:
        at = bisect_right(self._dates, position, key=lambda item: item.start) - 1
        return at >= 0 and position < self._dates[at].end

    def person_before(self, find: Find) -> str:
        """Whether the word before makes a person's name of this one: ``initial`` or ``name``."""
        at = bisect_left(self._starts, find.start) - 1
        word = self.before(find.start)
        if not word:
            return ""
        start, end = self._starts[at], self._ends[at]
        if len(word) == 1 and word.isupper() and self.text[end : end + 1] == ".":
            return "initial"
        lower = word.lower()
        if (
            not word[0].isupper()
            or self.text[end : end + 1] in ("-", ".")
            or lower in w.NO_NAMES
            or lower in w.DIRECTIONS
            or lower in w.LOCATIVE
            or lower in w.FEATURES
            or self.another_at(start)
            or self._dated(start)
        ):
            return ""
        if self._lang != "en" and self.starts_sentence(start) and lower not in w.GIVEN_NAMES:
            return ""  # the first word of a sentence has a capital, whatever it is
        plain = lower in w.PLAIN and lower in self.lower
        return "" if plain and self.starts_sentence(start) else "name"


def _kind(find: Find, around: _Surroundings) -> str:
    """What a name stands for; ``""`` where it is no name of a place."""
    surface = around.text[find.start : find.end]
    before, after = around.before(find.start), around.after(find.end)
    if _is_street(surface, after):
        return "street"
    other = _not_a_place(find, surface, before, after, around)
    if other is not None:
        return other
    if not _worth_it(find, surface, before, around):
        return ""
    return "demonym" if find.strength == "demonym" else "place"


_PAPER_OF = re.compile(
    r"\b(?:(?:Times|Voice|Echo|Herald|Tribune|Chronicle|Bank)\s+of|Radio|TV)\s+$"
)


def _is_street(surface: str, after: str) -> bool:
    if after.lower() not in w.STREETS:
        return False
    return after[0].isupper() or script_of(surface) != "Latn"


def _not_a_place(
    find: Find, surface: str, before: str, after: str, around: _Surroundings
) -> str | None:
    """Person, organisation or nothing, by the words beside; None where they allow a place."""
    if around.put_there(find):
        return None
    sure = find.strength in _SURE
    titled = before[:1].isupper() and before.lower().rstrip(".") in w.TITLES
    if titled and find.strength not in ("area", "demonym"):
        return "person"
    if surface in around.surnames and not sure:
        return "person"
    if after[:1].isupper() and after.lower() in w.PAPERS and find.strength != "demonym":
        return "organisation"
    if _PAPER_OF.search(around.text[max(0, find.start - 30) : find.start]):
        return "organisation"
    if after[:1].isupper() and not around.another_at(find.end + 1):
        follows = after.lower()
        if follows.endswith(w.FAMILY_ENDINGS) and len(follows) > 4 and find.strength != "area":
            return "person"
        if follows in w.CALLED_AFTER and find.strength != "demonym":
            return "organisation"
        fits = follows in w.BODY_WORDS or follows in w.FEATURES or follows in w.FACILITIES or sure
        at_least = find.strength == "large" and before.lower() in w.LOCATIVE
        if not fits and not at_least and " " not in fold(surface):
            return ""
    person = around.person_before(find) if find.strength != "demonym" else ""
    if person == "initial" or (person and find.strength != "area"):
        return "person" if find.strength != "village" else ""
    return None


def _worth_it(find: Find, surface: str, before: str, around: _Surroundings) -> bool:
    """Whether a bare name is likely enough a place, where it is also a word or a person's name."""
    lower, key = surface.lower(), fold(surface)
    starts = around.starts_sentence(find.start)
    placed = before.lower() in w.LOCATIVE or around.contained(find)
    acronym = surface.isupper() and surface.isascii() and surface.isalpha() and len(surface) <= 4
    if acronym and find.strength not in _SURE:
        return False
    personal = lower in w.FAMILY_NAMES or lower in w.GIVEN_NAMES
    if personal and not placed and find.strength not in ("area", "pack"):
        return False
    single = " " not in key and "-" not in surface
    if single and not (acronym and find.strength == "area"):
        if lower in w.PLAIN and find.strength != "pack" and (not placed or lower in w.NEVER):
            return False
        if starts and lower in around.lower and find.strength != "area":
            return False
    if find.strength == "cased" and starts and script_of(surface) in _WITH_CAPITALS:
        return False  # the first word of a sentence: it may be any
    if find.strength in (*_SURE, "large", "cased") or placed:
        return True
    if find.strength == "town":
        return not single or not starts
    return not single and not starts


_LAST_WORD = re.compile(r"([^\W\d_]+)\W*$")
_ENDED = re.compile(r"[.!?]\s*$")
_AND_NEXT = re.compile(r"\s+and\s+[A-Z]")
_BETWEEN_AND = re.compile(r"\bbetween\s+[A-Z]\w+\s+and\s*$")
_JOINED = re.compile(r"\s*(?:,|and|or)\s+[A-Z]\w+\s+(\w+)")
_VERB = re.compile(r"\s+(\w+)")
_UNDER_CONTROL = re.compile(r"\b(?:контрол\w+|властям|нəзарəт\w+)\s+$")
_OWNING = re.compile(r"['’]s?\s+(\w+)")


def _is_metonym(text: str, find: Find, answer: Resolution, gazetteer: Gazetteer, lang: str) -> bool:
    """Whether a capital is named for its government: it acts, and nothing is put in it."""
    place = answer.place
    if place is None or not (gazetteer.is_capital(place) or place.id in w.SEATS):
        return False
    head, tail = text[max(0, find.start - 40) : find.start], text[find.end : find.end + 60]
    if lang != "en":
        said = _VERB.match(tail)
        speaks = said is not None and event_words(lang).reported.fullmatch(said[1])
        return bool(speaks or _UNDER_CONTROL.search(head))
    last = None if _ENDED.search(head) else _LAST_WORD.search(head)
    before = last[1].lower() if last else ""
    if before == "by" or (before == "between" and _AND_NEXT.match(tail)):
        return True
    if before == "and" and _BETWEEN_AND.search(head):
        return True
    if before in w.LOCATIVE - {"of", "on", "against", "between"}:
        return False
    joined, owning, verb = _JOINED.match(tail), _OWNING.match(tail), _VERB.match(tail)
    if joined and joined[1].lower() in w.AGENTS:
        return True
    if owning:
        return owning[1].lower() in w.POLICY
    if not verb or before == "of":
        return False
    acts = verb[1].lower()
    return acts in w.AGENTS or (acts.endswith("ed") and len(acts) > 4 and acts not in w.NO_ACTS)
