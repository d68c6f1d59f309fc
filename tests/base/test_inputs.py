"""Files that are read whole: no more of them than is allowed, and no more memory than they have."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest

from atlas.base.errors import InputError
from atlas.base.inputs import bytes_of, up_to
from atlas.events.files import whole


def test_a_small_file_asks_for_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "few"
    path.write_bytes(b"few")
    tracemalloc.start()
    try:
        with path.open("rb") as handle:
            assert (bytes_of(path), whole(handle, "few")) == (b"few", b"few")
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_a_file_may_be_as_large_as_is_said_and_no_larger(tmp_path: Path) -> None:
    path = tmp_path / "five"
    path.write_bytes(b"12345")
    assert bytes_of(path, most=5) == b"12345"
    with pytest.raises(InputError, match="larger than"):
        bytes_of(path, most=4)


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_a_stream_is_read_in_blocks_to_the_last_byte(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert up_to(io.BytesIO(data), size) == data == up_to(io.BytesIO(data), size + 1)
    assert up_to(io.BytesIO(data + b"more"), size) == data
