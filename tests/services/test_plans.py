"""Activation plans of the DSO over HTTP, with a real server in its adapter's place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
import simplejson

from .samples import AGGREGATOR, DAY, PROVIDER, acknowledge_all, content, offer, order


def planned(name: str, activation: str, quantity: object, offered: object, provider: str = "aggregator") -> Any:
    """An order as the DSO sees it, with the organisation it is for."""
    return order(name, activation, quantity, offered) | {"provider": provider}


def test_a_plan_takes_the_cheapest_offers_and_says_yes_or_no_to_each(with_need: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    made = [
        offer("dear", price=3),
        offer("cheap", price=1),
        offer("middle", price=Decimal("1.5"), offer=Decimal("40.5")),
    ]
    with_need.post("/Flexibility/Offers", made, headers=AGGREGATOR)
    sent = content(with_need.post("/operator/flexibility/activation-plans", DAY))
    assert sent["plan"] == [
        planned("cheap", "Yes", 60, 60),
        planned("middle", "Yes", 40, Decimal("40.5")),
        planned("dear", "No", 60, 60),
    ]
    assert (sent["unacknowledged"], sent["uncovered"]) == ([], [])
    (call,) = adapter.calls
    assert (call.path, call.to) == ("/Flexibility/ActivationPlan", PROVIDER)
    told = simplejson.loads(call.raw, use_decimal=True)
    assert [one | {"provider": "aggregator"} for one in told] == sent["plan"]
    kept = with_need.get("/operator/flexibility/activation-plans").json()
    assert {one["offerId"]: one["acknowledgements"][0]["acknowledgedBy"] for one in kept} == dict.fromkeys(
        ("cheap", "middle", "dear"), "aggregator"
    )


def test_a_plan_tells_what_no_offer_covers(with_need: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    with_need.post("/Flexibility/Offers", [offer(offer=Decimal("30.5"))], headers=AGGREGATOR)
    (uncovered,) = content(with_need.post("/operator/flexibility/activation-plans", DAY))["uncovered"]
    assert (uncovered["needs"], uncovered["measurementUnit"]) == (Decimal("69.5"), "kW")


def test_orders_stand_and_later_offers_are_set_against_what_is_still_needed(with_need: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    with_need.post("/Flexibility/Offers", [offer("first", price=9)], headers=AGGREGATOR)
    with_need.post("/operator/flexibility/activation-plans", DAY)
    with_need.post("/Flexibility/Offers", [offer("second", price=1)], headers=AGGREGATOR)
    again = with_need.post("/operator/flexibility/activation-plans", DAY).json()["plan"]
    assert again == [planned("second", "Yes", 40, 60)]
    assert with_need.post("/operator/flexibility/activation-plans", DAY).json()["plan"] == []
    assert len(adapter.calls) == 2


def test_orders_that_did_not_arrive_are_sent_again_as_they_were(with_need: Any, adapter: Any) -> None:
    with_need.post("/Flexibility/Offers", [offer()], headers=AGGREGATOR)
    adapter.say({"title": "Gateway Timeout", "detail": "nobody answered", "party": "aggregator", "retry": True}, 504)
    failed = with_need.post("/operator/flexibility/activation-plans", DAY)
    assert (failed.status_code, failed.json()["detail"], failed.json()["retry"]) == (504, "nobody answered", True)
    with_need.post("/Flexibility/Offers", [offer("cheaper", price=0)], headers=AGGREGATOR)
    adapter.answers = acknowledge_all
    sent = with_need.post("/operator/flexibility/activation-plans", DAY).json()["plan"]
    assert sent == [planned("O1", "Yes", 60, 60), planned("cheaper", "Yes", 40, 60)]


def test_a_plan_without_offers_is_not_found(with_need: Any) -> None:
    refused = with_need.post("/operator/flexibility/activation-plans", DAY)
    assert (refused.status_code, "no offer for N1" in refused.json()["detail"]) == (404, True)


def test_two_plans_at_once_give_every_offer_one_order(with_need: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    with_need.post("/Flexibility/Offers", [offer(f"O{i}", price=i) for i in range(5)], headers=AGGREGATOR)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: with_need.post("/operator/flexibility/activation-plans", DAY), range(4)))
    assert {one.status_code for one in found} == {200}
    kept = with_need.get("/operator/flexibility/activation-plans").json()
    assert [(one["offerId"], one["activation"], one["quantity"]) for one in kept] == [
        ("O0", "Yes", 60), ("O1", "Yes", 40), ("O2", "No", 60), ("O3", "No", 60), ("O4", "No", 60),
    ]  # fmt: skip


OTHER = "https://retailer.example.org/kb"


@pytest.fixture
def two_offers_of_one_id(with_need: Any) -> Any:
    """A DSO to which two providers made an offer O1 each, the dearer one first."""
    for provider, price in ((OTHER, 2), (PROVIDER, 1)):
        sender = {"Gridlingua-Requester": provider}
        assert with_need.post("/Flexibility/Offers", [offer(price=price)], headers=sender).status_code == 200
    return with_need


def test_every_provider_gets_the_orders_for_its_own_offers_alone(two_offers_of_one_id: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    sent = two_offers_of_one_id.post("/operator/flexibility/activation-plans", DAY)
    cheap, dear = planned("O1", "Yes", 60, 60), planned("O1", "Yes", 40, 60, "retailer")
    assert sorted(sent.json()["plan"], key=str) == sorted([cheap, dear], key=str)
    told = {call.to: call.body for call in adapter.calls}
    assert told == {PROVIDER: [order("O1", "Yes", 60, 60)], OTHER: [order("O1", "Yes", 40, 60)]}
    kept = two_offers_of_one_id.get("/operator/flexibility/activation-plans").json()
    assert {one["provider"]: len(one["acknowledgements"]) for one in kept} == {"aggregator": 1, "retailer": 1}
    assert sent.headers["Gridlingua-Rows"] == "7, 7"


def test_a_provider_that_fails_is_named_and_gets_its_orders_the_next_time(
    two_offers_of_one_id: Any, adapter: Any
) -> None:
    late = {"title": "Gateway Timeout", "detail": "too late", "party": OTHER, "retry": True}
    failing = (504, {}, simplejson.dumps(late).encode())
    adapter.answers = lambda call: failing if call.to == OTHER else acknowledge_all(call)
    sent = two_offers_of_one_id.post("/operator/flexibility/activation-plans", DAY)
    assert sent.status_code == 207
    assert sent.json()["failures"] == [{"party": OTHER, "status": 504, "detail": "too late", "retry": True}]
    assert sent.json()["unacknowledged"] == [{"requestId": "N1", "offerId": "O1", "provider": "retailer"}]
    adapter.answers = acknowledge_all
    again = two_offers_of_one_id.post("/operator/flexibility/activation-plans", DAY)
    assert (again.status_code, again.json()["plan"]) == (200, [planned("O1", "Yes", 40, 60, "retailer")])


def test_when_all_providers_fail_the_failure_names_every_one(two_offers_of_one_id: Any, adapter: Any) -> None:
    adapter.say({"title": "Gateway Timeout", "detail": "too late", "retry": True}, 504)
    failed = two_offers_of_one_id.post("/operator/flexibility/activation-plans", DAY)
    assert (failed.status_code, failed.json()["retry"]) == (504, True)
    assert f"{OTHER}: too late" in failed.json()["detail"]
    assert f"{PROVIDER}: too late" in failed.json()["detail"]
