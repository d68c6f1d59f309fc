"""One pack that carries all payloads, built once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from atlas.events import read_events
from atlas.record.pack import Pack, read_pack
from atlas.site import build_site
from tests.browser.conftest import opened, windows
from tests.hostile.payloads import EVERYWHERE, write_hostile_pack
from tests.map.demo import write_demo

__all__ = ["opened", "windows"]


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(write_hostile_pack(tmp_path_factory.mktemp("payloads") / "pack"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return read_pack(write_demo(tmp_path_factory.mktemp("demo") / "pack"))


@pytest.fixture(scope="session")
def own() -> pd.DataFrame:
    """A user's events: payloads in every cell, and as the names of columns."""
    size = len(EVERYWHERE)
    frame = pd.DataFrame(
        {
            "date": [f"2001-06-{n % 28 + 1:02d}" for n in range(size)],
            "lon": [10.1 + n % 20 / 25 for n in range(size)],
            "lat": [50.1 + n // 20 / 25 for n in range(size)],
            **{
                name: pd.Series([EVERYWHERE[(n + step) % size] for n in range(size)], dtype=object)
                for step, name in enumerate(("title", "actor1", "actor2", "event_type", "note"))
            },
        }
    )
    return frame.assign(**{name: EVERYWHERE[n] for n, name in enumerate(EVERYWHERE[:60])})


@pytest.fixture(scope="session")
def hostile_site(
    hostile: Pack, own: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    sets = {EVERYWHERE[n]: own.iloc[n::12] for n in range(12)}
    read = {name: read_events(rows) for name, rows in sets.items()}
    return build_site(hostile, tmp_path_factory.mktemp("payloads") / "site", events=read)
