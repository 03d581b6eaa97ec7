"""What is raised for a file that is not of its format."""

from __future__ import annotations

from gridlingua.errors import GridlinguaError


class PassageError(GridlinguaError):
    """A file that is not of its format; ``line`` is where, counted from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        self.line = line
        super().__init__(message)
