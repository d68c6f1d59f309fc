"""What a reader does with the page, by mouse, by key, on paper and in a frame."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import pytest

from atlas.map import build_map
from atlas.record.pack import Pack
from tests.browser.conftest import CHROMIUM, rested, state_of, until

pytestmark = pytest.mark.browser


def click_at(page: Any, lon: float, lat: float) -> None:
    x, y, left, top = page.evaluate(
        "([lon, lat]) => { const m = atlasMap.app.map, p = m.latLngToContainerPoint([lat, lon]),"
        " b = m.getContainer().getBoundingClientRect(); return [p.x, p.y, b.left, b.top]; }",
        [lon, lat],
    )
    page.mouse.click(left + x, top + y)
    page.wait_for_selector(".inspector h2")


def test_asking_a_point(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-06-15")
    click_at(page, 10.4, 50.12)
    text = page.locator(".inspector").inner_text()
    for part in ("Beland", "since 10 May 2001", "by battle", "Aland", "sovereignty", "Observers",
                 "Resolution 1", "Report s-n", "This place through time".upper()):  # fmt: skip
        assert part in text or part.lower() in page.locator(".inspector").text_content().lower(), (
            part
        )
    assert page.locator(".inspector .stretch").count() == 2


def test_asking_near_a_road(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-06-15")
    click_at(page, 10.55, 50.27)
    text = page.locator(".inspector").text_content()
    assert "Valley road" in text and "blocked" in text and "Roadworks" in text


def test_an_event_in_full_with_its_counterclaim(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#date=2001-05-10&tab=events&win=day")
    card = page.locator(".event").first
    card.locator("summary").first.click()
    text = card.text_content()
    assert "The town changes hands" in text and "B dates it a day later." in text
    card.get_by_role("button", name="Go to").click()
    page.wait_for_selector(".inspector .event[open]")
    assert page.evaluate("atlasMap.state().settings.sel.event") is not None


def test_the_list_is_in_step_with_the_clock(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-05-10&tab=events&win=day")
    page.wait_for_selector("[data-count='1']")
    page.locator(".window-select").select_option("all")
    page.wait_for_selector("[data-count='3']")
    page.keyboard.press("Home")
    page.locator(".clock-face").click()
    page.keyboard.press("Home")
    page.wait_for_selector("[data-count='0']")
    assert "not a statement that nothing happened" in page.locator(".chronology").inner_text()


def test_hostile_text_never_runs(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-05-10&tab=events&win=week")
    page.wait_for_selector(".event")
    assert "<img src=x onerror" in page.locator(".chronology").inner_text()
    x, y = page.evaluate(
        "() => { const m = atlasMap.app.map, p = m.latLngToContainerPoint([50.25, 10.25]),"
        " b = m.getContainer().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]; }"
    )
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    until(page, "atlasMap.app.view.spread()")
    row = page.evaluate("atlasMap.app.view.spread().rows[0]")
    spot = page.evaluate(f"atlasMap.app.view.markOf({row})")
    left, top = page.evaluate(
        "(() => { const b = atlasMap.app.map.getContainer().getBoundingClientRect();"
        " return [b.left, b.top]; })()"
    )
    page.mouse.move(left + spot["x"], top + spot["y"])
    page.mouse.click(left + spot["x"], top + spot["y"])
    page.wait_for_selector(".inspector .event[open]")
    rested(page)
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0


def test_search_in_any_script_and_by_keys(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    box = page.get_by_role("combobox", name="Search places, events, routes, coordinates")
    for query in ("альф", "ալֆ", "oldt", "stary"):
        box.fill(query)
        options = page.locator(".suggestions [role=option]")
        assert options.count() == 1, query
    box.press("ArrowDown")
    box.press("Enter")
    assert page.evaluate("atlasMap.state().settings.sel.place") == "p00"
    assert page.locator(".suggestions").is_hidden()
    box.fill("nowhere at all")
    assert page.locator(".suggestions .empty").inner_text() == "No such name"


def test_layers_and_filters(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-06-15&win=all")
    assert page.locator(".atlas-zone").count() == 1
    page.locator("[data-layer='mandates']").uncheck()
    until(page, "document.querySelectorAll('.atlas-zone').length === 0")
    page.locator("[data-layer='control']").uncheck()
    assert page.locator(".atlas-area").count() == 0
    assert page.evaluate("atlasMap.state().events") == 4
    page.locator("[data-group='battle']").uncheck()
    assert page.evaluate("atlasMap.state().events") == 3
    page.locator("[data-layer='claims']").check()
    page.locator("[data-layer='control']").check()
    until(page, "document.querySelectorAll('.atlas-claim').length === 1")
    page.locator(".user-select").select_option("military")
    page.evaluate("atlasMap.go('2001-07-15')")
    assert page.evaluate("atlasMap.state().routes.r1") == "unknown"


def test_comparing_two_dates(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-05-10&tab=compare")
    page.get_by_role("button", name="Swipe").click()
    page.locator(".compare input").first.fill("2001-05-09")
    page.locator(".compare input").first.press("Enter")
    row = page.locator("tr[data-from='A'][data-to='B']")
    row.wait_for()
    told = row.locator(".number").inner_text().replace("\u202f", "").replace("\n", " ")
    km2, low, high = map(float, told.replace("\u2013", " ").split())
    assert 1800 < low < km2 < high < 2150 and 1900 < km2 < 2050
    assert page.locator(".date-tag.left").inner_text() == "9 May 2001"
    clip = "document.querySelector('.compare-map').style.clipPath"
    before = page.evaluate(clip)
    box = page.locator(".divider").bounding_box()
    page.mouse.move(box["x"] + 13, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] - 200, box["y"] + 100, steps=4)
    page.mouse.up()
    assert page.evaluate(clip) != before
    page.get_by_role("slider", name="Divider").press("ArrowRight")
    page.get_by_role("button", name="Side by side").click()
    first, second = (
        page.locator(one).bounding_box() for one in (".compare-map", ".stage > .atlas-map")
    )
    assert (
        abs(first["width"] - second["width"]) < 2 and second["x"] >= first["x"] + first["width"] - 2
    )
    page.get_by_role("button", name="Stop comparing").click()
    assert page.locator(".compare-map").is_hidden()


def test_two_maps_stay_together(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-05-10&vs=2001-05-09&tab=compare")
    page.evaluate("void atlasMap.app.map.setView([50.3, 10.3], 9.5, {animate: false})")
    other = page.evaluate(
        "(() => { const m = atlasMap.app.compare.view().map;"
        " return [m.getCenter().lat, m.getZoom()]; })()"
    )
    assert other[0] == pytest.approx(50.3, abs=0.01) and other[1] == 9.5


def test_the_story_goes_by_chapters(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    page.get_by_role("button", name="Begin the story").click()
    assert page.evaluate("atlasMap.day") == "2000-03-15"
    page.get_by_role("button", name="Next", exact=True).click()
    assert page.evaluate("atlasMap.day") == "2001-05-10"
    until(page, "location.hash.includes('chapter=ch2')")
    again = opened(demo_page, page.evaluate("location.hash"))
    assert again.locator(".chapter h2").inner_text() == "It turns"
    assert again.locator(".chapter > .receipts li").count() == 1
    told = again.locator(".told .event")
    told.locator("summary").first.click()
    assert "The town changes hands" in told.text_content()
    assert "B dates it a day later." in told.text_content()


def test_a_link_brings_the_view_back(opened: Callable[..., Any], demo_page: Path) -> None:
    link = "#date=2001-06-15&z=9&c=50.4,10.5&layers=control,routes&lang=ru&sel=p11&win=all"
    page = opened(demo_page, link)
    state = page.evaluate("atlasMap.state().settings")
    assert state["lang"] == "ru" and state["sel"]["place"] == "p11" and state["window"] == "all"
    assert [key for key, on in state["layers"].items() if on] == ["control", "routes"]
    assert page.evaluate("atlasMap.app.map.getZoom()") == 9
    written = page.evaluate("atlasMap.hash()")
    for part in ("date=2001-06-15", "z=9", "c=50.", "layers=control,routes", "lang=ru", "sel=p11"):
        assert part in written
    page.evaluate("location.hash = '#date=2000-03-15&lang=en'")
    until(page, "atlasMap.day === '2000-03-15'")


def test_links_go_to_web_addresses_only(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    made = page.evaluate(
        "['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd',"
        " 'https://example.org/a b', 'nonsense'].map(u => { const n = atlasPage.link(u, 'x');"
        " return [n.tagName, n.getAttribute('href'), n.getAttribute('rel')]; })"
    )
    assert [tag for tag, _, _ in made] == ["SPAN", "SPAN", "SPAN", "A", "SPAN"]
    assert made[3][1:] == ["https://example.org/a%20b", "noopener noreferrer"]


@CHROMIUM
def test_png_of_the_view(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-06-15")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the map as an image").click()
    path = download.value.path()
    assert download.value.suggested_filename == "test-2001-06-15.png"
    assert Path(path).read_bytes().startswith(b"\x89PNG") and Path(path).stat().st_size > 20_000


def test_the_picture_holds_all_that_is_drawn(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#date=2001-06-15&tab=")
    width, height = page.evaluate("[atlasMap.app.map.getSize().x, atlasMap.app.map.getSize().y]")
    made = page.evaluate("atlasMap.png()")
    bare = page.evaluate("atlasMap.set({layers: {}}), atlasMap.png()")
    assert made["name"] == "test-2001-06-15.png"
    assert made["width"] == 2 * width and made["height"] > 2 * (height + 58)
    assert made["size"] > bare["size"] > 10_000


@CHROMIUM
def test_what_leaves_the_page_says_its_date_its_side_and_its_key(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#date=2001-06-15&side=B&tab=")
    made = page.evaluate("atlasMap.png()")
    assert made["name"] == "test-2001-06-15-according-to-B.png"
    title, whose, *rest = made["says"]
    assert title == "Territorial control, 15 June 2001"
    assert whose.startswith("According to") and "Beland" in whose
    roads = "Roads, railways and other routes"
    assert {"Aland", "Beland", "Territorial control", roads} <= set(rest)
    assert rest.index("Territorial control") < rest.index("Aland") < rest.index(roads)
    assert rest[-1].startswith("Sources: ") and not rest[-1].startswith("Sources: 1")
    assert page.locator(".side-banner").inner_text().endswith("Beland")
    page.evaluate(
        "atlasMap.set({compare: {day: atlasMap.app.store.state.day - 60, mode: 'swipe'}})"
    )
    until(page, "atlasMap.png().then((made) => made.says[0].startsWith('Who held what: '))")
    page.evaluate("atlasMap.set({compare: {day: atlasMap.app.store.state.day - 60, mode: 'side'}})")
    until(page, "atlasMap.app.map.getBounds().contains(atlasMap.app.homeBounds)")
    until(page, "document.querySelector('.stage').classList.contains('split')")


@CHROMIUM
def test_the_key_of_a_picture_tells_claims_events_sources_and_whom_to_credit(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page, "#date=2001-06-15&side=A&tab=&win=week")
    says = page.evaluate("atlasMap.png()")["says"]
    assert "claimed by: Aland · The atlas's assessment: Beland" in says
    assert "Events · 9 June 2001 – 15 June 2001" in says
    assert not any("Hexagon" in text for text in says)
    page.evaluate("atlasMap.set({window: 'all', side: ''})")
    says = page.evaluate("atlasMap.png()")["says"]
    assert not any(text.startswith("claimed by") for text in says)
    first = page.evaluate("atlasPage.days.format(atlasMap.app.model.data.page.first, 'en')")
    events = says.index(f"Events · {first} – 15 June 2001")
    assert says[events + 1] == "Battles" and any("The larger the mark" in text for text in says)
    assert says[-1].startswith("Sources: Report s-n (2001). · Cite as: Test")
    page.evaluate(
        "(({model, data}) => { data.page.licence = 'CC0'; model.areas[0].assessed.forEach((one) =>"
        " { one.sources += '|x'; }); model.sources.set('x', {title: 'Other', issued: '1999'}); })"
        "(atlasMap.app)"
    )
    assert "Cite as: Test (CC0)" in page.evaluate("atlasPage.creditOf(atlasMap.app)")
    told = page.evaluate(
        "Promise.all([true, false].map((fits) => atlasPage.sourcesTold(atlasMap.app, () => fits)))"
    )
    assert told == [
        "Sources: Report s-n (2001); Other (1999).",
        "Sources: Report s-n (2001); and 1 more.",
    ]
    back = page.evaluate("atlasPage.viewOf(atlasMap.app)")
    assert back["word"] == "View" and "win=all" in back["text"] and "lang=" not in back["text"]
    page.evaluate("atlasMap.set({layers: {routes: true}})")
    title = page.evaluate("atlasPage.titleOf(atlasMap.app)")
    assert title == "Roads, railways and other routes, 15 June 2001"


@CHROMIUM
@pytest.mark.parametrize(("width", "height"), [(844, 390), (700, 500), (720, 450), (900, 500)])
def test_in_a_short_window_the_map_keeps_most_of_the_height(
    opened: Callable[..., Any], demo_page: Path, width: int, height: int
) -> None:
    page = opened(demo_page, "#tab=events", viewport={"width": width, "height": height})
    stage = page.locator(".stage").bounding_box()
    assert stage["height"] >= 0.55 * height and stage["width"] >= 0.5 * width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".clock-face").is_visible() and page.locator(".panel-body").is_visible()


def test_in_a_sandboxed_frame(opened: Callable[..., Any], demo_page: Path, tmp_path: Path) -> None:
    outer = tmp_path / "notebook.html"
    inner = html.escape(demo_page.read_text(encoding="utf-8"))
    outer.write_text(
        '<!DOCTYPE html><meta charset="utf-8"><iframe sandbox="allow-scripts" width="900" '
        f'height="640" srcdoc="{inner}"></iframe>',
        encoding="utf-8",
    )
    page = opened(outer, wait=False)
    frame = page.frame_locator("iframe")
    frame.locator(".atlas[data-state='ready']").wait_for()
    frame.get_by_role("button", name="One day on").click()
    assert frame.locator(".clock-face").inner_text() == "11 May 2001"


def test_folium_layers_of_ones_own(opened: Callable[..., Any], demo: Pack, tmp_path: Path) -> None:
    made = build_map(demo, date="2001-05-10")
    folium.Marker([50.3, 10.3], tooltip="mine").add_to(made)
    folium.PolyLine([[50.1, 10.1], [50.4, 10.6]]).add_to(made)
    made.save(tmp_path / "own.html")
    page = opened(tmp_path / "own.html")
    icon = page.locator("img.leaflet-marker-icon")
    assert icon.count() == 1 and icon.evaluate("node => node.naturalWidth") > 10


@CHROMIUM
def test_motion_is_spared_who_asks(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, reduced_motion="reduce")
    assert page.evaluate("atlasMap.app.map.options.zoomAnimation") is False
    page = opened(demo_page, reduced_motion="no-preference")
    assert page.evaluate("atlasMap.app.map.options.zoomAnimation") is True


@CHROMIUM
def test_light_and_dark(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, color_scheme="dark")
    assert page.locator(".atlas").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="Light or dark").click()
    assert page.locator(".atlas").get_attribute("data-theme") == "light"


@CHROMIUM
def test_phone(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    stage = page.locator(".stage").bounding_box()
    assert stage["height"] > 450
    page.get_by_role("tab", name="Layers").tap()
    page.locator("[data-layer='routes']").wait_for()
    page.locator(".panel-close .button").tap()
    assert page.locator(".panel-body").is_hidden()
    assert "user-scalable=no" not in page.content() and "maximum-scale" not in page.content()


def test_resizing(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, own=True)
    page.set_viewport_size({"width": 500, "height": 700})
    stage = "document.querySelector('.stage').clientWidth"
    until(page, f"atlasMap.app.map.getSize().x === 500 && {stage} === 500")
    page.set_viewport_size({"width": 1500, "height": 900})
    canvas = "document.querySelector('.atlas-canvas').width"
    until(page, f"{stage} > 500 && {canvas} === {stage}")


@CHROMIUM
@pytest.mark.parametrize("tab", ["story", "here", "events", "compare"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(opened: Callable[..., Any], demo_page: Path, tab: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    link = f"#date=2001-06-15&win=all&tab={tab}&sel=p00"
    if tab == "compare":
        link += "&vs=2001-05-01"
    page = opened(demo_page, link, color_scheme=scheme)
    rested(page)
    result = axe.Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@CHROMIUM
def test_accessible_on_a_phone(opened: Callable[..., Any], demo_page: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(demo_page, "#tab=legend", viewport={"width": 390, "height": 844})
    rested(page)
    result = axe.Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_events_of_ones_own(opened: Callable[..., Any], demo: Pack, tmp_path: Path) -> None:
    import pandas as pd

    far = pd.DataFrame(
        {
            "event_date": ["2014-05-01"] * 5000 + ["2014-06-01"],
            "lon": [37.0 + number % 100 / 100 for number in range(5001)],
            "lat": [48.0 + number % 71 / 100 for number in range(5001)],
            "event_type": "battle",
            "title": [f"Report {number}" for number in range(5001)],
        }
    )
    build_map(demo, events=far, record_events=False).save(tmp_path / "far.html")
    page = opened(tmp_path / "far.html", "#win=all&tab=events")
    state = state_of(page)
    assert state["date"] == "2014-06-01" and state["events"] == 5001
    centre = page.evaluate("[atlasMap.app.map.getCenter().lng, atlasMap.app.map.getCenter().lat]")
    assert 37 < centre[0] < 38.5 and 47.8 < centre[1] < 49
    page.wait_for_selector(".event")
    assert page.locator(".event").count() == 60
    page.get_by_role("button", name="Show 60 more").click()
    until(page, "document.querySelectorAll('.event').length > 60")
    assert page.locator(".event").count() == 120


def test_the_map_without_a_mouse(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page)
    page.locator(".stage > .atlas-map").focus()
    before = page.evaluate("atlasMap.app.map.getCenter().lng")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("atlasMap.app.map.getCenter().lng") > before
    assert page.evaluate("atlasMap.day") == "2001-05-10"
    page.keyboard.press("Enter")
    page.wait_for_selector(".inspector h2")


def test_opened_out_of_sight(opened: Callable[..., Any], demo_page: Path, tmp_path: Path) -> None:
    outer = tmp_path / "folded.html"
    inner = html.escape(demo_page.read_text(encoding="utf-8"))
    outer.write_text(
        '<!DOCTYPE html><meta charset="utf-8"><iframe width="0" height="0" '
        f'srcdoc="{inner}"></iframe>',
        encoding="utf-8",
    )
    page = opened(outer, wait=False)
    frame = page.frames[1]
    until(frame, "Boolean(window.atlasMap && 'day' in atlasMap)")
    page.evaluate("Object.assign(document.querySelector('iframe'), {width: 900, height: 600})")
    until(frame, "atlasMap.app.map.getSize().x > 200")
    until(frame, "atlasMap.app.map.getBounds().contains([50.4, 10.4])")
    rested(frame)
    assert frame.evaluate("atlasMap.app.map.getBounds().contains([50.4, 10.4])")
    assert frame.evaluate("atlasMap.app.map.getZoom()") < 10


def test_an_old_browser_is_told(opened: Callable[..., Any], browser: Any, demo_page: Path) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(demo_page.as_uri())
    page.wait_for_selector(".atlas[data-state='failed']")
    assert "2023" in page.locator(".loading").inner_text()
    context.close()


def test_the_legend_shows_the_tint_that_is_drawn(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    for scheme in ("light", "dark"):
        page = opened(demo_page, color_scheme=scheme)
        page.wait_for_selector(".legend .tint")  # panels are filled after the first frame
        tints = page.evaluate(
            "['.leaflet-atlas-control-pane', '.legend .tint'].map(one => {"
            " const style = getComputedStyle(document.querySelector(one));"
            " return style.opacity * style.fillOpacity; })"
        )
        assert 0 < tints[0] < 1 and tints[0] == tints[1]


@pytest.mark.parametrize(
    ("lat", "lon", "colour"),
    [
        (55.6, 37.9, "beyond"),
        (38.7, -77.6, "beyond"),
        (-22.3, 134.3, "beyond"),
        (35.3, -40.3, "sea"),
        (42.3, 50.3, "sea"),
    ],
)
def test_the_world_lies_around_the_basemap(
    opened: Callable[..., Any], demo_page: Path, lat: float, lon: float, colour: str
) -> None:
    page = opened(demo_page)
    page.evaluate(f"void atlasMap.app.map.setView([{lat}, {lon}], 7, {{animate: false}})")
    wanted = page.evaluate(f"atlasPage.theme.hex(atlasMap.app.palette().{colour})")
    middle = page.evaluate(
        "(({element, view: {width, height, ratio}}) => [...element().getContext('2d')"
        ".getImageData(width * ratio / 2, height * ratio / 2, 1, 1).data].slice(0, 3))"
        "({element: () => atlasMap.app.view.canvases.ground.element(),"
        " view: atlasMap.app.view.canvases.ground.view})"
    )
    assert middle == wanted


def test_paper_is_fitted_and_the_screen_comes_back(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page)
    view = "[atlasMap.app.map.getZoom(), atlasMap.app.map.getSize().x]"
    before = page.evaluate(view)
    page.evaluate(
        f"window.print = () => {{ window.printed = {view};"
        " window.dispatchEvent(new Event('afterprint')); }"
    )
    page.keyboard.press("Control+p")
    until(page, "Boolean(window.printed)")
    printed = page.evaluate("window.printed")
    assert abs(printed[1] - 180 / 25.4 * 96) < 2
    assert page.evaluate(view) == before


@pytest.mark.parametrize("lang", ["en", "hy", "az", "ru"])
def test_the_clock_on_a_small_phone(opened: Callable[..., Any], demo_page: Path, lang: str) -> None:
    page = opened(demo_page, f"#lang={lang}", viewport={"width": 360, "height": 640})
    for control in ("date-input", "window-select", "speed-select", "clock-face"):
        box = page.locator(f".{control}").bounding_box()
        assert box["width"] > 70 and box["x"] >= 0 and box["x"] + box["width"] <= 360, control


def test_twice_the_size_hides_nothing(opened: Callable[..., Any], demo_page: Path) -> None:
    page = opened(demo_page, "#tab=events", viewport={"width": 640, "height": 400})
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    dock = page.locator(".dock").bounding_box()
    stage = page.locator(".stage").bounding_box()
    panel = page.locator(".panel").bounding_box()
    assert panel["x"] + panel["width"] <= stage["x"] + 1
    assert stage["y"] + stage["height"] <= dock["y"] + 1
    assert stage["height"] > 220 and stage["width"] > 300


@CHROMIUM
def test_the_legend_of_given_events_explains_what_is_on_the_map_and_no_more(
    opened: Callable[..., Any], demo: Pack, tmp_path: Path
) -> None:
    import pandas as pd

    def legend(frame: pd.DataFrame) -> str:
        path = tmp_path / "own.html"
        build_map(demo, events=frame, record_events=False).save(path)
        page = opened(path, "#tab=legend")
        page.wait_for_selector(".legend .event-groups", state="attached")
        text = page.locator(".legend").first.text_content()
        assert "Events (data of the map's maker)" in text
        return str(text)

    plain = pd.DataFrame({"event_date": ["2001-05-10"], "lon": [10.2], "lat": [50.2]})
    untyped = legend(plain)
    assert "Kind of event not stated" in untyped and "People and other" not in untyped
    assert "mark" not in untyped and "Circle" not in untyped
    counted = legend(plain.assign(event_type="battle", best=3.0))
    assert "The larger the mark" in counted and "Hollow mark" not in counted
    vague = legend(plain.assign(event_type="battle", coordinate_uncertainty_m=5000.0))
    assert "Hollow mark: violence" in vague and "The larger" not in vague and "Circle" in vague


@CHROMIUM
def test_what_is_chosen_elsewhere_is_shown_by_list_and_switch(
    opened: Callable[..., Any], demo: Pack, tmp_path: Path
) -> None:
    import pandas as pd

    mine = pd.DataFrame({"event_date": ["2001-05-10"], "lon": [10.2], "lat": [50.2]})
    path = tmp_path / "sets.html"
    build_map(demo, date="2001-05-10", events={"Mine": mine}).save(path)
    page = opened(path, "#tab=events")
    page.wait_for_selector(".chronology [data-count]")
    count = "Number(document.querySelector('.chronology [data-count]').dataset.count)"
    every = page.evaluate(count)
    page.evaluate("atlasMap.set({sets: ['Mine'], side: 'A'})")
    until(page, f"{count} === {every - 1}")
    assert page.locator(".side-select").input_value() == "A"


def test_across_the_antimeridian_people_are_told_the_usual_longitudes(
    opened: Callable[..., Any], demo_page: Path
) -> None:
    page = opened(demo_page)
    told = page.evaluate(
        "[178.5, 181.5, 180.25, -179.5, 45].map(x => atlasPage.pointText(-17, x, 3))"
    )
    assert told == [
        f"-17.000, {x}" for x in ("178.500", "-178.500", "-179.750", "-179.500", "45.000")
    ]
    page.evaluate("atlasMap.app.pick({lat: -17, lng: 181.5}, -1)")
    until(page, "document.querySelector('.panel').textContent.includes('-178.500')")


@pytest.mark.parametrize("size", [(1280, 800), (390, 800)])
def test_a_language_from_right_to_left_turns_the_page_and_not_the_map(
    opened: Callable[..., Any], demo: Pack, tmp_path: Path, size: tuple[int, int]
) -> None:
    meta = replace(demo.meta, languages=("ar", "en"))
    path = tmp_path / "ar.html"
    build_map(replace(demo, meta=meta), date="2001-05-10", lang="ar").save(path)
    page = opened(path, viewport={"width": size[0], "height": size[1]})
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        "ar", "rtl"
    ]  # fmt: skip
    left = "(one) => document.querySelector(one).getBoundingClientRect().left"
    ltr = "(one) => getComputedStyle(document.querySelector(one)).direction === 'ltr'"
    if size[0] > 1000:
        assert page.evaluate(left, ".panel") > page.evaluate(left, ".stage")
        assert page.evaluate(left, ".zoom") > page.evaluate(left, ".legend-box")
    assert all(page.evaluate(ltr, one) for one in (".atlas-map", ".track", ".transport"))
    # What stands on the map is a sentence of the language all the same.
    assert not page.evaluate(ltr, ".leaflet-control-attribution")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.select_option(".lang-select", "en")
    assert page.evaluate("document.documentElement.dir") == "ltr"
