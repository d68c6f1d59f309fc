"""Words: complete, with the same blanks, in the language's letters; rules as CLDR has them."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from atlas.base.cldr import calendar_names
from atlas.base.errors import InputError, NotFoundError
from atlas.record.pack import check_pack
from atlas.record.schema import (
    CERTAINTY,
    CONTROL_TYPES,
    EVENT_TYPES,
    HOW,
    MODES,
    PLACE_KINDS,
    STATUSES,
    TABLES,
    USERS,
)
from atlas.site.facts import CITING
from atlas.site.lists import GROUPS
from atlas.words import shipped, spoken, word_faults
from atlas.words.load import FORMS, language_name
from tests.packs import spell, write_pack

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "map" / "js" / "languages.json"
WANTED = "en ar az el es fr hy ka ru tr uk".split()
SCRIPTS = {
    "ar": "ARABIC", "el": "GREEK", "hy": "ARMENIAN", "ka": "GEORGIAN", "ru": "CYRILLIC",
    "uk": "CYRILLIC",
}  # fmt: skip
# Names and codes that every language writes alike.
ALIKE = re.compile(
    r"Natural Earth|GeoNames|CC BY|EPSG|EDTF|Shift|Enter|PageUp|PageDown|Home|End|Backspace|Esc"
)
SAID = [
    *EVENT_TYPES,
    *MODES,
    *USERS,
    *(f"ce_{level}" for level in CERTAINTY),
    *(f"ct_{kind}" for kind in CONTROL_TYPES),
    *(f"how_{how}" for how in HOW),
    *(f"st_{status}" for status in STATUSES),
    *(f"pk_{kind}" for kind in PLACE_KINDS),
    *(f"sk_{kind}" for kind in TABLES["sources"].column("kind").words),
    *(f"t_{table}" for table in CITING),
    *(f"eg_{group}" for group in GROUPS),
    *TABLES["events"].column("verification").words,
]


def texts(word: Any) -> list[str]:
    return [word] if isinstance(word, str) else list(word.values())


def file_of(tag: str) -> dict[str, Any]:
    text = (files("atlas.words") / f"{tag}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_which_languages_are_shipped() -> None:
    assert set(WANTED) <= set(shipped())


@pytest.mark.parametrize("tag", WANTED)
def test_a_language_is_complete(tag: str) -> None:
    words, english = file_of(tag), file_of("en")
    assert set(words) == set(english)
    assert spoken(tag).missing == ()
    for key, word in words.items():
        for text in texts(word):
            assert (
                text.strip()
                or key == "capitals"
                or (tag == "en" and key in ("onlyEnglish", "englishOnly"))
            ), key
            wanted = {name for one in texts(english[key]) for name in re.findall(r"{(\w+)}", one)}
            # One and two of something may need no figure.
            assert set(re.findall(r"{(\w+)}", text)) | {"n"} == wanted | {"n"}, key
            assert text == unicodedata.normalize("NFC", text), key


@pytest.mark.parametrize("tag", WANTED)
def test_a_plural_has_the_forms_of_its_language(tag: str) -> None:
    locale = Locale.parse(tag)
    used = {locale.plural_form(n) for n in range(200)}
    for key, word in file_of(tag).items():
        if not isinstance(word, str):
            assert "other" in word and set(word) >= used, key


@pytest.mark.parametrize("tag", sorted(SCRIPTS))
def test_words_are_in_the_letters_of_the_language(tag: str) -> None:
    for key, word in file_of(tag).items():
        for text in texts(word):
            plain = ALIKE.sub("", re.sub(r"{\w+}", "", text))
            kinds = {
                unicodedata.name(letter).split()[0]
                for letter in plain
                if letter.isalpha() and letter.isascii() is False
            } - {"SUPERSCRIPT", "MICRO", "MODIFIER"}
            assert kinds <= {SCRIPTS[tag]}, (key, text)
            latin = re.sub(r"[^A-Za-z]", "", plain)
            assert len(latin) <= 8, (key, text)  # YYYY, XX, an abbreviation


# Two ways to write one letter: a language's file keeps to one.
ONE_WAY = {"hy": "եւ", "fr": "' ", "uk": "ё", "ka": "ჱ", "el": "ο'", "tr": "ə", "az": "ы"}


@pytest.mark.parametrize("tag", sorted(ONE_WAY))
def test_a_language_is_written_in_one_way(tag: str) -> None:
    for key, word in file_of(tag).items():
        for text in texts(word):
            assert ONE_WAY[tag] not in text, key
            assert "  " not in text and text == text.strip(), key


@pytest.mark.parametrize("key", SAID)
def test_there_is_a_word_for_all_that_a_record_may_say(key: str) -> None:
    assert key in spoken("en").words


def test_every_word_asked_for_exists() -> None:
    known = spoken("en").words
    ask = r"""(?:words|\bt|say|self\.words)\(["'](\w+)["'][,)]"""
    asked = 0
    for folder in ("atlas/site/web", "atlas/map/web", "atlas/figures"):
        for path in sorted((ROOT / folder).iterdir()):
            if path.suffix in (".html", ".js", ".py"):
                for key in re.findall(ask, path.read_text(encoding="utf-8")):
                    assert key in known, f"{path.name}: {key}"
                    asked += 1
    assert asked > 200


@pytest.mark.parametrize("tag", [*WANTED, "fa", "he", "pl", "cy", "lt", "my", "zh-Hant", "sl"])
def test_plural_forms_are_those_of_cldr(tag: str) -> None:
    language = spoken(tag)
    locale = Locale.parse(tag, sep="-")
    assert len(language.plural) == FORMS
    for n in [*range(1200), 10_000, 10_001, 99_999]:
        assert language.category(n) == locale.plural_form(n), n


@pytest.mark.parametrize(
    ("tag", "day", "month"),
    [
        ("en", "10 November 2020", "November 2020"),
        ("ru", "10 ноября 2020", "ноябрь 2020"),
        ("es", "10 de noviembre de 2020", "noviembre de 2020"),
        ("ar", "10 نوفمبر 2020", "نوفمبر 2020"),
        ("zh", "2020年11月10日", "2020年11月"),
        ("hu", "2020. november 10.", "2020. november"),
    ],
)
def test_dates_as_each_language_writes_them(tag: str, day: str, month: str) -> None:
    assert spoken(tag).date(18576) == day
    assert spoken(tag).year_month(2020, 11) == month


def replayed(tag: str) -> dict[str, Any]:
    """What the page is given, with as many words as its tests ask for."""
    whole = spoken(tag).payload()
    units = (f"unit_{unit}" for unit in ("m", "km", "ha", "km2"))
    few = ("deaths", "eventCount", "near", *units, *EVENT_TYPES)
    return whole | {"words": {key: whole["words"][key] for key in few}}


def test_the_page_replays_the_same_cases() -> None:
    """The page's script is tested with this file, which has to be what the loader gives."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    for tag, stored in golden.items():
        assert replayed(tag) == stored, f"run python -m tests.words.{Path(__file__).stem}"


def test_directions() -> None:
    assert {tag for tag in (*WANTED, "he", "fa", "ur") if spoken(tag).direction == "rtl"} == {
        "ar", "he", "fa", "ur"
    }  # fmt: skip


def test_a_language_without_words_speaks_english_and_says_so() -> None:
    swahili = spoken("sw")
    assert swahili("st_open") == "open" and len(swahili.missing) == len(file_of("en"))
    assert swahili.date(18576) == "10 Novemba 2020" and swahili.name == "Kiswahili"
    assert language_name("tly") == "Talysh"


def test_a_variety_of_a_language_speaks_the_language(folder: Path) -> None:
    quebec = spoken("fr-CA")
    assert quebec("st_open") == spoken("fr")("st_open") and quebec.missing == ()
    assert quebec.name == "Français (Canada)"
    bring(folder, "fr-CA.json", json.dumps({"st_open": "libre"}))
    assert spoken("fr-CA", folder=folder)("st_open") == "libre"
    assert spoken("fr", folder=folder)("st_open") != "libre"


def test_an_unknown_word_or_tag_is_an_error() -> None:
    with pytest.raises(NotFoundError, match="no word 'nonsense'"):
        spoken("en")("nonsense")
    with pytest.raises(InputError, match="no BCP 47 tag"):
        spoken("../en")


def test_a_blank_is_filled_once() -> None:
    assert spoken("en")("near", km="{place}", place="X") == "{place} km from X"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [spell("c1", "a00", "A"), spell("c2", "a10", "B")]
    return write_pack(tmp_path_factory.mktemp("words") / "p", rows)


def bring(folder: Path, name: str, text: str) -> Path:
    (folder / "words").mkdir(exist_ok=True)
    for old in (folder / "words").iterdir():
        old.unlink()
    (folder / "words" / name).write_text(text, encoding="utf-8")
    return folder


def test_a_pack_may_bring_words_of_its_own(folder: Path) -> None:
    bring(folder, "sw.json", json.dumps({"st_open": "wazi", "deaths": {"other": "vifo {n}"}}))
    assert check_pack(folder) == []
    swahili = spoken("sw", folder=folder)
    assert swahili("st_open") == "wazi" and swahili("deaths", n=3) == "vifo 3"
    assert swahili("st_closed") == "closed"
    assert len(swahili.missing) == len(file_of("en")) - 2


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("sw.json", "[]", "JSON of the form"),
        ("sw.json", "{", "JSON of the form"),
        ("sw.json", '{"st_opened": "wazi"}', "'st_open'"),
        ("sw.json", '{"st_open": 3}', "a text"),
        ("sw.json", '{"st_open": {"one": "x"}}', "'other'"),
        ("sw.json", '{"st_open": {"other": 3}}', "a text"),
        ("sw.json", '{"st_open": {"other": "x", "odd": "x"}}', "plural"),
        ("sw.json", '{"near": "{km} {where}"}', "{km}, {place}"),
        ("sw.json", '{"st_open": "\\ud800"}', "a text"),
        ("notes.txt", "x", "<tag>.json"),
    ],
)
def test_a_fault_of_a_packs_words_is_found(folder: Path, name: str, text: str, told: str) -> None:
    bring(folder, name, text)
    (fault,) = word_faults(folder)
    assert told in str(fault) and fault.remedy and fault.file == f"words/{name}"
    assert [one.code for one in check_pack(folder)] == [fault.code]
    str(fault).encode("utf-8")


def test_words_from_outside_a_pack_are_refused(folder: Path, tmp_path: Path) -> None:
    bring(folder, "sw.json", "{}")
    (folder / "words" / "sw.json").unlink()
    (tmp_path / "sw.json").write_text("{}", encoding="utf-8")
    (folder / "words" / "sw.json").symlink_to(tmp_path / "sw.json")
    assert [fault.code for fault in word_faults(folder)] == ["link"]
    with pytest.raises(InputError, match="link out of the pack"):
        spoken("sw", folder=folder)


if __name__ == "__main__":
    kept = {tag: replayed(tag) for tag in ("en", "hy", "az", "ru", "es", "ar")}
    GOLDEN.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        ("az", "Ceyran Çaylı Ermənistan Əsgəran Gəncə Xocalı Ismayıl İmişli Kür Qax Lənkəran"),
        ("tr", "Ceyhan Çanakkale Iğdır İstanbul Kars Şırnak Tunceli"),
        ("hy", "Եվլախ Երևան Եւլախ Հադրութ Ձորագետ Ղազախ Որոտան Ուխտասար Ֆիզուլի Baku"),
        ("ru", "Баку Ёлка Ереван Иран Йемен Шуша Baku"),
        ("uk", "Гадрут Ґанок Єреван Жовтень Ірак Їжак Йорданія"),
        ("el", "Αθήνα Άρτα Λευκωσία Όλυμπος Χανιά Ωραιόκαστρο"),
        ("ka", "ბაქო თბილისი ქუთაისი ხაშური ჯავა"),
        ("ar", "أرمينيا إيران باكو تركيا روسيا شوشة يريفان"),
        ("es", "Nantes Ñuble Oviedo"),
    ],
)  # fmt: skip
def test_names_stand_in_the_order_of_the_alphabet(tag: str, names: str) -> None:
    language = spoken(tag)
    wanted = names.split()
    assert sorted(sorted(wanted), key=language.places) == wanted


@pytest.mark.parametrize("tag", shipped())
def test_every_letter_of_an_alphabet_is_its_own_initial(tag: str) -> None:
    language = spoken(tag)
    letters = str(language.words["alphabet"]).split()
    assert len(set(letters)) == len(letters) > 20
    assert [language.initial(letter) for letter in letters] == letters
    assert sorted(sorted(letters), key=language.places) == letters
    assert language.initial("(9) ...") == language.initial(f"9{letters[-1]}") == ""
    assert language.initial(f"('{letters[-1]} 9)") == letters[-1]


def test_months_are_a_languages_own_whatever_babel_was_asked_before() -> None:
    from babel import Locale

    for tag in ("az", "hy", "tr"):
        assert Locale.parse(tag).months["stand-alone"]["wide"][1]
    assert calendar_names(Locale.parse("es"), "months")["stand-alone"]["wide"][1] == "enero"
