"""The map file: whole, closed, the same each time, and still folium's."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace
from pathlib import Path

import folium
import pytest
from branca.element import Figure
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
    for wanted in ("default-src", "connect-src", "base-uri", "form-action"):
        assert f"{wanted} 'none'" in policy, wanted
    assert "*" not in policy
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


def policy_of(text: str) -> dict[str, list[str]]:
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert found
    return {rule.split()[0]: rule.split()[1:] for rule in html.unescape(found[1]).split("; ")}


def test_a_plugins_scripts_stand_in_the_page(demo: Pack) -> None:
    made = build_map(demo)
    MarkerCluster().add_to(made)
    text = made.get_root().render()
    assert "L.MarkerClusterGroup" in text and made.notes == ()
    assert not any("http" in value for values in policy_of(text).values() for value in values)


def test_an_asset_no_package_holds_is_linked_named_and_admitted_alone(demo: Pack) -> None:
    class Own(MarkerCluster):
        default_js = [("own", "https://scripts.example.org/a/own.js")]  # noqa: RUF012

    made = build_map(demo)
    Own().add_to(made)
    text = made.get_root().render()
    assert '<script src="https://scripts.example.org/a/own.js"></script>' in text
    assert policy_of(text)["script-src"][-1] == "https://scripts.example.org/a/own.js"
    assert "scripts.example.org" in made.notes[0]
    assert '<meta name="atlas-asks" content="scripts.example.org">' in text


def test_tiles_admit_their_host_and_no_other(demo: Pack) -> None:
    made = build_map(demo, tiles="https://{s}.tiles.example.org/{z}/{x}/{y}.png", attr="me")
    rules = policy_of(made.get_root().render())
    assert rules["img-src"] == ["data:", "blob:", "https://*.tiles.example.org"]
    assert rules["connect-src"] == ["'none'"]


def test_what_builds_code_from_text_is_refused(demo: Pack) -> None:
    made = build_map(demo)
    chart = folium.VegaLite({"mark": "bar"}, width=100, height=50)
    folium.Marker([50.3, 10.3], popup=folium.Popup().add_child(chart)).add_to(made)
    with pytest.raises(InputError, match="VegaLite"):
        made.get_root().render()


@pytest.mark.parametrize("evil", ["`${window.pwned=1}`", "</script><script>pwned()", "{{ 7*7 }}"])
def test_the_text_of_guests_does_not_break_out(demo: Pack, evil: str) -> None:
    made = build_map(demo)
    group = folium.FeatureGroup(name=evil).add_to(made)
    folium.Marker([50.3, 10.3], popup=evil, tooltip=evil).add_to(group)
    shape = {"type": "Point", "coordinates": [10.3, 50.3]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"name": evil}}
    collection = {"type": "FeatureCollection", "features": [feature]}
    folium.GeoJson(collection, tooltip=folium.GeoJsonTooltip(["name"])).add_to(made)
    folium.LayerControl().add_to(made)
    text = made.get_root().render()
    whole = re.findall(r"<script[ >].*?</script>", text, re.DOTALL)
    assert len(whole) == text.count("</script>")
    tooltip = re.findall(r"bindTooltip\(\s*`(.*?)`", text, re.DOTALL)[0]
    assert "${" not in tooltip and "49" not in tooltip
    assert group.layer_name == evil  # what the user holds stays as it was


def test_in_another_figure_the_map_keeps_to_a_frame_of_its_own(demo: Pack) -> None:
    figure = Figure(width=600, height=400)
    figure.add_child(build_map(demo, width=500, height=300))
    text = figure.render()
    assert "&lt;!DOCTYPE html&gt;" in text and "width:500.0px;height:300.0px" in text
    assert html.unescape(text).count("Content-Security-Policy") == 1


@pytest.mark.parametrize("where", [[120.0, 0.0], [0.0, 300.0], [1.0]])
def test_a_first_view_off_the_earth_is_refused(demo: Pack, where: list[float]) -> None:
    with pytest.raises(InputError, match="latitude and longitude"):
        build_map(demo, location=where)


def test_own_folium_layers_are_added(demo: Pack) -> None:
    made = build_map(demo)
    folium.Marker([50.3, 10.3], tooltip="mine").add_to(made)
    folium.Circle([50.3, 10.3], radius=1000).add_to(made)
    text = made.get_root().render()
    assert "L.marker(" in text and "L.circle(" in text
    assert text == made.get_root().render()


def test_jquery_comes_only_where_a_popup_calls_for_it(demo: Pack) -> None:
    made = build_map(demo)
    assert "jQuery v" not in page(demo)
    folium.Marker([50.3, 10.3], popup="hello").add_to(made)
    assert "jQuery v" in made.get_root().render()


def test_saves_whole_or_not_at_all(demo: Pack, tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    build_map(demo).save(target)
    assert target.read_text(encoding="utf-8") == page(demo)
    broken = build_map(demo)
    chart = folium.VegaLite({}, width=100, height=50)
    folium.Marker([50.3, 10.3], popup=folium.Popup().add_child(chart)).add_to(broken)
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
    assert sorted(path.stem for path in WEB.glob("*.js")) == sorted((*WEB_JS, "guests"))
    assert sorted(path.stem for path in WEB.glob("*.css")) == sorted(WEB_CSS)


def test_nobody_else_can_be_asked_for_an_asset() -> None:
    assert packaged("https://example.org/other.js") is None


def test_events_from_elsewhere_open_where_and_when_they_are(demo: Pack) -> None:
    import pandas as pd

    far = pd.DataFrame(
        {"event_date": ["2014-05-01", "2014-06-01"], "lon": [37.0, 38.0], "lat": [48.0, 49.0]}
    )
    made = build_map(demo, events=far)
    assert isinstance(made, AtlasMap)
    here = pd.DataFrame({"event_date": ["2000-05-01"], "lon": [10.3], "lat": [50.3]})
    assert build_map(demo, events=here).get_root().render() != made.get_root().render()


def test_the_pack_decides_in_which_languages_a_map_is_offered(demo: Pack) -> None:
    bare = replace(demo, meta=replace(demo.meta, languages=("el", "ar")))
    page = build_map(bare).get_root().render()
    assert '<html lang="el" dir="ltr">' in page
    assert '<html lang="ar" dir="rtl">' in build_map(bare, lang="ar").get_root().render()
    with pytest.raises(InputError, match="offered in el, ar"):
        build_map(bare, lang="en")
