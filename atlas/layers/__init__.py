"""Frames in, layer specs out: what to draw, for any renderer."""

from __future__ import annotations

from atlas.layers.accounts import as_told_by
from atlas.layers.control import coverage_edges
from atlas.layers.events import event_columns
from atlas.layers.own import OWN, named_sets
from atlas.layers.set import layer_set
from atlas.layers.specs import *  # noqa: F403
from atlas.layers.specs import __all__ as _specs
from atlas.layers.world import events_box, with_ground

__all__ = [
    "OWN",
    "as_told_by",
    "coverage_edges",
    "event_columns",
    "events_box",
    "layer_set",
    "named_sets",
    "with_ground",
    *_specs,
]
