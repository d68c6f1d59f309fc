"""The page around the map: a branca figure that inlines, locks down and stays the same."""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path
from typing import Any, BinaryIO

from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.raster_layers import TileLayer

from atlas.base.output import write_bytes
from atlas.map import assets as packaged_assets

__all__ = ["AtlasFigure"]

_DATA = "<!--atlas-data-->"
# No frame is spent on a page that is not there yet: the first shows the map.
_EXPECT = '<link rel="expect" href="#atlas-texts" blocking="render">'
_ARRIVED = 'atlasPage.arrived("atlas-events");'
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class AtlasFigure(Figure):
    """A figure that renders to one self-contained document.

    Parameters
    ----------
    title : str
        Document title; escaped here.
    lang : str
        Language of the document.
    assets : {'inline', 'cdn'}
        Whether Leaflet stands in the page or is linked, with its hash, from folium's CDN.
    blocks : dict of str to str
        Inert data blocks by element id, base64: first what the page is built from, then the
        events, then what is read only when asked for.
    """

    def __init__(self, *, title: str, lang: str, assets: str, blocks: dict[str, str]) -> None:
        super().__init__(height="640px", title=title)
        self._assets = assets
        self._lang = lang
        self._blocks = blocks

    def render(self, **kwargs: Any) -> str:
        """Render the document: same map, same bytes."""
        for child in list(self._children.values()):
            child.render(**kwargs)
        head, body, script = self._head(), self.html.render(), self.script.render()
        needs_jquery = "$(" in script and not any(
            isinstance(child, JavascriptLink) and "jquery" in child.url
            for child in self.header._children.values()
        )
        if needs_jquery:
            head = self._script_tag(_jquery_url()) + head
        # The data go in last: nothing below may search through megabytes of base64.
        text = _rename(f"{head}\f{body}\f{script}", _ids(self))
        head, body, script = text.split("\f")
        tail = f"<script>{script}</script>"
        policy = self._policy(f"{head}{body}{tail}<script>{_ARRIVED}</script>")
        first, *rest = (
            f'<script type="application/x-atlas" id="{name}">{data}</script>'
            for name, data in self._blocks.items()
        )
        body = body.replace(_DATA, first, 1)
        # What is large comes last: the page is built while it is read.
        tail = "\n".join([tail, rest[0], f"<script>{_ARRIVED}</script>", *rest[1:]])
        title = escape(self.title or "").encode("ascii", "xmlcharrefreplace").decode()
        return (
            f'<!DOCTYPE html>\n<html lang="{escape(self._lang, quote=True)}">\n<head>\n'
            '<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n{_EXPECT}\n{head}\n</head>\n"
            f"<body>\n{body}\n{tail}\n</body>\n</html>\n"
        )

    def _head(self) -> str:
        parts = []
        for child in self.header._children.values():
            if isinstance(child, JavascriptLink):
                parts.append(self._script_tag(child.url))
            elif isinstance(child, CssLink):
                parts.append(self._style_tag(child.url))
            elif child is not self.header._children.get("meta_http"):
                parts.append(child.render())
        parts.append(f"<style>{packaged_assets.web_style()}</style>")
        parts.append(f"<script>{packaged_assets.web_script()}</script>")
        return "\n".join(parts)

    def _script_tag(self, url: str) -> str:
        if self._assets == "inline":
            return f"<script>{packaged_assets.packaged(url)}</script>"
        return f'<script src="{escape(url, quote=True)}"{_integrity(url)}></script>'

    def _style_tag(self, url: str) -> str:
        if self._assets == "inline":
            return f"<style>{packaged_assets.packaged(url)}</style>"
        return f'<link rel="stylesheet" href="{escape(url, quote=True)}"{_integrity(url)}>'

    def _policy(self, document: str) -> str:
        """Content security policy: nothing runs or loads but what this document holds."""
        scripts = [packaged_assets.sha256(code.encode()) for code in _SCRIPT.findall(document)]
        styles = [packaged_assets.sha256(code.encode()) for code in _STYLE.findall(document)]
        hosts = sorted(
            {match.group(1) for match in re.finditer(r'(?:src|href)="(https://[^/"]+)/', document)}
            if self._assets == "cdn"
            else ()
        )
        foreign = _foreign(self)
        # folium's own popups and icons carry inline styles, which no hash can allow.
        style = ["'unsafe-inline'"] if foreign else [f"'{code}'" for code in styles]
        images = ["data:", "blob:"]
        if self._assets == "cdn" or any(isinstance(item, TileLayer) for item in foreign):
            images.append("https:")
        rules = {
            "default-src": ["'none'"],
            "script-src": [*(f"'{code}'" for code in scripts), *hosts],
            "style-src": [*style, *hosts],
            "img-src": images,
            "font-src": ["data:", *hosts],
            "connect-src": ["'none'"],
            "base-uri": ["'none'"],
            "form-action": ["'none'"],
        }
        return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the document, whole or not at all."""
        if not isinstance(outfile, str | bytes | Path):
            stream: BinaryIO = outfile
            stream.write(self.render(**kwargs).encode("utf-8"))
            if close_file:
                stream.close()
            return
        write_bytes(Path(os.fsdecode(outfile)), self.render(**kwargs).encode("utf-8"))


def _jquery_url() -> str:
    return packaged_assets._folium_url("jquery")


def _integrity(url: str) -> str:
    digest = packaged_assets.integrity(url)
    return f' integrity="{digest}" crossorigin="anonymous"' if digest else ""


def _walk(element: Element) -> list[Element]:
    """The element and everything below it, popups' inner figures included."""
    found = [element]
    for child in element._children.values():
        found.extend(_walk(child))
    for name in ("header", "html", "script"):
        inner = element.__dict__.get(name)
        if isinstance(inner, Element):
            found.extend(_walk(inner))
    return found


def _foreign(figure: AtlasFigure) -> list[Element]:
    """Elements a user added to our map."""
    return [
        element
        for child in figure._children.values()
        for grandchild in child._children.values()
        for element in _walk(grandchild)
    ]


def _ids(figure: AtlasFigure) -> set[str]:
    return {element._id for element in _walk(figure)}


def _rename(text: str, ids: set[str]) -> str:
    """Replace branca's random ids by numbers in order of appearance."""
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        found = match.group(0)
        if found not in ids:
            return found
        return numbers.setdefault(found, f"{len(numbers) + 1:04d}")

    return re.sub(r"[0-9a-f]{32}", number, text)
