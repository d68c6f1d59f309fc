"""What was assumed is said once, in the result and on the logger."""

from __future__ import annotations

import logging

from atlas.base.notes import Notes


def test_a_note_is_said_once_with_what_it_is_about(caplog) -> None:
    with caplog.at_level(logging.INFO, logger="atlas"):
        notes = Notes("a.csv")
        notes.say("delimiter: ;")
        notes.say("delimiter: ;")
        notes.adopt(["known before"])
    assert [record.getMessage() for record in caplog.records] == ["a.csv: delimiter: ;"]
    assert notes.told == ("delimiter: ;", "known before")
    assert len(notes) == 2


def test_notes_without_a_place_have_no_colon_in_front(caplog) -> None:
    with caplog.at_level(logging.INFO, logger="atlas"):
        Notes().say("no pack: nothing shipped covers most of it")
    assert caplog.records[0].getMessage() == "no pack: nothing shipped covers most of it"
