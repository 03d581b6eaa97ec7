"""Whether what a field of a message carries can stand where its variable does."""

from __future__ import annotations

from collections.abc import Iterator

from gridlingua.catalogue.ontology.reasoning.clashes import wanted
from gridlingua.catalogue.ontology.reasoning.inference import Closure, Fact
from gridlingua.catalogue.ontology.reasoning.literals import fits, is_datatype, is_of_kind
from gridlingua.catalogue.ontology.reasoning.reasons import Curie, reason
from gridlingua.semantics.datatypes import DATATYPES, Converter
from gridlingua.semantics.terms import Term, is_iri, split_iri, split_literal


def misfits(variable: str, converter: Converter, closure: Closure, curie: Curie) -> Iterator[str]:
    """What is wrong with a field, one sentence each."""
    for fact in closure.said():
        if fact.triple[2] == variable and is_iri(fact.triple[1]):
            yield from _of_place(variable, converter, fact, closure, curie)
    for code, term in converter.codes.items() if converter.name == "codes" else ():
        if is_iri(term):
            yield from _of_code(variable, str(code), split_iri(term), closure, curie)


def _of_place(variable: str, converter: Converter, fact: Fact, closure: Closure, curie: Curie) -> Iterator[str]:
    predicate = split_iri(fact.triple[1])
    kind = wanted(fact.triple[1], closure.tbox)
    ranges = [one for one in closure.tbox.property(predicate).range if all(map(is_datatype, one))]
    place = f"{variable} is an object of {curie(predicate)}, which takes"
    if datatype := DATATYPES.get(converter.name):
        if kind == "resource":
            yield f"{place} a resource, and carries a literal: use codes, or with: iri"
        for one in ranges:
            if not is_of_kind(datatype.iri, one):
                yield f"{place} {' or '.join(map(curie, one))}, and carries xsd:{datatype.name}"
    elif converter.name == "codes":
        for term in converter.codes.values():
            if wrong := _of_term(term, kind, ranges):
                yield f"{place} {wrong}, and carries {curie(split_iri(term)) if is_iri(term) else term}"


def _of_term(term: Term, kind: str, ranges: list[tuple[str, ...]]) -> str:
    """What a place takes instead of a term; nothing when the term may stand there."""
    if is_iri(term):
        return "a literal" if kind == "literal" else ""
    if kind == "resource":
        return "a resource"
    bad = next((one for one in ranges if not fits(split_literal(term), one)), None)
    return " or ".join(bad) if bad else ""


def _of_code(variable: str, code: str, iri: str, closure: Closure, curie: Curie) -> Iterator[str]:
    for class_, fact in closure.types.get(variable, {}).items():
        for own in closure.tbox.types(iri):
            if closure.tbox.are_disjoint(own, class_):
                said = f"{variable} is {curie(class_)} ({reason(fact, curie)})"
                yield f"{said}, and its code {code} is {curie(iri)}, a {curie(own)}: these are disjoint"
                return
