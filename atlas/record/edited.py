"""The tables of a pack as an edited GeoPackage has them: read as edits of what there was.

QGIS renumbers `fid`, orders columns anew, turns empty text into NULL, a column of text into one of
dates, and may write another coordinate system. None of that is an edit. So each cell is compared
with what `atlas.record.exchange` writes of the pack; where both say the same the pack's own text
stays.
"""

from __future__ import annotations

import re
import sqlite3
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.record.exchange import (
    AT_PLACE,
    COMPANIONS,
    LABEL,
    LAYERS,
    VIEWS,
    Layer,
    dates_of,
    labels_of,
    point_of,
    storable,
    typed,
)
from atlas.record.overlay import DECIMALS
from atlas.record.schema import TABLES, Column, Table
from atlas.record.tables import RawTable
from atlas.record.vectors import in_degrees, on_earth, require_geopackage
from atlas.record.workbook import SHEETS, is_workbook, read_sheets

__all__ = ["read_gpkg"]

SAME_DEGREES = 1e-6
"""Distance, about 0.1 m, up to which a point is the one it was: what a change of CRS moves it."""

_SHOWN = 8
_OWN = {"fid", "ogc_fid", "geom", "geometry", LABEL, AT_PLACE}


def read_gpkg(file: str | Path, base: Mapping[str, RawTable], notes: Notes) -> dict[str, RawTable]:
    """Read the tables of a pack from a GeoPackage, or from a workbook.

    Parameters
    ----------
    file : str or Path
        What an export made, edited since; told by its bytes.
    base : mapping of str to RawTable
        The tables that it was made from; where both say the same, their text stands. Of empty ones
        all is new.
    notes : Notes
        Told what was assumed.

    Returns
    -------
    dict of str to RawTable
        Those tables that the file holds.

    Raises
    ------
    InputError
        As `import_gpkg`.
    """
    path = Path(file)
    if path.is_file() and is_workbook(path):
        held = {
            name: [(Layer(name, name), _Read(name, lines, frozenset(), None))]
            for name, lines in read_sheets(path, base, notes).items()
        }
    else:
        held = _layers_of(path, notes)
    # Places first: events without coordinates of their own are at theirs.
    order = [name for name in TABLES if name in held]
    merged: dict[str, RawTable] = {}
    for name in order:
        merged[name] = _merged(base[name], held[name], base, merged, notes)
    absent = [
        name
        for name, table in TABLES.items()
        if name not in held and base[name].rows and not (table.geometry and set(held) <= {*SHEETS})
    ]
    if absent:
        notes.say(f"not in the file, and left as they are: {', '.join(absent)}")
    return merged


def _layers_of(path: Path, notes: Notes) -> dict[str, list[tuple[Layer, _Read]]]:
    import pyogrio

    require_geopackage(path)
    held: dict[str, list[tuple[Layer, _Read]]] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks on damage that does not stop it
            names = [str(name) for name, _ in pyogrio.list_layers(path)]
            views = _views(path)
            for name in names:
                if name in views:
                    if name not in VIEWS:
                        notes.say(f"layer {name!r} is made from others, and not used")
                    continue
                layer = _known(path, name, names, notes)
                if layer is not None:
                    held.setdefault(layer.table, []).append((layer, _read(path, name)))
    except InputError:
        raise
    except Exception as error:  # GDAL's errors have no common class that says what went wrong
        raise InputError(f"{path.name} can't be read as a GeoPackage: {error}") from None
    if not held:
        raise InputError(
            f"{path.name} holds no table of a pack; it has {', '.join(names[:_SHOWN]) or 'none'}. "
            f"Name the layers as an export does: {', '.join(list(LAYERS)[:_SHOWN])} ..."
        )
    return held


