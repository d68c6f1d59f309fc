"""Where the page's scripts and styles come from: installed packages, never the network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from atlas.base.errors import InputError

__all__ = ["LEAFLET_CSS", "LEAFLET_JS", "integrity", "packaged", "web_script", "web_style"]

WEB_JS = (
    "dom", "days", "i18n", "decode", "store", "model", "theme", "canvas", "basemap", "polygons",
    "zones", "routes", "points", "labels", "view", "receipts", "clock", "legend", "search",
    "inspector", "chronology", "story", "compare", "permalink", "keyboard", "export", "app",
)  # fmt: skip
"""Our own modules in the order in which they are joined: each needs only those before it."""

WEB_CSS = ("page", "panels", "dock", "phone", "print")

_WIDE = re.compile(r"[^\x00-\x7f]")


def _folium_url(name: str) -> str:
    from folium.folium import _default_css, _default_js

    for key, url in (*_default_js, *_default_css):
        if key == name:
            return url
    raise InputError(f"folium no longer lists the asset {name!r}; install folium 0.20")


LEAFLET_JS, LEAFLET_CSS = _folium_url("leaflet"), _folium_url("leaflet_css")
"""folium's own default addresses, so that the CDN mode serves what folium would."""


def _leaflet_dir() -> Path:
    import xstatic.pkg.leaflet

    return Path(str(xstatic.pkg.leaflet.BASE_DIR))


def _data_url(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode("ascii")


@cache
def packaged(url: str) -> str:
    """Text of an asset from an installed package, ready to stand inside a page.

    Parameters
    ----------
    url : str
        Address under which folium would link it.

    Raises
    ------
    InputError
        No installed package holds it: the page would not be self-contained.
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
    if "jquery" in url:
        try:
            import xstatic.pkg.jquery
        except ImportError:
            pass
        else:
            path = Path(str(xstatic.pkg.jquery.BASE_DIR)) / "jquery.min.js"
            return path.read_text(encoding="utf-8").replace("</script", "<\\/script")
    raise InputError(
        f"no installed package holds {url}, which a folium element of this map needs; "
        "make the map with assets='cdn', or leave that element out"
    )


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
def web_script() -> str:
    """All our modules, joined in order, in ASCII.

    A browser decodes a document that is all ASCII, data included, in a third of the time: a single
    dash of ours would make wide characters of megabytes.
    """
    text = "\n".join(_own(f"{name}.js") for name in WEB_JS)
    return _WIDE.sub(lambda match: json.dumps(match.group())[1:-1], text)


@cache
def web_style() -> str:
    """All our styles, joined in order, in ASCII as the script is."""
    text = "\n".join(_own(f"{name}.css") for name in WEB_CSS)
    # The space ends the number, and is no part of the text.
    return _WIDE.sub(lambda match: f"\\{ord(match.group()):x} ", text)


def _own(name: str) -> str:
    return (files("atlas.map") / "web" / name).read_text(encoding="utf-8")
