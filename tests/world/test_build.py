"""What the builder of the index makes of a city, with no index on the disk to hide it."""

from __future__ import annotations

from atlas.world.build import _add_cities, _Builder
from atlas.world.divisions import Divisions
from atlas.world.model import ABBREVIATION, ALTERNATIVE, MAIN, SORTS


def test_a_city_keeps_its_place_and_all_its_names() -> None:
    city = {
        "geonameid": 7,
        "name": "Old Town",
        "longitude": 12.5,
        "latitude": 48.25,
        "population": 2_000_000,
        "countrycode": "XX",
        "alternatenames": ["Altstadt", "OTN", "Stare Miasto"],
    }
    builder = _Builder()
    members = _add_cities(builder, [city], Divisions((), {7: (3, 0)}, {}), {3: 41})
    assert builder.rows[0][2:6] == [12.5, 48.25, 2_000_000, "XX"]
    told = {
        (text, said % SORTS) for text, said in zip(builder.texts, builder.postings, strict=True)
    }
    assert told == {
        ("Old Town", MAIN),
        ("Altstadt", ALTERNATIVE),
        ("Stare Miasto", ALTERNATIVE),
        ("OTN", ABBREVIATION),
    }
    assert members == {41: [(12.5, 48.25, 2_000_000)]}
    world = builder.finish()
    assert (float(world.lon[0]), float(world.lat[0])) == (12.5, 48.25)
