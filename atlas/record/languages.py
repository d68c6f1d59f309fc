"""The languages a pack is offered in: its settings decide, everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atlas.base.errors import InputError
from atlas.words import Language, spoken

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["chosen", "offered"]


def offered(pack: Pack) -> tuple[Language, ...]:
    """Languages of a pack, in its own order; English where it lists none.

    Parameters
    ----------
    pack : Pack
        The record; a file ``words/<tag>.json`` of its folder goes before what is shipped.

    Examples
    --------
    >>> from atlas.record.pack import read_pack
    >>> "en" in [language.tag for language in offered(read_pack())]
    True
    """
    tags = pack.meta.languages or ("en",)
    return tuple(spoken(tag, folder=pack.directory) for tag in tags)


def chosen(pack: Pack, lang: str | None) -> Language:
    """One language of a pack.

    Parameters
    ----------
    pack : Pack
        The record.
    lang : str, optional
        Tag; by default English where the pack lists it, else its first language.

    Raises
    ------
    InputError
        If the pack does not list it.
    """
    tags = pack.meta.languages or ("en",)
    if lang is None:
        lang = "en" if "en" in tags else tags[0]
    if lang not in tags:
        raise InputError(
            f"no language {lang!r} in this pack; it is offered in {', '.join(tags)}: choose one, "
            "or add yours to `languages` in pack.toml"
        )
    return spoken(lang, folder=pack.directory)
