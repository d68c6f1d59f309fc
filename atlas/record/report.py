"""How sure and how well cited a pack is, counted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from atlas.record.citations import seen, supplied_title
from atlas.record.pack import Pack, split_list

__all__ = ["pack_report"]

_TABLES = (
    "places", "names", "control", "events", "mandates", "episodes", "chapters", "actors",
    "displacement", "casualties",
)  # fmt: skip
_MANY = 3


def pack_report(pack: Pack) -> dict[str, pd.DataFrame]:
    """Count records by certainty, citation and the sources they rest on.

    Parameters
    ----------
    pack : Pack
        The record.

    Returns
    -------
    dict of str to DataFrame
        'Records' (per table: rows, cited, and rows of each certainty), 'Support' (per table: rows
        by number of sources, rows on one side's alone, on nothing that was seen), 'Sources' (by
        affiliation and kind, with how many were verified), 'Bibliography' (entries with the title
        as published, an address, a day on which they were looked at), 'Use of sources' (citations
        by affiliation), 'Claims' (rival rows by party), 'Events' (by type) and 'Coverage' (per
        year: events, deaths save those of disasters, months in which no event begins).

    Examples
    --------
    >>> import atlas
    >>> pack_report(atlas.open().pack)["Records"]["table"].iloc[0]
    'places'
    """
    sources = pack.sources
    affiliation = dict(zip(sources["id"], sources["affiliation"], strict=True))
    records, uses = [], []
    for name in _TABLES:
        frame = getattr(pack, name)
        levels = frame["certainty"].value_counts()
        records.append(
            {
                "table": name,
                "rows": len(frame),
                "cited": int((frame["source_ids"] != "").sum()),
                **{
                    level: int(levels.get(level, 0))
                    for level in ("certain", "probable", "contested", "unknown")
                },
            }
        )
        cited = [key for cell in frame["source_ids"] for key in split_list(cell)]
        counts = pd.Series([affiliation[key] for key in cited], dtype=object).value_counts()
        uses += [{"table": name, "affiliation": k, "citations": int(v)} for k, v in counts.items()]
    verified = sources.assign(verified=(sources["verified"] != "").astype(int), count=1)
    by_kind = verified.groupby(["affiliation", "kind"], as_index=False)[["count", "verified"]].sum()
    claims = pack.control[pack.control["asserted_by"] != ""]
    by_party = claims.groupby("asserted_by", as_index=False).size()
    by_type = pack.events.groupby("event_type", as_index=False).size()
    return {
        "Records": pd.DataFrame(records),
        "Support": _support(pack, affiliation),
        "Sources": by_kind,
        "Bibliography": _bibliography(sources),
        "Use of sources": pd.DataFrame(uses),
        "Claims": by_party.rename(columns={"asserted_by": "party", "size": "rows"}),
        "Events": by_type.rename(columns={"size": "events"}),
        "Coverage": _coverage(pack),
    }


def _support(pack: Pack, affiliation: dict[str, str]) -> pd.DataFrame:
    sources = pack.sources
    looked_at = {str(row["id"]) for row in sources.to_dict("records") if seen(row)}
    sides = [set(side.get("parties", [])) for side in pack.meta.settings.get("sides", [])]
    rows = []
    for name in _TABLES:
        cells = [split_list(cell) for cell in getattr(pack, name)["source_ids"]]
        cells = [keys for keys in cells if keys]
        rows.append(
            {
                "table": name,
                "one_source": sum(len(keys) == 1 for keys in cells),
                "two": sum(len(keys) == 2 for keys in cells),
                "more": sum(len(keys) >= _MANY for keys in cells),
                "one_side_only": sum(_one_sided(keys, affiliation, sides) for keys in cells),
                "none_seen": sum(not looked_at & set(keys) for keys in cells),
            }
        )
    return pd.DataFrame(rows)


def _one_sided(keys: Sequence[str], affiliation: dict[str, str], sides: Sequence[set[str]]) -> bool:
    whose = {affiliation[key] for key in keys}
    return any(whose <= side for side in sides)


def _bibliography(sources: pd.DataFrame) -> pd.DataFrame:
    address = sources["url"] != ""
    dated = (sources["accessed"] != "") | (sources["archive_url"] != "")
    looked_at = pd.Series([seen(row) for row in sources.to_dict("records")], index=sources.index)
    ours = sources["title"].map(supplied_title)
    counted = {
        "entries": address | True,
        "title as published": ~ours,
        "title of ours, in brackets": ours,
        "with an address": address,
        "with an address, and the day it was looked at or an archived copy": address & dated,
        "seen": looked_at,
        "as a reference work gives it": sources["verified"] == "reference",
        "not seen": sources["verified"] == "",
    }
    return pd.DataFrame(
        [{"what": what, "sources": int(mask.sum())} for what, mask in counted.items()]
    )


def _coverage(pack: Pack) -> pd.DataFrame:
    events = pack.events[pack.events["event_date"].str.match(r"\d{4}")]
    months = events["event_date"].str.extract(r"^(\d{4}-\d{2})", expand=False).dropna()
    if months.empty:
        return pd.DataFrame()
    first, last = str(months.min()), str(months.max())
    years = events["event_date"].str[:4]
    rows = []
    for year in range(int(first[:4]), int(last[:4]) + 1):
        of_year = events[years == str(year)]
        there = [f"{year}-{month:02d}" for month in range(1, 13)]
        there = [month for month in there if first <= month <= last]
        rows.append(
            {
                "year": str(year),
                "events": len(of_year),
                "deaths": int(of_year.loc[of_year["event_type"] != "disaster", "best"].sum()),
                "months": len(there),
                "months_without": len(set(there) - set(months)),
            }
        )
    return pd.DataFrame(rows)
