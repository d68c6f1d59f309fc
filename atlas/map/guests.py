"""What a user adds to our map with folium: what it needs, whom it asks, and how it stays apart.

A folium element is a guest on our page. Its scripts come from an installed package where one holds
them, so that the page still works with no network; what must be asked of a host is admitted by its
exact address, and the host is named in a note and on the page. Guests can't loosen the page's
policy: their scripts are admitted by hash, and their inline styles are set by our script.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from branca.element import Element, Figure, Html
from folium.features import Vega, VegaLite
from folium.folium import Map
from folium.map import LayerControl, Tooltip

from atlas.base.errors import InputError

__all__ = [
    "Asks",
    "admit",
    "asks_of",
    "closed",
    "comes_last",
    "default_links",
    "escaped",
    "guests_of",
    "linked_in",
    "refuse",
    "set_styles_late",
    "split_handlers",
    "walk",
    "without_links",
]

# What folium.Map links on every page, and we only where a guest calls for it.
_DEFAULTS = (
    ("L.AwesomeMarkers", ("awesome_markers", "awesome_markers_css", "awesome_markers_font_css")),
    ("L.AwesomeMarkers", ("glyphicons_css", "awesome_rotate_css")),
    ("L.BeautifyIcon", ("awesome_markers_font_css",)),
    ("L.easyButton", ("awesome_markers_font_css",)),
    ("L.control.locate", ("awesome_markers_font_css",)),
    ("$(", ("jquery",)),
    ("$.", ("jquery",)),
    ("jQuery", ("jquery",)),
    ("bootstrap", ("bootstrap", "bootstrap_css")),
)

# Literals that are an address and nothing else: tiles, images, films, data.
_ADDRESS = re.compile(r"""["'`](https?://[^"'`\s<>\\]+)["'`]""")
_EMBEDDED = re.compile(r"""\bsrc=\\?["'](https?://[^"'`\s<>\\]+)""")
_FETCHES = re.compile(
    r"fetch\(|XMLHttpRequest|getJSON|\.ajax\(|vectorGrid|L\.realtime|timeDimension|geocoder", re.I
)
_FRAME = re.compile(r"<iframe|\\u003ciframe", re.I)
_FILM = re.compile(r"L\.videoOverlay")
# An attribute in markup, not a variable of a script: a quote or white space, no space around "=".
_STYLE = re.compile(r"""([\s"'])style=(\\?["']|\\u0027|\\u0022)""")
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_HANDLER = re.compile(r"""\son([a-z]+)=(["'])(.*?)\2""", re.I | re.S)
_LINKED_SCRIPT = re.compile(
    r"""<script\b[^>]*\bsrc=["'](https?://[^"']+)["'][^>]*>\s*</script>""", re.I
)
_LINKED_STYLE = re.compile(r"""<link\b[^>]*\bhref=["'](https?://[^"']+\.css)["'][^>]*/?>""", re.I)
_SKIPPED = {"_parent", "_children", "_template", "_env", "header", "html", "script", "_name", "_id"}
_JOINER = "\N{WORD JOINER}"
# Asked by name in a script of a package, where no address can be read off the page's own text.
_KNOWN_HOSTS = {"L.Control.geocoder": "https://nominatim.openstreetmap.org"}


@dataclass(frozen=True)
class Asks:
    """What a page must be allowed to load from elsewhere.

    Attributes
    ----------
    scripts, styles : tuple of str
        Full addresses.
    folders : tuple of str
        Where linked styles keep their fonts and pictures; addresses that end with ``/``.
    origins : tuple of str
        Scheme and host of tiles, pictures, films and data.
    fetches, frames, films : bool
        Whether a guest fetches data, embeds a frame, shows a film.
    """

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    fetches: bool = False
    frames: bool = False
    films: bool = False

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names of all hosts, sorted."""
        addresses = (*self.scripts, *self.styles, *self.origins)
        return tuple(sorted({urlsplit(address).netloc for address in addresses}))


def walk(element: Element) -> list[Element]:
    """The element and everything below it, the inner figures of popups included."""
    found = [element]
    for child in element._children.values():
        found.extend(walk(child))
    for name in ("header", "html", "script"):
        inner = element.__dict__.get(name)
        if isinstance(inner, Element):
            found.extend(walk(inner))
    return found


def guests_of(figure: Figure) -> list[Element]:
    """Elements that a user added to our map or beside it.

    Parameters
    ----------
    figure : Figure
        The page of a map of ours.
    """
    inside = [
        element
        for child in figure._children.values()
        for grandchild in child._children.values()
        for element in walk(grandchild)
    ]
    own = {element.get_name() for child in figure._children.values() for element in walk(child)}
    beside = [
        child
        for part in (figure.html, figure.script)
        for name, child in part._children.items()
        if name not in own
    ]
    return inside + beside


def refuse(guests: list[Element]) -> None:
    """Refuse what can't be drawn on this page, before anything is written.

    Raises
    ------
    InputError
        A guest evaluates text as code, or is itself a whole map.
    """
    for guest in guests:
        if isinstance(guest, Vega | VegaLite):
            raise InputError(
                f"{type(guest).__name__} builds code from text while it runs, which the page's "
                "policy forbids; put the chart in as a picture, e.g. folium.Popup with an <img> "
                "of a data: address"
            )
        if isinstance(guest, Map):
            raise InputError(
                "a folium.Map can't be put into another map; put both into a "
                "branca.element.Figure, one after the other"
            )


def _patched(value: Any) -> Any:
    """Text that no template and no template literal takes for its own."""
    if isinstance(value, str):
        for mark in ("{{", "{%", "{#", "${"):
            value = value.replace(mark, f"{mark[0]}{_JOINER}{mark[1]}")
        return value
    if type(value) is dict:
        return {_patched(key): _patched(item) for key, item in value.items()}
    if type(value) is list:
        return [_patched(item) for item in value]
    return value


def _quoted(text: str) -> str:
    """HTML that stands in a template literal of a script: it can end neither."""
    return text.replace("`", "&#96;").replace("</", "<\\/")


@contextmanager
def escaped(guests: list[Element]) -> Iterator[None]:
    """Keep the text of guests from breaking out while they render; they are left as they were.

    folium writes some text into template literals of its scripts and runs what comes out through
    its template engine once more: ``${``, a backtick, ``</script>`` or ``{{`` in a popup would act.
    An invisible word joiner parts the marks, so that they read the same and do nothing.
    """
    kept: list[tuple[dict[str, Any], str, Any]] = []
    try:
        for guest in guests:
            own = vars(guest)
            for name, value in list(own.items()):
                if name in _SKIPPED or not isinstance(value, str | dict | list):
                    continue
                safe = _patched(value)
                if isinstance(guest, Tooltip | Html) and isinstance(safe, str):
                    safe = _quoted(safe)
                elif name == "caption" and isinstance(safe, str):
                    safe = safe.replace("\\", "\\\\").replace('"', '\\"').replace("</", "<\\/")
                if safe != value:
                    kept.append((own, name, value))
                    own[name] = safe
        yield
    finally:
        for own, name, value in reversed(kept):
            own[name] = value


def set_styles_late(text: str) -> str:
    """Turn inline styles of guests into data that our script applies, so that none needs allowing.

    Examples
    --------
    >>> set_styles_late('<b style="color:red">')
    '<b data-atlas-style="color:red">'
    """
    return _STYLE.sub(r"\1data-atlas-style=\2", text)


def closed(script: str) -> str:
    """A script whose text can't end the element it stands in.

    Examples
    --------
    >>> "</script>" in closed("var name = '</script>';")
    False
    """
    return re.sub(r"<(/script|!--)", r"<\\\1", script, flags=re.IGNORECASE)


def split_handlers(text: str) -> tuple[str, str]:
    """Take handlers out of markup, as a script that can be admitted by its hash.

    Parameters
    ----------
    text : str
        Markup.

    Returns
    -------
    markup, script : str
        The script is empty where there were none.

    Examples
    --------
    >>> split_handlers('<b onclick="go()">')
    ('<b data-atlas-on="click:0">', 'atlasPage.guests.handlers[0]=function(event){go()};')
    """
    found: list[str] = []

    def tag(match: re.Match[str]) -> str:
        pairs = []

        def take(handler: re.Match[str]) -> str:
            pairs.append(f"{handler[1].lower()}:{len(found)}")
            found.append(unescape(handler[3]))
            return ""

        bare = _HANDLER.sub(take, match[0])
        if not pairs:
            return match[0]
        return f'{bare[:-1].rstrip()} data-atlas-on="{" ".join(pairs)}">'

    markup = _TAG.sub(tag, text)
    lines = (
        f"atlasPage.guests.handlers[{number}]=function(event){{{code}}};"
        for number, code in enumerate(found)
    )
    return markup, "\n".join(lines)


def linked_in(text: str) -> tuple[list[str], list[str]]:
    """Addresses of scripts and of styles that markup links.

    Parameters
    ----------
    text : str
        Markup, as elements write it into the head themselves.
    """
    return _LINKED_SCRIPT.findall(text), _LINKED_STYLE.findall(text)


def without_links(text: str) -> str:
    """Markup without the links that `linked_in` finds, for they are put in with the others."""
    return _LINKED_STYLE.sub("", _LINKED_SCRIPT.sub("", text))


def default_links(text: str) -> list[str]:
    """Names of folium's default assets that the scripts of guests call for.

    Parameters
    ----------
    text : str
        Scripts and markup of all guests.
    """
    names: dict[str, None] = {}
    for mark, wanted in _DEFAULTS:
        if mark in text:
            names.update(dict.fromkeys(wanted))
    # In the order in which folium links them, for each may need those before it.
    order = ("jquery", "bootstrap", "awesome_markers")
    return [name for name in order if name in names] + [name for name in names if name not in order]


def comes_last(guest: Element) -> bool:
    """Whether a guest lists the others, and must run after them wherever it was added."""
    if isinstance(guest, LayerControl):
        return True
    # The plugins take long to import; where a guest is one of them, somebody has.
    known = sys.modules.get("folium.plugins")
    return known is not None and isinstance(
        guest, known.GroupedLayerControl | known.TreeLayerControl
    )


def _origin(address: str) -> str:
    scheme, rest = address.split("://", 1)
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    # Leaflet's {s} stands for one of several subdomains.
    return f"{scheme}://{re.sub(r'^{s}[.]', '*.', host)}"


def asks_of(text: str, scripts: list[str], styles: list[str]) -> Asks:
    """Read off what the guests of a page ask the network for.

    Parameters
    ----------
    text : str
        Scripts and markup of all guests.
    scripts, styles : list of str
        Addresses of linked assets that no installed package holds.
    """
    addresses = [*_ADDRESS.findall(text), *_EMBEDDED.findall(text)]
    # Templates write the slashes of JSON as they are; a host of no name is no host.
    origins = {_origin(address) for address in addresses if urlsplit(address).netloc}
    origins |= {host for mark, host in _KNOWN_HOSTS.items() if mark in text}
    origins -= {"http://www.w3.org"}
    return Asks(
        scripts=tuple(sorted(set(scripts))),
        styles=tuple(sorted(set(styles))),
        folders=tuple(sorted({f"{address.rsplit('/', 2)[0]}/" for address in styles})),
        origins=tuple(sorted(origins)),
        fetches=bool(_FETCHES.search(text)),
        frames=bool(_FRAME.search(text)),
        films=bool(_FILM.search(text)),
    )


def admit(rules: Mapping[str, list[str]], asks: Asks) -> dict[str, list[str]]:
    """Widen a policy by exactly what guests ask for.

    Parameters
    ----------
    rules : mapping of str to list of str
        Directives of a content security policy.
    asks : Asks
        What `asks_of` found.
    """
    wider = {name: list(values) for name, values in rules.items()}
    wider["script-src"] += asks.scripts
    wider["style-src"] += asks.styles
    wider["font-src"] += asks.folders
    wider["img-src"] += [*asks.folders, *asks.origins]
    if asks.films:
        wider["media-src"] = ["data:", "blob:", *asks.origins]
    if asks.fetches and asks.origins:
        wider["connect-src"] = list(asks.origins)
    if asks.frames:
        wider["frame-src"] = ["data:", *asks.origins]
    return wider
