"""Weighing the evidence for each place a name may mean.

The weight of a candidate is a sum on a natural-log scale, each part with a reason in words; shares
follow from the weights, and the first candidate stands only if its share leaves the others behind.
The figures below are judgement, set once by hand on names of the region, not fitted to a corpus.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.base.timespan import OPEN_END, OPEN_START, format_day, holds
from atlas.gazetteer.evidence import Hints, Match, distance_km, is_inside, speaks_for
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef, Resolution
from atlas.world.index import ABBREVIATION, ALTERNATIVE, DEMONYM, MAIN

__all__ = ["Ranked", "by_chance", "describe", "rank", "settle"]

PEOPLE_WEIGHT = 1.6  # ten times the people: five times as likely meant
PACK = 4.5  # a place of the pack against a namesake some six hundred times as populous
PERIOD_IN, PERIOD_OUT = 0.2, -0.6
LANG = 0.5
STATUS = {"official": 0.1, "common": 0.1, "historical": -0.7, "variant": -0.7, "exonym": 0.0}
SORT = {MAIN: 0.0, ALTERNATIVE: -1.2, DEMONYM: -0.3, ABBREVIATION: 0.5}
KIND = {
    "country": 2.0, "republic": 1.0, "region": 0.5, "province": 0.0, "district": -1.0,
    "continent": 2.0, "settlement": 0.3,
}  # fmt: skip
PEOPLE = {  # log10 of the people a place of unknown population counts as
    "country": 6.5, "region": 5.0, "province": 4.5, "district": 4.3, "settlement": 3.0,
}  # fmt: skip
DESERTED = 2.0  # a village where nobody lives: the living one of the name is meant first
FEATURE = -1.0  # rivers, mountains, monasteries: a bare name means the village first
SEAT = 1.2
WANTED_KIND = 2.5
RESOLVED_SHARE = 0.75
NESTED_KM = 60.0
SAME_SPOT_KM = 2.5
WELL_KNOWN = 100_000
QUALITY = {
    "exact": 1.0, "folded": 0.98, "inflected": 0.92, "repaired": 0.85, "fuzzy": 0.8, "sound": 0.65,
    "online": 0.9,
}  # fmt: skip
_LANGUAGES = {
    "en": "English", "az": "Azerbaijani", "hy": "Armenian", "ru": "Russian", "el": "Greek",
    "tr": "Turkish", "fa": "Persian", "ka": "Georgian", "fr": "French", "de": "German",
    "uk": "Ukrainian", "ar": "Arabic",
}  # fmt: skip
_SCRIPT_NAMES = {
    "Latn": "Latin", "Cyrl": "Cyrillic", "Armn": "Armenian", "Grek": "Greek", "Geor": "Georgian",
    "Arab": "Arabic", "Hebr": "Hebrew",
}  # fmt: skip
_MATCHED = {
    "exact": "as written",
    "folded": "apart from case, accents or script",
    "inflected": "with a case ending",
    "repaired": "after mending mixed letters or a scanning slip",
    "fuzzy": "by a near spelling",
    "sound": "by its sound",
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A match with its weight, its share of all, and why."""

    match: Match
    weight: float
    share: float
    period: str
    reasons: tuple[str, ...]
    nested: bool = False
    supported: bool = False
    elsewhere: bool = False


def prominence(match: Match) -> float:
    """How much a bare name is likely to mean a place: its people's log10 and its kind."""
    place = match.place
    count = place.population if place.population > 0 else match.people
    if count > 0:
        people = max(2.0, math.log10(count))
    elif place.population == 0:
        people = DESERTED
    else:
        people = PEOPLE.get(place.kind, 3.0 if place.source == "pack" else 2.0)
    return PEOPLE_WEIGHT * people + KIND.get(place.kind, FEATURE)


