"""Areas made anew put into a pack: what hung on an area hangs on each of its parts.

Who held an area, which events touched it, which places extend over it: a part has all of that, as
the whole had. Ground that the pack had not is held by nobody known.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from atlas.base.folding import fold, script_of
from atlas.base.notes import Notes
from atlas.record.areas import Coverage, slug
from atlas.record.begin import GROUND_SOURCE
from atlas.record.compare import compared
from atlas.record.edit import edit_files, text_of
from atlas.record.exchange import load_tables, readable
from atlas.record.pack import pack_directory
from atlas.record.rewrite import csv_with, json_with
from atlas.record.scaffold import geojson_text
from atlas.record.schema import TABLES, language_column
from atlas.record.settings import is_box
from atlas.record.tables import RawTable, load_toml
from atlas.record.takeback import Taken

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["areas_of", "areas_text", "put_areas"]

_METHODS = {"unit": "first-order unit of Natural Earth 1:10m", "enclosed ground": "enclosed ground"}

Row = dict[str, str]


def areas_of(pack: str | Path) -> gpd.GeoDataFrame:
    """Give the areas of a pack, which may have faults, for `atlas.record.areas.make_areas`.

    Parameters
    ----------
    pack : str or Path
        A folder, or the name of a shipped pack.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        ``id`` and geometry; areas without a valid shape are left out.
    """
    import geopandas as gpd

    raw = load_tables(pack_directory(pack))["areas"]
    held = [(row["id"], shape) for row, shape in zip(raw.rows, raw.geometries, strict=True)
            if shape is not None and shape.is_valid]  # fmt: skip
    return gpd.GeoDataFrame(
        {"id": [key for key, _ in held]}, geometry=[shape for _, shape in held], crs="EPSG:4326"
    )


def areas_text(made: Coverage, *, uncertainty_m: float = 0.0) -> str:
    """Write areas as the file ``areas.geojson`` of a pack.

    Parameters
    ----------
    made : Coverage
        As `atlas.record.areas.make_areas` gives it.
    uncertainty_m : float
        Half-width of the doubt about their edges; 0 leaves it empty, to be filled.

    Returns
    -------
    str
        Each area is called after a place of its own id, which ``places.csv`` must have.
    """
    rows = []
    for area in made.areas.itertuples():
        row = _new_area(area, str(area.id), uncertainty_m)
        rows.append((_typed(row), _drawn(area.geometry)))
    return geojson_text(TABLES["areas"], rows)


def put_areas(
    pack: str | Path,
    made: Coverage,
    *,
    source: str = "",
    uncertainty_m: float = 0.0,
) -> Taken:
    """Put areas in place of those of a pack that they are made of.

    Parameters
    ----------
    pack : str or Path
        The pack: a folder, or the name of a shipped pack.
    made : Coverage
        Of `atlas.record.areas.make_areas` with the pack's areas as its base.
    source : str
        Whose lines and polygons they are, as a citation.
    uncertainty_m : float
        Half-width of the doubt about new edges; 0 takes that of the area they cut.

    Returns
    -------
    Taken
        Files written and changes made.

    Raises
    ------
    NotFoundError
        If there is no such pack.
    InputError
        If rows of the pack can't be read.
    PackError
        If the pack would have faults that it has not now; nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> from atlas.record.areas import make_areas
    >>> from atlas.record.scaffold import new_pack
    >>> folder = Path(tempfile.mkdtemp())
    >>> new_pack(folder / "p", title="P", bbox=(0, 0, 1, 1), start="2000-01-01")
    >>> put_areas(folder / "p", make_areas(base=areas_of(folder / "p"))).files
    ()
    """
    directory = pack_directory(pack)
    old = readable(load_tables(directory))
    work = _Recut(old, load_toml(directory / "pack.toml")[0], source, uncertainty_m)
    for area in made.areas.itertuples():
        work.take(area)
    texts = work.texts(directory)
    files = edit_files(directory, texts, f"{pack} with these areas")
    notes = (*made.notes, *work.notes.told)
    return Taken(tuple(files), compared(old, load_tables(directory)), notes)


class _Recut:
    """The rows that areas made anew bring into a pack."""

    def __init__(
        self,
        old: Mapping[str, RawTable],
        settings: Mapping[str, Any],
        source: str,
        uncertainty_m: float,
    ) -> None:
        self.old, self.settings, self.whose = old, settings, source
        self.uncertainty_m = uncertainty_m
        self.notes = Notes("areas")
        raw = old["areas"]
        self.before = {row["id"]: (row, shape)
                       for row, shape in zip(raw.rows, raw.geometries, strict=True)}  # fmt: skip
        self.stay: set[str] = set()
        self.moved: dict[str, Any] = {}
        self.parts: dict[str, list[str]] = {}
        self.areas: dict[str, tuple[Row, Any]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.places: list[Row] = []
        self.names: list[Row] = []
        self.control: list[Row] = []

    def take(self, area: Any) -> None:
        """Take an area: one that stays, a part of one, or new ground."""
        of, shape = str(area.of), area.geometry
        if area.origin == "area" and not area.part:
            self.stay.add(of)
            self.parts.setdefault(of, []).insert(0, of)
            if not shapely.normalize(shape).equals(shapely.normalize(self.before[of][1])):
                self.moved[of] = shape
            return
        key = self._free(str(area.id), {*self.before, *self.areas})
        if of:
            self.parts.setdefault(of, []).append(key)
            row = dict(self.before[of][0]) | {"id": key}
        else:
            row = _new_area(area, key, self.uncertainty_m) | {"source_ids": self._source(area)}
            row["uncertainty_m"] = row["uncertainty_m"] or "2000"
            self._hold(key, str(area.country), row["source_ids"])
        if area.origin != "area":
            row["name_place_id"] = self._place(area, self._source(area))
        if area.part:
            told = ", ".join(part for part in (row["part"], str(area.part)) if part)
            # What other languages say of the whole does not say it of a piece.
            row |= {name: "" for name in row if language_column(name)[0] == "part"}
            row["part"] = told
        if of:
            self._edged(row, area)
        self.areas[key] = (row, shape)

    def _edged(self, row: Row, area: Any) -> None:
        """Say of a part of an area how its new edge came about."""
        cut = "cut by a drawn line" if area.origin == "area" else f"cut by {area.origin}"
        said = row["geometry_method"]
        row["geometry_method"] = f"{said}; {cut}" if cut not in said else said
        if self.uncertainty_m:
            row["uncertainty_m"] = f"{self.uncertainty_m:g}"
        if self.whose or area.origin != "area":
            row["source_ids"] = "|".join(
                dict.fromkeys([*row["source_ids"].split("|"), self._source(area)])
            )

    def _source(self, area: Any) -> str:
        """Id of the source of an area, which the pack has or gets."""
        known = {row["id"] for row in self.old["sources"].rows}
        if area.origin in ("unit", "enclosed ground"):
            if GROUND_SOURCE["id"] not in known:
                self.sources[str(GROUND_SOURCE["id"])] = GROUND_SOURCE
            return str(GROUND_SOURCE["id"])
        file = "drawn lines" if area.origin == "area" else str(area.origin)
        key = "areas-" + (re.sub(r"[^a-z0-9]+", "-", fold(file)).strip("-") or "file")
        if key not in known:
            # Whose map it is only the user knows; saying 'neutral' here would be a claim.
            self.sources[key] = {
                "id": key,
                "type": "dataset",
                "title": f"[Outlines of areas ({file})]",
                **({"publisher": self.whose} if self.whose else {}),
                "custom": {"affiliation": "unknown", "kind": "research"},
            }
        return key

    def _place(self, area: Any, source: str) -> str:
        """Id of the place that an area is called after: one place a name."""
        name = str(area.name)
        said = {"certainty": "certain", "source_ids": source}
        for row in self.names:
            if row["name"] == name:
                return row["place_id"]
        taken = {row["id"] for row in self.old["places"].rows}
        place = self._free(slug(name), taken | {row["id"] for row in self.places})
        box: Any = self.settings.get("bbox")
        seen = area.geometry
        if is_box(box):  # a place stands on the map
            seen = shapely.intersection(seen, shapely.box(*box))
        point = shapely.point_on_surface(area.geometry if seen.is_empty else seen)
        self.places.append(said | {
            "id": place, "kind": "region", "lon": f"{point.x:.5f}", "lat": f"{point.y:.5f}",
            "country": str(area.country),
        })  # fmt: skip
        script = script_of(name)
        numbers = {row["id"] for row in self.old["names"].rows} | {r["id"] for r in self.names}
        self.names.append(said | {
            "id": self._free(f"n_{place}", numbers), "place_id": place, "name": name,
            "lang": "en" if script in ("Latn", "Zyyy") else "und", "status": "common",
            "script": script if script != "Zyyy" else "Latn",
        })  # fmt: skip
        return place

    def _hold(self, area: str, country: str, source: str) -> None:
        """New ground: nobody has said yet who held it."""
        parties = self.settings.get("parties")
        first = parties[0].get("id", "") if isinstance(parties, list) and parties else ""
        self.control.append({
            "id": self._free(f"c_{area}", self._rows()), "area_id": area, "controller": str(first),
            "control_type": "unknown", "how": "status_quo", "de_jure_iso": country,
            "valid_from": str(self.settings.get("period_from", "")), "certainty": "unknown",
            "source_ids": source, "note": "Not told yet who held it.",
        })  # fmt: skip

    def _rows(self) -> set[str]:
        return {row["id"] for row in (*self.old["control"].rows, *self.control)}

    @staticmethod
    def _free(key: str, taken: set[str]) -> str:
        one, number = key, 2
        while one in taken:
            one, number = f"{key}_{number}", number + 1
        return one

    def texts(self, directory: Path) -> dict[str, str]:
        """New texts of the files that change."""
        gone = [key for key in self.before if key in self.parts and key not in self.stay]
        # An area that nothing is left of has gone too, be it into a neighbour whole.
        gone += [key for key, (_, shape) in self.before.items()
                 if key not in self.parts and shape is not None and shape.is_valid]  # fmt: skip
        for row in self.old["control"].rows:
            for key in self.parts.get(row["area_id"], []):
                if key != row["area_id"]:
                    suffix = key.removeprefix(f"{row['area_id']}_")
                    again = self._free(f"{row['id']}_{suffix}", self._rows())
                    self.control.append(dict(row) | {"id": again, "area_id": key})
        lost = [row["id"] for row in self.old["control"].rows if row["area_id"] in gone]
        found: dict[str, str] = {}
        if self.areas or gone or self.moved:
            found["areas.geojson"] = self._shapes(directory, gone)
        wider = self._wider(directory)
        if wider:
            found["pack.toml"] = wider
        if self.sources:
            text = text_of(directory / "sources.json")
            found["sources.json"] = json_with(
                text, "sources.json", id_of=lambda item: str(item["id"]),
                added=list(self.sources.values()),
            )  # fmt: skip
        changed = {name: dict(self._referring(name, gone)) for name in TABLES}
        added = {"places": self.places, "names": self.names, "control": self.control}
        for name, table in TABLES.items():
            if table.file.endswith(".csv") and (added.get(name) or changed[name] or
                                                (name == "control" and lost)):  # fmt: skip
                found[table.file] = csv_with(
                    text_of(directory / table.file), table.file, changed=changed[name],
                    added=[{column: cell for column, cell in row.items() if cell}
                           for row in added.get(name, [])],
                    removed=lost if name == "control" else (),
                )  # fmt: skip
        return found

    def _wider(self, directory: Path) -> str:
        """The settings with a box that holds new ground, too; empty where it does."""
        new = [shape for row, shape in self.areas.values()
               if not any(row["id"] in parts for parts in self.parts.values())]  # fmt: skip
        box: Any = self.settings.get("bbox")
        if not new or not is_box(box):
            return ""
        was = [float(value) for value in box]
        bounds = (shapely.total_bounds(new) * 100).tolist()
        wide = [min(was[at], math.floor(bounds[at]) / 100) for at in (0, 1)]
        wide += [max(was[at], math.ceil(bounds[at]) / 100) for at in (2, 3)]
        text = text_of(directory / "pack.toml")
        told = f"bbox = [{', '.join(f'{value:g}' for value in wide)}]"
        after, count = re.subn(r"(?m)^bbox\s*=\s*\[[^\]]*\]", told, text, count=1)
        if wide == was or not count:
            return ""
        self.notes.say(f"new ground lies outside of the map: pack.toml has {told} now")
        return after

    def _referring(self, name: str, gone: list[str]) -> Iterator[tuple[str, Row]]:
        """Rows that name areas which are in parts now."""
        columns = [column.name for column in TABLES[name].columns
                   if column.refers == "areas" and column.kind == "ids"]  # fmt: skip
        for row in self.old[name].rows if columns else []:
            cells = {}
            for column in columns:
                keys = [key for key in row[column].split("|") if key]
                now = [one for key in keys
                       for one in self.parts.get(key, [] if key in gone else [key])]  # fmt: skip
                if now != keys:
                    cells[column] = "|".join(dict.fromkeys(now))
            if cells:
                yield row["id"], cells

    def _shapes(self, directory: Path, gone: list[str]) -> str:
        text = text_of(directory / "areas.geojson")
        features = json.loads(text.lstrip("\ufeff"))["features"]
        known = {str(one["properties"].get("id")).strip(): one for one in features}
        return json_with(
            text, "areas.geojson", within="features", removed=gone,
            id_of=lambda one: str(one["properties"].get("id")).strip(),
            added=[{"type": "Feature", "properties": _typed(row), "geometry": _drawn(shape)}
                   for row, shape in self.areas.values()],
            changed={key: known[key] | {"geometry": _drawn(shape)}
                     for key, shape in self.moved.items()},
        )  # fmt: skip


def _new_area(area: Any, key: str, uncertainty_m: float) -> Row:
    empty = dict.fromkeys(TABLES["areas"].names, "")
    method = _METHODS.get(str(area.origin), f"polygon of {area.origin}")
    unit = area.origin == "unit"
    return empty | {
        "id": key, "name_place_id": key, "scope": "disputed", "part": str(area.part),
        "geometry_method": f"{method}, cut by a drawn line" if area.part else method,
        "uncertainty_m": f"{uncertainty_m:g}" if uncertainty_m else "2000" if unit else "",
        "source_ids": "natural-earth" if unit else "",
    }  # fmt: skip


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    """Properties as GeoJSON has them: a figure as a figure."""
    number = row["uncertainty_m"]
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", number):
        return dict(row)
    return dict(row) | {"uncertainty_m": float(number) if "." in number else int(number)}


def _drawn(shape: Any) -> Any:
    return json.loads(shapely.to_geojson(shape))
