"""The static site: map, chronicle, events, accounts, places, sources, method, downloads."""

from atlas.site.build import build_site

__all__ = ["build_site"]
