"""Prepared shapes and Oxigraph give the verdicts of pySHACL and rdflib."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import SH, Graph, URIRef
from rdflib.term import Node

from gridlingua.catalogue import Case, Catalogue, Exchange, load, shipped
from gridlingua.catalogue.checking import MINTER
from gridlingua.errors import GridlinguaError, MessageError
from gridlingua.semantics.judged_graph import JudgedGraph
from gridlingua.semantics.lift import lift
from gridlingua.semantics.oxigraph import Select
from gridlingua.semantics.patterns import Pattern, instantiate, parse_body
from gridlingua.semantics.rows import Row
from gridlingua.semantics.shacl import Shapes, Violation, judge, violations
from gridlingua.semantics.terms import XSD, from_rdflib

IDS = list(load(shipped()).exchanges)

Told = tuple[str, str, str, str]
"""Focus node, value, messages and constraint component of one violation."""


def told_by_pyshacl(pattern: Pattern, rows: Sequence[Row], shapes: Graph) -> list[Told]:
    """Every violation in the graph that rows mean, in order."""
    conforms, report, _ = pyshacl.validate(instantiate(pattern, rows), shacl_graph=shapes, inference="none")
    assert isinstance(report, Graph), report
    found = [_reported(report, result) for result in report.objects(None, SH.result)]
    assert conforms == (not found)
    return sorted(found)


def _reported(report: Graph, result: Node) -> Told:
    value, focus = report.value(result, SH.value), report.value(result, SH.focusNode)
    return (
        from_rdflib(focus),  # type: ignore[arg-type]
        from_rdflib(value) if value is not None else "",  # type: ignore[arg-type]
        "; ".join(sorted(map(str, report.objects(result, SH.resultMessage)))),
        str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2],
    )


def told(pattern: Pattern, rows: Sequence[Row], shapes: Shapes) -> list[Told]:
    """Ours, in the words of the reference."""
    return sorted(map(_told, violations(JudgedGraph(pattern, rows, shapes.queries), shapes)))


def _told(one: Violation) -> Told:
    return one.focus, one.value, one.message, one.component


def judged(exchange: Exchange, case: Case) -> Iterator[tuple[Pattern, list[Row]]]:
    """What a case gives SHACL to judge, as far as it can be lifted."""
    try:
        request = lift(exchange.request, case.messages["request"], MINTER)
        yield exchange.judged["request"], request
        given = request[0] if exchange.kind == "ask" else {}
        yield exchange.judged["reply"], lift(exchange.reply, case.messages["reply"], MINTER, given)
    except (MessageError, KeyError, IndexError):
        return


def cases(exchange: Exchange) -> list[Case]:
    """The smallest rejects and example: what pySHACL itself takes its time for says nothing else."""

    def length(case: Case) -> int:
        return len(str(case.messages))

    return [*sorted(exchange.rejects, key=length)[:3], min(exchange.examples, key=length)]


@pytest.mark.parametrize("name", IDS)
def test_an_exchange_is_judged_as_pyshacl_judges_it(name: str, catalogue: Catalogue) -> None:
    exchange = catalogue[name]
    found = [(case, *one) for case in cases(exchange) for one in judged(exchange, case)]
    for case, pattern, rows in sorted(found, key=lambda one: len(one[2]))[:3]:
        expected = told_by_pyshacl(pattern, rows, exchange.shapes.graph)
        assert told(pattern, rows, exchange.shapes) == expected, case.name
    assert found


EVERY_KIND = (Path(__file__).parent / "every_kind.ttl").read_text("utf-8")
PATTERN = parse_body(
    "?s a ?kind ; ex:p ?p ; ex:q ?q ; ex:m ?m ; ex:n ?n ; ex:next ?next . ?next ex:p ?r ; a ?other .",
    {"ex": "http://e/"},
)
NODES = [f"<http://e/{name}>" for name in "abc"]
LITERALS = [
    '"a"', '"Abc"@en', '"b"@de', '"b"@en-GB', '""', '"a \\"quoted\\" \\\\ text\\n"',
    *(f'"{text}"^^<{XSD}integer>' for text in ("1", "01", "20", "-3")),
    *(f'"{text}"^^<{XSD}decimal>' for text in ("1", "1.0", "20.0", "20.5", "no number")),
    f'"5"^^<{XSD}positiveInteger>', f'"1"^^<{XSD}boolean>', f'"true"^^<{XSD}boolean>', f'"1e0"^^<{XSD}double>',
    f'"PT1H"^^<{XSD}duration>', f'"P0DT1H"^^<{XSD}duration>', f'"PT60M"^^<{XSD}duration>',
    *(f'"2026-11-21T{text}"^^<{XSD}{kind}>' for kind in ("dateTime", "dateTimeStamp")
      for text in ("10:00:00Z", "10:00:00+00:00", "11:00:00+01:00", "10:30:00Z", "09:00:00.50Z")),
]  # fmt: skip
VALUES = st.sampled_from([*NODES, *LITERALS])
NUMBERS = st.sampled_from([f'"{number}"^^<{XSD}integer>' for number in range(3)])  # pySHACL cannot order other pairs
KINDS = st.sampled_from(["<http://e/T>", "<http://e/U>"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"s": st.sampled_from(NODES), "kind": KINDS},
        optional={
            "p": VALUES,
            "q": VALUES,
            "m": NUMBERS,
            "n": NUMBERS,
            "next": st.sampled_from(NODES),
            "r": VALUES,
            "other": KINDS,
        },
    ),
    min_size=1,
    max_size=4,
)
SHAPES = Shapes(Graph().parse(data=EVERY_KIND, format="turtle"))


@settings(max_examples=30)
@given(ROWS)
def test_every_kind_of_constraint_and_path_and_every_spelling_of_a_value_is_judged_alike(rows: list[Row]) -> None:
    assert told(PATTERN, rows, SHAPES) == told_by_pyshacl(PATTERN, rows, SHAPES.graph)


@pytest.mark.parametrize("constraint", ["lessThan", "lessThanOrEquals"])
@pytest.mark.parametrize(
    ("value", "other"),
    [
        (f'"1"^^<{XSD}integer>', f'"PT1H"^^<{XSD}duration>'),
        (f'"PT1H"^^<{XSD}duration>', f'"2026-11-21T10:00:00Z"^^<{XSD}dateTime>'),
        (f'"1"^^<{XSD}integer>', '"a"'),
        ("<http://e/b>", f'"1"^^<{XSD}integer>'),
    ],
)
def test_values_without_an_order_violate_one(constraint: str, value: str, other: str) -> None:
    text = f"""
        @prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:{constraint} ex:q ] ."""
    shapes = Shapes(Graph().parse(data=text, format="turtle"))
    pattern = parse_body("?s a ex:T ; ex:p ?p ; ex:q ?q", {"ex": "http://e/"})
    verdict = judge(pattern, [{"s": "<http://e/a>", "p": value, "q": other}], shapes)
    assert [one.value for one in verdict.violations] == [value]


def test_shapes_that_judged_once_judge_the_next_graph_as_new_ones_do() -> None:
    rows: list[Row] = [{"s": NODES[0], "kind": "<http://e/T>", "p": '"a"', "q": '"b"@de', "next": NODES[1]}]
    told(PATTERN, [{"s": NODES[1], "kind": "<http://e/U>", "p": LITERALS[-1]}], SHAPES)
    fresh = Shapes(Graph().parse(data=EVERY_KIND, format="turtle"))
    assert told(PATTERN, rows, SHAPES) == told(PATTERN, rows, fresh) != []


def test_preparing_leaves_the_shapes_graph_as_it_was() -> None:
    shapes = Shapes(Graph().parse(data=EVERY_KIND, format="turtle"))
    before = set(shapes.graph)
    told(PATTERN, [{"s": NODES[0], "kind": "<http://e/T>"}], shapes)
    assert set(shapes.graph) == before


A, P = "<http://e/a>", "<http://e/p>"
STAMP = f'"2026-11-21T11:00:00+01:00"^^<{XSD}dateTimeStamp>'
ONE_INSTANT = [f'"2026-11-21T{text}"^^<{XSD}dateTime>' for text in ("10:00:00Z", "11:00:00+01:00")]


@pytest.mark.parametrize("term", [NODES[0], '"a"', '"a \\"b\\"\\n"', STAMP])
def test_oxigraph_gives_a_term_back_as_it_is_written(term: str) -> None:
    select = Select([("<http://e/a>", "<http://e/p>", term)])
    found = select.answer("SELECT $this ?value { $this <http://e/p> ?value }", {"this": URIRef("http://e/a")})
    assert found == [{"this": "<http://e/a>", "value": term}]


@pytest.mark.parametrize(
    "values",
    [
        [f'"020"^^<{XSD}integer>'],
        [f'"P0DT1H"^^<{XSD}duration>'],
        [f'"5"^^<{XSD}positiveInteger>', f'"5"^^<{XSD}integer>'],
        ONE_INSTANT,
        ["_:a"],
    ],
)
def test_what_oxigraph_would_spell_anew_is_left_to_rdflib(values: list[str]) -> None:
    triples = [(A, P, value) for value in values]
    assert Select(triples).answer("SELECT ?value { ?s <http://e/p> ?value }", {}) is None


def test_a_variable_that_reads_like_a_keyword_is_no_reason_to_leave_oxigraph() -> None:
    select = Select([(A, P, '"a"')])
    assert select.answer("SELECT ?from { ?service <http://e/p> ?from }", {}) == [{"from": '"a"'}]
    assert select.answer("SELECT ?s FROM <http://e/g> { ?s ?p ?o }", {}) is None
    assert select.answer("SELECT ?s { ?s ?p ?o}SERVICE<http://e/g> { ?s ?p ?o }", {}) is None


@pytest.mark.parametrize("query", ["SELECT", "ASK { ?s ?p ?o }", "SELECT ?x { ?s nobody:knows ?x }"])
def test_a_query_that_oxigraph_does_not_read_is_left_to_rdflib(query: str) -> None:
    assert Select([("<http://e/a>", "<http://e/p>", '"a"')]).answer(query, {}) is None


@pytest.mark.parametrize(
    ("select", "told"),
    [
        ("SELECT $this WHERE {", "SHACL could not be decided"),
        ("SELECT $this WHERE { MINUS { $this ?p ?o } }", "MINUS"),
        ("SELECT $this WHERE { SERVICE <http://e/s> { $this ?p ?o } }", "SERVICE"),
    ],
)
def test_a_constraint_that_cannot_be_decided_says_so(select: str, told: str) -> None:
    text = f"""
        @prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:sparql [ sh:message "no" ; sh:select "{select}" ] ."""
    shapes = Shapes(Graph().parse(data=text, format="turtle"))
    with pytest.raises(GridlinguaError, match=told):
        judge(parse_body("?s a ex:T", {"ex": "http://e/"}), [{"s": "<http://e/a>"}], shapes)


def test_shapes_judge_in_many_threads_at_once() -> None:
    shapes = Shapes(Graph().parse(data=EVERY_KIND, format="turtle"))
    rows: list[Row] = [{"s": one, "kind": "<http://e/T>", "p": f'"01"^^<{XSD}integer>', "next": one} for one in NODES]
    expected = told_by_pyshacl(PATTERN, rows, shapes.graph)
    start, found = threading.Barrier(6), list[list[Told]]()

    def run() -> None:
        start.wait()
        found.append(told(PATTERN, rows, shapes))

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6
