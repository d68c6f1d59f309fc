"""Names on a printed map: as each place was called on the day, the heaviest first, none touching.

The choice of name is the page's: where the sides call a place differently, both names stand.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Boxes"]


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
