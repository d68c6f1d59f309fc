"""Figures from each day of change on, which draw themselves as the steps they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from pandas.plotting import PlotAccessor

__all__ = ["Series"]


class _Steps(PlotAccessor):  # type: ignore[misc]
    """Plots as pandas draws them, save that a line holds its height up to the next change."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        kind = kwargs.get("kind", args[2] if len(args) > 2 else "line")  # after x and y
        if kind == "line":
            kwargs.setdefault("drawstyle", "steps-post")
        return super().__call__(*args, **kwargs)


class Series(pd.DataFrame):  # type: ignore[misc]
    """A table of figures over time: what stands in a row holds from its day up to the next row's.

    Examples
    --------
    >>> table = Series({"A": [1.0, 2.0]}, index=pd.to_datetime(["2020-01-01", "2020-03-01"]))
    >>> table.on("2020-02-15")["A"]
    np.float64(1.0)
    """

    plot = property(lambda self: _Steps(self))

    @property
    def _constructor(self) -> Callable[..., Series]:
        return Series

    def on(self, date: Any) -> pd.Series:
        """Give the figures of a day.

        Parameters
        ----------
        date : str, date or other kind of day
            Of a longer date, its first day.

        Returns
        -------
        Series
            By column; NaN before the first row.

        Raises
        ------
        InputError
            If it is no day.

        Examples
        --------
        >>> import atlas
        >>> atlas.open().series().on("2021-01-01").idxmax()
        'AZ'
        """
        from atlas.base.dates import day_of
        from atlas.base.timespan import format_day

        day = pd.Timestamp(format_day(day_of(date)))
        rows = self.loc[:day]
        if rows.empty:
            return pd.Series(float("nan"), index=self.columns, name=day)
        return pd.Series(rows.iloc[-1], name=day)
