"""A new pack on a country's own ground: its land, its units, its towns, parties told apart."""

from __future__ import annotations

import colorsys
import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from atlas.base.errors import InputError
from atlas.base.folding import fold, readable
from atlas.base.output import atomic_directory, write_text
from atlas.base.timespan import parse_day
from atlas.record.scaffold import csv_text, geojson_text, settings_text
from atlas.record.schema import TABLES
from atlas.record.settings import GROUND, alike, is_tag
from atlas.world import ground
from atlas.world.index import load_world

__all__ = ["GROUND_SOURCE", "begin_pack", "colours"]

_PARTY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_TOWN = 15_000
_MOST = 12
GROUND_SOURCE = {
    "id": "natural-earth",
    "type": "dataset",
    "title": "Natural Earth 1:10m, first-order units (public domain)",
    "publisher": "Natural Earth",
    "URL": "https://www.naturalearthdata.com/",
    "custom": {"affiliation": "neutral", "kind": "reference", "reliability": "B"},
}
"""Whose the first-order units are, as an item of sources.json."""

_TOWNS = {
    "id": "geonames",
    "type": "dataset",
    "title": "GeoNames geographical database (CC BY 4.0)",
    "publisher": "GeoNames",
    "URL": "https://www.geonames.org/",
    "custom": {"affiliation": "neutral", "kind": "reference", "reliability": "B"},
}


def colours(count: int) -> list[str]:
    """Choose colours for parties, each as far from those before it and the map's as can be.

    Parameters
    ----------
    count : int
        How many, up to 12.

    Raises
    ------
    InputError
        If more are asked for than can be told apart on a map.

    Examples
    --------
    >>> len(set(colours(12)))
    12
    """
    if count > _MOST:
        raise InputError(
            f"{count} parties are more than colours can tell apart ({_MOST}); begin with fewer "
            "and add the others, with colours of your own, to pack.toml"
        )
    every = [
        "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, full))
        for hue in np.arange(0, 1, 1 / 24)
        for light, full in ((0.42, 0.32), (0.6, 0.42), (0.74, 0.4))
    ]
    chosen = [*GROUND.values(), "#5b8db8"]
    while len(chosen) < count + len(GROUND):
        chosen.append(max(every, key=lambda one: min(alike(one, other) for other in chosen)))
    return chosen[len(GROUND) :][:count]


def begin_pack(
    directory: Path,
    *,
    countries: Sequence[str],
    languages: Sequence[str] = (),
    parties: Sequence[str] = (),
    title: str = "",
    start: str = "2000-01-01",
    bbox: tuple[float, float, float, float] | None = None,
) -> None:
    """Write a new pack on the ground of one or more countries.

    Parameters
    ----------
    directory : Path
        Folder to make; it must not exist or be empty.
    countries : sequence of str
        ISO 3166-1 codes. Their first-order units are the areas to begin with.
    languages : sequence of str
        BCP 47 tags beside English.
    parties : sequence of str
        ``id`` or ``id=name``. Where none is given, the countries are the parties.
    title : str
        In English; by default the countries' names, which it has in every language.
    start : str
        First day of the record, ISO.
    bbox : tuple of float, optional
        West, south, east, north in degrees: only units that reach into it are taken.

    Raises
    ------
    InputError
        If the folder is in use, a country, language, party or day is none, or no unit lies in the
        box.

    Notes
    -----
    Every area is held by the first party, of control type 'unknown' and certainty 'unknown': who
    held it is for the pack's author to say.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise InputError(f"{directory} exists already; give the name of a new folder")
    parse_day(start)
    tags = list(dict.fromkeys(["en", *languages]))
    for tag in tags:
        if not is_tag(tag):
            raise InputError(f"{tag!r} is no BCP 47 tag of a language; write one like 'el'")
    codes = list(dict.fromkeys(code.strip().upper() for code in countries))
    units = _units(codes, bbox)
    box = bbox or _box_of(units["shape"])
    called = _parties(parties, codes, tags)
    places, names, features, control = _tables(units, next(iter(called)), start, box)
    towns = _settlements(codes, box)
    places += [place for place, _ in towns]
    names += [name for _, name in towns]
    for number, name in enumerate(names, start=1):
        name["id"] = f"n{number:05d}"
    titles = {tag: _countries_in(codes, tag) for tag in tags}
    if title:
        titles = {"en": title}
    paints = colours(len(called))
    settings = settings_text(
        re.sub(r"[^a-z0-9]+", "-", directory.name.lower()).strip("-") or "pack",
        {tag: text for tag, text in titles.items() if text},
        box,
        start,
        {key: (name, paint) for (key, name), paint in zip(called.items(), paints, strict=True)},
        languages=tags,
        countries=codes,
        gap_m=0,  # narrow inlets of a real coast are no slivers
    )
    data = {"places": places, "names": names, "control": control}
    with atomic_directory(directory, marker="pack.toml") as fresh:
        write_text(fresh / "pack.toml", settings)
        write_text(fresh / "sources.json", json.dumps([_TOWNS, GROUND_SOURCE], indent=1) + "\n")
        for which, table in TABLES.items():
            if table.geometry:
                shown = features if which == "areas" else []
                write_text(fresh / table.file, geojson_text(table, shown))
            elif which != "sources":
                write_text(fresh / table.file, csv_text(table, data.get(which, [])))


def _units(
    codes: Sequence[str], bbox: tuple[float, float, float, float] | None
) -> dict[str, list[Any]]:
    """First-order units of countries, and what they enclose, with ids of their own."""
    if not codes:
        raise InputError("no country given; name one by its ISO 3166-1 code")
    found: dict[str, list[Any]] = {"id": [], "name": [], "country": [], "shape": []}

    def add(name: str, country: str, shape: Any) -> None:
        stem = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_") or country.lower()
        key, number = stem, 2
        while key in found["id"]:
            key, number = f"{stem}_{number}", number + 1
        for column, value in zip(found, (key, name, country, shape), strict=True):
            found[column].append(value)

    for code in codes:
        for row in ground.units(code).itertuples():
            if bbox is None or row.geometry.intersects(shapely.box(*bbox)):
                add(str(row.name) or code, code, row.geometry)
    if not found["id"]:
        raise InputError(f"no unit of {', '.join(codes)} reaches into the box {bbox}")
    whole = shapely.union_all(np.array(found["shape"], dtype=object))
    for ring in (ring for part in shapely.get_parts(whole) for ring in part.interiors):
        # Land or water of others inside: the areas together have no hole.
        add("Enclosed ground", "", shapely.Polygon(ring))
    return found


def _box_of(shapes: Sequence[Any]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    margin = max(0.1, 0.05 * max(east - west, north - south))
    return (
        max(-180.0, math.floor((west - margin) * 10) / 10),
        max(-90.0, math.floor((south - margin) * 10) / 10),
        min(180.0, math.ceil((east + margin) * 10) / 10),
        min(90.0, math.ceil((north + margin) * 10) / 10),
    )


def _country_in(code: str, tag: str) -> str:
    """Name of a country in a language, as CLDR has it; empty if it has none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(tag, sep="-").territories.get(code, ""))
    except (UnknownLocaleError, ValueError):
        return ""


