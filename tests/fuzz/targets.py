"""What is fuzzed: every reader of strangers' bytes, each with the inputs it begins from.

A target takes bytes and gives nothing back. It may refuse them with an `AtlasError`, or read them and
keep what it promises; all else is a finding.
"""

# ruff: noqa: E501
from __future__ import annotations

import gzip
import io
import json
import resource
import shutil
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from atlas.base.dates import read_date, read_dates
from atlas.base.errors import AtlasError, PackError
from atlas.base.timespan import boundary_day, parse_day, parse_edtf
from atlas.events import read_events
from atlas.facade import Atlas
from atlas.gazetteer import Gazetteer, read_judgements, read_linked_places
from atlas.map import build_map
from atlas.reading.accept import accept_drafts, read_drafts
from atlas.reading.read import read_text
from atlas.reading.reports import drafts_of, open_report
from atlas.record.areas import make_areas
from atlas.record.compare import differences
from atlas.record.exchange import export_gpkg
from atlas.record.pack import check_pack, read_pack
from atlas.record.recut import areas_of, areas_text, put_areas
from atlas.record.snapshots import import_snapshots
from atlas.record.takeback import import_gpkg
from atlas.record.workbook import export_workbook
from atlas.words.load import spoken, word_faults
from tests.events.makers import CONTAINERS, ods, zipped
from tests.map.demo import write_demo

__all__ = ["SECONDS", "TARGETS", "Target", "TooSlowError", "attempt"]

SECONDS = 20.0  # of the processor's time that a single input may take
MEMORY = 1 << 30  # bytes that a single input may need beyond what was there before
_LONGEST_MESSAGE = 2_000  # characters of a refusal that a person reads
_ROWS = pd.DataFrame(
    {
        "event_date": ["2000-03-15", "2001-05-10/2001-05-12"],
        "lon": [10.25, 10.75],
        "lat": [50.25, 50.25],
        "place_name": ["Oldtown", "Beta"],
        "best": [1.0, None],
    }
)


class TooSlowError(Exception):
    """An input that takes longer than promised."""


class TooLargeError(Exception):
    """An input that needs more memory than promised."""


@dataclass(frozen=True)
class Target:
    """A reader to be fuzzed.

    Attributes
    ----------
    run : callable
        Takes bytes.
    seeds : callable
        Gives inputs to begin from.
    """

    run: Callable[[bytes], Any]
    seeds: Callable[[], list[bytes]]


def attempt(name: str, data: bytes) -> None:
    """Give one input to a target; whatever is raised is a finding."""
    # What the processor was busy with: a clock on the wall would find faults on a busy machine.
    before, held, peak = time.process_time(), _resident(), _peak()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            TARGETS[name].run(data)
        except PackError as error:
            assert error.faults
        except AtlasError as error:
            assert str(error).strip(), "a refusal without a word"
            assert len(str(error)) <= _LONGEST_MESSAGE, f"a refusal of {len(str(error))} characters"
    if (took := time.process_time() - before) > SECONDS:
        raise TooSlowError(f"{took:.0f} s")
    if _peak() > peak and (needed := _peak() - held) > MEMORY:
        raise TooLargeError(f"{needed >> 20} MB")


def _resident() -> int:
    """Bytes that this process holds now; the most it ever held where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return _peak()
    return int(pages) * resource.getpagesize()


def _peak() -> int:
    """The most that this process ever held, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


# --- what the targets share ---------------------------------------------------------------------


@cache
def _room() -> Path:
    return Path(tempfile.mkdtemp(prefix="atlas-fuzz-"))


@cache
def _demo() -> Path:
    return write_demo(_room() / "demo")


@cache
def _record() -> Any:
    return read_pack(_demo())


@cache
def _atlas() -> Atlas:
    return Atlas(_record())


def _names() -> Gazetteer:
    return _atlas().gazetteer


def _text(data: bytes) -> str:
    """Any text, half characters among them."""
    return data.decode("utf-8", "surrogatepass") if _whole(data) else data.decode("latin-1")


