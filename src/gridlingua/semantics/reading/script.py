"""A text of triples, with everything that is wrong in it: a pattern file, a bare body, a query, or Turtle."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from gridlingua.semantics.patterns import Pattern, Triple
from gridlingua.semantics.reading.slips import Slip
from gridlingua.semantics.reading.statements import Places

Form = Literal["pattern", "body", "query", "graph"]
"""``CONSTRUCT WHERE {…}``, triples alone, another query of which the WHERE is read, Turtle."""


@dataclass(frozen=True)
class Script:
    """What could be read of a text. ``places`` are the offsets of each triple of the pattern, ``datatypes`` those of
    the datatypes (terms), ``declared`` where each prefix is declared, ``undeclared`` the prefixes that are not."""

    text: str = field(repr=False)
    form: Form
    pattern: Pattern
    slips: tuple[Slip, ...]
    places: Mapping[Triple, Places] = field(repr=False)
    datatypes: Mapping[str, int] = field(repr=False)
    declared: Mapping[str, int] = field(repr=False)
    undeclared: frozenset[str] = frozenset()

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that are declared, in the text or outside of it, with their namespaces."""
        return self.pattern.prefixes

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, counted from 1."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    @cached_property
    def offsets(self) -> Mapping[str, int]:
        """Where each term and variable first stands."""
        found = dict(self.datatypes)
        for triple, places in self.places.items():
            for node, offset in zip(triple, places, strict=True):
                found[node] = min(found.get(node, offset), offset)
        return found

    @cached_property
    def _lines(self) -> list[int]:
        """The offset at which each line begins."""
        return [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]
