"""A contradiction is a sentence that says why, at the line of the triple that leads to it."""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.catalogue import shipped


def of(told: Any, text: str, profile: str = "saref4") -> list[str]:
    return [str(one) for one in told("consistency", text, profile)]


def test_a_sentence_says_why_each_half_holds(told: Any) -> None:
    text = """?reading saref:observes ?m ;
  saref:hasResult ?value .
?value saref:isValueOfProperty ?p .
?value a saref:Meter .
"""
    assert of(told, text) == [
        "pattern.gp:3: [consistency] ?value is both saref:Device and saref:PropertyValue, which are disjoint: "
        "saref:Device because every saref:Meter is one, saref:PropertyValue because it is the subject of "
        "saref:isValueOfProperty"
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "?c s4syst:connectsSystem ?d . ?d a s4syst:Connection .",
            "s4syst:System because it is the object of s4syst:connectsSystem",
        ),
        (
            "?a s4syst:connectedTo ?b . ?a a s4syst:Connection .",
            "s4syst:System because it is the subject of s4syst:connectedTo",
        ),
        (
            "?p s4syst:connectionPointOf ?a , ?b . ?a a saref:Device . ?b a s4ener:TimeSeries .",
            "it and ?b are one: s4syst:connectionPointOf leads to one only",
        ),
        (
            "?meter a s4ener:FlexOffer ; saref:hasFunctionOfInterest ?f .",
            "saref:Device because it is the subject of saref:hasFunctionOfInterest",
        ),
        (
            "?f saref:isFunctionOfInterestOf ?d . ?d a s4ener:FlexOffer .",
            "saref:Device because it is the object of saref:isFunctionOfInterestOf",
        ),
    ],
)
def test_domains_ranges_inverses_and_functions_are_followed_and_named(told: Any, text: str, why: str) -> None:
    assert any(why in one for one in of(told, text)), of(told, text)


def test_a_term_of_the_vocabulary_may_clash_with_where_it_stands(told: Any) -> None:
    (problem,) = of(told, "?value saref:isMeasuredIn s4ener:Power .")
    assert "s4ener:Power is both saref:Property and saref:UnitOfMeasure, which are disjoint" in problem
    assert "saref:Property as its ontology says" in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "?o saref:hasTimestamp ?t . ?t a time:Instant .",
            "?t is both a literal (it is the object of saref:hasTimestamp)",
        ),
        ("?v saref:isMeasuredIn ?u ; saref:hasValue ?u .", "?u is both a literal (it is the object of saref:hasValue)"),
        ('?v saref:isMeasuredIn "kW" .', '"kW" is a literal, and saref:isMeasuredIn takes a resource'),
        ("?v saref:hasValue om:kilowatt .", "om:kilowatt is a resource, and saref:hasValue takes a literal"),
        ("?l s4ener:isObligatory 1 .", '"1"^^xsd:integer is an object of s4ener:isObligatory, which takes xsd:boolean'),
    ],
)
def test_literals_and_resources_keep_their_places(told: Any, text: str, said: str) -> None:
    assert any(said in one for one in of(told, text)), of(told, text)


def test_a_type_that_nobody_meant_is_a_warning(told: Any) -> None:
    (problem,) = told("consistency", "?device a saref:Device ; s4ener:receivesPowerLimit ?limit .")
    assert problem.severity == "warning"
    assert "?device is said to be saref:Device, and is s4ener:PowerLimitProfile too" in problem.message
    assert "because it is the subject of s4ener:receivesPowerLimit" in problem.message


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("?point a s4ener:DataPoint ; saref:hasTimestamp ?t ; saref:hasResult ?r .", "saref4"),
        ("?order a s4ener:FlexibilityInstruction ; saref:hasTimestamp ?t .", "saref4"),
        ("?event a s4ener:LoadControlEventData ; s4ener:hasStartTime ?t .", "saref4"),
        ("?c a s4syst:Connection ; s4syst:connectsSystem ?device . ?device a s4ener:Device .", "interconnect"),
        ("?s a s4ener:PowerSequence ; saref:hasState ?state .", "interconnect"),
        ("?thing a <https://acme.example.org/ontology#Thing> ; saref:hasTimestamp ?t .", "saref4"),
    ],
)
def test_what_an_ontology_licenses_or_nobody_knows_is_no_warning(told: Any, text: str, profile: str) -> None:
    assert of(told, text, profile) == []


