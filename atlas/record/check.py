"""What a pack may not say: every fault of it, found in one pass over the raw tables.

Three kinds: cells (schema), the logic of the record (references, spans, control, topology), and
neutrality (both sides' names, both sides' sources, loaded words).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.base.crs import length_km
from atlas.base.errors import Fault, InputError
from atlas.base.timespan import (
    OPEN_END,
    OPEN_START,
    Edtf,
    boundary_day,
    format_day,
    parse_day,
    parse_edtf,
)
from atlas.record.citations import actor_faults, citation_faults
from atlas.record.schema import BASEMAP, GROUND_SHAPES, PARTY, TABLES, Column, language_column
from atlas.record.series import series_faults
from atlas.record.settings import (
    NEUTRAL,
    country_meant,
    is_box,
    is_country,
    items,
    settings_faults,
    unprintable,
)
from atlas.record.tables import RawTable

__all__ = ["RawPack", "find_faults"]

_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LARGEST = 1e15  # whole numbers up to here are exact
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b")
_GAP_M = 222.0  # a narrower gap is a sliver between two edges meant to be one
_METRES_A_DEGREE = 111_195.0
_QUOTED = re.compile("'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”|«[^»]*»|„[^“]*“")
_NO_NAME = re.compile(r"no separate \w+ name on record", re.IGNORECASE)
_TEXTS = frozenset(
    "title summary part note counterclaims reason text de_jure_basis sub_event_type who phase "
    "tasks imposed_by instrument counted_by casualties_by".split()
)


@dataclass(slots=True)
class RawPack:
    """All tables of a pack as they stand in their files, and its settings.

    Attributes
    ----------
    settings : dict
        Of pack.toml.
    tables : dict of str to RawTable
        By name.
    basemap : RawTable or None
        The ground below, where the pack brings its own.
    others : tuple of Fault
        Found while its files were read: of pack.toml, and of the words it brings.
    """

    settings: dict[str, Any]
    tables: dict[str, RawTable]
    basemap: RawTable | None = None
    others: tuple[Fault, ...] = ()

    def parties(self) -> set[str]:
        """Ids of the parties declared in pack.toml."""
        return {str(item.get("id", "")) for item in self._tables_of("parties")}

    def named_parties(self) -> dict[str, str]:
        """Ids of parties that pack.toml names elsewhere, with the setting that first does."""
        said = [(key, "sides") for side in self.sides() for key in side.get("parties", [])]
        said += [(key, "worldviews") for key in items(self.settings.get("worldviews"))]
        named: dict[str, str] = {}
        for key, where in said:
            named.setdefault(str(key), where)
        return named

    def holders(self) -> frozenset[str]:
        """Ids of the parties that hold or claim ground."""
        return frozenset(row["controller"] for row in self.tables["control"].rows)

    def sides(self) -> list[dict[str, Any]]:
        """The disputing sides: each with its parties and its language."""
        sides = self._tables_of("sides")
        return [side for side in sides if isinstance(side.get("parties", []), list)]

    def bbox(self) -> list[float] | None:
        """West, south, east, north, degrees; None where pack.toml gives no such box."""
        bbox = self.settings.get("bbox")
        return bbox if is_box(bbox) else None

    def _tables_of(self, key: str) -> list[dict[str, Any]]:
        """The tables of an array of tables; nothing where pack.toml has something else there."""
        return [item for item in items(self.settings.get(key)) if isinstance(item, dict)]

    def column(self, table: str, name: str) -> dict[str, str]:
        """A column by id."""
        return {row["id"]: row[name] for row in self.tables[table].rows}


def find_faults(pack: RawPack) -> list[Fault]:
    """Find every fault of a pack.

    Parameters
    ----------
    pack : RawPack
        As read; faults of the files themselves are included in the result.

    Returns
    -------
    list of Fault
        In the order of the schema's tables, then of rows.
    """
    faults = [*pack.others, *settings_faults(pack.settings, holders=pack.holders())]
    for raw in (*pack.tables.values(), *([pack.basemap] if pack.basemap else [])):
        faults += raw.faults
        faults += _cells(raw, pack)
    for find in _RULES:
        faults += find(pack)
    order = {table.file: n for n, table in enumerate((*TABLES.values(), BASEMAP))}
    faults.sort(key=lambda f: (order.get(f.file, -1), f.row or 0, f.column, f.code))
    return [_told(fault) for fault in faults]


_REMEDIES = {
    "blank-line": "Delete the line",
    "cell-count": "Put cells that hold a comma in quotation marks",
    "claim-overlap": "End one claim on the day on which the other begins",
    "control-gap": "Add a row for these days; where nobody knows, with control_type 'unknown'",
    "control-overlap": "End the earlier row on the day on which the later begins",
    "coverage": "Mend the edge, in QGIS with snapping and topological editing",
    "csv": "Save the table anew as CSV, with a comma between cells and UTF-8",
    "date": "Write it as 2000-12-31, 2000-12, 2000, or with ~ where it is about then",
    "date-prec": "Change the precision or the date",
    "deaths": "Put the three figures in order",
    "district": "Move the point, or name the district it lies in",
    "duplicate-event": "Delete one of the two",
    "duplicate-id": "Give one of the two rows another id",
    "feature": "Save the layer anew as GeoJSON, in QGIS by Export > Save Features As",
    "geometry": "Draw the shape anew, or in QGIS use Fix geometries",
    "header": "Begin the file with one line of column names",
    "id": "Use small letters, digits, - and _",
    "item": "Write it as Zotero exports CSL-JSON",
    "json": "Save the file anew; the message tells where it breaks off",
    "line-break": "Join the lines by a space",
    "missing-column": "Add the column; it may be empty where it is not required",
    "missing-file": "Add the file; `atlas new` writes all of them, empty",
    "number": "Write figures with a point and no separators, or leave the cell empty",
    "one-sided-name": "Add the name to names.csv, or 'no separate ... name on record' to the note",
    "one-sided-source": "Add one to source_ids or counter_source_ids",
    "linear-reference": "Measure the stretch along the route from its first point",
    "outside": "Correct the point, or widen bbox in pack.toml",
    "reference": "Correct the id, or add the row it names",
    "range": "Correct the figure or its unit",
    "required": "Fill the cell",
    "span": "Swap the days, or correct one",
    "text": "Type the text anew",
    "toml": "Mend the line that the message names",
    "unknown-column": "Delete the column, or correct its name",
    "url": "Give an address that begins with https://",
    "vocabulary": "Write one of these words",
    "weekday": "Correct the weekday or the date",
}
"""What to do about a fault that does not say so itself, by its code."""


def _told(fault: Fault) -> Fault:
    """A fault that can be printed anywhere and says what to do."""
    plain = {
        name: getattr(fault, name).encode("utf-8", "backslashreplace").decode("utf-8")
        for name in ("column", "found", "expected", "remedy")
    }
    remedy = plain.pop("remedy") or _REMEDIES.get(fault.code, "")
    return replace(fault, **plain, remedy=remedy)


# --- cells ------------------------------------------------------------------------------------


def _cells(raw: RawTable, pack: RawPack) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    targets = _targets(raw, pack)
    lost = {(fault.row, fault.column) for fault in raw.faults if fault.code == "missing-column"}
    for line, row in raw.records():
        for column in raw.table.columns:
            cell = row[column.name]
            if not cell:
                # A column that is missing has been told once.
                if column.required and not lost & {(1, column.name), (line, column.name)}:
                    yield _fault(raw, line, column, "an empty cell", "a value", "required")
                continue
            if column.kind == "id" and column.name == "id":
                if not _SLUG.fullmatch(cell):
                    yield _fault(raw, line, column, repr(cell), "a lower-case ASCII slug", "id")
                if cell in seen:
                    found = f"{cell!r}, also on line {seen[cell]}"
                    yield _fault(raw, line, column, found, "an id used once", "duplicate-id")
                seen.setdefault(cell, line)
                continue
            yield from _cell(raw, line, column, cell, targets)
        yield from _row(raw, line, row)


def _targets(raw: RawTable, pack: RawPack) -> dict[str, set[str] | None]:
    """Ids that the references of a table may name; None where they are not all known.

    What could not be read has been told already: a reference to it is no second fault.
    """
    targets: dict[str, set[str] | None] = {
        PARTY: pack.parties() | set(pack.named_parties()) if pack.parties() else None
    }
    for column in raw.table.columns:
        if column.refers and column.refers not in targets:
            target = pack.tables[column.refers]
            targets[column.refers] = None if target.incomplete else target.ids()
    return targets


def _fault(raw: RawTable, line: int, column: Column, found: str, expected: str, code: str) -> Fault:
    return Fault(raw.table.file, line, column.name, found, expected, code)


def _cell(
    raw: RawTable, line: int, column: Column, cell: str, targets: dict[str, set[str] | None]
) -> Iterator[Fault]:
    if "\n" in cell or "\r" in cell:
        yield _fault(raw, line, column, "a line break", "one line a cell", "line-break")
    if unprintable(cell):
        expected = "text without control characters and halves of characters"
        yield _fault(raw, line, column, repr(cell), expected, "text")
    if column.kind in ("number", "integer"):
        yield from _number(raw, line, column, cell)
    elif column.kind in ("edtf", "day"):
        try:
            if column.kind == "day":
                parse_day(cell)
            else:
                parse_edtf(cell)
        except InputError as error:
            yield _fault(raw, line, column, repr(cell), str(error), "date")
    elif column.kind in ("word", "words"):
        for word in cell.split("|") if column.kind == "words" else [cell]:
            if word not in column.words:
                expected = "one of " + ", ".join(column.words)
                yield _fault(raw, line, column, repr(word), expected, "vocabulary")
    elif column.kind == "states":
        for code in (code for code in cell.split("|") if not is_country(code)):
            near = country_meant(code)
            remedy = f"Write {near}" if near else "Write one like UY, several with | between"
            expected = "the ISO 3166-1 code of a state, two capitals"
            yield Fault(raw.table.file, line, column.name, repr(code), expected, "vocabulary",
                        remedy)  # fmt: skip
    elif column.kind == "flag":
        if cell not in ("true", "false"):
            yield _fault(raw, line, column, repr(cell), "true or false", "vocabulary")
    elif column.refers:
        known = targets[column.refers]
        for key in cell.split("|") if column.kind == "ids" else [cell]:
            if known is not None and key not in known:
                where = "pack.toml's parties" if column.refers == PARTY else column.refers
                yield _fault(raw, line, column, repr(key), f"an id of {where}", "reference")


def _number(raw: RawTable, line: int, column: Column, cell: str) -> Iterator[Fault]:
    # Python reads more as a number than a person writes: 1_000, ١٢, nan.
    whole = column.kind == "integer"
    if not (_INTEGER if whole else _NUMBER).fullmatch(cell):
        yield _fault(
            raw, line, column, repr(cell), "a whole number" if whole else "a number", "number"
        )
        return
    value = float(cell)
    if abs(value) > _LARGEST:
        yield _fault(raw, line, column, cell[:20], "a number that is not endless", "range")
        return
    low = column.low if column.low is not None else -np.inf
    high = column.high if column.high is not None else np.inf
    if not low <= value <= high:
        yield _fault(raw, line, column, cell, f"from {low:g} to {high:g}", "range")


def _row(raw: RawTable, line: int, row: dict[str, str]) -> Iterator[Fault]:
    pairs = (("valid_from", "valid_to"), ("authorised_from", "authorised_to"))
    for first, last in (*pairs, ("deployed_from", "deployed_to")):
        if row.get(first) and row.get(last):
            start, end = _bound(row[first], end=False), _bound(row[last], end=True)
            if start is not None and end is not None and end <= start:
                yield Fault(
                    raw.table.file, line, last, row[last], f"a day after {row[first]}", "span"
                )
    if _position(row) == (0, 0):
        remedy = "Give its coordinates; 0, 0 lies in the Gulf of Guinea"
        expected = "a place on the earth that was looked up"
        yield Fault(raw.table.file, line, "lon", "0, 0", expected, "position", remedy)
    url = row.get("url", "")
    if url and not re.match(r"https?://[^\s<>\"']+$", url):
        yield Fault(raw.table.file, line, "url", repr(url), "an http(s) address", "url")
    if row.get("event_time") and not _TIME.fullmatch(row["event_time"]):
        yield Fault(raw.table.file, line, "event_time", row["event_time"], "HH:MM", "date")


def _position(row: Mapping[str, str]) -> tuple[float, float] | None:
    """Longitude and latitude of a row; None where it has none on the earth."""
    lon, lat = _float(row.get("lon", "")), _float(row.get("lat", ""))
    if lon is None or lat is None or not (abs(lon) <= 180 and abs(lat) <= 90):
        return None
    return lon, lat


def _bound(cell: str, *, end: bool) -> int | None:
    try:
        return boundary_day(cell, end=end)
    except InputError:
        return None


def _date(cell: str) -> Edtf | None:
    try:
        return parse_edtf(cell)
    except InputError:
        return None


def _float(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


# --- the logic of the record --------------------------------------------------------------------


def _control(pack: RawPack) -> Iterator[Fault]:
    """Exactly one assessed controller for every area on every day of the period."""
    raw, areas = pack.tables["control"], pack.tables["areas"]
    if raw.incomplete:
        return  # the gap may be a row that could not be read
    said = pack.settings.get("period_from")
    start = _bound(str(said), end=False) if said else None
    spans: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
    undated: set[str] = set()
    for line, row in raw.records():
        if row["asserted_by"]:
            continue
        first, last = _bound(row["valid_from"], end=False), _bound(row["valid_to"], end=True)
        if first is None or last is None:
            undated.add(row["area_id"])
        else:
            spans[row["area_id"]].append((first, last, line, row["id"]))
    for number, area in areas.records():
        if area["id"] in undated or not area["id"]:
            continue  # a date that can't be read is the fault, not the gap it leaves
        rows = sorted(spans.get(area["id"], []))
        if not rows:
            yield Fault(
                "areas.geojson", number, "id", area["id"], "a row of control.csv", "control-gap"
            )
            continue
        if start is not None and rows[0][0] > start:
            found = f"{area['id']} held by nobody before {format_day(rows[0][0])}"
            yield Fault(
                "control.csv", rows[0][2], "valid_from", found, format_day(start), "control-gap"
            )
        for (_, end, _, before), (begin, _, line, key) in zip(rows, rows[1:], strict=False):
            if begin < end:
                found = (
                    f"{key} begins {format_day(begin)} while {before} holds to {format_day(end)}"
                )
                expected = f"one assessed holder of {area['id']} a day"
                yield Fault("control.csv", line, "valid_from", found, expected, "control-overlap")
            elif begin > end:
                found = f"{area['id']} held by nobody from {format_day(end)} to {format_day(begin)}"
                yield Fault(
                    "control.csv", line, "valid_from", found, format_day(end), "control-gap"
                )
        if rows[-1][1] != OPEN_END:
            found = f"{area['id']} held by nobody from {format_day(rows[-1][1])}"
            yield Fault("control.csv", rows[-1][2], "valid_to", found, "open", "control-gap")


def _claims(pack: RawPack) -> Iterator[Fault]:
    """A party claims one thing of an area a day."""
    raw = pack.tables["control"]
    spans: dict[tuple[str, str], list[tuple[int, int, int, str]]] = defaultdict(list)
    for line, row in raw.records():
        if not row["asserted_by"]:
            continue
        first, last = _bound(row["valid_from"], end=False), _bound(row["valid_to"], end=True)
        if first is not None and last is not None:
            spans[row["asserted_by"], row["area_id"]].append((first, last, line, row["id"]))
    for (party, area), rows in spans.items():
        rows.sort()
        until, before = rows[0][1], rows[0][3]
        for first, last, line, key in rows[1:]:
            if first < until:
                held = "without end" if until == OPEN_END else f"to {format_day(until)}"
                since = "always" if first == OPEN_START else format_day(first)
                found = f"{key} begins {since} while {before} holds {held}"
                expected = f"one claim of {party} on {area} a day"
                yield Fault(raw.table.file, line, "valid_from", found, expected, "claim-overlap")
            if last > until:
                until, before = last, key


def _ground_of(bbox: list[float]) -> BaseGeometry:
    """A box in degrees; one across the antimeridian, whose east is above 180, is in two parts."""
    west, south, east, north = bbox
    here = shapely.box(west, south, min(east, 180), north)
    beyond = shapely.box(-180, south, max(east - 360, -180), north)
    whole: BaseGeometry = shapely.union(here, beyond) if east > 180 else here
    return whole


def _on_the_map(pack: RawPack) -> Iterator[Fault]:
    """What the map is of lies on it."""
    bbox = pack.bbox()
    if bbox is None:
        return
    frame = _ground_of(bbox)
    off = _box_elsewhere(pack, bbox, frame)
    if off is not None:
        yield off
        return
    for name in ("areas", "zones", "routes"):
        raw = pack.tables[name]
        for number, row, shape in zip(raw.lines, raw.rows, raw.geometries, strict=True):
            if shape is None or not shape.is_valid or shape.intersects(frame):
                continue
            point = shape.representative_point()
            turned = frame.intersects(shapely.Point(point.y, point.x))
            if name != "areas" and not turned:
                continue  # a headquarters or a way in may lie beyond the map
            found = f"{row['id']} near {point.x:.4f}, {point.y:.4f}"
            expected = f"a shape that reaches into the bbox {bbox}"
            remedy = _SWAP if turned else "Correct bbox in pack.toml, or the shape"
            yield Fault(raw.table.file, number, "geometry", found, expected, "outside", remedy)
    yield from _named_after(pack, bbox, frame)
    ground = pack.basemap
    shapes = [g for g in ground.geometries if g is not None] if ground else []
    if shapes and not any(shape.intersects(frame) for shape in shapes):
        yield Fault(BASEMAP.file, None, "geometry", "no shape on the map",
                    f"ground inside the bbox {bbox}", "outside",
                    "Correct bbox in pack.toml, or leave the file out: the world's ground is "
                    "drawn then")  # fmt: skip


_SWAP = "Swap the coordinates: longitude comes first"


def _box_elsewhere(pack: RawPack, bbox: list[float], frame: BaseGeometry) -> Fault | None:
    """The box itself is at fault where neither an area nor a place lies in it: told once."""
    shapes = [g for g in pack.tables["areas"].geometries if g is not None and not g.is_empty]
    spots = map(_position, pack.tables["places"].rows)
    points = [shapely.Point(spot) for spot in spots if spot is not None]
    if not shapes or any(one.intersects(frame) for one in (*shapes, *points)):
        return None
    turned = [bbox[1], bbox[0], bbox[3], bbox[2]]
    if is_box(turned) and any(one.intersects(_ground_of(turned)) for one in shapes):
        remedy = f"Longitude comes first: write {turned}"
        return Fault("pack.toml", None, "bbox", f"{bbox}, in which no area lies",
                     "the box around the areas", "outside", remedy)  # fmt: skip
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    around = ", ".join(f"{one:.1f}" for one in (west, south, east, north))
    remedy = f"Correct bbox in pack.toml (the areas reach over {around}), or the shapes"
    return Fault(TABLES["areas"].file, None, "geometry", f"none of {len(shapes)} areas on the map",
                 f"areas that reach into the bbox {bbox}", "outside", remedy)  # fmt: skip


def _named_after(pack: RawPack, bbox: list[float], frame: BaseGeometry) -> Iterator[Fault]:
    """A place that an area is named after lies on the map."""
    areas, raw = pack.tables["areas"], pack.tables["places"]
    named = {row["name_place_id"]: row["id"] for row in areas.rows if row["name_place_id"]}
    home = {str(code) for code in items(pack.settings.get("countries"))}
    for line, row in raw.records():
        spot = _position(row)
        if spot is None or spot == (0, 0) or row["id"] not in named or row["country"] in home:
            continue  # a place of one of the pack's countries is tested anyhow
        lon, lat = spot
        if not frame.intersects(shapely.Point(lon, lat)):
            turned = frame.intersects(shapely.Point(lat, lon))
            found = f"{lon}, {lat}, though the area {named[row['id']]} is called after it"
            yield Fault(raw.table.file, line, "lon", found, f"inside the bbox {bbox}", "outside",
                        _SWAP if turned else "")  # fmt: skip


def _ground_kinds(pack: RawPack) -> Iterator[Fault]:
    """Land is an area and a river a line, or nothing of it would be drawn."""
    raw = pack.basemap
    if raw is None:
        return
    for number, row, shape in zip(raw.lines, raw.rows, raw.geometries, strict=True):
        fit = GROUND_SHAPES.get(row["kind"])
        if shape is None or fit is None or shape.geom_type not in raw.table.geometry:
            continue
        if shape.geom_type not in fit:
            found, expected = f"{row['kind']} as {shape.geom_type}", " or ".join(fit)
            remedy = "Correct the kind, or draw the shape anew"
            yield Fault(raw.table.file, number, "geometry", found, expected, "geometry", remedy)


def _affiliations(pack: RawPack) -> Iterator[Fault]:
    """A source is on nobody's side, or on that of a party there is."""
    raw = pack.tables["sources"]
    known = pack.parties() | set(pack.named_parties())
    for number, row in raw.records():
        said = row["affiliation"]
        if said and known and said not in (*known, NEUTRAL, "unknown"):
            expected = f"a party's id, '{NEUTRAL}' or 'unknown'"
            yield Fault(raw.table.file, number, "affiliation", repr(said), expected, "reference",
                        f"Correct the id, or add [[parties]] with id = '{said}'")  # fmt: skip


