"""A hint, and the words that hints are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF_TYPE, Term

Write = Callable[[Term], str]
"""A term as people write it."""

About = Literal[
    "ambiguous",
    "constant",
    "constant-variable",
    "extra",
    "fixed-subject",
    "generation",
    "inverse",
    "kind",
    "missing",
    "moved",
    "namespace",
    "never",
    "one-to-one",
    "party",
    "profile",
    "purpose",
    "reshaped",
    "result",
    "spelling",
    "structure",
    "unknown",
    "unsucceeded",
    "value",
]

_MOST: Final = 4


@dataclass(frozen=True)
class Hint:
    """A sentence for a person, and for machines what it is about."""

    about: About
    text: str


def said(triples: Sequence[Triple], write: Write) -> str:
    """Some triples as people write them; the rest is counted."""
    shown = " . ".join(triple_text(triple, write) for triple in triples[:_MOST])
    more = len(triples) - _MOST
    return shown + (f" and {more} more" if more > 0 else "")


def triple_text(triple: Triple, write: Write) -> str:
    subject, predicate, value = triple
    return f"{write(subject)} {'a' if predicate == RDF_TYPE else write(predicate)} {write(value)}"


def and_(texts: Sequence[str], word: str = "and") -> str:
    """One, two and three."""
    *first, last = texts
    return f"{', '.join(first)} {word} {last}" if first else last
