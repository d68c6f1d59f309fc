"""Files of shapes, whatever layers they are in: read by what their bytes are, never by name.

GeoJSON, KML and KMZ, GeoPackage, Shapefile (also zipped) and FlatGeobuf are told by their first
bytes. No other of GDAL's formats is reached, least of all those that fetch something.
"""

from __future__ import annotations

import json
import re
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.archives import opened_archive
from atlas.base.crs import require_crs
from atlas.base.errors import InputError

__all__ = ["in_degrees", "on_earth", "read_vectors", "require_geopackage"]

_MAX_BYTES = 1 << 30
_MAX_LAYERS = 500
_MAINS = (".shp", ".kml", ".gpkg", ".fgb", ".geojson", ".json")
_KML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?(?:\s|<!--.*?-->)*<kml\b", re.DOTALL)


def read_vectors(path: Path) -> Any:
    """Read all layers of a file of shapes as one frame.

    Parameters
    ----------
    path : Path
        A regular file.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        Columns of all layers, ``geometry``, and ``layer``, the layer's name. It may be empty.

    Raises
    ------
    InputError
        If there is no such file, it is none of the formats, too large, damaged, or has no CRS.
    """
    if not path.is_file():
        raise InputError(f"no file {path}")
    if path.stat().st_size > _MAX_BYTES:
        raise InputError(f"{path.name} is larger than {_MAX_BYTES >> 30} GB; split it")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if _is_json(head):
        return _geojson(path, path.name)
    with tempfile.TemporaryDirectory() as folder:
        main = _known(path, head, Path(folder))
        json_file = main.suffix in (".geojson", ".json")
        return _geojson(main, path.name) if json_file else _layers(main, path.name)


def _is_json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def require_geopackage(path: Path) -> None:
    """Refuse what is no GeoPackage.

    Raises
    ------
    InputError
        If there is no such file, it is another kind, or too large.
    """
    if not path.is_file():
        raise InputError(f"no file {path}")
    if path.stat().st_size > _MAX_BYTES:
        raise InputError(f"{path.name} is larger than {_MAX_BYTES >> 30} GB; split it")
    with path.open("rb") as stream:
        head = stream.read(100)
    # An application id tells a GeoPackage from other files of SQLite.
    if not head.startswith(b"SQLite format 3\x00") or head[68:72] not in (
        b"GPKG",
        b"GP10",
        b"GP11",
    ):
        raise InputError(
            f"{path.name} is no GeoPackage; save the layers as one, in QGIS by Package"
        )


def on_earth(name: str, shapes: Any, owner: Any = None) -> None:
    """Refuse shapes whose coordinates are no longitudes and latitudes, or that cross 180 degrees.

    Parameters
    ----------
    name : str
        What they came from, for the message.
    shapes : array of geometry
        In WGS 84, as said.
    owner : array of int, optional
        Which feature each is of, where several may be of one.

    Raises
    ------
    InputError
        With the coordinate that is farthest out.
    """
    import shapely

    xy = shapely.get_coordinates(shapes)
    if len(xy) and not (np.isfinite(xy).all() and (np.abs(xy) <= [180, 90]).all()):
        raise InputError(
            f"{name} has coordinates up to {np.nanmax(np.abs(xy)):.6g}, which are no degrees; its "
            "CRS is missing or wrong"
        )
    edges = shapely.bounds(shapes)
    wide = np.flatnonzero((edges[:, 2] - edges[:, 0] > 180) & (shapely.get_type_id(shapes) == 3))
    if len(wide):
        number = wide[0] if owner is None else owner[wide[0]]
        raise InputError(
            f"{name}, feature {number + 1}: its polygon goes around over half of the world, as one "
            "does that crosses 180 degrees; cut it there into two"
        )


def _known(path: Path, head: bytes, folder: Path) -> Path:
    """The file under its own name, or what a zip file holds, if it is of a known kind."""
    if head[:4] == b"PK\x03\x04":
        return _unzipped(path, folder)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise InputError(f"{path.name} declares entities; that is no map")
    if (
        head.startswith(b"SQLite format 3\x00")
        or head[:3] == b"fgb"
        or head[:4] == b"\x00\x00\x27\x0a"
        or _KML.match(head)
    ):
        return path
    raise InputError(
        f"{path.name} is no GeoJSON, KML, KMZ, GeoPackage, Shapefile or FlatGeobuf; "
        "export it from your GIS as one of these"
    )


