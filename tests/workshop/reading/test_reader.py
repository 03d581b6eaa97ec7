"""A text of triples is read with all of its faults; without any, as the grammar reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridlingua.catalogue import shipped
from gridlingua.semantics import strict as grammar
from gridlingua.semantics.patterns import PatternError, Triple
from gridlingua.semantics.reading import Script, read

EX, XSD, RDF_TYPE = (
    "http://e/",
    "http://www.w3.org/2001/XMLSchema#",
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
)
PREFIXES = {"ex": EX, "xsd": XSD}
PATTERNS = sorted(shipped().patterns.glob("*/*/*.rq"))

SUBJECTS = ("?s", "$v", "ex:a", "<http://x/y>")
VERBS = ("?p", "ex:p", "a", "<http://x/p>", "ex:p-q.r")
LITERALS = ('"t"', "'t'", '"t"@en-gb', '"1"^^xsd:integer', "01", "-1.50", "2e3", "true", '"""a\n"b" """', '"\\n"')
OBJECTS = (*SUBJECTS, *LITERALS)
STRANGE = (
    *("[", "]", "(", ")", "{", "}", "_:b", "/", "|", "^", "+", "*", "FILTER", "(?x > 3)", "OPTIONAL", "UNION"),
    *('"open', "<http://open", "http://bare/x", "<a b>", "word", "LIMIT", "un:k", "${X}", "%", "#c\n", "PREFIX"),
)


@st.composite
def statements(draw: st.DrawFn) -> list[str]:
    """The tokens of some statements, well written."""
    tokens: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        tokens.append(draw(st.sampled_from(SUBJECTS)))
        for number in range(draw(st.integers(1, 3))):
            tokens += [";"] * (number > 0) + [draw(st.sampled_from(VERBS)), draw(st.sampled_from(OBJECTS))]
            if draw(st.booleans()):
                tokens += [",", draw(st.sampled_from(OBJECTS))]
        tokens.append(".")
    return tokens


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Statements, of which a token may be lost, doubled or another."""
    tokens = draw(statements())
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(tokens) - 1))
        instead = draw(st.sampled_from([[], [tokens[at]] * 2, [draw(st.sampled_from(STRANGE))]]))
        tokens = [*tokens[:at], *instead, *tokens[at + 1 :]] or ["."]
    return draw(st.sampled_from([" ", "\n"])).join(tokens)


def strictly(body: str) -> tuple[Triple, ...] | None:
    """The triples by the grammar of SPARQL itself; None for what is no pattern."""
    head = "".join(f"PREFIX {name}: <{base}> " for name, base in PREFIXES.items()) + "CONSTRUCT WHERE {"
    try:
        return grammar.parse(f"{head} {body}\n}}", len(head)).triples
    except PatternError:
        return None


def faults(script: Script) -> list[tuple[int, int, str, str]]:
    """Line, column, kind and what is said of each slip."""
    return [(*script.position(slip.start), slip.kind, slip.message or slip.text) for slip in script.slips]


