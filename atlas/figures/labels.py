"""Names on a printed map: as each place was called on the day, the heaviest first, none touching.

The choice of name is the page's: where the sides call a place differently, both names stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from atlas.base.timespan import OPEN_END, OPEN_START
from atlas.layers import Name, PlaceLabel

__all__ = ["Boxes", "names_of"]

_WEIGHT = {"official": 4.0, "historical": 3.5, "common": 3.0, "variant": 1.0, "exonym": 0.0}


def _in_use(name: Name, day: int) -> bool:
    # A historical name counts while its own dates say it was in use, and only then.
    dated = name.start > OPEN_START and name.end < OPEN_END
    return name.start <= day < name.end and (name.status != "historical" or dated)


def names_of(
    place: PlaceLabel, day: int, lang: str, side_of: Mapping[str, int], script: str = ""
) -> list[str]:
    """Give the names to print for a place.

    Parameters
    ----------
    place : PlaceLabel
        With its names.
    day : int
        Day number.
    lang : str
        Language of the map.
    side_of : mapping of str to int
        The disputing side of each party.
    script : str
        ISO 15924 code: where no name is in the language, one in this script serves.

    Returns
    -------
    list of str
        One, or each side's own, in the pack's order of the sides.
    """
    valid = [name for name in place.names if _in_use(name, day)]
    pool = [name for name in valid if name.lang == lang]
    if not pool and script:
        pool = [name for name in valid if name.script == script]
    if not pool and lang != "en":
        pool = [name for name in valid if name.lang == "en"]
    pool = pool or valid or [name for name in place.names if name.lang == lang] or [*place.names]
    if not pool:
        return [place.id.replace("_", " ")]

    def score(name: Name) -> float:
        sided = any(user in side_of for user in name.used_by)
        dated = 0.2 if name.start > OPEN_START else 0.0
        return _WEIGHT.get(name.status, 0.0) + dated + (0.0 if sided else 0.5)

    ranked = sorted(pool, key=score, reverse=True)
    by_side: dict[int, str] = {}
    common = ""
    for name in ranked:
        if name.status in ("variant", "exonym"):
            continue
        own = [side_of[user] for user in name.used_by if user in side_of]
        if not own and not by_side:
            return [name.text]
        if not own:
            common = common or name.text
        for side in own:
            by_side.setdefault(side, name.text)
    # One side's official name does not push out the name in general use.
    if len(by_side) == 1 and common:
        by_side[-1] = common
    if not by_side:
        return [ranked[0].text]
    return list(dict.fromkeys(text for _, text in sorted(by_side.items())))[:2]


class Boxes:
    """Rectangles already taken, in inches."""

    def __init__(self, width: float, height: float) -> None:
        self._taken: list[tuple[float, float, float, float]] = []
        self._frame = (width, height)

    def free(self, box: tuple[float, float, float, float]) -> bool:
        """Tell whether a box (left, bottom, right, top) lies inside and touches no other."""
        left, bottom, right, top = box
        if left < 0.03 or bottom < 0.03 or right > self._frame[0] - 0.03:
            return False
        if top > self._frame[1] - 0.03:
            return False
        return not any(
            left < x1 and right > x0 and bottom < y1 and top > y0 for x0, y0, x1, y1 in self._taken
        )

    def take(self, *boxes: tuple[float, float, float, float]) -> None:
        """Mark boxes as taken."""
        self._taken += boxes

    def first_free(
        self, options: Sequence[tuple[float, float, float, float]]
    ) -> tuple[float, float, float, float] | None:
        """Give the first option that is free."""
        return next((box for box in options if self.free(box)), None)
