"""From drafts that a person has judged to rows of a record.

A draft becomes an event only by a person's word: ``accept`` in its ``verdict``. It keeps its source
and where in it the words stand. What can't be written as it is comes back with the reason, and what
is written leaves the record without a fault.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.base.archives import opened_archive
from atlas.base.dates import read_date
from atlas.base.errors import AtlasError, InputError
from atlas.reading.reports import titles
from atlas.record.citations import first_told
from atlas.record.edit import add_rows, faults_of_rows
from atlas.record.pack import Pack, read_pack
from atlas.record.schema import EVENT_TYPES, SOURCE_KINDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Accepted", "accept_drafts", "read_drafts"]

_NEEDED = ("draft_id", "verdict", "event_date", "event_type", "place_id", "title", "source_ids")
_YES, _NO = (
    ("accept", "accepted", "yes", "y", "1", "true"),
    ("reject", "rejected", "no", "n", "0", "false"),
)
_LARGEST = 200 << 20  # bytes of a table, unpacked
_HEAD = 1 << 16  # letters of a first line, which holds names
_WIDTHS = ((1, 1), (6, 2), (13, 3), (31, 4))
_WHERE = {"district": 3, "province": 4, "region": 4, "republic": 4, "country": 6}


@dataclass(frozen=True)
class Accepted:
    """What became of drafts.

    Attributes
    ----------
    events : pandas.DataFrame
        Rows written to ``events.csv``.
    sources : tuple of str
        Ids of sources that are new in the record.
    rejects : pandas.DataFrame
        ``line, draft_id, reason`` of drafts that were accepted by the person and could not be
        written.
    left : int
        Drafts without a verdict.
    refused : int
        Drafts that the person rejected.
    files : tuple of Path
        Files written.
    """

    events: pd.DataFrame
    sources: tuple[str, ...]
    rejects: pd.DataFrame
    left: int
    refused: int
    files: tuple[Path, ...]


class _RejectError(Exception):
    """Why a draft can't be written."""


def read_drafts(path: str | Path) -> pd.DataFrame:
    """Read a table of drafts.

    Parameters
    ----------
    path : str or Path
        CSV or xlsx, as `drafts_of` gives it and a person has changed it.

    Returns
    -------
    pandas.DataFrame
        All cells as text.

    Raises
    ------
    InputError
        If it can't be read or lacks a column.

    Examples
    --------
    >>> read_drafts("drafts.csv")  # doctest: +SKIP
    """
    import pandas as pd

    path = Path(path)
    try:
        _bounded(path)
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            frame = pd.read_excel(path, dtype=str, keep_default_na=False)
        else:
            frame = pd.read_csv(
                path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=_separator(path),
                engine="python",
            )  # fmt: skip
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except InputError:
        raise
    except Exception as error:  # of a damaged workbook its reader raises whatever it stumbles on
        said = str(error).strip().split("\n", 1)[0][:200] or type(error).__name__
        raise InputError(f"{path}: not a table that can be read ({said})") from None
    missing = [name for name in _NEEDED if name not in frame.columns]
    if missing:
        raise InputError(
            f"{path}: no column {missing[0]!r}; give a table that `atlas read -o` wrote"
        )
    return frame


