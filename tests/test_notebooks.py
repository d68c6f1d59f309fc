"""Every notebook runs from top to bottom, shows pictures, and is committed without outputs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PICTURES = {"image/png", "image/svg+xml", "application/vnd.jupyter.widget-view+json"}
# What an earlier notebook named is forgotten; the libraries stay loaded.
AFRESH = (
    "for _ in [n for n in globals() if n[0] != '_' and n not in ('In', 'Out', 'get_ipython')]:\n"
    "    del globals()[_]\n"
)


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 9


@pytest.fixture(scope="module")
def kernel() -> Iterator[Any]:
    """One kernel for all: what takes longest is the start of one."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    manager.start_kernel(cwd=str(FOLDER), env=os.environ | {"PYTHONPATH": path})
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, kernel: Any) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        assert not cell.get("outputs"), f"{path.name} is committed with outputs"
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.source = AFRESH + first.source
    client = NotebookClient(notebook, timeout=240, km=kernel)
    client.execute(cleanup_kc=False)
    if folder := os.environ.get("ATLAS_NOTEBOOKS_OUT"):
        nbformat.write(notebook, Path(folder) / path.name)
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kinds = {kind for output in shown for kind in output.get("data", {})}
    assert kinds & PICTURES, "no picture is shown"
    told = sum(len(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    assert told > 200
    wrong = [
        output for output in shown if output.get("name") == "stderr" and "Error" in output.text
    ]
    assert not wrong


@pytest.mark.slow
def test_ten_maps_in_one_notebook_weigh_little(kernel: Any) -> None:
    cells = [AFRESH + "import atlas\na = atlas.open()"]
    cells += [f"a.explore(date='{year}-06-01')" for year in (1995, 2021)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    NotebookClient(notebook, timeout=240, km=kernel).execute(cleanup_kc=False)
    shown = notebook.cells[-1].outputs[0]["data"]
    assert "application/vnd.jupyter.widget-view+json" in shown and shown["image/png"]
    states = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    explorers = [json.dumps(one) for one in states.values() if "_parts" in one["state"]]
    # Eight more of the same: a still each, and the state that refers to the shared page.
    more = 8 * (len(json.dumps(shown)) + max(map(len, explorers)))
    assert len(nbformat.writes(notebook)) + more < 2_500_000
