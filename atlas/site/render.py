"""Templates of the site: every text is escaped, every link checked, every script hashed."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from atlas.base.html import without_overrides
from atlas.base.timespan import OPEN_END, OPEN_START, format_day
from atlas.record.languages import offered
from atlas.record.pack import split_list
from atlas.words import Language, spoken
from atlas.words.load import language_name

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = [
    "PAGES",
    "Renderer",
    "date_words",
    "fragment",
    "map_link",
    "number",
    "safe_url",
]

PAGES: Mapping[str, str] = {
    "index.html": "map",
    "chronicle.html": "chronicle",
    "events.html": "events",
    "people.html": "peopleTitle",
    "accounts.html": "accounts",
    "places.html": "places",
    "sources.html": "sourcesWord",
    "method.html": "methodWord",
    "downloads.html": "data",
}
"""Pages in the order of the menu, each with the key of its name."""

_THIN = "\u202f"
_EDTF_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


@cache
def _english() -> Language:
    return spoken("en")


def number(value: float, digits: int = 0) -> str:
    """Write a number with a thin space between thousands, as the map does."""
    text = f"{value:.{digits}f}"
    whole, _, rest = text.partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = f"{int(whole):,}".replace(",", _THIN)
    return f"{whole}.{rest}" if rest else whole


def date_words(text: str) -> str:
    """Write an EDTF text in English words, as the map's script does.

    Examples
    --------
    >>> date_words("2020-11-10"), date_words("1993-04~")
    ('10 November 2020', 'about April 1993')
    >>> date_words("2020-11-09/2020-11-10")
    '9 November 2020 – 10 November 2020'
    """

    def one(part: str) -> str:
        if part in ("", ".."):
            return "…"
        clean = re.sub(r"[~?%]$", "", part)
        mark = "about " if clean != part else ""
        match = _EDTF_DAY.fullmatch(clean)
        if match and 1 <= int(match[2]) <= 12:
            english, year, month = _english(), int(match[1]), int(match[2])
            if match[3]:
                return mark + english.filled(english.day, year, month, int(match[3]))
            return mark + english.year_month(year, month)
        return mark + clean

    return " – ".join(one(part) for part in text.split("/"))


def safe_url(text: str) -> str:
    """Give a web address back if it is one, else the empty text.

    Examples
    --------
    >>> safe_url("https://example.org/a"), safe_url("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    fine = parts.scheme in ("http", "https") and parts.hostname
    return text if fine and not re.search(r"[\s\x00-\x1f\"<>]", text) else ""


@lru_cache(maxsize=65_536)
def fragment(key: str) -> str:
    """Write an id as the part of an address behind ``#``."""
    return quote(key, safe="")


def map_link(
    day: int | None,
    lon: float = math.nan,
    lat: float = math.nan,
    *,
    zoom: float = 10.0,
    sel: str = "",
    chapter: str = "",
    subject: tuple[str, Sequence[str]] | None = None,
) -> str:
    """Write the address of a view of the map.

    Parameters
    ----------
    day : int or None
        Day number; None leaves the clock where the map opens.
    lon, lat : float
        Centre, degrees; NaN leaves the view as it is.
    zoom : float
        Map zoom.
    sel : str
        Place id to ask about; by default the centre itself.
    chapter : str
        Chapter of the story to open.
    subject : (kind, ids), optional
        What the map is to outline: kind is 'event', 'area', 'spell', 'route', 'episode' or
        'mandate'.

    Examples
    --------
    >>> map_link(18576, 46.75, 39.82, sel="stepanakert")
    'index.html#date=2020-11-10&z=10&c=39.8200,46.7500&sel=stepanakert'
    """
    parts = [] if day is None else [f"date={format_day(day)}"]
    if math.isfinite(lon) and math.isfinite(lat):
        parts += [f"z={zoom:g}", f"c={lat:.4f},{lon:.4f}"]
        if not chapter:
            parts.append(f"sel={fragment(sel) if sel else f'{lat:.4f},{lon:.4f}'}")
    if chapter:
        parts += [f"chapter={fragment(chapter)}", "tab=story"]
    if subject is not None:
        kind, ids = subject
        parts.append(f"{kind}={','.join(fragment(key) for key in ids)}")
    return "index.html#" + "&".join(parts)


def _short(text: str, most: int = 34) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


FOLDED = ("accounts.html", "sources.html", "method.html", "downloads.html")
"""Pages under "more" in the menu: a keyboard reaches what a page says in ten stops."""

_AT_ONCE = 16
"""Rows of a long list that stand in the page itself; the others are drawn in slices."""

_FIRST = """:root { color-scheme: light dark; --paper: #fffdf8; --card: #f6f2e8; --ink: #2a2723; --muted: #655e54;
  --line: #ddd5c5; --link: #1f5a91; }
@media (prefers-color-scheme: dark) { :root { --paper: #1b1d21; --card: #22252a; --ink: #efeae0; --muted: #b3aca0;
  --line: #393c42; --link: #9cc9f5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 "Noto Sans", "Segoe UI", system-ui, -apple-system, Roboto, Arial, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: clamp(20px, 6vw, 64px) 20px; display: grid; gap: 20px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); align-items: start; }
section { border: 1px solid var(--line); border-radius: 12px; background: var(--card); padding: 22px 24px; }
h1 { margin: 0 0 8px; font: 600 1.4rem/1.25 "Noto Serif", Cambria, "Times New Roman", serif; text-wrap: balance; }
p { margin: 0 0 12px; color: var(--muted); }
a { color: var(--link); text-underline-offset: 3px; text-decoration-thickness: 1px; overflow-wrap: anywhere; }
h1 a { color: inherit; text-decoration: none; } h1 a:hover, h1 a:focus-visible { text-decoration: underline; }
ul { margin: 12px 0 0; padding: 12px 0 0; list-style: none; border-top: 1px solid var(--line); }
li { padding: 3px 0; } li b { font-weight: 400; color: var(--muted); }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; }"""  # noqa: E501
_SHOWN = ("chronicle.html", "events.html", "sources.html")


def first_page(packs: Sequence[Pack]) -> str:
    """Page before the sites of several packs: their titles and descriptions, in their languages.

    Parameters
    ----------
    packs : sequence of Pack
    """
    parts = []
    for pack in packs:
        folder = escape(pack.id)
        titles = {tag: text for tag in pack.meta.languages if (text := pack.meta.title.get(tag))}
        first, *others = titles or {"en": pack.id}
        words = spoken(first, folder=pack.directory)
        heads = {tag: f'<a href="{folder}/index.html#lang={escape(tag)}">{escape(text)}</a>'
                 for tag, text in (titles or {"en": pack.id}).items()}  # fmt: skip
        about = pack.meta.description.get(first, "")
        rows = [
            f'<li><b lang="{escape(tag)}">{escape(spoken(tag, folder=pack.directory).name)}</b> '
            f'<bdi lang="{escape(tag)}">{heads[tag]}</bdi></li>'
            for tag in others
        ]
        links = [f'<a href="{folder}/{name}">{escape(words(PAGES[name]))}</a>' for name in _SHOWN]
        parts.append(
            f'<section lang="{escape(first)}" dir="{words.direction}"><h1>{heads[first]}</h1>'
            + (f"<p>{escape(about)}</p>" if about else "")
            + f"<nav>{''.join(links)}</nav>"
            + (f"<ul>{''.join(rows)}</ul>" if rows else "")
            + "</section>"
        )
    policy = (
        f"default-src 'none'; style-src '{_sha256(_FIRST)}'; base-uri 'none'; form-action 'none'"
    )
    title = " · ".join(pack.title.get("en", pack.id) for pack in packs)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_FIRST}</style>\n</head>\n<body>\n<main>\n"
        + without_overrides("\n".join(parts))
        + "\n</main>\n</body>\n</html>\n"
    )