def _whole(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _file(data: bytes, name: str) -> Path:
    path = _room() / name
    path.write_bytes(data)
    return path


# --- events -------------------------------------------------------------------------------------


def _conserved(source: Any) -> None:
    found = read_events(source)
    told = (len(found.frame), len(found.rejects), found.rows)
    assert found.rows == len(found.frame) + len(found.rejects), f"rows are lost: {told}"


def _events(data: bytes) -> None:
    _conserved(io.BytesIO(data))


def _sheet(data: bytes) -> None:
    """Bytes as the XML of a workbook's one sheet."""
    book = zipped(**_workbook(data))
    _conserved(io.BytesIO(book))


def _workbook(sheet: bytes) -> dict[str, bytes]:
    main = "http://schemas.openxmlformats.org"
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{main}/package/2006/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/s.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
            'worksheet+xml"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="a" Type='
            f'"{main}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r" Type='
            f'"{main}/officeDocument/2006/relationships/worksheet" Target="s.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{main}/officeDocument/'
            '2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>'
        ).encode(),
        "xl/s.xml": sheet,
    }


def _sheet_seeds() -> list[bytes]:
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{day}</t></is></c>'
        f'<c r="B{n}"{kind}><v>{lon}</v></c><c r="C{n}"{kind}><v>{lat}</v></c></row>'
        for n, (day, lon, lat, kind) in enumerate(
            [("date", "lon", "lat", ' t="str"'), ("2020-10-03", 46.75, 39.8, "")], 1
        )
    )
    uri = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return [f'<worksheet xmlns="{uri}"><sheetData>{cells}</sheetData></worksheet>'.encode()]


def _ods(data: bytes) -> None:
    """Bytes as the content of an OpenDocument sheet."""
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    _conserved(io.BytesIO(zipped(mimetype=kind, content__xml=data)))


def _ods_seeds() -> list[bytes]:
    made = ods([["date", "lon", "lat"], ["2020-10-03", 46.75, 39.8]])
    return [zipfile.ZipFile(io.BytesIO(made)).read("content.xml")]


def _packed(data: bytes) -> None:
    """Bytes inside a gzip and a zip."""
    _conserved(io.BytesIO(gzip.compress(data, 1)))
    _conserved(io.BytesIO(zipped(a__csv=data)))


def _made(*kinds: str) -> list[bytes]:
    folder = Path(tempfile.mkdtemp(dir=_room()))
    return [Path(CONTAINERS[kind](_ROWS, folder)).read_bytes() for kind in kinds]


_WRITTEN = [
    b"date,lat,lon\n3 Oct 2020,39.8,46.7\n",
    b"Date;Ort;Tote\n03.10.2020;Schuschi;3\n",
    b"#date,#geo+lat,#geo+lon\n2020-10-03,39.8,46.7\n",
    b'date,coordinates\n"2020-10-03","39\xc2\xb046\'N 46\xc2\xb045\'E"\n',
    b"date,geom\n2020-10-03,POINT (46.7 39.8)\n",
    b"year,month,day,latitude,longitude\n2020,10,3,39.8,46.7\n",
    b"event_id_cnty,event_date,event_type,sub_event_type,actor1,latitude,longitude,fatalities\n"
    b"A1,03 October 2020,Battles,Armed clash,X,39.8,46.7,1\n",
    b"id,date_start,date_end,latitude,longitude,best,type_of_violence,where_prec,date_prec\n"
    b"1,2020-10-03,2020-10-04,39.8,46.7,1,1,1,1\n",
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"date":"2020"},'
    b'"geometry":{"type":"Point","coordinates":[46.7,39.8]}}]}',
    b'[{"date":"2020-10-03","lat":39.8,"lon":46.7}]',
    b'{"Result":[{"date":"2020-10-03","lat":39.8,"lon":46.7}],"TotalCount":1}',
    b'{"date":"2020-10-03","lat":39.8,"lon":46.7}\n{"date":"2020-10-04","lat":39.8,"lon":46}\n',
    b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>a</name><TimeStamp>'
    b"<when>2020-10-03</when></TimeStamp><Point><coordinates>46.7,39.8</coordinates></Point>"
    b"</Placemark></Document></kml>",
    b"<table><tr><th>date</th><th>lat</th><th>lon</th></tr><tr><td>2020</td><td>1</td><td>2</td>"
    b"</tr></table>",
]


# --- dates --------------------------------------------------------------------------------------


