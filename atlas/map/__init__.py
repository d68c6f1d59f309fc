"""The interactive map: a folium map driven by one clock, in one file that asks for nothing."""

from atlas.map.build import AtlasMap, build_map

__all__ = ["AtlasMap", "build_map"]
