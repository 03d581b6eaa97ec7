"""A graph pattern inside a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridlingua.catalogue.checking.written import Role


@dataclass(frozen=True)
class Passage:
    """A text of triples, with where it begins in its file (``line`` from 1), what it is and who says so.

    ``name`` is that of its interaction where the file has one; ``prefixes`` are those that the file declares outside
    of the text.
    """

    text: str
    line: int = 1
    role: Role = "pattern"
    name: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict)
