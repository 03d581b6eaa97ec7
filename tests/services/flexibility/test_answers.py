"""What providers answer to their activations over HTTP, or do not (D4.3 3.2.6)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from gridlingua.services.flexibility.store import TRANSITIONS

from ..samples import AGGREGATOR, faults, offer
from .conftest import IDS, Market


@pytest.fixture
def activated(market: Market) -> Market:
    """A market in which O1 is activated and O2 declined."""
    market.offer("O1", offer=100, price=1)
    market.offer("O2", offer=100, price=2)
    assert [one["activation"] for one in market.plan().json()["plan"]] == ["Yes", "No"]
    return market


def test_an_activation_is_sent_and_then_accepted_for_good(activated: Market, clock: Any) -> None:
    assert activated.activations() == {"O1": "sent", "O2": None}
    clock.advance(minutes=10)
    said = activated.answer("Accepted")
    receipt = {"acknowledgedBy": "dso", "acknowledgedAt": "2026-11-20T12:10:00Z"}
    assert (said.status_code, said.json()) == (200, [IDS | receipt])
    clock.advance(days=2)
    history = [("sent", "2026-11-20T12:00:00Z", "dso"), ("accepted", "2026-11-20T12:10:00Z", "aggregator")]
    assert activated.history("activations") == history


def test_the_same_answer_again_is_acknowledged_again_and_another_is_a_conflict(activated: Market, clock: Any) -> None:
    first = activated.answer("Accepted")
    clock.advance(hours=5)
    assert activated.answer("Accepted").json() == first.json()
    refused = activated.answer("Cancelled")
    assert refused.status_code == 409
    assert "was answered Accepted at 2026-11-20T12:00:00Z already" in faults(refused)["/0"]


def test_an_answer_is_the_same_whether_it_comes_directly_or_over_the_network(activated: Market) -> None:
    said = IDS | {"status": "Accepted", "startTime": "2026-11-21T10:00:00Z", "respondedAt": "2026-11-20T12:00:00Z"}
    first = activated.dso.post("/Flexibility/ActivationResponse", [said], headers=AGGREGATOR)
    assert first.json() == activated.aggregator.post("/Flexibility/ActivationResponse", [said]).json()


def test_who_does_not_answer_in_time_is_cancelled_by_the_clock_and_cannot_accept_any_more(
    activated: Market, clock: Any
) -> None:
    clock.advance(minutes=30)
    assert activated.activations()["O1"] == "sent"
    clock.advance(seconds=1)
    assert activated.activations()["O1"] == "cancelled"
    refused = activated.answer("Accepted")
    said = (
        "the activation of offer O1 is cancelled, so it cannot become accepted; it can become nothing else any more: "
        "it could be answered until 2026-11-20T12:30:00Z"
    )
    assert (refused.status_code, faults(refused)) == (409, {"/0/status": said})
    assert activated.history("activations")[-1] == ("cancelled", "2026-11-20T12:30:00Z", "clock")


@pytest.mark.parametrize(
    ("given", "until"),
    [((17, 0), (17, 30)), ((17, 45), (18, 0)), ((17, 55), (18, 0)), ((17, 58), (18, 3)), ((18, 0), (18, 5))],
)
def test_an_activation_is_answered_by_the_gate_for_plans_at_the_latest_but_never_within_a_moment(
    market: Market, clock: Any, given: tuple[int, int], until: tuple[int, int]
) -> None:
    market.offer()
    clock.now = clock.now.replace(hour=given[0], minute=given[1])
    assert market.plan().json()["plan"][0]["activation"] == "Yes"
    clock.now = clock.now.replace(hour=until[0], minute=until[1])
    assert market.activations() == {"O1": "sent"}
    clock.advance(seconds=1)
    assert market.activations() == {"O1": "cancelled"}


def test_while_the_gates_are_open_an_activation_is_answered_within_the_minutes_of_the_calendar(
    market: Market, clock: Any
) -> None:
    market.set(gates="open")
    market.offer()
    clock.now = clock.now.replace(hour=17, minute=45)
    market.plan()
    clock.now = clock.now.replace(hour=18, minute=15)
    assert market.activations() == {"O1": "sent"}


def test_an_order_from_before_states_were_kept_stands_as_accepted(market: Market, database: Any, clock: Any) -> None:
    market.offer("O1", offer=100, price=1)
    market.offer("O2", offer=100, price=2)
    market.plan(reserve=True)
    with database.writing() as connection:  # as release 0.1.0 left it
        connection.execute(text("DROP TABLE flexibility_transitions"))
        TRANSITIONS.create(connection)
    clock.advance(hours=5)
    assert market.activations() == {"O1": "accepted"}
    assert [(one["offerId"], one["activation"]) for one in market.plan().json()["plan"]] == [("O2", "No")]
    clock.advance(days=2)
    assert market.activations() == {"O1": "accepted", "O2": None}
    (told,) = market.dso.get("/operator/flexibility/activations/states").json()
    assert [one["cause"] for one in told["history"]] == ["known from before states were kept"]


def test_what_is_refused_is_free_for_offers_in_reserve_and_for_later_ones(market: Market) -> None:
    market.offer("O1", offer=100, price=1)
    market.offer("O2", offer=30, price=2)
    first = market.plan(reserve=True).json()
    assert [(one["offerId"], one["activation"]) for one in first["plan"]] == [("O1", "Yes")]
    assert [(one["offerId"], one["reason"]) for one in first["undecided"]] == [("O2", "it is kept in reserve")]
    assert market.answer("Cancelled").status_code == 200
    market.offer("O3", offer=100, price=3)
    again = market.plan().json()
    assert [(one["offerId"], one["quantity"]) for one in again["plan"]] == [("O2", 30), ("O3", 70)]
    assert (again["undecided"], again["uncovered"]) == ([], [])
    assert again["totals"] == [{"requestId": "N1", "payAsBid": 810, "payAsClear": 900}]
    assert market.activations() == {"O1": "cancelled", "O2": "sent", "O3": "sent"}


def test_an_answer_to_what_was_declined_is_a_conflict(activated: Market) -> None:
    refused = activated.answer("Accepted", "O2")
    said = "offer O2 was declined: there is nothing to answer"
    assert (refused.status_code, faults(refused)) == (409, {"/0/offerId": said})


def test_an_order_of_somebody_else_is_as_unknown_as_none(activated: Market) -> None:
    retailer = Market(activated.dso, activated.dso.of("retailer"))
    foreign, unknown = retailer.answer("Cancelled"), retailer.answer("Cancelled", "O9")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert faults(foreign) == {"/0/offerId": "retailer was given no order for offer O1 for need N1"}
    assert faults(unknown) == {"/0/offerId": "retailer was given no order for offer O9 for need N1"}
    assert activated.activations()["O1"] == "sent"


@pytest.mark.parametrize(
    ("status", "changes", "code", "pointer"),
    [
        ("Accepted", {"respondedAt": "2026-11-21T11:00:00+01:00"}, 422, "/0/respondedAt"),
        ("Cancelled", {"reason": " "}, 422, "/0/reason"),
        ("Sent", {}, 422, "/0/status"),
        ("Accepted", {"startTime": "2026-11-21T10:15:00Z"}, 409, "/0/startTime"),
        ("Accepted", {"reason": "x\x00"}, 422, "/0/reason"),
        ("Accepted", {"reason": "\ud800"}, 422, "/0/reason"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused_at_the_place(
    activated: Market, status: str, changes: dict[str, str], code: int, pointer: str
) -> None:
    refused = activated.answer(status, **changes)
    assert (refused.status_code, list(faults(refused))) == (code, [pointer])
    assert activated.activations()["O1"] == "sent"


def test_answers_are_kept_all_or_none(activated: Market) -> None:
    said = {"requestId": "N1", "status": "Accepted", "startTime": "2026-11-21T10:00:00Z"}
    both = [said | {"offerId": name, "respondedAt": "2026-11-20T12:00:00Z"} for name in ("O1", "O9")]
    assert activated.aggregator.post("/Flexibility/ActivationResponse", both).status_code == 404
    assert activated.activations()["O1"] == "sent"


def test_a_provider_without_a_way_to_be_reached_is_named_and_its_orders_stay(market: Market) -> None:
    known = {"id": "hermit", "name": "Hermit", "roles": ["service_provider"], "knowledgeBases": []}
    assert market.dso.post("/admin/organisations", known, method="PUT").status_code == 201
    moved = known | {"knowledgeBases": ["https://hermit.example.org/kb"]}
    market.dso.post("/admin/organisations", moved, method="PUT")
    sender = {"Gridlingua-Requester": "https://hermit.example.org/kb"}
    assert market.dso.post("/Flexibility/Offers", [offer()], headers=sender).status_code == 200
    market.dso.post("/admin/organisations", known, method="PUT")
    failed = market.plan()
    assert (failed.status_code, "hermit has no subscription and no knowledge base" in failed.text) == (503, True)
    assert market.activations() == {"O1": "sent"}
