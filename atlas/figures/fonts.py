"""Type for every script: DejaVu Sans, which comes with matplotlib, and what the machine has beside.

DejaVu Sans has Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic, so that figures in
these are the same on every machine. For letters that it lacks, an installed font that has them is
put behind it; where there is none, a note says so, and boxes stand for the letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from atlas.base.notes import Notes

if TYPE_CHECKING:
    from atlas.layers import LayerSet
    from atlas.words import Language

__all__ = ["BASE", "families_for", "letters_of"]

BASE = "DejaVu Sans"
_MOST = 12
_SHOWN = 8


def letters_of(layers: LayerSet, words: Language) -> frozenset[str]:
    """Letters that a figure may have to print: of its words, and of the record's names."""
    return frozenset(letter for text in _texts(layers, words) for letter in text)


def _texts(layers: LayerSet, words: Language) -> Iterator[str]:
    for word in words.words.values():
        yield from [word] if isinstance(word, str) else word.values()
    yield from (*words.months, *words.months_short, words.name)
    mappings = [layers.titles, *(party.names for party in layers.parties)]
    mappings += [route.names for route in layers.routes]
    mappings += [chapter.titles for chapter in layers.chapters]
    mappings += [area.part for area in layers.areas]
    mappings += [names for _, names, _ in layers.basemap]
    for mapping in mappings:
        yield from (mapping.get(words.tag, ""), mapping.get("en", ""))
    for place in layers.places:
        for name in place.names:
            if name.lang in (words.tag, "en") or name.script == words.script:
                yield name.text
    for source in layers.sources:
        yield from (source.title, source.publisher, source.author)


@cache
def _letters(path: str, index: int) -> frozenset[int]:
    try:
        font = get_font(path) if index == 0 else get_font((path, index))  # type: ignore[arg-type]
        return frozenset(font.get_charmap())
    except (OSError, RuntimeError, TypeError, ValueError):
        return frozenset()  # a file that is listed, but gone or broken


def families_for(letters: Iterable[str], notes: Notes | None = None) -> list[str]:
    """Choose font families that have some letters between them.

    Parameters
    ----------
    letters : iterable of str
        Single characters.
    notes : Notes, optional
        Told which letters no installed font has.

    Returns
    -------
    list of str
        DejaVu Sans first; then as few others as it takes, the same on one machine every time.

    Examples
    --------
    >>> families_for("Łódź, Ереван, Σέρρες")
    ['DejaVu Sans']
    """
    base = _letters(findfont(FontProperties(family=BASE)), 0)
    wanted = {ord(letter) for letter in letters if letter.isprintable()} - base
    families = [BASE]
    if not wanted:
        return families
    fonts = {
        (entry.name, entry.fname, getattr(entry, "index", 0))
        for entry in fontManager.ttflist
        # The last resort draws a box for every letter: it has none of them.
        if "Last Resort" not in entry.name
        and entry.style == "normal"
        and str(entry.weight) in ("400", "normal", "regular", "book")
    }
    # Of fonts that serve alike, a plain sans suits beside DejaVu Sans.
    ranked = sorted(fonts, key=lambda font: ("Sans" not in font[0], len(font[0]), *font))
    while wanted and len(families) < _MOST:
        best = max(ranked, key=lambda font: len(wanted & _letters(font[1], font[2])), default=None)
        found = wanted & _letters(best[1], best[2]) if best else frozenset()
        if best is None or not found:
            break
        families.append(best[0])
        wanted -= found
    if wanted and notes is not None:
        shown = " ".join(chr(code) for code in sorted(wanted)[:_SHOWN])
        more = f" and {len(wanted) - _SHOWN} more" if len(wanted) > _SHOWN else ""
        notes.say(
            f"no installed font has the letters {shown}{more}; boxes stand for them: install a "
            "font of their script, such as one of the Noto fonts"
        )
    return families
