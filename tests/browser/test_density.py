"""Many events in view, and several on one spot: by mouse, by key, in a saved picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.base.timespan import parse_day
from atlas.map import build_map
from atlas.record.pack import Pack
from tests.browser.conftest import until

pytestmark = pytest.mark.browser
SPOT = (10.62, 50.31)


@pytest.fixture(scope="module")
def many_page(demo: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Page of 2,600 events: three on one spot, the others all over the ground."""
    n = 2600
    steps = np.arange(n)
    lon = 10 + (steps * 0.61803) % 1
    lat = 50 + (steps * 0.41421) % 1
    lon[:3], lat[:3] = SPOT
    day = parse_day("2001-05-08")
    frame = pd.DataFrame(
        {"lon": lon, "lat": lat, "start_day": day, "end_day": day + 1, "event_type": "battle"}
    )
    path = tmp_path_factory.mktemp("many") / "many.html"
    own = build_map(demo, events={"Mine": frame}, date="2001-05-10", record_events=False)
    own.save(path)
    return path


def point(page: Any, expression: str) -> tuple[float, float]:
    x, y = page.evaluate(
        f"(() => {{ const b = atlasMap.app.map.getContainer().getBoundingClientRect();"
        f" const p = {expression}; return [b.left + p.x, b.top + p.y]; }})()"
    )
    return x, y


def test_hexagons_count_what_marks_cannot_tell_apart(
    opened: Callable[..., Any], many_page: Path
) -> None:
    page = opened(many_page)
    until(page, "atlasMap.app.view.crowded()")
    cells = "atlasMap.app.view.points.cells()"
    assert page.evaluate(f"{cells}.reduce((sum, cell) => sum + cell.n, 0)") == 2600
    page.locator(".legend", has_text="the number of events in it").wait_for()
    said = page.evaluate("atlasMap.png().then((picture) => picture.says.join('|'))")
    assert "Hexagon: the number of events in it" in said
    page.mouse.click(
        *point(
            page,
            f"{cells}.filter((c) => c.x > 60 && c.x < 500).reduce((a, b) => (b.n > a.n ? b : a))",
        )
    )
    until(page, "!atlasMap.app.view.crowded()")
    until(page, "!document.querySelector('.legend').textContent.includes('Hexagon')")
    assert "Hollow mark" in page.locator(".legend").text_content()


def test_what_stands_on_one_spot_is_laid_out_and_picked(
    opened: Callable[..., Any], many_page: Path
) -> None:
    lon, lat = SPOT
    page = opened(many_page, f"#z=13&c={lat},{lon}&tab=")
    where = f"atlasMap.app.map.latLngToContainerPoint([{lat}, {lon}])"
    until(page, "atlasMap.app.view.points.hit(0, 0) === -1")
    page.mouse.click(*point(page, where))
    until(page, "atlasMap.app.view.spread() && atlasMap.app.view.spread().rows.length === 3")
    assert page.evaluate("atlasMap.state().settings.sel") is None
    second = page.evaluate("atlasMap.app.view.spread().rows[1]")
    page.mouse.click(*point(page, f"atlasMap.app.view.markOf({second})"))
    page.wait_for_selector(f'.inspector .event[data-row="{second}"]')


def test_what_stands_on_one_spot_is_picked_by_key(
    opened: Callable[..., Any], many_page: Path
) -> None:
    lon, lat = SPOT
    page = opened(many_page, f"#z=13&c={lat},{lon}&tab=")
    page.locator(".atlas-map").focus()
    page.keyboard.press("Enter")
    until(page, "atlasMap.app.view.spread() && atlasMap.app.view.spread().rows.length === 3")
    page.keyboard.press("Escape")
    until(page, "!atlasMap.app.view.spread()")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(page, "atlasMap.app.view.spread().at === 1")
    page.locator(".tip", has_text="8 May 2001").wait_for()
    row = page.evaluate("atlasMap.app.view.spread().rows[1]")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.inspector .event[data-row="{row}"]')
    # The clock did not move while the arrows chose.
    assert page.evaluate("atlasMap.day") == "2001-05-10"
