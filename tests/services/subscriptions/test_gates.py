"""At the gate of a product every subscriber is sent its needs: once, late while of use, and the same after a crash."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gridlingua.services import Context
from gridlingua.services.scheduling import Done, run_due
from gridlingua.services.scheduling.domain import LEASE
from gridlingua.services.subscriptions import gates, jobs

from ..samples import PROVIDER, acknowledge_all, need
from .conftest import SUBSCRIBE, Receiver, listening, subscription

TEN, NOON, FOUR = (datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in (10, 12, 16))
NEEDS = "/operator/flexibility/needs"
END = {"subscriptionId": "S1", "withdrawnAt": "2026-11-20T10:00:00Z"}
DAY_AHEAD = "day_ahead/20261121T000000Z/20261120T120000Z"


@pytest.fixture(autouse=True)
def morning(clock: Any) -> None:
    clock.now = TEN


def record(dso: Any, *needs: dict[str, Any]) -> None:
    answer = dso.post(NEEDS, list(needs))
    assert answer.status_code == 201, answer.text


def run(here: Context) -> dict[str, str]:
    """What was done, by key."""
    return {done.key: done.verdict.state for done in _done(here)}


def _done(here: Context) -> list[Done]:
    return run_due(here, jobs)


def sent(receiver: Receiver) -> list[list[str]]:
    return [[one["requestId"] for one in message.body] for message in receiver.messages]


def acknowledged(dso: Any, name: str = "N1") -> list[str]:
    [kept] = dso.get(NEEDS, params={"requestId": name}).json()
    return [one["acknowledgedBy"] for one in kept["acknowledgements"]]


def test_at_its_gate_the_needs_of_a_product_go_to_the_callback_and_are_acknowledged(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    record(called_back, need("N1"), need("N2"))
    assert run(here) == {}
    clock.now = NOON - timedelta(seconds=1)
    assert run(here) == {}
    clock.now = NOON
    assert run(here) == {f"{DAY_AHEAD}/aggregator/S1": "done"}
    assert sent(receiver) == [["N1", "N2"]]
    assert acknowledged(called_back) == acknowledged(called_back, "N2") == ["Aggregator"]
    clock.advance(hours=1)
    assert run(here) == {}


def test_at_its_gate_the_needs_of_a_product_go_over_the_network(
    subscriptions: Any, adapter: Any, here: Context, clock: Any
) -> None:
    adapter.answers = acknowledge_all
    subscriptions.of("aggregator").post(SUBSCRIBE, subscription())
    record(subscriptions, need())
    clock.now = NOON
    assert list(run(here).values()) == ["done"]
    assert [(call.path, call.to) for call in adapter.calls] == [(gates.PATH, PROVIDER)]
    assert acknowledged(subscriptions) == ["aggregator"]


def test_who_has_no_subscription_is_sent_nothing(subscriptions: Any, adapter: Any, here: Context, clock: Any) -> None:
    record(subscriptions, need())
    clock.now = NOON
    assert run(here) == {}
    assert adapter.calls == []


def test_a_gate_without_needs_sends_nothing(called_back: Any, receiver: Receiver, here: Context, clock: Any) -> None:
    run(here)
    clock.now = NOON
    assert run(here) == {}
    assert receiver.messages == []


def test_a_subscriber_that_fails_is_tried_again_alone(
    called_back: Any, receiver: Receiver, adapter: Any, here: Context, clock: Any
) -> None:
    adapter.answers = acknowledge_all
    called_back.of("retailer").post(SUBSCRIBE, subscription())
    record(called_back, need())
    receiver.say(503)
    clock.now = NOON
    assert run(here) == {f"{DAY_AHEAD}/aggregator/S1": "pending", f"{DAY_AHEAD}/retailer/S1": "done"}
    clock.advance(seconds=5)
    receiver.answers = Receiver().answers
    assert run(here) == {f"{DAY_AHEAD}/aggregator/S1": "done"}
    assert len(adapter.calls) == 1
    first, second = receiver.messages
    assert (first.raw, first.headers["webhook-id"]) == (second.raw, second.headers["webhook-id"])


def test_a_subscriber_that_never_answers_is_given_up_when_the_gate_for_offers_closes(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    record(called_back, need())
    receiver.say(500)
    clock.now = NOON
    while clock.now < FOUR + timedelta(hours=1):
        run(here)
        clock.advance(seconds=30)
    [job] = called_back.get("/operator/subscriptions/deliveries").json()
    assert (job["outcome"], 15 < job["attempts"] < 40) == ("failed", True)
    assert datetime.fromisoformat(job["lastAt"]) < FOUR


def test_a_refusal_is_not_tried_again(called_back: Any, receiver: Receiver, here: Context, clock: Any) -> None:
    record(called_back, need())
    receiver.say(403)
    clock.now = NOON
    assert list(run(here).values()) == ["failed"]
    clock.advance(hours=1)
    assert run(here) == {}
    assert len(receiver.messages) == 1


def test_a_callback_that_is_gone_is_never_called_again(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    record(called_back, need())
    receiver.say(410)
    clock.now = NOON
    assert list(run(here).values()) == ["failed"]
    record(called_back, need("N2"))
    assert run(here) == {}
    assert len(receiver.messages) == 1


def test_a_subscription_that_ended_before_the_gate_gets_nothing(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    record(called_back, need())
    run(here)
    called_back.of("aggregator").request("DELETE", SUBSCRIBE, params=END)
    clock.now = NOON
    [done] = _done(here)
    assert (done.verdict.state, done.verdict.detail) == ("done", "the subscription has ended")
    assert receiver.messages == []


def test_who_subscribes_after_the_gate_is_sent_what_may_still_be_offered_for(
    called_back: Any, receiver: Receiver, adapter: Any, here: Context, clock: Any
) -> None:
    adapter.answers = acknowledge_all
    record(called_back, need())
    clock.now = NOON
    run(here)
    clock.advance(hours=1)
    called_back.of("retailer").post(SUBSCRIBE, subscription())
    assert run(here) == {f"{DAY_AHEAD}/retailer/S1": "done"}
    assert len(adapter.calls) == 1
    clock.now = FOUR
    called_back.of("retailer").request("DELETE", SUBSCRIBE, params=END | {"withdrawnAt": "2026-11-20T16:00:00Z"})
    called_back.of("retailer").post(SUBSCRIBE, subscription("S2"))
    assert run(here) == {}


def test_who_subscribes_anew_after_the_gate_is_sent_what_the_former_subscription_missed(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    record(called_back, need())
    clock.now = NOON - timedelta(minutes=10)
    run(here)
    aggregator = called_back.of("aggregator")
    aggregator.request("DELETE", SUBSCRIBE, params=END | {"withdrawnAt": "2026-11-20T11:50:00Z"})
    clock.now = NOON
    assert run(here) == {f"{DAY_AHEAD}/aggregator/S1": "done"}
    clock.advance(minutes=5)
    record(called_back, need("N2"))
    clock.advance(minutes=5)
    assert aggregator.post(SUBSCRIBE, subscription("S2", receiver.url)).status_code == 200
    assert run(here) == {f"{DAY_AHEAD}/aggregator/S2": "done"}
    assert sent(receiver) == [["N1"]]
    clock.now = datetime(2026, 11, 21, tzinfo=UTC)  # N2 is for an intraday run
    assert run(here) == {"intraday/20261121T060000Z/20261121T000000Z/aggregator/S2": "done"}


def test_who_corrects_a_wrong_callback_after_the_gate_is_sent_what_it_did_not_get(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    record(called_back, need("N1"))
    clock.now = NOON - timedelta(seconds=10)
    record(called_back, need("N2"))
    clock.now = NOON
    receiver.say(404)
    assert run(here) == {f"{DAY_AHEAD}/aggregator/S1": "failed", "N2/aggregator/S1": "failed"}
    receiver.answers = Receiver().answers
    clock.advance(minutes=10)
    aggregator, before = called_back.of("aggregator"), len(receiver.messages)
    aggregator.request("DELETE", SUBSCRIBE, params=END | {"withdrawnAt": "2026-11-20T12:10:00Z"})
    assert aggregator.post(SUBSCRIBE, subscription("S2", receiver.url)).status_code == 200
    assert run(here) == {f"{DAY_AHEAD}/aggregator/S2": "done", "N2/aggregator/S2": "done"}
    assert sorted(sent(receiver)[before:]) == [["N1"], ["N2"]]


def test_a_need_recorded_after_its_gate_goes_by_itself_at_once_and_once(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    record(called_back, need("N1"))
    clock.now = NOON - timedelta(seconds=10)
    record(called_back, need("N2"))
    clock.now = NOON
    assert run(here) == {f"{DAY_AHEAD}/aggregator/S1": "done", "N2/aggregator/S1": "done"}
    clock.now = NOON + timedelta(hours=13)  # the last run that covers the need was published at midnight
    record(called_back, need("N3"))
    assert run(here) == {"N3/aggregator/S1": "done"}
    assert run(here) == {}
    assert sorted(map(tuple, sent(receiver))) == [("N1",), ("N2",), ("N3",)]


def test_what_a_person_published_before_the_gate_is_not_sent_again(
    called_back: Any, receiver: Receiver, adapter: Any, here: Context, clock: Any
) -> None:
    adapter.answers = acknowledge_all
    record(called_back, need("N1"), need("N2"))
    answer = called_back.post("/operator/flexibility/needs/publication", {"requestIds": ["N1"]})
    assert answer.status_code == 200, answer.text
    clock.now = NOON
    run(here)
    assert sent(receiver) == [["N1"], ["N2"]]


def test_intraday_needs_go_at_their_own_gates(called_back: Any, receiver: Receiver, here: Context, clock: Any) -> None:
    period = {"startTime": "2026-11-20T19:00:00Z", "endTime": "2026-11-20T20:00:00Z"}
    record(called_back, need("I1", **period))
    clock.now = NOON
    assert run(here) == {"intraday/20261120T180000Z/20261120T120000Z/aggregator/S1": "done"}
    assert sent(receiver) == [["I1"]]


def test_after_a_night_without_anybody_what_is_of_use_is_sent_late_and_the_rest_is_told_as_missed(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    tomorrow = {"startTime": "2026-11-22T10:00:00Z", "endTime": "2026-11-22T11:00:00Z"}
    record(called_back, need("N1"), need("M1", **tomorrow))
    run(here)
    clock.now = NOON + timedelta(hours=25)
    assert run(here) == {
        f"{DAY_AHEAD}/aggregator/S1": "missed",
        "day_ahead/20261122T000000Z/20261121T120000Z/aggregator/S1": "done",
    }
    assert sent(receiver) == [["M1"]]


def test_after_days_without_anybody_gates_that_were_never_planned_are_told_as_missed(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    run(here)
    record(called_back, need("N1"), need("N5", startTime="2026-11-25T10:00:00Z", endTime="2026-11-25T11:00:00Z"))
    clock.now = NOON + timedelta(days=10)
    assert Counter(run(here).values()) == {"missed": 2}
    assert receiver.messages == []


def test_while_the_gates_are_open_people_decide(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    opened = called_back.post("/operator/flexibility/calendar", {"gates": "open"}, method="PUT")
    assert opened.status_code == 200, opened.text
    record(called_back, need())
    clock.now = NOON
    assert run(here) == {}


def test_an_acknowledgement_of_something_else_is_a_failure_that_does_not_pass(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    record(called_back, need())
    receiver.say(200, b'[{"requestId": "X", "acknowledgedBy": "A", "acknowledgedAt": "2026-11-20T12:00:00Z"}]')
    clock.now = NOON
    [done] = _done(here)
    assert (done.verdict.state, "what was not sent" in done.verdict.detail) == ("failed", True)


def test_after_a_crash_between_sending_and_noting_it_the_same_message_is_sent_under_the_same_id(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    class Crash(BaseException):
        """As if the process had been killed: nothing of it is handled."""

    record(called_back, need("N1"), need("N2"))
    clock.now = NOON
    deliver, before = gates.deliver, len(receiver.messages)

    def crash(*arguments: Any) -> Any:
        deliver(*arguments)
        raise Crash

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gates, "deliver", crash)
        with pytest.raises(Crash):
            run(here)
    clock.now = NOON + timedelta(seconds=30)
    record(called_back, need("N3"))
    clock.now = NOON + LEASE
    run(here)
    messages = [message for message in receiver.messages[before:] if len(message.body) == 2]
    assert len(messages) == 2
    assert len({message.raw for message in messages}) == 1
    assert len({message.headers["webhook-id"] for message in messages}) == 1


def test_two_subscribers_have_ids_of_their_own_for_the_same_needs(
    called_back: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    with listening(Receiver()) as other:
        allowed = {"host": other.host, "reason": "a test"}
        called_back.post("/operator/subscriptions/hosts", allowed, method="PUT")
        called_back.of("retailer").post(SUBSCRIBE, subscription(callback=other.url))
        record(called_back, need())
        clock.now = NOON
        run(here)
        [one], [two] = receiver.messages, other.messages
    assert one.raw == two.raw
    assert one.headers["webhook-id"] != two.headers["webhook-id"]
