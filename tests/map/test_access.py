"""Who could pass, as the page works it out, held to what Python answers."""

from __future__ import annotations

import base64
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from atlas.answers import passage
from atlas.answers.access import access
from atlas.base.timespan import format_day, parse_day
from atlas.layers import layer_set
from atlas.map import build_map
from atlas.map.payload import access_columns, encode_access, encode_layers
from atlas.record.pack import Pack, read_pack
from tests.answers.test_passage import EPISODES, PLACES, ROUTES
from tests.packs import spell, write_pack

GOLDEN = Path(__file__).parent / "js" / "access.json"
DAYS = ("2000-06-01", "2005-01-01", "2010-01-01", "2011-06-01", "2012-12-31", "2014-01-01")
USERS = ("civilian", "humanitarian", "military")
PAIRS = (("home", "town"), ("town", "home"), ("home", "hill"), ("bridge", "bridge"))


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


def told(pack: Pack, day: int, user: str) -> dict[str, Any]:
    shut = passage.cutoff(pack, day, user=user)
    case: dict[str, Any] = {"date": format_day(day), "user": user}
    for status, key in (("cut off", "cut_off"), ("unknown", "unknown")):
        case[key] = sorted(shut.loc[shut["status"] == status, "place_id"])
    case["ways"] = []
    for a, b in PAIRS:
        way = passage.passage(pack, a, b, day, user=user)
        case["ways"].append(
            {
                "from": a,
                "to": b,
                "status": way.status.replace(" ", "_"),
                "km": None if way.km != way.km else round(way.km, 1),
                "path": list(way.path["route_id"]),
                "usual": list(way.usual["route_id"]),
                "blocks": list(way.blocks["episode_id"]),
            }
        )
    return case


def test_the_page_replays_what_python_answers(pack: Pack) -> None:
    layers = layer_set(pack)
    first, last = parse_day("1990-01-01"), parse_day("2026-01-01")
    columns, header = access_columns(access(pack, first, last), layers)
    page = {"first": first, "last": last, "worldviews": [], "languages": ["en"]}
    golden = {
        "data": json.loads(gzip.decompress(base64.b64decode(encode_layers(layers, page)))),
        "access": {"columns": {name: values.tolist() for name, values in columns.items()}}
        | json.loads(json.dumps(header)),
        "cases": [told(pack, parse_day(day), user) for day in DAYS for user in USERS],
    }
    text = json.dumps(golden, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("ATLAS_WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == json.loads(text)


def test_every_day_of_a_span_is_the_answer_of_that_day(pack: Pack) -> None:
    first, last = parse_day("2009-06-01"), parse_day("2014-06-01")
    found = access(pack, first, last, users=("civilian",))
    names = ("", "cut off", "unknown", "")
    for day in range(first, last, 45):
        now = max(k for k, turn in enumerate(found.days) if turn <= day)
        shut = passage.cutoff(pack, day).set_index("place_id")["status"].to_dict()
        mine = {
            place: names[state]
            for place, state in zip(found.places, found.status[0, now], strict=True)
            if names[state]
        }
        assert mine == shut, format_day(day)
    ends = [one.end for one in found.stretches]
    assert min(one.start for one in found.stretches) == first and max(ends) == last


def test_a_map_without_routes_has_no_word_of_access(pack: Pack) -> None:
    assert "atlas-access" in build_map(pack).get_root().render()
    bare = build_map(pack, layers=["control", "basemap"]).get_root().render()
    assert 'id="atlas-access"' not in bare


def test_the_same_record_gives_the_same_bytes(pack: Pack) -> None:
    layers = layer_set(pack)
    days = parse_day("1990-01-01"), parse_day("2026-01-01")
    assert encode_access(access(pack, *days), layers) == encode_access(access(pack, *days), layers)


def test_it_is_asked_on_the_days_on_which_a_holder_or_a_way_turns(tmp_path: Path) -> None:
    control = [
        spell("c1", "a00", "A"),
        spell("c2", "a10", "B", "", "2008-01-01"),
        spell("c3", "a10", "A", "2008-01-01"),
    ]
    pack = read_pack(
        write_pack(
            tmp_path / "p",
            control,
            tables={"places": PLACES, "episodes": EPISODES},
            shapes={"routes": ROUTES},
            background=("a00",),
        )
    )
    found = access(pack, parse_day("2007-01-01"), parse_day("2012-01-01"), users=("civilian",))
    days = ["2007-01-01", "2008-01-01", "2010-01-01", "2011-01-01"]
    assert [format_day(day) for day in found.days] == days
    assert set(found.places) == {"bridge", "hamlet", "hill", "p10", "town"}
    early = access(pack, parse_day("1990-01-01"), parse_day("2000-02-01"), users=("civilian",))
    assert format_day(early.first) == format_day(early.days[0]) == "2000-01-01"


def test_each_stretch_is_told_by_itself_with_its_days_and_its_users(pack: Pack) -> None:
    found = access(pack, parse_day("2009-06-01"), parse_day("2013-06-01"), users=USERS[:2])
    told = [
        (one.piece.route_id, round(one.piece.from_km), one.piece.status, one.users,
         format_day(one.start), format_day(one.end))
        for one in found.stretches
        if one.piece.route_id == "valley"
    ]  # fmt: skip
    both = USERS[:2]
    # The last two are apart: for the one it was passable until 2012, for the other until 2010.
    assert told == [
        ("valley", 0, "open", both, "2009-06-01", "2010-01-01"),
        ("valley", 0, "open", both, "2010-01-01", "2013-06-01"),
        ("valley", 36, "open", both, "2010-01-01", "2013-06-01"),
        ("valley", 36, "open", both, "2009-06-01", "2010-01-01"),
        ("valley", 36, "unknown", USERS[:1], "2012-01-01", "2013-06-01"),
        ("valley", 36, "unknown", USERS[1:2], "2012-01-01", "2013-06-01"),
        ("valley", 36, "blocked", USERS[:1], "2010-01-01", "2012-01-01"),
        ("valley", 36, "humanitarian_only", USERS[1:2], "2010-01-01", "2012-01-01"),
    ]