def _dates(data: bytes) -> None:
    text = _text(data)
    lines = text.split("\n")
    read_dates(lines)
    for call in (parse_edtf, parse_day, read_date):
        _refused(call, text)
    for end in (False, True):
        _refused(lambda one, end=end: boundary_day(one, end=end), text)
    for order in ("dmy", "mdy"):
        _refused(lambda one, order=order: read_date(one, date_order=order), text)


def _refused(call: Callable[[str], Any], text: str) -> None:
    """Run a call that may refuse, so that the next one is tried, too."""
    try:
        call(text)
    except AtlasError as error:
        assert len(str(error)) <= _LONGEST_MESSAGE, f"a refusal of {len(str(error))} characters"


_DATES = [
    "2020-10-03", "2020-10?", "198X", "[2019,2020]", "2020-10/2021-03", "../2020", "Y17E3", "2020-21",
    "3 Oct 2020", "October 3, 2020", "10.11.2020", "2020/10/03", "44107", "3-5 October 2020", "",
    "3 октября 2020 г.", "from March 2020 to May 2021", "2020年10月3日", "03.10.2020 23:30+04:00", "Q1 2020",
]  # fmt: skip


# --- packs --------------------------------------------------------------------------------------


def _pack_with(name: str, data: bytes) -> None:
    """A pack one file of which is these bytes: faults, or a record that makes a map."""
    folder = _copied(name.partition("/")[0])
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    if check_pack(folder):
        return
    page = build_map(read_pack(folder)).get_root().render()
    assert "<!DOCTYPE html>" in page[:200]


@cache
def _copied(name: str) -> Path:
    return shutil.copytree(_demo(), _room() / f"with-{name}")


_FILES = (
    "places.csv", "names.csv", "areas.geojson", "control.csv", "routes.geojson", "episodes.csv",
    "zones.geojson", "mandates.csv", "events.csv", "chapters.csv", "sources.json",
    "basemap.geojson",
)  # fmt: skip


def _tables(data: bytes) -> None:
    """The first byte chooses the file, the rest is what stands in it."""
    _pack_with(_FILES[data[0] % len(_FILES)] if data else _FILES[0], data[1:])


def _table_seeds() -> list[bytes]:
    return [bytes([at]) + (_demo() / name).read_bytes() for at, name in enumerate(_FILES)]


def _settings(data: bytes) -> None:
    _pack_with("pack.toml", data)


def _words(data: bytes) -> None:
    folder = _copied("words")
    (folder / "words").mkdir(exist_ok=True)
    (folder / "words" / "el.json").write_bytes(data)
    if not word_faults(folder):
        said = spoken("el", folder=folder)
        said("eventCount", n=3)
        said.payload()


def _diff(data: bytes) -> None:
    folder = _copied("diff")
    (folder / _FILES[data[0] % len(_FILES) if data else 0]).write_bytes(data[1:])
    differences(_demo(), folder)


# --- names and texts ----------------------------------------------------------------------------


def _geocode(data: bytes) -> None:
    name, _, around = _text(data).partition("\n")
    _names().resolve(name, context=around or None)
    _names().resolve_column(_text(data).split("\n")[:50])


def _read(data: bytes) -> None:
    found = read_text(_text(data), _names(), published="2001-06-01")
    for mention in found.mentions:
        assert found.text[mention.start : mention.end] == mention.text


_TEXTS = [
    "Oldtown was shelled on 3 March 2001. Two people were killed near Beta on Saturday.",
    "On 5-7 May 2001 troops entered Gamma, 3 km north of Delta; nobody was hurt last week.",
    "Вчера, 3 марта 2001 года, обстрелян город Альфа.",
    "OLDTOWN, March 4 (Agency) - Talks between A and B ended in the capital of Beland.",
]


def _report(data: bytes) -> None:
    drafts_of([open_report(_file(data, "report.txt"))], _names(), _record())


_REPORT = (
    b"---\nid: one\ntitle: A report\npublished: 2001-03-04\naffiliation: neutral\nkind: press\n"
    b"url: https://example.org/a\n---\nOldtown was shelled on 3 March 2001.\n"
)


def _accept(data: bytes) -> None:
    accept_drafts(read_drafts(_file(data, "drafts.csv")), _demo(), dry_run=True)


