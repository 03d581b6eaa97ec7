"""Pattern files and pattern bodies: what is read, and where a bad one breaks."""

from __future__ import annotations

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from gridlingua.semantics.patterns import PatternError, instantiate, parse_body, parse_construct, parse_file
from gridlingua.semantics.terms import RDF_TYPE

EX = "http://e/"
HEAD = "PREFIX ex: <http://e/>\n\nCONSTRUCT WHERE {\n"


def test_a_pattern_file_is_prefixes_and_triples() -> None:
    pattern = parse_construct(HEAD + '  ?a a ex:Need ; ex:p ?b, "x" .\n  ?b ex:q 1.5 . # why\n}\n')
    assert pattern.triples == (
        ("?a", RDF_TYPE, f"<{EX}Need>"),
        ("?a", f"<{EX}p>", "?b"),
        ("?a", f"<{EX}p>", '"x"'),
        ("?b", f"<{EX}q>", '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    )
    assert pattern.variables == ("a", "b")
    assert pattern.prefixes == {"ex": EX}


def test_the_text_that_an_engine_reads_is_read_again_as_the_same_pattern() -> None:
    pattern = parse_construct(HEAD + '?a ex:p ?b ; ex:q "é\\"x" . ?p ?q ?r }')
    assert str(pattern).startswith("?a <http://e/p> ?b . ")
    assert parse_body(str(pattern)) == pattern


def test_a_triple_written_twice_is_one() -> None:
    assert len(parse_body("?a ex:p ?b . ?a ex:p ?b .", {"ex": EX}).triples) == 1


def test_numbers_keep_the_spelling_they_have() -> None:
    text = '?a1 ex:p1.0 01, +5, -5, .5, 1.50, 1E5, "01 2", 7. ?b ex:p ?x01 . # 05\n?b <http://e/05> """ 05 " 6"""'
    objects = [triple[2].split("^^")[0] for triple in parse_body(text, {"ex": EX}).triples]
    numbers = ['"01"', '"+5"', '"-5"', '".5"', '"1.50"', '"1E5"']
    assert objects == [*numbers, '"01 2"', '"7"', "?x01", '" 05 \\" 6"']


def test_the_last_dot_may_be_missing() -> None:
    assert parse_body("?a <http://e/p> ?b") == parse_body("?a <http://e/p> ?b .")


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("?a ex:p ?b .\nFILTER (?b > 1)", 5, "triples only, not FILTER"),
        ("?a ex:p ?b .\nOPTIONAL { ?a ex:q ?c }", 5, "triples only, not OPTIONAL"),
        ("{ ?a ex:p ?b } UNION { ?a ex:q ?b }", 4, "triples only, not UNION"),
        ("?a ex:p ?b .\n\n?a ex:p/ex:q ?c .", 6, "a property path near"),
        ("?a ex:p+ ?c .", 4, "a property path near"),
        ("?a ex:p ?b .\n?a un:q ?c .", 5, "the prefix un: is not declared"),
        ("?a ex:p ?b .\n?c ex:q", 5, "not a triple: '?c ex:q'"),
        ("", 3, "an empty graph pattern"),
        ("?a ex:p [ ex:q ?b ] .", 1, "a blank node: give it a variable"),
        ("?a ex:p _:b .", 1, "a blank node: give it a variable"),
    ],
)
def test_a_bad_pattern_is_refused_with_its_line(body: str, line: int, message: str) -> None:
    with pytest.raises(PatternError) as refusal:
        parse_construct(f"{HEAD}{body}\n}}\n")
    assert message in str(refusal.value)
    assert refusal.value.line == line


def test_a_select_is_no_pattern_file() -> None:
    with pytest.raises(PatternError, match="a pattern file is PREFIX lines and then CONSTRUCT WHERE"):
        parse_construct("SELECT * WHERE { ?a ?b ?c }")


@pytest.mark.parametrize("body", ["", " ", ".", "?a ?b", "?a ex:p ?b"])
def test_a_bad_body_of_a_peer_is_refused(body: str) -> None:
    with pytest.raises(PatternError):
        parse_body(body)


def test_rows_make_the_graph_they_mean() -> None:
    pattern = parse_body("?need a ex:Need ; ex:size ?size . ?need ex:at ?meter .", {"ex": EX})
    rows = [
        {"need": "<http://e/1>", "size": '"1"', "meter": "<http://e/m>"},
        {"need": "<http://e/1>", "size": '"1"', "meter": "<http://e/n>"},
    ]
    wanted = Graph().parse(data='<1> a <Need> ; <size> "1" ; <at> <m>, <n> .', format="turtle", publicID=EX)
    assert isomorphic(instantiate(pattern, rows), wanted)


def test_a_triple_with_an_unbound_variable_is_left_out() -> None:
    pattern = parse_body("?a ex:p ?b . ?a ex:q ?c .", {"ex": EX})
    assert len(instantiate(pattern, [{"a": "<http://e/1>", "b": '"1"'}])) == 1


def test_the_part_that_variables_bind_keeps_constants_and_drops_the_rest() -> None:
    pattern = parse_body("?a a ex:Need . ?a ex:p ?b . ?b ex:q ?c .", {"ex": EX})
    assert pattern.bound_by(["a", "b"]).triples == pattern.triples[:2]


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX e: <http://e/> CONSTRUCT WHERE { ?s e:p ?o }",
        "# a pattern\nPREFIX e: <http://e/>\n\n?s e:p ?o .",
        "prefix e: <http://e/> ?s e:p ?o",
        "?s e:p ?o",
    ],
)
def test_a_file_is_a_pattern_file_or_a_bare_body(text):
    known = {} if "http" in text else {"e": "http://e/"}
    assert parse_file(text, known).triples == (("?s", "<http://e/p>", "?o"),)


def test_a_prefix_of_the_file_goes_before_one_that_is_known():
    assert parse_file("PREFIX e: <http://e> ?s e:p ?o", {"e": "http://e/"}).triples[0][1] == "<http://ep>"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("PREFIX e: <http://e/>\n?s e:p ?o .\nFILTER(?o > 1)", 3, "not FILTER"),
        ("PREFIX e: <http://e/>\n?s e:p/e:q ?o .", 2, "a property path"),
        ("PREFIX e: <http://e/>\n\n?s f:p ?o .", 3, "the prefix f: is not declared"),
        ("?s <http://e/p> [] .", 1, "a blank node"),
        ("# nothing\n", 1, "an empty graph pattern"),
        ("PREFIX e: <http://e/>\nSELECT * WHERE { ?s e:p ?o }", 2, "a query (SELECT)"),
    ],
)
def test_a_file_that_is_no_pattern_says_where_and_why(text, line, said):
    with pytest.raises(PatternError) as raised:
        parse_file(text)
    assert said in str(raised.value)
    assert raised.value.line == line
