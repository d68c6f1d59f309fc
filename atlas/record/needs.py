"""What a command will need of a pack and the pack lacks: said by the check, and no fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.base.timespan import OPEN_END
from atlas.record.languages import offered

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["lacks"]

_SHOWN = 5


def lacks(pack: Pack) -> list[str]:
    """Say what a pack can't answer yet, and what would have to be added.

    Parameters
    ----------
    pack : Pack
        A pack without faults.

    Returns
    -------
    list of str
        One sentence a command, in the order of the commands' names.

    Examples
    --------
    >>> from atlas.record.pack import read_pack
    >>> [text for text in lacks(read_pack()) if "cutoff" in text]
    []
    """
    return [text for text in (*_ways(pack), *_shown(pack), *_spoken(pack)) if text]


def _ways(pack: Pack) -> list[str]:
    background = (pack.areas["scope"] == "background").any()
    out = []
    if not len(pack.routes):
        out.append("cutoff and route have nothing to go by: routes.geojson holds no routes")
    elif not len(pack.episodes):
        out.append(
            "cutoff and route will answer 'unknown' for every way: episodes.csv holds no states"
        )
    elif not background:
        out.append(
            "cutoff will answer 'unknown' for every settlement: no area has the scope "
            "'background', which marks land that is not at issue and is to be reached"
        )
    if not (pack.places["kind"] == "settlement").any():
        out.append("cutoff and names know no settlement: places.csv holds none")
    return out


def _shown(pack: Pack) -> list[str]:
    out = []
    if not len(pack.events):
        out.append("events, match and figure --events have no events: events.csv is empty")
    if not len(pack.mandates):
        out.append("mandates has nothing to answer: mandates.csv is empty")
    if not len(pack.chapters):
        out.append("the map and the site tell no story: chapters.csv is empty")
    claiming = set(pack.control["asserted_by"])
    silent = [key for key in pack.meta.worldviews if key not in claiming]
    if silent:
        out.append(
            f"the view according to {_some(silent)} is the assessment's: control.csv holds no "
            "claim of theirs (`asserted_by`)"
        )
    closed = [key for key, end in pack.assessed.groupby("area_id")["end_day"].max().items()
              if end != OPEN_END]  # fmt: skip
    if closed:
        out.append(f"control is not told to today of {_some([str(key) for key in closed])}")
    return out


def _spoken(pack: Pack) -> list[str]:
    """Languages offered in which a word or a name is missing, so that English is shown."""
    out = []
    for language in offered(pack):
        lang = language.tag
        if lang == "en":
            continue
        if language.missing:
            out.append(
                f"{len(language.missing)} of {len(language.words)} words of the page will be in "
                f"English for '{lang}': bring them in words/{lang}.json"
            )
        bare = [key for key, party in pack.meta.parties.items() if lang not in party.name]
        if bare:
            out.append(f"{_some(bare)} will be named in English: no `name_{lang}` in pack.toml")
        if lang not in pack.title:
            out.append(f"the title will be in English: no `{lang}` under [title] in pack.toml")
        spoken = set(pack.names.loc[pack.names["lang"] == lang, "place_id"])
        count = len(set(pack.places["id"]) - spoken)
        if count:
            out.append(
                f"{count} of {len(pack.places)} places have no name in '{lang}' in names.csv"
            )
    return out


def _some(keys: list[str]) -> str:
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(keys[:_SHOWN]) + more
