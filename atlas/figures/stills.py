"""Map stills: the state of a day, and two days side by side with what passed between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.path import Path

from atlas.answers import control
from atlas.base.timespan import format_day, holds
from atlas.figures.frame import Drawn, Frame, box_path, fill_of, frame_of, path_of
from atlas.figures.ground import ZONE_FILLS, draw_map, draw_outlines
from atlas.figures.method import method_of
from atlas.figures.own import colours_of_own
from atlas.figures.page import A4_LANDSCAPE, MARGIN, Sheet, cite, shorten, text_width, wrap
from atlas.figures.style import INK, SHIELD, STATUS, mix
from atlas.figures.ways import glyphs
from atlas.layers import OWN
from atlas.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.figures.look import Look
    from atlas.figures.page import Still
    from atlas.layers import LayerSet
    from atlas.record.pack import Pack

__all__ = [
    "Box", "box_of_issue", "compare_still", "entries_of", "foot_of", "legend", "map_still",
]  # fmt: skip

_SAMPLE = (0.34, 0.125)  # width and height of a legend's sample, inches


_NEWS_DAYS = 60

Box = tuple[float, float, float, float]


def box_of_issue(layers: LayerSet, days: Sequence[int], moved: Collection[str] = ()) -> Box:
    """Bounds of what is at issue, else of the whole record, degrees.

    A speck of ground far from the rest is shown only when its holder changed about then, so that
    it does not make everything else small.
    """
    issue = [area for area in layers.areas if area.scope == "disputed"]
    if not issue:
        return layers.bbox
    least = 0.01 * math.fsum(area.km2 for area in issue)
    fresh = {
        layers.areas[spell.area].id
        for spell in layers.control
        if not spell.receipt.asserted_by
        and any(0 <= day - spell.start < _NEWS_DAYS for day in days)
    }
    shapes = [
        area.geometry for area in issue if area.km2 >= least or area.id in fresh or area.id in moved
    ]
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    return float(west), float(south), float(east), float(north)


def _held(layers: LayerSet, day: int) -> dict[str, float]:
    """Disputed ground by holder on a day, km2."""
    sizes: dict[str, float] = {}
    for spell in layers.control:
        area = layers.areas[spell.area]
        if spell.receipt.asserted_by or area.scope == "background":
            continue
        if holds(spell.start, spell.end, day):
            sizes[spell.controller] = sizes.get(spell.controller, 0.0) + area.km2
    return sizes


def _party(layers: LayerSet, party: str, lang: str) -> str:
    for item in layers.parties:
        if item.id == party:
            return item.names.get(lang) or item.names.get("en") or party
    return party


# --- the legend ---------------------------------------------------------------------------------


Painter = Callable[[Sheet, float, float], None]
Entry = tuple[Painter | None, str, str]
"""What to paint (None for a heading), the text, and a figure set to the right."""


def _swatch(layers: LayerSet, party: str, style: str, *, background: bool = False) -> Painter:
    found = next(item for item in layers.parties if item.id == party)

    def paint(sheet: Sheet, x: float, y: float) -> None:
        moved = box_path(x, y - 0.02, *_SAMPLE)
        sheet.paper.add_patch(fill_of(found, style, background=background).patch(moved))
        sheet.box(x, y - 0.02, *_SAMPLE, fc="none", ec=INK["muted"], lw=0.5)

    return paint


def _stroke(colour: str, width: float, dash: tuple[float, ...] = ()) -> Painter:
    def paint(sheet: Sheet, x: float, y: float) -> None:
        middle = y + _SAMPLE[1] / 2 - 0.02
        sheet.line([(x, middle), (x + _SAMPLE[0], middle)], colour, width, dash)

    return paint


def _dot(colour: str) -> Painter:
    def paint(sheet: Sheet, x: float, y: float) -> None:
        sheet.paper.plot(
            [x + _SAMPLE[0] / 2], [y + _SAMPLE[1] / 2 - 0.02], marker="o", ms=4.2, mfc=colour,
            mec=INK["paper"], mew=0.5,
        )  # fmt: skip

    return paint


def _zone(key: str) -> Painter:
    def paint(sheet: Sheet, x: float, y: float) -> None:
        if key == "post":
            sheet.paper.plot(
                [x + _SAMPLE[0] / 2], [y + 0.04], marker=SHIELD, ms=5.6, mfc=INK["mandate"],
                mec=INK["paper"], mew=0.7,
            )  # fmt: skip
            return
        moved = box_path(x, y - 0.02, *_SAMPLE)
        sheet.paper.add_patch(ZONE_FILLS[key].patch(moved))
        soft = key == "authorised"
        dash: Any = (0, (1.2, 2.4)) if soft else (0, (4, 2))
        colour = INK["mandate_soft"] if soft else INK["mandate"]
        sheet.box(x, y - 0.02, *_SAMPLE, fc="none", ec=colour, lw=0.9, ls=dash)

    return paint


def _status(status: str) -> Painter:
    style = STATUS[status]
    line = _stroke(style.colour, style.width, style.dash)

    def paint(sheet: Sheet, x: float, y: float) -> None:
        line(sheet, x, y)
        if style.glyph:
            middle = (x + _SAMPLE[0] / 2, y + _SAMPLE[1] / 2 - 0.02)
            path = glyphs(style.glyph, np.array([[*middle, 1.0, 0.0]]), 0.036)
            face = INK["paper"] if style.glyph == "gate" else "none"
            sheet.path(path, fc=face, ec=mix(style.colour, "#000000", 0.25), lw=1.1)

    return paint


def _rail(sheet: Sheet, x: float, y: float) -> None:
    middle = y + _SAMPLE[1] / 2 - 0.02
    sheet.line([(x, middle), (x + _SAMPLE[0], middle)], INK["muted"], 1.2)
    spots = np.array([[x + 0.045 + n * 0.082, middle, 1.0, 0.0] for n in range(4)])
    sheet.path(glyphs("tick", spots, 0.028), fc="none", ec=INK["muted"], lw=0.7)


def entries_of(
    layers: LayerSet, drawn: Drawn, words: Language, held: dict[str, float] | None, *, moved: bool
) -> list[list[Entry]]:
    """The legend in blocks: control, mandates, routes."""
    lang = words.tag
    blocks: list[list[Entry]] = []
    if drawn.parties:
        figure = words("held") if held is not None else ""
        block: list[Entry] = [(None, words("control"), figure)]
        for party in drawn.parties:
            size = words.number(held.get(party, 0.0)) if held is not None else ""
            block.append((_swatch(layers, party, "solid"), _party(layers, party, lang), size))
        first = drawn.parties[0]
        if drawn.styles & {"contested", "presence", "demilitarised"}:
            block.append((_swatch(layers, first, "contested"), words("uncertainHatch"), ""))
        if "soft" in drawn.styles:
            block.append((_swatch(layers, first, "soft"), words("probable"), ""))
        if "unknown" in drawn.styles:
            block.append((_swatch(layers, first, "unknown"), words("ct_unknown"), ""))
        if "front" in drawn.fronts:
            block.append((_stroke(INK["front"], 1.3), words("front"), ""))
        if "approximate" in drawn.fronts:
            block.append((_stroke(INK["front"], 1.2, (3.6, 2)), words("frontUncertain"), ""))
        if moved:
            block.append((_stroke(INK["accent"], 1.5), words("moved"), ""))
        blocks.append(block)
    zones: list[Entry] = [
        (_zone(key), words(f"zone_{key}"), "")
        for key in ("deployed", "authorised", "observation", "corridor", "post")
        if key in drawn.zones
    ]
    if zones:
        blocks.append([(None, words("mandates"), ""), *zones])
    colours = colours_of_own(layers)
    own: list[Entry] = [
        (_dot(colours[name]), name if name != OWN else words("ownEvents"), words.number(count))
        for name, count in drawn.own.items()
    ]
    if own:
        blocks.append([(None, words("events"), ""), *own])
    statuses: list[Entry] = [
        (_status(status), words(f"st_{status}"), "")
        for status in STATUS
        if status in drawn.statuses
    ]
    if statuses:
        if "rail" in drawn.modes:
            statuses.append((_rail, words("rail"), ""))
        blocks.append([(None, words("routes_shown"), ""), *statuses])
    return blocks


def legend(
    sheet: Sheet,
    blocks: list[list[Entry]],
    x: float,
    top: float,
    width: float,
    floor: float = 0.0,
) -> float:
    """Set the blocks of a legend in a column, smaller where it is long; give where it ends."""
    rows = math.fsum(len(block) + 0.9 for block in blocks)
    size = max(4.6, min(6.8, (top - floor) / max(rows, 1) / 0.185 * 6.8))
    leading = 0.185 * size / 6.8
    y = top
    for block in blocks:
        for paint, text, figure in block:
            room = width - (text_width(figure, size) + 0.08 if figure and paint else 0.0)
            if paint is None:
                for line in wrap(text, size + 0.4, width, bold=True):
                    sheet.text(x, y - 0.1, line, size + 0.4, bold=True)
                    y -= 0.81 * leading
                if figure:
                    sheet.text(x + width, y - 0.08, figure, 5.8, colour=INK["muted"], align="right")
                    y -= 0.65 * leading
                y -= 0.32 * leading
                continue
            lines = wrap(text, size, room - _SAMPLE[0] - 0.1)
            paint(sheet, x, y - 0.1)
            for number, line in enumerate(lines):
                sheet.text(x + _SAMPLE[0] + 0.1, y - 0.095 - number * 0.12, line, size)
            if figure:
                sheet.text(x + width, y - 0.095, figure, size, align="right")
            y -= leading + 0.12 * (len(lines) - 1)
        y -= 0.75 * leading
    return y


def _locator(sheet: Sheet, layers: LayerSet, frame: Frame, box: tuple[float, ...]) -> None:
    """A small map of the whole record with the frame of the large one."""
    x, y, width, height = box
    axes = sheet.axes(x, y, width, height, "locator")
    flat, here = crs_box(frame), frame.in_degrees()
    around = shapely.box(*layers.bbox)
    if not around.contains(here.centroid):
        # Far from the record, what lies around the frame tells where it is.
        west, south, east, north = here.bounds
        reach = min(1.5 * (east - west), 40.0)
        around = shapely.box(
            west - reach, max(south - reach, -75), east + reach, min(north + reach, 75)
        )
    whole = frame_of(around.bounds, width / height, 0.02)
    axes.set_xlim(whole.box[0], whole.box[2])
    axes.set_ylim(whole.box[1], whole.box[3])
    axes.set_xticks([])
    axes.set_yticks([])
    draw_outlines(axes, layers, whole)
    for kind, face, line in (
        ("land", INK["land"], INK["coast"]),
        ("lake", INK["sea"], INK["coast"]),
    ):
        shapes = [shape for what, _, shape in layers.basemap if what == kind]
        for shape in whole.lay(shapes):
            _patch(axes, path_of(shape), fc=face, ec=line, lw=0.4)
    for shape in whole.lay([s for what, _, s in layers.basemap if what == "border"]):
        _patch(axes, path_of(shape), fc="none", ec=INK["border"], lw=0.4)
    disputed = [area.geometry for area in layers.areas if area.scope == "disputed"]
    if disputed:
        ground = whole.lay([shapely.coverage_union_all(np.array(disputed, dtype=object))])[0]
        _patch(axes, path_of(ground), fc=mix(INK["muted"], INK["land"], 0.35), ec="none")
    outline = whole.lay([flat])[0]
    _patch(axes, path_of(outline), fc="none", ec=INK["accent"], lw=1.0)


def crs_box(frame: Frame) -> Any:
    """A map's frame as a shape in degrees, its longitudes around the middle of the map."""
    from atlas.base.crs import WGS84, project

    edges = shapely.segmentize(frame.shape, (frame.box[2] - frame.box[0]) / 40)
    shape = project([edges], frame.projection, WGS84)[0]
    return shapely.transform(shape, frame.unrolled)


