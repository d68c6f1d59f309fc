"""What `pack.toml` may say: its keys as data, and every fault of one.

The same list checks a pack, and documents it in the data dictionary.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from atlas.base.errors import Fault, InputError
from atlas.base.timespan import OPEN_END, boundary_day, format_day, parse_day
from atlas.record.schema import EVENT_TYPES, LANGUAGE_TAG, TABLES

__all__ = [
    "PATTERNS",
    "SETTINGS",
    "Setting",
    "alike",
    "country_meant",
    "is_country",
    "is_tag",
    "items",
    "settings_dictionary",
    "settings_faults",
    "unprintable",
]

PATTERNS = "none lines back cross dots grid".split()
ROLES = "side other".split()
FILE = "pack.toml"
DEFAULT_COLOUR = "#888888"
LIKE = 15.0
"""Colours nearer than this (CIE76 difference) are taken for one another on a map."""
GROUND = {"land": "#f6f2e8", "water": "#c9dbe6"}
"""Colours of the bare map: a party of one of them would be seen as nobody's ground."""
NEUTRAL = "neutral"
"""What a source is affiliated with that is no party's."""

_SHOWN = 60
_PARTY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# CLDR lists them beside the codes that states have had.
_MISTAKEN = ("UK", "QU", "ZZ")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of `pack.toml`.

    Attributes
    ----------
    name : str
        The key; ``name_<tag>`` stands for one key a language.
    kind : str
        What its value is; a key of the rules below.
    about : str
        What it means.
    required : bool
        Whether a pack can't do without it.
    """

    name: str
    kind: str
    about: str
    required: bool = False


SETTINGS: Mapping[str, tuple[Setting, ...]] = {
    "": (
        Setting("id", "slug", "Key of the pack; files made from it are called so", True),
        Setting("opens_first", "flag", "Whether it opens where no pack is named, of those shipped"),
        Setting("title", "by language", "Title by language; English is what others fall back to",
                True),
        Setting("description", "prose by language", "What the record is about, by language"),
        Setting("period_from", "day", "First day that the record covers", True),
        Setting("period_to", "day", "First day that it no longer covers; none = to today"),
        Setting("start_date", "day", "Day on which a map opens; by default the first"),
        Setting("bbox", "box", "West, south, east, north of the map, degrees; east above 180 where "
                "it crosses the antimeridian", True),
        Setting("relief_box", "box", "West, south, east, north of the edges of relief.webp"),
        Setting("languages", "languages", "BCP 47 tags of the languages it is offered in", True),
        Setting("countries", "countries", "ISO 3166-1 codes of the states it covers as a whole"),
        Setting("parties", "tables", "Who holds, claims, acts: [[parties]]", True),
        Setting("sides", "tables", "Whose dispute it is: [[sides]]"),
        Setting("worldviews", "parties", "Parties whose claims can be shown on their own"),
        Setting("licence", "text", "SPDX name of the licence of the record"),
        Setting("gap_m", "metres", "Narrowest gap between areas that is a fault; by default 222"),
        Setting("neutrality", "table", "Words that take a side: [neutrality]"),
        Setting("spelling", "tables", "One way to write a word: [[spelling]]"),
        Setting("same_words", "tables", "The same act, the same words: [[same_words]]"),
        Setting("citation", "table", "What a row must rest on: [citation]"),
    ),
    "parties": (
        Setting("id", "party id", "As the tables name it", True),
        Setting("name_en", "text", "Name in English", True),
        Setting("name_<tag>", "text", "Name in another language of the pack"),
        Setting("iso", "country", "ISO 3166-1 code, of a state"),
        Setting("colour", "colour", "Fill on the map, #rrggbb; told apart from every other"),
        Setting("pattern", "pattern", "Hatch that tells it apart without colour"),
        Setting("role", "role", "'side' for those in dispute; by default 'other'"),
    ),
    "sides": (
        Setting("parties", "some parties", "Ids of the parties on this side", True),
        Setting("lang", "tag", "Language that names places for this side"),
    ),
    "neutrality": (
        Setting("loaded_words", "words",
                "Words that texts of the record may only quote, in any language; * at the end "
                "stands for any ending"),
        Setting("translated", "columns",
                "Columns filled in every language of the pack, as 'events.title'"),
    ),
    "spelling": (
        Setting("write", "text", "The word as the record writes it", True),
        Setting("never", "words", "Other words for it, * at the end as above", True),
    ),
    "same_words": (
        Setting("event_type", "event type", "Type of the events it holds for", True),
        Setting("sub_event_type", "text", "Finer type, where it holds for one only"),
        Setting("pattern", "expression", "Regular expression found in the title of each", True),
    ),
    "citation": (
        Setting("strict", "flag", "Whether the rules of docs/codebook.md on sources are kept"),
    ),
}  # fmt: skip
"""Keys by table of `pack.toml`; '' is the top of the file."""

_ARRAYS = ("parties", "sides", "spelling", "same_words")
_SINGLE = ("neutrality", "citation")


def items(value: Any) -> list[Any]:
    """A list as it is; anything else has no items."""
    return value if isinstance(value, list) else []


def unprintable(text: str) -> bool:
    """Whether a text holds control characters or half a character (a lone surrogate)."""
    return _CONTROL.search(text) is not None


def is_tag(tag: object) -> bool:
    """Whether a value is a BCP 47 tag of a language there is.

    Examples
    --------
    >>> is_tag("el"), is_tag("zh-Hant"), is_tag("gr"), is_tag("greek")
    (True, True, False, False)
    """
    if not isinstance(tag, str) or not LANGUAGE_TAG.fullmatch(tag):
        return False
    from babel import Locale

    return tag.split("-")[0] in Locale("en").languages


def _meant(tag: object) -> str:
    """The tag that a wrong one may be meant for; empty if none is near."""
    from babel import Locale
    from babel.core import get_global

    text = str(tag).strip().replace("_", "-")
    language, *rest = text.split("-")
    names = {name.casefold(): code for code, name in Locale("en").languages.items()}
    for guess in (
        "-".join([language.lower(), *rest]),
        names.get(text.casefold(), ""),
        str(get_global("likely_subtags").get(f"und_{language.upper()}", "")).split("_")[0],
    ):
        if guess != tag and is_tag(guess):
            return guess
    return ""


def alike(one: str, two: str) -> float:
    """Difference of two colours as the eye sees it; below `LIKE` they look the same.

    Parameters
    ----------
    one, two : str
        Colours, ``#rrggbb``.

    Source: CIE 1976 L*a*b*, CIE 15:2004, distance by Euclid.

    Examples
    --------
    >>> alike("#5b8db8", "#5b8db8"), round(alike("#000000", "#ffffff"))
    (0.0, 100)
    """
    return math.dist(_lab(one), _lab(two))


def _lab(colour: str) -> tuple[float, float, float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        ((part + 0.055) / 1.055) ** 2.4 if part > 0.04045 else part / 12.92 for part in parts
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


# --- the check ----------------------------------------------------------------------------------


def settings_faults(settings: Mapping[str, Any], *, holders: frozenset[str]) -> list[Fault]:
    """Find every fault of the settings of a pack.

    Parameters
    ----------
    settings : mapping
        As the TOML file has them.
    holders : frozenset of str
        Ids of the parties that hold or claim ground, and so are drawn beside each other.

    Returns
    -------
    list of Fault
        Of code 'settings', or 'reference' for a party named that is none.
    """
    if not settings:
        return []  # the reader has said why
    faults = [*_table("", settings, None)]
    broken = {fault.column for fault in faults}
    for table in _ARRAYS:
        for number, item in enumerate(items(settings.get(table)), start=1):
            if isinstance(item, dict):
                faults += _table(table, item, number)
            else:
                faults.append(
                    _fault(table, repr(item), f"a table [[{table}]]", f"Write it as [[{table}]]",
                           number)
                )  # fmt: skip
    for table in _SINGLE:
        if isinstance(settings.get(table), dict):
            faults += _table(table, settings[table], None)
    parties = [
        item
        for item in items(settings.get("parties"))
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]
    odd = {fault.row for fault in faults if fault.column == "parties"}
    faults += _languages(settings, parties)
    faults += _references(settings, parties)
    faults += _told_apart(settings, odd, holders)
    faults += _spellings(settings)
    if not broken & {"period_from", "period_to", "start_date"}:
        faults += _period(settings)
    return faults


def _fault(
    column: str, found: str, expected: str, remedy: str, row: int | None = None,
    code: str = "settings",
) -> Fault:  # fmt: skip
    shown = found if len(found) <= _SHOWN else found[:_SHOWN] + "..."
    return Fault(FILE, row, column, shown, expected, code, remedy)


def _heading(table: str) -> str:
    return f"[{table}]" if table in _SINGLE else f"[[{table}]]"


def _table(table: str, values: Mapping[str, Any], row: int | None) -> Iterator[Fault]:
    """Faults of one table's own keys."""
    known = {setting.name: setting for setting in SETTINGS[table]}
    where = f"in {_heading(table)}" if table else f"at the top of {FILE}"
    column = table or ""
    missing = [name for name, one in known.items() if one.required and name not in values]
    meant = {name: _meant_key(name, known, missing) for name in values if not _is_key(name, known)}
    for name in missing:
        if name in meant.values():
            continue  # told once, of the key that stands there for it
        about = known[name].about
        yield _fault(
            column or name, f"no key {name}", f"the key {name}",
            f"Add `{name}` {where}: {about}", row,
        )  # fmt: skip
    if table and "id" in missing and "id" not in meant.values():
        return  # whatever else it says, nothing can be told of a party without an id
    for name, value in values.items():
        setting = known.get(name)
        if setting is None and name.startswith("name_") and "name_<tag>" in known:
            setting = known["name_<tag>"]
        if setting is None:
            near = meant[name]
            remedy = f"Write `{near}`" if near else f"Leave it out; there are {', '.join(known)}"
            shown = repr(name) if unprintable(name) else name
            yield _fault(
                column or shown, f"an unknown key {shown}", f"a key that has a meaning {where}",
                remedy, row,
            )  # fmt: skip
            continue
        said = _RULES[setting.kind](value)
        if said is not None:
            expected, remedy = said
            found = f"{name} = {value!r}" if table else repr(value)
            yield _fault(column or name, found, expected, remedy, row)


