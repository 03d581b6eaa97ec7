"""A day of the market over a callback: needs at noon, offers until four, the plan before six; nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gridlingua.services import Context
from gridlingua.services.flexibility import jobs as market_jobs
from gridlingua.services.flexibility import sending
from gridlingua.services.scheduling import run_due
from gridlingua.services.scheduling.domain import LEASE
from gridlingua.services.subscriptions import jobs

from ..samples import Answer, answer, need, offer
from .conftest import ACKNOWLEDGED, Message, Receiver

TEN, NOON, FOUR = (datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in (10, 12, 16))
PLAN = FOUR + timedelta(minutes=1)
ALL = (*jobs, *(job for job in market_jobs if job.kind == "flexibility.plan"))


def acknowledge(message: Message) -> Answer:
    return answer(
        [{key: one[key] for key in ("requestId", "offerId") if key in one} | ACKNOWLEDGED for one in message.body]
    )


@pytest.fixture
def offered(called_back: Any, receiver: Receiver, here: Context, clock: Any) -> Any:
    """A day on which the aggregator was sent a need at noon, and has offered for it."""
    receiver.answers = acknowledge
    clock.now = TEN
    assert called_back.post("/operator/flexibility/needs", [need()]).status_code == 201
    clock.now = NOON
    run_due(here, ALL)
    offers = [offer("O1"), offer("O2", price=1)]
    assert called_back.of("aggregator").post("/Flexibility/Offers", offers).status_code == 200
    assert [message.path for message in receiver.messages] == ["/1.0/Flexibility/Needs"]
    receiver.messages.clear()
    return called_back


def orders(message: Message) -> dict[str, str]:
    return {one["offerId"]: one["activation"] for one in message.body}


def test_the_plan_goes_to_the_callback_when_the_gate_for_offers_has_closed_and_once(
    offered: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    clock.now = FOUR
    run_due(here, ALL)
    assert receiver.messages == []
    clock.now = PLAN
    run_due(here, ALL)
    [message] = receiver.messages
    assert message.path == "/1.0/Flexibility/ActivationPlan"
    assert orders(message) == {"O1": "Yes", "O2": "Yes"}
    clock.advance(minutes=10)
    run_due(here, ALL)
    assert len(receiver.messages) == 1


def test_a_plan_that_did_not_get_through_is_sent_again_as_the_same_message(
    offered: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    receiver.say(503)
    clock.now = PLAN
    run_due(here, ALL)
    receiver.answers = acknowledge
    clock.advance(seconds=5)
    run_due(here, ALL)
    first, second = receiver.messages
    assert first.raw == second.raw
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_after_a_crash_between_sending_the_plan_and_noting_it_the_same_message_is_sent(
    offered: Any, receiver: Receiver, here: Context, clock: Any
) -> None:
    class Crash(BaseException):
        """As if the process had been killed: nothing of it is handled."""

    deliver = sending.deliver

    def crash(*arguments: Any) -> Any:
        deliver(*arguments)
        raise Crash

    clock.now = PLAN
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "deliver", crash)
        with pytest.raises(Crash):
            run_due(here, ALL)
    clock.now = PLAN + LEASE
    run_due(here, ALL)
    first, second = receiver.messages
    assert first.raw == second.raw
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    [need_kept] = offered.get("/operator/flexibility/needs").json()
    assert need_kept["acknowledgements"]