def _coverage(pack: RawPack) -> Iterator[Fault]:
    """The areas neither overlap nor leave slivers between them.

    A pack whose outlines have narrow inlets of their own says so by `gap_m` in pack.toml.
    """
    raw = pack.tables["areas"]
    said = pack.settings.get("gap_m", _GAP_M)
    fine = isinstance(said, (int, float)) and 0 <= said <= 1e6
    gap = float(said if fine else _GAP_M) / _METRES_A_DEGREE
    drawn = [
        (number, row, shape)
        for number, row, shape in zip(raw.lines, raw.rows, raw.geometries, strict=True)
        if shape is not None
    ]
    shapes = np.array([shape for *_, shape in drawn], dtype=object)
    if not len(shapes) or not shapely.is_valid(shapes).all():
        return
    if shapely.coverage_is_valid(shapes, gap_width=gap):
        yield from _holes(raw, shapes)
        return
    wrong = shapely.coverage_invalid_edges(shapes, gap_width=gap)
    for (number, row, _), edges in zip(drawn, wrong, strict=True):
        if edges is not None and not edges.is_empty:
            lon, lat = shapely.get_coordinates(edges)[0]
            found = f"{row['id']}: an edge near {lon:.5f}, {lat:.5f} does not match its neighbour"
            yield Fault(raw.table.file, number, "geometry", found, "a valid coverage", "coverage")


