"""Colours, marks and type of the figures: those of the page, in print."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.path import Path

__all__ = [
    "GROUPS",
    "HATCHES",
    "INK",
    "SHIELD",
    "STATUS",
    "Status",
    "group_of",
    "mix",
    "print_style",
    "spell_style",
]

INK: Mapping[str, str] = {
    "sea": "#c9dbe6",
    "land": "#f6f2e8",
    "coast": "#7fa3ba",
    "river": "#8fb3c9",
    "border": "#857c70",
    "ink": "#2a2723",
    "muted": "#655e54",
    "line": "#cfc6b5",
    "water": "#44718c",
    "paper": "#ffffff",
    "casing": "#fffdf7",
    "front": "#3a332b",
    "mandate": "#2f5c9c",
    "mandate_soft": "#7d97bd",
    "accent": "#9c2f2f",
}
"""The page's day colours; the paper is white, as a printer's is."""

SHIELD = Path(
    [(-1, 1), (1, 1), (1, 0), (1, -0.9), (0, -1.4), (-1, -0.9), (-1, 0), (-1, 1)],
    [Path.MOVETO, Path.LINETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.CURVE3, Path.CURVE3,
     Path.CLOSEPOLY],
)  # fmt: skip
"""Mark of a post, as on the page: a square is already the mark of talks."""

HATCHES: Mapping[str, str] = {
    "none": "", "solid": "", "lines": "////", "diagonal": "////", "back": "\\\\\\\\",
    "back_diagonal": "\\\\\\\\", "horizontal": "----", "vertical": "||||", "dots": "...",
    "cross": "++", "grid": "+++",
}  # fmt: skip
"""A party's pattern as matplotlib writes it."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a state of a route is drawn.

    Attributes
    ----------
    colour, dash, width : str, tuple of float, float
        Of the line; dashes and width in points.
    glyph : str
        Mark set along the line.
    hatch : str
        Pattern of its strip in a chart.
    """

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    glyph: str = ""
    hatch: str = ""


# From passable to not; unknown last.
STATUS: Mapping[str, Status] = {
    "open": Status("#2e7d4f", 1.7),
    "checkpoint": Status("#d19a2a", 1.7, (), "gate", "|||||"),
    "restricted": Status("#d19a2a", 1.7, (5, 2), "", "....."),
    "humanitarian_only": Status("#1f7fa8", 1.7, (4, 2.4), "plus", "+++++"),
    "under_construction": Status("#76679c", 1.5, (4.5, 1.6, 1, 1.6), "", "-----"),
    "planned": Status("#b3a9cc", 1.3, (0.8, 2.6), "", "....."),
    "blocked": Status("#c0342b", 1.9, (3.6, 2.2), "cross", "xxxxx"),
    "closed": Status("#8a3b4f", 1.5, (1, 2.2), "bar", "/////"),
    "destroyed": Status("#7a7168", 1.4, (0.8, 2.8), "cross", "\\\\\\\\\\"),
    "unknown": Status("#a39c91", 0.9, (3, 2.4)),
}

_FORCES = (
    "capture handover deployment withdrawal_of_forces peacekeeping delimitation administration "
    "strategic_development"
)
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "battle": ("#b3203f", ("battle",)),
    "fire": ("#d9761a", ("explosions_remote_violence",)),
    "civilians": ("#6b2a8f", ("violence_against_civilians",)),
    "protest": ("#a08414", ("protest", "riot")),
    "forces": ("#3d4a5c", tuple(_FORCES.split())),
    "routes": (
        "#0f7d74",
        tuple("blockade_statement blockade route_opening route_closure checkpoint aid".split()),
    ),
    "talks": (
        "#1f6aa5",
        tuple("talks agreement ceasefire recognition resolution legal political".split()),
    ),
    "people": ("#9a5a86", ("displacement", "exchange", "disaster", "other")),
}
"""Groups of event types, as on the page: colour and types."""


def group_of(event_type: str) -> str:
    """Give the group of an event type; the last one for a type of the user's own."""
    for group, (_, types) in GROUPS.items():
        if event_type in types:
            return group
    return "people"


def mix(one: str, two: str, share: float) -> str:
    """Mix a share of the second colour into the first.

    Examples
    --------
    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    a, b = (tuple(int(c[n : n + 2], 16) for n in (1, 3, 5)) for c in (one, two))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


def spell_style(control_type: str, certainty: str) -> str:
    """Say how a spell of control is filled: as the page does."""
    if "contested" in (control_type, certainty):
        return "contested"
    if "unknown" in (control_type, certainty):
        return "unknown"
    if control_type in ("demilitarised", "presence"):
        return control_type
    return "soft" if certainty == "probable" else "solid"


# Families of settings that change what is drawn, or the bytes it is written in.
_DRAWN = set(
    "agg axes font grid hatch lines markers mathtext patch path pdf savefig svg text xaxis xtick "
    "yaxis ytick".split()
)


@contextmanager
def print_style(families: Sequence[str] = ("DejaVu Sans",)) -> Iterator[None]:
    """Draw under our settings, whatever the user's are, and leave theirs as they were.

    Parameters
    ----------
    families : sequence of str
        Font families of the text, each standing in for letters that those before it lack; see
        :func:`atlas.figures.fonts.families_for`.

    SVG holds them as outlines, PDF as an embedded font.
    """
    ours: dict[str, Any] = {
        "font.family": list(families),
        "font.size": 7.5,
        "text.parse_math": False,
        "text.color": INK["ink"],
        "axes.edgecolor": INK["muted"],
        "axes.labelcolor": INK["muted"],
        "axes.linewidth": 0.6,
        "xtick.color": INK["muted"],
        "ytick.color": INK["muted"],
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "hatch.linewidth": 0.55,
        "lines.solid_capstyle": "butt",
        "lines.scale_dashes": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "atlas",
        "pdf.fonttype": 42,
        "pdf.compression": 6,
        "savefig.bbox": None,
        "figure.autolayout": False,
    }
    plain: dict[Any, Any] = {
        key: value
        for key, value in mpl.rcParamsDefault.items()
        if key.split(".")[0] in _DRAWN and key not in ("savefig.directory", "savefig.format")
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mpl.MatplotlibDeprecationWarning)
        # Letters that no font has are told in a note.
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        with mpl.rc_context(plain | ours):
            yield
