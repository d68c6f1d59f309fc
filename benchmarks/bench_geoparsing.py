# ruff: noqa: E501 - tables in strings
"""Geoparsing on LGL and GeoVirus, beside published systems, and on names of the disputed area.

    python benchmarks/bench_geoparsing.py --reference ../shared/reference

Gold spans: accuracy within 161 km in three figures - the ceiling (a right candidate is in our
gazetteer at all), ours among the mentions that have one, and ours over all mentions with gold
coordinates. Of the resolved: how many are farther off, and how many of these are another place
too - the point of a country or province may be far from gold's point in it, and is no other place
while that lies within the radius the answer states. End to end: precision, recall and F1 of finding the gold spans (any overlap), as the
published scores count it. Rules and weights were developed on the documents of even number; those
of odd number were only ever scored, and are reported apart. (One thing was counted over all of LGL:
the points its gold gives to countries. The point of the United States is that of GeoNames since.)
Without the corpora it says so.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from atlas.base.folding import fold
from atlas.gazetteer import Gazetteer
from atlas.gazetteer.evidence import distance_km
from atlas.gazetteer.model import PlaceRef
from atlas.reading import find_mentions

NEAR_KM = 161.0
CONTAINER = (", ", ",", " (")
PUBLISHED = {
    "LGL": (
        ("Mordecai 3 (its README)", 0.827),
        ("CamCoder (ACL 2018)", 0.76),
        ("Edinburgh", 0.76),
        ("CLAVIN", 0.71),
        ("population baseline", 0.70),
    ),
    "GeoVirus": (
        ("CamCoder (ACL 2018)", 0.82),
        ("population baseline", 0.80),
        ("CLAVIN", 0.79),
        ("Edinburgh", 0.78),
    ),
}
# What each corpus marks as a toponym: LGL marks words for peoples too, GeoVirus does not.
MARKED = {"LGL": ("place", "metonym", "demonym"), "GeoVirus": ("place", "metonym")}


@dataclass(frozen=True)
class Gold:
    start: int
    end: int
    name: str
    lat: float
    lon: float


def lgl(path: Path) -> Iterator[tuple[str, list[Gold]]]:
    for article in ElementTree.parse(path).getroot():
        text = article.findtext("text") or ""
        golds = []
        for item in article.find("toponyms") or ():
            tag = item.find("gaztag")
            lat = math.nan if tag is None else float(tag.findtext("lat") or "nan")
            lon = math.nan if tag is None else float(tag.findtext("lon") or "nan")
            golds.append(
                Gold(
                    int(item.findtext("start") or 0),
                    int(item.findtext("end") or 0),
                    item.findtext("phrase") or "",
                    lat,
                    lon,
                )
            )
        yield text, sorted(golds, key=lambda gold: gold.start)


def geovirus(path: Path) -> Iterator[tuple[str, list[Gold]]]:
    for article in ElementTree.parse(path).getroot():
        text = article.findtext("text") or ""
        golds = [
            Gold(
                int(item.findtext("start") or 0),
                int(item.findtext("end") or 0),
                item.findtext("name") or "",
                float(item.findtext("lat") or "nan"),
                float(item.findtext("lon") or "nan"),
            )
            for item in article.find("locations") or ()
        ]
        yield text, sorted(golds, key=lambda gold: gold.start)


def containers(text: str, golds: list[Gold]) -> dict[int, str]:
    """What is written behind a name: "Pineville, La."."""
    import re

    found = {}
    for number, gold in enumerate(golds):
        tail = text[gold.end : gold.end + 40]
        follow = golds[number + 1] if number + 1 < len(golds) else None
        if follow is not None and text[gold.end : follow.start] in CONTAINER:
            found[number] = follow.name
            continue
        match = re.match(r"(?:, | \()([A-Z][\w.]*(?: [A-Z][\w.]*)?)", tail)
        if match:
            found[number] = match[1].rstrip(",")
    return found


@dataclass
class Score:
    total: int = 0
    ceiling: int = 0
    right: int = 0
    resolved: int = 0
    resolved_right: int = 0
    another: int = 0
    found: int = 0
    spotted: int = 0
    gold: int = 0

    def line(self) -> tuple[float, ...]:
        return (
            self.ceiling / self.total,
            self.right / max(self.ceiling, 1),
            self.right / self.total,
            self.resolved / self.total,
            1 - self.resolved_right / max(self.resolved, 1),
            self.another / max(self.resolved, 1),
        )

    def spotting(self) -> tuple[float, float, float]:
        precision = self.spotted / max(self.found, 1)
        recall = self.spotted / max(self.gold, 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def score(
    documents: list[tuple[str, list[Gold]]],
    gazetteer: Gazetteer,
    marked: tuple[str, ...],
    errors: list[dict[str, object]] | None = None,
) -> Score:
    result = Score()
    for number, (text, golds) in enumerate(documents):
        answers = gazetteer.resolve_together(
            [gold.name for gold in golds],
            inside=containers(text, golds),
        )
        for gold, answer in zip(golds, answers, strict=True):
            if math.isnan(gold.lat):
                continue
            result.total += 1
            near = [
                distance_km(item.place.lon, item.place.lat, gold.lon, gold.lat) <= NEAR_KM
                for item in answer.candidates
            ]
            possible = any(near) or any(
                distance_km(m.place.lon, m.place.lat, gold.lon, gold.lat) <= NEAR_KM
                for m in gazetteer.matches(gold.name)
            )
            result.ceiling += possible
            right = bool(near and near[0])
            result.right += right
            if answer.status == "resolved":
                result.resolved += 1
                result.resolved_right += right
                result.another += not right and not _holds(answer.candidates[0].place, gold)
            if errors is not None and not right:
                top = answer.candidates[0] if answer.candidates else None
                errors.append(
                    {
                        "doc": number,
                        "name": gold.name,
                        "possible": possible,
                        "gold": (gold.lat, gold.lon),
                        "ours": (top.place.name, top.place.kind, top.place.country, top.place.lat)
                        if top
                        else None,
                    }
                )
        mentions = [m for m in find_mentions(text, gazetteer) if m.kind in marked]
        result.found += len(mentions)
        result.gold += len(golds)
        hit = set()
        for mention in mentions:
            over = [
                at
                for at, gold in enumerate(golds)
                if gold.start < mention.end and mention.start < gold.end and at not in hit
            ]
            if over:
                hit.add(over[0])
                result.spotted += 1
            elif errors is not None:
                errors.append(
                    {
                        "doc": number,
                        "extra": mention.text,
                        "kind": mention.kind,
                        "around": text[max(0, mention.start - 30) : mention.end + 30],
                    }
                )
        if errors is not None:
            errors += [
                {
                    "doc": number,
                    "lost": gold.name,
                    "around": text[max(0, gold.start - 30) : gold.end + 30],
                }
                for at, gold in enumerate(golds)
                if at not in hit
            ]
    return result


def _holds(place: PlaceRef, gold: Gold) -> bool:
    """Whether gold's point lies in the extent that an area is said to have."""
    km = distance_km(place.lon, place.lat, gold.lon, gold.lat)
    return place.kind not in ("settlement", "district") and km * 1000 <= place.precision_m


