"""The user's own files through every command that takes events, and what is refused beforehand."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from atlas.base.errors import AtlasError
from atlas.base.frames import write_frame
from atlas.cli import app

KINDS = (".csv", ".tsv", ".xlsx", ".json", ".parquet", ".geojson", ".gpkg")
# Three spellings of the headers people give their columns.
HEADERS = (("Date", "Location"), ("WHEN", "where"), ("incident date", "Place name"))
ROWS = [("2020-11-10", "Shusha"), ("9 Oct 2020", "Hadrut"), ("2020-10-04", "Stepanakert")]


def go(*words: str, stdin: str | None = None) -> tuple[int, str, str]:
    """Status, output and messages of a command run in this process."""
    shown = CliRunner().invoke(app, list(words), input=stdin)
    if isinstance(shown.exception, AtlasError):
        return 2, shown.stdout, str(shown.exception)
    assert shown.exception is None or isinstance(shown.exception, SystemExit), shown.exception
    return shown.exit_code, shown.stdout, shown.stderr


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same three rows in every container; those of layers have positions."""
    folder = tmp_path_factory.mktemp("mine")
    frame = pd.DataFrame(ROWS, columns=list(HEADERS[0]))
    placed = frame.assign(lon=[46.7499, 47.03, 46.75], lat=[39.7601, 39.52, 39.82])
    return {
        kind: write_frame(
            placed if kind in (".geojson", ".gpkg") else frame, folder / f"in_{kind[1:]}{kind}"
        )
        for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_any_kind_is_joined(kind: str, files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "who.xlsx"
    status, printed, told = go("join", str(files[kind]), "-o", str(out))
    assert status == 0, told
    assert "3 rows in: 3 read" in printed and "note: pack: south-caucasus" in told
    held = pd.read_excel(out)
    assert set(held["controller"]) <= {
        "AZ", "NK", "AZ|NK", "NK|AZ",
    }  # fmt: skip
    assert pd.api.types.is_datetime64_any_dtype(held["start"])


def test_files_of_all_kinds_make_one_map_and_one_figure(
    files: dict[str, Path], tmp_path: Path
) -> None:
    paths = [str(path) for path in files.values()]
    page, still = tmp_path / "m.html", tmp_path / "f.svg"
    status, _, told = go("map", *paths, "-o", str(page))
    assert status == 0 and "not on the map" not in told, told
    options = [word for path in paths for word in ("--events", path)]
    status, _, told = go("figure", *options, "-o", str(still))
    assert status == 0 and "not on the figure" not in told, told
    assert page.stat().st_size > 100_000 and still.stat().st_size > 10_000


@pytest.mark.parametrize("kind", [".xlsx", ".gpkg"])
def test_a_file_is_matched_and_located(kind: str, files: dict[str, Path], tmp_path: Path) -> None:
    links, located = tmp_path / "links.csv", tmp_path / "located.geojson"
    status, printed, told = go("match", str(files[".csv"]), str(files[kind]), "-o", str(links))
    assert status == 0, told
    assert "3 best both ways" in printed
    assert pd.read_csv(links)["a_line"].isin([2, 3, 4]).all()
    status, _, told = go("locate", str(files[kind]), "-o", str(located))
    assert status == 0 and located.exists(), told


@pytest.mark.parametrize("headers", HEADERS)
def test_names_only_from_standard_input_to_standard_output(headers: tuple[str, str]) -> None:
    table = pd.DataFrame(ROWS, columns=list(headers)).to_csv(index=False)
    status, printed, told = go("join", "-", "-o", "-", stdin=table)
    assert status == 0, told
    back = pd.read_csv(io.StringIO(printed))
    assert len(back) == 3 and set(back["controller"]) <= {"AZ", "NK"}
    assert "note: " in told and printed.startswith(headers[0])


def test_nothing_of_yours_in_it_is_status_1(tmp_path: Path) -> None:
    source = tmp_path / "far.csv"
    source.write_text("date,lat,lon\n2021-05-03,2.955,-76.27\n", encoding="utf-8")
    status, _, told = go("join", str(source), "-o", str(tmp_path / "o.csv"))
    assert status == 1 and "none of your 1 event is on the ground of a record" in told
    assert "pack: none" in told
    assert go("join", str(source), "-o", str(tmp_path / "o.csv"), "--pack", "none")[0] == 0
    source.write_text("date,place\n2020-13-45,Shusha\n", encoding="utf-8")
    status, _, told = go("map", str(source), "-o", str(tmp_path / "m.html"))
    assert status == 1 and "nothing of yours is on the map" in told
    assert (tmp_path / "m.rejects.csv").exists()


REFUSED = [
    (("map", "{in}", "-o", "{in}"), "end 'in.csv' in .html"),
    (("join", "{in}", "-o", "{in}"), "--out would overwrite"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--rejects", "{in}"), "--rejects would overwrite"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--rejects", "{dir}/o.csv"), "would both write"),
    (("join", "{in}", "-o", "{dir}/o.doc"), "must end in .csv"),
    (("join", "{in}", "-o", "{dir}/none/o.csv"), "there is no folder"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--bbox", "51,42,44,38"), "west and south first"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--bbox", "51;42"), "write e.g. 44,38,51,42"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--from", "soon"), "is not a date"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--from", "2021", "--to", "2020"), "swap the two dates"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--date-order", "abc"), "date_order must be"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--encoding", "nope"), "nope"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--columns", "date"), "is not use=column"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--engine", "spark"), "there are: pandas, dask"),
    (("join", "{in}", "-o", "{dir}/o.csv", "--engine", "dask"), "name a folder"),
    (("join", "-", "-o", "{dir}/o", "--engine", "dask"), "the dask engine reads files"),
    (("join", "{in}", "-o", "-", "--json"), "would both print"),
    (("map", "{in}", "-o", "{dir}/m.html", "--lang", "xx"), "no language 'xx'"),
    (("map", "{in}", "-o", "{dir}/m.html", "--layers", "roads"), "no layer 'roads'"),
    (("map", "{in}", "-o", "{dir}/m.html", "--assets", "web"), "there are: inline, cdn"),
    (("map", "-o", "{dir}/m.html", "--limit", "5"), "give a file with EVENTS"),
    (("figure", "-o", "{dir}/f.gif"), "end it in .png, .svg or .pdf"),
    (("figure", "-o", "{dir}/f.svg", "--series", "--routes"), "choose one"),
    (("figure", "-o", "{dir}/f.svg", "--series", "--events", "{in}"), "shows no events"),
    (("match", "-", "-", "-o", "{dir}/l.csv"), "holds one file"),
    (("at", "2020-11-10", "--user", "tourist"), "no user 'tourist'"),
    (("at", "2020-11-10", "--table", "control"), "give both"),
    (("changes", "2020-01-01", "2021-01-01", "--by", "week"), "month, quarter, year"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_wrong_usage_is_refused_before_anything_is_read(
    words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.csv"
    source.write_text("date,place\n2020-11-10,Shusha\n", encoding="utf-8")

    def loaded(*_args: object, **_options: object) -> None:
        raise AssertionError("the work had begun")

    monkeypatch.setattr("atlas.record.pack.read_pack", loaded)
    monkeypatch.setattr("atlas.facade.read_pack", loaded)
    monkeypatch.setattr("atlas.events.take", loaded)
    written = [word.replace("{in}", str(source)).replace("{dir}", str(tmp_path)) for word in words]
    status, _, told = go(*written)
    assert status == 2 and message in told, told
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_any_encoding_of_standard_output_will_do() -> None:
    words = ["geocode", "Xankəndi", "Ստեփանակերտ"]
    # What is asked for as ASCII is written as UTF-8; a code page gets what it can't hold escaped.
    for encoding, letter in (("ascii", "ə".encode()), ("cp1252", b"\\u0259")):
        done = subprocess.run(
            [sys.executable, "-m", "atlas", *words],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding},
        )
        assert done.returncode == 0, done.stderr
        assert letter in done.stdout


def test_what_a_set_is_called_tells_files_apart() -> None:
    from atlas.cli.own_events import _names

    assert _names(["a/x.csv", "-", "y.geo.json"]) == ["x", "stdin", "y"]
    assert len(set(_names(["a/x.csv", "b/x.csv", "b/x.csv"]))) == 3
