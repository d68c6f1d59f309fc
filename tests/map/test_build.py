"""The map file: whole, closed, the same each time, and still folium's."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

import folium
import pytest
from folium.plugins import MarkerCluster

from atlas.base.errors import InputError
from atlas.map import AtlasMap, build_map
from atlas.map.assets import WEB_CSS, WEB_JS, packaged
from atlas.record.pack import Pack

WEB = Path(__file__).parents[2] / "atlas" / "map" / "web"


def page(pack: Pack, **options: object) -> str:
    return build_map(pack, **options).get_root().render()  # type: ignore[arg-type]


def test_is_a_folium_map(demo: Pack) -> None:
    made = build_map(demo)
    assert isinstance(made, folium.Map) and isinstance(made, AtlasMap)


def test_same_pack_same_bytes(demo: Pack) -> None:
    first, second = page(demo), page(demo)
    assert first == second
    assert not re.search(r"map_[0-9a-f]{32}", first)


def test_rendering_twice_changes_nothing(demo: Pack) -> None:
    root = build_map(demo).get_root()
    assert root.render() == root.render()


def test_the_page_is_built_before_its_events_are_read(demo: Pack) -> None:
    text = page(demo)
    marks = ('id="atlas-data"', "atlasPage.mount(", 'id="atlas-events"',
             'atlasPage.arrived("atlas-events")', 'id="atlas-texts"')  # fmt: skip
    found = [text.index(mark) for mark in marks]
    assert found == sorted(found)


def test_asks_for_nothing(demo: Pack) -> None:
    text = page(demo)
    markup = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="[^"#][^"]*"', markup)
    assert not re.findall(r"url\((?!data:)[^)]*\)", markup)
    assert "@import" not in text and "sourceMappingURL" not in text


def test_policy_allows_exactly_what_is_there(demo: Pack) -> None:
    text = page(demo)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text).group(1)  # type: ignore[union-attr]
    assert "default-src 'none'" in policy and "connect-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        for code in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    assert not re.search(
        r"<[^>]+\sstyle=", re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    )


def test_hostile_text_stays_data(demo: Pack) -> None:
    text = page(demo)
    assert "onerror" not in re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert "window.pwned" not in text


def test_a_hostile_title_is_escaped(demo: Pack) -> None:
    from dataclasses import replace

    meta = replace(demo.meta, title={"en": "</title><script>alert(1)</script>"})
    text = page(replace(demo, meta=meta))
    assert "<title>&lt;/title&gt;&lt;script&gt;" in text


def test_a_title_in_any_script_leaves_the_page_ascii(demo: Pack) -> None:
    from dataclasses import replace

    text = page(replace(demo, meta=replace(demo.meta, title={"en": "Ալֆա – Альфа"})))
    assert text.isascii()
    assert "<title>Ալֆա – Альфа</title>" in html.unescape(text)


def test_cdn_mode_links_leaflet_with_its_hash(demo: Pack) -> None:
    text = page(demo, assets="cdn")
    assert 'leaflet@1.9.3/dist/leaflet.js" integrity="sha256-WBkoXOwTeyKclOHuWtc+' in text
    assert len(text) < len(page(demo)) - 100_000


@pytest.mark.parametrize(
    ("option", "value", "known"),
    [("lang", "fr", "en, hy, az, ru"), ("assets", "web", "inline"), ("layers", ["x"], "control")],
)
def test_wrong_words_are_answered_with_the_right_ones(
    demo: Pack, option: str, value: object, known: str
) -> None:
    with pytest.raises(InputError, match=known):
        build_map(demo, **{option: value})  # type: ignore[arg-type]


def test_unknown_assets_are_refused_inline_and_linked_from_the_cdn(demo: Pack) -> None:
    made = build_map(demo)
    MarkerCluster().add_to(made)
    with pytest.raises(InputError, match="assets='cdn'"):
        made.get_root().render()
    linked = build_map(demo, assets="cdn")
    MarkerCluster().add_to(linked)
    assert "markercluster" in linked.get_root().render()


def test_own_folium_layers_are_added(demo: Pack) -> None:
    made = build_map(demo)
    folium.Marker([50.3, 10.3], tooltip="mine").add_to(made)
    folium.Circle([50.3, 10.3], radius=1000).add_to(made)
    text = made.get_root().render()
    assert "L.marker(" in text and "L.circle(" in text
    assert text == made.get_root().render()


def test_a_popup_needs_jquery_and_says_so(demo: Pack) -> None:
    pytest.importorskip("folium")
    made = build_map(demo)
    folium.Marker([50.3, 10.3], popup="hello").add_to(made)
    try:
        text = made.get_root().render()
    except InputError as error:
        assert "jquery" in str(error)
    else:
        assert "jQuery" in text


def test_saves_whole_or_not_at_all(demo: Pack, tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    build_map(demo).save(target)
    assert target.read_text(encoding="utf-8") == page(demo)
    broken = build_map(demo)
    MarkerCluster().add_to(broken)
    with pytest.raises(InputError):
        broken.save(tmp_path / "other.html")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_shows_itself_in_a_notebook(demo: Pack) -> None:
    html = build_map(demo)._repr_html_()
    assert html.startswith("<iframe srcdoc=") and "&lt;!DOCTYPE html&gt;" in html


def test_the_first_day_may_be_given_in_many_ways(demo: Pack) -> None:
    from datetime import date

    pages = {page(demo, date=day) for day in ("2001-05-10", date(2001, 5, 10), 11452)}
    assert len(pages) == 1


def test_every_module_is_in_the_page_and_every_file_is_used() -> None:
    assert sorted(path.stem for path in WEB.glob("*.js")) == sorted(WEB_JS)
    assert sorted(path.stem for path in WEB.glob("*.css")) == sorted(WEB_CSS)


def test_nobody_else_can_be_asked_for_an_asset() -> None:
    with pytest.raises(InputError, match="no installed package"):
        packaged("https://example.org/other.js")


def test_events_from_elsewhere_open_where_and_when_they_are(demo: Pack) -> None:
    import pandas as pd

    far = pd.DataFrame(
        {"event_date": ["2014-05-01", "2014-06-01"], "lon": [37.0, 38.0], "lat": [48.0, 49.0]}
    )
    made = build_map(demo, events=far)
    assert isinstance(made, AtlasMap)
    here = pd.DataFrame({"event_date": ["2000-05-01"], "lon": [10.3], "lat": [50.3]})
    assert build_map(demo, events=here).get_root().render() != made.get_root().render()
