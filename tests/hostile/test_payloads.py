"""Every payload through every field: nothing runs, nothing breaks, all of it can be read."""

# ruff: noqa: E501
from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import matplotlib.mathtext
import openpyxl
import pandas as pd
import pytest

from atlas.base.errors import AtlasError, InputError
from atlas.base.frames import neutralised, write_frame
from atlas.base.html import without_overrides
from atlas.base.terminal import visible
from atlas.events import read_events
from atlas.facade import Atlas
from atlas.layers import layer_set, named_sets
from atlas.map import build_map
from atlas.reading.reports import Report, drafts_of
from atlas.record.pack import Pack, check_pack
from atlas.record.settings import settings_faults
from atlas.site.render import Renderer, safe_url
from tests.browser.conftest import CHROMIUM, rested, until
from tests.hostile.payloads import EVERYWHERE, FORMULAS, PAYLOADS, REFUSED
from tests.map.demo import write_demo
from tests.site.pages import Page

PAGES = "chronicle events people accounts places sources method downloads search".split()
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def policy_of(text: str) -> dict[str, list[str]]:
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert found
    rules = [rule.split() for rule in html.unescape(found[1]).split(";")]
    return {rule[0]: rule[1:] for rule in rules}


def test_there_are_enough_of_them_and_the_pack_that_holds_them_is_sound(hostile: Pack) -> None:
    assert len(set(EVERYWHERE)) >= 300
    assert check_pack(hostile.directory) == []
    assert len(hostile.events) == len(PAYLOADS)


@pytest.mark.parametrize("text", REFUSED)
def test_text_that_no_file_should_hold_is_a_fault_of_a_pack(text: str, tmp_path: Path) -> None:
    pack = write_demo(tmp_path / "pack")
    path = pack / "events.csv"
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    rows[1][rows[0].index("summary")] = text
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode("utf-8", "surrogatepass"))
    faults = check_pack(pack)
    assert faults and {fault.file for fault in faults} == {"events.csv"}
    assert all(str(fault).isprintable() for fault in faults)


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*PAGES, "index"])
def test_every_page_is_closed_and_holds_no_markup_of_the_record(
    hostile_site: Path, name: str
) -> None:
    path = hostile_site / f"{name}.html"
    text = path.read_text(encoding="utf-8")
    rules = policy_of(text)
    for wanted in ("default-src", "connect-src", "base-uri", "form-action"):
        assert rules[wanted] == ["'none'"], wanted
    for values in rules.values():
        for value in values:
            assert re.fullmatch(r"'none'|'sha256-[\w+/=]+'|data:|blob:", value), value
    assert not BIDI.search(text)
    page = Page(path)
    for tag, attrs in page.tags:
        assert tag not in ("img", "iframe", "object", "embed", "base", "marquee", "audio", "video")
        assert not [key for key in attrs if key.startswith("on") or key == "style"], (tag, attrs)
        for key in ("href", "src", "action", "formaction", "data", "srcdoc"):
            assert urlsplit(attrs.get(key, "")).scheme in ("", "http", "https", "data"), attrs
    assert not [link for link in page.links if urlsplit(link["href"]).scheme == "data"]


@pytest.mark.parametrize("name", ["events", "sources"])
def test_every_payload_can_be_read_on_the_page(hostile_site: Path, name: str) -> None:
    text = squeezed("".join(Page(hostile_site / f"{name}.html").text))
    missing = [one for one in PAYLOADS if squeezed(without_overrides(one)).strip() not in text]
    assert not missing


@pytest.mark.browser
@CHROMIUM
@pytest.mark.parametrize("wide", [1280, 390])
def test_a_browser_runs_none_of_it_and_no_page_overflows(
    opened: Callable[..., Any], hostile_site: Path, wide: int
) -> None:
    size = {"width": wide, "height": 800}
    dialogs: list[str] = []
    page = opened(hostile_site / "index.html", "#date=2001-06-15&win=all&tab=events", viewport=size)
    page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
    page.wait_for_selector(".event")
    assert page.evaluate("document.querySelectorAll('.event').length") >= 20
    sound(page, "the map")
    # All of the legend, the story, and what is told of a place.
    for tab in page.locator("[role=tab]:visible").all():
        tab.click()
        rested(page)
        sound(page, "a panel")
    for key in ("p00", "p11"):
        page.evaluate(f"location.hash = '#date=2001-06-15&win=all&sel=place:{key}'")
        rested(page)
        sound(page, "a place")
    for name in PAGES:
        page.goto(
            (hostile_site / f"{name}.html").as_uri() + ("#q=pwned" if name == "search" else "")
        )
        until(page, "'ready' in document.documentElement.dataset")
        page.select_option("#Lang", "ar")
        sound(page, name)
    assert not dialogs


