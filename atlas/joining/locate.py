"""Events with the name of a place and no position: located by a gazetteer, the doubtful listed.

A name that one place answers to gives its point and its own radius, which the join then treats like
any other uncertainty. A name that may mean several places stays without a position: it is listed
with what it may mean, and keeps that status in every answer.

Columns written, beside our ``lon, lat, geometry`` and ``coordinate_uncertainty_m``:

================ ==================================================================================
locate_status    ``resolved``; ``likely``: one place stands out though the name is written as none
                 on record; ``ambiguous`` or ``unresolved``: no position; empty: nothing was asked,
                 since the row had a position or no name
locate_place_id  the place's id, in the record or the packaged index of the world
locate_name      what that place is called
locate_score     0 to 1
locate_why       the reason in words
================ ==================================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from atlas.base.html import card, rows
from atlas.base.notes import Notes
from atlas.base.timespan import OPEN_START, format_day
from atlas.events.headers import folded
from atlas.events.model import Events, days
from atlas.events.ours import BLOCKS, MADE, made_by, mark, ours

if TYPE_CHECKING:
    from atlas.gazetteer import Gazetteer, Resolution

__all__ = ["Located", "locate_events", "nobody_doubtful"]

_DOUBTFUL = ("row", "name", "status", "candidates", "why")
_LISTED = 5

# Headers of columns that say what a place lies in, from the smaller to the larger.
_INSIDE = (
    ("adm4", "admin4", "adm3", "admin3", "subdistrict", "community", "commune", "hromada"),
    ("adm2", "admin2", "district", "county", "raion", "rayon", "municipality", "municipio"),
    ("adm1", "admin1", "province", "governorate", "oblast", "state", "region", "departamento"),
    ("country", "countryname", "adm0", "admin0", "pais", "pays", "страна", "ulke"),
)


@dataclass(frozen=True)
class Located:
    """Events after their names of places were looked up.

    Attributes
    ----------
    events : Events
        The same rows; those located have a position, and all have the columns ``locate_*``.
    doubtful : DataFrame
        Rows whose name is likely, ambiguous or unresolved: ``row`` (line of the file, or label of
        the frame), ``name, status, candidates`` (ids, best first, ``|`` between), ``why``.
    notes : tuple of str
        What was assumed, by the reader and here.
    """

    events: Events
    doubtful: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by status of their name; those that were not asked for are left out.

        Examples
        --------
        >>> a.locate([{"where": "Shusha", "date": "2020-11-01"}]).counts
        {'resolved': 1}
        """
        name = ours(self.events.frame, ("locate_status",)).get("locate_status")
        if name is None:
            return {}
        status = self.events.frame[name].astype(str)
        return {
            str(key): int(n) for key, n in status[status != ""].value_counts().sort_index().items()
        }

    def _repr_html_(self) -> str:
        """Answer in a notebook: how many were located, and which are doubtful."""
        told = ", ".join(f"{n:,} {word}" for word, n in self.counts.items())
        return card(
            f"Names of places: {told or 'none to look up'}",
            rows(self.doubtful, {name: name for name in _DOUBTFUL}, title="Doubtful"),
        )


def nobody_doubtful() -> pd.DataFrame:
    """The table of doubtful rows, empty."""
    return pd.DataFrame(columns=list(_DOUBTFUL))


_BY_NAME = "rows without a position located by name"


