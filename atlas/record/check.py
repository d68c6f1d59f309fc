"""What a pack may not say: every fault of it, found in one pass over the raw tables.

Three kinds: cells (schema), the logic of the record (references, spans, control, topology), and
neutrality (both sides' names, both sides' sources, loaded words).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from atlas.base.crs import length_km
from atlas.base.errors import Fault, InputError
from atlas.base.timespan import (
    OPEN_END,
    Edtf,
    boundary_day,
    format_day,
    parse_day,
    parse_edtf,
)
from atlas.record.schema import PARTY, TABLES, Column
from atlas.record.tables import RawTable

__all__ = ["RawPack", "find_faults"]

_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b")
_GAP_M = 222.0  # a narrower gap is a sliver between two edges meant to be one
_METRES_A_DEGREE = 111_195.0
_NO_NAME = re.compile(r"no separate \w+ name on record", re.IGNORECASE)
_TEXTS = ("title", "summary", "part", "note", "counterclaims", "reason", "text", "de_jure_basis")


@dataclass(slots=True)
class RawPack:
    """All tables of a pack as they stand in their files, and its settings."""

    settings: dict[str, Any]
    tables: dict[str, RawTable]

    def parties(self) -> set[str]:
        """Ids of the parties declared in pack.toml."""
        return {str(item.get("id", "")) for item in self._tables_of("parties")}

    def named_parties(self) -> dict[str, str]:
        """Ids of parties that pack.toml names elsewhere, with the setting that first does."""
        said = [(key, "sides") for side in self.sides() for key in side.get("parties", [])]
        said += [(key, "worldviews") for key in _items(self.settings.get("worldviews"))]
        named: dict[str, str] = {}
        for key, where in said:
            named.setdefault(str(key), where)
        return named

    def sides(self) -> list[dict[str, Any]]:
        """The disputing sides: each with its parties and its language."""
        sides = self._tables_of("sides")
        return [side for side in sides if isinstance(side.get("parties", []), list)]

    def bbox(self) -> list[float] | None:
        """West, south, east, north, degrees; None where pack.toml gives no such box."""
        bbox = self.settings.get("bbox")
        if (
            isinstance(bbox, list)
            and len(bbox) == 4
            and all(isinstance(value, (int, float)) for value in bbox)
            and -180 <= bbox[0] < bbox[2] <= 180
            and -90 <= bbox[1] < bbox[3] <= 90
        ):
            return bbox
        return None

    def _tables_of(self, key: str) -> list[dict[str, Any]]:
        """The tables of an array of tables; nothing where pack.toml has something else there."""
        return [item for item in _items(self.settings.get(key)) if isinstance(item, dict)]

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
    faults: list[Fault] = _settings(pack)
    for raw in pack.tables.values():
        faults += raw.faults
        faults += _cells(raw, pack)
    for find in _RULES:
        faults += find(pack)
    order = {table.file: n for n, table in enumerate(TABLES.values())}
    return sorted(faults, key=lambda f: (order.get(f.file, -1), f.row or 0, f.column, f.code))


# --- settings ---------------------------------------------------------------------------------


def _settings(pack: RawPack) -> list[Fault]:
    if not pack.settings:
        return []  # the reader has said why
    faults = []
    wanted: dict[str, type | tuple[type, ...]] = {
        "id": str,
        "title": dict,
        "period_from": (str, date),
        "bbox": list,
        "parties": list,
        "languages": list,
    }
    for key, kind in wanted.items():
        if not isinstance(pack.settings.get(key), kind):
            found = repr(pack.settings[key]) if key in pack.settings else "no such key"
            faults.append(Fault("pack.toml", None, key, found, f"a {key}", "settings"))
    if isinstance(pack.settings.get("bbox"), list) and pack.bbox() is None:
        found, expected = repr(pack.settings["bbox"]), "[west, south, east, north] in degrees"
        faults.append(Fault("pack.toml", None, "bbox", found, expected, "settings"))
    start = pack.settings.get("period_from")
    if isinstance(start, (str, date)):
        try:
            parse_day(str(start))
        except InputError as error:
            faults.append(Fault("pack.toml", None, "period_from", str(error), "a day", "settings"))
    for key in ("parties", "sides"):
        for number, item in enumerate(_items(pack.settings.get(key)), start=1):
            if not isinstance(item, dict):
                expected = f"a table [[{key}]]"
                faults.append(Fault("pack.toml", number, key, repr(item), expected, "settings"))
            elif key == "parties" and not item.get("id"):
                found = "a party without an id"
                faults.append(Fault("pack.toml", number, key, found, "an id", "settings"))
            elif key == "sides" and not isinstance(item.get("parties", []), list):
                found, expected = repr(item["parties"]), "a list of party ids"
                faults.append(Fault("pack.toml", number, key, found, expected, "settings"))
    if pack.parties():
        for party, where in pack.named_parties().items():
            if party not in pack.parties():
                faults.append(
                    Fault("pack.toml", None, where, repr(party), "a party's id", "reference")
                )
    return faults


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


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
    try:
        value = int(cell) if column.kind == "integer" else float(cell)
    except ValueError:
        kind = "a whole number" if column.kind == "integer" else "a number"
        yield _fault(raw, line, column, repr(cell), kind, "number")
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
    url = row.get("url", "")
    if url and not re.match(r"https?://[^\s<>\"']+$", url):
        yield Fault(raw.table.file, line, "url", repr(url), "an http(s) address", "url")
    if row.get("event_time") and not _TIME.fullmatch(row["event_time"]):
        yield Fault(raw.table.file, line, "event_time", row["event_time"], "HH:MM", "date")


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
        if area["id"] in undated:
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


def _coverage(pack: RawPack) -> Iterator[Fault]:
    """The areas neither overlap nor leave slivers between them.

    A pack whose outlines have narrow inlets of their own says so by `gap_m` in pack.toml.
    """
    raw = pack.tables["areas"]
    said = pack.settings.get("gap_m", _GAP_M)
    gap = float(said if isinstance(said, (int, float)) else _GAP_M) / _METRES_A_DEGREE
    shapes = np.array([g for g in raw.geometries if g is not None], dtype=object)
    if not len(shapes) or not shapely.is_valid(shapes).all():
        return
    if shapely.coverage_is_valid(shapes, gap_width=gap):
        yield from _holes(raw, shapes)
        return
    for number, row, edges in zip(
        raw.lines,
        raw.rows,
        shapely.coverage_invalid_edges(shapes, gap_width=gap),
        strict=False,
    ):
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
    home = {str(code) for code in _items(pack.settings.get("countries"))}
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
        lon, lat = _float(row["lon"]), _float(row["lat"])
        if lon is None or lat is None:
            continue
        inside = bbox[0] <= lon <= bbox[2] and bbox[1] <= lat <= bbox[3]
        if row["country"] in home and not inside:
            found = f"{lon}, {lat}"
            yield Fault(raw.table.file, line, "lon", found, f"inside the bbox {bbox}", "outside")
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
        figures = [int(row[name]) for name in ("low", "best", "high") if row[name].isdigit()]
        if figures != sorted(figures):
            yield Fault(raw.table.file, line, "best", str(figures), "low <= best <= high", "deaths")


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
    """Texts of ours avoid the words on the pack's list of loaded words."""
    neutrality = pack.settings.get("neutrality")
    loaded = _items(neutrality.get("loaded_words")) if isinstance(neutrality, dict) else []
    if not loaded:
        return
    pattern = re.compile(
        rf"\b(?:{'|'.join(re.escape(str(word)) for word in loaded)})\b", re.IGNORECASE
    )
    quoted = re.compile("'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”")
    for raw in pack.tables.values():
        if raw.table.name == "sources":
            continue  # a title is the publisher's own
        for line, row in raw.records():
            for column in _TEXTS:
                text = row.get(column, "")
                for word in pattern.findall(quoted.sub("", text)) if text else ():
                    yield Fault(
                        raw.table.file,
                        line,
                        column,
                        repr(word),
                        "a neutral word",
                        "loaded-word",
                        "say what happened, or quote who says it",
                    )


_RULES: tuple[Callable[[RawPack], Iterator[Fault]], ...] = (
    _control,
    _coverage,
    _places,
    _events,
    _episodes,
    _both_names,
    _both_sources,
    _words,
)
