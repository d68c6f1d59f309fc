"""Settings of the doctests in the package."""

from __future__ import annotations

import gc
import re
from functools import cache
from typing import Any

import pytest

#: Run by an interpreter of its own, which has QGIS.
collect_ignore = ["tests/record/in_qgis.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: what is left at the end is quickly shared out."""
    long = {
        item.path
        for item in items
        if item.get_closest_marker("slow") or item.get_closest_marker("browser")
    }
    items.sort(key=lambda item: item.path not in long)


def pytest_configure() -> None:
    """Look for garbage as seldom as a command of the package does."""
    gc.set_threshold(50_000, 50, 50)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector of garbage need not look through it again."""
    gc.freeze()


@cache
def _opened() -> Any:
    import atlas

    return atlas.open()


@pytest.fixture(autouse=True)
def _an_atlas_is_open(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    """Examples speak of `a`, opened once for all of them."""
    written = getattr(getattr(request.node, "dtest", None), "examples", ())
    if any(re.search(r"\ba\.", example.source) for example in written):
        doctest_namespace["a"] = _opened()
