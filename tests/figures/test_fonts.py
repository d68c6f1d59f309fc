"""Type: any script is drawn, by what the machine has, and nothing crashes where it has none."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from atlas.base.notes import Notes
from atlas.figures import figure, save
from atlas.figures.fonts import BASE, families_for
from atlas.figures.page import text_width, wrap
from atlas.figures.style import print_style
from atlas.record.pack import Pack, read_pack
from tests.packs import spell, write_pack

TITLES = {
    "am": "ቆጵሮስ ከ1955 እስከ ዛሬ", "my": "ဆိုက်ပရပ်စ်", "hi": "साइप्रस आज तक", "th": "ไซปรัสถึงปัจจุบัน",
    "zh": "賽普勒斯至今", "ar": "قبرص إلى اليوم", "he": "קפריסין עד היום", "ur": "قبرص آج تک",
    "bo": "སྐེ་ཁུ་", "en": "\U0001f54a and \U00013000",
}  # fmt: skip


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    rows = [spell("c1", "a00", "A", "", "2005-01-01"), spell("c2", "a00", "B", "2005-01-01"),
            spell("c3", "a10", "B")]  # fmt: skip
    return read_pack(write_pack(tmp_path_factory.mktemp("type") / "p", rows))


@pytest.mark.parametrize("lang", sorted(TITLES))
def test_a_record_in_any_script_is_drawn(pack: Pack, lang: str, tmp_path: Path) -> None:
    meta = replace(pack.meta, languages=(lang,), title={"en": TITLES["en"]} | {lang: TITLES[lang]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = figure(replace(pack, meta=meta), series=True, lang=lang)
        save(drawn, tmp_path / "f.svg")
    assert (tmp_path / "f.svg").stat().st_size > 5000


def test_the_base_serves_what_it_can() -> None:
    assert families_for("Łódź Ереван Σέρρες Սևան თბილისი قبرص קפריסין") == [BASE]
    assert families_for("") == [BASE]


def test_a_letter_that_no_font_has_is_told() -> None:
    notes = Notes("figure")
    families_for("\U0010fffd", notes)  # private use: not printable, nobody's letter
    assert len(notes) == 0
    families_for("\U00012f90\U00013430", notes)
    files = [entry.fname for entry in fontManager.ttflist if "Last Resort" not in entry.name]
    known = any(0x12F90 in get_font(path).get_charmap() for path in files)
    assert bool(notes.told) == (not known)


def test_an_installed_font_steps_in_for_a_script() -> None:
    families = families_for("ሀለ")
    if len(families) == 1:
        pytest.skip("no font of Ethiopic is installed")
    path = findfont(FontProperties(family=families[1]))
    assert ord("ሀ") in get_font(path).get_charmap()
    assert families == families_for("ለሀ")
    with print_style(families):
        assert list(mpl.rcParams["font.family"]) == families
        assert text_width("ሀለ", 10) > 0


def test_a_text_without_spaces_is_broken_where_the_line_is_full() -> None:
    lines = wrap("賽普勒斯至今" * 20, 8, 2.0)
    assert len(lines) > 3 and "".join(lines) == "賽普勒斯至今" * 20
    assert all(text_width(line, 8) <= 2.0 for line in lines)
    assert wrap("one two " + "x" * 200, 8, 1.0)[0] == "one two"
