"""Commands about the user's own events: join, match."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.cli.packs import PackOption
from atlas.cli.show import Json, counted, emit_json, progress, table

if TYPE_CHECKING:
    from atlas.events import ReadOptions

__all__ = ["read_user_events", "register", "say_rejects"]

Format = Annotated[
    str, typer.Option("--format", help="auto, ucdp, acled, gdelt or table (CSV, Excel, ...).")
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", help="Which column is which: date=when,lon=x,lat=y,place=name."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(join)
    app.command()(match)


def _mapping(text: str | None) -> dict[str, str] | None:
    from atlas.base.errors import InputError

    if text is None:
        return None
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(key.strip() and value.strip() for key, _, value in pairs):
        raise InputError(f"{text!r} is not name=column,name=column")
    return {key.strip(): value.strip() for key, _, value in pairs}


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    from atlas.base.errors import InputError

    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"{text!r} is not WEST,SOUTH,EAST,NORTH in degrees") from None
    return west, south, east, north


def _options(
    *,
    columns: str | None,
    limit: int | None,
    date_from: str | None,
    date_to: str | None,
    bbox: str | None,
) -> ReadOptions:
    from atlas.events import ReadOptions

    return ReadOptions(
        columns=_mapping(columns), limit=limit, start=date_from, end=date_to, bbox=_box(bbox)
    )


def read_user_events(
    path: str,
    *,
    format: str = "auto",
    columns: str | None = None,
    limit: int | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    bbox: str | None = None,
    lines: bool = False,
) -> Any:
    """Read an events file of the user's, saying what was guessed."""
    from atlas.events import take

    options = _options(
        columns=columns, limit=limit, date_from=date_from, date_to=date_to, bbox=bbox
    )
    with progress(f"reading {path}"):
        found = take(path, options)
    for line in found.notes:
        typer.echo(f"{path}: {line}", err=True)
    return found


def say_rejects(path: str, found: Any) -> None:
    """Say on stderr how many rows of a file were rejected, if any."""
    if len(found.rejects):
        typer.echo(
            f"{path}: {counted(len(found.rejects), 'row')} rejected; "
            "`atlas join` writes them to a file",
            err=True,
        )


