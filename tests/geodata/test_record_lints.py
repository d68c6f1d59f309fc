"""Rules every row of the shipped record keeps, beside those `atlas check` knows for any pack."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from atlas.answers import mandates
from atlas.base.crs import distance_m
from atlas.base.timespan import parse_day, parse_edtf
from atlas.record.pack import Pack, read_pack, split_list

YEAR = re.compile(r"\b(19[89]\d|20[0-4]\d)\b")
MODE_WORDS = {
    "road": {"en": "road", "az": "yolu", "hy": "ճանապարհ", "ru": "Дорога"},
    "rail": {"en": "railway", "az": "dəmir yolu", "hy": "երկաթուղի", "ru": "Железная дорога"},
    "air": {"en": "Air link", "az": "hava xətti", "hy": "օդային կապ", "ru": "Авиасообщение"},
    "pipeline": {"en": "pipeline", "az": "kəməri", "hy": "գազատար|նավթատար", "ru": "провод"},
}
TRANSIT = {"az_ge_am"}  # A service on lines that have names of their own.


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack()


def issued(pack: Pack) -> dict[str, int]:
    """Year each source came out; a source without one is left out."""
    years = pd.to_numeric(pack.sources["issued"].str.slice(0, 4), errors="coerce")
    return {str(k): int(y) for k, y in zip(pack.sources["id"], years, strict=True) if y == y}


def test_no_gazetteer_vouches_for_traffic_or_control(pack: Pack) -> None:
    gazetteers = {"geonames", "wikidata", "natural-earth", "wof-admin"}
    for table in (pack.episodes, pack.control, pack.mandates):
        for row in table.itertuples():
            assert not gazetteers & set(split_list(row.source_ids)), row.id


@pytest.mark.parametrize("table", ["episodes", "mandates"])
def test_no_source_is_older_than_what_it_vouches_for(pack: Pack, table: str) -> None:
    years = issued(pack)
    for row in getattr(pack, table).to_dict("records"):
        cited = split_list(row["source_ids"]) + split_list(row["counter_source_ids"])
        if any(key not in years for key in cited):
            continue
        says = " ".join(
            str(row.get(name) or "")
            for name in ("reason", "valid_from", "deployed_from", "deployed_to")
        )
        told = [int(year) for year in YEAR.findall(says)]
        assert max(told, default=0) <= max(years[key] for key in cited), row["id"]


def test_a_route_is_called_by_one_rule_in_every_language(pack: Pack) -> None:
    """Places from end to end, then the sort of route; what else is said stands in brackets."""
    for row in pack.routes.to_dict("records"):
        if row["id"] in TRANSIT:
            continue
        plain = {
            "en": row["name"],
            "az": row["name_az"],
            "hy": row["name_hy"],
            "ru": row["name_ru"],
        }
        heads = {lang: re.sub(r"\s*\(.*\)$", "", name) for lang, name in plain.items()}
        for lang, head in heads.items():
            assert re.search(MODE_WORDS[row["mode"]][lang], head, re.IGNORECASE), (row["id"], head)
        brackets = {lang for lang, name in plain.items() if name.endswith(")")}
        assert not brackets or brackets == set(plain), (row["id"], plain)
        stops = {lang: len(re.split("[–-]", head)) for lang, head in heads.items() if lang != "ru"}
        assert min(stops.values()) >= 2, (row["id"], stops)


def test_a_route_whose_places_the_sides_call_differently_is_marked(pack: Pack) -> None:
    english = pack.names[pack.names["lang"] == "en"]
    spoken = english.groupby("place_id")["name"].apply(list).to_dict()
    split = [
        (row.id, row.lon, row.lat)
        for row in pack.places.itertuples()
        if " / " in pack.place_name.get(str(row.id), "")
    ]
    for route in pack.routes.itertuples():
        line = [(x, y) for x, y in route.geometry.coords]
        for place_id, lon, lat in split:
            said = any(
                re.search(rf"(?<!\w){re.escape(name)}(?!\w)", route.name)
                for name in spoken.get(place_id, [])
            )
            if said and min(float(distance_m(lon, lat, x, y)) for x, y in line) < 10_000:
                assert bool(route.disputed_name), (route.id, place_id)


def test_turkiye_has_one_spelling_in_our_texts(pack: Pack) -> None:
    for table in (pack.places, pack.control, pack.mandates, pack.episodes, pack.routes):
        for name in {"note", "reason", "counterclaims", "name", "tasks"} & set(table.columns):
            said = table[name].fillna("").str.contains(r"\bTurkey\b")
            assert not said.any(), table.loc[said, "id"].tolist()


def test_official_means_a_state_s_own_text_in_its_language(pack: Pack) -> None:
    path = Path(__file__).parents[2] / "geodata" / "south-caucasus" / "sources.json"
    spoken = {item["id"]: item.get("language", "") for item in json.loads(path.read_text("utf-8"))}
    about = pack.sources.set_index("id")
    official = pack.names[pack.names["status"] == "official"]
    assert len(official) > 30
    for row in official.itertuples():
        cited = about.loc[split_list(row.source_ids)]
        own = cited[
            (cited["kind"] == "primary")
            & cited["affiliation"].isin(split_list(row.used_by))
            & (cited.index.map(spoken).str[:2] == row.lang[:2])
        ]
        assert len(own), (row.id, row.name)


def test_azerbaijani_names_are_written_in_its_alphabet_and_harmony(pack: Pack) -> None:
    """No letter foreign to the alphabet; endings agree with the vowel before them."""
    sure = pack.names[(pack.names["lang"] == "az") & (pack.names["status"] != "variant")]
    ending = re.compile(r"([aıoueəiöü])[^aıoueəiöü]*(?:l|ç|c)([ıiuü])$")
    after = dict(zip("aıoueəiöü", "ııuuiiiüü", strict=True))
    disputed = set(pack.places.loc[pack.places["country"] == "AZ", "id"])
    for row in sure[sure["place_id"].isin(disputed)].itertuples():
        low = row.name.replace("I", "ı").replace("İ", "i").lower()
        assert "w" not in low, row.name
        for word in low.split():
            met = ending.search(word)
            if met:
                assert met.group(2) == after[met.group(1)] or word == "füzuli", row.name


def test_the_sides_use_the_same_name_only_where_they_do(pack: Pack) -> None:
    noted = pack.places.loc[
        pack.places["note"].str.contains("The sides use the same name", regex=False), "id"
    ]
    english = pack.names[
        (pack.names["lang"] == "en") & pack.names["status"].isin(["common", "official"])
    ]
    for place_id in noted:
        rows = english[english["place_id"] == place_id]
        users = [set(split_list(cell)) for cell in rows["used_by"]]
        ours = {n for n, who in zip(rows["name"], users, strict=True) if who & {"AM", "NK"}}
        theirs = {n for n, who in zip(rows["name"], users, strict=True) if "AZ" in who}
        assert theirs <= ours, (place_id, ours, theirs)


def test_no_name_of_the_karabakh_armenian_side_has_an_open_start(pack: Pack) -> None:
    given = pack.names[
        (pack.names["used_by"] == "NK") & pack.names["status"].isin(["common", "official"])
    ]
    towns = given[
        given["place_id"].isin(pack.places.loc[pack.places["kind"] == "settlement", "id"])
    ]
    assert len(towns) > 10
    assert not (towns["valid_from"] == "..").any(), towns["name"].tolist()


def test_no_double_name_before_the_second_existed(pack: Pack) -> None:
    dated = pack.names[
        pack.names["status"].isin(["official", "common"])
        & (pack.names["start_day"] > pack.meta.period.start)
        & (pack.names["name"].str.len() > 3)
    ]
    rules = []
    for row in dated.itertuples():
        same = pack.names.loc[pack.names["place_id"] == row.place_id, "name"]
        others = "|".join(sorted({re.escape(name) for name in same if name != row.name}))
        if others:
            mine = re.escape(row.name)
            both = rf"(?<!\w)(?:(?:{others})\s*/\s*{mine}|{mine}\s*/\s*(?:{others}))(?!\w)"
            rules.append((row.name, int(row.start_day), re.compile(both)))
    texts = [name for name in pack.events if name.startswith("title")] + ["summary"]
    for event in pack.events.to_dict("records"):
        last = parse_edtf(event["event_date"]).latest
        for column in texts:
            text = str(event[column])
            if "/" not in text:
                continue
            for name, start, both in rules:
                if last < start and name in text:
                    assert not both.search(text), (event["id"], column, name)


def test_a_strength_says_the_day_it_was_reported(pack: Pack) -> None:
    counted = pack.mandates[
        pack.mandates["authorised_strength"].notna() | pack.mandates["observed_strength"].notna()
    ]
    assert len(counted) > 5
    assert (counted["strength_reported_on"] != "").all()
    early, late = (
        mandates.at(pack, parse_day(day)).set_index("mandate_id")
        for day in ("2020-11-15", "2020-12-15")
    )
    assert early.loc["m001", "observed_strength"] is pd.NA or pd.isna(
        early.loc["m001", "observed_strength"]
    )
    assert late.loc["m001", "observed_strength"] == 1960


def test_a_mandate_runs_and_is_agreed_as_its_instrument_says(pack: Pack) -> None:
    signed = pack.mandates[pack.mandates["instrument"].str.startswith("Statement of 9/10 November")]
    assert set(signed["consenting_parties"]) == {"AM|AZ|RU"}
    assert set(signed["authorised_to"]) == {"2025-11-10", "2022-08-30"}
    rows = pack.mandates.set_index("id")
    assert rows.loc["m003", "consenting_parties"] == "AZ|RU"
    assert rows.loc["m033", "deployed_from"] == "2023-08-02"
    words = " ".join(pack.mandates["mission"])
    for mission in ("Red Cross", "Minsk process", "border guards", "OSCE Office", "needs assess"):
        assert mission in words


def test_the_enclave_goes_by_the_name_of_its_day(pack: Pack) -> None:
    before, after = (pack.names_on(parse_day(day)) for day in ("1992-01-15", "2008-01-01"))
    assert "Ajapnyak" not in before["malibeyli"] and "Ajapnyak" in after["malibeyli"]
    assert before["stepanakert"] == "Stepanakert / Khankendi"
    assert pack.names_on(parse_day("1990-06-01"))["stepanakert"] == "Stepanakert"
