"""The page of the shipped pack: its facts on the map, its looks, its weight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import CHROMIUM, rested, state_of

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def at(page: Any, day: str) -> dict[str, Any]:
    page.evaluate("day => atlasMap.go(day)", day)
    return state_of(page)


def test_weighs_no_more_than_a_photograph(shipped_page: Path) -> None:
    assert shipped_page.stat().st_size < 1_500_000


def test_lachin_passes_and_its_road_moves(opened: Callable[..., Any], shipped_page: Path) -> None:
    page = opened(shipped_page)
    before, after = at(page, "2022-08-25"), at(page, "2022-08-26")
    assert (before["control"]["lachin_corridor"], after["control"]["lachin_corridor"]) == (
        "RU",
        "AZ",
    )
    before, after = at(page, "2022-08-29"), at(page, "2022-08-30")
    assert (before["routes"]["lachin_old"], after["routes"]["lachin_old"]) == ("open", "closed")
    assert after["routes"]["lachin_new"] == "open"
    assert "Berdzor" in " ".join(at_lachin(page, "2022-08-25"))
    assert "Berdzor" not in " ".join(at_lachin(page, "2022-08-26"))


def at_lachin(page: Any, day: str) -> list[str]:
    # `void`, as everywhere: the map that it gives back would be sent here whole, for seconds.
    page.evaluate("void atlasMap.app.map.setView([39.64, 46.55], 11, {animate: false})")
    labels: list[str] = at(page, day)["labels"]
    return labels


def test_the_road_is_blocked_in_december_2022(
    opened: Callable[..., Any], shipped_page: Path
) -> None:
    page = opened(shipped_page)
    assert at(page, "2022-12-11")["routes"]["lachin_new"] == "open"
    assert at(page, "2022-12-12")["routes"]["lachin_new"] == "blocked"
    page.evaluate("atlasMap.set({ user: 'peacekeeper' })")
    assert at(page, "2022-12-12")["routes"]["lachin_new"] == "open"


def test_districts_pass_on_their_days(opened: Callable[..., Any], shipped_page: Path) -> None:
    page = opened(shipped_page)
    for area, day_before, day in (
        ("lachin", "2020-11-30", "2020-12-01"),
        ("agdam_city", "2020-11-19", "2020-11-20"),
    ):
        assert at(page, day_before)["control"][area] == "NK"
        assert at(page, day)["control"][area] == "AZ"


def test_a_name_in_any_script_leads_to_its_place(
    opened: Callable[..., Any], shipped_page: Path
) -> None:
    page = opened(shipped_page)
    for query in ("Stepanakert", "Xankəndi", "Ստեփանակերտ", "Степанакерт", "xankendi"):
        page.locator(".search-input").fill(query)
        page.locator(".search-input").press("Enter")
        assert page.evaluate("atlasMap.state().settings.sel.place") == "stepanakert", query


@CHROMIUM
@pytest.mark.parametrize("tab", ["story", "here", "events", "compare"])
def test_accessible(opened: Callable[..., Any], shipped_page: Path, tab: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    link = f"#date=2022-12-20&tab={tab}&sel=lachin" + ("&vs=2020-09-26" if tab == "compare" else "")
    page = opened(shipped_page, link)
    rested(page)
    result = axe.Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


LOOKS: list[tuple[str, str, dict[str, Any]]] = [
    ("desktop", "#date=2020-11-10", {}),
    ("desktop-here", "#date=2022-12-20&z=9.5&c=39.72,46.6&sel=lachin", {}),
    ("desktop-compare", "#date=2020-12-02&vs=2020-09-26&tab=compare", {}),
    ("desktop-claims", "#date=2019-01-01&side=AZ&z=8.5&c=39.7,46.7", {}),
    ("desktop-span", "#date=2021-01-01&span=2020-09-27/2020-11-10&lang=ru&tab=", {}),
    ("desktop-hy", "#date=1994-05-12&lang=hy&tab=events&win=year", {}),
    ("desktop-az", "#date=2023-09-20&lang=az&tab=events", {}),
    ("desktop-ru", "#date=2023-05-25&lang=ru&sel=stepanakert&z=9&c=39.8,46.7", {}),
    ("desktop-dark", "#date=2020-10-20&z=8.5&c=39.7,46.7&tab=events", {}),
    ("phone", "#date=2020-11-10", {"viewport": PHONE}),
    ("phone-here", "#date=2022-12-20&sel=lachin&z=9&c=39.6,46.6", {"viewport": PHONE}),
    ("phone-layers-ru", "#date=2022-12-20&tab=legend&lang=ru", {"viewport": PHONE}),
]


@pytest.mark.parametrize(("name", "link", "options"), LOOKS, ids=[look[0] for look in LOOKS])
def test_looks(
    opened: Callable[..., Any],
    browser: Any,
    shipped_page: Path,
    artefacts: Path,
    name: str,
    link: str,
    options: dict[str, Any],
) -> None:
    """Screenshots to look at; what can be told without eyes is asserted."""
    page = opened(shipped_page, link, **options)
    if name.endswith("dark"):
        page.evaluate("atlasMap.set({ theme: 'dark' })")
    rested(page)
    folder = artefacts if browser.browser_type.name == "chromium" else artefacts / "firefox"
    page.screenshot(path=folder / f"{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.evaluate(
        "[...document.querySelectorAll('.button, .tab, .field, .clock-face, .legend-toggle')]"
        ".filter(n => n.checkVisibility({contentVisibilityAuto: true}))"
        ".filter(n => { const b = n.getBoundingClientRect();"
        " return b.right > innerWidth + 1 || b.left < -1; }).map(n => n.className)"
    )
    assert cut == []


@CHROMIUM
def test_areas_of_one_pattern_are_one_path_on_paper(
    opened: Callable[..., Any], shipped_page: Path
) -> None:
    page = opened(shipped_page, "#date=2020-11-10")
    drawn = """() => [...document.querySelectorAll(".leaflet-atlas-control-pane path.atlas-area")]
      .filter((path) => path.getAttribute("display") !== "none")
      .map((path) => [path.getAttribute("fill"), path.getAttribute("fill-opacity"),
        path.getAttribute("stroke"), path.getAttribute("d")])"""
    before = page.evaluate(drawn)
    for _ in range(2):  # a browser may say so twice
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper = page.evaluate(drawn)
    kinds = {(fill, opacity) for fill, opacity, _, _ in before}
    assert len(kinds) == len(paper) < len(before)
    assert {(fill, opacity) for fill, opacity, _, _ in paper} == kinds
    assert {stroke for _, _, stroke, _ in paper} == {"none"}
    assert sum(len(d) for *_, d in paper) == sum(len(d) for *_, d in before)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(drawn) == before


@CHROMIUM
def test_print(
    opened: Callable[..., Any], demo_page: Path, shipped_page: Path, artefacts: Path
) -> None:
    # The small pack goes to paper, the large one to the eyes.
    paper = opened(demo_page).pdf(print_background=True, prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    (artefacts / "print.pdf").write_bytes(paper)
    page = opened(shipped_page, "#date=2020-11-10", own=True)
    page.emulate_media(media="print")
    rested(page)
    page.screenshot(path=artefacts / "print.png")
    assert page.locator(".legend-box").is_visible() and page.locator(".clock-face").is_visible()
    for hidden in (".panel", ".tools", ".transport", ".zoom"):
        assert page.locator(hidden).is_hidden(), hidden
