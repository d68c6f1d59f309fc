"""One clock drives everything, exactly, wherever it is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import state_of, until

pytestmark = pytest.mark.browser


def go(page: Any, date: str) -> dict[str, Any]:
    box = page.locator(".date-input")
    box.fill(date)
    box.press("Enter")
    return state_of(page)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Yerevan"])
def test_ends_are_exact_in_any_time_zone(
    opened: Callable[..., Any], demo_page: Path, zone: str
) -> None:
    page = opened(demo_page, timezone_id=zone)
    before, after = go(page, "2001-05-09"), go(page, "2001-05-10")
    assert (before["date"], after["date"]) == ("2001-05-09", "2001-05-10")
    assert (before["control"]["a00"], after["control"]["a00"]) == ("A", "B")
    assert page.locator(".clock-face").inner_text() == "10 May 2001"


def test_every_layer_turns_on_its_day(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    states = {
        day: go(page, day)
        for day in ("2001-05-31", "2001-06-01", "2001-06-30", "2001-07-01", "2001-08-01")
    }
    assert [state["routes"]["r1"] for state in states.values()] == [
        "open", "blocked", "blocked", "humanitarian_only", "open",
    ]  # fmt: skip
    assert (
        states["2001-06-30"]["routes"]["r2"] == ""
        and states["2001-07-01"]["routes"]["r2"] == "closed"
    )
    mandates = {
        day: {m["id"]: m["state"] for m in go(page, day)["mandates"]}
        for day in ("2001-05-09", "2001-05-10", "2001-06-10", "2002-01-01")
    }
    assert mandates["2001-05-09"] == {}
    assert mandates["2001-05-10"]["m1"] == "authorised"
    assert mandates["2001-06-10"]["m1"] == "deployed"
    assert mandates["2002-01-01"]["m1"] == "authorised"


def test_the_map_is_drawn_anew_where_it_changed(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page)
    areas = "[...document.querySelectorAll('.atlas-area')]"
    fills = f"JSON.stringify({areas}.map(p => p.getAttribute('fill')))"
    go(page, "2001-05-09")
    before = page.evaluate(fills)
    go(page, "2001-05-10")
    after = page.evaluate(fills)
    assert before != after and before.count("url(#") == 4
    assert page.locator(".atlas-route-blocked").count() == 0
    go(page, "2001-06-15")
    assert page.locator(".atlas-route-blocked").count() == 1
    assert page.locator(".atlas-marks").count() >= 1


def test_keys_step_the_clock(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    page.locator(".stage").click(position={"x": 500, "y": 300})
    for key, day in [
        ("ArrowRight", "2001-05-11"), ("ArrowLeft", "2001-05-10"), ("PageDown", "2001-06-01"),
        ("PageUp", "2001-05-10"), ("Home", "2000-01-01"), ("End", None),
    ]:  # fmt: skip
        page.keyboard.press(key)
        if day:
            assert page.evaluate("atlasMap.day") == day, key
    assert page.evaluate("atlasMap.day") > "2002-03-01"


def test_typing_in_a_field_does_not_move_the_clock(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page)
    page.locator(".search-input").click()
    page.keyboard.type("alpha 1")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("atlasMap.day") == "2001-05-10"


def test_slider_and_buttons(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    page.get_by_role("button", name="One day on").click()
    assert page.evaluate("atlasMap.day") == "2001-05-11"
    page.get_by_role("button", name="Next change").click()
    assert page.evaluate("atlasMap.day") == "2001-06-01"
    page.get_by_role("button", name="First day").click()
    assert page.evaluate("atlasMap.day") == "2000-01-01"
    box = page.locator(".slider").bounding_box()
    page.mouse.move(box["x"] + 12, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=5)
    page.mouse.up()
    assert "2000-06-01" < page.evaluate("atlasMap.day") < "2001-12-31"
    assert (
        page.locator(".slider").get_attribute("aria-valuetext")
        == page.locator(".clock-face").inner_text()
    )


def test_play_goes_by_change_and_pauses(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "atlasMap.day >= '2001-06-01'")
    page.get_by_role("button", name="Pause").click()
    day = page.evaluate("atlasMap.day")
    page.wait_for_timeout(1200)
    assert page.evaluate("atlasMap.day") == day


def test_a_typed_span_becomes_the_span_shown(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    state = go(page, "2001-05")
    assert state["date"] == "2001-05-01" and state["settings"]["window"] == "range"
    assert state["events"] == 2
    state = go(page, "2000-01-01/2001-05-09")
    assert state["events"] == 2
    go(page, "the other day")
    assert page.get_by_role("alert").inner_text().startswith("Not a date")
    assert page.evaluate("atlasMap.day") == "2000-01-01"


def test_windows_of_events(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    counts = {}
    for window in ("day", "week", "month", "all"):
        page.locator(".window-select").select_option(window)
        counts[window] = page.evaluate("atlasMap.state().events")
    assert counts == {"day": 1, "week": 2, "month": 2, "all": 3}


def test_names_follow_the_clock_and_the_language(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#z=9.5&c=50.25,10.25")
    assert "Oldtown" in go(page, "2001-05-09")["labels"]
    labels = go(page, "2001-05-10")["labels"]
    assert "Alfa / Alpha" in labels and "Oldtown" not in labels
    page.locator(".side-select").select_option("B")
    assert "Alpha" in page.evaluate("atlasMap.state().labels")
    page.locator(".side-select").select_option("")
    for lang, name in (("ru", "Альфа"), ("hy", "Ալֆա"), ("az", "Əlfa")):
        page.locator(".lang-select").select_option(lang)
        # Each side's name, in the language where there is one.
        assert f"{name} / Alpha" in page.evaluate("atlasMap.state().labels")
        assert page.evaluate("document.documentElement.lang") == lang


def test_according_to_a_side_its_claims_stand(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    page.locator(".side-select").select_option("A")
    assert page.evaluate("atlasMap.state().control.a00") == "A"
    page.locator(".side-select").select_option("")
    assert page.evaluate("atlasMap.state().control.a00") == "B"