def _is_key(name: str, known: Mapping[str, Setting]) -> bool:
    return name in known or (name.startswith("name_") and "name_<tag>" in known)


def _meant_key(name: str, known: Mapping[str, Setting], missing: Sequence[str]) -> str:
    """The key that an unknown one may be meant for, a missing one first; empty if none is near."""
    plain = name.casefold()
    for keys in (missing, list(known)):
        begun = [key for key in keys if min(len(key), len(plain)) > 1
                 and (key.startswith(plain) or plain.startswith(key))]  # fmt: skip
        near = [key for key in keys if key == plain] or difflib.get_close_matches(plain, keys, n=1)
        if near or begun:
            return (near or begun)[0]
    return ""


Said = tuple[str, str] | None
"""What was expected and what to do, or None where a value is fine."""


def _text(value: Any) -> Said:
    if not isinstance(value, str) or not value.strip():
        return "a text", 'Write it in quotation marks: "..."'
    if unprintable(value):
        return "a text without control characters", "Type the text anew"
    if len(value.splitlines()) > 1:
        return "a text of one line", "Join the lines by a space"
    return None


def _prose(value: Any) -> Said:
    return _text(
        " ".join(value.split()) if isinstance(value, str) and not unprintable(value) else value
    )


def _word(value: Any) -> Said:
    said = _text(value)
    if said is None and not value.strip("* "):
        return "a word", "Write at least one letter; * alone stands for every word there is"
    return said