def _patch(axes: Axes, path: Path, **style: Any) -> None:
    from matplotlib.patches import PathPatch

    axes.add_patch(PathPatch(path, **style))


# --- the sheets ---------------------------------------------------------------------------------


def map_still(
    pack: Pack,
    layers: LayerSet,
    day: int,
    words: Language,
    licence: str,
    look: Look,
    extent: Box | None = None,
) -> Still:
    """A map of one day: see `atlas.figures.figure`."""
    what = words("control" if layers.control else "events")
    sheet = look.sheet(layers, words, f"{what}, {words.date(day)}", licence)
    panel, gap = 2.55, 0.2
    bottom, left = 1.03, MARGIN
    width, height = sheet.width - 2 * MARGIN - panel - gap, sheet.top - bottom
    frame = frame_of(extent or box_of_issue(layers, [day]), width / height, 0.05)
    axes = sheet.axes(left, bottom, width, height, "map")
    drawn = draw_map(axes, (width, height), pack, layers, day, words, frame)
    sheet.figure.sets_shown = dict(drawn.own)
    x = left + width + gap
    blocks = entries_of(layers, drawn, words, _held(layers, day), moved=False)
    end = legend(sheet, blocks, x, sheet.top, panel, bottom)
    west, south, east, north = layers.bbox
    shape = panel / max(1.1, min(2.2, (east - west) / (north - south) * 0.77))
    shape = min(shape, end - bottom - 0.05)
    if layers.basemap and shape > 0.9:
        _locator(sheet, layers, frame, (x, bottom, panel, shape))
    sheet.notes(foot_of(sheet, layers, drawn, words, look))
    return look.finish(sheet.figure)


