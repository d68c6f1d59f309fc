"""Where the page's scripts and styles come from: installed packages, never the network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from atlas.base.errors import InputError

__all__ = [
    "LEAFLET_CSS",
    "LEAFLET_JS",
    "folium_url",
    "integrity",
    "is_leaflet",
    "packaged",
    "web_script",
    "web_style",
]

WEB_JS = (
    "dom", "days", "i18n", "decode", "blocks", "store", "geodesy", "model", "access", "theme",
    "canvas", "basemap", "polygons", "zones", "routes", "people", "density", "points", "labels",
    "view", "receipts", "lanes", "timeline", "clock", "legend", "find", "search", "inspector",
    "chronology", "story", "ways", "changed", "compare", "subject", "permalink", "address",
    "share", "imprint", "key", "export", "tools", "measure", "box", "topbar", "panel",
    "frame", "home", "pointer", "printing", "keyboard", "app", "bridge",
)  # fmt: skip
"""Our own modules in the order in which they are joined: each needs only those before it."""

WEB_CSS = ("page", "panels", "dock", "phone", "print")

_WIDE = re.compile(r"[^\x00-\x7f]")


def folium_url(name: str) -> str:
    """Address under which folium links one of the assets of every map of its own."""
    from folium.folium import _default_css, _default_js

    for key, url in (*_default_js, *_default_css):
        if key == name:
            return url
    raise InputError(f"folium no longer lists the asset {name!r}; install folium 0.20")


LEAFLET_JS, LEAFLET_CSS = folium_url("leaflet"), folium_url("leaflet_css")
"""folium's own default addresses, so that the CDN mode serves what folium would."""


def _leaflet_dir() -> Path:
    import xstatic.pkg.leaflet

    return Path(str(xstatic.pkg.leaflet.BASE_DIR))


def _data_url(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode("ascii")


@cache
def packaged(url: str) -> str | None:
    """Text of an asset from an installed package, ready to stand inside a page.

    Parameters
    ----------
    url : str
        Address under which folium would link it.

    Returns
    -------
    str or None
        None where no installed package holds it: the page has to ask for it.
    """
    folder = _leaflet_dir()
    if url == LEAFLET_JS:
        script = (folder / "leaflet.js").read_text(encoding="utf-8")
        # The map file stays behind; asking for it would be a request.
        script = re.sub(r"//# sourceMappingURL=\S+", "", script)
        icons = {
            "iconUrl": _data_url(folder / "images" / "marker-icon.png"),
            "iconRetinaUrl": _data_url(folder / "images" / "marker-icon-2x.png"),
            "shadowUrl": _data_url(folder / "images" / "marker-shadow.png"),
        }
        options = ",".join(f'{name}:"{data}"' for name, data in icons.items())
        return (
            f'{script}\nL.Icon.Default.imagePath="";L.Icon.Default.mergeOptions({{{options}}});\n'
        )
    if url == LEAFLET_CSS:
        style = (folder / "leaflet.css").read_text(encoding="utf-8")
        return re.sub(
            r"url\((images/[\w-]+\.png)\)",
            lambda match: f"url({_data_url(folder / match.group(1))})",
            style.replace("behavior: url(#default#VML);", ""),
        )
    text = _folium_assets().get(url) or _by_name().get(_library(url))
    if text is None:
        return None
    text = _TEMPLATE.sub(_compiled, text)
    # What stands in a page must not end the element it stands in, nor ask for its own source.
    text = re.sub(r"(//[#@]|/\*#) sourceMappingURL=\S+( \*/)?", "", text)
    if url.endswith(".css"):
        # Pictures and fonts that the package left behind: beside a file there are none to ask for.
        text = re.sub(r"url\((['\"]?)(?!data:|#|['\"])[^)]*\)", "url(data:,)", text)
    return text.replace("</script", "<\\/script").replace("</style", "<\\/style")


@cache
def _folium_assets() -> Mapping[str, str]:
    """Scripts and styles of folium and its plugins, by the address folium links them under."""
    try:
        from offlinefolium.elements import _res
    except ImportError:
        return {}
    return dict(_res)


@cache
def _by_name() -> Mapping[str, str]:
    """The same by the name of the library's file, for an element that links another version."""
    return {_library(url): text for url, text in _folium_assets().items()}


def _library(url: str) -> str:
    return url.rsplit("/", 1)[-1].split("?")[0].replace(".min.", ".")


_TEMPLATE = re.compile(r"""(?<![\w.])(\w+)\.template\('((?:[^'\\]|\\.)*)'\)""")


def _compiled(match: re.Match[str]) -> str:
    """Compile a template ahead: the page's policy lets no script build code from text."""
    library, literal = match.groups()
    lines = []
    for part in re.split(r"(<%.*?%>)", literal):
        if not part.startswith("<%"):
            lines.append(f"p+='{part}';")
            continue
        code = json.loads('"' + part[2:-2].replace("\\'", "'").replace('"', '\\"') + '"')
        if code[0] == "=":
            lines.append(f"t=({code[1:]});p+=t==null?'':t;")
        elif code[0] == "-":
            lines.append(f"t=({code[1:]});p+=t==null?'':{library}.escape(t);")
        else:
            lines.append(code)
    return f"(function(data){{var t,p='';with(data||{{}}){{{''.join(lines)}}}return p;}})"


def is_leaflet(url: str) -> bool:
    """Whether an address is one of Leaflet itself, which all else builds on."""
    return url in (LEAFLET_JS, LEAFLET_CSS)


def integrity(url: str) -> str:
    """Subresource-integrity value of a CDN asset whose bytes are known from its package.

    Returns
    -------
    str
        ``sha256-...``, or empty for an asset a user's own folium element links.
    """
    name = {LEAFLET_JS: "leaflet.js", LEAFLET_CSS: "leaflet.css"}.get(url)
    if name is None:
        return ""
    return sha256((_leaflet_dir() / name).read_bytes())


def sha256(data: bytes) -> str:
    """``sha256-`` and the base64 digest, as CSP and SRI write it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")


@cache
def first_script() -> str:
    """What must run before any library: how the styles and failures of guests are treated."""
    return _ascii(_own("guests.js"))


@cache
def web_script() -> str:
    """All our modules, joined in order, in ASCII.

    A browser decodes a document that is all ASCII, data included, in a third of the time: a single
    dash of ours would make wide characters of megabytes.
    """
    return _ascii("\n".join(_own(f"{name}.js") for name in WEB_JS))


def _ascii(script: str) -> str:
    return _WIDE.sub(lambda match: json.dumps(match.group())[1:-1], script)


@cache
def web_style() -> str:
    """All our styles, joined in order, in ASCII as the script is."""
    text = "\n".join(_own(f"{name}.css") for name in WEB_CSS)
    # The space ends the number, and is no part of the text.
    return _WIDE.sub(lambda match: f"\\{ord(match.group()):x} ", text)


def _own(name: str) -> str:
    return (files("atlas.map") / "web" / name).read_text(encoding="utf-8")
