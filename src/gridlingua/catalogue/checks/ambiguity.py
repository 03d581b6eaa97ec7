"""A pattern matches itself in one way only, hangs together, and matches no other exchange's.

In a symmetric pattern a peer cannot tell two variables apart and every row comes back twice, values exchanged. In a
pattern of two pieces nothing says how the pieces belong together. A network goes by patterns alone: where that of
another exchange matches, its responder is contacted too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.outline import Outline
from gridlingua.catalogue.checking.written import Written
from gridlingua.errors import Problem
from gridlingua.semantics.matching import matches, symmetry
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.terms import RDF_TYPE, is_iri, split_iri

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


def check_beside(one: Outline, other: Outline) -> Iterator[Problem]:
    """Whether the responder of another exchange would be contacted for the patterns of this one."""
    if one.kind != other.kind:
        return
    for profile, ours in one.requests.items():
        theirs = other.requests.get(profile)
        if theirs is None or next(matches(ours, theirs), None) is None:
            continue
        if one.kind == "ask" or next(matches(theirs, ours), None) is not None:
            message = f"this reaches {other.id} too: give one of them a triple or a constant that the other has not"
            yield one.problem("ambiguity", message, profile)


def check_pattern(written: Written) -> Iterator[Problem]:
    """What is ambiguous in a pattern by itself."""
    pattern = written.pattern
    if written.role == "graph" or written.script.form == "query":  # a query is not registered
        return
    if moved := symmetry(pattern):
        yield from _of_symmetry(moved, written)
    pieces = _pieces(pattern)
    if len(pieces) > 1 and not (written.bare and written.role == "result"):  # what was posted may tie them
        smallest = min(pieces, key=len)
        names = ", ".join(sorted(smallest))
        message = f"the pattern falls into {len(pieces)} pieces: no triple ties {names} to the rest"
        about = min((one for one in smallest if one[0] == "?"), default="")
        yield written.problem("ambiguity", message, about, "warning" if written.bare else "error")


def _of_symmetry(moved: Mapping[str, str], written: Written) -> Iterator[Problem]:
    """Variables that change places, or of which one may be a constant that the pattern has beside it."""
    general = sorted((one, other) for pair in moved.items() for one, other in (pair, pair[::-1]) if one[0] == "?")
    for one, other in general:
        if is_iri(other) or other.startswith('"'):
            name = "a" if other == RDF_TYPE else written.vocabulary.curie(split_iri(other)) if is_iri(other) else other
            message = f"{one} may be {name}, too, so a row fits twice: say what tells the two apart, or leave one out"
            yield written.problem("ambiguity", message, one, "warning")
            return
    pairs = ", ".join(sorted(node for node in moved if node.startswith("?")))
    message = f"the pattern is symmetric in {pairs}: give one of them a triple that the other has not"
    yield written.problem("ambiguity", message)


def _pieces(pattern: Pattern) -> list[set[str]]:
    """The sets of nodes that triples tie together: variables, and resources of which the pattern says something."""
    described = {subject for subject, _, _ in pattern.triples}
    pieces: list[set[str]] = []
    for triple in pattern.triples:
        piece = {node for node in triple if node.startswith("?") or node in described}
        apart = [one for one in pieces if not one & piece]
        pieces = [*apart, piece.union(*(one for one in pieces if one & piece))] if piece else pieces
    return pieces
