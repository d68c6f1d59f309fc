"""Who could pass, worked out once and kept: the same answer, and never that of another record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from atlas.answers import access as of
from atlas.answers.access import Access, access
from atlas.record import compiled
from atlas.record.pack import Pack, read_pack
from tests.answers.test_passage import EPISODES, PLACES, ROUTES
from tests.packs import spell, write_pack

SPANS = [(0, 30_000), (-9_000, 60_000), (18_000, 18_500), (18_530, 18_531), (9_000, 9_000)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    control = [spell("c1", "a00", "A", "", "2011-03-01"), spell("c2", "a10", "B"),
               spell("c3", "a00", "B", "2011-03-01", "")]  # fmt: skip
    folder = write_pack(
        tmp_path_factory.mktemp("p"), control, tables={"places": PLACES, "episodes": EPISODES},
        shapes={"routes": ROUTES}, background=("a10",),
    )  # fmt: skip
    return read_pack(folder)


@pytest.fixture
def worked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the answer was worked out, with a cache of its own for records of any size."""
    done: list[int] = []
    make = of._worked_out

    def counted(*args: Any) -> Access:
        done.append(1)
        return make(*args)

    monkeypatch.setenv("ATLAS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "_LARGE", 1)
    monkeypatch.setattr(of, "_worked_out", counted)
    return done


def _told(found: Access) -> tuple[Any, ...]:
    pieces = [
        (replace(one.piece, episode={}), str(one.piece.episode.get("id", "")), one.users, one.start,
         one.end) for one in found.stretches
    ]  # fmt: skip
    return (
        found.first, found.last, found.users, pieces, found.places, found.days,
        found.status.tolist(),
    )  # fmt: skip


@pytest.mark.parametrize("span", SPANS)
def test_what_was_kept_is_what_was_worked_out(
    network: Pack, worked: list[int], span: tuple[int, int]
) -> None:
    users = ("civilian", "military")
    first = max(span[0], network.meta.period.start)
    wanted = _told(of._worked_out(network, first, span[1], users))
    worked.clear()
    assert _told(access(network, *span, users=users)) == wanted
    assert _told(access(network, *span, users=users)) == wanted
    assert len(worked) == 1


def test_a_span_that_reaches_further_than_any_change_is_worked_out_once(
    network: Pack, worked: list[int]
) -> None:
    for last in (40_000, 50_000, 60_000):
        assert access(network, 0, last).last == last
    assert len(worked) == 1


@pytest.mark.parametrize("table", ["episodes", "control", "routes", "places"])
def test_a_record_that_was_changed_in_memory_is_another(
    network: Pack, worked: list[int], table: str
) -> None:
    access(network, 0, 40_000)
    frame = getattr(network, table)
    access(replace(network, **{table: frame.iloc[1:].reset_index(drop=True)}), 0, 40_000)
    assert len(worked) == 2


def test_what_was_cut_short_is_worked_out_again(
    network: Pack, worked: list[int], tmp_path: Path
) -> None:
    wanted = _told(access(network, 0, 40_000))
    (kept,) = (tmp_path / "cache" / "packs").glob("*.arrow")
    kept.write_bytes(kept.read_bytes()[:-9])
    assert _told(access(network, 0, 40_000)) == wanted
    assert len(worked) == 2
