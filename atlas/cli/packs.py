"""Which record a command opens, and the values of options that the record's schema names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, cast

import typer

from atlas.cli.show import progress

if TYPE_CHECKING:
    from atlas.facade import Atlas

__all__ = [
    "KnownOn",
    "PackOption",
    "User",
    "UserClass",
    "check_lang",
    "check_user",
    "named",
    "open_pack",
    "read_date_of",
]

UserClass: TypeAlias = Literal["civilian", "humanitarian", "peacekeeper", "commercial", "military"]
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


def read_date_of(text: str) -> None:
    """Refuse a date that can't be read, before anything is loaded."""
    from atlas.base.dates import read_date

    read_date(text)


def check_lang(lang: str | None, pack: str) -> None:
    """Refuse a language that neither the pack named nor, without a name, any shipped one offers."""
    if lang is None:
        return
    from atlas.cli.targets import one_of
    from atlas.record.choose import languages_of, pack_directory, shipped_packs

    if named(pack) is None:
        offered = {"en"}
    elif pack.strip():
        offered = set(languages_of(pack_directory(pack)))
    else:
        offered = {tag for folder in shipped_packs().values() for tag in languages_of(folder)}
    one_of(lang, "language", sorted(offered))
