"""The parts of the network by themselves: mailbox limits, restrictions, timers, failure texts."""

import threading
import time
from concurrent.futures import Future

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gridlingua.engine
from gridlingua.engine import Interaction, KnowledgeBase, Network, failure_text
from gridlingua.engine.bindings import _CANONICAL, Restriction, value_key
from gridlingua.engine.errors import PollOpenError, StoppedError, UnknownRequestError
from gridlingua.engine.mailbox import Letter, Mailbox
from gridlingua.engine.timers import Timers
from gridlingua.errors import RemoteError
from gridlingua.semantics.patterns import parse_body
from gridlingua.semantics.terms import parse

XSD = "http://www.w3.org/2001/XMLSchema#"
R = Interaction("r", "answer", parse_body("?s <http://e/p> ?o"))


def letter():
    return Letter("http://ex.org/B/interaction/r", R, [{}], "http://ex.org/A")


@pytest.fixture
def network():
    made = Network(wait_timeout=5)
    yield made
    made.close()


def test_h32_the_oldest_of_51_waiting_requests_fails():
    box = Mailbox("http://ex.org/B")
    letters = [letter() for _ in range(51)]
    for one in letters:
        box.put(one)
    assert "queue is full" in letters[0].outcome.result(0).failure
    assert not any(one.outcome.done() for one in letters[1:])
    assert box.poll().result(0).number == 1


def test_h32_the_oldest_of_101_unanswered_requests_fails():
    box = Mailbox("http://ex.org/B")
    letters = [letter() for _ in range(101)]
    for one in letters:
        box.put(one)
        box.poll().result(0)
    assert letters[0].outcome.done()
    assert not any(one.outcome.done() for one in letters[1:])


def test_a_poll_that_was_given_up_does_not_swallow_a_request():
    box = Mailbox("http://ex.org/B")
    given_up = box.poll()
    with pytest.raises(PollOpenError):
        box.poll()
    assert given_up.cancel()
    box.put(letter())
    assert box.poll().result(0).number == 1


def test_a_stopped_mailbox_ends_its_poll_and_tells_whoever_waits():
    box = Mailbox("http://ex.org/B")
    early = letter()
    box.put(early)
    box.poll().result(0)
    poll = box.poll()
    box.stop()
    with pytest.raises(StoppedError):
        poll.result(0)
    late = letter()
    box.put(late)
    assert early.outcome.result(0).failure == late.outcome.result(0).failure
    assert late.outcome.result(0).failure == "KB with id http://ex.org/B will no longer respond, because it stopped."


def test_requests_for_an_interaction_that_was_withdrawn_fail_at_once_whether_they_wait_or_were_handed_out():
    box = Mailbox("http://ex.org/B")
    handed, waiting = letter(), letter()
    other = Letter("http://ex.org/B/interaction/other", R, [{}], "http://ex.org/A")
    for one in (handed, waiting, other):
        box.put(one)
    assert box.poll().result(0).number == 1
    box.withdraw("http://ex.org/B/interaction/r")
    gone = "http://ex.org/B/interaction/r will no longer respond, because it was removed."
    assert [one.outcome.result(0).failure for one in (handed, waiting)] == [gone, gone]
    with pytest.raises(UnknownRequestError):
        box.unanswered(1)
    assert box.poll().result(0).interaction_id == other.interaction_id
    assert not other.outcome.done()


def test_the_first_outcome_counts():
    one = letter()
    one.succeed([{"s": "<a>", "o": "<b>"}])
    one.time_out()
    assert (one.outcome.result(0).rows, one.outcome.result(0).failure) == ([{"s": "<a>", "o": "<b>"}], "")


def test_an_outcome_that_comes_while_another_is_being_told_changes_nothing():
    class Telling(Future):
        def set_result(self, result):
            one.time_out()
            super().set_result(result)

    one = letter()
    one.outcome = Telling()
    one.succeed([{"s": "<a>", "o": "<b>"}])
    assert one.outcome.result(0).failure == ""


@pytest.mark.parametrize(
    ("rows", "admitted"),
    [
        ([], [False, False, False]),
        ([{}], [True, True, True]),
        ([{"s": "<1>"}], [True, True, False]),
        ([{"s": "<1>", "o": "<b>"}, {"o": "<c>"}], [False, True, True]),
    ],
)
def test_a_restriction_admits_what_extends_one_of_its_rows(rows, admitted):
    candidates = [{"s": "<1>", "o": "<a>"}, {"s": "<1>", "o": "<b>"}, {"s": "<2>", "o": "<c>"}]
    restriction = Restriction.of(rows, str)
    assert [restriction.admits(row) for row in candidates] == admitted
    assert restriction.filter(candidates) == [row for row, yes in zip(candidates, admitted, strict=True) if yes]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (f'"1"^^<{XSD}integer>', f'"01"^^<{XSD}integer>', True),
        (f'"1"^^<{XSD}integer>', f'"1.0"^^<{XSD}decimal>', True),
        (f'"1"^^<{XSD}integer>', f'"1"^^<{XSD}double>', False),
        (f'"1"^^<{XSD}integer>', '"1"', False),
        (f'"1e0"^^<{XSD}double>', f'"1.0"^^<{XSD}double>', True),
        (f'"NaN"^^<{XSD}double>', f'"NaN"^^<{XSD}double>', True),
        (f'"NaN"^^<{XSD}double>', f'"NaN"^^<{XSD}float>', False),
        (f'"2026-01-01T00:00:00Z"^^<{XSD}dateTime>', f'"2026-01-01T01:00:00+01:00"^^<{XSD}dateTime>', True),
        (f'"2026-01-01T00:00:00Z"^^<{XSD}dateTime>', f'"2026-01-01T00:00:00"^^<{XSD}dateTime>', False),
        (f'"notint"^^<{XSD}integer>', f'"notint"^^<{XSD}integer>', True),
        ('"a"@en', '"a"@EN', True),
        ('"a"@en', '"a"', False),
        ("<http://e/a>", '"http://e/a"', False),
    ],
)
def test_terms_are_compared_by_value(one, other, same):
    assert (value_key(one) == value_key(other)) is same


