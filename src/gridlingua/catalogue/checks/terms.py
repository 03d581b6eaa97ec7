"""Every term of a pattern, a code or a shape exists in the ontologies, and stands where its kind may stand.

A typo matches nothing, silently: 32 of 93 public patterns carry a term that no version of the ontology defines. Each
profile has its own versions. Where peers agreed on a misspelt term, the pattern of a profile other than the judged one
may carry it, marked: ``# deployed: ic-data:hasDatapoint for ic-data:hasDataPoint``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from rdflib import RDF, SH, Graph, URIRef

from gridlingua.catalogue.checking.subject import Subject
from gridlingua.catalogue.checking.written import Written
from gridlingua.catalogue.deployed import Spelling, spellings
from gridlingua.catalogue.exchange import JUDGED_PROFILE
from gridlingua.catalogue.ontology import TermInfo, Vocabulary
from gridlingua.errors import CatalogueError, Problem
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.terms import RDF_TYPE, is_iri, split_iri


def check(subject: Subject) -> Iterator[Problem]:
    for profile in subject.exchange.profiles:
        view = subject.vocabulary.of(profile)
        marks = _marks(subject, profile)
        deployed = {mark.deployed for marked in marks.values() for mark in marked}
        for part, name, iri in _codes(subject, profile):
            if iri not in deployed and (message := _missing(iri, view)):
                yield subject.declared("terms", f"?{name}: {message}", part, "fields", name)
        yield from _of_marks(subject, profile, view, marks)
    yield from _of_shapes(subject)


def check_pattern(written: Written) -> Iterator[Problem]:
    """The terms of a pattern, in the versions of the ontologies that its profile uses."""
    ours = written.vocabulary.profile == JUDGED_PROFILE
    deployed = set() if ours else {mark.deployed for mark in written.marks}
    for iri, message in _of_pattern(written.pattern, written.vocabulary):
        if iri not in deployed:
            yield written.problem("terms", message, iri)


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


def _of_pattern(pattern: Pattern, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for s, p, o in pattern.triples:
        for node, wanted in ((s, ""), (p, "property"), (o, "class" if p == RDF_TYPE else "")):
            if not is_iri(node):
                continue
            iri = split_iri(node)
            if (message := _missing(iri, vocabulary)) or (
                (known := vocabulary.find(iri)) and (message := _misplaced(known, wanted, vocabulary))
            ):
                yield iri, message


def _missing(iri: str, vocabulary: Vocabulary) -> str:
    if vocabulary.find(iri):
        return ""
    meant = vocabulary.suggestions(iri)
    hint = f": did you mean {' or '.join(meant)}?" if meant else ""
    if others := vocabulary.elsewhere(iri):
        known = " and ".join(others)
        return f"{vocabulary.curie(iri)} is of {known}, which {vocabulary.profile} does not use{hint}"
    if stray := vocabulary.strays.get(iri):
        return f"{vocabulary.curie(iri)} is gone from the version in use ({stray.source} still names it){hint}"
    return f"{vocabulary.curie(iri)} is in no ontology in use{hint}"


def _misplaced(term: TermInfo, wanted: str, vocabulary: Vocabulary) -> str:
    is_property = term.kind.endswith("property")
    if (wanted == "property" and not is_property) or (wanted == "class" and term.kind != "class"):
        return f"{vocabulary.curie(term.iri)} is {_a(term.kind)} and stands where {_a(wanted)} belongs"
    return ""


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _of_shapes(subject: Subject) -> Iterator[Problem]:
    try:
        graph = subject.exchange.shapes.graph
    except CatalogueError:
        return  # the check shapes tells
    for iri in sorted(set(_named(graph))):
        if message := _missing(iri, subject.vocabulary):
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
