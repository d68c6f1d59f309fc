"""A pack of four squares with everything a page can show: for tests of layers, map and page."""

from __future__ import annotations

from pathlib import Path

from tests.packs import ENVELOPE, place, spell, square, write_pack

HOSTILE = '<img src=x onerror="window.pwned=1">${window.pwned=2}</script><script>window.pwned=3'


def _name(number: int, where: str, text: str, lang: str, **more: str) -> dict[str, str]:
    script = {"hy": "Armn", "ru": "Cyrl"}.get(lang, "Latn")
    row = {
        "id": f"n{number:03d}", "place_id": where, "name": text, "lang": lang, "script": script,
        "status": "common",
    }  # fmt: skip
    return ENVELOPE | row | more


def _event(
    number: int, date: str, kind: str, where: str, title: str, **more: str
) -> dict[str, str]:
    row = {
        "id": f"e{number:03d}", "event_date": date, "where_prec": "1", "event_type": kind,
        "place_id": where, "title": title, "summary": f"Summary of {number}.", "source_ids": "s-n",
        "date_prec": "1" if len(date) == 10 else "4", "actor1": "A", "actor2": "B",
    }  # fmt: skip
    return ENVELOPE | row | more


def write_demo(directory: Path) -> Path:
    """Write the pack: town p00 changes hands on 2001-05-10 and is blocked from 2001-06-01."""
    control = [
        spell("c1", "a00", "A", "2000-01-01", "2001-05-10"),
        spell("c2", "a00", "B", "2001-05-10", "", how="battle"),
        spell("c3", "a10", "B", "2000-01-01"),
        spell("c4", "a01", "A", "2000-01-01", "2002-03-01"),
        spell("c5", "a01", "B", "2002-03-01", "", certainty="probable", how="agreement"),
        spell("c6", "a11", "A", "2000-01-01"),
        spell("c7", "a00", "A", "2001-05-10", "", asserted_by="A", note="claim_kind=sovereignty."),
    ]
    names = []
    towns = {
        "p00": [
            ("Alt", "de", {"used_by": "A"}),
            ("Stary", "pl", {"used_by": "B"}),
            ("Oldtown", "en", {"status": "official", "valid_to": "2001-05-10"}),
            ("Alfa", "en", {"used_by": "A", "valid_from": "2001-05-10"}),
            ("Alpha", "en", {"used_by": "B", "valid_from": "2001-05-10"}),
            ("Ալֆա", "hy", {}),
            ("Əlfa", "az", {}),
            ("Альфа", "ru", {}),
        ],
        "p10": [
            ("Beta", "en", {}),
            ("Beta", "de", {"used_by": "A"}),
            ("Beta", "pl", {"used_by": "B"}),
        ],
        "p01": [
            ("Gamma", "en", {}),
            ("Gamma", "de", {"used_by": "A"}),
            ("Gama", "pl", {"used_by": "B"}),
        ],
        "p11": [
            ("Delta", "en", {}),
            ("Delta", "de", {"used_by": "A"}),
            ("Delta", "pl", {"used_by": "B"}),
        ],
    }
    for where, rows in towns.items():
        for text, lang, more in rows:
            names.append(_name(len(names) + 1, where, text, lang, **more))
    events = [
        _event(1, "2000-03-15", "protest", "p00", "A rally in the old town"),
        _event(2, "2001-05-09", "battle", "p00", HOSTILE, best="12", low="10", high="20"),
        _event(
            3,
            "2001-05-10",
            "capture",
            "p00",
            "The town changes hands",
            counterclaims="B dates it a day later.",
        ),
        _event(
            4,
            "2001-06",
            "blockade",
            "p11",
            "The road is shut",
            where_prec="3",
            coordinate_uncertainty_m="9000",
        ),
        _event(5, "2002-03-01", "agreement", "p01", "An agreement is signed"),
    ]
    line = {"type": "LineString", "coordinates": [[10.25, 50.25], [10.75, 50.25], [10.75, 50.75]]}
    rail = {"type": "LineString", "coordinates": [[10.1, 50.1], [10.9, 50.1]]}
    method = {"geometry_method": "drawn for tests", "uncertainty_m": 300, "source_ids": "s-n"}
    ends = {"from_place_id": "p00", "to_place_id": "p11", "disputed_name": "false"}
    shapes = {
        "routes": [
            (
                {"id": "r1", "name": "Valley road", "name_ru": "Дорога", "mode": "road"}
                | ends
                | method,
                line,
            ),
            (
                {"id": "r2", "name": "South railway", "mode": "rail", "built_from": "2001-07-01"}
                | ends
                | method,
                rail,
            ),
        ],
        "zones": [
            ({"id": "z1", "name": "Zone", "zone_type": "area"} | method, square(0, 0)),
            (
                {"id": "z2", "name": "Post", "zone_type": "post"} | method,
                {"type": "Point", "coordinates": [10.3, 50.3]},
            ),
        ],
    }
    episodes = [
        ("p1", "r1", "", "", "open", "2000-01-01", "2001-06-01"),
        ("p2", "r1", "10", "30", "blocked", "2001-06-01", "2001-07-01"),
        ("p3", "r1", "", "", "humanitarian_only", "2001-07-01", "2001-08-01"),
        ("p4", "r1", "", "", "open", "2001-08-01", ""),
        ("p5", "r2", "", "", "closed", "2001-07-01", ""),
    ]
    tables = {
        "names": names,
        "events": events,
        "episodes": [
            ENVELOPE
            | {
                "id": key, "route_id": route, "from_km": start, "to_km": end, "status": status,
                "valid_from": first, "valid_to": last, "imposed_by": "B", "reason": "Roadworks",
                "applies_to": "civilian" if key == "p3" else "",
            }
            for key, route, start, end, status, first, last in episodes
        ],
        "displacement": [
            ENVELOPE
            | {
                "id": "f1", "people": "A", "who": "People of the old town", "who_ru": "Горожане",
                "measure": "flow", "movement": "departure", "from_place_ids": "p00",
                "to_place_ids": "p10|p11", "valid_from": "2001-05-10", "valid_to": "2001-06",
                "low": "900", "best": "1200", "high": "1500", "counted_by": "Bureau of counts",
                "counted_on": "2001-07", "certainty": "probable", "source_ids": "s-n|s-b",
            },
            ENVELOPE
            | {
                "id": "f2", "people": "B", "who": "People back in the old town",
                "measure": "stock", "movement": "return", "from_place_ids": "p01|p11",
                "to_place_ids": "p00", "valid_from": "2001-05-20", "low": "300",
                "counted_by": "Town hall", "part_of": "",
            },
        ],
        "mandates": [
            ENVELOPE
            | {
                "id": "m1", "mission": "Observers", "instrument": "Resolution 1", "zone_id": "z1",
                "zone_type": "area", "authorised_from": "2001-05-10", "deployed_from": "2001-06-10",
                "deployed_to": "2002-01-01", "authorised_to": "2002-06-01",
                "authorised_strength": "100", "contributors": "C",
            },
            ENVELOPE
            | {
                "id": "m2", "mission": "Observers", "instrument": "Resolution 1", "zone_id": "z2",
                "zone_type": "post", "authorised_from": "2001-05-10", "deployed_from": "2001-06-10",
                "deployed_to": "2002-01-01", "authorised_to": "2002-06-01",
            },
        ],
        "chapters": [
            ENVELOPE
            | {
                "id": f"ch{number}", "order": str(number), "date": date, "lon": "10.4",
                "lat": "50.4", "zoom": "9", "title": title, "title_ru": "Глава", "text": "A step.",
                "event_ids": events,
            }
            for number, date, title, events in (
                (1, "2000-03-15", "It begins", ""), (2, "2001-05-10", "It turns", "e003"),
            )
        ],
    }  # fmt: skip
    write_pack(directory, control, columns=2, rows=2, tables=tables, shapes=shapes)
    toml = directory / "pack.toml"
    text = toml.read_text(encoding="utf-8")
    text = text.replace("worldviews = []", 'worldviews = ["A", "B"]')
    text = text.replace('languages = ["en"]', 'languages = ["en", "hy", "az", "ru"]')
    toml.write_text(text, encoding="utf-8")
    basemap = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"land",'
        '"name":"Land","name_en":"Land"},"geometry":{"type":"Polygon","coordinates":'
        "[[[9,49],[12,49],[12,52],[9,52],[9,49]]]}},"
        '{"type":"Feature","properties":{"kind":"river","name":"River","name_en":"River"},'
        '"geometry":{"type":"LineString","coordinates":[[9,50.6],[10.4,50.55],[12,50.9]]}}]}'
    )
    (directory / "basemap.geojson").write_text(basemap, encoding="utf-8")
    return directory


__all__ = ["HOSTILE", "place", "write_demo"]
