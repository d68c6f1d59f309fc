"""The gazetteer: a written name in, ranked and explained places out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from atlas.base.errors import InputError
from atlas.base.folding import fold, script_of
from atlas.base.timespan import parse_day
from atlas.gazetteer.districts import Districts
from atlas.gazetteer.evidence import Hints, Match, is_inside
from atlas.gazetteer.inflection import stem
from atlas.gazetteer.lookup import ONE_PLACE_KM, Lookup
from atlas.gazetteer.loose import nearest
from atlas.gazetteer.model import Candidate, Resolution
from atlas.gazetteer.rank import describe, rank, settle
from atlas.gazetteer.store import km_between
from atlas.world.index import World

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from atlas.gazetteer.online import Nominatim
    from atlas.record.pack import Pack

__all__ = ["Gazetteer"]

_SAME_KIND = {
    "district": {"district", "province", "region"},
    "province": {"district", "province", "region"},
    "region": {"district", "province", "region"},
    "settlement": {"settlement", "crossing"},
}
_AROUND = ("country", "republic", "province", "district", "region")
_CONTEXT_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", re.UNICODE)


class Gazetteer(Lookup):
    """Places and their names in all languages, sides and times.

    Parameters
    ----------
    places : pandas.DataFrame
        Columns of ``places.csv``; at least ``id, kind, lon, lat`` (degrees, WGS 84).
    names : pandas.DataFrame
        Columns of ``names.csv``; at least ``place_id, name``.
    judgements : pandas.DataFrame, optional
        Columns of ``judgements.csv``: what people decided about names.
    world : bool or World
        Whether to know the wider world too; its index opens when first needed.
    title : str
        What the places are called in explanations.
    online : {None, 'nominatim'} or Nominatim
        Whom to ask over the network about names nothing here is called (opt-in).
    areas : geopandas.GeoDataFrame, optional
        The pack's areas, which say what a district took in under another division and how far
        outside it a place lies.

    Raises
    ------
    InputError
        If a column is missing, a name belongs to no place, or a judgement is none.
    MissingExtraError
        If `online` needs a package that is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> places = pd.DataFrame({"id": ["shusha"], "kind": ["settlement"], "lon": [46.75],
    ...                        "lat": [39.76], "country": ["AZ"]})
    >>> names = pd.DataFrame({"place_id": ["shusha"] * 2, "name": ["Shusha", "Շուշի"],
    ...                       "lang": ["en", "hy"]})
    >>> gazetteer = Gazetteer(places, names, world=False)
    >>> gazetteer.resolve("Շուշիում").place.id
    'shusha'
    """

    def __init__(
        self,
        places: pd.DataFrame,
        names: pd.DataFrame,
        *,
        judgements: pd.DataFrame | None = None,
        world: bool | World = True,
        title: str = "this pack",
        online: str | Nominatim | None = None,
        areas: gpd.GeoDataFrame | None = None,
    ) -> None:
        from atlas.gazetteer.judgements import Judgements

        super().__init__(places, names, world=world, title=title)
        self._online = _service(online)
        self.judgements = Judgements.from_frame(judgements)
        self._districts = (
            None if areas is None else Districts.from_tables(areas, places, self.places)
        )

    @classmethod
    def from_pack(
        cls,
        pack: Pack,
        world: bool | World = True,
        *,
        judgements: pd.DataFrame | str | Path | None = None,
        online: str | Nominatim | None = None,
    ) -> Gazetteer:
        """Build from a pack that was read.

        Parameters
        ----------
        pack : Pack
            With its places, names and judgements.
        world : bool or World
            Whether to know the wider world too.
        judgements : pandas.DataFrame, str or Path, optional
            Further decisions, or the CSV that holds them; they win over the pack's.
        online : {None, 'nominatim'} or Nominatim
            As in `Gazetteer`.
        """
        import pandas as pd

        from atlas.gazetteer.judgements import read_judgements

        tables = [pack.judgements] if pack.judgements is not None else []
        if judgements is not None:
            more = judgements
            tables.append(more if isinstance(more, pd.DataFrame) else read_judgements(more))
        filled = [table for table in tables if len(table)]
        decided = pd.concat(filled, ignore_index=True) if filled else None
        return cls(
            pack.places,
            pack.names,
            judgements=decided,
            world=world,
            online=online,
            areas=pack.areas,
        )

    def hints(
        self,
        context: str | None = None,
        *,
        near: Iterable[str | tuple[float, float]] | None = None,
        country: str | None = None,
        inside: str | None = None,
        leave_out: str = "",
    ) -> Hints:
        """Collect what a text says about where it is.

        Parameters
        ----------
        context : str, optional
            Text around a name: countries, provinces, districts and places named in it.
        near : iterable, optional
            Place ids, or points as (lon, lat) degrees.
        country : str, optional
            ISO 3166-1 alpha-2.
        inside : str, optional
            What the place is said to lie in, as in a column of districts; several words parted by
            commas.
        leave_out : str
            The name asked about, which is no evidence for itself.

        Raises
        ------
        NotFoundError
            If `near` names an unknown place.
        """
        hints = Hints(districts=self._districts)
        if country:
            hints.countries[country.upper()] = "given"
        for item in near or ():
            if isinstance(item, str):
                place = self.place(item)
                hints.add_place(place, place.name)
            else:
                hints.points.append((float(item[0]), float(item[1]), "the point given"))
        for word in (inside or "").split(","):
            self._add_inside(hints, word.strip())
        if context:
            skip = fold(leave_out)
            for text in self._named_in(context):
                if fold(text) == skip:
                    continue
                self._add_hint(hints, text)
        return hints

    def _named_in(self, context: str) -> list[str]:
        words = list(_CONTEXT_WORD.finditer(context))
        found, index = [], 0
        while index < len(words):
            for length in range(min(4, len(words) - index), 0, -1):
                text = context[words[index].start() : words[index + length - 1].end()]
                key = fold(text)
                known = key in self._by_key or (
                    text[:1].isupper() and self.world is not None and key in self.world.keys
                )
                if known:
                    found.append(text)
                    index += length - 1
                    break
            else:
                # One inflected word of the pack's own names still helps.
                text = words[index].group()
                if text[:1].isupper() and not text.isascii():
                    script = script_of(text)
                    if (script, stem(text, script)) in self._stems:
                        found.append(text)
            index += 1
        return found

    def _add_inside(self, hints: Hints, word: str) -> None:
        found = self.matches(word) if word else []
        around = [match for match in found if match.place.kind in _AROUND]
        known = [match for match in around if match.place.source == "pack"] or around
        # A column of districts has "Shusha" where the district is Shusha's.
        for match in found:
            if match.seat and match.place.admin1:
                hints.inside.setdefault(match.place.admin1, word)
        for match in known:
            if match.place.kind in ("country", "republic"):
                hints.add_place(match.place, word)
            elif match.place.kind == "region" and not self._bounded(match.place.id):
                hints.areas.setdefault(match.place.id, word)
            else:
                hints.say_inside(match, word)
        if word and not known and word not in hints.inside.values():
            self._add_hint(hints, word)

    def _near_inside(self, name: str, matches: list[Match], hints: Hints) -> list[Match]:
        """Near spellings where the name was said to lie, if nothing there is called so."""
        if not hints.inside or any(is_inside(match, hints) for match in matches):
            return []
        near = [match for match in self._near(fold(name), far=False) if is_inside(match, hints)]
        if near:
            return near
        here = [
            number
            for index, place in enumerate(self.places)
            if is_inside(place, hints)
            for number in self._names_of[index]
        ]
        written = [(self._names[number].record.name, number) for number in here]
        return [
            self._pack_match(number, "sound", 1.5 + distance)
            for number, distance in nearest(name, written)
        ]

    def _bounded(self, identity: str) -> bool:
        return self._districts is not None and bool(self._districts.within(identity))

    def _add_hint(self, hints: Hints, text: str) -> None:
        matches, _ = self._matches(text, None)
        if not matches:
            return
        ranked = rank(matches, Hints(), title=self.title)
        best = ranked[0]
        if best.match.place.source == "pack" or best.match.place.kind in ("country", "province"):
            for item in ranked[:3]:
                if (item.match.place.kind in ("country", "province") and item.share > 0.2) or (
                    item is best and item.share > 0.6
                ):
                    hints.add_match(item.match, text)
        elif best.share > 0.6:
            hints.add_match(best.match, text)

    def candidates(
        self,
        name: str,
        *,
        lang: str | None = None,
        as_of: str | int | None = None,
        context: str | None = None,
        near: Iterable[str | tuple[float, float]] | None = None,
        kind: str | None = None,
        country: str | None = None,
        inside: str | None = None,
        hints: Hints | None = None,
    ) -> list[Candidate]:
        """Rank the places a name may mean.

        Parameters
        ----------
        name : str
            In any language and script, in any case, even misspelt.
        lang : str, optional
            BCP 47 language of the text.
        as_of : str or int, optional
            Day the text speaks of; a name used only before or after it still matches, and the
            candidate says so.
        context : str, optional
            Text around the name.
        near : iterable, optional
            Place ids or (lon, lat) points named nearby.
        kind : str, optional
            Kind of place wanted, in the words of ``places.csv``.
        country : str, optional
            ISO 3166-1 alpha-2 of the country it should be in.
        inside : str, optional
            District, province or region it is said to lie in. A place outside it is never taken.
        hints : Hints, optional
            Evidence collected before, instead of `context`, `near`, `country` and `inside`.

        Returns
        -------
        list of Candidate
            Best first; empty where nothing matches.

        Raises
        ------
        InputError
            If `as_of` is no day.
        NotFoundError
            If `near` names an unknown place.
        """
        evidence = hints
        if evidence is None:
            evidence = self.hints(
                context, near=near, country=country, inside=inside, leave_out=name
            )
        matches, kind = self._matches(name, kind)
        day = None if as_of is None else parse_day(as_of)
        kinds = _SAME_KIND.get(kind, {kind}) if kind else None
        matches = [*matches, *self._near_inside(name, matches, evidence)]
        ranked = rank(matches, evidence, lang=lang, day=day, kinds=kinds, title=self.title)
        return [describe(item, title=self.title) for item in ranked]

    def resolve(
        self,
        name: str,
        *,
        lang: str | None = None,
        as_of: str | int | None = None,
        context: str | None = None,
        near: Iterable[str | tuple[float, float]] | None = None,
        kind: str | None = None,
        country: str | None = None,
        inside: str | None = None,
        hints: Hints | None = None,
    ) -> Resolution:
        """Say which place a name means, or that it can't be said.

        Takes what `candidates` takes. A person's judgement about the name comes first. Below the
        margin between the first and the second candidate the answer is ``ambiguous``.

        Returns
        -------
        Resolution

        Raises
        ------
        InputError
            If `as_of` is no day.
        NotFoundError
            If `near` names an unknown place.

        Examples
        --------
        >>> gazetteer.resolve("Martuni").status  # doctest: +SKIP
        'ambiguous'
        """
        evidence = hints
        if evidence is None:
            evidence = self.hints(
                context, near=near, country=country, inside=inside, leave_out=name
            )
        found = self.candidates(name, lang=lang, as_of=as_of, kind=kind, hints=evidence)
        home = self._home if self._world_wanted and hints is None else None
        told = home is not None and bool(evidence)
        answer = self.judge(settle(name, found, home=home, told=told), context)
        if answer.status == "unresolved" and self._online is not None and fold(name):
            answer = settle(name, _shared(self._online.candidates(name))) or answer
        return answer

    def judge(self, resolution: Resolution, context: str | None = None) -> Resolution:
        """Apply people's judgements to an answer."""
        return self.judgements.apply(resolution, context, self.place)

    def resolve_together(
        self,
        names: Sequence[str],
        *,
        inside: Mapping[int, str] | None = None,
        lang: str | None = None,
        as_of: str | int | None = None,
        context: str | None = None,
        near: Iterable[str | tuple[float, float]] | None = None,
        country: str | None = None,
    ) -> list[Resolution]:
        """Resolve the names of one text or column, each helping the others.

        Parameters
        ----------
        names : sequence of str
            As they stand.
        inside : mapping of int to str, optional
            Number of a name -> what was written after it as its container ("Pineville, La.").
        lang, as_of, context, near, country
            As in `candidates`, for all of them.

        Returns
        -------
        list of Resolution
            One for each name, in order. Within some sixty different names the same name has the
            same answer, unless its container differs.
        """
        from atlas.gazetteer.together import resolve_together

        return resolve_together(
            self,
            names,
            inside=inside or {},
            lang=lang,
            day=None if as_of is None else parse_day(as_of),
            hints=self.hints(context, near=near, country=country),
        )


def _service(online: str | Nominatim | None) -> Nominatim | None:
    if online is None or not isinstance(online, str):
        return online
    if online != "nominatim":
        raise InputError(f"no online service {online!r}; there is: nominatim")
    from atlas.gazetteer.online import Nominatim as Service

    return Service()


def _shared(found: list[Candidate]) -> list[Candidate]:
    """Give online answers their shares: one alone stands, several are left to a person."""
    if not found:
        return []
    near = [
        item
        for item in found
        if km_between(item.place, found[0].place) > ONE_PLACE_KM or item is found[0]
    ]
    share = 0.9 / len(near)
    return [replace(item, score=share) for item in near]
