"""The code knows no conflict: no name, party, language or box of a shipped pack stands in it.

All names come from the packs themselves. Two things may speak of a shipped record: an example in a
docstring, which runs on it, and the tables of the whole world, which leave nobody out.
"""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PACKS = sorted(path.parent for path in (ROOT / "geodata").glob("*/pack.toml"))
SUFFIXES = {".py", ".js", ".css", ".html", ".json", ".csv", ".toml"}
# Words of languages, the world's tables, and the packs as they lie in a wheel.
WORLD = ("atlas/words/", "atlas/world/", "atlas/geodata/")
# Of all languages alike: which names of months are read, by CLDR's list.
ALL_LANGUAGES = ("atlas/base/date_names.py",)
# Names that are ordinary words, or the names of scripts and of bodies of the whole world.
ORDINARY = {"Arab", "Last", "United Nations", "United States", "European Union", "Most", "Base"}
# Rooms whose words are still being moved to data: what they hold may only become less.
HELD = {
    "atlas/gazetteer/": set(
        "Aghdam Armenia Azerbaijani Gegharkunik Georgia Hadrut Jrakus Khankendi Khojavend Martuni "
        "Kəlbəcər Melikjan Shusha Shushi Stepanakert Talish".split()
    ),
    "atlas/reading/": set(
        "Armenia Azerbaijani Baku Karabakh Minsk ararat azerbaijani brussels georgia stepanakert "
        "washington".split()
    ),
}
HELD_CODES = {
    "atlas/gazetteer/rank.py": set("tr ru el hy az".split()),
    "atlas/reading/date_patterns.py": set("tr ru el hy az".split()),
    "atlas/reading/drafts.py": {"US"},
    "atlas/reading/event_words.py": {"az", "tr"},
    "atlas/reading/finds.py": {"az", "tr"},
    "atlas/reading/names.py": set("az tr hy".split()),
    "atlas/reading/read.py": set("tr ru el hy az".split()),
}
TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
EXAMPLE = re.compile(
    r"^\s*(>>>|\.\.\.) .*(\n(?!\s*$|\s*>>>|\s*\.\.\. |\s*\"\"\").*)*", re.MULTILINE
)
COMMAND = re.compile(r"^\s*Example: atlas .*$", re.MULTILINE)
FONTS = re.compile(r"[^;\n]*\b(sans-serif|serif)\b[^;\n]*")


@cache
def small() -> frozenset[str]:
    """Names of one long word in small letters, as lists of words write them."""
    every = (name for group in names().values() for name in group)
    return frozenset(name.casefold() for name in every if len(name) > 5 and TOKEN.fullmatch(name))


@cache
def names() -> dict[str, tuple[str, ...]]:
    """Proper nouns of all packs, by their first word."""
    found: set[str] = set()
    for folder in PACKS:
        settings = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
        found.add(settings["id"])
        for party in settings["parties"]:
            found |= {text for key, text in party.items() if key.startswith("name_")}
        with (folder / "names.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found |= {row["name"], row["romanised"]}
    by_first: dict[str, list[str]] = {}
    for name in found - ORDINARY:
        words = TOKEN.findall(name)
        if words and len(name) > 3 and (name[0].isupper() or not name.isascii()):
            by_first.setdefault(words[0], []).append(name)
    return {first: tuple(sorted(group)) for first, group in by_first.items()}


def held_in(text: str, suffix: str = ".py") -> set[str]:
    """Proper nouns of the packs that a file holds, examples aside."""
    if suffix == ".py":
        text = COMMAND.sub("", EXAMPLE.sub("", text))
    if suffix in (".css", ".js"):
        text = FONTS.sub("", text)
    found = set()
    for match in TOKEN.finditer(text):
        for name in names().get(match[0], ()):
            end = match.start() + len(name)
            if text.startswith(name, match.start()) and not text[end : end + 1].isalnum():
                found.add(name)
        if match[0] in small():
            found.add(match[0])
    return found


def code() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "atlas").rglob("*")):
        where = path.relative_to(ROOT).as_posix()
        if path.suffix in SUFFIXES and not where.startswith(WORLD):
            yield where, path.read_text(encoding="utf-8")


def test_there_is_more_than_one_pack_to_tell_by() -> None:
    assert len(PACKS) > 1 and sum(map(len, names().values())) > 5000


def test_no_name_of_a_pack_stands_in_the_code() -> None:
    for where, text in code():
        found = held_in(text, Path(where).suffix)
        allowed = next((held for room, held in HELD.items() if where.startswith(room)), set())
        assert found <= allowed, f"{where} knows {sorted(found - allowed)}"


@cache
def tree_of(text: str) -> ast.Module:
    return ast.parse(text)


def constants(text: str) -> Iterator[ast.Constant]:
    """String constants of a module that are no docstrings."""
    tree = tree_of(text)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def settings() -> Iterator[dict[str, Any]]:
    for folder in PACKS:
        yield tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))


def test_no_language_or_party_of_a_pack_is_named_in_the_code() -> None:
    tags = {tag for one in settings() for tag in one["languages"]} - {"en"}
    parties = {str(party["id"]) for one in settings() for party in one["parties"]}
    for where, text in code():
        if not where.endswith(".py") or where in ALL_LANGUAGES:
            continue
        found = {node.value for node in constants(text)} & (tags | parties)
        allowed = HELD_CODES.get(where, set())
        assert found <= allowed, f"{where} knows {sorted(found - allowed)}"


def test_no_box_of_a_pack_is_in_the_code() -> None:
    boxes = [[float(value) for value in one["bbox"]] for one in settings()]
    for where, text in code():
        if not where.endswith(".py"):
            continue
        for node in ast.walk(tree_of(text)):
            if not isinstance(node, ast.List | ast.Tuple) or len(node.elts) != 4:
                continue
            values = [one.value for one in node.elts if isinstance(one, ast.Constant)]
            numbers = [value for value in values if isinstance(value, int | float)]
            for box in boxes:
                near = len(numbers) == 4 and all(
                    abs(a - b) < 1 for a, b in zip(numbers, box, strict=True)
                )
                assert not near, f"{where}:{node.lineno} holds the box of a pack"


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("x = {name!r}\n", ".py"),
        ("# towns such as {name}\n", ".py"),
        ('"""Where {name} lies."""\n', ".py"),
        ('const x = "{name}";\n', ".js"),
        (".a::after {{ content: '{name}'; }}\n", ".css"),
        ("<p>{name}</p>\n", ".html"),
        ("a,b\n1,{name}\n", ".csv"),
    ],
)
def test_a_name_that_is_put_back_is_found(text: str, suffix: str) -> None:
    for folder in PACKS:
        party = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))["parties"][0]
        assert held_in(text.format(name=party["name_en"]), suffix) >= {party["name_en"]}
    assert held_in(text.format(name="Nowhere"), suffix) == set()
    lower = min(small())
    assert held_in(text.format(name=f"some {lower} names"), suffix) == {lower}


def test_an_example_may_speak_of_a_shipped_record() -> None:
    name = next(iter(names().values()))[0]
    example = f'def f():\n    """Ask.\n\n    >>> f("{name}")\n    {name}\n    """\n'
    assert held_in(example) == set()
