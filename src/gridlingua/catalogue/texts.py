"""Texts of files that strangers wrote: no pipe that never ends, no device, nothing that fills the memory."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

MOST: Final = 32 * 2**20
"""Bytes of a file that is read; ten times the largest ontology of SAREF or OM."""


def read_bytes(path: Path, most: int = MOST) -> bytes:
    """What a file holds. Raises OSError for what is no file, and for one that is too large."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device, no file", str(path))
        if told.st_size > most:
            raise OSError(errno.EFBIG, f"it is larger than {most // 2**20} MB", str(path))
        return file.read(most + 1)


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file, line ends as ``\\n``. Raises OSError, and UnicodeDecodeError for another encoding."""
    return read_bytes(path).decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
