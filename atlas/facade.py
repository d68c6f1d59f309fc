"""The facade: everything a notebook needs, on one object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from atlas.answers import control, mandates, routes
from atlas.answers.leaving import by_id, with_dates
from atlas.answers.series import Series
from atlas.answers.state import Here, State, here, state
from atlas.base.dates import DateLike, DateOrder, day_of, read_date
from atlas.base.errors import InputError, NotFoundError, text_of
from atlas.base.html import card
from atlas.base.notes import Notes
from atlas.base.timespan import format_day
from atlas.events import Events, ReadOptions, days, take
from atlas.record.choose import choose_pack
from atlas.record.needs import lacks_ways
from atlas.record.pack import Pack, check_pack, read_pack

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

    from atlas.answers import passage
    from atlas.base.errors import Fault
    from atlas.figures.page import Still
    from atlas.gazetteer import Gazetteer, Resolution
    from atlas.joining.join import Joined
    from atlas.joining.joiner import Joiner
    from atlas.joining.locate import Located
    from atlas.joining.match import Matched
    from atlas.map import AtlasMap
    from atlas.map.widget import Explorer
    from atlas.reading import Reading

__all__ = ["Atlas"]

#: Classes of users of the routes.
User: TypeAlias = Literal["civilian", "humanitarian", "peacekeeper", "commercial", "military"]
#: Whatever `atlas.read_events` takes.
EventsLike: TypeAlias = (
    "str | Path | IO[bytes] | IO[str] | pd.DataFrame | Events | Joined | Located "
    "| Sequence[Mapping[str, Any]] | Mapping[str, Any]"
)

#: How a candidate matched when the name is on record as it was written.
_AS_WRITTEN = ("exact", "folded", "judged")


class Atlas:
    """A record of a conflict, and the questions one can ask of it.

    Parameters
    ----------
    pack : Pack
        The record; `Pack.empty()` for none.

    Examples
    --------
    >>> import atlas
    >>> a = atlas.open()
    >>> held = a.at("2020-12-02").control.set_index("area_id")
    >>> bool(held["area_km2"].sum() > 0)
    True
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        # An atlas opened without a name gives way to the pack of the ground that data lie on.
        self._named = True
        self._known_on: int | None = None
        self._others: dict[str | None, Atlas] = {}
        self._joiners: dict[tuple[bool, bool], Joiner] = {}
        #: Why this pack was opened, where nobody named it.
        self.notes_of_choice: tuple[str, ...] = ()

    @classmethod
    def open(cls, pack: str | Path | None = "", *, known_on: DateLike | None = None) -> Atlas:
        """Open a pack by folder or name; see `atlas.open`.

        Parameters
        ----------
        pack : str, Path or None
            A folder, the name of a shipped pack, or None for no pack; by default the shipped pack
            that opens by itself.
        known_on : str, date or other kind of day, optional
            Give the record as it stood by then.

        Returns
        -------
        Atlas

        Raises
        ------
        NotFoundError
            If there is no such pack.
        PackError
            If it has faults; all are listed.

        Examples
        --------
        >>> Atlas.open(None).pack.id
        ''
        """
        if pack is None:
            if known_on is not None:
                raise InputError("no pack was opened, so nothing was known on a day; name a pack")
            return cls(Pack.empty())
        found = cls(read_pack(pack))
        if known_on is not None:
            found._known_on = day_of(known_on)
            found.pack = found.pack.known_on(known_on)
        found._named = bool(str(pack).strip())
        return found

    def __repr__(self) -> str:
        if not self.pack.id:
            return "<Atlas without a pack: the world's names and ground>"
        return (
            f"<Atlas {self.pack.id!r}: {len(self.pack.places)} places, "
            f"{len(self.pack.events)} events, {len(self.pack.areas)} areas, "
            f"{len(self.pack.sources)} sources>"
        )

    def _repr_html_(self) -> str:
        """Answer in a notebook: which record, how much is in it, and what to ask."""
        title = self.pack.title.get("en", "") or "No pack: the world's names and ground"
        held = {
            "from": with_dates(self.pack.control[["start_day"]])["start"].min(),
            "areas": len(self.pack.areas),
            "places": len(self.pack.places),
            "events": len(self.pack.events),
            "sources": len(self.pack.sources),
        }
        told = ", ".join(f"{number:,} {name}" for name, number in held.items() if name != "from")
        return card(title, f"<p>{told}</p>" if self.pack.id else "")

    def __dir__(self) -> list[str]:
        """What one can ask for; the inside is left out."""
        return sorted(name for name in super().__dir__() if not name.startswith("_"))

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: the record and its choice; indexes are made again when needed."""
        made: dict[str, Any] = {"_others": {}, "_joiners": {}}
        return {name: cell for name, cell in vars(self).items() if name != "gazetteer"} | made

    @property
    def places(self) -> gpd.GeoDataFrame:
        """Places of the record, by id (points, WGS 84).

        Examples
        --------
        >>> a.places.loc["shusha", "kind"]
        'settlement'
        """
        return by_id(self.pack.places)

    @property
    def names(self) -> pd.DataFrame:
        """Names of the places, by language, side and time; by id.

        Examples
        --------
        >>> names = a.names
        >>> bool((names["start"].isna() | (names["start"] < names["end"].fillna("2100"))).all())
        True
        """
        return by_id(self.pack.names)

    @property
    def events(self) -> gpd.GeoDataFrame:
        """Events of the record, by id (points, WGS 84), with `start` and `end` as dates.

        Examples
        --------
        >>> a.events["start"].dtype
        dtype('<M8[ms]')
        """
        return by_id(self.pack.events)

    @property
    def actors(self) -> pd.DataFrame:
        """Those who act in the events, with their ids in other datasets.

        Examples
        --------
        >>> a.actors.index.is_unique
        True
        """
        return by_id(self.pack.actors)

    @property
    def displacement(self) -> pd.DataFrame:
        """Counts of people who left their homes, or came back.

        Examples
        --------
        >>> a.displacement.index.is_unique
        True
        """
        return by_id(self.pack.displacement)

    @property
    def casualties(self) -> pd.DataFrame:
        """Deaths of whole wars, by side and by who counted.

        Examples
        --------
        >>> a.casualties.index.is_unique
        True
        """
        return by_id(self.pack.casualties)

    @property
    def control(self) -> pd.DataFrame:
        """Intervals of control, assessed and claimed; by id.

        Examples
        --------
        >>> set(a.control["asserted_by"]) >= {""}
        True
        """
        return by_id(self.pack.control)

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """Atomic areas, by id (polygons, WGS 84).

        Examples
        --------
        >>> sorted(set(a.areas["scope"]))
        ['background', 'disputed']
        """
        return by_id(self.pack.areas)

    @property
    def mandates(self) -> pd.DataFrame:
        """Mandates of missions by zone; by id.

        Examples
        --------
        >>> "deployed_start" in a.mandates
        True
        """
        return by_id(self.pack.mandates)

    @property
    def zones(self) -> gpd.GeoDataFrame:
        """Zones and posts that mandates speak of, by id (WGS 84).

        Examples
        --------
        >>> len(a.zones) > 0
        True
        """
        return by_id(self.pack.zones)

    @property
    def routes(self) -> gpd.GeoDataFrame:
        """Routes, by id (lines, WGS 84).

        Examples
        --------
        >>> len(a.routes) > 0
        True
        """
        return by_id(self.pack.routes)

    @property
    def episodes(self) -> pd.DataFrame:
        """States of routes over time; by id.

        Examples
        --------
        >>> "status" in a.episodes
        True
        """
        return by_id(self.pack.episodes)

    @property
    def sources(self) -> pd.DataFrame:
        """Sources that the record cites, by id.

        Examples
        --------
        >>> ids = a.at("2020-12-02").source_ids
        >>> len(a.sources.loc[ids]) == len(ids)
        True
        """
        return by_id(self.pack.sources)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Names of the pack and of the world's towns.

        Examples
        --------
        >>> a.gazetteer.resolve("Shusha").status
        'resolved'
        """
        from atlas.gazetteer import Gazetteer

        return Gazetteer.from_pack(self.pack, world=True)

    def geocode(
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
    ) -> Resolution:
        """Say which place a name means, or that it can't be said.

        Parameters
        ----------
        name : str
            In any language and script, in any case, even misspelt; with what it lies in
            ("Salto, Uruguay"), its other name ("Bombay/Mumbai"), how far from it ("3 km north of
            Salto"); or coordinates.
        lang : str, optional
            BCP 47 language of the text it stands in.
        as_of : str, date or other kind of day, optional
            Day the text speaks of.
        context : str, optional
            Text around the name.
        near : iterable, optional
            Place ids, or points as (longitude, latitude) in degrees, named near by.
        kind : str, optional
            Kind of place wanted, e.g. ``settlement``.
        country : str, optional
            ISO 3166-1 alpha-2 of the country it should be in.
        inside : str, optional
            District, province or region it is said to lie in.

        Returns
        -------
        Resolution
            `status` is resolved, likely (one place stands out, though the name is written as none
            on record), ambiguous or unresolved; `candidates` are ranked and explained.

        Raises
        ------
        InputError
            If `as_of` is no day.
        NotFoundError
            If `near` names an unknown place.

        Examples
        --------
        >>> a.geocode("Martuni").status
        'ambiguous'
        """
        from atlas.joining.point import resolve_point

        return resolve_point(text_of(name, "a name")) or self.gazetteer.resolve(
            name,
            lang=lang,
            as_of=as_of,
            context=context,
            near=near,
            kind=kind,
            country=country,
            inside=inside,
        )

    def read(self, text: str, *, published: DateLike | None = None) -> Reading:
        """Find places, dates and draft events in a text.

        Parameters
        ----------
        text : str
            Running text.
        published : str, date or other kind of day, optional
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
        >>> reading = a.read("Talks were held in Shusha on 3 May 2021.")
        >>> reading.drafts[0].event_type
        'talks'
        """
        from atlas.reading import read_text

        day = None if published is None else day_of(published)
        return read_text(text, self.gazetteer, published=day)

    def at(
        self,
        date: DateLike,
        *,
        according_to: str | None = None,
        user: User = "civilian",
        around_days: int = 0,
    ) -> State:
        """Give the state of a date: who held what, who kept the peace, what was open.

        Parameters
        ----------
        date : str, date or other kind of date
            A day, or anything with both ends: a month, a season, a range.
        according_to : str, optional
            Party id: its claims in place of the assessment.
        user : {'civilian', 'humanitarian', 'peacekeeper', 'commercial', 'military'}
            For whom the routes are told.
        around_days : int
            Events up to so many days before and after are included.

        Returns
        -------
        State

        Raises
        ------
        InputError
            If the date is open, no date, or before the record.
        NotFoundError
            If there is no such party.

        Examples
        --------
        >>> autumn = a.at("2020-23")
        >>> autumn.first_day, autumn.last_day
        ('2020-09-01', '2020-11-30')
        """
        return state(
            self.pack,
            read_date(date),
            user=user,
            according_to=according_to,
            around_days=around_days,
        )

    def here(
        self,
        date: DateLike,
        *,
        place: str | None = None,
        point: tuple[float, float] | None = None,
        according_to: str | None = None,
        user: User = "civilian",
        around_days: int = 0,
        events_km: float = 10.0,
    ) -> Here:
        """Give the state of a date at one place.

        Parameters
        ----------
        date : str, date or other kind of date
            As in `at`.
        place : str, optional
            A name or place id.
        point : tuple of float, optional
            Longitude and latitude, degrees.
        according_to, user, around_days
            As in `at`.
        events_km : float
            Events up to so far away count as here.

        Returns
        -------
        Here

        Raises
        ------
        InputError
            If not exactly one of place and point is given, or the name is ambiguous.
        NotFoundError
            If the place is unknown or outside the pack's areas.

        Examples
        --------
        >>> a.here("2019-06-01", place="Shusha").control["controller"].item()
        'NK'
        """
        if (place is None) == (point is None):
            raise InputError("give either a place or a point")
        if place is not None:
            row = self.places.loc[self.place_id(place)]
            point = (float(row["lon"]), float(row["lat"]))
        assert point is not None
        now = self.at(date, according_to=according_to, user=user, around_days=around_days)
        return here(self.pack, now, *point, events_km=events_km)

    def place_id(self, name: str) -> str:
        """Turn a name or id into the id of a place of the pack.

        A spelling that was mended, and other places of the pack with the same name, are noted.

        Parameters
        ----------
        name : str
            A name in any script, or an id.

        Returns
        -------
        str

        Raises
        ------
        InputError
            If the name is ambiguous; the message lists the candidates and their ids.
        NotFoundError
            If it is unknown, or known but no place of this pack.

        Examples
        --------
        >>> a.place_id("Şuşa")
        'shusha'
        """
        from atlas.joining.point import resolve_point

        known = set(self.pack.places["id"])
        if text_of(name, "a place") in known:
            return name
        if resolve_point(name) is not None:
            raise InputError(
                f"{name!r} is a position, and a place of this pack is wanted; give its name or id"
            )
        answer = self.geocode(name)
        if answer.status == "ambiguous":
            ids = [c.place.id for c in answer.candidates if c.place.id in known][:5]
            retry = f"; give an id: {', '.join(ids)}" if ids else ""
            raise InputError(f"{name!r} is ambiguous: {answer.why}{retry}")
        if answer.place is None or answer.place.id not in known:
            raise NotFoundError(f"{name!r} is no place of this pack: {answer.why}")
        place_id = str(answer.place.id)
        shown = self.pack.place_name
        chosen, *others = answer.candidates
        same = [
            f"{shown[c.place.id]} ({c.place.kind}, {c.place.id})"
            for c in others
            if c.match in _AS_WRITTEN
            and c.place.id in known
            and place_id != c.place.admin1
            and c.place.id != chosen.place.admin1
        ]
        if same or chosen.match not in _AS_WRITTEN:
            also = f"; the name is also that of {', '.join(same)}" if same else ""
            Notes().say(f"{name} taken as {shown[place_id]} ({place_id}){also}")
        return place_id

    def changes(
        self,
        first: DateLike,
        last: DateLike,
        *,
        by: Literal["month", "quarter", "year"] | None = None,
    ) -> gpd.GeoDataFrame:
        """List what changed hands between two days.

        Parameters
        ----------
        first, last : str, date or other kind of day
            The state of `first` stands against that of `last`; of a longer date, its first day.
        by : {'month', 'quarter', 'year'}, optional
            List what changed within each of these periods, named in a column ``period``.

        Returns
        -------
        GeoDataFrame
            One row an area: `area_id, name, district, from_controller, to_controller, from_type,
            to_type, date, start, end, area_km2, area_low_km2, area_high_km2, how, certainty,
            event_ids, source_ids, steps, note, geometry` (WGS 84). `date` lists the steps (EDTF),
            `start` is the first of them, `end` the day after the last.

        Raises
        ------
        InputError
            If `last` lies before `first`, or `first` before the record.

        Examples
        --------
        >>> moved = a.changes("2020-09-26", "2020-12-02")
        >>> "AZ" in set(moved["to_controller"]), moved["start"].dtype.kind
        (True, 'M')
        >>> a.changes("2020-09-26", "2020-12-02", by="month")["period"].iloc[-1]
        '2020-12'
        """
        start, end = day_of(first), day_of(last)
        if by is None:
            return with_dates(control.changes(self.pack, start, end))
        return with_dates(control.changes_by(self.pack, start, end, by))

    def net_changes(self, first: DateLike, last: DateLike) -> pd.Series:
        """Net gain or loss of each party between two days, km2; the sum is zero.

        Parameters
        ----------
        first, last : str, date or other kind of day
            As in `changes`.

        Returns
        -------
        Series
            By party.

        Raises
        ------
        InputError
            As `changes`.

        Examples
        --------
        >>> net = a.net_changes("2020-09-26", "2020-12-02")
        >>> abs(round(float(net.sum()), 6))
        0.0
        """
        return control.net_changes(self.pack, day_of(first), day_of(last))

    def disagreements(self, date: DateLike) -> gpd.GeoDataFrame:
        """Where the parties' accounts differ from the assessment on a day.

        Parameters
        ----------
        date : str, date or other kind of day
            Of a longer date, its first day.

        Returns
        -------
        GeoDataFrame
            As `State.control`, of the claims, with `assessed_controller` beside `controller`.

        Raises
        ------
        InputError
            If the day lies before the record.

        Examples
        --------
        >>> a.disagreements("2021-06-01")["asserted_by"].ne("").all()
        np.True_
        """
        return with_dates(control.disagreements(self.pack, day_of(date)))

    def series(
        self,
        what: Literal["control", "mandates", "routes"] = "control",
        *,
        scope: Literal["disputed", "background"] | None = None,
        user: User = "civilian",
    ) -> Series:
        """Follow a figure over time, from each day of change on.

        Parameters
        ----------
        what : {'control', 'mandates', 'routes'}
            Area held by each party (km2), zones in force by mission, or length of routes by status
            (km).
        scope : {'disputed', 'background'}, optional
            Of control: count only those areas.
        user : {'civilian', 'humanitarian', 'peacekeeper', 'commercial', 'military'}
            Of routes: for whom.

        Returns
        -------
        Series
            A DataFrame indexed by date (DatetimeIndex), one column a party, mission or status. Its
            `plot` draws steps, and `on(date)` gives the figures of a day.

        Raises
        ------
        InputError
            If `what` is none of these.

        Examples
        --------
        >>> a.series().index.is_monotonic_increasing
        True
        """
        if what == "control":
            return Series(control.series(self.pack, scope=scope))
        if what == "mandates":
            return Series(mandates.series(self.pack))
        if what == "routes":
            return Series(routes.series(self.pack, user=user))
        raise InputError(f"no series {what!r}; there are: control, mandates, routes")

    def route(
        self,
        origin: str,
        destination: str,
        *,
        date: DateLike,
        user: User = "civilian",
        modes: Iterable[str] = ("road",),
        access_km: float = 15.0,
    ) -> passage.Passage:
        """Say whether one could get from one place to another on a day.

        Parameters
        ----------
        origin, destination : str
            Names or place ids.
        date : str, date or other kind of day
            Of a longer date, its first day.
        user : {'civilian', 'humanitarian', 'peacekeeper', 'commercial', 'military'}
            For whom.
        modes : iterable of str
            Modes of transport: road, rail, air.
        access_km : float
            How far a place may lie from the network and still count as on it.

        Returns
        -------
        Passage

        Raises
        ------
        NotFoundError
            If a place is not in the pack, or lies off the recorded network.
        InputError
            If a name is ambiguous, or the day lies before the record.

        Examples
        --------
        >>> a.route("Yerevan", "Stepanakert", date="2023-01-15").status
        'blocked'
        """
        from atlas.answers import passage

        return passage.passage(
            self.pack,
            self.place_id(origin),
            self.place_id(destination),
            day_of(date),
            user=user,
            modes=_words(modes),
            access_km=access_km,
        )

    def cutoff(
        self,
        date: DateLike,
        *,
        towards: str | None = None,
        user: User = "civilian",
        modes: Iterable[str] = ("road",),
        access_km: float = 15.0,
    ) -> passage.Cutoff:
        """Tell which settlements had no passable way out on a day.

        Parameters
        ----------
        date : str, date or other kind of day
            Of a longer date, its first day.
        towards : str, optional
            Party id: reach undisputed land it holds; by default that of the holder's own side.
        user, modes, access_km
            As in `route`.

        Returns
        -------
        Cutoff
            `cut_off`, and `unknown` apart: both tables of settlements.

        Raises
        ------
        NotFoundError
            If the pack has no such party.

        Examples
        --------
        >>> found = a.cutoff("2023-07-01")
        >>> set(found.cut_off["status"]), set(found.unknown["status"])
        ({'cut off'}, {'unknown'})
        """
        from atlas.answers import passage

        lacking = lacks_ways(self.pack) if self.pack.id else ""
        if lacking:
            Notes().say(lacking)
        return passage.cut_off(
            self.pack,
            day_of(date),
            towards=towards,
            user=user,
            modes=_words(modes),
            access_km=access_km,
        )

    def presence(
        self,
        mission: str,
        *,
        window_days: int = 365,
        events: EventsLike | None = None,
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Count events before, during and after a mission, inside its zone and outside it.

        Parameters
        ----------
        mission : str
            Its name, as in the column `mission` of `mandates`.
        window_days : int
            Days before deployment and after withdrawal that are counted.
        events : whatever `atlas.read_events` takes, optional
            Events to count instead of the record's own.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it.

        Returns
        -------
        DataFrame
            `when` (before, during, after), `where` (in zone, elsewhere), `events`, `deaths_best`,
            `deaths_known` (events that state deaths), `days`, `zone_km2`. A description: it says
            nothing about cause.

        Raises
        ------
        InputError
            If `window_days` is negative, or the events can't be read.
        NotFoundError
            If there is no such mission, or it was never deployed in an area.

        Examples
        --------
        >>> a.presence("Russian peacekeeping contingent")["when"].unique().tolist()
        ['before', 'during', 'after']
        """
        from atlas.answers import presence

        own = None
        if events is not None:
            options = ReadOptions(
                columns=columns,
                sheet=sheet,
                header_row=header_row,
                encoding=encoding,
                date_order=date_order,
                country=country,
                inside=inside,
                start=start,
                end=end,
                bbox=bbox,
                limit=limit,
                judgements=judgements,
            )
            found = self._located(take(_inner(events), options)).events
            own = _counted(found)
        return presence.presence(self.pack, mission, window_days=window_days, events=own)

    def locate(
        self,
        events: EventsLike,
        *,
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
    ) -> Located:
        """Locate events that have the name of a place and no position.

        Parameters
        ----------
        events : path, open file, frame, list of dicts, Events, or another answer of ours
            Whatever `atlas.read_events` takes.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it.

        Returns
        -------
        Located
            `events` with positions where a name has one meaning, `doubtful` with the rest.

        Raises
        ------
        InputError
            If there is nothing to be read as events.
        NotFoundError
            If there is no such file.

        Examples
        --------
        >>> found = a.locate([{"where": "Shusha", "date": "2020-11-08"}])
        >>> found.events.column("lon").round(1).tolist()
        [46.7]
        """
        options = ReadOptions(
            columns=columns,
            sheet=sheet,
            header_row=header_row,
            encoding=encoding,
            date_order=date_order,
            country=country,
            inside=inside,
            start=start,
            end=end,
            bbox=bbox,
            limit=limit,
            judgements=judgements,
        )
        taken = take(_inner(events), options)
        return self._home(taken)._located(taken)

    def join(
        self,
        events: EventsLike,
        *,
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
        routes: bool = True,
        mandates: bool = True,
        route_reach_m: float = 10_000.0,
        place_reach_m: float = 50_000.0,
        progress: Callable[[int], None] | None = None,
    ) -> Joined:
        """Say for every event who held the place on that day, and what lay around it.

        Parameters
        ----------
        events : path, open file, frame, list of dicts, Events, or another answer of ours
            Whatever `atlas.read_events` takes.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it.
        routes, mandates : bool
            Whether to look for the nearest route and for mandates.
        route_reach_m, place_reach_m : float
            How far the nearest route or settlement may be, in metres.
        progress : callable, optional
            Called with the number of rows done since the last call.

        Returns
        -------
        Joined
            `events`, `rejects`, `doubtful` (names), `notes`, `counts`.

        Raises
        ------
        InputError
            If there is nothing to be read as events.
        NotFoundError
            If there is no such file.

        Examples
        --------
        >>> joined = a.join([{"where": "Shusha", "date": "2020-11-01"}])
        >>> joined.events["controller"].item(), joined.events["join_status"].item()
        ('NK', 'near_line|placed_by_name')
        """
        from atlas.joining.join import join_events

        options = ReadOptions(
            columns=columns,
            sheet=sheet,
            header_row=header_row,
            encoding=encoding,
            date_order=date_order,
            country=country,
            inside=inside,
            start=start,
            end=end,
            bbox=bbox,
            limit=limit,
            judgements=judgements,
        )
        taken = take(_inner(events), options)
        home = self._home(taken)
        if home.notes_of_choice:
            taken = replace(taken, notes=(*taken.notes, *home.notes_of_choice))
        return join_events(
            taken,
            home._joiner(routes=routes, mandates=mandates),
            gazetteer=lambda: home.gazetteer,
            route_reach_m=route_reach_m,
            place_reach_m=place_reach_m,
            progress=progress,
        )

    def match(
        self,
        events: EventsLike,
        other: EventsLike,
        *,
        window_days: int = 1,
        radius_m: float = 5_000.0,
        max_reach_m: float = 50_000.0,
        minimum: float = 0.5,
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Matched:
        """Find pairs of rows of two datasets that may be the same event; nothing is merged.

        Parameters
        ----------
        events, other : path, open file, frame, list of dicts, Events, or another answer of ours
            Whatever `atlas.read_events` takes. Rows with a name and no position are located.
        window_days : int
            Days that may lie between two reports.
        radius_m : float
            Uncertainty in metres of a coordinate that states none.
        max_reach_m : float
            A stated uncertainty counts at most this much.
        minimum : float
            Least score of a link, 0 to 1.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read both, as `atlas.read_events` takes it.
        progress : callable, optional
            Called with the number of rows of `events` done since the last call.

        Returns
        -------
        Matched
            `links`, scored and explained; `mutual`, those that are best both ways.

        Raises
        ------
        InputError
            If an input can't be read as events, or an option is out of range.

        Examples
        --------
        >>> one = [{"lon": 46.7, "lat": 39.8, "date": "2020-10-04"}]
        >>> two = [{"lon": 46.71, "lat": 39.8, "date": "2020-10-05"}]
        >>> a.match(one, two).links["distance_m"].item()
        856.0
        """
        from atlas.joining.match import match_events

        options = ReadOptions(
            columns=columns,
            sheet=sheet,
            header_row=header_row,
            encoding=encoding,
            date_order=date_order,
            country=country,
            inside=inside,
            start=start,
            end=end,
            bbox=bbox,
            limit=limit,
            judgements=judgements,
        )
        first, second = (take(_inner(given), options) for given in (events, other))
        home = self._home(first)
        return match_events(
            home._located(first).events,
            home._located(second).events,
            window_days=window_days,
            radius_m=radius_m,
            max_reach_m=max_reach_m,
            minimum=minimum,
            progress=progress,
        )

    def map(
        self,
        *,
        date: DateLike | None = None,
        events: EventsLike | Mapping[str, EventsLike] | None = None,
        record_events: bool = True,
        popup: Sequence[str] = (),
        colour: str | None = None,
        layers: Sequence[str] | None = None,
        lang: str | None = None,
        assets: str = "inline",
        links: Sequence[tuple[str, Mapping[str, str]]] = (),
        location: Sequence[float] | None = None,
        zoom_start: float | None = None,
        tiles: Any = None,
        attr: str | None = None,
        width: str | int = "100%",
        height: str | int = "100%",
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
    ) -> AtlasMap:
        """Draw the interactive map, which is a folium.Map.

        Parameters
        ----------
        date : str, date or other kind of date, optional
            Day the clock starts on; of a longer date, its first day.
        events : whatever `atlas.read_events` takes, or a mapping of names to such, optional
            Own events to show beside the record's: several sets by name, each with a legend and a
            switch of its own. Rows with a name and no position are located.
        record_events : bool
            Whether the record's own events are shown.
        popup : sequence of str
            Columns of own events that their cards tell.
        colour : str, optional
            What own events are coloured by: a column, or one ``#rrggbb``; by default their type.
        layers : sequence of str, optional
            Layers to put in; all by default.
        lang : str, optional
            Language the page opens in; the reader can change it.
        assets : {'inline', 'cdn'}
            'inline' asks for nothing over the network; 'cdn' links Leaflet with its hash.
        links : sequence of (str, mapping of str to str), optional
            Pages to offer in the header: relative address, and its label by language.
        location, zoom_start, tiles, attr, width, height
            As folium.Map takes them.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it; the page shows the span of
            `start` up to `end`.

        Returns
        -------
        AtlasMap
            A :class:`folium.Map`.

        Raises
        ------
        InputError
            An unknown language, layer or asset mode, a date that can't be read or lies before all
            that the map shows, or nothing to be read as events.

        Examples
        --------
        >>> mine = [{"where": "Shusha", "date": "2020-11-08", "note": "mine"}]
        >>> a.map(events={"Mine": mine}, popup=["note"]).events_shown
        1
        """
        from atlas.map import build_map

        home, sets = self._sets(
            events,
            ReadOptions(
                columns=columns,
                sheet=sheet,
                header_row=header_row,
                encoding=encoding,
                date_order=date_order,
                country=country,
                inside=inside,
                start=start,
                end=end,
                bbox=bbox,
                limit=limit,
                judgements=judgements,
            ),
        )
        return build_map(
            home.pack,
            date=None if date is None else day_of(date),
            events=sets,
            record_events=record_events,
            popup=popup,
            colour=colour,
            layers=layers,
            lang=lang,
            assets=assets,
            start=None if start is None else day_of(start),
            end=None if end is None else day_of(end),
            links=links,
            location=location,
            zoom_start=zoom_start,
            tiles=tiles,
            attr=attr,
            width=width,
            height=height,
        )

    def explore(
        self,
        *,
        date: DateLike | None = None,
        side: str = "",
        selection: str | tuple[float, float] | None = None,
        events: EventsLike | Mapping[str, EventsLike] | None = None,
        record_events: bool = True,
        popup: Sequence[str] = (),
        colour: str | None = None,
        layers: Sequence[str] | None = None,
        lang: str | None = None,
        height: str = "640px",
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
    ) -> Explorer:
        """Show the map's page as a widget: what it shows can be read, set and observed.

        The page's code and the record are sent once for all widgets of a notebook. Needs the extra
        ``notebook``.

        Parameters
        ----------
        date : str, date or other kind of date, optional
            Day the clock starts on; of a longer date, its first day.
        side : str
            Party whose account is shown; empty for the assessment.
        selection : str or tuple of float, optional
            A place, or longitude and latitude in degrees, that is selected.
        events, record_events, popup, colour, lang
            As in `map`.
        layers : sequence of str, optional
            Layers that are shown; the reader can switch on the others.
        height : str
            CSS height of the frame.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it.

        Returns
        -------
        Explorer
            `date`, `side`, `selection`, `layers` and `view` follow both ways; `at()` is the state
            of what is shown, `observe` calls a function of yours when it changes. Where a notebook
            isn't trusted to run scripts, a still stands in its place.

        Raises
        ------
        InputError
            As `map`, or no widgets are installed.
        NotFoundError
            If the place that is selected is unknown.

        Examples
        --------
        >>> w = a.explore(date="2020-11-10")
        >>> w.date = "10 Dec 2020"
        >>> w.date
        '2020-12-10'
        """
        try:
            from atlas.map.widget import Explorer
        except ImportError as error:
            raise InputError(
                f"explore needs {error.name}: pip install 'conflict-atlas[notebook]'"
            ) from None
        from atlas.map import build_map

        home, sets = self._sets(
            events,
            ReadOptions(
                columns=columns,
                sheet=sheet,
                header_row=header_row,
                encoding=encoding,
                date_order=date_order,
                country=country,
                inside=inside,
                start=start,
                end=end,
                bbox=bbox,
                limit=limit,
                judgements=judgements,
            ),
        )
        made = build_map(
            home.pack,
            events=sets,
            record_events=record_events,
            popup=popup,
            colour=colour,
            lang=lang,
            start=None if start is None else day_of(start),
            end=None if end is None else day_of(end),
        )

        def find(name: str) -> tuple[str, float, float]:
            place = home.place_id(name)
            row = home.places.loc[place]
            return place, float(row["lon"]), float(row["lat"])

        def still(day: int, account: str) -> bytes:
            return home.figure(
                date=format_day(day), side=account, events=sets, lang=lang
            ).small_png()

        explorer = Explorer(
            made,
            home.pack,
            find=find,
            date=None if date is None else day_of(date),
            side=side,
            layers=layers,
            height=height,
            still=still,
        )
        if selection is not None:
            explorer.selection = selection
        return explorer

    def figure(
        self,
        *,
        date: DateLike | None = None,
        compare: tuple[DateLike, DateLike] | None = None,
        series: bool = False,
        routes: bool = False,
        histogram: bool = False,
        displacement: bool = False,
        dates: Sequence[DateLike] | None = None,
        ax: Axes | None = None,
        events: EventsLike | Mapping[str, EventsLike] | None = None,
        record_events: bool = True,
        extent: Sequence[float | str] | None = None,
        side: str = "",
        title: str | None = None,
        size: Sequence[float] | None = None,
        dpi: float | None = None,
        lang: str | None = None,
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
    ) -> Still:
        """Draw a still for print: one of seven kinds.

        Parameters
        ----------
        date : str, date or other kind of date, optional
            A map of this day; without any choice, of the day the pack opens on.
        compare : tuple of two days, optional
            Two maps side by side, and what passed between them.
        series : bool
            Disputed ground by holder over time.
        routes : bool
            State of the routes over time, as strips.
        histogram : bool
            Events over time, by kind.
        displacement : bool
            People who left home and came back, by count.
        dates : sequence of days, optional
            Small maps of these days, up to 24, in one frame and with one key.
        ax : matplotlib Axes, optional
            Draw the map of a day into these axes, rather than on a sheet.
        events : whatever `atlas.read_events` takes, or a mapping of names to such, optional
            Own events: dots on a map, of those that had begun by its day, and counted in a
            histogram. Rows with a name and no position are located.
        record_events : bool
            Whether a histogram counts the record's own events too.
        extent : sequence of 4 floats, optional
            West, south, east, north in degrees of what a map shows, anywhere on earth; east above
            180 where it crosses the antimeridian. By default what is at issue.
        side : str
            Party whose account is drawn, of maps and series; empty for the assessment.
        title : str, optional
            In place of the figure's own.
        size : sequence of 2 floats, optional
            Width and height, inches; by default 11.69 x 8.27, A4.
        dpi : float, optional
            Dots an inch of a PNG; by default 220 in a file and 110 in a notebook.
        lang : str, optional
            Language of titles, names and notes.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it.

        Returns
        -------
        matplotlib.figure.Figure
            `sets_shown` says how many own events are on it. It shows itself in a notebook, and
            pyplot knows nothing of it. With `ax`, the figure that the axes stand in.

        Raises
        ------
        InputError
            If more than one kind is asked for, a date is none or lies before the record, the pack
            has nothing of that kind, or the extent or size is none.
        NotFoundError
            If there is no such party.

        Examples
        --------
        >>> a.figure(date="2020-11-10").get_size_inches().round(1).tolist()
        [11.7, 8.3]
        """
        from atlas.figures import figure

        home, sets = self._sets(
            events,
            ReadOptions(
                columns=columns,
                sheet=sheet,
                header_row=header_row,
                encoding=encoding,
                date_order=date_order,
                country=country,
                inside=inside,
                start=start,
                end=end,
                bbox=bbox,
                limit=limit,
                judgements=judgements,
            ),
        )
        both: Any = compare
        if isinstance(compare, (tuple, list)):
            both = tuple(day_of(day) for day in compare)
        return figure(
            home.pack,
            date=None if date is None else day_of(date),
            compare=both,
            series=series,
            routes=routes,
            histogram=histogram,
            displacement=displacement,
            dates=None if dates is None else [day_of(day) for day in _several(dates)],
            ax=ax,
            events=sets,
            record_events=record_events,
            extent=extent,
            side=side,
            title=title,
            size=size,
            dpi=dpi,
            lang=lang,
        )

    def film(
        self,
        first: DateLike,
        last: DateLike,
        path: str | Path,
        *,
        step_days: int | None = None,
        fps: float = 5.0,
        events: EventsLike | Mapping[str, EventsLike] | None = None,
        extent: Sequence[float | str] | None = None,
        side: str = "",
        title: str | None = None,
        size: Sequence[float] | None = None,
        dpi: float | None = None,
        lang: str | None = None,
        progress: Callable[[int], None] | None = None,
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
    ) -> Path:
        """Write a moving picture of the record from one day to another, whole or not at all.

        Every frame has its date, key and sources on it; the same film gives the same bytes.

        Parameters
        ----------
        first, last : str, date or other kind of day
            Days it begins and ends on.
        path : str or Path
            ``.gif`` or ``.webp``; ``.mp4`` or ``.webm`` with the extra ``film``.
        step_days : int, optional
            Days between two frames; by default as few as give 120 frames.
        fps : float
            Frames a second.
        events, extent, side, title, lang
            As in `figure`.
        size, dpi
            As in `figure`; by default 8 x 5.2 inches at 120.
        progress : callable, optional
            Called with the number of frames done since the last call.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If the days are none or the wrong way round, or the file's ending is none of a film's.
        NotFoundError
            If there is no such party.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     made = a.film("2020-11-08", "2020-11-10", folder + "/war.gif", dpi=40)
        ...     made.name, made.stat().st_size > 1000
        ('war.gif', True)
        """
        from atlas.figures import film

        home, sets = self._sets(
            events,
            ReadOptions(
                columns=columns,
                sheet=sheet,
                header_row=header_row,
                encoding=encoding,
                date_order=date_order,
                country=country,
                inside=inside,
                start=start,
                end=end,
                bbox=bbox,
                limit=limit,
                judgements=judgements,
            ),
        )
        film(
            home.pack,
            day_of(first),
            day_of(last),
            path,
            events=sets,
            extent=extent,
            side=side,
            title=title,
            size=size,
            dpi=dpi,
            step_days=step_days,
            fps=fps,
            lang=lang,
            progress=progress,
        )
        return Path(path)

    def build(
        self,
        out: str | Path = "site",
        *,
        assets: str = "inline",
        url: str = "",
        events: EventsLike | Mapping[str, EventsLike] | None = None,
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
    ) -> Path:
        """Write the static site, whole or not at all.

        Parameters
        ----------
        out : str or Path
            Folder of the site. A site that is there already is replaced once the new one is whole.
        assets : {'inline', 'cdn'}
            Whether the map's page holds Leaflet or links it; the other pages need nothing.
        url : str
            Address at which the site will stand, for those who link to it; none by default.
        events : whatever `atlas.read_events` takes, or a mapping of names to such, optional
            Own events to show; rows with a name and no position are located.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            If `out` is a file or holds something else, or `assets` is unknown, or `url` is
            no address.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:  # doctest: +SKIP
        ...     a.build(folder + "/site")
        """
        from atlas.site import build_site

        home, sets = self._sets(
            events,
            ReadOptions(
                columns=columns,
                sheet=sheet,
                header_row=header_row,
                encoding=encoding,
                date_order=date_order,
                country=country,
                inside=inside,
                start=start,
                end=end,
                bbox=bbox,
                limit=limit,
                judgements=judgements,
            ),
        )
        return build_site(home.pack, Path(out), assets=assets, events=sets, url=url)

    @classmethod
    def for_events(
        cls,
        *events: EventsLike,
        known_on: DateLike | None = None,
        columns: Mapping[str, str] | None = None,
        sheet: str | int | None = None,
        header_row: int | None = None,
        encoding: str | None = None,
        date_order: DateOrder | None = None,
        country: str | None = None,
        inside: str | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        bbox: Sequence[float] | None = None,
        limit: int | None = None,
        judgements: str | Path | pd.DataFrame | None = None,
    ) -> Atlas:
        """Open the pack in whose ground most of the events lie; no pack where there is none.

        Parameters
        ----------
        *events : path, open file, frame, list of dicts, Events, or another answer of ours
            Whatever `atlas.read_events` takes; of several, all count.
        known_on : str, date or other kind of day, optional
            Give the record as it stood by then.
        columns, sheet, header_row, encoding, date_order, country, inside, start, end, bbox, \
limit, judgements
            How to read the events, as `atlas.read_events` takes it.

        Returns
        -------
        Atlas
            `notes_of_choice` says what was chosen and why.

        Raises
        ------
        InputError
            If there is nothing to be read as events.

        Examples
        --------
        >>> Atlas.for_events([{"lon": -74.1, "lat": 4.6, "date": "2020"}]).pack.id
        ''
        """
        options = ReadOptions(
            columns=columns,
            sheet=sheet,
            header_row=header_row,
            encoding=encoding,
            date_order=date_order,
            country=country,
            inside=inside,
            start=start,
            end=end,
            bbox=bbox,
            limit=limit,
            judgements=judgements,
        )
        start_from = cls(Pack.empty())
        start_from._named = False
        start_from._known_on = None if known_on is None else day_of(known_on)
        return start_from._home(*(take(_inner(one), options) for one in events))

    # --- how the methods above come to their events and their pack ---------------------------

    def _home(self, *sets: Events) -> Atlas:
        """The atlas that events are about: this one, unless no pack was named for it."""
        if self._named or not any(map(len, sets)):
            return self
        lon, lat = _positions(*sets)
        if not np.isfinite(lon).any():
            # Names alone: the world's gazetteer tells where they are, before a pack's tells more.
            world = self._other(None)
            lon, lat = _positions(*(world._located(one, tell=False).events for one in sets))
        if not np.isfinite(lon).any():
            return self
        name, why = choose_pack(lon, lat)
        notes = Notes()
        notes.say(why)
        home = self if name is not None and name == self.pack.id else self._other(name)
        home.notes_of_choice = notes.told
        return home

    def _other(self, name: str | None) -> Atlas:
        if name not in self._others:
            known_on = None if name is None else self._known_on
            self._others[name] = Atlas.open(name, known_on=_as_date(known_on))
        return self._others[name]

    def _located(self, events: Events, *, tell: bool = True) -> Located:
        from atlas.joining.join import needs_names
        from atlas.joining.locate import Located, locate_events, nobody_doubtful

        if not needs_names(events):
            return Located(events, nobody_doubtful(), events.notes)
        return locate_events(events, self.gazetteer, tell=tell)

    def _joiner(self, *, routes: bool, mandates: bool) -> Joiner:
        """The record made ready for joining; it is kept, since a notebook joins again and again."""
        from atlas.joining.joiner import Joiner

        key = (routes, mandates)
        if key not in self._joiners:
            self._joiners[key] = Joiner.from_pack(self.pack, routes=routes, mandates=mandates)
        return self._joiners[key]

    def _sets(
        self, events: EventsLike | Mapping[str, EventsLike] | None, options: ReadOptions
    ) -> tuple[Atlas, Any]:
        """Own events for a page: read, located, and the atlas they are about."""
        if events is None:
            return self, None
        given: Mapping[str, Any] = {"": events}
        if several := isinstance(events, Mapping) and not _is_table(events):
            given = events
        taken = {str(name): take(_inner(one), options) for name, one in given.items()}
        home = self._home(*taken.values())
        found = {name: home._located(one).events for name, one in taken.items()}
        return home, (found if several else found[""])

    def front(self, date: DateLike, *, according_to: str | None = None) -> gpd.GeoDataFrame:
        """Give the lines between the lands of different holders on a day.

        Parameters
        ----------
        date : str, date or other kind of day
            Of a longer date, its first day.
        according_to : str, optional
            Party id: its claims in place of the assessment.

        Returns
        -------
        GeoDataFrame
            One row a pair of holders: `controller_1, controller_2, area_ids, km, certainty,
            uncertainty_m, source_ids, geometry` (lines, WGS 84). No finer than the areas are.

        Raises
        ------
        InputError
            If the day lies before the record.
        NotFoundError
            If there is no such party.

        Examples
        --------
        >>> lines = a.front("2015-01-01")
        >>> bool((lines["km"] > 0).all())
        True
        """
        from atlas.answers import front

        return front.front(self.pack, day_of(date), according_to=according_to)

    def panel(
        self,
        *,
        unit: str = "district",
        freq: Literal["month", "week", "year"] = "month",
        events: Any = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
    ) -> pd.DataFrame:
        """Follow units of ground through time: one tidy row a unit and period, for regressions.

        Parameters
        ----------
        unit : str
            ``area``, ``district``, ``settlement``, or ``grid:SIZE`` in degrees (``grid:0.5`` is
            PRIO-GRID's, with its ids).
        freq : {'month', 'week', 'year'}
            Length of a period.
        events : path, frame, Events or list, optional
            Anything `atlas.read_events` takes; the record's own events by default.
        start, end : str, date or other kind of day, optional
            First day, and first day no longer covered; by default all of the record.

        Returns
        -------
        DataFrame
            Holder, shares, events, deaths, mission days, days shut and distance to the line; every
            column is explained at `atlas.answers.panel.panel`.

        Raises
        ------
        InputError
            An unknown unit or frequency, or an empty span.

        Examples
        --------
        >>> table = a.panel(unit="district", freq="year", start="2020-01-01", end="2021-01-01")
        >>> bool(table["share_AZ"].between(0, 1).all())
        True
        """
        from atlas.answers import panel

        frame = None
        if events is not None:
            import pandas as pd

            from atlas.events.ours import ours

            taken = take(events).frame
            first, last = days(taken)
            frame = pd.DataFrame({name: taken[column] for name, column in ours(taken).items()})
            frame = frame.assign(start_day=first, end_day=last)
        return panel.panel(
            self.pack,
            unit=unit,
            freq=freq,
            events=frame,
            start=None if start is None else day_of(start),
            end=None if end is None else day_of(end),
        )

    def export(self, out: str | Path, *, to: str | None = None) -> Path:
        """Write the pack as one file: to edit, to look at on any map or globe, or as a gazetteer.

        To edit: a GeoPackage (``.gpkg``) has every table, with styles, forms and a clock for QGIS;
        a workbook (``.xlsx``) has those without shapes, each column explained, with words to choose
        from. `atlas.record.takeback.import_gpkg` takes the edited file back. To look at: GeoJSON
        (``.geojson``) and KML (``.kml``) have every row that lies somewhere, with its time, in
        words and with its sources. ``.jsonld`` has the places and names in Linked Places Format.

        Parameters
        ----------
        out : str or Path
            File to write; whole, or not at all.
        to : str, optional
            'gpkg', 'xlsx', 'geojson', 'kml' or 'linked-places'; by default what `out` ends in.

        Returns
        -------
        Path

        Raises
        ------
        InputError
            If no pack is open, `out` ends otherwise, or the file can't be written.

        Examples
        --------
        >>> import tempfile
        >>> a.export(Path(tempfile.mkdtemp()) / "pack.gpkg").name
        'pack.gpkg'
        """
        if not self.pack.id:
            raise InputError("no pack is open, so there is none to export; open one by its name")
        chosen = export_format(out, to)
        if chosen in _TO_EDIT:
            return export_pack(self.pack.directory, out, to=chosen)
        return _export_seen(self.pack, Path(out), chosen)

    def check(self) -> list[Fault]:
        """Find every fault of the pack's files at once.

        Returns
        -------
        list of Fault
            Empty if the pack is sound.

        Raises
        ------
        InputError
            If no pack is open.

        Examples
        --------
        >>> a.check()
        []
        """
        if not self.pack.id:
            raise InputError("no pack is open, so there is none to check; open one by its name")
        return check_pack(self.pack.directory)


_TO_EDIT = ("gpkg", "xlsx")
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "gpkg": (".gpkg",),
    "xlsx": (".xlsx",),
    "geojson": (".geojson",),
    "kml": (".kml",),
    "linked-places": (".jsonld", ".json"),
}


def export_format(out: str | Path, to: str | None = None) -> str:
    """Say in which format a pack is exported.

    Parameters
    ----------
    out : str or Path
        File to write.
    to : str, optional
        The format, where it is named.

    Returns
    -------
    str
        'gpkg', 'xlsx', 'geojson', 'kml' or 'linked-places'.

    Raises
    ------
    InputError
        If there is no such format, or `out` doesn't end as its files do.

    Examples
    --------
    >>> export_format("pack.kml")
    'kml'
    """
    if to is not None and to not in _ENDINGS:
        raise InputError(f"no format {to!r}; there are {', '.join(_ENDINGS)}")
    asked = _ENDINGS if to is None else {to: _ENDINGS[to]}
    ending = Path(out).suffix.lower()
    for name, endings in asked.items():
        if ending in endings:
            return name
    wanted = " or ".join(one for endings in asked.values() for one in endings)
    raise InputError(f"{Path(out).name!r} has to end in {wanted}")


def export_pack(pack: str | Path, out: str | Path, *, to: str | None = None) -> Path:
    """Write a pack as one file; see `Atlas.export`.

    Parameters
    ----------
    pack : str or Path
        A folder, or the name of a shipped pack. To be edited it may have faults.
    out : str or Path
        File to write.
    to : str, optional
        The format; by default what `out` ends in.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If `out` ends otherwise or can't be written, or a pack to be looked at has faults.
    """
    from atlas.figures.qgis import qgis_styles
    from atlas.record.exchange import export_gpkg
    from atlas.record.pack import pack_directory, parties_of
    from atlas.record.tables import load_toml
    from atlas.record.workbook import export_workbook

    chosen = export_format(out, to)
    if chosen not in _TO_EDIT:
        return _export_seen(read_pack(pack_directory(pack)), Path(out), chosen)
    if chosen == "xlsx":
        return export_workbook(pack, out)
    directory = pack_directory(pack)
    parties = parties_of(load_toml(directory / "pack.toml")[0])
    return export_gpkg(directory, out, styles=qgis_styles(parties))


def _export_seen(pack: Pack, out: Path, chosen: str) -> Path:
    """Write a sound pack in a format to be looked at."""
    from atlas.figures.globe import export_geojson, export_kml
    from atlas.gazetteer import write_linked_places

    if chosen == "linked-places":
        write_linked_places(pack.places, pack.names, out)
        return out
    return (export_kml if chosen == "kml" else export_geojson)(pack, out)


def _words(given: Iterable[str]) -> tuple[str, ...]:
    """Several words, or one that was given alone."""
    if isinstance(given, str):
        return (given,)
    return tuple(text_of(word, "a word") for word in given)


def _several(dates: Any) -> Sequence[DateLike]:
    if isinstance(dates, str) or not hasattr(dates, "__len__"):
        raise InputError(f"dates takes a list of days, not {dates!r}")
    return list(dates)


def _inner(events: Any) -> Any:
    """The events of a look-up of names, which holds them as they were read."""
    inner = getattr(events, "events", None)
    return inner if isinstance(inner, Events) else events


def _is_table(given: Mapping[str, Any]) -> bool:
    """Whether a mapping is one table or one GeoJSON, rather than sets of events by name."""
    if isinstance(given.get("features"), Sequence) or "type" in given:
        return True
    plain = (str, int, float, bool, type(None))
    return bool(given) and all(
        isinstance(cells, Sequence)
        and not isinstance(cells, str)
        and all(isinstance(cell, plain) for cell in cells[:5])
        for cells in given.values()
    )


def _positions(*sets: Events) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    lon, lat = (
        np.concatenate(
            [one.column(name).to_numpy(dtype=np.float64, na_value=np.nan) for one in sets]
        )
        for name in ("lon", "lat")
    )
    return lon, lat


def _counted(events: Events) -> pd.DataFrame:
    """What a count of events needs, in the kernel's day numbers."""
    import pandas as pd

    start, _ = days(events.frame)
    lon, lat = _positions(events)
    best = events.column("best").to_numpy(dtype=np.float64, na_value=np.nan)
    return pd.DataFrame({"lon": lon, "lat": lat, "start_day": start, "best": best})


def _as_date(day: int | None) -> Date | None:
    return None if day is None else Date.fromordinal(day + Date(1970, 1, 1).toordinal())