@pytest.mark.parametrize("path", PATTERNS, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_pattern_of_the_catalogue_is_read_as_the_grammar_reads_it(path: Path) -> None:
    text = path.read_text("utf-8")
    script, pattern = read(text), grammar.parse(text, text.index("{") + 1)
    assert script.slips == ()
    assert script.pattern.triples == pattern.triples
    assert script.pattern.prefixes == pattern.prefixes


@settings(max_examples=150)
@given(statements())
def test_what_is_well_written_has_no_slip_and_the_triples_of_the_grammar(tokens: list[str]) -> None:
    text = " ".join(tokens)
    script = read(text, prefixes=PREFIXES)
    assert script.slips == ()
    assert script.pattern.triples == strictly(text)


@settings(max_examples=250)
@given(texts())
def test_a_text_without_slips_is_one_that_the_grammar_reads_alike_and_no_other(text: str) -> None:
    script = read(text, prefixes=PREFIXES)
    # rdflib lets a dot stand alone; SPARQL and the Jena of a knowledge engine do not
    faults = [slip for slip in script.slips if slip.message != "a dot that ends no triple"]
    if script.form != "query":
        assert (script.pattern.triples if not faults else None) == strictly(text)


@settings(max_examples=100)
@given(st.text(alphabet="?ab: .;,[](){}<>\"'\\/^|*+@#\n1-${}_é", max_size=60))
def test_no_text_whatever_makes_it_fail(text: str) -> None:
    for graph in (False, True):
        script = read(text, graph=graph)
        assert all(0 <= slip.start <= len(text) for slip in script.slips)


@pytest.mark.parametrize("bracket", "{[(")
def test_brackets_without_end_are_told_not_raised(bracket: str) -> None:
    assert read(f"?s ?p {bracket * 5000}").slips


ALL_AT_ONCE = """\
PREFIX ex: <http://e/>
CONSTRUCT WHERE {
  ?device a ex:Device
  ?device ex:name ?name ; ex:says "open .
  ?reading ex:result/ex:value ?value .
  ?place ex:near [ ex:name ?other ] .
  FILTER(?value > 3)
  ?zone un:known ?thing ; ex:empty .
  ?last ex:kept ?kept .
}
"""


def test_all_faults_of_a_text_are_told_each_at_its_place() -> None:
    assert faults(read(ALL_AT_ONCE)) == [
        (3, 13, "unreadable", "a dot is missing after ex:Device"),
        (4, 35, "unreadable", 'the quotes that close "open . are missing'),
        (5, 12, "path", "?reading ex:result ?step1 . ?step1 ex:value ?value"),
        (6, 18, "blank_node", "?node"),
        (7, 3, "filter", "FILTER(?value > 3)"),
        (8, 9, "prefix", "un:"),
        (8, 27, "unreadable", "an unfinished triple: ?zone un:known ?thing ; ex:empty has no object"),
    ]


def test_what_can_be_read_beside_them_is_kept() -> None:
    triples = read(ALL_AT_ONCE).pattern.triples
    assert ("?device", RDF_TYPE, f"<{EX}Device>") in triples
    assert ("?device", f"<{EX}name>", "?name") in triples
    assert ("?reading", f"<{EX}result>", "?step") in triples
    assert ("?step", f"<{EX}value>", "?value") in triples
    assert ("?node", f"<{EX}name>", "?other") in triples
    assert ("?last", f"<{EX}kept>", "?kept") in triples


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("?s ex:p ?o ex:q ?r .", "a semicolon is missing after ?o"),
        ("?s ex:p ?o\n?r ex:q ?t .", "a dot is missing after ?o"),
        ("?s ex:p , ?o .", "an unfinished triple: ?s ex:p has no object"),
        ("?s . ?a ex:p ?b .", "an unfinished triple: ?s has no predicate"),
        ("?s Device ?o .", "'Device' is no IRI: has it lost its prefix?"),
        ("?s a Device .", "'Device' is no term: write an IRI, a prefixed name, or a text between quotes"),
        ('?s "p" ?o .', '"p" cannot be a predicate: a predicate is an IRI or a variable'),
        ("?s ex:p http://x/y .", "an IRI stands between < and >: <http://x/y>"),
        ("?s ex:p <http://x/y ?o .", "the > of <http://x/y is missing"),
        ("?s ex:p <http://x/ y> .", '<http://x/ y> is no IRI: it holds a blank or one of "{}|^`\\'),
        ("?a-b ex:p ?o .", "?a-b is no variable: its name has letters, digits and _"),
        ('?s ex:p "x"^^ xsd:int .', "no blank around ^^: a datatype follows its text at once"),
        ("?s ex:p ?o . . ?a ex:p ?b", "a dot that ends no triple"),
        ("?s ex:p ?o . }", "this } closes nothing"),
        ("PREFIX a <http://a/> ?s a:p ?o .", "the colon after a is missing: PREFIX a: <http://a/>"),
        ("@prefix a: <http://a/> . ?s a:p ?o .", "@prefix … . is Turtle: a pattern says PREFIX without a dot"),
        ("CONSTRUCT WHERE { ?s ex:p ?o .", "the } at the end is missing"),
        ("CONSTRUCT WHERE { ?s ex:p ?o } LIMIT 5", "'LIMIT 5' stands after the end of the pattern"),
        ("?s ex:p ${UNIT} .", "${UNIT} is a placeholder: a pattern holds terms and variables"),
        ("# nothing\n", "an empty graph pattern"),
    ],
)
def test_a_fault_is_told_in_a_sentence(text: str, told: str) -> None:
    assert told in [slip.message for slip in read(text, prefixes=PREFIXES).slips]