def rank(
    matches: Sequence[Match],
    hints: Hints,
    *,
    lang: str | None = None,
    day: int | None = None,
    kinds: set[str] | None = None,
    title: str = "this pack",
) -> list[Ranked]:
    """Weigh matches and sort them, best first; one entry a place."""
    best: dict[str, tuple[float, str, tuple[str, ...], Match, bool]] = {}
    for match in matches:
        weight, period, reasons, supported = _weigh(match, hints, lang, day, kinds, title)
        held = best.get(match.place.id)
        if held is None or (weight, match.record.name) > (held[0], held[3].record.name):
            best[match.place.id] = (weight, period, reasons, match, supported)
    ordered = sorted(best.values(), key=lambda item: (-item[0], item[3].place.id))
    rivals = [item for item in ordered if not _nested(item[3], ordered[0][3])]
    total = sum(math.exp(item[0] - ordered[0][0]) for item in rivals) if ordered else 1.0
    return [
        Ranked(
            match,
            weight,
            math.exp(weight - ordered[0][0]) / max(total, 1.0),
            period,
            reasons,
            _nested(match, ordered[0][3]),
            supported,
            bool(hints.inside) and not is_inside(match, hints),
        )
        for weight, period, reasons, match, supported in ordered
    ]


def _nested(match: Match, top: Match) -> bool:
    """Whether a place is but the surroundings or the centre of the first, under one name."""
    if match is top:
        return False
    one, two = match.place, top.place
    if distance_km(one.lon, one.lat, two.lon, two.lat) <= SAME_SPOT_KM:
        return True
    areas = ("district", "province", "region", "country")
    if (one.kind in areas) == (two.kind in areas) and one.source == "pack":
        return False
    if top.row >= 0 and match.row >= 0 and (match.row in top.inside or top.row in match.inside):
        return True
    reach = NESTED_KM if one.kind in areas or two.kind in areas else 10.0
    return distance_km(one.lon, one.lat, two.lon, two.lat) <= reach


def _weigh(
    match: Match,
    hints: Hints,
    lang: str | None,
    day: int | None,
    kinds: set[str] | None,
    title: str,
) -> tuple[float, str, tuple[str, ...], bool]:
    place, record = match.place, match.record
    weight = prominence(match) - match.cost + SORT[match.sort]
    reasons = [_matched(match)]
    weight += STATUS.get(record.status, 0.0)
    if place.source == "pack":
        # By one of the world's further names of it a place is not as surely meant as by ours.
        weight += PACK if match.row < 0 or match.sort == MAIN else PACK / 2
        reasons.append(f"a place of {title}, preferred to namesakes elsewhere")
        if match.seat:
            weight += SEAT
            reasons.append("its district bears the name too")
    period = ""
    if day is not None and place.source == "pack":
        period = _period(record, day)
        weight += PERIOD_IN if period == "in use" else PERIOD_OUT
    used = _years(record, period)
    if used:
        reasons.append(used)
    if lang and record.lang.split("-")[0] == lang.split("-")[0]:
        weight += LANG
        reasons.append("in the language of the text")
    if kinds is not None:
        fits = place.kind in kinds
        weight += WANTED_KIND if fits else -WANTED_KIND
        reasons.append(f"is a {place.kind}, as asked" if fits else f"but is a {place.kind}")
    people = place.population if place.population > 0 else match.people
    if people > 0:
        reasons.append(f"{int(people):,} people")
    elif place.population == 0:
        reasons.append("nobody lives there")
    context, more = speaks_for(match, hints)
    return weight + context, period, (*reasons, *more, *match.notes), bool(more)


def _matched(match: Match) -> str:
    record = match.record
    text = f"named {record.name!r}"
    about = [_LANGUAGES.get(record.lang.split("-")[0], record.lang)] if record.lang else []
    if record.script in _SCRIPT_NAMES:
        about.append(f"{_SCRIPT_NAMES[record.script]} script")
    if match.sort == DEMONYM:
        about.append("word for its people")
    elif match.sort == ABBREVIATION:
        about.append("short form")
    elif record.status not in ("", "common"):
        about.append(f"{record.status} name")
    if record.used_by:
        about.append("used by " + ", ".join(record.used_by))
    if about:
        text += f" ({', '.join(about)})"
    return f"{text}, matched {_MATCHED.get(match.how, match.how)}"


