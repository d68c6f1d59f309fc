"""A map of a day on paper: ground, holders, zones, routes and names, in a conic projection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from shapely.geometry.base import BaseGeometry

from atlas.base.timespan import holds
from atlas.figures.frame import Drawn, Fill, Frame, fill_of, lines_of, path_of, sides_of
from atlas.figures.labels import Boxes
from atlas.figures.naming import draw_names, draw_scale
from atlas.figures.own import draw_own
from atlas.figures.style import INK, SHIELD, spell_style
from atlas.figures.ways import draw_routes
from atlas.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.layers import ControlSpell, LayerSet
    from atlas.record.pack import Pack

__all__ = ["ZONE_FILLS", "draw_map", "draw_outlines"]


def draw_map(
    axes: Axes,
    inches: tuple[float, float],
    pack: Pack,
    layers: LayerSet,
    day: int,
    words: Language,
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
    words : Language
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
    draw_outlines(axes, layers, frame)
    per_inch = (x1 - x0) / inches[0]
    _land(axes, layers, frame)
    held = _control(axes, layers, day, frame, drawn)
    _water(axes, layers, frame)
    _zones(axes, layers, day, frame, drawn)
    _fronts(axes, layers, held, frame, drawn)
    _moved(axes, layers, set(moved), frame)
    draw_routes(axes, pack, day, frame, per_inch, drawn)
    _posts(axes, layers, day, frame, drawn)
    draw_own(axes, layers, day, frame, drawn)
    boxes = Boxes(*inches)
    draw_scale(axes, frame, inches, boxes, words)
    draw_names(axes, layers, day, words, frame, inches, boxes, least_rank)
    return drawn


def _kind(layers: LayerSet, kind: str) -> list[BaseGeometry]:
    found = [shape for what, _, shape in layers.basemap if what == kind]
    if kind == "land" and not found:
        found = [shape for what, _, shape in layers.basemap if what == "country"]
    return [shape for shape in found if kind != "land" or shape.area > 0]


def draw_outlines(axes: Axes, layers: LayerSet, frame: Frame) -> None:
    """Draw the coarse ground of the world, and sea where finer ground is to be laid."""
    if not layers.outlines:
        axes.set_facecolor(INK["sea"] if _kind(layers, "land") else INK["land"])
        return
    axes.set_facecolor(INK["sea"])
    near = frame.in_degrees()
    styles = {"land": (INK["land"], INK["coast"], 0.4), "border": ("none", INK["border"], 0.5)}
    for kind, shape in layers.outlines:
        face, edge, width = styles[kind]
        flat = frame.lay([shapely.intersection(shape, near)])[0]
        if not flat.is_empty:
            axes.add_patch(PathPatch(path_of(flat), fc=face, ec=edge, lw=width, zorder=0.5))
    boxes = [shapely.segmentize(shapely.box(*box), 0.25) for box in layers.frames]
    for flat in frame.lay([shapely.intersection(box, near) for box in boxes]):
        if not flat.is_empty:
            axes.add_patch(PathPatch(path_of(flat), fc=INK["sea"], ec="none", zorder=0.6))


def _land(axes: Axes, layers: LayerSet, frame: Frame) -> None:
    land = frame.lay(_kind(layers, "land"))
    if not len(land):
        return
    whole = shapely.union_all(land)
    axes.add_patch(PathPatch(path_of(whole), fc=INK["land"], ec="none", zorder=1))
    # Where the detail ends is no coast.
    ends = [shapely.segmentize(shapely.box(*box), 0.25).exterior for box in layers.frames]
    flat = [line.buffer((frame.box[2] - frame.box[0]) / 2000) for line in frame.lay(ends)]
    coast = shapely.difference(shapely.boundary(whole), shapely.union_all(flat))
    axes.add_patch(PathPatch(path_of(coast), fc="none", ec=INK["coast"], lw=0.5, zorder=1))


def _water(axes: Axes, layers: LayerSet, frame: Frame) -> None:
    for shape in frame.lay(_kind(layers, "lake")):
        axes.add_patch(PathPatch(path_of(shape), fc=INK["sea"], ec=INK["coast"], lw=0.5, zorder=3))
    for kind, colour, width, dash in (
        ("river", INK["river"], 0.8, "-"),
        ("unit", INK["line"], 0.4, "-"),
        ("border", INK["border"], 0.7, (0, (6, 2, 1, 2))),
        ("disputed", INK["border"], 0.7, (0, (1, 2))),
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
    cited: dict[tuple[str, str, bool], list[str]] = {}
    for index, spell in sorted(held.items()):
        area = layers.areas[index]
        style = spell_style(spell.control_type, spell.receipt.certainty)
        far = area.scope == "background"
        key = (spell.controller, "" if far else style, far)
        groups.setdefault(key, []).append(area.geometry)
        cited.setdefault(key, []).extend(() if far else spell.receipt.sources)
    seen = set()
    for (party, style, far), shapes in sorted(groups.items()):
        whole = frame.lay([shapely.coverage_union_all(np.array(shapes, dtype=object))])[0]
        if whole.is_empty:
            continue
        fill = fill_of(parties[party], style, background=far)
        axes.add_patch(fill.patch(path_of(whole), zorder=2))
        drawn.cite(cited[party, style, far])
        if not far:
            drawn.styles.add(style)
            seen.add(party)
    drawn.parties = [party for party in parties if party in seen]
    return held


def _fronts(
    axes: Axes,
    layers: LayerSet,
    held: Mapping[int, ControlSpell],
    frame: Frame,
    drawn: Drawn,
) -> None:
    """Lines between holders; thin ones between parties of one side and around the whole."""
    side_of = sides_of(layers)
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
        if merged.is_empty:
            continue
        axes.add_collection(
            LineCollection(
                lines_of(merged), colors=INK["front"], linewidths=width, alpha=alpha,
                linestyles=[dash], zorder=5, capstyle="butt",
            )
        )  # fmt: skip
        drawn.fronts.add(kind)


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
    """Zones with a mandate on a day: whether deployed or only authorised, and the type.

    What was only planned is left out: the figure has no sign for it.
    """
    found: dict[int, tuple[str, str]] = {}
    for mandate in layers.mandates:
        if mandate.zone < 0 or not holds(*_zone_span(layers, mandate.zone), day):
            continue
        deployed = mandate.deployed is not None and holds(*mandate.deployed, day)
        if not deployed and not holds(*mandate.authorised, day):
            continue
        if not deployed and mandate.details.get("standing") == "plan":
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
            [x], [y], marker=SHIELD, ms=6.4 if kind == "headquarters" else 4.6, zorder=8,
            mfc=INK["mandate"] if there else INK["paper"],
            mec=INK["paper"] if there else INK["mandate_soft"], mew=0.7,
        )  # fmt: skip
