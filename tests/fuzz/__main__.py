"""Fuzz every reader for some minutes: ``python -m tests.fuzz --minutes 25`` (``make fuzz``).

Guided by what of ``atlas`` an input reaches (atheris, which is libFuzzer). A target after the other,
in as many processes as ``--jobs`` says; time is the processor's, so that a busy machine neither shortens
the search nor makes an input look slow. A finding is kept as a file beside its traceback, once for each place in
the code; what is mended goes to ``tests/fuzz/corpus``, which the suite replays.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
_MEMORY_MB = 4_000  # the record, the world's names and the libraries take their part of it
_STUCK = 1_800  # seconds on the wall: only what no signal reaches takes so long
_TOKENS = (
    ",", ";", "\\x09", "\\x0a", "\\x0d", "\\x00", '\\"', "'", "<", ">", "&", "{", "}", "[", "]", "|", "/", "..",
    "-", "?", "~", "X", "%", "NaN", "Infinity", "-1e400", "1e999", "null", "true", "9999", "0000",
    "-0001", "\\xed\\xa0\\x80", "\\xef\\xbb\\xbf", "\\xe2\\x80\\xae", "<!DOCTYPE", "<!ENTITY", "]]>",
    "\\\\ud800", "=1+1", "POINT", "2020-10-03", "\\xc2\\xa0", "99999999999999999999",
)  # fmt: skip


def place_of(error: BaseException) -> str:
    """Where in the code it broke: what a finding is told apart by."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/atlas/" in f.filename]
    last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    kind = type(error).__name__
    said = "-" + re.sub(r"\W+", "-", str(error))[:40] if isinstance(error, AssertionError) else ""
    return f"{Path(last.filename).stem}-{last.lineno}-{kind}{said}"


def child(name: str, seconds: int, out: Path, seed: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["atlas"]):
        from tests.fuzz import targets

    findings = out / name
    findings.mkdir(parents=True, exist_ok=True)
    grown = findings / "grown"
    grown.mkdir(exist_ok=True)
    for number, data in enumerate(targets.TARGETS[name].seeds()):
        (grown / f"seed-{number}").write_bytes(data)
    for path in sorted((CORPUS / name).glob("*")):
        (grown / path.name).write_bytes(path.read_bytes())
    words = findings / "words.dict"
    words.write_text("".join(f'"{token}"\n' for token in _TOKENS), encoding="utf-8")
    runs = runs_in(findings)
    seen = {path.stem for path in findings.glob("*.input")}
    until = time.process_time() + seconds

    def keep(error: BaseException, data: bytes) -> None:
        key = place_of(error)
        if key not in seen:
            seen.add(key)
            (findings / f"{key}.input").write_bytes(data)
            (findings / f"{key}.txt").write_text(
                "".join(traceback.format_exception(error)), encoding="utf-8", errors="replace"
            )

    def endless(number: int, frame: Any) -> None:
        raise targets.TooSlowError("stopped")

    signal.signal(signal.SIGVTALRM, endless)

    def one(data: bytes) -> None:
        nonlocal runs
        runs += 1
        if runs % 50 == 0:
            (findings / "runs.json").write_text(json.dumps(runs))
        signal.setitimer(signal.ITIMER_VIRTUAL, targets.SECONDS * 3)
        try:
            targets.attempt(name, data)
        except (Exception, RecursionError) as error:
            keep(error, data)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if time.process_time() > until:
            (findings / "runs.json").write_text(json.dumps(runs))
            os._exit(0)  # libFuzzer counts time by a clock on the wall, and has no other way out

    options = [
        sys.argv[0], str(grown), f"-dict={words}", f"-seed={seed}", f"-timeout={_STUCK}", f"-rss_limit_mb={_MEMORY_MB}", "-max_len=100000",
        f"-artifact_prefix={findings}/", "-verbosity=0", "-print_final_stats=0", "-close_fd_mask=3",
    ]  # fmt: skip
    atheris.Setup(options, one)
    atheris.Fuzz()


def runs_in(folder: Path) -> int:
    """How many inputs a target was given until now."""
    counted = folder / "runs.json"
    return int(json.loads(counted.read_text())) if counted.exists() else 0


def main() -> int:
    """Fuzz, and say what was found; 1 if anything was."""
    import importlib.util

    from tests.fuzz.targets import TARGETS

    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--minutes", type=float, default=18.0, help="of the processor")
    ask.add_argument("--target", action="append", choices=sorted(TARGETS))
    ask.add_argument("--out", type=Path, default=Path("build/fuzz"))
    ask.add_argument("--jobs", type=int, default=1, help="targets at a time")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--child", nargs=2, metavar=("TARGET", "SECONDS"))
    said = ask.parse_args()
    if said.child:
        child(said.child[0], int(said.child[1]), said.out, said.seed)
        return 0
    if importlib.util.find_spec("atheris") is None:
        print("fuzzing needs atheris: pip install 'conflict-atlas[fuzz]'")
        return 2
    names: list[str] = said.target or list(TARGETS)
    seconds = max(5, round(said.minutes * 60 / len(names)))
    began = time.monotonic()
    with ThreadPoolExecutor(said.jobs) as pool:
        rows = list(pool.map(lambda name: fuzzed(name, seconds, said.out, said.seed), names))
    total = sum(found for _, found in rows)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    took, busy = time.monotonic() - began, used.ru_utime + used.ru_stime
    print(
        f"{sum(runs for runs, _ in rows):,} inputs to {len(names)} readers in {busy / 60:.0f} minutes of the "
        f"processor ({took / 60:.0f} by the clock): {total} findings"
    )
    return 1 if total else 0


def fuzzed(name: str, seconds: int, out: Path, seed: int) -> tuple[int, int]:
    """Fuzz one target in processes of its own until its time is up: inputs, findings."""
    folder = out / name
    with suppress(OSError):
        (folder / "runs.json").unlink()
    left = float(seconds)
    while left > 5:
        command = [sys.executable, "-m", "tests.fuzz", "--out", str(out), "--seed", str(seed)]
        before = time.monotonic()
        done = subprocess.run(
            [*command, "--child", name, str(round(left))],
            capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        if done.returncode == 0:
            break
        # It crashed, which is a finding: what is left of its time goes to the next process.
        left -= max(30.0, time.monotonic() - before)
        seed += 1
        if not (folder / "runs.json").exists():
            print(done.stderr[-2000:])
    found = sorted([*folder.glob("*.input"), *folder.glob("crash-*"), *folder.glob("oom-*"), *folder.glob("timeout-*")])  # fmt: skip
    runs = runs_in(folder)
    lines = [f"{name:16} {runs:9,} inputs in {seconds} s, findings: {len(found)}"]
    print("\n".join([*lines, *(f"    {path}" for path in found)]), flush=True)
    return runs, len(found)


if __name__ == "__main__":
    sys.exit(main())
