"""Every small change of the page's model, tried under Node."""

# ruff: noqa: E501
from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.tools.mutants import ROOT, Change, draw, left_of, told

__all__ = ["SCRIPT", "run_script", "script_changes"]

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


def run_script(one_in: int, seed: int, again: Path | None = None) -> dict[str, Any]:
    """Try changes of the page's model: its own tests, then the cases that Python wrote down."""
    from tests.map.golden import days_of, golden
    from tests.map.test_golden import of_quarrels

    every = script_changes()
    drawn = draw(every, one_in, random.Random(f"{seed} {SCRIPT}"))
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
        for change in left_of(drawn, SCRIPT, again):
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
    return told(SCRIPT, one_in, every, drawn, lived, [])
