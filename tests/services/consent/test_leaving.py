"""A user who leaves: what they granted ends, and what they were asked is answered by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gridlingua.services.consent.decisions import end_all

from .conftest import Desk, grant

LEFT: dict[str, Any] = {
    "now": datetime(2026, 11, 20, 13, tzinfo=UTC),
    "cause": "the meter has another user now",
    "actor": "dso (import)",
}


def test_when_a_user_leaves_every_grant_ends_and_nobody_elses(desk: Desk, clock: Any) -> None:
    given, _ = desk.given()
    for reference, changes in {"G1": {}, "G2": {"grantee": "retailer"}, "G3": {"user": "U2"}}.items():
        desk.client.post("/operator/data/grants", [grant(reference, **changes)])
    ended = {one["reference"] for one in desk.records(user="U1")}
    clock.advance(hours=1)
    with desk.database.writing() as connection:
        assert set(end_all(connection, "U1", **LEFT)) == ended
    assert {one["reference"] for one in desk.records(state="revoked")} == ended
    assert desk.record(given)["history"][-1] == {
        "before": "granted",
        "after": "revoked",
        "at": "2026-11-20T13:00:00Z",
        "cause": LEFT["cause"],
        "actor": LEFT["actor"],
    }
    assert [one["reference"] for one in desk.client.get("/operator/data/grants").json()] == ["G3"]
    assert desk.ask().json()["status"] == "Revoked"
    assert [one["about"] for one in desk.client.get("/operator/consent/notices").json()][-3:] == ["revoked"] * 3


def test_when_a_user_leaves_a_question_to_them_can_be_answered_no_more(desk: Desk, clock: Any) -> None:
    reference = desk.asked()
    path = desk.link(reference)
    clock.advance(hours=1)
    with desk.database.writing() as connection:
        assert end_all(connection, "U1", **LEFT) == [reference]
    page = desk.visit(path)
    assert (page.status_code, "The time to answer is over" in page.text) == (200, True)
    assert desk.press(path, "give").status_code == 409
    last = desk.record(reference)["history"][-1]
    assert (last["after"], last["cause"]) == ("expired", LEFT["cause"])
    assert desk.ask().json()["status"] == "Expired"


def test_what_has_ended_stays_as_it_ended_when_its_user_leaves(desk: Desk, clock: Any) -> None:
    withdrawn, manage = desk.given()
    desk.press(manage, "withdraw")
    refused = desk.asked("retailer")
    desk.press(desk.link(refused), "refuse")
    desk.client.post("/operator/data/grants", [grant("G1", validUntil="2026-11-20T12:30:00Z")])
    clock.advance(hours=1)
    before = desk.records()
    with desk.database.writing() as connection:
        assert end_all(connection, "U1", **LEFT) == []
        assert end_all(connection, "nobody", **LEFT) == []
    assert desk.records() == before
    assert [one["state"] for one in before] == ["withdrawn", "refused", "expired"]
    assert desk.record(withdrawn)["history"][-1]["after"] == "withdrawn"
