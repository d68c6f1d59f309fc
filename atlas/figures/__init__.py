"""Stills, charts and films for print and screen, from the same layer specs as the page."""

from atlas.figures.draw import figure, film, save

__all__ = ["figure", "film", "save"]
