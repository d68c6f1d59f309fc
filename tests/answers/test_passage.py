"""Routes, episodes and passage on a network small enough to know the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atlas.answers import passage, routes
from atlas.base.crs import distance_m, length_km
from atlas.base.errors import InputError, NotFoundError
from atlas.base.timespan import parse_day
from atlas.record.pack import Pack, read_pack
from tests.packs import ENVELOPE, place, spell, write_pack

# Home (undisputed, side A) -- Bridge -- Town; and a longer way round by Hill.
PLACES = [
    place("home", 10.1, 50.1),
    place("bridge", 10.6, 50.1),
    place("hill", 10.6, 50.4),
    place("town", 10.9, 50.1, population="500"),
    place("hamlet", 10.7, 50.45),
]


def line(key: str, start: str, end: str, *points: tuple[float, float], **more: Any) -> Any:
    properties = {
        "id": key, "name": key.title(), "mode": "road", "from_place_id": start,
        "to_place_id": end, "disputed_name": "false", "geometry_method": "test",
        "uncertainty_m": 100, "source_ids": "s-n",
    }  # fmt: skip
    return properties | more, {"type": "LineString", "coordinates": [list(p) for p in points]}


ROUTES = [
    line(
        "valley", "home", "town", (10.1, 50.1), (10.6, 50.1), (10.9, 50.1), via_place_ids="bridge"
    ),
    line("ridge", "bridge", "town", (10.6, 50.1), (10.6, 50.4), (10.9, 50.1), via_place_ids="hill"),
    line("future", "home", "hill", (10.1, 50.1), (10.6, 50.4), built_from="2030-01-01"),
    line("plan", "home", "town", (10.1, 50.1), (10.9, 50.1)),
]


def episode(key: str, route: str, status: str, start: str, end: str = "", **more: str) -> Any:
    row = {"id": key, "route_id": route, "status": status, "valid_from": start, "valid_to": end}
    return ENVELOPE | row | more


# Bridge to Town is 21.4 km of the valley road's 57.2.
EPISODES = [
    episode("e1", "valley", "open", "2000-01-01", "2010-01-01"),
    episode("e2", "valley", "open", "2010-01-01", to_km="36"),
    episode("e3", "valley", "blocked", "2010-01-01", "2012-01-01", from_km="36",
            applies_to="civilian|commercial", imposed_by="B", reason="roadblock"),
    episode("e4", "valley", "humanitarian_only", "2010-01-01", "2012-01-01", from_km="36"),
    episode("e5", "ridge", "open", "2000-01-01", "2011-01-01"),
    episode("e6", "ridge", "closed", "2011-01-01", "2013-01-01"),
    episode("e7", "plan", "planned", "2000-01-01"),
]  # fmt: skip


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    control = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
    directory = write_pack(
        tmp_path_factory.mktemp("p"),
        control,
        tables={"places": PLACES, "episodes": EPISODES},
        shapes={"routes": ROUTES},
        background=("a00",),
    )
    return read_pack(directory)


def ask(pack: Pack, date: str, **options: Any) -> passage.Passage:
    return passage.passage(pack, "home", "town", parse_day(date), **options)


def test_open_all_the_way(pack: Pack) -> None:
    found = ask(pack, "2005-01-01")
    assert (found.status, list(found.path["route_id"]), len(found.blocks)) == (
        "open",
        ["valley"],
        0,
    )
    assert found.km == pytest.approx(57.3, abs=0.3)


def test_a_detour_and_what_it_goes_round(pack: Pack) -> None:
    found = ask(pack, "2010-06-01")
    assert found.status == "open"
    assert list(found.path["route_id"]) == ["valley", "ridge"]
    assert list(found.usual["route_id"]) == ["valley", "valley"]
    assert found.km > found.usual_km
    (block,) = found.blocks.itertuples()
    assert (block.status, block.imposed_by, block.reason) == ("blocked", "B", "roadblock")


def test_no_way_through_names_what_blocks_it(pack: Pack) -> None:
    found = ask(pack, "2011-06-01")
    assert found.status == "blocked" and found.km != found.km and found.path.empty
    # Of the two ways, the ridge was passable last: until 2011, the valley until 2010.
    assert list(found.blocks["episode_id"]) == ["e6"]
    assert list(found.blocks["last_passable"].astype(str)) == ["2011-01-01"]


def test_who_asks_matters(pack: Pack) -> None:
    assert ask(pack, "2011-06-01", user="humanitarian").status == "open"
    assert ask(pack, "2011-06-01", user="commercial").status == "blocked"


def test_no_record_is_unknown_not_open(pack: Pack) -> None:
    day = parse_day("2014-01-01")
    now = routes.at(pack, day).set_index(["route_id", "from_km"])
    assert now.loc[("ridge", 0.0), "status"] == "unknown"
    assert ask(pack, "2014-01-01").status == "unknown"


def test_what_is_planned_or_not_yet_built_is_no_way(pack: Pack) -> None:
    graph = passage.network(pack, parse_day("2011-06-01"))
    assert {data["route_id"] for _, _, data in graph.edges(data=True)} == {"valley", "ridge"}
    assert "future" not in set(routes.at(pack, parse_day("2011-06-01"))["route_id"])


def test_cut_off_and_unknown_are_told_apart(pack: Pack) -> None:
    shut = passage.cutoff(pack, parse_day("2011-06-01"), towards="A").set_index("place_id")[
        "status"
    ]
    assert shut["town"] == "cut off"
    assert "bridge" not in shut.index  # the open part of the valley road reaches it
    assert shut["hill"] == "cut off"
    later = passage.cutoff(pack, parse_day("2014-01-01"), towards="A").set_index("place_id")[
        "status"
    ]
    assert later["town"] == "unknown"
    assert (
        passage.cutoff(pack, parse_day("2005-01-01"), towards="A")
        .query("status == 'cut off'")
        .empty
    )


def test_changes_of_status(pack: Pack) -> None:
    moved = routes.changes(pack, parse_day("2009-01-01"), parse_day("2011-01-01"))
    assert list(moved["date"]) == ["2010-01-01", "2011-01-01"]
    assert moved.iloc[1]["after"] == "closed"


def test_lengths_by_status_add_up(pack: Pack) -> None:
    table = routes.series(pack).loc[:"2029"]
    assert table.sum(axis=1).std() < 1e-6
    assert (table.to_numpy() == table.round(6).to_numpy()).all()  # no digits that mean nothing


def test_wrong_questions(pack: Pack) -> None:
    with pytest.raises(InputError, match="no user class"):
        ask(pack, "2005-01-01", user="tourist")
    with pytest.raises(InputError, match="no mode"):
        ask(pack, "2005-01-01", modes=("canal",))
    with pytest.raises(NotFoundError, match="no place"):
        passage.passage(pack, "home", "atlantis", parse_day("2005-01-01"))
    with pytest.raises(NotFoundError, match="more than 1 km"):
        passage.passage(pack, "home", "hamlet", parse_day("2005-01-01"), access_km=1)


def test_land_that_touches_home_is_not_cut_off(pack: Pack) -> None:
    """A road that is not on record may lead over one's own land."""
    held = passage.cutoff(pack, parse_day("2011-06-01"), towards="B").set_index("place_id")
    assert set(held["status"]) == {"unknown"}


