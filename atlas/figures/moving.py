"""A moving picture of the record: a frame a day, with its date, key and sources on every frame."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from atlas.base.errors import InputError
from atlas.base.output import atomic_file
from atlas.base.timespan import OPEN_END, OPEN_START, format_day
from atlas.figures.look import Look
from atlas.figures.page import MARGIN, Sheet
from atlas.figures.stills import Box, box_of_issue, map_still
from atlas.figures.style import INK, print_style

if TYPE_CHECKING:
    from PIL.Image import Image

    from atlas.layers import LayerSet
    from atlas.record.pack import Pack
    from atlas.words import Language

__all__ = ["check_film", "film_of"]

_SIZE, _DPI = (8.0, 5.2), 120.0
_FRAMES = 120  # what a film has at most where no step is asked for
_MOST = 1000
_DOTS = 1 << 30  # of all frames, which are held at once: three bytes each
_HELD_MS = 2000  # how long the last frame stands
_HEAD = 1.0  # inches of a sheet above its map
_ENDINGS = (".gif", ".webp", ".mp4", ".webm")


def check_film(path: str | Path) -> Path:
    """Refuse a file that a film can't be written to, before it is drawn.

    Raises
    ------
    InputError
        If the ending is none of a film's, what it needs is not installed, or the folder does not
        exist.

    Examples
    --------
    >>> check_film("war.gif").suffix
    '.gif'
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in _ENDINGS:
        raise InputError(f"{target.name} is no film's name; end it in {', '.join(_ENDINGS)}")
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {str(target.parent)!r} to write to; make it first")
    if ending in (".mp4", ".webm"):
        try:
            import imageio_ffmpeg  # noqa: F401
        except ImportError:
            raise InputError(
                f"{ending} needs an encoder: pip install 'conflict-atlas[film]'; "
                ".gif and .webp need none"
            ) from None
    return target


