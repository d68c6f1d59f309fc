"""Who could pass, on the map: the panel answers as Python does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.answers import passage
from atlas.base.timespan import parse_day
from atlas.record.pack import Pack
from tests.browser.conftest import until

pytestmark = pytest.mark.browser
DATE = "2001-06-15"


def test_the_panel_of_access_says_what_python_says(
    opened: Callable[..., Any], demo: Pack, demo_page: Path
) -> None:
    shut = passage.cutoff(demo, parse_day(DATE))["status"].value_counts()
    page = opened(demo_page, f"#date={DATE}&tab=access")
    count = page.locator("[data-cut-off]")
    count.wait_for()
    assert int(count.get_attribute("data-cut-off")) == shut.get("cut off", 0)
    unknown = page.locator("[data-unknown]").get_attribute("data-unknown")
    assert int(unknown) == shut.get("unknown", 0)
    page.locator(".access-user").focus()
    page.locator(".access-user").select_option("military")
    until(page, "location.hash.includes('user=military')")
    assert page.evaluate("document.activeElement.className") == "access-user"


def test_a_way_has_an_address_and_an_answer(
    opened: Callable[..., Any], demo: Pack, demo_page: Path
) -> None:
    road = demo.routes[demo.routes["mode"] == "road"].iloc[0]
    ids = [road["from_place_id"], road["to_place_id"]]
    way = passage.passage(demo, ids[0], ids[1], parse_day(DATE), access_km=15)
    page = opened(demo_page, f"#date={DATE}&way={ids[0]},{ids[1]}")
    page.wait_for_selector("[data-way]")
    assert page.locator("[data-way]").get_attribute("data-way") == way.status.replace(" ", "_")
    page.get_by_role("button", name="The other way round").click()
    until(page, f"location.hash.includes('way={ids[1]},{ids[0]}')")
    page.wait_for_selector("[data-way]")
    field = page.locator("[data-end=from]")
    field.fill("no such place at all")
    field.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"


def test_back_undoes_a_step_and_not_a_tick_of_the_clock(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    # A browser counts to fifty steps: a window that was in use says nothing of one more.
    page = opened(demo_page, "#date=2001-05-10&tab=events&win=all", own=True)
    before = page.evaluate("history.length")
    for day in ("2001-05-11", "2001-05-12"):
        page.evaluate(f"atlasMap.go('{day}')")
        until(page, f"location.hash.includes('{day}')")
    assert page.evaluate("history.length") == before
    card = page.locator(".event").first
    card.locator("summary").first.click()
    card.get_by_role("button", name="Go to").click()
    until(page, "location.hash.includes('event=e0')")
    assert page.evaluate("history.length") > before
    page.go_back()
    until(page, "atlasMap.state().settings.tab === 'events'")
    assert page.evaluate("atlasMap.state().settings.sel") is None
    page.go_forward()
    until(page, "atlasMap.state().settings.sel !== null")


def test_a_link_outlines_its_subject(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-06-15&spell=c2&theme=dark")
    until(page, "document.querySelectorAll('path.atlas-subject').length > 0")
    assert page.evaluate("document.querySelector('.atlas').dataset.theme") == "dark"
    page = opened(demo_page, "#event=e001")
    page.wait_for_selector(".inspector .event[open]")


def test_a_frame_for_another_page_is_the_map_and_the_clock(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#date=2001-06-15&ui=min", viewport={"width": 700, "height": 500})
    assert page.locator(".topbar:visible, .panel:visible").count() == 0
    assert page.evaluate("atlasMap.app.stage.clientHeight / innerHeight") > 0.55
    until(page, "atlasMap.hash().includes('ui=min')")
    page = opened(demo_page, "#date=2001-06-15")
    page.locator(".tools .copy").click()
    texts = page.locator(".share textarea").evaluate_all("all => all.map((one) => one.value)")
    assert "2001-06-15" in texts[0] and "<iframe" in texts[1] and "15 June 2001" in texts[2]
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_what_changed_is_outlined_and_the_former_line_dashed(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#date=2001-06-15&vs=2001-05-01&mode=changed&tab=compare")
    until(page, "document.querySelectorAll('.atlas-moved').length > 0")
    assert page.locator(".compare-map:visible").count() == 0
    assert page.locator(".compare tr[data-from]").count() >= 1
    page.evaluate("atlasMap.set({ compare: null })")
    until(page, "document.querySelectorAll('.atlas-moved').length === 0")


def test_the_search_finds_more_than_places(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-06-15")
    box = page.locator(".search-input")
    for text, kind in (("valley", "route"), ("observers", "mandate"), ("50.1, 10.4", "place")):
        box.fill(text)
        page.wait_for_selector(f".suggestions [data-kind={kind}]")
    box.press("Enter")
    until(page, "location.hash.includes('sel=50.1000,10.4000')")
    box.fill("changes hands")
    page.wait_for_selector(".suggestions [data-kind=event]")
    box.fill("changes hand")
    page.wait_for_selector(".suggestions [data-kind=event]")
    box.press("Enter")
    page.wait_for_selector(".inspector .event[open]")
