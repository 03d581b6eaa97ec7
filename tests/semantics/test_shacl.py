"""The verdict on the graph that rows mean, and violations as sentences at the field they are about."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from rdflib import Graph

from gridlingua.catalogue import Catalogue, Exchange
from gridlingua.errors import Fault
from gridlingua.semantics.lift import lift
from gridlingua.semantics.mapping import Minter
from gridlingua.semantics.patterns import parse_body
from gridlingua.semantics.rows import Rows
from gridlingua.semantics.shacl import NoFocusNodeError, Shapes, Verdict, Violation, faults, judge

MINTER = Minter("https://party.example.org/")

SHAPES = """
@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:S a sh:NodeShape ; sh:targetClass ex:Need ;
    sh:property [ sh:path ( ex:has ex:size ) ; sh:minExclusive 0 ; sh:message "The size must be above zero." ] ;
    sh:property [ sh:path [ sh:inversePath ex:of ] ; sh:maxCount 1 ; sh:message "One owner." ] .
"""
PATTERN = parse_body(
    "?need a ex:Need ; ex:has ?value . ?value ex:size ?size . ?owner ex:of ?need .", {"ex": "http://e/"}
)


def shapes(text: str = SHAPES) -> Shapes:
    return Shapes(Graph().parse(data=text, format="turtle"))


def row(number: int, size: str = "1", owner: str = "o") -> dict[str, str]:
    return {
        "need": f"<http://e/{number}>",
        "value": f"<http://e/{number}/value>",
        "size": f'"{size}"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "owner": f"<http://e/{owner}>",
    }


def offers(exchange: Exchange, **changes: Any) -> Rows:
    message = [{**exchange.examples[0].messages["request"][0], **changes}]
    return lift(exchange.request, message, MINTER)


def told(exchange: Exchange, rows: Rows) -> list[Fault]:
    pattern = exchange.judged["request"]
    verdict = judge(pattern, rows, exchange.shapes)
    return faults(verdict.violations, pattern, rows, exchange.mappings("request"))


def test_a_verdict_counts_what_was_judged() -> None:
    verdict = judge(PATTERN, [row(1), row(2)], shapes())
    assert verdict.conforms
    assert verdict.focus_nodes == 2
    assert str(verdict) == "conforms (2 focus nodes)"


def test_a_violation_names_focus_last_predicate_value_and_constraint() -> None:
    verdict = judge(PATTERN, [row(1, "0")], shapes())
    assert verdict.violations == (
        Violation(
            "<http://e/1>",
            "<http://e/size>",
            '"0"^^<http://www.w3.org/2001/XMLSchema#integer>',
            "The size must be above zero.",
            "MinExclusiveConstraintComponent",
        ),
    )
    assert str(verdict) == "refused (1 violation, 1 focus nodes)"


def test_an_inverse_path_has_its_predicate_too() -> None:
    (violation,) = judge(PATTERN, [row(1), row(1, owner="p")], shapes()).violations
    assert (violation.predicate, violation.message) == ("<http://e/of>", "One owner.")


def test_shapes_that_target_nothing_of_the_pattern_judge_nothing_and_say_so() -> None:
    with pytest.raises(NoFocusNodeError, match="no shape targets a class of this pattern"):
        judge(PATTERN, [row(1)], shapes(SHAPES.replace("ex:Need", "ex:Offer")))


def test_rows_without_a_focus_node_are_no_pass() -> None:
    with pytest.raises(NoFocusNodeError, match="no focus node of <http://e/Need>"):
        judge(PATTERN, [{"value": "<http://e/v>"}], shapes())


def test_the_empty_verdict_conforms_to_nothing_judged() -> None:
    assert str(Verdict()) == "conforms (0 focus nodes)"


@pytest.fixture
def exchange(catalogue: Catalogue) -> Exchange:
    return catalogue["flexibility/offers"]


def test_a_fault_stands_at_the_field_with_its_value_and_the_keys_of_its_element(exchange: Exchange) -> None:
    (fault,) = told(exchange, offers(exchange, offer=-1))
    assert fault.pointer == "/*/offer"
    assert fault.message == (
        '-1 (requestId "123e4567-e89b-12d3-a456-426614174000", offerId "1"): The quantity must be above zero.'
    )


def test_faults_are_told_in_the_order_of_their_places_and_all_at_once(exchange: Exchange) -> None:
    found = told(exchange, offers(exchange, offer=0, price=-1, measurementUnit="kWh", endTime="2026-11-21T09:00:00Z"))
    assert [fault.pointer for fault in found] == ["/*/endTime", "/*/measurementUnit", "/*/offer", "/*/price"]


def test_a_violation_about_no_field_is_told_at_the_element_of_its_focus_node(catalogue: Catalogue) -> None:
    metering = catalogue["data_sharing/metering"]
    case = next(case for case in metering.rejects if case.name == "off_the_grid")
    assert case.told is not None
    assert "/*/metering/*" in case.told


def test_a_violation_about_no_row_at_all_names_the_node(exchange: Exchange) -> None:
    stray = Violation("<http://e/stray>", "", "", "It is wrong.", "x")
    pattern = exchange.judged["request"]
    found = faults([stray], pattern, offers(exchange), exchange.mappings("request"))
    assert found == [Fault("", "<http://e/stray>: It is wrong.")]


def test_more_faults_than_twenty_are_counted(exchange: Exchange) -> None:
    rows = offers(exchange)
    stray = [Violation(f"<http://e/{number:02}>", "", "", "It is wrong.", "x") for number in range(30)]
    found = faults(stray, exchange.judged["request"], rows, exchange.mappings("request"))
    assert len(found) == 21
    assert found[-1].message == "and 10 more of this kind"


def test_the_faults_of_a_year_of_readings_are_told_at_once(exchange: Exchange) -> None:
    (first,) = offers(exchange)
    rows = [{**first, "point": f"<http://e/p{number}>"} for number in range(35_000)]
    (one,) = judge(exchange.judged["request"], offers(exchange, offer=0), exchange.shapes).violations
    violations = [replace(one, focus=row["point"]) for row in rows]
    started = time.perf_counter()
    faults(violations, exchange.judged["request"], rows, exchange.mappings("request"))
    assert time.perf_counter() - started < 10
