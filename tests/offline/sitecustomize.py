"""Lets no Python of a test reach farther than this machine; every sub-process begins with it.

It does without what only costs time, too: every sub-process pays for it.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any


def _stay_here(event: str, given: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not isinstance(given[1], tuple):
        return
    if given[0].type == socket.SOCK_DGRAM:  # sends nothing; Dask so finds its own address
        return
    host = str(given[1][0]).partition("%")[0]
    try:
        near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = host == "localhost"
    if not near:
        raise OSError(f"tests reach no network, and one asked for {host!r}")


sys.addaudithook(_stay_here)

# Jupyter's reader of notebooks loads it, where it is, and it then builds 38 grammars of addresses,
# for seconds; no notebook of ours is checked for those, and what loads it does without.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