def _holes(raw: RawTable, shapes: Any) -> Iterator[Fault]:
    """Wider gaps: land between areas that belongs to none."""
    whole = shapely.union_all(shapes)
    for ring in (ring for part in shapely.get_parts(whole) for ring in part.interiors):
        lon, lat = shapely.get_coordinates(ring)[0]
        found = f"a gap between areas near {lon:.5f}, {lat:.5f}"
        yield Fault(raw.table.file, None, "geometry", found, "a valid coverage", "coverage")


def _places(pack: RawPack) -> Iterator[Fault]:
    """A place of the pack's area lies in the district it states."""
    raw, areas = pack.tables["places"], pack.tables["areas"]
    if raw.incomplete:
        return  # a district's extent may stand in a row that could not be read
    bbox = pack.bbox() or [-180, -90, 180, 90]
    ground = _ground_of(bbox)
    home = {str(code) for code in items(pack.settings.get("countries"))}
    shapes = [g for g in areas.geometries if g is not None and g.is_valid]
    districts = [
        {row["district_place_id"], row["former_unit_place_id"]}
        for row, g in zip(areas.rows, areas.geometries, strict=True)
        if g is not None and g.is_valid
    ]
    tree = shapely.STRtree(shapes)
    ids = [
        row["id"]
        for row, g in zip(areas.rows, areas.geometries, strict=True)
        if g is not None and g.is_valid
    ]
    extents = {
        row["id"]: set(row["extent_area_ids"].split("|"))
        for row in raw.rows
        if row["extent_area_ids"]
    }
    disputed = {row["id"] for row in areas.rows if row["scope"] == "disputed"}
    for line, row in raw.records():
        spot = _position(row)
        if spot is None or spot == (0, 0):
            continue  # told of the row
        lon, lat = spot
        if row["country"] in home and not ground.intersects(shapely.Point(lon, lat)):
            turned = ground.intersects(shapely.Point(lat, lon))
            yield Fault(raw.table.file, line, "lon", f"{lon}, {lat}", f"inside the bbox {bbox}",
                        "outside", _SWAP if turned else "")  # fmt: skip
        if row["kind"] != "settlement" or not row["admin1"]:
            continue
        hits = tree.query(shapely.Point(lon, lat), predicate="intersects")
        here = {ids[hit] for hit in hits}
        names = set().union(*(districts[hit] for hit in hits)) - {""} if len(hits) else set()
        whole = extents.get(row["admin1"])
        # A district whose areas are all listed can be tested everywhere; another one only where
        # the areas are finer than a state.
        wrong = not here & whole if whole else bool(here & disputed) and row["admin1"] not in names
        if wrong:
            found = f"{row['id']} lies in {', '.join(sorted(names)) or 'no district'}"
            yield Fault(raw.table.file, line, "admin1", found, row["admin1"], "district")


