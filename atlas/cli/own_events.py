"""Commands about the user's own events: locate, join, match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.base.errors import InputError
from atlas.cli.options import Given, takes_events
from atlas.cli.packs import KnownOn, PackOption, named, open_pack
from atlas.cli.show import Json, counted, emit_json, progress, records, say, table, tell
from atlas.cli.targets import (
    Out,
    OutFile,
    check_table_out,
    check_targets,
    one_of,
    with_sidecars,
    write_table,
)

if TYPE_CHECKING:
    import pandas as pd

    from atlas.events import Events
    from atlas.facade import Atlas
    from atlas.joining.locate import Located

__all__ = [
    "beside",
    "locate_sets",
    "nothing_in",
    "open_for",
    "read_sets",
    "register",
    "usable",
    "write_beside",
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(locate)
    app.command()(join)
    app.command()(match)


# --- what all commands that take events share -------------------------------------------------


def read_sets(paths: Sequence[str | Path], given: Given) -> dict[str, Events]:
    """Read files of events, each a set that is named after its file.

    Parameters
    ----------
    paths : sequence of path
        Files; ``-`` is standard input.
    given : Given
        How to read them.
    """
    from atlas.events import take

    names = _names([str(path) for path in paths])
    sets = {}
    for path, name in zip(paths, names, strict=True):
        with progress(f"reading {path}"):
            sets[name] = take(str(path), given.options)
    return sets


def _names(paths: Sequence[str]) -> list[str]:
    """Names of sets: what the files are called, with their folders where two are called alike."""
    plain = ["stdin" if path == "-" else _stem(path) for path in paths]
    return [
        name
        if plain.count(name) == 1
        else str(Path(path).with_suffix(""))
        if paths.count(path) == 1
        else f"{name} {at + 1}"
        for at, (name, path) in enumerate(zip(plain, paths, strict=True))
    ]


def _stem(path: str) -> str:
    return Path(path).name.partition(".")[0] or Path(path).name


def open_for(pack: str, sets: Mapping[str, Events], known_on: str | None = None) -> Atlas:
    """Open the pack that is named, or the one on whose ground most of the events lie."""
    if pack.strip():
        return open_pack(pack, known_on)
    with progress("choosing the pack"):
        from atlas.facade import Atlas

        return Atlas.for_events(*sets.values(), known_on=known_on)


def locate_sets(a: Atlas, sets: Mapping[str, Events]) -> dict[str, Located]:
    """Look up the places of all sets whose rows have names and no positions."""
    with progress("looking up names of places"):
        return {name: a.locate(events) for name, events in sets.items()}


def beside(out: str | Path, what: str) -> Path | None:
    """File beside an output for what did not get in; None where the output is no file."""
    if str(out) == "-":
        return None
    path = Path(out)
    return path.with_name(f"{path.stem}.{what}.csv")


def write_beside(
    frames: Mapping[str, pd.DataFrame], path: str | Path | None, what: str, remedy: str
) -> None:
    """Write what did not get in, of one file or several, and say so.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        By set.
    path : path or None
        Where to; None where there is no file beside standard output.
    what : str
        What a row is, for the message.
    remedy : str
        Option that names a file, for the message where there is none.
    """
    import pandas as pd

    many = len(frames) > 1
    parts = [
        frame.assign(file=name) if many else frame for name, frame in frames.items() if len(frame)
    ]
    rows = sum(map(len, parts))
    # What an earlier run left there would be taken for this one's.
    if not rows and (path is None or not Path(path).exists()):
        return
    if path is None:
        tell(f"{counted(rows, what)}; {remedy}")
        return
    whole = pd.concat(parts, ignore_index=True) if parts else next(iter(frames.values()))
    from atlas.base.frames import write_frame

    write_frame(whole, path)
    if rows:
        tell(f"{counted(rows, what)} -> {path}")


def nothing_in(where: str, rows: int, rejected: int = 0, filtered: int = 0) -> typer.Exit:
    """Say that nothing of the user's is in an answer, and give the exit status that says so."""
    parts = [f"none of your {counted(rows, 'event')} is {where}"] if rows else []
    if not rows:
        parts = [f"nothing of yours is {where}: no event was read"]
    if rejected:
        parts.append(f"{counted(rejected, 'row')} could not be read")
    if filtered:
        parts.append(f"{counted(filtered, 'row')} left out by date or box")
    tell("; ".join(parts))
    return typer.Exit(1)


