"""Chart of people who left home and came back: a bar a count, in order of time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from atlas.base.timespan import OPEN_END, OPEN_START, format_day
from atlas.figures.page import MARGIN, Sheet, cite, shorten, text_width
from atlas.figures.style import INK, mix
from atlas.layers.rows import translations
from atlas.record.pack import split_list
from atlas.words import Language

if TYPE_CHECKING:
    from atlas.figures.look import Look
    from atlas.figures.page import Still
    from atlas.layers import LayerSet
    from atlas.layers.specs import PartyStyle

__all__ = ["people_chart"]

_LABEL, _WHEN = 3.9, 0.62
_FIGURES = 1.55
_PALE = 0.5


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    when: str
    low: float
    best: float
    high: float
    colour: str
    part: bool


def _year(text: str) -> str:
    return text.split("/")[0].rstrip("~?%")[:4]


def _span(row: Any) -> str:
    """Years of a row: of a count its day, of people on the way the years in which they went."""
    first = "" if row.start_day == OPEN_START else _year(str(row.valid_from))
    if row.measure == "stock":
        return _year(str(row.counted_on)) or first
    last = first if row.end_day == OPEN_END else format_day(int(row.end_day) - 1)[:4]
    return first if last == first or not first else f"{first}\u2013{last[2:]}"


def _families(frame: pd.DataFrame) -> pd.DataFrame:
    """Put each row that is among another's behind it, and a family where its first member is."""
    there = set(frame["id"])
    head = frame["part_of"].where(frame["part_of"].isin(there), frame["id"])
    first = frame.groupby(head)["start_day"].transform("min")
    order = pd.DataFrame({"first": first, "head": head, "part": head != frame["id"]})
    order["day"] = frame["start_day"]
    chosen = frame.loc[order.sort_values(["first", "head", "part", "day"], kind="stable").index]
    return chosen.assign(part_of=chosen["part_of"].where(chosen["part_of"].isin(there), ""))


def _bars(frame: pd.DataFrame, layers: LayerSet, words: Language) -> list[_Bar]:
    names = translations(frame, "who")
    colours = {party.id: party.colour for party in layers.parties}
    out = []
    for row in frame.itertuples():
        known = [float(v) for v in (row.low, row.best, row.high) if v == v]
        if not known:
            continue
        best = float(row.best) if row.best == row.best else known[0]
        said = names[str(row.id)]
        colour = colours.get(str(row.people), INK["muted"])
        label = said.get(words.tag) or str(row.who)
        part = str(row.part_of) != ""
        out.append(_Bar(label, _span(row), min(known), best, max(known), colour, part))
    return out


def _number(bar: _Bar, words: Language) -> str:
    best = words.number(bar.best)
    if bar.low == bar.high:
        return best
    return f"{best} ({words.number(bar.low)}\u2013{words.number(bar.high)})"


def people_chart(
    frame: pd.DataFrame, layers: LayerSet, words: Language, licence: str, look: Look
) -> Still:
    """Departures and returns as bars: see `atlas.figures.figure`.

    Parameters
    ----------
    frame : DataFrame
        Rows of `displacement`. Of departures the flows are drawn, and the counts that they are
        parts of; of returns those that are among no other row's, counts of a day included.
    layers : LayerSet
        For the parties, the sources and the title.
    words : Language
        Language.
    licence : str
        Of the pack.
    """
    frame = frame[frame["asserted_by"] == ""].sort_values(["start_day", "id"], kind="stable")
    left = frame[(frame["movement"] == "departure") & (frame["measure"] == "flow")]
    whole = frame["id"].isin(set(left["part_of"])) & (frame["movement"] == "departure")
    left = frame[frame["id"].isin(set(left["id"])) | whole]
    back = frame[(frame["movement"] == "return") & (frame["part_of"] == "")]
    groups = [
        (words(key), _bars(_families(rows), layers, words))
        for key, rows in (("leftHome", left), ("cameBack", back))
    ]
    groups = [(title, bars) for title, bars in groups if bars]
    shown = pd.concat([left, back])
    uses: dict[str, int] = {}
    for cell in shown["source_ids"]:
        for key in split_list(str(cell)):
            uses[key] = uses.get(key, 0) + 1
    years = [bar.when[:4] for _, bars in groups for bar in bars if bar.when]
    last = max((year for year in years), default="")
    span = f"{min(years, default='')}\u2013{last}"
    sheet = look.sheet(layers, words, words("displaced_title", span=span), licence)
    cited = cite(layers, uses, words, width=sheet.width)
    floor = sheet.notes([words("displaced_note"), cited, sheet.credit(False)])
    drawn = {str(key) for key in shown["people"]}
    _key_of_parties(sheet, [p for p in layers.parties if p.id in drawn], words)
    bottom, top = floor + 0.12, sheet.top - 0.28
    lines = math.fsum(len(bars) + 1.4 for _, bars in groups)
    leading = min((top - bottom) / lines, 0.28)
    size = max(4.4, min(7.2, leading * 72 * 0.62))
    x = MARGIN + _LABEL
    room = sheet.width - MARGIN - x - _FIGURES
    most = max(bar.high for _, bars in groups for bar in bars)
    at = 0.0
    for title, bars in groups:
        sheet.text(MARGIN, top - (at + 0.95) * leading, title, size + 1, bold=True)
        at += 1.4
        for bar in bars:
            y = top - (at + 0.72) * leading
            indent = 0.14 if bar.part else 0.0
            sheet.text(MARGIN, y, bar.when, size, colour=INK["muted"])
            label = shorten(bar.label, size, _LABEL - _WHEN - indent - 0.1)
            sheet.text(MARGIN + _WHEN + indent, y, label, size)
            colour = mix(bar.colour, INK["paper"], _PALE) if bar.part else bar.colour
            height = leading * 0.6
            middle = y + size / 72 * 0.36
            width = max(bar.best / most * room, 0.01)
            sheet.box(x, middle - height / 2, width, height, fc=colour, ec="none")
            end = width
            if bar.high > bar.low:
                low, high = bar.low / most * room, bar.high / most * room
                sheet.line([(x + low, middle), (x + high, middle)], INK["ink"], 0.7)
                end = max(width, high)
            sheet.text(x + end + 0.06, y, _number(bar, words), size, colour=INK["muted"])
            at += 1
    sheet.line([(x, top), (x, top - at * leading)], INK["line"], 0.6)
    return look.finish(sheet.figure)


def _key_of_parties(sheet: Sheet, parties: list[PartyStyle], words: Language) -> None:
    x, y = MARGIN, sheet.top - 0.1
    for party in parties:
        name = party.names.get(words.tag) or party.names.get("en") or party.id
        sheet.box(x, y - 0.015, 0.3, 0.12, fc=party.colour, ec=INK["muted"], lw=0.5)
        sheet.text(x + 0.37, y, name, 7)
        x += 0.37 + text_width(name, 7) + 0.25
