"""A map of a day on paper: ground, holders, zones, routes and names, in a conic projection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from atlas import crs, routes
from atlas.figures.labels import Boxes, names_of
from atlas.figures.page import text_width
from atlas.figures.style import HATCHES, INK, STATUS, mix, spell_style
from atlas.figures.words import Words
from atlas.timespan import holds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.layers import ControlSpell, LayerSet, PartyStyle, PlaceLabel
    from atlas.pack import Pack

__all__ = [
    "Drawn",
    "Fill",
    "Frame",
    "box_path",
    "draw_map",
    "fill_of",
    "frame_of",
    "glyphs",
    "path_of",
]

_AREAL_KINDS = {"country", "sea", "lake", "river"}
# Names of regions and of the sides' own units are terms of the dispute, and need the page's room
# to stand beside each other.
_HIDDEN_KINDS = {
    "district", "province", "region", "republic", "base", "station", "site", "corridor", "airport",
}  # fmt: skip
_MODES = ("road", "rail")


@dataclass(frozen=True)
class Frame:
    """What a map shows, and how the earth is laid flat: a Lambert conformal conic.

    Attributes
    ----------
    projection : str
        PROJ string, metres.
    box : tuple of float
        West, south, east, north in the projection.
    """

    projection: str
    box: tuple[float, float, float, float]

    @cached_property
    def shape(self) -> BaseGeometry:
        """The frame as a polygon."""
        return shapely.box(*self.box)

    def lay(self, geometries: Sequence[BaseGeometry]) -> npt.NDArray[np.object_]:
        """Project shapes and cut them to the frame."""
        if not len(geometries):
            return np.array([], dtype=object)
        flat = crs.project(np.array(geometries, dtype=object), crs.WGS84, self.projection)
        polygons = shapely.get_dimensions(flat) == 2
        flat[polygons] = shapely.make_valid(flat[polygons])
        cut: npt.NDArray[np.object_] = shapely.intersection(flat, self.shape)
        return cut

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Project a point."""
        moved = crs.project([shapely.Point(lon, lat)], crs.WGS84, self.projection)[0]
        return float(moved.x), float(moved.y)


def frame_of(box: tuple[float, float, float, float], aspect: float, margin: float) -> Frame:
    """Fit a frame of some width to height around a box in degrees.

    Parameters
    ----------
    box : tuple of float
        West, south, east, north, degrees.
    aspect : float
        Width by height.
    margin : float
        Share of the size that is added on each side.
    """
    west, south, east, north = box
    lat, sixth = (south + north) / 2, (north - south) / 6
    projection = (
        f"+proj=lcc +lat_1={south + sixth:.4f} +lat_2={north - sixth:.4f} +lat_0={lat:.4f} "
        f"+lon_0={(west + east) / 2:.4f} +datum=WGS84 +units=m +no_defs"
    )
    outline = shapely.segmentize(shapely.box(west, south, east, north), 0.25)
    flat = crs.project([outline], crs.WGS84, projection)[0]
    x0, y0, x1, y1 = flat.bounds
    width, height = (x1 - x0) * (1 + 2 * margin), (y1 - y0) * (1 + 2 * margin)
    width, height = max(width, height * aspect), max(height, width / aspect)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return Frame(projection, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))


@dataclass(slots=True)
class Drawn:
    """What a map shows, for its legend and its sources."""

    parties: list[str] = field(default_factory=list)
    styles: set[str] = field(default_factory=set)
    fronts: set[str] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)
    uses: dict[str, int] = field(default_factory=dict)

    def cite(self, sources: Iterable[str]) -> None:
        """Count one use of each source."""
        for key in sources:
            self.uses[key] = self.uses.get(key, 0) + 1

    def add(self, other: Drawn) -> None:
        """Take in what another map shows."""
        self.parties += [party for party in other.parties if party not in self.parties]
        for name in ("styles", "fronts", "zones", "statuses", "modes"):
            getattr(self, name).update(getattr(other, name))
        for key, count in other.uses.items():
            self.uses[key] = self.uses.get(key, 0) + count


