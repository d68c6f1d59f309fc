"""The commands as a user runs them: output, exit status, errors that say what to do."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from atlas.cli import app
from tests.cli.shell import Done, run

COMMANDS = (
    "build map figure check new areas export import diff fetch at changes route cutoff presence "
    "geocode read locate join match"
).split()


def ask(*words: str) -> Any:
    """Run a command in this process and read the JSON it prints."""
    shown = CliRunner().invoke(app, [*words, "--json"])
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout)


def alone(*words: str) -> Done:
    """Run the command in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "atlas", *words], capture_output=True, text=True)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"])
    assert shown.exit_code == 0
    assert f"Example: atlas {command}" in " ".join(shown.output.split())


def test_version() -> None:
    assert alone("--version").stdout.startswith("atlas 0.")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("at", "2020-11-10", "--place", "Shuhsa"), 0),
        (("geocode", "Martuni", "Ստեփանակերտ", "--json"), 1),
        (("at", "2020-11-10", "--place", "Martuni"), 2),
    ],
)
def test_a_process_of_its_own_says_and_ends_as_the_runner_of_these_tests(
    words: tuple[str, ...], status: int
) -> None:
    there = alone(*words)
    assert there == run(*words)
    assert there.returncode == status


def test_geocode_says_why_and_exits_by_the_answer() -> None:
    good = run("geocode", "Baku", "Ստեփանակերտ", "Karvachar", "--json")
    assert good.returncode == 0, good.stderr
    answers = json.loads(good.stdout)
    assert [item["status"] for item in answers] == ["resolved"] * 3
    assert all(item["why"] for item in answers)
    doubtful = run("geocode", "Martuni")
    assert doubtful.returncode == 1
    assert "martuni_nk" in doubtful.stdout and "martuni_am" in doubtful.stdout
    assert run("geocode", "Atlantis").returncode == 1


def test_a_point_that_says_which_is_which_is_taken_in_any_order() -> None:
    there = run("at", "2020-11-10", "--point", "46.75,39.75")
    assert there.returncode == 0, there.stderr
    for point in ("39°45'N 46°45'E", "46.75E 39.75N"):
        assert run("at", "2020-11-10", "--point", point).stdout == there.stdout
    assert run("at", "2020-11-10", "--point", "39.75 46.75").returncode == 2
    positions = run("route", "46.75,39.82", "Goris", "--date", "2021-12-20")
    assert positions.returncode == 2 and "a place of this pack is wanted" in positions.stderr
    before = run("at", "2020-11-10", "--around", "-3")
    assert before.returncode == 2 and "0 or more" in before.stderr
    named = run("geocode", "Goris", "--country", "Fiji")
    assert named.returncode == 2 and "two-letter code" in named.stderr


def test_geocode_takes_the_day_on_which_a_name_was_used() -> None:
    told = run("geocode", "Stepanakert", "--as-of", "3 Oct 2020", "--lang", "en", "--json")
    assert told.returncode == 0, told.stderr
    assert [item["status"] for item in json.loads(told.stdout)] == ["resolved"]
    wrong = run("geocode", "Stepanakert", "--as-of", "some day")
    assert wrong.returncode == 2 and "'some day' is not a date" in wrong.stderr


def test_locate_a_file(tmp_path: Path) -> None:
    source, out = tmp_path / "names.csv", tmp_path / "out.csv"
    source.write_text("n,town\n1,Шуша\n2,Nowhereville\n", encoding="utf-8")
    words = ("locate", str(source), "--pack", "south-caucasus")
    done = run(*words, "-o", str(out))
    assert done.returncode == 1 and "1 resolved, 1 unresolved" in done.stderr
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3 and "shusha" in lines[1] and "unresolved" in lines[2]
    assert all(line.startswith(f"{n},") for n, line in enumerate(lines[1:], 1))
    printed = run(*words, "--json")
    first, second = json.loads(printed.stdout)
    assert printed.returncode == 1 and str(first["n"]) == "1" and "shusha" in first.values()
    assert "unresolved" in second.values()
    shown = run(*words)
    assert "shusha" in shown.stdout and max(map(len, shown.stdout.splitlines())) <= 80
    wrong = run("locate", str(source), "--columns", "place=city")
    assert wrong.returncode == 2 and "city" in wrong.stderr and "town" in wrong.stderr


