"""What the site's build makes: the page of commands, the changelog, the gallery's pictures."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]


def on_files(files: Any, config: Any) -> Any:
    """Add the pages and pictures that are generated.

    Parameters
    ----------
    files : Files
        Those of the folder.
    config : dict
        Of mkdocs.
    """
    made: dict[str, str | bytes] = {
        "reference/commands.md": commands(),
        "changelog.md": (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        **{f"pictures/{name}": data for name, data in pictures().items()},
    }
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files


def commands() -> str:
    """Give the help of every command as one page."""
    import click
    from typer.main import get_command

    from atlas.cli import app

    parts = ["# Commands\n", "Written by `atlas COMMAND --help`, which says the same.\n"]

    def add(command: Any, path: str) -> None:
        if getattr(command, "commands", None):
            for name, inner in sorted(command.commands.items()):
                add(inner, f"{path} {name}")
            return
        context = click.Context(command, info_name=path)
        parts.append(f"## {path}\n")
        text = (command.help or "").replace("\x08", "").replace("\n\nExample: ", "\n\n    ")
        parts.append(text.strip() + "\n")
        rows = []
        for parameter in command.get_params(context):
            name = ", ".join([*parameter.opts, *parameter.secondary_opts])
            said = (getattr(parameter, "help", "") or "").replace("|", "\\|")
            # Placeholders in angles would be taken for elements.
            rows.append(f"| `{name}` | {said.replace('<', '&lt;')} |")
        if rows:
            parts.append("\n".join(["| option | does |", "|---|---|", *rows]) + "\n")

    add(get_command(app), "atlas")
    return "\n".join(parts)


def pictures() -> dict[str, bytes]:
    """Draw what the gallery shows."""
    import atlas

    a = atlas.open()
    sets = {
        "UCDP": str(ROOT / "examples" / "datasets" / "ged.csv"),
        "ACLED": str(ROOT / "examples" / "datasets" / "acled.csv"),
    }
    drawn = {
        "day.png": a.figure(date="2020-12-02", size=(9, 6), dpi=80),
        "side.png": a.figure(date="2021-06-01", side="AM", size=(9, 6), dpi=80),
        "compare.png": a.figure(compare=("2020-09-26", "2020-12-02"), dpi=80),
        "days.png": a.figure(
            dates=["1994-06-01", "2016-05-01", "2020-10-20", "2020-12-02", "2023-09-01",
                   "2023-10-01"], dpi=80,
        ),
        "series.png": a.figure(series=True, dpi=80),
        "routes.png": a.figure(routes=True, dpi=80),
        "own.png": a.figure(date="2020-11-10", events=sets, size=(9, 6), dpi=80),
    }  # fmt: skip
    found = {name: still._repr_png_() for name, still in drawn.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = a.film("2020-09-27", "2020-11-10", Path(folder) / "war.gif", step_days=11, dpi=80)
        found["war.gif"] = path.read_bytes()
    return found
