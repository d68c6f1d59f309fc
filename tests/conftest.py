"""Settings of the whole suite."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

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
