"""A valid coverage from first-order units, polygons of any file, and drawn lines.

Everything is cut at everything else once. A face belongs to the polygons that cover it, else to
the area of the pack, else to the unit. What is nowhere wider than the tolerance - the sliver
between two outlines that were meant as one - goes to a neighbour; what is wider is real: an
overlap of two polygons or a gap between them becomes an area of its own. All of it is listed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from atlas.base.crs import WGS84, area_km2, distance_m
from atlas.base.errors import InputError
from atlas.base.folding import fold
from atlas.base.notes import Notes
from atlas.record.overlay import METRES_A_DEGREE, crossings, cut_up, flat, narrow, polygons_in
from atlas.record.vectors import on_earth, read_vectors
from atlas.world import ground

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["FOUND", "Coverage", "make_areas", "slug"]

FOUND = ("what", "where", "lon", "lat", "km2", "done")
_NAMES = frozenset("name title label".split())
_GAP, _UNIT = "enclosed ground", "unit"
#: Corners of all that is given, stretches of outlines whose boxes overlap, and pieces: with more of
#: any, cutting takes more than some 20 seconds or 1 GB.
_MOST_CORNERS = 500_000
_MOST_NEAR = 1_000_000
_MOST_FACES = 20_000


@dataclass(frozen=True)
class Coverage:
    """Areas that fit each other, and what was done to make them fit.

    Attributes
    ----------
    areas : GeoDataFrame
        A row an area: ``id``, ``name``, ``part`` (which part of what bears the name), ``of`` (id
        of the area of the pack that it was a part of, may be empty), ``origin`` ('unit', 'area',
        'enclosed ground', or the name of the file), ``country`` (ISO 3166-1 of a unit), polygons in
        EPSG:4326.
    found : DataFrame
        A row a finding: ``what`` ('overlap', 'gap', 'sliver', 'rest' of what others lie on,
        'invalid outline', 'outside', 'cut', 'short line', 'loose end'), ``where``, ``lon``,
        ``lat``, ``km2``, and what was ``done``.
    notes : tuple of str
        What was assumed.
    """

    areas: gpd.GeoDataFrame
    found: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass
class _Source:
    """Shapes with what is known of each."""

    shapes: list[Any] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)

    def add(self, shape: Any, name: str, origin: str, country: str = "") -> None:
        for column, value in zip(
            (self.shapes, self.names, self.origins, self.countries),
            (shape, name, origin, country), strict=True,
        ):  # fmt: skip
            column.append(value)


def make_areas(
    *,
    countries: Iterable[str] = (),
    polygons: Sequence[str | Path] = (),
    lines: Sequence[str | Path] = (),
    base: gpd.GeoDataFrame | None = None,
    name_column: str | None = None,
    tolerance_m: float = 25.0,
    reach_m: float = 1000.0,
    clip: bool = False,
) -> Coverage:
    """Make a valid coverage.

    Parameters
    ----------
    countries : iterable of str
        ISO 3166-1 codes, whose first-order units lie below everything else.
    polygons : sequence of path
        Files of polygons, all layers of each, in any CRS; see `atlas.record.vectors`. They lie on
        top.
    lines : sequence of path
        Files of lines that cut whatever they cross.
    base : GeoDataFrame, optional
        Areas of a pack: ``id``, geometry in EPSG:4326. A polygon that covers parts of several of
        them is an area in each, for each has a history of its own.
    name_column : str, optional
        Column that names the polygons; by default one called name, title or label, if there is one.
    tolerance_m : float
        Slivers, gaps and overlaps that are nowhere wider go to a neighbour; 0 keeps all.
    reach_m : float
        An end of a line this near to an edge ahead is drawn on to it.
    clip : bool
        Whether what the polygons have outside the units and areas is left out.

    Returns
    -------
    Coverage
        `shapely.coverage_is_valid` holds for its areas, and no hole is left between them.

    Raises
    ------
    InputError
        If nothing is given, a file can't be read, has no CRS, coordinates that are no degrees or no
        polygons (or lines), or a number is none.

    Notes
    -----
    Cut by snap rounding on the grid of 1e-5 degrees, about a metre (`shapely.union_all` with a
    grid, `shapely.polygonize_full`); gaps are closed along the longest border by
    `shapely.coverage_clean`.

    Examples
    --------
    >>> made = make_areas(countries=["UY"])
    >>> len(made.areas), len(made.found)
    (19, 0)
    """
    for metres in (tolerance_m, reach_m):
        if not 0 <= metres < 100_000:
            raise InputError(f"{metres} m is no distance to mend by; give metres, 0 or more")
    work = _Work(Notes("areas"), tolerance_m)
    top = work.read_polygons(polygons, name_column)
    middle, bottom = _Source(), _Source()
    for row in () if base is None else base.itertuples():
        middle.add(row.geometry, str(row.id), "area")
    for code in dict.fromkeys(str(code).strip().upper() for code in countries):
        for row in ground.units(code).itertuples():
            bottom.add(row.geometry, str(row.name) or code, _UNIT, code)
    if not (top.shapes or middle.shapes or bottom.shapes):
        raise InputError("nothing to make areas of; name countries, files of polygons, or a pack")
    pieces = work.covered(top, middle, bottom, clip=clip)
    drawn = work.read_lines(lines)
    if len(drawn):
        pieces = work.cut(pieces, drawn, reach_m)
    return work.finish(pieces)


@dataclass(frozen=True)
class _Piece:
    """An area to be: what it is called, where it comes from, and its shape."""

    name: str
    origin: str
    of: str
    country: str
    shape: Any
    part: str = ""


class _Work:
    """The findings, and the steps that make them."""

    def __init__(self, notes: Notes, tolerance_m: float) -> None:
        self.notes, self.tolerance_m = notes, tolerance_m
        self.corners = 0
        self.found: list[tuple[Any, ...]] = []

    def tell(self, what: str, where: str, shape: Any, done: str) -> None:
        """List a finding, at a point of a shape."""
        point = shapely.point_on_surface(shape)
        km2 = float(area_km2([shape])[0]) if shapely.get_dimensions(shape) == 2 else np.nan
        self.found.append((what, where, round(point.x, 5), round(point.y, 5), km2, done))

    # --- reading

    def _take(self, file: str, shapes: Any) -> None:
        """Refuse what would be cut for ever."""
        self.corners += int(shapely.get_num_coordinates(shapes).sum())
        if self.corners > _MOST_CORNERS:
            raise InputError(
                f"with {file} there are {self.corners:,} corners of outlines to cut, more than "
                f"{_MOST_CORNERS:,}; simplify the outlines in a GIS, or leave some out"
            )
        if crossings(shapes, most=_MOST_NEAR) > _MOST_NEAR:
            raise InputError(
                f"{file}: its outlines run to and fro over each other, over {_MOST_NEAR:,} times, "
                "which would take for ever to cut; simplify them in a GIS"
            )

    def read_polygons(self, paths: Sequence[str | Path], column: str | None) -> _Source:
        """Polygons of files, valid, one of a name."""
        found = _Source()
        for path in map(Path, paths):
            frame = read_vectors(path)
            shapes, owner, others = polygons_in(frame.geometry.to_numpy())
            on_earth(path.name, shapes, owner)
            if not len(shapes):
                raise InputError(f"{path.name} has no polygons; a file of lines is given as lines")
            if others:
                self.notes.say(f"{path.name}: {others} shapes that are no polygons are not used")
            self._take(path.name, shapes)
            names = self._names(path.name, frame, column)
            grouped: dict[str, list[Any]] = defaultdict(list)
            bearers: dict[str, set[int]] = defaultdict(set)
            for shape, at in zip(shapes, owner.tolist(), strict=True):
                name = names[at]
                bearers[name].add(at)
                if not shape.is_valid:
                    reason = shapely.is_valid_reason(shape)
                    shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
                    self.tell("invalid outline", name, shape, f"repaired ({reason})")
                grouped[name].append(shape)
            for name, parts in grouped.items():
                if len(bearers[name]) > 1:
                    self.notes.say(f"{path.name}: all polygons called {name!r} are one area")
                whole = parts[0] if len(parts) == 1 else shapely.union_all(parts)
                found.add(whole, name, path.name)
        return found

    def _names(self, file: str, frame: Any, column: str | None) -> list[str]:
        columns = [str(name) for name in frame.columns if name not in ("geometry", "layer")]
        if column is not None and column not in columns:
            raise InputError(f"{file} has no column {column!r}; it has: {', '.join(columns[:12])}")
        if column is None:
            likely = [name for name in columns if name.casefold() in _NAMES and
                      frame[name].notna().any()]  # fmt: skip
            column = likely[0] if len(likely) == 1 else None
            if column is not None:
                self.notes.say(f"{file}: polygons are called after the column {column!r}")
            elif columns:
                self.notes.say(
                    f"{file}: polygons are called after the file; to name them, say which column: "
                    f"{', '.join(columns[:8])}"
                )
        stem = re.sub(r"[_\s]+", " ", Path(file).stem).strip() or "area"
        told = [""] * len(frame) if column is None else [
            "" if pd.isna(value) else str(value).strip() for value in frame[column]
        ]  # fmt: skip
        return [name or (f"{stem} {at}" if len(frame) > 1 else stem)
                for at, name in enumerate(told, start=1)]  # fmt: skip

    def read_lines(self, paths: Sequence[str | Path]) -> list[Any]:
        """Lines of files; of a polygon, its outline."""
        found: list[Any] = []
        for path in map(Path, paths):
            frame = read_vectors(path)
            on_earth(path.name, frame.geometry.to_numpy())
            parts = shapely.get_parts(frame.geometry.to_numpy())
            while (shapely.get_type_id(parts) >= 4).any():
                parts = shapely.get_parts(parts)
            kinds = shapely.get_type_id(parts)
            closed = shapely.get_rings(parts[kinds == 3])
            used = [*parts[(kinds == 1) | (kinds == 2)], *map(shapely.LineString, closed)]
            used = [one for one in used if not one.is_empty]
            if not used:
                raise InputError(f"{path.name} has no lines; a file of polygons is given as such")
            self._take(path.name, used)
            found += used
        return found

    # --- the coverage

    def covered(
        self, top: _Source, middle: _Source, bottom: _Source, *, clip: bool
    ) -> list[_Piece]:
        """Faces of all shapes, each given to what covers it, put together again."""
        shapes = self._closed(top.shapes)
        every = np.array([*shapes, *middle.shapes, *bottom.shapes], dtype=object)
        faces, _ = _faces(every)
        inside = shapely.point_on_surface(faces)
        over, drawn, under, below = (
            _covering(inside, source)
            for source in (shapes, top.shapes, middle.shapes, bottom.shapes)
        )
        thin = narrow(faces, self.tolerance_m)
        groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        mended: list[int] = []
        covered = {("area", at) for many, hits in zip(over, under, strict=True) if many
                   for at in hits[:1]}  # fmt: skip
        covered |= {("unit", at) for many, hits, here in zip(over, below, under, strict=True)
                    if (many or here) for at in hits[:1]}  # fmt: skip
        for face in range(len(faces)):
            many, area, unit = over[face], under[face][:1], below[face][:1]
            if clip and many and not area and not unit:
                self.tell("outside", _named(top, many), faces[face], "left out")
            elif len(many) > 1 and (thin[face] or not drawn[face]):
                kept = many[:1]
                self.tell("overlap", _named(top, many), faces[face],
                          f"given to {top.names[kept[0]]}")  # fmt: skip
                groups[(kept, area)].append(face)
            elif many:
                groups[(many, area)].append(face)
            elif thin[face]:
                mended.append(face)
            elif area:
                groups[((), area)].append(face)
            elif unit:
                groups[((), (), unit)].append(face)
            else:
                groups[("gap", face)].append(face)
        pieces = []
        for key, chosen in groups.items():
            piece = self._piece(key, faces[chosen], top, middle, bottom)
            pieces.append(piece)
            if key[0] == () and (("unit", key[2][0]) if len(key) > 2 else
                                 ("area", key[1][0])) in covered:  # fmt: skip
                self.tell("rest", piece.name, piece.shape, "what lies on it leaves so much of it")
        for face in mended:
            known = [middle.names[at] for at in under[face][:1]]
            known += [bottom.names[at] for at in below[face][:1]]
            what, where = ("sliver", known[0]) if known else ("gap", "between areas")
            self.tell(what, where, faces[face], "given to the neighbour of the longest border")
        return self._clean(pieces, faces[mended])

    def _closed(self, shapes: list[Any]) -> list[Any]:
        """Polygons that reach over the narrow gaps between them, be these open at an end or not."""
        if len(shapes) < 2 or not self.tolerance_m:
            return shapes
        scale = np.cos(np.radians(np.mean(shapely.total_bounds(shapes)[[1, 3]])))
        reach = self.tolerance_m / METRES_A_DEGREE / 2
        level = flat(shapes)
        one, other = shapely.STRtree(level).query(level, "dwithin", distance=2 * reach)
        beside = np.unique(one[one != other])
        if not len(beside):
            return shapes
        whole = shapely.union_all(level[beside])
        shut = shapely.buffer(whole, reach, join_style="mitre", cap_style="flat")
        shut = shapely.buffer(shut, -reach, join_style="mitre")
        gaps, _, _ = polygons_in([shapely.difference(shut, whole)])
        gaps = shapely.transform(gaps, lambda xy: xy / [scale, 1.0])
        tree = shapely.STRtree(shapes)
        # What of a gap lies beside a shape lies in its box, let out by the gap's width.
        wide = 2.1 * reach * np.array([1 / scale, 1.0])
        boxes = shapely.bounds(shapes) + np.concatenate((-wide, wide))
        given: dict[int, list[Any]] = defaultdict(list)
        for gap in gaps:
            near = tree.query(shapely.buffer(gap, 1e-9), predicate="intersects").tolist()
            if len(near) > 1:
                # Given to both, it is an overlap of that width, and mended as one.
                lent = shapely.buffer(gap, 1e-8)
                for at in near:
                    given[at].append(shapely.make_valid(shapely.clip_by_rect(lent, *boxes[at])))
        return [shapely.union_all([shape, *given[at]]) if at in given else shape
                for at, shape in enumerate(shapes)]  # fmt: skip

    def _piece(
        self, key: tuple[Any, ...], faces: Any, top: _Source, middle: _Source, bottom: _Source
    ) -> _Piece:
        shape = shapely.coverage_union_all(faces)
        if key[0] == "gap":
            self.tell("gap", "between areas", shape, "made an area of its own")
            return _Piece("Enclosed ground", _GAP, "", "", shape)
        many, area = key[0], key[1]
        of = middle.names[area[0]] if area else ""
        if len(many) > 1:
            self.tell("overlap", _named(top, many), shape, "made an area of its own")
        if many:
            return _Piece(_named(top, many), top.origins[many[0]], of, "", shape)
        if area:
            return _Piece(of, "area", of, "", shape)
        unit = key[2][0]
        return _Piece(bottom.names[unit], _UNIT, "", bottom.countries[unit], shape)

    def _clean(self, pieces: list[_Piece], gone: Any) -> list[_Piece]:
        """Close the gaps that slivers left; all wider ones are areas by now."""
        if not pieces:
            raise InputError("no ground is left; are these areas, and wider than the tolerance?")
        shapes = [piece.shape for piece in pieces]
        if len(gone):
            whole: Any = shapely.union_all(gone)
            width = 4 * float(shapely.length(shapely.maximum_inscribed_circle(whole)))
            shapes = _cleaned(shapes, width)
        return [_with(piece, shape) for piece, shape in zip(pieces, shapes, strict=True)
                if not shape.is_empty]  # fmt: skip

    # --- lines

    def cut(self, pieces: list[_Piece], lines: list[Any], reach_m: float) -> list[_Piece]:
        """Cut areas where lines cross them; a part that none crosses stays with the nearest."""
        shapes = np.array([piece.shape for piece in pieces], dtype=object)
        drawn = self._reaching(shapes, lines, reach_m)
        faces, loose = _faces(shapes, drawn)
        inside = shapely.point_on_surface(faces)
        owners = _covering(inside, list(shapes))
        for end in loose:
            at = _covering([shapely.get_point(end, 0), shapely.line_interpolate_point(
                end, 0.5, normalized=True)], list(shapes))[1]  # fmt: skip
            metres = shapely.length(flat([end]))[0] * METRES_A_DEGREE
            if at and metres > max(self.tolerance_m, 2.0):
                done = f"cuts nothing: {metres / 1000:.1f} km end inside; draw it to an edge"
                self.tell("loose end", pieces[at[0]].name, end, done)
        held: dict[int, list[Any]] = defaultdict(list)
        for face, owner in zip(faces, owners, strict=True):
            if owner:
                held[owner[0]].append(face)
        out: list[_Piece] = []
        for number, piece in enumerate(pieces):
            parts = self._parts(piece, np.array(held[number], dtype=object))
            out += _sided(piece, parts)
            if len(parts) > 1:
                self.tell("cut", piece.name, piece.shape, f"cut into {len(parts)} areas")
        if len(out) == len(pieces):
            self.notes.say("the lines cut no area")
        return out

    def _reaching(self, shapes: Any, lines: list[Any], reach_m: float) -> list[Any]:
        """Lines whose ends near an edge are drawn on to it."""
        edges = shapely.union_all(shapely.boundary(shapes))
        whole = shapely.union_all(shapes)
        shapely.prepare([whole, edges])
        tree = shapely.STRtree(lines)
        out = list(lines)
        for number, line in enumerate(lines):
            for at in (0, -1):
                end = shapely.get_point(line, at)
                if line.is_closed or not whole.contains(end):
                    continue
                # As many degrees as the reach has at most, at this latitude.
                reach = 1.01 * reach_m / METRES_A_DEGREE / np.cos(np.radians(min(abs(end.y), 89)))
                near = tree.query(end, "dwithin", distance=reach).tolist()
                others = [edges, *(lines[one] for one in sorted(near) if one != number)]
                steps = shapely.shortest_line(others, end)
                step = steps[np.argmin(shapely.length(steps))]
                (to_lon, to_lat), (lon, lat) = shapely.get_coordinates(step)
                metres = float(distance_m([lon], [lat], [to_lon], [to_lat])[0])
                if 0 < metres <= reach_m:
                    out.append(shapely.reverse(step))
                    if metres > self.tolerance_m:
                        self.tell("short line", "at its end", end,
                                  f"drawn on by {metres:,.0f} m to the next edge")  # fmt: skip
        return out

    def _parts(self, piece: _Piece, faces: Any) -> list[Any]:
        """The parts of an area after the cut, slivers and uncut islands with the nearest."""
        if len(faces) < 2:
            return [shapely.union_all(faces)] if len(faces) else [piece.shape]
        before = shapely.get_parts(piece.shape)
        of = [hit[0] if hit else 0
              for hit in _covering(shapely.point_on_surface(faces), list(before))]  # fmt: skip
        counts = np.bincount(of, minlength=len(before))
        thin = narrow(faces, self.tolerance_m)
        main = [at for at in range(len(faces)) if counts[of[at]] > 1 and not thin[at]]
        if len(main) < 2:
            return [piece.shape if not thin.any() else shapely.union_all(faces)]
        groups = {at: [faces[at]] for at in main}
        tree = shapely.STRtree(faces[main])
        for at in range(len(faces)):
            if at not in groups:
                nearest = [main[one] for one in tree.query_nearest(faces[at]).tolist()]
                near = min(nearest, key=lambda one: (_apart(faces[at], faces[one]), one))
                groups[near].append(faces[at])
        return [shapely.coverage_union_all(np.array(group, dtype=object))
                for group in groups.values()]  # fmt: skip

    # --- the end

    def finish(self, pieces: list[_Piece]) -> Coverage:
        """Ids, checks, and the frame."""
        import geopandas as gpd

        pieces = sorted(
            [*pieces, *self._holes(pieces)],
            key=lambda one: (one.name, one.of, one.part, *one.shape.bounds),
        )
        shapes = np.array([_tidy(piece.shape) for piece in pieces], dtype=object)
        if not shapely.coverage_is_valid(shapes):
            # A vertex that one side has and the other has not, where three edges meet.
            shapes = np.array([_tidy(one) for one in _cleaned(list(shapes), 0.0)], dtype=object)
        keys = _keys(pieces)
        frame = gpd.GeoDataFrame(
            {
                "id": keys,
                "name": [piece.name for piece in pieces],
                "part": [piece.part for piece in pieces],
                "of": [piece.of for piece in pieces],
                "origin": [piece.origin for piece in pieces],
                "country": [piece.country for piece in pieces],
            },
            geometry=shapes,
            crs=WGS84,
        ).sort_values("id", ignore_index=True)
        found = pd.DataFrame(self.found, columns=list(FOUND)).astype(
            {"lon": "float64", "lat": "float64", "km2": "float64"}
        )
        return Coverage(frame, found, self.notes.told)

    def _holes(self, pieces: list[_Piece]) -> list[_Piece]:
        """Ground that areas enclose and none has."""
        whole = shapely.coverage_union_all(np.array([one.shape for one in pieces], dtype=object))
        found = []
        for ring in (ring for part in shapely.get_parts(whole) for ring in part.interiors):
            hole = shapely.Polygon(ring)
            self.tell("gap", "between areas", hole, "made an area of its own")
            found.append(_Piece("Enclosed ground", _GAP, "", "", hole))
        return found


def _faces(shapes: Any, lines: Any = ()) -> tuple[Any, Any]:
    """As `cut_up`, up to as many pieces as anybody means."""
    faces, loose = cut_up(shapes, lines)
    if len(faces) > _MOST_FACES:
        raise InputError(
            f"the outlines cut the ground into {len(faces):,} pieces, more than {_MOST_FACES:,}; "
            "simplify them in a GIS, or leave some out"
        )
    return faces, loose


def _cleaned(shapes: list[Any], width: float) -> list[Any]:
    # Types of shapely's own stubs are older than the function.
    clean: Any = shapely.coverage_clean  # type: ignore[attr-defined]
    return list(clean(shapes, snapping_distance=0, gap_width=width))


def _covering(points: Any, shapes: Sequence[Any]) -> list[tuple[int, ...]]:
    """The shapes that each point lies in, in their order."""
    found: list[list[int]] = [[] for _ in points]
    if len(shapes):
        for at, shape in shapely.STRtree(shapes).query(points, predicate="intersects").T.tolist():
            found[at].append(shape)
    return [tuple(sorted(hits)) for hits in found]


def _named(source: _Source, many: Sequence[int]) -> str:
    return " / ".join(dict.fromkeys(source.names[at] for at in many))


def _with(piece: _Piece, shape: Any, part: str = "") -> _Piece:
    return _Piece(piece.name, piece.origin, piece.of, piece.country, shape, part or piece.part)


def _apart(one: Any, two: Any) -> tuple[float, float]:
    """How far two faces lie apart; of those that touch, the longest shared border is nearest."""
    distance = float(shapely.distance(one, two))
    if distance:
        return distance, 0.0
    shared = shapely.intersection(shapely.boundary(one), shapely.boundary(two))
    return 0.0, -float(shapely.length(shared))


def _sided(piece: _Piece, parts: list[Any]) -> list[_Piece]:
    """Parts of an area, called by the side on which they lie."""
    if len(parts) == 1:
        return [_with(piece, parts[0])]
    middle = shapely.get_coordinates(shapely.centroid(flat(parts)))
    if len(parts) == 2:
        east, north = (middle[0] - middle[1]).tolist()
        sides = ("north", "south") if abs(north) >= abs(east) else ("east", "west")
        ahead = north if abs(north) >= abs(east) else east
        return [_with(piece, parts[0], sides[ahead < 0]), _with(piece, parts[1], sides[ahead >= 0])]
    order = np.argsort(-middle[:, 1], kind="stable").tolist()
    return [_with(piece, parts[at], f"part {number}") for number, at in enumerate(order, start=1)]


def _tidy(shape: Any) -> Any:
    """Polygon where there is one part; rings as GeoJSON has them, begun at a point of their own."""
    parts, _, _ = polygons_in([shape])
    plain: Any = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return shapely.orient_polygons(shapely.normalize(plain))


def _keys(pieces: Sequence[_Piece]) -> list[str]:
    """Ids of small letters; an area of the pack keeps its own, where no cut made parts of it."""
    # A polygon over several areas of a pack is an area in each of them.
    often = Counter((piece.name, piece.part) for piece in pieces)
    keys: dict[str, None] = {}
    numbers: Counter[str] = Counter()
    for piece in pieces:
        if piece.origin == "area":
            stem = "_".join([piece.of, *re.findall(r"[a-z0-9]+", piece.part)])
        else:
            apart = piece.of if often[piece.name, piece.part] > 1 else ""
            stem = slug(" ".join([piece.name, apart, piece.part]))
        key = stem
        while key in keys:
            numbers[stem] += 1
            key = f"{stem}_{numbers[stem] + 1}"
        keys[key] = None
    return list(keys)


def slug(name: str) -> str:
    """Write a name as an id.

    Examples
    --------
    >>> slug("Río Negro (north)")
    'rio_negro_north'
    """
    return re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_") or "area"
