"""Golden cases: what Python answers, for the page's own code to answer again.

What two languages of code both compute - who held what, by whose account, under which name, what
changed, what a mandate or a route allowed, who left home - is asked of both on the same days.
Python writes its answers down beside the data that the page gets; `js/golden.mjs` replays them with
the page's model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from atlas.answers import control, mandates, routes
from atlas.base.timespan import OPEN_END, OPEN_START, holds
from atlas.layers import layer_set
from atlas.map.payload import encode_layers
from atlas.record.pack import Pack
from atlas.record.schema import USERS
from atlas.site.people import list_movements

Case = dict[str, Any]


def golden(pack: Pack, days: Sequence[int]) -> str:
    """Give the data of the page and the cases, as JSON."""
    spoken = sorted({"en", *pack.meta.languages})
    page = {"first": int(min(days)), "last": int(max(days)) + 1, "worldviews": pack.meta.worldviews}
    cases = [*_at(pack, days), *_names(pack, days, spoken), *_changes(pack, days)]
    cases += [*_mandates(pack, days), *_people(pack, days), *_routes(pack, days)]
    # The outlines come first, so that the page's code reads exactly what it reads in a browser.
    data = encode_layers(layer_set(pack), page)
    return json.dumps({"data": data, "cases": cases}, allow_nan=False)


def days_of(pack: Pack, number: int) -> list[int]:
    """Days on which something changes, the days before them, and the ends of the period."""
    frames = [pack.control, pack.mandates, pack.episodes, pack.names, pack.displacement]
    bounds = ["start_day", "end_day", "deployed_start", "deployed_end", "authorised_start"]
    found = {int(day) for f in frames for c in bounds if c in f for day in f[c]}
    found = {day for day in found if OPEN_START < day < OPEN_END}
    first = pack.meta.period.start
    marks = sorted(day for day in found | {day - 1 for day in found} if day >= first)
    chosen = {marks[int(k)] for k in np.linspace(0, len(marks) - 1, min(number, len(marks)))}
    return sorted(chosen | {first})


def _day(text: str) -> int | None:
    return int(np.datetime64(text, "D").astype(int)) if text and text != ".." else None


def _at(pack: Pack, days: Iterable[int]) -> Iterator[Case]:
    sides: list[str | None] = [None, *pack.meta.worldviews]
    for day in days:
        for side in sides:
            held = control.at(pack, day, according_to=side)
            rows = {
                row.area_id: [
                    row.control_id, row.controller, row.control_type, _day(row.since),
                    _day(row.until), row.how, row.certainty, row.asserted_by,
                ]
                for row in held.itertuples()
            }  # fmt: skip
            named = {} if side else {str(r.area_id): str(r.name) for r in held.itertuples()}
            yield {"kind": "at", "day": day, "side": side or "", "rows": rows, "names": named}
        rival = control.claims(pack, day)
        yield {"kind": "claims", "day": day, "rows": sorted(rival["id"])}


def _names(pack: Pack, days: Sequence[int], langs: Iterable[str]) -> Iterator[Case]:
    # The naming itself is asked, not the spells that travel: those are what is tested.
    keys = [str(key) for key in pack.places["id"]]
    for day in days[:: max(1, len(days) // 8)]:
        told = {key: pack.naming.words(key, day) for key in keys}
        english = pack.names_on(day)
        assert all(told[key]["en"] == text for key, text in english.items())
        for lang in langs:
            names = {
                key: words.get(lang, words["en"]) for key, words in told.items() if key in english
            }
            yield {"kind": "names", "day": day, "lang": lang, "rows": names}


def _changes(pack: Pack, days: Sequence[int]) -> Iterator[Case]:
    pairs = [*zip(days, days[1:], strict=False), *zip(days, days[7:], strict=False)]
    for before, after in [*pairs, (days[0], days[-1])]:
        moved = control.changes(pack, before, after)
        steps = control.steps(pack, before, after).groupby("area_id")["id"].apply(list)
        rows = {
            row.area_id: [
                row.from_controller, row.to_controller, row.from_type, row.to_type, row.steps,
                row.how, sorted(steps.get(row.area_id, [])), round(row.area_km2, 1),
                round(row.area_low_km2, 1), round(row.area_high_km2, 1),
            ]
            for row in moved.itertuples()
        }  # fmt: skip
        yield {"kind": "changes", "before": before, "after": after, "rows": rows}


def _mandates(pack: Pack, days: Iterable[int]) -> Iterator[Case]:
    for day in days:
        rows = {
            row.mandate_id: [row.status, _text(row.authorised_strength),
                             _text(row.observed_strength)]
            for row in mandates.at(pack, day).itertuples()
        }  # fmt: skip
        yield {"kind": "mandates", "day": day, "rows": rows}


def _people(pack: Pack, days: Iterable[int]) -> Iterator[Case]:
    told = {str(c.row.id): c for _, counts in list_movements(pack) for c in counts}
    for day in days:
        for side in ("", *pack.meta.worldviews):
            frame = pack.displacement
            spoken = frame[holds(frame["start_day"], frame["end_day"], day)]
            spoken = spoken[spoken["asserted_by"].isin(["", side])]
            rows = {key: [*told[key].figures, told[key].main] for key in spoken["id"]}
            yield {"kind": "people", "day": day, "side": side, "rows": rows}


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _routes(pack: Pack, days: Iterable[int]) -> Iterator[Case]:
    for day in days:
        for user in USERS:
            rows: dict[str, list[list[Any]]] = {}
            for row in routes.at(pack, day, user=user).itertuples():
                told = rows.setdefault(row.route_id, [])
                # The page joins neighbours of one episode.
                if told and told[-1][3] == row.episode_id:
                    told[-1][1] = round(row.to_km, 1)
                else:
                    told.append(
                        [round(row.from_km, 1), round(row.to_km, 1), row.status, row.episode_id]
                    )
            yield {"kind": "routes", "day": day, "user": user, "rows": rows}
