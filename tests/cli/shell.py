"""The command line, run in this process as a shell would run it.

A process of its own takes two seconds to load what is loaded here already; that both are one is
tested in ``tests/cli/test_cli.py``.
"""

from __future__ import annotations

import gc
import io
import signal
import sys
import traceback
from dataclasses import dataclass
from unittest import mock

from atlas.cli import main


@dataclass(frozen=True)
class Done:
    """What a shell sees of a command: its exit status and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str, stdin: str = "") -> Done:
    """Run ``atlas`` with these words."""
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)
    )
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    status: object = 0
    # What a command sets for its process must not outlive it here.
    collecting, hook = gc.get_threshold(), sys.unraisablehook
    with mock.patch.multiple(
        sys, argv=["atlas", *words], stdin=given, stdout=out, stderr=err, unraisablehook=hook
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code
        except BaseException:  # the interpreter of a process of its own does the same
            traceback.print_exc()
            status = 1
        finally:
            gc.set_threshold(*collecting)
            for number, handler in handlers.items():
                signal.signal(number, handler)
    texts = [one.buffer.getvalue().decode() for one in (out, err)]  # type: ignore[attr-defined]
    return Done(status if isinstance(status, int) else int(status is not None), *texts)
