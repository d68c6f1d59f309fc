"""The session of ``docs/from-reports.md``, run as it stands there: reports to rows of a record.

    python -m tests.reading.test_from_reports

writes the session on that page anew, with what the commands print now.
"""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from atlas.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "from-reports.md"
REPORTS = ROOT / "examples" / "reports"
_SESSION = re.compile(r"(?s)(?<=```console\n).*?(?=```)")


def judge(drafts: Path) -> int:
    """Write verdicts into a table of drafts; each must stand at the draft it is about."""
    with (REPORTS / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        verdicts = {row["draft_id"]: row for row in csv.DictReader(file)}
    with drafts.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    for row in rows:
        said = verdicts.pop(row["draft_id"], None)
        if said is None:
            continue
        assert row["quote"].startswith(said["quote"]), (row["draft_id"], row["quote"])
        row["verdict"] = said["verdict"]
        row["place_id"] = said["place_id"] or row["place_id"]
    assert not verdicts, f"verdicts about no draft: {sorted(verdicts)}"
    with drafts.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def commands() -> list[str]:
    return re.findall(r"^\$ (.+)$", _SESSION.search(PAGE.read_text(encoding="utf-8"))[0], re.M)  # type: ignore[index]


def session(folder: Path) -> tuple[str, list[int]]:
    """Run the commands of the page in a folder; what a terminal shows, and their statuses."""
    (folder / "examples").symlink_to(ROOT / "examples")
    (folder / "geodata").symlink_to(ROOT / "geodata")
    shown, statuses = [], []
    for line in commands():
        shown.append(f"$ {line}\n")
        words = line.partition(" #")[0].split()
        if words[0] == "cp":
            shutil.copytree(folder / words[2], folder / words[3])
        elif words[0] == "atlas":
            done = CliRunner().invoke(app, words[1:])
            shown.append(done.output)
            statuses.append(done.exit_code)
        else:  # a person opens the table and writes verdicts
            judge(folder / words[1])
    return "".join(shown), statuses


def test_the_session_is_as_the_page_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    shown, statuses = session(tmp_path)
    assert statuses == [0, 0, 0], shown
    assert shown == _SESSION.search(PAGE.read_text(encoding="utf-8"))[0]  # type: ignore[index]
    with (tmp_path / "my-pack" / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    before = (ROOT / "geodata" / "south-caucasus" / "events.csv").read_text(encoding="utf-8")
    new = [row for row in rows if f"\n{row['id']}," not in before]
    assert len(new) == 15
    told = {(row["event_date"], row["event_type"], row["place_id"]) for row in new}
    assert ("2019-04-09", "explosions_remote_violence", "tartar") in told
    assert ("2019-10-26", "talks", "geneva") in told
    thrice = next(row for row in new if row["place_id"] == "tartar")
    assert len(thrice["source_ids"].split("|")) == 3
    # The passage that a locator names is the one that is quoted.
    where = re.search(r"(\d+)-(\d+) of (\S+?\.txt)", thrice["note"])
    assert where is not None
    text = (REPORTS / where[3]).read_text(encoding="utf-8")
    assert "Terter" in text[int(where[1]) : int(where[2])]


if __name__ == "__main__":
    import os
    import tempfile

    os.environ["COLUMNS"] = "80"
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        now, _ = session(Path(name))
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_SESSION.sub(lambda _: now, page, count=1), encoding="utf-8")
