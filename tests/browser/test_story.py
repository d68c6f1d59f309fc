"""The story: a number, a callout and an outline a chapter, and the way on always in view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.answers import control
from atlas.base.timespan import parse_day
from atlas.record.pack import Pack
from tests.browser.conftest import CHROMIUM, until

pytestmark = pytest.mark.browser


def test_a_chapter_has_its_number_from_the_record(
    opened: Callable[..., Any], demo: Pack, demo_page: Path
) -> None:
    page = opened(demo_page, "#chapter=ch2")
    # A link that names a chapter and no date is of the chapter's date.
    assert page.evaluate("atlasMap.day") == "2001-05-10"
    moved = control.changes(demo, parse_day("2000-03-15"), parse_day("2001-05-10"))
    km2 = round(float(moved["area_km2"].sum()))
    page.wait_for_selector(f"[data-figure='ground {km2}']")
    page.locator(".callout", has_text="The town changes hands").wait_for()
    assert page.locator("path.atlas-subject").count() > 0
    size = page.evaluate("atlasMap.png().then((picture) => picture.size)")
    assert size > 10_000
    page.locator(".tab-events").click()
    until(page, "!document.querySelector('.callout')")


@CHROMIUM
@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1280, 800)])
def test_the_way_on_is_always_in_view(
    opened: Callable[..., Any], demo_page: Path, size: tuple[int, int]
) -> None:
    page = opened(demo_page, "#chapter=ch1", viewport={"width": size[0], "height": size[1]})
    button = page.locator(".chapter-steps .primary")
    button.wait_for()
    inside = (
        "(() => { const b = document.querySelector('.chapter-steps .primary')"
        ".getBoundingClientRect(), p = document.querySelector('.panel-body')"
        ".getBoundingClientRect(); return b.top >= p.top && b.bottom <= p.bottom + 1; })()"
    )
    for end in ("0", "1e6"):
        page.evaluate(f"document.querySelector('.panel-body').scrollTop = {end}")
        until(page, inside)
    button.click()
    until(page, "atlasMap.state().settings.chapter === 'ch2'")
    # The chapter's point is in view, and not under the panel.
    until(page, "atlasMap.app.map.getBounds().contains([50.4, 10.4])")
