"""Who held what: assessed control on a day, what changed between two, and rival claims.

Control is a coverage times intervals: every atomic area has exactly one assessed holder on every
day, so the map of a day is a look-up and totals always add up to the territory. Claims stand
beside the assessment and never enter the totals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from atlas.answers.leaving import as_dates, day_index
from atlas.base.crs import area_range_km2
from atlas.base.errors import InputError, NotFoundError, text_of
from atlas.base.timespan import OPEN_END, OPEN_START, check_order, format_day, holds
from atlas.record.pack import Pack, split_list

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "at",
    "changes",
    "claims",
    "disagreements",
    "net_changes",
    "series",
    "steps",
]

_SHOWN = [
    "area_id",
    "name",
    "district",
    "controller",
    "control_type",
    "how",
    "since",
    "until",
    "certainty",
    "de_jure_iso",
    "area_km2",
    "source_ids",
    "control_id",
    "note",
]


def _check_party(pack: Pack, party: str) -> None:
    if text_of(party, "a party") not in pack.meta.parties:
        raise NotFoundError(
            f"no party {party!r} in this pack; there are: {', '.join(pack.meta.parties)}"
        )


def _describe(pack: Pack, rows: pd.DataFrame, day: int) -> gpd.GeoDataFrame:
    import geopandas as gpd

    names, areas = pack.names_on(day), pack.areas
    where = pd.Index(areas["id"]).get_indexer(rows["area_id"])
    rows, where = rows[where >= 0], where[where >= 0]
    order = rows.reset_index(drop=True).sort_values(["area_id", "asserted_by", "id"], kind="stable")
    where, rows = where[order.index], order.reset_index(drop=True)

    def of_area(column: str) -> list[str]:
        cells: list[str] = areas[column].to_numpy()[where].tolist()
        return cells

    labels = [names.get(key, key) for key in of_area("name_place_id")]
    titles = [
        f"{label}, {part}" if part else label
        for label, part in zip(labels, of_area("part"), strict=True)
    ]
    since = rows.get("since_day", rows["start_day"]).fillna(rows["start_day"]).astype("int64")
    until = rows.get("until_day", rows["end_day"]).fillna(rows["end_day"]).astype("int64")
    made = {
        "name": pd.Series(titles, dtype=object),
        "district": pd.Series([names.get(key, key) for key in of_area("district_place_id")]),
        "how": rows.get("gained", rows["how"]).fillna(rows["how"]),
        "since": pd.Series([format_day(day) for day in since.tolist()]),
        "until": pd.Series(["" if day == OPEN_END else format_day(day) for day in until.tolist()]),
        "area_km2": pd.Series(pack.sizes.to_numpy()[where]),
        "control_id": rows["id"],
        "scope": pd.Series(of_area("scope"), dtype=object),
    }
    bounds = ["valid_from", "valid_to", "start_day", "end_day"]
    shown = [*_SHOWN, "scope", *bounds, "asserted_by"]
    frame = pd.DataFrame({name: made[name] if name in made else rows[name] for name in shown})
    return gpd.GeoDataFrame(frame, geometry=areas.geometry.array[where], crs=areas.crs)


def at(pack: Pack, day: int, *, according_to: str | None = None) -> gpd.GeoDataFrame:
    """Give the holder of every area on a day.

    Parameters
    ----------
    pack : Pack
        The record.
    day : int
        Day number.
    according_to : str, optional
        Party id: where that party claims something else, its claim stands in place of the
        assessment; of several the one that began last.

    Returns
    -------
    GeoDataFrame
        One row an area: `area_id, name, district, controller, control_type, how, since, until,
        certainty, de_jure_iso, area_km2, source_ids, control_id, note, scope, valid_from,
        valid_to, start_day, end_day, asserted_by, geometry` (WGS 84). `since` and `until` bound the
        unbroken hold, which may be several rows, and `how` says how it began; `start_day` and
        `end_day` are those of the row.

    Raises
    ------
    NotFoundError
        If the pack has no such party.
    InputError
        If the day lies before the pack's period.
    """
    rows = _assessed(pack, day).join(pack.runs[["since_day", "until_day", "gained"]])
    if according_to is not None:
        _check_party(pack, according_to)
        claimed = claims(pack, day, by=according_to).sort_values(["start_day", "id"], kind="stable")
        claimed = claimed.drop_duplicates("area_id", keep="last")
        rows = pd.concat([rows[~rows["area_id"].isin(claimed["area_id"])], claimed])
    return _describe(pack, rows, day)


def _assessed(pack: Pack, day: int) -> pd.DataFrame:
    """Rows of the assessment in force on a day, which lies in the record."""
    pack.require_day(day)
    rows = pack.assessed
    return rows[holds(rows["start_day"], rows["end_day"], day)]


def claims(pack: Pack, day: int, *, by: str | None = None) -> pd.DataFrame:
    """Give the rival claims in force on a day: rows of `control` with `asserted_by` set."""
    control = pack.control
    keep = holds(control["start_day"], control["end_day"], day) & (control["asserted_by"] != "")
    if by is not None:
        keep &= control["asserted_by"] == by
    return control[keep]


def disagreements(pack: Pack, day: int) -> gpd.GeoDataFrame:
    """List where a party's account differs from the assessment on a day.

    Returns
    -------
    GeoDataFrame
        As `at`, for the claims, with `assessed_controller` beside `controller`.
    """
    rival = _describe(pack, claims(pack, day), day)
    assessed = _assessed(pack, day).set_index("area_id")["controller"]
    rival.insert(4, "assessed_controller", rival["area_id"].map(assessed))
    differs = rival["controller"] != rival["assessed_controller"]
    return rival[differs].reset_index(drop=True)


def steps(pack: Pack, first: int, last: int) -> pd.DataFrame:
    """Assessed rows that begin in ``(first, last]`` and bring another holder or kind of control.

    A row may also only say how sure it is, or on what ground, from a day on: that is no step.
    """
    rows = pack.assessed[pack.runs["new"]]
    return rows[(rows["start_day"] > first) & (rows["start_day"] <= last)]


def changes(pack: Pack, first: int, last: int) -> gpd.GeoDataFrame:
    """List what passed from whom to whom between two days.

    Parameters
    ----------
    pack : Pack
        The record.
    first, last : int
        Day numbers; what stands is the state of `first` against the state of `last`.

    Returns
    -------
    GeoDataFrame
        One row an area whose holder or kind of control differs: `area_id, name, district,
        from_controller, to_controller, from_type, to_type, date, start_day, end_day, area_km2,
        area_low_km2, area_high_km2, how, certainty, event_ids, source_ids, steps, note, geometry`.
        `date` lists the steps as stated (EDTF, `|` between); `start_day` is the first of them,
        `end_day` the day after the last. `how`, `certainty` and `note` are those of the last step:
        they speak of the change and its day, where a later row may say that the hold itself is
        beyond doubt. The range of the area is that of its outline moved in or out by its stated
        uncertainty.

    Raises
    ------
    InputError
        If `last` lies before `first`, or `first` before the record.
    """
    check_order(first, last)
    return changes_to(pack, first, last, at(pack, last))


def changes_to(pack: Pack, first: int, last: int, after: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give `changes` where the assessed state of the last day is at hand, as `at` gives it."""
    before = _assessed(pack, first)
    merged = after.merge(
        before[["area_id", "controller", "control_type"]], on="area_id", suffixes=("", "_before")
    )
    differs = (merged["controller"] != merged["controller_before"]) | (
        merged["control_type"] != merged["control_type_before"]
    )
    changed = merged[differs].copy()
    moved = steps(pack, first, last).sort_values("start_day")
    grouped = dict(iter(moved.groupby("area_id")))
    doubt = pack.areas.set_index("id")["uncertainty_m"]
    lows, highs, when, events, sources, counts = [], [], [], [], [], []
    begun, done = [], []
    told: dict[str, list[str]] = {column: [] for column in ("how", "certainty", "note")}
    for row in changed.itertuples():
        low, high = area_range_km2(row.geometry, float(doubt[row.area_id]))
        group = grouped.get(row.area_id)
        lows.append(low)
        highs.append(high)
        when.append("|".join(group["valid_from"]) if group is not None else "")
        begun.append(OPEN_START if group is None else int(group["start_day"].iloc[0]))
        done.append(OPEN_END if group is None else int(group["start_day"].iloc[-1]) + 1)
        events.append(_union(group, "transition_event_id"))
        sources.append(_union(group, "source_ids"))
        counts.append(0 if group is None else len(group))
        for column, cells in told.items():
            cells.append(getattr(row, column) if group is None else group[column].iloc[-1])
    changed = changed.rename(
        columns={
            "controller": "to_controller",
            "controller_before": "from_controller",
            "control_type": "to_type",
            "control_type_before": "from_type",
        }
    )
    changed = changed.assign(
        date=when,
        start_day=begun,
        end_day=done,
        area_low_km2=lows,
        area_high_km2=highs,
        event_ids=events,
        source_ids=sources,
        steps=counts,
        **told,
    )
    shown = (
        "area_id name district from_controller to_controller from_type to_type date start_day "
        "end_day area_km2 area_low_km2 area_high_km2 how certainty event_ids source_ids steps "
        "note geometry"
    ).split()
    return changed[shown].sort_values(["date", "area_id"], kind="stable").reset_index(drop=True)


