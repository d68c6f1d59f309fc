"""Which of the places that a sentence names is where it happened."""

from __future__ import annotations

import re
from collections.abc import Sequence

from atlas.reading.dateline import dateline_end
from atlas.reading.event_words import event_words
from atlas.reading.model import Mention
from atlas.reading.names import LOCAL
from atlas.reading.vocabulary import LOCATIVE

__all__ = ["happened_at"]

_WIDE = ("country", "continent")
# Before a country these say that something is there, and not that it acts or is acted on.
_THERE = LOCATIVE - set(
    "of on against between from to toward towards via along over leaving visiting entered entering "
    "left reached από από σε προς".split()
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s+(?:(?:the|all|nearby|neighbou?ring)\s+){0,2}$", re.I)
_JOINED = re.compile(r"^\s*(?:,|,?\s*(?:and|or|и|və|և|ու))\s*(?:the\s+)?$", re.I)
_OWNING = re.compile(r"^[’']s?\s+\w")
_BODY = re.compile(
    r"\b(?:ministr\w+|government|embassy|parliament|office|department|headquarters|service|agency|"
    r"authorities|officials?|sources?|spokes\w+|diplomats?)\b[^.,;:]{0,30}\b(?:in|of)\s+(?:the\s+)?$",
    re.I,
)
_SPEAKS_NEXT = re.compile(r"^[”\"»’']?,?\s+(?:(?:has|have|had|also|later)\s+)?(\w+)", re.I)
_ACCORDING = re.compile(r"\baccording to\b[^.,;:]{0,40}$", re.I)


def happened_at(text: str, start: int, mentions: Sequence[Mention], lang: str) -> list[Mention]:
    """Keep of a sentence's places those where it happened.

    Parameters
    ----------
    text : str
        The whole text.
    start : int
        Offset of the sentence.
    mentions : sequence of Mention
        The sentence's names, in order.
    lang : str
        Language of the text, BCP 47.

    Returns
    -------
    list of Mention
        Without the towns of datelines, those of bodies and governments that only speak, and
        without countries in which the sentence does not put anything.
    """
    words = event_words(lang)
    said = words.reported
    kept: list[Mention] = []
    before: Mention | None = None  # the place named right before, kept or not
    for mention in mentions:
        if mention.kind != "place" or mention.place is None:
            continue
        head, tail = text[start : mention.start], text[mention.end : mention.end + 80]
        # "Görüş" is a meeting at the head of a sentence, though it sounds like a town.
        if not head.strip() and any(p.fullmatch(mention.text) for _, _, p in words.types):
            continue
        joined = before in kept and _JOINED.match(text[kept[-1].end : mention.start])
        if not (
            dateline_end(text, mention.start, mention.end) > 0 or _speaks(head, tail, said)
        ) and (mention.place.kind not in _WIDE or joined or _put_there(mention, head, tail, lang)):
            kept.append(mention)
        before = mention
    return kept


def _put_there(mention: Mention, head: str, tail: str, lang: str) -> bool:
    """Whether something is put in a country: "in Armenia", not "in Armenia's name"."""
    ending = LOCAL.get(lang)
    if ending is not None and ending.search(mention.text):
        return True
    word = _WORD_BEFORE.search(head)
    return bool(word) and word[1].lower() in _THERE and not _OWNING.match(tail)  # type: ignore[index]


def _speaks(head: str, tail: str, said: re.Pattern[str]) -> bool:
    """Whether the town only speaks, or a body in it: "the ministry in Baku said"."""
    next_word = _SPEAKS_NEXT.match(tail)
    if next_word and said.fullmatch(next_word[1]):
        return True
    told = any(said.fullmatch(word) for word in re.findall(r"\w+", tail)[:3])
    return bool(_BODY.search(head)) and (told or bool(_ACCORDING.search(head)))
