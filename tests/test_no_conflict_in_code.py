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
WORLD = r"atlas/words/.*\.json$|atlas/world/|atlas/geodata/"
# Of all languages alike: which names of months are read, by CLDR's list.
ALL_LANGUAGES = ("atlas/base/date_names.py",)
# Tables of what texts say in many languages.
DATA = ("atlas/reading/data/", "atlas/gazetteer/data/", "atlas/events/data/")
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
    "atlas/record/vectors.py": {"GB"},  # gigabytes
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


@cache
def loud() -> dict[str, str]:
    """Names of one word as they stand in capitals."""
    every = (name for group in names().values() for name in group)
    return {name.upper(): name for name in every if len(name) > 4 and TOKEN.fullmatch(name)}


@cache
def ids() -> re.Pattern[str]:
    """Ids of packs of more than one word, however they are joined."""
    found = (re.escape(folder.name).replace(r"\-", "[-_ ]?") for folder in PACKS)
    return re.compile(rf"(?i)(?<![a-z])({'|'.join(found)})(?![a-z])")


@cache
def codes() -> tuple[frozenset[str], frozenset[str]]:
    """Tags of languages, and ids of parties."""
    tags = {tag for one in settings() for tag in one["languages"]} - {"en"}
    return frozenset(tags), frozenset(
        str(party["id"]) for one in settings() for party in one["parties"]
    )


def apart(text: str) -> str:
    """A text with the words of its compounds apart: `famagustaRoute`, `a-famagusta`, `is_it`."""
    return re.sub(r"[-_]|(?<=[^\W\d_A-Z])(?=[A-Z])", " ", text)


def unescaped(text: str) -> str:
    """A text with letters in the place of their numbers."""
    return re.sub(r"\\u\{?([0-9a-fA-F]{4,5})\}?", lambda match: chr(int(match[1], 16)), text)


def held_in(text: str, suffix: str = ".py") -> set[str]:
    """Proper nouns of the packs that a file holds, examples aside."""
    if suffix == ".py":
        text = COMMAND.sub("", EXAMPLE.sub("", text))
    if suffix in (".css", ".js"):
        text = FONTS.sub("", text)
    text = unescaped(text)
    found = {match[0] for match in ids().finditer(text)}
    found |= {word for word in TOKEN.findall(apart(text)) if word in small()}
    for match in TOKEN.finditer(text):
        if match[0] in loud():
            found.add(loud()[match[0]])
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
        if path.suffix in SUFFIXES and not re.match(WORLD, where):
            yield where, path.read_text(encoding="utf-8")


def test_there_is_more_than_one_pack_to_tell_by() -> None:
    assert len(PACKS) > 1 and sum(map(len, names().values())) > 5000


def test_no_name_of_a_pack_stands_in_the_code() -> None:
    for where, text in code():
        found = held_in(text, Path(where).suffix)
        allowed = next((held for room, held in HELD.items() if where.startswith(room)), set())
        assert found <= allowed, f"{where} knows {sorted(found - allowed)}"


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("X_{upper} = 1\n", ".py"),
        ('x = "{upper}"\n', ".py"),
        ("{lower}Route()\n", ".js"),
        (".a-{lower} {{ }}\n", ".css"),
        ("def of_{lower}(): ...\n", ".py"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, suffix: str) -> None:
    for name in (min(small()), max(small())):
        assert held_in(text.format(upper=name.upper(), lower=name), suffix), name


def test_letters_in_numbers_and_the_name_of_a_pack_are_found() -> None:
    name = next(name for group in names().values() for name in group if not name[0].isascii())
    numbers = "".join(f"\\u{ord(letter):04x}" for letter in name)
    assert held_in(f'x = "{numbers}"\n') >= {name}
    for folder in PACKS:
        for joined in (folder.name, folder.name.replace("-", "_"), folder.name.upper()):
            assert held_in(f'x = "{joined}"\n'), joined


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ('x = "{tag}"\n', ".py"),
        ('x = "{tag} de fr".split()\n', ".py"),
        ('x = row["title_{tag}"]\n', ".py"),
        ("name_{tag} = 1\n", ".py"),
        ('if (lang === "{tag}") {{}}\n', ".js"),
        ("const x = {{de: 1, {tag}: 2}};\n", ".js"),
        ("p:lang({tag}) {{}}\n", ".css"),
        ('[lang="{tag}"] {{}}\n', ".css"),
        ('<html lang="{tag}">\n', ".html"),
        ('{{"{tag}": 1}}\n', ".json"),
        ('x = "{party}"\n', ".py"),
        ('x = "{party}|DE"\n', ".py"),
        ('const x = "{party}";\n', ".js"),
        ('{{"{party}": 1}}\n', ".json"),
    ],
)
def test_a_language_or_party_that_is_put_back_is_found(text: str, suffix: str) -> None:
    for one in settings():
        tag, party = max(one["languages"]), one["parties"][0]["id"]
        tag = tag if tag not in MARKUP else min(set(one["languages"]) - {"en"} - MARKUP, default="")
        if tag or "{tag}" not in text:
            assert codes_in(text.format(tag=tag, party=party), suffix) == {
                tag if "{tag}" in text else party
            }
    assert codes_in(text.format(tag="de", party="DE"), suffix) == set()


