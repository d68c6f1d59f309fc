"""The page around the map: a branca figure that inlines, locks down and stays the same."""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path
from typing import Any, BinaryIO

from branca.element import CssLink, Element, Figure, JavascriptLink

from atlas.base.notes import Notes
from atlas.base.output import write_bytes
from atlas.map import assets as packaged_assets
from atlas.map.guests import (
    Asks,
    admit,
    asks_of,
    closed,
    comes_last,
    default_links,
    escaped,
    guests_of,
    linked_in,
    refuse,
    set_styles_late,
    split_handlers,
    walk,
    without_links,
)
from atlas.words import Language

__all__ = ["AtlasFigure", "ascii_html"]

_DATA = "<!--atlas-data-->"
# No frame is spent on a page that is not there yet: the first shows the map.
_EXPECT = '<link rel="expect" href="#atlas-texts" blocking="render">'
_ARRIVED = 'atlasPage.arrived("atlas-events");'
# One after the other, as a browser reads them: what looks like an element inside one is its text.
_INLINE = re.compile(
    r"<(script|style)(?![^>]*\bsrc=)(?:\s[^>]*)?>(.*?)</\1>", re.DOTALL | re.IGNORECASE
)


class _Header(Element):
    """A head that keeps links by their address: folium names two plugins' scripts alike."""

    def add_child(self, child: Element, name: str | None = None, index: int | None = None) -> Any:
        address = child.url if isinstance(child, JavascriptLink | CssLink) else None
        return super().add_child(child, name=address or name, index=index)


def ascii_html(text: str) -> str:
    """A text as it may stand in HTML, in element or attribute, in ASCII."""
    return escape(text, quote=True).encode("ascii", "xmlcharrefreplace").decode()


