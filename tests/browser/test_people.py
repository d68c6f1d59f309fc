"""People who left home and came back, on the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import CHROMIUM, until

pytestmark = [pytest.mark.browser]

AT_TOWN = (
    "() => { const m = atlasMap.app.map, p = m.latLngToContainerPoint([50.25, 10.25]),"
    " b = m.getContainer().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]; }"
)


@CHROMIUM
def test_people_are_drawn_told_and_explained_once_asked_for(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#date=2001-05-10&win=day&z=9&c=50.4,10.5")
    circles, ways = page.locator("path.atlas-people"), page.locator("path.atlas-flow")
    group = page.locator(".legend-group:has([data-layer='displacement'])")
    assert circles.count() == 0 and "displacement" not in page.evaluate("atlasMap.hash()")
    assert page.locator("[data-layer='displacement']").is_checked() is False
    assert "Figures of different counters" not in page.locator(".legend").text_content()
    page.locator("[data-layer='displacement']").check()
    until(page, "document.querySelectorAll('path.atlas-people').length === 1")
    # One circle, however many places they went to, and a way to each of them with its arrow.
    assert ways.count() == 2 and page.locator("path.atlas-flow-head").count() == 2
    assert all("Q" in d for d in ways.evaluate_all("all => all.map(n => n.getAttribute('d'))"))
    until(page, "location.hash.includes('displacement')")
    group.wait_for()
    key = group.text_content()
    assert "Left home" in key and "Came back" not in key
    assert "this large is 20 people" in key and "Figures of different counters" in key
    # Under the pointer.
    x, y = page.evaluate(AT_TOWN)
    page.mouse.move(x + 9, y + 9)
    page.mouse.move(x + 10, y + 10)
    tip = page.locator(".tip")
    tip.wait_for()
    said = "People of the old town: 1200 (900\u20131500)"
    told = tip.inner_text()
    assert said in told and "10 May 2001 \u2013 June 2001" in told
    assert "counted by Bureau of counts (July 2001)" in told and "Report s-n, Report s-b" in told
    # And in the panel, with the sources.
    page.mouse.click(x + 10, y + 10)
    item = page.locator(".people-item")
    item.wait_for()
    assert said in item.inner_text() and "Alfa / Alpha → Beta, Delta" in item.inner_text()
    assert item.locator(".receipts li").count() == 2
    # Figures of two counters stand side by side; those back on a day are filled.
    page.evaluate("atlasMap.go('2001-05-20')")
    until(page, "document.querySelectorAll('.people-item').length === 2")
    assert circles.count() == 2
    fills = circles.evaluate_all("all => all.map(n => n.getAttribute('fill') !== 'none')")
    assert fills == [False, True]
    page.evaluate("atlasMap.set({ lang: 'ru' })")
    until(page, "document.querySelector('.inspector').textContent.includes('Горожане: 1200')")
    # The way back is the same for a link; a picture explains what it shows.
    again = opened(demo_page, page.evaluate("atlasMap.hash()"))
    until(again, "document.querySelectorAll('path.atlas-people').length === 2")
    picture = again.evaluate("atlasMap.set({ lang: 'en' }), atlasMap.png()")
    assert "Back on a day" in picture["says"]
    assert any("Figures of different counters" in text for text in picture["says"])
    assert any("Report s-b" in text for text in picture["says"])
    alone = again.evaluate(
        "atlasMap.set({ layers: { displacement: true, labels: true } }), atlasMap.png()"
    )
    assert "People who left home and came back, 20 May 2001" in alone["says"]
