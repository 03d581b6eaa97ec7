"""Reading an ontology: which terms it declares, of which kind, and the axioms that name only terms and unions.

Restrictions, property chains and every text meant for people are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DC, DCTERMS, VANN
from rdflib.term import Node
from rdflib.util import guess_format

from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES, Expression, Kind, TermInfo, TermList
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.terms import XSD

FOREIGN_PREFIXES: Final = {
    "cpsv": "http://purl.org/vocab/cpsv#",
    "dcterms": str(DCTERMS),
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "om": "http://www.ontology-of-units-of-measure.org/resource/om-2/",
    "onem2m": "http://www.owl-ontologies.com/oneM2M#",
    "org": "http://www.w3.org/ns/org#",
    "qkdv": "http://qudt.org/vocab/dimensionvector/",
    "quantitykind": "http://qudt.org/vocab/quantitykind/",
    "qudt": "http://qudt.org/schema/qudt/",
    "s4city": "https://saref.etsi.org/saref4city/",
    "s4ener": "https://saref.etsi.org/saref4ener/",
    "s4grid": "https://saref.etsi.org/saref4grid/",
    "s4syst": "https://saref.etsi.org/saref4syst/",
    "saref": "https://saref.etsi.org/core/",
    "schema": "http://schema.org/",
    "sf": "http://www.opengis.net/ont/sf#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "unit": "http://qudt.org/vocab/unit/",
    "vann": str(VANN),
}
"""One spelling for the prefixes that official files spell in several ways (``dc``, ``dct``, ``ns5``, …)."""

CHARACTERISTICS: Final = {
    OWL.FunctionalProperty: "functional",
    OWL.InverseFunctionalProperty: "inverse functional",
    OWL.SymmetricProperty: "symmetric",
    OWL.TransitiveProperty: "transitive",
}

_MARKS: Final[tuple[tuple[Kind, frozenset[URIRef]], ...]] = (
    ("class", frozenset((OWL.Class, RDFS.Class, OWL.DeprecatedClass))),
    ("datatype", frozenset((RDFS.Datatype,))),
    ("datatype property", frozenset((OWL.DatatypeProperty,))),
    ("annotation property", frozenset((OWL.AnnotationProperty,))),
    ("object property", frozenset((OWL.ObjectProperty, *(CHARACTERISTICS.keys() - {OWL.FunctionalProperty})))),
)
_OF_CLASSES: Final = (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)
_OF_PROPERTIES: Final = (RDFS.domain, RDFS.range, RDFS.subPropertyOf, OWL.inverseOf)
_PROPERTIES: Final = frozenset((RDF.Property, OWL.FunctionalProperty, OWL.DeprecatedProperty))
_DEPRECATED: Final = frozenset((OWL.DeprecatedClass, OWL.DeprecatedProperty))
_SCHEMA: Final = tuple(STANDARD_PREFIXES.values())
_PLACEHOLDER: Final = re.compile(r"/?\$\$\w+\$\$")  # QUDT's repository has its release number filled in at release
_OM: Final = Namespace(FOREIGN_PREFIXES["om"])
_QUDT: Final = Namespace(FOREIGN_PREFIXES["qudt"])


def extract_terms(graph: Graph, namespace: str, source: str, selection: Iterable[str] = ()) -> dict[str, TermInfo]:
    """The terms of an ontology by IRI, sorted; only the selected ones when there is a selection.

    An individual counts when it is in the ontology's namespace or selected (its authors are neither), a class or a
    property wherever it is. A selected term that the file uses but does not declare gets its kind from its use.
    Raises ValueError when a selected term does not occur.
    """
    return dict(_Reader(graph, namespace, source, frozenset(selection)).terms())


class _Reader:
    def __init__(self, graph: Graph, namespace: str, source: str, selection: frozenset[str]) -> None:
        self._graph = graph
        self._namespace = namespace
        self._source = source
        self._selection = selection
        self._disjoint = self._all_disjoint()

    def terms(self) -> Iterator[tuple[str, TermInfo]]:
        subjects = {str(node) for node in self._graph.subjects() if isinstance(node, URIRef)}
        for iri in sorted(self._selection or subjects):
            kind = self._kind(URIRef(iri))
            if kind:
                yield iri, self._term(URIRef(iri), kind)
            elif iri in self._selection:
                raise ValueError(f"the selection names {iri}, which the file does not hold")

    def _kind(self, term: URIRef) -> Kind | None:
        types = set(self._graph.objects(term, RDF.type))
        if OWL.Ontology in types:
            return None
        for kind, marks in _MARKS:
            if types & marks:
                return kind
        if types & _PROPERTIES:
            return self._property_kind(term)
        if types and (term.startswith(self._namespace) or str(term) in self._selection):
            return "individual"
        return None if types else self._implied(term)

    def _implied(self, term: URIRef) -> Kind | None:
        """The kind of a term without a type: from the axioms about it, else (when selected) from its use."""
        if any((term, predicate, None) in self._graph for predicate in _OF_CLASSES):
            return "class"
        if any((term, predicate, None) in self._graph for predicate in _OF_PROPERTIES):
            return self._property_kind(term)
        if str(term) not in self._selection:
            return None
        if (None, RDF.type, term) in self._graph:
            return "class"
        for value in self._graph.objects(None, term):
            return "datatype property" if isinstance(value, Literal) else "object property"
        return "individual" if (None, None, term) in self._graph else None

    def _property_kind(self, term: URIRef) -> Kind:
        return "datatype property" if str(self._graph.value(term, RDFS.range)).startswith(XSD) else "object property"

    def _term(self, term: URIRef, kind: Kind) -> TermInfo:
        types = set(self._graph.objects(term, RDF.type))
        individual = kind == "individual"
        return TermInfo(
            iri=str(term),
            kind=kind,
            source=self._source,
            borrowed=not term.startswith(self._namespace),
            deprecated=bool(types & _DEPRECATED) or self._is_marked_deprecated(term),
            replaced_by=self._objects(term, DCTERMS.isReplacedBy),
            superclasses=self._objects(term, RDFS.subClassOf),
            superproperties=self._objects(term, RDFS.subPropertyOf),
            equivalents=self._both_ways(term, OWL.equivalentClass, OWL.equivalentProperty),
            disjoint=self._both_ways(term, OWL.disjointWith, OWL.propertyDisjointWith, also=self._disjoint[term]),
            domain=self._expressions(term, RDFS.domain),
            range=self._expressions(term, RDFS.range),
            inverse=self._both_ways(term, OWL.inverseOf),
            characteristics=tuple(sorted(name for mark, name in CHARACTERISTICS.items() if mark in types)),
            types=self._names(types) if individual else (),
            quantity_kinds=self._quantity_kinds(term) if individual else (),
            dimension=self._dimension(term) if individual else "",
        )

    def _objects(self, term: URIRef, *predicates: URIRef) -> tuple[str, ...]:
        return self._names(value for predicate in predicates for value in self._graph.objects(term, predicate))

    def _both_ways(self, term: URIRef, *predicates: URIRef, also: Iterable[Node] = ()) -> tuple[str, ...]:
        there = (value for predicate in predicates for value in self._graph.objects(term, predicate))
        back = (value for predicate in predicates for value in self._graph.subjects(predicate, term))
        return self._names({*there, *back, *also})

    def _names(self, nodes: Iterable[Node]) -> tuple[str, ...]:
        """The IRIs among the nodes that the list may name, sorted; not owl:Class and the like."""
        iris = {str(node) for node in nodes if isinstance(node, URIRef)}
        return tuple(sorted(iri for iri in iris if self._nameable(iri) and not iri.startswith(_SCHEMA[:3])))

    def _nameable(self, iri: str) -> bool:
        return not self._selection or iri in self._selection or iri.startswith(_SCHEMA)

    def _expressions(self, term: URIRef, predicate: URIRef) -> tuple[Expression, ...]:
        unions = (self._union(value) for value in self._graph.objects(term, predicate))
        return tuple(sorted(union for union in unions if union and all(map(self._nameable, union))))

    def _union(self, value: Node) -> Expression:
        if isinstance(value, URIRef):
            return (str(value),)
        members = self._graph.value(value, OWL.unionOf)
        items = list(self._graph.items(members)) if members else []
        return tuple(sorted(map(str, items))) if all(isinstance(one, URIRef) for one in items) else ()

    def _all_disjoint(self) -> Mapping[Node, set[Node]]:
        disjoint: dict[Node, set[Node]] = defaultdict(set)
        groups = {*self._graph.subjects(RDF.type, OWL.AllDisjointClasses)}
        for group in groups | {*self._graph.subjects(RDF.type, OWL.AllDisjointProperties)}:
            members = {one for all_ in self._graph.objects(group, OWL.members) for one in self._graph.items(all_)}
            for one in members:
                disjoint[one] |= members - {one}
        return disjoint

    def _is_marked_deprecated(self, term: URIRef) -> bool:
        marks = [*self._graph.objects(term, OWL.deprecated), *self._graph.objects(term, _QUDT.deprecated)]
        return any(str(mark).lower() == "true" for mark in marks)

    def _quantity_kinds(self, unit: URIRef) -> tuple[str, ...]:
        kinds = self._objects(unit, _QUDT.unitForQuantityKind, _QUDT.hasQuantityKind)
        return kinds or self._names(self._graph.subjects(_OM.commonlyHasUnit, unit))

    def _dimension(self, unit: URIRef) -> str:
        dimension = self._graph.value(unit, _OM.hasDimension) or self._graph.value(unit, _QUDT.hasDimensionVector)
        return str(dimension or "")


def extract_list(
    paths: Sequence[Path], prefix: str, version: str, previous: TermList | None, namespace: str = ""
) -> TermList:
    """The term list of an official file, or of the files that an ontology is published in.

    Namespace, title, licence, profiles, prefixes and selection are those of the list that was there before, if any;
    else what the file says of itself. Raises CatalogueError when the file is not the RDF its name says, or lacks a
    selected term.
    """
    graph = Graph(bind_namespaces="none")
    for path in paths:
        _parse(path, graph)
    head = next(graph.subjects(RDF.type, OWL.Ontology), BNode())
    space = namespace or (previous.namespace if previous else _namespace(graph, head))
    selection = previous.selection if previous else frozenset()
    try:
        terms = extract_terms(graph, space, f"{prefix} {version}", selection)
    except ValueError as error:
        raise CatalogueError([Problem(str(paths[0]), 1, "extract", str(error))]) from None
    return TermList(
        ontology=previous.ontology if previous and isinstance(head, BNode) else _PLACEHOLDER.sub("", str(head)),
        prefix=prefix,
        namespace=space,
        version=version,
        version_iri=_PLACEHOLDER.sub("", str(graph.value(head, OWL.versionIRI) or "")),
        title=previous.title if previous else _title(graph, head),
        licence=previous.licence if previous else _licence(graph, head),
        source_file=" ".join(path.name for path in paths),
        source_sha256=sha256(b"".join(path.read_bytes() for path in paths)).hexdigest(),
        profiles=previous.profiles if previous else frozenset(),
        prefixes={**FOREIGN_PREFIXES, **(previous.prefixes if previous else {})},
        selection=selection,
        terms=terms,
    )


def _parse(path: Path, into: Graph) -> None:
    try:
        into.parse(path, format=guess_format(path.name) or "turtle")
    except Exception as error:  # every rdflib parser raises its own kind
        raise CatalogueError([Problem(str(path), 1, "extract", f"not readable: {error}")]) from error


def _namespace(graph: Graph, head: Node) -> str:
    stated = graph.value(head, VANN.preferredNamespaceUri)
    return str(stated) if stated else re.sub(r"(?<![/#])$", "#", str(head))


def _title(graph: Graph, head: Node) -> str:
    titles = [one for name in (DCTERMS.title, DC.title, RDFS.label) for one in graph.objects(head, name)]
    english = (one for one in titles if isinstance(one, Literal) and one.language in (None, "en"))
    return str(next(english, ""))


def _licence(graph: Graph, head: Node) -> dict[str, str]:
    stated = graph.value(head, DCTERMS.license)
    return {"url": str(stated)} if stated else {}
