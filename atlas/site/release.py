"""A release of a record: one archive to deposit and cite, and its checksum.

Run as ``python -m atlas.site.release PACK FOLDER FILE...``; `make release` does it for the pack
that comes first, with NOTICE, CITATION.cff and the pages on how the record is coded.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.base.errors import InputError
from atlas.base.output import atomic_file, write_text
from atlas.figures.qgis import qgis_styles
from atlas.record.exchange import export_gpkg
from atlas.site.downloads import write_downloads

if TYPE_CHECKING:
    from atlas.record.pack import Pack

__all__ = ["write_release"]

_SUMS = "SHA256SUMS"
_DAWN = (1980, 1, 1, 0, 0, 0)  # the first day that a ZIP can tell: the same record, the same bytes


def write_release(
    pack: Pack, folder: Path, *, version: str, beside: Sequence[Path] = ()
) -> tuple[Path, Path]:
    """Write ``<pack>-<version>.zip`` and ``<pack>-<version>.zip.sha256``.

    The archive holds one folder: every table as CSV, those with shapes as GeoJSON and GeoParquet,
    all of them as one GeoPackage, the bibliography as CSL-JSON, ``datapackage.json``, the files
    beside, and ``SHA256SUMS`` over all of these.

    Parameters
    ----------
    pack : Pack
        The record.
    folder : Path
        Where to; made if it is not there.
    version : str
        Version of the record.
    beside : sequence of Path
        Files that go along under their own names: licence, how to cite, how it was coded.

    Returns
    -------
    tuple of Path
        The archive, and the file with its checksum, which ``sha256sum --check`` reads.

    Raises
    ------
    InputError
        If a file beside is not there, or two files have one name.
    """
    for path in beside:
        if not path.is_file():
            raise InputError(f"no file {path} to put into the release")
    name = f"{pack.id}-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as draft:
        made = Path(draft)
        names = [one.name for one in write_downloads(pack, made, version=version)]
        # The one with styles and forms, which can be edited and taken back.
        export_gpkg(pack.directory, made / f"{pack.id}.gpkg", styles=qgis_styles(pack.meta.parties))
        contents = {name: (made / name).read_bytes() for name in names}
    for path in beside:
        if path.name in (*contents, _SUMS):
            raise InputError(f"{path}: the release has a file {path.name} already")
        contents[path.name] = path.read_bytes()
    contents[_SUMS] = "".join(_sum(one, contents[one]) for one in sorted(contents)).encode()
    archive = folder / f"{name}.zip"
    with atomic_file(archive) as file, zipfile.ZipFile(file, "w") as packed:
        for one in sorted(contents):
            entry = zipfile.ZipInfo(f"{name}/{one}", _DAWN)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, contents[one], zipfile.ZIP_DEFLATED, 9)
    checksum = folder / f"{name}.zip.sha256"
    write_text(checksum, _sum(archive.name, archive.read_bytes()))
    return archive, checksum


def _sum(name: str, data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}  {name}\n"


if __name__ == "__main__":
    from atlas import __version__
    from atlas.record.choose import pack_directory
    from atlas.record.pack import read_pack

    directory, into, *others = sys.argv[1:]
    for written in write_release(
        read_pack(pack_directory(directory)),
        Path(into),
        version=__version__,
        beside=[Path(other) for other in others],
    ):
        sys.stdout.write(f"{written}\n")
