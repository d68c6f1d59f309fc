"""Opening what people hand in: paths, streams, zips and gzips, as seekable bytes within bounds."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, NamedTuple

from atlas.base.archives import MAX_RATIO, MAX_UNPACKED, member_names, opened_archive
from atlas.base.errors import InputError, NotFoundError
from atlas.base.inputs import up_to
from atlas.events.raw import short

__all__ = ["MAX_BYTES", "Opened", "Source", "nothing_to_read", "opened", "whole"]

Source = str | os.PathLike[str] | IO[bytes] | IO[str]

MAX_BYTES = 16 << 30  # of a file, packed or not
MAX_WHOLE = 1 << 30  # of a file that must be read as one
_NESTED = 3  # a gz in a zip in a zip is deep enough
_TABLES = (
    ".csv", ".tsv", ".tab", ".txt", ".psv", ".json", ".geojson", ".jsonl", ".ndjson", ".geojsonl",
    ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".feather", ".arrow", ".gpkg", ".kml", ".kmz",
    ".fgb", ".shp", ".gz", ".zip",
)  # fmt: skip
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


class Opened(NamedTuple):
    """A source ready to read: seekable bytes, a name, and what to close afterwards.

    ``shapefile`` holds the parts of a Shapefile by suffix, from a zip or from beside it.
    """

    handle: BinaryIO
    name: str
    spools: ExitStack
    shapefile: dict[str, BinaryIO]


@contextmanager
def opened(source: Source) -> Iterator[Opened]:
    """Open a path or stream as seekable bytes, looking into zip and gzip; ``-`` is stdin.

    Yields
    ------
    Opened

    Raises
    ------
    NotFoundError
        If there is no such file.
    InputError
        If it is a folder, a device or a pipe, can't be read, is too large, or is a damaged,
        encrypted, ambiguous or suspiciously dense archive.
    """
    with ExitStack() as spools, _raw_bytes(source) as (handle, name, path):
        inner: tuple[BinaryIO, str, dict[str, BinaryIO]] = (handle, name, {})
        for _ in range(_NESTED):
            handle, name, parts = inner
            if parts:
                break
            head = handle.read(8)
            handle.seek(0)
            if head[:2] == b"\x1f\x8b":
                inner = _gunzipped(handle, name, spools)
            elif head[:2] == b"PK" and not zipfile.is_zipfile(handle):
                raise InputError(f"{name} is a damaged or truncated zip archive; fetch it again")
            elif head[:4] == b"PK\x03\x04" and not _is_document(handle):
                inner = _unzipped(handle, name, spools)
            else:
                break
        handle, name, parts = inner
        handle.seek(0)
        if not parts and path is not None and handle.read(4) == b"\x00\x00\x27\x0a":
            parts = _beside(path, spools)
        handle.seek(0)
        yield Opened(handle, name, spools, parts)


@contextmanager
def _raw_bytes(source: Source) -> Iterator[tuple[BinaryIO, str, Path | None]]:
    if isinstance(source, str) and source == "-":
        source = sys.stdin.buffer
    if isinstance(source, (str, os.PathLike)):
        if isinstance(source, str) and (said := _no_path(source)):
            raise InputError(said)
        path = Path(source)
        try:
            kind = path.stat().st_mode
        except FileNotFoundError:
            raise NotFoundError(f"there is no file {str(source)[:300]!r}") from None
        except (OSError, ValueError) as error:
            raise InputError(f"{str(source)[:300]!r} can't be read: {short(error)}") from None
        if stat.S_ISDIR(kind):
            raise InputError(f"{str(source)!r} is a folder; give one file")
        if not stat.S_ISREG(kind):
            raise InputError(f"{str(source)!r} is a device or a pipe; give a file, or - for stdin")
        try:
            with path.open("rb") as handle:
                if os.fstat(handle.fileno()).st_size > MAX_BYTES:
                    raise InputError(f"{path.name} is larger than {MAX_BYTES >> 30} GB; split it")
                yield handle, path.name, path
        except OSError as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{path.name} can't be read: {error.strerror}") from None
        return
    name = Path(str(getattr(source, "name", "") or "the data")).name
    if not hasattr(source, "read"):
        raise nothing_to_read(source)
    with tempfile.SpooledTemporaryFile(max_size=64 << 20) as spool:
        done = 0
        try:
            if hasattr(source, "seek"):
                with contextlib.suppress(OSError, ValueError):
                    source.seek(0)  # an open file is read whole, wherever it stands
            while block := source.read(1 << 20):
                data = block.encode("utf-8", "surrogateescape") if isinstance(block, str) else block
                done += len(data)
                if done > MAX_BYTES:
                    raise InputError(f"{name} is larger than {MAX_BYTES >> 30} GB; split it")
                spool.write(data)
        except (OSError, ValueError, UnicodeError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{name} can't be read: {short(error)}") from None
        spool.seek(0)
        yield spool, name, None  # type: ignore[misc]


def nothing_to_read(source: Any) -> InputError:
    """The refusal of what holds no events."""
    return InputError(
        f"{type(source).__name__} is nothing that events can be read from; give a file, a frame or "
        "a list of records"
    )


def _no_path(text: str) -> str:
    """Why a text is no path, where it clearly is something else; "" otherwise."""
    if "://" in text[:12]:
        return f"{text[:300]!r} is an address; nothing is fetched, so save it as a file first"
    if "\n" in text.strip() or text.lstrip()[:1] in ("{", "["):
        return (
            "a text is taken for the path of a file, and this one holds the data themselves; "
            "give io.StringIO(text)"
        )
    return ""


def whole(handle: BinaryIO, name: str) -> bytes:
    """All bytes of a file that must be read as one.

    Raises
    ------
    InputError
        If it is too large for that.
    """
    handle.seek(0)
    data = up_to(handle, MAX_WHOLE + 1)
    if len(data) > MAX_WHOLE:
        raise InputError(f"{name} is larger than {MAX_WHOLE >> 30} GB; save it as CSV or Parquet")
    return data


# --- archives -------------------------------------------------------------------------------


def _is_document(handle: BinaryIO) -> bool:
    """Whether a zip is a workbook of Excel or OpenDocument, which its own reader opens."""
    names = member_names(handle)
    handle.seek(0)
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names


def _unzipped(
    handle: BinaryIO, name: str, spools: ExitStack
) -> tuple[BinaryIO, str, dict[str, BinaryIO]]:
    with opened_archive(handle, name) as archive:
        members = {
            item.filename: item
            for item in archive.infolist()
            if not item.is_dir()
            and not item.filename.startswith("__MACOSX")
            and not PurePosixPath(item.filename).name.startswith(".")
        }
        tables = [at for at in members if at.lower().endswith(_TABLES)]
        kmls = [at for at in tables if at.lower().endswith(".kml")]
        if len(kmls) > 1 and name.lower().endswith(".kmz"):
            tables = ["doc.kml"] if "doc.kml" in kmls else kmls[:1]
        chosen = tables or list(members)
        if len(chosen) != 1:
            listed = ", ".join(chosen[:5]) or "nothing"
            raise InputError(f"{name} must hold one table; it holds {listed}: unpack it")
        wanted = {"": chosen[0]}
        if chosen[0].lower().endswith(".shp"):
            stem = chosen[0][:-4]
            wanted = {
                at[-4:].lower(): at
                for at in members
                if at[:-4] == stem and at[-4:].lower() in _PARTS
            }
        parts: dict[str, BinaryIO] = {}
        for suffix, at in wanted.items():
            spool = _spool(spools)
            with archive.open(members[at]) as member:
                _copy(member, spool, name)
            spool.seek(0)
            parts[suffix] = spool
    inner = PurePosixPath(chosen[0].replace("\\", "/")).name
    if "" in parts:
        return parts[""], inner, {}
    return parts[".shp"], inner, parts


def _spool(spools: ExitStack) -> Any:
    """A temporary file that is closed with the source."""
    return spools.enter_context(tempfile.SpooledTemporaryFile(max_size=64 << 20))


def _gunzipped(
    handle: BinaryIO, name: str, spools: ExitStack
) -> tuple[BinaryIO, str, dict[str, BinaryIO]]:
    import gzip

    handle.seek(0, os.SEEK_END)
    packed = handle.tell()
    handle.seek(0)
    spool = _spool(spools)
    try:
        with gzip.GzipFile(fileobj=handle, mode="rb") as member:
            _copy(member, spool, name, packed=packed)
    except InputError:
        raise
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(
            f"{name} is a damaged gzip file ({short(error)}); fetch it again"
        ) from None
    spool.seek(0)
    return spool, name.removesuffix(".gz"), {}


def _copy(member: Any, spool: Any, name: str, *, packed: int | None = None) -> None:
    done = 0
    while block := member.read(1 << 20):
        done += len(block)
        dense = packed is not None and done > 100 << 20 and done > MAX_RATIO * max(packed, 1)
        if done > MAX_UNPACKED or dense:
            raise InputError(
                f"{name} unpacks to more than {done:,} bytes; unpack it yourself and give the "
                "file inside, if you trust it"
            )
        spool.write(block)


def _beside(path: Path, spools: ExitStack) -> dict[str, BinaryIO]:
    """The other parts of a Shapefile, from its folder."""
    parts: dict[str, BinaryIO] = {}
    for other in sorted(path.parent.iterdir()):
        suffix = other.suffix.lower()
        if other.stem == path.stem and suffix in _PARTS and other.is_file():
            parts[suffix] = spools.enter_context(other.open("rb"))
    return parts
