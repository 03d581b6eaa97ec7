"""The DSO's flexibility service over HTTP, on a real database, with a real server in its adapter's place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
import simplejson

AGGREGATOR = {"Gridlingua-Requester": "https://aggregator.example.org/kb"}
DAY = {"startTime": "2026-11-21T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}


def need(name: str = "N1", **changes: Any) -> dict[str, Any]:
    return {
        "requestId": name,
        "needs": 100,
        "measurementUnit": "kW",
        "direction": "Down",
        "typePower": "Active",
        "startTime": "2026-11-21T11:00:00+01:00",
        "endTime": "2026-11-21T13:00:00Z",
        "eligibleClients": ["M1", "M2", "M3"],
    } | changes


def offer(name: str = "O1", **changes: Any) -> dict[str, Any]:
    return {
        "requestId": "N1",
        "offerId": name,
        "offer": 60,
        "measurementUnit": "kW",
        "price": Decimal("0.1"),
        "startTime": "2026-11-21T10:00:00Z",
        "endTime": "2026-11-21T13:00:00Z",
        "meterIds": ["M1"],
    } | changes


def order(name: str, activation: str, quantity: object, offered: object) -> dict[str, Any]:
    return {
        "requestId": "N1",
        "offerId": name,
        "activation": activation,
        "quantity": quantity,
        "measurementUnit": "kW",
        "offeredQuantity": offered,
        "startTime": "2026-11-21T10:00:00Z",
        "endTime": "2026-11-21T13:00:00Z",
    }


def acknowledge_all(call: Any) -> tuple[int, dict[str, str], bytes]:
    """What an adapter says when the other party has everything."""
    said = {"acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:30:00+01:00"}
    told = [{key: one[key] for key in ("requestId", "offerId") if key in one} | said for one in call.body]
    headers = {
        "Content-Type": "application/json",
        "Gridlingua-Rows": "7",
        "Server-Timing": "ask;dur=3",
        "X-Other": "no",
    }
    return 200, headers, simplejson.dumps(told).encode()


def content(response: Any) -> Any:
    return simplejson.loads(response.text, use_decimal=True)


@pytest.fixture
def dso(services: Any) -> Any:
    return services("flexibility")


@pytest.fixture
def with_need(dso: Any) -> Any:
    assert dso.post("/operator/flexibility/needs", [need()]).status_code == 201
    return dso


def faults(response: Any) -> dict[str, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return {fault["pointer"]: fault["message"] for fault in response.json()["faults"]}


def test_needs_are_given_as_they_were_recorded_digit_by_digit_and_zone_by_zone(dso: Any) -> None:
    exact = need(needs=Decimal("100.000000000000000001"))
    dso.post("/operator/flexibility/needs", [exact])
    found = dso.get("/Flexibility/Needs", params=DAY)
    assert (found.status_code, content(found)) == (200, [exact])


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        ("2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z", False),
        ("2026-11-21T09:00:00Z", "2026-11-21T10:00:01Z", True),
        ("2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z", True),
        ("2026-11-21T14:59:59+02:00", "2026-11-21T18:00:00+02:00", True),
        ("2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z", False),
    ],
)
def test_a_window_finds_the_needs_that_overlap_it(with_need: Any, start: str, end: str, overlaps: bool) -> None:
    found = with_need.get("/Flexibility/Needs", params={"startTime": start, "endTime": end})
    assert [one["requestId"] for one in found.json()] == ["N1"] * overlaps


def test_a_window_that_ends_before_it_begins_is_refused_at_its_end(dso: Any) -> None:
    refused = dso.get("/Flexibility/Needs", params={"startTime": DAY["endTime"], "endTime": DAY["startTime"]})
    assert refused.status_code == 422
    said = "2026-11-21T00:00:00Z is not after the start 2026-11-22T00:00:00Z; the end must be later than the start"
    assert faults(refused) == {"/endTime": said}


def test_a_window_without_a_zone_or_an_end_is_refused_for_both(dso: Any) -> None:
    refused = dso.get("/Flexibility/Needs", params={"startTime": "2026-11-21T00:00:00"})
    assert refused.status_code == 422
    assert set(faults(refused)) == {"/startTime", "/endTime"}


def test_needs_are_recorded_all_or_none_and_every_fault_is_told(dso: Any) -> None:
    wrong = [need("A"), need("B", endTime="2026-11-21T10:00:00Z"), need("C", measurementUnit="kvar"), need("A")]
    refused = dso.post("/operator/flexibility/needs", wrong)
    assert refused.status_code == 422
    assert set(faults(refused)) == {"/1/endTime", "/2/measurementUnit", "/3"}
    assert dso.get("/Flexibility/Needs", params=DAY).json() == []


def test_the_same_need_again_changes_nothing_and_another_of_its_id_is_a_conflict(with_need: Any) -> None:
    same = need(startTime="2026-11-21T10:00:00Z", needs=Decimal("100.0"), eligibleClients=["M3", "M2", "M1"])
    assert with_need.post("/operator/flexibility/needs", [same]).status_code == 201
    refused = with_need.post("/operator/flexibility/needs", [need("N2"), need(needs=99)])
    assert refused.status_code == 409
    assert faults(refused) == {
        "/1": "requestId N1 is already known with another needs; send it as it was, or under a new id"
    }
    assert len(with_need.get("/Flexibility/Needs", params=DAY).json()) == 1


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


def test_the_ids_of_one_provider_cannot_be_taken_by_another(with_need: Any) -> None:
    with_need.post("/Flexibility/Offers", [offer()], headers=AGGREGATOR)
    other = {"Gridlingua-Requester": "https://other.example.org/kb"}
    assert with_need.post("/Flexibility/Offers", [offer()], headers=other).status_code == 409


def test_an_offer_without_a_provider_is_forbidden(with_need: Any) -> None:
    refused = with_need.post("/Flexibility/Offers", [offer()])
    assert (refused.status_code, "Gridlingua-Requester" in refused.json()["detail"]) == (403, True)


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


def test_a_zones_load_above_its_limit_becomes_needs(dso: Any) -> None:
    load = {
        "zone": "Z1",
        "limit": 30,
        "measurementUnit": "kW",
        "meterIds": ["M1"],
        "start": "2026-11-21T18:00:00+01:00",
    }
    derived = dso.post("/operator/flexibility/needs/derivation", load | {"load": [29, Decimal("31.2"), 34, 30, 31]})
    assert derived.status_code == 201
    told = [(one["requestId"], one["needs"], one["startTime"], one["endTime"]) for one in content(derived)]
    assert told == [
        ("Z1.20261121T1715Z", 4, "2026-11-21T17:15:00Z", "2026-11-21T17:45:00Z"),
        ("Z1.20261121T1800Z", 1, "2026-11-21T18:00:00Z", "2026-11-21T18:15:00Z"),
    ]
    assert content(dso.get("/Flexibility/Needs", params=DAY)) == content(derived)


def test_publishing_sends_the_needs_and_keeps_who_acknowledged_them(with_need: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    published = with_need.post("/operator/flexibility/needs/publication", DAY)
    said = {"requestId": "N1", "acknowledgedBy": "aggregator", "acknowledgedAt": "2026-11-20T12:30:00+01:00"}
    assert published.json() == {"needs": [need()], "acknowledgements": [said], "unacknowledged": []}
    assert [(call.method, call.path, call.body) for call in adapter.calls] == [("POST", "/Flexibility/Needs", [need()])]
    assert with_need.get("/operator/flexibility/needs").json() == [need() | {"acknowledgements": [said]}]


def test_the_adapters_own_headers_are_passed_on_and_no_others(with_need: Any, adapter: Any) -> None:
    adapter.answers = acknowledge_all
    published = with_need.post("/operator/flexibility/needs/publication", {"requestIds": ["N1"]})
    found = {name: published.headers.get(name) for name in ("Gridlingua-Rows", "Server-Timing", "X-Other")}
    assert found == {"Gridlingua-Rows": "7", "Server-Timing": "ask;dur=3", "X-Other": None}


def test_a_need_that_nobody_acknowledges_is_told(with_need: Any, adapter: Any) -> None:
    adapter.say([])
    published = with_need.post("/operator/flexibility/needs/publication", DAY)
    assert published.json()["unacknowledged"] == [{"requestId": "N1", "offerId": None}]


@pytest.mark.parametrize(
    "worthless",
    [
        {"requestId": "N1"},
        [{"requestId": "N1"}],
        [{"requestId": "N9", "acknowledgedBy": "x", "acknowledgedAt": DAY["endTime"]}],
    ],
)
def test_a_worthless_acknowledgement_is_a_bad_gateway(with_need: Any, adapter: Any, worthless: object) -> None:
    adapter.say(worthless)
    failed = with_need.post("/operator/flexibility/needs/publication", DAY)
    assert failed.status_code == 502
    assert "acknowledge" in failed.json()["detail"]


@pytest.mark.parametrize("which", [{}, DAY | {"requestIds": ["N1"]}, {"startTime": DAY["startTime"]}])
def test_needs_are_named_in_one_way(with_need: Any, which: dict[str, Any]) -> None:
    refused = with_need.post("/operator/flexibility/needs/publication", which)
    assert refused.status_code == 422
    assert "by requestIds, or by startTime and endTime" in refused.json()["detail"]


def test_publishing_what_there_is_not_is_not_found(dso: Any) -> None:
    assert dso.post("/operator/flexibility/needs/publication", DAY).status_code == 404
    assert faults(dso.post("/operator/flexibility/needs/publication", {"requestIds": ["N9"]})) == {
        "/requestIds/0": "no need N9"
    }


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


def test_a_refusal_of_the_other_party_is_passed_on_as_it_is(with_need: Any, adapter: Any) -> None:
    document = {
        "type": "https://example.org/shape",
        "title": "Refused",
        "status": 422,
        "detail": "/0/needs: too much",
        "faults": [{"pointer": "/0/needs", "message": "too much"}],
    }
    adapter.say(document, 422, Gridlingua_Verdict="refused")
    refused = with_need.post("/operator/flexibility/needs/publication", DAY)
    assert (refused.status_code, refused.json()) == (422, document)
    assert refused.headers["Gridlingua-Verdict"] == "refused"


def test_an_adapter_that_is_not_there_is_told_with_the_remedy(services: Any) -> None:
    dso = services("flexibility", network="http://127.0.0.1:9")
    dso.post("/operator/flexibility/needs", [need()])
    failed = dso.post("/operator/flexibility/needs/publication", DAY)
    assert failed.status_code == 503
    assert failed.json()["retry"] is True
    assert "http://127.0.0.1:9 cannot be reached: start it with `gridlingua adapter`" in failed.json()["detail"]


def test_a_service_without_an_adapter_says_which_setting_is_missing(services: Any) -> None:
    dso = services("flexibility", network="")
    dso.post("/operator/flexibility/needs", [need()])
    failed = dso.post("/operator/flexibility/needs/publication", DAY)
    assert (failed.status_code, "GRIDLINGUA_NETWORK" in failed.json()["detail"]) == (503, True)


def test_an_adapter_that_is_too_slow_is_given_up_on(services: Any, adapter: Any) -> None:
    import time

    dso = services("flexibility", timeout=0.2)
    dso.post("/operator/flexibility/needs", [need()])
    adapter.answers = lambda call: (time.sleep(0.5), acknowledge_all(call))[1]
    failed = dso.post("/operator/flexibility/needs/publication", DAY)
    assert (failed.status_code, "did not answer within 0.2 s" in failed.json()["detail"]) == (504, True)


def test_an_adapter_that_talks_nonsense_is_a_bad_gateway(with_need: Any, adapter: Any) -> None:
    for nonsense in ((200, {}, b"<html>"), (500, {}, b"oops"), (302, {"Location": "http://127.0.0.1:9/"}, b"")):
        adapter.answers = lambda _call, nonsense=nonsense: nonsense
        assert with_need.post("/operator/flexibility/needs/publication", DAY).status_code == 502


def test_what_one_service_kept_another_started_later_on_the_same_database_knows(with_need: Any, services: Any) -> None:
    assert services("flexibility").get("/Flexibility/Needs", params=DAY).json() == [need()]


def test_many_at_once_with_the_same_offer_leave_one_and_all_are_acknowledged(with_need: Any) -> None:
    def send(_number: int) -> Any:
        return with_need.post("/Flexibility/Offers", [offer()], headers=AGGREGATOR)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(send, range(16)))
    assert {one.status_code for one in found} == {200}
    assert len(with_need.get("/operator/flexibility/offers").json()) == 1


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
