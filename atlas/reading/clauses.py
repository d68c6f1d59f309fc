"""Parts of a sentence: what it tells, what it only looks back to, what it denies.

A sentence that looks back ("After a war in autumn 2020, they signed an agreement") tells of one
event and dates another. English in full; in other languages a sentence is taken as a whole, but for
what it denies.
"""

# ruff: noqa: E501 - lists of words are easier to read unbroken
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from atlas.reading.event_words import EventWords

__all__ = ["Part", "is_background", "is_earlier", "is_negated", "is_since", "parts"]


class Part(NamedTuple):
    """A part of a sentence, by offsets in it.

    `main` says whether the sentence tells it, and not only looks back, explains or states an aim.
    """

    start: int
    end: int
    main: bool


_BACK = re.compile(r"^(?:After|Following|Before|In the wake of|Despite|Although|Though)\b", re.I)
_WHICH = re.compile(
    r"^(?:in|during|after|for|under|by|from|on)?\s*(?:which|whom|whose|where)\b|^who\b", re.I
)
_PIECE = re.compile(r"[^,;]+")
_AND = re.compile(r",\s+(?:but|while|whereas)\s+|;\s+", re.I)
# Behind these: what something is done for, what it is about, what went before.
_AIM = re.compile(
    r"\b(?:in order to|aimed at|so as to|to (?:discuss|negotiate|resolve|consider|address|agree on)|"
    r"after (?!which\b)|following (?!day\b|week\b|month\b|year\b)|on the basis of|with a view to)\s*",
    re.I,
)
_THAT = re.compile(
    r"\b(?:said|says|stated|announced|confirmed|claimed|added|clarified)\b[^.]*?\bthat\b", re.I
)


def parts(sentence: str) -> list[Part]:
    """Cut a sentence where it stops telling and starts looking back, and the other way round.

    Parameters
    ----------
    sentence : str
        One sentence.

    Returns
    -------
    list of Part
        In order, without gaps; at least one is main.

    Examples
    --------
    >>> text = "After a war in 2020, they signed an agreement."
    >>> [(text[part.start:part.end], part.main) for part in parts(text)]
    [('After a war in 2020,', False), (' they signed an agreement.', True)]
    """
    cut = _looking_back(sentence)
    found = []
    if cut:
        found.append(Part(0, cut, False))
    found += list(_told(sentence, cut))
    return found


def _looking_back(sentence: str) -> int:
    """Where a sentence that begins by looking back begins to tell; 0 if it does not look back."""
    if not _BACK.match(sentence):
        return 0
    pieces = list(_PIECE.finditer(sentence))
    for piece in pieces[1:]:
        text = piece.group().strip()
        # A relative clause belongs to what is looked back to, and so does a year or a town in it.
        if _WHICH.match(text) or len(text.split()) < 3:
            continue
        return piece.start()
    return 0


def _told(sentence: str, begin: int) -> Iterator[Part]:
    at = begin
    for clause in [*_AND.finditer(sentence, begin), None]:
        end = len(sentence) if clause is None else clause.start()
        aim = _AIM.search(sentence, at, end)
        if aim and aim.start() > at + 8:
            yield Part(at, aim.start(), True)
            yield Part(aim.start(), end, False)
        else:
            yield Part(at, end, True)
        at = end


# A state of things that began long ago, and is no event of the day.
_BACKGROUND = re.compile(
    r"\b(?:decades?|years?|century|centuries)[- ](?:long|old)\b|\blong[- ](?:running|standing|simmering)\b|"
    r"\bfor (?:many |several |more than |over |three |two )?(?:decades|years|centuries)\b|\bhistorically\b|"
    r"\bdat(?:es|ing) back\b|\bha(?:s|ve|d) (?:long )?been (?:embroiled|locked|at odds|at war|involved)\b|"
    r"\bbroke(?:n)? (?:away|out) in (?:the )?(?:late |early )?(?:19|20)\d\d|\bsince the (?:19|20)\d\ds?\b|"
    r"\bthe (?:first|second|third|last|latest|worst|deadliest|heaviest|largest|longest) (?:\w+ ){1,5}"
    r"(?:since|in (?:\w+ )?(?:days|weeks|months|years|decades))\b|"
    r"\b(?:was|were|is|are) (?:internationally )?recogni[sz]ed (?:internationally )?as\b|"
    r"\b(?:first|second|two|three) wars?\b|\bthe collapse of the\b|\bpredominantly\b|\ba traditional power\b",
    re.I,
)


