"""The page of people: movements by section, deaths beside the sum of events."""

from __future__ import annotations

import pytest

from atlas.record.pack import Pack, read_pack
from atlas.site.people import list_deaths, list_movements
from tests.packs import ENVELOPE, spell, write_pack

EVENT = ENVELOPE | {
    "date_prec": "1", "where_prec": "1", "event_type": "battle", "place_id": "p00",
    "summary": "It took place.",
}  # fmt: skip
MOVE = ENVELOPE | {"people": "A", "counted_by": "them"}
DEATH = ENVELOPE | {
    "people": "A", "who": "A's soldiers", "role": "military", "outcome": "killed",
    "counted_by": "them", "phase": "The war", "valid_from": "2010-01-01", "valid_to": "2010-02-01",
}  # fmt: skip


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    tables = {
        "events": [
            EVENT | {"id": f"e{n}", "title": f"Event {n}", "event_date": day, "best": best} | more
            for n, (day, best, more) in enumerate(
                [
                    ("2009-12-31", "100", {}),
                    ("2010-01-01", "3", {}),
                    ("2010-01-31", "4", {}),
                    ("2010-01-15", "", {}),
                    ("2010-01-16", "0", {}),
                    ("2010-01-17", "5000", {"event_type": "disaster"}),
                    ("2010-02-01", "100", {}),
                ]
            )
        ],
        "displacement": [
            MOVE | {"id": "f1", "who": "Few", "measure": "flow", "movement": "departure",
                    "valid_from": "2010", "low": "1"},
            MOVE | {"id": "f2", "who": "Many", "measure": "flow", "movement": "departure",
                    "valid_from": "2009", "low": "200", "best": "400", "high": "1000"},
            MOVE | {"id": "f3", "who": "Back", "measure": "stock", "movement": "return",
                    "valid_from": "2011", "best": "0"},
        ],
        "casualties": [
            DEATH | {"id": "k1", "best": "60"},
            DEATH | {"id": "k2", "low": "9", "people": "B", "who": "B's soldiers"},
        ],
    }  # fmt: skip
    return read_pack(write_pack(tmp_path_factory.mktemp("p"), [spell("c1", "a00", "A")],
                                columns=1, tables=tables))  # fmt: skip


def test_movements_by_section_in_order_of_time(pack: Pack) -> None:
    sections = dict(list_movements(pack))
    assert list(sections) == ["leftHome", "backOn"]  # what has no row has no heading
    assert [count.row.who for count in sections["leftHome"]] == ["Many", "Few"]


def test_a_bar_is_its_share_of_the_widest_and_never_too_small_to_see(pack: Pack) -> None:
    many, few = dict(list_movements(pack))["leftHome"]
    assert (many.main, many.bar, many.low, many.high) == (400, 40, 20, 100)
    assert (few.main, few.figures) == (1, (1, None, None))
    assert few.bar == pytest.approx(0.4)


def test_deaths_stand_beside_those_of_single_events(pack: Pack) -> None:
    (bout,) = list_deaths(pack)
    assert (bout.phase, [count.main for count in bout.counts]) == ("The war", [60, 9])
    # The first day counts, the day after the last does not; no disaster's dead are the war's.
    assert (bout.in_events, bout.events) == (7, 2)
