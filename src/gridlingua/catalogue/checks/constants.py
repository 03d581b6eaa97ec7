"""A pattern holds what all its rows share; what differs from row to row is a variable.

The IRI of one meter, the time of one example or the id of one offer, left in a pattern, lets it match that one thing:
peers that ask for another get nothing, silently, and two parties whose constants differ never meet. Terms of an
ontology, durations, booleans and numbers that tell kinds apart are what constants are for. Data (Turtle) is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.errors import Problem, Severity
from gridlingua.semantics.disclosure import disclosures, masked
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import RDF, RDF_TYPE, XSD, is_iri, split_iri, split_literal

SEVERITY: Final[Severity] = "warning"

EXAMPLE: Final = Example(
    wrong="""
        PREFIX saref: <https://saref.etsi.org/core/>
        PREFIX xsd:   <http://www.w3.org/2001/XMLSchema#>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:madeBy <https://dso.example.org/meter/4405> ;
              saref:hasTimestamp "2026-11-21T10:00:00Z"^^xsd:dateTime .
        }
    """,
    right="""
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:madeBy ?meter ; saref:hasTimestamp ?time .
          ?meter a saref:Meter ; saref:hasIdentifier ?meterId .
        }
    """,
)

_TIMES: Final = frozenset(
    f"{XSD}{name}" for name in ("date", "dateTime", "dateTimeStamp", "time", "gYear", "gYearMonth")
)
_NUMBERS: Final = frozenset(
    f"{XSD}{name}" for name in ("decimal", "double", "float", "int", "integer", "long", "short")
)
_KEPT: Final = frozenset((f"{XSD}boolean", f"{XSD}duration", f"{XSD}dayTimeDuration", f"{RDF}langString"))
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
_MEASURED: Final = frozenset(("hasValue", "hasNumericalValue", "numericValue", "value"))
_IDENTIFIER: Final = re.compile(r"(?:.*(?:[a-z_]I[dD]|Identifier|_id)|identifier|id|ID|uuid|UUID|mRID)")
_CERTAIN: Final = re.compile(r"\d{3}")
_INSTANCE: Final = re.compile(r"\d+|.*\d{2}.*|.*[-_.]\d+")
_NO_WEB: Final = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def check_pattern(written: Written) -> Iterator[Problem]:
    if written.role == "graph":
        return
    told: set[str] = set()
    for triple in written.pattern.triples:
        for node, place in ((triple[0], "subject"), (triple[2], "object")):
            if node not in told and not node.startswith("?") and _is_data(node, place, triple, written):
                told.add(node)
                yield written.problem("constants", _sentence(node, triple, written), node, triple=triple)


def _sentence(node: str, triple: Triple, written: Written) -> str:
    shown = masked(split_iri(node) if is_iri(node) else split_literal(node).lexical)
    predicate = written.vocabulary.curie(split_iri(triple[1])) if is_iri(triple[1]) else triple[1]
    where = f"the object of {predicate}" if node == triple[2] else "a subject"
    return f"{shown} is data, and stands in the pattern as {where}: put a variable there, and bind it where you ask"


def _is_data(node: str, place: str, triple: Triple, written: Written) -> bool:
    if not is_iri(node):
        return place == "object" and is_iri(triple[1]) and _is_datum(node, split_iri(triple[1]))
    is_class = place == "object" and triple[1] == RDF_TYPE
    return not is_class and _is_individual(node, place, written)


def _is_individual(node: str, place: str, written: Written) -> bool:
    """Whether an IRI names one thing: it is of no ontology, and looks like it, or something is said of it."""
    iri, vocabulary = split_iri(node), written.vocabulary
    if iri in vocabulary.terms or vocabulary.elsewhere(iri) or iri in written.astray:
        return False
    if iri.startswith(tuple(vocabulary.prefixes.values())) or iri in {mark.deployed for mark in written.marks}:
        return False
    local = re.split("[/#:]", iri.rstrip("/#"))[-1]
    is_whole = iri.partition(":")[0] not in written.script.undeclared
    if (is_whole and _NO_WEB.match(iri)) or _INSTANCE.fullmatch(local):
        return True
    return place == "subject" and not _is_of_own_vocabulary(iri, local, written)


def _is_of_own_vocabulary(iri: str, local: str, written: Written) -> bool:
    """Whether the pattern takes properties or classes from the namespace of an IRI."""
    space = f"<{iri.removesuffix(local)}"
    terms = (one for _, p, o in written.pattern.triples for one in (p, o if p == RDF_TYPE else p))
    return any(one.startswith(space) for one in terms)


def _is_datum(node: str, predicate: str) -> bool:
    """Whether a literal is of one row, and not of all."""
    value, local = split_literal(node), re.split("[/#]", predicate)[-1]
    if value.datatype in _KEPT:
        return False
    if value.datatype in _TIMES or _MOMENT.fullmatch(value.lexical):
        return True
    if value.datatype in _NUMBERS:
        return local in _MEASURED
    if _IDENTIFIER.fullmatch(local) or local in _MEASURED:
        return True
    return bool(_CERTAIN.search(value.lexical)) or any(disclosures(value.lexical))
