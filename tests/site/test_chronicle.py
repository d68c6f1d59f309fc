"""The chronicle: what changed, when, and what to show for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.record.pack import Pack, read_pack
from atlas.site import build_site
from atlas.site.chronicle import Change, chronicle
from tests.map.demo import write_demo
from tests.packs import spell, write_pack
from tests.site.pages import Page


def changes(pack: Pack) -> dict[str, Change]:
    return {change.id: change for day in chronicle(pack) for change in day.changes}


def test_control_passes_with_its_area(pack: Pack) -> None:
    change = changes(pack)["c2"]
    assert (change.data["from"], change.data["to"], change.when) == ("A", "B", "2001-05-10")
    assert change.data["low"] < change.data["km2"] < change.data["high"]
    assert change.link.startswith("index.html#date=2001-05-10&z=")


def test_areas_that_pass_together_make_one_line(tmp_path: Path) -> None:
    control = [
        spell("c1", "a00", "A", "2000-01-01", "2001-05"),
        spell("c2", "a00", "B", "2001-05", how="handover", certainty="probable"),
        spell("c3", "a10", "A", "2000-01-01", "2001-05"),
        spell("c4", "a10", "B", "2001-05", how="handover"),
    ]
    pack = read_pack(write_pack(tmp_path / "pack", control))
    (day,) = chronicle(pack)
    (change,) = day.changes
    assert (change.id, change.also) == ("c2", ("c4",))
    assert (day.when, day.id, day.year) == ("2001-05", "d-2001-05-01", 2001)
    assert change.certainty == "probable"
    assert len(change.data["areas"]) == 2
    assert change.data["km2"] == pytest.approx(sum(a["km2"] for a in change.data["areas"]))


def test_missions_come_and_go_by_zone(pack: Pack) -> None:
    found = changes(pack)
    assert found["m1-authorised"].when == "2001-05-10"
    assert found["m1-deployed"].data["zones"] == ["Zone", "Post"]
    assert found["m1-withdrawn"].also == ("m2-withdrawn",)
    assert found["m1-expired"].when == "2002-06-01"


def test_an_end_laid_down_for_later_is_not_told_as_past(tmp_path: Path) -> None:
    directory = write_demo(tmp_path / "pack")
    path = directory / "mandates.csv"
    path.write_text(path.read_text("utf-8").replace("2002-06-01", "2030-01-01"), encoding="utf-8")
    pack = read_pack(directory)
    ahead = {day.when for day in chronicle(pack) if day.ahead}
    assert ahead == {"2030-01-01"}
    page = Page(build_site(pack, tmp_path / "site") / "chronicle.html")
    text = " ".join(" ".join(page.text).split())
    assert text.count("still to come") == 1
    assert "Mandate due to end : Observers" in text and "Mandate over" not in text


def test_routes_change_stretch_by_stretch(pack: Pack) -> None:
    found = changes(pack)
    blocked = found["p2"]
    assert (blocked.data["before"], blocked.data["after"]) == (["open"], "blocked")
    assert (blocked.data["from_km"], blocked.data["to_km"]) == (10, 30)
    assert found["p3"].data["users"] == ["civilian"]
    assert found["p5"].data["before"] == []


def test_a_route_without_a_following_state_is_unknown_again(tmp_path: Path) -> None:
    from tests.packs import ENVELOPE

    line = {"type": "LineString", "coordinates": [[10.25, 50.25], [10.75, 50.25]]}
    route = {
        "id": "r1", "name": "Road", "mode": "road", "from_place_id": "p00",
        "to_place_id": "p10", "geometry_method": "x", "uncertainty_m": 1, "source_ids": "s-n",
    }  # fmt: skip
    episode = ENVELOPE | {
        "id": "p1", "route_id": "r1", "status": "open", "valid_from": "2000-01-01",
        "valid_to": "2001-03-04",
    }  # fmt: skip
    control = [spell("c1", "a00", "A", "2000-01-01"), spell("c2", "a10", "A", "2000-01-01")]
    directory = write_pack(
        tmp_path / "pack",
        control,
        tables={"episodes": [episode]},
        shapes={"routes": [(route, line)]},
    )
    change = changes(read_pack(directory))["p1-end"]
    assert (change.data["before"], change.data["after"]) == (["open"], "unknown")
    assert change.when == "2001-03-04"


def test_days_are_in_order_and_each_has_an_anchor_of_its_own(pack: Pack) -> None:
    days = chronicle(pack)
    assert [day.day for day in days] == sorted(day.day for day in days)
    assert len({day.id for day in days}) == len(days)
