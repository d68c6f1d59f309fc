"""Change the core by one small step at a time; a test must die: ``python -m tests.tools.mutate``.

`make mutate` draws changes by a seed from every function of the modules of `GROUPS` and runs, for each,
the tests beside it that reach the changed line. What lives is listed; a change that no test could tell
(the program does the same with it) stands in `SAME` with the reason. The table is written to
``docs/mutation.md``.

Known mutation testers were tried first. cosmic-ray starts an interpreter, and so imports pandas and
GEOS, for every change. mutmut 3 forks after the import, as is done here, but makes some 15,000 changes
of these modules (every text in two cases, every argument by nothing), needs minutes to write them down,
and collects the tests and makes their packs anew for each. Here one process collects the tests once,
coverage.py tells which of them reach which line, and a fork takes each change: it compiles the changed
module, gives the one function its new code and runs those tests, the quickest first.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atlas.base.cache import cache_directory
from atlas.base.output import write_text
from tests.tools.mutants import (
    ROOT,
    SAME,
    Change,
    change_running,
    changes,
    draw,
    left_of,
    path_of,
    told,
    told_file,
)
from tests.tools.mutants_script import SCRIPT, run_script

PAGE = ROOT / "docs" / "mutation.md"

#: Modules, and the tests that should notice; one process takes all of a line.
GROUPS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("base/timespan",), ("tests/base/test_timespan.py", "atlas/base/timespan.py")),
    (("events/intake",), ("tests/events/test_intake.py",)),
    (("record/check",), ("tests/record/test_check.py", "tests/record/test_settings.py", "tests/record/test_citations.py")),
    (("answers/passage", "answers/routes", "answers/roads", "answers/access", "answers/leaving"),
     ("tests/answers/test_shape.py", "tests/answers/test_passage.py", "tests/answers/test_leaving.py", "tests/map/test_access.py")),
    (("answers/control", "answers/front", "answers/mandates", "answers/presence", "answers/series", "answers/state"),
     ("tests/answers/test_shape.py", "tests/answers/test_control.py", "tests/answers/test_front.py", "tests/answers/test_mandates.py", "tests/answers/test_passage.py", "tests/answers/test_state.py", "tests/answers/test_panel.py")),
    (("layers/accounts", "layers/control", "layers/events", "layers/ground", "layers/mandates", "layers/own", "layers/people", "layers/routes", "layers/rows", "layers/set",
      "layers/specs", "layers/world"), ("tests/map/test_layers.py", "tests/map/test_own.py", "tests/layers")),
    (("answers/panel",), ("tests/answers/test_panel.py",)),
    (("joining/asof",), ("tests/joining/test_asof.py", "tests/joining/test_join.py")),
)  # fmt: skip
#: Tests of any history, each of minutes where lines are counted; what they hold others hold too.
LEFT_OUT = (
    "tests/answers/test_control.py::test_every_day_tiles_the_territory",
    "tests/answers/test_control.py::test_changes_compose_and_net_to_zero",
    "tests/answers/test_control.py::test_what_was_known_still_tiles",
    "tests/joining/test_join.py::test_batches_change_no_cell_and_no_row_is_lost",
    "tests/joining/test_join.py::test_several_holders_are_those_that_held_on_some_day_of_the_span",
)
#: Seconds of the processor: a test that takes longer runs after the others; and for how long the
#: quick ones, and then the others, run on one change.
QUICK, PATIENCE = 0.5, 12.0

#: What a fork ends with that could not make its change.
_BROKEN = 9


class Runner:
    """A plugin of pytest that runs the collected tests once, and then again for each change."""

    def __init__(self, modules: Sequence[str], drawn: list[Change], *, thorough: bool) -> None:
        self.modules, self.drawn, self.thorough = modules, drawn, thorough
        self.lived: list[Change] = []
        self.unreached: list[Change] = []
        # Function -> tests that a change of it died by, the last first: the next may die by them too.
        self.killers: dict[str, list[str]] = {}

    def pytest_runtestloop(self, session: Any) -> bool:
        items = {item.nodeid: item for item in session.items}
        reached, took = self._clean(session)
        slow = {name for name, seconds in took.items() if seconds > QUICK}
        for change in self.drawn:
            names = set().union(
                *(reached.get(f"{change.module}:{line}", set()) for line in change.lines)
            )
            known = self.killers.setdefault(f"{change.module}:{change.function}", [])
            order = [name for name in known if name in names]
            order += sorted(names - set(known), key=lambda name: took[name])
            quick = self._within([name for name in order if name not in slow], took)
            # What the quick tests let live is for the slower ones.
            late = self._within([name for name in order if name in slow], took)
            if not names:
                self.unreached.append(change)
            elif all(
                self._lives(session, change, [items[name] for name in some], took)
                for some in (quick, late)
                if some
            ):
                self.lived.append(change)
                print(f"    lived, line {change.line}: {change.key}", file=sys.stderr, flush=True)
        return True

    def _within(self, names: list[str], took: dict[str, float]) -> list[str]:
        """The first of the tests, as many as the time allows."""
        left, some = PATIENCE, []
        for name in names:
            left -= took[name]
            if left > 0 or not some or self.thorough:
                some.append(name)
        return some

    def _clean(self, session: Any) -> tuple[dict[str, set[str]], dict[str, float]]:
        """Which tests reach which line, and what each takes; told by a fork, so that nothing is warm."""
        with tempfile.NamedTemporaryFile("r", suffix=".json") as kept:
            child = os.fork()
            if not child:
                try:
                    self._watch(session, Path(kept.name))
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            said = json.loads(kept.read() or "{}")
        if not said or said["failed"]:
            raise SystemExit(f"{self.modules}: their tests fail as they are: {said.get('failed')}")
        for name in said["imported"]:  # what a test imports late is imported once
            try:
                importlib.import_module(name)
            except Exception:
                continue
        return {line: set(names) for line, names in said["lines"].items()}, said["took"]

    def _watch(self, session: Any, where: Path) -> None:
        import coverage

        _quiet()
        measured = coverage.Coverage(
            data_file=None,
            include=[str(path_of(module)) for module in self.modules],
            config_file=False,
        )
        measured.start()
        took, failed, before = {}, [], 0
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            measured.switch_context(item.nodeid)
            began = time.process_time()
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            took[item.nodeid] = time.process_time() - began
            if session.testsfailed > before:
                before = session.testsfailed
                failed.append(item.nodeid)
        measured.stop()
        # What a fixture does for a whole file counts for each test of the file.
        files: dict[str, list[str]] = {}
        for name in took:
            files.setdefault(name.partition("::")[0], []).append(name)
        first = {names[0]: names for names in files.values()}
        found = {
            f"{module}:{line}": sorted(
                {other for name in names if name for other in first.get(name, [name])}
            )
            for module in self.modules
            for line, names in measured.get_data().contexts_by_lineno(str(path_of(module))).items()
        }
        imported = [
            name for name in sys.modules if not name.startswith(("tests", "_pytest", "coverage"))
        ]
        where.write_text(
            json.dumps({"lines": found, "took": took, "failed": failed, "imported": imported})
        )

    def _lives(
        self, session: Any, change: Change, items: list[Any], took: dict[str, float]
    ) -> bool:
        with tempfile.TemporaryDirectory() as kept:
            child = os.fork()
            if not child:
                code = 1
                try:
                    _quiet()
                    code = _BROKEN
                    _keep_apart(Path(kept))
                    change_running(change)
                    code = 1
                    most = int(20 + 5 * sum(took[item.nodeid] for item in items))
                    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
                    signal.alarm(60 * most)
                    for item, following in zip(items, [*items[1:], None], strict=True):
                        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
                        if session.testsfailed:
                            Path(kept, "killer").write_text(item.nodeid, encoding="utf-8")
                            break
                    code = int(bool(session.testsfailed))
                finally:
                    os._exit(code)
            _, status = os.waitpid(child, 0)
            told = Path(kept, "killer")
            killer = told.read_text(encoding="utf-8") if told.is_file() else ""
        known = self.killers[f"{change.module}:{change.function}"]
        if killer:
            known[:] = [killer, *(name for name in known if name != killer)]
        if os.waitstatus_to_exitcode(status) == _BROKEN:
            raise SystemExit(f"cannot be tried: {change.key}")
        return status == 0


def _keep_apart(folder: Path) -> None:
    """Let no pack that a changed program finds sound be kept for another; share the rest."""
    shared = cache_directory()
    for path in shared.glob("world-*"):
        (folder / path.name).symlink_to(path)
    os.environ["ATLAS_CACHE_DIR"] = str(folder)


def _quiet() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def run(
    group: int, one_in: int, seed: int, *, thorough: bool, again: Path | None = None
) -> list[dict[str, Any]]:
    """Try the changes of some modules, in this process: how many, and those that lived."""
    import pytest

    modules, tests = GROUPS[group]
    every = {module: changes(module) for module in modules}
    drawn = {
        module: draw(every[module], one_in, random.Random(f"{seed} {module}")) for module in modules
    }
    tried = [one for module, those in drawn.items() for one in left_of(those, module, again)]
    runner = Runner(modules, tried, thorough=thorough)
    options = "-q -p no:cacheprovider -p no:xdist -W ignore".split()
    options += ["-m", "not slow and not browser", *(f"--deselect={name}" for name in LEFT_OUT)]
    pytest.main([*tests, *options], plugins=[runner])
    return [
        told(module, one_in, every[module], drawn[module],
              [one for one in (*runner.lived, *runner.unreached) if one.module == module], runner.unreached)
        for module in modules
    ]  # fmt: skip


def _told_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def _died(killed: int, tried: int) -> str:
    """A share in words, with the interval of Wilson (1927), 95 %."""
    share, whole = killed / max(tried, 1), 1 + 3.84 / max(tried, 1)
    middle = (share + 1.92 / max(tried, 1)) / whole
    half = 1.96 * (share * (1 - share) / max(tried, 1) + 0.96 / max(tried, 1) ** 2) ** 0.5 / whole
    return (
        f"{killed} of {tried} died, {share:.1%} (95 %: {middle - half:.1%} to {middle + half:.1%})"
    )


def table(folder: Path, seed: int) -> tuple[str, bool]:
    """What was found, as a page; and whether enough died."""
    said, unseen = _told_in(folder), _told_in(folder / "unseen")
    reasons = json.loads(SAME.read_text(encoding="utf-8"))
    rows, lived, tried, killed, at_first = [], [], 0, 0, 0
    for one in said:
        same, left = len(one["same"]), len(one["lived"])
        died = one["drawn"] - same - left
        tried, killed, at_first = tried + died + left, killed + died, at_first + one["at_first"]
        rows.append(
            f"| `{one['module']}` | {one['functions']} | {one['all']} | {one['drawn']} | {same} | {one['at_first']} | {left} |"
        )
        lived += [f"- `{key}` {reason}".rstrip() for _, key, reason in one["lived"]]
    told_of = {one["module"] for one in said}
    waiting = [
        name for names, _ in (*GROUPS, ((SCRIPT,), ())) for name in names if name not in told_of
    ]
    more = sum(one["drawn"] - len(one["same"]) for one in unseen)
    fresh = sum(one["at_first"] for one in unseen)
    alive = sum(len(one["lived"]) for one in unseen)
    page = [
        "# Tests that bite", "",
        "Made by `make mutate`; don't edit it. One small change is made to the code at a time: a comparison turned,",
        "a sign or a number changed, a condition always or never true, a line left out, nothing returned. A test that",
        "reaches the line must fail. How errors are worded, and types, are left alone.", "",
        f"Changes are drawn evenly over the functions (seed {seed}): {sum(one['drawn'] for one in said)} of {sum(one['all'] for one in said)}. A change that does nothing that",
        "could be told is counted apart, with the reason.", "",
        f"- As the tests were when it was drawn: {_died(tried - at_first, tried)}.",
        f"- Since what lived was given tests: **{killed} of {tried} died, {killed / max(tried, 1):.1%}**. This says nothing of changes that were not drawn.",
        *([f"- Of a second draw, from {len(unseen)} of the modules, with no test written for it yet: {_died(more - fresh, more)}; {alive} live."] if unseen else []), "",
        "| module | functions | changes | drawn | none | lived at first | live |", "|---|--:|--:|--:|--:|--:|--:|", *rows, "",
        *([f"Not tried yet: {', '.join(f'`{name}`' for name in waiting)}.", ""] if waiting else []),
        "## Changes that are none", "",
        *([f"- `{key}`: {reasons[key]}" for one in said for key in one["same"]] or ["Nothing."]), "",
        "## What lives", "", *(lived or ["Nothing."]), "",
        *(["Of the second draw:", "", *(f"- `{key}` {reason}".rstrip() for one in unseen for _, key, reason in one["lived"]), ""] if alive else []),
    ]  # fmt: skip
    return "\n".join(page), killed >= 0.95 * tried


def main() -> int:
    """Try, tell and write the table; 1 if more than one change in twenty lives."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument(
        "--one-in", type=int, default=8, help="how many changes there are to one that is tried"
    )
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", default="", help="part of the names of the modules")
    ask.add_argument(
        "--thorough",
        action="store_true",
        help="all tests that reach a change, however long it takes",
    )
    ask.add_argument("--again", action="store_true", help="only what lived the last time")
    ask.add_argument("--unseen", action="store_true", help="a second draw, told beside the first")
    ask.add_argument("--told", type=Path, help="a folder for what is found, one file a module")
    ask.add_argument("--group", type=int, help=argparse.SUPPRESS)
    said = ask.parse_args()
    os.chdir(ROOT)
    folder = said.told or ROOT / "build" / "mutate"
    kept = folder / "unseen" if said.unseen else folder
    kept.mkdir(parents=True, exist_ok=True)
    if said.group is not None:
        script = said.group == len(GROUPS)
        again = kept if said.again else None
        some = (
            [run_script(said.one_in, said.seed, again)]
            if script
            else run(said.group, said.one_in, said.seed, thorough=said.thorough, again=again)
        )
        for found in some:
            path = told_file(kept, found["module"])
            if again and path.is_file():
                found["at_first"] = json.loads(path.read_text(encoding="utf-8"))["at_first"]
            path.write_text(json.dumps(found, indent=1), encoding="utf-8")
        return 0
    failed = 0
    for group, (modules, _) in enumerate((*GROUPS, ((SCRIPT,), ()))):
        if any(said.only in module for module in modules):
            options = [
                f"--one-in={said.one_in}",
                f"--seed={said.seed}",
                f"--group={group}",
                f"--told={folder}",
            ]
            options += ["--thorough"] * said.thorough + ["--again"] * said.again
            options += ["--unseen"] * said.unseen
            failed |= subprocess.run(
                [sys.executable, "-m", "tests.tools.mutate", *options], check=False
            ).returncode
    page, enough = table(folder, said.seed)
    write_text(PAGE, page)
    print(page)
    return int(failed or not enough)


if __name__ == "__main__":
    sys.exit(main())
