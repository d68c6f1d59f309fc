"""One figure of a pack, and writing it down."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.base.output import write_bytes
from atlas.base.timespan import format_day, parse_day
from atlas.figures.fonts import families_for, letters_of
from atlas.figures.lean import lean_svg
from atlas.figures.look import Look, look_of
from atlas.figures.own import box_of_own, last_own_day
from atlas.figures.page import PRINT_DPI
from atlas.figures.style import print_style
from atlas.layers import as_told_by, layer_set, named_sets, with_ground
from atlas.record.languages import chosen
from atlas.words import Language
from atlas.world import ground as world

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from atlas.figures.page import Still
    from atlas.layers import LayerSet
    from atlas.record.pack import Pack

__all__ = ["check_figure", "figure", "film", "save"]

_MOST_DATES = 24
_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "atlas"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "atlas", "Producer": "atlas"},
    "png": {"Software": "atlas"},
}


def figure(
    pack: Pack,
    *,
    date: str | Date | int | None = None,
    compare: tuple[str | Date | int, str | Date | int] | None = None,
    series: bool = False,
    routes: bool = False,
    histogram: bool = False,
    displacement: bool = False,
    dates: Sequence[str | Date | int] | None = None,
    ax: Axes | None = None,
    events: Mapping[str, Any] | Any = None,
    record_events: bool = True,
    extent: Sequence[float | str] | None = None,
    side: str = "",
    title: str | None = None,
    size: Sequence[float] | None = None,
    dpi: float | None = None,
    lang: str | None = None,
) -> Still:
    """Draw a still for print: one of seven kinds.

    Parameters
    ----------
    pack : Pack
        The record.
    date : str, date or int, optional
        A map of this day; without any choice, of the day the pack opens on.
    compare : tuple of two days, optional
        Two maps side by side, and what passed between them.
    series : bool
        Disputed ground by holder over time.
    routes : bool
        State of the routes over time, as strips.
    histogram : bool
        Events over time, by kind.
    displacement : bool
        People who left home and came back, by count.
    dates : sequence of days, optional
        Small maps of these days, up to 24, in one frame and with one key.
    ax : matplotlib Axes, optional
        Draw the map of a day into these axes, rather than on a sheet.
    events : Events or DataFrame, or mapping of str to such, optional
        Own events: dots on a map, of those that had begun by its day, and counted in a histogram.
    record_events : bool
        Whether a histogram counts the record's own events too.
    extent : sequence of 4 floats, optional
        West, south, east, north in degrees of what a map shows, anywhere on earth; east above 180
        where it crosses the antimeridian. By default what is at issue.
    side : str
        Party whose account is drawn, of maps and series; empty for the assessment.
    title : str, optional
        In place of the figure's own.
    size : sequence of 2 floats, optional
        Width and height, inches; by default 11.69 x 8.27, A4.
    dpi : float, optional
        Dots an inch of a PNG; by default 220 in a file and 110 in a notebook.
    lang : str, optional
        Language of titles, names and notes, one of the pack's; by default English, or the pack's
        first.

    Returns
    -------
    matplotlib.figure.Figure
        `sets_shown` says how many own events are on it. It shows itself in a notebook, and pyplot
        knows nothing of it. With `ax`, the figure that the axes stand in.

    Raises
    ------
    InputError
        If more than one kind is asked for, a date is none or lies before the record, the pack does
        not list the language, or has nothing of that kind, or the extent is none or not of a map.

    Examples
    --------
    >>> figure(a.pack, date="2020-11-10", size=(9, 6)).get_size_inches().tolist()
    [9.0, 6.0]
    """
    kinds = {
        "date": date is not None,
        "compare": compare is not None,
        "series": series,
        "routes": routes,
        "histogram": histogram,
        "displacement": displacement,
        "dates": dates is not None,
    }
    asked = [name for name, wanted in kinds.items() if wanted]
    if len(asked) > 1:
        raise InputError(f"{' and '.join(asked)} are figures of their own; choose one")
    look = look_of(title=title, size=size, dpi=dpi, side=side)
    if ax is not None:
        if asked and asked[0] != "date":
            raise InputError(f"axes hold the map of one day; draw {asked[0]} on a sheet of its own")
        if size is not None or dpi is not None:
            raise InputError("axes have their figure's size and dpi; set them there")
    if side and asked and asked[0] not in ("date", "dates", "series"):
        raise InputError(f"a figure of {asked[0]} is of no side; draw a map or a series")
    words = chosen(pack, lang)
    own = named_sets(events)
    if own and asked and asked[0] in ("series", "routes", "displacement"):
        raise InputError(f"a figure of {asked[0]} shows no events; draw a map or a histogram")
    layers = layer_set(pack, events=own, record_events=record_events)
    if side:
        layers = as_told_by(layers, side)
    licence = str(pack.meta.settings.get("licence", ""))
    box = box_of_own(layers, layers.bbox) if extent is None else world.checked(extent)
    chart = series or routes or histogram or displacement
    if not chart:
        layers = with_ground(layers, pack, boxes=[] if box is None else [box])
    elif extent is not None:
        raise InputError(f"a figure of {asked[0]} is no map and has no extent")
    families = families_for(letters_of(layers, words), Notes("figure"))
    with print_style(families):
        if compare is not None:
            if len(compare) != 2:
                raise InputError(f"compare takes two days, not {len(compare)}")
            first, last = (_day(pack, value) for value in compare)
            if first >= last:
                raise InputError(
                    f"{format_day(last)} does not come after {format_day(first)}; "
                    "give the earlier day first"
                )
            from atlas.figures.stills import compare_still

            return compare_still(pack, layers, first, last, words, licence, look, box)
        if chart:
            return _chart(pack, layers, asked[0], words, licence, look)
        if dates is not None:
            from atlas.figures.many import many_still

            if isinstance(dates, str) or not 1 <= len(dates) <= _MOST_DATES:
                raise InputError(f"dates takes a list of 1 to {_MOST_DATES} days")
            shown = [_day(pack, one) for one in dates]
            return many_still(pack, layers, shown, words, licence, look, box)
        from atlas.figures.stills import map_still

        # A map of own events shows them all, unless a day is asked for.
        latest = last_own_day(layers) if date is None else None
        if latest is not None:
            first = pack.meta.period.start
            day = max(latest, first)
        else:
            day = _day(pack, pack.meta.start_date if date is None else date)
        if ax is not None:
            from atlas.figures.many import draw_in_axes

            drawn = draw_in_axes(ax, pack, layers, day, words, look, box)
            whole: Any = ax.get_figure(root=True)
            whole.sets_shown = dict(drawn.own)
            return cast("Still", whole)
        return map_still(pack, layers, day, words, licence, look, box)


def film(
    pack: Pack,
    first: str | Date | int,
    last: str | Date | int,
    path: str | Path,
    *,
    events: Mapping[str, Any] | Any = None,
    extent: Sequence[float | str] | None = None,
    side: str = "",
    title: str | None = None,
    size: Sequence[float] | None = None,
    dpi: float | None = None,
    step_days: int | None = None,
    fps: float = 5.0,
    lang: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write a film of the record from one day to another, whole or not at all.

    Parameters
    ----------
    pack : Pack
        The record.
    first, last : str, date or int
        Days it begins and ends on.
    path : path
        ``.gif`` or ``.webp``; ``.mp4`` or ``.webm`` with the extra ``film``.
    events, extent, side, title, lang
        As in `figure`.
    size, dpi
        As in `figure`; by default 8 x 5.2 inches at 120.
    step_days : int, optional
        Days between two frames; by default as few as give 120 frames.
    fps : float
        Frames a second.
    progress : callable, optional
        Called with the number of frames done since the last call.

    Returns
    -------
    int
        Frames.

    Raises
    ------
    InputError
        If the days are none or the wrong way round, or the file's ending is none of a film's.

    Notes
    -----
    The same film gives the same bytes.

    Examples
    --------
    >>> film(a.pack, "2020-09-27", "2020-11-10", "war.gif")  # doctest: +SKIP
    45
    """
    from atlas.figures.moving import check_film, film_look, film_of

    target = check_film(path)
    look = film_look(look_of(title=title, size=size, dpi=dpi, side=side), size, dpi)
    days = (_day(pack, first), _day(pack, last))
    words = chosen(pack, lang)
    layers = layer_set(pack, events=named_sets(events), record_events=False)
    if side:
        layers = as_told_by(layers, side)
    box = box_of_own(layers, layers.bbox) if extent is None else world.checked(extent)
    layers = with_ground(layers, pack, boxes=[] if box is None else [box])
    licence = str(pack.meta.settings.get("licence", ""))
    with print_style(families_for(letters_of(layers, words), Notes("film"))):
        return film_of(
            pack, layers, *days, target, words, licence, look,
            extent=box, step_days=step_days, fps=fps, progress=progress,
        )  # fmt: skip


