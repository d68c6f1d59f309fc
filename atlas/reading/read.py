"""Reading one text."""

from __future__ import annotations

import re

from atlas.base.errors import text_of
from atlas.base.folding import script_of
from atlas.base.timespan import format_day, parse_day
from atlas.gazetteer.core import Gazetteer
from atlas.reading.dates import find_dates
from atlas.reading.drafts import draft_events, find_actors
from atlas.reading.model import Mention, Reading
from atlas.reading.names import find_mentions

__all__ = ["guess_language", "read_text"]

_BY_SCRIPT = {"Cyrl": "ru", "Armn": "hy", "Grek": "el", "Geor": "ka", "Arab": "fa"}
_AZERBAIJANI = re.compile(r"[əƏ]|\b(?:və|ilə|üçün|olan|edib|oldu|ilin|ildə|baş verdi)\b|[qx]")
_TURKISH = re.compile(r"\b(?:ve|ile|için|olarak|olan|bir|yılında)\b|['’][dt][ea]n?\b|[ğ]")
_TURKIC = re.compile(r"[ğışİəƏ]")
_ENGLISH = re.compile(
    r"\b(?:the|of|and|in|on|was|were|is|are|to|at|by|from|with|that|said|has|have|a|an)\b"
)
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]|\b(?:року|році|та|що|від|біля|після|під|або|але|було)\b")


def guess_language(text: str) -> str:
    """Guess the main language of a text by its script and letters.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        BCP 47: ``en`` for Latin script unless its letters are Azerbaijani or its words Turkish.

    Examples
    --------
    >>> guess_language("Xankəndidə görüş"), guess_language("В Баку"), guess_language("In Baku")
    ('az', 'ru', 'en')
    """
    sample = text[:20_000]
    script = script_of(sample)
    if script == "Cyrl" and len(_UKRAINIAN.findall(sample)) * 70 > len(sample):
        return "uk"
    if script in _BY_SCRIPT:
        return _BY_SCRIPT[script]
    if script == "Latn":
        # A foreign name does not make a text foreign: what it says its names with must be, too.
        foreign, english = len(_TURKIC.findall(sample)), len(_ENGLISH.findall(sample))
        turkish, azerbaijani = len(_TURKISH.findall(sample)), len(_AZERBAIJANI.findall(sample))
        if foreign + turkish > english and foreign * 80 > len(sample) - 80:
            return "az" if azerbaijani > turkish or re.search("[əƏ]", sample) else "tr"
    return "en"


# Halves of characters, which no file can hold; what stands for one is as long as it.
_HALVES = re.compile("[\ud800-\udfff]")


def read_text(text: str, gazetteer: Gazetteer, *, published: str | int | None = None) -> Reading:
    """Find the places, dates and draft events of a text.

    Parameters
    ----------
    text : str
        Running text in English, Azerbaijani, Armenian or Russian; of a Greek text only the names
        and dates are read. Offsets count Unicode code points of this very string; halves of
        characters are replaced by U+FFFD.
    gazetteer : Gazetteer
        Who knows the places.
    published : str or int, optional
        Day of publication, which "Thursday" and "last night" count from.

    Returns
    -------
    Reading
        Mentions, dates and drafts, each in the order of the text.

    Raises
    ------
    InputError
        If `text` is no string or `published` no day.

    Examples
    --------
    >>> reading = read_text("Talks were held in Shusha.", gazetteer)  # doctest: +SKIP
    >>> reading.drafts[0].event_type  # doctest: +SKIP
    'talks'
    """
    text = _HALVES.sub("\ufffd", text_of(text, "a text to read"))
    day = None if published is None or published == "" else parse_day(published)
    lang = guess_language(text)
    dates = find_dates(text, published=day)
    mentions = find_mentions(text, gazetteer, lang=lang, dates=dates)
    mentions = _with_persons(text, mentions)
    shown = "" if day is None else format_day(day)
    drafts = draft_events(text, mentions, dates, gazetteer, published=shown, lang=lang)
    return Reading(text, lang, shown, mentions, dates, drafts)


def _with_persons(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Put persons and bodies in at their full length, over what was taken for a place in them."""
    kinds = {"person": "person", "body": "organisation"}
    found = []
    for actor in find_actors(text, mentions):
        if actor.kind in kinds:
            surface = text[actor.start : actor.end]
            found.append(Mention(surface, actor.start, actor.end, kinds[actor.kind]))
    kept = [
        item
        for item in mentions
        if item.kind not in ("person", "organisation")
        or not any(other.start < item.end and item.start < other.end for other in found)
    ]
    kept = [
        item
        for item in kept
        if not any(
            other.start <= item.start and item.end <= other.end and len(other.text) > len(item.text)
            for other in found
        )
    ]
    free = [
        other
        for other in found
        if not any(item.start < other.end and other.start < item.end for item in kept)
    ]
    ordered, reached = [], -1
    for item in sorted([*kept, *free], key=lambda item: (item.start, -item.end)):
        if item.start >= reached:
            ordered.append(item)
            reached = item.end
    return tuple(ordered)
