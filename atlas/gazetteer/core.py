"""The gazetteer: a written name in, ranked and explained places out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from atlas.base.dates import DateLike, day_of
from atlas.base.errors import InputError
from atlas.base.folding import fold
from atlas.gazetteer.context import Context
from atlas.gazetteer.districts import Districts
from atlas.gazetteer.evidence import Hints, Match, km_between
from atlas.gazetteer.judgements import Judgements, read_judgements
from atlas.gazetteer.lookup import Lookup
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef, Resolution
from atlas.gazetteer.question import Asker
from atlas.gazetteer.rank import Setting, describe, settle
from atlas.gazetteer.store import Store
from atlas.gazetteer.together import Together
from atlas.gazetteer.together_column import Column
from atlas.gazetteer.weights import DEFAULT, Weights
from atlas.world.model import World

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from atlas.gazetteer.online import Nominatim
    from atlas.record.pack import Pack

__all__ = ["Gazetteer"]


class Gazetteer:
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
    countries : iterable of str
        Countries that the pack is about, ISO 3166-1 alpha-2; by default those of its places.
    mentions : mapping of str to int
        Place id -> how many events the record has there. Where the people of one of two namesakes
        were never counted, the record's own one comes first, or neither.
    weights : Weights
        What each piece of evidence is worth.

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
        countries: Iterable[str] = (),
        mentions: Mapping[str, int] = MappingProxyType({}),
        weights: Weights = DEFAULT,
    ) -> None:
        self._store = Store(
            places,
            names,
            world=world,
            title=title,
            countries=countries,
            mentions=mentions,
            weights=weights,
        )
        self._lookup = Lookup(self._store)
        self._online = _service(online)
        self.judgements = Judgements.from_frame(judgements)
        districts = (
            None if areas is None else Districts.from_tables(areas, places, self._store.places)
        )
        self._context = Context(self._store, self._lookup, districts)
        self._asker = Asker(self._store, self._lookup, self._context)

    @property
    def title(self) -> str:
        """What the pack's places are called in explanations.

        Examples
        --------
        >>> a.gazetteer.title != ""
        True
        """
        return self._store.title

    @property
    def places(self) -> list[PlaceRef]:
        """The pack's places, in the order of its table.

        Examples
        --------
        >>> len(a.gazetteer.places) == len(a.pack.places)
        True
        """
        return self._store.places

    @property
    def world(self) -> World | None:
        """The wider world, opened when first asked for; None if it was not wanted.

        Examples
        --------
        >>> a.gazetteer.world is None
        False
        """
        return self._store.world

    @property
    def keys(self) -> Iterable[str]:
        """Folded names of the pack's places.

        Examples
        --------
        >>> "shusha" in set(a.gazetteer.keys)
        True
        """
        return self._store.keys

    @property
    def written_names(self) -> tuple[str, ...]:
        """All names of the pack's places, as written.

        Examples
        --------
        >>> "Shusha" in a.gazetteer.written_names
        True
        """
        return self._store.written_names

    def place(self, identity: str) -> PlaceRef:
        """Look a place up by its id.

        Parameters
        ----------
        identity : str
            Id of the place.

        Returns
        -------
        PlaceRef

        Raises
        ------
        NotFoundError
            If there is no such place.

        Examples
        --------
        >>> a.gazetteer.place("shusha").kind
        'settlement'
        """
        return self._store.place(identity)

    def names_of(self, identity: str) -> tuple[NameRecord, ...]:
        """All names of a place of the pack.

        Parameters
        ----------
        identity : str
            Id of the place.

        Returns
        -------
        tuple of NameRecord

        Raises
        ------
        NotFoundError
            If there is no such place in the pack.

        Examples
        --------
        >>> len(a.gazetteer.names_of("shusha")) > 1
        True
        """
        return self._store.names_of(identity)

    def is_capital(self, place: PlaceRef) -> bool:
        """Whether a place is the capital of its country, by GeoNames.

        Parameters
        ----------
        place : PlaceRef
            A place of the pack or of the world.

        Returns
        -------
        bool

        Examples
        --------
        >>> a.gazetteer.is_capital(a.gazetteer.resolve("Baku").place)
        True
        """
        return self._store.is_capital(place)

    def matches(self, name: str) -> list[Match]:
        """All places found under a name, before weighing.

        Parameters
        ----------
        name : str
            In any language and script.

        Returns
        -------
        list of Match

        Examples
        --------
        >>> len(a.gazetteer.matches("Martuni")) > 1
        True
        """
        return self._lookup.matches(name)

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

        Returns
        -------
        Gazetteer

        Examples
        --------
        >>> from atlas.gazetteer import Gazetteer
        >>> Gazetteer.from_pack(a.pack, world=False).resolve("Shusha").status
        'resolved'
        """
        import pandas as pd

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
            countries=tuple(pack.meta.settings.get("countries", ())),
            mentions=pack.events["place_id"].value_counts().to_dict(),
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

        Returns
        -------
        Hints

        Raises
        ------
        NotFoundError
            If `near` names an unknown place.

        Examples
        --------
        >>> hints = a.gazetteer.hints(country="AM")
        >>> a.gazetteer.resolve("Martuni", hints=hints).status
        'resolved'
        """
        return self._context.hints(
            context, near=near, country=country, inside=inside, leave_out=leave_out
        )

    def candidates(
        self,
        name: str,
        *,
        lang: str | None = None,
        as_of: DateLike | None = None,
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
        as_of : date, optional
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

        Examples
        --------
        >>> a.gazetteer.candidates("Shusha")[0].place.id
        'shusha'
        """
        evidence = (
            hints
            if hints is not None
            else self.hints(context, near=near, country=country, inside=inside, leave_out=name)
        )
        asked = self._asker.ask(name, evidence, self._setting(lang, as_of), kind)
        return [describe(item, self._store.weights) for item in asked.ranked]

    def _setting(self, lang: str | None, as_of: DateLike | None) -> Setting:
        return Setting(
            lang=lang,
            day=None if as_of is None else day_of(as_of),
            home=self._store.home,
            title=self._store.title,
            weights=self._store.weights,
        )

    def resolve(
        self,
        name: str,
        *,
        lang: str | None = None,
        as_of: DateLike | None = None,
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

        Parameters
        ----------
        name : str
            In any language and script.
        lang, as_of, context, near, kind, country, inside, hints
            As in `candidates`.

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
        evidence = (
            hints
            if hints is not None
            else self.hints(context, near=near, country=country, inside=inside, leave_out=name)
        )
        asked = self._asker.ask(name, evidence, self._setting(lang, as_of), kind)
        by_name_only = self._store.world_wanted and hints is None
        answer = self.judge(asked.settle(by_name_only=by_name_only), context)
        if answer.status == "unresolved" and self._online is not None and fold(name):
            answer = settle(name, _shared(self._online.candidates(name))) or answer
        return answer

    def judge(self, resolution: Resolution, context: str | None = None) -> Resolution:
        """Apply people's judgements to an answer.

        Parameters
        ----------
        resolution : Resolution
            As `resolve` gives it.
        context : str, optional
            Text around the name.

        Returns
        -------
        Resolution
            As it was, where nobody has judged the name.

        Examples
        --------
        >>> answer = a.gazetteer.resolve("Shusha")
        >>> a.gazetteer.judge(answer).status
        'resolved'
        """
        return self.judgements.apply(resolution, context, self.place)

    def resolve_together(
        self,
        names: Sequence[str],
        *,
        inside: Mapping[int, str] | None = None,
        silent: Collection[int] = (),
        lang: str | None = None,
        as_of: DateLike | None = None,
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
        silent : collection of int
            Numbers of names that say nothing for the others: where a report was sent from.
        lang, as_of, context, near, country
            As in `candidates`, for all of them.

        Returns
        -------
        list of Resolution
            One for each name, in order. Within some sixty different names the same name has the
            same answer, unless its container differs.

        Examples
        --------
        >>> [one.status for one in a.gazetteer.resolve_together(["Shusha", "Hadrut"])]
        ['resolved', 'resolved']
        """
        around = self.hints(context, near=near, country=country)
        together = Together(
            self._lookup,
            self.place,
            lambda answer: self.judge(answer),
            self._setting(lang, as_of),
            around,
        )
        return together.resolve(names, inside or {}, silent)

    def resolve_column(
        self,
        names: Sequence[str],
        *,
        inside: Sequence[str] | None = None,
        country: str | None = None,
        dates: Sequence[DateLike | None] | None = None,
        context: str | None = None,
        lang: str | None = None,
        judgements: pd.DataFrame | None = None,
    ) -> list[Resolution]:
        """Resolve a column of names as one context.

        A column is about some part of the world: the country that most of its names lie in speaks
        for the rest, and so does the kind of place that most of them are.

        Parameters
        ----------
        names : sequence of str
            A name a row; the same name may stand in many.
        inside : sequence of str, optional
            What each row says its place lies in: district, province, country, parted by commas.
        country : str, optional
            ISO 3166-1 alpha-2 of the country all rows lie in.
        dates : sequence of dates, optional
            The day each row speaks of; None where not known.
        context : str, optional
            Words about the whole column.
        lang : str, optional
            BCP 47 language of the names.
        judgements : pandas.DataFrame, optional
            Further decisions of people, in the columns of ``judgements.csv``; they win over those
            of the gazetteer.

        Returns
        -------
        list of Resolution
            One a row, in order.

        Raises
        ------
        InputError
            If the sequences differ in length, or a date is none.

        Examples
        --------
        >>> import pandas as pd
        >>> places = pd.DataFrame({"id": ["shusha"], "kind": ["settlement"], "lon": [46.75],
        ...                        "lat": [39.76], "country": ["AZ"]})
        >>> names = pd.DataFrame({"place_id": ["shusha"], "name": ["Shusha"]})
        >>> gazetteer = Gazetteer(places, names, world=False)
        >>> [answer.status for answer in gazetteer.resolve_column(["Shusha", "Nowhere"])]
        ['resolved', 'unresolved']
        """
        for what, values in (("inside", inside), ("dates", dates)):
            if values is not None and len(values) != len(names):
                raise InputError(
                    f"{what} has {len(values)} entries for {len(names)} names; give one a name"
                )
        decided = Judgements.from_frame(judgements)

        def judge(answer: Resolution) -> Resolution:
            return decided.apply(self.judge(answer, context), context, self.place)

        column = Column(
            self._asker,
            self.hints(context, country=country),
            self._setting(lang, None),
            judge,
            by_name_only=self._store.world_wanted,
        )
        return column.resolve(names, inside or [""] * len(names), dates or [None] * len(names))


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
        if km_between(item.place, found[0].place) > DEFAULT.same_place_km or item is found[0]
    ]
    share = 0.9 / len(near)
    return [replace(item, score=share) for item in near]
