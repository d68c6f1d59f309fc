"""Sets of a user's own events beside those of the record: each with its name, colours and popup.

All sets travel as one `EventColumns`, so that every rendering treats them alike; the text columns
``set``, ``shade`` and ``more`` say which set a row is of, its class of colour, and what else of the
user's own columns its popup tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.errors import InputError
from atlas.events.raw import whole_text
from atlas.layers.events import event_columns
from atlas.layers.specs import Category, EventColumns, OwnSet

__all__ = ["OWN", "QUALITATIVE", "merged", "named_sets", "own_sets"]

OWN = "own"
"""Name of a set that was given without one; a rendering calls it in its own language."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Told apart by eye and by the colour-blind: after Okabe and Ito; then in order of size.
QUALITATIVE = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56489c", "#3d7a8c", "#7a4b2a",
)  # fmt: skip
_OTHER = "#7a7a7a"
_RAMP = ("#c6dbef", "#6baed6", "#3182bd", "#08519c", "#08264f")
_LEVELS = len(_RAMP)


def named_sets(events: Any) -> dict[str, Any]:
    """Give a user's sets by name, also where one was given without a name.

    Parameters
    ----------
    events : events, mapping of str to events, or None
        As `atlas.Atlas.map` takes them.

    Returns
    -------
    dict of str to events

    Examples
    --------
    >>> named_sets(None), list(named_sets({"Mine": []}))
    ({}, ['Mine'])
    """
    if events is None:
        return {}
    if not isinstance(events, Mapping):
        return {OWN: events}
    return {whole_text(name): rows for name, rows in events.items()}


def own_sets(
    record: EventColumns,
    events: Mapping[str, pd.DataFrame],
    *,
    popup: Sequence[str] = (),
    colour: str | None = None,
) -> tuple[EventColumns, tuple[OwnSet, ...]]:
    """Put a user's sets beside the events of the record.

    Parameters
    ----------
    record : EventColumns
        Events of the record; may be empty.
    events : mapping of str to DataFrame
        Set name -> events, as `event_columns` takes them.
    popup : sequence of str
        Columns of the user's that an event's card tells, in this order; a set without one of them
        tells the others.
    colour : str, optional
        A colour ``#rrggbb`` for all own events, or a column: text is coloured by value, numbers in
        five classes of equal count. By default events are coloured by type.

    Returns
    -------
    EventColumns
        All events, sorted by day, with ``set``, ``shade`` and ``more``.
    tuple of OwnSet
        The record first, where it has events.

    Raises
    ------
    InputError
        A set without a name, or a column that no set has.
    """
    for column in (*popup, *([colour] if colour and not _COLOUR.fullmatch(colour) else [])):
        if not any(column in frame.columns for frame in events.values()):
            known = sorted({str(name) for frame in events.values() for name in frame.columns})
            raise InputError(
                f"no set of events has a column {column!r}; there are: {', '.join(known[:30])}"
            )
    parts = [record] if len(record) else []
    sets = [OwnSet("", len(record))] if len(record) else []
    for name, frame in events.items():
        if not str(name).strip():
            raise InputError("a set of events needs a name, e.g. events={'Incidents': frame}")
        shades: tuple[tuple[str, str], ...] = ()
        marked = frame.reset_index(drop=True)
        texts: dict[str, pd.Series] = {"set": pd.Series([str(name)] * len(marked), dtype=object)}
        if popup:
            texts["more"] = _more(marked, [column for column in popup if column in marked])
        plain = colour if colour and _COLOUR.fullmatch(colour) else ""
        if colour and not plain and colour in marked:
            texts["shade"], shades = _shades(marked[colour])
        columns = event_columns(marked, more=texts)
        parts.append(columns)
        sets.append(OwnSet(str(name), len(columns), plain or "", shades))
    return merged(parts), tuple(sets)


def _more(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """What the card of each event tells of the user's own columns, as JSON pairs."""
    cells = {column: _as_text(frame[column]) for column in columns}
    rows = zip(*cells.values(), strict=True) if cells else ([] for _ in range(len(frame)))
    told = [
        [[column, text] for column, text in zip(cells, row, strict=True) if text] for row in rows
    ]
    return pd.Series(
        [json.dumps(pairs, ensure_ascii=False) if pairs else "" for pairs in told],
        index=frame.index, dtype=object,
    )  # fmt: skip


def _as_text(values: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    texts = [
        "" if missing else str(value) for value, missing in zip(values, values.isna(), strict=True)
    ]
    if pd.api.types.is_float_dtype(values):
        return [text.removesuffix(".0") for text in texts]
    return texts


def _shades(values: pd.Series) -> tuple[pd.Series, tuple[tuple[str, str], ...]]:
    """Class of each row and the colour of each class."""
    numbers = pd.to_numeric(values, errors="coerce") if not _is_text(values) else None
    if numbers is not None and numbers.notna().any():
        sizes = numbers.to_numpy(dtype=float)
        stated = np.isfinite(sizes)
        edges = np.unique(np.quantile(sizes[stated], np.linspace(0, 1, _LEVELS + 1)))
        if len(edges) < 2:
            edges = np.repeat(edges, 2)
        names = [f"{_short(low)} - {_short(high)}" for low, high in pairwise(edges)]
        place = np.clip(np.searchsorted(edges, sizes, side="right") - 1, 0, len(names) - 1)
        told = [names[at] if ok else "" for at, ok in zip(place, stated, strict=True)]
        text = pd.Series(told, index=values.index, dtype=object)
        ramp = [_RAMP[round(k * (_LEVELS - 1) / max(len(names) - 1, 1))] for k in range(len(names))]
        return text, tuple(zip(names, ramp, strict=True))
    text = pd.Series(_as_text(values), index=values.index, dtype=object)
    counts = text[text != ""].value_counts()
    order = sorted(counts.index, key=lambda name: (-counts[name], name))
    shown = order[: len(QUALITATIVE)]
    return text, tuple(
        [(name, QUALITATIVE[k]) for k, name in enumerate(shown)]
        + [(name, _OTHER) for name in order[len(QUALITATIVE) :]]
    )


def _is_text(values: pd.Series) -> bool:
    return not (pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values))


def _short(number: float) -> str:
    return f"{number:.6g}"


def merged(parts: Sequence[EventColumns]) -> EventColumns:
    """Several sorted columns as one, sorted by first day.

    Parameters
    ----------
    parts : sequence of EventColumns
    """
    if not parts:
        return event_columns(pd.DataFrame({"start_day": [], "end_day": [], "lon": [], "lat": []}))
    if len(parts) == 1:
        return parts[0]

    def joined(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    start, end = joined("start"), joined("end")
    order = np.lexsort((np.arange(len(start)), end, start))
    text = {}
    for key in sorted({key for part in parts for key in part.text}):
        values: dict[str, int] = {"": 0}
        codes = []
        for part in parts:
            category = part.text.get(key)
            if category is None:
                codes.append(np.zeros(len(part), dtype=np.int32))
                continue
            lookup = [values.setdefault(value, len(values)) for value in category.values]
            codes.append(np.array(lookup, dtype=np.int32)[category.codes])
        text[key] = Category(np.concatenate(codes)[order], tuple(values))
    numbers = ("lon", "lat", "deaths", "low", "high", "uncertainty_m")
    return EventColumns(
        start[order], end[order], **{name: joined(name)[order] for name in numbers}, text=text
    )
