"""A small set of places and names for the tests of gazetteer and reading."""

from __future__ import annotations

from typing import Any

import pandas as pd

PLACES: list[tuple[str, str, float, float, str, str, float]] = [
    # id, kind, lon, lat, country, admin1, population
    ("stepanakert", "settlement", 46.7528, 39.8177, "AZ", "", 55_000),
    ("shusha", "settlement", 46.7499, 39.7601, "AZ", "d_shusha", 4_000),
    ("d_shusha", "district", 46.70, 39.72, "AZ", "", float("nan")),
    ("kelbajar", "settlement", 46.0445, 40.1098, "AZ", "", 8_000),
    ("agdam", "settlement", 46.9274, 39.9910, "AZ", "d_agdam", 28_000),
    ("d_agdam", "district", 46.95, 40.05, "AZ", "", float("nan")),
    ("agdam_tovuz", "settlement", 45.53, 40.93, "AZ", "", 3_000),
    ("martuni_nk", "settlement", 47.1131, 39.7953, "AZ", "", 5_700),
    ("martuni_am", "settlement", 45.3023, 40.1403, "AM", "", 11_000),
    ("lachin", "settlement", 46.5469, 39.6408, "AZ", "", 2_000),
    ("lachin_corridor", "corridor", 46.60, 39.65, "AZ", "", float("nan")),
    ("horadiz", "settlement", 47.34, 39.45, "AZ", "", 7_000),
    ("nagorno_karabakh", "region", 46.75, 39.8167, "AZ", "", float("nan")),
    ("karabakh", "region", 47.0, 39.9, "AZ", "", float("nan")),
    ("baku", "settlement", 49.892, 40.3777, "AZ", "", 2_300_000),
    ("yerevan", "settlement", 44.5136, 40.1811, "AM", "", 1_090_000),
    ("goris", "settlement", 46.3417, 39.5111, "AM", "", 20_000),
    ("sevan", "settlement", 44.95, 40.55, "AM", "", 19_000),
    ("moscow", "settlement", 37.6178, 55.7520, "RU", "", 10_400_000),
    ("brussels", "settlement", 4.3488, 50.8505, "BE", "", 1_000_000),
    ("minsk", "settlement", 27.5665, 53.9002, "BY", "", 1_700_000),
    ("armenia", "country", 44.95, 40.25, "AM", "", float("nan")),
    ("azerbaijan", "country", 47.6, 40.4, "AZ", "", float("nan")),
    ("russia", "country", 60.0, 60.0, "RU", "", float("nan")),
]

