from __future__ import annotations

import pytest

from atlas.record.pack import Pack, read_pack
from tests.map.demo import write_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(write_demo(tmp_path_factory.mktemp("demo") / "pack"))
