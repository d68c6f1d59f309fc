"""Write the generated pages: run as ``python -m atlas.record.dictionary``."""

from __future__ import annotations

from pathlib import Path

from atlas.base.output import write_text
from atlas.record.schema import data_dictionary

__all__ = ["write_docs"]


def write_docs(folder: Path) -> None:
    """Write ``data-dictionary.md`` into a folder."""
    write_text(folder / "data-dictionary.md", data_dictionary())


if __name__ == "__main__":
    write_docs(Path(__file__).resolve().parents[2] / "docs")