@dataclass(frozen=True, slots=True)
class Fill:
    """Face, hatch and the hatch's colour and width in points."""

    face: str
    hatch: str
    line: str
    width: float = 0.55

    def patch(self, path: Path, **more: Any) -> PathPatch:
        """A patch filled so, without an edge."""
        with mpl.rc_context({"hatch.linewidth": self.width}):
            return PathPatch(
                path, facecolor=self.face, edgecolor=self.line, hatch=self.hatch, lw=0, **more
            )


def fill_of(party: PartyStyle, style: str, *, background: bool = False) -> Fill:
    """Say how a party's ground is filled, by how surely it is held."""
    land = INK["land"]
    if background:
        return Fill(mix(party.colour, land, 0.82), "", party.colour)
    tint, dark = mix(party.colour, land, 0.42), mix(party.colour, INK["ink"], 0.28)
    if style == "contested":
        return Fill(mix(party.colour, land, 0.8), "////", mix(party.colour, land, 0.12), 2.4)
    if style == "unknown":
        return Fill(mix("#9a948a", land, 0.72), "xxxx", "#9a948a", 0.5)
    if style == "demilitarised":
        return Fill(mix(party.colour, land, 0.75), "-----", dark, 0.5)
    if style == "presence":
        return Fill(mix(party.colour, land, 0.75), "ooo", mix(party.colour, land, 0.2), 0.6)
    if style == "soft":
        tint = mix(party.colour, land, 0.64)
        dark = mix(party.colour, INK["ink"], 0.1)
    return Fill(tint, HATCHES.get(party.pattern, ""), dark)


def box_path(x: float, y: float, width: float, height: float) -> Path:
    """A rectangle as a path."""
    right, top = x + width, y + height
    return Path([(x, y), (right, y), (right, top), (x, top), (x, y)], closed=True)


def path_of(shape: BaseGeometry) -> Path:
    """Turn polygons or lines into one path."""
    paths = []
    for part in shapely.get_parts(shapely.orient_polygons(shape)):
        lines = (
            [part.exterior, *part.interiors]
            if part.geom_type == "Polygon"
            else [part]
            if part.geom_type in ("LineString", "LinearRing")
            else []
        )
        for line in lines:
            points = shapely.get_coordinates(line)
            if len(points) > 1:
                paths.append(Path(points, closed=part.geom_type == "Polygon"))
    if not paths:
        return Path(np.empty((0, 2)))
    return Path.make_compound_path(*paths)


def draw_map(
    axes: Axes,
    inches: tuple[float, float],
    pack: Pack,
    layers: LayerSet,
    day: int,
    words: Words,
    frame: Frame,
    *,
    moved: Iterable[str] = (),
    least_rank: float | None = None,
) -> Drawn:
    """Draw the state of a day.

    Parameters
    ----------
    axes : Axes
        Filled by the map.
    inches : tuple of float
        Its width and height.
    pack, layers : Pack and LayerSet
        The record, and what is drawn of it.
    day : int
        Day number.
    words : Words
        Language.
    frame : Frame
        What to show.
    moved : iterable of str
        Ids of areas to outline strongly.
    least_rank : float, optional
        Places of a lower rank are not named; by default according to the scale.

    Returns
    -------
    Drawn
    """
    drawn = Drawn()
    x0, y0, x1, y1 = frame.box
    axes.set_xlim(x0, x1)
    axes.set_ylim(y0, y1)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(INK["sea"] if _kind(layers, "land") else INK["land"])
    per_inch = (x1 - x0) / inches[0]
    _land(axes, layers, frame)
    held = _control(axes, layers, day, frame, drawn)
    _water(axes, layers, frame)
    _zones(axes, layers, day, frame, drawn)
    _fronts(axes, layers, held, frame, drawn)
    _moved(axes, layers, set(moved), frame)
    _routes(axes, pack, day, frame, per_inch, drawn)
    _posts(axes, layers, day, frame, drawn)
    boxes = Boxes(*inches)
    _scale_bar(axes, frame, inches, boxes, words)
    _names(axes, layers, day, words, frame, inches, boxes, least_rank)
    return drawn


def _kind(layers: LayerSet, kind: str) -> list[BaseGeometry]:
    found = [shape for what, _, shape in layers.basemap if what == kind]
    if kind == "land" and not found:
        found = [shape for what, _, shape in layers.basemap if what == "country"]
    return [shape for shape in found if kind != "land" or shape.area > 0]


