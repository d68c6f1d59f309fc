"""Opt-in network, without a network: what is fetched is checked, kept, and never asked twice."""

from __future__ import annotations

import io
import urllib.error
import zipfile
from pathlib import Path
from typing import Any

import pytest

from atlas.base.errors import InputError, NotFoundError
from atlas.gazetteer import Gazetteer, fetch_geonames
from atlas.gazetteer.online import Nominatim
from atlas.world.dumps import dump_rows, fetched_dumps
from tests.gazetteer.samples import frames

LINE = "\t".join(
    ["7", "Testkand", "Testkand", "Test Kend,Тесткенд", "40.5", "46.5", "P", "PPL", "AZ", "",
     "01", "", "", "", "120", "", "300", "Asia/Baku", "2020-01-01"]
)  # fmt: skip


def _zip(name: str, text: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, text)
    return data.getvalue()


def test_a_dump_is_fetched_once_and_read(tmp_path: Path) -> None:
    asked: list[str] = []

    def get(address: str) -> bytes:
        asked.append(address)
        return _zip("AZ.txt", LINE + "\n")

    for _ in range(2):
        (path,) = fetch_geonames(["az"], directory=tmp_path, get=get)
    assert len(asked) == 1 and asked[0].endswith("/AZ.zip")
    assert list(dump_rows(path)) == [
        (7, "Testkand", ["Test Kend", "Тесткенд"], "settlement", 46.5, 40.5, "AZ", 120)
    ]
    assert fetched_dumps(tmp_path) == [path]


def test_a_dump_changed_on_disk_is_not_used(tmp_path: Path) -> None:
    (path,) = fetch_geonames(["AZ"], directory=tmp_path, get=lambda _: _zip("AZ.txt", LINE))
    path.write_text(LINE.replace("46.5", "12.5"))
    assert fetched_dumps(tmp_path) == []


def test_what_is_no_dump_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected 00"):
        fetch_geonames(
            ["AZ"], directory=tmp_path, get=lambda _: _zip("AZ.txt", LINE), known={"AZ": "00"}
        )
    for data in (b"<html>", _zip("other.txt", LINE), _zip("AZ.txt", "a\tb")):
        with pytest.raises(InputError):
            fetch_geonames(["AZ"], directory=tmp_path, get=lambda _, data=data: data)
    with pytest.raises(InputError, match="country code"):
        fetch_geonames(["../x"], directory=tmp_path)
    assert fetched_dumps(tmp_path) == []


def test_no_network_says_what_to_do(tmp_path: Path) -> None:
    def get(_: str) -> bytes:
        raise urllib.error.URLError("no route")

    with pytest.raises(NotFoundError, match="do without"):
        fetch_geonames(["AM"], directory=tmp_path, get=get)


def test_nominatim_is_asked_on_a_miss_only_and_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(name: str) -> list[dict[str, Any]]:
        asked.append(name)
        return [
            {"lat": "40.0", "lon": "46.0", "osm_type": "node", "osm_id": 5, "importance": 0.3,
             "display_name": "Zzyzx, Nowhere", "class": "place", "address": {"country_code": "az"}}
        ]  # fmt: skip

    service = Nominatim(ask=ask, directory=tmp_path)
    gazetteer = Gazetteer(*frames(), world=False, online=service)
    assert gazetteer.resolve("Baku").place is not None
    assert asked == []
    for _ in range(2):
        answer = gazetteer.resolve("Zzyzx")
        assert answer.place is not None and answer.place.id == "osm:node/5"
        assert "OpenStreetMap" in answer.why
    assert asked == ["Zzyzx"]
    again = Nominatim(ask=ask, directory=tmp_path)
    assert again.candidates("Zzyzx")[0].place.source == "nominatim"
    assert asked == ["Zzyzx"]


@pytest.mark.parametrize("kept", [
    "7", "[]", "[[1, 2]]", '{"Zzyzx": 7}', '{"Zzyzx": [7]}', '{"Zzyzx": [{"lon": "46"}]}',
    '{"Zzyzx": null}', "\x00", "folder", '{"Zzyzx": [{"lon": 46, "lat": 4',
    '{"Zzyzx": [{"lon": "NaN", "lat": "40"}]}', '{"Zzyzx": [{"lon": 46, "lat": 940}]}',
    '{"Zzyzx": [{"lon": 46, "lat": 40, "address": "x"}]}', "[" * 100_000,
])  # fmt: skip
def test_what_was_kept_and_spoilt_is_asked_for_anew(kept: str, tmp_path: Path) -> None:
    path = tmp_path / "nominatim.json"
    path.mkdir() if kept == "folder" else path.write_text(kept)
    good = {"lat": "40", "lon": "46", "osm_type": "node", "osm_id": 1, "display_name": "A"}
    service = Nominatim(ask=lambda _: [{"lat": "x"}, good], directory=tmp_path)
    for _ in range(2):
        assert [one.place.id for one in service.candidates("Zzyzx")] == ["osm:node/1"]


def test_a_spoilt_dump_is_not_used_and_a_spoilt_row_left_out(tmp_path: Path) -> None:
    rows = [
        LINE,
        LINE.replace("46.5", "east"),
        LINE.replace("40.5", "nan"),
        LINE.replace("7", "?", 1),
    ]
    (path,) = fetch_geonames(
        ["AZ"], directory=tmp_path, get=lambda _: _zip("AZ.txt", "\n".join(rows))
    )
    assert [row[0] for row in dump_rows(path)] == [7]
    path.with_suffix(".sha256").write_bytes(b"\xff\xfe\x00")
    assert fetched_dumps(tmp_path) == []


def test_several_online_answers_stay_ambiguous(tmp_path: Path) -> None:
    def ask(_: str) -> list[dict[str, Any]]:
        return [
            {"lat": "40", "lon": "46", "osm_type": "node", "osm_id": 1, "display_name": "A"},
            {"lat": "10", "lon": "6", "osm_type": "node", "osm_id": 2, "display_name": "A"},
        ]

    gazetteer = Gazetteer(*frames(), world=False, online=Nominatim(ask=ask, directory=tmp_path))
    assert gazetteer.resolve("Zzyzx").status == "ambiguous"


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(InputError, match="there is: nominatim"):
        Gazetteer(*frames(), world=False, online="elsewhere")
