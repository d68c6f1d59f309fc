"""A point where a name was asked for: coordinates and geometries written as text."""

from __future__ import annotations

import math

from atlas.events.positions import looks_like_geometry, read_pair, read_shape
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef, Resolution

__all__ = ["resolve_point"]

_M_PER_DEGREE = 111_195.0


def resolve_point(text: str) -> Resolution | None:
    r"""Read what was asked as a position.

    Parameters
    ----------
    text : str
        Coordinates as `atlas.events.positions.read_pair` reads them, or a geometry in WKT, WKB or
        GeoJSON, in degrees (WGS 84).

    Returns
    -------
    Resolution or None
        The point, or the middle of a shape with the radius that covers it; None where the text is
        neither. Where nothing says which of two numbers is which, latitude comes first, as people
        write it, and the reason says so.

    Examples
    --------
    >>> found = resolve_point("39°49'04\"N 46°45'10\"E")
    >>> round(found.place.lat, 4), round(found.place.lon, 4)
    (39.8178, 46.7528)
    >>> resolve_point("Shusha") is None
    True
    """
    if not any(character.isdigit() for character in text):
        return None
    reach, said = math.nan, "coordinates as written"
    if looks_like_geometry(text):
        try:
            shape, srid = read_shape(text)
        except ValueError:
            return None
        if shape.is_empty or srid not in (0, 4326):
            return None
        west, south, east, north = shape.bounds
        lon, lat = (west + east) / 2, (south + north) / 2
        if (west, south) != (east, north):
            narrow = math.cos(math.radians(lat))
            reach = math.hypot((east - west) / 2 * narrow, (north - south) / 2) * _M_PER_DEGREE
            said = "the middle of the shape as written, with the radius that covers it"
    else:
        try:
            pair = read_pair(text)
        except ValueError:
            return None
        lat, lon = (
            (pair.first, pair.second) if pair.order != "lonlat" else (pair.second, pair.first)
        )
        if not pair.order:
            said = "coordinates as written, taken as latitude, longitude"
            if abs(lat) > 90 >= abs(lon):
                lat, lon = lon, lat
                said = "coordinates as written, taken as longitude, latitude: the first is over 90"
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        return Resolution(text, "unresolved", None, (), "coordinates that are not on the earth")
    place = PlaceRef(
        f"point:{lat:.5f},{lon:.5f}", text, "point", lon, lat, reach, "", "", math.nan, "given"
    )
    candidate = Candidate(place, NameRecord(text), "exact", "", 1.0, 0.0, (said,))
    return Resolution(text, "resolved", place, (candidate,), said, 1.0)
