"""The pages of the site in a browser: offline, without an error, for everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from atlas.record.pack import read_pack
from atlas.site import build_site
from atlas.words import spoken
from tests.browser.conftest import CHROMIUM, rested, until
from tests.site.conftest import write_hostile

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PAGES = ("chronicle events people accounts places sources method downloads search").split()
READY = "'ready' in document.documentElement.dataset"


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    return build_site(read_pack(write_hostile(folder / "pack")), folder / "site")


@pytest.fixture(scope="module")
def shipped_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that `make site` builds."""
    return build_site(read_pack(), tmp_path_factory.mktemp("shipped") / "site")


@pytest.fixture
def visit(opened: Callable[..., Any]) -> Callable[..., Any]:
    def go(site: Path, name: str, hash_: str = "", **options: Any) -> Any:
        page = opened(site / f"{name}.html", hash_, wait=False, **options)
        until(page, READY)
        return page

    return go


@pytest.mark.parametrize("name", PAGES)
def test_opens_from_disk_and_runs_nothing_of_the_record(
    visit: Callable[..., Any], demo_site: Path, name: str
) -> None:
    hash_ = "#q=a" if name == "search" else ""
    page = visit(demo_site, name, hash_)
    assert page.evaluate("window.pwned") is None
    page.select_option("#Lang", "ru")
    assert page.evaluate("document.documentElement.lang") == "ru"
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('img, [onload], [onerror]').length") == 0


def test_the_map_leads_to_the_pages_in_the_language_read(
    visit: Callable[..., Any], opened: Callable[..., Any], demo_site: Path
) -> None:
    page = opened(demo_site / "index.html", "#lang=az")
    assert page.locator(".site-links a").count() == len(PAGES) - 1
    page.get_by_role("link", name="Xronika").click()
    until(page, READY)
    assert page.evaluate("document.documentElement.lang") == "az"
    page.locator(".maplink").first.click()
    until(page, "Boolean(window.atlasMap && atlasMap.state && 'day' in atlasMap)")
    assert "lang=az" in page.url and "date=" in page.url


def test_a_line_of_the_chronicle_opens_the_map_on_its_day(
    visit: Callable[..., Any], demo_site: Path
) -> None:
    page = visit(demo_site, "chronicle", "#c2")
    page.locator("#c2 .maplink").click()
    until(page, "Boolean(window.atlasMap && atlasMap.state && 'day' in atlasMap)")
    assert page.evaluate("atlasMap.day") == "2001-05-10"


def test_filters_by_word_and_kind(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "chronicle")
    rows = page.locator("#Rows [data-item]:visible")
    every = rows.count()
    page.uncheck("input[value=route]")
    until(page, f"document.querySelectorAll('[data-item]:not([hidden])').length < {every}")
    assert page.locator("#Rows .k-route:visible").count() == 0
    page.fill(".filters input[name=q]", "observers")
    until(page, "location.hash.includes('q=observers')")
    assert rows.count() == page.locator("#Rows .k-mandate:visible").count() > 0
    page.fill(".filters input[name=q]", "no such thing anywhere")
    page.wait_for_selector(".nothing:visible")
    page.click("button[type=reset]")
    until(page, f"document.querySelectorAll('[data-item]:not([hidden])').length === {every}")


def test_a_link_to_a_year_lands_on_it(visit: Callable[..., Any], shipped_site: Path) -> None:
    page = visit(shipped_site, "chronicle", "#y2023", viewport=PHONE)
    # The year may not be drawn yet.
    place = "document.getElementById('y2023')?.getBoundingClientRect().top"
    until(page, f"0 < {place} && {place} < 200")
    rested(page)
    assert 0 < page.evaluate(place) < 200


def test_a_link_to_a_filter_opens_filtered(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "events", "#type=battle")
    assert page.locator("#Rows tr:visible").count() == 1


def test_sorts_by_deaths(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "events")
    page.click("button[data-sort=deaths]")
    assert page.locator("#Rows tr").first.get_attribute("id") == "e002"
    assert page.locator("th[aria-sort=descending]").count() == 1