def _expression(value: Any) -> Said:
    said = _text(value)
    if said is None:
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError) as error:
            return (
                f"a regular expression ({error})",
                r"Write \\ before ( ) [ ] that are meant as such",
            )
    return said


def _column(value: Any) -> Said:
    known = [f"{table.name}.{one.name}" for table in TABLES.values() for one in table.columns
             if one.translated]  # fmt: skip
    if value in known:
        return None
    near = difflib.get_close_matches(str(value), known, n=1)
    return "the name of a column that is translated", (
        f"Write '{near[0]}'" if near else f"Write one of {', '.join(known)}"
    )


@cache
def _countries() -> frozenset[str]:
    """Codes of states, of today and of before: CLDR's, and those left to users (X.)."""
    from babel.core import get_global

    today = {code for code in get_global("territory_languages") if len(code) == 2}
    return frozenset(today | {code for code in get_global("territory_aliases") if len(code) == 2})


def is_country(code: object) -> bool:
    """Whether a value is the ISO 3166 code of a state, of one there was, or one left to users.

    Examples
    --------
    >>> is_country("UY"), is_country("YU"), is_country("XK"), is_country("UK"), is_country("URY")
    (True, True, True, False, False)
    """
    if not isinstance(code, str) or code in _MISTAKEN:
        return False
    return code in _countries() or re.fullmatch("X[A-Z]", code) is not None