def _period(record: NameRecord, day: int) -> str:
    if holds(record.start, record.end, day):
        return "in use"
    return "before its time" if day < record.start else "after its time"


def _years(record: NameRecord, period: str) -> str:
    if record.start == OPEN_START and record.end == OPEN_END:
        return ""
    first = "" if record.start == OPEN_START else format_day(record.start)[:4]
    last = "" if record.end == OPEN_END else format_day(record.end)[:4]
    text = f"used {first}-{last}" if first and last else f"used from {first}" if first else ""
    text = text or f"used until {last}"
    if period in ("before its time", "after its time"):
        text += f"; the date is {period}"
    return text


def describe(ranked: Ranked, *, title: str = "this pack") -> Candidate:
    """Turn a weighed match into what people see."""
    match = ranked.match
    return Candidate(
        match.place,
        match.record,
        match.how,
        ranked.period,
        round(min(1.0, ranked.share) * QUALITY.get(match.how, 0.8), 6),
        round(ranked.weight, 6),
        ranked.reasons,
        ranked.nested,
        ranked.supported,
        ranked.elsewhere,
    )


def settle(
    query: str,
    candidates: Sequence[Candidate],
    *,
    home: frozenset[str] | None = None,
    told: bool = False,
) -> Resolution:
    """Decide between resolved, ambiguous and unresolved.

    Parameters
    ----------
    query : str
        The name.
    candidates : sequence of Candidate
        Best first.
    home : frozenset of str, optional
        Countries of the pack. A small town elsewhere, with nothing around the name that speaks for
        it, is then no answer: it only has the name by chance.
    """
    if not candidates:
        return Resolution(query, "unresolved", None, (), f"nothing known is called {query!r}")
    first = candidates[0]
    if home is not None and not first.supported and by_chance(first.place, home):
        return Resolution(
            query,
            "unresolved",
            None,
            tuple(candidates),
            f"nothing known is called {query!r} but {first.place.name} ({_where(first.place)}), "
            "too small and too far to take without a word of context or a country",
            first.score,
        )
    small = first.place.source == "geonames" and not first.place.population >= WELL_KNOWN
    if told and small and not first.supported and first.place.kind == "settlement":
        return Resolution(
            query,
            "ambiguous",
            None,
            tuple(candidates),
            f"{first.place.name} ({_where(first.place)}) is called so, but nothing around the name "
            "speaks for it",
            first.score,
        )
    if first.elsewhere:
        near = first.match not in ("exact", "folded", "judged")
        return Resolution(
            query,
            "unresolved" if near else "ambiguous",
            None,
            tuple(candidates),
            f"{first.place.name} ({_where(first.place)}) is called "
            f"{'something like it' if near else 'so'}, but it does not lie where it was said to",
            first.score,
        )
    share = first.score / QUALITY.get(first.match, 0.8)
    if share >= RESOLVED_SHARE:
        return Resolution(query, "resolved", first.place, tuple(candidates), first.why, first.score)
    close = [item for item in candidates if first.weight - item.weight < 3.0 and not item.nested]
    close = close[:5]
    listed = "; ".join(f"{item.place.name} ({_where(item.place)})" for item in close)
    return Resolution(
        query,
        "ambiguous",
        None,
        tuple(candidates),
        f"{len(close)} places fit about as well: {listed}",
        first.score,
    )


def by_chance(place: PlaceRef, home: frozenset[str]) -> bool:
    """Whether a place is a small one far away, which a bare name means only by chance."""
    if place.source == "pack" or place.kind not in ("settlement", "district"):
        return False
    return not home & set(place.country.split("|")) and not place.population >= WELL_KNOWN


def _where(place: PlaceRef) -> str:
    parts = [place.kind, place.admin1, place.country, f"{place.lat:.2f} N {place.lon:.2f} E"]
    return ", ".join(part for part in parts if part)