def film_of(
    pack: Pack,
    layers: LayerSet,
    first: int,
    last: int,
    path: Path,
    words: Language,
    licence: str,
    look: Look,
    *,
    extent: Box | None = None,
    step_days: int | None = None,
    fps: float = 5.0,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write a film of the days from one to another, both shown.

    Parameters
    ----------
    pack, layers : Pack and LayerSet
        The record, and what is drawn of it.
    first, last : int
        Day numbers.
    path : Path
        As `check_film` allows it.
    words : Language
        Language.
    licence : str
        Of the pack.
    look : Look
        Title, size, resolution and account.
    extent : tuple of 4 floats, optional
        West, south, east, north, degrees; the same for every frame.
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
        If the last day does not come after the first, a step or pace is none, or the film would be
        too large to hold.
    """
    days = _days(first, last, step_days)
    if not 0.1 <= fps <= 60:
        raise InputError(f"fps must be between 0.1 and 60, not {fps:g}")
    wide, high = (round(side * (look.dpi or _DPI)) for side in look.size)
    if wide * high * len(days) > _DOTS:
        raise InputError(
            f"{len(days):,} frames of {wide:,} x {high:,} dots are too much for a film; take a "
            "smaller size, fewer dots an inch or a longer step"
        )
    box = extent or box_of_issue(layers, days)
    cuts = _changes(layers, first, last)
    # Days between two changes look alike, save the date: each look is drawn once.
    looks = np.searchsorted(cuts, days, side="right")
    drawn: dict[int, Image] = {}
    frames: list[Image] = []
    for day, kind in zip(days, looks.tolist(), strict=True):
        if kind not in drawn:
            still = map_still(pack, layers, day, words, licence, look, box)
            drawn = {kind: _picture(still, still.get_dpi())}
        frames.append(_with_head(drawn[kind], layers, words, licence, look, day, days))
        if progress is not None:
            progress(1)
    with atomic_file(path) as draft:
        _write(frames, draft, path.suffix.lower(), fps)
    return len(frames)


def film_look(look: Look, size: Sequence[float] | None, dpi: float | None) -> Look:
    """The look of a film: of a screen's size, unless another is asked for."""
    return Look(look.title, look.size if size is not None else _SIZE, dpi or _DPI, look.side)


def _days(first: int, last: int, step: int | None) -> list[int]:
    if first >= last:
        raise InputError(
            f"{format_day(last)} does not come after {format_day(first)}; "
            "give the earlier day first"
        )
    if step is None:
        step = math.ceil((last - first) / (_FRAMES - 1))
    elif step < 1:
        raise InputError(f"a step is at least one day, not {step}")
    days = [*range(first, last, step), last]
    if len(days) > _MOST:
        raise InputError(f"{len(days):,} frames are too many; take a step of more than {step} days")
    return days


def _changes(layers: LayerSet, first: int, last: int) -> Any:
    """Days on which the picture changes."""
    days = set(layers.changes)
    for place in layers.places:
        days.update((place.start, place.end))
        days.update(day for name in place.names for day in (name.start, name.end))
    if any(one.name for one in layers.sets):
        days.update(layers.events.start.tolist())
    kept = [day for day in days if OPEN_START < day < OPEN_END and first < day <= last]
    return np.array(sorted(kept), dtype=np.int64)


def _picture(still: Any, dpi: float) -> Image:
    from PIL import Image

    out = io.BytesIO()
    with print_style():
        still.savefig(out, format="png", dpi=dpi)
    return Image.open(out).convert("RGB")


def _with_head(
    below: Image,
    layers: LayerSet,
    words: Language,
    licence: str,
    look: Look,
    day: int,
    days: Sequence[int],
) -> Image:
    """The map under the title and date of a day, and a line that tells how far the film is."""
    what = words("control" if layers.control else "events")
    with print_style():
        head: Sheet = Look(look.title, (look.size[0], _HEAD), look.dpi, look.side).sheet(
            layers, words, f"{what}, {words.date(day)}", licence
        )
        if look.title:
            right = head.width - MARGIN
            head.text(right, head.height - MARGIN - 0.08, words.date(day), 9, bold=True,
                      align="right")  # fmt: skip
        y, left, width = 0.1, MARGIN, head.width - 2 * MARGIN
        share = (day - days[0]) / (days[-1] - days[0])
        head.line([(left, y), (left + width, y)], INK["line"], 1.6)
        if share:
            head.line([(left, y), (left + share * width, y)], INK["accent"], 1.6)
    whole = below.copy()
    whole.paste(_picture(head.figure, look.dpi or _DPI), (0, 0))
    return whole


def _write(frames: list[Image], path: Path, ending: str, fps: float) -> None:
    from PIL.Image import Dither

    times = [round(1000 / fps)] * (len(frames) - 1) + [_HELD_MS]
    if ending == ".gif":
        palette = _palette(frames)
        flat = [frame.quantize(palette=palette, dither=Dither.NONE) for frame in frames]
        flat[0].save(
            path, format="GIF", save_all=True, append_images=flat[1:], duration=times, loop=0,
            disposal=1, optimize=False,
        )  # fmt: skip
    elif ending == ".webp":
        frames[0].save(
            path, format="WEBP", save_all=True, append_images=frames[1:], duration=times, loop=0,
            quality=80, method=4,
        )  # fmt: skip
    else:
        _encode(frames, path, ending, fps)


def _palette(frames: list[Image]) -> Image:
    """Colours of the first, a middle and the last frame, which between them hold all."""
    from PIL import Image

    chosen = [frames[0], frames[len(frames) // 2], frames[-1]]
    width, height = chosen[0].size
    strip = Image.new("RGB", (width, height * len(chosen)))
    for number, frame in enumerate(chosen):
        strip.paste(frame, (0, number * height))
    return strip.quantize(255)


def _encode(frames: list[Image], path: Path, ending: str, fps: float) -> None:
    """Let ffmpeg write it, bit for bit the same each time."""
    import imageio_ffmpeg

    codec, more = {
        ".mp4": ("libx264", ["-preset", "medium", "-crf", "20", "-movflags", "+faststart"]),
        ".webm": ("libvpx-vp9", ["-crf", "30", "-b:v", "0", "-cpu-used", "4"]),
    }[ending]
    width, height = (side - side % 2 for side in frames[0].size)  # 4:2:0 halves both
    writer = imageio_ffmpeg.write_frames(
        str(path), (width, height), fps=fps, codec=codec, pix_fmt_in="rgb24",
        pix_fmt_out="yuv420p", macro_block_size=1, ffmpeg_log_level="error",
        output_params=[*more, "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact",
                       "-map_metadata", "-1", "-f", ending[1:]],
    )  # fmt: skip
    writer.send(None)
    held = max(1, round(fps * _HELD_MS / 1000))
    for frame in [*frames, *[frames[-1]] * (held - 1)]:
        writer.send(frame.crop((0, 0, width, height)).tobytes())
    writer.close()