def foot_of(
    sheet: Sheet,
    layers: LayerSet,
    drawn: Drawn,
    words: Language,
    look: Look,
    *,
    lines: float = 2,
) -> list[str]:
    """Sources, method and credit of maps."""
    told = []
    if layers.control:
        # A narrow sheet needs more lines for the same sources.
        lines *= max(1.0, A4_LANDSCAPE[0] / sheet.width * 0.9)
        told = [
            cite(layers, drawn.uses, words, lines=lines, width=sheet.width),
            method_of(layers, words, look),
        ]
    return [*told, sheet.credit(bool(layers.credits))]


def compare_still(
    pack: Pack,
    layers: LayerSet,
    first: int,
    last: int,
    words: Language,
    licence: str,
    look: Look,
    extent: Box | None = None,
) -> Still:
    """Two maps and what passed between them: see `atlas.figures.figure`."""
    title = words("compare_title", first=words.date(first), last=words.date(last))
    sheet = look.sheet(layers, words, title, licence)
    gap, height = 0.2, 4.05 * sheet.top / 7.27  # as on A4
    width = (sheet.width - 2 * MARGIN - gap) / 2
    bottom = sheet.top - 0.2 - height
    changes = control.changes(pack, first, last)
    box = extent or box_of_issue(layers, [], set(changes["area_id"]))
    frame = frame_of(box, width / height, 0.05)
    drawn = Drawn()
    for number, day in enumerate((first, last)):
        x = MARGIN + number * (width + gap)
        sheet.text(x, sheet.top - 0.1, words.date(day), 9, bold=True)
        axes = sheet.axes(x, bottom, width, height, f"map {number + 1}")
        moved = changes["area_id"] if number else ()
        drawn.add(draw_map(axes, (width, height), pack, layers, day, words, frame, moved=moved))
    sheet.figure.sets_shown = dict(drawn.own)
    for cell in changes["source_ids"]:
        drawn.cite(key for key in cell.split("|") for _ in range(5))
    floor = sheet.notes(foot_of(sheet, layers, drawn, words, look, lines=1))
    top = bottom - 0.16
    blocks = entries_of(layers, drawn, words, None, moved=len(changes) > 0)
    _columns(sheet, blocks, top, floor, layers, changes, (first, last))
    return look.finish(sheet.figure)