# --- commands -----------------------------------------------------------------------------------


@takes_events
def locate(
    path: Annotated[str, typer.Argument(metavar="FILE", help="Rows with names; - is stdin.")],
    given: Given,
    out: Out = None,
    pack: PackOption = "",
    json: Json = False,
) -> None:
    """Names of places to positions, each with the reason; never a silent guess.

    The file's columns stay as they are; ours stand beside them: lon, lat, locate_status,
    locate_place_id, locate_why. Exit status 1 if a name is ambiguous or unresolved.

    Example: atlas locate examples/villages.csv -o located.csv
    """
    check_table_out(out, json=json)
    rejects = given.rejects or (None if out is None else beside(out, "rejects"))
    check_targets({"--out": out, "--rejects": rejects}, [path])
    sets = read_sets([path], given)
    a = open_for(pack, sets)
    (found,) = locate_sets(a, sets).values()
    events = found.events
    with with_sidecars(out, rejects):
        write_beside({"": events.rejects}, rejects, "rejected row", "--rejects FILE keeps them")
        if out is not None:
            write_table(events.frame, out)
    if json:
        emit_json(records(events.frame))
    counts = found.counts
    if out is None and not json:
        _show_located(found)
    told = ", ".join(f"{rows:,} {status}" for status, rows in counts.items())
    tell(f"{counted(len(events), 'row')}: {told or 'no name of a place to look up'}")
    if not len(events):
        raise nothing_in("in the answer", 0, len(events.rejects), events.filtered)
    if counts.get("ambiguous") or counts.get("unresolved"):
        raise typer.Exit(1)


def _show_located(found: Located) -> None:
    import pandas as pd

    from atlas.events import ours
    from atlas.events.ours import BLOCKS

    frame = found.events.frame
    called = ours(frame) | ours(frame, BLOCKS["locate"])
    shown = {
        "place_name": "name",
        "locate_status": "status",
        "locate_place_id": "place",
        "lon": "lon",
        "lat": "lat",
        "locate_why": "why",
    }
    cells = {name: frame[called[name]] for name in shown if name in called}
    for name in ("lon", "lat"):
        cells[name] = cells[name].map("{:.4f}".format, na_action="ignore")
    table(pd.DataFrame(cells), {name: shown[name] for name in cells})


@takes_events
def join(
    path: Annotated[str, typer.Argument(metavar="EVENTS", help="The events; - is stdin.")],
    given: Given,
    out: OutFile,
    engine: Annotated[
        str, typer.Option(help="pandas, or dask, which writes a new folder of GeoParquet.")
    ] = "pandas",
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler: tcp://...")
    ] = None,
    known_on: KnownOn = None,
    pack: PackOption = "",
    json: Json = False,
) -> None:
    """Events with who held the place that day, mandates, the nearest route and its state.

    Rows with the name of a place and no position are located first; doubtful names are listed
    beside the output. Rows in = rows read + rows rejected (+ rows left out by --from, --to,
    --bbox); each reject has its line and reason. Exit status 1 if none lies in the record.

    Example: atlas join examples/events/ged.csv -o joined.csv
    """
    one_of(engine, "engine", ("pandas", "dask"))
    if engine == "dask":
        _join_on_dask(path, out, given, scheduler, known_on, pack, json=json)
        return
    if scheduler is not None:
        raise InputError("--scheduler is one of Dask's; give --engine dask with it")
    check_table_out(out, json=json)
    rejects, doubtful = given.rejects or beside(out, "rejects"), beside(out, "doubtful")
    check_targets({"--out": out, "--rejects": rejects, "the doubtful names": doubtful}, [path])
    sets = read_sets([path], given)
    (events,) = sets.values()
    a = open_for(pack, sets, known_on)
    with progress("joining") as step:
        done = 0

        def further(rows: int) -> None:
            nonlocal done
            done += rows
            step("rows", done, len(events))

        joined = a.join(events, progress=further)
    with with_sidecars(out, rejects, doubtful):
        write_table(joined.events, out)
        write_beside({"": joined.rejects}, rejects, "rejected row", "--rejects FILE keeps them")
        write_beside(
            {"": joined.doubtful}, doubtful, "doubtful name", "-o FILE lists them beside it"
        )
    statuses = {k: n for k, n in joined.counts.items() if k not in ("rejects", "doubtful")}
    swapped = _swapped(a, joined)
    _tell_join(
        {
            "rows": len(joined.events) + len(joined.rejects) + joined.filtered,
            "joined": len(joined.events),
            "rejected": len(joined.rejects),
            "filtered": joined.filtered,
            "doubtful": len(joined.doubtful),
            "statuses": statuses,
            "inside_if_swapped": swapped,
            "pack": joined.pack,
            "out": str(out),
            "rejects": None if rejects is None else str(rejects),
        },
        json=json,
    )
    if swapped:
        tell(
            f"{counted(swapped, 'row')} outside would lie inside with lon and lat swapped; "
            "check which column is which (--columns lon=...,lat=...)"
        )
    inside = (joined.column("area_id").astype(str) != "") if joined.pack else []
    asked = named(pack) is None and len(joined.events)
    if not (any(inside) or asked):
        where = "on the ground of the record" if joined.pack else "on the ground of a record"
        raise nothing_in(where, len(joined.events), len(joined.rejects), joined.filtered)


