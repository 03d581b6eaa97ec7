"""Every term stands where its kind may stand: a property as predicate, a class after `a`, an individual as object.

A class as a predicate, or an individual after `a`, is a triple that nobody else writes. Between the generations some
terms changed their kind: `s4ener:StartTime` was a class and became the property `s4ener:hasStartTime`, `s4ener:Power`
was a class and is an individual. Literals where resources belong are told by `consistency`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology import TermInfo, Vocabulary
from gridlingua.catalogue.ontology.missing import succession
from gridlingua.errors import Problem
from gridlingua.semantics.patterns import Triple
from gridlingua.semantics.terms import OWL, RDF_TYPE, RDFS, is_iri, split_iri

EXAMPLE: Final = Example(
    wrong="""
        PREFIX om:     <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?value a saref:PropertyValue ; s4grid:ActivePower ?power ; saref:isMeasuredIn om:kilowatt .
        }
    """,
    right="""
        PREFIX om:     <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX s4grid: <https://saref.etsi.org/saref4grid/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?value a saref:PropertyValue ; saref:isValueOfProperty s4grid:ActivePower ;
              saref:hasValue ?power ; saref:isMeasuredIn om:kilowatt .
        }
    """,
)

_ANYTHING: Final = (f"{RDFS}Class", f"{OWL}Class", f"{RDFS}Resource", f"{OWL}Thing")


def check_pattern(written: Written) -> Iterator[Problem]:
    looked_up = frozenset(written.iris)
    told: set[str] = set()
    for triple in written.pattern.triples:
        for about, message in _of_triple(triple, written, looked_up):
            if message not in told:
                told.add(message)
                yield written.problem("kinds", message, about, triple=triple)


def _of_triple(triple: Triple, written: Written, looked_up: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a triple: the node that it is about, and the sentence."""
    vocabulary = written.vocabulary

    def known(node: str) -> TermInfo | None:
        return vocabulary.find(split_iri(node)) if is_iri(node) and split_iri(node) in looked_up else None

    _, predicate, value = triple
    verb, thing = known(predicate), known(value)
    if verb and not verb.kind.endswith("property"):
        yield predicate, _misplaced(verb, "property", vocabulary)
    elif predicate == RDF_TYPE:
        if thing and thing.kind == "datatype":
            name = vocabulary.curie(thing.iri)
            yield value, f"{name} is a datatype: a literal carries it itself, and cannot be the subject of a triple"
        elif thing and thing.kind != "class":
            yield value, _misplaced(thing, "class", vocabulary)
    elif verb and verb.range and thing and thing.kind == "class" and not _leads_to_classes(verb):
        name, shown = vocabulary.curie(verb.iri), vocabulary.curie(thing.iri)
        yield value, f"{shown} is a class, and {name} leads to an individual: write a variable, and say ?it a {shown}"


def _leads_to_classes(verb: TermInfo) -> bool:
    return any(one in _ANYTHING for expression in verb.range for one in expression)


def _misplaced(term: TermInfo, wanted: str, vocabulary: Vocabulary) -> str:
    advice = succession(term.iri, vocabulary)
    message = f"{vocabulary.curie(term.iri)} is {_a(term.kind)} and stands where {_a(wanted)} belongs"
    return f"{message}: {advice}" if advice else message


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
