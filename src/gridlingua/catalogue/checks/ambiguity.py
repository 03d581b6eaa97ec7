"""A pattern matches itself in one way only, and hangs together.

In a symmetric pattern a peer cannot tell two variables apart and every row comes back twice, values exchanged. In a
pattern of two pieces nothing says how the pieces belong together.
"""

from __future__ import annotations

from collections.abc import Iterator

from gridlingua.catalogue.checks.subject import Subject
from gridlingua.errors import Problem
from gridlingua.semantics.matching import symmetry
from gridlingua.semantics.patterns import Pattern


def check(subject: Subject) -> Iterator[Problem]:
    for _, path, pattern in subject.patterns():
        if moved := symmetry(pattern):
            pairs = ", ".join(sorted(node for node in moved if node.startswith("?")))
            message = f"the pattern is symmetric in {pairs}: give one of them a triple that the other has not"
            yield subject.draft.problem("ambiguity", message, path)
        pieces = _pieces(pattern)
        if len(pieces) > 1:
            smallest = min(pieces, key=len)
            names = ", ".join(sorted(smallest))
            message = f"the pattern falls into {len(pieces)} pieces: no triple ties {names} to the rest"
            yield subject.draft.problem("ambiguity", message, path)


def _pieces(pattern: Pattern) -> list[set[str]]:
    """The sets of variables that triples tie together."""
    pieces: list[set[str]] = []
    for triple in pattern.triples:
        piece = {node for node in triple if node.startswith("?")}
        apart = [one for one in pieces if not one & piece]
        pieces = [*apart, piece.union(*(one for one in pieces if one & piece))] if piece else pieces
    return pieces
