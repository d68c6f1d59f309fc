"""Frames of pandas and geopandas, with any index, any geometry column, any coordinate system."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from atlas.base.notes import Notes
from atlas.events.options import ReadOptions
from atlas.events.raw import Raw, Rejects, distinct, text_cells, whole_text

__all__ = ["read_frame", "tidy"]


def read_frame(frame: pd.DataFrame, name: str, options: ReadOptions, notes: Notes) -> Raw:
    """Take a frame as rows; it is never changed.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Named levels of its index become columns, unless it has such columns.
    name : str
    options : ReadOptions
    notes : Notes

    Raises
    ------
    InputError
        If a geometry column is in a coordinate system that is not known.
    """
    import geopandas as gpd

    if options.limit is not None:
        frame = frame.iloc[: options.limit]
    if not frame.columns.is_unique or None in _titles(frame):
        frame = _named_apart(frame, name, notes)
    geometry = None
    plain = pd.DataFrame(frame, copy=False)
    if isinstance(frame, gpd.GeoDataFrame):
        geometry, plain = _geometry(frame, name, notes)
    elif any(isinstance(kind, gpd.array.GeometryDtype) for kind in plain.dtypes):
        column = next(str(key) for key, kind in plain.dtypes.items()
                      if isinstance(kind, gpd.array.GeometryDtype))  # fmt: skip
        layer = gpd.GeoDataFrame(plain, geometry=column)
        geometry, plain = _geometry(layer, name, notes)
    else:
        held = [key for key in plain.columns if _holds_shapes(plain[key])]
        if held:
            shapes = plain[held[0]].to_numpy(dtype=object)
            plain = plain.drop(columns=held[:1])
            from atlas.events.shapes import in_degrees

            geometry = in_degrees(_clean(shapes), None, name, notes)
    index = plain.index
    levels = [level for level in index.names if level is not None and level not in plain.columns]
    if levels:
        plain = plain.reset_index(level=levels)
        index = pd.RangeIndex(len(plain))
    plain = _without_day_numbers(plain.reset_index(drop=True))
    return Raw(
        tidy(plain, name, notes), name, notes, len(plain), Rejects("index"), geometry=geometry,
        index=index,
    )  # fmt: skip


def _named_apart(frame: pd.DataFrame, name: str, notes: Notes) -> pd.DataFrame:
    """A frame in which each name stands for one column; the active geometry stays active."""
    import geopandas as gpd

    titles = distinct(_titles(frame), name, notes)
    plain = pd.DataFrame(frame, copy=False).set_axis(titles, axis=1)
    if isinstance(frame, gpd.GeoDataFrame):
        active = frame._geometry_column_name
        places = [at for at, title in enumerate(frame.columns) if title == active]
        if places:
            return gpd.GeoDataFrame(plain, geometry=titles[places[0]])
    return plain


def _titles(frame: pd.DataFrame) -> list[Any]:
    """Names of the columns; those of several levels are joined, those that are missing empty."""
    return [
        "_".join(str(part) for part in title if str(part))
        if isinstance(title, tuple)
        else None
        if title is None or title is pd.NA or title != title
        else title
        for title in frame.columns
    ]


def _without_day_numbers(plain: pd.DataFrame) -> pd.DataFrame:
    """A frame of the record or of drafts: its day numbers, which never leave, become dates."""
    if not {"start_day", "end_day"} <= set(plain.columns):
        return plain
    numbers = [plain[name] for name in ("start_day", "end_day")]
    if not all(pd.api.types.is_integer_dtype(cells.dtype) for cells in numbers):
        return plain
    if "event_date" not in plain.columns:
        from atlas.base.timespan import OPEN_END, OPEN_START
        from atlas.events.fields import edtf_of_days

        first, after = (cells.to_numpy(dtype=np.int64) for cells in numbers)
        first = np.where(after == OPEN_END, OPEN_START, first)
        plain = plain.assign(event_date=edtf_of_days(first, after - 1).to_numpy(dtype=object))
    return plain.drop(columns=["start_day", "end_day"])


def _geometry(layer: Any, name: str, notes: Notes) -> tuple[Any, pd.DataFrame]:
    import geopandas as gpd

    from atlas.events.shapes import in_degrees

    columns = [
        key for key, kind in layer.dtypes.items() if isinstance(kind, gpd.array.GeometryDtype)
    ]
    active = layer._geometry_column_name
    if active not in layer.columns:
        if not columns:
            return None, pd.DataFrame(layer)
        active = columns[0]
        notes.say(f"geometry: column {active!r}")
    shapes = np.asarray(layer[active].to_numpy(), dtype=object)
    return (
        in_degrees(shapes, layer[active].crs, name, notes),
        pd.DataFrame(layer).drop(columns=columns or [active]),
    )


def _holds_shapes(cells: pd.Series) -> bool:
    from shapely.geometry.base import BaseGeometry

    if cells.dtype != object:
        return False
    sample = cells.dropna().head(20)
    return bool(len(sample)) and all(isinstance(cell, BaseGeometry) for cell in sample)


def _clean(shapes: Any) -> Any:
    from shapely.geometry.base import BaseGeometry

    out = np.full(len(shapes), None, dtype=object)
    out[:] = [shape if isinstance(shape, BaseGeometry) else None for shape in shapes]
    return out


def tidy(frame: pd.DataFrame, name: str, notes: Notes) -> pd.DataFrame:
    """Give columns plain names and plain types; the frame that came is not changed.

    Raises
    ------
    InputError
        If there are more columns than a table of events has.
    """
    renamed = frame.set_axis(distinct(_titles(frame), name, notes), axis=1)
    changed: dict[str, Any] = {}
    for column in renamed.columns:
        cells = renamed[column]
        if isinstance(cells.dtype, pd.StringDtype) or (cells.dtype == object and _all_text(cells)):
            changed[column] = pd.Series(
                text_cells(cells.astype(object).where(cells.notna(), "")), index=renamed.index
            )
        elif cells.dtype == object:
            kept = np.empty(len(cells), dtype=object)
            kept[:] = [whole_text(cell) for cell in cells]
            changed[column] = pd.Series(kept, index=renamed.index, dtype=object)
    return renamed.assign(**changed) if changed else renamed


def _all_text(cells: pd.Series) -> bool:
    return all(isinstance(cell, str) or cell is None or cell is pd.NA or cell != cell for cell in
               cells if not isinstance(cell, (list, dict, np.ndarray)))  and not any(
               isinstance(cell, (list, dict, np.ndarray)) for cell in cells)  # fmt: skip
