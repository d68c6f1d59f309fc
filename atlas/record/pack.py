"""A conflict pack: a folder of plain files with cited facts, read into frames.

Which pack is meant by a name is `atlas.record.choose`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from atlas.base.crs import WGS84, area_km2
from atlas.base.dates import DateLike, day_of
from atlas.base.errors import Fault, InputError, PackError
from atlas.base.folding import readable
from atlas.base.timespan import (
    OPEN_END,
    OPEN_START,
    Span,
    boundary_day,
    format_day,
    parse_day,
    parse_edtf,
)
from atlas.record.choose import pack_directory
from atlas.record.compiled import Kept, hash_of, keep, recall, worth_keeping
from atlas.record.naming import Naming
from atlas.record.schema import BASEMAP, TABLES
from atlas.record.settings import is_box, is_tag, items
from atlas.record.tables import RawTable, leads_out, load_table, load_toml, split_list, toml_of
from atlas.words import word_faults

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.record.check import RawPack

__all__ = [
    "Pack",
    "PackMeta",
    "Party",
    "basemap_frame",
    "check_pack",
    "naming_of",
    "pack_directory",
    "parties_of",
    "read_pack",
    "relief_of",
    "split_list",
]

_RECORDED = "names control events zones mandates episodes chapters displacement casualties".split()


@dataclass(frozen=True, slots=True)
class Party:
    """A party to the conflict, or a body that acts in it.

    Attributes
    ----------
    id : str
        As used in the tables.
    name : mapping of str to str
        By language.
    iso : str
        ISO 3166-1 code of a state; empty for others.
    colour : str
        Fill on the map, ``#rrggbb``.
    pattern : str
        Hatch that tells it apart without colour: none, lines, back, cross, dots, grid.
    role : str
        'side' for those in dispute, else 'other'.
    """

    id: str
    name: Mapping[str, str]
    iso: str = ""
    colour: str = "#888888"
    pattern: str = "none"
    role: str = "other"

    def label(self, lang: str = "en") -> str:
        """Name in a language, else in English, else the id."""
        return self.name.get(lang) or self.name.get("en") or self.id


@dataclass(frozen=True, slots=True)
class PackMeta:
    """Settings of a pack, from pack.toml.

    Attributes
    ----------
    id, title, description : str, mapping of str to str
        Key; title and description by language.
    period : Span
        Days the record covers.
    bbox : tuple of float
        West, south, east, north of the map, degrees.
    parties : mapping of str to Party
        By id, in the file's order.
    languages : tuple of str
        BCP 47 tags that names and labels come in.
    sides : tuple of tuple of str
        Party ids of each side in dispute.
    worldviews : tuple of str
        Party ids whose claims can be shown on their own.
    start_date : str
        Day the map opens on.
    """

    id: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    period: Span
    bbox: tuple[float, float, float, float]
    parties: Mapping[str, Party]
    languages: tuple[str, ...]
    sides: tuple[tuple[str, ...], ...] = ()
    worldviews: tuple[str, ...] = ()
    start_date: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


_NO_META = PackMeta(
    id="",
    title={},
    description={},
    period=Span(OPEN_START, OPEN_END),
    bbox=(-180.0, -60.0, 180.0, 75.0),
    parties={},
    languages=("en",),
)


@dataclass(frozen=True)
class Pack:
    """A pack, checked and typed.

    Attributes
    ----------
    meta : PackMeta
        Settings.
    directory : Path
        Where it was read from.
    places, areas, zones, routes, events : GeoDataFrame
        WGS 84; columns as in `atlas.record.schema`.
    names, control, mandates, episodes, sources, chapters, judgements : DataFrame
        Columns as in `atlas.record.schema`.
    actors, displacement, casualties : DataFrame
        Columns as in `atlas.record.schema`.

    Notes
    -----
    Text cells are never missing ('' is empty), numbers are float64 with NaN. Tables with
    ``valid_from``/``valid_to`` carry int32 ``start_day``/``end_day`` (half-open), events those of
    their date; mandates carry four: ``authorised_start``, ``authorised_end``, ``deployed_start``,
    ``deployed_end`` (both ends equal where a mission never deployed).
    """

    meta: PackMeta
    directory: Path
    sources: pd.DataFrame
    places: gpd.GeoDataFrame
    names: pd.DataFrame
    areas: gpd.GeoDataFrame
    control: pd.DataFrame
    events: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    mandates: pd.DataFrame
    routes: gpd.GeoDataFrame
    episodes: pd.DataFrame
    chapters: pd.DataFrame
    judgements: pd.DataFrame
    actors: pd.DataFrame
    displacement: pd.DataFrame
    casualties: pd.DataFrame
    known_on_day: int | None = None

    @classmethod
    def empty(cls) -> Pack:
        """Give the pack of no conflict: every table is there and empty, the period is open.

        Whatever takes a pack takes this one: then there are the world's names and ground, and no
        record.

        Returns
        -------
        Pack

        Examples
        --------
        >>> pack = Pack.empty()
        >>> pack.id, len(pack.control), pack.meta.period.contains(0)
        ('', 0, True)
        """
        frames = {name: _frame(RawTable(table)) for name, table in TABLES.items()}
        return cls(meta=_NO_META, directory=Path(), **frames)

    @property
    def id(self) -> str:
        """Key of the pack; empty for no pack.

        Examples
        --------
        >>> a.pack.id
        'south-caucasus'
        """
        return self.meta.id

    @property
    def title(self) -> Mapping[str, str]:
        """Title by language.

        Examples
        --------
        >>> a.pack.title["en"] != ""
        True
        """
        return self.meta.title

    @cached_property
    def assessed(self) -> pd.DataFrame:
        """Control rows that are the atlas's own assessment: one an area and day.

        Examples
        --------
        >>> bool((a.pack.assessed["asserted_by"] == "").all())
        True
        """
        return self.control[self.control["asserted_by"] == ""]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Tell which assessed rows bring a change, and how each unbroken hold began and ended.

        By the index of `assessed`: `new` (bool), `since_day`, `until_day` (half-open) and `gained`,
        which says how the hold began.

        Examples
        --------
        >>> len(a.pack.runs) == len(a.pack.assessed)
        True
        """
        ordered = self.assessed.sort_values(["area_id", "start_day"], kind="stable")
        held = ordered[["area_id", "controller", "control_type"]]
        new = (held != held.shift()).any(axis=1)
        group = ordered.groupby(new.cumsum())
        bounds = {"since_day": group["start_day"].transform("min"),
                  "until_day": group["end_day"].transform("max"),
                  "gained": group["how"].transform("first")}  # fmt: skip
        return pd.DataFrame({"new": new, **bounds}).reindex(self.assessed.index)

    @cached_property
    def sizes(self) -> pd.Series:
        """Area of each atomic area by id, in km2 (equal-area projection).

        Examples
        --------
        >>> bool((a.pack.sizes > 0).all())
        True
        """
        return pd.Series(area_km2(self.areas.geometry.to_numpy()), index=self.areas["id"])

    @cached_property
    def naming(self) -> Naming:
        """What each place is called, on a day and in a language.

        Examples
        --------
        >>> "shusha" in a.pack.naming.english()
        True
        """
        return _naming(self.names, self.places, self.areas, self.meta.settings)

    @property
    def place_name(self) -> dict[str, str]:
        """A short English name for each place id, the sides' names together where they differ.

        Examples
        --------
        >>> "Shusha" in a.pack.place_name["shusha"]
        True
        """
        return self.naming.english()

    def names_on(self, day: int) -> dict[str, str]:
        """Give `place_name` as it was on a day: no name stands there before it was in use.

        Parameters
        ----------
        day : int
            Day number.

        Returns
        -------
        dict of str to str
            By id of the place.

        Examples
        --------
        >>> "shusha" in a.pack.names_on(18000)
        True
        """
        return self.naming.english(day)

    @property
    def last_recorded_day(self) -> int | None:
        """Day on which the latest event starts; None where the record has no events.

        Examples
        --------
        >>> a.pack.last_recorded_day > 19000
        True
        """
        return int(self.events["start_day"].max()) if len(self.events) else None

    def require_day(self, day: int) -> None:
        """Refuse a day on which the record says nothing.

        Days after the last event are not refused: the last state holds until another is on record.

        Parameters
        ----------
        day : int
            Day number.

        Raises
        ------
        InputError
            If the day lies before the record; the message says what it covers.

        Examples
        --------
        >>> a.pack.require_day(18000)
        """
        if day < self.meta.period.start:
            last = self.last_recorded_day
            until = f" to its last event, of {format_day(last)}" if last is not None else " on"
            raise InputError(
                f"{format_day(day)} lies before the record, which runs from "
                f"{format_day(self.meta.period.start)}{until}"
            )

    def known_on(self, day: DateLike) -> Pack:
        """Return the record as it was on record by a day.

        Parameters
        ----------
        day : str, date or other kind of day
            Of a longer date, its first day.

        Returns
        -------
        Pack
            Rows recorded later are left out; ends that lay in that day's future are open again;
            where the holder that followed was not yet on record, the last known one stays.

        Raises
        ------
        InputError
            If `day` is no date.

        Examples
        --------
        >>> len(a.pack.known_on("2010-01-01").events) < len(a.pack.events)
        True
        """
        limit = day_of(day)
        kept: dict[str, Any] = {}
        for name in _RECORDED:
            frame = getattr(self, name)
            if "recorded_on" in frame:
                # A row that does not say is taken as known from its first day.
                began = frame.get("start_day", limit)
                said = frame["recorded_on"].map(lambda text: parse_day(text) if text else np.nan)
                frame = frame[said.astype("float64").fillna(began) <= limit]
            if name == "control":
                frame = _last_known(frame, limit)
            elif "end_day" in frame and name != "events":
                frame = frame.assign(
                    end_day=frame["end_day"].where(frame["end_day"] <= limit, OPEN_END)
                )
            kept[name] = frame.reset_index(drop=True)
        return replace(self, known_on_day=limit, **kept)


