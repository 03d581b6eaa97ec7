"""No node of an instantiated pattern falls into two disjoint classes (OWL RL over the ontologies and an example).

Domains and ranges type nodes silently: a property with the wrong domain makes a meter a price without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

import owlrl
from rdflib import OWL, RDF, Graph, URIRef

from gridlingua.catalogue.checking.subject import MINTER, Subject
from gridlingua.catalogue.exchange import JUDGED_PROFILE
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.axioms import axiom_graph
from gridlingua.errors import MessageError, Problem
from gridlingua.semantics.lift import lift
from gridlingua.semantics.patterns import Pattern, instantiate
from gridlingua.semantics.rows import Row
from gridlingua.semantics.terms import is_iri, split_iri


def check(subject: Subject) -> Iterator[Problem]:
    row = _example_row(subject)
    if row is None:
        return  # the check examples tells
    for profile, path, pattern in subject.patterns():
        if profile.name == JUDGED_PROFILE:
            for message in _clashes(pattern, row, subject.vocabulary):
                yield subject.draft.problem("consistency", message, path)


def _example_row(subject: Subject) -> Row | None:
    """One row of an example with a reply; whether the example is right, the check examples tells."""
    exchange = subject.exchange
    for case in exchange.examples:
        try:
            request = lift(exchange.request, case.messages["request"], MINTER)
            given = request[0] if exchange.kind == "ask" else {}
            reply = lift(exchange.reply, case.messages["reply"], MINTER, given)
        except (MessageError, KeyError):
            continue
        if reply:
            return {**request[0], **reply[0]}
    return None


def _clashes(pattern: Pattern, row: Row, vocabulary: Vocabulary) -> Iterator[str]:
    graph = instantiate(pattern, [row])
    nodes = {node: name for name, node in ((name, split_iri(term)) for name, term in row.items() if is_iri(term))}
    graph += _axioms(graph, vocabulary)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    for left, right in sorted(graph.subject_objects(OWL.disjointWith), key=str):
        for node in sorted(set(graph.subjects(RDF.type, left)) & set(graph.subjects(RDF.type, right)), key=str):
            if str(left) < str(right):
                name = f"?{nodes[str(node)]}" if str(node) in nodes else str(node)
                both = " and ".join(map(vocabulary.curie, (str(left), str(right))))
                yield f"{name} is both {both}, which are disjoint"


def _axioms(graph: Graph, vocabulary: Vocabulary) -> Graph:
    """The axioms that can matter to a graph: of its terms and of every class and property above or around them. A
    class that is only disjoint with one of them can have no member here."""
    pending = [str(node) for triple in graph for node in triple if isinstance(node, URIRef)]
    wanted: set[str] = set()
    while pending:
        term = vocabulary.find(pending.pop())
        if term and term.iri not in wanted:
            wanted.add(term.iri)
            around = [
                *term.superclasses,
                *term.superproperties,
                *term.equivalents,
                *term.types,
                *term.inverse,
            ]
            for expression in (*term.domain, *term.range):
                around += [expression] if isinstance(expression, str) else expression
            pending += around
    return axiom_graph(found for iri in sorted(wanted) if (found := vocabulary.find(iri)))
