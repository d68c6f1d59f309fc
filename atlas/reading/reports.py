"""From many reports to one table of drafts that a person can judge.

What several reports tell alike is one row; what the record has already is said beside it. The
table is a plain CSV: a person writes ``accept`` or ``reject`` into ``verdict``, mends any other
cell, and `accept` takes it from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.base.errors import InputError
from atlas.base.folding import fold
from atlas.base.inputs import bytes_of
from atlas.base.timespan import parse_edtf
from atlas.gazetteer.core import Gazetteer
from atlas.gazetteer.evidence import distance_km
from atlas.gazetteer.model import PlaceRef
from atlas.reading.model import Draft, Reading
from atlas.reading.read import read_text
from atlas.reading.seeds import published_on_record, read_front_matter

if TYPE_CHECKING:
    import pandas as pd

    from atlas.record.pack import Pack

__all__ = ["DRAFT_COLUMNS", "Report", "drafts_of", "open_report", "open_reports", "titles"]

#: Columns of the table of drafts; titles in further languages of the pack follow.
DRAFT_COLUMNS = (
    "draft_id", "verdict", "event_date", "event_type", "place_id", "place_name", "lon", "lat",
    "coordinate_uncertainty_m", "actors", "reported", "planned", "background", "confidence",
    "in_record", "reports", "locator", "quote", "other_types", "dates", "other_place_ids",
    "title", "summary", "source_ids", "source_title", "source_publisher", "source_issued",
    "source_url", "source_affiliation", "source_kind", "source_reliability",
)  # fmt: skip
_SAME_KM = 5.0
_SAME_DAYS = 3  # two reports of one event may differ by so much
_QUOTED_WORDS = 12
_SUFFIXES = (".txt", ".md", ".text")
_LARGEST = 20_000_000  # bytes of one report


@dataclass(frozen=True)
class Report:
    """A text with what is known of its origin.

    Attributes
    ----------
    name : str
        What it is called: its file.
    text : str
        The text without its front matter.
    published : str
        ISO day; may be empty.
    origin : dict of str to str
        ``id, title, publisher, url, affiliation, kind, reliability`` as its front matter gives
        them.
    shift : int
        Where the text begins in the file, characters.
    """

    name: str
    text: str
    published: str = ""
    origin: dict[str, str] = field(default_factory=dict)
    shift: int = 0


def open_reports(paths: Iterable[str | Path], *, published: str = "") -> list[Report]:
    """Read text files, and those of folders.

    Parameters
    ----------
    paths : iterable of str or Path
        Files, or folders whose ``.txt`` and ``.md`` files are read, in order of their names.
    published : str
        Day of publication of those that do not say one, ISO.

    Returns
    -------
    list of Report

    Raises
    ------
    InputError
        If a file can't be read as UTF-8 text, or a folder has none.

    Examples
    --------
    >>> open_reports([])
    []
    """
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            files = sorted(item for item in path.iterdir() if item.suffix.lower() in _SUFFIXES)
            if not files:
                raise InputError(f"{path}: a folder without .txt or .md files")
        else:
            files = [path]
        found += [open_report(file, published=published) for file in files]
    return found


def open_report(path: Path, *, published: str = "") -> Report:
    """Read one text file, with the ``key: value`` lines between ``---`` at its head if it has any.

    Raises
    ------
    InputError
        If it can't be read, or is no UTF-8 text.
    """
    try:
        data = bytes_of(path, most=_LARGEST)
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    matter = read_front_matter(path)
    shift = 0
    if matter:
        end = re.compile(r"^---[ \t]*\r?\n?", re.MULTILINE).search(text, 4)
        shift = end.end() if end else 0
    day = matter.get("published", "") or published or published_on_record(text)
    return Report(path.name, text[shift:], day, matter, shift)


@dataclass
class _Row:
    draft: Draft
    place: PlaceRef | None
    reports: list[tuple[Report, Draft]]

    def alike(self, draft: Draft, place: PlaceRef | None) -> bool:
        """Whether another report's draft tells of the same event."""
        mine = self.draft
        if draft.planned != mine.planned or place is None or self.place is None:
            return False
        if not set(draft.types[:1]) & set(mine.types) and not set(mine.types[:1]) & set(
            draft.types
        ):
            return False
        near = distance_km(place.lon, place.lat, self.place.lon, self.place.lat) <= _SAME_KM
        return near and _same_time(draft.date, mine.date)


