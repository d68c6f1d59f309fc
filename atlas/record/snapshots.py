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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.base.crs import area_km2, distance_m, require_crs
from atlas.base.errors import InputError
from atlas.base.folding import readable
from atlas.base.output import atomic_directory, write_text
from atlas.base.timespan import format_day, parse_day
from atlas.record.scaffold import csv_text, geojson_text, settings_text
from atlas.record.schema import TABLES
from atlas.world.index import load_world

__all__ = ["Result", "Snapshot", "import_snapshots", "read_snapshots"]

DECIMALS = 5
"""Digits of a degree that a pack stores: a grid of about one metre."""

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_METRES_A_DEGREE = 111_195.0
_LABEL_POPULATION = 15_000
_OUTSIDE = -1

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was held on one day.

    Attributes
    ----------
    day : int
        Day number.
    geometry : Polygon or MultiPolygon
        WGS 84, valid.
    file : str
        Name of the file it came from.
    notes : tuple of str
        What had to be mended, and what was not used.
    """

    day: int
    geometry: BaseGeometry
    file: str
    notes: tuple[str, ...] = ()


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
    paths: Sequence[str | Path], *, progress: Progress | None = None
) -> list[Snapshot]:
    """Read dated polygons.

    Parameters
    ----------
    paths : sequence of path
        Files of polygons that GDAL reads (GeoJSON, GeoPackage, shapefile). The date is a
        property `date` of the features, or stands in the file's name (YYYYMMDD or YYYY-MM-DD).
    progress : callable, optional
        Called with what is done, how many are done, how many there are.

    Returns
    -------
    list of Snapshot
        By day.

    Raises
    ------
    InputError
        If a file can't be read, has no date, no polygons, no or a wrong CRS, or if two snapshots
        have one date.
    """
    if not paths:
        raise InputError("no snapshots given; name the files of dated polygons")
    found: list[Snapshot] = []
    for number, path in enumerate(paths, start=1):
        found += _read_file(Path(path))
        if progress:
            progress("reading", number, len(paths))
    by_day: dict[int, Snapshot] = {}
    for snapshot in found:
        other = by_day.setdefault(snapshot.day, snapshot)
        if other is not snapshot:
            raise InputError(
                f"{snapshot.file} and {other.file} are both of {format_day(snapshot.day)}; "
                "give one snapshot a day"
            )
    return [by_day[day] for day in sorted(by_day)]


def _read_file(path: Path) -> list[Snapshot]:
    import pyogrio

    if not path.is_file():
        raise InputError(f"no file {path}")
    try:
        frame = pyogrio.read_dataframe(path, force_2d=True)
    except Exception as error:  # GDAL's errors have no common class that says what went wrong
        raise InputError(f"{path.name} can't be read as a layer of polygons: {error}") from error
    if "geometry" not in frame.columns or not len(frame):
        raise InputError(f"{path.name} is empty; expected polygons")
    try:
        frame = require_crs(frame)
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from error
    shapes = np.asarray(frame.geometry.values, dtype=object)
    kinds = shapely.get_type_id(shapes)
    polygons = (kinds == 3) | (kinds == 6)
    polygons &= ~shapely.is_empty(shapes)
    if not polygons.any():
        raise InputError(f"{path.name} has no polygons; control is told by areas, not by lines")
    notes = []
    unused = [str(name) for name in frame.columns if name not in ("geometry", "date")]
    if unused:
        notes.append(_unused(path.name, unused))
    if not polygons.all():
        notes.append(
            f"{path.name}: {int((~polygons).sum())} features that are no polygons left out"
        )
    bounds = shapely.total_bounds(shapes[polygons])
    if not (np.isfinite(bounds).all() and (np.abs(bounds) <= [180, 90, 180, 90]).all()):
        raise InputError(
            f"{path.name} has coordinates up to {np.nanmax(np.abs(bounds)):.6g}, which are no "
            "degrees; its CRS is missing or wrong"
        )
    days = _days(path, frame)
    broken = ~shapely.is_valid(shapes) & polygons
    if broken.any():
        reason = str(shapely.is_valid_reason(shapes[broken][0]))
        notes.append(f"{path.name}: invalid outline repaired ({reason})")
        shapes[broken] = shapely.make_valid(
            shapes[broken], method="structure", keep_collapsed=False
        )
    out = []
    for day in sorted(set(days[polygons])):
        whole = _polygonal(shapely.union_all(shapes[polygons & (days == day)]))
        if whole.is_empty:
            raise InputError(f"{path.name} holds no ground on {format_day(int(day))}")
        out.append(Snapshot(int(day), whole, path.name, tuple(notes)))
    return out


def _unused(name: str, columns: Sequence[str]) -> str:
    shown = ", ".join(columns[:6]) + (", ..." if len(columns) > 6 else "")
    return (
        f"{name}: properties are not used ({shown}): all its polygons of a date count as held by "
        "the one controller given; put each party's ground in a file of its own"
    )


def _days(path: Path, frame: Any) -> npt.NDArray[np.int64]:
    """Day of each feature: its own date, else that of the file's name."""
    stated = frame["date"] if "date" in frame.columns else pd.Series([None] * len(frame))
    if stated.isna().all():
        match = _DATE.search(path.stem)
        if match is None:
            raise InputError(
                f"{path.name} has no date; put YYYYMMDD or YYYY-MM-DD in its name, or give its "
                "features a property 'date'"
            )
        text = f"{match[1]}-{match[3]}-{match[4]}"
        try:
            return np.full(len(frame), parse_day(text))
        except InputError as error:
            raise InputError(f"{path.name}: {error}") from error
    days = []
    for number, value in enumerate(stated, start=1):
        try:
            days.append(parse_day(value if isinstance(value, str) else value.date()))
        except (InputError, AttributeError, ValueError) as error:
            raise InputError(f"{path.name}, feature {number}: no date in {value!r}") from error
    return np.array(days)


