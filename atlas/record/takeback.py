"""An edited GeoPackage back into a pack: what a person changed, and nothing else.

Only what `atlas.record.edited` finds to be an edit is written; lines of rows without one stay byte
for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from atlas.base.notes import Notes
from atlas.record.compare import compared
from atlas.record.edit import edit_files, text_of
from atlas.record.edited import read_gpkg
from atlas.record.exchange import load_tables, readable, typed
from atlas.record.pack import pack_directory
from atlas.record.rewrite import csv_with, json_with
from atlas.record.scaffold import csv_text, geojson_text
from atlas.record.schema import TABLES, Table
from atlas.record.tables import RawTable

__all__ = ["Taken", "import_gpkg"]


@dataclass(frozen=True)
class Taken:
    """What an import did.

    Attributes
    ----------
    files : tuple of Path
        Files written; none where nothing was edited.
    changes : DataFrame
        As of `atlas.record.compare.differences`, from the pack as it was to the pack as it is.
    notes : tuple of str
        What was assumed, and what of the file was not used.
    """

    files: tuple[Path, ...]
    changes: pd.DataFrame
    notes: tuple[str, ...]


def import_gpkg(file: str | Path, into: str | Path, *, dry_run: bool = False) -> Taken:
    """Take an edited export back into its pack.

    Parameters
    ----------
    file : str or Path
        A GeoPackage that `atlas.record.exchange.export_gpkg` made, edited since, in any CRS; or
        a workbook of `atlas.record.workbook.export_workbook`.
    into : str or Path
        The pack: a folder, or the name of a shipped pack.
    dry_run : bool
        Whether to write nothing and only say what would change.

    Returns
    -------
    Taken

    Raises
    ------
    NotFoundError
        If there is no such pack.
    InputError
        If the file is neither, holds no table of a pack, or a row has no id, the id of
        another, or two dates that contradict each other; or if rows of the pack can't be read.
    PackError
        If the pack would have faults that it has not now; nothing is written then.

    Notes
    -----
    A table that the file has not stays as it is; a row that a table has not is removed. Files are
    written all or none, and lines of rows without an edit stay byte for byte.

    Examples
    --------
    >>> import tempfile
    >>> from atlas.record.exchange import export_gpkg
    >>> from atlas.record.scaffold import new_pack
    >>> folder = Path(tempfile.mkdtemp())
    >>> new_pack(folder / "p", title="P", bbox=(0, 0, 1, 1), start="2000-01-01")
    >>> import_gpkg(export_gpkg(folder / "p", folder / "p.gpkg"), folder / "p").files
    ()
    """
    directory = pack_directory(into)
    notes = Notes(Path(file).name)
    old = readable(load_tables(directory))
    new = read_gpkg(file, old, notes)
    texts = {}
    for name, table in new.items():
        text = _text(directory, old[name], table)
        if text is not None:
            texts[TABLES[name].file] = text
    changes = compared(old, old | new)
    told = f"{into} with the edits of {Path(file).name}"
    files = edit_files(directory, texts, told, dry_run=dry_run)
    return Taken(tuple(files), changes, notes.told)


def _text(directory: Path, old: RawTable, new: RawTable) -> str | None:
    """The new text of a table's file; None where it stays."""
    was = {row["id"]: at for at, row in enumerate(old.rows)}
    now = {row["id"]: at for at, row in enumerate(new.rows)}
    empty = dict.fromkeys(old.table.names, "")
    added = [key for key in now if key not in was]
    removed = [key for key in was if key not in now]
    cells = {
        key: {
            name: value
            for name, value in new.rows[at].items()
            if value != (old.rows[was[key]] if key in was else empty).get(name, "")
        }
        for key, at in now.items()
    }
    shapes = {
        key: new.geometries[at] for key, at in now.items()
        if new.geometries and (key not in was or old.geometries[was[key]] is not new.geometries[at])
    }  # fmt: skip
    changed = [key for key in now if key in was and (cells[key] or key in shapes)]
    if not (added or removed or changed):
        return None
    path = directory / old.table.file
    full = {key: new.rows[now[key]] for key in added}
    if not path.is_file():
        if new.table.geometry:
            return geojson_text(
                new.table,
                [({name: _value(new.table, name, cell) for name, cell in row.items()},
                  _drawn(shapes[key])) for key, row in full.items()],
            )  # fmt: skip
        return csv_text(new.table, list(full.values()))
    text = text_of(path)
    if path.suffix == ".csv":
        return csv_with(
            text, path.name,
            added=[{name: cell for name, cell in row.items() if cell} for row in full.values()],
            changed={key: cells[key] for key in changed}, removed=removed,
            columns=[name for name in new.table.names if name not in old.table.names],
        )  # fmt: skip
    if old.table.name == "sources":
        items = {str(item.get("id")).strip(): item for item in json.loads(text.lstrip("\ufeff"))}
        return json_with(
            text, path.name, id_of=lambda item: str(item.get("id")).strip(), removed=removed,
            added=[_item({}, full[key]) for key in added],
            changed={key: _item(items[key], cells[key]) for key in changed},
        )  # fmt: skip
    whole = json.loads(text.lstrip("\ufeff"))
    features = {_id_of(feature): feature for feature in whole["features"]}
    names = list(dict.fromkeys(n for one in whole["features"] for n in one["properties"]))
    return json_with(
        text, path.name, id_of=_id_of, within="features", removed=removed,
        added=[_feature(new.table, names, full[key], shapes[key]) for key in added],
        changed={key: _edited(new.table, features[key], cells[key], shapes.get(key))
                 for key in changed},
    )  # fmt: skip


