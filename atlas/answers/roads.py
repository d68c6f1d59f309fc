"""The network of routes from day to day, and which settlements have a way out on it.

What does not change with the day - where routes meet, how far a place is from a node, which area
a node lies in - is worked out once, so that a question can be put for every day of a record.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from atlas.answers import routes
from atlas.base.crs import distance_m, length_km, locate_km, point_at_km, substring_km
from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, holds
from atlas.record.pack import Pack, split_list
from atlas.record.schema import MODES

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["CUT_OFF", "NOT_ASKED", "OPEN", "UNKNOWN", "Piece", "Roads"]

OPEN, CUT_OFF, UNKNOWN, NOT_ASKED = range(4)
"""Whether a settlement has a way out; `NOT_ASKED` is one that lies outside of disputed areas."""

_NOT_BUILT = frozenset({"planned", "under_construction", "destroyed"})

Node = tuple[float, float]
Ends = tuple[Node, Node]
Part = tuple[float, float, dict[str, Any] | None]
"""From km, to km, and the episode that holds there."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a route between two nodes of the network, on a day, for a class of user.

    Attributes
    ----------
    route_id : str
        The route.
    from_km, to_km : float
        Where on the route.
    ends : pair of (lon, lat)
        The two nodes, degrees.
    status : str
        As in `atlas.answers.routes.at`; 'unknown' where no episode is on record.
    passable : bool
        Whether that user could pass.
    open_until : int
        Day on which it ceased to be passable: OPEN_END if it is, OPEN_START if it never was on
        record.
    episode : mapping
        Row of the episode that says so; empty where there is none.
    """

    route_id: str
    from_km: float
    to_km: float
    ends: Ends
    status: str
    passable: bool
    open_until: int
    episode: Mapping[str, Any]

    @property
    def km(self) -> float:
        """Length, km."""
        return self.to_km - self.from_km


def _key(lon: float, lat: float) -> Node:
    return round(float(lon), 5), round(float(lat), 5)


class Roads:
    """The network of a pack.

    Parameters
    ----------
    pack : Pack
        The record.
    modes : iterable of str
        Modes of transport to include.

    Raises
    ------
    InputError
        If there is no such mode.
    """

    def __init__(self, pack: Pack, modes: Iterable[str] = ("road",)) -> None:
        wanted = set(modes)
        if not wanted <= set(MODES):
            raise InputError(f"no mode {wanted - set(MODES)}; there are: {', '.join(MODES)}")
        self.pack = pack
        frame = pack.routes[pack.routes["mode"].isin(wanted)].sort_values("id", kind="stable")
        self.routes: dict[str, Any] = {str(row.id): row for row in frame.itertuples()}
        self._whole = {key: length_km(row.geometry) for key, row in self.routes.items()}
        self._built = {key: routes.built(row) for key, row in self.routes.items()}
        self._episodes = routes.by_route(pack)
        self._points: dict[tuple[str, float], Node] = {}
        self._stretches: dict[Hashable, list[Part]] = {}
        self._marked: dict[tuple[str, ...], dict[str, frozenset[float]]] = {}
        self._cut: dict[Hashable, list[Piece]] = {}
        self._parts: dict[tuple[str, float, float], BaseGeometry] = {}
        self._inside: dict[Node, list[int]] = {}
        self._near: dict[
            tuple[Node, ...], tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]
        ] = {}
        self._stand: dict[tuple[str, ...], npt.NDArray[np.intp]] = {}
        self._reach: dict[Hashable, list[set[str]]] = {}

    # The network of a day

    def pieces(self, day: int, user: str = "civilian") -> list[Piece]:
        """List the stretches between nodes on a day, by route and kilometre.

        Routes planned, under construction or destroyed are left out.

        Raises
        ------
        InputError
            If `user` is not a class of user.
        """
        routes.check_user(user)
        kept = {
            key: parts
            for key in self.routes
            if self._built[key] <= day and (parts := self._kept(key, day, user))[1]
        }
        there = tuple(kept)
        if there not in self._marked:
            self._marked[there] = self._marks(kept)
        marks = self._marked[there]
        found: list[Piece] = []
        for key, (active, stretches) in kept.items():
            # What ended by then says since when a stretch is shut.
            ended = sum(row["end_day"] <= day for row in self._episodes.get(key, []))
            known = (key, user, active, ended, marks[key])
            if known not in self._cut:
                self._cut[known] = list(self._pieces(key, stretches, marks[key], day, user))
            found += self._cut[known]
        return found

    def _pieces(
        self, key: str, parts: list[Part], marks: frozenset[float], day: int, user: str
    ) -> Iterator[Piece]:
        for first, last, row in parts:
            cuts = sorted({first, last} | {km for km in marks if first < km < last})
            status = str(row["status"]) if row else "unknown"
            passable = status in routes.PASSABLE[user]
            for a, b in zip(cuts, cuts[1:], strict=False):
                # A stretch that is shut as a whole may have been passable in parts, for longer.
                until = OPEN_END if passable else self._open_until(key, (a + b) / 2, day, user)
                yield Piece(key, a, b, self._ends(key, a, b), status, passable, until, row or {})

    @property
    def turns(self) -> set[int]:
        """Days on which an episode begins or ends, or a route is there for the first time."""
        rows = [row for key in self.routes for row in self._episodes.get(key, [])]
        days = {int(row[name]) for row in rows for name in ("start_day", "end_day")}
        return days | set(self._built.values())

    def part(self, route_id: str, from_km: float, to_km: float) -> BaseGeometry:
        """Geometry of a stretch, WGS 84."""
        key = (route_id, from_km, to_km)
        if key not in self._parts:
            self._parts[key] = substring_km(self.routes[route_id].geometry, from_km, to_km)
        return self._parts[key]

    def _kept(self, key: str, day: int, user: str) -> tuple[tuple[str, ...], list[Part]]:
        """Ids of the episodes in force, and the stretches that they make."""
        rows = self._episodes.get(key, [])
        active = [row for row in rows if holds(row["start_day"], row["end_day"], day)]
        ids = tuple(row["id"] for row in active)
        known = (key, user, ids)
        if known not in self._stretches:
            parts = routes.stretches(active, self._whole[key], day, user)
            self._stretches[known] = [
                part for part in parts if part[2] is None or part[2]["status"] not in _NOT_BUILT
            ]
        return ids, self._stretches[known]

    def _open_until(self, key: str, km: float, day: int, user: str) -> int:
        """Day on which a point of a route ceased to be passable, OPEN_START if it never was."""
        ends = [
            int(row["end_day"])
            for row in self._episodes.get(key, [])
            if row["end_day"] <= day
            and row["status"] in routes.PASSABLE[user]
            and (not row["applies_to"] or user in split_list(row["applies_to"]))
            and (row["from_km"] != row["from_km"] or row["from_km"] <= km)
            and (row["to_km"] != row["to_km"] or km < row["to_km"])
        ]
        return max(ends, default=OPEN_START)

    def _ends(self, key: str, first: float, last: float) -> Ends:
        return self._point(key, first), self._point(key, last)

    def _point(self, key: str, km: float) -> Node:
        known = (key, km)
        if known not in self._points:
            self._points[known] = _key(*point_at_km(self.routes[key].geometry, km))
        return self._points[known]

    @cached_property
    def _shared(self) -> dict[Node, set[str]]:
        """Routes that each vertex lies on."""
        seen: dict[Node, set[str]] = {}
        for key, row in self.routes.items():
            for lon, lat in shapely.get_coordinates(row.geometry):
                seen.setdefault(_key(lon, lat), set()).add(key)
        return seen

    @cached_property
    def _candidates(self) -> dict[str, list[tuple[float, frozenset[str], bool]]]:
        """Where one might change to another route or stop: km, routes that meet, is it a stop."""
        places = self.pack.places
        columns = (places[name] for name in ("id", "lon", "lat"))
        lonlat = {key: lonlat for key, *lonlat in zip(*columns, strict=True)}
        found = {}
        for key, row in self.routes.items():
            stops = {
                _key(*lonlat[place])
                for place in (
                    str(row.from_place_id),
                    str(row.to_place_id),
                    *split_list(str(row.via_place_ids)),
                )
                if place in lonlat
            }
            points = {_key(*xy) for xy in shapely.get_coordinates(row.geometry)}
            found[key] = [
                (locate_km(row.geometry, *xy)[0], frozenset(self._shared[xy]), xy in stops)
                for xy in sorted(points)
                if len(self._shared[xy]) > 1 or xy in stops
            ]
        return found

    def _marks(self, kept: Mapping[str, Any]) -> dict[str, frozenset[float]]:
        """Kilometres on each route at which one can change to another or stop at a place."""
        return {
            key: frozenset(
                km
                for km, meeting, stop in self._candidates[key]
                if stop or sum(other in kept for other in meeting) > 1
            )
            for key in kept
        }

    # Ways out

    @cached_property
    def settlements(self) -> Any:
        """Rows of `places` that are settlements."""
        frame = self.pack.places
        return frame[frame["kind"] == "settlement"].reset_index(drop=True)

    @cached_property
    def _areas(self) -> Any:
        return self.pack.areas.sort_values("id", kind="stable").reset_index(drop=True)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._areas.geometry.to_numpy())

    @cached_property
    def _background(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self._areas["scope"] == "background")

    @cached_property
    def _disputed(self) -> list[bool]:
        return [scope == "disputed" for scope in self._areas["scope"]]

    @cached_property
    def _home(self) -> list[list[int]]:
        """Areas that each settlement lies in."""
        return self._holding(self.settlements.geometry.to_numpy())

    @cached_property
    def _touching(self) -> list[tuple[int, int]]:
        first, second = self._tree.query(self._areas.geometry.to_numpy(), predicate="touches")
        return list(zip(first.tolist(), second.tolist(), strict=True))

    def holders(self, day: int) -> tuple[str, ...]:
        """Assessed holder of each area, areas in the order of their ids; empty where none is."""
        rows = self.pack.assessed
        now = holds(rows["start_day"].to_numpy(), rows["end_day"].to_numpy(), day)
        held = dict(
            zip(rows["area_id"].to_numpy()[now], rows["controller"].to_numpy()[now], strict=True)
        )
        return tuple(str(held.get(key, "")) for key in self._areas["id"])

    def ways_out(
        self,
        day: int,
        *,
        towards: str | None = None,
        user: str = "civilian",
        access_km: float = 15.0,
        pieces: list[Piece] | None = None,
        held: tuple[str, ...] | None = None,
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.object_], npt.NDArray[np.float64]]:
        """Say of every settlement whether it has a passable way out on a day.

        Parameters
        ----------
        day : int
            Day number.
        towards, user, access_km
            As in `atlas.answers.passage.cutoff`.
        pieces : list of Piece, optional
            Network of the day, where it is known already.
        held : tuple of str, optional
            Holders of the day, likewise.

        Returns
        -------
        status : array of uint8
            One of `OPEN`, `CUT_OFF`, `UNKNOWN`, `NOT_ASKED`, by settlement.
        holders : array of str
            Who holds the disputed land each lies in.
        network_km : array of float
            Distance to the nearest node, NaN where none is near.
        """
        parts = self.pieces(day, user) if pieces is None else pieces
        owners = self.holders(day) if held is None else held
        nodes = sorted({node for piece in parts for node in piece.ends})
        reach = [
            _components(nodes, (piece.ends for piece in parts if keep(piece)))
            for keep in (
                lambda piece: piece.passable,
                lambda piece: piece.passable or piece.status == "unknown",
                lambda piece: True,
            )
        ]
        near, metres = self._nearest(nodes)
        goals: dict[str, list[Node]] = {}
        inside = self._areas_at(nodes)
        for node in nodes:
            for area in inside[node]:
                if self._background[area] and owners[area]:
                    goals.setdefault(owners[area], []).append(node)
        land = self._land(owners)
        standing = self._standing(owners)
        on_net = metres <= access_km * 1000.0
        asked = standing >= 0
        status = np.full(len(standing), NOT_ASKED, dtype=np.uint8)
        # Places by one node and in one area have one answer.
        wide = len(nodes) + 1
        codes, which = np.unique(
            (standing * wide + np.where(on_net, near, -1) + 1)[asked], return_inverse=True
        )
        pairs = np.stack([codes // wide, codes % wide - 1], axis=1)
        answers = np.zeros(len(pairs), dtype=np.uint8)
        # By holder: whose land to reach, and the groups of the network that reach it.
        aims: dict[str, tuple[set[str], list[set[int]]]] = {}
        for n, (here, at) in enumerate(pairs.tolist()):
            holder = owners[here]
            if holder not in aims:
                wanted = self.wanted(holder, towards)
                targets = [node for party in wanted for node in goals.get(party, ())]
                aims[holder] = wanted, [{groups[node] for node in targets} for groups in reach]
            wanted, aim = aims[holder]
            answer = UNKNOWN
            if at >= 0:
                passable, maybe, every = (
                    groups[nodes[at]] in goal for groups, goal in zip(reach, aim, strict=True)
                )
                answer = OPEN if passable else CUT_OFF if every and not maybe else UNKNOWN
            # Where the land itself reaches, a road that is not on record may.
            answers[n] = UNKNOWN if answer == CUT_OFF and land[here] & wanted else answer
        status[asked] = answers[which.reshape(-1)]
        holders = np.array([*owners, ""], dtype=object)[standing]
        return status, holders, np.where(on_net, metres / 1000.0, np.nan)

    def wanted(self, holder: str, towards: str | None = None) -> set[str]:
        """Parties whose undisputed land a settlement is to reach: by default its holder's side."""
        if towards:
            return {towards}
        return set(next((side for side in self.pack.meta.sides if holder in side), ()))

    def _standing(self, owners: tuple[str, ...]) -> npt.NDArray[np.intp]:
        """Disputed area that each settlement lies in, among those held by anybody; else -1."""
        if owners not in self._stand:
            found = np.full(len(self._home), -1, dtype=np.intp)
            for place, hits in enumerate(self._home):
                first = next((area for area in hits if owners[area]), -1)
                if first >= 0 and self._disputed[first]:
                    found[place] = first
            self._stand[owners] = found
        return self._stand[owners]

    def _nearest(self, nodes: list[Node]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        """Nearest node of each settlement, and the metres to it."""
        known = tuple(nodes)
        if known not in self._near:
            lon, lat = self.settlements["lon"].to_numpy(), self.settlements["lat"].to_numpy()
            best, least = np.zeros(len(lon), dtype=np.intp), np.full(len(lon), np.inf)
            if known and len(lon):
                ends = np.array(known, dtype=np.float64)
                far = _on_sphere_m(lon, lat, ends)
                # A sphere is out by less than 1 % either way: the nearest is one of these.
                place, node = np.nonzero(far <= far.min(axis=1, keepdims=True) * 1.02 + 1.0)
                metres = distance_m(lon[place], lat[place], ends[node, 0], ends[node, 1])
                order = np.lexsort((node, metres, place))
                placed, first = np.unique(place[order], return_index=True)
                best[placed], least[placed] = node[order][first], metres[order][first]
            self._near[known] = best, least
        return self._near[known]

    def _areas_at(self, nodes: list[Node]) -> Mapping[Node, list[int]]:
        """Areas that each node lies in."""
        new = [node for node in nodes if node not in self._inside]
        if new:
            self._inside.update(zip(new, self._holding(shapely.points(new)), strict=True))
        return self._inside

    def _holding(self, points: npt.NDArray[np.object_]) -> list[list[int]]:
        """Areas that each point lies in; the areas ask, for whoever asks a tree is prepared."""
        areas = self._areas.geometry.to_numpy()
        hits = shapely.STRtree(points).query(areas, predicate="intersects")
        found: list[list[int]] = [[] for _ in points]
        for area, at in sorted(zip(*hits.tolist(), strict=True)):
            found[at].append(area)
        return found

    def _land(self, owners: tuple[str, ...]) -> list[set[str]]:
        """For each area, the parties whose undisputed land its holder's side reaches by land."""
        if owners not in self._reach:
            sides = self.pack.meta.sides
            side = [
                next((n for n, group in enumerate(sides) if party in group), party)
                for party in owners
            ]
            groups = _components(
                range(len(owners)),
                ((a, b) for a, b in self._touching if owners[a] and side[a] == side[b]),
            )
            home: dict[int, set[str]] = {}
            for area, owner in enumerate(owners):
                reached = home.setdefault(groups[area], set())
                if self._background[area] and owner:
                    reached.add(owner)
            self._reach[owners] = [home[groups[area]] for area in range(len(owners))]
        return self._reach[owners]


def _on_sphere_m(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], nodes: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Rough distance of each place (a row) to each node (a column), in metres."""

    def unit(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = np.radians(x), np.radians(y)
        return np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])

    cosine = unit(lon, lat) @ unit(nodes[:, 0], nodes[:, 1]).T
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)) * 6_371_000.0)


def _components(nodes: Iterable[Any], pairs: Iterable[tuple[Any, Any]]) -> dict[Any, int]:
    """Number of the connected group that each node belongs to."""
    above = {node: node for node in nodes}

    def top(node: Any) -> Any:
        while (up := above[node]) != node:
            above[node] = node = above[up]  # each look-up halves the way of the next
        return node

    for first, second in pairs:
        one, other = top(first), top(second)
        if one != other:
            above[other] = one
    numbers: dict[Any, int] = {}
    return {node: numbers.setdefault(top(node), len(numbers)) for node in above}
