"""Small packs made for tests: a grid of square areas with any intervals of control."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from atlas.base.output import write_text
from atlas.record.scaffold import csv_text, geojson_text, settings_text
from atlas.record.schema import TABLES

START = "2000-01-01"
PARTIES = {"A": ("Aland", "#5b8db8"), "B": ("Beland", "#d9a05b"), "C": ("Others", "#888888")}
SOURCES = [
    {
        "id": key,
        "type": "report",
        "title": f"Report {key}",
        "issued": {"date-parts": [[2001, 1, n + 1]]},
        "custom": {"affiliation": who, "kind": "press", "reliability": "B"},
    }
    for n, (key, who) in enumerate([("s-a", "A"), ("s-b", "B"), ("s-n", "neutral")])
]
ENVELOPE = {"certainty": "certain", "source_ids": "s-n"}


def square(column: int, row: int, size: float = 0.5) -> dict[str, Any]:
    west, south = 10 + column * size, 50 + row * size
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def place(key: str, lon: float, lat: float, **more: str) -> dict[str, str]:
    return ENVELOPE | {"id": key, "kind": "settlement", "lon": str(lon), "lat": str(lat)} | more


def write_pack(
    directory: Path,
    control: list[dict[str, str]],
    *,
    columns: int = 2,
    rows: int = 1,
    tables: dict[str, list[dict[str, str]]] | None = None,
    shapes: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] | None = None,
    settings: str = "",
    background: tuple[str, ...] = (),
) -> Path:
    """Write a pack of `columns` x `rows` squares `a00`, `a10`... with these rows of control."""
    directory.mkdir(parents=True, exist_ok=True)
    bbox = (9.0, 49.0, 10 + columns, 50 + rows)
    toml = settings_text("test", "Test", bbox, START, PARTIES)
    toml += '\n[[sides]]\nparties = ["A"]\nlang = "de"\n[[sides]]\nparties = ["B"]\nlang = "pl"\n'
    write_text(directory / "pack.toml", toml + settings)
    write_text(directory / "sources.json", json.dumps(SOURCES))
    cells = [(c, r) for c in range(columns) for r in range(rows)]
    data: dict[str, list[dict[str, str]]] = {
        "places": [place(f"p{c}{r}", 10.25 + c * 0.5, 50.25 + r * 0.5) for c, r in cells],
        "control": [ENVELOPE | row for row in control],
    }
    for name, more in (tables or {}).items():
        data[name] = data.get(name, []) + more
    areas = [
        (
            {
                "id": f"a{c}{r}",
                "name_place_id": f"p{c}{r}",
                "scope": "background" if f"a{c}{r}" in background else "disputed",
                "geometry_method": "test grid",
                "uncertainty_m": 500,
                "source_ids": "s-n",
            },
            square(c, r),
        )
        for c, r in cells
    ]
    features = {"areas": areas} | (shapes or {})
    for name, table in TABLES.items():
        if table.geometry:
            write_text(directory / table.file, geojson_text(table, features.get(name, [])))
        elif name != "sources":
            write_text(directory / table.file, csv_text(table, data.get(name, [])))
    return directory


def spell(
    key: str, area: str, party: str, start: str = "", end: str = "", **more: str
) -> dict[str, str]:
    """One row of control."""
    return {
        "id": key,
        "area_id": area,
        "controller": party,
        "control_type": "de_facto",
        "how": "status_quo",
        "valid_from": start,
        "valid_to": end,
    } | more