NAMES: list[tuple[str, str, str, str, str, str, str]] = [
    # place, name, lang, status, used_by, valid_from, valid_to
    ("stepanakert", "Stepanakert", "en", "common", "AM|NK", "1923", ""),
    ("stepanakert", "Khankendi", "en", "common", "AZ", "1991-11-26", ""),
    ("stepanakert", "Xankəndi", "az", "official", "AZ", "1991-11-26", ""),
    ("stepanakert", "Ստեփանակերտ", "hy", "official", "AM|NK", "1923", ""),
    ("stepanakert", "Степанакерт", "ru", "common", "", "1923", ""),
    ("stepanakert", "Ханкенди", "ru", "common", "AZ", "1991-11-26", ""),
    ("stepanakert", "Vararakn", "en", "historical", "NK", "", "1923"),
    ("shusha", "Shusha", "en", "common", "AZ", "", ""),
    ("shusha", "Şuşa", "az", "official", "AZ", "", ""),
    ("shusha", "Շուշի", "hy", "common", "AM|NK", "", ""),
    ("shusha", "Shushi", "en", "common", "AM|NK", "", ""),
    ("shusha", "Шуша", "ru", "common", "", "", ""),
    ("d_shusha", "Shusha District", "en", "common", "AZ", "", ""),
    ("kelbajar", "Kelbajar", "en", "common", "AZ", "", ""),
    ("kelbajar", "Kəlbəcər", "az", "official", "AZ", "", ""),
    ("kelbajar", "Karvachar", "en", "official", "NK", "1993-04", "2020-11-25"),
    ("kelbajar", "Քարվաճառ", "hy", "official", "NK", "1993-04", "2020-11-25"),
    ("agdam", "Aghdam", "en", "common", "AZ", "", ""),
    ("agdam", "Ağdam", "az", "official", "AZ", "", ""),
    ("d_agdam", "Aghdam District", "en", "common", "AZ", "", ""),
    ("agdam_tovuz", "Aghdam", "en", "common", "AZ", "", ""),
    ("martuni_nk", "Martuni", "en", "common", "AM|NK", "", ""),
    ("martuni_nk", "Khojavend", "en", "common", "AZ", "", ""),
    ("martuni_am", "Martuni", "en", "common", "AM", "", ""),
    ("martuni_am", "Մարտունի", "hy", "official", "AM", "", ""),
    ("lachin", "Lachin", "en", "common", "AZ", "", ""),
    ("lachin", "Berdzor", "en", "common", "NK", "", ""),
    ("lachin_corridor", "Lachin corridor", "en", "common", "", "", ""),
    ("horadiz", "Horadiz", "en", "common", "AZ", "", ""),
    ("nagorno_karabakh", "Nagorno-Karabakh", "en", "common", "", "", ""),
    ("nagorno_karabakh", "Нагорный Карабах", "ru", "common", "", "", ""),
    ("nagorno_karabakh", "Ναγκόρνο Καραμπάχ", "el", "exonym", "", "", ""),
    ("nagorno_karabakh", "Լեռնային Ղարաբաղ", "hy", "common", "", "", ""),
    ("karabakh", "Karabakh", "en", "common", "", "", ""),
    ("baku", "Baku", "en", "common", "", "", ""),
    ("baku", "Bakı", "az", "official", "", "", ""),
    ("baku", "Баку", "ru", "common", "", "", ""),
    ("baku", "Μπακού", "el", "exonym", "", "", ""),
    ("yerevan", "Yerevan", "en", "common", "", "", ""),
    ("yerevan", "Երևան", "hy", "official", "", "", ""),
    ("yerevan", "Ереван", "ru", "common", "", "", ""),
    ("goris", "Goris", "en", "common", "", "", ""),
    ("sevan", "Sevan", "en", "common", "", "", ""),
    ("moscow", "Moscow", "en", "common", "", "", ""),
    ("moscow", "Москва", "ru", "official", "", "", ""),
    ("moscow", "Մոսկվա", "hy", "exonym", "", "", ""),
    ("brussels", "Brussels", "en", "common", "", "", ""),
    ("brussels", "Βρυξέλλες", "el", "exonym", "", "", ""),
    ("minsk", "Minsk", "en", "common", "", "", ""),
    ("armenia", "Armenia", "en", "common", "", "", ""),
    ("azerbaijan", "Azerbaijan", "en", "common", "", "", ""),
    ("russia", "Russia", "en", "common", "", "", ""),
]


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Places and names in the columns of a pack."""
    places = pd.DataFrame(
        PLACES, columns=["id", "kind", "lon", "lat", "country", "admin1", "population"]
    ).assign(precision_m=1000.0)
    names = pd.DataFrame(
        NAMES,
        columns=["place_id", "name", "lang", "status", "used_by", "valid_from", "valid_to"],
    )
    return places, names


def judgement(query: str, place: str, verdict: str, **more: Any) -> pd.DataFrame:
    """A table of one decision."""
    return pd.DataFrame(
        [
            {
                "id": "j0001",
                "query": query,
                "context": "",
                "candidate_place_id": place,
                "verdict": verdict,
                "reason": "checked against the map",
                "decided_by": "an editor",
                "decided_on": "2026-01-02",
                "supersedes": "",
                **more,
            }
        ]
    )
