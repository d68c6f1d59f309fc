"""What an answer looks like: its columns in order, its rows numbered from 0, its card."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from atlas.answers import control, mandates, passage, presence, routes
from atlas.answers.front import front
from atlas.base.errors import InputError
from atlas.base.timespan import parse_day
from atlas.record.pack import Pack, read_pack
from tests.answers.test_control import HISTORY
from tests.answers.test_mandates import EVENTS, MANDATES, ZONES
from tests.answers.test_passage import EPISODES, PLACES, ROUTES
from tests.packs import write_pack

FIRST, DAY = parse_day("2009-06-01"), parse_day("2011-06-01")
HELD = (
    "area_id name district controller control_type how since until certainty de_jure_iso area_km2 "
    "source_ids control_id note scope valid_from valid_to start_day end_day asserted_by geometry"
).split()
MOVED = (
    "area_id name district from_controller to_controller from_type to_type date start_day end_day "
    "area_km2 area_low_km2 area_high_km2 how certainty event_ids source_ids steps note geometry"
).split()
STEP = (
    "route_id name mode from_km to_km km status since last_passable imposed_by reason "
    "counterclaims episode_id source_ids geometry"
).split()


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Control, ways and missions in one."""
    directory = write_pack(
        tmp_path_factory.mktemp("shape") / "p",
        HISTORY,
        tables={"places": PLACES, "episodes": EPISODES, "mandates": MANDATES, "events": EVENTS},
        shapes={"routes": ROUTES, "zones": ZONES},
    )
    return read_pack(directory)


def test_tables_have_their_columns_in_order_and_rows_from_zero(pack: Pack) -> None:
    way = passage.passage(pack, "home", "town", parse_day("2010-06-01"))
    told: dict[str, tuple[Any, list[str]]] = {
        "at": (control.at(pack, DAY), HELD),
        "changes": (control.changes(pack, FIRST, DAY), MOVED),
        "changes_by": (control.changes_by(pack, FIRST, DAY, "month"), ["period", *MOVED]),
        "disagreements": (
            control.disagreements(pack, DAY),
            [*HELD[:4], "assessed_controller", *HELD[4:]],
        ),
        "front": (
            front(pack, FIRST),
            "controller_1 controller_2 area_ids km certainty uncertainty_m source_ids "
            "geometry".split(),
        ),
        "mandates": (
            mandates.at(pack, DAY),
            "mandate_id mission zone_id zone zone_type status authorised_from authorised_to "
            "deployed_from deployed_to authorised_start authorised_end deployed_start deployed_end "
            "authorised_strength observed_strength strength_reported_on unnamed_posts contributors "
            "consenting_parties tasks certainty counterclaims source_ids note geometry".split(),
        ),
        "mandates changed": (
            mandates.changes(pack, parse_day("2009-01-01"), parse_day("2016-01-01")),
            "date change mandate_id mission zone source_ids".split(),
        ),
        "routes": (
            routes.at(pack, DAY),
            "route_id name mode from_km to_km length_km status passable since imposed_by reason "
            "counterclaims certainty episode_id source_ids geometry".split(),
        ),
        "routes changed": (
            routes.changes(pack, FIRST, DAY),
            "date route_id name before after episode_ids source_ids".split(),
        ),
        "path": (way.path, STEP),
        "usual": (way.usual, STEP),
        "blocks": (way.blocks, STEP),
        "cutoff": (
            passage.cutoff(pack, DAY, towards="A"),
            "place_id name held_by towards status population population_year lon lat "
            "network_km".split(),
        ),
        "presence": (
            presence.presence(pack, "Watch"),
            "when where events deaths_best deaths_known days zone_km2".split(),
        ),
    }
    for name, (table, columns) in told.items():
        assert list(table.columns) == columns, name
        assert len(table) and list(table.index) == list(range(len(table))), name
        if "geometry" in columns:
            assert table.crs.to_epsg() == 4326, name


def test_a_stretch_is_as_long_as_from_its_first_to_its_last_km(pack: Pack) -> None:
    found = routes.at(pack, DAY)
    assert found["length_km"].to_numpy() == pytest.approx(found["to_km"] - found["from_km"])
    assert (found["from_km"] > 0).any()


def test_figures_over_time_stand_by_their_day(pack: Pack) -> None:
    for table, columns in (
        (control.series(pack), ["A", "B"]),
        (mandates.series(pack), ["Watch"]),
        (routes.series(pack), ["open", "blocked", "closed", "planned", "unknown"]),
    ):
        assert list(table.columns) == columns and table.index.name == "date"
        assert isinstance(table.index, pd.DatetimeIndex) and table.index.is_monotonic_increasing
    net = control.net_changes(pack, FIRST, DAY)
    assert (net.name, net.index.name, list(net.index)) == ("net_km2", "controller", ["A", "B"])
    assert mandates.missions(pack) == ["Paper", "Watch"]


def test_a_way_tells_its_lengths_its_sources_and_has_a_card(pack: Pack) -> None:
    way = passage.passage(pack, "home", "town", parse_day("2010-06-01"))
    assert way.km == pytest.approx(108.78, abs=0.01)
    assert way.usual_km == pytest.approx(57.24, abs=0.01) and way.source_ids == ["s-n"]
    card = way._repr_html_()
    assert "home to town on 2010-06-01, for a civilian user: open, 109 km" in card
    assert "<td>Valley</td><td>35.8</td><td>open</td><td>2010-01-01</td>" in card
    assert "<td>Valley</td><td>blocked</td><td>B</td>" in card
    shut = passage.passage(pack, "home", "town", DAY)
    assert "for a civilian user: blocked</strong>" in shut._repr_html_()
    assert list(shut.blocks["last_passable"].astype(str)) == ["2011-01-01"]
    cut = passage.cut_off(pack, DAY)
    assert cut._repr_html_().startswith("<div><p><strong>2011-06-01, for a civilian user: ")
    assert f"{len(cut.cut_off)} settlements cut off; of {len(cut.unknown)}" in cut._repr_html_()


def test_a_user_that_is_none_is_refused_everywhere(pack: Pack) -> None:
    asks: list[Any] = [
        lambda: routes.at(pack, DAY, user="tourist"),
        lambda: routes.changes(pack, FIRST, DAY, user="tourist"),
        lambda: passage.cutoff(pack, DAY, user="tourist"),
        lambda: passage.network(pack, DAY, user="tourist"),
    ]
    for ask in asks:
        with pytest.raises(InputError, match="no user class 'tourist'"):
            ask()