@pytest.mark.parametrize("check", ["consistency", "units", "told_apart", "constants", "size", "privacy"])
def test_our_ontology_and_shapes_have_no_finding_as_bare_files(told: Any, check: str) -> None:
    root = shipped().root
    for path in (root / "ontologies" / "gridlingua.ttl", *sorted((root / "shapes").rglob("*.ttl"))):
        assert told(check, path.read_text(), file=path.name) == [], path


def test_data_is_judged_like_a_pattern(told: Any) -> None:
    text = """@prefix saref: <https://saref.etsi.org/core/> .
@prefix ex: <https://dso.example.org/id/> .
ex:meter a saref:Meter .
ex:value saref:isMeasuredIn ex:meter .
"""
    (problem,) = told("consistency", text, file="data.ttl")
    assert (problem.line, problem.severity) == (4, "error")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("exchange.yaml", "with: unit}", "codes: {kW: s4ener:Power}}",
         "?unit is saref:UnitOfMeasure (it is the object of saref:isMeasuredIn), and its code kW is s4ener:Power, a "
         "saref:Property: these are disjoint"),
        ("exchange.yaml", "start: {at: /*/startTime, as: dateTimeStamp}", "start: {at: /*/startTime}",
         "?start is an object of time:inXSDDateTimeStamp, which takes xsd:dateTimeStamp, and carries xsd:string"),
        ("saref4.rq", "s4ener:hasUsage ?direction", "saref:hasIdentifier ?direction",
         "?direction is an object of saref:hasIdentifier, which takes a literal, and carries s4ener:Upflex"),
        ("saref4.rq", "saref:isMeasuredIn ?unit", "saref:isMeasuredIn ?requestId",
         "?requestId is an object of saref:isMeasuredIn, which takes a resource, and carries a literal"),
    ],
)  # fmt: skip
def test_what_a_field_carries_must_fit_where_its_variable_stands(
    broken: Any, file: str, old: str, new: str, said: str
) -> None:
    found = broken("consistency", "flexibility/needs", (file, old, new))
    assert any(said in one for one in found), found


def test_the_axioms_of_a_file_are_those_of_its_data(told: Any) -> None:
    text = """@prefix saref: <https://saref.etsi.org/core/> .
@prefix s4ener: <https://saref.etsi.org/saref4ener/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://acme.example.org/ns#> .
ex:SmartPlug a owl:Class ; rdfs:subClassOf saref:Device .
ex:recordedBy a owl:ObjectProperty ; owl:inverseOf ex:records .
ex:records a owl:ObjectProperty ; rdfs:domain ex:SmartPlug .
ex:note a owl:DatatypeProperty .
ex:plug ex:note "kitchen" .
ex:series a s4ener:TimeSeries ; ex:recordedBy ex:plug .
ex:plug s4ener:hasDataPoint ex:point .
ex:point ex:note ex:plug .
"""
    found = told("consistency", text, file="data.ttl")
    assert [(one.line, one.severity) for one in found] == [(11, "error"), (13, "error")]
    assert "/ns#plug> is both saref:Device and s4ener:TimeSeries" in found[0].message
    assert "every <https://acme.example.org/ns#SmartPlug> is one, and it is that" in found[0].message


def test_annotations_and_properties_of_rdfs_may_have_literals(told: Any) -> None:
    text = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://acme.example.org/ns#> .
ex:aq a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:seeAlso .
ex:label rdfs:domain ex:Plug ; rdfs:subPropertyOf rdfs:label .
ex:plug a ex:Plug ; ex:aq "https://acme.example.org/aq" ; ex:label "kitchen" .
"""
    assert told("consistency", text, file="ontology.ttl") == []