def sound(page: Any, what: str) -> None:
    """Nothing ran, nothing was made of text, nothing is wider than the window."""
    told = page.evaluate(
        "() => ({ran: String(window.pwned), made: document.querySelectorAll('img[src=x], [onerror],"
        " [onload], [onclick], iframe, object, embed, base, marquee').length, wide:"
        " document.documentElement.scrollWidth - document.documentElement.clientWidth})"
    )
    assert told == {"ran": "undefined", "made": 0, "wide": told["wide"]}, (what, told)
    assert told["wide"] <= 0, (what, told)


def test_the_map_alone_is_closed_with_any_names_of_sets_and_columns(
    hostile: Pack, own: pd.DataFrame
) -> None:
    names = list(own.columns[8:])
    read = read_events(own.head(40))
    made = build_map(hostile, events={EVERYWHERE[0]: read}, popup=names, colour=names[0])
    text = made.get_root().render()
    rules = policy_of(text)
    for wanted in ("default-src", "connect-src", "base-uri", "form-action"):
        assert rules[wanted] == ["'none'"], wanted
    assert "unsafe" not in str(rules) and "*" not in str(rules) and text.isascii()
    outside = re.sub(r"<(script|style)[ >].*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"<(?:img|iframe|svg|object)|\son\w+\s*=", html_only(outside))


def html_only(text: str) -> str:
    """Tags alone: what is text or stands in an attribute's quotation marks can say anything."""
    return "".join(re.findall(r"<[^<>]*>", re.sub(r'"[^"]*"', '""', text)))


def test_sets_may_bear_any_name(hostile: Pack, own: pd.DataFrame) -> None:
    rows = read_events(own.head(2))
    names = [*(text for text in EVERYWHERE[::-4] if text.strip()), "half \ud800 a sign"]
    sets = named_sets(dict.fromkeys(names, rows))
    specs = layer_set(hostile, events=sets, record_events=False)
    assert [one.rows for one in specs.sets] == [2] * len(names)
    assert not [one.name for one in specs.sets if re.search("[\ud800-\udfff]", one.name)]


def test_the_colour_of_a_party_is_a_colour() -> None:
    for text in EVERYWHERE:
        settings = {"id": "x", "parties": [{"id": "A", "name_en": "A", "colour": text}]}
        faults = settings_faults(settings, holders=frozenset())
        assert any("colour" in str(fault) for fault in faults), text


def test_a_colour_that_reached_a_record_is_no_style(hostile: Pack) -> None:
    """Checking refuses such a colour; the site must not rely on it."""
    for text in EVERYWHERE:
        party = replace(hostile.meta.parties["A"], colour=text)
        meta = replace(hostile.meta, parties=hostile.meta.parties | {"A": party})
        style = Renderer(replace(hostile, meta=meta)).style
        assert ".party-0::before { background: #888888; }" in style


def test_the_colour_of_a_set_is_a_colour_or_a_column(demo: Pack, own: pd.DataFrame) -> None:
    rows = read_events(own.head(2))
    for text in EVERYWHERE[60::9]:
        with pytest.raises(InputError):
            layer_set(demo, events={"x": rows}, colour=text)


def test_only_web_addresses_are_links() -> None:
    assert safe_url("https://example.org/a?b=c#d") and safe_url("http://example.org")
    assert not safe_url("ftp://example.org/a") and not safe_url("javascript://example.org/%0aa")
    for text in EVERYWHERE:
        kept = safe_url(text)
        assert not kept or (re.match(r"https?://[^\s<>\"]+$", kept) and kept == text)


def test_an_id_is_no_path() -> None:
    for text in EVERYWHERE:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", text):
            faults = settings_faults({"id": text}, holders=frozenset())
            assert any(fault.column == "id" for fault in faults), text


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "json", "parquet", "geojson", "gpkg"])
def test_every_table_reads_back_with_all_its_rows(
    own: pd.DataFrame, tmp_path: Path, suffix: str
) -> None:
    narrow = own[["date", "lon", "lat", "title", "actor1", "note"]]
    taken = read_events(narrow).frame
    path = write_frame(taken, tmp_path / f"out.{suffix}")
    again = read_events(path)
    assert (len(again), len(again.rejects)) == (len(narrow), 0)
    if suffix in ("csv", "tsv"):
        cut = {"csv": ",", "tsv": "\t"}[suffix]
        rows = list(csv.reader(path.open(encoding="utf-8", newline=""), delimiter=cut))
        cells = [cell for row in rows for cell in row if cell and not re.match(r"-?[\d.]", cell)]
        assert not [cell for cell in cells if cell[0] in "=@+-\t\r"]
        shown = {cell.removeprefix("'") for cell in cells}
        assert not [one for one in FORMULAS if one not in shown]
    if suffix == "xlsx":
        book = openpyxl.load_workbook(path)
        kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
        assert "f" not in kinds
        told = {str(cell.value) for row in book.active.iter_rows() for cell in row}
        assert not [one for one in FORMULAS if one not in told]