def country_meant(text: object) -> str:
    """The code that a wrong one may be meant for; empty if none is near.

    Examples
    --------
    >>> country_meant("uy"), country_meant("URY"), country_meant("Uruguay"), country_meant("??")
    ('UY', 'UY', 'UY', '')
    """
    from babel import Locale
    from babel.core import get_global

    said = str(text).strip()
    aliases = get_global("territory_aliases")
    named = {name.casefold(): code for code, name in Locale("en").territories.items()}
    for guess in (*aliases.get(said.upper(), []), said.upper(), named.get(said.casefold(), "")):
        if is_country(guess):
            return str(guess)
    return ""


def _country(value: Any) -> Said:
    if is_country(value):
        return None
    near = country_meant(value)
    expected = "the ISO 3166-1 code of a state, two capitals"
    return expected, f'Write "{near}"' if near else 'Write one like "UY"'


def _matching(pattern: re.Pattern[str], expected: str, remedy: str) -> Callable[[Any], Said]:
    def rule(value: Any) -> Said:
        fits = isinstance(value, str) and pattern.fullmatch(value)
        return None if fits else (expected, remedy)

    return rule


def _one_of(words: Sequence[str]) -> Callable[[Any], Said]:
    def rule(value: Any) -> Said:
        if value in words:
            return None
        near = difflib.get_close_matches(str(value), words, n=1)
        return "one of " + ", ".join(words), f"Write '{near[0] if near else words[0]}'"

    return rule


def _each(rule: Callable[[Any], Said], expected: str) -> Callable[[Any], Said]:
    """A list of values that each fit a rule, none twice."""

    def whole(value: Any) -> Said:
        if not isinstance(value, list):
            return expected, "Write a list: [..., ...]"
        for number, one in enumerate(value):
            said = rule(one)
            if said is not None:
                return f"{expected}, where {one!r} is none", said[1]
            if one in value[:number]:
                return f"{expected}, each once", f"Leave out the second {one!r}"
        return None

    return whole


def _day(value: Any) -> Said:
    remedy = 'Write a day as "2000-12-31"'
    if not isinstance(value, (str, date)):
        return "a day", remedy
    try:
        parse_day(str(value))
    except InputError as error:
        return str(error), remedy
    return None


def _finite(value: Any) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and abs(value) < 1e15
        and math.isfinite(value)
    )


def is_box(value: Any) -> bool:
    """Whether a value is west, south, east, north in degrees; east may be above 180."""
    return (
        isinstance(value, list)
        and len(value) == 4
        and all(_finite(one) for one in value)
        and -180 <= value[0] <= 180
        and value[0] < value[2] <= value[0] + 360
        and -90 <= value[1] < value[3] <= 90
    )


def _box(value: Any) -> Said:
    if is_box(value):
        return None
    remedy = "Write four numbers, west before east and south before north"
    if isinstance(value, list) and len(value) == 4 and all(_finite(one) for one in value):
        turned = [value[1], value[0], value[3], value[2]]
        ordered = [
            *(min(value[n], value[n + 2]) for n in (0, 1)),
            *(max(value[n], value[n + 2]) for n in (0, 1)),
        ]
        if max(abs(one) for one in value) > 180:
            remedy = "Give degrees, not metres or other units"
        elif is_box(ordered):
            remedy = f"Write {ordered}"
        elif is_box(turned):
            remedy = f"Longitude comes first: write {turned}"
    return "[west, south, east, north] in degrees", remedy


def _metres(value: Any) -> Said:
    if _finite(value) and 0 <= value <= 1e6:
        return None
    return "metres, 0 or more", "Write a number of metres"


def _tag(value: Any) -> Said:
    if is_tag(value):
        return None
    near = _meant(value)
    return "a BCP 47 tag of a language", f'Write "{near}"' if near else 'Write one like "el"'


def _tags(value: Any) -> Said:
    said = _each(_tag, "a list of BCP 47 tags")(value)
    if said is None and not value:
        return "at least one language", 'Write languages = ["en"]'
    return said


def _by_language(rule: Callable[[Any], Said]) -> Callable[[Any], Said]:
    def whole(value: Any) -> Said:
        if not isinstance(value, dict):
            return "one text a language", 'Write a table with en = "..." in it'
        if "en" not in value:
            return "a text in English, for those whose language has none", 'Add en = "..."'
        for tag, text in value.items():
            said = _tag(tag) or rule(text)
            if said is not None:
                return f"one text a language, and under {tag!r} {said[0]}", said[1]
        return None

    return whole


