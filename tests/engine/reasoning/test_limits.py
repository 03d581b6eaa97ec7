"""What strangers register must not keep a network busy, and what is cut short must not look complete."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from gridlingua.engine import EmbeddedEngine, Interaction, KnowledgeBase, Network
from gridlingua.engine.bindings import value_key
from gridlingua.engine.errors import RegistrationError, TooManyCombinationsError
from gridlingua.engine.reasoning.gaps import ALTERNATIVES, find_gaps
from gridlingua.engine.reasoning.joining import STATES_LIMIT
from gridlingua.engine.reasoning.knowledge import read_knowledge
from gridlingua.engine.reasoning.planning import plan_ask
from gridlingua.engine.reasoning.run import RESTRICTIONS_LIMIT, Run
from gridlingua.engine.registration import MOST_TRIPLES
from gridlingua.engine.roster import PLANS_LIMIT
from gridlingua.semantics.patterns import Pattern

ASKER, OTHER = "http://ex.org/A", "http://ex.org/B"


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network(wait_timeout=5)
    yield made
    made.close()


def join(network: Network, name: str, *interactions: Interaction, level: int = 1) -> None:
    network.join(KnowledgeBase(name, "n", "d", level))
    for interaction in interactions:
        network.add(name, interaction)


def star(predicate: str, count: int) -> Pattern:
    return Pattern(tuple(("?x", predicate, f"?v{number}") for number in range(count)))


def test_a_star_that_nearly_fits_another_is_refused_in_words(network: Network) -> None:
    """Ten like triples against nine: by trial no end is near, and there is no match to be found."""
    join(network, OTHER, Interaction("r", "answer", star("<p>", 9)))
    join(network, ASKER, Interaction("q", "ask", star("<p>", 10)))
    (exchange,) = network.ask(ASKER, f"{ASKER}/interaction/q", []).result(10).exchanges
    assert exchange.message == (
        f"The pattern of {OTHER}/interaction/r corresponds to the initiator's in too many ways: "
        "triples are interchangeable, give them something that tells them apart."
    )


def test_a_stranger_that_any_pattern_nearly_fits_does_not_stop_others(network: Network) -> None:
    anything = tuple((f"?s{n}", f"?p{n}", f"?o{n}") for n in range(10))
    body = Pattern((*anything, ("?x", "<w>", "?y")))
    stranger = [Interaction("i", "react", body, Pattern((("?x", "<p>", "?y"),)))]
    join(network, OTHER, *stranger, Interaction("j", "answer", Pattern(anything)))
    join(network, ASKER, Interaction("q", "ask", star("<p>", 1)))
    with EmbeddedEngine(network) as engine:
        friend = KnowledgeBase("http://ex.org/C", "n", "d")
        engine.register(friend, [Interaction("r", "answer", star("<p>", 1))])
        engine.handle(friend.id, lambda request: [{"x": "<s>", "v0": "<o>"}])
        asked = network.ask(ASKER, f"{ASKER}/interaction/q", [], timeout=1)
        assert {"x": "<s>", "v0": "<o>"} in asked.result(10).rows


def test_patterns_have_a_length(network: Network) -> None:
    join(network, OTHER)
    with pytest.raises(RegistrationError) as caught:
        network.add(OTHER, Interaction("r", "answer", star("<p>", MOST_TRIPLES + 1)))
    assert f"it has {MOST_TRIPLES + 1} triples, at most {MOST_TRIPLES} are taken" in str(caught.value)


def test_plans_for_invented_recipients_are_not_all_kept(network: Network) -> None:
    join(network, ASKER, Interaction("q", "ask", star("<p>", 1)))
    ki = f"{ASKER}/interaction/q"
    for number in range(PLANS_LIMIT + 5):
        network.ask(ASKER, ki, [], [f"http://ex.org/{number}"]).result(5)
    assert not network.is_planned(ki, ["http://ex.org/0"])
    assert network.is_planned(ki, [f"http://ex.org/{PLANS_LIMIT + 4}"])


def test_who_only_joined_is_told_of_and_who_left_is_not(network: Network) -> None:
    ke = "https://w3id.org/knowledge-engine/"
    who = Pattern((("?kb", f"<{ke}hasName>", "?name"),))
    join(network, ASKER, Interaction("q", "ask", who, include_meta=True))

    def told() -> list[str]:
        return [row["kb"] for row in network.ask(ASKER, f"{ASKER}/interaction/q", []).result(5).rows]

    assert told() == []
    join(network, OTHER)
    assert told() == [f"<{OTHER}>"]
    network.leave(OTHER)
    assert told() == []


def test_an_interaction_that_takes_the_name_of_another_has_a_plan_of_its_own(network: Network) -> None:
    join(network, OTHER, Interaction("r", "answer", star("<q>", 1)))
    join(network, ASKER, Interaction("i", "ask", star("<p>", 1)))
    ki = f"{ASKER}/interaction/i"
    assert network.ask(ASKER, ki, [], timeout=0.1).result(5).exchanges == ()
    network.remove(ASKER, ki)
    network.add(ASKER, Interaction("i", "ask", star("<q>", 1)))
    assert len(network.ask(ASKER, ki, [], timeout=0.1).result(5).exchanges) == 1


def test_a_rule_that_feeds_itself_reaches_the_end_of_a_long_feeder(meeting: Any) -> None:
    count = 130
    facts = " ".join(f"-> (<http://{n}> <http://example.org/next> <http://{n + 1}>) ." for n in range(count))
    rules = """@prefix e: <http://example.org/> .
        (?x e:next ?y) -> (?x e:reach ?y) . (?x e:next ?y), (?y e:reach <http://130>) -> (?x e:reach <http://130>) ."""
    asked, scope = meeting.initiator("ask", "?x reach <http://130>", own=read_knowledge(facts + rules))
    run = Run(plan_ask(asked, scope, 3, value_key), [{}], value_key)
    assert run.due() == []
    assert len(run.result()) == count


def test_a_react_that_would_go_on_for_ever_shows_as_failed(network: Network) -> None:
    with EmbeddedEngine(network) as engine:
        chain = Interaction("r", "react", Pattern((("?u", "<p>", "?v"),)), Pattern((("?v", "<p>", "?w"),)))
        engine.register(
            KnowledgeBase(OTHER, "n", "d"), [Interaction("s", "answer", Pattern((("?x", "<p>", "?y"),))), chain]
        )
        made = iter(range(1000))

        def handle(request: Any) -> Any:
            if request.interaction.kind == "answer":
                return [{"x": "<a>", "y": "<b>"}]
            return [{"v": row["v"], "w": f"<http://{next(made)}>"} for row in request.rows]

        engine.handle(OTHER, handle)
        engine.register(KnowledgeBase(ASKER, "n", "d"), [Interaction("q", "ask", Pattern((("?x", "<p>", "?y"),)))])
        result = engine.ask(ASKER, "q", [])
        assert {failure.interaction for failure in result.failures} == {f"{OTHER}/interaction/r"}
        assert "would go on for ever" in result.failures[0].message


def test_reacts_that_turn_rows_about_do_not_multiply_what_is_asked(meeting: Any) -> None:
    names = "abcdefg"
    values = " . ".join(f"?s {name * 2} ?{name}" for name in names)
    for number, order in enumerate(((*names[1:], names[0]), (names[1], names[0], *names[2:]))):
        turned = " . ".join(f"?s {name * 2} ?{other}" for name, other in zip(names, order, strict=True))
        meeting.add(f"K{number}", "react", values, turned)
    meeting.add("K", "answer", values)
    asked, scope = meeting.initiator("ask", values)
    run = Run(plan_ask(asked, scope, 1, value_key), [{name: f'"{name}"' for name in names}], value_key)
    ((_, rows),) = run.due()
    assert len(rows) <= RESTRICTIONS_LIMIT < len(list(permutations(names)))


def test_gaps_end(meeting: Any) -> None:
    for one, other in permutations("abcdefgh", 2):
        meeting.add(f"{one}{other}", "react", f"?x {one * 2} ?y . ?x {one}z{other} ?w", f"?x {other * 2} ?y")
    asked, scope = meeting.initiator("ask", "?x aa ?y")
    assert 1 <= len(find_gaps(plan_ask(asked, scope, 5, value_key))) <= ALTERNATIVES


def test_a_join_that_would_fill_the_memory_is_given_up_and_whoever_waits_is_told_what_to_do(network: Network) -> None:
    names = [f"<http://example.org/{name}>" for name in "abcdefghi"]
    wanted = Pattern(tuple(("?x", name, f"?v{place}") for place, name in enumerate(names)))
    with contextlib.ExitStack() as stack:
        for number in range(4):
            engine = stack.enter_context(EmbeddedEngine(network))
            one = KnowledgeBase(f"http://ex.org/{number}", "n", "d")
            rows = [{"x": "<s>", **{f"v{place}": f'"{number}{n}"' for place in range(9)}} for n in range(2)]
            engine.register(one, [Interaction("r", "answer", wanted)])
            engine.handle(one.id, lambda request, rows=rows: rows)
        join(network, ASKER, Interaction("q", "ask", wanted), level=2)
        asked = network.ask(ASKER, f"{ASKER}/interaction/q", [])
        with pytest.raises(TooManyCombinationsError) as caught:
            asked.result(60)
    assert f"more than {STATES_LIMIT} ways: bind more variables, name the recipients" in str(caught.value)


def test_a_closed_network_leaves_no_thread_that_joins() -> None:
    before = set(threading.enumerate())
    network = Network(wait_timeout=5)
    with EmbeddedEngine(network) as engine:
        for name in ("p", "q"):
            one = KnowledgeBase(f"http://ex.org/{name}", "n", "d")
            engine.register(one, [Interaction("r", "answer", star(f"<{name}>", 1))])
            engine.handle(one.id, lambda request: [{"x": "<s>", "v0": "<o>"}])
        both = Pattern((("?x", "<p>", "?a"), ("?x", "<q>", "?b")))
        engine.register(KnowledgeBase(ASKER, "n", "d", 2), [Interaction("q", "ask", both)])
        assert len(engine.ask(ASKER, "q", []).rows) == 1
    network.close()
    assert set(threading.enumerate()) <= before