_DRAFTS = (
    b"draft_id,verdict,event_date,event_type,place_id,title,source_ids,source_title,source_kind,"
    b"source_affiliation,source_issued,source_url,source_publisher,quote,locator,confidence\n"
    b"d1,accept,2001-03-03,explosions_remote_violence,p00,Oldtown is shelled,one,A report,press,"
    b"neutral,2001-03-04,https://example.org,P,shelled,0-9,0.9\n"
)


def _judgements(data: bytes) -> None:
    read_judgements(_file(data, "judgements.csv"))


def _linked(data: bytes) -> None:
    places, names = read_linked_places(_file(data, "places.json"))
    if len(places):
        Gazetteer(places, names, world=False).resolve("Oldtown")


_LINKED = (
    b'{"type":"FeatureCollection","features":[{"@id":"x:1","type":"Feature","properties":{"title":'
    b'"Oldtown","ccodes":["AA"]},"when":{"timespans":[{"start":{"in":"1900"},"end":{"in":"2000"}}]}'
    b',"names":[{"toponym":"Oldtown","lang":"en"}],"geometry":{"type":"Point","coordinates":[10,50]'
    b"}}]}"
)


# --- joining, control ---------------------------------------------------------------------------


def _join(data: bytes) -> None:
    joined = _atlas().join(io.BytesIO(data))
    rows = read_events(io.BytesIO(data)).rows
    assert rows == len(joined.events) + len(joined.rejects), "rows are lost in the join"


def _control(data: bytes) -> None:
    out = _room() / "imported"
    shutil.rmtree(out, ignore_errors=True)
    paths = [_file(data, "20200101.geojson"), _file(_SNAPSHOT, "20200201.geojson")]
    import_snapshots(paths, out, controller="a", other="b")
    assert check_pack(out) == []


# --- areas, and a record taken out and back -----------------------------------------------------


def _areas(data: bytes) -> None:
    """Polygons and lines of strangers to a coverage."""
    path = _file(data, "drawn")
    made = make_areas(polygons=[path, _file(_SNAPSHOT, "square.geojson")], lines=[path])
    areas_text(made)


def _recut(data: bytes) -> None:
    """The areas of a pack cut by what was drawn: the pack stays sound, or as it was."""
    folder = _room() / "recut"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_demo(), folder)
    made = make_areas(lines=[_file(data, "drawn")], base=areas_of(folder))
    put_areas(folder, made, source="somebody")
    assert check_pack(folder) == []


_LINE = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":'
    b'"LineString","coordinates":[[9,50.2],[10.4,50.3],[12,50.2]]}}]}'
)


def _export(data: bytes) -> None:
    """A pack one file of which is spoilt, as a workbook: exported as it is, or refused."""
    folder = _copied("export")
    name = _FILES[data[0] % len(_FILES)] if data else _FILES[0]
    (folder / name).write_bytes(data[1:])
    try:
        export_workbook(folder, _room() / "spoilt.xlsx")
    finally:
        shutil.copy(_demo() / name, folder / name)


@cache
def _exported(suffix: str) -> bytes:
    path = _room() / f"exported.{suffix}"
    (export_workbook if suffix == "xlsx" else export_gpkg)(_demo(), path)
    return path.read_bytes()


@cache
def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(_exported("xlsx"))) as book:
        return {name: book.read(name) for name in book.namelist() if "comments" not in name}


def _taken(path: Path) -> None:
    import_gpkg(path, _demo(), dry_run=True)


