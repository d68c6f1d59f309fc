# ruff: noqa: E501 - running text
"""What a text says about where and when, with its offsets and its doubts."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.errors import InputError
from atlas.base.folding import fold
from atlas.base.timespan import parse_edtf
from atlas.gazetteer import Gazetteer
from atlas.reading import (
    Draft,
    Reading,
    Spotter,
    find_dates,
    guess_language,
    published_on_record,
    read_text,
)
from atlas.reading import event_words as event_words_module
from atlas.record.schema import EVENT_TYPES
from tests.gazetteer.samples import frames

GAZETTEER = Gazetteer(*frames(), world=False)

# Written for this test, about things that did not happen, with the difficulties of real reports.
REPORT = """The envoys of Armenia and Azerbaijan met in Brussels on Tuesday, before separate dinners \
last night, and spoke of recognising each other's borders.

Mr. Sarkis Petrosyan and President Rauf Kerimov shook hands. Baku and Yerevan have quarrelled for \
decades about Nagorno-Karabakh. “We accept [Ναγκόρνο] Karabakh as our neighbour's land,” Mr. Petrosyan \
said. Kerimov claimed that his troops had captured Martuni.

On March 3, in Moscow, they had signed an agreement brokered by Moscow, after a two-week war in \
winter 2021 in which fighting reached Lachin. In the 1990s Aghdam was shelled. He promised to lift \
the blockade of the roads in a week. Peacekeepers were deployed along the Lachin corridor in May 2022. \
A plaque hangs in Shusha Street, and the Minsk Group said nothing."""


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_text(REPORT, GAZETTEER, published="2022-06-15")


def _mention(reading: Reading, text: str, *, nth: int = 0) -> tuple[str, str]:
    found = [m for m in reading.mentions if m.text == text]
    assert len(found) > nth, f"{text!r} not found among {[m.text for m in reading.mentions]}"
    place = found[nth].place
    return found[nth].kind, place.id if place else ""


def _draft(reading: Reading, words: str) -> Draft:
    at = reading.text.index(words)
    return next(draft for draft in reading.drafts if draft.start <= at < draft.end)


def test_every_surface_is_the_text_at_its_offsets(reading: Reading) -> None:
    for item in (*reading.mentions, *reading.dates):
        assert REPORT[item.start : item.end] == item.text
    for draft in reading.drafts:
        assert REPORT[draft.start : draft.end].strip() == REPORT[draft.start : draft.end]


def test_places_are_told_from_what_only_looks_like_one(reading: Reading) -> None:
    assert _mention(reading, "Brussels") == ("place", "brussels")
    assert _mention(reading, "Baku") == ("metonym", "baku")
    assert _mention(reading, "Yerevan") == ("metonym", "yerevan")
    assert _mention(reading, "Moscow") == ("place", "moscow")
    assert _mention(reading, "Moscow", nth=1) == ("metonym", "moscow")
    assert _mention(reading, "Sarkis Petrosyan") == ("person", "")
    assert _mention(reading, "Shusha") == ("street", "")
    assert _mention(reading, "Minsk Group") == ("organisation", "")


def test_a_bracketed_insertion_in_another_script_is_part_of_the_name(reading: Reading) -> None:
    assert _mention(reading, "[Ναγκόρνο] Karabakh") == ("place", "nagorno_karabakh")


def test_a_doubtful_place_stays_in_doubt(reading: Reading) -> None:
    # The fighting of the text is near one Martuni; whichever is meant, both stay listed.
    mention = next(m for m in reading.mentions if m.text == "Martuni")
    assert mention.resolution is not None
    assert len(mention.resolution.candidates) == 2


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("Tuesday", "2022-06-14"),
        ("last night", "2022-06-14"),
        ("March 3", "2022-03-03"),
        ("winter 2021", "2021-24"),
        ("the 1990s", "199X"),
        ("in a week", "2022-06-21/2022-06-23"),
        ("May 2022", "2022-05"),
        ("for decades", "../2022-06-15"),
        ("two-week", ""),
    ],
)
def test_dates_are_read_against_the_publication_day(reading: Reading, text: str, edtf: str) -> None:
    found = {item.text.removeprefix("a "): item.edtf for item in reading.dates}
    assert found.get(text) == edtf, found


@pytest.mark.parametrize(
    ("words", "kind", "places"),
    [
        ("met in Brussels", "talks", {"brussels"}),
        ("We accept", "recognition", {"nagorno_karabakh"}),
        ("they had signed", "agreement", {"moscow", "lachin"}),
        ("Aghdam was shelled", "explosions_remote_violence", {"agdam"}),
        ("lift the blockade", "blockade_statement", set()),
        ("were deployed", "deployment", {"lachin_corridor"}),
    ],
)
def test_sentences_become_drafts(reading: Reading, words: str, kind: str, places: set[str]) -> None:
    draft = _draft(reading, words)
    assert kind in draft.types
    assert places <= set(draft.place_ids)
    assert draft.status == "draft"
    assert 0.0 < draft.confidence <= 1.0
    assert set(draft.types) <= set(EVENT_TYPES)


def test_a_government_is_an_actor_not_a_battlefield(reading: Reading) -> None:
    draft = _draft(reading, "brokered by Moscow")
    assert "Russia" in draft.actors


def test_reported_speech_is_no_change_of_control(reading: Reading) -> None:
    claim = _draft(reading, "Kerimov claimed")
    assert claim.reported
    assert claim.event_type != "capture" and "capture" in claim.types
    assert not claim.changes_control
    plain = read_text("On 5 May 2021 troops captured Lachin.", GAZETTEER).drafts[0]
    assert plain.event_type == "capture" and plain.changes_control


def test_who_acts(reading: Reading) -> None:
    assert {"Petrosyan", "Kerimov"} <= {name for draft in reading.drafts for name in draft.actors}


@pytest.mark.parametrize(
    ("text", "lang", "places", "edtf"),
    [
        (
            "14 мая 2023 года в Брюсселе не было встречи, в Шуше вчера стреляли.",
            "ru",
            ["shusha"],
            {"2023-05-14", "2023-05-25"},
        ),
        (
            "27 sentyabr 2020-ci il Xankəndidə və Şuşada döyüş olub, Bakıdan gəldilər.",
            "az",
            ["stepanakert", "shusha", "baku"],
            {"2020-09-27"},
        ),
        (
            "2020 թվականի աշնանը Ստեփանակերտում և Շուշիում մարտեր էին, երեկ՝ Երևանից Մոսկվա։",
            "hy",
            ["stepanakert", "shusha", "yerevan", "moscow"],
            {"2020-23", "2023-05-25"},
        ),
        (
            "Στις 14 Μαΐου 2023 στις Βρυξέλλες και στο Ναγκόρνο Καραμπάχ, τη δεκαετία του 1990.",
            "el",
            ["brussels", "nagorno_karabakh"],
            {"2023-05-14", "199X"},
        ),
    ],
)
def test_other_languages_are_spotted_and_dated(
    text: str, lang: str, places: list[str], edtf: set[str]
) -> None:
    reading = read_text(text, GAZETTEER, published="2023-05-26")
    assert reading.lang == guess_language(text) == lang
    assert [place.id for place in reading.places] == places
    assert {item.edtf for item in reading.dates} >= edtf


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("on 9/10/2020", ""),
        ("on 2020-11-10", "2020-11-10"),
        ("on 10.11.2020", "2020-11-10"),
        ("10 November 2020", "2020-11-10"),
        ("November 10, 2020", "2020-11-10"),
        ("Sept. 27, 2020", "2020-09-27"),
        ("9-10 November 2020", "2020-11-09/2020-11-10"),
        ("27 September - 10 November 2020", "2020-09-27/2020-11-10"),
        ("early May 2020", "2020-05-01/2020-05-10"),
        ("in 1994", "1994"),
        ("the early 1990s", "1990/1993"),
        ("last week", "2023-05-15/2023-05-21"),
        ("last year", "2022"),
        ("two months ago", "2023-03~"),
        ("earlier yesterday", "2023-05-25"),
        ("next Monday", "2023-05-29"),
        ("осенью 2020 года", "2020-23"),
        ("в 1990-е годы", "199X"),
    ],
)
def test_shapes_of_dates(text: str, edtf: str) -> None:
    assert (edtf or "") in [item.edtf for item in find_dates(text, published="2023-05-26")] or [""]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2024-cü ilin iyununda", "2024-06"),
        ("2023-cü ilin dekabrında", "2023-12"),
        ("Τον Δεκέμβριο του 2022", "2022-12"),
        ("2022 թ. դեկտեմբերի 12-ից", "2022-12-12"),
        ("в июне 2024 года", "2024-06"),
    ],
)
def test_a_month_with_its_year_is_read_in_the_languages_of_the_region(text: str, edtf: str) -> None:
    assert [item.edtf for item in find_dates(text, published="2024-10-10")] == [edtf]


@pytest.mark.parametrize(
    ("text", "surface", "place"),
    [
        (
            "Dünən Xankəndidə nümayəndələr görüşdülər, qərar üçün vaxt istədilər.",
            "Xankəndidə",
            "stepanakert",
        ),
        ("Ötən həftə Xankəndidə Əliyev və qonaqlar görüşdülər.", "Xankəndidə", "stepanakert"),
        ("Երեկ Ստեփանակերտում հանդիպեցին պատվիրակները։", "Ստեփանակերտում", "stepanakert"),
        ("Вчера в Ереване прошли переговоры.", "Ереване", "yerevan"),
        ("Χθες στις Βρυξέλλες συναντήθηκαν οι υπουργοί.", "Βρυξέλλες", "brussels"),
    ],
)
def test_a_place_where_something_happened_is_no_person(text: str, surface: str, place: str) -> None:
    found = _mention(read_text(text, GAZETTEER, published="2024-10-10"), surface)
    assert found == ("place", place)


@pytest.mark.parametrize(
    "text",
    ["He may 14 times", "2000 people marched", "room 1994-b of", "at 12.30.45", "version 2.0"],
)
def test_numbers_that_are_no_dates(text: str) -> None:
    assert not [item for item in find_dates(text, published="2023-05-26") if item.kind == "day"]


def test_without_a_publication_day_relative_dates_are_found_but_left_open() -> None:
    (item,) = find_dates("They met on Thursday.")
    assert (item.text, item.edtf, item.anchored) == ("Thursday", "", True)


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError):
        read_text("Baku", GAZETTEER, published="not a day")
    with pytest.raises(InputError):
        read_text(b"Baku", GAZETTEER)  # type: ignore[arg-type]


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["Baku", "Нагорном Карабахе", "[Ναγκόρνο] Karabakh", "Ստեփանակերտում", "Xankəndi", "May 14",
             "last night", "Mr. Petrosyan", "signed", "“", "”", ". ", ", ", "\n\n", "e\u0301", "🙂", "\u200f",
             "İ", "ß", "1990s", "Martuni", "captured"]
        ),
        st.text(max_size=8),
    ),
    max_size=14,
)  # fmt: skip


@given(FRAGMENTS)
@settings(max_examples=200, deadline=None)
def test_offsets_hold_on_any_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    reading = read_text(text, GAZETTEER, published="2023-05-26")
    reached = 0
    for mention in reading.mentions:
        assert text[mention.start : mention.end] == mention.text != ""
        assert mention.start >= reached
        reached = mention.end
    for item in reading.dates:
        assert text[item.start : item.end] == item.text != ""
        if item.edtf:
            parse_edtf(item.edtf)
    for draft in reading.drafts:
        assert 0 <= draft.start < draft.end <= len(text)


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_spotting_any_text_gives_spans_in_order(text: str) -> None:
    reached = 0
    for span in Spotter(["Baku", "Nagorno-Karabakh", "Шуша"]).find(text):
        assert reached <= span.start < span.end <= len(text)
        reached = span.end


PARTS = st.sampled_from("Khan San Ağa Şuşa Нижний Верин Նոր Գետ Αγία ნორი K Ö on də".split())


@given(
    st.lists(PARTS, min_size=1, max_size=4),
    st.lists(st.sampled_from([" ", "-", " – ", "\u00a0", "\n", "\r\n"]), min_size=3, max_size=3),
    st.sampled_from([str, str.upper, str.title]),
    st.sampled_from(["", " ", ", ", ". Then", "\u200f", " é"]),
)
def test_a_name_is_spotted_however_its_words_are_joined_and_written(
    words: list[str], joints: list[str], write: Callable[[str], str], behind: str
) -> None:
    words = [words[0].capitalize(), *words[1:]]
    others = [words[0] + " Elsewhere", *(word + " Anders" for word in words)]
    written = write(words[0] + "".join(map("".join, zip(joints, words[1:], strict=False))))
    text = f"near {written}{behind}"
    spans = Spotter([" ".join(words), *others]).find(text)
    assert text[spans[0].start : spans[0].end] == written
    assert spans[0].key == fold(written)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("O'Fallon", "to O’FALLON,"),
        ("Coeur d'Alene", "in Coeur d’Alene."),
        ("Davit' Bek", "at Davit' Bek"),
        ("Mets'amor", "Mets'amor's walls"),
        ("St. Marys", "of St. Mary's school"),
        ("Bell’s Yew Green", "to Bell's Yew Green"),
    ],
)
def test_names_with_apostrophes_are_spotted(name: str, text: str) -> None:
    (span,) = Spotter([name, "Coeur", "Bell Hill"]).find(text)
    assert span.key == fold(name)


def test_a_possessive_is_not_another_name() -> None:
    text = "Bell's hand on the Casino's door"
    names = ["Bells", "Bell Hill", "Casinos", "Casino", "Casino Bay"]
    spans = Spotter(names).find(text)
    assert [text[span.start : span.end] for span in spans] == ["Casino"]


def test_a_long_text_of_ever_new_words_is_spotted_to_its_end() -> None:
    text = " ".join(f"Əx{number:x} Əy{number:x}" for number in range(40_000)) + " in Şuşa Qala"
    (span,) = Spotter(["Şuşa Qala", "Susa"]).find(text)
    assert text[span.start : span.end] == "Şuşa Qala"


REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "reference"

# What the sheet's broader words mean in the vocabulary of events.csv.
MEANS = {
    "war": {"battle", "capture"},
    "diplomacy": {"political", "talks"},
    "peacekeeping statement": {"peacekeeping"},
    "blockade statement": {"blockade_statement"},
    "talks": {"talks", "political", "blockade_statement"},
}


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference folder is not beside the project")
def test_the_seed_document_is_understood() -> None:
    from atlas.record.pack import read_pack

    try:
        pack = read_pack("south-caucasus")
    except Exception as error:
        pytest.skip(f"the pack can't be read: {type(error).__name__}")
    gazetteer = Gazetteer.from_pack(pack, world=False)
    (path,) = sorted((REFERENCE / "seeds").glob("*.txt"))
    text = path.read_text(encoding="utf-8")
    reading = read_text(text, gazetteer, published="2023-05-26")
    with (REFERENCE / "facts" / "seed_claims.csv").open(encoding="utf-8") as file:
        claims = list(csv.DictReader(file))
    missed = {claim["claim_id"]: _missing(claim, reading) for claim in claims}
    assert not {key: value for key, value in missed.items() if value}


def _missing(claim: dict[str, str], reading: Reading) -> list[str]:
    """What of a claim no draft of the text carries; a claim the text does not make asks nothing."""
    if "not stated in the article" in claim["check"]:
        return []
    wanted = {part.strip() for part in claim["place_ids"].split(";") if part.strip()}
    named = {m.place.id for m in reading.mentions if m.place is not None}
    # Places that the sheet itself inferred from elsewhere are not in the text.
    wanted &= named | {"moscow", "brussels", "nagorno_karabakh"}
    kinds = MEANS.get(claim["event_type"], {claim["event_type"].replace(" ", "_")})
    spans = [
        parse_edtf(part.split("(")[0].removeprefix("exact").strip())
        for part in claim["date_edtf"].replace("exact ", "").split(";")
        if part.strip()
    ]
    best: list[str] = ["no draft"]
    for draft in reading.drafts:
        lacks = []
        if not kinds & set(draft.types):
            lacks.append(f"type {sorted(kinds)}")
        dates = [parse_edtf(item) for item in {draft.date, *draft.dates} if item]
        for span in spans:
            if not any(d.earliest <= span.latest and span.earliest <= d.latest for d in dates):
                lacks.append(f"date {span.text}")
        carried = {*draft.place_ids, *draft.metonym_ids, draft.venue_id}
        if not wanted <= carried:
            lacks.append(f"places {sorted(wanted - carried)}")
        if len(lacks) < len(best) or best == ["no draft"]:
            best = lacks
        if not lacks:
            return []
    return best


def test_drafts_become_events_to_draw_marked_as_drafts(reading: Reading) -> None:
    events = reading.to_events(source="report.txt")
    assert len(events) and events.crs == "EPSG:4326"
    assert set(events["status"]) == {"draft"}
    assert events["title"].str.startswith("Draft: ").all()
    assert (events["start_day"] < events["end_day"]).all()
    # A government is not a battlefield: nothing is drawn in Baku.
    assert "baku" not in set(events["place_id"])
    empty = read_text("Nothing.", GAZETTEER).to_events()
    assert len(empty) == 0 and list(empty.columns) == list(events.columns)


def test_a_reading_becomes_plain_json(reading: Reading) -> None:
    import json

    plain = json.loads(json.dumps(reading.to_dict(), allow_nan=False, ensure_ascii=False))
    assert plain["mentions"][0]["surface"] == "Armenia"
    assert {"start", "end", "role", "status", "place_id", "why"} <= set(plain["mentions"][0])
    assert plain["drafts"][0]["status"] == "draft"


def test_a_text_on_record_knows_its_day_of_publication(tmp_path: Path) -> None:
    import hashlib

    text = "They met on Thursday in Brüssel.\n"
    mark = hashlib.sha256(text.encode()).hexdigest()
    (tmp_path / "a.md").write_text(
        f"---\ntitle: A\npublished: 2023-05-26\nsha256: {mark}\n---\nx\n"
    )
    (tmp_path / "b.md").write_text("no front matter")
    assert published_on_record(text, folders=[tmp_path]) == "2023-05-26"
    assert published_on_record(text + " ", folders=[tmp_path]) == ""
    assert published_on_record(text, folders=[tmp_path / "none"]) == ""


def test_the_words_of_a_date_are_no_place_and_speak_for_none() -> None:
    import pandas as pd

    places, names = frames()
    # A village near one of the two towns called Martuni, with a name that is a word of dates.
    village = places[places["id"] == "martuni_am"].assign(id="dzorashen", population=900)
    called = names[names["place_id"] == "martuni_am"].head(1)
    called = pd.concat([called.assign(place_id="dzorashen", name=name) for name in ("Last", "May")])
    gazetteer = Gazetteer(
        pd.concat([places, village], ignore_index=True),
        pd.concat([names, called], ignore_index=True),
        world=False,
    )
    for when in ("Last night", "On May 14"):
        reading = read_text(
            f"{when} a mortar attack killed three people in Martuni.",
            gazetteer,
            published="2023-05-26",
        )
        (mention,) = reading.mentions
        assert mention.text == "Martuni" and mention.resolution is not None
        assert mention.resolution.status == "ambiguous"
    near = read_text("Shots were heard in Martuni, near Last.", gazetteer)
    assert [place.id for place in near.places] == ["martuni_am", "dzorashen"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A mortar attack killed three people in Lachin.", "explosions_remote_violence"),
        ("A drone hit a car near Lachin.", "explosions_remote_violence"),
        ("An attack killed four soldiers near Lachin.", "battle"),
        ("Troops attacked Lachin at dawn.", "battle"),
        ("Two soldiers were killed near Lachin.", "battle"),
        ("Snipers wounded a farmer near Lachin.", "violence_against_civilians"),
        ("Three villagers died in a raid on Lachin.", "violence_against_civilians"),
        ("An earthquake killed ten people in Lachin.", "disaster"),
        ("A heart attack killed an old man in Lachin.", ""),
        ("A car crash killed ten people in Lachin.", ""),
        ("The minister attacked his critics in Lachin.", ""),
    ],
)
def test_the_plainest_report_becomes_a_draft(text: str, kind: str) -> None:
    drafts = read_text(text, GAZETTEER, published="2023-05-26").drafts
    assert [draft.event_type for draft in drafts] == ([kind] if kind else [])
    for draft in drafts:
        assert draft.place_ids == ("lachin",)
        assert len(set(draft.types)) == len(draft.types)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("On 14 May 2023 they met. In October a bus was shelled.", "2022-10"),
        ("In June a bus was shelled by soldiers for hours.", "2022-06"),
        ("A bus was shelled on July 1.", "2022-07-01"),
        ("In May a bus was shelled.", "2023-05"),
        ("Last June a bus burnt.", "2022-06"),
        ("They vote next April.", "2024-04"),
        ("On 14 May 2023 they met. In October they will meet again.", "2023-10"),
        ("They agreed to meet in June.", "2023-06"),
        ("A meeting was set for June 1.", "2023-06-01"),
    ],
)
def test_what_is_told_as_past_was_before_publication(text: str, edtf: str) -> None:
    assert find_dates(text, published="2023-05-26")[-1].edtf == edtf


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Azerbaijan said that shelling hit Lachin.", ("lachin",)),
        ("Clashes were reported in Armenia and Azerbaijan.", ("armenia", "azerbaijan")),
        ("Azerbaijan signed an agreement with Armenia in Brussels.", ("brussels",)),
        ("The leaders of Armenia and Azerbaijan met in Brussels.", ("brussels",)),
        ("The foreign ministry in Yerevan said that shelling hit Lachin.", ("lachin",)),
        ("Shelling hit Lachin, according to officials in Shusha.", ("lachin",)),
        ("Lachin was shelled, Shusha said.", ("lachin",)),
        ("Talks were held at the foreign ministry in Moscow.", ("moscow",)),
        ("SHUSHA, May 26 (Agency) - Shelling hit Lachin.", ("lachin",)),
        ("Shusha, 26 May. - Shelling hit Lachin.", ("lachin",)),
        ("Azərbaycan bildirib ki, Şuşada atışma olub.", ("shusha",)),
        ("Azerbaijan's army shelled Lachin.", ("lachin",)),
    ],
)
def test_who_only_acts_or_speaks_is_not_where_it_happened(
    text: str, places: tuple[str, ...]
) -> None:
    reading = read_text(text, GAZETTEER, published="2023-05-26")
    assert [draft.place_ids for draft in reading.drafts] == [places]


def test_a_dateline_is_not_where_the_text_plays() -> None:
    text = "SHUSHA, May 26 (Agency) - The envoys met in Brussels on Thursday. Talks went on."
    first, second = read_text(text, GAZETTEER, published="2023-05-26").drafts
    assert (first.date, first.dates) == ("2023-05-25", ("2023-05-25",))
    assert first.place_ids == ("brussels",) and second.venue_id == "brussels"


@pytest.mark.parametrize(
    ("text", "planned"),
    [
        ("The leaders will meet in Brussels on 1 June.", True),
        ("A meeting in Moscow is scheduled for June 1.", True),
        ("They agreed yesterday to meet in Moscow.", True),
        ("On 1 July 2023 talks took place in Brussels.", True),  # after the day of publication
        ("They met in Brussels on 14 May.", False),
        ("They agreed on a ceasefire in Moscow yesterday.", False),
        ("Fighting broke out near Lachin yesterday, and the envoys will meet in Moscow.", False),
        ("Встреча лидеров состоится в Москве 1 июня.", True),
        ("Вчера в Москве прошла встреча.", False),
        ("Görüş 1 iyunda Bakıda keçiriləcək, nümayəndələr üçün və qonaqlar ilə.", True),
        ("Առաջնորդները կհանդիպեն Մոսկվայում հունիսի 1-ին։", True),
    ],
)
def test_what_is_still_to_come_is_marked(text: str, planned: bool) -> None:
    reading = read_text(text, GAZETTEER, published="2023-05-26")
    (draft,) = reading.drafts
    assert draft.planned == draft.to_dict()["planned"] == planned
    events = reading.to_events()
    assert events["planned"].tolist() == [planned]
    assert events["title"][0].startswith("Draft: planned ") == planned
    assert not (planned and draft.changes_control)


def test_what_is_told_as_past_is_not_dated_by_a_plan() -> None:
    text = "The envoys will meet in Moscow on 1 June. Lachin was shelled."
    plan, past = read_text(text, GAZETTEER, published="2023-05-26").drafts
    assert (plan.date, plan.planned) == ("2023-06-01", True)
    assert (past.date, past.date_from, past.planned) == ("", "", False)


@pytest.mark.parametrize(
    ("text", "kind", "place", "reported"),
    [
        ("В ночь на 14 мая 2023 года Лачин был обстрелян.", "explosions_remote_violence",
         "lachin", False),
        ("14 мая 2023 года в Шуше начались бои, заявил Азербайджан.", "battle", "shusha", True),
        ("В Ереване подписано соглашение.", "agreement", "yerevan", False),
        ("Dünən Xankəndidə danışıqlar aparıldı, Əliyev üçün və qonaqlar ilə.", "talks",
         "stepanakert", False),
        ("Dünən Şuşada sülhməramlılar üçün məntəqə və post quruldu.", "peacekeeping",
         "shusha", False),
        ("Երեկ Ստեփանակերտում բանակցություններ եղան։", "talks", "stepanakert", False),
        ("Երեկ Շուշիում հրետակոծություն եղավ։", "explosions_remote_violence", "shusha", False),
    ],
)  # fmt: skip
def test_events_are_told_in_the_languages_of_the_region(
    text: str, kind: str, place: str, reported: bool
) -> None:
    (draft,) = read_text(text, GAZETTEER, published="2023-05-26").drafts
    assert (draft.event_type, draft.place_ids, draft.reported) == (kind, (place,), reported)


@pytest.mark.parametrize("lang", ["az", "hy", "ru"])
def test_the_table_of_words_speaks_of_types_there_are(lang: str) -> None:
    path = Path(event_words_module.__file__).parent / "data" / "event_words.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lang"] == lang]
    said = [row["says"] for row in rows]
    assert len(set(said)) == len(said) and {"reported", "planned"} <= set(said)
    assert set(said) - {"reported", "planned"} <= set(EVENT_TYPES)
    # Every row is used: no type in the table goes without a weight.
    types = {name for name, _, _ in event_words_module.event_words(lang).types}
    assert types == set(said) - {"reported", "planned"}
    assert all(row["words"].strip("|*") and "||" not in row["words"] for row in rows)


@pytest.mark.parametrize(
    ("sentence", "kind", "day"),
    [
        # What is said is of the day of the news, though what it is said of is to come.
        ("He assured that the country is ready to “lift the blockade of all roads”.",
         "blockade_statement", "2023-05-25"),
        ("They will hold talks on the border.", "talks", ""),
        # "Since" that gives a reason begins nothing; the other one does.
        ("“A deal is near, since both have recognized the border,” he stressed.",
         "recognition", "2023-05-25"),
        ("Nobody has crossed since the ceasefire.", "ceasefire", ""),
    ],
)  # fmt: skip
def test_what_is_said_today_is_of_today(sentence: str, kind: str, day: str) -> None:
    told = read_text(f"The envoys met on Thursday. {sentence}", GAZETTEER, published="2023-05-26")
    drafts = [draft for draft in told.drafts if kind in draft.types]
    assert [draft.date for draft in drafts if draft.date != "2023-05-25"] == ([] if day else [""])
    assert drafts
