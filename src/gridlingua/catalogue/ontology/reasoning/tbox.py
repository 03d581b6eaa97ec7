"""The axioms of a vocabulary, ready to be looked up: what is above a class, and what a property says of its ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from gridlingua.catalogue.ontology.terms import Expression, TermInfo
from gridlingua.semantics.terms import OWL

NOTHING: Final = f"{OWL}Nothing"


@dataclass(frozen=True, slots=True)
class PropertyAxioms:
    """What holds of whoever a property ties together; IRIs. ``above``: the properties that it implies."""

    above: frozenset[str]
    domain: tuple[Expression, ...]
    range: tuple[Expression, ...]
    inverse: frozenset[str]
    disjoint: frozenset[str]
    characteristics: frozenset[str]


@dataclass(frozen=True)
class TBox:
    """Axioms by the IRIs of their terms. Equivalence, disjointness and inverses hold both ways, whoever says them."""

    terms: Mapping[str, TermInfo] = field(repr=False)
    _equal: Mapping[str, frozenset[str]] = field(repr=False)
    _apart: Mapping[str, frozenset[str]] = field(repr=False)
    _inverse: Mapping[str, frozenset[str]] = field(repr=False)
    _narrower: Mapping[str, frozenset[str]] = field(repr=False)
    _above: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _properties: dict[str, PropertyAxioms] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, terms: Iterable[TermInfo]) -> TBox:
        """The axioms of terms."""
        known = {term.iri: term for term in terms}
        return cls(
            known,
            _both_ways(known, lambda term: term.equivalents),
            _both_ways(known, lambda term: term.disjoint),
            _both_ways(known, lambda term: term.inverse),
            _grouped((above, iri) for iri, term in known.items() for above in term.superproperties),
        )

    def above(self, iri: str) -> frozenset[str]:
        """Every class that a class is part of, or property that a property implies; the term itself is not."""
        if (found := self._above.get(iri)) is None:
            above: set[str] = set()
            pending = [iri]
            while pending:
                pending += (fresh := self._next(pending.pop()) - above)
                above |= fresh
            found = self._above[iri] = frozenset(above - {iri})
        return found

    def below(self, iri: str) -> frozenset[str]:
        """The properties that imply a property by themselves."""
        return self._narrower.get(iri, frozenset())

    def disjoint(self, iri: str) -> frozenset[str]:
        """The classes or properties that are said to be disjoint with a term; not those that only follow."""
        return self._apart.get(iri, frozenset())

    def types(self, iri: str) -> tuple[str, ...]:
        """The classes that an ontology puts an individual of its own into."""
        return term.types if (term := self.terms.get(iri)) else ()

    def property(self, iri: str) -> PropertyAxioms:
        """What a property says; nothing when no ontology knows it."""
        if (found := self._properties.get(iri)) is None:
            term = self.terms.get(iri)
            found = self._properties[iri] = PropertyAxioms(
                above=self.above(iri),
                domain=term.domain if term else (),
                range=term.range if term else (),
                inverse=self._inverse.get(iri, frozenset()),
                disjoint=self.disjoint(iri),
                characteristics=frozenset(term.characteristics if term else ()),
            )
        return found

    def are_disjoint(self, one: str, other: str) -> bool:
        """Whether nothing can be of two classes: they, or classes above them, are said to be disjoint."""
        others = {other, *self.above(other)}
        return any(self.disjoint(ours) & others for ours in (one, *self.above(one)))

    def _next(self, iri: str) -> set[str]:
        term = self.terms.get(iri)
        direct = (*term.superclasses, *term.superproperties) if term else ()
        return {*direct, *self._equal.get(iri, ())}


def _both_ways(
    terms: Mapping[str, TermInfo], others: Callable[[TermInfo], Iterable[str]]
) -> Mapping[str, frozenset[str]]:
    pairs = [(iri, other) for iri, term in terms.items() for other in others(term)]
    return _grouped([*pairs, *((other, one) for one, other in pairs)])


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return {iri: frozenset(them) for iri, them in found.items()}
