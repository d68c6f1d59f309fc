"""Commands that make things: build, map, figure, film, check, new, control import, fetch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.base.errors import InputError
from atlas.cli.options import Given, box_of, takes_events
from atlas.cli.own_events import (
    beside,
    locate_sets,
    nothing_in,
    open_for,
    read_sets,
    usable,
    write_beside,
)
from atlas.cli.packs import PackOption, check_lang, open_pack, read_date_of
from atlas.cli.show import (
    Json,
    counted,
    emit_json,
    progress,
    records,
    say,
    say_beyond,
    table,
    tell,
)
from atlas.cli.targets import (
    Out,
    check_table_out,
    check_targets,
    one_of,
    with_sidecars,
    write_table,
)

if TYPE_CHECKING:
    from atlas.facade import Atlas
    from atlas.joining.locate import Located

__all__ = ["register"]

Languages = Annotated[
    str | None, typer.Option(help="Language of its words, BCP 47: one that the pack lists.")
]
Assets = Annotated[str, typer.Option(help="inline (one file, no network) or cdn.")]
OwnFiles = Annotated[
    list[str] | None,
    typer.Option("--events", metavar="FILE", help="Your own events; may be repeated."),
]

Side = Annotated[str, typer.Option(metavar="PARTY", help="Party whose account is drawn.")]
Size = Annotated[str | None, typer.Option(metavar="WxH", help="Width and height, inches.")]
Dpi = Annotated[float | None, typer.Option(help="Dots an inch of a picture.")]

control = typer.Typer(help="Work on control tables.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(build)
    app.command("map")(draw_map)
    app.command()(figure)
    app.command()(film)
    app.command()(check)
    app.command()(new)
    app.command()(fetch)
    app.add_typer(control, name="control")


Packs = Annotated[
    list[str] | None,
    typer.Option(
        "--pack",
        help="A folder or the name of a shipped pack; several make one site. By default the one "
        "of the ground that your data lie on; without data, the one that opens by itself.",
        show_default=False,
    ),
]


@takes_events
def build(
    given: Given,
    out: Annotated[str, typer.Option("--out", "-o", help="Folder of the site.")] = "site",
    assets: Assets = "inline",
    events: OwnFiles = None,
    pack: Packs = None,
    url: Annotated[
        str,
        typer.Option(
            "--url",
            help="Address at which the site will stand, for those who link to it; by default its "
            "pages name none.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """The static site: map, chronicle, events, sources, method, downloads; whole or not at all.

    Several --pack make one site with a folder for each.

    Example: atlas build --out site
    """
    one_of(assets, "way of assets", ("inline", "cdn"))
    check_targets({"--out": out, "--rejects": given.rejects}, events or [])
    if not events:
        _nothing_to_read(given, "--events")
    if pack and len(pack) > 1:
        if events:
            raise InputError("own events go with one pack; give one --pack with --events")
        from atlas.site import build_sites

        records = [open_pack(one).pack for one in pack]
        with progress("building the site"):
            where = build_sites(records, Path(out), assets=assets, url=url)
        size = sum(path.stat().st_size for path in where.rglob("*") if path.is_file())
        say(f"wrote {where} ({size / 1e6:.1f} MB); open {where / 'index.html'}")
        return
    a, found = _own(events or [], given, pack[0] if pack else "", None)
    name = Path(out).with_name(f"{Path(out).name}.html")
    with with_sidecars(out, *_sidecars(given, name)):
        with progress("building the site"):
            where = a.build(out, assets=assets, url=url, events=_frames(found), **given.keywords())
        _tell_missing(found, given, name)
    size = sum(path.stat().st_size for path in where.rglob("*") if path.is_file())
    say(f"wrote {where} ({size / 1e6:.1f} MB); open {where / 'index.html'}")
    if found:
        _none_shown(found, {key: usable(part) for key, part in found.items()}, "on the site")


def _own(
    paths: Sequence[str], given: Given, pack: str, lang: str | None
) -> tuple[Atlas, dict[str, Located]]:
    """The pack, and the user's sets with their names looked up."""
    from atlas.record.languages import chosen

    if list(paths).count("-") > 1:
        raise InputError("- is standard input, which holds one file; name the others")
    check_lang(lang, pack)
    sets = read_sets(paths, given)
    a = open_for(pack, sets) if sets else open_pack(pack)
    chosen(a.pack, lang)
    return a, locate_sets(a, sets) if sets else {}


