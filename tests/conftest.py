"""Settings of the whole suite."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any

from hypothesis import settings

from tests.browser.driver import browser, browsers

__all__ = ["browser", "browsers"]


def _stay_here(event: str, given: tuple[Any, ...]) -> None:
    """Let nothing in a test reach farther than this machine."""
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

# How long an example takes says nothing on a shared machine; speed is measured in benchmarks/.
# Same code, same examples: what passed here passes there.
settings.register_profile("atlas", deadline=None, derandomize=True)
settings.load_profile("atlas")
