"""What the map says before anybody clicks, and how sharp its lines are drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import CHROMIUM, rested, until

pytestmark = [pytest.mark.browser]


@CHROMIUM
def test_ground_and_roads_tell_what_a_click_would(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#date=2001-06-15&win=day&z=9&c=50.3,10.5")
    x, y = page.evaluate(
        "() => { const m = atlasMap.app.map, p = m.latLngToContainerPoint([50.25, 10.6]),"
        " b = m.getContainer().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]; }"
    )
    page.mouse.move(x, y)
    page.mouse.move(x + 1, y)
    tip = page.locator(".tip")
    tip.wait_for()
    text = tip.inner_text()
    assert "Beland" in text and "held" in text and "Valley road" in text
    # It goes as soon as the pointer moves on, and away from the map it stays away.
    page.evaluate(
        "() => { const tip = document.querySelector('.tip'); globalThis.gone = 0;"
        " new MutationObserver(() => { gone += tip.hidden; }).observe(tip, { attributes: true }); }"
    )
    page.mouse.move(x, y - 300)
    until(page, "gone > 0")
    tip.wait_for()
    page.mouse.move(1, 1)
    tip.wait_for(state="hidden")
    rested(page)
    assert tip.is_hidden()


@CHROMIUM
def test_a_line_looked_at_closely_is_as_wide_as_the_doubt_about_it(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#date=2001-05-09&z=8&c=50.25,10.5")
    assert page.locator(".atlas-band").count() == 0
    page.evaluate("void atlasMap.app.map.setZoom(13, { animate: false })")
    widths = page.locator(".atlas-band").evaluate_all(
        "nodes => nodes.map(n => Number(n.getAttribute('stroke-width')))"
    )
    # Areas of the demo are good to 500 m either way; a pixel is 12 m there.
    assert widths and all(75 < width < 90 for width in widths)