def _some(rule: Callable[[Any], Said]) -> Callable[[Any], Said]:
    def whole(value: Any) -> Said:
        said = rule(value)
        return ("at least one", "Name one, or leave the table out") if value == [] else said

    return whole


def _tables(value: Any) -> Said:
    return None if isinstance(value, list) else ("tables [[...]]", "Write it in [[ ]]")


def _mapping(value: Any) -> Said:
    return None if isinstance(value, dict) else ("a table [...]", "Write it in [ ]")


def _flag(value: Any) -> Said:
    return None if isinstance(value, bool) else ("true or false", "Write true or false")


def _any(value: Any) -> Said:
    return None if isinstance(value, str) else ("a text", "Write it in quotation marks")


_PARTY_ID = _matching(
    re.compile(rf"(?!{NEUTRAL}$)(?:{_PARTY.pattern})", re.IGNORECASE),
    f"an id of letters, digits, - and _, other than '{NEUTRAL}'",
    f"Begin with a letter; '{NEUTRAL}' is what sources are that are no party's",
)
_RULES: Mapping[str, Callable[[Any], Said]] = {
    "slug": _matching(
        _SLUG, "a name of small letters, digits and -",
        "Give the pack a name of its own, without spaces, dots or slashes",
    ),
    "text": _text,
    "words": _each(_word, "a list of words"),
    "columns": _each(_column, "a list of columns"),
    "expression": _expression,
    "event type": _one_of(EVENT_TYPES),
    "by language": _by_language(_text),
    "prose by language": _by_language(_prose),
    "day": _day,
    "box": _box,
    "metres": _metres,
    "tag": _tag,
    "languages": _tags,
    "country": _country,
    "countries": _each(_country, "a list of ISO 3166-1 codes"),
    "party id": _PARTY_ID,
    "parties": _each(_any, "a list of party ids"),
    "some parties": _some(_each(_any, "a list of party ids")),
    "colour": _matching(_COLOUR, "a colour #rrggbb", 'Write one like "#5b8db8"'),
    "pattern": _one_of(PATTERNS),
    "role": _one_of(ROLES),
    "tables": _tables,
    "table": _mapping,
    "flag": _flag,
}  # fmt: skip


# --- what hangs together ------------------------------------------------------------------------


def _languages(
    settings: Mapping[str, Any], parties: Sequence[Mapping[str, Any]]
) -> Iterator[Fault]:
    """A text is in a language that the pack lists, or nobody would see it."""
    tags = settings.get("languages")
    if not isinstance(tags, list) or _tags(tags) is not None:
        return
    expected = f"one of its languages, {', '.join(tags)}, or English"
    for table in ("title", "description"):
        texts = settings.get(table)
        for tag in texts if isinstance(texts, dict) else ():
            if tag not in tags and tag != "en" and is_tag(tag):
                yield _fault(table, f"a text in {tag!r}", expected, _listing(tag))
    for number, party in enumerate(parties, start=1):
        for name in party:
            tag = name.removeprefix("name_")
            if tag == name or tag in (*tags, "en"):
                continue
            found = f"{party['id']} has {name}"
            yield _fault("parties", found, expected, _listing(tag), number)


def _listing(tag: str) -> str:
    if is_tag(tag):
        return f"Add '{tag}' to `languages`, or leave it out"
    near = _meant(tag)
    return f"Write `{near}` for the language" if near else "Leave it out: it is no language's tag"


def _references(
    settings: Mapping[str, Any], parties: Sequence[Mapping[str, Any]]
) -> Iterator[Fault]:
    ids = [str(party["id"]) for party in parties]
    for number, key in enumerate(ids, start=1):
        if key in ids[: number - 1]:
            yield _fault("parties", repr(key), "each id once", "Give one of the two another id",
                         number)  # fmt: skip
    named = [
        (key, "sides")
        for side in items(settings.get("sides"))
        if isinstance(side, dict)
        for key in items(side.get("parties"))
    ]
    seen: dict[object, str] = {}
    for key, where in named:
        if isinstance(key, str) and key in seen:
            yield _fault(where, f"{key!r} on two sides", "each party on one side",
                         "Leave it out of one of them")  # fmt: skip
        if isinstance(key, str):
            seen[key] = where
    named += [(key, "worldviews") for key in items(settings.get("worldviews"))]
    told = set()
    declared = items(settings.get("parties"))
    for key, where in named:
        if not isinstance(key, str) or key in ids or key in told:
            continue
        if len(ids) < len(declared) or any(map(_PARTY_ID, ids)):
            continue  # it may be the one whose id is at fault
        told.add(key)
        near = difflib.get_close_matches(key, ids, n=1)
        remedy = f"Write '{near[0]}'" if near else f"Add [[parties]] with id = '{key}'"
        yield _fault(where, repr(key), "a party's id", remedy, code="reference")


