"""A shape exists for every part of the exchange that has a pattern, and every shape finds what it targets.

Data with no matching target conforms to any SHACL, so a shape that never finds a focus node judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.terms import split_iri

EXAMPLE: Final = Example(
    language="turtle",
    wrong="""
        shape:Load a sh:NodeShape ;
            sh:targetClass saref:Measurement ;           # the pattern has instances of saref:Observation
            sh:property [ sh:path saref:hasTimestamp ; sh:minCount 1 ] .
    """,
    right="""
        shape:Load a sh:NodeShape ;
            sh:targetClass saref:Observation ;
            sh:property [ sh:path saref:hasTimestamp ; sh:minCount 1 ] .
    """,
)


def check(subject: Subject) -> Iterator[Problem]:
    exchange = subject.exchange
    if not exchange.shapes_path.exists():
        yield subject.draft.problem("shapes", f"there is no {subject.draft.content.shown(exchange.shapes_path)}")
        return
    try:
        shapes = exchange.shapes
    except CatalogueError as error:
        yield from error.problems
        return
    found = {part: shapes.expected(pattern) for part, pattern in exchange.judged.items()}
    for part, targets in found.items():
        if not targets:
            message = f"no shape targets a class of the {part}, so nothing would be judged"
            yield subject.draft.problem("shapes", message, exchange.shapes_path)
    for target in sorted(shapes.target_classes() - frozenset().union(*found.values())):
        curie = subject.vocabulary.curie(split_iri(target))
        message = f"a shape targets {curie}, which no pattern of the exchange has an instance of"
        yield subject.written("shapes", message, exchange.shapes_path, curie)
