"""From layer specs to a folium map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import numpy.typing as npt
from branca.element import Element
from folium.template import Template

from atlas.answers.access import Access, access
from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START, format_day, parse_day, parse_edtf
from atlas.layers import LAYERS, LayerSet, events_box, layer_set, named_sets, with_ground
from atlas.map import payload
from atlas.map.assets import LEAFLET_CSS, LEAFLET_JS
from atlas.map.page import AtlasFigure, ascii_html
from atlas.record.languages import chosen, offered
from atlas.words import Language
from atlas.words.load import language_name

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["AtlasMap", "build_map"]


_WHOLE_PAGE = "<style>html, body {width: 100%; height: 100%; margin: 0;}</style>"


class _Frame(Element):
    """A map's whole document, standing in another's."""

    _template = Template(
        '<iframe title="{{ this.title|e }}" srcdoc="{{ this.document|e }}" style="display:block;'
        "width:{{ this.width }};height:{{ this.height }};min-height:320px;"
        'border:none" allowfullscreen></iframe>'
    )

    def __init__(self, document: str, atlas_map: AtlasMap) -> None:
        super().__init__()
        self._name = "AtlasFrame"
        self.document = document
        self.title = atlas_map._page.title or ""
        self.width, self.height = (
            "{}{}".format(*size) for size in (atlas_map.width, atlas_map.height)
        )


class AtlasMap(folium.Map):
    """A folium map with the atlas's layers, clock and panels.

    Whatever folium can add to a map can be added to this one; it shows itself in a notebook and
    saves itself as one file.

    Parameters
    ----------
    layers : LayerSet
        What to draw.
    page : dict
        Settings the page starts with.
    assets : {'inline', 'cdn'}
        Whether the file holds Leaflet or links it.
    language : Language
        Language it opens in.
    access : Access, optional
        Who could pass and who was cut off, day by day.

    Attributes
    ----------
    events_shown : int
        How many own events the map holds, those with a date and coordinates; without own sets, how
        many of the record.
    sets_shown : dict of str to int
        The same for each of the own sets, by name.
    first_day, last_day : int
        Days between which its clock can be set.
    day : int
        Day on which it opens.
    layers_offered : tuple of str
        Layers that it has switches for.
    """

    default_js: list[tuple[str, str]] = [("leaflet", LEAFLET_JS)]  # noqa: RUF012
    default_css: list[tuple[str, str]] = [("leaflet_css", LEAFLET_CSS)]  # noqa: RUF012

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="atlas-map folium-map" id={{ this.get_name()|tojson }}
            data-loading="{{ this.loading }}" data-failed="{{ this.failed }}"></div>
        <!--atlas-data-->
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
            Object.assign({ center: {{ this.location|tojson }} }, {{ this.options|tojson }},
                atlasPage.mapOptions()));
        atlasPage.mount({{ this.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        layers: LayerSet,
        page: dict[str, object],
        *,
        assets: str,
        language: Language,
        access: Access | None = None,
        width: str | int = "100%",
        height: str | int = "100%",
    ) -> None:
        west, south, east, north = layers.bbox
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            tiles=None,
            zoom_start=7,
            zoom_control=False,
            width=width,
            height=height,
        )
        # Leaflet reads its own spelling; folium has turned ours into it only for its template.
        self.options = {"zoom": 7, "zoomControl": False, "attributionControl": False}
        # Said before any data can be read.
        self.loading, self.failed = (ascii_html(language(key)) for key in ("loading", "failed"))
        self.sets_shown = {one.name: one.rows for one in layers.sets if one.name}
        self.events_shown = sum(self.sets_shown.values()) if self.sets_shown else len(layers.events)
        first, last = _clock(layers)
        self.first_day, self.last_day = first, last - 1
        self.day = int(str(page["day"]))
        asked: Any = page["layers"]
        self.layers_offered: tuple[str, ...] = LAYERS if asked is None else tuple(asked)
        core, text = payload.encode_events(layers.events)
        titles = layers.titles
        title = titles.get(language.tag) or titles.get("en") or layers.pack_id or "atlas"
        blocks = {
            "atlas-data": payload.encode_layers(layers, page),
            "atlas-events": core,
            "atlas-texts": text,
        }
        if access is not None:
            blocks["atlas-access"] = payload.encode_access(access, layers)
        self._page = AtlasFigure(title=title, language=language, assets=assets, blocks=blocks)
        self._page.width = "{}{}".format(*self.width)
        if height != "100%":
            self._page.height = "{}{}".format(*self.height)
        self._page.add_child(self)

    def render(self, **kwargs: Any) -> str:
        """Render into the page it stands in: its own, or as a frame in another figure.

        Parameters
        ----------
        **kwargs
            As branca hands them on.

        Returns
        -------
        str
            Empty: the figure that it stands in has the text.

        Examples
        --------
        >>> "<!DOCTYPE html>" in a.map().get_root().render()
        True
        """
        figure: Any = self.get_root()
        if figure is self._page:
            super().render(**kwargs)  # type: ignore[no-untyped-call]
            return ""
        # In a page of another's, or in one with more maps, ours keeps to its own document.
        parent, self._parent = self._parent, self._page
        try:
            document = self._page.render(**kwargs)
        finally:
            self._parent = parent
        figure.header.add_child(Element(_WHOLE_PAGE), name="atlas_whole_page")
        figure.html.add_child(_Frame(document, self), name=self.get_name())
        return ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noted when the map was last rendered: the hosts its page will ask.

        Examples
        --------
        >>> a.map().notes
        ()
        """
        return self._page.notes

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the map as one file, whole or not at all.

        Parameters
        ----------
        outfile : str, Path or binary file
            Where to.
        close_file : bool
            Whether a binary file is closed when it is written.
        **kwargs
            As branca hands them on.

        Examples
        --------
        >>> import io
        >>> out = io.BytesIO()
        >>> a.map().save(out, close_file=False)
        >>> out.getvalue()[:15]
        b'<!DOCTYPE html>'
        """
        self.get_root().save(outfile, close_file=close_file, **kwargs)


def _clock(layers: LayerSet) -> tuple[int, int]:
    """First and last day of the slider: the pack's period, and as far as it has events.

    Events before the period move the first day only where they are more than a few: one wrong year
    in a file should not stretch the clock by a century.
    """
    starts = np.sort(layers.events.start)
    days = list(layers.changes) + [chapter.day for chapter in layers.chapters]
    first, last = layers.period
    if first <= OPEN_START:
        first = min(days + starts[:1].tolist(), default=0)
    if last >= OPEN_END:
        last = int(starts[-1]) + 31 if len(starts) else max(days, default=first) + 31
    if len(starts):
        early = int(starts[len(starts) // 50])
        first, last = min(first, early), max(last, int(starts[-1]) + 1)
    return int(first), int(max(last, first + 1))


def _own_rows(layers: LayerSet) -> npt.NDArray[np.bool_]:
    """Which of the events are a user's own."""
    sets = layers.events.text.get("set")
    if sets is None:
        return np.zeros(len(layers.events), dtype=bool)
    return np.asarray(sets.codes != 0)


