"""A user's own events on a map still: a dot each, coloured by set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from atlas.figures.dots import Dots
from atlas.figures.frame import Drawn, Frame
from atlas.figures.style import INK
from atlas.layers import events_box
from atlas.layers.own import QUALITATIVE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.layers import LayerSet

__all__ = ["box_of_own", "colours_of_own", "draw_own", "last_own_day"]

Box = tuple[float, float, float, float]
_SIZE = 6.5  # points; wider than the mark of a town, which may stand in the same spot
_EDGE = 0.5
#: Dots of a set that stay shapes of their own in a drawing; more are a picture inside it.
_MOST_DOTS = 4000
_LEAST = 0.25  # degrees that a map of one point reaches to each side


def colours_of_own(layers: LayerSet) -> dict[str, str]:
    """Colour of each of the user's sets."""
    names = [one for one in layers.sets if one.name]
    return {
        one.name: one.colour or QUALITATIVE[at % len(QUALITATIVE)] for at, one in enumerate(names)
    }


def _rows(layers: LayerSet, name: str) -> npt.NDArray[np.bool_]:
    sets = layers.events.text["set"]
    return np.asarray(sets.codes == sets.values.index(name))


def last_own_day(layers: LayerSet) -> int | None:
    """Day on which the last of the user's events began; None where there are none."""
    if not any(one.name and one.rows for one in layers.sets):
        return None
    mine = np.asarray(layers.events.text["set"].codes != 0)
    return int(layers.events.start[mine].max())


def box_of_own(layers: LayerSet, box: Box) -> Box | None:
    """Bounds of the user's events where hardly any lies in a box; None where the box serves.

    Parameters
    ----------
    layers : LayerSet
        With the user's sets.
    box : tuple of float
        West, south, east, north, degrees.
    """
    if last_own_day(layers) is None:
        return None
    mine = np.asarray(layers.events.text["set"].codes != 0)
    lon, lat = layers.events.lon[mine], layers.events.lat[mine]
    west, south, east, north = box
    inside = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
    if layers.control and inside.mean() > 0.1:
        return None
    around = events_box(lon, lat)
    if around is None:
        return None
    x0, y0, x1, y1 = around
    x, y = max(_LEAST, 0.1 * (x1 - x0)), max(_LEAST, 0.1 * (y1 - y0))
    return x0 - x, max(y0 - y, -85.0), x1 + x, min(y1 + y, 85.0)


def draw_own(axes: Axes, layers: LayerSet, day: int, frame: Frame, drawn: Drawn) -> None:
    """Draw the user's events that had begun by a day.

    Parameters
    ----------
    axes : Axes
        A map.
    layers : LayerSet
        With the user's sets.
    day : int
        Day number.
    frame : Frame
        What the map shows.
    drawn : Drawn
        Told how many of each set are on it.

    Notes
    -----
    A set of more than 4,000 dots is a picture at the figure's resolution, also inside an SVG or a
    PDF: as shapes they would hide each other all the same, at a hundred bytes each.
    """
    for name, colour in colours_of_own(layers).items():
        events = layers.events
        rows = np.flatnonzero(_rows(layers, name) & (events.start <= day))
        x, y = frame.points(events.lon[rows], events.lat[rows])
        drawn.own[name] = len(x)
        if len(x) > _MOST_DOTS:
            many = Dots(x, y, size=_SIZE, edge=_EDGE, face=colour, line=INK["paper"])
            many.set_zorder(6)
            axes.add_artist(many)
            continue
        axes.plot(
            x, y, ls="none", marker="o", ms=_SIZE, mfc=colour, mec=INK["paper"], mew=_EDGE,
            zorder=6, gid=f"own {name}",
        )  # fmt: skip
