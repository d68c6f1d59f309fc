"""Real browsers, cut off from the network, that fail on any error or request."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas.map import build_map
from atlas.record.pack import Pack, read_pack
from tests.map.demo import write_demo

ARTEFACTS = Path(__file__).parent / "artifacts"


# Before a picture of Firefox the driver adds and removes this style, which the page's policy
# refuses and Firefox tells as an error.
DRIVERS_STYLE = base64.b64encode(hashlib.sha256(b"body {}").digest()).decode()


# Waiting for a state may be generous: it costs time only where the test fails anyway.
PATIENCE = 90


def state_of(page: Any) -> dict[str, Any]:
    """Give what the map says it shows, as one text: values one by one take a driver seconds."""
    state: dict[str, Any] = json.loads(page.evaluate("JSON.stringify(atlasMap.state())"))
    return state


def until(page: Any, expression: str, *, seconds: float = PATIENCE) -> None:
    """Wait for a truth about the page; its policy forbids Playwright's own way of polling."""
    for n in range(int(seconds * 20)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(min(50, 5 * (n + 1)))
    pytest.fail(f"waited {seconds} s in vain for {expression}")


# A page's timers come in the order they are due, however busy the machine: once one of 200 ms has
# come, so have all the shorter ones that were set before it. The longest of the page is of 120 ms.
_RESTED = """() => new Promise((done, fail) => {
  let timer = 0;
  const again = () => { clearTimeout(timer); timer = setTimeout(look, 200); };
  const seen = new MutationObserver(again);
  const moves = (one) => one.playState === "running" && one.effect
    && Number.isFinite(one.effect.getComputedTiming().endTime);
  const end = (say) => {
    seen.disconnect();
    removeEventListener("scroll", again, true);
    clearTimeout(late);
    say();
  };
  const late = setTimeout(() => end(() => fail(new Error("the page never rests"))), LIMIT);
  function look() { document.getAnimations().some(moves) ? again() : end(done); }
  seen.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  addEventListener("scroll", again, true);
  again();
})"""


def rested(page: Any) -> None:
    """Wait until nothing on the page has changed, moved or scrolled for a while."""
    page.evaluate(_RESTED.replace("LIMIT", str(PATIENCE * 1000)))


CHROMIUM = pytest.mark.parametrize("browser", ["chromium"], indirect=True)
"""For what only Chromium can be asked for (printing, a touch screen, a reader's preferences), and
for what does not hang on the browser (the rules of accessibility)."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(write_demo(tmp_path_factory.mktemp("demo") / "pack"))


@pytest.fixture(scope="session")
def demo_page(demo: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "demo.html"
    build_map(demo, date="2001-05-10").save(path)
    return path


@pytest.fixture(scope="session")
def shipped_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Page of the pack this project ships."""
    path = tmp_path_factory.mktemp("page") / "map.html"
    build_map(read_pack(), date="2020-11-10").save(path)
    return path


class Window:
    """A window of a browser, and what went wrong in it."""

    def __init__(self, browser: Any, **options: Any) -> None:
        settings = {"viewport": {"width": 1280, "height": 800}, "offline": True} | options
        self.context = browser.new_context(**settings)
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on(
            "console",
            lambda m: m.type in ("error", "warning") and self.wrong.append(f"console: {m.text}"),
        )
        self.page.on(
            "pageerror",
            lambda error: DRIVERS_STYLE in str(error) or self.wrong.append(f"error: {error}"),
        )
        self.page.on(
            "request",
            lambda r: (
                r.url.startswith(("file:", "data:", "blob:", "about:"))
                or self.wrong.append(f"request: {r.url}")
            ),
        )

    def clear(self) -> bool:
        """Leave the window as a new one is, or say that it can't be."""
        # Firefox takes the keys from a window that made a picture, and never gives them back.
        if not self.page.evaluate("document.hasFocus()"):
            return False
        self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)
        return True


@pytest.fixture(scope="session")
def windows(browsers: Any) -> dict[Any, Window]:
    """A window of each browser for all tests: a new one costs more than most of what is tested."""
    return {}


@pytest.fixture
def opened(browser: Any, windows: dict[Any, Window]) -> Iterator[Callable[..., Any]]:
    """Open a file; at the end nothing may have gone wrong in it.

    What changes the window itself (its size, its medium, who listens to it) asks for one of its
    ``own``, as does what needs another kind of window.
    """
    shared: list[Window] = []
    others: list[Window] = []

    def open_page(
        path: Path, hash_: str = "", *, wait: bool = True, own: bool = False, **options: Any
    ) -> Any:
        if own or options or shared:
            window = Window(browser, **options)
            others.append(window)
        else:
            window = windows.pop(browser, None) or Window(browser)
            shared.append(window)
        page = window.page
        page.goto(path.as_uri() + hash_)
        if wait:
            until(page, "Boolean(window.atlasMap && atlasMap.state && 'day' in atlasMap)")
        return page

    yield open_page
    wrong: list[str] = []
    for window in shared + others:
        if window in shared and window.clear():
            windows[browser] = window
        else:
            window.context.close()
        wrong += window.wrong
        window.wrong = []
    assert not wrong


@pytest.fixture(scope="session")
def artefacts() -> Path:
    (ARTEFACTS / "firefox").mkdir(parents=True, exist_ok=True)
    return ARTEFACTS
