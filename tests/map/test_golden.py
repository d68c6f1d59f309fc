"""What the page answers is what Python answers, on the same days of the same packs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from atlas.base.timespan import OPEN_END, parse_day
from atlas.record.pack import Pack, read_pack
from tests.map.demo import write_demo
from tests.map.golden import days_of, golden

HERE = Path(__file__).parent
WEB = HERE.parents[1] / "atlas" / "map" / "web"


def replay(cases: Path, modules: Path = WEB) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("node is not installed, and CI must not skip these tests")
        pytest.skip("node is not installed")
    command = [node, str(HERE / "js" / "golden.mjs"), str(cases), str(modules)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("{"), done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def quarrel(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return of_quarrels(tmp_path_factory.mktemp("golden") / "pack")


def of_quarrels(folder: Path) -> Pack:
    """The demo pack with every kind of overlap: rows that follow one another, claims that lie
    over one another, a strength reported late, episodes for one class of user."""
    pack = read_pack(write_demo(folder))
    control = pack.control
    one = control[control["id"] == "c7"]

    def claim(key: str, who: str, by: str, start: str, end: str = "") -> pd.DataFrame:
        days = parse_day(start), parse_day(end) if end else OPEN_END
        return one.assign(id=key, controller=who, asserted_by=by, valid_from=start, valid_to=end,
                          start_day=days[0], end_day=days[1])  # fmt: skip

    surer = control[control["id"] == "c2"]
    until = parse_day("2001-09-01")
    later = surer.assign(id="c9", start_day=until, valid_from="2001-09-01", how="agreement")
    kept = control.assign(
        end_day=control["end_day"].where(control["id"] != "c2", until),
        valid_to=control["valid_to"].where(control["id"] != "c2", "2001-09-01"),
    )
    claims = [
        claim("d1", "C", "A", "2001-08-01"),
        claim("d2", "C", "B", "2001-05-20", "2002-01-01"),
        claim("d3", "A", "B", "2001-07-01", "2001-10-01"),
    ]
    episodes = pack.episodes
    pass_ = episodes[episodes["id"] == "p1"].assign(
        id="p9", applies_to="military", start_day=parse_day("2001-05-20"),
        end_day=parse_day("2001-06-20"), valid_from="2001-05-20", valid_to="2001-06-20",
    )  # fmt: skip
    episodes = pd.concat([episodes, pass_]).reset_index(drop=True)
    mandates = pack.mandates.assign(strength_reported_on="2001-08-15")
    control = pd.concat([kept, later, *claims]).sort_values("id").reset_index(drop=True)
    moved = pack.displacement
    told = moved[moved["id"] == "f1"].assign(id="f9", asserted_by="B", best=700.0)
    displacement = pd.concat([moved, told]).reset_index(drop=True)
    return replace(
        pack, control=control, mandates=mandates, episodes=episodes, displacement=displacement
    )


@pytest.fixture(scope="module")
def cases(quarrel: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("golden") / "cases.json"
    path.write_text(golden(quarrel, days_of(quarrel, 16)), encoding="utf-8")
    return path


def test_the_page_answers_a_pack_of_quarrels_as_python_does(cases: Path) -> None:
    found = replay(cases)
    assert found["wrong"] == 0, found["first"]
    assert sum(found["counts"].values()) > 200 and min(found["counts"].values()) > 5


@pytest.mark.parametrize(("name", "days"), [("", 3), ("cyprus", 5)])
def test_the_page_answers_the_shipped_packs_as_python_does(
    name: str, days: int, tmp_path: Path
) -> None:
    pack = read_pack(name)
    path = tmp_path / "cases.json"
    path.write_text(golden(pack, days_of(pack, days)), encoding="utf-8")
    found = replay(path)
    assert found["wrong"] == 0, found["first"]


FAULTS = {
    "the first of two claims": ("area.claims.findLast(", "area.claims.find("),
    "anybody's claim": ("spell.by === side && holds", "holds"),
    "an end a day late": ("day < row.end;", "day <= row.end;"),
    "since the latest row": ("while (same(rows[one - 1])) one -= 1;", ""),
    "a name before its time": ("if (start > day) break;", "if (start > day + 400) break;"),
    "only another holder": ("one.who === two.who && one.type === two.type", "true"),
    "a strength before its report": ("reported.first > day", "reported.first > day + 9999"),
    "the hardest for all": ("Number(one.users.length > 0) - Number(two.users.length > 0)", "0"),
    "people a counter left behind": ("row.best ?? row.low ?? row.high", "row.best ?? row.high"),
    "people by anybody's account": ("(!row.by || row.by === side)", "true"),
    "a route before it was built": ("if (route.built > day) return null;", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_page_is_seen(fault: str, cases: Path, tmp_path: Path) -> None:
    right, wrong = FAULTS[fault]
    text = (WEB / "model.js").read_text(encoding="utf-8")
    assert text.count(right) >= 1
    (tmp_path / "model.js").write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert replay(cases, tmp_path)["wrong"] > 0
