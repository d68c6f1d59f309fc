"""A sheet of paper: a figure laid out in inches, with text that is measured before it is set."""

from __future__ import annotations

import io
import math
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from atlas.figures.style import INK, print_style
from atlas.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from atlas.layers import LayerSet, Source

__all__ = ["A4_LANDSCAPE", "MARGIN", "PRINT_DPI", "Sheet", "Still", "cite", "text_width", "wrap"]

A4_LANDSCAPE = (11.69, 8.27)
MARGIN = 0.45
_DPI = 110
PRINT_DPI = 220.0
_SMALL_DPI = 64
_EM = 100
_BOX = 0.6  # what stands for a letter that no font has, in ems


@cache
def _font(family: str, bold: bool, italic: bool) -> FT2Font:
    wanted = FontProperties(family=family, weight="bold" if bold else "normal")
    wanted.set_style("oblique" if italic else "normal")
    return get_font(findfont(wanted))


@lru_cache(maxsize=8192)
def _advance(letter: str, families: tuple[str, ...], bold: bool, italic: bool) -> float:
    """Width of a letter, in ems; marks that stand on another letter take no room."""
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Cf"):
        return 0.0
    for family in families:
        font = _font(family, bold, italic)
        if font.get_char_index(ord(letter)):
            # matplotlib draws with the same object, and leaves it at the size it drew in.
            font.set_size(_EM, 72)
            glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
            return float(glyph.linearHoriAdvance) / 65536 / _EM
    return _BOX


def text_width(text: str, size: float, bold: bool = False, italic: bool = False) -> float:
    """Measure a text in inches, at a size in points, in the families that are drawn with."""
    families = tuple(mpl.rcParams["font.family"])
    return math.fsum(_advance(letter, families, bold, italic) for letter in text) * size / 72


def _pieces(text: str, size: float, width: float, bold: bool) -> Iterator[tuple[str, str]]:
    """Words, each with what stands between it and the one before; one that is too long is cut.

    Scripts without spaces between words are broken where the line is full.
    """
    for word in text.split(" "):
        gap, piece = " ", ""
        for letter in word if text_width(word, size, bold) > width else ():
            if piece and text_width(piece + letter, size, bold) > width:
                yield gap, piece
                gap, piece = "", ""
            piece += letter
        yield gap, piece or word


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than a width in inches."""
    lines: list[str] = []
    line = ""
    for gap, word in _pieces(text, size, width, bold):
        longer = f"{line}{gap}{word}" if line else word
        if line and text_width(longer, size, bold) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def shorten(text: str, size: float, width: float) -> str:
    """Cut a text to a width in inches, with an ellipsis where something is left out."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "\u2026", size) > width:
        text = text[:-1].rstrip(" ,;:/(-")
    return text + "\u2026"