class AtlasFigure(Figure):
    """A figure that renders to one self-contained document.

    Parameters
    ----------
    title : str
        Document title; escaped here.
    language : Language
        Language of the document.
    assets : {'inline', 'cdn'}
        Whether Leaflet stands in the page or is linked, with its hash, from folium's CDN.
    blocks : dict of str to str
        Inert data blocks by element id, base64: first what the page is built from, then the
        events, then what is read only when asked for.

    Attributes
    ----------
    notes : tuple of str
        What was noted when it was last rendered: the hosts the page will ask.
    """

    def __init__(
        self, *, title: str, language: Language, assets: str, blocks: dict[str, str]
    ) -> None:
        super().__init__(height="640px", title=title)
        kept = self.header._children
        self.header = _Header()
        self.header._parent = self
        self.header._children.update(kept)
        self._assets = assets
        self._language = language
        self._blocks = blocks
        self.notes: tuple[str, ...] = ()

    def render(self, **kwargs: Any) -> str:
        """Render the document: same map, same bytes.

        Raises
        ------
        InputError
            A folium element can't be drawn here; the message says which and what to do.
        """
        guests = guests_of(self)
        refuse(guests)
        with escaped(guests):
            for child in list(self._children.values()):
                child.render(**kwargs)
            own, late = self._scripts(guests)
            body = self.html.render()
        body, handlers = split_handlers(set_styles_late(body))
        late = [handlers] * bool(handlers) + [closed(set_styles_late(text)) for text in late]
        # The data go in last: nothing below may search through megabytes of base64.
        head, asks = self._head("\n".join([body, *late]))
        text = _rename("\f".join([head, body, own, *late]), _ids(self))
        head, body, own, *late = text.split("\f")
        # A script of its own each: one that fails takes no later layer with it.
        tail = "\n".join(f"<script>{script}</script>" for script in (own, *late))
        policy = self._policy(f"{head}{body}{tail}<script>{_ARRIVED}</script>", asks)
        self._tell(asks)
        first, *rest = (
            f'<script type="application/x-atlas" id="{name}">{data}</script>'
            for name, data in self._blocks.items()
        )
        body = body.replace(_DATA, first, 1)
        # What is large comes last: the page is built while it is read.
        tail = "\n".join([tail, rest[0], f"<script>{_ARRIVED}</script>", *rest[1:]])
        hosts = escape(" ".join(asks.hosts), quote=True)
        asking = f'<meta name="atlas-asks" content="{hosts}">\n' if hosts else ""
        title = ascii_html(self.title or "")
        lang = ascii_html(self._language.tag)
        return (
            f'<!DOCTYPE html>\n<html lang="{lang}" dir="{self._language.direction}">\n<head>\n'
            '<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n{asking}'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n{_EXPECT}\n{head}\n</head>\n"
            f"<body>\n{body}\n{tail}\n</body>\n</html>\n"
        )

    def _scripts(self, guests: list[Element]) -> tuple[str, list[str]]:
        """The map's own script, and those of guests: what lists layers after all layers."""
        last = {guest.get_name() for guest in guests if comes_last(guest)}
        own = {child.get_name() for child in self._children.values()}
        texts = {name: child.render() for name, child in self.script._children.items()}
        mine = "\n".join(text for name, text in texts.items() if name in own)
        late = [name for name in texts if name not in own and name not in last]
        late += [name for name in texts if name in last]
        return mine, [texts[name] for name in late if texts[name].strip()]

    def _head(self, guests: str) -> tuple[str, Asks]:
        """Head of the document, and what it and the guests ask the network for."""
        links: dict[
            str, bool
        ] = {}  # address -> whether it is a script, in the order they are needed
        written = []
        for name, child in self.header._children.items():
            if isinstance(child, JavascriptLink | CssLink):
                links[child.url] = isinstance(child, JavascriptLink)
            elif name != "meta_http":
                text = set_styles_late(child.render())
                scripts, styles = linked_in(text)
                links |= dict.fromkeys(scripts, True) | dict.fromkeys(styles, False)
                written.append(without_links(text))
        # Leaflet itself calls for nothing else; the scripts of a plugin may build on jQuery.
        plugins = (
            packaged_assets.packaged(u) or "" for u in links if not packaged_assets.is_leaflet(u)
        )
        builds_on = ["jQuery"] if any("jQuery" in text for text in plugins) else []
        wanted = default_links("\n".join([guests, *written, *builds_on]))
        defaults = {packaged_assets.folium_url(name): not name.endswith("css") for name in wanted}
        # Leaflet first, then what folium.Map links by itself: the scripts of plugins build on them.
        leaflet = {url: kind for url, kind in links.items() if packaged_assets.is_leaflet(url)}
        foreign: dict[bool, list[str]] = {True: [], False: []}
        parts = [f"<script>{packaged_assets.first_script()}</script>"]
        for url, is_script in {**leaflet, **defaults, **links}.items():
            held = packaged_assets.packaged(url) if self._assets == "inline" else None
            if held is None:
                foreign[is_script].append(url)
                parts.append(_link(url, is_script))
            else:
                parts.append(f"<script>{held}</script>" if is_script else f"<style>{held}</style>")
        parts.append(f"<style>{packaged_assets.web_style()}</style>")
        parts.append(f"<script>{packaged_assets.web_script()}</script>")
        return "\n".join([*parts, *written]), asks_of(guests, foreign[True], foreign[False])

    def _policy(self, document: str, asks: Asks) -> str:
        """Content security policy: nothing runs or loads but what this document holds or names."""
        # A library may make an empty style element; what it then says goes into a sheet of ours.
        hashes: dict[str, list[str]] = {"script": [], "style": [packaged_assets.sha256(b"")]}
        for kind, code in _INLINE.findall(document):
            hashes[kind.lower()].append(packaged_assets.sha256(code.encode()))
        rules = admit(
            {
                "default-src": ["'none'"],
                "script-src": [f"'{code}'" for code in dict.fromkeys(hashes["script"])],
                "style-src": [f"'{code}'" for code in dict.fromkeys(hashes["style"])],
                "img-src": ["data:", "blob:"],
                "font-src": ["data:"],
                "connect-src": ["'none'"],
                "base-uri": ["'none'"],
                "form-action": ["'none'"],
            },
            asks,
        )
        return escape(
            "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items()), quote=False
        )

    def _tell(self, asks: Asks) -> None:
        notes = Notes()
        if asks.hosts:
            notes.say(
                f"the page asks {', '.join(asks.hosts)} for what no installed package holds; "
                "without a network it opens, but lacks that"
            )
        self.notes = notes.told

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the document, whole or not at all."""
        if not isinstance(outfile, str | bytes | Path):
            stream: BinaryIO = outfile
            stream.write(self.render(**kwargs).encode("utf-8"))
            if close_file:
                stream.close()
            return
        write_bytes(Path(os.fsdecode(outfile)), self.render(**kwargs).encode("utf-8"))


def _link(url: str, is_script: bool) -> str:
    address = escape(url, quote=True)
    digest = packaged_assets.integrity(url)
    checked = f' integrity="{digest}" crossorigin="anonymous"' if digest else ""
    if is_script:
        return f'<script src="{address}"{checked}></script>'
    return f'<link rel="stylesheet" href="{address}"{checked}>'


def _ids(figure: AtlasFigure) -> set[str]:
    return {element._id for element in walk(figure)}


def _rename(text: str, ids: set[str]) -> str:
    """Replace branca's random ids by numbers in order of appearance."""
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        found = match.group(0)
        if found not in ids:
            return found
        return numbers.setdefault(found, f"{len(numbers) + 1:04d}")

    return re.sub(r"[0-9a-f]{32}", number, text)
