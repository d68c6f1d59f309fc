"""How a page of the site writes kinds, numbers, dates and addresses."""

from __future__ import annotations

import pytest

from atlas.record.schema import EVENT_TYPES
from atlas.site.lists import GROUPS, group_of
from atlas.site.render import date_words, number, safe_url


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
