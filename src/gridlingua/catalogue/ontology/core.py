"""The terms of RDF, RDFS, OWL and XSD that patterns, extensions and data use; no file lists them."""

from __future__ import annotations

from typing import Final

from gridlingua.catalogue.ontology.terms import STANDARD_PREFIXES, Kind, TermInfo, expand

CORE: Final = "RDF, RDFS, OWL and XSD"
"""The ``source`` of these terms."""

_NAMES: Final[dict[Kind, str]] = {
    "class": (
        "rdf:List rdf:Property rdf:Statement "
        "rdfs:Class rdfs:Container rdfs:Datatype rdfs:Literal rdfs:Resource "
        "owl:AllDifferent owl:AllDisjointClasses owl:AllDisjointProperties owl:AnnotationProperty owl:Axiom owl:Class "
        "owl:DatatypeProperty owl:DeprecatedClass owl:DeprecatedProperty owl:FunctionalProperty "
        "owl:InverseFunctionalProperty owl:NamedIndividual owl:Nothing owl:ObjectProperty owl:Ontology "
        "owl:Restriction owl:SymmetricProperty owl:Thing owl:TransitiveProperty"
    ),
    "object property": (
        "rdf:first rdf:object rdf:predicate rdf:rest rdf:subject rdf:type rdf:value "
        "rdfs:domain rdfs:member rdfs:range rdfs:subClassOf rdfs:subPropertyOf "
        "owl:allValuesFrom owl:complementOf owl:differentFrom owl:disjointWith owl:distinctMembers "
        "owl:equivalentClass owl:equivalentProperty owl:hasValue owl:imports owl:intersectionOf owl:inverseOf "
        "owl:members owl:onClass owl:onProperty owl:oneOf owl:priorVersion owl:propertyChainAxiom "
        "owl:propertyDisjointWith owl:sameAs owl:someValuesFrom owl:unionOf owl:versionIRI"
    ),
    "datatype property": (
        "owl:cardinality owl:maxCardinality owl:maxQualifiedCardinality owl:minCardinality "
        "owl:minQualifiedCardinality owl:qualifiedCardinality "
        "xsd:fractionDigits xsd:length xsd:maxExclusive xsd:maxInclusive xsd:maxLength xsd:minExclusive "
        "xsd:minInclusive xsd:minLength xsd:pattern xsd:totalDigits xsd:whiteSpace"
    ),
    "annotation property": "rdfs:comment rdfs:isDefinedBy rdfs:label rdfs:seeAlso owl:deprecated owl:versionInfo",
    "individual": "rdf:nil",
    "datatype": (
        "rdf:HTML rdf:JSON rdf:XMLLiteral rdf:langString "
        "xsd:ENTITIES xsd:ENTITY xsd:ID xsd:IDREF xsd:IDREFS xsd:NCName xsd:NMTOKEN xsd:NMTOKENS xsd:NOTATION xsd:Name "
        "xsd:QName xsd:anyAtomicType xsd:anySimpleType "
        "xsd:anyURI xsd:base64Binary xsd:boolean xsd:byte xsd:date xsd:dateTime xsd:dateTimeStamp "
        "xsd:dayTimeDuration xsd:decimal xsd:double xsd:duration xsd:float xsd:gDay xsd:gMonth xsd:gMonthDay xsd:gYear "
        "xsd:gYearMonth xsd:hexBinary xsd:int xsd:integer xsd:language xsd:long xsd:negativeInteger "
        "xsd:nonNegativeInteger xsd:nonPositiveInteger xsd:normalizedString xsd:positiveInteger xsd:short xsd:string "
        "xsd:time xsd:token xsd:unsignedByte xsd:unsignedInt xsd:unsignedLong xsd:unsignedShort xsd:yearMonthDuration"
    ),
}


def core_terms() -> dict[str, TermInfo]:
    """The core terms by IRI."""
    named = ((expand(name, STANDARD_PREFIXES), kind) for kind, names in _NAMES.items() for name in names.split())
    return {iri: TermInfo(iri=iri, kind=kind, source=CORE) for iri, kind in named}