def _countries_in(codes: Sequence[str], tag: str) -> str:
    from babel import Locale

    names = [_country_in(code, tag) for code in codes]
    if not all(names):
        return ""
    # Each language has its own comma.
    listed = Locale.parse(tag, sep="-").list_patterns["standard"]["middle"]
    whole = names[0]
    for name in names[1:]:
        whole = listed.format(whole, name)
    return whole


def _parties(
    given: Sequence[str], codes: Sequence[str], tags: Sequence[str]
) -> dict[str, Mapping[str, str]]:
    """Names of the parties by language, by id."""
    found: dict[str, Mapping[str, str]] = {}
    for text in given or codes:
        key, _, name = text.partition("=")
        key = key.strip()
        if not _PARTY.fullmatch(key):
            raise InputError(
                f"{key!r} is no id of a party; write --party id or --party id=name, the id of "
                "letters, digits, - and _"
            )
        if key in found:
            raise InputError(f"the party {key!r} is given twice; give each an id of its own")
        local = {tag: _country_in(key, tag) for tag in tags}
        names = {tag: text for tag, text in local.items() if text}
        if name.strip():
            names = {"en": name.strip()}
        plain = readable(key)
        found[key] = names if "en" in names else {"en": plain[0].upper() + plain[1:]}
    return found


def _tables(
    units: Mapping[str, list[Any]],
    holder: str,
    start: str,
    box: tuple[float, float, float, float],
) -> tuple[list[dict[str, str]], list[dict[str, str]], list[Any], list[dict[str, str]]]:
    places, names, features, control = [], [], [], []
    said = {"certainty": "certain", "source_ids": "natural-earth"}
    for key, name, country, shape in zip(*units.values(), strict=True):
        seen = shapely.intersection(shape, shapely.box(*box))
        point = shapely.point_on_surface(shape if seen.is_empty else seen)
        places.append(
            said
            | {"id": key, "kind": "province", "lon": f"{point.x:.5f}", "lat": f"{point.y:.5f}",
               "country": country}
        )  # fmt: skip
        names.append(
            said
            | {"place_id": key, "name": name, "lang": "en", "script": "Latn", "status": "common"}
        )
        properties: dict[str, object] = {
            "id": key, "name_place_id": key, "district_place_id": key, "scope": "disputed",
            "geometry_method": "first-order unit of Natural Earth 1:10m", "uncertainty_m": 2000,
            "source_ids": "natural-earth",
        }  # fmt: skip
        features.append((properties, json.loads(shapely.to_geojson(shape))))
        control.append(
            {
                "id": f"c_{key}", "area_id": key, "controller": holder, "control_type": "unknown",
                "how": "status_quo", "de_jure_iso": country, "valid_from": start,
                "certainty": "unknown", "source_ids": "natural-earth",
                "note": "Not told yet who held it.",
            }
        )  # fmt: skip
    return places, names, features, control


def _settlements(
    codes: Sequence[str], box: tuple[float, float, float, float]
) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Towns of the countries inside a box, the largest first."""
    inside = [town for town in load_world().towns(box, _TOWN) if town.country in codes]
    said = {"certainty": "certain", "source_ids": "geonames"}
    out = []
    for town in sorted(inside, key=lambda one: (-one.population, one.geonames_id)):
        key = f"g{town.geonames_id}"
        place = said | {
            "id": key, "kind": "settlement", "lon": f"{town.lon:.5f}", "lat": f"{town.lat:.5f}",
            "precision_m": "2000", "country": town.country, "population": str(town.population),
            "geonames_id": str(town.geonames_id),
        }  # fmt: skip
        name = said | {
            "place_id": key, "name": town.name, "lang": "en", "script": "Latn",
            "status": "common",
        }  # fmt: skip
        out.append((place, name))
    return out
