"""Cells and rows of a pack's frames, read for the specs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from atlas.base.timespan import boundary_day
from atlas.layers.specs import Receipt
from atlas.record.schema import language_column

__all__ = [
    "by_language",
    "days_of",
    "number",
    "receipt_of",
    "records",
    "split_cell",
    "text_of",
    "translations",
]


def split_cell(cell: object) -> tuple[str, ...]:
    """Parts of a cell that holds a list."""
    return tuple(part.strip() for part in str(cell or "").split("|") if part.strip())


def number(value: object, default: float = math.nan) -> float:
    """A cell as a number; the default where it is none."""
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return default


def text_of(value: object) -> str:
    """A cell as text; empty where nothing is there."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value)


def records(frame: pd.DataFrame | None) -> Iterable[dict[str, Any]]:
    """Rows as dictionaries; an absent table has none."""
    if frame is None or not len(frame):
        return
    columns = [frame[name].tolist() for name in frame.columns]
    names = [str(name) for name in frame.columns]
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def receipt_of(row: Mapping[str, Any]) -> Receipt:
    """Who says so, of a row."""
    return Receipt(
        text_of(row.get("certainty")) or "certain",
        text_of(row.get("asserted_by")),
        split_cell(row.get("source_ids")),
        text_of(row.get("note")),
    )


def days_of(row: Mapping[str, Any], first: str = "valid_from", last: str = "valid_to"):  # type: ignore[no-untyped-def]
    """Half-open span of a row, in days since 1970-01-01."""
    stem = first.removesuffix("_from")
    known = ("start_day", "end_day") if stem == "valid" else (f"{stem}_start", f"{stem}_end")
    if known[0] in row:
        return int(row[known[0]]), int(row[known[1]])
    return (
        boundary_day(text_of(row.get(first)), end=False),
        boundary_day(text_of(row.get(last)), end=True),
    )


def by_language(row: Mapping[str, Any], stem: str) -> dict[str, str]:
    """``name``, ``name_fr`` ... -> ``{"en": ..., "fr": ...}``, empty ones left out."""
    found = {"en": text_of(row.get(f"{stem}_en")) or text_of(row.get(stem))}
    for column, value in row.items():
        of, tag = language_column(str(column))
        if of == stem and tag and tag != "en":
            found[tag] = text_of(value)
    return {lang: text for lang, text in found.items() if text}


def translations(frame: pd.DataFrame | None, stem: str) -> dict[str, dict[str, str]]:
    """What a column and its translations say, by the row's id and then by language."""
    return {text_of(row.get("id")): by_language(row, stem) for row in records(frame)}
