"""Everything that can bring triples, or takes them: rules from a body to a head (contract 4.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gridlingua.engine.entries import Entry
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Rows

Compute = Callable[[Rows], Rows]
"""From the rows of a body (``[{}]`` where there is none) to the rows of a head."""


@dataclass(frozen=True, eq=False)
class Rule:
    """From ``body`` to ``head``: an answer needs nothing and brings its pattern, a react takes its argument and brings
    its result, or nothing (``head`` None).

    ``entry`` is the interaction that is contacted; ``compute`` works the head out here, for domain knowledge and what
    the network knows by itself. A rule has at least one of the two.
    """

    name: str
    body: Pattern | None
    head: Pattern | None
    entry: Entry | None = None
    compute: Compute | None = None

    @classmethod
    def of(cls, entry: Entry) -> Rule:
        """The rule that an answer or react interaction is."""
        interaction = entry.interaction
        if interaction.kind == "answer":
            return cls(entry.id, None, interaction.pattern, entry)
        return cls(entry.id, interaction.pattern, interaction.result, entry)
