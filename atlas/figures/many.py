"""Several days as small maps on one sheet, and one map in axes of the user's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from atlas.figures.frame import Drawn, fill_of, frame_of
from atlas.figures.ground import draw_map
from atlas.figures.own import colours_of_own
from atlas.figures.page import MARGIN, cite, wrap
from atlas.figures.stills import Box, box_of_issue, entries_of, foot_of, legend
from atlas.figures.style import INK, STATUS
from atlas.layers import OWN
from atlas.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.figures.look import Look
    from atlas.figures.page import Still
    from atlas.layers import LayerSet
    from atlas.record.pack import Pack

__all__ = ["draw_in_axes", "many_still"]

_PANEL, _GAP, _HEADING = 2.4, 0.18, 0.24


def many_still(
    pack: Pack,
    layers: LayerSet,
    days: Sequence[int],
    words: Language,
    licence: str,
    look: Look,
    extent: Box | None = None,
) -> Still:
    """Small maps of several days, in one frame and with one key: see `atlas.figures.figure`."""
    what = words("control" if layers.control else "events")
    title = f"{what}, {words.date(min(days))} \u2013 {words.date(max(days))}"
    sheet = look.sheet(layers, words, title, licence)
    box = extent or box_of_issue(layers, days)
    bottom = 0.85
    room = (sheet.width - 2 * MARGIN - _PANEL - _GAP, sheet.top - bottom)
    across = _columns(len(days), room)
    down = math.ceil(len(days) / across)
    width = (room[0] - (across - 1) * _GAP) / across
    height = room[1] / down - _HEADING
    frame = frame_of(box, width / height, 0.05)
    drawn = Drawn()
    for number, day in enumerate(days):
        row, column = divmod(number, across)
        x = MARGIN + column * (width + _GAP)
        y = sheet.top - row * (height + _HEADING) - _HEADING
        sheet.text(x, y + 0.06, words.date(day), 8, bold=True)
        axes = sheet.axes(x, y - height, width, height, f"map {number + 1}")
        drawn.add(draw_map(axes, (width, height), pack, layers, day, words, frame))
    sheet.figure.sets_shown = dict(drawn.own)
    blocks = entries_of(layers, drawn, words, None, moved=False)
    legend(sheet, blocks, sheet.width - MARGIN - _PANEL, sheet.top, _PANEL, bottom)
    sheet.notes(foot_of(sheet, layers, drawn, words, look))
    return look.finish(sheet.figure)


def _columns(count: int, room: tuple[float, float]) -> int:
    """How many small maps stand side by side, so that each is about as wide as high."""
    return max(1, min(count, round(math.sqrt(count * room[0] / room[1]))))


def draw_in_axes(
    axes: Axes,
    pack: Pack,
    layers: LayerSet,
    day: int,
    words: Language,
    look: Look,
    extent: Box | None = None,
) -> Drawn:
    """Draw the map of a day into axes of the user's own, with its date, key and sources.

    Parameters
    ----------
    axes : Axes
        Of any figure; their size stays as it is.
    pack, layers : Pack and LayerSet
        The record, and what is drawn of it.
    day : int
        Day number.
    words : Language
        Language.
    look : Look
        Its title and account; the size is that of the axes.
    extent : tuple of 4 floats, optional
        West, south, east, north, degrees.
    """
    figure: Any = axes.get_figure(root=True)
    place = axes.get_position()
    width = place.width * figure.get_figwidth()
    height = place.height * figure.get_figheight()
    frame = frame_of(extent or box_of_issue(layers, [day]), width / height, 0.05)
    drawn = draw_map(axes, (width, height), pack, layers, day, words, frame)
    axes.set_aspect("auto")
    side = f" \u00b7 {words('according')} {look.who(layers, words)}" if look.side else ""
    axes.set_title((look.title or words.date(day)) + side, loc="left", fontsize=9)
    handles = _handles(layers, drawn, words, wide=width > 5)
    if handles:
        axes.legend(
            handles=handles, loc="lower left", fontsize=5.5, framealpha=0.85, handlelength=1.8
        ).set_zorder(20)
    said = cite(layers, drawn.uses, words, lines=1, width=width + 2 * MARGIN) if drawn.uses else ""
    lines = wrap(said, 5.5, width) if said else []
    axes.annotate(
        "\n".join(lines), (0, 0), (0, -3), xycoords="axes fraction", textcoords="offset points",
        va="top", fontsize=5.5, color=INK["muted"], annotation_clip=False,
    )  # fmt: skip
    return drawn


def _handles(layers: LayerSet, drawn: Drawn, words: Language, *, wide: bool) -> list[Any]:
    found: list[Any] = []
    for party in layers.parties:
        if party.id in drawn.parties:
            fill = fill_of(party, "solid")
            name = party.names.get(words.tag) or party.names.get("en") or party.id
            found.append(Patch(fc=fill.face, ec=fill.line, hatch=fill.hatch, lw=0.4, label=name))
    if drawn.styles & {"contested", "presence", "demilitarised"} and drawn.parties:
        first = next(one for one in layers.parties if one.id == drawn.parties[0])
        fill = fill_of(first, "contested")
        label = words("uncertainHatch")
        found.append(Patch(fc=fill.face, ec=fill.line, hatch=fill.hatch, lw=0.4, label=label))
    colours = colours_of_own(layers)
    for name, count in drawn.own.items():
        label = f"{name if name != OWN else words('ownEvents')} ({words.number(count)})"
        found.append(
            Line2D([], [], ls="none", marker="o", ms=4.5, mfc=colours[name], mec="w", label=label)
        )
    for status, style in STATUS.items() if wide else ():
        if status in drawn.statuses and status != "unknown":
            line = (0, style.dash) if style.dash else "-"
            found.append(
                Line2D([], [], color=style.colour, lw=style.width, ls=line,
                       label=words(f"st_{status}"))
            )  # fmt: skip
    return found
