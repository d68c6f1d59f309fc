"""The house keeps its rooms: import contract, light start, nothing that names a machine."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent


def test_the_import_contract_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    # The linter sets up logging for itself alone and would switch ours off.
    monkeypatch.setattr("importlinter.cli.logging_config.dictConfig", lambda config: None)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == (
        EXIT_STATUS_SUCCESS
    )


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    code = (
        "import sys; from atlas.cli import app; "
        "print([m for m in ('pandas', 'geopandas', 'folium', 'matplotlib', 'dask', 'numpy') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_question_brings_in_no_library_that_it_does_not_need() -> None:
    code = (
        "import sys, atlas; a = atlas.open('cyprus'); a.at('2000-01-01'); "
        "print([m for m in ('folium', 'branca', 'jinja2', 'matplotlib', 'networkx', 'dask', "
        "'openpyxl', 'pyogrio', 'rapidfuzz', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_function_says_what_it_does() -> None:
    for path in sorted((ROOT / "atlas").rglob("*.py")):
        assert path.read_text(encoding="utf-8").lstrip().startswith('"""'), (
            f"{path.name}: no docstring"
        )


def _text_files() -> Iterator[Path]:
    kept = {".py", ".toml", ".md", ".txt", ".lock", ".js", ".css", ".json", ".cfg", ".html", ""}
    skipped = {".git", ".venv", "node_modules", ".mypy_cache", ".ruff_cache", ".cache", "artifacts"}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if (
            set(parts) & skipped
            or parts[0] == "site"
            or not path.is_file()
            or path.suffix not in kept
        ):
            continue
        if path != Path(__file__):
            yield path


def test_no_file_names_a_machine_or_a_registry() -> None:
    hosts = re.compile(
        r"(?:^|[^A-Za-z0-9_.~-])/(?:root|home)/[a-z]"
        r"|pypi\.org/simple|registry\.npmjs|files\.pythonhosted"
    )
    for path in _text_files():
        found = hosts.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: {found.group() if found else ''}"


def test_no_file_holds_what_a_merge_left() -> None:
    for path in _text_files():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            assert not re.match(r"(<{7}|>{7}) \S", line), path.relative_to(ROOT)
