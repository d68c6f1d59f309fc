"""Two versions of a pack: every change is listed, and nothing but changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from atlas.record.compare import COLUMNS, differences
from tests.packs import ENVELOPE, spell, write_pack

ROWS = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
NAMES = [ENVELOPE | {"id": "n1", "place_id": "p00", "name": "Stadt", "lang": "de",
                     "script": "Latn", "status": "common"}]  # fmt: skip


STADT = (
    "place_id: p00; name: Stadt; lang: de; script: Latn; status: common; certainty: certain; "
    "source_ids: s-n"
)


def held(by: str) -> str:
    return (
        f"area_id: a10; controller: {by}; control_type: de_facto; how: status_quo; "
        "certainty: certain; source_ids: s-n"
    )


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "old", ROWS, tables={"names": NAMES})


def changes(old: Path, new: Path) -> list[tuple[Any, ...]]:
    found = differences(old, new)
    told = found[["table", "id", "change", "column", "before", "after"]]
    return [tuple(row) for row in told.itertuples(index=False)]


def test_a_pack_differs_not_from_itself(old: Path) -> None:
    found = differences(old, old)
    assert len(found) == 0 and tuple(found.columns) == COLUMNS


def test_every_kind_of_change(old: Path, tmp_path: Path) -> None:
    rows = [ROWS[0] | {"certainty": "probable"}, spell("c3", "a10", "A")]
    new = write_pack(tmp_path / "new", rows, settings='\n[neutrality]\nloaded_words = ["x"]\n')
    path = new / "pack.toml"
    path.write_text(path.read_text("utf-8").replace("Aland", "Ålund"), encoding="utf-8")
    assert changes(old, new) == [
        ("settings", "parties.A.name_en", "changed", "", "Aland", "Ålund"),
        ("settings", "neutrality.loaded_words", "added", "", "", "['x']"),
        ("names", "n1", "removed", "", STADT, ""),
        ("control", "c1", "changed", "certainty", "certain", "probable"),
        ("control", "c2", "removed", "", held("B"), ""),
        ("control", "c3", "added", "", "", held("A")),
    ]


def test_a_shape_is_told_by_its_size(old: Path, tmp_path: Path) -> None:
    new = write_pack(tmp_path / "new", ROWS, tables={"names": NAMES})
    path = new / "areas.geojson"
    text = path.read_text("utf-8")
    path.write_text(text.replace("[10.5,50.5]", "[10.6,50.5]"), encoding="utf-8")
    found = changes(old, new)
    assert [row[:4] for row in found] == [
        ("areas", "a00", "changed", "geometry"), ("areas", "a10", "changed", "geometry")
    ]  # fmt: skip
    (west, east) = differences(old, new).to_dict("records")
    assert west["gained_km2"] == pytest.approx(east["lost_km2"]) and west["gained_km2"] > 100
    assert west["lost_km2"] == pytest.approx(0, abs=1e-6) and west["moved_m"] != west["moved_m"]
    # The same ring begun elsewhere is the same shape.
    path.write_text(
        text.replace("[[10.0,50],[10.5,50],", "[[10.5,50],").replace("[[10,50],", "[[10,50],"),
        encoding="utf-8",
    )
    assert differences(old, old).empty


def test_how_far_a_line_and_a_point_moved(tmp_path: Path) -> None:
    method = {"geometry_method": "x", "uncertainty_m": 1, "source_ids": "s-n"}

    def made(name: str, north: float) -> Path:
        line = {"type": "LineString", "coordinates": [[10.1, 50.1], [10.9, 50.1 + north]]}
        point = {"type": "Point", "coordinates": [10.1, 50.1 + north]}
        ends = {"mode": "road", "from_place_id": "p00", "to_place_id": "p10"}
        return write_pack(tmp_path / name, ROWS, shapes={
            "routes": [(method | ends | {"id": "r", "name": "Road"}, line)],
            "zones": [(method | {"id": "z", "name": "Post", "zone_type": "post"}, point)],
        })  # fmt: skip

    found = differences(made("one", 0), made("two", 0.1)).set_index("table")
    assert found["name"].to_dict() == {"zones": "Post", "routes": "Road"}
    assert found["moved_m"].round(-2).to_dict() == {"zones": 11100, "routes": 11100}
    assert found["gained_km2"].isna().all()


def test_versions_with_faults_can_be_compared(old: Path, tmp_path: Path) -> None:
    new = write_pack(tmp_path / "new", ROWS, tables={"names": NAMES})
    (new / "names.csv").write_text("id\n", encoding="utf-8")
    (new / "zones.geojson").write_text("{", encoding="utf-8")
    assert changes(old, new) == [("names", "n1", "removed", "", STADT, "")]


def test_the_command_lists_and_tells_by_its_status(old: Path, tmp_path: Path) -> None:
    from atlas.cli import app

    run = CliRunner()
    same = run.invoke(app, ["diff", str(old), str(old)])
    assert same.exit_code == 0 and same.output.splitlines()[-1] == "0 changes"
    new = write_pack(tmp_path / "new", [ROWS[0], ROWS[1] | {"note": "seen"}])
    other = run.invoke(app, ["diff", str(old), str(new)])
    assert other.exit_code == 1
    assert "control: 1 changed" in other.output and "note: (empty) -> seen" in other.output
    assert "  ~ c2  (a10, B from always)" in other.output
