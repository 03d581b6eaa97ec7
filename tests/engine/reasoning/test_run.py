"""Plans carried out by hand: what is due next, and what comes of it."""

from typing import Any

import pytest

from gridlingua.engine.bindings import value_key
from gridlingua.engine.reasoning.gaps import find_gaps
from gridlingua.engine.reasoning.knowledge import read_knowledge
from gridlingua.engine.reasoning.planning import plan_ask, plan_post
from gridlingua.engine.reasoning.run import FIRINGS_LIMIT, Run


def iris(**terms: str) -> dict[str, str]:
    return {name: f"<http://{term}>" for name, term in terms.items()}


def ask(meeting: Any, text: str, *rows: Any, level: int = 2, rules: str = "") -> Run:
    asked, scope = meeting.initiator("ask", text, own=read_knowledge(rules))
    return Run(plan_ask(asked, scope, level, value_key), list(rows) or [{}], value_key)


def post(meeting: Any, text: str, *rows: Any, result: str | None = None, level: int = 2) -> Run:
    asked, scope = meeting.initiator("post", text, result)
    return Run(plan_post(asked, scope, level, value_key), list(rows), value_key)


def due(run: Run) -> dict[str, Any]:
    return {step.rule.name: rows for step, rows in run.due()}


def test_an_ask_that_nobody_serves_is_complete_at_once(meeting: Any) -> None:
    run = ask(meeting, "?s p ?o")
    assert (due(run), run.is_complete, run.result()) == ({}, True, [])


def test_a_react_waits_for_what_it_needs(meeting: Any) -> None:
    meeting.add("K1", "answer", "?x p ?y")
    meeting.add("K2", "react", "?u p ?v", "?u q ?w")
    run = ask(meeting, "?s q ?o")
    assert due(run) == {"K1": [{}]}
    run.ended("K1", [iris(x="s", y="1")])
    assert due(run) == {"K2": [iris(u="s", v="1")]}
    assert not run.is_complete
    run.ended("K2", [iris(u="s", w="2")])
    assert due(run) == {}
    assert run.is_complete
    assert run.result() == [iris(s="s", o="2")]


def test_a_react_that_gets_nothing_is_not_contacted(meeting: Any) -> None:
    meeting.add("K1", "answer", "?x p ?y")
    meeting.add("K2", "react", "?u p ?v", "?u q ?w")
    run = ask(meeting, "?s q ?o")
    due(run)
    run.ended("K1", [])
    assert (due(run), run.is_complete, run.result()) == ({}, True, [])


def test_reacts_that_feed_each_other_end_when_nothing_new_comes(meeting: Any) -> None:
    meeting.add("K0", "answer", "?x p ?y")
    meeting.add("K1", "react", "?u p ?v", "?v q ?u")
    meeting.add("K2", "react", "?u q ?v", "?v p ?u")
    run = ask(meeting, "?s q ?o")
    due(run)
    run.ended("K0", [iris(x="a", y="b")])
    fired = []
    while step := run.due():
        for one, rows in step:
            fired.append(one.rule.name)
            run.ended(one.rule.name, rows)
    assert fired == ["K1", "K2"]
    assert run.is_complete
    assert run.result() == [iris(s="b", o="a")]


def test_a_react_that_makes_new_things_of_its_own_ends_all_the_same(meeting: Any) -> None:
    meeting.add("K0", "answer", "?x p ?y")
    meeting.add("K1", "react", "?u p ?v", "?v p ?new")
    run = ask(meeting, "?s p ?o")
    due(run)
    run.ended("K0", [iris(x="0", y="1")])
    fired = 0
    while step := run.due():
        fired += 1
        run.ended("K1", [{"v": row["v"], "new": f"<http://{fired + 1}>"} for _, rows in step for row in rows])
    assert fired == FIRINGS_LIMIT
    assert run.is_complete
    assert len(run.result()) == FIRINGS_LIMIT + 1


