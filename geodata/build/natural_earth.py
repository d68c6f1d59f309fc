"""Natural Earth from pinned npm packages: fetched once, verified, cached.

The packages come through the ``npm`` client and whatever registry it is configured for; nothing
here names a host. A tarball that does not have the recorded SHA-256 is refused.
"""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fetched import CACHE, fetched


@dataclass(frozen=True)
class NpmPackage:
    """A package on npm, pinned by version and by the SHA-256 of its tarball."""

    name: str
    version: str
    sha256: str

    @property
    def tarball(self) -> str:
        """File name ``npm pack`` gives the tarball."""
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"


ADMIN1 = NpmPackage(
    "@superset-ui/legacy-plugin-chart-country-map",
    "0.20.3",
    "bf91529316458929485ff415b15a4d6d7def98ddf5ad26252061311074e5050f",
)
"""Natural Earth 10m admin-1 by country (later versions of the package are empty stubs)."""

WORLD = NpmPackage(
    "world-atlas",
    "2.0.2",
    "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
)
"""Natural Earth 10m countries and land as TopoJSON."""


def fetch(package: NpmPackage, *, cache: Path = CACHE) -> Path:
    """Return the verified tarball of a package, fetching it on first use.

    Parameters
    ----------
    package
        What to fetch.
    cache
        Directory kept between runs.

    Returns
    -------
    Path
        The tarball.

    Raises
    ------
    RuntimeError
        If ``npm`` is missing, the download fails, or the SHA-256 differs.
    """
    command = ("npm", "pack", f"{package.name}@{package.version}", "--silent")
    return fetched(cache / package.tarball, command, sha256=package.sha256)


def read_json(package: NpmPackage, member: str, *, cache: Path = CACHE) -> Any:
    """Read one JSON member of a package (path inside the tarball, without ``package/``)."""
    with tarfile.open(fetch(package, cache=cache)) as archive:
        handle = archive.extractfile(f"package/{member}")
        if handle is None:
            raise RuntimeError(f"{package.tarball} has no {member}")
        return json.load(handle)
