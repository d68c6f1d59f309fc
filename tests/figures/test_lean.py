"""A drawing in fewer bytes shows the same shapes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.events import read_events
from atlas.figures import figure, own, save
from atlas.figures.lean import lean_svg
from atlas.record.pack import read_pack
from tests.packs import spell, write_pack

COORDINATE = st.floats(-900, 2000, allow_nan=False).map(lambda value: round(value, 6))
COMMANDS = st.lists(st.sampled_from("MLQCz"), max_size=20)
COUNTS = {"m": 2, "l": 2, "q": 4, "c": 6}


def points_of(path: str) -> list[tuple[float, float]]:
    """Points of a path in steps, read as the standard reads it."""
    found: list[tuple[float, float]] = []
    here = begun = (0.0, 0.0)
    command, left = "", []
    for word in re.findall(r"[a-z]|-?(?:\d+\.?\d*|\.\d+)", path):
        if word == "z":
            here, command = begun, word
        elif word.isalpha():
            command = word
        else:
            left.append(float(word))
            if len(left) < COUNTS[command]:
                continue
            for x, y in zip(left[::2], left[1::2], strict=True):
                found.append((here[0] + x, here[1] + y))
            here, left = found[-1], []
            if command == "m":
                begun, command = here, "l"
    assert not left
    return found


@given(st.data())
def test_every_point_stays_to_a_hundredth(data: st.DataObject) -> None:
    words, points = [], []
    for command in ["M", *data.draw(COMMANDS)]:
        pairs = COUNTS.get(command.lower(), 0) // 2
        mine = [(data.draw(COORDINATE), data.draw(COORDINATE)) for _ in range(pairs)]
        points += mine
        words.append(" ".join([command, *(f"{x:f} {y:f}" for x, y in mine)]))
    path = " \n".join(words)
    match = re.fullmatch(r'<path d="([^"]*)" id="a"/>', lean_svg(f'<path d="{path}" id="a"/>'))
    assert match
    read = points_of(match[1])
    assert len(read) == len(points)
    for (x, y), (u, v) in zip(points, read, strict=True):
        assert abs(x - u) < 0.0051
        assert abs(y - v) < 0.0051


def test_what_is_drawn_twice_is_written_once_and_in_order() -> None:
    one = '<path d="M 1 1 L 2 2" style="stroke: #fff"/>\n<path d="M 1 1 L 2 2" style="fill: #000"/>'
    found = lean_svg(one + one.replace("2 2", "3 3"))
    assert found.count(" d=") == 2
    styles = re.findall(r'<use xlink:href="#(lean\d)" style="(\w+)', found)
    assert styles == [
        ("lean1", "stroke"),
        ("lean1", "fill"),
        ("lean2", "stroke"),
        ("lean2", "fill"),
    ]


def test_commands_of_others_stay_as_they_are() -> None:
    arc = '<path d="M 1.234567 1 A 5 5 0 0 1 2 2"/>'
    assert lean_svg(arc) == arc


def test_letters_that_come_back_are_drawn_once() -> None:
    dot, bar = "M {0} {1} L {2} {1} L {2} {3} z ", "M {0} {1} L {2} {3} L {0} {3} z "
    letters = [
        bar.format(1, 1, 2, 3), dot.format(5, 1.004, 7, 4), bar.format(9, 1.25, 10, 3.25),
        "M 9.1 1.5 L 9.2 1.6 L 9.1 1.6 z",  # the hole of the one before
    ]  # fmt: skip
    word = "".join([*letters[:3], bar.format(20, 1, 21, 3), bar.format(29, 1.25, 30, 3.25)])
    path = f'<path d="{word}" style="stroke: red"/>\n <path d="{word}" style="fill: blue"/>'
    lean = lean_svg(path)
    assert lean.count("<path") == 2
    uses = re.findall(r'<use xlink:href="#(letter\d)" x="([\d.]+)" y="([\d.]+)"/>', lean)
    assert uses[:4] == [
        ("letter1", "1", "1"), ("letter2", "5", "1"), ("letter1", "9", "1.25"),
        ("letter1", "20", "1"),
    ]  # fmt: skip
    assert re.findall(r'#lean1" style="([a-z]+)', lean) == ["stroke", "fill"]
    holed = "".join(letters)
    lean = lean_svg(f'<path d="{holed}" style="a"/>\n<path d="{holed}" style="b"/>')
    assert lean.count("<path") == 3, "a letter and its hole are one shape"


def test_a_crowd_of_dots_is_one_picture_and_a_few_stay_shapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pack(tmp_path / "p", [spell("c1", "a00", "A"), spell("c2", "a10", "B")])
    pack = read_pack(folder)
    rows = [{"event_date": "2005-01-01", "lon": 10.1 + n / 100, "lat": 50.2} for n in range(12)]
    sets = {"mine": read_events(rows)}
    found = {}
    for most in (11, 12):
        monkeypatch.setattr(own, "_MOST_DOTS", most)
        drawn = figure(pack, date="2010-01-01", events=sets)
        assert drawn.sets_shown == {"mine": 12}
        save(drawn, tmp_path / "f.svg")
        found[most] = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert found[11].count("<image") == 1
    assert 'id="own mine"' not in found[11]
    assert found[12].count("<image") == 0
    assert found[12].partition('id="own mine"')[2].partition("</g>\n")[0].count("<use") == 12
