"""A present that somebody sets: for demonstrations and tests, in which days must pass in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gridlingua.errors import RemoteError
from gridlingua.services.instants import Instant


@dataclass(frozen=True)
class FileClock:
    """The present is the instant that stands in a file, such as 2026-11-20T12:00:00Z, until somebody writes another.

    Raises ``RemoteError`` (503) when the file is away, or holds no instant.
    """

    path: Path

    def __call__(self) -> datetime:
        try:
            return Instant.parse(self.path.read_text(encoding="utf-8").strip()).at
        except (OSError, ValueError) as error:
            raise RemoteError(f"the clock {self.path} cannot be read: {error}", party="clock", status=503) from error

    def set(self, at: datetime) -> None:
        """Make it that instant; whoever reads at the same time sees the former one or this."""
        new = self.path.with_suffix(".new")
        new.write_text(Instant.of(at).text, encoding="utf-8")
        new.replace(self.path)
