"""Weighing the evidence for each place a name may mean.

The weight of a candidate is a sum on a natural-log scale, each part with a reason in words; shares
follow from the weights, and the first candidate stands only if its share leaves the others behind.
The figures are those of `weights`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.base.timespan import OPEN_END, OPEN_START, format_day, holds
from atlas.gazetteer.evidence import Hints, Match, distance_km, is_inside, speaks_for
from atlas.gazetteer.model import Candidate, NameRecord, PlaceRef, Resolution, Status
from atlas.gazetteer.weights import DEFAULT, Weights
from atlas.world.model import ABBREVIATION, ALTERNATIVE, CODE, DEMONYM, MAIN

__all__ = [
    "AS_CODE",
    "LOOSE",
    "Ranked",
    "Setting",
    "by_chance",
    "describe",
    "kinds_like",
    "rank",
    "settle",
]

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
    "reading": "by what its letters may stand for",
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


def prominence(match: Match, weights: Weights = DEFAULT) -> float:
    """How much a bare name is likely to mean a place: its people's log10 and its kind."""
    place = match.place
    count = place.population if place.population > 0 else match.people
    if count > 0:
        people = max(2.0, math.log10(count))
    elif place.population == 0:
        people = weights.deserted
    else:
        people = weights.people_of.get(place.kind, 3.0 if place.source == "pack" else 2.0)
    return weights.people * people + weights.kind.get(place.kind, weights.feature)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a name is asked within, besides the evidence of the words around it.

    Attributes
    ----------
    lang : str or None
        BCP 47 language of the text.
    day : int or None
        The day it speaks of.
    kinds : frozenset of str
        Kinds of place wanted; empty for any.
    home : frozenset of str
        Countries that the pack is about, ISO 3166-1 alpha-2.
    title : str
        What the pack's places are called in explanations.
    weights : Weights
        What evidence is worth.
    """

    lang: str | None = None
    day: int | None = None
    kinds: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()
    title: str = "this pack"
    weights: Weights = DEFAULT


_SAME_KIND = {
    "district": frozenset({"district", "province", "region"}),
    "province": frozenset({"district", "province", "region"}),
    "region": frozenset({"district", "province", "region"}),
    "settlement": frozenset({"settlement", "crossing"}),
}


def kinds_like(kind: str | None) -> frozenset[str]:
    """Kinds of place that a word for one may mean; empty for none."""
    return _SAME_KIND.get(kind, frozenset({kind})) if kind else frozenset()


@dataclass(slots=True)
class _Weighed:
    match: Match
    weight: float
    period: str
    reasons: tuple[str, ...]
    supported: bool


def rank(matches: Sequence[Match], hints: Hints, setting: Setting) -> list[Ranked]:
    """Weigh matches and sort them, best first; one entry a place."""
    best: dict[str, _Weighed] = {}
    for match in matches:
        item = _weigh(match, hints, setting)
        held = best.get(match.place.id)
        if held is None or (item.weight, match.record.name) > (
            held.weight,
            held.match.record.name,
        ):
            best[match.place.id] = item
    if not setting.kinds:
        _towns_first(list(best.values()), setting.weights)
    ordered = sorted(best.values(), key=lambda item: (-item.weight, item.match.place.id))
    inner = [_nested(item.match, ordered[0].match, setting.weights) for item in ordered]
    odds = [
        math.exp(
            min(0.0, item.weight + _unknown(item, ordered[0], setting.weights) - ordered[0].weight)
        )
        for item in ordered
    ]
    total = math.fsum(each for each, nested in zip(odds, inner, strict=True) if not nested)
    return [
        Ranked(
            item.match,
            item.weight,
            each / max(total, 1.0),
            item.period,
            item.reasons,
            nested,
            item.supported,
            bool(hints.inside) and not is_inside(item.match, hints, setting.weights),
        )
        for item, each, nested in zip(ordered, odds, inner, strict=True)
    ]


def _unknown(item: _Weighed, first: _Weighed, weights: Weights) -> float:
    """What a settlement of the pack would gain on the first if as many people lived in both.

    That nobody counted the people of one of two namesakes is no evidence for the other. It stands
    first only for another reason: a district bears its name, or the record tells more of it.
    """
    one, two = item.match, first.match
    counts = _people(one), _people(two)
    if (
        not all(match.place.source == "pack" and _is_town(match) for match in (one, two))
        or (counts[0] > 0) == (counts[1] > 0)
        or 0 in (one.place.population, two.place.population)
        or (two.seat, two.mentions) > (one.seat, one.mentions)
    ):
        return 0.0
    lead = prominence(two, weights) - prominence(one, weights)
    most = max(count for count in counts if count > 0)
    return max(0.0, lead - weights.people * max(0.0, math.log10(most / weights.village)))


def _is_town(match: Match) -> bool:
    return match.place.kind == "settlement" and _plain(match)


_AREAS = ("district", "province", "region", "country")
_SEAT_SHARE = 0.25  # of a province's people: such a town is what its bare name means


def _towns_first(items: Sequence[_Weighed], weights: Weights) -> None:
    """Put a town before the district that is called after it."""
    towns = [item for item in items if _is_town(item.match)]
    for area in items:
        kind = area.match.place.kind
        if kind not in ("district", "province") or not _plain(area.match):
            continue
        for town in towns:
            if town.weight >= area.weight or not _nested(town.match, area.match, weights):
                continue
            if kind == "province" and not (
                _people(town.match) >= _SEAT_SHARE * _people(area.match) > 0
            ):
                continue
            town.weight = area.weight + 0.1
            town.reasons = (*town.reasons, f"comes before the {kind} of its name")


def _plain(match: Match) -> bool:
    return match.how in ("exact", "folded", "inflected") and match.sort == MAIN


def _people(match: Match) -> float:
    return match.place.population if match.place.population > 0 else match.people


def _nested(match: Match, top: Match, weights: Weights) -> bool:
    """Whether a place is but the surroundings or the centre of the first, under one name."""
    if match is top:
        return False
    one, two = match.place, top.place
    if distance_km(one.lon, one.lat, two.lon, two.lat) <= weights.same_spot_km:
        return one.placed and two.placed
    if (one.kind in _AREAS) == (two.kind in _AREAS) and one.source == "pack":
        return False
    if top.row >= 0 and match.row >= 0 and (match.row in top.inside or top.row in match.inside):
        return True
    reach = weights.nested_km if one.kind in _AREAS or two.kind in _AREAS else 10.0
    return distance_km(one.lon, one.lat, two.lon, two.lat) <= reach


def _weigh(match: Match, hints: Hints, setting: Setting) -> _Weighed:
    place, record, weights = match.place, match.record, setting.weights
    weight = prominence(match, weights) - match.cost + _sort(match, weights)
    reasons = [_matched(match)]
    weight += weights.status.get(record.status, 0.0)
    if place.source == "pack":
        # By one of the world's further names of it a place is not as surely meant as by ours.
        weight += weights.pack if match.row < 0 or match.sort == MAIN else weights.pack / 2
        reasons.append(f"a place of {setting.title}, preferred to namesakes elsewhere")
        if match.seat:
            weight += weights.seat
            reasons.append("its district bears the name too")
    elif setting.home & set(place.country.split("|")):
        weight += weights.home
    period = ""
    if setting.day is not None and place.source == "pack":
        period = _period(record, setting.day)
        weight += weights.in_use if period == "in use" else weights.out_of_use
    if match.listed and period in ("", "in use"):
        # Where it is said in what part of the world it is, a lesser namesake there may be meant.
        weight += weights.listed_told if hints else weights.listed
    used = _years(record, period)
    if used:
        reasons.append(used)
    if setting.lang and record.lang.split("-")[0] == setting.lang.split("-")[0]:
        weight += weights.language
        reasons.append("in the language of the text")
    if setting.kinds:
        fits = place.kind in setting.kinds
        weight += weights.wanted_kind if fits else -weights.wanted_kind
        reasons.append(f"is a {place.kind}, as asked" if fits else f"but is a {place.kind}")
    elif place.kind in ("district", "province"):  # its middle may lie far from the town of its name
        reasons.append(f"is a {place.kind}")
    people = _people(match)
    if people > 0:
        reasons.append(f"{int(people):,} people")
    elif place.population == 0:
        reasons.append("nobody lives there")
    context, more = speaks_for(match, hints, weights)
    return _Weighed(match, weight + context, period, (*reasons, *more, *match.notes), bool(more))


def _sort(match: Match, weights: Weights) -> float:
    return {
        MAIN: 0.0,
        ALTERNATIVE: weights.alternative,
        DEMONYM: weights.demonym,
        ABBREVIATION: weights.short,
        CODE: weights.short,
    }[match.sort]


def _matched(match: Match) -> str:
    record = match.record
    text = f"named {record.name!r}"
    about = [_LANGUAGES.get(record.lang.split("-")[0], record.lang)] if record.lang else []
    if record.script in _SCRIPT_NAMES:
        about.append(f"{_SCRIPT_NAMES[record.script]} script")
    if match.sort == DEMONYM:
        about.append("word for its people")
    elif match.sort in (ABBREVIATION, CODE):
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


def describe(ranked: Ranked, weights: Weights = DEFAULT) -> Candidate:
    """Turn a weighed match into what people see."""
    match = ranked.match
    return Candidate(
        match.place,
        match.record,
        match.how,
        ranked.period,
        round(min(1.0, ranked.share) * weights.quality.get(match.how, 0.8), 6),
        round(ranked.weight, 6),
        ranked.reasons,
        ranked.nested,
        ranked.supported,
        ranked.elsewhere,
        match.likeness,
        round(match.support, 6),
    )


LOOSE = frozenset({"repaired", "reading", "fuzzy", "sound"})
AS_CODE = "as a code"  # likeness of a name that was written like a code and has no place as one
_SMALL = ("settlement", "district")
_UNHEARD = 0.3  # what the names of a text lend to a place that they have nothing to do with
# What a word for a province is said of, too: "the Republic of ...".
_STATES = frozenset({"republic", "country"})


def settle(
    query: str,
    candidates: Sequence[Candidate],
    *,
    home: frozenset[str] = frozenset(),
    by_name_only: bool = False,
    told: bool = False,
    hints: Hints | None = None,
    kinds: frozenset[str] = frozenset(),
    called: bool = False,
    among: bool = False,
    weights: Weights = DEFAULT,
) -> Resolution:
    """Decide between resolved, likely, ambiguous and unresolved.

    Parameters
    ----------
    query : str
        The name.
    candidates : sequence of Candidate
        Best first.
    home : frozenset of str
        Countries of the pack.
    by_name_only : bool
        Whether the name stands by itself. A small town outside the pack's countries, with nothing
        around the name that speaks for it, is then no answer: it only has the name by chance.
    told : bool
        Whether something around the name says where it is.
    hints : Hints, optional
        What it says.
    kinds : frozenset of str
        Kinds of place wanted.
    called : bool
        Whether the name's own words say the kind ("Lake ...").
    among : bool
        Whether the name stands among others in a text, which may bear it out.
    weights : Weights
        From which share the first stands, and who is well known.
    """
    if not candidates:
        return Resolution(query, "unresolved", None, (), f"nothing known is called {query!r}")
    first, all_of_them = candidates[0], tuple(candidates)

    def left(status: Status, why: str) -> Resolution:
        return Resolution(query, status, None, all_of_them, why, first.score)

    shown = f"{first.place.name} ({_where(first.place)})"
    around = home | set(hints.countries) | set(hints.neighbours) if hints is not None else home
    if by_name_only and home and not first.supported and by_chance(first.place, around, weights):
        return left(
            "unresolved",
            f"nothing known is called {query!r} but {shown}, too small and too far to take "
            "without a word of context or a country",
        )
    small = first.place.source == "geonames" and not first.place.population >= weights.well_known
    if told and small and not first.supported and first.place.kind == "settlement":
        return left("ambiguous", f"{shown} is called so, but nothing around the name speaks for it")
    if first.elsewhere:
        near = first.match not in ("exact", "folded", "judged")
        return left(
            "unresolved" if near else "ambiguous",
            f"{shown} is called {'something like it' if near else 'so'}, but it does not lie "
            "where it was said to",
        )
    share = first.score / weights.quality.get(first.match, 0.8)
    if share >= weights.resolved_share:
        if not first.place.placed:
            return left(
                "ambiguous",
                f"{first.place.name} ({first.place.kind}, {first.place.country}) is known without "
                f"a position: it lies within {first.place.precision_m / 1000:,.0f} km of "
                f"{first.place.lat:.2f} N {first.place.lon:.2f} E",
            )
        wanted = kinds | (_STATES if "province" in kinds else frozenset())
        if called and first.place.kind not in wanted:
            return left(
                "ambiguous",
                f"{shown} is called so, but is no {' or '.join(sorted(kinds))}, as said",
            )
        if first.likeness == AS_CODE and not _borne_out(first, home, weights):
            return left("ambiguous", f"{shown} may be meant, but {query!r} is written as a code")
        rival = _spoken_for(first, candidates, hints, weights, among=among)
        if rival is not None:
            return left(
                "ambiguous",
                f"{shown} is what the bare name means first, but what is around it speaks for "
                f"{rival.place.name} ({_where(rival.place)})",
            )
        if first.match not in LOOSE:
            doubt = _weak(first, share, home, weights) if among else ""
            status: Status = "likely" if doubt else "resolved"
            why = f"{first.why}; {doubt}" if doubt else first.why
            return Resolution(query, status, first.place, all_of_them, why, first.score)
        doubt = _doubt(first, candidates, home, hints, kinds)
        if doubt:
            return left("ambiguous", f"{shown} is called something like it, but {doubt}")
        return Resolution(query, "likely", first.place, all_of_them, first.why, first.score)
    close = [item for item in candidates if first.weight - item.weight < 3.0 and not item.nested]
    close = close[:5]
    listed = "; ".join(f"{item.place.name} ({_where(item.place)})" for item in close)
    return left("ambiguous", f"{len(close)} places fit about as well: {listed}")


def _borne_out(first: Candidate, home: frozenset[str], weights: Weights) -> bool:
    """Whether something but the name itself speaks for a place."""
    place = first.place
    if place.source in ("pack", "given") or home & set(place.country.split("|")):
        return True
    return first.supported or first.support >= weights.borne_out or first.match == "judged"


def _weak(first: Candidate, share: float, home: frozenset[str], weights: Weights) -> str:
    """Why a place of the world that a text names is only likely, though nothing comes near it."""
    place = first.place
    small = place.kind in _SMALL and not place.population >= weights.well_known
    if place.source != "geonames" or home & set(place.country.split("|")):
        return ""
    if small and first.name.status == "variant":
        return f"{place.name} is a small place, and the name a lesser one of it"
    if (small or share < weights.sure_share) and not _borne_out(first, home, weights):
        return "nothing else in the text speaks for it"
    return ""


def _spoken_for(
    first: Candidate,
    candidates: Sequence[Candidate],
    hints: Hints | None,
    weights: Weights,
    *,
    among: bool,
) -> Candidate | None:
    """A namesake that the words around the name speak for, where none speaks for the first."""
    if among and not _borne_out(first, frozenset(), weights) and first.support < _UNHEARD:
        for item in candidates[1:]:
            if (
                item.support - first.support >= weights.borne_out
                and first.weight - item.weight < weights.borne_out_rival
                and item.match in ("exact", "folded")
                and item.name.status != "variant"
                and not item.nested
            ):
                return item
    if hints is None or not hints or first.match == "judged" or _heard(first, hints):
        return None
    for item in candidates[1:]:
        near = first.weight - item.weight < weights.spoken_for
        if near and _heard(item, hints) and not item.nested and item.match not in LOOSE:
            return item
    return None


def _heard(item: Candidate, hints: Hints) -> bool:
    codes = set(item.place.country.split("|"))
    return item.supported or bool(codes & {*hints.countries, *hints.neighbours})


def _doubt(
    first: Candidate,
    candidates: Sequence[Candidate],
    home: frozenset[str],
    hints: Hints | None,
    kinds: frozenset[str],
) -> str:
    """Why a place found by a near spelling is not to be taken for the one that is meant."""
    place = first.place
    exact = [item for item in candidates[1:] if item.match in ("exact", "folded")]
    if exact and not exact[0].nested:
        return f"{exact[0].place.name} ({_where(exact[0].place)}) is called just so"
    if hints is not None and hints.inside:
        return ""  # it lies where the name was said to lie
    if place.kind not in (kinds or {"settlement"}):
        return f"is a {place.kind}"
    told = set(hints.countries) | set(hints.neighbours) if hints is not None else set()
    around = told or home
    if not around & set(place.country.split("|")):
        return "nothing says that it is in that country"
    if first.likeness == "other sound":
        return "does not sound the same"
    return ""


def by_chance(place: PlaceRef, home: frozenset[str], weights: Weights = DEFAULT) -> bool:
    """Whether a place is a small one far away, which a bare name means only by chance."""
    if place.source == "pack" or place.kind not in ("settlement", "district"):
        return False
    return not home & set(place.country.split("|")) and not place.population >= weights.well_known


def _where(place: PlaceRef) -> str:
    parts = [place.kind, place.admin1, place.country, f"{place.lat:.2f} N {place.lon:.2f} E"]
    return ", ".join(part for part in parts if part)
