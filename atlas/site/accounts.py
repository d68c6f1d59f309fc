"""Where the parties' accounts differ: claims on key days, and events told in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from atlas.answers import control
from atlas.base.timespan import OPEN_END, OPEN_START, format_day, parse_day
from atlas.layers.rows import translations
from atlas.record.claims import claim_of
from atlas.record.pack import split_list
from atlas.site.facts import area_titles
from atlas.site.render import date_words, map_link

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["claim_days", "told_differently"]


def _key_days(pack: Pack) -> dict[int, Any]:
    """Days of the story's chapters; without a story, those on which a claim begins."""
    chapters = {parse_day(str(row.date)): row for row in pack.chapters.itertuples()}
    if chapters:
        return chapters
    claims = pack.control[pack.control["asserted_by"] != ""]
    starts = {int(day) for day in claims["start_day"] if day not in (OPEN_START, OPEN_END)}
    first = pack.meta.period.start
    return dict.fromkeys(sorted({max(day, first) for day in starts} | {first}))


def claim_days(pack: Pack) -> list[dict[str, Any]]:
    """Claims that differ from the assessment, on each key day.

    Returns
    -------
    list of dict
        A day each: `iso, label, title, titles, key, link, chosen, claims`; a claim joins all
        areas for which a party says the same, with their area in km2.
    """
    titles = area_titles(pack)
    told = translations(pack.chapters, "title")
    chapters = _key_days(pack)
    start = parse_day(pack.meta.start_date)
    days: list[dict[str, Any]] = []
    for day in sorted(chapters):
        if day < pack.meta.period.start:
            continue
        chapter = chapters[day]
        iso = format_day(day)
        title = str(chapter.title) if chapter is not None else ""
        days.append(
            {
                "iso": iso,
                "day": day,
                "title": title,
                "titles": {} if chapter is None else told[str(chapter.id)],
                "key": f"chapter.{chapter.id}" if chapter is not None else "",
                "label": date_words(iso) + (f" · {title}" if title else ""),
                "link": map_link(day),
                "claims": _claims(pack, day, titles),
                "chosen": False,
            }
        )
    if days:
        near = min(days, key=lambda one: abs(int(one["day"]) - start))
        near["chosen"] = True
    return days


def _claims(pack: Pack, day: int, titles: Any) -> list[dict[str, Any]]:
    found = control.disagreements(pack, day)
    grouped: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for row in found.itertuples():
        kind, text = claim_of(str(row.note))
        key = (str(row.asserted_by), kind, str(row.controller), str(row.assessed_controller))
        claim = grouped.setdefault(
            key,
            {
                "by": key[0],
                "kind": kind,
                "claims": key[2],
                "assessed": key[3],
                "texts": [],
                "areas": [],
                "km2": 0.0,
                "source_ids": [],
            },
        )
        place, part = titles[str(row.area_id)]
        claim["areas"].append(
            {"id": str(row.area_id), "place": place, "part": part, "km2": float(row.area_km2)}
        )
        claim["km2"] += float(row.area_km2)
        if text and text not in claim["texts"]:
            claim["texts"].append(text)
        for source in split_list(str(row.source_ids)):
            if source not in claim["source_ids"]:
                claim["source_ids"].append(source)
    order = list(pack.meta.parties)
    for claim in grouped.values():
        claim["texts"].sort()
        claim["source_ids"].sort()
    return [
        grouped[key] for key in sorted(grouped, key=lambda k: (order.index(k[0]), k[1], k[2], k[3]))
    ]


def _row(row: Any, *, date: str, title: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "date": date,
        "title": title,
        "titles": more.get("titles", {}),
        "text": text,
        "texts": more.get("texts", {}),
        "type": more.get("type", ""),
        "href": more.get("href", ""),
        "counterclaims": str(row.counterclaims),
        "source_ids": split_list(str(row.source_ids)),
        "counter_source_ids": split_list(str(row.counter_source_ids)),
    }


def told_differently(pack: Pack) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows with a counterclaim: events, then routes and missions, each in order of time."""
    titles, texts = (translations(pack.events, stem) for stem in ("title", "summary"))
    events = [
        _row(
            row,
            date=str(row.event_date),
            title=str(row.title),
            titles=titles[str(row.id)],
            text=str(row.summary),
            texts=texts[str(row.id)],
            type=str(row.event_type),
            href=f"events.html#{row.id}",
        )
        for row in pack.events.sort_values(["start_day", "id"], kind="stable").itertuples()
        if row.counterclaims
    ]
    route = dict(zip(pack.routes["id"], pack.routes["name"], strict=True))
    named = translations(pack.routes, "name")
    others: list[tuple[int, str, dict[str, Any]]] = []
    for row in pack.episodes.itertuples():
        if row.counterclaims:
            text = f"{row.status.replace('_', ' ')}. {row.reason}".strip()
            title = str(route[row.route_id])
            others.append(
                (int(row.start_day), str(row.id),
                 _row(row, date=str(row.valid_from), title=title, text=text,
                      titles=named[str(row.route_id)]))
            )  # fmt: skip
    for row in pack.mandates.itertuples():
        if row.counterclaims:
            text = str(row.tasks) or str(row.instrument)
            start, date = int(row.authorised_start), str(row.authorised_from)
            if start == OPEN_START:
                start, date = int(row.deployed_start), str(row.deployed_from)
            title = str(row.mission)
            others.append((start, str(row.id), _row(row, date=date, title=title, text=text)))
    others.sort(key=lambda item: item[:2])
    return events, [row for _, _, row in others]
