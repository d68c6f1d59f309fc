"""The facade: everything a notebook needs, on one object."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from atlas.answers import control, mandates, passage, presence, routes
from atlas.answers.state import Here, State, here, state
from atlas.base.errors import InputError, NotFoundError
from atlas.base.timespan import parse_day
from atlas.record.pack import DEFAULT_PACK, Pack, read_pack

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.figure import Figure

    from atlas.gazetteer import Gazetteer, Resolution
    from atlas.joining.join import Joined
    from atlas.map import AtlasMap
    from atlas.reading import Reading

__all__ = ["Atlas"]


class Atlas:
    """A pack, and the questions one can ask of it.

    Parameters
    ----------
    pack : Pack
        The record.

    Examples
    --------
    >>> a = Atlas.open()
    >>> held = a.at("2020-12-02").control.set_index("area_id")
    >>> bool(held["area_km2"].sum() > 0)
    True
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    @classmethod
    def open(cls, pack: str | Path = DEFAULT_PACK, *, known_on: str | None = None) -> Atlas:
        """Open a pack by folder or name; see `atlas.open`."""
        return cls(read_pack(pack, known_on=known_on))

    def __repr__(self) -> str:
        return (
            f"<Atlas {self.pack.id!r}: {len(self.places)} places, {len(self.events)} events, "
            f"{len(self.pack.areas)} areas, {len(self.sources)} sources>"
        )

    @property
    def places(self) -> gpd.GeoDataFrame:
        """Places of the pack."""
        return self.pack.places

    @property
    def names(self) -> pd.DataFrame:
        """Names of the places, by language, side and time."""
        return self.pack.names

    @property
    def events(self) -> gpd.GeoDataFrame:
        """Events of the pack."""
        return self.pack.events

    @property
    def actors(self) -> pd.DataFrame:
        """Those who act in the events, with their ids in other datasets."""
        return self.pack.actors

    @property
    def displacement(self) -> pd.DataFrame:
        """Counts of people who left their homes, or came back."""
        return self.pack.displacement

    @property
    def casualties(self) -> pd.DataFrame:
        """Deaths of whole wars, by side and by who counted."""
        return self.pack.casualties

    @property
    def control(self) -> pd.DataFrame:
        """Intervals of control, assessed and claimed."""
        return self.pack.control

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """Atomic areas."""
        return self.pack.areas

    @property
    def mandates(self) -> pd.DataFrame:
        """Mandates of missions by zone."""
        return self.pack.mandates

    @property
    def routes(self) -> gpd.GeoDataFrame:
        """Routes as lines."""
        return self.pack.routes

    @property
    def episodes(self) -> pd.DataFrame:
        """States of routes over time."""
        return self.pack.episodes

    @property
    def sources(self) -> pd.DataFrame:
        """Sources that the record cites."""
        return self.pack.sources

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Names of the pack and of the world's towns."""
        from atlas.gazetteer import Gazetteer

        return Gazetteer.from_pack(self.pack, world=True)

    def geocode(self, name: str, **context: Any) -> Resolution:
        """Resolve a name; see `atlas.gazetteer.Gazetteer.resolve`."""
        return self.gazetteer.resolve(name, **context)

    def read(self, text: str, *, published: str | None = None) -> Reading:
        """Find places, dates and draft events in a text; see `atlas.reading.read_text`."""
        from atlas.reading import read_text

        return read_text(text, self.gazetteer, published=published)

    def at(
        self,
        date: str,
        *,
        according_to: str | None = None,
        user: str = "civilian",
        around_days: int = 0,
    ) -> State:
        """Give the state of a date; see `atlas.answers.state.state`."""
        return state(self.pack, date, user=user, according_to=according_to, around_days=around_days)

    def here(
        self,
        date: str,
        *,
        place: str | None = None,
        point: tuple[float, float] | None = None,
        **options: Any,
    ) -> Here:
        """Give the state of a date at one place.

        Parameters
        ----------
        date : str
            EDTF.
        place : str, optional
            A name or place id.
        point : tuple of float, optional
            Longitude and latitude, degrees.

        Raises
        ------
        InputError
            If not exactly one of place and point is given, or the name is ambiguous.
        NotFoundError
            If the place is unknown or outside the pack's areas.
        """
        if (place is None) == (point is None):
            raise InputError("give either a place or a point")
        if place is not None:
            row = self.places.set_index("id").loc[self.place_id(place)]
            point = (float(row["lon"]), float(row["lat"]))
        assert point is not None
        return here(self.pack, self.at(date, **options), *point)

    def place_id(self, name: str) -> str:
        """Turn a name or id into the id of a place of the pack.

        Raises
        ------
        InputError
            If the name is ambiguous; the message lists the candidates and their ids.
        NotFoundError
            If it is unknown, or known but no place of this pack.
        """
        if name in set(self.places["id"]):
            return name
        answer = self.geocode(name)
        if answer.status == "ambiguous":
            known = set(self.places["id"])
            ids = [c.place.id for c in answer.candidates if c.place.id in known][:5]
            retry = f"; give an id: {', '.join(ids)}" if ids else ""
            raise InputError(f"{name!r} is ambiguous: {answer.why}{retry}")
        if answer.place is None or answer.place.id not in set(self.places["id"]):
            raise NotFoundError(f"{name!r} is no place of this pack: {answer.why}")
        return str(answer.place.id)

    def changes(self, first: str, last: str) -> gpd.GeoDataFrame:
        """List what changed hands between two days; see `atlas.answers.control.changes`."""
        return control.changes(self.pack, parse_day(first), parse_day(last))

    def net_changes(self, first: str, last: str) -> pd.Series:
        """Net gain or loss by party between two days, km2."""
        return control.net_changes(self.pack, parse_day(first), parse_day(last))

    def disagreements(self, date: str) -> gpd.GeoDataFrame:
        """Where the parties' accounts differ from the assessment on a day."""
        return control.disagreements(self.pack, parse_day(date))

    def series(self, what: str = "control", **options: Any) -> pd.DataFrame:
        """Follow a figure over time: 'control' (km2), 'mandates' (zones) or 'routes' (km).

        Raises
        ------
        InputError
            If `what` is none of these.
        """
        kinds: dict[str, Any] = {
            "control": control.series,
            "mandates": mandates.series,
            "routes": routes.series,
        }
        if what not in kinds:
            raise InputError(f"no series {what!r}; there are: {', '.join(kinds)}")
        frame: pd.DataFrame = kinds[what](self.pack, **options)
        return frame

    def route(
        self,
        origin: str,
        destination: str,
        *,
        date: str,
        user: str = "civilian",
        modes: Iterable[str] = ("road",),
    ) -> passage.Passage:
        """Say whether one could get through on a day; see `atlas.answers.passage.passage`."""
        return passage.passage(
            self.pack,
            self.place_id(origin),
            self.place_id(destination),
            parse_day(date),
            user=user,
            modes=tuple(modes),
        )

    def cutoff(
        self, date: str, *, towards: str | None = None, user: str = "civilian"
    ) -> pd.DataFrame:
        """List settlements with no passable way out; see `atlas.answers.passage.cutoff`."""
        return passage.cutoff(self.pack, parse_day(date), towards=towards, user=user)

    def presence(self, mission: str, **options: Any) -> pd.DataFrame:
        """Count events before, during and after a mission."""
        return presence.presence(self.pack, mission, **options)

    def join(self, events: pd.DataFrame, **options: Any) -> Joined:
        """Join events with who held the place; see `atlas.joining.join.join_events`."""
        from atlas.joining.join import join_events

        return join_events(events, self.pack, **options)

    def map(self, **options: Any) -> AtlasMap:
        """Draw the interactive map, which is a folium.Map; see `atlas.map.build_map`."""
        from atlas.map import build_map

        return build_map(self.pack, **options)

    def figure(self, **options: Any) -> Figure:
        """Draw a still for print; see `atlas.figures.figure`."""
        from atlas.figures import figure

        return figure(self.pack, **options)

    def build(self, out: str | Path = "site", **options: Any) -> Path:
        """Write the static site, whole or not at all; see `atlas.site.build_site`."""
        from atlas.site import build_site

        return build_site(self.pack, Path(out), **options)
