"""Where names stand: a country's never on ground in dispute."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import shapely
from shapely.geometry import Point, box

from atlas.map.spots import LabelSpots, extents


def layers(disputed: shapely.Geometry, *land: shapely.Geometry) -> Any:
    areas = [
        SimpleNamespace(id="a", scope="disputed", geometry=disputed),
        SimpleNamespace(id="b", scope="background", geometry=box(0, 0, 10, 10)),
    ]
    return SimpleNamespace(
        bbox=(0, 0, 20, 10), areas=areas, basemap=[("land", {}, one) for one in land], places=[]
    )


def points(flat: list[float]) -> list[Point]:
    return [Point(*pair) for pair in zip(flat[::2], flat[1::2], strict=True)]


def test_a_country_is_named_beside_its_disputed_ground_and_near_the_first_view() -> None:
    country, disputed = box(0, 0, 10, 10), box(3, 3, 7, 7)
    spots = points(LabelSpots(layers(disputed)).of("country", country))
    assert len(spots) > 3
    assert all(country.contains(one) and not disputed.intersects(one) for one in spots)
    assert box(1.8, 2.2, 8.2, 7.8).buffer(0.01).contains(spots[0])
    at_home = points(LabelSpots(layers(disputed), [0, 7.5, 10, 10]).of("country", country))
    assert at_home[0].y > 7.5


def test_an_island_in_dispute_as_a_whole_is_named_off_its_coast() -> None:
    island, mainland = box(4, 4, 8, 6), box(0, 6.1, 10, 10)
    spots = points(LabelSpots(layers(island, island, mainland)).of("country", island))
    assert [one.y < 4 for one in spots] == [True]
    # With land all around there is no such room: the name stands where it did.
    around = box(0, 0, 20, 10).difference(island)
    (spot,) = points(LabelSpots(layers(island, island, around)).of("country", island))
    assert island.contains(spot)


def test_what_holds_no_disputed_ground_has_one_spot() -> None:
    spots = LabelSpots(layers(box(3, 3, 7, 7)))
    assert len(spots.of("country", box(12, 0, 20, 10))) == 2
    assert len(spots.of("lake", box(2, 2, 8, 8))) == 2


def test_regions_with_ground_on_record_are_told() -> None:
    told = layers(box(3, 3, 7, 7))
    told.places = [
        SimpleNamespace(kind=kind, extent=extent)
        for kind, extent in (("district", ("a",)), ("region", ("b", "a", "x")), ("region", ()))
    ]
    assert extents(told) == [(1, [1, 0])]
