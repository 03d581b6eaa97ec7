"""Every term of a pattern, a code or a shape exists in the ontologies.

A typo matches nothing, silently: 32 of 93 public patterns carry a term that no version of the ontology defines. Each
profile has its own versions; a pattern outside of a catalogue is judged by all of them, unless `gridlingua.toml` pins
one, and its author's own ontologies, or those that we know in part, are left alone but for evident slips; of those that
nobody published as a whole, such as `ic-*`, a note says that a term has not been seen. Where peers
agreed on a misspelt term, the pattern of a profile other than the judged one may carry it, marked: `# deployed:
ic-data:hasDatapoint for ic-data:hasDataPoint`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from rdflib import RDF, SH, Graph, URIRef

from gridlingua.catalogue.checking.example import Example
from gridlingua.catalogue.checking.subject import Subject
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.deployed import Spelling, spellings
from gridlingua.catalogue.exchange import JUDGED_PROFILE
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.ontology.missing import missing, missing_anywhere, unseen
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.terms import RDF_TYPE, XSD, is_iri, split_iri

EXAMPLE: Final = Example(
    wrong="""
        PREFIX om:    <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:hasTimeStamp ?time ; saref:hasResult ?value .
          ?value a saref:PropertyValue ; saref:hasValue ?power ; saref:isMeasuredIn om:kiloWatt .
        }
    """,
    right="""
        PREFIX om:    <http://www.ontology-of-units-of-measure.org/resource/om-2/>
        PREFIX saref: <https://saref.etsi.org/core/>

        CONSTRUCT WHERE {
          ?reading a saref:Observation ; saref:hasTimestamp ?time ; saref:hasResult ?value .
          ?value a saref:PropertyValue ; saref:hasValue ?power ; saref:isMeasuredIn om:kilowatt .
        }
    """,
)

_DATATYPE: Final = re.compile(r"\^\^<([^>]*)>")


def check(subject: Subject) -> Iterator[Problem]:
    for profile in subject.exchange.profiles:
        view = subject.vocabulary.of(profile)
        marks = _marks(subject, profile)
        deployed = {mark.deployed for marked in marks.values() for mark in marked}
        for part, name, iri in _codes(subject, profile):
            if iri not in deployed and (message := missing(iri, view)):
                yield subject.declared("terms", f"?{name}: {message}", part, "fields", name)
        yield from _of_marks(subject, profile, view, marks)
    yield from _of_shapes(subject)


def check_pattern(written: Written) -> Iterator[Problem]:
    """The terms of a pattern, in the versions of the ontologies that its profile uses."""
    for iri in (*written.iris, *_datatypes(written)):
        if written.bare:
            message = missing_anywhere(iri, written.vocabulary, pinned=written.pinned)
        else:
            message = missing(iri, written.vocabulary)
        if message:
            yield written.problem("terms", message, iri)
    if written.bare:
        for iri in _spoken_of(written):
            is_told = missing_anywhere(iri, written.vocabulary, pinned=written.pinned)
            if not is_told and (message := unseen(iri, written.vocabulary)):
                yield written.problem("terms", message, iri, "note")


def _spoken_of(written: Written) -> Iterator[str]:
    """The properties and classes: what else has an IRI may be anybody's individual."""
    triples = written.pattern.triples
    named = {split_iri(p) for _, p, _ in triples} | {split_iri(o) for _, p, o in triples if p == RDF_TYPE}
    return (iri for iri in written.iris if iri in named)


def _datatypes(written: Written) -> Iterator[str]:
    """The datatypes of XSD that literals are said to be of; others may be anybody's."""
    for datatype in dict.fromkeys(_DATATYPE.findall(" ".join(written.pattern.constants))):
        if datatype.startswith(XSD) and datatype not in written.astray:
            yield datatype


def _marks(subject: Subject, profile: str) -> Mapping[Path, Sequence[Spelling]]:
    """The deployed spellings that each pattern file of a profile marks."""
    return {
        path: spellings(subject.draft.content.read(path), pattern.prefixes)
        for one, path, pattern in subject.patterns()
        if one.name == profile
    }


def _codes(subject: Subject, profile: str) -> Iterator[tuple[str, str, str]]:
    """The terms that exchange.yaml gives fields in a profile: part, variable, IRI. Named converters have their own."""
    for part, _, _ in subject.parts():
        for name, field in subject.exchange.mapping(part, profile).fields.items():
            written = field.converter.codes.values() if field.converter.name == "codes" else ()
            for term in filter(is_iri, written):
                yield part, name, split_iri(term)


def _of_marks(
    subject: Subject, profile: str, view: Vocabulary, marks: Mapping[Path, Sequence[Spelling]]
) -> Iterator[Problem]:
    patterns = (pattern for one, _, pattern in subject.patterns() if one.name == profile)
    used = {split_iri(node) for pattern in patterns for node in pattern.constants if is_iri(node)}
    used |= {iri for _, _, iri in _codes(subject, profile)}
    for path, marked in marks.items():
        for mark in marked:
            if message := _misused(mark, profile, view, used):
                yield subject.draft.problem("terms", message, path, mark.line)


def _misused(mark: Spelling, profile: str, view: Vocabulary, used: Collection[str]) -> str:
    """What is wrong with the mark of a deployed spelling, if anything."""
    name = view.curie(mark.deployed)
    if profile == JUDGED_PROFILE:
        return f"a deployed spelling has no place in {profile}, which is ours to write: use {view.curie(mark.meant)}"
    if view.find(mark.deployed):
        return f"{name} exists, so it needs no mark"
    if mark.deployed not in used:
        return f"no pattern and no code of {profile} uses {name}: take the mark away"
    if mark.meant and not view.find(mark.meant):
        return f"{name} is marked as deployed for {view.curie(mark.meant)}, which is in no ontology in use"
    return ""


def _of_shapes(subject: Subject) -> Iterator[Problem]:
    try:
        graph = subject.exchange.shapes.graph
    except CatalogueError:
        return  # the check shapes tells
    for iri in sorted(set(_named(graph))):
        if message := missing(iri, subject.vocabulary):
            files = [subject.exchange.shapes_path, *sorted((subject.draft.content.shapes / "concepts").glob("*.ttl"))]
            local = iri.rpartition("#")[2].rpartition("/")[2]
            path = next(
                (one for one in files if one.exists() and f":{local}" in subject.draft.content.read(one)), files[0]
            )
            yield subject.written("terms", message, path, f":{local}")


def _named(graph: Graph) -> Iterator[str]:
    """The IRIs that shapes speak of: what stands in targets, paths, classes and lists."""
    predicates = {
        SH.targetClass,
        SH.path,
        SH["class"],
        SH.hasValue,
        SH.targetSubjectsOf,
        SH.targetObjectsOf,
        RDF.first,
        SH.inversePath,
        SH.zeroOrMorePath,
        SH.oneOrMorePath,
        SH.zeroOrOnePath,
    }
    for predicate in predicates:
        yield from (str(one) for one in graph.objects(None, predicate) if isinstance(one, URIRef))