def _views(path: Path) -> set[str]:
    """Layers that are questions of SQL: nobody edits one, and one may go on without end."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file,
    ):
        return {str(row[0]) for row in
                file.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}  # fmt: skip
    return set()


@dataclass(frozen=True)
class _Read:
    """A layer as GDAL gives it: cells, which columns are moments, shapes in degrees."""

    name: str
    frame: pd.DataFrame
    moments: frozenset[str]
    shapes: Any


def _read(path: Path, name: str) -> _Read:
    import geopandas as gpd
    import pyogrio

    kinds = pyogrio.read_info(path, layer=name)
    moments = frozenset(
        str(field)
        for field, kind in zip(kinds["fields"], kinds["dtypes"], strict=True)
        if str(kind).startswith("datetime64")
    )
    # By a condition, so that the rows are counted: the count that the file states may be stale.
    frame = pyogrio.read_dataframe(
        path, layer=name, where="1 = 1", force_2d=True, datetime_as_string=True
    )
    shapes = None
    if isinstance(frame, gpd.GeoDataFrame):
        where = f"{path.name}, layer {name}"
        frame = in_degrees(frame, where) if len(frame) else frame
        shapes = frame.geometry.to_numpy()
        on_earth(where, shapes)
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return _Read(name, frame, moments, shapes)


def _known(path: Path, name: str, names: Sequence[str], notes: Notes) -> Layer | None:
    """The layer of an export that a layer is: by its name, else by its columns."""
    import pyogrio

    plain = re.sub(r"^.*( — |__)", "", name).strip().casefold()
    if plain in VIEWS or plain == "layer_styles":
        return None  # made from others
    if plain in LAYERS:
        others = [one for one in names if one != name]
        if plain == name or plain not in others:
            return LAYERS[plain]
    info = pyogrio.read_info(path, layer=name)
    fields = {str(field) for field in info["fields"]}
    shapes = str(info["geometry_type"] or "")
    fits = [
        layer
        for layer in LAYERS.values()
        if _wanted(layer) <= fields and bool(layer.shapes) == (shapes not in ("", "None"))
        and (not layer.shapes or layer.holds(shapes.removesuffix(" Z")))
    ]  # fmt: skip
    if len(fits) == 1 and fits[0].name not in names:
        notes.say(f"layer {name!r} is read as {fits[0].name}, by its columns")
        return fits[0]
    notes.say(f"layer {name!r} is no table of a pack, and not used")
    return None


def _wanted(layer: Layer) -> set[str]:
    columns = TABLES[layer.table].columns
    plain = {"lon", "lat"} if layer.shapes == "Point" else set()
    return {column.name for column in columns if not column.absent} - plain


def _merged(
    base: RawTable,
    parts: Sequence[tuple[Layer, _Read]],
    before: Mapping[str, RawTable],
    after: Mapping[str, RawTable],
    notes: Notes,
) -> RawTable:
    """A table as it is to be: rows in the order of the base, new ones where their ids belong."""
    table = base.table.speaking(
        str(name)
        for _, part in parts
        for name in part.frame.columns
        if part.frame[name].notna().any()
        and (match := base.table.translation(str(name))) is not None
        and (base.languages is None or match[1] in base.languages)
    )
    was = {row["id"]: at for at, row in enumerate(base.rows)}
    found: dict[str, tuple[dict[str, str], Any]] = {}
    places = {row["id"]: row for tables in (before, after) if "places" in tables
              for row in tables["places"].rows}  # fmt: skip
    old_places = {row["id"]: row for row in before["places"].rows}
    pool = _Pool(base.geometries)
    wrong: list[str] = []
    for layer, part in parts:
        _unused(table, layer, part, notes)
        labels = _Labels(table, before, part, notes)
        for at, cells in enumerate(part.frame.to_dict("records")):
            key = _plain(cells.get("id"))
            if not key or key in found:
                wrong.append(_bad_id(part, at, key))
                continue
            old = base.rows[was[key]] if key in was else None
            try:
                row = _row(table, cells, part.moments, old, notes)
            except InputError as error:
                wrong.append(f"{part.name} {key}: {error}")
                continue
            shape = None if part.shapes is None else part.shapes[at]
            labels.compare(cells)
            if not table.geometry:
                if part.shapes is not None and layer.shapes:
                    lent = _plain(cells.get(AT_PLACE))
                    _put_point(table.name, row, old, shape, (old_places, places), lent)
                found[key] = (row, None)
                continue
            held = base.geometries[was[key]] if key in was else None
            try:
                found[key] = (row, held if part.shapes is None else pool.told(layer, shape, held))
            except InputError as error:
                wrong.append(f"{part.name} {key}: {error}")
        labels.say()
    if wrong:
        more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise InputError("; ".join(wrong[:_SHOWN]) + more)
    # Rows on a layer that the file has not were not there to be removed.
    present = [layer for layer, _ in parts]
    for key, at in was.items():
        held = base.geometries[at] if base.geometries else None
        if held is not None and not any(layer.holds(held.geom_type) for layer in present):
            found.setdefault(key, (base.rows[at], held))
    order = [key for key in was if key in found]
    ordered = list(was) == sorted(was)
    order += sorted(key for key in found if key not in was)
    if ordered:
        order.sort()
    rows = [{name: found[key][0].get(name, "") for name in table.names} for key in order]
    merged = RawTable(table, base.languages, rows, list(range(len(rows))))
    merged.geometries = [found[key][1] for key in order] if table.geometry else []
    return merged


def _bad_id(part: _Read, at: int, key: str) -> str:
    if not key:
        return f"{part.name}, row {at + 1}: no id; give it one of small letters, digits, - and _"
    return (
        f"{part.name}, row {at + 1}: the id {key!r} is that of another row; a feature that was "
        "split or copied needs an id of its own"
    )


def _unused(table: Table, layer: Layer, part: _Read, notes: Notes) -> None:
    known = set(table.names) | set(dates_of(table, dict.fromkeys(table.names, ""))) | _OWN
    names = [str(name) for name in part.frame.columns]
    more = [name for name in names if name.casefold() not in known and name not in known]
    if more:
        notes.say(f"{part.name}: columns that are not the table's are not used ({_some(more)})")
    less = [name for name in sorted(_wanted(layer)) if name not in names and name in table.names]
    if less:
        notes.say(f"{part.name}: no column {_some(less)}; its cells stay as they are")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


class _Labels:
    """Labels are made from other tables: an edit of one is told, for it comes to nothing."""

    def __init__(
        self, table: Table, before: Mapping[str, RawTable], part: _Read, notes: Notes
    ) -> None:
        self._there = LABEL in part.frame.columns and LABEL not in table.names
        self._called = set(labels_of(before).values()) if self._there else set()
        self._name, self._notes, self._edited = part.name, notes, 0

    def compare(self, cells: Any) -> None:
        """Count a label that is another."""
        if self._called:
            told = _plain(cells.get(LABEL))
            self._edited += bool(told) and told not in self._called

    def say(self) -> None:
        """Say how many were."""
        if self._edited:
            self._notes.say(
                f"{self._name}: {self._edited} edited labels are not used, for they are made from "
                "`names`; edit the names there"
            )


# --- cells --------------------------------------------------------------------------------------

_MOMENT = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ]00:00(?::00(?:\.0*)?)?(?:Z|[+-]\d.*)?)?$")


def _plain(value: Any, *, moment: bool = False) -> str:
    """A value as the text of a cell."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, list | tuple | np.ndarray):
        return "|".join(_plain(part) for part in value)
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return np.format_float_positional(float(value), trim="-")
    text = str(value).strip()
    match = _MOMENT.match(text) if moment else None
    return "-".join(match.groups()) if match else text