def test_a_road_open_to_others_was_no_way_for_all(tmp_path: Path) -> None:
    control = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
    kept = [
        episode("x1", "valley", "open", "2000-01-01", "2010-01-01"),
        episode("x2", "valley", "open", "2010-01-01", "2012-01-01", applies_to="humanitarian"),
        episode("x3", "valley", "closed", "2012-01-01"),
    ]
    pack = read_pack(
        write_pack(
            tmp_path / "p",
            control,
            tables={"places": PLACES, "episodes": kept},
            shapes={"routes": ROUTES[:1]},
            background=("a00",),
        )
    )
    for user, last in (("civilian", "2010-01-01"), ("humanitarian", "2012-01-01")):
        found = ask(pack, "2013-01-01", user=user)
        assert list(found.blocks["last_passable"].astype(str)) == [last]


def test_where_two_roads_meet_one_may_change_though_nobody_lives_there(tmp_path: Path) -> None:
    roads = [
        line("long", "home", "town", (10.1, 50.1), (10.2, 50.1), (10.4, 50.1), (10.9, 50.1)),
        line("side", "hill", "hill", (10.400002, 50.100002), (10.6, 50.4)),  # drawn a foot beside
    ]
    pack = read_pack(
        write_pack(
            tmp_path / "p",
            [spell("c1", "a00", "A"), spell("c2", "a10", "B")],
            tables={
                "places": [*PLACES, place("abroad", 11.5, 50.1)],
                "episodes": [episode("o1", "long", "open", ""), episode("o2", "side", "open", "")],
            },
            shapes={"routes": roads},
            background=("a00",),
        )
    )
    found = passage.passage(pack, "home", "hill", parse_day("2011-01-01"))
    assert found.status == "open" and list(found.path["route_id"]) == ["long", "side"]
    # A bend is no place to change or to stop.
    graph = passage.network(pack, parse_day("2011-01-01"))
    assert set(graph.nodes) == {(10.1, 50.1), (10.4, 50.1), (10.9, 50.1), (10.6, 50.4)}
    # Who lives on nobody's land is not asked for a way out.
    told = passage.cutoff(pack, parse_day("2011-01-01"), towards="A")
    assert "abroad" not in set(told["place_id"])