def test_at_a_place() -> None:
    shown = ask("at", "2020-11-10", "--place", "Shusha")
    assert shown["control"][0]["controller"] == "AZ"
    assert {row["controller"] for row in shown["history"]} >= {"AZ", "NK"}
    assert shown["control"][0]["source_ids"]


def test_headers_name_places_and_say_what_was_taken_for_what() -> None:
    done = run("at", "2020-11-10", "--place", "Shuhsa")
    assert "Shuhsa taken as Shushi / Shusha (shusha)" in done.stderr
    assert done.stdout.startswith("Shushi / Shusha (39.7601 N, 46.7499 E) on 2020-11-10\n")
    plain = run("at", "2020-11-10", "--place", "Шуша")
    assert plain.stderr == "" and plain.stdout == done.stdout
    namesake = run("at", "2022-08-10", "--place", "Saribaba")
    assert "the name is also that of Saribaba height (mountain, saribaba)" in namesake.stderr
    way = run("route", "Yerevan", "Stepanakrt", "--date", "2023-01-15")
    assert "Stepanakrt taken as Stepanakert / Khankendi" in way.stderr
    assert " to Stepanakert / Khankendi on 2023-01-15, " in way.stdout.splitlines()[0]


@pytest.mark.parametrize(
    "words",
    [
        ("at", "2090-01-01"),
        ("at", "2090-01", "--place", "shusha"),
        ("changes", "2020-09-26", "2090-01-01"),
        ("cutoff", "2090-01-01"),
        ("route", "yerevan", "stepanakert", "--date", "2090-01-01"),
        ("map", "-o", "{out}.html", "--date", "2090-01-01"),
        ("figure", "-o", "{out}.svg", "--date", "2090-01-01"),
        ("figure", "-o", "{out}.svg", "--compare", "2020-09-26", "2090-01-01"),
    ],
)
def test_days_beyond_the_record_are_said_to_be(words: tuple[str, ...], tmp_path: Path) -> None:
    words = tuple(word.replace("{out}", str(tmp_path / "out")) for word in words)
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert "the record's last event is of 20" in shown.stderr
    assert "later days repeat the last state" in shown.stderr
    assert ("opens on that day, not on 2090" in shown.stderr) == (words[0] == "map")


@pytest.mark.parametrize(
    "words",
    [
        ("at", "1970-01-01"),
        ("at", "1970-01-01", "--place", "shusha"),
        ("changes", "1970-01-01", "2020-01-01"),
        ("cutoff", "1970-01-01"),
        ("route", "yerevan", "stepanakert", "--date", "1970-01-01"),
        ("map", "--date", "1970-01-01", "-o", "{out}.html"),
        ("figure", "--date", "1970-01-01", "-o", "{out}.svg"),
        ("figure", "--compare", "1970-01-01", "2020-01-01", "-o", "{out}.svg"),
    ],
)
def test_days_before_the_record_are_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    words = tuple(word.replace("{out}", str(tmp_path / "out")) for word in words)
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code and not list(tmp_path.iterdir())
    assert "lies before the record, which runs from 1988-02-20 to its last event" in str(
        shown.exception
    )


def test_a_map_of_no_days_is_refused(tmp_path: Path) -> None:
    out = str(tmp_path / "m.html")
    for words, message in (
        (("--from", "2020-01-02", "--to", "2020-01-01"), "swap the two dates"),
        (("--from", "2090-01-01"), "it runs from 1988-02-20 to 20"),
    ):
        shown = CliRunner().invoke(app, ["map", "-o", out, *words])
        assert message in str(shown.exception), words


