"""One browser of each kind for all tests of a process: their driver can be started once only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb",
]  # fmt: skip
EXECUTABLES = {
    # The same engine without the windows of a desktop draws a page in less than half of the time.
    "chromium": ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}


def missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must not skip the browser tests")
    pytest.skip(reason)


def executable(name: str) -> str | None:
    return next(filter(None, map(shutil.which, EXECUTABLES[name])), None)


@pytest.fixture(scope="session")
def browsers() -> Iterator[Callable[[str], Any]]:
    """Give a browser by name, which once started stays: starting one takes seconds."""
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as playwright:
        made: dict[str, Any] = {}

        def start(name: str) -> Any:
            path = executable(name)
            if path is None:
                missing(f"no {name.capitalize()} is installed (tests/install_browser.sh does it)")
            if name == "chromium":
                return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            # The browser as everybody has it, by the standard protocol, not a build of its own.
            return playwright.firefox.launch(executable_path=path, channel="moz-firefox")

        def give(name: str) -> Any:
            if name not in made:
                made[name] = start(name)
            return made[name]

        yield give
        for one in made.values():
            one.close()


@pytest.fixture(params=list(EXECUTABLES))
def browser(request: pytest.FixtureRequest, browsers: Callable[[str], Any]) -> Any:
    return browsers(request.param)
