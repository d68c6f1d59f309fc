"""Charts over time: ground by holder, routes by state, events by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from atlas.answers.routes import PASSABLE
from atlas.base.timespan import OPEN_END, OPEN_START, format_day, holds, parse_day
from atlas.figures.frame import Fill, box_path, fill_of
from atlas.figures.method import method_of
from atlas.figures.page import MARGIN, Sheet, cite, shorten, text_width, wrap
from atlas.figures.style import GROUPS, INK, STATUS, group_of, mix, spell_style
from atlas.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.figures.look import Look
    from atlas.figures.page import Still
    from atlas.layers import Chapter, Episode, LayerSet, Route

__all__ = ["event_chart", "route_chart", "series_chart"]

_SAMPLE = (0.3, 0.12)


def _clock(layers: LayerSet) -> tuple[int, int]:
    """First day of the record, and the day after the last on which something begins.

    Ends that lie ahead - of a mandate, say - are no reason to draw the state of days to come.
    """
    starts = [spell.start for spell in layers.control]
    starts += [episode.start for episode in layers.episodes]
    starts += [chapter.day for chapter in layers.chapters]
    if len(layers.events):
        starts += [int(layers.events.start.min()), int(layers.events.start.max())]
    known = [day for day in starts if OPEN_START < day < OPEN_END]
    first, last = layers.period
    if first <= OPEN_START:
        first = min(known, default=0)
    if last >= OPEN_END:
        last = max(known, default=first) + 1
    return first, max(last, first + 1)


def _years(first: int, last: int) -> str:
    one, two = format_day(first)[:4], format_day(last - 1)[:4]
    return one if one == two else f"{one}\u2013{two}"


def _time_axis(axes: Axes, first: int, last: int, *, size: float = 7) -> None:
    """Ticks on the first days of years (or months), with labels that leave room."""
    axes.set_xlim(first, last)
    years = range(int(format_day(first)[:4]) + 1, int(format_day(last)[:4]) + 1)
    if len(years) >= 2:
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100) if len(years) / n <= 24)
        marks = [(parse_day(f"{year:04d}-01-01"), str(year)) for year in years]
        axes.set_xticks([day for day, year in marks if int(year) % step == 0])
        axes.set_xticklabels([year for _, year in marks if int(year) % step == 0], fontsize=size)
        axes.set_xticks([day for day, _ in marks], minor=True)
    else:
        spots = np.linspace(first, last - 1, 6).round().astype(int)
        axes.set_xticks(spots)
        axes.set_xticklabels([format_day(int(day)) for day in spots], fontsize=size)
    axes.tick_params(axis="x", length=3, width=0.5)
    axes.tick_params(axis="x", which="minor", length=1.6, width=0.4)


def _bare(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _sample(sheet: Sheet, x: float, y: float, fill: Fill) -> None:
    sheet.paper.add_patch(fill.patch(box_path(x, y - 0.015, *_SAMPLE)))
    sheet.box(x, y - 0.015, *_SAMPLE, fc="none", ec=INK["muted"], lw=0.5)


def _key(sheet: Sheet, items: Sequence[tuple[Fill, str]], y: float, *, size: float = 7) -> float:
    """Set samples and words in a row, or rows; give the height they end at."""
    x = MARGIN
    for fill, text in items:
        width = _SAMPLE[0] + 0.07 + text_width(text, size) + 0.17
        if x > MARGIN and x + width > sheet.width - MARGIN + 0.2:
            x, y = MARGIN, y - 0.19
        _sample(sheet, x, y, fill)
        sheet.text(x + _SAMPLE[0] + 0.07, y, text, size)
        x += width
    return y


# --- ground by holder -----------------------------------------------------------------------------


def _bands(
    layers: LayerSet, first: int
) -> tuple[npt.NDArray[np.int64], dict[tuple[str, str], npt.NDArray[np.float64]]]:
    """Days of change, and km2 from each of them on by holder and by how sure that is."""
    issue = {n for n, area in enumerate(layers.areas) if area.scope == "disputed"}
    issue = issue or set(range(len(layers.areas)))
    spells = [s for s in layers.control if not s.receipt.asserted_by and s.area in issue]
    days = np.unique([max(spell.start, first) for spell in spells])
    bands: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
    for spell in spells:
        style = spell_style(spell.control_type, spell.receipt.certainty)
        sure = "solid" if style in ("solid", "soft") else "contested"
        row = bands.setdefault((spell.controller, sure), np.zeros(len(days)))
        row[holds(spell.start, spell.end, days)] += layers.areas[spell.area].km2
    return days, bands


def series_chart(layers: LayerSet, words: Language, licence: str, look: Look) -> Still:
    """Disputed ground by holder over time: see `atlas.figures.figure`."""
    first, last = _clock(layers)
    title = words("series_title", span=_years(first, last))
    sheet = look.sheet(layers, words, title, licence)
    days, bands = _bands(layers, first)
    uses: dict[str, int] = {}
    for spell in layers.control:
        if not spell.receipt.asserted_by and layers.areas[spell.area].scope == "disputed":
            for key in spell.receipt.sources:
                uses[key] = uses.get(key, 0) + 1
    cited = cite(layers, uses, words, width=sheet.width)
    method = words("method_series") if not look.side else method_of(layers, words, look)
    floor = sheet.notes([cited, method, sheet.credit(False)])
    parties = [p for p in layers.parties if any(p.id == party for party, _ in bands)]
    items = [
        (fill_of(p, "solid"), p.names.get(words.tag) or p.names.get("en") or p.id) for p in parties
    ]
    if any(sure == "contested" for _, sure in bands):
        items.append((fill_of(parties[0], "contested"), words("uncertain")))
    key_floor = _key(sheet, items, sheet.top - 0.12)
    chapters = [chapter for chapter in layers.chapters if first <= chapter.day < last]
    listed = _chapter_list(sheet, chapters, floor)
    bottom = listed + 0.38
    top = key_floor - 0.5
    axes = sheet.axes(
        MARGIN + 0.35, bottom, sheet.width - 2 * MARGIN - 0.35, top - bottom, "series"
    )
    edges = np.append(days, last)
    below = np.zeros(len(days))
    for party in parties:
        for sure in ("solid", "contested"):
            band = bands.get((party.id, sure))
            if band is None:
                continue
            fill = fill_of(party, sure)
            path = _steps(edges, below / 1000, (below + band) / 1000)
            axes.add_patch(fill.patch(path))
            line = np.repeat((below + band) / 1000, 2)
            axes.plot(np.repeat(edges, 2)[1:-1], line, color=INK["front"], lw=0.45)
            below = below + band
    axes.set_ylim(0, float(below.max()) / 1000)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=INK["paper"], lw=0.5, alpha=0.7)
    _time_axis(axes, first, last)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    sheet.text(MARGIN, top + 0.26, words("series_axis"), 6.4, colour=INK["muted"])
    _chapter_marks(sheet, axes, chapters, (first, last), (MARGIN + 0.35, top))
    return look.finish(sheet.figure)


def _steps(
    edges: npt.NDArray[np.int64], low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
) -> Path:
    """The band between two step lines, as one closed path."""
    x = np.repeat(edges, 2)[1:-1].astype(float)
    points = np.vstack(
        [np.column_stack([x, np.repeat(high, 2)]), np.column_stack([x, np.repeat(low, 2)])[::-1]]
    )
    return Path(np.vstack([points, points[:1]]), closed=True)


def _chapter_list(sheet: Sheet, chapters: Sequence[Chapter], floor: float) -> float:
    """The numbered moments, in three columns above the notes; give the height they take up to."""
    if not chapters:
        return floor
    columns = 3
    width = (sheet.width - 2 * MARGIN) / columns
    rows = -(-len(chapters) // columns)
    top = floor + rows * 0.145 + 0.02
    for number, chapter in enumerate(chapters):
        column, row = divmod(number, rows)
        x, y = MARGIN + column * width, top - 0.12 - row * 0.145
        sheet.text(
            x + 0.14, y, str(number + 1), 6.4, bold=True, colour=INK["accent"], align="right"
        )
        text = _moment(chapter, sheet.words)
        sheet.text(x + 0.21, y, shorten(text, 6.4, width - 0.3), 6.4)
    return top


def _moment(chapter: Chapter, words: Language) -> str:
    """Date and title of a chapter, the date once."""
    date = words.date(chapter.day)
    title = chapter.titles.get(words.tag) or chapter.titles.get("en", "")
    rest = title.removeprefix(date).removeprefix(date[-4:])
    if rest != title and rest[:1] in (":", "."):
        title = rest[1:].strip()
    return f"{date}: {words.upper(title[:1])}{title[1:]}"


def _chapter_marks(
    sheet: Sheet,
    axes: Axes,
    chapters: Sequence[Chapter],
    clock: tuple[int, int],
    corner: tuple[float, float],
) -> None:
    """A line at each moment, and its number above; numbers too close are moved apart."""
    first, last = clock
    width = sheet.width - 2 * MARGIN - 0.35
    spots = [corner[0] + (chapter.day - first) / (last - first) * width for chapter in chapters]
    shown = list(spots)
    for _ in range(40):
        for n in range(len(shown) - 1):
            lack = 0.13 - (shown[n + 1] - shown[n])
            if lack > 0:
                shown[n] -= lack / 2
                shown[n + 1] += lack / 2
    for number, (chapter, true, at) in enumerate(zip(chapters, spots, shown, strict=True), start=1):
        axes.axvline(chapter.day, color=INK["accent"], lw=0.6, ls=(0, (2, 1.6)), alpha=0.9)
        sheet.line([(true, corner[1]), (at, corner[1] + 0.09)], INK["accent"], 0.5)
        sheet.text(
            at, corner[1] + 0.12, str(number), 6.4, bold=True, colour=INK["accent"], align="center"
        )


# --- routes by state ------------------------------------------------------------------------------


def _shares(route: Route, episodes: Sequence[Episode], day: int) -> dict[str, float]:
    """Share of a route's length in each state on a day, for civilians.

    As on the page: of the episodes that speak for a stretch, one that names the class beats one
    for all, then the later one, then the stricter.
    """
    order = list(STATUS)
    active = [
        episode
        for episode in episodes
        if not episode.receipt.asserted_by
        and holds(episode.start, episode.end, day)
        and (not episode.applies_to or "civilian" in episode.applies_to)
    ]
    spans = [
        (
            0.0 if episode.from_km != episode.from_km else min(episode.from_km, route.km),
            route.km if episode.to_km != episode.to_km else min(episode.to_km, route.km),
            episode,
        )
        for episode in active
    ]
    cuts = sorted({0.0, route.km, *(km for low, high, _ in spans for km in (low, high))})
    shares: dict[str, float] = {}
    for low, high in zip(cuts, cuts[1:], strict=False):
        here = [e for start, end, e in spans if start <= (low + high) / 2 < end]
        chosen = max(
            here,
            key=lambda e: (bool(e.applies_to), e.start, order.index(e.status), e.id),
            default=None,
        )
        status = chosen.status if chosen else "unknown"
        shares[status] = shares.get(status, 0.0) + (high - low) / max(route.km, 1e-9)
    return shares


def _through(shares: Mapping[str, float]) -> str:
    """Whether one can get through: the strictest state of any stretch; one unknown is a doubt."""
    order = list(STATUS)
    known = [status for status in shares if status != "unknown"]
    strictest = max(known, key=order.index, default="unknown")
    if strictest in PASSABLE["civilian"] and "unknown" in shares:
        return "unknown"
    return strictest


def route_chart(layers: LayerSet, words: Language, licence: str, look: Look) -> Still:
    """Routes by state over time: see `atlas.figures.figure`."""
    first, last = _clock(layers)
    by_route: dict[int, list[Episode]] = {}
    uses: dict[str, int] = {}
    for episode in layers.episodes:
        if not episode.receipt.asserted_by:
            by_route.setdefault(episode.route, []).append(episode)
            for key in episode.receipt.sources:
                uses[key] = uses.get(key, 0) + 1
    sheet = look.sheet(layers, words, words("routes_title", span=_years(first, last)), licence)
    left_out = len(layers.routes) - len(by_route)
    floor = sheet.notes(
        [
            words("routes_note") + (" " + words("routes_left", n=left_out) if left_out else ""),
            cite(layers, uses, words, width=sheet.width),
            sheet.credit(False),
        ]
    )
    used = {episode.status for rows in by_route.values() for episode in rows}
    keys = [(_strip(status), words(f"st_{status}")) for status in STATUS if status in used]
    end = _key(sheet, keys, sheet.top - 0.1, size=6.4)
    modes = ("road", "rail", "air", "pipeline")
    groups = [
        (mode, sorted((i for i in by_route if layers.routes[i].mode == mode),
                      key=lambda i: (_name(layers.routes[i], words), layers.routes[i].id)))
        for mode in modes
    ]  # fmt: skip
    groups = [(mode, rows) for mode, rows in groups if rows]
    bottom, top = floor + 0.3, end - 0.14
    lines = sum(len(rows) for _, rows in groups) + 1.0 * len(groups)
    leading = min((top - bottom) / max(lines, 1), 0.3)
    bottom = top - leading * lines
    label = 3.05
    axes = sheet.axes(
        MARGIN + label, bottom, sheet.width - 2 * MARGIN - label, top - bottom, "routes"
    )
    axes.set_ylim(lines, 0)
    axes.set_yticks([])
    _time_axis(axes, first, last)
    _bare(axes)
    for tick in axes.get_xticks():
        axes.axvline(tick, color=INK["line"], lw=0.4, zorder=0.5)
    size = max(4.6, min(7.0, leading * 72 * 0.66))
    at = 0.0
    for mode, rows in groups:
        heading = words.upper(words(mode)[:1]) + words(mode)[1:]
        sheet.text(MARGIN, top - (at + 0.78) * leading, heading, size + 0.6, bold=True)
        at += 1
        for index in rows:
            route = layers.routes[index]
            text = shorten(_name(route, words), size, label - 0.1)
            sheet.text(
                MARGIN + label - 0.06, top - (at + 0.68) * leading, text, size, align="right"
            )
            _strips(axes, route, by_route[index], at, (first, last))
            at += 1
    return look.finish(sheet.figure)


def _name(route: Route, words: Language) -> str:
    return route.names.get(words.tag) or route.names.get("en") or route.id


def _strip(status: str) -> Fill:
    style = STATUS[status]
    light = mix(style.colour, INK["paper"], 0.25 if status == "open" else 0.38)
    if status == "unknown":
        return Fill(INK["paper"], "", INK["line"])
    return Fill(light, style.hatch, mix(style.colour, INK["ink"], 0.35), 0.5)


def _strips(
    axes: Axes, route: Route, episodes: Sequence[Episode], row: float, clock: tuple[int, int]
) -> None:
    first, last = clock
    marks = {first, last}
    marks |= {day for e in episodes for day in (e.start, e.end) if first < day < last}
    days = sorted(marks)
    begin = max(first, route.built) if route.built > OPEN_START else first
    low, high = row + 0.14, row + 0.86
    spans: list[tuple[int, int, dict[str, float]]] = []
    for start, end in zip(days, days[1:], strict=False):
        shares = _shares(route, episodes, start)
        if spans and spans[-1][2] == shares and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end, shares)
        else:
            spans.append((start, end, shares))
    for start, end, shares in spans:
        bands = [(_through(shares), low, high)]
        if len(shares) > 1:
            middle = y = low + 0.62 * (high - low)
            bands = [(_through(shares), low, middle)]
            for status in STATUS:
                height = shares.get(status, 0.0) * (high - middle)
                bands.append((status, y, y + height))
                y += height
        for status, above, below in bands:
            if status != "unknown" and below > above:
                box = box_path(start, above, end - start, below - above)
                axes.add_patch(_strip(status).patch(box))
        if len(shares) > 1:
            axes.plot([start, end], [bands[0][2]] * 2, color=INK["paper"], lw=0.5, zorder=1.5)
    if begin < last:
        axes.add_patch(
            Rectangle((begin, low), last - begin, high - low, fc="none", ec=INK["muted"], lw=0.35)
        )


# --- events by kind -------------------------------------------------------------------------------


def _bins(first: int, last: int) -> tuple[list[int], str]:
    """Edges of bins, in calendar units, not too many, and the word for one."""
    years = (last - first) / 365.25
    if years <= 0.2:
        return list(range(first, last + 1)), "per_day"
    step, word = (
        (12, "per_year") if years > 16 else (3, "per_quarter") if years > 4 else (1, "per_month")
    )
    year, month = (int(part) for part in format_day(first).split("-")[:2])
    at = year * 12 + (month - 1) // step * step
    edges: list[int] = []
    while not edges or edges[-1] < last:
        edges.append(parse_day(f"{at // 12:04d}-{at % 12 + 1:02d}-01"))
        at += step
    return edges, word


def event_chart(layers: LayerSet, words: Language, licence: str, look: Look) -> Still:
    """Events by kind over time: see `atlas.figures.figure`."""
    events = layers.events
    first = int(events.start.min())
    last = int(events.start.max()) + 1
    sheet = look.sheet(layers, words, words("events_title", span=_years(first, last)), licence)
    uses: dict[str, int] = {}
    cells = events.text.get("sources")
    if cells is not None:
        counts = np.bincount(cells.codes, minlength=len(cells.values))
        for cell, count in zip(cells.values, counts, strict=True):
            for key in cell.split("|"):
                if key and count:
                    uses[key] = uses.get(key, 0) + int(count)
    floor = sheet.notes(
        [
            words("events_note", n=words.number(len(events))),
            cite(layers, uses, words, width=sheet.width),
            sheet.credit(False),
        ]
    )
    types = events.text.get("type")
    names = [types.values[code] for code in types.codes] if types else [""] * len(events)
    group = np.array([group_of(name) for name in names])
    edges, unit = _bins(first, last)
    shown = [name for name in GROUPS if (group == name).any()]
    counts_by = {name: np.histogram(events.start[group == name], edges)[0] for name in shown}
    highest = max(int(counts.max()) for counts in counts_by.values())
    label, gap = 2.85, 0.1
    top, bottom = sheet.top - 0.08, floor + 0.28
    height = min((top - bottom - gap * (len(shown) - 1)) / len(shown), 0.9)
    width = sheet.width - 2 * MARGIN - label
    for number, name in enumerate(shown):
        y = top - number * (height + gap) - height
        axes = sheet.axes(MARGIN + label, y, width, height, f"events {name}")
        _bars(axes, edges, counts_by[name], GROUPS[name][0], highest)
        axes.set_xlim(edges[0], edges[-1])
        if number == len(shown) - 1:
            _time_axis(axes, edges[0], edges[-1])
        else:
            axes.set_xticks([])
        mine = [kind for kind, own in zip(names, group, strict=True) if own == name]
        _event_label(sheet, words, name, mine, (MARGIN, y + height, label - 0.35))
    sheet.text(
        MARGIN + label,
        top + 0.06,
        f"{words('events')} {words(unit)}",
        6.2,
        colour=INK["muted"],
    )
    return look.finish(sheet.figure)


def _bars(
    axes: Axes,
    edges: Sequence[int],
    counts: npt.NDArray[np.int64],
    colour: str,
    highest: int,
) -> None:
    starts, widths = np.array(edges[:-1]), np.diff(edges)
    axes.bar(
        starts + widths * 0.06, counts, widths * 0.88, align="edge",
        color=mix(colour, "#ffffff", 0.15), ec=colour, lw=0.4,
    )  # fmt: skip
    axes.set_ylim(0, highest * 1.18)
    axes.set_yticks(_ticks(highest))
    axes.tick_params(axis="y", length=0, labelsize=5.6, pad=1.5)
    axes.grid(axis="y", color=INK["line"], lw=0.4)
    axes.set_axisbelow(True)
    _bare(axes)
    most = int(np.argmax(counts))
    axes.text(
        starts[most] + widths[most] / 2, counts[most] + highest * 0.03, str(int(counts[most])),
        ha="center", va="bottom", fontsize=6, color=mix(colour, INK["ink"], 0.3),
    )  # fmt: skip


def _ticks(highest: int) -> list[int]:
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**3, 10**4, 10**5, 10**6, 10**9)
                if highest / n <= 3)  # fmt: skip
    return list(range(0, highest + 1, step))


def _event_label(
    sheet: Sheet,
    words: Language,
    group: str,
    names: Sequence[str],
    place: tuple[float, float, float],
) -> None:
    """Name of a group, its total, and its types, the most frequent first."""
    x, top, width = place
    colour = GROUPS[group][0]
    sheet.box(x, top - 0.14, 0.1, 0.1, fc=mix(colour, "#ffffff", 0.15), ec=colour, lw=0.5)
    sheet.text(
        x + 0.17, top - 0.13, shorten(words(f"eg_{group}"), 7.4, width - 0.55), 7.4, bold=True
    )
    sheet.text(x + width, top - 0.13, words.number(len(names)), 7.4, bold=True, align="right")
    counts: Mapping[str, int] = {name: names.count(name) for name in sorted(set(names))}
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    if len(ranked) < 2:
        return
    text = ", ".join(f"{words.known(name or 'other')}\u00a0{counts[name]}" for name in ranked)
    for number, line in enumerate(wrap(text, 5.8, width - 0.17)[:4]):
        sheet.text(x + 0.17, top - 0.255 - number * 0.105, line, 5.8, colour=INK["muted"])
