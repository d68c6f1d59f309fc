"""What a pack may not say: one test a kind of fault, and all of them at once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import shapely

from atlas.base.crs import length_km
from atlas.base.errors import PackError
from atlas.record.pack import check_pack, read_pack
from atlas.record.schema import TABLES
from tests.packs import ENVELOPE, place, spell, write_pack

SOUND = [
    spell("c1", "a00", "A", "", "2010-01-01"),
    spell("c2", "a00", "B", "2010-01-01"),
    spell("c3", "a10", "B"),
]
EVENT = ENVELOPE | {
    "id": "e1",
    "event_date": "2010-01-01",
    "date_prec": "1",
    "where_prec": "1",
    "event_type": "battle",
    "place_id": "p00",
    "title": "Fighting",
    "summary": "Fighting took place.",
}
NAMES = [
    ENVELOPE
    | {"id": f"n{n}", "place_id": "p00", "name": name, "lang": lang, "script": "Latn",
       "status": "common"}
    for n, (name, lang) in enumerate([("Stadt", "de"), ("Miasto", "pl")])
]  # fmt: skip
ROUTE = (
    {
        "id": "r1", "name": "Road", "mode": "road", "from_place_id": "p00", "to_place_id": "p10",
        "disputed_name": "false", "geometry_method": "test", "uncertainty_m": 100,
        "source_ids": "s-n",
    },
    {"type": "LineString", "coordinates": [[10.25, 50.25], [10.75, 50.25]]},
)  # fmt: skip
EPISODE = ENVELOPE | {"id": "x1", "route_id": "r1", "status": "open", "valid_from": "2000-01-01"}


def codes(directory: Path) -> list[str]:
    return [fault.code for fault in check_pack(directory)]


def test_a_sound_pack_has_no_faults(tmp_path: Path) -> None:
    directory = write_pack(
        tmp_path / "p", SOUND, tables={"events": [EVENT], "names": NAMES, "episodes": [EPISODE]},
        shapes={"routes": [ROUTE]},
    )  # fmt: skip
    assert check_pack(directory) == []
    assert read_pack(directory).id == "test"


@pytest.mark.parametrize(
    ("code", "column", "change"),
    [
        ("vocabulary", "event_type", {"event_type": "skirmish"}),
        ("reference", "place_id", {"place_id": "nowhere"}),
        ("reference", "source_ids", {"source_ids": "s-n|s-none"}),
        ("reference", "asserted_by", {"asserted_by": "Z"}),
        ("required", "source_ids", {"source_ids": ""}),
        ("date", "event_date", {"event_date": "2010-02-30"}),
        ("date", "event_time", {"event_time": "25:00"}),
        ("date-prec", "date_prec", {"event_date": "2010-01"}),
        ("number", "best", {"best": "many"}),
        ("range", "lat", {"lat": "95"}),
        ("range", "lat", {"lat": "-95"}),
        ("reference", "place_id", {"place_id": "p00|p10"}),
        ("figures", "best", {"low": "9", "best": "3"}),
        ("figures", "best", {"best": "3", "high": "2"}),
        ("figures", "best", {"low": "3", "high": "2"}),
        ("range", "lon", {"lon": "180.1"}),
        ("range", "best", {"best": "-1"}),
        ("range", "best", {"best": "9" * 16}),
        ("position", "lon", {"lon": "0", "lat": "0.0"}),
        ("number", "lon", {"lon": "1_0"}),
        ("number", "best", {"best": "1.5"}),
        ("date", "event_time", {"event_time": "24:00"}),
        ("date", "event_date", {"event_date": "soon"}),
        ("weekday", "title", {"title": "Fighting on Sunday"}),
        ("date-prec", "date_prec", {"event_date": "[2010-01-01..2010-01-07]", "date_prec": "2"}),
        ("date-prec", "date_prec", {"event_date": "[2010-01-01..2010-01-14]", "date_prec": "3"}),
        ("date-prec", "date_prec", {"event_date": "[2010-01-01..2010-02-01]", "date_prec": "4"}),
        ("date-prec", "date_prec", {"date_prec": "4"}),
        ("weekday", "summary", {"summary": "On Monday fighting took place."}),
        ("one-sided-source", "source_ids", {"certainty": "contested", "source_ids": "s-a"}),
        ("id", "id", {"id": "É1"}),
    ],
)
def test_one_fault_in_an_event(
    tmp_path: Path, code: str, column: str, change: dict[str, str]
) -> None:
    directory = write_pack(tmp_path / "p", SOUND, tables={"events": [EVENT | change]})
    (fault,) = check_pack(directory)
    assert (fault.code, fault.column, fault.file, fault.row) == (code, column, "events.csv", 2)


@pytest.mark.parametrize(
    "change",
    [
        {"event_date": "[2010-01-01..2010-01-06]", "date_prec": "2"},
        {"event_date": "[2010-01-01..2010-01-13]", "date_prec": "3"},
        {"event_date": "2010-01", "date_prec": "4", "summary": "On a Monday fighting took place."},
        {"event_date": "2010", "date_prec": "5"},
        {"event_date": "2010-01-01/2010-03-01"},
        {"summary": "On Friday fighting took place, as every Friday."},
        {"low": "1", "best": "1", "high": "3"},
        {"low": "1", "high": "3"},
        {"lat": "90", "lon": "-180"},
        {"lat": "-90", "lon": "180"},
        {"event_time": "00:00"},
        {"certainty": "contested", "source_ids": "s-a|s-n"},
        {"certainty": "contested", "source_ids": "s-a", "asserted_by": "A"},
        {"event_time": "23:59", "url": "https://example.org/a"},
    ],
)
def test_no_fault_in_an_event(tmp_path: Path, change: dict[str, str]) -> None:
    known = {key: cell for key, cell in change.items() if key in TABLES["events"].names}
    assert codes(write_pack(tmp_path / "p", SOUND, tables={"events": [EVENT | known]})) == []


def test_contested_needs_both_sides_or_a_neutral_source(tmp_path: Path) -> None:
    both = EVENT | {"certainty": "contested", "source_ids": "s-a", "counter_source_ids": "s-b"}
    assert codes(write_pack(tmp_path / "p", SOUND, tables={"events": [both]})) == []


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("control-gap", [SOUND[0] | {"valid_to": "2009-12-31"}, *SOUND[1:]]),
        ("control-overlap", [SOUND[0] | {"valid_to": "2010-01-02"}, *SOUND[1:]]),
        ("control-gap", SOUND[:2]),
        ("control-gap", [SOUND[0], SOUND[1] | {"valid_to": "2012-01-01"}, SOUND[2]]),
        ("control-gap", [SOUND[0] | {"valid_from": "2001-01-01"}, *SOUND[1:]]),
    ],
)
def test_one_holder_an_area_and_day(tmp_path: Path, code: str, rows: list[dict[str, str]]) -> None:
    assert codes(write_pack(tmp_path / "p", rows)) == [code]


def test_a_rival_claim_is_no_overlap(tmp_path: Path) -> None:
    claim = spell("c9", "a00", "A", "2010-01-01", asserted_by="A")
    assert codes(write_pack(tmp_path / "p", [*SOUND, claim])) == []


def test_areas_must_match_at_their_edges(tmp_path: Path) -> None:
    directory = write_pack(tmp_path / "p", SOUND)
    path = directory / "areas.geojson"
    path.write_text(path.read_text().replace("[10.5,50.5]", "[10.499,50.5]", 1))
    assert set(codes(directory)) == {"coverage"}


def test_a_settlement_lies_in_its_district(tmp_path: Path) -> None:
    directory = write_pack(
        tmp_path / "p", SOUND, tables={"places": [place("d1", 10.25, 50.25, kind="district"),
                                                  place("far", 10.75, 50.25, admin1="d1")]},
    )  # fmt: skip
    path = directory / "areas.geojson"
    path.write_text(
        path.read_text().replace('"district_place_id":""', '"district_place_id":"d1"', 1)
    )
    (fault,) = check_pack(directory)
    assert (fault.code, fault.file) == ("district", "places.csv")


def test_a_district_without_areas_of_its_own_is_no_way_round(tmp_path: Path) -> None:
    directory = write_pack(
        tmp_path / "p", SOUND, tables={"places": [place("d1", 10.25, 50.25, kind="district"),
                                                  place("d2", 10.25, 50.25, kind="district"),
                                                  place("in", 10.25, 50.25, admin1="d2")]},
    )  # fmt: skip
    path = directory / "areas.geojson"
    path.write_text(path.read_text().replace('"district_place_id":""', '"district_place_id":"d1"'))
    assert [fault.code for fault in check_pack(directory)] == ["district"]


def test_both_sides_names(tmp_path: Path) -> None:
    assert codes(write_pack(tmp_path / "p", SOUND, tables={"names": NAMES[:1]})) == [
        "one-sided-name"
    ]


def test_loaded_words_only_in_quotes(tmp_path: Path) -> None:
    listed = '\n[neutrality]\nloaded_words = ["liberated"]\n'
    said = EVENT | {"summary": "The town was liberated."}
    assert codes(write_pack(tmp_path / "p", SOUND, tables={"events": [said]}, settings=listed)) == [
        "loaded-word"
    ]
    quoted = EVENT | {"summary": "Side A called the town 'liberated'."}
    assert (
        codes(write_pack(tmp_path / "q", SOUND, tables={"events": [quoted]}, settings=listed)) == []
    )


def test_an_episode_lies_within_its_route(tmp_path: Path) -> None:
    directory = write_pack(
        tmp_path / "p", SOUND, tables={"episodes": [EPISODE | {"from_km": "10", "to_km": "90"}]},
        shapes={"routes": [ROUTE]},
    )  # fmt: skip
    assert codes(directory) == ["linear-reference"]


def test_the_same_event_twice(tmp_path: Path) -> None:
    twice = [EVENT, EVENT | {"id": "e2"}]
    assert codes(write_pack(tmp_path / "p", SOUND, tables={"events": twice})) == ["duplicate-event"]


def test_faults_of_files_as_such(tmp_path: Path) -> None:
    directory = write_pack(tmp_path / "p", SOUND, tables={"events": [EVENT]})
    events = directory / "events.csv"
    good = events.read_text()
    for text, code in [
        (good.replace(",Fighting,", ',"Fight"ing,', 1), "csv"),
        (good.replace("title,", "titel,", 1), "missing-column"),
        (good + "x,y\n", "cell-count"),
        ("", "header"),
    ]:
        events.write_text(text)
        assert code in codes(directory), code
    events.write_bytes("id,title\ne1,Ş".encode("cp1254"))
    assert "encoding" in codes(directory)
    events.write_text(good)
    (directory / "zones.geojson").write_text("{")
    assert codes(directory) == ["json"]
    (directory / "zones.geojson").unlink()  # optional
    (directory / "names.csv").unlink()
    assert codes(directory) == ["missing-file"]
    (directory / "pack.toml").write_text("id = ")
    assert "toml" in codes(directory)


@pytest.mark.parametrize(
    ("code", "column", "old", "new"),
    [
        ("toml", "", 'id = "test"', "id = = 3"),
        ("settings", "period_from", 'period_from = "2000-01-01"', ""),
        ("settings", "period_from", 'period_from = "2000-01-01"', 'period_from = "soon"'),
        ("settings", "period_from", 'period_from = "2000-01-01"', "period_from = 12"),
        ("settings", "bbox", "bbox = [", 'bbox = ["x", '),
        ("settings", "bbox", "bbox = [", "bbox = 7 # "),
        ("reference", "sides", 'id = "A"', 'id = "AA"'),
        ("settings", "parties", 'id = "C"', 'key = "C"'),
        ("settings", "sides", 'parties = ["B"]', "parties = 3"),
    ],
)
def test_a_fault_of_the_settings_brings_no_others(
    tmp_path: Path, code: str, column: str, old: str, new: str
) -> None:
    claim = spell("c9", "a00", "A", "2010-01-01", asserted_by="A")
    directory = write_pack(tmp_path / "p", [*SOUND, claim], tables={"events": [EVENT]})
    path = directory / "pack.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    (fault,) = check_pack(directory)
    assert (fault.file, fault.code, fault.column) == ("pack.toml", code, column)


def test_what_could_not_be_read_is_told_once(tmp_path: Path) -> None:
    """A lost source, column or date is one fault, however many rows rest on it."""
    rows = [EVENT, EVENT | {"id": "e2", "title": "More fighting", "certainty": "contested"}]
    directory = write_pack(tmp_path / "p", SOUND, tables={"events": rows, "names": NAMES})
    for name, old, new, code in [
        ("sources.json", "[", "{", "json"),
        ("events.csv", ",title,", ",titel,", "missing-column"),
        ("places.csv", "id,", "key,", "missing-column"),
        ("names.csv", "Miasto", "Miasto,", "cell-count"),
        ("control.csv", "2010-01-01", "2010-13-01", "date"),
    ]:
        path = directory / name
        good = path.read_text()
        assert old in good
        path.write_text(good.replace(old, new, 1))
        assert [found for found in codes(directory) if found != "unknown-column"] == [code], name
        path.write_text(good)


def test_ten_faults_at_once_each_with_its_place(tmp_path: Path) -> None:
    """Break a sound pack in ten ways; all ten are reported together."""
    rows = [
        EVENT | {"id": "e1", "event_type": "skirmish"},
        EVENT | {"id": "e2", "event_date": "2010-02-30", "title": "b"},
        EVENT | {"id": "e3", "source_ids": "", "title": "c"},
        EVENT | {"id": "e4", "place_id": "nowhere", "title": "d"},
        EVENT | {"id": "e5", "best": "many", "title": "e"},
        EVENT | {"id": "e6", "lat": "95", "title": "f"},
    ]
    control = [SOUND[0] | {"valid_to": "2010-01-05"}, *SOUND[1:]]
    directory = write_pack(
        tmp_path / "p",
        control,
        tables={
            "events": rows,
            "names": NAMES[:1],
            "episodes": [EPISODE | {"from_km": "10", "to_km": "90"}],
        },
        shapes={"routes": [ROUTE]},
    )
    sources = json.loads((directory / "sources.json").read_text())
    sources[0]["URL"] = "javascript:alert(1)"
    (directory / "sources.json").write_text(json.dumps(sources))
    faults = check_pack(directory)
    assert sorted((f.file, f.row, f.column) for f in faults) == [
        ("control.csv", 3, "valid_from"),
        ("episodes.csv", 2, "to_km"),
        ("events.csv", 2, "event_type"),
        ("events.csv", 3, "event_date"),
        ("events.csv", 4, "source_ids"),
        ("events.csv", 5, "place_id"),
        ("events.csv", 6, "best"),
        ("events.csv", 7, "lat"),
        ("places.csv", 2, "id"),
        ("sources.json", 1, "url"),
    ]
    with pytest.raises(PackError, match=re.escape("10 faults:")) as caught:
        read_pack(directory)
    assert caught.value.faults == tuple(faults)


def test_a_wide_hole_between_areas_is_a_fault(tmp_path: Path) -> None:
    rows = [spell(f"c{c}{r}", f"a{c}{r}", "A") for c in range(3) for r in range(3)]
    directory = write_pack(tmp_path / "p", rows, columns=3, rows=3)
    path = directory / "areas.geojson"
    ground = json.loads(path.read_text(encoding="utf-8"))
    ground["features"] = [
        feature for feature in ground["features"] if feature["properties"]["id"] != "a11"
    ]
    path.write_text(json.dumps(ground), encoding="utf-8")
    told = [fault for fault in check_pack(directory) if fault.code == "coverage"]
    assert len(told) == 1 and "gap between areas" in str(told[0])


def test_a_claim_without_end_ends_before_no_other(tmp_path: Path) -> None:
    claim = {"asserted_by": "B", "source_ids": "s-b"}
    rows = [*SOUND, spell("d1", "a00", "A", "2011-01-01", **claim),
            spell("d2", "a00", "B", "2012-01-01", **claim)]  # fmt: skip
    assert codes(write_pack(tmp_path / "p", rows)) == ["claim-overlap"]
    rows[3] = rows[3] | {"valid_to": "2012-01-01"}
    assert codes(write_pack(tmp_path / "q", rows)) == []


def zone(key: str, lon: float, lat: float) -> tuple[dict[str, object], dict[str, object]]:
    """A small square about a point."""
    ring = [[lon + x, lat + y] for x, y in ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1), (0, 0))]
    named = {
        "id": key, "name": key, "zone_type": "headquarters", "geometry_method": "test",
        "uncertainty_m": 100, "source_ids": "s-n",
    }  # fmt: skip
    return named, {"type": "Polygon", "coordinates": [ring]}


def test_one_shape_beyond_the_map_hides_no_other(tmp_path: Path) -> None:
    """Headquarters may lie anywhere; a shape with latitude first is told all the same."""
    zones = [zone("far", 100.0, 10.0), zone("turned", 50.2, 10.2)]
    (fault,) = check_pack(write_pack(tmp_path / "p", SOUND, shapes={"zones": zones}))
    assert (fault.file, fault.row, fault.code) == ("zones.geojson", 2, "outside")
    assert "turned" in fault.found and "longitude comes first" in fault.remedy


@pytest.mark.parametrize(
    ("lon", "lat"), [(8.5, 50.25), (12.5, 50.25), (100.0, 50.25), (10.25, 48.5), (10.25, 51.5)]
)
def test_a_place_of_a_country_of_the_pack_lies_in_its_box(
    tmp_path: Path, lon: float, lat: float
) -> None:
    folder = write_pack(
        tmp_path / "p", SOUND, tables={"places": [place("off", lon, lat, country="UY")]}
    )
    text = (folder / "pack.toml").read_text(encoding="utf-8")
    assert "countries = []" in text
    (folder / "pack.toml").write_text(text.replace("countries = []", 'countries = ["UY"]'), "utf-8")
    (fault,) = check_pack(folder)
    assert (fault.file, fault.code, fault.found) == ("places.csv", "outside", f"{lon}, {lat}")


def test_every_settlement_is_asked_for_both_names(tmp_path: Path) -> None:
    """A region above it, and a note on another, are no answer for the next."""
    before = [
        place("region", 10.25, 50.25, kind="region"),
        place("noted", 10.25, 50.25, note="No separate Polish name on record."),
        place("the-bare", 10.3, 50.25),
    ]
    names = [
        NAMES[0] | {"id": f"m-{key}", "place_id": key} for key in ("noted", "the-bare", "region")
    ]
    folder = write_pack(tmp_path / "p", SOUND, tables={"places": before, "names": names})
    (fault,) = check_pack(folder)
    assert (fault.code, fault.found) == ("one-sided-name", "the-bare has no name in pl")


def test_a_source_that_could_not_be_read_may_be_of_the_other_side(tmp_path: Path) -> None:
    said = EVENT | {"certainty": "contested", "source_ids": "s-a", "counter_source_ids": "s-b"}
    folder = write_pack(tmp_path / "p", SOUND, tables={"events": [said]})
    sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
    sources[1] = "s-b"
    (folder / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
    assert codes(folder) == ["item"]


def test_the_same_words_are_asked_only_of_events_alike_in_all_that_is_named(
    tmp_path: Path,
) -> None:
    said = '\n[[same_words]]\nevent_type = "battle"\nsub_event_type = "raid"\npattern = "^Clash"\n'
    folder = write_pack(tmp_path / "p", SOUND, tables={"events": [EVENT]}, settings=said)
    assert codes(folder) == []
    alike = EVENT | {"sub_event_type": "raid"}
    folder = write_pack(tmp_path / "q", SOUND, tables={"events": [alike]}, settings=said)
    assert codes(folder) == ["same-words"]


def test_a_day_that_cannot_be_read_hides_no_gap_of_another_area(tmp_path: Path) -> None:
    rows = [SOUND[0] | {"valid_to": "2010-13-01"}, *SOUND[1:2]]
    assert sorted(codes(write_pack(tmp_path / "p", rows))) == ["control-gap", "date"]


def test_claims_are_held_together_in_the_order_of_their_days(tmp_path: Path) -> None:
    def claims(*spans: tuple[str, str]) -> list[str]:
        rows = [
            spell(f"d{n}", "a00", "B", *span, asserted_by="B", source_ids="s-b")
            for n, span in enumerate(spans)
        ]
        folder = write_pack(tmp_path / "p", [*SOUND, *rows])
        return [fault.found.partition(" ")[0] for fault in check_pack(folder)]

    assert claims(("2012-01-01", ""), ("2010-01-01", "2012-01-01")) == []
    # Each is told of that which holds the longest of those before it.
    assert claims(
        ("2001-01-01", "2002-01-01"), ("2002-01-01", "2006-01-01"), ("2003-01-01", "2004-01-01"),
        ("2005-01-01", "2007-01-01"), ("2007-01-01", "2008-01-01"),
    ) == ["d2", "d3"]  # fmt: skip


def test_a_map_across_the_antimeridian_is_in_two_parts(tmp_path: Path) -> None:
    spots = {"in": -175.0, "off": -165.0, "west": 8.0}
    folder = write_pack(
        tmp_path / "p",
        SOUND,
        tables={"places": [place(key, lon, 50.25, country="UY") for key, lon in spots.items()]},
    )
    text = (folder / "pack.toml").read_text(encoding="utf-8")
    text = text.replace("countries = []", 'countries = ["UY"]')
    text = text.replace("bbox = [9, 49, 12, 51]", "bbox = [9, 49, 190, 51]")
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    told = [(fault.code, fault.found) for fault in check_pack(folder)]
    assert told == [("outside", "-165.0, 50.25"), ("outside", "8.0, 50.25")]


def test_without_a_box_no_place_lies_outside_of_it(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path / "p", SOUND, tables={"places": [place("south", 10.2, -50.0, country="UY")]}
    )
    text = (folder / "pack.toml").read_text(encoding="utf-8")
    text = text.replace("countries = []", 'countries = ["UY"]').replace("bbox = [", "bbox = 7 # ")
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    assert [(fault.file, fault.column) for fault in check_pack(folder)] == [("pack.toml", "bbox")]


def test_ground_may_reach_beyond_the_map(tmp_path: Path) -> None:
    def land(*squares: tuple[float, float]) -> list[str]:
        shapes = [
            {"type": "Feature", "properties": {"kind": "land", "name": ""},
             "geometry": zone("x", *corner)[1]}
            for corner in squares
        ]  # fmt: skip
        text = json.dumps({"type": "FeatureCollection", "features": shapes})
        (folder / "basemap.geojson").write_text(text, encoding="utf-8")
        return codes(folder)

    folder = write_pack(tmp_path / "p", SOUND)
    assert land((10.2, 50.2), (100.0, 10.0)) == land((10.2, 50.2)) == []
    assert land((100.0, 10.0)) == ["outside"]


def test_an_edge_that_does_not_match_is_told_of_its_own_area(tmp_path: Path) -> None:
    rows = [spell(f"c{n}", f"a{n}0", "A") for n in range(4)]
    folder = write_pack(tmp_path / "p", rows, columns=4)
    path = folder / "areas.geojson"
    ground = json.loads(path.read_text(encoding="utf-8"))
    ground["features"][0]["geometry"] = None  # told by itself; the others keep their names
    ring = ground["features"][3]["geometry"]["coordinates"][0]
    ground["features"][3]["geometry"]["coordinates"] = [
        [[x + 0.001 if x == 11.5 else x, y] for x, y in ring]
    ]
    path.write_text(json.dumps(ground), encoding="utf-8")
    told = [(fault.row, fault.found.partition(":")[0]) for fault in check_pack(folder)
            if fault.code == "coverage"]  # fmt: skip
    assert told == [(3, "a20"), (4, "a30")]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("10", "10", ["span"]), ("11", "10", ["span"]), ("0", "10", []), ("", "10", []),
     ("10", "", []), ("40", "", ["linear-reference"])],
)  # fmt: skip
def test_a_stretch_has_a_length(tmp_path: Path, first: str, last: str, code: list[str]) -> None:
    directory = write_pack(
        tmp_path / "p", SOUND,
        tables={"episodes": [EPISODE | {"from_km": first, "to_km": last}]},
        shapes={"routes": [ROUTE]},
    )  # fmt: skip
    assert codes(directory) == code


def test_a_settlement_without_a_point_is_one_fault(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path / "p", SOUND,
        tables={"places": [place("nowhere", 10.2, 50.2) | {"lon": "", "lat": ""}],
                "names": [NAMES[0] | {"place_id": "nowhere"}]},
    )  # fmt: skip
    assert codes(folder) == ["required", "required"]  # a longitude and a latitude


def test_a_source_is_on_the_side_of_a_party_there_is(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "p", SOUND)
    for said, code in (("C", []), ("neutral", []), ("unknown", []), ("Z", ["reference"])):
        sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
        sources[2]["custom"]["affiliation"] = said
        (folder / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
        assert codes(folder) == code, said


def test_ids_states_and_flags(tmp_path: Path) -> None:
    def of(table: str, row: dict[str, str], **more: object) -> list[tuple[str, str]]:
        folder = write_pack(tmp_path / "p", SOUND, tables={table: [row]}, **more)  # type: ignore[arg-type]
        return [(fault.code, fault.column) for fault in check_pack(folder)]

    assert of("events", EVENT | {"counter_source_ids": "s-a|s-b"}) == []
    assert of("events", EVENT | {"counter_source_ids": "s-a|"}) == [
        ("reference", "counter_source_ids")
    ]
    control = ENVELOPE | spell("c9", "a00", "A", "2010-01-01", asserted_by="A")
    assert of("control", control | {"de_jure_iso": "UY|AR"}) == []
    assert of("control", control | {"de_jure_iso": "UY|uy"}) == [("vocabulary", "de_jure_iso")]
    assert of("control", control | {"id": "c1"}) == [("duplicate-id", "id")]
    route = {"routes": [({**ROUTE[0], "disputed_name": "yes"}, ROUTE[1])]}
    assert of("events", EVENT, shapes=route) == [("vocabulary", "disputed_name")]


def test_an_area_is_named_after_a_place_on_the_map(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "p", SOUND)
    path = folder / "places.csv"
    good = path.read_text(encoding="utf-8")
    assert ",10.75,50.25," in good
    for spot, words in ((",100.0,50.25,", "the area a10 is called"), (",50.25,10.75,", "a10")):
        path.write_text(good.replace(",10.75,50.25,", spot), encoding="utf-8")
        (fault,) = check_pack(folder)
        assert (fault.code, fault.column) == ("outside", "lon") and words in fault.found
        assert ("longitude comes first" in fault.remedy) == (spot == ",50.25,10.75,")


def test_words_that_take_a_side_are_found_with_their_endings_and_whole(tmp_path: Path) -> None:
    listed = '\n[neutrality]\nloaded_words = ["regime", "liberat*"]\n'
    for text, wrong in (
        ("The regime, LIBERATED by liberators.", 3),
        ("A regimen of illiberation.", 0),
        ("They spoke of the \u201cregime\u201d.", 0),
    ):
        said = EVENT | {"summary": text}
        folder = write_pack(tmp_path / "p", SOUND, tables={"events": [said]}, settings=listed)
        assert codes(folder) == ["loaded-word"] * wrong, text


def test_what_is_to_be_translated_is_so_in_every_language(tmp_path: Path) -> None:
    said = '\n[neutrality]\ntranslated = ["events.title", "events.summary"]\n'
    folder = write_pack(tmp_path / "p", SOUND, tables={"events": [EVENT]}, settings=said)
    assert codes(folder) == []  # English alone
    toml = folder / "pack.toml"
    text = toml.read_text(encoding="utf-8").replace('["en"]', '["en", "de", "pl"]')
    toml.write_text(text, encoding="utf-8")
    path = folder / "events.csv"
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head},title_de,title_pl\n{row},Gefecht,\n", encoding="utf-8")
    told = sorted((fault.code, fault.column) for fault in check_pack(folder))
    assert told == [
        ("untranslated", "summary_de"),
        ("untranslated", "summary_pl"),
        ("untranslated", "title_pl"),
    ]


def test_a_gap_is_told_of_the_row_beside_it(tmp_path: Path) -> None:
    def told(*rows: dict[str, str]) -> list[tuple[str, int | None, str]]:
        folder = write_pack(tmp_path / "p", [*rows, SOUND[2]])
        return [(fault.column, fault.row, fault.expected) for fault in check_pack(folder)]

    early, late = SOUND[:2]
    assert told(early, late | {"valid_to": "2012-01-01"}) == [("valid_to", 3, "open")]
    assert told(early | {"valid_from": "2001-01-01"}, late) == [("valid_from", 2, "2000-01-01")]
    assert told(early, late | {"valid_from": "2010-01-05"}) == [("valid_from", 3, "2010-01-01")]


def test_a_span_within_a_year_that_is_all_that_is_known_is_one(tmp_path: Path) -> None:
    def of(first: str, last: str) -> list[str]:
        named = [NAMES[0] | {"valid_from": first, "valid_to": last}, NAMES[1]]
        return codes(write_pack(tmp_path / "p", SOUND, tables={"names": named}))

    assert of("2010", "2010-06") == of("2010-05-01", "2010-06") == of("2010", "..") == []
    assert of("2010-06-01", "2010-06-01") == of("2010-07", "2010-06-01") == ["span"]


def test_a_claim_that_never_ends_is_said_to_have_no_end(tmp_path: Path) -> None:
    claim = {"asserted_by": "B", "source_ids": "s-b"}
    for last, words in (("", "holds without end"), ("2013-01-01", "holds to 2013-01-01")):
        rows = [*SOUND, spell("d1", "a00", "A", "", last, **claim),
                spell("d2", "a00", "B", "2012-01-01", **claim)]  # fmt: skip
        (fault,) = check_pack(write_pack(tmp_path / "p", rows))
        assert fault.found == f"d2 begins 2012-01-01 while d1 {words}"


def test_a_stretch_may_end_where_its_route_does(tmp_path: Path) -> None:
    whole = length_km(shapely.LineString(ROUTE[1]["coordinates"]))
    for to_km, code in ((f"{whole:.2f}", []), (f"{whole + 0.1:.2f}", ["linear-reference"])):
        directory = write_pack(
            tmp_path / "p", SOUND, tables={"episodes": [EPISODE | {"to_km": to_km}]},
            shapes={"routes": [ROUTE]},
        )  # fmt: skip
        assert codes(directory) == code