def test_a_chain_of_reacts_follows_a_post(meeting: Any) -> None:
    meeting.add("K1", "react", "?u p ?v", "?u q ?w")
    meeting.add("K2", "react", "?u q ?v", "?u r ?w")
    run = post(meeting, "?s p ?o", iris(s="s", o="1"), result="?s r ?x", level=1)
    assert due(run) == {"K1": [iris(u="s", v="1")]}
    run.ended("K1", [iris(u="s", w="2")])
    assert due(run) == {"K2": [iris(u="s", v="2")]}
    run.ended("K2", [iris(u="s", w="3")])
    assert (due(run), run.result()) == ({}, [iris(s="s", x="3")])


def test_a_react_that_needs_more_is_completed_by_answers_about_the_same_things(meeting: Any) -> None:
    meeting.add("K1", "react", "?u p ?v . ?u z ?w")
    meeting.add("K2", "answer", "?x z ?y . ?x r ?t")
    run = post(meeting, "?s p ?o", iris(s="s", o="1"))
    assert set(due(run)) == {"K2"}
    run.ended("K2", [iris(x="s", y="k", t="t"), iris(x="other", y="k", t="t")])
    assert due(run) == {"K1": [iris(u="s", v="1", w="k")]}


def test_incomplete_rows_of_a_post_are_dropped(meeting: Any) -> None:
    meeting.add("K1", "react", "?u p ?v")
    assert due(post(meeting, "?s p ?o", iris(s="s"), iris(s="t", o="1"))) == {"K1": [iris(u="t", v="1")]}


def test_rules_of_the_asker_are_worked_out_here(meeting: Any) -> None:
    meeting.add("K1", "answer", "?x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> Sensor")
    rules = "@prefix ex: <http://example.org/> . (?a rdf:type ex:Sensor) -> (?a rdf:type ex:Device) ."
    asked = "?d <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> Device"
    for level in (1, 2, 5):
        run = ask(meeting, asked, level=level, rules=rules)
        assert due(run) == {"K1": [{}]}
        run.ended("K1", [iris(x="one")])
        assert (due(run), run.is_complete, run.result()) == ({}, True, [iris(d="one")])


def gaps(meeting: Any, text: str) -> list[list[str]]:
    asked, scope = meeting.initiator("ask", text)
    found = find_gaps(plan_ask(asked, scope, 5, value_key))
    short = [[" ".join(node.replace("http://example.org/", "") for node in triple) for triple in gap] for gap in found]
    return sorted(sorted(gap) for gap in short)


def test_what_nobody_brings_is_a_gap(meeting: Any) -> None:
    assert gaps(meeting, "?a p ?b . ?b q ?c") == [["?a <p> ?b", "?b <q> ?c"]]
    meeting.add("K1", "answer", "?x p ?y")
    assert gaps(meeting, "?a p ?b . ?b q ?c") == [["?b <q> ?c"]]
    assert gaps(meeting, "?a p ?b") == []


def test_reacts_that_lack_something_are_alternatives(meeting: Any) -> None:
    meeting.add("K1", "react", "?x p ?y . ?x z ?w", "?x q ?y")
    meeting.add("K2", "react", "?u r ?v", "?u q ?v")
    assert gaps(meeting, "?a q ?b") == [["?u <r> ?v"], ["?x <p> ?y", "?x <z> ?w"]]


def test_reacts_that_need_each_other_have_gaps_and_an_end(meeting: Any) -> None:
    meeting.add("K1", "react", "?x p ?y", "?x q ?y")
    meeting.add("K2", "react", "?x q ?y", "?x p ?y")
    assert gaps(meeting, "?a q ?b") == [["?x <q> ?y"]]


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_run_sends_merged_rows_to_those_who_expect_them(meeting: Any, level: int) -> None:
    meeting.add("K1", "answer", "?x p ?y")
    asked, scope = meeting.initiator("ask", "?s p ?o")
    plan = plan_ask(asked, scope, level, value_key)
    rows = [iris(s="1"), iris(o="b")]
    assert due(Run(plan, rows, value_key)) == {"K1": [iris(x="1"), iris(y="b")]}
    assert due(Run(plan, rows, value_key, merges=True)) == {"K1": [iris(x="1"), iris(y="b"), iris(x="1", y="b")]}