def locate_events(events: Events, gazetteer: Gazetteer, *, tell: bool = True) -> Located:
    """Look up the places of events that have a name and no position.

    Parameters
    ----------
    events : Events
        As `atlas.events.read_events` gives them; their options may name a country, a place all
        names lie in, and a person's judgements.
    gazetteer : Gazetteer
        Who is asked.
    tell : bool
        Whether to say what was found; not where it only serves to choose a pack.

    Returns
    -------
    Located

    Raises
    ------
    InputError
        If the judgements are none.
    NotFoundError
        If there is no file of judgements.
    """
    notes = _Notes(tell)
    notes.adopt(events.notes)
    lines = np.asarray(
        events.lines if events.lines is not None else events.frame.index, dtype=object
    )
    names = np.where(events.unlocated, events.column("place_name").map(_text), "").astype(object)
    ids = _known_ids(events, gazetteer)
    wanted = np.flatnonzero((names != "") | (ids != ""))
    likely = _likely_before(events, lines)
    if not len(wanted):
        return Located(events, likely, notes.told)
    found = _answers(events, gazetteer, wanted, names, ids, notes)
    names = np.where(names == "", ids, names)[wanted]
    doubtful = _doubtful(lines[wanted], names, found)
    if len(likely):
        doubtful = pd.concat([likely, doubtful], ignore_index=True)
    placed = sum(answer.place is not None for answer in found)
    said = f"places: {placed:,} of {len(found):,} {_BY_NAME}"
    if len(doubtful):
        said += f"; {len(doubtful):,} doubtful, listed apart"
    # A second look at the same events, as a map takes at those it is given, tells nothing new.
    if placed or not any(_BY_NAME in note for note in events.notes):
        notes.say(said)
    frame = _written(events.frame, wanted, found)
    return Located(replace(events, frame=frame, notes=notes.told), doubtful, notes.told)


class _Notes(Notes):
    """Notes that may be kept to oneself."""

    def __init__(self, tell: bool) -> None:
        super().__init__()
        self._tell = tell

    def say(self, text: str) -> None:
        if self._tell:
            super().say(text)


def _known_ids(events: Events, gazetteer: Gazetteer) -> npt.NDArray[np.object_]:
    """Ids of the record's places that rows without a position give in a column ``place_id``."""
    out = np.full(len(events.frame), "", dtype=object)
    if "place_id" not in events.frame.columns:
        return out
    known = {place.id for place in gazetteer.places}
    bare = events.column("lon").isna().to_numpy()
    for row in np.flatnonzero(bare):
        text = _text(events.frame["place_id"].iloc[row])
        out[row] = text if text in known else ""
    return out


def _answers(
    events: Events,
    gazetteer: Gazetteer,
    wanted: npt.NDArray[np.intp],
    names: npt.NDArray[np.object_],
    ids: npt.NDArray[np.object_],
    notes: Notes,
) -> list[Resolution]:
    from atlas.gazetteer import Resolution

    by_name = wanted[ids[wanted] == ""]
    answers: dict[int, Resolution] = {
        int(row): Resolution(
            ids[row], "resolved", gazetteer.place(ids[row]), (), "given by its id", 1.0
        )
        for row in wanted[ids[wanted] != ""]
    }
    if len(by_name):
        found = gazetteer.resolve_column(
            list(names[by_name]),
            inside=_inside(events, by_name, notes),
            country=events.options.country,
            dates=_dates(events, by_name),
            judgements=_judgements(events.options.judgements),
        )
        answers |= dict(zip(by_name.tolist(), found, strict=True))
    return [answers[int(row)] for row in wanted]


def _inside(events: Events, wanted: npt.NDArray[np.intp], notes: Notes) -> list[str]:
    """What each row says its place lies in: the user's option, and columns that say it."""
    mine = set(ours(events.frame).values()) | {MADE}
    by_fold: dict[str, Any] = {}
    for column in events.frame.columns:
        if column not in mine:
            by_fold.setdefault(folded(column), column)
    chosen = [next((by_fold[word] for word in words if word in by_fold), None) for words in _INSIDE]
    said = {
        column: events.frame[column].iloc[wanted].astype(object).map(_text).tolist()
        for column in chosen
        if column is not None
    }
    # The column that the names themselves were read from says nothing of what they lie in.
    named = list(map(_text, events.column("place_name").iloc[wanted]))
    columns = [column for column, texts in said.items() if texts != named]
    cells = [said[column] for column in columns]
    cells.append([events.options.inside or ""] * len(wanted))
    if columns:
        listed = ", ".join(f"'{column}'" for column in columns)
        notes.say(f"places: looked for inside what {listed} says")
    return [", ".join(dict.fromkeys(filter(None, row))) for row in zip(*cells, strict=True)]


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _dates(events: Events, wanted: npt.NDArray[np.intp]) -> list[str | None]:
    start, _ = days(events.frame)
    return [None if day == OPEN_START else format_day(int(day)) for day in start[wanted]]