def _nothing_to_read(given: Given, option: str, *, clock: bool = False) -> None:
    """Refuse options of reading where no file is given; a map has a span without one."""
    if given.said and not (clock and given.said in ("--from", "--to")):
        raise InputError(f"{given.said} says how events are read; give a file with {option}")


def _frames(found: Mapping[str, Located]) -> Any:
    return {name: part.events for name, part in found.items()} or None


def _tell_missing(found: Mapping[str, Located], given: Given, out: str | Path) -> None:
    """Write beside the output what did not get in: rows rejected, names in doubt."""
    if not found:
        return
    rejects, doubtful = _sidecars(given, out)
    write_beside(
        {name: part.events.rejects for name, part in found.items()},
        rejects, "rejected row", "--rejects FILE keeps them",
    )  # fmt: skip
    write_beside(
        {name: part.doubtful for name, part in found.items()},
        doubtful, "doubtful name", "-o FILE lists them beside it",
    )  # fmt: skip


def _sidecars(given: Given, out: str | Path) -> tuple[str | Path | None, Path | None]:
    return given.rejects or beside(out, "rejects"), beside(out, "doubtful")


_LEFT_OUT = "for --layers leaves the layer events out"


def _none_shown(
    found: Mapping[str, Located],
    shown: Mapping[str, int],
    where: str,
    why: str = "for want of a date or a position",
) -> None:
    """Say how many events of each set could not be shown; end with 1 where all could not."""
    for name, part in found.items():
        missing = len(part.events) - shown.get(name, 0)
        if missing:
            tell(f"{name}: {counted(missing, 'event')} not {where}, {why}")
    if found and not sum(shown.get(name, 0) for name in found):
        events = [part.events for part in found.values()]
        raise nothing_in(
            where,
            sum(map(len, events)),
            sum(len(one.rejects) for one in events),
            sum(one.filtered for one in events),
        )


@takes_events
def draw_map(
    given: Given,
    events: Annotated[
        list[str] | None, typer.Argument(help="Files of your own events; - is stdin.")
    ] = None,
    out: Annotated[
        str, typer.Option("--out", "-o", help="File to write, .html; - is stdout.")
    ] = "map.html",
    date: Annotated[str | None, typer.Option(help="Day the map opens on.")] = None,
    layers: Annotated[
        str | None, typer.Option(help="Layers to put in, e.g. control,routes,events.")
    ] = None,
    popup: Annotated[
        str | None, typer.Option(help="Columns of yours that cards tell: note,unit.")
    ] = None,
    colour: Annotated[
        str | None, typer.Option(help="Column that your events are coloured by, or #rrggbb.")
    ] = None,
    record_events: Annotated[
        bool, typer.Option(help="Whether the record's own events are shown beside yours.")
    ] = True,
    lang: Languages = None,
    assets: Assets = "inline",
    text: Annotated[
        list[Path] | None, typer.Option("--text", help="Draw draft events read from a text.")
    ] = None,
    published: Annotated[str | None, typer.Option(help="Day the texts were published.")] = None,
    pack: PackOption = "",
) -> None:
    """One map file that opens from disk, with no network.

    Each file of events is a set of its own, with its legend and switch. Rows with the name of a
    place and no position are located; doubtful names are listed beside the map. Exit status 1 if
    none of your events is on the map.

    Example: atlas map examples/events/ged.csv -o map.html --date 2020-11-10
    """
    from atlas.base.output import write_text

    for day in (date, published):
        if day is not None:
            read_date_of(day)
    one_of(assets, "way of assets", ("inline", "cdn"))
    _check_page(out)
    wanted = _words(layers)
    if wanted is not None:
        from atlas.layers import LAYERS

        for word in wanted:
            one_of(word, "layer", LAYERS)
    files = events or []
    if not files:
        _nothing_to_read(given, "EVENTS", clock=True)
    doubtful = beside(out, "doubtful") if files else None
    rejects = given.rejects or (beside(out, "rejects") if files else None)
    check_targets(
        {"--out": out, "--rejects": rejects, "the doubtful names": doubtful},
        [*files, *(text or [])],
    )
    a, found = _own(files, given, pack, lang)
    for path in text or []:
        found[path.stem] = _of_text(a, path, published)
    with progress("drawing the map"):
        drawn = a.map(
            date=date,
            events=_frames(found),
            layers=wanted,
            popup=_words(popup) or (),
            colour=colour,
            record_events=record_events,
            lang=lang,
            assets=assets,
            **given.keywords(),
        )
        page = drawn.get_root().render()
    with with_sidecars(out, *_sidecars(given, out)):
        if out == "-":
            typer.echo(page.encode("utf-8"), nl=False)
        else:
            write_text(Path(out), page)
        _tell_missing(found, given, out)
    if out != "-":
        tell(f"wrote {out} ({Path(out).stat().st_size / 1e6:.1f} MB)")
    if date is not None:
        say_beyond(a, date)
        _say_opens(date, drawn)
    kept = wanted is None or "events" in wanted
    _none_shown(found, drawn.sets_shown, "on the map", *(() if kept else (_LEFT_OUT,)))