def _columns(
    sheet: Sheet,
    blocks: list[list[Entry]],
    top: float,
    floor: float,
    layers: LayerSet,
    changes: Any,
    days: tuple[int, int],
) -> None:
    """Under the maps: legend, the balance of each party, and the list of what passed."""
    words = sheet.words
    legend = 3.2
    entries = [entry for block in blocks for entry in block]
    _flow(sheet, entries, MARGIN, top, legend, floor)
    x = MARGIN + legend + 0.2
    balance = 2.6
    before, after = _held(layers, days[0]), _held(layers, days[1])
    y = top - 0.1
    sheet.text(x, y, words("held"), 7.2, bold=True)
    ends = [x + balance - 0.98, x + balance - 0.44, x + balance]
    y -= 0.14
    for end, day in zip(ends, days, strict=False):
        sheet.text(end, y, format_day(day), 5.2, colour=INK["muted"], align="right")
    y -= 0.02
    for party in [p.id for p in layers.parties if before.get(p.id) or after.get(p.id)]:
        y -= 0.17
        one, two = before.get(party, 0.0), after.get(party, 0.0)
        sheet.text(x, y, party, 6.4, bold=True)
        indent = x + 0.12 + text_width("AAA", 6.4, True)
        change = round(two) - round(one)
        sign = f"+{words.number(change)}" if change > 0 else words.number(change) if change else "0"
        for end, text in zip(ends, (words.number(one), words.number(two), sign), strict=True):
            sheet.text(end, y, text, 6.4, align="right", bold=end == ends[-1])
        room = ends[0] - 0.42 - indent
        for number, line in enumerate(wrap(_party(layers, party, words.tag), 6.4, room)):
            y -= 0.115 if number else 0.0
            sheet.text(indent, y, line, 6.4)
    _change_list(sheet, layers, changes, x + balance + 0.2, top, floor, days[1])