def _home(layers: LayerSet, mine: npt.NDArray[np.bool_]) -> list[float] | None:
    """Bounds of own events, where hardly any of them lie on the pack's own map."""
    west, south, east, north = layers.bbox
    lon, lat = layers.events.lon[mine], layers.events.lat[mine]
    inside = ((lon - west) % 360 <= east - west) & (south <= lat) & (lat <= north)
    if layers.pack_id and inside.mean() > 0.1:
        return None
    box = events_box(lon, lat)
    return None if box is None else [round(value, 3) for value in box]


def _span(start: Any, end: Any, first: int, last: int) -> list[int] | None:
    if start is None and end is None:
        return None
    begin = OPEN_START if start is None else _first_day(start)
    stop = OPEN_END if end is None else _first_day(end)
    if begin >= stop:
        raise InputError(f"no day lies from {start} up to {end}; swap the two dates")
    if begin >= last or stop <= first:
        raise InputError(
            f"no day of the map lies from {start or 'its beginning'} up to {end or 'its end'}; "
            f"it runs from {format_day(first)} to {format_day(last - 1)}"
        )
    return [begin, stop]


def _access(pack: Pack, layers: LayerSet, first: int, last: int) -> Access | None:
    """Who could pass, where the map has routes on which that is recorded."""
    if not layers.episodes or not layers.control:
        return None
    found = access(pack, first, last)
    return found if found.stretches else None


def _first_day(value: Any) -> int:
    return parse_edtf(value).earliest if isinstance(value, str) else parse_day(value)


