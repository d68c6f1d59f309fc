"""Whatever folium can add is drawn, or refused with a sentence: every class has its answer."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import branca.colormap as cm
import folium
import folium.features
import folium.plugins as plugins
import folium.raster_layers
import folium.vector_layers
import geopandas as gpd
import numpy as np
import pytest
from branca.element import Element, Figure
from shapely.geometry import Point, box

from atlas.base.errors import InputError
from atlas.map import AtlasMap, assets, build_map
from atlas.record.pack import Pack
from tests.browser.conftest import CHROMIUM, until

AT = [50.3, 10.3]
LINE = [[50.2, 10.2], [50.4, 10.5]]
BOUNDS = [[50.2, 10.2], [50.4, 10.5]]
EVIL = (
    "`${window.pwned=1}</script><script>window.pwned=2</script>{{7*7}}<img src=x onerror=pwned=3>"
)
ENCODED = "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


def features(geometry: Any, **properties: Any) -> dict[str, Any]:
    feature = {
        "type": "Feature", "id": "0", "properties": {"name": EVIL, "v": 3.0} | properties,
        "geometry": geometry.__geo_interface__,
    }  # fmt: skip
    return {"type": "FeatureCollection", "features": [feature]}


POINTS = features(Point(10.3, 50.3), start="2001-05-10", end="2001-06-10")
GROUND = features(box(10.2, 50.2, 10.5, 50.4))
TIMED = features(Point(10.3, 50.3), times=["2001-05-10"])
STYLES = {"0": {"1600000000": {"color": "red", "opacity": 0.5}, "1600100000": {"color": "blue"}}}
TOPOLOGY = {
    "type": "Topology",
    "objects": {"a": {"type": "GeometryCollection", "geometries": []}},
    "arcs": [],
}
OWN_SERVER = "https://data.example.org"


def group_and(control: Callable[[folium.FeatureGroup], Element]) -> Callable[[AtlasMap], None]:
    def add(m: AtlasMap) -> None:
        group = folium.FeatureGroup(name=EVIL).add_to(m)
        folium.Marker(AT).add_to(group)
        control(group).add_to(m)

    return add


def marker(**options: Any) -> Callable[[AtlasMap], None]:
    return lambda m: folium.Marker(AT, **options).add_to(m)


def explored(values: list[Any]) -> Callable[[AtlasMap], None]:
    frame = gpd.GeoDataFrame(
        {"v": values}, geometry=[Point(10.3, 50.3), Point(10.4, 50.4)], crs=4326
    )
    return lambda m: frame.explore(m=m, column="v")


def with_timeline(m: AtlasMap) -> None:
    line = plugins.Timeline(POINTS).add_to(m)
    plugins.TimelineSlider().add_timelines(line).add_to(m)


def with_pattern(made: Any) -> Callable[[AtlasMap], None]:
    def add(m: AtlasMap) -> None:
        folium.Circle(AT, radius=5000, fill_pattern=made().add_to(m)).add_to(m)

    return add


def with_search(m: AtlasMap) -> None:
    plugins.Search(folium.GeoJson(POINTS).add_to(m), search_label="name").add_to(m)


def beside(m: AtlasMap) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        left, right = (folium.TileLayer(f"{OWN_SERVER}/{{z}}", attr=x).add_to(m) for x in "ab")
    plugins.SideBySideLayers(left, right).add_to(m)


def timestamped_wms(m: AtlasMap) -> None:
    layer = folium.WmsTileLayer(f"{OWN_SERVER}/wms", layers="a").add_to(m)
    plugins.TimestampedWmsTileLayers(layer).add_to(m)


def text_path(m: AtlasMap) -> None:
    plugins.PolyLineTextPath(folium.PolyLine(LINE).add_to(m), "text").add_to(m)


def tree(group: folium.FeatureGroup) -> Element:
    child = {"label": "here", "layer": group}
    return plugins.TreeLayerControl(overlay_tree={"label": "all", "children": [child]})


def listed_first(m: AtlasMap) -> None:
    folium.LayerControl().add_to(m)
    folium.Marker(AT).add_to(folium.FeatureGroup(name="later").add_to(m))


DRAWN: dict[str, list[tuple[str, Callable[[AtlasMap], Any]]]] = {
    "shapes": [
        ("Circle", lambda m: folium.Circle(AT, radius=900).add_to(m)),
        ("CircleMarker", lambda m: folium.CircleMarker(AT).add_to(m)),
        ("Rectangle", lambda m: folium.Rectangle(BOUNDS).add_to(m)),
        ("Polygon", lambda m: folium.Polygon([*LINE, [50.2, 10.5]]).add_to(m)),
        ("PolyLine", lambda m: folium.PolyLine(LINE).add_to(m)),
        ("RegularPolygonMarker", lambda m: folium.RegularPolygonMarker(AT).add_to(m)),
        ("ColorLine", lambda m: folium.ColorLine(LINE, [1.0], colormap=["r", "b"]).add_to(m)),
        ("GeoJson GeoJsonTooltip GeoJsonPopup GeoJsonDetail", lambda m: folium.GeoJson(
            POINTS, tooltip=folium.GeoJsonTooltip(["name"]), popup=folium.GeoJsonPopup(["name"])
        ).add_to(m)),
        ("TopoJson", lambda m: folium.TopoJson(TOPOLOGY, "objects.a").add_to(m)),
        ("AntPath", lambda m: plugins.AntPath(LINE).add_to(m)),
        ("PolyLineFromEncoded", lambda m: plugins.PolyLineFromEncoded(ENCODED).add_to(m)),
        ("PolygonFromEncoded", lambda m: plugins.PolygonFromEncoded(ENCODED).add_to(m)),
        ("PolyLineOffset", lambda m: plugins.PolyLineOffset(LINE, offset=5).add_to(m)),
        ("PolyLineTextPath", text_path),
        ("SemiCircle", lambda m: plugins.SemiCircle(AT, 5000, direction=0, arc=90).add_to(m)),
        ("StripePattern", with_pattern(plugins.StripePattern)),
        ("CirclePattern", with_pattern(plugins.CirclePattern)),
        ("Terminator", lambda m: plugins.Terminator().add_to(m)),
        ("explore by number", explored([1.0, 2.0])),
        ("explore by kind", explored(["a", "b"])),
        ("LayerControl FeatureGroup", group_and(lambda _: folium.LayerControl())),
    ],
    "marks": [
        ("Marker Popup Tooltip Html", marker(popup=EVIL, tooltip=EVIL)),
        ("Icon", marker(icon=folium.Icon(color="red"), popup=folium.Popup("<b style='x:y'>"))),
        ("CustomIcon", marker(icon=folium.CustomIcon(f"{OWN_SERVER}/i.png", icon_size=(9, 9)))),
        ("DivIcon", marker(icon=folium.DivIcon(html="<i style='color:red'>x</i>"))),
        ("BeautifyIcon", marker(icon=plugins.BeautifyIcon(icon="plane"))),
        ("IFrame", marker(popup=folium.Popup(folium.IFrame("<p>x", width=100, height=50)))),
        ("BoatMarker", lambda m: plugins.BoatMarker(AT).add_to(m)),
        ("MarkerCluster", lambda m: folium.Marker(AT).add_to(plugins.MarkerCluster().add_to(m))),
        ("FastMarkerCluster", lambda m: plugins.FastMarkerCluster(LINE).add_to(m)),
        ("FeatureGroupSubGroup", group_and(lambda g: plugins.FeatureGroupSubGroup(g, "sub"))),
        ("HeatMap", lambda m: plugins.HeatMap([[*AT, 1.0]]).add_to(m)),
        ("OverlappingMarkerSpiderfier",
         lambda m: plugins.OverlappingMarkerSpiderfier().add_to(m)),
        ("LatLngPopup", lambda m: m.add_child(folium.LatLngPopup())),
        ("ClickForMarker", lambda m: m.add_child(folium.ClickForMarker("x"))),
        ("ClickForLatLng", lambda m: m.add_child(folium.ClickForLatLng())),
        ("LayerControl first", listed_first),
        ("a title", lambda m: m.get_root().html.add_child(
            folium.Element('<h3 id="own-title" style="position:fixed;top:60px">Title</h3>'))),
    ],
    "rasters and controls": [
        ("ImageOverlay", lambda m: folium.raster_layers.ImageOverlay(
            np.zeros((4, 4, 4)), BOUNDS).add_to(m)),
        ("VideoOverlay", lambda m: folium.raster_layers.VideoOverlay(
            f"{OWN_SERVER}/v.webm", BOUNDS).add_to(m)),
        ("TileLayer", lambda m: folium.TileLayer(f"{OWN_SERVER}/{{z}}", attr="a").add_to(m)),
        ("WmsTileLayer", lambda m: folium.WmsTileLayer(f"{OWN_SERVER}/w", layers="a").add_to(m)),
        ("SideBySideLayers", beside),
        ("VectorGridProtobuf", lambda m: plugins.VectorGridProtobuf(
            f"{OWN_SERVER}/{{z}}/{{x}}/{{y}}.pbf", "n").add_to(m)),
        ("FloatImage", lambda m: plugins.FloatImage(f"{OWN_SERVER}/f.png").add_to(m)),
        ("Draw", lambda m: plugins.Draw(export=True).add_to(m)),
        ("Fullscreen", lambda m: plugins.Fullscreen().add_to(m)),
        ("MeasureControl", lambda m: plugins.MeasureControl().add_to(m)),
        ("MiniMap", lambda m: plugins.MiniMap(
            folium.TileLayer(f"{OWN_SERVER}/{{z}}", attr="a")).add_to(m)),
        ("MousePosition", lambda m: plugins.MousePosition().add_to(m)),
        ("LocateControl", lambda m: plugins.LocateControl().add_to(m)),
        ("Geocoder", lambda m: plugins.Geocoder().add_to(m)),
        ("ScrollZoomToggler", lambda m: plugins.ScrollZoomToggler().add_to(m)),
        ("Control", lambda m: folium.Control("Scale", position="bottomleft").add_to(m)),
        ("ColorMap LinearColormap StepColormap", lambda m: m.add_child(
            cm.LinearColormap(["red", "blue"], vmin=0, vmax=1, caption='a "b" `${1}'))),
        ("FitBounds", lambda m: m.fit_bounds(BOUNDS)),
        ("FitOverlays", lambda m: folium.FitOverlays().add_to(m)),
    ],
    "time and lists": [
        ("Choropleth", lambda m: folium.Choropleth(
            GROUND, data={"0": 3.0}, key_on="feature.id").add_to(m)),
        ("TimestampedGeoJson", lambda m: plugins.TimestampedGeoJson(TIMED).add_to(m)),
        ("Timeline TimelineSlider", with_timeline),
        ("HeatMapWithTime", lambda m: plugins.HeatMapWithTime([[[*AT, 1.0]]] * 2).add_to(m)),
        ("Realtime", lambda m: plugins.Realtime(f"{OWN_SERVER}/x.json").add_to(m)),
        ("Search", with_search),
        ("TagFilterButton", lambda m: plugins.TagFilterButton(["a", "b"]).add_to(m)),
        ("GroupedLayerControl", group_and(lambda g: plugins.GroupedLayerControl({"g": [g]}))),
        ("TreeLayerControl", group_and(tree)),
    ],
    "sliders": [
        ("TimeSliderChoropleth",
         lambda m: plugins.TimeSliderChoropleth(GROUND, STYLES).add_to(m)),
        ("TimestampedWmsTileLayers", timestamped_wms),
        ("GeoMan", lambda m: plugins.GeoMan().add_to(m)),
    ],
}  # fmt: skip

REFUSED: dict[str, Callable[[AtlasMap], Any]] = {
    "Vega": marker(popup=folium.Popup().add_child(folium.Vega({}, width=9, height=9))),
    "VegaLite": marker(popup=folium.Popup().add_child(folium.VegaLite({}, width=9, height=9))),
    "Map": lambda m: m.add_child(folium.Map(tiles=None)),
    "DualMap": lambda m: folium.Map(tiles=None).add_to(m),
}

# Not layers: what others are made of, or pages that hold a map.
PARTS = set(
    "BaseMultiLocation Class CssLink Div Element Figure JavascriptLink JSCSSMixin Layer Link "
    "MacroElement".split()
)


def exported() -> set[str]:
    rooms = (folium, folium.features, folium.raster_layers, folium.vector_layers, plugins)
    return {
        name
        for room in rooms
        for name, value in vars(room).items()
        if inspect.isclass(value) and issubclass(value, Element)
    }


def test_every_element_class_of_folium_has_an_answer() -> None:
    drawn = {word for parts in DRAWN.values() for name, _ in parts for word in name.split()}
    assert exported() - drawn - set(REFUSED) - PARTS == set()


def from_wheels(route: Any) -> None:
    """Answer for a host with what an installed package holds; other hosts never answer."""
    url = route.request.url
    if assets.is_leaflet(url):
        name = "leaflet.js" if url.endswith(".js") else "leaflet.css"
        # To the byte, for the page holds its hash.
        body = (assets._leaflet_dir() / name).read_bytes()
    else:
        held = assets._folium_assets().get(url) or assets._by_name().get(assets._library(url))
        if held is None:
            route.abort()
            return
        # The page's policy lets no script build code from text; a host's own file says so late.
        body = assets._TEMPLATE.sub(assets._compiled, held).encode()
    kind = "text/css" if url.split("?")[0].endswith(".css") else "text/javascript"
    route.fulfill(body=body, content_type=kind, headers={"Access-Control-Allow-Origin": "*"})


@pytest.fixture
def page_of(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a page whose hosts never answer, or by wheels; at the end none of its scripts failed."""
    wrong: list[str] = []
    contexts = []

    def show(text: str, answer: Callable[[Any], None] | None = None) -> Any:
        path = tmp_path / "guests.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on(
            "console", lambda m: "Security Policy" in m.text and wrong.append(f"console: {m.text}")
        )
        page.on("dialog", lambda dialog: wrong.append("a dialog"))
        page.route(lambda url: url.startswith("http"), answer or (lambda route: route.abort()))
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    # That a handler in hostile text is refused is what the policy is for; so is the font of a third
    # host that a linked style names: the page asks nobody whom it does not name.
    expected = ("Failed to fetch", "inline event handler", "/x'", "Loading the font")
    assert not [line for line in wrong if not any(words in line for words in expected)]