def _sha256(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def _web(name: str) -> str:
    return (files("atlas.site") / "web" / name).read_text(encoding="utf-8").strip()


@dataclass
class Renderer:
    """Renders the pages of one pack.

    Parameters
    ----------
    pack : Pack
        The record.
    root : str
        Address of the site with a slash at its end, where it is known; else addresses are
        relative.
    """

    pack: Pack
    root: str = ""
    _used: set[str] = field(default_factory=set)
    _names: dict[str, dict[str, str]] = field(default_factory=dict)
    # What was written before is the same on every page.
    _said: dict[Hashable, Markup] = field(default_factory=dict)
    _called: dict[tuple[str, int | None], tuple[str, dict[str, str]]] = field(default_factory=dict)
    _dates: dict[str, Markup] = field(default_factory=dict)

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """The pack's languages."""
        return offered(self.pack)

    @cached_property
    def english(self) -> Language:
        """English, in which a page stands before its script speaks the reader's language."""
        return spoken("en", folder=self.pack.directory)

    @cached_property
    def party_number(self) -> dict[str, int]:
        """Number of each party's colour class."""
        return {party: n for n, party in enumerate(self.pack.meta.parties)}

    @cached_property
    def style(self) -> str:
        """Style sheet: ours, and a colour for each party."""
        lines = [_web("site.css")]
        tongues = len(self.pack.meta.languages)
        lines.append(f":root {{ --tongues: {tongues}; }}")
        lines += [f".col-{n} {{ grid-column: {n}; }}" for n in range(1, tongues + 1)]
        for party, n in self.party_number.items():
            colour = self.pack.meta.parties[party].colour
            shown = colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else "#888888"
            lines.append(f".party-{n}::before {{ background: {shown}; }}")
        return "\n".join(lines)

    @cached_property
    def script(self) -> str:
        """Script of every page, the map's calendar and words included."""
        folder = files("atlas.map") / "web"
        shared = [
            (folder / name).read_text(encoding="utf-8").strip() for name in ("days.js", "i18n.js")
        ]
        return "\n".join([*shared, *map(_web, ("slices.js", "filters.js", "site.js"))])

    @cached_property
    def early(self) -> str:
        """Script that sets the theme before anything is drawn."""
        return _web("theme.js")

    @cached_property
    def policy(self) -> str:
        """Content security policy: nothing runs, loads or is sent but what the page holds."""
        scripts = f"'{_sha256(self.early)}' '{_sha256(self.script)}'"
        return (
            f"default-src 'none'; script-src {scripts}; style-src '{_sha256(self.style)}'; "
            "img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'"
        )

    @cached_property
    def _source(self) -> dict[str, dict[str, str]]:
        """Sources by id, each with a label of its own: who and when, as exact as it takes."""
        rows = self.pack.sources.sort_values("id").to_dict("records")
        found = {str(row["id"]): {str(k): str(v) for k, v in row.items()} for row in rows}
        who, when = {}, {}
        for key, row in found.items():
            who[key] = _short(re.split(r"[;(]", row["publisher"])[0].strip() or row["title"])
            when[key] = row["issued"][:4] if row["issued"][:4].isdigit() else ""
        labels = {key: f"{who[key]}, {when[key]}".rstrip(", ") for key in found}
        shared = Counter(labels.values())
        for key, row in found.items():
            if shared[labels[key]] > 1:
                labels[key] = f"{who[key]}, {row['issued'] or _short(row['title'])}"
        shared, letters = Counter(labels.values()), Counter[str]()
        for key, label in labels.items():
            if shared[label] > 1:
                letters[label] += 1
                labels[key] = f"{label} ({letters[label]})"
            found[key] |= {"label": labels[key], "url": safe_url(found[key]["url"])}
        return found

    @cached_property
    def _env(self) -> Environment:
        env = Environment(
            loader=PackageLoader("atlas.site", "web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        env.globals.update(
            t=self.t,
            words=self.words,
            party=self.party,
            place=self.place,
            named=self.named,
            date=self.date,
            span=self.span,
            source=self.source,
            pages=PAGES,
            folded=FOLDED,
            root=self.root,
            first=_AT_ONCE,
            licence_of=str(self.pack.meta.settings.get("licence", "")),
            languages={one.tag: one.name for one in self.languages},
            tongue=language_name,
            title_en=self.pack.title.get("en")
            or next(iter(self.pack.title.values()), self.pack.id),
            about_en=self.pack.meta.description.get("en", ""),
            dataset=self._dataset(),
        )
        env.filters.update(number=number, fragment=fragment, url=safe_url, split=split_list)
        return env

    def _dataset(self) -> dict[str, Any]:
        """Describe the record for search engines.

        Source: schema.org's Dataset, and what search engines require of one: a name, a
        description, and types that its properties may have.
        """
        meta = self.pack.meta
        west, south, east, north = meta.bbox
        ends = (meta.period.start, meta.period.end)
        start, end = ("" if day in (OPEN_START, OPEN_END) else format_day(day) for day in ends)
        name = meta.title.get("en") or next(iter(meta.title.values()), self.pack.id)
        licence = str(meta.settings.get("licence", ""))
        files = (
            ("application/geopackage+sqlite3", f"downloads/{self.pack.id}.gpkg"),
            ("application/json", "downloads/datapackage.json"),
            ("application/geo+json", "downloads/events.geojson"),
        )
        found = {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": name,
            "alternateName": sorted({text for text in meta.title.values() if text} - {name}),
            "description": meta.description.get("en", "") or name,
            "license": licence and {"@type": "CreativeWork", "name": licence},
            "inLanguage": list(meta.languages),
            "isAccessibleForFree": True,
            "temporalCoverage": f"{start or '..'}/{end or '..'}",
            "spatialCoverage": {
                "@type": "Place",
                "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"},
            },
            "url": f"{self.root}index.html",
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": kind,
                    "contentUrl": f"{self.root}{quote(path)}",
                }
                for kind, path in files
            ],
        }
        return {key: value for key, value in found.items() if value}

    def head(self, page: str) -> str:
        """Write what the head of a page made elsewhere says about the record."""
        return self._env.get_template("head.html").render(page=page, heading="map")

    def t(self, key: str, **values: object) -> Markup:
        """Write a word of the interface, so that the page can change its language."""
        self._used.add(key)
        shown = {name: str(value) for name, value in values.items()}
        known = (key, *shown.items())
        if known not in self._said:
            text = self.english(key, **shown)
            data = Markup(' data-v="{}"').format(json.dumps(shown, sort_keys=True)) if shown else ""
            self._said[known] = Markup('<span data-t="{}"{}>{}</span>').format(key, data, text)
        return self._said[known]

    def words(self, key: str) -> str:
        """Give a word in English alone, for attributes; the page's script changes them too."""
        self._used.add(key)
        return self.english(key)

    def named(self, key: str, english: str, others: Mapping[str, str]) -> Markup:
        """Write a name of the pack, with its other languages kept for the page's script."""
        kept = {
            lang: text
            for lang, text in others.items()
            if text and text != english and lang in self.pack.meta.languages
        }
        if not kept:
            return escape(english)
        self._names[key] = kept
        return Markup('<span data-w="{}">{}</span>').format(key, english)

    def party(self, key: str) -> Markup:
        """Write a party's name beside its colour."""
        party = self.pack.meta.parties.get(key)
        if party is None:
            return escape(key)
        name = self.named(f"party.{key}", party.label(), dict(party.name))
        return Markup('<span class="party party-{}">{}</span>').format(self.party_number[key], name)

    def place(self, key: str, day: int | None = None) -> Markup:
        """Write a place's name, both sides' where they differ: today's, or those of a day."""
        if (key, day) not in self._called:
            now = self.pack.naming.words(key)
            words = now if day is None else self.pack.naming.words(key, day)
            known = f"place.{key}" if words == now else f"place.{key}.{day}"
            self._called[key, day] = known, words
        known, words = self._called[key, day]
        return self.named(known, words["en"], words)

    def date(self, text: str) -> Markup:
        """Write an EDTF text in words."""
        self._used.add("about")
        if text not in self._dates:
            self._dates[text] = Markup('<time data-d="{}">{}</time>').format(text, date_words(text))
        return self._dates[text]

    def span(self, row: Any) -> str:
        """Write the span of a row as EDTF, open ends as '..'; empty if it is open both ways."""
        start = "" if row.start_day == OPEN_START else (row.valid_from or "..")
        end = "" if row.end_day == OPEN_END else (row.valid_to or "..")
        return f"{start or '..'}/{end or '..'}" if start or end else ""

    def source(self, key: str) -> dict[str, str]:
        """Label, address and title of a source."""
        row = self._source.get(key, {"label": key, "url": "", "title": key})
        return {"id": key} | {name: row[name] for name in ("label", "url", "title")}

    def page(self, name: str, template: str, *, heading: str, **context: Any) -> str:
        """Render one page.

        Parameters
        ----------
        name : str
            File of the page.
        template : str
            File of the template.
        heading : str
            Key of the page's title.
        **context
            What the template shows.
        """
        self._used, self._names = set(), {}
        written = self._env.get_template(template).render(
            page=name,
            heading=heading,
            policy=self.policy,
            style=Markup(self.style),  # noqa: S704  our own file, and checked colours
            script=Markup(self.script),  # noqa: S704  our own file
            early=Markup(self.early),  # noqa: S704  our own file
            block=self._block,
            **context,
        )
        return without_overrides(written)

    def _block(self, extra: Sequence[str], orders: Mapping[str, Any]) -> dict[str, Any]:
        """Words and names that the page used, in the pack's languages, and orders of its list."""
        keys = sorted(self._used | set(extra))
        return {
            "languages": {
                one.tag: one.payload() | {"words": {key: one.words[key] for key in keys}}
                for one in self.languages
            },
            "names": {key: self._names[key] for key in sorted(self._names)},
            "orders": orders,
            "title": {one.tag: self.pack.title.get(one.tag, "") for one in self.languages},
        }