class Still(Figure):
    """A figure that shows itself in a notebook, though pyplot knows nothing of it.

    Attributes
    ----------
    sets_shown : dict of str to int
        How many of the user's own events are on it, by set.
    print_dpi : float
        Dots an inch of a PNG that `save` writes.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sets_shown: dict[str, int] = {}
        self.print_dpi = PRINT_DPI

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        with print_style():
            self.savefig(out, format="png", dpi=self.dpi)
        return out.getvalue()

    def small_png(self) -> bytes:
        """Give a picture of few bytes, in 64 colours, for where many stand in one file.

        Returns
        -------
        bytes
            A PNG.

        Examples
        --------
        >>> a.figure(series=True).small_png()[1:4]
        b'PNG'
        """
        from PIL import Image

        out, small = io.BytesIO(), io.BytesIO()
        with print_style():
            self.savefig(out, format="png", dpi=_SMALL_DPI)
        picture = Image.open(out).convert("RGB").quantize(64)
        picture.save(small, format="png", optimize=True)
        return small.getvalue()


class Sheet:
    """Paper; the layer `paper` has inches for coordinates, from bottom left.

    Parameters
    ----------
    layers : LayerSet
        For the title of the record and its licence.
    words : Language
        Language.
    title : str
        Headline.
    licence : str
        Of the pack; empty if it states none.
    size : tuple of 2 floats
        Width and height, inches.
    """

    def __init__(
        self,
        layers: LayerSet,
        words: Language,
        title: str,
        licence: str = "",
        size: tuple[float, float] = A4_LANDSCAPE,
    ) -> None:
        self.words = words
        self.width, self.height = size
        self.figure = Still(figsize=size, dpi=_DPI, facecolor=INK["paper"])
        FigureCanvasAgg(self.figure)
        self.figure.set_label(title)
        self.paper: Axes = self.figure.add_axes((0, 0, 1, 1), label="paper", zorder=5)
        self.paper.set_xlim(0, self.width)
        self.paper.set_ylim(0, self.height)
        self.paper.set_axis_off()
        self.paper.patch.set_alpha(0)
        self.licence = licence
        record = layers.titles.get(words.tag) or layers.titles.get("en") or layers.pack_id
        top = self.height - MARGIN
        self.text(MARGIN, top - 0.08, record, 7.5, colour=INK["muted"])
        points = 15.0
        room = self.width - 2 * MARGIN
        while points > 9 and text_width(title, points, True) > room:
            points -= 0.5
        self.text(MARGIN, top - 0.34, shorten(title, points, room), points, bold=True)
        self.line([(MARGIN, top + 0.1), (self.width - MARGIN, top + 0.1)], INK["ink"], 1.4)

    @property
    def top(self) -> float:
        """Height below the headline, inches."""
        return self.height - MARGIN - 0.55

    def axes(self, left: float, bottom: float, width: float, height: float, label: str) -> Axes:
        """Add axes at a place in inches."""
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box, label=label)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 7,
        *,
        bold: bool = False,
        italic: bool = False,
        colour: str = INK["ink"],
        align: str = "left",
    ) -> None:
        """Set a line of text on its baseline."""
        self.paper.text(
            x, y, text, fontsize=size, color=colour, ha=align, va="baseline",
            fontweight="bold" if bold else "normal", fontstyle="oblique" if italic else "normal",
        )  # fmt: skip

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        width: float,
        dash: tuple[float, ...] = (),
    ) -> None:
        """Draw a line through points, its width in points."""
        xs, ys = zip(*points, strict=True)
        style: Any = (0, dash) if dash else "-"
        self.paper.add_line(Line2D(xs, ys, color=colour, lw=width, ls=style))

    def box(self, x: float, y: float, width: float, height: float, **style: Any) -> None:
        """Draw a rectangle."""
        self.paper.add_patch(Rectangle((x, y), width, height, **style))

    def path(self, path: Path, **style: Any) -> None:
        """Draw a path."""
        self.paper.add_patch(PathPatch(path, **style))

    def notes(self, paragraphs: Sequence[str]) -> float:
        """Set sources, method and credit at the foot; give the height they take up, inches."""
        size, leading = 6.0, 0.112
        room = self.width - 2 * MARGIN
        lines = [line for text in paragraphs if text for line in wrap(text, size, room)]
        bottom = 0.3
        for number, line in enumerate(reversed(lines)):
            self.text(MARGIN, bottom + number * leading, line, size, colour=INK["muted"])
        top = bottom + len(lines) * leading
        self.line([(MARGIN, top + 0.04), (self.width - MARGIN, top + 0.04)], INK["line"], 0.5)
        return top + 0.12

    def credit(self, basemap: bool) -> str:
        """Say whose the ground and the record are."""
        parts = [self.words("credit")] if basemap else []
        return " \u00b7 ".join([*parts, "atlas", *([self.licence] if self.licence else [])])


def cite(
    layers: LayerSet,
    uses: Mapping[str, int],
    words: Language,
    *,
    lines: float = 2,
    width: float = A4_LANDSCAPE[0],
) -> str:
    """List sources, the most used first, as many as fit on some lines.

    Parameters
    ----------
    layers : LayerSet
        With the sources.
    uses : mapping of str to int
        How often each source id is cited by what is shown.
    words : Language
        Language.
    lines : float
        Lines of a sheet.
    width : float
        Its width, inches.
    """
    known = {source.id: source for source in layers.sources}
    ranked = sorted((-count, key) for key, count in uses.items() if key in known)
    texts = list(dict.fromkeys(_short(known[key]) for _, key in ranked))
    if not texts:
        return words("no_sources")
    room = lines * (width - 2 * MARGIN) - 1.2
    # Of hundreds of sources a few fit: what is surely too long is not measured.
    ends = list(accumulate(text_width(text, 6.0) for text in texts))
    shown = max(bisect_right(ends, room), 1)
    while True:
        more = [words("andMore", n=len(texts) - shown)] if shown < len(texts) else []
        whole = words("sources", list="; ".join([*texts[:shown], *more]))
        if shown <= 1 or text_width(whole, 6.0) <= room:
            return whole
        shown -= 1


def _short(source: Source) -> str:
    """A source in few words: who, what, when."""
    who = source.publisher or source.author
    title = source.title if len(source.title) <= 60 else source.title[:57].rstrip(" ,;:") + "\u2026"
    year = source.issued[:4]
    said = title if not who or who.casefold() in title.casefold() else f"{who}, {title}"
    return f"{said} ({year})" if year and year not in said else said
