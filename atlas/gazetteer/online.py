"""Opt-in network: asking Nominatim on a miss.

It is not asked unless a caller wants it. What it answered once is kept in the user's cache folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from atlas.base.cache import cache_directory
from atlas.base.errors import InputError, MissingExtraError, NotFoundError
from atlas.base.folding import script_of
from atlas.base.output import write_text
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef

__all__ = ["Nominatim"]

ATTRIBUTION = "Nominatim, © OpenStreetMap contributors, ODbL"
_AGENT = "atlas-conflict-gazetteer/0.1"


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
                kept = json.loads(self._path.read_text(encoding="utf-8"))
            except (OSError, ValueError, RecursionError):
                kept = None
            # What is not as it was written is asked for again.
            known = kept.items() if isinstance(kept, dict) else ()
            self._known = {key: items for key, items in known if _readable(items) == items}
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
            cache[key] = _readable(self._ask(key))
            text = json.dumps(cache, ensure_ascii=False, sort_keys=True, indent=0)
            # A folder that can't be written only costs asking again.
            with suppress(OSError, InputError):
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


def _readable(items: Any) -> list[dict[str, Any]]:
    """Of what was answered, or kept, that which is a place on earth."""
    found = []
    for item in items if isinstance(items, list) else ():
        with suppress(KeyError, TypeError, ValueError, AttributeError, OverflowError):
            place = _candidate("", item).place
            if abs(place.lon) <= 180 and abs(place.lat) <= 90:
                found.append(item)
    return found


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
