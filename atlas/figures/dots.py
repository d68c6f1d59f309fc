"""Very many dots of one colour as a picture: a pixel is worked out once, however many hide there.

Drawn one after the other, a hundred thousand dots cost more than the rest of a map, though nearly
all of them lie under others. What is seen in a pixel is the last dot over it, and that is found for
all pixels at once: as the greatest of the dots' numbers in a disc around it.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Dots", "apart", "dots_picture"]

#: Steps from the colour of the edge to that of the face, and from nothing to the edge: no eye tells
#: more of them along the edge of a dot, and each costs bytes.
_TONES, _EDGES = 5, 2
#: Of zlib: beyond it a picture takes several times as long for a tenth of its bytes.
_EFFORT = 7


class Dots(Artist):
    """Dots of one colour with an edge of another, drawn as a picture at the figure's resolution.

    Parameters
    ----------
    x, y : array of float
        Where they are, in the data coordinates of the axes; the last lies on top.
    size, edge : float
        Diameter to the middle of the edge, and the edge's width, points.
    face, line : str
        Colours.
    """

    def __init__(
        self,
        x: npt.NDArray[np.float64],
        y: npt.NDArray[np.float64],
        *,
        size: float,
        edge: float,
        face: str,
        line: str,
    ) -> None:
        super().__init__()
        self._points = np.column_stack([x, y])
        self._size, self._edge = size, edge
        self._colours = _palette(face, line)
        self._apart = self._written = ""

    def draw(self, renderer: Any) -> None:
        """Draw as matplotlib asks it to."""
        if not self.get_visible() or self.axes is None or self.figure is None:
            return
        finer = renderer.get_image_magnification()
        box = self.axes.bbox
        left, bottom = int(np.floor(box.x0 * finer)), int(np.floor(box.y0 * finer))
        width, height = int(np.ceil(box.x1 * finer)) - left, int(np.ceil(box.y1 * finer)) - bottom
        pixels = np.floor(self.axes.transData.transform(self._points) * finer)
        point = self.figure.dpi / 72 * finer
        codes = dots_picture(
            (pixels - (left, bottom)).astype(np.int64), (width, height),
            self._size / 2 * point, self._edge * point,
        )  # fmt: skip
        if self._apart:
            page = self.figure.get_figure(root=True).bbox.height
            corner = left / finer, page - (bottom + height) / finer
            self._written = _image(
                codes[::-1], self._colours, (*corner, width / finer, height / finer)
            )
            renderer.open_group("dots", gid=self._apart)
            renderer.close_group("dots")
            return
        brush = renderer.new_gc()
        self._set_gc_clip(brush)  # type: ignore[attr-defined]
        renderer.draw_image(brush, left / finer, bottom / finer, self._colours[codes])
        brush.restore()
        self.stale = False


@contextmanager
def apart(figure: Figure) -> Iterator[Callable[[str], str]]:
    """Leave a mark in an SVG for each picture of dots, and give what puts the pictures there.

    matplotlib writes a picture in full colour, which takes several times as long as all else of it.

    Parameters
    ----------
    figure : Figure
        To be written as SVG within the context.

    Yields
    ------
    callable
        From the drawing with marks to the drawing.
    """
    many: list[Any] = figure.findobj(Dots)
    for number, dots in enumerate(many, start=1):
        dots._apart = f"dots{number}"

    def placed(drawing: str) -> str:
        for dots in many:
            drawing = drawing.replace(f'<g id="{dots._apart}"/>', dots._written, 1)
        return drawing

    try:
        yield placed
    finally:
        for dots in many:
            dots._apart = dots._written = ""


def _image(
    codes: npt.NDArray[np.uint8],
    colours: npt.NDArray[np.uint8],
    box: tuple[float, float, float, float],
) -> str:
    """A picture as SVG has it: where it is, its bytes inside."""
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(codes))
    # So many colours that a pixel is a byte: halves of bytes pack worse.
    padded = np.zeros((256, 4), dtype=np.uint8)
    padded[: len(colours)] = colours
    picture.putpalette(padded[:, :3].tobytes())
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=_EFFORT, transparency=padded[:, 3].tobytes())
    data = base64.b64encode(out.getvalue()).decode("ascii")
    x, y, width, height = (f"{value:.3f}".rstrip("0").rstrip(".") for value in box)
    return (
        f'<image x="{x}" y="{y}" width="{width}" height="{height}" '
        f'xlink:href="data:image/png;base64,{data}"/>'
    )


def dots_picture(
    centres: npt.NDArray[np.int64], size: tuple[int, int], radius: float, edge: float
) -> npt.NDArray[np.uint8]:
    """Say of each pixel which colour the dots give it.

    Parameters
    ----------
    centres : array of int, shape (dots, 2)
        Column and row of the pixel each is in; the last lies on top. Those outside count as far as
        they reach in.
    size : tuple of int
        Columns and rows.
    radius : float
        From the middle of a dot to the middle of its edge, pixels.
    edge : float
        Width of the edge, pixels.

    Returns
    -------
    array of uint8, shape (rows, columns)
        0 for nothing, then the share of the face from none to all, then that of the edge over
        nothing, from little to much.

    Notes
    -----
    A pixel shows the last dot that covers it whole and, where a later one covers a part of it, the
    edge of that one over it. What shines through two such edges at once is left out.
    """
    outer, inner = radius + edge / 2, radius - edge / 2
    reach = int(np.ceil(outer + 0.5))
    wide, high = size[0] + 2 * reach, size[1] + 2 * reach
    placed = centres + reach
    near = ((placed >= 0) & (placed < (wide, high))).all(axis=1)
    x, y = placed[near].T.astype(np.int32)
    codes = np.zeros((size[1], size[0]), dtype=np.uint8)
    if not len(x):
        return codes
    last = np.zeros((high, wide), dtype=np.int32)
    last[y, x] = np.arange(1, len(x) + 1)
    whole, partly = _covered(last, size, reach, (outer - 0.5, outer + 0.5))
    # Squares of distances are whole numbers, so that shares are looked up.
    far = np.sqrt(np.arange(2 * reach * reach + 2, dtype=np.float32))
    face, rim = np.clip(inner - far + 0.5, 0, 1), np.clip(outer - far + 0.5, 0, 1)
    spots = np.flatnonzero(partly)
    row, column = np.divmod(spots.astype(np.int32), np.int32(size[0]))
    below, above = whole.ravel()[spots], partly.ravel()[spots]

    def squared(number: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """From each spot to the middle of its dot; far away where there is none."""
        dx, dy = x[number - 1] - column - reach, y[number - 1] - row - reach
        found: npt.NDArray[np.int32] = np.where(number > 0, dx * dx + dy * dy, len(far) - 1)
        return found

    over = np.where(above > below, rim[squared(above)], 0)
    tone = 1 + np.rint((1 - over) * face[squared(below)] * (_TONES - 1))
    bare = np.ceil(over * _EDGES)
    codes.ravel()[spots] = np.where(below > 0, tone, np.where(bare > 0, _TONES + bare, 0))
    return codes


def _covered(
    last: npt.NDArray[np.int32], size: tuple[int, int], reach: int, radii: tuple[float, float]
) -> list[npt.NDArray[np.int32]]:
    """Greatest number within each radius of each pixel, without the margin."""
    width, height = size
    found = [np.zeros((height, width), dtype=np.int32) for _ in radii]
    # Row by row of the disc: the greatest of so many pixels to each side, ever more of them.
    row = last[:, reach : reach + width].copy()
    for side in range(reach + 1):
        if side:
            np.maximum(row, last[:, reach - side : reach - side + width], out=row)
            np.maximum(row, last[:, reach + side : reach + side + width], out=row)
        for radius, whole in zip(radii, found, strict=True):
            for up in range(reach + 1):
                if up <= radius and int(np.sqrt(radius * radius - up * up)) == side:
                    for at in {reach - up, reach + up}:
                        np.maximum(whole, row[at : at + height], out=whole)
    return found


def _palette(face: str, line: str) -> npt.NDArray[np.uint8]:
    """Colour of each code of `dots_picture`, with its opacity."""
    share = np.linspace(0, 1, _TONES)[:, None]
    tones = (1 - share) * to_rgb(line) + share * to_rgb(face)
    colours = np.zeros((1 + _TONES + _EDGES, 4))
    colours[1 : 1 + _TONES, :3], colours[1 : 1 + _TONES, 3] = tones, 1
    colours[1 + _TONES :, :3] = to_rgb(line)
    colours[1 + _TONES :, 3] = np.arange(1, _EDGES + 1) / (_EDGES + 1)
    whole: npt.NDArray[np.uint8] = np.rint(colours * 255).astype(np.uint8)
    return whole
