"""Points that are made when somebody asks for them.

A geometry object takes about a microsecond to make and 150 bytes to keep, which for millions of
events is more than all that is worked out about them; and most answers are written to a file or
counted, and never drawn. Longitude and latitude are 16 bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from geopandas.array import GeometryArray

__all__ = ["PointArray"]

Float = npt.NDArray[np.float64]


class _Source:
    """Where points lie, and the points once they were made; shared by all views of an array."""

    def __init__(self, lon: Float, lat: Float) -> None:
        self.lon, self.lat = lon, lat
        self.made: npt.NDArray[np.object_] | None = None

    def points(self) -> npt.NDArray[np.object_]:
        if self.made is None:
            # Datasets repeat a town's point: make each point once and share it.
            place, places = pd.factorize(self.lon + 1j * self.lat)
            known = np.full(len(places) + 1, None, dtype=object)
            known[:-1] = shapely.points(places.real, places.imag)
            self.made = known[place]
        return self.made


class PointArray(GeometryArray):  # type: ignore[misc]  # geopandas has no types
    """Points by their coordinates: an array of geometry whose objects are made on demand.

    It stands in a GeoDataFrame as any array of geometry does and gives the same answers. Taking
    rows, joining arrays, and asking for gaps makes no object.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        Degrees; where either is NaN there is no point.
    crs : anything pyproj takes, optional

    Examples
    --------
    >>> points = PointArray([46.75, np.nan], [39.82, np.nan], crs="EPSG:4326")
    >>> points[0].wkt, points[1], points.isna().tolist()
    ('POINT (46.75 39.82)', None, [False, True])
    """

    def __init__(self, lon: npt.ArrayLike, lat: npt.ArrayLike, crs: Any = None) -> None:
        # Of its own: whoever writes to a column of coordinates moves no point.
        x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError("lon and lat must be equally long")
        self._source, self._sindex = _Source(x, y), None
        self.crs = crs

    @classmethod
    def _of(cls, source: _Source, crs: Any) -> PointArray:
        out = cls.__new__(cls)
        out._source, out._sindex = source, None
        out.crs = crs
        return out

    @property
    def _data(self) -> npt.NDArray[np.object_]:
        """The points as objects, which is what geopandas works on."""
        return self._source.points()

    @_data.setter
    def _data(self, points: npt.NDArray[np.object_]) -> None:
        self._source = _Source(np.empty(0), np.empty(0))
        self._source.made = points

    @property
    def coordinates(self) -> tuple[Float, Float] | None:
        """Longitude and latitude; None once there are objects, which may have been changed."""
        source = self._source
        return (source.lon, source.lat) if source.made is None else None

    @property
    def size(self) -> int:
        """Number of points."""
        source = self._source
        return len(source.lon if source.made is None else source.made)

    @property
    def nbytes(self) -> int:
        """Bytes of the coordinates, or of what refers to the objects."""
        known = self.coordinates
        return int(super().nbytes) if known is None else known[0].nbytes + known[1].nbytes

    def __getitem__(self, index: Any) -> Any:
        known = self.coordinates
        if known is None:
            return super().__getitem__(index)
        lon, lat = known
        if isinstance(index, slice) and index == slice(None):
            view = self._of(self._source, self.crs)
            view._sindex = self._sindex
            return view
        index = pd.api.indexers.check_array_indexer(self, index)
        x, y = lon[index], lat[index]
        if np.ndim(x) == 0:
            return None if x != x or y != y else shapely.Point(x, y)
        return self._of(_Source(x, y), self.crs)

    def __iter__(self) -> Any:
        return iter(self._data)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """The same points, apart from these."""
        known = self.coordinates
        if known is None:
            return super().copy(*args, **kwargs)
        return self._of(_Source(*known), self.crs)

    def take(self, indices: Any, allow_fill: bool = False, fill_value: Any = None) -> Any:
        """Points by position; see `pandas.api.extensions.ExtensionArray.take`."""
        known = self.coordinates
        if known is None or (allow_fill and not (fill_value is None or pd.isna(fill_value))):
            return super().take(indices, allow_fill=allow_fill, fill_value=fill_value)
        x, y = (
            pd.api.extensions.take(
                values, np.asarray(indices), allow_fill=allow_fill, fill_value=np.nan
            )
            for values in known
        )
        return self._of(_Source(x, y), self.crs)

    @classmethod
    def _concat_same_type(cls, to_concat: Any) -> Any:
        parts = [one.coordinates if isinstance(one, cls) else None for one in to_concat]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or any(one.crs != to_concat[0].crs for one in to_concat):
            return super()._concat_same_type(to_concat)
        x, y = (np.concatenate(axis) for axis in zip(*known, strict=True))
        return cls._of(_Source(x, y), to_concat[0].crs)

    def isna(self) -> npt.NDArray[np.bool_]:
        """Where there is no point."""
        known = self.coordinates
        if known is None:
            return np.asarray(super().isna(), dtype=bool)
        return np.isnan(known[0]) | np.isnan(known[1])

    def __getstate__(self) -> Any:
        if self.coordinates is None:
            return super().__getstate__()
        return {"_source": self._source, "_crs": self._crs, "_sindex": None}
