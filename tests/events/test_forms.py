"""Positions as phones' forms export them, with height and accuracy; headers of their languages."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import atlas


@pytest.mark.parametrize("name", ["Where did it happen?", "gps", "_geolocation", "location"])
def test_accuracy_in_the_cell_is_the_radius(name: str) -> None:
    read = atlas.read_events(
        pd.DataFrame(
            {
                "today": ["2020-10-04"] * 3,
                name: ["39.8177 46.7528 1380.5 4.9", "39.75 46.75 0 0", ""],
            }
        )
    )
    assert read.frame["coordinate_uncertainty_m"][0] == 4.9
    assert math.isnan(read.frame["coordinate_uncertainty_m"][1]), "0 is no accuracy"
    assert (read.frame["lat"][0], read.frame["lon"][0]) == (39.8177, 46.7528)
    assert sum("accuracy in metres" in note for note in read.notes) == 1


@pytest.mark.parametrize(
    ("stem", "last"), [("_Where_", "precision"), ("Where-", "Accuracy"), ("", "accuracy")]
)
def test_accuracy_in_a_column_is_the_radius_and_the_cell_no_name(stem: str, last: str) -> None:
    read = atlas.read_events(
        pd.DataFrame(
            {
                "start": ["2020-10-04"], "Where": ["39.8177 46.7528 1380.5 4.9"],
                f"{stem}latitude": ["39.8177"], f"{stem}longitude": ["46.7528"],
                f"{stem}altitude": ["1380.5"], f"{stem}{last}": ["4.9"],
            }
        )
    )  # fmt: skip
    assert read.frame["coordinate_uncertainty_m"][0] == 4.9
    assert read.frame["place_name"][0] == ""


def test_a_code_called_precision_is_no_distance() -> None:
    read = atlas.read_events(
        pd.DataFrame({"date": ["2020-10-04"], "latitude": [39.8], "longitude": [46.7],
                      "precision": [2]})
    )  # fmt: skip
    assert read.frame["coordinate_uncertainty_m"].isna().all()


@pytest.mark.parametrize(
    ("day", "place", "dead"),
    [("תאריך", "מקום", "הרוגים"), ("תאריך האירוע", "יישוב", "מספר ההרוגים"),
     ("التاريخ", "المكان", "القتلى"), ("تاریخ", "روستا", "کشته شدگان"),
     ("data", "localidade", "mortos")],
)  # fmt: skip
def test_headers_in_more_languages(day: str, place: str, dead: str) -> None:
    read = atlas.read_events(pd.DataFrame({day: ["2020-10-04"], place: ["Goris"], dead: [3]}))
    assert read.frame["place_name"][0] == "Goris"
    assert read.frame["best"][0] == 3
