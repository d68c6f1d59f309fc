"""Commands that make areas, take a record out and back in, and tell versions of it apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.base.errors import InputError
from atlas.cli.show import Json, counted, emit_json, progress, say, table, tell
from atlas.cli.targets import (
    Out,
    check_table_out,
    check_targets,
    with_sidecars,
    write_table,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["register", "show_changes"]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(areas)
    app.command()(export)
    app.command("import")(take_back)
    app.command()(diff)


def areas(
    country: Annotated[
        list[str] | None, typer.Option(help="ISO 3166-1 code: its first-order units.")
    ] = None,
    polygons: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Polygons, in any CRS; on top.")
    ] = None,
    lines: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Lines that cut what they cross.")
    ] = None,
    into: Annotated[
        str | None, typer.Option(metavar="PACK", help="Cut the areas of this pack, and keep them.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="An areas.geojson to write.")
    ] = None,
    name_column: Annotated[
        str | None, typer.Option("--name-column", help="Column that names the polygons.")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="Gaps, overlaps and slivers up to so many metres are mended.")
    ] = 25.0,
    reach: Annotated[
        float, typer.Option(help="A line that ends so many metres before an edge reaches it.")
    ] = 1000.0,
    clip: Annotated[
        bool, typer.Option("--clip", help="Leave out what polygons have outside of the rest.")
    ] = False,
    uncertainty: Annotated[
        float,
        typer.Option(
            help="Doubt about new edges in metres; by default the old area's.", show_default=False
        ),
    ] = 0.0,
    source: Annotated[str, typer.Option(help="Whose lines and polygons they are.")] = "",
    findings: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the table of what was found, too.")
    ] = None,
    json: Json = False,
) -> None:
    """A valid coverage of areas from a country's units, polygons and drawn lines.

    With --into the areas of the pack are cut, and what hangs on an area - who held it, events,
    extents - hangs on each of its parts; nothing is written if the pack had a new fault. With -o
    the areas are written as a file. What was mended is listed: where, km2, what was done.

    Example: atlas areas --country UY -o areas.geojson
    """
    from atlas.base.output import write_text
    from atlas.record.areas import make_areas

    if (into is None) == (out is None):
        raise InputError("say where the areas go: --into PACK, or -o FILE.geojson")
    if out is not None and (out.suffix.lower() != ".geojson" or not out.parent.is_dir()):
        raise InputError(f"{str(out)!r}: areas are written as .geojson, in a folder that is there")
    if not uncertainty >= 0:
        raise InputError(f"a doubt of {uncertainty} m is none; give metres, 0 or more")
    check_table_out(findings)
    files = [*(polygons or []), *(lines or [])]
    check_targets({"--out": out, "--findings": findings}, files)
    if into is not None and not (files or country):
        raise InputError("nothing to cut the areas by; give --lines, --polygons or --country")
    from atlas.record.recut import areas_of, areas_text, put_areas

    with progress("making the areas"):
        made = make_areas(
            countries=country or (),
            polygons=polygons or (),
            lines=lines or (),
            base=None if into is None else areas_of(into),
            name_column=name_column,
            tolerance_m=tolerance,
            reach_m=reach,
            clip=clip,
        )
        taken = None
        with with_sidecars(out, findings):
            if into is not None:
                taken = put_areas(into, made, source=source, uncertainty_m=uncertainty)
            elif out is not None:
                write_text(out, areas_text(made, uncertainty_m=uncertainty))
            if findings is not None:
                write_table(made.found, findings, what="finding")
    names = [path.name for path in (taken.files if taken else [out] if out else [])]
    if json:
        listed = made.areas.drop(columns="geometry")
        emit_json({"areas": listed, "found": made.found, "files": names, "notes": made.notes})
        return
    near = made.found.assign(
        near=[f"{row.lon:.4f}, {row.lat:.4f}" for row in made.found.itertuples()],
        km2=[f"{km2:,.1f}" if not km2 < 1 else f"{km2:.4f}" for km2 in made.found["km2"].fillna(0)],
    )
    headings = {name: name for name in ("what", "where", "near", "km2", "done")}
    table(near, headings, title=f"{counted(len(made.areas), 'area')}; found")
    say(f"wrote {', '.join(names)}" if names else "nothing to write")


def export(
    pack: Annotated[str, typer.Argument(help="A folder, or a shipped pack.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="File to write.")],
    to: Annotated[
        str | None,
        typer.Option(help="gpkg, xlsx, geojson, kml or linked-places. By FILE's ending."),
    ] = None,
) -> None:
    """A pack as one file: to edit in QGIS or a spreadsheet, or to see on any map or globe.

    To edit: .gpkg holds every table, with styles, forms and a clock for QGIS; layers named
    ..._map and mandates_... are joined for the eye and follow what is edited; edit the others.
    .xlsx has a sheet a table, each column explained, with words to choose from. `atlas import`
    takes either back. To see: .geojson and .kml have every row that lies somewhere, with its
    time, in words and with its sources; .jsonld has the names in Linked Places Format.

    Example: atlas export cyprus -o cyprus.gpkg
    """
    from atlas.facade import export_format, export_pack

    chosen = export_format(out, to)
    with progress("writing the layers"):
        export_pack(pack, out, to=chosen)
    said = f"wrote {out} ({Path(out).stat().st_size / 1e6:.1f} MB)"
    back = f"; take it back with: atlas import {out} --into {pack}"
    say(said + (back if chosen in ("gpkg", "xlsx") else ""))


def take_back(
    file: Annotated[str, typer.Argument(help="An export (.gpkg or .xlsx), edited since.")],
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
    from atlas.record.takeback import import_gpkg

    with progress("comparing" if dry_run else "taking the edits back"):
        taken = import_gpkg(file, into, dry_run=dry_run)
    found, files = taken.changes, taken.files
    if json:
        emit_json({"changes": found, "files": [path.name for path in files], "notes": taken.notes})
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
