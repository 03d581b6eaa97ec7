"""The join against what it stands for: every combination of the sources, written out."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridlingua.engine.bindings import value_key
from gridlingua.engine.reasoning.covering import Goal, cover
from gridlingua.engine.reasoning.joining import solve
from gridlingua.engine.reasoning.rules import Rule
from gridlingua.semantics.matching import Match
from gridlingua.semantics.patterns import Pattern
from gridlingua.semantics.rows import Row, Rows

TERMS = ("<http://a>", "<http://b>", "<http://c>")
NODES = ("?x", "?y", "?z")


@st.composite
def patterns(draw: Any, longest: int = 3) -> Pattern:
    predicates = st.sampled_from(("<http://p>", "<http://q>", "<http://r>"))
    objects = st.one_of(st.sampled_from(NODES), st.sampled_from(TERMS[:2]))
    triples = st.tuples(st.sampled_from(NODES), predicates, objects)
    return Pattern(tuple(dict.fromkeys(draw(st.lists(triples, min_size=1, max_size=longest)))))


@st.composite
def sources(draw: Any) -> tuple[list[Rule], dict[str, Rows]]:
    rules, rows = [], {}
    for number in range(draw(st.integers(1, 3))):
        head = draw(patterns())
        rules.append(Rule(f"K{number}", None, head))
        row = st.fixed_dictionaries({name: st.sampled_from(TERMS) for name in head.variables})
        rows[f"K{number}"] = draw(st.lists(row, max_size=3))
    return rules, rows


def combined(goal: Goal, rows: dict[str, Rows]) -> set[frozenset[tuple[str, str]]]:
    """Contract 4.3, level 2: every triple by one source, every source in one way and with one row."""
    uses = {s.rule.name: [(way, row) for way in s.ways for row in rows[s.rule.name]] for s in goal.sources}
    found = set()
    for owners in product([s.rule.name for s in goal.sources], repeat=len(goal.pattern.triples)):
        used = sorted(set(owners))
        for chosen in product(*(uses[name] for name in used)):
            row = merged(owners, dict(zip(used, chosen, strict=True)))
            if row is not None:
                found.add(frozenset(row.items()))
    return found


def merged(owners: tuple[str, ...], uses: dict[str, tuple[Match, Row]]) -> Row | None:
    row: Row = {}
    for position, owner in enumerate(owners):
        way, brought = uses[owner]
        pairs = [pair for pair in way.triples if pair[0] == position]
        part = way.part(pairs).to_target([brought]) if pairs else []
        if not part or any(row.setdefault(name, term) != term for name, term in part[0].items()):
            return None
    return row


@settings(max_examples=300, deadline=None)
@given(patterns(), sources())
def test_the_join_of_level_2_is_the_union_of_all_combinations(asked: Pattern, brought: Any) -> None:
    rules, rows = brought
    goal = cover(asked, rules, 2, value_key)
    found = solve(goal, rows, value_key)
    assert {frozenset(row.items()) for row in found} == combined(goal, rows)
    assert len({frozenset(row.items()) for row in found}) == len(found)


@settings(max_examples=200, deadline=None)
@given(patterns(), sources(), st.sampled_from((3, 4, 5)))
def test_higher_levels_find_more_and_nothing_that_nobody_said(asked: Pattern, brought: Any, level: int) -> None:
    rules, rows = brought
    below = {frozenset(row.items()) for row in solve(cover(asked, rules, 2, value_key), rows, value_key)}
    found = solve(cover(asked, rules, level, value_key), rows, value_key)
    assert below <= {frozenset(row.items()) for row in found}
    said = {said_by(triple, row) for one in rules for row in rows[one.name] for triple in one.head.triples}  # type: ignore[union-attr]
    assert all(said_by(triple, row) in said for row in found for triple in asked.triples)


def said_by(triple: Any, row: Row) -> tuple[str, ...]:
    return tuple(row[node[1:]] if node[0] == "?" else node for node in triple)


def rows_of(count: int, source: int, names: str) -> Rows:
    return [{"x": f"<http://{source}/{n}>", **{name: f'"{source} {n} {name}"' for name in names}} for n in range(count)]


@pytest.mark.parametrize("sources", [1, 3, 6])
def test_who_offers_the_same_pattern_about_other_things_costs_no_combinations(
    pattern: Any, rule: Any, sources: int
) -> None:
    """Ten triples by six sources are sixty million combinations; of other things only the sources' own rows come."""
    text = " . ".join(f"?x {name * 3} ?{name}" for name in "abcdefghij")
    rules = [rule(f"K{number}", text) for number in range(sources)]
    rows = {f"K{number}": rows_of(20, number, "abcdefghij") for number in range(sources)}
    found = solve(cover(pattern(text), rules, 2, value_key), rows, value_key)
    assert len(found) == 20 * sources


def test_what_all_say_alike_costs_no_combinations_either(pattern: Any, rule: Any) -> None:
    """The question is echoed by everybody: who said it makes no difference to what comes of it."""
    asked = " . ".join(f"?query {name * 2} ?{name}" for name in "abcdefgh") + " . ?query about ?x . ?x value ?v"
    echo = {name: f'"{name}"' for name in "abcdefgh"} | {"query": "<http://q>"}
    rows = {
        f"K{number}": [{**echo, "x": f"<http://{number}/{n}>", "v": f'"{n}"'} for n in range(50)] for number in range(3)
    }
    found = solve(cover(pattern(asked), [rule(name, asked) for name in rows], 2, value_key), rows, value_key)
    assert len(found) == 150


def test_equal_values_join_in_the_spelling_of_the_one_who_said_more(pattern: Any, rule: Any) -> None:
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    rows = {"K1": [{"x": "<http://s>", "y": f'"1"{integer}'}], "K2": [{"z": "<http://t>", "y": f'"01"{integer}'}]}
    goal = cover(pattern("?x p ?y . ?z q ?y"), [rule("K1", "?x p ?y"), rule("K2", "?z q ?y")], 2, value_key)
    (row,) = solve(goal, rows, value_key)
    assert row["y"] in (f'"1"{integer}', f'"01"{integer}')
    assert solve(goal, rows, str) == []


def test_an_anchor_limits_what_others_bring(pattern: Any, rule: Any) -> None:
    rules = [rule("posted", "?s p ?o"), rule("K", "?s p ?o . ?s q ?w")]
    goal = cover(pattern("?s p ?o . ?s q ?w"), rules, 2, value_key)
    others = [{"s": f"<http://{name}>", "o": "<http://1>", "w": "<http://w>"} for name in "st"]
    rows = {"posted": [{"s": "<http://s>", "o": "<http://1>"}], "K": others}
    assert len(solve(goal, rows, value_key)) == 2
    assert solve(goal, rows, value_key, "posted") == others[:1]
