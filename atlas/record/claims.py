"""What kind a claim is, which a row of control says at the head of its note."""

from __future__ import annotations

import re

__all__ = ["claim_of"]

_KIND = re.compile(r"claim_kind\s*=\s*(\w+)\s*[.;]?\s*")


def claim_of(note: str) -> tuple[str, str]:
    """Part a note into the kind of claim and what it says.

    Parameters
    ----------
    note : str
        Note of a row of control.

    Returns
    -------
    kind, text : str
        The kind is empty where the note names none.

    Examples
    --------
    >>> claim_of("claim_kind=sovereignty. Held since long ago.")
    ('sovereignty', 'Held since long ago.')
    """
    match = _KIND.search(note)
    return (match[1] if match else ""), _KIND.sub("", note).strip()
