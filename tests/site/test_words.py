"""Words of the interface: one for everything a record may say, in every language."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from atlas.base.errors import NotFoundError
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
from atlas.site.lists import GROUPS, group_of
from atlas.site.render import date_words, number, safe_url
from atlas.site.words import all_words, word

EVERY = [
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


@pytest.mark.parametrize("key", EVERY)
def test_there_is_a_word_for_it_in_four_languages(key: str) -> None:
    assert len(word(key)) == 4 and all(word(key))


def test_every_word_a_template_or_script_asks_for_exists() -> None:
    web = files("atlas.site") / "web"
    for item in sorted(web.iterdir(), key=lambda item: item.name):
        if item.name.endswith((".html", ".js")):
            text = item.read_text(encoding="utf-8")
            for key in re.findall(r"""(?:words|\bt|say)\(["'](\w+)["'][,)]""", text):
                assert key in all_words(), f"{item.name}: {key}"


def test_values_stand_in_all_languages() -> None:
    for key, row in all_words().items():
        wanted = [set(re.findall(r"{(\w+)}", text)) for text in row if text]
        assert all(one == wanted[0] for one in wanted), key


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(NotFoundError, match="no word 'nonsense'"):
        word("nonsense")


def test_every_type_of_event_has_its_group() -> None:
    assert {kind for types in GROUPS.values() for kind in types} == set(EVENT_TYPES)
    assert group_of("battle") == "battle"


def test_numbers_and_dates_read_as_on_the_map() -> None:
    assert number(1234567) == "1\u202f234\u202f567" and number(9999) == "9999"
    assert date_words("..") == "…" and date_words("199X") == "199X"
    assert date_words("1993-03-27/1993-04-03") == "27 March 1993 – 3 April 1993"


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "http://", "https://a b", "",
     'https://a"b', "http://[::1", "file:///etc/passwd"],
)  # fmt: skip
def test_only_web_addresses_become_links(text: str) -> None:
    assert safe_url(text) == ""
