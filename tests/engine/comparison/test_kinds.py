"""Kinds of interactions that never meet, whatever their patterns."""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.engine import Interaction
from gridlingua.engine.comparison.comparison import Comparison, compare
from gridlingua.engine.comparison.verdict import Side
from gridlingua.engine.protocol import Kind


@pytest.fixture
def held(pattern: Any, kinship: Any) -> Any:
    def against(first: Kind, second: Kind, *owners: str, result: str | None = None) -> Comparison:
        made = [
            Side(kind, Interaction("q", kind, pattern("?s :p ?o"), pattern(result) if result else None), owner)
            for kind, owner in zip((first, second), owners or ("", ""), strict=True)
        ]
        return compare(*made, kinship)

    return against


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("ask", "ask", "Both sides ask: one of the two must answer instead."),
        ("answer", "answer", "Both sides answer: one of the two must ask instead."),
        ("post", "post", "Both sides post: one of the two must react instead."),
        ("react", "react", "Both sides react: one of the two must post instead."),
        ("ask", "post", "One side asks and the other posts: these never meet."),
        ("post", "answer", "One side posts and the other answers: these never meet."),
        ("answer", "react", "One side answers and the other reacts: these never meet."),
        ("ask", "react", "An ask meets answers."),
        ("react", "ask", "An ask meets answers."),
    ],
)
def test_kinds_that_never_meet_are_told(held: Any, told: Any, first: Kind, second: Kind, said: str) -> None:
    found = held(first, second)
    assert (found.level, found.kinds_meet, found.mended) == (None, False, None)
    assert told(found)["kind"].startswith(said)


def test_the_patterns_are_compared_all_the_same(held: Any) -> None:
    assert held("ask", "ask").parts[0].alignment.is_whole


def test_an_ask_is_held_against_what_a_react_brings(held: Any) -> None:
    (part,) = held("ask", "react", result="?s :q ?o").parts
    assert part.alignment.right.triples[0][1] == "<http://example.org/q>"


def test_who_initiates_may_come_second(held: Any) -> None:
    found = held("answer", "ask")
    assert (found.level, found.initiator.name, found.responder.name) == (1, "ask", "answer")


def test_a_knowledge_base_does_not_serve_itself(held: Any, told: Any) -> None:
    found = held("ask", "answer", "http://example.org/kb", "http://example.org/kb")
    assert (found.level, found.is_same_party) == (None, True)
    assert "of one knowledge base" in told(found)["party"]
