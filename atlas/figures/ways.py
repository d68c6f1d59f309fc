"""Routes on paper: a line in the colour and dash of its state, and marks along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from atlas.answers import routes
from atlas.figures.frame import Drawn, Frame, lines_of
from atlas.figures.style import INK, STATUS, mix

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.record.pack import Pack

__all__ = ["draw_routes", "glyphs"]

_MODES = ("road", "rail")


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


def draw_routes(
    axes: Axes, pack: Pack, day: int, frame: Frame, per_inch: float, drawn: Drawn
) -> None:
    """Draw the roads and railways that stood on a day, the worst state on top."""
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
        lines = lines_of(shapely.line_merge(shape)) if not shape.is_empty else []
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
