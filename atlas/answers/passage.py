"""Could you get through: a network of the day from routes and episodes, and ways through it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from atlas.answers import routes
from atlas.answers.leaving import with_dates
from atlas.answers.roads import CUT_OFF, UNKNOWN, Roads
from atlas.base.crs import WGS84, distance_m
from atlas.base.errors import NotFoundError, text_of
from atlas.base.html import card, rows
from atlas.base.timespan import OPEN_END, OPEN_START, format_day
from atlas.record.pack import Pack, split_list

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx

__all__ = ["Cutoff", "Passage", "cut_off", "cutoff", "network", "passage"]


@dataclass(frozen=True)
class Passage:
    """Whether one could get from one place to another on a day.

    Attributes
    ----------
    status : str
        'open' (with no more than checkpoints), 'restricted', 'blocked' (a way exists but is not
        passable), 'unknown' (it hangs on stretches with no record), 'no route' (none on record).
    origin, destination, date, user : str
        What was asked.
    km : float
        Length of the passable way, NaN if there is none.
    path : GeoDataFrame
        Stretches of the passable way, in order: `route_id, name, mode, from_km, to_km, km,
        status, since, last_passable, imposed_by, reason, counterclaims, episode_id, source_ids,
        geometry` (WGS 84); `since` and `last_passable` are dates.
    usual : GeoDataFrame
        Where the shortest way on record (whatever its state) is not the passable one: its
        stretches, so that a detour can be told from the usual road.
    blocks : GeoDataFrame
        The stretches that are not passable on the usual way or, if there is no way at all, on
        the way that was passable last; `last_passable` is the day it ceased to be, NaT if
        it never was on record.
    """

    status: str
    origin: str
    destination: str
    date: str
    user: str
    km: float
    path: gpd.GeoDataFrame
    usual: gpd.GeoDataFrame
    blocks: gpd.GeoDataFrame

    def _repr_html_(self) -> str:
        """Answer in a notebook: whether one got through, then the stretches."""
        km = f", {self.km:,.0f} km" if self.km == self.km else ""
        way = {"name": "stretch", "km": "km", "status": "status", "since": "since"}
        shut = {"name": "stretch", "status": "status", "imposed_by": "imposed by"}
        return card(
            f"{self.origin} to {self.destination} on {self.date}, for a {self.user} user: "
            f"{self.status}{km}",
            rows(self.path, way, title="The way"),
            rows(self.blocks, shut, title="What stands in the way"),
        )

    @property
    def usual_km(self) -> float:
        """Length of the usual way, whatever its state.

        Examples
        --------
        >>> a.route("Goris", "Shusha", date="2023-01-15").usual_km > 50
        True
        """
        return float(self.usual["km"].sum()) if len(self.usual) else self.km

    @property
    def source_ids(self) -> list[str]:
        """Sources of every stretch named.

        Examples
        --------
        >>> len(a.route("Goris", "Shusha", date="2022-01-15").source_ids) > 0
        True
        """
        cells = [*self.path["source_ids"], *self.usual["source_ids"], *self.blocks["source_ids"]]
        return sorted({key for cell in cells for key in split_list(cell)})


_STEP = (
    "route_id name mode from_km to_km km status since last_passable imposed_by reason "
    "counterclaims episode_id source_ids geometry"
).split()


def network(
    pack: Pack, day: int, *, user: str = "civilian", modes: Iterable[str] = ("road",)
) -> nx.MultiGraph:
    """Build the network of a day.

    Parameters
    ----------
    pack : Pack
        The record.
    day : int
        Day number.
    user : str
        As in `at`.
    modes : iterable of str
        Modes of transport to include.

    Returns
    -------
    networkx.MultiGraph
        Nodes are ``(lon, lat)``: vertices that routes share, their ends and their places; edges
        carry the columns of `at` and `km`. Routes planned, under construction or destroyed are
        left out.
    """
    import networkx as nx

    roads = Roads(pack, modes)
    graph: nx.MultiGraph = nx.MultiGraph()
    for piece in roads.pieces(day, user):
        route, row = roads.routes[piece.route_id], piece.episode
        until = piece.open_until
        graph.add_edge(
            *piece.ends,
            route_id=piece.route_id,
            name=route.name,
            mode=route.mode,
            from_km=piece.from_km,
            to_km=piece.to_km,
            km=piece.km,
            status=piece.status,
            passable=piece.passable,
            open_until=until,
            since=format_day(int(row["start_day"])) if row else "",
            last_passable="" if until in (OPEN_END, OPEN_START) else format_day(until),
            imposed_by=row.get("imposed_by", ""),
            reason=row.get("reason", ""),
            counterclaims=row.get("counterclaims", ""),
            episode_id=row.get("id", ""),
            source_ids=row.get("source_ids", route.source_ids),
            geometry=roads.part(piece.route_id, piece.from_km, piece.to_km),
        )
    return graph


def _nearest(graph: nx.MultiGraph, lon: float, lat: float, limit_km: float) -> Any:
    if not len(graph):
        return None
    nodes = sorted(graph.nodes)
    array = np.array(nodes)
    metres = distance_m(lon, lat, array[:, 0], array[:, 1])
    best = int(metres.argmin())
    return nodes[best] if metres[best] <= limit_km * 1000.0 else None


def _table(graph: nx.MultiGraph, nodes: list[Any], weight: str) -> pd.DataFrame:
    steps: list[dict[str, Any]] = []
    for a, b in zip(nodes, nodes[1:], strict=False):
        data = min(graph[a][b].values(), key=lambda item: item[weight])
        last = steps[-1] if steps else None
        if last and all(last[name] == data[name] for name in ("route_id", "status", "episode_id")):
            last["km"] += data["km"]
            last["to_km"] = max(last["to_km"], data["to_km"])
            last["from_km"] = min(last["from_km"], data["from_km"])
            last["geometry"] = shapely.union_all([last["geometry"], data["geometry"]])
        else:
            steps.append({name: data[name] for name in _STEP})
    return pd.DataFrame(steps, columns=_STEP)


def _shortest(graph: nx.MultiGraph, start: Any, goal: Any, weight: str) -> pd.DataFrame | None:
    import networkx as nx

    try:
        nodes = nx.shortest_path(graph, start, goal, weight=weight)
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return None
    return _table(graph, nodes, weight)


def _latest(graph: nx.MultiGraph, start: Any, goal: Any) -> pd.DataFrame | None:
    """Of the ways that are not passable, find the one that was passable last, then the shortest.

    Grow the network from the stretches closed most recently to those closed longest until it
    joins the two ends.
    """
    import networkx as nx

    for limit in sorted({data["open_until"] for *_, data in graph.edges(data=True)}, reverse=True):
        part = nx.MultiGraph()
        part.add_edges_from(
            (a, b, data) for a, b, data in graph.edges(data=True) if data["open_until"] >= limit
        )
        found = _shortest(part, start, goal, "km")
        if found is not None:
            return found
    return None


def _place(pack: Pack, place_id: str) -> tuple[float, float]:
    row = pack.places[pack.places["id"] == place_id]
    if row.empty:
        raise NotFoundError(f"no place {place_id!r} in this pack")
    return float(row["lon"].iloc[0]), float(row["lat"].iloc[0])


def passage(
    pack: Pack,
    origin: str,
    destination: str,
    day: int,
    *,
    user: str = "civilian",
    modes: Iterable[str] = ("road",),
    access_km: float = 15.0,
) -> Passage:
    """Say whether one could get from one place to another on a day.

    Parameters
    ----------
    pack : Pack
        The record.
    origin, destination : str
        Place ids.
    day : int
        Day number.
    user, modes
        As in `network`.
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
        If the day lies before the record.
    """
    pack.require_day(day)
    graph = network(pack, day, user=user, modes=modes)
    ends: list[Any] = []
    for place_id in (origin, destination):
        node = _nearest(graph, *_place(pack, place_id), access_km)
        if node is None:
            raise NotFoundError(
                f"{place_id!r} lies more than {access_km:g} km from any recorded "
                f"{' or '.join(modes)} on {format_day(day)}"
            )
        ends.append(node)
    import networkx as nx

    passable = nx.MultiGraph()
    passable.add_edges_from(
        (a, b, data) for a, b, data in graph.edges(data=True) if data["passable"]
    )
    way = _shortest(passable, ends[0], ends[1], "km")
    usual = _shortest(graph, ends[0], ends[1], "km")
    nearest = _latest(graph, ends[0], ends[1]) if way is None else None
    empty = pd.DataFrame(columns=_STEP)
    if way is None:
        blocks = (
            empty if nearest is None else nearest[~nearest["status"].isin(routes.PASSABLE[user])]
        )
        status = "no route" if nearest is None else "blocked"
        if nearest is not None and set(blocks["status"]) == {"unknown"}:
            status = "unknown"
        shown = empty if nearest is None else nearest
        km = float("nan")
    else:
        same = usual is not None and _routes(usual) == _routes(way)
        shown = empty if usual is None or same else usual
        blocks = shown[~shown["status"].isin(routes.PASSABLE[user])] if len(shown) else empty
        status = "restricted" if "restricted" in set(way["status"]) else "open"
        km = float(way["km"].sum())
    return Passage(
        status=status,
        origin=origin,
        destination=destination,
        date=format_day(day),
        user=user,
        km=km,
        path=_leaving(empty if way is None else way),
        usual=_leaving(shown),
        blocks=_leaving(blocks),
    )


def _leaving(steps: pd.DataFrame) -> gpd.GeoDataFrame:
    import geopandas as gpd

    whole = gpd.GeoDataFrame(steps.reset_index(drop=True), geometry="geometry", crs=WGS84)
    return with_dates(whole)


@dataclass(frozen=True)
class Cutoff:
    """Settlements with no passable way out on a day, and those of which that can't be said.

    Attributes
    ----------
    date, user : str
        What was asked.
    cut_off : GeoDataFrame
        A way is on record and none is passable: `place_id, name, held_by, towards, status,
        population, population_year, lon, lat, network_km, geometry` (points, WGS 84).
    unknown : GeoDataFrame
        The same of the settlements whose way out hangs on what is not on record.
    """

    date: str
    user: str
    cut_off: gpd.GeoDataFrame
    unknown: gpd.GeoDataFrame

    def _repr_html_(self) -> str:
        """Answer in a notebook: how many are cut off, and which."""
        number = len(self.cut_off)
        what = "1 settlement" if number == 1 else f"{number:,} settlements"
        shown = {"name": "settlement", "held_by": "held by", "towards": "towards"}
        return card(
            f"{self.date}, for a {self.user} user: {what} cut off; "
            f"of {len(self.unknown):,} more it is unknown",
            rows(self.cut_off, shown),
        )


def _routes(steps: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(steps["route_id"], steps["status"], strict=True))


def cut_off(
    pack: Pack,
    day: int,
    *,
    towards: str | None = None,
    user: str = "civilian",
    modes: Iterable[str] = ("road",),
    access_km: float = 15.0,
) -> Cutoff:
    """Tell the settlements that are cut off on a day from those of which that is unknown.

    Parameters
    ----------
    pack, day, towards, user, modes, access_km
        As in `cutoff`.

    Returns
    -------
    Cutoff

    Raises
    ------
    NotFoundError
        If the pack has no such party.
    """
    import geopandas as gpd

    found = cutoff(pack, day, towards=towards, user=user, modes=modes, access_km=access_km)
    points = shapely.points(found["lon"].to_numpy(float), found["lat"].to_numpy(float))
    placed = gpd.GeoDataFrame(found, geometry=points, crs=WGS84)
    shut = placed["status"] == "cut off"
    return Cutoff(
        format_day(day),
        user,
        placed[shut].reset_index(drop=True),
        placed[~shut].reset_index(drop=True),
    )


def cutoff(
    pack: Pack,
    day: int,
    *,
    towards: str | None = None,
    user: str = "civilian",
    modes: Iterable[str] = ("road",),
    access_km: float = 15.0,
) -> pd.DataFrame:
    """List settlements in disputed areas with no passable way out on a day.

    Parameters
    ----------
    pack : Pack
        The record.
    day : int
        Day number.
    towards : str, optional
        Party id: reach undisputed land it holds. By default each settlement looks towards the
        land of the side that holds it.
    user, modes, access_km
        As in `passage`.

    Returns
    -------
    DataFrame
        `place_id, name, held_by, towards, status, population, population_year, lon, lat,
        network_km`; `status` is 'cut off' (a way is on record but none is passable, and the land
        held there does not touch the land to be reached) or 'unknown' (it hangs on stretches with
        no record, the place lies off the recorded network, or its holder's land reaches the land
        in question, so that a road not on record may).

    Raises
    ------
    NotFoundError
        If the pack has no such party.
    """
    if towards is not None and text_of(towards, "a party") not in pack.meta.parties:
        raise NotFoundError(f"no party {towards!r}; there are: {', '.join(pack.meta.parties)}")
    pack.require_day(day)
    roads = Roads(pack, modes)
    status, holders, near = roads.ways_out(day, towards=towards, user=user, access_km=access_km)
    names = pack.names_on(day)
    listed = [
        {
            "place_id": place.id,
            "name": names.get(str(place.id), str(place.id)),
            "held_by": holders[n],
            "towards": "|".join(sorted(roads.wanted(holders[n], towards))),
            "status": "cut off" if status[n] == CUT_OFF else "unknown",
            "population": place.population,
            "population_year": place.population_year,
            "lon": place.lon,
            "lat": place.lat,
            "network_km": near[n],
        }
        for n, place in enumerate(roads.settlements.itertuples())
        if status[n] in (CUT_OFF, UNKNOWN)
    ]
    columns = (
        "place_id name held_by towards status population population_year lon lat network_km"
    ).split()
    frame = pd.DataFrame(listed, columns=columns)
    return frame.sort_values(["status", "place_id"], kind="stable").reset_index(drop=True)