@CHROMIUM
@pytest.mark.parametrize("mode", ["inline", "cdn"])
@pytest.mark.parametrize("group", DRAWN)
def test_guests_are_drawn(demo: Pack, page_of: Any, group: str, mode: str) -> None:
    made = build_map(demo, date="2001-05-10", assets=mode)
    for _, add in DRAWN[group]:
        add(made)
    text = made.get_root().render()
    assert ("cdn.jsdelivr.net" in text.split("</head>")[0]) == (mode == "cdn")
    page = page_of(text, from_wheels if mode == "cdn" else None)
    until(page, "Boolean(window.atlasMap && atlasMap.state)")
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("atlasPage.guests.failed") == []
    if group == "marks":
        assert page.locator(".awesome-marker-icon-red").count() == 1
        assert page.locator("#own-title").evaluate("n => getComputedStyle(n).position") == "fixed"
        page.locator(".awesome-marker-icon-red").dispatch_event("click")


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(demo: Pack, name: str) -> None:
    made = build_map(demo)
    REFUSED[name](made)
    with pytest.raises(InputError, match=r"put (it|the chart|both)|can't be put"):
        made.get_root().render()


@CHROMIUM
def test_a_layer_that_fails_takes_no_later_one_with_it(
    demo: Pack, browser: Any, tmp_path: Path
) -> None:
    made = build_map(demo)

    class Broken(plugins.MarkerCluster):
        default_js = [("own", f"{OWN_SERVER}/missing.js")]  # noqa: RUF012

    Broken().add_to(made)
    folium.CircleMarker(AT).add_to(made)
    made.save(tmp_path / "broken.html")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.route(lambda url: url.startswith("http"), lambda route: route.abort())
    page.goto((tmp_path / "broken.html").as_uri())
    until(page, "Boolean(window.atlasMap && atlasMap.state)")
    assert page.locator(".leaflet-overlay-pane path").count() == 1
    assert page.evaluate("atlasPage.guests.failed.length") >= 1
    assert page.evaluate("atlasPage.guests.hosts()") == ["data.example.org"]
    page.close()


@CHROMIUM
def test_maps_stand_in_figures_and_subplots(demo: Pack, page_of: Any) -> None:
    figure = Figure(width=1200, height=700)
    for place in (1, 2):
        figure.add_subplot(1, 2, place).add_child(build_map(demo, date="2001-05-10"))
    page = page_of(figure.render())
    for frame in page.frames[1:]:
        frame.wait_for_selector(".atlas[data-state='ready']")
    assert len(page.frames) == 3
