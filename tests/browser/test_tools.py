"""Measuring, and counting in a box: by pointer, by key, and out as a table to be read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import atlas
from tests.browser.conftest import CHROMIUM, until
from tests.map.demo import HOSTILE

pytestmark = pytest.mark.browser
WHERE = (
    "([lat, lon]) => { const m = atlasMap.app.map, p = m.latLngToContainerPoint([lat, lon]),"
    " b = m.getContainer().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]; }"
)
POINTS = "atlasMap.app.tools.current().points().length"


def test_a_distance_and_an_area_by_pointer(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#tab=&z=8.5&c=50.5,10.4&lang=ru")
    page.locator("[data-tool=measure]").click()
    for spot in ([50.3, 10.2], [50.3, 10.4], [50.45, 10.4]):
        page.mouse.click(*page.evaluate(WHERE, spot))
    until(page, f"{POINTS} === 3")
    text = page.locator(".measured").inner_text()
    # 14.2 km and 16.7 km; half of their product.
    assert "30,9 км" in text and "119 км²" in text
    said = page.evaluate("atlasMap.png().then((picture) => picture.says.join('|'))")
    assert "30,9 км" in said
    # Nobody asked about the points.
    assert page.evaluate("atlasMap.state().settings.sel") is None
    page.keyboard.press("Escape")
    until(page, "document.querySelector('.tool-card').hidden")
    assert page.locator(".atlas-measured").count() == 0


def test_a_distance_by_key(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#tab=&z=8&c=50.5,10.4")
    page.locator("[data-tool=measure]").focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.classList.contains('atlas-map')")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    until(page, f"{POINTS} === 2")
    page.locator(".measured dd", has_text="km").wait_for()
    page.keyboard.press("Backspace")
    until(page, f"{POINTS} === 1")
    page.keyboard.press("Escape")
    until(page, "document.querySelector('.stage').dataset.tool === ''")


def test_a_box_counts_and_its_table_is_read_row_for_row(
    opened: Callable[..., Any], demo_page: Path, tmp_path: Path
) -> None:
    page = opened(demo_page, "#date=2002-03-20&win=all&tab=&z=8&c=50.5,10.5")
    page.locator("[data-tool=box]").click()
    left, top = page.evaluate(WHERE, [50.95, 9.9])
    right, bottom = page.evaluate(WHERE, [50.05, 11.1])
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    page.mouse.move(right, bottom)
    page.mouse.up()
    page.wait_for_selector("[data-boxed='5']")
    text = page.locator(".boxed").inner_text()
    for part in ("15 March 2000 – 1 March 2002", "10", "12", "20", "stated for 1 of 5", "battle"):
        assert part in text
    assert "Download as CSV" in page.locator(".boxed .primary").inner_text()
    path = tmp_path / "box.csv"
    # Not every browser tells its driver of what it saves.
    path.write_text(page.evaluate("atlasMap.app.tools.current().table()"), encoding="utf-8")
    read = atlas.read_events(path)
    assert len(read.rejects) == 0
    frame = read.frame
    assert list(frame["event_id"]) == ["e001", "e002", "e003", "e004", "e005"]
    dates = ["2000-03-15", "2001-05-09", "2001-05-10", "2001-06", "2002-03-01"]
    assert list(frame["event_date"]) == dates
    assert frame["title"][1] == HOSTILE
    assert list(frame.loc[1, ["best", "low", "high"]]) == [12, 10, 20]
    assert frame["best"].isna().sum() == 4
    assert frame["counterclaims"][2] == "B dates it a day later."
    assert set(frame["source_ids"]) == {"s-n"}
    assert frame["citation"].str.contains("20 March 2002").all()


@CHROMIUM
def test_the_view_is_a_box_under_a_finger_on_a_phone(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(
        demo_page,
        "#date=2002-03-20&win=all&tab=&z=7&c=50.5,10.5&lang=ar",
        viewport={"width": 390, "height": 844}, has_touch=True,
    )  # fmt: skip
    page.locator("[data-tool=box]").tap()
    page.locator(".boxed .text-button").tap()
    page.wait_for_selector("[data-boxed='5']")
    card, stage = page.locator(".tool-card").bounding_box(), page.locator(".stage").bounding_box()
    assert card["x"] >= 0 and card["x"] + card["width"] <= 390
    assert card["y"] >= stage["y"]


def test_ten_stops_of_the_tab_key_lead_to_the_map_at_most(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#tab=story")
    stops = 0
    while not page.evaluate("document.activeElement.classList.contains('atlas-map')"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= 10
    # What stands in one row is one stop, and the arrows go along it.
    page.keyboard.press("Shift+Tab")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != name
    assert page.evaluate("atlasMap.day") == "2001-05-10"
