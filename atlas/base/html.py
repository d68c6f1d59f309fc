"""How an answer shows itself in a notebook: the answer first, then a short table; all escaped.

Plain HTML without scripts or styles of its own, so that it fits any theme and any export.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["card", "pairs", "rows", "without_overrides"]

_SHOWN = 8
_LONG = 200  # characters of a cell
# Signs that turn the direction of what follows: the letters, and as JSON in a page writes them.
_OVERRIDES = re.compile(
    r"[\u202a-\u202e\u2066-\u2069]|(?<!\\)((?:\\\\)*)\\u(?:202[a-eA-E]|206[6-9])"
)
_SIGNS = tuple(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_ESCAPED = re.compile(r"\\u20(?:2[a-eA-E]|6[6-9])")


def without_overrides(page: str) -> str:
    r"""Take from a page the signs by which a text turns what stands after it.

    The direction of a text is told by its letters, by marks (U+200E, U+200F, U+061C), which stay,
    and by the page. `append` in ``map/web/dom.js`` does the same.

    Parameters
    ----------
    page : str
        Text or HTML, JSON inside it too.

    Returns
    -------
    str

    Examples
    --------
    >>> without_overrides("a\u202etxt.exe"), without_overrides('["a\\u202eb"]')
    ('atxt.exe', '["ab"]')
    """
    # Hardly any page holds one, and to look for each is much quicker than the whole pattern.
    if not _ESCAPED.search(page) and not any(sign in page for sign in _SIGNS):
        return page
    return _OVERRIDES.sub(lambda found: found[1] or "", page)


def card(answer: str, *parts: str) -> str:
    """Put an answer and what belongs to it together.

    Parameters
    ----------
    answer : str
        One sentence of plain text; escaped here.
    *parts : str
        HTML as `rows` and `pairs` make it; empty ones are left out.

    Returns
    -------
    str

    Examples
    --------
    >>> card("Held by <b>")
    '<div><p><strong>Held by &lt;b&gt;</strong></p></div>'
    """
    return f"<div><p><strong>{_text(answer)}</strong></p>{''.join(filter(None, parts))}</div>"


def pairs(items: Mapping[str, Any]) -> str:
    """List what is known by name, leaving out what is empty.

    Examples
    --------
    >>> pairs({"kind": "road", "note": ""})
    '<p>kind: road</p>'
    """
    told = [f"{_text(key)}: {_text(value)}" for key, value in items.items() if _cell(value)]
    return f"<p>{'<br>'.join(told)}</p>" if told else ""


def rows(
    frame: pd.DataFrame, columns: Mapping[str, str], *, title: str = "", shown: int = _SHOWN
) -> str:
    """Show the first rows of a frame, and say how many more there are.

    Parameters
    ----------
    frame : DataFrame
        Any; nothing is shown where it has no rows.
    columns : mapping of str to str
        Column to heading, in order; columns that are not there are left out.
    title : str
        Said above.
    shown : int
        Rows at most.

    Returns
    -------
    str
    """
    if frame.empty:
        return ""
    kept = [name for name in columns if name in frame.columns]
    head = "".join(f"<th>{_text(columns[name])}</th>" for name in kept)
    body = "".join(_row(values) for values in frame[kept].head(shown).itertuples(index=False))
    more = len(frame) - shown
    tail = f"<p>and {more:,} more</p>" if more > 0 else ""
    above = f"<p>{_text(title)}</p>" if title else ""
    return f"{above}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{tail}"


def _row(values: Iterable[Any]) -> str:
    return "<tr>" + "".join(f"<td>{_text(value)}</td>" for value in values) + "</tr>"


def _text(value: Any) -> str:
    text = without_overrides(_cell(value))
    return escape(text if len(text) <= _LONG else text[: _LONG - 1] + "…")


def _cell(value: Any) -> str:
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return ""
    if hasattr(value, "item"):
        value = value.item()
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if value != value else f"{value:,.1f}"
    return str(value).replace("|", ", ")
