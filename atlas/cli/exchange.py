"""Commands that take a record out, back in, and tell versions of it apart: export, import, diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.base.errors import InputError
from atlas.cli.show import Json, counted, emit_json, progress, say, tell
from atlas.cli.targets import Out, check_table_out, check_targets, one_of, write_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["register", "show_changes"]

_FORMATS = ("gpkg",)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(export)
    app.command("import")(take_back)
    app.command()(diff)


def export(
    pack: Annotated[str, typer.Argument(help="A folder, or a shipped pack.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="File to write, .gpkg.")],
    to: Annotated[str, typer.Option(help="gpkg: a GeoPackage for QGIS.")] = "gpkg",
) -> None:
    """A pack as one file to edit in QGIS: every table, with styles, forms and a clock.

    Layers named ..._map and mandates_... are joined for the eye and follow what is edited; edit
    the others. `atlas import` takes the file back.

    Example: atlas export cyprus -o cyprus.gpkg
    """
    from atlas.facade import export_pack

    one_of(to, "format", _FORMATS)
    if Path(out).suffix.lower() != ".gpkg":
        raise InputError(f"a GeoPackage is written: end {Path(out).name!r} in .gpkg")
    with progress("writing the layers"):
        export_pack(pack, out)
    say(f"wrote {out} ({Path(out).stat().st_size / 1e6:.1f} MB); take it back with: "
        f"atlas import {out} --into {pack}")  # fmt: skip


def take_back(
    file: Annotated[str, typer.Argument(help="A GeoPackage that was exported, edited since.")],
    into: Annotated[str, typer.Option("--into", metavar="PACK", help="The pack it goes into.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """An edited export back into its pack: what was edited, and nothing else.

    All files are written, or none: only if the pack has no fault that it had not before. Exit
    status 1 if it would have.

    Example: atlas import cyprus.gpkg --into my-copy-of-cyprus
    """
    from atlas.record.compare import differences
    from atlas.record.takeback import import_gpkg

    if dry_run:
        with progress("comparing"):
            found = differences(into, file)
        files: tuple[Path, ...] = ()
    else:
        with progress("taking the edits back"):
            taken = import_gpkg(file, into)
        found, files = taken.changes, taken.files
    if json:
        emit_json({"changes": found, "files": [path.name for path in files]})
        return
    show_changes(found)
    if dry_run:
        tell("nothing is written: --dry-run")
    else:
        say(f"wrote {', '.join(path.name for path in files)}" if files else "nothing to write")


def diff(
    before: Annotated[str, typer.Argument(help="A folder, a shipped pack, or an export of one.")],
    after: Annotated[str, typer.Argument(help="Another version of it.")],
    out: Out = None,
    json: Json = False,
) -> None:
    """What changed from one version of a pack to another, row by row and cell by cell.

    Exit status 1 if anything did.

    Example: atlas diff south-caucasus south-caucasus
    """
    from atlas.record.compare import differences

    check_table_out(out, json=json)
    check_targets({"--out": out}, [before, after])
    with progress("comparing the packs"):
        found = differences(before, after)
    if out is not None:
        write_table(found, out, what="change")
    if json:
        emit_json(found)
    elif out is None:
        show_changes(found)
    if len(found):
        raise typer.Exit(1)


_CHANGES = ("added", "removed", "changed")
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def show_changes(found: pd.DataFrame) -> None:
    """Print changes as a person reviews them: by table, by row, then each cell before and after."""
    for name, rows in found.groupby("table", sort=False):
        counts = rows.drop_duplicates(["id", "change"])["change"].value_counts()
        told = ", ".join(f"{counts[kind]} {kind}" for kind in _CHANGES if kind in counts)
        say(f"{name}: {told}")
        for (key, change), cells in rows.groupby(["id", "change"], sort=False):
            first = cells.iloc[0]
            called = f"  ({first['name']})" if first["name"] not in ("", key) else ""
            say(f"  {_SIGNS[change]} {key}{called}")
            for row in cells.itertuples():
                for line in _lines(row):
                    say(f"      {line}")
    say(counted(len(found), "change"))


def _lines(row: object) -> list[str]:
    change, column = row.change, row.column  # type: ignore[attr-defined]
    before, after = row.before, row.after  # type: ignore[attr-defined]
    if change != "changed":
        return [text for text in (before, after) if text]
    told = f"{before or '(empty)'} -> {after or '(empty)'}"
    more = []
    gained, lost, moved = row.gained_km2, row.lost_km2, row.moved_m  # type: ignore[attr-defined]
    if gained == gained:
        more.append(f"{gained:.2f} km2 gained, {lost:.2f} km2 lost")
    if moved == moved:
        more.append(f"moved {moved:,.0f} m")
    return [f"{column}: {told}" + (f" ({'; '.join(more)})" if more else "")] if column else [told]
