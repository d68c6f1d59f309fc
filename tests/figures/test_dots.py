"""A crowd of dots as a picture shows what the same dots drawn one by one would show."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from atlas.figures.dots import Dots, apart, dots_picture
from atlas.figures.draw import save

RADIUS, EDGE = 9.93, 1.53


def _codes(*centres: tuple[int, int], size: tuple[int, int] = (60, 40)) -> np.ndarray:
    return dots_picture(np.array(centres, dtype=np.int64).reshape(-1, 2), size, RADIUS, EDGE)


def _crowd(picture: bool) -> Figure:
    """200 dots in a corner of some axes, half of them at its edge."""
    drawn = Figure(figsize=(2, 2), dpi=100)
    FigureCanvasAgg(drawn)
    axes = drawn.add_axes((0.1, 0.2, 0.8, 0.7))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    x, y = np.random.default_rng(1).beta(0.7, 2.0, (2, 200))
    if picture:
        axes.add_artist(Dots(x, y, size=6.5, edge=0.5, face="#0072b2", line="#ffffff"))
    else:
        axes.plot(x, y, "o", ms=6.5, mew=0.5, mfc="#0072b2", mec="#ffffff")
    return drawn


def test_no_dot_near_is_no_colour() -> None:
    assert not _codes().any()
    assert not _codes((-30, 5), (200, 5), (5, 90)).any()


def test_one_dot_is_its_face_within_an_edge_within_nothing() -> None:
    codes = _codes((30, 20))
    assert codes[20, 30] == 5
    row = codes[20, 30:45].tolist()
    assert row[:9] == [5] * 9
    assert row[9:] == [4, 1, 6, 0, 0, 0]  # some of the face; the edge, and some of it
    around = codes[5:36, 15:46]
    assert (around == around[::-1]).all()
    assert (around == around.T).all()


def test_a_dot_outside_reaches_in() -> None:
    assert _codes((-8, 20))[20, 0] == 5
    assert _codes((-12, 20))[20].sum() == 0


def test_the_last_dot_lies_on_top() -> None:
    first, last = (25, 20), (31, 20)
    one, other = _codes(first, last), _codes(last, first)
    assert one[20, 35] == 5
    assert one[20, 21] == 1  # the edge of the last, over the first
    assert other[20, 35] == 1
    assert other[20, 21] == 5
    assert (_codes(last, last, first) == other).all()


def test_a_picture_of_a_crowd_is_the_crowd() -> None:
    seen = []
    for picture in (True, False):
        drawn = _crowd(picture)
        drawn.canvas.draw()
        seen.append(np.asarray(drawn.canvas.buffer_rgba())[..., :3].astype(int))
    # Each way of drawing rounds to pixels of its own; a few of them together are alike.
    few = [one.reshape(20, 10, 20, 10, 3).mean(axis=(1, 3)) for one in seen]
    assert np.abs(few[0] - few[1]).max() < 45
    assert np.abs(few[0].mean() - few[1].mean()) < 1
    outside = seen[0].copy()
    outside[20:160, 20:180] = 255
    assert (outside == 255).all(), "cut to the axes"


@pytest.mark.parametrize("saved", [True, False])
def test_an_svg_holds_the_picture_where_the_dots_are(tmp_path: Path, saved: bool) -> None:
    path, drawn = tmp_path / "f.svg", _crowd(True)
    if saved:
        save(drawn, path)
    else:
        drawn.savefig(path)
    text = path.read_text(encoding="utf-8")
    assert text.count("<image") == 1
    assert "dots1" not in text
    data = re.search(r"data:image/png;base64,([^\"]+)", text)
    assert data is not None
    with Image.open(io.BytesIO(base64.b64decode(data[1]))) as image:
        image.load()
    shown = np.asarray(image.convert("RGBA"))
    if not saved:  # matplotlib lets SVG turn it over
        shown = shown[::-1]
    heavy = shown[..., 3] > 0
    half = len(heavy) // 2
    assert heavy[half:].sum() > 2 * heavy[:half].sum(), "the crowd is at the bottom"
    assert heavy[:, : heavy.shape[1] // 2].sum() > 2 * heavy[:, heavy.shape[1] // 2 :].sum()


def test_the_same_figure_is_saved_twice_alike(tmp_path: Path) -> None:
    drawn = _crowd(True)
    for name in ("a.svg", "b.svg", "c.png"):
        save(drawn, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    with apart(drawn) as placed:
        assert placed("<svg/>") == "<svg/>"
    assert drawn.findobj(Dots)[0]._apart == ""