def _cell(column: Column, value: Any, *, moment: bool) -> str:
    text = _plain(value, moment=moment)
    if column.kind == "flag":
        return {"1": "true", "0": "false", "True": "true", "False": "false"}.get(text, text)
    if column.kind == "day" and (match := _MOMENT.match(text)):
        return "-".join(match.groups())
    return text


def _same(column: Column, old: str, new: str, *, moment: bool) -> bool:
    """Whether a cell of the file says what the pack's says."""
    if new in (old, storable(old)):
        return True
    if moment and column.kind == "edtf":
        # A column of text made one of dates holds the first day of a month, or nothing at all.
        return _first_day(old) == new
    try:
        return bool(old) and typed(column, old) == typed(column, new)
    except ValueError:
        return False


def _first_day(cell: str) -> str:
    return dates_of(TABLES["zones"], {"valid_from": cell, "valid_to": ""})["start"]


def _row(
    table: Table, cells: Any, moments: frozenset[str], old: Mapping[str, str] | None, notes: Notes
) -> dict[str, str]:
    row: dict[str, str] = {}
    for column in table.columns:
        was = "" if old is None else old.get(column.name, "")
        if column.name not in cells:
            row[column.name] = was
            continue
        value = cells[column.name]
        if value == was or (value is None and not was):  # most are
            row[column.name] = was
            continue
        moment = column.name in moments
        new = _cell(column, value, moment=moment)
        if moment and column.kind == "edtf" and not new and was:
            notes.say(
                f"{table.name}: {column.name} was made a column of dates, which can't hold "
                f"{was!r} and the like; where it is empty, the text stays"
            )
            new = was
        row[column.name] = was if _same(column, was, new, moment=moment) else new
    return _dated(table, row, cells, moments, old)


def _dated(
    table: Table,
    row: dict[str, str],
    cells: Any,
    moments: frozenset[str],
    old: Mapping[str, str] | None,
) -> dict[str, str]:
    """Take an edit of a real date into the text that it stands beside."""
    names = [name for name in dates_of(table, dict.fromkeys(table.names, ""))
             if name in cells]  # fmt: skip
    now = {name: _plain(cells[name], moment=True) for name in names}
    empty = dict.fromkeys(table.names, "")
    was = dates_of(table, old if old is not None else empty)
    moved = [name for name in names if now[name] != was[name]]
    if not moved:
        return row
    told = dates_of(table, row)
    if all(now[name] == told[name] for name in moved):
        return row
    text = dict(row)
    for column in _texts_of(table, moved):
        if row[column] != (old or empty)[column]:
            said = ", ".join(f"{name} {now[name] or 'nothing'}" for name in moved)
            raise InputError(f"{column} says {row[column]!r} and {said}; edit one of them")
    if table.name == "events":
        text["event_date"] = _event_date(now, was, moved)
    else:
        text |= {COMPANIONS[name][0]: now[name] for name in moved}
    return text