def _tell_join(told: dict[str, Any], *, json: bool) -> None:
    if json:
        emit_json(told)
        return
    import pandas as pd

    left_out = f", {told['filtered']:,} left out by date or box" if told["filtered"] else ""
    line = (
        f"{counted(told['rows'], 'row')} in: {told['joined']:,} read -> {told['out']}, "
        f"{told['rejected']:,} rejected"
        + (f" -> {told['rejects']}" if told["rejects"] and told["rejected"] else "")
        + left_out
    )
    if told["out"] == "-":  # the table itself is on standard output
        tell(line)
        return
    say(line)
    counts = pd.Series(told["statuses"], dtype="int64").rename_axis("status").rename("rows")
    table(counts.reset_index(), {"status": "status", "rows": "rows"})


def _join_on_dask(
    path: str,
    out: str,
    given: Given,
    scheduler: str | None,
    known_on: str | None,
    pack: str,
    *,
    json: bool,
) -> None:
    from atlas.base.frames import SUFFIXES

    if path == "-":
        raise InputError("the dask engine reads files that all workers can open, not -; name them")
    if out == "-" or Path(out).suffix.lower() in (*SUFFIXES, ".xls", ".ods", ".html"):
        raise InputError("the dask engine writes a folder of GeoParquet; name a folder")
    check_targets({"--out": out, "--rejects": given.rejects}, [path])
    from atlas.joining.engine import join_partitions

    # Which pack is told by the first rows: the engine is for files that no memory holds.
    a = open_pack(pack, known_on) if pack.strip() else _by_first_rows(path, given, known_on)
    with progress("joining"):
        done = join_partitions(
            path, a.pack, out, rejects=given.rejects, options=given.options, scheduler=scheduler
        )
    for line in done.notes:
        tell(f"note: {line}")
    if given.rejects not in (None, "-"):
        tell(f"wrote {counted(done.rejects, 'reject')} to {given.rejects}")
    _tell_join(
        {
            "rows": done.rows,
            "joined": done.events,
            "rejected": done.rejects,
            "filtered": done.filtered,
            "doubtful": 0,
            "statuses": done.statuses,
            "inside_if_swapped": 0,
            "pack": a.pack.id,
            "out": str(out),
            "rejects": given.rejects,
        },
        json=json,
    )
    if not any(status.split("|")[0] not in _OUT for status in done.statuses):
        raise nothing_in("on the ground of the record", done.events, done.rejects, done.filtered)


# Statuses of events that no area of the record holds.
_OUT = frozenset({"outside", "no_coordinates", "ambiguous_name", "unresolved_name"})
_FIRST_ROWS = 1_000


def _by_first_rows(path: str, given: Given, known_on: str | None) -> Atlas:
    from dataclasses import replace

    from atlas.events import take
    from atlas.facade import Atlas

    file = Path(path)
    if file.is_dir():
        files = sorted(one for one in file.iterdir() if one.is_file() and one.name[0] != ".")
        file = files[0] if files else file
    limit = min(given.options.limit or _FIRST_ROWS, _FIRST_ROWS)
    return Atlas.for_events(take(str(file), replace(given.options, limit=limit)), known_on=known_on)