def _land(axes: Axes, layers: LayerSet, frame: Frame) -> None:
    land = frame.lay(_kind(layers, "land"))
    if len(land):
        axes.add_patch(
            PathPatch(
                path_of(shapely.union_all(land)), fc=INK["land"], ec=INK["coast"], lw=0.5, zorder=1
            )
        )


def _water(axes: Axes, layers: LayerSet, frame: Frame) -> None:
    for shape in frame.lay(_kind(layers, "lake")):
        axes.add_patch(PathPatch(path_of(shape), fc=INK["sea"], ec=INK["coast"], lw=0.5, zorder=3))
    for kind, colour, width, dash in (
        ("river", INK["river"], 0.8, "-"),
        ("border", INK["border"], 0.7, (0, (6, 2, 1, 2))),
    ):
        for shape in frame.lay(_kind(layers, kind)):
            axes.add_patch(
                PathPatch(path_of(shape), fc="none", ec=colour, lw=width, ls=dash, zorder=3.1)
            )


def _control(
    axes: Axes, layers: LayerSet, day: int, frame: Frame, drawn: Drawn
) -> dict[int, ControlSpell]:
    held = {
        spell.area: spell
        for spell in layers.control
        if not spell.receipt.asserted_by and holds(spell.start, spell.end, day)
    }
    parties = {party.id: party for party in layers.parties}
    groups: dict[tuple[str, str, bool], list[BaseGeometry]] = {}
    for index, spell in sorted(held.items()):
        area = layers.areas[index]
        style = spell_style(spell.control_type, spell.receipt.certainty)
        far = area.scope == "background"
        groups.setdefault((spell.controller, "" if far else style, far), []).append(area.geometry)
        drawn.cite(spell.receipt.sources if not far else ())
        if not far:
            drawn.styles.add(style)
    seen = {party for party, _, far in groups if not far}
    drawn.parties = [party for party in parties if party in seen]
    for (party, style, far), shapes in sorted(groups.items()):
        whole = frame.lay([shapely.coverage_union_all(np.array(shapes, dtype=object))])[0]
        if not whole.is_empty:
            fill = fill_of(parties[party], style, background=far)
            axes.add_patch(fill.patch(path_of(whole), zorder=2))
    return held


def _fronts(
    axes: Axes,
    layers: LayerSet,
    held: Mapping[int, ControlSpell],
    frame: Frame,
    drawn: Drawn,
) -> None:
    """Lines between holders; thin ones between parties of one side and around the whole."""
    side_of = _sides(layers)
    lines: dict[str, list[BaseGeometry]] = {}
    for edge in layers.edges:
        kind = _edge_kind(edge.left, edge.right, layers, held, side_of)
        if kind:
            lines.setdefault(kind, []).append(shapely.LineString(edge.line))
    styles: dict[str, tuple[float, float, Any]] = {
        "front": (1.3, 0.95, "-"),
        "approximate": (1.2, 0.9, (0, (3.6, 2))),
        "rim": (0.5, 0.5, "-"),
    }
    for kind, shapes in sorted(lines.items()):
        width, alpha, dash = styles[kind]
        merged = shapely.line_merge(shapely.union_all(frame.lay(shapes)))
        axes.add_collection(
            LineCollection(
                _lines(merged), colors=INK["front"], linewidths=width, alpha=alpha,
                linestyles=[dash], zorder=5, capstyle="butt",
            )
        )  # fmt: skip
        drawn.fronts.add(kind)


def _sides(layers: LayerSet) -> dict[str, int]:
    return {party: side for side, ids in enumerate(layers.sides) for party in ids}


def _edge_kind(
    left: int,
    right: int,
    layers: LayerSet,
    held: Mapping[int, ControlSpell],
    side_of: Mapping[str, int],
) -> str:
    one, two = held.get(left), held.get(right)
    far = layers.areas[left].scope == "background"
    if right < 0 or one is None:
        return "" if far or one is None else "rim"
    if two is None:
        return ""
    other_far = layers.areas[right].scope == "background"
    if one.controller == two.controller:
        return "rim" if far != other_far else ""
    friends = side_of.get(one.controller, -1) == side_of.get(two.controller, -2)
    if friends or (far and other_far):
        return "rim"
    sure = all(
        s.receipt.certainty == "certain" and s.control_type != "contested" for s in (one, two)
    )
    return "front" if sure else "approximate"


