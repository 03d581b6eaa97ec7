"""What a network says of a knowledge base (contract 5.2)."""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.engine.entries import Entry
from gridlingua.engine.protocol import INFORM, Interaction, KnowledgeBase
from gridlingua.engine.reasoning.meta import INTERACTIONS, PATTERN, meta_rule
from gridlingua.semantics.rows import Rows
from gridlingua.semantics.terms import XSD

KE = "https://w3id.org/knowledge-engine/"
B = KnowledgeBase("http://ex.org/B", "b", "the b")
META = "http://ex.org/B/meta/knowledgeinteractions"
R = "http://ex.org/B/interaction/r"


def told(*registered: Interaction, of: KnowledgeBase = B) -> Rows:
    """All that is told of a knowledge base."""
    entries = [Entry(f"{of.id}/interaction/{one.name}", of.id, one) for one in registered]
    rule = meta_rule(of, entries)
    assert rule.compute is not None
    return rule.compute([{}])


def own(*registered: Interaction, of: KnowledgeBase = B) -> Rows:
    """What is told of the interactions that it registered itself."""
    return [row for row in told(*registered, of=of) if row["isMeta"] == f'"false"^^<{XSD}boolean>']


def test_the_rule_needs_nothing_and_is_named_after_the_answer_that_the_network_gives() -> None:
    rule = meta_rule(B, ())
    assert (rule.name, rule.body, rule.head) == (f"{META}/answer", None, PATTERN)
    assert rule.entry is not None
    assert (rule.entry.id, rule.entry.knowledge_base) == (f"{META}/answer", B.id)


def test_every_row_says_everything_and_none_comes_twice(pattern: Any) -> None:
    rows = told(Interaction("r", "react", pattern("?s p ?o"), pattern("?s q ?o")))
    assert all(row.keys() == set(PATTERN.variables) for row in rows)
    assert len({tuple(sorted(row.items())) for row in rows}) == len(rows) == 10


def test_who_registered_nothing_still_has_the_eight_of_the_network_itself() -> None:
    rows = told()
    assert {row["isMeta"] for row in rows} == {f'"true"^^<{XSD}boolean>'}
    assert {row["kb"] for row in rows} == {"<http://ex.org/B>"}
    assert [(row["ki"], row["kiType"].rpartition("/")[2]) for row in rows] == [
        (f"<{META}/ask>", "AskKnowledgeInteraction>"),
        (f"<{META}/answer>", "AnswerKnowledgeInteraction>"),
        (f"<{META}/post/new>", "PostKnowledgeInteraction>"),
        (f"<{META}/post/changed>", "PostKnowledgeInteraction>"),
        (f"<{META}/post/removed>", "PostKnowledgeInteraction>"),
        (f"<{META}/react/new>", "ReactKnowledgeInteraction>"),
        (f"<{META}/react/changed>", "ReactKnowledgeInteraction>"),
        (f"<{META}/react/removed>", "ReactKnowledgeInteraction>"),
    ]
    assert len(INTERACTIONS) == 8


@pytest.mark.parametrize("change", ["New", "Changed", "Removed"])
def test_a_change_is_posted_to_satisfy_what_a_reaction_to_it_requires(change: str) -> None:
    purposes = {row["ki"]: (row["reqType"], row["satType"]) for row in told()}
    inform, purpose = f"<{INFORM}>", f"<{KE}{change}KnowledgePurpose>"
    assert purposes[f"<{META}/post/{change.lower()}>"] == (inform, purpose)
    assert purposes[f"<{META}/react/{change.lower()}>"] == (purpose, inform)


def test_what_an_interaction_is_told_as(pattern: Any) -> None:
    assert own(Interaction("r", "answer", pattern("?s p 5"))) == [
        {
            "kb": "<http://ex.org/B>",
            "name": '"b"',
            "description": '"the b"',
            "ki": f"<{R}>",
            "kiType": f"<{KE}AnswerKnowledgeInteraction>",
            "isMeta": f'"false"^^<{XSD}boolean>',
            "act": f"<{R}/act>",
            "req": f"<{R}/act/req>",
            "sat": f"<{R}/act/sat>",
            "reqType": f"<{INFORM}>",
            "satType": f"<{INFORM}>",
            "gp": f"<{R}/gp>",
            "patternType": f"<{KE}GraphPattern>",
            "pattern": '"?s <http://example.org/p> 5 . "',
        }
    ]


@pytest.mark.parametrize(
    ("kind", "result", "shown"),
    [
        ("ask", None, {"gp": ("Graph", "p")}),
        ("answer", None, {"gp": ("Graph", "p")}),
        ("post", None, {"argumentgp": ("ArgumentGraph", "p")}),
        ("react", "?s q ?o", {"argumentgp": ("ArgumentGraph", "p"), "resultgp": ("ResultGraph", "q")}),
    ],
)
def test_every_pattern_is_a_row_of_its_own(
    kind: Any, result: str | None, shown: dict[str, tuple[str, str]], pattern: Any
) -> None:
    rows = own(Interaction("r", kind, pattern("?s p ?o"), pattern(result) if result else None))
    assert {row["gp"]: (row["patternType"], row["pattern"]) for row in rows} == {
        f"<{R}/{name}>": (f"<{KE}{what}Pattern>", f'"?s <http://example.org/{predicate}> ?o . "')
        for name, (what, predicate) in shown.items()
    }
    assert len(rows) == len(shown)


def test_every_pair_of_purposes_is_a_row_of_its_own(pattern: Any) -> None:
    one = Interaction("r", "answer", pattern("?s p ?o"), required=("x:a", "x:b"), satisfied=("x:c", "x:d"))
    pairs = [(row["reqType"], row["satType"]) for row in own(one)]
    assert sorted(pairs) == [("<x:a>", "<x:c>"), ("<x:a>", "<x:d>"), ("<x:b>", "<x:c>"), ("<x:b>", "<x:d>")]


def test_texts_are_told_as_literals_that_read_back(pattern: Any) -> None:
    spoken = KnowledgeBase("http://ex.org/B", 'the "b"', "two\nlines, one \\")
    (row,) = own(Interaction("r", "answer", pattern('?s p "say \\"a\\""')), of=spoken)
    assert row["name"] == r'"the \"b\""'
    assert row["description"] == r'"two\nlines, one \\"'
    assert row["pattern"] == r'"?s <http://example.org/p> \"say \\\"a\\\"\" . "'
