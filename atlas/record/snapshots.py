"""Dated polygons of control, as daily maps are published, to a coverage and its intervals.

All outlines are cut at each other once; every piece has the history of the snapshots that hold
it; pieces of one history make one atomic area. Pieces narrower than the tolerance, left where two
snapshots draw the same line a little differently, go to the neighbour along their longest edge.
"""

from __future__ import annotations

import heapq
import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.base.crs import area_km2, distance_m
from atlas.base.dates import day_of
from atlas.base.errors import InputError
from atlas.base.folding import fold, readable
from atlas.base.output import atomic_directory, write_text
from atlas.base.timespan import format_day
from atlas.record.overlay import DECIMALS, METRES_A_DEGREE, cut_up, polygons_in
from atlas.record.scaffold import csv_text, geojson_text, settings_text
from atlas.record.schema import TABLES
from atlas.record.vectors import on_earth, read_vectors
from atlas.world.index import load_world

__all__ = ["Result", "Snapshot", "import_snapshots", "read_snapshots"]

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_LABEL_POPULATION = 15_000
_AS_NEAR = 1.25
_OUTSIDE = -1
_OTHER = 0  # the party that holds what no polygon of a day holds
_OVERLAP_M = 25.0  # width up to which two holders' outlines may lie over each other

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was held on one day.

    Attributes
    ----------
    day : int
        Day number.
    held : mapping of str to MultiPolygon
        What each holder held, WGS 84, valid; without overlaps. Empty where nobody held anything.
    file : str
        Name of the file it came from.
    notes : tuple of str
        What had to be mended, and what was not used.
    """

    day: int
    held: Mapping[str, BaseGeometry]
    file: str
    notes: tuple[str, ...] = ()

    @property
    def geometry(self) -> BaseGeometry:
        """All ground held by the holders of the file."""
        if len(self.held) == 1:
            return next(iter(self.held.values()))
        whole: BaseGeometry = shapely.union_all(list(self.held.values()))
        return whole


@dataclass(frozen=True)
class Result:
    """What an import made.

    Attributes
    ----------
    snapshots : DataFrame
        One row a snapshot, by date: `date, area_km2, difference_km2` (area by which the pack's
        state of that day differs from the file, both ways), `limit_km2` (the snapshot's outline
        times the tolerance), `areas` (held on that day).
    areas, intervals : int
        Atomic areas, and rows of control.
    slivers : int
        Pieces narrower than the tolerance that were merged into a neighbour.
    sliver_km2 : float
        Their area in all.
    notes : tuple of str
        What had to be mended in the files, and what of them was not used.
    """

    snapshots: pd.DataFrame
    areas: int
    intervals: int
    slivers: int
    sliver_km2: float
    notes: tuple[str, ...] = ()


# --- reading ------------------------------------------------------------------------------------


def read_snapshots(
    paths: Sequence[str | Path],
    *,
    controller: str = "held",
    holder_column: str | None = None,
    progress: Progress | None = None,
) -> list[Snapshot]:
    """Read dated polygons.

    Parameters
    ----------
    paths : sequence of path
        Files of polygons, all layers of each; see `atlas.record.vectors`. The date is a property
        `date` of the features, or stands in the file's name (YYYYMMDD or YYYY-MM-DD). A file
        without polygons is a day on which nothing was held.
    controller : str
        Who holds all polygons, where no column says it.
    holder_column : str, optional
        Column that says who holds each polygon.
    progress : callable, optional
        Called with what is done, how many are done, how many there are.

    Returns
    -------
    list of Snapshot
        By day.

    Raises
    ------
    InputError
        If a file can't be read, has no date, only lines or points, no or a wrong CRS, no such
        column, or if two different snapshots have one date.
    """
    if not paths:
        raise InputError("no snapshots given; name the files of dated polygons")
    found: list[Snapshot] = []
    for number, path in enumerate(paths, start=1):
        found += _read_file(Path(path), controller, holder_column)
        if progress:
            progress("reading", number, len(paths))
    by_day: dict[int, Snapshot] = {}
    for snapshot in found:
        other = by_day.get(snapshot.day)
        if other is None:
            by_day[snapshot.day] = snapshot
        elif _alike(snapshot, other):
            told = f"{snapshot.file} says the same as {other.file}; used once"
            by_day[snapshot.day] = replace(other, notes=(*other.notes, told))
        else:
            raise InputError(
                f"{snapshot.file} and {other.file} are both of {format_day(snapshot.day)} and "
                "differ; give one snapshot a day"
            )
    return [by_day[day] for day in sorted(by_day)]


def _alike(one: Snapshot, two: Snapshot) -> bool:
    return one.held.keys() == two.held.keys() and all(
        shapely.equals(shape, two.held[holder]) for holder, shape in one.held.items()
    )


def _read_file(path: Path, controller: str, holder_column: str | None) -> list[Snapshot]:
    frame = read_vectors(path)
    if holder_column is not None and len(frame) and holder_column not in frame.columns:
        known = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise InputError(f"{path.name} has no column {holder_column!r}; it has: {known}")
    notes = []
    unused = [
        str(name)
        for name in frame.columns
        if name not in ("geometry", "layer", "date", holder_column) and frame[name].notna().any()
    ]
    if unused:
        notes.append(_unused(path.name, unused, holder_column))
    layers = sorted(set(frame["layer"])) if len(frame) else []
    if len(layers) > 1:
        notes.append(f"{path.name}: all {len(layers)} layers are used ({', '.join(layers[:6])})")
    days = _days(path, frame)
    # A collection holds its polygons among other things.
    shapes, owner, lines = polygons_in(frame.geometry.to_numpy())
    without = len(set(range(len(frame))) - set(owner.tolist()))
    if not len(shapes) and lines:
        raise InputError(f"{path.name} has no polygons; control is told by areas, not by lines")
    if without or lines:
        left = max(without, 1)
        notes.append(f"{path.name}: {left} features that are no polygons left out")
    if len(shapes):
        on_earth(path.name, shapes, owner)
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        reason = str(shapely.is_valid_reason(shapes[broken][0]))
        notes.append(f"{path.name}: invalid outline repaired ({reason})")
        shapes[broken] = shapely.make_valid(
            shapes[broken], method="structure", keep_collapsed=False
        )
    holders = _holders(path, frame, controller, holder_column)[owner]
    return [
        Snapshot(
            int(day),
            _held(path, int(day), shapes, holders, days[owner] == day),
            path.name,
            tuple(notes),
        )
        for day in sorted(set(days.tolist()))
    ]


def _holders(
    path: Path, frame: Any, controller: str, column: str | None
) -> npt.NDArray[np.object_]:
    if column is None or not len(frame):
        return np.full(len(frame), controller, dtype=object)
    names = frame[column].map(lambda value: "" if pd.isna(value) else str(value).strip())
    if (names == "").any():
        number = int(np.flatnonzero(names == "")[0]) + 1
        raise InputError(f"{path.name}, feature {number}: no holder in {column!r}")
    return np.asarray(names, dtype=object)


def _held(
    path: Path,
    day: int,
    shapes: npt.NDArray[np.object_],
    holders: npt.NDArray[np.object_],
    now: Any,
) -> dict[str, BaseGeometry]:
    """What each holder held on a day; ground that two are said to hold is refused."""
    held: dict[str, BaseGeometry] = {}
    taken: BaseGeometry = shapely.Polygon()
    for holder in sorted(set(holders[now])):
        whole = _polygonal(shapely.union_all(shapes[now & (holders == holder)]))
        # The first holder of a file shares no ground yet.
        km2 = float(area_km2([shapely.intersection(whole, taken)])[0]) if held else 0.0
        if km2 > 0 and km2 > _OVERLAP_M * _outline_m(whole) / 1e6:
            others = ", ".join(held)
            raise InputError(
                f"{path.name}, {format_day(day)}: {km2:,.1f} km2 are held by {holder!r} and by "
                f"{others}; give each its own ground"
            )
        held[str(holder)] = _polygonal(shapely.difference(whole, taken)) if held else whole
        taken = shapely.union(taken, whole) if len(held) > 1 else whole
    return held


def _unused(name: str, columns: Sequence[str], holder_column: str | None) -> str:
    shown = ", ".join(columns[:6]) + (", ..." if len(columns) > 6 else "")
    if holder_column is not None:
        return f"{name}: properties are not used ({shown})"
    return (
        f"{name}: properties are not used ({shown}): all its polygons of a date count as held by "
        "the one controller given; where one of them says who held it, name it as the holder column"
    )


def _days(path: Path, frame: Any) -> npt.NDArray[np.int64]:
    """Day of each feature: its own date, else that of the file's name; of none, the name's."""
    stated = frame["date"] if "date" in frame.columns else pd.Series([None] * len(frame))
    if stated.isna().all():
        match = _DATE.search(path.stem)
        if len({found.group(1, 3, 4) for found in _DATE.finditer(path.stem)}) > 1:
            raise InputError(
                f"{path.name} has several dates in its name; leave the one that it shows, or give "
                "its features a property 'date'"
            )
        if match is None:
            raise InputError(
                f"{path.name} has no date; put YYYYMMDD or YYYY-MM-DD in its name, or give its "
                "features a property 'date'"
            )
        text = f"{match[1]}-{match[3]}-{match[4]}"
        try:
            # One day even where there is no feature: on it, nothing was held.
            return np.full(max(len(frame), 1), day_of(text))
        except InputError as error:
            raise InputError(f"{path.name}: {error}") from error
    days = []
    for number, value in enumerate(stated, start=1):
        try:
            days.append(day_of(value))
        except (InputError, TypeError) as error:
            raise InputError(f"{path.name}, feature {number}: {error}") from error
    return np.array(days)


def _polygonal(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) > 3).any():  # collections in collections
        parts = shapely.get_parts(parts)
    polygons: BaseGeometry = shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])
    return polygons


# --- the overlay --------------------------------------------------------------------------------


def _histories(
    faces: npt.NDArray[np.object_], snapshots: Sequence[Snapshot], number: Mapping[str, int]
) -> npt.NDArray[np.int16]:
    """Tell who held each face on each day: the number of a holder, 0 for the rest."""
    inside = shapely.point_on_surface(faces)
    x, y = shapely.get_x(inside), shapely.get_y(inside)
    out = np.zeros((len(faces), len(snapshots)), dtype=np.int16)
    for column, snapshot in enumerate(snapshots):
        for holder, shape in snapshot.held.items():
            shapely.prepare(shape)
            out[shapely.contains_xy(shape, x, y), column] = number[holder]
    return out


def _shared(faces: npt.NDArray[np.object_]) -> dict[int, dict[int, float]]:
    """Metres of edge that each face shares with each neighbour, the outside included."""
    rings, owner = shapely.get_rings(faces, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    grid = np.round(points * 10.0**DECIMALS).astype(np.int64)
    same = ring[1:] == ring[:-1]
    one, two, face = grid[:-1][same], grid[1:][same], owner[ring[:-1][same]]
    swap = (one[:, 0] > two[:, 0]) | ((one[:, 0] == two[:, 0]) & (one[:, 1] > two[:, 1]))
    one[swap], two[swap] = two[swap], one[swap].copy()
    step = (two - one) * 10.0**-DECIMALS
    middle = np.radians((one[:, 1] + two[:, 1]) / 2 * 10.0**-DECIMALS)
    metres = np.hypot(step[:, 0] * np.cos(middle), step[:, 1]) * METRES_A_DEGREE
    _, edge = np.unique(np.hstack([one, two]), axis=0, return_inverse=True)
    order = np.argsort(edge.ravel(), kind="stable")
    edge, face, metres = edge.ravel()[order], face[order], metres[order]
    shared: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    at = 0
    while at < len(edge):
        twice = at + 1 < len(edge) and edge[at + 1] == edge[at]
        left, right = int(face[at]), int(face[at + 1]) if twice else _OUTSIDE
        if left != right:
            shared[left][right] += float(metres[at])
            shared[right][left] += float(metres[at])
        at += 2 if twice else 1
    return shared


class _Regions:
    """Faces joined into regions, with their areas and what they share with neighbours."""

    def __init__(self, faces: npt.NDArray[np.object_]) -> None:
        self.km2 = dict(enumerate(area_km2(faces).tolist()))
        self.shared = _shared(faces)
        self.members: dict[int, list[int]] = {n: [n] for n in range(len(faces))}
        self.members[_OUTSIDE] = []
        self.km2[_OUTSIDE] = math.inf

    def join(self, one: int, into: int) -> None:
        """Make region `one` part of region `into`."""
        self.members[into] += self.members.pop(one)
        self.km2[into] += self.km2.pop(one)
        for other, metres in self.shared.pop(one).items():
            del self.shared[other][one]
            if other != into:
                self.shared[into][other] += metres
                self.shared[other][into] += metres

    def width_m(self, region: int) -> float:
        """Mean width of a region, as of a strip: twice its area by its outline."""
        outline = math.fsum(self.shared[region].values())
        return 2e6 * self.km2[region] / outline if outline else math.inf

    def longest(self, region: int) -> int:
        """The neighbour along the longest edge; it may be the outside."""
        return max(self.shared[region].items(), key=lambda item: (item[1], -item[0]))[0]


def _merge(
    faces: npt.NDArray[np.object_], bits: npt.NDArray[np.int16], tolerance_m: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int16], int, float]:
    """Join faces of one history, then slivers to their longest neighbour.

    Returns
    -------
    history : array of int
        Of each face, a row of `rows`; -1 where it went to the outside.
    rows : array of int
        The histories that are left, earliest and longest held first.
    slivers, sliver_km2 : int and float
        Merged.
    """
    regions = _Regions(faces)
    _, code = np.unique(bits, axis=0, return_inverse=True)
    code = code.ravel()
    for face in range(len(faces)):
        if face in regions.members:
            todo = [face]
            while todo:
                todo = [
                    other
                    for other in sorted(regions.shared[face])
                    if other != _OUTSIDE and code[other] == code[face]
                ]
                for other in todo:
                    regions.join(other, face)
    slivers, lost = 0, 0.0
    queue = [(regions.width_m(region), region) for region in regions.members if region >= 0]
    heapq.heapify(queue)
    while queue:
        width, region = heapq.heappop(queue)
        if width >= tolerance_m:
            break
        if region not in regions.members or width != regions.width_m(region):
            continue  # joined meanwhile, or grown: then it stands further back in the queue
        into = regions.longest(region)
        slivers += 1
        lost += regions.km2[region]
        regions.join(region, into)
        if into == _OUTSIDE:
            continue
        # The sliver may have parted regions that now lie side by side.
        for other in sorted(regions.shared[into]):
            if other != _OUTSIDE and code[other] == code[into]:
                regions.join(other, into)
        heapq.heappush(queue, (regions.width_m(into), into))
    kept = np.full(len(faces), _OUTSIDE)
    for region, members in regions.members.items():
        if region != _OUTSIDE:
            kept[members] = code[region]
    present, at = np.unique(code, return_index=True)
    left = np.isin(present, kept[kept >= 0])
    rows = bits[at[left]]
    order = np.lexsort(-rows.astype(np.int32).T[::-1])
    place = np.full(len(present) + 1, _OUTSIDE)  # the last is the outside's
    place[np.flatnonzero(left)[order]] = np.arange(len(order))
    return place[kept], rows[order], slivers, lost


# --- the pack -----------------------------------------------------------------------------------


def import_snapshots(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    controller: str,
    other: str,
    controller_name: str = "",
    other_name: str = "",
    holder_column: str | None = None,
    tolerance_m: float = 25.0,
    uncertainty_m: float | None = None,
    title: str = "",
    source: str = "",
    licence: str = "",
    de_jure: str = "",
    progress: Progress | None = None,
) -> Result:
    """Turn dated polygons into a new pack of atomic areas and intervals of control.

    Parameters
    ----------
    paths : sequence of path
        See `read_snapshots`.
    out : path
        Folder of the new pack; new or empty.
    controller : str
        Id of the party that the polygons are held by, where no column says it.
    other : str
        Id of the party that holds the rest of the ground that any snapshot covers.
    controller_name, other_name : str
        What maps and figures call the two; by default their ids written as words.
    holder_column : str, optional
        Column of the polygons that says who holds each: any number of parties.
    tolerance_m : float
        Pieces narrower than this, in mean width, are slivers; 0 keeps all.
    uncertainty_m : float, optional
        Half-width of the doubt about the line, as its makers state it; by default the tolerance.
    title, source, licence : str
        Of the pack; whose map it is, as a citation; and under which terms.
    de_jure : str
        ISO 3166-1 code of the state that the ground belongs to in law.
    progress : callable, optional
        Called with what is done, how many are done, how many there are.

    Returns
    -------
    Result
        With the difference of the pack from each snapshot, measured.

    Raises
    ------
    InputError
        If a snapshot is unusable (see `read_snapshots`), the parties' ids are none or the same,
        the tolerance is negative, or `out` holds anything, be it a pack.

    Notes
    -----
    A state holds from its snapshot's day to the next snapshot's: what happened between two
    snapshots is dated on the second, and every row is 'probable'. Outlines are cut on the grid of
    1e-5 degrees (about a metre) on which packs are stored.
    """
    for party in (controller, other):
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", party):
            raise InputError(f"{party!r} is no id of a party; use letters, digits, - and _")
    if controller == other:
        raise InputError(f"both parties are called {controller!r}; give two ids")
    for metres in (tolerance_m, 0.0 if uncertainty_m is None else uncertainty_m):
        if not 0 <= metres < math.inf:
            raise InputError(f"a tolerance or doubt of {metres} m is none; give metres, 0 or more")
    if de_jure and not re.fullmatch("[A-Z]{2}", de_jure):
        raise InputError(f"{de_jure!r} is no ISO 3166-1 code of a state; two capital letters")
    folder = Path(out)
    # A pack may have been filled in by hand since: nothing that exists is ever replaced.
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(f"{out} exists already; give a new folder")
    told = progress or (lambda what, done, of: None)
    snapshots = read_snapshots(
        paths, controller=controller, holder_column=holder_column, progress=progress
    )
    holders = sorted({holder for snapshot in snapshots for holder in snapshot.held})
    parties = _parties(holders, controller, other, controller_name, other_name, holder_column)
    number = {holder: at for at, holder in enumerate(holders, start=1)}
    shapes = np.array(
        [shape for snapshot in snapshots for shape in snapshot.held.values()], dtype=object
    )
    told("cutting outlines", 0, 1)
    faces = cut_up(shapes)[0] if len(shapes) else shapes
    if not len(faces):
        raise InputError("no ground is left at a resolution of a metre; are these areas?")
    bits = _histories(faces, snapshots, number)
    told("joining pieces", 0, 1)
    history, rows, slivers, lost = _merge(faces, bits, tolerance_m)
    areas = np.array([_union(faces[history == at]) for at in range(len(rows))], dtype=object)
    table = _measure(snapshots, areas, rows, number, tolerance_m, told)
    told("writing the pack", 0, 1)
    about = _About(title, source, licence, de_jure, tolerance_m, max(
        tolerance_m if uncertainty_m is None else uncertainty_m, 1.0
    ))  # fmt: skip
    intervals = _write(folder, snapshots, areas, rows, parties, about)
    notes = tuple(dict.fromkeys(note for snapshot in snapshots for note in snapshot.notes))
    return Result(table, len(areas), intervals, slivers, lost, notes)


@dataclass(frozen=True)
class _About:
    """What the user says of the snapshots."""

    title: str
    source: str
    licence: str
    de_jure: str
    tolerance_m: float
    uncertainty_m: float


def _parties(
    holders: Sequence[str], controller: str, other: str, controller_name: str, other_name: str,
    holder_column: str | None,
) -> dict[str, str]:  # fmt: skip
    """Ids and names: first who holds the rest, then the holders in the order of their numbers."""
    named = {other: other_name or readable(other)}
    for holder in holders:
        if holder_column is None:
            named[holder] = controller_name or readable(holder)
            continue
        slug = re.sub(r"[^a-z0-9]+", "_", fold(holder)).strip("_") or "party"
        key = slug if slug[0].isalpha() else f"p_{slug}"
        while key in named:
            key += "_2"
        named[key] = holder
    return named


def _union(faces: npt.NDArray[np.object_]) -> BaseGeometry:
    whole = shapely.coverage_union_all(faces)
    parts = shapely.get_parts(whole)
    shape: Any = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    oriented: Any = shapely.orient_polygons(shapely.normalize(shape))
    return cast("BaseGeometry", oriented)


class _Ground:
    """Areas that a holder has, as one shape: from day to day only what changed is worked out."""

    def __init__(self, areas: npt.NDArray[np.object_]) -> None:
        self._areas = areas
        self._mine = np.zeros(len(areas), dtype=bool)
        self._shape: BaseGeometry = shapely.Polygon()

    def become(self, mine: npt.NDArray[np.bool_]) -> BaseGeometry:
        """Give the shape of those of the areas."""
        gained, lost = mine & ~self._mine, self._mine & ~mine
        if lost.any():
            gone = shapely.coverage_union_all(self._areas[lost])
            self._shape = shapely.difference(self._shape, gone)
        if gained.any():
            self._shape = shapely.coverage_union_all([self._shape, *self._areas[gained]])
        self._mine = mine
        return self._shape


def _measure(
    snapshots: Sequence[Snapshot],
    areas: npt.NDArray[np.object_],
    rows: npt.NDArray[np.int16],
    holders: Mapping[str, int],
    tolerance_m: float,
    told: Progress,
) -> pd.DataFrame:
    found = []
    now = {holder: _Ground(areas) for holder in holders}
    for number, snapshot in enumerate(snapshots):
        wrong = 0.0
        for holder, code in holders.items():
            shape = snapshot.held.get(holder, shapely.Polygon())
            again = now[holder].become(rows[:, number] == code)
            wrong += float(area_km2([shapely.symmetric_difference(shape, again)])[0])
        shape, held = snapshot.geometry, rows[:, number] != _OTHER
        (size,) = area_km2([shape])
        found.append(
            {
                "date": format_day(snapshot.day),
                "area_km2": size,
                "difference_km2": wrong,
                "limit_km2": _outline_m(shape) * max(tolerance_m, 1.0) / 1e6,
                "areas": int(held.sum()),
            }
        )
        told("measuring", number + 1, len(snapshots))
    return pd.DataFrame(found)


def _outline_m(shape: BaseGeometry) -> float:
    if shape.is_empty:
        return 0.0
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(shape)), return_index=True
    )
    same = ring[1:] == ring[:-1]
    one, two = points[:-1][same], points[1:][same]
    return float(distance_m(one[:, 0], one[:, 1], two[:, 0], two[:, 1]).sum())


def _towns(box: tuple[float, float, float, float]) -> list[dict[str, Any]]:
    """Towns that areas are called after, the largest first."""
    world = load_world()
    inside = [
        {
            "geonameid": town.geonames_id,
            "name": town.name,
            "longitude": town.lon,
            "latitude": town.lat,
            "countrycode": town.country,
            "population": town.population,
            "renown": int(world.renown[town.row]),
        }
        for town in world.towns(box, _LABEL_POPULATION)
    ]
    return sorted(inside, key=lambda city: (-city["population"], city["geonameid"]))


_COLOURS = ("#5b8db8", "#c9785f", "#8a9a4b", "#9a7fb5", "#d0a24c", "#4f9a92", "#b5657f", "#6f7b83")


def _write(
    out: Path,
    snapshots: Sequence[Snapshot],
    areas: npt.NDArray[np.object_],
    rows: npt.NDArray[np.int16],
    named: Mapping[str, str],
    about: _About,
) -> int:
    west, south, east, north = shapely.total_bounds(areas)
    margin = max(0.05, 0.04 * max(east - west, north - south))
    box = (
        max(-180.0, math.floor((west - margin) * 100) / 100),
        max(-90.0, math.floor((south - margin) * 100) / 100),
        min(180.0, math.ceil((east + margin) * 100) / 100),
        min(90.0, math.ceil((north + margin) * 100) / 100),
    )
    sources = [_source(snapshot, about) for snapshot in snapshots]
    towns = _towns(box)
    if towns:
        sources.append(_GEONAMES)
    places, names = _places(towns, box, sources[0]["id"])
    features = _features(areas, towns, [source["id"] for source in sources], rows, about)
    control = _control(
        snapshots, rows, [str(item[0]["id"]) for item in features], tuple(named), about
    )
    data = {"places": places, "names": names, "control": control}
    start = format_day(snapshots[0].day)
    title = about.title or f"Control by snapshots, {start} to {format_day(snapshots[-1].day)}"
    parties = {
        key: (name, _COLOURS[at % len(_COLOURS)]) for at, (key, name) in enumerate(named.items())
    }
    slug = re.sub(r"[^a-z0-9]+", "-", out.name.lower()).strip("-") or "pack"
    # Narrow inlets between areas are the snapshots' own, not edges that were meant to be one.
    settings = settings_text(slug, title, box, start, parties, gap_m=0)
    if about.licence:
        settings = settings.replace(
            "\nbbox =", f"\nlicence = {json.dumps(about.licence)}\nbbox =", 1
        )
    with atomic_directory(out, marker="pack.toml") as fresh:
        write_text(fresh / "pack.toml", settings)
        text = json.dumps(
            sorted(sources, key=lambda item: str(item["id"])), ensure_ascii=False, indent=1
        )
        write_text(fresh / "sources.json", text + "\n")
        for name, table in TABLES.items():
            if table.geometry:
                shown = features if name == "areas" else []
                write_text(fresh / table.file, geojson_text(table, shown))
            elif name != "sources":
                write_text(fresh / table.file, csv_text(table, data.get(name, [])))
    return len(control)


_GEONAMES: dict[str, Any] = {
    "id": "geonames",
    "type": "dataset",
    "title": "GeoNames geographical database (CC BY 4.0)",
    "publisher": "GeoNames",
    "URL": "https://www.geonames.org/",
    "custom": {"affiliation": "neutral", "kind": "reference", "reliability": "B"},
}


def _source(snapshot: Snapshot, about: _About) -> dict[str, Any]:
    day = format_day(snapshot.day)
    return {
        "id": f"snapshot-{day}",
        "type": "dataset",
        "title": f"[Snapshot of control of {day} ({snapshot.file})]",
        **({"publisher": about.source} if about.source else {}),
        "issued": {"date-parts": [[int(part) for part in day.split("-")]]},
        # Whose map it is only the user knows; saying 'neutral' here would be a claim.
        "custom": {"affiliation": "unknown", "kind": "research"},
    }


def _places(
    towns: Sequence[dict[str, Any]], box: tuple[float, float, float, float], source: str
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    west, south, east, north = box
    common = {"certainty": "certain", "source_ids": "geonames"}
    places = [
        {
            "id": "territory",
            "kind": "region",
            "lon": f"{(west + east) / 2:.5f}",
            "lat": f"{(south + north) / 2:.5f}",
            "certainty": "certain",
            "source_ids": source,
        }
    ]
    named = [("territory", "Territory", source)]
    for town in towns:
        key = f"g{town['geonameid']}"
        places.append(
            common
            | {
                "id": key,
                "kind": "settlement",
                "lon": f"{town['longitude']:.5f}",
                "lat": f"{town['latitude']:.5f}",
                "precision_m": "2000",
                "country": town["countrycode"],
                "population": str(town["population"]),
                "geonames_id": str(town["geonameid"]),
            }
        )
        named.append((key, town["name"], "geonames"))
    names = [
        {
            "id": f"n{number:05d}",
            "place_id": key,
            "name": name,
            "lang": "en",
            "script": "Latn",
            "status": "common",
            "certainty": "certain",
            "source_ids": said,
        }
        for number, (key, name, said) in enumerate(named, start=1)
    ]
    return places, names


def _features(
    areas: npt.NDArray[np.object_],
    towns: Sequence[dict[str, Any]],
    sources: Sequence[str],
    rows: npt.NDArray[np.int16],
    about: _About,
) -> list[tuple[dict[str, object], dict[str, object]]]:
    width = max(4, len(str(len(areas))))
    lon = np.array([town["longitude"] for town in towns])
    lat = np.array([town["latitude"] for town in towns])
    out: list[tuple[dict[str, object], dict[str, object]]] = []
    for number, (shape, row) in enumerate(zip(areas, rows, strict=True), start=1):
        parts = shapely.get_parts(shape)
        largest = shapely.point_on_surface(parts[int(shapely.area(parts).argmax())])
        called = "territory"
        if towns:
            # Of towns about as near the best known: a ward is no nearer than its city.
            away = distance_m(largest.x, largest.y, lon, lat)
            about_as_near = np.flatnonzero(away <= _AS_NEAR * away.min())
            best = max(map(int, about_as_near), key=lambda at: (towns[at]["renown"], -away[at]))
            called = f"g{towns[best]['geonameid']}"
        key = f"a{number:0{width}d}"
        pieces = f", {len(parts)} pieces" if len(parts) > 1 else ""
        changed = np.flatnonzero(np.diff(row)) + 1
        out.append(
            (
                {
                    "id": key,
                    "name_place_id": called,
                    "part": f"area {number}{pieces}",
                    "scope": "disputed",
                    "geometry_method": "outlines of all snapshots cut at each other; pieces held "
                    f"on the same days joined; slivers under {about.tolerance_m:g} m merged",
                    "uncertainty_m": about.uncertainty_m,
                    "source_ids": sources[int(changed[0]) if len(changed) else 0],
                    "note": "Called after a town near by, which need not lie in it."
                    if towns
                    else "",
                },
                json.loads(shapely.to_geojson(shape)),
            )
        )
    return out


def _control(
    snapshots: Sequence[Snapshot],
    rows: npt.NDArray[np.int16],
    keys: Sequence[str],
    parties: Sequence[str],
    about: _About,
) -> list[dict[str, str]]:
    days = [format_day(snapshot.day) for snapshot in snapshots]
    spells: list[dict[str, str]] = []
    for key, row in zip(keys, rows, strict=True):
        starts = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist()]
        for start, end in zip(starts, [*starts[1:], len(row)], strict=True):
            between = f"Changed between {days[start - 1]} and {days[start]}." if start else ""
            said = [f"snapshot-{days[n]}" for n in ((start - 1, start) if start else (0,))]
            spells.append(
                {
                    "area_id": key,
                    "controller": parties[int(row[start])],
                    "de_jure_iso": about.de_jure,
                    "control_type": "de_facto",
                    "how": "status_quo",
                    "valid_from": days[start],
                    "valid_to": days[end] if end < len(row) else "",
                    "certainty": "probable",
                    "source_ids": "|".join(said),
                    "note": between,
                }
            )
    width = max(4, len(str(len(spells))))
    return [{"id": f"c{n:0{width}d}"} | spell for n, spell in enumerate(spells, start=1)]
