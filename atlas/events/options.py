"""How events are to be read: one bundle of options for every entry and every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlas.base.dates import DateLike, DateOrder, check_order_name, read_date
from atlas.base.errors import InputError, country_of
from atlas.base.timespan import OPEN_END, OPEN_START

__all__ = ["ReadOptions"]


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """What a user may say about events; nothing needs to be said.

    Attributes
    ----------
    columns : mapping of str to str, optional
        Use to column, e.g. ``{"date": "When", "lon": "X"}``; an empty column says that there is
        none. Uses are those of `atlas.events.headers.USES`.
    sheet : str or int, optional
        Sheet of a workbook or layer of a file of layers: its name, or its number, 1 is the first.
    header_row : int, optional
        Row that holds the names of the columns, 1 is the first.
    encoding : str, optional
        Of a text file, e.g. ``"cp1251"``.
    date_order : {'dmy', 'mdy', 'ymd'}, optional
        Order of day, month and year in dates of figures only.
    country : str, optional
        Two-letter code of the country in which names are looked for; for `atlas.Atlas.locate`.
    inside : str, optional
        Place, by id or name, in which names are looked for; for `atlas.Atlas.locate`.
    start, end : date, optional
        Keep events that touch ``[start, end)``.
    bbox : sequence of 4 floats, optional
        West, south, east, north in degrees; keep events inside.
    limit : int, optional
        Rows to read at most.
    judgements : path, optional
        A person's decisions about names; for `atlas.Atlas.locate`.

    Raises
    ------
    InputError
        If one of them is impossible; before any file is opened.

    Examples
    --------
    >>> ReadOptions(start="Oct 2020", limit=10).first_day
    18536
    """

    columns: Mapping[str, str] | None = None
    sheet: str | int | None = None
    header_row: int | None = None
    encoding: str | None = None
    date_order: DateOrder | None = None
    country: str | None = None
    inside: str | None = None
    start: DateLike | None = None
    end: DateLike | None = None
    bbox: Sequence[float] | None = None
    limit: int | None = None
    judgements: Any = None

    def __post_init__(self) -> None:
        check_order_name(self.date_order)
        if self.columns is not None and not isinstance(self.columns, Mapping):
            raise InputError("columns must map uses to columns, e.g. {'date': 'When'}")
        for name in ("limit", "header_row"):
            value = getattr(self, name)
            least = 0 if name == "limit" else 1
            if value is not None and (isinstance(value, bool) or int(value) < least):
                raise InputError(f"{name} must be {least} or more, not {value}")
        if self.encoding is not None:
            from atlas.events.encoding import check_encoding

            check_encoding(self.encoding)
        if self.country:
            country_of(self.country)
        first, last = self.first_day, self.last_day  # each refuses what is no date
        if self.start is not None and self.end is not None and first >= last:
            raise InputError(f"no day lies from {self.start} up to {self.end}; swap the two dates")
        if self.bbox is not None:
            self._check_box(self.bbox)

    @staticmethod
    def _check_box(box: Sequence[float]) -> None:
        try:
            west, south, east, north = (float(edge) for edge in box)
        except (TypeError, ValueError):
            raise InputError("bbox must be west, south, east, north in degrees") from None
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise InputError(
                "bbox must be west, south, east, north in degrees, west and south first; "
                f"not {', '.join(f'{edge:g}' for edge in (west, south, east, north))}"
            )

    @property
    def first_day(self) -> int:
        """Day number of `start`; ``OPEN_START`` if there is none.

        Examples
        --------
        >>> ReadOptions(start="1970-01-02").first_day
        1
        """
        if self.start is None:
            return OPEN_START
        return read_date(self.start, date_order=self.date_order).earliest

    @property
    def last_day(self) -> int:
        """Day number of `end`, which is itself left out; ``OPEN_END`` if there is none.

        Examples
        --------
        >>> ReadOptions(end="1970-01-02").last_day
        1
        """
        if self.end is None:
            return OPEN_END
        return read_date(self.end, date_order=self.date_order).earliest
