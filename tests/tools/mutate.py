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
import ast
import importlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas.base.cache import cache_directory
from atlas.base.output import write_text

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mutation.md"
SAME = Path(__file__).with_name("mutate_same.json")

#: Modules, and the tests that should notice; one process takes all of a line.
GROUPS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("base/timespan",), ("tests/base/test_timespan.py", "atlas/base/timespan.py")),
    (("events/intake",), ("tests/events/test_intake.py",)),
    (("record/check",), ("tests/record/test_check.py", "tests/record/test_settings.py", "tests/record/test_citations.py", "tests/record/test_areas.py")),
    (("answers/passage", "answers/routes", "answers/roads", "answers/access", "answers/leaving"),
     ("tests/answers/test_passage.py", "tests/map/test_access.py")),
    (("answers/control", "answers/front", "answers/mandates", "answers/presence", "answers/series", "answers/state"),
     ("tests/answers/test_control.py", "tests/answers/test_front.py", "tests/answers/test_mandates.py", "tests/answers/test_passage.py", "tests/answers/test_state.py")),
    (("layers/accounts", "layers/control", "layers/events", "layers/ground", "layers/mandates", "layers/own", "layers/routes", "layers/rows", "layers/set",
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
QUICK, PATIENCE = 0.5, 3.0

#: What a fork ends with that could not make its change.
_BROKEN = 9

#: The page's model is changed as text; what Node runs, the quickest first.
SCRIPT = "map/web/model.js"
SCRIPT_TESTS = ("record", "model", "find", "timeline", "address", "access")
_SCRIPT = (
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" === ", " !== "), (r" !== ", " === "),
    (r" && ", " || "), (r" \|\| ", " && "), (r" \?\? ", " && "), (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "), (r" / ", " * "),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"\bMath\.min\b", "Math.max"), (r"\bMath\.max\b", "Math.min"), (r"\(!", "("),
    (r"\bcontinue\b", "break"), (r"\bbreak;", ";"), (r"\.findLast\(", ".find("), (r"\.some\(", ".every("), (r"\.every\(", ".some("),
    (r"\bif \(", "if (false && "), (r"\bif \(", "if (true || "), (r" \? ", " && false ? "), (r"\b0\b", "1"), (r"\b1\b", "2"),
)  # fmt: skip

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_CALLED = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "minimum": "maximum",
    "maximum": "minimum",
}


@dataclass(frozen=True)
class Change:
    """One small change: the function it is in, the place of its node among all nodes, what it does."""

    module: str
    function: str
    line: int
    lines: tuple[int, ...]
    at: int
    kind: str
    what: str

    @property
    def key(self) -> str:
        """Name that stays when lines move."""
        return f"{self.module}:{self.function}: {self.what}"


def _path(module: str) -> Path:
    return ROOT / "atlas" / f"{module}.py"


def changes(module: str) -> list[Change]:
    """Every small change of the functions of a module."""
    source = _path(module).read_text(encoding="utf-8")
    tree, written = ast.parse(source), source.splitlines()
    unread = {id(part) for node in ast.walk(tree) for part in _unread(node)}
    place = {id(node): at for at, node in enumerate(ast.walk(tree))}
    out = []
    for function, body in _functions(tree):
        first = min(line.lineno for line in body.body)
        for node in ast.walk(body):
            if id(node) in unread or node is body or getattr(node, "lineno", 0) < first:
                continue
            for kind in _ways(node):
                before = ast.unparse(node)
                lines = tuple(
                    range(node.lineno, (getattr(node, "end_lineno", None) or node.lineno) + 1)
                )  # type: ignore[attr-defined]
                if isinstance(node, (ast.If, ast.While)):
                    before, lines = ast.unparse(node.test), (node.lineno,)
                out.append(
                    Change(
                        module,
                        function,
                        lines[0],
                        lines,
                        place[id(node)],
                        kind,
                        f"{kind} {before[:90]} | {written[lines[0] - 1].strip()[:90]}",
                    )
                )
    return out


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """What tests should not pin: types, and how an error is worded."""
    for name in ("annotation", "returns"):
        part = getattr(node, name, None)
        if isinstance(part, ast.AST):
            yield from ast.walk(part)
    if isinstance(node, (ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.JoinedStr)):
        yield from ast.walk(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "cast":
        yield from ast.walk(node.args[0])


def _ways(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARE:
        yield "turned:"
    elif isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        yield "other sign:"
    elif isinstance(node, ast.BoolOp):
        yield "and <-> or:"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert, ast.USub)):
        yield "without its sign:"
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int, float):
        yield "another value:"
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield "never:"
        if not isinstance(node, ast.While):
            yield "always:"
    elif isinstance(node, (ast.Continue, ast.Break)):
        yield "continue <-> break:"
    elif isinstance(node, ast.Return) and node.value is not None and not _nothing(node.value):
        yield "nothing returned:"
    elif (
        isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Yield, ast.YieldFrom))
    ) or isinstance(node, ast.AugAssign):
        yield "left out:"
    elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _CALLED:
        yield "the opposite:"
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield "no condition:"


