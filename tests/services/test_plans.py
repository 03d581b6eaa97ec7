"""Activation plans of the DSO over HTTP, with a real server in its adapter's place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import simplejson

from .samples import AGGREGATOR, DAY, acknowledge_all, content, offer, order


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
        order("cheap", "Yes", 60, 60),
        order("middle", "Yes", 40, Decimal("40.5")),
        order("dear", "No", 60, 60),
    ]
    assert (sent["unacknowledged"], sent["uncovered"]) == ([], [])
    (call,) = adapter.calls
    assert (call.path, simplejson.loads(call.raw, use_decimal=True)) == ("/Flexibility/ActivationPlan", sent["plan"])
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
    assert again == [order("second", "Yes", 40, 60)]
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
    assert sent == [order("O1", "Yes", 60, 60), order("cheaper", "Yes", 40, 60)]


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