def _events(pack: RawPack) -> Iterator[Fault]:
    """Dates agree with their precision and weekday; no event stands twice."""
    raw = pack.tables["events"]
    seen: dict[tuple[str, ...], str] = {}
    for line, row in raw.records():
        when = _date(row["event_date"])
        if when is not None and row["date_prec"].isdigit():
            days = when.latest - when.earliest + 1
            most = {1: 1, 2: 6, 3: 13, 4: 31}.get(int(row["date_prec"]), 10**9)
            whole = "/" in row["event_date"]  # an interval is a duration, not a doubt
            if not whole and (days > most or (days == 1 and int(row["date_prec"]) > 3)):
                found = f"{row['event_date']} with precision {row['date_prec']}"
                yield Fault(
                    raw.table.file, line, "date_prec", found, "a precision that fits", "date-prec"
                )
            if days == 1:
                actual = _WEEKDAYS[(date(1970, 1, 1) + timedelta(when.earliest)).weekday()]
                for column in ("title", "summary"):
                    for said in _WEEKDAY.findall(row[column]):
                        if said != actual:
                            yield Fault(raw.table.file, line, column, said, actual, "weekday")
        key = (row["event_date"], row["place_id"], row["title"].casefold())
        if row["event_date"] and row["title"] and key in seen:
            found = f"the same date, place and title as {seen[key]}"
            yield Fault(raw.table.file, line, "title", found, "each event once", "duplicate-event")
        seen[key] = row["id"]


