"""Which rules an initiator may use (contract 4.1, 4.7)."""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.engine.bindings import value_key
from gridlingua.engine.entries import Entry
from gridlingua.engine.protocol import INFORM, Interaction, KnowledgeBase
from gridlingua.engine.reasoning.meta import meta_rule
from gridlingua.engine.reasoning.rules import Rule
from gridlingua.engine.reasoning.scope import Directory, Scope

KE = "https://w3id.org/knowledge-engine/"
P = "?s p ?o"


class Network:
    """Interactions that knowledge bases registered, each as ``<knowledge base> <name>``."""

    def __init__(self, pattern: Any) -> None:
        self._pattern = pattern
        self.directory = Directory(value_key)

    def entry(self, party: str, kind: Any, text: str = P, result: str | None = None, **purposes: Any) -> Entry:
        patterns = self._pattern(text), self._pattern(result) if result else None
        return Entry(f"{party} {kind}", party, Interaction(kind, kind, *patterns, **purposes))

    def add(self, party: str, kind: Any, text: str = P, result: str | None = None, **purposes: Any) -> Entry:
        entry = self.entry(party, kind, text, result, **purposes)
        self.directory.add(entry)
        return entry

    def heads(self, initiator: Entry, *recipients: str, own: tuple[Rule, ...] = (), text: str = P) -> list[str]:
        scope = Scope(self.directory, initiator, frozenset(recipients), own)
        return [rule.name for rule in scope.heads(self._pattern(text), whole=True)]

    def bodies(self, initiator: Entry, *recipients: str, own: tuple[Rule, ...] = (), text: str = P) -> list[str]:
        scope = Scope(self.directory, initiator, frozenset(recipients), own)
        return [rule.name for rule in scope.bodies(self._pattern(text), whole=True)]


@pytest.fixture
def network(pattern: Any) -> Network:
    return Network(pattern)


def test_answers_and_results_are_heads_arguments_are_bodies(network: Network) -> None:
    network.add("A", "answer")
    network.add("B", "react", "?s q ?o", P)
    network.add("C", "react", P, "?s q ?o")
    network.add("D", "react", P)
    me = network.entry("me", "ask")
    assert network.heads(me) == ["A answer", "B react"]
    assert network.bodies(me) == ["C react", "D react"]


def test_a_part_of_a_pattern_is_found_only_where_parts_will_do(network: Network, pattern: Any) -> None:
    network.add("A", "answer")
    network.add("B", "react")
    scope = Scope(network.directory, network.entry("me", "ask"), frozenset(), ())
    both = pattern("?s p ?o . ?s q ?o")
    assert scope.heads(both, whole=True) == scope.bodies(both, whole=True) == []
    assert [rule.name for rule in scope.heads(both, whole=False)] == ["A answer"]
    assert [rule.name for rule in scope.bodies(both, whole=False)] == ["B react"]


def test_what_was_removed_is_found_no_more(network: Network) -> None:
    gone = [network.add("A", "answer"), network.add("A", "react", P, P)]
    network.add("B", "react", P, P)
    for entry in gone:
        network.directory.remove(entry)
    me = network.entry("me", "ask")
    assert network.heads(me) == network.bodies(me) == ["B react"]


def test_nobody_uses_the_interactions_of_its_own_knowledge_base(network: Network) -> None:
    for party in ("me", "A"):
        network.add(party, "answer")
        network.add(party, "react", P, P)
    me = network.entry("me", "ask")
    assert network.heads(me) == ["A answer", "A react"]
    assert network.bodies(me) == ["A react"]
    assert network.heads(me, "me", "A") == ["A answer", "A react"]


def test_recipients_are_the_only_ones_that_are_used(network: Network) -> None:
    for party in ("A", "B", "C"):
        network.add(party, "answer")
        network.add(party, "react")
    me = network.entry("me", "ask")
    assert network.heads(me, "A", "C") == ["A answer", "C answer"]
    assert network.bodies(me, "B") == ["B react"]
    assert network.heads(me, "nobody") == []


@pytest.mark.parametrize(
    ("ours", "theirs", "meant"),
    [
        ({}, {}, True),
        ({"required": (f"{KE}NewKnowledgePurpose",)}, {}, False),
        ({"required": (f"{KE}NewKnowledgePurpose",)}, {"satisfied": (f"{KE}NewKnowledgePurpose",)}, True),
        ({}, {"satisfied": (f"{KE}NewKnowledgePurpose",)}, True),
        ({}, {"satisfied": (f"{KE}Purpose",)}, False),
        ({}, {"required": (f"{KE}ActuationPurpose",)}, False),
        ({"satisfied": (INFORM, f"{KE}ActuationPurpose")}, {"required": (f"{KE}ActuationPurpose",)}, True),
        ({"satisfied": ("x:own",)}, {"required": ("x:own",)}, True),
        ({"satisfied": ("x:own",)}, {"required": ("x:other",)}, False),
    ],
)
def test_both_sides_must_be_meant_to_talk_with_each_other(
    ours: dict[str, Any], theirs: dict[str, Any], meant: bool, network: Network
) -> None:
    network.add("A", "answer", **theirs)
    network.add("A", "react", **theirs)
    me = network.entry("me", "ask", **ours)
    assert network.heads(me) == (["A answer"] if meant else [])
    assert network.bodies(me) == (["A react"] if meant else [])


def test_domain_rules_come_along_whoever_the_recipients_are(network: Network, rule: Any) -> None:
    network.add("A", "answer")
    own = (rule("both", P, "?s q ?o"), rule("facts", "?s ?p ?o"), rule("sink", None, P))
    for recipients in ((), ("nobody",)):
        others = [] if recipients else ["A answer"]
        assert network.heads(network.entry("me", "ask"), *recipients, own=own) == [*others, "both", "facts"]
        assert network.bodies(network.entry("me", "ask"), *recipients, own=own) == ["both", "sink"]


def test_what_the_network_tells_of_others_is_told_of_the_recipients(network: Network) -> None:
    own = tuple(meta_rule(KnowledgeBase(party, party, party), ()) for party in ("http://a", "http://b"))
    me = network.entry("me", "ask")
    names = [f"{party}/meta/knowledgeinteractions/answer" for party in ("http://a", "http://b")]
    assert network.heads(me, own=own) == names
    assert network.heads(me, "http://b", own=own) == names[1:]
    assert network.heads(network.entry("me", "ask", required=("x:own",)), own=own) == []
    assert network.bodies(me, own=own) == []