def test_known_on_speaks_of_later_days() -> None:
    words = ("at", "2023-01-01", "--known-on", "2020-01-01")
    assert "as it stood on 2020-01-01" in CliRunner().invoke(app, words).stderr
    words = ("at", "2019-01-01", "--known-on", "2020-01-01")
    assert CliRunner().invoke(app, words).stderr == ""


def test_settlements_cut_off_apart_from_those_not_known() -> None:
    shown = CliRunner().invoke(app, ["cutoff", "2023-07-01"]).stdout
    found = ask("cutoff", "2023-07-01")
    assert {row["status"] for row in found["cut_off"]} == {"cut off"}
    table, empty = shown.split("Without inhabitants on record: ")
    assert "people" not in table  # the record counts nobody there
    (ruin,) = (row for row in found["cut_off"] if row["place_id"] == "godaksar")
    assert ruin["population"] == 0 and ruin["name"] in empty.splitlines()[0]
    early = ask("cutoff", "1991-06-01")
    assert {row["status"] for row in early["unknown"]} == {"unknown"}
    assert not {r["place_id"] for r in early["unknown"]} & {r["place_id"] for r in early["cut_off"]}


def test_a_map_of_own_events_says_what_is_not_on_it(tmp_path: Path) -> None:
    source, out = tmp_path / "mine.csv", tmp_path / "m.html"
    source.write_text("date,lon,lat,note\n2020-11-10,46.75,39.76,A shell fell\n")
    shown = CliRunner().invoke(app, ["map", str(source), "-o", str(out)])
    assert shown.exit_code == 0, shown.output
    assert "wrote " in shown.stderr and "not on the map" not in shown.stderr


def test_at_a_month_says_what_changed_within() -> None:
    shown = ask("at", "2020-11")
    changed = {row["area_id"] for row in shown["changed"]}
    assert {"kelbajar", "agdam_west", "shusha_town"} <= changed
    held = {row["area_id"]: row["throughout"] for row in shown["control"]}
    assert held["stepanakert"] and not held["kelbajar"]


def test_changes_net_to_zero() -> None:
    shown = ask("changes", "2020-09-26", "2020-12-02")
    assert sum(shown["net_km2"].values()) == pytest.approx(0.0, abs=1e-6)
    assert all(row["source_ids"] for row in shown["changes"])


def test_route_and_cutoff() -> None:
    blocked = ask("route", "Yerevan", "Stepanakert", "--date", "2023-01-15")
    assert blocked["status"] == "blocked" and blocked["km"] is None and blocked["blocks"]
    shut = ask("cutoff", "2023-07-01")["cut_off"]
    assert "stepanakert" in {row["place_id"] for row in shut}


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["at", "yesterday"], 2, "is not a date"),
        (["at", "1970-01-01"], 2, "before the record"),
        (["at", "2020-11-10", "--point", "a,b"], 2, "is not LON,LAT"),
        (["at", "2020-11-10", "--place", "Martuni"], 2, "give an id: martuni_"),
        (["route", "Martuni", "Baku", "--date", "2023-01-15"], 2, "give an id: martuni_"),
        (["presence", "Russian peacekeeping contingent", "--window", "-5"], 2, "0 or more days"),
        (["geocode", "Baku", "--json", "-o", "-"], 2, "--json and -o - would both print"),
        (["at", "2020-11-10", "--according-to", "XX"], 2, "no party 'XX'"),
        (["at", "2020-11-10", "--pack", "atlantis"], 2, "no pack 'atlantis'"),
        (["changes", "2020-12-02", "2020-09-26"], 2, "swap the two dates"),
        (["route", "Yerevan", "Baku", "--date", "2023-01-15", "--user", "tourist"], 2, "no user"),
        (["join", "nosuch.csv", "-o", "out.csv"], 2, "nosuch.csv"),
        (["presence", "Nobody"], 2, "there are:"),
        (["at", "2020-11-10", "--point", "39.76,46.75"], 2, "LON comes first: 46.75,39.76"),
        (["fetch", "gold"], 2, "there is: geonames"),
    ],
)
def test_errors_name_cause_and_remedy(words: list[str], status: int, message: str) -> None:
    done = run(*words)
    assert done.returncode == status
    assert message in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.count("error:") == 1


def test_check_reports_and_counts(tmp_path: Path) -> None:
    done = run("check", "--report")
    assert done.returncode == 0, done.stdout
    assert "0 faults" in done.stdout and "affiliation" in done.stdout
    pack = tmp_path / "mine"
    assert run("new", str(pack), "--bbox", "20,40,22,42").returncode == 0
    assert run("check", str(pack)).returncode == 0
    control = pack / "control.csv"
    control.write_text(control.read_text().replace("side_a", "side_z"))
    broken = run("check", str(pack), "--json")
    assert broken.returncode == 1
    (fault,) = json.loads(broken.stdout)["faults"]
    assert (fault["file"], fault["row"], fault["column"]) == ("control.csv", 2, "controller")
    assert run("new", str(pack)).returncode == 2


def test_the_report_as_json_holds_tables_of_rows() -> None:
    report = ask("check", "--report")["report"]
    assert {"records", "sources", "use_of_sources", "claims", "events"} <= set(report)
    told = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    for name, rows in report.items():
        assert f"| `{name}` |" in told and all(f"`{column}`" in told for column in rows[0]), name
    (places,) = (row for row in report["records"] if row["table"] == "places")
    assert places["rows"] == sum(
        places[level] for level in ("certain", "probable", "contested", "unknown")
    )
    assert all(isinstance(row["citations"], int) for row in report["use_of_sources"])


