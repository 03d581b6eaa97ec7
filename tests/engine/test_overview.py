"""Who would serve whom, and why not: told without contacting anybody."""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.engine import KnowledgeBase, Network
from gridlingua.engine.entries import Entry
from gridlingua.engine.survey.overview import Overview, Participant, lack

ACTUATION = ("https://w3id.org/knowledge-engine/ActuationPurpose",)


def entry(say: Any, owner: str, kind: str, pattern: str, result: str | None = None, **more: Any) -> Entry:
    one = say(kind, pattern, result, **more)
    return Entry(f"http://ex.org/{owner}/interaction/{one.name}", f"http://ex.org/{owner}", one)


def overview(*entries: Entry, level: int = 1) -> Overview:
    by_name: dict[str, list[Entry]] = {}
    for one in entries:
        by_name.setdefault(one.knowledge_base, []).append(one)
    bases = {name: KnowledgeBase(name, "n", "d", level) for name in by_name}
    return Overview(Participant(bases[name], tuple(found)) for name, found in by_name.items())


def test_who_covers_a_pattern_serves_it_at_level_1(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s p ?o")
    answer = entry(say, "B", "answer", "?x p ?y . ?x q ?z")
    prospect = overview(answer, entry(say, "C", "react", "?x p ?y")).prospect(ask)
    assert (prospect.level, prospect.servers, prospect.lacks) == (1, (answer,), ())


def test_two_serve_together_from_level_2_on_and_what_each_lacks_alone_is_told(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s p ?o . ?s q ?z")
    one, other = entry(say, "B", "answer", "?x p ?y"), entry(say, "C", "answer", "?x q ?y")
    prospect = overview(one, other).prospect(ask)
    assert (prospect.level, prospect.servers, prospect.absent) == (2, (one, other), ())
    assert [len(each.missing) for each in prospect.lacks] == [1, 1]


def test_an_ask_counts_on_a_react_only_if_somebody_brings_what_that_needs(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s q ?o")
    react, answer = entry(say, "B", "react", "?x p ?y", "?x q ?y"), entry(say, "C", "answer", "?x p ?y")
    assert overview(react).prospect(ask).level is None
    assert overview(react, answer).prospect(ask).servers == (react, answer)


def test_a_post_is_served_by_who_takes_it(say: Any) -> None:
    post = entry(say, "A", "post", "?s p ?o . ?s q ?z")
    same, part = entry(say, "B", "react", "?x q ?z . ?x p ?y"), entry(say, "C", "react", "?x p ?y")
    assert overview(same, part).prospect(post).servers == (same,)
    assert (overview(part).prospect(post).level, overview(part).prospect(post).servers) == (2, (part,))
    wider = entry(say, "D", "react", "?x p ?y . ?x q ?z . ?x r ?w")
    prospect = overview(wider).prospect(post)
    assert prospect.level is None
    assert [triple[1] for triple in prospect.lacks[0].missing] == ["<http://example.org/r>"]


def test_nobody_serves_itself(say: Any) -> None:
    ask, answer = entry(say, "A", "ask", "?s p ?o"), entry(say, "A", "answer", "?x p ?y", name="r")
    prospect = overview(ask, answer).prospect(ask)
    assert (prospect.level, prospect.lacks, prospect.absent) == (None, (), ())


def test_purposes_that_do_not_fit_are_told(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s p ?o")
    answer = entry(say, "B", "answer", "?x p ?y", required=ACTUATION, satisfied=ACTUATION)
    (told,) = overview(answer).prospect(ask).lacks
    assert (told.purposes, told.covered, told.missing, told.apart) == (True, 1, (), ())


def test_a_constant_that_differs_is_told_with_both(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s p ?o . ?s unit <http://e/kW>")
    answer = entry(say, "B", "answer", "?x p ?y . ?x unit <http://e/MW>")
    (told,) = overview(answer).prospect(ask).lacks
    assert [(ours[2], theirs[2]) for ours, theirs in told.differing] == [("<http://e/kW>", "<http://e/MW>")]
    assert told.missing == ()


def test_a_variable_for_two_is_told_as_not_fitting_together(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s p ?o . ?s q ?o")
    told = lack(ask, entry(say, "B", "answer", "?x p ?y . ?x q ?z"))
    assert ([triple[1] for triple in told.apart], told.missing, told.differing) == (["<http://example.org/q>"], (), ())


def test_a_counterpart_that_stands_for_something_else_does_not_count(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s id ?o . ?s has ?t . ?t id ?z")
    told = lack(ask, entry(say, "B", "answer", "?x id ?y . ?x has ?v"))
    assert told.missing == (ask.interaction.pattern.triples[2],)


def test_triples_that_nobody_has_are_told_and_the_nearest_comes_first(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s p ?o . ?s q ?z . ?s r ?w")
    near, far = entry(say, "C", "answer", "?x p ?y . ?x q ?z"), entry(say, "B", "answer", "?x p ?y")
    stranger = entry(say, "D", "answer", "?x z ?y")
    prospect = overview(near, far, stranger).prospect(ask)
    assert [one.entry for one in prospect.lacks] == [near, far]
    assert [triple[1] for triple in prospect.absent] == ["<http://example.org/r>"]


def test_another_class_alone_makes_nobody_near(say: Any) -> None:
    ask = entry(say, "A", "ask", "?s a <http://e/Meter> . ?s p ?o")
    prospect = overview(entry(say, "B", "answer", "?x a <http://e/Lamp> . ?x q ?y")).prospect(ask)
    assert prospect.lacks == ()
    assert len(prospect.absent) == 2


@pytest.mark.parametrize(("level", "served"), [(1, []), (2, ["A"])])
def test_everybody_on_the_network_stands_at_its_own_level(say: Any, level: int, served: list[str]) -> None:
    ask = entry(say, "A", "ask", "?s p ?o . ?s q ?z")
    one, other = entry(say, "B", "answer", "?x p ?y"), entry(say, "C", "answer", "?x q ?y")
    found = overview(ask, one, other, level=level)
    (standing,) = found.standings()
    assert (standing.level, bool(standing.servers), standing.together) == (level, bool(served), bool(served))
    assert [each.knowledge_base[-1] for each in found.who_asks(one)] == served


def test_the_overview_agrees_with_what_the_network_does(say: Any) -> None:
    kinds = [
        ("B", "answer", "?x p ?y", None),
        ("C", "answer", "?x q ?y . ?x p ?z", None),
        ("D", "react", "?x q ?y", "?x r ?y"),
        ("E", "answer", "?x q <http://e/1>", None),
    ]
    servers = [entry(say, *one) for one in kinds]
    asks = ["?s p ?o", "?s p ?o . ?s q ?z", "?s r ?o", "?s q <http://e/2>", "?s p ?s", "?s z ?o . ?s p ?o"]
    for level in (1, 2, 3):
        network = Network(wait_timeout=0.2)
        for one in servers:
            network.join(KnowledgeBase(one.knowledge_base, "n", "d"))
            network.add(one.knowledge_base, one.interaction)
        network.join(KnowledgeBase("http://ex.org/A", "n", "d", level))
        for number, pattern in enumerate(asks):
            ask = entry(say, "A", "ask", pattern, name=f"n{number}")
            network.add("http://ex.org/A", ask.interaction)
            told = {one.id for one in overview(*servers).who_serves(ask, level)}
            result = network.ask("http://ex.org/A", ask.id, [{}], timeout=0.2).result(5)
            answers = {one.id for one in servers if one.interaction.kind == "answer"}
            assert {one.interaction for one in result.exchanges} == told & answers, (level, pattern)
        network.close()


def test_a_triple_that_is_posted_stands_for_one_of_two_until_level_3(say: Any) -> None:
    post, react = entry(say, "A", "post", "?s p ?o"), entry(say, "B", "react", "?x p ?y . ?x p ?z")
    assert [overview(react).who_serves(post, level) for level in (1, 2, 3)] == [(), (), (react,)]
