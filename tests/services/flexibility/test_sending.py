"""Needs and orders reach providers by subscription, or over the network without one, and nobody twice."""

from __future__ import annotations

from typing import Any

import pytest

from gridlingua.services import scheduling
from gridlingua.services.context import Context
from gridlingua.services.flexibility import jobs
from gridlingua.services.scheduling import run_due

from ..samples import DAY, acknowledge_all, answer, need, offer
from ..subscriptions.conftest import subscription
from .conftest import PLANS, Market

PUBLICATION = "/operator/flexibility/needs/publication"
KB = "https://aggregator.example.org/kb"


@pytest.fixture
def market(called_back: Any, adapter: Any) -> Market:
    """A DSO that an aggregator subscribed to by callback, with the need N1; the network acknowledges everything."""
    adapter.answers = acknowledge_all
    assert called_back.post("/operator/flexibility/needs", [need()]).status_code == 201
    return Market(called_back, called_back.of("aggregator"))


def test_a_publication_goes_to_the_network_and_to_who_is_called_back(
    market: Market,
    adapter: Any,
    receiver: Any,
) -> None:
    published = market.dso.post(PUBLICATION, DAY)
    assert (published.status_code, len(published.json()["acknowledgements"])) == (200, 2)
    assert [call.to for call in adapter.calls] == [""]
    assert [message.path for message in receiver.messages] == ["/1.0/Flexibility/Needs"]


def test_a_publication_reaches_the_called_back_though_the_network_is_away(
    market: Market,
    adapter: Any,
    receiver: Any,
) -> None:
    adapter.say({"title": "Service Unavailable", "detail": "nobody answers", "retry": True}, 503)
    published = market.dso.post(PUBLICATION, DAY)
    assert (published.status_code, len(published.json()["acknowledgements"])) == (207, 1)
    assert [one["detail"] for one in published.json()["failures"]] == ["nobody answers"]


def test_a_subscriber_over_the_network_that_the_adapter_knows_is_sent_needs_once(
    subscriptions: Any,
    adapter: Any,
) -> None:
    market = Market(subscriptions, subscriptions.of("aggregator"))
    adapter.answers = lambda call: _from(call, KB)
    market.dso.post("/operator/flexibility/needs", [need()])
    for name in ("aggregator", "retailer"):
        made = market.dso.of(name).post("/Flexibility/Subscribe", subscription())
        assert made.status_code == 200, made.text
    assert market.dso.post(PUBLICATION, DAY).status_code == 200
    assert [call.to for call in adapter.calls] == ["", "https://retailer.example.org/kb"]


def _from(call: Any, party: str) -> Any:
    status, headers, content = acknowledge_all(call)
    return status, headers | {"Gridlingua-Responder": call.to or party}, content


def test_a_plan_goes_over_the_channel_of_each_provider(market: Market, adapter: Any, receiver: Any) -> None:
    receiver.answers = _having
    market.offer("O1")
    market.dso.of("retailer").post("/Flexibility/Offers", [offer("O2")])
    plan = market.dso.post(PLANS, DAY).json()
    assert (len(plan["acknowledgements"]), plan["failures"]) == (2, [])
    assert [call.to for call in adapter.calls] == ["https://retailer.example.org/kb"]
    assert [one["offerId"] for one in receiver.messages[0].body] == ["O1"]


def _having(message: Any) -> Any:
    said = {"acknowledgedBy": "Aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    return answer([{"requestId": one["requestId"], "offerId": one["offerId"]} | said for one in message.body])


def test_where_somebody_subscribed_nothing_is_published_beside_the_subscriptions(
    market: Market,
    adapter: Any,
    receiver: Any,
    here: Context,
    clock: Any,
) -> None:
    here.database.upgrade(scheduling.metadata)
    clock.advance(minutes=1)
    assert run_due(here, jobs) == []
    assert (adapter.calls, receiver.messages) == ([], [])
