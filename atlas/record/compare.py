"""Two versions of a pack, row by row and cell by cell, as a person would review them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from atlas.base.crs import area_km2, distance_m, length_km
from atlas.base.notes import Notes
from atlas.record.edited import read_gpkg
from atlas.record.exchange import Tables, labels_of, load_tables
from atlas.record.pack import load_basemap, pack_directory
from atlas.record.schema import TABLES
from atlas.record.tables import RawTable, load_toml
from atlas.record.workbook import is_workbook

__all__ = ["COLUMNS", "compared", "differences"]

COLUMNS = (
    "table", "id", "name", "change", "column", "before", "after", "gained_km2", "lost_km2",
    "moved_m",
)  # fmt: skip
_SHAPE = "geometry"
_GPKG = b"SQLite format 3\x00"


def differences(before: str | Path, after: str | Path) -> pd.DataFrame:
    """List what changed from one version of a pack to another.

    Parameters
    ----------
    before, after : str or Path
        Folders, names of shipped packs, or exports of a pack. None has to be free of
        faults.

    Returns
    -------
    DataFrame
        A row a change, in the order of the tables, then of ids: `table` ('settings' for
        pack.toml), `id`, `name` (what a person calls it), `change` ('added', 'removed' or
        'changed'), and for a change the `column` and its values `before` and `after`. A row that
        was added or removed has all its cells in `after` or `before`. A shape is told by its size,
        and by how much of it is another: `gained_km2` and `lost_km2` of a polygon, `moved_m` of a
        point, and of a line the farthest that it lies from where it was; else NaN.

    Raises
    ------
    NotFoundError
        If there is no such pack.
    InputError
        If a GeoPackage can't be read.

    Notes
    -----
    Of a GeoPackage the tables are compared that it holds, and no settings; its cells are read as
    edits of the other version, so that ``0.50`` and ``0.5`` are no difference.

    Examples
    --------
    >>> len(differences("south-caucasus", "south-caucasus"))
    0
    """
    old, new = _source(before), _source(after)
    tables = _loaded(old, new)
    if isinstance(old, Path) and old.is_dir() and new.is_dir():
        return compared(*tables, settings=_others(old, new))
    return compared(*tables)


def _source(version: str | Path) -> Path:
    path = Path(version)
    if path.is_file():
        with path.open("rb") as stream:
            if stream.read(16) == _GPKG or is_workbook(path):
                return path
    return pack_directory(version)


def _loaded(old: Path, new: Path) -> tuple[dict[str, RawTable], dict[str, RawTable]]:
    bare = {name: RawTable(table) for name, table in TABLES.items()}
    if old.is_dir() and new.is_dir():
        return load_tables(old), load_tables(new)
    if old.is_dir():
        was = load_tables(old)
        return was, was | read_gpkg(new, was, Notes(new.name))
    if new.is_dir():
        held = load_tables(new)
        return held | read_gpkg(old, held, Notes(old.name)), held
    one, two = (read_gpkg(path, bare, Notes(path.name)) for path in (old, new))
    both = one.keys() & two.keys()
    return tuple({k: t[k] if k in both else bare[k] for k in TABLES} for t in (one, two))  # type: ignore[return-value]


def compared(
    old: Mapping[str, RawTable], new: Mapping[str, RawTable], *, settings: list[_Row] | None = None
) -> pd.DataFrame:
    """List the differences of tables that are read already; see `differences`."""
    rows = [*(settings or [])]
    calls: dict[str, str] = {}
    # A pack's own words go before those of an export, which has no settings.
    for tables in sorted((old, new), key=lambda one: isinstance(one, Tables)):
        calls |= labels_of(tables)
    for name in TABLES:
        rows += _tables(name, old[name], new[name], calls)
    rows.sort(key=lambda row: row[0] == "basemap")  # the ground comes last
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        dict.fromkeys(COLUMNS[:7], object) | dict.fromkeys(COLUMNS[7:], "float64")
    )


_Row = tuple[Any, ...]
_NO = (np.nan, np.nan, np.nan)


def _others(old: Path, new: Path) -> list[_Row]:
    """Changes of the settings and of the ground."""
    rows = [*_settings(load_toml(old / "pack.toml")[0], load_toml(new / "pack.toml")[0])]
    ground = [load_basemap(folder) for folder in (old, new)]
    if (ground[0] is None) != (ground[1] is None):
        change = "removed" if ground[1] is None else "added"
        rows.append(("basemap", "", "", change, "", "", "", *_NO))
    elif ground[0] is not None and ground[1] is not None:
        same = ground[0].rows == ground[1].rows and ground[0].geometries == ground[1].geometries
        rows += [] if same else [("basemap", "", "", "changed", "", "", "", *_NO)]
    return rows


def _flat(values: Any, stem: str = "") -> Iterator[tuple[str, str]]:
    """Settings one a line: ``title.en``, ``parties.north.colour``."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield from _flat(value, f"{stem}.{key}" if stem else str(key))
    elif isinstance(values, list) and values and all(isinstance(one, Mapping) for one in values):
        for number, one in enumerate(values, start=1):
            yield from _flat(one, f"{stem}.{one.get('id', number)}")
    else:
        yield stem, str(values)


