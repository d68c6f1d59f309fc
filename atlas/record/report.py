"""How sure and how well cited a pack is, counted."""

from __future__ import annotations

import pandas as pd

from atlas.record.pack import Pack, split_list

__all__ = ["pack_report"]

_TABLES = ("places", "names", "control", "events", "mandates", "episodes", "chapters")


def pack_report(pack: Pack) -> dict[str, pd.DataFrame]:
    """Count records by certainty, citation and the sources they rest on.

    Parameters
    ----------
    pack : Pack
        The record.

    Returns
    -------
    dict of str to DataFrame
        'Records' (per table: rows, cited, and rows of each certainty), 'Sources' (by affiliation
        and kind, with how many were verified), 'Claims' (rival rows by party), 'Events' (by
        type) and 'Use of sources' (citations by affiliation).
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
        "Sources": by_kind,
        "Use of sources": pd.DataFrame(uses),
        "Claims": by_party.rename(columns={"asserted_by": "party", "size": "rows"}),
        "Events": by_type.rename(columns={"size": "events"}),
    }