def drafts_of(
    reports: Sequence[Report], gazetteer: Gazetteer, pack: Pack | None = None
) -> tuple[pd.DataFrame, list[Reading]]:
    """Read reports into one table of drafts.

    Parameters
    ----------
    reports : sequence of Report
        The texts.
    gazetteer : Gazetteer
        Who knows the places.
    pack : Pack, optional
        The record that the drafts may have to do with.

    Returns
    -------
    drafts : pandas.DataFrame
        `DRAFT_COLUMNS`, a row an event, in the order of the reports; ``reports`` and ``locator``
        name every report that tells it, parted by ``|``; ``in_record`` holds ids of events of the
        pack that it may be.
    readings : list of Reading
        One a report.

    Examples
    --------
    >>> table, readings = drafts_of([], a.gazetteer)
    >>> len(table), readings
    (0, [])
    """
    import pandas as pd

    rows: list[_Row] = []
    readings = []
    for report in reports:
        reading = read_text(report.text, gazetteer, published=report.published)
        readings.append(reading)
        places = {m.place.id: m.place for m in reading.mentions if m.place is not None}
        for draft in reading.drafts:
            ids = (*draft.place_ids, *([draft.venue_id] if draft.venue_id else []))
            place = next((places[one] for one in ids if one in places), None)
            same = next((row for row in rows if row.alike(draft, place)), None)
            if same is None:
                rows.append(_Row(draft, place, [(report, draft)]))
            else:
                same.reports.append((report, draft))
                if draft.confidence > same.draft.confidence:
                    same.draft, same.place = draft, place
    languages = () if pack is None else tuple(tag for tag in pack.meta.languages if tag != "en")
    cells = [_cells(number, row, pack, languages) for number, row in enumerate(rows, 1)]
    columns = [*DRAFT_COLUMNS, *(f"title_{tag}" for tag in languages)]
    return pd.DataFrame(cells, columns=columns).fillna(""), readings


def _cells(number: int, row: _Row, pack: Pack | None, languages: Sequence[str]) -> dict[str, Any]:
    draft, place = row.draft, row.place
    sources = [_source(report) for report, _ in row.reports]
    kind = draft.event_type
    cells: dict[str, Any] = {
        "draft_id": f"d{number:04d}",
        "verdict": "",
        "event_date": draft.date,
        "event_type": kind,
        "place_id": place.id if place else "",
        "place_name": place.name if place else "",
        "lon": f"{place.lon:.5f}" if place else "",
        "lat": f"{place.lat:.5f}" if place else "",
        "coordinate_uncertainty_m": f"{place.precision_m:.0f}"
        if place and place.precision_m > 0
        else "",
        "actors": "; ".join(draft.actors),
        "reported": _yes(draft.reported),
        "planned": _yes(draft.planned),
        "background": _yes(draft.background),
        "confidence": f"{draft.confidence:.2f}",
        "in_record": "|".join(_in_record(draft, place, pack)),
        "reports": "|".join(dict.fromkeys(report.name for report, _ in row.reports)),
        "locator": "|".join(
            f"{report.name}:{one.start + report.shift}-{one.end + report.shift}"
            for report, one in row.reports
        ),
        "quote": _short(draft.text),
        "other_types": "|".join(draft.other_types),
        "dates": "|".join(draft.dates),
        "other_place_ids": "|".join(one for one in draft.place_ids if place and one != place.id),
        "source_ids": "|".join(dict.fromkeys(item["id"] for item in sources)),
    }
    by_id = {item["id"]: item for item in sources}
    for key in ("title", "publisher", "issued", "url", "affiliation", "kind", "reliability"):
        said = [item[key] for item in by_id.values()]
        cells[f"source_{key}"] = "|".join(said) if any(said) else ""
    name = place.name if place else ""
    for tag in ("en", *languages):
        local = name if tag == "en" else _name_in(place, tag, pack)
        cells[title_column(tag)] = f"{local}: {_label(kind, tag, pack)}" if local else ""
    cells["summary"] = _summary(row, name, pack)
    return cells


