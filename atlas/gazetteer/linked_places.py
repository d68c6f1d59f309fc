"""Linked Places Format: gazetteers in and out as JSON other gazetteers read.

Source of the format: Linked Places Format 1.3, Pelagios Network and World Historical Gazetteer.
Of it, what ``places.csv`` and ``names.csv`` hold is written; nothing of theirs is lost.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.base.errors import InputError
from atlas.base.inputs import bytes_of
from atlas.base.output import write_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_linked_places", "write_linked_places"]

_CONTEXT = "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
_BASE = "atlas:"
_FEATURE_CLASS = {
    "settlement": "P", "district": "A", "province": "A", "region": "A", "republic": "A",
    "country": "A", "river": "H", "lake": "H", "sea": "H", "mountain": "T", "pass": "T",
    "bridge": "S", "airport": "S", "monastery": "S", "dam": "S", "station": "S", "base": "S",
    "site": "S", "crossing": "S", "corridor": "L",
}  # fmt: skip
_PLACE_TEXT = (
    "admin1", "population_year", "extent_area_ids", "certainty", "asserted_by", "recorded_on",
    "note",
)  # fmt: skip
_NAME_TEXT = (
    "id", "romanised", "script", "status", "used_by", "certainty", "asserted_by", "recorded_on",
    "note",
)  # fmt: skip


def write_linked_places(
    places: pd.DataFrame, names: pd.DataFrame, path: str | Path | None = None
) -> str:
    """Write places and their names in Linked Places Format.

    Parameters
    ----------
    places : pandas.DataFrame
        Columns of ``places.csv`` (degrees, WGS 84).
    names : pandas.DataFrame
        Columns of ``names.csv``.
    path : str or Path, optional
        File to write, whole or not at all.

    Returns
    -------
    str
        The JSON; the same for the same tables.

    Examples
    --------
    >>> text = write_linked_places(a.pack.places, a.pack.names)
    >>> "FeatureCollection" in text
    True
    """
    by_place: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(names):
        by_place[row["place_id"]].append(row)
    features = [
        _feature(row, by_place.get(row["id"], []))
        for row in sorted(_rows(places), key=lambda row: str(row["id"]))
    ]
    text = json.dumps(
        {"type": "FeatureCollection", "@context": _CONTEXT, "features": features},
        ensure_ascii=False,
        indent=1,
        allow_nan=False,
    )
    if path is not None:
        write_text(Path(path), text + "\n")
    return text


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    skipped = {"geometry", "start_day", "end_day"}
    columns = [column for column in frame.columns if column not in skipped]
    return [
        {key: "" if value is None or value != value else value for key, value in row.items()}
        for row in frame[columns].to_dict("records")
    ]


def _when(row: dict[str, Any]) -> dict[str, Any]:
    start, end = str(row.get("valid_from", "")), str(row.get("valid_to", ""))
    if not start and not end:
        return {}
    span: dict[str, Any] = {}
    if start:
        span["start"] = {"in": start}
    if end:
        span["end"] = {"in": end}
    return {"when": {"timespans": [span]}}


def _citations(row: dict[str, Any]) -> dict[str, Any]:
    ids = [item for item in str(row.get("source_ids", "")).split("|") if item]
    return {"citations": [{"label": item} for item in ids]} if ids else {}


def _kept(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    found = {column: str(row[column]) for column in columns if row.get(column, "") != ""}
    return {"atlas": found} if found else {}


def _feature(place: dict[str, Any], names: list[dict[str, Any]]) -> dict[str, Any]:
    links = []
    if place.get("wikidata_id"):
        links.append({"type": "exactMatch", "identifier": f"wd:{place['wikidata_id']}"})
    if str(place.get("geonames_id", "")):
        links.append({"type": "exactMatch", "identifier": f"gn:{_whole(place['geonames_id'])}"})
    countries = [code for code in str(place.get("country", "")).split("|") if code]
    first = next((row["name"] for row in names if row.get("lang") == "en"), None)
    title = first or (names[0]["name"] if names else place["id"])
    geometry: dict[str, Any] = {
        "type": "Point",
        "coordinates": [float(place["lon"]), float(place["lat"])],
    }
    if str(place.get("precision_m", "")):
        geometry["certainty_m"] = _plain(place["precision_m"])
    feature: dict[str, Any] = {
        "@id": f"{_BASE}{place['id']}",
        "type": "Feature",
        "properties": {
            "title": title,
            "ccodes": countries,
            "fclasses": [_FEATURE_CLASS.get(str(place["kind"]), "P")],
        },
        "types": [{"identifier": f"{_BASE}{place['kind']}", "label": place["kind"]}],
        **_when(place),
        "names": [
            {
                "toponym": row["name"],
                "lang": row.get("lang", ""),
                **_citations(row),
                **_when(row),
                **_kept(row, _NAME_TEXT),
            }
            for row in names
        ],
        "geometry": geometry,
        "links": links,
        **_citations(place),
        **_kept(place, _PLACE_TEXT),
    }
    if str(place.get("population", "")):
        feature["properties"]["population"] = _plain(place["population"])
    return feature


def _plain(value: Any) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() else number


def _whole(value: Any) -> str:
    text = str(value)
    return text[:-2] if text.endswith(".0") else text


def read_linked_places(path: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read places and names from Linked Places Format.

    Parameters
    ----------
    path : str or Path
        JSON of one FeatureCollection. Files of other gazetteers are read as far as they go: a
        feature needs an id, a point and a name.

    Returns
    -------
    places, names : pandas.DataFrame
        In the columns of ``places.csv`` and ``names.csv`` that a `Gazetteer` reads.

    Raises
    ------
    InputError
        If the file is no such collection, or a feature lacks what is needed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = write_linked_places(a.pack.places, a.pack.names, folder + "/places.json")
    ...     places, names = read_linked_places(folder + "/places.json")
    >>> len(places) == len(a.pack.places)
    True
    """
    import pandas as pd

    path = Path(path)
    try:
        data = json.loads(bytes_of(path).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path.name} can't be read as JSON: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise InputError(f"{path.name} is no Linked Places FeatureCollection")
    places, names = [], []
    for number, feature in enumerate(data["features"], 1):
        try:
            place, own = _read_feature(feature)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise InputError(
                f"{path.name}, feature {number}: {error!r}; a feature needs an @id, a Point "
                "geometry and names with a toponym"
            ) from None
        places.append(place)
        names.extend(own)
    return pd.DataFrame(places), pd.DataFrame(names)


