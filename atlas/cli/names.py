"""Commands about names and texts: geocode, read, accept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from atlas.cli.packs import PackOption
from atlas.cli.show import Json, emit_json, plain, progress, records, table

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(geocode)
    app.command()(read)
    app.command()(accept)


def geocode(
    names: Annotated[list[str] | None, typer.Argument(help="Names, in any script.")] = None,
    file: Annotated[
        str | None, typer.Option("--file", help="A CSV with a column of names; - is stdin.")
    ] = None,
    column: Annotated[str, typer.Option("--column", help="The column of names.")] = "place",
    out: Annotated[str, typer.Option("--out", "-o", help="Where to write; - is stdout.")] = "-",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Day on which the name was used.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the names, BCP 47.")] = None,
    context: Annotated[
        str | None, typer.Option(help="Words around the name: country, district, other places.")
    ] = None,
    inside: Annotated[
        str | None, typer.Option(help="District or province the places lie in.")
    ] = None,
    inside_column: Annotated[
        str | None, typer.Option(help="With --file: the column of districts.")
    ] = None,
    top: Annotated[int, typer.Option(help="Candidates to list for each name.")] = 3,
    judgements: Annotated[
        Path | None, typer.Option(help="CSV of a person's decisions, honoured.")
    ] = None,
    online: Annotated[
        str | None, typer.Option(help="nominatim: ask it on a miss (opt-in, network).")
    ] = None,
    pack: PackOption = "",
    json: Json = False,
) -> None:
    """Names to places, with the reason; never a silent guess.

    Exit status 1 if any name is ambiguous or unresolved.

    Example: atlas geocode Xankəndi Шуша Martuni

    Example: atlas geocode --file examples/villages.csv --inside-column district
    """
    import pandas as pd

    from atlas.base.errors import InputError
    from atlas.facade import Atlas
    from atlas.joining.point import resolve_point

    if bool(names) == (file is not None):
        raise InputError("give either names or --file")
    if inside_column and file is None:
        raise InputError(
            "--inside-column is a column of --file; for names given here, say --inside"
        )
    if json and out != "-":
        raise InputError("--json is printed; give either --json or --out")
    with progress("reading names"):
        a = Atlas.open(pack)
        gazetteer = _gazetteer(a, judgements, online)
    if file is not None:
        _geocode_file(
            gazetteer,
            file,
            column,
            out,
            json=json,
            as_of=as_of,
            lang=lang,
            context=context,
            inside=inside,
            inside_columns=[inside_column] if inside_column else [],
        )
        return
    answers = [
        resolve_point(name)
        or gazetteer.resolve(name, as_of=as_of, lang=lang, context=context, inside=inside)
        for name in names or []
    ]
    if json:
        emit_json([plain(answer.to_dict(top=top)) for answer in answers])
    else:
        rows = [row for answer in answers for row in _rows(answer, top)]
        table(
            pd.DataFrame(rows),
            {
                "query": "name",
                "status": "status",
                "id": "place",
                "listed": "listed as",
                "lon": "lon",
                "lat": "lat",
                "why": "why",
            },
        )
    if any(answer.place is None for answer in answers):
        raise typer.Exit(1)


def _gazetteer(a: Any, judgements: Path | None, online: str | None) -> Any:
    from atlas.base.errors import InputError
    from atlas.gazetteer import Gazetteer
    from atlas.gazetteer.judgements import read_judgements

    if online not in (None, "nominatim"):
        raise InputError(f"no online service {online!r}; there is: nominatim")
    decided = read_judgements(judgements) if judgements else None
    return Gazetteer.from_pack(a.pack, judgements=decided, online=online)


def _rows(answer: Any, top: int) -> list[dict[str, Any]]:
    place = answer.place
    head = {
        "query": answer.query,
        "status": answer.status,
        "id": place.id if place else "",
        "listed": place.name if place else "",
        "lon": f"{place.lon:.4f}" if place else "",
        "lat": f"{place.lat:.4f}" if place else "",
        "why": answer.why,
    }
    if answer.status != "ambiguous":
        return [head]
    rest = [
        {
            "query": "",
            "status": f"{candidate.score:.2f}",
            "id": candidate.place.id,
            "listed": candidate.place.name,
            "lon": f"{candidate.place.lon:.4f}",
            "lat": f"{candidate.place.lat:.4f}",
            "why": candidate.why,
        }
        for candidate in answer.candidates[: max(top, 2)]
    ]
    return [head, *rest]


def _geocode_file(
    gazetteer: Any,
    file: str,
    column: str,
    out: str,
    *,
    json: bool,
    inside_columns: list[str],
    **options: Any,
) -> None:
    import pandas as pd

    from atlas.base.errors import InputError
    from atlas.gazetteer.column import geocode_table

    source = sys.stdin if file == "-" else file
    try:
        frame = pd.read_csv(source, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: not a CSV that can be read ({error})") from None
    for name in (column, *inside_columns):
        if name not in frame:
            raise InputError(f"{file}: no column {name!r}; there are: {', '.join(frame.columns)}")
    results, unresolved = geocode_table(
        frame, column, gazetteer=gazetteer, inside_columns=inside_columns, **options
    )
    if json:
        emit_json(records(results))
    elif out == "-":
        sys.stdout.write(results.to_csv(index=False, lineterminator="\n"))
    else:
        from atlas.events import write_frame

        write_frame(results, Path(out))
    typer.echo(
        f"{len(results)} rows: {len(results) - len(unresolved)} resolved, "
        f"{len(unresolved)} for a person to judge",
        err=True,
    )
    for row in unresolved.itertuples():
        typer.echo(f"  row {row.row}: {row.name}: {row.status} ({row.why})", err=True)
    if (unresolved["status"] != "likely").any():
        raise typer.Exit(1)


def read(
    files: Annotated[list[str], typer.Argument(help="Text files, or folders of them; - is stdin.")],
    published: Annotated[
        str | None, typer.Option(help="Day of publication, for 'Thursday' and 'last night'.")
    ] = None,
    out: Annotated[
        Path | None,
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
    from atlas.facade import Atlas
    from atlas.reading.reports import Report, drafts_of, open_reports

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
    with progress("reading names"):
        a = Atlas.open(pack)
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
            typer.echo(report.name)
            _show(reading)
    if out is not None:
        from atlas.events import write_frame

        write_frame(drafts, out)
        doubled = sum(len(reading.drafts) for reading in readings) - len(drafts)
        typer.echo(
            f"wrote {len(drafts)} drafts of {len(reports)} texts to {out}"
            + (f"; {doubled} told again by another text" if doubled else ""),
            err=True,
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

    with progress("checking the record"):
        done = accept_drafts(read_drafts(drafts), into, affiliation=affiliation, dry_run=dry_run)
    would = "would write" if dry_run else "wrote"
    typer.echo(
        f"{would} {len(done.events)} events and {len(done.sources)} sources into {into}; "
        f"{done.refused} drafts rejected, {done.left} without a verdict",
        err=True,
    )
    if rejects is not None:
        from atlas.events import write_frame

        write_frame(done.rejects, rejects)
    for row in done.rejects.itertuples():
        typer.echo(f"  line {row.line}, {row.draft_id}: {row.reason}", err=True)
    if len(done.rejects):
        raise typer.Exit(1)