def _figures(pack: RawPack) -> Iterator[Fault]:
    """An estimate has its best figure between the lowest and the highest."""
    for raw in pack.tables.values():
        if not {"low", "best", "high"} <= set(raw.table.names):
            continue
        for line, row in raw.records():
            figures = [int(row[name]) for name in ("low", "best", "high") if row[name].isdigit()]
            if figures != sorted(figures):
                found = str(figures)
                yield Fault(raw.table.file, line, "best", found, "low <= best <= high", "figures")


def _episodes(pack: RawPack) -> Iterator[Fault]:
    """An episode lies within its route."""
    raw, routes = pack.tables["episodes"], pack.tables["routes"]
    lengths = {
        row["id"]: length_km(shape)
        for row, shape in zip(routes.rows, routes.geometries, strict=True)
        if shape is not None and shape.geom_type == "LineString"
    }
    for line, row in raw.records():
        first, last = _float(row["from_km"] or "0"), _float(row["to_km"] or "0")
        length = lengths.get(row["route_id"])
        if first is None or last is None or length is None:
            continue
        if max(first, last) > length + 0.05:
            found = f"{max(first, last):g} km of {row['route_id']}"
            yield Fault(
                raw.table.file, line, "to_km", found, f"at most {length:.1f} km", "linear-reference"
            )
        if row["to_km"] and last <= first:
            yield Fault(raw.table.file, line, "to_km", row["to_km"], f"more than {first:g}", "span")


