"""Reading an ontology, on small ones that hold the traps of the official files."""

import pytest
from rdflib import Graph

from gridlingua.catalogue.ontology import TermInfo, extract_list, extract_terms, write_list
from gridlingua.errors import CatalogueError

EX = "http://example.org/x#"
PREFIXES = """
@prefix : <http://example.org/x#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""


def terms_of(turtle: str, **options: object) -> dict[str, TermInfo]:
    terms = extract_terms(Graph().parse(data=PREFIXES + turtle, format="turtle"), EX, "x 1", **options)
    return {iri.removeprefix(EX): term for iri, term in terms.items()}


def test_members_of_all_disjoint_classes_are_disjoint_two_by_two():
    terms = terms_of(
        ":A a owl:Class . :B a owl:Class . :C a owl:Class . [] a owl:AllDisjointClasses ; owl:members (:A :B :C) ."
    )
    assert terms["A"].disjoint == (EX + "B", EX + "C")
    assert terms["C"].disjoint == (EX + "A", EX + "B")


def test_restrictions_and_text_leave_no_trace():
    terms = terms_of(
        ':A a owl:Class ; rdfs:label "prose" ; rdfs:comment "more prose" ; '
        "rdfs:subClassOf :B, [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] . :B a owl:Class ."
    )
    assert terms["A"] == TermInfo(iri=EX + "A", kind="class", source="x 1", superclasses=(EX + "B",))


def test_two_domain_axioms_are_two_expressions_and_a_union_is_one():
    terms = terms_of(
        ":p a owl:ObjectProperty ; rdfs:domain :A, :B . :q a owl:ObjectProperty ; rdfs:domain [ owl:unionOf (:B :A) ] ."
    )
    assert terms["p"].domain == ((EX + "A",), (EX + "B",))
    assert terms["q"].domain == ((EX + "A", EX + "B"),)


def test_foreign_classes_are_borrowed_and_foreign_individuals_are_not_terms():
    terms = terms_of(
        "foaf:Agent a owl:Class . <http://example.org/me> a owl:NamedIndividual, foaf:Person . :me a foaf:Agent ."
    )
    assert terms["http://xmlns.com/foaf/0.1/Agent"].borrowed
    assert terms["me"].types == ("http://xmlns.com/foaf/0.1/Agent",)
    assert "http://example.org/me" not in terms


def test_an_axiom_about_a_foreign_term_is_kept_although_it_is_not_declared():
    terms = terms_of("foaf:Person rdfs:subClassOf :Party . foaf:age rdfs:range xsd:integer .")
    assert terms["http://xmlns.com/foaf/0.1/Person"].superclasses == (EX + "Party",)
    assert terms["http://xmlns.com/foaf/0.1/age"].kind == "datatype property"


def test_properties_of_every_type_are_properties():
    terms = terms_of(
        ":a a rdf:Property . :b a owl:FunctionalProperty ; rdfs:range xsd:int . :c a owl:TransitiveProperty ."
    )
    assert {name: term.kind for name, term in terms.items()} == {
        "a": "object property",
        "b": "datatype property",
        "c": "object property",
    }
    assert terms["b"].characteristics == ("functional",)


def test_deprecation_is_seen_however_it_is_written():
    terms = terms_of(":A a owl:Class ; owl:deprecated true . :B a owl:Class, owl:DeprecatedClass . :C a owl:Class .")
    assert [terms[name].deprecated for name in "ABC"] == [True, True, False]


def test_a_selection_keeps_no_axiom_that_names_a_term_outside_it():
    turtle = """
    :A a owl:Class ; rdfs:subClassOf :B, :C . :B a owl:Class . :C a owl:Class .
    :p a owl:ObjectProperty ; rdfs:domain [ owl:unionOf (:A :C) ] ; rdfs:range :A .
    """
    terms = terms_of(turtle, selection={EX + "A", EX + "B", EX + "p"})
    assert terms.keys() == {"A", "B", "p"}
    assert terms["A"].superclasses == (EX + "B",)
    assert terms["p"].domain == (), "a union without one of its members would say more than the ontology does"
    assert terms["p"].range == ((EX + "A",),)


def test_a_selected_term_that_is_only_used_has_the_kind_of_its_use():
    terms = terms_of(":a a foaf:Agent ; foaf:knows :b ; foaf:age 3 .", selection={
        EX + "a", EX + "b", *(f"http://xmlns.com/foaf/0.1/{name}" for name in ("Agent", "knows", "age")),
    })  # fmt: skip
    assert {name.rpartition("/")[2]: term.kind for name, term in terms.items()} == {
        "a": "individual",
        "b": "individual",
        "Agent": "class",
        "knows": "object property",
        "age": "datatype property",
    }


def test_a_selected_term_that_does_not_occur_is_an_error():
    with pytest.raises(ValueError, match="x#Z, which the file does not hold"):
        terms_of(":A a owl:Class .", selection={EX + "Z"})


def test_a_file_that_is_not_rdf_is_refused_by_name(tmp_path):
    path = tmp_path / "bad.ttl"
    path.write_text("this is not Turtle")
    with pytest.raises(CatalogueError, match=r"bad\.ttl:1: \[extract\] not readable"):
        extract_list([path], "x", "1", None)


def test_a_namespace_without_a_prefix_is_named(tmp_path):
    path = tmp_path / "x.ttl"
    path.write_text(
        PREFIXES + "<http://example.org/x#> a owl:Ontology . :A a owl:Class ; rdfs:subClassOf <http://other/B> ."
    )
    with pytest.raises(ValueError, match="no prefix for <http://other/B>"):
        write_list(extract_list([path], "x", "1", None))


def test_a_class_may_be_only_an_rdfs_class_or_only_a_deprecated_one():
    terms = terms_of(":A a rdfs:Class . :B a owl:DeprecatedClass .")
    assert [(terms[name].kind, terms[name].deprecated) for name in "AB"] == [("class", False), ("class", True)]


def test_inverses_disjointness_and_equivalence_are_noted_at_both_terms():
    terms = terms_of(
        ":p a owl:ObjectProperty ; owl:inverseOf :q . :q a owl:ObjectProperty . "
        ":A a owl:Class ; owl:disjointWith :B ; owl:equivalentClass :C . :B a owl:Class . :C a owl:Class ."
    )
    assert (terms["p"].inverse, terms["q"].inverse) == ((EX + "q",), (EX + "p",))
    assert (terms["A"].disjoint, terms["B"].disjoint) == ((EX + "B",), (EX + "A",))
    assert (terms["A"].equivalents, terms["C"].equivalents) == ((EX + "C",), (EX + "A",))
