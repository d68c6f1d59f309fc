"""The same event in two datasets: links scored and explained, for a person to judge.

Two rows can be one event if they are near enough in space and time, within the precision each
states, and of a kind that fits. The idea of matching event data by co-occurrence in space, time
and taxonomy, with a stated window instead of exact keys, is MELTT's (Donnay, Dunford, McGrath,
Backer and Cunningham, "Integrating Conflict Event Data", Journal of Conflict Resolution 63(5),
2019, 1337-1364). Unlike MELTT nothing is merged here: each link says why, rivals for the same row
are all listed, and the decision stays with the reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from atlas.base import crs
from atlas.base.errors import InputError
from atlas.base.html import card, rows
from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.events.intake import take
from atlas.events.model import Events, days
from atlas.events.options import ReadOptions
from atlas.joining.surroundings import Metric
from atlas.record.schema import EVENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["LINK_COLUMNS", "Matched", "match_events"]

LINK_COLUMNS = (
    "a_row",
    "b_row",
    "a_id",
    "b_id",
    "score",
    "distance_m",
    "days_apart",
    "types",
    "deaths",
    "best_for_a",
    "best_for_b",
    "why",
)

# How much each kind of agreement counts. Place and time carry a match; type and deaths, which
# datasets code by different rules, only shade it.
_WEIGHTS = {"place": 0.4, "time": 0.35, "type": 0.15, "deaths": 0.1}

_BLOCK = 5_000

# Words that datasets use for one kind of event. Rows of groups that can't be the same are not
# linked; a row without a word, or with one that the vocabulary does not know, can be anything.
_GROUPS = {
    "battle": "fighting",
    "explosions_remote_violence": "fighting",
    "violence_against_civilians": "one-sided",
    "protest": "crowd",
    "riot": "crowd",
}
_AKIN = {frozenset(("fighting", "one-sided"))}


@dataclass(frozen=True)
class Matched:
    """Links between two datasets.

    Attributes
    ----------
    links : DataFrame
        One row a pair, best first within each row of the first dataset:

        - ``a_row``, ``b_row`` (int): positions in the two inputs; ``a_id``, ``b_id`` (text): keys
        - ``score`` (0 to 1), ``distance_m``, ``days_apart`` (0 where the spans touch)
        - ``types``: same, akin, or unknown; ``deaths``: agree, differ, or unknown
        - ``best_for_a``, ``best_for_b`` (bool): whether no other link of that row scores higher
        - ``why`` (text): the comparison in words
    a_rows, b_rows : int
        Sizes of the inputs, without what they rejected.
    a, b : Events
        The inputs as they were read, with their rejects and notes.
    """

    links: pd.DataFrame
    a_rows: int
    b_rows: int
    a: Events = field(repr=False)
    b: Events = field(repr=False)

    @property
    def mutual(self) -> pd.DataFrame:
        """Links that are the best for both rows, the ones worth judging first.

        Examples
        --------
        >>> one = [{"lon": 46.7, "lat": 39.8, "date": "2020-10-04"}]
        >>> len(a.match(one, one).mutual)
        1
        """
        return self.links[self.links["best_for_a"] & self.links["best_for_b"]]

    def _repr_html_(self) -> str:
        """Answer in a notebook: how many pairs, and the best of them."""
        best = self.mutual.sort_values("score", ascending=False, kind="stable")
        return card(
            f"{self.a_rows:,} x {self.b_rows:,} rows: {len(self.links):,} possible pairs, "
            f"{len(best):,} best both ways; nothing was merged",
            rows(best, {name: name for name in ("a_id", "b_id", "score", "why")}),
        )


@dataclass(frozen=True)
class _Side:
    """One dataset, as arrays."""

    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    reach: npt.NDArray[np.float64]
    kind: npt.NDArray[np.object_]
    deaths: npt.NDArray[np.float64]
    key: npt.NDArray[np.object_]
    usable: npt.NDArray[np.intp]

    @classmethod
    def of(cls, events: Events, radius_m: float) -> _Side:
        frame = events.frame

        def number(name: str) -> npt.NDArray[np.float64]:
            return np.asarray(events.column(name).to_numpy(dtype=np.float64, na_value=np.nan))

        def text(name: str) -> npt.NDArray[np.object_]:
            cells = events.column(name).astype(object)
            return np.asarray(cells.where(cells.notna(), "").astype(str).to_numpy(dtype=object))

        lon, lat, reach = number("lon"), number("lat"), number("coordinate_uncertainty_m")
        start, end = days(frame)
        dated = ~((start <= OPEN_START) | (end >= OPEN_END))
        return cls(
            lon,
            lat,
            start.astype(np.int64),
            end.astype(np.int64),
            np.where(np.isfinite(reach) & (reach > 0), reach, radius_m),
            text("event_type"),
            number("best"),
            text("event_id"),
            np.flatnonzero(dated & np.isfinite(lon) & np.isfinite(lat)),
        )


def match_events(
    a: Any,
    b: Any,
    *,
    options: ReadOptions | None = None,
    window_days: int = 1,
    radius_m: float = 5_000.0,
    max_reach_m: float = 50_000.0,
    minimum: float = 0.5,
    progress: Callable[[int], None] | None = None,
) -> Matched:
    """Find pairs of rows that may be the same event.

    Parameters
    ----------
    a, b : Events, or whatever `atlas.events.read_events` takes
        Rows without a date or a position are matched to nothing.
    options : ReadOptions, optional
        How to read both.
    window_days : int
        Days that may lie between two spans; datasets differ on the day of a night's event.
    radius_m : float
        Uncertainty in metres of a coordinate that states none.
    max_reach_m : float
        A stated uncertainty counts at most this much: a country's middle matches nothing.
    minimum : float
        Least score of a link, 0 to 1.
    progress : callable, optional
        Called with the number of rows of `a` done since the last call.

    Returns
    -------
    Matched

    Raises
    ------
    InputError
        If an input can't be read as events, or an option is out of range.

    Notes
    -----
    A pair is considered if its points are no further apart than the sum of both uncertainties, its
    spans no further than ``window_days``, and its types can be the same event. The score is the
    weighted mean of four agreements, each from 0 to 1: place (1 at no distance, 0 at the limit;
    lowered where the coordinates are vague), time (1 for the same day; lowered by a gap and by
    vague dates), type, and deaths.

    Examples
    --------
    >>> import pandas as pd
    >>> a = pd.DataFrame({"lon": [46.7], "lat": [39.8], "event_date": ["2020-10-04"]})
    >>> b = pd.DataFrame({"lon": [46.71], "lat": [39.8], "event_date": ["2020-10-05"]})
    >>> match_events(a, b).links["why"].item()
    '856 m apart (within 10,000 m), 1 day apart; types unknown; deaths unknown'
    """
    if window_days < 0 or radius_m <= 0 or max_reach_m <= 0 or not 0 <= minimum <= 1:
        raise InputError(
            "window_days must be 0 or more, radius_m and max_reach_m above 0, minimum from 0 to 1"
        )
    first, second = take(a, options), take(b, options)
    one, two = _Side.of(first, radius_m), _Side.of(second, radius_m)
    parts = []
    for ia, ib, done in _near_pairs(one, two, window_days, max_reach_m):
        part = _scored(one, two, ia, ib, window_days, max_reach_m)
        parts.append(part[part["score"] >= minimum])
        if progress is not None:
            progress(done)
    links = pd.concat(parts, ignore_index=True)
    links = links.sort_values(["a_row", "score", "b_row"], ascending=[True, False, True])
    for side in ("a", "b"):
        top = links.groupby(f"{side}_row")["score"].transform("max")
        links[f"best_for_{side}"] = links["score"] == top
    return Matched(
        links[list(LINK_COLUMNS)].reset_index(drop=True), len(first), len(second), first, second
    )


def _near_pairs(
    one: _Side, two: _Side, window: int, max_reach: float
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], int]]:
    """Pairs that may be near enough, in blocks, with the number of rows of the first side done.

    Rows are taken in order of time, so that each block meets only its own stretch of the other
    side, there found by a tree over places.
    """
    nothing = np.empty(0, dtype=np.intp)
    yield nothing, nothing, len(one.lon) - len(one.usable)
    if not len(one.usable) or not len(two.usable):
        return
    ours = one.usable[np.argsort(one.start[one.usable], kind="stable")]
    theirs = two.usable[np.argsort(two.start[two.usable], kind="stable")]
    begins = two.start[theirs]
    longest = int((two.end[theirs] - begins).max())
    metric = Metric.around(
        shapely.points(
            np.concatenate((one.lon[ours], two.lon[theirs])),
            np.concatenate((one.lat[ours], two.lat[theirs])),
        )
    )
    for at in range(0, len(ours), _BLOCK):
        block = ours[at : at + _BLOCK]
        low = np.searchsorted(begins, one.start[block[0]] - window - longest, side="left")
        high = np.searchsorted(begins, one.end[block].max() + window, side="right")
        there = theirs[low:high]
        if not len(there):
            yield nothing, nothing, len(block)
            continue
        tree = shapely.STRtree(_boxes(metric, two, there, max_reach))
        pair_a, pair_b = tree.query(_boxes(metric, one, block, max_reach))
        ia, ib = block[pair_a], there[pair_b]
        near = _gap(one, two, ia, ib) <= window
        yield ia[near], ib[near], len(block)


def _boxes(
    metric: Metric, side: _Side, rows: npt.NDArray[np.intp], max_reach: float
) -> npt.NDArray[np.object_]:
    """Squares around points; a little large, since the distance that decides is geodesic."""
    points = metric.points(side.lon[rows], side.lat[rows])
    x, y = shapely.get_x(points), shapely.get_y(points)
    half = 1.05 * np.minimum(side.reach[rows], max_reach)
    boxes: npt.NDArray[np.object_] = shapely.box(x - half, y - half, x + half, y + half)
    return boxes


def _gap(
    one: _Side, two: _Side, ia: npt.NDArray[np.intp], ib: npt.NDArray[np.intp]
) -> npt.NDArray[np.int64]:
    """Days between two spans: 0 where they share a day, 1 on neighbouring days."""
    apart = np.maximum(one.start[ia] - two.end[ib], two.start[ib] - one.end[ia]) + 1
    return np.asarray(np.maximum(apart, 0), dtype=np.int64)


def _scored(
    one: _Side,
    two: _Side,
    ia: npt.NDArray[np.intp],
    ib: npt.NDArray[np.intp],
    window: int,
    max_reach: float,
) -> pd.DataFrame:
    distance = crs.distance_m(one.lon[ia], one.lat[ia], two.lon[ib], two.lat[ib])
    limit = np.minimum(one.reach[ia], max_reach) + np.minimum(two.reach[ib], max_reach)
    kinds, fits = _types(one.kind[ia], two.kind[ib])
    keep = (distance <= limit) & fits
    ia, ib, distance, limit, kinds = ia[keep], ib[keep], distance[keep], limit[keep], kinds[keep]

    gap = _gap(one, two, ia, ib)
    # Vague coordinates or dates agree easily, so their agreement is worth less.
    vague_place = 1.0 / (1.0 + np.log10(np.maximum(limit / 10_000.0, 1.0)))
    place = (1.0 - 0.5 * distance / limit) * vague_place
    days = np.maximum(one.end[ia] - one.start[ia], two.end[ib] - two.start[ib])
    time = (1.0 - gap / (window + 1.0)) / (1.0 + np.log10(np.maximum(days, 1)))
    alike = np.select([kinds == "same", kinds == "akin"], [1.0, 0.5], 0.5)
    deaths, closeness = _deaths(one.deaths[ia], two.deaths[ib])
    score = (
        _WEIGHTS["place"] * place
        + _WEIGHTS["time"] * time
        + _WEIGHTS["type"] * alike
        + _WEIGHTS["deaths"] * closeness
    ).round(4)
    counts = _counts(one.deaths[ia], two.deaths[ib])
    why = [
        f"{metres:,.0f} m apart (within {most:,.0f} m), {_apart(apart)}; "
        f"types {kind}; deaths {word}{count}"
        for metres, most, apart, kind, word, count in zip(
            distance, limit, gap, kinds, deaths, counts, strict=True
        )
    ]
    return pd.DataFrame(
        {
            "a_row": ia,
            "b_row": ib,
            "a_id": one.key[ia],
            "b_id": two.key[ib],
            "score": score,
            "distance_m": distance.round(),
            "days_apart": gap,
            "types": kinds,
            "deaths": deaths,
            "why": pd.Series(why, dtype=object),
        }
    )


def _apart(days: int) -> str:
    return "same time" if days == 0 else f"{days} day{'s' if days > 1 else ''} apart"


def _types(
    one: npt.NDArray[np.object_], two: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    code_a, words_a = pd.factorize(one)
    code_b, words_b = pd.factorize(two)
    answer = np.full((max(len(words_a), 1), max(len(words_b), 1)), "unknown", dtype=object)
    for row, left in enumerate(words_a):
        for column, right in enumerate(words_b):
            answer[row, column] = _compare(str(left), str(right))
    kinds = answer[code_a, code_b] if len(one) else np.empty(0, dtype=object)
    return kinds, np.asarray(kinds != "different", dtype=bool)


def _compare(left: str, right: str) -> str:
    if not left or not right:
        return "unknown"
    if left == right:
        return "same"
    if left not in EVENT_TYPES or right not in EVENT_TYPES:
        return "unknown"  # another dataset's own word can mean anything
    groups = _GROUPS.get(left), _GROUPS.get(right)
    if None in groups:
        return "different"
    if groups[0] == groups[1] or frozenset(groups) in _AKIN:
        return "akin"
    return "different"


def _deaths(
    one: npt.NDArray[np.float64], two: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    known = np.isfinite(one) & np.isfinite(two)
    left, right = np.where(known, one, 0.0), np.where(known, two, 0.0)
    close = np.where(known, 1.0 - np.abs(left - right) / np.maximum(left + right, 1.0), 0.5)
    words = np.where(known, np.where(close >= 0.75, "agree", "differ"), "unknown")
    return words.astype(object), close


def _counts(one: npt.NDArray[np.float64], two: npt.NDArray[np.float64]) -> Sequence[str]:
    return [
        f" ({left:g} and {right:g})" if left == left and right == right else ""
        for left, right in zip(one.tolist(), two.tolist(), strict=True)
    ]
