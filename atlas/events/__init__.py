"""Events: the one door for whatever a user brings.

`read_events` takes a file, a frame or a list in any of the usual shapes and gives `Events`: the
user's columns as they were, ours beside them, the rejects, and notes of what was assumed. Rows in
always equal events plus rejects (plus those the caller filtered out). Our columns, named
``atlas_<name>`` where the user's table has a column of that name with other content:

========================= ========== ==========================================================
column                    type       meaning
========================= ========== ==========================================================
event_id                  text       the table's key
event_date                text       EDTF (ISO 8601-2): a day, first/last, a month; "" unknown
start, end                datetime   half-open span of days; NaT open or unknown
lon, lat                  float      degrees, EPSG:4326; NaN unknown
coordinate_uncertainty_m  float      radius in metres, of the precision code or of the shape
event_type                text       our vocabulary, or the table's own word
actor1, actor2            text       as in the table
best, low, high           float      deaths; NaN is not zero
place_name                text       the table's name of the place
title                     text       who and where
source_dataset            text       UCDP GED, ACLED, GDELT, GeoConfirmed, or the file
========================= ========== ==========================================================

Last comes ``atlas_made``, by which an answer of ours is known when it comes back in.
"""

from __future__ import annotations

from atlas.events.intake import read_events, take
from atlas.events.model import Events, days
from atlas.events.options import ReadOptions
from atlas.events.ours import mark, ours

__all__ = ["Events", "ReadOptions", "days", "mark", "ours", "read_events", "take"]
