"""What each place is called: on a day, in a language, by a side. The one way to name a place.

Map, pages, figures, search and commands all ask here; the page's own code replays the answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from atlas.base.folding import fold
from atlas.base.timespan import OPEN_END, OPEN_START, holds
from atlas.record.tables import split_list

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Naming", "Parts", "joined"]

Parts = tuple[tuple[int, str], ...]
"""Names that stand together for one place, each with the number of the side whose it is, or -1."""

_RANK = {"official": 0, "common": 1, "exonym": 2, "variant": 3, "historical": 4}
_ALIKE = 0.7


def joined(parts: Parts) -> str:
    """Write names that stand together.

    Examples
    --------
    >>> joined(((0, "Aburg"), (1, "Bgrad")))
    'Aburg / Bgrad'
    """
    return " / ".join(dict.fromkeys(text for _, text in parts))


class _Name(NamedTuple):
    text: str
    latin: str  # romanised, or as it is
    users: frozenset[str]
    status: str
    start: int
    end: int

    @property
    def spelt(self) -> str:
        return _spelling(self.latin)

    @property
    def bounded(self) -> bool:
        return self.start != OPEN_START or self.end != OPEN_END

    def in_use(self, day: int) -> bool:
        return bool(holds(self.start, self.end, day))


class Naming:
    """Names of the places of a pack.

    Parameters
    ----------
    names, places, areas : DataFrame
        Tables of the pack; places and areas with their geometry.
    languages : sequence of str
        In which the pack is offered; English is always among them.
    sides : sequence of sequence of str
        Parties of each side.
    tongues : sequence of str
        Language of each side.
    states : mapping of str to str
        Code of the state of each party, or nothing.

    Notes
    -----
    A place goes by the names in use on the day; where none was, by today's. Where nothing is at
    issue it goes by the name it has at home; where the sides call it differently, by both, in the
    pack's order of the sides.
    """

    def __init__(
        self,
        names: pd.DataFrame,
        places: pd.DataFrame,
        areas: pd.DataFrame,
        *,
        languages: Sequence[str],
        sides: Sequence[Sequence[str]],
        tongues: Sequence[str],
        states: Mapping[str, str],
    ) -> None:
        self._names, self._places, self._areas = names, places, areas
        self.languages: tuple[str, ...] = tuple(dict.fromkeys(["en", *languages]))
        self._sides = [frozenset(side) for side in sides]
        self._own = list(tongues)
        self._states = states
        self._by_epoch: dict[int, dict[str, str]] = {}
        self._today: dict[str, dict[str, Parts]] = {}
        self._spells: dict[str, dict[str, tuple[tuple[int, Parts], ...]]] = {}
        self._by_lang: dict[str, dict[str, list[_Name]]] = {}

    def english(self, day: int | None = None) -> dict[str, str]:
        """Name every place that has an English name.

        Parameters
        ----------
        day : int, optional
            Day on which the names were in use; by default today's are given.

        Returns
        -------
        dict of str to str
            By place id.
        """
        epoch = -1 if day is None else int(np.searchsorted(self._days, day, side="right"))
        if epoch not in self._by_epoch:
            if day is None:
                keys = self._rows("en")
                self._by_epoch[epoch] = {key: joined(self._in_english(key, None)) for key in keys}
            else:
                dated = {key: joined(self._in_english(key, day)) for key in self._dated_english}
                self._by_epoch[epoch] = {**self.english(), **dated}
        return self._by_epoch[epoch]

    def words(self, key: str, day: int | None = None) -> dict[str, str]:
        """Name a place in each language of the interface.

        Parameters
        ----------
        key : str
            Place id.
        day : int, optional
            Day on which the names were in use; by default today's are given.

        Returns
        -------
        dict of str to str
            By language; the id where there is no English name. Where the sides have different
            names in English, each language shows both: a side's name in that language, or else, so
            that none is left out, its English form.
        """
        told = self.parts(key, day).items()
        return {"en": key} | {lang: joined(parts) for lang, parts in told if lang in self.languages}

    def parts(self, key: str, day: int | None = None) -> dict[str, Parts]:
        """Give the same names apart, each with its side; a language without one is left out."""
        if day is not None:
            return self._parts(key, day)
        if key not in self._today:
            self._today[key] = self._parts(key, None)
        return dict(self._today[key])

    def _parts(self, key: str, day: int | None) -> dict[str, Parts]:
        english = self._in_english(key, day)
        out = {"en": english} if english else {}
        for lang in self.languages:
            group = self._rows(lang).get(key, []) if lang != "en" else []
            first = group
            if day is not None:
                # A variant may spell the other side's name; it is not what the place goes by.
                first = _on_day(group, day)
                group = [name for name in group if name.in_use(day)] or group
            if not group:
                continue
            local = self._at_home(key, first)
            sides = {n: text for n, text in english if n >= 0}
            both = () if local else self._both(group, lang, sides)
            out[lang] = both or ((-1, local or first[0].text),)
        if not out and key in self._elsewhere:
            lang, text = self._elsewhere[key]
            out[lang] = ((-1, text),)
        return out

    def spells(self, key: str) -> dict[str, tuple[tuple[int, Parts], ...]]:
        """Give all names of a place through time.

        Returns
        -------
        dict of str to tuple
            By language: from which day on which `Parts`; the first stands from the beginning.
        """
        if key not in self._spells:
            self._spells[key] = self._through_time(key)
        return dict(self._spells[key])

    def _through_time(self, key: str) -> dict[str, tuple[tuple[int, Parts], ...]]:
        days = {OPEN_START}
        for lang in self.languages:
            for name in self._rows(lang).get(key, ()):
                days.update(day for day in (name.start, name.end) if day < OPEN_END)
        out: dict[str, list[tuple[int, Parts]]] = {}
        for day in sorted(days):
            for lang, parts in self.parts(key, day).items():
                told = out.setdefault(lang, [])
                if not told or told[-1][1] != parts:
                    told.append((day, parts))
        return {lang: tuple(told) for lang, told in out.items()}

    def _rows(self, lang: str) -> dict[str, list[_Name]]:
        """Names in a language by place, in the order in which they are preferred."""
        if lang not in self._by_lang:
            self._by_lang[lang] = self._ranked(lang)
        return self._by_lang[lang]

    def _ranked(self, lang: str) -> dict[str, list[_Name]]:
        rows = self._names[self._names["lang"] == lang]
        rows = rows.assign(
            _past=rows["end_day"] != OPEN_END,
            _rank=rows["status"].map(_RANK).fillna(5),
            _doubt=rows["certainty"] != "certain",
        ).sort_values(["place_id", "_past", "_rank", "_doubt", "id"], kind="stable")
        wanted = ("place_id", "name", "romanised", "used_by", "status", "start_day", "end_day")
        columns = (rows[name].tolist() for name in wanted)
        found: dict[str, list[_Name]] = {}
        for key, name, romanised, used_by, status, start, end in zip(*columns, strict=True):
            users = frozenset(split_list(used_by))
            one = _Name(name, romanised or name, users, status, start, end)
            found.setdefault(key, []).append(one)
        return found

    @cached_property
    def _elsewhere(self) -> dict[str, tuple[str, str]]:
        """Language and name of places that are named in none of the offered languages."""
        names = self._names
        rows = names[
            ~names["place_id"].isin({key for one in self.languages for key in self._rows(one)})
        ]
        rows = rows.sort_values(["place_id", "lang", "id"]).drop_duplicates("place_id")
        return {
            str(key): (str(lang), str(name))
            for key, lang, name in zip(rows["place_id"], rows["lang"], rows["name"], strict=True)
        }

    @cached_property
    def _dated_english(self) -> list[str]:
        return [
            key for key, names in self._rows("en").items() if any(name.bounded for name in names)
        ]

    @cached_property
    def _days(self) -> list[int]:
        """Days on which an English name comes into use or falls out of it."""
        names = (name for key in self._dated_english for name in self._rows("en")[key])
        return sorted({day for name in names for day in (name.start, name.end)})

    def _in_english(self, key: str, day: int | None) -> Parts:
        names = self._rows("en").get(key, [])
        if not names:
            return ()
        if day is not None:
            names = _on_day(names, day)
        local = self._at_home(key, names)
        if local:
            return ((-1, local),)
        sides = tuple(self._of_sides(names))
        return sides if len({text for _, text in sides}) > 1 else ((-1, names[0].text),)

    def _at_home(self, key: str, names: Sequence[_Name]) -> str:
        """Name by which a place goes where nothing is at issue; empty if something is."""
        own = self._home.get(self._undisputed.get(key, ""), frozenset())
        if not own:
            return ""
        return next((name.text for name in names if name.users & own or not name.users), "")

    @cached_property
    def _home(self) -> dict[str, frozenset[str]]:
        """Parties of the side of each state that is on one."""
        whose = {party: side for side in self._sides for party in side}
        return {iso: whose[party] for party in whose if (iso := self._states[party])}

    @cached_property
    def _undisputed(self) -> dict[str, str]:
        """State of each place that lies in a background area, by place id."""
        areas, places = self._areas, self._places
        background = areas[areas["scope"] == "background"]
        # Those that ask are prepared, those in the tree are not: the polygons ask.
        tree = shapely.STRtree(places.geometry.to_numpy())
        inside = tree.query(background.geometry.to_numpy(), predicate="intersects")[1]
        rows = places.iloc[np.unique(inside)]
        return dict(zip(rows["id"], rows["country"], strict=True))

    def _of_sides(self, names: Sequence[_Name]) -> Iterator[tuple[int, str]]:
        for n, side in enumerate(self._sides):
            found = next((name.text for name in names if name.users & side), "")
            if found:
                yield n, found

    def _both(self, group: Sequence[_Name], lang: str, sides: Mapping[int, str]) -> Parts:
        """Find the sides' names in a language; none if the sides have one name."""
        if len(set(sides.values())) < 2:
            return ()
        shown: dict[int, str] = {}
        for n, text in sides.items():
            mine = [name for name in group if name.users & self._sides[n]]
            if not mine and self._own[n : n + 1] == [lang]:
                mine = [name for name in group if not name.users and name.status != "exonym"]
            # A side may use several names: the one meant in English goes first.
            best = max(mine, key=lambda name: _alike(name.spelt, text), default=None)
            if best is not None:
                far = _alike(mine[0].spelt, text) < _ALIKE <= _alike(best.spelt, text)
                shown[n] = best.text if far else mine[0].text
        # The rest may stand there without a user: each goes to the side whose name it spells.
        pairs = sorted(
            (-_alike(name.spelt, text), k, n)
            for n, text in sides.items()
            for k, name in enumerate(group)
            if n not in shown
        )
        for score, k, n in pairs:
            if -score >= _ALIKE and n not in shown and group[k].text not in shown.values():
                shown[n] = group[k].text
        if lang not in self._own and shown:
            # In a third language two spellings of one name are one name.
            spelt = [name.spelt for name in group if name.text in shown.values()]
            for n, text in sides.items():
                if n not in shown and max(_alike(one, text) for one in spelt) >= _ALIKE:
                    shown[n] = next(iter(shown.values()))
        order = sorted(sides, key=lambda n: (self._own[n : n + 1] != [lang], n))
        return tuple((n, shown.get(n, sides[n])) for n in order)


def _on_day(names: list[_Name], day: int) -> list[_Name]:
    """Names in use on a day; all of them if none was."""
    if not any(name.bounded for name in names):
        return names
    # A variant doesn't stand in for a side's own name on days when that was not in use.
    able = (name for name in names if name.status != "variant" or name.bounded)
    return [name for name in able if name.in_use(day)] or names


@lru_cache(maxsize=65_536)
def _alike(spelt: str, text: str) -> float:
    return SequenceMatcher(None, spelt, _spelling(text)).ratio()


@lru_cache(maxsize=65_536)
def _spelling(text: str) -> str:
    plain = re.sub(r"[^a-z]", "", fold(text).casefold())
    return plain.replace("dzh", "j").replace("kh", "h").replace("gh", "g")