def _union(group: pd.DataFrame | None, column: str) -> str:
    if group is None:
        return ""
    return "|".join(dict.fromkeys(key for cell in group[column] for key in split_list(cell)))


_PERIODS = {"month": "M", "quarter": "Q", "year": "Y"}


def changes_by(pack: Pack, first: int, last: int, by: str) -> gpd.GeoDataFrame:
    """List what passed from whom to whom within each month, quarter or year.

    Parameters
    ----------
    pack : Pack
        The record.
    first, last : int
        Day numbers, as in `changes`; the first and the last period may be cut by them.
    by : {'month', 'quarter', 'year'}
        Calendar periods.

    Returns
    -------
    GeoDataFrame
        As `changes`, with ``period`` in front (``2020-11``, ``2020-Q4``, ``2020``). An area that
        changed in several periods stands in each; one that came back within a period in none.

    Raises
    ------
    InputError
        As `changes`, and for a period that is none of these.
    """
    if by not in _PERIODS:
        raise InputError(f"no period {by!r}; there are: {', '.join(_PERIODS)}")
    check_order(first, last)
    moved = steps(pack, first, last)["start_day"].unique()
    months = pd.PeriodIndex(as_dates(moved), freq=_PERIODS[by]).unique().sort_values()
    parts = []
    for period in months:
        begin, end = (
            int(np.datetime64(day.date(), "D").astype(int))
            for day in (period.start_time, period.end_time)
        )
        part = changes(pack, max(first, begin - 1), min(last, end))
        name = str(period).replace("Q", "-Q")
        part.insert(0, "period", name)
        parts.append(part)
    if not parts:
        none = changes(pack, first, first)
        none.insert(0, "period", np.array([], dtype=object))
        return none
    whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return whole


