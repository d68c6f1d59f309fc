"""Which record a command opens, and the values of options that the record's schema names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from atlas.cli.show import progress

if TYPE_CHECKING:
    from atlas.facade import Atlas
    from atlas.facade import User as UserClass

__all__ = ["KnownOn", "PackOption", "User", "check_user", "named", "open_pack"]

PackOption = Annotated[
    str,
    typer.Option(
        "--pack",
        help="A folder, the name of a shipped pack, or none. By default the one of the ground "
        "that your data lie on; without data, the one that opens by itself.",
        show_default=False,
    ),
]
User = Annotated[
    str,
    typer.Option("--user", help="civilian, humanitarian, peacekeeper, commercial or military."),
]
KnownOn = Annotated[
    str | None, typer.Option("--known-on", help="The record as it stood by this day.")
]


def named(pack: str) -> str | None:
    """What a pack is opened by: a folder or name, empty for the one that opens; None for none."""
    return None if pack.strip().lower() == "none" else pack


def open_pack(pack: str, known_on: str | None = None) -> Atlas:
    """Open the pack that the option names."""
    with progress("reading the pack"):
        import atlas

        return atlas.open(named(pack), known_on=known_on)


def check_user(user: str) -> UserClass:
    """Refuse a class of user that the schema does not know."""
    from atlas.cli.targets import one_of
    from atlas.record.schema import USERS

    return cast("UserClass", one_of(user, "user", USERS))
