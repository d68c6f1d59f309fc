from __future__ import annotations

from pathlib import Path

import pytest

from atlas.base.errors import NotFoundError
from atlas.layers import layer_set
from atlas.layers.rows import by_language
from atlas.record.dictionary import whole_dictionary
from atlas.record.pack import check_pack, read_pack
from atlas.record.schema import PARTY, TABLES, table
from tests.packs import ENVELOPE, spell, write_pack

ROOT = Path(__file__).parents[2]


def test_every_reference_points_to_a_table() -> None:
    for item in TABLES.values():
        assert item.columns[0].name == "id"
        assert len(set(item.names)) == len(item.names)
        for column in item.columns:
            assert column.refers in {"", PARTY, *TABLES}
            assert bool(column.words) == (column.kind in ("word", "words"))
            assert column.about, f"{item.name}.{column.name} says nothing"


def test_the_committed_dictionary_is_the_generated_one() -> None:
    page = ROOT / "docs" / "data-dictionary.md"
    assert page.read_text(encoding="utf-8") == whole_dictionary(), "run `make docs`"


def test_an_unknown_table_or_column() -> None:
    with pytest.raises(NotFoundError, match="there are: sources"):
        table("peace")
    with pytest.raises(NotFoundError, match="no column"):
        table("events").column("peace")


def test_a_column_may_be_in_any_language_of_the_pack(tmp_path: Path) -> None:
    chapter = ENVELOPE | {
        "id": "ch1", "order": "1", "date": "2000-01-01", "lon": "10.2", "lat": "50.2", "zoom": "8",
        "title": "Start", "title_el": "Αρχή", "title_zh-Hant": "開始", "text": "How it began.",
        "text_el": "Πώς άρχισε.",
    }  # fmt: skip
    folder = write_pack(
        tmp_path / "p",
        [spell("c1", "a00", "A"), spell("c2", "a10", "B")],
        tables={"chapters": [chapter]},
    )
    settings = folder / "pack.toml"
    spoken = settings.read_text(encoding="utf-8").replace('["en"]', '["en", "el", "zh-Hant"]')
    settings.write_text(spoken, encoding="utf-8")
    pack = read_pack(folder)
    row = pack.chapters.iloc[0].to_dict()
    assert by_language(row, "title") == {"en": "Start", "el": "Αρχή", "zh-Hant": "開始"}
    assert layer_set(pack).chapters[0].texts == {"en": "How it began.", "el": "Πώς άρχισε."}
    settings.write_text(spoken.replace('"en", ', ""), encoding="utf-8")
    assert check_pack(folder) == []  # English is what others fall back to, listed or not
    settings.write_text(spoken.replace(', "el"', ""), encoding="utf-8")
    faults = check_pack(folder)
    assert [fault.column for fault in faults] == ["text_el", "title_el"]
    assert "Add 'el' to `languages`" in str(faults[0])


@pytest.mark.parametrize("name", ["title_EL", "title_greek", "note_el", "id_el", "title_el_GR"])
def test_what_is_no_translation(name: str) -> None:
    assert table("chapters").translation(name) is None
