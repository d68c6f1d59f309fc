"""Tables tagged by the Humanitarian Exchange Language: a second row of names that begin with ``#``.

Tags: HXL standard 1.1 (OCHA, 2018), core schema.
"""

from __future__ import annotations

from typing import Any

from atlas.events.raw import Raw

__all__ = ["tags_of"]

_ROWS = 10  # in which the row of tags is looked for


def tags_of(raw: Raw) -> dict[str, str]:
    """Take the row of tags out of a table and read from it what its columns are used for.

    Parameters
    ----------
    raw : Raw
        Its frame loses the row of tags, which is no record.

    Returns
    -------
    dict of str to str
        Use to column; empty if the table has no tags.
    """
    head = raw.frame.head(_ROWS)
    for at in range(len(head)):
        cells = [str(cell).strip() if isinstance(cell, str) else "" for cell in head.iloc[at]]
        filled = [cell for cell in cells if cell]
        tagged = [cell for cell in filled if cell.startswith("#") and len(cell) > 1]
        if len(tagged) >= 2 and len(tagged) >= 0.5 * len(filled):
            return _without(raw, at, dict(zip(raw.frame.columns, cells, strict=True)))
    own = {str(name): str(name) for name in raw.frame.columns if str(name).startswith("#")}
    return _uses(own) if len(own) >= 2 else {}


def _without(raw: Raw, at: int, tags: dict[str, str]) -> dict[str, str]:
    lines = raw.line_of_rows()
    kept = [row for row in range(len(raw.frame)) if row != at]
    raw.frame = raw.frame.iloc[kept].reset_index(drop=True)
    if raw.geometry is not None:
        raw.geometry = raw.geometry[kept]
    if raw.index is not None:
        raw.index = raw.index[kept]
    else:
        raw.lines = lines[kept]
    raw.rows -= 1
    raw.notes.say("header: tags of the Humanitarian Exchange Language in a second row")
    return _uses(tags)


def _uses(tags: dict[str, str]) -> dict[str, str]:
    out: dict[str, str] = {}
    for column, tag in tags.items():
        name, *attributes = tag.lower().replace(" ", "").split("+")
        use = _use(name, set(attributes))
        if use:
            out.setdefault(use, column)
    if "place" not in out:
        for level in ("#adm5", "#adm4", "#adm3", "#adm2"):
            found = [column for column, tag in tags.items()
                     if tag.lower().startswith(level) and "code" not in tag.lower()]  # fmt: skip
            if found:
                out["place"] = found[0]
                break
    return out


def _use(name: str, attributes: set[str]) -> Any:
    if name == "#date":
        if attributes & {"end", "to"}:
            return "date_end"
        return None if attributes & {"reported", "updated", "published"} else "date"
    if name == "#geo":
        for attribute, use in (
            ("lat", "lat"),
            ("lon", "lon"),
            ("coord", "position"),
            ("bounds", ""),
        ):
            if attribute in attributes:
                return use
        return None
    if name == "#loc":
        return None if attributes & {"code", "type"} else "place"
    if name in ("#affected", "#casualties"):
        return "best" if attributes & {"killed", "dead", "deaths"} else None
    if name in ("#event", "#incident", "#crisis"):
        for attribute, use in (
            ("id", "id"),
            ("code", "id"),
            ("type", "event_type"),
            ("name", "title"),
        ):
            if attribute in attributes:
                return use
        return "title"
    if name in ("#description", "#cause"):
        return "title" if name == "#description" else "event_type"
    if name in ("#actor", "#org"):
        return (
            "actor2"
            if attributes & {"target", "victim"}
            else "actor1"
            if name == "#actor"
            else None
        )
    return None