# --- neutrality -----------------------------------------------------------------------------------


def _both_names(pack: RawPack) -> Iterator[Fault]:
    """A settlement in a disputed area is called by every side's language.

    Where a side's name is not known, the note has to say 'no separate ... name on record'.
    """
    languages = [side["lang"] for side in pack.sides() if side.get("lang")]
    areas = pack.tables["areas"]
    shapes = [
        g
        for row, g in zip(areas.rows, areas.geometries, strict=True)
        if g is not None and g.is_valid and row["scope"] == "disputed"
    ]
    if len(languages) < 2 or not shapes or pack.tables["names"].incomplete:
        return
    spoken: dict[str, set[str]] = defaultdict(set)
    for row in pack.tables["names"].rows:
        spoken[row["place_id"]].add(row["lang"].split("-")[0])
    tree = shapely.STRtree(shapes)
    raw = pack.tables["places"]
    for line, row in raw.records():
        lon, lat = _float(row["lon"]), _float(row["lat"])
        if row["kind"] != "settlement" or lon is None or lat is None:
            continue
        if _NO_NAME.search(row["note"]):
            continue
        missing = [lang for lang in languages if lang not in spoken[row["id"]]]
        if missing and len(missing) < len(languages):
            point = shapely.Point(lon, lat)
            if len(tree.query(point, predicate="intersects")):
                found = f"{row['id']} has no name in {', '.join(missing)}"
                yield Fault(
                    raw.table.file, line, "id", found, "the name each side uses", "one-sided-name"
                )


