"""Jena's rule text, read (contract 5.1)."""

import time
from typing import Any

import pytest

from gridlingua.engine.errors import KnowledgeError
from gridlingua.engine.reasoning.knowledge import read_knowledge

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
EX = "@prefix ex: <http://example.org/> .\n"
XSD = "http://www.w3.org/2001/XMLSchema#"


def only(text: str) -> Any:
    (rule,) = read_knowledge(EX + text)
    return rule


@pytest.mark.parametrize(
    "text",
    [
        "(?a rdf:type ex:Sensor) -> (?a rdf:type ex:Device) .",
        "(?a rdf:type ex:Sensor) -> (?a rdf:type ex:Device)",
        "[one: (?a rdf:type ex:Sensor) -> (?a rdf:type ex:Device)]",
        "[(?a, rdf:type, ex:Sensor) -> (?a, rdf:type, ex:Device)]",
        "(?a rdf:type ex:Device) <- (?a rdf:type ex:Sensor) .",
        "# why\n( ?a rdf:type <http://example.org/Sensor> )  // what\n -> (?a rdf:type ex:Device).",
    ],
)
def test_a_rule_has_many_spellings(text: str) -> None:
    rule = only(text)
    assert rule.body.triples == (("?a", TYPE, "<http://example.org/Sensor>"),)
    assert rule.head.triples == (("?a", TYPE, "<http://example.org/Device>"),)
    assert rule.compute([{"a": "<http://s>"}, {"a": "<http://s>"}]) == [{"a": "<http://s>"}]


def test_bodies_and_heads_may_have_several_triples() -> None:
    rule = only("(?a ex:in ?b), (?b ex:in ?c) -> (?a ex:in ?c) (?c ex:holds ?a) .")
    assert (len(rule.body.triples), len(rule.head.triples)) == (2, 2)
    assert rule.compute([{"a": "<a>", "b": "<b>", "c": "<c>"}]) == [{"a": "<a>", "c": "<c>"}]


def test_all_facts_are_one_rule_that_needs_nothing() -> None:
    rule = only(
        "-> (ex:a ex:says 'x, y'). [-> (ex:b ex:says '5'^^xsd:integer)] -> (ex:c ex:says 7) (ex:c ex:says 1.5)."
    )
    assert rule.body is None
    assert [row["o"] for row in rule.compute([{}])] == [
        '"x, y"',
        f'"5"^^<{XSD}integer>',
        f'"7"^^<{XSD}int>',
        f'"1.5"^^<{XSD}decimal>',
    ]


def test_no_text_is_no_knowledge() -> None:
    assert read_knowledge("") == read_knowledge("  # nothing\n") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(?a ex:p ?b) -> (?a ex:q ?c) .", "line 2: the head has the variable ?c, which its body does not have"),
        ("-> (?a ex:p ex:b) .", "line 2: the head has the variable ?a, which a fact cannot have"),
        ("(?a ex:p ?b) -> .", "line 2: a rule has at least one triple in its head"),
        ("(?a ex:p ?b)\n(?a nope:q ?c) -> (?a ex:q ?b) .", "line 3: the prefix nope: is not declared"),
        ("(?a ex:p) -> (?a ex:q ?b) .", "line 2: a triple has a subject, a predicate and an object, not 2 nodes"),
        ("(?a ex:p ?b) noValue(?a ex:q) -> (?a ex:q ?b) .", "line 2: noValue(…) is a built-in"),
        ("(?a ex:p 'x'@en) -> (?a ex:q ?a) .", "line 2: 'x'@en has a language tag"),
        ("(?a ex:p ?b) (?a ex:q ?b) .", "line 2: -> or <- is expected, not '.'"),
        ("[one: (?a ex:p ?b) -> (?a ex:q ?b) .", "line 2: ] is expected, not '.'"),
        ("(?a ex:p ?b) -> (?a ex:q", "line 2: a rule is expected, not the end"),
        (
            "(?a ex:p ?b) -> (?a ex:q plain) .",
            "line 2: 'plain' is no node: write ?variable, <iri>, p:name, 'text' or 7",
        ),
        ("@include <rules> .", "line 2: @include is not understood: only @prefix is"),
        ("(?a ex:p ?b) => (?a ex:q ?b)", "line 2: '=>' is not part of a rule"),
    ],
)
def test_what_does_not_read_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(EX + text)
    assert str(caught.value).startswith("The provided domain knowledge should parse correctly: ")
    assert said in str(caught.value)
    assert caught.value.status == 400


def test_a_long_text_is_read_in_a_time_that_grows_with_its_length() -> None:
    text = EX + "\n".join(f"-> (ex:n{number} ex:says\n 'of {number}') ." for number in range(8_000))
    started = time.perf_counter()
    (rule,) = read_knowledge(text)
    assert len(rule.compute([{}])) == 8_000
    assert time.perf_counter() - started < 3
    with pytest.raises(KnowledgeError, match="line 16002: 'so' is no node"):
        read_knowledge(text + "\n-> (so ex:says 1) .")