def _words(text: str | None) -> list[str] | None:
    return [word.strip() for word in text.split(",") if word.strip()] if text else None


def _check_page(out: str) -> None:
    """Refuse a page that can't be written, before any work is done."""
    if out == "-":
        return
    path = Path(out)
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"a map is a page: end {path.name!r} in .html")
    if path.is_dir():
        raise InputError(f"{out!r} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {str(path.parent)!r} to write to; make it first")


def _of_text(a: Atlas, path: Path, published: str | None) -> Located:
    from atlas.base.inputs import bytes_of
    from atlas.events import take

    try:
        text = bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    reading = a.read(text, published=published)
    return a.locate(take(reading.to_events(source=path.name)))


def _say_opens(date: str, drawn: Any) -> None:
    """Say on stderr on which day a map opens whose clock does not reach the day asked for."""
    from atlas.base.dates import read_date
    from atlas.base.timespan import format_day

    if read_date(date).earliest > drawn.last_day:
        last = format_day(drawn.last_day)
        tell(f"the map runs to {last} and opens on that day, not on {date}")


@takes_events
def figure(
    given: Given,
    out: Annotated[str, typer.Option("--out", "-o", help="File: .png, .svg or .pdf.")],
    date: Annotated[str | None, typer.Option(help="A map of this day.")] = None,
    compare: Annotated[tuple[str, str] | None, typer.Option(help="Two days side by side.")] = None,
    series: Annotated[
        bool, typer.Option("--series", help="Area held by each party over time.")
    ] = False,
    routes: Annotated[
        bool, typer.Option("--routes", help="State of the routes over time, as strips.")
    ] = False,
    histogram: Annotated[
        bool, typer.Option("--histogram", help="Events over time, by kind.")
    ] = False,
    displacement: Annotated[
        bool, typer.Option("--displacement", help="People who left home and came back.")
    ] = False,
    events: OwnFiles = None,
    record_events: Annotated[
        bool, typer.Option(help="Whether a histogram counts the record's own events too.")
    ] = True,
    extent: Annotated[
        str | None,
        typer.Option(
            metavar="W,S,E,N",
            help="What a map shows, in degrees; east above 180 across the antimeridian.",
        ),
    ] = None,
    on: Annotated[
        list[str] | None, typer.Option("--on", help="One of several days; small maps of each.")
    ] = None,
    side: Side = "",
    title: Annotated[str, typer.Option(help="In place of the figure's own title.")] = "",
    size: Size = None,
    dpi: Dpi = None,
    lang: Languages = None,
    pack: PackOption = "",
) -> None:
    """A still for print: a map, several maps, or a chart; your own events on it.

    Exit status 1 if none of your events is on it.

    Example: atlas figure -o change.svg --compare 2020-09-26 2020-12-02

    Example: atlas figure -o mine.svg --events examples/events/ged.csv --date 2020-11-10

    Example: atlas figure -o six.png --on 1994-06-01 --on 2020-10-20 --on 2020-12-02 --dpi 110
    """
    from atlas.figures.draw import check_figure

    days = [day for day in (date, *(compare or ()), *(on or ())) if day is not None]
    for day in days:
        read_date_of(day)
    check_figure(out)
    inches = _inches(size)
    _check_kind(
        {
            "--date": date is not None,
            "--compare": compare is not None,
            "--series": series,
            "--routes": routes,
            "--histogram": histogram,
            "--displacement": displacement,
            "--on": bool(on),
        },
        bool(events),
    )
    box = box_of(extent)
    files = events or []
    if not files:
        _nothing_to_read(given, "--events")
    doubtful = beside(out, "doubtful") if files else None
    rejects = given.rejects or (beside(out, "rejects") if files else None)
    check_targets({"--out": out, "--rejects": rejects, "the doubtful names": doubtful}, files)
    a, found = _own(files, given, pack, lang)
    from atlas.figures import save

    with progress("drawing"):
        drawn = a.figure(
            date=date,
            compare=compare,
            series=series,
            routes=routes,
            histogram=histogram,
            displacement=displacement,
            events=_frames(found),
            record_events=record_events,
            dates=on or None,
            extent=box,
            side=side,
            title=title or None,
            size=inches,
            dpi=dpi,
            lang=lang,
            **given.keywords(),
        )
    with with_sidecars(out, *_sidecars(given, out)):
        save(drawn, out)
        _tell_missing(found, given, out)
    for day in days:
        say_beyond(a, day)
    say(f"wrote {out}")
    if found:
        _none_shown(
            found,
            drawn.sets_shown,
            "on the figure",
            "for want of a date or a position, or beyond its day or edge",
        )


