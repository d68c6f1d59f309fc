"""Settings of the whole suite."""

from __future__ import annotations

import builtins
import os
import runpy
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import settings

from tests.browser.driver import browser, browsers

__all__ = ["browser", "browsers"]

# Nothing in a test reaches farther than this machine, nor does a Python that it starts.
_OFFLINE = Path(__file__).parent / "offline"
runpy.run_path(str(_OFFLINE / "sitecustomize.py"))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, (str(_OFFLINE), os.environ.get("PYTHONPATH")))
)

# How long an example takes says nothing on a shared machine; speed is measured in benchmarks/.
# Same code, same examples: what passed here passes there.
settings.register_profile("atlas", deadline=None, derandomize=True)
settings.load_profile("atlas")

_SUM = builtins.sum


def _sum_of_whole_numbers(values: Iterable[Any], /, start: Any = 0) -> Any:
    """As `sum`, which adds up fractions in another way since Python 3.12: refused here."""
    found = _SUM(values, start)
    asked = sys._getframe(1).f_globals.get("__name__", "")
    # Of the index of the world's names a sum is cut to whole metres.
    if isinstance(found, float) and asked.startswith("atlas.") and asked != "atlas.world.build":
        raise AssertionError(f"{asked} adds up fractions with sum: use math.fsum")
    return found


# The same inputs make the same bytes under every version of Python.
builtins.sum = _sum_of_whole_numbers
