"""The release: one archive with all of the record, checked by its own sums, the same every time."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import atlas
from atlas.base.errors import InputError
from atlas.record.pack import read_pack
from atlas.record.schema import TABLES
from atlas.site.release import write_release
from tests.packs import spell, write_pack

ROOT = Path(__file__).resolve().parents[2]


def small_pack(tmp_path: Path) -> Path:
    control = [spell("c1", "a00", "A", "2000-01-01"), spell("c2", "a10", "B", "2000-01-01")]
    return write_pack(tmp_path / "pack", control)


def released(tmp_path: Path, to: str) -> tuple[Path, Path]:
    pack = read_pack(small_pack(tmp_path))
    return write_release(pack, tmp_path / to, version="1.2.3", beside=[ROOT / "CITATION.cff"])


def test_all_of_the_record_is_in_it_and_its_sums_are_right(tmp_path: Path) -> None:
    archive, checksum = released(tmp_path, "out")
    digest, name = checksum.read_text(encoding="utf-8").split()
    assert name == archive.name
    assert digest == hashlib.sha256(archive.read_bytes()).hexdigest()
    with zipfile.ZipFile(archive) as packed:
        files = {Path(one).name: packed.read(one) for one in packed.namelist()}
        assert {Path(one).parent.name for one in packed.namelist()} == {archive.stem}
    sums = dict(line.split()[::-1] for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {one: hashlib.sha256(data).hexdigest() for one, data in files.items()}
    assert {f"{table}.csv" for table in TABLES} <= set(files)
    assert {"sources.json", "CITATION.cff", "control_shapes.parquet"} <= set(files)
    assert sum(one.endswith(".gpkg") for one in files) == 1
    assert list(pd.read_csv(io.BytesIO(files["control.csv"]))["id"]) == ["c1", "c2"]
    assert json.loads(files["datapackage.json"])["version"] == "1.2.3"


def test_the_same_record_is_the_same_bytes(tmp_path: Path) -> None:
    first, second = released(tmp_path, "one")[0], released(tmp_path, "two")[0]
    assert first.read_bytes() == second.read_bytes()


def test_a_file_that_is_not_there_is_named_before_anything_is_written(tmp_path: Path) -> None:
    pack = read_pack(small_pack(tmp_path))
    with pytest.raises(InputError, match="NOTHING"):
        write_release(pack, tmp_path / "out", version="1", beside=[tmp_path / "NOTHING"])
    assert not (tmp_path / "out").exists()


def test_a_file_beside_does_not_take_the_place_of_the_sums(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text("mine", encoding="utf-8")
    pack = read_pack(small_pack(tmp_path))
    with pytest.raises(InputError, match="SHA256SUMS already"):
        write_release(pack, tmp_path / "out", version="1", beside=[tmp_path / "SHA256SUMS"])


def test_the_citation_names_the_version_that_is_released() -> None:
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert cited is not None and cited[1] == atlas.__version__
