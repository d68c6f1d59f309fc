"""Figures for print: each kind exists, says what it shows, and gives the same bytes twice."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from atlas.base.errors import AtlasError, InputError
from atlas.base.timespan import OPEN_END, OPEN_START, parse_day
from atlas.figures import figure, save
from atlas.figures.charts import _through
from atlas.figures.frame import frame_of
from atlas.figures.labels import Boxes
from atlas.figures.page import shorten, text_width, wrap
from atlas.layers import PlaceLabel
from atlas.record.pack import Pack, read_pack
from atlas.words import spoken
from tests.cli.shell import run
from tests.packs import ENVELOPE, place, spell, square, write_pack

KINDS: list[dict[str, Any]] = [
    {"date": "2010-06-01"},
    {"compare": ("2004-01-01", "2010-06-01")},
    {"series": True},
    {"routes": True},
    {"histogram": True},
]


def route(key: str, mode: str, row: float) -> tuple[dict[str, Any], dict[str, Any]]:
    line = {"type": "LineString", "coordinates": [[10.05, row], [10.6, row + 0.1], [11.4, row]]}
    return (
        {
            "id": key,
            "name": f"The {key}",
            "mode": mode,
            "from_place_id": "p00",
            "to_place_id": "p10",
            "geometry_method": "drawn",
            "uncertainty_m": 500,
            "disputed_name": "false",
            "source_ids": "s-n",
        },
        line,
    )


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    control = [
        spell("c1", "a00", "A"),
        spell("c2", "a10", "A", "", "2005-03-01"),
        spell("c3", "a10", "B", "2005-03-01", "2012-01-01", how="battle"),
        spell("c4", "a10", "B", "2012-01-01", "", control_type="contested"),
        spell("c5", "a20", "B", certainty="probable"),
    ]
    episodes = [
        ("e1", "road", "", "", "open", "", "2005-03-01"),
        ("e2", "road", "0", "30", "blocked", "2005-03-01", ""),
        ("e3", "road", "30", "", "open", "2005-03-01", ""),
        ("e4", "line", "", "", "closed", "", ""),
    ]
    tables = {
        "names": [
            ENVELOPE
            | {"id": f"n{n}", "place_id": f"p{n}0", "name": name, "lang": lang, "script": "Latn",
               "status": "official", "used_by": by}
            for n, name, lang, by in [(0, "Altdorf", "en", "A"), (1, "Bystra", "en", "B")]
        ],
        "episodes": [
            ENVELOPE
            | {"id": key, "route_id": on, "from_km": low, "to_km": high, "status": status,
               "valid_from": start, "valid_to": end}
            for key, on, low, high, status, start, end in episodes
        ],
        "events": [
            ENVELOPE
            | {"id": f"v{n}", "event_date": f"{2003 + n}-0{n + 1}-01", "date_prec": "1",
               "where_prec": "1", "event_type": kind, "place_id": "p00", "title": f"Event {n}",
               "summary": "It happened, at a cost of $5 and $6."}
            for n, kind in enumerate(["battle", "talks", "talks", "aid"])
        ],
        "mandates": [
            ENVELOPE
            | {"id": "m1", "mission": "Mission", "zone_id": "z1", "zone_type": "area",
               "authorised_from": "2006-01-01", "deployed_from": "2006-02-01"}
        ],
        "places": [place("town", 10.6, 50.4, population="90000")],
    }  # fmt: skip
    zone = {"id": "z1", "name": "Zone", "zone_type": "area", "geometry_method": "drawn",
            "uncertainty_m": 500, "source_ids": "s-n"}  # fmt: skip
    shapes = {
        "routes": [route("road", "road", 50.1), route("line", "rail", 50.3)],
        "zones": [(zone, square(1, 0))],
    }
    folder = tmp_path_factory.mktemp("figures") / "pack"
    write_pack(folder, control, columns=3, tables=tables, shapes=shapes)
    return read_pack(folder)


def texts(drawn: Figure) -> str:
    return "\n".join(item.get_text() for item in drawn.findobj(Text) if item.get_text())


@pytest.mark.parametrize("options", KINDS, ids=lambda options: next(iter(options)))
def test_every_kind_is_drawn_with_legend_and_sources(
    pack: Pack, options: dict[str, Any], tmp_path: Path
) -> None:
    drawn = figure(pack, **options)
    said = texts(drawn)
    assert "Test" in said and "Sources: " in said and "Report s-n" in said
    legend = {
        "date": ["Aland", "Beland", "blocked", "closed", "deployed", "line between holders"],
        "compare": ["changed hands", "Passed between the two dates", "A \u2192 B", "Bystra"],
        "series": ["Aland", "Beland", "contested, not certain, or not known"],
        "routes": ["The road", "The line", "open", "blocked", "closed"],
        "histogram": ["Battles", "Talks, law and politics", "Routes and aid"],
    }[next(iter(options))]
    for words in legend:
        assert words in said, words
    for suffix in ("png", "pdf", "svg"):
        save(drawn, tmp_path / f"f.{suffix}")
        assert (tmp_path / f"f.{suffix}").stat().st_size > 5000


@pytest.mark.parametrize("options", KINDS, ids=lambda options: next(iter(options)))
def test_same_record_same_bytes(pack: Pack, options: dict[str, Any], tmp_path: Path) -> None:
    for suffix in ("svg", "pdf"):
        for name in ("one", "two"):
            save(figure(pack, **options), tmp_path / f"{name}.{suffix}")
        one = (tmp_path / f"one.{suffix}").read_bytes()
        assert one == (tmp_path / f"two.{suffix}").read_bytes()
        assert b"CreationDate" not in one and b"<dc:date>" not in one


def test_bytes_do_not_depend_on_the_process(pack: Pack, tmp_path: Path) -> None:
    code = (
        "import sys; from atlas.record.pack import read_pack; "
        "from atlas.figures import figure, save; "
        "save(figure(read_pack(sys.argv[1]), date='2010-06-01'), sys.argv[2])"
    )
    words = [sys.executable, "-c", code, str(pack.directory), str(tmp_path / "theirs.svg")]
    root = Path(__file__).parents[2]
    subprocess.run(words, check=True, cwd=root)
    save(figure(pack, date="2010-06-01"), tmp_path / "ours.svg")
    assert (tmp_path / "ours.svg").read_bytes() == (tmp_path / "theirs.svg").read_bytes()


def test_the_balance_of_a_comparison(pack: Pack) -> None:
    said = texts(figure(pack, compare=("2004-01-01", "2010-06-01")))
    lost, gained = "\u2212", "+"
    assert said.count(lost) >= 1 and said.count(gained) >= 1
    assert "2005-03-01" in said
    same = texts(figure(pack, compare=("2004-01-01", "2004-06-01")))
    assert "Nothing changed hands" in same


@pytest.mark.parametrize("lang", ["en", "hy", "az", "ru"])
def test_a_figure_in_any_language_of_the_pack(pack: Pack, lang: str) -> None:
    pack = replace(pack, meta=replace(pack.meta, languages=("en", lang)))
    drawn = figure(pack, routes=True, lang=lang)
    assert spoken(lang)("st_blocked") in texts(drawn)
    # However long a language's words are, no entry of the legend falls off the sheet.
    both = texts(figure(pack, compare=("2004-01-01", "2010-06-01"), lang=lang))
    for key in ("moved", "st_blocked", "st_closed", "rail", "zone_deployed"):
        assert spoken(lang)(key).split()[0] in both, key


def test_text_of_a_pack_is_never_taken_for_mathematics(pack: Pack, tmp_path: Path) -> None:
    meta = replace(pack.meta, title={"en": r"Costs $5 and $\frac{1}{2$ and <b>&amp;"})
    drawn = figure(replace(pack, meta=meta), histogram=True)
    save(drawn, tmp_path / "f.svg")
    assert r"$\frac{1}{2$" in texts(drawn)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"date": "2010-06-01", "series": True}, "choose one"),
        ({"routes": True, "histogram": True}, "choose one"),
        ({"compare": ("2010-06-01", "2004-01-01")}, "does not come after"),
        ({"compare": ("2010-06-01",)}, "takes two days"),
        ({"date": "1990-01-01"}, "before the record"),
        ({"date": "2010-13-01"}, "2010-13-01"),
        ({"lang": "xx"}, "no language"),
    ],
)
def test_wrong_combinations_are_refused(pack: Pack, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        figure(pack, **options)


def test_a_pack_without_events_or_routes_says_so(tmp_path: Path) -> None:
    bare = read_pack(write_pack(tmp_path / "p", [spell("c1", "a00", "A")], columns=1))
    assert "Aland" in texts(figure(bare, date="2010-01-01"))
    assert "Aland" in texts(figure(bare, series=True))
    for kind in ("routes", "histogram", "displacement"):
        with pytest.raises(InputError, match="to draw"):
            figure(bare, **{kind: True})


def test_one_closed_stretch_closes_the_route() -> None:
    assert _through({"open": 0.98, "blocked": 0.02}) == "blocked"
    assert _through({"open": 0.5, "unknown": 0.5}) == "unknown"
    assert _through({"open": 0.9, "closed": 0.05, "unknown": 0.05}) == "closed"
    assert _through({"open": 0.4, "checkpoint": 0.6}) == "checkpoint"
    assert _through({}) == "unknown"


def test_a_figure_shows_itself_in_a_notebook(pack: Pack) -> None:
    drawn: Any = figure(pack, series=True)
    assert drawn._repr_png_().startswith(b"\x89PNG")


def test_save_refuses_other_suffixes(pack: Pack, tmp_path: Path) -> None:
    drawn = figure(pack, series=True)
    with pytest.raises(InputError, match=r"\.png, \.svg or \.pdf"):
        save(drawn, tmp_path / "figure.gif")
    with pytest.raises(InputError, match="no folder"):
        save(drawn, tmp_path / "nowhere/figure.png")


def test_the_users_own_style_is_left_alone_and_not_used(pack: Pack, tmp_path: Path) -> None:
    import matplotlib as mpl

    save(figure(pack, series=True), tmp_path / "plain.svg")
    with mpl.rc_context({"font.size": 31, "hatch.linewidth": 9, "svg.hashsalt": "theirs"}):
        save(figure(pack, series=True), tmp_path / "styled.svg")
        assert mpl.rcParams["font.size"] == 31
    assert (tmp_path / "plain.svg").read_bytes() == (tmp_path / "styled.svg").read_bytes()


def test_no_letter_is_missing_from_the_type() -> None:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = set(get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap())
    for lang in ("en", "hy", "az", "ru", "el", "tr", "uk", "ka", "fr", "es"):
        words = spoken(lang)
        texts = [one if isinstance(one, str) else "".join(one.values())
                 for one in words.words.values()]  # fmt: skip
        whole = "".join(texts) + words.date(18576) + words.number(12345)
        assert {letter for letter in whole if ord(letter) not in known} == set()


def test_measured_text() -> None:
    assert text_width("mmm", 10) > text_width("iii", 10) > 0
    assert all(text_width(line, 8) <= 1.0 for line in wrap("one two three four five six", 8, 1.0))
    assert shorten("short", 8, 5) == "short"
    cut = shorten("a very long name of a road", 8, 1.0)
    assert cut.endswith("\u2026") and text_width(cut, 8) <= 1.0


def test_labels_never_touch() -> None:
    boxes = Boxes(5, 5)
    boxes.take((1, 1, 2, 2))
    assert not boxes.free((1.5, 1.5, 3, 3)) and boxes.free((2, 2, 3, 3))
    assert not boxes.free((-0.1, 1, 1, 2)) and not boxes.free((4, 4, 5.1, 4.5))


def test_both_sides_names_stand_on_the_day() -> None:
    day = parse_day("2010-01-01")
    called = {"en": ((OPEN_START, ((0, "Alt"), (1, "Byt"))), (day + 1, ((-1, "Later"),)))}
    town = PlaceLabel("t", "settlement", 10, 50, "", 5.0, OPEN_START, OPEN_END, (), called)
    assert town.called_on(day, "en") == town.called_on(day, "hy") == ["Alt", "Byt"]
    assert town.called_on(day, "en", side=1) == ["Byt"]
    assert town.called_on(day + 1, "en", side=1) == ["Later"]


def test_the_command_writes_a_figure(pack: Pack, tmp_path: Path) -> None:
    out = tmp_path / "series.pdf"
    words = ["figure", "--series", "--pack", str(pack.directory)]
    done = run(*words, "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"%PDF") and str(out) in done.stdout
    both = run(*words, "--routes", "-o", str(out))
    assert both.returncode == 2 and "choose one" in both.stderr
    assert json.dumps("Traceback") not in both.stderr and "Traceback" not in both.stderr


@pytest.mark.parametrize("south", [-1.0, -0.6, 20.0])
def test_land_astride_the_equator_can_be_drawn(south: float) -> None:
    frame = frame_of((10.0, south, 12.0, south + 2), 1.5, 0.05)
    (x0, y0), (x1, y1) = frame.point(10.5, south + 0.5), frame.point(11.5, south + 1.5)
    assert (x1 - x0) == pytest.approx(y1 - y0, rel=0.08)


def test_people_are_drawn_family_by_family_and_counts_only_where_they_are_whole(
    tmp_path: Path,
) -> None:
    row = ENVELOPE | {
        "people": "A", "measure": "flow", "movement": "departure", "counted_by": "them",
    }  # fmt: skip
    rows = [
        row | {"id": "f1", "who": "Late part", "valid_from": "2004", "best": "40", "part_of": "f3"},
        row | {"id": "f2", "who": "Apart", "valid_from": "2002", "low": "5", "best": "7"},
        row | {"id": "f3", "who": "The whole", "valid_from": "2009", "best": "90",
               "measure": "stock", "counted_on": "2009-05-01"},
        row | {"id": "f4", "who": "Elsewhere", "valid_from": "2003", "best": "3",
               "measure": "stock"},
        row | {"id": "f5", "who": "Back", "valid_from": "2010", "best": "2", "movement": "return"},
        row | {"id": "f6", "who": "Claimed", "valid_from": "2010", "best": "8",
               "asserted_by": "B"},
    ]  # fmt: skip
    tables = {"displacement": rows}
    control = [spell("c1", "a00", "A")]
    made = read_pack(write_pack(tmp_path / "p", control, columns=1, tables=tables))
    drawn = figure(made, displacement=True)
    said = [t.get_text() for axes in drawn.axes for t in axes.texts]
    order = [text for text in said if text in {row["who"] for row in rows}]
    assert order == ["Apart", "The whole", "Late part", "Back"]
    assert "7 (5\u20137)" in said and "2009" in said
    assert "People who left home and came back, 2002\u20132010" in said


def test_several_days_share_one_frame(pack: Pack) -> None:
    drawn = figure(pack, dates=["2004-01-01", "2006-01-01", "2013-01-01"])
    maps = [axes for axes in drawn.axes if axes.get_label().startswith("map")]
    assert len(maps) == 3 and len({axes.get_xlim() for axes in maps}) == 1
    with pytest.raises(InputError, match="1 to 24 days"):
        figure(pack, dates=[])


def test_axes_of_the_users_own(pack: Pack) -> None:
    mine = Figure(figsize=(8, 4))
    left, right = mine.subplots(1, 2)
    drawn = figure(pack, ax=left, date="2010-06-01")
    assert drawn is mine and "2010" in left.get_title(loc="left") and not right.patches
    assert left.get_legend() is not None
    with pytest.raises(InputError, match="one day"):
        figure(pack, ax=right, series=True)


def test_size_title_and_dpi_are_the_users(pack: Pack, tmp_path: Path) -> None:
    drawn = figure(pack, date="2010-06-01", size=(8, 5), title="Mine", dpi=50)
    assert drawn.get_size_inches().tolist() == [8, 5]
    assert "Mine" in {text.get_text() for text in drawn.findobj(Text)}
    save(drawn, tmp_path / "a.png")
    from PIL import Image

    assert Image.open(tmp_path / "a.png").size == (400, 250)
    for bad in ((1, 1), "8x5", (8,), ("a", 3), (float("nan"), 5)):
        with pytest.raises(InputError):
            figure(pack, date="2010-06-01", size=bad)


def test_a_side_tells_its_own_account(pack: Pack) -> None:
    from atlas.layers import as_told_by, layer_set

    claim = spell("c9", "a00", "B", "2003-01-01", "2006-01-01", asserted_by="B")
    told = replace(pack, control=_with_row(pack, claim))
    layers = layer_set(told)
    seen = as_told_by(layers, "B")
    area = next(n for n, one in enumerate(layers.areas) if one.id == "a00")

    def holder(day: str) -> list[str]:
        at = parse_day(day)
        return [
            one.controller for one in seen.control if one.area == area and one.start <= at < one.end
        ]

    assert holder("2002-12-31") == ["A"] and holder("2006-01-01") == ["A"]
    assert holder("2003-01-01") == ["B"] and holder("2005-12-31") == ["B"]
    assert not any(one.receipt.asserted_by for one in seen.control)
    with pytest.raises(AtlasError, match="no party 'Z'"):
        figure(pack, date="2010-06-01", side="Z")


def _with_row(pack: Pack, row: dict[str, Any]) -> Any:
    import pandas as pd

    frame = pack.control
    day = {"start_day": parse_day(row["valid_from"]), "end_day": parse_day(row["valid_to"])}
    more = pd.DataFrame([{**dict.fromkeys(frame.columns, ""), **row, **day}])
    return pd.concat([frame, more[frame.columns]], ignore_index=True)


def test_a_film_is_the_same_twice_and_whole(pack: Pack, tmp_path: Path) -> None:
    from PIL import Image

    from atlas.figures import film

    look: dict[str, Any] = {"dpi": 40, "step_days": 1}
    for name in ("a.gif", "b.gif", "c.webp"):
        assert film(pack, "2005-02-27", "2005-03-02", tmp_path / name, **look) == 4
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    pictures = Image.open(tmp_path / "a.gif")
    assert pictures.n_frames == 4 and pictures.size == (320, 208)
    frames = []
    for number in range(4):
        pictures.seek(number)
        frames.append(pictures.convert("RGB").tobytes())
    assert len(set(frames)) == 4  # the date is on each
    for bad in ("a.avi", "none/a.gif"):
        with pytest.raises(InputError):
            film(pack, "2005-02-27", "2005-03-02", tmp_path / bad)
    with pytest.raises(InputError, match="earlier day first"):
        film(pack, "2005-03-02", "2005-02-27", tmp_path / "d.gif")
    with pytest.raises(InputError, match=r"366 frames of 9,600 x 6,240 dots are too much"):
        film(pack, "2004-01-01", "2004-12-31", tmp_path / "d.gif", dpi=1200, step_days=1)
    assert not (tmp_path / "d.gif").exists()


def test_a_film_for_players_is_the_same_twice(pack: Pack, tmp_path: Path) -> None:
    pytest.importorskip("imageio_ffmpeg")
    from atlas.figures import film

    for name in ("a.mp4", "b.mp4"):
        film(pack, "2005-02-28", "2005-03-01", tmp_path / name, dpi=40)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"


def test_the_command_of_a_film_says_what_it_lacks(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from atlas.cli import app

    out = str(tmp_path / "a.gif")
    days = ["--from", "2005-02-27", "--to", "2005-03-02"]
    for line in (["-o", out], ["-o", out, *days[:2]], ["-o", str(tmp_path / "a.avi"), *days]):
        done = CliRunner().invoke(app, ["film", *line])
        assert isinstance(done.exception, InputError)
    assert not list(tmp_path.iterdir())
