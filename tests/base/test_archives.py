"""Every reader of a zip opens it at the one door: bombs, locks and damage are one sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.base.archives import MAX_MEMBERS
from atlas.base.errors import InputError
from atlas.events import read_events
from atlas.reading.accept import read_drafts
from atlas.record.schema import TABLES
from atlas.record.tables import RawTable
from atlas.record.vectors import read_vectors
from atlas.record.workbook import is_workbook, read_sheets
from tests.events.makers import ods, zipped


def book(**more: bytes) -> bytes:
    """A workbook as far as its first bytes tell."""
    return zipped(**{"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"} | more)


def sheets(path: Path) -> Any:
    from atlas.base.notes import Notes

    none = {name: RawTable(table) for name, table in TABLES.items()}
    return read_sheets(path, none, Notes("x"))


#: Reader -> how it reads a file, the file's name, and the member that a file of its kind has.
READERS: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "events in a zip": (read_events, "a.zip", "a.csv"),
    "events in a workbook": (read_events, "a.xlsx", "[Content_Types].xml"),
    "events in ods": (read_events, "a.ods", "content.xml"),
    "shapes": (read_vectors, "a.kmz", "doc.kml"),
    "a record's workbook": (sheets, "a.xlsx", "xl/workbook.xml"),
    "drafts": (read_drafts, "a.xlsx", "xl/workbook.xml"),
}


def claiming(data: bytes, size: int) -> bytes:
    """An archive whose last member states that it unpacks to `size` bytes."""
    out = bytearray(data)
    at = out.rfind(b"PK\x01\x02")
    out[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(out)


def locked(data: bytes) -> bytes:
    out = bytearray(data)
    at = out.rfind(b"PK\x01\x02")
    out[at + 8] |= 1
    return bytes(out)


def oddly_packed(data: bytes) -> bytes:
    out = bytearray(data)
    for mark, field in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        at = out.rfind(mark)
        out[at + field : at + field + 2] = struct.pack("<H", 97)
    return bytes(out)


def of_a_version_to_come(data: bytes) -> bytes:
    out = bytearray(data)
    out[out.rfind(b"PK\x01\x02") + 6] = 99
    return bytes(out)


def crowded(member: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(MAX_MEMBERS + 1):
            archive.writestr(f"{number}", b"")
        archive.writestr(member, b"x")
    return out.getvalue()


BROKEN: dict[str, tuple[Callable[[str], bytes], str]] = {
    "a bomb": (lambda member: claiming(zipped(**{member: b"x" * 1000}), 3 << 30), "would unpack"),
    "locked": (lambda member: locked(zipped(**{member: b"x" * 1000})), "encrypted"),
    "crowded": (crowded, "holds more than"),
    "oddly packed": (lambda member: oddly_packed(zipped(**{member: b"x" * 1000})), ""),
    "of a version to come": (
        lambda member: of_a_version_to_come(zipped(**{member: b"x" * 1000})), "zip file version",
    ),
    "cut": (lambda member: zipped(**{member: b"x" * 1000})[:-30], ""),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_of_a_zip_refuses_it_in_a_sentence(reader, broken, tmp_path):
    read, name, member = READERS[reader]
    make, said = BROKEN[broken]
    path = tmp_path / name
    path.write_bytes(make(member))
    with pytest.raises(InputError, match=said or None) as caught:
        read(path)
    assert "\n" not in str(caught.value) and path.name in str(caught.value)
    if broken == "a bomb":
        assert not list(tmp_path.glob("*/*"))


@pytest.mark.parametrize("broken", BROKEN)
def test_whether_it_is_a_workbook_is_told_of_any_zip(broken, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(BROKEN[broken][0]("xl/workbook.xml"))
    assert is_workbook(path) is (broken not in ("of a version to come", "cut"))


def test_what_is_packed_names_no_version_of_python():
    from atlas.base.archives import gzipped

    packed = gzipped(b"x" * 100)
    assert packed[:10].hex() == "1f8b0800000000000203"
    assert __import__("gzip").decompress(packed) == b"x" * 100


def test_whole_archives_are_read(tmp_path):
    path = tmp_path / "a.ods"
    path.write_bytes(ods([["date", "lon", "lat"], ["2020-10-03", 46.75, 39.8]]))
    assert len(read_events(path)) == 1
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(a__csv=b"date,lon,lat\n2020-10-03,46.75,39.8\n"))
    assert len(read_events(path)) == 1
