"""One browser for all tests of a process: its driver can be started once only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb",
]  # fmt: skip
EXECUTABLES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}


def missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must not skip the browser tests")
    pytest.skip(reason)


@pytest.fixture(scope="session", params=list(EXECUTABLES))
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api")
    name: str = request.param
    path = next(filter(None, map(shutil.which, EXECUTABLES[name])), None)
    if path is None:
        missing(f"no {name.capitalize()} is installed (tests/install_browser.sh does it)")
    with sync.sync_playwright() as playwright:
        if name == "chromium":
            made = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        else:
            # The browser as everybody has it, by the standard protocol, not a build of its own.
            made = playwright.firefox.launch(executable_path=path, channel="moz-firefox")
        yield made
        made.close()
