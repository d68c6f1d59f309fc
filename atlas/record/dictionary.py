"""Write the generated pages: run as ``python -m atlas.record.dictionary``."""

from __future__ import annotations

from pathlib import Path

from atlas.base.output import write_text
from atlas.record.schema import data_dictionary
from atlas.record.settings import settings_dictionary

__all__ = ["whole_dictionary", "write_docs"]


def whole_dictionary() -> str:
    """The data dictionary of `pack.toml` and of all tables, as Markdown."""
    head, _, tables = data_dictionary().partition("\n## ")
    return "\n".join([head, *settings_dictionary(), f"## {tables}"])


def write_docs(folder: Path) -> None:
    """Write ``data-dictionary.md`` into a folder."""
    write_text(folder / "data-dictionary.md", whole_dictionary())


if __name__ == "__main__":
    write_docs(Path(__file__).resolve().parents[2] / "docs")
