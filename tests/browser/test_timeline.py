"""Looking into time: by wheel, by drawing a stretch, by key, by chapter - and never by accident."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import CHROMIUM, rested, until

pytestmark = pytest.mark.browser
WINDOW = "atlasMap.app.clock.timeline.window()"


def days(page: Any) -> int:
    first, last = page.evaluate(WINDOW)
    return int(last - first)


def stretch(page: Any, part: str, one: float, two: float) -> None:
    """Draw along a part of the timeline, from one share of its width to another."""
    box = page.locator(part).bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + one * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + two * box["width"], y, steps=4)
    page.mouse.up()


def test_wheel_and_keys_go_from_all_years_to_a_day(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page)
    whole = days(page)
    box = page.locator(".track").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30)
    page.mouse.wheel(0, -100)
    until(page, f"{WINDOW}[1] - {WINDOW}[0] < {whole}")
    slider = page.locator(".slider")
    slider.focus()
    for _ in range(14):
        slider.press("+")
    assert days(page) == 2
    first, last = page.evaluate(WINDOW)
    day = page.evaluate("atlasMap.app.store.state.day")
    assert first <= day < last
    # The day stays in sight when it moves on.
    slider.press("PageDown")
    first, last = page.evaluate(WINDOW)
    assert first <= page.evaluate("atlasMap.app.store.state.day") < last
    slider.press("0")
    assert days(page) == whole


def test_a_stretch_of_the_axis_is_looked_into_and_one_of_the_lanes_is_shown(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page)
    whole = days(page)
    stretch(page, ".axis", 0.4, 0.6)
    assert 0.15 * whole < days(page) < 0.25 * whole
    stretch(page, ".lanes", 0.25, 0.75)
    settings = page.evaluate("atlasMap.state().settings")
    first, last = settings["range"]
    assert settings["window"] == "range" and 0.08 * whole < last - first < 0.13 * whole
    assert first <= settings["day"] < last
    page.get_by_role("button", name="The span shown, then the whole period").click()
    assert page.evaluate(WINDOW) == [first, last]
    page.get_by_role("button", name="The span shown, then the whole period").click()
    assert days(page) == whole


def test_chapters_stand_above_their_days(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    page.locator(".chapter-mark").first.click()
    assert page.evaluate("atlasMap.day") == "2000-03-15"
    assert page.evaluate("atlasMap.app.store.state.chapter") == "ch1"
    assert page.locator(".chapter-mark[aria-current='step']").count() == 1


def test_the_day_under_the_pointer_is_told(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    rested(page)  # the track stands where it will stay
    box = page.locator(".track").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30)
    tip = page.locator(".time-tip")
    tip.wait_for()
    assert "200" in tip.inner_text() and "Aland" in tip.inner_text()


@CHROMIUM
def test_the_wheel_belongs_to_the_page_around_until_the_reader_is_inside(
    opened: Callable[..., Any], demo_page: Path, tmp_path: Path
) -> None:
    inner = html.escape(demo_page.read_text(encoding="utf-8"), quote=True)
    outer = tmp_path / "notebook.html"
    outer.write_text(
        "<!DOCTYPE html><meta charset=utf-8><title>t</title><body>"
        f'<iframe style="width:100%;height:500px;border:0" srcdoc="{inner}"></iframe>'
        '<p style="height:2000px">after</p>',
        encoding="utf-8",
    )
    page = opened(outer, wait=False)
    frame = page.frames[1]
    until(frame, "Boolean(window.atlasMap && atlasMap.state)")
    zoom, window = frame.evaluate("atlasMap.app.map.getZoom()"), frame.evaluate(WINDOW)
    page.mouse.move(700, 250)
    page.mouse.wheel(0, 150)
    until(page, "scrollY > 100")
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(700, 480)  # over the timeline
    page.mouse.wheel(0, 150)
    until(page, "scrollY > 100")
    assert frame.evaluate("atlasMap.app.map.getZoom()") == zoom
    assert frame.evaluate(WINDOW) == window
    page.evaluate("scrollTo(0, 0)")
    page.mouse.click(800, 250)
    page.mouse.wheel(0, -150)
    until(frame, f"atlasMap.app.map.getZoom() > {zoom}")
    assert page.evaluate("scrollY") == 0
    assert frame.evaluate(
        "document.querySelector('.leaflet-container').offsetHeight > 0.55 * innerHeight"
    )


@CHROMIUM
@pytest.mark.parametrize(("width", "height"), [(844, 390), (700, 500), (900, 500), (720, 450)])
def test_a_short_window_is_mostly_map(
    opened: Callable[..., Any], demo_page: Path, width: int, height: int
) -> None:
    page = opened(demo_page, "#tab=here&sel=50.25,10.25",
                  viewport={"width": width, "height": height})  # fmt: skip
    share = page.evaluate("document.querySelector('.leaflet-container').offsetHeight / innerHeight")
    assert share >= 0.55
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Whose account it is, in words and whole, though the bar on top cuts it short.
    said = page.locator(".side-banner")
    assert said.is_visible() and said.inner_text() == "According to the atlas (assessed)"
    assert said.evaluate("(one) => one.scrollWidth <= one.clientWidth")