def _both_sources(pack: RawPack) -> Iterator[Fault]:
    """A contested statement does not rest on the sources of one side alone."""
    if pack.tables["sources"].incomplete:
        return  # the other side's source may be one that could not be read
    sides = [set(side.get("parties", [])) for side in pack.sides()]
    affiliation = pack.column("sources", "affiliation")
    for name in ("control", "events", "mandates", "episodes"):
        raw = pack.tables[name]
        for line, row in raw.records():
            if row["certainty"] != "contested" or row["asserted_by"]:
                continue
            cited = row["source_ids"].split("|") + row.get("counter_source_ids", "").split("|")
            said = {affiliation[key] for key in cited if key in affiliation}
            if said and any(said <= side for side in sides):
                yield Fault(
                    raw.table.file,
                    line,
                    "source_ids",
                    f"only sources affiliated with {', '.join(sorted(said))}",
                    "a source of another side, or a neutral one",
                    "one-sided-source",
                )


def _words(pack: RawPack) -> Iterator[Fault]:
    """Texts of ours avoid the words on the pack's list of loaded words, in every language."""
    rules = _word_rules(pack)
    if not rules:
        return
    for raw, line, row, column in _our_texts(pack):
        text = _QUOTED.sub("", row[column])
        for pattern, expected, code, remedy in rules:
            for word in pattern.findall(text):
                yield Fault(raw.table.file, line, column, repr(word), expected, code, remedy)


