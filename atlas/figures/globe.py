"""The record on the ground as one file, GeoJSON or KML, for any map or globe.

Every row that lies somewhere is a feature with its time: who held an area, where a mandate ran,
the state of a stretch of road, events, places. It says in words what the rows say in codes, whose
claim it is, and by which sources; `atlas.record.exchange` writes a pack to be edited instead.

Source of the formats: RFC 7946 (GeoJSON) and OGC 12-007r2 (KML 2.3).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import shapely

from atlas.base.crs import substring_km
from atlas.base.output import write_text
from atlas.figures.style import GROUPS, INK, STATUS, group_of
from atlas.record.claims import claim_of
from atlas.record.exchange import iso_day
from atlas.record.pack import split_list
from atlas.words.load import spoken

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["Feature", "export_geojson", "export_kml", "features"]

_DECIMALS = 5  # of a degree: a metre


@dataclass(frozen=True, slots=True)
class Feature:
    """A row of the record on the ground.

    Attributes
    ----------
    layer, id, title : str
        'control', 'claims', 'mandates', 'routes', 'events' or 'places'; the row's id; what it says,
        in words. Control is the record's own assessment; a claim is a party's.
    start, end : str
        First day and the day after the last, ISO 8601; empty where open.
    last : str
        The last day.
    colour : str
        ``#rrggbb``, as on the page.
    shape : shapely.Geometry
        Degrees, WGS 84.
    told : mapping of str to object
        Cells of the row that are not empty; sources are written out.
    """

    layer: str
    id: str
    title: str
    start: str
    end: str
    last: str
    colour: str
    shape: Any
    told: Mapping[str, Any]


def features(pack: Pack) -> Iterator[Feature]:
    """Give every row of a pack that lies somewhere, layer by layer.

    Parameters
    ----------
    pack : Pack
        Without faults.

    Yields
    ------
    Feature

    Examples
    --------
    >>> {feature.layer for feature in features(a.pack)} >= {"control", "events"}
    True
    """
    rows = _Rows(pack)
    yield from rows.control()
    yield from rows.mandates()
    yield from rows.routes()
    yield from rows.events()
    yield from rows.places()


class _Rows:
    """What the layers of one pack share: its names, parties, words and sources."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.words = spoken("en", folder=Path(pack.directory))
        self.parties = pack.meta.parties
        self.sources = {
            str(row["id"]): _source(row) for row in pack.sources.fillna("").to_dict("records")
        }

    def control(self) -> Iterator[Feature]:
        areas = {
            str(row.id): (row.geometry, str(row.name_place_id), str(row.part))
            for row in self.pack.areas.itertuples()
        }
        for row in _records(self.pack.control):
            shape, place, part = areas[row["area_id"]]
            name = self._place(place, row["start_day"])
            row |= {"area": ", ".join(one for one in (name, part) if one)}
            row["claim_kind"], row["note"] = claim_of(str(row.get("note", "")))
            said = [f"{self._party(row['controller'])} ({self.words('ct_' + row['control_type'])})"]
            said += self._doubt(row)
            party = self.parties.get(row["controller"])
            colour = party.colour if party else INK["muted"]
            layer = "claims" if row.get("asserted_by") else "control"
            yield self._feature(layer, row, f"{row['area']}: {', '.join(said)}", shape, colour)

    def mandates(self) -> Iterator[Feature]:
        zones = {str(row.id): (row.geometry, row.name) for row in self.pack.zones.itertuples()}
        for row in _records(self.pack.mandates):
            shape, zone = zones.get(row["zone_id"], (None, ""))
            row |= {"zone": zone, "start_day": row["deployed_start"]}
            row["end_day"] = row["deployed_end"]
            title = ": ".join(one for one in (row["mission"], zone) if one)
            yield self._feature("mandates", row, title, shape, INK["mandate"])

    def routes(self) -> Iterator[Feature]:
        routes = {str(row.id): (row.geometry, row.name) for row in self.pack.routes.itertuples()}
        for row in _records(self.pack.episodes):
            line, name = routes[row["route_id"]]
            if {"from_km", "to_km"} & row.keys():
                line = substring_km(line, row.get("from_km", 0.0), row.get("to_km", math.inf))
            said = ", ".join([self.words("st_" + row["status"]), *self._doubt(row)])
            row["route"] = name
            colour = STATUS[row["status"]].colour
            yield self._feature("routes", row, f"{name}: {said}", line, colour)

    def events(self) -> Iterator[Feature]:
        places = dict(zip(self.pack.places["id"], self.pack.places.geometry, strict=True))
        for row in _records(self.pack.events, keep=("geometry",)):
            own = row.pop("geometry", None)
            shape = own if own is not None and not own.is_empty else places.get(row["place_id"])
            row |= {"place": self._place(row["place_id"], row["start_day"])}
            colour = GROUPS[group_of(row["event_type"])][0]
            yield self._feature("events", row, row["title"], shape, colour)

    def places(self) -> Iterator[Feature]:
        for row in _records(self.pack.places, keep=("geometry",)):
            title = self._place(row["id"], None)
            yield self._feature("places", row, title, row.pop("geometry"), INK["ink"])

    def _feature(
        self, layer: str, row: dict[str, Any], title: str, shape: Any, colour: str
    ) -> Feature:
        first, after = row.pop("start_day"), row.pop("end_day")
        for column in ("source_ids", "counter_source_ids"):
            if row.get(column):
                cited = [self.sources.get(key, key) for key in split_list(row.pop(column))]
                row[column.replace("source_ids", "sources")] = cited
        if row.get("asserted_by"):
            row["according_to"] = [self._party(key) for key in split_list(row["asserted_by"])]
        hidden = {"id", "authorised_start", "authorised_end", "deployed_start", "deployed_end"}
        told = {key: value for key, value in row.items() if key not in hidden and value != ""}
        return Feature(
            layer, row["id"], title, iso_day(first), iso_day(after), iso_day(after - 1), colour,
            shape, told,
        )  # fmt: skip

    def _place(self, key: str, day: int | None) -> str:
        return self.pack.naming.english(day).get(key, key)

    def _party(self, key: str) -> str:
        party = self.parties.get(key)
        return party.name.get("en", key) if party else key

    def _doubt(self, row: Mapping[str, Any]) -> Iterator[str]:
        """What a claim may never be read without: whose it is, and how sure."""
        if row["certainty"] != "certain":
            yield self.words("ce_" + row["certainty"])
        if row.get("asserted_by"):
            names = ", ".join(self._party(key) for key in split_list(row["asserted_by"]))
            according = self.words("according")
            yield f"{according[:1].lower()}{according[1:]} {names}"


