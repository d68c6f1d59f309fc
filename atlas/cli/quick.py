"""A command that starts at once: only the one asked for is built, texts are taken as they are.

Typer checks each value by a library of types, whose import takes a tenth of a second of every
command, though a text is a text already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

import typer
from typer.main import get_command

__all__ = ["command_for"]


def command_for(app: typer.Typer, words: Sequence[str]) -> Callable[[], Any]:
    """Give what runs the words of a command line: the whole of the app, or the part they name.

    Parameters
    ----------
    app : Typer
        All commands.
    words : sequence of str
        As they were typed, without the name of the program.

    Returns
    -------
    callable
        Runs them and exits; says and refuses just what the app itself would.
    """
    first = words[0] if words else ""
    named = [one for one in app.registered_commands if first == (one.name or _name(one.callback))]
    part = copy(app)
    if named:
        part.registered_commands, part.registered_groups = named, []
    command = get_command(part)
    _take_plainly(command)
    for one in getattr(command, "commands", {}).values():
        _take_plainly(one)
    return command


def _name(callback: Callable[..., Any] | None) -> str:
    return getattr(callback, "__name__", "").replace("_", "-")


def _take_plainly(command: Any) -> None:
    """Let values of a command through that are of their type already."""
    known = command.get_params

    def parameters(context: Any) -> list[Any]:
        found: list[Any] = known(context)
        for one in found:
            # Earlier releases of typer have no such description: they need no library for types.
            if hasattr(one, "type_descriptor") and "process_value" not in vars(one):
                one.process_value = _plain(one)
        return found

    command.get_params = parameters


def _plain(parameter: Any) -> Callable[[Any, Any], Any]:
    """Take a value as it is where its type is right; any other goes the library's way."""
    kind, many = parameter.type_descriptor.annotation, parameter.multiple or parameter.nargs == -1
    checked = parameter.process_value

    def process(context: Any, value: Any) -> Any:
        if value is None and not parameter.required:
            taken: Any = () if many else None
        elif many and kind == list[str] and value and all(map(_is_text, value)):
            taken = list(value)
        elif not many and (_is_text(value) if kind is str else type(value) is kind):
            taken = value
        else:
            return checked(context, value)
        told = parameter.callback
        return taken if told is None else told(context, parameter, taken)

    # A number may have bounds.
    return checked if parameter.type_descriptor.is_ranged else process


def _is_text(value: Any) -> bool:
    """Whether a value is text that can be written down: half a character is refused."""
    if type(value) is not str:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