def _polygonal(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    polygons: BaseGeometry = shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])
    return polygons


# --- the overlay --------------------------------------------------------------------------------


def _faces(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Cut all outlines at each other and make polygons of what they enclose.

    Snap rounding to the stored grid makes the noding exact: what is written is what was cut.
    """
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=10.0**-DECIMALS)
    faces: npt.NDArray[np.object_] = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return _rounded(faces)


def _rounded(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    out: npt.NDArray[np.object_] = shapely.transform(shapes, lambda xy: np.round(xy, DECIMALS))
    return out


def _histories(
    faces: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_]
) -> npt.NDArray[np.bool_]:
    """Tell which snapshots hold each face: one bit a snapshot."""
    inside = shapely.point_on_surface(faces)
    x, y = shapely.get_x(inside), shapely.get_y(inside)
    shapely.prepare(shapes)
    return np.column_stack([shapely.contains_xy(shape, x, y) for shape in shapes])


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
    metres = np.hypot(step[:, 0] * np.cos(middle), step[:, 1]) * _METRES_A_DEGREE
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
    faces: npt.NDArray[np.object_], bits: npt.NDArray[np.bool_], tolerance_m: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], int, float]:
    """Join faces of one history, then slivers to their longest neighbour.

    Returns
    -------
    history : array of int
        Of each face, a row of `rows`; -1 where it went to the outside.
    rows : array of bool
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
    present = [bits[code == value][0] for value in np.unique(kept[kept >= 0])]
    rows = np.array(sorted(present, key=lambda row: tuple(~row)), dtype=bool)
    place = {tuple(row): n for n, row in enumerate(rows)}
    first = {int(value): place[tuple(bits[code == value][0])] for value in set(kept[kept >= 0])}
    return np.array([first.get(int(value), _OUTSIDE) for value in kept]), rows, slivers, lost


# --- the pack -----------------------------------------------------------------------------------


def import_snapshots(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    controller: str,
    other: str,
    controller_name: str = "",
    other_name: str = "",
    tolerance_m: float = 25.0,
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
        Id of the party that the polygons are held by.
    other : str
        Id of the party that holds the rest of the ground that any snapshot covers.
    controller_name, other_name : str
        What maps and figures call the two; by default their ids written as words.
    tolerance_m : float
        Pieces narrower than this, in mean width, are slivers; 0 keeps all.
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
    if not 0 <= tolerance_m < math.inf:
        raise InputError(f"a tolerance of {tolerance_m} m is none; give metres, 0 or more")
    folder = Path(out)
    # A pack may have been filled in by hand since: nothing that exists is ever replaced.
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(f"{out} exists already; give a new folder")
    told = progress or (lambda what, done, of: None)
    snapshots = read_snapshots(paths, progress=progress)
    shapes = np.array([snapshot.geometry for snapshot in snapshots], dtype=object)
    told("cutting outlines", 0, 1)
    faces = _faces(shapes)
    if not len(faces):
        raise InputError("no ground is left at a resolution of a metre; are these areas?")
    bits = _histories(faces, shapes)
    told("joining pieces", 0, 1)
    history, rows, slivers, lost = _merge(faces, bits, tolerance_m)
    areas = np.array(
        [_union(faces[history == number]) for number in range(len(rows))], dtype=object
    )
    table = _measure(snapshots, areas, rows, tolerance_m, told)
    told("writing the pack", 0, 1)
    parties = {
        controller: controller_name or readable(controller),
        other: other_name or readable(other),
    }
    intervals = _write(folder, snapshots, areas, rows, parties, tolerance_m)
    notes = tuple(dict.fromkeys(note for snapshot in snapshots for note in snapshot.notes))
    return Result(table, len(areas), intervals, slivers, lost, notes)


def _union(faces: npt.NDArray[np.object_]) -> BaseGeometry:
    whole = shapely.coverage_union_all(faces)
    parts = shapely.get_parts(whole)
    shape: Any = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    oriented: Any = shapely.orient_polygons(shapely.normalize(shape))
    return cast("BaseGeometry", oriented)


def _measure(
    snapshots: Sequence[Snapshot],
    areas: npt.NDArray[np.object_],
    rows: npt.NDArray[np.bool_],
    tolerance_m: float,
    told: Progress,
) -> pd.DataFrame:
    found = []
    for number, snapshot in enumerate(snapshots):
        shape, held = snapshot.geometry, rows[:, number]
        again = shapely.coverage_union_all(areas[held]) if held.any() else shapely.Polygon()
        difference = shapely.symmetric_difference(shape, again)
        size, wrong = area_km2([shape, difference])
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
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(shape)), return_index=True
    )
    same = ring[1:] == ring[:-1]
    one, two = points[:-1][same], points[1:][same]
    return float(distance_m(one[:, 0], one[:, 1], two[:, 0], two[:, 1]).sum())