@pytest.mark.parametrize(
    ("path", "spelt"),
    [
        ("ex:p/ex:q", "?s ex:p ?step1 . ?step1 ex:q ?o"),
        ("^ex:p", "?o ex:p ?s"),
        ("^(ex:p/ex:q)", "?step1 ex:q ?s . ?o ex:p ?step1"),
        ("ex:p+", ""),
        ("ex:p|ex:q", ""),
        ("!ex:p", ""),
    ],
)
def test_a_path_is_written_out_where_triples_say_the_same(path: str, spelt: str) -> None:
    (slip,) = read(f"?s {path} ?o .", prefixes=PREFIXES).slips
    assert (slip.kind, slip.text, slip.message) == ("path", path, spelt)


@pytest.mark.parametrize(
    "block",
    [
        *("OPTIONAL { ?a ex:p ?b }", "MINUS { ?a ex:p ?b }", "GRAPH ?g { ?a ex:p ?b }"),
        *("SERVICE SILENT <http://x> { ?a ex:p ?b }", "{ ?a ex:p ?b }", "{ SELECT ?a WHERE { ?a ex:p ?b } }"),
    ],
)
def test_the_triples_in_a_block_are_read_though_it_is_none(block: str) -> None:
    script = read(f"?s ex:q ?o . {block} ?x ex:q ?y .", prefixes=PREFIXES)
    assert {slip.kind for slip in script.slips} == {"filter"}
    assert [triple[0] for triple in script.pattern.triples] == ["?s", "?a", "?x"]


@pytest.mark.parametrize("block", ["FILTER EXISTS { ?a ex:p ?b }", "BIND(1 + 1 AS ?n)", "VALUES (?n ?m) { (1 2) }"])
def test_an_expression_is_passed_over_whole(block: str) -> None:
    script = read(f"?s ex:q ?o . {block} ?x ex:q ?y .", prefixes=PREFIXES)
    assert [(slip.kind, slip.text) for slip in script.slips] == [("filter", block)]
    assert [triple[0] for triple in script.pattern.triples] == ["?s", "?x"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s WHERE { ?s ex:p ?o . FILTER(?o > 1) } ORDER BY ?s",
        "SELECT (COUNT(?s) AS ?n) FROM <http://g> WHERE { ?s ex:p ?o } GROUP BY ?s",
        "ASK { ?s ex:p ?o }",
        "CONSTRUCT { ?x ex:q ?y } WHERE { ?s ex:p ?o }",
    ],
)
def test_of_a_query_the_where_is_read(query: str) -> None:
    script = read(query, prefixes=PREFIXES)
    assert script.form == "query"
    assert script.pattern.triples == (("?s", f"<{EX}p>", "?o"),)


def test_turtle_is_read_with_blank_nodes_lists_and_what_is_left_out() -> None:
    script = read('@prefix ex: <http://e/> .\nex:a ex:p [ ex:q 1.5 ] , ( "x" ) .\n_:b ex:p ex:c\n', graph=True)
    assert script.form == "graph"
    assert faults(script) == []
    assert {predicate for _, predicate, _ in script.pattern.triples} >= {f"<{EX}p>", f"<{EX}q>"}


def test_a_blank_node_gets_a_name_that_the_text_does_not_use() -> None:
    script = read("_:b ex:p ?b . ?b ex:q _:b .", prefixes=PREFIXES)
    (first, second), (other, again) = [(s, o) for s, _, o in script.pattern.triples]
    assert first == again != second == other


def places(script: Script) -> Iterator[tuple[str, str]]:
    """Each variable, and what stands at its place."""
    for node, offset in script.offsets.items():
        if node.startswith("?"):
            yield node, script.text[offset : offset + len(node)]


@pytest.mark.parametrize("path", PATTERNS[::9], ids=lambda path: "/".join(path.parts[-3:]))
def test_the_place_of_a_variable_is_where_it_stands(path: Path) -> None:
    found = list(places(read(path.read_text("utf-8"))))
    assert found
    assert all(node == text for node, text in found)


def test_a_base_leaves_whole_iris_and_their_empty_fragments_alone() -> None:
    text = """@base <https://acme.example.org/ns/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix own: <#> .
<plug> a owl:Thing ; own:near <../other> .
"""
    script = read(text, {}, graph=True)
    assert script.pattern.prefixes == {
        "owl": "http://www.w3.org/2002/07/owl#",
        "own": "https://acme.example.org/ns/#",
    }
    assert script.slips == ()
