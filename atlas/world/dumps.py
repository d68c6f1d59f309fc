"""Full GeoNames dumps of a country, fetched on demand: they widen the world's index of names.

Nothing is fetched unless asked for. What was fetched once is kept in the user's cache folder, with
its SHA-256, and checked before it is used again.
"""

from __future__ import annotations

import hashlib
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from atlas.base.archives import opened_archive
from atlas.base.cache import cache_directory
from atlas.base.errors import InputError, NotFoundError
from atlas.base.output import write_text

__all__ = ["dump_rows", "fetch_geonames", "fetched_dumps"]

_DUMP = "https://download.geonames.org/export/dump/{code}.zip"
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

    Examples
    --------
    >>> fetch_geonames([])
    []
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
    except (OSError, ValueError):
        return False


def _unpack(data: bytes, code: str) -> str:
    import io

    try:
        with opened_archive(io.BytesIO(data), f"{code}.zip") as archive:
            text = archive.read(f"{code}.txt").decode("utf-8")
    except (InputError, UnicodeDecodeError) as error:
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

    Rows of features we have no kind for are left out, and such as hold no number where one belongs.
    """
    with path.open(encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) != _COLUMNS:
                continue
            feature = f"{cells[6]}.{cells[7]}"
            kind = next((word for pattern, word in _KINDS if pattern.fullmatch(feature)), None)
            if kind is None:
                continue
            try:
                number, people = int(cells[0]), int(cells[14] or 0)
                lon, lat = float(cells[5]), float(cells[4])
            except ValueError:
                continue
            if abs(lon) <= 180 and abs(lat) <= 90:
                names = [name for name in cells[3].split(",") if name]
                yield number, cells[1], names, kind, lon, lat, cells[8], people
