"""What foreign repositories may write is no finding, or no error."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from gridlingua.catalogue import shipped
from gridlingua.catalogue.checking import Written, run_written
from gridlingua.catalogue.ontology import Vocabulary
from gridlingua.catalogue.passages import passages
from gridlingua.errors import Problem

HEAD = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix saref: <https://saref.etsi.org/core/> .
@prefix s4syst: <https://saref.etsi.org/saref4syst/> .
<https://acme.example.org/ns> a owl:Ontology ;
"""


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(shipped().ontologies)


def found(file: str, text: str, vocabulary: Vocabulary, only: str) -> list[Problem]:
    return run_written([Written.of(file, one, vocabulary) for one in passages(PurePath(file), text)], [only])


def test_the_versions_that_an_ontology_imports_are_no_terms(vocabulary: Vocabulary) -> None:
    text = f"{HEAD} owl:imports <https://saref.etsi.org/core/v3.2.1> , s4syst:v1.1.2 .\n"
    assert found("ontology.ttl", text, vocabulary, "terms") == []


def test_a_name_of_another_w3c_vocabulary_is_told_with_its_own_prefix(vocabulary: Vocabulary) -> None:
    (one,) = found("ontology.ttl", f"{HEAD} owl:subPropertyOf saref:hasValue .\n", vocabulary, "terms")
    assert one.message.endswith("did you mean rdfs:subPropertyOf?")


def test_how_to_reach_the_editors_of_an_ontology_is_meant_for_everybody(vocabulary: Vocabulary) -> None:
    written = f'{HEAD} rdfs:comment "Comments to editors@acme.example.com, please." .\n'
    assert found("ontology.ttl", written, vocabulary, "privacy") == []
    elsewhere = f"{written}<https://acme.example.org/ns#p> rdfs:comment 'of maria@acme.example.com' .\n"
    assert [one.line for one in found("ontology.ttl", elsewhere, vocabulary, "privacy")] == [7]


PIECES = """{"graphPattern": "?a a saref:Device . ?b a saref:Meter .",
  "prefixes": {"saref": "https://saref.etsi.org/core/"}}"""


def test_two_pieces_of_a_foreign_pattern_are_a_warning(vocabulary: Vocabulary) -> None:
    (one,) = found("registration.json", PIECES, vocabulary, "ambiguity")
    assert one.severity == "warning"
    assert "falls into 2 pieces" in one.message


def test_a_result_may_be_tied_together_by_what_was_posted(vocabulary: Vocabulary) -> None:
    text = PIECES.replace("graphPattern", "resultGraphPattern")
    assert found("registration.json", text, vocabulary, "ambiguity") == []


def test_a_prefix_that_code_declares_makes_no_data_of_a_class(vocabulary: Vocabulary) -> None:
    text = (
        "?market saref:isMeasuredIn market:EuroPerHour ; saref:hasIdentifier ?id ; saref:observes market:meter_12345 ."
    )
    (one,) = found("patterns.gp", text, vocabulary, "constants")
    assert one.message.startswith("market:meter_12345 is data")


def test_a_triple_that_is_a_case_of_another_is_no_symmetry(vocabulary: Vocabulary) -> None:
    (one,) = found("patterns.gp", "?d ?p ?o . ?d a saref:Device .", vocabulary, "ambiguity")
    assert one.severity == "warning"
    assert one.message.startswith("?o may be saref:Device, too")
