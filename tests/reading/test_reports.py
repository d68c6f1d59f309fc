"""From invented reports to rows of a record: read, judged, accepted, and the record still sound."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from atlas.base.errors import InputError, PackError
from atlas.cli import app
from atlas.gazetteer import Gazetteer
from atlas.reading import accept_drafts, drafts_of, open_reports, read_drafts
from atlas.record.edit import add_rows
from atlas.record.pack import check_pack, read_pack
from tests.packs import ENVELOPE, spell, write_pack

TOWNS = {"p00": "Northford", "p10": "Southwick"}
NAMES = [
    ENVELOPE
    | {
        "id": f"n{key}",
        "place_id": key,
        "name": name,
        "lang": "en",
        "script": "Latn",
        "status": "official",
    }
    for key, name in TOWNS.items()
]
KINDS = (
    ("{town} was shelled on {day} March 2001.", "explosions_remote_violence"),
    ("Clashes broke out near {town} on {day} March 2001.", "battle"),
    ("Talks were held in {town} on {day} March 2001.", "talks"),
    ("On {day} March 2001 residents fled {town}.", "displacement"),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack") / "test"
    control = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
    return write_pack(folder, control, tables={"names": NAMES})


@pytest.fixture
def pack(sound: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(sound, tmp_path / "pack"))


def report(folder: Path, name: str, text: str, published: str, **matter: str) -> None:
    folder.mkdir(exist_ok=True)
    head = {"title": f"Invented report {name}", "published": published, "affiliation": "neutral"}
    lines = "\n".join(f"{key}: {value}" for key, value in (head | matter).items())
    (folder / f"{name}.txt").write_text(f"---\n{lines}\n---\n{text}\n", encoding="utf-8")


def drafts(folder: Path, pack: Path) -> pd.DataFrame:
    record = read_pack(pack)
    return drafts_of(open_reports([folder]), Gazetteer.from_pack(record, world=False), record)[0]


def test_twenty_reports_become_rows_of_a_sound_record(pack: Path, tmp_path: Path) -> None:
    wanted = set()
    for number in range(20):
        text, kind = KINDS[number % 4]
        town = list(TOWNS)[number % 2]
        day = number + 1
        sentence = text.format(town=TOWNS[town], day=day)
        report(tmp_path / "reports", f"r{number:02d}", sentence, f"2001-03-{day + 1:02d}")
        wanted.add((f"2001-03-{day:02d}", kind, town))
    assert check_pack(pack) == []
    table = drafts(tmp_path / "reports", pack)
    assert set(zip(table["event_date"], table["event_type"], table["place_id"], strict=True)) == (
        wanted
    )
    done = accept_drafts(table.assign(verdict="accept"), pack)
    assert done.rejects.empty and len(done.events) == 20 and len(done.sources) == 20
    assert check_pack(pack) == []
    events = read_pack(pack).events
    assert len(events) == 20 and (events["certainty"] == "probable").all()
    # The source and where in it the words stand.
    row = events.iloc[0]
    span = row["note"].split()[1]
    first, last = map(int, span.split("-"))
    file = tmp_path / "reports" / f"{row['source_ids']}.txt"
    passage = file.read_text(encoding="utf-8")[first:last]
    assert passage.startswith("Northford was shelled") and passage in row["note"]


def test_the_commands_do_the_same(pack: Path, tmp_path: Path) -> None:
    report(tmp_path / "reports", "one", "Northford was shelled on 3 March 2001.", "2001-03-04")
    out = tmp_path / "drafts.csv"
    run = CliRunner()
    done = run.invoke(app, ["read", str(tmp_path / "reports"), "-o", str(out), "--pack", str(pack)])
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [row["verdict"] for row in rows] == [""]
    rows[0]["verdict"] = "accept"
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = run.invoke(app, ["accept", str(out), "--into", str(pack), "--dry-run"])
    assert done.exit_code == 0 and "would write 1 events" in done.output
    assert len(read_pack(pack).events) == 0
    done = run.invoke(app, ["accept", str(out), "--into", str(pack)])
    assert done.exit_code == 0 and "wrote 1 events and 1 sources" in done.output
    assert check_pack(pack) == [] and len(read_pack(pack).events) == 1


def test_what_several_reports_tell_is_one_draft_with_both_sources(
    pack: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    report(folder, "a", "Northford was shelled on 3 March 2001.", "2001-03-04")
    report(folder, "b", "On Saturday rockets hit Northford.", "2001-03-05")
    report(folder, "c", "Southwick was shelled on 3 March 2001.", "2001-03-05")
    report(folder, "d", "Northford was shelled on 13 March 2001.", "2001-03-15")
    table = drafts(folder, pack)
    assert list(table["source_ids"]) == ["a|b", "c", "d"]
    assert list(table["place_id"]) == ["p00", "p10", "p00"]


def test_what_the_record_has_is_said(pack: Path, tmp_path: Path) -> None:
    report(tmp_path / "reports", "a", "Northford was shelled on 3 March 2001.", "2001-03-04")
    first = drafts(tmp_path / "reports", pack)
    assert list(first["in_record"]) == [""]
    (identity,) = accept_drafts(first.assign(verdict="accept"), pack).events["id"]
    report(tmp_path / "more", "b", "Shells fell on Northford on 3 March 2001.", "2001-03-05")
    assert list(drafts(tmp_path / "more", pack)["in_record"]) == [identity]
    report(tmp_path / "again", "c", "Northford was bombed on 4 March 2001.", "2001-03-05")
    assert list(drafts(tmp_path / "again", pack)["in_record"]) == [identity]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"event_date": ""}, "no event_date"),
        ({"event_date": "someday"}, "someday"),
        ({"event_type": "picnic"}, "no type of event"),
        ({"place_id": "geonames:1"}, "no place of the pack"),
        ({"planned": "yes"}, "still to come"),
        ({"source_ids": ""}, "needs a source"),
        ({"source_affiliation": ""}, "no source_affiliation"),
    ],
)
def test_what_can_not_be_a_row_comes_back_with_the_reason(
    pack: Path, tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    report(tmp_path / "reports", "a", "Northford was shelled on 3 March 2001.", "2001-03-04")
    report(tmp_path / "reports", "b", "Talks were held in Southwick on 9 March 2001.", "2001-03-10")
    table = drafts(tmp_path / "reports", pack).assign(verdict="accept")
    for column, value in change.items():
        table.loc[0, column] = value
    done = accept_drafts(table, pack)
    assert list(done.rejects["draft_id"]) == ["d0001"] and list(done.rejects["line"]) == [2]
    assert reason in done.rejects["reason"][0]
    assert len(done.events) == 1 and check_pack(pack) == []


def test_verdicts_are_a_persons(pack: Path, tmp_path: Path) -> None:
    report(tmp_path / "reports", "a", "Northford was shelled on 3 March 2001.", "2001-03-04")
    table = drafts(tmp_path / "reports", pack)
    untouched = accept_drafts(table, pack)
    assert untouched.events.empty and untouched.left == 1
    refused = accept_drafts(table.assign(verdict="reject"), pack)
    assert refused.events.empty and refused.refused == 1
    with pytest.raises(InputError, match=r"line 2 \[verdict\].*'perhaps'"):
        accept_drafts(table.assign(verdict="perhaps"), pack)
    path = tmp_path / "d.csv"
    table.drop(columns="verdict").to_csv(path, index=False)
    with pytest.raises(InputError, match="no column 'verdict'"):
        read_drafts(path)


def test_lines_that_were_there_stay_as_they_are(pack: Path) -> None:
    path = pack / "places.csv"
    before = path.read_text(encoding="utf-8").splitlines()
    add_rows(
        pack,
        {"places": [ENVELOPE | {"id": "p05", "kind": "settlement", "lon": "10.3", "lat": "50.3"}]},
    )
    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if not line.startswith("p05")] == before
    assert check_pack(pack) == []
    with pytest.raises(InputError, match="already"):
        add_rows(pack, {"places": [{"id": "p05"}]})
    held = path.read_bytes()
    with pytest.raises(PackError):
        add_rows(pack, {"places": [{"id": "p06", "kind": "nonsense"}]})
    assert path.read_bytes() == held


def test_reports_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes("Ñ".encode("latin-1"))
    with pytest.raises(InputError, match=r"x\.txt: byte 0 is not UTF-8"):
        open_reports([tmp_path / "x.txt"])
    with pytest.raises(InputError, match="can't be read"):
        open_reports([tmp_path / "none.txt"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"without \.txt"):
        open_reports([tmp_path / "empty"])


def test_a_row_without_a_title_is_called_after_its_place(pack: Path, tmp_path: Path) -> None:
    report(tmp_path / "reports", "a", "Northford was shelled on 3 March 2001.", "2001-03-04")
    table = drafts(tmp_path / "reports", pack)
    moved = table.assign(verdict="accept", place_id="p10", title="", lon="", lat="")
    (title,) = accept_drafts(moved, pack).events["title"]
    assert title.startswith("Southwick: ") and table["title"][0].startswith("Northford: ")
