"""Towns that a pack is labelled with: cities, not the wards that some lists have among them."""

from __future__ import annotations

import pytest

from atlas.world.index import load_world


@pytest.mark.parametrize(
    ("box", "city", "left_out", "kept"),
    [
        ((37.3, 47.0, 37.8, 47.2), "Mariupol", {"Pravyi Bereh"}, set()),
        # Towns of their own beside a larger one stay.
        ((34.2, 31.2, 34.7, 31.6), "Gaza", set(), {"Jabālyā", "Sderot"}),
        ((34.6, 50.8, 35.0, 51.0), "Sumy", set(), set()),
    ],
)
def test_the_largest_town_is_the_city(
    box: tuple[float, float, float, float], city: str, left_out: set[str], kept: set[str]
) -> None:
    towns = load_world().towns(box, 15_000)
    names = {town.name for town in towns}
    assert max(towns, key=lambda town: town.population).name == city
    assert not names & left_out and kept <= names
    assert load_world().towns((0.0, -40.0, 1.0, -39.0)) == []
