"""What fuzzing found once, and what every target begins from, again."""

# ruff: noqa: E501
from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, attempt

CORPUS = Path(__file__).parent / "corpus"
FOUND = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
# Inputs that are quick to say and were slow to read, or broke a reader once.
KNOWN = {
    "dates": [b"Y1E10000000", b"Y1E9999999999", b"[" + b"2020..2021," * 2000 + b"]", b"[" * 5000, b"-9999-12-31", b"9999-12-31/..",
              b"0000-00-00", b"in" * 20_000, b"2020-10-03/" * 500, "\ud800".encode("utf-8", "surrogatepass")],
    "geocode": [b"in" * 5_000, b"(" * 2_000, b", " * 5_000, "\u202e".encode() * 100, b"A / " * 1_000],
    "read": [b"On 3 March 2001 " * 2_000, b"a" * 50_000, b"\x00" * 100, b"A. " * 5_000],
    "events-text": [b'{"a":' * 3_000, b"[" * 100_000, b'date,lat,lon\n"2020', b"date,lat,lon\r2020,1,2\r", b"\xff\xfe", b"\x00" * 500,
                    b"<kml>" * 1_000, b'<!DOCTYPE a [<!ENTITY b "c">]><kml>&b;</kml>', b"date,lat,lon\n2020,nan,inf\n", b"a," * 20_000],
    "pack-toml": [b"a = " + b"[" * 3_000, b'id = "../../x"', b"bbox = [nan, inf, -inf, 1e400]", b"\xff"],
    "words": [b"[" * 100_000, b'{"deaths": {"other": 1}}', b"null", b'{"deaths": "\\ud800"}'],
}  # fmt: skip


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_once_is_read_or_refused(path: Path) -> None:
    attempt(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_target_takes_what_it_begins_from_whole_cut_and_spoilt(name: str) -> None:
    few = TARGETS[name].seeds()[:3]
    for data in [*few, *KNOWN.get(name, [])]:
        for one in (data, data[: len(data) // 2], data.replace(b"0", b"\xff", 1))[
            : 3 if data in few else 1
        ]:
            attempt(name, one)
