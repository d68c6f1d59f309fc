"""Puts the index of the world's names, built from packages of open data, into the wheel."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the index where it is missing or another builder made it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build it before the files of the wheel are gathered."""
        if self.target_name != "wheel":
            return
        sys.path.insert(0, str(Path(self.root)))
        from atlas.world.packaged import build_packaged

        path = build_packaged()
        build_data["artifacts"].append(f"/{path.relative_to(self.root).as_posix()}/*")
