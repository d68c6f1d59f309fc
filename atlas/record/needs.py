"""What a command will need of a pack and the pack lacks: said by the check, and no fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.base.timespan import OPEN_END
from atlas.record.languages import offered

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["lacks", "lacks_ways"]

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
    return [text for text in (lacks_ways(pack), *_shown(pack), *_spoken(pack)) if text]


_WAYS = (
    ("routes", "routes (draw them as lines on the layer `routes` of `atlas export`)"),
    ("episodes", "the states of routes (a row of episodes.csv for each: open, blocked ..., since "
     "when)"),
    ("background", "land to be reached (set `scope` to 'background' for areas that are not at "
     "issue, or add such)"),
    ("settlements", "settlements (rows of places.csv of the kind 'settlement')"),
)  # fmt: skip


def lacks_ways(pack: Pack) -> str:
    """Say in one sentence what `cutoff` and `route` need of a pack and the pack lacks, and how.

    Parameters
    ----------
    pack : Pack
        The record.

    Returns
    -------
    str
        Empty where nothing is lacking.

    Examples
    --------
    >>> from atlas.record.pack import read_pack
    >>> lacks_ways(read_pack())
    ''
    """
    there = {
        "routes": len(pack.routes) > 0,
        "episodes": len(pack.episodes) > 0,
        "background": bool((pack.areas["scope"] == "background").any()),
        "settlements": bool((pack.places["kind"] == "settlement").any()),
    }
    missing = [told for what, told in _WAYS if not there[what]]
    if not missing:
        return ""
    begun = "cutoff will answer 'unknown' for every settlement"
    if not there["routes"]:
        begun = "cutoff and route have nothing to go by"
    elif not there["episodes"]:
        begun = "cutoff and route will answer 'unknown' for every way"
    return f"{begun}: the pack lacks {'; '.join(missing)}"


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