def _lines(shape: BaseGeometry) -> list[npt.NDArray[np.float64]]:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    return [shapely.get_coordinates(part) for part in parts]


def _moved(axes: Axes, layers: LayerSet, moved: set[str], frame: Frame) -> None:
    shapes = [area.geometry for area in layers.areas if area.id in moved]
    if shapes:
        whole = frame.lay([shapely.coverage_union_all(np.array(shapes, dtype=object))])[0]
        axes.add_patch(
            PathPatch(
                path_of(whole), fc="none", ec=INK["accent"], lw=1.5, zorder=5.5, joinstyle="round"
            )
        )


# --- mandates -----------------------------------------------------------------------------------


def zone_states(layers: LayerSet, day: int, drawn: Drawn) -> dict[int, tuple[str, str]]:
    """Zones with a mandate on a day: whether deployed or only authorised, and the type."""
    found: dict[int, tuple[str, str]] = {}
    for mandate in layers.mandates:
        if mandate.zone < 0 or not holds(*_zone_span(layers, mandate.zone), day):
            continue
        deployed = mandate.deployed is not None and holds(*mandate.deployed, day)
        if not deployed and not holds(*mandate.authorised, day):
            continue
        state = "deployed" if deployed else "authorised"
        if found.get(mandate.zone, ("", ""))[0] != "deployed":
            found[mandate.zone] = (state, mandate.zone_type)
        drawn.cite(mandate.receipt.sources)
    return found


def _zone_span(layers: LayerSet, zone: int) -> tuple[int, int]:
    return layers.zones[zone].start, layers.zones[zone].end


ZONE_FILLS: Mapping[str, Fill] = {
    "deployed": Fill("none", "\\\\", INK["mandate"], 0.7),
    "authorised": Fill("none", "\\\\", INK["mandate_soft"], 0.5),
    "observation": Fill("none", "\\\\", INK["mandate"], 0.45),
    "corridor": Fill("none", "|||||", INK["mandate"], 0.7),
}


def zone_fill(state: str, kind: str) -> str:
    """The key of a zone's fill."""
    if state != "deployed":
        return "authorised"
    return kind if kind in ("observation", "corridor") else "deployed"


def _zones(axes: Axes, layers: LayerSet, day: int, frame: Frame, drawn: Drawn) -> None:
    for index, (state, kind) in sorted(zone_states(layers, day, drawn).items()):
        shape = layers.zones[index].geometry
        if shapely.get_dimensions(shape) == 0:
            continue
        flat = frame.lay([shape])[0]
        if flat.is_empty:
            continue
        key = zone_fill(state, kind)
        drawn.zones.add(key)
        colour = INK["mandate"] if state == "deployed" else INK["mandate_soft"]
        dash: Any = (0, (4, 2)) if state == "deployed" else (0, (1.2, 2.4))
        if shapely.get_dimensions(shape) == 2:
            axes.add_patch(ZONE_FILLS[key].patch(path_of(flat), zorder=4))
        axes.add_patch(PathPatch(path_of(flat), fc="none", ec=colour, lw=0.9, ls=dash, zorder=4.1))


def _posts(axes: Axes, layers: LayerSet, day: int, frame: Frame, drawn: Drawn) -> None:
    for index, (state, kind) in sorted(zone_states(layers, day, Drawn()).items()):
        shape = layers.zones[index].geometry
        if shapely.get_dimensions(shape) != 0:
            continue
        flat = frame.lay([shape])[0]
        if flat.is_empty:
            continue
        x, y = shapely.get_coordinates(flat)[0]
        there = state == "deployed"
        drawn.zones.add("post")
        axes.plot(
            [x], [y], marker="s", ms=5.2 if kind == "headquarters" else 3.6, zorder=8,
            mfc=INK["mandate"] if there else INK["paper"],
            mec=INK["paper"] if there else INK["mandate_soft"], mew=0.7,
        )  # fmt: skip


# --- routes -------------------------------------------------------------------------------------