def is_background(sentence: str) -> bool:
    """Whether a sentence tells how things came to be, and no event of its own day.

    Examples
    --------
    >>> is_background("The two have been embroiled in a decades-long conflict.")
    True
    >>> is_background("The two clashed on Monday.")
    False
    """
    return bool(_BACKGROUND.search(sentence))


# "Since" gives a reason, and no beginning, where its clause tells what is or has become so.
_SINCE = re.compile(
    r"\bsince (?!then\b)(?![^,;.]*\b(?:is|are|has|have|will|would|can|could)\b)[^,;.]*$", re.I
)
_EARLIER = re.compile(r"\bhad\s+(?:\w+\s+){0,2}\w+$")


def is_since(sentence: str, at: int) -> bool:
    """Whether what stands at an offset only says since when something has been so.

    Examples
    --------
    >>> is_since("They have not met since the war of 1990.", 28)
    True
    >>> is_since("They may meet, since both have signed the pact.", 30)
    False
    """
    return bool(_SINCE.search(sentence[:at]))


def is_earlier(sentence: str, at: int) -> bool:
    """Whether the verb that ends at an offset tells what had happened before the day told of.

    Examples
    --------
    >>> is_earlier("The road had been closed.", 24), is_earlier("The road was closed.", 19)
    (True, False)
    """
    return bool(_EARLIER.search(sentence[:at]))


_NOT = re.compile(
    r"(?:\b(?:no|not|never|neither|nor|none|nobody|without|cannot)\b|n['’]t\b)(?P<between>(?:\W+\w+){0,3}?)\W*$",
    re.I,
)
_NOT_WITHIN = re.compile(r"\b(?:did|do|does|has|have|had|was|were)(?: not|n['’]t)\b", re.I)
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|dismiss(?:es|ed)|refut(?:es|ed)|reject(?:s|ed)|rul(?:es|ed) out|"
    r"false (?:reports?|claims?)|no (?:truth|evidence|signs?|reports?|confirmation)|failed to|unable to)\b",
    re.I,
)
_STOPPING = re.compile(r"\b(?:stop|halt|prevent|end|cease|deter|only|yet|least|longer)\b", re.I)
_NEAR = 30  # characters between a word for "not" and the words of an event, in other languages


def is_negated(sentence: str, start: int, end: int, words: EventWords, *, english: bool) -> bool:
    """Whether a sentence says that something did not happen.

    Parameters
    ----------
    sentence : str
        One sentence.
    start, end : int
        Offsets of the words of the event in it.
    words : EventWords
        Words of the language.
    english : bool
        Whether the text is English.

    Returns
    -------
    bool
    """
    if not english:
        # In some languages the verb that denies stands at the end of the sentence.
        return any(
            words.verb_last
            or (found.start() < end and (found.end() > start or start - found.end() <= _NEAR))
            for found in words.negated.finditer(sentence)
        )
    head = sentence[:start]
    clause = re.split(r"[;:]|,\s+(?:but|and|while)\s", head)[-1]
    if _NOT_WITHIN.search(sentence[start:end]):
        return True
    found = _NOT.search(clause)
    if found and not _STOPPING.search(found["between"] + " "):
        return True
    if re.match(
        r"\W*(?:did|has|have|had|was|were|is|are)?\s*(?:not|n['’]t)\b", sentence[end : end + 12]
    ):
        return True
    return bool(_DENIED.search(clause))
