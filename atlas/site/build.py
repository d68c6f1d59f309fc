"""Build the site: every page, the map and the downloads, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.base.errors import InputError
from atlas.base.output import atomic_directory, write_text
from atlas.layers import named_sets
from atlas.layers.rows import translations
from atlas.record.languages import offered
from atlas.record.schema import PLACE_KINDS
from atlas.site.accounts import claim_days, told_differently
from atlas.site.chronicle import Day, chronicle
from atlas.site.downloads import Download, write_downloads
from atlas.site.feed import feed
from atlas.site.lists import GROUPS, list_events, list_own, list_places, list_sources
from atlas.site.method import method_page
from atlas.site.people import list_deaths, list_movements
from atlas.site.render import PAGES, Renderer, first_page, safe_url
from atlas.site.search import search_index

if TYPE_CHECKING:
    from atlas.record.pack import Pack
    from atlas.words import Language

__all__ = ["MARKER", "build_site", "build_sites"]

MARKER = "site.json"
"""The file by which a folder is known to be a site of ours: its list of files."""

_NAMED = 5

_GROUPS = {
    "csv": (
        "Tables",
        "CSV in UTF-8, one file a table; shapes as WKT. An apostrophe stands before text that a "
        "spreadsheet would run as a formula.",
    ),
    "geojson": ("GeoJSON", "Places, areas, events, zones and routes in WGS 84 degrees."),
    "gis": ("GeoPackage and GeoParquet", "For QGIS and other GIS, and for data frames."),
    "json": ("Descriptions", "The bibliography, and the description of the tables."),
}


def build_site(
    pack: Pack,
    out: Path,
    *,
    assets: str = "inline",
    events: Mapping[str, Any] | Any = None,
    url: str = "",
) -> Path:
    """Write the static site of a pack.

    Parameters
    ----------
    pack : Pack
        The record.
    out : Path
        Folder of the site. A site that is there already is replaced once the new one is whole.
    assets : {'inline', 'cdn'}
        Whether the map's page holds Leaflet or links it; the other pages need nothing.
    events : Events or DataFrame, or mapping of str to such, optional
        Own events to show on the map beside the record's; see `atlas.map.build_map`.
    url : str
        Address at which the site will stand, for those who link to it; none by default.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If `out` is a file or holds something else, be it beside a site that is there already,
        or `assets` is unknown, or `url` is no address.

    Examples
    --------
    >>> build_site(a.pack, Path("site"))  # doctest: +SKIP
    """
    _refuse_none(pack)
    out, root = Path(out), _root(url)
    _refuse_foreign(out)
    with atomic_directory(out, marker=MARKER) as folder:
        _write_site(pack, folder, assets, events, root)
        write_text(folder / MARKER, _manifest([pack.id], folder))
    return out


def build_sites(packs: Sequence[Pack], out: Path, *, assets: str = "inline", url: str = "") -> Path:
    """Write one site of several packs: a first page, and a folder for each.

    Parameters
    ----------
    packs : sequence of Pack
        The records; two or more, each with an id of its own.
    out, assets, url
        As for `build_site`.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        As `build_site`, or if two packs have one id.

    Examples
    --------
    >>> build_sites([a.pack, other.pack], Path("site"))  # doctest: +SKIP
    """
    ids = [pack.id for pack in packs]
    twice = sorted({key for key in ids if ids.count(key) > 1})
    if twice:
        raise InputError(f"two packs are called {twice[0]!r}; give each an id of its own")
    for pack in packs:
        _refuse_none(pack)
    out, root = Path(out), _root(url)
    _refuse_foreign(out)
    with atomic_directory(out, marker=MARKER) as folder:
        for pack in packs:
            inside = folder / pack.id
            inside.mkdir()
            _write_site(pack, inside, assets, None, root and f"{root}{pack.id}/")
        write_text(folder / "index.html", first_page(packs))
        write_text(folder / MARKER, _manifest(ids, folder))
    return out


def _write_site(pack: Pack, folder: Path, assets: str, events: Any, root: str) -> None:
    downloads = folder / "downloads"
    downloads.mkdir()
    renderer = Renderer(pack, root)
    _write_pages(renderer, folder, write_downloads(pack, downloads), events)
    drawn = _map(pack, assets, events).replace(
        "</head>", f"{renderer.head('index.html')}</head>", 1
    )
    write_text(folder / "index.html", drawn)


def _root(url: str) -> str:
    """Address of a site as addresses within it begin."""
    if not url:
        return ""
    if not safe_url(url) or "?" in url or "#" in url:
        raise InputError(f"{url!r} is no address of a site; write one like https://example.org/a/")
    return url.rstrip("/") + "/"


def _refuse_none(pack: Pack) -> None:
    if not pack.id:
        raise InputError(
            "there is no pack to make a site of; draw the events with `atlas map`, or begin a "
            "pack with `atlas new`"
        )


def _refuse_foreign(out: Path) -> None:
    """Refuse a site that holds files which no build of ours wrote: they would be lost."""
    marker = out / MARKER
    if not marker.is_file():
        return
    try:
        listed = set(json.loads(marker.read_text(encoding="utf-8"))["files"]) | {MARKER}
    except (ValueError, KeyError, TypeError):
        raise InputError(
            f"{marker} is not the list of a site's files; give a new or empty folder"
        ) from None
    found = (path for path in out.rglob("*") if path.is_symlink() or not path.is_dir())
    foreign = sorted({path.relative_to(out).as_posix() for path in found} - listed)
    if foreign:
        shown = ", ".join(foreign[:_NAMED]) + (
            f" and {len(foreign) - _NAMED} more" if len(foreign) > _NAMED else ""
        )
        raise InputError(
            f"{out} holds files that are not of the site and would be lost: {shown}; "
            "move them away or give a new folder"
        )


def _map(pack: Pack, assets: str, events: Any) -> str:
    from atlas.map import build_map

    tongues = offered(pack)
    links = [
        (file, {one.tag: one(key) for one in tongues})
        for file, key in PAGES.items()
        if file != "index.html"
    ]
    drawn = build_map(pack, assets=assets, events=events, links=links)
    return str(drawn.get_root().render())


def _write_pages(renderer: Renderer, folder: Path, downloads: list[Download], events: Any) -> None:
    pack = renderer.pack
    days = chronicle(pack)
    texts = {
        "chronicle.html": _chronicle(pack, renderer, days),
        "events.html": _events(pack, renderer, list_own(named_sets(events))),
        "people.html": _people(pack, renderer),
        "accounts.html": _accounts(pack, renderer),
        "places.html": _places(pack, renderer),
        "method.html": _method(pack, renderer),
        "downloads.html": _downloads(pack, renderer, downloads),
        "search.html": _search(pack, renderer, days),
    }
    anchors = {
        f"{name}#{key}"
        for name, text in texts.items()
        for key in re.findall(r' id="([^"]+)"', text)
    }
    texts["sources.html"] = _sources(pack, renderer, anchors)
    texts["feed.xml"] = feed(pack, days)
    for name, text in texts.items():
        write_text(folder / name, text)


def _events(pack: Pack, renderer: Renderer, own: list[dict[str, Any]]) -> str:
    return renderer.page(
        "events.html",
        "events.html",
        heading="events",
        events=list_events(pack),
        groups=GROUPS,
        own=own,
    )


def _method(pack: Pack, renderer: Renderer) -> str:
    return renderer.page("method.html", "method.html", heading="methodWord", **method_page(pack))


def _downloads(pack: Pack, renderer: Renderer, files: list[Download]) -> str:
    groups = [
        {"title": title, "about": about, "files": [file for file in files if file.group == key]}
        for key, (title, about) in _GROUPS.items()
    ]
    licence = pack.meta.settings.get("licence", "")
    return renderer.page(
        "downloads.html", "downloads.html", heading="dataTitle", licence=licence, groups=groups
    )


def _search(pack: Pack, renderer: Renderer, days: list[Day]) -> str:
    kinds = ("place", "event", "route", "mandate", "story", "page", "source")
    return renderer.page(
        "search.html",
        "search.html",
        heading="searchPage",
        index=search_index(pack, days),
        extra=(*(f"x_{kind}" for kind in kinds), "results", "andMore"),
    )


def _chronicle(pack: Pack, renderer: Renderer, days: list[Day]) -> str:
    years: dict[int, list[Day]] = {}
    for day in days:
        years.setdefault(day.year, []).append(day)
    return renderer.page(
        "chronicle.html",
        "chronicle.html",
        heading="chronicle",
        years=sorted(years.items()),
        total=sum(len(day.changes) for day in days),
        event_title=translations(pack.events, "title"),
    )


def _people(pack: Pack, renderer: Renderer) -> str:
    return renderer.page(
        "people.html",
        "people.html",
        heading="peopleTitle",
        movements=list_movements(pack),
        deaths=list_deaths(pack),
        titles=translations(pack.events, "title"),
    )


def _accounts(pack: Pack, renderer: Renderer) -> str:
    events, others = told_differently(pack)
    return renderer.page(
        "accounts.html",
        "accounts.html",
        heading="accountsTitle",
        days=claim_days(pack),
        events=events,
        others=others,
        known=set(renderer.english.words),
    )


def _places(pack: Pack, renderer: Renderer) -> str:
    places = list_places(pack)
    alphabet = _alphabetical(pack, places, renderer.languages)
    kinds = {place["kind"] for place in places}
    used = {key for cell in pack.names["used_by"].unique() for key in cell.split("|")}
    return renderer.page(
        "places.html",
        "places.html",
        heading="places",
        places=places,
        kinds=[kind for kind in PLACE_KINDS if kind in kinds],
        langs=list(pack.meta.languages),
        letters=alphabet["letters"].get("en", next(iter(alphabet["letters"].values()))),
        orders=alphabet,
        users=[(key, party.label()) for key, party in pack.meta.parties.items() if key in used],
    )


def _alphabetical(
    pack: Pack, places: Sequence[Mapping[str, Any]], languages: Sequence[Language]
) -> dict[str, dict[str, list[Any]]]:
    """Order of the places in each language, and the first place under each letter."""
    orders: dict[str, list[Any]] = {}
    letters: dict[str, list[Any]] = {}
    words = [pack.naming.words(place["id"]) for place in places]
    for one in languages:
        names = [
            told.get(one.tag) or place["title"] for told, place in zip(words, places, strict=True)
        ]
        order = sorted(range(len(places)), key=lambda n: (one.places(names[n]), names[n], n))
        found: dict[str, str] = {}
        for n in order:
            if letter := one.initial(names[n]):
                found.setdefault(letter, str(places[n]["id"]))
        orders[one.tag], letters[one.tag] = order, list(map(list, found.items()))
    return {"order": orders, "letters": letters}


def _sources(pack: Pack, renderer: Renderer, anchors: set[str]) -> str:
    bibliography = list_sources(pack, anchors)
    kinds = {kind for group in bibliography.groups for kind, _ in group.kinds if kind}
    order = ("primary", "court", "mission", "research", "reference", "press")
    labels = {key: party.label() for key, party in pack.meta.parties.items()}
    return renderer.page(
        "sources.html",
        "sources.html",
        heading="sourcesWord",
        bibliography=bibliography,
        kinds=[kind for kind in order if kind in kinds],
        labels=labels | {"neutral": "neutral"},
    )


def _manifest(packs: Sequence[str], folder: Path) -> str:
    """List every file with its size and hash."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            files[path.relative_to(folder).as_posix()] = {
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
    return json.dumps({"packs": list(packs), "files": files}, indent=1, sort_keys=True) + "\n"