def _word_rules(pack: RawPack) -> list[tuple[re.Pattern[str], str, str, str]]:
    """Patterns of words not to be written: each with what is expected, a code and a remedy."""
    rules = []
    loaded = [str(word) for word in items(_neutrality(pack).get("loaded_words"))]
    if loaded:
        remedy = "say what happened, or quote who says it"
        rules.append((_any_of(loaded), "a neutral word", "loaded-word", remedy))
    for item in _tables_in(pack.settings, "spelling"):
        never = [str(word) for word in items(item.get("never"))]
        if never:
            rules.append((_any_of(never), repr(str(item.get("write", ""))), "spelling", ""))
    return rules


def _any_of(words: list[str]) -> re.Pattern[str]:
    """Match any of the words as a whole; one that ends in ``*`` with any ending."""
    parts = [re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


def _neutrality(pack: RawPack) -> dict[str, Any]:
    said = pack.settings.get("neutrality")
    return said if isinstance(said, dict) else {}


def _tables_in(settings: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [item for item in items(settings.get(key)) if isinstance(item, dict)]


def _our_texts(pack: RawPack) -> Iterator[tuple[RawTable, int, dict[str, str], str]]:
    """Every filled cell of ours that holds words, in any language."""
    for raw in pack.tables.values():
        if raw.table.name == "sources":
            continue  # a title is the publisher's own
        columns = [name for name in raw.table.names if language_column(name)[0] in _TEXTS]
        for line, row in raw.records():
            for column in columns:
                if row[column]:
                    yield raw, line, row, column


def _same_words(pack: RawPack) -> Iterator[Fault]:
    """The same act goes by the same word, whoever did it."""
    raw = pack.tables["events"]
    for item in _tables_in(pack.settings, "same_words"):
        where = {key: value for key, value in item.items() if key in raw.table.names}
        pattern = str(item.get("pattern", ""))
        try:
            fits = re.compile(pattern)
        except (re.error, RecursionError, OverflowError):
            continue  # told of pack.toml
        for line, row in raw.records():
            alike = all(row[key] == value for key, value in where.items())
            if pattern and alike and not fits.search(row["title"]):
                expected = f"the words of its like: {pattern}"
                yield Fault(
                    raw.table.file, line, "title", repr(row["title"]), expected, "same-words"
                )


def _translated(pack: RawPack) -> Iterator[Fault]:
    """What stands in a column that the pack says is translated is so in every language."""
    languages = [str(tag) for tag in items(pack.settings.get("languages"))]
    for said in items(_neutrality(pack).get("translated")):
        name, _, column = str(said).partition(".")
        raw = pack.tables.get(name)
        if raw is None or column not in raw.table.names:
            continue
        wanted = [f"{column}_{tag}" for tag in languages if tag != "en"]
        for line, row in raw.records():
            for title in wanted:
                if row.get(column) and not row.get(title):
                    found = f"{row['id']} without {title}"
                    yield Fault(raw.table.file, line, title, found, "a translation", "untranslated")


_RULES: tuple[Callable[[RawPack], Iterator[Fault]], ...] = (
    _control,
    _claims,
    series_faults,
    _on_the_map,
    _ground_kinds,
    _affiliations,
    _coverage,
    _places,
    _events,
    _figures,
    _episodes,
    citation_faults,
    actor_faults,
    _both_names,
    _both_sources,
    _words,
    _same_words,
    _translated,
)