def _judgements(given: Any) -> pd.DataFrame | None:
    if given is None or isinstance(given, pd.DataFrame):
        return given
    from atlas.gazetteer.judgements import read_judgements

    return read_judgements(given)


def _doubtful(
    lines: npt.NDArray[np.object_], names: npt.NDArray[np.object_], found: Sequence[Resolution]
) -> pd.DataFrame:
    listed = [
        (
            line,
            name,
            answer.status,
            "|".join(item.place.id for item in answer.candidates[:_LISTED]),
            answer.why,
        )
        for line, name, answer in zip(lines, names, found, strict=True)
        if answer.status != "resolved"
    ]
    return pd.DataFrame(listed, columns=list(_DOUBTFUL))


def _likely_before(events: Events, lines: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Rows of an answer that came back in, which stand at a place that is only likely."""
    if "locate" not in made_by(events.frame).parts:
        return nobody_doubtful()
    cells = {
        name: events.frame[column].to_numpy(dtype=object)
        for name, column in ours(events.frame, BLOCKS["locate"]).items()
    }
    rest = np.flatnonzero(cells["locate_status"] == "likely")
    names = events.column("place_name").to_numpy(dtype=object)
    ids, why = cells["locate_place_id"], cells["locate_why"]
    listed = [(lines[row], names[row], "likely", ids[row], why[row]) for row in rest]
    return pd.DataFrame(listed, columns=list(_DOUBTFUL))


def _among(size: int, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    out = np.zeros(size, dtype=bool)
    out[rows] = True
    return out


def _written(frame: Any, wanted: npt.NDArray[np.intp], found: Sequence[Resolution]) -> Any:
    """The frame with what was found in our columns; a column of the user's is never filled."""
    placed = np.array([answer.place is not None for answer in found])
    at = wanted[placed]
    places = [answer.place for answer in found if answer.place is not None]
    values = {
        "lon": [place.lon for place in places],
        "lat": [place.lat for place in places],
        "coordinate_uncertainty_m": [place.precision_m for place in places],
    }
    own = set(made_by(frame).own)
    made: dict[str, Any] = {}
    called = ours(frame)
    for name, cells in values.items():
        column = frame[called[name]].to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        column[at] = cells
        # Where the user's own column serves as ours, ours parts from it now.
        made[f"atlas_{name}" if name in own else called[name]] = column
    size = len(frame)
    answers: dict[str, Any] = {
        "locate_status": np.full(size, "", dtype=object),
        "locate_place_id": np.full(size, "", dtype=object),
        "locate_name": np.full(size, "", dtype=object),
        "locate_score": np.full(size, np.nan),
        "locate_why": np.full(size, "", dtype=object),
    }
    for row, answer in zip(wanted, found, strict=True):
        place = answer.place
        answers["locate_status"][row] = answer.status
        answers["locate_place_id"][row] = place.id if place else ""
        answers["locate_name"][row] = place.name if place else ""
        answers["locate_score"][row] = round(answer.score, 3)
        answers["locate_why"][row] = answer.why
    known = ours(frame, BLOCKS["locate"]) if "locate" in made_by(frame).parts else {}
    shadowed = [name for name in BLOCKS["locate"] if name in frame.columns and name not in known]
    shadowed += [name for name, column in known.items() if column != name]
    for name, column in answers.items():
        if name in known:  # what was found before stays
            column = np.where(
                _among(size, wanted), column, frame[known[name]].to_numpy(column.dtype)
            )
        made[f"atlas_{name}" if name in shadowed else name] = column
    geometry = frame.geometry.to_numpy().copy()
    geometry[at] = shapely.points(values["lon"], values["lat"]) if len(at) else geometry[at]
    out = frame.assign(**made).set_geometry(
        type(frame.geometry)(geometry, index=frame.index, crs=frame.crs)
    )
    said = made_by(frame)
    left = said.own - set(values)
    out = mark(
        out,
        "events",
        detail=said.parts.get("events", ""),
        own=left,
        columns=said.columns,
    )
    return mark(out, "locate", own=shadowed)
