"""What the fake engine is told, it does; that it is an engine, tests/engine shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from gridlingua.engine import Interaction, KnowledgeBase
from gridlingua.errors import MessageError, RemoteError
from gridlingua.semantics.patterns import PatternError, parse_body
from gridlingua.testing import SILENCE, FakeEngine, FakeNetwork, Nonsense, Refusal, Sent

E = "http://example.org/"
PREFIXES = {"ex": E}
ME = KnowledgeBase(f"{E}me", "me", "who is tested")
POWER = parse_body("?need ex:power ?power .", PREFIXES)
THREE = f'"3"^^<{"http://www.w3.org/2001/XMLSchema#"}integer>'
ROWS = [{"n": f"<{E}1>", "p": "3"}, {"n": f"<{E}2>", "p": "4"}]


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    with FakeEngine(prefixes=PREFIXES) as made:
        made.register(
            ME,
            [
                Interaction("ask", "ask", POWER),
                Interaction("post", "post", POWER, parse_body("?need ex:accepted ?yes .", PREFIXES)),
                Interaction("answer", "answer", parse_body("?offer ex:price ?price .", PREFIXES)),
            ],
        )
        yield made


def test_a_party_of_one_line_answers_what_fits_the_question(engine: FakeEngine) -> None:
    engine.answers("?n ex:power ?p .", ROWS)
    assert engine.ask(ME.id, "ask", [{"need": f"<{E}1>"}]).rows == [{"need": f"<{E}1>", "power": THREE}]
    assert len(engine.ask(ME.id, "ask", []).rows) == 2


def test_a_party_may_be_a_function_of_what_it_is_asked(engine: FakeEngine) -> None:
    engine.answers("?n ex:power ?p .", lambda request: [row | {"p": f'"{len(request.rows)}"'} for row in request.rows])
    assert engine.ask(ME.id, "ask", [{"need": f"<{E}1>"}]).rows == [{"need": f"<{E}1>", "power": '"1"'}]


def test_a_party_reacts_to_what_is_posted(engine: FakeEngine) -> None:
    market = engine.reacts("?n ex:power ?p .", "?n ex:accepted ?y .", lambda r: [{"n": r.rows[0]["n"], "y": "true"}])
    result = engine.post(ME.id, "post", [{"need": f"<{E}1>", "power": "3"}])
    assert [row["need"] for row in result.rows] == [f"<{E}1>"]
    assert [request.rows for request in market.received] == [[{"n": f"<{E}1>", "p": THREE}]]
    assert market.received[0].requester == ME.id


def test_what_was_sent_is_known_as_it_left(engine: FakeEngine) -> None:
    engine.ask(ME.id, "ask", [{"need": f"<{E}1>"}], recipients=["https://peer.example.org/kb"], timeout=2)
    with pytest.raises(MessageError):
        engine.ask(ME.id, "ask", [{"need": "no term"}])
    engine.post(ME.id, "post", [{"need": f"<{E}1>", "power": "3"}])
    (asked,), (posted,) = engine.asked, engine.posted
    assert (asked.name, asked.rows, asked.recipients) == (
        "ask",
        [{"need": f"<{E}1>"}],
        ("https://peer.example.org/kb",),
    )
    assert asked.timeout == pytest.approx(2, abs=0.5)
    assert posted == Sent("post", ME.id, "post", [{"need": f"<{E}1>", "power": THREE}])


def test_a_party_asks_and_who_is_tested_answers_with_its_own_handler(engine: FakeEngine) -> None:
    engine.handle(ME.id, lambda request: [{"offer": f"<{E}9>", "price": '"0.31"'}])
    result = engine.peer("retailer").asks("?o ex:price ?p .")
    assert result.rows == [{"o": f"<{E}9>", "p": '"0.31"'}]
    assert [one.knowledge_base for one in result.exchanges] == [ME.id]


def test_what_a_handler_gets_wrong_is_told_to_the_party(engine: FakeEngine) -> None:
    engine.handle(ME.id, lambda request: [{"offer": f"<{E}9>"}])
    (exchange,) = engine.peer().asks("?o ex:price ?p .").exchanges
    assert "missing some variable(s)" in exchange.message


def test_several_parties_answer_each_under_its_own_name(engine: FakeEngine) -> None:
    engine.answers("?n ex:power ?p .", ROWS[:1], by="north")
    engine.answers("?n ex:power ?p .", Refusal(403, "not for you"), by="south")
    result = engine.ask(ME.id, "ask", [])
    assert [one.knowledge_base for one in result.exchanges] == [
        "https://north.example.org/kb",
        "https://south.example.org/kb",
    ]
    (refused,) = result.failures
    error = refused.error()
    assert error is not None
    assert (error.status, str(error)) == (403, "https://south.example.org/kb: not for you")


def test_silence_ends_at_the_deadline_and_takes_no_time(engine: FakeEngine) -> None:
    engine.answers("?n ex:power ?p .", SILENCE, by="silent")
    engine.answers("?n ex:power ?p .", ROWS, by="other")
    began = time.monotonic()
    result = engine.ask(ME.id, "ask", [], timeout=600)
    assert time.monotonic() - began < 5
    (silent,) = result.failures
    error = silent.error()
    assert error is not None
    assert (error.status, error.retry, len(result.rows)) == (504, True, 2)


@pytest.mark.parametrize(
    "rows", [[{"n": f"<{E}1>"}], [{"n": f"<{E}1>", "p": "no term"}], [{"n": f"<{E}1>", "p": "1", "z": "1"}]]
)
def test_nonsense_of_a_party_is_a_failed_exchange(engine: FakeEngine, rows: Any) -> None:
    engine.answers("?n ex:power ?p .", Nonsense(rows))
    (exchange,) = engine.ask(ME.id, "ask", []).exchanges
    assert exchange.status == "FAILED"


@pytest.mark.parametrize("rows", [None, "rows", [5], [{"n": None, "p": "1"}]])
def test_what_a_network_does_not_even_pass_on_leaves_the_asker_waiting_until_its_deadline(
    engine: FakeEngine, rows: Any
) -> None:
    engine.answers("?n ex:power ?p .", Nonsense(rows))
    (exchange,) = engine.ask(ME.id, "ask", []).exchanges
    assert "TimeoutException" in exchange.message


def test_a_row_of_a_script_that_holds_no_term_is_told_where_it_is_written(engine: FakeEngine) -> None:
    with pytest.raises(RemoteError, match="no term"):
        engine.answers("?n ex:power ?p .", [{"n": "no term", "p": "1"}])
    with pytest.raises(PatternError):
        engine.answers("?n unknown:power ?p .", [])


def test_the_engine_itself_fails_as_often_as_it_is_told(engine: FakeEngine) -> None:
    engine.fail(502, "bad gateway", times=2)
    for _ in range(2):
        with pytest.raises(RemoteError, match="bad gateway") as caught:
            engine.ask(ME.id, "ask", [])
        assert caught.value.status == 502
    assert engine.ask(ME.id, "ask", []).exchanges == ()
    assert len(engine.asked) == 3


def test_an_engine_that_is_not_there_is_no_empty_result_and_comes_back(engine: FakeEngine) -> None:
    engine.answers("?n ex:power ?p .", ROWS)
    with engine.unreachable("no route to host"):
        with pytest.raises(RemoteError, match="no route to host") as caught:
            engine.ask(ME.id, "ask", [])
        assert (caught.value.status, caught.value.retry, engine.state.status) == (503, True, "degraded")
    assert engine.state.status == "connected"
    assert len(engine.ask(ME.id, "ask", []).rows) == 2


def test_registration_while_the_engine_is_away_goes_on_when_it_is_back() -> None:
    with FakeEngine(prefixes=PREFIXES) as engine:
        engine.answers("?n ex:power ?p .", ROWS)
        with engine.unreachable():
            engine.register(ME, [Interaction("ask", "ask", POWER)])
            assert engine.state.status == "degraded"
        assert len(engine.ask(ME.id, "ask", []).rows) == 2


def test_an_engine_that_forgot_us_takes_us_up_again(engine: FakeEngine) -> None:
    engine.answers("?n ex:power ?p .", ROWS)
    engine.forget()
    assert ME.id not in [one.id for one in engine.network.knowledge_bases()]
    assert len(engine.ask(ME.id, "ask", []).rows) == 2
    assert engine.state.counters["registrations"] == 2


def test_a_lease_is_renewed_however_fast_time_goes_by() -> None:
    network = FakeNetwork()
    with FakeEngine(network) as engine:
        engine.register(KnowledgeBase(ME.id, "me", "me", lease=60), [Interaction("ask", "ask", POWER)])
        network.join(KnowledgeBase(f"{E}careless", "careless", "renews nothing", lease=60))
        for _ in range(40):
            engine.advance(10)
        assert [one.id for one in network.knowledge_bases()] == [ME.id]
        assert engine.state.counters["registrations"] == 1
    network.close()


def test_engines_on_one_network_meet_and_one_asks_while_it_answers() -> None:
    network = FakeNetwork()
    with FakeEngine(network) as asker, FakeEngine(network) as middle, FakeEngine(network, prefixes=PREFIXES) as last:
        last.answers("?o ex:price ?p .", [{"o": f"<{E}9>", "p": '"0.31"'}])
        asker.register(ME, [Interaction("ask", "ask", POWER)])
        broker = KnowledgeBase(f"{E}broker", "broker", "asks others before it answers")
        price = parse_body("?offer ex:price ?price .", PREFIXES)
        middle.register(broker, [Interaction("answer", "answer", POWER), Interaction("ask", "ask", price)])
        middle.handle(
            broker.id,
            lambda _: [{"need": r["offer"], "power": r["price"]} for r in middle.ask(broker.id, "ask", []).rows],
        )
        assert asker.ask(ME.id, "ask", []).rows == [{"need": f"<{E}9>", "power": '"0.31"'}]
    network.close()


def test_engines_on_one_network_know_the_same_parties() -> None:
    network = FakeNetwork()
    with FakeEngine(network) as one, FakeEngine(network, prefixes=PREFIXES) as other:
        one.answers(f"?n <{E}power> ?p .", ROWS[:1])
        other.answers("?n ex:power ?p .", ROWS[1:])
        one.register(ME, [Interaction("ask", "ask", POWER)])
        assert len(one.ask(ME.id, "ask", []).rows) == 2
        assert one.peer() is other.peer()
    network.close()


def test_a_party_that_leaves_is_not_asked(engine: FakeEngine) -> None:
    engine.answers("?n ex:power ?p .", ROWS).leave()
    assert engine.ask(ME.id, "ask", []).exchanges == ()


def test_nothing_runs_but_on_the_thread_that_asks(engine: FakeEngine) -> None:
    threads = set(threading.enumerate())
    seen: list[str] = []
    engine.handle(ME.id, lambda request: seen.append(threading.current_thread().name) or [])
    engine.answers("?n ex:power ?p .", lambda request: seen.append(threading.current_thread().name) or [])
    engine.ask(ME.id, "ask", [])
    engine.peer().asks("?o ex:price ?p .")
    assert seen == [threading.current_thread().name] * 2
    assert set(threading.enumerate()) == threads


def test_the_same_test_goes_the_same_way_every_time() -> None:
    def order() -> list[str]:
        heard: list[str] = []
        with FakeEngine(prefixes=PREFIXES) as engine:
            for name in ("e", "b", "d", "a", "c"):
                engine.answers("?n ex:power ?p .", lambda request, name=name: heard.append(name) or [], by=name)
            engine.register(ME, [Interaction("ask", "ask", POWER)])
            for _ in range(3):
                engine.ask(ME.id, "ask", [])
        return heard

    assert len({tuple(order()) for _ in range(5)}) == 1
