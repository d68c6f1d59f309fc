"""Write the generated pages: run as ``python -m atlas.docs``."""

from __future__ import annotations

from pathlib import Path

from atlas.output import write_text
from atlas.schema import data_dictionary

__all__ = ["write_docs"]


def write_docs(folder: Path) -> None:
    """Write ``data-dictionary.md`` into a folder."""
    write_text(folder / "data-dictionary.md", data_dictionary())


if __name__ == "__main__":
    write_docs(Path(__file__).resolve().parent.parent / "docs")