def _swapped(a: Atlas, joined: Any) -> int:
    """Count rows outside the pack whose point the other way round lies inside."""
    import numpy as np
    import shapely

    outside = joined.column("join_status").astype(str).str.contains("outside").to_numpy()
    lon, lat = (joined.column(name).to_numpy(float)[outside] for name in ("lon", "lat"))
    if not a.pack.id:  # no record covers them as they are; perhaps one does, turned
        from atlas.record.choose import choose_pack, ground_of, pack_directory

        name, _ = choose_pack(lat, lon)
        if name is None:
            return 0
        return int(shapely.intersects_xy(ground_of(pack_directory(name)), lat, lon).sum())
    turned = shapely.points(lat, lon)
    tree = shapely.STRtree(a.pack.areas.geometry.to_numpy())
    inside, _ = tree.query(turned, predicate="intersects")
    return len(np.unique(inside))


@takes_events
def match(
    first: Annotated[str, typer.Argument(help="A file of events.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    given: Given,
    out: OutFile,
    km: Annotated[
        float, typer.Option(help="Radius of a coordinate that states no uncertainty, km.")
    ] = 5.0,
    days: Annotated[int, typer.Option(help="Days that may lie between two reports.")] = 1,
    minimum: Annotated[float, typer.Option(help="Least score of a link, 0 to 1.")] = 0.5,
    pack: PackOption = "",
    json: Json = False,
) -> None:
    """The same event in two datasets, scored and explained, for a person to judge.

    Nothing is merged. `a_line` and `b_line` of a link are lines of the two files. Exit status 1
    if a file has no event with a day and a position.

    Example: atlas match examples/events/ged.csv examples/events/acled.csv -o links.csv
    """
    check_table_out(out, json=json)
    rejects, doubtful = given.rejects or beside(out, "rejects"), beside(out, "doubtful")
    check_targets(
        {"--out": out, "--rejects": rejects, "the doubtful names": doubtful}, [first, second]
    )
    if [first, second].count("-") == 2:
        raise InputError("- is standard input, which holds one file; name the other")
    if not (days >= 0 and km > 0 and 0 <= minimum <= 1):
        raise InputError("--days must be 0 or more, --km above 0, --minimum from 0 to 1")
    sets = read_sets([first, second], given)
    a = open_for(pack, sets)
    found = locate_sets(a, sets)
    one, other = found.values()
    with progress("matching"):
        matched = a.match(
            one,
            other,
            window_days=days,
            radius_m=km * 1000.0,
            minimum=minimum,
            **given.keywords(),
        )
    # Positions count the rows that were kept; a reader of the links has the files before them.
    links = matched.links.assign(
        a_row=one.events.lines[matched.links["a_row"]],
        b_row=other.events.lines[matched.links["b_row"]],
    ).rename(columns={"a_row": "a_line", "b_row": "b_line"})
    with with_sidecars(out, rejects, doubtful):
        write_table(links, out, what="link")
        write_beside(
            {name: events.rejects for name, events in sets.items()},
            rejects, "rejected row", "--rejects FILE keeps them",
        )  # fmt: skip
        write_beside(
            {name: part.doubtful for name, part in found.items()},
            doubtful, "doubtful name", "-o FILE lists them beside it",
        )  # fmt: skip
    told = {
        "rows": [len(part.events) for part in found.values()],
        "rejected": [len(events.rejects) for events in sets.values()],
        "filtered": [events.filtered for events in sets.values()],
        "links": len(links),
        "mutual": len(matched.mutual),
        "out": str(out),
    }
    if json:
        emit_json(told)
    else:
        (say if out != "-" else tell)(
            f"{len(one.events):,} x {len(other.events):,} rows: "
            f"{counted(len(links), 'possible pair')}, {len(matched.mutual):,} best both ways "
            f"-> {out}; nothing was merged"
        )
    for name, part in found.items():
        if not usable(part):
            raise nothing_in(
                f"fit to be matched in {name}", len(part.events), len(part.events.rejects),
                part.events.filtered,
            )  # fmt: skip


def usable(found: Located) -> int:
    """Count events that have a day and a position."""
    from atlas.events import ours

    called = ours(found.events.frame, ("lon", "start"))
    frame = found.events.frame
    return int((frame[called["lon"]].notna() & frame[called["start"]].notna()).sum())
