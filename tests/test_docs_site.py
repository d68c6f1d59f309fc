"""The documentation site: whole, linked within itself, and asking nobody."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from typer.main import get_command

from atlas.cli import app
from tests.test_docstrings import ANSWERS

pytest.importorskip("mkdocs")
pytest.importorskip("material")
pytest.importorskip("mkdocstrings")

ROOT = Path(__file__).resolve().parents[1]
SHOWN = ("atlas.facade:Atlas", *(one for one in ANSWERS if "Pack" not in one))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return out


class Page(HTMLParser):
    """Ids, links and what is loaded."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given["id"]} if "id" in given else set()
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in ("script", "img", "iframe", "source"):
            self.loads += [given[name] for name in ("src", "srcset") if name in given]
        if tag == "link" and given.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(given.get("href", ""))


def _wrong(site: Path, pages: dict[Path, Page]) -> list[str]:
    wrong = []
    for path, page in pages.items():
        for link in [*page.links, *page.loads]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or (not parts.path and not parts.fragment):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (
                parts.fragment and target in pages and parts.fragment not in pages[target].ids
            ):
                wrong.append(f"{path.name}: {link}")
    return wrong


@pytest.mark.slow
def test_the_site_is_whole_and_asks_nobody(site: Path) -> None:
    pages = {path: Page(path) for path in site.rglob("*.html") if path.name != "404.html"}
    assert len(pages) >= 12
    assert not _wrong(site, pages)
    for path, page in pages.items():
        outside = [one for one in page.loads if urlsplit(one).netloc]
        assert not outside, f"{path.name} loads {outside}"
    for style in site.rglob("*.css"):
        asked = re.search(r"url\(.?https?:", style.read_text(encoding="utf-8"))
        assert not asked, style.name
    told = set().union(*(page.ids for page in pages.values()))
    for path in SHOWN:
        import importlib
        import inspect

        module, name = path.split(":")
        kind = getattr(importlib.import_module(module), name)
        assert f"{module}.{name}" in told, path
        for own, member in vars(kind).items():
            mine = inspect.isfunction(member) and member.__module__.startswith("atlas")
            if not own.startswith("_") and mine and member.__name__ == own:
                assert f"{module}.{name}.{own}" in told, f"{path}.{own}"
    commands = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"atlas {name}" in commands, name
    for picture in ("day", "side", "compare", "days", "series", "routes", "own"):
        assert (site / "pictures" / f"{picture}.png").stat().st_size > 10_000
