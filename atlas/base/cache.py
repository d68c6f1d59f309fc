"""Where what can be rebuilt is kept."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["cache_directory"]


def cache_directory() -> Path:
    """Folder for what can be rebuilt: ``ATLAS_CACHE_DIR``, else the platform's own."""
    chosen = os.environ.get("ATLAS_CACHE_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("atlas-conflict", appauthor=False))
