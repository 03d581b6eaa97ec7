"""Forward chaining over a few triples: the rules of OWL RL by which nodes get types (OWL 2 Profiles, section 4.3).

Nodes are terms or ``?variables``: what follows of a pattern follows of every row of it. The rules are prp-dom,
prp-rng, prp-fp, prp-ifp, prp-symp, prp-trp, prp-spo1, prp-eqp1/2, prp-inv1/2, cax-sco, cax-eqc1/2, eq-sym and
eq-rep-s/o. What is said of a union is kept apart: that a node is one of several classes.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from gridlingua.catalogue.ontology.reasoning.tbox import PropertyAxioms, TBox
from gridlingua.catalogue.ontology.terms import Expression
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import OWL, RDF_TYPE, is_iri, split_iri

Rule = Literal["said", "known", "domain", "range", "above", "inverse", "symmetric", "transitive", "one", "same"]
"""What led to a fact: a triple said it, an ontology knows it of its own individual, or a rule."""

SAME_AS: Final = f"<{OWL}sameAs>"


@dataclass(frozen=True, slots=True)
class Fact:
    """A triple that holds, the rule that says so, and the facts that the rule was applied to."""

    triple: Triple
    rule: Rule = "said"
    premises: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A node is of one class of a union at least; ``fact`` is the triple whose property says so."""

    node: str
    union: Expression
    rule: Rule
    fact: Fact


class Closure:
    """Everything that follows of triples, each fact with the first, which is a shortest, way to it."""

    def __init__(self, tbox: TBox, triples: Iterable[Triple]) -> None:
        self.tbox = tbox
        self.facts: dict[Triple, Fact] = {}
        self.types: dict[str, dict[str, Fact]] = defaultdict(dict)
        self.choices: dict[str, dict[Expression, Choice]] = defaultdict(dict)
        self._objects: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        self._subjects: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        self._around: dict[str, list[Fact]] = defaultdict(list)
        self._same: dict[str, list[Fact]] = defaultdict(list)
        self._pending: deque[Fact] = deque()
        for triple in triples:
            self._add(Fact(triple))
        self._add_known()
        while self._pending:
            for fact in self._following(self._pending.popleft()):
                self._add(fact)

    def said(self) -> Iterator[Fact]:
        """The facts that the triples said themselves."""
        return (fact for fact in self.facts.values() if fact.rule == "said")

    def objects(self, subject: str, predicate: str) -> list[Fact]:
        """The facts with a subject and a predicate."""
        return self._objects.get((subject, predicate), [])

    def _add(self, fact: Fact) -> None:
        if fact.triple in self.facts:
            return
        s, p, o = fact.triple
        self.facts[fact.triple] = fact
        self._objects[s, p].append(fact)
        self._subjects[o, p].append(fact)
        if p == RDF_TYPE and is_iri(o):
            self.types[s][split_iri(o)] = fact
        elif p == SAME_AS:
            self._same[s].append(fact)
        for node in {s, o}:
            self._around[node].append(fact)
        self._pending.append(fact)

    def _add_known(self) -> None:
        """What the ontologies say of the individuals that the triples name."""
        for node in [one for one in self._around if is_iri(one)]:
            for class_ in self.tbox.types(split_iri(node)):
                self._add(Fact((node, RDF_TYPE, f"<{class_}>"), "known"))

    def _following(self, fact: Fact) -> Iterator[Fact]:
        _, predicate, value = fact.triple
        if predicate == RDF_TYPE:
            if is_iri(value):
                yield from self._of_class(fact)
        elif predicate == SAME_AS:
            yield from self._of_one_and_the_same(fact)
        elif is_iri(predicate):
            yield from self._of_property(fact, self.tbox.property(split_iri(predicate)))
        yield from self._replaced(fact)

    def _of_class(self, fact: Fact) -> Iterator[Fact]:
        subject, _, value = fact.triple
        for class_ in self.tbox.above(split_iri(value)):
            yield Fact((subject, RDF_TYPE, f"<{class_}>"), "above", (fact,))

    def _of_property(self, fact: Fact, axioms: PropertyAxioms) -> Iterator[Fact]:
        s, _, o = fact.triple
        yield from self._typed(s, axioms.domain, "domain", fact)
        if not o.startswith('"'):
            yield from self._typed(o, axioms.range, "range", fact)
            yield from (Fact((o, f"<{other}>", s), "inverse", (fact,)) for other in axioms.inverse)
        yield from (Fact((s, f"<{other}>", o), "above", (fact,)) for other in axioms.above)
        if axioms.characteristics:
            yield from self._characteristic(fact, axioms.characteristics)

    def _typed(self, node: str, expressions: Iterable[Expression], rule: Rule, fact: Fact) -> Iterator[Fact]:
        for expression in expressions:
            if len(expression) == 1:
                yield Fact((node, RDF_TYPE, f"<{expression[0]}>"), rule, (fact,))
            else:
                self.choices[node].setdefault(expression, Choice(node, expression, rule, fact))

    def _characteristic(self, fact: Fact, characteristics: frozenset[str]) -> Iterator[Fact]:
        s, p, o = fact.triple
        if "symmetric" in characteristics:
            yield Fact((o, p, s), "symmetric", (fact,))
        if "transitive" in characteristics:
            for other in [*self._objects[o, p]]:
                yield Fact((s, p, other.triple[2]), "transitive", (fact, other))
            for other in [*self._subjects[s, p]]:
                yield Fact((other.triple[0], p, o), "transitive", (other, fact))
        if "functional" in characteristics:
            yield from self._one(fact, self._objects[s, p], 2)
        if "inverse functional" in characteristics:
            yield from self._one(fact, self._subjects[o, p], 0)

    def _one(self, fact: Fact, facts: Iterable[Fact], position: Literal[0, 2]) -> Iterator[Fact]:
        """A property has one value, or one bearer: where it has two, they are one and the same. Literals stay two."""
        ours = fact.triple[position]
        for other in [*facts]:
            theirs = other.triple[position]
            if theirs != ours and not ours.startswith('"') and not theirs.startswith('"'):
                yield Fact((ours, SAME_AS, theirs), "one", (fact, other))

    def _of_one_and_the_same(self, fact: Fact) -> Iterator[Fact]:
        one, _, other = fact.triple
        yield Fact((other, SAME_AS, one), "symmetric", (fact,))
        for about in [*self._around[one]]:
            yield from self._exchanged(about, fact)

    def _replaced(self, fact: Fact) -> Iterator[Fact]:
        """The fact again, of whoever is the same as its subject or its object."""
        for node in {fact.triple[0], fact.triple[2]}:
            for same in [*self._same.get(node, ())]:
                yield from self._exchanged(fact, same)

    def _exchanged(self, fact: Fact, same: Fact) -> Iterator[Fact]:
        one, _, other = same.triple
        s, p, o = fact.triple
        if p != SAME_AS:
            yield Fact((other if s == one else s, p, other if o == one else o), "same", (fact, same))
        elif s == one and o != other:
            yield Fact((other, p, o), "same", (fact, same))