def _told_apart(
    settings: Mapping[str, Any], odd: Container[int | None], holders: frozenset[str]
) -> Iterator[Fault]:
    """Parties that are drawn beside each other differ, and from the bare map; names are one's own.

    A party of which something has been told already, `odd`, is told no more.
    """
    names: dict[tuple[str, str], str] = {}
    drawn: list[tuple[str, str]] = []
    for row, party in enumerate(items(settings.get("parties")), start=1):
        if row in odd or not isinstance(party, dict):
            continue
        key = str(party["id"])
        for column in (column for column in party if column.startswith("name_")):
            name = str(party[column])
            other = names.setdefault((column, name.casefold().strip()), key)
            if other != key:
                found = f"{key} has the {column} of {other}, {name!r}"
                remedy = f"Call one of the two otherwise in `{column}`"
                yield _fault("parties", found, "a name of its own", remedy, row)
        colour = str(party.get("colour", DEFAULT_COLOUR)).lower()
        if "colour" not in party and key not in holders:
            continue
        for found in _looks_like(key, colour, drawn):
            remedy = f"Give `colour` of {key} another hue"
            yield _fault("parties", found, "a colour of its own", remedy, row)
        drawn.append((key, colour))


def _looks_like(key: str, colour: str, drawn: Sequence[tuple[str, str]]) -> Iterator[str]:
    for other, second in drawn:
        if key != other and colour == second:
            yield f"{key} has the colour of {other}, {colour}"
        elif key != other and alike(colour, second) < LIKE:
            yield f"{key} has {colour}, hardly told from {other}'s {second}"
    for what, bare in GROUND.items():
        if alike(colour, bare) < LIKE:
            yield f"{key} has {colour}, hardly told from bare {what}, {bare}"
            return


def _spellings(settings: Mapping[str, Any]) -> Iterator[Fault]:
    """What is to be written is not what is never to be."""
    for row, item in enumerate(items(settings.get("spelling")), start=1):
        write = item.get("write") if isinstance(item, dict) else None
        never = items(item.get("never")) if isinstance(item, dict) else []
        if isinstance(write, str) and write in never:
            found = f"{write!r} to be written and never to be"
            remedy = f"Leave {write!r} out of `never`"
            yield _fault("spelling", found, "other words under `never`", remedy, row)


def _period(settings: Mapping[str, Any]) -> Iterator[Fault]:
    said = settings.get("period_from")
    if said is None:
        return
    first = parse_day(str(said))
    last = OPEN_END
    if "period_to" in settings:
        last = boundary_day(str(settings["period_to"]), end=True)
        if last <= first:
            yield _fault("period_to", repr(str(settings["period_to"])),
                         f"a day after {format_day(first)}", "Swap the two days")  # fmt: skip
            return
    if "start_date" in settings:
        opens = parse_day(str(settings["start_date"]))
        if not first <= opens < last:
            yield _fault("start_date", repr(str(settings["start_date"])), "a day of the period",
                         f"Write one from {format_day(first)} on"
                         + (f" and before {format_day(last)}" if last != OPEN_END else ""),
                         )  # fmt: skip


def settings_dictionary() -> list[str]:
    """Lines of the data dictionary on `pack.toml`, as Markdown."""
    out = [
        "## pack.toml",
        "",
        "What the tables can't say: who, when, where, in which languages.",
        "",
    ]
    for table, settings in SETTINGS.items():
        if table:
            out += [f"`{_heading(table)}`:", ""]
        out += ["| key | holds | required | meaning |", "|---|---|---|---|"]
        for one in settings:
            words = {"pattern": PATTERNS, "role": ROLES}.get(one.kind)
            holds = f"one of {', '.join(words)}" if words else one.kind
            needed = "yes" if one.required else ""
            out.append(f"| `{one.name}` | {holds} | {needed} | {one.about} |")
        out.append("")
    return out
