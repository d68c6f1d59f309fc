"""The site as a whole: complete, the same every time, closed to what its texts try."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from markupsafe import escape

from atlas.base.errors import InputError
from atlas.base.timespan import parse_day
from atlas.record.pack import Pack, read_pack
from atlas.site import build_site, build_sites
from atlas.site.search import search_index
from atlas.words import spoken
from tests.packs import spell, write_pack
from tests.site.pages import Page

PAGES = "accounts chronicle downloads events method people places search sources".split()


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_builds_are_the_same_byte_for_byte(pack: Pack, site: Path, tmp_path: Path) -> None:
    again = files(build_site(pack, tmp_path / "again"))
    assert files(site) == again


def test_the_manifest_lists_every_file(site: Path) -> None:
    listed = json.loads((site / "site.json").read_text(encoding="utf-8"))["files"]
    found = files(site)
    found.pop("site.json")
    assert set(listed) == set(found)
    for name, data in found.items():
        assert listed[name] == {
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }


def test_an_interrupted_build_leaves_the_old_site(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = build_site(pack, tmp_path / "site")
    before = files(out)

    def fail(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("atlas.site.build._sources", fail)
    with pytest.raises(KeyboardInterrupt):
        build_site(pack, out)
    assert files(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_foreign_folder_is_left_alone(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="holds other files"):
        build_site(pack, tmp_path)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_files_that_no_build_wrote_are_kept(pack: Pack, site: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    shutil.copytree(site, out)
    (out / "CNAME").write_text("example.org", encoding="utf-8")
    (out / "downloads" / "mine.csv").write_text("a", encoding="utf-8")
    before = files(out)
    with pytest.raises(InputError, match=r"CNAME, downloads/mine\.csv"):
        build_site(pack, out)
    assert files(out) == before
    (out / "site.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="not the list"):
        build_site(pack, out)
    assert (out / "CNAME").is_file()


def test_every_internal_link_leads_somewhere(site: Path) -> None:
    pages = {path.name: Page(path) for path in site.glob("*.html")}
    checked = 0
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link["href"])
            if parts.scheme:
                continue
            target = unquote(parts.path) or name
            assert (site / target).is_file(), f"{name}: {link['href']}"
            if target == "index.html" and parts.fragment:
                values = parse_qs(parts.fragment)
                subjects = {"event", "spell", "episode", "mandate", "route", "area"}
                assert set(values) <= {"date", "z", "c", "sel", "chapter", "tab"} | subjects
                for kind in subjects & set(values):
                    assert all(values[kind][0].split(",")), link["href"]
                if "date" in values:
                    parse_day(values["date"][0])
                if "c" in values:
                    lat, lon = map(float, values["c"][0].split(","))
                    assert abs(lat) <= 90 and abs(lon) <= 180
            elif parts.fragment:
                assert unquote(parts.fragment) in pages[target].ids, f"{name}: {link['href']}"
            checked += 1
    assert checked > 100


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique(site: Path, name: str) -> None:
    ids = Page(site / f"{name}.html").ids
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_no_text_of_the_record_becomes_markup(site: Path, name: str) -> None:
    page = Page(site / f"{name}.html")
    kinds = [attrs.get("type", "code") for tag, attrs in page.tags if tag == "script"]
    data = ["application/json"] * (2 if name == "search" else 1)
    assert sorted(kinds) == sorted(["code", *data, "code", "application/ld+json"])
    for tag, attrs in page.tags:
        assert tag not in ("img", "iframe", "object", "embed", "base", "form[action]")
        assert not [key for key in attrs if key.startswith("on") or key == "style"], (tag, attrs)
    for link in page.links:
        scheme = urlsplit(link["href"]).scheme
        assert scheme in ("", "https", "http"), link
        if scheme:
            assert link.get("rel") == "noopener noreferrer", link


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_only_what_the_page_holds(site: Path, name: str) -> None:
    text = (site / f"{name}.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    written = policy[1].replace("&#39;", "'")
    rules = {rule.split()[0]: rule.split()[1:] for rule in written.split(";")}
    for wanted in ("default-src", "connect-src", "base-uri", "form-action"):
        assert rules[wanted] == ["'none'"], wanted
    assert "unsafe" not in written and "*" not in written
    assert len(re.findall(r"sha256-", written)) == 3


def test_no_page_holds_a_sign_that_turns_the_text(pack: Pack, tmp_path: Path) -> None:
    turned = pack.events.assign(title="exe.\u202etxt", summary="\u2067a\u2069 \u200fb")
    out = build_site(replace(pack, events=turned), tmp_path / "site")
    for path in out.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
        assert path.name == "index.html" or "\\u202e" not in text
    assert "exe.txt" in (out / "events.html").read_text(encoding="utf-8")


def test_the_hostile_title_is_shown_as_text(site: Path) -> None:
    text = "".join(Page(site / "events.html").text)
    assert '<img src=x onerror="window.pwned=1">${window.pwned=2}' in text


def test_the_notes_are_rendered_safely(site: Path) -> None:
    page = Page(site / "method.html")
    assert "m-a-heading-script-window-pwned-4-script" in page.ids
    hrefs = [link["href"] for link in page.links]
    assert "https://example.org/a" in hrefs
    assert not [href for href in hrefs if "javascript" in href or "build/script" in href]
    text = "".join(page.text)
    assert "a bad one" in text.replace("\n", " ") or "bad one" in text


def test_the_method_page_of_the_record_is_for_its_readers() -> None:
    from atlas.site.method import method_page

    notes = str(method_page(read_pack())["notes"])
    assert "How to correct" in notes and "Control" in notes
    for plumbing in ("SHA-256", "build/.cache", "pinned", "build_provinces"):
        assert plumbing not in notes, plumbing


def test_a_new_pack_makes_a_site(tmp_path: Path) -> None:
    from atlas.record.scaffold import new_pack

    new_pack(tmp_path / "pack", title="New", bbox=(10, 50, 12, 52), start="2000-01-01")
    out = build_site(read_pack(tmp_path / "pack"), tmp_path / "site")
    assert (out / "index.html").is_file()


def test_the_pages_have_their_words_in_all_languages(site: Path) -> None:
    for name in PAGES:
        block = json.loads(Page(site / f"{name}.html").blocks["Words"])
        keys = set(block["languages"]["en"]["words"])
        assert len(keys) > 10
        for tag, language in block["languages"].items():
            assert set(language["words"]) == keys, tag


def test_claims_of_a_pack_without_a_story_have_their_own_days(tmp_path: Path) -> None:
    from atlas.site.accounts import claim_days

    control = [
        spell("c1", "a00", "A", "2000-01-01", "2001-05-10"),
        spell("c2", "a00", "B", "2001-05-10"),
        spell("c3", "a10", "B", "2000-01-01"),
        spell("c4", "a00", "A", "2001-05-10", asserted_by="A", note="claim_kind=control. Held."),
    ]
    pack = read_pack(write_pack(tmp_path / "pack", control))
    days = {day["iso"]: day["claims"] for day in claim_days(pack)}
    assert list(days) == ["2000-01-01", "2001-05-10"]
    assert days["2000-01-01"] == []
    (claim,) = days["2001-05-10"]
    assert (claim["by"], claim["claims"], claim["assessed"]) == ("A", "A", "B")
    assert (claim["kind"], claim["texts"]) == ("control", ["Held."])


def test_own_events_go_to_the_map_and_to_the_page_of_events(pack: Pack, tmp_path: Path) -> None:
    own: Any = pack.events.head(2).assign(event_type="ambush", title="<b>mine")
    out = build_site(pack, tmp_path / "site", events={"Log": own})
    text = (out / "events.html").read_text("utf-8")
    assert text.count('id="own-1-') == 2 and "&lt;b&gt;mine" in text and "ambush" in text
    assert "Events of the record" in text


def test_several_packs_make_one_site(pack: Pack, tmp_path: Path) -> None:
    other = replace(pack, meta=replace(pack.meta, id="other", title={"en": "Other <one>"}))
    out = build_sites([pack, other], tmp_path / "site")
    first = (out / "index.html").read_text("utf-8")
    assert "default-src 'none'" in first and "unsafe" not in first
    assert "base-uri 'none'; form-action 'none'" in first
    assert "Other &lt;one&gt;" in first and f'href="{pack.id}/index.html#lang=en"' in first
    for folder in (pack.id, "other"):
        assert (out / folder / "events.html").is_file() and f'href="{folder}/events.html"' in first
    # Each language is called as it calls itself, beside the title in it.
    for tag, title in pack.title.items():
        assert str(escape(title)) in first and (tag == "en" or spoken(tag).name in first)
    with pytest.raises(InputError, match="two packs are called"):
        build_sites([pack, pack], tmp_path / "twice")


def test_without_a_pack_there_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="atlas new"):
        build_site(Pack.empty(), tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_places_bear_both_sides_names_and_those_of_the_day() -> None:
    names = read_pack().naming
    now = names.words("stepanakert")
    assert now["en"] == "Stepanakert / Khankendi"
    assert now["ru"] == "Степанакерт / Ханкенди"
    assert now["az"] == "Xankəndi / Stepanakert"
    assert now["hy"] == "Ստեփանակերտ / Khankendi"
    then = names.words("stepanakert", parse_day("1988-02-13"))
    assert then["ru"] == then["en"].replace("Stepanakert", "Степанакерт") == "Степанакерт"
    assert names.words("stepanakert", parse_day("2020-11-10")) == now
    assert names.words("nowhere") == {"en": "nowhere"}


@pytest.mark.parametrize(
    ("place", "asked"), [("shusha", "Шуша"), ("shusha", "Shushi"), ("sumgait", "Sumqayıt")]
)
def test_the_search_finds_events_by_any_name_of_their_place(place: str, asked: str) -> None:
    pack = read_pack()
    rows = {row[1]: f"{row[2]} {row[3]}" for row in search_index(pack, []) if row[0] == "event"}
    ids = pack.events.loc[pack.events["place_id"] == place, "id"]
    assert len(ids) > 0
    for key in ids:
        assert asked in rows[f"events.html#{key}"].split()


def test_a_page_says_what_it_is_and_names_no_host_by_itself(site: Path) -> None:
    for name in ("index.html", "events.html"):
        found = Page(site / name)
        told = {
            attrs.get("property", attrs.get("name", "")): attrs["content"]
            for tag, attrs in found.tags
            if tag == "meta" and "content" in attrs
        }
        assert told["og:title"] and told["og:description"] and told["description"]
        assert "og:url" not in told
        record = json.loads(found.blocks["application/ld+json"])
        assert record["@type"] == "Dataset" and record["name"] and record["description"]
        for one in record["distribution"]:
            assert (site / one["contentUrl"]).is_file()


def test_a_site_that_is_told_its_address_says_it(pack: Pack, tmp_path: Path) -> None:
    build_site(pack, tmp_path / "site", url="https://example.org/atlas")
    for name in ("index.html", "events.html"):
        text = (tmp_path / "site" / name).read_text(encoding="utf-8")
        assert f'<link rel="canonical" href="https://example.org/atlas/{name}">' in text
    with pytest.raises(InputError, match="address"):
        build_site(pack, tmp_path / "other", url="javascript:alert(1)")
