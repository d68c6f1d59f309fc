"""Anybody's table of events: which column holds what is given, or guessed and said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from atlas.base.dates import read_dates
from atlas.base.errors import InputError
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events.fields import Checked, Float, Spans, edtf_of_days, is_nothing, texts_by_code
from atlas.events.headers import folded, guess_roles
from atlas.events.model import Events
from atlas.events.options import ReadOptions
from atlas.events.positions import looks_like_geometry, read_pair, read_shape
from atlas.events.raw import Raw
from atlas.events.values import is_missing_text
from atlas.events.vocabulary import canonical

__all__ = ["understand"]

_SAMPLE = 200
_TEXTS = {"event_id": "id", "title": "title", "place_name": "place", "actor1": "actor1",
          "actor2": "actor2"}  # fmt: skip
_LON_FIRST = ("lonlat", "longlat", "lnglat", "longitudelatitude", "xy", "longitudeandlatitude")
_LAT_FIRST = ("latlon", "latlong", "latlng", "latitudelongitude", "yx", "latitudeandlongitude")
#: Columns of positions in grids and codes, which need more than the table says.
_GRIDS = frozenset(
    "mgrs usng milgrid gridref gridreference utm utmx utmy utmeasting utmnorthing easting northing "
    "eastings northings pluscode olc openlocationcode geohash what3words w3w maidenhead "
    "gauskruger".split()
)


def understand(
    raw: Raw,
    options: ReadOptions,
    *,
    tags: Mapping[str, str] | None = None,
    source: Any = "",
    remembered: Mapping[str, str] | None = None,
) -> Events:
    """Read the rows of any table.

    Parameters
    ----------
    raw : Raw
    options : ReadOptions
    tags : mapping, optional
        Use to column, as the table itself says.
    source : str or Series
        For ``source_dataset``; the file's name if empty.
    remembered : mapping, optional
        Use to column, as the user said when the table was first read.

    Raises
    ------
    InputError
        If a named column is missing, or there is neither a date nor a place to go by.
    """
    table = _Table(raw, options, {**(tags or {}), **(remembered or {}), **(options.columns or {})})
    for use in tags or {}:
        if table.roles.get(use):
            table.said.add(use)
    return table.events(source or raw.name, options.columns or remembered)


class _Table:
    """One table under examination."""

    def __init__(self, raw: Raw, options: ReadOptions, given: Mapping[str, str]) -> None:
        self.raw, self.checked = raw, Checked(raw, options)
        self.given = set(given)
        present = [str(name) for name in raw.frame.columns]
        self.roles = guess_roles(present, given, raw.name, raw.notes)
        self.taken: set[str] = set()
        self.said: set[str] = set(given)
        self.size = len(raw.frame)
        self.checked.learn_decimal(
            column
            for use in ("lon", "lat", "best", "low", "high", "uncertainty_m", "uncertainty_km")
            for column in self.roles.get(use, [])[:1]
        )

    def events(self, source: Any, remembered: Mapping[str, str] | None) -> Events:
        """All rows, read."""
        spans = self._dates()
        lon, lat, reach = self._positions()
        if spans is None and lon is None and self._column("place", ask=True) is None:
            listed = ", ".join(map(str, self.raw.frame.columns[:30]))
            raise InputError(
                f"{self.raw.name} has no column that looks like a date, coordinates or a place "
                f"(it has {listed or 'none'}); name them, e.g. date=When,lon=X,lat=Y"
            )
        blank = np.full(self.size, np.nan)
        if spans is None:
            spans = Spans(
                texts_by_code(np.zeros(self.size, int), [""]),
                np.full(self.size, OPEN_START, np.int64),
                np.full(self.size, OPEN_END, np.int64),
            )
        ours: dict[str, Any] = {
            name: self.checked.clean_text(self._column(use)) for name, use in _TEXTS.items()
        }
        kind = self._column("event_type")
        if kind is None:
            ours["event_type"] = self.checked.clean_text(None)
        else:
            code, levels = self.checked.clean_levels(kind)
            ours["event_type"] = texts_by_code(code, [canonical(level) for level in levels])
        for name in ("best", "low", "high"):
            column = self._column(name)
            ours[name] = blank if column is None else self.checked.numbers(
                column, low=0, what="a number, 0 or more", counts=True
            )  # fmt: skip
        x, y = (blank, blank) if lon is None or lat is None else (lon, lat)
        x, y = self._null_island(x, y, ours["place_name"])
        ours |= {"lon": x, "lat": y, "coordinate_uncertainty_m": self._radius(reach, x)}
        return self.checked.finish(ours, spans, source=source, columns=remembered)

    # Which column ---------------------------------------------------------------------------

    def _column(self, use: str, *, ask: bool = False) -> str | None:
        """The column for a use, said once if it was guessed."""
        for column in self.roles.get(use, ()):
            if column in self.taken and use not in self.given:
                continue
            if use == "title" and self.raw.frame[column].dtype.kind in "iuf":
                continue
            if ask:
                return column
            self.taken.add(column)
            if use not in self.said:
                self.said.add(use)
                self.raw.notes.say(f"guessed {use}: column {column!r}")
            return column
        return None

    def _sample(self, column: str) -> list[Any]:
        """Some values of a column that are not missing."""
        cells = self.raw.frame[column].dropna()
        if isinstance(cells.dtype, pd.CategoricalDtype):
            cells = cells.astype(object)
        found = []
        for cell in cells.head(5 * _SAMPLE):
            if isinstance(cell, str) and is_missing_text(cell):
                continue
            found.append(cell)
            if len(found) >= _SAMPLE:
                break
        return found

    # Dates ----------------------------------------------------------------------------------

    def _dates(self) -> Spans | None:
        column = self._date_column()
        parts = {use: self.roles[use][0] for use in ("year", "month", "day") if self.roles.get(use)}
        if column is None:
            if "year" not in parts:
                return None
            spans = self._composed(parts)
        else:
            self.taken.add(column)
            if "date" not in self.said:
                self.raw.notes.say(f"guessed date: column {column!r}")
            spans = self.checked.spans(column)
        end = self._end_column(column)
        return spans if end is None else self._until(spans, self.checked.spans(end), end)

    def _date_column(self) -> str | None:
        candidates = self.roles.get("date", [])
        if "date" in self.given:
            return candidates[0] if candidates else None
        parted = bool(self.roles.get("year")) and bool(self.roles.get("month"))
        months = [] if self.roles.get("year") else self.roles.get("month", [])
        for column in (*candidates, *months):  # a month may name its year
            good = self._readable(column, parted)
            if good:
                return column
        if parted or self.roles.get("year"):
            return None
        return candidates[0] if candidates else None

    def _readable(self, column: str, parted: bool) -> bool:
        """Whether most of a column reads as dates."""
        if pd.api.types.is_datetime64_any_dtype(self.raw.frame[column].dtype):
            return True
        sample = self._sample(column)
        if not sample:
            return not parted
        numbers = [cell for cell in sample if not isinstance(cell, (str, bytes))]
        if (
            parted
            and all(isinstance(cell, (int, float)) and cell < 32 for cell in numbers)
            and (numbers or all(str(cell).strip().isdigit() and int(cell) < 32 for cell in sample))
        ):
            return False  # a day of the month beside month and year
        found = read_dates(sample, date_order="dmy")
        return len(found.faults) <= 0.5 * len(sample)

    def _end_column(self, start: str | None) -> str | None:
        for column in self.roles.get("date_end", []):
            if column == start or column in self.taken:
                continue
            if "date_end" not in self.given:
                sample = self._sample(column)
                wrong = len(read_dates(sample, date_order="dmy").faults) if sample else 0
                if wrong > 0.5 * len(sample) or start is None:
                    continue
                self.raw.notes.say(f"guessed date_end: column {column!r}")
            self.taken.add(column)
            return column
        return None

    def _composed(self, parts: Mapping[str, str]) -> Spans:
        """Dates of a table that has year, month and day in columns of their own."""
        for use, column in parts.items():
            self.taken.add(column)
            if use not in self.said:
                self.raw.notes.say(f"guessed {use}: column {column!r}")
        if len(parts) == 1 or "month" not in parts:
            return self.checked.spans(parts["year"])
        cells = {use: self.checked.text(column) for use, column in parts.items()}
        texts = []
        for row in range(self.size):
            year, month, day = (str(cells[use][row]).strip() if use in cells else ""
                                for use in ("year", "month", "day"))  # fmt: skip
            month, day = (
                "" if is_missing_text(part) or part == "0" else part for part in (month, day)
            )
            if is_missing_text(year):
                texts.append("")
            elif month.isdigit():
                day = f"-{int(day):02d}" if day.isdigit() else f" {day}" if day else ""
                texts.append(f"{year}-{int(month):02d}{day}")
            else:
                texts.append(" ".join(part for part in (day, month, year) if part))
        name = "_date_of_parts"
        self.raw.frame[name] = pd.Series(texts, dtype=object)
        spans = self.checked.spans(name)
        self.raw.frame = self.raw.frame.drop(columns=name)
        self.checked.faults = {
            row: (parts["day"] if fault[0] == name and "day" in parts else
                  parts["month"] if fault[0] == name else fault[0], *fault[1:])
            for row, fault in self.checked.faults.items()
        }  # fmt: skip
        return spans

    def _until(self, first: Spans, last: Spans, column: str) -> Spans:
        both = (last.start != OPEN_START) & (first.start != OPEN_START)
        backward = both & (last.end <= first.start)
        self.checked.refuse(backward, column, "the event ends before it starts")
        both &= ~self.checked.bad
        end = np.where(both, last.end, first.end)
        longer = both & (end > first.start + 1)
        same = (first.text == last.text).to_numpy(dtype=bool)
        spelled = edtf_of_days(
            first.start, np.where(longer & (end != OPEN_END), end - 1, first.start)
        )
        kept = ~longer | same | (end == OPEN_END)
        open_end = (both & (end == OPEN_END)).astype(bool)
        text = first.text.where(kept, spelled)
        text = text.where(~open_end, first.text + "/..")
        return Spans(text, first.start, end)

    # Places ---------------------------------------------------------------------------------

    def _positions(self) -> tuple[Float | None, Float | None, Float | None]:
        """Longitude, latitude and covering radius; the geometry of a layer beats its attributes."""
        said = {"lon", "lat", "position", "geometry"} & self.given
        if self.raw.geometry is not None and not said and self._has_shapes():
            self.checked.from_geometry = True
            return self._of_shapes(self.raw.geometry)
        likely = [column for use in ("geometry", "position", "place") for column in self.roles[use]]
        for column in likely if not ({"lon", "position"} & self.given) else ():
            sample = [str(cell) for cell in self._sample(column)]
            written = sum(looks_like_geometry(cell) for cell in sample)
            named = "geometry" in self.given and column in self.roles["geometry"]
            if sample and (written > 0.5 * len(sample) or named):
                return self._of_texts(column)
        pair = self._position_column()
        two = bool(self.roles.get("lon") and self.roles.get("lat"))
        if pair is not None:
            if pair[1] or not two:
                return self._of_pairs(pair[0])
            self.taken.add(pair[0])  # the same in one cell: no name of a place
        if not (self.roles.get("lon") or self.roles.get("lat")):
            for column in (*self.roles["position"], *self.roles["geometry"]):
                if column in self.taken or not (sample := self._sample(column)):
                    continue
                if self._column("place", ask=True) is None:
                    return self._of_pairs(column)  # what is no position is refused
                self.raw.notes.say(
                    f"{column}: no positions that we can read (e.g. {str(sample[0])[:40]!r}), so "
                    "rows go by the name of the place"
                )
            self._grids()
        return self._of_columns()

    def _grids(self) -> None:
        """Positions in a grid can't be read, which is said; refused where nothing else places.

        Raises
        ------
        InputError
            If the table has no names of places either.
        """
        columns = [column for column in self.raw.frame.columns if folded(column) in _GRIDS]
        if not columns:
            return
        listed = ", ".join(map(repr, columns[:4]))
        advice = "positions in a grid are not read; make them longitude and latitude in degrees"
        if self._column("place", ask=True) is None:
            raise InputError(f"{self.raw.name}: {listed}: {advice}")
        self.raw.notes.say(f"{listed}: {advice}")

    def _has_shapes(self) -> bool:
        import shapely

        shapes = self.raw.geometry
        return shapes is not None and bool((shapely.get_num_coordinates(shapes) > 0).any())

    def _of_shapes(self, shapes: Any, column: str = "geometry") -> tuple[Float, Float, Float]:
        from atlas.events.shapes import cover

        lon, lat, reach = cover(shapes)
        self.checked.refuse(
            np.isinf(lon) | np.isinf(lat), column, "must be a geometry in degrees",
            ["geometry"] * self.size,
        )  # fmt: skip
        lon, lat = np.where(np.isinf(lon), np.nan, lon), np.where(np.isinf(lat), np.nan, lat)
        turned = (lon > 180) & (lon <= 360)
        lon = np.where(turned, lon - 360, lon)
        shown = [f"{x:g} {y:g}" for x, y in zip(lon, lat, strict=True)]
        far = (np.abs(lon) > 180) | (np.abs(lat) > 90)
        self.checked.refuse(far, column, "must be a geometry in degrees", shown)
        wide = int(np.isfinite(reach).sum())
        if wide:
            self.raw.notes.say(
                "positions: lines, polygons and sets of points became a middle and a radius "
                f"(rows: {wide})"
            )
        return lon, lat, reach

    def _of_texts(self, column: str) -> tuple[Float, Float, Float]:
        from atlas.events.shapes import in_degrees

        self.taken.add(column)
        if "geometry" not in self.said:
            self.raw.notes.say(f"guessed geometry: column {column!r}")
        code, levels = pd.factorize(self.checked.text(column))
        shapes = np.full(len(levels) + 1, None, dtype=object)
        systems = np.zeros(len(levels) + 1, dtype=np.int64)
        for at, level in enumerate(levels):
            cell = str(level).strip()
            if is_missing_text(cell):
                continue
            try:
                shapes[at], systems[at] = read_shape(cell)
            except ValueError as error:
                for row in np.flatnonzero(code == at):
                    self.checked.refuse_one(int(row), column, cell, str(error))
        for system in np.unique(systems[systems > 0]):
            rows = systems == system
            shapes[rows] = in_degrees(shapes[rows], f"EPSG:{system}", self.raw.name, self.raw.notes)
        return self._of_shapes(shapes[code], column)

    def _position_column(self) -> tuple[str, bool] | None:
        """A column that holds both coordinates, and whether its name says so."""
        given = "position" in self.given
        places = self.roles.get("place", []) if not given else []
        for column in [*self.roles.get("position", []), *places]:
            sample = self._sample(column)
            good = 0
            for cell in sample:
                try:
                    read_pair(_pair_text(cell))
                    good += 1
                except ValueError:
                    continue
            if (sample and good > 0.5 * len(sample)) or given:
                return column, given
        return None

    def _of_pairs(self, column: str) -> tuple[Float, Float, Float]:
        self.taken.add(column)
        if "position" not in self.said:
            self.raw.notes.say(f"guessed position: column {column!r}")
        cells = self.raw.frame[column]
        texts = [_pair_text(cell) for cell in (self.checked.text(column)
                 if isinstance(cells.dtype, pd.StringDtype) else cells)]  # fmt: skip
        code, levels = pd.factorize(np.asarray(texts, dtype=object))
        first, second, reach = (np.full(len(levels), np.nan) for _ in range(3))
        orders = [""] * len(levels)
        for at, level in enumerate(levels):
            if is_missing_text(str(level)):
                continue
            try:
                first[at], second[at], orders[at], reach[at] = read_pair(str(level))
            except ValueError as error:
                for row in np.flatnonzero(code == at):
                    self.checked.refuse_one(int(row), column, str(level), str(error))
        for at in range(len(levels)):
            if not orders[at] and np.isfinite(first[at]):
                orders[at] = _by_range(first[at], second[at])
        # One row beyond 90 degrees tells all of a column that is written in one way.
        ranged = {order for order in orders if order}
        settled = next(iter(ranged)) if len(ranged) == 1 else ""
        named = self._order_by_name(column)
        usual = "" if len(ranged) > 1 else settled or named
        if usual and not all(orders[at] or np.isnan(first[at]) for at in range(len(levels))):
            words = "latitude, longitude" if usual == "latlon" else "longitude, latitude"
            why = "as its name says" if usual == named and not settled else "as other rows show"
            self.raw.notes.say(f"{column}: read as {words}, {why}")
        final = [order or usual for order in orders]
        for at, order in enumerate(final):
            if not order and np.isfinite(first[at]):
                for row in np.flatnonzero(code == at):
                    self.checked.refuse_one(
                        int(row), column, str(levels[at]),
                        "can be latitude, longitude or the other way round; name the column "
                        "lat_lon or lon_lat, or give two columns",
                    )  # fmt: skip
        lat_first = np.array([order == "latlon" for order in final], dtype=bool)
        known = np.array([bool(order) for order in final], dtype=bool)
        x = np.where(known, np.where(lat_first, second, first), np.nan)
        y = np.where(known, np.where(lat_first, first, second), np.nan)
        lon, lat = np.append(x, np.nan)[code], np.append(y, np.nan)[code]
        self.checked.check_position(lon, lat, column, column)
        if np.isfinite(reach).any():
            self.raw.notes.say(f"{column}: read as latitude, longitude, height, accuracy in metres")
        return lon, lat, np.append(reach, np.nan)[code]

    def _order_by_name(self, column: str) -> str:
        name = folded(column)
        if any(part in name for part in _LAT_FIRST):
            return "latlon"
        if any(part in name for part in _LON_FIRST):
            return "lonlat"
        return ""

    def _of_columns(self) -> tuple[Float | None, Float | None, None]:
        lon, lat = self._column("lon", ask=True), self._column("lat", ask=True)
        if lon is None and lat is None:
            return None, None, None
        for one, other, column in (("lon", "lat", lon), ("lat", "lon", lat)):
            if column is not None and (lat if one == "lon" else lon) is None:
                if not self._sample(column):
                    return None, None, None  # a column with nothing in it is half of nothing
                raise InputError(
                    f"{self.raw.name}: {column!r} is the {one}, but which column is {other}? "
                    f"Name it, e.g. {other}=COLUMN"
                )
        lon, lat = self._column("lon"), self._column("lat")
        x, y = self.checked.coordinates(str(lon), str(lat))
        return x, y, None

    def _null_island(self, x: Float, y: Float, names: pd.Series) -> tuple[Float, Float]:
        """0, 0 lies in the sea off Africa; with the name of a place it means "not known"."""
        zero = (x == 0) & (y == 0) & (names.to_numpy(dtype=object) != "")
        if not zero.any():
            return x, y
        lines = self.raw.line_of_rows()
        first = ", ".join(str(lines[row]) for row in np.flatnonzero(zero)[:5])
        self.raw.notes.say(
            f"positions: 0, 0 beside a name was taken as missing in {int(zero.sum())} rows "
            f"({'index' if self.raw.index is not None else 'line'} {first})"
        )
        return np.where(zero, np.nan, x), np.where(zero, np.nan, y)

    def _radius(self, reach: Float | None, x: Float) -> Float:
        radius = np.full(self.size, np.nan)
        for use, scale in (("uncertainty_m", 1.0), ("uncertainty_km", 1000.0)):
            column = self._column(use)
            if column is not None:
                radius = self.checked.numbers(
                    column, low=0, what="a distance, 0 or more", scale=scale
                )
                break
        if reach is not None:
            radius = np.fmax(radius, reach)
        return np.where(
            radius > 0, radius, np.nan
        )  # 0 is no radius: forms write it for "not known"


def _by_range(first: float, second: float) -> str:
    if abs(first) > 90 and abs(second) <= 90:
        return "lonlat"
    return "latlon" if abs(second) > 90 and abs(first) <= 90 else ""


def _pair_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, (Sequence, np.ndarray)):
        return ", ".join(str(part) for part in cell)
    return "" if is_nothing(cell) else re.sub(r"[{}]", "", str(cell))
