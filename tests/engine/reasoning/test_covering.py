"""Who brings what of a pattern, at which level (contract 4.2, 4.3)."""

from typing import Any

import pytest

from gridlingua.engine.bindings import value_key
from gridlingua.engine.reasoning.covering import cover


def names(goal: Any) -> list[str]:
    return [source.rule.name for source in goal.sources]


@pytest.mark.parametrize(
    ("level", "found"), [(1, ["all"]), (2, ["all", "p", "q"]), (3, ["all", "p", "q"]), (4, ["all", "p", "q"])]
)
def test_from_level_2_parts_count(pattern: Any, rule: Any, level: int, found: list[str]) -> None:
    rules = [
        rule("all", "?x p ?y . ?x q ?z . ?x r ?w"),
        rule("p", "?x p ?y"),
        rule("q", "?x q ?y"),
        rule("z", "?x z ?y"),
    ]
    assert names(cover(pattern("?s p ?a . ?s q ?b"), rules, level, value_key)) == found


@pytest.mark.parametrize(("level", "found"), [(1, []), (2, []), (3, []), (4, ["p"]), (5, ["p"])])
def test_from_level_4_what_cannot_be_completed_counts_too(
    pattern: Any, rule: Any, level: int, found: list[str]
) -> None:
    assert names(cover(pattern("?s p ?a . ?s q ?b"), [rule("p", "?x p ?y")], level, value_key)) == found


def test_at_level_2_a_source_is_used_once_in_one_way(pattern: Any, rule: Any) -> None:
    """?v would be ?y and ?z at once: K cannot bring both triples, and there is nobody else."""
    asked, one = pattern("?s p ?v . ?s q ?v"), rule("K", "?x p ?y . ?x q ?z")
    assert names(cover(asked, [one], 2, value_key)) == []
    assert names(cover(asked, [one], 3, value_key)) == ["K"]
    assert names(cover(asked, [one, rule("L", "?x q ?y")], 2, value_key)) == ["K", "L"]


def test_a_single_source_for_everything_needs_no_join(pattern: Any, rule: Any) -> None:
    one = rule("K", "?x p ?y . ?x q ?z")
    assert not cover(pattern("?s p ?a . ?s q ?b"), [one], 2, value_key).together


def test_who_may_bring_a_part_only_is_asked_without_the_rest_too(pattern: Any, rule: Any) -> None:
    rules = [rule("K", "?x p ?y . ?x q ?z"), rule("L", "?x p ?y . ?x q ?z")]
    goal = cover(pattern("?s p ?a . ?s q ?b"), rules, 2, value_key)
    asked = goal.restrictions(goal.sources[0], [{"a": "<http://1>", "b": "<http://2>"}])
    assert asked == [{"y": "<http://1>", "z": "<http://2>"}, {"y": "<http://1>"}, {"z": "<http://2>"}]


def test_what_only_one_brings_always_restricts_it(pattern: Any, rule: Any) -> None:
    rules = [rule("K", "?x p ?y . ?x q ?z"), rule("L", "?x q ?z")]
    goal = cover(pattern("?s p ?a . ?s q ?b"), rules, 2, value_key)
    asked = goal.restrictions(goal.sources[0], [{"a": "<http://1>", "b": "<http://2>"}])
    assert asked == [{"y": "<http://1>", "z": "<http://2>"}, {"y": "<http://1>"}]


def test_interchangeable_parts_do_not_hide_a_source_that_brings_everything(pattern: Any, rule: Any) -> None:
    """Eight like stars: a million ways to bring some of them, and one that brings all by what tells them apart."""
    star = " . ".join(f"?{v} {v * 2} ?{v}one . ?{v}one p ?{v}two . ?{v}two q ?{v}three" for v in "abcdefgh")
    goal = cover(pattern(star), [rule("K", star), rule("L", "?x p ?y")], 2, value_key)
    (best,) = (source for source in goal.sources if source.rule.name == "K")
    assert len(best.ways) == 1
    assert not best.is_hopeless


def test_interchangeable_triples_are_hopeless_at_any_level(pattern: Any, rule: Any) -> None:
    many = " . ".join(f"?x p ?v{number}" for number in range(8))
    for level in (1, 2):
        (source,) = cover(pattern(many), [rule("K", many)], level, value_key).sources
        assert source.is_hopeless
