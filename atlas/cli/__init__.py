"""The command line: thin commands over the facade.

Heavy imports happen inside the commands that need them, so that ``atlas --help`` is quick.
Exit status: 0 done, 1 the data or the answer is not good, 2 wrong usage;
143 ended by SIGTERM.
"""

from __future__ import annotations

import atexit
import errno
import gc
import io
import signal
import sys

import typer

from atlas.base.errors import AtlasError, PackError
from atlas.cli import ask, exchange, make, names, own_events
from atlas.cli.quick import command_for
from atlas.cli.show import notes_shown, tell

__all__ = ["app", "main"]

app = typer.Typer(
    name="atlas",
    help="A conflict on a map, on any date: who held it, who kept the peace, which routes were "
    "open, what happened, and who says so.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        from atlas import __version__

        typer.echo(f"atlas {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """Take the options that come before a command, and show notes while it runs."""
    context.with_resource(notes_shown())


for room in (make, exchange, ask, names, own_events):
    room.register(app)


def _stopped(number: int, _: object) -> None:
    """End as by Ctrl-C, so that no draft is left; what asks again need not wait longer."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def _unraised(found: sys.UnraisableHookArgs) -> None:
    """Drop what a library meets while it closes a file on a full disk: the error itself is told."""
    if not isinstance(found.exc_value, OSError):
        sys.__unraisablehook__(found)


def main() -> None:
    """Run the command line; errors of ours become one message on stderr and an exit status."""
    # A command lives for seconds; to look for cycles in all that it imports takes a tenth of them.
    gc.set_threshold(50_000, 50, 50)
    # Nor need the last look, at the end, find what goes with the process anyway.
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever a terminal can't show is escaped
            stream.reconfigure(errors="backslashreplace")
    sys.unraisablehook = _unraised
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, _stopped)
    try:
        command_for(app, sys.argv[1:])()
    except PackError as error:
        tell(f"error: {error}")
        sys.exit(1)
    except AtlasError as error:
        tell(f"error: {error}")
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has seen enough
        sys.exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        remedy = "; make room there, or write elsewhere" if full else ""
        tell(f"error: {where}{error.strerror or error}{remedy}")
        sys.exit(2)


if __name__ == "__main__":
    main()