def _inches(size: str | None) -> tuple[float, float] | None:
    """A size as ``8x5.2``, in inches."""
    if size is None:
        return None
    try:
        width, height = (float(part) for part in size.lower().split("x"))
    except ValueError:
        said = f"--size takes a width and a height in inches, as 8x5.2, not {size!r}"
        raise InputError(said) from None
    return width, height


@takes_events
def film(
    given: Given,
    out: Annotated[str, typer.Option("--out", "-o", help="File: .gif, .webp, .mp4 or .webm.")],
    start: Annotated[
        str | None,
        typer.Option("--from", "--start", help="First day of the film; events are all read."),
    ] = None,
    end: Annotated[str | None, typer.Option("--to", "--end", help="Last day of the film.")] = None,
    step: Annotated[
        int | None, typer.Option(metavar="DAYS", help="Days between two frames; else 120 frames.")
    ] = None,
    fps: Annotated[float, typer.Option(help="Frames a second.")] = 5.0,
    events: OwnFiles = None,
    extent: Annotated[
        str | None,
        typer.Option(
            metavar="W,S,E,N",
            help="What it shows, in degrees; east above 180 across the antimeridian.",
        ),
    ] = None,
    side: Side = "",
    title: Annotated[str, typer.Option(help="In place of the film's own title.")] = "",
    size: Size = None,
    dpi: Dpi = None,
    lang: Languages = None,
    pack: PackOption = "",
) -> None:
    """A moving picture of the record from one day to another, with date, key and sources.

    It begins on the day of --from and ends on that of --to; your events are all read.

    Exit status 1 if none of your events is in it.

    Example: atlas film -o war.gif --from 2020-11-08 --to 2020-11-10 --dpi 60
    """
    from atlas.figures.moving import check_film

    if start is None or end is None:
        raise InputError("say on which days the film begins and ends: --from DATE --to DATE")
    check_film(out)
    inches, box = _inches(size), box_of(extent)
    files = events or []
    if not files:
        _nothing_to_read(given, "--events")
    doubtful = beside(out, "doubtful") if files else None
    rejects = given.rejects or (beside(out, "rejects") if files else None)
    check_targets({"--out": out, "--rejects": rejects, "the doubtful names": doubtful}, files)
    a, found = _own(files, given, pack, lang)
    with with_sidecars(out, *_sidecars(given, out)):
        with progress("drawing") as tell_step:
            count = 0

            def drawn(more: int) -> None:
                nonlocal count
                count += more
                tell_step(f"frame {count}", count, 1)

            a.film(
                start,
                end,
                out,
                step_days=step,
                fps=fps,
                events=_frames(found),
                extent=box,
                side=side,
                title=title or None,
                size=inches,
                dpi=dpi,
                lang=lang,
                progress=drawn,
                **given.keywords(),
            )
        _tell_missing(found, given, out)
    say(f"wrote {out}")


