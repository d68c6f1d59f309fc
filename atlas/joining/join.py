"""Events joined to a pack: who held the place on that day, who kept the peace, which route.

Events come in by the one door (`atlas.events.intake`), those with a name and no position are
located (`atlas.joining.locate`), and `atlas.joining.joiner` answers for points and days. No row is
dropped: rows in equal events plus rejects plus those left out by the caller's dates or box.

Columns added (named ``atlas_<name>`` where the user's table has a column of that name):

=================== ======= =====================================================================
column              type    meaning
=================== ======= =====================================================================
area_id             text    atomic area the point lies in; the lowest id on a shared border
controller          text    party that held it; several, in order of time, where it changed
control_type        text    de_facto, presence, contested, ... (one for each controller)
control_certainty   text    certain, probable, contested, unknown (one for each)
control_id          text    row of the control table (one for each)
claimed_by          text    parties that assert something else about that area on that day
candidate_areas     text    all areas that the coordinate's uncertainty reaches, if several
candidate_controllers text  who held those on the first day
mandate_zone_ids    text    polygons of deployed mandates around the point on that day
route_id            text    nearest road or railway within reach
route_km            float   kilometres along it from its first point
route_distance_m    float   metres to it
route_status        text    its state there and then; ``unknown`` where no episode speaks
place_id            text    nearest settlement within reach, or the place the name resolved to
place_distance_m    float   metres to it
line_distance_km    float   to the nearest line between the holder's land and another's on the first
                            day; positive on the ground of the first of `line_between`, negative
                            on the other's
line_between        text    the two holders that the line parts, by name: ``A|B``
join_status         text    see below
sources             text    sources of the control rows used
=================== ======= =====================================================================

Lists inside a cell are separated by ``|``. ``join_status`` holds one or more of: ``joined`` (one
answer), ``changed_within`` (the holder changed during the event's span: all are listed),
``near_line`` (the uncertainty crosses a border: candidates are listed), ``outside`` (of the
coverage), ``dateless``, ``no_record`` (no control row holds there and then), ``no_coordinates``,
``placed_by_name``, ``placed_by_likely_name``, ``ambiguous_name``, ``unresolved_name``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.html import card, pairs, rows
from atlas.events.intake import take
from atlas.events.model import Events, days
from atlas.events.options import ReadOptions
from atlas.events.ours import BLOCKS, mark, ours
from atlas.joining.joiner import COLUMNS, Joiner
from atlas.joining.locate import locate_events

if TYPE_CHECKING:
    import geopandas as gpd

    from atlas.gazetteer import Gazetteer
    from atlas.record.pack import Pack

__all__ = ["COLUMNS", "Joined", "Joiner", "join_events", "join_taken"]


@dataclass(frozen=True)
class Joined:
    """Events with their answers.

    Attributes
    ----------
    events : GeoDataFrame
        The user's columns verbatim, then ours: those of the events, of the look-up of names where
        there was one, and of `COLUMNS`; in the input's order (points, WGS 84, None where not
        located).
    rejects : DataFrame
        Rows that could not be read: line or index, column, found, reason, raw.
    doubtful : DataFrame
        Rows whose place name is likely, ambiguous or unresolved: ``row, name, status, candidates,
        why``. They are among `events` too; the ambiguous and unresolved without a position.
    notes : tuple of str
        What was assumed on the way.
    filtered : int
        Rows left out by the caller's dates or box.
    pack : str
        Id of the record; empty for none.
    """

    events: gpd.GeoDataFrame
    rejects: pd.DataFrame
    doubtful: pd.DataFrame
    notes: tuple[str, ...] = ()
    filtered: int = 0
    pack: str = ""
    lines: Any = field(default=None, repr=False)

    def column(self, name: str) -> pd.Series:
        """Our column of that name, whatever it is called beside the user's.

        Parameters
        ----------
        name : str
            Name of a column of ours.

        Returns
        -------
        Series

        Examples
        --------
        >>> a.join([{"where": "Shusha", "date": "2020-11-01"}]).column("controller").item()
        'NK'
        """
        return self.events[ours(self.events, (name,))[name]]

    @property
    def counts(self) -> dict[str, int]:
        """Number of events by join status, of rejects, and of doubtful names (among the events).

        Examples
        --------
        >>> a.join([{"where": "Shusha", "date": "2020-11-01"}]).counts["rejects"]
        0
        """
        status = self.column("join_status").astype(str)
        counts = {str(key): int(n) for key, n in status.value_counts().sort_index().items()}
        return {**counts, "rejects": len(self.rejects), "doubtful": len(self.doubtful)}

    def _repr_html_(self) -> str:
        """Answer in a notebook: who held the places of how many events, then the first rows."""
        held = self.column("controller").astype(str)
        told = [f"{who} {n:,}" for who, n in held[held != ""].value_counts().head(4).items()]
        shown = ["event_date", "place_name", "controller", "control_certainty", "join_status"]
        first = pd.DataFrame({name: self.column(name) for name in shown})
        return card(
            f"{len(self.events):,} events joined"
            + (f"; held by {', '.join(told)}" if told else ""),
            pairs({key: f"{number:,}" for key, number in self.counts.items()}),
            rows(first, {name: name.replace("_", " ") for name in shown}),
        )


def join_events(
    events: Any,
    pack: Pack | Joiner,
    *,
    options: ReadOptions | None = None,
    gazetteer: Gazetteer | Callable[[], Gazetteer] | None = None,
    routes: bool = True,
    mandates: bool = True,
    route_reach_m: float = 10_000.0,
    place_reach_m: float = 50_000.0,
    batch_size: int = 250_000,
    progress: Callable[[int], None] | None = None,
) -> Joined:
    """Say for every event who held the place on that day, and what lay around it.

    Parameters
    ----------
    events : Events, or whatever `atlas.events.read_events` takes
        A path, an open file, a frame, a list of dicts, another answer of ours.
    pack : Pack or Joiner
        The record to join to; a `Joiner` saves indexing it again.
    options : ReadOptions, optional
        How to read the events.
    gazetteer : Gazetteer, or a function that gives one; optional
        Locates events with a name and no position; without it they stay where they are: nowhere.
    routes, mandates : bool
        Whether to look for the nearest route and for mandates.
    route_reach_m, place_reach_m : float
        How far the nearest route or settlement may be, in metres.
    batch_size : int
        Rows worked on at a time.
    progress : callable, optional
        Called with the number of rows done since the last call.

    Returns
    -------
    Joined

    Raises
    ------
    InputError
        If there is nothing to be read as events.
    NotFoundError
        If there is no such file.

    Examples
    --------
    >>> from atlas.record.pack import read_pack
    >>> rows = [{"lon": 46.75, "lat": 39.76, "date": "3 Oct 2020"}]
    >>> join_events(rows, read_pack()).events["controller"].item()
    'NK'
    """
    taken = take(events, options or ReadOptions())
    joiner = (
        pack
        if isinstance(pack, Joiner)
        else Joiner.from_pack(pack, routes=routes, mandates=mandates)
    )
    return join_taken(
        taken,
        joiner,
        gazetteer=gazetteer,
        route_reach_m=route_reach_m,
        place_reach_m=place_reach_m,
        batch_size=batch_size,
        progress=progress,
    )


def join_taken(
    events: Events,
    joiner: Joiner,
    *,
    gazetteer: Gazetteer | Callable[[], Gazetteer] | None = None,
    route_reach_m: float = 10_000.0,
    place_reach_m: float = 50_000.0,
    batch_size: int = 250_000,
    progress: Callable[[int], None] | None = None,
) -> Joined:
    """Join events that were read; see `join_events`."""
    doubtful = pd.DataFrame(columns=["row", "name", "status", "candidates", "why"])
    if gazetteer is not None and needs_names(events):
        found = locate_events(events, gazetteer() if callable(gazetteer) else gazetteer)
        events, doubtful = found.events, found.doubtful
    frame = events.frame
    start, end = days(frame)
    located = _texts(frame, "locate_status")
    added = joiner.answers(
        _numbers(frame, "lon"),
        _numbers(frame, "lat"),
        start,
        end,
        _numbers(frame, "coordinate_uncertainty_m"),
        located=located,
        located_ids=None if located is None else _texts(frame, "locate_place_id"),
        route_reach_m=route_reach_m,
        place_reach_m=place_reach_m,
        batch_size=batch_size,
        progress=progress,
    )
    shadowed = [name for name in COLUMNS if name in frame.columns]
    named = {
        (f"atlas_{name}" if name in shadowed else name): cells for name, cells in added.items()
    }
    beside = pd.DataFrame(named, index=frame.index, copy=False)
    whole = mark(_beside(frame, beside), "join", detail=joiner.pack_id, own=shadowed)
    return Joined(
        whole,
        events.rejects,
        doubtful,
        events.notes,
        events.filtered,
        joiner.pack_id,
        events.lines,
    )


def needs_names(events: Events) -> bool:
    """Whether any row has to be located, by its name or by the id of a place."""
    if bool(events.unlocated.any()):
        return True
    return "place_id" in events.frame.columns and bool(events.column("lon").isna().any())


def _beside(frame: gpd.GeoDataFrame, more: pd.DataFrame) -> gpd.GeoDataFrame:
    import geopandas as gpd

    whole = pd.concat([frame, more], axis=1)
    return gpd.GeoDataFrame(whole, geometry=frame.geometry.name, crs=frame.crs, copy=False)


def _numbers(frame: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    column = frame[ours(frame, (name,))[name]]
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _texts(frame: pd.DataFrame, name: str) -> npt.NDArray[np.object_] | None:
    called = ours(frame, BLOCKS["locate"]).get(name)
    if called is None:
        return None
    cells = frame[called].astype(object)
    return np.asarray(cells.where(cells.notna(), "").astype(str).to_numpy(dtype=object))
