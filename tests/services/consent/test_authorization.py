"""Organisations ask for a user's data, and are told how the consent stands."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gridlingua.services.data_sharing import add_customers
from gridlingua.services.data_sharing.messages import Customer

from .conftest import QUESTION, grant

EXCHANGE = Path(__file__).parents[3] / "graph_patterns/data_sharing/authorization"
KB = "https://aggregator.example.org/kb"


def answers(desk: Any, status: str, **changes: str) -> Any:
    found = desk.ask(**changes)
    assert (found.status_code, found.json()["status"]) == (200, status), found.text
    schema = json.loads((EXCHANGE / "reply.schema.json").read_text())
    jsonschema.validate(found.json(), schema)
    return found.json()


@pytest.mark.parametrize("example", sorted(EXCHANGE.glob("examples/*.json")), ids=lambda path: path.stem)
def test_every_request_of_the_catalogue_is_understood(desk: Any, example: Path) -> None:
    request = json.loads(example.read_text())["request"]
    found = desk.client.of("aggregator").get("/Data/Authorization", params=request)
    assert found.status_code == 200, found.text
    assert (found.json()["endUser"], found.json()["grantee"]) == (request["endUser"], "Aggregator")


def test_the_first_question_is_requested_and_the_same_question_is_the_same(desk: Any, clock: Any) -> None:
    assert answers(desk, "Requested") == {"endUser": "U1", "grantee": "Aggregator", "status": "Requested"}
    clock.advance(days=1)
    answers(desk, "Requested")
    answers(desk, "Requested", start="2026-11-01T01:00:00+01:00")  # the same instant, spelt otherwise
    assert len(desk.records()) == 1
    desk.asked(end="2027-10-01T00:00:00Z")
    desk.asked("retailer")
    assert len(desk.records()) == 3


def test_a_question_over_the_network_and_a_direct_one_of_the_same_organisation_are_the_same(desk: Any) -> None:
    over = desk.client.get("/Data/Authorization", params=QUESTION, headers={"Gridlingua-Requester": KB})
    assert over.json()["status"] == "Requested"
    answers(desk, "Requested")
    (record,) = desk.records()
    (first,) = desk.record(record["reference"])["history"]
    assert (first["cause"], first["actor"]) == (f"asked over the network by {KB}", "aggregator")


def test_the_answer_follows_the_consent_through_its_life(desk: Any, clock: Any) -> None:
    reference, manage = desk.given()
    given = answers(desk, "Given")
    assert given["grant"] == desk.record(reference)["grant"]
    desk.press(manage, "withdraw")
    assert "grant" not in answers(desk, "Withdrawn")
    refused = desk.asked(end="2027-01-01T00:00:00Z")
    desk.press(desk.link(refused), "refuse")
    answers(desk, "Refused", end="2027-01-01T00:00:00Z")
    revoked, _ = desk.given(end="2027-02-01T00:00:00Z")
    desk.act(revoked, "revocation", cause="the contract has ended")
    answers(desk, "Revoked", end="2027-02-01T00:00:00Z")
    desk.given(end="2027-03-01T00:00:00Z")
    clock.now = datetime(2027, 3, 1, tzinfo=UTC)
    answers(desk, "Expired", end="2027-03-01T00:00:00Z")


def test_a_question_that_nobody_answers_expires_by_the_clock(desk: Any, clock: Any) -> None:
    reference = desk.asked()
    clock.advance(days=29, hours=23)
    answers(desk, "Requested")
    clock.advance(hours=1)
    answers(desk, "Expired")
    record = desk.record(reference)
    assert (record["state"], record["history"][-1]["cause"]) == ("expired", "its time is over")
    assert record["changedAt"] == record["history"][-1]["at"] == "2026-12-20T12:00:00Z"
    assert desk.records(state="requested") == []
    assert [one["reference"] for one in desk.records(state="expired")] == [reference]


def test_for_a_period_that_is_over_nobody_is_asked(desk: Any) -> None:
    answers(desk, "Expired", start="2021-09-27T10:00:00+01:00", end="2021-09-27T11:00:00+01:00")
    assert desk.records() == []


def test_a_grant_in_force_answers_for_every_period_in_it(desk: Any) -> None:
    assert desk.client.post("/operator/data/grants", [grant()]).status_code == 201
    day = {"start": "2026-11-20T00:00:00Z", "end": "2026-11-21T00:00:00Z"}
    assert answers(desk, "Given", **day)["grant"] == "G1"
    assert desk.ask("retailer", **day).json()["status"] == "Requested"
    assert "grant" not in answers(desk, "Requested", start="2026-10-31T00:00:00Z", end="2026-11-21T00:00:00Z")


def test_a_grant_of_other_data_does_not_answer_for_it(desk: Any) -> None:
    desk.client.post("/operator/data/grants", [grant(kinds=["voltage"])])
    answers(desk, "Requested", end="2026-12-01T00:00:00Z")


def test_an_unknown_user_is_one_who_does_not_answer(desk: Any, clock: Any) -> None:
    add_customers(desk.database, [Customer(user="U1", meter_id="M1", zone="Z1")])
    known = answers(desk, "Requested")
    unknown = answers(desk, "Requested", endUser="U9")
    assert known | {"endUser": "U9"} == unknown
    notices = desk.client.get("/operator/consent/notices").json()
    assert [one["user"] for one in notices] == ["U1"]
    clock.advance(days=30)
    assert answers(desk, "Expired") | {"endUser": "U9"} == answers(desk, "Expired", endUser="U9")


def test_a_sixth_open_question_to_one_user_is_too_many(desk: Any) -> None:
    for day in range(1, 6):
        desk.asked(end=f"2027-01-0{day}T00:00:00Z")
    refused = desk.ask(end="2027-01-06T00:00:00Z")
    assert (refused.status_code, "5 of your questions to U1 wait" in refused.json()["detail"]) == (409, True)
    desk.asked(end="2027-01-06T00:00:00Z", endUser="U2")
    desk.asked("retailer", end="2027-01-06T00:00:00Z")
    desk.press(desk.link(desk.records()[0]["reference"]), "refuse")
    desk.asked(end="2027-01-06T00:00:00Z")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"end": "2026-10-01T00:00:00Z"}, "/end: 2026-10-01T00:00:00Z is not after the start"),
        ({"start": "2026-11-01T00:00:00"}, "is no time with a zone"),
        ({"endUser": "no body"}, "/endUser"),
    ],
)
def test_a_question_that_means_nothing_is_refused_in_words(desk: Any, changes: dict[str, str], said: str) -> None:
    refused = desk.ask(**changes)
    assert (refused.status_code, said in refused.json()["detail"]) == (422, True), refused.text


def test_the_same_question_asked_by_many_at_once_is_one(desk: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: desk.ask(), range(16)))
    assert [(one.status_code, one.json()["status"]) for one in found] == [(200, "Requested")] * 16
    assert len(desk.records()) == 1
    assert len(desk.client.get("/operator/consent/notices").json()) == 1