def pack_of(folder: Path, control: Any, episodes: Any, roads: Any, **more: Any) -> Pack:
    tables = {"places": PLACES, "episodes": episodes}
    return read_pack(
        write_pack(folder / "p", control, tables=tables, shapes={"routes": roads}, **more)
    )


def test_the_usual_way_is_as_long_as_the_way_where_it_is_the_same(pack: Pack) -> None:
    found = ask(pack, "2005-01-01")
    assert found.usual.empty and found.usual_km == found.km
    assert ask(pack, "2010-06-01").usual_km < ask(pack, "2010-06-01").km


def test_where_no_road_leads_there_is_no_route(tmp_path: Path) -> None:
    roads = [
        line("west", "home", "home", (10.1, 50.1), (10.2, 50.1)),
        line("east", "town", "town", (10.8, 50.1), (10.9, 50.1)),
    ]
    control = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
    pack = pack_of(tmp_path, control, [episode("o", "west", "open", "")], roads)
    found = ask(pack, "2005-01-01")
    assert found.status == "no route" and found.km != found.km
    assert found.path.empty and found.usual.empty and found.blocks.empty


def test_each_stretch_has_its_own_line(pack: Pack) -> None:
    now = routes.at(pack, parse_day("2011-06-01"))
    assert list(now["route_id"]) == ["plan", "ridge", "valley", "valley"]
    drawn = [length_km(shape) for shape in now.geometry]
    assert drawn == pytest.approx(now["length_km"].tolist(), abs=0.01)


def test_a_road_begins_on_the_day_it_is_built(pack: Pack) -> None:
    moved = routes.changes(pack, parse_day("2029-06-01"), parse_day("2030-06-01"))
    told = moved[["date", "route_id", "before", "after"]].to_numpy().tolist()
    assert told == [["2030-01-01", "future", "", "unknown"]]


def test_since_when_a_stretch_is_shut_is_told_of_its_own_kilometres(tmp_path: Path) -> None:
    ways = [
        episode("k1", "valley", "open", "2000-01-01", "2005-01-01", to_km="36"),
        episode("k2", "valley", "open", "2000-01-01", "2008-01-01", from_km="36"),
        episode("k3", "valley", "closed", "2008-01-01"),
    ]
    control = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
    graph = passage.network(pack_of(tmp_path, control, ways, ROUTES[:1]), parse_day("2009-01-01"))
    told = {data["from_km"] > 30: data["last_passable"] for _, _, data in graph.edges(data=True)}
    assert told == {False: "2005-01-01", True: "2008-01-01"}


def test_how_far_a_settlement_lies_from_the_network(pack: Pack) -> None:
    metres = float(distance_m(10.7, 50.45, 10.6, 50.4))
    day = parse_day("2011-06-01")
    told = passage.cutoff(pack, day, towards="A").set_index("place_id")
    assert told.loc["hamlet", "network_km"] == pytest.approx(metres / 1000)
    assert told.loc["hamlet", "status"] == "cut off"
    for share, status in ((0.9995, "unknown"), (1.0005, "cut off")):
        near = passage.cutoff(pack, day, towards="A", access_km=share * metres / 1000)
        assert near.set_index("place_id").loc["hamlet", "status"] == status


def test_over_land_of_ones_own_a_road_that_is_not_on_record_may_lead(tmp_path: Path) -> None:
    """Cut off is who can reach no land of the side by road, and by land neither."""
    shut = [episode("k", "long", "closed", "")]
    roads = [line("long", "home", "town", (10.1, 50.2), (11.2, 50.2))]
    spells = [("a00", "B"), ("a10", "A"), ("a20", "B"), ("a30", "A")]
    control = [spell(f"c{n}", area, who) for n, (area, who) in enumerate(spells)]
    pack = pack_of(tmp_path, control, shut, roads, columns=4, background=("a00",))
    now = passage.cutoff(pack, parse_day("2011-01-01")).set_index("place_id")["status"]
    assert now["p20"] == "cut off"  # of B, between two areas of A
    control[1] = spell("c1", "a10", "B")
    (tmp_path / "near").mkdir()
    joined = pack_of(tmp_path / "near", control, shut, roads, columns=4, background=("a00",))
    now = passage.cutoff(joined, parse_day("2011-01-01")).set_index("place_id")["status"]
    assert now["p20"] == now["p10"] == "unknown"