def _separator(path: Path) -> str:
    """What parts the names in the first line: a spreadsheet may have chosen another than ours."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        head = stream.readline(_HEAD)
    return max(",;\t|", key=lambda mark: len(set(_NEEDED) & set(_names(head, mark))))


def _names(head: str, mark: str) -> list[str]:
    return [name.strip().strip('"') for name in head.split(mark)]


def _bounded(path: Path) -> None:
    """Refuse a table that is, or would unpack to, more than people judge."""
    size = path.stat().st_size
    if path.is_file() and zipfile.is_zipfile(path):
        with opened_archive(path, str(path), most=_LARGEST):
            pass
    if not path.is_file() or size > _LARGEST:
        raise InputError(f"{path}: no table of drafts, or one of over {_LARGEST >> 20} MB; cut it")


def accept_drafts(
    drafts: pd.DataFrame, into: str | Path, *, affiliation: str = "", dry_run: bool = False
) -> Accepted:
    """Write accepted drafts into a record.

    Parameters
    ----------
    drafts : pandas.DataFrame
        As `drafts_of` gives it, with verdicts.
    into : str or Path
        Folder of the pack, or name of a shipped one.
    affiliation : str
        Party id or ``neutral``: whose the new sources are that do not say so themselves.
    dry_run : bool
        Whether to write nothing and only say what would be.

    Returns
    -------
    Accepted

    Raises
    ------
    InputError
        If a verdict is none.
    NotFoundError
        If there is no such pack.
    PackError
        If the pack has faults as it stands.

    Examples
    --------
    >>> from atlas.reading import accept_drafts, read_drafts  # after a person has judged
    >>> accept_drafts(read_drafts("drafts.csv"), "my-pack")  # doctest: +SKIP
    """
    import pandas as pd

    pack = read_pack(into)
    verdicts = [_verdict(cell, line) for line, cell in enumerate(drafts["verdict"], 2)]
    rows: list[tuple[int, str, dict[str, str]]] = []
    sources: dict[str, dict[str, Any]] = {}
    rejects: list[tuple[int, str, str]] = []
    ids = _new_ids(pack)
    known = set(pack.sources["id"])
    for line, (verdict, draft) in enumerate(
        zip(verdicts, drafts.to_dict("records"), strict=True), 2
    ):
        if not verdict:
            continue
        draft = {str(key): _text(value) for key, value in draft.items()}
        try:
            new = _sources(draft, known, affiliation)
            row = {"id": ""} | _event(draft, pack)
        except _RejectError as error:
            rejects.append((line, draft["draft_id"], str(error)))
            continue
        row["id"] = next(ids)
        sources |= {item["id"]: item for item in new}
        rows.append((line, draft["draft_id"], row))
    rows, rejects = _sound(into, rows, sources, rejects)
    cited = {key for _, _, row in rows for key in row["source_ids"].split("|")}
    new_sources = [item for key, item in sources.items() if key in cited]
    files: list[Path] = []
    if rows and not dry_run:
        files = add_rows(into, {"events": [row for *_, row in rows]}, sources=new_sources)
    return Accepted(
        pd.DataFrame([row for *_, row in rows]),
        tuple(item["id"] for item in new_sources),
        pd.DataFrame(sorted(rejects), columns=["line", "draft_id", "reason"]),
        sum(verdict is None for verdict in verdicts),
        sum(verdict is False for verdict in verdicts),
        tuple(files),
    )


def _verdict(cell: Any, line: int) -> bool | None:
    said = _text(cell).casefold()
    if not said:
        return None
    if said in _YES or said in _NO:
        return said in _YES
    raise InputError(
        f"line {line} [verdict]: found {_text(cell)!r}; write accept or reject, or leave it empty"
    )


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _new_ids(pack: Pack) -> Any:
    """Ids that go on where those of the record end: e1234 after e1233."""
    numbered = [re.fullmatch(r"([a-z_-]*)(\d+)", str(key)) for key in pack.events["id"]]
    found = [match for match in numbered if match]
    prefix = found[-1][1] if found else "e"
    width = len(found[-1][2]) if found else 4
    number = max((int(match[2]) for match in found if match[1] == prefix), default=0)
    taken = set(pack.events["id"])
    while True:
        number += 1
        identity = f"{prefix}{number:0{width}d}"
        if identity not in taken:
            yield identity


def _event(draft: dict[str, str], pack: Pack) -> dict[str, str]:
    """The row of a draft, or the reason why it can't be one."""
    if draft["event_type"] not in EVENT_TYPES:
        raise _RejectError(
            f"{draft['event_type']!r} is no type of event; one of {', '.join(EVENT_TYPES)}"
        )
    if not draft["event_date"]:
        raise _RejectError("no event_date: write the day, or as much of it as is known")
    try:
        when = read_date(draft["event_date"])
    except AtlasError as error:
        raise _RejectError(str(error)) from None
    if draft.get("planned"):
        raise _RejectError(
            "it is still to come (planned); empty that cell once a source says that it happened"
        )
    places = pack.places.set_index("id")
    if draft["place_id"] not in places.index:
        said = draft["place_id"] or "nothing"
        raise _RejectError(
            f"place_id is {said}, no place of the pack: add the place, or name the one it is in"
        )
    # A place that the person has put in has no title of ours yet.
    for column, title in titles(draft["place_id"], draft["event_type"], pack).items():
        draft[column] = draft.get(column) or title
    if not draft["title"]:
        raise _RejectError("no title")
    place = places.loc[draft["place_id"]]
    columns = set(pack.events.columns)
    row = {
        "event_date": when.text,
        "date_prec": str(next((prec for days, prec in _WIDTHS if _days(when) <= days), 5)),
        "where_prec": str(_WHERE.get(str(place["kind"]), 1)),
        "event_type": draft["event_type"],
        "place_id": draft["place_id"],
        "verification": "claimed" if draft.get("reported") else "",
        "title": draft["title"],
        "summary": draft.get("summary") or draft["title"],
        "certainty": draft.get("certainty") or "probable",
        "source_ids": draft["source_ids"],
        "recorded_on": first_told(when.earliest, draft.get("source_issued", "").split("|")),
        "note": _locator(draft),
    }
    row |= {
        name: value
        for name, value in draft.items()
        if re.fullmatch(r"(title|summary)_[A-Za-z-]+", name) and value and name in columns
    }
    return row