def _chart(
    pack: Pack, layers: LayerSet, kind: str, words: Language, licence: str, look: Look
) -> Still:
    from atlas.figures.charts import event_chart, route_chart, series_chart

    if kind == "series":
        if not layers.control:
            raise InputError(f"the pack {pack.id!r} has no rows of control to draw")
        return series_chart(layers, words, licence, look)
    if kind == "routes":
        if pack.episodes.empty:
            raise InputError(f"the pack {pack.id!r} has no episodes of routes to draw")
        return route_chart(layers, words, licence, look)
    if kind == "displacement":
        from atlas.figures.people import people_chart

        if pack.displacement.empty:
            raise InputError(f"the pack {pack.id!r} has no rows of displacement to draw")
        return people_chart(pack.displacement, layers, words, licence, look)
    if not len(layers.events):
        raise InputError(f"the pack {pack.id!r} has no events to draw")
    drawn = event_chart(layers, words, licence, look)
    drawn.sets_shown = {one.name: one.rows for one in layers.sets if one.name}
    return drawn


def _day(pack: Pack, value: Any) -> int:
    day = parse_day(value)
    pack.require_day(day)
    return day


def check_figure(path: str | Path) -> Path:
    """Refuse a file that a figure can't be written to, before it is drawn.

    Raises
    ------
    InputError
        If the ending is none of a figure's, or the folder does not exist.
    """
    target = Path(path)
    if target.suffix.lower().removeprefix(".") not in _METADATA:
        raise InputError(f"{target.name} is no figure's name; end it in .png, .svg or .pdf")
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {str(target.parent)!r} to write to; make it first")
    return target


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, whole or not at all.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        As `figure` makes it.
    path : path
        The suffix says the format.

    Raises
    ------
    InputError
        If the suffix is another, or the folder does not exist.

    Notes
    -----
    The same figure gives the same bytes: no file states the time it was made.

    Examples
    --------
    >>> save(figure(a.pack, date="2020-11-10"), "day.svg")  # doctest: +SKIP
    """
    target = check_figure(path)
    kind = target.suffix.lower().removeprefix(".")
    if kind != "svg":
        data = _written(figure, kind)
    else:
        from atlas.figures.dots import apart

        with apart(figure) as placed:
            drawing = lean_svg(_written(figure, kind).decode("utf-8"))
            data = placed(drawing).encode("utf-8")
    write_bytes(target, data)


def _written(figure: Figure, kind: str) -> bytes:
    """A figure as matplotlib writes it."""
    out = io.BytesIO()
    dpi = getattr(figure, "print_dpi", PRINT_DPI)
    with print_style():
        figure.savefig(out, format=kind, dpi=dpi, metadata=_METADATA[kind])
    return out.getvalue()