def _settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[_Row]:
    was, now = dict(_flat(old)), dict(_flat(new))
    for key in dict.fromkeys([*was, *now]):
        if was.get(key) != now.get(key):
            change = (
                "changed" if key in was and key in now else "added" if key in now else "removed"
            )
            yield "settings", key, "", change, "", was.get(key, ""), now.get(key, ""), *_NO


_NAMED = ("title", "name", "mission", "who", "query")
_REFERS = ("area_id", "place_id", "name_place_id", "route_id")


def _called(row: Mapping[str, str], calls: Mapping[str, str]) -> str:
    """What a person calls a row: its own name, or that of what it is about."""
    if row["id"] in calls:
        return calls[row["id"]]
    own = next((row[name] for name in _NAMED if row.get(name)), "")
    about = next((calls[row[name]] for name in _REFERS if row.get(name) in calls), "")
    about = about or next((row[name] for name in _REFERS if row.get(name)), "")
    if "controller" in row:
        return f"{about}, {row['controller']} from {row['valid_from'] or 'always'}"
    return own or about


def _tables(name: str, old: RawTable, new: RawTable, calls: Mapping[str, str]) -> Iterator[_Row]:
    was, now = ({row["id"]: n for n, row in enumerate(raw.rows)} for raw in (old, new))
    columns = list(dict.fromkeys([*old.table.names, *new.table.names]))
    for key in sorted(was.keys() | now.keys()):
        if key not in was or key not in now:
            raw, at = (new, now[key]) if key in now else (old, was[key])
            told = _cells(raw, at)
            said = ("added", "", "", told) if key in now else ("removed", "", told, "")
            yield name, key, _called(raw.rows[at], calls), *said, *_NO
            continue
        one, two = old.rows[was[key]], new.rows[now[key]]
        called = _called(two, calls)
        for column in columns:
            if one.get(column, "") != two.get(column, ""):
                cells = one.get(column, ""), two.get(column, "")
                yield name, key, called, "changed", column, *cells, *_NO
        if old.geometries and new.geometries:
            shape = _shapes(old.geometries[was[key]], new.geometries[now[key]])
            if shape is not None:
                yield name, key, called, "changed", _SHAPE, *shape


def _cells(raw: RawTable, at: int) -> str:
    """All filled cells of a row, for a person."""
    told = [f"{name}: {cell}" for name, cell in raw.rows[at].items() if cell and name != "id"]
    if raw.geometries:
        told.append(f"{_SHAPE}: {_size(raw.geometries[at])}")
    return "; ".join(told)


def _shapes(one: Any, two: Any) -> _Row | None:
    """What a shape was and is, and how much of it is another; None where it is the same."""
    if one is two:
        return None
    if one is None or two is None:
        return (_size(one), _size(two), *_NO)
    if shapely.equals_exact(shapely.normalize(one), shapely.normalize(two), tolerance=1e-9):
        return None
    before, after = _size(one), _size(two)
    kinds = shapely.get_dimensions([one, two]).tolist()
    if one.geom_type == two.geom_type == "Point":
        metres = float(distance_m([one.x], [one.y], [two.x], [two.y])[0])
        return before, after, np.nan, np.nan, metres
    if kinds == [2, 2] and one.is_valid and two.is_valid:
        gained, lost = area_km2([shapely.difference(two, one), shapely.difference(one, two)])
        return before, after, float(gained), float(lost), np.nan
    if kinds == [1, 1]:
        return before, after, np.nan, np.nan, _farthest_m(one, two)
    return (before, after, *_NO)


def _farthest_m(one: Any, two: Any) -> float:
    """The farthest that a point of either line lies from the other line."""
    far = 0.0
    for line, other in ((one, two), (two, one)):
        points = shapely.points(shapely.get_coordinates(line))
        ends = shapely.get_coordinates(shapely.shortest_line(points, other)).reshape(-1, 4)
        far = max(far, float(distance_m(*ends.T).max()))
    return far


def _size(shape: Any) -> str:
    if shape is None:
        return "no shape"
    if shape.geom_type == "Point":
        return f"{shape.x:.5f}, {shape.y:.5f}"
    if shapely.get_dimensions(shape) == 2:
        return f"{float(area_km2([shape])[0]):.2f} km2"
    return f"{length_km(shape):.2f} km" if shape.geom_type == "LineString" else shape.geom_type
