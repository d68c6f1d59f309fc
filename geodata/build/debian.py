"""Files out of pinned Debian packages: fetched once, verified, cached.

The packages come through ``apt-get`` and whatever archive it is configured for; nothing here names
a host. A package that does not have the recorded SHA-256 is refused.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from fetched import CACHE, fetched


@dataclass(frozen=True)
class DebianPackage:
    """A package of Debian, pinned by version and by the SHA-256 of its file."""

    name: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """File name the archive gives the package."""
        return f"{self.name}_{self.version}_all.deb"


MAGICS = DebianPackage(
    "libmagics++-data",
    "4.13.0-1",
    "0d199e0bb9faeb05bb77939c2112d49424b89d66026a727cf3afb95261cd64b0",
)
"""Natural Earth 10m land, lakes and rivers (public domain), as shapefiles."""

QGIS = DebianPackage(
    "qgis-common",
    "3.22.16+dfsg-1",
    "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960",
)
"""Natural Earth 10m admin-1 and disputed lines (public domain), as ``world_map.gpkg``."""


def fetch(package: DebianPackage, *, cache: Path = CACHE) -> Path:
    """Return the verified file of a package, fetching it on first use.

    Parameters
    ----------
    package
        What to fetch.
    cache
        Directory kept between runs.

    Returns
    -------
    Path
        The ``.deb`` file.

    Raises
    ------
    RuntimeError
        If ``apt-get`` is missing, the download fails, or the SHA-256 differs.
    """
    command = ("apt-get", "download", f"{package.name}={package.version}")
    return fetched(cache / package.file, command, sha256=package.sha256)


def unpack(package: DebianPackage, inside: str, into: Path, *, cache: Path = CACHE) -> Path:
    """Copy the files of one folder of a package.

    Parameters
    ----------
    package
        Which.
    inside
        Folder in the package, such as ``usr/share/magics/10m``.
    into
        Where the files go, without their folders.

    Returns
    -------
    Path
        `into`.
    """
    run = subprocess.run(
        ["dpkg-deb", "--fsys-tarfile", str(fetch(package, cache=cache))],
        capture_output=True,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(run.stdout)) as archive:
        for member in archive.getmembers():
            path = Path(member.name)
            if member.isfile() and path.parent.as_posix().removeprefix("./") == inside:
                handle = archive.extractfile(member)
                assert handle is not None
                (into / path.name).write_bytes(handle.read())
    return into
