"""Frames in, layer specs out: what to draw, for any renderer."""

from __future__ import annotations

from atlas.layers.control import coverage_edges
from atlas.layers.events import event_columns
from atlas.layers.ground import read_basemap
from atlas.layers.set import layer_set
from atlas.layers.specs import *  # noqa: F403
from atlas.layers.specs import __all__ as _specs

__all__ = ["coverage_edges", "event_columns", "layer_set", "read_basemap", *_specs]
