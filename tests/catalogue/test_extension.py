"""Our extension of SAREF: small, defined, placed, needed; and what the catalogue covers with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, URIRef

from gridlingua.catalogue import Catalogue, Exchange, shipped
from gridlingua.catalogue.coverage import covering, read_sources
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.semantics.terms import split_iri

ROOT = Path(__file__).parents[2]
GL = "https://w3id.org/gridlingua#"
VOCABULARY = Vocabulary.load(shipped().ontologies)
EXTENSION: Graph = VOCABULARY.extension
OWN = sorted({one for one in EXTENSION.subjects(RDF.type) if str(one).startswith(GL)})
MARKS = URIRef(GL + "neededBy")
SOURCES = read_sources(ROOT / "docs" / "sources.yaml") if (ROOT / "docs" / "sources.yaml").exists() else []


def terms_of(exchange: Exchange) -> set[str]:
    """The IRIs that an exchange's patterns and codes hold."""
    found = {
        split_iri(one) for profile in exchange.profiles.values() for one in profile.request.constants if one[0] == "<"
    }
    found |= {
        split_iri(one) for profile in exchange.profiles.values() for one in profile.reply.constants if one[0] == "<"
    }
    for mapping in (exchange.request, exchange.reply):
        for field in mapping.fields.values():
            found |= {split_iri(one) for one in field.converter.codes.values() if one.startswith("<")}
    return found


def test_the_extension_has_less_than_forty_terms():
    assert 0 < len(OWN) < 40


@pytest.mark.parametrize("term", OWN, ids=lambda one: one.removeprefix(GL))
def test_a_term_of_ours_is_labelled_defined_and_has_its_place(term):
    assert str(EXTENSION.value(term, RDFS.label))
    assert len(str(EXTENSION.value(term, RDFS.comment)).split()) > 3
    above = [RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader, RDF.type]
    around = {str(one) for predicate in above for one in EXTENSION.objects(term, predicate)}
    placed = any("saref.etsi.org" in one or one.startswith(GL) for one in around)
    assert placed or term == MARKS, f"{term} has no superclass, superproperty, type or broader term in SAREF"


@pytest.mark.parametrize("term", [one for one in OWN if one != MARKS], ids=lambda one: one.removeprefix(GL))
def test_a_term_of_ours_is_needed_by_the_exchanges_that_it_names(term, catalogue: Catalogue):
    named = [str(one) for one in EXTENSION.objects(term, MARKS)]
    assert named
    below = {str(one) for one in EXTENSION.subjects(RDFS.subClassOf, term)}
    for name in named:
        assert ({str(term)} | below) & terms_of(catalogue[name]), f"{name} does not use {term}"


def test_the_extension_says_its_version_the_one_before_and_its_licence():
    (head,) = EXTENSION.subjects(RDF.type, OWL.Ontology)
    version, before = EXTENSION.value(head, OWL.versionIRI), EXTENSION.value(head, OWL.priorVersion)
    assert str(version) == f"{head}/{EXTENSION.value(head, OWL.versionInfo)}"
    assert before
    assert before != version
    assert EXTENSION.value(head, DCTERMS.license)


@pytest.mark.parametrize(
    ("document", "operation"),
    [(source["document"], one) for source in SOURCES for one in source["operations"]],
    ids=lambda one: one["operation"] if isinstance(one, dict) else one,
)
def test_every_operation_of_the_sources_has_an_exchange_or_a_reason(document, operation, catalogue: Catalogue):
    assert covering(catalogue, document, operation) or operation.get("left")


def test_every_exchange_has_three_examples_and_five_rejects(catalogue: Catalogue):
    thin = {
        one.id: (len(one.examples), len(one.rejects))
        for one in catalogue.exchanges.values()
        if len(one.examples) < 3 or len(one.rejects) < 5
    }
    assert thin == {}


def test_an_exchange_without_the_pilots_vocabulary_says_why(catalogue: Catalogue):
    silent = [
        one.id
        for one in catalogue.exchanges.values()
        if "interconnect" not in one.profiles and "interconnect" not in one.note
    ]
    assert silent == []


def test_the_page_of_signs_knows_every_exchange_that_it_names_and_its_rejects_exist(catalogue: Catalogue):
    text = (ROOT / "docs" / "sign-convention.md").read_text(encoding="utf-8")
    services = {one.service for one in catalogue.exchanges.values()}
    named = {one for one in re.findall(r"`([a-z_]+/[a-z_]+)`", text) if one.split("/")[0] in services}
    assert named <= catalogue.exchanges.keys()
    rejects = re.findall(r"`([a-z_]+)/rejects/([a-z_]+)`", text)
    assert rejects
    for folder, case in rejects:
        (exchange,) = (one for one in catalogue.exchanges.values() if one.id.endswith(f"/{folder}"))
        assert case in {one.name for one in exchange.rejects}
