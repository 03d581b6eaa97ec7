"""One folder of the catalogue as far as it could be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gridlingua.catalogue.content import Content
from gridlingua.catalogue.exchange import Exchange
from gridlingua.catalogue.lines import Lines, line_of
from gridlingua.errors import Problem
from gridlingua.semantics.patterns import Pattern


@dataclass
class Draft:
    """One folder as far as it could be read: the exchange when it is whole, its problems when it is not."""

    content: Content
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    lines: Lines = field(default_factory=dict)
    patterns: dict[Path, Pattern] = field(default_factory=dict)
    exchange: Exchange | None = None

    @property
    def id(self) -> str:
        """The exchange's id, which is its folder."""
        return self.folder.relative_to(self.content.patterns).as_posix()

    @property
    def declaration_path(self) -> Path:
        return self.folder / "exchange.yaml"

    def problem(self, check: str, message: str, path: Path | None = None, line: int = 1) -> Problem:
        """A problem in a file of this folder (exchange.yaml unless said otherwise)."""
        return Problem(self.content.shown(path or self.declaration_path), line, check, message)

    def written(self, check: str, message: str, path: Path, text: str) -> Problem:
        """A problem at the line of a file where a text first stands."""
        lines = self.content.read(path).splitlines() if path.exists() else []
        line = next((number for number, one in enumerate(lines, 1) if text in one), 1)
        return self.problem(check, message, path, line)

    def at(self, *path: str) -> int:
        """The line of a part of exchange.yaml."""
        return line_of(self.lines, *path)
