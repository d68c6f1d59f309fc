"""Stills and charts for print, from the same layer specs as the page."""

from atlas.figures.draw import figure, save

__all__ = ["figure", "save"]
