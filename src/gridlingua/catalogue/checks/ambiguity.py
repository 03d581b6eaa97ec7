"""A pattern matches itself in one way only, hangs together, and matches no other exchange's.

In a symmetric pattern a peer cannot tell two variables apart and every row comes back twice, values exchanged. In a
pattern of two pieces nothing says how the pieces belong together. A network goes by patterns alone: where that of
another exchange matches, its responder is contacted too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.exchange import Profile
from gridlingua.errors import Problem
from gridlingua.semantics.matching import matches, symmetry
from gridlingua.semantics.patterns import Pattern

EXAMPLE: Final = Example(
    wrong="""
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?device a saref:Device ; saref:hasIdentifier ?meterId , ?zoneId .
        }
    """,
    right="""
        PREFIX s4syst: <https://saref.etsi.org/saref4syst/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a saref:Meter ; saref:hasIdentifier ?meterId ; s4syst:subSystemOf ?zone .
          ?zone a s4syst:System ; saref:hasIdentifier ?zoneId .
        }
    """,
)


def check(subject: Subject) -> Iterator[Problem]:
    for profile, path, pattern in subject.patterns():
        for other in _rivals(subject, profile, pattern):
            message = f"this reaches {other} too: give one of them a triple or a constant that the other has not"
            yield subject.draft.problem("ambiguity", message, path)


def check_pattern(written: Written) -> Iterator[Problem]:
    """What is ambiguous in a pattern by itself."""
    pattern = written.pattern
    if written.role == "graph":
        return
    if moved := symmetry(pattern):
        pairs = ", ".join(sorted(node for node in moved if node.startswith("?")))
        message = f"the pattern is symmetric in {pairs}: give one of them a triple that the other has not"
        yield written.problem("ambiguity", message)
    pieces = _pieces(pattern)
    if len(pieces) > 1:
        smallest = min(pieces, key=len)
        names = ", ".join(sorted(smallest))
        message = f"the pattern falls into {len(pieces)} pieces: no triple ties {names} to the rest"
        yield written.problem("ambiguity", message)


def _rivals(subject: Subject, profile: Profile, pattern: Pattern) -> Iterator[str]:
    """The exchanges of the same kind whose responders a network would contact for this pattern."""
    if pattern is not profile.request:
        return
    exchange = subject.exchange
    for other in subject.exchanges.values():
        theirs = other.profiles.get(profile.name)
        if other.id == exchange.id or other.kind != exchange.kind or theirs is None:
            continue
        there = next(matches(pattern, theirs.request), None)
        back = exchange.kind == "ask" or next(matches(theirs.request, pattern), None)
        if there and back:
            yield other.id


def _pieces(pattern: Pattern) -> list[set[str]]:
    """The sets of variables that triples tie together."""
    pieces: list[set[str]] = []
    for triple in pattern.triples:
        piece = {node for node in triple if node.startswith("?")}
        apart = [one for one in pieces if not one & piece]
        pieces = [*apart, piece.union(*(one for one in pieces if one & piece))] if piece else pieces
    return pieces