@given(
    st.text(alphabet='"<>\\^@:a1- \t\né', max_size=12) | st.from_regex(r'"[^"]{0,4}"(@en|\\^\\^<x:y>)?', fullmatch=True)
)
def test_what_is_taken_for_canonical_is_what_parsing_makes_of_it(text):
    if _CANONICAL.fullmatch(text):
        assert parse(text) == text


def test_timers_call_in_order_and_not_after_they_were_cancelled():
    timers = Timers("test-timers")
    called, done = [], threading.Event()
    timers.after(0.06, done.set)
    timers.after(0.04, lambda: called.append("late"))
    timers.after(0.02, lambda: called.append("early"))
    timers.after(0.03, lambda: called.append("never")).cancel()
    assert done.wait(5)
    timers.close()
    assert called == ["early", "late"]


def test_closed_timers_leave_no_thread_and_call_nothing():
    timers = Timers("test-timers")
    called = []
    timers.after(0.05, lambda: called.append("never"))
    timers.close()
    timers.after(0, lambda: called.append("never"))
    time.sleep(0.1)
    assert called == []
    assert "test-timers" not in [thread.name for thread in threading.enumerate()]


def test_who_asks_gets_a_future_and_no_thread_waits(network):
    for name in "AB":
        network.join(KnowledgeBase(f"http://ex.org/{name}", name, name))
    ask = network.add("http://ex.org/A", Interaction("q", "ask", R.pattern))
    network.add("http://ex.org/B", R)
    before = threading.active_count()
    futures = [network.ask("http://ex.org/A", ask, []) for _ in range(50)]
    assert threading.active_count() <= before + 1
    for _ in futures:
        parcel = network.poll("http://ex.org/B").result(1)
        network.answer("http://ex.org/B", parcel.interaction_id, parcel.number, [{"s": "<a>", "o": "<b>"}])
    assert [future.result(1).rows for future in futures] == [[{"s": "<a>", "o": "<b>"}]] * 50


def test_who_waits_for_an_interaction_that_is_removed_is_told_at_once_and_nobody_is_asked_for_it(network):
    for name in "AB":
        network.join(KnowledgeBase(f"http://ex.org/{name}", name, name))
    ask = network.add("http://ex.org/A", Interaction("q", "ask", R.pattern))
    removed = network.add("http://ex.org/B", R)
    asked = network.ask("http://ex.org/A", ask, [])
    network.remove("http://ex.org/B", removed)
    (exchange,) = asked.result(1).exchanges
    assert exchange.message == f"{removed} will no longer respond, because it was removed."
    assert exchange.error().retry
    assert not network.poll("http://ex.org/B").done()


def test_patterns_of_interchangeable_triples_are_refused_in_words_instead_of_for_ever(network):
    star = parse_body(" ".join(f"?s <http://e/p> ?o{number} ." for number in range(12)))
    for name in "AB":
        network.join(KnowledgeBase(f"http://ex.org/{name}", name, name))
    ask = network.add("http://ex.org/A", Interaction("q", "ask", star))
    network.add("http://ex.org/B", Interaction("r", "answer", star))
    (exchange,) = network.ask("http://ex.org/A", ask, []).result(5).exchanges
    assert exchange.message.startswith("The pattern of http://ex.org/B/interaction/r corresponds to the initiator's in")


def test_a_closed_network_takes_nobody_in(network):
    network.close()
    with pytest.raises(StoppedError):
        network.join(KnowledgeBase("http://ex.org/A", "a", "a"))


def test_a_failure_without_words_says_so():
    assert failure_text(ValueError()) == "500 Internal Server Error: no reason was given"
    assert failure_text(RemoteError("teapot", status=799)) == "799 Error: teapot"


def test_the_public_names_of_the_engine():
    assert gridlingua.engine.__all__ == [
        "INFORM",
        "EmbeddedEngine",
        "Engine",
        "Exchange",
        "Handler",
        "Interaction",
        "KnowledgeBase",
        "Network",
        "RemoteEngine",
        "Request",
        "Result",
        "State",
        "failure_text",
    ]