def _nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _apply(node: Any, kind: str) -> None:
    if kind == "turned:":
        node.ops = [_COMPARE[type(node.ops[0])]()]
    elif kind == "other sign:":
        node.op = _BINARY[type(node.op)]()
    elif kind == "and <-> or:":
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif kind == "without its sign:":
        inner = (
            ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
            if isinstance(node.op, ast.Not)
            else node.operand
        )
        node.__class__, node.__dict__ = (
            inner.__class__,
            inner.__dict__ | {"lineno": node.lineno, "col_offset": node.col_offset},
        )
    elif kind == "another value:":
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    elif kind == "never:":
        node.test = ast.Constant(False)
    elif kind == "always:":
        node.test = ast.Constant(True)
    elif kind == "continue <-> break:":
        node.__class__ = ast.Break if isinstance(node, ast.Continue) else ast.Continue
    elif kind == "nothing returned:":
        node.value = ast.Constant(None)
    elif kind == "left out:":
        if isinstance(node, ast.Expr):
            generator = isinstance(node.value, (ast.Yield, ast.YieldFrom))
            node.value = (
                ast.YieldFrom(ast.Tuple([], ast.Load())) if generator else ast.Constant(None)
            )
        else:
            where = {"lineno": node.lineno, "col_offset": node.col_offset}
            node.__class__, node.__dict__ = ast.Pass, where
    elif kind == "the opposite:":
        name = node.func
        if isinstance(name, ast.Name):
            name.id = _CALLED[name.id]
        else:
            name.attr = _CALLED[name.attr]
    elif kind == "no condition:":
        node.ifs = []


def _code(change: Change) -> types.CodeType:
    tree = ast.parse(_path(change.module).read_text(encoding="utf-8"))
    _apply(list(ast.walk(tree))[change.at], change.kind)
    whole = compile(
        ast.fix_missing_locations(tree), str(_path(change.module)), "exec", dont_inherit=True
    )
    found = [whole]
    for part in change.function.split("."):
        found = [
            code
            for one in found
            for code in one.co_consts
            if isinstance(code, types.CodeType) and code.co_name == part
        ]
    return found[-1]


def _change(change: Change) -> None:
    """Give the function of the running process its changed code."""
    owner: Any = importlib.import_module("atlas." + change.module.replace("/", "."))
    *outer, name = change.function.split(".")
    for part in outer:
        owner = getattr(owner, part)
    found: Any = vars(owner)[name]
    for step in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, step, found)
    found.__code__ = _code(change)