def join(
    path: Annotated[str, typer.Argument(metavar="EVENTS", help="The events; - is stdin.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="Where to write: .csv, .parquet, .geojson, .gpkg; with dask: a new folder.",
        ),
    ],
    format: Format = "auto",
    columns: Columns = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Rejected rows; default: beside the output.")
    ] = None,
    date_from: Annotated[str | None, typer.Option("--from", help="First day.")] = None,
    date_to: Annotated[str | None, typer.Option("--to", help="First day after.")] = None,
    bbox: Annotated[str | None, typer.Option(help="WEST,SOUTH,EAST,NORTH in degrees.")] = None,
    limit: Annotated[int | None, typer.Option(help="Read only so many rows.")] = None,
    engine: Annotated[
        str, typer.Option(help="pandas, or dask, which writes a folder of GeoParquet.")
    ] = "pandas",
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler: tcp://...")
    ] = None,
    pack: PackOption = "",
    json: Json = False,
) -> None:
    """Events with who held the place that day, mandates, the nearest route and its state.

    Rows in = rows read + rows rejected (+ rows left out by --from, --to, --bbox); each reject
    has its line and reason.

    Example: atlas join examples/events/ged.csv -o joined.csv
    """
    import pandas as pd

    from atlas.base.errors import InputError
    from atlas.events import write_frame
    from atlas.facade import Atlas

    if engine not in ("pandas", "dask"):
        raise InputError(f"no engine {engine!r}; there are: pandas, dask")
    if engine == "dask" and out.suffix.lower() in (".csv", ".tsv", ".geojson", ".gpkg"):
        raise InputError("the dask engine writes a folder of GeoParquet; name a folder")
    options = _options(
        columns=columns, limit=limit, date_from=date_from, date_to=date_to, bbox=bbox
    )
    a = Atlas.open(pack)
    beside = rejects or out.with_name(f"{out.stem}.rejects.csv")
    if engine == "dask":
        from atlas.joining.engine import join_partitions

        with progress("joining"):
            done = join_partitions(path, a.pack, out, options=options, scheduler=scheduler)
        for line in done.notes:
            typer.echo(line, err=True)
        if rejects is not None:
            write_frame(done.read_rejects(), rejects)
        if json:
            counts = {"rows": done.rows, "joined": done.events, "rejected": done.rejects}
            emit_json(counts | {"out": str(out)})
            return
        typer.echo(
            f"{counted(done.rows, 'row')} in: {done.events} read, {done.rejects} rejected -> {out}"
        )
        return
    found = read_user_events(
        path,
        format=format,
        columns=columns,
        limit=limit,
        date_from=date_from,
        date_to=date_to,
        bbox=bbox,
        lines=True,
    )

    with progress("joining"):
        joined = a.join(found)
    for line in joined.notes[len(found.notes) :]:
        typer.echo(f"{path}: {line}", err=True)
    rejected = joined.rejects
    write_frame(joined.events, out)
    write_frame(rejected, beside)
    if len(joined.doubtful):
        listed = out.with_name(f"{out.stem}.doubtful.csv")
        write_frame(joined.doubtful, listed)
        typer.echo(f"{path}: doubtful names of places -> {listed}", err=True)
    total = len(joined.events) + len(rejected) + found.filtered
    statuses = {
        key: rows for key, rows in joined.counts.items() if key not in ("rejects", "doubtful")
    }
    swapped = _swapped(a, joined)
    if json:
        emit_json(
            {
                "rows": total,
                "joined": len(joined.events),
                "rejected": len(rejected),
                "filtered": found.filtered,
                "statuses": statuses,
                "inside_if_swapped": swapped,
                "out": str(out),
                "rejects": str(beside),
            }
        )
        return
    left_out = f", {found.filtered} left out by date or box" if found.filtered else ""
    typer.echo(
        f"{counted(total, 'row')} in: {len(joined.events)} read -> {out}, "
        f"{len(rejected)} rejected -> {beside}{left_out}"
    )
    counts = pd.Series(statuses, dtype="int64").rename_axis("status").rename("rows").reset_index()
    table(counts, {"status": "status", "rows": "rows"})
    if swapped:
        typer.echo(
            f"{counted(swapped, 'row')} outside would lie inside with lon and lat swapped; "
            "check which column is which (--columns lon=...,lat=...)",
            err=True,
        )


def _swapped(a: Any, joined: Any) -> int:
    """Count rows outside the pack whose point the other way round lies inside."""
    import numpy as np
    import shapely

    outside = joined.column("join_status").astype(str).str.contains("outside").to_numpy()
    lon, lat = (joined.column(name).to_numpy(float)[outside] for name in ("lon", "lat"))
    turned = shapely.points(lat, lon)
    inside, _ = shapely.STRtree(a.pack.areas.geometry.to_numpy()).query(
        turned, predicate="intersects"
    )
    return len(np.unique(inside))


def match(
    first: Annotated[str, typer.Argument(help="A file of events.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the links (CSV).")],
    km: Annotated[
        float, typer.Option(help="Radius of a coordinate that states no uncertainty, km.")
    ] = 5.0,
    days: Annotated[int, typer.Option(help="Days that may lie between two reports.")] = 1,
    minimum: Annotated[float, typer.Option(help="Least score of a link, 0 to 1.")] = 0.5,
) -> None:
    """The same event in two datasets, scored and explained, for a person to judge.

    Nothing is merged. `a_line` and `b_line` of a link are lines of the two files.

    Example: atlas match examples/events/ged.csv examples/events/acled.csv -o links.csv
    """
    from atlas.events import write_frame
    from atlas.joining.match import match_events

    a, b = (read_user_events(path, lines=True) for path in (first, second))
    say_rejects(first, a)
    say_rejects(second, b)
    with progress("matching"):
        found = match_events(a, b, window_days=days, radius_m=km * 1000.0, minimum=minimum)
    # Positions count the rows that were kept; a reader of the links has the files before them.
    links = found.links.assign(
        a_row=a.lines[found.links["a_row"]], b_row=b.lines[found.links["b_row"]]
    ).rename(columns={"a_row": "a_line", "b_row": "b_line"})
    write_frame(links, out)
    typer.echo(
        f"{found.a_rows} x {found.b_rows} rows: {len(found.links)} possible pairs, "
        f"{len(found.mutual)} best both ways -> {out}; nothing was merged"
    )