def _texts_of(table: Table, moved: Iterable[str]) -> set[str]:
    if table.name == "events":
        return {"event_date"}
    return {COMPANIONS[name][0] for name in moved}


def _event_date(now: Mapping[str, str], was: Mapping[str, str], moved: Sequence[str]) -> str:
    """The date of an event between the two days of it that an editor sees."""

    def next_day(day: str, step: int = 1) -> str:
        return str(np.datetime64(day) + step) if day else ""

    start, end = now.get("start", was["start"]), now.get("end", was["end"])
    one_day = not was["end"] or next_day(was["start"]) == was["end"]
    if moved == ["start"] and one_day:
        return start  # it happened on another day
    if not start or (moved != ["end"] and not one_day and "end" not in moved):
        raise InputError(
            f"start is {start or 'nothing'} and end {end or 'nothing'}; write event_date, or both"
        )
    if not end or end <= next_day(start):
        return start
    return f"{start}/{next_day(end, -1)}"


# --- shapes -------------------------------------------------------------------------------------


class _Pool:
    """The points of the shapes that there were: what lies on one of them is that one."""

    def __init__(self, shapes: Sequence[Any]) -> None:
        known = [shape for shape in shapes if shape is not None]
        xy = shapely.get_coordinates(known) if known else np.empty((0, 2))
        self._points = np.unique(xy, axis=0)
        points: Any = shapely.points(self._points)
        self._tree = shapely.STRtree(points) if len(xy) else None

    def snapped(self, shape: Any) -> Any:
        """A shape on the points that there were, its new ones on the grid of packs."""

        def move(xy: Any) -> Any:
            out = np.round(xy, DECIMALS)
            if self._tree is not None:
                found = self._tree.query_nearest(
                    shapely.points(xy), max_distance=SAME_DEGREES, all_matches=False
                )
                out[found[0]] = self._points[found[1]]
            return out

        return shapely.transform(shape, move)

    def told(self, layer: Layer, shape: Any, old: Any) -> Any:
        """The shape of a row: the old one where it is that, else the new one.

        Raises
        ------
        InputError
            If there is none, or one of another kind.
        """
        if shape is None or shape.is_empty:
            raise InputError("no shape; draw it, or delete the row")
        if old is not None and shape.equals(old):
            return old
        new = self.snapped(shape)
        if old is not None and shapely.normalize(new).equals(shapely.normalize(old)):
            return old
        if layer.shapes == "LineString" and new.geom_type == "MultiLineString":
            new = shapely.line_merge(new)
        parts = shapely.get_parts(new)
        if layer.shapes == "MultiPolygon":
            new = shapely.orient_polygons(parts[0] if len(parts) == 1 else new)
        elif len(parts) == 1:
            new = parts[0]
        if new.geom_type.removeprefix("Multi") != layer.shapes.removeprefix("Multi") or (
            layer.shapes == "LineString" and new.geom_type != layer.shapes
        ):
            raise InputError(f"a {new.geom_type} where a {layer.shapes} belongs; draw one")
        return new


_LENT = re.compile(r"-?[0-9.]+(e-?[0-9]+)? -?[0-9.]+(e-?[0-9]+)?")


def _put_point(
    table: str,
    row: dict[str, str],
    old: Mapping[str, str] | None,
    shape: Any,
    places: tuple[Mapping[str, Any], Mapping[str, Any]],
    lent: str,
) -> None:
    """Write the point of a place or event into its cells, if it is another than it was."""
    shown = None if old is None else point_of(table, old, places[0])
    # An event that stands at its place has no coordinates of its own.
    homes = [point_of(table, row | {"lon": "", "lat": ""}, places[1])] if table == "events" else []
    # Where its place was when the file was made: the place may have been moved since.
    homes += [shapely.Point(*map(float, lent.split()))] if _LENT.fullmatch(lent) else []
    if shape is None or shape.is_empty:
        if shown is not None:
            row["lon"] = row["lat"] = ""
        return
    point = shapely.get_parts(shape)[0]
    if shown is not None and shown.distance(point) <= SAME_DEGREES:
        return
    if any(home is not None and home.distance(point) <= SAME_DEGREES for home in homes):
        row["lon"] = row["lat"] = ""
        return
    row["lon"], row["lat"] = f"{point.x:.{DECIMALS}f}", f"{point.y:.{DECIMALS}f}"