def test_join_counts_add_up(tmp_path: Path) -> None:
    source, out = tmp_path / "mine.csv", tmp_path / "joined.csv"
    source.write_text(
        "date,lon,lat,place,title\n"
        "2020-11-10,46.7499,39.7601,,by coordinates\n"
        "2019-06-01,,,Karvachar,by name\n"
        "2019-06-01,,,Nowhereville,unresolved\n"
        "2020-02-30,46.7,39.7,,no such day\n",
        encoding="utf-8",
    )
    done = run("join", str(source), "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert "4 rows in: 3 read" in done.stdout and "1 rejected" in done.stdout
    # "joined" is a status; the header has another word for the rows that were kept.
    assert "joined" not in done.stdout.splitlines()[0].replace(str(tmp_path / "joined"), "")
    joined = out.read_text(encoding="utf-8")
    assert "shusha_town" in joined and "kelbajar" in joined
    rejects = (tmp_path / "joined.rejects.csv").read_text(encoding="utf-8")
    assert "Nowhereville" not in rejects and "2020-02-30" in rejects
    doubtful = (tmp_path / "joined.doubtful.csv").read_text(encoding="utf-8")
    assert "4,Nowhereville,unresolved" in doubtful and "1 doubtful name -> " in done.stderr
    # The table under the header is of the rows read, so it adds up to them.
    assert (
        "rejects " not in done.stdout.replace(str(tmp_path), "") and "left out" not in done.stdout
    )
    words = ("join", str(source), "-o", str(out), "--from", "2020-01-01")
    told = ask(*words)
    assert told["rows"] == told["joined"] + told["rejected"] + told["filtered"] == 4
    assert told["filtered"] == 2 and sum(told["statuses"].values()) == told["joined"] == 1
    assert told["out"] == str(out) and told["rejects"].endswith("joined.rejects.csv")
    assert "2 left out by date or box" in run(*words).stdout


def test_rejects_name_the_line_of_the_file_whatever_its_columns(tmp_path: Path) -> None:
    source, out = tmp_path / "mine.csv", tmp_path / "out.csv"
    source.write_text(
        "line,date,lon,lat,place,reason\n"
        "A7,2020-02-30,46.7,39.8,,no such day\n"
        "\n"
        'A8,2020-11-10,46.7,39.8,"over two\nlines",good\n'
        "A9,2020-11-10,,,Martuni,ambiguous\n"
        "B1,2020-02-30,46.7,39.8,,no such day\n",
        encoding="utf-8",
    )
    done = run("join", str(source), "-o", str(out))
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out.rejects.csv").open(encoding="utf-8", newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [row["line"] for row in rejects] == ["2", "7"]
    assert rejects[0]["raw"].startswith("A7,")
    with out.open(encoding="utf-8", newline="") as file:
        joined = list(csv.DictReader(file))
    assert [(row["line"], row["reason"]) for row in joined] == [("A8", "good"), ("A9", "ambiguous")]


def test_join_says_how_many_rows_outside_look_swapped(tmp_path: Path) -> None:
    source, out = tmp_path / "mine.csv", tmp_path / "out.csv"
    rows = "date,Lat,Lon\n2020-11-10,46.7499,39.7601\n2020-11-10,48.85,2.35\n"
    source.write_text(rows + "2020-11-10,39.7601,46.7499\n", encoding="utf-8")
    here = ("--pack", "south-caucasus")
    done = run("join", str(source), "-o", str(out), *here)
    assert done.returncode == 0, done.stderr
    assert "1 row outside would lie inside with lon and lat swapped" in done.stderr
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("2020-11-10,46.7499,39.7601")
    assert ask("join", str(source), "-o", str(out), *here)["inside_if_swapped"] == 1
    source.write_text("date,Lat,Lon\n2020-11-10,48.85,2.35\n", encoding="utf-8")
    nowhere = run("join", str(source), "-o", str(out))
    assert "swapped" not in nowhere.stderr and nowhere.returncode == 1
    # Where all are swapped no pack is chosen; it is said all the same.
    source.write_text("date,Lat,Lon\n2020-11-10,46.7499,39.7601\n", encoding="utf-8")
    swapped = run("join", str(source), "-o", str(out))
    assert "1 row outside would lie inside" in swapped.stderr and swapped.returncode == 1


def test_the_dask_engine_writes_no_file(tmp_path: Path) -> None:
    source = tmp_path / "mine.csv"
    source.write_text("date,lon,lat\n2020-11-10,46.7499,39.7601\n", encoding="utf-8")
    for name in ("d.csv", "d.TSV", "d.geojson", "d.gpkg"):
        shown = run("join", str(source), "-o", str(tmp_path / name), "--engine", "dask")
        assert shown.returncode == 2 and "name a folder" in shown.stderr
        assert not (tmp_path / name).exists()


def test_links_name_the_lines_of_both_files(tmp_path: Path) -> None:
    first, second, out = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "links.csv"
    first.write_text(
        "date,lon,lat,title\n"
        "2020-02-30,46.7,39.8,no such day\n"
        '2020-10-01,45.0,40.0,"two\nlines"\n'
        "2020-10-04,46.7,39.8,the one\n",
        encoding="utf-8",
    )
    second.write_text(
        "date,lon,lat,title\n2020-10-04,500,39.8,nowhere\n2020-10-04,46.7,39.8,the other\n",
        encoding="utf-8",
    )
    done = run("match", str(first), str(second), "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert "2 rejected rows -> " in done.stderr
    with (tmp_path / "links.rejects.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["file"], row["line"]) for row in csv.DictReader(file)] == [
            ("a", "2"),
            ("b", "2"),
        ]
    header, link = out.read_text(encoding="utf-8").splitlines()
    assert header.startswith("a_line,b_line,") and link.startswith("5,3,")


def test_read_a_text_from_stdin() -> None:
    text = "On 8 November 2020 the president said that the army had taken the town of Shusha."
    done = run("read", "-", "--published", "2020-11-09", "--json", stdin=text)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert {item["place_id"] for item in found["mentions"]} >= {"shusha"}
    assert found["dates"][0]["edtf"] == "2020-11-08"
    (draft,) = found["drafts"]
    # The president says so; the text does not: no capture in its own voice.
    assert draft["reported"] and draft["event_type"] != "capture"


def test_an_open_end_is_null_in_json() -> None:
    held = ask("at", "2024-06-01", "--place", "Shusha")["control"][0]
    assert held["until"] is None and held["end"] is None and held["start"] == "2020-11-10"
    assert not any("day" in name for name in held)
