"""What the gazetteer gives back: places, names, ranked candidates and the answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from atlas.base.html import card, pairs, rows

__all__ = ["Candidate", "NameRecord", "PlaceRef", "Resolution", "Status"]

Status = Literal["resolved", "likely", "ambiguous", "unresolved"]


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """One place.

    Attributes
    ----------
    id : str
        Place id of the pack, or ``geonames:`` and a number.
    name : str
        The name it is listed under.
    kind : str
        Kind of feature, in the words of ``places.csv``.
    lon, lat : float
        Degrees, WGS 84.
    precision_m : float
        How far the point may be from the place, metres; NaN if not stated.
    country : str
        ISO 3166-1 alpha-2 of the state it belongs to de jure; several parted by ``|``.
    admin1 : str
        Id of the district or province it lies in; may be empty.
    population : float
        People; NaN if not stated.
    source : {'pack', 'geonames', 'nominatim', 'given'}
        Where the place comes from.
    placed : bool
        Whether its own position is known; else the point is that of the area it lies in, and
        `precision_m` the radius of that.
    """

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    precision_m: float
    country: str
    admin1: str
    population: float
    source: str
    placed: bool = True


@dataclass(frozen=True, slots=True)
class NameRecord:
    """One name of one place.

    Attributes
    ----------
    name, lang, script : str
        As written; BCP 47; ISO 15924.
    status : str
        official, common, historical, variant or exonym.
    used_by : tuple of str
        Parties that use it; empty if no side's.
    start, end : int
        Days on which it was used, half-open.
    """

    name: str
    lang: str = ""
    script: str = ""
    status: str = "common"
    used_by: tuple[str, ...] = ()
    start: int = -(2**31)
    end: int = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place a name may mean.

    Attributes
    ----------
    place : PlaceRef
        The place.
    name : NameRecord
        The name of it that matched.
    match : str
        How the name was found: exact, folded, inflected, repaired, reading, fuzzy, sound, judged or
        online.
    period : {'', 'in use', 'before its time', 'after its time'}
        The name's use against the date asked for.
    score : float
        Share of this candidate in all that was found, times the quality of the match: 0 to 1.
    weight : float
        Sum of the evidence, on a natural-log scale; only differences mean anything.
    reasons : tuple of str
        The evidence in words.
    nested : bool
        Whether it is only the surroundings, or the centre, of the first candidate.
    supported : bool
        Whether something around the name speaks for it.
    elsewhere : bool
        Whether it lies outside the area that the name was said to lie in.
    likeness : {'', 'same sound', 'other sound'}
        How a near spelling differs.
    support : float
        How much of the weight the other names of the same text lend.
    """

    place: PlaceRef
    name: NameRecord
    match: str
    period: str
    score: float
    weight: float
    reasons: tuple[str, ...] = ()
    nested: bool = False
    supported: bool = False
    elsewhere: bool = False
    likeness: str = ""
    support: float = 0.0

    @property
    def why(self) -> str:
        """The evidence as one line.

        Examples
        --------
        >>> a.geocode("Shusha").candidates[0].why != ""
        True
        """
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name means, or why that can't be said.

    Attributes
    ----------
    query : str
        The name as asked.
    status : {'resolved', 'likely', 'ambiguous', 'unresolved'}
        Whether one place stands out, or does so though the name is not written as any on record,
        several stay, or none was found.
    place : PlaceRef or None
        The place, when resolved or likely.
    candidates : tuple of Candidate
        Best first.
    why : str
        The reason, in words.
    score : float
        Of the best candidate; 0 where there is none.
    """

    query: str
    status: Status
    place: PlaceRef | None
    candidates: tuple[Candidate, ...] = ()
    why: str = ""
    score: float = 0.0
    judged: bool = field(default=False)

    def _repr_html_(self) -> str:
        """Answer in a notebook: the place or why there is none, then the candidates."""
        import pandas as pd

        place = self.place
        where = f": {place.name} ({place.id})" if place else ""
        listed = pd.DataFrame(
            [
                (item.place.name, item.place.id, item.place.kind, round(item.score, 2), item.why)
                for item in self.candidates
            ],
            columns=["name", "id", "kind", "score", "why"],
        )
        return card(
            f"{self.query}: {self.status}{where}",
            pairs({"why": self.why}),
            rows(listed, {name: name for name in listed.columns}, shown=5),
        )

    def to_dict(self, *, top: int = 5) -> dict[str, Any]:
        """Plain values, ready for JSON.

        Parameters
        ----------
        top : int
            How many candidates to keep.

        Returns
        -------
        dict
            `query`, `status`, the place and its candidates.

        Examples
        --------
        >>> a.geocode("Shusha").to_dict(top=1)["query"]
        'Shusha'
        """
        return {
            "query": self.query,
            "status": self.status,
            "score": round(self.score, 3),
            "why": self.why,
            "place": _clean(asdict(self.place)) if self.place else None,
            "candidates": [
                {
                    **_clean(asdict(item.place)),
                    "matched": item.name.name,
                    "lang": item.name.lang,
                    "script": item.name.script,
                    "match": item.match,
                    "period": item.period,
                    "score": round(item.score, 3),
                    "why": item.why,
                }
                for item in self.candidates[:top]
            ],
        }


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    return {key: None if value != value else value for key, value in values.items()}
