"""Opt-in network: full GeoNames dumps of a country, and asking Nominatim on a miss.

Neither is used unless asked for. What was fetched or answered once is kept in the user's cache
folder, with its SHA-256, and checked before it is used again.
"""

from __future__ import annotations

import hashlib
import json
import re
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from atlas.errors import InputError, MissingExtraError, NotFoundError
from atlas.folding import script_of
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef
from atlas.gazetteer.world import cache_directory
from atlas.output import write_text

__all__ = ["Nominatim", "dump_rows", "fetch_geonames", "fetched_dumps"]

_DUMP = "https://download.geonames.org/export/dump/{code}.zip"
ATTRIBUTION = "Nominatim, © OpenStreetMap contributors, ODbL"
_AGENT = "atlas-conflict-gazetteer/0.1"
_COLUMNS = 19


def _get(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": _AGENT})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return bytes(answer.read())


def fetch_geonames(
    countries: Iterable[str],
    *,
    directory: Path | None = None,
    known: dict[str, str] | None = None,
    get: Callable[[str], bytes] = _get,
) -> list[Path]:
    """Download GeoNames' full country dumps (CC BY 4.0), which widen the world's index.

    Parameters
    ----------
    countries : iterable of str
        ISO 3166-1 alpha-2 codes.
    directory : Path, optional
        Cache folder.
    known : dict of str to str, optional
        SHA-256 that a country's dump must have. GeoNames publishes none and changes its dumps every
        day, so without it the first download is taken, its hash kept, and every later use checked.
    get : callable
        How an address is fetched.

    Returns
    -------
    list of Path
        The dumps, in the order asked.

    Raises
    ------
    InputError
        If a code is no country code, or a dump is not what it should be: a wrong hash, or no dump.
    NotFoundError
        If the server can't be reached or does not have it.
    """
    folder = (directory or cache_directory()) / "geonames"
    done = []
    for code in countries:
        if not re.fullmatch(r"[A-Za-z]{2}", code):
            raise InputError(f"{code!r} is no ISO 3166-1 alpha-2 country code, e.g. AZ")
        code = code.upper()
        path = folder / f"{code}.txt"
        if path.exists() and _intact(path):
            done.append(path)
            continue
        try:
            data = get(_DUMP.format(code=code))
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            raise NotFoundError(
                f"the GeoNames dump of {code} can't be fetched ({error}); try again with a "
                "network, or do without: the world's towns are known anyway"
            ) from None
        found = hashlib.sha256(data).hexdigest()
        wanted = (known or {}).get(code)
        if wanted and wanted != found:
            raise InputError(f"the dump of {code} has SHA-256 {found}, expected {wanted}; not kept")
        text = _unpack(data, code)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
        write_text(_sidecar(path), hashlib.sha256(text.encode()).hexdigest() + "\n")
        done.append(path)
    return done


def _sidecar(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _intact(path: Path) -> bool:
    try:
        stated = _sidecar(path).read_text().strip()
        return hashlib.sha256(path.read_bytes()).hexdigest() == stated
    except OSError:
        return False


def _unpack(data: bytes, code: str) -> str:
    import io

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            text = archive.read(f"{code}.txt").decode("utf-8")
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise InputError(f"what came for {code} is no GeoNames dump: {error}") from None
    first = text.split("\n", 1)[0].split("\t")
    if len(first) != _COLUMNS or not first[0].isdigit():
        raise InputError(f"the dump of {code} has {len(first)} columns, expected {_COLUMNS}")
    return text


def fetched_dumps(directory: Path | None = None) -> list[Path]:
    """Dumps fetched before and still intact, sorted."""
    folder = (directory or cache_directory()) / "geonames"
    return [path for path in sorted(folder.glob("??.txt")) if _intact(path)]


_KINDS = (
    (re.compile(r"P\.PPLX|P\.PPL.*"), "settlement"),
    (re.compile(r"A\.ADM1"), "province"),
    (re.compile(r"A\.ADM[234]"), "district"),
    (re.compile(r"H\.STM.*"), "river"),
    (re.compile(r"H\.(LK|RSV).*"), "lake"),
    (re.compile(r"T\.(MT|PK|HLL|RDGE).*"), "mountain"),
    (re.compile(r"T\.PASS"), "pass"),
    (re.compile(r"S\.AIR.*"), "airport"),
    (re.compile(r"S\.MSTY"), "monastery"),
    (re.compile(r"S\.BDG"), "bridge"),
)


def dump_rows(path: Path) -> Iterator[tuple[int, str, list[str], str, float, float, str, int]]:
    """Places of a dump: id, name, other names, kind, lon, lat (degrees), country, population.

    Rows of features we have no kind for are left out.
    """
    with path.open(encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) != _COLUMNS:
                continue
            feature = f"{cells[6]}.{cells[7]}"
            kind = next((word for pattern, word in _KINDS if pattern.fullmatch(feature)), None)
            if kind is not None:
                yield (
                    int(cells[0]),
                    cells[1],
                    [name for name in cells[3].split(",") if name],
                    kind,
                    float(cells[5]),
                    float(cells[4]),
                    cells[8],
                    int(cells[14] or 0),
                )


class Nominatim:
    """OpenStreetMap's geocoder, asked politely: one question a second, each only once.

    Parameters
    ----------
    ask : callable, optional
        Name -> list of raw answers; geopy's by default.
    directory : Path, optional
        Cache folder.

    Raises
    ------
    MissingExtraError
        If geopy is not installed.

    Notes
    -----
    Follows the usage policy of the public service: an identifying agent, at most one request a
    second, results cached, attribution shown. Not for bulk geocoding.
    """

    def __init__(
        self,
        *,
        ask: Callable[[str], list[dict[str, Any]]] | None = None,
        directory: Path | None = None,
    ) -> None:
        self._path = (directory or cache_directory()) / "nominatim.json"
        self._ask = ask or _geopy()
        self._known: dict[str, list[dict[str, Any]]] | None = None

    def _cache(self) -> dict[str, list[dict[str, Any]]]:
        if self._known is None:
            try:
                self._known = dict(json.loads(self._path.read_text(encoding="utf-8")))
            except (OSError, ValueError):
                self._known = {}
        return self._known

    def candidates(self, name: str) -> list[Candidate]:
        """Ask for a name.

        Raises
        ------
        NotFoundError
            If the service can't be reached.
        """
        cache, key = self._cache(), name.strip()
        if key not in cache:
            cache[key] = self._ask(key)
            text = json.dumps(cache, ensure_ascii=False, sort_keys=True, indent=0)
            # A folder that can't be written only costs asking again.
            with suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_text(self._path, text + "\n")
        return [_candidate(name, item) for item in cache[key]]


def _geopy() -> Callable[[str], list[dict[str, Any]]]:
    try:
        from geopy.exc import GeopyError
        from geopy.extra.rate_limiter import RateLimiter
        from geopy.geocoders import Nominatim as Service
    except ImportError:
        raise MissingExtraError("asking Nominatim", "online") from None
    geocode = RateLimiter(
        Service(user_agent=_AGENT).geocode, min_delay_seconds=1.0, swallow_exceptions=False
    )

    def ask(name: str) -> list[dict[str, Any]]:
        try:
            found = geocode(name, exactly_one=False, limit=5, addressdetails=True)
        except GeopyError as error:
            raise NotFoundError(f"Nominatim can't be asked about {name!r}: {error}") from None
        return [dict(item.raw) for item in found or []]

    return ask


def _candidate(name: str, item: dict[str, Any]) -> Candidate:
    address = item.get("address") or {}
    shown = str(item.get("display_name", name))
    place = PlaceRef(
        f"osm:{item.get('osm_type', '')}/{item.get('osm_id', '')}",
        shown.split(",")[0],
        "settlement" if item.get("class") in ("place", "boundary") else "site",
        float(item["lon"]),
        float(item["lat"]),
        float("nan"),
        str(address.get("country_code", "")).upper(),
        str(address.get("state", "")),
        float("nan"),
        "nominatim",
    )
    weight = float(item.get("importance") or 0.0)
    return Candidate(
        place,
        NameRecord(name, "", script_of(name)),
        "online",
        "",
        0.0,
        weight,
        (f"found online as {shown}", ATTRIBUTION),
    )
