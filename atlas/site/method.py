"""The pack's notes on method as HTML: Markdown in, escaped markup out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from atlas.record.report import pack_report
from atlas.record.schema import data_dictionary
from atlas.site.render import number, safe_url

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["READING", "Heading", "markdown", "method_page"]

READING = """\
## How to read this record

**A date on the map is a day, not a moment.** Every statement has a first day on which it holds and
a first day on which it no longer holds. Where only a month or a span is known, the record keeps it
as such and the map uses its earliest day; the text always shows what is really known.

**Held, not owned.** The colour of an area says who was in control there on that day. Which state it
belongs to in law is a separate statement, and who claims it a third. Control is assessed once for
each area and day; what a party claims beside it is kept under that party's name and never merged.

**Certainty is part of each statement.** *Certain*: independent sources agree, or the sides do.
*Probable*: one good source, or an inference that is written out. *Contested*: the sides contradict
each other. *Unknown*: the record does not say, and neither does the map.

**Unknown is not none.** An empty count of deaths is not zero. A route with no statement is not
open. A day without an event is a day on which nothing was recorded.

**Square kilometres have an error.** They are measured in an equal-area projection; the range beside
a figure is what moving the outline by its stated uncertainty makes of it.

**Names follow time and side.** A town is shown under the name of the day on the map; where the
sides' names differ, both stand together. Using a name here takes no side.
"""


class Heading(dict[str, Any]):
    """A heading of the page: `id`, `text`, `level`."""


def _slug(text: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    base = "m-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "part")
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    taken.add(slug)
    return slug


def _plain(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.content)


def _only_safe_links(tokens: Sequence[Token]) -> list[Token]:
    """Drop the links that lead into the project's folders; send the others out politely."""
    kept, dropped = [], 0
    for token in tokens:
        if token.type == "link_open":
            href = safe_url(str(token.attrGet("href") or ""))
            if not href:
                dropped += 1
                continue
            token.attrs = {"href": href, "rel": "noopener noreferrer"}
        elif token.type == "link_close" and dropped:
            dropped -= 1
            continue
        kept.append(token)
    return kept


def markdown(text: str, taken: set[str]) -> tuple[Markup, list[Heading]]:
    """Render Markdown as HTML with nothing in it that could run or load.

    Parameters
    ----------
    text : str
        CommonMark with tables; HTML in it is shown as text, images are left out.
    taken : set of str
        Ids already in the page; those of the headings are added.

    Returns
    -------
    (Markup, list of Heading)
        The first heading of level 1 is left out (the page has its own); the others are at least of
        level 2.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = parser.parse(text)
    headings: list[Heading] = []
    out: list[Token] = []
    skipping = False
    for n, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and not headings:
            skipping = True
        if token.type in ("heading_open", "heading_close"):
            level = min(max(int(token.tag[1]), 2), 4)
            token.tag = f"h{level}"
            if token.type == "heading_open" and not skipping:
                title = _plain(tokens[n + 1])
                slug = _slug(title, taken)
                token.attrSet("id", slug)
                if level < 4:
                    headings.append(Heading(id=slug, text=title, level=level))
        if token.children:
            token.children = _only_safe_links(token.children)
        # Alignment would be an inline style, which the page's policy forbids.
        if token.type in ("td_open", "th_open"):
            token.attrs = {}
        if not skipping:
            out.append(token)
        if token.type == "heading_close":
            skipping = False
    html = parser.renderer.render(out, parser.options, {})
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>")
    return Markup(html), headings  # noqa: S704  HTML is off in the parser


def _notes(pack: Pack) -> str:
    """Notes of the pack itself, or those of the folder of packs that it ships in."""
    folder = Path(pack.directory)
    own = [folder / "README.md"]
    if folder.parent.name == "geodata":
        own.append(folder.parent / "README.md")
    return next((path.read_text(encoding="utf-8") for path in own if path.is_file()), "")


class Counts:
    """A frame of counts, ready to show."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.columns = [str(column).replace("_", " ") for column in frame.columns]
        numeric = [pd.api.types.is_numeric_dtype(frame[column]) for column in frame.columns]
        self.numbers = {name for name, yes in zip(self.columns, numeric, strict=True) if yes}
        self.rows = [
            [number(cell) if yes else str(cell) for cell, yes in zip(row, numeric, strict=True)]
            for row in frame.itertuples(index=False)
        ]


def method_page(pack: Pack) -> dict[str, Any]:
    """What the method page shows: how to read, the pack's notes, counts, the data dictionary."""
    taken = {"counts", "main", "toc"}
    reading, first = markdown(READING, taken)
    notes, second = markdown(_notes(pack), taken)
    dictionary, third = markdown(
        data_dictionary().replace("\n## ", "\n### ").replace("# Data", "## Data", 1), taken
    )
    counts = {name: Counts(frame) for name, frame in pack_report(pack).items() if not frame.empty}
    middle = [Heading(id="counts", text="What the record holds", level=2)]
    return {
        "reading": reading,
        "notes": notes,
        "dictionary": dictionary,
        "counts": counts,
        "toc": [*first, *second, *middle, *third],
    }
