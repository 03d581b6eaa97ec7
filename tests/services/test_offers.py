"""Offers to the DSO over HTTP, on a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from .samples import AGGREGATOR, faults, offer


def test_offers_are_acknowledged_with_the_name_and_time_of_receipt_and_again_with_the_same(
    with_need: Any, clock: Any
) -> None:
    first = with_need.post("/Flexibility/Offers", [offer()], headers=AGGREGATOR)
    assert first.json() == [
        {"requestId": "N1", "offerId": "O1", "acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    ]
    clock.advance(hours=1)
    assert with_need.post("/Flexibility/Offers", [offer()], headers=AGGREGATOR).json() == first.json()


def test_an_offer_of_known_ids_with_other_content_is_a_conflict_and_nothing_of_the_message_is_kept(
    with_need: Any,
) -> None:
    with_need.post("/Flexibility/Offers", [offer()], headers=AGGREGATOR)
    refused = with_need.post("/Flexibility/Offers", [offer("O2"), offer(price=Decimal("0.2"))], headers=AGGREGATOR)
    assert refused.status_code == 409
    assert "with another price" in faults(refused)["/1"]
    assert [one["offerId"] for one in with_need.get("/operator/flexibility/offers").json()] == ["O1"]


def test_two_providers_may_call_their_offers_the_same(with_need: Any) -> None:
    others = {"Gridlingua-Requester": "https://retailer.example.org/kb"}
    for sender in (AGGREGATOR, others):
        assert with_need.post("/Flexibility/Offers", [offer()], headers=sender).status_code == 200
    changed = with_need.post("/Flexibility/Offers", [offer(price=9)], headers=others)
    assert changed.status_code == 409
    kept = with_need.get("/operator/flexibility/offers").json()
    assert {one["provider"] for one in kept} == {"aggregator", "retailer"}


def test_an_offer_is_the_same_whether_it_comes_directly_or_over_the_network(with_need: Any) -> None:
    first = with_need.of("aggregator").post("/Flexibility/Offers", [offer()])
    assert first.json() == with_need.post("/Flexibility/Offers", [offer()], headers=AGGREGATOR).json()
    (kept,) = with_need.get("/operator/flexibility/offers").json()
    assert kept["provider"] == "aggregator"


def test_who_is_no_service_provider_may_not_offer(with_need: Any) -> None:
    assert with_need.of("third").post("/Flexibility/Offers", [offer()]).status_code == 403
    assert with_need.post("/Flexibility/Offers", [offer()]).status_code == 403


def test_an_offer_for_no_need_is_not_found_and_the_others_are_not_kept(with_need: Any) -> None:
    refused = with_need.post("/Flexibility/Offers", [offer(), offer("O2", requestId="N9")], headers=AGGREGATOR)
    assert refused.status_code == 404
    assert faults(refused) == {"/1/requestId": "there is no need N9; ask for the needs of the period first"}
    assert with_need.get("/operator/flexibility/offers").json() == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"offer": 0}, "/0/offer"),
        ({"offer": "60"}, "/0/offer"),
        ({"offer": True}, "/0/offer"),
        ({"price": Decimal("-0.01")}, "/0/price"),
        ({"measurementUnit": "kWh"}, "/0/measurementUnit"),
        ({"measurementUnit": "kvar"}, "/0/measurementUnit"),
        ({"endTime": "2026-11-21T13:00:01Z"}, "/0/endTime"),
        ({"meterIds": []}, "/0/meterIds"),
        ({"meterIds": ["M4"]}, "/0/meterIds/0"),
        ({"offerId": "a b"}, "/0/offerId"),
        ({"colour": "red"}, "/0/colour"),
    ],
)
def test_an_offer_that_breaks_a_rule_is_refused_at_the_place(
    with_need: Any, change: dict[str, Any], pointer: str
) -> None:
    refused = with_need.post("/Flexibility/Offers", [offer(**change)], headers=AGGREGATOR)
    assert refused.status_code == 422
    assert list(faults(refused)) == [pointer]


@pytest.mark.parametrize("body", [b"[", b'[{"offer": NaN}]', b"\xff"])
def test_what_is_no_json_is_a_bad_request(dso: Any, body: bytes) -> None:
    refused = dso.post("/Flexibility/Offers", body, headers=AGGREGATOR)
    assert refused.status_code == 400
    assert refused.json()["title"] == "Bad Request"


def test_many_at_once_with_the_same_offer_leave_one_and_all_are_acknowledged(with_need: Any) -> None:
    def send(_number: int) -> Any:
        return with_need.post("/Flexibility/Offers", [offer()], headers=AGGREGATOR)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(send, range(16)))
    assert {one.status_code for one in found} == {200}
    assert len(with_need.get("/operator/flexibility/offers").json()) == 1