def _unzipped(path: Path, folder: Path) -> Path:
    with opened_archive(path, path.name, most=_MAX_BYTES) as archive:
        items = [item for item in archive.infolist() if not item.is_dir()]
        mains = [i for i in items if i.filename.lower().endswith(_MAINS)]
        if len(mains) != 1:
            raise InputError(
                f"{path.name} holds {len(mains)} maps; expected one .shp (with its .dbf, .shx "
                "and .prj), .geojson, .kml, .gpkg or .fgb"
            )
        stem = mains[0].filename.rsplit(".", 1)[0]
        for item in items:
            suffix = item.filename.rsplit(".", 1)[-1].lower()
            if item.filename.rsplit(".", 1)[0] == stem and suffix.isalnum():
                (folder / f"layer.{suffix}").write_bytes(archive.read(item))
    main = folder / f"layer.{mains[0].filename.rsplit('.', 1)[-1].lower()}"
    with main.open("rb") as stream:
        head = stream.read(4096)
    if head[:4] == b"PK\x03\x04":
        raise InputError(f"{path.name} holds an archive in an archive; unpack it first")
    if _is_json(head) and main.suffix in (".geojson", ".json"):
        return main
    return _known(main, head, folder)


def _layers(main: Path, name: str) -> Any:
    import geopandas as gpd
    import pyogrio

    frames = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks on damage that does not stop it
            layers = [str(layer) for layer, kind in pyogrio.list_layers(main) if kind is not None]
            if len(layers) > _MAX_LAYERS:
                raise InputError(f"{name} has {len(layers)} layers; more than {_MAX_LAYERS}")
            for layer in layers:
                # As text, for a moment with a zone is the day its own clock shows.
                frame = pyogrio.read_dataframe(
                    main, layer=layer, force_2d=True, datetime_as_string=True
                )
                if len(frame):
                    frames.append(in_degrees(frame, name).assign(layer=layer))
    except InputError:
        raise
    except Exception as error:  # GDAL's errors have no common class that says what went wrong
        raise InputError(f"{name} can't be read as a layer of polygons: {error}") from None
    if not frames:
        return gpd.GeoDataFrame({"layer": []}, geometry=[], crs="EPSG:4326")
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs="EPSG:4326")


def in_degrees(frame: Any, name: str) -> Any:
    """Give a frame in WGS 84.

    Raises
    ------
    InputError
        With the name, if the frame has no CRS.
    """
    try:
        return require_crs(frame)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def _geojson(path: Path, name: str) -> Any:
    import geopandas as gpd
    import shapely

    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError, OSError) as error:
        raise InputError(f"{name} is no GeoJSON: {error}") from None
    if not isinstance(whole, dict):
        raise InputError(f"{name} is no GeoJSON: expected an object")
    features = whole.get("features") if whole.get("type") == "FeatureCollection" else [whole]
    if not isinstance(features, list):
        raise InputError(f"{name} is no GeoJSON: a FeatureCollection needs a list of features")
    rows, shapes = [], []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise InputError(f"{name}, feature {number}: expected an object")
        plain = "type" in feature and feature["type"] not in ("Feature", "FeatureCollection")
        geometry = feature if plain else feature.get("geometry")
        properties = {} if plain else feature.get("properties") or {}
        if not isinstance(properties, dict):
            raise InputError(f"{name}, feature {number}: its properties are no object")
        try:
            shapes.append(None if geometry is None else shapely.from_geojson(json.dumps(geometry)))
        except (shapely.errors.GEOSException, ValueError, TypeError, RecursionError) as error:
            raise InputError(
                f"{name}, feature {number}: its geometry can't be read: {error}"
            ) from None
        rows.append({str(key): value for key, value in properties.items()})
    named = whole.get("crs")
    crs = named.get("properties", {}).get("name") if isinstance(named, dict) else None
    table = pd.DataFrame(rows, index=range(len(rows)))
    table["layer"] = ""
    flat = shapely.force_2d(np.array(shapes, dtype=object))
    try:
        frame = gpd.GeoDataFrame(table, geometry=flat, crs=crs or "EPSG:4326")
    except (ValueError, RuntimeError) as error:
        raise InputError(f"{name} names a CRS that is none ({error})") from None
    return in_degrees(frame, name)