class Runner:
    """A plugin of pytest that runs the collected tests once, and then again for each change."""

    def __init__(self, modules: Sequence[str], drawn: list[Change], *, thorough: bool) -> None:
        self.modules, self.drawn, self.thorough = modules, drawn, thorough
        self.lived: list[Change] = []
        self.unreached: list[Change] = []

    def pytest_runtestloop(self, session: Any) -> bool:
        items = {item.nodeid: item for item in session.items}
        reached, took = self._clean(session)
        slow = {name for name, seconds in took.items() if seconds > QUICK}
        for change in self.drawn:
            names = set().union(
                *(reached.get(f"{change.module}:{line}", set()) for line in change.lines)
            )
            order = sorted(names, key=lambda name: took[name])
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
            if left > 0 or self.thorough:
                some.append(name)
        return some

    def _clean(self, session: Any) -> tuple[dict[str, set[str]], dict[str, float]]:
        """Which tests reach which line, and what each takes; told by a fork, so that nothing is warm."""
        with tempfile.NamedTemporaryFile("r", suffix=".json") as told:
            child = os.fork()
            if not child:
                try:
                    self._watch(session, Path(told.name))
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            said = json.loads(told.read() or "{}")
        if not said or said["failed"]:
            raise SystemExit(f"{self.modules}: their tests fail as they are: {said.get('failed')}")
        for name in said["imported"]:  # what a test imports late is imported once
            try:
                importlib.import_module(name)
            except Exception:
                continue
        return {line: set(names) for line, names in said["lines"].items()}, said["took"]

    def _watch(self, session: Any, told: Path) -> None:
        import coverage

        _quiet()
        measured = coverage.Coverage(
            data_file=None,
            include=[str(_path(module)) for module in self.modules],
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
            for line, names in measured.get_data().contexts_by_lineno(str(_path(module))).items()
        }
        imported = [
            name for name in sys.modules if not name.startswith(("tests", "_pytest", "coverage"))
        ]
        told.write_text(
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
                    _change(change)
                    code = 1
                    most = int(20 + 5 * sum(took[item.nodeid] for item in items))
                    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
                    signal.alarm(60 * most)
                    for item, following in zip(items, [*items[1:], None], strict=True):
                        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
                        if session.testsfailed:
                            break
                    code = int(bool(session.testsfailed))
                finally:
                    os._exit(code)
            _, status = os.waitpid(child, 0)
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


def _draw(every: list[Change], each: int, chance: random.Random) -> list[Change]:
    """Some changes of every function."""
    of: dict[str, list[Change]] = {}
    for change in every:
        of.setdefault(change.function, []).append(change)
    return [
        one
        for those in of.values()
        for one in sorted(chance.sample(those, min(each, len(those))), key=lambda one: one.at)
    ]


def _told(
    module: str,
    each: int,
    every: list[Change],
    drawn: list[Change],
    lived: list[Change],
    unreached: list[Change],
) -> dict[str, Any]:
    same = json.loads(SAME.read_text(encoding="utf-8"))
    return {
        "module": module, "each": each, "all": len(every), "drawn": len(drawn), "functions": len({one.function for one in drawn}),
        "same": sorted({one.key for one in lived if one.key in same}),
        "lived": [[one.line, one.key, "no test reaches it" if one in unreached else ""] for one in lived if one.key not in same],
    }  # fmt: skip


def _left(drawn: list[Change], module: str, told: Path | None) -> list[Change]:
    """Those of the changes that lived when it was told; all, where nothing is."""
    path = None if told is None else told / f"{module.replace('/', '.')}.json"
    if path is None or not path.is_file():
        return drawn
    found = json.loads(path.read_text(encoding="utf-8"))
    keys = {key for _, key, _ in found["lived"]} | set(found["same"])
    return [one for one in drawn if one.key in keys]


def run(
    group: int, each: int, seed: int, *, thorough: bool, again: Path | None = None
) -> list[dict[str, Any]]:
    """Try the changes of some modules, in this process: how many, and those that lived."""
    import pytest

    modules, tests = GROUPS[group]
    every = {module: changes(module) for module in modules}
    drawn = {
        module: _draw(every[module], each, random.Random(f"{seed} {module}")) for module in modules
    }
    tried = [one for module, those in drawn.items() for one in _left(those, module, again)]
    runner = Runner(modules, tried, thorough=thorough)
    options = "-q -p no:cacheprovider -p no:xdist -W ignore".split()
    options += ["-m", "not slow and not browser", *(f"--deselect={name}" for name in LEFT_OUT)]
    pytest.main([*tests, *options], plugins=[runner])
    return [
        _told(module, each, every[module], drawn[module],
              [one for one in (*runner.lived, *runner.unreached) if one.module == module], runner.unreached)
        for module in modules
    ]  # fmt: skip


def script_changes() -> list[Change]:
    """Every small change of the page's model."""
    text = (ROOT / "atlas" / SCRIPT).read_text(encoding="utf-8")
    lines, out, owner = text.splitlines(), [], ""
    function = re.compile(r"^ {2,4}(?:const (\w+) = (?:\(|\w+ =>)|function (\w+))")
    owners = []
    for line in lines:
        found = function.match(line)
        owner = next((name for name in found.groups() if name), owner) if found else owner
        owners.append(owner)
    for shape, other in _SCRIPT:
        for spot in re.finditer(shape, text):
            line = text.count("\n", 0, spot.start())
            if not lines[line].strip().startswith("//") and "`" not in lines[line]:
                what = f"{spot[0].strip()} -> {other.strip() or 'nothing'} | {lines[line].strip()[:90]}"
                out.append(
                    Change(SCRIPT, owners[line], line + 1, (line + 1,), spot.start(), other, what)
                )
    return sorted(out, key=lambda one: one.at)


def run_script(each: int, seed: int, again: Path | None = None) -> dict[str, Any]:
    """Try changes of the page's model: its own tests, then the cases that Python wrote down."""
    from tests.map.golden import days_of, golden
    from tests.map.test_golden import of_quarrels

    every = script_changes()
    drawn = _draw(every, each, random.Random(f"{seed} {SCRIPT}"))
    text = (ROOT / "atlas" / SCRIPT).read_text(encoding="utf-8")
    lived = []
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for name in ("atlas/map/web", "tests/map/js"):
            shutil.copytree(ROOT / name, root / name)
        pack = of_quarrels(root / "pack")
        (root / "cases.json").write_text(golden(pack, days_of(pack, 16)), encoding="utf-8")
        js = root / "tests" / "map" / "js"
        commands = [[str(js / f"{name}.test.mjs")] for name in SCRIPT_TESTS]
        commands.insert(2, [str(js / "golden.mjs"), str(root / "cases.json")])

        def lives(source: str) -> bool:
            (root / "atlas" / SCRIPT).write_text(source, encoding="utf-8")
            for command in commands:
                try:
                    done = subprocess.run(
                        ["node", *command], capture_output=True, text=True, timeout=120, check=False
                    )
                except subprocess.TimeoutExpired:
                    return False
                if done.returncode or (
                    "golden" in command[0] and '"wrong":0' not in done.stdout.replace(" ", "")
                ):
                    return False
            return True

        if not lives(text):
            raise SystemExit(f"{SCRIPT}: its tests fail as they are")
        for change in _left(drawn, SCRIPT, again):
            end = change.at + len(
                re.compile(
                    next(
                        shape
                        for shape, other in _SCRIPT
                        if other == change.kind and re.compile(shape).match(text, change.at)
                    )
                ).match(text, change.at)[0]
            )  # type: ignore[index]
            if lives(text[: change.at] + change.kind + text[end:]):
                lived.append(change)
                print(f"    lived, line {change.line}: {change.key}", file=sys.stderr, flush=True)
    return _told(SCRIPT, each, every, drawn, lived, [])


def table(folder: Path, seed: int) -> tuple[str, bool]:
    """What was found, as a page; and whether enough died."""
    said = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    reasons = json.loads(SAME.read_text(encoding="utf-8"))
    rows, lived, tried, killed = [], [], 0, 0
    for one in said:
        same, left = len(one["same"]), len(one["lived"])
        died = one["drawn"] - same - left
        tried, killed = tried + died + left, killed + died
        rows.append(
            f"| `{one['module']}` | {one['functions']} | {one['all']} | {one['drawn']} | {died} | {same} | {left} |"
        )
        lived += [f"- `{key}` {reason}".rstrip() for _, key, reason in one["lived"]]
    share = killed / max(tried, 1)
    # The interval of Wilson (1927) for a share, 95 %.
    whole = 1 + 3.84 / max(tried, 1)
    middle = (share + 1.92 / max(tried, 1)) / whole
    half = 1.96 * (share * (1 - share) / max(tried, 1) + 0.96 / max(tried, 1) ** 2) ** 0.5 / whole
    page = [
        "# Tests that bite", "",
        "Made by `make mutate`; don't edit it. One small change is made to the code at a time: a comparison turned,",
        "a sign or a number changed, a condition always or never true, a line left out, nothing returned. A test that",
        "reaches the line must fail. How errors are worded, and types, are left alone.", "",
        f"From every function some changes are drawn (seed {seed}): {sum(one['drawn'] for one in said)} of {sum(one['all'] for one in said)}.",
        f"**{killed} of {tried} died, {share:.1%}** (with 95 % confidence {middle - half:.1%} to {middle + half:.1%} of all). A change",
        "that does nothing that could be told is counted apart, with the reason.", "",
        "| module | functions | changes | drawn | died | none | lived |", "|---|--:|--:|--:|--:|--:|--:|", *rows, "",
        "## Changes that are none", "",
        *([f"- `{key}`: {reasons[key]}" for one in said for key in one["same"]] or ["Nothing."]), "",
        "## What lived", "", *(lived or ["Nothing."]), "",
    ]  # fmt: skip
    return "\n".join(page), share >= 0.95


def main() -> int:
    """Try, tell and write the table; 1 if more than one change in twenty lives."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--each", type=int, default=5, help="changes drawn from every function")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", default="", help="part of the names of the modules")
    ask.add_argument(
        "--thorough",
        action="store_true",
        help="all tests that reach a change, however long it takes",
    )
    ask.add_argument("--again", action="store_true", help="only what lived the last time")
    ask.add_argument("--told", type=Path, help="a folder for what is found, one file a module")
    ask.add_argument("--group", type=int, help=argparse.SUPPRESS)
    said = ask.parse_args()
    os.chdir(ROOT)
    folder = said.told or ROOT / "build" / "mutate"
    folder.mkdir(parents=True, exist_ok=True)
    if said.group is not None:
        script = said.group == len(GROUPS)
        again = folder if said.again else None
        some = (
            [run_script(said.each, said.seed, again)]
            if script
            else run(said.group, said.each, said.seed, thorough=said.thorough, again=again)
        )
        for found in some:
            (folder / f"{found['module'].replace('/', '.')}.json").write_text(
                json.dumps(found, indent=1), encoding="utf-8"
            )
        return 0
    failed = 0
    for group, (modules, _) in enumerate((*GROUPS, ((SCRIPT,), ()))):
        if any(said.only in module for module in modules):
            options = [
                f"--each={said.each}",
                f"--seed={said.seed}",
                f"--group={group}",
                f"--told={folder}",
            ]
            options += ["--thorough"] * said.thorough + ["--again"] * said.again
            failed |= subprocess.run(
                [sys.executable, "-m", "tests.tools.mutate", *options], check=False
            ).returncode
    page, enough = table(folder, said.seed)
    write_text(PAGE, page)
    print(page)
    return int(failed or not enough)


if __name__ == "__main__":
    sys.exit(main())
