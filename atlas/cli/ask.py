"""Commands that ask the record: at, changes, route, cutoff, presence."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.cli.options import Given, takes_events
from atlas.cli.own_events import (
    beside,
    locate_sets,
    nothing_in,
    open_for,
    read_sets,
    write_beside,
)
from atlas.cli.packs import (
    KnownOn,
    PackOption,
    User,
    UserClass,
    check_user,
    open_pack,
    read_date_of,
)
from atlas.cli.show import (
    Json,
    counted,
    emit_json,
    plain,
    progress,
    records,
    say,
    say_beyond,
    table,
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

__all__ = ["register"]

Which = Annotated[
    str | None,
    typer.Option("--table", help="With -o: which of the tables; by default the first."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(at)
    app.command()(changes)
    app.command()(route)
    app.command()(cutoff)
    app.command()(presence)


def _check_which(which: str | None, out: str | None, tables: tuple[str, ...]) -> str:
    """Name of the table to write."""
    from atlas.base.errors import InputError

    if which is None:
        return tables[0]
    if out is None:
        raise InputError("--table says which table -o FILE writes; give both")
    return one_of(which, "table", tables)


def _shown(a: Atlas, place_id: str, date: str) -> str:
    from atlas.base.dates import day_of

    return a.pack.names_on(day_of(date)).get(place_id, place_id)


def _degrees(lon: float, lat: float) -> str:
    return f"{abs(lat):.4f} {'S' if lat < 0 else 'N'}, {abs(lon):.4f} {'W' if lon < 0 else 'E'}"


_LAYERS = ("control", "claims", "changed", "mandates", "routes", "events")
_HERE = ("control", "claims", "mandates", "events", "history")


@takes_events
def at(
    given: Given,
    date: Annotated[str, typer.Argument(help="A day or other date: 2020-11-10, Nov 2020.")],
    place: Annotated[str | None, typer.Option(help="Only this place: a name or id.")] = None,
    point: Annotated[str | None, typer.Option(help="Only this point: LON,LAT.")] = None,
    places: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Who held each place of a file; - is stdin."),
    ] = None,
    according_to: Annotated[
        str | None, typer.Option("--according-to", help="Party whose claims count.")
    ] = None,
    user: User = "civilian",
    around: Annotated[int, typer.Option(help="Events so many days before and after.")] = 3,
    known_on: KnownOn = None,
    pack: PackOption = "",
    which: Which = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Who held, who kept the peace, which routes were open, what happened.

    With --places, the options from --columns on say how the file is read; exit status 1 if none
    of its places lies in the record.

    Example: atlas at 2020-11-10 --place Shusha

    Example: atlas at 2020-11-10 --places examples/villages.csv
    """
    from atlas.base.errors import InputError

    read_date_of(date)
    user_class = check_user(user)
    check_table_out(out, json=json)
    if sum(given_one is not None for given_one in (place, point, places)) > 1:
        raise InputError("give one of --place, --point and --places")
    if places is not None:
        if according_to is not None or which is not None:
            raise InputError("--places lists who held each place; leave --according-to and --table")
        _at_places(date, places, given, known_on, pack, out, json=json)
        return
    if given.said:
        raise InputError(f"{given.said} says how a file is read; give it with --places FILE")
    one = place is not None or point is not None
    chosen = _check_which(which, out, _HERE if one else _LAYERS)
    where = _point(point) if point is not None else None
    a = open_pack(pack, known_on)
    if one:
        _at_point(a, date, place, where, according_to, user_class, around, json, out, chosen)
        say_beyond(a, date, known_on)
        return
    now = a.at(date, according_to=according_to, user=user_class, around_days=around)
    say_beyond(a, date, known_on)
    layers = {name: getattr(now, name) for name in _LAYERS}
    if out is not None:
        write_table(layers[chosen], out)
    if json:
        emit_json({"date": now.date} | {key: records(frame) for key, frame in layers.items()})
    if json or out is not None:
        return
    say(f"{a.pack.title.get('en', a.pack.id)}: {date}")
    disputed = now.control[now.control["scope"] == "disputed"]
    columns = {
        "name": "area",
        "district": "district",
        "controller": "held by",
        "control_type": "kind",
        "since": "since",
        "certainty": "certainty",
        "area_km2": "km2",
    }
    table(disputed, columns, title="Control")
    totals = disputed.groupby("controller", as_index=False)["area_km2"].sum()
    table(totals, {"controller": "held by", "area_km2": "km2"}, title="In all")
    if now.first_day != now.last_day:
        _changes_table(now.changed, "Changed within the date")
    table(
        now.claims,
        {
            "name": "area",
            "asserted_by": "claimed by",
            "controller": "as held by",
            "assessed_controller": "assessed",
            "source_ids": "sources",
        },
        title="Where accounts differ",
    )
    table(
        now.mandates,
        {
            "mission": "mission",
            "zone": "zone",
            "zone_type": "kind",
            "status": "status",
            "observed_strength": "people",
            "strength_reported_on": "as of",
        },
        title="Peacekeeping and monitoring",
    )
    table(now.routes, _ROUTE, title=f"Routes, for a {user} user")
    table(now.events, _EVENT, title=f"Events within {around} days")