def _towns(box: tuple[float, float, float, float]) -> list[dict[str, Any]]:
    """Towns that areas are called after, the largest first."""
    inside = [
        {
            "geonameid": town.geonames_id,
            "name": town.name,
            "longitude": town.lon,
            "latitude": town.lat,
            "countrycode": town.country,
            "population": town.population,
        }
        for town in load_world().towns(box, _LABEL_POPULATION)
    ]
    return sorted(inside, key=lambda city: (-city["population"], city["geonameid"]))


def _write(
    out: Path,
    snapshots: Sequence[Snapshot],
    areas: npt.NDArray[np.object_],
    rows: npt.NDArray[np.bool_],
    named: Mapping[str, str],
    tolerance_m: float,
) -> int:
    controller, other = named
    west, south, east, north = shapely.total_bounds(areas)
    margin = max(0.05, 0.04 * max(east - west, north - south))
    box = (
        max(-180.0, math.floor((west - margin) * 100) / 100),
        max(-90.0, math.floor((south - margin) * 100) / 100),
        min(180.0, math.ceil((east + margin) * 100) / 100),
        min(90.0, math.ceil((north + margin) * 100) / 100),
    )
    sources = [_source(snapshot) for snapshot in snapshots]
    towns = _towns(box)
    if towns:
        sources.append(_GEONAMES)
    places, names = _places(towns, box, sources[0]["id"])
    features = _features(areas, towns, [source["id"] for source in sources], rows, tolerance_m)
    control = _control(
        snapshots, rows, [str(item[0]["id"]) for item in features], (controller, other)
    )
    data = {"places": places, "names": names, "control": control}
    start = format_day(snapshots[0].day)
    title = f"Control by snapshots, {start} to {format_day(snapshots[-1].day)}"
    parties = {
        other: (named[other], "#5b8db8"),
        controller: (named[controller], "#c9785f"),
    }
    slug = re.sub(r"[^a-z0-9]+", "-", out.name.lower()).strip("-") or "pack"
    settings = settings_text(slug, title, box, start, parties)
    settings += 'pattern = "lines"\n'  # of the last party, so that colour is not all that tells
    # Narrow inlets between areas are the snapshots' own, not edges that were meant to be one.
    settings = settings.replace("bbox =", "gap_m = 0\nbbox =", 1)
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


def _source(snapshot: Snapshot) -> dict[str, Any]:
    day = format_day(snapshot.day)
    return {
        "id": f"snapshot-{day}",
        "type": "dataset",
        "title": f"Snapshot of control of {day} ({snapshot.file})",
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
    rows: npt.NDArray[np.bool_],
    tolerance_m: float,
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
            nearest = int(np.argmin(distance_m(largest.x, largest.y, lon, lat)))
            called = f"g{towns[nearest]['geonameid']}"
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
                    f"on the same days joined; slivers under {tolerance_m:g} m merged",
                    "uncertainty_m": max(tolerance_m, 1.0),
                    "source_ids": sources[int(changed[0]) if len(changed) else 0],
                    "note": "Called after the nearest town, which need not lie in it."
                    if towns
                    else "",
                },
                json.loads(shapely.to_geojson(shape)),
            )
        )
    return out


def _control(
    snapshots: Sequence[Snapshot],
    rows: npt.NDArray[np.bool_],
    keys: Sequence[str],
    parties: tuple[str, str],
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
                    "controller": parties[0] if row[start] else parties[1],
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
