"""Which columns of a table are ours, so that every answer may come back in.

A table of ours carries one more column, ``atlas_made``: what made it, in words that survive every
container, e.g. ``events(own=event_date,lon,lat); join:my-pack``. ``own`` lists the columns
of the block that were the user's to begin with; all others of the block, plain or as
``atlas_<name>``, are ours, and are made anew when the table is read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

__all__ = [
    "BLOCKS",
    "EVENT_COLUMNS",
    "MADE",
    "Made",
    "made_by",
    "mark",
    "ours",
    "without_ours",
]

MADE = "atlas_made"

#: Our columns of events, in order.
EVENT_COLUMNS = (
    "event_id", "event_date", "start", "end", "lon", "lat", "coordinate_uncertainty_m",
    "event_type", "actor1", "actor2", "best", "low", "high", "place_name", "title",
    "source_dataset",
)  # fmt: skip

#: Columns that each sort of answer adds.
BLOCKS: dict[str, tuple[str, ...]] = {
    "events": EVENT_COLUMNS,
    "locate": ("locate_status", "locate_place_id", "locate_name", "locate_score", "locate_why"),
    "join": (
        "area_id", "controller", "control_type", "control_certainty", "control_id", "claimed_by",
        "candidate_areas", "candidate_controllers", "mandate_zone_ids", "route_id", "route_km",
        "route_distance_m", "route_status", "place_id", "place_distance_m", "line_distance_km",
        "line_between", "join_status", "sources",
    ),
}  # fmt: skip

_PART = re.compile(r"(?P<block>[a-z]+)(?::(?P<detail>[^;()]*))?(?:\((?P<options>[^;()]*)\))?")


@dataclass(frozen=True)
class Made:
    """What the column ``atlas_made`` says.

    Attributes
    ----------
    parts : mapping
        Block to its detail, e.g. the pack of a join.
    own : frozenset of str
        Columns of a block's names that are the user's.
    columns : mapping
        Use to column, where the user had to say it.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)


def made_by(frame: pd.DataFrame) -> Made:
    """Read ``atlas_made``; empty if the table is not ours.

    Examples
    --------
    >>> made_by(pd.DataFrame({"atlas_made": ["events(own=lon,lat); join:demo"]})).parts["join"]
    'demo'
    """
    if MADE not in frame.columns:
        return Made()
    cells = frame[MADE]
    if not len(cells) and isinstance(cells.dtype, pd.CategoricalDtype):
        texts = [str(text) for text in cells.cat.categories]
    else:
        texts = list(dict.fromkeys(str(text) for text in _few(cells)))[:20]
    parts: dict[str, str] = {}
    own: set[str] = set()
    columns: dict[str, str] = {}
    for text in texts:
        for part in text.split(";"):
            match = _PART.fullmatch(part.strip())
            if not match or match["block"] not in BLOCKS:
                continue
            parts[match["block"]] = match["detail"] or ""
            for option in (match["options"] or "").split(" "):
                name, _, value = option.partition("=")
                if name == "own":
                    own |= set(filter(None, value.split(",")))
                elif name == "columns":
                    columns |= dict(pair.split(":", 1) for pair in value.split(",") if ":" in pair)
    return Made(parts, frozenset(own), columns)


def _few(cells: pd.Series) -> Iterable[object]:
    """Different values of a column; of a column of anything, some of them."""
    known = cells.dropna()
    return list(known.head(5000) if cells.dtype == object else known.unique())


def mark(
    frame: pd.DataFrame,
    block: str,
    *,
    detail: str = "",
    own: Iterable[str] = (),
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Say in ``atlas_made`` that a block of columns was made; an older word on it is replaced.

    Parameters
    ----------
    frame : DataFrame
    block : str
        One of `BLOCKS`.
    detail : str
        E.g. the pack's id.
    own : iterable of str
        Columns of the block's names that are the user's.
    columns : mapping, optional
        Use to column, where the user had to say it.

    Returns
    -------
    DataFrame
        The same rows, ``atlas_made`` last.

    Examples
    --------
    >>> mark(pd.DataFrame({"x": [1]}), "join", detail="demo")["atlas_made"].item()
    'join:demo'
    """
    kept = [f"{name}:{text}" if text else name for name, text in made_by(frame).parts.items()]
    said: list[str] = []
    if MADE in frame.columns and len(frame):
        said = [part.strip() for part in str(frame[MADE].iloc[0]).split(";")]
    words = {part.split(":")[0].split("(")[0]: part for part in said if part} or {
        part.split(":")[0]: part for part in kept
    }
    options = []
    if own := [name for name in (*BLOCKS[block], "geometry") if name in set(own)]:
        options.append("own=" + ",".join(own))
    plain = {
        use: name for use, name in (columns or {}).items() if not re.search(r"[;():,= ]", name)
    }
    if plain:
        options.append("columns=" + ",".join(f"{use}:{name}" for use, name in plain.items()))
    clean = re.sub(r"[;()]", "", detail)
    words[block] = (
        block + (f":{clean}" if clean else "") + (f"({' '.join(options)})" if options else "")
    )
    value = "; ".join(words.values())
    rest = frame.drop(columns=MADE, errors="ignore")
    constant = pd.Categorical.from_codes(np.zeros(len(rest), dtype=np.int8), categories=[value])
    return rest.assign(**{MADE: pd.Series(constant, index=rest.index)})


def ours(frame: pd.DataFrame, names: Sequence[str] = EVENT_COLUMNS) -> dict[str, str]:
    """Which column of a table holds each of our names.

    Parameters
    ----------
    frame : DataFrame
        As `atlas.read_events` or a join gives it.
    names : sequence of str
        Names of ours.

    Returns
    -------
    dict of str to str
        ``atlas_<name>`` where the user's own table has a column ``<name>``, else ``<name>``; names
        that the table lacks are left out.

    Examples
    --------
    >>> ours(pd.DataFrame(columns=["lon", "lat", "atlas_lat"]))
    {'lon': 'lon', 'lat': 'atlas_lat'}
    """
    present = set(frame.columns)
    found = {}
    for name in names:
        if f"atlas_{name}" in present:
            found[name] = f"atlas_{name}"
        elif name in present:
            found[name] = name
    return found


def without_ours(frame: pd.DataFrame, made: Made | None = None) -> pd.DataFrame:
    """The user's own columns of a table that may be one of our answers."""
    known = made_by(frame) if made is None else made
    if not known.parts:
        return frame
    drop = {MADE}
    for block in known.parts:
        for name in BLOCKS[block]:
            if f"atlas_{name}" in frame.columns:
                drop.add(f"atlas_{name}")
            elif name not in known.own:
                drop.add(name)
    return frame.drop(columns=[name for name in frame.columns if name in drop])
