"""Every small change of a module, and how it is made in a running process."""

# ruff: noqa: E501
from __future__ import annotations

import ast
import hashlib
import importlib
import json
import random
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "ROOT",
    "SAME",
    "Change",
    "change_running",
    "changes",
    "draw",
    "left_of",
    "path_of",
    "told",
    "told_file",
]

ROOT = Path(__file__).resolve().parents[2]
SAME = Path(__file__).with_name("mutate_same.json")

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


def path_of(module: str) -> Path:
    return ROOT / "atlas" / (module if module.endswith(".js") else f"{module}.py")


def _source(module: str) -> str:
    """What a module is, in short: what was found of it is found of no other."""
    return hashlib.sha256(path_of(module).read_bytes()).hexdigest()[:16]


def changes(module: str) -> list[Change]:
    """Every small change of the functions of a module."""
    source = path_of(module).read_text(encoding="utf-8")
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
    tree = ast.parse(path_of(change.module).read_text(encoding="utf-8"))
    _apply(list(ast.walk(tree))[change.at], change.kind)
    whole = compile(
        ast.fix_missing_locations(tree), str(path_of(change.module)), "exec", dont_inherit=True
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


def change_running(change: Change) -> None:
    """Give the function of the running process its changed code."""
    owner: Any = importlib.import_module("atlas." + change.module.replace("/", "."))
    *outer, name = change.function.split(".")
    for part in outer:
        owner = getattr(owner, part)
    found: Any = vars(owner)[name]
    for step in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, step, found)
    found.__code__ = _code(change)


def draw(every: list[Change], one_in: int, chance: random.Random) -> list[Change]:
    """One change in so many, evenly over the functions in their order: each is as likely as any other."""
    of: dict[str, list[Change]] = {}
    for change in every:
        of.setdefault(change.function, []).append(change)
    order = [
        one for those in of.values() for one in sorted(those, key=lambda one: (one.line, one.at))
    ]
    return order[chance.randrange(one_in) :: one_in]


def told(
    module: str,
    one_in: int,
    every: list[Change],
    drawn: list[Change],
    lived: list[Change],
    unreached: list[Change],
) -> dict[str, Any]:
    same = json.loads(SAME.read_text(encoding="utf-8"))
    alive = [one for one in lived if one.key not in same]
    return {
        "module": module, "source": _source(module), "one_in": one_in, "all": len(every), "drawn": len(drawn), "functions": len({one.function for one in every}),
        "same": sorted({one.key for one in lived if one.key in same}),
        "at_first": len(alive), "lived": [[one.line, one.key, "no test reaches it" if one in unreached else ""] for one in alive],
    }  # fmt: skip


def told_file(folder: Path, module: str) -> Path:
    """Where it is kept what was told of a module."""
    return folder / f"{module.replace('/', '.')}.json"


def left_of(drawn: list[Change], module: str, folder: Path | None) -> list[Change]:
    """Those of the changes that lived when it was told; all, where nothing is of the module as it is."""
    path = None if folder is None else told_file(folder, module)
    if path is None or not path.is_file():
        return drawn
    found = json.loads(path.read_text(encoding="utf-8"))
    if found["source"] != _source(module):
        return drawn
    keys = {key for _, key, _ in found["lived"]} | set(found["same"])
    return [one for one in drawn if one.key in keys]