def _check_kind(kinds: Mapping[str, bool], own: bool) -> None:
    """Refuse two figures in one, and own events on a chart that shows none."""
    asked = [name for name, wanted in kinds.items() if wanted]
    if len(asked) > 1:
        raise InputError(f"{' and '.join(asked)} are figures of their own; choose one")
    if own and asked and asked[0] in ("--series", "--routes", "--displacement"):
        raise InputError(f"a figure of {asked[0]} shows no events; draw a map or a --histogram")


def check(
    pack: Annotated[str, typer.Argument(help="A folder, or a shipped pack.")] = "",
    report: Annotated[
        bool, typer.Option("--report", help="Also count records by certainty and source.")
    ] = False,
    out: Out = None,
    json: Json = False,
) -> None:
    """Every fault of a pack at once, each with file, row and column.

    Exit status 1 if there are any.

    Example: atlas check south-caucasus --report
    """
    from dataclasses import asdict, fields

    from atlas.base.errors import Fault
    from atlas.base.notes import Notes
    from atlas.record.pack import check_pack, pack_directory, read_pack

    check_table_out(out, json=json)
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
    if out is not None:
        import pandas as pd

        columns = [field.name for field in fields(Fault)]
        write_table(pd.DataFrame(map(asdict, faults), columns=columns), out, what="fault")
    if json:
        tables = {title.lower().replace(" ", "_"): frame for title, frame in counts.items()}
        emit_json(
            {
                "faults": [asdict(fault) for fault in faults],
                "report": tables,
                "notes": list(notes),
            }
        )
    elif out is None:
        for fault in faults:
            say(str(fault))
        say(f"{counted(len(faults), 'fault')} in {pack_directory(pack).name}")
        for title, frame in counts.items():
            table(frame, {name: name for name in frame.columns}, title=title)
    if faults:
        raise typer.Exit(1)


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
    from atlas.base.notes import Notes
    from atlas.record.begin import begin_pack
    from atlas.record.needs import lacks_ways
    from atlas.record.pack import read_pack
    from atlas.record.scaffold import new_pack

    read_date_of(start)
    box = box_of(bbox)
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
            directory, title=title or "A new pack", bbox=box or (1.0, 1.0, 3.0, 3.0), start=start
        )
    say(f"wrote {directory}; `atlas check {directory}` finds 0 faults. Fill in its tables.")
    lacking = lacks_ways(read_pack(directory))
    if lacking:
        Notes("new").say(lacking)


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
    file without polygons is a day on which nothing was held. `atlas areas --into PACK --country CC`
    adds the rest of the country afterwards, held by nobody known.

    Example: atlas control import examples/control/2024*.geojson -o my-pack
    """
    from atlas.record.snapshots import import_snapshots

    with progress(f"importing {counted(len(snapshots), 'snapshot')}") as step:
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
            progress=step,
        )
    for note in result.notes:
        tell(note)
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
    say(f"open it with: atlas map --pack {out}")


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
        say(f"fetched {path}")