def published_spotting(reference: Path, corpus: str) -> list[tuple[str, float, float, float]]:
    with (reference / "geoparsing" / "scores_eupeg.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["corpus"] == corpus]
    found = [
        (row["system"], float(row["precision"]), float(row["recall"]), float(row["f1"]))
        for row in rows
    ]
    return sorted(found, key=lambda row: -row[3])


def world_only() -> Gazetteer:
    """General corpora are measured without a pack."""
    empty = pd.DataFrame({"id": [], "kind": [], "lon": [], "lat": []})
    return Gazetteer(empty, pd.DataFrame({"place_id": [], "name": []}))


def corpora(reference: Path, errors: Path | None) -> None:
    gazetteer = world_only()
    for corpus, read, name in (("LGL", lgl, "lgl.xml"), ("GeoVirus", geovirus, "GeoVirus.xml")):
        documents = list(read(reference / "geoparsing" / name))
        halves = {
            "developed on": documents[0::2],
            "not looked at": documents[1::2],
        }
        print(f"\n## {corpus}: {len(documents)} documents\n")
        print(
            "| half | toponyms | ceiling | among those | overall | resolved | far off of these |"
            " another place |"
            " P | R | F1 | s |"
        )
        print("|---" * 12 + "|")
        for half, part in halves.items():
            listed: list[dict[str, object]] | None = (
                [] if errors is not None and half == "developed on" else None
            )
            begun = time.process_time()
            result = score(part, gazetteer, MARKED[corpus], listed)
            took = time.process_time() - begun
            figures = " | ".join(f"{value:.3f}" for value in (*result.line(), *result.spotting()))
            print(f"| {half} | {result.total} | {figures} | {took:.0f} |")
            if listed is not None and errors is not None:
                errors.mkdir(parents=True, exist_ok=True)
                (errors / f"{corpus}.json").write_text(
                    "\n".join(json.dumps(item, ensure_ascii=False) for item in listed)
                )
        print(
            "\nPublished accuracy@161 km, gold spans: "
            + "; ".join(f"{who} {value:.2f}" for who, value in PUBLISHED[corpus])
        )
        print(
            "Finding spans (P, R, F1): "
            + "; ".join(
                f"{who} {p:.2f} {r:.2f} {f:.2f}"
                for who, p, r, f in published_spotting(reference, corpus)[:4]
            )
        )


LANGUAGES = {
    "eng": "en",
    "aze": "az",
    "hye": "hy",
    "rus": "ru",
    "ell": "el",
    "tur": "tr",
    "kat": "ka",
    "fas": "fa",
}
LINK_KM = 3.0


def disputed_names(reference: Path) -> None:
    """Names of Who's On First in the disputed area that belong to places we carry."""
    import geopandas as gpd

    from atlas.record.pack import read_pack

    pack = read_pack("south-caucasus")
    gazetteer = Gazetteer.from_pack(pack)
    base = reference / "boundaries" / "ne_disputed"
    areas = gpd.read_file(base / "ne_10m_admin_0_disputed_areas.json")
    columns = [name for name in areas.columns if name.lower() in ("name", "brk_name", "name_long")]
    mask = (
        areas[columns]
        .apply(
            lambda column: column.astype(str).str.contains("Nagorno|Artsakh|Karabakh", regex=True)
        )
        .any(axis=1)
    )
    area = areas[mask].union_all()
    places = pd.read_csv(reference / "gazetteer" / "wof" / "wof_places.csv", dtype={"wof_id": str})
    places = places[(places["placetype"] == "locality") & (places["deprecated"].isna())]
    points = gpd.GeoSeries(gpd.points_from_xy(places["lon"], places["lat"]), index=places.index)
    places = places[points.within(area)]
    names = pd.read_csv(
        reference / "gazetteer" / "wof" / "wof_names.csv", dtype=str, keep_default_na=False
    )
    ours = [place for place in gazetteer.places if place.kind == "settlement"]
    by_id = {
        int(number): place_id
        for number, place_id in zip(
            pd.to_numeric(pack.places["geonames_id"], errors="coerce"),
            pack.places["id"],
            strict=True,
        )
        if number == number
    }
    linked: dict[str, tuple[float, float, str]] = {}
    for row in places.itertuples():
        number = pd.to_numeric(row.geonames_id, errors="coerce")
        known = by_id.get(int(number)) if number == number else None
        if known is not None:
            place = gazetteer.place(known)
            if distance_km(place.lon, place.lat, row.lon, row.lat) <= 5.0:
                linked[row.wof_id] = (row.lon, row.lat, known)
            continue
        # Without an id in common: the same name at the same spot.
        own = {fold(name) for name in names.loc[names["wof_id"] == row.wof_id, "name"]}
        own.add(fold(str(row.name)))
        for place in ours:
            if distance_km(place.lon, place.lat, row.lon, row.lat) <= LINK_KM and own & {
                fold(item.name) for item in gazetteer.names_of(place.id)
            }:
                linked[row.wof_id] = (row.lon, row.lat, place.id)
                break
    chosen = names[names["wof_id"].isin(linked) & names["lang"].isin(LANGUAGES)]
    chosen = chosen.drop_duplicates(["wof_id", "lang", "name"])
    district = districts(places, names, reference)
    print(
        f"\n## Names in the disputed area: {len(linked)} of {len(places)} places are ones we carry\n"
    )
    for title, given in (
        ("the bare name", {}),
        ("with its district and kind, as their table has them", district),
    ):
        print(f"{title}:\n\n| language | names | within 5 km | wrong | ambiguous | unresolved |")
        print("|---|---|---|---|---|---|")
        counts: dict[str, Counter[str]] = {}
        for row in chosen.itertuples():
            lang = LANGUAGES[row.lang]
            words = given.get(row.wof_id, "")
            answer = gazetteer.resolve(
                row.name,
                lang=lang,
                context="Karabakh",
                inside=words,
                kind="settlement" if given else None,
            )
            lon, lat, ours_id = linked[row.wof_id]
            outcome = answer.status
            if answer.place is not None:
                km = distance_km(answer.place.lon, answer.place.lat, lon, lat)
                outcome = "right" if km <= 5.0 else "wrong"
            groups = [lang, "all"]
            if not _twins(gazetteer, row.name, ours_id):
                groups.append("all but twins")
            for key in groups:
                counts.setdefault(key, Counter())[outcome] += 1
            if EXAMPLES and given and outcome != "right":
                found = answer.place.id if answer.place else answer.why[:150]
                print("    ", outcome, row.name, lang, row.wof_id, words, "->", found)
        last = ["all", "all but twins"]
        for lang in [*sorted(set(counts) - set(last)), *last]:
            count, n = counts[lang], sum(counts[lang].values())
            figures = " | ".join(
                f"{count[key] / n:.3f}" for key in ("right", "wrong", "ambiguous", "unresolved")
            )
            print(f"| {lang} | {n} | {figures} |")
        print()
    print(
        "Twins: places of one district, over 5 km apart, that bear one name. Left open, as they "
        "should be: name and district can't tell them apart."
    )


def _twins(gazetteer: Gazetteer, name: str, place_id: str) -> bool:
    place = gazetteer.place(place_id)
    return any(
        match.place.id != place_id
        and match.place.kind == place.kind
        and match.place.admin1 == place.admin1
        and distance_km(match.place.lon, match.place.lat, place.lon, place.lat) > 5.0
        for match in gazetteer.matches(name)
        if match.how in ("exact", "folded")
    )


def districts(places: pd.DataFrame, names: pd.DataFrame, reference: Path) -> dict[str, str]:
    """Place -> name of its district in the same source: stated, else by their own polygons."""
    import geopandas as gpd
    from shapely import Point

    every = pd.read_csv(reference / "gazetteer" / "wof" / "wof_places.csv", dtype=str)
    label = dict(zip(every["wof_id"], every["name"], strict=True))
    parent = dict(zip(every["wof_id"], every["parent_id"], strict=True))
    kind = dict(zip(every["wof_id"], every["placetype"], strict=True))
    # Their record of Lachin District bears the name of Lankaran, on the other side of the country.
    wrong = every[(every["placetype"] == "region") & (every["name"] == "Lankaran")]
    for identity, lon in zip(wrong["wof_id"], wrong["lon"].astype(float), strict=True):
        label[identity] = "Laçın" if lon < 47.5 else "Lənkəran"
    rayons = gpd.read_file(reference / "boundaries" / "wof" / "wof_az_region.geojson")
    column = next(name for name in ("name", "wof:name", "wof_name") if name in rayons.columns)
    found = {}
    for row in places.itertuples():
        above = parent.get(row.wof_id, "")
        while above in label and kind[above] not in ("region", "county"):
            above = parent.get(above, "")
        if above in label:
            found[row.wof_id] = str(label[above])
            continue
        inside = rayons[rayons.contains(Point(row.lon, row.lat))]
        if len(inside):
            title = str(inside[column].iloc[0])
            found[row.wof_id] = "Laçın" if title == "Lankaran" and row.lon < 47.5 else title
    return found


EXAMPLES = 0


def main() -> None:
    global EXAMPLES
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reference", type=Path, default=Path("../shared/reference"))
    parser.add_argument("--errors", type=Path, help="write the errors of the developed-on half")
    parser.add_argument("--only", choices=("corpora", "names"))
    parser.add_argument("--examples", type=int, default=0)
    options = parser.parse_args()
    EXAMPLES = options.examples
    if not (options.reference / "geoparsing" / "lgl.xml").exists():
        print(f"no corpora at {options.reference}: nothing measured")
        sys.exit(0)
    if options.only in (None, "corpora"):
        corpora(options.reference, options.errors)
    if options.only in (None, "names"):
        disputed_names(options.reference)


if __name__ == "__main__":
    main()
