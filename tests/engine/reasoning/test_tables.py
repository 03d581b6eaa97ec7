"""What a source brought, in the variables of the goal that it serves."""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.engine.bindings import value_key
from gridlingua.engine.reasoning.covering import Source
from gridlingua.engine.reasoning.tables import Compatibility, Table
from gridlingua.semantics.matching import partial_matches
from gridlingua.semantics.rows import Row, Rows
from gridlingua.semantics.terms import XSD

C, D = "<http://example.org/c>", "<http://example.org/d>"


@pytest.fixture
def table(pattern: Any, rule: Any) -> Any:
    def made(goal: str, head: str, rows: Rows) -> Table:
        brought = rule("r", head)
        return Table.of(Source(brought, tuple(partial_matches(pattern(goal), brought.head, value_key))), rows)

    return made


def told(table: Table) -> list[tuple[Row, int, int]]:
    return list(zip(table.rows, table.ways, table.covers, strict=True))


def test_rows_come_in_the_variables_of_the_goal_and_none_twice(table: Any) -> None:
    made = table("?s p ?o . ?s q ?z", "?x p ?y", [{"x": "<a>", "y": "<b>"}, {"x": "<a>", "y": "<b>"}])
    assert told(made) == [({"s": "<a>", "o": "<b>"}, 0, 0b01)]


def test_constants_of_the_source_become_bindings(table: Any) -> None:
    assert told(table("?s p ?o", "?x p c", [{"x": "<a>"}])) == [({"s": "<a>", "o": C}, 0, 0b1)]


def test_a_row_that_a_constant_contradicts_still_stands_for_the_rest(table: Any) -> None:
    rows = [{"x": "<a>", "y": C, "z": "<1>"}, {"x": "<b>", "y": D, "z": "<2>"}]
    made = table("?s p c . ?s q ?o", "?x p ?y . ?x q ?z", rows)
    assert told(made) == [({"s": "<a>", "o": "<1>"}, 0, 0b11), ({"s": "<b>", "o": "<2>"}, 0, 0b10)]


def test_rows_that_different_constants_contradict_stand_for_different_triples_or_none(table: Any) -> None:
    rows = [
        {"x": "<a>", "y": C, "z": D},
        {"x": "<b>", "y": D, "z": D},
        {"x": "<e>", "y": C, "z": C},
        {"x": "<f>", "y": D, "z": C},
    ]
    made = table("?s p c . ?s q d", "?x p ?y . ?x q ?z", rows)
    assert told(made) == [({"s": "<a>"}, 0, 0b11), ({"s": "<b>"}, 0, 0b10), ({"s": "<e>"}, 0, 0b01)]


def test_a_constant_is_met_by_its_value(table: Any) -> None:
    rows = [{"x": "<a>", "y": f'"5.0"^^<{XSD}decimal>'}, {"x": "<b>", "y": f'"6"^^<{XSD}integer>'}]
    made = table("?s p 5", "?x p ?y", rows)
    assert told(made) == [({"s": "<a>"}, 0, 0b1)]


def test_a_variable_that_stands_twice_wants_equal_values_or_only_the_rest_counts(table: Any) -> None:
    rows = [{"x": "<a>", "y": "<a>", "z": "<1>"}, {"x": "<b>", "y": "<d>", "z": "<2>"}]
    made = table("?s p ?s . ?o q ?w", "?x p ?y . ?v q ?z", [{**row, "v": "<v>"} for row in rows])
    assert told(made) == [
        ({"s": "<a>", "o": "<v>", "w": "<1>"}, 0, 0b11),
        ({"o": "<v>", "w": "<2>"}, 0, 0b10),
    ]


def test_every_way_has_its_own_rows(table: Any) -> None:
    made = table("?s p ?o", "?x p ?y . ?y p ?z", [{"x": "<a>", "y": "<b>", "z": "<c>"}])
    assert told(made) == [({"s": "<a>", "o": "<b>"}, 0, 0b1), ({"s": "<b>", "o": "<c>"}, 1, 0b1)]


def test_a_triple_is_brought_in_several_ways_that_are_told_apart_where_they_must_be(table: Any) -> None:
    made = table("?s p ?o . ?s q ?w", "?x p ?y . ?y p ?z", [])
    assert made.bringing(0, apart=False) == (0b11,)
    assert made.bringing(0, apart=True) == (0b01, 0b10)
    assert made.bringing(1, apart=False) == made.bringing(1, apart=True) == ()


def test_a_filter_keeps_what_belongs_to_the_rows_that_stay(table: Any) -> None:
    rows = [{"x": "<a>", "y": C, "z": "<1>"}, {"x": "<b>", "y": D, "z": "<2>"}]
    made = table("?s p c . ?s q ?o", "?x p ?y . ?x q ?z", rows)
    kept = made.filtered(lambda row: row["s"] == "<b>")
    assert told(kept) == [({"s": "<b>", "o": "<2>"}, 0, 0b10)]
    assert kept.source is made.source


@pytest.mark.parametrize(
    ("known", "row", "fits"),
    [
        ([], {"a": "<1>"}, False),
        ([{}], {"a": "<1>"}, True),
        ([{"a": "<1>"}], {}, True),
        ([{"a": "<1>"}], {"a": "<1>", "b": "<2>"}, True),
        ([{"a": "<1>"}], {"a": "<2>"}, False),
        ([{"a": "<1>"}], {"b": "<2>"}, True),
        ([{"a": "<1>", "b": "<2>"}], {"a": "<1>", "c": "<3>"}, True),
        ([{"a": "<1>", "b": "<2>"}, {"a": "<3>", "b": "<4>"}], {"a": "<1>", "b": "<4>"}, False),
        ([{"a": "<1>", "b": "<2>"}, {"b": "<4>"}], {"a": "<1>", "b": "<4>"}, True),
        ([{"a": f'"1"^^<{XSD}integer>'}], {"a": f'"1.0"^^<{XSD}decimal>'}, True),
    ],
)
def test_a_row_is_compatible_with_rows_if_it_agrees_with_one_on_what_they_share(
    known: Rows, row: Row, fits: bool
) -> None:
    assert Compatibility(known, value_key)(row) is fits


def test_compatibility_holds_for_rows_of_different_shapes_one_after_the_other() -> None:
    fits = Compatibility([{"a": "<1>", "b": "<2>"}, {"a": "<3>"}], value_key)
    asked = [{"a": "<1>"}, {"b": "<2>"}, {"a": "<3>", "b": "<9>"}, {"a": "<1>", "b": "<9>"}, {"a": "<1>"}]
    assert [fits(row) for row in asked] == [True, True, True, False, True]
