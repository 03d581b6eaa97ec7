"""The aggregator's service over HTTP: needs, prices, offers and plans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import simplejson
from hypothesis import given
from hypothesis import strategies as st

from gridlingua.services.aggregator.domain import offers_for
from gridlingua.services.aggregator.messages import Price, SentNeed
from gridlingua.services.messages import NEED
from gridlingua.services.power import to_base

from .samples import DAY, DSO, FROM_DSO, PRICES, content, need, price


def echo(call: Any) -> tuple[int, dict[str, str], bytes]:
    """A DSO with the need N1 that acknowledges every offer."""
    if call.method == "GET":
        return 200, {}, simplejson.dumps([need()]).encode()
    said = {"acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    told = [{key: one[key] for key in ("requestId", "offerId")} | said for one in call.body]
    return 200, {"Gridlingua-Responder": DSO}, simplejson.dumps(told).encode()


def test_needs_are_kept_and_acknowledged_and_again_with_the_same_time(aggregator: Any, clock: Any) -> None:
    first = aggregator.post("/Flexibility/Needs", [need(), need("N2")], headers=FROM_DSO)
    assert first.json() == [
        {"requestId": name, "acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"}
        for name in ("N1", "N2")
    ]
    clock.advance(hours=1)
    again = aggregator.post("/Flexibility/Needs", [need()], headers=FROM_DSO)
    assert again.json() == first.json()[:1]
    kept = aggregator.get("/operator/aggregator/needs").json()
    assert kept[0] == need() | {"sender": DSO, "receivedAt": "2026-11-20T12:00:00Z"}


def test_a_need_of_known_id_with_other_content_is_a_conflict(aggregator: Any) -> None:
    aggregator.post("/Flexibility/Needs", [need()], headers=FROM_DSO)
    assert aggregator.post("/Flexibility/Needs", [need("N2"), need(needs=1)], headers=FROM_DSO).status_code == 409
    assert len(aggregator.get("/operator/aggregator/needs").json()) == 1


def test_offers_are_made_from_the_price_list_one_for_each_price(aggregator: Any, adapter: Any) -> None:
    adapter.answers = echo
    made = aggregator.post("/operator/aggregator/offers", DAY)
    told = [(one["price"], one["offer"], one["meterIds"]) for one in content(made)["offers"]]
    assert told == [(Decimal("0.1"), 2, ["M2"]), (Decimal("0.12"), Decimal("1.75"), ["M1", "M3"])]
    asked, sent = adapter.calls
    assert (asked.method, asked.path, asked.query) == ("GET", "/Flexibility/Needs", DAY)
    assert (sent.method, sent.path) == ("POST", "/Flexibility/Offers")
    assert [one | {"dso": ""} for one in simplejson.loads(sent.raw, use_decimal=True)] == content(made)["offers"]
    assert made.headers["Gridlingua-Responder"] == DSO
    assert made.json()["unacknowledged"] == []
    kept = aggregator.get("/operator/aggregator/offers").json()
    assert [one["acknowledgements"][0]["acknowledgedBy"] for one in kept] == ["dso", "dso"]


def test_a_meter_is_offered_once_for_a_need_even_when_prices_change(aggregator: Any, adapter: Any) -> None:
    adapter.answers = echo
    aggregator.post("/operator/aggregator/offers", DAY)
    new = [price("M1", 5, 7), price("M2", 5, 7)]
    aggregator.post("/operator/aggregator/prices", new, method="PUT")
    assert aggregator.post("/operator/aggregator/offers", DAY).json()["offers"] == []
    assert [call.method for call in adapter.calls] == ["GET", "POST", "GET"]


def test_offers_that_did_not_arrive_are_sent_again_as_they_were(aggregator: Any, adapter: Any) -> None:
    def lost(call: Any) -> Any:
        return echo(call) if call.method == "GET" else (504, {}, b'{"title": "Gateway Timeout", "retry": true}')

    adapter.answers = lost
    assert aggregator.post("/operator/aggregator/offers", DAY).status_code == 504
    adapter.answers = echo
    assert aggregator.post("/operator/aggregator/offers", DAY).status_code == 200
    assert adapter.calls[1].body == adapter.calls[3].body


def test_offers_that_are_refused_are_forgotten_and_the_refusal_is_passed_on(aggregator: Any, adapter: Any) -> None:
    def refuse(call: Any) -> Any:
        return echo(call) if call.method == "GET" else (422, {}, b'{"title": "Refused", "detail": "too dear"}')

    adapter.answers = refuse
    refused = aggregator.post("/operator/aggregator/offers", DAY)
    assert (refused.status_code, refused.json()["detail"]) == (422, "too dear")
    assert aggregator.get("/operator/aggregator/offers").json() == []


def test_a_refusal_forgets_new_offers_only_not_those_that_the_dso_may_hold(aggregator: Any, adapter: Any) -> None:
    def lost(call: Any) -> Any:
        return echo(call) if call.method == "GET" else (504, {}, b'{"title": "Gateway Timeout", "retry": true}')

    def refuse(call: Any) -> Any:
        return echo(call) if call.method == "GET" else (422, {}, b'{"title": "Refused", "detail": "too dear"}')

    adapter.answers = lost
    aggregator.post("/operator/aggregator/prices", PRICES[:1], method="PUT")
    aggregator.post("/operator/aggregator/offers", DAY)
    aggregator.post("/operator/aggregator/prices", PRICES[:2], method="PUT")
    adapter.answers = refuse
    aggregator.post("/operator/aggregator/offers", DAY)
    old, new = (call.body for call in adapter.calls[3:])
    assert ([one["meterIds"] for one in old], [one["meterIds"] for one in new]) == ([["M1"]], [["M2"]])
    (kept,) = aggregator.get("/operator/aggregator/offers").json()
    assert kept["meterIds"] == ["M1"]


def test_new_offers_that_are_refused_keep_no_acknowledgement_of_older_ones_away(aggregator: Any, adapter: Any) -> None:
    adapter.answers = lambda call: echo(call) if call.method == "GET" else (504, {}, b'{"title": "late"}')
    aggregator.post("/operator/aggregator/prices", PRICES[:1], method="PUT")
    aggregator.post("/operator/aggregator/offers", DAY)
    aggregator.post("/operator/aggregator/prices", PRICES[:2], method="PUT")
    refusal = 422, {}, b'{"title": "Refused", "detail": "too dear"}'
    adapter.answers = lambda call: refusal if call.body and call.body[0]["meterIds"] == ["M2"] else echo(call)
    made = aggregator.post("/operator/aggregator/offers", DAY)
    assert (made.status_code, [one["detail"] for one in made.json()["failures"]]) == (207, ["too dear"])
    (kept,) = aggregator.get("/operator/aggregator/offers").json()
    assert (kept["meterIds"], len(kept["acknowledgements"])) == (["M1"], 1)


def test_without_needs_nothing_is_offered(aggregator: Any, adapter: Any) -> None:
    adapter.say([])
    made = aggregator.post("/operator/aggregator/offers", DAY)
    assert made.json() == {"needs": [], "offers": [], "acknowledgements": [], "unacknowledged": [], "failures": []}
    assert len(adapter.calls) == 1


def test_needs_that_are_none_are_a_bad_gateway(aggregator: Any, adapter: Any) -> None:
    adapter.say([{"requestId": "N1"}])
    failed = aggregator.post("/operator/aggregator/offers", DAY)
    assert (failed.status_code, "the needs that came are worthless" in failed.json()["detail"]) == (502, True)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["M000001", "M000002", "M3"]),
            st.integers(1, 9),
            st.sampled_from(["W", "kW", "kvar"]),
            st.integers(0, 2),
        ),
        unique_by=lambda one: (one[0], one[2]),
    )
)
def test_every_eligible_meter_is_offered_with_its_whole_capacity_and_no_other(rows: list[Any]) -> None:
    prices = [Price.model_validate(price(meter, capacity, amount, unit)) for meter, capacity, unit, amount in rows]
    made = offers_for(SentNeed.model_validate({**NEED, "sender": DSO}), prices)
    wanted = [one for one in prices if one.meter_id != "M3" and one.measurement_unit != "kvar"]
    assert sum(to_base(one.offer, one.measurement_unit) for one in made) == sum(
        to_base(one.capacity, one.measurement_unit) for one in wanted
    )
    assert sorted(meter for one in made for meter in one.meter_ids) == sorted(one.meter_id for one in wanted)
    assert len({one.offer_id for one in made}) == len(made)
    assert offers_for(SentNeed.model_validate({**NEED, "sender": DSO}), prices[::-1]) == made


def orders(offers: list[dict[str, Any]], **changes: Any) -> list[dict[str, Any]]:
    """An order for each offer: yes to all of it."""
    return [
        {
            "requestId": one["requestId"],
            "offerId": one["offerId"],
            "activation": "Yes",
            "quantity": one["offer"],
            "measurementUnit": one["measurementUnit"],
            "offeredQuantity": one["offer"],
            "startTime": one["startTime"],
            "endTime": one["endTime"],
        }
        | changes
        for one in offers
    ]


@pytest.fixture
def offered(aggregator: Any, adapter: Any) -> list[dict[str, Any]]:
    adapter.answers = echo
    found: list[dict[str, Any]] = content(aggregator.post("/operator/aggregator/offers", DAY))["offers"]
    return found


def test_a_plan_for_own_offers_is_kept_and_acknowledged_and_again(aggregator: Any, offered: Any) -> None:
    plan = orders(offered)
    first, again = (aggregator.post("/Flexibility/ActivationPlan", plan, headers=FROM_DSO) for _ in range(2))
    assert (first.status_code, again.json()) == (200, first.json())
    said = {"acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    assert first.json() == [{"requestId": "N1", "offerId": one["offerId"]} | said for one in offered]
    kept = content(aggregator.get("/operator/aggregator/activation-plans"))
    assert kept == [one | {"dso": DSO, "receivedAt": "2026-11-20T12:00:00Z"} for one in plan]


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"offerId": "O-unknown"}, 404, "/0/offerId"),
        ({"requestId": "N2"}, 404, "/0/offerId"),
        ({"offeredQuantity": 3}, 409, "/0/offeredQuantity"),
        ({"measurementUnit": "MW"}, 409, "/0/offeredQuantity"),
        ({"endTime": "2026-11-21T12:00:00Z"}, 409, "/0/startTime"),
        ({"quantity": 3}, 422, "/0/quantity"),
        ({"activation": "No", "quantity": 1}, 422, "/0/quantity"),
        ({"activation": "Maybe"}, 422, "/0/activation"),
    ],
)
def test_an_order_that_does_not_fit_its_offer_is_refused_there_and_nothing_is_kept(
    aggregator: Any, offered: Any, changes: dict[str, Any], status: int, pointer: str
) -> None:
    plan = orders(offered[:1], **changes) + orders(offered[1:])
    refused = aggregator.post("/Flexibility/ActivationPlan", plan, headers=FROM_DSO)
    assert (refused.status_code, [fault["pointer"] for fault in refused.json()["faults"]]) == (status, [pointer])
    assert aggregator.get("/operator/aggregator/activation-plans").json() == []


def test_the_same_amount_in_another_unit_fits(aggregator: Any, offered: Any) -> None:
    plan = orders(offered[:1], offeredQuantity=2000, quantity=2000, measurementUnit="W")
    assert aggregator.post("/Flexibility/ActivationPlan", plan, headers=FROM_DSO).status_code == 200


def test_another_order_for_the_same_offer_is_a_conflict(aggregator: Any, offered: Any) -> None:
    aggregator.post("/Flexibility/ActivationPlan", orders(offered), headers=FROM_DSO)
    assert (
        aggregator.post("/Flexibility/ActivationPlan", orders(offered[:1], quantity=1), headers=FROM_DSO).status_code
        == 409
    )


def test_a_price_list_with_two_prices_for_a_meter_is_refused(aggregator: Any) -> None:
    twice = [price("M1", 1, 1), price("M1", 2, 2)]
    assert aggregator.post("/operator/aggregator/prices", twice, method="PUT").status_code == 422
    assert content(aggregator.get("/operator/aggregator/prices")) == PRICES