def test_names_by_language_side_and_year(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "places", "#by=A")
    shown = page.locator("#p00 [data-n]:visible").all_text_contents()
    assert len(shown) == 2 and all("A" in text for text in shown)
    page = visit(demo_site, "places", "#nlang=en&year=2000")
    assert [text.split()[0] for text in page.locator("#p00 [data-n]:visible").all_text_contents()] \
        == ["Oldtown"]  # fmt: skip


def test_names_stand_under_the_head_of_their_language(
    visit: Callable[..., Any], demo_site: Path
) -> None:
    page = visit(demo_site, "places")
    left = """(selector) => [...document.querySelectorAll(selector)]
        .map((node) => Math.round(node.getBoundingClientRect().left))"""
    for n in range(1, page.locator(".places-head .place-names > span").count() + 1):
        (head,) = page.evaluate(left, f".places-head .col-{n}")
        assert set(page.evaluate(left, f"#Rows .col-{n}")) <= {head}
    letters = page.locator(".letters a")
    assert letters.count() > 0
    letters.last.click()
    until(page, "Boolean(document.querySelector('#Rows > li:target'))")


def test_one_account_stands_there_from_the_first(
    visit: Callable[..., Any], demo_site: Path
) -> None:
    page = visit(demo_site, "accounts")
    assert page.locator(".account:visible").count() == 1
    chosen = page.locator("select[name=day]")
    day = chosen.locator("option").first.get_attribute("value")
    chosen.select_option(day)
    until(page, f"location.hash === '#on-{day}'")
    assert page.locator(".account:visible").get_attribute("data-day") == day


@CHROMIUM
def test_no_field_to_search_in_is_printed(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "search", "#q=town", own=True)
    page.emulate_media(media="print")
    assert page.locator("input[type=search]:visible").count() == 0


def test_finds_a_place_in_any_script(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "chronicle")
    page.fill("#Find", "Ալֆա")
    page.press("#Find", "Enter")
    until(page, READY)
    page.locator("#Results a").first.click()
    until(page, READY)
    assert page.url.endswith("places.html#p00")