def test_files_of_any_name_are_written_beside_nothing_else(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["x"]})
    for number, text in enumerate(PAYLOADS[::3]):
        name = text.replace("/", "_")[:60] + f"{number}.csv"
        assert write_frame(frame, tmp_path / name).is_file()
    assert len(list(tmp_path.iterdir())) == len(PAYLOADS[::3])


def test_downloads_of_a_site_run_nothing_in_a_spreadsheet(hostile_site: Path) -> None:
    checked = 0
    for path in sorted((hostile_site / "downloads").glob("*.csv")):
        for row in csv.reader(path.open(encoding="utf-8", newline="")):
            for cell in row:
                assert neutralised(cell) == cell, (path.name, cell)
                checked += 1
    assert checked > 10_000


def test_a_figure_draws_them_as_they_are(
    hostile: Pack, own: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed(*_: object, **__: object) -> None:
        pytest.fail("a text was read as mathematics")

    monkeypatch.setattr(matplotlib.mathtext.MathTextParser, "parse", parsed)
    monkeypatch.setattr(matplotlib.mathtext.MathTextParser, "_parse_cached", parsed, raising=False)
    dollars = [text for text in EVERYWHERE if text.count("$") >= 2]
    assert len(dollars) >= 3
    sets = {text: own.iloc[n : n + 2] for n, text in enumerate(dollars)}
    Atlas(hostile).figure(date="2001-06-15", events=sets).savefig(tmp_path / "a.svg")
    for one in ElementTree.parse(tmp_path / "a.svg").iter():
        assert not str(one.tag).endswith(("}script", "}foreignObject", "}a"))
        assert not [key for key in one.attrib if key.startswith("on")]


# --- words ----------------------------------------------------------------------------------------


def test_answers_show_themselves_in_a_notebook_without_markup_of_theirs(hostile: Pack) -> None:
    a = Atlas(hostile)
    shown = [a.at("2001-06-15"), a.join(a.events.head(40)), a.geocode(PAYLOADS[0]), a]
    for one in shown:
        text = one._repr_html_()
        tags = set(re.findall(r"<\s*/?\s*(\w+)", html_only(text)))
        assert tags <= {"div", "p", "strong", "br", "table", "thead", "tbody", "tr", "th", "td"}, (
            tags
        )
        assert not BIDI.search(text)


def test_names_and_reports_are_only_read(hostile: Pack) -> None:
    a = Atlas(hostile)
    for text in EVERYWHERE:
        try:
            a.geocode(text)
        except AtlasError as error:
            assert len(str(error)) < 2_000
    reports = [Report(f"r{n}", f"{text} was shelled on 3 March 2001.", "2001-03-04") for n, text in enumerate(EVERYWHERE)]  # fmt: skip
    table, _ = drafts_of(reports, a.gazetteer, hostile)
    assert json.loads(table.to_json(orient="records")) is not None


def test_a_megabyte_in_a_cell_is_read_and_written(hostile: Pack, tmp_path: Path) -> None:
    long = "<b>" + "x y" * 350_000
    found = read_events([{"date": "2001-06-15", "lon": 10.3, "lat": 50.3, "title": long}])
    assert found.column("title").item() == long
    for suffix in ("csv", "xlsx", "geojson"):
        assert len(read_events(write_frame(found.frame, tmp_path / f"a.{suffix}"))) == 1
    text = build_map(hostile, events={"x": found}).get_root().render()
    assert "<b>x y" not in text


def test_a_terminal_shows_what_it_would_obey() -> None:
    for text in EVERYWHERE:
        shown = visible(text)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
