"""Rules on what a record rests on: its sources, and who is said to have acted.

A pack that asks for it (``[citation] strict = true`` in pack.toml) is held to all of them; that no
address stands under two keys, and that actors' names are those of their ids, holds for every pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from atlas.base.errors import Fault, InputError
from atlas.base.timespan import boundary_day, format_day, parse_edtf

if TYPE_CHECKING:
    from atlas.record.check import RawPack
    from atlas.record.tables import RawTable

__all__ = ["actor_faults", "citation_faults", "first_told", "seen", "supplied_title"]

_SEEN = ("search", "read")
_OWN_WORD = ("primary", "court", "mission")
_DATED = {
    "events": "event_date",
    "control": "valid_from",
    "episodes": "valid_from",
    "mandates": "authorised_from",
    "displacement": "valid_from",
    "casualties": "valid_from",
}
_AHEAD = 92  # days: what is announced for so soon may be told on that word, as probable
_FACTS = ("control", "events", "mandates", "episodes", "displacement", "casualties")


def seen(source: dict[str, str]) -> bool:
    """Tell whether somebody saw the document, or a page that carries it."""
    return source.get("verified", "") in _SEEN


def supplied_title(title: str) -> bool:
    """Tell whether a title is ours, as librarians mark it: in square brackets.

    Examples
    --------
    >>> supplied_title("[Report on the bridge]"), supplied_title("Bridge reopens")
    (True, False)
    """
    return title.startswith("[") and title.endswith("]")


def first_told(start: int, issued: Iterable[str]) -> str:
    """Return the day from which a fact could be known from its sources: ``recorded_on``.

    Parameters
    ----------
    start : int
        First day of the fact, in days since 1970-01-01.
    issued : iterable of str
        Dates of its sources, EDTF; of a month or a year its last day counts, none where empty.

    Returns
    -------
    str
        The earliest of these days that is not before `start`; `start` where all are, for what is
        only announced is known on its day; empty where no source bears a date.

    Examples
    --------
    >>> first_told(parse_edtf("2001-05-01").earliest, ["2000-12-31", "2001-06", "2003"])
    '2001-06-30'
    """
    days = [day for day in map(_end, issued) if day is not None]
    return format_day(min((day for day in days if day >= start), default=start)) if days else ""


def citation_faults(pack: RawPack) -> Iterator[Fault]:
    """Find rows that claim more than their sources bear, and sources cited twice or badly.

    Parameters
    ----------
    pack : RawPack
        The raw tables.

    Yields
    ------
    Fault
    """
    raw = pack.tables["sources"]
    if raw.incomplete:
        return  # what can't be read has been told
    yield from _one_address(raw)
    citation = pack.settings.get("citation")
    if not isinstance(citation, dict) or citation.get("strict") is not True:
        return
    yield from _looked_at(raw)
    sources = {row["id"]: row for row in raw.rows}
    sides = [set(side.get("parties", [])) for side in pack.sides()]
    for name, table in pack.tables.items():
        if {"certainty", "source_ids"} <= set(table.table.names):
            for line, row in table.records():
                cited = [sources[key] for key in row["source_ids"].split("|") if key in sources]
                if cited:
                    yield from _row_faults(name, table, line, row, cited, sides)


def _one_address(raw: RawTable) -> Iterator[Fault]:
    known: dict[str, str] = {}
    for number, row in raw.records():
        address = re.sub(r"^https?://(www\.)?", "", row["url"]).rstrip("/")
        if not address:
            continue
        if address in known:
            found = f"{row['id']} has the address of {known[address]}"
            yield Fault(
                raw.table.file, number, "url", found, "one entry a document", "duplicate-source"
            )
        known.setdefault(address, row["id"])


def _looked_at(raw: RawTable) -> Iterator[Fault]:
    for number, row in raw.records():
        if seen(row) and row["url"] and not (row["accessed"] or row["archive_url"]):
            found = f"{row['id']} without a day"
            expected = "the day on which it was looked at, or an archived copy"
            yield Fault(raw.table.file, number, "accessed", found, expected, "no-access-date")


def _row_faults(
    name: str,
    raw: RawTable,
    line: int,
    row: dict[str, str],
    cited: list[dict[str, str]],
    sides: list[set[str]],
) -> Iterator[Fault]:
    file = raw.table.file
    certain = row["certainty"] == "certain" and not row["asserted_by"]
    if certain and not any(seen(source) for source in cited):
        found = f"certain, on nothing that was seen: {', '.join(s['id'] for s in cited)}"
        yield Fault(file, line, "certainty", found, "probable at most", "unseen-source")
    elif certain and name == "events" and not _corroborated(cited, sides):
        found = f"certain, on {', '.join(s['id'] for s in cited)}"
        expected = "a second source, not of the same side, or the act's own text; else probable"
        yield Fault(file, line, "certainty", found, expected, "uncorroborated")
    if name in _FACTS and all(source["type"] == "dataset" for source in cited):
        found = f"only {', '.join(source['id'] for source in cited)}"
        expected = "a source that tells of it, not a gazetteer"
        yield Fault(file, line, "source_ids", found, expected, "gazetteer-source")
    start = _start(row[_DATED[name]]) if name in _DATED else None
    issued = [_end(source["issued"]) for source in cited]
    known = [day for day in issued if day is not None]
    if start is not None and known:
        first = first_told(start, (source["issued"] for source in cited))
        if row["recorded_on"] != first:
            found = row["recorded_on"] or "nothing"
            expected = f"{first}, when the first of its sources that can tell it was out"
            yield Fault(file, line, "recorded_on", found, expected, "recorded-on")
    if start is None or row["asserted_by"] or len(known) < len(cited):
        return
    if max(known) < start - (0 if certain else _AHEAD):
        found = f"begins {row[_DATED[name]]}, newest source of {max(s['issued'] for s in cited)}"
        expected = "a source not older than what it tells; one that announces it makes it probable"
        yield Fault(file, line, "source_ids", found, expected, "source-before-fact")


def _corroborated(cited: list[dict[str, str]], sides: list[set[str]]) -> bool:
    if any(seen(source) and source["kind"] in _OWN_WORD for source in cited):
        return True
    # A second source that nobody saw cannot lift what the others say beyond their side.
    affiliations = {source["affiliation"] for source in cited if seen(source)}
    return len(cited) > 1 and not any(affiliations <= side for side in sides)


def _start(cell: str) -> int | None:
    try:
        return boundary_day(cell, end=False) if cell not in ("", "..") else None
    except InputError:
        return None


def _end(cell: str) -> int | None:
    try:
        return parse_edtf(cell).latest if cell else None
    except InputError:
        return None


def actor_faults(pack: RawPack) -> Iterator[Fault]:
    """Find events whose actors are not coded, or named otherwise than their ids say.

    Parameters
    ----------
    pack : RawPack
        The raw tables; a pack without actors codes none.

    Yields
    ------
    Fault
    """
    actors, events = pack.tables["actors"], pack.tables["events"]
    if actors.incomplete or not actors.rows:
        return
    names = {row["id"]: row["name"] for row in actors.rows}
    for line, row in events.records():
        for column in ("actor1", "actor2"):
            keys = [key for key in row[f"{column}_ids"].split("|") if key]
            named = "; ".join(names.get(key, key) for key in keys)
            if row[column] != named and all(key in names for key in keys):
                found = repr(row[column])
                expected = repr(named) if keys else "ids of actors beside it"
                yield Fault(events.table.file, line, column, found, expected, "actor")
