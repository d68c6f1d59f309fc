"""The widget in a real JupyterLab: what is shown and what the kernel holds are one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.browser.conftest import CHROMIUM, PATIENCE

pytest.importorskip("jupyterlab")
pytest.importorskip("anywidget")

ROOT = Path(__file__).resolve().parents[2]
CELLS = (
    "import atlas\na = atlas.open(PACK)\nw = a.explore(date='2001-05-10')\nw",
    "print('day', w.date, w.at().date)",
    "w.date = '2001-06-01'\nw.selection = 'p00'\nprint('set')",
    "print('sel', w.selection, w.at().control['controller'].item(), w.view['zoom'] > 1)",
)


@pytest.fixture
def server(tmp_path: Path, demo: Any) -> Iterator[tuple[str, Path]]:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    head = f"PACK = {str(demo.directory)!r}\n"
    book.cells = [nbformat.v4.new_code_cell(head + CELLS[0])]
    book.cells += [nbformat.v4.new_code_cell(code) for code in CELLS[1:]]
    folder = tmp_path / "books"
    folder.mkdir()
    nbformat.write(book, folder / "book.ipynb")
    home = tmp_path / "home"
    home.mkdir()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ["PYTHONPATH"])),
        "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "run"),
        "JUPYTER_CONFIG_DIR": str(home / "config"), "IPYTHONDIR": str(home / "ipython"),
    }  # fmt: skip
    log = (tmp_path / "log").open("w")
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--ip=127.0.0.1",
        "--IdentityProvider.token=t", "--allow-root", f"--notebook-dir={folder}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=log, stderr=log, env=environment, start_new_session=True
    )
    try:
        address = ""
        for _ in range(1800):
            said = (tmp_path / "log").read_text(encoding="utf-8")
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            if found and process.poll() is None:
                try:
                    with urllib.request.urlopen(f"{found[0]}/api?token=t", timeout=30) as answer:
                        json.load(answer)
                    address = found[0]
                    break
                except OSError:
                    pass
            time.sleep(0.1)
        assert address, (tmp_path / "log").read_text(encoding="utf-8")
        yield address, folder
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        log.close()


class Book:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def run(self, number: int) -> str:
        """Run a cell and give what it printed."""
        page = self.page
        cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for tried in range(1800):
            said = prompt.inner_text()
            if re.search(r"\[\d+\]", said) and said != before:
                break
            # Asked before its kernel is there, JupyterLab asks back which one: it is chosen.
            dialog = page.locator("dialog.jp-Dialog")
            if dialog.count():
                asked = dialog.first.inner_text()
                if "Select Kernel" not in asked:
                    pytest.fail(f"JupyterLab asks: {asked}")
                dialog.first.locator("button.jp-mod-accept").click()
                dialog.first.wait_for(state="detached")
            if tried % 50 == 0 and "*" not in said:
                cell.locator(".cm-content").click()
                page.keyboard.press("Shift+Enter")
            page.wait_for_timeout(100)
        else:
            pytest.fail(f"cell {number} did not end: {prompt.inner_text()}")
        return str(cell.locator(".jp-OutputArea").inner_text())

    def says(self, number: int, *parts: str) -> None:
        """Run a cell, and again while the kernel does not know yet, until it prints all of this."""
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").nth(number)
        said = ""
        for _ in range(20):
            self.run(number)
            # What is printed may come after the number.
            for _ in range(20):
                said = cell.locator(".jp-OutputArea").inner_text()
                if all(part in said for part in parts):
                    return
                self.page.wait_for_timeout(100)
        pytest.fail(f"cell {number} says {said!r}, not {parts}")

    @property
    def frame(self) -> Any:
        """The page in its frame."""
        handle = self.page.locator("iframe[title]").first.element_handle()
        return handle.content_frame()

    def shown(self, expression: str) -> Any:
        """Ask the page in the frame."""
        return self.frame.evaluate(expression)

    def until(self, expression: str, value: Any) -> None:
        """Wait until the page in the frame says so."""
        got = None
        for _ in range(PATIENCE * 20):
            got = self.shown(f"window.atlasMap && atlasMap.app ? ({expression}) : null")
            if got == value:
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"{expression} is {got!r}, not {value!r}")


@pytest.mark.slow
@CHROMIUM
def test_the_widget_and_the_kernel_follow_each_other(browser: Any, server: Any) -> None:
    address, _ = server
    context = browser.new_context(viewport={"width": 1400, "height": 1500})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}/lab/tree/book.ipynb?token=t&reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=180_000)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=180_000)
    book = Book(page)
    book.run(0)
    page.locator("iframe[title]").first.wait_for(timeout=180_000)
    book.until("atlasMap.day", "2001-05-10")

    # What the clock shows, the next cell has.
    play = book.frame.locator(".play")
    play.click()
    book.until("atlasMap.day > '2001-05-10'", True)
    play.click()
    day = book.shown("atlasMap.day")
    assert day > "2001-05-10"
    book.says(1, f"day {day} {day}")

    # What a cell sets, the page shows.
    book.run(2)
    book.until("atlasMap.day", "2001-06-01")
    book.until("atlasMap.state().settings.sel && atlasMap.state().settings.sel.place", "p00")

    # Where the reader clicks, the kernel knows.
    book.shown("atlasMap.set({ sel: null })")
    page.locator("iframe[title]").first.scroll_into_view_if_needed()
    ground = book.frame.locator(".leaflet-container")
    spot = book.shown("atlasMap.app.map.latLngToContainerPoint([50.3, 10.3])")
    ground.click(position={"x": spot["x"], "y": spot["y"]})
    book.until("atlasMap.state().settings.sel !== null", True)
    picked = book.shown("atlasMap.state().settings.sel")
    book.says(3, f"'lon': {round(picked['lon'], 6)}", "True")
    page.screenshot(path=str(Path(__file__).parent / "artifacts" / "jupyterlab.png"))
    context.close()
    assert not wrong