def _flow(
    sheet: Sheet, entries: Sequence[Entry], x: float, top: float, width: float, floor: float
) -> None:
    """Set legend entries in two columns."""
    half = (width - 0.15) / 2
    room = top - floor
    for size in (6.4, 6.0, 5.6, 5.2, 4.8):
        leading = size * 0.018
        lines = [
            wrap(
                text, size, half if paint is None else half - _SAMPLE[0] - 0.08, bold=paint is None
            )
            for paint, text, _ in entries
        ]
        heights = [leading * (len(item) + 0.43) for item in lines]
        if math.fsum(heights) + max(heights, default=0.0) <= 2 * room:
            break
    goal = min(room, max(math.fsum(heights) / 2 + max(heights, default=0.0) / 2, 0.5))
    column, y = 0, top
    for (paint, _, _), texts, height in zip(entries, lines, heights, strict=True):
        if column == 0 and top - y + height > goal and y < top:
            column, y = 1, top
        at = x + column * (half + 0.15)
        if paint is not None:
            paint(sheet, at, y - 0.1)
            at += _SAMPLE[0] + 0.08
        for number, text in enumerate(texts):
            sheet.text(at, y - 0.1 - number * leading, text, size, bold=paint is None)
        y -= height


def _change_list(
    sheet: Sheet,
    layers: LayerSet,
    changes: Any,
    x: float,
    top: float,
    floor: float,
    day: int,
) -> None:
    words = sheet.words
    width = sheet.width - MARGIN - x
    y = top - 0.1
    sheet.text(x, y, words("passed"), 7.2, bold=True)
    sheet.text(x + width, y, words("km2"), 6, colour=INK["muted"], align="right")
    if changes.empty:
        sheet.text(x, y - 0.17, words("noChange"), 6.6)
        return
    places = {place.id: place for place in layers.places}
    area_place = {area.id: (area.place, area.part) for area in layers.areas}
    size, leading = 5.7, 0.106
    fits = max(2, int((y - floor - 0.02) / leading))
    rows = sorted(changes.itertuples(), key=lambda row: (-row.area_km2, row.area_id))
    shown = rows if len(rows) <= fits else rows[: fits - 1]
    order = {row.area_id: n for n, row in enumerate(changes.itertuples())}
    y -= 0.03
    for row in sorted(shown, key=lambda item: order[item.area_id]):
        y -= leading
        where, part = area_place[row.area_id]
        name = " / ".join(places[where].called_on(day, words.tag)) if where in places else where
        if part.get(words.tag):
            name = f"{name}: {part[words.tag]}"
        sheet.text(x, y, _when(row.date), size, colour=INK["muted"])
        passed = f"{row.from_controller} \u2192 {row.to_controller}"
        if row.from_controller == row.to_controller:
            passed = f"{row.to_controller}: {words.known('ct_' + row.to_type)}"
        figure = text_width("00,000", size)
        last = x + width - figure - 0.08
        sheet.text(last, y, passed, size, align="right")
        room = last - text_width(passed, size) - 0.08 - (x + 0.82)
        sheet.text(x + 0.82, y, shorten(name, size, room), size)
        sheet.text(x + width, y, words.number(row.area_km2), size, align="right")
    if len(shown) < len(rows):
        rest = rows[fits - 1 :]
        y -= leading
        sheet.text(x + 0.82, y, words("andMore", n=len(rest)), size, italic=True)
        total = words.number(math.fsum(row.area_km2 for row in rest))
        sheet.text(x + width, y, total, size, align="right")


def _when(cell: str) -> str:
    """The last change of a cell of dates; of an interval, both ends: 2020-09-27/10-03."""
    first, _, last = cell.split("|")[-1].partition("/")
    same = last[:4] == first[:4]
    return f"{first}/{last[5:] if same else last}" if last else first