def title_column(tag: str) -> str:
    """Column of the title in a language."""
    return "title" if tag == "en" else f"title_{tag}"


def titles(place_id: str, kind: str, pack: Pack) -> dict[str, str]:
    """Titles of an event at a place of a pack, by column: what a draft without one is called."""
    english = _name_of(place_id, "en", pack)
    return {
        title_column(tag): f"{_name_of(place_id, tag, pack) or english}: {_label(kind, tag, pack)}"
        for tag in ("en", *(one for one in pack.meta.languages if one != "en"))
        if english
    }


def _label(kind: str, tag: str, pack: Pack | None) -> str:
    from atlas.words import spoken

    words = spoken(tag, folder=None if pack is None else pack.directory).words
    label = words.get(kind, kind.replace("_", " "))
    return label if isinstance(label, str) else str(next(iter(label.values())))


def _name_in(place: PlaceRef | None, tag: str, pack: Pack | None) -> str:
    """Name of a place in a language; the one it is listed under where it has none there."""
    if place is None:
        return ""
    if pack is None or place.source != "pack":
        return place.name
    return _name_of(place.id, tag, pack) or place.name


def _name_of(place_id: str, tag: str, pack: Pack) -> str:
    names = pack.names
    own = names[(names["place_id"] == place_id) & (names["lang"] == tag)]
    for status in ("official", "common"):
        chosen = own.loc[own["status"] == status, "name"]
        if len(chosen):
            return str(chosen.iloc[0])
    return ""


def _summary(row: _Row, name: str, pack: Pack | None) -> str:
    draft = row.draft
    several = len({report.name for report, _ in row.reports})
    told = f"{several} reports tell" if several > 1 else "One report tells"
    what = _label(draft.event_type, "en", pack)
    where = f" at {name}" if name else ""
    what = f"a plan of it ({what})" if draft.planned else what
    return f"{told} of {what}{where}{', as said by others' if draft.reported else ''}."


def _source(report: Report) -> dict[str, str]:
    origin = report.origin
    stem = Path(report.name).stem
    identity = origin.get("source_id") or origin.get("id") or _slug(stem)
    return {
        "id": identity,
        "title": origin.get("title") or f"[Report {stem}]",
        "publisher": origin.get("publisher", ""),
        "issued": report.published,
        "url": origin.get("url", ""),
        "affiliation": origin.get("affiliation", ""),
        "kind": origin.get("kind", ""),
        "reliability": origin.get("reliability", ""),
    }


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-") or "report"


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:_QUOTED_WORDS]) + (" ..." if len(words) > _QUOTED_WORDS else "")


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _same_time(one: str, other: str) -> bool:
    if not one or not other:
        return one == other
    first, second = parse_edtf(one), parse_edtf(other)
    return (
        abs(first.earliest - second.earliest) <= _SAME_DAYS
        and abs(first.latest - second.latest) <= _SAME_DAYS
    )


def _in_record(draft: Draft, place: PlaceRef | None, pack: Pack | None) -> list[str]:
    """Events of the record that a draft may be: near in place and time, of one of its types."""
    if pack is None or place is None or not draft.date:
        return []
    events = pack.events
    when = parse_edtf(draft.date)
    near = events[
        events["event_type"].isin(draft.types)
        & (events["start_day"] <= when.latest + _SAME_DAYS)
        & (events["end_day"] > when.earliest - _SAME_DAYS)
    ]
    found = []
    for identity, lon, lat in zip(near["id"], near["lon"], near["lat"], strict=True):
        if distance_km(place.lon, place.lat, float(lon), float(lat)) <= _SAME_KM:
            found.append(str(identity))
    return found[:5]
