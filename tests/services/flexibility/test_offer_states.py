"""What becomes of offers over HTTP: verified, suspended, resumed, expired (D4.3 3.2.5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ..samples import faults, offer
from .conftest import IDS, OFFERS, Market

WHICH = IDS | {"provider": "aggregator", "reason": "Checked by telephone."}


def test_an_offer_that_keeps_the_rules_is_active_when_it_comes(market: Market) -> None:
    market.offer()
    noon = "2026-11-20T12:00:00Z"
    assert market.history() == [("received", noon, "aggregator"), ("active", noon, "dso")]


def test_where_offers_are_verified_by_people_they_cannot_be_activated_before(market: Market, clock: Any) -> None:
    market.set(verification="manual")
    market.offer()
    plan = market.plan().json()
    assert (plan["plan"], [one["reason"] for one in plan["undecided"]]) == ([], ["it is not verified"])
    clock.advance(hours=1)
    (verified,) = market.dso.post(f"{OFFERS}/verification", [WHICH]).json()
    change = {"state": "active", "at": "2026-11-20T13:00:00Z", "cause": "Checked by telephone.", "actor": "dso"}
    assert (verified["state"], verified["history"][-1]) == ("active", change)
    assert market.plan().json()["plan"][0]["activation"] == "Yes"


def test_an_offer_is_verified_once(market: Market) -> None:
    market.offer()
    refused = market.dso.post(f"{OFFERS}/verification", [WHICH])
    said = "offer O1 for need N1 of aggregator is active; this is for one that is received"
    assert (refused.status_code, faults(refused)) == (409, {"/0/offerId": said})


def test_an_offer_that_cannot_be_delivered_is_suspended_at_once_and_not_activated(market: Market, clock: Any) -> None:
    market.offer()
    said = market.suspend()
    receipt = {"acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:00:00Z"}
    assert (said.status_code, said.json()) == (200, [IDS | receipt])
    plan = market.plan().json()
    assert (plan["plan"], [one["reason"] for one in plan["undecided"]]) == ([], ["it is suspended"])
    assert plan["uncovered"][0]["needs"] == 100
    clock.now = datetime(2026, 11, 20, 18, 0, 1, tzinfo=UTC)
    assert market.history()[-1] == ("expired", "2026-11-20T18:00:00Z", "clock")


def test_a_provider_that_cannot_respond_for_some_hours_is_asked_before_and_after_them(
    market: Market, clock: Any
) -> None:
    market.offer()
    assert market.suspend("2026-11-20T13:00:00Z", "2026-11-20T15:00:00Z").status_code == 200
    seen = []
    for hour in (12, 13, 14, 15):
        clock.now = datetime(2026, 11, 20, hour, tzinfo=UTC)
        seen.append(market.offers()["O1"])
    assert seen == ["active", "suspended", "suspended", "active"]
    assert market.history()[2:] == [
        ("suspended", "2026-11-20T13:00:00Z", "clock"),
        ("active", "2026-11-20T15:00:00Z", "clock"),
    ]
    assert market.plan().json()["plan"][0]["activation"] == "Yes"
    assert len(market.history()) == 4  # a plan writes down what the clock did, once


def test_the_same_suspension_again_is_acknowledged_again_and_another_extends_it(market: Market, clock: Any) -> None:
    market.offer()
    first = market.suspend()
    clock.advance(hours=1)
    assert market.suspend().json() == first.json()
    assert market.suspend(end="2026-11-21T12:00:00Z").json()[0]["acknowledgedAt"] == "2026-11-20T13:00:00Z"
    (told,) = market.dso.get(f"{OFFERS}/states").json()
    assert [one["state"] for one in told["history"]] == ["received", "active", "suspended"]
    assert [one["endTime"] for one in told["suspensions"]] == ["2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z"]


def test_the_operator_suspends_and_resumes(market: Market) -> None:
    market.offer()
    period = {"startTime": "2026-11-21T10:00:00Z", "endTime": "2026-11-21T12:00:00Z"}
    suspended = market.dso.post(f"{OFFERS}/suspension", [WHICH | period])
    assert [(one["state"], len(one["suspensions"])) for one in suspended.json()] == [("suspended", 1)]
    (resumed,) = market.dso.post(f"{OFFERS}/resumption", [WHICH]).json()
    assert (resumed["state"], resumed["suspensions"]) == ("active", [])
    assert [actor for _, _, actor in market.history()] == ["aggregator", "dso", "dso", "dso"]
    assert market.plan().json()["plan"][0]["activation"] == "Yes"
    assert market.dso.post(f"{OFFERS}/resumption", [WHICH]).status_code == 409


def test_a_foreign_offer_is_as_unknown_as_one_that_does_not_exist(market: Market) -> None:
    market.dso.of("retailer").post("/Flexibility/Offers", [offer()])
    foreign, unknown = market.suspend(), market.suspend(offerId="O9")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert faults(foreign) == {"/0/offerId": "aggregator made no offer O1 for need N1"}
    assert faults(unknown) == {"/0/offerId": "aggregator made no offer O9 for need N1"}


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"end": "2026-11-21T09:00:00Z"}, "/0/endTime", "is not after the start"),
        ({"end": "2026-11-28T10:00:00Z"}, "/0/endTime", "longer than 25 hours"),
        ({"reason": " \t"}, "/0/reason", "say why the offer cannot be delivered"),
        ({"reason": "r" * 513}, "/0/reason", "at most 512"),
        ({"reason": "\x00"}, "/0/reason", "pattern"),
        ({"start": "2026-11-21T14:00:00Z", "end": "2026-11-21T15:00:00Z"}, "/0/startTime", "changes nothing"),
        ({"start": "2026-11-20T10:00:00Z", "end": "2026-11-20T11:00:00Z"}, "/0/endTime", "is over already"),
    ],
)
def test_a_suspension_that_makes_no_sense_is_refused_at_the_place(
    market: Market, changes: dict[str, Any], pointer: str, said: str
) -> None:
    market.offer()
    refused = market.suspend(**changes)
    assert refused.status_code == 422
    ((place, message),) = faults(refused).items()
    assert (place, said in message) == (pointer, True), message
    assert market.offers() == {"O1": "active"}


def test_suspensions_are_kept_all_or_none(market: Market) -> None:
    market.offer("O1")
    both = [_suspension("O1"), _suspension("O2")]
    assert market.aggregator.post("/Flexibility/OfferSuspension", both).status_code == 404
    twice = market.aggregator.post("/Flexibility/OfferSuspension", [_suspension("O1")] * 2)
    assert (twice.status_code, list(faults(twice))) == (422, ["/1"])
    assert market.offers() == {"O1": "active"}


def _suspension(name: str) -> dict[str, Any]:
    period = {"startTime": "2026-11-21T10:00:00Z", "endTime": "2026-11-21T12:00:00Z"}
    return {"requestId": "N1", "offerId": name, "reason": "The gateway is being updated."} | period


@pytest.mark.parametrize("verification", ["automatic", "manual"])
def test_an_expired_offer_stays_so(market: Market, clock: Any, verification: str) -> None:
    market.set(verification=verification)
    market.offer()
    clock.now = datetime(2026, 11, 20, 18, 0, 1, tzinfo=UTC)
    refused = market.suspend()
    assert refused.status_code == 409
    assert "is expired, so it cannot become suspended" in refused.json()["detail"]
    assert market.dso.post(f"{OFFERS}/verification", [WHICH]).status_code == 409
    assert market.offers() == {"O1": "expired"}


def test_an_offer_that_is_activated_is_not_suspended_and_who_tries_is_told_how_to_tell_the_dso(
    market: Market, clock: Any
) -> None:
    market.offer()
    market.plan()
    refused = market.suspend()
    said = "offer O1 for need N1 is activated, so suspending it changes nothing any more: "
    refuse = "refuse the activation until 2026-11-20T12:30:00Z (ActivationResponse with status Cancelled)"
    assert (refused.status_code, faults(refused)) == (409, {"/0/offerId": said + refuse})
    assert market.answer("Accepted").status_code == 200
    refused = market.suspend()
    call = "the activation was accepted, and is answered once; tell the DSO's control room"
    assert (refused.status_code, faults(refused)) == (409, {"/0/offerId": said + call})
    assert market.offers() == {"O1": "active"}
    clock.advance(hours=9)
    assert call in market.suspend().text


def test_an_offer_whose_activation_was_refused_or_that_was_declined_can_be_suspended(market: Market) -> None:
    market.offer("O1", offer=100, price=1)
    market.offer("O2", offer=100, price=2)
    market.plan()
    assert market.answer("Cancelled").status_code == 200
    assert market.suspend().status_code == market.suspend(offerId="O2").status_code == 200


def test_an_offer_that_was_activated_expires_with_that_as_the_cause(market: Market, clock: Any) -> None:
    market.offer("O1", offer=100, price=1)
    market.offer("O2", offer=100, price=2)
    market.plan()
    market.answer("Accepted")
    clock.now = datetime(2026, 11, 20, 18, 0, 1, tzinfo=UTC)
    causes = [one["history"][-1]["cause"] for one in market.dso.get(f"{OFFERS}/states").json()]
    passed = "the deadline to activate it has passed"
    assert causes == [f"it was activated, and {passed}", passed]


def test_an_offer_that_is_not_verified_cannot_be_suspended(market: Market) -> None:
    market.set(verification="manual")
    market.offer()
    assert "is received, so it cannot become suspended" in market.suspend().json()["detail"]
