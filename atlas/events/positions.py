"""Positions as text: decimal degrees, minutes and letters, pairs, WKT, WKB, GeoJSON."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NamedTuple

from atlas.events.values import plain_digits, read_number

__all__ = ["Angle", "Pair", "looks_like_geometry", "read_angle", "read_pair", "read_shape"]

_LONGEST = 200
#: Letters and words for the four sides of the world, without case.
_SIDES = {
    "n": "N", "s": "S", "e": "E", "w": "W", "north": "N", "south": "S", "east": "E", "west": "W",
    "с": "N", "ю": "S", "в": "E", "з": "W", "сш": "N", "юш": "S", "вд": "E", "зд": "W", "пнш": "N",
    "пдш": "S", "сд": "E", "северной": "N", "восточной": "E", "k": "N", "g": "S", "d": "E",
    "b": "W",
    "ش": "N", "شمال": "N", "ج": "S", "جنوب": "S", "ق": "E", "شرق": "E", "غ": "W", "غرب": "W",
    "norte": "N", "sur": "S", "este": "E", "oeste": "W", "nord": "N", "sud": "S", "est": "E",
    "ouest": "W", "ost": "E", "β": "N", "ν": "S", "α": "E", "δ": "W", "北": "N", "南": "S",
    "东": "E",
    "西": "W", "東": "E",
}  # fmt: skip
_DEGREE, _MINUTE, _SECOND = "°ºd˚o∘", "'′’‘ʹ´`m", '"″”“ʺs'
_ANGLE = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<deg>\d{{1,3}}(?:[.,]\d+)?)\s*(?:[{_DEGREE}]|deg\w*\.?|град\w*\.?)?\s*[:\s-]?\s*"
    rf"(?:(?P<min>\d{{1,2}}(?:[.,]\d+)?)\s*(?:[{_MINUTE}]|min\w*\.?)?\s*[:\s]?\s*"
    rf"(?:(?P<sec>\d{{1,2}}(?:[.,]\d+)?)\s*(?:''|[{_MINUTE}]{{2}}|[{_SECOND}]|sec\w*\.?)?)?)?",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\s*(?:degrees?|deg\b\.?|градус\w*|град\b\.?)", re.IGNORECASE)
_DMS = re.compile(r"(\d+)\s*d\s*(\d+)\s*m\s*([\d.]+)\s*s(?![a-z])", re.IGNORECASE)
# Latitude, longitude, height and accuracy, as forms on phones write them.
_FORM = re.compile(r"([-+]?\d+\.\d+) ([-+]?\d+\.\d+) [-+]?\d+(?:\.\d+)? (\d+(?:\.\d+)?)")
_HEX = re.compile(r"(?:0x|\\x)?(?:[0-9A-Fa-f]{2}){21,}")
_WKT = re.compile(
    r"(?:SRID=\d{3,6};\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)",
    re.IGNORECASE,
)


class Angle(NamedTuple):
    """Degrees, and the axis its letter names: 'lat', 'lon' or ''."""

    degrees: float
    axis: str


class Pair(NamedTuple):
    """Two numbers of one cell; ``order`` is 'latlon', 'lonlat', or '' where it is not said.

    ``radius`` is the accuracy that a form wrote behind them, in metres; nan where it wrote none.
    """

    first: float
    second: float
    order: str
    radius: float = math.nan


def read_angle(text: str) -> Angle:
    """Read one coordinate.

    Parameters
    ----------
    text : str
        ``46.75``, ``46,75``, ``46.75E``, ``39°49'04"N``, ``39 49 04 N``, ``N 39 49.07``,
        ``39:49:04``.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> read_angle("39°30'N")
    Angle(degrees=39.5, axis='lat')
    """
    clean = plain_digits(text)
    if not clean or len(clean) > _LONGEST:
        raise ValueError("must be degrees, e.g. 46.75 or 46°45'10\"E")
    try:
        return Angle(read_number(clean), "")
    except ValueError:
        pass
    clean = _DMS.sub("\\1°\\2′\\3″", _WORDS.sub("°", clean))
    side, core = _without_side(clean)
    match = _ANGLE.fullmatch(core)
    if not match:
        raise ValueError("must be degrees, e.g. 46.75 or 46°45'10\"E")
    degrees, minutes, seconds = (
        float((match[name] or "0").replace(",", ".")) for name in ("deg", "min", "sec")
    )
    if minutes >= 60 or seconds >= 60:
        raise ValueError("has minutes or seconds of 60 or more")
    if (match["min"] and degrees % 1) or (match["sec"] and minutes % 1):
        raise ValueError("must be degrees, e.g. 46.75 or 46°45'10\"E")
    value = degrees + minutes / 60 + seconds / 3600
    negative = match["sign"] == "-"
    if side in ("S", "W") or negative:
        value = -value
    return Angle(value, {"N": "lat", "S": "lat", "E": "lon", "W": "lon", "": ""}[side])


def _without_side(text: str) -> tuple[str, str]:
    """The letter of a side at the start or end, and the rest."""
    found = re.fullmatch(
        r"(?P<core>.*?[\d°ºd˚'′’\"″”.\s])\s*(?P<side>[^\W\d_][^\W\d_.\s]*\.?(?:\s?[^\W\d_]+\.?)?)",
        text,
    )
    if found:
        side = _SIDES.get(re.sub(r"[.\s]", "", found["side"]).casefold())
        if side:
            return side, found["core"].strip()
    found = re.fullmatch(r"(?P<side>[^\W\d_]+)\.?\s*(?P<core>[-+\d].*)", text)
    if found:
        side = _SIDES.get(found["side"].casefold())
        if side:
            return side, found["core"].strip()
    return "", text


def read_pair(text: str) -> Pair:
    """Read two coordinates of one cell, in the order they stand in.

    Parameters
    ----------
    text : str
        ``39.8, 46.7``, ``39,8; 46,7``, ``39.8 46.7``, ``(39.8, 46.7)``, ``39°49'N 46°45'E``,
        ``geo:39.8,46.7``, ``lat: 39.8, lon: 46.7``, ``39.8177 46.7528 1380.5 4.9`` (a phone's
        latitude, longitude, height and accuracy).

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> read_pair("39,8; 46,7")
    Pair(first=39.8, second=46.7, order='', radius=nan)
    >>> read_pair("46°45'E 39°49'N").order
    'lonlat'
    """
    clean = plain_digits(text)
    if not clean or len(clean) > _LONGEST:
        raise ValueError(_PAIR_REASON)
    geo = clean.casefold().startswith("geo:")
    if geo:
        clean = clean[4:].split(";", 1)[0].split("?", 1)[0]
    named = re.findall(
        r"(lat|lon|lng|широта|долгота)\w*\W*?[:=]\s*([-+]?\d[^,;a-zа-я]*)", clean, re.IGNORECASE
    )
    if len(named) == 2:
        axes = ["lat" if name.casefold() in ("lat", "широта") else "lon" for name, _ in named]
        if set(axes) == {"lat", "lon"}:
            first, second = (read_angle(value.strip(" '\"{}[]()")).degrees for _, value in named)
            return Pair(first, second, "latlon" if axes[0] == "lat" else "lonlat")
    if form := _FORM.fullmatch(clean):
        # Of a point that was set by hand a form says 0, which is no accuracy.
        return Pair(float(form[1]), float(form[2]), "latlon", float(form[3]) or math.nan)
    core = clean.strip("()[]{} ")
    for one, two in _halves(core):
        try:
            a, b = read_angle(one), read_angle(two)
        except ValueError:
            continue
        if a.axis and a.axis == b.axis:
            raise ValueError("names the same side of the world twice")
        order = "latlon" if geo else ""
        if a.axis == "lat" or b.axis == "lon":
            order = "latlon"
        elif a.axis == "lon" or b.axis == "lat":
            order = "lonlat"
        return Pair(a.degrees, b.degrees, order)
    raise ValueError(_PAIR_REASON)


_PAIR_REASON = "must be two coordinates in degrees, e.g. 39.8, 46.7"


def _halves(text: str) -> list[tuple[str, str]]:
    """Ways to cut a cell into two, the likeliest first."""
    for mark in (";", "|", "/"):
        if text.count(mark) == 1:
            one, two = text.split(mark)
            return [(one, two)]
    out: list[tuple[str, str]] = []
    spaced = [match.span() for match in re.finditer(r",\s+", text)]
    if len(spaced) == 1:
        ((begin, end),) = spaced
        out.append((text[:begin], text[end:]))
    if text.count(",") == 1:
        one, two = text.split(",")
        out.append((one, two))
    if text.count(",") == 3:  # decimal commas with a comma between
        parts = text.split(",")
        out.append((",".join(parts[:2]), ",".join(parts[2:])))
    letters = [match.end() for match in re.finditer(r"[^\W\d_]+\.?(?:\s?[^\W\d_]+\.)?", text)]
    for at in letters[:6]:
        out.append((text[:at], text[at:].lstrip(" ,")))
    starts = [match.start() for match in re.finditer(r"[^\W\d_]+", text)]
    for at in starts[1:6]:
        out.append((text[:at].rstrip(" ,"), text[at:]))
    parts = text.split(" ")
    if len(parts) == 2:
        out.append((parts[0], parts[1]))
    elif len(parts) in (4, 6, 8):
        half = len(parts) // 2
        out.append((" ".join(parts[:half]), " ".join(parts[half:])))
    return out


# --- geometries -----------------------------------------------------------------------------


def looks_like_geometry(text: str) -> bool:
    """Whether a cell is WKT, EWKT, WKB in figures, or GeoJSON."""
    clean = text.strip()
    return bool(
        _WKT.match(clean)
        or (clean[:1] == "{" and '"coordinates"' in clean[:100_000])
        or (len(clean) >= 42 and _HEX.fullmatch(clean))
    )


def read_shape(text: str) -> tuple[Any, int]:
    """Read a geometry written as text.

    Returns
    -------
    tuple of (geometry, int)
        The shape as written, and the EPSG code it names, 0 if none.

    Raises
    ------
    ValueError
        If it is none.
    """
    import shapely

    clean = text.strip()
    srid = 0
    try:
        if clean[:1] == "{":
            return shapely.geometry.shape(json.loads(clean)), 0
        if _HEX.fullmatch(clean):
            found = shapely.from_wkb(re.sub(r"^(0x|\\x)", "", clean))
            return found, int(shapely.get_srid(found))
        if match := re.match(r"SRID=(\d{3,6});\s*", clean, re.IGNORECASE):
            srid, clean = int(match[1]), clean[match.end() :]
        return shapely.from_wkt(clean), srid
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError,
            IndexError, RecursionError):  # fmt: skip
        raise ValueError("must be a geometry, e.g. POINT (46.75 39.82)") from None
