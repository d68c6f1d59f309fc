"""Take away one defence after the other; a test must die: ``python -m tests.tools.defences``.

`make defences` copies the project to a temporary folder, spoils one line of it and runs the tests named
beside it, which must fail. A defence whose line is not found, or whose tests pass without it, is a
defence that nothing guards.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Defence:
    """What is defended, the line that does it, what stands there without it, and who notices."""

    name: str
    file: str
    line: str
    spoilt: str
    tests: str


SITE = "tests/site/test_build.py::test_the_policy_allows_only_what_the_page_holds"
MAP = "tests/map/test_build.py::test_policy_allows_exactly_what_is_there"
KILLED = "tests/base/test_output_killed.py"
INTAKE = "tests/events/test_intake.py"

DEFENCES = (
    Defence("site: connect-src", "site/render.py", "connect-src 'none'; base", "base", SITE),
    Defence("site: base-uri", "site/render.py", "connect-src 'none'; base-uri 'none'; ", "connect-src 'none'; ", SITE),
    Defence("site: form-action", "site/render.py", "base-uri 'none'; form-action 'none'\"\n        )\n", "base-uri 'none'\"\n        )\n", SITE),
    Defence("site of several packs: base-uri", "site/render.py", "'; base-uri 'none'; form-action 'none'\"\n    )", "'; form-action 'none'\"\n    )",
            "tests/site/test_build.py::test_several_packs_make_one_site"),
    Defence("map: base-uri", "map/page.py", '"base-uri": ["\'none\'"],', "", MAP),
    Defence("map: form-action", "map/page.py", '"form-action": ["\'none\'"],', "", MAP),
    Defence("map: connect-src", "map/page.py", '"connect-src": ["\'none\'"],', "", MAP),
    Defence("colours of parties before CSS", "site/render.py", 'colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else "#888888"', "colour",
            "tests/hostile/test_payloads.py::test_a_colour_that_reached_a_record_is_no_style"),
    Defence("only web addresses are links", "site/render.py", 'fine = parts.scheme in ("http", "https") and', "fine =", "tests/hostile/test_payloads.py::test_only_web_addresses_are_links"),
    Defence("signs that turn the text", "base/html.py", 'return _OVERRIDES.sub(lambda found: found[1] or "", page)', "return page",
            "tests/site/test_build.py::test_no_page_holds_a_sign_that_turns_the_text"),
    Defence("xlsx bombs", "events/sheets.py", "name, most=_MAX_BOOK)", "name)", f"{INTAKE}::test_a_workbook_may_unpack_to_so_much"),
    Defence("limits of unpacking: zip", "base/archives.py", "            check_archive(archive, name, most=most)\n", "", f"{INTAKE}::test_bombs_are_refused"),
    Defence("limits of unpacking: gzip", "events/files.py", "if done > MAX_UNPACKED or dense:", "if False:", f"{INTAKE}::test_bombs_are_refused"),
    Defence("limits of unpacking: Parquet", "events/columnar.py", "if taken > MAX_MEMORY or (taken > 1 << 28 and taken > MAX_RATIO * packed):", "if False:",
            f"{INTAKE}::test_bombs_are_refused"),
    Defence("encrypted zips", "base/archives.py", "if any(item.flag_bits & 1 for item in items):", "if False:", f"{INTAKE}::test_an_encrypted_zip_is_refused_in_words"),
    Defence("Parquet is validated as the rest", "events/fields.py", "self.refuse(np.abs(x) > 180, lon, ", "self.refuse(np.abs(x) > 1e9, lon, ", f"{INTAKE}::test_parquet_is_validated_as_any_other_container"),
    Defence("mathematics off", "figures/style.py", '"text.parse_math": False,', "", "tests/hostile/test_payloads.py::test_a_figure_draws_them_as_they_are"),
    Defence("formulas in CSV", "base/frames.py", "safe = values.map(neutralised, na_action=\"ignore\")", "safe = values",
            "tests/base/test_frames.py"),
    Defence("formulas in downloads", "site/downloads.py", "{text: neutralised(text) for", "{text: text for", "tests/site/test_downloads.py::test_no_cell_is_run_by_a_spreadsheet"),
    Defence("the writer clears up", "base/output.py", "    _clear_leftovers(path)\n    handle", "    handle", KILLED),
    Defence("a folder's writer clears up", "base/output.py", "    _clear_leftovers(target)\n    if target.is_file", "    if target.is_file", KILLED),
    Defence("a failed draft goes", "base/output.py", "    except BaseException:\n        drop()\n        raise\n\n\ndef write_bytes", "    except ZeroDivisionError:\n        raise\n\n\ndef write_bytes", KILLED),
    Defence("an old sidecar goes first", "base/output.py", "                path.unlink(missing_ok=True)\n        for path", "                pass\n        for path", KILLED),
    Defence("SIGTERM ends as Ctrl-C", "cli/__init__.py", "    sys.exit(128 + number)", "    __import__('os')._exit(128 + number)", KILLED),
    Defence("fixed drivers: SQLite that is no GeoPackage", "events/intake.py", 'if head[68:72] not in (b"GPKG", b"GP10", b"GP11"):', "if False:", f"{INTAKE}::test_bytes_of_strangers_are_one_sentence"),
    Defence("fixed drivers: a layer of control", "record/vectors.py", "    raise InputError(\n        f\"{path.name} is no GeoJSON, KML", "    return path\n    raise InputError(\n        f\"{path.name} is no GeoJSON, KML", "tests/record/test_snapshots.py"),
    Defence("fixed drivers: virtual files of XML", "events/intake.py", 'if head.lstrip(b"\\xef\\xbb\\xbf \\t\\r\\n")[:1] == b"<":', "if False:",
            f"{INTAKE}::test_bytes_of_strangers_are_one_sentence"),
    Defence("links out of a pack", "record/tables.py", "return not path.resolve().is_relative_to(path.parent.resolve())", "return False",
            "tests/record/test_settings.py::test_a_link_out_of_the_pack_is_refused"),
    Defence("an id is no path", "record/settings.py", '_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")', '_SLUG = re.compile(r".*")',
            "tests/hostile/test_payloads.py::test_an_id_is_no_path"),
    Defence("control characters in a pack", "record/settings.py", "return _CONTROL.search(text) is not None", "return False",
            "tests/hostile/test_payloads.py::test_text_that_no_file_should_hold_is_a_fault_of_a_pack"),
    Defence("rule: a step on the first day is none", "answers/control.py", '(rows["start_day"] > first) & (rows', '(rows["start_day"] >= first) & (rows',
            "tests/answers/test_control.py::test_the_first_day_is_what_was_and_the_last_is_what_is"),
    Defence("rule: of two claims the later stands", "answers/control.py", 'drop_duplicates("area_id", keep="last")', 'drop_duplicates("area_id", keep="first")',
            "tests/answers/test_control.py::test_of_two_claims_of_a_party_the_later_stands"),
    Defence("rule: changes tell how the last step came", "answers/control.py", "group[column].iloc[-1])", "group[column].iloc[0])",
            "tests/answers/test_control.py::test_of_two_steps_the_last_says_how"),
    Defence("rule: a way is open to those it is open to", "answers/roads.py",
            'and (not row["applies_to"] or user in split_list(row["applies_to"]))\n            and (row["from_km"] != row["from_km"] or row["from_km"] <= km)\n            and (row["to_km"] != row["to_km"] or km < row["to_km"])\n        ]\n        return max(ends',
            'and (row["from_km"] != row["from_km"] or row["from_km"] <= km)\n            and (row["to_km"] != row["to_km"] or km < row["to_km"])\n        ]\n        return max(ends',
            "tests/answers/test_passage.py::test_a_road_open_to_others_was_no_way_for_all"),
    Defence("rule: a name out of its time weighs less", "gazetteer/rank.py", 'weights.in_use if period == "in use" else weights.out_of_use', "weights.in_use",
            "tests/gazetteer/test_gazetteer.py::test_a_name_out_of_its_time_weighs_less"),
    Defence("rule: a week of ACLED is six days either way", "events/acled.py", "np.where(precision == 2, day - 6, day))", "np.where(precision == 2, day - 5, day))",
            "tests/events/test_readers.py::test_acled_of_earlier_years"),
    Defence("rule: a week of ACLED, in words", "events/acled.py", "{format_day(one + 6)}", "{format_day(one + 5)}", "tests/events/test_readers.py::test_acled_of_earlier_years"),
    Defence("rule: a reject tells its line", "events/fields.py", "            line = lines[row]\n", "            line = lines[row] + 1\n", "tests/events/test_readers.py::test_a_broken_acled_row"),
    Defence("rule: a wide hole between areas is a fault", "record/check.py", "        yield from _holes(raw, shapes)\n", "", "tests/record/test_check.py::test_a_wide_hole_between_areas_is_a_fault"),
    Defence("rule: a city keeps its other names", "world/build.py", "        builder.texts += plain\n        builder.postings += [row * SORTS + ALTERNATIVE] * len(plain)\n", "", "tests/world/test_build.py"),
    Defence("rule: a city lies where it lies", "world/build.py", '0, city["longitude"], city["latitude"], city["population"]', '0, city["latitude"], city["longitude"], city["population"]',
            "tests/world/test_build.py"),
    Defence("rule: the day after is not in a span", "base/timespan.py", "return (start <= day) & (day < end)", "return (start <= day) & (day <= end)", "tests/base/test_timespan.py::test_spans_are_half_open"),
    Defence("what drives a terminal is shown", "base/terminal.py", "return _HARMFUL.sub(lambda found: f\"\\\\u{ord(found[0]):04x}\", text)", "return text",
            "tests/hostile/test_payloads.py::test_a_terminal_shows_what_it_would_obey"),
)  # fmt: skip


def main() -> int:
    """Take each away, and say which test died; 1 if one lived."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--only", default="", help="part of the names of the defences")
    said = ask.parse_args()
    unguarded = 0
    chosen = [one for one in DEFENCES if said.only in one.name]
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made)
        for name in ("atlas", "tests"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("geodata", "examples", "docs", "seeds", "conftest.py", "pyproject.toml", "README.md"):  # fmt: skip
            (copy / name).symlink_to(ROOT / name)
        for defence in chosen:
            path = copy / "atlas" / defence.file
            whole = path.read_text(encoding="utf-8")
            if whole.count(defence.line) != 1:
                print(
                    f"GONE      {defence.name}: its line stands {whole.count(defence.line)} times in {defence.file}"
                )
                unguarded += 1
                continue
            began = time.monotonic()
            path.write_text(whole.replace(defence.line, defence.spoilt), encoding="utf-8")
            done = subprocess.run(
                [sys.executable, "-m", "pytest", defence.tests, "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"],
                cwd=copy, env=os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False,
            )  # fmt: skip
            path.write_text(whole, encoding="utf-8")
            died = [
                line.split(" - ")[0].split(" ")[1]
                for line in done.stdout.splitlines()
                if line.startswith(("FAILED", "ERROR"))
            ]
            took = time.monotonic() - began
            if done.returncode == 1 and died:
                print(f"guarded   {defence.name}: {died[0]} ({took:.0f} s)", flush=True)
            else:
                print(f"UNGUARDED {defence.name}: {defence.tests} pass without it", flush=True)
                unguarded += 1
    print(f"{len(chosen) - unguarded} of {len(chosen)} defences are guarded")
    return 1 if unguarded else 0


if __name__ == "__main__":
    sys.exit(main())
