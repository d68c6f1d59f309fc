"""Files that build scripts fetch: once, verified by SHA-256, kept between runs."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

CACHE = Path(__file__).resolve().parent / ".cache"


def fetched(target: Path, command: Sequence[str], *, sha256: str) -> Path:
    """Return a verified file, fetching it on first use.

    Parameters
    ----------
    target
        Where it is kept; a file of this kind put there by hand serves as well.
    command
        Program and arguments that write one such file into the folder they run in.
    sha256
        Of the file, hexadecimal.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    RuntimeError
        If the program is missing, the download fails, or the SHA-256 differs.
    """
    if not target.exists():
        program = shutil.which(command[0])
        if program is None:
            raise RuntimeError(
                f"{command[0]} is not installed; put {target.name} into {target.parent}"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            # apt-get gives up its rights before it writes.
            Path(scratch).chmod(0o777)
            run = subprocess.run(
                [program, *command[1:]], cwd=scratch, capture_output=True, text=True, check=False
            )
            got = next(iter(Path(scratch).glob(f"*{target.suffix}")), None)
            if run.returncode != 0 or got is None:
                raise RuntimeError(f"{' '.join(command)} failed: {run.stderr.strip()}")
            got.replace(target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    if digest != sha256:
        raise RuntimeError(
            f"{target.name}: SHA-256 is {digest}, expected {sha256}; delete it and retry"
        )
    return target