def build_map(
    pack: Pack,
    *,
    date: str | Date | int | None = None,
    events: Mapping[str, Any] | Any = None,
    record_events: bool = True,
    popup: Sequence[str] = (),
    colour: str | None = None,
    layers: Sequence[str] | None = None,
    lang: str | None = None,
    assets: str = "inline",
    start: str | Date | int | None = None,
    end: str | Date | int | None = None,
    links: Sequence[tuple[str, Mapping[str, str]]] = (),
    location: Sequence[float] | None = None,
    zoom_start: float | None = None,
    tiles: Any = None,
    attr: str | None = None,
    width: str | int = "100%",
    height: str | int = "100%",
) -> AtlasMap:
    """Make the interactive map of a pack.

    Parameters
    ----------
    pack : Pack
        As :func:`atlas.record.pack.read_pack` gives it.
    date : str, date or int, optional
        Day the clock starts on (EDTF text: its first day); one after the clock's last means the
        last. By default the pack's, or the last of the given events where that day is outside
        them.
    events : DataFrame, or mapping of str to DataFrame, optional
        Own events to show beside the record's; several sets by name, each with a legend and a
        switch of its own; see :func:`atlas.layers.event_columns`.
    record_events : bool
        Whether the record's own events are shown.
    popup : sequence of str
        Columns of own events that their cards tell.
    colour : str, optional
        What own events are coloured by: a column, or one ``#rrggbb``; by default their type.
    layers : sequence of str, optional
        Layers to put in, of :data:`atlas.layers.LAYERS`; all by default.
    lang : str, optional
        Language the page opens in, one of the pack's; the reader can change it. By default English,
        or the pack's first.
    assets : {'inline', 'cdn'}
        'inline' asks for nothing over the network; 'cdn' links Leaflet with its hash.
    start, end : str, date or int, optional
        Show the events of this half-open span rather than those up to the clock's day.
    links : sequence of (str, mapping of str to str), optional
        Pages to offer in the header: relative address, and its label by language.
    location : sequence of 2 floats, optional
        Latitude and longitude, degrees, of the middle of the first view, as folium takes them.
    zoom_start : float, optional
        Leaflet zoom of the first view; 8 where only a location is given.
    tiles : str, TileLayer or xyzservices.TileProvider, optional
        Tiles to lay below the layers; the page then asks their host, and says so.
    attr : str, optional
        Credit of tiles given as an address.
    width, height : str or int
        Size in a notebook or another figure: pixels, or a share as ``"60%"``.

    Returns
    -------
    AtlasMap
        A :class:`folium.Map`.

    Raises
    ------
    InputError
        An unknown language, layer or asset mode, a date that can't be read or lies before all
        that the map shows, or a span without a day in it.

    Examples
    --------
    >>> build_map(a.pack, date="2020-11-10").first_day < 18576
    True
    """
    language = chosen(pack, lang)
    if assets not in ("inline", "cdn"):
        raise InputError(f"no asset mode {assets!r}; there are 'inline' and 'cdn'")
    own = named_sets(events)
    specs = layer_set(
        pack,
        events=own,
        record_events=record_events,
        popup=popup,
        colour=colour,
        layers=layers,
    )
    first, last = _clock(specs)
    opens = date if date is not None else pack.meta.start_date
    day = last - 1 if opens == "" else _first_day(opens)
    home = None
    mine = _own_rows(specs)
    if mine.any():
        home = _home(specs, mine)
        starts = specs.events.start[mine]
        if date is None and not starts[0] <= day <= starts[-1]:
            day = int(starts[-1])
    if layers is None or "basemap" in layers:
        specs = with_ground(specs, pack, boxes=[home] if home else [])
        # Its longitudes may run on from another meridian now.
        home = _home(specs, mine) if home else None
    if date is not None and day < first:
        pack.require_day(day)
    languages = offered(pack)
    page: dict[str, object] = {
        "day": min(max(day, first), last - 1),
        "first": first,
        "last": last,
        "lang": language.tag,
        "range": _span(start, end, first, last),
        "home": home,
        "own": bool(own) and not record_events,
        "languages": [one.tag for one in languages],
        "spoken": {one.tag: one.payload() for one in languages},
        "tongues": {tag: language_name(tag) for tag in sorted(set(pack.names["lang"]) - {""})},
        "worldviews": list(pack.meta.worldviews),
        "licence": str(pack.meta.settings.get("licence", "")),
        "layers": None if layers is None else sorted(layers),
        "links": [{"href": href, "label": dict(label)} for href, label in links],
    }
    ways = _access(pack, specs, first, last)
    page["access"] = ways is not None
    if location is not None or zoom_start is not None:
        page["view"] = _view(specs, location, zoom_start)
    made = AtlasMap(
        specs, page, assets=assets, language=language, access=ways, width=width, height=height
    )
    if tiles is not None:
        layer = tiles if isinstance(tiles, folium.TileLayer) else folium.TileLayer(tiles, attr=attr)
        layer.add_to(made)
    return made


def _view(
    layers: LayerSet, location: Sequence[float] | None, zoom: float | None
) -> dict[str, object]:
    west, south, east, north = layers.bbox
    centre = [(south + north) / 2, (west + east) / 2] if location is None else list(location)
    good = len(centre) == 2 and all(np.isfinite(centre)) and abs(centre[0]) <= 90
    if not good or abs(centre[1]) > 180:
        raise InputError(f"location must be latitude and longitude in degrees, not {location!r}")
    return {
        "center": [float(part) for part in centre],
        "zoom": 8.0 if zoom is None else float(zoom),
    }
