"""A new pack that is valid from the first minute: one area, one place, one source."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from atlas.base.errors import InputError
from atlas.base.output import atomic_directory, write_text
from atlas.base.timespan import parse_day
from atlas.record.schema import TABLES, Table

__all__ = ["csv_text", "geojson_text", "new_pack", "settings_text"]


def csv_text(table: Table, rows: list[dict[str, str]]) -> str:
    """Write rows of a table as CSV, sorted by id; missing cells are empty."""
    out = io.StringIO()
    names = table.speaking(name for row in rows for name in row).names
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["id"]))
    return out.getvalue()


def geojson_text(table: Table, rows: list[tuple[dict[str, object], dict[str, object]]]) -> str:
    """Write (properties, geometry) pairs as GeoJSON, one feature a line, sorted by id."""
    features = []
    names = table.speaking(name for properties, _ in rows for name in properties).names
    for properties, geometry in sorted(rows, key=lambda row: str(row[0]["id"])):
        full = {name: properties.get(name, "") for name in names}
        feature = {"type": "Feature", "properties": full, "geometry": geometry}
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(features)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def settings_text(
    pack_id: str,
    title: str | Mapping[str, str],
    bbox: tuple[float, float, float, float],
    start: str,
    parties: Mapping[str, tuple[str | Mapping[str, str], str]],
    *,
    languages: Sequence[str] = ("en",),
    countries: Sequence[str] = (),
    gap_m: float | None = None,
) -> str:
    """Write a pack.toml.

    Parameters
    ----------
    pack_id, title : str, or mapping of str to str
        Key; title in English, or by language.
    bbox : tuple of float
        West, south, east, north in degrees.
    start : str
        First day, ISO.
    parties : mapping of str to tuple
        Name (in English, or by language) and colour of each party, by id; one whose id is the code
        of a country among `countries` has it as its own.
    languages, countries : sequence of str
        BCP 47 tags and ISO 3166-1 codes.
    gap_m : float, optional
        Narrowest gap between areas that is a fault, metres.
    """

    def quote(text: str) -> str:
        # A TOML basic string is written like a JSON one.
        return json.dumps(text, ensure_ascii=False)

    def listed(texts: Sequence[str]) -> str:
        return f"[{', '.join(map(quote, texts))}]"

    titles = {"en": title} if isinstance(title, str) else title
    lines = [
        f"id = {quote(pack_id)}",
        f"period_from = {quote(start)}",
        f"start_date = {quote(start)}",
        f"bbox = [{', '.join(f'{value:g}' for value in bbox)}]",
        *([] if gap_m is None else [f"gap_m = {gap_m:g}"]),
        f"languages = {listed(languages)}",
        f"countries = {listed(countries)}",
        "worldviews = []",
        "",
        "[title]",
        *(f"{_bare(tag)} = {quote(text)}" for tag, text in titles.items()),
    ]
    for party, (name, colour) in parties.items():
        names = {"en": name} if isinstance(name, str) else name
        lines += ["", "[[parties]]", f"id = {quote(party)}", 'role = "side"']
        lines += [f"iso = {quote(party)}"] if party in countries else []
        lines += [f"{_bare('name_' + tag)} = {quote(text)}" for tag, text in names.items()]
        lines += [f"colour = {quote(colour)}"]
    return "\n".join(lines) + "\n"


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key)


def new_pack(
    directory: Path,
    *,
    title: str,
    bbox: tuple[float, float, float, float],
    start: str,
) -> None:
    """Write a new pack.

    Parameters
    ----------
    directory : Path
        Folder to make; it must not exist or be empty.
    title : str
        Title in English.
    bbox : tuple of float
        West, south, east, north in degrees.
    start : str
        First day of the record, ISO.

    Raises
    ------
    InputError
        If the folder is in use, the box is not one, or the day is none.
    """
    west, south, east, north = bbox
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError(f"{bbox} is not WEST,SOUTH,EAST,NORTH in degrees")
    parse_day(start)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise InputError(f"{directory} exists already; give the name of a new folder")
    slug = re.sub(r"[^a-z0-9]+", "-", directory.name.lower()).strip("-") or "pack"
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    common = {"certainty": "unknown", "source_ids": "pack-notes"}
    rows: dict[str, list[dict[str, str]]] = {
        "places": [
            common
            | {
                "id": "territory",
                "kind": "region",
                "lon": f"{(west + east) / 2:g}",
                "lat": f"{(south + north) / 2:g}",
            }
        ],
        "names": [
            common
            | {
                "id": "n00001",
                "place_id": "territory",
                "name": title,
                "lang": "en",
                "script": "Latn",
                "status": "common",
            }
        ],
        "control": [
            common
            | {
                "id": "c0001",
                "area_id": "territory",
                "controller": "side_a",
                "control_type": "unknown",
                "how": "status_quo",
                "valid_from": start,
            }
        ],
    }
    area: dict[str, object] = {
        "id": "territory",
        "name_place_id": "territory",
        "scope": "disputed",
        "geometry_method": "the pack's bounding box, to be replaced by real areas",
        "uncertainty_m": 100000,
        "source_ids": "pack-notes",
    }
    source = {
        "id": "pack-notes",
        "type": "document",
        "title": "Notes of the pack's authors; replace by published sources",
        "custom": {"affiliation": "neutral", "kind": "reference"},
    }
    with atomic_directory(directory, marker="pack.toml") as fresh:
        parties = {"side_a": ("Side A", "#5b8db8"), "side_b": ("Side B", "#d9a05b")}
        write_text(fresh / "pack.toml", settings_text(slug, title, bbox, start, parties))
        write_text(fresh / "sources.json", json.dumps([source], indent=1) + "\n")
        for name, table in TABLES.items():
            if name == "areas":
                shape: dict[str, object] = {"type": "Polygon", "coordinates": [ring]}
                write_text(fresh / table.file, geojson_text(table, [(area, shape)]))
            elif table.geometry:
                write_text(fresh / table.file, geojson_text(table, []))
            elif name != "sources":
                write_text(fresh / table.file, csv_text(table, rows.get(name, [])))