def _days(when: Any) -> int:
    return int(when.latest - when.earliest + 1)


def _locator(draft: dict[str, str]) -> str:
    """Where in the sources it is said, and how that passage begins."""
    where = "; ".join(
        f"characters {span.rpartition(':')[2]} of {span.rpartition(':')[0]}"
        for span in draft.get("locator", "").split("|")
        if span
    )
    quote = draft.get("quote", "").replace("“", "'").replace("”", "'")
    return f"{where[:1].upper()}{where[1:]}: “{quote}”." if where and quote else where


def _sources(draft: dict[str, str], known: set[str], affiliation: str) -> list[dict[str, Any]]:
    """Sources of a draft that the record does not have yet, as CSL-JSON items."""
    ids = [key for key in draft["source_ids"].split("|") if key]
    if not ids:
        raise _RejectError("no source_ids: an event needs a source that says so")
    keys = ("title", "publisher", "issued", "url", "affiliation", "kind", "reliability")
    cells = {key: _each(draft.get(f"source_{key}", ""), len(ids)) for key in keys}
    found = []
    for number, identity in enumerate(ids):
        if identity in known:
            continue
        if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", identity):
            raise _RejectError(f"source id {identity!r}: use small letters, digits, - and _")
        whose = cells["affiliation"][number] or affiliation
        if not whose:
            raise _RejectError(
                f"source {identity}: no source_affiliation; write the party it belongs to, or "
                "neutral"
            )
        kind = cells["kind"][number] or "press"
        if kind not in SOURCE_KINDS:
            raise _RejectError(
                f"source {identity}: kind {kind!r} is none of {', '.join(SOURCE_KINDS)}"
            )
        item: dict[str, Any] = {
            "id": identity,
            "type": "article-newspaper" if kind == "press" else "report",
            "title": cells["title"][number] or f"[Report {identity}]",
            "custom": {"affiliation": whose, "kind": kind, "verified": "read"},
        }
        if cells["reliability"][number]:
            item["custom"]["reliability"] = cells["reliability"][number]
        if cells["publisher"][number]:
            item["publisher"] = cells["publisher"][number]
        if cells["url"][number]:
            item["URL"] = cells["url"][number]
            # It was read as a file; nobody says when the address was looked at.
            item["custom"]["verified"] = "reference"
        issued = cells["issued"][number]
        if re.fullmatch(r"\d{4}(-\d\d){0,2}", issued):
            item["issued"] = {"date-parts": [[int(part) for part in issued.split("-")]]}
        found.append(item)
    return found


def _each(cell: str, count: int) -> list[str]:
    """One value a source: as many as stand there, or the one for all."""
    parts = cell.split("|")
    return parts if len(parts) == count else [cell if len(parts) == 1 else ""] * count


def _sound(
    into: str | Path,
    rows: list[tuple[int, str, dict[str, str]]],
    sources: dict[str, dict[str, Any]],
    rejects: Sequence[tuple[int, str, str]],
) -> tuple[list[tuple[int, str, dict[str, str]]], list[tuple[int, str, str]]]:
    """Part the rows that leave the record sound from those that would not."""
    left = list(rejects)
    while rows:
        cited = {key for _, _, row in rows for key in row["source_ids"].split("|")}
        faults = faults_of_rows(
            into,
            {"events": [row for *_, row in rows]},
            sources=[item for key, item in sources.items() if key in cited],
        )
        if not faults:
            break
        wrong = {}
        for line, name, row in rows:
            keys = {row["id"], *(key for key in row["source_ids"].split("|") if key in sources)}
            said = [fault for key in keys for fault in faults.get(key, ())]
            if said:
                wrong[row["id"]] = (line, name, "; ".join(map(str, said[:3])))
        if not wrong:  # no single row's fault: none can be written
            text = "; ".join(str(fault) for several in faults.values() for fault in several[:1])
            wrong = {row["id"]: (line, name, text) for line, name, row in rows}
        left += wrong.values()
        rows = [item for item in rows if item[2]["id"] not in wrong]
    return rows, left