def test_the_theme_is_kept_from_page_to_page(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "events")
    page.click("#Theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    # What a page stores reaches another page's process a moment later.
    for _ in range(100):
        page.goto((demo_site / "sources.html").as_uri())
        until(page, READY)
        theme = page.evaluate("document.documentElement.dataset.theme")
        if theme is not None:
            break
        page.wait_for_timeout(100)
    assert theme == "dark"


@CHROMIUM
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_is_accessible(visit: Callable[..., Any], demo_site: Path, name: str, look: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visit(
        demo_site,
        name,
        "#q=town" if name == "search" else "",
        viewport=PHONE if look == "phone" else DESKTOP,
        color_scheme="dark" if look == "dark" else "light",
        bypass_csp=True,
    )
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@CHROMIUM
@pytest.mark.slow
@pytest.mark.parametrize("name", [*PAGES, "index"])
def test_the_shipped_site_opens_and_fits_a_phone(
    opened: Callable[..., Any], shipped_site: Path, artefacts: Path, name: str
) -> None:
    for look, size, scheme in (
        ("desktop", DESKTOP, "light"), ("phone", PHONE, "light"), ("dark", DESKTOP, "dark"),
    ):  # fmt: skip
        hash_ = "#q=lachin" if name == "search" else ""
        page = opened(
            shipped_site / f"{name}.html", hash_, wait=name == "index", viewport=size,
            color_scheme=scheme,
        )  # fmt: skip
        if name != "index":
            until(page, READY)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=artefacts / f"site-{name}-{look}.png")


@pytest.fixture(scope="module")
def sliced_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site whose pages hold one row of each list, and the others as slices."""
    folder = tmp_path_factory.mktemp("sliced")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("atlas.site.render._AT_ONCE", 1)
        yield build_site(read_pack(write_hostile(folder / "pack")), folder / "site")


WHOLE = "'whole' in document.documentElement.dataset"
ORDER = "[...document.querySelectorAll('#Rows [data-item]')].map((row) => row.id)"


@pytest.mark.parametrize("name", ["chronicle", "events", "accounts", "places", "sources"])
def test_a_list_in_slices_is_the_list_without_a_script(
    opened: Callable[..., Any],
    visit: Callable[..., Any],
    sliced_site: Path,
    name: str,
) -> None:
    told = "[...document.querySelectorAll('[data-item]')].map((row) => row.textContent.trim())"
    plain = opened(sliced_site / f"{name}.html", wait=False, java_script_enabled=False)
    every = plain.locator("[data-item]").all_text_contents()
    page = visit(sliced_site, name)
    until(page, WHOLE)
    assert page.evaluate(told) == [text.strip() for text in every]
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('img, [onload], [onerror]').length") == 0


def test_rows_that_come_late_are_filtered_sorted_and_spoken(
    visit: Callable[..., Any], sliced_site: Path
) -> None:
    page = visit(sliced_site, "events", "#type=battle&lang=ru")
    until(page, WHOLE)
    assert page.locator("#Rows tr:visible").count() == 1
    assert page.locator("#Rows tr").count() > 2
    assert page.locator("#Rows [data-t=battle]").first.text_content() == spoken("ru")("battle")
    page.click("button[data-sort=deaths]")
    until(page, f"({ORDER})[0] === 'e002'")
    last = page.evaluate(ORDER)[-1]
    page = visit(sliced_site, "events", f"#{last}")
    until(page, f"Boolean(document.querySelector('#{last}:target'))")


def test_places_stand_in_the_order_of_the_readers_alphabet(
    visit: Callable[..., Any], sliced_site: Path
) -> None:
    page = visit(sliced_site, "places")
    until(page, WHOLE)
    english = page.evaluate(ORDER)
    heads = "[...document.querySelectorAll('#Rows h2')].map((head) => head.textContent)"
    for tag in ("hy", "en"):
        page.select_option("#Lang", tag)
        until(page, f"document.documentElement.lang === '{tag}' && {WHOLE}")
        until(page, f"({ORDER}).length === {len(english)}")
        names, language = page.evaluate(heads), spoken(tag)
        assert names == sorted(names, key=language.places)
        letters = page.locator(".letters a").all_text_contents()
        assert letters == list(dict.fromkeys(filter(None, map(language.initial, names))))
    assert page.evaluate(ORDER) == english


@CHROMIUM
def test_paper_gets_every_row(visit: Callable[..., Any], sliced_site: Path) -> None:
    page = visit(sliced_site, "places")
    every = json.loads(
        page.locator("[data-count] [data-v], [data-count][data-v]").first.get_attribute("data-v")
    )
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#Rows > li").count() == int(every["all"]) > 1


@pytest.mark.parametrize("name", [name for name in PAGES if name != "search"])
def test_ten_stops_lead_to_what_a_page_says(
    visit: Callable[..., Any], demo_site: Path, name: str
) -> None:
    page = visit(demo_site, name)
    stops = []
    while len(stops) < 20:
        page.keyboard.press("Tab")
        if not page.evaluate("Boolean(document.activeElement.closest('header, .skip'))"):
            break
        stops.append(page.evaluate("document.activeElement.outerHTML"))
    assert 3 < len(stops) <= 10, stops


def test_a_page_is_cited_as_it_stands(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "events", "#e002")
    until(page, WHOLE)
    page.locator(".quote > summary").click()
    title = page.locator("#e002 .what").text_content().strip()
    assert title in page.locator("#Citation").input_value()
    assert page.locator("#Citation").input_value().endswith(page.url)
    frame = page.locator("#Frame").input_value()
    (address,) = re.findall(r'^<iframe src="([^"]*)"', frame)
    assert unescape(address) == page.url


def test_the_rest_of_the_menu_opens_and_closes(visit: Callable[..., Any], demo_site: Path) -> None:
    page = visit(demo_site, "events", viewport=PHONE)
    page.locator(".more > summary").click()
    page.locator(".more a[href='method.html']").wait_for(state="visible")
    page.keyboard.press("Escape")
    page.locator(".more a[href='method.html']").wait_for(state="hidden")