def _import_xlsx(data: bytes) -> None:
    """The first byte chooses a part of an exported workbook, the rest stands in its place."""
    parts = dict(_parts())
    parts[list(parts)[data[0] % len(parts) if data else 0]] = data[1:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    _taken(_file(out.getvalue(), "edited.xlsx"))


def _xlsx_seeds() -> list[bytes]:
    return [bytes([at]) + part for at, part in enumerate(_parts().values()) if len(part) < 50_000]


def _import_bytes(data: bytes) -> None:
    """Three bytes say where in an exported GeoPackage the others are laid over what is there."""
    made = bytearray(_exported("gpkg"))
    at = int.from_bytes(data[:3], "big") % len(made)
    made[at : at + len(data) - 3] = data[3:]
    _taken(_file(bytes(made[: len(_exported("gpkg"))]), "edited.gpkg"))


def _import_cells(data: bytes) -> None:
    """The first two bytes choose a table and a column of a GeoPackage, the rest fills its cells."""
    import sqlite3

    path = _file(_exported("gpkg"), "cells.gpkg")
    edited = sqlite3.connect(path)
    try:
        edited.executescript("pragma synchronous = off; pragma journal_mode = memory;")
        tables = [name for (name,) in edited.execute(
            "select table_name from gpkg_contents where table_name in ('places', 'areas', 'control', 'routes', "
            "'episodes', 'zones', 'mandates', 'events', 'chapters', 'sources', 'names', 'actors')")]  # fmt: skip
        table = tables[data[0] % len(tables) if data else 0]
        columns = [row[1] for row in edited.execute(f"pragma table_info('{table}')")]
        column = columns[data[1] % len(columns) if len(data) > 1 else 0]
        edited.executescript("".join(
            f"drop trigger \"{name}\";" for (name,) in edited.execute("select name from sqlite_master where type = 'trigger'")))  # fmt: skip
        cell: Any = data[3:]
        if len(data) > 2 and data[2] % 4:
            cell = data[3:].decode("utf-8", "replace")
        with suppress(sqlite3.Error):
            edited.execute(f'update "{table}" set "{column}" = ?', (cell,))
        edited.commit()
    finally:
        edited.close()
    _taken(path)


_SNAPSHOT = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": "x"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]],
                },
            }
        ],
    }
).encode()

TARGETS: dict[str, Target] = {
    "events-text": Target(
        _events, lambda: [*_WRITTEN, *_made("csv", "semicolon", "tab, utf-16", "geojson", "json")]
    ),
    "events-binary": Target(
        _events, lambda: _made("parquet", "geoparquet", "feather", "xlsx", "ods", "gpkg")
    ),
    "events-packed": Target(_packed, lambda: list(_WRITTEN)),
    "sheet-xlsx": Target(_sheet, _sheet_seeds),
    "sheet-ods": Target(_ods, _ods_seeds),
    "dates": Target(_dates, lambda: [one.encode() for one in _DATES]),
    "pack-toml": Target(_settings, lambda: [(_demo() / "pack.toml").read_bytes()]),
    "pack-tables": Target(_tables, _table_seeds),
    "diff": Target(_diff, _table_seeds),
    "words": Target(_words, lambda: [b'{"deaths": {"one": "{n} x", "other": "{n} y"}, "near": ""}']),
    "geocode": Target(
        _geocode,
        lambda: [
            b"Oldtown\nin Aland", "Beta, Gamma / Алфа (Ալֆա)".encode(),
            b"near s. Delta, 3 km north\nBeta\nAl", "39°46'N 46°45'E".encode(),
        ],
    ),
    "read": Target(_read, lambda: [one.encode() for one in _TEXTS]),
    "report": Target(_report, lambda: [_REPORT]),
    "accept": Target(_accept, lambda: [_DRAFTS]),
    "judgements": Target(
        _judgements,
        lambda: [b"id,query,context,candidate_place_id,verdict,supersedes\nj1,Beta,,p10,same,\n"],
    ),
    "linked-places": Target(_linked, lambda: [_LINKED]),
    "join": Target(_join, lambda: [_ROWS.to_csv(index=False).encode(), *_WRITTEN[:3]]),
    "control-import": Target(_control, lambda: [_SNAPSHOT]),
    "areas": Target(_areas, lambda: [_SNAPSHOT, _LINE, _WRITTEN[12]]),
    "areas-recut": Target(_recut, lambda: [_LINE, _SNAPSHOT]),
    "export": Target(_export, _table_seeds),
    "import-xlsx": Target(_import_xlsx, _xlsx_seeds),
    "import-gpkg": Target(_import_bytes, lambda: [b"\x00\x00\x10SQLite", b"\x00\x40\x00" + bytes(9)]),
    "import-cells": Target(
        _import_cells, lambda: [bytes([at, at, 1]) + text.encode() for at, text in enumerate(_DATES)]
    ),
}  # fmt: skip