def _at_places(
    date: str,
    path: str,
    given: Given,
    known_on: str | None,
    pack: str,
    out: str | None,
    *,
    json: bool,
) -> None:
    from dataclasses import replace

    from atlas.answers.leaving import as_dates
    from atlas.base.dates import read_date
    from atlas.events import ours

    rejects = given.rejects or (None if out is None else beside(out, "rejects"))
    doubtful = None if out is None else beside(out, "doubtful")
    check_targets({"--out": out, "--rejects": rejects, "the doubtful names": doubtful}, [path])
    sets = read_sets([path], given)
    a = open_for(pack, sets, known_on)
    ((name, found),) = locate_sets(a, sets).items()
    # The date asked for stands in place of what the file says, if it says any.
    when = read_date(date)
    start, end = as_dates([when.earliest, when.latest + 1])
    frame = found.events.frame
    called = ours(frame, ("event_date", "start", "end"))
    dated = frame.assign(
        **{called["event_date"]: when.text, called["start"]: start, called["end"]: end}
    )
    with progress("joining"):
        joined = a.join(replace(found.events, frame=dated))
    say_beyond(a, date, known_on)
    with with_sidecars(out, rejects, doubtful):
        write_beside(
            {name: found.events.rejects}, rejects, "rejected row", "--rejects FILE keeps them"
        )
        if out is not None:
            write_beside({name: found.doubtful}, doubtful, "doubtful name", "-o FILE lists them")
            write_table(joined.events, out)
    if json:
        emit_json(records(joined.events))
    if out is None and not json:
        heads = {
            "place_name": "place",
            "controller": "held by",
            "control_type": "kind",
            "control_certainty": "certainty",
            "claimed_by": "claimed by",
            "join_status": "status",
        }
        import pandas as pd

        cells = pd.DataFrame({column: joined.column(column) for column in heads})
        table(cells, heads, title=f"Who held each place on {date}")
        doubts = {name: name for name in ("name", "status", "candidates", "why")}
        if len(found.doubtful):
            table(found.doubtful, doubts, title="Names in doubt")
    if not (joined.column("area_id").astype(str) != "").any():
        raise nothing_in(
            "on the ground of a record",
            len(joined.events),
            len(found.events.rejects),
            found.events.filtered,
        )


_ROUTE = {
    "name": "route",
    "mode": "mode",
    "from_km": "km from",
    "to_km": "to",
    "status": "status",
    "since": "since",
    "imposed_by": "imposed by",
}
_EVENT = {"event_date": "date", "title": "event", "certainty": "certainty", "source_ids": "sources"}


def _at_point(
    a: Atlas,
    date: str,
    place: str | None,
    point: tuple[float, float] | None,
    according_to: str | None,
    user: UserClass,
    around: int,
    json: bool,
    out: str | None,
    which: str,
) -> None:
    place_id = a.place_id(place) if place is not None else None
    found = a.here(
        date,
        place=place_id,
        point=point,
        according_to=according_to,
        user=user,
        around_days=around,
    )
    if out is not None:
        write_table(getattr(found, which), out)
    if json:
        emit_json(
            {
                "date": date,
                "place_id": place_id,
                "lon": found.lon,
                "lat": found.lat,
                "control": records(found.control),
                "claims": records(found.claims),
                "mandates": records(found.mandates),
                "route": found.route,
                "events": records(found.events),
                "history": records(found.history),
                "limits": found.limits,
            }
        )
    if json or out is not None:
        return
    where = _degrees(found.lon, found.lat)
    say(f"{_shown(a, place_id, date)} ({where}) on {date}" if place_id else f"{where} on {date}")
    held = {
        "name": "area",
        "controller": "held by",
        "control_type": "kind",
        "since": "since",
        "certainty": "certainty",
        "source_ids": "sources",
    }
    table(found.control, held, title="Control")
    if found.limits:
        say(f"Limits: {found.limits}")
    table(
        found.claims,
        {"asserted_by": "claimed by", "controller": "as held by", "source_ids": "sources"},
        title="Claims",
    )
    table(
        found.mandates,
        {"mission": "mission", "zone": "zone", "status": "status", "source_ids": "sources"},
        title="Peacekeeping and monitoring",
    )
    if found.route:
        r = found.route
        say(
            f"\nNearest route: {r['name']}, {r['distance_m'] / 1000:.1f} km away: {r['status']}"
            + (f" since {since}" if (since := plain(r["since"])) else "")
        )
    table(found.events, _EVENT, title=f"Events within {around} days and 10 km")
    table(
        found.history,
        {
            "valid_from": "from",
            "valid_to": "to",
            "controller": "held by",
            "how": "how",
            "certainty": "certainty",
            "source_ids": "sources",
        },
        title="History of the area",
    )


