"""Nothing in a pattern contradicts the ontologies: no node is of two disjoint classes, no literal is a resource.

Domains and ranges type nodes silently: a property with the wrong domain makes a meter a price without a word. What
follows under OWL RL is worked out on the pattern itself, its variables as nodes, so that no example is needed. SAREF
says of hardly any two classes that they are disjoint; so it is a warning, too, when a property makes of a node
something that is neither above nor below what it is said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.ontology import EXTENSION, Vocabulary
from gridlingua.catalogue.ontology.reasoning import Closure, clashes, strangers, with_declared
from gridlingua.catalogue.ontology.reasoning.fields import misfits
from gridlingua.catalogue.ontology.reasoning.sentences import clash_sentence, stranger_sentence, triple_of
from gridlingua.catalogue.ontology.reasoning.tbox import TBox
from gridlingua.errors import Problem

EXAMPLE: Final = Example(
    wrong="""
        PREFIX s4ener: <https://saref.etsi.org/saref4ener/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a saref:Meter ; saref:hasIdentifier ?meterId ; s4ener:hasDataPoint ?point .
          ?point a s4ener:DataPoint .
        }
    """,
    right="""
        PREFIX s4ener: <https://saref.etsi.org/saref4ener/>
        PREFIX saref:  <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?meter a saref:Meter ; saref:hasIdentifier ?meterId .
          ?series a s4ener:TimeSeries ; s4ener:producedBy ?meter ; s4ener:hasDataPoint ?point .
          ?point a s4ener:DataPoint .
        }
    """,
)


def check(subject: Subject) -> Iterator[Problem]:
    """What the fields of an exchange carry fits where their variables stand."""
    for profile, _, pattern in subject.patterns():
        vocabulary = subject.vocabulary.of(profile.name)
        closure = Closure(vocabulary.tbox, pattern.triples)
        for part, _, _ in subject.parts():
            for name, field in subject.exchange.mapping(part, profile.name).fields.items():
                for message in misfits(f"?{name}", field.converter, closure, vocabulary.curie):
                    yield subject.declared("consistency", f"{profile.name}: {message}", part, "fields", name)


def check_pattern(written: Written) -> Iterator[Problem]:
    """What the triples say and cannot be, and what a property says that nobody meant."""
    vocabulary, triples = written.vocabulary, written.pattern.triples
    closure = Closure(with_declared(vocabulary.tbox, triples), triples)
    told: set[tuple[str, str]] = set()
    for clash in clashes(closure):
        told |= {(clash.node, class_) for class_ in clash.about}
        sentence = clash_sentence(clash, vocabulary.curie)
        yield written.problem("consistency", sentence, clash.node, triple=triple_of(clash.facts))
    for one in strangers(closure, lambda: _others(vocabulary), *_sources(vocabulary)):
        is_told = any((one.node, class_) in told for class_ in one.made)
        if not is_told and not _outspoken(vocabulary) & {*one.made}:
            sentence = stranger_sentence(one, vocabulary.curie)
            yield written.problem("consistency", sentence, one.node, "warning", triple_of([one.fact]))


def _sources(vocabulary: Vocabulary) -> tuple[Callable[[str], bool], Callable[[str, str], bool]]:
    """Whether every axiom of a class is at hand, and whether the ontology of a class builds upon a property's."""
    spaces = {one.namespace: one for one in vocabulary.lists if not one.selection and not one.transcribed_from}

    def space(iri: str) -> str:
        return next((one for one in spaces if iri.startswith(one)), "")

    def is_known(class_: str) -> bool:
        term = vocabulary.find(class_)
        return term is not None and term.kind == "class" and bool(space(class_))

    def may_license(class_: str, predicate: str) -> bool:
        ours, theirs = space(class_), space(predicate)
        return ours != theirs and theirs in spaces[ours].prefixes.values()

    return is_known, may_license


def _outspoken(vocabulary: Vocabulary) -> set[str]:
    """The classes of which their own ontology says what is no member: it is taken at its word that all else may be.

    OWL-Time and SAREF4SYST say which of their classes are disjoint. Our extension says it of SAREF's, for SAREF does
    not.
    """
    official = (one for one in vocabulary.lists if one.source_file != EXTENSION)
    stated = {iri for one in official for iri, term in one.terms.items() if term.disjoint and not term.borrowed}
    return stated.union(*map(vocabulary.tbox.above, stated))


def _others(vocabulary: Vocabulary) -> Iterator[TBox]:
    """The axioms of the other generations."""
    profiles = {profile for one in vocabulary.all_lists for profile in one.profiles}
    return (vocabulary.of(profile).tbox for profile in sorted(profiles - {vocabulary.profile}))
