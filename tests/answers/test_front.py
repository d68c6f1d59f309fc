"""Lines between holders: they are the borders at which the holder changes, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from atlas.answers.front import front
from atlas.base.crs import length_km
from atlas.base.errors import NotFoundError
from atlas.base.timespan import parse_day
from atlas.record.pack import Pack, read_pack
from tests.packs import spell, write_pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder: Path = tmp_path_factory.mktemp("front") / "p"
    rows = [
        spell("c1", "a00", "A"),
        spell("c2", "a10", "B", "", "2010-01-01"),
        spell("c3", "a10", "A", "2010-01-01", certainty="probable"),
        spell("c4", "a01", "A"),
        spell("c5", "a11", "B"),
        spell("c6", "a00", "B", asserted_by="B"),
    ]
    return read_pack(write_pack(folder, rows, columns=2, rows=2))


def test_the_line_follows_the_holders(pack: Pack) -> None:
    (row,) = front(pack, parse_day("2005-01-01")).itertuples()
    assert (row.controller_1, row.controller_2, row.certainty) == ("A", "B", "certain")
    assert row.area_ids == "a00|a01|a10|a11" and row.uncertainty_m == 500
    straight = shapely.LineString([(10.5, 50.0), (10.5, 50.5), (10.5, 51.0)])
    assert row.geometry.equals(straight) and row.km == pytest.approx(length_km(straight))
    (row,) = front(pack, parse_day("2010-01-01")).itertuples()
    turned = shapely.LineString([(10.5, 51.0), (10.5, 50.5), (11.0, 50.5)])
    assert row.geometry.equals(turned) and row.certainty == "probable"


def test_according_to_a_party_the_line_is_elsewhere(pack: Pack) -> None:
    (row,) = front(pack, parse_day("2005-01-01"), according_to="B").itertuples()
    assert row.geometry.equals(shapely.LineString([(10.0, 50.5), (10.5, 50.5), (10.5, 51.0)]))
    with pytest.raises(NotFoundError):
        front(pack, parse_day("2005-01-01"), according_to="Z")


def test_no_pack_has_no_line() -> None:
    assert front(Pack.empty(), 0).empty