def _along(line: npt.NDArray[np.float64], step: float) -> npt.NDArray[np.float64]:
    """Points and headings (x, y, dx, dy) every so many metres along a line."""
    steps = np.diff(line, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    total = float(lengths.sum())
    if total <= 0:
        return np.empty((0, 4))
    count = max(1, int(total / step))
    marks = (np.arange(count) + 0.5) * total / count
    ends = np.cumsum(lengths)
    at = np.minimum(np.searchsorted(ends, marks), len(lengths) - 1)
    share = (marks - (ends[at] - lengths[at])) / np.maximum(lengths[at], 1e-9)
    points = line[at] + steps[at] * share[:, None]
    heading = steps[at] / np.maximum(lengths[at], 1e-9)[:, None]
    return np.hstack([points, heading])


def glyphs(kind: str, spots: npt.NDArray[np.float64], size: float) -> Path:
    """Marks on a line, as one path: cross, plus, bar, tick or gate, of a half-width."""
    x, y, dx, dy = spots.T
    zero = np.zeros_like(x)
    if kind == "cross":
        arms = [(zero - size, zero - size), (zero - size, zero + size)]
    elif kind == "plus":
        arms = [(zero - size, zero), (zero, zero - size)]
    elif kind in ("bar", "tick"):
        arms = [(-dy * size, dx * size)]
    else:
        ring = Path.unit_circle()
        round_off = np.asarray(ring.vertices, dtype=np.float64) * size
        discs = [
            Path(round_off + np.array([cx, cy]), ring.codes) for cx, cy in zip(x, y, strict=True)
        ]
        return Path.make_compound_path(*discs) if discs else Path(np.empty((0, 2)))
    points, codes = [], []
    for ax, ay in arms:
        for px, py, ux, uy in zip(x, y, ax, ay, strict=True):
            points += [(px - ux, py - uy), (px + ux, py + uy)]
            codes += [Path.MOVETO, Path.LINETO]
    return Path(np.array(points).reshape(-1, 2), codes)


def _routes(axes: Axes, pack: Pack, day: int, frame: Frame, per_inch: float, drawn: Drawn) -> None:
    stretches = routes.at(pack, day)
    stretches = stretches[stretches["mode"].isin(_MODES)]
    order = {status: n for n, status in enumerate(["unknown", *STATUS])}
    rows = sorted(
        zip(
            stretches["status"], stretches["mode"], frame.lay(list(stretches.geometry)),
            stretches["source_ids"], strict=True,
        ),
        key=lambda row: order[row[0]] if row[0] != "unknown" else -1,
    )  # fmt: skip
    for z, (status, mode, shape, sources) in enumerate(rows):
        lines = _lines(shapely.line_merge(shape)) if not shape.is_empty else []
        if not lines:
            continue
        style = STATUS[status]
        drawn.statuses.add(status)
        drawn.modes.add(mode)
        if status != "unknown":
            drawn.cite(key for key in sources.split("|") if key)
        layer = 6 + z / 1000
        width = style.width * (0.8 if mode == "rail" else 1.0)
        axes.add_collection(
            LineCollection(
                lines, colors=INK["casing"], linewidths=width + 1.3, alpha=0.85, zorder=6
            )
        )
        dash: Any = (0, style.dash) if style.dash else "-"
        axes.add_collection(
            LineCollection(
                lines, colors=style.colour, linewidths=width, linestyles=[dash], zorder=layer
            )
        )
        _marks(axes, lines, status, mode, per_inch, layer)


def _marks(
    axes: Axes,
    lines: Sequence[npt.NDArray[np.float64]],
    status: str,
    mode: str,
    per_inch: float,
    layer: float,
) -> None:
    style = STATUS[status]
    wanted = []
    if mode == "rail":
        wanted.append(("tick", 0.07, 0.022, 0.6, style.colour))
    step = {"cross": 0.34, "plus": 0.34, "gate": 0.8, "bar": 0.2}.get(style.glyph)
    if step is not None:
        wanted.append((style.glyph, step, 0.036, 1.1, mix(style.colour, "#000000", 0.25)))
    for glyph, gap, size, width, colour in wanted:
        spots = np.vstack([_along(line, gap * per_inch) for line in lines])
        if not len(spots):
            continue
        face = INK["paper"] if glyph == "gate" else "none"
        path = glyphs(glyph, spots, size * per_inch)
        axes.add_patch(PathPatch(path, fc=face, ec=colour, lw=width, zorder=layer + 0.0005))


# --- names and scale ----------------------------------------------------------------------------


def _names(
    axes: Axes,
    layers: LayerSet,
    day: int,
    words: Words,
    frame: Frame,
    inches: tuple[float, float],
    boxes: Boxes,
    least_rank: float | None,
) -> None:
    x0, y0, x1, y1 = frame.box
    scale = inches[0] / (x1 - x0)
    # The page's rule, at 96 pixels an inch: the closer one looks, the more is named.
    zoom = np.log2(156_543.0 * np.cos(np.radians(40.0)) * scale * 96.0)
    least = 9.6 - 0.83 * float(zoom) if least_rank is None else least_rank
    side_of = _sides(layers)
    _ground_names(axes, layers, words, frame, scale, boxes, least)
    covered = {kind for kind, names, _ in layers.basemap if names}
    issue = [area.geometry for area in layers.areas if area.scope == "disputed"]
    ground = shapely.union_all(np.array(issue, dtype=object)) if issue else shapely.Polygon()
    shapely.prepare(ground)
    wanted = []
    for place in layers.places:
        if place.kind in _HIDDEN_KINDS or not place.start <= day < place.end:
            continue
        if place.kind in ("country", "sea", "lake", "river") and place.kind in covered:
            continue
        # What the map is about is named before the towns around it.
        weight = place.rank + 1.0 * shapely.contains_xy(ground, place.lon, place.lat)
        if weight >= least:
            wanted.append((-weight, place.id, place))
    for _, _, place in sorted(wanted, key=lambda item: item[:2]):
        x, y = frame.point(place.lon, place.lat)
        if x0 < x < x1 and y0 < y < y1:
            text = " / ".join(names_of(place, day, words.lang, side_of))
            if place.kind in _AREAL_KINDS:
                text = words.upper(text)
            _name(axes, place, text, (x, y), frame, scale, boxes)


def _name(
    axes: Axes,
    place: PlaceLabel,
    text: str,
    at: tuple[float, float],
    frame: Frame,
    scale: float,
    boxes: Boxes,
) -> None:
    areal = place.kind in _AREAL_KINDS
    bold = place.rank >= 5.2 and not areal
    size = 7.4 if bold else 6.6 if place.rank >= 4 else 5.9
    if areal:
        size = 6.0
    width, height = text_width(text, size, bold), size / 72
    px, py = (at[0] - frame.box[0]) * scale, (at[1] - frame.box[1]) * scale
    gap, half = 0.05, height / 2
    if areal:
        starts = [(px - width / 2, py + shift) for shift in (0, 0.12, -0.12, 0.24, -0.24)]
    else:
        starts = [
            (px + gap, py), (px - gap - width, py), (px - width / 2, py + 0.1),
            (px - width / 2, py - 0.1), (px + gap * 0.7, py + 0.08), (px + gap * 0.7, py - 0.08),
            (px - gap * 0.7 - width, py + 0.08), (px - gap * 0.7 - width, py - 0.08),
        ]  # fmt: skip
    spot = (px - 0.035, py - 0.035, px + 0.035, py + 0.035)
    if not areal and not boxes.free(spot):
        return
    box = boxes.first_free([(x - 0.02, y - half, x + width + 0.02, y + half) for x, y in starts])
    if box is None:
        return
    boxes.take(box, *([] if areal else [spot]))
    where = frame.box[0] + (box[0] + 0.02) / scale, frame.box[1] + (box[1] + half) / scale
    _text(axes, where, text, size, bold=bold, colour=INK["muted"] if areal else INK["ink"])
    if areal:
        return
    marker = "^" if place.kind in ("mountain", "pass") else "s" if place.rank >= 5.6 else "o"
    radius = 3.4 if place.rank >= 5.6 else 2.8 if place.rank >= 4 else 2.2
    axes.plot([at[0]], [at[1]], marker=marker, ms=radius, mfc=INK["paper"], mec=INK["ink"],
              mew=0.7, zorder=9)  # fmt: skip


def _text(
    axes: Axes,
    where: tuple[float, float],
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    colour: str = INK["ink"],
    halo: bool = True,
) -> None:
    from matplotlib.patheffects import withStroke

    effects = [withStroke(linewidth=1.8, foreground="#faf7efd9")] if halo else []
    axes.text(
        *where, text, fontsize=size, color=colour, ha="left", va="center_baseline", zorder=10,
        fontweight="bold" if bold else "normal", fontstyle="oblique" if italic else "normal",
        path_effects=effects, clip_on=True,
    )  # fmt: skip


def _ground_names(
    axes: Axes,
    layers: LayerSet,
    words: Words,
    frame: Frame,
    scale: float,
    boxes: Boxes,
    least: float,
) -> None:
    """Countries, seas and lakes, each in the middle of what is seen of it."""
    disputed = frame.lay([area.geometry for area in layers.areas if area.scope == "disputed"])
    ground = shapely.union_all(disputed) if len(disputed) else shapely.Polygon()
    found = []
    for kind, names, shape in layers.basemap:
        text = names.get(words.lang) or names.get("en", "")
        if not text or kind not in ("country", "lake", "sea") or shapely.get_dimensions(shape) < 2:
            continue
        flat = frame.lay([shape])[0]
        if kind == "country":
            flat = shapely.difference(flat, ground)
        parts = [part for part in shapely.get_parts(flat) if part.area > 0]
        if parts:
            largest = max(parts, key=lambda part: part.area)
            found.append((-largest.area, kind, text, largest))
    for _, kind, text, part in sorted(found, key=lambda item: (item[0], item[2])):
        country = kind == "country"
        size = 8.4 if country else 6.4
        shown = "\u2009".join(words.upper(text)) if country else text
        width, height = text_width(shown, size, False, not country), size / 72
        west, _, east, _ = part.bounds
        if (east - west) * scale < width * (0.8 if country else 0.5):
            continue
        radius = shapely.maximum_inscribed_circle(part, tolerance=(east - west) / 50)
        middle = part.representative_point() if radius.is_empty else radius
        px, py = shapely.get_coordinates(middle)[0]
        x, y = (px - frame.box[0]) * scale, (py - frame.box[1]) * scale
        options = [
            (x - width / 2 + dx, y - height / 2 + dy, x + width / 2 + dx, y + height / 2 + dy)
            for dy in (0, 0.15, -0.15, 0.3, -0.3)
            for dx in (0, 0.3, -0.3)
        ]
        box = boxes.first_free(options)
        if box is None:
            continue
        boxes.take(box)
        where = frame.box[0] + box[0] / scale, frame.box[1] + (box[1] + height / 2) / scale
        _text(axes, where, shown, size, italic=not country,
              colour=INK["muted"] if country else INK["water"], halo=country)  # fmt: skip


def _scale_bar(
    axes: Axes, frame: Frame, inches: tuple[float, float], boxes: Boxes, words: Words
) -> None:
    """A bar of a round length; true in the middle of the map and to a thousandth elsewhere."""
    x0, y0, x1, _ = frame.box
    per_inch = (x1 - x0) / inches[0]
    whole = next(km for km in (500, 200, 100, 50, 20, 10, 5, 2, 1) if km * 1000 <= per_inch * 1.6)
    left, bottom = x0 + 0.14 * per_inch, y0 + 0.14 * per_inch
    height = 0.045 * per_inch
    for number, colour in enumerate((INK["ink"], INK["paper"])):
        start = left + number * whole * 500
        corners = [(start, bottom), (start + whole * 500, bottom),
                   (start + whole * 500, bottom + height), (start, bottom + height)]  # fmt: skip
        axes.add_patch(
            PathPatch(
                Path([*corners, corners[0]], closed=True),
                fc=colour,
                ec=INK["ink"],
                lw=0.6,
                zorder=11,
            )
        )
    for km, at in ((0.0, left), (whole / 2, left + whole * 500), (whole, left + whole * 1000)):
        unit = f" {words('km')}" if km == whole else ""
        label = f"{km:g}{unit}"
        start = at - text_width(f"{km:g}", 6) / 2 * per_inch
        _text(axes, (start, bottom + height + 0.075 * per_inch), label, 6)
    boxes.take((0, 0, whole * 1000 / per_inch + 0.45, 0.36))
