"""Files out of pinned Debian packages: fetched once, verified, cached.

The packages come through ``apt-get`` and whatever archive it is configured for; nothing here names
a host. A package that does not have the recorded SHA-256 is refused.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parent / ".cache"


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
    target = cache / package.file
    if not target.exists():
        apt = shutil.which("apt-get")
        if apt is None:
            raise RuntimeError(f"apt-get is not installed; put {package.file} into {cache}")
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            Path(scratch).chmod(0o777)
            spec = f"{package.name}={package.version}"
            run = subprocess.run(
                [apt, "download", spec], cwd=scratch, capture_output=True, text=True, check=False
            )
            got = next(iter(Path(scratch).glob("*.deb")), None)
            if run.returncode != 0 or got is None:
                raise RuntimeError(f"apt-get download {spec} failed: {run.stderr.strip()}")
            got.replace(target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise RuntimeError(
            f"{target.name}: SHA-256 is {digest}, expected {package.sha256}; delete it and retry"
        )
    return target


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