def _read_feature(feature: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    identity = str(feature["@id"]).removeprefix(_BASE)
    geometry = feature["geometry"]
    if geometry.get("type") == "GeometryCollection":
        geometry = next(item for item in geometry["geometries"] if item["type"] == "Point")
    if geometry["type"] != "Point":
        raise ValueError(f"geometry is a {geometry['type']}")
    lon, lat = (float(value) for value in geometry["coordinates"][:2])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"coordinates {lon}, {lat} lie off the earth")
    properties = feature.get("properties", {})
    links = {
        item["identifier"].partition(":")[0]: item["identifier"].partition(":")[2]
        for item in feature.get("links", [])
        if item.get("type") == "exactMatch"
    }
    kind = feature["types"][0]["label"] if feature.get("types") else "settlement"
    place = {
        "id": identity,
        "kind": kind,
        "lon": lon,
        "lat": lat,
        "precision_m": geometry.get("certainty_m", math.nan),
        "country": "|".join(properties.get("ccodes", [])),
        "population": properties.get("population", math.nan),
        "geonames_id": links.get("gn", ""),
        "wikidata_id": links.get("wd", ""),
        **_read_when(feature),
        **dict.fromkeys(_PLACE_TEXT, ""),
        **feature.get("atlas", {}),
        "source_ids": "|".join(item["label"] for item in feature.get("citations", [])),
    }
    names = [
        {
            "place_id": identity,
            "name": str(item["toponym"]),
            "lang": str(item.get("lang", "")),
            **_read_when(item),
            **dict.fromkeys(_NAME_TEXT, ""),
            **item.get("atlas", {}),
            "source_ids": "|".join(cited["label"] for cited in item.get("citations", [])),
        }
        for item in feature["names"]
    ]
    return place, names


def _read_when(item: dict[str, Any]) -> dict[str, str]:
    spans = item.get("when", {}).get("timespans", [])
    if not spans:
        return {"valid_from": "", "valid_to": ""}
    first = spans[0]
    return {
        "valid_from": _bound(first.get("start", {}), "earliest"),
        "valid_to": _bound(first.get("end", {}), "latest"),
    }


def _bound(value: dict[str, Any], other: str) -> str:
    return str(value.get("in", value.get(other, "")))