def _last_known(control: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Close each assessed row at the next known one of its area, so that no day has none."""
    control = control[control["start_day"] <= limit].copy()
    ends = control["end_day"].where(control["end_day"] <= limit, OPEN_END).astype("int32")
    assessed = control[control["asserted_by"] == ""].sort_values(["area_id", "start_day"])
    following = assessed.groupby("area_id")["start_day"].shift(-1)
    ends.loc[assessed.index] = following.fillna(OPEN_END).astype("int64").astype("int32")
    starts = control["start_day"].copy()
    first = assessed.groupby("area_id").head(1).index
    starts.loc[first] = OPEN_START
    return control.assign(start_day=starts, end_day=ends)


def _load(directory: Path) -> RawPack:
    from atlas.record.check import RawPack

    settings, faults = load_toml(directory / "pack.toml")
    said = settings.get("languages")
    # Where the languages themselves are at fault, a column may be in any.
    fine = isinstance(said, list) and all(map(is_tag, said))
    languages = [str(tag) for tag in items(said)] if said and fine else None
    tables = {
        name: load_table(directory, table, languages=languages) for name, table in TABLES.items()
    }
    faults += [*word_faults(directory), *_relief_faults(directory, settings)]
    return RawPack(settings, tables, load_basemap(directory, languages), tuple(faults))


def load_basemap(directory: Path, languages: Sequence[str] | None = None) -> RawTable | None:
    """Read the ground that a pack brings; None where it brings none."""
    path = directory / BASEMAP.file
    if not path.exists() and not path.is_symlink():
        return None
    return load_table(directory, BASEMAP, languages=languages)


def basemap_frame(pack: Pack) -> gpd.GeoDataFrame | None:
    """Read the ground that a pack brings, as GeoJSON and nothing else.

    Parameters
    ----------
    pack : Pack
        The record.

    Returns
    -------
    GeoDataFrame or None
        Columns of :data:`atlas.record.schema.BASEMAP`, WGS 84; None where it brings none.

    Raises
    ------
    PackError
        If the file has faults of its own.
    """
    import geopandas as gpd

    # No pack has no folder either.
    raw = load_basemap(pack.directory, pack.meta.languages) if pack.id else None
    if raw is None:
        return None
    if raw.faults:
        raise PackError(str(pack.directory), raw.faults)
    frame = gpd.GeoDataFrame(
        pd.DataFrame(raw.rows, columns=raw.table.names), geometry=raw.geometries, crs=WGS84
    )
    return frame if len(frame) else None


_RELIEF = "relief.webp"
_RELIEF_MOST = 200_000  # bytes


def relief_of(pack: Pack) -> tuple[tuple[float, float, float, float], bytes] | None:
    """Read the shading of the land that a pack brings.

    Parameters
    ----------
    pack : Pack
        The record.

    Returns
    -------
    (box, bytes) or None
        West, south, east, north in degrees and a WebP picture, grey, in Web Mercator; None where
        the pack brings none.

    Raises
    ------
    InputError
        If the file is no WebP, too heavy for a page, a link, or `relief_box` is missing.
    """
    path = pack.directory / _RELIEF
    if not pack.id or not path.is_file():
        return None
    for fault in _relief_faults(pack.directory, pack.meta.settings):
        raise InputError(str(fault))
    west, south, east, north = (float(value) for value in pack.meta.settings["relief_box"])
    return (west, south, east, north), path.read_bytes()


def _relief_faults(directory: Path, settings: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the shading of the land and its box."""
    path, box = directory / _RELIEF, settings.get("relief_box")
    if not path.exists() and not path.is_symlink():
        if not is_box(box):
            return []
        expected = f"a picture {_RELIEF} that it is the box of"
        return [
            Fault("pack.toml", None, "relief_box", repr(box)[:60], expected, "missing-file",
                  f"Add {_RELIEF}, or leave relief_box out")
        ]  # fmt: skip
    if leads_out(path) or not path.is_file():
        return [
            Fault(_RELIEF, None, "", "a link out of the pack, or no plain file",
                  "a file of the pack itself", "link", "Copy the file into the folder")
        ]  # fmt: skip
    image = path.read_bytes()
    if len(image) > _RELIEF_MOST or image[:4] != b"RIFF" or image[8:12] != b"WEBP":
        expected = f"a WebP picture of at most {_RELIEF_MOST // 1000} kB"
        remedy = "Save it as WebP, smaller, or delete it"
        return [Fault(_RELIEF, None, "", f"{len(image)} bytes", expected, "picture", remedy)]
    if box is None:
        return [
            Fault("pack.toml", None, "relief_box", "no key relief_box", f"the box of {_RELIEF}",
                  "settings", f"Add relief_box = [west, south, east, north] of {_RELIEF}")
        ]  # fmt: skip
    return []


def check_pack(path_or_name: str | Path = "") -> list[Fault]:
    """Find every fault of a pack at once.

    Parameters
    ----------
    path_or_name : str or Path
        A folder, or the name of a shipped pack; empty is the one that opens by itself.

    Returns
    -------
    list of Fault
        Empty if the pack is sound.

    Raises
    ------
    NotFoundError
        If there is no such pack.
    """
    from atlas.record.check import find_faults

    return find_faults(_load(pack_directory(path_or_name)))


def read_pack(path_or_name: str | Path = "", *, known_on: DateLike | None = None) -> Pack:
    """Read a pack into frames.

    Parameters
    ----------
    path_or_name : str or Path
        A folder, or the name of a shipped pack; empty is the one that opens by itself.
    known_on : str, date or other kind of day, optional
        Give the record as it stood by then.

    Returns
    -------
    Pack

    Raises
    ------
    NotFoundError
        If there is no such pack.
    PackError
        If it has faults; all are listed.

    Examples
    --------
    >>> pack = read_pack()
    >>> len(pack.areas) > 0
    True
    """
    directory = pack_directory(path_or_name)
    key = hash_of(directory) if worth_keeping(directory) else ""
    kept = recall(key)
    if kept is None:
        settings, frames = _read(directory, str(path_or_name))
        if key and hash_of(directory) == key:  # nobody wrote to it meanwhile
            keep(key, Kept((directory / "pack.toml").read_bytes(), frames))
    else:
        settings = toml_of(kept.settings)
        frames = {name: _with_crs(frame) for name, frame in kept.frames.items()}
    pack = Pack(meta=_meta(settings), directory=directory, **frames)
    return pack if known_on is None else pack.known_on(known_on)


def _read(directory: Path, name: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Settings and typed tables of a pack, from its files."""
    from atlas.record.check import find_faults

    raw = _load(directory)
    faults = find_faults(raw)
    if faults:
        raise PackError(name, faults)
    frames = {name: _frame(table) for name, table in raw.tables.items()}
    frames["events"] = _placed(frames["events"], frames["places"])
    return raw.settings, frames


def _party_names(item: Mapping[str, Any]) -> dict[str, str]:
    """Names of a party by language; an id is no name, and is at least written as words."""
    key = str(item["id"])
    names = {
        field.removeprefix("name_"): str(value)
        for field, value in item.items()
        if field.startswith("name_") and value and str(value) != key
    }
    return names if "en" in names else {"en": readable(key)} | names


def naming_of(tables: Mapping[str, RawTable], settings: Mapping[str, Any]) -> Naming:
    """Give the names of the places of a pack as it stands in its files.

    Parameters
    ----------
    tables : mapping of str to RawTable
        At least `names`, `places` and `areas`.
    settings : mapping
        Of pack.toml.

    Raises
    ------
    InputError
        Or any other kind of ValueError, if a fault of the tables stands in the way.
    """
    names, places, areas = (_frame(tables[name]) for name in ("names", "places", "areas"))
    return _naming(names, places, areas, settings)


def _naming(names: Any, places: Any, areas: Any, settings: Mapping[str, Any]) -> Naming:
    sides = settings.get("sides", [])
    return Naming(
        names,
        places,
        areas,
        languages=tuple(settings.get("languages", ())),
        sides=tuple(tuple(side["parties"]) for side in sides),
        tongues=[str(side.get("lang", "")) for side in sides],
        states={key: party.iso for key, party in parties_of(settings).items()},
    )


def parties_of(settings: Mapping[str, Any]) -> dict[str, Party]:
    """Give the parties that the settings of a pack declare, by id; those that are none left out."""
    said = settings.get("parties")
    return {
        str(item["id"]): Party(
            id=str(item["id"]),
            name=_party_names(item),
            iso=str(item.get("iso", "")),
            colour=str(item.get("colour", "#888888")),
            pattern=str(item.get("pattern", "none")),
            role=str(item.get("role", "other")),
        )
        for item in (said if isinstance(said, list) else [])
        if isinstance(item, dict) and "id" in item
    }


def _meta(settings: Mapping[str, Any]) -> PackMeta:
    bbox = [float(value) for value in settings["bbox"]]
    return PackMeta(
        id=settings["id"],
        title=dict(settings["title"]),
        description=dict(settings.get("description", {})),
        period=Span(
            parse_day(str(settings["period_from"])),
            boundary_day(str(settings.get("period_to", "")), end=True),
        ),
        bbox=(bbox[0], bbox[1], bbox[2], bbox[3]),
        parties=parties_of(settings),
        languages=tuple(settings["languages"]),
        sides=tuple(tuple(side["parties"]) for side in settings.get("sides", [])),
        worldviews=tuple(settings.get("worldviews", [])),
        start_date=str(settings.get("start_date", settings["period_from"])),
        settings=settings,
    )


def _days(cells: pd.Series, *, end: bool) -> pd.Series:
    return cells.map(lambda text: boundary_day(text, end=end)).astype("int32")


def _frame(raw: RawTable) -> Any:
    """Turn a checked raw table into a typed frame, sorted by id."""
    data: dict[str, Any] = {}
    for column in raw.table.columns:
        cells = [row[column.name] for row in raw.rows]
        if column.kind in ("number", "integer"):
            data[column.name] = pd.Series(
                [float(cell) if cell else np.nan for cell in cells], dtype="float64"
            )
        elif column.kind == "flag":
            data[column.name] = pd.Series([cell == "true" for cell in cells], dtype=bool)
        else:
            data[column.name] = pd.Series(cells, dtype=object)
    frame = pd.DataFrame(data)
    if "valid_from" in frame:
        frame["start_day"] = _days(frame["valid_from"], end=False)
        frame["end_day"] = _days(frame["valid_to"], end=True)
    if raw.table.name == "events":
        spans = [parse_edtf(text).span for text in frame["event_date"]]
        frame["start_day"] = np.array([span.start for span in spans], dtype="int32")
        frame["end_day"] = np.array([span.end for span in spans], dtype="int32")
    if raw.table.name == "mandates":
        _mandate_days(frame)
    if raw.table.name == "places":
        return _points(frame)
    if raw.table.geometry:
        return _geo(frame, np.array(raw.geometries, dtype=object))
    if raw.table.name == "events":
        return _points(frame)
    return frame.sort_values("id", kind="stable").reset_index(drop=True)


def _placed(events: Any, places: Any) -> Any:
    """Give an event without coordinates of its own those of its place."""
    known = places.set_index("id")[["lon", "lat", "precision_m"]]
    own = known.reindex(events["place_id"].to_numpy()).reset_index(drop=True)
    bare = events["lon"].isna() | events["lat"].isna()
    moved = events.assign(
        lon=events["lon"].where(~bare, own["lon"]),
        lat=events["lat"].where(~bare, own["lat"]),
        coordinate_uncertainty_m=events["coordinate_uncertainty_m"].fillna(own["precision_m"]),
    )
    return _points(moved.drop(columns="geometry"))


def _mandate_days(frame: pd.DataFrame) -> None:
    for what in ("authorised", "deployed"):
        start = _days(frame[f"{what}_from"], end=False)
        end = _days(frame[f"{what}_to"], end=True)
        never = frame[f"{what}_from"] == ""
        frame[f"{what}_start"] = start.where(~never, OPEN_START).astype("int32")
        frame[f"{what}_end"] = end.where(~never, OPEN_START).astype("int32")
    # 'Deployed in November' under a text of the 10th does not say that they came before it.
    latest = [
        parse_edtf(text).latest if text not in ("", "..") else OPEN_START
        for text in frame["deployed_from"].str.strip()
    ]
    within = (frame["deployed_start"] < frame["authorised_start"]) & (
        frame["authorised_start"] <= np.array(latest, dtype=np.int64)
    )
    frame["deployed_start"] = frame["deployed_start"].mask(within, frame["authorised_start"])


def _points(frame: pd.DataFrame) -> Any:
    return _geo(frame, shapely.points(frame["lon"].to_numpy(), frame["lat"].to_numpy()))


def _with_crs(frame: pd.DataFrame) -> Any:
    """Give a table its geometry, where it has one."""
    if "geometry" not in frame:
        return frame
    import geopandas as gpd

    return gpd.GeoDataFrame(frame, geometry="geometry", crs=WGS84)


def _geo(frame: pd.DataFrame, geometry: Any) -> Any:
    import geopandas as gpd

    whole = gpd.GeoDataFrame(frame, geometry=geometry, crs=WGS84)
    return whole.sort_values("id", kind="stable").reset_index(drop=True)
