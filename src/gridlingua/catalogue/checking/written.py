"""A graph pattern, or a graph, as somebody wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from gridlingua.catalogue.deployed import Spelling, spellings
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.errors import Problem, Severity
from gridlingua.semantics.patterns import Pattern, parse_file

Role = Literal["pattern", "argument", "result", "graph"]
"""What the triples are: the pattern of an ask or answer, the two of a post or react, or data."""


@dataclass(frozen=True)
class Written:
    """Triples, the text that says them, and the vocabulary that judges them.

    ``place`` is how problems name the file, ``first_line`` the line of the file at which the text begins.
    """

    place: str
    text: str = field(repr=False)
    role: Role
    pattern: Pattern
    vocabulary: Vocabulary = field(repr=False)
    first_line: int = 1

    @classmethod
    def read(
        cls, place: str, text: str, vocabulary: Vocabulary, role: Role = "pattern", first_line: int = 1
    ) -> Written:
        """Read a pattern file, or PREFIX lines and a bare body. Raises PatternError with the line."""
        return cls(place, text, role, parse_file(text, vocabulary.prefixes), vocabulary, first_line)

    @cached_property
    def marks(self) -> list[Spelling]:
        """The spellings that a comment marks as deployed by peers."""
        return spellings(self.text, self.pattern.prefixes)

    def problem(self, check: str, message: str, about: str = "", severity: Severity = "error") -> Problem:
        """A problem at the place where ``about`` (an IRI, ``?variable``, literal, or any text) first stands."""
        line = self._line(about) if about else 0
        return Problem(self.place, self.first_line + line, check, message, severity)

    def _line(self, about: str) -> int:
        wanted = self._spelling(about.removeprefix("<").removesuffix(">"))
        return next((number for number, line in enumerate(self.text.splitlines()) if wanted in line), 0)

    def _spelling(self, iri: str) -> str:
        """How the text spells an IRI: with its own prefix, or in full."""
        for prefix, namespace in self.pattern.prefixes.items():
            if namespace and iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri
