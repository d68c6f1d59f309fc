"""GeoPackage, Shapefile and FlatGeobuf, by GDAL.

They are told by their bytes, so that no other of GDAL's formats, least of all those that fetch
something or refer to other files, is ever reached.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from atlas.base.errors import InputError
from atlas.base.notes import Notes
from atlas.events.files import MAX_WHOLE
from atlas.events.frames import tidy
from atlas.events.headers import score
from atlas.events.options import ReadOptions
from atlas.events.raw import Raw, short

__all__ = ["read_layer"]

MAX_FEATURES = 20_000_000


def read_layer(parts: dict[str, BinaryIO], name: str, options: ReadOptions, notes: Notes) -> Raw:
    """Read a layer of a spatial file.

    Parameters
    ----------
    parts : mapping of suffix to binary file
        One file, or the parts of a Shapefile; copied under a name of ours, so that the content and
        not a name decides what reads it.
    name : str
    options : ReadOptions
    notes : Notes

    Raises
    ------
    InputError
        If it is damaged, has no such layer or several that may be meant, or no known system.
    """
    import pyogrio

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on damage that does not stop it
        main = Path(folder) / ("layer.shp" if ".shp" in parts else f"layer{next(iter(parts))}")
        for suffix, handle in parts.items():
            _copy(handle, main.with_suffix(suffix), name)
        try:
            layers = [(str(layer), kind) for layer, kind in pyogrio.list_layers(main)]
            layer = _layer(main, layers, name, options, notes)
            # As text, for a moment with a zone is the day its own clock shows.
            read: dict[str, Any] = {
                "layer": layer, "max_features": options.limit, "datetime_as_string": True,
            }  # fmt: skip
            if ".shp" in parts:
                read["encoding"] = _dbf_encoding(parts, options, notes)
            count = int(pyogrio.read_info(main, layer=layer)["features"])
            if count > MAX_FEATURES and options.limit is None:
                raise InputError(f"{name} has {count:,} features; say limit=, or split it")
            meta, _, shapes, cells = pyogrio.raw.read(main, **read)
        except InputError:
            raise
        except (RuntimeError, ValueError, OSError, UnicodeError, KeyError) as error:
            raise InputError(f"{name} can't be read: {_without(folder, short(error))}") from None
    return _raw(meta, shapes, cells, name, notes)


def _copy(handle: BinaryIO, target: Path, name: str) -> None:
    handle.seek(0)
    done = 0
    with target.open("wb") as out:
        while block := handle.read(1 << 20):
            done += len(block)
            if done > 8 * MAX_WHOLE:
                raise InputError(f"{name} is larger than {8 * MAX_WHOLE >> 30} GB; split it")
            out.write(block)


def _without(folder: str, text: str) -> str:
    return text.replace(folder + "/", "").replace(folder, "")


def _layer(
    main: Path, layers: list[tuple[str, Any]], name: str, options: ReadOptions, notes: Notes
) -> str:
    import pyogrio

    if options.sheet is not None:
        for at, (layer, _) in enumerate(layers, 1):
            if str(options.sheet) in (layer, str(at)):
                return layer
        listed = ", ".join(layer for layer, _ in layers[:20])
        raise InputError(f"{name} has no layer {options.sheet!r}; it has {listed}")
    if not layers:
        raise InputError(f"{name} has no layer in it")
    spatial = [layer for layer, kind in layers if kind is not None] or [layers[0][0]]
    if len(spatial) == 1:
        if len(layers) > 1:
            notes.say(f"layer: {spatial[0]!r}, the only one with geometry of {len(layers)}")
        return spatial[0]
    scores = {
        layer: score([str(one) for one in pyogrio.read_info(main, layer=layer)["fields"]])
        for layer in spatial[:50]
    }
    best = max(scores.values())
    chosen = [layer for layer, points in scores.items() if points == best]
    if len(chosen) > 1:
        listed = ", ".join(repr(layer) for layer in chosen[:10])
        raise InputError(f"{name} has several layers that may hold events, {listed}; say sheet=")
    others = ", ".join(repr(layer) for layer, _ in layers if layer != chosen[0])
    notes.say(f"layer: {chosen[0]!r}; not read: {others}")
    return chosen[0]


def _dbf_encoding(parts: dict[str, BinaryIO], options: ReadOptions, notes: Notes) -> str | None:
    """Encoding of a Shapefile's table, where neither its own mark nor a .cpg file tells it."""
    if options.encoding:
        return options.encoding
    table = parts.get(".dbf")
    if table is None or ".cpg" in parts:
        return None
    table.seek(29)
    marked = table.read(1)
    if marked not in (b"\x00", b""):
        return None
    from atlas.events.encoding import detect

    found = detect(table)
    if found.note:
        notes.say(found.note)
    return found.name


def _days(values: Any) -> Any:
    """Moments as text; those of midnight are days."""
    out = np.full(len(values), "", dtype=object)
    out[:] = [
        ""
        if value is None or value != value
        else re.sub(_MIDNIGHT, "", str(value).replace("/", "-"))
        for value in values
    ]
    return out


_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?$")


def _raw(meta: Any, shapes: Any, cells: Any, name: str, notes: Notes) -> Raw:
    import shapely

    from atlas.events.shapes import in_degrees

    moments = [str(kind).startswith("datetime64") for kind in meta["dtypes"]]
    columns = [
        _days(values) if moment else values for moment, values in zip(moments, cells, strict=True)
    ]
    frame = pd.DataFrame(dict(zip(meta["fields"], columns, strict=True)))
    size = len(shapes) if shapes is not None else len(frame)
    geometry = None
    if shapes is not None:
        try:
            geometry = np.asarray(shapely.from_wkb(shapes, on_invalid="ignore"))
        except (shapely.errors.ShapelyError, TypeError):
            raise InputError(f"{name} has geometry that can't be read") from None
        geometry = in_degrees(geometry, meta["crs"], name, notes)
    if not len(frame.columns):
        frame = pd.DataFrame(index=range(size))
    return Raw(tidy(frame, name, notes), name, notes, size, geometry=geometry)