def net_changes(pack: Pack, first: int, last: int) -> pd.Series:
    """Net gain or loss of each party between two days, km2; the sum is zero."""
    return net_of(changes(pack, first, last))


def net_of(moved: pd.DataFrame) -> pd.Series:
    """Sum up `changes` as `net_changes` does."""
    gains = moved.groupby("to_controller")["area_km2"].sum()
    losses = moved.groupby("from_controller")["area_km2"].sum()
    return gains.sub(losses, fill_value=0.0).rename("net_km2").rename_axis("controller")


def series(pack: Pack, *, scope: str | None = None) -> pd.DataFrame:
    """Area held by each party from each day of change on.

    Parameters
    ----------
    pack : Pack
        The record.
    scope : {'disputed', 'background'}, optional
        Count only those areas.

    Returns
    -------
    DataFrame
        Indexed by day of change (the first is the start of the period), one column a party, km2.
        Every row adds up to the same total.
    """
    sizes = pack.sizes
    if scope is not None:
        sizes = sizes[pack.areas.set_index("id").loc[sizes.index, "scope"].to_numpy() == scope]
    rows = pack.assessed[pack.assessed["area_id"].isin(sizes.index)]
    first = pack.meta.period.start
    starts = np.maximum(rows["start_day"].to_numpy(), first)
    days = np.unique(starts)
    parties = [party for party in pack.meta.parties if party in set(rows["controller"])]
    table = np.zeros((len(days), len(parties)))
    column = {party: n for n, party in enumerate(parties)}
    ends = rows["end_day"].to_numpy()
    for start, end, party, area in zip(
        starts, ends, rows["controller"], rows["area_id"], strict=True
    ):
        if end > first:
            low = np.searchsorted(days, max(start, OPEN_START))
            high = np.searchsorted(days, end)
            table[low:high, column[party]] += sizes[area]
    return pd.DataFrame(table, index=day_index(days), columns=parties)
