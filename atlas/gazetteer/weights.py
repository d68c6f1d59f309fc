"""All weights of the ranking in one place, on a natural-log scale.

A candidate's weight is a sum of these; its share follows from the weights, and the first candidate
stands only if its share leaves the others behind. The figures are judgement, set by hand on names
of one region and never fitted to a corpus; a difference of one is a factor of e in likelihood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["DEFAULT", "Weights"]


def _table(**values: float) -> Any:
    return field(default_factory=lambda: dict(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each piece of evidence about a name is worth.

    Attributes
    ----------
    people : float
        For ten times the people.
    pack, home : float
        A place of the pack; a place of the world in one of the pack's countries.
    listed, listed_told : float
        The name is the one that the place is listed under, and in force; the same where words
        around the name say where it is.
    in_use, out_of_use, language : float
        The name's years fit the date or do not; it is in the language of the text.
    status, kind, people_of : mapping of str to float
        By status of the name; by kind of place; log10 of the people that a place of unknown
        population counts as, by kind.
    alternative, demonym, short : float
        By sort of the world's name.
    deserted : float
        Log10 of the people that a village where nobody lives counts as.
    village : float
        The most people that may live in a settlement of the pack without a source that says so.
    feature : float
        A river or a mountain: a bare name means the village first.
    seat, wanted_kind : float
        The district around a town bears its name; the kind asked for.
    same_country, same_division, same_region, neighbour : float
        The place lies where words around the name put it.
    near, near_km : float
        A place named nearby, fading over so many kilometres.
    inside : float
        It lies in what the name was said to lie in.
    beyond, border_km, just_outside : float
        What such a word is worth at once beyond the border, how fast it fades there (km), and the
        share below which a place counts as elsewhere.
    together_country, together_division, together_near, together_near_km : float
        Borne out by the other names of one text.
    written_inside, in_each_other, called_after, called_after_km : float
        What is written behind a name; a town and its district both named; one named after another.
    column, column_home, column_kind : float
        Borne out by the country of the other names of one column; the same for the pack's own
        countries; borne out by the kind of the others.
    fuzzy, fuzzy_letter, far_fuzzy, far_letter : float
        Cost of a near spelling, and of each letter, among the pack's names and the world's.
    sound, sound_unlike, repaired, inflected, inflected_letter, unclean : float
        Cost of the other ways to match.
    resolved_share : float
        Share of the first candidate from which it stands.
    sure_share : float
        The same in a text, where nothing else speaks for it.
    borne_out, borne_out_rival : float
        What the other names of a text lend to a place that they bear out; how much less than the
        first a namesake may weigh that they bear out instead.
    spoken_for : float
        How much less a namesake may weigh that alone has something around the name speak for it.
    nested_km, same_spot_km, same_place_km : float
        How far apart two places of one name may be and count as one.
    seat_km : float
        How far from a district's point a town that gives it its name may lie.
    well_known : float
        People from which a town far away is taken without a word of context.
    quality : mapping of str to float
        How much of the share is left, by the way the name matched.
    """

    people: float = 1.6
    pack: float = 4.5  # against a namesake some six hundred times as populous
    home: float = 1.5
    listed: float = 2.45
    listed_told: float = 1.3
    in_use: float = 0.2
    out_of_use: float = -0.6
    language: float = 0.5
    status: Mapping[str, float] = _table(
        official=0.1, common=0.1, historical=-0.7, variant=-0.7, exonym=0.0
    )
    alternative: float = -1.2
    demonym: float = -0.3
    short: float = 0.5
    kind: Mapping[str, float] = _table(
        country=2.0, republic=1.0, region=0.5, province=0.0, district=-1.0, continent=2.0,
        settlement=0.3,
    )  # fmt: skip
    people_of: Mapping[str, float] = _table(
        continent=6.0, country=6.5, region=5.0, province=4.5, district=4.3, settlement=3.0
    )
    deserted: float = 2.0
    village: float = 5_000
    feature: float = -1.0
    seat: float = 1.2
    wanted_kind: float = 2.5
    same_country: float = 2.0
    same_division: float = 3.5
    same_region: float = 1.5  # a region takes in many districts
    neighbour: float = 1.0
    near: float = 2.4
    near_km: float = 60.0
    inside: float = 9.0  # "Aghdam in Khojavend": hardly ever said of an Aghdam elsewhere
    beyond: float = 0.8
    border_km: float = 3.0  # a district's line is good to about 1 km
    just_outside: float = 0.05
    together_country: float = 2.0
    together_division: float = 2.5
    together_near: float = 2.0
    together_near_km: float = 80.0
    written_inside: float = 7.0
    in_each_other: float = 3.0
    called_after: float = 1.5
    called_after_km: float = 40.0
    column: float = 9.0
    column_home: float = 4.0  # a pack of two countries is about both
    column_kind: float = 4.0
    fuzzy: float = 1.0
    fuzzy_letter: float = 1.2
    far_fuzzy: float = 2.0
    far_letter: float = 1.5
    sound: float = 2.0
    sound_unlike: float = 4.0
    repaired: float = 1.0
    inflected: float = 0.5
    inflected_letter: float = 0.3
    unclean: float = 1.5  # a name that is more than the text without one case ending
    resolved_share: float = 0.76
    sure_share: float = 0.9
    borne_out: float = 1.0
    borne_out_rival: float = 6.0
    spoken_for: float = 4.0
    nested_km: float = 60.0
    same_spot_km: float = 2.5
    same_place_km: float = 12.0
    seat_km: float = 45.0
    well_known: float = 100_000
    quality: Mapping[str, float] = _table(
        exact=1.0,
        folded=0.98,
        inflected=0.92,
        repaired=0.85,
        reading=0.85,
        fuzzy=0.8,
        sound=0.65,
        online=0.9,
    )


DEFAULT = Weights()
