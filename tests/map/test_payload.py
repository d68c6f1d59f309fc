"""What the page decodes is what the specs said."""

from __future__ import annotations

import base64
import gzip
import json
import math

import numpy as np
import pytest

from atlas.layers import layer_set
from atlas.map.payload import encode_columns, encode_events, encode_json, encode_layers
from atlas.record.pack import Pack


def unpack(text: str) -> object:
    return json.loads(gzip.decompress(base64.b64decode(text)))


def columns(text: str) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    """Decode as the page does."""
    data = gzip.decompress(base64.b64decode(text))
    size = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + size])
    found, offset = {}, 4 + size
    for name, width, delta, rows in header["columns"]:
        if width == 0:
            found[name] = np.full(rows, delta)
            continue
        planes = np.frombuffer(data, np.uint8, width * rows, offset).reshape(width, rows)
        code = sum(planes[k].astype(np.int64) << (8 * k) for k in range(width))
        values = (code >> 1) ^ -(code & 1)
        found[name] = np.cumsum(values) if delta else values
        offset += width * rows
    assert offset == len(data)
    return header, found


@pytest.mark.parametrize(
    "values",
    [
        [0, 1, 2, 3],
        [-5, 300, -70_000, 2**30],
        list(range(10_000, 10_300)),
        [7],
        [],
        [2**31 - 1, -(2**30)],
    ],
)
def test_columns_survive(values: list[int]) -> None:
    _, found = columns(encode_columns({"x": np.array(values, dtype=np.int64)}, {"rows": 1}))
    assert found["x"].tolist() == values


def test_sorted_days_take_a_byte_each() -> None:
    header, _ = columns(encode_columns({"day": np.arange(8000, 9000)}, {}))
    assert header["columns"][0][1] in (1, 2)


def test_same_value_same_text() -> None:
    assert encode_json({"b": 1, "a": [2]}) == encode_json({"a": [2], "b": 1})


def test_nan_never_reaches_the_page(demo: Pack) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode_json({"x": math.nan})
    data = unpack(encode_layers(layer_set(demo), {"day": 0}))
    assert data["episodes"]["from"] == [None, 10, None, None, None]


def test_events_keep_unknown_apart_from_none(demo: Pack) -> None:
    core, text = encode_events(layer_set(demo).events)
    header, found = columns(core)
    assert header["longest"] == found["days"].max() > 1  # the page relies on it
    assert sorted(found["deaths"].tolist()) == [0, 0, 0, 0, 13]
    kinds = found["type"]
    assert header["tells"] == {  # the legend relies on it
        "deaths": True,
        "vague": bool((found["uncertainty"] > 1).any()),
        "types": sorted(set(kinds.tolist())),
        "uncounted": sorted(set(kinds[found["deaths"] == 0].tolist())),
    }
    header, rest = columns(text)
    words = header["words"]["title"]
    assert words[0] == "" and len(words) == 6 and rest["title"].max() == 5


def test_shapes_come_back_to_the_metre(demo: Pack) -> None:
    data = unpack(encode_layers(layer_set(demo), {}))
    kind, parts = data["routes"]["shape"][0]
    line = np.cumsum(np.array(parts[0]).reshape(-1, 2), axis=0) / 1e5
    assert kind == "L" and line.tolist() == [[10.25, 50.25], [10.75, 50.25], [10.75, 50.75]]