def _id_of(feature: Any) -> str:
    return str(feature["properties"].get("id")).strip()


def _value(table: Table, name: str, cell: str) -> Any:
    """A cell as a property of GeoJSON: figures and flags as such."""
    try:
        value = typed(table.column(name), cell)
    except ValueError:
        return cell
    if value is None or not isinstance(value, bool | int | float):
        return cell
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _drawn(shape: Any) -> Any:
    return json.loads(shapely.to_geojson(shape))


def _feature(table: Table, names: Sequence[str], row: Mapping[str, str], shape: Any) -> Any:
    # In the file's own order; every feature has all properties.
    order = [name for name in names if name in row] + [
        name for name in row if name not in names and (row[name] or not table.column(name).absent)
    ]
    properties = {name: _value(table, name, row[name]) for name in order}
    return {"type": "Feature", "properties": properties, "geometry": _drawn(shape)}


def _edited(table: Table, feature: Any, cells: Mapping[str, str], shape: Any) -> Any:
    properties = dict(feature["properties"])
    for name, cell in cells.items():
        was = properties.get(name)
        properties[name] = cell.split("|") if isinstance(was, list) else _value(table, name, cell)
    drawn = feature["geometry"] if shape is None else _drawn(shape)
    return feature | {"properties": properties, "geometry": drawn}


_CSL = {"id": "id", "type": "type", "title": "title", "url": "URL"}


def _item(item: Mapping[str, Any], cells: Mapping[str, str]) -> dict[str, Any]:
    """A CSL-JSON item with some cells of its row in `sources` changed."""
    new, custom = dict(item), dict(item.get("custom", {}))
    for name, cell in cells.items():
        if name in _CSL:
            _set(new, _CSL[name], cell)
        elif name in ("issued", "accessed"):
            _set(new, name, _csl_date(cell))
        elif name == "publisher":
            if item.get("author"):
                new["author"] = [{"literal": part} for part in cell.split("; ") if part]
            else:
                _set(new, "publisher" if not new.get("container-title") or new.get("publisher")
                     else "container-title", cell)  # fmt: skip
        else:
            _set(custom, name, cell)
    _set(new, "custom", custom)
    return new


def _set(item: dict[str, Any], name: str, value: Any) -> None:
    if value:
        item[name] = value
    else:
        item.pop(name, None)


def _csl_date(cell: str) -> Any:
    parts = [re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", part) for part in cell.split("/")]
    if not cell or len(parts) > 2 or not all(parts):
        return {"literal": cell} if cell else None
    return {"date-parts": [[int(n) for n in part.groups() if n] for part in parts if part]}
