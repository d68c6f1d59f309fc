"""Geocoding a column of names, with every row kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from atlas.base.dates import DateLike
from atlas.base.errors import InputError
from atlas.gazetteer.model import Resolution

if TYPE_CHECKING:
    import pandas as pd

    from atlas.gazetteer.core import Gazetteer

__all__ = ["RESULT_COLUMNS", "geocode_table"]

RESULT_COLUMNS = ("id", "lon", "lat", "precision_m", "status", "score", "why")


def geocode_table(
    frame: pd.DataFrame,
    column: str,
    gazetteer: Gazetteer,
    *,
    lang: str | None = None,
    as_of: DateLike | None = None,
    date_column: str | None = None,
    context: str | None = None,
    context_columns: Sequence[str] = (),
    inside_columns: Sequence[str] = (),
    kind: str | None = None,
    country: str | None = None,
    inside: str | None = None,
    together: bool = True,
    top: int = 3,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Resolve a column of place names.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table.
    column : str
        Column that holds the names.
    gazetteer : Gazetteer
        Who is asked.
    lang, as_of, context, kind, country, inside
        As in `Gazetteer.resolve`, for every row.
    date_column : str, optional
        Column with the day a row speaks of (ISO), instead of `as_of`.
    context_columns : sequence of str
        Columns (description, remarks) whose text says where a row is.
    inside_columns : sequence of str
        Columns (district, province, country) of what the place lies in. Says more than the same
        words in a text: a place elsewhere is never taken.
    together : bool
        Whether the column is one context: the country that most of its names lie in speaks for
        the rest. Rows with context columns stand by themselves.
    top : int
        How many candidates to list for a row that is not resolved.

    Returns
    -------
    results : pandas.DataFrame
        All rows and columns of `frame` in order, and ``id, lon, lat (degrees, WGS 84), precision_m,
        status, score (0 to 1), why``; empty or NaN where not resolved. Where the table has one of
        these columns already, all of ours are called ``place_id, place_lon`` and so on.
    unresolved : pandas.DataFrame
        The rows that are likely, ambiguous or unresolved: ``row`` (number, the first is 1),
        ``name, status, why, candidates`` (ids parted by ``|``, best first).

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"where": ["Shusha", "Atlantis"]})
    >>> len(geocode_table(table, "where", a.gazetteer))
    2
    """
    import pandas as pd

    wanted = [column, *context_columns, *inside_columns, *([date_column] if date_column else [])]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise InputError(
            f"no column {missing[0]!r}; the table has {', '.join(map(str, frame.columns))}"
        )
    names = [_cell(value) for value in frame[column]]
    around = [frame[name].map(_cell).tolist() for name in inside_columns]
    around.append([inside or ""] * len(names))
    within = [", ".join(filter(None, cells)) for cells in zip(*around, strict=True)]
    answers: list[Resolution] = []
    days = frame[date_column].map(_cell).tolist() if date_column else [""] * len(names)
    if together and not context_columns and kind is None:
        answers = gazetteer.resolve_column(
            names,
            inside=within,
            country=country,
            dates=[day or as_of for day in days],
            context=context,
            lang=lang,
        )
    else:
        known: dict[tuple[Any, ...], Resolution] = {}
        extra = [frame[name].map(_cell).tolist() for name in context_columns]
        for number, name in enumerate(names):
            words = [cells[number] for cells in extra if cells[number]]
            day = days[number] or as_of
            key = (name, day, within[number], *words)
            if key not in known:
                text = ". ".join([*([context] if context else []), *words]) or None
                known[key] = gazetteer.resolve(
                    name,
                    as_of=day,
                    kind=kind,
                    lang=lang,
                    context=text,
                    country=country,
                    inside=within[number],
                )
            answers.append(known[key])
    results = frame.copy()
    prefix = "place_" if set(RESULT_COLUMNS) & set(frame.columns) else ""
    for name, values in _columns(answers).items():
        results[prefix + name] = values
    left = [
        (
            number,
            name,
            answer.status,
            answer.why,
            "|".join(c.place.id for c in answer.candidates[:top]),
        )
        for number, (name, answer) in enumerate(zip(names, answers, strict=True), 1)
        if answer.status != "resolved"
    ]
    return results, pd.DataFrame(left, columns=["row", "name", "status", "why", "candidates"])


def _cell(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _columns(answers: Iterable[Resolution]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: [] for name in RESULT_COLUMNS}
    for answer in answers:
        place = answer.place
        row = (
            place.id if place else "",
            place.lon if place else math.nan,
            place.lat if place else math.nan,
            place.precision_m if place else math.nan,
            answer.status,
            round(answer.score, 3),
            answer.why,
        )
        for name, value in zip(RESULT_COLUMNS, row, strict=True):
            columns[name].append(value)
    return columns
