"""Names of a printed map set where they fit, and its scale bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from atlas.figures.frame import Frame
from atlas.figures.labels import Boxes
from atlas.figures.page import text_width
from atlas.figures.style import INK
from atlas.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.layers import LayerSet, PlaceLabel

__all__ = ["draw_names", "draw_scale"]

_AREAL_KINDS = {"country", "sea", "lake", "river"}
# Names of regions and of the sides' own units are terms of the dispute, and need the page's room
# to stand beside each other.
_HIDDEN_KINDS = {
    "district", "province", "region", "republic", "base", "station", "site", "corridor", "airport",
}  # fmt: skip


def draw_names(
    axes: Axes,
    layers: LayerSet,
    day: int,
    words: Language,
    frame: Frame,
    inches: tuple[float, float],
    boxes: Boxes,
    least_rank: float | None,
) -> None:
    """Name grounds and places, the heaviest first; none lies over another."""
    x0, y0, x1, y1 = frame.box
    scale = inches[0] / (x1 - x0)
    # The page's rule, at 96 pixels an inch: the closer one looks, the more is named.
    south, north = frame.in_degrees().bounds[1::2]
    metres = 156_543.0 * np.cos(np.radians((south + north) / 2))  # a pixel of zoom 0, here
    zoom = np.log2(metres * scale * 96.0)
    least = 9.6 - 0.83 * float(zoom) if least_rank is None else least_rank
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
            text = " / ".join(place.called_on(day, words.tag))
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
    words: Language,
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
        text = names.get(words.tag) or names.get("en", "")
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


def draw_scale(
    axes: Axes, frame: Frame, inches: tuple[float, float], boxes: Boxes, words: Language
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
