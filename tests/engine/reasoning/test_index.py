"""Which patterns could cover a pattern, found without a look at each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gridlingua.engine.bindings import value_key
from gridlingua.engine.reasoning.index import PatternIndex
from gridlingua.semantics.patterns import Pattern

PATTERNS = {
    "p": "?s p ?o",
    "pq": "?s p ?o . ?s q ?z",
    "any": "?s ?p ?o",
    "thing": "?s a <http://example.org/Thing>",
    "class": "?s a ?c",
}


@pytest.fixture
def index(pattern: Callable[[str], Pattern]) -> PatternIndex:
    made = PatternIndex(value_key)
    for name, text in PATTERNS.items():
        made.add(name, _read(pattern, text))
    return made


def _read(pattern: Callable[[str], Pattern], text: str) -> Pattern:
    return pattern(text.replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "))


@pytest.mark.parametrize(
    ("text", "covering", "touching"),
    [
        ("?a p ?b", {"p", "pq", "any"}, {"p", "pq", "any"}),
        ("?a p ?b . ?a q ?c", {"pq", "any"}, {"p", "pq", "any"}),
        ("?a a <http://example.org/Thing>", {"thing", "class", "any"}, {"thing", "class", "any"}),
        ("?a a <http://example.org/Other>", {"class", "any"}, {"class", "any"}),
        ("?a a <http://example.org/Other> . ?a p ?b", {"any"}, {"class", "any", "p", "pq"}),
        ("?a a ?b", {"thing", "class", "any"}, {"thing", "class", "any"}),
        ("?a ?b ?c", set(PATTERNS), set(PATTERNS)),
        ("?a z ?b", {"any"}, {"any"}),
    ],
)
def test_the_index_finds_whoever_could_cover_a_pattern_or_a_part_of_it(
    text: str,
    covering: set[str],
    touching: set[str],
    index: PatternIndex,
    pattern: Callable[[str], Pattern],
) -> None:
    assert index.covering(_read(pattern, text)) == covering
    assert index.touching(_read(pattern, text)) == touching


def test_nobody_is_found_who_was_removed(index: PatternIndex, pattern: Callable[[str], Pattern]) -> None:
    for name, text in PATTERNS.items():
        index.remove(name, _read(pattern, text))
    for text in ("?a ?b ?c", "?a a ?b", "?a p ?b"):
        assert index.covering(_read(pattern, text)) == index.touching(_read(pattern, text)) == frozenset()


def test_who_uses_a_predicate_twice_is_gone_when_removed(pattern: Callable[[str], Pattern]) -> None:
    index = PatternIndex(value_key)
    for name in ("one", "other"):
        index.add(name, pattern("?s p ?o . ?o p ?z"))
    index.remove("one", pattern("?s p ?o . ?o p ?z"))
    assert index.covering(pattern("?a p ?b")) == {"other"}