def _records(frame: Any, keep: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Rows as cells of plain Python; a number that is missing is left out."""
    columns = [name for name in frame.columns if name != "geometry" or name in keep]
    for row in frame[columns].to_dict("records"):
        yield {key: _plain(value) for key, value in row.items() if value is not None
               and not (isinstance(value, float) and math.isnan(value))}  # fmt: skip


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _source(row: Mapping[str, str]) -> str:
    parts = (row["title"], row["publisher"], row["issued"], row["url"])
    return ". ".join(str(part).rstrip(".") for part in parts if part)


# --- GeoJSON ------------------------------------------------------------------------------------


def export_geojson(pack: Pack, out: str | Path) -> Path:
    """Write the record on the ground as one GeoJSON file.

    Parameters
    ----------
    pack : Pack
        Without faults.
    out : str or Path
        File to write; whole, or not at all.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If it can't be written.

    Notes
    -----
    Of each feature ``layer`` says what it is, ``title`` what it says; ``start`` is its first day,
    ``end`` the day after its last; ``stroke``, ``fill`` and ``marker-color`` are its colours. What
    lies nowhere has no geometry.

    Examples
    --------
    >>> import tempfile
    >>> export_geojson(a.pack, Path(tempfile.mkdtemp()) / "record.geojson").name
    'record.geojson'
    """
    lines = []
    for one in features(pack):
        shape = shapely.set_precision(one.shape, 10**-_DECIMALS, mode="pointwise")
        known = shape is not None and not shape.is_empty
        dates = {"start": one.start, "end": one.end}
        told = {"layer": one.layer, "id": one.id, "title": one.title, **one.told, **dates}
        feature = {
            "type": "Feature",
            "id": f"{one.layer}/{one.id}",
            "properties": {key: value for key, value in told.items() if value != ""}
            | _simplestyle(shape, one.colour),
            "geometry": json.loads(shapely.to_geojson(shape)) if known else None,
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    write_text(Path(out), f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n')
    return Path(out)


def _simplestyle(shape: Any, colour: str) -> dict[str, str]:
    """Colour a feature by the words that web maps know."""
    if shape is None or shapely.get_dimensions(shape) == 0:
        return {"marker-color": colour}
    return {"stroke": colour} | ({"fill": colour} if shapely.get_dimensions(shape) == 2 else {})


# --- KML ----------------------------------------------------------------------------------------

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_FILL = "80"  # opacity of an area, of ff
_FOLDERS = {
    "control": "Control",
    "claims": "Claims of the parties",
    "mandates": "Mandates",
    "routes": "Routes",
    "events": "Events",
    "places": "Places",
}


def export_kml(pack: Pack, out: str | Path) -> Path:
    """Write the record on the ground as KML, a folder a layer, with the times of a globe's clock.

    Parameters
    ----------
    pack : Pack
        Without faults.
    out : str or Path
        File to write; whole, or not at all.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If it can't be written.

    Notes
    -----
    A span of time ends on its last day. What lies nowhere is left out, as a placemark without a
    place shows nothing.

    Examples
    --------
    >>> import tempfile
    >>> export_kml(a.pack, Path(tempfile.mkdtemp()) / "record.kml").name
    'record.kml'
    """
    root = Xml.Element("kml", xmlns=_NAMESPACE)
    document = Xml.SubElement(root, "Document")
    _say(document, "name", pack.meta.title.get("en", pack.id))
    placed = [one for one in features(pack) if one.shape is not None and not one.shape.is_empty]
    for colour in sorted({one.colour for one in placed}):
        _style(document, colour)
    for layer, name in _FOLDERS.items():
        folder = Xml.SubElement(document, "Folder")
        _say(folder, "name", name)
        if layer == "claims":  # never over the assessment, unless asked for
            _say(folder, "visibility", "0")
        for one in placed:
            if one.layer == layer:
                folder.append(_placemark(one))
    Xml.indent(root, " ")
    text = Xml.tostring(root, encoding="unicode")
    write_text(Path(out), f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')
    return Path(out)


def _say(parent: Xml.Element, tag: str, text: str) -> None:
    Xml.SubElement(parent, tag).text = _sayable(text)


def _sayable(text: str) -> str:
    """A text without the characters that no XML may hold."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and not "\ufffe" <= c <= "\uffff"))


def _style(document: Xml.Element, colour: str) -> None:
    blue, green, red = colour[5:7], colour[3:5], colour[1:3]
    style = Xml.SubElement(document, "Style", id=colour.lstrip("#"))
    for tag, opacity in (("IconStyle", "ff"), ("LineStyle", "ff"), ("PolyStyle", _FILL)):
        part = Xml.SubElement(style, tag)
        _say(part, "color", opacity + blue + green + red)
        if tag == "LineStyle":
            _say(part, "width", "2")


def _placemark(one: Feature) -> Xml.Element:
    mark = Xml.Element("Placemark", id=f"{one.layer}.{one.id}")
    _say(mark, "name", one.title)
    if one.start and one.start == one.last:
        _say(Xml.SubElement(mark, "TimeStamp"), "when", one.start)
    elif one.start or one.last:
        span = Xml.SubElement(mark, "TimeSpan")
        for tag, day in (("begin", one.start), ("end", one.last)):
            if day:
                _say(span, tag, day)
    _say(mark, "styleUrl", one.colour)
    data = Xml.SubElement(mark, "ExtendedData")
    for key, value in one.told.items():
        part = Xml.SubElement(data, "Data", name=key)
        _say(part, "value", _text(value))
    mark.append(_shape(shapely.set_precision(one.shape, 10**-_DECIMALS, mode="pointwise")))
    return mark


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shape(shape: Any) -> Xml.Element:
    if hasattr(shape, "geoms"):
        many = Xml.Element("MultiGeometry")
        many.extend(map(_shape, shape.geoms))
        return many
    if shape.geom_type != "Polygon":
        element = Xml.Element(shape.geom_type)
        _say(element, "coordinates", _coordinates(shape))
        return element
    element = Xml.Element("Polygon")
    rings: list[tuple[str, Any]] = [("outerBoundaryIs", shape.exterior)]
    rings += [("innerBoundaryIs", ring) for ring in shape.interiors]
    for tag, ring in rings:
        line = Xml.SubElement(Xml.SubElement(element, tag), "LinearRing")
        _say(line, "coordinates", _coordinates(ring))
    return element


def _coordinates(shape: Any) -> str:
    rounded = shapely.get_coordinates(shape).round(_DECIMALS).tolist()
    return " ".join(f"{x!r},{y!r}" for x, y in rounded)
