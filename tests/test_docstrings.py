"""Every public function says what it takes, gives, refuses, and shows an example that runs.

Public is what a user comes to: what the package and its rooms export, and the methods of the
classes among these and of the answers that they give. The examples are run with all other doctests.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import atlas

ROOT = Path(atlas.__file__).parent
ROOMS = (
    "atlas", "atlas.answers", "atlas.events", "atlas.facade", "atlas.figures", "atlas.gazetteer",
    "atlas.joining", "atlas.layers", "atlas.map", "atlas.reading", "atlas.record", "atlas.site",
    "atlas.base.dates", "atlas.words",
)  # fmt: skip
# What the methods of the rest give, and nobody makes by hand.
ANSWERS = (
    "atlas.answers.passage:Passage", "atlas.answers.passage:Cutoff", "atlas.answers.state:Here",
    "atlas.answers.state:State", "atlas.figures.page:Still", "atlas.gazetteer.model:Resolution",
    "atlas.joining.join:Joined", "atlas.joining.locate:Located", "atlas.joining.match:Matched",
    "atlas.map.widget:Explorer", "atlas.record.pack:Pack", "atlas.base.errors:AtlasError",
    "atlas.answers.series:Series",
)  # fmt: skip


def objects() -> Iterator[tuple[str, Any]]:
    for room in ROOMS:
        module = importlib.import_module(room)
        for name in getattr(module, "__all__", ()):
            yield f"{room}.{name}", getattr(module, name)
    for path in ANSWERS:
        module, name = path.split(":")
        yield path.replace(":", "."), getattr(importlib.import_module(module), name)


def functions() -> dict[str, Callable[..., Any]]:
    """Public functions and methods, each once."""
    found: dict[str, Callable[..., Any]] = {}
    for name, thing in objects():
        if inspect.isfunction(thing):
            found[f"{thing.__module__}.{thing.__qualname__}"] = thing
        elif inspect.isclass(thing) and thing.__module__.startswith("atlas"):
            for own, member in vars(thing).items():
                bare = member.__func__ if isinstance(member, classmethod | staticmethod) else member
                bare = getattr(bare, "func", bare)  # a cached property
                bare = bare.fget if isinstance(bare, property) else bare
                if own[0] != "_" and inspect.isfunction(bare) and bare.__name__ == own:
                    found[f"{thing.__module__}.{thing.__qualname__}.{own}"] = bare
        else:
            assert name
    return {key: one for key, one in found.items() if one.__module__.startswith("atlas")}


FUNCTIONS = functions()


def lacks(function: Callable[..., Any]) -> list[str]:
    said = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    takes = [name for name in signature.parameters if name not in ("self", "cls")]
    source = inspect.getsource(function)
    whole = ast.parse(f"if True:\n{source}" if source[0] == " " else source)
    tree = next(node for node in ast.walk(whole) if isinstance(node, ast.FunctionDef))
    read = any("property" in ast.unparse(one) for one in tree.decorator_list)
    gives = str(signature.return_annotation) not in ("None", "<class 'inspect._empty'>")
    refuses = (
        any(isinstance(node, ast.Raise) and node.exc is not None for node in ast.walk(tree))
        and not read
    )
    wanted = {
        "Parameters": bool(takes), "Returns": gives and not read, "Raises": refuses,
        "Examples": True,
    }  # fmt: skip
    missing = [
        part for part, needed in wanted.items()
        if needed and f"\n{part}\n---" not in f"\n{said}"
        and not (part == "Returns" and "\nYields\n---" in said)
    ]  # fmt: skip
    if "Parameters" in said:
        missing += [f"Parameters: {name}" for name in takes if name not in said]
    if "Examples" in said and ">>>" not in said:
        missing.append("an example that runs")
    return missing


def test_there_are_as_many_as_there_were() -> None:
    assert len(FUNCTIONS) >= 100


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_public_function_is_told_in_full(name: str) -> None:
    assert not lacks(FUNCTIONS[name])


def test_tab_shows_what_a_user_wants() -> None:
    assert dir(atlas) == ["Atlas", "AtlasError", "__version__", "open", "read_events"]
    shown = dir(atlas.open(None))
    assert "join" in shown and "explore" in shown and not [n for n in shown if n.startswith("_")]
