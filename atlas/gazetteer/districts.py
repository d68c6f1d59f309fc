"""Which places lie in a district, or hardly outside it, by the pack's areas.

A table may speak of a district as it was in another decade, and near a line between two districts
sources often differ. So a district is what its areas were under any division the pack knows, and
a place a little outside it still counts a little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from atlas.gazetteer.model import PlaceRef

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["REACH_KM", "Districts"]

REACH_KM = 10.0
_KINDS = ("district", "region", "province")
_DIVISIONS = ("district_place_id", "former_unit_place_id")
_KM_PER_DEGREE = 111.2


class Districts:
    """Places by district, worked out when a district is first asked for.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        The pack's areas: ``id``, and who they belonged to in ``district_place_id`` and
        ``former_unit_place_id``; degrees, WGS 84.
    extents : mapping of str to str
        Place id -> ids of the areas it covers, parted by ``|``.
    places : sequence of PlaceRef
        All places of the pack.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> areas = gpd.GeoDataFrame({"id": ["east"], "district_place_id": ["d"]},
    ...                          geometry=[box(46, 39, 47, 40)], crs="EPSG:4326")
    >>> village = PlaceRef("v", "V", "settlement", 46.5, 39.5, 500, "AZ", "", 100, "pack")
    >>> district = PlaceRef("d", "D", "district", 46.4, 39.4, 500, "AZ", "", 100, "pack")
    >>> Districts(areas, {}, [village, district]).within("d")["v"]
    0.0
    """

    def __init__(
        self, areas: gpd.GeoDataFrame, extents: Mapping[str, str], places: Sequence[PlaceRef]
    ) -> None:
        self._areas = areas
        self._extents = extents
        self._places = places
        self._kinds = {place.id: place.kind for place in places if place.kind in _KINDS}
        self._known: dict[str, dict[str, float]] = {}

    @classmethod
    def from_tables(
        cls, areas: gpd.GeoDataFrame, places: pd.DataFrame, known: Sequence[PlaceRef]
    ) -> Districts:
        """Build from the tables of a pack.

        Parameters
        ----------
        areas : geopandas.GeoDataFrame
            As for the class.
        places : pandas.DataFrame
            The pack's places: ``id`` and, where there is one, ``extent_area_ids``.
        known : sequence of PlaceRef
            The same places, as the gazetteer has them.
        """
        extents = {}
        if "extent_area_ids" in places.columns:
            text = places["extent_area_ids"].fillna("").astype(str)
            extents = {one: ids for one, ids in zip(places["id"], text, strict=True) if ids}
        return cls(areas, extents, known)

    def is_wide(self, identity: str) -> bool:
        """Whether an area is a region, wider than a district."""
        return self._kinds.get(identity) == "region"

    def within(self, identity: str) -> Mapping[str, float]:
        """Find the places in a district or hardly outside it.

        Parameters
        ----------
        identity : str
            Id of a district, province or region.

        Returns
        -------
        mapping of str to float
            Place id -> km outside it (0 inside), up to `REACH_KM`; empty where the areas know no
            bounds of it.
        """
        if identity not in self._kinds:
            return {}
        if identity not in self._known:
            self._known[identity] = self._measure(identity)
        return self._known[identity]

    def _measure(self, identity: str) -> dict[str, float]:
        import numpy as np
        import shapely

        covered = self._areas["id"].isin(self._extents.get(identity, "").split("|"))
        for column in _DIVISIONS:
            if column in self._areas.columns:
                covered |= self._areas[column] == identity
        if not covered.any():
            return {}
        shape = shapely.union_all(self._areas.geometry[covered].to_numpy())
        points = np.array([(place.lon, place.lat) for place in self._places])
        # Flat about the middle of the district: good to a percent this close to it.
        scale = np.array([np.cos(np.radians(shape.centroid.y)), 1.0]) * _KM_PER_DEGREE
        flat = shapely.transform(shape, lambda at: at * scale)
        distances = np.atleast_1d(shapely.distance(flat, shapely.points(points * scale)))
        return {
            place.id: round(float(km), 3)
            for place, km in zip(self._places, distances, strict=True)
            if km <= REACH_KM
        }
