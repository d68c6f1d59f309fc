"""Commands about names and texts: geocode, read, accept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from atlas.cli.packs import PackOption, open_pack
from atlas.cli.show import Json, emit_json, plain, progress, say, table, tell
from atlas.cli.targets import Out, check_table_out, check_targets, one_of, write_table

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(geocode)
    app.command()(read)
    app.command()(accept)


def geocode(
    names: Annotated[list[str], typer.Argument(help="Names, in any script.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Day on which the name was used.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the names, BCP 47.")] = None,
    context: Annotated[
        str | None, typer.Option(help="Words around the name: country, district, other places.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Country the places lie in: its two-letter code.")
    ] = None,
    inside: Annotated[
        str | None, typer.Option(help="District or province the places lie in.")
    ] = None,
    top: Annotated[int, typer.Option(help="Candidates to list for each name.")] = 3,
    judgements: Annotated[
        Path | None, typer.Option(help="CSV of a person's decisions, honoured.")
    ] = None,
    online: Annotated[
        str | None, typer.Option(help="nominatim: ask it on a miss (opt-in, network).")
    ] = None,
    pack: PackOption = "",
    out: Out = None,
    json: Json = False,
) -> None:
    """Names to places, with the reason; never a silent guess. A file of them: atlas locate.

    Exit status 1 if any name is ambiguous or unresolved.

    Example: atlas geocode Xankəndi Шуша Martuni
    """
    import pandas as pd

    from atlas.base.dates import day_of
    from atlas.joining.point import resolve_point

    check_table_out(out, json=json)
    if as_of is not None:
        day_of(as_of)  # refused before the work begins
    if online is not None:
        one_of(online, "online service", ("nominatim",))
    a = open_pack(pack)
    with progress("reading names"):
        gazetteer = _gazetteer(a, judgements, online)
    answers = [
        resolve_point(name)
        or gazetteer.resolve(
            name, as_of=as_of, lang=lang, context=context, country=country, inside=inside
        )
        for name in names
    ]
    rows = pd.DataFrame([row for answer in answers for row in _rows(answer, top)])
    if out is not None:
        write_table(rows, out)
    if json:
        emit_json([plain(answer.to_dict(top=top)) for answer in answers])
    elif out is None:
        for name in ("lon", "lat"):
            rows[name] = rows[name].map("{:.4f}".format, na_action="ignore")
        heads = {"query": "name", "status": "status", "place_id": "place", "listed": "listed as"}
        table(rows, heads | {"lon": "lon", "lat": "lat", "why": "why"})
    if any(answer.place is None for answer in answers):
        raise typer.Exit(1)


def _gazetteer(a: Any, judgements: Path | None, online: str | None) -> Any:
    from atlas.gazetteer import Gazetteer
    from atlas.gazetteer.judgements import read_judgements

    if judgements is None and online is None:
        return a.gazetteer
    decided = read_judgements(judgements) if judgements else None
    return Gazetteer.from_pack(a.pack, judgements=decided, online=online, world=True)


def _rows(answer: Any, top: int) -> list[dict[str, Any]]:
    """A name and its answer; where it is ambiguous, a row for each candidate, best first."""

    def row(status: str, place: Any, score: float, why: str) -> dict[str, Any]:
        return {
            "query": answer.query,
            "status": status,
            "place_id": place.id if place else "",
            "listed": place.name if place else "",
            "lon": place.lon if place else None,
            "lat": place.lat if place else None,
            "score": score,
            "why": why,
        }

    head = row(answer.status, answer.place, answer.score, answer.why)
    if answer.status != "ambiguous":
        return [head]
    return [head] + [
        row(f"perhaps {item.score:.2f}", item.place, item.score, item.why)
        for item in answer.candidates[: max(top, 2)]
    ]


def read(
    files: Annotated[list[str], typer.Argument(help="Text files, or folders of them; - is stdin.")],
    published: Annotated[
        str | None, typer.Option(help="Day of publication, for 'Thursday' and 'last night'.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", help="Write the drafts of all texts as one table to judge."),
    ] = None,
    pack: PackOption = "",
    json: Json = False,
) -> None:
    """Find places, dates and draft events in texts, with character offsets.

    With -o, what several reports tell alike is one row, and the row says which event of the record
    it may be. Write accept or reject into its column verdict, then run atlas accept.

    Example: atlas read examples/report.txt --published 2023-05-26
    """
    from atlas.base.dates import read_date
    from atlas.reading.reports import Report, drafts_of, open_reports

    check_table_out(out, json=json)
    check_targets({"--out": out}, files)
    day = read_date(published).text if published else ""
    reports = [
        report
        for name in files
        for report in (
            [Report("-", sys.stdin.read(), day)]
            if name == "-"
            else open_reports([name], published=day)
        )
    ]
    a = open_pack(pack)
    with progress("reading names"):
        drafts, readings = drafts_of(reports, a.gazetteer, a.pack)
    if json:
        emit_json(
            [
                {"file": report.name} | reading.to_dict()
                for report, reading in zip(reports, readings, strict=True)
            ]
        )
    elif out is None:
        for report, reading in zip(reports, readings, strict=True):
            say(report.name)
            _show(reading)
    if out is not None:
        from atlas.base.frames import write_frame

        write_frame(drafts, out)
        doubled = sum(len(reading.drafts) for reading in readings) - len(drafts)
        tell(
            f"wrote {len(drafts)} drafts of {len(reports)} texts to {out}"
            + (f"; {doubled} told again by another text" if doubled else "")
        )


def _show(reading: Any) -> None:
    import pandas as pd

    mentions = pd.DataFrame(
        [
            {
                "at": str(item.start),
                "text": item.text,
                "kind": item.kind,
                "status": item.resolution.status if item.resolution else "",
                "place": item.place.id if item.place else "",
                "why": item.resolution.why if item.resolution else "",
            }
            for item in reading.mentions
        ]
    )
    table(mentions, {name: name for name in mentions}, title="Names")
    dates = pd.DataFrame(
        [{"at": str(item.start), "text": item.text, "date": item.edtf} for item in reading.dates]
    )
    table(dates, {name: name for name in dates}, title="Dates")
    events = pd.DataFrame(
        [
            {
                "type": ", ".join(item.types),
                "date": item.date,
                "places": "|".join(item.place_ids or (item.venue_id,)),
                "actors": "|".join(item.actors),
                "said": ", ".join(
                    word
                    for word, on in (
                        ("reported", item.reported),
                        ("planned", item.planned),
                        ("background", item.background),
                    )
                    if on
                ),
                "confidence": f"{item.confidence:.2f}",
                "sentence": " ".join(reading.text[item.start : item.end].split())[:80],
            }
            for item in reading.drafts
        ]
    )
    table(events, {name: name for name in events}, title="Draft events, for a person to check")


def accept(
    drafts: Annotated[Path, typer.Argument(help="The table of drafts, with verdicts.")],
    into: Annotated[str, typer.Option("--into", help="The pack: a folder.")],
    affiliation: Annotated[
        str,
        typer.Option(help="Whose the sources are that don't say so: a party id, or neutral."),
    ] = "",
    rejects: Annotated[
        Path | None, typer.Option(help="Write the drafts that could not be taken, with reasons.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; say what would be.")
    ] = False,
) -> None:
    """Write judged drafts into a pack: those with accept in their column verdict.

    Nothing is written that would leave the pack with a fault. Exit status 1 if a draft that was
    accepted could not be taken.

    Example: atlas accept drafts.csv --into my-pack --affiliation neutral
    """
    from atlas.reading.accept import accept_drafts, read_drafts

    check_table_out(rejects)
    check_targets({"--rejects": rejects}, [drafts])
    with progress("checking the record"):
        done = accept_drafts(read_drafts(drafts), into, affiliation=affiliation, dry_run=dry_run)
    would = "would write" if dry_run else "wrote"
    tell(
        f"{would} {len(done.events)} events and {len(done.sources)} sources into {into}; "
        f"{done.refused} drafts rejected, {done.left} without a verdict"
    )
    if rejects is not None:
        from atlas.base.frames import write_frame

        write_frame(done.rejects, rejects)
    for row in done.rejects.itertuples():
        tell(f"  line {row.line}, {row.draft_id}: {row.reason}")
    if len(done.rejects):
        raise typer.Exit(1)