def _point(text: str) -> tuple[float, float]:
    from atlas.base.errors import InputError
    from atlas.events.positions import read_pair

    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        with contextlib.suppress(ValueError):
            first, second, order, _ = read_pair(text)
            if order:  # the text itself says which is which: 39°49'N 46°45'E
                return (second, first) if order == "latlon" else (first, second)
        raise InputError(f"{text!r} is not LON,LAT; write e.g. 46.75,39.82") from None
    return lon, lat


def _changes_table(frame: Any, title: str) -> None:
    held = {}
    for end in ("from", "to"):
        kind = frame[f"{end}_type"].astype(str).str.replace("_", " ")
        told = frame[f"{end}_controller"].astype(str) + " (" + kind + ")"
        # The kind matters where it is not the plain hold, or all that changed.
        plain = (frame[f"{end}_type"] == "de_facto") & (
            frame["from_controller"] != frame["to_controller"]
        )
        held[f"{end}_holder"] = told.mask(plain, frame[f"{end}_controller"])
    table(
        frame.assign(**held, how=frame["how"].astype(str).str.replace("_", " ")),
        {
            "date": "date",
            "name": "area",
            "district": "district",
            "from_holder": "from",
            "to_holder": "to",
            "how": "how",
            "area_km2": "km2",
            "area_low_km2": "low",
            "area_high_km2": "high",
            "certainty": "certainty",
            "source_ids": "sources",
        },
        title=title,
    )


def changes(
    first: Annotated[str, typer.Argument(help="Day before, e.g. 2020-09-26.")],
    last: Annotated[str, typer.Argument(help="Day after, e.g. 2020-12-02.")],
    by: Annotated[
        str | None, typer.Option(help="Within each month, quarter or year between the two days.")
    ] = None,
    pack: PackOption = "",
    out: Out = None,
    json: Json = False,
) -> None:
    """What changed hands between two days: km2, how, by which sources.

    Example: atlas changes 2020-09-26 2020-12-02

    Example: atlas changes 2020-01-01 2023-12-31 --by month
    """
    for date in (first, last):
        read_date_of(date)
    if by is not None:
        one_of(by, "period", ("month", "quarter", "year"))
    check_table_out(out, json=json)
    a = open_pack(pack)
    moved = a.changes(first, last, by=by)  # type: ignore[arg-type]
    from atlas.answers.control import net_of

    net = net_of(moved) if by is None else a.net_changes(first, last)
    say_beyond(a, last)
    if out is not None:
        write_table(moved, out)
    if json:
        emit_json({"changes": records(moved), "net_km2": net.to_dict()})
    if json or out is not None:
        return
    from atlas.base.crs import AREA_METHOD

    if by is None:
        _changes_table(moved, f"Changes of control from {first} to {last}")
    else:
        _periods_table(moved, by, f"Changes of control by {by}, from {first} to {last}")
    if len(net):
        table(
            net.reset_index(),
            {"controller": "party", "net_km2": "net km2"},
            title=f"Net (the sum is {abs(net.sum()):.3f})",
        )
    say(f"\nMethod: {AREA_METHOD}; low and high move the outline by its uncertainty.")


def _periods_table(frame: Any, by: str, title: str) -> None:
    ends = ["period", "from_controller", "to_controller"]
    km2 = ["area_km2", "area_low_km2", "area_high_km2"]
    summed = frame.groupby(ends, sort=True, as_index=False).agg(
        areas=("area_id", "size"), **{name: (name, "sum") for name in km2}
    )
    heads = {"period": by, "from_controller": "from", "to_controller": "to", "areas": "areas"}
    table(
        summed,
        heads | {"area_km2": "km2", "area_low_km2": "low", "area_high_km2": "high"},
        title=f"{title}; the {by}s in between saw none",
    )


_WAY = ("path", "usual", "blocks")