@pytest.mark.parametrize(
    "text",
    [
        "x = ({0}, {1}, {2}, {3})\n",
        "f(west={0}, south={1}, east={2}, north={3})\n",
        "const home = [[{1}, {0}], [{3}, {2}]];\n",
        "WEST = {0}\nSOUTH = {1}\nEAST = {2}\nNORTH = {3}\n",
        "x = [{0}, {2}, {1}, {3}]\n",
    ],
)
def test_a_box_that_is_put_back_is_found(text: str) -> None:
    for one in settings():
        near = [float(value) + 0.3 for value in one["bbox"]]
        assert boxes_in(text.format(*near)) and not boxes_in(text.format(*(v + 5 for v in near)))


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


CODE = re.compile(r"[a-z]{2,3}|[A-Z]{2,4}")
QUOTED = re.compile(r"""(["'`])((?:\\.|(?!\1).)*)\1""")
SAID = re.compile(r"""\blang(?:\(|~?[=|]=?["']?)([A-Za-z]{2,3})\b""")
KEY = re.compile(r"[{,]\s*([a-z]{2,3})\s*:\s*[\[{\"'`\w]")
COLUMN = re.compile(r"(?<![a-z])(?:name|title|text|summary|label|who|phase|reason)_([a-z]{2,3})\b")
# A row of a table and an element are called so in HTML and in scripts that write it.
MARKUP = {"tr", "el"}


def codes_in(text: str, suffix: str = ".py") -> set[str]:
    """Tags of languages and ids of parties that a file holds: alone, in a list, in a name."""
    every = codes()[0] | codes()[1]
    if suffix == ".py":
        said = [node.value for node in constants(text)]
        plain = COMMAND.sub("", EXAMPLE.sub("", text))
    else:
        said = [match[2] for match in QUOTED.finditer(text)]
        plain = text
    found: set[str] = set()
    for value in map(str, said):
        parts = [part for part in re.split(r"[\s|,;]+", value) if part]
        if parts and all(map(CODE.fullmatch, parts)):
            found |= set(parts) & every
    found |= set(COLUMN.findall(plain)) & codes()[0]
    if suffix != ".py":
        keys = set(KEY.findall(text)) | {value for value in said if value in MARKUP}
        spoken = set(SAID.findall(text))
        # What is markup is a language where it is said to be one.
        found = ((found | keys) & every) - MARKUP | (spoken & every)
    return found


def test_no_language_or_party_of_a_pack_is_named_in_the_code() -> None:
    for where, text in code():
        if where in ALL_LANGUAGES or where.startswith(DATA):
            continue
        found = codes_in(text, Path(where).suffix)
        allowed = HELD_CODES.get(where, set())
        assert found <= allowed, f"{where} knows {sorted(found - allowed)}"


NUMBER = re.compile(r"(?<![\w.#])-?\d+(?:\.\d+)?(?![\w%])")
ORDERS = ((0, 1, 2, 3), (1, 0, 3, 2), (0, 2, 1, 3), (1, 3, 0, 2))


def boxes_in(text: str) -> list[str]:
    """Four numbers near each other that are the edges of a pack's box, in any of their orders."""
    spots = [(match.start(), float(match[0])) for match in NUMBER.finditer(text)]
    found = []
    for one in settings():
        box = [float(value) for value in one["bbox"]]
        for order in ORDERS:
            wanted = [box[at] for at in order]
            for group in zip(*(spots[at:] for at in range(4)), strict=False):
                near = all(
                    abs(spot[1] - edge) < 1 for spot, edge in zip(group, wanted, strict=True)
                )
                if near and group[3][0] - group[0][0] < 200:
                    found.append(f"{one['id']} at {group[0][0]}")
    return found


def test_no_box_of_a_pack_is_in_the_code() -> None:
    for where, text in code():
        if not where.startswith(DATA):
            plain = EXAMPLE.sub("", text) if where.endswith(".py") else text
            assert boxes_in(plain) == [], where


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
