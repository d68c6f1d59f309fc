"""Two versions of a pack, row by row and cell by cell, as a person would review them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from atlas.base.crs import area_km2, distance_m, length_km
from atlas.record.pack import load_basemap, pack_directory
from atlas.record.schema import TABLES
from atlas.record.tables import RawTable, load_table, load_toml

__all__ = ["COLUMNS", "differences"]

COLUMNS = ("table", "id", "change", "column", "before", "after")


def differences(before: str | Path, after: str | Path) -> pd.DataFrame:
    """List what changed from one version of a pack to another.

    Parameters
    ----------
    before, after : str or Path
        Folders, or names of shipped packs. Neither has to be free of faults.

    Returns
    -------
    DataFrame
        A row a change, in the order of the tables, then of ids: `table` ('settings' for
        pack.toml), `id`, `change` ('added', 'removed' or 'changed'), and for a change the
        `column` and its values `before` and `after`. A shape is told by its size, and how much of
        it is another: km2 of a polygon, km of a line, metres a point moved.

    Raises
    ------
    NotFoundError
        If there is no such pack.

    Examples
    --------
    >>> len(differences("south-caucasus", "south-caucasus"))
    0
    """
    old, new = pack_directory(before), pack_directory(after)
    rows = [*_settings(load_toml(old / "pack.toml")[0], load_toml(new / "pack.toml")[0])]
    for name, table in TABLES.items():
        rows += _tables(name, load_table(old, table), load_table(new, table))
    ground = [load_basemap(folder) for folder in (old, new)]
    if (ground[0] is None) != (ground[1] is None):
        rows.append(("basemap", "", "removed" if ground[1] is None else "added", "", "", ""))
    elif ground[0] is not None and ground[1] is not None:
        same = ground[0].rows == ground[1].rows and ground[0].geometries == ground[1].geometries
        rows += [] if same else [("basemap", "", "changed", "", "", "")]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


_Row = tuple[str, str, str, str, str, str]


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
            yield "settings", key, change, "", was.get(key, ""), now.get(key, "")


def _tables(name: str, old: RawTable, new: RawTable) -> Iterator[_Row]:
    was, now = ({row["id"]: n for n, row in enumerate(raw.rows)} for raw in (old, new))
    columns = list(dict.fromkeys([*old.table.names, *new.table.names]))
    for key in sorted(was.keys() | now.keys()):
        if key not in was or key not in now:
            yield name, key, "added" if key in now else "removed", "", "", ""
            continue
        one, two = old.rows[was[key]], new.rows[now[key]]
        for column in columns:
            if one.get(column, "") != two.get(column, ""):
                yield name, key, "changed", column, one.get(column, ""), two.get(column, "")
        if old.geometries and new.geometries:
            told = _shapes(old.geometries[was[key]], new.geometries[now[key]])
            if told is not None:
                yield name, key, "changed", "geometry", *told


def _shapes(one: Any, two: Any) -> tuple[str, str] | None:
    """What a shape was and is; None where it is the same."""
    if one is None or two is None:
        return None if one is two else (_size(one), _size(two))
    if shapely.equals_exact(shapely.normalize(one), shapely.normalize(two), tolerance=1e-9):
        return None
    after = _size(two)
    if one.geom_type == two.geom_type == "Point":
        metres = float(distance_m([one.x], [one.y], [two.x], [two.y])[0])
        after += f", {metres:.0f} m away"
    elif shapely.get_dimensions([one, two]).tolist() == [2, 2] and one.is_valid and two.is_valid:
        other = float(area_km2([shapely.symmetric_difference(one, two)])[0])
        after += f", {other:.2f} km2 different"
    return _size(one), after


def _size(shape: Any) -> str:
    if shape is None:
        return "no shape"
    if shape.geom_type == "Point":
        return f"{shape.x:.5f}, {shape.y:.5f}"
    if shapely.get_dimensions(shape) == 2:
        return f"{float(area_km2([shape])[0]):.2f} km2"
    return f"{length_km(shape):.2f} km" if shape.geom_type == "LineString" else shape.geom_type