def route(
    origin: Annotated[str, typer.Argument(help="From: a name or place id.")],
    destination: Annotated[str, typer.Argument(help="To: a name or place id.")],
    date: Annotated[str, typer.Option("--date", help="The day.")],
    user: User = "civilian",
    mode: Annotated[
        list[str] | None, typer.Option(help="road (default), rail, air; may be repeated.")
    ] = None,
    pack: PackOption = "",
    which: Which = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Could you get through: the way, what blocks it, the detour.

    Example: atlas route Yerevan Stepanakert --date 2023-01-15
    """
    from atlas.record.schema import MODES

    read_date_of(date)
    user_class = check_user(user)
    for word in mode or []:
        one_of(word, "mode", MODES)
    check_table_out(out, json=json)
    chosen = _check_which(which, out, _WAY)
    a = open_pack(pack)
    origin, destination = a.place_id(origin), a.place_id(destination)
    found = a.route(origin, destination, date=date, user=user_class, modes=mode or ["road"])
    say_beyond(a, date)
    if out is not None:
        # Where nothing passes there is no way to write, but what stands in it.
        blocked = which is None and not len(found.path)
        write_table(found.blocks if blocked else getattr(found, chosen), out)
    if json:
        emit_json(
            {
                "status": found.status,
                "date": found.date,
                "user": user,
                "km": found.km,
                "path": records(found.path),
                "usual": records(found.usual),
                "blocks": records(found.blocks),
                "source_ids": found.source_ids,
            }
        )
    if json or out is not None:
        return
    columns = {
        "name": "stretch",
        "km": "km",
        "status": "status",
        "since": "since",
        "imposed_by": "imposed by",
        "episode_id": "episode",
        "source_ids": "sources",
    }
    ends = f"{_shown(a, origin, date)} to {_shown(a, destination, date)}"
    say(f"{ends} on {date}, for a {user} user: {found.status.upper()}")
    if len(found.path):
        table(found.path, columns, title=f"The way, {found.km:,.0f} km")
    if len(found.usual):
        kind = "The usual way" if len(found.path) else "The way that comes nearest"
        table(found.usual, columns, title=f"{kind}, {found.usual_km:,.0f} km")
    if len(found.blocks):
        table(
            found.blocks,
            {
                "name": "stretch",
                "status": "status",
                "imposed_by": "imposed by",
                "reason": "reason as stated",
                "counterclaims": "what contradicts it",
            },
            title="What stands in the way",
        )


def cutoff(
    date: Annotated[str, typer.Argument(help="The day.")],
    towards: Annotated[
        str | None, typer.Option(help="Party whose land is to be reached; default: own side's.")
    ] = None,
    user: User = "civilian",
    pack: PackOption = "",
    out: Out = None,
    json: Json = False,
) -> None:
    """Settlements with no open way out.

    With -o, those of which it is unknown are in the table too; `status` tells them apart.

    Example: atlas cutoff 2023-07-01 --towards AM
    """
    read_date_of(date)
    user_class = check_user(user)
    check_table_out(out, json=json)
    a = open_pack(pack)
    found = a.cutoff(date, towards=towards, user=user_class)
    say_beyond(a, date)
    shut, unknown = found.cut_off, found.unknown
    if out is not None:
        import pandas as pd

        both = [frame for frame in (shut, unknown) if len(frame)] or [shut]
        write_table(pd.concat(both, ignore_index=True), out, what="settlement")
    if json:
        emit_json({"date": date, "user": user, "cut_off": shut, "unknown": unknown})
    if json or out is not None:
        return
    table(
        shut,
        {"name": "settlement", "held_by": "held by", "towards": "towards"},
        title=f"Cut off on {date} for a {user} user: {counted(len(shut), 'settlement')}",
    )
    # Few counts are on record: a column of them would be all but empty.
    counts = shut[shut["population"] > 0]
    people = [
        f"{name} {population:,.0f}" + (f" ({year:.0f})" if year == year else "")
        for name, population, year in counts[["name", "population", "population_year"]].to_numpy()
    ]
    empty = shut.loc[shut["population"] == 0, "name"]
    if people:
        say(f"\nPeople, where a count is on record: {'; '.join(people)}")
    if len(empty):
        say(f"\nWithout inhabitants on record: {'; '.join(empty)}")
    if len(unknown):
        say(
            f"\nUnknown: {counted(len(unknown), 'settlement')} off the recorded network, "
            "or on stretches with no record for that day; --json lists them."
        )


def presence(
    mission: Annotated[str, typer.Argument(help="Name of the mission, as `atlas at` shows it.")],
    window: Annotated[int, typer.Option(help="Days before and after that are counted.")] = 365,
    pack: PackOption = "",
    out: Out = None,
    json: Json = False,
) -> None:
    """Events before, during and after a mission, in its zone and elsewhere.

    A description with its exposure (days, km2); it says nothing about cause.

    Example: atlas presence "Russian peacekeeping contingent"
    """
    from atlas.base.errors import InputError

    if window < 0:
        raise InputError("--window must be 0 or more days")
    check_table_out(out, json=json)
    a = open_pack(pack)
    found = a.presence(mission, window_days=window)
    if out is not None:
        write_table(found, out)
    if json:
        emit_json(records(found))
    if json or out is not None:
        return
    columns = {name: name.replace("_", " ") for name in found.columns}
    columns |= {"deaths_best": "deaths (best)", "deaths_known": "events that count them"}
    table(found, columns, title=mission)
