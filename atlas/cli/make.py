"""Commands that make things: build, map, figure, check, new, control import, fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from atlas.cli.packs import PackOption
from atlas.cli.show import (
    Json,
    counted,
    emit_json,
    progress,
    records,
    say_beyond,
    table,
)

__all__ = ["register"]

Languages = Annotated[
    str | None, typer.Option(help="Language it opens in, BCP 47: one that the pack lists.")
]
Assets = Annotated[str, typer.Option(help="inline (one file, no network) or cdn.")]

control = typer.Typer(help="Work on control tables.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(build)
    app.command("map")(draw_map)
    app.command()(figure)
    app.command()(check)
    app.command()(new)
    app.command()(diff)
    app.command()(fetch)
    app.add_typer(control, name="control")


def _events(paths: list[Path] | None) -> Any:
    import pandas as pd

    from atlas.cli.own_events import read_user_events, say_rejects

    if not paths:
        return None
    frames = [read_user_events(str(path)) for path in paths]
    for path, found in zip(paths, frames, strict=True):
        say_rejects(str(path), found)
    return pd.concat([found.frame for found in frames], ignore_index=True)


def build(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the site.")] = Path("site"),
    assets: Assets = "inline",
    events: Annotated[
        list[Path] | None, typer.Option("--events", help="Your own events; may be repeated.")
    ] = None,
    pack: PackOption = "",
) -> None:
    """The static site: map, chronicle, events, sources, method, downloads; whole or not at all.

    Example: atlas build --out site
    """
    from atlas.facade import Atlas

    with progress("building the site"):
        a = Atlas.open(pack)
        where = a.build(out, assets=assets, events=_events(events))
    size = sum(path.stat().st_size for path in where.rglob("*") if path.is_file())
    typer.echo(f"wrote {where} ({size / 1e6:.1f} MB); open {where / 'index.html'}")


def draw_map(
    events: Annotated[list[Path] | None, typer.Argument(help="Your own events.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")] = Path("map.html"),
    date: Annotated[str | None, typer.Option(help="Day the map opens on.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day of the clock.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day of the clock.")] = None,
    layers: Annotated[
        str | None, typer.Option(help="Layers shown at first, e.g. control,routes.")
    ] = None,
    lang: Languages = None,
    assets: Assets = "inline",
    text: Annotated[
        list[Path] | None, typer.Option("--text", help="Draw draft events read from a text.")
    ] = None,
    published: Annotated[str | None, typer.Option(help="Day the texts were published.")] = None,
    pack: PackOption = "",
) -> None:
    """One map file that opens from disk, with no network.

    Example: atlas map examples/events/ged.csv -o map.html --date 2020-11-10
    """
    import pandas as pd

    from atlas.base.output import write_text
    from atlas.facade import Atlas

    a = Atlas.open(pack)
    own = _events(events)
    for path in text or []:
        reading = a.read(path.read_text(encoding="utf-8"), published=published)
        drafts = reading.to_events(source=path.name)
        own = drafts if own is None else pd.concat([own, drafts], ignore_index=True)
    if own is not None:
        takes = "takes" if len(own) == 1 else "take"
        typer.echo(
            f"{counted(len(own), 'event')} of yours {takes} the place of the record's "
            f"{len(a.events):,} on this map",
            err=True,
        )
    with progress("drawing the map"):
        drawn = a.map(
            date=date,
            events=own,
            layers=layers.split(",") if layers else None,
            lang=lang,
            assets=assets,
            start=start,
            end=end,
        )
        write_text(out, drawn.get_root().render())
    if own is not None and drawn.events_shown < len(own):
        typer.echo(
            f"{counted(len(own) - drawn.events_shown, 'event')} without a date or coordinates "
            "left out",
            err=True,
        )
    if date is not None:
        say_beyond(a, date)
        _say_opens(date, drawn)
    typer.echo(f"wrote {out} ({out.stat().st_size / 1e6:.1f} MB)")


def _say_opens(date: str, drawn: Any) -> None:
    """Say on stderr on which day a map opens whose clock does not reach the day asked for."""
    from atlas.base.timespan import format_day, parse_edtf

    if parse_edtf(date).earliest > drawn.last_day:
        last = format_day(drawn.last_day)
        typer.echo(f"the map runs to {last} and opens on that day, not on {date}", err=True)


def figure(
    out: Annotated[Path, typer.Option("--out", "-o", help="File: .png, .svg or .pdf.")],
    date: Annotated[str | None, typer.Option(help="A map of this day.")] = None,
    compare: Annotated[tuple[str, str] | None, typer.Option(help="Two days side by side.")] = None,
    series: Annotated[
        bool, typer.Option("--series", help="Area held by each party over time.")
    ] = False,
    routes: Annotated[
        bool, typer.Option("--routes", help="State of the routes over time, as strips.")
    ] = False,
    histogram: Annotated[
        bool, typer.Option("--events", help="Events over time, as a histogram.")
    ] = False,
    displacement: Annotated[
        bool, typer.Option("--displacement", help="People who left home and came back.")
    ] = False,
    extent: Annotated[
        str | None,
        typer.Option(
            help="What a map shows: WEST,SOUTH,EAST,NORTH in degrees, anywhere; east above "
            "180 across the antimeridian."
        ),
    ] = None,
    lang: Languages = None,
    pack: PackOption = "",
) -> None:
    """A still for print: a map, two maps, or a chart.

    Example: atlas figure -o change.svg --compare 2020-09-26 2020-12-02
    """
    from atlas.facade import Atlas
    from atlas.figures import save

    with progress("drawing"):
        a = Atlas.open(pack)
        drawn = a.figure(
            date=date,
            compare=compare,
            series=series,
            routes=routes,
            histogram=histogram,
            displacement=displacement,
            extent=None if extent is None else extent.split(","),
            lang=lang,
        )
        save(drawn, out)
    for day in (date, *(compare or ())):
        if day is not None:
            say_beyond(a, day)
    typer.echo(f"wrote {out}")


def check(
    pack: Annotated[str, typer.Argument(help="A folder, or a shipped pack.")] = "",
    report: Annotated[
        bool, typer.Option("--report", help="Also count records by certainty and source.")
    ] = False,
    json: Json = False,
) -> None:
    """Every fault of a pack at once, each with file, row and column.

    Exit status 1 if there are any.

    Example: atlas check south-caucasus --report
    """
    from dataclasses import asdict

    from atlas.base.notes import Notes
    from atlas.record.pack import check_pack, pack_directory, read_pack

    with progress("checking the pack"):
        faults = check_pack(pack)
    counts: dict[str, Any] = {}
    notes = Notes("check")
    if not faults:
        from atlas.record.needs import lacks

        whole = read_pack(pack)
        for text in lacks(whole):
            notes.say(text)
        if report:
            from atlas.record.report import pack_report

            counts = pack_report(whole)
    if json:
        tables = {title.lower().replace(" ", "_"): frame for title, frame in counts.items()}
        emit_json(
            {
                "faults": [asdict(fault) for fault in faults],
                "report": tables,
                "notes": list(notes),
            }
        )
    else:
        for fault in faults:
            typer.echo(str(fault))
        typer.echo(f"{counted(len(faults), 'fault')} in {pack_directory(pack).name}")
        for title, frame in counts.items():
            table(frame, {name: name for name in frame.columns}, title=title)
    if faults:
        raise typer.Exit(1)


def diff(
    before: Annotated[str, typer.Argument(help="A folder, or a shipped pack.")],
    after: Annotated[str, typer.Argument(help="Another version of it.")],
    json: Json = False,
) -> None:
    """What changed from one version of a pack to another, row by row and cell by cell.

    Exit status 1 if anything did.

    Example: atlas diff south-caucasus south-caucasus
    """
    from atlas.record.compare import differences

    with progress("comparing the packs"):
        found = differences(before, after)
    if json:
        emit_json(found.to_dict("records"))
    else:
        for table, rows in found.groupby("table", sort=False):
            counts = rows.drop_duplicates(["id", "change"])["change"].value_counts()
            told = ", ".join(f"{counts[kind]} {kind}" for kind in _CHANGES if kind in counts)
            typer.echo(f"{table}: {told}")
            for row in rows.itertuples():
                cell = f" [{row.column}]" if row.column else ""
                values = f": {row.before!r} -> {row.after!r}" if row.change == "changed" else ""
                typer.echo(f"  {row.change} {row.id}{cell}{values}")
        typer.echo(f"{counted(len(found), 'change')}")
    if len(found):
        raise typer.Exit(1)


_CHANGES = ("added", "removed", "changed")


def new(
    directory: Annotated[Path, typer.Argument(help="Folder to make; must not exist.")],
    country: Annotated[
        list[str] | None, typer.Option(help="ISO 3166-1 code: begin on its land and units.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="BCP 47 tag: a language beside English.")
    ] = None,
    party: Annotated[
        list[str] | None, typer.Option(help="A party, as id or id=name; the first holds all.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the pack, in English.")] = "",
    bbox: Annotated[str | None, typer.Option(help="WEST,SOUTH,EAST,NORTH in degrees.")] = None,
    start: Annotated[str, typer.Option("--from", help="First day of the record.")] = "2000-01-01",
) -> None:
    """A new conflict's pack, valid from the first minute.

    With --country it begins on the country's land, first-order units and towns; without, on one
    area, the box.

    Example: atlas new my-pack --country UY --language es --party north --party south
    """
    from atlas.base.errors import InputError
    from atlas.cli.own_events import _box
    from atlas.record.begin import begin_pack
    from atlas.record.scaffold import new_pack

    box = _box(bbox) if bbox else None
    if country:
        begin_pack(
            directory,
            countries=country,
            languages=language or (),
            parties=party or (),
            title=title,
            start=start,
            bbox=box,
        )
    elif language or party:
        raise InputError("--language and --party begin a pack on a country; give --country too")
    else:
        new_pack(
            directory, title=title or "A new pack", bbox=box or (-1.0, -1.0, 1.0, 1.0), start=start
        )
    typer.echo(f"wrote {directory}; `atlas check {directory}` finds 0 faults. Fill in its tables.")


@control.command("import")
def control_import(
    snapshots: Annotated[
        list[Path], typer.Argument(help="Dated polygons: files with a date in their name.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the new pack.")],
    controller: Annotated[
        str, typer.Option(help="Id of the party that the polygons are held by.")
    ] = "side_a",
    other: Annotated[str, typer.Option(help="Id of the party that holds the rest.")] = "side_b",
    controller_name: Annotated[
        str, typer.Option(help="What maps call it; by default its id written as words.")
    ] = "",
    other_name: Annotated[str, typer.Option(help="The same for the other party.")] = "",
    tolerance: Annotated[
        float, typer.Option(help="Pieces narrower than so many metres are merged; 0 keeps all.")
    ] = 25.0,
    holder_column: Annotated[
        str | None, typer.Option("--holder-column", help="Column that says who holds a polygon.")
    ] = None,
    uncertainty: Annotated[
        float | None, typer.Option(help="Doubt about the line in metres; default: the tolerance.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the pack.")] = "",
    source: Annotated[str, typer.Option(help="Whose map it is.")] = "",
    licence: Annotated[str, typer.Option(help="Under which terms.")] = "",
    de_jure: Annotated[
        str, typer.Option("--de-jure", help="State the ground belongs to in law, e.g. XX.")
    ] = "",
    json: Json = False,
) -> None:
    """Dated control polygons to a pack: atomic areas and intervals that give each of them back.

    The date is a property `date`, or stands in the file's name. All layers of a file are used; a
    file without polygons is a day on which nothing was held.

    Example: atlas control import examples/control/2024*.geojson -o my-pack
    """
    from atlas.record.snapshots import import_snapshots

    with progress(f"importing {counted(len(snapshots), 'snapshot')}") as say:
        result = import_snapshots(
            snapshots,
            out,
            controller=controller,
            other=other,
            controller_name=controller_name,
            other_name=other_name,
            holder_column=holder_column,
            tolerance_m=tolerance,
            uncertainty_m=uncertainty,
            title=title,
            source=source,
            licence=licence,
            de_jure=de_jure,
            progress=say,
        )
    for note in result.notes:
        typer.echo(note, err=True)
    if json:
        emit_json(
            {
                "snapshots": records(result.snapshots),
                "areas": result.areas,
                "intervals": result.intervals,
                "slivers": result.slivers,
                "sliver_km2": result.sliver_km2,
                "notes": result.notes,
            }
        )
        return
    table(
        result.snapshots,
        {
            "date": "date",
            "area_km2": "km2",
            "difference_km2": "differs by km2",
            "limit_km2": "at most km2",
            "areas": "areas",
        },
        title=f"{counted(result.areas, 'area')}, {counted(result.intervals, 'interval')}, "
        f"{counted(result.slivers, 'sliver')} "
        f"({result.sliver_km2:.2f} km2) merged -> {out}",
    )
    typer.echo(f"open it with: atlas map --pack {out}")


def fetch(
    what: Annotated[str, typer.Argument(help="geonames.")],
    countries: Annotated[list[str] | None, typer.Argument(help="ISO codes, e.g. AZ AM.")] = None,
) -> None:
    """Opt-in downloads, hash-checked and cached.

    Example: atlas fetch geonames AZ AM
    """
    from atlas.base.errors import InputError

    if what != "geonames":
        raise InputError(f"nothing to fetch called {what!r}; there is: geonames")
    if not countries:
        raise InputError("name the countries, e.g. atlas fetch geonames AZ AM")
    from atlas.world.dumps import fetch_geonames

    for path in fetch_geonames(countries):
        typer.echo(f"fetched {path}")
