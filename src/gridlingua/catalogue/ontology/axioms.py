"""Terms as OWL: the graph that a reasoner reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from gridlingua.catalogue.ontology.extract import CHARACTERISTICS
from gridlingua.catalogue.ontology.terms import Expression, Kind, TermInfo
from gridlingua.semantics.terms import XSD

_KINDS: Final[dict[Kind, URIRef]] = {
    "class": OWL.Class,
    "object property": OWL.ObjectProperty,
    "datatype property": OWL.DatatypeProperty,
    "annotation property": OWL.AnnotationProperty,
    "individual": OWL.NamedIndividual,
    "datatype": RDFS.Datatype,
}
_MARKS: Final = {name: mark for mark, name in CHARACTERISTICS.items()}


def axiom_graph(terms: Iterable[TermInfo]) -> Graph:
    """Kinds, hierarchies, domains, ranges, inverses, disjointness and types of the terms.

    Each expression of a domain or a range is a triple of its own, a union an ``owl:unionOf``.
    """
    graph = Graph(bind_namespaces="none")
    unions: dict[Expression, Node] = {}
    for term in terms:
        subject = URIRef(term.iri)
        graph.add((subject, RDF.type, _KINDS[term.kind]))
        for predicate, value in _plain(term):
            graph.add((subject, predicate, value))
        for predicate, expressions in ((RDFS.domain, term.domain), (RDFS.range, term.range)):
            for expression in expressions:
                graph.add((subject, predicate, _expression(graph, expression, unions)))
    return graph


def _plain(term: TermInfo) -> Iterator[tuple[URIRef, URIRef]]:
    is_class = term.kind == "class"
    for predicate, iris in (
        (RDF.type, term.types),
        (RDFS.subClassOf, term.superclasses),
        (RDFS.subPropertyOf, term.superproperties),
        (OWL.inverseOf, term.inverse),
        (OWL.equivalentClass if is_class else OWL.equivalentProperty, term.equivalents),
        (OWL.disjointWith if is_class else OWL.propertyDisjointWith, term.disjoint),
    ):
        yield from ((predicate, URIRef(iri)) for iri in iris)
    yield from ((RDF.type, _MARKS[name]) for name in term.characteristics)


def _expression(graph: Graph, expression: Expression, unions: dict[Expression, Node]) -> Node:
    if len(expression) == 1:
        return URIRef(expression[0])
    if expression not in unions:
        union, members = BNode(), BNode()
        unions[expression] = union
        graph.add((union, RDF.type, RDFS.Datatype if expression[0].startswith(XSD) else OWL.Class))
        graph.add((union, OWL.unionOf, members))
        Collection(graph, members, [URIRef(iri) for iri in expression])
    return unions[expression]
