"""The static site: map, chronicle, events, accounts, places, sources, method, downloads."""

from atlas.site.build import build_site, build_sites

__all__ = ["build_site", "build_sites"]
